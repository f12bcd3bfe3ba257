//! Orders of a channel that takes what nobody knows: held, matched, remembered, changed; and tills that see it.

use super::*;
use crate::central::intake::{DocumentAnswer, Incoming, IntakeOutcome};
use crate::central::store::sqlite::SqliteStore;
use crate::central::store::{
    CallKind, ChannelKind, ChannelRecord, OrderActSubmission, OrderFilter, StoreKind, UnknownPolicy,
};
use crate::central::surroundings::hash_secret;
use crate::central::testing::{TestStore, TestWorld, at, figures, fill_shop, open_store, set_stock, store_record};
use crate::domain::customer::Customer;
use crate::domain::web_order::{OrderState, WarehouseAct};

async fn shop() -> (TestStore, Intake<SqliteStore>) {
    let shop = open_store();
    fill_shop(&shop.store, 10).await;
    shop.store.save_stores(vec![store_record("S001", StoreKind::Shop)]).await.unwrap();
    set_stock(&shop.store, "S001", "scarf", 20).await;
    set_stock(&shop.store, "W001", "scarf", 20).await;
    let channel = ChannelRecord {
        channel: "depot".into(),
        kind: ChannelKind::Customer,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Orders],
        unknown: UnknownPolicy::Hold,
        created_at: at(0),
        tokens: 0,
    };
    shop.store.save_channel(channel, hash_secret("depot")).await.unwrap();
    let intake = Intake::new(shop.store.clone(), TestWorld::default().surroundings());
    (shop, intake)
}

/// An order of a jacket and of something only the customer has a name for.
fn document(number: &str, action: &str, store: &str, scarves: u32) -> String {
    format!(
        "<order number='{number}' currency='EUR' action='{action}'><customer id='C-7'><last_name>Depot</last_name></customer>\
         <delivery>{store}</delivery>\
         <line><gtin>5901234123457</gtin><quantity>1</quantity><price>89.90</price></line>\
         <line><customer_sku>X-1</customer_sku><name>blue thing</name>\
         <quantity unit='DZN'>{scarves}</quantity><price>12.345</price></line></order>"
    )
}

async fn take(intake: &Intake<SqliteStore>, document: &str) -> DocumentAnswer {
    let incoming = Incoming { channel: "depot".into(), content_type: String::new(), bytes: document.into() };
    intake.take_document(incoming, None).await.unwrap()
}

fn scarf(number: &OrderNumber, remember: bool) -> LineMatch {
    LineMatch { number: number.clone(), line: 2, product: "scarf".into(), remember, entry: None, person: "ana".into() }
}

const IN_STORE: &str = "<store>S001</store>";

#[tokio::test]
async fn a_held_line_reserves_nothing_until_it_is_matched_and_then_its_customer_is_known() {
    let (shop, intake) = shop().await;
    let answer = take(&intake, &document("1", "new", IN_STORE, 1)).await;
    let order = answer.orders[0].order.clone().unwrap();
    assert_eq!(answer.orders[0].outcome, IntakeOutcome::Imported);
    assert_eq!(answer.orders[0].held_words().as_deref(), Some("held: 1 item to match"));
    assert_eq!((order.lines.len(), order.unmatched.len(), order.unmatched[0].line), (1, 1, 2));
    assert_eq!(order.unmatched[0].buyers_number.as_deref(), Some("X-1"));
    assert_eq!(figures(&shop.store, "S001", "scarf").await, "20 0 0 20");
    assert_eq!(shop.store.find_order(order.number.clone()).await.unwrap().as_ref(), Some(&*order));
    let held = OrderFilter { held: true, orders_max: 10, ..OrderFilter::default() };
    assert_eq!(shop.store.list_orders(held.clone()).await.unwrap().len(), 1);
    let again = take(&intake, &document("1", "new", IN_STORE, 1)).await;
    assert_eq!(again.orders[0].outcome, IntakeOutcome::Duplicate);

    let after = intake.match_line(scarf(&order.number, true)).await.unwrap().unwrap();
    // A dozen for 12.345 is twelve for 1.02875 each: the price of one is the cent next to it.
    let line = after.line(2).unwrap();
    assert_eq!((line.ordered, line.unit_price.to_string()), (Quantity::units(12), "1.03".to_owned()));
    assert_eq!((line.name.as_str(), after.held_words()), ("blue thing", None));
    assert_eq!(figures(&shop.store, "S001", "scarf").await, "20 0 12 8");
    assert_eq!(intake.match_line(scarf(&order.number, true)).await.unwrap(), Ok(after.clone()), "the same again");
    let acts = shop.store.list_order_acts(order.number.clone()).await.unwrap();
    assert_eq!(
        acts.iter().map(|act| (act.act.as_str(), act.note.as_str())).collect::<Vec<_>>(),
        [("match", "line 2: scarf")]
    );
    assert_eq!(shop.store.list_orders(held.clone()).await.unwrap().len(), 1, "no customer is called C-7 yet");
    let customer = Customer { id: "C-100".into(), name: "Depot".into(), group: None, identities: vec!["other".into()] };
    shop.store.save_customers(vec![customer]).await.unwrap();
    intake.tie_buyer(order.number.clone(), "C-100".into(), true, "ana").await.unwrap().unwrap();
    assert!(shop.store.list_orders(held).await.unwrap().is_empty());
    let next = take(&intake, &document("2", "new", IN_STORE, 1)).await;
    let next = next.orders[0].order.clone().unwrap();
    assert_eq!((next.lines.len(), next.unmatched.len()), (2, 0), "the customer's own list knows it now");
    assert_eq!(shop.store.list_level_faults().await.unwrap(), Vec::new());
}

#[tokio::test]
async fn what_does_not_fit_is_refused_in_words() {
    let (shop, intake) = shop().await;
    let order = take(&intake, &document("1", "new", IN_STORE, 1)).await.orders[0].order.clone().unwrap();
    let number = &order.number;
    let other = |line, product: &str| LineMatch { line, product: product.into(), ..scarf(number, false) };
    let refused = |refusal: Result<WebOrder, HeldRefusal>| refusal.unwrap_err().to_string();
    assert_eq!(refused(intake.match_line(other(7, "scarf")).await.unwrap()), "it has no line 7");
    assert_eq!(refused(intake.match_line(other(1, "scarf")).await.unwrap()), "its line 1 is jacket already");
    let unknown = refused(intake.match_line(other(2, "cup")).await.unwrap());
    assert_eq!(unknown, "we sell no cup: name a product by its article number");
    let nowhere = LineMatch { number: "W-9".into(), ..scarf(number, false) };
    assert_eq!(refused(intake.match_line(nowhere).await.unwrap()), "there is no such order");
    assert_eq!(figures(&shop.store, "S001", "scarf").await, "20 0 0 20");
}

#[tokio::test]
async fn a_change_names_a_matched_line_as_before_and_a_held_one_keeps_its_number() {
    let (shop, intake) = shop().await;
    let order = take(&intake, &document("1", "new", IN_STORE, 1)).await.orders[0].order.clone().unwrap();
    let held = take(&intake, &document("1", "change", "", 2)).await.orders[0].order.clone().unwrap();
    assert_eq!((held.unmatched[0].line, held.unmatched[0].quantity), (2, Quantity::units(2)));
    let matched = intake.match_line(scarf(&order.number, false)).await.unwrap().unwrap();
    assert_eq!(matched.line(2).unwrap().ordered, Quantity::units(24));
    let changed = take(&intake, &document("1", "change", "", 1)).await;
    assert_eq!(changed.orders[0].outcome, IntakeOutcome::Changed);
    let changed = changed.orders[0].order.clone().unwrap();
    assert_eq!((changed.unmatched.len(), changed.line(2).unwrap().ordered), (0, Quantity::units(12)));
    assert_eq!(figures(&shop.store, "S001", "scarf").await, "20 0 12 8");
    assert_eq!(shop.store.list_level_faults().await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_change_of_nothing_but_what_a_held_line_costs_counts_when_it_is_matched() {
    let (_shop, intake) = shop().await;
    let order = take(&intake, &document("1", "new", IN_STORE, 1)).await.orders[0].order.clone().unwrap();
    let dearer = document("1", "change", "", 1).replace("</order>", "<shipping>4.00</shipping></order>");
    assert_eq!(take(&intake, &dearer).await.orders[0].outcome, IntakeOutcome::Changed);
    let matched = intake.match_line(scarf(&order.number, false)).await.unwrap().unwrap();
    let shipping: i64 = matched.lines.iter().map(|line| line.share.minor()).sum();
    assert_eq!(shipping, 400, "{:?}", matched.lines);
}

#[tokio::test]
async fn an_order_that_is_sent_is_not_packed_while_a_line_is_held() {
    let (shop, intake) = shop().await;
    let order = take(&intake, &document("1", "new", "", 1)).await.orders[0].order.clone().unwrap();
    let act = |act| OrderActSubmission {
        number: order.number.clone(),
        act,
        entry: EntryId(uuid::Uuid::new_v4()),
        person: "ana".into(),
        note: String::new(),
    };
    let pick = WarehouseAct::Pick { picker: "ana".into() };
    shop.store.act_on_order(act(pick), at(20)).await.unwrap().unwrap();
    let refused = shop.store.act_on_order(act(WarehouseAct::Pack), at(21)).await.unwrap().unwrap_err();
    assert_eq!(refused.to_string(), "held: 1 of its items to match; match them first");
    intake.match_line(scarf(&order.number, false)).await.unwrap().unwrap();
    let packed = shop.store.act_on_order(act(WarehouseAct::Pack), at(22)).await.unwrap().unwrap();
    assert_eq!(packed.state, OrderState::Packed);
}

#[tokio::test]
async fn a_buyer_nobody_named_is_tied_later() {
    let (shop, intake) = shop().await;
    let nameless =
        document("1", "new", IN_STORE, 1).replace(" id='C-7'", "").replace("<last_name>Depot</last_name>", "");
    let answer = take(&intake, &nameless).await;
    assert_eq!(answer.orders[0].outcome, IntakeOutcome::Imported, "{:?}", answer.orders[0].problems);
    let number = answer.orders[0].order.clone().unwrap().number;
    assert!(shop.store.find_order_parties(number.clone()).await.unwrap().unwrap().is_held);
    let tie = |number: &OrderNumber, remember| intake.tie_buyer(number.clone(), "C-100".into(), remember, "ana");
    let unknown = tie(&number, false).await.unwrap().unwrap_err();
    assert_eq!(unknown.to_string(), "there is no customer C-100: import it first");
    let customer = Customer { id: "C-100".into(), name: "Depot".into(), group: None, identities: Vec::new() };
    shop.store.save_customers(vec![customer]).await.unwrap();
    for _ in 0..2 {
        let parties = tie(&number, false).await.unwrap().unwrap();
        assert_eq!(parties.customer.as_ref().map(CustomerId::as_str), Some("C-100"));
    }
    assert_eq!(shop.store.list_order_acts(number.clone()).await.unwrap().len(), 1, "tied once");
    assert_eq!(tie(&number, true).await.unwrap(), Err(TieRefusal::NothingToRemember.into()));
    // A buyer that is named is the customer's from the moment somebody says so.
    let named = take(&intake, &document("2", "new", IN_STORE, 1)).await.orders[0].order.clone().unwrap();
    tie(&named.number, true).await.unwrap().unwrap();
    let next = take(&intake, &document("3", "new", IN_STORE, 1)).await.orders[0].order.clone().unwrap();
    let parties = shop.store.find_order_parties(next.number.clone()).await.unwrap().unwrap();
    assert_eq!((parties.buyer.as_str(), parties.customer), ("C-7", Some("C-100".into())));
}

#[tokio::test]
async fn without_the_policy_what_nobody_knows_is_a_problem() {
    let (_shop, intake) = shop().await;
    let bytes = document("1", "new", IN_STORE, 1).into_bytes();
    let incoming = Incoming { channel: "website".into(), content_type: String::new(), bytes };
    let answer = intake.take_document(incoming, None).await.unwrap();
    assert_eq!(answer.orders[0].outcome, IntakeOutcome::Problem);
}
