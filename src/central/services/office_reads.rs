//! What head office looks at: stock, tills, conflict cases, and files of it.

use tokio::sync::mpsc;
use tonic::Status;

use super::pages;
use super::status::{Reason, refuse_store, refuse_with};
use crate::central::intake::text::printable;
use crate::central::store::sqlite::Word;
use crate::central::store::{
    CaseDecision, CaseFilter, CasePage, CaseRecord, Finding, FindingKind, OrderFilter, StockPage, StockRow, Store,
};
use crate::domain::Timestamp;
use crate::domain::conflict::CaseState;
use crate::domain::ids::{CaseId, ProductId, StoreId, TillId};
use crate::domain::money::{self, Money};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{OrderLine, UnmatchedLine, WebOrder};
use crate::wire::Wire;
use crate::wire::office::v1 as proto;

/// How many findings a page has when nobody says.
const PAGE_USUAL: usize = 100;
/// How many rows of stock, and how many orders, are read at once for a file: an order may have thousands of lines.
const ROWS_PER_READ: usize = 1000;
const ORDERS_PER_READ: usize = 100;
/// The largest part of a file, in bytes.
const PART_BYTES_MAX: usize = 1024 * 1024;

fn named(store: &str) -> Option<StoreId> {
    (!store.is_empty()).then(|| StoreId::new(store))
}

/// A page of the figures of stores.
pub async fn list_stock<S: Store>(
    store: &S,
    request: &proto::ListStockRequest,
) -> Result<proto::ListStockResponse, Status> {
    let after = pages::read_token(&request.page_token)?;
    let page = StockPage {
        store: named(&request.store),
        after: after.map(|[store, product]| (StoreId::new(store), ProductId::new(product))),
        rows_max: pages::get_size(request.page_size, pages::PAGE_MAX),
    };
    let rows_max = page.rows_max;
    let rows = store.list_stock_page(page).await.map_err(refuse_store)?;
    let is_full = rows.len() == rows_max;
    let row = |row: StockRow| proto::StockRow {
        store: row.store.to_string(),
        product: row.product.to_string(),
        name: row.name,
        on_hand_thousandths: row.level.on_hand.thousandths(),
        held_thousandths: row.level.held.thousandths(),
        promised_thousandths: row.level.promised.thousandths(),
        safety_thousandths: row.level.safety.thousandths(),
        free_thousandths: row.level.free().thousandths(),
    };
    let mut rows: Vec<_> = rows.into_iter().map(row).collect();
    let has_more = pages::keep_fitting(&mut rows) || is_full;
    let last = rows.last().filter(|_| has_more);
    let next_page_token = last.map_or_else(String::new, |row| pages::token(&[&row.store, &row.product]));
    Ok(proto::ListStockResponse { rows, next_page_token })
}

/// Every till with what is wrong with it.
pub async fn list_tills<S: Store>(store: &S) -> Result<proto::ListTillsResponse, Status> {
    let tills = store.list_tills().await.map_err(refuse_store)?;
    let aside = store.list_put_aside().await.map_err(refuse_store)?;
    let aside = |till: &TillId| aside.iter().find(|(of, _)| of == till).map_or(0, |(_, entries)| *entries);
    let forks = store.list_forks().await.map_err(refuse_store)?;
    let tills = tills.into_iter().map(|till| proto::TillHealth {
        store: till.till.store.to_string(),
        workstation: till.till.workstation.to_string(),
        enrolled_at: Some(till.enrolled_at.to_wire()),
        revoked_at: till.revoked_at.map(|at| at.to_wire()),
        seen_at: till.seen_at.map(|at| at.to_wire()),
        quarantined: u32::try_from(aside(&till.till)).unwrap_or(u32::MAX),
        unsent: till.unsent.map(|told| told.unsent.count),
        oldest_unsent_at: till.unsent.and_then(|told| told.unsent.oldest_at).map(|at| at.to_wire()),
        unsent_as_of: till.unsent.map(|told| told.as_of.to_wire()),
        forks: forks.iter().filter(|fork| fork.till == till.till).count() as u32,
    });
    Ok(proto::ListTillsResponse { tills: tills.collect() })
}

/// What is odd in the tills' journals.
pub async fn list_findings<S: Store>(
    store: &S,
    request: &proto::ListFindingsRequest,
) -> Result<proto::ListFindingsResponse, Status> {
    let skipped: usize = match request.page_token.as_str() {
        "" => 0,
        text => text.parse().map_err(|_| pages::refuse_token())?,
    };
    let page = pages::get_size(request.page_size, PAGE_USUAL);
    let found = store.list_findings(skipped, page).await.map_err(refuse_store)?;
    let is_full = found.len() == page;
    let finding = |finding: Finding| proto::Finding {
        kind: match finding.kind {
            FindingKind::PutAside => proto::FindingKind::PutAside,
            FindingKind::Fork => proto::FindingKind::Fork,
            FindingKind::Misfit => proto::FindingKind::Misfit,
            FindingKind::Money => proto::FindingKind::Money,
            FindingKind::NumberTwice => proto::FindingKind::NumberTwice,
            FindingKind::SoldTwice => proto::FindingKind::SoldTwice,
        } as i32,
        store: finding.store.to_string(),
        workstation: finding.workstation.map_or_else(String::new, |name| name.to_string()),
        order_number: finding.order.map_or_else(String::new, |number| number.to_string()),
        entry_id: finding.entry.to_string(),
        what: finding.what,
        found_at: Some(finding.found_at.to_wire()),
    };
    let mut findings: Vec<_> = found.into_iter().map(finding).collect();
    let has_more = pages::keep_fitting(&mut findings) || is_full;
    let next_page_token = if has_more { (skipped + findings.len()).to_string() } else { String::new() };
    Ok(proto::ListFindingsResponse { findings, next_page_token })
}

/// A page of conflict cases.
pub async fn list_cases<S: Store>(
    store: &S,
    request: &proto::ListCasesRequest,
) -> Result<proto::ListCasesResponse, Status> {
    let page = CasePage {
        which: if request.all { CaseFilter::All } else { CaseFilter::Open },
        after: pages::read_token(&request.page_token)?.map(read_case_mark).transpose()?,
        cases_max: pages::get_size(request.page_size, pages::PAGE_MAX),
    };
    let cases_max = page.cases_max;
    let cases = store.list_case_page(page).await.map_err(refuse_store)?;
    let is_full = cases.len() == cases_max;
    let marks: Vec<_> = cases.iter().map(|record| (record.case.due_at, record.case.case)).collect();
    let case = |record: CaseRecord| proto::ConflictCase {
        store: record.store.to_string(),
        case_id: record.case.case.to_string(),
        product: record.case.product.to_string(),
        order_number: record.case.order.to_string(),
        quantity_thousandths: record.case.quantity.thousandths(),
        state: state_to_wire(record.case.state) as i32,
        owner: record.owner.unwrap_or_default(),
        opened_at: Some(record.case.opened_at.to_wire()),
        due_at: Some(record.case.due_at.to_wire()),
        closed_at: record.closed_at.map(|at| at.to_wire()),
        proposals: record.proposals.iter().map(|other| other.store.to_string()).collect(),
    };
    let mut cases: Vec<_> = cases.into_iter().map(case).collect();
    let has_more = pages::keep_fitting(&mut cases) || is_full;
    let last = cases.len().checked_sub(1).and_then(|last| marks.get(last)).filter(|_| has_more);
    let next_page_token = last.map_or_else(String::new, |(due_at, case)| {
        pages::token(&[&due_at.timestamp_micros().to_string(), &case.to_string()])
    });
    Ok(proto::ListCasesResponse { cases, next_page_token })
}

/// When the case before a page is due, and which it is.
fn read_case_mark([due_at, case]: [String; 2]) -> Result<(Timestamp, CaseId), Status> {
    let due_at = due_at.parse().ok().and_then(Timestamp::from_timestamp_micros).ok_or_else(pages::refuse_token)?;
    Ok((due_at, CaseId(uuid::Uuid::parse_str(&case).map_err(|_| pages::refuse_token())?)))
}

/// The decision of a request, in somebody's name.
pub fn read_decision(request: proto::DecideCaseRequest, person: &str) -> Result<CaseDecision, Status> {
    let state = state_of_wire(request.state());
    let state = state.ok_or_else(|| refuse_with(Reason::FieldInvalid, "say what is decided", &[("field", "state")]))?;
    let case = uuid::Uuid::parse_str(&request.case_id)
        .map_err(|_| refuse_with(Reason::FieldInvalid, "it is no UUID", &[("field", "case_id")]))?;
    let owner = printable(&request.owner);
    Ok(CaseDecision {
        store: StoreId::new(&request.store),
        case: CaseId(case),
        state,
        owner: (!owner.is_empty()).then_some(owner),
        person: person.to_owned(),
        note: printable(&request.note),
    })
}

const fn state_to_wire(state: CaseState) -> proto::CaseState {
    match state {
        CaseState::Open => proto::CaseState::Open,
        CaseState::ReSourced => proto::CaseState::ReSourced,
        CaseState::AwaitingDecision => proto::CaseState::AwaitingDecision,
        CaseState::BackOrdered => proto::CaseState::BackOrdered,
        CaseState::Substituted => proto::CaseState::Substituted,
        CaseState::CancelledAndRefunded => proto::CaseState::CancelledAndRefunded,
        CaseState::FalseAlarm => proto::CaseState::FalseAlarm,
    }
}

const fn state_of_wire(state: proto::CaseState) -> Option<CaseState> {
    match state {
        proto::CaseState::Unspecified => None,
        proto::CaseState::Open => Some(CaseState::Open),
        proto::CaseState::ReSourced => Some(CaseState::ReSourced),
        proto::CaseState::AwaitingDecision => Some(CaseState::AwaitingDecision),
        proto::CaseState::BackOrdered => Some(CaseState::BackOrdered),
        proto::CaseState::Substituted => Some(CaseState::Substituted),
        proto::CaseState::CancelledAndRefunded => Some(CaseState::CancelledAndRefunded),
        proto::CaseState::FalseAlarm => Some(CaseState::FalseAlarm),
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection): what begins like one gets an apostrophe. A number
/// below zero is a number.
fn cell(text: &str) -> String {
    let is_number = text.parse::<rust_decimal::Decimal>().is_ok();
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if !is_number => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// Where the parts of a file go, one after the other, as fast as they are taken.
pub type PartSender = mpsc::Sender<Result<proto::ExportResponse, Status>>;

/// Nobody takes the file any more.
struct Gone;

/// Writes a file, part by part: of a table of any size only a page is ever held. It is true row by row; what changes while it is
/// written may be in it or not.
pub async fn export<S: Store>(store: S, kind: proto::ExportKind, of: String, parts: PartSender) {
    let written = match kind {
        proto::ExportKind::Stock => export_stock(&store, named(&of), &parts).await,
        proto::ExportKind::Orders => export_orders(&store, named(&of), &parts).await,
        proto::ExportKind::Unspecified => {
            let refusal = refuse_with(Reason::FieldInvalid, "say what to export", &[("field", "kind")]);
            send(&parts, Err(refusal)).await
        }
    };
    // Whoever asked has gone away: there is nobody to tell.
    let (Ok(()) | Err(Gone)) = written;
}

async fn send(parts: &PartSender, part: Result<Vec<u8>, Status>) -> Result<(), Gone> {
    let failed = part.is_err();
    parts.send(part.map(|csv| proto::ExportResponse { csv })).await.map_err(|_| Gone)?;
    if failed { Err(Gone) } else { Ok(()) }
}

/// Sends rows, in parts that a client takes.
async fn send_rows(parts: &PartSender, rows: impl Iterator<Item = Vec<String>> + Send) -> Result<(), Gone> {
    let mut part = Vec::new();
    for row in rows {
        match encode(&[], std::iter::once(row)) {
            Ok(line) => part.extend(line),
            Err(status) => return send(parts, Err(status)).await,
        }
        if part.len() >= PART_BYTES_MAX {
            send(parts, Ok(std::mem::take(&mut part))).await?;
        }
    }
    if part.is_empty() { Ok(()) } else { send(parts, Ok(part)).await }
}

async fn export_stock<S: Store>(store: &S, of: Option<StoreId>, parts: &PartSender) -> Result<(), Gone> {
    let header = ["store", "product", "name", "on_hand", "held", "promised", "safety", "free"];
    send(parts, encode(&header, std::iter::empty())).await?;
    let mut page = StockPage { store: of, after: None, rows_max: ROWS_PER_READ };
    loop {
        let rows = match store.list_stock_page(page.clone()).await {
            Ok(rows) => rows,
            Err(error) => return send(parts, Err(refuse_store(error))).await,
        };
        page.after = rows.last().map(|row| (row.store.clone(), row.product.clone()));
        let is_last = rows.len() < ROWS_PER_READ;
        let figures = rows.into_iter().map(|row| {
            let level = &row.level;
            let figures = [level.on_hand, level.held, level.promised, level.safety, level.free()];
            let mut cells = vec![row.store.to_string(), row.product.to_string(), row.name.clone()];
            cells.extend(figures.iter().map(ToString::to_string));
            cells
        });
        send_rows(parts, figures).await?;
        if is_last {
            return Ok(());
        }
    }
}

async fn export_orders<S: Store>(store: &S, of: Option<StoreId>, parts: &PartSender) -> Result<(), Gone> {
    send(parts, encode(ORDER_HEADER, std::iter::empty())).await?;
    let mut filter = OrderFilter { store: of, orders_max: ORDERS_PER_READ, ..OrderFilter::default() };
    loop {
        let orders = match store.list_orders(filter.clone()).await {
            Ok(orders) => orders,
            Err(error) => return send(parts, Err(refuse_store(error))).await,
        };
        filter.after = orders.last().map(|last| last.number.clone());
        let is_last = orders.len() < ORDERS_PER_READ;
        send_rows(parts, orders.iter().flat_map(order_rows)).await?;
        if is_last {
            return Ok(());
        }
    }
}

const ORDER_HEADER: &[&str] = &[
    "order",
    "reference",
    "channel",
    "store",
    "fulfilment",
    "state",
    "customer",
    "ordered_at",
    "line",
    "product",
    "name",
    "ordered",
    "picked",
    "handed_over",
    "cancelled",
    "unit_price",
    "amount",
    "share",
    "currency",
    "carrier",
    "tracking",
    "tax",
];

/// The tax on what a line costs with its part of the whole, where its document says so.
fn tax_of(line: &OrderLine) -> Option<Money> {
    let taxed = Some(&line.taxed).filter(|taxed| !taxed.is_empty())?;
    Some(money::sum(line.amount.currency(), taxed.iter().map(|one| one.tax)))
}

fn order_rows(order: &WebOrder) -> Vec<Vec<String>> {
    let dispatch = order.dispatch.as_ref();
    // What every row of the order begins with.
    let whole = [
        order.number.to_string(),
        order.reference.clone(),
        order.channel.to_string(),
        order.store.to_string(),
        order.fulfilment.word().to_owned(),
        order.state.word().to_owned(),
        order.customer_name.clone(),
        order.ordered_at.to_rfc3339(),
    ];
    let row = |cells: &[String]| [&whole[..], cells].concat();
    let known = |line: &OrderLine| {
        row(&[
            line.line.to_string(),
            line.product.to_string(),
            line.name.clone(),
            line.ordered.to_string(),
            line.picked.to_string(),
            line.handed_over.to_string(),
            line.cancelled.to_string(),
            line.unit_price.to_string(),
            line.amount.to_string(),
            line.share.to_string(),
            line.unit_price.currency().code().to_owned(),
            dispatch.map_or_else(String::new, |dispatch| dispatch.carrier.clone()),
            dispatch.map_or_else(String::new, |dispatch| dispatch.tracking.clone()),
            tax_of(line).map_or_else(String::new, |tax| tax.to_string()),
        ])
    };
    // A line that is held is no product yet, and is ordered all the same.
    let held = |held: &UnmatchedLine| {
        let nothing = || Quantity::ZERO.to_string();
        row(&[
            held.line.to_string(),
            String::new(),
            held.name.clone(),
            held.quantity.to_string(),
            nothing(),
            nothing(),
            nothing(),
            held.unit_price.to_string(),
            String::new(),
            String::new(),
            held.unit_price.currency().code().to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ])
    };
    order.lines.iter().map(known).chain(order.unmatched.iter().map(held)).collect()
}

fn encode(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, Status> {
    let failed = |error: csv::Error| super::status::refuse(Reason::Internal, error.to_string());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    if !header.is_empty() {
        writer.write_record(header).map_err(failed)?;
    }
    for row in rows {
        writer.write_record(row.iter().map(|text| cell(text))).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| super::status::refuse(Reason::Internal, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        #[rustfmt::skip]
        let table = [
            ("=1+1", "'=1+1"), ("+HYPERLINK()", "'+HYPERLINK()"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
            ("-3", "-3"), ("-0.452", "-0.452"), ("", ""), ("Anna", "Anna"), ("a=b", "a=b"), ("\t=1", "'\t=1"),
        ];
        for (text, expected) in table {
            assert_eq!(cell(text), expected, "{text:?}");
        }
        let file = encode(&["a"], [vec!["x,\"y\"\n=z".to_owned()]].into_iter()).unwrap();
        assert_eq!(String::from_utf8(file).unwrap(), "a\n\"x,\"\"y\"\"\n=z\"\n");
    }
}
