//! Orders, changes and cancellations as their senders write them, in every format, right or with one fault.

use super::writers;

/// A language of senders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Of its rate in the shop, in tenths of a percent.
    pub tax_tenths: i64,
    /// Among the products that are ordered.
    pub place: u64,
}

/// How many numbers of its own a customer has.
const OWN_NUMBERS: u64 = 40;

impl Item {
    /// What a customer calls it; another customer calls something else so.
    pub fn their_number(&self, buyer: u64) -> String {
        format!("own-{}", (self.place + buyer) % OWN_NUMBERS)
    }
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
        let tax_tenths = match value("tax").as_str() {
            "A" => 255,
            "B" => 135,
            _ => 0,
        };
        is_plain.then(|| Item { sku: value("sku"), gtin, price_minor, tax_tenths, place: 0 })
    });
    let items = items.take(count).zip(0..).map(|(item, place)| Item { place, ..item });
    let items: Vec<Item> = items.collect();
    assert_eq!(items.len(), count, "the sample shop has become small");
    assert!(count as u64 <= OWN_NUMBERS, "more products than numbers");
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
    pub fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// As the document says it: nothing when that is its fault.
    pub fn number(&self) -> &str {
        if self.has(Fault::NumberMissing) { "" } else { &self.number }
    }

    pub fn store(&self) -> Option<&'static str> {
        match self.place.is_warehouse {
            _ if self.has(Fault::StoreUnknown) => Some("S999"),
            true => None,
            false => Some(self.place.store),
        }
    }

    pub fn quantity(&self, line: usize, pieces: u32) -> String {
        if self.has(Fault::QuantityWrong) && line == 0 { "many".to_owned() } else { pieces.to_string() }
    }

    /// How the item is named: by its GTIN, by our number, or by the buyer's own where we know that.
    pub fn identity<'a>(&self, line: usize, item: &'a Item) -> Identity<'a> {
        let choice = line + self.number.len() + self.buyer as usize;
        match choice % 3 {
            _ if self.has(Fault::ItemUnknown) && line == 0 => Identity::Ours("no-such-thing"),
            0 => Identity::Gtin(&item.gtin),
            1 if knows_own_numbers(self.buyer) => Identity::Theirs(item.their_number(self.buyer)),
            _ => Identity::Ours(&item.sku),
        }
    }
}

/// By what an item is named.
pub enum Identity<'a> {
    Gtin(&'a str),
    Ours(&'a str),
    Theirs(String),
}

/// Is the buyer a customer whose own numbers head office has imported?
pub const fn knows_own_numbers(buyer: u64) -> bool {
    buyer.is_multiple_of(4)
}

/// By what a buyer is known in each format.
pub fn buyer_names(buyer: u64) -> [String; 4] {
    [format!("C-{buyer}"), buyer.to_string(), format!("K-{buyer}"), format!("54{buyer:011}")]
}

/// A document of these orders, all of one format, and each order's own part of it. UBL and cXML hold one.
pub fn write(orders: &[Wanted]) -> (String, Vec<String>) {
    let format = orders[0].format;
    let parts: Vec<String> = orders.iter().map(writers::element).collect();
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
