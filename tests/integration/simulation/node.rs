//! A till as the simulation runs it: the real file, the real engine; its register applies what it is told and writes what
//! the dice make people do.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use till::database::{Database, DatabaseError, JournalReader, NewEntry, RunStart, copy_file};
use till::domain::Timestamp;
use till::domain::basket::{Basket, LineRequest};
use till::domain::event::{self, Event};
use till::domain::feed::{Change, FeedBatch, Scope};
use till::domain::ids::{BasketId, EntryId, JournalMark, OrderNumber, ProductId, RunId, SessionId, TillId};
use till::domain::money::{Currency, Money};
use till::domain::quantity::Quantity;
use till::domain::sale::{SaleContext, complete};
use till::domain::stock::MovementReason;
use till::domain::tender::{Tender, TenderKind};
use till::domain::web_order::{CollectionProof, LineQuantity, OrderState, OrderStep};
use till::sync::engine::{Engine, Limits, Now, Reply};
use till::sync::inbox::SCOPES;

use super::dice::Dice;
use super::shop::{self, PRODUCTS, instant};

pub struct Node {
    pub id: TillId,
    /// `S001/T02`, or `S001/T02 clone`.
    pub name: String,
    folder: PathBuf,
    /// How wrong its clock is.
    pub clock_shift_us: i64,
    /// Nothing reaches it or leaves it until then.
    pub cut_until_us: u64,
    pub running: Option<Running>,
    /// What the model knows of its file.
    pub book: Book,
    copies: Vec<(PathBuf, Book)>,
    copies_made: usize,
}

pub struct Running {
    pub database: Database,
    pub reader: JournalReader,
    pub engine: Engine,
    pub life: u64,
    began_us: u64,
    pub wake_us: Option<u64>,
    /// Frames that arrived while there was no room.
    pub frames: VecDeque<Reply>,
    pub as_of: Option<Timestamp>,
    /// Since the engine was told how the file stands.
    pub file_changed: bool,
    /// When the register will have applied everything it was told.
    pub applies_us: u64,
}

/// The model of a till's file: what was written to it, and what central last said.
#[derive(Clone, Default)]
pub struct Book {
    pub written: Vec<Written>,
    figures: BTreeMap<ProductId, Quantity>,
    contained: BTreeMap<[u8; 16], u64>,
}

#[derive(Clone)]
pub struct Written {
    pub id: EntryId,
    pub mark: JournalMark,
    pub receipt_number: Option<u64>,
    pub movements: Vec<(ProductId, Quantity)>,
}

impl Book {
    fn note(&mut self, entry: &event::Entry) {
        let movements = event::movements(entry).into_iter().map(|m| (m.product, m.quantity)).collect();
        let receipt_number = match &entry.event {
            Event::SaleCompleted(sale) => Some(sale.receipt_number),
            _ => None,
        };
        self.written.push(Written { id: entry.id, mark: entry.mark, receipt_number, movements });
    }

    fn hear(&mut self, batch: &FeedBatch) {
        if batch.scope != Scope::Store {
            return;
        }
        if batch.snapshot {
            self.figures.clear();
        }
        for change in &batch.changes {
            if let Change::Stock(figure) = change {
                self.figures.insert(figure.product.clone(), figure.on_hand);
            }
        }
        // A run central does not name is one it has nothing of.
        self.contained = batch.contains.iter().map(|m| (*m.run.as_bytes(), m.sequence)).collect();
    }

    /// Central's figure, and the own movements it does not contain.
    fn on_hand(&self, product: &ProductId) -> Quantity {
        let contained =
            |w: &&Written| w.mark.sequence > self.contained.get(w.mark.run.as_bytes()).copied().unwrap_or(0);
        let own = self.written.iter().filter(contained).flat_map(|w| &w.movements);
        let own: Quantity = own.filter(|(p, _)| p == product).map(|(_, quantity)| *quantity).sum();
        self.figures.get(product).copied().unwrap_or_default() + own
    }
}

impl Running {
    pub fn now(&self, now_us: u64, clock_shift_us: i64) -> Now {
        let elapsed = Duration::from_micros(now_us - self.began_us);
        Now { elapsed, clock: instant(shop::BEGINNING_US + now_us as i64 + clock_shift_us) }
    }

    /// In the world's time.
    pub fn timeout_us(&self) -> Option<u64> {
        self.engine.poll_timeout().map(|elapsed| self.began_us + elapsed.as_nanos().div_ceil(1_000) as u64)
    }

    /// Tells the engine how the file stands, as the driver does.
    pub fn look(&mut self) {
        let tail = |r: till::database::RunSummary| JournalMark { run: r.run, sequence: r.last_sequence };
        self.engine.handle_journal(self.reader.list_runs().unwrap().into_iter().map(tail).collect());
        for scope in SCOPES {
            let cursor = self.reader.view().find_cursor(scope).unwrap().unwrap_or(0);
            self.engine.handle_applied(scope, cursor);
        }
    }
}

impl Node {
    pub fn new(id: TillId, name: String, folder: PathBuf) -> Self {
        fs::create_dir(&folder).unwrap();
        Self {
            id,
            name,
            folder,
            clock_shift_us: 0,
            cut_until_us: 0,
            running: None,
            book: Book::default(),
            copies: Vec::new(),
            copies_made: 0,
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("till.db")
    }

    pub fn clock(&self, now_us: u64) -> Timestamp {
        instant(shop::BEGINNING_US + now_us as i64 + self.clock_shift_us)
    }

    pub fn start(&mut self, life: u64, now_us: u64, dice: &mut Dice) {
        let at = self.clock(now_us);
        let mut database = Database::open(&self.file(), at).unwrap();
        assert!(database.set_aside().is_none(), "{}: the file is damaged", self.name);
        let start = RunStart {
            till: self.id.clone(),
            run: RunId(dice.uuid()),
            key: shop::key(&self.id),
            entry: EntryId(dice.uuid()),
            at,
            business_day: at.date_naive(),
            version: "simulated".to_owned(),
        };
        let entry = database.start_run(start).unwrap();
        self.book.note(&entry);
        let reader = JournalReader::open(&self.file()).unwrap();
        let limits = Limits { entries_max: 5, ..Limits::default() };
        let mut engine = Engine::new(limits, dice.next());
        engine.handle_kept_marks(&reader.list_acknowledged().unwrap());
        let frames = VecDeque::new();
        let running = Running {
            database,
            reader,
            engine,
            life,
            began_us: now_us,
            wake_us: None,
            frames,
            as_of: None,
            file_changed: true,
            applies_us: 0,
        };
        self.running = Some(running);
    }

    pub fn stop(&mut self) {
        self.running = None;
    }

    pub fn copy(&mut self) {
        if self.running.is_none() {
            return;
        }
        let path = self.folder.join(format!("copy{}.db", self.copies_made));
        self.copies_made += 1;
        copy_file(&self.file(), &path).unwrap();
        self.copies.push((path, self.book.clone()));
    }

    pub fn has_copy(&self) -> bool {
        !self.copies.is_empty()
    }

    /// The newest copy takes the file's place; what was written since is gone. The till must be down.
    pub fn restore(&mut self) -> bool {
        let Some((path, book)) = self.copies.pop() else { return false };
        for suffix in ["", "-wal", "-shm"] {
            let file = self.folder.join(format!("till.db{suffix}"));
            if file.exists() {
                fs::remove_file(file).unwrap();
            }
        }
        fs::copy(path, self.file()).unwrap();
        self.book = book;
        true
    }

    /// A second machine with the newest copy: the same till twice.
    pub fn clone_to(&self, folder: PathBuf) -> Option<Self> {
        let (path, book) = self.copies.last()?;
        let mut clone = Self::new(self.id.clone(), format!("{} clone", self.name), folder);
        fs::copy(path, clone.file()).unwrap();
        clone.book = book.clone();
        Some(clone)
    }

    pub fn apply(&mut self, batch: &FeedBatch) {
        let Some(running) = &mut self.running else { return };
        running.database.transaction(|tx| tx.apply_feed(batch)).unwrap();
        running.file_changed = true;
        self.book.hear(batch);
    }

    pub fn acknowledge(&mut self, marks: &[JournalMark]) {
        let Some(running) = &mut self.running else { return };
        let act = |tx: &mut till::database::Tx<'_>| -> Result<(), DatabaseError> {
            marks.iter().try_for_each(|mark| tx.acknowledge(*mark))
        };
        running.database.transaction(act).unwrap();
    }

    /// What the till shows must be central's figure and what central's figure does not contain.
    pub fn check_level(&self, product: &ProductId) -> Result<(), String> {
        let Some(running) = &self.running else { return Ok(()) };
        let shown = running.database.view().stock_level(product).unwrap().on_hand;
        let expected = self.book.on_hand(product);
        if shown != expected {
            return Err(format!("{} shows {shown} {product} and should show {expected}", self.name));
        }
        Ok(())
    }

    /// Something happens in the shop.
    pub fn act(&mut self, now_us: u64, dice: &mut Dice) -> &'static str {
        match dice.below(10) {
            0..=5 => self.sell(now_us, dice),
            6 => self.adjust(now_us, dice),
            7 => self.write(Event::DrawerOpened { reason: "change".to_owned() }, now_us, dice),
            _ => self.serve_order(now_us, dice),
        }
    }

    fn write(&mut self, event: Event, now_us: u64, dice: &mut Dice) -> &'static str {
        let at = self.clock(now_us);
        let kind = event.kind();
        let Some(running) = &mut self.running else { return "nothing" };
        let id = EntryId(dice.uuid());
        let operator = Some("1001".into());
        let new = NewEntry { id, recorded_at: at, operator, business_day: at.date_naive(), event };
        let entry = running.database.transaction(|tx| tx.append(new)).unwrap();
        running.file_changed = true;
        self.book.note(&entry);
        kind
    }

    fn sell(&mut self, now_us: u64, dice: &mut Dice) -> &'static str {
        let at = self.clock(now_us);
        let Some(running) = &self.running else { return "nothing" };
        let Some(session) = running.database.view().find_open_session().unwrap().map(|s| s.id) else {
            let session = SessionId(dice.uuid());
            let float = Money::new(20_000, Currency::EUR);
            return self.write(Event::SessionOpened { session, float }, now_us, dice);
        };
        let receipt_number = running.database.view().next_receipt_number().unwrap();
        let settings = shop::settings(self.id.store.as_str());
        let mut basket = Basket::new(BasketId(dice.uuid()), Currency::EUR);
        for _ in 0..dice.between(1, 3) {
            let product = shop::product(dice.pick::<&str>(&PRODUCTS), 1_000);
            let request = LineRequest::listed(Quantity::units(dice.between(1, 2) as i64), None);
            basket.add(&product, request).unwrap();
        }
        let total = basket.total(&settings.tax_rates, settings.tax_mode);
        basket.tenders.push(Tender { kind: TenderKind::Cash, amount: total, reference: None });
        let context = SaleContext {
            till: self.id.clone(),
            receipt_number,
            session,
            operator: "1001".into(),
            operator_name: "Anna K.".to_owned(),
            begun_at: at,
            completed_at: at,
        };
        let sale = complete(&basket, &settings, context).unwrap();
        self.write(Event::SaleCompleted(Box::new(sale)), now_us, dice)
    }

    fn adjust(&mut self, now_us: u64, dice: &mut Dice) -> &'static str {
        let event = Event::StockAdjusted {
            product: ProductId::new(*dice.pick(&PRODUCTS)),
            quantity: Quantity::units(dice.between(0, 8) as i64 - 3),
            movement: MovementReason::Adjustment,
            note: "counted".to_owned(),
        };
        self.write(event, now_us, dice)
    }

    /// The next step of an order this till knows of.
    fn serve_order(&mut self, now_us: u64, dice: &mut Dice) -> &'static str {
        let Some(running) = &self.running else { return "nothing" };
        let mut open = running.database.view().list_orders(None).unwrap();
        open.retain(|order| order.state.is_unfulfilled());
        open.sort_by(|a, b| a.number.cmp(&b.number));
        if open.is_empty() {
            return "no order";
        }
        let order = dice.pick(&open);
        let every = |of: fn(&till::domain::web_order::OrderLine) -> Quantity| -> Vec<LineQuantity> {
            let what = |l: &till::domain::web_order::OrderLine| LineQuantity { line: l.line, quantity: of(l) };
            order.lines.iter().map(what).filter(|w| w.quantity.is_positive()).collect()
        };
        let step = match order.state {
            OrderState::Received => OrderStep::PickStarted { operator: "1001".into() },
            OrderState::Picking => match every(till::domain::web_order::OrderLine::promised).into_iter().next() {
                Some(what) => OrderStep::Picked { what, bay: None },
                None => OrderStep::MadeReady { bay: "A1".to_owned() },
            },
            _ => OrderStep::HandedOver {
                lines: every(till::domain::web_order::OrderLine::outstanding),
                collector: "Karl".to_owned(),
                proof: CollectionProof::Code,
            },
        };
        let products = order.lines.iter().map(|l| (l.line, l.product.clone())).collect();
        let event = Event::OrderStepped { order: OrderNumber::new(order.number.as_str()), step, products };
        self.write(event, now_us, dice)
    }
}
