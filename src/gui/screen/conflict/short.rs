//! Which order falls short when it is sold anyway, and how it is named with the others that do.

use crate::domain::ids::OrderNumber;
use crate::register::snapshot::ConflictCard;

/// Could another order fall short instead? Not where all of them do.
pub(super) fn can_change_short(card: &ConflictCard) -> bool {
    card.orders.len() > card.also_short + 1
}

/// Who falls short with how many others: `W-1003 + 2`, `Jo B. + 2`.
pub fn with_others(first: &str, others: usize) -> String {
    if others == 0 { first.to_owned() } else { format!("{first} + {others}") }
}

/// The order after `now`, in the card's order, round and round.
pub(super) fn next_short(card: &ConflictCard, now: &OrderNumber) -> Option<OrderNumber> {
    let position = card.orders.iter().position(|order| order.number == *now)?;
    card.orders.get((position + 1) % card.orders.len()).map(|order| order.number.clone())
}
