//! The made-up pick-up queue and its open orders.

use std::sync::Arc;

use super::shop::shop;
use super::{at, euro, level, units};
use crate::domain::Timestamp;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::tax::TaxCode;
use crate::domain::web_order::{
    CollectionProof, Fulfilment, LineQuantity, OrderLine, OrderState, OrderStep, OrderSums, UnmatchedLine, WebOrder,
};
use crate::register::intent::Screen;
use crate::register::snapshot::{
    HistoryRow, Notice, NoticeKind, NoticeWeight, OrderDetail, OrderLineView, OrderRow, PickUps, Snapshot,
};

pub(super) fn order_line(
    number: u32,
    product: &str,
    name: &str,
    ordered: i64,
    picked: i64,
    price_minor: i64,
) -> OrderLine {
    OrderLine {
        line: number,
        product: ProductId::new(product),
        name: name.to_owned(),
        ordered: units(ordered),
        picked: units(picked),
        handed_over: Quantity::ZERO,
        cancelled: Quantity::ZERO,
        short: Quantity::ZERO,
        unit_price: euro(price_minor),
        amount: euro(price_minor * ordered),
        share: euro(0),
        taxed: Vec::new(),
        tax: TaxCode('A'),
        stocked: true,
    }
}

pub(super) fn web_order(
    number: &str,
    customer: &str,
    paid: bool,
    state: OrderState,
    lines: Vec<OrderLine>,
) -> WebOrder {
    WebOrder {
        number: OrderNumber::new(number),
        channel: "website".into(),
        reference: "100004711".to_owned(),
        store: "S001".into(),
        fulfilment: Fulfilment::PickUp,
        customer_name: customer.to_owned(),
        customer_phone: Some("06·· ··· 412".to_owned()),
        paid,
        prepaid: None,
        ordered_at: at(24, 13, 20),
        collect_by: Some(at(26, 12, 0)),
        collection_code: "K7P2MX".to_owned(),
        state,
        bay: None,
        picker: None,
        at_risk: false,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        unmatched: Vec::new(),
        notes: String::new(),
        lines,
    }
}

pub(super) fn row(number: &str, customer: &str, state: OrderState, collect_by: Timestamp, item_count: i64) -> OrderRow {
    OrderRow {
        number: OrderNumber::new(number),
        channel: "website".to_owned(),
        customer_name: customer.to_owned(),
        state,
        collect_by: Some(collect_by),
        paid: true,
        item_count,
        picker_name: None,
        at_risk: false,
        bay: None,
        over_at: None,
    }
}

pub(super) fn queue() -> PickUps {
    let ready = |number, customer, bay: &str, minute, items| OrderRow {
        bay: Some(bay.to_owned()),
        ..row(number, customer, OrderState::Ready, at(24, 17, minute), items)
    };
    let orders = vec![
        row("W-10238", "Lena S.", OrderState::Received, at(24, 15, 0), 1),
        ready("W-10231", "Anna K.", "C-14", 0, 3),
        ready("W-10233", "Tom de V.", "C-11", 30, 1),
        row("M-55-8812", "Marketplace", OrderState::Received, at(24, 18, 0), 2),
        OrderRow { at_risk: true, ..row("W-10198", "Ines R.", OrderState::Short, at(25, 10, 0), 2) },
        OrderRow {
            paid: false,
            picker_name: Some("Ana".to_owned()),
            ..row("W-10240", "Jo B.", OrderState::Picking, at(26, 12, 0), 3)
        },
        row("W-10244", "Sam O.", OrderState::Received, at(26, 12, 30), 1),
        row("W-10102", "Marek P.", OrderState::Lapsed, at(22, 18, 0), 1),
        OrderRow { bay: Some("C-07".to_owned()), ..row("W-10187", "Noor A.", OrderState::Cancelled, at(24, 18, 0), 2) },
    ];
    PickUps { orders, over: Vec::new(), search: String::new(), to_pick: 3 }
}

fn order_lines() -> Vec<OrderLine> {
    vec![
        order_line(1, "merino-m", "Merino crew, navy, M", 1, 1, 5900),
        order_line(2, "socks", "Wool socks, grey 41–43", 1, 1, 900),
        order_line(3, "mug-moss", "Enamel mug, moss", 1, 0, 1450),
    ]
}

fn done(at: Timestamp, step: OrderStep, pieces: i64, by: Option<(&str, &str)>) -> HistoryRow {
    let (operator_name, workstation) = by.map(|(name, till)| (name.to_owned(), till.to_owned())).unzip();
    HistoryRow { at, step, quantity: units(pieces), item: None, operator_name, workstation }
}

/// Ana has begun to pick.
fn history() -> Vec<HistoryRow> {
    let what = LineQuantity { line: 1, quantity: units(1) };
    vec![
        done(at(24, 13, 58), OrderStep::Picked { what, bay: None }, 2, Some(("Ana", "T02"))),
        done(at(24, 13, 56), OrderStep::PickStarted { operator: "ana".into() }, 0, Some(("Ana", "T02"))),
    ]
}

/// Its bay was chosen twice, and what was not found turned up at the till: what a customer asks about.
fn long_history() -> Vec<HistoryRow> {
    let what = |line| LineQuantity { line, quantity: units(1) };
    let ben = Some(("Ben", "T01"));
    let ana = Some(("Ana", "T02"));
    let ready = |bay: &str| OrderStep::MadeReady { bay: bay.to_owned() };
    let of = |item: &str, row: HistoryRow| HistoryRow { item: Some(item.to_owned()), ..row };
    let kept = OrderStep::Picked { what: what(3), bay: Some("C-14".to_owned()) };
    vec![
        of("Enamel mug, moss", done(at(24, 12, 5), kept, 1, ana)),
        done(at(24, 11, 45), ready("C-14"), 0, ben),
        done(at(24, 11, 44), OrderStep::ReadyUndone, 0, ben),
        done(at(24, 11, 43), ready("C-11"), 0, ben),
        of("Enamel mug, moss", done(at(24, 11, 40), OrderStep::ReportedShort { what: what(3) }, 1, ben)),
        done(at(24, 11, 38), OrderStep::Picked { what: what(1), bay: None }, 2, ben),
        done(at(24, 11, 35), OrderStep::PickStarted { operator: "ben".into() }, 0, ben),
    ]
}

/// The customer asks what became of the order.
pub(super) fn asked_about() -> Snapshot {
    let order = WebOrder { ordered_at: at(24, 9, 5), ..anna() };
    let detail = OrderDetail { history: long_history(), ..detail(order, euro(0)) };
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail)), ..shop() }
}

fn detail(order: WebOrder, amount_due: Money) -> OrderDetail {
    let view = |bin: &str, barcode: &str, level| OrderLineView {
        bin: Some(bin.to_owned()),
        barcode: Some(barcode.to_owned()),
        level,
    };
    OrderDetail {
        lines: vec![
            view("A-03", "4006381333931", level(2, 1, 1)),
            view("B-11", "4006381333948", level(24, 0, 0)),
            view("C-02", "4006381334013", level(0, 0, 1)),
        ],
        sums: OrderSums { amount: amount_due, share: euro(0), tax: euro(0), prepaid: euro(0), due: amount_due },
        due_now: amount_due,
        picker_name: Some("Ana".to_owned()),
        bay_offered: Some("C-15".to_owned()),
        bays_taken: vec![("C-14".to_owned(), OrderNumber::new("W-10231"))]
            .into_iter()
            .filter(|(_, other)| *other != order.number)
            .collect(),
        kept_at: None,
        can_undo: true,
        code_shown: false,
        history: history(),
        order,
    }
}

/// Set aside at another till for another store, while central is out of reach.
pub(super) fn kept_elsewhere() -> Snapshot {
    let order = WebOrder { fulfilment: Fulfilment::Transfer, customer_name: "Harbour".to_owned(), ..anna() };
    let detail = OrderDetail { kept_at: Some("T01".to_owned()), can_undo: false, ..detail(order, euro(0)) };
    let mut snapshot = Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail)), ..shop() };
    for row in Arc::make_mut(&mut snapshot.pick_ups).orders.iter_mut().filter(|row| row.customer_name == "Anna K.") {
        row.customer_name = "Harbour".to_owned();
    }
    snapshot
}

/// Being picked; since then a line that was picked already is wanted no more, and one that was not.
pub(super) fn picking_after_change() -> Snapshot {
    let mut order = web_order("W-10240", "Jo B.", false, OrderState::Picking, order_lines());
    for line in order.lines.iter_mut().skip(1) {
        line.ordered = Quantity::ZERO;
    }
    let notice = Notice {
        number: 4,
        weight: NoticeWeight::Mind,
        kind: NoticeKind::OpenOrderChanged { order: order.number.clone() },
    };
    let open_order = Some(Arc::new(detail(order, euro(5900))));
    Snapshot { screen: Screen::PickUps, open_order, notice: Some(notice), ..shop() }
}

/// Every bay is taken, and another order's is chosen by hand.
pub(super) fn bay_shared() -> Snapshot {
    let order = WebOrder {
        bay: Some("C-14".to_owned()),
        ..web_order("W-10240", "Jo B.", false, OrderState::Picking, order_lines())
    };
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail(order, euro(8250)))), ..shop() }
}

pub(super) fn picking() -> Snapshot {
    let order = web_order("W-10240", "Jo B.", false, OrderState::Picking, order_lines());
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail(order, euro(8250)))), ..shop() }
}

/// One of three could not be found.
pub(super) fn short() -> Snapshot {
    let mut order = web_order("W-10240", "Jo B.", false, OrderState::Short, order_lines());
    for line in order.lines.iter_mut().filter(|line| line.promised().is_positive()) {
        line.short = line.promised();
    }
    order.at_risk = true;
    let mut snapshot =
        Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail(order, euro(8250)))), ..shop() };
    for row in Arc::make_mut(&mut snapshot.pick_ups).orders.iter_mut().filter(|row| row.customer_name == "Jo B.") {
        (row.state, row.at_risk, row.picker_name) = (OrderState::Short, true, None);
    }
    snapshot
}

/// Ben has begun to pick it.
pub(super) fn picked_by_another() -> Snapshot {
    let mut order = web_order("W-10240", "Jo B.", false, OrderState::Picking, order_lines());
    order.picker = Some("ben".into());
    let detail = OrderDetail { picker_name: Some("Ben".to_owned()), can_undo: false, ..detail(order, euro(8250)) };
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail)), ..shop() }
}

/// Cancelled after it was put into its bay.
pub(super) fn cancelled() -> Snapshot {
    let mut order = web_order("W-10187", "Noor A.", true, OrderState::Cancelled, order_lines());
    order.bay = Some("C-07".to_owned());
    let open_order = Some(Arc::new(OrderDetail { can_undo: false, picker_name: None, ..detail(order, euro(0)) }));
    Snapshot { screen: Screen::PickUps, open_order, ..shop() }
}

pub(super) fn picking_held() -> Snapshot {
    let mut order = web_order("W-10240", "Jo B.", false, OrderState::Picking, order_lines());
    order.unmatched = vec![UnmatchedLine {
        line: 4,
        name: "Candle, beeswax, tall".to_owned(),
        gtin: None,
        sellers_number: None,
        buyers_number: Some("K-77".to_owned()),
        quantity: units(2),
        unit: Some("C62".to_owned()),
        unit_price: euro(1200),
    }];
    order.notes = "Please wrap the mug as a gift. I come by bicycle.".to_owned();
    let sums = OrderSums { amount: euro(8250), share: euro(-500), tax: euro(0), prepaid: euro(1000), due: euro(6750) };
    let detail = OrderDetail { sums, due_now: sums.due, ..detail(order, euro(0)) };
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail)), ..shop() }
}

/// What is handed over.
pub(super) fn anna() -> WebOrder {
    let mut order = web_order("W-10231", "Anna K.", true, OrderState::Ready, order_lines());
    (order.bay, order.collect_by) = (Some("C-14".to_owned()), Some(at(24, 17, 0)));
    for line in &mut order.lines {
        line.picked = line.ordered;
    }
    order
}

/// Its customer's code opened it.
pub(super) fn handing_over_shown() -> Snapshot {
    let detail = OrderDetail { code_shown: true, ..detail(anna(), euro(0)) };
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail)), ..shop() }
}

pub(super) fn handing_over() -> Snapshot {
    Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail(anna(), euro(0)))), ..shop() }
}

/// Lena's son has fetched it, and she asks.
pub(super) fn over() -> Snapshot {
    let mut order = web_order("W-10229", "Lena S.", true, OrderState::HandedOver, order_lines());
    order.ordered_at = at(24, 9, 5);
    order.ordered_at = at(24, 9, 5);
    for line in &mut order.lines {
        (line.picked, line.handed_over) = (line.ordered, line.ordered);
    }
    let lines = order.lines.iter().map(|line| LineQuantity { line: line.line, quantity: line.ordered }).collect();
    let step = OrderStep::HandedOver { lines, collector: "Peter S.".to_owned(), proof: CollectionProof::Code };
    let mut history = long_history();
    history.insert(0, done(at(24, 12, 31), step, 3, Some(("Ana", "T02"))));
    let detail = OrderDetail { picker_name: None, can_undo: false, history, ..detail(order, euro(0)) };
    let ended = |number, customer, state, day, hour, minute| OrderRow {
        over_at: Some(at(day, hour, minute)),
        ..row(number, customer, state, at(24, 18, 0), 3)
    };
    let over = vec![
        ended("W-10229", "Lena S.", OrderState::HandedOver, 24, 12, 31),
        ended("W-10174", "Milan D.", OrderState::PutBack, 23, 17, 5),
        ended("W-10160", "Farah N.", OrderState::Cancelled, 20, 9, 40),
    ];
    let mut snapshot = Snapshot { screen: Screen::PickUps, open_order: Some(Arc::new(detail)), ..shop() };
    let pick_ups = Arc::make_mut(&mut snapshot.pick_ups);
    pick_ups.orders.truncate(2);
    pick_ups.over = over;
    snapshot
}

/// The queue is still narrowed to what was looked for.
pub(super) fn narrowed() -> Snapshot {
    let mut snapshot = picking();
    let mut pick_ups = (*snapshot.pick_ups).clone();
    pick_ups.orders.retain(|order| order.customer_name.starts_with("Jo"));
    pick_ups.search = "jo".to_owned();
    snapshot.pick_ups = Arc::new(pick_ups);
    snapshot
}
