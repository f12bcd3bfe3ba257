//! What the store refuses, as a problem of the document.

use super::problem::{Place, Problem, ProblemCode};
use crate::central::store::Refusal;
use crate::domain::web_order::{ChangeRefusal, OrderState};

/// The problem of a refused part. `place` is where its order number stands, or its element; `reference` the number.
pub fn problem(refusal: &Refusal, place: Place, reference: &str) -> Problem {
    let (code, message) = match refusal {
        Refusal::Conflict(number) => (
            ProblemCode::DuplicateConflict,
            format!("the number belongs to our order {number}, which says something else"),
        ),
        Refusal::NoStore => {
            (ProblemCode::StoreUnknown, "the order names no store, and there is no warehouse to send from".into())
        }
        Refusal::ProductGone(product) => {
            let message = format!("we no longer sell {product}");
            return Problem::new(ProblemCode::ItemUnknown, place, product.as_str(), message);
        }
        Refusal::OrderUnknown => (ProblemCode::OrderUnknown, "we have no order of this buyer under the number".into()),
        Refusal::BuyerMissing => {
            (ProblemCode::BuyerUnknown, "several buyers have used the number: name the buyer of this order".into())
        }
        Refusal::OtherStore(store) => (
            ProblemCode::StoreUnknown,
            format!("the order is kept in store {store} and cannot move: cancel it and order from the other store"),
        ),
        Refusal::Settled { order, store, state } => (
            ProblemCode::CancelTooLate,
            format!("our order {order} {} in store {store} and stays there", settled_words(*state)),
        ),
        Refusal::OtherCurrency(currency) => {
            (ProblemCode::CurrencyUnsupported, format!("the order is in {}", currency.code()))
        }
        Refusal::Late(number, why) => (ProblemCode::CancelTooLate, format!("our order {number} {}", words_of(why))),
    };
    Problem::new(code, place, reference, message)
}

fn settled_words(state: OrderState) -> &'static str {
    match state {
        OrderState::PartHandedOver => "is handed over in part",
        OrderState::Lapsed => "waits for its customer since its time has passed",
        _ => "is ready",
    }
}

fn words_of(why: &ChangeRefusal) -> String {
    match why {
        ChangeRefusal::Over(OrderState::HandedOver) => "is with the customer already".into(),
        ChangeRefusal::Over(OrderState::Dispatched) => "is on its way to the customer already".into(),
        ChangeRefusal::Over(OrderState::Cancelled) => "was cancelled before".into(),
        ChangeRefusal::Over(OrderState::PutBack) => "was given up, its goods are back on the shelf".into(),
        ChangeRefusal::Over(state) => format!("is over: {state:?}"),
        ChangeRefusal::HandedOver { line, handed_over } => {
            format!("cannot shrink: the customer has {handed_over} of its line {line} already")
        }
    }
}
