//! `customers.csv`: `customer,name,group,identities`; `prices.csv`: `sku,customer,group,price,percent_off,min_quantity,valid_from,
//! valid_until,currency`; `credits.csv`: `credit,customer,amount,currency,issued_at,expires_at`. Days are those of the company's
//! first store.

use std::io::Read;

use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use rust_decimal::Decimal;

use super::table::{Column, Row, Table};
use super::{ImportError, Report, RowFault};
use crate::central::store::{
    CreditExpiry, CreditImport, CustomerItem, IdentityTaken, ItemIdentity, PriceHolder, PriceRecord, Store, StoreRecord,
};
use crate::domain::Timestamp;
use crate::domain::customer::Customer;
use crate::domain::ids::{CreditId, CustomerId, PriceGroup, ProductId};
use crate::domain::money::{Currency, Money};
use crate::domain::price::{PriceBasis, PriceRule, RulePrice};
use crate::domain::quantity::Quantity;
use crate::domain::zone::StoreZone;

/// Makes customers of rows.
pub struct CustomerReader {
    customer: Column,
    name: Column,
    group: Option<Column>,
    identities: Option<Column>,
}

impl CustomerReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>) -> Result<Self, ImportError> {
        Ok(Self {
            customer: table.get_column(&["customer", "id", "customer number"])?,
            name: table.get_column(&["name"])?,
            group: table.find_column(&["group", "price group"]),
            identities: table.find_column(&["identities", "identity", "gln"]),
        })
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        let maybe = [self.group.as_ref(), self.identities.as_ref()];
        [&self.customer, &self.name].into_iter().chain(maybe.into_iter().flatten()).collect()
    }

    /// Leaves of a known customer what the file has no column for.
    pub fn keep_unsaid(&self, customer: &mut Customer, known: Customer) {
        if self.group.is_none() {
            customer.group = known.group;
        }
        if self.identities.is_none() {
            customer.identities = known.identities;
        }
    }

    /// The customer of a row.
    pub fn read(&self, row: &Row<'_>) -> Result<Customer, RowFault> {
        Ok(Customer {
            id: CustomerId::new(row.get(&self.customer)?),
            name: row.get(&self.name)?,
            group: row.find(self.group.as_ref()).map(PriceGroup::new),
            identities: row.list(self.identities.as_ref()),
        })
    }

    /// What is said of an identity that is another customer's.
    fn taken_fault(&self, line: u64, taken: &IdentityTaken) -> RowFault {
        let column = self.identities.as_ref().unwrap_or(&self.customer);
        column.fault(line, format!("{} is an identity of {} already", taken.identity, taken.owner))
    }
}

/// An amount's currency: the row's own, or that of the stores.
struct CurrencyColumn {
    column: Option<Column>,
    house: Option<Currency>,
}

impl CurrencyColumn {
    fn new(table: &Table<impl Read>, stores: &[StoreRecord]) -> Result<Self, ImportError> {
        let column = table.find_column(&["currency"]);
        let house = stores.first().map(|store| store.settings.currency);
        if column.is_none() && house.is_none() {
            return Err(ImportError::CurrencyMissing);
        }
        Ok(Self { column, house })
    }

    /// The amount in a cell: nothing or more.
    fn amount(&self, row: &Row<'_>, column: &Column, text: &str) -> Result<Money, RowFault> {
        let named = row.parse(self.column.as_ref(), "a currency (ISO 4217)", Currency::from_code)?;
        let currency = named.or(self.house).ok_or_else(|| row.fault(column, "it has no currency"))?;
        let amount = Money::parse(text, currency).map_err(|error| row.fault(column, error.to_string()))?;
        if amount.is_negative() { Err(row.fault(column, "it is below nothing")) } else { Ok(amount) }
    }
}

/// Makes price rules of rows.
pub struct PriceReader {
    sku: Column,
    customer: Option<Column>,
    group: Option<Column>,
    price: Option<Column>,
    percent_off: Option<Column>,
    min_quantity: Option<Column>,
    valid_from: Option<Column>,
    valid_until: Option<Column>,
    currency: CurrencyColumn,
    zone: StoreZone,
}

impl PriceReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>, stores: &[StoreRecord]) -> Result<Self, ImportError> {
        let reader = Self {
            sku: table.get_column(&["sku", "product"])?,
            customer: table.find_column(&["customer"]),
            group: table.find_column(&["group", "price group"]),
            price: table.find_column(&["price"]),
            percent_off: table.find_column(&["percent_off", "discount percent"]),
            min_quantity: table.find_column(&["min_quantity", "from quantity"]),
            valid_from: table.find_column(&["valid_from"]),
            valid_until: table.find_column(&["valid_until"]),
            currency: CurrencyColumn::new(table, stores)?,
            zone: house_zone(stores),
        };
        if reader.price.is_none() && reader.percent_off.is_none() {
            return Err(ImportError::ColumnMissing("price"));
        }
        Ok(reader)
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        let maybe = [
            &self.customer,
            &self.group,
            &self.price,
            &self.percent_off,
            &self.min_quantity,
            &self.valid_from,
            &self.valid_until,
            &self.currency.column,
        ];
        std::iter::once(&self.sku).chain(maybe.into_iter().flatten()).collect()
    }

    /// The rule of a row.
    pub fn read(&self, row: &Row<'_>) -> Result<PriceRecord, RowFault> {
        let (customer, group) = (row.find(self.customer.as_ref()), row.find(self.group.as_ref()));
        let (holder, basis) = match (customer, group) {
            (Some(customer), None) => (PriceHolder::Customer(CustomerId::new(customer)), PriceBasis::Contract),
            (None, Some(group)) => (PriceHolder::Group(PriceGroup::new(group)), PriceBasis::Group),
            (None, None) => (PriceHolder::Everyone, PriceBasis::QuantityBreak),
            (Some(_), Some(_)) => return Err(row.fault(&self.sku, "a price is a customer's or a group's, not both")),
        };
        let more = |text: &str| Quantity::parse(text).filter(|quantity| !quantity.is_negative());
        let minimum = row.parse(self.min_quantity.as_ref(), "a quantity of nothing or more", more)?;
        let minimum = minimum.unwrap_or(Quantity::ZERO);
        if basis == PriceBasis::QuantityBreak && minimum.is_zero() {
            let why = "everyone's price for any quantity is the list price: change it in the products";
            return Err(row.fault(self.min_quantity.as_ref().unwrap_or(&self.sku), why));
        }
        let moment = |column: &Option<Column>, days| {
            row.parse(column.as_ref(), "a day or an instant", |text| parse_moment(text, days, &self.zone))
        };
        let (valid_from, valid_until) = (moment(&self.valid_from, 0)?, moment(&self.valid_until, 1)?);
        if let (Some(from), Some(until), Some(column)) = (valid_from, valid_until, &self.valid_until)
            && until <= from
        {
            return Err(row.fault(column, "it ends before it begins"));
        }
        let rule = PriceRule { basis, minimum, price: self.read_price(row)?, valid_from, valid_until };
        Ok(PriceRecord { holder, product: ProductId::new(row.get(&self.sku)?), rule })
    }

    fn read_price(&self, row: &Row<'_>) -> Result<RulePrice, RowFault> {
        let in_range = |text: &str| {
            let percent = Decimal::from_str_exact(text).ok()?;
            (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent).then_some(percent)
        };
        let percent = row.parse(self.percent_off.as_ref(), "a percentage from 0 to 100", in_range)?;
        let price = self.price.as_ref().and_then(|column| Some((column, row.find(Some(column))?)));
        match (price, percent) {
            (Some((column, text)), None) => Ok(RulePrice::Amount(self.currency.amount(row, column, &text)?)),
            (None, Some(percent)) => Ok(RulePrice::PercentOff(percent)),
            (None, None) => Err(row.fault(self.price.as_ref().unwrap_or(&self.sku), "it has no price")),
            (Some((column, _)), Some(_)) => Err(row.fault(column, "a price or a percentage, not both")),
        }
    }
}

/// Makes credit notes of rows.
pub struct CreditReader {
    credit: Column,
    customer: Column,
    amount: Column,
    issued_at: Option<Column>,
    expires_at: Option<Column>,
    currency: CurrencyColumn,
    zone: StoreZone,
}

impl CreditReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>, stores: &[StoreRecord]) -> Result<Self, ImportError> {
        Ok(Self {
            credit: table.get_column(&["credit", "credit note", "number"])?,
            customer: table.get_column(&["customer"])?,
            amount: table.get_column(&["amount"])?,
            issued_at: table.find_column(&["issued_at"]),
            expires_at: table.find_column(&["expires_at"]),
            currency: CurrencyColumn::new(table, stores)?,
            zone: house_zone(stores),
        })
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        let maybe = [&self.issued_at, &self.expires_at, &self.currency.column];
        [&self.credit, &self.customer, &self.amount].into_iter().chain(maybe.into_iter().flatten()).collect()
    }

    /// The credit note of a row.
    pub fn read(&self, row: &Row<'_>) -> Result<CreditImport, RowFault> {
        let amount = self.currency.amount(row, &self.amount, &row.get(&self.amount)?)?;
        if amount.is_zero() {
            return Err(row.fault(&self.amount, "it is worth nothing"));
        }
        let moment = |column: &Option<Column>, days| {
            row.parse(column.as_ref(), "a day or an instant", |text| parse_moment(text, days, &self.zone))
        };
        let expiry = match (moment(&self.expires_at, 1)?, &self.expires_at) {
            (Some(at), _) => CreditExpiry::At(at),
            (None, Some(_)) => CreditExpiry::Never,
            (None, None) => CreditExpiry::Unsaid,
        };
        Ok(CreditImport {
            credit: CreditId::new(row.get(&self.credit)?),
            customer: CustomerId::new(row.get(&self.customer)?),
            amount,
            issued_at: moment(&self.issued_at, 0)?,
            expiry,
        })
    }
}

/// Saves customers as the file has them, and as they were where it has no column. One whose identity is another's is saved
/// without it, and told.
pub async fn save_customers<S: Store>(
    store: &S,
    reader: &CustomerReader,
    mut rows: Vec<(u64, Customer)>,
    report: &mut Report,
) -> Result<(), ImportError> {
    for (_, customer) in &mut rows {
        if let Some(known) = store.find_customer(customer.id.clone()).await? {
            reader.keep_unsaid(customer, known);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let (lines, customers): (Vec<u64>, Vec<Customer>) = rows.into_iter().unzip();
    report.saved += customers.len() as u64;
    for taken in store.save_customers(customers).await? {
        report.add_fault(reader.taken_fault(lines[taken.place], &taken));
    }
    Ok(())
}

/// Saves terms whose product and customer exist; the others are told with their lines.
pub async fn save<S: Store>(
    store: &S,
    prices: Vec<(u64, PriceRecord)>,
    credits: Vec<(u64, CreditImport)>,
    report: &mut Report,
    now: Timestamp,
) -> Result<(), ImportError> {
    if prices.is_empty() && credits.is_empty() {
        return Ok(());
    }
    let contract = |(_, record): &(u64, PriceRecord)| match &record.holder {
        PriceHolder::Customer(customer) => Some(customer.clone()),
        PriceHolder::Group(_) | PriceHolder::Everyone => None,
    };
    let named: Vec<CustomerId> =
        prices.iter().filter_map(contract).chain(credits.iter().map(|(_, credit)| credit.customer.clone())).collect();
    let missing = store.list_missing_customers(named).await?;
    let no_customer = |line: u64, customer: &CustomerId| RowFault {
        line,
        column: "customer".into(),
        why: format!("there is no customer {customer}"),
    };
    let item = |(_, record): &(u64, PriceRecord)| ItemIdentity {
        product: Some(record.product.clone()),
        ..ItemIdentity::default()
    };
    let found = store.resolve_items(prices.iter().map(item).collect()).await?;
    let mut good_prices = Vec::with_capacity(prices.len());
    for ((line, record), found) in prices.into_iter().zip(found) {
        match &record.holder {
            _ if found.is_none() => report.add_fault(RowFault {
                line,
                column: "sku".into(),
                why: format!("there is no product {}", record.product),
            }),
            PriceHolder::Customer(customer) if missing.contains(customer) => {
                report.add_fault(no_customer(line, customer));
            }
            _ => good_prices.push(record),
        }
    }
    let (mut good_credits, mut lines) = (Vec::with_capacity(credits.len()), Vec::with_capacity(credits.len()));
    for (line, credit) in credits {
        match missing.contains(&credit.customer) {
            true => report.add_fault(no_customer(line, &credit.customer)),
            false => {
                good_credits.push(credit);
                lines.push(line);
            }
        }
    }
    report.saved += (good_prices.len() + good_credits.len()) as u64;
    if !good_prices.is_empty() {
        store.save_prices(good_prices).await?;
    }
    if !good_credits.is_empty() {
        for (place, refusal) in store.save_credits(good_credits, now).await? {
            report.saved -= 1;
            let why = format!("{refusal}: it stays as it was");
            report.add_fault(RowFault { line: lines[place], column: String::new(), why });
        }
    }
    Ok(())
}

/// The zone whose days a file means.
fn house_zone(stores: &[StoreRecord]) -> StoreZone {
    stores.first().map_or_else(StoreZone::universal, |store| store.settings.time_zone.clone())
}

/// `2026-11-30T12:00:00+01:00`, or a day: its beginning in the zone, so many days later. The last day something is good ends
/// where the next begins.
fn parse_moment(text: &str, days: u64, zone: &StoreZone) -> Option<Timestamp> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Timestamp::from_timestamp_micros(moment.timestamp_micros());
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.checked_add_days(Days::new(days))?;
    Some(zone.moment(day.and_time(NaiveTime::MIN)))
}

/// Rows of customers that exist; the others are told.
pub async fn keep_customers<S: Store>(
    store: &S,
    items: Vec<(u64, CustomerItem)>,
    report: &mut Report,
) -> Result<Vec<(u64, CustomerItem)>, ImportError> {
    let mut named: Vec<CustomerId> = items.iter().map(|(_, item)| CustomerId::new(&item.customer)).collect();
    named.sort_unstable();
    named.dedup();
    let missing = store.list_missing_customers(named).await?;
    let mut kept = Vec::with_capacity(items.len());
    for (line, item) in items {
        if missing.iter().any(|customer| customer.as_str() == item.customer) {
            let why = format!("there is no customer {}: import customers first", item.customer);
            report.add_fault(RowFault { line, column: "customer".into(), why });
        } else {
            kept.push((line, item));
        }
    }
    Ok(kept)
}
