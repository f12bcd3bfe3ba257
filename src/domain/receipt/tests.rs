//! Receipts, slips and reports as drawn on paper.

use chrono::{TimeZone, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::domain::basket::{BasketLine, Discount, HandOverLine, PriceSource};
use crate::domain::ids::{BasketId, EntryId, SessionId, StoreId, TillId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::sale::{ReceiptChoice, Sale};
use crate::domain::session::{LookedHow, Session};
use crate::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use crate::domain::tax::{TaxCode, TaxMode, TaxRate, tax_table};
use crate::domain::tender::{CashRounding, Tender, TenderKind};
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{
    Collection, CollectionProof, Fulfilment, LineQuantity, OrderLine, OrderState, WebOrder,
};
use crate::domain::zone::StoreZone;

fn euro(text: &str) -> Money {
    Money::parse(text, Currency::EUR).unwrap()
}

fn settings() -> StoreSettings {
    let rate = |code, name: &str, percent| TaxRate { code: TaxCode(code), name: name.into(), percent };
    StoreSettings {
        id: "S001".into(),
        name: "High Street".into(),
        address: vec!["Wool & Co Ltd".into(), "1 High Street, 1011 AB Amsterdam".into()],
        tax_number: "NL001234567B01".into(),
        receipt_footer: vec!["Thank you. Exchange within 30 days with this receipt.".into()],
        country: "NL".into(),
        time_zone: StoreZone::of("Europe/Amsterdam"),
        currency: Currency::EUR,
        tax_mode: TaxMode::Included,
        tax_rates: vec![rate('A', "VAT 21 %", Decimal::from(21)), rate('B', "VAT 9 %", Decimal::from(9))],
        cash_rounding: CashRounding::NONE,
        receipt_duty: ReceiptDuty::default(),
        price_changes: PriceChangeRules::default(),
        promised_alert: PromisedAlert::Card,
        promised_sale: PromisedSale::default(),
        difference_limits: DifferenceLimits::default(),
        bays: vec![],
        lock_after_minutes: None,
    }
}

fn till() -> TillId {
    TillId { store: StoreId::new("S001"), workstation: "T02".into() }
}

fn line(name: &str, quantity: Quantity, price: &str, tax: char) -> BasketLine {
    BasketLine {
        line: 1,
        product: "X".into(),
        name: name.into(),
        unit: Unit::Each,
        quantity,
        unit_price: euro(price),
        amount: quantity.at(euro(price)).unwrap(),
        price_source: PriceSource::List,
        tax: TaxCode(tax),
        discount: None,
        stocked: true,
        scanned: None,
        batch: None,
        age_limit: None,
        hand_over: None,
        changed_by: None,
        approved_by: None,
        price_reason: None,
    }
}

fn sale_of(lines: Vec<BasketLine>, tenders: Vec<Tender>, cash_rounding: Money, change: Money) -> Sale {
    let settings = settings();
    let amounts = lines.iter().map(|l| (l.tax, l.to_pay()));
    let taxes = tax_table(Currency::EUR, &settings.tax_rates, settings.tax_mode, amounts);
    let total = crate::domain::money::sum(Currency::EUR, taxes.iter().map(|t| t.gross));
    Sale {
        basket: BasketId(Uuid::nil()),
        till: till(),
        receipt_number: 42,
        session: SessionId(Uuid::nil()),
        operator: "7".into(),
        operator_name: "Ana".into(),
        begun_at: Utc.with_ymd_and_hms(2026, 11, 24, 13, 1, 0).unwrap(),
        completed_at: Utc.with_ymd_and_hms(2026, 11, 24, 13, 2, 31).unwrap(),
        lines,
        tax_mode: settings.tax_mode,
        taxes,
        total,
        tenders,
        cash_rounding,
        change,
        sold_anyway: vec![],
        collections: vec![],
        receipt: ReceiptChoice::default(),
    }
}

fn sample_sale() -> Sale {
    let mut socks = line("Wool socks", Quantity::ONE, "9.00", 'A');
    socks.discount = Some(Discount { percent: Some(Decimal::from(10)), amount: euro("0.90"), reason: "staff".into() });
    let mut apples = line("Elstar apples", Quantity::from_thousandths(452), "2.99", 'B');
    apples.unit = Unit::Kilogram;
    apples.batch = Some("L2211".into());
    let lines = vec![line("Merino crew, navy, M", Quantity::units(2), "59.00", 'A'), socks, apples];
    let tenders = vec![
        Tender { kind: TenderKind::Card, amount: euro("50.00"), reference: Some("118".into()) },
        Tender { kind: TenderKind::Cash, amount: euro("80.00"), reference: None },
    ];
    sale_of(lines, tenders, euro("-0.01"), euro("2.56"))
}

fn voice() -> ReceiptVoice {
    ReceiptVoice::english(settings().time_zone)
}

#[test]
fn the_receipt_of_a_sale_holds_everything_a_simplified_invoice_needs() {
    let receipt = receipt_for_sale(&sample_sale(), &settings(), None, &voice());
    assert_eq!(receipt.drawer, DrawerKick::AtStart);
    insta::assert_snapshot!("receipt", receipt.to_text(42));
}

#[test]
fn a_gift_receipt_tells_no_price_and_how_the_goods_come_back() {
    let mut sale = sample_sale();
    sale.lines.push(line("Rain shell", Quantity::units(-1), "89.00", 'A'));
    let gift = gift_receipt_for_sale(&sale, &settings(), &voice());
    assert_eq!(gift.drawer, DrawerKick::None, "the receipt before it opened the drawer");
    insta::assert_snapshot!("gift_receipt", gift.to_text(42));
}

#[test]
fn on_narrow_paper_nothing_is_lost() {
    insta::assert_snapshot!(
        "receipt_narrow",
        receipt_for_sale(&sample_sale(), &settings(), None, &voice()).to_text(32)
    );
}

#[test]
fn a_copy_says_so_and_leaves_the_drawer_shut() {
    let copy = receipt_for_sale(&sample_sale(), &settings(), Some(2), &voice());
    assert_eq!(copy.drawer, DrawerKick::None);
    assert_eq!(copy.to_text(42).lines().filter(|l| l.trim() == "COPY 2").count(), 1);
    let original = receipt_for_sale(&sample_sale(), &settings(), None, &voice()).to_text(42);
    let without_banner: Vec<String> =
        copy.to_text(42).lines().filter(|l| l.trim() != "COPY 2").map(str::to_owned).collect();
    assert_eq!(original.lines().collect::<Vec<_>>(), without_banner, "a copy is the original and its banner");
}

#[test]
fn a_card_sale_leaves_the_drawer_shut_and_a_refund_is_called_one() {
    let card = vec![Tender { kind: TenderKind::Card, amount: euro("-9.00"), reference: None }];
    let zero = Money::zero(Currency::EUR);
    let sale = sale_of(vec![line("Wool socks", Quantity::units(-1), "9.00", 'A')], card, zero, zero);
    let receipt = receipt_for_sale(&sale, &settings(), None, &voice());
    assert_eq!(receipt.drawer, DrawerKick::None);
    insta::assert_snapshot!("refund", receipt.to_text(42));
}

#[test]
fn prices_without_tax_show_net_and_tax_above_the_total() {
    let mut sale = sample_sale();
    sale.tax_mode = TaxMode::Excluded;
    let text = receipt_for_sale(&sale, &settings(), None, &voice()).to_text(42);
    assert!(text.contains("Prices exclude VAT."));
    let position = |needle: &str| text.find(needle).unwrap_or_else(|| panic!("{needle}\n{text}"));
    assert!(position("\nNet ") < position("\nTax "));
    assert!(position("\nTax ") < position("TOTAL EUR"));
}

fn order() -> WebOrder {
    let line = |line, name: &str, ordered, picked| OrderLine {
        line,
        product: "X".into(),
        name: name.into(),
        ordered: Quantity::units(ordered),
        picked: Quantity::units(picked),
        handed_over: Quantity::ZERO,
        cancelled: Quantity::ZERO,
        short: Quantity::ZERO,
        unit_price: euro("59.00"),
        amount: Quantity::units(ordered).at(euro("59.00")).unwrap(),
        share: euro("0.00"),
        taxed: Vec::new(),
        tax: TaxCode('A'),
        stocked: true,
    };
    WebOrder {
        number: "W-10231".into(),
        channel: "website".into(),
        reference: "100004711".into(),
        store: "S001".into(),
        fulfilment: Fulfilment::PickUp,
        customer_name: "Anna K.".into(),
        customer_phone: None,
        paid: false,
        prepaid: None,
        ordered_at: Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap(),
        collect_by: Some(Utc.with_ymd_and_hms(2026, 11, 24, 16, 0, 0).unwrap()),
        collection_code: "K7M2QX".into(),
        state: OrderState::Ready,
        bay: Some("C-14".into()),
        picker: None,
        at_risk: false,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        unmatched: Vec::new(),
        notes: String::new(),
        lines: vec![line(1, "Merino crew, navy, M", 1, 1), line(2, "Wool socks, three pairs in a box", 2, 2)],
    }
}

#[test]
fn slips_of_a_web_order() {
    let (settings, till, voice, order) = (settings(), till(), voice(), order());
    let at = Utc.with_ymd_and_hms(2026, 11, 24, 13, 2, 31).unwrap();
    let context = SlipContext { settings: &settings, till: &till, operator_name: "Ana", at, voice: &voice };
    let aside = set_aside_slip(&order, &order.lines[0], Quantity::ONE, "C-14", &context);
    insta::assert_snapshot!("set_aside", aside.to_text(42));
    let bag = bag_slip(&order, &context).to_text(42);
    assert!(!bag.contains("K7M2QX"), "the collection code is the customer's to show");
    insta::assert_snapshot!("bag", bag);
    let lines = [LineQuantity { line: 2, quantity: Quantity::ONE }];
    let handed = hand_over_slip(&order, &lines, "Anna Koster", CollectionProof::Code, &context);
    insta::assert_snapshot!("hand_over", handed.to_text(42));
}

#[test]
fn the_slip_of_a_request_says_whom_it_is_for() {
    let (settings, till, voice) = (settings(), till(), voice());
    let at = Utc.with_ymd_and_hms(2026, 11, 24, 13, 2, 31).unwrap();
    let context = SlipContext { settings: &settings, till: &till, operator_name: "Ana", at, voice: &voice };
    let mut transfer = Transfer {
        entry: EntryId::from_bytes([0x66; 16]),
        order: None,
        product: "merino-m".into(),
        quantity: Quantity::ONE,
        from: "S002".into(),
        from_name: "Station Road".to_owned(),
        to: "S001".into(),
        to_name: "High Street".to_owned(),
        asked_by: "Ana".to_owned(),
        asked_at: at,
        state: TransferState::Requested,
        case: None,
        for_order: None,
        customer: "Jo B.".to_owned(),
    };
    insta::assert_snapshot!("asked_for", transfer_slip(&transfer, "Merino crew, navy, M", &context).to_text(42));
    transfer.for_order = Some("W-10231".into());
    let of_order = transfer_slip(&transfer, "Merino crew, navy, M", &context).to_text(42);
    assert!(of_order.contains("W-10231") && !of_order.contains("Jo B."), "{of_order}");
}

#[test]
fn a_sale_that_hands_over_an_order_names_it_and_who_took_it() {
    let mut sale = sample_sale();
    sale.lines[0].hand_over = Some(HandOverLine {
        order: "W-10231".into(),
        line: 1,
        share: Some(euro("-2.00")),
        prepaid: Some(euro("10.00")),
        taxed: Vec::new(),
        received: None,
    });
    sale.collections =
        vec![Collection { order: "W-10231".into(), collector: "Anna Koster".into(), proof: CollectionProof::Name }];
    let text = receipt_for_sale(&sale, &settings(), None, &voice()).to_text(42);
    assert!(text.contains("  Web order W-10231\n"), "{text}");
    assert!(text.contains("Collected by Anna Koster, by name\n"), "{text}");
}

#[test]
fn the_report_of_a_session_open_and_closed() {
    let (settings, till, voice) = (settings(), till(), voice());
    let session = Session {
        id: SessionId(Uuid::nil()),
        business_day: chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
        operator: "7".into(),
        opened_at: Utc.with_ymd_and_hms(2026, 11, 24, 7, 55, 0).unwrap(),
        float: euro("150.00"),
        cash_sales: euro("1204.55"),
        card_sales: euro("3310.20"),
        cash_moved: euro("-500.00"),
        sale_count: 93,
        sale_total: euro("4514.75"),
    };
    let at = Utc.with_ymd_and_hms(2026, 11, 24, 17, 2, 0).unwrap();
    let context = SlipContext { settings: &settings, till: &till, operator_name: "Ana", at, voice: &voice };
    let close =
        SessionClose { at, counted: euro("850.00"), reason: Some("miscount".into()), agreed_by: Some("Dora".into()) };
    let look = |day, minute, name: &str, how| DrawerLook {
        at: Utc.with_ymd_and_hms(2026, 11, day, 16, minute, 0).unwrap(),
        name: name.to_owned(),
        how,
    };
    let counted = |counted, expected| LookedHow::Counted { counted: euro(counted), expected: euro(expected) };
    let looks = [
        look(23, 40, "Bartholomew", LookedHow::Report),
        look(24, 55, "Ana", counted("12345.00", "12369.75")),
        look(24, 56, "Dora", LookedHow::Agreeing),
        look(24, 58, "Ana", counted("850.00", "854.55")),
        look(24, 59, "Dora", LookedHow::Agreeing),
    ];
    let closed = session_report(&session, "Ana", &looks, Some(&close), &context);
    insta::assert_snapshot!("session_closed", closed.to_text(42));
    insta::assert_snapshot!("session_closed_narrow", closed.to_text(32));
    let once = session_report(&session, "Ana", &looks[3..], Some(&close), &context).to_text(42);
    assert!(once.contains("Counted by") && once.contains("Agreed by") && !once.contains("SEEN"), "{once}");
    let open = session_report(&session, "Ana", &looks, None, &context).to_text(42);
    assert!(open.contains("X REPORT") && !open.contains("Counted"), "{open}");
}

#[test]
fn papers_of_the_warehouse() {
    let (settings, voice) = (settings(), voice());
    let at = Utc.with_ymd_and_hms(2026, 11, 24, 13, 2, 31).unwrap();
    let context = OfficeContext { settings: &settings, at, voice: &voice };
    let mut first = WebOrder { fulfilment: Fulfilment::Delivery, state: OrderState::Received, bay: None, ..order() };
    for (line, product) in first.lines.iter_mut().zip(["merino", "socks"]) {
        line.product = product.into();
        line.picked = Quantity::ZERO;
    }
    let mut second = WebOrder { number: "W-10232".into(), ..first.clone() };
    second.lines[0].ordered = Quantity::units(3);
    second.lines[1].short = Quantity::units(2);
    let bins = [("socks".into(), "A-03".to_owned())].into();
    let label = ["Anna Kovács", "Kade 7-II", "1011 AB Amsterdam", "NL"].map(str::to_owned);
    let address = crate::domain::web_order::DeliveryAddress::of_lines(label).unwrap();
    let addresses = [(first.number.clone(), address.clone())].into();
    let list = pick_list(&[first.clone(), second], &bins, &addresses, &context);
    insta::assert_snapshot!("pick_list", list.to_text(48));
    first.lines[0].picked = Quantity::ONE;
    first.lines[1].picked = Quantity::ONE;
    first.dispatch =
        Some(crate::domain::web_order::Dispatch { carrier: "PostNL".into(), tracking: "3SABCD1234567".into() });
    insta::assert_snapshot!("delivery_note", delivery_note(&first, Some(&address), &context).to_text(80));
    let nowhere = delivery_note(&first, None, &context).to_text(80);
    assert!(nowhere.contains("Anna K.") && !nowhere.contains("Deliver to"), "{nowhere}");
    let taken_off = first.lines[1].name.clone();
    (first.lines[1].ordered, first.lines[1].picked) = (Quantity::ZERO, Quantity::ZERO);
    let note = delivery_note(&first, None, &context).to_text(80);
    assert!(nowhere.contains(&taken_off) && !note.contains(&taken_off), "{note}");
}

#[test]
fn in_the_hour_that_comes_twice_every_time_names_its_offset() {
    let helsinki = ReceiptVoice::english(StoreZone::of("Europe/Helsinki"));
    let new_york = ReceiptVoice::english(StoreZone::of("America/New_York"));
    let unknown = ReceiptVoice::english(StoreZone::of("Lindholm"));
    #[rustfmt::skip]
    let table = [
        (&helsinki, "2026-10-25T00:30:00Z", "2026-10-25 03:30:00 EEST (+03:00)", "2026-10-25 03:30 EEST (+03:00)"),
        (&helsinki, "2026-10-25T01:30:00Z", "2026-10-25 03:30:00 EET (+02:00)",  "2026-10-25 03:30 EET (+02:00)"),
        (&helsinki, "2026-03-29T01:00:00Z", "2026-03-29 04:00:00 EEST (+03:00)", "2026-03-29 04:00"),
        (&new_york, "2026-11-01T05:30:00Z", "2026-11-01 01:30:00 EDT (-04:00)",  "2026-11-01 01:30 EDT (-04:00)"),
        (&new_york, "2026-11-01T06:30:00Z", "2026-11-01 01:30:00 EST (-05:00)",  "2026-11-01 01:30 EST (-05:00)"),
        (&new_york, "2026-03-08T07:00:00Z", "2026-03-08 03:00:00 EDT (-04:00)",  "2026-03-08 03:00"),
        (&unknown,  "2026-11-24T12:02:31Z", "2026-11-24 12:02:31 UTC (+00:00)",  "2026-11-24 12:02 UTC (+00:00)"),
    ];
    for (voice, at, receipt, slip) in table {
        let completed_at = at.parse().unwrap();
        assert_eq!(voice.time(completed_at), slip);
        let sale = Sale { completed_at, ..sample_sale() };
        let text = receipt_for_sale(&sale, &settings(), None, voice).to_text(42);
        assert!(text.lines().any(|line| line == receipt), "{receipt}\n{text}");
    }
}
