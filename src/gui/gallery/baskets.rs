//! Made-up baskets, from the first line to the questions they ask.

use std::sync::Arc;

use rust_decimal::Decimal;
use uuid::Uuid;

use super::products::elsewhere;
use super::shop::shop;
use super::{at, euro, level, units};
use crate::domain::basket::{Basket, BasketLine, Discount, PriceSource};
use crate::domain::feed::StoryLine;
use crate::domain::ids::{BasketId, OperatorId, OrderNumber, ProductId};
use crate::domain::money::Currency;
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MovementReason;
use crate::domain::tax::TaxCode;
use crate::domain::tender::{Tender, TenderKind};
use crate::register::snapshot::{
    BasketView, LineMark, LinePanel, LineStock, Notice, NoticeKind, NoticeWeight, OrderRef, Question, Snapshot,
    StoryItem,
};

pub(super) fn line(number: u32, product: &str, name: &str, quantity: Quantity, unit_price_minor: i64) -> BasketLine {
    let unit_price = euro(unit_price_minor);
    BasketLine {
        line: number,
        product: ProductId::new(product),
        name: name.to_owned(),
        unit: Unit::Each,
        quantity,
        unit_price,
        amount: quantity.at(unit_price).unwrap_or(unit_price),
        price_source: PriceSource::List,
        tax: TaxCode('A'),
        discount: None,
        stocked: true,
        scanned: None,
        batch: None,
        age_limit: None,
        hand_over: None,
        changed_by: None,
        approved_by: None,
        price_reason: None,
    }
}

pub(super) fn view_of(lines: Vec<BasketLine>, marks: Vec<LineMark>, tax_minor: i64, item_count: i64) -> BasketView {
    let total: i64 = lines.iter().map(|line| line.to_pay().minor()).sum();
    let selected = lines.last().map(|line| line.line);
    let mut basket = Basket::new(BasketId(Uuid::from_u128(42)), Currency::EUR);
    basket.lines = lines;
    BasketView {
        basket: Arc::new(basket.restored(6)),
        marks: Arc::new(marks),
        total: euro(total),
        tax_total: euro(tax_minor),
        item_count,
        selected,
        quantity_prefix: None,
        remaining: euro(total),
        at_terminal: None,
    }
}

pub(super) fn empty_basket() -> BasketView {
    view_of(Vec::new(), Vec::new(), 0, 0)
}

fn order_ref() -> OrderRef {
    OrderRef {
        number: OrderNumber::new("W-10231"),
        customer_name: "Anna K.".to_owned(),
        collect_by: Some(at(24, 17, 0)),
    }
}

pub(super) fn basket() -> BasketView {
    let socks = BasketLine {
        discount: Some(Discount { percent: Some(Decimal::TEN), amount: euro(90), reason: "staff".to_owned() }),
        ..line(2, "socks", "Wool socks, grey 41–43", units(1), 900)
    };
    let nuts = BasketLine {
        unit: Unit::Kilogram,
        ..line(3, "nuts", "Brazil nuts, loose", Quantity::from_thousandths(452), 2490)
    };
    let lines = vec![
        line(1, "merino-m", "Merino crew, navy, M", units(2), 5900),
        socks,
        nuts,
        line(4, "mug-moss", "Enamel mug, moss", units(1), 1450),
        line(5, "bag", "Paper bag, large", units(3), 20),
    ];
    let marks = vec![
        LineMark::LastFree(order_ref()),
        LineMark::None,
        LineMark::None,
        LineMark::Books { shelf: Quantity::ZERO },
        LineMark::None,
    ];
    view_of(lines, marks, 2498, 8)
}

pub(super) fn selling() -> Snapshot {
    shop()
}

/// Part of the sale was paid when the power was cut: whoever goes on sees it.
pub(super) fn tendered() -> Snapshot {
    let mut snapshot = shop();
    let mut basket = (*snapshot.basket.basket).clone();
    let tender = |kind, minor| Tender { kind, amount: euro(minor), reference: None };
    basket.tenders = vec![tender(TenderKind::Card, 2000), tender(TenderKind::Cash, 5000)];
    snapshot.basket.basket = Arc::new(basket);
    snapshot.basket.remaining = snapshot.basket.total - euro(7000);
    snapshot
}

pub(super) fn noticing() -> Snapshot {
    let notice = Notice {
        number: 3,
        weight: NoticeWeight::Refused,
        kind: NoticeKind::CodeUnknown { code: "4006381399999".to_owned() },
    };
    let mut snapshot = shop();
    snapshot.basket.quantity_prefix = Some(units(3));
    Snapshot { notice: Some(notice), ..snapshot }
}

/// An order is in the basket that its customer has paid online since.
pub(super) fn collecting_a_changed_order() -> Snapshot {
    let order = OrderRef { collect_by: None, ..order_ref() };
    let lines = vec![
        line(1, "merino-m", "Merino crew, navy, M", units(1), 5900),
        line(2, "socks", "Wool socks, grey 41–43", units(1), 900),
        line(3, "mug-moss", "Enamel mug, moss", units(1), 1450),
    ];
    let marks = vec![LineMark::OrderChanged(order.clone()), LineMark::OrderChanged(order.clone()), LineMark::None];
    let kind = NoticeKind::OrderChanged { order: order.number };
    let notice = Some(Notice { number: 3, weight: NoticeWeight::Mind, kind });
    Snapshot { basket: view_of(lines, marks, 1643, 3), notice, ..shop() }
}

pub(super) fn asking(question: Question) -> Snapshot {
    Snapshot { question: Some(question), ..shop() }
}

pub(super) fn weighing() -> Question {
    Question::HowMuch { name: "Brazil nuts, loose".to_owned(), unit: Unit::Kilogram, unit_price: Some(euro(2490)) }
}

/// The socks of the basket, with their discount and their story.
pub(super) fn looking_at_line() -> Snapshot {
    let mut view = basket();
    let mut changed = (*view.basket).clone();
    for line in changed.lines.iter_mut().filter(|line| line.discount.is_some()) {
        line.changed_by = Some(OperatorId::new("ana"));
        view.selected = Some(line.line);
    }
    view.basket = Arc::new(changed);
    let story = |quantity, reason, workstation: Option<&str>, at| {
        let (quantity, workstation) = (units(quantity), workstation.map(str::to_owned));
        StoryItem::Moved(StoryLine { quantity, reason, workstation, at })
    };
    let panel = LinePanel {
        line: view.selected.unwrap_or_default(),
        list_price: Some(euro(900)),
        changed_by: Some("Ana".to_owned()),
        approved_by: None,
        pack: 1,
        stock: Some(LineStock {
            level: level(25, 1, 2),
            as_of: Some(at(24, 14, 1)),
            live: true,
            story: vec![
                story(-1, MovementReason::Sale, Some("T01"), at(24, 11, 20)),
                story(2, MovementReason::Receipt, None, at(23, 9, 10)),
                story(-1, MovementReason::HandOver, None, at(20, 16, 5)),
            ],
            elsewhere: elsewhere(),
        }),
    };
    Snapshot { basket: view, line: Some(Arc::new(panel)), ..shop() }
}
