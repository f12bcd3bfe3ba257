//! Every reader against documents that mean harm or are broken: told in one word, without a panic, without a byte lost.

use std::path::Path;

use proptest::prelude::*;

use super::document::Document;
use super::problem::ProblemCode;
use super::tests::{door, told};
use super::*;
use crate::central::store::{StoreKind, UnknownPolicy};
use crate::central::testing::{at, product_record, store_record};

/// A good document of every reader, with a text to spoil and a line to repeat: `(file, text, line begins, line ends)`.
const GOOD: &[(&str, &str, &str, &str)] = &[
    ("ubl-peppol", "Scarf, grey", "<cac:OrderLine>", "</cac:OrderLine>"),
    ("cxml-new", "Leave at the gate", "<ItemOut ", "</ItemOut>"),
    ("opentrans-order", "Please call first", "<ORDER_ITEM>", "</ORDER_ITEM>"),
    ("gs1-order", "Vin rouge", "<orderLineItem>", "</orderLineItem>"),
    ("plain-sample.2", "Please wrap it.", "<line>", "</line>"),
];

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/orders").join(format!("{file}.xml"));
    std::fs::read_to_string(path).unwrap()
}

/// The document without its declaration and document type.
fn bare(document: &str) -> &str {
    let root = document.find("<cXML").or_else(|| document.find("?>").map(|end| end + 2)).unwrap_or(0);
    &document[root..]
}

#[tokio::test]
async fn every_reader_refuses_what_is_broken_or_means_harm() {
    let door = door().await;
    let mut count = 0;
    for (file, text, begins, ends) in GOOD {
        let good = read(file);
        assert!(good.contains(text) && good.contains(begins) && good.contains(ends), "{file}");
        let spoilt = |with: &str| good.replacen(text, with, 1);
        let root = bare(&good);
        let line = &good[good.find(begins).unwrap()..good.find(ends).unwrap() + ends.len()];
        let short = format!("{} {ends}", begins.trim_end_matches('>').to_owned() + ">");
        let deep = format!("{}{}", "<x>".repeat(70), "</x>".repeat(70));
        let mut latin = spoilt("caf").into_bytes();
        let at_text = good.find(text).unwrap();
        latin.insert(at_text + 3, 0xE9);
        #[rustfmt::skip]
        let table: Vec<(Vec<u8>, &str)> = vec![
            (good[..good.len() / 2].into(),                                        "XML_NOT_WELL_FORMED"),
            (format!("{good}<again/>").into(),                                     "XML_NOT_WELL_FORMED"),
            (good.replacen(ends, "</wrong>", 1).into(),                            "XML_NOT_WELL_FORMED"),
            (spoilt("&#27;[2J").into(),                                            "XML_NOT_WELL_FORMED"),
            (spoilt("a \u{0} b").into(),                                           "XML_NOT_WELL_FORMED"),
            (spoilt("&who;").into(),                                               "XML_DTD_REFUSED"),
            (format!("<!DOCTYPE o [<!ENTITY a '&a;&a;'>]>{root}").into(),          "XML_DTD_REFUSED"),
            (format!("<!DOCTYPE o SYSTEM 'file:///etc/passwd' [ ]>{root}").into(), "XML_DTD_REFUSED"),
            (spoilt(&deep).into(),                                                 "XML_TOO_DEEP"),
            (spoilt(&"x".repeat(70_000)).into(),                                   "XML_TOO_LARGE"),
            (good.replacen(line, &short.repeat(10_001), 1).into(),                 "XML_TOO_LARGE"),
            (spoilt(&" <!-- endless -->".repeat(70_000)).into(),                   "XML_TOO_LARGE"),
            (spoilt(&format!("<{0}></{0}>", "n".repeat(600))).into(),              "XML_TOO_LARGE"),
            (spoilt(&format!("<n xmlns:p='{}'/>", "u".repeat(600))).into(),        "XML_TOO_LARGE"),
            (spoilt(&format!("<n {}='1'/>", "a".repeat(600))).into(),              "XML_TOO_LARGE"),
            (latin,                                                                "XML_ENCODING"),
            (format!("<?xml version='1.0' encoding='UTF-32'?>{root}").into(),      "XML_ENCODING"),
        ];
        for (position, (bytes, expected)) in table.into_iter().enumerate() {
            let answer = door.take(bytes).await;
            let codes: Vec<&str> = answer.problems.iter().map(|problem| problem.code.as_str()).collect();
            assert_eq!(codes, [expected], "{file} {position} {:?}", answer.problems);
            count += 1;
        }
    }
    assert_eq!(
        crate::central::testing::list_open_problems(&door.shop.store).await.len(),
        count,
        "each is kept with its bytes"
    );
}

/// How far a document is read before it is refused: elements begun and ended, and the place it is refused at, in bytes.
fn read_until_refused(document: &str) -> (ProblemCode, usize, usize) {
    let mut pass = xml::Pass::new(document);
    let mut items = 0;
    loop {
        match pass.next_item() {
            Ok(xml::Item::Done) => panic!("it was read to its end: {}", &document[..60]),
            Ok(_) => items += 1,
            Err(Problem { code, place: Place { line, column, .. }, .. }) => {
                let before: usize = document.lines().take(line as usize - 1).map(|line| line.len() + 1).sum();
                return (code, items, before + column as usize - 1);
            }
        }
    }
}

/// What is refused is refused where it goes too far, however much is behind: nothing of that is looked at.
#[test]
fn nothing_is_read_beyond_what_is_refused() {
    let rest = "<more/>".repeat(100_000);
    let laughs = "<!DOCTYPE o [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>";
    let attributes = |count: usize| (0..count).map(|n| format!(" a{n}=''")).collect::<String>();
    #[rustfmt::skip]
    let table = [
        // (what, document, code, elements begun and ended at most, bytes before the place at most)
        ("deep",            format!("<o>{}{rest}", "<a>".repeat(100_000)),                 ProblemCode::XmlTooDeep,       64, 3 * 64),
        ("entities",        format!("{laughs}<o>&b;{rest}</o>"),                           ProblemCode::XmlDtdRefused,    0,  0),
        ("an entity",       format!("<o>&b;{rest}</o>"),                                   ProblemCode::XmlDtdRefused,    1,  3),
        ("attributes",      format!("<o{}>{rest}</o>", attributes(60_000)),                ProblemCode::XmlTooLarge,      0,  0),
        ("one attribute",   format!("<o a='{}'>{rest}</o>", "x".repeat(100_000)),          ProblemCode::XmlTooLarge,      0,  0),
        ("one text",        format!("<o>{}</o>{rest}", "x".repeat(100_000)),               ProblemCode::XmlTooLarge,      1,  3),
        ("a text in parts", format!("<o>{}</o>{rest}", "x&amp;".repeat(100_000)),          ProblemCode::XmlTooLarge,      1,  3 + 3 * 64 * 1024),
        ("one name",        format!("<o><{0}/>{rest}</o>", "n".repeat(600)),               ProblemCode::XmlTooLarge,      1,  3),
        ("namespaces",      format!("{}{rest}", format!("<o{}>", (0..60).map(|n| format!(" xmlns:n{n}='u'")).collect::<String>()).repeat(60)),
                                                                                           ProblemCode::XmlTooLarge,      5,  6_000),
        ("a second root",   format!("<o/><p>{rest}</p>"),                                  ProblemCode::XmlNotWellFormed, 2,  4),
    ];
    for (what, document, code, items_max, place_max) in table {
        let (found, items, place) = read_until_refused(&document);
        assert_eq!(found, code, "{what}");
        assert!(items <= items_max, "{what}: {items} elements were begun or ended");
        assert!(place <= place_max, "{what}: it is refused {place} bytes on");
    }
}

/// Figures that are each within their limits, in every combination: none overflows a number.
#[tokio::test]
async fn no_figures_stop_the_reading() {
    let door = door().await;
    let mut orders = String::new();
    let mut count = 0;
    for quantity in ["0.001", "1", "5000000", "9000000000000000"] {
        for price in ["0.0000000001", "1000000000000", "-1000000000000"] {
            for per in ["0.0000000001", "1", "1000000000000"] {
                for discount in ["0", "1000000000000", "1000000000000%", "-1000000000000%"] {
                    count += 1;
                    let line = format!(
                        r#"<line sku="jacket" quantity="{quantity}" price="{price}" per="{per}" discount="{discount}"/>"#
                    );
                    let whole = r#"<discount>1000000000000%</discount><shipping>1000000000000</shipping>"#;
                    orders +=
                        &format!(r#"<order number="F-{count}" customer="A" store="S001">{line}{line}{whole}</order>"#);
                }
            }
        }
    }
    let answer = door.take(format!(r#"<orders currency="EUR">{orders}</orders>"#).into_bytes()).await;
    assert!(answer.problems.iter().all(|problem| problem.code.as_str() != "XML_TOO_LARGE"), "{:?}", answer.problems);
}

#[tokio::test]
async fn no_name_or_number_commands_a_screen_a_printer_or_a_spreadsheet() {
    let door = door().await;
    let evil = "\u{202E}=cmd|&#10;'/C calc'!A0\u{2066}";
    for (number, (file, ..)) in GOOD.iter().enumerate() {
        let good = read(file);
        let name = ["Scarf, grey", "Scarf, grey", "Schal", "Vin rouge", "Jacket, blue"][number];
        // An order of its own for each, with the item named by our number where the test shop has no such barcode.
        let document = good
            .replace(name, evil)
            .replace("03012993024022", "05901234123457")
            .replace("13012993024029", "5901234123457");
        for answer in door
            .intake
            .take_document(
                Incoming {
                    channel: format!("channel-{number}").into(),
                    content_type: String::new(),
                    bytes: document.into(),
                },
                None,
            )
            .await
            .unwrap()
            .orders
        {
            let Some(order) = &answer.order else { continue };
            let mut texts: Vec<&str> = order.lines.iter().map(|line| line.name.as_str()).collect();
            texts.extend([order.customer_name.as_str(), order.reference.as_str(), answer.reference.as_str()]);
            for text in texts {
                assert!(!text.chars().any(text::is_command), "{file}: {text:?}");
                assert!(!text::spreadsheet_cell(text).starts_with(['=', '+', '-', '@']), "{file}: {text:?}");
            }
        }
    }
    let kept = door.take("<order number='&#x202E;=1+1' currency='EUR' customer='A'><line/></order>").await;
    assert_eq!(kept.reference, "=1+1", "{:?}", told(&kept));
}

#[tokio::test]
async fn what_a_problem_quotes_commands_no_terminal_and_is_cut() {
    let door = door().await;
    let evil = "\u{1B}[31m\u{202E}\u{9B}2J";
    #[rustfmt::skip]
    let table = [
        format!("<order></order {evil}>"),
        format!("<order></{evil}>"),
        format!("<order></{}>", "x".repeat(5_000)),
        format!("<order a{evil}='1' a{evil}='1'/>"),
        format!("<order number='1' currency='EUR'><{evil}/></order>"),
        format!("<{evil}:order/>"),
        format!("<?xml version='1.0' encoding='{evil}'?><order/>"),
        format!("<order xmlns='{}'/>", "urn:x".repeat(1_000)),
    ];
    for document in table {
        let answer = door.take(document.clone()).await;
        assert!(!answer.problems.is_empty(), "{document:?}");
        for Problem { place, value, message, .. } in &answer.problems {
            for text in [&place.path, value, message] {
                assert!(!text.chars().any(text::is_command) && text.chars().count() <= 300, "{document:?}: {text:?}");
            }
        }
    }
}

fn lines_known_by_turns<T: Clone>(lines: usize, item: &Option<T>) -> Vec<Option<T>> {
    (0..lines).map(|line| item.clone().filter(|_| line % 2 == 0)).collect()
}

/// What the orders of a document are judged with, without a store.
fn bench_of(document: &Arc<Document>, bytes: &[u8]) -> Bench {
    let item = Some((product_record("jacket", None), 6));
    let catalogue = Catalogue {
        kind: None,
        terms: Vec::new(),
        stores: vec![store_record("S001", StoreKind::Shop), store_record("W001", StoreKind::Warehouse)],
        items: document.drafts.iter().map(|draft| lines_known_by_turns(draft.lines.len(), &item)).collect(),
        channel: "website".into(),
        allowed: None,
        // Every second line names nothing that is known: held, it is walked through all the same.
        unknown: UnknownPolicy::Hold,
        homes: Vec::new(),
    };
    Bench { document: Arc::clone(document), catalogue, bytes: bytes.to_vec(), now: at(0) }
}

/// The largest document there may be, all of it in one line and every order of it bad: no place is found by reading the
/// document from its beginning, and nothing of it is masked again for each.
#[test]
fn judging_a_document_of_bad_orders_is_work_for_each_byte_once() {
    let judge = |orders: usize| {
        let order = |number: usize| {
            let line = "<line sku='nobody-sells-this' quantity='x' price='y' a-long-attribute-that-means-nothing='0123456789'/>";
            let head = format!(
                "<order number='B-{number:05}' customer='C-7' another-long-attribute-of-no-meaning='{number:020}'"
            );
            format!("{head} ><store>S001</store>{}</order>", line.repeat(3))
        };
        let body: String = (0..orders).map(order).collect();
        let bytes = format!("<orders currency='EUR'>{body}</orders>").into_bytes();
        let document = Arc::new(Document::parse(&bytes, "application/xml").unwrap());
        let bench = bench_of(&document, &bytes);
        let mut problems = 0;
        for index in 0..document.drafts.len() {
            let judged = bench.judge(index);
            assert!(judged.problem.is_some());
            problems += bench.answer(index, &judged, &PartOutcome::Kept).problems.len();
        }
        assert!(problems >= 3 * orders);
        (bytes.len(), document.looked())
    };
    let (bytes, looked) = judge(2_000);
    assert!((xml::DOCUMENT_BYTES_MAX * 8 / 10..=xml::DOCUMENT_BYTES_MAX).contains(&bytes), "{bytes}");
    assert!(looked <= 10 * bytes, "{looked} of {bytes}");
    let (half_bytes, half) = judge(1_000);
    assert!(looked * half_bytes <= half * bytes * 11 / 10, "{looked} of {bytes}, {half} of {half_bytes}");
}

/// Everything but the store: a document is read, judged, cut into its parts and answered.
fn play(bytes: &[u8]) {
    let Ok(document) = Document::parse(bytes, "application/xml") else { return };
    let document = Arc::new(document);
    let bench = bench_of(&document, bytes);
    let mut answers = Vec::new();
    for index in 0..document.drafts.len() {
        let judged = bench.judge(index);
        if document.is_of_several() {
            let part = Document::parse(&document.part(&document.drafts[index]), "").unwrap();
            assert_eq!(part.drafts.len(), 1);
            assert_eq!(part.drafts[0].content, document.drafts[index].content, "a part says what it said in the whole");
        }
        answers.push(bench.answer(index, &judged, &PartOutcome::Refused(Refusal::OrderUnknown)));
    }
    document.format.encode_response(&document, &answers, at(0));
}

/// What happens to a document on its way: bytes lost, doubled, changed.
#[derive(Clone, Debug)]
enum Harm {
    Cut(usize, usize),
    Doubled(usize, usize),
    Put(usize, Vec<u8>),
}

fn harm() -> impl Strategy<Value = Harm> {
    let words = [
        "<",
        ">",
        "&",
        "&#0;",
        "\"",
        "</order>",
        "<order>",
        "-1",
        "1e9",
        "0",
        "99999999999999999999999999999",
        "9999-12-31",
        "0.0000000001",
        "<line/>",
        "xmlns=''",
        "\u{202E}",
        "NaN",
        "",
    ];
    prop_oneof![
        (any::<usize>(), 0_usize..200).prop_map(|(at, length)| Harm::Cut(at, length)),
        (any::<usize>(), 0_usize..400).prop_map(|(at, length)| Harm::Doubled(at, length)),
        (any::<usize>(), prop::sample::select(words.map(|word| word.as_bytes().to_vec()).to_vec()))
            .prop_map(|(at, bytes)| Harm::Put(at, bytes)),
        (any::<usize>(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Harm::Put(at, bytes)),
    ]
}

fn do_harm(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        let place = |at: &usize, length: usize| {
            let from = at % (bytes.len() + 1);
            from..(from + length).min(bytes.len())
        };
        match harm {
            Harm::Cut(at, length) => drop(bytes.drain(place(at, *length))),
            Harm::Doubled(at, length) => {
                let range = place(at, *length);
                let twice = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, twice).for_each(drop);
            }
            Harm::Put(at, put) => {
                let from = place(at, 0).start;
                bytes.splice(from..from, put.iter().copied()).for_each(drop);
            }
        }
    }
    bytes
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        play(&bytes);
    }

    #[test]
    fn no_harm_done_to_a_good_document_makes_a_reader_panic(
        which in 0_usize..5,
        harms in prop::collection::vec(harm(), 0..6),
    ) {
        play(&do_harm(read(GOOD[which].0).into_bytes(), &harms));
    }
}
