//! What is asked once more about the open order: putting back what somebody may still collect ends it, and what another till
//! has set aside for another store it may have sent.

use iced::widget::{column, row};

use super::super::super::keys::Key;
use super::super::super::measure::Type;
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, headline};
use super::Message;
use crate::domain::web_order::WebOrder;
use crate::register::snapshot::OrderDetail;

pub(super) fn put_back_foot<'a>(ui: &Ui<'_>, order: &WebOrder) -> Element<'a, Message> {
    column![
        headline(ui, ui.text.put_back_title(order.number.as_str())).shorten(1),
        ui.label(Type::Body, ui.text.put_back_explained(order.customer_name.as_str())).muted().fill().shorten(2),
        row![
            Act::new(Key::Escape, ui.text.act_leave_in_bay(), Some(Message::Stepped)).fill().view(ui),
            Act::new(Key::Character('+'), ui.text.act_put_back(), Some(Message::Confirmed)).fill().view(ui),
        ]
        .spacing(10),
    ]
    .spacing(10)
    .into()
}

pub(super) fn send_foot<'a>(ui: &Ui<'_>, detail: &OrderDetail) -> Element<'a, Message> {
    let till = detail.kept_at.as_deref().unwrap_or_default();
    let title = match detail.order.bay.as_deref() {
        Some(bay) => ui.text.send_title(bay),
        None => ui.text.send_title_no_bay(),
    };
    column![
        headline(ui, title).shorten(1),
        ui.label(Type::Body, ui.text.send_explained(till)).muted().fill().shorten(2),
        row![
            Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).fill().view(ui),
            Act::new(Key::Character('+'), ui.text.act_send_looked(), Some(Message::Confirmed)).fill().view(ui),
        ]
        .spacing(10),
    ]
    .spacing(10)
    .into()
}
