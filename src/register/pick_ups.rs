//! Click and collect: the queue, picking by scan, the bay, the hand-over.

use std::sync::Arc;

use crate::database::{DatabaseError, FoundProduct, PrintCause};
use crate::domain::barcode::Code;
use crate::domain::barcode::house::COLLECTION_CODE_LENGTH;
use crate::domain::basket::{Basket, BasketError, HandOverLine, LinePrice, LineRequest};
use crate::domain::conflict::ConflictDecision;
use crate::domain::event::Event;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::product::Product;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{
    Collection, CollectionProof, Fulfilment, LineQuantity, OrderState, OrderStep, WebOrder,
};

use super::intent::{HandOverAsked, Intent, LinesChosen, Recognition, Screen};
use super::snapshot::NoticeKind;
use super::{Handled, Refusal, Register};

/// How the customer was recognised; `None` when the code is another order's.
pub(super) fn recognise(order: &WebOrder, recognised: &Recognition) -> Option<CollectionProof> {
    match recognised {
        // An order without a code has none that could be shown.
        Recognition::Code(code)
            if !order.collection_code.is_empty() && code.trim().eq_ignore_ascii_case(&order.collection_code) =>
        {
            Some(CollectionProof::Code)
        }
        Recognition::Code(_) => None,
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
    pub(super) fn open_order(&mut self, number: Option<OrderNumber>) -> Handled {
        self.open_order = number;
        self.last_step = None;
        self.hand_over_asked = None;
        Ok(())
    }

    /// From now on the scan of a collection code hands the open order over, or is refused: it opens no other.
    pub(super) fn ask_hand_over(&mut self, asked: Option<HandOverAsked>) -> Handled {
        self.hand_over_asked = asked.filter(|asked| self.open_order.as_ref() == Some(&asked.order));
        Ok(())
    }

    pub(super) fn hand_over_scanned(&mut self, code: &str) -> Handled {
        let Some(asked) = self.hand_over_asked.clone() else { return Ok(()) };
        self.hand_over(Recognition::Code(code.to_owned()), asked.collector, &asked.lines)
    }

    pub(super) fn search_orders(&mut self, text: String) -> Handled {
        let code = text.trim().to_owned();
        self.order_search = text;
        self.cache.forget();
        // A whole collection code opens its order at once.
        if code.chars().count() == COLLECTION_CODE_LENGTH
            && let Some(order) = self.database.view().find_order_by_code(&code)?
        {
            self.open_order(Some(order.number))?;
        }
        Ok(())
    }

    /// A collection code, scanned or typed anywhere: its order comes up.
    pub(super) fn open_order_by_code(&mut self, code: &str) -> Handled {
        let order = self.database.view().find_order_by_code(code)?;
        let order = order.ok_or(NoticeKind::OrderUnknown)?;
        self.enter(Screen::PickUps);
        self.open_order(Some(order.number))
    }

    /// An order's number, scanned off its slip or typed: it comes up when it is collected here.
    pub(super) fn open_order_by_number(&mut self, number: OrderNumber) -> Handled {
        match self.database.view().find_order(&number)? {
            None => Err(NoticeKind::OrderNotHere { order: number }.into()),
            Some(order) if order.fulfilment == Fulfilment::Delivery => {
                Err(NoticeKind::OrderIsSent { order: number }.into())
            }
            Some(_) => {
                self.show_screen(Screen::PickUps)?;
                self.open_order(Some(number))
            }
        }
    }

    pub(super) fn get_open_order(&self) -> Result<WebOrder, Refusal> {
        let number = self.open_order.as_ref().ok_or(NoticeKind::OrderUnknown)?;
        self.database.view().find_order(number)?.ok_or_else(|| NoticeKind::OrderUnknown.into())
    }

    /// One step on an order, in the journal and in the queue.
    fn step(&mut self, order: &WebOrder, step: OrderStep) -> Handled {
        let event = order_stepped(order, step.clone());
        self.commit(|act| act.record(event).map(|_| ()))?;
        self.last_step = Some((order.number.clone(), step));
        self.after_order_changed(&order.number)
    }

    /// The queue and the basket's judgements follow an order that changed here.
    pub(super) fn after_order_changed(&mut self, _number: &OrderNumber) -> Handled {
        self.cache.forget();
        self.judge_basket()?;
        Ok(())
    }

    pub(super) fn start_pick(&mut self) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let order = self.get_open_order()?;
        let operator = self.get_operator()?.id.clone();
        match order.state {
            OrderState::Picking if order.picker.as_ref() == Some(&operator) => Ok(()),
            // Whoever begins an order that somebody else is picking takes it over.
            OrderState::Received | OrderState::Picking | OrderState::Short => {
                self.step(&order, OrderStep::PickStarted { operator })
            }
            OrderState::Cancelled => Err(NoticeKind::OrderCancelled { order: order.number }.into()),
            _ => Err(NoticeKind::NothingToPick { order: order.number }.into()),
        }
    }

    /// An order is picked by one person at a time.
    fn get_picked_by_no_other(&self, order: &WebOrder) -> Handled {
        let me = &self.get_operator()?.id;
        match order.picker.as_ref().filter(|picker| order.state == OrderState::Picking && *picker != me) {
            Some(picker) => {
                let (order, name) = (order.number.clone(), self.operator_name(picker));
                Err(NoticeKind::PickedBy { order, name }.into())
            }
            None => Ok(()),
        }
    }

    /// An item was scanned on the pick-up screen: it belongs to the open order, or it is refused.
    pub(super) fn pick_scanned(&mut self, code: &Code, payload: &[u8]) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        if self.open_order.is_none() {
            return Err(NoticeKind::ScanBeforeOrder.into());
        }
        let FoundProduct { product, pack, .. } = self.get_product(code, payload)?;
        let order = self.get_open_order()?;
        let Some(line) = order.lines_of(&product.id).find(|l| l.promised().is_positive()) else {
            return match order.lines_of(&product.id).next() {
                Some(_) if order.state == OrderState::Cancelled => {
                    Err(NoticeKind::OrderCancelled { order: order.number.clone() }.into())
                }
                Some(_) if order.lines_of(&product.id).all(|line| line.wanted().is_zero()) => {
                    Err(NoticeKind::TakenOffOrder { name: product.name }.into())
                }
                Some(_) => Err(NoticeKind::PickedAlready { name: product.name }.into()),
                None => Err(NoticeKind::WrongItem { name: product.name }.into()),
            };
        };
        let quantity = match code {
            Code::InStore(_) => line.promised(),
            _ => Quantity::units(i64::from(pack.max(1))).min(line.promised()),
        };
        self.pick(&order, line.line, quantity)
    }

    /// A label that cannot be read: the line is picked by tapping it.
    pub(super) fn pick_line(&mut self, line: u32) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let order = self.get_open_order()?;
        let promised = order.line(line).map_or(Quantity::ZERO, |l| l.promised());
        if !promised.is_positive() {
            return Ok(());
        }
        let quantity = if promised.is_whole() { Quantity::ONE } else { promised };
        self.pick(&order, line, quantity)
    }

    fn pick(&mut self, order: &WebOrder, line: u32, quantity: Quantity) -> Handled {
        if order.state == OrderState::Cancelled {
            return Err(NoticeKind::OrderCancelled { order: order.number.clone() }.into());
        }
        if !order.can_be_picked() {
            return Err(NoticeKind::NothingToPick { order: order.number.clone() }.into());
        }
        self.get_picked_by_no_other(order)?;
        let what = LineQuantity { line, quantity };
        let mut events = Vec::new();
        let begins = match order.state {
            OrderState::Received | OrderState::Short => true,
            OrderState::Picking => order.picker.is_none(),
            _ => false,
        };
        if begins {
            let operator = self.get_operator()?.id.clone();
            events.push(order_stepped(order, OrderStep::PickStarted { operator }));
        }
        let step = OrderStep::Picked { what, bay: None };
        events.push(order_stepped(order, step.clone()));
        self.commit(|act| events.into_iter().try_for_each(|event| act.record(event).map(|_| ())))?;
        self.clear_notice();
        self.last_step = Some((order.number.clone(), step));
        if let Some(bay) = order.bay.clone().filter(|_| order.state == OrderState::Ready) {
            self.done(NoticeKind::KeptForOrder { order: order.number.clone(), bay });
        }
        self.after_order_changed(&order.number)
    }

    pub(super) fn line_not_found(&mut self, line: u32) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let order = self.get_open_order()?;
        self.get_picked_by_no_other(&order)?;
        let missing = order.line(line).map_or(Quantity::ZERO, |l| l.promised() - l.short);
        if !missing.is_positive() {
            return Ok(());
        }
        let what = LineQuantity { line, quantity: missing };
        if order.fulfilment == Fulfilment::Transfer {
            return self.refuse_transfer(&order, what);
        }
        self.step(&order, OrderStep::ReportedShort { what })
    }

    /// Takes back the last step of this till, as long as nothing was handed over.
    pub(super) fn undo_order_step(&mut self) -> Handled {
        let order = self.get_open_order()?;
        let Some((number, step)) = self.last_step.clone() else { return Ok(()) };
        if number != order.number {
            return Ok(());
        }
        let back = match step {
            OrderStep::Picked { what, .. } => OrderStep::PickUndone { what },
            OrderStep::MadeReady { .. } => OrderStep::ReadyUndone,
            _ => return Ok(()),
        };
        self.step(&order, back)?;
        self.last_step = None;
        Ok(())
    }

    /// Ready: everything there is lies in its bay, and the slip for the bag prints.
    pub(super) fn make_ready(&mut self, bay: String) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let order = self.get_open_order()?;
        if order.is_held() {
            return Err(NoticeKind::ItemsHeld { items: order.unmatched.len() }.into());
        }
        if !order.can_be_made_ready() || bay.trim().is_empty() {
            return Err(NoticeKind::NothingToHandOver.into());
        }
        let step = OrderStep::MadeReady { bay: bay.trim().to_owned() };
        let event = order_stepped(&order, step.clone());
        let cause = PrintCause::BagSlip { order: order.number.clone() };
        let job = self.commit(|act| {
            act.record(event)?;
            act.queue_print(&cause)
        })?;
        self.release_print(job)?;
        self.last_step = Some((order.number.clone(), step));
        self.after_order_changed(&order.number)
    }

    pub(super) fn print_order_slip(&mut self) -> Handled {
        let order = self.get_open_order()?;
        self.print_slip(&order)
    }

    pub(super) fn put_back(&mut self) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let order = self.get_open_order()?;
        if order.lines.iter().all(|line| line.held().is_zero()) {
            return Err(NoticeKind::NothingToPutBack.into());
        }
        self.step(&order, OrderStep::PutBack)
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

    /// The first bay no order lies in. With every one taken none is offered: who lays two orders into one says so by hand.
    pub(super) fn bay_offered(&self) -> Result<Option<String>, DatabaseError> {
        let taken = self.bays_taken()?;
        let is_free = |bay: &&String| taken.iter().all(|(other, _)| other != *bay);
        Ok(self.settings.bays.iter().find(is_free).cloned())
    }

    /// Every bay that an order lies in, with that order.
    pub(super) fn bays_taken(&self) -> Result<Vec<(String, OrderNumber)>, DatabaseError> {
        let mut orders = self.database.view().list_orders(None)?;
        orders.retain(|order| order.state.is_unfulfilled() || order.is_to_put_back());
        Ok(orders.into_iter().filter_map(|order| Some((order.bay?, order.number))).collect())
    }
}

/// A step as an event, with the products of those of its lines that move stock.
pub(super) fn order_stepped(order: &WebOrder, step: OrderStep) -> Event {
    let products = order.lines.iter().filter(|l| l.stocked).map(|l| (l.line, l.product.clone())).collect();
    Event::OrderStepped { order: order.number.clone(), step, products }
}
