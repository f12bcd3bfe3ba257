//! Events: what a journal entry says happened. Past tense, complete in themselves, never changed.

use chrono::NaiveDate;

use super::Timestamp;
use super::basket::BasketLine;
use super::conflict::{ConflictAnswer, ConflictDecision};
use super::ids::{
    BasketId, CaseId, DeviceId, EntryId, JournalMark, OperatorId, OrderNumber, ProductId, SessionId, StoreId,
};
use super::money::Money;
use super::operator::Act;
use super::quantity::Quantity;
use super::sale::Sale;
use super::session::CashMoveKind;
use super::stock::{Movement, MovementReason};
use super::tender::Tender;
use super::web_order::{CollectionProof, LineQuantity, OrderStep};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The till was started: the first entry of every run.
    RunStarted {
        /// Where the run before this one ended, when there was one.
        predecessor: Option<RunTail>,
        /// The program's version.
        version: String,
        /// What the next sale is numbered, when that does not follow from the sales before: those between were lost with a
        /// damaged file, and a number that is on paper somewhere is never given again.
        next_receipt_number: Option<u64>,
    },
    /// Someone signed in.
    OperatorSignedIn {
        /// Who.
        operator: OperatorId,
    },
    /// Someone signed out.
    OperatorSignedOut {
        /// Who.
        operator: OperatorId,
    },
    /// A wrong PIN.
    SignInRefused {
        /// For whom.
        operator: OperatorId,
        /// How many in a row now.
        failures: u32,
    },
    /// A session began.
    SessionOpened {
        /// Its identity.
        session: SessionId,
        /// In the drawer.
        float: Money,
    },
    /// A session ended.
    SessionClosed {
        /// Its identity.
        session: SessionId,
        /// What the journal says the drawer should hold.
        expected: Money,
        /// What was counted, blind.
        counted: Money,
        /// Why they differ.
        reason: Option<String>,
        /// Who agreed to it, when somebody had to.
        agreed_by: Option<OperatorId>,
    },
    /// A drawer was counted to its end, whatever came of it: one that is counted until it fits shows.
    DrawerCounted {
        /// Of which session.
        session: SessionId,
        /// What the journal says it should hold.
        expected: Money,
        /// What was counted, blind.
        counted: Money,
    },
    /// A basket was paid.
    SaleCompleted(Box<Sale>),
    /// A line was taken out before payment.
    LineVoided {
        /// From which basket.
        basket: BasketId,
        /// As it was.
        line: Box<BasketLine>,
    },
    /// A whole basket was given up before payment.
    BasketVoided {
        /// Which.
        basket: BasketId,
        /// As they were.
        lines: Vec<BasketLine>,
    },
    /// It was decided about a basket that came back with an old copy of the file.
    RestoredBasketDecided {
        /// Which.
        basket: BasketId,
        /// What.
        decision: RestoredBasketDecision,
        /// What had been given for it when the copy was made.
        tenders: Vec<Tender>,
    },
    /// A conflict card was answered.
    ConflictDecided(Box<ConflictDecision>),
    /// Something was done to a web order.
    OrderStepped {
        /// To which.
        order: OrderNumber,
        /// What.
        step: OrderStep,
        /// The products of its lines that have stock, so that stock can be folded from the journal alone. (Of before, of all
        /// its lines.)
        products: Vec<(u32, ProductId)>,
    },
    /// Cash moved without a sale.
    CashMoved {
        /// Which way.
        kind: CashMoveKind,
        /// How much, above zero.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// The drawer was opened from the till without a sale.
    DrawerOpened {
        /// Why.
        reason: String,
    },
    /// A card payment that the terminal had approved was taken back before its sale was complete. The till gives no money
    /// back on a card: a person does, on the terminal.
    CardTakenBack {
        /// Of which basket.
        basket: BasketId,
        /// How much.
        amount: Money,
        /// From the terminal's slip.
        reference: Option<String>,
    },
    /// The drawer was opened with its key.
    DrawerOpenedByKey,
    /// A receipt was printed again.
    ReceiptCopied {
        /// Which.
        receipt_number: u64,
        /// 1 for the first copy.
        copy: u32,
        /// Why.
        cause: CopyCause,
    },
    /// A document that is no receipt was printed again.
    DocumentCopied {
        /// Which.
        document: PrintedDocument,
        /// 1 for the first copy.
        copy: u32,
        /// Why.
        cause: CopyCause,
    },
    /// A document that had not come out whole was given up: nobody waits for it any more.
    DocumentDropped {
        /// Which.
        document: PrintedDocument,
    },
    /// The report of an open session (X) was asked for: somebody has seen what the drawer should hold.
    InterimReported {
        /// Which session.
        session: SessionId,
    },
    /// A device was put on another port: the till's settings say so.
    DeviceConfigured {
        /// Its id: `scanner`, `printer`.
        device: DeviceId,
        /// As written into the settings: `usb:04b8:0e28`, `/dev/ttyS0`.
        port: String,
        /// The name of its profile.
        profile: String,
    },
    /// A unit was asked for from another store.
    TransferRequested {
        /// What.
        product: ProductId,
        /// How many.
        quantity: Quantity,
        /// From where.
        from: StoreId,
        /// The conflict it answers.
        case: Option<CaseId>,
        /// The web order whose case it decides; `None` when it answers a card, and opens or decides none.
        order: Option<OrderNumber>,
        /// The customer it is for, as they said; empty when nobody was named.
        customer: String,
    },
    /// What was asked for from another store is needed no more. It holds when nobody there has set it aside by then.
    TransferWithdrawn {
        /// The entry that asked for it.
        transfer: EntryId,
    },
    /// A transfer has ended here: goods came, or it was understood that none come.
    TransferClosed {
        /// The entry that asked for it.
        transfer: EntryId,
        /// What.
        product: ProductId,
        /// How many came; nothing when none come.
        received: Quantity,
    },
    /// The unit a conflict case misses was found here. Order and product stand beside the case, because a case that two
    /// tills opened is one at central.
    FalseAlarmReported {
        /// Which case.
        case: CaseId,
        /// Whose order.
        order: OrderNumber,
        /// What was found.
        product: ProductId,
    },
    /// Another person agreed, with a PIN and for this once, to an act of the operator the entry names.
    ActApproved {
        /// Who agreed.
        approver: OperatorId,
        /// To what.
        act: Act,
        /// About which line of which basket, when it is about one.
        line: Option<(BasketId, u32)>,
    },
    /// What lay on a product's shelf was counted, blind. The books follow: here by the difference to what they said, at central
    /// by the difference to what they said of that moment, which this till may not have heard all of.
    StockCounted {
        /// What.
        product: ProductId,
        /// What lay on the shelf.
        found: Quantity,
        /// What the books of this till said lies there: on hand, less what is held for orders and lies in its baskets.
        expected: Quantity,
        /// What lay in baskets of this till: neither sold nor on the shelf.
        in_baskets: Quantity,
        /// Why they differ, when they do.
        reason: Option<String>,
    },
    /// A figure of a shelf that is not what the books say was entered, whatever came of it: nothing is booked by it, and one that
    /// is counted until it fits shows.
    ShelfCounted {
        /// What.
        product: ProductId,
        /// What the books of this till said lies there.
        expected: Quantity,
        /// What was counted, blind.
        counted: Quantity,
    },
    /// Somebody who was to agree to a count has shown who they are and has seen what was counted, what the books say and why: it
    /// was agreed to after this, or counted again, which is not blind any more.
    CountSeen {
        /// Who.
        by: OperatorId,
        /// The count of what.
        of: CountOf,
    },
    /// Stock was counted or corrected.
    StockAdjusted {
        /// What.
        product: ProductId,
        /// The difference.
        quantity: Quantity,
        /// Sold, received, counted …
        movement: MovementReason,
        /// In words.
        note: String,
    },
}

/// What a count is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountOf {
    /// The drawer of a session.
    Drawer(SessionId),
    /// The shelf of a product.
    Shelf(ProductId),
}

/// Why a copy came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyCause {
    /// Someone asked for it.
    Asked,
    /// The first print was lost half-way (cable, power).
    PrintLost,
}

/// Where a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunTail {
    /// Its last entry.
    pub mark: JournalMark,
    /// That entry's hash.
    pub hash: [u8; 32],
}

/// A journal entry without its proof: what everything above the file works with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identity, for ever and everywhere.
    pub id: EntryId,
    /// Its place.
    pub mark: JournalMark,
    /// By the till's clock.
    pub recorded_at: Timestamp,
    /// Who was signed in.
    pub operator: Option<OperatorId>,
    /// The trading day.
    pub business_day: NaiveDate,
    /// What happened.
    pub event: Event,
}

/// A document of a till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintedDocument {
    /// The receipt of a sale. Its copies have entries of their own.
    Receipt {
        /// Of which sale.
        receipt_number: u64,
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
        /// Which of its hand-overs: the entry that tells of it; entries of before do not say.
        hand_over: Option<EntryId>,
    },
    /// The slip about what was asked for from another store.
    TransferSlip {
        /// The entry that asked for it.
        transfer: EntryId,
    },
    /// The report of an open session (X).
    InterimReport {
        /// Which.
        session: SessionId,
    },
    /// The report of a session that was closed (Z).
    CloseReport {
        /// Which.
        session: SessionId,
    },
}

impl Event {
    /// A short name for tables and logs; stable.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RunStarted { .. } => "run_started",
            Self::OperatorSignedIn { .. } => "operator_signed_in",
            Self::OperatorSignedOut { .. } => "operator_signed_out",
            Self::SignInRefused { .. } => "sign_in_refused",
            Self::SessionOpened { .. } => "session_opened",
            Self::SessionClosed { .. } => "session_closed",
            Self::DrawerCounted { .. } => "drawer_counted",
            Self::SaleCompleted(_) => "sale_completed",
            Self::LineVoided { .. } => "line_voided",
            Self::BasketVoided { .. } => "basket_voided",
            Self::ConflictDecided(_) => "conflict_decided",
            Self::OrderStepped { .. } => "order_stepped",
            Self::CashMoved { .. } => "cash_moved",
            Self::DrawerOpened { .. } => "drawer_opened",
            Self::DrawerOpenedByKey => "drawer_opened_by_key",
            Self::CardTakenBack { .. } => "card_taken_back",
            Self::ReceiptCopied { .. } => "receipt_copied",
            Self::TransferRequested { .. } => "transfer_requested",
            Self::TransferWithdrawn { .. } => "transfer_withdrawn",
            Self::StockAdjusted { .. } => "stock_adjusted",
            Self::StockCounted { .. } => "stock_counted",
            Self::ShelfCounted { .. } => "shelf_counted",
            Self::CountSeen { .. } => "count_seen",
            Self::TransferClosed { .. } => "transfer_closed",
            Self::FalseAlarmReported { .. } => "false_alarm_reported",
            Self::ActApproved { .. } => "act_approved",
            Self::DocumentCopied { .. } => "document_copied",
            Self::DocumentDropped { .. } => "document_dropped",
            Self::InterimReported { .. } => "interim_reported",
            Self::DeviceConfigured { .. } => "device_configured",
            Self::RestoredBasketDecided { .. } => "restored_basket_decided",
        }
    }
}

/// What becomes of a basket that came back with an old copy of the file, and may have been sold after the copy was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RestoredBasketDecision {
    /// It was sold: it is given up.
    Sold,
    /// It was not: it goes on.
    NotSold,
}

/// The stock movements an entry causes: the same at the till, at central and when a journal is proved. A count alone is booked
/// otherwise at central, see [`Event::StockCounted`].
pub fn movements(entry: &Entry) -> Vec<Movement> {
    let moved = |product: &ProductId, quantity: Quantity, reason: MovementReason| Movement {
        entry: entry.id,
        product: product.clone(),
        quantity,
        reason,
        at: entry.recorded_at,
    };
    match &entry.event {
        Event::SaleCompleted(sale) => sale
            .lines
            .iter()
            .filter(|l| l.stocked)
            .map(|l| {
                let reason = match (&l.hand_over, l.quantity.is_negative()) {
                    (Some(_), _) => MovementReason::HandOver,
                    (None, true) => MovementReason::Return,
                    (None, false) => MovementReason::Sale,
                };
                moved(&l.product, -l.quantity, reason)
            })
            .collect(),
        Event::OrderStepped { step: OrderStep::HandedOver { lines, .. }, products, .. } => lines
            .iter()
            .filter_map(|what| {
                let (_, product) = products.iter().find(|(line, _)| *line == what.line)?;
                Some(moved(product, -what.quantity, MovementReason::HandOver))
            })
            .collect(),
        Event::OrderStepped { step: OrderStep::Sent { lines }, products, .. } => lines
            .iter()
            .filter_map(|what| {
                let (_, product) = products.iter().find(|(line, _)| *line == what.line)?;
                Some(moved(product, -what.quantity, MovementReason::Transfer))
            })
            .collect(),
        Event::TransferClosed { product, received, .. } if received.is_positive() => {
            vec![moved(product, *received, MovementReason::Transfer)]
        }
        Event::StockAdjusted { product, quantity, movement, .. } => vec![moved(product, *quantity, *movement)],
        Event::StockCounted { product, found, expected, .. } if found != expected => {
            vec![moved(product, *found - *expected, MovementReason::Adjustment)]
        }
        _ => Vec::new(),
    }
}

/// The steps an entry takes on web orders: those said outright, and those a sale or a decision implies.
pub fn order_steps(entry: &Entry) -> Vec<(OrderNumber, OrderStep)> {
    match &entry.event {
        Event::OrderStepped { order, step, .. } => vec![(order.clone(), step.clone())],
        Event::SaleCompleted(sale) => {
            let mut steps = paid_hand_overs(sale);
            steps.extend(sale.sold_anyway.iter().map(|s| (s.order.clone(), OrderStep::PutAtRisk)));
            steps
        }
        Event::ConflictDecided(decision) => match &decision.answer {
            ConflictAnswer::Keep { order, line, quantity, bay } => {
                let what = LineQuantity { line: *line, quantity: *quantity };
                vec![(order.clone(), OrderStep::Picked { what, bay: Some(bay.clone()) })]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The hand-overs a sale carries: orders that were paid at the till.
fn paid_hand_overs(sale: &Sale) -> Vec<(OrderNumber, OrderStep)> {
    let mut by_order: Vec<(OrderNumber, Vec<LineQuantity>)> = Vec::new();
    for line in &sale.lines {
        let Some(hand_over) = &line.hand_over else { continue };
        let what = LineQuantity { line: hand_over.line, quantity: line.quantity };
        match by_order.iter_mut().find(|(order, _)| *order == hand_over.order) {
            Some((_, lines)) => lines.push(what),
            None => by_order.push((hand_over.order.clone(), vec![what])),
        }
    }
    by_order
        .into_iter()
        .map(|(order, lines)| {
            let found = sale.collections.iter().find(|c| c.order == order);
            let (collector, proof) =
                found.map_or((String::new(), CollectionProof::Name), |c| (c.collector.clone(), c.proof));
            (order, OrderStep::HandedOver { lines, collector, proof })
        })
        .collect()
}

#[cfg(test)]
mod tests;
