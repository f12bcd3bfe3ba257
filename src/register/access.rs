//! Signing in and out: PIN, badge, and the wait after wrong PINs.

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;

use crate::domain::Timestamp;
use crate::domain::event::Event;
use crate::domain::ids::OperatorId;
use crate::domain::operator::{Operator, Role, sign_in_delay_seconds};

use super::intent::{Pin, Screen};
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Handled, Refusal, Register};

/// What became of a PIN.
pub(super) enum PinCheck {
    /// It is this operator's.
    Theirs(Box<Operator>),
    /// It is not.
    Wrong,
    /// None is taken now: whether it is right is not known.
    NotTried,
}

impl Register {
    pub(super) fn operator_chosen(&mut self, operator: Option<OperatorId>) -> Handled {
        self.chosen = operator;
        self.sign_in_refused = false;
        Ok(())
    }

    /// The PIN is compared against its argon2id hash; wrong ones are counted in the file, so that a restart does not
    /// forgive them.
    pub(super) fn pin_entered(&mut self, pin: &Pin) -> Handled {
        let Some(id) = self.chosen.clone() else { return Ok(()) };
        match self.check_pin(&id, pin)? {
            PinCheck::Theirs(operator) => self.sign_in(*operator),
            PinCheck::Wrong => {
                self.sign_in_refused = true;
                Ok(())
            }
            PinCheck::NotTried => Ok(()),
        }
    }

    /// Whether the PIN is theirs. During the wait none is tried, and none is counted.
    pub(super) fn check_pin(&mut self, id: &OperatorId, pin: &Pin) -> Result<PinCheck, Refusal> {
        let Some(operator) = self.database.view().find_operator(id)? else { return Ok(PinCheck::Wrong) };
        if self.sign_in_wait_until(id)?.is_some() {
            return Ok(PinCheck::NotTried);
        }
        if operator.active && pin_matches(&operator, pin) {
            return Ok(PinCheck::Theirs(Box::new(operator)));
        }
        let failures = self.database.view().find_sign_in_failures(id)?.map_or(0, |f| f.count).saturating_add(1);
        let event = Event::SignInRefused { operator: id.clone(), failures };
        self.commit(|act| act.record(event).map(|_| ()))?;
        Ok(PinCheck::Wrong)
    }

    /// Until when no PIN is taken for this operator.
    pub(super) fn sign_in_wait_until(
        &self,
        operator: &OperatorId,
    ) -> Result<Option<Timestamp>, crate::database::DatabaseError> {
        let Some(failures) = self.database.view().find_sign_in_failures(operator)? else { return Ok(None) };
        let delay = chrono::Duration::seconds(i64::from(sign_in_delay_seconds(failures.count)));
        let until = failures.last_at + delay;
        // A clock set back must not lock anyone out for longer than the delay itself.
        let latest = self.now() + delay;
        Ok(Some(until.min(latest)).filter(|until| *until > self.now()))
    }

    pub(super) fn badge_shown(&mut self, badge: &str) -> Handled {
        match self.database.view().find_operator_by_badge(badge)? {
            Some(operator) => self.sign_in(operator),
            None => Err(NoticeKind::BadgeUnknown.into()),
        }
    }

    fn sign_in(&mut self, operator: Operator) -> Handled {
        let event = Event::OperatorSignedIn { operator: operator.id.clone() };
        self.commit(|act| act.record(event).map(|_| ()))?;
        // The devices were looked at by whoever stood here.
        if self.screen == Screen::Devices {
            self.enter(Screen::Sell);
        }
        // Who works on the shelves comes for the orders; the float is for whoever takes money.
        if self.session.is_none() && operator.role == Role::Stock {
            self.enter(Screen::PickUps);
        }
        let of_another = self.rung_by.clone().filter(|who| !self.basket.is_empty() && *who != operator.id);
        self.operator = Some(operator);
        self.chosen = None;
        self.sign_in_refused = false;
        // What was said about signing in is over.
        let stands = self.notice.as_ref().is_some_and(|n| {
            n.stays_until_read() || matches!(n.kind, NoticeKind::BasketRestored | NoticeKind::ZoneUnknown { .. })
        });
        if !stands {
            self.clear_notice();
        }
        // Nobody goes on with somebody else's basket unawares.
        if let Some(who) = of_another {
            self.notice.take_if(|notice| notice.kind == NoticeKind::BasketRestored);
            let name = self.operator_name(&who);
            self.say(NoticeWeight::Mind, NoticeKind::BasketOf { name });
        }
        self.come_back_to_count()
    }

    /// When the till locks itself because nobody has touched it; the basket waits behind the lock.
    pub(super) fn lock_deadline(&self) -> Option<Timestamp> {
        let minutes = self.settings.lock_after_minutes?;
        self.operator.as_ref()?;
        Some(self.last_act_at + chrono::Duration::minutes(i64::from(minutes)))
    }

    /// The operator leaves; the basket waits behind the lock.
    pub(super) fn sign_out(&mut self) -> Handled {
        let Some(operator) = self.operator.clone() else { return Ok(()) };
        let event = Event::OperatorSignedOut { operator: operator.id };
        self.commit(|act| act.record(event).map(|_| ()))?;
        // A name that was said to whoever leaves is not for whoever comes.
        self.clear_notice();
        self.leave();
        Ok(())
    }

    /// Nobody is signed in any more.
    pub(super) fn leave(&mut self) {
        self.keep_count_asked();
        // Whoever was here last is the likeliest to come back.
        self.chosen = self.operator.take().map(|operator| operator.id);
        self.forget_amount_asked();
        (self.open_order, self.code_shown) = Default::default();
        // How many the next scan was to be, and the line that was looked at, were this person's.
        self.quantity_prefix = None;
        self.looked_at = None;
        self.search_text.clear();
        self.forget_drawer_count();
        self.enter(Screen::Sell);
    }
}

fn pin_matches(operator: &Operator, pin: &Pin) -> bool {
    match PasswordHash::new(&operator.pin_hash) {
        Ok(hash) => Argon2::default().verify_password(pin.0.as_bytes(), &hash).is_ok(),
        Err(error) => {
            tracing::error!(operator = %operator.id, %error, "the operator's PIN hash cannot be read");
            false
        }
    }
}
