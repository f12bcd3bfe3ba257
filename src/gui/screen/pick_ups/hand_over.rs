//! A hand-over being made: who collects, how they were recognised, and what stays.

use iced::widget::{column, container, row};
use iced::{Alignment, Length, Padding};

use super::super::super::icon::Icon;
use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::style::Surface;
use super::super::super::theme::Ink;
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element};
use super::super::collector::Collector;
use super::super::conflict::code_field;
use super::Message;
use crate::domain::ids::OrderNumber;
use crate::domain::web_order::WebOrder;
use crate::register::intent::LinesChosen;
use crate::register::snapshot::OrderDetail;

/// A hand-over being made: of this order and no other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HandOver {
    pub order: OrderNumber,
    pub code: String,
    /// Who takes it, when someone else than the buyer; kept until the order is handed over.
    pub collector: Collector,
    pub left_out: Vec<u32>,
}

impl HandOver {
    pub fn of(order: &WebOrder) -> Self {
        let (code, collector) = (String::new(), Collector::default());
        Self { order: order.number.clone(), code, collector, left_out: Vec::new() }
    }

    /// With every line staying here.
    pub fn of_nothing(order: &WebOrder) -> Self {
        Self { left_out: order.lines.iter().map(|line| line.line).collect(), ..Self::of(order) }
    }

    /// The lines that go along.
    pub fn lines(&self, order: &WebOrder) -> LinesChosen {
        if self.left_out.is_empty() {
            return LinesChosen::All;
        }
        let lines = order.lines.iter().map(|line| line.line);
        LinesChosen::Only(lines.filter(|line| !self.left_out.contains(line)).collect())
    }

    /// Does everything that lies ready stay here?
    pub fn is_nothing(&self, order: &WebOrder) -> bool {
        let goes = |line: u32| !self.left_out.contains(&line);
        let mut ready = order.lines.iter().filter(|line| line.held().min(line.outstanding()).is_positive());
        !self.left_out.is_empty() && !ready.any(|line| goes(line.line))
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
    let nothing = hand_over.is_nothing(&detail.order);
    let due = match nothing {
        true => ui.label(Type::BodyStrong, ui.text.hand_over_nothing()).ink(Ink::Stop),
        false if detail.due_now.is_zero() => ui.label(Type::Body, ui.text.hand_over_paid()),
        false => ui.label(Type::Body, ui.text.hand_over_due(ui.money(detail.due_now))),
    };
    let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).portion(3);
    let typing = hand_over.collector.is_typing();
    let shown = detail.code_shown && hand_over.code.is_empty();
    let field = hand_over.collector.field(ui).unwrap_or_else(|| match shown {
        true => shown_field(ui),
        false => code_field(ui, &hand_over.code),
    });
    let customer = detail.order.customer_name.as_str();
    let by_code = ((shown || !hand_over.code.is_empty()) && !nothing).then_some(Message::Confirmed);
    let named = (!nothing).then_some(Message::NameConfirmed);
    // While a name is typed every letter and sign is its own, and Enter takes it.
    let acts = match typing {
        true => row![
            back.view(ui),
            Act::new(Key::Enter, ui.text.act_confirm(), Some(Message::Confirmed)).primary().portion(8).view(ui),
        ],
        false => row![
            back.view(ui),
            Act::new(Key::Character('*'), ui.text.act_someone_else(), Some(Message::CollectorStruck))
                .portion(3)
                .view(ui),
            Act::new(Key::Character('+'), ui.text.act_name_confirmed(customer), named).portion(4).view(ui),
            Act::new(Key::Enter, ui.text.act_hand_over(), by_code).primary().portion(4).view(ui),
        ],
    };
    let mut facts = column![due.fill().shorten(2)].width(Length::Fill);
    if let Some(name) = hand_over.collector.confirmed() {
        facts = facts.push(ui.label(Type::BodyStrong, ui.text.collector_typed(name)).fill().shorten(1));
    }
    let mut head = row![facts].spacing(gap::MEDIUM).align_y(Alignment::Center);
    if let (false, Some(line)) = (typing, detail.order.lines.get(marked)) {
        let stays = hand_over.left_out.contains(&line.line);
        let words = if stays { ui.text.act_take_along() } else { ui.text.act_leave_here() };
        let turn = Act::new(Key::Character('-'), words, Some(Message::LineTurned));
        head = head.push(turn.function().height(height::TARGET_MIN).view(ui));
    }
    column![head, field, acts.spacing(10)].spacing(10).into()
}

/// In place of the code: it opened the order.
fn shown_field<'a>(ui: &Ui<'_>) -> Element<'a, Message> {
    let words = ui.label(Type::Line, ui.text.hand_over_code_shown()).ink(Ink::Done);
    container(
        row![ui.icon(Type::Line, Icon::CircleCheck).ink(Ink::Done), words.fill().shorten(1)]
            .spacing(12)
            .align_y(Alignment::Center),
    )
    .class(Surface::Sunken)
    .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
    .center_y(height::SEARCH)
    .into()
}
