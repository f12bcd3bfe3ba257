//! The pick-up queue and the open order, as the screens show them.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::database::DatabaseError;
use crate::domain::Timestamp;
use crate::domain::ids::{OperatorId, OrderNumber};
use crate::domain::money;
use crate::domain::web_order::{Fulfilment, OrderState, OrderStep, OrderSums, WebOrder};

use super::Register;
use super::hand_overs::lines_to_hand_over;
use super::history::history_rows;
use super::intent::{LinesChosen, Screen};
use super::snapshot::{OperatorView, OrderDetail, OrderLineView, OrderRow, PickUps};

/// How long an order is found once it is over: whoever asks for it comes within these days.
const OVER_KEPT: TimeDelta = TimeDelta::days(14);
/// How many of them are listed, and how many are looked through: a store has no more within the time, or looks for less.
const OVER_LISTED_MAX: usize = 400;
const OVER_SEARCHED_MAX: usize = 2_000;
/// How many are taken out at once: so few that no sale waits for it.
const OVER_FORGOTTEN_MAX: usize = 100;

impl Register {
    pub(super) fn pick_ups(&mut self) -> Result<Arc<PickUps>, DatabaseError> {
        if let Some(kept) = &self.cache.pick_ups {
            return Ok(kept.clone());
        }
        let now = self.now();
        let mut orders = self.database.view().list_orders(None)?;
        // What is sent is packed by the warehouse's people at central; here it only counts as promised.
        // One that only its money is still to go back for is a task.
        let waits = |o: &WebOrder| o.state.is_unfulfilled() || o.is_to_put_back();
        orders.retain(|o| o.fulfilment != Fulfilment::Delivery && waits(o));
        self.cache.lapses_at = orders.iter().filter_map(WebOrder::lapses_at).filter(|at| *at > now).min();
        let to_pick = orders.iter().filter(|o| o.state == OrderState::Received).count();
        let wanted = self.order_search.trim().to_lowercase();
        let is_wanted = |o: &WebOrder| {
            wanted.is_empty()
                || o.number.as_str().to_lowercase().contains(&wanted)
                || o.customer_name.to_lowercase().contains(&wanted)
                || o.collection_code.to_lowercase() == wanted
        };
        let mut over = Vec::new();
        if self.screen == Screen::PickUps {
            let orders_max = if wanted.is_empty() { OVER_LISTED_MAX } else { OVER_SEARCHED_MAX };
            over = self.database.view().list_orders_over(now - OVER_KEPT, orders_max)?;
            over.retain(|(_, o)| o.fulfilment != Fulfilment::Delivery && is_wanted(o));
        }
        let (operators, at_risk) = (self.operators()?, self.orders_at_risk()?);
        let row = |order: WebOrder, over_at: Option<Timestamp>| {
            let at_risk = at_risk.contains(&order.number) && over_at.is_none();
            OrderRow { at_risk, over_at, ..order_row(order, &operators, now) }
        };
        let rows = orders.into_iter().filter(is_wanted).map(|order| row(order, None)).collect();
        let over = over.into_iter().map(|(at, order)| row(order, Some(at))).collect();
        let pick_ups = PickUps { orders: rows, over, search: self.order_search.clone(), to_pick };
        Ok(self.cache.pick_ups.insert(Arc::new(pick_ups)).clone())
    }

    /// Once a day: of orders that were over long ago nothing stays.
    pub(super) fn forget_orders_over(&mut self) -> Result<(), DatabaseError> {
        let now = self.now();
        if self.orders_forgotten_at.is_some_and(|at| now - at < TimeDelta::days(1)) {
            return Ok(());
        }
        let forgotten =
            self.database.transaction_repeatable(|tx| tx.remove_orders_over(now - OVER_KEPT, OVER_FORGOTTEN_MAX))?;
        self.orders_forgotten_at = (forgotten < OVER_FORGOTTEN_MAX).then_some(now);
        if forgotten > 0 {
            self.cache.forget_orders();
        }
        Ok(())
    }

    pub(super) fn order_detail(&mut self) -> Result<Option<OrderDetail>, DatabaseError> {
        let Some(number) = self.open_order.clone().filter(|_| self.screen == Screen::PickUps) else { return Ok(None) };
        let Some(mut order) = self.database.view().find_order(&number)? else { return Ok(None) };
        let code_shown = self.is_code_shown(&order);
        order.state = order.state_at(self.now());
        order.at_risk = self.orders_at_risk()?.contains(&number);
        let mut lines = Vec::with_capacity(order.lines.len());
        for line in &order.lines {
            let product = self.database.view().find_product(&line.product)?;
            let barcodes = self.database.view().list_barcodes(&line.product)?;
            lines.push(OrderLineView {
                bin: product.and_then(|p| p.bin),
                barcode: barcodes.into_iter().next().map(|b| b.key),
                level: self.database.view().stock_level(&line.product)?,
            });
        }
        let history = self.database.view().list_history(&order)?;
        let history = history_rows(&order, history, |operator| self.operator_name(operator));
        let operators = self.operators()?;
        let picker_name =
            order.picker.as_ref().and_then(|id| Some(operators.iter().find(|o| o.id == *id)?.name.clone()));
        let nothing = money::Money::zero(self.settings.currency);
        let sums = OrderSums { amount: nothing, share: nothing, tax: nothing, prepaid: nothing, due: nothing };
        let sums = order.sums_in(&self.settings).unwrap_or(sums);
        let chosen = self.hand_over_asked.as_ref().map_or(&LinesChosen::All, |asked| &asked.lines);
        let goes = lines_to_hand_over(&order, None, chosen);
        let due_now = order.sums_of(&goes, &self.settings).map_or(nothing, |sums| sums.due);
        Ok(Some(OrderDetail {
            lines,
            sums,
            due_now,
            picker_name,
            bay_offered: order.bay.clone().or(self.bay_offered()?),
            bays_taken: self.bays_taken()?.into_iter().filter(|(_, other)| *other != number).collect(),
            kept_at: self.find_other_keeper(&order)?,
            can_undo: !order.is_over() && self.can_undo(&number),
            code_shown,
            history,
            order,
        }))
    }

    /// The orders that a case stands about, what was done here without central among it.
    fn orders_at_risk(&self) -> Result<HashSet<OrderNumber>, DatabaseError> {
        let cases = self.database.view().list_standing_cases()?;
        Ok(cases.into_iter().map(|case| case.order).collect())
    }

    fn can_undo(&self, number: &OrderNumber) -> bool {
        let undoable = |step: &OrderStep| matches!(step, OrderStep::Picked { .. } | OrderStep::MadeReady { .. });
        self.last_step.as_ref().is_some_and(|(order, step)| order == number && undoable(step))
    }
}

/// An order as the queue shows it, of which nobody has a case.
fn order_row(order: WebOrder, operators: &[OperatorView], now: Timestamp) -> OrderRow {
    let name_of = |id: &OperatorId| Some(operators.iter().find(|operator| operator.id == *id)?.name.clone());
    OrderRow {
        item_count: order.lines.iter().map(|line| line.ordered.thousandths() / 1000).sum(),
        picker_name: order.picker.as_ref().and_then(name_of),
        state: order.state_at(now),
        at_risk: false,
        paid: order.is_paid_for(),
        number: order.number,
        channel: order.channel.to_string(),
        customer_name: order.customer_name,
        collect_by: order.collect_by,
        bay: order.bay,
        over_at: None,
    }
}
