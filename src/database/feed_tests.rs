//! The feed against own entries: whatever order central's word and the till's acts come in, no movement counts twice or not
//! at all.
//!
//! Size: one test for each rule a batch of the feed keeps.

use proptest::prelude::*;

use super::testing::{Shop, at, day, order, settings, stock_figure, uuid};
use super::{CaseAnswer, CaseRefusal, PrintCause, SaleQuery, SessionReportKind, Trust, verify_journal};
use crate::domain::Timestamp;
use crate::domain::conflict::{CaseState, ConflictCase};
use crate::domain::device::PrintJobState;
use crate::domain::event::Event;
use crate::domain::feed::{Change, FeedBatch, Scope, StockFigure};
use crate::domain::ids::{CaseId, EntryId, JournalMark, OrderNumber, PrintJobId, ProductId, RunId};
use crate::domain::operator::{Operator, Role};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{MovementReason, StockLevel};
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderState, OrderStep, StepTaken, WebOrder};

fn batch(scope: Scope, snapshot: bool, changes: Vec<Change>, contains: &[(u128, u64)]) -> FeedBatch {
    let contains =
        contains.iter().map(|(run, sequence)| JournalMark { run: RunId(uuid(*run)), sequence: *sequence }).collect();
    FeedBatch { scope, cursor: 7, snapshot, changes, contains, as_of: at(60), left_out: 0 }
}

fn apply(shop: &mut Shop, snapshot: bool, changes: Vec<Change>, contains: &[(u128, u64)]) {
    let batch = batch(Scope::Store, snapshot, changes, contains);
    shop.act(|tx| tx.apply_feed(&batch));
}

fn level(shop: &Shop, article: &str) -> StockLevel {
    shop.database.view().stock_level(&ProductId::new(article)).unwrap()
}

/// `on hand, held, promised` in units.
fn figures(shop: &Shop, article: &str) -> (i64, i64, i64) {
    let level = level(shop, article);
    let units = |quantity: Quantity| quantity.thousandths() / 1_000;
    (units(level.on_hand), units(level.held), units(level.promised))
}

fn step(number: &str, step: OrderStep) -> Event {
    Event::OrderStepped { order: number.into(), step, products: vec![(1, "jacket".into())] }
}

fn picked(number: &str, units: i64) -> Event {
    let what = LineQuantity { line: 1, quantity: Quantity::units(units) };
    step(number, OrderStep::Picked { what, bay: None })
}

fn handed_over(number: &str, units: i64) -> Event {
    let lines = vec![LineQuantity { line: 1, quantity: Quantity::units(units) }];
    step(number, OrderStep::HandedOver { lines, collector: "Anna".to_owned(), proof: CollectionProof::Code })
}

fn find(shop: &Shop, number: &str) -> WebOrder {
    shop.database.view().find_order(&number.into()).unwrap().unwrap()
}

#[test]
fn a_level_is_centrals_figure_and_what_it_does_not_contain() {
    let mut shop = Shop::new();
    shop.open_session();
    assert_eq!(figures(&shop, "jacket"), (0, 0, 0), "nobody has told anything");
    apply(&mut shop, true, vec![Change::Stock(stock_figure("jacket", 5))], &[]);
    assert_eq!(figures(&shop, "jacket"), (5, 0, 0));
    shop.sell(&[("jacket", 2, 8_990)]);
    assert_eq!(figures(&shop, "jacket"), (3, 0, 0));
    // Central has taken the sale: its figure is lower, the level is not.
    apply(&mut shop, false, vec![Change::Stock(stock_figure("jacket", 3))], &[(1, 3)]);
    assert_eq!(figures(&shop, "jacket"), (3, 0, 0));
    // Another till has sold one.
    apply(&mut shop, false, vec![Change::Stock(stock_figure("jacket", 2))], &[(1, 3)]);
    assert_eq!(figures(&shop, "jacket"), (2, 0, 0));
    // Central was restored from a copy from before the sale: the sale counts on top again.
    apply(&mut shop, true, vec![Change::Stock(stock_figure("jacket", 5))], &[(1, 2)]);
    assert_eq!(figures(&shop, "jacket"), (3, 0, 0));
    // A snapshot that does not name the product says that central knows nothing of it.
    apply(&mut shop, true, vec![], &[(1, 3)]);
    assert_eq!(figures(&shop, "jacket"), (0, 0, 0));
    verify_journal(shop.path(), Trust::KeysInFile).unwrap();
}

#[test]
fn an_order_is_centrals_record_with_own_steps_on_top() {
    let mut shop = Shop::new();
    apply(
        &mut shop,
        true,
        vec![Change::Stock(stock_figure("jacket", 5)), Change::Order(Box::new(order("W-1", "jacket", 2)))],
        &[(1, 1)],
    );
    assert_eq!(figures(&shop, "jacket"), (5, 0, 2));
    shop.append(picked("W-1", 1));
    assert_eq!(figures(&shop, "jacket"), (5, 1, 1));
    assert_eq!(find(&shop, "W-1").state, OrderState::Picking);

    // Central sends the order for another reason, without the step.
    let mut other = order("W-1", "jacket", 2);
    other.collect_by = Some(at(999));
    apply(&mut shop, false, vec![Change::Order(Box::new(other.clone()))], &[(1, 1)]);
    assert_eq!((find(&shop, "W-1").collect_by, figures(&shop, "jacket")), (Some(at(999)), (5, 1, 1)));

    // Now with it.
    other.lines[0].picked = Quantity::ONE;
    other.state = OrderState::Picking;
    apply(&mut shop, false, vec![Change::Order(Box::new(other))], &[(1, 2)]);
    assert_eq!(figures(&shop, "jacket"), (5, 1, 1));

    // Handed over in full: nothing held, nothing promised, both gone from the shelf.
    shop.append(handed_over("W-1", 2));
    assert_eq!(figures(&shop, "jacket"), (3, 0, 0));
    assert_eq!(find(&shop, "W-1").state, OrderState::HandedOver);
    verify_journal(shop.path(), Trust::KeysInFile).unwrap();
}

#[test]
fn a_step_central_did_not_take_comes_off_again() {
    let mut shop = Shop::new();
    apply(&mut shop, true, vec![Change::Order(Box::new(order("W-1", "jacket", 2)))], &[(1, 1)]);
    shop.append(picked("W-1", 2));
    assert_eq!(figures(&shop, "jacket"), (0, 2, 0));
    // Central has the entry, and its order is as it was (it had been quarantined, say).
    let outcome = {
        let batch = batch(Scope::Store, false, vec![], &[(1, 2)]);
        shop.act(|tx| tx.apply_feed(&batch))
    };
    assert_eq!(figures(&shop, "jacket"), (0, 0, 2));
    assert_eq!((outcome.orders, outcome.stock), (vec![OrderNumber::new("W-1")], vec![ProductId::new("jacket")]));
}

#[test]
fn steps_made_before_the_order_was_known_count_when_it_comes() {
    let mut shop = Shop::new();
    shop.append(picked("W-1", 1));
    assert_eq!(shop.database.view().find_order(&"W-1".into()).unwrap(), None);
    apply(&mut shop, false, vec![Change::Order(Box::new(order("W-1", "jacket", 2)))], &[(1, 1)]);
    assert_eq!(figures(&shop, "jacket"), (0, 1, 1));
}

#[test]
fn orders_are_found_by_what_people_know() {
    let mut shop = Shop::new();
    let mut late = order("W-2", "jacket", 1);
    late.collect_by = None;
    let mut done = order("W-3", "jacket", 1);
    done.state = OrderState::Cancelled;
    let mut first = order("W-4", "jacket", 1);
    first.collect_by = Some(at(10));
    let orders = [order("W-1", "jacket", 1), late, done, first, order("W-5", "scarf", 1)];
    apply(&mut shop, true, orders.into_iter().map(|o| Change::Order(Box::new(o))).collect(), &[]);
    let numbers = |orders: Vec<WebOrder>| orders.iter().map(|o| o.number.to_string()).collect::<Vec<_>>();
    let view = shop.database.view();
    assert_eq!(numbers(view.orders_concerning(&"jacket".into()).unwrap()), ["W-4", "W-1", "W-2"]);
    assert_eq!(numbers(view.list_orders(None).unwrap()), ["W-4", "W-1", "W-5", "W-2"]);
    assert_eq!(numbers(view.list_orders(Some(OrderState::Cancelled)).unwrap()), ["W-3"]);
    assert_eq!(view.find_order_by_code(" c00005 ").unwrap().map(|o| o.number.to_string()), Some("W-5".to_owned()));
    assert_eq!(view.find_order_by_code("").unwrap(), None);
    assert_eq!(view.find_order_by_code("X00005").unwrap(), None);

    apply(&mut shop, false, vec![Change::OrderRemoved("W-4".into())], &[]);
    assert_eq!(numbers(shop.database.view().orders_concerning(&"jacket".into()).unwrap()), ["W-1", "W-2"]);
    apply(&mut shop, true, vec![Change::Order(Box::new(order("W-5", "scarf", 1)))], &[]);
    assert_eq!(numbers(shop.database.view().list_orders(None).unwrap()), ["W-5"]);
    assert_eq!(figures(&shop, "jacket"), (0, 0, 0));
}

#[test]
fn an_order_that_is_over_is_found_until_its_days_are_over_and_central_knows_of_it() {
    let mut shop = Shop::new();
    let orders = ["W-1", "W-2", "W-3"].map(|number| Change::Order(Box::new(order(number, "jacket", 1))));
    apply(&mut shop, true, orders.into(), &[]);
    shop.append(picked("W-1", 1));
    let own = shop.append(handed_over("W-1", 1));
    let mut there = order("W-2", "jacket", 1);
    there.state = OrderState::Cancelled;
    there.history = vec![StepTaken::at_central(&OrderStep::Cancelled, at(40))];
    apply(&mut shop, false, vec![Change::Order(Box::new(there))], &[]);
    let over = |shop: &Shop, since: i64, orders_max: usize| -> Vec<(Timestamp, String)> {
        let over = shop.database.view().list_orders_over(at(since), orders_max).unwrap();
        over.into_iter().map(|(at, order)| (at, order.number.to_string())).collect()
    };
    let both = [(own.recorded_at, "W-1".to_owned()), (at(40), "W-2".to_owned())];
    let mut latest_first = both.clone();
    latest_first.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    assert_eq!(over(&shop, 0, 9), latest_first);
    assert_eq!(over(&shop, 0, 1), latest_first[..1]);
    assert_eq!(
        over(&shop, 41, 9),
        latest_first.iter().filter(|(over, _)| *over >= at(41)).cloned().collect::<Vec<_>>()
    );
    // One that central does not know to be over yet stays, and so does one that is not over.
    let before = at(100_000);
    assert_eq!(shop.act(|tx| tx.remove_orders_over(before, 9)), 1);
    assert_eq!(over(&shop, 0, 9), both[..1]);
    let mut known = find(&shop, "W-1");
    known.history = vec![StepTaken::at_central(&OrderStep::Cancelled, own.recorded_at)];
    apply(&mut shop, false, vec![Change::Order(Box::new(known))], &[(1, own.mark.sequence)]);
    assert_eq!(over(&shop, 0, 9), both[..1]);
    assert_eq!(shop.act(|tx| tx.remove_orders_over(before, 9)), 1);
    assert_eq!(over(&shop, 0, 9), []);
    assert!(shop.database.view().find_order(&"W-3".into()).unwrap().is_some());
}

#[test]
fn cursors_and_ages_are_kept_and_never_look_older() {
    let mut shop = Shop::new();
    assert_eq!(shop.database.view().find_cursor(Scope::Store).unwrap(), None);
    let mut first = batch(Scope::Store, true, vec![], &[]);
    shop.act(|tx| tx.apply_feed(&first));
    first.cursor = 9;
    first.as_of = at(30);
    shop.act(|tx| tx.apply_feed(&first));
    let view = shop.database.view();
    assert_eq!(view.find_cursor(Scope::Store).unwrap(), Some(9));
    assert_eq!(view.find_feed_as_of(Scope::Store).unwrap(), Some(at(60)));
    assert_eq!(view.find_cursor(Scope::Company).unwrap(), None);
}

#[test]
fn people_and_settings_follow_the_feed() {
    let mut shop = Shop::new();
    let operator = |id: &str, role, active, badge: Option<&str>| Operator {
        id: id.into(),
        name: id.to_uppercase(),
        role,
        pin_hash: "$argon2id$".to_owned(),
        badge: badge.map(str::to_owned),
        active,
    };
    let (anna, ben) = (operator("anna", Role::Cashier, true, Some("B1")), operator("ben", Role::Manager, false, None));
    let company = batch(
        Scope::Company,
        true,
        vec![Change::Operator(anna.clone()), Change::Operator(ben.clone()), Change::Settings(Box::new(settings()))],
        &[],
    );
    assert_eq!(shop.database.view().find_settings().unwrap(), None);
    shop.act(|tx| tx.apply_feed(&company));
    let view = shop.database.view();
    assert_eq!(view.find_settings().unwrap(), Some(settings()));
    assert_eq!(view.list_operators().unwrap(), std::slice::from_ref(&anna));
    assert_eq!(view.find_operator(&"ben".into()).unwrap(), Some(ben));
    assert_eq!(view.find_operator_by_badge("B1").unwrap(), Some(anna));
    assert_eq!(view.find_operator_by_badge("B2").unwrap(), None);
    let company = batch(Scope::Company, true, vec![], &[]);
    shop.act(|tx| tx.apply_feed(&company));
    assert_eq!(shop.database.view().list_operators().unwrap(), []);
}

#[test]
fn wrong_pins_count_until_a_right_one() {
    let mut shop = Shop::new();
    let failures = |shop: &Shop| shop.database.view().find_sign_in_failures(&"anna".into()).unwrap().map(|f| f.count);
    for count in 1..=3 {
        shop.append(Event::SignInRefused { operator: "anna".into(), failures: count });
        assert_eq!(failures(&shop), Some(count));
    }
    shop.append(Event::OperatorSignedIn { operator: "anna".into() });
    assert_eq!(failures(&shop), None);
}

#[test]
fn a_case_stays_until_central_has_said_what_became_of_it() {
    let mut shop = Shop::new();
    let case = |state| ConflictCase {
        case: CaseId(uuid(1)),
        product: "jacket".into(),
        order: "W-1".into(),
        quantity: Quantity::ONE,
        state,
        opened_at: at(5),
        due_at: at(5) + crate::domain::conflict::CASE_CLOCK,
    };
    apply(&mut shop, false, vec![Change::Case(case(CaseState::Open))], &[]);
    assert_eq!(shop.database.view().list_open_cases().unwrap(), [case(CaseState::Open)]);
    apply(&mut shop, false, vec![Change::Case(case(CaseState::ReSourced))], &[]);
    assert_eq!(shop.database.view().list_open_cases().unwrap(), []);
}

#[test]
fn an_own_decision_hides_its_case_until_central_says_what_came_of_it() {
    let mut shop = Shop::new();
    let case = |number, order: &str, state| ConflictCase {
        case: CaseId(uuid(number)),
        product: "jacket".into(),
        order: order.into(),
        quantity: Quantity::ONE,
        state,
        opened_at: at(5),
        due_at: at(50),
    };
    let (first, second) = (case(1, "W-1", CaseState::Open), case(2, "W-2", CaseState::Open));
    apply(&mut shop, false, vec![Change::Case(first.clone()), Change::Case(second.clone())], &[]);
    let found = |order: &str, number| Event::FalseAlarmReported {
        case: CaseId(uuid(number)),
        order: order.into(),
        product: "jacket".into(),
    };
    shop.append(found("W-1", 1));
    assert_eq!(shop.database.view().list_open_cases().unwrap(), std::slice::from_ref(&second));
    shop.append(found("W-2", 2));
    // Whatever else central says before it has heard: decided here.
    apply(&mut shop, false, vec![Change::Case(first), Change::Case(second)], &[]);
    let mut shop = shop.reopen();
    assert_eq!(shop.database.view().list_open_cases().unwrap(), []);
    // It has heard both: the first was taken, the second had been decided at another till.
    let told =
        vec![Change::Case(case(1, "W-1", CaseState::FalseAlarm)), Change::Case(case(2, "W-2", CaseState::ReSourced))];
    let heard = batch(Scope::Store, false, told, &[(1, 3)]);
    let reason = CaseRefusal::DecidedBefore { state: CaseState::ReSourced };
    let answer = CaseAnswer { order: "W-2".into(), reason };
    assert_eq!(shop.act(|tx| tx.apply_feed(&heard)).case_answers, [answer]);
    assert_eq!(shop.act(|tx| tx.apply_feed(&heard)).case_answers, [], "told once");
    // Opened again, it is shown again.
    apply(&mut shop, false, vec![Change::Case(case(2, "W-2", CaseState::Open))], &[(1, 3)]);
    assert_eq!(shop.database.view().list_open_cases().unwrap(), [case(2, "W-2", CaseState::Open)]);
}

#[test]
fn sales_and_sessions_are_found_again() {
    let mut shop = Shop::new();
    shop.open_session();
    shop.sell(&[("jacket", 1, 8_990)]);
    let second = shop.sell(&[("jacket", 1, 8_990), ("scarf", 1, 1_010), ("scarf", 2, 1_010)]);
    shop.sell(&[("scarf", 1, 1_010)]);
    shop.append(Event::ReceiptCopied { receipt_number: 2, copy: 2, cause: crate::domain::event::CopyCause::Asked });
    let view = shop.database.view();
    let record = view.find_sale(2).unwrap().unwrap();
    assert_eq!(Event::SaleCompleted(Box::new(record.sale)), second.event);
    assert_eq!((record.business_day, record.copies), (day(), 2));
    assert_eq!(view.find_sale(4).unwrap(), None);
    let check = |query: SaleQuery, limit, expected: &[u64]| {
        let found: Vec<u64> = view.list_sales(&query, limit).unwrap().iter().map(|r| r.sale.receipt_number).collect();
        assert_eq!(found, expected, "{query:?}");
    };
    check(SaleQuery::Latest, 2, &[3, 2]);
    check(SaleQuery::Total(8_990..=8_990), 9, &[1]);
    check(SaleQuery::Total(8_900..=8_999), 9, &[1]);
    check(SaleQuery::Product("jacket".into()), 9, &[2, 1]);
    check(SaleQuery::Product("scarf".into()), 1, &[3]);
    check(SaleQuery::Product("hat".into()), 9, &[]);
    // All of them at this moment: it belongs to what begins with it, and not to what ends with it.
    check(SaleQuery::Between(at(2), at(3)), 2, &[3, 2]);
    check(SaleQuery::Between(at(1), at(2)), 9, &[]);
    check(SaleQuery::Between(at(3), at(9)), 9, &[]);

    let session = view.find_open_session().unwrap().unwrap();
    assert_eq!(
        (session.sale_count, session.cash_sales, session.sale_total),
        (3, session.sale_total, session.sale_total)
    );
    assert_eq!(session.cash_expected().minor(), 20_000 + 8_990 + 12_020 + 1_010);
}

#[test]
fn print_jobs_wait_until_they_are_printed_or_decided() {
    let mut shop = Shop::new();
    let causes = [
        PrintCause::Receipt { receipt_number: 1, copy: None },
        PrintCause::Receipt { receipt_number: 1, copy: Some(1) },
        PrintCause::GiftReceipt { receipt_number: 1 },
        PrintCause::SetAsideSlip {
            order: "W-1".into(),
            what: LineQuantity { line: 1, quantity: Quantity::ONE },
            bay: "A1".to_owned(),
        },
        PrintCause::BagSlip { order: "W-1".into() },
        PrintCause::HandOverSlip {
            order: "W-1".into(),
            lines: vec![LineQuantity { line: 1, quantity: Quantity::from_thousandths(452) }],
            collector: "Anna".to_owned(),
            proof: CollectionProof::Name,
            hand_over: Some(EntryId(uuid(70))),
        },
        PrintCause::SessionReport { session: super::testing::SESSION, kind: SessionReportKind::Interim },
        PrintCause::SessionReport { session: super::testing::SESSION, kind: SessionReportKind::Close },
    ];
    let job = |number: usize| PrintJobId(uuid(number as u128));
    shop.act(|tx| {
        causes.iter().enumerate().try_for_each(|(n, cause)| tx.queue_print(job(n), cause, Some(&"anna".into()), at(1)))
    });
    let waiting = shop.database.view().list_unsettled_prints().unwrap();
    assert_eq!(waiting.iter().map(|j| j.cause.clone()).collect::<Vec<_>>(), causes);

    let partial = PrintJobState::Partial { confirmed: 2, blocks: 5 };
    shop.database.note_print_progress(job(0), PrintJobState::Sending { confirmed: 1, blocks: 5 }, at(2)).unwrap();
    shop.act(|tx| tx.set_print_state(job(0), partial, at(3)));
    shop.act(|tx| tx.set_print_state(job(1), PrintJobState::Printed, at(3)));
    shop.database.note_print_progress(job(2), PrintJobState::Cancelled, at(3)).unwrap();
    let states: Vec<PrintJobState> =
        shop.database.view().list_unsettled_prints().unwrap().iter().map(|j| j.state).take(2).collect();
    assert_eq!(states, [partial, PrintJobState::Queued]);
    shop.act(|tx| tx.set_print_state(job(0), PrintJobState::Cancelled, at(3)));
    assert_eq!(shop.database.view().list_unsettled_prints().unwrap().len(), 5);
    assert_eq!(
        shop.database.view().find_print(job(0)).unwrap().map(|j| (j.state, j.changed_at)),
        Some((PrintJobState::Cancelled, at(3)))
    );
    assert!(shop.database.transaction(|tx| tx.set_print_state(job(99), partial, at(3))).is_err());
    assert_eq!(shop.act(|tx| tx.forget_settled_prints(at(3), at(3), 9)), 0, "none of them before that");
    assert_eq!(shop.act(|tx| tx.forget_settled_prints(at(4), at(3), 1)), 1);
    assert_eq!(shop.act(|tx| tx.forget_settled_prints(at(4), at(3), 9)), 1, "the other receipt");
    assert_eq!(shop.act(|tx| tx.forget_settled_prints(at(4), at(4), 9)), 1, "and what is none");
    assert_eq!(shop.database.view().list_unsettled_prints().unwrap().len(), 5);
    assert_eq!(shop.database.view().find_print(job(0)).unwrap(), None);
}

#[test]
fn slips_of_two_hand_overs_of_one_order_have_copies_of_their_own() {
    let mut shop = Shop::new();
    let slip = |hand_over: Option<u128>| PrintCause::HandOverSlip {
        order: "W-1".into(),
        lines: vec![LineQuantity { line: 1, quantity: Quantity::ONE }],
        collector: "Anna".to_owned(),
        proof: CollectionProof::Name,
        hand_over: hand_over.map(|number| EntryId(uuid(number))),
    };
    let copy = |of| PrintCause::Copy { of: Box::new(of), copy: 1 };
    for (number, cause) in [slip(None), slip(Some(1)), copy(slip(Some(1))), slip(Some(2))].iter().enumerate() {
        shop.act(|tx| tx.queue_print(PrintJobId(uuid(number as u128)), cause, None, at(1)));
    }
    let last = |cause| shop.database.view().find_last_copy(&cause).unwrap();
    let copies = [slip(None), slip(Some(1)), slip(Some(2)), slip(Some(3))].map(last);
    assert_eq!(copies, [Some(0), Some(1), Some(0), None], "slips of before are found as they were");
}

#[test]
fn the_count_list_counts_how_often_the_books_were_wrong() {
    let mut shop = Shop::new();
    shop.act(|tx| tx.add_to_count_list(&"scarf".into(), "sold beyond the books", at(1), None));
    shop.act(|tx| tx.add_to_count_list(&"jacket".into(), "sold beyond the books", at(2), None));
    shop.act(|tx| tx.add_to_count_list(&"scarf".into(), "false alarm", at(3), None));
    let rows = shop.database.view().list_count_list().unwrap();
    let rows: Vec<(&str, &str, u32)> = rows.iter().map(|r| (r.product.as_str(), r.reason.as_str(), r.times)).collect();
    assert_eq!(rows, [("scarf", "false alarm", 2), ("jacket", "sold beyond the books", 1)]);
    shop.act(|tx| tx.remove_from_count_list(&"scarf".into()));
    assert_eq!(shop.database.view().list_count_list().unwrap().len(), 1);
}

#[test]
fn a_count_that_was_told_later_ends_its_task_whatever_the_tills_clock_showed() {
    let mut shop = Shop::new();
    let hour = chrono::TimeDelta::hours(1);
    let is_to_count = |shop: &Shop| !shop.database.view().list_count_list().unwrap().is_empty();
    let told = |shop: &mut Shop, counted_at: Timestamp| {
        let figure = StockFigure { counted_at: Some(counted_at), ..stock_figure("scarf", 4) };
        apply(shop, false, vec![Change::Stock(figure)], &[]);
    };
    // An hour ahead, and central's clock is known; an hour behind, and it is not known before later.
    for (ahead, is_known) in [(hour, true), (-hour, true), (hour, false), (-hour, false)] {
        let (noticed, happened) = (at(100) + ahead, at(100));
        shop.act(|tx| {
            tx.add_to_count_list(&"scarf".into(), "sold beyond the books", noticed, is_known.then_some(happened))
        });
        shop.act(|tx| tx.date_count_list(ahead));
        told(&mut shop, at(99));
        assert!(is_to_count(&shop), "{ahead} {is_known}: it was counted before");
        told(&mut shop, at(101));
        assert!(!is_to_count(&shop), "{ahead} {is_known}");
    }
}

#[test]
fn the_story_begins_with_what_central_does_not_know() {
    let mut shop = Shop::new();
    shop.open_session();
    let mut figure = stock_figure("jacket", 5);
    figure.elsewhere = vec![crate::domain::stock::OtherStoreStock {
        store: "S002".into(),
        name: "Station".to_owned(),
        free: Quantity::units(3),
        distance_m: 900,
        as_of: at(0),
    }];
    apply(&mut shop, true, vec![Change::Stock(figure.clone())], &[]);
    shop.sell(&[("jacket", 1, 8_990)]);
    shop.append(Event::StockAdjusted {
        product: "jacket".into(),
        quantity: Quantity::units(4),
        movement: MovementReason::Receipt,
        note: String::new(),
    });
    let view = shop.database.view();
    let story: Vec<(i64, Option<String>)> = view
        .list_story(&"jacket".into(), 3)
        .unwrap()
        .iter()
        .map(|line| (line.quantity.thousandths() / 1_000, line.workstation.clone()))
        .collect();
    assert_eq!(story, [(4, Some("T02".to_owned())), (-1, Some("T02".to_owned())), (5, None)]);
    assert_eq!(view.list_story(&"jacket".into(), 1).unwrap().len(), 1);
    assert_eq!(view.list_other_stores(&"jacket".into()).unwrap(), figure.elsewhere);
    assert_eq!(view.list_other_stores(&"hat".into()).unwrap(), []);
}

#[test]
fn of_every_other_store_the_newest_word_counts_and_the_longest_unheard_is_told() {
    let mut shop = Shop::new();
    let heard = |product: &str, stores: &[(&str, i64)]| {
        let mut figure = stock_figure(product, 5);
        let other = |(store, minute): &(&str, i64)| crate::domain::stock::OtherStoreStock {
            store: (*store).into(),
            name: format!("Shop {store}"),
            free: Quantity::units(3),
            distance_m: 900,
            as_of: at(*minute),
        };
        figure.elsewhere = stores.iter().map(other).collect();
        Change::Stock(figure)
    };
    let oldest = |shop: &Shop| {
        let found = shop.database.view().find_longest_unheard_store().unwrap();
        found.map(|store| (store.name, store.as_of))
    };
    assert_eq!(oldest(&shop), None);
    let first = vec![heard("jacket", &[("S002", 40), ("S003", 20)]), heard("scarf", &[("S002", 10), ("S003", 30)])];
    apply(&mut shop, true, first, &[]);
    assert_eq!(oldest(&shop), Some(("Shop S003".to_owned(), at(30))));
    // A figure that was delayed does not make a store older than it is known to be.
    apply(&mut shop, false, vec![heard("scarf", &[("S003", 50)]), heard("jacket", &[("S002", 35)])], &[]);
    assert_eq!(oldest(&shop), Some(("Shop S002".to_owned(), at(40))));
    apply(&mut shop, true, vec![heard("jacket", &[("S003", 50)])], &[]);
    assert_eq!(oldest(&shop), Some(("Shop S003".to_owned(), at(50))), "S002 is no store any more");
}

/// What may happen between a till and central.
#[derive(Clone, Debug)]
enum Act {
    Sell(i64),
    Adjust(i64),
    Pick(i64),
    HandOver(i64),
    /// Central has taken this many of the till's entries and says so, with or without naming the order.
    Feed {
        taken: u64,
        order: bool,
        snapshot: bool,
    },
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (1..4_i64).prop_map(Act::Sell),
        1 => (-3..9_i64).prop_filter("a movement of nothing", |n| *n != 0).prop_map(Act::Adjust),
        2 => (1..3_i64).prop_map(Act::Pick),
        1 => (1..3_i64).prop_map(Act::HandOver),
        4 => (0..40_u64, any::<bool>(), any::<bool>())
            .prop_map(|(taken, order, snapshot)| Act::Feed { taken, order, snapshot }),
        1 => Just(Act::Restart),
    ];
    prop::collection::vec(act, 1..25)
}

/// Central as far as this till can see it: it folds the same entries.
#[derive(Default)]
struct Model {
    /// Per entry: run, sequence, units moved, step on the order.
    entries: Vec<(u128, u64, i64, Option<OrderStep>)>,
}

impl Model {
    fn order(&self, taken: usize) -> WebOrder {
        let mut folded = order("W-1", "jacket", 6);
        for step in self.entries[..taken].iter().filter_map(|(_, _, _, step)| step.as_ref()) {
            folded.apply(step);
        }
        folded
    }

    fn on_hand(&self, taken: usize) -> i64 {
        20 + self.entries[..taken].iter().map(|(_, _, moved, _)| moved).sum::<i64>()
    }

    fn marks(&self, taken: usize) -> Vec<(u128, u64)> {
        let mut marks: std::collections::BTreeMap<u128, u64> = self.entries.iter().map(|(run, ..)| (*run, 0)).collect();
        for (run, sequence, ..) in &self.entries[..taken] {
            marks.insert(*run, *sequence);
        }
        marks.into_iter().collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The level the till shows is the fold of every movement and step there is, whatever part of them central has taken,
    /// also when central goes back to an older copy; and the file proves itself.
    #[test]
    fn levels_are_the_fold_of_movements(acts in acts()) {
        let mut shop = Shop::new();
        let mut model = Model::default();
        let mut run = 1;
        let mut named = order("W-1", "jacket", 6);
        model.entries.push((1, 1, 0, None));
        apply(&mut shop, true, vec![
            Change::Stock(StockFigure { safety: Quantity::ONE, ..stock_figure("jacket", 20) }),
            Change::Order(Box::new(order("W-1", "jacket", 6))),
        ], &[(1, 1)]);
        shop.open_session();
        model.entries.push((1, 2, 0, None));
        for act in acts {
            let (event, moved) = match act {
                Act::Sell(units) => {
                    let entry = shop.sell(&[("jacket", units, 100)]);
                    model.entries.push((run, entry.mark.sequence, -units, None));
                    continue;
                }
                Act::Feed { taken, order, snapshot } => {
                    let taken = (taken as usize).clamp(1, model.entries.len());
                    let mut changes = vec![Change::Stock(StockFigure {
                        safety: Quantity::ONE,
                        ..stock_figure("jacket", model.on_hand(taken))
                    })];
                    // Central names the order whenever its record changed, and in every snapshot.
                    if order || snapshot || named != model.order(taken) {
                        named = model.order(taken);
                        changes.push(Change::Order(Box::new(named.clone())));
                    }
                    apply(&mut shop, snapshot, changes, &model.marks(taken));
                    let all = model.entries.len();
                    prop_assert_eq!(find(&shop, "W-1"), model.order(all));
                    continue;
                }
                Act::Restart => {
                    shop = shop.reopen();
                    run += 1;
                    shop.start_run(run);
                    model.entries.push((run, 1, 0, None));
                    continue;
                }
                Act::Adjust(units) => (Event::StockAdjusted {
                    product: "jacket".into(),
                    quantity: Quantity::units(units),
                    movement: MovementReason::Adjustment,
                    note: String::new(),
                }, units),
                Act::Pick(units) => (picked("W-1", units), 0),
                Act::HandOver(units) => (handed_over("W-1", units), -units),
            };
            let step = match &event {
                Event::OrderStepped { step, .. } => Some(step.clone()),
                _ => None,
            };
            let entry = shop.append(event);
            model.entries.push((run, entry.mark.sequence, moved, step));
        }
        let all = model.entries.len();
        let folded = model.order(all);
        prop_assert_eq!(find(&shop, "W-1"), folded.clone());
        prop_assert_eq!(level(&shop, "jacket"), StockLevel {
            on_hand: Quantity::units(model.on_hand(all)),
            held: folded.held_of(&"jacket".into()),
            promised: folded.promised_of(&"jacket".into()),
            safety: Quantity::ONE,
        });
        prop_assert_eq!(verify_journal(shop.path(), Trust::KeysInFile).unwrap().entries, all as u64);
    }
}

#[test]
fn what_a_program_left_out_is_asked_for_again_by_another_and_removes_nothing() {
    let mut shop = Shop::new();
    let two = ["W-1", "W-2"].map(|number| Change::Order(Box::new(order(number, "jacket", 1))));
    apply(&mut shop, true, two.to_vec(), &[]);
    let cursor = |shop: &Shop| shop.database.view().find_cursor(Scope::Store).unwrap();
    assert_eq!(cursor(&shop), Some(7));
    // A snapshot in which one order is told in words that this program does not know.
    let first = vec![Change::Order(Box::new(order("W-1", "jacket", 2)))];
    let unreadable = FeedBatch { left_out: 1, ..batch(Scope::Store, true, first, &[]) };
    shop.database.transaction(|tx| tx.apply_feed(&unreadable)).unwrap();
    assert!(shop.database.view().find_order(&"W-2".into()).unwrap().is_some(), "it is not known to be gone");
    assert_eq!(cursor(&shop), Some(7), "the same program would understand no more of it");
    let outside = rusqlite::Connection::open(shop.path()).unwrap();
    outside.execute("UPDATE feed SET version = '0.0.1'", ()).unwrap();
    assert_eq!(cursor(&shop), None, "another may");
    apply(&mut shop, true, two.to_vec(), &[]);
    assert_eq!(cursor(&shop), Some(7));
}
