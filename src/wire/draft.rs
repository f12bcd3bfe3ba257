//! Conversions of `draft.proto`: the open basket in the till's own file.

use prost::Message;

use super::error::{WireError, WireFault, fixed, instant, list, named, narrowed, required, to_list};
use super::values::currency;
use super::{Wire, till::v1 as proto};
use crate::domain::basket::{AnsweredConflict, Basket, Draft};
use crate::domain::ids::{BasketId, CaseId};

/// A draft as bytes.
pub fn encode_draft(draft: &Draft) -> Vec<u8> {
    draft.to_wire().encode_to_vec()
}

/// The draft of [`encode_draft`]'s bytes.
pub fn decode_draft(bytes: &[u8]) -> Result<Draft, WireError> {
    let message = proto::Draft::decode(bytes).map_err(|e| WireError::new(WireFault::Malformed(e.to_string())))?;
    Draft::from_wire(message)
}

impl Wire for AnsweredConflict {
    type Message = proto::AnsweredConflict;

    fn to_wire(&self) -> proto::AnsweredConflict {
        proto::AnsweredConflict {
            product: self.product.to_string(),
            facts: Some(self.facts.to_wire()),
            case_id: self.case.as_bytes().to_vec(),
            short: self.short.as_ref().map(ToString::to_string),
        }
    }

    fn from_wire(message: proto::AnsweredConflict) -> Result<Self, WireError> {
        Ok(Self {
            product: named("product", message.product)?,
            facts: required("facts", message.facts)?,
            case: CaseId::from_bytes(fixed("case_id", &message.case_id)?),
            short: message.short.map(|o| named("short", o)).transpose()?,
        })
    }
}

impl Wire for Basket {
    type Message = proto::Basket;

    fn to_wire(&self) -> proto::Basket {
        proto::Basket {
            basket_id: self.id.as_bytes().to_vec(),
            currency: self.currency.code().to_owned(),
            lines: to_list(&self.lines),
            tenders: to_list(&self.tenders),
            answered: to_list(&self.answered),
            collections: to_list(&self.collections),
            age_checked: self.age_checked.map(u32::from),
            next_line: self.next_line(),
        }
    }

    fn from_wire(message: proto::Basket) -> Result<Self, WireError> {
        let id = BasketId::from_bytes(fixed("basket_id", &message.basket_id)?);
        let mut basket = Self::new(id, currency("currency", &message.currency)?);
        basket.lines = list("lines", message.lines)?;
        basket.tenders = list("tenders", message.tenders)?;
        basket.answered = list("answered", message.answered)?;
        basket.collections = list("collections", message.collections)?;
        basket.age_checked = narrowed("age_checked", message.age_checked)?;
        Ok(basket.restored(message.next_line))
    }
}

impl Wire for Draft {
    type Message = proto::Draft;

    fn to_wire(&self) -> proto::Draft {
        proto::Draft { basket: Some(self.basket.to_wire()), begun_at: Some(self.begun_at.to_wire()) }
    }

    fn from_wire(message: proto::Draft) -> Result<Self, WireError> {
        Ok(Self { basket: required("basket", message.basket)?, begun_at: instant("begun_at", message.begun_at)? })
    }
}
