//! The one notice on screen, and what was said before it and nobody has read yet.

use crate::database::DatabaseError;
use crate::domain::device::PrintJobState;
use crate::domain::ids::ProductId;

use super::Register;
use super::intent::Screen;
use super::printing::PrinterReach;
use super::snapshot::{Notice, NoticeKind, NoticeWeight};

impl Register {
    pub(super) fn say(&mut self, weight: NoticeWeight, kind: NoticeKind) {
        self.notices += 1;
        let notice = Notice { number: self.notices, weight, kind };
        if notice.stays_until_read() {
            // Said again, it is still one thing to read.
            self.unread.retain(|waiting| waiting.kind != notice.kind);
            self.notice.take_if(|standing| standing.kind == notice.kind);
            // One after the other; anything else that is said meanwhile is said first.
            if notice.waits_its_turn() && self.notice.as_ref().is_some_and(Notice::stays_until_read) {
                self.unread.push_back(notice);
                return;
            }
        }
        self.clear_notice();
        self.notice = Some(notice);
    }

    /// The notice has had its time. One that somebody must read comes back.
    pub(super) fn clear_notice(&mut self) {
        if let Some(notice) = self.notice.take().filter(Notice::stays_until_read) {
            self.unread.push_front(notice);
        }
    }

    /// A unit of it is rung up: what was said before this act of where to lay one is said no more, as that one may be it.
    pub(super) fn forget_kept(&mut self, rung: &ProductId) {
        let said_before = self.said_before;
        let is_over = |notice: &Notice| {
            matches!(&notice.kind, NoticeKind::KeptForOrder { product, .. } if product == rung)
                && notice.number <= said_before
        };
        self.notice.take_if(|notice| is_over(notice));
        self.unread.retain(|notice| !is_over(notice));
    }

    /// At the end of an intent: what is so no more need not be read any more, and what nobody has read is there again.
    pub(super) fn settle_notices(&mut self) {
        let said = self.notice.iter().chain(&self.unread);
        let over: Vec<u64> =
            said.filter(|notice| !self.still_holds(&notice.kind)).map(|notice| notice.number).collect();
        self.notice.take_if(|notice| over.contains(&notice.number));
        self.unread.retain(|notice| !over.contains(&notice.number));
        if self.notice.is_none() {
            self.notice = self.unread.pop_front();
        }
    }

    /// Is what a notice says still so? Of most that is not asked: they say what has happened.
    fn still_holds(&self, kind: &NoticeKind) -> bool {
        let holds = || -> Result<bool, DatabaseError> {
            let view = self.database.view();
            Ok(match kind {
                // Where it is a task that stands there, it is read.
                NoticeKind::PrintLost if self.screen == Screen::UnfinishedBusiness => false,
                NoticeKind::PrintLost => {
                    let unsettled = view.list_unsettled_prints()?;
                    unsettled.iter().any(|job| matches!(job.state, PrintJobState::Partial { .. }))
                }
                NoticeKind::KeptForOrder { order, bay, .. } => view.find_order(order)?.is_some_and(|order| {
                    let is_held = order.state.is_unfulfilled() || order.is_to_put_back();
                    is_held && order.bay.as_ref() == Some(bay)
                }),
                NoticeKind::NoPrinter => self.printer_reach() == PrinterReach::None,
                _ => true,
            })
        };
        holds().unwrap_or_else(|error| {
            tracing::warn!(%error, "whether a notice still holds cannot be read");
            true
        })
    }
}
