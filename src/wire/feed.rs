//! Conversions of `feed.proto`.

use prost::Message;
use rust_decimal::Decimal;

use super::error::{
    WireEnum, WireError, WireFault, enumerated, fixed, instant, list, named, narrowed, optional, required, to_list,
    wire_enum,
};
use super::values::{currency, decimal, tax_code};
use super::{Wire, till::v1 as proto};
use crate::domain::feed::{Change, Scope, StockFigure, StoryLine, Unsent};
use crate::domain::ids::{CaseId, EntryId, ProductId};
use crate::domain::money::Tie;
use crate::domain::operator::{Operator, Role};
use crate::domain::product::{Barcode, PriceKind, Product};
use crate::domain::quantity::Quantity;
use crate::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use crate::domain::stock::OtherStoreStock;
use crate::domain::tax::TaxRate;
use crate::domain::tender::CashRounding;
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::zone::StoreZone;

wire_enum!(Scope, proto::Scope, Company, Store);
wire_enum!(
    TransferState,
    proto::TransferState,
    Requested,
    NoneFree,
    SetAside,
    Sent,
    Refused,
    Closed,
    NotNeeded,
    Withdrawn
);
wire_enum!(PriceKind, proto::PriceKind, Fixed, Open);
wire_enum!(Role, proto::Role, Cashier, Stock, Supervisor, Manager);
wire_enum!(Tie, proto::Tie, Up, Down, AlwaysDown);
wire_enum!(ReceiptDuty, proto::ReceiptDuty, OnWish, Compulsory);
wire_enum!(PromisedAlert, proto::PromisedAlert, Card, Strip);
wire_enum!(PromisedSale, proto::PromisedSale, Anyone, Supervisor);

/// A change as bytes, for whoever keeps a feed in a table.
pub fn encode_change(change: &Change) -> Vec<u8> {
    change.to_wire().encode_to_vec()
}

/// The change of [`encode_change`]'s bytes. A kind of change of a newer program is [`WireFault::Missing`] at `change`.
pub fn decode_change(bytes: &[u8]) -> Result<Change, WireError> {
    let message = proto::Change::decode(bytes).map_err(|e| WireError::new(WireFault::Malformed(e.to_string())))?;
    Change::from_wire(message)
}

/// The number of a scope, for messages that hold it as a plain field.
pub fn encode_scope(scope: Scope) -> i32 {
    scope.to_number()
}

/// The scope of a number.
pub fn decode_scope(field: &str, number: i32) -> Result<Scope, WireError> {
    enumerated(field, number)
}

fn product_to_wire(product: &Product, barcodes: &[Barcode]) -> proto::Product {
    proto::Product {
        id: product.id.to_string(),
        name: product.name.clone(),
        price: Some(product.price.to_wire()),
        price_kind: product.price_kind.to_number(),
        tax_code: product.tax.0.to_string(),
        department: product.department.clone(),
        unit: product.unit.to_number(),
        age_limit: product.age_limit.map(u32::from),
        variant_of: product.variant_of.clone(),
        bin: product.bin.clone(),
        stocked: product.stocked,
        quick_key: product.quick_key.map(u32::from),
        withdrawn: product.withdrawn,
        barcodes: barcodes.iter().map(|b| proto::Barcode { key: b.key.clone(), pack: b.pack }).collect(),
    }
}

fn product_from_wire(message: proto::Product) -> Result<(Product, Vec<Barcode>), WireError> {
    let id: ProductId = named("id", message.id)?;
    let barcode = |(i, b): (usize, proto::Barcode)| {
        let key = named("key", b.key).map_err(|e| e.within(format_args!("barcodes[{i}]")))?;
        Ok(Barcode { key, product: id.clone(), pack: b.pack })
    };
    let barcodes = message.barcodes.into_iter().enumerate().map(barcode).collect::<Result<_, WireError>>()?;
    let product = Product {
        id,
        name: message.name,
        price: required("price", message.price)?,
        price_kind: enumerated("price_kind", message.price_kind)?,
        tax: tax_code("tax_code", &message.tax_code)?,
        department: message.department,
        unit: enumerated("unit", message.unit)?,
        age_limit: narrowed("age_limit", message.age_limit)?,
        variant_of: message.variant_of,
        bin: message.bin,
        stocked: message.stocked,
        quick_key: narrowed("quick_key", message.quick_key)?,
        withdrawn: message.withdrawn,
    };
    Ok((product, barcodes))
}

impl Wire for Unsent {
    type Message = proto::Unsent;

    fn to_wire(&self) -> Self::Message {
        proto::Unsent { count: self.count, oldest_at: self.oldest_at.map(|at| at.to_wire()) }
    }

    fn from_wire(message: Self::Message) -> Result<Self, WireError> {
        let oldest_at = message.oldest_at.map(|at| instant("oldest_at", Some(at))).transpose()?;
        Ok(Self { count: message.count, oldest_at })
    }
}

impl Wire for Operator {
    type Message = proto::Operator;

    fn to_wire(&self) -> proto::Operator {
        proto::Operator {
            id: self.id.to_string(),
            name: self.name.clone(),
            role: self.role.to_number(),
            pin_hash: self.pin_hash.clone(),
            badge: self.badge.clone(),
            active: self.active,
        }
    }

    fn from_wire(message: proto::Operator) -> Result<Self, WireError> {
        Ok(Self {
            id: named("id", message.id)?,
            name: message.name,
            role: enumerated("role", message.role)?,
            pin_hash: message.pin_hash,
            badge: message.badge,
            active: message.active,
        })
    }
}

impl Wire for TaxRate {
    type Message = proto::TaxRate;

    fn to_wire(&self) -> proto::TaxRate {
        proto::TaxRate { code: self.code.0.to_string(), name: self.name.clone(), percent: self.percent.to_string() }
    }

    fn from_wire(message: proto::TaxRate) -> Result<Self, WireError> {
        Ok(Self {
            code: tax_code("code", &message.code)?,
            name: message.name,
            percent: decimal("percent", &message.percent)?,
        })
    }
}

impl Wire for CashRounding {
    type Message = proto::CashRounding;

    fn to_wire(&self) -> proto::CashRounding {
        proto::CashRounding { step_minor: self.step_minor, tie: self.tie.to_number() }
    }

    fn from_wire(message: proto::CashRounding) -> Result<Self, WireError> {
        Ok(Self { step_minor: message.step_minor, tie: enumerated("tie", message.tie)? })
    }
}

fn cap_of_wire(message: proto::DiscountCap) -> Result<(Role, Decimal), WireError> {
    let within = |error: WireError| error.within("discount_caps");
    let role = enumerated("role", message.role).map_err(within)?;
    Ok((role, decimal("percent", &message.percent).map_err(within)?))
}

impl Wire for StoreSettings {
    type Message = proto::StoreSettings;

    fn to_wire(&self) -> proto::StoreSettings {
        proto::StoreSettings {
            id: self.id.to_string(),
            name: self.name.clone(),
            address: self.address.clone(),
            tax_number: self.tax_number.clone(),
            receipt_footer: self.receipt_footer.clone(),
            country: self.country.clone(),
            time_zone: self.time_zone.name().to_owned(),
            currency: self.currency.code().to_owned(),
            tax_mode: self.tax_mode.to_number(),
            tax_rates: to_list(&self.tax_rates),
            cash_rounding: Some(self.cash_rounding.to_wire()),
            promised_alert: self.promised_alert.to_number(),
            bays: self.bays.clone(),
            lock_after_minutes: self.lock_after_minutes,
            price_change_reasons: self.price_changes.reasons.clone(),
            discount_caps: self
                .price_changes
                .caps
                .iter()
                .map(|(role, percent)| proto::DiscountCap { role: role.to_number(), percent: percent.to_string() })
                .collect(),
            receipt_duty: Some(self.receipt_duty.to_number()),
            promised_sale: Some(self.promised_sale.to_number()),
            drawer_difference_minor: Some(self.difference_limits.drawer_minor),
            stock_difference_minor: Some(self.difference_limits.stock_minor),
        }
    }

    fn from_wire(message: proto::StoreSettings) -> Result<Self, WireError> {
        let usual = DifferenceLimits::default();
        Ok(Self {
            id: named("id", message.id)?,
            name: message.name,
            address: message.address,
            tax_number: message.tax_number,
            receipt_footer: message.receipt_footer,
            country: message.country,
            time_zone: StoreZone::of(message.time_zone),
            currency: currency("currency", &message.currency)?,
            tax_mode: enumerated("tax_mode", message.tax_mode)?,
            tax_rates: list("tax_rates", message.tax_rates)?,
            cash_rounding: required("cash_rounding", message.cash_rounding)?,
            promised_alert: enumerated("promised_alert", message.promised_alert)?,
            bays: message.bays,
            lock_after_minutes: message.lock_after_minutes,
            receipt_duty: match message.receipt_duty {
                Some(duty) => enumerated("receipt_duty", duty)?,
                None => ReceiptDuty::default(),
            },
            promised_sale: match message.promised_sale {
                Some(sale) => enumerated("promised_sale", sale)?,
                None => PromisedSale::default(),
            },
            difference_limits: DifferenceLimits {
                drawer_minor: message.drawer_difference_minor.unwrap_or(usual.drawer_minor),
                stock_minor: message.stock_difference_minor.unwrap_or(usual.stock_minor),
            },
            price_changes: PriceChangeRules {
                reasons: message.price_change_reasons,
                caps: message.discount_caps.into_iter().map(cap_of_wire).collect::<Result<_, _>>()?,
            },
        })
    }
}

impl Wire for StoryLine {
    type Message = proto::StoryLine;

    fn to_wire(&self) -> proto::StoryLine {
        proto::StoryLine {
            quantity_thousandths: self.quantity.thousandths(),
            reason: self.reason.to_number(),
            workstation: self.workstation.clone(),
            at: Some(self.at.to_wire()),
        }
    }

    fn from_wire(message: proto::StoryLine) -> Result<Self, WireError> {
        Ok(Self {
            quantity: Quantity::from_thousandths(message.quantity_thousandths),
            reason: enumerated("reason", message.reason)?,
            workstation: message.workstation,
            at: instant("at", message.at)?,
        })
    }
}

impl Wire for OtherStoreStock {
    type Message = proto::OtherStoreStock;

    fn to_wire(&self) -> proto::OtherStoreStock {
        proto::OtherStoreStock {
            store: self.store.to_string(),
            name: self.name.clone(),
            free_thousandths: self.free.thousandths(),
            distance_m: self.distance_m,
            as_of: Some(self.as_of.to_wire()),
        }
    }

    fn from_wire(message: proto::OtherStoreStock) -> Result<Self, WireError> {
        Ok(Self {
            store: named("store", message.store)?,
            name: message.name,
            free: Quantity::from_thousandths(message.free_thousandths),
            distance_m: message.distance_m,
            as_of: instant("as_of", message.as_of)?,
        })
    }
}

impl Wire for StockFigure {
    type Message = proto::StockFigure;

    fn to_wire(&self) -> proto::StockFigure {
        proto::StockFigure {
            product: self.product.to_string(),
            on_hand_thousandths: self.on_hand.thousandths(),
            safety_thousandths: self.safety.thousandths(),
            story: to_list(&self.story),
            elsewhere: to_list(&self.elsewhere),
            counted_at: self.counted_at.as_ref().map(Wire::to_wire),
        }
    }

    fn from_wire(message: proto::StockFigure) -> Result<Self, WireError> {
        Ok(Self {
            product: named("product", message.product)?,
            on_hand: Quantity::from_thousandths(message.on_hand_thousandths),
            safety: Quantity::from_thousandths(message.safety_thousandths),
            story: list("story", message.story)?,
            elsewhere: list("elsewhere", message.elsewhere)?,
            counted_at: optional("counted_at", message.counted_at)?,
        })
    }
}

impl Wire for Transfer {
    type Message = proto::Transfer;

    fn to_wire(&self) -> proto::Transfer {
        proto::Transfer {
            entry_id: self.entry.as_bytes().to_vec(),
            order: self.order.as_ref().map(ToString::to_string),
            product: self.product.to_string(),
            quantity_thousandths: self.quantity.thousandths(),
            from: self.from.to_string(),
            from_name: self.from_name.clone(),
            to: self.to.to_string(),
            to_name: self.to_name.clone(),
            asked_by: self.asked_by.clone(),
            asked_at: Some(self.asked_at.to_wire()),
            state: self.state.to_number(),
            case_id: self.case.map(|case| case.as_bytes().to_vec()),
            for_order: self.for_order.as_ref().map(ToString::to_string),
            customer: self.customer.clone(),
        }
    }

    fn from_wire(message: proto::Transfer) -> Result<Self, WireError> {
        Ok(Self {
            entry: EntryId::from_bytes(fixed("entry_id", &message.entry_id)?),
            order: message.order.map(|order| named("order", order)).transpose()?,
            product: named("product", message.product)?,
            quantity: Quantity::from_thousandths(message.quantity_thousandths),
            from: named("from", message.from)?,
            from_name: message.from_name,
            to: named("to", message.to)?,
            to_name: message.to_name,
            asked_by: message.asked_by,
            asked_at: instant("asked_at", message.asked_at)?,
            state: enumerated("state", message.state)?,
            case: message.case_id.map(|case| fixed("case_id", &case).map(CaseId::from_bytes)).transpose()?,
            for_order: message.for_order.map(|order| named("for_order", order)).transpose()?,
            customer: message.customer,
        })
    }
}

impl Wire for Change {
    type Message = proto::Change;

    fn to_wire(&self) -> proto::Change {
        use proto::change::Change as Variant;
        let change = match self {
            Self::Product { product, barcodes } => Variant::Product(product_to_wire(product, barcodes)),
            Self::ProductRemoved(product) => Variant::ProductRemoved(product.to_string()),
            Self::Operator(operator) => Variant::Operator(operator.to_wire()),
            Self::Settings(settings) => Variant::Settings(settings.to_wire()),
            Self::Stock(figure) => Variant::Stock(figure.to_wire()),
            Self::Order(order) => Variant::Order(order.to_wire()),
            Self::OrderRemoved(order) => Variant::OrderRemoved(order.to_string()),
            Self::Case(case) => Variant::ConflictCase(case.to_wire()),
            Self::Transfer(transfer) => Variant::Transfer(transfer.to_wire()),
        };
        proto::Change { change: Some(change) }
    }

    fn from_wire(message: proto::Change) -> Result<Self, WireError> {
        use proto::change::Change as Variant;
        Ok(match message.change.ok_or_else(|| WireError::at("change", WireFault::Missing))? {
            Variant::Product(m) => {
                let (product, barcodes) = product_from_wire(m).map_err(|e| e.within("product"))?;
                Self::Product { product, barcodes }
            }
            Variant::ProductRemoved(product) => Self::ProductRemoved(named("product_removed", product)?),
            Variant::Operator(m) => Self::Operator(required("operator", Some(m))?),
            Variant::Settings(m) => Self::Settings(Box::new(required("settings", Some(m))?)),
            Variant::Stock(m) => Self::Stock(required("stock", Some(m))?),
            Variant::Order(m) => Self::Order(Box::new(required("order", Some(m))?)),
            Variant::OrderRemoved(order) => Self::OrderRemoved(named("order_removed", order)?),
            Variant::ConflictCase(m) => Self::Case(required("conflict_case", Some(m))?),
            Variant::Transfer(m) => Self::Transfer(required("transfer", Some(m))?),
        })
    }
}
