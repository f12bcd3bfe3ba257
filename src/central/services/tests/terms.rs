//! Prices and credit notes over real gRPC.

use super::*;
use crate::central::import::{Kind, import};
use crate::wire::trade::v1::credit_service_client::CreditServiceClient;
use crate::wire::trade::v1::price_service_client::PriceServiceClient;

const CUSTOMERS: &str = "customer,name,group\nC-1,Harbour Hotel,hotels\nC-2,Anna,\n";
const PRICES: &str = "sku,customer,group,price,percent_off,min_quantity,valid_from,valid_until\n\
    jacket,C-1,,80.00,,,,\n\
    jacket,C-1,,75.00,,10,,\n\
    scarf,,hotels,,12.5,,,\n\
    scarf,,,85.00,,5,,\n\
    boots,C-1,,50.00,,,2026-12-01,2026-12-31\n";
const CREDITS: &str = "credit,customer,amount,issued_at,expires_at\nCN-1,C-1,25.00,2026-11-01,\n\
    CN-2,C-1,5.00,2026-11-02,2026-11-22\nCN-3,C-2,9.90,2026-11-03,2027-01-31\n";

async fn bring(house: &House, kind: Kind, file: &str) {
    let surroundings = house.world.surroundings();
    let report = import(&house.central.store, kind, file.as_bytes(), &surroundings, |_| {}).await.unwrap();
    assert_eq!(report.faults, [], "{kind:?}");
}

/// A house with customers, their prices and their credit notes; the tokens of a website and of customer C-1.
async fn open() -> (House, MetadataMap, MetadataMap) {
    let house = House::open(Security::Plain).await;
    bring_all(&house).await;
    let website = house.add_channel("website", &[], &[CallKind::Prices, CallKind::Credits]).await;
    let hotel = add_customers_channel(&house, "hotel", "C-1").await;
    (house, website, hotel)
}

pub(super) async fn bring_all(house: &House) {
    bring(house, Kind::Customers, CUSTOMERS).await;
    bring(house, Kind::Prices, PRICES).await;
    bring(house, Kind::Credits, CREDITS).await;
}

/// The token of a customer's own channel.
pub(super) async fn add_customers_channel(house: &House, name: &str, customer: &str) -> MetadataMap {
    let own = ChannelRecord {
        channel: name.into(),
        kind: ChannelKind::Customer,
        customer: Some(customer.into()),
        stores: Vec::new(),
        calls: vec![CallKind::Prices, CallKind::Credits],
        unknown: UnknownPolicy::Problem,
        created_at: at(0),
        tokens: 0,
    };
    house.central.store.save_channel(own, hash_secret(name)).await.unwrap();
    bearer(name)
}

fn questions(customer: &str, products: &[(&str, i64)]) -> trade::GetPricesRequest {
    let question = |(product, units): &(&str, i64)| trade::PriceQuestion {
        product: (*product).into(),
        quantity_thousandths: units * 1000,
    };
    trade::GetPricesRequest {
        customer: customer.into(),
        products: products.iter().map(question).collect(),
        ..Default::default()
    }
}

fn reason<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String) {
    let status = answer.unwrap_err();
    (status.code(), reason_of(&status).unwrap())
}

#[tokio::test]
async fn each_customer_is_told_the_own_price_and_the_rule_that_gave_it() {
    use trade::PriceRule::{Contract, Group, List, QuantityBreak};
    let (house, website, hotel) = open().await;
    let mut prices = PriceServiceClient::new(house.connect().await);
    let ask = [("jacket", 1), ("jacket", 10), ("scarf", 5), ("boots", 0), ("ghost", 1)];
    #[rustfmt::skip]
    let table = [
        ("C-1", [(8000, Contract), (7500, Contract), (7866, Group),         (8990, List)]),
        ("C-2", [(8990, List),     (8990, List),     (8500, QuantityBreak), (8990, List)]),
        ("",    [(8990, List),     (8990, List),     (8500, QuantityBreak), (8990, List)]),
    ];
    for (customer, expected) in table {
        let answer = prices.get_prices(asking(&website, questions(customer, &ask))).await.unwrap().into_inner();
        let told: Vec<_> = answer.prices.iter().map(|price| (price.unit_price_minor, price.rule())).collect();
        assert_eq!(told, expected, "{customer}");
        assert_eq!(answer.unknown_products, ["ghost"]);
        let jacket = &answer.prices[0];
        let tax = (jacket.tax_percent.as_str(), jacket.tax_included, jacket.currency.as_str());
        assert_eq!((tax, jacket.list_price_minor), (("21", true, "EUR"), 8990));
    }
    // The customer's own system needs no name, and hears of the price that begins in December, in Amsterdam.
    let own = prices.get_prices(asking(&hotel, questions("", &[("boots", 1)]))).await.unwrap().into_inner();
    let december = crate::domain::Timestamp::from_timestamp(1_796_079_600, 0).unwrap();
    assert_eq!(own.prices[0].valid_until, Some(december.to_wire()));
    let mut then = questions("", &[("boots", 1)]);
    then.at = Some(december.to_wire());
    let own = prices.get_prices(asking(&hotel, then)).await.unwrap().into_inner();
    let january = crate::domain::Timestamp::from_timestamp(1_798_758_000, 0).unwrap();
    assert_eq!((own.prices[0].unit_price_minor, own.prices[0].valid_until), (5000, Some(january.to_wire())));

    let other = prices.get_prices(asking(&hotel, questions("C-2", &[("jacket", 1)]))).await;
    assert_eq!(reason(other), (Code::PermissionDenied, "OTHER_CUSTOMER".into()));
    let nobody = prices.get_prices(asking(&website, questions("C-9", &[("jacket", 1)]))).await;
    assert_eq!(reason(nobody), (Code::NotFound, "NOT_FOUND".into()));
    let many = prices.get_prices(asking(&website, questions("C-1", &[("jacket", 1); 1001]))).await;
    assert_eq!(reason(many), (Code::InvalidArgument, "TOO_MANY".into()));
    let less = prices.get_prices(asking(&website, questions("C-1", &[("jacket", -1)]))).await;
    assert_eq!(reason(less), (Code::InvalidArgument, "FIELD_INVALID".into()));
}

fn hold(credit: &str, hold_id: &str) -> trade::HoldCreditRequest {
    trade::HoldCreditRequest { credit: credit.into(), hold_id: hold_id.into(), lease_seconds: 60 }
}

fn release(credit: &str, hold_id: &str, outcome: trade::HoldOutcome) -> trade::ReleaseCreditRequest {
    trade::ReleaseCreditRequest {
        credit: credit.into(),
        hold_id: hold_id.into(),
        outcome: outcome as i32,
        reference: "A-1".into(),
    }
}

#[tokio::test]
async fn of_64_who_hold_one_credit_note_at_once_exactly_one_gets_it() {
    let (house, website, _) = open().await;
    let connection = house.connect().await;
    let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(64));
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..64 {
        let (connection, website, barrier) = (connection.clone(), website.clone(), barrier.clone());
        callers.spawn(async move {
            barrier.wait().await;
            let mut credits = CreditServiceClient::new(connection);
            credits.hold_credit(asking(&website, hold("CN-1", &format!("basket-{caller}")))).await.map(|_| caller)
        });
    }
    let answers = callers.join_all().await;
    let winners: Vec<i32> = answers.iter().filter_map(|answer| answer.as_ref().ok().copied()).collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    for refused in answers.into_iter().filter(Result::is_err) {
        assert_eq!(reason(refused), (Code::FailedPrecondition, "CREDIT_HELD".into()));
    }
    // The winner spends it; a lost answer is asked for again; nobody else ever does.
    let mut credits = CreditServiceClient::new(connection);
    let winner = format!("basket-{}", winners[0]);
    for _ in 0..2 {
        let spent = release("CN-1", &winner, trade::HoldOutcome::Spent);
        let note = credits.release_credit(asking(&website, spent)).await.unwrap().into_inner().credit.unwrap();
        assert_eq!(note.state(), trade::CreditState::Spent);
    }
    for other in ["basket-64", &winner] {
        let again = credits.hold_credit(asking(&website, hold("CN-1", other))).await;
        assert_eq!(reason(again), (Code::FailedPrecondition, "CREDIT_SPENT".into()));
    }
}

#[tokio::test]
async fn a_marketplace_hears_of_no_customers_terms_whatever_its_token_is_good_for() {
    let (house, _, _) = open().await;
    let market = ChannelRecord {
        channel: "mall".into(),
        kind: ChannelKind::Marketplace,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Prices, CallKind::Credits],
        unknown: UnknownPolicy::Problem,
        created_at: at(0),
        tokens: 0,
    };
    house.central.store.save_channel(market, hash_secret("mall")).await.unwrap();
    let mall = bearer("mall");
    let mut prices = PriceServiceClient::new(house.connect().await);
    let mut credits = CreditServiceClient::new(house.connect().await);
    let refused = (Code::PermissionDenied, "OTHER_CUSTOMER".to_owned());
    let list = prices.get_prices(asking(&mall, questions("", &[("jacket", 1)]))).await.unwrap().into_inner();
    assert_eq!(list.prices[0].unit_price_minor, 8990);
    assert_eq!(reason(prices.get_prices(asking(&mall, questions("C-1", &[("jacket", 1)]))).await), refused);
    let ask = trade::GetCreditsRequest { customer: "C-1".into() };
    assert_eq!(reason(credits.get_credits(asking(&mall, ask)).await), refused);
    assert_eq!(reason(credits.hold_credit(asking(&mall, hold("CN-1", "h"))).await), refused);
    let spent = release("CN-1", "h", trade::HoldOutcome::Spent);
    assert_eq!(reason(credits.release_credit(asking(&mall, spent)).await), refused);
}

#[tokio::test]
async fn a_lease_ends_by_itself_and_a_customer_sees_only_the_own_notes() {
    let (house, website, hotel) = open().await;
    let mut credits = CreditServiceClient::new(house.connect().await);
    let open = credits.get_credits(asking(&hotel, trade::GetCreditsRequest::default())).await.unwrap().into_inner();
    let told: Vec<_> =
        open.credits.iter().map(|note| (note.credit.as_str(), note.amount_minor, note.state())).collect();
    let expected = [("CN-1", 2500, trade::CreditState::Open), ("CN-2", 500, trade::CreditState::Expired)];
    assert_eq!(told, expected);
    let other = trade::GetCreditsRequest { customer: "C-2".into() };
    let refused = credits.get_credits(asking(&hotel, other.clone())).await;
    assert_eq!(reason(refused), (Code::PermissionDenied, "OTHER_CUSTOMER".into()));
    let seen = credits.get_credits(asking(&website, other)).await.unwrap().into_inner();
    assert_eq!(seen.credits[0].credit, "CN-3");
    let unnamed = credits.get_credits(asking(&website, trade::GetCreditsRequest::default())).await;
    assert_eq!(reason(unnamed).1, "FIELD_INVALID");
    let foreign = credits.hold_credit(asking(&hotel, hold("CN-3", "h"))).await;
    assert_eq!(reason(foreign), (Code::NotFound, "NOT_FOUND".into()));
    let late = credits.hold_credit(asking(&hotel, hold("CN-2", "h"))).await;
    assert_eq!(reason(late).1, "CREDIT_EXPIRED");

    let held = credits.hold_credit(asking(&hotel, hold("CN-1", "h"))).await.unwrap().into_inner().credit.unwrap();
    assert_eq!(held.held_until, Some(at(60).to_wire()));
    assert_eq!(reason(credits.hold_credit(asking(&website, hold("CN-1", "h"))).await).1, "CREDIT_HELD");
    house.world.turn_to(60);
    credits.hold_credit(asking(&website, hold("CN-1", "w"))).await.unwrap();
    let too_late = release("CN-1", "h", trade::HoldOutcome::Spent);
    assert_eq!(reason(credits.release_credit(asking(&hotel, too_late)).await).1, "CREDIT_NOT_HELD");
    let back = release("CN-1", "w", trade::HoldOutcome::GivenBack);
    let note = credits.release_credit(asking(&website, back)).await.unwrap().into_inner().credit.unwrap();
    assert_eq!((note.state(), note.held_until), (trade::CreditState::Open, None));
    let nameless = credits.hold_credit(asking(&website, hold("CN-1", " "))).await;
    assert_eq!(reason(nameless).1, "FIELD_INVALID");
    // What is held or spent is not changed by importing the file again.
    credits.hold_credit(asking(&hotel, hold("CN-1", "h2"))).await.unwrap();
    bring(&house, Kind::Credits, CREDITS).await;
    assert_eq!(reason(credits.hold_credit(asking(&website, hold("CN-1", "w"))).await).1, "CREDIT_HELD");
}
