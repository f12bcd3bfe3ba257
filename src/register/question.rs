//! Questions that must be answered before anything else is rung: whether the basket was sold, an age, a price, how much,
//! which of several. What waits
//! for its answer is kept with the draft, so that a power cut asks again instead of losing it.

use chrono::NaiveDate;

use crate::domain::basket::{Draft, LinePrice, LineRequest, Unanswered};
use crate::domain::device::Tone;
use crate::domain::event::{Event, RestoredBasketDecision};
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::money::Money;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::product::{PriceKind, Product};
use crate::domain::quantity::Quantity;

use super::intent::{Intent, Screen};
use super::scanning::{Resolved, Stated, stated};
use super::snapshot::{NoticeKind, Question, UnusualAmount};
use super::{Effect, Handled, Refusal, Register};

/// A question on screen and what goes on when it is answered.
#[derive(Clone, Debug)]
pub(super) struct PendingQuestion {
    /// As the screen shows it.
    pub shown: Question,
    /// What waits.
    pub then: AfterQuestion,
}

/// What goes on when a question is answered.
#[derive(Clone, Debug)]
pub(super) enum AfterQuestion {
    /// The line asks for an age.
    KeepLine { line: u32, years: u8 },
    /// A paid order that is to be handed over asks for an age; this is done again once it is known.
    HandOver { order: OrderNumber, years: u8, again: Box<Intent> },
    /// An amount beyond all custom; this is done again once it is confirmed.
    Amount { amount: Money, again: Box<Intent> },
    /// A product is rung up.
    Ring(Unanswered),
    /// The basket may have been sold: it goes on, with what was asked before, or is given up.
    DecideBasket { before: Option<Unanswered> },
}

impl PendingQuestion {
    /// Is it whether the basket was sold?
    pub const fn is_about_basket(&self) -> bool {
        matches!(self.then, AfterQuestion::DecideBasket { .. })
    }

    /// The product that waits, as it is saved. An age is asked again by its line.
    pub fn unanswered(&self) -> Option<&Unanswered> {
        match &self.then {
            AfterQuestion::Ring(unanswered) => Some(unanswered),
            AfterQuestion::DecideBasket { before } => before.as_ref(),
            AfterQuestion::KeepLine { .. } | AfterQuestion::HandOver { .. } | AfterQuestion::Amount { .. } => None,
        }
    }
}

impl Register {
    /// Asks about a product, and keeps the question.
    pub(super) fn ask(&mut self, unanswered: Unanswered) -> Handled {
        self.question = Some(self.question_about(unanswered)?);
        self.save_draft();
        Ok(())
    }

    /// The question as the screen shows it.
    pub(super) fn question_about(&self, unanswered: Unanswered) -> Result<PendingQuestion, Refusal> {
        let shown = match &unanswered {
            Unanswered::Price { product, .. } => Question::OpenPrice { name: self.get_known(product)?.name },
            Unanswered::Quantity { product, .. } => {
                let product = self.get_known(product)?;
                let unit_price = (product.price_kind == PriceKind::Fixed).then_some(product.price);
                Question::HowMuch { name: product.name, unit: product.unit, unit_price }
            }
            Unanswered::Choice { products, .. } => {
                let hits = products.iter().map(|id| Ok(self.product_hit(&self.get_known(id)?)?));
                Question::WhichProduct { products: hits.collect::<Result<_, Refusal>>()? }
            }
        };
        Ok(PendingQuestion { shown, then: AfterQuestion::Ring(unanswered) })
    }

    /// After a restart: what was asked is asked still, unless its product has left the catalogue.
    pub(super) fn ask_again(&mut self, unanswered: Option<Unanswered>) {
        match unanswered.map(|unanswered| self.question_about(unanswered)) {
            Some(Ok(question)) => self.question = Some(question),
            Some(Err(refusal)) => self.refuse(refusal, None),
            None => self.ask_age(),
        }
    }

    /// Asks for the buyer's age when a line needs one that was not checked yet, and no other question is open.
    pub(super) fn ask_age(&mut self) {
        if self.question.is_none()
            && let Some(years) = self.basket.age_to_check()
            && let Some(line) = self.basket.lines.iter().rev().find(|l| l.age_limit == Some(years))
        {
            let (line, name) = (line.line, line.name.clone());
            self.ask_age_of(years, name, AfterQuestion::KeepLine { line, years });
        }
    }

    /// Asks whether the customer is old enough for what is named.
    pub(super) fn ask_age_of(&mut self, years: u8, name: String, then: AfterQuestion) {
        let born_by = chrono::Months::new(u32::from(years) * 12);
        let born_by = self.today().checked_sub_months(born_by).unwrap_or(NaiveDate::MIN);
        self.question = Some(PendingQuestion { shown: Question::Age { years, born_by, name }, then });
    }

    /// An age that was asked for a line is asked for no more when that line has gone, or for another line that needs it.
    pub(super) fn settle_age(&mut self) {
        let asked = self.question.as_ref().and_then(|question| match question.then {
            AfterQuestion::KeepLine { line, .. } => Some(line),
            _ => None,
        });
        if asked.is_some_and(|line| self.basket.line(line).is_none()) {
            self.question = None;
            self.ask_age();
        }
    }

    pub(super) fn age_checked(&mut self, old_enough: bool) -> Handled {
        let (line, years) = match self.question.clone().map(|question| question.then) {
            Some(AfterQuestion::KeepLine { line, years }) => (line, years),
            Some(AfterQuestion::HandOver { order, years, again }) => {
                return self.collector_age_checked(&order, years, *again, old_enough);
            }
            _ => return Ok(()),
        };
        if !old_enough {
            // While the line is there the question is; with the line it goes, and another line may need an age too.
            return self.take_line_out(line);
        }
        self.question = None;
        let mut basket = (*self.basket).clone();
        basket.age_checked = basket.age_checked.max(Some(years));
        self.basket = basket.into();
        self.save_draft();
        self.raise_card()
    }

    /// Asks whether it is really so much; `true` when the question is up, and `again` waits for its answer.
    pub(super) fn asks_amount(&mut self, amount: Money, of: UnusualAmount, again: Intent) -> bool {
        if self.amount_seen == Some(amount) || self.question.is_some() {
            return false;
        }
        let then = AfterQuestion::Amount { amount, again: Box::new(again) };
        self.question = Some(PendingQuestion { shown: Question::Amount { amount, of }, then });
        self.effects.push(Effect::Tone(Tone::Attention));
        true
    }

    /// It is really so much, or it was a slip.
    pub(super) fn amount_confirmed(&mut self, right: bool) -> Handled {
        let Some(AfterQuestion::Amount { amount, again }) = self.question.clone().map(|question| question.then) else {
            return Ok(());
        };
        self.question = None;
        if !right {
            return Ok(());
        }
        self.amount_seen = Some(amount);
        let done = self.dispatch(*again);
        self.amount_seen = None;
        done
    }

    /// Whoever leaves takes along what was asked about an amount they typed.
    pub(super) fn forget_amount_asked(&mut self) {
        self.question.take_if(|question| matches!(question.then, AfterQuestion::Amount { .. }));
    }

    /// The price typed for the product that waits for it.
    pub(super) fn open_price_entered(&mut self, price: Option<Money>) -> Handled {
        let Some(Unanswered::Price { product, request }) = self.unanswered() else { return Ok(()) };
        self.answer(|register| {
            let Some(price) = price else { return Ok(()) };
            let request = LineRequest { price: LinePrice::Typed(price), ..*request };
            let product = register.get_known(&product)?;
            register.ring(Resolved { product, request, quantity: Stated::Told })
        })
    }

    /// What was weighed or measured is rung up.
    pub(super) fn quantity_entered(&mut self, quantity: Option<Quantity>) -> Handled {
        let Some(Unanswered::Quantity { product, request }) = self.unanswered() else { return Ok(()) };
        self.answer(|register| {
            let Some(quantity) = quantity else { return Ok(()) };
            let request = LineRequest { quantity, ..*request };
            let product = register.get_known(&product)?;
            register.ring(Resolved { product, request, quantity: Stated::Told })
        })
    }

    /// A product was tapped: on a quick key, in the search results, or as the answer to *which of these*.
    pub(super) fn choose_product(&mut self, id: &ProductId) -> Handled {
        if self.card.is_some() || self.approval.is_some() {
            return Err(NoticeKind::AnswerFirst.into());
        }
        let (quantity, scanned) = match self.unanswered() {
            Some(Unanswered::Choice { quantity, scanned, .. }) => (quantity, scanned),
            None if self.question.is_none() => {
                if let Some(code) = self.code_searched_for(id) {
                    return self.code_typed(&code);
                }
                (self.quantity_prefix, None)
            }
            _ => return Err(NoticeKind::AnswerFirst.into()),
        };
        self.answer(|register| {
            let product: Product = register.get_known(id)?;
            let request = LineRequest::listed(quantity.unwrap_or(Quantity::ONE), scanned);
            register.ring(Resolved { product, request, quantity: stated(quantity) })
        })?;
        self.search_text.clear();
        self.enter(Screen::Sell);
        Ok(())
    }

    /// The whole code that is being looked for, when it is this product's: how many it stands for and what it costs is then
    /// what the code says, as if it had been scanned.
    fn code_searched_for(&self, id: &ProductId) -> Option<String> {
        let text = self.search_text.trim();
        let code = self.parse(text.as_bytes(), None).ok()?;
        let products = self.list_products(&code, text.as_bytes()).ok()?;
        let only = products.len() == 1 && products.iter().all(|found| found.product.id == *id);
        only.then(|| text.to_owned())
    }

    /// *Which of these* is answered with none: the code sells nothing, and how many there were to be is forgotten with it.
    pub(super) fn give_up_choice(&mut self) -> Handled {
        if matches!(self.unanswered(), Some(Unanswered::Choice { .. })) {
            self.question = None;
            self.quantity_prefix = None;
            self.save_draft();
        }
        Ok(())
    }

    fn unanswered(&self) -> Option<Unanswered> {
        let question = self.question.as_ref().filter(|question| !question.is_about_basket())?;
        question.unanswered().cloned()
    }

    /// Asks whether the basket was sold, before anything else that is asked.
    pub(super) fn ask_whether_sold(&mut self) {
        let before = self.question.take().and_then(|question| question.unanswered().cloned());
        self.question = Some(PendingQuestion {
            shown: Question::MayBeSold { begun_at: self.begun_at },
            then: AfterQuestion::DecideBasket { before },
        });
    }

    /// The answer, in the journal with what it does: the basket is given up, or goes on where it was.
    pub(super) fn restored_basket_decided(&mut self, decision: RestoredBasketDecision) -> Handled {
        self.get_permission(OperatorAct::Void)?;
        let Some(AfterQuestion::DecideBasket { before }) = self.question.as_ref().map(|question| question.then.clone())
        else {
            return Ok(());
        };
        let basket = self.basket.clone();
        let decided = Event::RestoredBasketDecided { basket: basket.id, decision, tenders: basket.tenders.clone() };
        if decision == RestoredBasketDecision::Sold {
            let voided = Event::BasketVoided { basket: basket.id, lines: basket.lines.clone() };
            self.commit(|act| {
                act.record(decided)?;
                act.record(voided)?;
                act.tx.clear_draft()
            })?;
            self.new_basket();
            return Ok(());
        }
        let draft = Draft { may_be_sold: false, unanswered: before.clone(), ..self.draft_of(&basket) };
        self.commit(|act| {
            act.record(decided)?;
            act.tx.save_draft(&draft)
        })?;
        self.question = None;
        self.ask_again(before);
        self.judge_basket()?;
        self.complete_when_paid()
    }

    /// Does what the answer says; one that is refused leaves the question open.
    fn answer(&mut self, ring: impl FnOnce(&mut Self) -> Handled) -> Handled {
        let (asked, before) = (self.question.take(), self.basket.clone());
        let rung = ring(self);
        if rung.is_err() && std::sync::Arc::ptr_eq(&before, &self.basket) {
            self.question = asked;
        } else if rung.is_ok() && asked.is_some() {
            // Given up, nothing was rung that would have saved it.
            self.save_draft();
        }
        rung
    }
}
