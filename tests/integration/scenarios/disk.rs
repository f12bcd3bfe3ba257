//! The disk fills up in the middle of the day: what was sold stays sold, what cannot be written is not sold, and the till
//! says so and goes on as soon as there is room.

use till::register::snapshot::NoticeKind;

use super::script::{Words, parse};
use super::shop::Shop;
use super::{acts, list_breaches, open_shop};

fn act(shop: &mut Shop, lines: &str) {
    for statement in parse("disk", lines) {
        acts::perform(shop, &mut Words::new(&statement.words)).unwrap();
    }
}

#[test]
fn a_full_disk_sells_nothing_and_loses_nothing() {
    let mut shop = open_shop(1);
    shop.set_network(false);
    shop.restart_with_room(Some(12));
    act(&mut shop, "sign_on anna");
    let mut sold = 0;
    let refused = loop {
        assert!(sold < 500, "the disk never filled up");
        act(&mut shop, "scan mug\ntender cash 12.50");
        let snapshot = shop.snapshot();
        match snapshot.completed {
            Some(done) if done.receipt_number == sold + 1 => sold += 1,
            _ => break snapshot,
        }
    };
    assert!(sold > 0, "nothing could be sold at all");
    assert_eq!(refused.notice.map(|notice| notice.kind), Some(NoticeKind::DiskFull));
    assert_eq!(refused.basket.basket.lines.len(), 1, "the customer's mug is still in the basket");
    let receipts =
        |shop: &Shop| shop.list_entries().iter().filter(|e| e.event.kind() == "sale_completed").count() as u64;
    assert_eq!(receipts(&shop), sold);
    // The printer may have put its state off; what it printed is on paper once and no more.
    shop.restart_with_room(None);
    act(&mut shop, "sign_on anna");
    if shop.snapshot().basket.basket.is_empty() {
        act(&mut shop, "scan mug");
    }
    act(&mut shop, "tender cash 12.50");
    assert_eq!(shop.snapshot().completed.map(|done| done.receipt_number), Some(sold + 1));
    assert_eq!(receipts(&shop), sold + 1);
    let breaches = list_breaches(&mut shop);
    assert!(breaches.is_empty(), "\n  {}", breaches.join("\n  "));
}

#[test]
fn a_question_that_could_not_be_answered_is_still_asked() {
    let mut shop = open_shop(1);
    shop.set_network(false);
    shop.restart_with_room(Some(12));
    act(&mut shop, "sign_on anna");
    let refused = (0..500).find_map(|_| {
        act(&mut shop, "scan brandy");
        assert!(shop.snapshot().question.is_some(), "brandy asks for an age");
        act(&mut shop, "age no");
        let shown = shop.snapshot();
        shown.notice.is_some().then_some(shown)
    });
    let refused = refused.expect("the disk fills up");
    assert_eq!(refused.notice.map(|notice| notice.kind), Some(NoticeKind::DiskFull));
    assert_eq!(refused.basket.basket.lines.len(), 1, "the brandy could not be taken out");
    assert!(refused.question.is_some(), "so the question stays");
    shop.restart_with_room(None);
}
