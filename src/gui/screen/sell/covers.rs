//! What covers the quick keys for a moment: baskets put aside, and giving one up.

use iced::widget::{Column, column, container, row, space};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, card, divider, headline};
use super::Message;
use crate::register::snapshot::{ParkedBasket, Snapshot};

pub(super) fn parked_panel<'a>(ui: &Ui<'_>, parked: &[ParkedBasket]) -> Element<'a, Message> {
    let rows = parked.iter().take(4).zip('1'..).map(|(basket, key)| {
        let words = ui.text.parked_basket(ui.time(basket.parked_at), basket.operator_name.as_str());
        let caption = format!("{} · {}", ui.text.items(basket.item_count), ui.money(basket.total));
        Act::new(Key::Character(key), words, Some(Message::Recalled(basket.basket)))
            .caption(caption)
            .height(height::ACT)
            .view_answer(ui)
    });
    let content =
        column![headline(ui, ui.text.parked_title()), Column::with_children(rows).spacing(gap::SMALL),].spacing(12);
    card(container(content).padding(gap::MEDIUM))
}

pub(super) fn void_panel<'a>(ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
    let basket = &snapshot.basket;
    let facts = format!("{} · {}", ui.text.items(basket.item_count), ui.money(basket.total));
    let content = column![
        headline(ui, ui.text.void_title()),
        ui.label(Type::Body, facts),
        ui.label(Type::Body, ui.text.void_explained()).muted(),
        space::vertical(),
        divider(),
        row![
            Act::new(Key::Escape, ui.text.act_keep_selling(), Some(Message::Stepped)).fill().view(ui),
            Act::new(Key::of('V'), ui.text.act_void(), Some(Message::VoidConfirmed)).fill().view(ui),
        ]
        .spacing(10),
    ]
    .spacing(12);
    card(container(content).padding(gap::MEDIUM))
}
