//! The one sentence with a cure.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::barcode::CodeError;
use crate::domain::basket::BasketError;
use crate::domain::conflict::CaseState;
use crate::domain::ids::{EntryId, OrderNumber, ProductId, TillId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;

/// One sentence with a cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Grows with each, so that the same one twice is seen as two.
    pub number: u64,
    /// How it looks.
    pub weight: NoticeWeight,
    /// What it says.
    pub kind: NoticeKind,
}

impl Notice {
    /// Is it said once, and named nowhere else, so that the next act must not wipe it away? What central answers long after
    /// it was asked, what has become of the file, money that only a person can give back, where a unit is to be laid that is
    /// still in somebody's hand, and what is not on paper.
    pub const fn stays_until_read(&self) -> bool {
        match &self.kind {
            NoticeKind::FileSetAside { .. }
            | NoticeKind::NumbersGoOn { .. }
            | NoticeKind::SettingsOfBefore
            | NoticeKind::SettingsLost
            | NoticeKind::CardTakenBack { .. }
            | NoticeKind::KeptForOrder { .. }
            | NoticeKind::PrintLost
            | NoticeKind::NoPrinter => true,
            NoticeKind::ProposalGone { .. }
            | NoticeKind::DecidedBefore { .. }
            | NoticeKind::SetAsideThere { .. }
            | NoticeKind::OnItsWay { .. } => {
                matches!(self.weight, NoticeWeight::Mind)
            }
            _ => false,
        }
    }

    /// Does it only answer what was just done? The next act takes its place, and nobody has to read it away.
    pub const fn is_answer(&self) -> bool {
        matches!(self.weight, NoticeWeight::Done) && !self.stays_until_read()
    }

    /// Does it wait until another one that stays is read? What answers to the act that was just done does not.
    pub const fn waits_its_turn(&self) -> bool {
        !matches!(self.kind, NoticeKind::KeptForOrder { .. } | NoticeKind::PrintLost | NoticeKind::NoPrinter)
    }
}

/// How a notice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeWeight {
    /// Green: done.
    Done,
    /// Amber: mind this.
    Mind,
    /// Red: refused.
    Refused,
}

/// What a notice says; the window puts it into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// No product has this code.
    CodeUnknown {
        /// The code, control characters shown.
        code: String,
    },
    /// The drawer was to open, and the printer it hangs on is out of reach.
    DrawerByKey,
    /// The product is not sold any more.
    Withdrawn {
        /// Its name.
        name: String,
    },
    /// The code cannot be right.
    CodeRefused {
        /// Why.
        error: CodeError,
        /// The code, control characters shown.
        code: String,
    },
    /// Half a code came: scan it again.
    ScanBrokenOff,
    /// Bytes that are no code: cable or speed.
    ScanGarbled,
    /// The same code came twice; one key takes it back.
    ScannedTwice {
        /// The product.
        name: String,
    },
    /// A scan waits until the question is answered.
    ScanWaits,
    /// A card or a question must be answered first.
    AnswerFirst,
    /// A scan waited, and what it was meant for is gone; or too many wait already.
    ScanLeftOut {
        /// The code, control characters shown.
        code: String,
    },
    /// A scan means nothing while the customer pays.
    ScanNotHere,
    /// Nobody here has this badge.
    BadgeUnknown,
    /// A badge was read where somebody is signed in and nobody is to agree to anything.
    BadgeNotHere,
    /// A scan came before anybody signed in.
    ScanBeforeSignIn,
    /// A scan came before the float was counted.
    ScanBeforeFloat,
    /// A scan came on the pick-up screen with no order open.
    ScanBeforeOrder,
    /// The batch's date has passed: not sold.
    Expired {
        /// The product.
        name: String,
        /// Its date.
        date: NaiveDate,
    },
    /// The change to the basket was refused.
    BasketRefused(BasketError),
    /// An amount is too large, or no amount at all.
    AmountInvalid,
    /// The operator's role does not allow it.
    NotAllowed,
    /// Head office has ended the access of whoever was signed in.
    AccessEnded {
        /// Who.
        name: String,
    },
    /// A supervisor must do this.
    SupervisorNeeded,
    /// A change of a price needs one of the store's reasons.
    ReasonNeeded,
    /// More was taken off than the operator's role may.
    AboveCap {
        /// The most it may, in percent.
        percent: Decimal,
    },
    /// Too much on a card: only cash gives change.
    CardTooMuch {
        /// What a card may pay.
        due: Money,
    },
    /// A card payment was taken back at the till: the terminal must give the money back.
    CardTakenBack {
        /// How much.
        amount: Money,
    },
    /// Take back the tenders first.
    TenderedAlready,
    /// The card terminal has not answered yet: nothing changes under it.
    CardAtTerminal {
        /// What it was asked for.
        amount: Money,
    },
    /// The label says how much it is and what it costs: several are scanned one by one.
    LabelIsOne {
        /// The product.
        name: String,
    },
    /// The item does not belong to the order.
    WrongItem {
        /// What was scanned.
        name: String,
    },
    /// Everything of it is picked already.
    PickedAlready {
        /// The product.
        name: String,
    },
    /// The item belonged to the order, and is wanted no more.
    TakenOffOrder {
        /// What was scanned.
        name: String,
    },
    /// The law of this country wants every sale to come with a receipt.
    ReceiptCompulsory,
    /// Nothing of the order lies in a bay.
    NothingToPutBack,
    /// The order that is open was cancelled.
    OrderCancelled {
        /// Which.
        order: OrderNumber,
    },
    /// The order that is open was changed by its sender.
    OpenOrderChanged {
        /// Which.
        order: OrderNumber,
    },
    /// The code is not this order's.
    WrongCollectionCode,
    /// No order has this code or name.
    OrderUnknown,
    /// The receipt was printed by another till.
    ReceiptElsewhere {
        /// Which.
        receipt_number: u64,
        /// By which till.
        till: TillId,
    },
    /// No order of this store has this number.
    OrderNotHere {
        /// Which.
        order: OrderNumber,
    },
    /// Nobody collects the order: it is packed and sent.
    OrderIsSent {
        /// Which.
        order: OrderNumber,
    },
    /// What was wanted needs an open session.
    SessionNeeded,
    /// No sale of this till has this receipt number.
    ReceiptUnknown {
        /// Which.
        receipt_number: u64,
    },
    /// Something in the order must be picked first.
    NothingToHandOver,
    /// A receipt without prices is on its way to paper.
    GiftReceiptPrinting {
        /// Of which receipt.
        receipt_number: u64,
    },
    /// The report of the session that was closed last is on its way to paper.
    CloseReportPrinting,
    /// No session of this till was closed yet.
    NoSessionClosed,
    /// The digits of a barcode were typed where money was asked for.
    AmountIsCode,
    /// Every line of the order stays here: nothing was handed over.
    NothingChosen,
    /// Items of the order are held: head office must say first what they are.
    ItemsHeld {
        /// How many.
        items: usize,
    },
    /// The order was handed over.
    OrderHandedOver {
        /// Which.
        order: OrderNumber,
        /// To whom.
        customer_name: String,
    },
    /// The unit lies in this bay now.
    KeptForOrder {
        /// For which.
        order: OrderNumber,
        /// What it is: rung up again, it is not in anybody's hand to be laid there.
        product: ProductId,
        /// Where.
        bay: String,
    },
    /// Another store was asked to send some.
    TransferRequested {
        /// Which store.
        store_name: String,
        /// How many.
        quantity: Quantity,
    },
    /// Another store will be asked to send some: central is out of reach.
    TransferToAsk {
        /// The entry that asks.
        transfer: EntryId,
        /// Which store.
        store_name: String,
        /// How many.
        quantity: Quantity,
    },
    /// What was asked of another store is asked no more.
    TransferWithdrawn {
        /// Which store.
        store_name: String,
    },
    /// The other store hears that it is asked no more when central is back.
    TransferToWithdraw {
        /// Which store.
        store_name: String,
    },
    /// What was to be withdrawn lies in a bay of the other store already: it comes.
    SetAsideThere {
        /// Which store.
        store_name: String,
    },
    /// What was to be withdrawn has left the other store: it comes.
    OnItsWay {
        /// Which store.
        store_name: String,
    },
    /// Another till of the store set it aside, and may have sent it: nobody can say before central is back.
    SetAsideElsewhere {
        /// Which till.
        workstation: String,
    },
    /// The number of an order was scanned while it is handed over: it stands on every slip, and proves nothing.
    SlipIsNoCode {
        /// Whose.
        order: OrderNumber,
    },
    /// The case is closed: the unit is here.
    FalseAlarmNoted {
        /// Whose order.
        order: OrderNumber,
    },
    /// Somebody else has decided about the case already.
    CaseDecided,
    /// The store that was asked has none free any more: the case is open again.
    ProposalGone {
        /// Whose order.
        order: OrderNumber,
        /// Which store.
        store_name: String,
    },
    /// Central had heard of another decision about the case before this till's.
    DecidedBefore {
        /// Whose order.
        order: OrderNumber,
        /// What was decided.
        state: CaseState,
    },
    /// What was set aside for another store has left.
    TransferSent {
        /// For which store.
        store_name: String,
    },
    /// The goods asked for from another store are not on their way yet.
    TransferNotHere,
    /// The order is for another store: no customer collects it.
    ForAnotherStore,
    /// The order is in the basket already.
    InBasketAlready {
        /// Which.
        order: OrderNumber,
    },
    /// The order lies in a basket that was put aside.
    OrderParked {
        /// Which.
        order: OrderNumber,
    },
    /// Somebody else is picking the order.
    PickedBy {
        /// Which.
        order: OrderNumber,
        /// Who.
        name: String,
    },
    /// Nothing of the order is left to pick.
    NothingToPick {
        /// Which.
        order: OrderNumber,
    },
    /// The order in the basket changed under it.
    OrderChanged {
        /// Which.
        order: OrderNumber,
    },
    /// The basket is back after a restart.
    BasketRestored,
    /// The open basket is somebody else's than whoever has signed in.
    BasketOf {
        /// Who worked on it last.
        name: String,
    },
    /// The basket cannot be read after a restart: it is set aside in the file.
    BasketUnreadable,
    /// A printed document may be incomplete: look under unfinished business.
    PrintLost,
    /// No printer is set up; receipts are kept.
    NoPrinter,
    /// The disk is full: nothing can be sold until there is room.
    DiskFull,
    /// The disk cannot be written.
    DiskReadOnly,
    /// The file was damaged and set aside; a new one was begun.
    FileSetAside {
        /// Where it is now.
        path: String,
    },
    /// The file knew of fewer sales than central: it is new or an old copy, and what lies in its baskets may have been sold.
    NumbersGoOn {
        /// What the next receipt is numbered.
        next: u64,
    },
    /// The store's settings cannot be read by this program; the last ones it could read hold on.
    SettingsOfBefore,
    /// The store's settings cannot be read by this program, and there are none of before: taxes and the rest are not known.
    SettingsLost,
    /// Writing failed for another reason; nothing was changed.
    NotSaved,
    /// Central names a time zone that this till does not know: its clocks show UTC.
    ZoneUnknown {
        /// As central says it.
        name: String,
    },
    /// The basket is put aside.
    BasketParked,
    /// A product was counted on its shelf; now the books say so too.
    StockCounted {
        /// Its name.
        name: String,
        /// How much lay there.
        found: Quantity,
        /// What the books had said.
        expected: Quantity,
        /// What the difference is worth.
        worth: Money,
        /// Who agreed, where somebody had to.
        agreed_by: Option<String>,
    },
    /// The shelf of what is counted has moved since the count was begun: is that counted along?
    MovedWhileCounting {
        /// Its name.
        name: String,
        /// By how much.
        moved: Quantity,
    },
    /// A code was scanned while something else is counted and not taken: nothing of it is thrown away.
    CountFirst {
        /// The name of what is counted.
        name: String,
    },
    /// What is counted was scanned once more: a scan counts nothing.
    CountByTyping {
        /// Its name.
        name: String,
    },
    /// Whoever was to agree to a count wants it counted again.
    CountAgain {
        /// Who.
        approver: String,
    },
    /// The product has no stock that could be counted.
    NotCounted {
        /// Its name.
        name: String,
    },
    /// No reason was given where one is needed.
    ReasonMissing,
    /// Central has never told what store this is: nothing is sold before.
    SettingsUnknown,
    /// Finish or park the basket first.
    BasketOpen,
    /// The session was closed.
    SessionClosed {
        /// What was counted.
        counted: Money,
        /// That, less what was expected.
        difference: Money,
        /// Who agreed to it, when somebody had to.
        agreed_by: Option<String>,
    },
    /// The devices of this till are simulated and stay where they are.
    DevicesSimulated,
    /// The settings would not take a device's port; they are as they were.
    PortNotKept {
        /// What the system said.
        told: String,
    },
    /// Done: the report of the open session is printing.
    InterimPrinting,
    /// Done: a copy is printing.
    CopyPrinting {
        /// Of which receipt.
        receipt_number: u64,
    },
}
