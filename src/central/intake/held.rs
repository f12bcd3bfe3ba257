//! Matching what is held: which product a line is that came under a name nobody knew, and who buys.
//!
//! The line keeps the quantity and the price it was sent with; both are turned into our unit by its unit and by the pack its
//! GTIN stands for, as if the item had been known from the beginning.

use rust_decimal::Decimal;

use super::Intake;
use super::text::printable;
use super::units::{self, Conversion};
use crate::central::store::{
    BuyerTie, CustomerItem, HeldLine, ItemIdentity, MatchSubmission, OrderParties, ProductRecord, Store, StoreError,
    TieRefusal,
};
use crate::domain::barcode::lookup_key;
use crate::domain::ids::{CustomerId, EntryId, OrderNumber, ProductId};
use crate::domain::money::Money;
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::settings::StoreSettings;
use crate::domain::tax::TaxMode;
use crate::domain::web_order::{ItemMatch, MatchRefusal, WebOrder};

/// What somebody of head office says a held line is.
#[derive(Clone, Debug)]
pub struct LineMatch {
    /// Which order.
    pub number: OrderNumber,
    /// Its line.
    pub line: u32,
    /// Our product.
    pub product: ProductId,
    /// The customer's own list gets to know it, so that the next order needs nobody.
    pub remember: bool,
    /// The caller's identity of the act; `None` when it does not repeat.
    pub entry: Option<EntryId>,
    /// Who says so.
    pub person: String,
}

/// Why it cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeldRefusal {
    /// There is no such order.
    #[error("there is no such order")]
    OrderUnknown,
    /// It does not fit the order.
    #[error(transparent)]
    Match(#[from] MatchRefusal),
    /// The buyer cannot be tied.
    #[error(transparent)]
    Tie(#[from] TieRefusal),
    /// There is nothing to remember it by.
    #[error("its line {0} has no number of a buyer that is named: match it without remembering it")]
    NothingToRemember(u32),
}

impl<S: Store> Intake<S> {
    /// Says which product a held line is: it is reserved from now on. The same again changes nothing.
    pub async fn match_line(&self, wanted: LineMatch) -> Result<Result<WebOrder, HeldRefusal>, StoreError> {
        let LineMatch { number, line, product, remember, entry, person } = wanted;
        let Some(order) = self.store.find_order(number.clone()).await? else {
            return Ok(Err(HeldRefusal::OrderUnknown));
        };
        let Some(held) = self.store.find_held_line(number.clone(), line).await? else {
            let refusal = match order.line(line) {
                Some(known) => MatchRefusal::OtherProduct { line, product: known.product.clone() },
                None => MatchRefusal::NoSuchLine(line),
            };
            return Ok(Err(refusal.into()));
        };
        let Some((record, pack)) = self.find_product(&held, &product).await? else {
            return Ok(Err(MatchRefusal::ProductUnknown(product).into()));
        };
        let remember = match (remember, remembered(&held, &record)) {
            (true, None) => return Ok(Err(HeldRefusal::NothingToRemember(line))),
            (true, found) => found,
            (false, _) => None,
        };
        let stores = self.store.list_stores().await?;
        let settings = stores.iter().find(|store| store.settings.id == order.store).map(|store| &store.settings);
        let Some((item, factor, price_factor)) = convert(&held, &record, pack, settings) else {
            return Ok(Err(MatchRefusal::UnitUnfit(line, product).into()));
        };
        let entry = entry.unwrap_or_else(|| EntryId(self.surroundings.new_uuid()));
        let person = printable(&person);
        let submission = MatchSubmission { number, item, factor, price_factor, remember, entry, person };
        let matched = self.store.match_line(submission, self.surroundings.now()).await?;
        Ok(matched.map_err(HeldRefusal::from))
    }

    /// Says which customer buys. The same again changes nothing.
    pub async fn tie_buyer(
        &self,
        number: OrderNumber,
        customer: CustomerId,
        remember: bool,
        person: &str,
    ) -> Result<Result<OrderParties, HeldRefusal>, StoreError> {
        if self.store.find_order(number.clone()).await?.is_none() {
            return Ok(Err(HeldRefusal::OrderUnknown));
        }
        let entry = EntryId(self.surroundings.new_uuid());
        let tie = BuyerTie { number, customer, remember, entry, person: printable(person) };
        let tied = self.store.tie_buyer(tie, self.surroundings.now()).await?;
        Ok(tied.map_err(HeldRefusal::from))
    }

    /// The product, and how many of it the line's GTIN stands for, should it have been given to the product since.
    async fn find_product(
        &self,
        held: &HeldLine,
        product: &ProductId,
    ) -> Result<Option<(ProductRecord, u32)>, StoreError> {
        let named = ItemIdentity { product: Some(product.clone()), ..ItemIdentity::default() };
        let barcode = held.submitted.line.gtin.as_ref().map(|gtin| lookup_key(gtin));
        let coded = ItemIdentity { barcode, ..ItemIdentity::default() };
        let mut found = self.store.resolve_items(vec![named, coded]).await?;
        let coded = found.pop().flatten().filter(|(record, _)| record.product.id == *product);
        Ok(coded.or_else(|| found.pop().flatten()))
    }
}

/// What the customer's list would say.
fn remembered(held: &HeldLine, record: &ProductRecord) -> Option<CustomerItem> {
    let their_number = held.submitted.line.buyers_number.clone()?;
    let customer = held.submitted.buyers.first().cloned()?;
    Some(CustomerItem { customer, their_number, product: record.product.id.clone() })
}

/// The line in our unit, with the factors of its quantity and of its price. `None` when the units do not fit.
fn convert(
    held: &HeldLine,
    record: &ProductRecord,
    pack: u32,
    settings: Option<&StoreSettings>,
) -> Option<(ItemMatch, Decimal, Decimal)> {
    let submitted = &held.submitted;
    let pack = Decimal::from(pack.max(1));
    let factor = match units::convert(submitted.line.unit.as_deref(), record.product.unit) {
        Conversion::Factor(factor) => factor.checked_mul(pack)?,
        Conversion::Pack | Conversion::Unknown => pack,
        Conversion::OtherKind => return None,
    };
    let rate = settings.filter(|settings| submitted.lacks_tax && settings.tax_mode == TaxMode::Included);
    let rate = rate.and_then(|settings| settings.tax_rates.iter().find(|rate| rate.code == record.product.tax));
    let taxed = Decimal::ONE + rate.map_or(Decimal::ZERO, |rate| rate.percent) / Decimal::ONE_HUNDRED;
    let price_factor = taxed.checked_div(factor)?;
    let units = submitted.line.quantity.to_decimal().checked_mul(factor)?;
    if record.product.unit == Unit::Each && !units.fract().is_zero() {
        return None;
    }
    let quantity = Quantity::parse(&units.normalize().to_string()).filter(|quantity| quantity.is_positive())?;
    let unit_price =
        Money::from_decimal(submitted.price.checked_mul(price_factor)?, submitted.line.unit_price.currency())?;
    quantity.at(unit_price)?;
    let item = ItemMatch {
        line: submitted.line.line,
        product: record.product.id.clone(),
        name: record.product.name.clone(),
        quantity,
        unit_price,
        amount: submitted.amount.or_else(|| quantity.at(unit_price))?,
        share: submitted.share,
        taxed: submitted.taxed.clone(),
        tax: record.product.tax,
        stocked: record.product.stocked,
    };
    Some((item, factor, price_factor))
}

#[cfg(test)]
mod tests;
