//! The words of a scenario for what a snapshot and a file hold.

use till::database::{PrintCause, SessionReportKind};
use till::domain::ids::OrderNumber;
use till::domain::sale::ReceiptChoice;
use till::domain::web_order::OrderState;
use till::register::snapshot::{
    Access, ApprovalSubject, ApprovalView, CountFigures, CountToAgree, Document, LineMark, LinePanel, NoticeKind,
    Question, StoryItem, Task,
};

use super::shop::Paper;

/// The order that falls short, and with how many others: `W-1001`, `W-1001 + 2`.
fn with_others(order: &OrderNumber, others: usize) -> String {
    if others == 0 { order.to_string() } else { format!("{order} + {others}") }
}

pub fn mark_words(mark: &LineMark) -> Option<String> {
    Some(match mark {
        LineMark::None => return None,
        LineMark::LastFree(order) => format!("last_free {}", order.number),
        LineMark::TakesPromised(short) => {
            format!("takes_promised {}", with_others(&short.order.number, short.also_short))
        }
        LineMark::Deciding => "deciding".to_owned(),
        LineMark::SoldAnyway(short) => format!("sold_anyway {}", with_others(&short.order.number, short.also_short)),
        LineMark::Books { shelf } => format!("books {shelf}"),
        LineMark::HandOver(order) => format!("hand_over {}", order.number),
        LineMark::OrderChanged(order) => format!("order_changed {}", order.number),
    })
}

/// The panel of a line: `1 list 12.50 by Anna free 3 last -1 2 stores`.
pub fn panel_words(panel: &LinePanel) -> String {
    let mut told = panel.line.to_string();
    if let Some(price) = panel.list_price {
        told += &format!(" list {price}");
    }
    if let Some(name) = &panel.changed_by {
        told += &format!(" by {name}");
    }
    told += &panel.approved_by.iter().map(|name| format!(" approved by {name}")).collect::<String>();
    if panel.pack > 1 {
        told += &format!(" pack {}", panel.pack);
    }
    match &panel.stock {
        Some(stock) => {
            told += &format!(" on_hand {} free {}", stock.level.on_hand, stock.level.available_to_promise());
            told += &match stock.story.first() {
                Some(StoryItem::Moved(last)) => format!(" last {}", last.quantity),
                Some(StoryItem::Held(hold)) => format!(" held {} for {}", hold.quantity, hold.order),
                None => String::new(),
            };
        }
        None => told += " no stock",
    }
    told
}

pub fn question_words(question: &Question) -> String {
    match question {
        Question::Age { years, name, .. } => format!("age {years} for {name}"),
        Question::MayBeSold { .. } => "may_be_sold".to_owned(),
        Question::Amount { amount, .. } => format!("amount {amount}"),
        Question::OpenPrice { .. } => "price".to_owned(),
        Question::HowMuch { .. } => "how_much".to_owned(),
        Question::WhichProduct { products } => format!("which of {}", products.len()),
    }
}

/// What is asked for, who could agree (the chosen one with a star), and whether the last PIN was wrong.
pub fn approval_words(view: &ApprovalView) -> String {
    let what = match &view.subject {
        ApprovalSubject::Discount { percent, .. } => format!("discount {percent}"),
        ApprovalSubject::Price { unit_price, .. } => format!("price {unit_price}"),
        ApprovalSubject::SellPromised { order, also_short, .. } => {
            format!("sell_promised {}", with_others(&order.number, *also_short))
        }
        ApprovalSubject::Cash { amount, .. } => format!("cash {amount}"),
        ApprovalSubject::InterimReport => "interim_report".to_owned(),
        ApprovalSubject::DropDocument => "drop_document".to_owned(),
        ApprovalSubject::CloseSession { owner, counted } => format!("close_session {owner} {counted}"),
        ApprovalSubject::Count { name, found } => format!("count {name} {found}"),
        ApprovalSubject::NoSale => "no_sale".to_owned(),
        ApprovalSubject::Port { device, port } => format!("{} {port}", device.word()),
    };
    let mut told = what;
    for person in &view.operators {
        told += &format!(" {}{}", person.id, if view.chosen.as_ref() == Some(&person.id) { "*" } else { "" });
    }
    told += if view.refused { " refused" } else { "" };
    told += if view.wait_until.is_some() { " waits" } else { "" };
    told
}

/// Who sees which count, to agree to it: what was counted, what the books say, what is off, and why.
pub fn count_words(count: &CountToAgree) -> String {
    let mut told = count.approver.clone();
    told += &match count.figures {
        CountFigures::Drawer { counted, expected, .. } => {
            format!(" counted {counted} holds {expected} off {}", counted - expected)
        }
        CountFigures::Shelf { found, books, worth, .. } => {
            format!(" counted {found} books {books} off {} worth {worth}", found - books)
        }
    };
    told + &count.reason.iter().map(|reason| format!(" because {reason}")).collect::<String>()
}

pub fn access_words(access: &Access) -> &'static str {
    match access {
        Access::SignIn(view) if view.refused => "refused",
        Access::SignIn(_) => "sign_in",
        Access::NeedsSession(_) => "needs_session",
        Access::Open(_) => "open",
        Access::Stopped(_) => "stopped",
    }
}

fn by(name: Option<&str>) -> String {
    name.map(|name| format!(" by {name}")).unwrap_or_default()
}

/// The notice's name, with what matters of it.
pub fn notice_words(kind: &NoticeKind) -> String {
    match kind {
        NoticeKind::CodeRefused { error, .. } => format!("code_refused {}", snake(&format!("{error:?}"))),
        NoticeKind::BasketRefused(error) => format!("basket_refused {}", snake(&format!("{error:?}"))),
        NoticeKind::OrderHandedOver { order, .. } => format!("order_handed_over {order}"),
        NoticeKind::KeptForOrder { order, bay, .. } => format!("kept_for_order {order} {bay}"),
        NoticeKind::BasketOf { name } => format!("basket_of {name}"),
        NoticeKind::StockCounted { found, expected, agreed_by, .. } => {
            format!("stock_counted {found} {expected}{}", by(agreed_by.as_deref()))
        }
        NoticeKind::CountFirst { name } => format!("count_first {name}"),
        NoticeKind::CountByTyping { name } => format!("count_by_typing {name}"),
        NoticeKind::CountAgain { approver } => format!("count_again {approver}"),
        NoticeKind::MovedWhileCounting { moved, .. } => format!("moved_while_counting {moved}"),
        NoticeKind::FalseAlarmNoted { order } => format!("false_alarm_noted {order}"),
        NoticeKind::ProposalGone { order, store_name } => format!("proposal_gone {order} {store_name}"),
        NoticeKind::DecidedBefore { order, state } => {
            format!("decided_before {order} {}", snake(&format!("{state:?}")))
        }
        NoticeKind::TransferToAsk { store_name, quantity, .. } => format!("transfer_to_ask {store_name} {quantity}"),
        NoticeKind::TransferWithdrawn { store_name } => format!("transfer_withdrawn {store_name}"),
        NoticeKind::TransferToWithdraw { store_name } => format!("transfer_to_withdraw {store_name}"),
        NoticeKind::SetAsideThere { store_name } => format!("set_aside_there {store_name}"),
        NoticeKind::OnItsWay { store_name } => format!("on_its_way {store_name}"),
        NoticeKind::SetAsideElsewhere { workstation } => format!("set_aside_elsewhere {workstation}"),
        NoticeKind::SlipIsNoCode { order } => format!("slip_is_no_code {order}"),
        NoticeKind::TransferRequested { store_name, quantity } => format!("transfer_requested {store_name} {quantity}"),
        NoticeKind::TransferSent { store_name } => format!("transfer_sent {store_name}"),
        NoticeKind::InBasketAlready { order } => format!("in_basket_already {order}"),
        NoticeKind::OrderParked { order } => format!("order_parked {order}"),
        NoticeKind::PickedBy { order, name } => format!("picked_by {order} {name}"),
        NoticeKind::NothingToPick { order } => format!("nothing_to_pick {order}"),
        NoticeKind::NumbersGoOn { next } => format!("numbers_go_on {next}"),
        NoticeKind::Withdrawn { .. } => "withdrawn".to_owned(),
        NoticeKind::BasketUnreadable => "basket_unreadable".to_owned(),
        NoticeKind::OrderChanged { order } => format!("order_changed {order}"),
        NoticeKind::SessionClosed { difference, agreed_by, .. } => {
            format!("session_closed {difference}{}", by(agreed_by.as_deref()))
        }
        NoticeKind::ReceiptElsewhere { receipt_number, till } => format!("receipt_elsewhere {till} {receipt_number}"),
        NoticeKind::OrderNotHere { order } => format!("order_not_here {order}"),
        NoticeKind::OrderIsSent { order } => format!("order_is_sent {order}"),
        NoticeKind::CopyPrinting { receipt_number } => format!("copy_printing {receipt_number}"),
        other => snake(&format!("{other:?}")),
    }
}

pub fn receipt_words(choice: ReceiptChoice) -> &'static str {
    match choice {
        ReceiptChoice::Receipt => "receipt",
        ReceiptChoice::WithGiftReceipt => "gift",
        ReceiptChoice::None => "none",
    }
}

fn unprinted_words(document: &Document) -> String {
    match document {
        Document::Receipt(number) => format!("receipt {number}"),
        Document::SetAsideSlip(order) => format!("set_aside_slip {order}"),
        Document::BagSlip(order) => format!("bag_slip {order}"),
        Document::HandOverSlip(order) => format!("hand_over_slip {order}"),
        Document::TransferSlip => "transfer_slip".to_owned(),
        Document::CloseReport => "close_report".to_owned(),
        Document::InterimReport => "interim_report".to_owned(),
    }
}

pub fn task_words(task: &Task) -> String {
    match task {
        Task::Unprinted { document, state, .. } => {
            format!("unprinted {} {}", unprinted_words(document), snake(&format!("{state:?}")))
        }
        Task::Case(case) => format!("case {}", case.order),
        Task::SetAside { order, quantity, store_name, state, .. } => {
            format!("set_aside {order} {quantity} {store_name} {}", snake(&format!("{state:?}")))
        }
        Task::Transfer { quantity, store_name, withdrawn: true, .. } => {
            format!("transfer {store_name} {quantity} to_withdraw")
        }
        Task::Transfer { quantity, store_name, told: false, .. } => {
            format!("transfer {store_name} {quantity} to_ask")
        }
        Task::Transfer { quantity, store_name, state, .. } => {
            format!("transfer {store_name} {quantity} {}", snake(&format!("{state:?}")))
        }
        Task::PutBack { order, state, .. } => format!("{} {order}", state_words(*state)),
        Task::PayBack { order, amount, .. } => format!("pay_back {order} {amount}"),
        Task::Count { product, .. } => format!("count {product}"),
        Task::DrawerOpen { .. } => "drawer_open".to_owned(),
    }
}

pub fn paper_words(paper: &Paper) -> String {
    let what = document_words(&paper.cause);
    if paper.whole { what } else { format!("torn {what}") }
}

pub fn document_words(cause: &PrintCause) -> String {
    match cause {
        PrintCause::Receipt { receipt_number, copy: None } => format!("receipt {receipt_number}"),
        PrintCause::Receipt { receipt_number, copy: Some(copy) } => format!("copy {copy} of receipt {receipt_number}"),
        PrintCause::GiftReceipt { receipt_number } => format!("gift receipt {receipt_number}"),
        PrintCause::SetAsideSlip { order, bay, .. } => format!("set_aside {order} {bay}"),
        PrintCause::BagSlip { order } => format!("bag {order}"),
        PrintCause::TransferSlip { .. } => "asked_for".to_owned(),
        PrintCause::HandOverSlip { order, .. } => format!("hand_over {order}"),
        PrintCause::SessionReport { kind: SessionReportKind::Interim, .. } => "interim_report".to_owned(),
        PrintCause::SessionReport { .. } => "session_report".to_owned(),
        PrintCause::Copy { of, copy } => format!("copy {copy} of {}", document_words(of)),
    }
}

/// `WrongItem { name: … }` → `wrong_item`: the first name of a debug text, in the scenarios' spelling.
pub fn snake(debug: &str) -> String {
    let name: String = debug.chars().take_while(|c| c.is_alphanumeric()).collect();
    let mut words = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.extend(character.to_lowercase());
    }
    words
}

pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn state_words(state: OrderState) -> String {
    snake(&format!("{state:?}"))
}
