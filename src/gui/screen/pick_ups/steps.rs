//! What can be done next about the open order.

use crate::domain::ids::OperatorId;
use crate::domain::web_order::{Fulfilment, OrderState, WebOrder};
use crate::register::snapshot::{Access, OrderDetail, Snapshot};

/// The step that Enter takes on an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NextStep {
    StartPicking,
    /// From whoever is picking it.
    TakeOver,
    MakeReady,
    HandOver,
    Send,
    PutBack,
    Nothing,
}

pub(super) fn next_step(order: &WebOrder, me: Option<&OperatorId>) -> NextStep {
    match order.state {
        OrderState::Cancelled if order.is_to_put_back() => NextStep::PutBack,
        OrderState::Received => NextStep::StartPicking,
        OrderState::Picking if order.picker.is_some() && order.picker.as_ref() != me && !order.can_be_made_ready() => {
            NextStep::TakeOver
        }
        OrderState::Picking | OrderState::Short => NextStep::MakeReady,
        OrderState::Ready | OrderState::PartHandedOver | OrderState::Lapsed => match order.fulfilment {
            Fulfilment::Transfer => NextStep::Send,
            Fulfilment::PickUp | Fulfilment::Delivery => NextStep::HandOver,
        },
        OrderState::HandedOver
        | OrderState::PutBack
        | OrderState::Cancelled
        | OrderState::Packed
        | OrderState::Dispatched => NextStep::Nothing,
    }
}

/// Who is signed in.
pub(super) fn me(snapshot: &Snapshot) -> Option<&OperatorId> {
    match &snapshot.access {
        Access::Open(operator) | Access::NeedsSession(operator) => Some(&operator.id),
        Access::SignIn(_) | Access::Stopped(_) => None,
    }
}

/// Could somebody still collect it? Then putting it back ends it.
pub(super) fn ends_by_putting_back(order: &WebOrder) -> bool {
    matches!(order.state, OrderState::Ready | OrderState::PartHandedOver) && can_put_back(order)
}

/// May the customer have it before it is ready, as far as it is picked?
pub(super) fn can_be_brought_here(detail: Option<&OrderDetail>, next: NextStep) -> bool {
    let picking = matches!(next, NextStep::StartPicking | NextStep::TakeOver | NextStep::MakeReady);
    picking && detail.is_some_and(|detail| detail.order.fulfilment != Fulfilment::Transfer)
}

/// Is there anything of it that a customer could take along now?
pub(super) fn lies_here(order: &WebOrder) -> bool {
    order.lines.iter().any(|line| line.held().min(line.outstanding()).is_positive())
}

pub(super) fn can_put_back(order: &WebOrder) -> bool {
    order.lines.iter().any(|line| line.held().is_positive())
}

pub(super) fn next_bay(now: Option<&str>, bays: &[String]) -> Option<String> {
    let position = bays.iter().position(|bay| Some(bay.as_str()) == now);
    let next = position.map_or(0, |position| (position + 1) % bays.len().max(1));
    bays.get(next).cloned()
}
