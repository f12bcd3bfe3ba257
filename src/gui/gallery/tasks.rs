//! Made-up tasks for the gallery: conflict cases, and what stores ask of each other.

use std::sync::Arc;

use uuid::Uuid;

use super::shop::shop;
use super::{Exhibit, at, units};
use crate::domain::Timestamp;
use crate::domain::conflict::CaseState;
use crate::domain::ids::{CaseId, EntryId, OrderNumber};
use crate::domain::quantity::Quantity;
use crate::domain::stock::OtherStoreStock;
use crate::domain::transfer::TransferState;
use crate::domain::zone::StoreZone;
use crate::gui::screen::{Screens, unfinished};
use crate::register::intent::Screen;
use crate::register::snapshot::{CaseTask, Notice, NoticeKind, NoticeWeight, Snapshot, Task};

/// The pictures of tasks.
pub fn exhibits() -> Vec<Exhibit> {
    let tasks = |tasks: Vec<Task>| Snapshot { screen: Screen::UnfinishedBusiness, tasks: Arc::new(tasks), ..shop() };
    let gone = Notice {
        number: 4,
        weight: NoticeWeight::Mind,
        kind: NoticeKind::ProposalGone { order: OrderNumber::new("W-10231"), store_name: "Station Road".to_owned() },
    };
    let told = Snapshot { notice: Some(gone), ..tasks(cases()) };
    let mut lost = tasks(cases());
    lost.till.time_zone = StoreZone::of("Lindholm/Harbour");
    let name = lost.till.time_zone.name().to_owned();
    lost.notice = Some(Notice { number: 5, weight: NoticeWeight::Mind, kind: NoticeKind::ZoneUnknown { name } });
    vec![
        marking("tasks-cases", tasks(cases()), 0),
        marking("tasks-case-no-proposal", told, 2),
        marking("tasks-transfers", tasks(transfers()), 4),
        opening("tasks-request-open", tasks(transfers()), 2),
        asking("tasks-withdraw-asked", tasks(transfers()), 2, unfinished::Asked::Withdraw),
        marking("tasks-pay-back", tasks(pay_back()), 0),
        asking("tasks-pay-back-asked", tasks(pay_back()), 0, unfinished::Asked::PayBack),
        asking("tasks-has-come-asked", tasks(transfers()), 4, unfinished::Asked::HasCome),
        marking("zone-unknown", lost, 1),
    ]
}

/// A sheet with the task at a place marked.
pub(super) fn marking(name: &'static str, snapshot: Snapshot, position: usize) -> Exhibit {
    let unfinished = unfinished::Unfinished::marking(&snapshot, position);
    Exhibit { name, screens: Screens { unfinished, ..Screens::default() }, snapshot }
}

/// A sheet on which something is asked about the task at a place.
pub(super) fn asking(name: &'static str, snapshot: Snapshot, position: usize, asked: unfinished::Asked) -> Exhibit {
    let unfinished = unfinished::Unfinished::asking(&snapshot, position, asked);
    Exhibit { name, screens: Screens { unfinished, ..Screens::default() }, snapshot }
}

/// A sheet with the request at a place told in full.
fn opening(name: &'static str, snapshot: Snapshot, position: usize) -> Exhibit {
    let unfinished = unfinished::Unfinished::opening(&snapshot, position);
    Exhibit { name, screens: Screens { unfinished, ..Screens::default() }, snapshot }
}

/// A case with a proposal.
pub fn case() -> CaseTask {
    CaseTask {
        case: CaseId(Uuid::from_u128(3)),
        order: OrderNumber::new("W-10198"),
        customer_name: "Ines R.".to_owned(),
        product_name: "Rain shell, moss, L".to_owned(),
        quantity: Quantity::ONE,
        state: CaseState::AwaitingDecision,
        since: at(24, 11, 20),
        due_at: at(25, 10, 0),
        proposal: Some(other("S002", "Station Road", 2, 58)),
        refused_by: None,
    }
}

fn other(store: &str, name: &str, free: i64, minute: u32) -> OtherStoreStock {
    OtherStoreStock {
        store: store.into(),
        name: name.to_owned(),
        free: units(free),
        distance_m: 4000,
        as_of: at(24, 13, minute),
    }
}

fn cases() -> Vec<Task> {
    let refused = CaseTask {
        case: CaseId(Uuid::from_u128(4)),
        order: OrderNumber::new("W-10231"),
        customer_name: "Anna K.".to_owned(),
        product_name: "Merino crew, navy, M".to_owned(),
        state: CaseState::Open,
        due_at: at(24, 17, 0),
        proposal: Some(other("S003", "Harbour", 1, 59)),
        refused_by: Some("Station Road".to_owned()),
        ..case()
    };
    let overdue = CaseTask {
        case: CaseId(Uuid::from_u128(5)),
        order: OrderNumber::new("W-10240"),
        customer_name: "Jo B.".to_owned(),
        product_name: "Enamel mug, moss".to_owned(),
        quantity: units(2),
        state: CaseState::Open,
        due_at: at(24, 12, 0),
        proposal: None,
        ..case()
    };
    let cases = [refused, case(), overdue].map(|case| Task::Case(Box::new(case)));
    cases.into_iter().chain([set_aside(8, "W", TransferState::Requested)]).collect()
}

/// An order that was paid online while a till took its money.
fn pay_back() -> Vec<Task> {
    let (order, customer_name) = (OrderNumber::new("W-10231"), "Anna K.".to_owned());
    let given = Task::PayBack { order, customer_name, amount: super::euro(7_990) };
    [given, Task::Case(Box::new(case()))].into_iter().collect()
}

fn set_aside(number: u32, order: &str, state: TransferState) -> Task {
    Task::SetAside {
        order: OrderNumber::new(format!("T-7K2M{order}")),
        product_name: "Merino crew, navy, M".to_owned(),
        quantity: Quantity::ONE,
        store_name: "Harbour".to_owned(),
        asked_by: "Chidi".to_owned(),
        for_whom: "W-10187".to_owned(),
        asked_at: asked_at(number),
        state,
    }
}

fn asked(number: u32, product: &str, store: &str, state: TransferState) -> Task {
    Task::Transfer {
        entry: EntryId(Uuid::from_u128(u128::from(number))),
        product_name: product.to_owned(),
        quantity: Quantity::ONE,
        store_name: store.to_owned(),
        asked_by: "Ana".to_owned(),
        asked_at: asked_at(number),
        state,
        told: true,
        withdrawn: false,
        order_there: Some(OrderNumber::new("T-3KQ7XM")),
        for_order: number.is_multiple_of(2).then(|| OrderNumber::new("W-10198")),
        customer: if number.is_multiple_of(2) { String::new() } else { "Jo Bergström".to_owned() },
    }
}

fn asked_at(number: u32) -> Timestamp {
    at(24, 11, 20 + number)
}

/// One of every state, of both sides.
fn transfers() -> Vec<Task> {
    vec![
        set_aside(1, "X4", TransferState::Requested),
        set_aside(2, "QA", TransferState::SetAside),
        asked(3, "Rain shell, moss, L", "Station Road", TransferState::Requested),
        asked(4, "Wool socks, grey 41–43", "Station Road", TransferState::SetAside),
        asked(5, "Merino crew, navy, M", "Station Road", TransferState::Sent),
        asked(6, "Enamel mug, moss", "Harbour", TransferState::NoneFree),
        asked(7, "Merino crew, navy, S", "Harbour", TransferState::Refused),
        asked(8, "Rain shell, moss, L", "Warehouse North", TransferState::NotNeeded),
    ]
}
