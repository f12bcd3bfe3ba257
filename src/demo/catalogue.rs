//! The sample shop's files, compiled in, and the codes that stand on its shelves.

use serde::Deserialize;

use crate::domain::barcode::gtin::Gtin;
use crate::domain::barcode::in_store::{InStoreRules, InStoreValue, encode_in_store};
use crate::domain::ids::ProductId;
use crate::domain::money::{Currency, Money};
use crate::domain::quantity::Quantity;

/// `products.csv`, as `central import products` takes it.
pub const PRODUCTS_CSV: &str = include_str!("../../assets/sample/products.csv");
/// `stores.csv`, as `central import stores` takes it.
pub const STORES_CSV: &str = include_str!("../../assets/sample/stores.csv");
/// `operators.csv`, as `central import operators` takes it. Its PINs are for the demo only.
pub const OPERATORS_CSV: &str = include_str!("../../assets/sample/operators.csv");
/// `stock.csv`: what the books of each store begin with.
pub const STOCK_CSV: &str = include_str!("../../assets/sample/stock.csv");
/// The day that is played in the shop, in the words of [`super::script`].
pub const DAY: &str = include_str!("../../assets/sample/day.txt");

/// The sample orders from outside, by their file names in `assets/sample/orders/`.
const ORDER_DOCUMENTS: &[(&str, &str)] = &[
    ("delivery.xml", include_str!("../../assets/sample/orders/delivery.xml")),
    ("pick-up-paid.xml", include_str!("../../assets/sample/orders/pick-up-paid.xml")),
    ("pick-up-pay-on-collection.xml", include_str!("../../assets/sample/orders/pick-up-pay-on-collection.xml")),
    ("plain.xml", include_str!("../../assets/sample/orders/plain.xml")),
    ("problem.xml", include_str!("../../assets/sample/orders/problem.xml")),
];

/// A sample order from outside, by its file name.
pub fn find_order_document(name: &str) -> Option<&'static str> {
    ORDER_DOCUMENTS.iter().find(|(file, _)| *file == name).map(|(_, document)| *document)
}

/// The store the demo's till stands in.
pub const STORE: &str = "S001";
/// The demo's till.
pub const WORKSTATION: &str = "T02";
/// Where [`STORE`] stands, for in-store codes (ISO 3166-1).
pub const COUNTRY: &str = "FI";
/// Whose clocks [`STORE`] goes by (IANA).
pub const ZONE: &str = "Europe/Helsinki";
/// What [`STORE`] sells in.
pub const CURRENCY: Currency = Currency::EUR;

/// A product as the counter beside the till shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfItem {
    /// Its article number.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Its department.
    pub department: String,
    /// Its price; `None` when it is typed at the till.
    pub price: Option<Money>,
    /// Sold by weight: its first code is that of a scale's labels, with weight zero.
    pub weighed: bool,
    /// Every code that leads to it, with how many pieces one scan is.
    pub codes: Vec<ShelfCode>,
}

/// A code on a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfCode {
    /// The digits a scanner reads.
    pub digits: String,
    /// Pieces one scan stands for.
    pub pack: u32,
}

/// A row of the sample shop's files that cannot be read; with the file and the line.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The CSV itself is broken.
    #[error("assets/sample/products.csv: {0}")]
    Csv(#[from] csv::Error),
    /// A price that is none.
    #[error("assets/sample/products.csv: {sku} costs {price:?}")]
    Price {
        /// Of which product.
        sku: String,
        /// As written.
        price: String,
    },
    /// A pack that is no number: `4006381333931*six`.
    #[error("assets/sample/products.csv: {sku} has the code {code}")]
    Code {
        /// Of which product.
        sku: String,
        /// As written.
        code: String,
    },
}

#[derive(Deserialize)]
struct ProductRow {
    sku: String,
    name: String,
    barcode: String,
    price: String,
    department: String,
    unit: String,
}

/// Everything that can be put on the counter, in the order of the file. Services without a code are rung by their key.
pub fn list_shelf_items() -> Result<Vec<ShelfItem>, CatalogueError> {
    csv::Reader::from_reader(PRODUCTS_CSV.as_bytes()).deserialize().map(|row| read_item(row?)).collect()
}

fn read_item(row: ProductRow) -> Result<ShelfItem, CatalogueError> {
    let read_code = |code: &str| -> Result<ShelfCode, CatalogueError> {
        let (digits, pack) = code.split_once('*').unwrap_or((code, "1"));
        let wrong = || CatalogueError::Code { sku: row.sku.clone(), code: code.to_owned() };
        Ok(ShelfCode { digits: digits.to_owned(), pack: pack.parse().map_err(|_| wrong())? })
    };
    let codes = row.barcode.split('|').filter(|code| !code.is_empty()).map(read_code).collect::<Result<_, _>>()?;
    let price = match row.price.as_str() {
        "" => None,
        text => {
            let wrong = |_| CatalogueError::Price { sku: row.sku.clone(), price: text.to_owned() };
            Some(Money::parse(text, CURRENCY).map_err(wrong)?)
        }
    };
    Ok(ShelfItem {
        product: ProductId::new(&row.sku),
        name: row.name,
        department: row.department,
        price,
        weighed: row.unit == "kg",
        codes,
    })
}

impl ShelfItem {
    /// What the scale's label on a bag of this much says; `None` for what is not weighed, and beyond the label's 9.999 kg.
    pub fn find_weight_label(&self, rules: &InStoreRules, weight: Quantity) -> Option<String> {
        let item = self.codes.first().filter(|_| self.weighed)?;
        // Finland's layout: two digits that say what it is, six of the article, four of weight, the check digit.
        let label = encode_in_store(rules, item.digits.get(2..8)?, InStoreValue::Weight(weight))?;
        // A heavier bag would get another country prefix, under which the shop knows no article.
        label.as_gtin_13().filter(|digits| digits.get(..2) == item.digits.get(..2)).map(str::to_owned)
    }

    /// What a scanner reads on one piece of it: the first code, or the label of a bag of 452 g.
    pub fn find_scan(&self, rules: &InStoreRules) -> Option<String> {
        match self.weighed {
            true => self.find_weight_label(rules, Quantity::from_thousandths(452)),
            false => self.codes.iter().find(|code| code.pack == 1).map(|code| code.digits.clone()),
        }
    }

    /// Is every code of it a number with a right check digit?
    pub fn has_sound_codes(&self) -> bool {
        self.codes.iter().all(|code| Gtin::parse(&code.digits).is_some() && code.pack > 0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use chrono::NaiveDate;

    use super::*;
    use crate::domain::barcode::{Code, parse_code};

    fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
    }

    /// The on-hand figure of a product in a store, as written.
    fn on_hand(store: &str, sku: &str) -> String {
        let found = rows(STOCK_CSV).into_iter().find(|r| r["store"] == store && r["sku"] == sku);
        found.map(|r| r["on_hand"].clone()).unwrap_or_default()
    }

    #[test]
    fn the_shop_is_large_enough_to_believe_in() {
        let items = list_shelf_items().unwrap();
        let departments: BTreeSet<&str> = items.iter().map(|i| i.department.as_str()).collect();
        assert!(items.len() >= 400, "{}", items.len());
        let expected = ["Clothing", "Drinks", "Food", "Home", "Kitchen", "Services", "Stationery"];
        assert_eq!(departments.into_iter().collect::<Vec<_>>(), expected);
        assert!(items.iter().filter(|i| i.weighed).count() >= 20);
        assert!(items.iter().filter(|i| i.codes.iter().any(|c| c.pack > 1)).count() >= 15);
    }

    #[test]
    fn every_code_is_sound_made_up_and_of_one_product_only() {
        let mut seen = BTreeMap::new();
        for item in list_shelf_items().unwrap() {
            assert!(item.has_sound_codes(), "{item:?}");
            for code in &item.codes {
                // 952 is the GS1 prefix for demonstrations, 23 a scale's label in Finland.
                let prefix = if item.weighed { "23" } else { "952" };
                assert!(code.digits.starts_with(prefix), "{item:?}");
                assert_eq!(seen.insert(code.digits.clone(), item.product.clone()), None, "{} twice", code.digits);
            }
            assert!(item.department == "Services" || !item.codes.is_empty(), "{item:?}");
        }
    }

    #[test]
    fn the_shop_goes_by_the_clocks_and_the_currency_of_its_file() {
        let stores = rows(STORES_CSV);
        let store = stores.iter().find(|store| store["code"] == STORE).unwrap();
        assert_eq!((store["country"].as_str(), store["time_zone"].as_str()), (COUNTRY, ZONE));
        assert_eq!(store["currency"], CURRENCY.code());
    }

    #[test]
    fn every_row_holds_what_a_product_needs() {
        let mut skus = BTreeSet::new();
        let mut quick_keys = Vec::new();
        for row in rows(PRODUCTS_CSV) {
            assert!(skus.insert(row["sku"].clone()), "{} twice", row["sku"]);
            assert!(!row["name"].is_empty() && row["name"].trim() == row["name"], "{row:?}");
            let price = Money::parse(&row["price"], Currency::EUR);
            match row["price_kind"].as_str() {
                "open" => assert!(row["price"].is_empty(), "{row:?}"),
                "fixed" => assert!(price.is_ok_and(|p| p.minor() > 0), "{row:?}"),
                other => panic!("{other}: {row:?}"),
            }
            assert!(["A", "B", "C"].contains(&row["tax"].as_str()), "{row:?}");
            assert!(["each", "kg", "m", "l", "h"].contains(&row["unit"].as_str()), "{row:?}");
            assert!(["", "18", "20"].contains(&row["age_limit"].as_str()), "{row:?}");
            assert_eq!(row["stocked"] == "yes", !row["bin"].is_empty(), "what is stocked stands somewhere: {row:?}");
            quick_keys.extend(row["quick_key"].parse::<u16>().ok());
        }
        quick_keys.sort_unstable();
        assert_eq!(quick_keys, (1..=12).collect::<Vec<_>>());
    }

    #[test]
    fn the_books_know_only_what_is_sold_here_and_all_of_it() {
        let stocked: BTreeSet<String> =
            rows(PRODUCTS_CSV).into_iter().filter(|r| r["stocked"] == "yes").map(|r| r["sku"].clone()).collect();
        for store in rows(STORES_CSV) {
            let of_store = rows(STOCK_CSV).into_iter().filter(|r| r["store"] == store["code"]);
            let in_books: BTreeSet<String> = of_store.map(|r| r["sku"].clone()).collect();
            assert_eq!(in_books, stocked, "{}", store["code"]);
        }
        for row in rows(STOCK_CSV) {
            assert!(Quantity::parse(&row["on_hand"]).is_some_and(|q| !q.is_negative()), "{row:?}");
            assert!(Quantity::parse(&row["safety"]).is_some(), "{row:?}");
        }
    }

    #[test]
    fn the_story_of_the_readme_is_in_the_books() {
        #[rustfmt::skip]
        let table = [
            ("S001", "merino-crew-navy-m",     "1"), ("S002", "merino-crew-navy-m", "2"), ("S003", "merino-crew-navy-m", "0"),
            ("S001", "hand-coffee-grinder",    "1"), ("S001", "cast-iron-pan-28-cm", "1"),
            ("S001", "day-backpack-18-l-moss", "1"), ("S001", "wool-blanket-grey",   "1"),
            ("S001", "rain-shell-black-m",     "2"),
            ("S001", "enamel-mug-moss",        "0"), ("S001", "santoku-17-cm",       "0"), ("S001", "cloudberry-jam-340-g", "0"),
        ];
        for (store, sku, expected) in table {
            assert_eq!(on_hand(store, sku), expected, "{sku} in {store}");
        }
    }

    #[test]
    fn a_bag_from_the_scale_reads_as_what_it_weighs() {
        let rules = InStoreRules::for_country(COUNTRY).unwrap();
        let items = list_shelf_items().unwrap();
        let nuts = items.iter().find(|i| i.product.as_str() == "brazil-nuts-loose").unwrap();
        let scanned = nuts.find_scan(&rules).unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let Ok(Code::InStore(code)) = parse_code(scanned.as_bytes(), None, &rules, today) else {
            panic!("{scanned} is no in-store code");
        };
        assert_eq!(code.value, InStoreValue::Weight(Quantity::from_thousandths(452)));
        assert_eq!(code.item.as_gtin_13(), Some(nuts.codes[0].digits.as_str()));
        assert_eq!(nuts.find_weight_label(&rules, Quantity::units(10)), None);
    }

    #[test]
    fn everyone_of_the_sign_in_picture_may_sign_in() {
        let names: Vec<String> = rows(OPERATORS_CSV).into_iter().map(|r| r["name"].clone()).collect();
        assert_eq!(names, ["Ana", "Ben", "Chidi", "Dora", "Emre", "Faye"]);
        for row in rows(OPERATORS_CSV) {
            assert!(row["pin"].len() >= 4 && row["pin"].bytes().all(|b| b.is_ascii_digit()), "{row:?}");
        }
    }
}
