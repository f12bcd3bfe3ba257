//! The customers who may come to the counter for a web order, and the codes their telephones show.
//!
//! Whoever ordered has the code from the website, never from the till: so this reads central's orders, which websites are
//! told of, and the counter holds the code before the scanner.

use std::collections::HashMap;
use std::path::Path;

use crate::central::store::{OrderFilter, Store, StoreError};
use crate::database::{DatabaseError, JournalReader};
use crate::domain::Timestamp;
use crate::domain::barcode::HouseCode;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::web_order::{Fulfilment, OrderState};
use crate::register::snapshot::PickUps;

/// More than any counter has room for.
const COLLECTORS_MAX: usize = 1000;

/// A customer who has something to collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// Whose order it is.
    pub name: String,
    /// Our number of it.
    pub order: OrderNumber,
    /// The six characters the website gave them.
    pub code: String,
    /// Lies everything that is left of it in its bay?
    pub is_ready: bool,
}

impl Collector {
    /// What a scanner reads off their telephone.
    pub fn scanned(&self) -> String {
        HouseCode::Collection(self.code.clone()).encode()
    }

    /// Does their name, the order's number or their code have this in it? In small letters.
    pub fn fits(&self, wanted: &str) -> bool {
        [self.name.as_str(), self.order.as_str(), &self.code].iter().any(|text| text.to_lowercase().contains(wanted))
    }
}

/// What was done with the orders at the till in this shop: its customers see it before central hears of it.
#[derive(Debug, Default)]
pub struct SeenAtTheTill {
    /// `None` once an order is over there.
    states: HashMap<OrderNumber, Option<OrderState>>,
}

impl SeenAtTheTill {
    /// What the till's file has of before it was started: whose orders are over there, whether central has heard of it or not.
    pub fn recall(file: &Path) -> Result<Self, DatabaseError> {
        let over = JournalReader::open(file)?.view().list_orders_over(Timestamp::UNIX_EPOCH, COLLECTORS_MAX)?;
        Ok(Self { states: over.into_iter().map(|(_, order)| (order.number, None)).collect() })
    }

    /// Looks at the till's queue. One that is narrowed says nothing of the orders it leaves out.
    pub fn look(&mut self, queue: &PickUps) {
        if queue.search.is_empty() {
            self.states.values_mut().for_each(|state| *state = None);
        }
        self.states.extend(queue.orders.iter().map(|row| (row.number.clone(), Some(row.state))));
    }

    /// Who is still to come, as central and the till have it.
    pub fn of(&self, told: &[Collector]) -> Vec<Collector> {
        let seen = |collector: &Collector| match self.states.get(&collector.order) {
            Some(state) => state.map(|state| collector.is_ready || state == OrderState::Ready),
            // The till has not heard of it yet.
            None => Some(collector.is_ready),
        };
        let left = told.iter().filter_map(|told| Some(Collector { is_ready: seen(told)?, ..told.clone() }));
        let mut left: Vec<Collector> = left.collect();
        left.sort_by_key(|collector| !collector.is_ready);
        left
    }
}

/// Who may come to a store as of `now`: those first whose goods are ready.
pub async fn list_collectors<S: Store>(
    central: &S,
    store: &StoreId,
    now: Timestamp,
) -> Result<Vec<Collector>, StoreError> {
    let filter = OrderFilter {
        store: Some(store.clone()),
        fulfilment: Some(Fulfilment::PickUp),
        orders_max: COLLECTORS_MAX,
        ..OrderFilter::default()
    };
    let orders = central.list_orders(filter).await?.into_iter();
    let waiting = orders.filter(|order| {
        !order.collection_code.is_empty() && order.state.is_unfulfilled() && order.state_at(now) != OrderState::Lapsed
    });
    let mut collectors: Vec<Collector> = waiting
        .map(|order| Collector {
            is_ready: order.state == OrderState::Ready,
            name: order.customer_name,
            order: order.number,
            code: order.collection_code,
        })
        .collect();
    collectors.sort_by_key(|collector| !collector.is_ready);
    Ok(collectors)
}
