//! What covers the quick keys for a moment: baskets put aside, and giving one up.

use iced::Length;
use iced::widget::{column, container, row, space};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, card, divider, headline};
use super::{Message, PriceChange, VOID_KEY};
use crate::register::snapshot::{ParkedBasket, Snapshot};

/// Baskets put aside that are shown at a time, a digit each.
pub(super) const PARKED_PER_PAGE: usize = 6;

/// The baskets on a page; on one that is no more, those of the last.
pub(super) fn parked_page(parked: &[ParkedBasket], page: usize) -> &[ParkedBasket] {
    parked.chunks(PARKED_PER_PAGE).nth(page).or_else(|| parked.chunks(PARKED_PER_PAGE).last()).unwrap_or_default()
}

pub(super) fn parked_panel<'a>(ui: &Ui<'_>, parked: &[ParkedBasket], page: usize) -> Element<'a, Message> {
    let mut acts = parked_page(parked, page).iter().zip('1'..).map(|(basket, key)| {
        let words = ui.text.parked_basket(ui.time(basket.parked_at), basket.operator_name.as_str());
        let caption = format!("{} · {}", ui.text.items(basket.item_count), ui.money(basket.total));
        Act::new(Key::Character(key), words, Some(Message::Recalled(basket.basket)))
            .caption(caption)
            .height(height::ACT)
            .view_answer(ui)
    });
    let mut rows = column![].spacing(gap::SMALL);
    while let Some(first) = acts.next() {
        let second = acts.next().unwrap_or_else(|| space::horizontal().width(Length::Fill).into());
        rows = rows.push(row![first, second].spacing(gap::SMALL));
    }
    let pages = parked.len().div_ceil(PARKED_PER_PAGE);
    let mut head = row![headline(ui, ui.text.parked_title()).fill().shorten(1)].spacing(gap::SMALL);
    if pages > 1 {
        let words = ui.text.act_other_page((page.min(pages - 1) + 1) as i64, pages as i64);
        head = head.push(Act::new(Key::Tab, words, Some(Message::ParkedTurned)).function().view(ui));
    }
    card(container(column![head, rows].spacing(12)).padding(gap::MEDIUM))
}

/// What a line's price is changed for: a key each.
pub(super) fn reason_panel<'a>(
    ui: &Ui<'_>,
    snapshot: &Snapshot,
    line: u32,
    change: PriceChange,
) -> Element<'a, Message> {
    let name = snapshot.basket.basket.line(line).map_or("", |line| line.name.as_str());
    let title = match change {
        PriceChange::Discount(percent) => ui.text.reason_of_discount(ui.text.locale.percent(percent)),
        PriceChange::Price(price) => ui.text.reason_of_price(ui.amount(price)),
    };
    let mut acts =
        snapshot.till.price_change_reasons.iter().zip(('1'..='9').zip(1..)).map(|(reason, (key, number))| {
            Act::new(Key::Character(key), reason.as_str(), Some(Message::ReasonStruck(number)))
                .height(height::KEY)
                .view_answer(ui)
        });
    let mut rows = column![].spacing(gap::SMALL);
    while let Some(first) = acts.next() {
        let second = acts.next().unwrap_or_else(|| space::horizontal().width(Length::Fill).into());
        rows = rows.push(
            row![container(first).width(Length::FillPortion(1)), container(second).width(Length::FillPortion(1))]
                .spacing(gap::SMALL),
        );
    }
    let head = column![headline(ui, title).shorten(1), ui.label(Type::Caption, name).muted().fill().shorten(1)];
    card(container(column![head, rows].spacing(12)).padding(12))
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
            Act::new(VOID_KEY, ui.text.act_void(), Some(Message::VoidConfirmed)).fill().view(ui),
        ]
        .spacing(10),
    ]
    .spacing(12);
    card(container(content).padding(gap::MEDIUM))
}
