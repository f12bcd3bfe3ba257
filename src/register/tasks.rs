//! What is not finished, as the screens show it.

use std::sync::Arc;

use crate::database::{DatabaseError, KnownTransfer, PrintCause, SessionReportKind, SpooledJob};
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{OrderState, WebOrder};

use super::Register;
use super::snapshot::{Document, Task};

impl Register {
    pub(super) fn tasks(&mut self) -> Result<Arc<Vec<Task>>, DatabaseError> {
        if let Some(kept) = &self.cache.tasks {
            return Ok(kept.clone());
        }
        let view = self.database.view();
        let mut tasks = match &self.cache.unprinted {
            Some(kept) => kept.clone(),
            None => {
                let read = view.list_unsettled_prints()?.into_iter().map(unprinted_task).collect();
                self.cache.unprinted.insert(read).clone()
            }
        };
        let mut transfers = view.list_open_transfers()?;
        tasks.extend(self.case_tasks(&mut transfers)?.into_iter().map(|case| Task::Case(Box::new(case))));
        for known in transfers {
            tasks.extend(self.transfer_task(known)?);
        }
        let now = self.now();
        for order in view.list_orders(None)? {
            if let Some(amount) = order.owed_back {
                let WebOrder { number, customer_name, .. } = &order;
                let (order, customer_name) = (number.clone(), customer_name.clone());
                tasks.push(Task::PayBack { order, customer_name, amount });
            }
            let state = order.state_at(now);
            if matches!(state, OrderState::Lapsed | OrderState::Cancelled) {
                let WebOrder { number, customer_name, bay, .. } = order;
                tasks.push(Task::PutBack { order: number, customer_name, bay, state });
            }
        }
        for row in view.list_count_list()? {
            let is_same = |kept: &&Task| matches!(kept, Task::Count { times, .. } if *times == row.times);
            let task = match self.cache.counts.get(&row.product).filter(is_same) {
                Some(kept) => kept.clone(),
                None => {
                    let (product, times) = (row.product.clone(), row.times);
                    let (product_name, bin) = match view.find_product(&product)? {
                        Some(known) => (known.name, known.bin),
                        None => (product.to_string(), None),
                    };
                    Task::Count { product, product_name, bin, times }
                }
            };
            self.cache.counts.insert(row.product, task.clone());
            tasks.push(task);
        }
        if let Some(since) = self.drawer_open_too_long() {
            tasks.push(Task::DrawerOpen { since });
        }
        Ok(self.cache.tasks.insert(Arc::new(tasks)).clone())
    }

    /// What stores ask of each other, as a task: here what was asked for, there what is to be set aside.
    fn transfer_task(&self, known: KnownTransfer) -> Result<Option<Task>, DatabaseError> {
        let view = self.database.view();
        let KnownTransfer { transfer, told, withdrawn } = known;
        let product_name =
            view.find_product(&transfer.product)?.map_or_else(|| transfer.product.to_string(), |p| p.name);
        let Transfer { entry, quantity, asked_by, asked_at, for_order, customer, .. } = transfer;
        if transfer.to == self.till.store {
            let (store_name, state) = (transfer.from_name, transfer.state);
            return Ok(Some(Task::Transfer {
                entry,
                product_name,
                quantity,
                store_name,
                asked_by,
                asked_at,
                state,
                told,
                withdrawn,
                order_there: transfer.order,
                for_order,
                customer,
            }));
        }
        let Some(order) = transfer.order.map(|number| view.find_order(&number)).transpose()?.flatten() else {
            return Ok(None);
        };
        if order.state.is_unfulfilled() {
            let (store_name, state) = (transfer.to_name, TransferState::of_order(&order));
            let order = order.number;
            let for_whom = for_order.map_or(customer, |order| order.to_string());
            return Ok(Some(Task::SetAside {
                order,
                product_name,
                quantity,
                store_name,
                asked_by,
                for_whom,
                asked_at,
                state,
            }));
        }
        Ok(None)
    }
}

/// What the people at the till see of a document that is not on paper.
pub(super) fn unprinted_task(job: SpooledJob) -> Task {
    Task::Unprinted { job: job.job, document: document_of(job.cause), state: job.state, since: job.queued_at }
}

/// What is to be printed; a copy is called what it is a copy of.
fn document_of(cause: PrintCause) -> Document {
    match cause {
        PrintCause::Receipt { receipt_number, .. } | PrintCause::GiftReceipt { receipt_number } => {
            Document::Receipt(receipt_number)
        }
        PrintCause::SetAsideSlip { order, .. } => Document::SetAsideSlip(order),
        PrintCause::BagSlip { order } => Document::BagSlip(order),
        PrintCause::HandOverSlip { order, .. } => Document::HandOverSlip(order),
        PrintCause::TransferSlip { .. } => Document::TransferSlip,
        PrintCause::SessionReport { kind: SessionReportKind::Close, .. } => Document::CloseReport,
        PrintCause::SessionReport { kind: SessionReportKind::Interim, .. } => Document::InterimReport,
        PrintCause::Copy { of, .. } => document_of(*of),
    }
}
