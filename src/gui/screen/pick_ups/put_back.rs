//! Putting back an order that somebody may still collect: it ends the order, so it is asked once more.

use iced::widget::{column, row};

use super::super::super::keys::Key;
use super::super::super::measure::Type;
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, headline};
use super::Message;
use crate::domain::web_order::WebOrder;

pub(super) fn put_back_foot<'a>(ui: &Ui<'_>, order: &WebOrder) -> Element<'a, Message> {
    column![
        headline(ui, ui.text.put_back_title(order.number.as_str())).shorten(1),
        ui.label(Type::Body, ui.text.put_back_explained(order.customer_name.as_str())).muted().fill().shorten(2),
        row![
            Act::new(Key::Escape, ui.text.act_leave_in_bay(), Some(Message::Stepped)).fill().view(ui),
            Act::new(Key::Enter, ui.text.act_put_back(), Some(Message::Confirmed)).fill().view(ui),
        ]
        .spacing(10),
    ]
    .spacing(10)
    .into()
}
