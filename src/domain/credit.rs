//! Credit notes: held by one caller at a time for a while, spent once and as a whole.
//!
//! A hold is a lease: it ends by itself, so that a caller that is gone for ever holds nobody up. Whoever held a note last
//! may still spend it when the lease is over, as long as nobody else has taken it since: the goods may have gone.

use super::Timestamp;
use super::ids::{ChannelId, CreditId, CustomerId};
use super::money::Money;

/// The caller's own name for holding a note; unique among the caller's holds of that note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub channel: ChannelId,
    /// The caller's name for it.
    pub hold: String,
}

/// Who holds a note, or held it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditHold {
    /// Who.
    pub holder: Holder,
    /// Until when, that instant not included; `None` when it was given back.
    pub until: Option<Timestamp>,
}

/// How a note was spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditSpending {
    /// By whom.
    pub holder: Holder,
    /// For what: the caller's own number of the sale or order.
    pub reference: String,
    /// When.
    pub at: Timestamp,
}

/// A credit note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditNote {
    /// Its number.
    pub id: CreditId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is worth.
    pub amount: Money,
    /// When it was given out.
    pub issued_at: Timestamp,
    /// Until when it can be held, that instant not included; `None` for ever.
    pub expires_at: Option<Timestamp>,
    /// Who holds it, or held it last.
    pub hold: Option<CreditHold>,
    /// How it was spent, once it is.
    pub spending: Option<CreditSpending>,
}

/// Where a note stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CreditState {
    /// It can be held.
    Open,
    /// Somebody holds it.
    Held,
    /// Its time is over.
    Expired,
    /// It is spent.
    Spent,
}

/// How a hold ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldEnd {
    /// The note is open again.
    GivenBack,
    /// The note is spent, for this.
    Spent {
        /// The caller's own number of the sale or order.
        reference: String,
    },
}

/// Why a note cannot be held or spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CreditRefusal {
    /// Somebody else holds it.
    #[error("somebody else holds it at the moment")]
    Held,
    /// It is spent.
    #[error("it is spent")]
    Spent,
    /// Its time is over.
    #[error("its time is over")]
    Expired,
    /// The caller does not hold it, or somebody else has taken it since.
    #[error("the caller does not hold it, or no longer")]
    NotHeld,
}

impl CreditNote {
    /// Where it stands.
    pub fn state(&self, now: Timestamp) -> CreditState {
        let held = |hold: &CreditHold| hold.until.is_some_and(|until| now < until);
        match (&self.spending, &self.hold) {
            (Some(_), _) => CreditState::Spent,
            (None, Some(hold)) if held(hold) => CreditState::Held,
            _ if self.expires_at.is_some_and(|end| end <= now) => CreditState::Expired,
            _ => CreditState::Open,
        }
    }

    /// Takes it for a caller until an instant. The same hold again lasts until the later of the two.
    pub fn take(&mut self, holder: &Holder, until: Timestamp, now: Timestamp) -> Result<(), CreditRefusal> {
        match self.state(now) {
            CreditState::Spent => return Err(CreditRefusal::Spent),
            CreditState::Expired => return Err(CreditRefusal::Expired),
            CreditState::Held if self.hold.as_ref().is_none_or(|hold| hold.holder != *holder) => {
                return Err(CreditRefusal::Held);
            }
            CreditState::Held | CreditState::Open => {}
        }
        let before = self.hold.as_ref().filter(|hold| hold.holder == *holder).and_then(|hold| hold.until);
        self.hold = Some(CreditHold { holder: holder.clone(), until: Some(until).max(before) });
        Ok(())
    }

    /// Ends a caller's hold. The same end again is right and changes nothing.
    pub fn end_hold(&mut self, holder: &Holder, end: &HoldEnd, now: Timestamp) -> Result<(), CreditRefusal> {
        if let Some(spent) = &self.spending {
            let again = matches!(end, HoldEnd::Spent { .. }) && spent.holder == *holder;
            return if again { Ok(()) } else { Err(CreditRefusal::Spent) };
        }
        let hold = self.hold.as_mut().filter(|hold| hold.holder == *holder).ok_or(CreditRefusal::NotHeld)?;
        match end {
            HoldEnd::GivenBack => hold.until = None,
            HoldEnd::Spent { reference } => {
                if hold.until.is_none() {
                    return Err(CreditRefusal::NotHeld);
                }
                self.spending = Some(CreditSpending { holder: holder.clone(), reference: reference.clone(), at: now });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
