//! Random days: anything anyone could do, in any order, and what must hold whatever it was.
//!
//! A failure names its seed and step; the day is the same every time. `RANDOM_DAYS=500 cargo test random_days` plays more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use rust_decimal::Decimal;
use till::domain::basket::Basket;
use till::domain::device::{DeviceEvent, DrawerPosition, HealthReason, HealthState};
use till::domain::event::{Entry, Event, RestoredBasketDecision, movements};
use till::domain::ids::{DeviceId, OrderNumber, ProductId};
use till::domain::money::{Currency, Money, sum};
use till::domain::quantity::Quantity;
use till::domain::scan::{Scan, ScanQuality};
use till::domain::session::CashMoveKind;
use till::domain::tender::TenderKind;
use till::domain::web_order::OrderStep;
use till::register::intent::{ConflictChoice, LinesChosen, Pin, PrintDecision, Recognition, Screen};
use till::register::snapshot::{Access, NoticeWeight, Question, Snapshot, Task};
use till::register::{Intent, SCANNER};

use super::script::{Words, parse};
use super::seeded::SeededRandom;
use super::shop::{Accident, Shop};
use super::{acts, list_breaches, open_shop};

/// Days the suite plays, and what happens in each.
const DAYS: u64 = 16;
const STEPS: usize = 150;

const PRODUCTS: [&str; 11] =
    ["jacket-m", "jumper", "mug", "notebook", "jam", "lemonade", "cider", "brandy", "nuts", "alteration", "bag"];
const ORDERS: [&str; 4] = ["W-1", "W-2", "W-3", "W-4"];
const CODES: [&str; 4] = ["AAA222", "BBB333", "CCC444", "DDD555"];

#[test]
fn random_days() {
    let days = std::env::var("RANDOM_DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(DAYS);
    let happened: BTreeSet<&str> = (1..=days).flat_map(play_day).collect();
    // A day on which nothing happens proves nothing.
    for kind in [
        "sale_completed",
        "conflict_decided",
        "order_stepped",
        "line_voided",
        "basket_voided",
        "receipt_copied",
        "session_closed",
        "stock_counted",
        "drawer_counted",
        "cash_moved",
        "operator_signed_out",
    ] {
        assert!(happened.contains(kind), "no {kind} in {days} days: {happened:?}");
    }
}

/// Plays a day and tells which kinds of entries it wrote.
fn play_day(seed: u64) -> BTreeSet<&'static str> {
    let mut shop = open_shop(seed);
    let random = SeededRandom::new(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    // Figures so low that orders and baskets are always in each other's way.
    for product in ["jacket-m", "jumper", "mug"] {
        shop.office.set_stock(&ProductId::from(product), Quantity::units(2), Quantity::ZERO);
    }
    shop.exchange();
    let opening: BTreeMap<String, Quantity> =
        PRODUCTS.iter().map(|id| (id.to_string(), shop.office.level(&ProductId::from(*id)).on_hand)).collect();
    let mut sold_elsewhere: BTreeMap<String, Quantity> = BTreeMap::new();
    let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
    act(&mut shop, "sign_on anna");
    for step in 0..STEPS {
        // Nobody stays away from the till for long: a day behind the lock would show nothing.
        if !matches!(shop.snapshot().access, Access::Open(_)) && random.below(3) == 0 {
            act(&mut shop, "sign_on anna");
        }
        let before = shop.snapshot();
        let what = match random.below(12) {
            0 => disturb(&mut shop, &random, &mut sold_elsewhere),
            1 if random.below(3) == 0 => count_shelf(&mut shop, &random, &mut counted, &mut sold_elsewhere),
            _ => {
                let intent = draw_intent(&random, &before);
                let told = format!("{intent:?}");
                shop.send(intent.clone());
                let after = shop.snapshot();
                expect_refusals_change_nothing(&intent, &before, &after, seed, step);
                told
            }
        };
        let after = shop.snapshot();
        let breaches = list_snapshot_breaches(&shop, &after);
        assert!(breaches.is_empty(), "day {seed}, step {step}, {what}:\n  {}", breaches.join("\n  "));
    }
    // The day ends with a printer that prints and a network that works.
    shop.set_printer(HealthState::Ready);
    shop.set_network(true);
    let entries = shop.list_entries();
    for id in PRODUCTS {
        let product = ProductId::from(id);
        // What was there when it was counted last, or in the morning, and what has moved since.
        let (began_with, since) = counted.get(id).map_or((opening[id], 0), |count| (count.on_hand, count.entries));
        let own = entries[since..].iter().flat_map(movements).filter(|m| m.product == product);
        let moved: Quantity = own.map(|movement| movement.quantity).sum();
        let elsewhere = sold_elsewhere.get(id).copied().unwrap_or_default();
        let level = shop.journal().view().stock_level(&product).unwrap();
        assert_eq!(level.on_hand, began_with + moved - elsewhere, "day {seed}: {id} is not its movements");
    }
    expect_drawers_to_add_up(&entries, seed);
    let breaches = list_breaches(&mut shop);
    assert!(breaches.is_empty(), "day {seed}, at its end:\n  {}", breaches.join("\n  "));
    entries.iter().map(|entry| entry.event.kind()).collect()
}

/// A shelf that was counted: what was on hand then, and how many entries there were.
struct Counted {
    on_hand: Quantity,
    entries: usize,
}

/// Somebody counts a shelf while the line is up, whatever lies in baskets and bays: head office of these days is no judge of what
/// it hears late, the simulation is.
fn count_shelf(
    shop: &mut Shop,
    random: &SeededRandom,
    counted: &mut BTreeMap<String, Counted>,
    sold_elsewhere: &mut BTreeMap<String, Quantity>,
) -> String {
    let id = ["jumper", "mug", "notebook", "jam"][random.below(4) as usize];
    let product = ProductId::from(id);
    if !shop.network_up {
        return "nothing".to_owned();
    }
    let level = |shop: &Shop| shop.journal().view().stock_level(&product).unwrap();
    let found = (level(shop).shelf() + Quantity::units(random.below(4) as i64 - 2)).max(Quantity::ZERO);
    let before = shop.list_entries().len();
    shop.send(Intent::ShelfCountBegun(product.clone()));
    shop.send(Intent::ShelfCounted { found, reason: Some("random".into()) });
    shop.send(Intent::ShelfCountLeft);
    let entries = shop.list_entries();
    let written = entries[before..].iter().find_map(|entry| match &entry.event {
        Event::StockCounted { found, in_baskets, .. } => Some((*found, *in_baskets)),
        _ => None,
    });
    if let Some((booked, in_baskets)) = written {
        let now = level(shop);
        assert_eq!((booked, now.shelf()), (found, found + in_baskets), "{id} was counted");
        sold_elsewhere.remove(id);
        counted.insert(id.to_owned(), Counted { on_hand: now.on_hand, entries: entries.len() });
    }
    format!("counts {found} {id}")
}

/// Every count of a drawer, and every close, is held against its float and the cash that came and went since, to the cent.
fn expect_drawers_to_add_up(entries: &[Entry], seed: u64) {
    let mut holds = Money::zero(Currency::EUR);
    for entry in entries {
        match &entry.event {
            Event::SessionOpened { float, .. } => holds = *float,
            Event::SaleCompleted(sale) => holds += sale.cash_taken(),
            Event::CashMoved { kind: CashMoveKind::PaidIn, amount, .. } => holds += *amount,
            Event::CashMoved { amount, .. } => holds += -*amount,
            Event::DrawerCounted { expected, .. } | Event::SessionClosed { expected, .. } => {
                assert_eq!(*expected, holds, "day {seed}: what the drawer should hold");
            }
            _ => {}
        }
    }
}

/// What must hold on screen at any moment.
fn list_snapshot_breaches(shop: &Shop, snapshot: &Snapshot) -> Vec<String> {
    let mut breaches = Vec::new();
    let basket = &snapshot.basket.basket;
    let lines = sum(Currency::EUR, basket.lines.iter().map(|line| line.to_pay()));
    if snapshot.basket.total != lines {
        breaches.push(format!("the total is {}, the lines come to {lines}", snapshot.basket.total));
    }
    if snapshot.basket.marks.len() != basket.lines.len() {
        breaches.push(format!("{} lines wear {} marks", basket.lines.len(), snapshot.basket.marks.len()));
    }
    if let Some(card) = &snapshot.conflict
        && basket.line(card.line).is_none()
    {
        breaches.push(format!("the card asks about line {}, which is not there", card.line));
    }
    if snapshot.screen == Screen::Pay && (snapshot.conflict.is_some() || basket.is_empty()) {
        breaches.push("the pay screen is up although it must not be".to_owned());
    }
    let kept = shop.journal().view().find_draft().unwrap().map(|draft| draft.basket);
    let same = kept.as_ref().map_or(basket.is_empty() && basket.tenders.is_empty(), |kept| *kept == **basket);
    if !same {
        breaches.push(format!("a power cut now would bring back {kept:?}\n  and not {basket:?}"));
    }
    breaches
}

/// A refused intent leaves the basket as it was. Answers are left out: they let the scans in that waited.
fn expect_refusals_change_nothing(intent: &Intent, before: &Snapshot, after: &Snapshot, seed: u64, step: usize) {
    let lets_scans_in = matches!(
        intent,
        Intent::ConflictAnswered { .. }
            | Intent::AgeChecked { .. }
            | Intent::AmountConfirmed { .. }
            | Intent::OpenPriceEntered(_)
            | Intent::QuantityEntered(_)
            | Intent::ProductChosen(_)
            | Intent::ChoiceGivenUp
            | Intent::PinEntered(_)
    );
    // So does whatever makes a card needless.
    let asked_about = |snapshot: &Snapshot| snapshot.conflict.as_ref().map(|card| (card.line, card.product.clone()));
    let lets_scans_in = lets_scans_in || before.conflict.is_some() && asked_about(before) != asked_about(after);
    let number = |snapshot: &Snapshot| snapshot.notice.as_ref().map_or(0, |notice| notice.number);
    let refused = after.notice.as_ref().filter(|notice| notice.weight == NoticeWeight::Refused);
    if let Some(notice) = refused.filter(|notice| notice.number > number(before) && !lets_scans_in) {
        let basket = |snapshot: &Snapshot| Basket::clone(&snapshot.basket.basket);
        assert_eq!(basket(after), basket(before), "day {seed}, step {step}, {intent:?}: {:?}", notice.kind);
    }
}

fn act(shop: &mut Shop, line: &str) {
    for statement in parse("random", line) {
        acts::perform(shop, &mut Words::new(&statement.words)).unwrap();
    }
}

/// Something happens that nobody at the till did.
fn disturb(shop: &mut Shop, random: &SeededRandom, sold_elsewhere: &mut BTreeMap<String, Quantity>) -> String {
    let pick = |from: &[&'static str]| from[random.below(from.len() as u64) as usize];
    let line = match random.below(11) {
        0 | 1 => "restart".to_owned(),
        2 => "network down".to_owned(),
        3 => "network up".to_owned(),
        4 | 5 => {
            let position = random.below(4) as usize;
            let known = shop.office.find_order(ORDERS[position]).is_some();
            if known {
                // Done already, perhaps: then it cannot be cancelled, and nothing happens.
                let number = OrderNumber::from(ORDERS[position]);
                let step = if random.below(2) == 0 { OrderStep::Cancelled } else { OrderStep::Lapsed };
                let _ = shop.office.step(&number, &step, shop.now());
                shop.exchange();
                return format!("{step:?} {number}");
            }
            let paid = pick(&["paid", "unpaid"]);
            let (first, second) = (pick(&["jacket-m", "jumper"]), pick(&["mug", "brandy"]));
            format!("order {} pickup {first} x1 {second} x2 {paid} code {}", ORDERS[position], CODES[position])
        }
        6 => {
            let product = pick(&["jacket-m", "jumper", "mug"]);
            *sold_elsewhere.entry(product.to_owned()).or_default() += Quantity::ONE;
            format!("other_till T01 sells {product} 1")
        }
        7 => {
            shop.set_printer(HealthState::Held(HealthReason::PaperOut));
            return "printer paper out".to_owned();
        }
        8 => {
            shop.set_printer(HealthState::Gone);
            return "printer gone".to_owned();
        }
        9 => {
            shop.set_printer(HealthState::Ready);
            let accident = if random.below(2) == 0 { Accident::Lost } else { Accident::PaperOut };
            shop.plan_accident(accident);
            return format!("{accident:?} next");
        }
        _ => {
            shop.turn_clock(TimeDelta::seconds(random.below(400) as i64));
            return "time passes".to_owned();
        }
    };
    act(shop, &line);
    if line == "restart" {
        act(shop, "sign_on anna");
    }
    line
}

/// Anything a person or a device may send, sensible or not; what moves a sale forward comes up more often.
fn draw_intent(random: &SeededRandom, snapshot: &Snapshot) -> Intent {
    let product = || ProductId::from(PRODUCTS[random.below(11) as usize]);
    let order = || OrderNumber::from(ORDERS[random.below(4) as usize]);
    let line = || random.below(6) as u32;
    let cents = || Money::new(random.below(12_000) as i64 - 100, Currency::EUR);
    if snapshot.conflict.is_some() && random.below(4) == 0 {
        return answered(random, snapshot);
    }
    match random.below(30) {
        0..=6 => scanned(random),
        7 => Intent::ProductChosen(product()),
        8 => Intent::QuantitySet { line: line(), quantity: Quantity::units(random.below(5) as i64 - 1) },
        9 => Intent::QuantityPrefixed(Some(Quantity::units(random.below(4) as i64))),
        10 => match random.below(3) {
            0 => Intent::LineRemoved { line: line() },
            1 => Intent::ScanUndone,
            _ => Intent::BasketVoided,
        },
        11 => Intent::DiscountSet { line: line(), percent: Decimal::from(random.below(130)), reason: "random".into() },
        12 => Intent::PriceSet { line: line(), unit_price: cents(), reason: String::new() },
        13..=17 if matches!(snapshot.question, Some(Question::HowMuch { .. })) => {
            let grams = 1 + random.below(3000) as i64;
            Intent::QuantityEntered((random.below(3) > 0).then(|| Quantity::from_thousandths(grams)))
        }
        13 | 14 if snapshot.conflict.is_some() => answered(random, snapshot),
        13 | 14 => Intent::PayOpened,
        15 if matches!(snapshot.question, Some(Question::MayBeSold { .. })) => {
            Intent::RestoredBasketDecided(match random.below(3) {
                0 => RestoredBasketDecision::Sold,
                _ => RestoredBasketDecision::NotSold,
            })
        }
        15 if random.below(2) > 0 => Intent::AmountConfirmed { right: random.below(3) > 0 },
        15 => Intent::AgeChecked { old_enough: random.below(3) > 0 },
        16 if matches!(snapshot.question, Some(Question::WhichProduct { .. })) => Intent::ChoiceGivenUp,
        16 => Intent::OpenPriceEntered((random.below(3) > 0).then(cents)),
        17 => answered(random, snapshot),
        18..=20 => match snapshot.pay.as_ref().and_then(|pay| pay.at_terminal) {
            Some(_) if random.below(4) == 0 => Intent::CardDeclined,
            Some(amount) => Intent::Tendered { kind: TenderKind::Card, amount, reference: None },
            None => tendered(random, snapshot),
        },
        21 => match random.below(3) {
            0 => Intent::PayLeft,
            1 => Intent::TenderTakenBack { index: random.below(3) as usize },
            _ => Intent::ScreenShown([Screen::Sell, Screen::PickUps, Screen::Stock][random.below(3) as usize]),
        },
        22 => match (random.below(2), snapshot.parked.first()) {
            (0, Some(parked)) => Intent::Recalled(parked.basket),
            _ => Intent::Parked,
        },
        23 => Intent::OrderOpened(Some(order())),
        24 => [Intent::PickStarted, Intent::LinePicked { line: 1 }, Intent::LinePicked { line: 2 }]
            [random.below(3) as usize]
            .clone(),
        25 => match random.below(4) {
            0 => Intent::LineNotFound { line: line() },
            1 => Intent::OrderStepUndone,
            2 => Intent::OrderPutBack,
            _ => Intent::OrderMadeReady { bay: "C-13".into() },
        },
        26 => Intent::OrderHandedOver {
            recognised: recognised(random),
            collector: (random.below(4) == 0).then(|| "Peter".to_owned()),
            lines: match random.below(6) {
                0 => LinesChosen::Only(Vec::new()),
                1 => LinesChosen::Only(vec![1]),
                _ => LinesChosen::All,
            },
        },
        27 => match snapshot.tasks.iter().find_map(|task| match task {
            Task::Unprinted { job, .. } => Some(*job),
            _ => None,
        }) {
            Some(job) => Intent::PrintDecided { job, decision: PrintDecision::Copy },
            None => Intent::ReceiptCopied { receipt_number: random.below(5) },
        },
        28 => match random.below(4) {
            0 => Intent::CashMoved { kind: CashMoveKind::PaidOut, amount: cents(), reason: "random".into() },
            1 => Intent::DrawerOpened { reason: "random".into() },
            2 => Intent::Device(DeviceEvent::DrawerChanged { position: DrawerPosition::Open, kicked: false }),
            _ => {
                let reason = (random.below(2) == 0).then(|| "random".into());
                // Far from what it should hold nobody is there to agree to it.
                let expected = snapshot.session.as_ref().map(till::domain::session::Session::cash_expected);
                let counted = expected.filter(|_| random.below(3) > 0).unwrap_or_else(cents);
                Intent::SessionClosed { counted, reason }
            }
        },
        _ => match random.below(5) {
            0 => Intent::SignedOut,
            1 => Intent::OperatorChosen(Some("anna".into())),
            2 => Intent::SessionOpened { float: cents() },
            3 => Intent::NoticeDismissed,
            _ => Intent::PinEntered(Pin("1111".into())),
        },
    }
}

fn scanned(random: &SeededRandom) -> Intent {
    let payload = match random.below(14) {
        number @ 0..=8 => [
            "9520000000011",
            "9520000000028",
            "9520000000035",
            "9520000000042",
            "9520000000059",
            "9520000000073",
            "9520000000080",
            "9520000000097",
            "2300001004525",
        ][number as usize]
            .to_owned(),
        9 => "9520000000103".to_owned(),
        10 => format!("C:{}", CODES[random.below(4) as usize]),
        11 => "B:anna-5f2c9e71".to_owned(),
        12 => random.next().to_string(),
        _ => String::from_utf8_lossy(&random.next().to_le_bytes()).into_owned(),
    };
    let quality = match random.below(12) {
        0 => ScanQuality::Partial,
        1 => ScanQuality::Garbage,
        2 => ScanQuality::Repeat,
        _ => ScanQuality::Whole,
    };
    let scan = Scan { device: DeviceId::from(SCANNER), payload: payload.into_bytes(), symbology: None, quality };
    Intent::Device(DeviceEvent::Scanned(scan))
}

fn recognised(random: &SeededRandom) -> Recognition {
    match random.below(3) {
        0 => Recognition::NameConfirmed,
        _ => Recognition::Code(CODES[random.below(4) as usize].to_owned()),
    }
}

fn answered(random: &SeededRandom, snapshot: &Snapshot) -> Intent {
    let concerned = snapshot.conflict.as_ref().and_then(|card| card.orders.first()).map(|order| order.number.clone());
    let order = concerned.unwrap_or_else(|| OrderNumber::from(ORDERS[random.below(4) as usize]));
    let choice = match random.below(6) {
        0 | 1 => ConflictChoice::SellAnyway { order: None },
        2 => ConflictChoice::Keep { order: (random.below(2) == 0).then_some(order) },
        3 => ConflictChoice::HandOver { order, recognised: recognised(random), collector: None },
        4 => ConflictChoice::LineOut,
        _ => ConflictChoice::FindAnother { store: "S002".into(), customer: String::new() },
    };
    // Now and then to a card that is not up.
    let card =
        snapshot.conflict.as_ref().map_or(0, |card| card.number).saturating_sub(u64::from(random.below(12) == 0));
    Intent::ConflictAnswered { card, choice }
}

fn tendered(random: &SeededRandom, snapshot: &Snapshot) -> Intent {
    let due = snapshot.pay.as_ref().map_or(snapshot.basket.total, |pay| pay.settlement.remaining);
    let kind = if random.below(2) == 0 { TenderKind::Cash } else { TenderKind::Card };
    let amount = match random.below(4) {
        0 => Money::new(random.below(60_000) as i64 - 50, Currency::EUR),
        1 => Money::new(due.minor() / 2, Currency::EUR),
        _ => due,
    };
    if kind == TenderKind::Card && random.below(4) == 0 {
        return Intent::CardBegun { amount };
    }
    Intent::Tendered { kind, amount, reference: None }
}
