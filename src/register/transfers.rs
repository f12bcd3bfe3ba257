//! Transfers between stores: goods set aside here go out, goods asked for elsewhere come in.

use crate::database::{DatabaseError, KnownTransfer, PrintCause};
use crate::domain::event::Event;
use crate::domain::feed::Link;
use crate::domain::ids::EntryId;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::quantity::Quantity;
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{Fulfilment, LineQuantity, OrderStep, StepTaken, WebOrder};

use super::hand_overs::lines_to_hand_over;
use super::intent::LinesChosen;
use super::pick_ups::order_stepped;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Handled, Register};

impl Register {
    /// What was set aside for another store leaves.
    pub(super) fn send_transfer(&mut self, looked: bool) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let order = self.get_open_order()?;
        let lines = lines_to_hand_over(&order, None, &LinesChosen::All);
        if order.fulfilment != Fulfilment::Transfer || !order.state.is_unfulfilled() || lines.is_empty() {
            return Err(NoticeKind::NothingToHandOver.into());
        }
        if let Some(workstation) = self.find_other_keeper(&order)?.filter(|_| !looked) {
            return Err(NoticeKind::SetAsideElsewhere { workstation }.into());
        }
        let event = order_stepped(&order, OrderStep::Sent { lines });
        self.commit(|act| act.record(event).map(|_| ()))?;
        self.last_step = None;
        self.done(NoticeKind::TransferSent { store_name: order.customer_name });
        self.after_order_changed(&order.number)
    }

    /// The other till that set a transfer aside last, while nobody can say whether it has sent it meanwhile: what that till
    /// does is heard of from central alone. Whoever sends it here looks first whether it still lies in its bay.
    pub(super) fn find_other_keeper(&self, order: &WebOrder) -> Result<Option<String>, DatabaseError> {
        if order.fulfilment != Fulfilment::Transfer || self.sync.link == Link::Live {
            return Ok(None);
        }
        let history = self.database.view().list_history(order)?;
        let is_kept = |taken: &&StepTaken| matches!(taken.step, OrderStep::Picked { .. } | OrderStep::MadeReady { .. });
        let keeper = history.iter().rev().find(is_kept).and_then(|taken| taken.workstation.clone());
        Ok(keeper.filter(|keeper| *keeper != self.till.workstation).map(|keeper| keeper.to_string()))
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

    /// Another store is asked, or will be: it cannot hear of it before central does.
    pub(super) fn tell_transfer_asked(&mut self, transfer: EntryId, store_name: String, quantity: Quantity) {
        match self.sync.link {
            Link::Live => self.done(NoticeKind::TransferRequested { store_name, quantity }),
            _ => self.say(NoticeWeight::Mind, NoticeKind::TransferToAsk { transfer, store_name, quantity }),
        }
    }

    /// What was asked of another store is needed no more. What lies in a bay there, or is on its way, comes.
    pub(super) fn withdraw_transfer(&mut self, entry: EntryId) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let open = self.database.view().list_open_transfers()?;
        let own = |known: &&KnownTransfer| known.transfer.entry == entry && known.transfer.to == self.till.store;
        let Some(KnownTransfer { transfer, told, withdrawn }) = open.into_iter().find(|known| own(&known)) else {
            return Ok(());
        };
        let store_name = transfer.from_name;
        match transfer.state {
            TransferState::SetAside => return Err(NoticeKind::SetAsideThere { store_name }.into()),
            TransferState::Sent => return Err(NoticeKind::OnItsWay { store_name }.into()),
            _ if withdrawn => return Ok(()),
            _ => {}
        }
        self.commit(|act| act.record(Event::TransferWithdrawn { transfer: entry }).map(|_| ()))?;
        self.cache.forget_orders();
        self.judge_basket()?;
        // What nobody has heard of yet nobody need forget.
        if told && self.sync.link != Link::Live {
            self.say(NoticeWeight::Mind, NoticeKind::TransferToWithdraw { store_name });
        } else {
            self.done(NoticeKind::TransferWithdrawn { store_name });
        }
        Ok(())
    }

    /// What was withdrawn here comes all the same: the other store was faster.
    pub(super) fn tell_withdrawn_in_vain(&mut self, transfers: Vec<Transfer>) {
        for transfer in transfers {
            let store_name = transfer.from_name;
            let kind = match transfer.state {
                TransferState::Sent => NoticeKind::OnItsWay { store_name },
                _ => NoticeKind::SetAsideThere { store_name },
            };
            self.say(NoticeWeight::Mind, kind);
        }
    }

    /// The slip about what was asked of another store, again.
    pub(super) fn print_transfer_slip(&mut self, transfer: EntryId) -> Handled {
        if self.database.view().find_transfer(transfer)?.is_none() {
            return Ok(());
        }
        self.print_or_copy(PrintCause::TransferSlip { transfer })
    }

    /// Central has heard of what was asked meanwhile: what was to be asked is asked.
    pub(super) fn settle_transfer_to_ask(&mut self) -> Result<(), DatabaseError> {
        let Some(NoticeKind::TransferToAsk { transfer, store_name, quantity }) =
            self.notice.as_ref().map(|notice| notice.kind.clone())
        else {
            return Ok(());
        };
        let open = self.database.view().list_open_transfers()?;
        if let Some(known) = open.iter().find(|known| known.transfer.entry == transfer && known.told) {
            self.notice = None;
            if !known.transfer.state.is_refused() {
                self.done(NoticeKind::TransferRequested { store_name, quantity });
            }
        }
        Ok(())
    }

    /// What was asked of another store has come, or it is understood that it does not come.
    pub(super) fn close_transfer(&mut self, entry: EntryId) -> Handled {
        self.get_permission(OperatorAct::Pick)?;
        let open = self.database.view().list_open_transfers()?;
        let mut here = open.iter().map(|known| &known.transfer).filter(|transfer| transfer.to == self.till.store);
        let Some(transfer) = here.find(|transfer| transfer.entry == entry) else { return Ok(()) };
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
