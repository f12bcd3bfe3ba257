//! What was done to the open order: the last of it under its way, all of it on a key, for the customer who asks.

use iced::widget::{button, column, container, row, rule, space};
use iced::{Alignment, Length, Padding};

use super::super::super::icon::Icon;
use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::style::{Press, Surface};
use super::super::super::ui::{Room, Ui};
use super::super::super::widget::{Act, Element, Keyed, Reach, VirtualList, key_cap, target};
use super::{HISTORY_KEY, Message};
use crate::domain::web_order::{CollectionProof, OrderStep};
use crate::register::snapshot::{HistoryRow, OrderDetail};

/// How high a row of the history is, in logical pixels.
const ROW_HEIGHT: f32 = 46.0;

/// How many rows there are: what was done, and the order itself.
pub(super) fn count_rows(detail: &OrderDetail) -> usize {
    detail.history.len() + 1
}

/// A row: when, what, and who did it where.
struct Words {
    when: String,
    what: String,
    who: String,
}

fn words_at(ui: &Ui<'_>, detail: &OrderDetail, position: usize) -> Words {
    match detail.history.get(position) {
        Some(row) => Words { when: ui.moment(row.at), what: step_words(ui, row), who: who_words(ui, row) },
        None => Words {
            when: ui.moment(detail.order.ordered_at),
            what: ui.text.history_ordered(detail.order.channel.as_str()),
            who: String::new(),
        },
    }
}

fn who_words(ui: &Ui<'_>, row: &HistoryRow) -> String {
    match (&row.operator_name, &row.workstation) {
        (None, None) => ui.text.history_by_central(),
        (name, till) => name.iter().chain(till).map(String::as_str).collect::<Vec<_>>().join(" · "),
    }
}

fn step_words(ui: &Ui<'_>, row: &HistoryRow) -> String {
    let (text, quantity) = (ui.text, ui.quantity(row.quantity));
    let words = match &row.step {
        OrderStep::PickStarted { .. } => text.history_pick_started(),
        OrderStep::Picked { bay: None, .. } => text.history_picked(quantity),
        OrderStep::Picked { bay: Some(bay), .. } => text.history_kept(bay.as_str(), quantity),
        OrderStep::PickUndone { .. } => text.history_pick_undone(quantity),
        OrderStep::ReportedShort { .. } => text.history_not_found(quantity),
        OrderStep::MadeReady { bay } => text.history_ready(bay.as_str()),
        OrderStep::ReadyUndone => text.history_ready_undone(),
        OrderStep::HandedOver { proof: CollectionProof::Code, .. } => text.history_handed_over_code(quantity),
        OrderStep::HandedOver { proof: CollectionProof::Name, .. } => text.history_handed_over_name(quantity),
        OrderStep::Sent { .. } => text.history_sent(quantity),
        OrderStep::PutBack => text.history_put_back(),
        OrderStep::Lapsed => text.history_lapsed(),
        OrderStep::Cancelled => text.history_cancelled(),
        OrderStep::PutAtRisk => text.history_at_risk(),
        OrderStep::Packed => text.history_packed(),
        OrderStep::Dispatched(dispatch) => text.history_dispatched(dispatch.carrier.as_str()),
        OrderStep::PaidBack { amount } => text.history_paid_back(ui.money(*amount)),
    };
    let collector = match &row.step {
        OrderStep::HandedOver { collector, .. } if !collector.is_empty() => {
            Some(text.history_collector(collector.as_str()))
        }
        _ => None,
    };
    [Some(words), row.item.clone(), collector].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The last thing that was done; pressed, all of it.
pub(super) fn history_bar<'a>(ui: &Ui<'_>, detail: &OrderDetail, is_open: bool) -> Element<'a, Message> {
    let words = if is_open {
        ui.label(Type::BodyStrong, ui.text.history_title()).shorten(1)
    } else {
        let Words { when, what, who } = words_at(ui, detail, 0);
        let parts = [format!("{when}  {what}"), who];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        ui.label(Type::Label, parts.join(" · ")).muted().shorten(1)
    };
    let key = HISTORY_KEY;
    let told = row![ui.icon(Type::Label, Icon::History), words].spacing(gap::SMALL).align_y(Alignment::Center);
    // What was done comes before the word on the key; where all of it is shown, the word is its title.
    let word = (!is_open).then(|| ui.label(Type::Caption, ui.text.history_title()).or("").muted().shorten(1));
    let told = row![told, space::horizontal()].extend(word.map(Element::from)).align_y(Alignment::Center);
    let content = Keyed::new(told, key_cap(ui, key, Surface::KeyCap), gap::SMALL).fill();
    let inside =
        container(content).padding(Padding { top: 0.0, bottom: 0.0, left: 22.0, right: 22.0 }).center_y(Length::Fill);
    let pressed = button(inside)
        .class(Press::Row)
        .padding(0)
        .width(Length::Fill)
        .height(height::TARGET_MIN)
        .on_press(Message::HistoryStruck);
    target(Reach::Key(key), pressed)
}

/// All that was done, the latest first; the row at `marked` is in view.
pub(super) fn history_list<'a>(ui: Ui<'a>, detail: &'a OrderDetail, marked: usize) -> Element<'a, Message> {
    let count = count_rows(detail);
    VirtualList::uniform(count, ROW_HEIGHT, move |position| history_row(&ui, words_at(&ui, detail, position)))
        .follow(Some(marked.min(count - 1)))
        .into()
}

fn history_row<'a>(ui: &Ui<'_>, words: Words) -> Element<'a, Message> {
    let (when_width, who_width) = match ui.room() {
        Room::Wide => (164.0, 180.0),
        Room::Narrow => (144.0, 130.0),
    };
    let content = row![
        ui.label(Type::Label, words.when).muted().width(when_width).shorten(1),
        ui.label(Type::Body, words.what).fill().shorten(2),
        ui.label(Type::Label, words.who).muted().width(who_width).right().shorten(1),
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center);
    let inside =
        container(content).padding(Padding { top: 0.0, bottom: 0.0, left: 22.0, right: 22.0 }).center_y(Length::Fill);
    column![inside, rule::horizontal(1)].into()
}

/// The way back to the lines.
pub(super) fn history_foot<'a>(ui: &Ui<'_>) -> Element<'a, Message> {
    Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).fill().view(ui)
}
