//! The made-up conflict card.

use std::sync::Arc;

use super::baskets::{line, view_of};
use super::orders::{order_line, web_order};
use super::products::elsewhere;
use super::shop::{asking_approval, shop};
use super::{at, euro, level, units};
use crate::domain::conflict::ConflictKind;
use crate::domain::feed::StoryLine;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::operator::Permission;
use crate::domain::stock::MovementReason;
use crate::domain::tender::{Tender, TenderKind};
use crate::domain::web_order::{Hold, OrderState, WebOrder};
use crate::register::snapshot::{
    ApprovalSubject, ApprovalView, ConflictCard, ConflictRefusal, LineMark, Snapshot, StoryItem,
};

/// In a store where a supervisor agrees before what is promised is sold.
pub(super) fn conflicting_under_supervision() -> Snapshot {
    let mut snapshot = conflicting(ConflictKind::BooksEmpty);
    if let Some(card) = &mut snapshot.conflict {
        Arc::make_mut(card).sell_anyway = Permission::Ask;
    }
    snapshot
}

/// There, Ana sells it anyway: Dora or Noor must agree.
pub(super) fn asking_to_sell_promised() -> Snapshot {
    let snapshot = conflicting_under_supervision();
    let subject = snapshot.conflict.as_ref().map(|card| ApprovalSubject::SellPromised {
        name: card.product_name.clone(),
        quantity: card.line_out,
        order: Box::new(card.orders[1].clone()),
        also_short: card.also_short,
    });
    let asked = asking_approval().approval.zip(subject);
    let approval = asked.map(|(asked, subject)| {
        Arc::new(ApprovalView { subject, chosen: None, refused: false, reason: None, ..(*asked).clone() })
    });
    Snapshot { approval, ..snapshot }
}

/// The card came up when part of the sale was paid.
pub(super) fn conflicting_tendered() -> Snapshot {
    let mut snapshot = conflicting(ConflictKind::BooksEmpty);
    let mut basket = (*snapshot.basket.basket).clone();
    basket.tenders = vec![Tender { kind: TenderKind::Card, amount: euro(2000), reference: None }];
    snapshot.basket.basket = Arc::new(basket);
    snapshot.basket.remaining = snapshot.basket.total - euro(2000);
    snapshot
}

/// The code that was typed is another order's.
pub(super) fn refusing_the_code(mut snapshot: Snapshot) -> Snapshot {
    if let Some(card) = &mut snapshot.conflict {
        Arc::make_mut(card).refused = Some(ConflictRefusal::WrongCode);
    }
    snapshot
}

/// Two of three are in danger, another scan waits, and the order's day is today.
pub(super) fn conflicting_in_part() -> Snapshot {
    let mut snapshot = conflicting(ConflictKind::Promised);
    if let Some(card) = &mut snapshot.conflict {
        let card = Arc::make_mut(card);
        (card.level, card.in_basket, card.line_out) = (level(3, 0, 2), units(3), units(2));
        card.scan_waiting = Some("Enamel mug, moss".to_owned());
        card.live = true;
        let lines = vec![
            line(1, "socks", "Wool socks, grey 41–43", units(1), 900),
            line(2, "merino-m", "Merino crew, navy, M", units(3), 5900),
        ];
        snapshot.basket = view_of(lines, vec![LineMark::None, LineMark::Deciding], 3050, 4);
        for order in &mut card.orders {
            (order.collect_by, order.state) = (Some(at(25, 0, 0)), OrderState::PartHandedOver);
        }
    }
    snapshot
}

pub(super) fn conflicting(kind: ConflictKind) -> Snapshot {
    let merino = |picked| vec![order_line(1, "merino-m", "Merino crew, navy, M", 1, picked, 5900)];
    let anna = WebOrder {
        collect_by: Some(at(24, 17, 0)),
        bay: Some("C-14".to_owned()),
        ..web_order("W-10231", "Anna K.", true, OrderState::Ready, merino(1))
    };
    let jo = web_order("W-10240", "Jo B.", false, OrderState::Received, merino(0));
    let moved = |quantity, reason, workstation: Option<&str>, at| {
        let (quantity, workstation) = (units(quantity), workstation.map(str::to_owned));
        StoryItem::Moved(StoryLine { quantity, reason, workstation, at })
    };
    let sold = moved(-1, MovementReason::Sale, Some("T01"), at(24, 11, 20));
    let last = match kind {
        ConflictKind::BooksEmpty => StoryItem::Held(Hold {
            order: OrderNumber::new("W-10231"),
            quantity: units(1),
            workstation: Some("T01".into()),
            at: at(24, 11, 45),
        }),
        ConflictKind::Promised => moved(-1, MovementReason::Sale, Some("T02"), at(24, 11, 45)),
    };
    let orders = match kind {
        ConflictKind::BooksEmpty => vec![anna, jo],
        ConflictKind::Promised => vec![jo],
    };
    let card = ConflictCard {
        number: 1,
        line: 2,
        product: ProductId::new("merino-m"),
        product_name: "Merino crew, navy, M".to_owned(),
        kind,
        level: if kind == ConflictKind::BooksEmpty { level(1, 1, 1) } else { level(1, 0, 1) },
        in_basket: units(1),
        as_of: Some(at(24, 14, 1)),
        live: kind == ConflictKind::BooksEmpty,
        orders,
        falls_short: OrderNumber::new("W-10240"),
        also_short: 0,
        story: vec![last, sold, moved(2, MovementReason::Receipt, None, at(23, 9, 10))],
        elsewhere: elsewhere(),
        line_out: units(1),
        scan_waiting: None,
        refused: None,
        sell_anyway: Permission::Allow,
        code_asked: None,
    };
    let lines = vec![
        line(1, "socks", "Wool socks, grey 41–43", units(1), 900),
        line(2, "merino-m", "Merino crew, navy, M", units(1), 5900),
    ];
    let basket = view_of(lines, vec![LineMark::None, LineMark::Deciding], 1115, 2);
    Snapshot { basket, conflict: Some(Arc::new(card)), ..shop() }
}
