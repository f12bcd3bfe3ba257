//! The catalogue: codes, changes, and search as a cashier types it.

use proptest::prelude::*;

use super::testing::{Shop, at, product};
use crate::domain::feed::{Change, FeedBatch, Scope};
use crate::domain::ids::ProductId;
use crate::domain::product::{Barcode, Product};

fn barcode(key: &str, article: &str, pack: u32) -> Barcode {
    Barcode { key: key.to_owned(), product: article.into(), pack }
}

fn put(product: Product, keys: &[&str]) -> Change {
    let barcodes = keys.iter().map(|key| barcode(key, product.id.as_str(), 1)).collect();
    Change::Product { product, barcodes }
}

fn apply(shop: &mut Shop, snapshot: bool, changes: Vec<Change>) {
    let batch = FeedBatch {
        scope: Scope::Company,
        cursor: 1,
        snapshot,
        changes,
        contains: Vec::new(),
        as_of: at(0),
        left_out: 0,
    };
    shop.act(|tx| tx.apply_feed(&batch));
    check_indexes(shop);
}

/// The search index is an index of exactly what is in the tables beside it.
fn check_indexes(shop: &Shop) {
    let connection = &shop.database.connection;
    for table in ["product_search", "word_search"] {
        connection.execute(&format!("INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)"), ()).unwrap();
    }
    let products: Vec<String> = connection
        .prepare("SELECT folded FROM product")
        .and_then(|mut s| s.query_map((), |row| row.get(0))?.collect())
        .unwrap();
    let mut expected: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
    for folded in &products {
        let letters = |w: &&str| w.chars().all(char::is_alphabetic) && w.chars().count() >= 4;
        for word in folded.split(|c: char| !c.is_alphanumeric()).filter(letters) {
            *expected.entry(format!(" {word} ")).or_default() += 1;
        }
    }
    let words: std::collections::BTreeMap<String, i64> = connection
        .prepare("SELECT word, uses FROM word")
        .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .unwrap();
    assert_eq!(words, expected);
}

fn find(shop: &Shop, keys: &[&str]) -> Option<(String, String, u32)> {
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let found = shop.database.view().find_product_by_keys(&keys).unwrap()?;
    Some((found.product.id.to_string(), found.key, found.pack))
}

#[test]
fn codes_lead_to_products() {
    let mut shop = Shop::new();
    let mut water = product("water", "Spring water 0.5 l", 80);
    water.quick_key = Some(2);
    water.bin = Some("A-03".to_owned());
    water.age_limit = Some(18);
    water.variant_of = Some("Spring water".to_owned());
    let barcodes = vec![barcode("04006381333931", "water", 1), barcode("04006381333948", "water", 6)];
    apply(
        &mut shop,
        false,
        vec![
            Change::Product { product: water.clone(), barcodes: barcodes.clone() },
            put(product("bag", "Paper bag", 20), &["BAG"]),
        ],
    );
    let view = shop.database.view();
    assert_eq!(view.find_product(&"water".into()).unwrap(), Some(water.clone()));
    assert_eq!(view.list_barcodes(&"water".into()).unwrap(), barcodes);
    assert_eq!(view.list_quick_keys().unwrap(), [water.clone()]);
    assert_eq!(view.list_variants("Spring water").unwrap(), [water]);
    assert_eq!(view.count_products().unwrap(), 2);
    let hit = |article: &str, key: &str, pack| Some((article.to_owned(), key.to_owned(), pack));
    assert_eq!(find(&shop, &["04006381333948"]), hit("water", "04006381333948", 6));
    assert_eq!(find(&shop, &["no such", "BAG", "04006381333931"]), hit("bag", "BAG", 1));
    assert_eq!(find(&shop, &["4006381333931"]), None, "a key is the whole key");
    assert_eq!(find(&shop, &[]), None);
}

#[test]
fn a_changed_product_keeps_nothing_of_the_old_one() {
    let mut shop = Shop::new();
    apply(&mut shop, false, vec![put(product("jacket", "Merino jacket", 8_990), &["1", "2"])]);
    apply(&mut shop, false, vec![put(product("jacket", "Linen blazer", 7_990), &["2", "3"])]);
    assert_eq!(find(&shop, &["1"]), None);
    assert_eq!(find(&shop, &["3"]).map(|f| f.0), Some("jacket".to_owned()));
    assert_eq!(shop.database.view().search_products("merino", 5).unwrap(), []);
    assert_eq!(shop.database.view().search_products("blazer", 5).unwrap()[0].price.minor(), 7_990);
    apply(&mut shop, false, vec![Change::ProductRemoved("jacket".into()), Change::ProductRemoved("never".into())]);
    assert_eq!(find(&shop, &["3"]), None);
    assert_eq!(shop.database.view().search_products("blazer", 5).unwrap(), []);
}

#[test]
fn a_product_named_twice_in_a_batch_is_as_named_last() {
    let mut shop = Shop::new();
    let twice = vec![
        put(product("jacket", "Merino jacket", 1), &["1"]),
        put(product("jacket", "Linen blazer", 2), &["2"]),
        put(product("scarf", "Silk scarf", 3), &["3", "3"]),
    ];
    apply(&mut shop, true, twice);
    assert_eq!((find(&shop, &["1"]), shop.database.view().count_products().unwrap()), (None, 2));
}

#[test]
fn two_products_with_one_code_are_told_apart_the_same_way_every_time() {
    for order in [["a", "b"], ["b", "a"]] {
        let mut shop = Shop::new();
        apply(&mut shop, false, order.map(|article| put(product(article, article, 1), &["777"])).to_vec());
        assert_eq!(find(&shop, &["777"]).map(|f| f.0), Some("a".to_owned()));
        apply(&mut shop, false, vec![Change::ProductRemoved("a".into())]);
        assert_eq!(find(&shop, &["777"]).map(|f| f.0), Some("b".to_owned()));
    }
}

#[test]
fn a_snapshot_removes_what_it_does_not_name() {
    let mut shop = Shop::new();
    apply(&mut shop, true, vec![put(product("a", "Alpha", 1), &["1"]), put(product("b", "Beta", 1), &["2"])]);
    apply(&mut shop, false, vec![put(product("c", "Gamma", 1), &["3"])]);
    apply(&mut shop, true, vec![put(product("b", "Beta", 1), &["2"])]);
    let left = |article: &str| shop.database.view().find_product(&ProductId::new(article)).unwrap().is_some();
    assert_eq!((left("a"), left("b"), left("c")), (false, true, false));
}

#[test]
fn search_finds_parts_of_names_and_codes_and_forgives_typing_errors() {
    let mut shop = Shop::new();
    apply(
        &mut shop,
        true,
        vec![
            put(product("K-100", "Merino crew neck, navy", 5_990), &["04006381333931"]),
            put(product("K-101", "Merino crew neck, ivory", 5_990), &["04006381333948"]),
            put(product("K-200", "Cashmere scarf", 7_990), &["05901234123457"]),
            put(product("B-300", "Crème brûlée torch", 2_490), &[]),
            put(product("G-400", "Gürtel aus Leder", 3_990), &[]),
            put(product("T-1", "Te", 100), &[]),
        ],
    );
    let check = |text: &str, expected: &[&str]| {
        let found = shop.database.view().search_products(text, 10).unwrap();
        let found: Vec<&str> = found.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(found, expected, "{text:?}");
    };
    check("merino", &["K-100", "K-101"]);
    check("MERINO ivo", &["K-101"]);
    check("neck crew", &["K-100", "K-101"]);
    check("shmer", &["K-200"]);
    check("creme brulee", &["B-300"]);
    check("Gurtel", &["G-400"]);
    check("GÜRTEL", &["G-400"]);
    // Article numbers and codes, whole or in part.
    check("k-200", &["K-200"]);
    check("200", &["K-200"]);
    check("333948", &["K-101"]);
    check("5901234123457", &["K-200"]);
    check("05901234123457", &["K-200"]);
    // One or two letters: beginnings of names.
    check("te", &["T-1"]);
    check("m", &["K-100", "K-101"]);
    check("ca sc", &["K-200"]);
    // Typing errors: a letter changed, missed, added, two swapped; in one word of several.
    check("marino", &["K-100", "K-101"]);
    check("merno", &["K-100", "K-101"]);
    check("merrino", &["K-100", "K-101"]);
    check("meirno", &["K-100", "K-101"]);
    check("merino inory", &["K-101"]);
    check("cashmeer scraf", &["K-200"]);
    // A number is never forgiven: another number is another product.
    check("333949", &[]);
    // Nothing at all, and nothing that could upset the index.
    check("", &[]);
    check("  - ", &[]);
    check("zzzzzz", &[]);
    check("\" OR NEAR(", &[]);
    check("50%", &[]);
}

#[test]
fn a_word_that_most_products_have_is_asked_of_the_rows() {
    let mut shop = Shop::new();
    let changes = (0..2_500).map(|n| {
        let name = if n % 2 == 0 { format!("Acme bolt {n:04}") } else { format!("Other screw {n:04}") };
        put(product(&format!("A{n:04}"), &name, 1), &[])
    });
    apply(&mut shop, true, changes.collect());
    let check = |text: &str, expected: &[&str]| {
        let found = shop.database.view().search_products(text, 3).unwrap();
        let ids: Vec<&str> = found.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, expected, "{text:?}");
    };
    check("acme 1234", &["A1234"]);
    check("acm 1234", &["A1234"]);
    // The odd ones are not called so, however rare their number is.
    check("acme 1233", &[]);
    check("acme bolt 00", &["A0000", "A0002", "A0004"]);
}

#[test]
fn a_whole_word_comes_before_the_beginning_of_one() {
    let mut shop = Shop::new();
    shop.open_session();
    let sizes = ["S", "L", "M"].map(|size| put(product(size, &format!("Merino crew, navy, {size}"), 5_900), &[]));
    apply(&mut shop, true, sizes.to_vec());
    // However often the others are sold.
    shop.sell(&[("L", 1, 5_900), ("S", 1, 5_900)]);
    let first = |text: &str| shop.database.view().search_products(text, 9).unwrap()[0].id.to_string();
    assert_eq!(
        (first("merino navy m"), first("merino crew, navy, m"), first("navy s")),
        ("M".into(), "M".into(), "S".into())
    );
}

#[test]
fn what_is_sold_often_comes_first() {
    let mut shop = Shop::new();
    shop.open_session();
    apply(&mut shop, true, vec![put(product("a", "Scarf red", 1), &[]), put(product("b", "Scarf blue wool", 1), &[])]);
    let first = |shop: &Shop| shop.database.view().search_products("scarf", 1).unwrap()[0].id.to_string();
    assert_eq!(first(&shop), "a");
    shop.sell(&[("b", 1, 100)]);
    shop.sell(&[("b", 1, 100)]);
    shop.sell(&[("a", 1, 100)]);
    assert_eq!(first(&shop), "b");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens to the catalogue, the indexes are those of what is left, and every product is found by its name.
    #[test]
    fn the_indexes_follow_every_change(
        steps in prop::collection::vec((0..6_usize, prop::option::of("[A-Za-zäéß]{1,9}( [a-z]{1,9})?"), any::<bool>()), 1..12)
    ) {
        let mut shop = Shop::new();
        let mut names: std::collections::BTreeMap<usize, String> = std::collections::BTreeMap::new();
        for (number, name, snapshot) in steps {
            let article = format!("p{number}");
            let change = match &name {
                Some(name) => put(product(&article, name, 1), &[&format!("{number}{number}{number}")]),
                None => Change::ProductRemoved(article.as_str().into()),
            };
            if snapshot {
                names.clear();
            }
            match name {
                Some(name) => { names.insert(number, name); }
                None => { names.remove(&number); }
            }
            apply(&mut shop, snapshot, vec![change]);
        }
        prop_assert_eq!(shop.database.view().count_products().unwrap(), names.len() as u64);
        for (number, name) in names {
            let found = shop.database.view().search_products(&name, 10).unwrap();
            let id = ProductId::new(format!("p{number}"));
            // One or two letters look at the beginning of the whole name only.
            prop_assert!(found.iter().any(|p| p.id == id), "{:?} not found", name);
        }
    }
}
