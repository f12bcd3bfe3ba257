//! One worked example of every event and every change: what the files in `tests/vectors/wire/` say.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::domain::Timestamp;
use crate::domain::basket::{BasketLine, Discount, HandOverLine, PriceSource};
use crate::domain::conflict::{CaseState, ConflictAnswer, ConflictCase, ConflictDecision, ConflictFacts, ConflictKind};
use crate::domain::event::{CopyCause, CountOf, Event, PrintedDocument, RestoredBasketDecision, RunTail};
use crate::domain::feed::{Change, StockFigure, StoryLine};
use crate::domain::ids::{BasketId, CaseId, EntryId, JournalMark, RunId, SessionId, TillId};
use crate::domain::money::{Currency, Money, Tie};
use crate::domain::operator::{Act, Operator, Role};
use crate::domain::product::{Barcode, PriceKind, Product, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::sale::{ReceiptChoice, Sale, SoldAnyway};
use crate::domain::session::CashMoveKind;
use crate::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use crate::domain::stock::{MovementReason, OtherStoreStock, StockLevel};
use crate::domain::tax::{TaxCode, TaxMode, TaxRate, TaxTotal};
use crate::domain::tender::{CashRounding, Tender, TenderKind};
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{
    Collection, CollectionProof, Fulfilment, LineQuantity, OrderLine, OrderState, OrderStep, WebOrder,
};
use crate::wire::entry::EntryHeader;

fn at(second: u32) -> Timestamp {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_micro_opt(9, 30, second, 123_456).unwrap().and_utc()
}

const fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn till() -> TillId {
    TillId { store: "S001".into(), workstation: "T02".into() }
}

/// Who, when and where of an entry.
pub fn header() -> EntryHeader {
    EntryHeader {
        entry: EntryId::from_bytes([0x11; 16]),
        till: till(),
        mark: JournalMark { run: RunId::from_bytes([0x22; 16]), sequence: 7 },
        recorded_at: at(7),
        operator: Some("1001".into()),
        business_day: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        kind: "run_started".to_owned(),
    }
}

fn facts() -> ConflictFacts {
    let level = StockLevel {
        on_hand: Quantity::units(1),
        held: Quantity::ZERO,
        promised: Quantity::units(1),
        safety: Quantity::from_thousandths(500),
    };
    ConflictFacts { kind: ConflictKind::Promised, level, basket: Quantity::ONE }
}

fn line() -> BasketLine {
    BasketLine {
        line: 3,
        product: "jacket-m".into(),
        name: "Jacket «Fjäll» M".to_owned(),
        unit: Unit::Each,
        quantity: Quantity::units(-2),
        unit_price: eur(8990),
        amount: eur(-17980),
        price_source: PriceSource::Typed,
        tax: TaxCode('A'),
        discount: Some(Discount { percent: Some(Decimal::new(125, 1)), amount: eur(2248), reason: "staff".to_owned() }),
        stocked: true,
        scanned: Some("09506000134352".to_owned()),
        batch: Some("B-7".to_owned()),
        age_limit: Some(18),
        hand_over: Some(HandOverLine {
            order: "W-10231".into(),
            line: 2,
            share: None,
            taxed: Vec::new(),
            prepaid: None,
            received: None,
        }),
        changed_by: None,
        approved_by: None,
        price_reason: None,
    }
}

fn plain_line() -> BasketLine {
    BasketLine {
        line: 1,
        unit: Unit::Kilogram,
        quantity: Quantity::from_thousandths(452),
        discount: None,
        stocked: false,
        scanned: None,
        batch: None,
        age_limit: None,
        hand_over: None,
        changed_by: None,
        approved_by: None,
        ..line()
    }
}

fn sale() -> Sale {
    Sale {
        basket: BasketId::from_bytes([0x33; 16]),
        till: till(),
        receipt_number: 4711,
        session: SessionId::from_bytes([0x44; 16]),
        operator: "1001".into(),
        operator_name: "Anna K.".to_owned(),
        begun_at: at(1),
        completed_at: at(2),
        lines: vec![plain_line(), line()],
        tax_mode: TaxMode::Included,
        taxes: vec![TaxTotal {
            code: TaxCode('A'),
            percent: Decimal::new(21, 0),
            net: eur(7430),
            tax: eur(1560),
            gross: eur(8990),
        }],
        total: eur(8990),
        tenders: vec![
            Tender { kind: TenderKind::Card, amount: eur(4000), reference: Some("slip 12".to_owned()) },
            Tender { kind: TenderKind::Cash, amount: eur(5000), reference: None },
        ],
        cash_rounding: eur(1),
        change: eur(11),
        sold_anyway: vec![SoldAnyway {
            case: CaseId::from_bytes([0x55; 16]),
            product: "jacket-m".into(),
            order: "W-10232".into(),
            facts: facts(),
            approved_by: None,
        }],
        collections: vec![Collection {
            order: "W-10231".into(),
            collector: "Karl".to_owned(),
            proof: CollectionProof::Code,
        }],
        receipt: ReceiptChoice::Receipt,
    }
}

fn decision() -> ConflictDecision {
    ConflictDecision {
        case: CaseId::from_bytes([0x55; 16]),
        basket: BasketId::from_bytes([0x33; 16]),
        product: "jacket-m".into(),
        facts: facts(),
        orders: vec!["W-10231".into(), "W-10232".into()],
        answer: ConflictAnswer::Keep {
            order: "W-10231".into(),
            line: 1,
            quantity: Quantity::ONE,
            bay: "B4".to_owned(),
        },
    }
}

/// One of each kind.
pub fn events() -> Vec<Event> {
    let (session, basket) = (SessionId::from_bytes([0x44; 16]), BasketId::from_bytes([0x33; 16]));
    let mark = JournalMark { run: RunId::from_bytes([0x66; 16]), sequence: 812 };
    let step = OrderStep::HandedOver {
        lines: vec![
            LineQuantity { line: 1, quantity: Quantity::ONE },
            LineQuantity { line: 2, quantity: Quantity::units(3) },
        ],
        collector: "Anna".to_owned(),
        proof: CollectionProof::Name,
    };
    vec![
        Event::RunStarted {
            predecessor: Some(RunTail { mark, hash: [0x77; 32] }),
            version: "0.1.0".to_owned(),
            next_receipt_number: None,
        },
        Event::OperatorSignedIn { operator: "1001".into() },
        Event::OperatorSignedOut { operator: "1001".into() },
        Event::SignInRefused { operator: "1001".into(), failures: 3 },
        Event::SessionOpened { session, float: eur(15000) },
        Event::SessionClosed {
            session,
            expected: eur(20000),
            counted: eur(19990),
            reason: Some("coins".to_owned()),
            agreed_by: None,
        },
        Event::SaleCompleted(Box::new(sale())),
        Event::LineVoided { basket, line: Box::new(line()) },
        Event::BasketVoided { basket, lines: vec![plain_line(), line()] },
        Event::ConflictDecided(Box::new(decision())),
        Event::OrderStepped {
            order: "W-10231".into(),
            step,
            products: vec![(1, "jacket-m".into()), (2, "scarf".into())],
        },
        Event::CashMoved { kind: CashMoveKind::PaidOut, amount: eur(2500), reason: "window cleaner".to_owned() },
        Event::DrawerOpened { reason: "change".to_owned() },
        Event::DrawerOpenedByKey,
        Event::ReceiptCopied { receipt_number: 4711, copy: 1, cause: CopyCause::PrintLost },
        Event::TransferRequested {
            product: "jacket-m".into(),
            quantity: Quantity::ONE,
            from: "S002".into(),
            case: None,
            order: None,
            customer: String::new(),
        },
        Event::StockAdjusted {
            product: "apples".into(),
            quantity: Quantity::from_thousandths(-1250),
            movement: MovementReason::Adjustment,
            note: "spoiled".to_owned(),
        },
        Event::TransferClosed {
            transfer: EntryId::from_bytes([0x66; 16]),
            product: "jacket-m".into(),
            received: Quantity::ONE,
        },
        Event::FalseAlarmReported {
            case: CaseId::from_bytes([0x55; 16]),
            order: "W-10232".into(),
            product: "jacket-m".into(),
        },
        Event::ActApproved { approver: "1004".into(), act: Act::Discount, line: Some((basket, 2)) },
        Event::DocumentCopied {
            document: PrintedDocument::SetAsideSlip { order: "W-10231".into() },
            copy: 1,
            cause: CopyCause::PrintLost,
        },
        Event::CardTakenBack {
            basket: BasketId::from_bytes([0x33; 16]),
            amount: eur(4000),
            reference: Some("slip 12".to_owned()),
        },
        Event::InterimReported { session: SessionId::from_bytes([0x77; 16]) },
        Event::DeviceConfigured {
            device: "printer".into(),
            port: "usb:04b8:0e28".to_owned(),
            profile: "epson-tm-t20iii".to_owned(),
        },
        Event::RestoredBasketDecided {
            basket: BasketId::from_bytes([0x34; 16]),
            decision: RestoredBasketDecision::Sold,
            tenders: vec![Tender { kind: TenderKind::Card, amount: eur(4000), reference: Some("slip 13".to_owned()) }],
        },
        Event::DocumentDropped { document: PrintedDocument::Receipt { receipt_number: 42 } },
        Event::TransferWithdrawn { transfer: EntryId::from_bytes([0x67; 16]) },
        Event::StockCounted {
            product: "apples".into(),
            found: Quantity::from_thousandths(3250),
            expected: Quantity::from_thousandths(4500),
            in_baskets: Quantity::from_thousandths(500),
            reason: Some("spoiled".to_owned()),
        },
        Event::DrawerCounted { session, expected: eur(20000), counted: eur(19990) },
        Event::ShelfCounted {
            product: "apples".into(),
            expected: Quantity::from_thousandths(4500),
            counted: Quantity::from_thousandths(3250),
        },
        Event::CountSeen { by: "1004".into(), of: CountOf::Drawer(session) },
    ]
}

fn product() -> Change {
    let product = Product {
        id: "jacket-m".into(),
        name: "Jacket «Fjäll» M".to_owned(),
        price: eur(8990),
        price_kind: PriceKind::Fixed,
        tax: TaxCode('A'),
        department: "Outdoor".to_owned(),
        unit: Unit::Each,
        age_limit: Some(16),
        variant_of: Some("Jacket «Fjäll»".to_owned()),
        bin: Some("A-03".to_owned()),
        stocked: true,
        quick_key: Some(12),
        withdrawn: false,
    };
    let barcode = |key: &str, pack| Barcode { key: key.to_owned(), product: "jacket-m".into(), pack };
    Change::Product { product, barcodes: vec![barcode("09506000134352", 1), barcode("19506000134359", 6)] }
}

fn settings() -> StoreSettings {
    StoreSettings {
        id: "S001".into(),
        name: "High Street".to_owned(),
        address: vec!["Fjäll & Co".to_owned(), "1 High Street".to_owned()],
        tax_number: "NL123456789B01".to_owned(),
        receipt_footer: vec!["Thank you".to_owned()],
        country: "NL".to_owned(),
        time_zone: crate::domain::zone::StoreZone::of("CET"),
        currency: Currency::EUR,
        tax_mode: TaxMode::Included,
        tax_rates: vec![TaxRate { code: TaxCode('A'), name: "VAT 21 %".to_owned(), percent: Decimal::new(21, 0) }],
        cash_rounding: CashRounding { step_minor: 5, tie: Tie::Up },
        receipt_duty: ReceiptDuty::default(),
        price_changes: PriceChangeRules::default(),
        promised_alert: PromisedAlert::Card,
        promised_sale: PromisedSale::default(),
        difference_limits: DifferenceLimits::default(),
        bays: vec!["B1".to_owned(), "B2".to_owned()],
        lock_after_minutes: Some(10),
    }
}

fn order() -> WebOrder {
    WebOrder {
        number: "W-10231".into(),
        channel: "website".into(),
        reference: "100045".to_owned(),
        store: "S001".into(),
        fulfilment: Fulfilment::PickUp,
        customer_name: "Anna K.".to_owned(),
        customer_phone: Some("06·· ··· 412".to_owned()),
        paid: true,
        prepaid: None,
        ordered_at: at(3),
        collect_by: Some(at(40)),
        collection_code: "K7M2QX".to_owned(),
        state: OrderState::Picking,
        bay: Some("B4".to_owned()),
        picker: Some("1002".into()),
        at_risk: true,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        unmatched: Vec::new(),
        notes: String::new(),
        lines: vec![OrderLine {
            line: 1,
            product: "jacket-m".into(),
            name: "Jacket".to_owned(),
            ordered: Quantity::units(5),
            picked: Quantity::units(3),
            handed_over: Quantity::units(2),
            cancelled: Quantity::units(1),
            short: Quantity::ONE,
            unit_price: eur(8490),
            amount: eur(42_450),
            share: eur(0),
            taxed: Vec::new(),
            tax: TaxCode('A'),
            stocked: true,
        }],
    }
}

/// One of each kind.
pub fn changes() -> Vec<Change> {
    let figure = StockFigure {
        product: "jacket-m".into(),
        on_hand: Quantity::units(-1),
        safety: Quantity::ONE,
        story: vec![StoryLine {
            quantity: Quantity::units(-1),
            reason: MovementReason::Sale,
            workstation: Some("T01".to_owned()),
            at: at(5),
        }],
        elsewhere: vec![OtherStoreStock {
            store: "S002".into(),
            name: "Station".to_owned(),
            free: Quantity::units(4),
            distance_m: 850,
            as_of: at(6),
        }],
        counted_at: None,
    };
    let operator = Operator {
        id: "1001".into(),
        name: "Anna K.".to_owned(),
        role: Role::Supervisor,
        pin_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
        badge: Some("badge-1".to_owned()),
        active: true,
    };
    let case = ConflictCase {
        case: CaseId::from_bytes([0x55; 16]),
        product: "jacket-m".into(),
        order: "W-10232".into(),
        quantity: Quantity::ONE,
        state: CaseState::AwaitingDecision,
        opened_at: at(8),
        due_at: at(8) + crate::domain::conflict::CASE_CLOCK,
    };
    let transfer = Transfer {
        entry: EntryId::from_bytes([0x66; 16]),
        order: Some("T-7K2MX4QA".into()),
        product: "jacket-m".into(),
        quantity: Quantity::ONE,
        from: "S002".into(),
        from_name: "Station".to_owned(),
        to: "S001".into(),
        to_name: "High Street".to_owned(),
        asked_by: "Ana".to_owned(),
        asked_at: at(9),
        state: TransferState::SetAside,
        case: Some(CaseId::from_bytes([0x55; 16])),
        for_order: None,
        customer: String::new(),
    };
    vec![
        product(),
        Change::ProductRemoved("scarf".into()),
        Change::Operator(operator),
        Change::Settings(Box::new(settings())),
        Change::Stock(figure),
        Change::Order(Box::new(order())),
        Change::OrderRemoved("W-10230".into()),
        Change::Case(case),
        Change::Transfer(transfer),
    ]
}
