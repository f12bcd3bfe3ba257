//! Scenarios: `tests/scenarios/*.sale`, a shop's day in plain words, played through the real register on a real file.
//!
//! How it works. [`script`] reads the words; [`shop`] puts register, file, clock, devices and head office on one table;
//! [`acts`] does what a statement says; [`expectations`] tells what is so afterwards in the same [`words`], and the two are
//! compared. `press` strikes keys in the till's [`window`], and `shows` reads its words. `tests/scenarios/shop.prelude`
//! is played before each file. After every statement an unexpected notice, card or question fails; at the end of every
//! scenario the books of till and head office agree, every receipt arrived once and came out as an original at most once,
//! and the file proves itself.
//!
//! To add a scenario: a file, and its name in the list below. To add a verb: an arm in [`acts`]; an expectation: an arm in
//! [`expectations`].

mod acts;
mod disk;
mod expectations;
mod head_office;
mod random;
mod script;
mod seeded;
mod settings;
mod shop;
mod window;
mod words;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use till::database::PrintCause;
use till::domain::event::Event;
use till::domain::ids::ProductId;

use script::{Statement, Words};
use shop::Shop;

macro_rules! scenarios {
    ($($name:ident)*) => {
        $(#[test] fn $name() { check(stringify!($name)); })*

        #[test]
        fn every_scenario_is_in_the_list() {
            let mut listed = vec![$(concat!(stringify!($name), ".sale")),*];
            listed.sort_unstable();
            let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
            let mut found: Vec<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
            found.retain(|name| name.ends_with(".sale"));
            found.sort_unstable();
            assert_eq!(found, listed);
        }
    };
}

scenarios! {
    count_ends_its_task
    count_one_after_the_other
    count_tasks_one_after_the_other
    count_of_what_was_picked
    count_while_selling
    count_task_is_blind
    count_supervisor_agrees
    count_waits_behind_the_lock
    count_comes_back_in_its_time
    count_of_another_till
    drawer_counts_leave_a_trace
    session_of_another
    several_orders_fall_short
    settings_never_heard
    reason_in_own_words
    hand_over_of_nothing
    conflict_sold_anyway_goes_with_its_line
    conflict_someone_else_collects
    bays_are_shared_by_hand_only
    cash_beyond_a_purse
    float_beyond_a_drawer
    keys_sign_in_of_many
    documents_given_up
    gift_receipt_afterwards
    badge_agrees
    card_back_is_read
    hand_over_by_scan
    searched_by_code
    searches_end_with_their_screen
    receipts_of_a_day
    print_lost_is_read_among_tasks
    devices_before_sign_in
    scanner_that_garbles
    access_ended
    interim_report
    own_paper_scanned
    without_a_session
    locks_by_itself
    drawer_by_key
    drawer_by_key_money_moved
    drawer_by_key_unnoticed
    drawer_opened_by_key
    file_set_aside
    keys_conflict
    keys_conflict_hand_over
    keys_hand_over_part
    keys_pick_ups
    keys_meet_what_the_queue_shows
    slip_is_no_code
    keys_sell_and_pay
    several_answers_from_central
    age_check
    picked_when_it_comes
    picked_by_one_person
    numbers_go_on
    order_paid_back
    order_paid_while_in_basket
    order_tax_of_its_own
    order_in_one_basket
    age_of_the_collector
    answer_no_longer_needed
    answers_end_with_the_next_act
    approval
    approval_is_not_left
    approval_seen_for_a_minute
    choose_port
    asked_again_only_when_worse
    basket_given_up
    books_tag
    cancelled_put_back
    card_at_terminal
    card_gone_scans_wait_no_more
    card_too_much
    case_false_alarm
    case_passes_to_the_order_that_lacks
    case_proposal_gone
    case_proposal_taken
    case_two_tills
    cash_is_rounded
    code_is_asked_once
    code_scanned_while_a_name_is_typed
    codes_that_sell_nothing
    clocks_go_back
    conflict_books_empty
    conflict_find_another
    conflict_hand_over_paid
    conflict_hand_over_unpaid
    conflict_keep_for_order
    conflict_line_out
    conflict_other_order_falls_short
    conflict_promised_sell_anyway
    conflict_several_fall_short
    conflict_story_holds
    conflict_supervisor_agrees
    documents_printed_again
    five_items_in_cash
    goods_without_stock
    hand_over_taken_back
    hand_over_takes_every_line
    label_is_for_one
    label_on_pieces
    label_opened_for_an_order
    label_without_a_value
    lapses_offline
    last_free_strip
    letters_begin_the_search
    line_panel
    lines_after_money
    not_collected
    notices_stay
    put_aside_and_booked
    data_has_an_age_per_kind
    file_put_back_from_a_copy
    settings_unreadable
    open_price
    order_amounts
    order_arrives_while_in_basket
    order_changes_while_picked
    order_history
    orders_over
    other_till_sells_the_last
    paper_runs_out
    park_and_recall
    pick_and_hand_over
    pick_short_and_unpaid
    price_change_reasons
    print_lost
    printer_waits_at_start
    quantity_raises_the_card
    refusal_ends_with_the_right_code
    receipt_choice
    receipt_compulsory
    receipt_by_whole_amount
    refused_in_words
    restart_in_mid_sale
    restart_while_asking
    restart_while_asking_age
    scan_waits_behind_the_card
    session_close
    settings_wait_for_the_money
    split_tender
    store_shows_a_strip
    tax_on_top
    tendered_when_the_card_comes_up
    tendered_before_the_power_cut
    transfer_asked_for
    transfer_given
    transfer_withdrawn
    transfer_sent_once
    transfer_refused
    two_tax_rates
    undo_is_the_last_scan
    waiting_scans_go_where_they_belong
    weighed_at_the_till
    weighed_label
    which_of_two
    whose_basket
    withdrawn_from_under_an_order
    wrong_pins
    zone_of_the_store
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// Plays one scenario to its end, or fails with the line, what was expected and what was so.
fn check(name: &str) {
    let mut shop = open_shop(1);
    let mut played = Player::default();
    for statement in script::read(&folder().join(format!("{name}.sale"))) {
        if let Err(report) = played.play(&mut shop, &statement) {
            panic!("\n{}: {}\n{report}", statement.place, statement.words.join(" "));
        }
    }
    let breaches = list_breaches(&mut shop);
    assert!(breaches.is_empty(), "\n{name}.sale, at its end:\n  {}\n", breaches.join("\n  "));
}

/// The shop every scenario begins in.
fn open_shop(seed: u64) -> Shop {
    let mut shop = Shop::open(seed);
    let mut played = Player::default();
    for statement in script::read(&folder().join("shop.prelude")) {
        if let Err(report) = played.play(&mut shop, &statement) {
            panic!("\n{}: {}\n{report}", statement.place, statement.words.join(" "));
        }
    }
    shop
}

/// What was on screen after the statement before.
#[derive(Default)]
struct Player {
    notice: u64,
    card: Option<(u32, ProductId)>,
    question: bool,
    approval: bool,
}

impl Player {
    fn play(&mut self, shop: &mut Shop, statement: &Statement) -> Result<(), String> {
        shop.begin_statement();
        acts::perform(shop, &mut Words::new(&statement.words))?;
        shop.end_statement();
        if statement.words.first().is_some_and(|verb| verb == "restart") {
            *self = Self::default();
        }
        let snapshot = shop.snapshot();
        let mut report = String::new();
        let expects = |subject: &str| statement.expected.iter().any(|e| e.words.first().is_some_and(|w| w == subject));
        let notice = snapshot.notice.as_ref().filter(|notice| notice.number > self.notice);
        if let Some(notice) = notice.filter(|_| !expects("notice")) {
            let _ = writeln!(report, "  not expected: notice {}", words::notice_words(&notice.kind));
        }
        let card = snapshot.conflict.as_ref().map(|card| (card.line, card.product.clone()));
        if card.is_some() && card != self.card && !expects("conflict") {
            let _ = writeln!(report, "  not expected: a conflict card for {card:?}");
        }
        if let Some(question) = snapshot.question.as_ref().filter(|_| !self.question && !expects("question")) {
            let _ = writeln!(report, "  not expected: question {}", words::question_words(question));
        }
        if let Some(approval) = snapshot.approval.as_ref().filter(|_| !self.approval && !expects("approval")) {
            let _ = writeln!(report, "  not expected: an approval of {:?}", approval.subject);
        }
        self.approval = snapshot.approval.is_some();
        self.notice = snapshot.notice.as_ref().map_or(self.notice, |notice| notice.number);
        (self.card, self.question) = (card, snapshot.question.is_some());
        for expected in &statement.expected {
            let wanted = expected.words.join(" ");
            let told = expectations::tell(shop, &snapshot, &expected.words)
                .unwrap_or_else(|why| format!("a scenario that cannot be understood: {why}"));
            if told != wanted {
                let _ = writeln!(report, "  {}\n    expected: {wanted}\n    got:      {told}", expected.place);
            }
        }
        if report.is_empty() { Ok(()) } else { Err(report) }
    }
}

/// What must hold after any day in any shop, and does not.
fn list_breaches(shop: &mut Shop) -> Vec<String> {
    let mut breaches = Vec::new();
    shop.set_network(true);
    if shop.snapshot().sync.unsent != 0 {
        breaches.push("with the network up, something is still unsent".to_owned());
    }
    for id in shop.catalogue.keys() {
        let product = ProductId::from(id.as_str());
        let here = shop.journal().view().stock_level(&product).unwrap();
        let there = shop.office.level(&product);
        if here != there {
            breaches.push(format!("{id}: the till has {here:?}, head office {there:?}"));
        }
    }
    for entry in shop.list_entries() {
        let Event::SaleCompleted(sale) = entry.event else { continue };
        let number = sale.receipt_number;
        let arrived = shop.office.count_receipt(number);
        if arrived != 1 {
            breaches.push(format!("receipt {number} arrived {arrived} times"));
        }
        let original = PrintCause::Receipt { receipt_number: number, copy: None };
        let originals = shop.all_papers.iter().filter(|paper| paper.cause == original).count();
        if originals > 1 {
            breaches.push(format!("receipt {number} came out {originals} times as an original"));
        }
        let lines = till::domain::money::sum(sale.total.currency(), sale.lines.iter().map(|l| l.to_pay()));
        let given = till::domain::money::sum(sale.total.currency(), sale.tenders.iter().map(|t| t.amount));
        if shop.settings.tax_mode == till::domain::tax::TaxMode::Included && lines != sale.total {
            breaches.push(format!("receipt {number}: lines come to {lines}, the total is {}", sale.total));
        }
        if given - sale.change != sale.total + sale.cash_rounding {
            breaches.push(format!("receipt {number}: {given} given, {} back, {} to pay", sale.change, sale.total));
        }
    }
    if let Err(why) = shop.prove_journal() {
        breaches.push(format!("the journal does not prove itself: {why}"));
    }
    breaches
}
