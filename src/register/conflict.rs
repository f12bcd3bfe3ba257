//! The conflict card: when it comes up, what it names, and what each of its answers does.

use std::sync::Arc;

use crate::database::{DatabaseError, PrintCause};
use crate::domain::basket::{AnsweredConflict, Basket, BasketError, BasketLine};
use crate::domain::conflict::{ConflictAnswer, ConflictDecision, ConflictFacts, order_falling_short};
use crate::domain::device::Tone;
use crate::domain::event::Event;
use crate::domain::feed::Scope;
use crate::domain::ids::{CaseId, OrderNumber, ProductId, StoreId};
use crate::domain::operator::{Act as OperatorAct, Permission};
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{Collection, Fulfilment, LineQuantity, WebOrder};

use super::history::story_of;
use super::intent::{CodeAsked, ConflictChoice, Intent, LinesChosen, Recognition};
use super::snapshot::{ConflictCard, ConflictRefusal, NoticeKind};
use super::view::shown;
use super::{Effect, Handled, Refusal, Register};

/// How long the story on the card is.
const STORY_MAX: usize = 3;

/// A card that is up.
#[derive(Clone, Debug)]
pub(super) struct PendingCard {
    /// Which card it is, of all that have come up.
    pub number: u64,
    pub product: ProductId,
    pub line: u32,
    pub code_asked: Option<CodeAsked>,
    pub refused: Option<ConflictRefusal>,
}

impl Register {
    /// Judges one product, and raises the card when it must be answered.
    pub(super) fn judge_product(&mut self, product: &ProductId) -> Handled {
        self.judgements.refresh(self.database.view(), &self.basket, product)?;
        self.raise_card()
    }

    /// Judges the whole basket: after a recall, a restart, news from central, and before money is taken.
    pub(super) fn judge_basket(&mut self) -> Result<(), DatabaseError> {
        self.judgements.refresh_all(self.database.view(), self.database.changes(), &self.basket)?;
        self.settle()
    }

    /// Raises the card for the first conflict that must be answered.
    pub(super) fn raise_card(&mut self) -> Handled {
        Ok(self.settle()?)
    }

    /// Puts all that a person must see or answer in line with the basket as it is now.
    fn settle(&mut self) -> Result<(), DatabaseError> {
        self.settle_hand_overs()?;
        self.settle_age();
        self.settle_card();
        Ok(())
    }

    /// Puts the card in line with the judgements: takes down one whose conflict is gone, raises the next.
    fn settle_card(&mut self) {
        let alert = self.settings.promised_alert;
        if let Some(card) = &self.card {
            let stands =
                self.judgements.of(&card.product).is_some_and(|j| j.interrupts(&card.product, &self.basket, alert));
            if stands {
                self.settle_code_asked();
                return;
            }
            self.card = None;
        }
        // Whether the terminal has taken the money is the question that is open; the card comes up once it is answered.
        if self.at_terminal.is_some() {
            return;
        }
        let Some(product) = self.judgements.first_interrupting(&self.basket, alert) else { return };
        let line = self.basket.lines.iter().rev().find(|l| l.product == product && l.hand_over.is_none());
        let Some(line) = line.map(|l| l.line) else { return };
        self.cards += 1;
        self.forget_amount_asked();
        self.card = Some(PendingCard { number: self.cards, product, line, code_asked: None, refused: None });
        if self.screen == super::intent::Screen::Pay {
            self.enter(super::intent::Screen::Sell);
        }
        self.effects.push(Effect::Tone(Tone::Attention));
    }

    /// The code of an order that has gone from the card is asked for no more.
    fn settle_code_asked(&mut self) {
        let Some(card) = &mut self.card else { return };
        let orders = self.judgements.of(&card.product).map_or(&[][..], |judgement| judgement.orders.as_slice());
        card.code_asked.take_if(|asked| orders.iter().all(|order| order.number != asked.order));
    }

    /// Which order's code the card is asking for.
    pub(super) fn collection_code_asked(&self) -> Option<CodeAsked> {
        self.card.as_ref()?.code_asked.clone()
    }

    pub(super) fn ask_collection_code(&mut self, asked: Option<CodeAsked>) -> Handled {
        if let Some(card) = &mut self.card {
            card.code_asked = asked;
            if card.refused.take().is_some() {
                self.clear_notice();
            }
        }
        Ok(())
    }

    /// An answer to a card; one that another card has taken the place of meanwhile is answered by nobody.
    pub(super) fn answer_card_numbered(&mut self, number: u64, choice: ConflictChoice) -> Handled {
        match &self.card {
            Some(card) if card.number == number => self.answer_card(choice),
            _ => Ok(()),
        }
    }

    /// One of the four answers, or the line out.
    pub(super) fn answer_card(&mut self, choice: ConflictChoice) -> Handled {
        let Some(card) = self.card.clone() else { return Ok(()) };
        let Some(facts) = self.judgements.of(&card.product).and_then(super::judgement::Judgement::facts) else {
            self.card = None;
            return Ok(());
        };
        // Every other answer takes something out of the basket, and money on the counter would have no place to go.
        if !matches!(choice, ConflictChoice::SellAnyway { .. }) {
            self.get_untendered()?;
        }
        match choice {
            ConflictChoice::HandOver { order, recognised, collector } => {
                self.hand_over_from_card(&card, facts, &order, recognised, collector)
            }
            ConflictChoice::SellAnyway { order } => self.sell_anyway(&card, facts, order),
            ConflictChoice::Keep { order } => self.keep_for_order(&card, facts, order),
            ConflictChoice::FindAnother { store, customer } => self.find_another(&card, facts, store, customer),
            ConflictChoice::LineOut => self.line_out(&card, facts),
        }
    }

    fn decision(&mut self, card: &PendingCard, facts: ConflictFacts, answer: ConflictAnswer) -> ConflictDecision {
        let orders = self.judgements.of(&card.product).map_or_else(Vec::new, |j| j.orders.clone());
        ConflictDecision {
            case: CaseId(self.environment.unique_id()),
            basket: self.basket.id,
            product: card.product.clone(),
            facts,
            orders: orders.into_iter().map(|o| o.number).collect(),
            answer,
        }
    }

    fn sell_anyway(&mut self, card: &PendingCard, facts: ConflictFacts, order: Option<OrderNumber>) -> Handled {
        self.get_permission(OperatorAct::SellPromised)?;
        let orders = self.judgements.of(&card.product).map_or_else(Vec::new, |j| j.orders.clone());
        let chosen = match order {
            Some(number) => orders.iter().find(|o| o.number == number),
            None => order_falling_short(&orders, &card.product),
        };
        let Some(order) = chosen.map(|o| o.number.clone()) else {
            return self.card_refused(ConflictRefusal::OrderChanged);
        };
        let decision = self.decision(card, facts, ConflictAnswer::SellAnyway { order: order.clone() });
        let mut basket = (*self.basket).clone();
        basket.answered.retain(|a| a.product != card.product);
        basket.answered.push(AnsweredConflict {
            product: card.product.clone(),
            facts,
            case: decision.case,
            short: Some(order),
            approved_by: self.approver.as_ref().map(|approver| approver.operator.id.clone()),
        });
        let draft = self.draft_of(&basket);
        self.commit(|act| {
            act.record(Event::ConflictDecided(Box::new(decision)))?;
            act.tx.save_draft(&draft)
        })?;
        self.basket = Arc::new(basket);
        self.card = None;
        self.raise_card()?;
        self.complete_when_paid()
    }

    fn keep_for_order(&mut self, card: &PendingCard, facts: ConflictFacts, order: Option<OrderNumber>) -> Handled {
        let Some((order, line, promised)) = self.order_to_keep_for(card, order) else {
            return self.card_refused(ConflictRefusal::OrderChanged);
        };
        let quantity = promised.min(self.one_piece(card)).min(facts.basket);
        let bay = match &order.bay {
            Some(bay) => bay.clone(),
            None => self.bay_offered()?.unwrap_or_else(|| self.till.workstation.to_string()),
        };
        let answer = ConflictAnswer::Keep { order: order.number.clone(), line, quantity, bay: bay.clone() };
        let decision = self.decision(card, facts, answer);
        let basket = self.basket_without(card, quantity);
        let what = LineQuantity { line, quantity };
        let cause = PrintCause::SetAsideSlip { order: order.number.clone(), what, bay: bay.clone() };
        let draft = self.draft_of(&basket);
        let print = self.commit(|act| {
            act.record(Event::ConflictDecided(Box::new(decision)))?;
            act.tx.save_draft(&draft)?;
            act.queue_print(&cause)
        })?;
        self.basket = Arc::new(basket);
        self.card = None;
        self.last_rung = None;
        self.release_print(print)?;
        self.after_order_changed(&order.number)?;
        let product = card.product.clone();
        self.done(NoticeKind::KeptForOrder { order: order.number, product, bay });
        self.judge_product(&card.product)
    }

    /// What one answer moves: a piece, or the whole bag of what is weighed.
    fn one_piece(&self, card: &PendingCard) -> Quantity {
        let line = self.basket.line(card.line).filter(|line| line.unit != Unit::Each);
        line.map_or(Quantity::ONE, |line| line.quantity)
    }

    /// The order the unit is kept for, its line, and how many that line still needs.
    fn order_to_keep_for(&self, card: &PendingCard, order: Option<OrderNumber>) -> Option<(WebOrder, u32, Quantity)> {
        let orders = &self.judgements.of(&card.product)?.orders;
        let needs = |o: &&WebOrder| o.promised_of(&card.product).is_positive();
        let found = match order {
            Some(number) => orders.iter().find(|o| o.number == number).filter(needs),
            None => orders.iter().find(needs),
        }?;
        let line = found.lines_of(&card.product).find(|l| l.promised().is_positive())?;
        Some((found.clone(), line.line, line.promised()))
    }

    fn find_another(&mut self, card: &PendingCard, facts: ConflictFacts, store: StoreId, customer: String) -> Handled {
        let elsewhere = self.database.view().list_other_stores(&card.product)?;
        let found = elsewhere.into_iter().find(|s| s.store == store);
        let Some(other) = found else { return self.card_refused(ConflictRefusal::OrderChanged) };
        let quantity = self.one_piece(card).min(facts.basket);
        let decision = self.decision(card, facts, ConflictAnswer::FindAnother { store: store.clone() });
        let case = Some(decision.case);
        let request = Event::TransferRequested {
            product: card.product.clone(),
            quantity,
            from: store,
            case,
            order: None,
            customer,
        };
        let basket = self.basket_without(card, quantity);
        let draft = self.draft_of(&basket);
        let (transfer, print) = self.commit(|act| {
            act.record(Event::ConflictDecided(Box::new(decision)))?;
            let transfer = act.record(request)?.id;
            act.tx.save_draft(&draft)?;
            Ok((transfer, act.queue_print(&PrintCause::TransferSlip { transfer })?))
        })?;
        self.basket = Arc::new(basket);
        self.card = None;
        self.last_rung = None;
        self.cache.forget_tasks();
        self.release_print(print)?;
        self.tell_transfer_asked(transfer, other.name, quantity);
        self.judge_product(&card.product)
    }

    /// What leaves the basket when nobody answers otherwise: what orders would lack, and nothing that was sold anyway before.
    /// What is weighed goes as the bag it is.
    fn endangered(&self, card: &PendingCard, facts: ConflictFacts) -> Quantity {
        if let Some(bag) = self.basket.line(card.line).filter(|line| line.unit != Unit::Each) {
            return bag.quantity;
        }
        let answered = self.basket.answered.iter().rev().find(|answered| answered.product == card.product);
        let sold = answered.map_or(Quantity::ZERO, |answered| answered.facts.endangered());
        let all = facts.endangered();
        if all > sold { all - sold } else { all }
    }

    fn line_out(&mut self, card: &PendingCard, facts: ConflictFacts) -> Handled {
        let decision = self.decision(card, facts, ConflictAnswer::LineOut);
        let basket = self.basket_without(card, self.endangered(card, facts));
        let voided: Vec<Event> = taken_out(&self.basket, &basket)
            .map_err(NoticeKind::BasketRefused)?
            .into_iter()
            .map(|line| Event::LineVoided { basket: basket.id, line: Box::new(line) })
            .collect();
        let draft = self.draft_of(&basket);
        self.commit(|act| {
            act.record(Event::ConflictDecided(Box::new(decision)))?;
            voided.into_iter().try_for_each(|event| act.record(event).map(|_| ()))?;
            act.tx.save_draft(&draft)
        })?;
        self.basket = Arc::new(basket);
        self.card = None;
        self.last_rung = None;
        self.selected = self.basket.lines.last().map(|l| l.line);
        self.judge_product(&card.product)
    }

    /// The customer in front is the web customer: the units leave the basket and become the order's hand-over.
    fn hand_over_from_card(
        &mut self,
        card: &PendingCard,
        facts: ConflictFacts,
        number: &OrderNumber,
        recognised: Recognition,
        collector: Option<String>,
    ) -> Handled {
        let orders = self.judgements.of(&card.product).map_or_else(Vec::new, |j| j.orders.clone());
        let Some(order) = orders.into_iter().find(|o| o.number == *number) else {
            return self.card_refused(ConflictRefusal::OrderChanged);
        };
        if order.fulfilment == Fulfilment::Transfer {
            return self.card_refused(ConflictRefusal::ForAnotherStore);
        }
        let Some(proof) = super::hand_overs::recognise(&order, &recognised) else {
            return self.card_refused(ConflictRefusal::WrongCode);
        };
        let choice = ConflictChoice::HandOver { order: number.clone(), recognised, collector: collector.clone() };
        let again = Intent::ConflictAnswered { card: card.number, choice };
        let owed: Quantity = order.lines_of(&card.product).map(crate::domain::web_order::OrderLine::outstanding).sum();
        let taken = owed.min(facts.basket);
        let lines = super::hand_overs::lines_to_hand_over(&order, Some((&card.product, taken)), &LinesChosen::All);
        if order.paid && self.asks_age_of_collector(&order, &lines, again)? {
            return Ok(());
        }
        let decision = self.decision(card, facts, ConflictAnswer::HandOver { order: number.clone() });
        let mut basket = self.basket_without(card, taken);
        let collector = collector.unwrap_or_else(|| order.customer_name.clone());
        let collection = Collection { order: number.clone(), collector, proof };
        self.commit_hand_over(&order, &lines, collection, &mut basket, Some(decision))?;
        self.card = None;
        self.last_rung = None;
        self.judge_product(&card.product)
    }

    /// The basket with `quantity` less of the card's product: off the card's line first, then off its other lines, the
    /// newest first. A line of which nothing is left is gone.
    fn basket_without(&self, card: &PendingCard, quantity: Quantity) -> Basket {
        let mut basket = (*self.basket).clone();
        let of_product = basket.lines.iter().rev().filter(|l| l.product == card.product && l.hand_over.is_none());
        let mut lines: Vec<(u32, Quantity)> = of_product.map(|l| (l.line, l.quantity)).collect();
        lines.sort_by_key(|(line, _)| *line != card.line);
        let mut to_take = quantity;
        for (line, there) in lines {
            if !to_take.is_positive() {
                break;
            }
            let shortened = there > to_take && basket.shorten(line, to_take).is_ok();
            if !shortened {
                // A line that is not there needs no removing.
                let _ = basket.remove(line);
            }
            to_take = to_take - there.min(to_take);
        }
        basket
    }

    fn card_refused(&mut self, refusal: ConflictRefusal) -> Handled {
        if let Some(card) = &mut self.card {
            card.refused = Some(refusal);
        }
        let kind = match refusal {
            ConflictRefusal::WrongCode => NoticeKind::WrongCollectionCode,
            ConflictRefusal::OrderChanged => NoticeKind::OrderUnknown,
            ConflictRefusal::ForAnotherStore => NoticeKind::ForAnotherStore,
        };
        Err(Refusal::Notice(kind))
    }

    /// The card as the screen shows it.
    pub(super) fn card_view(&self) -> Option<ConflictCard> {
        let card = self.card.as_ref()?;
        let judgement = self.judgements.of(&card.product)?;
        let facts = judgement.facts()?;
        let falls_short = order_falling_short(&judgement.orders, &card.product)?.number.clone();
        let product_name = self.basket.line(card.line).map(|l| l.name.clone()).unwrap_or_default();
        let view = self.database.view();
        let story = shown(story_of(view, &card.product, STORY_MAX));
        let elsewhere = shown(view.list_other_stores(&card.product));
        Some(ConflictCard {
            number: card.number,
            line: card.line,
            product: card.product.clone(),
            product_name,
            kind: facts.kind,
            level: judgement.level,
            in_basket: judgement.in_basket,
            as_of: shown(view.find_feed_as_of(Scope::Store)),
            live: self.sync.link == crate::domain::feed::Link::Live,
            orders: judgement.orders.clone(),
            falls_short,
            also_short: judgement.count_also_short(&card.product),
            story,
            elsewhere,
            line_out: self.endangered(card, facts),
            scan_waiting: self.waiting_scans.front().map(|waiting| self.name_of_waiting(waiting)),
            code_asked: card.code_asked.clone(),
            refused: card.refused,
            sell_anyway: self.operator.as_ref().map_or(Permission::Deny, |operator| {
                self.settings.permission(operator.role, OperatorAct::SellPromised)
            }),
        })
    }
}

/// The lines, or the parts of them, that are in `before` and not in `after`.
fn taken_out(before: &Basket, after: &Basket) -> Result<Vec<BasketLine>, BasketError> {
    let mut part = before.clone();
    for line in &after.lines {
        if before.line(line.line).is_some_and(|was| was.quantity == line.quantity) {
            part.remove(line.line)?;
        } else {
            part.shorten(line.line, line.quantity)?;
        }
    }
    Ok(part.lines)
}
