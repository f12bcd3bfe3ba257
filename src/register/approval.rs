//! Approval on the spot: an act that whoever is signed in may not do alone waits until another person with the right signs for
//! it with a PIN. It holds for that one act; both stand in the journal, and whoever was signed in stays so.
//!
//! A count is blind to whoever counted, and nobody agrees to what they have not seen: after the PIN its figures are shown, and
//! it is agreed to or counted again. Whoever saw them may have turned away: after a minute they are hidden, and it is asked anew.

use chrono::TimeDelta;
use rust_decimal::Decimal;

use crate::database::DatabaseError;
use crate::domain::Timestamp;
use crate::domain::basket::BasketLine;
use crate::domain::event::{CountOf, Event};
use crate::domain::ids::{OperatorId, SessionId};
use crate::domain::money::Money;
use crate::domain::operator::{Act as OperatorAct, Operator, Permission};
use crate::domain::session::CashMoveKind;

use super::access::PinCheck;
use super::counting::ShelfCount;
use super::intent::{ConflictChoice, Intent, Pin, PrintDecision};
use super::session::reason_given;
use super::snapshot::{
    ApprovalSubject, ApprovalView, CountFigures, CountToAgree, NoticeKind, NoticeWeight, OperatorView,
};
use super::view::shown;
use super::{Effect, Handled, Register};

/// How long whoever has shown who they are may agree to what they see.
const SEEN_FOR: TimeDelta = TimeDelta::seconds(60);

/// What an act needs somebody else for.
#[derive(Clone, Debug)]
pub(super) struct ApprovalNeed {
    /// The act.
    pub act: OperatorAct,
    /// What is said where nobody here could agree to it.
    pub otherwise: NoticeKind,
    /// The line as it would be, and what the list asks for one: whoever agrees may take off as much.
    pub changed: Option<(Box<BasketLine>, Option<Money>)>,
}

/// An act that waits for somebody.
#[derive(Clone, Debug)]
pub(super) struct PendingApproval {
    intent: Intent,
    need: ApprovalNeed,
    chosen: Option<OperatorId>,
    refused: bool,
    /// Whoever sees the count they are to agree to.
    seen_by: Option<SeenBy>,
}

/// Somebody who has shown who they are, and what is to be agreed to.
#[derive(Clone, Debug)]
struct SeenBy {
    operator: Operator,
    at: Timestamp,
}

impl SeenBy {
    /// Is it so long ago that they may have gone? So it is, too, with a clock that was set back: nobody knows how long.
    fn is_over(&self, now: Timestamp) -> bool {
        now < self.at || self.until() <= now
    }

    fn until(&self) -> Timestamp {
        self.at + SEEN_FOR
    }
}

/// A count that waited for somebody when whoever counted left the till.
#[derive(Clone, Debug)]
pub(super) struct KeptCount {
    intent: Intent,
    need: ApprovalNeed,
    of: KeptOf,
}

/// What was counted, as it was then.
#[derive(Clone, Debug)]
enum KeptOf {
    Drawer { session: SessionId, expected: Money, counted: Money },
    Shelf(ShelfCount),
}

/// Somebody who agreed, while the act is done.
#[derive(Clone, Debug)]
pub(super) struct Approver {
    /// Who.
    pub operator: Operator,
    /// What the journal is still to be told.
    event: Option<Event>,
}

/// The act again, for when somebody has agreed to it; `None` for what nobody needs to agree to.
pub(super) fn repeated(intent: &Intent) -> Option<Intent> {
    let asks = matches!(
        intent,
        Intent::PriceSet { .. }
            | Intent::DiscountSet { .. }
            | Intent::CashMoved { .. }
            | Intent::DrawerOpened { .. }
            | Intent::OrderPaidBack { .. }
            | Intent::InterimReportAsked
            | Intent::SessionClosed { .. }
            | Intent::ShelfCounted { .. }
            | Intent::PortChosen(_)
            | Intent::PrintDecided { decision: PrintDecision::Drop, .. }
            | Intent::ConflictAnswered { choice: ConflictChoice::SellAnyway { .. }, .. }
    );
    asks.then(|| intent.clone())
}

impl Register {
    /// Puts an act aside until somebody agrees; `false` when nobody who works here could.
    pub(super) fn ask_approval(&mut self, intent: &Intent, need: &ApprovalNeed) -> bool {
        let intent = intent.clone();
        let able = shown(self.list_approvers(need));
        let chosen = match able.as_slice() {
            [] => return false,
            [only] => Some(only.id.clone()),
            _ => None,
        };
        self.approval = Some(PendingApproval { intent, need: need.clone(), chosen, refused: false, seen_by: None });
        self.effects.push(Effect::Tone(crate::domain::device::Tone::Attention));
        true
    }

    fn list_approvers(&self, need: &ApprovalNeed) -> Result<Vec<Operator>, DatabaseError> {
        let mut operators = self.database.view().list_operators()?;
        operators.retain(|operator| self.may_approve(operator, need));
        Ok(operators)
    }

    /// Is this somebody else, who may do the act alone and as far as it goes?
    fn may_approve(&self, operator: &Operator, need: &ApprovalNeed) -> bool {
        let other = self.operator.as_ref().is_some_and(|signed_in| signed_in.id != operator.id);
        let cap = self.settings.price_changes.find_cap(operator.role);
        let far_enough = match (&need.changed, cap) {
            (Some((line, list_price)), Some(percent)) => !line.exceeds_cap(*list_price, percent),
            _ => true,
        };
        let may = self.settings.permission(operator.role, need.act) == Permission::Allow;
        operator.active && other && may && far_enough
    }

    /// Does a card, a question or an approval wait for a person?
    pub(super) fn is_deciding(&self) -> bool {
        self.card.is_some() || self.question.is_some() || self.approval.is_some()
    }

    /// Nothing changes in the basket while a person must decide.
    pub(super) fn get_undecided(&self) -> Handled {
        if self.is_deciding() {
            return Err(NoticeKind::AnswerFirst.into());
        }
        Ok(())
    }

    pub(super) fn choose_approver(&mut self, chosen: Option<OperatorId>) -> Handled {
        if let Some(pending) = self.approval.as_mut().filter(|pending| pending.seen_by.is_none()) {
            (pending.chosen, pending.refused) = (chosen, false);
        }
        Ok(())
    }

    /// What is gone is asked for no more, and nobody agrees to it: the card that was answered, the count that was left. It would
    /// stand on no screen, and the till wait for it.
    pub(super) fn settle_approval(&mut self) {
        let Some(pending) = &self.approval else { return };
        let up = self.card.as_ref().map(|card| card.number);
        let is_gone = match &pending.intent {
            Intent::ConflictAnswered { card, .. } => Some(*card) != up,
            _ => false,
        };
        if is_gone || self.subject_of(&pending.intent).is_none() {
            self.approval = None;
        }
    }

    /// When what somebody sees of a count is hidden again.
    pub(super) fn seen_deadline(&self) -> Option<Timestamp> {
        let seen = self.approval.as_ref()?.seen_by.as_ref()?;
        let now = self.now();
        Some(if seen.is_over(now) { now } else { seen.until() })
    }

    /// Whoever saw a count may have turned away by now: it is hidden, and they are asked for their PIN or badge again.
    pub(super) fn hide_count_seen(&mut self) {
        let now = self.now();
        if let Some(pending) = &mut self.approval {
            pending.seen_by.take_if(|seen| seen.is_over(now));
        }
    }

    pub(super) fn give_up_approval(&mut self) -> Handled {
        if self.approval.as_ref().is_some_and(|pending| pending.seen_by.is_some()) {
            return self.send_count_back();
        }
        self.approval = None;
        Ok(())
    }

    /// The PIN is right: the act is done, once, with both names; a count is shown first.
    pub(super) fn approve(&mut self, pin: &Pin) -> Handled {
        let Some(pending) = self.approval.clone().filter(|pending| pending.seen_by.is_none()) else { return Ok(()) };
        let Some(chosen) = pending.chosen.clone() else { return Ok(()) };
        match self.check_pin(&chosen, pin)? {
            PinCheck::NotTried => Ok(()),
            PinCheck::Theirs(operator) if self.may_approve(&operator, &pending.need) => {
                self.approve_or_show(pending, *operator)
            }
            PinCheck::Theirs(_) | PinCheck::Wrong => {
                if let Some(pending) = &mut self.approval {
                    pending.refused = true;
                }
                Ok(())
            }
        }
    }

    /// Whoever agrees has shown their badge.
    pub(super) fn approve_by_badge(&mut self, badge: &str) -> Handled {
        let Some(pending) = self.approval.clone() else { return Ok(()) };
        if pending.seen_by.is_some() {
            return Err(NoticeKind::AnswerFirst.into());
        }
        let shown = self.database.view().find_operator_by_badge(badge)?.ok_or(NoticeKind::BadgeUnknown)?;
        if !self.may_approve(&shown, &pending.need) {
            return Err(NoticeKind::SupervisorNeeded.into());
        }
        self.approve_or_show(pending, shown)
    }

    /// Nobody agrees to a count they have not seen, and whoever counted must not see it before: who is to agree has shown who
    /// they are, the journal knows that they see it, and then it is shown.
    fn approve_or_show(&mut self, pending: PendingApproval, operator: Operator) -> Handled {
        let Some(of) = self.count_of(&pending.intent) else { return self.do_approved(pending, operator) };
        let event = Event::CountSeen { by: operator.id.clone(), of };
        self.commit(|act| act.record(event).map(|_| ()))?;
        let seen_by = Some(SeenBy { operator, at: self.now() });
        self.approval = Some(PendingApproval { refused: false, seen_by, ..pending });
        Ok(())
    }

    /// What an act counts, when it does.
    fn count_of(&self, intent: &Intent) -> Option<CountOf> {
        match intent {
            Intent::SessionClosed { .. } => self.session.as_ref().map(|session| CountOf::Drawer(session.id)),
            Intent::ShelfCounted { .. } => self.product_counted().map(CountOf::Shelf),
            _ => None,
        }
    }

    /// The count was seen and is agreed to, by somebody who may still do so.
    pub(super) fn agree_to_count(&mut self) -> Handled {
        self.hide_count_seen();
        let Some(pending) = self.approval.clone() else { return Ok(()) };
        let Some(seen) = pending.seen_by.clone() else { return Ok(()) };
        let operator = self.database.view().find_operator(&seen.operator.id)?.filter(|operator| operator.active);
        match operator {
            Some(operator) if self.may_approve(&operator, &pending.need) => self.do_approved(pending, operator),
            other => {
                // Nor do they see it any longer: somebody else is asked.
                self.approval = Some(PendingApproval { chosen: None, seen_by: None, ..pending });
                let ended = NoticeKind::AccessEnded { name: seen.operator.name };
                Err(other.map_or(ended, |_| NoticeKind::SupervisorNeeded).into())
            }
        }
    }

    /// Whoever counted leaves the till: like the basket, their count waits behind the lock. Whoever saw its figures sees them no more.
    pub(super) fn keep_count_asked(&mut self) {
        let (Some(pending), Some(operator)) = (self.approval.take(), &self.operator) else { return };
        let of = match &pending.intent {
            Intent::SessionClosed { counted, .. } => self.session.as_ref().map(|session| KeptOf::Drawer {
                session: session.id,
                expected: session.cash_expected(),
                counted: *counted,
            }),
            Intent::ShelfCounted { .. } => self.shelf_count.clone().map(KeptOf::Shelf),
            _ => None,
        };
        if let Some(of) = of {
            let kept = KeptCount { intent: pending.intent, need: pending.need, of };
            self.kept_counts.insert(operator.id.clone(), kept);
        }
    }

    /// Whoever counted is back: somebody is asked to agree as before. Where something has moved meanwhile, its screen is there to
    /// count it anew; what somebody else has counted is done.
    pub(super) fn come_back_to_count(&mut self) -> Handled {
        if self.card.is_some() || self.question.is_some() {
            return Ok(());
        }
        let Some(me) = self.operator.as_ref().map(|operator| operator.id.clone()) else { return Ok(()) };
        let Some(kept) = self.kept_counts.get(&me).cloned() else { return Ok(()) };
        let holds = match kept.of {
            // Over a basket no session is closed: it would be in the way of what must be done first.
            KeptOf::Drawer { .. } if !self.basket.is_empty() => return Ok(()),
            KeptOf::Drawer { session, expected, counted } => self.come_back_to_drawer(session, expected, counted),
            KeptOf::Shelf(count) => self.come_back_to_shelf(count)?,
        };
        self.kept_counts.remove(&me);
        if holds && !self.ask_approval(&kept.intent, &kept.need) {
            return Err(kept.need.otherwise.into());
        }
        Ok(())
    }

    /// Whoever is here has counted since: what they counted before is asked for no more.
    pub(super) fn forget_kept_count(&mut self) {
        if let Some(operator) = &self.operator {
            self.kept_counts.remove(&operator.id);
        }
    }

    /// The count was seen and is to be done again: nothing is booked, and what was counted stands in the journal.
    pub(super) fn send_count_back(&mut self) -> Handled {
        let Some(pending) = self.approval.take_if(|pending| pending.seen_by.is_some()) else { return Ok(()) };
        match pending.intent {
            Intent::ShelfCounted { .. } => self.count_shelf_again()?,
            _ => self.forget_drawer_count(),
        }
        let approver = pending.seen_by.map(|seen| seen.operator.name).unwrap_or_default();
        self.say(NoticeWeight::Mind, NoticeKind::CountAgain { approver });
        Ok(())
    }

    /// Whoever has agreed to the act that is being done, and their name.
    pub(super) fn agreed_by(&self) -> (Option<OperatorId>, Option<String>) {
        self.approver.as_ref().map(|by| (by.operator.id.clone(), by.operator.name.clone())).unzip()
    }

    fn do_approved(&mut self, pending: PendingApproval, operator: Operator) -> Handled {
        let line = match &pending.intent {
            Intent::PriceSet { line, .. } | Intent::DiscountSet { line, .. } => Some((self.basket.id, *line)),
            Intent::ConflictAnswered { .. } => self.card.as_ref().map(|card| (self.basket.id, card.line)),
            _ => None,
        };
        let event = Event::ActApproved { approver: operator.id.clone(), act: pending.need.act, line };
        self.approval = None;
        self.approver = Some(Approver { operator, event: Some(event) });
        let done = self.dispatch(pending.intent);
        self.approver = None;
        done
    }

    /// What the commit of an approved act says about it, once.
    pub(super) fn take_approval(&mut self) -> Option<Event> {
        self.approver.as_mut()?.event.take()
    }

    /// The most that may be taken off now: by whoever is signed in, or by whoever agreed.
    pub(super) fn find_cap(&self, operator: &Operator) -> Option<Decimal> {
        let rules = &self.settings.price_changes;
        let own = rules.find_cap(operator.role)?;
        match &self.approver {
            Some(approver) => Some(own.max(rules.find_cap(approver.operator.role)?)),
            None => Some(own),
        }
    }

    /// The question as the screen shows it.
    pub(super) fn approval_view(&self) -> Option<ApprovalView> {
        let pending = self.approval.as_ref()?;
        let subject = self.subject_of(&pending.intent)?;
        let operators = shown(self.list_approvers(&pending.need));
        let wait_until = pending.chosen.as_ref().and_then(|id| shown(self.sign_in_wait_until(id)));
        let seen_by = pending.seen_by.as_ref().map(|seen| seen.operator.name.as_str());
        let count = seen_by.and_then(|name| self.count_to_agree(&pending.intent, name));
        Some(ApprovalView {
            subject,
            operators: operators.into_iter().map(|o| OperatorView { id: o.id, name: o.name, role: o.role }).collect(),
            chosen: pending.chosen.clone(),
            refused: pending.refused,
            wait_until,
            reason: reason_of(&pending.intent),
            count,
        })
    }

    /// What is to be agreed to; `None` once it is gone.
    fn subject_of(&self, intent: &Intent) -> Option<ApprovalSubject> {
        let name = |line: u32| self.basket.line(line).map(|line| line.name.clone()).unwrap_or_default();
        Some(match intent {
            Intent::DiscountSet { line, percent, .. } => {
                ApprovalSubject::Discount { name: name(*line), percent: *percent }
            }
            Intent::PriceSet { line, unit_price, .. } => {
                ApprovalSubject::Price { name: name(*line), unit_price: *unit_price }
            }
            Intent::CashMoved { kind, amount, .. } => ApprovalSubject::Cash { kind: *kind, amount: *amount },
            Intent::OrderPaidBack { order, .. } => {
                let owed = shown(self.database.view().find_order(order)).and_then(|order| order.owed_back);
                let amount = owed.unwrap_or(Money::zero(self.basket.currency));
                ApprovalSubject::Cash { kind: CashMoveKind::PaidOut, amount }
            }
            Intent::InterimReportAsked => ApprovalSubject::InterimReport,
            Intent::SessionClosed { counted, .. } => {
                let session = self.session.as_ref()?;
                let owner = self.operator_name(&session.operator);
                ApprovalSubject::CloseSession { owner, counted: *counted }
            }
            Intent::ShelfCounted { found, .. } => {
                ApprovalSubject::Count { name: self.name_of_counted()?, found: *found }
            }
            Intent::PrintDecided { .. } => ApprovalSubject::DropDocument,
            Intent::PortChosen(choice) => ApprovalSubject::Port { device: choice.device, port: choice.port.clone() },
            Intent::ConflictAnswered { choice: ConflictChoice::SellAnyway { order }, .. } => {
                let card = self.card_view()?;
                let number = order.as_ref().unwrap_or(&card.falls_short);
                let order = card.orders.iter().find(|order| order.number == *number)?;
                let (name, order) = (card.product_name, Box::new(order.clone()));
                ApprovalSubject::SellPromised { name, quantity: card.line_out, order, also_short: card.also_short }
            }
            _ => ApprovalSubject::NoSale,
        })
    }

    /// The count that somebody who has shown who they are is to agree to.
    fn count_to_agree(&self, intent: &Intent, approver: &str) -> Option<CountToAgree> {
        let (figures, reason) = match intent {
            Intent::SessionClosed { counted, reason } => {
                let expected = self.session.as_ref()?.cash_expected();
                let limit = Money::new(self.settings.difference_limits.drawer_minor, expected.currency());
                (CountFigures::Drawer { counted: *counted, expected, limit }, reason)
            }
            Intent::ShelfCounted { found, reason } => (self.shelf_figures(*found)?, reason),
            _ => return None,
        };
        let reason = reason.as_deref().and_then(reason_given);
        Some(CountToAgree { approver: approver.to_owned(), figures, reason })
    }
}

/// Why an act is to be done, as it was said.
fn reason_of(intent: &Intent) -> Option<String> {
    match intent {
        Intent::PriceSet { reason, .. }
        | Intent::DiscountSet { reason, .. }
        | Intent::CashMoved { reason, .. }
        | Intent::DrawerOpened { reason } => reason_given(reason),
        _ => None,
    }
}
