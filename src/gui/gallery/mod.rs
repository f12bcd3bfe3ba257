//! Made-up snapshots of every screen: drawn by the tests in every theme, and good to look at while working on one.
//!
//! The shop is the one of the design pictures: High Street, Ana at Till 2, a Tuesday in spring at 14:02.
//!
//! Here: which pictures there are. Their facts are one file a subject.

mod baskets;
mod conflicts;
mod orders;
mod products;
mod sales;
mod shop;
mod tasks;

use chrono::NaiveDate;

use super::screen::{
    Screens, conflict, drawer, open_session, pay, pick_ups, question, sell, sign_in, stock, unfinished,
};
use rust_decimal::Decimal;

use crate::domain::Timestamp;
use crate::domain::conflict::ConflictKind;
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::session::CashMoveKind;
use crate::domain::stock::StockLevel;
use crate::domain::tender::CashRounding;
use crate::domain::zone::StoreZone;
use crate::register::intent::Screen;
use crate::register::snapshot::{
    CountSide, Notice, NoticeKind, NoticeWeight, Question, Snapshot, StartTroubleKind, UnusualAmount,
};
use baskets::{
    asking, collecting_a_changed_order, empty_basket, looking_at_line, noticing, selling, tendered, weighing,
};
use conflicts::{
    asking_to_sell_promised, conflicting, conflicting_in_part, conflicting_tendered, conflicting_under_supervision,
    refusing_the_code,
};
use orders::{
    asked_about, bay_shared, cancelled, handing_over, handing_over_shown, narrowed, over, picked_by_another, picking,
    picking_after_change, picking_held, short,
};
use products::{
    choosing_counts, counting, counting_what_was_looked_up, finding_nothing, merinos, scanned_while_counting,
    searching, stock_view, to_be_counted,
};
use sales::{
    paying, paying_by_card, paying_for_a_present, paying_where_receipts_are_compulsory, paying_without_printer,
    receipts_narrowed, receipts_of_a_day, receipts_of_both, receipts_view, sold, sold_by_card, sold_without_drawer,
};
use shop::{
    access_ended, asking_approval, asking_for_port, asking_to_close, asking_to_count, choosing_port, drawer_screen,
    drawer_seen, locked_in_a_sale, many_parked, not_set_up, offline, printer_torn, profile_unknown, scanner_unreadable,
    session_closed, shop, showing_drawer_count, showing_shelf_count, signing_in, signing_in_of_many, stopped,
    told_at_the_door, typing_scanner, without_session,
};

/// A picture of the gallery.
pub struct Exhibit {
    /// Its name, also its file's.
    pub name: &'static str,
    /// What the register says.
    pub snapshot: Snapshot,
    /// What is being typed.
    pub screens: Screens,
}

fn zone() -> StoreZone {
    StoreZone::of("Europe/Amsterdam")
}

/// Now, in the gallery: Tuesday 24 March 2026, 14:02.
pub fn now() -> Timestamp {
    at(24, 14, 2)
}

fn at(day: u32, hour: u32, minute: u32) -> Timestamp {
    let wall = NaiveDate::from_ymd_opt(2026, 3, day).and_then(|day| day.and_hms_opt(hour, minute, 0));
    zone().moment(wall.unwrap_or_default())
}

fn age_question() -> Question {
    Question::Age { years: 18, born_by: day(2008), name: "Kitchen knife, 21 cm".to_owned() }
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn units(units: i64) -> Quantity {
    Quantity::units(units)
}

fn level(on_hand: i64, held: i64, promised: i64) -> StockLevel {
    StockLevel { on_hand: units(on_hand), held: units(held), promised: units(promised), safety: Quantity::ZERO }
}

/// All of them.
// Size: one line a picture.
pub fn exhibits() -> Vec<Exhibit> {
    let exhibit = |name, snapshot, screens| Exhibit { name, snapshot, screens };
    let plain = Screens::default;
    let mut exhibits = vec![
        exhibit("sign-in", signing_in(false), Screens { sign_in: sign_in::SignIn::typed("12"), ..plain() }),
        exhibit("sign-in-wrong", signing_in(true), plain()),
        exhibit("sign-in-many", signing_in_of_many(), Screens { sign_in: sign_in::SignIn::typed("12"), ..plain() }),
        exhibit("sign-in-ended", access_ended(), plain()),
        exhibit(
            "sign-in-notice",
            told_at_the_door(),
            Screens { sign_in: sign_in::SignIn::typed("1234567890"), ..plain() },
        ),
        exhibit("sign-in-close", locked_in_a_sale(), Screens { sign_in: sign_in::SignIn::closing(), ..plain() }),
        exhibit(
            "open-session",
            without_session(shop()),
            Screens { open_session: open_session::OpenSession::typed("150"), ..plain() },
        ),
        exhibit("pick-ups-no-session", without_session(picking()), plain()),
        exhibit("drawer-no-session", session_closed(), plain()),
        exhibit("stopped-read-only", stopped(StartTroubleKind::ReadOnly), plain()),
        exhibit("stopped-busy", stopped(StartTroubleKind::Busy), plain()),
        exhibit("stopped-full", stopped(StartTroubleKind::Full), plain()),
        exhibit("stopped-newer", stopped(StartTroubleKind::Newer), plain()),
        exhibit("stopped-settings", stopped(shop::settings_mistyped()), plain()),
        exhibit("stopped-foreign", stopped(StartTroubleKind::Foreign), plain()),
        exhibit("sell", selling(), plain()),
        exhibit("sell-empty", Snapshot { basket: empty_basket(), ..shop() }, plain()),
        exhibit("sell-search", searching(), Screens { sell: sell::Sell::searching("mer"), ..plain() }),
        exhibit(
            "sell-search-to-count",
            to_be_counted(searching()),
            Screens { sell: sell::Sell::searching("mer"), ..plain() },
        ),
        exhibit("sell-search-nothing", finding_nothing(), Screens { sell: sell::Sell::searching("mrx"), ..plain() }),
        exhibit("sell-line", looking_at_line(), plain()),
        exhibit("sell-sizes", selling(), Screens { sell: sell::Sell::choosing_size("merino"), ..plain() }),
        exhibit("sell-letters", selling(), Screens { sell: sell::Sell::lettering(), ..plain() }),
        exhibit("sell-void", selling(), Screens { sell: sell::Sell::giving_up(), ..plain() }),
        exhibit(
            "sell-reason",
            looking_at_line(),
            Screens { sell: sell::Sell::discounting(2, Decimal::TEN), ..plain() },
        ),
        exhibit("sell-notice", noticing(), plain()),
        exhibit("sell-tendered", tendered(), plain()),
        exhibit("sell-recall", many_parked(), Screens { sell: sell::Sell::recalling(), ..plain() }),
        exhibit("sell-change", sold(), plain()),
        exhibit("sell-drawer-by-key", sold_without_drawer(), plain()),
        exhibit("sell-paid-by-card", sold_by_card(), plain()),
        exhibit("sell-order-changed", collecting_a_changed_order(), plain()),
        exhibit("question-age", asking(age_question()), plain()),
        exhibit("question-age-scan-waits", noticed(NoticeKind::ScanWaits, asking(age_question())), plain()),
        exhibit("question-may-be-sold", asking(Question::MayBeSold { begun_at: at(24, 13, 47) }), plain()),
        exhibit(
            "question-cash",
            asking(Question::Amount { amount: euro(500_000), of: UnusualAmount::Cash { due: euro(15_245) } }),
            plain(),
        ),
        exhibit(
            "question-float",
            Snapshot {
                question: Some(Question::Amount { amount: euro(1_500_000), of: UnusualAmount::Float }),
                ..without_session(shop())
            },
            plain(),
        ),
        exhibit("question-price", asking(Question::OpenPrice { name: "Alterations".to_owned() }), plain()),
        exhibit(
            "question-weight",
            asking(weighing()),
            Screens { question: question::Asking::typed("0.452"), ..plain() },
        ),
        exhibit("question-which", asking(Question::WhichProduct { products: merinos() }), plain()),
        exhibit("approval", asking_approval(), plain()),
        exhibit("approval-notice", noticed(NoticeKind::AnswerFirst, asking_approval()), plain()),
        exhibit("conflict", conflicting(ConflictKind::BooksEmpty), plain()),
        exhibit("conflict-tendered", conflicting_tendered(), plain()),
        exhibit("conflict-in-part", conflicting_in_part(), plain()),
        exhibit("conflict-asked", conflicting_under_supervision(), plain()),
        exhibit("approval-sell-promised", asking_to_sell_promised(), plain()),
        exhibit("conflict-offline", offline(conflicting(ConflictKind::Promised)), plain()),
        exhibit(
            "conflict-hand-over",
            conflicting(ConflictKind::BooksEmpty),
            Screens { conflict: conflict::Conflict::handing_over("W-10231", "K7P"), ..plain() },
        ),
        exhibit(
            "conflict-collector",
            conflicting(ConflictKind::BooksEmpty),
            Screens { conflict: conflict::Conflict::naming_collector("W-10231", "Peter"), ..plain() },
        ),
        exhibit(
            "conflict-wrong-code",
            refusing_the_code(conflicting(ConflictKind::BooksEmpty)),
            Screens { conflict: conflict::Conflict::handing_over("W-10231", ""), ..plain() },
        ),
        exhibit(
            "conflict-find-whom",
            conflicting(ConflictKind::BooksEmpty),
            Screens { conflict: conflict::Conflict::naming_customer(""), ..plain() },
        ),
        exhibit(
            "conflict-find",
            conflicting(ConflictKind::BooksEmpty),
            Screens { conflict: conflict::Conflict::finding_another(), ..plain() },
        ),
        exhibit(
            "conflict-find-named",
            conflicting(ConflictKind::BooksEmpty),
            Screens { conflict: conflict::Conflict::naming_customer("Jo B"), ..plain() },
        ),
        exhibit("pay", paying(), plain()),
        exhibit("pay-gift", paying_for_a_present(), plain()),
        exhibit("pay-large-note", paying_for_a_present(), Screens { pay: pay::Pay::typing("500"), ..plain() }),
        exhibit("pay-receipt-compulsory", paying_where_receipts_are_compulsory(), plain()),
        exhibit("pay-no-printer", paying_without_printer(), plain()),
        exhibit("pay-card", paying_by_card(), plain()),
        exhibit("pay-take-back", paying(), Screens { pay: pay::Pay::taking_back(0), ..plain() }),
        exhibit(
            "conflict-take-back",
            conflicting_tendered(),
            Screens { conflict: conflict::Conflict::taking_back(), ..plain() },
        ),
        exhibit("pay-card-notice", noticed(NoticeKind::ScanNotHere, paying_by_card()), plain()),
        exhibit("pick-ups", picking(), plain()),
        exhibit("pick-ups-held", picking_held(), plain()),
        exhibit("pick-ups-changed", picking_after_change(), plain()),
        exhibit(
            "pick-ups-cancelled",
            cancelled(),
            Screens { pick_ups: pick_ups::PickUps::filtered(pick_ups::Filter::Cancelled), ..plain() },
        ),
        exhibit(
            "pick-ups-hand-over",
            handing_over(),
            Screens { pick_ups: pick_ups::PickUps::handing_over(&orders::anna(), "K7P2"), ..plain() },
        ),
        exhibit(
            "pick-ups-code-shown",
            handing_over_shown(),
            Screens { pick_ups: pick_ups::PickUps::handing_over(&orders::anna(), ""), ..plain() },
        ),
        exhibit(
            "pick-ups-collector",
            handing_over(),
            Screens { pick_ups: pick_ups::PickUps::naming_collector(&orders::anna(), "Peter"), ..plain() },
        ),
        exhibit(
            "pick-ups-nothing-goes",
            handing_over(),
            Screens { pick_ups: pick_ups::PickUps::handing_over_nothing(&orders::anna()), ..plain() },
        ),
        exhibit("pick-ups-bay-shared", bay_shared(), plain()),
        exhibit(
            "pick-ups-history",
            asked_about(),
            Screens { pick_ups: pick_ups::PickUps::telling_history(pick_ups::Filter::Ready), ..plain() },
        ),
        exhibit(
            "pick-ups-over",
            over(),
            Screens { pick_ups: pick_ups::PickUps::filtered(pick_ups::Filter::All), ..plain() },
        ),
        exhibit("pick-ups-narrowed", narrowed(), plain()),
        exhibit("pick-ups-search", narrowed(), Screens { pick_ups: pick_ups::PickUps::searching("jo"), ..plain() }),
        exhibit("pick-ups-short", short(), plain()),
        exhibit("pick-ups-by-another", picked_by_another(), plain()),
        exhibit(
            "pick-ups-put-back",
            handing_over(),
            Screens { pick_ups: pick_ups::PickUps::asking_to_put_back(), ..plain() },
        ),
        exhibit(
            "pick-ups-send-asked",
            orders::kept_elsewhere(),
            Screens { pick_ups: pick_ups::PickUps::asking_to_send(), ..plain() },
        ),
        exhibit("stock", stock_view(), Screens { stock: stock::Stock::searching("merino"), ..plain() }),
        exhibit("stock-count", counting(None, None), Screens { stock: stock::Stock::counting("12"), ..plain() }),
        exhibit("stock-to-count", to_be_counted(stock_view()), plain()),
        exhibit("stock-count-seen", counting_what_was_looked_up(), plain()),
        exhibit(
            "stock-count-choose",
            choosing_counts(),
            Screens { stock: stock::Stock::searching("merino"), ..plain() },
        ),
        exhibit("stock-count-differs", counting(Some(units(3)), None), plain()),
        exhibit("stock-count-loss", counting(Some(units(3)), Some(CountSide::Loss)), plain()),
        exhibit("stock-count-surplus", counting(Some(units(9)), Some(CountSide::Surplus)), plain()),
        exhibit("receipts", receipts_view(), plain()),
        exhibit("receipts-narrowed", receipts_narrowed(), plain()),
        exhibit("receipts-of-a-day", receipts_of_a_day(), plain()),
        exhibit("receipts-of-both", receipts_of_both(), plain()),
        exhibit("drawer", drawer_screen(), plain()),
        exhibit(
            "drawer-paid-in",
            drawer_screen(),
            Screens { drawer: drawer::Drawer::moving(CashMoveKind::PaidIn, ""), ..plain() },
        ),
        exhibit(
            "drawer-to-safe",
            drawer_screen(),
            Screens { drawer: drawer::Drawer::moving(CashMoveKind::DropToSafe, "500"), ..plain() },
        ),
        exhibit("drawer-no-sale", drawer_screen(), Screens { drawer: drawer::Drawer::opening(), ..plain() }),
        exhibit(
            "drawer-paid-out",
            drawer_screen(),
            Screens { drawer: drawer::Drawer::moving(CashMoveKind::PaidOut, "12.5"), ..plain() },
        ),
        exhibit(
            "drawer-count",
            drawer_screen(),
            Screens {
                drawer: drawer::Drawer::counting(&shop::session(), CashRounding::NONE, &[0, 0, 1, 4, 7, 3]),
                ..plain()
            },
        ),
        exhibit(
            "drawer-difference",
            Snapshot { unexplained: Some(euro(43_200)), ..drawer_screen() },
            Screens {
                drawer: drawer::Drawer::counting(&shop::session(), CashRounding::NONE, &[0, 0, 1, 4, 6, 1, 0, 1]),
                ..plain()
            },
        ),
        exhibit(
            "drawer-count-not-blind",
            drawer_seen(),
            Screens { drawer: drawer::Drawer::counting(&shop::session(), CashRounding::NONE, &[0, 0, 1]), ..plain() },
        ),
        exhibit(
            "drawer-own-words",
            drawer_screen(),
            Screens { drawer: drawer::Drawer::saying("the fire alarm was tested"), ..plain() },
        ),
        exhibit("approval-close-session", asking_to_close(), plain()),
        exhibit("approval-close-seen", showing_drawer_count(), plain()),
        exhibit("approval-count", asking_to_count(), plain()),
        exhibit("approval-count-seen", showing_shelf_count(), plain()),
        exhibit(
            "stock-count-scanned",
            scanned_while_counting(),
            Screens { stock: stock::Stock::counting("12"), ..plain() },
        ),
        exhibit("devices", offline(Snapshot { screen: Screen::Devices, ..shop() }), plain()),
        exhibit("devices-before-sign-in", Snapshot { screen: Screen::Devices, ..signing_in(false) }, plain()),
        exhibit("devices-torn", printer_torn(), plain()),
        exhibit("devices-profile-unknown", profile_unknown(), plain()),
        exhibit("devices-scanner-unreadable", scanner_unreadable(), plain()),
        exhibit("devices-typing-scanner", typing_scanner(), plain()),
        exhibit("devices-not-set-up", not_set_up(), plain()),
        exhibit("devices-port", choosing_port(true), plain()),
        exhibit("devices-no-port", choosing_port(false), plain()),
        exhibit("approval-port", asking_for_port(), plain()),
        tasks::marking("unfinished", offline(Snapshot { screen: Screen::UnfinishedBusiness, ..shop() }), 0),
    ];
    let offline_tasks = offline(Snapshot { screen: Screen::UnfinishedBusiness, ..shop() });
    exhibits.push(tasks::asking("unfinished-drop-asked", offline_tasks, 0, unfinished::Asked::Drop));
    exhibits.extend(tasks::exhibits());
    exhibits
}

/// A screen on which something was refused.
fn noticed(kind: NoticeKind, snapshot: Snapshot) -> Snapshot {
    Snapshot { notice: Some(Notice { number: 9, weight: NoticeWeight::Refused, kind }), ..snapshot }
}

/// The exhibit of that name.
pub fn find_exhibit(name: &str) -> Option<Exhibit> {
    exhibits().into_iter().find(|exhibit| exhibit.name == name)
}

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 3, 24).unwrap_or_default()
}
