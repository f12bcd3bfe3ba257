//! Files of head office's into a real store.

use super::*;
use crate::central::store::ProductRecord;
use crate::central::testing::{TestWorld, at, figures, fill_shop, open_store};
use crate::domain::ids::ProductId;
use crate::domain::money::{Currency, Money};
use crate::domain::product::Unit;

async fn run(store: &impl Store, kind: Kind, file: &str) -> Result<Report, ImportError> {
    import(store, kind, file.as_bytes(), &TestWorld::default().surroundings(), |_| {}).await
}

async fn find(store: &impl Store, sku: &str) -> Option<ProductRecord> {
    let item = ItemIdentity { product: Some(ProductId::new(sku)), ..ItemIdentity::default() };
    store.resolve_items(vec![item]).await.unwrap().remove(0).map(|(record, _)| record)
}

fn fault(line: u64, column: &str, why: &str) -> RowFault {
    RowFault { line, column: column.into(), why: why.into() }
}

#[tokio::test]
async fn good_rows_come_in_and_each_bad_one_is_told_with_its_line() {
    let shop = open_store();
    fill_shop(&shop.store, 0).await;
    let file = "\u{FEFF}Price;SKU;Name;BarCode;Unit;Age-Limit;Colour\n\
        12.50;p1;Red wine;4006381333931|96385074*6;each;18;red\n\
        1,2;p2;Comma;;;;\n\
        2.00;p3;Bad check digit;5901234123450;;;\n\
        ;p4;No price;;;;\n\
        3.00;;No number;;;;\n\
        4.00;p6;\"Two\nlines\";;kg;;\n\
        5.00;p7;Too;many;cells;;;;;\n\
        6.001;p8;Too fine;;;;\n\
        7.00;p9;Odd unit;;bushel;;\n\
        8.00;p10;Text code;AB-12;;;\n";
    let report = run(&shop.store, Kind::Products, file).await.unwrap();
    assert_eq!((report.rows, report.saved, report.faulty), (10, 3, 7));
    assert_eq!(report.unknown_columns, ["Colour"]);
    let expected = [
        fault(3, "Price", "not an amount"),
        fault(4, "BarCode", "the check digit of 5901234123450 is wrong"),
        fault(5, "Price", "it is empty"),
        fault(6, "SKU", "it is empty"),
        fault(9, "", "10 cells where the header has 7"),
        fault(10, "Price", "more decimals than the currency has"),
        fault(11, "Unit", "\"bushel\" is not a unit (each, kg, m, l, h)"),
    ];
    assert_eq!(report.faults, expected);
    let wine = find(&shop.store, "p1").await.unwrap();
    assert_eq!(wine.product.price, Money::new(1250, Currency::EUR));
    assert_eq!(wine.product.age_limit, Some(18));
    let codes: Vec<_> = wine.barcodes.iter().map(|code| (code.key.as_str(), code.pack)).collect();
    assert_eq!(codes, [("00000096385074", 6), ("04006381333931", 1)]);
    let two_lines = find(&shop.store, "p6").await.unwrap();
    assert_eq!((two_lines.product.name.as_str(), two_lines.product.unit), ("Two lines", Unit::Kilogram));
    assert_eq!(find(&shop.store, "p10").await.unwrap().barcodes[0].key, "AB-12");
}

#[tokio::test]
async fn a_web_shops_export_is_known_by_its_header() {
    let shop = open_store();
    fill_shop(&shop.store, 0).await;
    let file = "Handle,Title,Body (HTML),Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode,Image Src\n\
        crew,Merino crew,<p>Soft</p>,Knitwear,Size,S,crew-s,79.90,'4006381333931,a.jpg\n\
        crew,,,,,M,crew-m,79.90,,b.jpg\n\
        crew,,,,,,,,,c.jpg\n\
        mug,Mug,,Home,Title,Default Title,mug,9.50,,\n";
    let report = run(&shop.store, Kind::Products, file).await.unwrap();
    assert_eq!((report.rows, report.saved, report.faults.len()), (4, 3, 0), "{:?}", report.faults);
    let medium = find(&shop.store, "crew-m").await.unwrap().product;
    assert_eq!((medium.name.as_str(), medium.variant_of.as_deref()), ("Merino crew M", Some("Merino crew")));
    assert_eq!(medium.department, "Knitwear");
    assert_eq!(find(&shop.store, "crew-s").await.unwrap().barcodes[0].key, "04006381333931");
    assert_eq!(find(&shop.store, "mug").await.unwrap().product.name, "Mug");

    let file = "ID,Type,SKU,\"GTIN, UPC, EAN, or ISBN\",Name,Published,Regular price,Categories\n\
        7,simple,cap,96385074,Cap,1,15.00,Hats\n";
    let report = run(&shop.store, Kind::Products, file).await.unwrap();
    assert_eq!(report.unknown_columns, ["ID", "Type", "Published"]);
    assert_eq!(find(&shop.store, "cap").await.unwrap().product.department, "Hats");
}

#[tokio::test]
async fn a_count_says_when_it_was_made() {
    let shop = open_store();
    fill_shop(&shop.store, 3).await;
    let stock = format!(
        "store,sku,on_hand,counted_at\nS001,jacket,5,{}\nS001,jacket,6,yesterday\nS001,jacket,6,{}\n",
        at(0).to_rfc3339(),
        at(60).to_rfc3339()
    );
    let report = run(&shop.store, Kind::Stock, &stock).await.unwrap();
    let told: Vec<(u64, &str)> = report.faults.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    assert_eq!((report.saved, told), (1, vec![(3, "counted_at"), (4, "counted_at")]));
    assert!(report.faults[0].why.contains("2026-03-02 18:00") && report.faults[1].why.contains("still to come"));
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "5 0 0 5");
    let late = format!("store,sku,on_hand,counted_at\nS001,jacket,9,{}\n", at(-60).to_rfc3339());
    let report = run(&shop.store, Kind::Stock, &late).await.unwrap();
    assert_eq!((report.saved, report.faults[0].line), (0, 2));
    assert!(report.faults[0].why.contains("counted later already"));
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "5 0 0 5");
}

#[tokio::test]
async fn stores_operators_and_stock() {
    let shop = open_store();
    let stores = "store,name,kind,currency,country,time_zone,tax_rates,bays,gln,latitude,longitude,address\n\
        S001,High Street,shop,EUR,NL,Europe/Amsterdam,A:VAT 21 %:21|B:VAT 9 %:9,B1|B2,5901234123457,52.3702,4.8952,\
        1 High Street|Amsterdam\n\
        S002,Bad GLN,shop,EUR,NL,Europe/Amsterdam,,,5901234123450,,,\n\
        S003,Bad rates,shop,EUR,NL,Europe/Amsterdam,A:21,,,,,\n\
        S004,Bad money,shop,euro,NL,Europe/Amsterdam,,,,,,\n\
        S005,No zone,shop,EUR,NL,,,,,,,\n\
        S006,City alone,shop,EUR,NL,amsterdam,,,,,,\n\
        S007,Nowhere,shop,EUR,NL,Lindholm/Harbour,,,,,,\n";
    let report = run(&shop.store, Kind::Stores, stores).await.unwrap();
    assert_eq!(report.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8]);
    let zones = [
        "it is empty",
        "\"amsterdam\" is no time zone of the IANA database: is Europe/Amsterdam meant?",
        "\"Lindholm/Harbour\" is no time zone of the IANA database: write area and city, like Europe/Helsinki",
    ];
    assert_eq!(report.faults.iter().skip(3).map(|fault| fault.why.as_str()).collect::<Vec<_>>(), zones);
    assert!(report.faults.iter().skip(3).all(|fault| fault.column == "time_zone"));
    let known = shop.store.list_stores().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].settings.address, ["1 High Street", "Amsterdam"]);
    assert_eq!(known[0].settings.tax_rates.len(), 2);
    assert_eq!(known[0].settings.time_zone.name(), "Europe/Amsterdam");
    assert_eq!(known[0].location.unwrap().longitude_microdegrees, 4_895_200);

    let operators = "operator,name,role,pin,badge\nanna,Anna,cashier,1234,\nben,Ben,boss,1234,\ncleo,Cleo,stock,12,\n";
    let report = run(&shop.store, Kind::Operators, operators).await.unwrap();
    assert_eq!((report.saved, report.faulty), (1, 2));
    assert!(report.faults.iter().all(|fault| !fault.why.contains("12")), "a PIN is not repeated");

    run(&shop.store, Kind::Products, "sku,name,price\njacket,Jacket,89.90\n").await.unwrap();
    let stock = "store,sku,on_hand,safety\nS001,jacket,5,1\nS404,jacket,5,\nS001,ghost,5,\nS001,jacket,many,\n";
    let report = run(&shop.store, Kind::Stock, stock).await.unwrap();
    let told: BTreeSetOfLines = report.faults.iter().map(|fault| fault.line).collect();
    assert_eq!((report.saved, told), (1, BTreeSetOfLines::from([3, 4, 5])));
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "5 0 0 4");
    run(&shop.store, Kind::Stock, "store,sku,on_hand\nS001,jacket,5\n").await.unwrap();
    assert_eq!(figures(&shop.store, "S001", "jacket").await, "5 0 0 4");
    assert!(shop.store.list_level_faults().await.unwrap().is_empty());
}

type BTreeSetOfLines = std::collections::BTreeSet<u64>;

#[tokio::test]
async fn a_file_without_what_it_must_have_changes_nothing() {
    let shop = open_store();
    let missing = run(&shop.store, Kind::Products, "sku,name\np1,One\n").await;
    assert!(matches!(missing, Err(ImportError::ColumnMissing("price"))), "{missing:?}");
    let no_currency = run(&shop.store, Kind::Products, "sku,name,price\np1,One,1.00\n").await;
    assert!(matches!(no_currency, Err(ImportError::CurrencyMissing)), "{no_currency:?}");
    let own = run(&shop.store, Kind::Products, "sku,name,price,currency\np1,One,100,JPY\n").await.unwrap();
    assert_eq!(own.saved, 1);
    assert!(run(&shop.store, Kind::Products, "").await.is_err());
}

#[tokio::test]
async fn customers_numbers_need_a_product_and_change_when_they_come_again() {
    let shop = open_store();
    fill_shop(&shop.store, 0).await;
    let customers = "customer,name\nC-7,Depot\n";
    assert_eq!(run(&shop.store, Kind::Customers, customers).await.unwrap().saved, 1);
    let file = "Customer,Their number,SKU\nC-7,77,scarf\nC-7,78,no-such\nC-7,77,boots\n,79,boots\nC-8,77,boots\n";
    let report = run(&shop.store, Kind::CustomerItems, file).await.unwrap();
    assert_eq!((report.rows, report.saved, report.faulty), (5, 2, 3));
    let unknown = fault(6, "customer", "there is no customer C-8: import customers first");
    assert!(report.faults.contains(&unknown), "{:?}", report.faults);
    assert!(report.faults.contains(&fault(3, "sku", "there is no product no-such")), "{:?}", report.faults);
    let customers = [String::from("C-7")].into();
    let item = ItemIdentity { customers_number: Some((customers, "77".into())), ..ItemIdentity::default() };
    let found = shop.store.resolve_items(vec![item]).await.unwrap().remove(0);
    assert_eq!(found.unwrap().0.product.id.as_str(), "boots");
}

#[tokio::test]
async fn terms_of_customers_name_what_is_wrong_with_a_row() {
    let shop = open_store();
    fill_shop(&shop.store, 0).await;
    let customers = "Name,Customer Number,Price group\nHarbour Hotel,C-1,hotels\n,C-2,\n";
    let report = run(&shop.store, Kind::Customers, customers).await.unwrap();
    assert_eq!((report.saved, report.faults), (1, vec![fault(3, "Name", "it is empty")]));
    let prices = "sku,customer,group,price,percent_off,min_quantity,valid_from,valid_until\n\
        jacket,C-1,,80.00,,,,\n\
        jacket,C-1,hotels,80.00,,,,\n\
        jacket,,,80.00,,,,\n\
        jacket,,hotels,80.00,5,,,\n\
        jacket,,hotels,,,,,\n\
        jacket,,hotels,,101,,,\n\
        jacket,,hotels,80.001,,,,\n\
        jacket,,hotels,80.00,,,2026-12-02,2026-12-01\n\
        ghost,,hotels,80.00,,,,\n\
        jacket,C-9,,80.00,,,,\n";
    let report = run(&shop.store, Kind::Prices, prices).await.unwrap();
    let expected = [
        fault(3, "sku", "a price is a customer's or a group's, not both"),
        fault(4, "min_quantity", "everyone's price for any quantity is the list price: change it in the products"),
        fault(5, "price", "a price or a percentage, not both"),
        fault(6, "price", "it has no price"),
        fault(7, "percent_off", "\"101\" is not a percentage from 0 to 100"),
        fault(8, "price", "more decimals than the currency has"),
        fault(9, "valid_until", "it ends before it begins"),
        fault(10, "sku", "there is no product ghost"),
        fault(11, "customer", "there is no customer C-9"),
    ];
    assert_eq!((report.saved, report.faults.as_slice()), (1, expected.as_slice()));
    let credits = "credit,customer,amount,currency\nCN-1,C-1,5.00,EUR\nCN-2,C-1,0.00,EUR\nCN-3,C-9,1.00,EUR\n";
    let report = run(&shop.store, Kind::Credits, credits).await.unwrap();
    let expected = [fault(3, "amount", "it is worth nothing"), fault(4, "customer", "there is no customer C-9")];
    assert_eq!((report.saved, report.faults.as_slice()), (1, expected.as_slice()));
}

#[tokio::test]
async fn a_store_says_whether_its_receipts_are_compulsory() {
    use crate::domain::settings::ReceiptDuty;
    let shop = open_store();
    let stores = "store,name,currency,time_zone,receipt_duty\n\
        S001,Berlin,EUR,Europe/Berlin,compulsory\nS002,Lyon,EUR,Europe/Paris,on_wish\n\
        S003,Turku,EUR,Europe/Helsinki,\nS004,Oulu,EUR,Europe/Helsinki,perhaps\n";
    let report = run(&shop.store, Kind::Stores, stores).await.unwrap();
    assert_eq!((report.saved, report.faults[0].line, report.faults[0].column.as_str()), (3, 5, "receipt_duty"));
    let known = shop.store.list_stores().await.unwrap();
    let duties: Vec<ReceiptDuty> = known.iter().map(|store| store.settings.receipt_duty).collect();
    assert_eq!(duties, [ReceiptDuty::Compulsory, ReceiptDuty::OnWish, ReceiptDuty::OnWish]);
}

#[tokio::test]
async fn who_may_sell_what_is_promised_is_a_word() {
    use crate::domain::settings::PromisedSale;
    let shop = open_store();
    let stores = "store,name,currency,time_zone,promised_sale\nS001,High Street,EUR,Europe/Helsinki,Supervisor\n\
        S002,Espoo,EUR,Europe/Helsinki,anyone\nS003,Turku,EUR,Europe/Helsinki,\nS004,Oulu,EUR,Europe/Helsinki,nobody\n";
    let report = run(&shop.store, Kind::Stores, stores).await.unwrap();
    assert_eq!((report.saved, report.faults[0].line, report.faults[0].column.as_str()), (3, 5, "promised_sale"));
    let known = shop.store.list_stores().await.unwrap();
    let said: Vec<PromisedSale> = known.iter().map(|store| store.settings.promised_sale).collect();
    assert_eq!(said, [PromisedSale::Supervisor, PromisedSale::Anyone, PromisedSale::Anyone]);
}

#[tokio::test]
async fn how_much_a_count_may_differ_is_an_amount_in_the_stores_currency() {
    use crate::domain::settings::DifferenceLimits;
    let shop = open_store();
    let stores = "store,name,currency,time_zone,drawer_difference,stock_difference\n\
        S001,High Street,EUR,Europe/Helsinki,5.00,250.50\nS002,Tokyo,JPY,Asia/Tokyo,500,\n\
        S003,Turku,EUR,Europe/Helsinki,-1,\nS004,Oulu,EUR,Europe/Helsinki,,0.001\n";
    let report = run(&shop.store, Kind::Stores, stores).await.unwrap();
    let faults: Vec<_> = report.faults.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    assert_eq!(faults, [(4, "drawer_difference"), (5, "stock_difference")]);
    let known = shop.store.list_stores().await.unwrap();
    let said: Vec<DifferenceLimits> = known.iter().map(|store| store.settings.difference_limits).collect();
    let usual = DifferenceLimits::default();
    let expected = [
        DifferenceLimits { drawer_minor: 500, stock_minor: 25_050 },
        DifferenceLimits { drawer_minor: 500, stock_minor: usual.stock_minor },
    ];
    assert_eq!(said, expected);
}

#[test]
fn every_column_of_a_store_is_told_beside_the_sample() {
    let told = include_str!("../../../assets/sample/README.md");
    let stores = told.split("\n\n").find(|part| part.starts_with("`stores.csv`:")).unwrap();
    for column in stores::OTHERS {
        assert!(stores.contains(&format!("`{column}`")), "{column}");
    }
}

#[tokio::test]
async fn a_file_with_fewer_columns_changes_what_it_names_and_nothing_else() {
    let shop = open_store();
    let store = &shop.store;
    let stores = "store,name,kind,currency,country,time_zone,tax_mode,tax_rates,bays,gln,latitude,longitude,address,\
        tax_number,receipt_footer,cash_rounding,cash_rounding_tie,promised_alert,lock_after_minutes,price_change_reasons,\
        discount_caps,receipt_duty,promised_sale,drawer_difference,stock_difference\n\
        S001,High Street,warehouse,EUR,NL,Europe/Amsterdam,excluded,A:VAT 21 %:21,B1|B2,5901234123457,52.3,4.8,1 High Street,\
        NL001,Thank you,5,down,strip,7,damaged|old,cashier:20,compulsory,supervisor,5.00,250.50\n";
    assert_eq!(run(store, Kind::Stores, stores).await.unwrap().faults, []);
    let before = store.list_stores().await.unwrap().remove(0);
    let renamed = "store,name,currency,time_zone\nS001,Main Street,EUR,Europe/Amsterdam\n";
    run(store, Kind::Stores, renamed).await.unwrap();
    let mut after = store.list_stores().await.unwrap().remove(0);
    assert_eq!(std::mem::replace(&mut after.settings.name, before.settings.name.clone()), "Main Street");
    assert_eq!(after, before);
    // An empty cell is said.
    run(store, Kind::Stores, "store,name,currency,time_zone,bays\nS001,High Street,EUR,Europe/Amsterdam,\n")
        .await
        .unwrap();
    assert!(store.list_stores().await.unwrap()[0].settings.bays.is_empty());

    let products = "sku,name,price,barcode,tax,department,unit,age_limit,variant_of,bin,stocked,quick_key,price_kind\n\
        wine,Wine,12.50,5901234123457|96385074*6,B,Drinks,l,18,Red,A-1,no,3,open\n";
    assert_eq!(run(store, Kind::Products, products).await.unwrap().faults, []);
    let before = find(store, "wine").await.unwrap();
    run(store, Kind::Products, "sku,name,price\nwine,Wine,13.00\n").await.unwrap();
    let mut after = find(store, "wine").await.unwrap();
    assert_eq!(after.product.price, Money::new(1300, Currency::EUR));
    after.product.price = before.product.price;
    assert_eq!(after, before);
    run(store, Kind::Products, "sku,name,price,bin,barcode\nwine,Wine,12.50,,\n").await.unwrap();
    let emptied = find(store, "wine").await.unwrap();
    assert_eq!((emptied.product.bin, emptied.barcodes.len(), emptied.product.age_limit), (None, 0, Some(18)));
    run(store, Kind::Products, "sku,name,price,currency\nsake,Sake,900,JPY\n").await.unwrap();
    let report = run(store, Kind::Products, "sku,name,price\nsake,Sake,1000\n").await.unwrap();
    assert_eq!(report.faults, [fault(2, "price", "its price is in JPY: add a column \"currency\"")]);

    run(store, Kind::Customers, "customer,name,group\nC-1,Hotel,hotels\n").await.unwrap();
    run(store, Kind::Customers, "customer,name\nC-1,Harbour Hotel\n").await.unwrap();
    let customer = store.find_customer("C-1".into()).await.unwrap().unwrap();
    assert_eq!((customer.name.as_str(), customer.group), ("Harbour Hotel", Some("hotels".into())));

    run(store, Kind::Operators, "operator,name,role,pin,badge,active\nanna,Anna,cashier,1234,B-7,no\n").await.unwrap();
    let before = store.list_operators().await.unwrap();
    // The same PIN keeps its hash: importing the file again is no change.
    run(store, Kind::Operators, "operator,name,role,pin\nanna,Anna,cashier,1234\n").await.unwrap();
    assert_eq!(store.list_operators().await.unwrap(), before);
    run(store, Kind::Operators, "operator,name,role,pin\nanna,Anna,cashier,4321\n").await.unwrap();
    assert_ne!(store.list_operators().await.unwrap()[0].pin_hash, before[0].pin_hash);
}

#[tokio::test]
async fn a_barcode_stays_with_its_product_until_the_file_takes_it_from_it() {
    let shop = open_store();
    fill_shop(&shop.store, 0).await;
    let store = &shop.store;
    let barcodes = async |sku: &str| {
        let found = find(store, sku).await.unwrap();
        found.barcodes.into_iter().map(|barcode| barcode.key).collect::<Vec<_>>()
    };
    let jackets = "05901234123457";
    let report = run(store, Kind::Products, "sku,name,price,ean\nhat,Hat,9.00,5901234123457\ncap,Cap,9.00,96385074\n");
    let report = report.await.unwrap();
    let why = format!("{jackets} is the barcode of product jacket: take it from that one first, or in this file");
    assert_eq!((report.saved, report.faults), (1, vec![fault(2, "ean", &why)]));
    assert!(find(store, "hat").await.is_none());
    assert_eq!(barcodes("jacket").await, [jackets]);
    // Two rows of one file that both want a code: the first has it.
    let twice = "sku,name,price,ean\nbelt,Belt,9.00,4006381333931\nbag,Bag,9.00,4006381333931\n";
    let report = run(store, Kind::Products, twice).await.unwrap();
    assert_eq!(report.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3]);
    // A product that stands there twice is what its last row says: what only the first names is free for another.
    let again = "sku,name,price,ean\npin,Pin,1.00,4012345678901\ncord,Cord,1.00,4012345678901\npin,Pin,1.00,\n";
    let report = run(store, Kind::Products, again).await.unwrap();
    assert_eq!((report.saved, report.faults.len()), (3, 0), "{:?}", report.faults);
    assert_eq!((barcodes("pin").await, barcodes("cord").await), (vec![], vec!["04012345678901".to_owned()]));
    // Given up further down, exchanged, and withdrawn: all in the same file.
    let moved = "sku,name,price,barcode,withdrawn\n\
        hat,Hat,9.00,5901234123457,\n\
        cap,Cap,9.00,4006381333931,\nbelt,Belt,9.00,96385074,\n\
        jacket,Jacket,89.90,,\nbag,Bag,9.00,4006381333932,\nscarf,,,,yes\n";
    let report = run(store, Kind::Products, moved).await.unwrap();
    assert_eq!(report.faults, [fault(6, "barcode", "the check digit of 4006381333932 is wrong")]);
    assert_eq!(report.saved, 5);
    assert_eq!((barcodes("hat").await, barcodes("jacket").await), (vec![jackets.to_owned()], vec![]));
    assert_eq!(
        (barcodes("cap").await, barcodes("belt").await),
        (vec!["04006381333931".into()], vec!["00000096385074".into()])
    );
    assert!(find(store, "scarf").await.is_none(), "it is withdrawn");
}

#[tokio::test]
async fn days_of_terms_are_those_of_the_company_and_notes_are_corrected_when_nobody_holds_them() {
    use crate::central::store::{CreditAct, CreditStep};
    use crate::domain::credit::{HoldEnd, Holder};
    let shop = open_store();
    fill_shop(&shop.store, 0).await;
    let store = &shop.store;
    run(store, Kind::Customers, "customer,name\nC-1,Hotel\n").await.unwrap();
    run(store, Kind::Prices, "sku,customer,price,valid_from,valid_until\njacket,C-1,80.00,2026-12-01,2026-12-31\n")
        .await
        .unwrap();
    let customer = store.find_customer("C-1".into()).await.unwrap();
    let priced = store.list_prices(customer, vec!["jacket".into()]).await.unwrap().remove(0).unwrap();
    let utc = |text: &str| Some(text.parse::<crate::domain::Timestamp>().unwrap());
    // Amsterdam is an hour ahead in winter.
    let rule = &priced.rules[0];
    assert_eq!((rule.valid_from, rule.valid_until), (utc("2026-11-30T23:00:00Z"), utc("2026-12-31T23:00:00Z")));

    let note = async || store.list_credits("C-1".into(), at(0)).await.unwrap().remove(0);
    run(store, Kind::Credits, "credit,customer,amount,issued_at,expires_at\nCN-1,C-1,5.00,2026-11-01,2026-12-31\n")
        .await
        .unwrap();
    assert_eq!(note().await.expires_at, utc("2026-12-31T23:00:00Z"));
    let before = note().await;
    // What the file has no column for stays.
    run(store, Kind::Credits, "credit,customer,amount\nCN-1,C-1,6.00\n").await.unwrap();
    let corrected = note().await;
    assert_eq!((corrected.issued_at, corrected.expires_at), (before.issued_at, before.expires_at));
    let act = async |step: CreditStep| {
        let holder = Holder { channel: "website".into(), hold: "basket".into() };
        let act = CreditAct { credit: "CN-1".into(), customer: None, holder, step };
        store.act_on_credit(act, crate::central::testing::at(0)).await.unwrap()
    };
    let seven = "credit,customer,amount\nCN-1,C-1,7.00\n";
    let hold = || CreditStep::Hold { until: crate::central::testing::at(60) };
    act(hold()).await.unwrap();
    let report = run(store, Kind::Credits, seven).await.unwrap();
    let held = fault(2, "", "somebody else holds it at the moment: it stays as it was");
    assert_eq!((report.saved, report.faults, note().await.amount.minor()), (0, vec![held], 600));
    act(CreditStep::End(HoldEnd::GivenBack)).await.unwrap();
    let report = run(store, Kind::Credits, seven).await.unwrap();
    assert_eq!((report.saved, note().await.amount.minor()), (1, 700));
    act(hold()).await.unwrap();
    act(CreditStep::End(HoldEnd::Spent { reference: "A-1".into() })).await.unwrap();
    let report = run(store, Kind::Credits, seven).await.unwrap();
    assert_eq!((report.saved, report.faults), (1, vec![]), "it says what is so");
    let report = run(store, Kind::Credits, "credit,customer,amount\nCN-1,C-1,8.00\n").await.unwrap();
    assert_eq!((report.saved, report.faults[0].why.as_str()), (0, "it is spent: it stays as it was"));
}

#[tokio::test]
async fn a_customer_has_the_identities_of_its_row_and_each_is_one_customers() {
    let shop = open_store();
    let read = async |file: &str| run(&shop.store, Kind::Customers, file).await.unwrap();
    let identities = async |id: &str| shop.store.find_customer(id.into()).await.unwrap().unwrap().identities;
    read("customer,name,identities\nC-1,Hotel,4098765000010|123456789\nC-2,Mill,\n").await;
    assert_eq!(identities("C-1").await, ["123456789", "4098765000010"]);
    // Without the column they stay, with an empty cell they go; another's is told with its line.
    read("customer,name\nC-1,Harbour Hotel\n").await;
    assert_eq!(identities("C-1").await, ["123456789", "4098765000010"]);
    let report = read("customer,name,gln\nC-2,Mill,4098765000010\n").await;
    let faults: Vec<_> =
        report.faults.iter().map(|fault| (fault.line, fault.column.as_str(), fault.why.as_str())).collect();
    assert_eq!(faults, [(2, "gln", "4098765000010 is an identity of C-1 already")]);
    let moved = read("customer,name,gln\nC-2,Mill,4098765000010\nC-1,Hotel,\n").await;
    assert_eq!((moved.faulty, identities("C-1").await.len()), (0, 0));
    assert_eq!(identities("C-2").await, ["4098765000010"]);
}
