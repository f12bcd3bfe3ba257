//! The disk fills up in the middle of the day: what was sold stays sold, what cannot be written is not sold, and the till
//! says so and goes on as soon as there is room.

use till::domain::feed::Change;
use till::register::snapshot::{Access, NoticeKind, Snapshot};

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
        shop.begin_statement();
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
    assert!(shop.seen.papers.is_empty() && shop.seen.drawer_opened == 0, "what is not on disk opens no drawer");
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

/// Fills the disk until it takes not even the smallest entry, and says what is on screen then.
fn fill_the_disk(shop: &mut Shop) -> Snapshot {
    for line in ["scan mug\ntender cash 12.50", "drawer_key"] {
        let before = shop.snapshot().notice.map(|notice| notice.number);
        let full = (0..2000).any(|_| {
            act(shop, line);
            let notice = shop.snapshot().notice;
            notice.is_some_and(|notice| notice.kind == NoticeKind::DiskFull && Some(notice.number) != before)
        });
        assert!(full, "the disk never filled up");
    }
    shop.snapshot()
}

#[test]
fn a_till_that_locks_itself_on_a_full_disk_tries_once_a_minute_and_locks_when_there_is_room() {
    let mut shop = open_shop(1);
    shop.settings.lock_after_minutes = Some(5);
    let settings = shop.settings.clone();
    shop.office.announce(Change::Settings(Box::new(settings)));
    shop.exchange();
    shop.set_network(false);
    shop.restart_with_room(Some(12));
    act(&mut shop, "sign_on anna");
    let full = fill_the_disk(&mut shop);
    let said = full.notice.map(|notice| notice.number);
    act(&mut shop, "clock 6m");
    let locked = shop.snapshot();
    assert_eq!(locked.notice.as_ref().map(|notice| notice.kind.clone()), Some(NoticeKind::DiskFull));
    assert_ne!(locked.notice.map(|notice| notice.number), said, "it was tried, and said");
    let tried = |shop: &mut Shop| shop.snapshot().notice.map(|notice| notice.number);
    let before = tried(&mut shop);
    act(&mut shop, "clock 30s");
    assert_eq!(tried(&mut shop), before, "not again at once");
    act(&mut shop, "clock 31s");
    assert_ne!(tried(&mut shop), before, "but a minute later");
    shop.restart_with_room(None);
    act(&mut shop, "sign_on anna\nclock 6m");
    assert!(matches!(shop.snapshot().access, Access::SignIn(_)), "with room it locks");
    let breaches = list_breaches(&mut shop);
    assert!(breaches.is_empty(), "\n  {}", breaches.join("\n  "));
}

#[test]
fn a_disk_that_becomes_read_only_is_said_and_loses_nothing() {
    let mut shop = open_shop(1);
    act(&mut shop, "sign_on anna\nscan mug\ntender cash 12.50\nscan jam");
    shop.set_network(false);
    shop.restart_read_only(true);
    assert_eq!(shop.snapshot().basket.basket.lines.len(), 1, "the basket can be read");
    act(&mut shop, "sign_in anna 1111");
    let shown = shop.snapshot();
    assert!(matches!(shown.access, Access::SignIn(_)), "nobody signs in without an entry");
    assert_eq!(shown.notice.map(|notice| notice.kind), Some(NoticeKind::DiskReadOnly));
    shop.restart_read_only(false);
    act(&mut shop, "sign_on anna\ntender cash 7.20");
    assert_eq!(shop.snapshot().completed.map(|done| done.receipt_number), Some(2));
    let breaches = list_breaches(&mut shop);
    assert!(breaches.is_empty(), "\n  {}", breaches.join("\n  "));
}

#[test]
fn a_count_that_cannot_be_read_when_whoever_counted_is_back_waits_on() {
    let mut shop = open_shop(1);
    act(&mut shop, "store differences drawer 20.00 stock 50.00\nsign_on anna\ncount jacket-m");
    act(&mut shop, "on_shelf 4\non_shelf 4\non_shelf 4 gone\nsign_out");
    shop.set_readable("jacket-m", false);
    act(&mut shop, "sign_in anna 1111");
    let shown = shop.snapshot();
    assert_eq!(shown.notice.map(|notice| notice.kind), Some(NoticeKind::NotSaved));
    assert!(shown.approval.is_none());
    shop.set_readable("jacket-m", true);
    act(&mut shop, "sign_out\nsign_in anna 1111");
    assert!(shop.snapshot().approval.is_some(), "somebody is asked to agree to it as before");
}
