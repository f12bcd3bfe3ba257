//! Files of head office's into a real store.

use super::*;
use crate::central::store::ProductRecord;
use crate::central::testing::{TestWorld, figures, fill_shop, open_store};
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
        12.50;p1;Red wine;5901234123457|96385074*6;each;18;red\n\
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
    assert_eq!(codes, [("00000096385074", 6), ("05901234123457", 1)]);
    let two_lines = find(&shop.store, "p6").await.unwrap();
    assert_eq!((two_lines.product.name.as_str(), two_lines.product.unit), ("Two lines", Unit::Kilogram));
    assert_eq!(find(&shop.store, "p10").await.unwrap().barcodes[0].key, "AB-12");
}

#[tokio::test]
async fn a_web_shops_export_is_known_by_its_header() {
    let shop = open_store();
    fill_shop(&shop.store, 0).await;
    let file = "Handle,Title,Body (HTML),Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode,Image Src\n\
        crew,Merino crew,<p>Soft</p>,Knitwear,Size,S,crew-s,79.90,'5901234123457,a.jpg\n\
        crew,,,,,M,crew-m,79.90,,b.jpg\n\
        crew,,,,,,,,,c.jpg\n\
        mug,Mug,,Home,Title,Default Title,mug,9.50,,\n";
    let report = run(&shop.store, Kind::Products, file).await.unwrap();
    assert_eq!((report.rows, report.saved, report.faults.len()), (4, 3, 0), "{:?}", report.faults);
    let medium = find(&shop.store, "crew-m").await.unwrap().product;
    assert_eq!((medium.name.as_str(), medium.variant_of.as_deref()), ("Merino crew M", Some("Merino crew")));
    assert_eq!(medium.department, "Knitwear");
    assert_eq!(find(&shop.store, "crew-s").await.unwrap().barcodes[0].key, "05901234123457");
    assert_eq!(find(&shop.store, "mug").await.unwrap().product.name, "Mug");

    let file = "ID,Type,SKU,\"GTIN, UPC, EAN, or ISBN\",Name,Published,Regular price,Categories\n\
        7,simple,cap,96385074,Cap,1,15.00,Hats\n";
    let report = run(&shop.store, Kind::Products, file).await.unwrap();
    assert_eq!(report.unknown_columns, ["ID", "Type", "Published"]);
    assert_eq!(find(&shop.store, "cap").await.unwrap().product.department, "Hats");
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
