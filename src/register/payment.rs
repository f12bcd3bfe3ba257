//! Payment: tenders, change, and the one transaction that makes a basket a sale.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::database::{DatabaseError, PrintCause, SaleRecord};
use crate::domain::basket::Basket;
use crate::domain::conflict::order_falling_short;
use crate::domain::device::{PrintJobState, Tone};
use crate::domain::event::Event;
use crate::domain::ids::{PrintJobId, ProductId};
use crate::domain::money::{AMOUNT_MINOR_MAX, Money};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::sale::{CompleteError, ReceiptChoice, Sale, SaleContext, complete};
use crate::domain::tender::{
    Settlement, Tender, TenderKind, cash_due, is_unusual_cash, looks_like_barcode, looks_like_card_number, settle,
    suggest_cash,
};

use super::intent::{Intent, Screen};
use super::printing::PrinterReach;
use super::snapshot::{CompletedSale, NoticeKind, NoticeWeight, PayView, UnusualAmount};
use super::{Effect, Handled, Refusal, Register};

/// How many amounts the pay screen suggests beside *exact*.
const SUGGESTIONS: usize = 3;

/// Why a product that the books had none of, and that was sold, is to be counted.
const SOLD_FROM_EMPTY_SHELF: &str = "sold from an empty shelf";

/// So long after a sale its change is shown again when the till is started: then the customer is gone.
const CHANGE_SHOWN_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// The sale just completed, until the next scan.
#[derive(Clone, Debug)]
pub(super) struct Completed {
    pub job: Option<PrintJobId>,
    pub shown: CompletedSale,
}

impl Register {
    pub(super) fn settlement(&self) -> Settlement {
        settle(self.total(), &self.basket.tenders, self.settings.cash_rounding)
    }

    pub(super) fn pay_view(&self) -> PayView {
        let settlement = self.settlement();
        let due = cash_due(settlement.remaining, self.settings.cash_rounding);
        PayView {
            settlement,
            cash_due: due,
            suggestions: suggest_cash(due, SUGGESTIONS),
            at_terminal: self.at_terminal,
            receipt: self.settings.receipt_duty.holds_to(self.receipt),
            receipt_duty: self.settings.receipt_duty,
            has_printer: self.printer_reach() != PrinterReach::None,
        }
    }

    /// To the pay screen. Everything is judged once more first: an order may have arrived since the last scan.
    pub(super) fn open_pay(&mut self) -> Handled {
        self.get_permission(OperatorAct::Sell)?;
        if self.session.is_none() {
            return Err(NoticeKind::NotAllowed.into());
        }
        if self.basket.is_empty() {
            return Ok(());
        }
        // What the terminal does is to be answered, whatever else has changed meanwhile.
        if self.at_terminal.is_some() {
            self.enter(Screen::Pay);
            return Ok(());
        }
        self.get_ready_to_pay()?;
        self.clear_notice();
        if self.total().is_zero() && self.basket.tenders.is_empty() {
            return self.complete_sale(&(*self.basket).clone());
        }
        self.enter(Screen::Pay);
        self.complete_when_paid()
    }

    /// Everything is held once more against what is so now: promises, the buyer's age, the orders in the basket.
    fn get_ready_to_pay(&mut self) -> Handled {
        self.judge_basket()?;
        self.ask_age();
        self.get_undecided()?;
        self.get_orders_as_owed()
    }

    pub(super) fn leave_pay(&mut self) -> Handled {
        if self.screen == Screen::Pay {
            self.enter(Screen::Sell);
        }
        Ok(())
    }

    /// What the customer wants on paper, for this sale and no other.
    pub(super) fn choose_receipt(&mut self, choice: ReceiptChoice) -> Handled {
        if self.settings.receipt_duty.holds_to(choice) != choice {
            return Err(NoticeKind::ReceiptCompulsory.into());
        }
        if choice != ReceiptChoice::None && self.printer_reach() == PrinterReach::None {
            return Err(NoticeKind::NoPrinter.into());
        }
        if self.screen == Screen::Pay {
            self.receipt = choice;
            self.save_draft();
        }
        Ok(())
    }

    /// Money is given; with the last of it the basket becomes a sale.
    pub(super) fn tender(&mut self, kind: TenderKind, amount: Money, reference: Option<String>) -> Handled {
        self.get_settings_known()?;
        self.get_payable(kind, amount)?;
        if kind == TenderKind::Cash && self.asks_cash(amount)? {
            return Ok(());
        }
        let basket = self.basket_with(Tender { kind, amount, reference });
        if self.remaining_of(&basket).is_zero() {
            return self.complete_sale(&basket);
        }
        self.basket = Arc::new(basket);
        self.enter(Screen::Pay);
        self.save_draft();
        Ok(())
    }

    /// Asks about cash that nobody gives for what is due; `true` when the question is up. What is a barcode is no money.
    fn asks_cash(&mut self, amount: Money) -> Result<bool, Refusal> {
        let due = cash_due(self.settlement().remaining, self.settings.cash_rounding);
        if !is_unusual_cash(amount, due) || suggest_cash(due, SUGGESTIONS).contains(&amount) {
            return Ok(false);
        }
        if looks_like_barcode(amount) {
            return Err(NoticeKind::AmountIsCode.into());
        }
        let again = Intent::Tendered { kind: TenderKind::Cash, amount, reference: None };
        Ok(self.asks_amount(amount, UnusualAmount::Cash { due }, again))
    }

    /// May so much be taken now, and by this means? Everything is judged once more before.
    fn get_payable(&mut self, kind: TenderKind, amount: Money) -> Handled {
        self.get_permission(OperatorAct::Sell)?;
        self.get_terminal_answered()?;
        let remaining = self.settlement().remaining;
        let in_range = amount.minor() > 0 && amount.minor() <= AMOUNT_MINOR_MAX;
        if self.basket.is_empty() || !in_range || remaining.is_zero() {
            return Err(NoticeKind::AmountInvalid.into());
        }
        if kind == TenderKind::Card && amount > remaining {
            return Err(NoticeKind::CardTooMuch { due: remaining }.into());
        }
        self.get_ready_to_pay()
    }

    fn basket_with(&self, tender: Tender) -> Basket {
        let reference = tender.reference.filter(|text| !looks_like_card_number(text));
        let mut basket = (*self.basket).clone();
        basket.tenders.push(Tender { reference, ..tender });
        basket
    }

    fn remaining_of(&self, basket: &Basket) -> Money {
        settle(self.total(), &basket.tenders, self.settings.cash_rounding).remaining
    }

    /// A person types the amount on the terminal now: from here on it may be taken, so it can be no more than is due, and
    /// the basket stands still until the terminal has answered, over a power cut too.
    pub(super) fn begin_card(&mut self, amount: Money) -> Handled {
        self.get_settings_known()?;
        self.get_payable(TenderKind::Card, amount)?;
        self.at_terminal = Some(amount);
        self.clear_notice();
        self.enter(Screen::Pay);
        self.save_draft();
        Ok(())
    }

    /// The terminal has taken nothing. What came up meanwhile is asked now.
    pub(super) fn end_card(&mut self) -> Handled {
        if self.at_terminal.take().is_some() {
            self.save_draft();
            self.judge_basket()?;
        }
        Ok(())
    }

    /// The terminal has taken the money: it is a tender of this sale, whatever came up meanwhile and is asked first.
    pub(super) fn take_approved(&mut self, amount: Money, reference: Option<String>) -> Handled {
        let basket = self.basket_with(Tender { kind: TenderKind::Card, amount, reference });
        self.at_terminal = None;
        let taken = self.take_tender(&basket);
        if taken.is_err() {
            self.at_terminal = Some(amount);
        }
        taken
    }

    fn take_tender(&mut self, basket: &Basket) -> Handled {
        self.judge_basket()?;
        if self.remaining_of(basket).is_zero() && !self.is_deciding() && self.get_orders_as_owed().is_ok() {
            return self.complete_sale(basket);
        }
        self.basket = Arc::new(basket.clone());
        self.save_draft();
        Ok(())
    }

    /// What was asked before the end of a sale that is paid for is answered: it ends now.
    pub(super) fn complete_when_paid(&mut self) -> Handled {
        let paid = !self.basket.tenders.is_empty() && self.settlement().remaining.is_zero();
        if !paid || self.at_terminal.is_some() || self.is_deciding() || self.get_orders_as_owed().is_err() {
            return Ok(());
        }
        self.complete_sale(&(*self.basket).clone())
    }

    /// What the terminal is doing it does for the basket as it is.
    pub(super) fn get_terminal_answered(&self) -> Handled {
        match self.at_terminal {
            Some(amount) => Err(NoticeKind::CardAtTerminal { amount }.into()),
            None => Ok(()),
        }
    }

    pub(super) fn take_back_tender(&mut self, index: usize) -> Handled {
        if index >= self.basket.tenders.len() {
            return Ok(());
        }
        let mut basket = (*self.basket).clone();
        let Tender { kind, amount, reference } = basket.tenders.remove(index);
        if kind == TenderKind::Cash {
            self.basket = Arc::new(basket);
            self.save_draft();
            return Ok(());
        }
        // The money is at the terminal, and nothing but this entry and a person know that it is to go back.
        let event = Event::CardTakenBack { basket: basket.id, amount, reference };
        let draft = self.draft_of(&basket);
        self.commit(|act| {
            act.record(event)?;
            act.tx.save_draft(&draft)
        })?;
        self.basket = Arc::new(basket);
        self.say(NoticeWeight::Mind, NoticeKind::CardTakenBack { amount });
        Ok(())
    }

    /// One transaction: entry, movements, totals, receipt to print, draft cleared. On disk when it returns.
    fn complete_sale(&mut self, basket: &Basket) -> Handled {
        let operator = self.get_operator()?.clone();
        let Some(session) = &self.session else { return Err(NoticeKind::NotAllowed.into()) };
        let context = SaleContext {
            till: self.till.clone(),
            receipt_number: self.database.view().next_receipt_number()?,
            session: session.id,
            operator: operator.id,
            operator_name: operator.name,
            begun_at: self.begun_at,
            completed_at: self.now(),
        };
        let basket = self.basket_as_sold(basket);
        let sale = complete(&basket, &self.settings, context).map_err(|error| match error {
            CompleteError::ChangeWithoutCash => Refusal::Notice(NoticeKind::CardTooMuch { due: self.total() }),
            CompleteError::Empty | CompleteError::NotPaid(_) => Refusal::Notice(NoticeKind::AmountInvalid),
        })?;
        let sale = Sale { receipt: self.settings.receipt_duty.holds_to(self.receipt), ..sale };
        let event = Event::SaleCompleted(Box::new(sale.clone()));
        let causes = documents_of(&sale);
        let miscounted = self.judgements.list_sold_from_empty_shelf();
        let jobs = self.commit(|act| {
            act.record(event)?;
            for product in &miscounted {
                act.add_to_count_list(product, SOLD_FROM_EMPTY_SHELF)?;
            }
            act.tx.clear_draft()?;
            causes.iter().map(|cause| act.queue_print(cause)).collect::<Result<Vec<_>, _>>()
        })?;
        self.after_sale(&sale, jobs.first().copied().flatten());
        jobs.into_iter().try_for_each(|job| self.release_print(job))
    }

    /// The basket with its answered conflicts as they stand at the moment of the sale: one that has gone opens no case,
    /// one that is left carries the figures of now, and an order that needs nothing any more falls short of nothing.
    fn basket_as_sold(&self, basket: &Basket) -> Basket {
        let mut basket = basket.clone();
        basket.answered.retain_mut(|answered| {
            let Some(judgement) = self.judgements.of(&answered.product) else { return false };
            let Some(facts) = judgement.facts() else { return false };
            answered.facts = facts;
            if let Some(short) = &mut answered.short
                && judgement.orders.iter().all(|order| order.number != *short)
            {
                answered.short =
                    order_falling_short(&judgement.orders, &answered.product).map(|order| order.number.clone());
            }
            true
        });
        basket
    }

    fn after_sale(&mut self, sale: &Sale, job: Option<PrintJobId>) {
        let cash = sale.tenders.iter().any(|t| t.kind == TenderKind::Cash);
        if cash && (self.printer_reach() == PrinterReach::Waiting || sale.receipt == ReceiptChoice::None) {
            // A receipt opens the drawer when it prints. One that waits does not, and where there is none nothing does;
            // the customer's change cannot wait.
            self.kick_drawer();
        }
        self.opens_for_change = cash;
        let handed_over: Vec<_> = sale.lines.iter().filter_map(|l| l.hand_over.as_ref()).collect();
        if !handed_over.is_empty() || !sale.sold_anyway.is_empty() {
            self.cache.forget();
        }
        let sold: Vec<ProductId> = sale.lines.iter().map(|l| l.product.clone()).collect();
        self.cache.forget_products(&sold);
        self.new_basket();
        self.clear_notice();
        let print = if job.is_some() { PrintJobState::Queued } else { PrintJobState::Cancelled };
        let shown = CompletedSale { drawer_by_key: cash && self.is_drawer_out_of_reach(), ..shown(sale, print) };
        self.completed = Some(Completed { job, shown });
        self.reload_session();
        self.effects.push(Effect::Tone(Tone::Good));
    }

    /// After a start: the power may have gone while the customer waited for the change, and whoever comes back sees it again.
    pub(super) fn show_completed_again(&mut self) -> Result<(), DatabaseError> {
        if !self.basket.is_empty() || self.session.is_none() {
            return Ok(());
        }
        let view = self.database.view();
        let Some(SaleRecord { sale, .. }) = view.find_sale_just_completed()? else { return Ok(()) };
        if self.now() - sale.completed_at > CHANGE_SHOWN_AGAIN {
            return Ok(());
        }
        let documents = documents_of(&sale);
        let latest = view.list_latest_prints(documents.len())?;
        let job = latest.into_iter().find(|job| documents.first() == Some(&job.cause));
        let print = match &job {
            Some(job) => job.state,
            None => PrintJobState::Cancelled,
        };
        self.completed = Some(Completed { job: job.map(|job| job.job), shown: shown(&sale, print) });
        Ok(())
    }
}

/// A completed sale as it stands on screen, with the drawer open or to be opened by itself.
fn shown(sale: &Sale, print: PrintJobState) -> CompletedSale {
    let cash = sale.tenders.iter().any(|t| t.kind == TenderKind::Cash);
    CompletedSale {
        receipt_number: sale.receipt_number,
        total: sale.total,
        change: sale.change,
        by_card: !sale.tenders.is_empty() && !cash,
        drawer_by_key: false,
        print,
    }
}

/// What comes out on paper for a sale, in this order: the receipt is always the first.
fn documents_of(sale: &Sale) -> Vec<PrintCause> {
    let receipt_number = sale.receipt_number;
    let receipt = PrintCause::Receipt { receipt_number, copy: None };
    match sale.receipt {
        ReceiptChoice::Receipt => vec![receipt],
        ReceiptChoice::WithGiftReceipt => vec![receipt, PrintCause::GiftReceipt { receipt_number }],
        ReceiptChoice::None => Vec::new(),
    }
}
