//! What was sent about an order, for head office: as it came, and what was odd about it.

use tonic::Status;

use super::office_problems::read_problems;
use super::status::{Reason, refuse, refuse_store};
use crate::central::store::{DocumentKind, OrderDocument, Store};
use crate::domain::ids::OrderNumber;
use crate::wire::Wire;
use crate::wire::office::v1 as proto;

/// One of them with its bytes.
pub async fn get<S: Store>(
    store: &S,
    number: OrderNumber,
    position: u32,
) -> Result<proto::GetOrderDocumentResponse, Status> {
    let documents = store.list_order_documents(number.clone()).await.map_err(refuse_store)?;
    let found = (1..).zip(documents).find(|(place, _)| *place == position);
    let Some((_, document)) = found else {
        return Err(refuse(Reason::NotFound, format!("order {number} has no document {position}")));
    };
    Ok(proto::GetOrderDocumentResponse { about: Some(to_wire(position, &document)), document: document.document })
}

/// What is known of one.
pub fn to_wire(position: u32, document: &OrderDocument) -> proto::OrderDocument {
    let kind = match document.kind {
        DocumentKind::Order => proto::DocumentKind::Order,
        DocumentKind::Change => proto::DocumentKind::Change,
        DocumentKind::Cancellation => proto::DocumentKind::Cancellation,
    };
    proto::OrderDocument {
        position,
        kind: kind as i32,
        received_at: Some(document.received_at.to_wire()),
        size: document.document.len() as u64,
        notes: document.notes.clone(),
        warnings: read_problems(&document.warnings),
    }
}
