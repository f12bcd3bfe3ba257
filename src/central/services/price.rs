//! `trade.v1.PriceService`: what a customer pays, and which rule gave the price.

use tonic::{Request, Response, Status};

use super::caller::{Doorkeeper, get_stores, get_terms_customer};
use super::status::{Reason, refuse, refuse_store, refuse_with};
use crate::central::store::{CallKind, ChannelRecord, PricedProduct, Store, StoreKind, StoreRecord};
use crate::central::surroundings::Surroundings;
use crate::domain::Timestamp;
use crate::domain::ids::{ProductId, StoreId};
use crate::domain::price::{PriceBasis, quote};
use crate::domain::quantity::Quantity;
use crate::domain::settings::StoreSettings;
use crate::domain::tax::TaxMode;
use crate::wire::Wire;
use crate::wire::trade::v1 as proto;

/// How many products one question may have.
const PRODUCTS_MAX: usize = 1000;

/// The service.
pub struct PriceService<S> {
    store: S,
    doorkeeper: Doorkeeper<S>,
    surroundings: Surroundings,
}

impl<S: Store> PriceService<S> {
    /// Over a store.
    pub const fn new(store: S, doorkeeper: Doorkeeper<S>, surroundings: Surroundings) -> Self {
        Self { store, doorkeeper, surroundings }
    }

    /// The settings of the store whose tax counts.
    async fn get_settings(&self, channel: &ChannelRecord, named: &str) -> Result<StoreSettings, Status> {
        let asked: Vec<String> = (!named.is_empty()).then(|| named.to_owned()).into_iter().collect();
        let allowed: Vec<StoreId> = get_stores(&self.store, channel, &asked).await?;
        let mut stores: Vec<StoreRecord> = self.store.list_stores().await.map_err(refuse_store)?;
        if !named.is_empty() {
            stores.retain(|record| allowed.contains(&record.settings.id));
        }
        let at = stores.iter().position(|record| record.kind == StoreKind::Warehouse).unwrap_or(0);
        if stores.is_empty() {
            return Err(refuse(Reason::NotFound, "there is no such store"));
        }
        Ok(stores.swap_remove(at).settings)
    }
}

#[tonic::async_trait]
impl<S: Store> proto::price_service_server::PriceService for PriceService<S> {
    async fn get_prices(
        &self,
        request: Request<proto::GetPricesRequest>,
    ) -> Result<Response<proto::GetPricesResponse>, Status> {
        let channel = self.doorkeeper.get_channel(&request, CallKind::Prices).await?;
        let request = request.into_inner();
        let customer = get_terms_customer(&channel, &request.customer)?;
        if request.products.len() > PRODUCTS_MAX {
            let message = format!("ask for at most {PRODUCTS_MAX} products at once");
            return Err(refuse_with(Reason::TooMany, message, &[("limit", &PRODUCTS_MAX.to_string())]));
        }
        let at = match request.at {
            Some(at) => Timestamp::from_wire(at)
                .map_err(|error| refuse_with(Reason::FieldInvalid, error.to_string(), &[("field", "at")]))?,
            None => self.surroundings.now(),
        };
        let settings = self.get_settings(&channel, &request.store).await?;
        let customer = match customer {
            Some(id) => {
                let found = self.store.find_customer(id.clone()).await.map_err(refuse_store)?;
                Some(found.ok_or_else(|| refuse(Reason::NotFound, format!("there is no customer {id}")))?)
            }
            None => None,
        };
        let products = request.products.iter().map(|asked| ProductId::new(&asked.product)).collect();
        let found = self.store.list_prices(customer, products).await.map_err(refuse_store)?;
        let mut answer = proto::GetPricesResponse { at: Some(at.to_wire()), ..Default::default() };
        for (asked, found) in request.products.iter().zip(found) {
            let quantity = match asked.quantity_thousandths {
                0 => Quantity::ONE,
                thousandths => Quantity::from_thousandths(thousandths),
            };
            if !quantity.is_positive() {
                let field = [("field", "products.quantity_thousandths")];
                return Err(refuse_with(Reason::FieldInvalid, "ask for more than nothing", &field));
            }
            match found {
                Some(priced) => answer.prices.push(price(&priced, quantity, at, &settings)),
                None => answer.unknown_products.push(asked.product.clone()),
            }
        }
        Ok(Response::new(answer))
    }
}

fn price(priced: &PricedProduct, quantity: Quantity, at: Timestamp, settings: &StoreSettings) -> proto::CustomerPrice {
    let PricedProduct { product, rules } = priced;
    let quoted = quote(product.price, rules, quantity, at);
    let rule = match quoted.basis {
        Some(PriceBasis::Contract) => proto::PriceRule::Contract,
        Some(PriceBasis::Group) => proto::PriceRule::Group,
        Some(PriceBasis::QuantityBreak) => proto::PriceRule::QuantityBreak,
        None => proto::PriceRule::List,
    };
    let rate = settings.tax_rates.iter().find(|rate| rate.code == product.tax);
    proto::CustomerPrice {
        product: product.id.to_string(),
        quantity_thousandths: quantity.thousandths(),
        unit_price_minor: quoted.unit_price.minor(),
        currency: quoted.unit_price.currency().code().to_owned(),
        rule: rule as i32,
        minimum_quantity_thousandths: quoted.minimum.thousandths(),
        list_price_minor: product.price.minor(),
        tax_percent: rate.map_or_else(String::new, |rate| rate.percent.normalize().to_string()),
        tax_included: settings.tax_mode == TaxMode::Included,
        valid_until: quoted.valid_until.map(|until| until.to_wire()),
    }
}
