//! `trade.v1.CreditService`: credit notes, held by one caller at a time and spent once.

use chrono::TimeDelta;
use tonic::{Request, Response, Status};

use super::caller::{Doorkeeper, get_credit_customer, get_terms_customer};
use super::status::{Reason, refuse, refuse_store, refuse_with};
use crate::central::intake::text::printable;
use crate::central::store::{CallKind, ChannelRecord, CreditAct, CreditStep, Store};
use crate::central::surroundings::Surroundings;
use crate::domain::Timestamp;
use crate::domain::credit::{CreditNote, CreditRefusal, CreditState, HoldEnd, Holder};
use crate::domain::ids::CreditId;
use crate::wire::Wire;
use crate::wire::trade::v1 as proto;

/// How long a hold lasts when nobody says, and how long at most, in seconds.
const LEASE_USUAL: u32 = 300;
const LEASE_MAX: u32 = 3600;
/// The longest name of a hold and the longest reference, in characters.
const TEXT_MAX: usize = 80;

/// The service.
pub struct CreditService<S> {
    store: S,
    doorkeeper: Doorkeeper<S>,
    surroundings: Surroundings,
}

impl<S: Store> CreditService<S> {
    /// Over a store.
    pub const fn new(store: S, doorkeeper: Doorkeeper<S>, surroundings: Surroundings) -> Self {
        Self { store, doorkeeper, surroundings }
    }

    async fn act(
        &self,
        channel: ChannelRecord,
        credit: &str,
        hold: &str,
        step: CreditStep,
    ) -> Result<Option<proto::Credit>, Status> {
        let act = CreditAct {
            credit: CreditId::new(credit),
            customer: get_credit_customer(&channel)?,
            holder: Holder { channel: channel.channel, hold: get_text("hold_id", hold)? },
            step,
        };
        let now = self.surroundings.now();
        match self.store.act_on_credit(act, now).await.map_err(refuse_store)? {
            Ok(note) => Ok(Some(credit_to_wire(&note, now))),
            Err(refusal) => {
                let reason = match refusal {
                    CreditRefusal::Held => Reason::CreditHeld,
                    CreditRefusal::Spent => Reason::CreditSpent,
                    CreditRefusal::Expired => Reason::CreditExpired,
                    CreditRefusal::NotHeld => Reason::CreditNotHeld,
                };
                Err(refuse(reason, format!("credit note {credit}: {refusal}")))
            }
        }
    }
}

/// A name of the caller's: there, and not too long.
fn get_text(field: &str, text: &str) -> Result<String, Status> {
    let clean = printable(text);
    if clean.is_empty() || clean.chars().count() > TEXT_MAX {
        let message = format!("{field} has from 1 to {TEXT_MAX} characters");
        return Err(refuse_with(Reason::FieldInvalid, message, &[("field", field)]));
    }
    Ok(clean)
}

#[tonic::async_trait]
impl<S: Store> proto::credit_service_server::CreditService for CreditService<S> {
    async fn get_credits(
        &self,
        request: Request<proto::GetCreditsRequest>,
    ) -> Result<Response<proto::GetCreditsResponse>, Status> {
        let channel = self.doorkeeper.get_channel(&request, CallKind::Credits).await?;
        let customer = get_terms_customer(&channel, &request.into_inner().customer)?
            .ok_or_else(|| refuse_with(Reason::FieldInvalid, "name a customer", &[("field", "customer")]))?;
        let now = self.surroundings.now();
        let notes = self.store.list_credits(customer, self.surroundings.now()).await.map_err(refuse_store)?;
        let credits = notes.iter().map(|note| credit_to_wire(note, now)).collect();
        Ok(Response::new(proto::GetCreditsResponse { credits, as_of: Some(now.to_wire()) }))
    }

    async fn hold_credit(
        &self,
        request: Request<proto::HoldCreditRequest>,
    ) -> Result<Response<proto::HoldCreditResponse>, Status> {
        let channel = self.doorkeeper.get_channel(&request, CallKind::Credits).await?;
        let request = request.into_inner();
        let seconds = match request.lease_seconds {
            0 => LEASE_USUAL,
            seconds if seconds <= LEASE_MAX => seconds,
            _ => {
                let message = format!("hold it for at most {LEASE_MAX} seconds");
                return Err(refuse_with(Reason::FieldInvalid, message, &[("field", "lease_seconds")]));
            }
        };
        let until = self.surroundings.now() + TimeDelta::seconds(i64::from(seconds));
        let credit = self.act(channel, &request.credit, &request.hold_id, CreditStep::Hold { until }).await?;
        Ok(Response::new(proto::HoldCreditResponse { credit }))
    }

    async fn release_credit(
        &self,
        request: Request<proto::ReleaseCreditRequest>,
    ) -> Result<Response<proto::ReleaseCreditResponse>, Status> {
        let channel = self.doorkeeper.get_channel(&request, CallKind::Credits).await?;
        let request = request.into_inner();
        let end = match request.outcome() {
            proto::HoldOutcome::GivenBack => HoldEnd::GivenBack,
            proto::HoldOutcome::Spent => HoldEnd::Spent { reference: get_text("reference", &request.reference)? },
            proto::HoldOutcome::Unspecified => {
                let field = [("field", "outcome")];
                return Err(refuse_with(Reason::FieldInvalid, "say how the hold ends", &field));
            }
        };
        let credit = self.act(channel, &request.credit, &request.hold_id, CreditStep::End(end)).await?;
        Ok(Response::new(proto::ReleaseCreditResponse { credit }))
    }
}

fn credit_to_wire(note: &CreditNote, now: Timestamp) -> proto::Credit {
    let state = note.state(now);
    let held_until = note.hold.as_ref().and_then(|hold| hold.until).filter(|_| state == CreditState::Held);
    let state = match state {
        CreditState::Open => proto::CreditState::Open,
        CreditState::Held => proto::CreditState::Held,
        CreditState::Expired => proto::CreditState::Expired,
        CreditState::Spent => proto::CreditState::Spent,
    };
    proto::Credit {
        credit: note.id.to_string(),
        customer: note.customer.to_string(),
        amount_minor: note.amount.minor(),
        currency: note.amount.currency().code().to_owned(),
        state: state as i32,
        issued_at: Some(note.issued_at.to_wire()),
        expires_at: note.expires_at.map(|at| at.to_wire()),
        held_until: held_until.map(|at| at.to_wire()),
    }
}
