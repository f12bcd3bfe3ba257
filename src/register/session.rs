//! Sessions: float, cash in and out, the blind close.

use crate::database::{PrintCause, SessionReportKind};
use crate::domain::event::Event;
use crate::domain::ids::SessionId;
use crate::domain::money::{AMOUNT_MINOR_MAX, Money};
use crate::domain::operator::Act as OperatorAct;
use crate::domain::session::CashMoveKind;

use super::intent::Screen;
use super::snapshot::NoticeKind;
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
        let session = SessionId(self.environment.unique_id());
        self.commit(|act| act.record(Event::SessionOpened { session, float }).map(|_| ()))?;
        self.reload_session();
        self.enter(Screen::Sell);
        Ok(())
    }

    /// The drawer was counted without knowing what it should hold; the difference is told afterwards.
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
        let event = Event::SessionClosed { session: session.id, expected, counted, reason };
        let cause = PrintCause::SessionReport { session: session.id, kind: SessionReportKind::Close };
        let job = self.commit(|act| {
            act.record(event)?;
            act.queue_print(&cause)
        })?;
        self.session = None;
        self.completed = None;
        self.release_print(job)?;
        self.done(NoticeKind::SessionClosed { difference: counted - expected });
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
