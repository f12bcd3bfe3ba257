//! A hand-over being made: who collects, how they were recognised, and what stays.

use iced::widget::{column, container, row};
use iced::{Alignment, Length, Padding};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::style::Surface;
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element};
use super::super::conflict::code_field;
use super::Message;
use crate::register::snapshot::OrderDetail;

/// A hand-over being made.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct HandOver {
    pub code: String,
    pub collector: Option<String>,
    pub left_out: Vec<u32>,
}

pub(super) fn hand_over_foot<'a>(ui: &Ui<'_>, detail: &OrderDetail, hand_over: &HandOver) -> Element<'a, Message> {
    let due = if detail.sums.due.is_zero() {
        ui.text.hand_over_paid()
    } else {
        ui.text.hand_over_due(ui.money(detail.sums.due))
    };
    let field: Element<'a, Message> = match &hand_over.collector {
        Some(name) => container(ui.label(Type::Line, ui.text.collector_typed(format!("{name}▏"))).shorten(1))
            .class(Surface::Focused)
            .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
            .width(Length::Fill)
            .center_y(height::SEARCH)
            .into(),
        None => code_field(ui, &hand_over.code),
    };
    let customer = detail.order.customer_name.as_str();
    let confirm = (!hand_over.code.is_empty()).then_some(Message::Confirmed);
    column![
        row![ui.label(Type::Body, due).fill().shorten(2), ui.label(Type::Label, ui.text.hand_over_part_hint()).muted()]
            .spacing(gap::MEDIUM)
            .align_y(Alignment::Center),
        field,
        row![
            Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).portion(3).view(ui),
            Act::new(Key::Character('*'), ui.text.act_someone_else(), Some(Message::CollectorStruck))
                .portion(3)
                .view(ui),
            Act::new(Key::Character('+'), ui.text.act_name_confirmed(customer), Some(Message::NameConfirmed))
                .portion(4)
                .view(ui),
            Act::new(Key::Enter, ui.text.act_hand_over(), confirm).primary().portion(4).view(ui),
        ]
        .spacing(10),
    ]
    .spacing(10)
    .into()
}
