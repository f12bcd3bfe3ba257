//! The snapshot: all that the screens show, as one immutable value. Facts only; the words are the window's.
//!
//! Size: one value with its parts in the order the screens show them, nearly all of it documentation; read as one page.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::Timestamp;
use crate::domain::barcode::CodeError;
use crate::domain::basket::{Basket, BasketError};
use crate::domain::conflict::{CaseState, ConflictKind};
use crate::domain::device::{DrawerPosition, Health, PaperLevel, PrintJobState};
use crate::domain::feed::{StoryLine, SyncState};
use crate::domain::ids::{BasketId, CaseId, DeviceId, EntryId, OperatorId, OrderNumber, PrintJobId, ProductId};
use crate::domain::money::{Currency, Money};
use crate::domain::operator::Role;
use crate::domain::product::{PriceKind, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::receipt::Document;
use crate::domain::session::Session;
use crate::domain::stock::{OtherStoreStock, StockLevel};
use crate::domain::tax::TaxMode;
use crate::domain::tender::Settlement;
use crate::domain::transfer::TransferState;
use crate::domain::web_order::{OrderState, WebOrder};

use super::intent::Screen;

/// All that the screens show.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Grows by one with every change.
    pub revision: u64,
    /// The shop and the till.
    pub till: TillView,
    /// Who may sell here right now.
    pub access: Access,
    /// In front.
    pub screen: Screen,
    /// The open basket.
    pub basket: BasketView,
    /// The card that must be answered, when there is one.
    pub conflict: Option<Arc<ConflictCard>>,
    /// A question that must be answered before anything else is rung.
    pub question: Option<Question>,
    /// Payment, while the pay screen is up.
    pub pay: Option<PayView>,
    /// The sale just completed: its change stays on screen until the next scan.
    pub completed: Option<CompletedSale>,
    /// The line someone looks at, in front of the quick keys.
    pub line: Option<Arc<LinePanel>>,
    /// Search results.
    pub search: Option<Arc<SearchResults>>,
    /// Quick keys by tab.
    pub quick_keys: Arc<Vec<QuickKeyTab>>,
    /// Baskets put aside.
    pub parked: Arc<Vec<ParkedBasket>>,
    /// The pick-up queue.
    pub pick_ups: Arc<PickUps>,
    /// The order that is open on the pick-up screen.
    pub open_order: Option<Arc<OrderDetail>>,
    /// Receipts, while their screen is up.
    pub receipts: Option<Arc<ReceiptList>>,
    /// The open session.
    pub session: Option<Session>,
    /// A product's stock and story, while the stock screen is up.
    pub stock: Option<Arc<Vec<StockRow>>>,
    /// Devices.
    pub devices: DevicesView,
    /// Central.
    pub sync: SyncState,
    /// What is not finished: unprinted, undecided, unsent.
    pub tasks: Arc<Vec<Task>>,
    /// One sentence with a cure, where the eyes are.
    pub notice: Option<Notice>,
}

/// The shop and the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillView {
    /// `High Street`.
    pub store_name: String,
    /// `T02`.
    pub workstation: String,
    /// Prices in.
    pub currency: Currency,
    /// Prices with or without tax.
    pub tax_mode: TaxMode,
    /// Bays of the pick-up shelf, free ones first.
    pub bays: Vec<String>,
    /// The trading day.
    pub business_day: NaiveDate,
    /// The number the next receipt gets.
    pub next_receipt_number: u64,
}

/// Who may sell here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody is signed in.
    SignIn(SignInView),
    /// Signed in, and no session is open: the float is asked.
    NeedsSession(OperatorView),
    /// Signed in, session open.
    Open(OperatorView),
}

/// The faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInView {
    /// Who may sign in.
    pub operators: Arc<Vec<OperatorView>>,
    /// Whose PIN is being typed.
    pub chosen: Option<OperatorId>,
    /// The last PIN was wrong.
    pub refused: bool,
    /// No PIN is taken before this.
    pub wait_until: Option<Timestamp>,
    /// An open basket waits behind the lock.
    pub basket_waiting: bool,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorView {
    /// Who.
    pub id: OperatorId,
    /// As on the face.
    pub name: String,
    /// At work.
    pub role: Role,
}

/// The open basket, priced.
#[derive(Clone, Debug, PartialEq)]
pub struct BasketView {
    /// Lines and tenders. Shared: a snapshot costs no copy of the lines.
    pub basket: Arc<Basket>,
    /// What each line wears, in the lines' order.
    pub marks: Arc<Vec<LineMark>>,
    /// To pay.
    pub total: Money,
    /// In it (or on top of it).
    pub tax_total: Money,
    /// Pieces.
    pub item_count: i64,
    /// The line last rung or tapped.
    pub selected: Option<u32>,
    /// `n ×` typed before the scan.
    pub quantity_prefix: Option<Quantity>,
}

/// What a line wears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineMark {
    /// Nothing.
    None,
    /// Amber strip: the last free one.
    LastFree(OrderRef),
    /// Amber strip: takes a promised unit, and the store shows a strip instead of a card.
    TakesPromised(OrderRef),
    /// Red strip: the card is up for this line.
    Deciding,
    /// Amber strip: sold although this order falls short.
    SoldAnyway(OrderRef),
    /// Grey tag: the books say this much on the shelf.
    Books {
        /// On the shelf, as the books have it.
        shelf: Quantity,
    },
    /// Blue tag: hands over this order.
    HandOver(OrderRef),
}

/// An order named in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRef {
    /// Our number.
    pub number: OrderNumber,
    /// First name and initial.
    pub customer_name: String,
    /// Until when.
    pub collect_by: Option<Timestamp>,
}

/// What a line's panel knows beyond the line itself.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePanel {
    /// Which line.
    pub line: u32,
    /// What the list asks for one unit now; `None` for an open price, and for what has left the catalogue.
    pub list_price: Option<Money>,
    /// Who set price or discount by hand.
    pub changed_by: Option<String>,
    /// Pieces one scan of its code stands for.
    pub pack: u32,
    /// Figures here; `None` for what has no stock.
    pub stock: Option<LineStock>,
}

/// The stock of a line's product and its story.
#[derive(Clone, Debug, PartialEq)]
pub struct LineStock {
    /// Figures here.
    pub level: StockLevel,
    /// When the figures were true.
    pub as_of: Option<Timestamp>,
    /// Is central in reach, so that they are true now?
    pub live: bool,
    /// The last movements, newest first.
    pub story: Vec<StoryLine>,
    /// Stores with free units, nearest first.
    pub elsewhere: Vec<OtherStoreStock>,
}

/// The conflict card.
#[derive(Clone, Debug, PartialEq)]
pub struct ConflictCard {
    /// Which line asks.
    pub line: u32,
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub product_name: String,
    /// Which headline.
    pub kind: ConflictKind,
    /// The figures.
    pub level: StockLevel,
    /// All of it in this basket.
    pub in_basket: Quantity,
    /// When the figures were true.
    pub as_of: Option<Timestamp>,
    /// Is central in reach, so that they are true now?
    pub live: bool,
    /// Orders concerned, in promise order.
    pub orders: Vec<WebOrder>,
    /// The rule's choice of the order that falls short.
    pub falls_short: OrderNumber,
    /// The last three movements.
    pub story: Vec<StoryLine>,
    /// Stores with free units, nearest first.
    pub elsewhere: Vec<OtherStoreStock>,
    /// A scan is waiting behind the card.
    pub scan_waiting: bool,
    /// *Hand over* was chosen for this order and its code is asked for: scan or six characters.
    pub code_asked: Option<OrderNumber>,
    /// The last answer was refused (wrong code).
    pub refused: Option<ConflictRefusal>,
}

/// Why an answer to the card was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConflictRefusal {
    /// The code is not this order's.
    WrongCode,
    /// The order no longer needs the unit.
    OrderChanged,
    /// The order is for another store: no customer collects it.
    ForAnotherStore,
}

/// A question that must be answered first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The buyer must be this old.
    Age {
        /// Years.
        years: u8,
        /// Born on this day or before.
        born_by: NaiveDate,
    },
    /// An open-price product needs its price.
    OpenPrice {
        /// Its name.
        name: String,
    },
    /// Something weighed or measured was rung up without saying how much.
    HowMuch {
        /// Its name.
        name: String,
        /// Weighed or measured in.
        unit: Unit,
        /// For one unit; `None` when that is asked next.
        unit_price: Option<Money>,
    },
    /// A code leads to several products.
    WhichProduct {
        /// Them.
        products: Vec<ProductHit>,
    },
}

/// Payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayView {
    /// Where it stands.
    pub settlement: Settlement,
    /// What remains, payable in cash (rounded where coins are).
    pub cash_due: Money,
    /// Sensible amounts.
    pub suggestions: Vec<Money>,
}

/// A sale just completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletedSale {
    /// Its receipt.
    pub receipt_number: u64,
    /// It cost.
    pub total: Money,
    /// To give back.
    pub change: Money,
    /// Its receipt on the way to paper.
    pub print: PrintJobState,
}

/// Search results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResults {
    /// For this text.
    pub text: String,
    /// At most a screenful or two, best first.
    pub hits: Vec<ProductHit>,
}

/// A product found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductHit {
    /// Which.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Its department.
    pub department: String,
    /// For one unit.
    pub price: Money,
    /// Fixed or open.
    pub price_kind: PriceKind,
    /// Counted in.
    pub unit: Unit,
    /// Has stock?
    pub stocked: bool,
    /// Figures here.
    pub level: StockLevel,
    /// Free in other stores, all together.
    pub elsewhere: Quantity,
}

/// One tab of quick keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickKeyTab {
    /// `Favourites`, or a department; the first tab's name is empty and the window's words apply.
    pub name: String,
    /// The keys.
    pub keys: Vec<QuickKey>,
}

/// One quick key: a product, or several that differ in size or colour only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickKey {
    /// The product; with several, what they have in common: the shared name, the lowest price.
    pub hit: ProductHit,
    /// Which there are, when there are several.
    pub variants: Vec<ProductHit>,
}

/// A basket put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedBasket {
    /// Which.
    pub basket: BasketId,
    /// When.
    pub parked_at: Timestamp,
    /// By whom.
    pub operator_name: String,
    /// Pieces.
    pub item_count: i64,
    /// It comes to.
    pub total: Money,
}

/// The pick-up queue.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PickUps {
    /// Every unfulfilled order of the store (narrowed by the search text), deadline first.
    pub orders: Vec<OrderRow>,
    /// What the search box says.
    pub search: String,
    /// Orders to pick, for the badge.
    pub to_pick: usize,
}

/// An order in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Our number.
    pub number: OrderNumber,
    /// From where.
    pub channel: String,
    /// First name and initial.
    pub customer_name: String,
    /// Where it stands.
    pub state: OrderState,
    /// Until when.
    pub collect_by: Option<Timestamp>,
    /// Paid already?
    pub paid: bool,
    /// Pieces ordered.
    pub item_count: i64,
    /// Who is picking.
    pub picker_name: Option<String>,
    /// A sale took a unit of it.
    pub at_risk: bool,
    /// Where it lies.
    pub bay: Option<String>,
}

/// The open order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDetail {
    /// As it is.
    pub order: WebOrder,
    /// What its lines need to know beyond it, in their order.
    pub lines: Vec<OrderLineView>,
    /// To pay at hand-over.
    pub amount_due: Money,
    /// Who is picking.
    pub picker_name: Option<String>,
    /// The next bay that is free.
    pub bay_offered: Option<String>,
    /// The last step of this till can be taken back.
    pub can_undo: bool,
}

/// One line of the open order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLineView {
    /// Where it stands in the shop.
    pub bin: Option<String>,
    /// A code to compare with the label.
    pub barcode: Option<String>,
    /// Figures here.
    pub level: StockLevel,
}

/// Receipts found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptList {
    /// What was looked for.
    pub search: String,
    /// Newest first, capped.
    pub rows: Vec<ReceiptRow>,
    /// The one looked at, as on paper.
    pub open: Option<(u64, Document)>,
}

/// One receipt in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Its number.
    pub receipt_number: u64,
    /// When.
    pub completed_at: Timestamp,
    /// By whom.
    pub operator_name: String,
    /// It came to.
    pub total: Money,
    /// Pieces.
    pub item_count: i64,
}

/// One product on the stock screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Which, and its figures here.
    pub hit: ProductHit,
    /// The last movements, newest first.
    pub story: Vec<StoryLine>,
    /// Elsewhere.
    pub elsewhere: Vec<OtherStoreStock>,
    /// When the figures were true.
    pub as_of: Option<Timestamp>,
}

/// Devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicesView {
    /// Each with its health and model.
    pub devices: Vec<DeviceView>,
    /// Paper.
    pub paper: PaperLevel,
    /// Drawer.
    pub drawer: DrawerPosition,
}

/// One device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceView {
    /// `scanner`, `printer`.
    pub id: DeviceId,
    /// The profile's vendor and model.
    pub model: String,
    /// The port it is set to.
    pub port: String,
    /// How it is.
    pub health: Health,
    /// How the profile was proved, honestly: `twin`, `bench`, `field`.
    pub proof: String,
}

/// Something that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// A document has not come out.
    Unprinted {
        /// Which.
        job: PrintJobId,
        /// The receipt, when it is one.
        receipt_number: Option<u64>,
        /// How far.
        state: PrintJobState,
        /// Since when.
        since: Timestamp,
    },
    /// A conflict case needs someone.
    Case {
        /// Which.
        case: CaseId,
        /// Whose order.
        order: OrderNumber,
        /// What is missing.
        product_name: String,
        /// Where it stands.
        state: CaseState,
        /// Since when.
        since: Timestamp,
    },
    /// Another store has asked for goods: they are to be set aside and sent.
    SetAside {
        /// The order it became here.
        order: OrderNumber,
        /// What.
        product_name: String,
        /// How many.
        quantity: Quantity,
        /// For which store.
        store_name: String,
        /// Who asked.
        asked_by: String,
        /// When.
        asked_at: Timestamp,
        /// Where it stands.
        state: TransferState,
    },
    /// Goods were asked for from another store.
    Transfer {
        /// The entry that asked.
        entry: EntryId,
        /// What.
        product_name: String,
        /// How many.
        quantity: Quantity,
        /// From which store.
        store_name: String,
        /// Who asked.
        asked_by: String,
        /// When.
        asked_at: Timestamp,
        /// Where it stands.
        state: TransferState,
    },
    /// An order's collect-by time has passed.
    Lapsed {
        /// Which.
        order: OrderNumber,
        /// Whose.
        customer_name: String,
        /// Where it lies.
        bay: Option<String>,
    },
    /// A product to count: it sold from an empty shelf, or its alarms keep proving false.
    Count {
        /// Which.
        product: ProductId,
        /// Its name.
        product_name: String,
        /// As the books have it.
        shelf: Quantity,
    },
    /// The drawer has been open for a while.
    DrawerOpen {
        /// Since when.
        since: Timestamp,
    },
}

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
    /// A scan means nothing while the customer pays.
    ScanNotHere,
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
    /// The operator's role does not allow it.
    NotAllowed,
    /// A supervisor must do this.
    SupervisorNeeded,
    /// Too much on a card: only cash gives change.
    CardTooMuch,
    /// Take back the tenders first.
    TenderedAlready,
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
    /// The code is not this order's.
    WrongCollectionCode,
    /// No order has this code or name.
    OrderUnknown,
    /// Something in the order must be picked first.
    NothingToHandOver,
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
        /// Where.
        bay: String,
    },
    /// Another store was asked for one.
    TransferRequested {
        /// Which store.
        store_name: String,
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
    /// The order in the basket changed under it.
    OrderChanged {
        /// Which.
        order: OrderNumber,
    },
    /// The basket is back after a restart.
    BasketRestored,
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
    /// Writing failed for another reason; nothing was changed.
    NotSaved,
    /// Close the drawer.
    DrawerStillOpen,
    /// Finish or park the basket first.
    BasketOpen,
    /// The session was closed; counted less expected.
    SessionClosed {
        /// The difference.
        difference: Money,
    },
    /// Done: a copy is printing.
    CopyPrinting {
        /// Of which receipt.
        receipt_number: u64,
    },
}
