//! Conversions of `proto/office/v1/`: what head office and the warehouse see.

use super::trade;
use crate::domain::web_order::{Fulfilment, OrderState, UnmatchedLine, WebOrder};

/// Version 1.
#[allow(clippy::all)]
pub mod v1 {
    tonic::include_proto!("office.v1");
}

/// An order as head office sees it.
pub fn order(order: &WebOrder) -> v1::Order {
    let seen = trade::order(order);
    v1::Order {
        order_number: seen.order_number,
        sender_reference: seen.sender_reference,
        channel: seen.channel,
        store: seen.store,
        state: seen.state,
        at_risk: seen.at_risk,
        pick_up: order.fulfilment == Fulfilment::PickUp,
        customer_name: order.customer_name.clone(),
        paid: order.paid,
        ordered_at: seen.ordered_at,
        collect_by: seen.collect_by,
        bay: order.bay.clone().unwrap_or_default(),
        picker: order.picker.as_ref().map_or_else(String::new, ToString::to_string),
        carrier: seen.carrier,
        tracking_number: seen.tracking_number,
        lines: seen.lines,
        held_lines: order.unmatched.iter().map(held_line).collect(),
        held: order.held_words().unwrap_or_default(),
        notes: order.notes.clone(),
        buyer: String::new(),
        customer: String::new(),
        delivery_address: Vec::new(),
    }
}

fn held_line(held: &UnmatchedLine) -> v1::HeldLine {
    v1::HeldLine {
        line: held.line,
        name: held.name.clone(),
        gtin: held.gtin.clone().unwrap_or_default(),
        sellers_number: held.sellers_number.clone().unwrap_or_default(),
        buyers_number: held.buyers_number.clone().unwrap_or_default(),
        quantity_thousandths: held.quantity.thousandths(),
        unit: held.unit.clone().unwrap_or_default(),
        unit_price_minor: held.unit_price.minor(),
        currency: held.unit_price.currency().code().to_owned(),
    }
}

/// The state that head office asks for; `None` for one that is no state.
pub fn find_state(asked: trade::v1::OrderState) -> Option<OrderState> {
    OrderState::ALL.into_iter().find(|state| trade::state(*state) == asked)
}
