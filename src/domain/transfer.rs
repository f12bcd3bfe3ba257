//! Transfers: goods one store asks of another, from the asking to the arrival.
//!
//! In the giving store a transfer is an order like any other: it needs units, they are picked, lie in a bay, and leave. So
//! the one formula, the conflict card and the pick-up queue hold for it as they stand. What is here is the asking store's
//! side: the record both stores see, whose state follows from that order.

use super::Timestamp;
use super::ids::{CaseId, EntryId, OrderNumber, ProductId, StoreId};
use super::quantity::Quantity;
use super::web_order::{OrderState, WebOrder};

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferState {
    /// The giving store owes it, and has not touched it.
    Requested,
    /// The giving store had none free when central heard of it.
    NoneFree,
    /// Picked in the giving store.
    SetAside,
    /// On its way.
    Sent,
    /// The giving store could not find it, or gave it up.
    Refused,
    /// The asking store has it, or has understood that it does not come.
    Closed,
    /// The conflict case it was to decide had been decided before central heard of it: nothing was promised.
    NotNeeded,
    /// The asking store needed it no more, before anybody had set it aside.
    Withdrawn,
}

impl TransferState {
    /// The state that follows from the giving store's order.
    pub fn of_order(order: &WebOrder) -> Self {
        let held = order.lines.iter().any(|line| line.held().is_positive());
        match order.state {
            OrderState::HandedOver => Self::Sent,
            OrderState::Cancelled | OrderState::PutBack => Self::Refused,
            _ if held => Self::SetAside,
            _ => Self::Requested,
        }
    }

    /// Nobody has anything to do about it any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn)
    }

    /// Nothing more comes from the giving store: the asking store's turn.
    pub const fn is_refused(self) -> bool {
        matches!(self, Self::NoneFree | Self::Refused | Self::NotNeeded)
    }
}

/// A transfer as both stores see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The journal entry that asked for it: its identity.
    pub entry: EntryId,
    /// The order in the giving store; `None` when it had none free, or before central has heard of it.
    pub order: Option<OrderNumber>,
    /// What.
    pub product: ProductId,
    /// How many were asked for; once sent, how many are on their way.
    pub quantity: Quantity,
    /// The giving store.
    pub from: StoreId,
    /// Its name.
    pub from_name: String,
    /// The asking store.
    pub to: StoreId,
    /// Its name.
    pub to_name: String,
    /// Who asked, by name.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// Where it stands.
    pub state: TransferState,
    /// The conflict it answers.
    pub case: Option<CaseId>,
    /// The web order of the asking store it is for.
    pub for_order: Option<OrderNumber>,
    /// The customer it is for, as they said; empty when nobody was named, and once it is over.
    pub customer: String,
}

#[cfg(test)]
mod tests {
    use super::super::specimen;
    use super::super::web_order::{Fulfilment, LineQuantity, OrderStep};
    use super::*;

    fn steps(steps: &[OrderStep]) -> (TransferState, WebOrder) {
        let line = specimen::order_line(1, "crew", 2);
        let mut order = WebOrder { fulfilment: Fulfilment::Transfer, ..specimen::order("T-1", vec![line]) };
        for step in steps {
            assert_eq!(order.apply(step), [], "{step:?}");
        }
        (TransferState::of_order(&order), order)
    }

    #[test]
    fn a_transfer_stands_where_its_order_stands() {
        let line = |units| LineQuantity { line: 1, quantity: Quantity::units(units) };
        let picked = |units| OrderStep::Picked { what: line(units), bay: None };
        let short = |units| OrderStep::ReportedShort { what: line(units) };
        let sent = |units| OrderStep::Sent { lines: vec![line(units)] };
        let ready = OrderStep::MadeReady { bay: "B1".into() };
        assert_eq!(steps(&[]).0, TransferState::Requested);
        assert_eq!(steps(&[picked(2)]).0, TransferState::SetAside);
        assert_eq!(steps(&[picked(2), ready, sent(2)]).0, TransferState::Sent);
        assert_eq!(steps(&[short(2), OrderStep::Cancelled]).0, TransferState::Refused);
        // One of two goes: the other is given up, and is no longer promised.
        let (state, order) = steps(&[picked(1), short(1), sent(1)]);
        assert_eq!(
            (state, order.state, order.promised_of(&"crew".into())),
            (TransferState::Sent, OrderState::HandedOver, Quantity::ZERO)
        );
    }
}
