//! Made-up snapshots of every screen: drawn by the tests in every theme, and good to look at while working on one.
//!
//! The shop is the one of the design pictures: High Street, Ana at Till 2, a Tuesday in spring at 14:02.
//!
//! Size: made-up facts, one after the other; nothing here decides anything.

use std::sync::Arc;

use chrono::{FixedOffset, NaiveDate, TimeZone};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::screen::{Screens, conflict, drawer, open_session, pay, pick_ups, question, sell, sign_in, stock};
use crate::domain::Timestamp;
use crate::domain::basket::{Basket, BasketLine, Discount, PriceSource};
use crate::domain::conflict::{CaseState, ConflictKind};
use crate::domain::device::{DrawerPosition, Health, HealthReason, HealthState, PaperLevel, PrintJobState};
use crate::domain::feed::{Link, StoryLine, SyncState};
use crate::domain::ids::{BasketId, CaseId, OperatorId, OrderNumber, PrintJobId, ProductId, SessionId};
use crate::domain::money::{Currency, Money};
use crate::domain::operator::Role;
use crate::domain::product::{PriceKind, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::receipt::{Document, Style};
use crate::domain::session::{CashMoveKind, Session};
use crate::domain::stock::{MovementReason, OtherStoreStock, StockLevel};
use crate::domain::tax::{TaxCode, TaxMode};
use crate::domain::tender::{Settlement, Tender, TenderKind, suggest_cash};
use crate::domain::web_order::{Fulfilment, OrderLine, OrderState, WebOrder};
use crate::register::intent::Screen;
use crate::register::snapshot::{
    Access, BasketView, CompletedSale, ConflictCard, DeviceView, DevicesView, LineMark, LinePanel, LineStock, Notice,
    NoticeKind, NoticeWeight, OperatorView, OrderDetail, OrderLineView, OrderRef, OrderRow, ParkedBasket, PayView,
    PickUps, ProductHit, Question, QuickKey, QuickKeyTab, ReceiptList, ReceiptRow, SearchResults, SignInView, Snapshot,
    StockRow, Task, TillView,
};

/// A picture of the gallery.
pub struct Exhibit {
    /// Its name, also its file's.
    pub name: &'static str,
    /// What the register says.
    pub snapshot: Snapshot,
    /// What is being typed.
    pub screens: Screens,
}

/// The shop's offset from universal time.
pub fn zone() -> FixedOffset {
    FixedOffset::east_opt(3600).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
}

/// Now, in the gallery: Tuesday 24 March 2026, 14:02.
pub fn now() -> Timestamp {
    at(24, 14, 2)
}

fn at(day: u32, hour: u32, minute: u32) -> Timestamp {
    match zone().with_ymd_and_hms(2026, 3, day, hour, minute, 0) {
        chrono::LocalResult::Single(moment) => moment.to_utc(),
        chrono::LocalResult::Ambiguous(moment, _) => moment.to_utc(),
        chrono::LocalResult::None => Timestamp::UNIX_EPOCH,
    }
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn units(units: i64) -> Quantity {
    Quantity::units(units)
}

fn level(on_hand: i64, held: i64, promised: i64) -> StockLevel {
    StockLevel { on_hand: units(on_hand), held: units(held), promised: units(promised), safety: Quantity::ZERO }
}

/// All of them.
pub fn exhibits() -> Vec<Exhibit> {
    let exhibit = |name, snapshot, screens| Exhibit { name, snapshot, screens };
    let plain = Screens::default;
    vec![
        exhibit("sign-in", signing_in(false), Screens { sign_in: sign_in::SignIn::typed("12"), ..plain() }),
        exhibit("sign-in-wrong", signing_in(true), plain()),
        exhibit(
            "open-session",
            Snapshot { access: Access::NeedsSession(ana()), session: None, ..shop() },
            Screens { open_session: open_session::OpenSession::typed("150"), ..plain() },
        ),
        exhibit("sell", selling(), plain()),
        exhibit("sell-empty", Snapshot { basket: empty_basket(), ..shop() }, plain()),
        exhibit("sell-search", searching(), Screens { sell: sell::Sell::searching("mer"), ..plain() }),
        exhibit("sell-line", looking_at_line(), plain()),
        exhibit("sell-sizes", selling(), Screens { sell: sell::Sell::choosing_size("merino"), ..plain() }),
        exhibit("sell-notice", noticing(), plain()),
        exhibit("sell-change", sold(), plain()),
        exhibit("question-age", asking(Question::Age { years: 18, born_by: day(2008) }), plain()),
        exhibit("question-price", asking(Question::OpenPrice { name: "Alterations".to_owned() }), plain()),
        exhibit(
            "question-weight",
            asking(weighing()),
            Screens { question: question::Asking::typed("0.452"), ..plain() },
        ),
        exhibit("question-which", asking(Question::WhichProduct { products: merinos() }), plain()),
        exhibit("conflict", conflicting(ConflictKind::BooksEmpty), plain()),
        exhibit("conflict-offline", offline(conflicting(ConflictKind::Promised)), plain()),
        exhibit(
            "conflict-hand-over",
            conflicting(ConflictKind::BooksEmpty),
            Screens { conflict: conflict::Conflict::handing_over("K7P"), ..plain() },
        ),
        exhibit(
            "conflict-find",
            conflicting(ConflictKind::BooksEmpty),
            Screens { conflict: conflict::Conflict::finding_another(), ..plain() },
        ),
        exhibit("pay", paying(), plain()),
        exhibit("pay-card", paying(), Screens { pay: pay::Pay::at_terminal(euro(13245)), ..plain() }),
        exhibit("pick-ups", picking(), plain()),
        exhibit(
            "pick-ups-hand-over",
            handing_over(),
            Screens { pick_ups: pick_ups::PickUps::handing_over("K7P2"), ..plain() },
        ),
        exhibit("stock", stock_view(), Screens { stock: stock::Stock::searching("merino"), ..plain() }),
        exhibit("receipts", receipts_view(), plain()),
        exhibit("drawer", Snapshot { screen: Screen::Drawer, ..shop() }, plain()),
        exhibit(
            "drawer-paid-out",
            Snapshot { screen: Screen::Drawer, ..shop() },
            Screens { drawer: drawer::Drawer::moving(CashMoveKind::PaidOut, "12.5"), ..plain() },
        ),
        exhibit(
            "drawer-count",
            Snapshot { screen: Screen::Drawer, ..shop() },
            Screens { drawer: drawer::Drawer::counting(Currency::EUR, &[0, 1, 4, 7, 3]), ..plain() },
        ),
        exhibit("devices", offline(Snapshot { screen: Screen::Devices, ..shop() }), plain()),
        exhibit("unfinished", offline(Snapshot { screen: Screen::UnfinishedBusiness, ..shop() }), plain()),
    ]
}

/// The exhibit of that name.
pub fn find_exhibit(name: &str) -> Option<Exhibit> {
    exhibits().into_iter().find(|exhibit| exhibit.name == name)
}

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 3, 24).unwrap_or_default()
}

fn person(id: &str, name: &str, role: Role) -> OperatorView {
    OperatorView { id: OperatorId::new(id), name: name.to_owned(), role }
}

fn ana() -> OperatorView {
    person("ana", "Ana", Role::Cashier)
}

fn signing_in(refused: bool) -> Snapshot {
    let operators = vec![
        ana(),
        person("ben", "Ben", Role::Cashier),
        person("chidi", "Chidi", Role::Stock),
        person("dora", "Dora", Role::Supervisor),
        person("emre", "Emre", Role::Cashier),
        person("faye", "Faye", Role::Manager),
    ];
    let view = SignInView {
        operators: Arc::new(operators),
        chosen: Some(OperatorId::new("ana")),
        refused,
        wait_until: refused.then(|| now() + chrono::TimeDelta::seconds(3)),
        basket_waiting: refused,
    };
    Snapshot { access: Access::SignIn(view), basket: empty_basket(), ..shop() }
}

fn device(id: &str, model: &str, port: &str, state: HealthState) -> DeviceView {
    DeviceView {
        id: id.into(),
        model: model.to_owned(),
        port: port.to_owned(),
        health: Health { state, since: at(24, 8, 51) },
        proof: "twin".to_owned(),
    }
}

fn devices(printer: HealthState) -> DevicesView {
    DevicesView {
        devices: vec![
            device("scanner", "Honeywell Voyager 1470g", "/dev/ttyACM0", HealthState::Ready),
            device("printer", "Epson TM-T20III", "/dev/ttyUSB0", printer),
            device("drawer", "Drawer at the printer", "pin 2", HealthState::Ready),
        ],
        paper: PaperLevel::Enough,
        drawer: DrawerPosition::Closed,
    }
}

/// The till at rest, signed in, a session open, everything ready.
fn shop() -> Snapshot {
    Snapshot {
        revision: 1,
        till: TillView {
            store_name: "High Street".to_owned(),
            workstation: "T02".to_owned(),
            currency: Currency::EUR,
            tax_mode: TaxMode::Included,
            bays: ["C-15", "C-16", "D-01"].map(str::to_owned).to_vec(),
            business_day: day(2026),
            next_receipt_number: 42,
        },
        access: Access::Open(ana()),
        screen: Screen::Sell,
        basket: basket(),
        conflict: None,
        question: None,
        pay: None,
        completed: None,
        line: None,
        search: None,
        quick_keys: Arc::new(quick_keys()),
        parked: Arc::new(vec![ParkedBasket {
            basket: BasketId(Uuid::from_u128(7)),
            parked_at: at(24, 13, 40),
            operator_name: "Ben".to_owned(),
            item_count: 3,
            total: euro(4120),
        }]),
        pick_ups: Arc::new(queue()),
        open_order: None,
        receipts: None,
        session: Some(session()),
        stock: None,
        devices: devices(HealthState::Ready),
        sync: SyncState { feed_as_of: Some(at(24, 14, 1)), ..SyncState::unknown(Link::Live) },
        tasks: Arc::new(vec![case_task(), count_task()]),
        notice: None,
    }
}

fn case_task() -> Task {
    Task::Case {
        case: CaseId(Uuid::from_u128(3)),
        order: OrderNumber::new("W-10198"),
        product_name: "Rain shell, moss, L".to_owned(),
        state: CaseState::AwaitingDecision,
        since: at(24, 11, 20),
    }
}

fn count_task() -> Task {
    Task::Count {
        product: ProductId::new("mug-moss"),
        product_name: "Enamel mug, moss".to_owned(),
        shelf: Quantity::ZERO,
    }
}

fn offline(snapshot: Snapshot) -> Snapshot {
    let job = |number: u128| PrintJobId(Uuid::from_u128(number));
    Snapshot {
        sync: SyncState {
            link: Link::Down,
            unsent: 7,
            oldest_unsent_at: Some(at(24, 13, 50)),
            feed_as_of: Some(at(24, 13, 50)),
            quarantined: 0,
            clock_ahead_ms: Some(3200),
        },
        devices: devices(HealthState::Held(HealthReason::PaperOut)),
        tasks: Arc::new(vec![
            Task::Unprinted {
                job: job(1),
                receipt_number: Some(41),
                state: PrintJobState::Partial { confirmed: 3, blocks: 9 },
                since: at(24, 13, 58),
            },
            Task::Unprinted {
                job: job(2),
                receipt_number: None,
                state: PrintJobState::Held { confirmed: 0, blocks: 4 },
                since: at(24, 13, 59),
            },
            case_task(),
            Task::Lapsed {
                order: OrderNumber::new("W-10102"),
                customer_name: "Marek P.".to_owned(),
                bay: Some("C-02".to_owned()),
            },
            count_task(),
        ]),
        ..snapshot
    }
}

fn session() -> Session {
    Session {
        id: SessionId(Uuid::from_u128(5)),
        business_day: day(2026),
        operator: OperatorId::new("ana"),
        opened_at: at(24, 8, 52),
        float: euro(15000),
        cash_sales: euro(41235),
        card_sales: euro(98310),
        cash_moved: euro(-1250),
        sale_count: 41,
        sale_total: euro(139_545),
    }
}

fn line(number: u32, product: &str, name: &str, quantity: Quantity, unit_price_minor: i64) -> BasketLine {
    let unit_price = euro(unit_price_minor);
    BasketLine {
        line: number,
        product: ProductId::new(product),
        name: name.to_owned(),
        unit: Unit::Each,
        quantity,
        unit_price,
        amount: quantity.at(unit_price).unwrap_or(unit_price),
        price_source: PriceSource::List,
        tax: TaxCode('A'),
        discount: None,
        stocked: true,
        scanned: None,
        batch: None,
        age_limit: None,
        hand_over: None,
        changed_by: None,
    }
}

fn view_of(lines: Vec<BasketLine>, marks: Vec<LineMark>, tax_minor: i64, item_count: i64) -> BasketView {
    let total = lines.iter().map(|line| line.net_of_discount().minor()).sum();
    let selected = lines.last().map(|line| line.line);
    let mut basket = Basket::new(BasketId(Uuid::from_u128(42)), Currency::EUR);
    basket.lines = lines;
    BasketView {
        basket: Arc::new(basket.restored(6)),
        marks: Arc::new(marks),
        total: euro(total),
        tax_total: euro(tax_minor),
        item_count,
        selected,
        quantity_prefix: None,
    }
}

fn empty_basket() -> BasketView {
    view_of(Vec::new(), Vec::new(), 0, 0)
}

fn order_ref() -> OrderRef {
    OrderRef {
        number: OrderNumber::new("W-10231"),
        customer_name: "Anna K.".to_owned(),
        collect_by: Some(at(24, 17, 0)),
    }
}

fn basket() -> BasketView {
    let socks = BasketLine {
        discount: Some(Discount { percent: Some(Decimal::TEN), amount: euro(90), reason: "staff".to_owned() }),
        ..line(2, "socks", "Wool socks, grey 41–43", units(1), 900)
    };
    let nuts = BasketLine {
        unit: Unit::Kilogram,
        ..line(3, "nuts", "Brazil nuts, loose", Quantity::from_thousandths(452), 2490)
    };
    let lines = vec![
        line(1, "merino-m", "Merino crew, navy, M", units(2), 5900),
        socks,
        nuts,
        line(4, "mug-moss", "Enamel mug, moss", units(1), 1450),
        line(5, "bag", "Paper bag, large", units(3), 20),
    ];
    let marks = vec![
        LineMark::LastFree(order_ref()),
        LineMark::None,
        LineMark::None,
        LineMark::Books { shelf: Quantity::ZERO },
        LineMark::None,
    ];
    view_of(lines, marks, 2498, 8)
}

fn selling() -> Snapshot {
    shop()
}

fn noticing() -> Snapshot {
    let notice = Notice {
        number: 3,
        weight: NoticeWeight::Refused,
        kind: NoticeKind::CodeUnknown { code: "4006381399999".to_owned() },
    };
    let mut snapshot = shop();
    snapshot.basket.quantity_prefix = Some(units(3));
    Snapshot { notice: Some(notice), ..snapshot }
}

fn sold() -> Snapshot {
    let completed = CompletedSale {
        receipt_number: 42,
        total: euro(15245),
        change: euro(4755),
        print: PrintJobState::Sending { confirmed: 2, blocks: 9 },
    };
    let mut snapshot = Snapshot { completed: Some(completed), basket: empty_basket(), ..shop() };
    snapshot.till.next_receipt_number = 43;
    snapshot
}

fn asking(question: Question) -> Snapshot {
    Snapshot { question: Some(question), ..shop() }
}

fn hit(product: &str, name: &str, department: &str, price_minor: i64, shelf: i64) -> ProductHit {
    ProductHit {
        product: ProductId::new(product),
        name: name.to_owned(),
        department: department.to_owned(),
        price: euro(price_minor),
        price_kind: PriceKind::Fixed,
        unit: Unit::Each,
        stocked: true,
        level: level(shelf, 0, 0),
        elsewhere: units(2),
    }
}

fn merinos() -> Vec<ProductHit> {
    vec![
        hit("merino-s", "Merino crew, navy, S", "Clothing", 5900, 4),
        hit("merino-m", "Merino crew, navy, M", "Clothing", 5900, 1),
        hit("merino-l", "Merino crew, navy, L", "Clothing", 5900, 6),
        hit("merino-green", "Merino crew, green, M, made to last a lifetime of winters", "Clothing", 6900, 0),
    ]
}

fn quick_keys() -> Vec<QuickKeyTab> {
    let services = |product, name, price_kind, price| ProductHit {
        stocked: false,
        price_kind,
        ..hit(product, name, "Services", price, 0)
    };
    let favourites = vec![
        services("bag", "Paper bag, large", PriceKind::Fixed, 20),
        services("wrap", "Gift wrap", PriceKind::Fixed, 250),
        services("card", "Gift card", PriceKind::Open, 0),
        services("alter", "Alterations", PriceKind::Open, 0),
        hit("socks", "Wool socks", "Clothing", 900, 24),
        hit("merino", "Merino crew", "Clothing", 5900, 11),
        hit("shell", "Rain shell", "Clothing", 12900, 5),
        hit("beanie", "Beanie", "Clothing", 2400, 11),
        hit("mug", "Enamel mug", "Kitchen", 1450, 0),
        hit("thermos", "Thermos 0.5 l", "Kitchen", 3200, 7),
        ProductHit { unit: Unit::Kilogram, ..hit("nuts", "Brazil nuts", "Food", 2490, 12) },
        hit("chocolate", "Dark chocolate", "Food", 420, 38),
    ];
    let key = |hit: ProductHit| {
        let variants = if hit.name == "Merino crew" { merinos() } else { Vec::new() };
        QuickKey { hit, variants }
    };
    let tab = |name: &str, keys: &[ProductHit]| QuickKeyTab {
        name: name.to_owned(),
        keys: keys.iter().cloned().map(key).collect(),
    };
    vec![
        tab("", &favourites),
        tab("Clothing", &favourites[4..8]),
        tab("Kitchen", &favourites[8..10]),
        tab("Food", &favourites[10..]),
        tab("Services", &favourites[..4]),
    ]
}

fn weighing() -> Question {
    Question::HowMuch { name: "Brazil nuts, loose".to_owned(), unit: Unit::Kilogram, unit_price: Some(euro(2490)) }
}

/// The socks of the basket, with their discount and their story.
fn looking_at_line() -> Snapshot {
    let mut view = basket();
    let mut changed = (*view.basket).clone();
    for line in changed.lines.iter_mut().filter(|line| line.discount.is_some()) {
        line.changed_by = Some(OperatorId::new("ana"));
        view.selected = Some(line.line);
    }
    view.basket = Arc::new(changed);
    let story = |quantity, reason, workstation: Option<&str>, at| StoryLine {
        quantity: units(quantity),
        reason,
        workstation: workstation.map(str::to_owned),
        at,
    };
    let panel = LinePanel {
        line: view.selected.unwrap_or_default(),
        list_price: Some(euro(900)),
        changed_by: Some("Ana".to_owned()),
        pack: 6,
        stock: Some(LineStock {
            level: level(24, 1, 2),
            as_of: Some(at(24, 14, 1)),
            live: true,
            story: vec![
                story(-1, MovementReason::Sale, Some("T01"), at(24, 11, 20)),
                story(2, MovementReason::Receipt, None, at(23, 9, 10)),
                story(-1, MovementReason::HandOver, None, at(20, 16, 5)),
            ],
            elsewhere: elsewhere(),
        }),
    };
    Snapshot { basket: view, line: Some(Arc::new(panel)), ..shop() }
}

fn searching() -> Snapshot {
    Snapshot { search: Some(Arc::new(SearchResults { text: "mer".to_owned(), hits: merinos() })), ..shop() }
}

fn order_line(number: u32, product: &str, name: &str, ordered: i64, picked: i64, price_minor: i64) -> OrderLine {
    OrderLine {
        line: number,
        product: ProductId::new(product),
        name: name.to_owned(),
        ordered: units(ordered),
        picked: units(picked),
        handed_over: Quantity::ZERO,
        cancelled: Quantity::ZERO,
        short: Quantity::ZERO,
        unit_price: euro(price_minor),
        tax: TaxCode('A'),
    }
}

fn web_order(number: &str, customer: &str, paid: bool, state: OrderState, lines: Vec<OrderLine>) -> WebOrder {
    WebOrder {
        number: OrderNumber::new(number),
        channel: "website".into(),
        reference: "100004711".to_owned(),
        store: "S001".into(),
        fulfilment: Fulfilment::PickUp,
        customer_name: customer.to_owned(),
        customer_phone: Some("06·· ··· 412".to_owned()),
        paid,
        ordered_at: at(24, 13, 20),
        collect_by: Some(at(26, 12, 0)),
        collection_code: "K7P2MX".to_owned(),
        state,
        bay: None,
        picker: None,
        at_risk: false,
        dispatch: None,
        lines,
    }
}

fn conflicting(kind: ConflictKind) -> Snapshot {
    let merino = |picked| vec![order_line(1, "merino-m", "Merino crew, navy, M", 1, picked, 5900)];
    let anna = WebOrder {
        collect_by: Some(at(24, 17, 0)),
        bay: Some("C-14".to_owned()),
        ..web_order("W-10231", "Anna K.", true, OrderState::Ready, merino(1))
    };
    let jo = web_order("W-10240", "Jo B.", false, OrderState::Received, merino(0));
    let story = |quantity, reason, workstation: Option<&str>, at| StoryLine {
        quantity: units(quantity),
        reason,
        workstation: workstation.map(str::to_owned),
        at,
    };
    let orders = match kind {
        ConflictKind::BooksEmpty => vec![anna, jo],
        ConflictKind::Promised => vec![jo],
    };
    let card = ConflictCard {
        line: 2,
        product: ProductId::new("merino-m"),
        product_name: "Merino crew, navy, M".to_owned(),
        kind,
        level: if kind == ConflictKind::BooksEmpty { level(1, 1, 1) } else { level(1, 0, 1) },
        in_basket: units(1),
        as_of: Some(at(24, 14, 1)),
        live: kind == ConflictKind::BooksEmpty,
        orders,
        falls_short: OrderNumber::new("W-10240"),
        story: vec![
            story(2, MovementReason::Receipt, None, at(23, 9, 10)),
            story(-1, MovementReason::Sale, Some("T01"), at(24, 11, 20)),
            story(-1, MovementReason::Sale, Some("T02"), at(24, 11, 45)),
        ],
        elsewhere: elsewhere(),
        scan_waiting: false,
        refused: None,
        code_asked: None,
    };
    let lines = vec![
        line(1, "socks", "Wool socks, grey 41–43", units(1), 900),
        line(2, "merino-m", "Merino crew, navy, M", units(1), 5900),
    ];
    let basket = view_of(lines, vec![LineMark::None, LineMark::Deciding], 1115, 2);
    Snapshot { basket, conflict: Some(Arc::new(card)), ..shop() }
}

fn elsewhere() -> Vec<OtherStoreStock> {
    let store = |id: &str, name: &str, free, distance_m, minute| OtherStoreStock {
        store: id.into(),
        name: name.to_owned(),
        free: units(free),
        distance_m,
        as_of: at(24, 13, minute),
    };
    vec![
        store("S002", "Station Road", 2, 4000, 58),
        store("S003", "Harbour", 1, 7300, 59),
        store("S009", "Warehouse North", 14, 31_000, 55),
    ]
}

fn paying() -> Snapshot {
    let total = basket().total;
    let given = euro(2000);
    let remaining = total - given;
    let settlement = Settlement { total, tendered: given, cash_rounding: euro(0), remaining, change: euro(0) };
    let pay = PayView { settlement, cash_due: remaining, suggestions: suggest_cash(remaining, 3) };
    let mut view = basket();
    let mut tendered = (*view.basket).clone();
    tendered.tenders = vec![Tender { kind: TenderKind::Card, amount: given, reference: Some("004471".to_owned()) }];
    view.basket = Arc::new(tendered);
    Snapshot { screen: Screen::Pay, basket: view, pay: Some(pay), ..shop() }
}

fn row(number: &str, customer: &str, state: OrderState, collect_by: Timestamp, item_count: i64) -> OrderRow {
    OrderRow {
        number: OrderNumber::new(number),
        channel: "website".to_owned(),
        customer_name: customer.to_owned(),
        state,
        collect_by: Some(collect_by),
        paid: true,
        item_count,
        picker_name: None,
        at_risk: false,
        bay: None,
    }
}

fn queue() -> PickUps {
    let ready = |number, customer, bay: &str, minute| OrderRow {
        bay: Some(bay.to_owned()),
        ..row(number, customer, OrderState::Ready, at(24, 17, minute), 1)
    };
    let orders = vec![
        row("W-10238", "Lena S.", OrderState::Received, at(24, 15, 0), 1),
        ready("W-10231", "Anna K.", "C-14", 0),
        ready("W-10233", "Tom de V.", "C-11", 30),
        row("M-55-8812", "Marketplace", OrderState::Received, at(24, 18, 0), 2),
        OrderRow { at_risk: true, ..row("W-10198", "Ines R.", OrderState::Short, at(25, 10, 0), 2) },
        OrderRow {
            paid: false,
            picker_name: Some("Ana".to_owned()),
            ..row("W-10240", "Jo B.", OrderState::Picking, at(26, 12, 0), 3)
        },
        row("W-10102", "Marek P.", OrderState::Lapsed, at(22, 18, 0), 1),
    ];
    PickUps { orders, search: String::new(), to_pick: 3 }
}

fn order_lines() -> Vec<OrderLine> {
    vec![
        order_line(1, "merino-m", "Merino crew, navy, M", 1, 1, 5900),
        order_line(2, "socks", "Wool socks, grey 41–43", 1, 1, 900),
        order_line(3, "mug-moss", "Enamel mug, moss", 1, 0, 1450),
    ]
}

fn detail(order: WebOrder, amount_due: Money) -> OrderDetail {
    let view = |bin: &str, barcode: &str, level| OrderLineView {
        bin: Some(bin.to_owned()),
        barcode: Some(barcode.to_owned()),
        level,
    };
    OrderDetail {
        lines: vec![
            view("A-03", "4006381333931", level(2, 1, 1)),
            view("B-11", "4006381333948", level(24, 0, 0)),
            view("C-02", "4006381334013", level(0, 0, 1)),
        ],
        amount_due,
        picker_name: Some("Ana".to_owned()),
        bay_offered: Some("C-15".to_owned()),
        can_undo: true,
        order,
    }
}

fn picking() -> Snapshot {
    let order = web_order("W-10240", "Jo B.", false, OrderState::Picking, order_lines());
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail(order, euro(8250)))), ..shop() }
}

fn handing_over() -> Snapshot {
    let mut order = web_order("W-10231", "Anna K.", true, OrderState::Ready, order_lines());
    order.bay = Some("C-14".to_owned());
    for line in &mut order.lines {
        line.picked = line.ordered;
    }
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail(order, euro(0)))), ..shop() }
}

fn stock_view() -> Snapshot {
    let story = |quantity, reason, at| StoryLine { quantity: units(quantity), reason, workstation: None, at };
    let rows = merinos().into_iter().map(|hit| StockRow {
        hit,
        story: vec![
            story(-1, MovementReason::Sale, at(24, 11, 20)),
            story(2, MovementReason::Receipt, at(23, 9, 10)),
            story(-1, MovementReason::HandOver, at(20, 16, 5)),
        ],
        elsewhere: elsewhere(),
        as_of: Some(at(24, 14, 1)),
    });
    Snapshot { screen: Screen::Stock, stock: Some(Arc::new(rows.collect())), ..shop() }
}

fn receipts_view() -> Snapshot {
    let row = |number: u64, minute, total| ReceiptRow {
        receipt_number: number,
        completed_at: at(24, 13, minute),
        operator_name: "Ana".to_owned(),
        total: euro(total),
        item_count: 3,
    };
    let mut document = Document::new();
    document.centred("High Street", Style::LARGE);
    document.centred("1 High Street, 1011 AB Amsterdam", Style::PLAIN);
    document.text("");
    document.row("Receipt 00041", "Till S001/T02", Style::PLAIN);
    document.text("2026-03-24 13:58:12 CET (+01:00)");
    document.row("Merino crew, navy, M", "59.00", Style::PLAIN);
    document.row("Wool socks, grey 41–43", "9.00", Style::PLAIN);
    document.row("TOTAL EUR", "68.00", Style::LARGE);
    document.row("Cash", "70.00", Style::PLAIN);
    document.row("Change", "2.00", Style::BOLD);
    document.centred("Thank you, and see you soon", Style::PLAIN);
    let list = ReceiptList {
        search: String::new(),
        rows: vec![row(41, 58, 6800), row(40, 51, 2450), row(39, 40, 129_900), row(38, 22, 420)],
        open: Some((41, document)),
    };
    Snapshot { screen: Screen::Receipts, receipts: Some(Arc::new(list)), ..shop() }
}
