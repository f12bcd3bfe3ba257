//! The register: the engine that all that happens at a till passes through.
//!
//! [`Register::handle`] takes one [`Intent`], reads through the database, decides through the domain, and commits what
//! happened in one transaction. Only then does it change its own state and return [`Effect`]s, so that a crash can repeat
//! the *request* of an effect and never lose or double a fact. [`Register::snapshot`] is what screens show.
//! [`runner`] is the thread around it: one queue, one writer.
//!
//! Invariants:
//! - No intent blocks on a device, on the network or on a person.
//! - Nothing is printed, kicked or sounded before its entry is committed.
//! - A refused intent leaves the state as it was and says why in a notice.
//! - Absent here: SQL, protobuf, ports, sockets, words in any language.
//!
//! To add an act: a variant in [`intent`], an arm in `dispatch`, a method in the file of its subject; what the
//! screen must show goes into [`snapshot`] and is filled in [`view`]. Scenarios in `tests/scenarios/` play it.

pub mod effect;
pub mod environment;
pub mod intent;
pub mod runner;
pub mod snapshot;

mod access;
mod approval;
mod cases;
mod conflict;
mod counting;
mod dispatch;
mod drawer;
mod feed;
mod hand_overs;
mod history;
mod judgement;
mod line_panel;
mod notices;
mod payment;
mod pick_ups;
mod picking;
mod ports;
mod printing;
mod question;
mod queue;
mod receipts;
mod scanning;
mod selling;
mod session;
mod sizes;
mod tasks;
mod time;
mod transfers;
mod view;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use crate::database::{Database, DatabaseError, DatabaseErrorKind, NewEntry, Tx};
use crate::domain::Timestamp;
use crate::domain::barcode::in_store::InStoreRules;
use crate::domain::basket::{Basket, Draft};
use crate::domain::device::{DeviceEvent, DrawerPosition, PaperLevel, ScanSignal, Tone};
use crate::domain::event::{Entry, Event};
use crate::domain::feed::{Link, SyncState};
use crate::domain::ids::{BasketId, DeviceId, EntryId, OperatorId, OrderNumber, ProductId, TillId};
use crate::domain::money::Money;
use crate::domain::operator::{Act as OperatorAct, Operator, Permission};
use crate::domain::quantity::Quantity;
use crate::domain::sale::ReceiptChoice;
use crate::domain::session::Session;
use crate::domain::settings::StoreSettings;
use crate::domain::web_order::{OrderStep, WebOrder};

pub use effect::Effect;
pub use feed::FIGURES_AT_ONCE;
pub use intent::Intent;
pub use session::REASON_CHARACTERS_MAX;
pub use snapshot::Snapshot;

use environment::Environment;
use intent::{HandOverAsked, Screen};
use judgement::Judgements;
use snapshot::{DeviceView, Notice, NoticeKind, NoticeWeight, PortDevice, PortsView};

/// The printer's device id.
pub const PRINTER: &str = "printer";
/// The scanner's device id.
pub const SCANNER: &str = "scanner";

/// The drawer's device id: it has no port of its own.
pub const DRAWER: &str = "drawer";
/// What stands for the port of a scanner that types like a keyboard.
pub const KEYBOARD: &str = "keyboard";

/// How many scans may wait behind a card; the next ones are refused aloud. A person stops after one or two.
const WAITING_SCANS_MAX: usize = 8;

/// The engine. One per till, on one thread.
pub struct Register {
    database: Database,
    environment: Environment,
    till: TillId,
    settings: StoreSettings,
    in_store_rules: InStoreRules,

    operator: Option<Operator>,
    chosen: Option<OperatorId>,
    sign_in_refused: bool,
    session: Option<Session>,
    /// What was counted in the drawer, and is not what it should hold: a reason is asked for.
    unexplained: Option<Money>,
    /// What was counted in the drawer last and stands in the journal, until it is counted again.
    drawer_counted: Option<Money>,
    /// A product that is being counted on its shelf.
    shelf_count: Option<counting::ShelfCount>,
    /// What is to be counted is looked for, one after the other.
    choosing_counts: bool,
    /// What was counted so, stands, and is not booked.
    standing_counts: BTreeMap<ProductId, counting::StandingCount>,
    /// Has central ever told what store this is? Before, nothing is sold.
    settings_known: bool,

    screen: Screen,
    basket: Arc<Basket>,
    begun_at: Timestamp,
    /// Who worked on the basket last.
    rung_by: Option<OperatorId>,
    last_act_at: Timestamp,
    selected: Option<u32>,
    /// The line whose panel is open.
    looked_at: Option<u32>,
    quantity_prefix: Option<Quantity>,
    last_rung: Option<LastRung>,
    judgements: Judgements,
    card: Option<conflict::PendingCard>,
    /// How many cards have come up.
    cards: u64,
    /// Orders in the basket that are not any more what they were when they were put there.
    changed_orders: Vec<OrderNumber>,
    question: Option<question::PendingQuestion>,
    /// An act that waits until another person agrees to it.
    approval: Option<approval::PendingApproval>,
    /// Counts that waited so when whoever counted left the till: each waits for them.
    kept_counts: BTreeMap<OperatorId, approval::KeptCount>,
    /// Whoever has agreed to the act that is being done.
    approver: Option<approval::Approver>,
    /// The age that was asked for the hand-over that is being done.
    age_seen: Option<u8>,
    /// The amount that was confirmed, while what it is for is done.
    amount_seen: Option<Money>,
    waiting_scans: VecDeque<scanning::WaitingScan>,
    completed: Option<payment::Completed>,
    /// What the drawer was last to open for is the change of that sale.
    opens_for_change: bool,
    /// What is wanted on paper of the sale that is being paid.
    receipt: ReceiptChoice,
    /// What the card terminal was asked for in this sale and has not answered yet.
    at_terminal: Option<Money>,

    search_text: String,
    order_search: String,
    open_order: Option<OrderNumber>,
    /// As it was when its collection code opened it.
    code_shown: Option<Box<WebOrder>>,
    /// The hand-over of the open order that waits for its customer's code.
    hand_over_asked: Option<HandOverAsked>,
    last_step: Option<(OrderNumber, OrderStep)>,
    receipt_search: String,
    open_receipt: Option<u64>,
    stock_search: String,
    /// The product that was scanned to be looked up; whatever is typed takes its place.
    stock_scanned: Option<ProductId>,

    devices: Vec<DeviceView>,
    /// What there is to choose from, while a device's port is being chosen.
    ports: Option<Arc<PortsView>>,
    /// The settings of this device are written anew: the till is to start again.
    kept: Option<PortDevice>,
    paper: PaperLevel,
    /// When the spool was last rid of what is done with.
    prints_forgotten_at: Option<Timestamp>,
    /// When orders that were over long ago were taken out last.
    orders_forgotten_at: Option<Timestamp>,
    drawer: DrawerPosition,
    drawer_open_since: Option<Timestamp>,
    sync: SyncState,
    /// Central's news that are not in the file yet.
    news: feed::News,
    notice: Option<Notice>,
    /// What was said before the notice on screen, and nobody has read yet.
    unread: VecDeque<Notice>,
    notices: u64,
    /// The number of the last notice before the intent that is being handled.
    said_before: u64,
    revision: u64,
    cache: view::ViewCache,
    effects: Vec<Effect>,
}

/// Writes one act: every entry gets its identity, time and operator here, and all of them one commit.
struct Recorder<'a, 'b> {
    tx: &'a mut Tx<'b>,
    environment: &'a mut Environment,
    recorded_at: Timestamp,
    /// The same in central's time, where that is known.
    happened_at: Option<Timestamp>,
    operator: Option<OperatorId>,
    business_day: NaiveDate,
    printer: printing::PrinterReach,
}

impl Recorder<'_, '_> {
    /// Seals an event into the journal.
    fn record(&mut self, event: Event) -> Result<Entry, DatabaseError> {
        self.tx.append(NewEntry {
            id: EntryId(self.environment.unique_id()),
            recorded_at: self.recorded_at,
            operator: self.operator.clone(),
            business_day: self.business_day,
            event,
        })
    }

    /// A product is to be counted, because of what happens now.
    fn add_to_count_list(&mut self, product: &ProductId, reason: &str) -> Result<(), DatabaseError> {
        self.tx.add_to_count_list(product, reason, self.recorded_at, self.happened_at)
    }
}

/// What the last scan or tap added, so that one key takes it back.
#[derive(Clone, Debug)]
struct LastRung {
    line: u32,
    quantity: Quantity,
}

/// What the register is told about the till it runs.
pub struct RegisterSetup {
    /// Which till.
    pub till: TillId,
    /// The store as it is known before central has said anything; `None` where it is not, and nothing can be sold.
    pub settings: Option<StoreSettings>,
    /// Devices as configured.
    pub devices: Vec<DeviceView>,
    /// The file was damaged at the start and set aside here.
    pub set_aside: Option<String>,
    /// So many of central's figures come into the file at once: [`FIGURES_AT_ONCE`] but in tests.
    pub figures_at_once: usize,
}

/// Why an intent was refused: a notice for the person, or the disk.
#[derive(Debug)]
enum Refusal {
    /// Said on screen; nothing changed.
    Notice(NoticeKind),
    /// Another person must agree; nothing changed.
    Approval(Box<approval::ApprovalNeed>),
    /// The file would not take it; nothing changed.
    Database(DatabaseError),
}

impl From<DatabaseError> for Refusal {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<NoticeKind> for Refusal {
    fn from(notice: NoticeKind) -> Self {
        Self::Notice(notice)
    }
}

type Handled = Result<(), Refusal>;

impl Register {
    /// Takes over an open database: begins a run, brings back the basket, resumes printing.
    // Size: a line a field.
    pub fn start(
        mut database: Database,
        mut environment: Environment,
        setup: RegisterSetup,
    ) -> Result<Self, DatabaseError> {
        let settings = database.view().find_settings()?.or(setup.settings);
        let settings_known = settings.is_some();
        let settings = settings.unwrap_or_else(|| StoreSettings::unknown(&setup.till.store));
        let now = environment.clock.now();
        let (draft, unreadable) = database.open_draft()?;
        let session = database.view().find_open_session()?;
        let put_aside = database.view().count_put_aside()?;
        let fresh = database.view().find_freshness()?;
        let draft =
            draft.unwrap_or_else(|| Draft::new(Basket::new(BasketId(environment.unique_id()), settings.currency), now));
        let Draft { basket, begun_at, at_terminal, receipt, unanswered, waiting, may_be_sold, rung_by } = draft;
        let restored = !basket.is_empty() || unanswered.is_some() || !waiting.is_empty();
        let waiting_scans = waiting.into_iter().map(|scan| scanning::WaitingScan::for_sale(scan, basket.id)).collect();
        let mut register = Self {
            till: setup.till,
            in_store_rules: scanning::in_store_rules(&settings),
            operator: None,
            // Whoever was here last is the likeliest to come back.
            chosen: rung_by.clone().or_else(|| session.as_ref().map(|session| session.operator.clone())),
            sign_in_refused: false,
            session,
            unexplained: None,
            drawer_counted: None,
            shelf_count: None,
            choosing_counts: false,
            standing_counts: BTreeMap::new(),
            settings_known,
            screen: Screen::Sell,
            basket: Arc::new(basket),
            begun_at,
            rung_by,
            last_act_at: now,
            selected: None,
            looked_at: None,
            quantity_prefix: None,
            last_rung: None,
            judgements: Judgements::default(),
            card: None,
            cards: 0,
            changed_orders: Vec::new(),
            question: None,
            approval: None,
            kept_counts: BTreeMap::new(),
            approver: None,
            age_seen: None,
            amount_seen: None,
            waiting_scans,
            completed: None,
            opens_for_change: false,
            receipt,
            at_terminal,
            search_text: String::new(),
            order_search: String::new(),
            open_order: None,
            code_shown: None,
            hand_over_asked: None,
            last_step: None,
            receipt_search: String::new(),
            open_receipt: None,
            stock_search: String::new(),
            stock_scanned: None,
            devices: setup.devices,
            ports: None,
            kept: None,
            paper: PaperLevel::Enough,
            prints_forgotten_at: None,
            orders_forgotten_at: None,
            drawer: DrawerPosition::Unknown,
            drawer_open_since: None,
            sync: SyncState { quarantined: put_aside, fresh, ..SyncState::unknown(Link::Connecting) },
            news: feed::News::new(setup.figures_at_once),
            notice: None,
            unread: VecDeque::new(),
            notices: 0,
            said_before: 0,
            revision: 0,
            cache: view::ViewCache::default(),
            effects: Vec::new(),
            settings,
            database,
            environment,
        };
        register.cache.forget();
        register.count_unsent();
        register.resume_printing()?;
        if let Some(path) = setup.set_aside {
            register.say(NoticeWeight::Refused, NoticeKind::FileSetAside { path });
        } else if unreadable {
            register.say(NoticeWeight::Refused, NoticeKind::BasketUnreadable);
        } else if restored && !may_be_sold {
            register.say(NoticeWeight::Mind, NoticeKind::BasketRestored);
        }
        register.say_what_the_file_lacks();
        register.ask_again(unanswered);
        if may_be_sold {
            register.ask_whether_sold();
        }
        register.judge_basket()?;
        // What is only shown, and cannot be read, keeps no till from starting.
        view::shown(register.show_completed_again());
        Ok(register)
    }

    /// Handles one intent whole; what the world must do about it comes back.
    pub fn handle(&mut self, intent: Intent) -> Vec<Effect> {
        if intent.is_act_of_a_person() {
            self.last_act_at = self.now();
        }
        let scanner = match &intent {
            Intent::Device(DeviceEvent::Scanned(scan)) => Some(scan.device.clone()),
            _ => None,
        };
        let again = approval::repeated(&intent);
        self.said_before = self.notices;
        let ends_answers = intent.is_act_of_a_person() && !intent.is_typing();
        self.database.hold_view();
        match (self.dispatch(intent), again) {
            (Ok(()), _) => {}
            (Err(Refusal::Approval(need)), Some(again)) if self.ask_approval(&again, &need) => {}
            (Err(refusal), _) => self.refuse(refusal, scanner),
        }
        if ends_answers {
            // What answered the act before this one has had its time.
            self.notice.take_if(|notice| notice.number <= self.said_before && notice.is_answer());
        }
        self.settle_approval();
        // Whatever took a card down, what was scanned behind it belongs to this basket: no other act comes between.
        self.take_waiting_scans();
        self.settle_notices();
        self.database.release_view();
        self.revision += 1;
        std::mem::take(&mut self.effects)
    }

    /// What the screens show now.
    pub fn snapshot(&mut self) -> Snapshot {
        self.database.hold_view();
        let snapshot = view::snapshot(self);
        self.database.release_view();
        snapshot
    }

    fn show_screen(&mut self, screen: Screen) -> Handled {
        if screen == Screen::Pay {
            return self.open_pay();
        }
        // A card that came up over another screen is answered there or under Sell.
        let beside = self.card.is_some() && screen == Screen::Sell;
        if self.is_deciding() && screen != self.screen && !beside {
            return Err(NoticeKind::AnswerFirst.into());
        }
        // What was refused on the screen before was read there; what is to be minded goes along.
        if self.screen != screen {
            self.notice.take_if(|notice| notice.weight == NoticeWeight::Refused && !notice.stays_until_read());
        }
        self.ports = None;
        self.forget_drawer_count();
        self.enter(screen);
        Ok(())
    }

    /// Another screen is in front: what was looked for on the one before is looked for no more, so that nobody comes back
    /// to a list that is narrowed by what they never typed.
    fn enter(&mut self, screen: Screen) {
        if (self.screen == Screen::PickUps) != (screen == Screen::PickUps) {
            // What is over is listed on its screen alone.
            self.cache.forget_orders();
        }
        self.screen = screen;
        if screen != Screen::Sell {
            self.search_text.clear();
        }
        if screen != Screen::PickUps {
            (self.hand_over_asked, self.code_shown) = Default::default();
            self.order_search.clear();
        }
        if screen != Screen::Receipts {
            self.receipt_search.clear();
            self.open_receipt = None;
        }
        if screen != Screen::Stock {
            (self.shelf_count, self.choosing_counts) = (None, false);
            self.stock_search.clear();
            self.stock_scanned = None;
        }
    }

    /// The signed-in operator, or a refusal.
    fn get_operator(&self) -> Result<&Operator, Refusal> {
        self.operator.as_ref().ok_or(Refusal::Notice(NoticeKind::NotAllowed))
    }

    /// May the signed-in operator do this?
    fn get_permission(&self, act: OperatorAct) -> Handled {
        match self.settings.permission(self.get_operator()?.role, act) {
            Permission::Allow => Ok(()),
            // Whoever agreed has the right to it.
            Permission::Ask if self.approver.is_some() => Ok(()),
            Permission::Ask => {
                let otherwise = NoticeKind::SupervisorNeeded;
                Err(Refusal::Approval(Box::new(approval::ApprovalNeed { act, otherwise, changed: None })))
            }
            Permission::Deny => Err(NoticeKind::NotAllowed.into()),
        }
    }

    /// What is sold without knowing the store's taxes and currency is on a receipt that is wrong.
    fn get_settings_known(&self) -> Handled {
        if self.settings_known { Ok(()) } else { Err(NoticeKind::SettingsUnknown.into()) }
    }

    fn now(&self) -> Timestamp {
        self.environment.clock.now()
    }

    /// The shop's trading day: the local calendar day, or the day its session was opened on.
    fn business_day(&self) -> NaiveDate {
        match &self.session {
            Some(session) => session.business_day,
            None => self.today(),
        }
    }

    /// The local calendar day.
    fn today(&self) -> NaiveDate {
        self.settings.time_zone.day(self.now())
    }

    /// Commits what happened: every entry and everything it changes, in one transaction, on disk when this returns.
    fn commit<T>(
        &mut self,
        write: impl FnOnce(&mut Recorder<'_, '_>) -> Result<T, DatabaseError>,
    ) -> Result<T, Refusal> {
        let recorded_at = self.now();
        let happened_at = self.clock_ahead().and_then(|ahead| recorded_at.checked_sub_signed(ahead));
        let business_day = self.business_day();
        let operator = self.operator.as_ref().map(|o| o.id.clone());
        let printer = self.printer_reach();
        let approval = self.take_approval();
        let environment = &mut self.environment;
        let done = self.database.transaction(|tx| {
            let mut recorder = Recorder { tx, environment, recorded_at, happened_at, operator, business_day, printer };
            if let Some(event) = approval {
                recorder.record(event)?;
            }
            write(&mut recorder)
        })?;
        self.effects.push(Effect::WakeSync);
        self.count_unsent();
        Ok(done)
    }

    /// How far the till's clock is ahead of central's, where sync has heard that.
    fn clock_ahead(&self) -> Option<TimeDelta> {
        self.sync.clock_ahead_ms.map(TimeDelta::milliseconds)
    }

    /// Nothing happens right now: the file is tidied, which would otherwise make some sale wait. Answers whether it is done: much is
    /// done in steps, so that nobody who comes meanwhile waits for all of it.
    fn tidy(&mut self) -> bool {
        let tidied = match self.database.clear_contained() {
            Ok(true) => return false,
            Ok(false) => {
                self.database.tidy().and_then(|_| self.forget_prints()).and_then(|()| self.forget_orders_over())
            }
            Err(error) => Err(error),
        };
        if let Err(error) = tidied {
            tracing::warn!(%error, "the file could not be tidied");
        }
        true
    }

    /// Effects that came up outside of an intent: at the start, and with [`Self::take_news`].
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    fn refuse(&mut self, refusal: Refusal, scanner: Option<DeviceId>) {
        if let Some(device) = scanner {
            self.effects.push(Effect::Signal { device, signal: ScanSignal::Refused });
        }
        self.effects.push(Effect::Tone(Tone::Refused));
        let kind = match refusal {
            Refusal::Notice(kind) => kind,
            Refusal::Approval(need) => need.otherwise,
            Refusal::Database(error) => {
                tracing::error!(%error, "the file did not take it");
                match error.kind {
                    DatabaseErrorKind::Full => NoticeKind::DiskFull,
                    DatabaseErrorKind::ReadOnly => NoticeKind::DiskReadOnly,
                    _ => NoticeKind::NotSaved,
                }
            }
        };
        self.say(NoticeWeight::Refused, kind);
    }

    fn count_unsent(&mut self) {
        match self.database.view().unsent() {
            Ok(unsent) => {
                self.sync.unsent = unsent.count;
                self.sync.oldest_unsent_at = unsent.oldest_at;
            }
            Err(error) => tracing::error!(%error, "cannot count what is unsent"),
        }
    }
}
