//! Made-up products: found, on quick keys, and on the stock screen.

use std::sync::Arc;

use super::baskets::empty_basket;
use super::shop::shop;
use super::{at, euro, level, units};
use crate::domain::feed::StoryLine;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::product::{PriceKind, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::stock::{MovementReason, OtherStoreStock};
use crate::domain::web_order::Hold;
use crate::register::intent::Screen;
use crate::register::snapshot::{
    CountSide, HeldPlace, Notice, NoticeKind, NoticeWeight, ProductHit, QuickKey, QuickKeyTab, SearchResults,
    ShelfCountView, Snapshot, StockRow, StockView, StoryItem, Task,
};

fn hit(product: &str, name: &str, department: &str, price_minor: i64, shelf: i64) -> ProductHit {
    ProductHit {
        product: ProductId::new(product),
        name: name.to_owned(),
        department: department.to_owned(),
        price: euro(price_minor),
        price_kind: PriceKind::Fixed,
        unit: Unit::Each,
        stocked: true,
        level: level(shelf, 0, 0),
        elsewhere: units(2),
    }
}

pub(super) fn merinos() -> Vec<ProductHit> {
    vec![
        hit("merino-s", "Merino crew, navy, S", "Clothing", 5900, 4),
        hit("merino-m", "Merino crew, navy, M", "Clothing", 5900, 1),
        hit("merino-l", "Merino crew, navy, L", "Clothing", 5900, 6),
        hit("merino-green", "Merino crew, green, M, made to last a lifetime of winters", "Clothing", 6900, 0),
    ]
}

pub(super) fn quick_keys() -> Vec<QuickKeyTab> {
    let services = |product, name, price_kind, price| ProductHit {
        stocked: false,
        price_kind,
        ..hit(product, name, "Services", price, 0)
    };
    let favourites = vec![
        services("bag", "Paper bag, large", PriceKind::Fixed, 20),
        services("wrap", "Gift wrap", PriceKind::Fixed, 250),
        services("coffee", "Coffee to go", PriceKind::Fixed, 320),
        services("alter", "Alterations", PriceKind::Open, 0),
        hit("socks", "Wool socks", "Clothing", 900, 24),
        hit("merino", "Merino crew", "Clothing", 5900, 11),
        hit("shell", "Rain shell", "Clothing", 12900, 5),
        hit("beanie", "Beanie", "Clothing", 2400, 11),
        hit("mug", "Enamel mug", "Kitchen", 1450, 0),
        hit("thermos", "Thermos 0.5 l", "Kitchen", 3200, 7),
        ProductHit { unit: Unit::Kilogram, ..hit("nuts", "Brazil nuts", "Food", 2490, 12) },
        hit("chocolate", "Dark chocolate 70 %, 100 g", "Food", 420, 38),
    ];
    let key = |hit: ProductHit| {
        let variants = if hit.name == "Merino crew" { merinos() } else { Vec::new() };
        QuickKey { hit, variants }
    };
    let tab = |name: &str, keys: &[ProductHit]| QuickKeyTab {
        name: name.to_owned(),
        keys: keys.iter().cloned().map(key).collect(),
    };
    vec![
        tab("", &favourites),
        tab("Clothing", &favourites[4..8]),
        tab("Kitchen", &favourites[8..10]),
        tab("Food", &favourites[10..]),
        tab("Services", &favourites[..4]),
    ]
}

pub(super) fn searching() -> Snapshot {
    Snapshot { search: Some(Arc::new(SearchResults { text: "mer".to_owned(), hits: merinos() })), ..shop() }
}

/// Words that no product has.
pub(super) fn finding_nothing() -> Snapshot {
    let search = SearchResults { text: "mrx".to_owned(), hits: Vec::new() };
    Snapshot { search: Some(Arc::new(search)), basket: empty_basket(), ..shop() }
}

pub(super) fn stock_view() -> Snapshot {
    let story =
        |quantity, reason, at| StoryItem::Moved(StoryLine { quantity: units(quantity), reason, workstation: None, at });
    let held = StoryItem::Held(Hold {
        order: OrderNumber::new("W-10231"),
        quantity: units(1),
        workstation: Some("T01".into()),
        at: at(24, 11, 45),
    });
    let with_held = |mut hit: ProductHit| {
        (hit.level.on_hand, hit.level.held) = (hit.level.on_hand + units(1), units(1));
        hit
    };
    let rows = merinos().into_iter().map(|hit| StockRow {
        hit: with_held(hit),
        story: vec![
            held.clone(),
            story(-1, MovementReason::Sale, at(24, 11, 20)),
            story(2, MovementReason::Receipt, at(23, 9, 10)),
            story(-1, MovementReason::HandOver, at(20, 16, 5)),
        ],
        elsewhere: elsewhere(),
        as_of: Some(at(24, 14, 1)),
    });
    let stock =
        StockView { search: "merino".to_owned(), scanned: None, rows: rows.collect(), choosing: false, count: None };
    Snapshot { screen: Screen::Stock, stock: Some(Arc::new(stock)), ..shop() }
}

/// What is to be counted is looked for among them.
pub(super) fn choosing_counts() -> Snapshot {
    let mut snapshot = stock_view();
    if let Some(stock) = snapshot.stock.as_deref().cloned() {
        snapshot.stock = Some(Arc::new(StockView { choosing: true, ..stock }));
    }
    snapshot
}

/// Somebody counts the first of them, blind: whatever the books say.
pub(super) fn counting(unexplained: Option<Quantity>, side: Option<CountSide>) -> Snapshot {
    let mut snapshot = stock_view();
    let Some(mut stock) = snapshot.stock.as_deref().cloned() else { return snapshot };
    stock.rows[0].hit.level = level(4173, 3, 0);
    let held = |order: &str, quantity, bay: Option<&str>| HeldPlace {
        order: OrderNumber::new(order),
        quantity: units(quantity),
        bay: bay.map(str::to_owned),
    };
    stock.count = Some(ShelfCountView {
        product: ProductId::new("merino-m"),
        name: "Merino crew, navy, M".to_owned(),
        unit: Unit::Each,
        bin: Some("A-12".to_owned()),
        held: vec![held("W-10231", 1, Some("C-14")), held("W-10240", 2, None)],
        in_baskets: units(1),
        unexplained,
        side,
        books_seen: false,
    });
    snapshot.stock = Some(Arc::new(stock));
    snapshot
}

/// The same of what was looked up, with all that the books say of it.
pub(super) fn counting_what_was_looked_up() -> Snapshot {
    let mut snapshot = counting(None, None);
    if let Some(mut stock) = snapshot.stock.as_deref().cloned() {
        stock.count.as_mut().into_iter().for_each(|count| count.books_seen = true);
        snapshot.stock = Some(Arc::new(stock));
    }
    snapshot
}

/// The first two that are found are tasks to count.
pub(super) fn to_be_counted(snapshot: Snapshot) -> Snapshot {
    let task = |hit: ProductHit| Task::Count { product: hit.product, product_name: hit.name, bin: None, times: 1 };
    let tasks = merinos().into_iter().take(2).map(task).collect();
    Snapshot { tasks: Arc::new(tasks), ..snapshot }
}

/// A code was scanned before the figure that is typed was taken.
pub(super) fn scanned_while_counting() -> Snapshot {
    let kind = NoticeKind::CountFirst { name: "Merino crew, navy, M".to_owned() };
    Snapshot { notice: Some(Notice { number: 4, weight: NoticeWeight::Refused, kind }), ..counting(None, None) }
}

pub(super) fn elsewhere() -> Vec<OtherStoreStock> {
    let store = |id: &str, name: &str, free, distance_m, minute| OtherStoreStock {
        store: id.into(),
        name: name.to_owned(),
        free: units(free),
        distance_m,
        as_of: at(24, 13, minute),
    };
    vec![
        store("S002", "Station Road", 2, 4000, 58),
        store("S003", "Harbour", 1, 7300, 59),
        store("S009", "Warehouse North", 14, 31_000, 55),
    ]
}
