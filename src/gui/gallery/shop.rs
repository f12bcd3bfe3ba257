//! The shop at rest and out of reach of central: its people, its devices, what is not finished.

use std::sync::Arc;

use rust_decimal::Decimal;
use uuid::Uuid;

use super::baskets::{basket, empty_basket};
use super::orders::queue;
use super::products::quick_keys;
use super::tasks::case;
use super::{at, day, euro, now, zone};
use crate::domain::device::{
    DrawerPosition, Health, HealthReason, HealthState, PaperLevel, PrintJobState, SettingsFault, SettingsMistake,
};
use crate::domain::feed::{Freshness, HeardOfStore, Link, SyncState};
use crate::domain::ids::{BasketId, OperatorId, OrderNumber, PrintJobId, ProductId, SessionId, TillId};
use crate::domain::money::Currency;
use crate::domain::operator::Role;
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::session::Session;
use crate::domain::tax::TaxMode;
use crate::domain::tender::CashRounding;
use crate::domain::web_order::OrderState;
use crate::register::KEYBOARD;
use crate::register::intent::Screen;
use crate::register::snapshot::{
    Access, ApprovalSubject, ApprovalView, CountFigures, CountSide, CountToAgree, DeviceView, DevicesView, Document,
    DrawerView, Notice, NoticeKind, NoticeWeight, OperatorView, ParkedBasket, PortDevice, PortView, PortsView,
    ProfileView, SignInView, Snapshot, StartTrouble, StartTroubleKind, Task, TillView,
};

fn person(id: &str, name: &str, role: Role) -> OperatorView {
    OperatorView { id: OperatorId::new(id), name: name.to_owned(), role }
}

pub(super) fn ana() -> OperatorView {
    person("ana", "Ana", Role::Cashier)
}

pub(super) fn signing_in(refused: bool) -> Snapshot {
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
        basket_of: refused.then(|| "Ana".to_owned()),
    };
    Snapshot { access: Access::SignIn(view), basket: empty_basket(), ..shop() }
}

/// Somebody has locked the till in the middle of a sale, offline.
pub(super) fn locked_in_a_sale() -> Snapshot {
    let mut snapshot = offline(signing_in(false));
    if let Access::SignIn(view) = &mut snapshot.access {
        view.basket_waiting = true;
    }
    snapshot
}

/// A Saturday's staff: seventeen faces, and the last of them is signing in.
pub(super) fn signing_in_of_many() -> Snapshot {
    let names = [
        "Ana", "Ben", "Chidi", "Dora", "Emre", "Faye", "Greta", "Hugo", "Ines", "Jo", "Kim", "Luca", "Mia", "Noor",
        "Otto", "Pia", "Zoë",
    ];
    let operators = names.map(|name| person(&name.to_lowercase(), name, Role::Cashier)).to_vec();
    let mut snapshot = signing_in(false);
    if let Access::SignIn(view) = &mut snapshot.access {
        view.chosen = operators.last().map(|last| last.id.clone());
        view.operators = Arc::new(operators);
    }
    snapshot
}

/// Head office has ended the access of whoever was signed in, in the middle of a sale.
pub(super) fn access_ended() -> Snapshot {
    let kind = NoticeKind::AccessEnded { name: "Ana".to_owned() };
    let mut snapshot = signing_in(false);
    if let Access::SignIn(view) = &mut snapshot.access {
        (view.chosen, view.basket_waiting) = (None, true);
    }
    Snapshot { notice: Some(Notice { number: 1, weight: NoticeWeight::Mind, kind }), ..snapshot }
}

/// The same before the float was counted: nothing is being sold.
pub(super) fn without_session(snapshot: Snapshot) -> Snapshot {
    Snapshot { access: Access::NeedsSession(ana()), session: None, basket: empty_basket(), ..snapshot }
}

/// The drawer was counted and is a little short.
pub(super) fn session_closed() -> Snapshot {
    let kind =
        NoticeKind::SessionClosed { counted: euro(43_170), difference: euro(-30), agreed_by: Some("Dora".to_owned()) };
    let notice = Some(Notice { number: 3, weight: NoticeWeight::Done, kind });
    Snapshot { screen: Screen::Drawer, notice, ..without_session(shop()) }
}

/// A till that did not start.
pub(super) fn stopped(kind: StartTroubleKind) -> Snapshot {
    let till = TillId { store: "S001".into(), workstation: "T02".into() };
    let file = "/var/lib/till/till.db".to_owned();
    Snapshot::stopped(Some(&till), day(2026), StartTrouble { kind, file })
}

/// Somebody has mistyped a key of `till.toml`.
pub(super) fn settings_mistyped() -> StartTroubleKind {
    StartTroubleKind::Settings {
        told: "/var/lib/till/till.toml, line 7: unknown field `prot`, expected `port` or `profile`".into(),
    }
}

/// The file was damaged before anybody came to work.
pub(super) fn told_at_the_door() -> Snapshot {
    let kind = NoticeKind::FileSetAside { path: "/var/lib/till/till.db.2026-03-24".to_owned() };
    Snapshot { notice: Some(Notice { number: 1, weight: NoticeWeight::Refused, kind }), ..signing_in(false) }
}

/// A Saturday: eight baskets wait.
pub(super) fn many_parked() -> Snapshot {
    let parked = |number: u32| ParkedBasket {
        basket: BasketId(Uuid::from_u128(u128::from(number) + 20)),
        parked_at: at(24, 13, 10 + number),
        operator_name: if number.is_multiple_of(2) { "Ben" } else { "Ana" }.to_owned(),
        item_count: i64::from(number) + 1,
        total: euro(1250 * i64::from(number + 1)),
    };
    Snapshot { parked: Arc::new((0..8).map(parked).collect()), basket: empty_basket(), ..shop() }
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
            device("drawer", "", "2", HealthState::Ready),
        ],
        paper: PaperLevel::Enough,
        drawer: DrawerPosition::Closed,
        ports: None,
        kept: None,
    }
}

/// What the scanner sent last made no sense.
pub(super) fn scanner_unreadable() -> Snapshot {
    let mut shown = Snapshot { screen: Screen::Devices, ..shop() };
    shown.devices.devices[0] =
        device("scanner", "Honeywell Voyager 1470g", "/dev/ttyACM0", HealthState::Held(HealthReason::Unreadable));
    shown
}

/// The printer's cable is out, and a receipt was torn by it.
pub(super) fn printer_torn() -> Snapshot {
    let torn = offline(shop());
    let tasks = torn.tasks.iter().filter(|task| matches!(task, Task::Unprinted { .. })).take(1).cloned().collect();
    let mut shown = Snapshot { screen: Screen::Devices, tasks: Arc::new(tasks), ..shop() };
    shown.devices = devices(HealthState::Gone);
    shown.devices.devices[2].health = shown.devices.devices[1].health.clone();
    shown
}

/// Somebody has mistyped the name of the printer's profile.
pub(super) fn profile_unknown() -> Snapshot {
    let mistake = SettingsMistake::UnknownProfile {
        name: "epson-tm-t20x".to_owned(),
        nearest: ["epson-tm-t20iii", "epson-tm-t88v", "generic-58"].map(str::to_owned).to_vec(),
    };
    let fault = SettingsFault { mistake, place: "--printer".to_owned() };
    let mut shown = Snapshot { screen: Screen::Devices, ..shop() };
    shown.devices = devices(HealthState::Offline(HealthReason::Settings(fault)));
    (shown.devices.devices[1].model, shown.devices.devices[1].proof) = Default::default();
    shown.devices.devices[2].health = shown.devices.devices[1].health.clone();
    shown
}

/// The till at rest, signed in, a session open, everything ready.
pub(super) fn shop() -> Snapshot {
    Snapshot {
        revision: 1,
        till: TillView {
            store_name: "High Street".to_owned(),
            workstation: "T02".to_owned(),
            country: String::new(),
            currency: Currency::EUR,
            tax_mode: TaxMode::Included,
            cash_rounding: CashRounding::NONE,
            time_zone: zone(),
            price_change_reasons: ["staff", "damaged", "near its date", "price match", "goodwill"]
                .map(str::to_owned)
                .to_vec(),
            bays: ["C-15", "C-16", "D-01"].map(str::to_owned).to_vec(),
            business_day: day(2026),
            next_receipt_number: 42,
        },
        access: Access::Open(ana()),
        screen: Screen::Sell,
        basket: basket(),
        conflict: None,
        question: None,
        approval: None,
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
        unexplained: None,
        has_close_report: true,
        drawer: Some(DrawerView { owner: "Ana".to_owned(), counts: 0, expected_seen: None }),
        stock: None,
        devices: devices(HealthState::Ready),
        sync: SyncState { fresh: fresh(14, 1), ..SyncState::unknown(Link::Live) },
        other_stores: None,
        tasks: Arc::new(vec![case_task(), count_task()]),
        books_told: false,
        notice: None,
    }
}

/// What is heard seldom is older.
fn fresh(hour: u32, minute: u32) -> Freshness {
    Freshness { company: Some(at(24, 8, 30)), store: Some(at(24, hour, minute)) }
}

fn case_task() -> Task {
    Task::Case(Box::new(case()))
}

fn count_task() -> Task {
    Task::Count {
        product: ProductId::new("mug-moss"),
        product_name: "Enamel mug, moss".to_owned(),
        bin: Some("C-02".to_owned()),
        times: 2,
    }
}

pub(super) fn offline(snapshot: Snapshot) -> Snapshot {
    let job = |number: u128| PrintJobId(Uuid::from_u128(number));
    Snapshot {
        sync: SyncState {
            link: Link::Down,
            unsent: 7,
            oldest_unsent_at: Some(at(24, 13, 50)),
            fresh: fresh(13, 50),
            quarantined: 0,
            clock_ahead_ms: Some(3200),
            central_is_full: false,
        },
        other_stores: Some(HeardOfStore { name: "Station Road".to_owned(), as_of: at(24, 13, 20) }),
        devices: devices(HealthState::Held(HealthReason::PaperOut)),
        tasks: Arc::new(vec![
            Task::Unprinted {
                job: job(1),
                document: Document::Receipt(41),
                state: PrintJobState::Partial { confirmed: 3, blocks: 9 },
                since: at(24, 13, 58),
            },
            Task::Unprinted {
                job: job(2),
                document: Document::SetAsideSlip(OrderNumber::new("W-10240")),
                state: PrintJobState::Held { confirmed: 0, blocks: 4 },
                since: at(24, 13, 59),
            },
            case_task(),
            Task::PutBack {
                order: OrderNumber::new("W-10102"),
                customer_name: "Marek P.".to_owned(),
                bay: Some("C-02".to_owned()),
                state: OrderState::Lapsed,
            },
            Task::PutBack {
                order: OrderNumber::new("W-10187"),
                customer_name: "Noor A.".to_owned(),
                bay: Some("C-07".to_owned()),
                state: OrderState::Cancelled,
            },
            count_task(),
        ]),
        ..snapshot
    }
}

/// The session that is open.
pub(super) fn session() -> Session {
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

/// Ana gives more than her role may: Dora or Noor must agree.
pub(super) fn asking_approval() -> Snapshot {
    let person = |id: &str, name: &str, role| OperatorView { id: OperatorId::new(id), name: name.to_owned(), role };
    let approval = ApprovalView {
        subject: ApprovalSubject::Discount { name: "Merino crew, navy, M".to_owned(), percent: Decimal::from(30) },
        operators: vec![person("dora", "Dora", Role::Supervisor), person("noor", "Noor", Role::Manager)],
        chosen: Some(OperatorId::new("dora")),
        refused: true,
        wait_until: None,
        reason: Some("near its date".to_owned()),
        count: None,
    };
    Snapshot { approval: Some(Arc::new(approval)), ..super::selling() }
}

/// The drawer of the open session; nothing is being sold.
pub(super) fn drawer_screen() -> Snapshot {
    Snapshot { screen: Screen::Drawer, basket: empty_basket(), ..shop() }
}

/// Dora has printed what the drawer should hold, and it was counted before.
pub(super) fn drawer_seen() -> Snapshot {
    let expected_seen = Some((at(24, 13, 58), "Dora".to_owned()));
    let drawer = Some(DrawerView { owner: "Ben".to_owned(), counts: 1, expected_seen });
    Snapshot { drawer, ..drawer_screen() }
}

fn asking_dora(subject: ApprovalSubject) -> ApprovalView {
    let dora = person("dora", "Dora", Role::Supervisor);
    ApprovalView {
        subject,
        chosen: Some(dora.id.clone()),
        operators: vec![dora],
        refused: false,
        wait_until: None,
        reason: None,
        count: None,
    }
}

/// Ana closes Ben's session, and it is far from what it should be.
pub(super) fn asking_to_close() -> Snapshot {
    let subject = ApprovalSubject::CloseSession { owner: "Ben".to_owned(), counted: euro(43_200) };
    Snapshot { approval: Some(Arc::new(asking_dora(subject))), ..drawer_seen() }
}

/// Ana has counted, and much is gone.
pub(super) fn asking_to_count() -> Snapshot {
    let subject = ApprovalSubject::Count { name: "Merino crew, navy, M".to_owned(), found: Quantity::units(3) };
    let approval = Some(Arc::new(asking_dora(subject)));
    Snapshot {
        approval,
        basket: empty_basket(),
        ..super::products::counting(Some(Quantity::units(3)), Some(CountSide::Loss))
    }
}

/// Dora has shown who she is, and sees what is off.
pub(super) fn showing_count(asked: Snapshot, figures: CountFigures, reason: &str) -> Snapshot {
    let count = CountToAgree { approver: "Dora".to_owned(), figures, reason: Some(reason.to_owned()) };
    let approval = asked.approval.as_deref().map(|view| ApprovalView { count: Some(count), ..view.clone() });
    Snapshot { approval: approval.map(Arc::new), ..asked }
}

/// Much of a drawer is gone.
pub(super) fn showing_drawer_count() -> Snapshot {
    let figures =
        CountFigures::Drawer { counted: euro(43_200), expected: session().cash_expected(), limit: euro(2_000) };
    showing_count(asking_to_close(), figures, "wrong change given")
}

/// Much of a shelf is gone.
pub(super) fn showing_shelf_count() -> Snapshot {
    let figures = CountFigures::Shelf {
        unit: Unit::Each,
        found: Quantity::units(3),
        books: Quantity::units(12),
        worth: euro(-53_100),
        limit: euro(10_000),
    };
    showing_count(asking_to_count(), figures, "gone, nobody knows how")
}

/// A till whose scanner nobody has set up yet.
pub(super) fn not_set_up() -> Snapshot {
    let mut snapshot = Snapshot { screen: Screen::Devices, ..shop() };
    let scanner = &mut snapshot.devices.devices[0];
    (scanner.model, scanner.port, scanner.proof) = Default::default();
    scanner.health.state = HealthState::NotConfigured;
    snapshot
}

/// A scanner that types like a keyboard, and a drawer whose pin says nothing.
pub(super) fn typing_scanner() -> Snapshot {
    let mut snapshot = Snapshot { screen: Screen::Devices, ..shop() };
    let scanner = &mut snapshot.devices.devices[0];
    (scanner.model, scanner.port, scanner.proof) = (String::new(), KEYBOARD.to_owned(), String::new());
    snapshot.devices.drawer = DrawerPosition::Unknown;
    snapshot
}

/// The printer is to be used on another port: on one of three, or nothing is plugged in.
pub(super) fn choosing_port(plugged_in: bool) -> Snapshot {
    let port = |setting: &str, path: &str, told: &str, profile: Option<&str>| PortView {
        setting: setting.to_owned(),
        path: path.to_owned(),
        told: told.to_owned(),
        profile: profile.map(str::to_owned),
    };
    let profile = |name: &str, model: &str| ProfileView { name: name.to_owned(), model: model.to_owned() };
    let ports = vec![
        port("/dev/ttyS0", "/dev/ttyS0", "serial8250", None),
        port("usb:0c2e:0b6a", "/dev/ttyACM0", "Honeywell Voyager 1470g", None),
        port("usb:04b8:0e28:X5A1", "/dev/ttyUSB1", "Epson TM-T20III", Some("epson-tm-t20iii")),
    ];
    let profiles = vec![
        profile("generic-80", "Generic 80 mm"),
        profile("generic-58", "Generic 58 mm"),
        profile("epson-tm-t20iii", "Epson TM-T20III"),
        profile("epson-tm-t88v", "Epson TM-T88V"),
        profile("citizen-ct-s310", "Citizen CT-S310"),
        profile("bixolon-srp350", "Bixolon SRP-350"),
        profile("xprinter-80", "Xprinter 80 mm"),
    ];
    let ports = if plugged_in { ports } else { Vec::new() };
    let mut snapshot = Snapshot { screen: Screen::Devices, ..shop() };
    snapshot.devices.devices[1].health.state = HealthState::Opening;
    snapshot.devices.ports = Some(Arc::new(PortsView { device: PortDevice::Printer, ports, profiles }));
    snapshot
}

/// Ana puts the printer on another port: Dora or Noor must agree.
pub(super) fn asking_for_port() -> Snapshot {
    let mut snapshot = choosing_port(true);
    let subject = ApprovalSubject::Port { device: PortDevice::Printer, port: "usb:04b8:0e28:X5A1".to_owned() };
    snapshot.approval = asking_approval()
        .approval
        .map(|asked| Arc::new(ApprovalView { subject, refused: false, reason: None, ..(*asked).clone() }));
    snapshot
}
