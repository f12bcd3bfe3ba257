//! Taking a whole document in one transaction, and the history of documents of each order.
//!
//! A part that cannot be taken is kept as a problem and leaves the others alone. Whether it can is found out before
//! anything of it is written.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::super::{
    CONTENT_RULE, CancellationSubmission, ChangeSubmission, DocumentKind, DocumentPart, DocumentSubmission,
    FindingKind, KeptReader, OrderDocument, OrderSubmission, PartOutcome, Refusal, StoreError, SubmitOutcome,
    SubmittedLine,
};
use super::feeds::Changes;
use super::words::{self, Word, micros};
use super::{
    addresses, case_orders, company, files, findings, forgetting, hand_overs, held, meant, moves, orders, problems,
    warehouse,
};
use crate::domain::Timestamp;
use crate::domain::ids::{ChannelId, EntryId, OrderNumber};
use crate::domain::web_order::{
    Fulfilment, OrderState, OrderStep, StepTaken, WantedLine, WantedOrder, WebOrder, remember,
};
use crate::domain::zone::StoreZone;

/// Takes every part of a document. `code_seed` makes the collection codes.
pub fn take(
    connection: &Connection,
    changes: &mut Changes,
    submission: &DocumentSubmission,
    code_seed: u64,
    now: Timestamp,
) -> Result<Vec<PartOutcome>, StoreError> {
    let mut outcomes = Vec::with_capacity(submission.parts.len());
    let mut room = problems::Room::default();
    let reader = &submission.read_kept;
    for (seed, part) in (0_u64..).zip(&submission.parts) {
        let mut outcome = match part {
            DocumentPart::Order(order) => {
                match orders::submit(connection, changes, order, Some(reader), code_seed.wrapping_add(seed), now)? {
                    SubmitOutcome::Imported(order) => PartOutcome::Imported(order),
                    SubmitOutcome::Duplicate(order) => PartOutcome::Duplicate(order),
                    SubmitOutcome::Refused(refusal) => PartOutcome::Refused(refusal),
                }
            }
            DocumentPart::Change(change) => {
                change_order(connection, changes, change, reader, code_seed.wrapping_add(seed), now)?
            }
            DocumentPart::Cancellation(cancellation) => cancel_order(connection, changes, cancellation, reader, now)?,
            DocumentPart::Problem(problem) => match problems::save(connection, problem, &mut room)? {
                true => PartOutcome::Kept,
                false => PartOutcome::NotKept(None),
            },
        };
        if let PartOutcome::Refused(refusal) = &outcome
            && !problems::save(connection, &(submission.refused)(outcomes.len(), refusal), &mut room)?
        {
            outcome = PartOutcome::NotKept(Some(refusal.clone()));
        }
        outcomes.push(outcome);
    }
    let lost = outcomes.iter().filter(|outcome| matches!(outcome, PartOutcome::NotKept(_))).count();
    // A document of which nothing was taken can be sent again as it is, and a file of it waits where it is. Of others the parts
    // that are not kept are their sender's again: in the answer, or in the file beside the one that was taken.
    if lost > 0 && lost == outcomes.len() {
        return Err(room.refusal(channel_of(&submission.parts[0])));
    }
    if let Some(write) = &submission.file {
        files::save_file(connection, &write(&outcomes))?;
    }
    if let Some(part) = submission.parts.first() {
        problems::count(connection, channel_of(part), &outcomes)?;
    }
    Ok(outcomes)
}

/// The channel a part came by; all parts of a document came by one.
fn channel_of(part: &DocumentPart) -> &ChannelId {
    match part {
        DocumentPart::Order(order) => &order.channel,
        DocumentPart::Change(change) => &change.key.channel,
        DocumentPart::Cancellation(cancellation) => &cancellation.key.channel,
        DocumentPart::Problem(problem) => &problem.channel,
    }
}

fn change_order(
    connection: &Connection,
    changes: &mut Changes,
    change: &ChangeSubmission,
    reader: &KeptReader,
    code_seed: u64,
    now: Timestamp,
) -> Result<PartOutcome, StoreError> {
    let before = match meant::find(connection, &change.key, reader)? {
        Ok(order) => order,
        Err(refusal) => return Ok(PartOutcome::Refused(refusal)),
    };
    if was_taken(connection, &before, &change.content, &change.document, reader)? {
        return Ok(PartOutcome::Duplicate(Box::new(before)));
    }
    let other_store = change.store.as_ref().filter(|store| **store != before.store);
    if let Some(to) = other_store
        && let Some(refusal) = moves::find_refusal(connection, &before, to)?
    {
        return Ok(PartOutcome::Refused(refusal));
    }
    let currency = before.lines.first().map(|line| line.unit_price.currency());
    let other_currency = |line: &SubmittedLine| currency.filter(|currency| line.unit_price.currency() != *currency);
    if let Some(currency) = change.lines.iter().find_map(other_currency) {
        return Ok(PartOutcome::Refused(Refusal::OtherCurrency(currency)));
    }
    let (recognised, unmatched) = held::recognise(connection, &before.number, &change.unmatched)?;
    let lines = match list_wanted(connection, &before, change.lines.iter().chain(&recognised))? {
        Ok(lines) => lines,
        Err(refusal) => return Ok(PartOutcome::Refused(refusal)),
    };
    let wanted = WantedOrder {
        customer_name: change.customer_name.clone(),
        customer_phone: change.customer_phone.clone(),
        payment: change.payment,
        collect_by: find_deadline(connection, change, &before, now)?,
        lines,
        unmatched: unmatched.iter().map(|held| held.line.clone()).collect(),
        notes: change.notes.clone(),
    };
    let mut after = match before.changed(&wanted) {
        Ok(after) => after,
        Err(why) => return Ok(PartOutcome::Refused(Refusal::Late(before.number, why))),
    };
    let ChangeSubmission { content, document, notes, warnings, .. } = change;
    save_document(connection, &after.number, DocumentKind::Change, *content, document, (notes, warnings), now)?;
    // Also when only what a line costs has changed, which the order itself does not say.
    if !(before.unmatched.is_empty() && after.unmatched.is_empty()) {
        held::save(connection, &after, &unmatched)?;
    }
    if save_address(connection, change, &after)? && after.state == OrderState::Packed {
        unpack(connection, change, &mut after, now)?;
    }
    let has_it = other_store.unwrap_or(&before.store);
    if let Some(what) = hand_overs::settle_received(connection, &before, &mut after)? {
        let entry = act_of_document(connection, &after.number)?;
        findings::save(connection, has_it, entry, FindingKind::Money, Some(&after.number), &what, now)?;
    }
    match other_store {
        Some(to) => moves::move_order(connection, changes, &before, after.clone(), to, code_seed, now)?,
        None => {
            orders::save(connection, changes, &before, &after, now)?;
            case_orders::settle_by_order(connection, changes, &before, &after, now)?;
        }
    }
    // A case that closed has taken the risk from the order.
    Ok(PartOutcome::Changed(Box::new(orders::get_in_store(connection, has_it, &after.number)?)))
}

/// The lines as they are wanted. What is not sold any more can still be had by whoever ordered it before.
fn list_wanted<'a>(
    connection: &Connection,
    before: &WebOrder,
    lines: impl Iterator<Item = &'a SubmittedLine>,
) -> Result<Result<Vec<WantedLine>, Refusal>, StoreError> {
    let mut wanted = Vec::new();
    for line in lines {
        let ordered = before.lines_of(&line.product).any(|line| line.ordered.is_positive());
        let found = company::find_product(connection, &line.product)?;
        let Some(found) = found.filter(|found| ordered || !found.product.withdrawn) else {
            return Ok(Err(Refusal::ProductGone(line.product.clone())));
        };
        wanted.push(line.wanted(&found.product));
    }
    Ok(Ok(wanted))
}

/// An order in its parcel whose address has changed: the label is on it, and it is not ready to be sent like this.
fn unpack(
    connection: &Connection,
    change: &ChangeSubmission,
    order: &mut WebOrder,
    now: Timestamp,
) -> Result<(), StoreError> {
    order.apply(&OrderStep::ReadyUndone);
    remember(&mut order.history, StepTaken::at_central(&OrderStep::ReadyUndone, now));
    let what = ("change", "its address has changed: pack it again, under a new label");
    let entry = act_of_document(connection, &order.number)?;
    warehouse::save_act_words(connection, &order.number, entry, what, change.key.channel.as_str(), now)
}

/// What the last document of an order does to it, as an act: no other order and no other document has its name.
fn act_of_document(connection: &Connection, number: &OrderNumber) -> Result<EntryId, StoreError> {
    let documents: i64 = connection
        .prepare_cached("SELECT COUNT(*) FROM order_document WHERE number = ?1")?
        .query_row([number.as_str()], |row| row.get(0))?;
    let digest = Sha256::digest(format!("document {documents} of {number}"));
    Ok(EntryId(uuid::Uuid::from_bytes(words::bytes16(&digest[..16])?)))
}

/// Keeps another address of an order that is sent. Answers whether it is another.
fn save_address(connection: &Connection, change: &ChangeSubmission, order: &WebOrder) -> Result<bool, StoreError> {
    let wanted = change.delivery_address.as_ref().filter(|_| order.fulfilment == Fulfilment::Delivery);
    let Some(address) = wanted else { return Ok(false) };
    let before = addresses::list(connection, std::slice::from_ref(&order.number))?;
    if before.get(&order.number) == Some(address) {
        return Ok(false);
    }
    addresses::save(connection, &order.number, address)?;
    Ok(true)
}

/// Until when the order is kept from now on, on the clocks of the store that has it then; nothing for what has passed.
fn find_deadline(
    connection: &Connection,
    change: &ChangeSubmission,
    before: &WebOrder,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(by) = change.collect_by else { return Ok(None) };
    let store = change.store.as_ref().unwrap_or(&before.store);
    let zone = company::find_store(connection, store)?.map(|store| store.settings.time_zone);
    let by = by.in_zone(&zone.unwrap_or_else(StoreZone::universal));
    Ok(Some(by).filter(|by| *by > now))
}

fn cancel_order(
    connection: &Connection,
    changes: &mut Changes,
    cancellation: &CancellationSubmission,
    reader: &KeptReader,
    now: Timestamp,
) -> Result<PartOutcome, StoreError> {
    let before = match meant::find(connection, &cancellation.key, reader)? {
        Ok(order) => order,
        Err(refusal) => return Ok(PartOutcome::Refused(refusal)),
    };
    let number = &before.number;
    let keep = || {
        let CancellationSubmission { content, document, notes, warnings, .. } = cancellation;
        save_document(connection, number, DocumentKind::Cancellation, *content, document, (notes, warnings), now)
    };
    let known = was_taken(connection, &before, &cancellation.content, &cancellation.document, reader)?;
    if known || before.state == OrderState::Cancelled {
        if !known {
            keep()?;
        }
        return Ok(PartOutcome::Duplicate(Box::new(before)));
    }
    let mut after = match before.cancelled() {
        Ok(after) => after,
        Err(why) => return Ok(PartOutcome::Refused(Refusal::Late(before.number, why))),
    };
    remember(&mut after.history, StepTaken::at_central(&OrderStep::Cancelled, now));
    keep()?;
    orders::save(connection, changes, &before, &after, now)?;
    case_orders::settle_by_order(connection, changes, &before, &after, now)?;
    Ok(PartOutcome::Cancelled(Box::new(orders::get_in_store(connection, &after.store, &after.number)?)))
}

/// Has this document been taken before? It has when the last one said the same about the order, or when an earlier one is
/// the same byte for byte: a message that was sent again, late. One that says what an earlier one said, and is a message of
/// its own, goes back to that, where the order is not over yet.
fn was_taken(
    connection: &Connection,
    order: &WebOrder,
    content: &[u8; 32],
    document: &[u8],
    reader: &KeptReader,
) -> Result<bool, StoreError> {
    renew_contents(connection, &order.number, reader)?;
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM order_document WHERE number = ?1 AND (document = ?3 OR digest = ?5 OR content = ?2 AND (?4
                 OR position = (SELECT MAX(position) FROM order_document WHERE number = ?1)))",
        )?
        .exists(params![
            order.number.as_str(),
            content,
            document,
            !order.state.is_unfulfilled(),
            forgetting::digest(document)
        ])?)
}

/// Reckons what an order's documents say anew where that was done by an older rule: once for each. One that can no longer be
/// read keeps what it has.
fn renew_contents(connection: &Connection, number: &OrderNumber, reader: &KeptReader) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT position, kind, document FROM order_document WHERE number = ?1 AND content_rule < ?2
             AND digest IS NULL ORDER BY position",
    )?;
    let old: Vec<(i64, String, Vec<u8>)> = statement
        .query_map(params![number.as_str(), CONTENT_RULE], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (position, kind, document) in old {
        let content = reader(&document).map(|kept| kept.content);
        connection
            .prepare_cached(
                "UPDATE order_document SET content_rule = ?3, content = COALESCE(?4, content)
                 WHERE number = ?1 AND position = ?2",
            )?
            .execute(params![number.as_str(), position, CONTENT_RULE, content])?;
        if let (Some(content), DocumentKind::Order) = (content, DocumentKind::read(&kind)?) {
            connection
                .prepare_cached("UPDATE web_order SET content = ?2 WHERE number = ?1")?
                .execute(params![number.as_str(), content])?;
        }
    }
    Ok(())
}

/// Is an order the one that has the number already, although its content is not the one kept? The very same bytes are the
/// same order, and so are others that say the same by today's rule.
pub fn is_same(
    connection: &Connection,
    number: &OrderNumber,
    order: &OrderSubmission,
    reader: Option<&KeptReader>,
) -> Result<bool, StoreError> {
    let has_bytes = connection
        .prepare_cached("SELECT 1 FROM order_document WHERE number = ?1 AND (document = ?2 OR digest = ?3)")?
        .exists(params![number.as_str(), order.document, forgetting::digest(&order.document)])?;
    if let (Some(reader), false) = (reader, has_bytes) {
        renew_contents(connection, number, reader)?;
    }
    let says_the_same = connection
        .prepare_cached("SELECT 1 FROM web_order WHERE number = ?1 AND content = ?2")?
        .exists(params![number.as_str(), order.content])?;
    Ok(has_bytes || says_the_same)
}

/// Keeps a document with its order, with the notes in it and the warnings about it.
pub fn save_document(
    connection: &Connection,
    number: &OrderNumber,
    kind: DocumentKind,
    content: [u8; 32],
    document: &[u8],
    (notes, warnings): (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO order_document (number, position, kind, content, received_at, document, notes, warnings,
                 content_rule)
             VALUES (?1, (SELECT COUNT(*) + 1 FROM order_document WHERE number = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            number.as_str(),
            kind.word(),
            content,
            micros(now),
            document,
            notes,
            warnings,
            CONTENT_RULE
        ])?;
    Ok(())
}

/// The documents of an order, oldest first.
pub fn list_documents(connection: &Connection, number: &OrderNumber) -> Result<Vec<OrderDocument>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT kind, document, received_at, notes, warnings FROM order_document WHERE number = ?1 ORDER BY position",
    )?;
    let mut rows = statement.query([number.as_str()])?;
    let mut documents = Vec::new();
    while let Some(row) = rows.next()? {
        documents.push(OrderDocument {
            kind: DocumentKind::read(&row.get::<_, String>(0)?)?,
            document: row.get(1)?,
            received_at: words::instant(row.get(2)?)?,
            notes: row.get(3)?,
            warnings: row.get(4)?,
        });
    }
    Ok(documents)
}
