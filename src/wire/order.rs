//! Conversions of `order.proto`.

use prost::Message;

use super::error::{
    WireEnum, WireError, WireFault, enumerated, instant, list, named, optional, required, to_list, wire_enum,
};
use super::values::{tax_code, taxed_list};
use super::{Wire, till::v1 as proto};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{
    Collection, CollectionProof, Dispatch, Fulfilment, LineQuantity, OrderLine, OrderState, OrderStep, StepTaken,
    UnmatchedLine, WebOrder,
};

wire_enum!(Fulfilment, proto::Fulfilment, PickUp, Delivery, Transfer);
wire_enum!(
    OrderState,
    proto::OrderState,
    Received,
    Picking,
    Short,
    Ready,
    PartHandedOver,
    HandedOver,
    Lapsed,
    PutBack,
    Cancelled,
    Packed,
    Dispatched
);
wire_enum!(CollectionProof, proto::CollectionProof, Code, Name);

impl Wire for OrderLine {
    type Message = proto::OrderLine;

    fn to_wire(&self) -> proto::OrderLine {
        proto::OrderLine {
            line: self.line,
            product: self.product.to_string(),
            name: self.name.clone(),
            ordered_thousandths: self.ordered.thousandths(),
            picked_thousandths: self.picked.thousandths(),
            handed_over_thousandths: self.handed_over.thousandths(),
            cancelled_thousandths: self.cancelled.thousandths(),
            short_thousandths: self.short.thousandths(),
            unit_price: Some(self.unit_price.to_wire()),
            tax_code: self.tax.0.to_string(),
            amount: Some(self.amount.to_wire()),
            share: Some(self.share).filter(|share| !share.is_zero()).as_ref().map(Wire::to_wire),
            taxed: to_list(&self.taxed),
            not_stocked: !self.stocked,
        }
    }

    fn from_wire(message: proto::OrderLine) -> Result<Self, WireError> {
        let ordered = Quantity::from_thousandths(message.ordered_thousandths);
        let unit_price: Money = required("unit_price", message.unit_price)?;
        let amount = match optional("amount", message.amount)? {
            Some(amount) => amount,
            None => ordered.at(unit_price).ok_or_else(|| WireError::at("amount", WireFault::OutOfRange))?,
        };
        let share: Money = optional("share", message.share)?.unwrap_or(Money::zero(unit_price.currency()));
        for (field, figure) in [("amount", amount), ("share", share)] {
            if figure.currency() != unit_price.currency() {
                return Err(WireError::at(field, WireFault::NotACurrency));
            }
        }
        Ok(Self {
            line: message.line,
            product: named("product", message.product)?,
            name: message.name,
            ordered,
            picked: Quantity::from_thousandths(message.picked_thousandths),
            handed_over: Quantity::from_thousandths(message.handed_over_thousandths),
            cancelled: Quantity::from_thousandths(message.cancelled_thousandths),
            short: Quantity::from_thousandths(message.short_thousandths),
            unit_price,
            amount,
            share,
            taxed: taxed_list(message.taxed, unit_price.currency())?,
            tax: tax_code("tax_code", &message.tax_code)?,
            stocked: !message.not_stocked,
        })
    }
}

impl Wire for WebOrder {
    type Message = proto::WebOrder;

    fn to_wire(&self) -> proto::WebOrder {
        proto::WebOrder {
            number: self.number.to_string(),
            channel: self.channel.to_string(),
            reference: self.reference.clone(),
            store: self.store.to_string(),
            fulfilment: self.fulfilment.to_number(),
            customer_name: self.customer_name.clone(),
            customer_phone: self.customer_phone.clone(),
            paid: self.paid,
            ordered_at: Some(self.ordered_at.to_wire()),
            collect_by: self.collect_by.as_ref().map(Wire::to_wire),
            collection_code: self.collection_code.clone(),
            state: self.state.to_number(),
            bay: self.bay.clone(),
            picker: self.picker.as_ref().map(ToString::to_string),
            at_risk: self.at_risk,
            dispatch: self.dispatch.as_ref().map(Wire::to_wire),
            lines: to_list(&self.lines),
            unmatched_lines: to_list(&self.unmatched),
            notes: self.notes.clone(),
            prepaid: self.prepaid.as_ref().map(Wire::to_wire),
            owed_back: self.owed_back.as_ref().map(Wire::to_wire),
            history: Some(&self.history).filter(|history| !history.is_empty()).map(|history| history_to_wire(history)),
        }
    }

    fn from_wire(message: proto::WebOrder) -> Result<Self, WireError> {
        Ok(Self {
            number: named("number", message.number)?,
            channel: named("channel", message.channel)?,
            reference: message.reference,
            store: named("store", message.store)?,
            fulfilment: enumerated("fulfilment", message.fulfilment)?,
            customer_name: message.customer_name,
            customer_phone: message.customer_phone,
            paid: message.paid,
            ordered_at: instant("ordered_at", message.ordered_at)?,
            collect_by: optional("collect_by", message.collect_by)?,
            collection_code: message.collection_code,
            state: enumerated("state", message.state)?,
            bay: message.bay,
            picker: message.picker.map(|p| named("picker", p)).transpose()?,
            at_risk: message.at_risk,
            dispatch: optional("dispatch", message.dispatch)?,
            lines: list("lines", message.lines)?,
            unmatched: list("unmatched_lines", message.unmatched_lines)?,
            notes: message.notes,
            prepaid: optional("prepaid", message.prepaid)?,
            owed_back: optional("owed_back", message.owed_back)?,
            history: message
                .history
                .map_or_else(|| Ok(Vec::new()), history_of_wire)
                .map_err(|e| e.within("history"))?,
        })
    }
}

/// What was done to an order as bytes, for whoever keeps it in a column.
pub fn encode_history(history: &[StepTaken]) -> Vec<u8> {
    history_to_wire(history).encode_to_vec()
}

/// The history of [`encode_history`]'s bytes.
pub fn decode_history(bytes: &[u8]) -> Result<Vec<StepTaken>, WireError> {
    let message =
        proto::OrderHistory::decode(bytes).map_err(|e| WireError::new(WireFault::Malformed(e.to_string())))?;
    history_of_wire(message)
}

fn history_to_wire(history: &[StepTaken]) -> proto::OrderHistory {
    proto::OrderHistory { steps: to_list(history) }
}

/// A kind of step that only a newer program knows is left out: the order is read without it.
fn history_of_wire(message: proto::OrderHistory) -> Result<Vec<StepTaken>, WireError> {
    let is_known = |taken: &proto::StepTaken| !matches!(&taken.step, Some(proto::OrderStep { step: None }));
    list("steps", message.steps.into_iter().filter(is_known).collect())
}

impl Wire for StepTaken {
    type Message = proto::StepTaken;

    fn to_wire(&self) -> proto::StepTaken {
        proto::StepTaken {
            at: Some(self.at.to_wire()),
            step: Some(self.step.to_wire()),
            operator: self.operator.as_ref().map(ToString::to_string),
            workstation: self.workstation.as_ref().map(ToString::to_string),
        }
    }

    fn from_wire(message: proto::StepTaken) -> Result<Self, WireError> {
        Ok(Self {
            at: instant("at", message.at)?,
            step: required("step", message.step)?,
            operator: message.operator.map(|operator| named("operator", operator)).transpose()?,
            workstation: message.workstation.map(|workstation| named("workstation", workstation)).transpose()?,
        })
    }
}

impl Wire for UnmatchedLine {
    type Message = proto::UnmatchedLine;

    fn to_wire(&self) -> proto::UnmatchedLine {
        proto::UnmatchedLine {
            line: self.line,
            name: self.name.clone(),
            gtin: self.gtin.clone(),
            sellers_number: self.sellers_number.clone(),
            buyers_number: self.buyers_number.clone(),
            quantity_thousandths: self.quantity.thousandths(),
            unit: self.unit.clone(),
            unit_price: Some(self.unit_price.to_wire()),
        }
    }

    fn from_wire(message: proto::UnmatchedLine) -> Result<Self, WireError> {
        Ok(Self {
            line: message.line,
            name: message.name,
            gtin: message.gtin,
            sellers_number: message.sellers_number,
            buyers_number: message.buyers_number,
            quantity: Quantity::from_thousandths(message.quantity_thousandths),
            unit: message.unit,
            unit_price: required("unit_price", message.unit_price)?,
        })
    }
}

impl Wire for Dispatch {
    type Message = proto::Dispatch;

    fn to_wire(&self) -> proto::Dispatch {
        proto::Dispatch { carrier: self.carrier.clone(), tracking: self.tracking.clone() }
    }

    fn from_wire(message: proto::Dispatch) -> Result<Self, WireError> {
        Ok(Self { carrier: message.carrier, tracking: message.tracking })
    }
}

impl Wire for LineQuantity {
    type Message = proto::LineQuantity;

    fn to_wire(&self) -> proto::LineQuantity {
        proto::LineQuantity { line: self.line, quantity_thousandths: self.quantity.thousandths() }
    }

    fn from_wire(message: proto::LineQuantity) -> Result<Self, WireError> {
        Ok(Self { line: message.line, quantity: Quantity::from_thousandths(message.quantity_thousandths) })
    }
}

impl Wire for Collection {
    type Message = proto::Collection;

    fn to_wire(&self) -> proto::Collection {
        proto::Collection {
            order: self.order.to_string(),
            collector: self.collector.clone(),
            proof: self.proof.to_number(),
        }
    }

    fn from_wire(message: proto::Collection) -> Result<Self, WireError> {
        Ok(Self {
            order: named("order", message.order)?,
            collector: message.collector,
            proof: enumerated("proof", message.proof)?,
        })
    }
}

impl Wire for OrderStep {
    type Message = proto::OrderStep;

    fn to_wire(&self) -> proto::OrderStep {
        use proto::order_step::Step;
        let step = match self {
            Self::PickStarted { operator } => {
                Step::PickStarted(proto::PickStartedStep { operator: operator.to_string() })
            }
            Self::Picked { what, bay } => {
                Step::Picked(proto::PickedStep { what: Some(what.to_wire()), bay: bay.clone() })
            }
            Self::PickUndone { what } => Step::PickUndone(proto::PickUndoneStep { what: Some(what.to_wire()) }),
            Self::ReportedShort { what } => {
                Step::ReportedShort(proto::ReportedShortStep { what: Some(what.to_wire()) })
            }
            Self::MadeReady { bay } => Step::MadeReady(proto::MadeReadyStep { bay: bay.clone() }),
            Self::ReadyUndone => Step::ReadyUndone(proto::ReadyUndoneStep {}),
            Self::HandedOver { lines, collector, proof } => Step::HandedOver(proto::HandedOverStep {
                lines: to_list(lines),
                collector: collector.clone(),
                proof: proof.to_number(),
            }),
            Self::PutBack => Step::PutBack(proto::PutBackStep {}),
            Self::Lapsed => Step::Lapsed(proto::LapsedStep {}),
            Self::Cancelled => Step::Cancelled(proto::CancelledStep {}),
            Self::PutAtRisk => Step::PutAtRisk(proto::PutAtRiskStep {}),
            Self::Packed => Step::Packed(proto::PackedStep {}),
            Self::Dispatched(dispatch) => {
                Step::Dispatched(proto::DispatchedStep { dispatch: Some(dispatch.to_wire()) })
            }
            Self::Sent { lines } => Step::Sent(proto::SentStep { lines: to_list(lines) }),
            Self::PaidBack { amount } => Step::PaidBack(proto::PaidBackStep { amount: Some(amount.to_wire()) }),
        };
        proto::OrderStep { step: Some(step) }
    }

    fn from_wire(message: proto::OrderStep) -> Result<Self, WireError> {
        use proto::order_step::Step;
        Ok(match message.step.ok_or_else(|| WireError::at("step", WireFault::Missing))? {
            Step::PickStarted(m) => Self::PickStarted { operator: named("pick_started.operator", m.operator)? },
            Step::Picked(m) => Self::Picked { what: required("picked.what", m.what)?, bay: m.bay },
            Step::PickUndone(m) => Self::PickUndone { what: required("pick_undone.what", m.what)? },
            Step::ReportedShort(m) => Self::ReportedShort { what: required("reported_short.what", m.what)? },
            Step::MadeReady(m) => Self::MadeReady { bay: m.bay },
            Step::ReadyUndone(proto::ReadyUndoneStep {}) => Self::ReadyUndone,
            Step::HandedOver(m) => Self::HandedOver {
                lines: list("handed_over.lines", m.lines)?,
                collector: m.collector,
                proof: enumerated("handed_over.proof", m.proof)?,
            },
            Step::PutBack(proto::PutBackStep {}) => Self::PutBack,
            Step::Lapsed(proto::LapsedStep {}) => Self::Lapsed,
            Step::Cancelled(proto::CancelledStep {}) => Self::Cancelled,
            Step::PutAtRisk(proto::PutAtRiskStep {}) => Self::PutAtRisk,
            Step::Packed(proto::PackedStep {}) => Self::Packed,
            Step::Dispatched(m) => Self::Dispatched(required("dispatched.dispatch", m.dispatch)?),
            Step::Sent(m) => Self::Sent { lines: list("sent.lines", m.lines)? },
            Step::PaidBack(m) => Self::PaidBack { amount: required("paid_back.amount", m.amount)? },
        })
    }
}
