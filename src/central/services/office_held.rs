//! What head office does about held orders: says which product a line is, and which customer buys.

use tonic::Status;

use super::status::{Reason, refuse, refuse_store, refuse_with};
use crate::central::intake::Intake;
use crate::central::intake::held::{HeldRefusal, LineMatch};
use crate::central::store::{OrderParties, Store};
use crate::domain::ids::{CustomerId, EntryId, OrderNumber, ProductId};
use crate::domain::web_order::{MatchRefusal, WebOrder};
use crate::wire::office::{self, v1 as proto};

/// Says which product a held line is.
pub async fn match_line<S: Store>(
    intake: &Intake<S>,
    request: proto::MatchLineRequest,
    person: &str,
) -> Result<proto::Order, Status> {
    let entry = match request.request_id.as_str() {
        "" => None,
        text => Some(EntryId(
            uuid::Uuid::parse_str(text)
                .map_err(|_| refuse_with(Reason::FieldInvalid, "it is no UUID", &[("field", "request_id")]))?,
        )),
    };
    let wanted = LineMatch {
        number: OrderNumber::new(&request.order_number),
        line: request.line,
        product: ProductId::new(&request.product),
        remember: request.remember,
        entry,
        person: person.to_owned(),
    };
    let matched = intake.match_line(wanted).await.map_err(refuse_store)?;
    matched.map(|order| office::order(&order)).map_err(|refusal| refused(&request.order_number, &refusal))
}

/// Says which customer buys.
pub async fn tie_buyer<S: Store>(
    intake: &Intake<S>,
    request: &proto::TieBuyerRequest,
    person: &str,
) -> Result<OrderParties, Status> {
    let number = OrderNumber::new(&request.order_number);
    let customer = CustomerId::new(&request.customer);
    let tied = intake.tie_buyer(number, customer, request.remember, person).await.map_err(refuse_store)?;
    tied.map_err(|refusal| refused(&request.order_number, &refusal))
}

/// An order with who buys it.
pub fn with_parties(order: &WebOrder, parties: OrderParties) -> proto::Order {
    let customer = parties.customer.map_or_else(String::new, |customer| customer.to_string());
    proto::Order { buyer: parties.buyer, customer, ..office::order(order) }
}

fn refused(number: &str, refusal: &HeldRefusal) -> Status {
    let message = format!("order {number}: {refusal}");
    match refusal {
        HeldRefusal::OrderUnknown | HeldRefusal::Match(MatchRefusal::NoSuchLine(_)) => {
            refuse(Reason::NotFound, message)
        }
        HeldRefusal::Match(MatchRefusal::ProductUnknown(_)) => {
            refuse_with(Reason::FieldInvalid, message, &[("field", "product")])
        }
        HeldRefusal::Tie(_) => refuse_with(Reason::FieldInvalid, message, &[("field", "customer")]),
        HeldRefusal::NothingToRemember(_) => refuse_with(Reason::FieldInvalid, message, &[("field", "remember")]),
        HeldRefusal::Match(MatchRefusal::Over(_) | MatchRefusal::OtherProduct { .. } | MatchRefusal::UnitUnfit(..)) => {
            refuse(Reason::NotInState, message)
        }
    }
}
