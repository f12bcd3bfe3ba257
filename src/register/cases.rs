//! Conflict cases as tasks, and what the people here decide about them: *it is here*, and *another store sends one*. Both hold
//! at once and travel when central is in reach; central takes the first decision of a case, and tells the others.

use crate::database::{CaseAnswer, CaseRefusal, DatabaseError, KnownTransfer, PrintCause};
use crate::domain::conflict::{ConflictCase, propose};
use crate::domain::event::Event;
use crate::domain::ids::{CaseId, StoreId};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::quantity::Quantity;
use crate::domain::transfer::Transfer;

use super::snapshot::{CaseTask, NoticeKind, NoticeWeight};
use super::{Handled, Refusal, Register};

/// Why a product whose missing unit was found is to be counted.
const FALSE_ALARM: &str = "false alarm";

impl Register {
    /// The unit is here: the case is closed, and the books of the product are to be counted.
    pub(super) fn report_false_alarm(&mut self, case: CaseId) -> Handled {
        let (case, refused) = self.get_open_case(case)?;
        let ConflictCase { case, order, product, .. } = case;
        let event = Event::FalseAlarmReported { case, order: order.clone(), product: product.clone() };
        self.commit(|act| {
            act.record(event)?;
            refused.into_iter().try_for_each(|closed| act.record(closed).map(|_| ()))?;
            act.add_to_count_list(&product, FALSE_ALARM)
        })?;
        self.cache.forget_orders();
        self.done(NoticeKind::FalseAlarmNoted { order });
        Ok(())
    }

    /// Another store is asked to send what the order misses.
    pub(super) fn take_proposal(&mut self, case: CaseId, from: &StoreId) -> Handled {
        let (case, refused) = self.get_open_case(case)?;
        let ConflictCase { case, order, product, quantity, .. } = case;
        let elsewhere = self.database.view().list_other_stores(&product)?;
        let Some(other) = elsewhere.into_iter().find(|other| other.store == *from && other.free >= quantity) else {
            return Err(NoticeKind::ProposalGone { order, store_name: from.to_string() }.into());
        };
        let (case, from) = (Some(case), from.clone());
        let customer = String::new();
        let event = Event::TransferRequested { product, quantity, from, case, order: Some(order), customer };
        let (transfer, print) = self.commit(|act| {
            let transfer = act.record(event)?.id;
            refused.into_iter().try_for_each(|closed| act.record(closed).map(|_| ()))?;
            Ok((transfer, act.queue_print(&PrintCause::TransferSlip { transfer })?))
        })?;
        self.release_print(print)?;
        self.cache.forget_orders();
        self.tell_transfer_asked(transfer, other.name, quantity);
        Ok(())
    }

    /// A case that still needs someone, with the closes of what was asked for in vain because of it.
    fn get_open_case(&self, case: CaseId) -> Result<(ConflictCase, Vec<Event>), Refusal> {
        self.get_permission(OperatorAct::Pick)?;
        let view = self.database.view();
        let found = view.list_open_cases()?.into_iter().find(|open| open.case == case);
        let found = found.ok_or(Refusal::Notice(NoticeKind::CaseDecided))?;
        let transfers = view.list_open_transfers()?;
        let refused =
            transfers.into_iter().map(|known| known.transfer).filter(|transfer| self.is_refused_for(transfer, case));
        let closed = refused.map(|transfer| Event::TransferClosed {
            transfer: transfer.entry,
            product: transfer.product,
            received: Quantity::ZERO,
        });
        Ok((found, closed.collect()))
    }

    /// Was it asked for here, for this case, and in vain?
    fn is_refused_for(&self, transfer: &Transfer, case: CaseId) -> bool {
        transfer.to == self.till.store && transfer.case == Some(case) && transfer.state.is_refused()
    }

    /// The cases as tasks, the most urgent first. What was asked for in vain for one of them stands with it: it is taken out
    /// of `transfers`.
    pub(super) fn case_tasks(&self, transfers: &mut Vec<KnownTransfer>) -> Result<Vec<CaseTask>, DatabaseError> {
        let view = self.database.view();
        let mut tasks = Vec::new();
        for open in view.list_open_cases()? {
            let ConflictCase { case, product, order, quantity, state, opened_at, due_at } = open;
            let elsewhere = view.list_other_stores(&product)?;
            let refused = transfers.extract_if(.., |known| self.is_refused_for(&known.transfer, case)).last();
            let customer = view.find_order(&order)?.map(|found| found.customer_name);
            let name = view.find_product(&product)?.map(|found| found.name);
            tasks.push(CaseTask {
                case,
                order,
                customer_name: customer.unwrap_or_default(),
                product_name: name.unwrap_or_else(|| product.to_string()),
                quantity,
                state,
                since: opened_at,
                due_at,
                proposal: propose(&elsewhere, quantity).cloned(),
                refused_by: refused.map(|known| known.transfer.from_name),
            });
        }
        Ok(tasks)
    }

    /// Central did not take a decision of this till: the people here hear why.
    pub(super) fn tell_case_answers(&mut self, answers: Vec<CaseAnswer>) {
        for CaseAnswer { order, reason } in answers {
            let kind = match reason {
                CaseRefusal::NoneFree { store_name } => NoticeKind::ProposalGone { order, store_name },
                CaseRefusal::DecidedBefore { state } => NoticeKind::DecidedBefore { order, state },
            };
            self.say(NoticeWeight::Mind, kind);
        }
    }
}
