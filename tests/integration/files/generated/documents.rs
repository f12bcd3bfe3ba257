//! Orders, changes and cancellations as their senders write them, in every format, right or with one fault.

use std::fmt::Write as _;

/// A language of senders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Ubl,
    Cxml,
    OpenTrans,
    Gs1,
    Plain,
}

impl Format {
    pub const ALL: [Self; 5] = [Self::Ubl, Self::Cxml, Self::OpenTrans, Self::Gs1, Self::Plain];
    /// Those that may hold several orders.
    pub const OF_SEVERAL: [Self; 3] = [Self::OpenTrans, Self::Gs1, Self::Plain];
}

/// What a sender wants of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    New,
    Change,
    Cancel,
}

/// The one thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    ItemUnknown,
    StoreUnknown,
    SumWrong,
    QuantityWrong,
    BuyerMissing,
    NumberMissing,
    LinesMissing,
}

impl Fault {
    pub const ALL: [Self; 7] = [
        Self::ItemUnknown,
        Self::StoreUnknown,
        Self::SumWrong,
        Self::QuantityWrong,
        Self::BuyerMissing,
        Self::NumberMissing,
        Self::LinesMissing,
    ];

    /// What the sender is told.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ItemUnknown => "ITEM_UNKNOWN",
            Self::StoreUnknown => "STORE_UNKNOWN",
            Self::SumWrong => "TOTAL_MISMATCH",
            Self::QuantityWrong => "QUANTITY_INVALID",
            Self::BuyerMissing => "BUYER_UNKNOWN",
            Self::NumberMissing => "ORDER_ID_MISSING",
            Self::LinesMissing => "NO_LINES",
        }
    }
}

/// A product of the shop, as senders name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub sku: String,
    pub gtin: String,
    pub price_minor: i64,
}

/// Products of the sample shop that senders order.
pub fn sample_items(count: usize) -> Vec<Item> {
    let file = format!("{}/assets/sample/products.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let rows = reader.records().map(Result::unwrap);
    let items = rows.filter_map(|row| {
        let value = |name: &str| row.get(headers.iter().position(|header| header == name).unwrap()).unwrap().to_owned();
        let (gtin, price) = (value("barcode"), value("price"));
        let gtin = gtin.split('|').next().unwrap().to_owned();
        let is_plain = value("unit") == "each" && value("price_kind") == "fixed" && gtin.len() == 13;
        let (whole, cents) = price.split_once('.')?;
        let price_minor = whole.parse::<i64>().ok()? * 100 + cents.parse::<i64>().ok()?;
        is_plain.then(|| Item { sku: value("sku"), gtin, price_minor })
    });
    let items: Vec<Item> = items.take(count).collect();
    assert_eq!(items.len(), count, "the sample shop has become small");
    items
}

/// Where an order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub store: &'static str,
    pub gln: &'static str,
    /// Then it is not named: the customer's own door is.
    pub is_warehouse: bool,
}

pub const PLACES: [Place; 3] = [
    Place { store: "S001", gln: "9520101000019", is_warehouse: false },
    Place { store: "S002", gln: "9520101000026", is_warehouse: false },
    Place { store: "W001", gln: "9520101000910", is_warehouse: true },
];

/// One order of a document. Two that are equal say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub format: Format,
    pub act: Act,
    pub number: String,
    pub buyer: u64,
    pub place: Place,
    pub lines: Vec<(Item, u32)>,
    /// In the sender's words; of no two documents the same.
    pub note: String,
    pub fault: Option<Fault>,
}

impl Wanted {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// As the document says it: nothing when that is its fault.
    pub fn number(&self) -> &str {
        if self.has(Fault::NumberMissing) { "" } else { &self.number }
    }

    fn store(&self) -> Option<&'static str> {
        match self.place.is_warehouse {
            _ if self.has(Fault::StoreUnknown) => Some("S999"),
            true => None,
            false => Some(self.place.store),
        }
    }

    fn lines(&self) -> &[(Item, u32)] {
        if self.has(Fault::LinesMissing) { &[] } else { &self.lines }
    }

    fn quantity(&self, line: usize, pieces: u32) -> String {
        if self.has(Fault::QuantityWrong) && line == 0 { "many".to_owned() } else { pieces.to_string() }
    }

    /// What the lines come to, or what the sender says they do.
    fn lines_minor(&self) -> i64 {
        let sum: i64 = self.lines().iter().map(|(item, pieces)| item.price_minor * i64::from(*pieces)).sum();
        if self.has(Fault::SumWrong) { sum + 500 } else { sum }
    }

    /// What is put on the whole for bringing it. Some buyers' senders do, in the formats that have a word for it here.
    pub const fn shipping_minor(&self) -> i64 {
        match self.format {
            Format::Ubl | Format::Plain | Format::Cxml if self.buyer.is_multiple_of(2) => 495,
            _ => 0,
        }
    }

    /// What is taken off the whole.
    pub const fn discount_minor(&self) -> i64 {
        match self.format {
            Format::Ubl | Format::Plain if self.buyer.is_multiple_of(5) => 7,
            _ => 0,
        }
    }

    /// Has the buyer paid all of it already?
    pub const fn is_paid(&self) -> bool {
        matches!(self.format, Format::Ubl | Format::Plain) && self.buyer.is_multiple_of(3)
    }

    /// What all comes to.
    fn total(&self) -> String {
        amount(self.lines_minor() + self.shipping_minor() - self.discount_minor())
    }

    /// The item by its GTIN, or by our number: `Ok` and `Err`.
    fn identity<'a>(&self, line: usize, item: &'a Item) -> Result<&'a str, &'a str> {
        match (line + self.number.len() + self.buyer as usize) % 2 {
            _ if self.has(Fault::ItemUnknown) && line == 0 => Err("no-such-thing"),
            0 => Ok(&item.gtin),
            _ => Err(&item.sku),
        }
    }
}

fn amount(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// A document of these orders, all of one format, and each order's own part of it. UBL and cXML hold one.
pub fn write(orders: &[Wanted]) -> (String, Vec<String>) {
    let format = orders[0].format;
    let parts: Vec<String> = orders.iter().map(element).collect();
    let all = parts.join("\n");
    let body = match format {
        Format::Ubl | Format::Cxml => all,
        Format::OpenTrans if parts.len() == 1 => all,
        Format::OpenTrans => format!("<ORDER_LIST>\n{all}\n</ORDER_LIST>"),
        Format::Gs1 => {
            format!("<order:orderMessage xmlns:order=\"urn:gs1:ecom:order:xsd:3\">\n{all}\n</order:orderMessage>")
        }
        Format::Plain => format!("<orders currency=\"EUR\">\n{all}\n</orders>"),
    };
    (format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n"), parts)
}

fn element(wanted: &Wanted) -> String {
    match wanted.format {
        Format::Ubl => ubl(wanted),
        Format::Cxml => cxml(wanted),
        Format::OpenTrans => opentrans(wanted),
        Format::Gs1 => gs1(wanted),
        Format::Plain => plain(wanted),
    }
}

const COMPONENTS: &str = "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" \
    xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\"";

fn ubl(wanted: &Wanted) -> String {
    let Wanted { buyer, note, .. } = wanted;
    let root = match wanted.act {
        Act::New => "Order",
        Act::Change => "OrderChange",
        Act::Cancel => "OrderCancellation",
    };
    let number = wanted.number();
    let own = match wanted.act {
        Act::New => format!("<cbc:ID>{number}</cbc:ID>"),
        Act::Change | Act::Cancel => {
            format!("<cbc:ID>X-1</cbc:ID><cac:OrderReference><cbc:ID>{number}</cbc:ID></cac:OrderReference>")
        }
    };
    let note = match wanted.act {
        Act::Cancel => format!("<cbc:CancellationNote>{note}</cbc:CancellationNote>"),
        Act::New | Act::Change => format!("<cbc:Note>{note}</cbc:Note>"),
    };
    let mut text = format!(
        "<{root} xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:{root}-2\" {COMPONENTS}>{own}{note}\
         <cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    );
    if !wanted.has(Fault::BuyerMissing) {
        write!(
            text,
            "<cac:BuyerCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>C-{buyer}</cbc:ID>\
             </cac:PartyIdentification><cac:Person><cbc:FirstName>Anna</cbc:FirstName>\
             <cbc:FamilyName>Kovács</cbc:FamilyName></cac:Person></cac:Party></cac:BuyerCustomerParty>"
        )
        .unwrap();
    }
    if wanted.act != Act::Cancel {
        if let Some(store) = wanted.store() {
            write!(
                text,
                "<cac:Delivery><cac:DeliveryLocation><cbc:ID>{store}</cbc:ID></cac:DeliveryLocation></cac:Delivery>"
            )
            .unwrap();
        }
        for (is_charge, minor) in [(true, wanted.shipping_minor()), (false, wanted.discount_minor())] {
            if minor > 0 {
                write!(
                    text,
                    "<cac:AllowanceCharge><cbc:ChargeIndicator>{is_charge}</cbc:ChargeIndicator>\
                     <cbc:Amount currencyID=\"EUR\">{}</cbc:Amount></cac:AllowanceCharge>",
                    amount(minor)
                )
                .unwrap();
            }
        }
        let total = wanted.total();
        let (prepaid, payable) = match wanted.is_paid() {
            true => (format!("<cbc:PrepaidAmount currencyID=\"EUR\">{total}</cbc:PrepaidAmount>"), "0.00".to_owned()),
            false => (String::new(), total),
        };
        write!(
            text,
            "<cac:AnticipatedMonetaryTotal>{prepaid}<cbc:PayableAmount currencyID=\"EUR\">{payable}</cbc:PayableAmount>\
             </cac:AnticipatedMonetaryTotal>"
        )
        .unwrap();
        for (line, (item, pieces)) in wanted.lines().iter().enumerate() {
            let identity = match wanted.identity(line, item) {
                Ok(gtin) => {
                    format!("<cac:StandardItemIdentification><cbc:ID>{gtin}</cbc:ID></cac:StandardItemIdentification>")
                }
                Err(sku) => {
                    format!("<cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID></cac:SellersItemIdentification>")
                }
            };
            write!(
                text,
                "<cac:OrderLine><cac:LineItem><cbc:ID>{}</cbc:ID><cbc:Quantity unitCode=\"C62\">{}</cbc:Quantity>\
                 <cac:Price><cbc:PriceAmount currencyID=\"EUR\">{}</cbc:PriceAmount></cac:Price>\
                 <cac:Item>{identity}</cac:Item></cac:LineItem></cac:OrderLine>",
                line + 1,
                wanted.quantity(line, *pieces),
                amount(item.price_minor)
            )
            .unwrap();
        }
    }
    text + &format!("</{root}>")
}

fn cxml(wanted: &Wanted) -> String {
    let kind = match wanted.act {
        Act::New => "new",
        Act::Change => "update",
        Act::Cancel => "delete",
    };
    let Wanted { buyer, note, .. } = wanted;
    let (from, bill_to) = match wanted.has(Fault::BuyerMissing) {
        true => (String::new(), String::new()),
        false => (
            format!("<From><Credential domain=\"DUNS\"><Identity>{buyer}</Identity></Credential></From>"),
            "<BillTo><Address addressID=\"HQ\"><Name>Anna Kovács</Name></Address></BillTo>".to_owned(),
        ),
    };
    let ship_to = wanted.store().unwrap_or("DOOR-7");
    let shipping = match wanted.shipping_minor() {
        0 => String::new(),
        minor => format!("<Shipping><Money currency=\"EUR\">{}</Money></Shipping>", amount(minor)),
    };
    let mut text = format!(
        "<cXML payloadID=\"{note}@buyer\" timestamp=\"2026-03-02T10:00:00+00:00\"><Header>{from}</Header>\
         <Request><OrderRequest><OrderRequestHeader orderID=\"{}\" orderDate=\"2026-03-02\" type=\"{kind}\">\
         <Total><Money currency=\"EUR\">{}</Money></Total>{shipping}\
         <ShipTo><Address addressID=\"{ship_to}\"><Name>There</Name></Address></ShipTo>{bill_to}\
         <Comments>{note}</Comments></OrderRequestHeader>",
        wanted.number(),
        amount(wanted.lines_minor())
    );
    let lines = if wanted.act == Act::Cancel { &[] } else { wanted.lines() };
    for (line, (item, pieces)) in lines.iter().enumerate() {
        let identity = match wanted.identity(line, item) {
            Ok(gtin) => {
                format!("<SupplierPartID>?</SupplierPartID><IdReference domain=\"EAN-13\" identifier=\"{gtin}\"/>")
            }
            Err(sku) => format!("<SupplierPartID>{sku}</SupplierPartID>"),
        };
        write!(
            text,
            "<ItemOut quantity=\"{}\" lineNumber=\"{}\"><ItemID>{identity}</ItemID><ItemDetail><UnitPrice>\
             <Money currency=\"EUR\">{}</Money></UnitPrice><UnitOfMeasure>EA</UnitOfMeasure></ItemDetail></ItemOut>",
            wanted.quantity(line, *pieces),
            line + 1,
            amount(item.price_minor)
        )
        .unwrap();
    }
    text + "</OrderRequest></Request></cXML>"
}

/// A cancellation is a change that leaves nothing.
fn opentrans(wanted: &Wanted) -> String {
    let root = if wanted.act == Act::New { "ORDER" } else { "ORDERCHANGE" };
    let Wanted { buyer, note, .. } = wanted;
    let buyer = match wanted.has(Fault::BuyerMissing) {
        true => String::new(),
        false => format!(
            "<PARTY><PARTY_ID type=\"supplier_specific\">K-{buyer}</PARTY_ID><PARTY_ROLE>buyer</PARTY_ROLE>\
             <ADDRESS><NAME>Anna Kovács</NAME></ADDRESS></PARTY>"
        ),
    };
    let delivery = match wanted.place.is_warehouse {
        true => String::new(),
        false => format!(
            "<PARTY><PARTY_ID type=\"gln\">{}</PARTY_ID><PARTY_ROLE>delivery</PARTY_ROLE></PARTY>",
            wanted.place.gln
        ),
    };
    let mut text = format!(
        "<{root} xmlns=\"http://www.opentrans.org/XMLSchema/2.1\" version=\"2.1\"><{root}_HEADER><{root}_INFO>\
         <ORDER_ID>{}</ORDER_ID><ORDER_DATE>2026-03-02</ORDER_DATE><PARTIES>{buyer}{delivery}</PARTIES>\
         <CURRENCY>EUR</CURRENCY><REMARKS>{note}</REMARKS></{root}_INFO></{root}_HEADER><{root}_ITEM_LIST>",
        wanted.number()
    );
    for (line, (item, pieces)) in wanted.lines().iter().enumerate() {
        let identity = match wanted.identity(line, item) {
            Ok(gtin) => format!("<INTERNATIONAL_PID type=\"ean\">{gtin}</INTERNATIONAL_PID>"),
            Err(sku) => format!("<SUPPLIER_PID>{sku}</SUPPLIER_PID>"),
        };
        let pieces = if wanted.act == Act::Cancel { 0 } else { *pieces };
        write!(
            text,
            "<{root}_ITEM><LINE_ITEM_ID>{}</LINE_ITEM_ID><PRODUCT_ID>{identity}</PRODUCT_ID><QUANTITY>{}</QUANTITY>\
             <ORDER_UNIT>C62</ORDER_UNIT><PRODUCT_PRICE_FIX><PRICE_AMOUNT>{}</PRICE_AMOUNT></PRODUCT_PRICE_FIX>\
             </{root}_ITEM>",
            line + 1,
            wanted.quantity(line, pieces),
            amount(item.price_minor)
        )
        .unwrap();
    }
    let total = wanted.total();
    text + &format!("</{root}_ITEM_LIST><{root}_SUMMARY><TOTAL_AMOUNT>{total}</TOTAL_AMOUNT></{root}_SUMMARY></{root}>")
}

fn gs1(wanted: &Wanted) -> String {
    let action = match wanted.act {
        Act::New => "",
        Act::Change => "<documentActionCode>CHANGE_BY_REFRESH</documentActionCode>",
        Act::Cancel => "<documentActionCode>DELETE</documentActionCode>",
    };
    let Wanted { buyer, note, .. } = wanted;
    let buyer = match wanted.has(Fault::BuyerMissing) {
        true => String::new(),
        false => {
            format!("<buyer><gln>54{buyer:011}</gln><contact><personName>Anna Kovács</personName></contact></buyer>")
        }
    };
    let ship_to = if wanted.place.is_warehouse { "5412345000037" } else { wanted.place.gln };
    let mut text = format!(
        "<order><creationDateTime>2026-03-02T12:00:00.000-01:00</creationDateTime>\
         <documentStatusCode>ORIGINAL</documentStatusCode>{action}\
         <orderIdentification><entityIdentification>{}</entityIdentification></orderIdentification>{buyer}\
         <orderLogisticalInformation><shipTo><gln>{ship_to}</gln></shipTo></orderLogisticalInformation>\
         <note>{note}</note>",
        wanted.number()
    );
    for (line, (item, pieces)) in wanted.lines().iter().enumerate() {
        let identity = match wanted.identity(line, item) {
            Ok(gtin) => format!("<gtin>0{gtin}</gtin>"),
            Err(sku) => format!(
                "<additionalTradeItemIdentification additionalTradeItemIdentificationTypeCode=\"SUPPLIER_ASSIGNED\">\
                 {sku}</additionalTradeItemIdentification>"
            ),
        };
        let wrong = if wanted.has(Fault::SumWrong) { 500 } else { 0 };
        write!(
            text,
            "<orderLineItem><lineItemNumber>{}</lineItemNumber>\
             <requestedQuantity measurementUnitCode=\"EA\">{}</requestedQuantity>\
             <netAmount currencyCode=\"EUR\">{}</netAmount><netPrice currencyCode=\"EUR\">{}</netPrice>\
             <transactionalTradeItem>{identity}</transactionalTradeItem></orderLineItem>",
            line + 1,
            wanted.quantity(line, *pieces),
            amount(item.price_minor * i64::from(*pieces) + wrong),
            amount(item.price_minor)
        )
        .unwrap();
    }
    if wanted.lines().is_empty() {
        text.push_str(
            "<totalMonetaryAmountExcludingTaxes currencyCode=\"EUR\">0.00</totalMonetaryAmountExcludingTaxes>",
        );
    }
    text + "</order>"
}

fn plain(wanted: &Wanted) -> String {
    let action = match wanted.act {
        Act::New => "",
        Act::Change => " action=\"change\"",
        Act::Cancel => " action=\"cancel\"",
    };
    let Wanted { buyer, note, .. } = wanted;
    let mut text = format!("<order number=\"{}\"{action}><date>2026-03-02</date><note>{note}</note>", wanted.number());
    if !wanted.has(Fault::BuyerMissing) {
        write!(
            text,
            "<customer id=\"C-{buyer}\"><first_name>Anna</first_name><last_name>Kovács</last_name></customer>"
        )
        .unwrap();
    }
    if wanted.act != Act::Cancel {
        if let Some(store) = wanted.store() {
            write!(text, "<store>{store}</store>").unwrap();
        }
        for (line, (item, pieces)) in wanted.lines().iter().enumerate() {
            let (name, identity) = match wanted.identity(line, item) {
                Ok(gtin) => ("gtin", gtin),
                Err(sku) => ("sku", sku),
            };
            write!(
                text,
                "<line {name}=\"{identity}\" quantity=\"{}\" price=\"{}\"/>",
                wanted.quantity(line, *pieces),
                amount(item.price_minor)
            )
            .unwrap();
        }
        let paid = if wanted.is_paid() { "yes" } else { "no" };
        let (shipping, discount) = (amount(wanted.shipping_minor()), amount(wanted.discount_minor()));
        let total = wanted.total();
        write!(
            text,
            "<shipping>{shipping}</shipping><discount>{discount}</discount><total>{total}</total><paid>{paid}</paid>"
        )
        .unwrap();
    }
    text + "</order>"
}
