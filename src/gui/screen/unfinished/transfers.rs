//! What was asked of another store: its row, what can be done about it, and all of it on a card of its own.

use iced::widget::{Column, column, container, row, space};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, space as gap};
use super::super::super::style::Tone;
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, badge, divider, headline};
use super::Message;
use crate::domain::Timestamp;
use crate::domain::transfer::TransferState;
use crate::register::snapshot::Task;

/// Is it the asking store's turn?
pub(super) fn has_ended(state: TransferState) -> bool {
    state == TransferState::Sent || state.is_refused()
}

/// Could it still be withdrawn, as far as it is known here?
pub(super) fn can_be_withdrawn(task: &Task) -> bool {
    matches!(task, Task::Transfer { state: TransferState::Requested, withdrawn: false, .. })
}

/// Where what was asked for stands: its tone, its word, and what is to be done about it.
fn transfer_words(ui: &Ui<'_>, state: TransferState) -> (Tone, String, String) {
    let text = ui.text;
    match state {
        TransferState::Requested => (Tone::Mind, text.transfer_requested(), text.task_transfer_requested_cure()),
        TransferState::NoneFree => (Tone::Stop, text.transfer_none_free(), text.task_transfer_none_free_cure()),
        TransferState::SetAside => (Tone::Mind, text.transfer_set_aside(), text.task_transfer_set_aside_cure()),
        TransferState::Sent => (Tone::Mind, text.transfer_sent(), text.task_transfer_sent_cure()),
        TransferState::Refused => (Tone::Stop, text.transfer_refused(), text.task_transfer_refused_cure()),
        TransferState::Closed => (Tone::Done, text.transfer_closed(), String::new()),
        TransferState::Withdrawn => (Tone::Quiet, text.transfer_withdrawn(), String::new()),
        TransferState::NotNeeded => (Tone::Quiet, text.transfer_not_needed(), text.task_transfer_not_needed_cure()),
    }
}

/// For whom it was asked: a web order, or a customer; nobody was named otherwise.
fn whom(task: &Task) -> Option<&str> {
    match task {
        Task::Transfer { for_order: Some(order), .. } => Some(order.as_str()),
        Task::Transfer { customer, .. } if !customer.is_empty() => Some(customer.as_str()),
        _ => None,
    }
}

/// Where a request stands, as it is known here: before central has heard of it, or of its end, nobody in the other store has.
fn standing(ui: &Ui<'_>, task: &Task) -> (Tone, String, String) {
    let text = ui.text;
    match task {
        Task::Transfer { withdrawn: true, .. } => {
            (Tone::Quiet, text.transfer_withdrawn(), text.task_transfer_withdrawn_cure())
        }
        Task::Transfer { told: false, .. } => (Tone::Mind, text.transfer_to_ask(), text.task_transfer_to_ask_cure()),
        Task::Transfer { state, .. } => transfer_words(ui, *state),
        _ => (Tone::Quiet, String::new(), String::new()),
    }
}

/// The row of what stores ask of each other: its tone, its word, its title, what is to be done about it, and since when.
pub(super) fn row_words(ui: &Ui<'_>, task: &Task) -> (Tone, String, String, String, Option<Timestamp>) {
    let text = ui.text;
    match task {
        Task::SetAside { product_name, quantity, store_name, asked_by, for_whom, asked_at, state, .. } => {
            let (product, store, quantity) = (product_name.as_str(), store_name.as_str(), ui.quantity(*quantity));
            let title = match state {
                TransferState::SetAside => text.task_send(product, quantity, store),
                _ => text.task_set_aside(product, quantity, store),
            };
            let (tone, word, _) = transfer_words(ui, *state);
            let whom = Some(for_whom.as_str()).filter(|whom| !whom.is_empty()).map(|whom| text.asked_for_whom(whom));
            let facts: Vec<String> = [text.task_set_aside_cure(asked_by.as_str())].into_iter().chain(whom).collect();
            (tone, word, title, facts.join(" · "), Some(*asked_at))
        }
        Task::Transfer { product_name, quantity, store_name, asked_at, .. } => {
            let title = text.task_transfer(product_name.as_str(), ui.quantity(*quantity), store_name.as_str());
            let (tone, word, cure) = standing(ui, task);
            let facts: Vec<String> =
                whom(task).map(|whom| text.asked_for_whom(whom)).into_iter().chain([cure]).collect();
            (tone, word, title, facts.join(" · "), Some(*asked_at))
        }
        _ => (Tone::Quiet, String::new(), String::new(), String::new(), None),
    }
}

/// What can be done about the marked request.
pub(super) fn transfer_acts<'a>(ui: &Ui<'_>, marked: Option<&Task>) -> Element<'a, Message> {
    let text = ui.text;
    let Some(task @ Task::Transfer { state, .. }) = marked else { return row![].into() };
    let act = |key, words, message| Act::new(key, words, message).fill();
    let back = act(Key::Escape, text.act_back(), Some(Message::Stepped));
    let slip = act(Key::of('S'), text.act_slip(), Some(Message::SlipStruck));
    let first = match *state {
        state if has_ended(state) => act(Key::of('O'), text.act_open(), Some(Message::DetailsStruck)),
        _ => {
            let possible = can_be_withdrawn(task).then_some(Message::WithdrawStruck);
            act(Key::of('W'), text.act_withdraw(), possible)
        }
    };
    let primary = match *state {
        TransferState::Sent => text.act_has_come(),
        state if has_ended(state) => text.act_understood(),
        _ => text.act_open(),
    };
    let primary = act(Key::Enter, primary, Some(Message::OpenStruck)).primary();
    row![back.view(ui), first.view(ui), slip.view(ui), primary.view(ui)].spacing(10).into()
}

/// All of a request: what, from where, for whom, by whom and when, and where it stands.
pub(super) fn request_card<'a>(ui: &Ui<'_>, task: &Task) -> Element<'a, Message> {
    let Task::Transfer { product_name, quantity, store_name, asked_by, asked_at, order_there, .. } = task else {
        return space::vertical().into();
    };
    let text = ui.text;
    let (tone, word, cure) = standing(ui, task);
    let what = text.task_transfer(product_name.as_str(), ui.quantity(*quantity), store_name.as_str());
    let fact = |name: String, value: String| -> Element<'a, Message> {
        row![ui.label(Type::Body, name).muted().fill().shorten(1), ui.label(Type::BodyStrong, value).right().shorten(2)]
            .spacing(gap::MEDIUM)
            .into()
    };
    let for_whom = whom(task).map_or_else(|| text.request_for_nobody(), str::to_owned);
    let facts = [
        fact(text.request_whom(), for_whom),
        fact(text.request_by(), asked_by.clone()),
        fact(text.request_when(), ui.moment(*asked_at)),
    ];
    let there = order_there.as_ref().map(|order| fact(text.request_there(), order.as_str().to_owned()));
    let stands = column![badge(ui, tone, &word), ui.label(Type::Body, cure).fill().shorten(3)].spacing(gap::SMALL);
    column![
        container(headline(ui, text.request_title()).shorten(2)).padding(gap::CARD),
        divider(),
        container(
            column![
                ui.label(Type::LineStrong, what).fill().shorten(3),
                stands,
                Column::with_children(facts).extend(there).spacing(gap::SMALL),
            ]
            .spacing(gap::MEDIUM)
        )
        .padding(gap::CARD),
        space::vertical(),
    ]
    .into()
}
