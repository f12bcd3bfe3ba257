//! Where the risk goes when an order gets its unit after all: to the order that lacks it now.
//!
//! A sale has taken one unit of two that were promised, and the case stands about the later order. Somebody then picks the
//! last unit for just that order: it is served, and the earlier one is short. Central and every till work that out from the
//! same facts by this rule, so that the same order is at risk everywhere, also while central is out of reach.

use sha2::{Digest, Sha256};

use super::{ConflictCase, first_to_fall_short, orders_concerned};
use crate::domain::ids::{CaseId, OrderNumber, ProductId};
use crate::domain::quantity::Quantity;
use crate::domain::stock::StockLevel;
use crate::domain::web_order::{OrderState, WebOrder};

/// What a change of an order did about the case that says what it lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// Nothing.
    Not,
    /// So much of what it lacked lies in its bay, or is with its customer.
    By(Quantity),
    /// It does not want what it lacked any more.
    WantsNoMore,
}

/// What a change of an order did about a case that says it lacks `quantity` of a product.
pub fn served(quantity: Quantity, product: &ProductId, before: &WebOrder, after: &WebOrder) -> Served {
    let sum = |order: &WebOrder, of: fn(&crate::domain::web_order::OrderLine) -> Quantity| -> Quantity {
        order.lines_of(product).map(of).sum()
    };
    if matches!(after.state, OrderState::Cancelled | OrderState::PutBack) {
        return Served::WantsNoMore;
    }
    let (lacked, lacks) = (before.promised_of(product), after.promised_of(product));
    let picked = lacks.is_zero() && lacked.is_positive();
    let handed_over =
        sum(after, |line| line.outstanding()).is_zero() && sum(before, |line| line.outstanding()).is_positive();
    let wants_less = sum(after, |line| line.ordered) < sum(before, |line| line.ordered);
    let given_up = sum(after, |line| line.cancelled) > sum(before, |line| line.cancelled);
    if (given_up && lacks.is_zero()) || (wants_less && (picked || handed_over)) {
        return Served::WantsNoMore;
    }
    if picked || handed_over {
        return Served::By(quantity);
    }
    let part = (lacked - lacks).min(quantity - lacks);
    if wants_less || given_up || !part.is_positive() { Served::Not } else { Served::By(part) }
}

/// What an order lacks now because another one was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOn {
    /// The case that stood about the other one.
    pub from: CaseId,
    /// The order that falls short.
    pub order: OrderNumber,
    /// How many.
    pub quantity: Quantity,
}

/// On whom the risk falls that cases have seen to and whose orders were served. `cases` are those of the product that stand,
/// each with what its order was served; `level` and `orders` are as they are after it, and `awaited` is on its way from other
/// stores. Never more than is missing and nobody sees to.
pub fn plan_passing(
    level: &StockLevel,
    orders: &[WebOrder],
    product: &ProductId,
    cases: &[(&ConflictCase, Quantity)],
    awaited: Quantity,
) -> Vec<PassedOn> {
    let mut seen_to: Vec<(&OrderNumber, Quantity)> =
        cases.iter().map(|(case, served)| (&case.order, case.quantity - *served)).collect();
    let covered: Quantity = seen_to.iter().map(|(_, quantity)| *quantity).sum();
    let mut missing = (level.promised - level.shelf()).min(level.promised) - awaited - covered;
    let concerned = orders_concerned(orders, product);
    let mut passed = Vec::new();
    for (case, served) in cases {
        let mut left = *served;
        while left.is_positive() && missing.is_positive() {
            let alone = |order: &WebOrder| {
                let seen: Quantity =
                    seen_to.iter().filter(|(number, _)| **number == order.number).map(|(_, quantity)| *quantity).sum();
                order.promised_of(product) - seen
            };
            let candidates = concerned.iter().copied().filter(|order| alone(order).is_positive()).collect();
            let Some(order) = first_to_fall_short(candidates, product) else { break };
            let quantity = alone(order).min(left).min(missing);
            (left, missing) = (left - quantity, missing - quantity);
            seen_to.push((&order.number, quantity));
            passed.push(PassedOn { from: case.case, order: order.number.clone(), quantity });
        }
    }
    passed
}

/// The identity of the case that a case becomes for another order: the same at central and at every till (UUIDv8, RFC 9562
/// section 5.8).
pub fn case_passed_on(from: CaseId, order: &OrderNumber) -> CaseId {
    let digest =
        Sha256::new().chain_update(b"passed on").chain_update(from.as_bytes()).chain_update(order.as_str()).finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    CaseId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests;
