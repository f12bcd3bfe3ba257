//! What exporters of web shops call the values of an order. The first of each list is our name; the others mean the same, to
//! the reader and to what the order says.

/// Names that mean the same, ours first.
pub type Names = &'static [&'static [&'static str]];

/// Elements that only hold others, below an order.
pub const GROUPS: &[&str] =
    &["lines", "orderlines", "items", "orderitems", "products", "totals", "payment", "header", "orderlineitems"];
/// One line.
pub const LINES: &[&str] = &["line", "orderline", "item", "orderitem", "product", "orderlineitem"];
/// Who buys.
pub const CUSTOMERS: &[&str] = &["customer", "buyer", "billing", "billingaddress", "client"];
/// Where it goes.
pub const DELIVERIES: &[&str] = &["delivery", "shipto", "shippingaddress", "pickup", "collection"];

/// What numbers an order; where several are given, the first of these is what the customer knows.
pub const NUMBERS: &[&str] = &["number", "ordernumber", "orderno", "incrementid", "orderid", "id", "reference"];

/// Of an order.
#[rustfmt::skip]
pub const ORDER: Names = &[
    NUMBERS,
    &["date", "orderdate", "created", "createdat", "placed"],
    &["currency", "currencycode", "ordercurrency"],
    &["store", "storecode", "pickupstore"],
    &["until", "deliverydate", "deliverby", "collectby"],
    &["subtotal", "linestotal"],
    &["tax", "taxtotal", "taxamount", "vat", "ordertax"],
    &["rounding"],
    &["total", "ordertotal", "grandtotal"],
    &["due", "payable", "totaldue"],
    &["paid", "amountpaid", "totalpaid", "paymentstatus"],
    &["discount", "discounttotal", "orderdiscount", "coupon"],
    &["shipping", "shippingtotal", "shippingamount", "fee", "charge", "surcharge", "handling"],
    &["note", "comment", "customernote", "customernotes"],
    &["action", "type", "status", "orderstatus"],
    &["firstname", "billingfirstname"],
    &["lastname", "billinglastname"],
    &["company", "billingcompany"],
    &["phone", "billingphone"],
    &["customer", "customerid", "customernumber", "buyer"],
];

/// Of whoever buys.
#[rustfmt::skip]
pub const CUSTOMER: Names = &[
    &["id", "number", "code", "customerid", "customernumber", "customercode"],
    &["gln"],
    &["firstname"],
    &["lastname", "surname", "familyname"],
    &["name", "fullname"],
    &["company", "companyname"],
    &["phone", "telephone", "mobile"],
    &["email"],
];

/// Of where it goes, beside [`ADDRESS`].
#[rustfmt::skip]
pub const DELIVERY: Names = &[
    &["store", "storecode"],
    &["location", "locationid"],
    &["gln"],
    &["until", "date", "by"],
    &["firstname"],
    &["lastname", "surname", "familyname"],
    &["name", "fullname"],
    &["phone", "telephone", "mobile"],
];

/// Of an address.
#[rustfmt::skip]
pub const ADDRESS: Names = &[
    &["company", "companyname"],
    &["department"],
    &["street", "street1", "address1", "addressline1", "address"],
    &["housenumber"],
    &["street2", "address2", "addressline2"],
    &["street3", "address3", "addressline3"],
    &["postcode", "postalcode", "zip", "zipcode"],
    &["city", "town"],
    &["region", "state", "province", "county"],
    &["country", "countrycode"],
];

/// Of a line.
#[rustfmt::skip]
pub const LINE: Names = &[
    &["number", "position", "lineid", "linenumber"],
    &["gtin", "ean", "barcode", "upc", "isbn"],
    &["sku", "article", "itemid", "productcode"],
    &["customersku", "buyersku", "theirnumber"],
    &["name", "title", "description", "productname"],
    &["quantity", "qty"],
    &["unit", "unitcode"],
    &["price", "unitprice", "itemprice"],
    &["per"],
    &["total", "linetotal", "amount", "rowtotal"],
    &["taxpercent", "vatpercent", "taxrate"],
    &["discount"],
    &["note", "comment", "remark"],
    &["status"],
    &["store", "storecode", "pickupstore"],
    &["until", "deliverydate", "deliverby", "collectby"],
];

/// `Order-Number`, `order_number` and `@orderNumber` are `ordernumber`.
pub fn plain_name(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.' | '@')).flat_map(char::to_lowercase).collect()
}

/// Our name for a plain name; the name itself when we have none.
pub fn ours(names: Names, name: &str) -> &str {
    names.iter().find(|same| same.contains(&name)).and_then(|same| same.first()).copied().unwrap_or(name)
}

/// Our name for what stands at a path below an order, in plain names.
pub fn ours_at<'n>(path: &[&'n str]) -> &'n str {
    let Some((name, around)) = path.split_last() else { return "order" };
    match around {
        [] if LINES.contains(name) => "line",
        [] if DELIVERIES.contains(name) => "delivery",
        [] if CUSTOMERS.contains(name) => "customer",
        [] => ours(ORDER, name),
        [line] if LINES.contains(line) => ours(LINE, name),
        ["customer", "shipto"] => of_delivery(name),
        ["customer", "billto"] | ["billto"] => ours(CUSTOMER, name),
        [customer] if CUSTOMERS.contains(customer) => ours(CUSTOMER, name),
        [delivery] if DELIVERIES.contains(delivery) => of_delivery(name),
        [delivery, "address"] if DELIVERIES.contains(delivery) => ours(ADDRESS, name),
        _ => name,
    }
}

fn of_delivery(name: &str) -> &str {
    ours(ADDRESS, ours(DELIVERY, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_things_in_one_place() {
        for names in [ORDER, CUSTOMER, DELIVERY, ADDRESS, LINE] {
            let mut all: Vec<&str> = names.iter().flat_map(|same| same.iter().copied()).collect();
            assert!(all.iter().all(|name| plain_name(name) == **name), "{all:?}");
            all.sort_unstable();
            let count = all.len();
            all.dedup();
            assert_eq!(all.len(), count, "{all:?}");
        }
    }
}
