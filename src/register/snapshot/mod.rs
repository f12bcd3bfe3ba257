//! The snapshot: all that the screens show, as one immutable value. Facts only; the words are the window's.
//!
//! Here: the whole, and the shop. Its parts are one file a subject, and are used by the names given here.

mod access;
mod basket;
mod conflict;
mod devices;
mod notice;
mod orders;
mod payment;
mod products;
mod tasks;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::Timestamp;
use crate::domain::basket::Basket;
use crate::domain::device::{DrawerPosition, PaperLevel};
use crate::domain::feed::{HeardOfStore, Link, SyncState};
use crate::domain::ids::{BasketId, ProductId, TillId};
use crate::domain::money::{Currency, Money};
use crate::domain::session::Session;
use crate::domain::tax::TaxMode;
use crate::domain::tender::CashRounding;
use crate::domain::zone::StoreZone;

pub use access::{
    Access, ApprovalSubject, ApprovalView, CountFigures, CountToAgree, OperatorView, SignInView, StartTrouble,
    StartTroubleKind,
};
pub use basket::{
    BasketView, FallsShort, LineMark, LinePanel, LineStock, OrderRef, ParkedBasket, Question, UnusualAmount,
};
pub use conflict::{ConflictCard, ConflictRefusal};
pub use devices::{DeviceView, DevicesView, PortDevice, PortView, PortsView, ProfileView};
pub use notice::{Notice, NoticeKind, NoticeWeight};
pub use orders::{HistoryRow, OrderDetail, OrderLineView, OrderRow, PickUps};
pub use payment::{CompletedSale, PayView, ReceiptList, ReceiptRow, TwoReadings};
pub use products::{
    CountSide, HeldPlace, ProductHit, QuickKey, QuickKeyTab, SearchResults, ShelfCountView, StockRow, StockView,
    StoryItem,
};
pub use tasks::{CaseTask, Document, Task, TaskKey};

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
    /// An act that waits until another person agrees to it.
    pub approval: Option<Arc<ApprovalView>>,
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
    /// What was counted in its drawer and is not what it should hold: a reason is asked for.
    pub unexplained: Option<Money>,
    /// Whose session it is and how its drawer was counted, while the drawer screen is up.
    pub drawer: Option<DrawerView>,
    /// Was a session closed at this till, so that its report can be printed again? Told while the drawer screen is up.
    pub has_close_report: bool,
    /// A product's stock and story, while the stock screen is up.
    pub stock: Option<Arc<StockView>>,
    /// Devices.
    pub devices: DevicesView,
    /// Central.
    pub sync: SyncState,
    /// Of the stores whose stock is shown here, the one longest unheard, while unfinished business is up.
    pub other_stores: Option<HeardOfStore>,
    /// What is not finished: unprinted, undecided, unsent.
    pub tasks: Arc<Vec<Task>>,
    /// Is whoever is signed in told what the books say of what is a task to count? Whoever may correct the books is.
    pub books_told: bool,
    /// One sentence with a cure, where the eyes are.
    pub notice: Option<Notice>,
}

/// Whose the open session is, and how its drawer was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawerView {
    /// Who opened it.
    pub owner: String,
    /// How often its drawer was counted to the end.
    pub counts: usize,
    /// When what it should hold was seen last, and by whom, with nothing sold since: a count that follows is not blind.
    pub expected_seen: Option<(Timestamp, String)>,
}

/// The shop and the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillView {
    /// `High Street`.
    pub store_name: String,
    /// `T02`.
    pub workstation: String,
    /// Where the store is, as two letters; empty while that is not known. Reasons are kept in what is spoken there.
    pub country: String,
    /// Prices in.
    pub currency: Currency,
    /// Prices with or without tax.
    pub tax_mode: TaxMode,
    /// How cash is rounded.
    pub cash_rounding: CashRounding,
    /// The store's clock.
    pub time_zone: StoreZone,
    /// What a change of a price may be for; none: none is asked for.
    pub price_change_reasons: Vec<String>,
    /// Bays of the pick-up shelf, free ones first.
    pub bays: Vec<String>,
    /// The trading day.
    pub business_day: NaiveDate,
    /// The number the next receipt gets.
    pub next_receipt_number: u64,
}

impl Snapshot {
    /// Is it not told what the books say of this product? It is to be counted, and the count is to be blind.
    pub fn withholds(&self, product: &ProductId) -> bool {
        let is_it = |task: &Task| matches!(task, Task::Count { product: counted, .. } if counted == product);
        !self.books_told && self.tasks.iter().any(is_it)
    }

    /// Of a till that did not start: why, and nothing else. Its name is known when it was joined.
    pub fn stopped(till: Option<&TillId>, day: NaiveDate, trouble: StartTrouble) -> Self {
        let currency = Currency::EUR;
        let zero = Money::zero(currency);
        let till = TillView {
            store_name: till.map(|till| till.store.to_string()).unwrap_or_default(),
            workstation: till.map(|till| till.workstation.to_string()).unwrap_or_default(),
            country: String::new(),
            currency,
            tax_mode: TaxMode::Included,
            cash_rounding: CashRounding::NONE,
            time_zone: StoreZone::universal(),
            price_change_reasons: Vec::new(),
            bays: Vec::new(),
            business_day: day,
            next_receipt_number: 0,
        };
        let basket = BasketView {
            basket: Arc::new(Basket::new(BasketId::from_bytes([0; 16]), currency)),
            marks: Arc::new(Vec::new()),
            total: zero,
            tax_total: zero,
            item_count: 0,
            selected: None,
            quantity_prefix: None,
            remaining: zero,
            at_terminal: None,
        };
        let (paper, drawer) = (PaperLevel::Enough, DrawerPosition::Unknown);
        Self {
            revision: 0,
            till,
            access: Access::Stopped(trouble),
            screen: Screen::Sell,
            basket,
            conflict: None,
            question: None,
            pay: None,
            completed: None,
            line: None,
            approval: None,
            search: None,
            quick_keys: Arc::new(Vec::new()),
            parked: Arc::new(Vec::new()),
            pick_ups: Arc::new(PickUps::default()),
            open_order: None,
            receipts: None,
            session: None,
            unexplained: None,
            has_close_report: false,
            drawer: None,
            stock: None,
            devices: DevicesView { devices: Vec::new(), paper, drawer, ports: None, kept: None },
            sync: SyncState::unknown(Link::Down),
            other_stores: None,
            tasks: Arc::new(Vec::new()),
            books_told: false,
            notice: None,
        }
    }
}
