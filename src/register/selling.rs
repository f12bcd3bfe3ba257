//! The basket at the till: quantities, prices, discounts, removals, and baskets put aside.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::database::{DatabaseError, ParkedDraft};
use crate::domain::basket::{Basket, BasketError, Draft};
use crate::domain::event::Event;
use crate::domain::ids::{BasketId, ProductId};
use crate::domain::money::Money;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::product::PriceKind;
use crate::domain::quantity::Quantity;
use crate::domain::sale::ReceiptChoice;

use super::approval::ApprovalNeed;
use super::intent::Screen;
use super::question::PendingQuestion;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Handled, LastRung, Refusal, Register};

impl Register {
    /// The first line of a sale begins it: its identity was made with the basket, its time is now.
    pub(super) fn begin_basket_when_empty(&mut self) {
        if self.basket.is_empty() && self.basket.tenders.is_empty() {
            self.begun_at = self.now();
        }
    }

    /// Saves the open basket; a disk that refuses is told, and does not stop the selling.
    pub(super) fn save_draft(&mut self) {
        self.rung_by = self.operator.as_ref().map(|operator| operator.id.clone()).or(self.rung_by.take());
        let draft = self.draft_of(&self.basket);
        if let Err(error) = self.database.save_draft(&draft) {
            self.refuse(Refusal::Database(error), None);
        }
    }

    /// A basket as it is saved.
    pub(super) fn draft_of(&self, basket: &Basket) -> Draft {
        let unanswered = self.question.as_ref().and_then(|question| question.unanswered().cloned());
        let waiting = self.waiting_scans.iter().filter_map(|waiting| waiting.scan_for(basket.id).cloned()).collect();
        Draft {
            basket: basket.clone(),
            begun_at: self.begun_at,
            at_terminal: self.at_terminal,
            receipt: self.receipt,
            unanswered,
            waiting,
            may_be_sold: self.question.as_ref().is_some_and(PendingQuestion::is_about_basket),
            rung_by: self.operator.as_ref().map(|operator| &operator.id).or(self.rung_by.as_ref()).cloned(),
        }
    }

    /// Changes the basket: a refused change leaves it as it was; a taken one is saved and judged.
    fn change_basket(&mut self, line: u32, change: impl FnOnce(&mut Basket) -> Handled) -> Handled {
        self.get_untendered()?;
        let mut basket = (*self.basket).clone();
        change(&mut basket)?;
        let product = basket.line(line).map(|l| l.product.clone());
        if self.approver.is_some() {
            // Who agreed stands in the journal with what was agreed to.
            let draft = self.draft_of(&basket);
            self.commit(|act| act.tx.save_draft(&draft))?;
            self.basket = Arc::new(basket);
        } else {
            self.basket = Arc::new(basket);
            self.save_draft();
        }
        self.selected = Some(line);
        if let Some(product) = product {
            self.judge_product(&product)?;
        }
        Ok(())
    }

    /// Once money lies on the counter the basket does not change under it.
    pub(super) fn get_untendered(&self) -> Handled {
        self.get_terminal_answered()?;
        if self.basket.tenders.is_empty() { Ok(()) } else { Err(NoticeKind::TenderedAlready.into()) }
    }

    pub(super) fn set_quantity(&mut self, line: u32, quantity: Quantity) -> Handled {
        // Taking goods back is another act than selling fewer of them.
        if !quantity.is_positive() {
            return Err(NoticeKind::BasketRefused(BasketError::QuantityInvalid).into());
        }
        let before = self.basket.line(line).map_or(Quantity::ZERO, |line| line.quantity);
        self.change_basket(line, |b| Ok(b.set_quantity(line, quantity).map_err(NoticeKind::BasketRefused)?))?;
        // How many it is said to be after the scan is as if it had been said before: one key takes all of it back.
        self.last_rung = self.last_rung.take().and_then(|last| {
            let rung = if last.line == line { last.quantity + quantity - before } else { last.quantity };
            rung.is_positive().then_some(LastRung { quantity: rung, ..last })
        });
        Ok(())
    }

    pub(super) fn set_price(&mut self, line: u32, unit_price: Money, reason: String) -> Handled {
        self.get_permission(OperatorAct::OverridePrice)?;
        let operator = self.get_operator()?.clone();
        if !self.settings.price_changes.takes_reason(&reason) {
            return Err(NoticeKind::ReasonNeeded.into());
        }
        let (cap, list_price) = (self.find_cap(&operator), self.list_price_of(line)?);
        let approver = self.approver.as_ref().map(|approver| approver.operator.id.clone());
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        self.change_basket(line, |b| {
            b.set_price(line, unit_price).map_err(NoticeKind::BasketRefused)?;
            b.set_price_reason(line, reason).map_err(NoticeKind::BasketRefused)?;
            b.sign_change(line, &operator.id, approver.as_ref()).map_err(NoticeKind::BasketRefused)?;
            within_cap(b, line, OperatorAct::OverridePrice, list_price, cap)
        })
    }

    pub(super) fn set_discount(&mut self, line: u32, percent: Decimal, reason: &str) -> Handled {
        self.get_permission(OperatorAct::Discount)?;
        let operator = self.get_operator()?.clone();
        // Taking a discount away needs no reason, and nobody is held back from it.
        if !percent.is_zero() && !self.settings.price_changes.takes_reason(reason) {
            return Err(NoticeKind::ReasonNeeded.into());
        }
        let cap = self.find_cap(&operator).filter(|_| !percent.is_zero());
        let approver = self.approver.as_ref().map(|approver| approver.operator.id.clone());
        let list_price = self.list_price_of(line)?;
        self.change_basket(line, |b| {
            b.set_discount_percent(line, percent, reason).map_err(NoticeKind::BasketRefused)?;
            b.sign_change(line, &operator.id, approver.as_ref()).map_err(NoticeKind::BasketRefused)?;
            within_cap(b, line, OperatorAct::Discount, list_price, cap)
        })
    }

    /// What the list asks for one unit of a line; `None` for an open price, and for what has left the catalogue.
    pub(super) fn list_price_of(&self, line: u32) -> Result<Option<Money>, DatabaseError> {
        let Some(line) = self.basket.line(line) else { return Ok(None) };
        let product = self.database.view().find_product(&line.product)?;
        Ok(product.filter(|product| product.price_kind == PriceKind::Fixed).map(|product| product.price))
    }

    pub(super) fn remove_line(&mut self, line: u32) -> Handled {
        self.get_permission(OperatorAct::Void)?;
        self.get_untendered()?;
        self.take_line_out(line)
    }

    /// Takes a line out and keeps it in the journal.
    pub(super) fn take_line_out(&mut self, line: u32) -> Handled {
        let mut basket = (*self.basket).clone();
        let product = basket.line(line).map(|line| line.product.clone());
        let mut events = Vec::new();
        for line in self.lines_going_with(line) {
            let removed = basket.remove(line).map_err(NoticeKind::BasketRefused)?;
            events.push(Event::LineVoided { basket: basket.id, line: Box::new(removed) });
        }
        let draft = self.draft_of(&basket);
        self.commit(|act| {
            events.into_iter().try_for_each(|event| act.record(event).map(|_| ()))?;
            act.tx.save_draft(&draft)
        })?;
        self.basket = Arc::new(basket);
        self.look_at_line(None);
        self.last_rung = None;
        // There is nothing left to pay.
        if self.basket.is_empty() && self.screen == Screen::Pay {
            self.enter(Screen::Sell);
        }
        match product {
            Some(product) => self.judge_product(&product),
            None => self.raise_card(),
        }
    }

    /// The lines that leave the basket with one: those of an order that has changed go together, as it is to be handed over
    /// anew.
    fn lines_going_with(&self, line: u32) -> Vec<u32> {
        let order = self.basket.line(line).and_then(|line| line.hand_over.as_ref()).map(|hand_over| &hand_over.order);
        match order.filter(|order| self.changed_orders.contains(order)) {
            Some(order) => self.basket.lines_of_order(order),
            None => vec![line],
        }
    }

    /// Takes back what the last scan or tap added.
    pub(super) fn undo_scan(&mut self) -> Handled {
        self.get_untendered()?;
        let Some(last) = self.last_rung.take() else { return Ok(()) };
        let Some(line) = self.basket.line(last.line) else { return Ok(()) };
        let left = line.quantity - last.quantity;
        if !left.is_positive() {
            return self.take_line_out(last.line);
        }
        self.change_basket(last.line, |b| Ok(b.set_quantity(last.line, left).map_err(NoticeKind::BasketRefused)?))
    }

    pub(super) fn void_basket(&mut self) -> Handled {
        self.get_permission(OperatorAct::Void)?;
        self.get_untendered()?;
        if self.basket.is_empty() {
            return Ok(());
        }
        let event = Event::BasketVoided { basket: self.basket.id, lines: self.basket.lines.clone() };
        self.commit(|act| {
            act.record(event)?;
            act.tx.clear_draft()
        })?;
        self.new_basket();
        Ok(())
    }

    /// An empty basket for the next customer.
    pub(super) fn new_basket(&mut self) {
        (self.basket, self.at_terminal) = (Arc::new(Basket::new(self.basket.id, self.settings.currency)), None);
        if let Err(error) = self.take_settings() {
            tracing::error!(%error, "the store's settings cannot be read; those of before hold on");
        }
        let id = BasketId(self.environment.unique_id());
        self.basket = Arc::new(Basket::new(id, self.settings.currency));
        self.begun_at = self.now();
        self.rung_by = None;
        self.judgements.clear();
        self.look_at_line(None);
        self.last_rung = None;
        self.quantity_prefix = None;
        self.question = None;
        self.changed_orders.clear();
        self.receipt = ReceiptChoice::default();
        self.card = None;
        self.enter(Screen::Sell);
    }

    pub(super) fn park(&mut self) -> Handled {
        self.get_untendered()?;
        if self.basket.is_empty() {
            return Ok(());
        }
        let operator = self.get_operator()?.clone();
        let draft = self.draft_of(&self.basket);
        let parked_at = self.now();
        let parked = ParkedDraft { draft, label: String::new(), operator: Some(operator.id), parked_at };
        self.commit(|act| act.tx.park(&parked))?;
        self.new_basket();
        self.cache.forget();
        self.done(NoticeKind::BasketParked);
        Ok(())
    }

    pub(super) fn recall(&mut self, id: BasketId) -> Handled {
        if !self.basket.is_empty() {
            return Err(NoticeKind::BasketOpen.into());
        }
        let draft = self.commit(|act| act.tx.recall(id))?;
        self.cache.forget();
        self.basket = Arc::new(draft.basket);
        self.begun_at = draft.begun_at;
        self.rung_by = self.operator.as_ref().map(|operator| operator.id.clone());
        self.receipt = draft.receipt;
        self.completed = None;
        self.clear_notice();
        self.enter(Screen::Sell);
        self.look_at_line(None);
        if draft.may_be_sold {
            self.ask_whether_sold();
        } else {
            self.ask_age();
        }
        self.judge_basket()?;
        Ok(())
    }

    /// A product that must be in the catalogue.
    pub(super) fn get_known(&self, id: &ProductId) -> Result<crate::domain::product::Product, Refusal> {
        let found = self.database.view().find_product(id)?;
        found.ok_or_else(|| NoticeKind::CodeUnknown { code: id.to_string() }.into())
    }

    /// What the basket comes to.
    pub(super) fn total(&self) -> Money {
        self.basket.total(&self.settings.tax_rates, self.settings.tax_mode)
    }

    /// Says that something went well.
    pub(super) fn done(&mut self, kind: NoticeKind) {
        self.say(NoticeWeight::Done, kind);
    }
}

/// No more may be taken off than the roles of those who do it allow.
fn within_cap(
    basket: &Basket,
    line: u32,
    act: OperatorAct,
    list_price: Option<Money>,
    cap: Option<Decimal>,
) -> Result<(), Refusal> {
    let Some((changed, percent)) = basket.line(line).zip(cap) else { return Ok(()) };
    if !changed.exceeds_cap(list_price, percent) {
        return Ok(());
    }
    let (otherwise, changed) = (NoticeKind::AboveCap { percent }, Some((Box::new(changed.clone()), list_price)));
    Err(Refusal::Approval(Box::new(ApprovalNeed { act, otherwise, changed })))
}
