//! The web shop's side of the demo's day: orders arrive while one watches.

use std::time::Duration;

use super::customers::{Customers, ShopOrder};
use super::website::Website;
use crate::domain::Timestamp;

/// Those of the morning at once, the others as customers make up their minds; without an end. `last` is the web shop's last
/// number in a shop that was open before: its morning is over. `pause` lets the time pass until the next customer.
pub async fn order_on_the_web<Passed: Future<Output = ()>>(
    website: Website,
    mut customers: Customers,
    last: Option<u32>,
    now: impl Fn() -> Timestamp,
    mut pause: impl FnMut(Duration) -> Passed,
) {
    match last {
        Some(last) => customers.go_on_behind(last),
        None => {
            for order in customers.list_opening_orders(now()) {
                submit(&website, &order).await;
            }
        }
    }
    loop {
        pause(customers.next_pause()).await;
        let order = customers.next_order(now());
        submit(&website, &order).await;
    }
}

async fn submit(website: &Website, order: &ShopOrder) {
    match website.submit(&order.reference, &order.to_document()).await {
        Ok(answer) if answer.problems.is_empty() => {
            tracing::info!(reference = order.reference, number = answer.order_number, "a web order arrived");
        }
        Ok(answer) => tracing::warn!(reference = order.reference, ?answer.problems, "a web order is a problem"),
        Err(error) => tracing::warn!(%error, "a web order was not taken"),
    }
}
