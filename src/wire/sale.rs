//! Conversions of `sale.proto`.

use super::error::{
    WireError, enumerated, fixed, instant, list, named, narrowed, optional, required, to_list, wire_enum,
};
use super::values::{decimal, tax_code};
use super::{Wire, error::WireEnum, till::v1 as proto};
use crate::domain::basket::{BasketLine, Discount, HandOverLine, PriceSource};
use crate::domain::ids::{BasketId, CaseId, SessionId};
use crate::domain::quantity::Quantity;
use crate::domain::sale::{ReceiptChoice, Sale, SoldAnyway};
use crate::domain::tax::TaxTotal;
use crate::domain::tender::{Tender, TenderKind};

wire_enum!(PriceSource, proto::PriceSource, List, Label, Typed, Order);
wire_enum!(TenderKind, proto::TenderKind, Cash, Card);
wire_enum!(ReceiptChoice, proto::ReceiptChoice, Receipt, WithGiftReceipt, None);

impl Wire for Discount {
    type Message = proto::Discount;

    fn to_wire(&self) -> proto::Discount {
        proto::Discount {
            percent: self.percent.map(|p| p.to_string()),
            amount: Some(self.amount.to_wire()),
            reason: self.reason.clone(),
        }
    }

    fn from_wire(message: proto::Discount) -> Result<Self, WireError> {
        Ok(Self {
            percent: message.percent.as_deref().map(|p| decimal("percent", p)).transpose()?,
            amount: required("amount", message.amount)?,
            reason: message.reason,
        })
    }
}

impl Wire for HandOverLine {
    type Message = proto::HandOverLine;

    fn to_wire(&self) -> proto::HandOverLine {
        proto::HandOverLine {
            order: self.order.to_string(),
            line: self.line,
            share: self.share.as_ref().map(Wire::to_wire),
            prepaid: self.prepaid.as_ref().map(Wire::to_wire),
            taxed: to_list(&self.taxed),
            received: self.received.as_ref().map(Wire::to_wire),
        }
    }

    fn from_wire(message: proto::HandOverLine) -> Result<Self, WireError> {
        Ok(Self {
            order: named("order", message.order)?,
            line: message.line,
            share: optional("share", message.share)?,
            prepaid: optional("prepaid", message.prepaid)?,
            taxed: list("taxed", message.taxed)?,
            received: optional("received", message.received)?,
        })
    }
}

impl Wire for BasketLine {
    type Message = proto::BasketLine;

    fn to_wire(&self) -> proto::BasketLine {
        proto::BasketLine {
            line: self.line,
            product: self.product.to_string(),
            name: self.name.clone(),
            unit: self.unit.to_number(),
            quantity_thousandths: self.quantity.thousandths(),
            unit_price: Some(self.unit_price.to_wire()),
            amount: Some(self.amount.to_wire()),
            price_source: self.price_source.to_number(),
            tax_code: self.tax.0.to_string(),
            discount: self.discount.as_ref().map(Wire::to_wire),
            stocked: self.stocked,
            scanned: self.scanned.clone(),
            batch: self.batch.clone(),
            age_limit: self.age_limit.map(u32::from),
            hand_over: self.hand_over.as_ref().map(Wire::to_wire),
            changed_by: self.changed_by.as_ref().map(ToString::to_string),
            price_reason: self.price_reason.clone(),
            approved_by: self.approved_by.as_ref().map(ToString::to_string),
        }
    }

    fn from_wire(message: proto::BasketLine) -> Result<Self, WireError> {
        Ok(Self {
            line: message.line,
            product: named("product", message.product)?,
            name: message.name,
            unit: enumerated("unit", message.unit)?,
            quantity: Quantity::from_thousandths(message.quantity_thousandths),
            unit_price: required("unit_price", message.unit_price)?,
            amount: required("amount", message.amount)?,
            price_source: enumerated("price_source", message.price_source)?,
            tax: tax_code("tax_code", &message.tax_code)?,
            discount: optional("discount", message.discount)?,
            stocked: message.stocked,
            scanned: message.scanned,
            batch: message.batch,
            age_limit: narrowed("age_limit", message.age_limit)?,
            hand_over: optional("hand_over", message.hand_over)?,
            changed_by: message.changed_by.map(|operator| named("changed_by", operator)).transpose()?,
            price_reason: message.price_reason,
            approved_by: message.approved_by.map(|operator| named("approved_by", operator)).transpose()?,
        })
    }
}

impl Wire for TaxTotal {
    type Message = proto::TaxTotal;

    fn to_wire(&self) -> proto::TaxTotal {
        proto::TaxTotal {
            code: self.code.0.to_string(),
            percent: self.percent.to_string(),
            net: Some(self.net.to_wire()),
            tax: Some(self.tax.to_wire()),
            gross: Some(self.gross.to_wire()),
        }
    }

    fn from_wire(message: proto::TaxTotal) -> Result<Self, WireError> {
        Ok(Self {
            code: tax_code("code", &message.code)?,
            percent: decimal("percent", &message.percent)?,
            net: required("net", message.net)?,
            tax: required("tax", message.tax)?,
            gross: required("gross", message.gross)?,
        })
    }
}

impl Wire for Tender {
    type Message = proto::Tender;

    fn to_wire(&self) -> proto::Tender {
        proto::Tender {
            kind: self.kind.to_number(),
            amount: Some(self.amount.to_wire()),
            reference: self.reference.clone(),
        }
    }

    fn from_wire(message: proto::Tender) -> Result<Self, WireError> {
        Ok(Self {
            kind: enumerated("kind", message.kind)?,
            amount: required("amount", message.amount)?,
            reference: message.reference,
        })
    }
}

impl Wire for SoldAnyway {
    type Message = proto::SoldAnyway;

    fn to_wire(&self) -> proto::SoldAnyway {
        proto::SoldAnyway {
            case_id: self.case.as_bytes().to_vec(),
            product: self.product.to_string(),
            order: self.order.to_string(),
            facts: Some(self.facts.to_wire()),
            approved_by: self.approved_by.as_ref().map(ToString::to_string),
        }
    }

    fn from_wire(message: proto::SoldAnyway) -> Result<Self, WireError> {
        Ok(Self {
            case: CaseId::from_bytes(fixed("case_id", &message.case_id)?),
            product: named("product", message.product)?,
            order: named("order", message.order)?,
            facts: required("facts", message.facts)?,
            approved_by: message.approved_by.map(|o| named("approved_by", o)).transpose()?,
        })
    }
}

impl Wire for Sale {
    type Message = proto::Sale;

    fn to_wire(&self) -> proto::Sale {
        proto::Sale {
            basket_id: self.basket.as_bytes().to_vec(),
            till: Some(self.till.to_wire()),
            receipt_number: self.receipt_number,
            session_id: self.session.as_bytes().to_vec(),
            operator: self.operator.to_string(),
            operator_name: self.operator_name.clone(),
            begun_at: Some(self.begun_at.to_wire()),
            completed_at: Some(self.completed_at.to_wire()),
            lines: to_list(&self.lines),
            tax_mode: self.tax_mode.to_number(),
            taxes: to_list(&self.taxes),
            total: Some(self.total.to_wire()),
            tenders: to_list(&self.tenders),
            cash_rounding: Some(self.cash_rounding.to_wire()),
            change: Some(self.change.to_wire()),
            sold_anyway: to_list(&self.sold_anyway),
            collections: to_list(&self.collections),
            receipt: Some(self.receipt.to_number()),
        }
    }

    fn from_wire(message: proto::Sale) -> Result<Self, WireError> {
        Ok(Self {
            basket: BasketId::from_bytes(fixed("basket_id", &message.basket_id)?),
            till: required("till", message.till)?,
            receipt_number: message.receipt_number,
            session: SessionId::from_bytes(fixed("session_id", &message.session_id)?),
            operator: named("operator", message.operator)?,
            operator_name: message.operator_name,
            begun_at: instant("begun_at", message.begun_at)?,
            completed_at: instant("completed_at", message.completed_at)?,
            lines: list("lines", message.lines)?,
            tax_mode: enumerated("tax_mode", message.tax_mode)?,
            taxes: list("taxes", message.taxes)?,
            total: required("total", message.total)?,
            tenders: list("tenders", message.tenders)?,
            cash_rounding: required("cash_rounding", message.cash_rounding)?,
            change: required("change", message.change)?,
            sold_anyway: list("sold_anyway", message.sold_anyway)?,
            collections: list("collections", message.collections)?,
            receipt: message.receipt.map(|choice| enumerated("receipt", choice)).transpose()?.unwrap_or_default(),
        })
    }
}
