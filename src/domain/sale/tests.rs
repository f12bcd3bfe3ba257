//! A basket becomes a sale only when it is paid, and the sale says what the drawer gained.

use super::*;
use crate::domain::basket::{AnsweredConflict, LineRequest};
use crate::domain::conflict::{ConflictFacts, ConflictKind};
use crate::domain::quantity::Quantity;
use crate::domain::specimen::{basket, case, euros, product, sale_context, settings};
use crate::domain::stock::StockLevel;
use crate::domain::tender::TenderKind::{self, Card, Cash};

/// A basket of 30.76, paid with these.
fn paid(tenders: &[(TenderKind, i64)]) -> Basket {
    let mut basket = basket();
    for (id, price) in [("milk", 228), ("cheese", 1532), ("coffee", 1199), ("bread", 117)] {
        basket.add(&product(id, price), LineRequest::listed(Quantity::ONE, None)).unwrap();
    }
    let tender = |(kind, minor): &(TenderKind, i64)| Tender { kind: *kind, amount: euros(*minor), reference: None };
    basket.tenders = tenders.iter().map(tender).collect();
    basket
}

#[test]
fn a_sale_is_a_basket_that_is_paid() {
    #[rustfmt::skip]
    let table: [(&[(TenderKind, i64)], Result<(i64, i64, i64), CompleteError>); 8] = [
        // tenders                      rounding, change, cash taken
        (&[(Cash, 3075)],               Ok((-1,     0, 3075))),
        (&[(Card, 3076)],               Ok(( 0,     0,    0))),
        (&[(Cash, 5000)],               Ok((-1,  1925, 3075))),
        (&[(Card, 3000), (Cash, 100)],  Ok((-1,    25,   75))),
        (&[],                           Err(CompleteError::NotPaid(euros(3076)))),
        (&[(Cash, 3000)],               Err(CompleteError::NotPaid(euros(76)))),
        (&[(Card, 3100)],               Err(CompleteError::ChangeWithoutCash)),
        (&[(Card, 3100), (Cash, 10)],   Err(CompleteError::ChangeWithoutCash)),
    ];
    for (tenders, expected) in table {
        let sale = complete(&paid(tenders), &settings(), sale_context());
        let shown = sale.map(|s| (s.cash_rounding.minor(), s.change.minor(), s.cash_taken().minor()));
        assert_eq!(shown, expected, "{tenders:?}");
    }
    assert_eq!(complete(&basket(), &settings(), sale_context()), Err(CompleteError::Empty));
}

#[test]
fn the_books_balance_on_every_sale() {
    let sale = complete(&paid(&[(Cash, 5000)]), &settings(), sale_context()).unwrap();
    assert_eq!(sale.total, euros(3076));
    assert_eq!(sale.tax_total(), euros(534));
    assert_eq!(sale.cash_taken(), sale.total + sale.cash_rounding);
}

#[test]
fn only_conflicts_that_were_sold_open_a_case() {
    let facts = ConflictFacts {
        kind: ConflictKind::Promised,
        level: StockLevel { on_hand: Quantity::ONE, promised: Quantity::ONE, ..StockLevel::default() },
        basket: Quantity::ONE,
    };
    let answered = |n, product: &str, short: Option<&str>| AnsweredConflict {
        product: product.into(),
        facts,
        case: case(n),
        short: short.map(OrderNumber::from),
        approved_by: None,
    };
    let mut basket = paid(&[(Card, 3076)]);
    basket.answered = vec![
        answered(1, "milk", Some("W-1")),   // sold anyway
        answered(2, "bread", None),         // kept for the order, and another one sold
        answered(3, "jacket", Some("W-2")), // the line was taken out again
    ];
    let sale = complete(&basket, &settings(), sale_context()).unwrap();
    let opened: Vec<_> = sale.sold_anyway.iter().map(|s| (s.case, s.order.as_str())).collect();
    assert_eq!(opened, [(case(1), "W-1")]);
}
