//! Web orders: their lines, their states, and what each step does to them.
//!
//! An order is folded from its steps by one function, [`WebOrder::apply`], at the till and at central alike. The fold is
//! total: a step that contradicts the order (two tills hand it over offline) is applied as far as it can be and answered
//! with an [`Anomaly`] for people to look at, never an error.

mod address;
mod amounts;
mod change;
mod history;
mod next_steps;
mod unmatched;

pub use address::DeliveryAddress;
pub use amounts::{LineDue, OrderSums, worth};
pub use change::{ChangeRefusal, Payment, WantedLine, WantedOrder};
pub use history::{HISTORY_STEPS_MAX, Hold, StepTaken, forget_collectors, list_holds, remember};
pub use unmatched::{ItemMatch, MatchRefusal, UnmatchedLine};
mod warehouse;

pub use warehouse::{Dispatch, WarehouseAct, WarehouseRefusal, plan_warehouse};

use super::Timestamp;
use super::ids::{ChannelId, OperatorId, OrderNumber, ProductId, StoreId};
use super::money::Money;
use super::quantity::Quantity;
use super::tax::{TaxCode, Taxed};

/// Who takes the goods where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fulfilment {
    /// Collected in a store.
    PickUp,
    /// Sent from a warehouse.
    Delivery,
    /// Set aside for another store of the company, and sent there.
    Transfer,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrderState {
    /// Known to us, nothing done yet.
    Received,
    /// Someone is walking the shelves.
    Picking,
    /// Everything there is has been picked, and something is missing.
    Short,
    /// In its bay, the customer can come.
    Ready,
    /// Part of it has been handed over.
    PartHandedOver,
    /// Done.
    HandedOver,
    /// The collect-by time has passed.
    Lapsed,
    /// Lapsed or cancelled goods are back on the shelf.
    PutBack,
    /// Cancelled.
    Cancelled,
    /// In its parcel, waiting for the carrier.
    Packed,
    /// On its way to the customer.
    Dispatched,
}

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Received,
        Self::Picking,
        Self::Short,
        Self::Ready,
        Self::PartHandedOver,
        Self::HandedOver,
        Self::Lapsed,
        Self::PutBack,
        Self::Cancelled,
        Self::Packed,
        Self::Dispatched,
    ];

    /// Does the order still hold or need units?
    pub const fn is_unfulfilled(self) -> bool {
        match self {
            Self::Received
            | Self::Picking
            | Self::Short
            | Self::Ready
            | Self::PartHandedOver
            | Self::Lapsed
            | Self::Packed => true,
            Self::HandedOver | Self::PutBack | Self::Cancelled | Self::Dispatched => false,
        }
    }
}

/// One product of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// Its number in the order, from 1.
    pub line: u32,
    /// What.
    pub product: ProductId,
    /// As the order calls it.
    pub name: String,
    /// How many were ordered.
    pub ordered: Quantity,
    /// Picked so far, those already handed over among them.
    pub picked: Quantity,
    /// Handed over so far.
    pub handed_over: Quantity,
    /// Taken out of the order, or given up as not to be found.
    pub cancelled: Quantity,
    /// Reported missing on the shelf; still promised until someone decides.
    pub short: Quantity,
    /// What the customer pays for one, to the nearest minor unit: the amount is what counts.
    pub unit_price: Money,
    /// What everything ordered of it costs, to the minor unit.
    pub amount: Money,
    /// Its part of what the order takes off (below zero) or puts on as a whole: discounts, shipping, rounding.
    pub share: Money,
    /// What of both is taxed at which rate, the goods' own first, where its sender says so: then it is asked for exactly that.
    /// The net amounts add up to both where the store's prices are without the tax, the gross ones where they hold it.
    pub taxed: Vec<Taxed>,
    /// Which rate it is taxed at.
    pub tax: TaxCode,
    /// Does handing it over move stock? Gift wrapping and bags do not: nothing of them is promised or held.
    pub stocked: bool,
}

impl OrderLine {
    /// How many are wanted, once what was taken out of the order is left out.
    pub fn wanted(&self) -> Quantity {
        self.ordered - self.cancelled
    }

    /// In the bay for this line.
    pub fn held(&self) -> Quantity {
        (self.picked - self.handed_over).max(Quantity::ZERO)
    }

    /// Still to be picked.
    pub fn promised(&self) -> Quantity {
        (self.ordered - self.cancelled - self.picked).max(Quantity::ZERO)
    }

    /// Still to be handed over.
    pub fn outstanding(&self) -> Quantity {
        (self.ordered - self.cancelled - self.handed_over).max(Quantity::ZERO)
    }
}

/// An order that came from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrder {
    /// Our number.
    pub number: OrderNumber,
    /// From where.
    pub channel: ChannelId,
    /// The sender's own number.
    pub reference: String,
    /// The store that owes it.
    pub store: StoreId,
    /// Collected or sent.
    pub fulfilment: Fulfilment,
    /// First name and initial: `Anna K.`
    pub customer_name: String,
    /// Masked: `06·· ··· 412`.
    pub customer_phone: Option<String>,
    /// All the money was received.
    pub paid: bool,
    /// What was received of the money before, where it is not all: with the tax where the lines say theirs.
    pub prepaid: Option<Money>,
    /// When it was placed.
    pub ordered_at: Timestamp,
    /// Until when it is kept.
    pub collect_by: Option<Timestamp>,
    /// Six characters the customer shows.
    pub collection_code: String,
    /// Where it stands.
    pub state: OrderState,
    /// Where it lies.
    pub bay: Option<String>,
    /// Who is picking it.
    pub picker: Option<OperatorId>,
    /// A sale has taken a unit it was promised.
    pub at_risk: bool,
    /// With whom it went, once it has gone.
    pub dispatch: Option<Dispatch>,
    /// What was taken for it at a till beyond what it owed, and was not given back yet: central's word alone.
    pub owed_back: Option<Money>,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// Lines held for head office to match: nothing is reserved for them.
    pub unmatched: Vec<UnmatchedLine>,
    /// What the sender added in words, a line each, printable.
    pub notes: String,
    /// What was done to it, oldest first, as central knows it: at most [`HISTORY_STEPS_MAX`] steps.
    pub history: Vec<StepTaken>,
}

/// Where one step concerns part of an order: a line and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineQuantity {
    /// The order's line.
    pub line: u32,
    /// How much.
    pub quantity: Quantity,
}

/// How the person who collected was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CollectionProof {
    /// Showed the code (scanned or typed).
    Code,
    /// Said the name, and the operator confirmed it.
    Name,
}

/// Who collected an order that is handed over in a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Which order.
    pub order: OrderNumber,
    /// Who took it, as they said.
    pub collector: String,
    /// How they were recognised.
    pub proof: CollectionProof,
}

/// One thing that was done to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderStep {
    /// Someone began to pick.
    PickStarted {
        /// Who.
        operator: OperatorId,
    },
    /// Units were put aside for it; a unit kept at the till goes straight to a bay.
    Picked {
        /// Which line, how many.
        what: LineQuantity,
        /// Where they lie, when they already lie somewhere.
        bay: Option<String>,
    },
    /// A pick was taken back.
    PickUndone {
        /// Which line, how many.
        what: LineQuantity,
    },
    /// Units could not be found.
    ReportedShort {
        /// Which line, how many.
        what: LineQuantity,
    },
    /// It lies in its bay.
    MadeReady {
        /// Which bay.
        bay: String,
    },
    /// Ready, or packed, was taken back.
    ReadyUndone,
    /// The customer has it.
    HandedOver {
        /// Which lines, how many.
        lines: Vec<LineQuantity>,
        /// Who took it, as they said.
        collector: String,
        /// How they were recognised.
        proof: CollectionProof,
    },
    /// Goods left for the store that asked for them; what did not go with them is given up.
    Sent {
        /// Which lines, how many.
        lines: Vec<LineQuantity>,
    },
    /// The units went back to the shelf.
    PutBack,
    /// The collect-by time passed.
    Lapsed,
    /// Cancelled by customer or head office.
    Cancelled,
    /// A sale took units it was promised.
    PutAtRisk,
    /// What was picked is in its parcel; what was reported missing is given up.
    Packed,
    /// The parcel went to the carrier.
    Dispatched(Dispatch),
    /// The customer got back what was taken beyond what the order owed.
    PaidBack {
        /// How much, above zero.
        amount: Money,
    },
}

/// Something in a step that does not fit the order; the step was applied as far as possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Anomaly {
    /// The order has no such line.
    #[error("the order has no line {0}")]
    NoSuchLine(u32),
    /// More was handed over than was outstanding (two tills, one order).
    #[error("{excess} of line {line} were handed over beyond what was owed")]
    HandedOverTwice {
        /// The line.
        line: u32,
        /// Beyond what was owed.
        excess: Quantity,
    },
    /// More was picked than was ordered.
    #[error("{excess} of line {line} were picked beyond what was ordered")]
    PickedTooMany {
        /// The line.
        line: u32,
        /// Beyond what was ordered.
        excess: Quantity,
    },
    /// The step does not belong to the state the order is in.
    #[error("the step does not fit an order that is {0:?}")]
    NotInState(OrderState),
}

impl WebOrder {
    /// The line with this number.
    pub fn line(&self, line: u32) -> Option<&OrderLine> {
        self.lines.iter().find(|l| l.line == line)
    }

    /// The lines of a product.
    pub fn lines_of<'a>(&'a self, product: &'a ProductId) -> impl Iterator<Item = &'a OrderLine> {
        self.lines.iter().filter(move |l| l.product == *product)
    }

    /// Cancelled, and what was picked for it still lies in its bay? What is sent is unpacked where it is packed, at once.
    pub fn is_to_put_back(&self) -> bool {
        self.state == OrderState::Cancelled
            && self.fulfilment != Fulfilment::Delivery
            && self.lines.iter().any(|line| line.held().is_positive())
    }

    /// Is nothing left to do about it, nothing held for it, and nothing to be given back?
    pub fn is_over(&self) -> bool {
        !self.state.is_unfulfilled() && !self.is_to_put_back() && self.owed_back.is_none()
    }

    /// Units held in the bay for a product. Of a cancelled order, too, until they are put back.
    pub fn held_of(&self, product: &ProductId) -> Quantity {
        if !self.state.is_unfulfilled() && !self.is_to_put_back() {
            return Quantity::ZERO;
        }
        self.lines_of(product).filter(|line| line.stocked).map(OrderLine::held).sum()
    }

    /// Units still to be picked for a product.
    pub fn promised_of(&self, product: &ProductId) -> Quantity {
        if !self.state.is_unfulfilled() {
            return Quantity::ZERO;
        }
        self.lines_of(product).filter(|line| line.stocked).map(OrderLine::promised).sum()
    }

    /// When it lapses, while it waits in its bay for a customer who was told until when.
    pub fn lapses_at(&self) -> Option<Timestamp> {
        let waits = matches!(self.state, OrderState::Ready | OrderState::PartHandedOver);
        self.collect_by.filter(|_| waits && self.fulfilment == Fulfilment::PickUp)
    }

    /// The state to show at a moment: an order whose time has passed is lapsed before central has said so.
    pub fn state_at(&self, now: Timestamp) -> OrderState {
        if self.lapses_at().is_some_and(|at| at <= now) { OrderState::Lapsed } else { self.state }
    }

    /// Everything picked that was ordered?
    pub fn is_fully_picked(&self) -> bool {
        self.unmatched.is_empty() && self.lines.iter().all(|l| l.promised().is_zero())
    }

    /// Folds one step in. See the file's first lines about anomalies.
    // Size: one arm for each step.
    pub fn apply(&mut self, step: &OrderStep) -> Vec<Anomaly> {
        let mut anomalies = Vec::new();
        if !self.takes(step) {
            anomalies.push(Anomaly::NotInState(self.state));
            // Goods that a customer has taken are gone whatever the order says, and what was picked before anybody heard of
            // the cancellation lies in a bay; anything else changes nothing.
            let is_picked = matches!(step, OrderStep::Picked { .. } | OrderStep::PickUndone { .. });
            let moved = matches!(step, OrderStep::HandedOver { .. } | OrderStep::Sent { .. });
            if !(moved || (is_picked && self.state == OrderState::Cancelled)) {
                return anomalies;
            }
        }
        match step {
            OrderStep::PickStarted { operator } => {
                self.picker = Some(operator.clone());
                if self.state != OrderState::PartHandedOver {
                    self.state = OrderState::Picking;
                }
            }
            OrderStep::Picked { what, bay } => {
                if let Some(line) = self.line_or_anomaly(what.line, &mut anomalies) {
                    line.picked += what.quantity.max(Quantity::ZERO);
                    line.short = line.short.min(line.promised());
                    let excess = line.picked - (line.ordered - line.cancelled);
                    if excess.is_positive() {
                        anomalies.push(Anomaly::PickedTooMany { line: what.line, excess });
                    }
                }
                if bay.is_some() {
                    self.bay.clone_from(bay);
                }
                self.settle_picking();
            }
            OrderStep::PickUndone { what } => {
                if let Some(line) = self.line_or_anomaly(what.line, &mut anomalies) {
                    line.picked = (line.picked - what.quantity.max(Quantity::ZERO)).max(line.handed_over);
                }
                self.settle_picking();
            }
            OrderStep::ReportedShort { what } => {
                if let Some(line) = self.line_or_anomaly(what.line, &mut anomalies) {
                    line.short = (line.short + what.quantity.max(Quantity::ZERO)).min(line.promised());
                }
                self.settle_picking();
            }
            OrderStep::MadeReady { bay } => {
                // What lies in the bay is what is owed: whatever was picked beyond it goes back to the shelf.
                for line in &mut self.lines {
                    line.picked = line.picked - line.surplus();
                }
                self.bay = Some(bay.clone());
                self.picker = None;
                self.state = OrderState::Ready;
            }
            OrderStep::ReadyUndone => {
                self.state = OrderState::Picking;
                self.settle_picking();
            }
            OrderStep::HandedOver { lines, .. } => self.apply_hand_over(lines, &mut anomalies),
            OrderStep::Sent { lines } => {
                self.apply_hand_over(lines, &mut anomalies);
                if self.state.is_unfulfilled() {
                    for line in &mut self.lines {
                        line.cancelled += line.outstanding();
                        line.picked = line.handed_over;
                        line.short = Quantity::ZERO;
                    }
                    self.state = OrderState::HandedOver;
                    self.at_risk = false;
                }
            }
            OrderStep::PutBack => {
                for line in &mut self.lines {
                    line.picked = line.handed_over;
                    line.short = Quantity::ZERO;
                }
                self.bay = None;
                self.state = OrderState::PutBack;
            }
            OrderStep::Lapsed => self.state = OrderState::Lapsed,
            OrderStep::Cancelled => self.state = OrderState::Cancelled,
            OrderStep::PutAtRisk => self.at_risk = true,
            OrderStep::Packed => self.pack(),
            OrderStep::Dispatched(dispatch) => self.dispatch(dispatch),
            OrderStep::PaidBack { amount } => {
                let left = self.owed_back.map(|owed| owed - *amount);
                self.owed_back = left.filter(|left| left.minor() > 0);
            }
        }
        anomalies
    }

    /// Does the step belong to the state the order is in?
    fn takes(&self, step: &OrderStep) -> bool {
        match step {
            OrderStep::PickStarted { .. } => matches!(
                self.state,
                OrderState::Received | OrderState::Picking | OrderState::Short | OrderState::PartHandedOver
            ),
            OrderStep::ReadyUndone => matches!(self.state, OrderState::Ready | OrderState::Packed),
            OrderStep::Packed => self.is_ready_to_pack(),
            OrderStep::Dispatched(_) => matches!(self.state, OrderState::Packed),
            // A parcel that is closed is picked into no more.
            OrderStep::Picked { .. } | OrderStep::PickUndone { .. } | OrderStep::ReportedShort { .. } => {
                self.state.is_unfulfilled() && !matches!(self.state, OrderState::Packed)
            }
            // What is sent has neither a bay nor a collect-by time.
            OrderStep::MadeReady { .. } | OrderStep::Lapsed => {
                self.state.is_unfulfilled() && matches!(self.fulfilment, Fulfilment::PickUp | Fulfilment::Transfer)
            }
            OrderStep::PutBack => self.state.is_unfulfilled() || matches!(self.state, OrderState::Cancelled),
            OrderStep::PaidBack { amount } => self.owed_back.is_some_and(|owed| owed.currency() == amount.currency()),
            // Of an order that two tills hand over, the lines say how much was handed over twice.
            OrderStep::HandedOver { .. } | OrderStep::Sent { .. } => {
                self.state.is_unfulfilled() || matches!(self.state, OrderState::HandedOver)
            }
            _ => self.state.is_unfulfilled(),
        }
    }

    fn apply_hand_over(&mut self, lines: &[LineQuantity], anomalies: &mut Vec<Anomaly>) {
        for what in lines {
            if let Some(line) = self.line_or_anomaly(what.line, anomalies) {
                let excess = what.quantity - line.outstanding();
                if excess.is_positive() {
                    anomalies.push(Anomaly::HandedOverTwice { line: what.line, excess });
                }
                line.handed_over += what.quantity.max(Quantity::ZERO);
                // A unit the customer brought to the till was never picked: it is now.
                line.picked = line.picked.max(line.handed_over);
                line.short = line.short.min(line.promised());
            }
        }
        if self.state == OrderState::Dispatched {
            return;
        }
        if self.unmatched.is_empty() && self.lines.iter().all(|l| l.outstanding().is_zero()) {
            self.state = OrderState::HandedOver;
            self.at_risk = false;
        } else if self.state.is_unfulfilled() {
            self.state = OrderState::PartHandedOver;
        }
    }

    /// While picking: short when all that is not picked was reported missing, otherwise still picking.
    fn settle_picking(&mut self) {
        if matches!(
            self.state,
            OrderState::Ready
                | OrderState::PartHandedOver
                | OrderState::Lapsed
                | OrderState::Packed
                | OrderState::Cancelled
        ) {
            return;
        }
        let missing = self.lines.iter().any(|l| l.short.is_positive());
        let all_seen = self.lines.iter().all(|l| l.promised() <= l.short);
        let begun = self.picker.is_some() || self.lines.iter().any(|l| l.picked.is_positive() || l.short.is_positive());
        self.state = match (begun, missing && all_seen) {
            (_, true) => OrderState::Short,
            (true, false) => OrderState::Picking,
            (false, false) => OrderState::Received,
        };
    }

    fn line_or_anomaly(&mut self, line: u32, anomalies: &mut Vec<Anomaly>) -> Option<&mut OrderLine> {
        let found = self.lines.iter_mut().find(|l| l.line == line);
        if found.is_none() {
            anomalies.push(Anomaly::NoSuchLine(line));
        }
        found
    }
}

#[cfg(test)]
mod tests;
