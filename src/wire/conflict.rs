//! Conversions of `conflict.proto`.

use super::error::{WireEnum, WireError, WireFault, enumerated, fixed, instant, named, required, wire_enum};
use super::{Wire, till::v1 as proto};
use crate::domain::conflict::{
    CaseState, ConflictAnswer, ConflictCase, ConflictDecision, ConflictFacts, ConflictKind, case_due,
};
use crate::domain::ids::{BasketId, CaseId, OrderNumber};
use crate::domain::quantity::Quantity;

wire_enum!(ConflictKind, proto::ConflictKind, Promised, BooksEmpty);
wire_enum!(
    CaseState,
    proto::CaseState,
    Open,
    ReSourced,
    AwaitingDecision,
    BackOrdered,
    Substituted,
    CancelledAndRefunded,
    FalseAlarm
);

impl Wire for ConflictFacts {
    type Message = proto::ConflictFacts;

    fn to_wire(&self) -> proto::ConflictFacts {
        proto::ConflictFacts {
            kind: self.kind.to_number(),
            level: Some(self.level.to_wire()),
            basket_thousandths: self.basket.thousandths(),
        }
    }

    fn from_wire(message: proto::ConflictFacts) -> Result<Self, WireError> {
        Ok(Self {
            kind: enumerated("kind", message.kind)?,
            level: required("level", message.level)?,
            basket: Quantity::from_thousandths(message.basket_thousandths),
        })
    }
}

impl Wire for ConflictAnswer {
    type Message = proto::ConflictAnswer;

    fn to_wire(&self) -> proto::ConflictAnswer {
        use proto::conflict_answer::Answer;
        let answer = match self {
            Self::HandOver { order } => Answer::HandOver(proto::HandOverAnswer { order: order.to_string() }),
            Self::SellAnyway { order } => Answer::SellAnyway(proto::SellAnywayAnswer { order: order.to_string() }),
            Self::Keep { order, line, quantity, bay } => Answer::Keep(proto::KeepAnswer {
                order: order.to_string(),
                line: *line,
                quantity_thousandths: quantity.thousandths(),
                bay: bay.clone(),
            }),
            Self::FindAnother { store } => Answer::FindAnother(proto::FindAnotherAnswer { store: store.to_string() }),
            Self::LineOut => Answer::LineOut(proto::LineOutAnswer {}),
        };
        proto::ConflictAnswer { answer: Some(answer) }
    }

    fn from_wire(message: proto::ConflictAnswer) -> Result<Self, WireError> {
        use proto::conflict_answer::Answer;
        Ok(match message.answer.ok_or_else(|| WireError::at("answer", WireFault::Missing))? {
            Answer::HandOver(m) => Self::HandOver { order: named("hand_over.order", m.order)? },
            Answer::SellAnyway(m) => Self::SellAnyway { order: named("sell_anyway.order", m.order)? },
            Answer::Keep(m) => Self::Keep {
                order: named("keep.order", m.order)?,
                line: m.line,
                quantity: Quantity::from_thousandths(m.quantity_thousandths),
                bay: m.bay,
            },
            Answer::FindAnother(m) => Self::FindAnother { store: named("find_another.store", m.store)? },
            Answer::LineOut(proto::LineOutAnswer {}) => Self::LineOut,
        })
    }
}

impl Wire for ConflictDecision {
    type Message = proto::ConflictDecision;

    fn to_wire(&self) -> proto::ConflictDecision {
        proto::ConflictDecision {
            case_id: self.case.as_bytes().to_vec(),
            basket_id: self.basket.as_bytes().to_vec(),
            product: self.product.to_string(),
            facts: Some(self.facts.to_wire()),
            orders: self.orders.iter().map(ToString::to_string).collect(),
            answer: Some(self.answer.to_wire()),
        }
    }

    fn from_wire(message: proto::ConflictDecision) -> Result<Self, WireError> {
        let order = |(i, number)| named::<OrderNumber>("", number).map_err(|e| e.within(format_args!("orders[{i}]")));
        Ok(Self {
            case: CaseId::from_bytes(fixed("case_id", &message.case_id)?),
            basket: BasketId::from_bytes(fixed("basket_id", &message.basket_id)?),
            product: named("product", message.product)?,
            facts: required("facts", message.facts)?,
            orders: message.orders.into_iter().enumerate().map(order).collect::<Result<_, _>>()?,
            answer: required("answer", message.answer)?,
        })
    }
}

impl Wire for ConflictCase {
    type Message = proto::ConflictCase;

    fn to_wire(&self) -> proto::ConflictCase {
        proto::ConflictCase {
            case_id: self.case.as_bytes().to_vec(),
            product: self.product.to_string(),
            order: self.order.to_string(),
            quantity_thousandths: self.quantity.thousandths(),
            state: self.state.to_number(),
            opened_at: Some(self.opened_at.to_wire()),
            due_at: Some(self.due_at.to_wire()),
        }
    }

    fn from_wire(message: proto::ConflictCase) -> Result<Self, WireError> {
        let opened_at = instant("opened_at", message.opened_at)?;
        let due_at = message.due_at.map(|at| instant("due_at", Some(at))).transpose()?;
        Ok(Self {
            case: CaseId::from_bytes(fixed("case_id", &message.case_id)?),
            product: named("product", message.product)?,
            order: named("order", message.order)?,
            quantity: Quantity::from_thousandths(message.quantity_thousandths),
            state: enumerated("state", message.state)?,
            opened_at,
            due_at: due_at.unwrap_or_else(|| case_due(opened_at, None)),
        })
    }
}
