//! `stores.csv`: `store,name,kind,address,tax_number,country,time_zone,currency,tax_mode,tax_rates,bays,…`; lists between `|`,
//! rates as `A:VAT 21 %:21|B:VAT 9 %:9`, the zone by its name in the IANA database: `Europe/Helsinki`.

use std::io::Read;

use rust_decimal::Decimal;

use super::operators::parse_role;
use super::table::{Column, Row, Table};
use super::{ImportError, RowFault};
use crate::central::store::{Location, StoreKind, StoreRecord};
use crate::domain::barcode::gtin::check_digit_fits;
use crate::domain::ids::StoreId;
use crate::domain::money::{Currency, Money, Tie};
use crate::domain::operator::Role;
use crate::domain::settings::{
    DifferenceLimits, PRICE_CHANGE_REASONS_MAX, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty,
    StoreSettings,
};
use crate::domain::tax::{TaxCode, TaxMode, TaxRate};
use crate::domain::tender::CashRounding;
use crate::domain::zone::{StoreZone, find_similar};

/// Makes stores of rows.
pub struct StoreReader {
    store: Column,
    name: Column,
    currency: Column,
    time_zone: Column,
    others: Vec<(&'static str, Column)>,
    known: Vec<StoreRecord>,
}

/// Columns that need not be there.
pub(super) const OTHERS: &[&str] = &[
    "kind",
    "address",
    "tax_number",
    "receipt_footer",
    "country",
    "tax_mode",
    "tax_rates",
    "cash_rounding",
    "cash_rounding_tie",
    "promised_alert",
    "promised_sale",
    "drawer_difference",
    "stock_difference",
    "bays",
    "lock_after_minutes",
    "price_change_reasons",
    "discount_caps",
    "receipt_duty",
    "gln",
    "latitude",
    "longitude",
];

impl StoreReader {
    /// Understands the header.
    pub fn new(table: &Table<impl Read>, known: &[StoreRecord]) -> Result<Self, ImportError> {
        Ok(Self {
            store: table.get_column(&["store", "code", "id"])?,
            name: table.get_column(&["name"])?,
            currency: table.get_column(&["currency"])?,
            time_zone: table.get_column(&["time_zone"])?,
            others: OTHERS.iter().filter_map(|name| Some((*name, table.find_column(&[name])?))).collect(),
            known: known.to_vec(),
        })
    }

    /// The columns it knows.
    pub fn columns(&self) -> Vec<&Column> {
        let others = self.others.iter().map(|(_, column)| column);
        [&self.store, &self.name, &self.currency, &self.time_zone].into_iter().chain(others).collect()
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.others.iter().find(|(known, _)| *known == name).map(|(_, column)| column)
    }

    /// The store's zone: a till must know it to tell the time, so an unknown one is refused here, with what may be meant.
    fn zone(&self, row: &Row<'_>) -> Result<StoreZone, RowFault> {
        let name = row.get(&self.time_zone)?;
        let zone = StoreZone::of(name.as_str());
        if zone.is_known() {
            return Ok(zone);
        }
        let hint = match find_similar(&name) {
            Some(similar) => format!("is {similar} meant?"),
            None => "write area and city, like Europe/Helsinki".to_owned(),
        };
        Err(row.fault(&self.time_zone, format!("{name:?} is no time zone of the IANA database: {hint}")))
    }

    fn price_changes(&self, row: &Row<'_>) -> Result<PriceChangeRules, RowFault> {
        let few = |reasons: &Vec<String>| reasons.len() <= PRICE_CHANGE_REASONS_MAX;
        let reasons = row.parse(self.column("price_change_reasons"), "a list of at most nine reasons", |text| {
            Some(text.split('|').map(|reason| reason.trim().to_owned()).collect()).filter(few)
        })?;
        let caps = row.parse(self.column("discount_caps"), "a list like cashier:20|stock:10", parse_caps)?;
        Ok(PriceChangeRules { reasons: reasons.unwrap_or_default(), caps: caps.unwrap_or_default() })
    }

    fn difference_limits(&self, row: &Row<'_>, currency: Currency) -> Result<DifferenceLimits, RowFault> {
        let amount = |text: &str| Money::parse(text, currency).ok().map(Money::minor).filter(|minor| *minor >= 0);
        let usual = DifferenceLimits::default();
        let said = |name: &str| row.parse(self.column(name), "an amount like 20.00", amount);
        Ok(DifferenceLimits {
            drawer_minor: said("drawer_difference")?.unwrap_or(usual.drawer_minor),
            stock_minor: said("stock_difference")?.unwrap_or(usual.stock_minor),
        })
    }

    /// The store of a row. Of a known one, what the file has no column for stays as it is.
    pub fn read(&self, row: &Row<'_>) -> Result<StoreRecord, RowFault> {
        let mut store = self.read_said(row)?;
        if let Some(known) = self.known.iter().find(|known| known.settings.id == store.settings.id) {
            self.keep_unsaid(&mut store, known.clone());
        }
        Ok(store)
    }

    fn keep_unsaid(&self, store: &mut StoreRecord, known: StoreRecord) {
        fn keep<T>(said: Option<&Column>, value: &mut T, known: T) {
            if said.is_none() {
                *value = known;
            }
        }
        let said = |name: &str| self.column(name);
        let (settings, before) = (&mut store.settings, known.settings);
        keep(said("kind"), &mut store.kind, known.kind);
        keep(said("gln"), &mut store.gln, known.gln);
        keep(said("latitude").or(said("longitude")), &mut store.location, known.location);
        keep(said("address"), &mut settings.address, before.address);
        keep(said("tax_number"), &mut settings.tax_number, before.tax_number);
        keep(said("receipt_footer"), &mut settings.receipt_footer, before.receipt_footer);
        keep(said("country"), &mut settings.country, before.country);
        keep(said("tax_mode"), &mut settings.tax_mode, before.tax_mode);
        keep(said("tax_rates"), &mut settings.tax_rates, before.tax_rates);
        let (rounding, rounding_before) = (&mut settings.cash_rounding, before.cash_rounding);
        keep(said("cash_rounding"), &mut rounding.step_minor, rounding_before.step_minor);
        keep(said("cash_rounding_tie"), &mut rounding.tie, rounding_before.tie);
        keep(said("promised_alert"), &mut settings.promised_alert, before.promised_alert);
        keep(said("promised_sale"), &mut settings.promised_sale, before.promised_sale);
        let (limits, limits_before) = (&mut settings.difference_limits, before.difference_limits);
        keep(said("drawer_difference"), &mut limits.drawer_minor, limits_before.drawer_minor);
        keep(said("stock_difference"), &mut limits.stock_minor, limits_before.stock_minor);
        keep(said("bays"), &mut settings.bays, before.bays);
        keep(said("receipt_duty"), &mut settings.receipt_duty, before.receipt_duty);
        keep(said("lock_after_minutes"), &mut settings.lock_after_minutes, before.lock_after_minutes);
        let (rules, rules_before) = (&mut settings.price_changes, before.price_changes);
        keep(said("price_change_reasons"), &mut rules.reasons, rules_before.reasons);
        keep(said("discount_caps"), &mut rules.caps, rules_before.caps);
    }

    fn read_said(&self, row: &Row<'_>) -> Result<StoreRecord, RowFault> {
        let code = row.get(&self.currency)?;
        let currency = Currency::from_code(&code)
            .ok_or_else(|| row.fault(&self.currency, format!("{code:?} is no currency of ISO 4217")))?;
        let step = row.parse(self.column("cash_rounding"), "a number of minor units", |text| {
            text.parse().ok().filter(|step| *step >= 1)
        })?;
        let tie = row.parse(self.column("cash_rounding_tie"), "up, down or always_down", parse_tie)?;
        let latitude = row.parse(self.column("latitude"), "a latitude", |text| parse_degrees(text, 90))?;
        let longitude = row.parse(self.column("longitude"), "a longitude", |text| parse_degrees(text, 180))?;
        let is_country =
            |text: &str| (text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())).then(|| text.to_owned());
        Ok(StoreRecord {
            kind: row.parse(self.column("kind"), "shop or warehouse", parse_kind)?.unwrap_or(StoreKind::Shop),
            gln: row.parse(self.column("gln"), "a GLN", |text| {
                (text.len() == 13 && check_digit_fits(text)).then(|| text.to_owned())
            })?,
            location: latitude.zip(longitude).map(|(latitude_microdegrees, longitude_microdegrees)| Location {
                latitude_microdegrees,
                longitude_microdegrees,
            }),
            settings: StoreSettings {
                id: StoreId::new(row.get(&self.store)?),
                name: row.get(&self.name)?,
                address: row.list(self.column("address")),
                tax_number: row.find(self.column("tax_number")).unwrap_or_default(),
                receipt_footer: row.list(self.column("receipt_footer")),
                country: row.parse(self.column("country"), "two capital letters", is_country)?.unwrap_or_default(),
                time_zone: self.zone(row)?,
                currency,
                tax_mode: row
                    .parse(self.column("tax_mode"), "included or excluded", parse_tax_mode)?
                    .unwrap_or(TaxMode::Included),
                tax_rates: row
                    .parse(self.column("tax_rates"), "a list like A:VAT 21 %:21|B:VAT 9 %:9", parse_rates)?
                    .unwrap_or_default(),
                cash_rounding: CashRounding { step_minor: step.unwrap_or(1), tie: tie.unwrap_or(Tie::Up) },
                promised_alert: row
                    .parse(self.column("promised_alert"), "card or strip", parse_alert)?
                    .unwrap_or(PromisedAlert::Card),
                promised_sale: row
                    .parse(self.column("promised_sale"), "anyone or supervisor", parse_promised_sale)?
                    .unwrap_or_default(),
                difference_limits: self.difference_limits(row, currency)?,
                bays: row.list(self.column("bays")),
                receipt_duty: row
                    .parse(self.column("receipt_duty"), "on_wish or compulsory", parse_duty)?
                    .unwrap_or_default(),
                price_changes: self.price_changes(row)?,
                lock_after_minutes: row
                    .parse(self.column("lock_after_minutes"), "minutes", |text| text.parse().ok())?,
            },
        })
    }
}

fn parse_kind(text: &str) -> Option<StoreKind> {
    match text.to_lowercase().as_str() {
        "shop" | "store" => Some(StoreKind::Shop),
        "warehouse" => Some(StoreKind::Warehouse),
        _ => None,
    }
}

fn parse_tax_mode(text: &str) -> Option<TaxMode> {
    match text.to_lowercase().as_str() {
        "included" => Some(TaxMode::Included),
        "excluded" => Some(TaxMode::Excluded),
        _ => None,
    }
}

fn parse_alert(text: &str) -> Option<PromisedAlert> {
    match text.to_lowercase().as_str() {
        "card" => Some(PromisedAlert::Card),
        "strip" => Some(PromisedAlert::Strip),
        _ => None,
    }
}

fn parse_promised_sale(text: &str) -> Option<PromisedSale> {
    match text.to_lowercase().as_str() {
        "anyone" => Some(PromisedSale::Anyone),
        "supervisor" => Some(PromisedSale::Supervisor),
        _ => None,
    }
}

fn parse_duty(text: &str) -> Option<ReceiptDuty> {
    match text.to_lowercase().as_str() {
        "on_wish" => Some(ReceiptDuty::OnWish),
        "compulsory" => Some(ReceiptDuty::Compulsory),
        _ => None,
    }
}

fn parse_tie(text: &str) -> Option<Tie> {
    match text.to_lowercase().as_str() {
        "up" => Some(Tie::Up),
        "down" => Some(Tie::Down),
        "always_down" => Some(Tie::AlwaysDown),
        _ => None,
    }
}

fn parse_caps(text: &str) -> Option<Vec<(Role, Decimal)>> {
    text.split('|')
        .map(|part| {
            let (role, percent) = part.split_once(':')?;
            let percent = Decimal::from_str_exact(percent.trim()).ok()?;
            let fits = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent);
            Some((parse_role(role.trim())?, percent)).filter(|_| fits)
        })
        .collect()
}

fn parse_rates(text: &str) -> Option<Vec<TaxRate>> {
    text.split('|')
        .map(|part| {
            let mut fields = part.split(':').map(str::trim);
            let (code, name, percent) = (fields.next()?, fields.next()?, fields.next()?);
            let mut letters = code.chars();
            let code = TaxCode(letters.next().filter(|_| letters.next().is_none())?);
            let percent = Decimal::from_str_exact(percent).ok()?;
            let fits = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent) && fields.next().is_none();
            fits.then(|| TaxRate { code, name: name.to_owned(), percent })
        })
        .collect()
}

/// Degrees as decimal text, in millionths.
fn parse_degrees(text: &str, degrees_max: i64) -> Option<i32> {
    let degrees = Decimal::from_str_exact(text).ok().filter(|degrees| degrees.abs() <= Decimal::from(degrees_max))?;
    i32::try_from(crate::domain::money::round(degrees * Decimal::from(1_000_000))?).ok()
}
