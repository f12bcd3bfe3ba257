//! What head office decides for a store: who it is on a receipt, its rates, its policies.

use super::ids::StoreId;
use super::money::Currency;
use super::tax::{TaxMode, TaxRate};
use super::tender::CashRounding;
use super::zone::StoreZone;

/// Everything a till must know about its store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// Its code.
    pub id: StoreId,
    /// Its name: `High Street`.
    pub name: String,
    /// The company and the address as on a receipt, a line each.
    pub address: Vec<String>,
    /// The seller's tax number as printed.
    pub tax_number: String,
    /// Last lines of a receipt.
    pub receipt_footer: Vec<String>,
    /// Two letters, ISO 3166-1: decides how in-store codes are read.
    pub country: String,
    /// Where its clocks are: decides every time on paper and screen, and which day it is.
    pub time_zone: StoreZone,
    /// What everything is priced in.
    pub currency: Currency,
    /// Prices with or without tax.
    pub tax_mode: TaxMode,
    /// The rates.
    pub tax_rates: Vec<TaxRate>,
    /// How cash is rounded.
    pub cash_rounding: CashRounding,
    /// What a conflict of the first kind shows.
    pub promised_alert: PromisedAlert,
    /// Bays of the pick-up shelf, in order: the first free one is offered.
    pub bays: Vec<String>,
    /// Minutes after which a till locks itself; `None` for never.
    pub lock_after_minutes: Option<u32>,
}

/// How loudly "this one is promised to a web order" is said. The other kind always interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PromisedAlert {
    /// The conflict card: it interrupts and must be answered.
    Card,
    /// A strip on the line.
    Strip,
}
