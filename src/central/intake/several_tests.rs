//! Documents of several orders, and what changes and cancels orders of before, into a real store.

use super::problem::ProblemCode;
use super::tests::{Door, door, told};
use super::*;
use crate::central::store::{DocumentKind, OrderFilter, SaidBeside};
use crate::central::testing::{TestTill, figures, level, received};
use crate::domain::event::Event;
use crate::domain::ids::OrderNumber;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderState, OrderStep};

/// `<order>` of a plain document: its number, more attributes, and its lines as product and pieces.
pub(super) fn order(number: &str, attributes: &str, lines: &[(&str, &str)]) -> String {
    let line = |(sku, pieces): &(&str, &str)| {
        format!("<line><sku>{sku}</sku><quantity>{pieces}</quantity><price>89.90</price></line>\n")
    };
    let lines: String = lines.iter().map(line).collect();
    format!(
        "<order number='{number}' {attributes}>\n<customer id='C-7'/><store>S001</store><currency>EUR</currency>\n\
         {lines}</order>\n"
    )
}

pub(super) fn orders(orders: &[String]) -> String {
    format!("<?xml version='1.0'?>\n<orders>\n{}</orders>\n", orders.concat())
}

pub(super) async fn take(door: &Door, document: &str) -> Vec<IntakeAnswer> {
    let incoming = Incoming { channel: "website".into(), content_type: String::new(), bytes: document.into() };
    door.intake.take_document(incoming, None).await.unwrap().orders
}

/// `OUTCOME number state, …`
pub(super) fn outcomes(answers: &[IntakeAnswer]) -> String {
    let word = |answer: &IntakeAnswer| {
        let order = answer.order.as_ref().map(|order| format!(" {} {:?}", order.number, order.state));
        format!("{}{}", answer.outcome.as_str(), order.unwrap_or_default())
    };
    answers.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_bad_order_harms_none_of_the_others_and_keeps_its_own_part() {
    let door = door().await;
    let document = orders(&[
        order("1", "", &[("jacket", "1")]),
        order("2", "", &[("no-such", "1"), ("jacket", "x")]),
        order("3", "", &[("scarf", "2")]),
        order("1", "", &[("jacket", "3")]),
        order("3", "", &[("scarf", "2")]),
    ]);
    let answers = take(&door, &document).await;
    let expected = "IMPORTED W-10001 Received, PROBLEM, IMPORTED W-10002 Received, PROBLEM, DUPLICATE W-10002 Received";
    assert_eq!(outcomes(&answers), expected);
    assert_eq!(
        told(&answers[1]),
        ["ITEM_UNKNOWN 9 /orders/order[2]/line[1]/sku", "QUANTITY_INVALID 10 /orders/order[2]/line[2]/quantity",]
    );
    assert_eq!(told(&answers[3]), ["DUPLICATE_CONFLICT 16 /orders/order[4]/@number"]);
    assert_eq!(figures(&door.shop.store, "S001", "jacket").await, "5 0 1 4");
    // What is kept is a document of its own, and its places are its own.
    let kept = crate::central::testing::list_open_problems(&door.shop.store).await;
    let of = |reference: &str| kept.iter().find(|problem| problem.reference == reference).unwrap();
    let (bad, twice) = (of("2"), of("1"));
    assert_eq!(kept.len(), 2);
    assert_eq!(Some(bad.problem), answers[1].problem);
    assert_eq!(bad.document, answers[1].part);
    let places: serde_json::Value = serde_json::from_str(&bad.problems).unwrap();
    assert_eq!((&places[0]["line"], &places[0]["path"]), (&5.into(), &"/orders/order/line[1]/sku".into()));
    assert!(twice.problems.contains("\"line\":3"), "{}", twice.problems);
    let mended = String::from_utf8(bad.document.clone()).unwrap().replace("no-such", "boots").replace(">x<", ">1<");
    assert_eq!(outcomes(&take(&door, &mended).await), "IMPORTED W-10003 Received");
    // The whole once more: what was taken is a duplicate, what was mended has another content now.
    let again = outcomes(&take(&door, &document).await);
    assert_eq!(
        again,
        "DUPLICATE W-10001 Received, PROBLEM, DUPLICATE W-10002 Received, PROBLEM, DUPLICATE W-10002 Received"
    );
}

#[tokio::test]
async fn a_part_is_a_document_whatever_the_whole_is_encoded_in() {
    let door = door().await;
    let document = orders(&[order("1", "note='Grüße'", &[]), order("2", "note='Grüße'", &[])])
        .replace("<?xml version='1.0'?>", "<?xml version='1.0' encoding='ISO-8859-1'?>")
        .replace("</orders>", "<!-- é --></orders>");
    let latin: Vec<u8> = document.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let incoming = Incoming { channel: "website".into(), content_type: String::new(), bytes: latin };
    let answer = door.intake.take_document(incoming, None).await.unwrap();
    assert_eq!(outcomes(&answer.orders), "PROBLEM, PROBLEM");
    let part = String::from_utf8(answer.orders[1].part.clone()).unwrap();
    assert!(part.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<orders>\n<order number='2'"), "{part}");
    assert!(
        part.contains("Grüße") && !part.contains("number='1'") && part.ends_with("<!-- é --></orders>\n"),
        "{part}"
    );
    let response = String::from_utf8(answer.response).unwrap();
    assert!(
        response.contains("<answer number=\"2\" outcome=\"PROBLEM\"") && response.contains("NO_LINES"),
        "{response}"
    );
}

#[tokio::test]
async fn a_change_simply_becomes_so_before_anybody_picked() {
    let door = door().await;
    let store = &door.shop.store;
    take(&door, &orders(&[order("1", "", &[("jacket", "3"), ("scarf", "1")])])).await;
    assert_eq!(figures(store, "S001", "jacket").await, "5 0 3 2");
    let change = orders(&[order("1", "action='change'", &[("jacket", "1"), ("boots", "2")])]);
    let answers = take(&door, &change).await;
    assert_eq!(outcomes(&answers), "CHANGED W-10001 Received");
    let lines: Vec<String> =
        answers[0].order.as_ref().unwrap().lines.iter().map(|l| format!("{} {}", l.product, l.ordered)).collect();
    assert_eq!(lines, ["jacket 1", "scarf 0", "boots 2"]);
    for (product, expected) in [("jacket", "5 0 1 4"), ("scarf", "0 0 0 0"), ("boots", "0 0 2 -2")] {
        assert_eq!(figures(store, "S001", product).await, expected, "{product}");
    }
    assert_eq!(outcomes(&take(&door, &change).await), "DUPLICATE W-10001 Received");
    let first_again = take(&door, &orders(&[order("1", "", &[("jacket", "3"), ("scarf", "1")])])).await;
    assert_eq!(outcomes(&first_again), "DUPLICATE W-10001 Received", "an old sending undoes nothing");
    assert_eq!(figures(store, "S001", "jacket").await, "5 0 1 4");
    // Cancelled by its number alone; once more is no harm.
    let cancel = "<orders><order number='1' action='cancel'/></orders>";
    assert_eq!(outcomes(&take(&door, cancel).await), "CANCELLED W-10001 Cancelled");
    assert_eq!(outcomes(&take(&door, cancel).await), "DUPLICATE W-10001 Cancelled");
    assert_eq!(figures(store, "S001", "jacket").await, "5 0 0 5");
    let late = take(&door, &orders(&[order("1", "action='change'", &[("jacket", "2")])])).await;
    assert_eq!(told(&late[0]), ["CANCEL_TOO_LATE 3 /orders/order/@number"]);
    // Nothing that was sent is lost.
    let documents = store.list_order_documents(OrderNumber::new("W-10001")).await.unwrap();
    let kinds: Vec<_> = documents.iter().map(|document| document.kind).collect();
    assert_eq!(kinds, [DocumentKind::Order, DocumentKind::Change, DocumentKind::Cancellation]);
    assert_eq!(documents[1].document, change.as_bytes());
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
}

#[tokio::test]
async fn changes_and_cancellations_of_no_order_are_told() {
    let door = door().await;
    let change = |buyer: &str| {
        orders(&[order("1", "action='change'", &[("jacket", "1")])]).replace("<customer id='C-7'/>", buyer)
    };
    assert_eq!(told(&take(&door, &change("")).await[0]), ["ORDER_UNKNOWN 3 /orders/order/@number"]);
    take(&door, &orders(&[order("1", "", &[("jacket", "1")])])).await;
    take(&door, &orders(&[order("1", "", &[("jacket", "1")])]).replace("C-7", "C-8")).await;
    assert_eq!(told(&take(&door, &change("")).await[0]), ["BUYER_UNKNOWN 3 /orders/order/@number"]);
    assert_eq!(told(&take(&door, &change("<customer id='C-9'/>")).await[0]), ["ORDER_UNKNOWN 3 /orders/order/@number"]);
    let named = take(&door, &change("<customer id='C-8'/>")).await;
    assert_eq!(outcomes(&named), "CHANGED W-10002 Received");
    let elsewhere = change("<customer id='C-8'/>").replace("S001", "W001");
    assert_eq!(told(&take(&door, &elsewhere).await[0]), ["STORE_UNKNOWN 3 /orders/order/@number"]);
    // A sender bound to other stores does not see the order, and cannot end it.
    let cancel = "<order number='1' action='cancel' customer_id='C-8'/>";
    let incoming = Incoming { channel: "website".into(), content_type: String::new(), bytes: cancel.into() };
    let answer = door.intake.take(incoming, Some(vec!["S002".into()])).await.unwrap();
    assert_eq!(told(&answer), ["ORDER_UNKNOWN 1 /order/@number"]);
}

/// A till that picks: each step pushed as it happens.
pub(super) struct Picker<'a> {
    pub door: &'a Door,
    pub till: TestTill,
    pub order: WebOrder,
}

impl Picker<'_> {
    pub async fn push(&mut self, step: OrderStep) {
        let products = self.order.lines.iter().map(|line| (line.line, line.product.clone())).collect();
        let entry = self.till.write(Event::OrderStepped { order: self.order.number.clone(), step, products });
        let receipt = self
            .door
            .shop
            .store
            .push(self.till.till.clone(), vec![received(&entry)], SaidBeside::default(), self.door.now())
            .await;
        assert!(receipt.unwrap().outcomes.iter().all(|(_, outcome)| format!("{outcome:?}") == "Applied"));
    }
}

#[tokio::test]
async fn a_pick_in_progress_survives_a_change() {
    let door = door().await;
    let store = &door.shop.store;
    let placed = take(&door, &orders(&[order("1", "", &[("jacket", "3")])])).await;
    let mut till = TestTill::enrol(store, "S001", "T01").await;
    let start = till.start();
    store.push(till.till.clone(), vec![received(&start)], SaidBeside::default(), door.now()).await.unwrap();
    let mut picker = Picker { door: &door, till, order: *placed[0].order.clone().unwrap() };
    let some = |units: i64| LineQuantity { line: 1, quantity: Quantity::units(units) };
    picker.push(OrderStep::PickStarted { operator: "ana".into() }).await;
    picker.push(OrderStep::Picked { what: some(2), bay: None }).await;
    assert_eq!(figures(store, "S001", "jacket").await, "5 2 1 2");
    // Fewer than are picked: they stay held until somebody takes one out of the bay.
    let fewer = take(&door, &orders(&[order("1", "action='change'", &[("jacket", "1"), ("scarf", "1")])])).await;
    assert_eq!(outcomes(&fewer), "CHANGED W-10001 Picking");
    assert_eq!(figures(store, "S001", "jacket").await, "5 2 0 3");
    picker.order = *fewer[0].order.clone().unwrap();
    picker.push(OrderStep::Picked { what: LineQuantity { line: 2, quantity: Quantity::ONE }, bay: None }).await;
    picker.push(OrderStep::MadeReady { bay: "B1".into() }).await;
    assert_eq!(figures(store, "S001", "jacket").await, "5 1 0 4");
    // More than are ready: the order goes back to picking.
    let more =
        take(&door, &orders(&[order("1", "action='change' date='2026-11-23'", &[("jacket", "2"), ("scarf", "1")])]))
            .await;
    assert_eq!(outcomes(&more), "CHANGED W-10001 Picking");
    assert_eq!(figures(store, "S001", "jacket").await, "5 1 1 3");
    let given = OrderStep::HandedOver { lines: vec![some(1)], collector: "Anna".into(), proof: CollectionProof::Name };
    picker.push(given).await;
    let late = take(&door, "<order number='1' action='cancel'/>").await;
    assert_eq!(told(&late[0]), ["CANCEL_TOO_LATE 1 /order/@number"]);
    assert!(late[0].problems[0].message.contains("has 1 of its line 1"), "{:?}", late[0].problems);
    let rest = take(&door, &orders(&[order("1", "action='change'", &[("jacket", "1")])])).await;
    assert_eq!(outcomes(&rest), "CHANGED W-10001 PartHandedOver", "the scarf is still to be put back");
    assert_eq!(level(store, "S001", "scarf").await.held, Quantity::ONE);
    assert_eq!(store.list_level_faults().await.unwrap(), Vec::new());
    let orders = store.list_orders(OrderFilter { orders_max: 9, ..OrderFilter::default() }).await.unwrap();
    assert_eq!((orders.len(), orders[0].state), (1, OrderState::PartHandedOver));
}

#[tokio::test]
async fn ubl_changes_and_cancellations_name_their_order() {
    let door = door().await;
    let placed = door.take(super::tests::order()).await;
    assert_eq!(placed.outcome, IntakeOutcome::Imported);
    let number = "<cbc:ID>A-1</cbc:ID>";
    let change = super::tests::order()
        .replace("Order xmlns", "OrderChange xmlns")
        .replace("</Order>", "</OrderChange>")
        .replace("xsd:Order-2", "xsd:OrderChange-2")
        .replace(number, "<cbc:ID>CH-1</cbc:ID><cac:OrderReference><cbc:ID>A-1</cbc:ID></cac:OrderReference>")
        .replace("unitCode=\"C62\">2<", ">3<")
        .replace("179.80", "269.70");
    let answer = door.take(change.clone()).await;
    assert_eq!((answer.outcome, answer.reference.as_str()), (IntakeOutcome::Changed, "A-1"), "{:?}", answer.problems);
    assert_eq!(figures(&door.shop.store, "S001", "jacket").await, "5 0 3 2");
    assert_eq!(door.take(change).await.outcome, IntakeOutcome::Duplicate);
    let ubl = "urn:oasis:names:specification:ubl:schema:xsd";
    let cancellation = format!(
        "<c:OrderCancellation xmlns:c='{ubl}:OrderCancellation-2' xmlns:b='{ubl}:CommonBasicComponents-2'
          xmlns:a='{ubl}:CommonAggregateComponents-2'><b:ID>7</b:ID><b:CancellationNote>By phone</b:CancellationNote>
          <a:OrderReference><b:ID>A-1</b:ID></a:OrderReference><a:BuyerCustomerParty><a:Party><a:PartyIdentification>
          <b:ID>customer-7</b:ID></a:PartyIdentification></a:Party></a:BuyerCustomerParty></c:OrderCancellation>"
    );
    let answer = door.take(cancellation).await;
    assert_eq!(answer.outcome, IntakeOutcome::Cancelled, "{:?}", answer.problems);
    assert_eq!(figures(&door.shop.store, "S001", "jacket").await, "5 0 0 5");
}

#[tokio::test]
async fn ubl_is_answered_accepted_accepted_with_changes_or_rejected() {
    let door = door().await;
    let peppol = "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID><cbc:ID>A-1</cbc:ID>";
    let order = super::tests::order().replace("<cbc:ID>A-1</cbc:ID>", peppol);
    let response = |answer: IntakeAnswer| String::from_utf8(answer.response).unwrap();
    let check = |response: String, parts: &[&str]| {
        for part in parts {
            assert!(response.contains(part), "{part} in {response}");
        }
    };
    let customization = "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order_response:3<";
    let accepted = response(door.take(order.clone()).await);
    check(accepted, &["<OrderResponse ", customization, ">AP<", "<cbc:SalesOrderID>W-10001<"]);
    let change =
        "<order number='A-1' action='change' currency='EUR'><line sku='jacket' quantity='1' price='89.90'/></order>";
    assert_eq!(door.take(change).await.outcome, IntakeOutcome::Changed);
    // The same again is success, and says how the order stands by now.
    check(
        response(door.take(order.clone()).await),
        &[">CA<", "<cbc:LineStatusCode>3<", "<cbc:Quantity unitCode=\"C62\">1<"],
    );
    let rejected = response(door.take(order.replace("A-1", "A-2").replace("S001", "S404")).await);
    check(rejected, &[">RE<", "STORE_UNKNOWN"]);
}

#[tokio::test]
async fn opentrans_and_gs1_are_answered_in_their_own_language() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/orders");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let check = |response: Vec<u8>, parts: &[&str]| {
        let response = String::from_utf8(response).unwrap();
        // What we answer is well formed, whatever else it is.
        assert!(
            Document::parse(response.as_bytes(), "").unwrap_err().code != ProblemCode::XmlNotWellFormed,
            "{response}"
        );
        for part in parts {
            assert!(response.contains(part), "{part} in {response}");
        }
    };
    let door = door().await;
    let opentrans = |sku: &str, number: &str| {
        format!(
            "<ORDER xmlns='http://www.opentrans.org/XMLSchema/2.1' xmlns:b='http://www.bmecat.org/bmecat/2005'><ORDER_HEADER>
             <ORDER_INFO><ORDER_ID>{number}</ORDER_ID><b:CURRENCY>EUR</b:CURRENCY><PARTIES><PARTY><b:PARTY_ID>c-1</b:PARTY_ID>
             <PARTY_ROLE>buyer</PARTY_ROLE></PARTY></PARTIES></ORDER_INFO></ORDER_HEADER><ORDER_ITEM_LIST><ORDER_ITEM>
             <LINE_ITEM_ID>10</LINE_ITEM_ID><PRODUCT_ID><b:SUPPLIER_PID>{sku}</b:SUPPLIER_PID></PRODUCT_ID><QUANTITY>2</QUANTITY>
             <b:ORDER_UNIT>C62</b:ORDER_UNIT><PRODUCT_PRICE_FIX><b:PRICE_AMOUNT>5.00</b:PRICE_AMOUNT></PRODUCT_PRICE_FIX>
             </ORDER_ITEM></ORDER_ITEM_LIST></ORDER>"
        )
    };
    let accepted = door.take(opentrans("jacket", "O-1")).await;
    let parts =
        ["<ORDER_ID>O-1<", "<SUPPLIER_ORDER_ID>W-10001<", "<LINE_ITEM_ID>10<", "<QUANTITY>2<", ">accepted<", ">C62<"];
    check(accepted.response, &parts);
    let change =
        "<order number='O-1' action='change' currency='EUR'><line sku='jacket' quantity='1' price='5.00'/></order>";
    assert_eq!(door.take(change).await.outcome, IntakeOutcome::Changed);
    check(door.take(opentrans("jacket", "O-1")).await.response, &[">accepted with changes<", "<QUANTITY>1<"]);
    let rejected = door.take(opentrans("no-such", "O-2")).await;
    check(rejected.response, &["<QUANTITY>0<", ">ITEM_UNKNOWN: ", ">rejected, kept as "]);

    let gs1 = read("gs1-several.xml");
    let incoming = Incoming { channel: "website".into(), content_type: String::new(), bytes: gs1.clone().into_bytes() };
    let answer = door.intake.take_document(incoming, None).await.unwrap();
    let response = String::from_utf8(answer.response.clone()).unwrap();
    assert_eq!(response.matches("<orderResponse>").count(), answer.orders.len(), "{response}");
    let codes = answer.orders.iter().map(|order| match order.outcome {
        IntakeOutcome::Problem => "<responseStatusCode>REJECTED<",
        _ => "<responseStatusCode>ACCEPTED<",
    });
    let parts: Vec<&str> = codes.chain(["order_response:xsd:3", "<originalOrder>"]).collect();
    check(answer.response, &parts);
}

#[tokio::test]
async fn a_customers_own_numbers_are_looked_up_last_and_only_its_own() {
    let door = door().await;
    let item = |customer: &str, their_number: &str, product: &str| crate::central::store::CustomerItem {
        customer: customer.into(),
        their_number: their_number.into(),
        product: product.into(),
    };
    let items = vec![item("C-7", "77", "scarf"), item("C-8", "77", "boots"), item("C-7", "78", "boots")];
    door.shop.store.save_customer_items(items).await.unwrap();
    let line = |inside: &str| format!("<line quantity='1' price='5.00' customer_sku='77'>{inside}</line>");
    let of = |customer: &str, number: &str, line: String| {
        format!(
            "<order number='{number}' customer_id='{customer}' currency='EUR'>{line}<note>By hand, please</note></order>"
        )
    };
    for (customer, number, inside, expected) in [
        ("C-7", "1", "", Some("scarf")),
        ("C-8", "2", "", Some("boots")),
        ("C-9", "3", "", None),
        ("C-7", "4", "<sku>jacket</sku>", Some("jacket")),
        ("C-7", "5", "<sku>no-such</sku><gtin>4006381333931</gtin>", Some("scarf")),
    ] {
        let answer = door.take(of(customer, number, line(inside))).await;
        let product = answer.order.as_ref().map(|order| order.lines[0].product.as_str());
        assert_eq!(product, expected, "{number} {:?}", told(&answer));
    }
    let documents = door.shop.store.list_order_documents(OrderNumber::new("W-10001")).await.unwrap();
    assert_eq!(documents[0].notes, "By hand, please");
}

#[tokio::test]
async fn a_shared_secret_is_in_nothing_that_is_kept() {
    let door = door().await;
    let cxml = |secret: &str, sku: &str| {
        format!(
            "<cXML payloadID='1'><Header><From><Credential><Identity>b</Identity></Credential></From><Sender><Credential>\
             <SharedSecret>{secret}</SharedSecret></Credential></Sender></Header><Request><OrderRequest>\
             <OrderRequestHeader orderID='S-{sku}'><Total><Money currency='EUR'>5.00</Money></Total></OrderRequestHeader>\
             <ItemOut quantity='1'><ItemID><SupplierPartID>{sku}</SupplierPartID></ItemID><ItemDetail><UnitPrice>\
             <Money currency='EUR'>5.00</Money></UnitPrice></ItemDetail></ItemOut></OrderRequest></Request></cXML>"
        )
    };
    let taken = door.take(cxml("first-secret", "jacket")).await;
    assert_eq!(taken.outcome, IntakeOutcome::Imported, "{:?}", taken.problems);
    let again = door.take(cxml("second-secret", "jacket")).await;
    assert_eq!(again.outcome, IntakeOutcome::Duplicate, "another secret is no other order");
    let documents = door.shop.store.list_order_documents(taken.order.unwrap().number).await.unwrap();
    let kept = String::from_utf8(documents[0].document.clone()).unwrap();
    assert!(kept.contains("<SharedSecret>************</SharedSecret>"), "{kept}");
    door.take(cxml("third-secret", "no-such")).await;
    door.take("<cXML><SharedSecret>fourth-secret</cXML>").await;
    // And in other bytes.
    let in_utf_16 = |text: String| -> Vec<u8> {
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let decoded = |bytes: Vec<u8>| match bytes.strip_prefix(&[0xFF, 0xFE]) {
        Some(units) => {
            let units: Vec<u16> = units.chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8(bytes).unwrap(),
    };
    let taken = door.take(in_utf_16(cxml("fifth-secret", "scarf"))).await;
    assert_eq!(taken.outcome, IntakeOutcome::Imported, "{:?}", taken.problems);
    let kept = door.shop.store.list_order_documents(taken.order.unwrap().number).await.unwrap().remove(0).document;
    let kept = decoded(kept);
    assert!(kept.contains("<SharedSecret>************</SharedSecret>"), "{kept}");
    door.take(in_utf_16(cxml("sixth-secret", "no-such-thing"))).await;
    let problems = crate::central::testing::list_open_problems(&door.shop.store).await;
    assert_eq!(problems.len(), 3);
    for problem in problems {
        let document = decoded(problem.document);
        assert!(!document.contains("secret") && !problem.problems.contains("-secret"), "{document}");
    }
}

#[tokio::test]
async fn a_channel_with_too_many_problems_loses_no_good_order() {
    let door = door().await;
    let file = rusqlite::Connection::open(door.shop.folder.path().join("central.db")).unwrap();
    // Room for one more.
    file.execute_batch(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 9999)
         INSERT INTO problem_order (problem, channel, reference, problems, state, received_at, times)
             SELECT randomblob(16), 'website', '', '[]', 'open', 0, 1 FROM number",
    )
    .unwrap();
    let order = |number: &str, sku: &str| {
        format!(
            "<order number='{number}' customer_id='C-7'><store>S001</store>\n<line sku='{sku}' quantity='1' price='5.00'/></order>"
        )
    };
    let orders =
        [order("G-1", "jacket"), order("B-1", "nobody"), order("B-2", "nobody"), order("G-2", "jacket")].concat();
    let document = format!("<orders currency='EUR'>{orders}</orders>");
    let take = |document: String| {
        let incoming = Incoming {
            channel: "website".into(),
            content_type: "application/xml".into(),
            bytes: document.into_bytes(),
        };
        door.intake.take_document(incoming, None)
    };
    let answers = take(document.clone()).await.unwrap().orders;
    let outcomes: Vec<_> = answers.iter().map(|answer| answer.outcome.as_str()).collect();
    assert_eq!(outcomes, ["IMPORTED", "PROBLEM", "PROBLEM", "IMPORTED"]);
    let codes = |answer: &IntakeAnswer| answer.problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>();
    assert_eq!((codes(&answers[1]), answers[1].problem.is_some()), (vec!["ITEM_UNKNOWN"], true));
    assert_eq!((codes(&answers[2]), answers[2].problem), (vec!["ITEM_UNKNOWN", "TOO_MANY_PROBLEMS"], None));
    // Sent again nothing is lost either: what was taken is known, what is kept is counted.
    let again = take(document).await.unwrap().orders;
    let outcomes: Vec<_> = again.iter().map(|answer| answer.outcome.as_str()).collect();
    assert_eq!(outcomes, ["DUPLICATE", "PROBLEM", "PROBLEM", "DUPLICATE"]);
    // A document of which nothing can be taken or kept is refused as a whole, and leaves no trace.
    let refused = take(format!("<orders currency='EUR'>{}</orders>", order("B-3", "nobody"))).await;
    assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
}

#[tokio::test]
async fn what_was_kept_by_an_older_rule_is_known_in_other_bytes() {
    let door = door().await;
    let line = "<line sku='jacket' quantity='1' price='89.90'/>";
    let order = format!("<order number='K-1' currency='EUR' customer_id='C-7' store='S001'>{line}</order>");
    let changed = format!("<order number='K-1' currency='EUR' customer_id='C-7' action='change'>{line}{line}</order>");
    let forget = || {
        let file = rusqlite::Connection::open(door.shop.folder.path().join("central.db")).unwrap();
        file.execute_batch(
            "UPDATE web_order SET content = zeroblob(32);
             UPDATE order_document SET content = zeroblob(32), content_rule = 0",
        )
        .unwrap();
    };
    let otherwise = |document: &str| document.replace("><", ">\n <");
    assert_eq!(door.take(order.clone()).await.outcome, IntakeOutcome::Imported);
    forget();
    assert_eq!(door.take(otherwise(&order)).await.outcome, IntakeOutcome::Duplicate);
    forget();
    let other = door.take(order.replace("89.90", "80.00")).await;
    assert_eq!(told(&other), ["DUPLICATE_CONFLICT 1 /order/@number"]);
    assert_eq!(door.take(otherwise(&order)).await.outcome, IntakeOutcome::Duplicate, "reckoned anew for good");
    assert_eq!(door.take(changed.clone()).await.outcome, IntakeOutcome::Changed);
    forget();
    assert_eq!(door.take(otherwise(&changed)).await.outcome, IntakeOutcome::Duplicate);
}

#[tokio::test]
async fn a_party_is_known_by_each_of_its_names_and_no_other_by_one_they_share() {
    let ubl = |root: &str, number: &str, parties: &[&str], customer: &str, rest: &str| {
        let party: String = parties
            .iter()
            .map(|id| format!("<cac:PartyIdentification><cbc:ID>{id}</cbc:ID></cac:PartyIdentification>"))
            .collect();
        let (endpoint, party) = match parties.first() {
            Some(first) if first.starts_with('@') => {
                let other = party.split_once("</cac:PartyIdentification>").unwrap().1.to_owned();
                (format!("<cbc:EndpointID schemeID=\"0088\">{}</cbc:EndpointID>", &first[1..]), other)
            }
            _ => (String::new(), party),
        };
        let customer = match customer {
            "" => String::new(),
            id => format!("<cbc:CustomerAssignedAccountID>{id}</cbc:CustomerAssignedAccountID>"),
        };
        format!(
            "<{root} xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:{root}-2\" \
             xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" \
             xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">{number}\
             <cac:BuyerCustomerParty>{customer}<cac:Party>{endpoint}{party}</cac:Party></cac:BuyerCustomerParty>{rest}</{root}>"
        )
    };
    let order = |parties: &[&str], customer: &str| {
        let lines = "<cac:Delivery><cac:DeliveryLocation><cbc:ID>S001</cbc:ID></cac:DeliveryLocation></cac:Delivery>\
             <cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode=\"C62\">1</cbc:Quantity><cac:Price>\
             <cbc:PriceAmount currencyID=\"EUR\">89.90</cbc:PriceAmount></cac:Price><cac:Item><cac:SellersItemIdentification>\
             <cbc:ID>jacket</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine>";
        let head = "<cbc:ID>N-1</cbc:ID><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>";
        ubl("Order", head, parties, customer, lines)
    };
    let cancellation = |parties: &[&str], customer: &str| {
        let head = "<cbc:ID>C-1</cbc:ID><cbc:CancellationNote>no more</cbc:CancellationNote>\
             <cac:OrderReference><cbc:ID>N-1</cbc:ID></cac:OrderReference>";
        ubl("OrderCancellation", head, parties, customer, "")
    };
    type Party<'a> = (&'a [&'a str], &'a str);
    // Orders of a number, then the cancellation, and which of the orders it ends.
    #[rustfmt::skip]
    let table: [(&str, &[Party<'_>], Party<'_>, Option<usize>); 9] = [
        ("as before",                        &[(&["A", "DUNS"], "")],                          (&["A"], ""),           Some(0)),
        ("by its other number",              &[(&["A", "DUNS"], "")],                          (&["DUNS"], ""),        Some(0)),
        ("the account is left out",          &[(&["A"], "ACC")],                               (&["A"], ""),           Some(0)),
        ("the account is added",             &[(&["A"], "")],                                  (&["A"], "ACC"),        Some(0)),
        ("by its electronic address",        &[(&["@GLN", "A"], "")],                          (&["GLN"], ""),         Some(0)),
        ("with an electronic address now",   &[(&["A"], "")],                                  (&["@GLN", "A"], ""),   Some(0)),
        ("another of its group",             &[(&["A", "GROUP"], "")],                         (&["B", "GROUP"], ""),  None),
        ("the group, of which two have one", &[(&["A", "GROUP"], ""), (&["B", "GROUP"], "")],  (&["GROUP"], ""),       None),
        ("one of two that have the number",  &[(&["A", "X"], ""), (&["B", "Y"], "")],          (&["Y"], ""),           Some(1)),
    ];
    for (what, orders, (parties, customer), expected) in table {
        let door = door().await;
        let mut numbers = Vec::new();
        for (parties, customer) in orders {
            let taken = door.take(order(parties, customer)).await;
            assert_eq!(taken.outcome, IntakeOutcome::Imported, "{what}: {:?}", taken.problems);
            numbers.push(taken.order.unwrap().number);
        }
        let answer = door.take(cancellation(parties, customer)).await;
        let ended = answer.order.as_ref().map(|order| order.number.clone());
        match expected {
            Some(index) => {
                assert_eq!(
                    (answer.outcome, ended.as_ref()),
                    (IntakeOutcome::Cancelled, Some(&numbers[index])),
                    "{what}: {:?}",
                    answer.problems
                );
                let again = door.take(cancellation(parties, customer)).await;
                assert_eq!(again.outcome, IntakeOutcome::Duplicate, "{what}");
            }
            None => {
                let codes: Vec<_> = answer.problems.iter().map(|problem| problem.code.as_str()).collect();
                assert!(matches!(codes[..], ["ORDER_UNKNOWN" | "BUYER_UNKNOWN"]), "{what}: {codes:?}");
            }
        }
    }
}
