//! Click and collect: the queue, the open order, its slip, its bay. It is picked in `picking`, and handed over in `hand_overs`.

use crate::database::DatabaseError;
use crate::domain::barcode::house::COLLECTION_CODE_LENGTH;
use crate::domain::event::Event;
use crate::domain::ids::OrderNumber;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::web_order::{Fulfilment, OrderStep, WebOrder};

use super::intent::Screen;
use super::snapshot::{NoticeKind, OrderRow};
use super::{Handled, Refusal, Register};

impl Register {
    pub(super) fn open_order(&mut self, number: Option<OrderNumber>) -> Handled {
        self.open_order = number;
        self.last_step = None;
        (self.hand_over_asked, self.code_shown) = Default::default();
        Ok(())
    }

    /// An order comes up by the code that its customer shows: it is asked for no more.
    fn open_shown(&mut self, order: WebOrder) -> Handled {
        self.open_order(Some(order.number.clone()))?;
        self.code_shown = Some(Box::new(order));
        Ok(())
    }

    /// Was the order opened by its code, and is it as it was then? What was done to it may be told meanwhile.
    pub(super) fn is_code_shown(&self, order: &WebOrder) -> bool {
        let untold = |order: &WebOrder| WebOrder { history: Vec::new(), ..order.clone() };
        self.code_shown.as_ref().is_some_and(|shown| untold(shown) == untold(order))
    }

    pub(super) fn search_orders(&mut self, text: String) -> Handled {
        let code = text.trim().to_owned();
        self.order_search = text;
        self.cache.forget_orders();
        // A whole collection code opens its order at once.
        if code.chars().count() == COLLECTION_CODE_LENGTH
            && let Some(order) = self.database.view().find_order_by_code(&code)?
        {
            return self.open_shown(order);
        }
        // What the list does not show any more is open no more: no key meets it.
        let open = self.open_order.clone();
        let listed = self.pick_ups()?;
        let is_open = |row: &OrderRow| Some(&row.number) == open.as_ref();
        if open.is_some() && !listed.orders.iter().chain(&listed.over).any(is_open) {
            self.open_order(None)?;
        }
        Ok(())
    }

    /// An order comes up by what was scanned: the list is narrowed to nothing else.
    fn open_found_order(&mut self, number: OrderNumber) -> Handled {
        self.widen_queue();
        self.open_order(Some(number))
    }

    fn widen_queue(&mut self) {
        self.order_search.clear();
        self.cache.forget_orders();
    }

    /// A collection code, scanned or typed anywhere: its order comes up.
    pub(super) fn open_order_by_code(&mut self, code: &str) -> Handled {
        let order = self.database.view().find_order_by_code(code)?;
        let order = order.ok_or(NoticeKind::OrderUnknown)?;
        self.enter(Screen::PickUps);
        self.widen_queue();
        self.open_shown(order)
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
                self.open_found_order(number)
            }
        }
    }

    pub(super) fn get_open_order(&self) -> Result<WebOrder, Refusal> {
        let number = self.open_order.as_ref().ok_or(NoticeKind::OrderUnknown)?;
        self.database.view().find_order(number)?.ok_or_else(|| NoticeKind::OrderUnknown.into())
    }

    /// One step on an order, in the journal and in the queue.
    pub(super) fn step(&mut self, order: &WebOrder, step: OrderStep) -> Handled {
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
