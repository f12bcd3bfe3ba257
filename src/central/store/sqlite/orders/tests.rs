//! Lists of orders.

use super::super::schema;
use super::*;

#[test]
fn a_list_of_orders_is_read_in_its_order_and_never_sorted() {
    let folder = tempfile::tempdir().unwrap();
    let connection = schema::open_writer(&folder.path().join("central.db")).unwrap();
    let store = || Some(StoreId::new("S001"));
    let all = OrderFilter::default;
    let filters = [
        all(),
        OrderFilter { store: store(), ..all() },
        OrderFilter { channel: Some(ChannelId::new("website")), ..all() },
        OrderFilter { state: Some(OrderState::Received), ..all() },
        OrderFilter { state: Some(OrderState::Dispatched), store: store(), ..all() },
        OrderFilter {
            state: Some(OrderState::Received),
            store: store(),
            fulfilment: Some(Fulfilment::Delivery),
            ..all()
        },
    ];
    for filter in filters {
        for after in [None, Some(OrderNumber::new("W-10001"))] {
            let filter = OrderFilter { after, ..filter.clone() };
            let question = list_question(&filter);
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
            let nothing: Vec<Option<i64>> = vec![None; plan.parameter_count()];
            let steps = plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
            let steps: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(steps.iter().all(|step| step.contains("USING INDEX web_order_listed")), "{question}\n{steps:?}");
        }
    }
}
