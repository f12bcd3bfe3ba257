//! The panel of the line that is looked at: how much, why this price, what there is of it and what happened to it.
//! The keys that change the line stand under it, on the number pad.

use iced::widget::{Column, column, container, row, space};
use iced::{Alignment, Length};

use super::super::measure::{TextSize, Type, space as gap};
use super::super::style::Surface;
use super::super::ui::Ui;
use super::super::widget::{Element, card, divider, headline};
use super::basket::{prepaid_words, quantity_words, share_words};
use super::stock::story_words;
use crate::domain::basket::{BasketLine, PriceSource};
use crate::register::snapshot::{LinePanel, LineStock, Snapshot};

/// How many other stores the panel names.
const STORES_SHOWN: usize = 3;

/// The panel; nothing when the line has just gone.
pub fn line_panel<'a, Message: 'a>(ui: &Ui<'_>, snapshot: &Snapshot, panel: &LinePanel) -> Element<'a, Message> {
    let Some(line) = snapshot.basket.basket.line(panel.line) else { return space::vertical().into() };
    let head =
        row![headline(ui, line.name.as_str()).fill().shorten(1), headline(ui, ui.money(line.to_pay())).shorten(1)]
            .spacing(gap::MEDIUM)
            .align_y(Alignment::Center);
    let mut content = column![head].spacing(gap::SMALL);
    content = match &panel.stock {
        Some(stock) => content.push(figures(ui, stock)),
        None => content.push(caption(ui, ui.text.panel_not_stocked())),
    };
    let mut facts = row![why(ui, line, panel)].spacing(gap::LARGE);
    if let Some(stock) = &panel.stock {
        facts = facts.push(story(ui, stock));
    }
    content = content.push(container(facts).height(Length::Fill));
    if ui.text_size == TextSize::Normal {
        content = content.push(divider()).push(caption(ui, ui.text.panel_hint()));
    }
    card(container(content).padding([12.0, gap::MEDIUM]))
}

fn caption<'a, Message: 'a>(ui: &Ui<'_>, words: impl Into<String>) -> Element<'a, Message> {
    ui.label(Type::Caption, words).muted().fill().shorten(1).into()
}

fn title<'a, Message: 'a>(ui: &Ui<'_>, words: String) -> Element<'a, Message> {
    ui.label(Type::LabelStrong, words).fill().shorten(1).into()
}

fn figures<'a, Message: 'a>(ui: &Ui<'_>, stock: &LineStock) -> Element<'a, Message> {
    let level = &stock.level;
    let age = match (stock.live, stock.as_of) {
        (true, Some(at)) => ui.text.as_of_live(ui.time(at)),
        (false, Some(at)) => ui.text.as_of_old(ui.moment(at), ui.since(at)),
        (_, None) => ui.text.as_of_never(),
    };
    column![
        row![
            small_figure(ui, ui.text.figure_on_hand(), ui.quantity(level.on_hand)),
            small_figure(ui, ui.text.figure_held(), ui.quantity(level.held)),
            small_figure(ui, ui.text.figure_promised(), ui.quantity(level.promised)),
            small_figure(ui, ui.text.figure_free(), ui.quantity(level.free())),
        ]
        .spacing(gap::SMALL),
        caption(ui, age),
    ]
    .spacing(gap::TIGHT)
    .into()
}

/// A figure under its caption, lower than where figures are what a card is about.
fn small_figure<'a, Message: 'a>(ui: &Ui<'_>, words: String, value: String) -> Element<'a, Message> {
    container(column![caption(ui, words), ui.label(Type::LineStrong, value).shorten(1)])
        .class(Surface::Sunken)
        .padding([4.0, gap::SMALL])
        .width(Length::Fill)
        .into()
}

/// From the list price to what the line costs, one step a row.
fn why<'a, Message: 'a>(ui: &Ui<'_>, line: &BasketLine, panel: &LinePanel) -> Element<'a, Message> {
    let step = |words: String, amount: String| -> Element<'a, Message> {
        row![
            ui.label(Type::Caption, words).muted().fill().shorten(1),
            ui.label(Type::Caption, amount).right().shorten(1)
        ]
        .spacing(gap::SMALL)
        .into()
    };
    let mut steps: Vec<Element<'a, Message>> = Vec::new();
    if let Some(price) = panel.list_price {
        steps.push(step(ui.text.panel_list_price(), ui.amount(price)));
    }
    match (line.price_source, &panel.changed_by, &line.hand_over) {
        (PriceSource::List, ..) => {}
        (PriceSource::Typed, Some(name), _) => {
            let words = match &line.price_reason {
                Some(reason) => ui.text.panel_discount_by(reason.as_str(), name.as_str()),
                None => ui.text.panel_price_typed_by(name.as_str()),
            };
            steps.push(step(words, ui.amount(line.unit_price)));
        }
        (PriceSource::Typed, None, _) => steps.push(step(ui.text.price_typed(), ui.amount(line.unit_price))),
        (PriceSource::Label, ..) => steps.push(step(ui.text.price_from_label(), ui.amount(line.amount))),
        (PriceSource::Order, _, order) => {
            let number = order.as_ref().map(|order| order.order.to_string()).unwrap_or_default();
            steps.push(step(ui.text.panel_price_agreed(number), ui.amount(line.unit_price)));
        }
    }
    if panel.pack > 1 {
        steps.push(step(ui.text.panel_pack(i64::from(panel.pack)), String::new()));
    }
    let times = format!("{} × {}", quantity_words(ui, line), ui.amount(line.unit_price));
    steps.push(step(times, ui.amount(line.amount)));
    if let Some(discount) = &line.discount {
        let reason = match discount.percent {
            Some(percent) => format!("{} {}", discount.reason, ui.text.locale.percent(percent)),
            None => discount.reason.clone(),
        };
        let words = match &panel.changed_by {
            Some(name) => ui.text.panel_discount_by(reason, name.as_str()),
            None => reason,
        };
        steps.push(step(words, ui.amount(-discount.amount)));
    }
    if let Some(order) = &line.hand_over {
        for (words, amount) in [share_words(ui, order.share), prepaid_words(ui, line.prepaid())].into_iter().flatten() {
            steps.push(step(words, ui.amount(amount)));
        }
    }
    if let Some(name) = &panel.approved_by {
        steps.push(step(ui.text.panel_approved_by(name.as_str()), String::new()));
    }
    column![title(ui, ui.text.panel_why()), Column::with_children(steps).spacing(2)]
        .spacing(gap::TIGHT)
        .width(Length::FillPortion(4))
        .into()
}

/// The last movements here, and where else there are some.
fn story<'a, Message: 'a>(ui: &Ui<'_>, stock: &LineStock) -> Element<'a, Message> {
    let mut movements: Vec<Element<'a, Message>> =
        stock.story.iter().map(|line| caption(ui, story_words(ui, line))).collect();
    if movements.is_empty() {
        movements.push(caption(ui, ui.text.story_none()));
    }
    let mut stores: Vec<Element<'a, Message>> = stock
        .elsewhere
        .iter()
        .take(STORES_SHOWN)
        .map(|store| {
            let free = ui.text.store_free_old(ui.quantity(store.free), ui.since(store.as_of));
            row![
                ui.label(Type::Caption, store.name.as_str()).muted().fill().shorten(1),
                ui.label(Type::Caption, free).right().shorten(1)
            ]
            .spacing(gap::SMALL)
            .into()
        })
        .collect();
    if stores.is_empty() {
        stores.push(caption(ui, ui.text.panel_nowhere()));
    }
    column![
        title(ui, ui.text.panel_movements()),
        Column::with_children(movements).spacing(2),
        container(title(ui, ui.text.panel_elsewhere()))
            .padding(iced::Padding { top: gap::TIGHT, ..iced::Padding::ZERO }),
        Column::with_children(stores).spacing(2),
    ]
    .spacing(gap::TIGHT)
    .width(Length::FillPortion(5))
    .into()
}
