//! Sessions: float, cash in and out, the report on the way, the blind close.

use crate::database::{DatabaseError, PrintCause, SessionReportKind};
use crate::domain::event::Event;
use crate::domain::ids::{OperatorId, SessionId};
use crate::domain::money::{AMOUNT_MINOR_MAX, Money};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::session::{CashMoveKind, Session};
use crate::domain::tender::{is_unusual_float, looks_like_barcode};

use super::intent::{Intent, Screen};
use super::printing::PrinterReach;
use super::snapshot::{DrawerView, NoticeKind, UnusualAmount};
use super::{Handled, Register};

impl Register {
    pub(super) fn open_session(&mut self, float: Money) -> Handled {
        self.get_permission(OperatorAct::OpenSession)?;
        self.get_settings_known()?;
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

    /// The drawer is to be counted: what stands in the way of closing its session is said before it is.
    pub(super) fn ask_drawer_count(&mut self) -> Handled {
        self.get_permission(OperatorAct::OpenSession)?;
        if self.basket.is_empty() { Ok(()) } else { Err(NoticeKind::BasketOpen.into()) }
    }

    /// The drawer was counted without knowing what it should hold; that there is a difference is asked about, and how much it
    /// is, is told afterwards. Every count stands in the journal, also one that is not the last.
    pub(super) fn close_session(&mut self, counted: Money, reason: Option<String>) -> Handled {
        self.ask_drawer_count()?;
        if counted.is_negative() || counted.minor() > AMOUNT_MINOR_MAX {
            return Err(NoticeKind::AmountInvalid.into());
        }
        let Some(session) = self.session.clone() else { return Ok(()) };
        let expected = session.cash_expected();
        let differs = counted != expected;
        let reason = reason.and_then(|reason| reason_given(&reason)).filter(|_| differs);
        if self.drawer_counted != Some(counted) {
            let event = Event::DrawerCounted { session: session.id, expected, counted };
            self.commit(|act| act.record(event).map(|_| ()))?;
            self.drawer_counted = Some(counted);
        }
        self.forget_kept_count();
        if differs && reason.is_none() {
            // How much it differs is not said: the count stays blind, also when it is done once more.
            self.unexplained = Some(counted);
            return Ok(());
        }
        if self.doubts_close(&session, counted - expected) {
            self.get_permission(OperatorAct::CloseInDoubt)?;
        }
        let (agreed_by, approver) = self.agreed_by();
        let event = Event::SessionClosed { session: session.id, expected, counted, reason, agreed_by };
        let cause = PrintCause::SessionReport { session: session.id, kind: SessionReportKind::Close };
        let job = self.commit(|act| {
            act.record(event)?;
            act.queue_print(&cause)
        })?;
        self.session = None;
        self.forget_drawer_count();
        self.completed = None;
        self.release_print(job)?;
        self.done(NoticeKind::SessionClosed { counted, difference: counted - expected, agreed_by: approver });
        Ok(())
    }

    /// Is it somebody else's session, or a difference beyond what the store lets pass?
    fn doubts_close(&self, session: &Session, difference: Money) -> bool {
        let is_another = self.operator.as_ref().is_some_and(|operator| operator.id != session.operator);
        is_another || difference.minor().saturating_abs() > self.settings.difference_limits.drawer_minor
    }

    /// Whatever was counted is counted anew, if at all.
    pub(super) fn forget_drawer_count(&mut self) {
        (self.unexplained, self.drawer_counted) = (None, None);
    }

    /// Whoever left the till while somebody was to agree to their count is back at the drawer. `false` when it is to be counted
    /// anew: money has moved, or its session is closed.
    pub(super) fn come_back_to_drawer(&mut self, session: SessionId, expected: Money, counted: Money) -> bool {
        let Some(now) = self.session.as_ref().filter(|now| now.id == session).map(Session::cash_expected) else {
            return false;
        };
        self.enter(Screen::Drawer);
        let holds = now == expected;
        if holds {
            self.drawer_counted = Some(counted);
            self.unexplained = (counted != expected).then_some(counted);
        }
        holds
    }

    /// Whose the open session is, and whether its next count is blind.
    pub(super) fn drawer_view(&self) -> Result<Option<DrawerView>, DatabaseError> {
        let Some(session) = &self.session else { return Ok(None) };
        let name = |operator: &OperatorId| self.operator_name(operator);
        let seen = self.database.view().list_drawer_seen(session)?;
        let expected = seen.iter().rev().find(|seen| !seen.how.is_count() && seen.is_fresh);
        Ok(Some(DrawerView {
            owner: name(&session.operator),
            counts: seen.iter().filter(|seen| seen.how.is_count()).count(),
            expected_seen: expected.map(|seen| (seen.at, seen.operator.as_ref().map(name).unwrap_or_default())),
        }))
    }

    /// Was a session closed here, so that there is a report (Z) to print again?
    pub(super) fn has_close_report(&self) -> Result<bool, DatabaseError> {
        Ok(self.database.view().find_last_closed_session()?.is_some())
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
        let reason = reason_given(&reason).ok_or(NoticeKind::ReasonMissing)?;
        let event = Event::CashMoved { kind, amount, reason };
        self.commit(|act| act.record(event).map(|_| ()))?;
        self.reload_session();
        self.open_drawer_for_cash();
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

/// How many characters a reason may have, so that it is read whole on paper and screen.
pub const REASON_CHARACTERS_MAX: usize = 60;

/// A reason as it is kept: no control characters, no longer than it may be; none where nothing was said.
pub(super) fn reason_given(said: &str) -> Option<String> {
    let said = said.replace(char::is_control, " ");
    let said: String = said.trim().chars().take(REASON_CHARACTERS_MAX).collect();
    (!said.is_empty()).then_some(said)
}
