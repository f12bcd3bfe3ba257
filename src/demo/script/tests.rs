//! Scripts are read word by word, and a line that says something else is named.

use super::*;
use crate::demo::catalogue::{OPERATORS_CSV, STORES_CSV, list_shelf_items};
use crate::domain::money::Currency;

fn one(line: &str) -> (Act, Vec<Fact>) {
    let steps = parse(line).unwrap();
    assert_eq!(steps.len(), 1, "{line}");
    (steps[0].act.clone(), steps[0].facts.clone())
}

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn anna() -> Label {
    Label("anna".to_owned())
}

#[test]
fn a_line_is_an_act_and_what_is_seen_then() {
    let mug = || ProductId::new("mug");
    #[rustfmt::skip]
    let table = [
        ("scan mug",                          Act::Scan(ScanAct::Piece(mug())),                      vec![]),
        ("scan mug 0.452",                    Act::Scan(ScanAct::Bag(mug(), Quantity::from_thousandths(452))), vec![]),
        ("scan pack mug -> lines 1",          Act::Scan(ScanAct::Pack(mug())),                       vec![Fact::Lines(1)]),
        ("scan code \"A B\"",                 Act::Scan(ScanAct::Code("A B".to_owned())),            vec![]),
        ("times 3",                           Act::Times(Quantity::units(3)),                        vec![]),
        ("tender cash 60.00 -> change 1.00, receipt 1",
                                              Act::Tender(TenderKind::Cash, Given::Amount(euros(6000))),
                                              vec![Fact::Change(euros(100)), Fact::Receipt(1)]),
        ("tender card exact",                 Act::Tender(TenderKind::Card, Given::Exact),           vec![]),
        ("close expected",                    Act::Close(Given::Exact),                              vec![]),
        ("answer keep -> no card",            Act::Answer(AnswerAct::Keep(None)),                    vec![Fact::NoCard]),
        ("answer hand_over anna code",        Act::Answer(AnswerAct::HandOver(anna(), Recognised::Code)), vec![]),
        ("network cut -> link down, unsent some", Act::Network(Cut::Cut),                            vec![Fact::Link(LinkFact::Down), Fact::Unsent(None)]),
        ("expect -> card promised anna jo",   Act::Expect,
                                              vec![Fact::Card(ConflictKind::Promised, vec![anna(), Label("jo".to_owned())])]),
        ("expect -> line 1 mug 2 29.00",      Act::Expect,
                                              vec![Fact::Line(1, mug(), Quantity::units(2), Some(euros(2900)))]),
        ("expect -> central S001 mug on_hand -1 free 0", Act::Expect,
                                              vec![Fact::Central("S001".into(), mug(), vec![(Figure::OnHand, Quantity::units(-1)), (Figure::Free, Quantity::ZERO)])]),
    ];
    for (line, act, facts) in table {
        assert_eq!(one(line), (act, facts), "{line}");
    }
}

#[test]
fn an_order_names_its_lines_and_pieces() {
    let (act, _) = one("order anna pick_up unpaid merino x2 mug socks x3");
    let lines = vec![("merino".into(), 2), ("mug".into(), 1), ("socks".into(), 3)];
    let order = OrderAct { label: anna(), pick_up: true, paid: false, lines, kept_seconds: None };
    assert_eq!(act, Act::Order(order.clone()));
    let (act, _) = one("order_by_file anna pick_up unpaid merino x2 mug socks x3 for 8s");
    assert_eq!(act, Act::OrderByFile(OrderAct { kept_seconds: Some(8), ..order }));
}

#[test]
fn headings_belong_to_the_step_below() {
    let steps = parse("# Morning,\n# early.\n\nsign_on ana\nfloat 150.00\n").unwrap();
    assert_eq!(steps[0].heading.as_deref(), Some("Morning, early."));
    assert_eq!((steps[0].line, steps[1].line, &steps[1].heading), (4, 5, &None));
}

#[test]
fn what_is_not_understood_is_named_with_its_line() {
    #[rustfmt::skip]
    let table = [
        ("dance",                        "dance is no act"),
        ("scan",                         "a product is missing"),
        ("float many",                   "many: not an amount"),
        ("sign_off now",                 "does not know what to do with now"),
        ("tender gold 1.00",             "gold is no tender: cash, card"),
        ("expect",                       "expects nothing"),
        ("pay -> smile",                 "smile is no fact"),
        ("pay -> due 1.00 again",        "does not know what to do with again"),
        ("pay -> central S001 mug",      "a figure is missing"),
        ("scan code \"open",             "a quotation mark is not closed"),
    ];
    for (line, reason) in table {
        let error = parse(&format!("# day\n{line}")).unwrap_err();
        assert_eq!((error.line, error.reason.as_str()), (2, reason), "{line}");
    }
}

#[test]
fn the_day_speaks_of_nothing_the_shop_has_not() {
    let steps = parse(super::super::catalogue::DAY).unwrap();
    let items = list_shelf_items().unwrap();
    let sells = |product: &ProductId| items.iter().any(|item| item.product == *product);
    for step in &steps {
        match &step.act {
            Act::Scan(ScanAct::Piece(p) | ScanAct::Bag(p, _) | ScanAct::Pack(p))
            | Act::Tap(p)
            | Act::Stock(_, p, _) => {
                assert!(sells(p), "{}: {}", step.line, step.text);
            }
            Act::Order(order) => assert!(order.lines.iter().all(|(p, _)| sells(p)), "{}: {}", step.line, step.text),
            Act::SignOn(who, _) => assert!(OPERATORS_CSV.contains(&format!("\n{who},")), "{}", step.text),
            Act::Answer(AnswerAct::FindAnother(store)) => assert!(STORES_CSV.contains(store.as_str()), "{}", step.text),
            _ => {}
        }
    }
}

#[test]
fn the_day_has_every_part_it_must_show() {
    let text = super::super::catalogue::DAY;
    let steps = parse(text).unwrap();
    let done = |wanted: fn(&Act) -> bool| steps.iter().filter(|step| wanted(&step.act)).count();
    assert_eq!(done(|act| matches!(act, Act::Answer(AnswerAct::HandOver(_, Recognised::Code)))), 1);
    assert_eq!(done(|act| matches!(act, Act::Answer(AnswerAct::SellAnyway(_)))), 1);
    assert_eq!(done(|act| matches!(act, Act::Answer(AnswerAct::Keep(_)))), 1);
    assert_eq!(done(|act| matches!(act, Act::Answer(AnswerAct::FindAnother(_)))), 1);
    assert_eq!(done(|act| matches!(act, Act::Network(Cut::Cut))), 1);
    assert_eq!(done(|act| matches!(act, Act::Printer(PrinterAct::PaperOut))), 1);
    assert_eq!(done(|act| matches!(act, Act::Close(_))), 1);
    assert!(done(|act| matches!(act, Act::Restart)) >= 1);
    assert!(done(|act| matches!(act, Act::HandOver(_))) >= 1);
    assert!(done(|act| matches!(act, Act::Picture(_))) >= 6);
    let checked = steps.iter().filter(|step| !step.facts.is_empty()).count();
    assert!(checked * 10 >= steps.len() * 8, "{checked} of {} steps are checked", steps.len());
}
