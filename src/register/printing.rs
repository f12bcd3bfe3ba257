//! Printing: documents on their way to paper. The spool is in the file and says why each document exists; the document
//! itself is made again from there.
//!
//! A document is handed to the printer only after the file says so on disk. What was never handed over is printed after a
//! restart; what was, and is not known to be on paper, waits for a person. So each comes out exactly once, or again only
//! as a marked copy.

use crate::database::{DatabaseError, DrawerSeen, PrintCause, SessionReportKind, SpooledJob};
use crate::domain::Timestamp;
use crate::domain::device::{HealthState, PrintCommand, PrintJobState};
use crate::domain::event::{CopyCause, Event, PrintedDocument};
use crate::domain::ids::{OperatorId, PrintJobId};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::receipt::{
    Block, Document, DrawerKick, DrawerLook, ReceiptVoice, SessionClose, SlipContext, bag_slip, gift_receipt_for_sale,
    hand_over_slip, receipt_for_sale, session_report, set_aside_slip, transfer_slip,
};
use crate::domain::session::Session;
use crate::domain::settings::ReceiptDuty;
use crate::domain::web_order::{OrderState, OrderStep, WebOrder};

use super::intent::PrintDecision;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Effect, Handled, Recorder, Register};

/// What a document may expect of the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrinterReach {
    /// None is set up: documents can be found and viewed, nothing is queued.
    None,
    /// It does not print right now: documents wait in the file.
    Waiting,
    /// It prints.
    Ready,
}

impl Recorder<'_, '_> {
    /// Puts a document into the spool; handed over with this commit when the printer prints.
    pub(super) fn queue_print(&mut self, cause: &PrintCause) -> Result<Option<PrintJobId>, DatabaseError> {
        if self.printer == PrinterReach::None {
            return Ok(None);
        }
        let job = PrintJobId(self.environment.unique_id());
        self.tx.queue_print(job, cause, self.operator.as_ref(), self.recorded_at)?;
        if self.printer == PrinterReach::Ready {
            self.tx.set_print_state(job, HANDED_OVER, self.recorded_at)?;
        }
        Ok(Some(job))
    }
}

/// How long the spool knows of receipts that are on paper: their copies are counted with their sales.
const RECEIPTS_KEPT_DAYS: i64 = 7;
/// How long it knows of the others, whose copies it counts itself: longer than any order waits to be collected.
const OTHERS_KEPT_DAYS: i64 = 400;
/// How many are forgotten in one idle moment.
const FORGOTTEN_AT_ONCE_MAX: usize = 1000;

/// The printer may begin at any moment: from here on a loss is a loss.
const HANDED_OVER: PrintJobState = PrintJobState::Sending { confirmed: 0, blocks: 0 };

impl Register {
    pub(super) fn printer_reach(&self) -> PrinterReach {
        match self.devices.iter().find(|d| d.id.as_str() == super::PRINTER) {
            None => PrinterReach::None,
            Some(printer) if printer.health.state == HealthState::NotConfigured => PrinterReach::None,
            Some(printer) if printer.health.state == HealthState::Ready => PrinterReach::Ready,
            Some(_) => PrinterReach::Waiting,
        }
    }

    /// After the commit that queued it: the document goes to the printer, if that was said.
    pub(super) fn release_print(&mut self, job: Option<PrintJobId>) -> Handled {
        let spooled = job.map(|job| self.database.view().find_print(job)).transpose()?.flatten();
        let Some(spooled) = spooled else {
            self.cache.forget_tasks();
            return Ok(());
        };
        self.cache.add_print(spooled.clone());
        if spooled.state == HANDED_OVER { self.hand_to_printer(&spooled, true) } else { Ok(()) }
    }

    /// The printer prints again: everything that waited is handed over, in order.
    pub(super) fn release_waiting_prints(&mut self) -> Handled {
        let waiting: Vec<SpooledJob> = self
            .database
            .view()
            .list_unsettled_prints()?
            .into_iter()
            .filter(|job| job.state == PrintJobState::Queued)
            .collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let now = self.now();
        self.database.transaction(|tx| waiting.iter().try_for_each(|j| tx.set_print_state(j.job, HANDED_OVER, now)))?;
        for job in &waiting {
            // The drawer was opened when the sale was made: the customer's change could not wait for the paper.
            self.hand_to_printer(job, false)?;
        }
        self.cache.forget_prints();
        Ok(())
    }

    fn hand_to_printer(&mut self, spooled: &SpooledJob, opens_drawer: bool) -> Handled {
        match self.document_for(&spooled.cause, spooled.operator.as_ref(), spooled.queued_at)? {
            Some(mut document) => {
                if !opens_drawer {
                    document.drawer = DrawerKick::None;
                }
                let document = Box::new(document);
                self.effects.push(Effect::Print(PrintCommand::Print { job: spooled.job, document }));
            }
            // The order has left the store since: there is nothing to put on the slip any more.
            None => {
                self.set_print_state(spooled.job, PrintJobState::Cancelled)?;
                self.cache.remove_print(spooled.job);
            }
        }
        Ok(())
    }

    fn set_print_state(&mut self, job: PrintJobId, state: PrintJobState) -> Result<(), DatabaseError> {
        let now = self.now();
        self.database.transaction(|tx| tx.set_print_state(job, state, now))
    }

    /// Once a day what was printed long ago leaves the spool, a part at a time.
    pub(super) fn forget_prints(&mut self) -> Result<(), DatabaseError> {
        let now = self.now();
        if self.prints_forgotten_at.is_some_and(|at| now - at < chrono::Duration::days(1)) {
            return Ok(());
        }
        let before = |days| now - chrono::Duration::days(days);
        let (receipts, others) = (before(RECEIPTS_KEPT_DAYS), before(OTHERS_KEPT_DAYS));
        let forgotten = self
            .database
            .transaction_repeatable(|tx| tx.forget_settled_prints(receipts, others, FORGOTTEN_AT_ONCE_MAX))?;
        self.prints_forgotten_at = (forgotten < FORGOTTEN_AT_ONCE_MAX).then_some(now);
        Ok(())
    }

    /// After a start: what was handed over and is not known to be on paper may be half on it.
    pub(super) fn resume_printing(&mut self) -> Result<(), DatabaseError> {
        for job in self.database.view().list_unsettled_prints()? {
            if let PrintJobState::Sending { confirmed, blocks } | PrintJobState::Held { confirmed, blocks } = job.state
            {
                self.set_print_state(job.job, PrintJobState::Partial { confirmed, blocks })?;
                self.say(NoticeWeight::Mind, NoticeKind::PrintLost);
            }
        }
        Ok(())
    }

    /// The printer got further with a document.
    pub(super) fn print_progressed(&mut self, job: PrintJobId, state: PrintJobState) -> Handled {
        self.show_print_of_sale(job, state);
        match state {
            // The file says *handed over*; that the printer has not begun yet makes it no less so.
            PrintJobState::Queued => return Ok(()),
            PrintJobState::Sending { .. } | PrintJobState::Held { .. } => {
                let now = self.now();
                self.database.note_print_progress(job, state, now)?;
            }
            PrintJobState::Printed | PrintJobState::Partial { .. } | PrintJobState::Cancelled => {
                self.set_print_state(job, state)?;
            }
        }
        match state {
            PrintJobState::Printed | PrintJobState::Cancelled => self.cache.remove_print(job),
            PrintJobState::Held { .. } | PrintJobState::Partial { .. } => self.cache.forget_prints(),
            PrintJobState::Queued | PrintJobState::Sending { .. } => {}
        }
        if matches!(state, PrintJobState::Partial { .. }) {
            self.say(NoticeWeight::Mind, NoticeKind::PrintLost);
        }
        Ok(())
    }

    /// What stands beside the change, of the sale just completed.
    fn show_print_of_sale(&mut self, job: PrintJobId, state: PrintJobState) {
        if let Some(completed) = &mut self.completed
            && completed.job == Some(job)
        {
            completed.shown.print = state;
        }
    }

    /// A person decided about a document that may be half on paper.
    pub(super) fn decide_print(&mut self, job: PrintJobId, decision: PrintDecision) -> Handled {
        let Some(spooled) = self.database.view().find_print(job)? else { return Ok(()) };
        if matches!(spooled.state, PrintJobState::Printed | PrintJobState::Cancelled) {
            return Ok(());
        }
        if decision == PrintDecision::Drop {
            let document = spooled.cause.document();
            if self.is_owed(&document) {
                self.get_permission(OperatorAct::DropDocument)?;
            }
            self.commit(|act| {
                act.record(Event::DocumentDropped { document })?;
                act.tx.set_print_state(job, PrintJobState::Cancelled, act.recorded_at)
            })?;
            self.effects.push(Effect::Print(PrintCommand::Cancel(job)));
            self.cache.remove_print(job);
            self.show_print_of_sale(job, PrintJobState::Cancelled);
            return Ok(());
        }
        match spooled.cause {
            PrintCause::Receipt { receipt_number, .. } => {
                self.print_copy(receipt_number, CopyCause::PrintLost, Some(job))?;
            }
            PrintCause::Copy { of, .. } => self.print_document_copy(*of, CopyCause::PrintLost, Some(job))?,
            cause => self.print_document_copy(cause, CopyCause::PrintLost, Some(job))?,
        }
        self.cache.forget_prints();
        Ok(())
    }

    /// Do the books or the law ask for this document?
    fn is_owed(&self, document: &PrintedDocument) -> bool {
        match document {
            PrintedDocument::Receipt { .. } => self.settings.receipt_duty == ReceiptDuty::Compulsory,
            PrintedDocument::InterimReport { .. } | PrintedDocument::CloseReport { .. } => true,
            PrintedDocument::GiftReceipt { .. }
            | PrintedDocument::SetAsideSlip { .. }
            | PrintedDocument::BagSlip { .. }
            | PrintedDocument::TransferSlip { .. }
            | PrintedDocument::HandOverSlip { .. } => false,
        }
    }

    /// The receipt without prices, for a sale that is over: the first is none that anybody counts, every other is a copy.
    pub(super) fn print_gift_receipt(&mut self, receipt_number: u64) -> Handled {
        self.get_permission(OperatorAct::Reprint)?;
        if self.database.view().find_sale(receipt_number)?.is_none() {
            return Err(NoticeKind::ReceiptUnknown { receipt_number }.into());
        }
        self.print_or_copy(PrintCause::GiftReceipt { receipt_number })?;
        self.done(NoticeKind::GiftReceiptPrinting { receipt_number });
        Ok(())
    }

    /// The report of the session that was closed last (Z), once more.
    pub(super) fn print_close_report(&mut self) -> Handled {
        self.get_permission(OperatorAct::Reprint)?;
        if self.printer_reach() == PrinterReach::None {
            return Err(NoticeKind::NoPrinter.into());
        }
        let closed = self.database.view().find_last_closed_session()?.ok_or(NoticeKind::NoSessionClosed)?;
        let cause = PrintCause::SessionReport { session: closed.session.id, kind: SessionReportKind::Close };
        self.print_document_copy(cause, CopyCause::Asked, None)?;
        self.done(NoticeKind::CloseReportPrinting);
        Ok(())
    }

    pub(super) fn copy_receipt(&mut self, receipt_number: u64) -> Handled {
        self.get_permission(OperatorAct::Reprint)?;
        if self.printer_reach() == PrinterReach::None {
            return Err(NoticeKind::NoPrinter.into());
        }
        self.print_copy(receipt_number, CopyCause::Asked, None)?;
        self.done(NoticeKind::CopyPrinting { receipt_number });
        Ok(())
    }

    /// A copy is numbered, marked, and in the journal; `lost` is the print it stands in for.
    fn print_copy(&mut self, receipt_number: u64, why: CopyCause, lost: Option<PrintJobId>) -> Handled {
        let record = self.database.view().find_sale(receipt_number)?;
        let copy = record.ok_or(NoticeKind::ReceiptUnknown { receipt_number })?.copies.saturating_add(1);
        let event = Event::ReceiptCopied { receipt_number, copy, cause: why };
        self.print_again(event, &PrintCause::Receipt { receipt_number, copy: Some(copy) }, lost)
    }

    /// The same for what is no receipt: counted in the spool.
    fn print_document_copy(&mut self, cause: PrintCause, why: CopyCause, lost: Option<PrintJobId>) -> Handled {
        let document = cause.document();
        let copy = self.database.view().find_last_copy(&cause)?.unwrap_or(0).saturating_add(1);
        let event = Event::DocumentCopied { document, copy, cause: why };
        self.print_again(event, &PrintCause::Copy { of: Box::new(cause), copy }, lost)
    }

    fn print_again(&mut self, event: Event, cause: &PrintCause, lost: Option<PrintJobId>) -> Handled {
        let job = self.commit(|act| {
            act.record(event)?;
            if let Some(lost) = lost {
                act.tx.set_print_state(lost, PrintJobState::Cancelled, act.recorded_at)?;
            }
            act.queue_print(cause)
        })?;
        if let Some(lost) = lost {
            self.effects.push(Effect::Print(PrintCommand::Cancel(lost)));
            // The copy stands in for it, beside the change too.
            if let Some(completed) = self.completed.as_mut().filter(|completed| completed.job == Some(lost)) {
                completed.job = job;
                completed.shown.print = PrintJobState::Queued;
            }
        }
        self.release_print(job)
    }

    pub(super) fn test_printer(&mut self) -> Handled {
        if self.printer_reach() == PrinterReach::None {
            return Err(NoticeKind::NoPrinter.into());
        }
        self.effects.push(Effect::Print(PrintCommand::SelfTest));
        Ok(())
    }

    /// Prints an order's slip: of the bag, or once it was handed over that of the hand-over. Of an order that is over it is a
    /// copy, wherever the first was printed.
    pub(super) fn print_slip(&mut self, order: &WebOrder) -> Handled {
        let handed_over = match order.state {
            OrderState::HandedOver => self.find_hand_over_slip(order)?,
            _ => None,
        };
        let cause = handed_over.unwrap_or_else(|| PrintCause::BagSlip { order: order.number.clone() });
        if order.is_over() && self.printer_reach() != PrinterReach::None {
            return self.print_document_copy(cause, CopyCause::Asked, None);
        }
        self.print_or_copy(cause)
    }

    /// The slip of the last hand-over: as it was printed here, or as the order's history tells of it.
    fn find_hand_over_slip(&self, order: &WebOrder) -> Result<Option<PrintCause>, DatabaseError> {
        let view = self.database.view();
        if let Some(printed) = view.find_hand_over_slip(&order.number)? {
            return Ok(Some(printed));
        }
        let told = view.list_history(order)?.into_iter().rev().find_map(|taken| match taken.step {
            OrderStep::HandedOver { lines, collector, proof } => Some((lines, collector, proof)),
            _ => None,
        });
        Ok(told.map(|(lines, collector, proof)| {
            let order = order.number.clone();
            PrintCause::HandOverSlip { order, lines, collector, proof, hand_over: None }
        }))
    }

    /// Prints a document: the first needs no entry of its own, every other is a copy.
    pub(super) fn print_or_copy(&mut self, cause: PrintCause) -> Handled {
        if self.printer_reach() == PrinterReach::None {
            return Err(NoticeKind::NoPrinter.into());
        }
        if self.database.view().find_last_copy(&cause)?.is_some() {
            return self.print_document_copy(cause, CopyCause::Asked, None);
        }
        let job = self.commit(|act| act.queue_print(&cause))?;
        self.release_print(job)
    }

    /// How documents of this till speak.
    pub(super) fn voice(&self) -> ReceiptVoice {
        ReceiptVoice::english(self.settings.time_zone.clone())
    }

    /// Makes a document again from what the file says of it; `None` when what it was about is no longer in the file.
    pub(super) fn document_for(
        &self,
        cause: &PrintCause,
        operator_id: Option<&OperatorId>,
        at: Timestamp,
    ) -> Result<Option<Document>, DatabaseError> {
        let view = self.database.view();
        let voice = self.voice();
        let operator = operator_id.map(|id| view.find_operator(id)).transpose()?.flatten();
        let operator_name = operator.map_or_else(String::new, |o| o.name);
        let context = SlipContext {
            settings: &self.settings,
            till: &self.till,
            operator_name: &operator_name,
            at,
            voice: &voice,
        };
        let document = match cause {
            PrintCause::Copy { of, copy } => {
                let original = self.document_for(of, operator_id, at)?;
                original.map(|original| original.marked_as_copy(*copy, &voice.words))
            }
            PrintCause::Receipt { receipt_number, copy } => view
                .find_sale(*receipt_number)?
                .map(|record| receipt_for_sale(&record.sale, &self.settings, *copy, &voice)),
            PrintCause::GiftReceipt { receipt_number } => view
                .find_sale(*receipt_number)?
                .map(|record| gift_receipt_for_sale(&record.sale, &self.settings, &voice)),
            PrintCause::SetAsideSlip { order, what, bay } => view.find_order(order)?.and_then(|order| {
                let line = order.line(what.line)?;
                Some(set_aside_slip(&order, line, what.quantity, bay, &context))
            }),
            PrintCause::BagSlip { order } => view.find_order(order)?.map(|order| bag_slip(&order, &context)),
            PrintCause::HandOverSlip { order, lines, collector, proof, .. } => {
                view.find_order(order)?.map(|order| hand_over_slip(&order, lines, collector, *proof, &context))
            }
            PrintCause::TransferSlip { transfer } => match view.find_transfer(*transfer)? {
                Some(transfer) => {
                    let product = view.find_product(&transfer.product)?;
                    let name = product.map_or_else(|| transfer.product.to_string(), |product| product.name);
                    Some(transfer_slip(&transfer, &name, &context))
                }
                None => None,
            },
            PrintCause::SessionReport { session, kind } => match view.find_session(session)? {
                Some(record) => {
                    let close = record.close.filter(|_| *kind == SessionReportKind::Close);
                    let close = close.map(|c| SessionClose {
                        at: c.at,
                        counted: c.counted,
                        reason: c.reason,
                        agreed_by: c.agreed_by.map(|by| self.operator_name(&by)),
                    });
                    let (owner, looks) =
                        (self.operator_name(&record.session.operator), self.looks_into(&record.session)?);
                    Some(session_report(&record.session, &owner, &looks, close.as_ref(), &context))
                }
                None => None,
            },
        };
        Ok(document.filter(|d| d.blocks.iter().any(|b| !matches!(b, Block::Cut))))
    }

    /// How the drawer of a session was counted, and who had asked for its report.
    fn looks_into(&self, session: &Session) -> Result<Vec<DrawerLook>, DatabaseError> {
        let seen = self.database.view().list_drawer_seen(session)?;
        let look = |seen: DrawerSeen| DrawerLook {
            at: seen.at,
            name: seen.operator.as_ref().map(|operator| self.operator_name(operator)).unwrap_or_default(),
            how: seen.how,
        };
        Ok(seen.into_iter().map(look).collect())
    }
}
