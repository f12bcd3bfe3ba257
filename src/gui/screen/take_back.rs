//! Is a card payment to be taken back? The terminal has charged it: that is said before it is done, at Pay and on the card.

use iced::widget::{column, row};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::Type;
use super::super::style::Tone;
use super::super::theme::Ink;
use super::super::ui::Ui;
use super::super::widget::{Act, Element, headline, low_card_with_edge};
use crate::domain::money::Money;
use crate::domain::tender::TenderKind;
use crate::register::snapshot::Snapshot;

/// The amount of a tender that a card terminal has charged; `None` for cash, and for a tender that has gone.
pub fn charged(snapshot: &Snapshot, index: usize) -> Option<Money> {
    let tender = snapshot.basket.basket.tenders.get(index)?;
    (tender.kind == TenderKind::Card).then_some(tender.amount)
}

/// The question as a card with the notice below its answers: Enter takes the payment back, Esc leaves it.
pub fn question<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    amount: Money,
    notice: Option<Element<'a, Message>>,
    confirmed: Message,
    stepped: Message,
) -> Element<'a, Message> {
    let asked = column![
        row![
            ui.icon(Type::Headline, Icon::CreditCard).ink(Tone::Mind.ink()),
            headline(ui, ui.text.take_back_title(ui.money(amount))).ink(Ink::Mind).fill().shorten(2),
        ]
        .spacing(10)
        .align_y(iced::Alignment::Center),
        ui.label(Type::Body, ui.text.take_back_explained()).fill(),
        row![
            Act::new(Key::Escape, ui.text.act_back(), Some(stepped)).fill().view(ui),
            Act::new(Key::Enter, ui.text.act_take_back(), Some(confirmed)).primary().fill().view(ui),
        ]
        .spacing(10),
    ]
    .extend(notice);
    low_card_with_edge(Tone::Mind, asked.spacing(12))
}
