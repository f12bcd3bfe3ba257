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

use crate::domain::feed::SyncState;
use crate::domain::money::Currency;
use crate::domain::session::Session;
use crate::domain::tax::TaxMode;
use crate::domain::zone::StoreZone;

pub use access::{Access, ApprovalSubject, ApprovalView, OperatorView, SignInView};
pub use basket::{BasketView, LineMark, LinePanel, LineStock, OrderRef, ParkedBasket, Question};
pub use conflict::{ConflictCard, ConflictRefusal};
pub use devices::{DeviceView, DevicesView};
pub use notice::{Notice, NoticeKind, NoticeWeight};
pub use orders::{OrderDetail, OrderLineView, OrderRow, PickUps};
pub use payment::{CompletedSale, PayView, ReceiptList, ReceiptRow};
pub use products::{ProductHit, QuickKey, QuickKeyTab, SearchResults, StockRow};
pub use tasks::{CaseTask, Task};

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
