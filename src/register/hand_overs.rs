//! Orders between the bay and the customer: what goes with them and how they are recognised, those in the basket that are
//! no longer as they were put there, those in a basket that was put aside, and the age of whoever collects.

use std::sync::Arc;

use crate::database::{DatabaseError, PrintCause};
use crate::domain::basket::{Basket, BasketError, HandOverLine, LinePrice, LineRequest};
use crate::domain::conflict::ConflictDecision;
use crate::domain::device::Tone;
use crate::domain::event::Event;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::product::Product;
use crate::domain::quantity::Quantity;
use crate::domain::session::CashMoveKind;
use crate::domain::web_order::{Collection, CollectionProof, Fulfilment, LineQuantity, OrderStep, WebOrder};

use super::intent::{HandOverAsked, Intent, LinesChosen, PaidBackFrom, Recognition, Screen};
use super::pick_ups::order_stepped;
use super::question::AfterQuestion;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Effect, Handled, Refusal, Register};

/// How the customer was recognised; `None` when the code is another order's.
pub(super) fn recognise(order: &WebOrder, recognised: &Recognition) -> Option<CollectionProof> {
    match recognised {
        // An order without a code has none that could be shown.
        Recognition::Code(code)
            if !order.collection_code.is_empty() && code.trim().eq_ignore_ascii_case(&order.collection_code) =>
        {
            Some(CollectionProof::Code)
        }
        // Whose code it was the register knows, not the order.
        Recognition::Code(_) | Recognition::CodeShown => None,
        Recognition::NameConfirmed => Some(CollectionProof::Name),
    }
}

/// What is handed over: of every line that is `chosen` what lies in the bay, and of one product also the units
/// the customer brought to the till.
pub(super) fn lines_to_hand_over(
    order: &WebOrder,
    brought: Option<(&ProductId, Quantity)>,
    chosen: &LinesChosen,
) -> Vec<LineQuantity> {
    let mut brought_left = brought.map_or(Quantity::ZERO, |(_, quantity)| quantity);
    order
        .lines
        .iter()
        .filter(|l| chosen.has(l.line))
        .filter_map(|line| {
            let mut quantity = line.held().min(line.outstanding());
            if brought.is_some_and(|(product, _)| line.product == *product) {
                let more = brought_left.min(line.outstanding() - quantity);
                brought_left = brought_left - more;
                quantity += more;
            }
            quantity.is_positive().then_some(LineQuantity { line: line.line, quantity })
        })
        .collect()
}

impl Register {
    /// From now on the scan of a collection code hands the open order over, or is refused: it opens no other. While it is still
    /// being said who takes it, it shows the code and no more.
    pub(super) fn ask_hand_over(&mut self, asked: Option<HandOverAsked>) -> Handled {
        self.hand_over_asked = asked.filter(|asked| self.open_order.as_ref() == Some(&asked.order));
        Ok(())
    }

    pub(super) fn hand_over_scanned(&mut self, code: &str) -> Handled {
        let Some(asked) = self.hand_over_asked.clone() else { return Ok(()) };
        if asked.is_naming {
            let order = self.get_open_order()?;
            recognise(&order, &Recognition::Code(code.to_owned())).ok_or(NoticeKind::WrongCollectionCode)?;
            self.code_shown = Some(Box::new(order));
            return Ok(());
        }
        self.hand_over(Recognition::Code(code.to_owned()), asked.collector, &asked.lines)
    }

    /// The customer is here: the order is recognised and handed over, or its amount goes to the basket.
    pub(super) fn hand_over(
        &mut self,
        recognised: Recognition,
        collector: Option<String>,
        chosen: &LinesChosen,
    ) -> Handled {
        self.get_permission(OperatorAct::Sell)?;
        let order = self.get_open_order()?;
        if order.fulfilment == Fulfilment::Transfer {
            return Err(NoticeKind::ForAnotherStore.into());
        }
        let recognised = match recognised {
            Recognition::CodeShown if self.is_code_shown(&order) => Recognition::Code(order.collection_code.clone()),
            recognised => recognised,
        };
        let proof = recognise(&order, &recognised).ok_or(NoticeKind::WrongCollectionCode)?;
        let lines = lines_to_hand_over(&order, None, chosen);
        if !order.state.is_unfulfilled() || lines.is_empty() {
            let picked = !lines_to_hand_over(&order, None, &LinesChosen::All).is_empty();
            let all_stays = picked && order.state.is_unfulfilled();
            return Err(if all_stays { NoticeKind::NothingChosen } else { NoticeKind::NothingToHandOver }.into());
        }
        let again = Intent::OrderHandedOver { recognised, collector: collector.clone(), lines: chosen.clone() };
        if order.paid && self.asks_age_of_collector(&order, &lines, again)? {
            return Ok(());
        }
        let collector = collector.unwrap_or_else(|| order.customer_name.clone());
        let collection = Collection { order: order.number.clone(), collector, proof };
        let mut basket = (*self.basket).clone();
        self.commit_hand_over(&order, &lines, collection, &mut basket, None)
    }

    /// A paid order is handed over now; one to be paid becomes lines at the order's own prices, and the sale hands it over.
    /// A decision on the conflict card goes into the same transaction.
    pub(super) fn commit_hand_over(
        &mut self,
        order: &WebOrder,
        lines: &[LineQuantity],
        collection: Collection,
        basket: &mut Basket,
        decision: Option<ConflictDecision>,
    ) -> Handled {
        self.get_in_no_basket(order)?;
        if !basket.is_empty() {
            basket.age_checked = basket.age_checked.max(self.age_seen);
        }
        let mut slip = None;
        let mut events: Vec<Event> = decision.into_iter().map(|d| Event::ConflictDecided(Box::new(d))).collect();
        if order.paid {
            let step = OrderStep::HandedOver {
                lines: lines.to_vec(),
                collector: collection.collector.clone(),
                proof: collection.proof,
            };
            events.push(order_stepped(order, step));
            // No receipt says who took it: a slip does.
            slip = Some(PrintCause::HandOverSlip {
                order: order.number.clone(),
                lines: lines.to_vec(),
                collector: collection.collector.clone(),
                proof: collection.proof,
                hand_over: None,
            });
        } else {
            self.get_untendered()?;
            if self.session.is_none() {
                return Err(NoticeKind::SessionNeeded.into());
            }
            self.add_hand_over_lines(order, lines, basket)?;
            basket.collections.push(collection);
        }
        self.begin_basket_when_empty();
        let draft = self.draft_of(basket);
        let print = self.commit(|act| {
            let mut last = None;
            for event in events {
                last = Some(act.record(event)?.id);
            }
            act.tx.save_draft(&draft)?;
            if let Some(PrintCause::HandOverSlip { hand_over, .. }) = &mut slip {
                *hand_over = last;
            }
            slip.map(|cause| act.queue_print(&cause)).transpose()
        })?;
        self.basket = Arc::new(basket.clone());
        self.last_step = None;
        self.hand_over_asked = None;
        // The right code has come since.
        self.notice.take_if(|notice| notice.kind == NoticeKind::WrongCollectionCode);
        self.release_print(print.flatten())?;
        if order.paid {
            let customer_name = order.customer_name.clone();
            self.done(NoticeKind::OrderHandedOver { order: order.number.clone(), customer_name });
        } else {
            self.completed = None;
            self.enter(Screen::Sell);
            self.selected = self.basket.lines.last().map(|l| l.line);
            self.ask_age();
        }
        self.after_order_changed(&order.number)
    }

    fn add_hand_over_lines(&self, order: &WebOrder, lines: &[LineQuantity], basket: &mut Basket) -> Handled {
        let known: Vec<_> = lines.iter().filter(|what| order.line(what.line).is_some()).cloned().collect();
        let due = order.due_of(&known).ok_or(NoticeKind::BasketRefused(BasketError::PriceInvalid))?;
        for what in &due {
            let Some(line) = order.line(what.line) else { continue };
            // At the rate it was sold at: the customer pays what the order says.
            let product = Product { tax: line.tax, stocked: line.stocked, ..self.get_known(&line.product)? };
            let request = LineRequest {
                price: LinePrice::Order { unit_price: line.unit_price, amount: what.amount },
                hand_over: Some(HandOverLine::of(&order.number, what)),
                ..LineRequest::listed(what.quantity, None)
            };
            basket.add(&product, request).map_err(NoticeKind::BasketRefused)?;
        }
        Ok(())
    }

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
            self.open_drawer_for_cash();
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
        let mut needed: Option<(u8, String)> = None;
        for line in lines.iter().filter_map(|what| order.line(what.line)) {
            let limit = self.database.view().find_product(&line.product)?.and_then(|product| product.age_limit);
            if let Some(years) = limit.filter(|years| needed.as_ref().is_none_or(|(most, _)| years > most)) {
                needed = Some((years, line.name.clone()));
            }
        }
        let in_basket = self.basket.age_checked.filter(|_| !self.basket.is_empty());
        let seen = in_basket.max(self.age_seen).unwrap_or(0);
        let Some((years, name)) = needed.filter(|(years, _)| *years > seen) else { return Ok(false) };
        self.ask_age_of(
            years,
            name,
            AfterQuestion::HandOver { order: order.number.clone(), years, again: Box::new(again) },
        );
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
