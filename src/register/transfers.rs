//! Transfers between stores: goods set aside here go out, goods asked for elsewhere come in.

use crate::domain::event::Event;
use crate::domain::ids::EntryId;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::quantity::Quantity;
use crate::domain::transfer::TransferState;
use crate::domain::web_order::{Fulfilment, LineQuantity, OrderStep, WebOrder};

use super::hand_overs::lines_to_hand_over;
use super::intent::LinesChosen;
use super::pick_ups::order_stepped;
use super::snapshot::NoticeKind;
use super::{Handled, Register};

impl Register {
    /// What was set aside for another store leaves.
    pub(super) fn send_transfer(&mut self) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let order = self.get_open_order()?;
        let lines = lines_to_hand_over(&order, None, &LinesChosen::All);
        if order.fulfilment != Fulfilment::Transfer || !order.state.is_unfulfilled() || lines.is_empty() {
            return Err(NoticeKind::NothingToHandOver.into());
        }
        let event = order_stepped(&order, OrderStep::Sent { lines });
        self.commit(|act| act.record(event).map(|_| ()))?;
        self.last_step = None;
        self.done(NoticeKind::TransferSent { store_name: order.customer_name });
        self.after_order_changed(&order.number)
    }

    /// A line of a transfer cannot be found: what is not here is refused, and no longer promised. With nothing of it in
    /// the bay the whole transfer is.
    pub(super) fn refuse_transfer(&mut self, order: &WebOrder, what: LineQuantity) -> Handled {
        let mut events = vec![order_stepped(order, OrderStep::ReportedShort { what })];
        if order.lines.iter().all(|line| !line.held().is_positive()) {
            events.push(order_stepped(order, OrderStep::Cancelled));
        }
        self.commit(|act| events.into_iter().try_for_each(|event| act.record(event).map(|_| ())))?;
        self.last_step = None;
        self.after_order_changed(&order.number)
    }

    /// What was asked of another store has come, or it is understood that it does not come.
    pub(super) fn close_transfer(&mut self, entry: EntryId) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let open = self.database.view().list_open_transfers()?;
        let here = |transfer: &&crate::domain::transfer::Transfer| transfer.to == self.till.store;
        let Some(transfer) = open.iter().filter(here).find(|transfer| transfer.entry == entry) else { return Ok(()) };
        let received = match transfer.state {
            TransferState::Sent => transfer.quantity,
            state if state.is_refused() => Quantity::ZERO,
            _ => return Err(NoticeKind::TransferNotHere.into()),
        };
        let event = Event::TransferClosed { transfer: entry, product: transfer.product.clone(), received };
        self.commit(|act| act.record(event).map(|_| ()))?;
        self.cache.forget();
        self.judge_basket()?;
        Ok(())
    }
}
