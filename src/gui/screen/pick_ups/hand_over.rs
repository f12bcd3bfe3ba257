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
use crate::domain::ids::OrderNumber;
use crate::domain::web_order::WebOrder;
use crate::register::snapshot::OrderDetail;

/// A hand-over being made: of this order and no other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HandOver {
    pub order: OrderNumber,
    pub code: String,
    /// Who takes it, when someone else than the buyer; kept until the order is handed over.
    pub collector: Option<String>,
    /// Their name, while it is being typed.
    pub naming: Option<String>,
    pub left_out: Vec<u32>,
}

impl HandOver {
    pub fn of(order: &WebOrder) -> Self {
        Self { order: order.number.clone(), code: String::new(), collector: None, naming: None, left_out: Vec::new() }
    }

    /// Who takes it: as far as their name is typed.
    pub fn collector(&self) -> Option<String> {
        let name = self.naming.as_ref().or(self.collector.as_ref())?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// The lines that go along; empty for all of them.
    pub fn lines(&self, order: &WebOrder) -> Vec<u32> {
        if self.left_out.is_empty() {
            return Vec::new();
        }
        order.lines.iter().map(|line| line.line).filter(|line| !self.left_out.contains(line)).collect()
    }

    /// A line stays here, or goes along after all.
    pub fn turn(&mut self, line: u32) {
        match self.left_out.iter().position(|left_out| *left_out == line) {
            Some(at) => {
                self.left_out.remove(at);
            }
            None => self.left_out.push(line),
        }
    }
}

/// The foot of an order that is being handed over; `marked` is the line that stays or goes.
pub(super) fn hand_over_foot<'a>(
    ui: &Ui<'_>,
    detail: &OrderDetail,
    hand_over: &HandOver,
    marked: usize,
) -> Element<'a, Message> {
    let due = if detail.sums.due.is_zero() {
        ui.text.hand_over_paid()
    } else {
        ui.text.hand_over_due(ui.money(detail.sums.due))
    };
    let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).portion(3);
    let field: Element<'a, Message> = match &hand_over.naming {
        Some(name) => container(ui.label(Type::Line, ui.text.collector_typed(format!("{name}▏"))).shorten(1))
            .class(Surface::Focused)
            .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
            .width(Length::Fill)
            .center_y(height::SEARCH)
            .into(),
        None => code_field(ui, &hand_over.code),
    };
    let customer = detail.order.customer_name.as_str();
    let code_typed = (!hand_over.code.is_empty()).then_some(Message::Confirmed);
    // While a name is typed every letter and sign is its own, and Enter takes it.
    let acts = match &hand_over.naming {
        Some(_) => row![
            back.view(ui),
            Act::new(Key::Enter, ui.text.act_confirm(), Some(Message::Confirmed)).primary().portion(8).view(ui),
        ],
        None => row![
            back.view(ui),
            Act::new(Key::Character('*'), ui.text.act_someone_else(), Some(Message::CollectorStruck))
                .portion(3)
                .view(ui),
            Act::new(Key::Character('+'), ui.text.act_name_confirmed(customer), Some(Message::NameConfirmed))
                .portion(4)
                .view(ui),
            Act::new(Key::Enter, ui.text.act_hand_over(), code_typed).primary().portion(4).view(ui),
        ],
    };
    let mut facts = column![ui.label(Type::Body, due).fill().shorten(2)].width(Length::Fill);
    if let (None, Some(name)) = (&hand_over.naming, hand_over.collector()) {
        facts = facts.push(ui.label(Type::BodyStrong, ui.text.collector_typed(name)).fill().shorten(1));
    }
    let mut head = row![facts].spacing(gap::MEDIUM).align_y(Alignment::Center);
    if let (None, Some(line)) = (&hand_over.naming, detail.order.lines.get(marked)) {
        let stays = hand_over.left_out.contains(&line.line);
        let words = if stays { ui.text.act_take_along() } else { ui.text.act_leave_here() };
        let turn = Act::new(Key::Character('-'), words, Some(Message::LineTurned));
        head = head.push(turn.function().height(height::TARGET_MIN).view(ui));
    }
    column![head, field, acts.spacing(10)].spacing(10).into()
}
