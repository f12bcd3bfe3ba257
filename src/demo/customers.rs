//! The people on the web shop: which orders arrive, from a seed, and as the documents their website sends.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DurationRound, TimeDelta, Timelike};

use super::catalogue::{CatalogueError, STORE, ShelfItem, ZONE, list_shelf_items};
use super::chance::Chance;
use crate::domain::Timestamp;
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::money::{Currency, Money};
use crate::domain::zone::StoreZone;

/// An order as the web shop has it, before it is a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopOrder {
    /// The web shop's own number: `100231`.
    pub reference: String,
    /// The web shop's number of the customer.
    pub customer: String,
    /// The customer.
    pub first_name: String,
    /// The customer.
    pub family_name: String,
    /// As typed into the web shop.
    pub phone: String,
    /// What was ordered.
    pub lines: Vec<ShopLine>,
    /// Paid on the web; otherwise on collection.
    pub paid: bool,
    /// Where it is collected; `None` when it is sent.
    pub pick_up: Option<StoreId>,
    /// When it was placed.
    pub ordered_at: Timestamp,
    /// Until when the customer will come.
    pub collect_by: Option<Timestamp>,
}

/// A line of a [`ShopOrder`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopLine {
    /// What.
    pub product: ProductId,
    /// As the web shop calls it.
    pub name: String,
    /// The code a document names it by; by article number without one.
    pub code: Option<String>,
    /// How many.
    pub pieces: u32,
    /// For one, tax included.
    pub price: Money,
}

const FIRST_NAMES: &[&str] = &[
    "Anna", "Jo", "Lena", "Mikko", "Ines", "Omar", "Greta", "Tomás", "Yuki", "Priya", "Aino", "Liam", "Zofia", "Noor",
    "Hugo", "Marta", "Eero", "Clara", "Sami", "Ruth",
];
const FAMILY_NAMES: &[&str] = &[
    "Kowalski",
    "Berg",
    "Smith",
    "Virtanen",
    "Moreau",
    "Haddad",
    "Lindqvist",
    "Ferreira",
    "Tanaka",
    "Nair",
    "Korhonen",
    "O’Brien",
    "Nowak",
    "de Vries",
    "Laine",
    "Rossi",
    "Saari",
    "Weber",
    "Aalto",
    "Meyer",
];

/// The shop is open from the one full hour to the other, on its own clocks, every day.
const OPEN: std::ops::RangeInclusive<u32> = 9..=20;

/// The full hour until which a customer will come: so many hours of a shop that is open from `now` on, and at least half of
/// the first. Whenever the demo is started, somebody who means to collect comes while there is somebody in the shop.
fn find_shop_hour(now: Timestamp, hours: i64) -> Option<Timestamp> {
    let zone = StoreZone::of(ZONE);
    let mut clock = (zone.local(now) + TimeDelta::minutes(30)).duration_trunc(TimeDelta::hours(1)).ok()?;
    let mut left = hours;
    while left > 0 {
        clock += TimeDelta::hours(1);
        // Nobody comes in the hour before the doors open.
        left -= i64::from(OPEN.contains(&clock.hour()) && clock.hour() != *OPEN.start());
    }
    Some(zone.moment(clock))
}

/// The web shop's customers. They like what stands at the front of the shop, which is what tills sell too.
pub struct Customers {
    chance: Chance,
    items: Vec<ShelfItem>,
    next_reference: u32,
}

impl Customers {
    /// The customers of a seed.
    pub fn new(seed: u64) -> Result<Self, CatalogueError> {
        let items = list_shelf_items()?;
        let web_shop = |item: &ShelfItem| item.department != "Services" && !item.weighed && item.price.is_some();
        let items = items.into_iter().filter(web_shop).collect();
        Ok(Self { chance: Chance::new(seed), items, next_reference: 100_231 })
    }

    /// A shop that opens again: its numbers go on behind `last`, and its customers make up their minds anew.
    pub fn go_on_behind(&mut self, last: u32) {
        self.next_reference = last + 1;
        self.chance = Chance::new(self.chance.below(u64::from(u32::MAX)) ^ u64::from(last));
    }

    /// The orders that wait when the shop opens: they make the last pieces of the sample shop's story promised ones.
    pub fn list_opening_orders(&mut self, now: Timestamp) -> Vec<ShopOrder> {
        #[rustfmt::skip]
        let story: [(usize, bool, i64, &[&str]); 6] = [
            // who, paid, hours of an open shop from now, what
            (0, true,   3, &["merino-crew-navy-m"]),
            (1, false, 22, &["hand-coffee-grinder", "wool-socks-grey-41-43"]),
            (2, true,   1, &["cast-iron-pan-28-cm"]),
            (4, true,   4, &["rain-shell-black-m", "beanie-rust"]),
            (3, true,  11, &["day-backpack-18-l-moss"]),
            (6, true,   6, &["santoku-17-cm"]),
        ];
        let mut orders = Vec::new();
        for (person, paid, hours, products) in story {
            let lines = products.iter().filter_map(|product| self.find_line(product, 1)).collect();
            let who = (FIRST_NAMES[person], FAMILY_NAMES[person]);
            orders.push(self.order(who, lines, paid, Some(hours), now));
        }
        orders
    }

    /// The next order that arrives, as of `now`.
    pub fn next_order(&mut self, now: Timestamp) -> ShopOrder {
        let count = 1 + self.chance.below(3);
        let mut lines: Vec<ShopLine> = Vec::new();
        while (lines.len() as u64) < count {
            // Half of all orders are for the first products of their department: the ones in the window.
            let reach = if self.chance.percent(50) { 60 } else { self.items.len() as u64 };
            let item = self.chance.below(reach) as usize;
            let pieces = if self.chance.percent(85) { 1 } else { 2 };
            let Some(item) = self.items.get(item) else { continue };
            if !lines.iter().any(|line| line.product == item.product) {
                lines.extend(line_of(item, pieces));
            }
        }
        let first = self.chance.pick(FIRST_NAMES).copied().unwrap_or_default();
        let family = self.chance.pick(FAMILY_NAMES).copied().unwrap_or_default();
        let paid = self.chance.percent(70);
        let hours = self.chance.percent(85).then(|| 2 + self.chance.below(32) as i64);
        self.order((first, family), lines, paid || hours.is_none(), hours, now)
    }

    /// How long until the next one arrives.
    pub fn next_pause(&mut self) -> Duration {
        Duration::from_secs(20 + self.chance.below(60))
    }

    /// One line of a product of the shop; `None` for what it has not.
    pub fn find_line(&self, product: &str, pieces: u32) -> Option<ShopLine> {
        line_of(self.items.iter().find(|item| item.product.as_str() == product)?, pieces)
    }

    fn order(
        &mut self,
        (first, family): (&str, &str),
        lines: Vec<ShopLine>,
        paid: bool,
        hours: Option<i64>,
        now: Timestamp,
    ) -> ShopOrder {
        let reference = self.next_reference;
        self.next_reference += 1 + self.chance.below(4) as u32;
        let collect_by = hours.and_then(|hours| find_shop_hour(now, hours));
        ShopOrder {
            reference: reference.to_string(),
            customer: format!("C-{}", 1000 + self.chance.below(9000)),
            first_name: first.to_owned(),
            family_name: family.to_owned(),
            phone: format!("+358 40 555 {:04}", self.chance.below(10_000)),
            lines,
            paid,
            pick_up: hours.map(|_| StoreId::new(STORE)),
            ordered_at: now,
            collect_by,
        }
    }
}

fn line_of(item: &ShelfItem, pieces: u32) -> Option<ShopLine> {
    Some(ShopLine {
        product: item.product.clone(),
        name: item.name.clone(),
        code: item.codes.first().map(|code| code.digits.clone()),
        pieces,
        price: item.price?,
    })
}

impl ShopOrder {
    /// What it costs, tax included.
    pub fn total_minor(&self) -> i64 {
        self.lines.iter().map(|line| line.price.minor() * i64::from(line.pieces)).sum()
    }

    /// The order as a UBL 2.1 Order (OASIS, `Order-2`), as the web shop sends it.
    pub fn to_document(&self) -> String {
        let mut xml = String::from(HEAD);
        // Writing to a String cannot fail; `write!` only says so by its type.
        let _ = write!(
            xml,
            "  <cbc:ID>{}</cbc:ID>\n  <cbc:IssueDate>{}</cbc:IssueDate>\n  <cbc:IssueTime>{}</cbc:IssueTime>\n  \
             <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>\n",
            escape(&self.reference),
            self.ordered_at.format("%Y-%m-%d"),
            self.ordered_at.format("%H:%M:%SZ"),
        );
        self.write_parties(&mut xml);
        self.write_delivery(&mut xml);
        self.write_totals(&mut xml);
        for (index, line) in self.lines.iter().enumerate() {
            line.write(index + 1, &mut xml);
        }
        xml.push_str("</Order>\n");
        xml
    }

    fn write_parties(&self, xml: &mut String) {
        let _ = write!(
            xml,
            "  <cac:BuyerCustomerParty>\n    <cac:Party>\n      \
             <cac:PartyIdentification><cbc:ID>{}</cbc:ID></cac:PartyIdentification>\n      \
             <cac:PartyName><cbc:Name>{first} {family}</cbc:Name></cac:PartyName>\n      \
             <cac:Contact><cbc:Telephone>{}</cbc:Telephone></cac:Contact>\n      \
             <cac:Person><cbc:FirstName>{first}</cbc:FirstName><cbc:FamilyName>{family}</cbc:FamilyName></cac:Person>\n    \
             </cac:Party>\n  </cac:BuyerCustomerParty>\n  <cac:SellerSupplierParty>\n    <cac:Party>\n      \
             <cac:PartyName><cbc:Name>Linden &amp; Lark</cbc:Name></cac:PartyName>\n    </cac:Party>\n  \
             </cac:SellerSupplierParty>\n",
            escape(&self.customer),
            escape(&self.phone),
            first = escape(&self.first_name),
            family = escape(&self.family_name),
        );
    }

    fn write_delivery(&self, xml: &mut String) {
        if self.pick_up.is_none() && self.collect_by.is_none() {
            return;
        }
        xml.push_str("  <cac:Delivery>\n");
        if let Some(store) = &self.pick_up {
            let id = escape(store.as_str());
            let _ = writeln!(xml, "    <cac:DeliveryLocation><cbc:ID>{id}</cbc:ID></cac:DeliveryLocation>");
        }
        if let Some(until) = self.collect_by {
            let _ = writeln!(
                xml,
                "    <cac:RequestedDeliveryPeriod><cbc:EndDate>{}</cbc:EndDate><cbc:EndTime>{}</cbc:EndTime>\
                 </cac:RequestedDeliveryPeriod>",
                until.format("%Y-%m-%d"),
                until.format("%H:%M:%SZ"),
            );
        }
        xml.push_str("  </cac:Delivery>\n");
    }

    fn write_totals(&self, xml: &mut String) {
        let total = Money::new(self.total_minor(), Currency::EUR);
        let due = if self.paid { Money::zero(Currency::EUR) } else { total };
        let _ = writeln!(xml, "  <cac:AnticipatedMonetaryTotal>");
        let _ = writeln!(xml, "    <cbc:LineExtensionAmount currencyID=\"EUR\">{total}</cbc:LineExtensionAmount>");
        let _ = writeln!(xml, "    <cbc:TaxInclusiveAmount currencyID=\"EUR\">{total}</cbc:TaxInclusiveAmount>");
        if self.paid {
            let _ = writeln!(xml, "    <cbc:PrepaidAmount currencyID=\"EUR\">{total}</cbc:PrepaidAmount>");
        }
        let _ = writeln!(xml, "    <cbc:PayableAmount currencyID=\"EUR\">{due}</cbc:PayableAmount>");
        let _ = writeln!(xml, "  </cac:AnticipatedMonetaryTotal>");
    }
}

impl ShopLine {
    fn write(&self, number: usize, xml: &mut String) {
        let amount = Money::new(self.price.minor() * i64::from(self.pieces), Currency::EUR);
        let identity = match &self.code {
            Some(code) => format!(
                "<cac:StandardItemIdentification><cbc:ID schemeID=\"0160\">{}</cbc:ID></cac:StandardItemIdentification>",
                escape(code)
            ),
            None => format!(
                "<cac:SellersItemIdentification><cbc:ID>{}</cbc:ID></cac:SellersItemIdentification>",
                escape(self.product.as_str())
            ),
        };
        let _ = write!(
            xml,
            "  <cac:OrderLine>\n    <cac:LineItem>\n      <cbc:ID>{number}</cbc:ID>\n      \
             <cbc:Quantity unitCode=\"C62\">{}</cbc:Quantity>\n      \
             <cbc:LineExtensionAmount currencyID=\"EUR\">{amount}</cbc:LineExtensionAmount>\n      \
             <cac:Price><cbc:PriceAmount currencyID=\"EUR\">{}</cbc:PriceAmount></cac:Price>\n      \
             <cac:Item>\n        <cbc:Name>{}</cbc:Name>\n        {identity}\n      </cac:Item>\n    </cac:LineItem>\n  \
             </cac:OrderLine>\n",
            self.pieces,
            self.price,
            escape(&self.name),
        );
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\"\n       \
    xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\"\n       \
    xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">\n  \
    <cbc:UBLVersionID>2.1</cbc:UBLVersionID>\n";

/// The five characters that XML gives a meaning (XML 1.0, section 2.4).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn noon() -> Timestamp {
        chrono::DateTime::from_timestamp(1_772_452_800, 0).unwrap()
    }

    fn orders(seed: u64, count: usize) -> Vec<ShopOrder> {
        let mut customers = Customers::new(seed).unwrap();
        (0..count).map(|_| customers.next_order(noon())).collect()
    }

    #[test]
    fn a_seed_is_a_day_and_another_seed_another() {
        assert_eq!(orders(1, 40), orders(1, 40));
        assert_ne!(orders(1, 40), orders(2, 40));
    }

    #[test]
    fn orders_are_believable() {
        let all = orders(3, 300);
        let references: BTreeSet<&String> = all.iter().map(|o| &o.reference).collect();
        assert_eq!(references.len(), all.len(), "no number comes twice");
        for order in &all {
            let products: BTreeSet<&ProductId> = order.lines.iter().map(|l| &l.product).collect();
            assert_eq!(products.len(), order.lines.len(), "{order:?}");
            assert!((1..=3).contains(&order.lines.len()) && order.total_minor() > 0, "{order:?}");
            assert!(order.pick_up.is_some() || order.paid, "what is sent is paid: {order:?}");
            assert!(order.collect_by.is_none_or(|until| until > order.ordered_at), "{order:?}");
        }
        let picked_up = all.iter().filter(|o| o.pick_up.is_some()).count();
        let paid = all.iter().filter(|o| o.paid).count();
        assert!((220..290).contains(&picked_up) && (190..260).contains(&paid), "{picked_up} {paid}");
    }

    #[test]
    fn a_shop_that_opens_again_goes_on_with_its_numbers() {
        let mut customers = Customers::new(1).unwrap();
        let first: Vec<_> = (0..5).map(|_| customers.next_order(noon())).collect();
        let last: u32 = first[4].reference.parse().unwrap();
        let mut again = Customers::new(1).unwrap();
        again.go_on_behind(last);
        let next = again.next_order(noon());
        assert!(next.reference.parse::<u32>().unwrap() > last);
        assert_ne!(next.customer, first[0].customer, "not the same morning over again");
    }

    #[test]
    fn the_story_waits_when_the_shop_opens() {
        let opening = Customers::new(1).unwrap().list_opening_orders(noon());
        let products: Vec<&str> = opening.iter().flat_map(|o| &o.lines).map(|l| l.product.as_str()).collect();
        assert_eq!(
            products,
            [
                "merino-crew-navy-m",
                "hand-coffee-grinder",
                "wool-socks-grey-41-43",
                "cast-iron-pan-28-cm",
                "rain-shell-black-m",
                "beanie-rust",
                "day-backpack-18-l-moss",
                "santoku-17-cm"
            ]
        );
        // Three hours later on the shop's clocks: 17:00 in Lindholm.
        assert_eq!(opening[0].collect_by, chrono::DateTime::from_timestamp(1_772_463_600, 0));
    }

    #[test]
    fn whenever_the_demo_is_started_customers_come_while_the_shop_is_open() {
        let zone = StoreZone::of(ZONE);
        // Through the nights in which the clocks are put forward and back as well.
        for day in ["2026-03-02", "2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-11-26"] {
            let midnight = format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap();
            for quarter in 0..4 * 24 {
                let now = midnight + TimeDelta::minutes(15 * quarter + 7);
                let mut customers = Customers::new(1).unwrap();
                let opening = customers.list_opening_orders(now).into_iter();
                let later = std::iter::repeat_with(|| customers.next_order(now)).take(20);
                let times: Vec<Timestamp> =
                    opening.chain(later.collect::<Vec<_>>()).filter_map(|o| o.collect_by).collect();
                for by in &times {
                    let (begins, at) = (zone.local(now), zone.local(*by));
                    assert!(at.minute() == 0 && (10..=20).contains(&at.hour()), "started {begins}, due {at}");
                    assert!(*by - now >= TimeDelta::minutes(30), "started {begins}, due {at}");
                    assert!(*by - now <= TimeDelta::days(5), "started {begins}, due {at}");
                }
                let order: Vec<Timestamp> = [2, 0, 3, 5, 4, 1].map(|who| times[who]).to_vec();
                assert!(order.is_sorted(), "the most urgent is due first: {order:?}");
            }
        }
    }

    #[test]
    fn a_document_says_what_the_order_says() {
        let mut order = Customers::new(1).unwrap().list_opening_orders(noon()).swap_remove(1);
        order.family_name = "Berg & Söhne <x>".to_owned();
        let xml = order.to_document();
        for text in [
            "<cbc:ID>S001</cbc:ID>",
            "<cbc:IssueDate>2026-03-02</cbc:IssueDate>",
            "<cbc:FamilyName>Berg &amp; Söhne &lt;x&gt;</cbc:FamilyName>",
            "<cbc:PayableAmount currencyID=\"EUR\">83.00</cbc:PayableAmount>",
            "<cbc:Name>Hand coffee grinder</cbc:Name>",
        ] {
            assert!(xml.contains(text), "{text} is not in\n{xml}");
        }
        assert!(!xml.contains("PrepaidAmount"), "it is paid on collection");
        assert_eq!(xml.matches("<c").count(), xml.matches("</c").count(), "every element is closed");
    }
}
