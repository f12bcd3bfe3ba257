//! What head office decides for a store: who it is on a receipt, its rates, its policies.

use rust_decimal::Decimal;

use super::ids::StoreId;
use super::money::Currency;
use super::operator::{Act, Permission, Role, permission};
use super::sale::ReceiptChoice;
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
    /// Whether a customer may go without a receipt.
    pub receipt_duty: ReceiptDuty,
    /// How prices are changed by hand.
    pub price_changes: PriceChangeRules,
    /// What a conflict of the first kind shows.
    pub promised_alert: PromisedAlert,
    /// Who may answer the conflict card with *sell anyway*.
    pub promised_sale: PromisedSale,
    /// How much a count may differ from the books before somebody else agrees to it.
    pub difference_limits: DifferenceLimits,
    /// Bays of the pick-up shelf, in order: the first free one is offered.
    pub bays: Vec<String>,
    /// Minutes after which a till locks itself; `None` for never.
    pub lock_after_minutes: Option<u32>,
}

impl StoreSettings {
    /// A store nobody has described yet: named by its code, until central says more.
    pub fn unknown(store: &StoreId) -> Self {
        Self {
            id: store.clone(),
            name: store.to_string(),
            address: Vec::new(),
            tax_number: String::new(),
            receipt_footer: Vec::new(),
            country: String::new(),
            time_zone: StoreZone::universal(),
            currency: Currency::EUR,
            tax_mode: TaxMode::Included,
            tax_rates: Vec::new(),
            cash_rounding: CashRounding::NONE,
            receipt_duty: ReceiptDuty::default(),
            price_changes: PriceChangeRules::default(),
            promised_alert: PromisedAlert::Card,
            promised_sale: PromisedSale::default(),
            difference_limits: DifferenceLimits::default(),
            bays: Vec::new(),
            lock_after_minutes: None,
        }
    }

    /// What a role may do about an act in this store: the house rules, and what the store asks beyond them.
    pub const fn permission(&self, role: Role, act: Act) -> Permission {
        match (permission(role, act), act, self.promised_sale) {
            (Permission::Allow, Act::SellPromised, PromisedSale::Supervisor)
                if matches!(role, Role::Cashier | Role::Stock) =>
            {
                Permission::Ask
            }
            (usual, ..) => usual,
        }
    }
}

/// What the law of the store's country says about receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReceiptDuty {
    /// Given on wish, as in France since August 2023 (loi n° 2020-105, article 49).
    #[default]
    OnWish,
    /// Every sale comes with one, as in Germany (Abgabenordnung § 146a (2)).
    Compulsory,
}

impl ReceiptDuty {
    /// What comes out on paper when this is wanted.
    pub const fn holds_to(self, wanted: ReceiptChoice) -> ReceiptChoice {
        match (self, wanted) {
            (Self::Compulsory, ReceiptChoice::None) => ReceiptChoice::Receipt,
            (_, wanted) => wanted,
        }
    }
}

/// How many reasons for changing a price a till offers: a key each.
pub const PRICE_CHANGE_REASONS_MAX: usize = 9;

/// How prices are changed by hand: why, and how far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceChangeRules {
    /// What a discount or a typed price may be for, as printed, in the order they are offered; at most
    /// [`PRICE_CHANGE_REASONS_MAX`]. Where there are none, none is asked for.
    pub reasons: Vec<String>,
    /// The most that a role may take off a line, in percent; a role that is not named is not held back.
    pub caps: Vec<(Role, Decimal)>,
}

impl PriceChangeRules {
    /// Is this a reason of the store's?
    pub fn takes_reason(&self, reason: &str) -> bool {
        self.reasons.is_empty() || self.reasons.iter().any(|known| known == reason)
    }

    /// The most that a role may take off, in percent.
    pub fn find_cap(&self, role: Role) -> Option<Decimal> {
        self.caps.iter().find(|(held, _)| *held == role).map(|(_, percent)| *percent)
    }
}

/// How loudly "this one is promised to a web order" is said. The other kind always interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PromisedAlert {
    /// The conflict card: it interrupts and must be answered.
    Card,
    /// A strip on the line.
    Strip,
}

/// Who may sell what a web order was promised. Every other answer to the conflict card gives the order its unit, and is
/// everybody's; where a strip stands for the card, nobody is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PromisedSale {
    /// Whoever sells.
    #[default]
    Anyone,
    /// Supervisors and managers; for others one of them agrees on the spot.
    Supervisor,
}

/// How much a count may differ from the books before a supervisor agrees to it on the spot, in minor units of the store's
/// currency: what is above them asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DifferenceLimits {
    /// A drawer, from what it should hold.
    pub drawer_minor: i64,
    /// A product on its shelf, at its price.
    pub stock_minor: i64,
}

impl Default for DifferenceLimits {
    fn default() -> Self {
        Self { drawer_minor: 2_000, stock_minor: 10_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::specimen;

    #[test]
    fn a_store_may_ask_a_supervisor_before_what_is_promised_is_sold() {
        use Permission::{Allow, Ask};
        let roles = [Role::Cashier, Role::Stock, Role::Supervisor, Role::Manager];
        let usual = specimen::settings();
        assert_eq!(usual.promised_sale, PromisedSale::Anyone, "off by default");
        assert_eq!(roles.map(|role| usual.permission(role, Act::SellPromised)), [Allow; 4]);
        let strict = StoreSettings { promised_sale: PromisedSale::Supervisor, ..usual };
        assert_eq!(roles.map(|role| strict.permission(role, Act::SellPromised)), [Ask, Ask, Allow, Allow]);
        for act in [Act::Sell, Act::OverridePrice, Act::Discount, Act::Refund, Act::Pick, Act::Configure] {
            assert_eq!(roles.map(|role| strict.permission(role, act)), roles.map(|role| permission(role, act)));
        }
    }

    #[test]
    fn reasons_and_caps_are_the_stores_own() {
        let open = PriceChangeRules::default();
        assert!(open.takes_reason("anything") && open.find_cap(Role::Cashier).is_none());
        let rules = PriceChangeRules {
            reasons: vec!["staff".to_owned(), "damaged".to_owned()],
            caps: vec![(Role::Cashier, Decimal::TEN), (Role::Stock, Decimal::ZERO)],
        };
        assert!(rules.takes_reason("damaged") && !rules.takes_reason("anything") && !rules.takes_reason(""));
        let caps = [Role::Cashier, Role::Stock, Role::Supervisor].map(|role| rules.find_cap(role));
        assert_eq!(caps, [Some(Decimal::TEN), Some(Decimal::ZERO), None]);
    }

    #[test]
    fn where_a_receipt_is_compulsory_nobody_goes_without() {
        use ReceiptChoice::{None, Receipt, WithGiftReceipt};
        let all = [Receipt, WithGiftReceipt, None];
        assert_eq!(all.map(|wanted| ReceiptDuty::OnWish.holds_to(wanted)), all);
        let held = all.map(|wanted| ReceiptDuty::Compulsory.holds_to(wanted));
        assert_eq!(held, [Receipt, WithGiftReceipt, Receipt]);
    }
}
