//! Conversions of `draft.proto`: the open basket in the till's own file.

use prost::Message;

use super::error::{
    WireEnum, WireError, WireFault, enumerated, fixed, instant, list, named, narrowed, optional, required, to_list,
};
use super::till::v1::unanswered::Question as Asked;
use super::values::currency;
use super::{Wire, till::v1 as proto};
use crate::domain::basket::{AnsweredConflict, Basket, Draft, LinePrice, LineRequest, Unanswered};
use crate::domain::ids::{BasketId, CaseId, OperatorId, ProductId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::scan::{Scan, ScanQuality, Symbology};

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
            approved_by: self.approved_by.as_ref().map(ToString::to_string),
        }
    }

    fn from_wire(message: proto::AnsweredConflict) -> Result<Self, WireError> {
        Ok(Self {
            product: named("product", message.product)?,
            facts: required("facts", message.facts)?,
            case: CaseId::from_bytes(fixed("case_id", &message.case_id)?),
            short: message.short.map(|o| named("short", o)).transpose()?,
            approved_by: message.approved_by.map(|o| named("approved_by", o)).transpose()?,
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
        proto::Draft {
            basket: Some(self.basket.to_wire()),
            begun_at: Some(self.begun_at.to_wire()),
            at_terminal: self.at_terminal.as_ref().map(Wire::to_wire),
            receipt: Some(self.receipt.to_number()),
            unanswered: self.unanswered.as_ref().map(Wire::to_wire),
            waiting: to_list(&self.waiting),
            may_be_sold: self.may_be_sold,
            rung_by: self.rung_by.as_ref().map(ToString::to_string),
        }
    }

    fn from_wire(message: proto::Draft) -> Result<Self, WireError> {
        Ok(Self {
            basket: required("basket", message.basket)?,
            begun_at: instant("begun_at", message.begun_at)?,
            at_terminal: optional("at_terminal", message.at_terminal)?,
            receipt: message.receipt.map(|choice| enumerated("receipt", choice)).transpose()?.unwrap_or_default(),
            unanswered: optional("unanswered", message.unanswered)?,
            waiting: list("waiting", message.waiting)?,
            may_be_sold: message.may_be_sold,
            rung_by: message.rung_by.map(OperatorId::from),
        })
    }
}

impl Wire for Unanswered {
    type Message = proto::Unanswered;

    fn to_wire(&self) -> proto::Unanswered {
        let question = match self {
            Self::Price { product, request } => Asked::Price(awaited(product, request)),
            Self::Quantity { product, request } => Asked::Quantity(awaited(product, request)),
            Self::Choice { products, quantity, scanned } => Asked::Choice(proto::Choice {
                products: products.iter().map(ToString::to_string).collect(),
                quantity_thousandths: quantity.map(Quantity::thousandths),
                scanned: scanned.clone(),
            }),
        };
        proto::Unanswered { question: Some(question) }
    }

    fn from_wire(message: proto::Unanswered) -> Result<Self, WireError> {
        let question = message.question.ok_or_else(|| WireError::at("question", WireFault::Missing))?;
        Ok(match question {
            Asked::Price(line) => {
                let (product, request) = requested(line)?;
                Self::Price { product, request }
            }
            Asked::Quantity(line) => {
                let (product, request) = requested(line)?;
                Self::Quantity { product, request }
            }
            Asked::Choice(choice) => Self::Choice {
                products: choice.products.into_iter().map(|p| named("products", p)).collect::<Result<_, _>>()?,
                quantity: choice.quantity_thousandths.map(Quantity::from_thousandths),
                scanned: choice.scanned,
            },
        })
    }
}

/// What is asked about is not handed over, and has no price yet but its label's.
fn awaited(product: &ProductId, request: &LineRequest) -> proto::AwaitedLine {
    let label = match &request.price {
        LinePrice::Label(amount) => Some(amount.to_wire()),
        LinePrice::List | LinePrice::Typed(_) | LinePrice::Order { .. } => None,
    };
    proto::AwaitedLine {
        product: product.to_string(),
        quantity_thousandths: request.quantity.thousandths(),
        label,
        scanned: request.scanned.clone(),
        batch: request.batch.clone(),
    }
}

fn requested(line: proto::AwaitedLine) -> Result<(ProductId, Box<LineRequest>), WireError> {
    let label: Option<Money> = optional("label", line.label)?;
    let request = LineRequest {
        price: label.map_or(LinePrice::List, LinePrice::Label),
        batch: line.batch,
        ..LineRequest::listed(Quantity::from_thousandths(line.quantity_thousandths), line.scanned)
    };
    Ok((named("product", line.product)?, Box::new(request)))
}

impl Wire for Scan {
    type Message = proto::WaitingScan;

    fn to_wire(&self) -> proto::WaitingScan {
        proto::WaitingScan {
            device: self.device.to_string(),
            payload: self.payload.clone(),
            symbology: self.symbology.map(|symbology| vec![symbology.code, symbology.modifier]),
            repeated: self.quality == ScanQuality::Repeat,
        }
    }

    fn from_wire(message: proto::WaitingScan) -> Result<Self, WireError> {
        let symbology = message.symbology.map(|bytes| fixed("symbology", &bytes)).transpose()?;
        Ok(Self {
            device: named("device", message.device)?,
            payload: message.payload,
            symbology: symbology.map(|[code, modifier]| Symbology { code, modifier }),
            // What was broken off or garbled was refused, and does not wait.
            quality: if message.repeated { ScanQuality::Repeat } else { ScanQuality::Whole },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use crate::domain::sale::ReceiptChoice;

    fn basket() -> Basket {
        Basket::new(BasketId::from_bytes([3; 16]), Currency::EUR)
    }

    fn euros(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn request(price: LinePrice) -> Box<LineRequest> {
        let scanned = Some("02300001000008".to_owned());
        let batch = Some("B7".to_owned());
        Box::new(LineRequest { price, batch, ..LineRequest::listed(Quantity::ONE, scanned) })
    }

    #[test]
    fn what_waits_with_a_basket_is_kept_with_it() {
        let scan = |quality| Scan {
            device: "scanner".into(),
            payload: b"9520000000011".to_vec(),
            symbology: Some(Symbology { code: b'E', modifier: b'0' }),
            quality,
        };
        let begun_at = chrono::DateTime::UNIX_EPOCH;
        for unanswered in [
            Unanswered::Price { product: "alteration".into(), request: request(LinePrice::List) },
            Unanswered::Quantity { product: "nuts".into(), request: request(LinePrice::Label(euros(450))) },
            Unanswered::Choice {
                products: vec!["pencil".into(), "rubber".into()],
                quantity: Some(Quantity::units(3)),
                scanned: Some("00000001200157".to_owned()),
            },
        ] {
            let draft = Draft {
                at_terminal: Some(euros(1250)),
                receipt: ReceiptChoice::WithGiftReceipt,
                unanswered: Some(unanswered),
                waiting: vec![scan(ScanQuality::Whole), scan(ScanQuality::Repeat)],
                may_be_sold: true,
                rung_by: Some("anna".into()),
                ..Draft::new(basket(), begun_at)
            };
            assert_eq!(decode_draft(&encode_draft(&draft)), Ok(draft));
        }
    }

    #[test]
    fn a_draft_of_before_has_nothing_waiting() {
        let draft = Draft::new(basket(), chrono::DateTime::UNIX_EPOCH);
        let old = proto::Draft {
            basket: Some(draft.basket.to_wire()),
            begun_at: Some(draft.begun_at.to_wire()),
            ..proto::Draft::default()
        };
        assert_eq!(decode_draft(&old.encode_to_vec()), Ok(draft));
    }
}
