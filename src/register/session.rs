//! Sessions: float, cash in and out, the report on the way, the blind close.

use crate::database::{PrintCause, SessionReportKind};
use crate::domain::event::Event;
use crate::domain::ids::SessionId;
use crate::domain::money::{AMOUNT_MINOR_MAX, Money};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::session::CashMoveKind;
use crate::domain::tender::{is_unusual_float, looks_like_barcode};

use super::intent::{Intent, Screen};
use super::printing::PrinterReach;
use super::snapshot::{NoticeKind, UnusualAmount};
use super::{Handled, Register};

impl Register {
    pub(super) fn open_session(&mut self, float: Money) -> Handled {
        self.get_permission(OperatorAct::OpenSession)?;
        if self.session.is_some() {
            return Ok(());
        }
        if float.is_negative() || float.minor() > AMOUNT_MINOR_MAX {
            return Err(NoticeKind::AmountInvalid.into());
        }
        if is_unusual_float(float) {
            if looks_like_barcode(float) {
                return Err(NoticeKind::AmountIsCode.into());
            }
            if self.asks_amount(float, UnusualAmount::Float, Intent::SessionOpened { float }) {
                return Ok(());
            }
        }
        let session = SessionId(self.environment.unique_id());
        self.commit(|act| act.record(Event::SessionOpened { session, float }).map(|_| ()))?;
        self.reload_session();
        self.enter(Screen::Sell);
        Ok(())
    }

    /// The drawer was counted without knowing what it should hold; that there is a difference is asked about, and how much it
    /// is, is told afterwards.
    pub(super) fn close_session(&mut self, counted: Money, reason: Option<String>) -> Handled {
        self.get_permission(OperatorAct::OpenSession)?;
        if !self.basket.is_empty() {
            return Err(NoticeKind::BasketOpen.into());
        }
        if counted.is_negative() || counted.minor() > AMOUNT_MINOR_MAX {
            return Err(NoticeKind::AmountInvalid.into());
        }
        let Some(session) = self.session.clone() else { return Ok(()) };
        let expected = session.cash_expected();
        let differs = counted != expected;
        let reason = reason.filter(|reason| differs && !reason.trim().is_empty());
        if differs && reason.is_none() {
            // How much it differs is not said: the count stays blind, also when it is done once more.
            self.unexplained = Some(counted);
            return Ok(());
        }
        let event = Event::SessionClosed { session: session.id, expected, counted, reason };
        let cause = PrintCause::SessionReport { session: session.id, kind: SessionReportKind::Close };
        let job = self.commit(|act| {
            act.record(event)?;
            act.queue_print(&cause)
        })?;
        self.session = None;
        self.unexplained = None;
        self.completed = None;
        self.release_print(job)?;
        self.done(NoticeKind::SessionClosed { difference: counted - expected });
        Ok(())
    }

    /// The report of the open session (X). Who sees what the drawer should hold stands in the journal.
    pub(super) fn report_interim(&mut self) -> Handled {
        if self.printer_reach() == PrinterReach::None {
            return Err(NoticeKind::NoPrinter.into());
        }
        self.get_permission(OperatorAct::InterimReport)?;
        let Some(session) = self.session.as_ref().map(|session| session.id) else { return Ok(()) };
        let cause = PrintCause::SessionReport { session, kind: SessionReportKind::Interim };
        let job = self.commit(|act| {
            act.record(Event::InterimReported { session })?;
            act.queue_print(&cause)
        })?;
        self.release_print(job)?;
        self.done(NoticeKind::InterimPrinting);
        Ok(())
    }

    pub(super) fn move_cash(&mut self, kind: CashMoveKind, amount: Money, reason: String) -> Handled {
        self.get_permission(OperatorAct::MoveCash)?;
        if amount.minor() <= 0 || amount.minor() > AMOUNT_MINOR_MAX {
            return Err(NoticeKind::AmountInvalid.into());
        }
        let event = Event::CashMoved { kind, amount, reason };
        self.commit(|act| act.record(event).map(|_| ()))?;
        self.reload_session();
        self.kick_drawer();
        Ok(())
    }

    /// Reads the session's totals again: they are projections of the journal, never counted here.
    pub(super) fn reload_session(&mut self) {
        match self.database.view().find_open_session() {
            Ok(session) => self.session = session,
            Err(error) => tracing::error!(%error, "the session's totals cannot be read"),
        }
    }
}
