//! Picking: who walks the shelves, what is scanned or cannot be found, and the bay it lies in.

use crate::database::{FoundProduct, PrintCause};
use crate::domain::barcode::Code;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{Fulfilment, LineQuantity, OrderState, OrderStep, WebOrder};

use super::pick_ups::order_stepped;
use super::snapshot::NoticeKind;
use super::{Handled, Register};

/// Why a product is to be counted: somebody had one in their hands that the books did not have.
const PICKED_FROM_EMPTY_SHELF: &str = "picked from an empty shelf";
const NOT_FOUND_BY_PICKER: &str = "not found by whoever picked";

impl Register {
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
        let product = order.line(line).map(|line| line.product.clone());
        let miscounted = match &product {
            Some(product) if self.has_fewer_on_shelf(product, quantity)? => Some(product),
            _ => None,
        };
        self.commit(|act| {
            events.into_iter().try_for_each(|event| act.record(event).map(|_| ()))?;
            miscounted.map_or(Ok(()), |product| act.add_to_count_list(product, PICKED_FROM_EMPTY_SHELF))
        })?;
        self.clear_notice();
        self.last_step = Some((order.number.clone(), step));
        let bay = order.bay.clone().filter(|_| order.state == OrderState::Ready);
        if let (Some(product), Some(bay)) = (product, bay) {
            self.done(NoticeKind::KeptForOrder { order: order.number.clone(), product, bay });
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
        let step = OrderStep::ReportedShort { what };
        let event = order_stepped(&order, step.clone());
        let product = order.line(line).map(|line| line.product.clone());
        // The books have it, and whoever stands at the shelf does not find it.
        let miscounted = match product {
            Some(product) if self.has_on_shelf(&product, missing)? => Some(product),
            _ => None,
        };
        self.commit(|act| {
            act.record(event)?;
            miscounted.map_or(Ok(()), |product| act.add_to_count_list(&product, NOT_FOUND_BY_PICKER))
        })?;
        self.last_step = Some((order.number.clone(), step));
        self.after_order_changed(&order.number)
    }

    /// Takes back the last step of this till, as long as nothing was handed over.
    pub(super) fn undo_order_step(&mut self) -> Handled {
        let order = self.get_open_order()?;
        let Some((number, step)) = self.last_step.clone() else { return Ok(()) };
        if number != order.number || order.is_over() {
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
}
