//! Made-up payment, and the receipts it leaves.

use std::sync::Arc;

use chrono::TimeDelta;

use super::baskets::{basket, empty_basket};
use super::shop::shop;
use super::{at, day, euro};
use crate::domain::device::{Health, HealthState, PrintJobState};
use crate::domain::receipt::{Document, Style};
use crate::domain::sale::ReceiptChoice;
use crate::domain::settings::ReceiptDuty;
use crate::domain::tender::{Settlement, Tender, TenderKind, suggest_cash};
use crate::register::SCANNER;
use crate::register::intent::Screen;
use crate::register::snapshot::{CompletedSale, PayView, ReceiptList, ReceiptRow, Snapshot, TwoReadings};

pub(super) fn sold() -> Snapshot {
    let completed = CompletedSale {
        receipt_number: 42,
        total: euro(15245),
        change: euro(4755),
        by_card: false,
        drawer_by_key: false,
        print: PrintJobState::Sending { confirmed: 2, blocks: 9 },
    };
    let mut snapshot = Snapshot { completed: Some(completed), basket: empty_basket(), ..shop() };
    snapshot.till.next_receipt_number = 43;
    snapshot
}

/// The printer was unplugged before the change could be given.
pub(super) fn sold_without_drawer() -> Snapshot {
    let sold = sold();
    let by_key = |sale| CompletedSale { drawer_by_key: true, print: PrintJobState::Queued, ..sale };
    let completed = sold.completed.map(by_key);
    let mut snapshot = Snapshot { completed, ..sold };
    let gone = Health { state: HealthState::Gone, since: super::now() };
    for device in snapshot.devices.devices.iter_mut().filter(|device| device.id.as_str() != SCANNER) {
        device.health = gone.clone();
    }
    snapshot
}

/// All of it by card.
pub(super) fn sold_by_card() -> Snapshot {
    let sold = sold();
    let by_card = |sale| CompletedSale { change: euro(0), by_card: true, print: PrintJobState::Printed, ..sale };
    Snapshot { completed: sold.completed.map(by_card), ..sold }
}

pub(super) fn paying() -> Snapshot {
    let total = basket().total;
    let given = euro(2000);
    let remaining = total - given;
    let settlement = Settlement { total, tendered: given, cash_rounding: euro(0), remaining, change: euro(0) };
    let suggestions = suggest_cash(remaining, 3);
    let pay = PayView {
        settlement,
        cash_due: remaining,
        suggestions,
        at_terminal: None,
        receipt: ReceiptChoice::default(),
        receipt_duty: ReceiptDuty::OnWish,
        has_printer: true,
    };
    let mut view = basket();
    let mut tendered = (*view.basket).clone();
    tendered.tenders = vec![Tender { kind: TenderKind::Card, amount: given, reference: Some("004471".to_owned()) }];
    view.basket = Arc::new(tendered);
    Snapshot { screen: Screen::Pay, basket: view, pay: Some(pay), ..shop() }
}

/// The terminal works on all that remains.
pub(super) fn paying_by_card() -> Snapshot {
    let paying = paying();
    let pay = paying.pay.map(|pay| PayView { at_terminal: Some(pay.settlement.remaining), ..pay });
    Snapshot { pay, ..paying }
}

/// The same basket, for a present: nothing is given yet.
pub(super) fn paying_for_a_present() -> Snapshot {
    let total = basket().total;
    let settlement = Settlement { total, tendered: euro(0), cash_rounding: euro(0), remaining: total, change: euro(0) };
    let (suggestions, receipt) = (suggest_cash(total, 3), ReceiptChoice::WithGiftReceipt);
    let pay = PayView {
        settlement,
        cash_due: total,
        suggestions,
        at_terminal: None,
        receipt,
        receipt_duty: ReceiptDuty::OnWish,
        has_printer: true,
    };
    Snapshot { screen: Screen::Pay, basket: basket(), pay: Some(pay), ..shop() }
}

/// No printer is set up.
pub(super) fn paying_without_printer() -> Snapshot {
    let paying = paying();
    let pay = paying.pay.map(|pay| PayView { has_printer: false, ..pay });
    let mut snapshot = Snapshot { pay, ..paying };
    for device in snapshot.devices.devices.iter_mut().filter(|device| device.id.as_str() != SCANNER) {
        device.health.state = HealthState::NotConfigured;
    }
    snapshot
}

/// In a country whose law wants a receipt with every sale.
pub(super) fn paying_where_receipts_are_compulsory() -> Snapshot {
    let paying = paying();
    let pay = paying.pay.map(|pay| PayView { receipt_duty: ReceiptDuty::Compulsory, ..pay });
    Snapshot { pay, ..paying }
}

pub(super) fn receipts_view() -> Snapshot {
    let row = |number: u64, minute, total| ReceiptRow {
        receipt_number: number,
        completed_at: at(24, 13, minute),
        operator_name: "Ana".to_owned(),
        total: euro(total),
        item_count: 2,
    };
    let mut document = Document::new();
    document.centred("High Street", Style::LARGE);
    document.centred("1 High Street, 1011 AB Amsterdam", Style::PLAIN);
    document.text("");
    document.row("Receipt 00041", "Till S001/T02", Style::PLAIN);
    document.text("2026-03-24 13:58:12 CET (+01:00)");
    document.row("Merino crew, navy, M", "59.00", Style::PLAIN);
    document.row("Wool socks, grey 41–43", "9.00", Style::PLAIN);
    document.row("TOTAL EUR", "68.00", Style::LARGE);
    document.row("incl. VAT 21%", "11.80", Style::PLAIN);
    document.row("Cash", "70.00", Style::PLAIN);
    document.row("Change", "2.00", Style::BOLD);
    document.centred("Thank you, and see you soon", Style::PLAIN);
    let list = ReceiptList {
        search: String::new(),
        day: None,
        readings: None,
        rows: vec![row(41, 58, 6800), row(40, 51, 2450), row(39, 40, 129_900), row(38, 22, 420)],
        open: Some((41, document)),
    };
    Snapshot { screen: Screen::Receipts, receipts: Some(Arc::new(list)), ..shop() }
}

/// The receipts of the day before, by one key.
pub(super) fn receipts_of_a_day() -> Snapshot {
    let row = |receipt_number: u64, hour, total, item_count| ReceiptRow {
        receipt_number,
        completed_at: at(23, hour, 12),
        operator_name: "Ben".to_owned(),
        total: euro(total),
        item_count,
    };
    let rows = vec![row(37, 17, 3150, 2), row(36, 11, 890, 1)];
    let day = Some(day(2026) - TimeDelta::days(1));
    let list = ReceiptList { search: "23/03/2026".to_owned(), day, rows, ..ReceiptList::default() };
    Snapshot { screen: Screen::Receipts, receipts: Some(Arc::new(list)), ..shop() }
}

/// What was looked for is an amount and a day.
pub(super) fn receipts_of_both() -> Snapshot {
    let of_a_day = receipts_of_a_day();
    let amount = euro(2303);
    let both = of_a_day.receipts.as_deref().map(|list| {
        let older = list.rows.iter().take(1).map(|row| ReceiptRow {
            receipt_number: 12,
            completed_at: at(11, 16, 40),
            total: amount,
            ..row.clone()
        });
        let rows = older.chain(list.rows.iter().cloned()).collect();
        let readings = list.day.map(|day| TwoReadings { amount, of_amount: 1, day, of_day: list.rows.len() });
        Arc::new(ReceiptList { search: "23.03".to_owned(), readings, rows, ..list.clone() })
    });
    Snapshot { receipts: both, ..of_a_day }
}

/// A receipt was looked for that is not there.
pub(super) fn receipts_narrowed() -> Snapshot {
    let list = ReceiptList { search: "12345".to_owned(), ..ReceiptList::default() };
    Snapshot { screen: Screen::Receipts, receipts: Some(Arc::new(list)), ..shop() }
}
