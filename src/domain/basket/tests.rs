//! The basket: what each change does, what is refused, and that a refusal changes nothing.

use proptest::prelude::*;

use super::*;
use crate::domain::specimen::{basket, euros, product, rates};

fn units(units: i64) -> LineRequest {
    LineRequest::listed(Quantity::units(units), None)
}

fn priced(quantity: Quantity, price: LinePrice) -> LineRequest {
    LineRequest { price, ..LineRequest::listed(quantity, None) }
}

fn nuts() -> Product {
    Product { unit: Unit::Kilogram, ..product("nuts", 2490) }
}

/// `line quantity amount` of every line.
fn shown(basket: &Basket) -> Vec<(u32, String, i64)> {
    basket.lines.iter().map(|l| (l.line, l.quantity.to_string(), l.to_pay().minor())).collect()
}

#[test]
fn the_same_again_joins_the_newest_line_only() {
    let (socks, mug) = (product("socks", 900), product("mug", 1450));
    let mut basket = basket();
    for product in [&socks, &socks, &mug, &socks] {
        basket.add(product, units(1)).unwrap();
    }
    let lines = [(1, "2".to_owned(), 1800), (2, "1".to_owned(), 1450), (3, "1".to_owned(), 900)];
    assert_eq!(shown(&basket), lines);
}

#[test]
fn what_is_not_the_same_gets_a_line_of_its_own() {
    let socks = product("socks", 900);
    let hand_over =
        HandOverLine { order: "W-1".into(), line: 1, share: None, taxed: Vec::new(), prepaid: None, received: None };
    let others = [
        units(-1),
        priced(Quantity::ONE, LinePrice::Typed(euros(900))),
        LineRequest { batch: Some("B7".to_owned()), ..units(1) },
        LineRequest { hand_over: Some(hand_over), ..units(1) },
    ];
    for other in others {
        let mut basket = basket();
        basket.add(&socks, units(1)).unwrap();
        basket.add(&socks, other.clone()).unwrap();
        assert_eq!(basket.lines.len(), 2, "{other:?}");
    }
    let mut basket = basket();
    for _ in 0..2 {
        basket.add(&nuts(), LineRequest::listed(Quantity::from_thousandths(452), None)).unwrap();
    }
    assert_eq!(basket.lines.len(), 2, "each weighing is a line");
}

#[test]
fn a_line_is_shortened_at_its_own_price() {
    let mut basket = basket();
    basket.add(&nuts(), priced(Quantity::from_thousandths(452), LinePrice::Label(euros(1125)))).unwrap();
    basket.add(&product("socks", 900), units(3)).unwrap();
    basket.shorten(1, Quantity::from_thousandths(300)).unwrap();
    basket.shorten(2, Quantity::ONE).unwrap();
    assert_eq!(shown(&basket), [(1, "0.152".to_owned(), 378), (2, "2".to_owned(), 1800)]);
    for too_much in [Quantity::from_thousandths(152), Quantity::units(1), Quantity::units(-1)] {
        assert_eq!(basket.shorten(1, too_much), Err(BasketError::QuantityInvalid), "{too_much}");
    }
    assert_eq!(
        basket.set_quantity(1, Quantity::ONE),
        Err(BasketError::QuantityFixed),
        "the label still fixes the rest"
    );
}

#[test]
fn what_a_line_costs() {
    let open = Product { price_kind: PriceKind::Open, ..product("alterations", 0) };
    let grams = Quantity::from_thousandths;
    #[rustfmt::skip]
    let table = [
        (product("socks", 900), units(3),                                              Ok(2700)),
        (nuts(),                LineRequest::listed(grams(452), None),                 Ok(1125)), // 11.2548
        (nuts(),                priced(grams(452), LinePrice::Label(euros(1130))),     Ok(1130)),
        (product("socks", 900), priced(Quantity::ONE, LinePrice::Typed(euros(0))),     Ok(0)),
        (product("socks", 900), priced(Quantity::units(2), LinePrice::Order { unit_price: euros(850), amount: euros(1700) }), Ok(1700)),
        (open.clone(),          units(1),                                              Err(BasketError::PriceNeeded)),
        (open,                  priced(Quantity::ONE, LinePrice::Typed(euros(1200))),  Ok(1200)),
        (product("socks", 900), units(0),                                              Err(BasketError::QuantityInvalid)),
        (product("socks", 900), LineRequest::listed(grams(500), None),                 Err(BasketError::QuantityInvalid)),
        (product("socks", 900), units(10_000_000),                                     Err(BasketError::QuantityInvalid)),
        (product("socks", 900), LineRequest::listed(grams(i64::MIN + 1), None),        Err(BasketError::QuantityInvalid)),
        (product("socks", 900), priced(Quantity::ONE, LinePrice::Typed(euros(-1))),    Err(BasketError::PriceInvalid)),
        (product("car", AMOUNT_MINOR_MAX), units(2),                                   Err(BasketError::PriceInvalid)),
        (product("socks", 900), priced(Quantity::ONE, LinePrice::Typed(Money::new(1, Currency::GBP))),
                                                                                       Err(BasketError::CurrencyMismatch)),
    ];
    for (product, request, expected) in table {
        let mut basket = basket();
        let added = basket.add(&product, request.clone()).map(|_| basket.lines[0].amount.minor());
        assert_eq!(added, expected, "{request:?}");
        assert!(added.is_ok() || basket.is_empty());
    }
}

#[test]
fn quantity_price_and_discount_follow_each_other() {
    let mut basket = basket();
    let line = basket.add(&product("socks", 900), units(2)).unwrap();
    basket.set_discount_percent(line, Decimal::from(10), "staff").unwrap();
    assert_eq!(basket.lines[0].to_pay(), euros(1620));
    basket.set_quantity(line, Quantity::units(3)).unwrap();
    assert_eq!(basket.lines[0].to_pay(), euros(2430));
    basket.set_price(line, euros(500)).unwrap();
    assert_eq!(basket.lines[0].to_pay(), euros(1350));
    assert_eq!(basket.lines[0].price_source, PriceSource::Typed);
    basket.set_discount_percent(line, Decimal::ZERO, "").unwrap();
    assert_eq!(basket.lines[0].discount, None);
    basket.set_quantity(line, Quantity::units(-3)).unwrap();
    assert_eq!(basket.lines[0].to_pay(), euros(-1500));
}

#[test]
fn refused_changes_leave_the_basket_as_it_was() {
    let mut basket = basket();
    let socks = basket.add(&product("socks", 900), units(1)).unwrap();
    let label = priced(Quantity::from_thousandths(452), LinePrice::Label(euros(1130)));
    let weighed = basket.add(&nuts(), label).unwrap();
    let ordered = basket
        .add(
            &product("mug", 1450),
            priced(Quantity::ONE, LinePrice::Order { unit_price: euros(1400), amount: euros(1400) }),
        )
        .unwrap();
    type Act = fn(&mut Basket, u32) -> Result<(), BasketError>;
    #[rustfmt::skip]
    let table: [(u32, Act, BasketError); 10] = [
        (99,      |b, l| b.set_quantity(l, Quantity::ONE),                              BasketError::NoSuchLine),
        (99,      |b, l| b.remove(l).map(drop),                                         BasketError::NoSuchLine),
        (socks,   |b, l| b.set_quantity(l, Quantity::ZERO),                             BasketError::QuantityInvalid),
        (socks,   |b, l| b.set_quantity(l, Quantity::from_thousandths(1500)),           BasketError::QuantityInvalid),
        (weighed, |b, l| b.set_quantity(l, Quantity::ONE),                              BasketError::QuantityFixed),
        (ordered, |b, l| b.set_quantity(l, Quantity::units(2)),                         BasketError::QuantityFixed),
        (ordered, |b, l| b.set_price(l, euros(1)),                                      BasketError::PriceInvalid),
        (socks,   |b, l| b.set_price(l, Money::new(1, Currency::GBP)),                  BasketError::CurrencyMismatch),
        (socks,   |b, l| b.set_discount_percent(l, Decimal::from(101), "friend"),       BasketError::DiscountInvalid),
        (socks,   |b, l| b.set_discount_percent(l, Decimal::from(-1), "friend"),        BasketError::DiscountInvalid),
    ];
    for (row, (line, act, expected)) in table.into_iter().enumerate() {
        let before = basket.clone();
        assert_eq!(act(&mut basket, line), Err(expected), "row {row}");
        assert_eq!(basket, before, "row {row}");
    }
}

#[test]
fn a_discount_in_money_stays_while_it_fits() {
    let mut basket = basket();
    let line = basket.add(&product("socks", 900), units(2)).unwrap();
    basket.lines[0].discount = Some(Discount { percent: None, amount: euros(1000), reason: "stain".to_owned() });
    basket.set_quantity(line, Quantity::units(3)).unwrap();
    assert_eq!(basket.lines[0].to_pay(), euros(1700));
    assert_eq!(basket.set_quantity(line, Quantity::ONE), Err(BasketError::DiscountInvalid));
}

#[test]
fn line_numbers_are_never_given_twice() {
    let socks = product("socks", 900);
    let mut basket = basket();
    for request in [units(1), units(-1)] {
        basket.add(&socks, request).unwrap();
    }
    basket.remove(2).unwrap();
    assert_eq!(basket.add(&product("mug", 1450), units(1)), Ok(3));
    assert_eq!(basket.clone().restored(0).next_line(), 4);
    assert_eq!(basket.restored(9).next_line(), 9);
}

#[test]
fn only_what_leaves_the_shelf_is_judged() {
    let service = Product { stocked: false, ..product("gift wrap", 250) };
    let hand_over =
        HandOverLine { order: "W-1".into(), line: 1, share: None, taxed: Vec::new(), prepaid: None, received: None };
    let mut basket = basket();
    let merino = product("merino", 5900);
    basket.add(&merino, units(2)).unwrap();
    basket.add(&merino, LineRequest { hand_over: Some(hand_over), ..units(1) }).unwrap();
    basket.add(&merino, units(-1)).unwrap();
    basket.add(&service, units(1)).unwrap();
    assert_eq!(basket.quantity_of(&merino.id), Quantity::ONE);
    assert_eq!(basket.quantity_of(&service.id), Quantity::ZERO);
    assert_eq!(basket.products(), [merino.id]);
}

#[test]
fn age_is_asked_once_for_the_highest_limit() {
    let with_age = |id: &str, age| Product { age_limit: Some(age), ..product(id, 900) };
    let mut basket = basket();
    assert_eq!(basket.age_to_check(), None);
    basket.add(&with_age("wine", 16), units(1)).unwrap();
    assert_eq!(basket.age_to_check(), Some(16));
    basket.age_checked = Some(16);
    assert_eq!(basket.age_to_check(), None);
    basket.add(&with_age("gin", 18), units(1)).unwrap();
    assert_eq!(basket.age_to_check(), Some(18));
    let mut brought_back = crate::domain::specimen::basket();
    brought_back.add(&with_age("gin", 18), units(-1)).unwrap();
    assert_eq!(brought_back.age_to_check(), None);
}

#[test]
fn the_basket_of_the_pictures_adds_up() {
    let food = |p: Product| Product { tax: TaxCode('B'), ..p };
    let mut basket = basket();
    basket.add(&product("merino", 5900), units(2)).unwrap();
    let socks = basket.add(&product("socks", 900), units(1)).unwrap();
    basket.set_discount_percent(socks, Decimal::from(10), "trade price").unwrap();
    basket.add(&food(nuts()), LineRequest::listed(Quantity::from_thousandths(452), None)).unwrap();
    basket.add(&product("mug", 1450), units(1)).unwrap();
    basket.add(&product("bag", 20), units(3)).unwrap();
    assert_eq!(basket.total(&rates(), TaxMode::Included), euros(15245));
    assert_eq!(basket.item_count(), 8);
}

#[test]
fn a_full_basket_refuses_a_line_and_takes_more_of_the_last() {
    let mut basket = basket();
    let two = [product("socks", 900), product("mug", 1450)];
    for i in 0..LINES_MAX {
        basket.add(&two[i % 2], units(1)).unwrap();
    }
    assert_eq!(basket.add(&two[0], units(1)), Err(BasketError::Full));
    assert_eq!(basket.add(&two[1], units(1)), Ok(10_000));
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_the_lines_when_prices_hold_the_tax(
        rung in prop::collection::vec((1_i64..200_000, 1_i64..50, 0_u32..101), 0..30),
    ) {
        let mut basket = basket();
        for (n, (price, count, percent)) in rung.iter().enumerate() {
            let code = if n % 3 == 0 { 'B' } else { 'A' };
            let product = Product { tax: TaxCode(code), ..product(&format!("p{n}"), *price) };
            let line = basket.add(&product, units(*count)).unwrap();
            basket.set_discount_percent(line, Decimal::from(*percent), "sale").unwrap();
        }
        let lines = money::sum(Currency::EUR, basket.lines.iter().map(BasketLine::to_pay));
        prop_assert_eq!(basket.total(&rates(), TaxMode::Included), lines);
        prop_assert!(basket.lines.iter().all(|l| !l.to_pay().is_negative()));
    }

    #[test]
    fn taking_everything_back_costs_minus_the_sale(
        rung in prop::collection::vec((1_i64..200_000, 1_i64..50, 0_u32..101), 0..20),
        mode in prop::sample::select(vec![TaxMode::Included, TaxMode::Excluded]),
    ) {
        let total = |sign: i64| {
            let mut basket = basket();
            for (n, (price, count, percent)) in rung.iter().enumerate() {
                let line = basket.add(&product(&format!("p{n}"), *price), units(sign * count)).unwrap();
                basket.set_discount_percent(line, Decimal::from(*percent), "sale").unwrap();
            }
            basket.total(&rates(), mode)
        };
        prop_assert_eq!(total(-1), -total(1));
    }
}

#[test]
fn more_off_than_a_role_may_is_seen_from_the_list_price() {
    #[rustfmt::skip]
    let table = [
        // typed, percent off, cap -> too much
        (None,       20,       20,    false),
        (None,       21,       20,    true),
        (Some(800),   0,       20,    false),
        (Some(799),   0,       20,    true),
        (Some(900),  20,       20,    true),
        (Some(1200), 20,       20,    false),
    ];
    for (typed, percent, cap, expected) in table {
        let mut basket = basket();
        let line = basket.add(&product("socks", 1000), LineRequest::listed(Quantity::ONE, None)).unwrap();
        if let Some(price) = typed {
            basket.set_price(line, euros(price)).unwrap();
        }
        basket.set_discount_percent(line, Decimal::from(percent), "staff").unwrap();
        let exceeds = basket.line(line).unwrap().exceeds_cap(Some(euros(1000)), Decimal::from(cap));
        assert_eq!(exceeds, expected, "{typed:?} {percent} {cap}");
    }
}

#[test]
fn what_was_received_for_an_order_pays_for_what_is_collected_of_it() {
    let mut basket = basket();
    for (line, amount, share, prepaid) in [(1, 1000, -100, 300), (2, 4000, -400, 1200)] {
        let hand_over = HandOverLine {
            order: "W-1".into(),
            line,
            share: Some(euros(share)),
            taxed: Vec::new(),
            prepaid: Some(euros(prepaid)),
            received: None,
        };
        let price = LinePrice::Order { unit_price: euros(amount), amount: euros(amount) };
        let request = LineRequest { hand_over: Some(hand_over), ..priced(Quantity::ONE, price) };
        basket.add(&product("mug", amount), request).unwrap();
    }
    let to_pay = |basket: &Basket| basket.lines.iter().map(|line| line.to_pay().minor()).collect::<Vec<_>>();
    assert_eq!(to_pay(&basket), [600, 2400]);
    // No more can be taken off the order than is still to be paid, and what the order takes off is no discount of the cashier's.
    assert!(!basket.lines[0].exceeds_cap(None, Decimal::from(5)));
    basket.set_discount_percent(1, Decimal::from(60), "staff").unwrap();
    assert_eq!(to_pay(&basket), [185, 2215], "what one needs no more is the other's");
    assert_eq!(basket.set_discount_percent(2, Decimal::from(61), "staff"), Err(BasketError::DiscountInvalid));
    basket.set_discount_percent(2, Decimal::from(60), "staff").unwrap();
    assert_eq!(to_pay(&basket), [0, 0]);
    basket.set_discount_percent(2, Decimal::ZERO, "").unwrap();
    basket.remove(1).unwrap();
    assert_eq!(to_pay(&basket), [2100]);
    basket.remove(2).unwrap();
    assert!(basket.is_empty());
}

#[test]
fn no_discount_makes_an_orders_line_cost_less_than_nothing() {
    let mut basket = basket();
    let hand_over = HandOverLine {
        order: "W-1".into(),
        line: 1,
        share: Some(euros(-100)),
        taxed: Vec::new(),
        prepaid: None,
        received: None,
    };
    let price = LinePrice::Order { unit_price: euros(1000), amount: euros(1000) };
    let request = LineRequest { hand_over: Some(hand_over), ..priced(Quantity::ONE, price) };
    basket.add(&product("mug", 1000), request).unwrap();
    assert_eq!(basket.set_discount_percent(1, Decimal::from(91), "staff"), Err(BasketError::DiscountInvalid));
    basket.set_discount_percent(1, Decimal::from(90), "staff").unwrap();
    assert!(basket.lines[0].to_pay().is_zero());
}
