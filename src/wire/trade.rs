//! Conversions of `proto/trade/v1/`: what the outside world sees of an order.

use super::Wire;
use crate::domain::money::Money;
use crate::domain::tax::Taxed;
use crate::domain::web_order::{Fulfilment, OrderLine, OrderState, WebOrder};

/// Version 1.
#[allow(clippy::all)]
pub mod v1 {
    tonic::include_proto!("trade.v1");
}

/// What the outside calls a state: an order nobody has begun with is *awaiting picking*.
pub fn state(state: OrderState) -> v1::OrderState {
    match state {
        OrderState::Received => v1::OrderState::AwaitingPicking,
        OrderState::Picking => v1::OrderState::Picking,
        OrderState::Short => v1::OrderState::Short,
        OrderState::Ready => v1::OrderState::Ready,
        OrderState::PartHandedOver => v1::OrderState::PartHandedOver,
        OrderState::HandedOver => v1::OrderState::HandedOver,
        OrderState::Lapsed => v1::OrderState::Lapsed,
        OrderState::PutBack => v1::OrderState::PutBack,
        OrderState::Cancelled => v1::OrderState::Cancelled,
        OrderState::Packed => v1::OrderState::Packed,
        OrderState::Dispatched => v1::OrderState::Dispatched,
    }
}

/// An order as its sender may see it: neither who picks it nor where it lies.
pub fn order(order: &WebOrder) -> v1::Order {
    v1::Order {
        order_number: order.number.to_string(),
        sender_reference: order.reference.clone(),
        channel: order.channel.to_string(),
        store: order.store.to_string(),
        state: state(order.state) as i32,
        at_risk: order.at_risk,
        pick_up: order.fulfilment == Fulfilment::PickUp,
        collection_code: order.collection_code.clone(),
        collect_by: order.collect_by.map(|at| at.to_wire()),
        ordered_at: Some(order.ordered_at.to_wire()),
        lines: order.lines.iter().map(line).collect(),
        carrier: order.dispatch.as_ref().map_or_else(String::new, |dispatch| dispatch.carrier.clone()),
        tracking_number: order.dispatch.as_ref().map_or_else(String::new, |dispatch| dispatch.tracking.clone()),
        currency: order.currency().map_or_else(String::new, |currency| currency.code().to_owned()),
        due_minor: order.amount_due().map_or(0, Money::minor),
        held_items: if order.is_held() { order.unmatched.len() as u32 } else { 0 },
    }
}

fn taxed(taxed: &Taxed) -> v1::Taxed {
    let Taxed { percent, net, tax } = taxed;
    v1::Taxed { percent: percent.to_string(), net_minor: net.minor(), tax_minor: tax.minor() }
}

fn line(line: &OrderLine) -> v1::OrderLine {
    v1::OrderLine {
        line: line.line,
        product: line.product.to_string(),
        name: line.name.clone(),
        ordered_thousandths: line.ordered.thousandths(),
        picked_thousandths: line.picked.thousandths(),
        handed_over_thousandths: line.handed_over.thousandths(),
        cancelled_thousandths: line.cancelled.thousandths(),
        short_thousandths: line.short.thousandths(),
        amount_minor: line.amount.minor(),
        share_minor: line.share.minor(),
        taxed: line.taxed.iter().map(taxed).collect(),
    }
}
