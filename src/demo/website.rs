//! The website of the demo: passes its customers' orders to central by gRPC, as any web shop would.

use anyhow::Context;
use tonic::transport::Channel;

use crate::central::RunningCentral;
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::quantity::Quantity;
use crate::wire::trade::v1::availability_service_client::AvailabilityServiceClient;
use crate::wire::trade::v1::order_service_client::OrderServiceClient;
use crate::wire::trade::v1::{GetAvailabilityRequest, SubmitOrderRequest, SubmitOrderResponse};

/// The channel's name.
pub const CHANNEL: &str = "website";

/// A web shop with its token.
#[derive(Clone)]
pub struct Website {
    orders: OrderServiceClient<Channel>,
    availability: AvailabilityServiceClient<Channel>,
    token: tonic::metadata::AsciiMetadataValue,
}

impl Website {
    /// Opens the channel at central and connects.
    pub async fn open(central: &RunningCentral) -> anyhow::Result<Self> {
        let token = super::shop::open_channel(central, CHANNEL).await?;
        let endpoint = Channel::from_shared(format!("http://{}", central.address))?;
        let channel = endpoint.connect_lazy();
        let orders = OrderServiceClient::new(channel.clone());
        let availability = AvailabilityServiceClient::new(channel);
        Ok(Self { orders, availability, token: format!("Bearer {token}").parse().context("a token is plain text")? })
    }

    /// Submits one order document and waits for the answer.
    pub async fn submit(&self, reference: &str, xml: &str) -> anyhow::Result<SubmitOrderResponse> {
        let request = self.with_token(SubmitOrderRequest {
            client_reference: reference.to_owned(),
            content_type: "application/xml".to_owned(),
            xml: xml.as_bytes().to_vec(),
            ..SubmitOrderRequest::default()
        });
        Ok(self.orders.clone().submit_order(request).await?.into_inner())
    }

    /// What may be promised of a product in a store; `None` for a product or store that does not exist.
    pub async fn find_free(&self, store: &StoreId, product: &ProductId) -> anyhow::Result<Option<Quantity>> {
        let message = GetAvailabilityRequest { products: vec![product.to_string()], stores: vec![store.to_string()] };
        let answer = self.availability.clone().get_availability(self.with_token(message)).await?.into_inner();
        Ok(answer.availabilities.first().map(|a| Quantity::from_thousandths(a.free_thousandths)))
    }

    fn with_token<T>(&self, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        request.metadata_mut().insert("authorization", self.token.clone());
        request
    }
}
