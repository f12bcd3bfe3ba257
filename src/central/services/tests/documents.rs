//! What was sent about an order, as head office reads it over real gRPC.

use super::office::{add_token, refusal};
use super::*;
use crate::central::store::OfficeScope;
use crate::central::testing::set_stock;
use crate::wire::office::v1 as proto;
use crate::wire::office::v1::office_service_client::OfficeServiceClient;

fn sent_to(action: &str, street: &str, units: u32) -> Vec<u8> {
    format!(
        "<order number='P-1' action='{action}' currency='EUR' customer='Anna'><delivery><location>S009</location>\
         <street>{street}</street><city>Lindholm</city></delivery><line sku='jacket' quantity='{units}' price='89.90'/></order>"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_packed_order_whose_address_changes_is_packed_again_and_everything_that_was_sent_can_be_read() {
    let house = House::open(Security::Plain).await;
    let store = &house.central.store;
    set_stock(store, "W001", "jacket", 5).await;
    let website = house.add_channel("website", &[], &[CallKind::Orders]).await;
    let ana = add_token(&house, "ana", &[OfficeScope::Read, OfficeScope::Orders]).await;
    let mut office = OfficeServiceClient::new(house.connect().await);
    let mut orders = OrderServiceClient::new(house.connect().await);
    let mut submit = async |xml: Vec<u8>| {
        let request = trade::SubmitOrderRequest { xml, ..Default::default() };
        orders.submit_order(asking(&website, request)).await.unwrap().into_inner()
    };
    let taken = submit(sent_to("new", "Quay 1", 2)).await;
    let warned: Vec<_> = taken.problems.iter().map(|problem| (problem.code.as_str(), problem.severity())).collect();
    assert_eq!(warned, [("STORE_UNKNOWN", trade::Severity::Warning)]);
    let number = taken.order_number;
    let order_numbers = vec![number.clone()];
    office.pick_orders(asking(&ana, proto::PickOrdersRequest { order_numbers, picker: String::new() })).await.unwrap();
    let pack = || proto::PackOrderRequest { order_number: number.clone(), request_id: String::new() };
    office.pack_order(asking(&ana, pack())).await.unwrap();
    // The same address in other words of the order is none.
    let same = submit(sent_to("change", "Quay 1", 2)).await;
    assert_eq!((same.outcome(), same.state()), (trade::Outcome::Changed, trade::OrderState::Packed));
    let moved = submit(sent_to("change", "Quay 2", 2)).await;
    assert_eq!((moved.outcome(), moved.state()), (trade::Outcome::Changed, trade::OrderState::Picking));
    let dispatch = || proto::DispatchOrderRequest {
        order_number: number.clone(),
        carrier: "Posti".into(),
        tracking_number: "JJFI100".into(),
        request_id: String::new(),
    };
    let early = office.dispatch_order(asking(&ana, dispatch())).await;
    assert_eq!(refusal(early), (Code::FailedPrecondition, "NOT_IN_STATE".into()));
    office.pack_order(asking(&ana, pack())).await.unwrap();
    // More of it than is in the parcel.
    let more = submit(sent_to("change", "Quay 2", 3)).await;
    assert_eq!((more.outcome(), more.state()), (trade::Outcome::Changed, trade::OrderState::Picking));
    let order_numbers = vec![number.clone()];
    office.pick_orders(asking(&ana, proto::PickOrdersRequest { order_numbers, picker: String::new() })).await.unwrap();
    office.pack_order(asking(&ana, pack())).await.unwrap();
    office.dispatch_order(asking(&ana, dispatch())).await.unwrap();
    assert_eq!(store.list_level_faults().await.unwrap(), []);

    let known = proto::GetOrderRequest { order_number: number.clone() };
    let known = office.get_order(asking(&ana, known)).await.unwrap().into_inner();
    assert_eq!(known.order.unwrap().delivery_address, ["Quay 2", "Lindholm"]);
    let acts: Vec<_> = known.acts.iter().map(|act| (act.person.as_str(), act.act.as_str())).collect();
    let expected = ["pick", "pack", "change", "pack", "pick", "pack", "dispatch"];
    assert_eq!(acts, expected.map(|act| (if act == "change" { "website" } else { "ana" }, act)));
    assert_eq!(known.acts[2].note, "its address has changed: pack it again, under a new label");
    let sent = [
        sent_to("new", "Quay 1", 2),
        sent_to("change", "Quay 1", 2),
        sent_to("change", "Quay 2", 2),
        sent_to("change", "Quay 2", 3),
    ];
    assert_eq!(known.documents.len(), sent.len());
    for (about, sent) in known.documents.into_iter().zip(sent) {
        let kind = if about.position == 1 { proto::DocumentKind::Order } else { proto::DocumentKind::Change };
        assert_eq!(
            (about.kind(), about.size, about.warnings[0].code.as_str()),
            (kind, sent.len() as u64, "STORE_UNKNOWN")
        );
        let ask = proto::GetOrderDocumentRequest { order_number: number.clone(), position: about.position };
        let found = office.get_order_document(asking(&ana, ask)).await.unwrap().into_inner();
        assert_eq!((found.about, found.document), (Some(about), sent));
    }
    let beyond = proto::GetOrderDocumentRequest { order_number: number.clone(), position: 5 };
    assert_eq!(refusal(office.get_order_document(asking(&ana, beyond)).await), (Code::NotFound, "NOT_FOUND".into()));
}
