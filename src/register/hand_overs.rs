//! Orders between the bay and the customer: those in the basket that are no longer as they were put there, those in a
//! basket that was put aside, and the age of whoever collects.

use crate::database::DatabaseError;
use crate::domain::device::Tone;
use crate::domain::event::Event;
use crate::domain::ids::OrderNumber;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::session::CashMoveKind;
use crate::domain::web_order::{LineQuantity, OrderStep, WebOrder};

use super::intent::{Intent, PaidBackFrom, Screen};
use super::pick_ups::order_stepped;
use super::question::AfterQuestion;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Effect, Handled, Refusal, Register};

impl Register {
    /// Holds the basket's orders against what they are now. One that has changed is said once, and its lines say so until
    /// they are taken out; what is paid at this moment is not.
    pub(super) fn settle_hand_overs(&mut self) -> Result<(), DatabaseError> {
        let mut changed = Vec::new();
        for number in self.basket.orders() {
            let order = self.database.view().find_order(number)?;
            if !order.is_some_and(|order| self.basket.is_as_owed(&order)) {
                changed.push(number.clone());
            }
        }
        let news = changed.iter().find(|order| !self.changed_orders.contains(order)).cloned();
        self.changed_orders = changed;
        if let Some(order) = news {
            if self.screen == Screen::Pay && self.at_terminal.is_none() {
                self.enter(Screen::Sell);
            }
            self.say(NoticeWeight::Mind, NoticeKind::OrderChanged { order });
            self.effects.push(Effect::Tone(Tone::Attention));
        }
        Ok(())
    }

    /// Is every order in the basket still to be paid, as it is there?
    pub(super) fn get_orders_as_owed(&self) -> Handled {
        match self.changed_orders.first() {
            Some(order) => Err(NoticeKind::OrderChanged { order: order.clone() }.into()),
            None => Ok(()),
        }
    }

    /// An order is brought to a basket once, whether that basket is open or put aside. One that is paid costs nothing, and
    /// may be handed over although it was put aside unpaid.
    pub(super) fn get_in_no_basket(&self, order: &WebOrder) -> Handled {
        let number = order.number.clone();
        if self.basket.orders().contains(&&order.number) {
            let changed = self.changed_orders.contains(&number);
            let kind = if changed {
                NoticeKind::OrderChanged { order: number }
            } else {
                NoticeKind::InBasketAlready { order: number }
            };
            return Err(kind.into());
        }
        let parked = if order.paid { Vec::new() } else { self.database.view().list_parked()? };
        if parked.iter().any(|parked| parked.draft.basket.orders().contains(&&order.number)) {
            return Err(NoticeKind::OrderParked { order: number }.into());
        }
        Ok(())
    }

    /// What was taken beyond what an order owed goes back to its customer: out of the drawer, or from elsewhere.
    pub(super) fn pay_back(&mut self, number: &OrderNumber, source: PaidBackFrom) -> Handled {
        let order = self.database.view().find_order(number)?.ok_or(NoticeKind::OrderUnknown)?;
        let Some(amount) = order.owed_back else { return Ok(()) };
        self.get_permission(OperatorAct::Refund)?;
        let moved = (source == PaidBackFrom::Drawer).then(|| Event::CashMoved {
            kind: CashMoveKind::PaidOut,
            amount,
            reason: number.to_string(),
        });
        let step = order_stepped(&order, OrderStep::PaidBack { amount });
        self.commit(|act| moved.into_iter().chain([step]).try_for_each(|event| act.record(event).map(|_| ())))?;
        self.cache.forget();
        if source == PaidBackFrom::Drawer {
            self.reload_session();
            self.kick_drawer();
        }
        Ok(())
    }

    /// Asks how old the customer is when what they collect needs an age that nobody has asked about yet; `true` when
    /// the question is up, and `again` waits for its answer.
    pub(super) fn asks_age_of_collector(
        &mut self,
        order: &WebOrder,
        lines: &[LineQuantity],
        again: Intent,
    ) -> Result<bool, Refusal> {
        let mut needed = None;
        for line in lines.iter().filter_map(|what| order.line(what.line)) {
            needed =
                needed.max(self.database.view().find_product(&line.product)?.and_then(|product| product.age_limit));
        }
        let in_basket = self.basket.age_checked.filter(|_| !self.basket.is_empty());
        let Some(years) = needed.filter(|years| *years > in_basket.max(self.age_seen).unwrap_or(0)) else {
            return Ok(false);
        };
        self.ask_age_of(years, AfterQuestion::HandOver { order: order.number.clone(), years, again: Box::new(again) });
        Ok(true)
    }

    /// The age was asked: the hand-over that waited for it goes on, or does not happen.
    pub(super) fn collector_age_checked(
        &mut self,
        order: &OrderNumber,
        years: u8,
        again: Intent,
        old_enough: bool,
    ) -> Handled {
        self.question = None;
        let same = match &again {
            Intent::OrderHandedOver { .. } => self.open_order.as_ref() == Some(order),
            _ => true,
        };
        if !old_enough || !same {
            return Ok(());
        }
        self.age_seen = Some(years);
        let done = self.dispatch(again);
        self.age_seen = None;
        done
    }
}
