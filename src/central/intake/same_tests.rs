//! Written otherwise, it is the same order; and what says something else is another.

use super::document::Document;
use super::tests::order;

fn content(document: &str) -> [u8; 32] {
    let document = Document::parse(document.as_bytes(), "").unwrap_or_else(|problem| panic!("{problem:?}: {document}"));
    document.drafts[0].content
}

#[test]
fn how_a_document_is_written_does_not_make_it_another() {
    let ubl = order();
    let (head, rest) = ubl.split_once("<cac:BuyerCustomerParty>").unwrap();
    let (buyer, rest) = rest.split_once("</cac:BuyerCustomerParty>").unwrap();
    let (lines, end) = rest.split_once("</Order>").unwrap();
    let buyer_last = format!("{head}{lines}<cac:BuyerCustomerParty>{buyer}</cac:BuyerCustomerParty></Order>{end}");
    let cxml = |header: &str| {
        format!(
            "<cXML><Request><OrderRequest><OrderRequestHeader {header}><Total><Money currency='EUR'>5</Money></Total>\
             </OrderRequestHeader></OrderRequest></Request></cXML>"
        )
    };
    let plain = |order: &str| format!("<orders currency='EUR'>{order}</orders>");
    let line = "<line sku='a' quantity='1' price='5'/>";
    #[rustfmt::skip]
    let table = [
        ("elements in another order", ubl.clone(), buyer_last),
        ("empty elements", ubl.clone(), ubl.replacen("<cbc:ID>A-1", "<cbc:Note/><cac:Delivery/><cbc:ID>A-1", 1)),
        ("attributes in another order", cxml("orderID='1' type='new'"), cxml("type='new' orderID='1'")),
        ("attributes or elements", plain(&format!("<order number='1'><note>x</note>{line}</order>")),
            plain("<order note='x'><number>1</number><line><price>5</price><sku>a</sku><quantity>1</quantity></line></order>")),
        ("other names", plain(&format!("<order id='1' shipping='4'>{line}</order>")),
            plain("<order order_number='1'><Handling>4</Handling><item article='a' qty='1' unit_price='5'/></order>")),
        ("groups", plain(&format!("<order number='1' total='5'>{line}{line}</order>")),
            plain(&format!("<order number='1'><lines>{line}{line}</lines><totals><total>5</total></totals></order>"))),
        ("the currency of the whole", plain(&format!("<order number='1'>{line}</order>")),
            format!("<order number='1' currency='EUR'>{line}</order>")),
    ];
    for (what, one, other) in table {
        assert_eq!(content(&one), content(&other), "{what}:\n{one}\n{other}");
    }
}

#[test]
fn what_says_something_else_is_another() {
    let plain = |order: &str| format!("<orders currency='EUR'><order number='1'>{order}</order></orders>");
    let (a, b) = ("<line sku='a' quantity='1'/>", "<line sku='b' quantity='1'/>");
    #[rustfmt::skip]
    let table = [
        ("lines in another order", plain(&format!("{a}{b}")), plain(&format!("{b}{a}"))),
        ("a value more", plain(a), plain(&format!("{a}<weight>3</weight>"))),
        ("another value of no field", plain("<weight>3</weight>"), plain("<weight>4</weight>")),
        ("values between lines", plain("<line sku='a'/><line sku='b' quantity='1'/>"), plain("<line sku='a' quantity='1'/><line sku='b'/>")),
        ("two lines of one", plain("<line sku='a'/><line quantity='1'/>"), plain("<line sku='a' quantity='1'/>")),
        ("another currency", plain(a), plain(a).replace("EUR", "SEK")),
        ("text between elements", plain("<note>Ring <b>twice</b></note>"), plain("<note>Knock <b>twice</b></note>")),
        ("where the text is", plain("<note>ab</note>"), plain("<note>a</note><note>b</note>")),
    ];
    for (what, one, other) in table {
        assert_ne!(content(&one), content(&other), "{what}:\n{one}\n{other}");
    }
}

#[test]
fn a_number_counts_more_than_an_identity_wherever_it_stands() {
    for attributes in ["id='99' number='1001'", "number='1001' id='99'", "reference='x' order_number='1001' id='99'"] {
        let document = format!("<order {attributes} currency='EUR'><line/></order>");
        let document = Document::parse(document.as_bytes(), "").unwrap();
        assert_eq!(document.drafts[0].number.as_ref().unwrap().text, "1001", "{attributes}");
    }
}
