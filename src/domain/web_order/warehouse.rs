//! Orders that are sent: picked from a list, packed, and given to a carrier.
//!
//! People of the warehouse say what they did to a whole order (*pack*); [`plan_warehouse`] makes the steps of it, and
//! refuses what does not fit, so that nothing of it is written. The steps are folded by [`WebOrder::apply`] like any other.

use super::{Anomaly, ChangeRefusal, Fulfilment, LineQuantity, OrderState, OrderStep, WebOrder};
use crate::domain::ids::OperatorId;
use crate::domain::quantity::Quantity;

/// With whom a parcel went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// The carrier, as people call it.
    pub carrier: String,
    /// The carrier's number of the parcel.
    pub tracking: String,
}

/// What somebody did to an order that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WarehouseAct {
    /// Went to pick it.
    Pick {
        /// Who.
        picker: OperatorId,
    },
    /// Did not find units of a line.
    ReportShort {
        /// Which line.
        line: u32,
        /// How many; `None` for all that are still to be picked.
        quantity: Option<Quantity>,
    },
    /// Put it into its parcel: everything that was not reported missing.
    Pack,
    /// Gave the parcel to a carrier.
    Dispatch(Dispatch),
    /// Cancelled it, for the customer or because it cannot be sent.
    Cancel,
}

/// Why an act does not fit an order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WarehouseRefusal {
    /// It is collected in a store, whose tills take care of it.
    #[error("it is collected in a store: the tills of that store pick it and hand it over")]
    PickUp,
    /// The order is in another state.
    #[error("it is {}", state_words(*.0))]
    NotInState(OrderState),
    /// Its customer has some of it: it can be cancelled no more.
    #[error("its customer has {handed_over} of line {line} already: it can be cancelled no more")]
    HandedOver {
        /// The line.
        line: u32,
        /// What the customer has.
        handed_over: Quantity,
    },
    /// The order has no such line.
    #[error("it has no line {0}")]
    NoSuchLine(u32),
    /// Not a number of units that are still to be picked.
    #[error("line {line} has {open} still to be picked")]
    QuantityInvalid {
        /// The line.
        line: u32,
        /// What is still to be picked.
        open: Quantity,
    },
    /// Items of it are held: nobody knows yet what they are.
    #[error("held: {items} of its items to match; match them first")]
    Held {
        /// How many.
        items: usize,
    },
    /// Nothing was found: there is no parcel to pack.
    #[error("nothing of it was found: cancel it instead")]
    NothingFound,
    /// Carrier and tracking number are what the customer is told.
    #[error("name the carrier and the tracking number, of at most 80 characters each")]
    DispatchUnnamed,
}

/// The longest name of a carrier and the longest tracking number, in characters.
const DISPATCH_TEXT_MAX: usize = 80;

fn state_words(state: OrderState) -> &'static str {
    match state {
        OrderState::Received => "not begun yet: pick it first",
        OrderState::Picking => "being picked: pack it first",
        OrderState::Short => "short of units: pack what there is, or cancel it",
        OrderState::Ready => "ready in a store",
        OrderState::PartHandedOver => "handed over in part",
        OrderState::HandedOver => "handed over",
        OrderState::Lapsed => "lapsed",
        OrderState::PutBack => "put back",
        OrderState::Cancelled => "cancelled",
        OrderState::Packed => "packed already",
        OrderState::Dispatched => "dispatched already",
    }
}

/// The steps of an act, every one of which fits; the order after them is what folding them gives.
pub fn plan_warehouse(order: &WebOrder, act: &WarehouseAct) -> Result<Vec<OrderStep>, WarehouseRefusal> {
    if order.fulfilment != Fulfilment::Delivery && *act != WarehouseAct::Cancel {
        return Err(WarehouseRefusal::PickUp);
    }
    let steps = match act {
        WarehouseAct::Pick { .. } if order.lines.is_empty() && order.is_held() => {
            return Err(WarehouseRefusal::Held { items: order.unmatched.len() });
        }
        WarehouseAct::Pick { picker } => vec![OrderStep::PickStarted { operator: picker.clone() }],
        WarehouseAct::ReportShort { line, quantity } => {
            let open = order.line(*line).ok_or(WarehouseRefusal::NoSuchLine(*line))?;
            let open = open.promised() - open.short;
            let quantity = quantity.unwrap_or(open);
            if !quantity.is_positive() || quantity > open {
                return Err(WarehouseRefusal::QuantityInvalid { line: *line, open });
            }
            vec![OrderStep::ReportedShort { what: LineQuantity { line: *line, quantity } }]
        }
        WarehouseAct::Pack => plan_packing(order)?,
        WarehouseAct::Dispatch(dispatch) => {
            let named = |text: &str| !text.trim().is_empty() && text.chars().count() <= DISPATCH_TEXT_MAX;
            if !named(&dispatch.carrier) || !named(&dispatch.tracking) {
                return Err(WarehouseRefusal::DispatchUnnamed);
            }
            vec![OrderStep::Dispatched(dispatch.clone())]
        }
        WarehouseAct::Cancel => match order.cancelled() {
            Ok(_) => vec![OrderStep::Cancelled],
            Err(ChangeRefusal::HandedOver { line, handed_over }) => {
                return Err(WarehouseRefusal::HandedOver { line, handed_over });
            }
            Err(ChangeRefusal::Over(state)) => return Err(WarehouseRefusal::NotInState(state)),
        },
    };
    let mut after = order.clone();
    for step in &steps {
        if let Some(anomaly) = after.apply(step).first() {
            return Err(match anomaly {
                Anomaly::NoSuchLine(line) => WarehouseRefusal::NoSuchLine(*line),
                _ => WarehouseRefusal::NotInState(order.state),
            });
        }
    }
    Ok(steps)
}

/// Everything that was not reported missing was found: it goes into the parcel.
fn plan_packing(order: &WebOrder) -> Result<Vec<OrderStep>, WarehouseRefusal> {
    if !matches!(order.state, OrderState::Picking | OrderState::Short) {
        return Err(WarehouseRefusal::NotInState(order.state));
    }
    if order.is_held() {
        return Err(WarehouseRefusal::Held { items: order.unmatched.len() });
    }
    let mut steps = Vec::new();
    for line in &order.lines {
        let found = line.promised() - line.short;
        if found.is_positive() {
            let what = LineQuantity { line: line.line, quantity: found };
            steps.push(OrderStep::Picked { what, bay: None });
        }
    }
    if steps.is_empty() && order.lines.iter().all(|line| line.held().is_zero()) {
        return Err(WarehouseRefusal::NothingFound);
    }
    steps.push(OrderStep::Packed);
    Ok(steps)
}

impl WebOrder {
    /// Is it sent, and every unit of it picked or reported missing, some of it picked?
    pub(super) fn is_ready_to_pack(&self) -> bool {
        self.fulfilment == Fulfilment::Delivery
            && self.unmatched.is_empty()
            && matches!(self.state, OrderState::Picking | OrderState::Short)
            && self.lines.iter().all(|line| line.promised() <= line.short)
            && self.lines.iter().any(|line| line.held().is_positive())
    }

    /// What was missing is given up; the parcel holds what was picked and is still wanted.
    pub(super) fn pack(&mut self) {
        for line in &mut self.lines {
            line.picked = line.picked - line.surplus();
            line.cancelled += line.promised();
            line.short = Quantity::ZERO;
        }
        self.picker = None;
        self.at_risk = false;
        self.state = OrderState::Packed;
    }

    /// The customer's from here on.
    pub(super) fn dispatch(&mut self, dispatch: &Dispatch) {
        for line in &mut self.lines {
            line.handed_over = line.picked;
        }
        self.dispatch = Some(dispatch.clone());
        self.state = OrderState::Dispatched;
    }
}

#[cfg(test)]
mod tests;
