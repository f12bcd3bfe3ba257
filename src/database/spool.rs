//! The print spool: why each document exists, so that it can be made again, and how far it got on its way to paper.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::codes::{Code, from_micros, micros};
use super::error::{DatabaseError, DatabaseErrorKind, While};
use super::{Database, Durability, Tx, View};
use crate::domain::Timestamp;
use crate::domain::device::PrintJobState;
use crate::domain::event::PrintedDocument;
use crate::domain::ids::{EntryId, OperatorId, OrderNumber, PrintJobId, SessionId};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{CollectionProof, LineQuantity};

const READING: &str = "reading the print spool";
const WRITING: &str = "keeping the print spool";

/// Why a document is printed: enough to make it again from the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintCause {
    /// The receipt of a sale.
    Receipt {
        /// Which.
        receipt_number: u64,
        /// 1 for the first copy; `None` for the original.
        copy: Option<u32>,
    },
    /// The receipt without prices that goes with a present.
    GiftReceipt {
        /// Of which sale.
        receipt_number: u64,
    },
    /// The slip that goes with a unit kept for an order.
    SetAsideSlip {
        /// Whose.
        order: OrderNumber,
        /// Which of its lines, how many.
        what: LineQuantity,
        /// Where it lies.
        bay: String,
    },
    /// The slip on the bag of an order that is ready.
    BagSlip {
        /// Whose.
        order: OrderNumber,
    },
    /// The slip of a hand-over.
    HandOverSlip {
        /// Whose.
        order: OrderNumber,
        /// Which lines, how many.
        lines: Vec<LineQuantity>,
        /// Who took it.
        collector: String,
        /// How they were recognised.
        proof: CollectionProof,
        /// The entry that tells of it: an order handed over in parts has as many slips, each with copies of its own.
        hand_over: Option<EntryId>,
    },
    /// The slip about what was asked for from another store.
    TransferSlip {
        /// The entry that asked for it.
        transfer: EntryId,
    },
    /// The report of a session.
    SessionReport {
        /// Which.
        session: SessionId,
        /// At its close (Z), or before (X).
        kind: SessionReportKind,
    },
    /// One of those that are no receipt, again: marked as a copy.
    Copy {
        /// Of what.
        of: Box<PrintCause>,
        /// 1 for the first.
        copy: u32,
    },
}

impl PrintCause {
    /// The document as the journal names it.
    pub fn document(&self) -> PrintedDocument {
        match self {
            Self::Receipt { receipt_number, .. } => PrintedDocument::Receipt { receipt_number: *receipt_number },
            Self::GiftReceipt { receipt_number } => PrintedDocument::GiftReceipt { receipt_number: *receipt_number },
            Self::SetAsideSlip { order, .. } => PrintedDocument::SetAsideSlip { order: order.clone() },
            Self::BagSlip { order } => PrintedDocument::BagSlip { order: order.clone() },
            Self::HandOverSlip { order, hand_over, .. } => {
                PrintedDocument::HandOverSlip { order: order.clone(), hand_over: *hand_over }
            }
            Self::TransferSlip { transfer } => PrintedDocument::TransferSlip { transfer: *transfer },
            Self::SessionReport { session, kind: SessionReportKind::Interim } => {
                PrintedDocument::InterimReport { session: *session }
            }
            Self::SessionReport { session, kind: SessionReportKind::Close } => {
                PrintedDocument::CloseReport { session: *session }
            }
            Self::Copy { of, .. } => of.document(),
        }
    }
}

/// Which report of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionReportKind {
    /// X: while the session is open.
    Interim,
    /// Z: when it is closed.
    Close,
}

/// A document in the spool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpooledJob {
    /// Its identity.
    pub job: PrintJobId,
    /// Why it exists.
    pub cause: PrintCause,
    /// Who asked for it.
    pub operator: Option<OperatorId>,
    /// How far it got.
    pub state: PrintJobState,
    /// Since when it waits.
    pub queued_at: Timestamp,
    /// When it last got further.
    pub changed_at: Timestamp,
}

/// [`PrintCause`] as stored: plain values, fields only ever added.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum CauseRecord {
    Receipt {
        receipt_number: u64,
        copy: Option<u32>,
    },
    GiftReceipt {
        receipt_number: u64,
    },
    SetAsideSlip {
        order: String,
        line: u32,
        thousandths: i64,
        bay: String,
    },
    BagSlip {
        order: String,
    },
    HandOverSlip {
        order: String,
        lines: Vec<(u32, i64)>,
        collector: String,
        proof: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hand_over: Option<[u8; 16]>,
    },
    TransferSlip {
        transfer: [u8; 16],
    },
    InterimReport {
        session: [u8; 16],
    },
    CloseReport {
        session: [u8; 16],
    },
    Copy {
        of: Box<CauseRecord>,
        copy: u32,
    },
}

impl CauseRecord {
    fn of(cause: &PrintCause) -> Self {
        match cause {
            PrintCause::Receipt { receipt_number, copy } => {
                Self::Receipt { receipt_number: *receipt_number, copy: *copy }
            }
            PrintCause::GiftReceipt { receipt_number } => Self::GiftReceipt { receipt_number: *receipt_number },
            PrintCause::SetAsideSlip { order, what, bay } => Self::SetAsideSlip {
                order: order.to_string(),
                line: what.line,
                thousandths: what.quantity.thousandths(),
                bay: bay.clone(),
            },
            PrintCause::BagSlip { order } => Self::BagSlip { order: order.to_string() },
            PrintCause::HandOverSlip { order, lines, collector, proof, hand_over } => Self::HandOverSlip {
                order: order.to_string(),
                lines: lines.iter().map(|l| (l.line, l.quantity.thousandths())).collect(),
                collector: collector.clone(),
                proof: proof.code().to_owned(),
                hand_over: hand_over.map(|entry| *entry.as_bytes()),
            },
            PrintCause::TransferSlip { transfer } => Self::TransferSlip { transfer: *transfer.as_bytes() },
            PrintCause::Copy { of, copy } => Self::Copy { of: Box::new(Self::of(of)), copy: *copy },
            PrintCause::SessionReport { session, kind } => match kind {
                SessionReportKind::Interim => Self::InterimReport { session: *session.as_bytes() },
                SessionReportKind::Close => Self::CloseReport { session: *session.as_bytes() },
            },
        }
    }

    fn into_cause(self) -> Result<PrintCause, DatabaseError> {
        let quantity = |line, thousandths| LineQuantity { line, quantity: Quantity::from_thousandths(thousandths) };
        Ok(match self {
            Self::Receipt { receipt_number, copy } => PrintCause::Receipt { receipt_number, copy },
            Self::GiftReceipt { receipt_number } => PrintCause::GiftReceipt { receipt_number },
            Self::SetAsideSlip { order, line, thousandths, bay } => {
                PrintCause::SetAsideSlip { order: order.into(), what: quantity(line, thousandths), bay }
            }
            Self::BagSlip { order } => PrintCause::BagSlip { order: order.into() },
            Self::HandOverSlip { order, lines, collector, proof, hand_over } => PrintCause::HandOverSlip {
                order: order.into(),
                lines: lines.into_iter().map(|(line, thousandths)| quantity(line, thousandths)).collect(),
                collector,
                proof: CollectionProof::from_code(&proof)?,
                hand_over: hand_over.map(EntryId::from_bytes),
            },
            Self::Copy { of, copy } => PrintCause::Copy { of: Box::new(of.into_cause()?), copy },
            Self::TransferSlip { transfer } => PrintCause::TransferSlip { transfer: EntryId::from_bytes(transfer) },
            Self::InterimReport { session } => {
                PrintCause::SessionReport { session: SessionId::from_bytes(session), kind: SessionReportKind::Interim }
            }
            Self::CloseReport { session } => {
                PrintCause::SessionReport { session: SessionId::from_bytes(session), kind: SessionReportKind::Close }
            }
        })
    }
}

fn split(state: PrintJobState) -> (&'static str, u32, u32) {
    match state {
        PrintJobState::Queued => ("queued", 0, 0),
        PrintJobState::Sending { confirmed, blocks } => ("sending", confirmed, blocks),
        PrintJobState::Held { confirmed, blocks } => ("held", confirmed, blocks),
        PrintJobState::Printed => ("printed", 0, 0),
        PrintJobState::Partial { confirmed, blocks } => ("partial", confirmed, blocks),
        PrintJobState::Cancelled => ("cancelled", 0, 0),
    }
}

fn join(state: &str, confirmed: u32, blocks: u32) -> Result<PrintJobState, DatabaseError> {
    Ok(match state {
        "queued" => PrintJobState::Queued,
        "sending" => PrintJobState::Sending { confirmed, blocks },
        "held" => PrintJobState::Held { confirmed, blocks },
        "printed" => PrintJobState::Printed,
        "partial" => PrintJobState::Partial { confirmed, blocks },
        "cancelled" => PrintJobState::Cancelled,
        other => return Err(DatabaseError::damaged(READING, format!("{other:?} is no state of a print job"))),
    })
}

fn to_json(record: &CauseRecord) -> Result<String, DatabaseError> {
    serde_json::to_string(record).map_err(|e| DatabaseError::damaged(WRITING, e))
}

fn read_cause(record: &str) -> Result<PrintCause, DatabaseError> {
    let record: CauseRecord = serde_json::from_str(record).map_err(|e| DatabaseError::damaged(READING, e))?;
    record.into_cause()
}

const COLUMNS: &str = "job, cause, operator, state, confirmed, blocks, queued_at, changed_at";

/// Job, cause, operator, state, confirmed, blocks, queued, changed: a row as it stands.
type RawJob = ([u8; 16], String, Option<String>, String, u32, u32, i64, i64);

fn read_job(row: &Row<'_>) -> rusqlite::Result<RawJob> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?))
}

fn into_job(
    (job, cause, operator, state, confirmed, blocks, queued_at, changed_at): RawJob,
) -> Result<SpooledJob, DatabaseError> {
    Ok(SpooledJob {
        job: PrintJobId::from_bytes(job),
        cause: read_cause(&cause)?,
        operator: operator.map(OperatorId::from),
        state: join(&state, confirmed, blocks)?,
        queued_at: from_micros(queued_at)?,
        changed_at: from_micros(changed_at)?,
    })
}

const SET_STATE: &str = "UPDATE print_job SET state = ?2, confirmed = ?3, blocks = ?4, changed_at = ?5,
     settled = max(settled, ?6) WHERE job = ?1";

/// Printed and cancelled documents need nobody any more; one lost half-way waits for a person.
const fn is_settled(state: PrintJobState) -> bool {
    matches!(state, PrintJobState::Printed | PrintJobState::Cancelled)
}

impl Database {
    /// Notes how far a document got, without waiting for the disk: for the many small steps of one receipt. What must
    /// survive a power cut (the first byte is about to go out, all of it is on paper) goes through
    /// [`Tx::set_print_state`].
    pub fn note_print_progress(
        &mut self,
        job: PrintJobId,
        state: PrintJobState,
        at: Timestamp,
    ) -> Result<(), DatabaseError> {
        self.set_durability(Durability::Written)?;
        let (name, confirmed, blocks) = split(state);
        self.connection
            .prepare_cached(SET_STATE)
            .and_then(|mut s| {
                s.execute(params![job.as_bytes(), name, confirmed, blocks, micros(at), is_settled(state)])
            })
            .map(|_| ())
            .or_while(WRITING)
    }
}

impl Tx<'_> {
    /// Puts a document into the spool, in the same commit as what it says.
    pub fn queue_print(
        &mut self,
        job: PrintJobId,
        cause: &PrintCause,
        operator: Option<&OperatorId>,
        at: Timestamp,
    ) -> Result<(), DatabaseError> {
        let record = to_json(&CauseRecord::of(cause))?;
        self.transaction
            .prepare_cached("INSERT INTO print_job VALUES (NULL, ?1, ?2, ?3, 'queued', 0, 0, ?4, ?4, 0)")
            .and_then(|mut s| s.execute(params![job.as_bytes(), record, operator.map(OperatorId::as_str), micros(at)]))
            .map(|_| ())
            .or_while(WRITING)
    }

    /// A document got further; on disk with this act.
    pub fn set_print_state(
        &mut self,
        job: PrintJobId,
        state: PrintJobState,
        at: Timestamp,
    ) -> Result<(), DatabaseError> {
        let (name, confirmed, blocks) = split(state);
        let changed = self
            .transaction
            .prepare_cached(SET_STATE)
            .and_then(|mut s| {
                s.execute(params![job.as_bytes(), name, confirmed, blocks, micros(at), is_settled(state)])
            })
            .or_while(WRITING)?;
        if changed == 0 {
            return Err(DatabaseError::new(DatabaseErrorKind::Refused("no such print job"), WRITING));
        }
        Ok(())
    }

    /// Forgets documents that were done with, the oldest first and at most `count_max` of them: receipts before the one time,
    /// all others, whose copies are counted here, before the other. What they said stands in the journal. Returns how many.
    pub fn forget_settled_prints(
        &mut self,
        receipts_before: Timestamp,
        others_before: Timestamp,
        count_max: usize,
    ) -> Result<usize, DatabaseError> {
        self.transaction
            .execute(
                r#"DELETE FROM print_job WHERE ordinal IN (
                     SELECT ordinal FROM print_job WHERE settled = 1 AND changed_at <
                     CASE substr(cause, 1, 17) WHEN '{"kind":"receipt"' THEN ?1 ELSE ?2 END ORDER BY ordinal LIMIT ?3)"#,
                params![micros(receipts_before), micros(others_before), count_max as i64],
            )
            .or_while(WRITING)
    }
}

impl View<'_> {
    /// The documents that still have to come out or to be decided about, in the order they were asked for.
    pub fn list_unsettled_prints(&self) -> Result<Vec<SpooledJob>, DatabaseError> {
        let rows: Vec<RawJob> = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM print_job WHERE settled = 0 ORDER BY ordinal"))
            .and_then(|mut s| s.query_map((), read_job)?.collect())
            .or_while(READING)?;
        // One of a program that knew more stays in the file, and keeps none of the others away.
        let readable = |job: Result<SpooledJob, DatabaseError>| match job {
            Ok(job) => Some(job),
            Err(error) => {
                tracing::error!(%error, "a document that has not come out cannot be read");
                None
            }
        };
        Ok(rows.into_iter().map(into_job).filter_map(readable).collect())
    }

    /// The number of the last copy of a document that is no receipt: 0 when only the original was asked for, `None` when
    /// not even that was. What was given up may be on paper as well, and counts.
    pub fn find_last_copy(&self, original: &PrintCause) -> Result<Option<u32>, DatabaseError> {
        let record = to_json(&CauseRecord::of(original))?;
        // A copy is written as its original and a number: all of them stand between these two.
        let (from, below) =
            (format!(r#"{{"kind":"copy","of":{record},"copy":"#), format!(r#"{{"kind":"copy","of":{record},"copy;"#));
        let causes: Vec<String> = self
            .connection
            .prepare_cached(
                r#"SELECT cause FROM print_job WHERE substr(cause, 1, 17) <> '{"kind":"receipt"'
                   AND (cause = ?1 OR (cause >= ?2 AND cause < ?3))"#,
            )
            .and_then(|mut s| s.query_map(params![record, from, below], |row| row.get(0))?.collect())
            .or_while(READING)?;
        let copies = causes.iter().map(|cause| {
            Ok(match read_cause(cause)? {
                PrintCause::Copy { copy, .. } => copy,
                _ => 0,
            })
        });
        copies.collect::<Result<Vec<u32>, DatabaseError>>().map(|copies| copies.into_iter().max())
    }

    /// The slip of an order's last hand-over, when one was asked for.
    pub fn find_hand_over_slip(&self, order: &OrderNumber) -> Result<Option<PrintCause>, DatabaseError> {
        let order = serde_json::to_string(order.as_str()).map_err(|e| DatabaseError::damaged(READING, e))?;
        let slip = format!(r#"{{"kind":"hand_over_slip","order":{order}"#);
        let cause: Option<String> = self
            .connection
            .prepare_cached(
                r#"SELECT cause FROM print_job WHERE substr(cause, 1, 17) <> '{"kind":"receipt"'
                   AND cause >= ?1 || ',' AND cause < ?1 || '-' ORDER BY ordinal DESC LIMIT 1"#,
            )
            .and_then(|mut s| s.query_row([slip], |row| row.get(0)).optional())
            .or_while(READING)?;
        cause.map(|cause| read_cause(&cause)).transpose()
    }

    /// The latest documents, newest first, at most `limit`.
    pub fn list_latest_prints(&self, limit: usize) -> Result<Vec<SpooledJob>, DatabaseError> {
        let rows: Vec<RawJob> = self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM print_job ORDER BY ordinal DESC LIMIT ?1"))
            .and_then(|mut s| s.query_map([limit as i64], read_job)?.collect())
            .or_while(READING)?;
        rows.into_iter().map(into_job).collect()
    }

    /// A document by its identity.
    pub fn find_print(&self, job: PrintJobId) -> Result<Option<SpooledJob>, DatabaseError> {
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM print_job WHERE job = ?1"))
            .and_then(|mut s| s.query_row([job.as_bytes()], read_job).optional())
            .or_while(READING)?
            .map(into_job)
            .transpose()
    }
}
