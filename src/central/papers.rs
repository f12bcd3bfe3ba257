//! The warehouse's papers as text: made of what the store has, for commands and services alike. They alone say where an
//! order goes.

use std::collections::BTreeMap;

use super::store::{ItemIdentity, OrderFilter, Store, StoreError};
use crate::domain::Timestamp;
use crate::domain::ids::{OrderNumber, ProductId, StoreId};
use crate::domain::receipt::{OfficeContext, ReceiptVoice, delivery_note, pick_list};
use crate::domain::settings::StoreSettings;
use crate::domain::web_order::{Fulfilment, OrderState, WebOrder};

/// Columns of a pick list: a receipt printer's.
pub const PICK_LIST_COLUMNS: usize = 48;
/// Columns of a delivery note: a sheet of paper.
pub const DELIVERY_NOTE_COLUMNS: usize = 80;
/// The narrowest and the widest paper.
pub const COLUMNS: std::ops::RangeInclusive<usize> = 32..=120;
/// How many orders one list is for at most, and of how many lines: behind the order that reaches them the next list begins.
pub const ORDERS_MAX: usize = 1000;
const LINES_MAX: usize = 10_000;

/// The states in which an order waits for picking or is being picked, in the order of the lists.
const TO_PICK: [OrderState; 3] = [OrderState::Received, OrderState::Picking, OrderState::Short];

/// The last order of a list: the next one begins behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickMark {
    /// Where it stands.
    pub state: OrderState,
    /// Which.
    pub number: OrderNumber,
}

/// The orders that wait for picking or are being picked to be sent, of one store or of all: as many as one list is for, behind a
/// mark. Answers the mark of the next list, when there are more.
pub async fn list_to_pick<S: Store>(
    store: &S,
    of: Option<StoreId>,
    after: Option<PickMark>,
) -> Result<(Vec<WebOrder>, Option<PickMark>), StoreError> {
    let mut orders: Vec<WebOrder> = Vec::new();
    let mut lines = 0;
    let begins_at = after.as_ref().and_then(|mark| TO_PICK.iter().position(|state| *state == mark.state)).unwrap_or(0);
    for state in TO_PICK.into_iter().skip(begins_at) {
        let filter = OrderFilter {
            store: of.clone(),
            state: Some(state),
            fulfilment: Some(Fulfilment::Delivery),
            after: after.as_ref().filter(|mark| mark.state == state).map(|mark| mark.number.clone()),
            // One more than fit tells that there are more.
            orders_max: ORDERS_MAX + 1 - orders.len(),
            ..OrderFilter::default()
        };
        for order in store.list_orders(filter).await? {
            if orders.len() == ORDERS_MAX || lines >= LINES_MAX {
                let last = orders.last().map(|last| PickMark { state: last.state, number: last.number.clone() });
                return Ok((orders, last));
            }
            lines += order.lines.len();
            orders.push(order);
        }
    }
    Ok((orders, None))
}

/// The pick lists of orders, one for each store they leave from.
pub async fn write_pick_lists<S: Store>(
    store: &S,
    orders: &[WebOrder],
    columns: usize,
    now: Timestamp,
) -> Result<String, StoreError> {
    let addresses = store.list_delivery_addresses(orders.iter().map(|order| order.number.clone()).collect()).await?;
    let products: Vec<ProductId> =
        orders.iter().flat_map(|o| o.lines.iter().map(|line| line.product.clone())).collect();
    let named = |product: &ProductId| ItemIdentity { product: Some(product.clone()), ..ItemIdentity::default() };
    let found = store.resolve_items(products.iter().map(named).collect()).await?;
    let bins: BTreeMap<ProductId, String> = found
        .into_iter()
        .flatten()
        .filter_map(|(record, _)| Some((record.product.id.clone(), record.product.bin?)))
        .collect();
    let mut by_store: BTreeMap<&StoreId, Vec<WebOrder>> = BTreeMap::new();
    for order in orders {
        by_store.entry(&order.store).or_default().push(order.clone());
    }
    let mut text = String::new();
    for (id, orders) in by_store {
        let settings = get_settings(store, id).await?;
        let voice = ReceiptVoice::english(settings.time_zone.clone());
        let context = OfficeContext { settings: &settings, at: now, voice: &voice };
        text.push_str(&pick_list(&orders, &bins, &addresses, &context).to_text(columns));
    }
    Ok(text)
}

/// The note that goes with a parcel.
pub async fn write_delivery_note<S: Store>(
    store: &S,
    order: &WebOrder,
    columns: usize,
    now: Timestamp,
) -> Result<String, StoreError> {
    let settings = get_settings(store, &order.store).await?;
    let voice = ReceiptVoice::english(settings.time_zone.clone());
    let context = OfficeContext { settings: &settings, at: now, voice: &voice };
    let addresses = store.list_delivery_addresses(vec![order.number.clone()]).await?;
    Ok(delivery_note(order, addresses.get(&order.number), &context).to_text(columns))
}

async fn get_settings<S: Store>(store: &S, id: &StoreId) -> Result<StoreSettings, StoreError> {
    let found = store.list_stores().await?.into_iter().find(|record| record.settings.id == *id);
    Ok(found.ok_or_else(|| StoreError::NotFound(format!("store {id}")))?.settings)
}
