//! What a sender reads in the answer to its document: read back by the rules of its own format.

use super::tests::{Door, door, order};
use super::xml::{Item, Pass};
use super::*;
use crate::central::store::{CallKind, ChannelKind, ChannelRecord, FileChannel};
use crate::central::testing::at;

/// Every element with its path and its attributes, in the order they stand.
fn read_back(response: &[u8]) -> Vec<(String, Vec<(String, String)>, String)> {
    let text = std::str::from_utf8(response).unwrap();
    let mut pass = Pass::new(text);
    let mut open: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let mut found = Vec::new();
    loop {
        match pass.next_item().unwrap_or_else(|problem| panic!("{problem:?}: {text}")) {
            Item::Start { name, attributes } => open.push((name.local, attributes)),
            Item::End { text, .. } => {
                let path = open.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("/");
                let (_, attributes) = open.pop().unwrap();
                found.push((path, attributes, text));
            }
            Item::Done => return found,
        }
    }
}

/// The texts at a path.
fn texts(found: &[(String, Vec<(String, String)>, String)], path: &str) -> Vec<String> {
    found.iter().filter(|(at, ..)| at == path).map(|(_, _, text)| text.clone()).collect()
}

fn attribute(found: &[(String, Vec<(String, String)>, String)], path: &str, name: &str) -> Vec<String> {
    let of = |attributes: &[(String, String)]| attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    found.iter().filter(|(at, ..)| at == path).map(|(_, own, _)| of(own).unwrap_or_default()).collect()
}

/// An order as a Peppol buyer sends it: electronic addresses with their schemes, and a line that the sender numbers 10.
fn peppol() -> String {
    let party = |endpoint: &str, number: &str, name: &str| {
        format!(
            "<cac:Party><cbc:EndpointID schemeID=\"0088\">{endpoint}</cbc:EndpointID><cac:PartyIdentification>\
             <cbc:ID schemeID=\"0106\">{number}</cbc:ID></cac:PartyIdentification><cac:PartyName><cbc:Name>{name}</cbc:Name>\
             </cac:PartyName><cac:PartyLegalEntity><cbc:RegistrationName>{name} BV</cbc:RegistrationName>\
             </cac:PartyLegalEntity></cac:Party>"
        )
    };
    let whole = order();
    let from = whole.find("<cac:BuyerCustomerParty>").unwrap();
    let until = whole.find("<cac:Delivery>").unwrap();
    let parties = format!(
        "<cac:BuyerCustomerParty>{}</cac:BuyerCustomerParty><cac:SellerSupplierParty>{}</cac:SellerSupplierParty>",
        party("7300070011115", "12345678", "Harbour Hotel"),
        party("4012345000009", "87654321", "Shop")
    );
    let identities = "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID>\
                      <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID><cbc:ID>A-1</cbc:ID>";
    format!("{}{parties}{}", &whole[..from], &whole[until..])
        .replace("<cbc:ID>A-1</cbc:ID>", identities)
        .replace("<cbc:ID>1</cbc:ID>", "<cbc:ID>10</cbc:ID>")
}

/// What Peppol's structure of the transaction (T76, T116) and its rules R001 to R003 ask of every answer.
fn check_peppol(answer: &IntakeAnswer, customization: &str) -> Vec<(String, Vec<(String, String)>, String)> {
    let found = read_back(&answer.response);
    let one = |path: &str| {
        let texts = texts(&found, &format!("OrderResponse/{path}"));
        assert!(texts.len() == 1 && !texts[0].is_empty(), "{path}: {texts:?}");
        texts[0].clone()
    };
    assert_eq!(one("CustomizationID"), customization);
    for path in ["ProfileID", "ID", "IssueDate", "OrderResponseCode", "DocumentCurrencyCode", "OrderReference/ID"] {
        one(path);
    }
    for party in ["SellerSupplierParty", "BuyerCustomerParty"] {
        one(&format!("{party}/Party/EndpointID"));
        one(&format!("{party}/Party/PartyLegalEntity/RegistrationName"));
        let schemes = |path: &str| attribute(&found, &format!("OrderResponse/{party}/Party/{path}"), "schemeID");
        assert_eq!(schemes("EndpointID"), ["0088"], "{party}");
        assert_eq!(schemes("PartyIdentification/ID"), ["0106"], "{party}");
    }
    let paths: Vec<&str> = found.iter().map(|(path, ..)| path.as_str()).collect();
    assert!(!paths.iter().any(|path| path.contains("PartyName") || path.contains("UBLVersionID")), "{paths:?}");
    assert!(texts(&found, "OrderResponse/Note").len() <= 1);
    let count = |path: &str| texts(&found, &format!("OrderResponse/OrderLine/{path}")).len();
    let lines = count("LineItem/ID");
    assert_eq!(lines > 0, one("OrderResponseCode") == "CA", "lines where something has changed, and only there");
    assert_eq!(
        [count("LineItem/LineStatusCode"), count("LineItem/Item/Name"), count("OrderLineReference/LineID")],
        [lines; 3]
    );
    let quantities = attribute(&found, "OrderResponse/OrderLine/LineItem/Quantity", "unitCode");
    assert!(quantities.iter().all(|unit| !unit.is_empty()), "{quantities:?}");
    found
}

#[tokio::test]
async fn a_peppol_order_is_answered_by_peppols_rules() {
    let door = door().await;
    let customization = "urn:fdc:peppol.eu:poacc:trns:order_response:3";
    let code = |found: &[(String, Vec<(String, String)>, String)]| texts(found, "OrderResponse/OrderResponseCode");
    let taken = door.take(peppol()).await;
    assert_eq!(code(&check_peppol(&taken, customization)), ["AP"]);
    // Rejected for two reasons, in one note.
    let bad = peppol().replace("A-1", "A-2").replace("S001", "S404").replace("5901234123457", "1");
    let found = check_peppol(&door.take(bad).await, customization);
    assert_eq!(code(&found), ["RE"]);
    let note = texts(&found, "OrderResponse/Note").remove(0);
    assert!(note.contains("STORE_UNKNOWN") && note.contains("ITEM_UNKNOWN"), "{note}");

    let change = peppol()
        .replace("Order-2", "OrderChange-2")
        .replace("<Order ", "<OrderChange ")
        .replace("</Order>", "</OrderChange>")
        .replace("trns:order:3", "trns:order_change:3")
        .replace(
            "<cbc:ID>A-1</cbc:ID>",
            "<cbc:ID>c-1</cbc:ID><cac:OrderReference><cbc:ID>A-1</cbc:ID></cac:OrderReference>",
        )
        .replace("\"C62\">2<", "\"C62\">3<")
        .replace("179.80", "269.70");
    let advanced = "urn:fdc:peppol.eu:poacc:trns:order_response_advanced:3";
    let found = check_peppol(&door.take(change).await, advanced);
    assert_eq!(code(&found), ["AP"]);
    assert_eq!(texts(&found, "OrderResponse/OrderChangeDocumentReference/ID"), ["c-1"]);
    // The first one again is answered with how it stands: each line with a reference to the order's own.
    let found = check_peppol(&door.take(peppol()).await, customization);
    assert_eq!(code(&found), ["CA"]);
    assert_eq!(texts(&found, "OrderResponse/OrderLine/OrderLineReference/LineID"), ["10"]);
    assert_eq!(texts(&found, "OrderResponse/OrderLine/LineItem/Quantity"), ["3"]);
    assert_eq!(attribute(&found, "OrderResponse/OrderLine/LineItem/Quantity", "unitCode"), ["C62"]);
    assert_eq!(crate::central::testing::list_open_problems(&door.shop.store).await.len(), 1);
}

#[tokio::test]
async fn an_order_of_cen_bii_is_answered_with_the_transaction_that_belongs_to_it() {
    let door = door().await;
    let customization = "urn:www.cenbii.eu:transaction:biitrns001:ver2.0:extended:urn:www.peppol.eu:bis:peppol28a:ver1.0:\
                         extended:urn:www.difi.no:ehf:ordre:ver1.0";
    let document = order().replace(
        "<cbc:ID>A-1</cbc:ID>",
        &format!("<cbc:CustomizationID>{customization}</cbc:CustomizationID><cbc:ID>A-1</cbc:ID>"),
    );
    let found = read_back(&door.take(document).await.response);
    let expected = "urn:www.cenbii.eu:transaction:biitrns076:ver2.0:extended:urn:www.peppol.eu:bis:peppol28a:ver1.0:\
                    extended:urn:www.difi.no:ehf:ordrebekreftelse:ver1.0";
    assert_eq!(texts(&found, "OrderResponse/CustomizationID"), [expected]);
    assert_eq!(texts(&found, "OrderResponse/OrderResponseCode"), ["AP"]);
}

/// The same order in every language, under its number.
fn in_every_language(number: &str) -> Vec<(&'static str, String)> {
    let opentrans = format!(
        "<ORDER xmlns='http://www.opentrans.org/XMLSchema/2.1'><ORDER_HEADER><ORDER_INFO><ORDER_ID>{number}O</ORDER_ID>
         <CURRENCY>EUR</CURRENCY><PARTIES><PARTY><PARTY_ID>c-1</PARTY_ID><PARTY_ROLE>buyer</PARTY_ROLE></PARTY></PARTIES>
         </ORDER_INFO></ORDER_HEADER><ORDER_ITEM_LIST><ORDER_ITEM><LINE_ITEM_ID>1</LINE_ITEM_ID><PRODUCT_ID>
         <SUPPLIER_PID>jacket</SUPPLIER_PID></PRODUCT_ID><QUANTITY>1</QUANTITY><PRODUCT_PRICE_FIX>
         <PRICE_AMOUNT>5.00</PRICE_AMOUNT></PRODUCT_PRICE_FIX></ORDER_ITEM></ORDER_ITEM_LIST></ORDER>"
    );
    let gs1 = format!(
        "<o:orderMessage xmlns:o='urn:gs1:ecom:order:xsd:3'><order><orderIdentification><entityIdentification>{number}G
         </entityIdentification></orderIdentification><buyer><gln>5412345000020</gln></buyer><orderLineItem>
         <requestedQuantity>1</requestedQuantity><netPrice currencyCode='EUR'>5.00</netPrice><transactionalTradeItem>
         <gtin>05901234123457</gtin></transactionalTradeItem></orderLineItem></order></o:orderMessage>"
    );
    vec![
        ("ubl", order().replace("A-1", &format!("{number}U"))),
        ("peppol", peppol().replace("A-1", &format!("{number}P"))),
        ("cxml", cxml(&format!("{number}C"), "new", "5.00")),
        ("opentrans", opentrans),
        ("gs1", gs1),
        (
            "plain",
            format!(
                "<order number='{number}' currency='EUR' customer='7'><line sku='jacket' quantity='1' price='5'/></order>"
            ),
        ),
    ]
}

fn cxml(number: &str, kind: &str, total: &str) -> String {
    format!(
        "<cXML payloadID='{number}{kind}'><Header><From><Credential domain='DUNS'><Identity>1</Identity></Credential></From>
         </Header><Request><OrderRequest><OrderRequestHeader orderID='{number}' type='{kind}'><Total><Money currency='EUR'>
         {total}</Money></Total></OrderRequestHeader><ItemOut quantity='1'><ItemID><SupplierPartID>jacket</SupplierPartID>
         </ItemID><ItemDetail><UnitPrice><Money currency='EUR'>5.00</Money></UnitPrice></ItemDetail></ItemOut>
         </OrderRequest></Request></cXML>"
    )
}

async fn cancel(door: &Door, order: &WebOrder) {
    let document = format!("<order number='{}' action='cancel'/>", order.reference);
    assert_eq!(door.take(document).await.outcome, IntakeOutcome::Cancelled);
}

#[tokio::test]
async fn a_cancelled_order_sent_again_is_answered_with_what_holds() {
    let door = door().await;
    for (language, document) in in_every_language("N") {
        let first = door.take(document.clone()).await;
        assert_eq!(first.outcome, IntakeOutcome::Imported, "{language}: {:?}", first.problems);
        cancel(&door, &first.order.unwrap()).await;
        let again = door.take(document).await;
        assert_eq!(again.outcome, IntakeOutcome::Duplicate, "{language}");
        assert_eq!(again.order.as_ref().unwrap().state, OrderState::Cancelled);
        let said = String::from_utf8(again.response.clone()).unwrap();
        let (refuses, accepts) = match language {
            "ubl" => ("<cbc:AcceptedIndicator>false<", "SalesOrderID"),
            "peppol" => ("<cbc:OrderResponseCode>RE<", "SalesOrderID"),
            "cxml" => ("code=\"409\"", "code=\"200\""),
            "opentrans" => ("<QUANTITY>0<", ">accepted<"),
            "gs1" => ("<responseStatusCode>REJECTED<", "ACCEPTED"),
            _ => ("outcome=\"DUPLICATE\"", "AWAITING"),
        };
        assert!(said.contains(refuses) && !said.contains(accepts), "{language}: {said}");
        let words = if language == "plain" { "state=\"CANCELLED\"" } else { "which was cancelled" };
        assert!(said.contains(words), "{language}: {said}");
    }
}

#[tokio::test]
async fn a_cancellation_sent_again_is_still_what_was_asked_for() {
    let door = door().await;
    assert_eq!(door.take(cxml("C-1", "new", "5.00")).await.outcome, IntakeOutcome::Imported);
    for expected in [IntakeOutcome::Cancelled, IntakeOutcome::Duplicate] {
        let answer = door.take(cxml("C-1", "delete", "5.00")).await;
        assert_eq!(answer.outcome, expected);
        let said = String::from_utf8(answer.response).unwrap();
        assert!(said.contains("code=\"200\"") && !said.contains("to order again"), "{said}");
    }
}

#[tokio::test]
async fn every_cxml_request_is_answered_and_nothing_else_is() {
    let door = door().await;
    let request = |inner: &str| format!("<cXML payloadID='1'><Header/><Request>{inner}</Request></cXML>");
    #[rustfmt::skip]
    let table = [
        (request("<ProfileRequest/>"),                                   "450"),
        (request("<PunchOutSetupRequest operation='create'/>"),          "450"),
        ("<cXML payloadID='1'><Request><OrderRequest>".to_owned(),       "406"),
        (request("<OrderRequest>&who;</OrderRequest>"),                  "406"),
        ("<cXML payloadID='1'><Message><PunchOutOrderMessage/></Message></cXML>".to_owned(), ""),
        ("<cXML payloadID='1'><Response><Status code='200' text='OK'/></Response></cXML>".to_owned(), ""),
        ("<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>".to_owned(), ""),
        ("no XML".to_owned(),                                            ""),
    ];
    for (document, expected) in table {
        let answer = door.take(document.clone()).await;
        assert_eq!(answer.outcome, IntakeOutcome::Problem, "{document}");
        if expected.is_empty() {
            assert!(answer.response.is_empty(), "{document}: {}", String::from_utf8_lossy(&answer.response));
            continue;
        }
        let found = read_back(&answer.response);
        assert_eq!(attribute(&found, "cXML/Response/Status", "code"), [expected], "{document}");
        let said = texts(&found, "cXML/Response/Status").remove(0);
        assert!(said.contains(answer.problems[0].code.as_str()), "{said}");
    }
}

/// Gives the website a folder for answers, or takes it away.
async fn have_folder(door: &Door, outbound: Option<&str>) {
    let channel = ChannelRecord {
        channel: "website".into(),
        kind: ChannelKind::Website,
        customer: None,
        stores: Vec::new(),
        calls: vec![CallKind::Orders],
        unknown: UnknownPolicy::Problem,
        created_at: at(0),
        tokens: 0,
    };
    let settings = FileChannel {
        channel: "website".into(),
        place: "folder:/srv/orders".into(),
        every_seconds: 300,
        fingerprint: None,
        outbound: outbound.map(str::to_owned),
        tag: "a1b2c3d4".into(),
    };
    door.shop.store.save_file_channel(channel, settings).await.unwrap();
}

/// What the channel is to be told, let go as if it lay in the folder.
async fn take_told(door: &Door) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for answer in door.shop.store.list_channel_answers("website".into()).await.unwrap() {
        door.shop.store.finish_channel_answer("website".into(), answer.name.clone()).await.unwrap();
        told.push((answer.name, String::from_utf8(answer.document).unwrap()));
    }
    told
}

#[tokio::test]
async fn a_channel_is_told_what_head_office_made_of_a_problem_in_its_own_language() {
    let door = door().await;
    have_folder(&door, Some("out")).await;
    for (language, document) in in_every_language("M") {
        let (accepts, root) = match language {
            "ubl" => ("<cbc:AcceptedIndicator>true<", "<OrderResponseSimple "),
            "peppol" => (">AP<", "<OrderResponse "),
            "cxml" => ("code=\"200\"", "<cXML "),
            "opentrans" => (">accepted<", "<ORDERRESPONSE "),
            "gs1" => (">ACCEPTED<", "orderResponseMessage"),
            _ => ("outcome=\"IMPORTED\"", "<answers>"),
        };
        let bad = document.replace("jacket", "later").replace("5901234123457", "1");
        let problem = door.take(bad.clone()).await.problem.unwrap();
        // As it is, it changes nothing, and there is nothing to tell.
        door.intake.mend(problem, None, "Eva").await.unwrap().unwrap();
        assert_eq!(take_told(&door).await, [], "{language}");
        door.intake.dismiss(problem, "Eva", "sold out").await.unwrap().unwrap();
        let told = take_told(&door).await;
        assert_eq!(told.len(), 1, "{language}");
        let (name, said) = &told[0];
        assert!(name.starts_with(&format!("problem-{}.", uuid::Uuid::from_bytes(problem))), "{name}");
        assert!(said.contains(root) && said.contains("this will not become an order: sold out"), "{language}: {said}");
        assert!(!said.contains(accepts), "{language}: {said}");
        read_back(said.as_bytes());
        // It comes once more, and is mended.
        assert_eq!(door.take(bad).await.problem, Some(problem), "{language}");
        door.intake.mend(problem, Some(document.into_bytes()), "Eva").await.unwrap().unwrap();
        let told = take_told(&door).await;
        assert!(told.len() == 1 && told[0].0 != *name, "{language}: {told:?}");
        assert!(told[0].1.contains(root) && told[0].1.contains(accepts), "{language}: {told:?}");
    }
    // What has no language is told in words.
    let problem = door.take("no XML").await.problem.unwrap();
    door.intake.dismiss(problem, "Eva", "a picture of a cat").await.unwrap().unwrap();
    let told = take_told(&door).await;
    assert!(told[0].0.ends_with(".response.txt") && told[0].1.contains("Why: a picture of a cat"), "{told:?}");
    have_folder(&door, None).await;
    let problem = door.take("nor this").await.problem.unwrap();
    door.intake.dismiss(problem, "Eva", "no folder").await.unwrap().unwrap();
    assert_eq!(take_told(&door).await, [], "without a folder it asks the service");
}

#[tokio::test]
async fn a_warning_in_plain_answers_is_no_fault() {
    let door = door().await;
    let document =
        "<order number='1' currency='EUR' customer='7'><line sku='jacket' quantity='1' unit='heap' price='5'/></order>";
    let taken = door.take(document).await;
    assert_eq!(taken.outcome, IntakeOutcome::Imported);
    let found = read_back(&taken.response);
    assert_eq!(attribute(&found, "answers/answer/problem", "code"), ["QUANTITY_INVALID"]);
    assert_eq!(attribute(&found, "answers/answer/problem", "severity"), ["warning"]);
    let refused = door.take(document.replace("'1' currency", "'2' currency").replace("jacket", "none")).await;
    let found = read_back(&refused.response);
    assert_eq!(attribute(&found, "answers/answer/problem", "severity"), ["error"]);
}

#[tokio::test]
async fn what_is_odd_about_an_order_that_was_taken_is_told_in_every_language() {
    let door = door().await;
    for (language, document) in in_every_language("W") {
        // A whole order's warning and one of a line: nobody knows the place beside the address, and nobody counts in heaps.
        let (odd_place, odd_line) = match language {
            "ubl" | "peppol" => (
                document.replace(
                    "<cbc:ID>S001</cbc:ID>",
                    "<cbc:ID>S009</cbc:ID><cac:Address><cbc:StreetName>Quay 1</cbc:StreetName><cbc:CityName>Lindholm\
                     </cbc:CityName></cac:Address>",
                ),
                ("\"C62\"", "\"HEAP\""),
            ),
            "cxml" => (document.clone(), ("</UnitPrice>", "</UnitPrice><UnitOfMeasure>HEAP</UnitOfMeasure>")),
            "opentrans" => (document.clone(), ("</QUANTITY>", "</QUANTITY><ORDER_UNIT>HEAP</ORDER_UNIT>")),
            "gs1" => (document.clone(), ("<requestedQuantity>", "<requestedQuantity measurementUnitCode='HEAP'>")),
            _ => (document.clone(), ("quantity='1'", "quantity='1' unit='HEAP'")),
        };
        let odd = odd_place.replace(odd_line.0, odd_line.1);
        assert_ne!(odd, document, "{language}");
        let taken = door.take(odd).await;
        assert_eq!(taken.outcome, IntakeOutcome::Imported, "{language}: {:?}", taken.problems);
        let found = read_back(&taken.response);
        let line_path = |element: &str| {
            format!("orderResponseMessage/orderResponse/{element}/avpList/eComStringAttributeValuePairList")
        };
        let said = match language {
            "ubl" => texts(&found, "OrderResponseSimple/Note"),
            "peppol" => {
                texts(&check_peppol(&taken, "urn:fdc:peppol.eu:poacc:trns:order_response:3"), "OrderResponse/Note")
            }
            "cxml" => texts(&found, "cXML/Response/Status"),
            "opentrans" => texts(&found, "ORDERRESPONSE/ORDERRESPONSE_ITEM_LIST/ORDERRESPONSE_ITEM/REMARKS"),
            "gs1" => {
                let path = line_path("orderResponseLineItem");
                assert_eq!(attribute(&found, &path, "attributeName"), ["WARNING"]);
                texts(&found, &path)
            }
            _ => texts(&found, "answers/answer/problem"),
        };
        let told = said.join("; ");
        let kept: Vec<&Problem> = taken.problems.iter().collect();
        assert!(
            !kept.is_empty() && kept.iter().all(|one| one.severity == problem::Severity::Warning),
            "{language}: {kept:?}"
        );
        for one in kept {
            assert!(told.contains(&one.message), "{language}: {} is not in {said:?}", one.message);
            let named = language == "plain" || told.contains(&format!("warning: {}", one.code.as_str()));
            assert!(named, "{language}: {said:?}");
        }
        let accepts = match language {
            "ubl" => ">true<",
            "peppol" => ">AP<",
            "cxml" => "code=\"200\"",
            "opentrans" => ">accepted<",
            "gs1" => ">ACCEPTED<",
            _ => "outcome=\"IMPORTED\"",
        };
        assert!(String::from_utf8_lossy(&taken.response).contains(accepts), "{language}: it was taken as it was asked");
        // Refused for another reason, an order is told that reason alone.
        let refused = door
            .take(document.replace(odd_line.0, odd_line.1).replace("jacket", "no-such").replace("5901234123457", "1"));
        let refused = String::from_utf8(refused.await.response).unwrap();
        assert!(
            refused.contains("ITEM_UNKNOWN") && !refused.to_lowercase().contains("warning"),
            "{language}: {refused}"
        );
    }
}

#[tokio::test]
async fn more_warnings_than_an_answer_names_are_counted() {
    let door = door().await;
    let item = |number: u32| {
        format!(
            "<ItemOut quantity='1' lineNumber='{number}'><ItemID><SupplierPartID>jacket</SupplierPartID></ItemID><ItemDetail>\
             <UnitPrice><Money currency='EUR'>1.00</Money></UnitPrice><UnitOfMeasure>HEAP</UnitOfMeasure></ItemDetail></ItemOut>"
        )
    };
    let items: String = (1..=25).map(item).collect();
    let whole = cxml("C-9", "new", "25.00");
    let (head, _) = whole.split_once("<ItemOut").unwrap();
    let taken = door.take(format!("{head}{items}</OrderRequest></Request></cXML>")).await;
    assert_eq!((taken.outcome, taken.problems.len()), (IntakeOutcome::Imported, 25), "{:?}", taken.problems);
    let said = texts(&read_back(&taken.response), "cXML/Response/Status").remove(0);
    assert_eq!(said.matches("warning: QUANTITY_INVALID").count(), 20, "{said}");
    assert!(said.ends_with("warning: there are 5 more"), "{said}");
}
