//! Documents through intake into a real store.

use super::*;
use crate::central::papers;
use crate::central::store::{Cursor, Feed, FeedPosition, FeedRequest, OrderFilter, StoreKind};
use crate::central::testing::{TestWorld, at, figures, fill_shop, open_store, store_record};
use crate::domain::ids::TillId;
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::Fulfilment;

/// An order in UBL that is right in every way, to be spoilt.
pub fn order() -> String {
    let ubl = "urn:oasis:names:specification:ubl:schema:xsd";
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="{ubl}:Order-2"
 xmlns:cac="{ubl}:CommonAggregateComponents-2"
 xmlns:cbc="{ubl}:CommonBasicComponents-2">
<cbc:ID>A-1</cbc:ID>
<cbc:IssueDate>2026-11-23</cbc:IssueDate>
<cbc:IssueTime>09:30:00</cbc:IssueTime>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:BuyerCustomerParty><cac:Party>
 <cac:PartyIdentification><cbc:ID>customer-7</cbc:ID></cac:PartyIdentification>
 <cac:Contact><cbc:Telephone>06 1234 4412</cbc:Telephone></cac:Contact>
 <cac:Person><cbc:FirstName>Anna</cbc:FirstName><cbc:FamilyName>Kovács</cbc:FamilyName></cac:Person>
</cac:Party></cac:BuyerCustomerParty>
<cac:Delivery>
 <cac:DeliveryLocation><cbc:ID>S001</cbc:ID></cac:DeliveryLocation>
 <cac:RequestedDeliveryPeriod><cbc:EndDate>2026-11-24</cbc:EndDate></cac:RequestedDeliveryPeriod>
</cac:Delivery>
<cac:AnticipatedMonetaryTotal>
 <cbc:LineExtensionAmount currencyID="EUR">179.80</cbc:LineExtensionAmount>
 <cbc:PrepaidAmount currencyID="EUR">179.80</cbc:PrepaidAmount>
 <cbc:PayableAmount currencyID="EUR">0.00</cbc:PayableAmount>
</cac:AnticipatedMonetaryTotal>
<cac:OrderLine><cac:LineItem>
 <cbc:ID>1</cbc:ID>
 <cbc:Quantity unitCode="C62">2</cbc:Quantity>
 <cbc:LineExtensionAmount currencyID="EUR">179.80</cbc:LineExtensionAmount>
 <cac:Price><cbc:PriceAmount currencyID="EUR">89.90</cbc:PriceAmount></cac:Price>
 <cac:Item><cbc:Name>Jacket, blue</cbc:Name>
  <cac:SellersItemIdentification><cbc:ID>no such</cbc:ID></cac:SellersItemIdentification>
  <cac:StandardItemIdentification><cbc:ID schemeID="GTIN">5901234123457</cbc:ID></cac:StandardItemIdentification>
 </cac:Item>
</cac:LineItem></cac:OrderLine>
</Order>
"#
    )
}

pub struct Door {
    pub shop: crate::central::testing::TestStore,
    pub intake: Intake<crate::central::store::sqlite::SqliteStore>,
    world: TestWorld,
}

pub async fn door() -> Door {
    let shop = open_store();
    fill_shop(&shop.store, 5).await;
    let world = TestWorld::default();
    Door { intake: Intake::new(shop.store.clone(), world.surroundings()), shop, world }
}

impl Door {
    pub async fn take(&self, bytes: impl Into<Vec<u8>>) -> IntakeAnswer {
        let incoming =
            Incoming { channel: "website".into(), content_type: "application/xml".into(), bytes: bytes.into() };
        self.intake.take(incoming, None).await.unwrap()
    }

    pub fn now(&self) -> Timestamp {
        self.world.surroundings().now()
    }

    /// The order with one thing changed.
    async fn spoil(&self, from: &str, to: &str) -> IntakeAnswer {
        let whole = order();
        assert!(whole.contains(from), "{from}");
        self.take(whole.replacen(from, to, 1)).await
    }
}

/// `CODE line path` of every problem.
pub fn told(answer: &IntakeAnswer) -> Vec<String> {
    let told = |problem: &Problem| format!("{} {} {}", problem.code.as_str(), problem.place.line, problem.place.path);
    answer.problems.iter().map(told).collect()
}

#[tokio::test]
async fn a_good_order_is_imported_and_reserved() {
    let door = door().await;
    let answer = door.take(order()).await;
    assert_eq!(answer.outcome, IntakeOutcome::Imported, "{:?}", answer.problems);
    let taken = *answer.order.unwrap();
    assert_eq!((taken.number.as_str(), taken.reference.as_str()), ("W-10001", "A-1"));
    assert_eq!((taken.store.as_str(), taken.fulfilment, taken.paid), ("S001", Fulfilment::PickUp, true));
    assert_eq!((taken.customer_name.as_str(), taken.customer_phone.as_deref()), ("Anna K.", Some("06·· ··· 412")));
    assert_eq!(taken.collect_by.unwrap().to_rfc3339(), "2026-11-24T22:59:59+00:00");
    assert_eq!(taken.collection_code.len(), 6);
    let line = &taken.lines[0];
    assert_eq!(
        (line.product.as_str(), line.name.as_str(), line.ordered),
        ("jacket", "Jacket, blue", Quantity::units(2))
    );
    assert_eq!(line.unit_price, Money::new(8990, Currency::EUR));
    assert_eq!(figures(&door.shop.store, "S001", "jacket").await, "5 0 2 3");
    let response = String::from_utf8(answer.response).unwrap();
    for part in ["<OrderResponseSimple", "<cbc:AcceptedIndicator>true<", "<cbc:SalesOrderID>W-10001<", "<cbc:ID>A-1<"] {
        assert!(response.contains(part), "{part} in {response}");
    }
}

#[tokio::test]
async fn the_same_content_again_is_success_and_other_content_a_problem() {
    let door = door().await;
    let first = door.take(order()).await.order.unwrap();
    door.world.turn_to(500);
    // Other spacing, other prefixes, a comment: the same order.
    let respaced = order().replace("cbc:", "b:").replace("xmlns:cbc", "xmlns:b").replace(">\n", "><!-- x -->\n\n");
    for document in [order(), respaced] {
        let again = door.take(document).await;
        assert_eq!(again.outcome, IntakeOutcome::Duplicate, "{:?}", again.problems);
        assert_eq!(again.order.unwrap(), first);
    }
    let other = door.spoil("<cbc:ID>1</cbc:ID>", "<cbc:ID>2</cbc:ID>").await;
    assert_eq!(told(&other), ["DUPLICATE_CONFLICT 5 /Order/ID"]);
    assert!(other.problems[0].message.contains("W-10001"));
    let other_buyer = door.spoil("customer-7", "customer-8").await;
    assert_eq!(other_buyer.outcome, IntakeOutcome::Imported);
    assert_eq!(
        door.shop.store.list_orders(OrderFilter { orders_max: 9, ..OrderFilter::default() }).await.unwrap().len(),
        2
    );
    assert_eq!(figures(&door.shop.store, "S001", "jacket").await, "5 0 4 1");
}

#[tokio::test]
async fn every_fault_is_told_with_line_and_path() {
    let door = door().await;
    let line = "/Order/OrderLine[1]/LineItem";
    let table: &[(&str, &str, &[&str])] = &[
        ("<cbc:ID>A-1</cbc:ID>", "", &["ORDER_ID_MISSING 2 /Order"]),
        ("<cbc:ID>A-1</cbc:ID>", "<cbc:ID> </cbc:ID>", &["ORDER_ID_MISSING 2 /Order"]),
        (
            "<cbc:DocumentCurrencyCode>EUR",
            "<cbc:DocumentCurrencyCode>EURO",
            &["CURRENCY_UNSUPPORTED 8 /Order/DocumentCurrencyCode"],
        ),
        (
            "<cbc:DocumentCurrencyCode>EUR",
            "<cbc:DocumentCurrencyCode>GBP",
            &["CURRENCY_UNSUPPORTED 19 /Order/AnticipatedMonetaryTotal/LineExtensionAmount/@currencyID"],
        ),
        ("<cbc:ID>S001", "<cbc:ID>S404", &["STORE_UNKNOWN 15 /Order/Delivery/DeliveryLocation/ID"]),
        (
            ">5901234123457<",
            ">5901234123450<",
            &[&format!("ITEM_UNKNOWN 30 {line}/Item/StandardItemIdentification/ID")],
        ),
        ("unitCode=\"C62\">2<", ">0<", &[&format!("QUANTITY_INVALID 25 {line}/Quantity")]),
        ("unitCode=\"C62\">2<", ">-2<", &[&format!("QUANTITY_INVALID 25 {line}/Quantity")]),
        ("unitCode=\"C62\">2<", ">1.5<", &[&format!("QUANTITY_INVALID 25 {line}/Quantity")]),
        ("unitCode=\"C62\">2<", ">1e3<", &[&format!("QUANTITY_INVALID 25 {line}/Quantity")]),
        (">89.90<", ">free<", &[&format!("PRICE_INVALID 27 {line}/Price/PriceAmount")]),
        (">89.90<", ">-89.90<", &[&format!("PRICE_INVALID 27 {line}/Price/PriceAmount")]),
        (">89.90<", ">99999999999999999999999999<", &[&format!("PRICE_INVALID 27 {line}/Price/PriceAmount")]),
        (">89.90<", ">80.00<", &[&format!("TOTAL_MISMATCH 26 {line}/LineExtensionAmount")]),
        (">0.00<", ">10.00<", &["TOTAL_MISMATCH 21 /Order/AnticipatedMonetaryTotal/PayableAmount"]),
        ("\">179.80<", "\">179.00<", &["TOTAL_MISMATCH 19 /Order/AnticipatedMonetaryTotal/LineExtensionAmount"]),
        (
            ">179.80</cbc:PrepaidAmount>\n <cbc:PayableAmount currencyID=\"EUR\">0.00<",
            ">1000.00</cbc:PrepaidAmount>\n <cbc:PayableAmount currencyID=\"EUR\">-820.20<",
            &["TOTAL_MISMATCH 20 /Order/AnticipatedMonetaryTotal/PrepaidAmount"],
        ),
        ("<cbc:ID>customer-7</cbc:ID>", "", &[]),
    ];
    for (from, to, expected) in table {
        let answer = door.spoil(from, to).await;
        assert_eq!(told(&answer), *expected, "{from} -> {to}");
    }
    let whole = order();
    let buyer =
        whole.split("<cac:BuyerCustomerParty>").nth(1).unwrap().split("</cac:BuyerCustomerParty>").next().unwrap();
    assert_eq!(told(&door.take(whole.replace(buyer, "")).await), ["BUYER_UNKNOWN 2 /Order"]);
    let lines = &whole[whole.find("<cac:OrderLine>").unwrap()..whole.find("</Order>").unwrap()];
    let mut without_lines = whole.replace(lines, "");
    without_lines = without_lines.replace("179.80", "0.00");
    assert_eq!(told(&door.take(without_lines).await), ["NO_LINES 2 /Order"]);
    let without_currency = whole
        .replace("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "")
        .replace(" currencyID=\"EUR\"", "");
    assert_eq!(told(&door.take(without_currency).await), ["CURRENCY_MISSING 2 /Order"]);
    // Several at once, all told.
    let many = whole.replace("S001", "S404").replace("5901234123457", "1").replace(">2<", ">two<");
    let answer = door.take(many).await;
    assert_eq!(answer.problems.len(), 3, "{:?}", told(&answer));
}

#[tokio::test]
async fn a_problem_is_kept_with_its_bytes_and_counted() {
    let door = door().await;
    let document = order().replace("S001", "S404");
    let first = door.take(document.clone()).await;
    let again = door.take(document.clone()).await;
    assert_eq!(first.problem, again.problem);
    let kept = crate::central::testing::list_open_problems(&door.shop.store).await;
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].times, kept[0].reference.as_str()), (2, "A-1"));
    assert_eq!(kept[0].document, document.as_bytes());
    assert!(
        kept[0].problems.contains("STORE_UNKNOWN") && kept[0].problems.contains("\"line\":15"),
        "{}",
        kept[0].problems
    );
    let response = String::from_utf8(first.response).unwrap();
    assert!(response.contains("<cbc:AcceptedIndicator>false<") && response.contains("STORE_UNKNOWN"), "{response}");
    assert_eq!(figures(&door.shop.store, "S001", "jacket").await, "5 0 0 5");
}

#[tokio::test]
async fn an_order_without_a_store_is_sent_from_the_warehouse() {
    let door = door().await;
    let sent = door.spoil("<cac:DeliveryLocation><cbc:ID>S001</cbc:ID></cac:DeliveryLocation>", "").await;
    let taken = sent.order.unwrap();
    assert_eq!(
        (taken.store.as_str(), taken.fulfilment, taken.collection_code.as_str()),
        ("W001", Fulfilment::Delivery, "")
    );
    let location = "<cac:DeliveryLocation><cbc:ID>S001</cbc:ID></cac:DeliveryLocation>";
    let other_money = order().replace("A-1", "A-9").replace(location, "").replace("EUR", "SEK");
    assert_eq!(told(&door.take(other_money).await), ["CURRENCY_UNSUPPORTED 8 /Order/DocumentCurrencyCode"]);
    // A store may be named by its global location number, also as an address; another address is the customer's door.
    let mut store = store_record("S002", StoreKind::Shop);
    store.gln = Some("5901234123457".into());
    door.shop.store.save_stores(vec![store]).await.unwrap();
    let address = |id: &str| {
        format!("<cac:DeliveryLocation><cac:Address><cbc:ID>{id}</cbc:ID></cac:Address></cac:DeliveryLocation>")
    };
    for (number, id, expected) in [("A-2", "5901234123457", "S002"), ("A-3", "7300070011115", "W001")] {
        let document = order().replace("A-1", number);
        let answer = door.take(document.replace(location, &address(id))).await;
        assert_eq!(answer.order.expect(id).store.as_str(), expected);
    }
}

#[tokio::test]
async fn sums_with_allowances_charges_tax_and_rounding() {
    let door = door().await;
    let totals = |inner: &str| {
        let whole = order();
        let from = whole.find("<cac:AnticipatedMonetaryTotal>").unwrap();
        let to = whole.find("<cac:OrderLine>").unwrap();
        format!("{}{inner}{}", &whole[..from], &whole[to..])
    };
    let amount = |name: &str, value: &str| format!("<cbc:{name} currencyID=\"EUR\">{value}</cbc:{name}>");
    let sums = |parts: &[(&str, &str)]| {
        let inner: String = parts.iter().map(|(name, value)| amount(name, value)).collect();
        format!("<cac:AnticipatedMonetaryTotal>{inner}</cac:AnticipatedMonetaryTotal>")
    };
    let tax = format!("<cac:TaxTotal>{}</cac:TaxTotal>", amount("TaxAmount", "37.76"));
    let lines = ("LineExtensionAmount", "179.80");
    // (document, accepted, unit price in cents)
    let table = [
        (sums(&[lines, ("PayableAmount", "179.80")]), Some(8990)),
        (
            sums(&[lines, ("AllowanceTotalAmount", "10"), ("ChargeTotalAmount", "4.95"), ("PayableAmount", "174.75")]),
            Some(8990),
        ),
        (sums(&[lines, ("PayableRoundingAmount", "0.20"), ("PayableAmount", "180.00")]), Some(8990)),
        (sums(&[lines, ("PayableAmount", "180.00")]), None),
        // The tax is in the price already, and only named.
        (tax.clone() + &sums(&[lines, ("PayableAmount", "179.80")]), Some(8990)),
        // The tax comes on top: the customer of a shop with tax in its prices pays 89.90 + 21 %.
        (tax + &sums(&[lines, ("TaxInclusiveAmount", "217.56"), ("PayableAmount", "217.56")]), Some(10878)),
        (String::new(), Some(8990)),
    ];
    for (number, (inner, expected)) in table.into_iter().enumerate() {
        let answer = door.take(totals(&inner).replace("A-1", &format!("S-{number}"))).await;
        let price = answer.order.as_ref().map(|order| order.lines[0].unit_price.minor());
        assert_eq!(price, expected, "{inner} {:?}", told(&answer));
        assert!(answer.order.is_none_or(|order| !order.paid), "nothing says it is paid");
    }
}

#[tokio::test]
async fn other_encodings_come_to_the_same_order() {
    let door = door().await;
    let text = order();
    let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin = text.replace("UTF-8", "ISO-8859-1").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(door.take(text).await.outcome, IntakeOutcome::Imported);
    for bytes in [utf_16, latin] {
        assert_eq!(door.take(bytes).await.outcome, IntakeOutcome::Duplicate);
    }
    assert_eq!(told(&door.take(b"<?xml version='1.0' encoding='UTF-7'?><a/>".to_vec()).await), ["XML_ENCODING 1 /"]);
}

#[tokio::test]
async fn hostile_documents_are_refused_and_keep_their_hands_off_memory() {
    let door = door().await;
    let deep = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
    let many_lines = {
        let line = "<cac:OrderLine/>".repeat(10_001);
        order().replacen("<cac:OrderLine>", &format!("{line}<cac:OrderLine>"), 1)
    };
    let long_text = order().replace("Jacket, blue", &"x".repeat(64 * 1024 + 1));
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=''")).collect();
    let namespaces: String = (0..60).map(|n| format!(" xmlns:n{n}='{n}'")).collect();
    let nested_namespaces = format!("{}{}", format!("<a{namespaces}>").repeat(60), "</a>".repeat(60));
    let laughs = "<!DOCTYPE o [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><o>&b;</o>";
    let outside = "<!DOCTYPE o [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><o>&x;</o>";
    let order_with_entity = order().replace("Jacket, blue", "&x;");
    let table: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "XML_NOT_WELL_FORMED"),
        (b"   ".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"{\"order\": 1}".to_vec(), "XML_NOT_WELL_FORMED"),
        (vec![0; 4096], "XML_NOT_WELL_FORMED"),
        ((0..=255).cycle().take(9999).collect(), "XML_ENCODING"),
        (b"<a>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a></b>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a/><b/>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a/>text".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a b='1' b='2'/>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a b=1/>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<x:a/>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<1a/>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a>&#0;</a>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a>&#x1B;</a>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a>\x1B</a>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a b='&#8;'/>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a>&lt</a>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a><!-- -- --></a>".to_vec(), "XML_NOT_WELL_FORMED"),
        (b"<a>".repeat(50_000), "XML_TOO_DEEP"),
        (deep(65).into_bytes(), "XML_TOO_DEEP"),
        (deep(64).into_bytes(), "FORMAT_UNKNOWN"),
        (laughs.into(), "XML_DTD_REFUSED"),
        (outside.into(), "XML_DTD_REFUSED"),
        (b"<!DOCTYPE o SYSTEM 'http://example.invalid/o.dtd'><o>&x;</o>".to_vec(), "XML_DTD_REFUSED"),
        (b"<!DOCTYPE o SYSTEM 'http://example.invalid/o.dtd'><o/>".to_vec(), "FORMAT_UNKNOWN"),
        (b"<a b='&x;'/>".to_vec(), "XML_DTD_REFUSED"),
        (order_with_entity.into_bytes(), "XML_DTD_REFUSED"),
        (format!("<a{attributes}/>").into_bytes(), "XML_TOO_LARGE"),
        (nested_namespaces.into_bytes(), "XML_TOO_LARGE"),
        (long_text.into_bytes(), "XML_TOO_LARGE"),
        (many_lines.into_bytes(), "XML_TOO_LARGE"),
        (format!("<a>{}</a>", " ".repeat(1024 * 1024)).into_bytes(), "XML_TOO_LARGE"),
        (b"<Catalogue xmlns='urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2'/>".to_vec(), "NOT_AN_ORDER"),
        (b"<orders/>".to_vec(), "NOT_AN_ORDER"),
        (format!("<orders>{}</orders>", "<order/>".repeat(2_001)).into_bytes(), "XML_TOO_LARGE"),
        (
            // Every order repeats what stands around them: sixteen mebibytes are enough.
            format!("<orders><!-- {} -->{}</orders>", "x".repeat(20_000), "<order/>".repeat(1_000)).into_bytes(),
            "XML_TOO_LARGE",
        ),
        (b"<Order xmlns='urn:example:orders'/>".to_vec(), "FORMAT_UNKNOWN"),
    ];
    let count = table.len();
    for (bytes, expected) in table {
        let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        let answer = door.take(bytes.clone()).await;
        let codes: Vec<&str> = answer.problems.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(codes, [expected], "{begin}");
        let told = &answer.problems[0];
        assert!(told.place.line > 0 && told.place.column > 0 && told.place.path.starts_with('/'), "{begin}: {told:?}");
        assert!(told.value.len() <= 800 && told.message.len() <= 1000 && told.place.path.len() <= 4096, "{begin}");
    }
    let kept = crate::central::testing::list_open_problems(&door.shop.store).await;
    assert_eq!(kept.len(), count, "each is kept with its bytes");
}

#[tokio::test]
async fn ten_thousand_bad_lines_are_told_in_a_short_answer() {
    let door = door().await;
    let line = "<cac:OrderLine><cac:LineItem><cbc:Quantity>x</cbc:Quantity></cac:LineItem></cac:OrderLine>\n";
    let document = order().replacen("<cac:OrderLine>", &format!("{}<cac:OrderLine>", line.repeat(9_999)), 1);
    assert!(document.len() < xml::DOCUMENT_BYTES_MAX);
    let answer = door.take(document).await;
    assert_eq!(answer.problems.len(), 100);
    assert!(answer.response.len() < 20_000);
    assert!(answer.problems.iter().all(|problem| problem.place.line >= 22));
}

#[tokio::test]
async fn whatever_stands_in_a_text_reaches_nobodys_screen_as_a_command() {
    let door = door().await;
    let answer = door.spoil("Jacket, blue", "Jacket\u{202E}&#10;&#9;=cmd|&lt;b&gt;\u{85}").await;
    assert_eq!(answer.order.unwrap().lines[0].name, "Jacket =cmd|<b>");
    let answer = door.spoil("<cbc:FirstName>Anna", "<cbc:FirstName>An\u{200E}na &amp; Co").await;
    assert_eq!(told(&answer).len(), 1, "the same number, another name");
}

#[tokio::test]
async fn a_sender_orders_only_from_its_stores() {
    let door = door().await;
    let incoming = Incoming { channel: "website".into(), content_type: String::new(), bytes: order().into_bytes() };
    let answer = door.intake.take(incoming.clone(), Some(vec!["S002".into()])).await.unwrap();
    assert_eq!(told(&answer), ["STORE_UNKNOWN 15 /Order/Delivery/DeliveryLocation/ID"]);
    let answer = door.intake.take(incoming, Some(vec!["S001".into()])).await.unwrap();
    assert_eq!(answer.outcome, IntakeOutcome::Imported);
    assert!(answer.order.unwrap().ordered_at <= at(0));
}

#[tokio::test]
async fn a_delivery_address_is_on_the_warehouses_papers_and_nothing_a_till_is_told() {
    let door = door().await;
    let document = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/orders/addresses-plain.xml"));
    let incoming = Incoming { channel: "website".into(), content_type: String::new(), bytes: document.to_vec() };
    let answer = door.intake.take_document(incoming, None).await.unwrap();
    let sent = answer.orders[0].order.clone().unwrap();
    let store = &door.shop.store;
    let list = papers::write_pick_lists(store, std::slice::from_ref(&*sent), 48, door.now()).await.unwrap();
    let note = papers::write_delivery_note(store, &sent, 80, door.now()).await.unwrap();
    for paper in [&list, &note] {
        let lines: Vec<&str> = paper.lines().map(str::trim).collect();
        let label = ["Anna Kovács", "Kade 7-II", "1011 AB Amsterdam", "NL"];
        assert!(lines.windows(4).any(|four| four == label), "{paper}");
    }
    let mut told = String::new();
    for at_store in ["W001", "S001"] {
        let till = TillId { store: at_store.into(), workstation: "T01".into() };
        for feed in [Feed::Store(at_store.into()), Feed::Company] {
            let position = FeedPosition::After(Cursor(0));
            let page = store
                .read_feed(FeedRequest {
                    feed,
                    till: till.clone(),
                    position,
                    changes_max: 10_000,
                    now: crate::central::testing::at(3600),
                })
                .await;
            told.push_str(&format!("{:?}", page.unwrap()));
        }
    }
    assert!(told.contains(sent.number.as_str()) && told.contains("Anna K."));
    for secret in ["Kade", "1011", "Kovács", "Budapest"] {
        assert!(!told.contains(secret), "{secret} is told to tills");
    }
    // Of an order that is collected nothing is kept, though its document names a street.
    let collected = answer.orders[3].order.clone().unwrap();
    assert_eq!(store.list_delivery_addresses(vec![collected.number]).await.unwrap().len(), 0);
}
