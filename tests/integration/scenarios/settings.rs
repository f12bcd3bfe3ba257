//! The statement `store …`: what head office decides for the store of a scenario.

use till::domain::feed::Change;
use till::domain::money::Tie;
use till::domain::settings::{PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings};
use till::domain::tax::{TaxCode, TaxMode, TaxRate};
use till::domain::tender::CashRounding;
use till::domain::zone::StoreZone;

use super::acts::{Done, role};
use super::script::Words;
use super::shop::Shop;

/// Changes one setting and tells the till.
pub fn set_store(shop: &mut Shop, words: &mut Words<'_>) -> Done {
    match words.get("a setting")? {
        "name" => shop.settings.name = words.get("a name")?.to_owned(),
        "tax" => {
            shop.settings.tax_mode = if words.take("excluded") {
                TaxMode::Excluded
            } else {
                words.take("included");
                TaxMode::Included
            };
            shop.settings.tax_rates.clear();
            while let Some(letter) = words.find() {
                let code = TaxCode(letter.chars().next().unwrap_or('?'));
                let percent: rust_decimal::Decimal = words.get_number("percent")?;
                shop.settings.tax_rates.push(TaxRate { code, name: format!("VAT {percent} %"), percent });
            }
        }
        "reasons" => {
            shop.settings.price_changes.reasons = words.remaining().split(' ').map(str::to_owned).collect();
        }
        "cap" => {
            let role = role(words.get("a role")?)?;
            shop.settings.price_changes.caps.push((role, words.get_number("percent")?));
        }
        "receipt" => {
            shop.settings.receipt_duty = match words.get("on_wish or compulsory")? {
                "on_wish" => ReceiptDuty::OnWish,
                "compulsory" => ReceiptDuty::Compulsory,
                other => return Err(format!("a receipt is on_wish or compulsory, not {other}")),
            }
        }
        "lock" => shop.settings.lock_after_minutes = Some(words.get_number("minutes")?),
        "country" => shop.settings.country = words.get("two letters")?.to_owned(),
        "bays" => shop.settings.bays = words.remaining().split(' ').map(str::to_owned).collect(),
        "zone" => shop.settings.time_zone = StoreZone::of(words.get("a zone's name")?),
        "rounding" => {
            let step = words.get_money("the smallest coin")?;
            shop.settings.cash_rounding = CashRounding { step_minor: step.minor(), tie: Tie::Up };
        }
        "alert" => {
            shop.settings.promised_alert = match words.get("card or strip")? {
                "card" => PromisedAlert::Card,
                "strip" => PromisedAlert::Strip,
                other => return Err(format!("an alert is a card or a strip, not a {other}")),
            }
        }
        "promised_sale" => {
            shop.settings.promised_sale = match words.get("anyone or supervisor")? {
                "anyone" => PromisedSale::Anyone,
                "supervisor" => PromisedSale::Supervisor,
                other => return Err(format!("what is promised is sold by anyone or supervisor, not by {other}")),
            }
        }
        "differences" => {
            words.take("drawer");
            shop.settings.difference_limits.drawer_minor = words.get_money("a drawer's difference")?.minor();
            words.take("stock");
            shop.settings.difference_limits.stock_minor = words.get_money("a count's difference")?.minor();
        }
        other => return Err(format!("no such setting: {other}")),
    }
    shop.office.announce(Change::Settings(Box::new(shop.settings.clone())));
    Ok(())
}

/// A till that central has said nothing to yet.
pub fn unconfigured() -> StoreSettings {
    StoreSettings {
        name: "High Street".to_owned(),
        country: "FI".to_owned(),
        time_zone: StoreZone::of("Europe/Helsinki"),
        ..StoreSettings::unknown(&"S001".into())
    }
}
