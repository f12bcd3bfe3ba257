//! Intents: what a person, a device or central did. Everything the register ever reacts to.

use rust_decimal::Decimal;

use crate::domain::device::DeviceEvent;
use crate::domain::event::RestoredBasketDecision;
use crate::domain::feed::SyncEvent;
use crate::domain::ids::{BasketId, CaseId, EntryId, OperatorId, OrderNumber, PrintJobId, ProductId, StoreId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::sale::ReceiptChoice;
use crate::domain::session::CashMoveKind;
use crate::domain::tender::TenderKind;

use super::snapshot::{PortDevice, PortsView};

/// A PIN as typed. Its text reaches no log: `Debug` shows dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(pub String);

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(····)")
    }
}

/// The screens a person can be on. The register knows which, because a scan means something else on each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// Ring sales.
    Sell,
    /// Take the money.
    Pay,
    /// Pick, put ready, hand over.
    PickUps,
    /// Look up.
    Stock,
    /// Find, view and copy receipts.
    Receipts,
    /// Session and cash.
    Drawer,
    /// Scanner, printer, drawer.
    Devices,
    /// What is unsent, unprinted, undecided.
    UnfinishedBusiness,
}

/// What a number that was typed cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryFault {
    /// An amount of money: too many digits after the sign, or beyond the limit.
    Amount,
    /// How much of something.
    Quantity,
    /// Percent off.
    Percent,
    /// It is the digits of a barcode, and money was asked for.
    Barcode,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// A device said something.
    Device(DeviceEvent),
    /// Sync said something.
    Sync(SyncEvent),
    /// Time passed; sent by the loop when a deadline the register asked for is reached.
    TimePassed,

    /// Someone tapped their face.
    OperatorChosen(Option<OperatorId>),
    /// A whole PIN was typed for the chosen operator.
    PinEntered(Pin),
    /// Who is to agree to the act that waits.
    ApproverChosen(Option<OperatorId>),
    /// A whole PIN of whoever is to agree was typed.
    ApprovalPinEntered(Pin),
    /// The act that waits for an approval is not to be done.
    ApprovalGivenUp,
    /// Whoever is to agree to a count has seen it, and agrees.
    CountAgreed,
    /// Whoever is to agree to a count has seen it, and wants it counted again.
    CountSentBack,
    /// The operator leaves; an open basket stays.
    SignedOut,

    /// A session begins with this much in the drawer.
    SessionOpened {
        /// Counted.
        float: Money,
    },
    /// The drawer was counted, blind; the session ends.
    SessionClosed {
        /// What was counted.
        counted: Money,
        /// Why it differs, when it does: without one it is asked for.
        reason: Option<String>,
    },
    /// The drawer is to be counted.
    DrawerCountAsked,
    /// No reason is given for the difference: the drawer is counted again.
    CountResumed,
    /// The report of the open session (X) is wanted.
    InterimReportAsked,
    /// Cash goes in or out without a sale.
    CashMoved {
        /// Which way.
        kind: CashMoveKind,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// Open the drawer without a sale.
    DrawerOpened {
        /// Why.
        reason: String,
    },

    /// Another screen came to the front.
    ScreenShown(Screen),
    /// The one-sentence notice was read.
    NoticeDismissed,
    /// A number was typed and confirmed that cannot be what was asked for.
    EntryRefused(EntryFault),

    /// A code was typed and Enter pressed.
    CodeTyped(String),
    /// The search text changed; empty clears the results.
    SearchTyped(String),
    /// A product was tapped (quick key or search result).
    ProductChosen(ProductId),
    /// None of the products the till asked about: nothing is sold.
    ChoiceGivenUp,
    /// A price was typed for the open-price product the till asked about; `None` gives up.
    OpenPriceEntered(Option<Money>),
    /// How much there is of what the till asked about: its weight, its length; `None` gives up.
    QuantityEntered(Option<Quantity>),
    /// `n ×` before the next scan; `None` takes it back.
    QuantityPrefixed(Option<Quantity>),
    /// A line was tapped: its panel opens. `None` leaves it.
    LineSelected(Option<u32>),
    /// A line's quantity was set.
    QuantitySet {
        /// Which line.
        line: u32,
        /// To how much.
        quantity: Quantity,
    },
    /// A line's unit price was set.
    PriceSet {
        /// Which line.
        line: u32,
        /// For one unit.
        unit_price: Money,
        /// One of the store's reasons, as printed; empty where it has none.
        reason: String,
    },
    /// Percent off a line.
    DiscountSet {
        /// Which line.
        line: u32,
        /// 0 takes it away.
        percent: Decimal,
        /// One of the store's reasons, as printed.
        reason: String,
    },
    /// A line was taken out.
    LineRemoved {
        /// Which line.
        line: u32,
    },
    /// The last scan was a slip: take it back.
    ScanUndone,
    /// The whole basket is given up.
    BasketVoided,
    /// What is known of a basket that came back with an old copy of the file: it was sold, or it was not.
    RestoredBasketDecided(RestoredBasketDecision),
    /// The buyer's age was asked.
    AgeChecked {
        /// Old enough?
        old_enough: bool,
    },
    /// It was asked whether an amount is really so much.
    AmountConfirmed {
        /// It is.
        right: bool,
    },
    /// Put the basket aside.
    Parked,
    /// Bring one back.
    Recalled(BasketId),

    /// The conflict card was answered.
    ConflictAnswered {
        /// Which card the person saw.
        card: u64,
        /// How.
        choice: ConflictChoice,
    },
    /// The card's *hand over* asks for this order's code: the next scan may be it. `None` leaves the question.
    CollectionCodeAsked(Option<CodeAsked>),

    /// To the pay screen.
    PayOpened,
    /// Back to selling; tenders stay until taken back.
    PayLeft,
    /// A person asks the card terminal for this much.
    CardBegun {
        /// No more than is due.
        amount: Money,
    },
    /// The terminal has not approved; nothing was taken.
    CardDeclined,
    /// Money was given.
    Tendered {
        /// By what means.
        kind: TenderKind,
        /// How much; for a card exactly what the terminal approved.
        amount: Money,
        /// From the terminal's slip.
        reference: Option<String>,
    },
    /// The customer said what they want on paper.
    ReceiptChosen(ReceiptChoice),
    /// A tender is taken back.
    TenderTakenBack {
        /// Its position, from 0.
        index: usize,
    },

    /// Receipts are looked for: a number, an amount, a product; empty for the latest.
    ReceiptSearched(String),
    /// A receipt is looked at.
    ReceiptOpened(Option<u64>),
    /// A receipt is wanted again.
    ReceiptCopied {
        /// Which.
        receipt_number: u64,
    },
    /// A receipt without prices is wanted, for a sale that is over.
    GiftReceiptAsked {
        /// Of which receipt.
        receipt_number: u64,
    },
    /// The report of the session that was closed last (Z) is wanted again.
    CloseReportAsked,
    /// What to do about a document that was lost half-way.
    PrintDecided {
        /// Which.
        job: PrintJobId,
        /// What.
        decision: PrintDecision,
    },
    /// A test page.
    PrinterTested,

    /// A port is to be chosen for a device: what is there?
    PortsAsked(PortDevice),
    /// What is there; from the terminal.
    PortsFound(PortsView),
    /// No port is chosen.
    PortsLeft,
    /// A device is to be used on this port.
    PortChosen(PortChoice),
    /// The choice stands in the settings; from the terminal.
    PortKept(PortChoice),
    /// The choice could not be offered or kept; from the terminal.
    PortRefused(PortFault),

    /// An order was tapped, or the detail was left.
    OrderOpened(Option<OrderNumber>),
    /// The queue is narrowed: name, number or collection code.
    OrderSearchTyped(String),
    /// Someone begins to pick the open order.
    PickStarted,
    /// A line of the open order is picked without a scan (no readable label).
    LinePicked {
        /// Which line.
        line: u32,
    },
    /// A line of the open order cannot be found.
    LineNotFound {
        /// Which line.
        line: u32,
    },
    /// The last step of the open order is taken back.
    OrderStepUndone,
    /// The open order lies in its bay.
    OrderMadeReady {
        /// Which bay.
        bay: String,
    },
    /// A slip for the open order.
    OrderSlipAsked,
    /// A hand-over waits for its customer's code: the next scan may be it. `None` leaves it.
    HandOverAsked(Option<HandOverAsked>),
    /// The customer is here.
    OrderHandedOver {
        /// How they were recognised.
        recognised: Recognition,
        /// Who took it, when someone else than the buyer.
        collector: Option<String>,
        /// Which of its lines.
        lines: LinesChosen,
    },
    /// The open order goes back to the shelf.
    OrderPutBack,
    /// A customer got back what was taken at a till beyond what their order owed.
    OrderPaidBack {
        /// Whose order.
        order: OrderNumber,
        /// From where it came.
        source: PaidBackFrom,
    },
    /// What was set aside for another store leaves.
    TransferSent {
        /// Somebody has looked: it lies here, and no other till has sent it.
        looked: bool,
    },
    /// What was asked for from another store is needed no more.
    TransferWithdrawn(EntryId),
    /// The slip about what was asked for from another store.
    TransferSlipAsked(EntryId),
    /// The unit this case misses was found here.
    FalseAlarmReported(CaseId),
    /// The order of this case is to be served by another store.
    ProposalTaken {
        /// Which case.
        case: CaseId,
        /// The store that was proposed when the person looked.
        from: StoreId,
    },
    /// The transfer that this entry asked for has come, or it is understood that it does not come.
    TransferClosed(EntryId),

    /// A product's story is wanted on the stock screen.
    StockSearched(String),
    /// Somebody goes to count a product on its shelf.
    ShelfCountBegun(ProductId),
    /// What is to be counted is looked for, one after the other: a scan begins the count of what was scanned. Or no more.
    CountsLookedFor(bool),
    /// Something is typed of what lies on the shelf, or nothing any more.
    ShelfFigureTyped(bool),
    /// It is not counted after all.
    ShelfCountLeft,
    /// So much lies on the shelf of the product that is counted.
    ShelfCounted {
        /// How much.
        found: Quantity,
        /// Why the books say something else, when they do: without one it is asked for.
        reason: Option<String>,
    },
}

/// Where a device is, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortChoice {
    /// Which device.
    pub device: PortDevice,
    /// As it is written into the settings.
    pub port: String,
    /// The name of its profile.
    pub profile: String,
}

/// Why a device's port stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortFault {
    /// The devices of this till are simulated.
    Simulated,
    /// The settings would not take it.
    NotKept {
        /// What the system said.
        told: String,
    },
}

/// A hand-over whose customer is still to be recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOverAsked {
    /// Whose order.
    pub order: OrderNumber,
    /// Who takes it, when someone else than the buyer.
    pub collector: Option<String>,
    /// Their name is still being typed: a code that is scanned is taken for shown, and hands nothing over yet.
    pub is_naming: bool,
    /// Which of its lines.
    pub lines: LinesChosen,
}

/// Which lines of an order go with whoever collects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinesChosen {
    /// Everything that is picked.
    All,
    /// These and no others: none of them is nothing.
    Only(Vec<u32>),
}

impl LinesChosen {
    /// Does this line go along?
    pub fn has(&self, line: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(lines) => lines.contains(&line),
        }
    }
}

/// The card's hand-over that waits for its customer's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAsked {
    /// Whose order.
    pub order: OrderNumber,
    /// Who takes it, when someone else than the buyer.
    pub collector: Option<String>,
}

/// How a customer who collects is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// By this code, scanned or typed.
    Code(String),
    /// By the code that opened the order on Pick-ups, while nothing else was opened there and the order is as it was.
    CodeShown,
    /// The operator heard the name and confirmed it.
    NameConfirmed,
}

/// An answer to the conflict card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConflictChoice {
    /// 1: the customer in front is the web customer.
    HandOver {
        /// Whose order.
        order: OrderNumber,
        /// How they were recognised.
        recognised: Recognition,
        /// Who takes it, when someone else than the buyer.
        collector: Option<String>,
    },
    /// 2: the sale stands.
    SellAnyway {
        /// The order that falls short; `None` takes the rule's.
        order: Option<OrderNumber>,
    },
    /// 3: the unit goes to the order.
    Keep {
        /// Whose; `None` takes the first in promise order that still needs one.
        order: Option<OrderNumber>,
    },
    /// 4: one from another store.
    FindAnother {
        /// The customer it is for, as they said; empty when nobody was named.
        customer: String,
        /// Which.
        store: StoreId,
    },
    /// Esc: the line leaves the basket.
    LineOut,
}

/// Where money that is given back comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaidBackFrom {
    /// The drawer.
    Drawer,
    /// Not this till: the card terminal, or head office.
    Elsewhere,
}

/// What to do about a document that may be half on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrintDecision {
    /// Print it again, marked as a copy.
    Copy,
    /// It is not needed any more.
    Drop,
}

impl Intent {
    /// Is something only being typed? Nothing is done by it yet.
    pub(super) const fn is_typing(&self) -> bool {
        matches!(
            self,
            Self::SearchTyped(_)
                | Self::OrderSearchTyped(_)
                | Self::StockSearched(_)
                | Self::ReceiptSearched(_)
                | Self::HandOverAsked(_)
                | Self::CollectionCodeAsked(_)
                | Self::ShelfFigureTyped(_)
        )
    }

    /// Has somebody touched the till? A printer that says how it is has not.
    pub(super) const fn is_act_of_a_person(&self) -> bool {
        match self {
            Self::TimePassed | Self::Sync(_) => false,
            Self::Device(event) => matches!(event, DeviceEvent::Scanned(_)),
            _ => true,
        }
    }
}
