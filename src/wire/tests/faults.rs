//! Every bad field is named, from the outermost message inwards.

use super::samples;
use crate::domain::event::Event;
use crate::domain::feed::Change;
use crate::wire::till::v1 as proto;
use crate::wire::{Wire, decode_entry, decode_event};

/// Spoils the worked sale and says what the error reads.
fn check_sale(spoil: impl FnOnce(&mut proto::Sale), expected: &str) {
    let event = samples::events().into_iter().find(|e| e.kind() == "sale_completed").unwrap();
    let mut message = event.to_wire();
    match &mut message.event {
        Some(proto::event::Event::SaleCompleted(sale)) => spoil(sale),
        other => panic!("{other:?}"),
    }
    assert_eq!(Event::from_wire(message).unwrap_err().to_string(), expected);
}

#[test]
fn a_sale() {
    check_sale(|s| s.basket_id.clear(), "sale_completed.basket_id: missing");
    check_sale(|s| s.basket_id.push(0), "sale_completed.basket_id: 17 bytes instead of 16");
    check_sale(|s| s.till = None, "sale_completed.till: missing");
    check_sale(|s| s.till.as_mut().unwrap().store.clear(), "sale_completed.till.store: missing");
    check_sale(|s| s.begun_at.as_mut().unwrap().nanos = -1, "sale_completed.begun_at: out of range");
    check_sale(|s| s.completed_at.as_mut().unwrap().seconds = i64::MAX, "sale_completed.completed_at: out of range");
    check_sale(|s| s.lines[1].unit = 0, "sale_completed.lines[1].unit: unknown value 0");
    check_sale(|s| s.lines[1].price_source = 99, "sale_completed.lines[1].price_source: unknown value 99");
    check_sale(|s| s.lines[0].age_limit = Some(256), "sale_completed.lines[0].age_limit: out of range");
    check_sale(|s| s.lines[0].tax_code = "AB".to_owned(), "sale_completed.lines[0].tax_code: not one character");
    check_sale(
        |s| s.lines[1].discount.as_mut().unwrap().percent = Some("ten".to_owned()),
        "sale_completed.lines[1].discount.percent: not a decimal number",
    );
    check_sale(
        |s| s.lines[1].unit_price.as_mut().unwrap().currency = "euro".to_owned(),
        "sale_completed.lines[1].unit_price.currency: not a currency",
    );
    check_sale(|s| s.taxes[0].percent.clear(), "sale_completed.taxes[0].percent: missing");
    check_sale(|s| s.sold_anyway[0].facts = None, "sale_completed.sold_anyway[0].facts: missing");
    check_sale(|s| s.collections[0].proof = 3, "sale_completed.collections[0].proof: unknown value 3");
}

#[test]
fn an_event_of_a_newer_program() {
    // Field 1000, two bytes long: nothing this program knows.
    assert_eq!(decode_event(&[0xc2, 0x3e, 2, 8, 1]).unwrap_err().to_string(), "event: missing");
    assert_eq!(decode_event(&[]).unwrap_err().to_string(), "event: missing");
    assert!(decode_event(&[0x0a, 0x7f]).unwrap_err().to_string().starts_with("message: not this message"));
}

#[test]
fn an_order_and_a_product_of_the_feed() {
    let mut messages: Vec<proto::Change> = samples::changes().iter().map(Wire::to_wire).collect();
    let mut errors = Vec::new();
    for message in &mut messages {
        match message.change.as_mut().unwrap() {
            proto::change::Change::Order(order) => order.lines[0].product.clear(),
            proto::change::Change::Product(product) => product.barcodes[1].key.clear(),
            proto::change::Change::Stock(figure) => figure.story[0].at = None,
            proto::change::Change::Settings(settings) => settings.tax_rates[0].percent = "x".to_owned(),
            _ => continue,
        }
        errors.push(Change::from_wire(message.clone()).unwrap_err().to_string());
    }
    assert_eq!(
        errors,
        [
            "product.barcodes[1].key: missing",
            "settings.tax_rates[0].percent: not a decimal number",
            "stock.story[0].at: missing",
            "order.lines[0].product: missing",
        ]
    );
}

#[test]
fn an_entry() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    let entry = crate::wire::entry::SealedEntry::seal(samples::header(), vec![1], [5; 32], &key);
    let check = |spoil: fn(&mut proto::JournalEntry), expected: &str| {
        let mut message = crate::wire::encode_entry(&entry);
        spoil(&mut message);
        assert_eq!(decode_entry(message, &entry.header.till).unwrap_err().to_string(), expected);
    };
    check(|e| e.signature.truncate(63), "signature: 63 bytes instead of 64");
    check(|e| e.business_day = "23/11/2026".to_owned(), "business_day: not a date");
    check(|e| e.mark.as_mut().unwrap().sequence = u64::MAX, "mark.sequence: out of range");
    check(|e| e.mark.as_mut().unwrap().run_id.clear(), "mark.run_id: missing");
    check(|e| e.operator = Some(String::new()), "operator: missing");
}
