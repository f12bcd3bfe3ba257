//! How fast each reader of orders is, against the XML library's own loop over the same bytes that looks at nothing.

use std::hint::black_box;
use std::time::{Duration, Instant};

use till::central::intake::document::Document;

use crate::measure::Figure;

/// A document of each format that has everything in it.
const DOCUMENTS: [(&str, &str); 5] = [
    ("UBL", include_str!("../../tests/orders/ubl-peppol.xml")),
    ("cXML", include_str!("../../tests/orders/cxml-new.xml")),
    ("openTRANS", include_str!("../../tests/orders/opentrans-order.xml")),
    ("GS1 XML", include_str!("../../tests/orders/gs1-several.xml")),
    ("plain orders", include_str!("../../tests/orders/plain-sample.2.xml")),
];
/// How much is read in one round, and how often reader and reference take turns.
const ROUND_BYTES: usize = 4 * 1024 * 1024;
const ROUNDS: usize = 15;

/// Megabytes a second, from bytes to drafts.
pub fn parsing() -> anyhow::Result<Vec<Figure>> {
    DOCUMENTS.into_iter().map(|(format, text)| figure(format, text)).collect()
}

fn figure(format: &str, text: &str) -> anyhow::Result<Figure> {
    let times = ROUND_BYTES.div_ceil(text.len());
    let (mut own, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        own.push(round(times, || {
            let document = Document::parse(black_box(text.as_bytes()), "").map_err(|p| anyhow::anyhow!("{p:?}"))?;
            anyhow::ensure!(!black_box(document).drafts.is_empty(), "it is an order");
            Ok(())
        })?);
        bare.push(round(times, || read_events(black_box(text)))?);
    }
    let rate = |mut rounds: Vec<Duration>| {
        rounds.sort_unstable();
        (times * text.len()) as f64 / 1e6 / rounds[ROUNDS / 2].as_secs_f64()
    };
    let (measured, reference) = (rate(own), rate(bare));
    Ok(Figure {
        what: format!("reading {format}, {} bytes", text.len()),
        measured: format!("{measured:.1} MB/s"),
        reference: format!("bare XML events {reference:.1} MB/s"),
        ratio: Some(measured / reference),
    })
}

fn round(times: usize, mut act: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    for _ in 0..times {
        act()?;
    }
    Ok(begun.elapsed())
}

fn read_events(text: &str) -> anyhow::Result<()> {
    let mut reader = quick_xml::Reader::from_str(text);
    while !matches!(black_box(reader.read_event()?), quick_xml::events::Event::Eof) {}
    Ok(())
}
