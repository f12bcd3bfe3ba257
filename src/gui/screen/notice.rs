//! The notice: one sentence with a cure, where the eyes already are.

use iced::widget::{button, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::ui::Ui;
use super::super::widget::{Element, edge_bar, key_cap, target};
use super::Front;
use super::sell::{PARK_KEY, RECALL_KEY};
use crate::domain::barcode::CodeError;
use crate::domain::basket::BasketError;
use crate::register::snapshot::{Access, Notice, NoticeKind, NoticeWeight, Snapshot};

/// So many lines of words a notice may have; the tests hold every one to it.
pub const LINES_MAX: u16 = 3;

/// The notice that stands on the screen in front. What is said elsewhere on the screen stands in no notice.
pub fn standing(snapshot: &Snapshot) -> Option<&Notice> {
    let notice = snapshot.notice.as_ref()?;
    let said_elsewhere = match (&snapshot.access, &notice.kind) {
        (Access::Stopped(_), _) => true,
        (Access::SignIn(view), NoticeKind::BasketRestored) => view.basket_waiting,
        (_, NoticeKind::ScanWaits) => Front::of(snapshot) == Front::Conflict,
        // The card says it where it was typed.
        (_, NoticeKind::WrongCollectionCode | NoticeKind::OrderUnknown | NoticeKind::ForAnotherStore) => {
            Front::of(snapshot) == Front::Conflict
                && snapshot.conflict.as_ref().is_some_and(|card| card.refused.is_some())
        }
        _ => false,
    };
    (!said_elsewhere).then_some(notice)
}

/// The notice that stands and that somebody must read: Esc reads it before it does anything else, so that the key on its cap
/// never declines a card or takes a line out. What only answers an act needs no reading,
/// and Esc stays the step back.
pub fn to_read(snapshot: &Snapshot) -> Option<&Notice> {
    standing(snapshot).filter(|notice| !notice.is_answer())
}

/// The notice that stands, when one does; one to be read goes away when it is pressed.
pub fn view<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    snapshot: &Snapshot,
    dismissed: Message,
) -> Option<Element<'a, Message>> {
    let notice = standing(snapshot)?;
    let (tone, icon) = match notice.weight {
        NoticeWeight::Done => (Tone::Done, Icon::CircleCheck),
        NoticeWeight::Mind => (Tone::Mind, Icon::TriangleAlert),
        NoticeWeight::Refused => (Tone::Stop, Icon::OctagonAlert),
    };
    let to_read = to_read(snapshot).is_some();
    let content = row![
        ui.icon(Type::Line, icon).ink(tone.ink()),
        ui.label(Type::LabelStrong, words(ui, &notice.kind)).ink(tone.ink()).fill().shorten(LINES_MAX),
    ]
    .extend(to_read.then(|| key_cap(ui, Key::Escape, Surface::KeyCap)))
    .spacing(10)
    .align_y(Alignment::Center)
    .padding(Padding { top: 6.0, bottom: 6.0, left: 12.0, right: 12.0 });
    // Two lines have room in it, a third makes it higher.
    let least = space::vertical().height(height::TARGET_MIN + gap::SMALL);
    let strip = container(row![edge_bar(tone), least, content].align_y(Alignment::Center).height(Length::Shrink))
        .class(Surface::Strip(tone))
        .width(Length::Fill);
    if !to_read {
        return Some(strip.into());
    }
    let pressed = button(strip).class(Press::Bare).padding(0).width(Length::Fill).on_press(dismissed);
    Some(target(Key::Escape, pressed))
}

/// What a notice says.
// Size: one arm a notice.
pub fn words(ui: &Ui<'_>, kind: &NoticeKind) -> String {
    let text = ui.text;
    match kind {
        NoticeKind::CodeUnknown { code } => text.notice_code_unknown(code.as_str()),
        NoticeKind::CodeRefused { error, code } => code_refused(ui, *error, code),
        NoticeKind::ScanBrokenOff => text.notice_scan_broken_off(),
        NoticeKind::ScanGarbled => text.notice_scan_garbled(),
        NoticeKind::ScannedTwice { name } => text.notice_scanned_twice(name.as_str()),
        NoticeKind::ScanWaits => text.notice_scan_waits(),
        NoticeKind::AnswerFirst => text.notice_answer_first(),
        NoticeKind::ScanLeftOut { code } => text.notice_scan_left_out(code.as_str()),
        NoticeKind::ScanNotHere => text.notice_scan_not_here(),
        NoticeKind::BadgeUnknown => text.notice_badge_unknown(),
        NoticeKind::BadgeNotHere => text.notice_badge_not_here(),
        NoticeKind::ScanBeforeSignIn => text.notice_scan_before_sign_in(),
        NoticeKind::ScanBeforeFloat => text.notice_scan_before_float(),
        NoticeKind::ScanBeforeOrder => text.notice_scan_before_order(),
        NoticeKind::Expired { name, date } => text.notice_expired(name.as_str(), text.date(*date)),
        NoticeKind::BasketRefused(error) => basket_refused(ui, *error),
        NoticeKind::AmountInvalid => text.notice_amount_invalid(),
        NoticeKind::AccessEnded { name } => text.notice_access_ended(name.as_str()),
        NoticeKind::NotAllowed => text.notice_not_allowed(),
        NoticeKind::SupervisorNeeded => text.notice_supervisor_needed(),
        NoticeKind::ReasonNeeded => text.notice_reason_needed(),
        NoticeKind::AboveCap { percent } => text.notice_above_cap(text.locale.percent(*percent)),
        NoticeKind::DrawerByKey => text.notice_drawer_by_key(),
        NoticeKind::CardTakenBack { amount } => text.notice_card_taken_back(ui.money(*amount)),
        NoticeKind::CardTooMuch { due } => text.notice_card_too_much(ui.money(*due)),
        NoticeKind::CardAtTerminal { amount } => text.notice_card_at_terminal(ui.money(*amount)),
        NoticeKind::LabelIsOne { name } => text.notice_label_is_one(name.as_str()),
        NoticeKind::TenderedAlready => text.notice_tendered_already(),
        NoticeKind::WrongItem { name } => text.notice_wrong_item(name.as_str()),
        NoticeKind::PickedAlready { name } => text.notice_picked_already(name.as_str()),
        NoticeKind::TakenOffOrder { name } => text.notice_taken_off(name.as_str()),
        NoticeKind::OrderCancelled { order } => text.notice_order_cancelled(order.as_str()),
        NoticeKind::ReceiptCompulsory => text.notice_receipt_compulsory(),
        NoticeKind::NothingToPutBack => text.notice_nothing_to_put_back(),
        NoticeKind::OpenOrderChanged { order } => text.notice_open_order_changed(order.as_str()),
        NoticeKind::WrongCollectionCode => text.notice_wrong_collection_code(),
        NoticeKind::OrderUnknown => text.notice_order_unknown(),
        NoticeKind::ReceiptUnknown { receipt_number } => text.notice_receipt_unknown(format!("{receipt_number:05}")),
        NoticeKind::ReceiptElsewhere { receipt_number, till } => {
            text.notice_receipt_elsewhere(format!("{receipt_number:05}"), till.to_string())
        }
        NoticeKind::OrderNotHere { order } => text.notice_order_not_here(order.as_str()),
        NoticeKind::OrderIsSent { order } => text.notice_order_is_sent(order.as_str()),
        NoticeKind::SessionNeeded => text.notice_session_needed(),
        NoticeKind::ItemsHeld { items } => text.notice_items_held(*items as i64),
        NoticeKind::NothingToHandOver => text.notice_nothing_to_hand_over(),
        NoticeKind::GiftReceiptPrinting { receipt_number } => {
            text.notice_gift_receipt_printing(format!("{receipt_number:05}"))
        }
        NoticeKind::CloseReportPrinting => text.notice_close_report_printing(),
        NoticeKind::NoSessionClosed => text.notice_no_session_closed(),
        NoticeKind::AmountIsCode => text.notice_amount_is_code(),
        NoticeKind::NothingChosen => text.notice_nothing_chosen(),
        NoticeKind::OrderHandedOver { order, customer_name } => {
            text.notice_order_handed_over(order.as_str(), customer_name.as_str())
        }
        NoticeKind::KeptForOrder { order, bay, .. } => text.notice_kept_for_order(order.as_str(), bay.as_str()),
        NoticeKind::TransferRequested { store_name, quantity } => {
            text.notice_transfer_requested(store_name.as_str(), text.locale.quantity(*quantity))
        }
        NoticeKind::TransferToAsk { store_name, quantity, .. } => {
            text.notice_transfer_to_ask(store_name.as_str(), text.locale.quantity(*quantity))
        }
        NoticeKind::TransferWithdrawn { store_name } => text.notice_transfer_withdrawn(store_name.as_str()),
        NoticeKind::TransferToWithdraw { store_name } => text.notice_transfer_to_withdraw(store_name.as_str()),
        NoticeKind::SetAsideThere { store_name } => text.notice_set_aside_there(store_name.as_str()),
        NoticeKind::OnItsWay { store_name } => text.notice_on_its_way(store_name.as_str()),
        NoticeKind::SetAsideElsewhere { workstation } => text.notice_set_aside_elsewhere(workstation.as_str()),
        NoticeKind::SlipIsNoCode { order } => text.notice_slip_is_no_code(order.as_str()),
        NoticeKind::FalseAlarmNoted { order } => text.notice_false_alarm_noted(order.as_str()),
        NoticeKind::CaseDecided => text.notice_case_decided(),
        NoticeKind::ProposalGone { order, store_name } => {
            text.notice_proposal_gone(order.as_str(), store_name.as_str())
        }
        NoticeKind::DecidedBefore { order, state } => {
            text.notice_decided_before(order.as_str(), super::unfinished::case_words(ui, *state).1)
        }
        NoticeKind::TransferSent { store_name } => text.notice_transfer_sent(store_name.as_str()),
        NoticeKind::TransferNotHere => text.notice_transfer_not_here(),
        NoticeKind::ForAnotherStore => text.notice_for_another_store(),
        NoticeKind::InBasketAlready { order } => text.notice_in_basket_already(order.as_str()),
        NoticeKind::OrderParked { order } => text.notice_order_parked(order.as_str()),
        NoticeKind::PickedBy { order, name } => text.notice_picked_by(order.as_str(), name.as_str()),
        NoticeKind::NothingToPick { order } => text.notice_nothing_to_pick(order.as_str()),
        NoticeKind::OrderChanged { order } => text.notice_order_changed(order.as_str()),
        NoticeKind::BasketOf { name } => text.notice_basket_of(name.as_str(), PARK_KEY.cap()),
        NoticeKind::BasketRestored => text.notice_basket_restored(),
        NoticeKind::PrintLost => text.notice_print_lost(),
        NoticeKind::NoPrinter => text.notice_no_printer(),
        NoticeKind::DiskFull => text.notice_disk_full(),
        NoticeKind::DiskReadOnly => text.notice_disk_read_only(),
        NoticeKind::NumbersGoOn { next } => text.notice_numbers_go_on(format!("{next:05}")),
        NoticeKind::Withdrawn { name } => text.notice_withdrawn(name.as_str()),
        NoticeKind::BasketUnreadable => text.notice_basket_unreadable(),
        NoticeKind::FileSetAside { path } => text.notice_file_set_aside(path.as_str()),
        NoticeKind::DevicesSimulated => text.notice_devices_simulated(),
        NoticeKind::PortNotKept { told } => text.notice_port_not_kept(told.as_str()),
        NoticeKind::SettingsOfBefore => text.notice_settings_of_before(),
        NoticeKind::SettingsLost => text.notice_settings_lost(),
        NoticeKind::NotSaved => text.notice_not_saved(),
        NoticeKind::ZoneUnknown { name } => text.notice_zone_unknown(name.as_str()),
        NoticeKind::BasketParked => text.notice_basket_parked(RECALL_KEY.cap()),
        NoticeKind::StockCounted { name, found, expected, .. } if found == expected => {
            text.notice_stock_counted_exact(name.as_str(), ui.quantity(*found))
        }
        NoticeKind::StockCounted { name, found, expected, worth, agreed_by } => {
            let (found, expected) = (ui.quantity(*found), ui.quantity(*expected));
            let worth = text.locale.signed_money(*worth);
            with_who_agreed(ui, text.notice_stock_counted(name.as_str(), found, expected, worth), agreed_by.as_deref())
        }
        NoticeKind::CountFirst { name } => text.notice_count_first(name.as_str()),
        NoticeKind::CountByTyping { name } => text.notice_count_by_typing(name.as_str()),
        NoticeKind::CountAgain { approver } => text.notice_count_again(approver.as_str()),
        NoticeKind::MovedWhileCounting { name, moved } => {
            text.notice_moved_while_counting(name.as_str(), text.locale.signed_quantity(*moved))
        }
        NoticeKind::NotCounted { name } => text.notice_not_counted(name.as_str()),
        NoticeKind::ReasonMissing => text.notice_reason_missing(),
        NoticeKind::SettingsUnknown => text.notice_settings_unknown(),
        NoticeKind::BasketOpen => text.notice_basket_open(),
        NoticeKind::SessionClosed { counted, difference, agreed_by } => {
            let counted = ui.money(*counted);
            let closed = match difference.is_zero() {
                true => text.notice_session_closed_exact(counted),
                false => text.notice_session_closed(counted, text.locale.signed_money(*difference)),
            };
            with_who_agreed(ui, closed, agreed_by.as_deref())
        }
        NoticeKind::InterimPrinting => text.notice_interim_printing(),
        NoticeKind::CopyPrinting { receipt_number } => text.notice_copy_printing(format!("{receipt_number:05}")),
    }
}

/// What was done, and who agreed to it where somebody had to.
fn with_who_agreed(ui: &Ui<'_>, done: String, agreed_by: Option<&str>) -> String {
    match agreed_by {
        Some(name) => format!("{done} {}", ui.text.notice_agreed(name)),
        None => done,
    }
}

fn code_refused(ui: &Ui<'_>, error: CodeError, code: &str) -> String {
    let text = ui.text;
    match error {
        CodeError::Empty | CodeError::TooLong | CodeError::Unreadable => text.notice_code_refused(code),
        CodeError::CheckDigitWrong => text.notice_check_digit(code),
        CodeError::VerifierWrong => text.notice_verifier(),
        CodeError::ZeroValue => text.notice_zero_value(),
        CodeError::AddOnOnly => text.notice_add_on(),
        CodeError::NoArticle => text.notice_no_article(),
        CodeError::TwoArticles => text.notice_two_articles(),
    }
}

fn basket_refused(ui: &Ui<'_>, error: BasketError) -> String {
    let text = ui.text;
    match error {
        BasketError::NoSuchLine => text.refused_no_such_line(),
        BasketError::QuantityInvalid => text.refused_quantity_invalid(),
        BasketError::PriceInvalid => text.refused_price_invalid(),
        BasketError::PriceNeeded => text.refused_price_needed(),
        BasketError::DiscountInvalid => text.refused_discount_invalid(),
        BasketError::Full => text.refused_full(),
        BasketError::CurrencyMismatch => text.refused_currency_mismatch(),
        BasketError::QuantityFixed => text.refused_quantity_fixed(),
    }
}
