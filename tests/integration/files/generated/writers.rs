//! Orders in each format, as their senders write them.

use std::fmt::Write as _;

use super::documents::{Act, Fault, Format, Identity, Wanted};
use super::terms::{Taxes, amount, percent};

/// The part of an order in a document.
pub fn element(wanted: &Wanted) -> String {
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
        if let Some(day) = wanted.day() {
            write!(
                text,
                "<cac:Delivery><cac:RequestedDeliveryPeriod><cbc:StartDate>2031-06-01</cbc:StartDate>\
                 <cbc:EndDate>2031-06-{day:02}</cbc:EndDate></cac:RequestedDeliveryPeriod></cac:Delivery>"
            )
            .unwrap();
        }
        for (is_charge, minor) in [(true, wanted.shipping_minor()), (false, wanted.discount_minor())] {
            text.push_str(&ubl_allowance(is_charge, minor));
        }
        if wanted.taxes() != Taxes::Unsaid {
            let tax = amount(wanted.tax_minor());
            write!(text, "<cac:TaxTotal><cbc:TaxAmount currencyID=\"EUR\">{tax}</cbc:TaxAmount></cac:TaxTotal>")
                .unwrap();
        }
        let total = wanted.said_total_minor();
        let prepaid = if wanted.is_paid() { total } else { wanted.prepaid_minor() };
        let payable = amount(total - prepaid);
        let prepaid = match prepaid {
            0 => String::new(),
            minor => format!("<cbc:PrepaidAmount currencyID=\"EUR\">{}</cbc:PrepaidAmount>", amount(minor)),
        };
        write!(
            text,
            "<cac:AnticipatedMonetaryTotal>{prepaid}<cbc:PayableAmount currencyID=\"EUR\">{payable}</cbc:PayableAmount>\
             </cac:AnticipatedMonetaryTotal>"
        )
        .unwrap();
        for (line, (item, pieces)) in wanted.lines().iter().enumerate() {
            let identity = match wanted.identity(line, item) {
                Identity::Gtin(gtin) => {
                    format!("<cac:StandardItemIdentification><cbc:ID>{gtin}</cbc:ID></cac:StandardItemIdentification>")
                }
                Identity::Ours(sku) => {
                    format!("<cac:SellersItemIdentification><cbc:ID>{sku}</cbc:ID></cac:SellersItemIdentification>")
                }
                Identity::Theirs(own) => {
                    format!("<cac:BuyersItemIdentification><cbc:ID>{own}</cbc:ID></cac:BuyersItemIdentification>")
                }
            };
            let rate = match wanted.tax_tenths(line, item) {
                0 => String::new(),
                tenths => format!(
                    "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>{}</cbc:Percent></cac:ClassifiedTaxCategory>",
                    percent(tenths)
                ),
            };
            let discount = ubl_allowance(false, wanted.line_discount_minor(line));
            write!(
                text,
                "<cac:OrderLine><cac:LineItem><cbc:ID>{}</cbc:ID><cbc:Quantity unitCode=\"C62\">{}</cbc:Quantity>\
                 {discount}<cac:Price><cbc:PriceAmount currencyID=\"EUR\">{}</cbc:PriceAmount></cac:Price>\
                 <cac:Item>{identity}{rate}</cac:Item></cac:LineItem></cac:OrderLine>",
                line + 1,
                wanted.quantity(line, *pieces),
                amount(item.price_minor)
            )
            .unwrap();
        }
    }
    text + &format!("</{root}>")
}

fn ubl_allowance(is_charge: bool, minor: i64) -> String {
    match minor {
        0 => String::new(),
        minor => format!(
            "<cac:AllowanceCharge><cbc:ChargeIndicator>{is_charge}</cbc:ChargeIndicator>\
             <cbc:Amount currencyID=\"EUR\">{}</cbc:Amount></cac:AllowanceCharge>",
            amount(minor)
        ),
    }
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
    let tax = match wanted.taxes() {
        Taxes::Unsaid => String::new(),
        _ => format!("<Tax><Money currency=\"EUR\">{}</Money></Tax>", amount(wanted.tax_minor())),
    };
    let until = wanted.day().map_or_else(String::new, |day| format!(" requestedDeliveryDate=\"2031-06-{day:02}\""));
    let mut text = format!(
        "<cXML payloadID=\"{note}@buyer\" timestamp=\"2026-03-02T10:00:00+00:00\"><Header>{from}</Header>\
         <Request><OrderRequest><OrderRequestHeader orderID=\"{}\" orderDate=\"2026-03-02\"{until} type=\"{kind}\">\
         <Total><Money currency=\"EUR\">{}</Money></Total>{shipping}{tax}\
         <ShipTo><Address addressID=\"{ship_to}\"><Name>There</Name></Address></ShipTo>{bill_to}\
         <Comments>{note}</Comments></OrderRequestHeader>",
        wanted.number(),
        amount(wanted.lines_minor() + wanted.wrong_minor())
    );
    let lines = if wanted.act == Act::Cancel { &[] } else { wanted.lines() };
    for (line, (item, pieces)) in lines.iter().enumerate() {
        let identity = match wanted.identity(line, item) {
            Identity::Gtin(gtin) => {
                format!("<SupplierPartID>?</SupplierPartID><IdReference domain=\"EAN-13\" identifier=\"{gtin}\"/>")
            }
            Identity::Ours(sku) => format!("<SupplierPartID>{sku}</SupplierPartID>"),
            Identity::Theirs(own) => format!("<SupplierPartID>?</SupplierPartID><BuyerPartID>{own}</BuyerPartID>"),
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
    let until = wanted.day().map_or_else(String::new, |day| {
        format!(
            "<DELIVERY_DATE type=\"optional\"><DELIVERY_START_DATE>2031-06-01</DELIVERY_START_DATE>\
             <DELIVERY_END_DATE>2031-06-{day:02}</DELIVERY_END_DATE></DELIVERY_DATE>"
        )
    });
    let mut text = format!(
        "<{root} xmlns=\"http://www.opentrans.org/XMLSchema/2.1\" version=\"2.1\"><{root}_HEADER><{root}_INFO>\
         <ORDER_ID>{}</ORDER_ID><ORDER_DATE>2026-03-02</ORDER_DATE>{until}<PARTIES>{buyer}{delivery}</PARTIES>\
         <CURRENCY>EUR</CURRENCY><PAYMENT><DEBIT>true</DEBIT></PAYMENT><REMARKS>{note}</REMARKS></{root}_INFO></{root}_HEADER><{root}_ITEM_LIST>",
        wanted.number()
    );
    for (line, (item, pieces)) in wanted.lines().iter().enumerate() {
        let identity = match wanted.identity(line, item) {
            Identity::Gtin(gtin) => format!("<INTERNATIONAL_PID type=\"ean\">{gtin}</INTERNATIONAL_PID>"),
            Identity::Ours(sku) => format!("<SUPPLIER_PID>{sku}</SUPPLIER_PID>"),
            Identity::Theirs(own) => format!("<BUYER_PID type=\"buyer_specific\">{own}</BUYER_PID>"),
        };
        let rate = match wanted.tax_tenths(line, item) {
            0 => String::new(),
            tenths => format!("<TAX_DETAILS_FIX><TAX>0.{tenths:03}</TAX></TAX_DETAILS_FIX>"),
        };
        let discount = opentrans_allowances(0, wanted.line_discount_minor(line));
        let pieces = if wanted.act == Act::Cancel { 0 } else { *pieces };
        write!(
            text,
            "<{root}_ITEM><LINE_ITEM_ID>{}</LINE_ITEM_ID><PRODUCT_ID>{identity}</PRODUCT_ID><QUANTITY>{}</QUANTITY>\
             <ORDER_UNIT>C62</ORDER_UNIT><PRODUCT_PRICE_FIX><PRICE_AMOUNT>{}</PRICE_AMOUNT>{discount}{rate}</PRODUCT_PRICE_FIX>\
             </{root}_ITEM>",
            line + 1,
            wanted.quantity(line, pieces),
            amount(item.price_minor)
        )
        .unwrap();
    }
    // Of an order that is wanted no more nothing is left to pay.
    let (allowances, tax, total) = match wanted.act {
        Act::Cancel => (String::new(), String::new(), 0),
        Act::New | Act::Change => (
            opentrans_allowances(wanted.shipping_minor(), wanted.discount_minor()),
            opentrans_tax(wanted),
            wanted.said_total_minor(),
        ),
    };
    let total = amount(total);
    text + &format!(
        "</{root}_ITEM_LIST><{root}_SUMMARY><TOTAL_AMOUNT>{total}</TOTAL_AMOUNT>{allowances}{tax}</{root}_SUMMARY></{root}>"
    )
}

fn opentrans_allowances(charge_minor: i64, allowance_minor: i64) -> String {
    let one = |kind: &str, minor: i64| match minor {
        0 => String::new(),
        minor => format!(
            "<ALLOW_OR_CHARGE type=\"{kind}\"><ALLOW_OR_CHARGE_VALUE><AOC_MONETARY_AMOUNT>{}</AOC_MONETARY_AMOUNT>\
             </ALLOW_OR_CHARGE_VALUE></ALLOW_OR_CHARGE>",
            amount(minor)
        ),
    };
    match (charge_minor, allowance_minor) {
        (0, 0) => String::new(),
        (charge, allowance) => format!(
            "<ALLOW_OR_CHARGES_FIX>{}{}</ALLOW_OR_CHARGES_FIX>",
            one("surcharge", charge),
            one("allowance", allowance)
        ),
    }
}

/// By rate, in two amounts where there are two.
fn opentrans_tax(wanted: &Wanted) -> String {
    let tax = wanted.tax_minor();
    let parts = match wanted.taxes() {
        Taxes::Unsaid => return String::new(),
        Taxes::Within | Taxes::OnTop => vec![tax],
        Taxes::OnTopByLine => vec![tax / 3, tax - tax / 3],
    };
    let part = |minor: &i64| format!("<TAX_DETAILS_FIX><TAX_AMOUNT>{}</TAX_AMOUNT></TAX_DETAILS_FIX>", amount(*minor));
    format!("<TOTAL_TAX>{}</TOTAL_TAX>", parts.iter().map(part).collect::<String>())
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
    let until = wanted.day().map_or_else(String::new, |day| {
        format!(
            "<orderLogisticalDateInformation><requestedDeliveryDateRange><beginDate>2031-06-01</beginDate>\
             <endDate>2031-06-{day:02}</endDate></requestedDeliveryDateRange></orderLogisticalDateInformation>"
        )
    });
    let (shipping, discount) =
        (gs1_allowance("CHARGE", wanted.shipping_minor()), gs1_allowance("ALLOWANCE", wanted.discount_minor()));
    let total = |name: &str, minor: i64| format!("<{name} currencyCode=\"EUR\">{}</{name}>", amount(minor));
    let totals = match wanted.taxes() {
        _ if wanted.lines().is_empty() => total("totalMonetaryAmountExcludingTaxes", 0),
        Taxes::Unsaid => String::new(),
        Taxes::Within => {
            total("totalMonetaryAmountIncludingTaxes", wanted.total_minor())
                + &total("totalTaxAmount", wanted.tax_minor())
        }
        Taxes::OnTop | Taxes::OnTopByLine => {
            total("totalMonetaryAmountExcludingTaxes", wanted.net_minor())
                + &total("totalMonetaryAmountIncludingTaxes", wanted.total_minor())
                + &total("totalTaxAmount", wanted.tax_minor())
        }
    };
    let mut text = format!(
        "<order><creationDateTime>2026-03-02T12:00:00.000-01:00</creationDateTime>\
         <documentStatusCode>ORIGINAL</documentStatusCode>{action}\
         <orderIdentification><entityIdentification>{}</entityIdentification></orderIdentification>{buyer}\
         {totals}<paymentTerms><paymentTermsTypeCode>NET</paymentTermsTypeCode></paymentTerms>\
         <orderLogisticalInformation><shipTo><gln>{ship_to}</gln></shipTo>{until}</orderLogisticalInformation>\
         {shipping}{discount}<note>{note}</note>",
        wanted.number()
    );
    for (line, (item, pieces)) in wanted.lines().iter().enumerate() {
        let identity = match wanted.identity(line, item) {
            Identity::Gtin(gtin) => format!("<gtin>0{gtin}</gtin>"),
            Identity::Ours(sku) => gs1_item("SUPPLIER_ASSIGNED", sku),
            Identity::Theirs(own) => gs1_item("BUYER_ASSIGNED", &own),
        };
        let rate = match wanted.tax_tenths(line, item) {
            0 => String::new(),
            tenths => format!(
                "<leviedDutyFeeTax><dutyFeeTaxPercentage>{}</dutyFeeTaxPercentage></leviedDutyFeeTax>",
                percent(tenths)
            ),
        };
        let discount = gs1_allowance("ALLOWANCE", wanted.line_discount_minor(line));
        write!(
            text,
            "<orderLineItem><lineItemNumber>{}</lineItemNumber>\
             <requestedQuantity measurementUnitCode=\"EA\">{}</requestedQuantity>\
             <netAmount currencyCode=\"EUR\">{}</netAmount><netPrice currencyCode=\"EUR\">{}</netPrice>\
             {discount}{rate}<transactionalTradeItem>{identity}</transactionalTradeItem></orderLineItem>",
            line + 1,
            wanted.quantity(line, *pieces),
            amount(wanted.line_minor(line) + wanted.wrong_minor()),
            amount(item.price_minor)
        )
        .unwrap();
    }
    text + "</order>"
}

fn gs1_item(kind: &str, number: &str) -> String {
    format!(
        "<additionalTradeItemIdentification additionalTradeItemIdentificationTypeCode=\"{kind}\">{number}\
         </additionalTradeItemIdentification>"
    )
}

fn gs1_allowance(kind: &str, minor: i64) -> String {
    match minor {
        0 => String::new(),
        minor => format!(
            "<allowanceCharge><allowanceOrChargeType>{kind}</allowanceOrChargeType><settlementType>OFF_INVOICE</settlementType>\
             <allowanceChargeAmount currencyCode=\"EUR\">{}</allowanceChargeAmount></allowanceCharge>",
            amount(minor)
        ),
    }
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
                Identity::Gtin(gtin) => ("gtin", gtin.to_owned()),
                Identity::Ours(sku) => ("sku", sku.to_owned()),
                Identity::Theirs(own) => ("customer_sku", own),
            };
            let rate = match wanted.tax_tenths(line, item) {
                0 => String::new(),
                tenths => format!(" tax_percent=\"{}\"", percent(tenths)),
            };
            let discount = match wanted.line_discount_minor(line) {
                0 => String::new(),
                minor => format!(" discount=\"{}\"", amount(minor)),
            };
            write!(
                text,
                "<line {name}=\"{identity}\" quantity=\"{}\" price=\"{}\"{discount}{rate}/>",
                wanted.quantity(line, *pieces),
                amount(item.price_minor)
            )
            .unwrap();
        }
        let paid = match (wanted.is_paid(), wanted.prepaid_minor()) {
            (true, _) => "yes".to_owned(),
            (false, 0) => "no".to_owned(),
            (false, minor) => amount(minor),
        };
        let (shipping, discount) = (amount(wanted.shipping_minor()), amount(wanted.discount_minor()));
        let tax = match wanted.taxes() {
            Taxes::Unsaid => String::new(),
            _ => format!("<tax>{}</tax>", amount(wanted.tax_minor())),
        };
        let until = wanted.day().map_or_else(String::new, |day| format!("<until>2031-06-{day:02}</until>"));
        let total = amount(wanted.said_total_minor());
        write!(
            text,
            "{until}<shipping>{shipping}</shipping><discount>{discount}</discount>{tax}<total>{total}</total><paid>{paid}</paid>"
        )
        .unwrap();
    }
    text + "</order>"
}
