//! The fault matrix of the printer: every fault against the simulated twin, byte by byte in memory with a clock that the
//! test turns (`memory`), and over real pseudo-terminals with threads (`cable`); what the paper looks like, and whether its
//! codes can be read (`paper`).

mod cable;
mod memory;
mod paper;

use uuid::Uuid;

use crate::devices::printer::PrinterProfile;
use crate::devices::simulated::printer::{Font, Paper, PaperItem, Span, Strip};
use crate::domain::ids::PrintJobId;
use crate::domain::receipt::{Align, BarcodeKind, Block, ColumnKind, Document, DrawerKick, Ink, PaperLine, Style};

fn job(number: u128) -> PrintJobId {
    PrintJobId(Uuid::from_u128(number))
}

fn profile(name: &str) -> PrinterProfile {
    PrinterProfile::load(name, None).unwrap()
}

/// A receipt with everything in it: styles, two alphabets, a table, a barcode, a QR code, the drawer, a cut.
fn receipt(number: u32) -> Document {
    let mut receipt = Document { drawer: DrawerKick::AtStart, ..Document::new() };
    receipt.centred("High Street", Style::LARGE);
    receipt.centred("1 High Street", Style::PLAIN);
    receipt.push(Block::Rule);
    receipt.row(format!("Receipt {number:05}"), "Till S001/T02", Style::BOLD);
    receipt.row("Merino crew, navy, M", "118.00 A", Style::PLAIN);
    receipt.row("Café crème Чай", "2.50 B", Style::PLAIN);
    receipt.push(Block::Total { label: "TOTAL EUR".into(), amount: "120.50".into() });
    receipt.push(Block::Table {
        columns: vec![ColumnKind::Words, ColumnKind::Figures],
        rows: vec![vec!["A 21 %".into(), "20.48".into()], vec!["B 9 %".into(), "0.21".into()]],
        style: Style::PLAIN,
    });
    receipt.push(Block::Text { text: "Thank you".into(), align: Align::Right, style: Style::TALL });
    receipt.push(Block::Barcode { kind: BarcodeKind::Code128, data: format!("S001-T02-{number:05}") });
    receipt.push(Block::Qr { data: format!("https://example.com/r/{number}") });
    receipt.push(Block::Cut);
    receipt
}

/// What a document must look like on the twin's paper, without its cut.
fn expected(document: &Document, profile: &PrinterProfile) -> Vec<PaperItem> {
    let lines = document.layout(usize::from(profile.paper.columns));
    lines
        .into_iter()
        .filter_map(|line| match line {
            PaperLine::Text { text, .. } if text.is_empty() => Some(PaperItem::Line(Vec::new())),
            PaperLine::Text { text, style } => {
                let text = if style.ink == Ink::Black { text.trim_end().to_owned() } else { text };
                Some(PaperItem::Line(vec![Span { text, style, font: Font::A }]))
            }
            PaperLine::Barcode { kind, data } => Some(PaperItem::Barcode { kind, data }),
            PaperLine::Qr { data } => Some(PaperItem::Qr { data }),
            PaperLine::Cut => None,
        })
        .collect()
}

/// How many of the paper's pieces are this document, whole.
fn count_whole(paper: &Paper, document: &[PaperItem]) -> usize {
    paper.pieces().iter().filter(|piece| piece_is(piece, document)).count()
}

/// QR codes that a model gets as pictures are compared by their place only, white not at all; the tests of `paper` read
/// the codes and look at the white.
fn piece_is(piece: &[Strip], document: &[PaperItem]) -> bool {
    let items: Vec<&PaperItem> =
        piece.iter().map(|strip| &strip.item).filter(|item| !matches!(item, PaperItem::Feed(_))).collect();
    items.len() == document.len()
        && items
            .iter()
            .zip(document)
            .all(|(a, b)| *a == b || matches!((a, b), (PaperItem::Picture(_), PaperItem::Qr { .. })))
}
