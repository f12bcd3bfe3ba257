//! Every document of `tests/orders` comes to what stands beside it: `NAME.xml` and `NAME.expected`.
//!
//! To add one, put both files there; with `TILL_WRITE_EXPECTED=1` the second is written and is to be read before it is
//! kept. A document that needs others before it is a row of `NAME.1.xml`, `NAME.2.xml`, taken one after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;

use super::*;
use crate::central::store::{
    CallKind, ChannelKind, ChannelRecord, CustomerItem, PriceHolder, PriceRecord, StoreKind, UnknownPolicy,
};
use crate::central::surroundings::hash_secret;
use crate::central::testing::{TestWorld, at, fill_shop, open_store, product_record, store_record};
use crate::domain::ids::OrderNumber;
use crate::domain::money::{Currency, Money};
use crate::domain::price::{PriceBasis, PriceRule, RulePrice};
use crate::domain::product::{Barcode, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::tax::TaxMode;
use crate::domain::web_order::{DeliveryAddress, OrderLine, UnmatchedLine};
use crate::domain::zone::StoreZone;

/// The shop the documents order from: two stores with a GLN, one overseas, a warehouse, and what its products are called.
async fn shop() -> (crate::central::testing::TestStore, Intake<crate::central::store::sqlite::SqliteStore>) {
    let shop = open_store();
    fill_shop(&shop.store, 50).await;
    let mut first = store_record("S001", StoreKind::Shop);
    first.gln = Some("4012345000009".into());
    let mut second = store_record("S002", StoreKind::Shop);
    second.gln = Some("4012345000016".into());
    let mut third = store_record("S003", StoreKind::Shop);
    third.settings.time_zone = StoreZone::of("America/New_York");
    third.settings.tax_mode = TaxMode::Excluded;
    shop.store.save_stores(vec![first, second, third]).await.unwrap();
    let mut cheese = product_record("cheese", Some("04006381333931"));
    cheese.product.unit = Unit::Kilogram;
    let mut wine = product_record("wine", Some("03012993024022"));
    wine.barcodes.push(Barcode { key: "13012993024029".into(), product: "wine".into(), pack: 6 });
    shop.store.save_products(vec![cheese, wine]).await.unwrap();
    save_customers(&shop.store).await;
    let channel = ChannelRecord {
        channel: HELD.into(),
        kind: ChannelKind::Customer,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Orders],
        unknown: UnknownPolicy::Hold,
        created_at: at(0),
        tokens: 0,
    };
    let hub = ChannelRecord { channel: HUB.into(), unknown: UnknownPolicy::Problem, ..channel.clone() };
    let own = ChannelRecord { channel: OWN.into(), customer: Some("C-2102".into()), ..hub.clone() };
    for channel in [channel, hub, own] {
        let secret = hash_secret(channel.channel.as_str());
        shop.store.save_channel(channel, secret).await.unwrap();
    }
    let intake = Intake::new(shop.store.clone(), TestWorld::default().surroundings());
    (shop, intake)
}

/// Two customers with terms: a hotel, with a contract, numbers of its own and a GLN, and one of its group.
async fn save_customers(store: &crate::central::store::sqlite::SqliteStore) {
    let customer = |id: &str, identity: &str| Customer {
        id: id.into(),
        name: format!("Customer {id}"),
        group: Some("trade".into()),
        identities: vec![identity.to_owned()],
    };
    let taken = store.save_customers(vec![customer("C-2102", "5798000012345"), customer("C-2103", "5798000054321")]);
    assert_eq!(taken.await.unwrap(), []);
    let item = |customer: &str, their_number: &str, product: &str| CustomerItem {
        customer: customer.to_owned(),
        their_number: their_number.to_owned(),
        product: product.into(),
    };
    store.save_customer_items(vec![item("C-2102", "HH-77", "scarf"), item("C-2103", "HH-77", "jacket")]).await.unwrap();
    let price = |holder, product: &str, minimum: i64, price| PriceRecord {
        holder,
        product: product.into(),
        rule: PriceRule {
            basis: PriceBasis::Contract,
            minimum: Quantity::units(minimum),
            price,
            valid_from: None,
            valid_until: None,
        },
    };
    let hotel = || PriceHolder::Customer("C-2102".into());
    let prices = vec![
        price(hotel(), "scarf", 0, RulePrice::Amount(Money::new(4500, Currency::EUR))),
        price(hotel(), "scarf", 10, RulePrice::Amount(Money::new(4000, Currency::EUR))),
        price(PriceHolder::Group("trade".into()), "wine", 0, RulePrice::PercentOff(Decimal::from(10))),
    ];
    store.save_prices(prices).await.unwrap();
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/orders")
}

/// Documents by the name they share, in their order.
fn rows() -> BTreeMap<String, Vec<PathBuf>> {
    let mut rows: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "xml") {
            let name = path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap().to_owned();
            rows.entry(name).or_default().push(path);
        }
    }
    rows.values_mut().for_each(|row| row.sort());
    rows
}

/// Rows whose name begins so come by a channel of several customers' own systems that takes what nobody knows.
const HELD: &str = "held";
/// By one where that is a problem.
const HUB: &str = "hub";
/// By the hotel's own channel.
const OWN: &str = "own";

fn tell_held(line: &UnmatchedLine) -> String {
    let numbers =
        [&line.gtin, &line.sellers_number, &line.buyers_number].map(|number| number.as_deref().unwrap_or("-"));
    let unit = line.unit.as_deref().unwrap_or("-");
    format!(
        "  {} held {:?} {} {} {unit} at {}\n",
        line.line,
        line.name,
        numbers.join(" "),
        line.quantity,
        line.unit_price
    )
}

fn tell_line(line: &OrderLine) -> String {
    let wanted = line.ordered - line.cancelled;
    let share = if line.share.is_zero() { String::new() } else { format!(" and {}", line.share) };
    let OrderLine { line: number, name, product, unit_price, amount, .. } = line;
    let taxed = line.taxed.iter().map(|one| format!(", {} % {} + {}", one.percent.normalize(), one.net, one.tax));
    let taxed: String = taxed.collect();
    format!("  {number} {name} x {product} {wanted} at {unit_price} = {amount}{share}{taxed}\n")
}

fn tell(answer: &DocumentAnswer, addresses: &BTreeMap<OrderNumber, DeliveryAddress>) -> String {
    let mut told = String::new();
    for order in &answer.orders {
        write!(told, "{} {}", order.outcome.as_str(), order.reference).unwrap();
        if let Some(taken) = &order.order {
            let paid = match (taken.paid, taken.prepaid, taken.amount_due()) {
                (true, ..) => "paid".to_owned(),
                (false, Some(prepaid), Some(due)) => format!("{prepaid} paid, {due} due"),
                (false, None, Some(due)) => format!("{due} due"),
                (false, _, None) => "not paid".to_owned(),
            };
            let by = taken.collect_by.map_or_else(String::new, |by| format!(", until {}", by.format("%Y-%m-%d %H:%M")));
            write!(
                told,
                ": {} {:?} {:?} in {}, {paid}, for {} {}, placed {}{by}",
                taken.number,
                taken.state,
                taken.fulfilment,
                taken.store,
                taken.customer_name,
                taken.customer_phone.as_deref().unwrap_or("-"),
                taken.ordered_at.format("%Y-%m-%d %H:%M")
            )
            .unwrap();
        }
        told.push('\n');
        told.extend(order.order.iter().flat_map(|order| order.lines.iter().map(tell_line)));
        told.extend(order.order.iter().flat_map(|order| order.unmatched.iter().map(tell_held)));
        for address in order.order.iter().filter_map(|taken| addresses.get(&taken.number)) {
            writeln!(told, "  to {}", address.lines().join(" | ")).unwrap();
        }
        for taken in order.order.iter().filter(|taken| !taken.notes.is_empty()) {
            writeln!(told, "  notes {:?}", taken.notes).unwrap();
        }
        for problem in &order.problems {
            let Place { path, line, column } = &problem.place;
            let severity = if problem.severity == problem::Severity::Warning { "~" } else { "!" };
            writeln!(
                told,
                "  {severity} {} {line}:{column} {path} {:?}: {}",
                problem.code.as_str(),
                problem.value,
                problem.message
            )
            .unwrap();
        }
    }
    told
}

#[tokio::test]
async fn every_document_comes_to_what_stands_beside_it() {
    let mut wrong = String::new();
    let rows = rows();
    assert!(rows.len() >= 60, "the documents are there");
    for (name, documents) in rows {
        let (shop, intake) = shop().await;
        let mut told = String::new();
        for document in documents {
            let bytes = std::fs::read(&document).unwrap();
            let channel = [HELD, HUB, OWN].into_iter().find(|channel| name.starts_with(channel)).unwrap_or("website");
            let incoming = Incoming { channel: channel.into(), content_type: "application/xml".into(), bytes };
            let answer = intake.take_document(incoming, None).await.unwrap();
            let numbers = answer.orders.iter().filter_map(|order| Some(order.order.as_ref()?.number.clone()));
            let addresses = shop.store.list_delivery_addresses(numbers.collect()).await.unwrap();
            told.push_str(&tell(&answer, &addresses));
        }
        assert_eq!(shop.store.list_level_faults().await.unwrap(), Vec::new(), "{name}");
        let path = folder().join(format!("{name}.expected"));
        if std::env::var_os("TILL_WRITE_EXPECTED").is_some() {
            std::fs::write(&path, &told).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if told != expected {
            wrong.push_str(&format!("--- {name}: expected\n{expected}+++ found\n{told}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
