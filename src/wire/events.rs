//! Conversions of `events.proto`: the payload of every journal entry, for ever.

use prost::Message;

use super::error::{
    WireEnum, WireError, WireFault, enumerated, fixed, list, named, optional, required, to_list, wire_enum,
};
use super::till::v1::count_seen::Of as SeenOf;
use super::till::v1::document_copied::Document as Printed;
use super::till::v1::document_dropped::Document as Dropped;
use super::{Wire, till::v1 as proto};
use crate::domain::event::{CopyCause, CountOf, Event, PrintedDocument, RestoredBasketDecision, RunTail};
use crate::domain::ids::{BasketId, CaseId, EntryId, ProductId, SessionId};
use crate::domain::operator::Act;
use crate::domain::quantity::Quantity;
use crate::domain::session::CashMoveKind;

wire_enum!(CashMoveKind, proto::CashMoveKind, PaidIn, PaidOut, DropToSafe);
wire_enum!(
    Act,
    proto::OperatorAct,
    Sell,
    Void,
    OverridePrice,
    Discount,
    Refund,
    SellPromised,
    MoveCash,
    OpenSession,
    InterimReport,
    Pick,
    Reprint,
    DropDocument,
    Configure,
    CloseInDoubt,
    CorrectStock
);
wire_enum!(CopyCause, proto::CopyCause, Asked, PrintLost);
wire_enum!(RestoredBasketDecision, proto::RestoredBasketDecision, Sold, NotSold);

/// An event as the payload of a journal entry.
pub fn encode_event(event: &Event) -> Vec<u8> {
    event.to_wire().encode_to_vec()
}

/// The event of a payload. An event kind of a newer program is [`WireFault::Missing`] at `event`.
pub fn decode_event(payload: &[u8]) -> Result<Event, WireError> {
    let message = proto::Event::decode(payload).map_err(|e| WireError::new(WireFault::Malformed(e.to_string())))?;
    Event::from_wire(message)
}

impl Wire for RunTail {
    type Message = proto::RunTail;

    fn to_wire(&self) -> proto::RunTail {
        proto::RunTail { mark: Some(self.mark.to_wire()), hash: self.hash.to_vec() }
    }

    fn from_wire(message: proto::RunTail) -> Result<Self, WireError> {
        Ok(Self { mark: required("mark", message.mark)?, hash: fixed("hash", &message.hash)? })
    }
}

/// A line's number and its product, as an order step names them.
impl Wire for (u32, ProductId) {
    type Message = proto::OrderLineProduct;

    fn to_wire(&self) -> proto::OrderLineProduct {
        proto::OrderLineProduct { line: self.0, product: self.1.to_string() }
    }

    fn from_wire(message: proto::OrderLineProduct) -> Result<Self, WireError> {
        Ok((message.line, named("product", message.product)?))
    }
}

/// A line of a basket, as an approval names it.
impl Wire for (BasketId, u32) {
    type Message = proto::BasketPlace;

    fn to_wire(&self) -> proto::BasketPlace {
        proto::BasketPlace { basket_id: self.0.as_bytes().to_vec(), line: self.1 }
    }

    fn from_wire(message: proto::BasketPlace) -> Result<Self, WireError> {
        Ok((BasketId::from_bytes(fixed("basket_id", &message.basket_id)?), message.line))
    }
}

impl Wire for Event {
    type Message = proto::Event;

    fn to_wire(&self) -> proto::Event {
        proto::Event { event: Some(to_variant(self)) }
    }

    fn from_wire(message: proto::Event) -> Result<Self, WireError> {
        from_variant(message.event.ok_or_else(|| WireError::at("event", WireFault::Missing))?)
    }
}

// Size: one arm per event, nothing else.
fn to_variant(event: &Event) -> proto::event::Event {
    use proto::event::Event as Variant;
    match event {
        Event::RunStarted { predecessor, version, next_receipt_number } => Variant::RunStarted(proto::RunStarted {
            predecessor: predecessor.as_ref().map(Wire::to_wire),
            version: version.clone(),
            next_receipt_number: *next_receipt_number,
        }),
        Event::OperatorSignedIn { operator } => {
            Variant::OperatorSignedIn(proto::OperatorSignedIn { operator: operator.to_string() })
        }
        Event::OperatorSignedOut { operator } => {
            Variant::OperatorSignedOut(proto::OperatorSignedOut { operator: operator.to_string() })
        }
        Event::SignInRefused { operator, failures } => {
            Variant::SignInRefused(proto::SignInRefused { operator: operator.to_string(), failures: *failures })
        }
        Event::SessionOpened { session, float } => Variant::SessionOpened(proto::SessionOpened {
            session_id: session.as_bytes().to_vec(),
            float: Some(float.to_wire()),
        }),
        Event::SessionClosed { session, expected, counted, reason, agreed_by } => {
            Variant::SessionClosed(proto::SessionClosed {
                session_id: session.as_bytes().to_vec(),
                expected: Some(expected.to_wire()),
                counted: Some(counted.to_wire()),
                reason: reason.clone(),
                agreed_by: agreed_by.as_ref().map(ToString::to_string),
            })
        }
        Event::DrawerCounted { session, expected, counted } => Variant::DrawerCounted(proto::DrawerCounted {
            session_id: session.as_bytes().to_vec(),
            expected: Some(expected.to_wire()),
            counted: Some(counted.to_wire()),
        }),
        Event::ShelfCounted { product, expected, counted } => Variant::ShelfCounted(proto::ShelfCounted {
            product: product.to_string(),
            expected_thousandths: expected.thousandths(),
            counted_thousandths: counted.thousandths(),
        }),
        Event::CountSeen { by, of } => {
            Variant::CountSeen(proto::CountSeen { by: by.to_string(), of: Some(count_of_to_wire(of)) })
        }
        Event::SaleCompleted(sale) => Variant::SaleCompleted(sale.to_wire()),
        Event::LineVoided { basket, line } => {
            Variant::LineVoided(proto::LineVoided { basket_id: basket.as_bytes().to_vec(), line: Some(line.to_wire()) })
        }
        Event::BasketVoided { basket, lines } => {
            Variant::BasketVoided(proto::BasketVoided { basket_id: basket.as_bytes().to_vec(), lines: to_list(lines) })
        }
        Event::ConflictDecided(decision) => Variant::ConflictDecided(decision.to_wire()),
        Event::OrderStepped { order, step, products } => Variant::OrderStepped(proto::OrderStepped {
            order: order.to_string(),
            step: Some(step.to_wire()),
            products: to_list(products),
        }),
        Event::CashMoved { kind, amount, reason } => Variant::CashMoved(proto::CashMoved {
            kind: kind.to_number(),
            amount: Some(amount.to_wire()),
            reason: reason.clone(),
        }),
        Event::DrawerOpened { reason } => Variant::DrawerOpened(proto::DrawerOpened { reason: reason.clone() }),
        Event::CardTakenBack { basket, amount, reference } => Variant::CardTakenBack(proto::CardTakenBack {
            basket_id: basket.as_bytes().to_vec(),
            amount: Some(amount.to_wire()),
            reference: reference.clone(),
        }),
        Event::DrawerOpenedByKey => Variant::DrawerOpenedByKey(proto::DrawerOpenedByKey {}),
        Event::ReceiptCopied { receipt_number, copy, cause } => Variant::ReceiptCopied(proto::ReceiptCopied {
            receipt_number: *receipt_number,
            copy: *copy,
            cause: cause.to_number(),
        }),
        Event::DocumentCopied { document, copy, cause } => Variant::DocumentCopied(proto::DocumentCopied {
            document: Some(document_to_wire(document)),
            copy: *copy,
            cause: cause.to_number(),
            hand_over_id: hand_over_id(document),
        }),
        Event::DocumentDropped { document } => Variant::DocumentDropped(proto::DocumentDropped {
            document: Some(dropped_to_wire(document)),
            hand_over_id: hand_over_id(document),
        }),
        Event::InterimReported { session } => {
            Variant::InterimReported(proto::InterimReported { session_id: session.as_bytes().to_vec() })
        }
        Event::RestoredBasketDecided { basket, decision, tenders } => {
            Variant::RestoredBasketDecided(proto::RestoredBasketDecided {
                basket_id: basket.as_bytes().to_vec(),
                decision: decision.to_number(),
                tenders: to_list(tenders),
            })
        }
        Event::DeviceConfigured { device, port, profile } => Variant::DeviceConfigured(proto::DeviceConfigured {
            device: device.to_string(),
            port: port.clone(),
            profile: profile.clone(),
        }),
        Event::TransferRequested { product, quantity, from, case, order, customer } => {
            Variant::TransferRequested(proto::TransferRequested {
                product: product.to_string(),
                quantity_thousandths: quantity.thousandths(),
                from: from.to_string(),
                case_id: case.map(|case| case.as_bytes().to_vec()),
                order: order.as_ref().map(ToString::to_string),
                customer: customer.clone(),
            })
        }
        Event::TransferWithdrawn { transfer } => {
            Variant::TransferWithdrawn(proto::TransferWithdrawn { transfer_id: transfer.as_bytes().to_vec() })
        }
        Event::TransferClosed { transfer, product, received } => Variant::TransferClosed(proto::TransferClosed {
            transfer_id: transfer.as_bytes().to_vec(),
            product: product.to_string(),
            received_thousandths: received.thousandths(),
        }),
        Event::ActApproved { approver, act, line } => Variant::ActApproved(proto::ActApproved {
            approver: approver.to_string(),
            act: act.to_number(),
            line: line.as_ref().map(Wire::to_wire),
        }),
        Event::FalseAlarmReported { case, order, product } => Variant::FalseAlarmReported(proto::FalseAlarmReported {
            case_id: case.as_bytes().to_vec(),
            order: order.to_string(),
            product: product.to_string(),
        }),
        Event::StockCounted { product, found, expected, in_baskets, reason } => {
            Variant::StockCounted(proto::StockCounted {
                product: product.to_string(),
                found_thousandths: found.thousandths(),
                expected_thousandths: expected.thousandths(),
                in_baskets_thousandths: in_baskets.thousandths(),
                reason: reason.clone(),
            })
        }
        Event::StockAdjusted { product, quantity, movement, note } => Variant::StockAdjusted(proto::StockAdjusted {
            product: product.to_string(),
            quantity_thousandths: quantity.thousandths(),
            movement: movement.to_number(),
            note: note.clone(),
        }),
    }
}

// Size: one arm per event, nothing else.
fn from_variant(variant: proto::event::Event) -> Result<Event, WireError> {
    use proto::event::Event as Variant;
    Ok(match variant {
        Variant::RunStarted(m) => Event::RunStarted {
            predecessor: optional("run_started.predecessor", m.predecessor)?,
            version: m.version,
            next_receipt_number: m.next_receipt_number,
        },
        Variant::OperatorSignedIn(m) => {
            Event::OperatorSignedIn { operator: named("operator_signed_in.operator", m.operator)? }
        }
        Variant::OperatorSignedOut(m) => {
            Event::OperatorSignedOut { operator: named("operator_signed_out.operator", m.operator)? }
        }
        Variant::SignInRefused(m) => {
            Event::SignInRefused { operator: named("sign_in_refused.operator", m.operator)?, failures: m.failures }
        }
        Variant::SessionOpened(m) => Event::SessionOpened {
            session: SessionId::from_bytes(fixed("session_opened.session_id", &m.session_id)?),
            float: required("session_opened.float", m.float)?,
        },
        Variant::SessionClosed(m) => Event::SessionClosed {
            session: SessionId::from_bytes(fixed("session_closed.session_id", &m.session_id)?),
            expected: required("session_closed.expected", m.expected)?,
            counted: required("session_closed.counted", m.counted)?,
            reason: m.reason,
            agreed_by: m.agreed_by.map(|by| named("session_closed.agreed_by", by)).transpose()?,
        },
        Variant::DrawerCounted(m) => Event::DrawerCounted {
            session: SessionId::from_bytes(fixed("drawer_counted.session_id", &m.session_id)?),
            expected: required("drawer_counted.expected", m.expected)?,
            counted: required("drawer_counted.counted", m.counted)?,
        },
        Variant::ShelfCounted(m) => Event::ShelfCounted {
            product: named("shelf_counted.product", m.product)?,
            expected: Quantity::from_thousandths(m.expected_thousandths),
            counted: Quantity::from_thousandths(m.counted_thousandths),
        },
        Variant::CountSeen(m) => Event::CountSeen { by: named("count_seen.by", m.by)?, of: count_of_from_wire(m.of)? },
        Variant::SaleCompleted(m) => Event::SaleCompleted(Box::new(required("sale_completed", Some(m))?)),
        Variant::LineVoided(m) => Event::LineVoided {
            basket: BasketId::from_bytes(fixed("line_voided.basket_id", &m.basket_id)?),
            line: Box::new(required("line_voided.line", m.line)?),
        },
        Variant::BasketVoided(m) => Event::BasketVoided {
            basket: BasketId::from_bytes(fixed("basket_voided.basket_id", &m.basket_id)?),
            lines: list("basket_voided.lines", m.lines)?,
        },
        Variant::ConflictDecided(m) => Event::ConflictDecided(Box::new(required("conflict_decided", Some(m))?)),
        Variant::OrderStepped(m) => Event::OrderStepped {
            order: named("order_stepped.order", m.order)?,
            step: required("order_stepped.step", m.step)?,
            products: list("order_stepped.products", m.products)?,
        },
        Variant::CashMoved(m) => Event::CashMoved {
            kind: enumerated("cash_moved.kind", m.kind)?,
            amount: required("cash_moved.amount", m.amount)?,
            reason: m.reason,
        },
        Variant::DrawerOpened(m) => Event::DrawerOpened { reason: m.reason },
        Variant::CardTakenBack(m) => Event::CardTakenBack {
            basket: BasketId::from_bytes(fixed("card_taken_back.basket_id", &m.basket_id)?),
            amount: required("card_taken_back.amount", m.amount)?,
            reference: m.reference,
        },
        Variant::DrawerOpenedByKey(proto::DrawerOpenedByKey {}) => Event::DrawerOpenedByKey,
        Variant::ReceiptCopied(m) => Event::ReceiptCopied {
            receipt_number: m.receipt_number,
            copy: m.copy,
            cause: enumerated("receipt_copied.cause", m.cause)?,
        },
        Variant::DocumentCopied(m) => Event::DocumentCopied {
            document: document_from_wire(m.document, m.hand_over_id.as_deref())?,
            copy: m.copy,
            cause: enumerated("document_copied.cause", m.cause)?,
        },
        Variant::DocumentDropped(m) => {
            Event::DocumentDropped { document: dropped_from_wire(m.document, m.hand_over_id.as_deref())? }
        }
        Variant::InterimReported(m) => Event::InterimReported {
            session: SessionId::from_bytes(fixed("interim_reported.session_id", &m.session_id)?),
        },
        Variant::RestoredBasketDecided(m) => Event::RestoredBasketDecided {
            basket: BasketId::from_bytes(fixed("restored_basket_decided.basket_id", &m.basket_id)?),
            decision: enumerated("restored_basket_decided.decision", m.decision)?,
            tenders: list("restored_basket_decided.tenders", m.tenders)?,
        },
        Variant::DeviceConfigured(m) => Event::DeviceConfigured {
            device: named("device_configured.device", m.device)?,
            port: m.port,
            profile: m.profile,
        },
        Variant::TransferRequested(m) => Event::TransferRequested {
            product: named("transfer_requested.product", m.product)?,
            quantity: Quantity::from_thousandths(m.quantity_thousandths),
            from: named("transfer_requested.from", m.from)?,
            case: m
                .case_id
                .map(|case| fixed("transfer_requested.case_id", &case).map(CaseId::from_bytes))
                .transpose()?,
            order: m.order.map(|order| named("transfer_requested.order", order)).transpose()?,
            customer: m.customer,
        },
        Variant::TransferWithdrawn(m) => Event::TransferWithdrawn {
            transfer: EntryId::from_bytes(fixed("transfer_withdrawn.transfer_id", &m.transfer_id)?),
        },
        Variant::TransferClosed(m) => Event::TransferClosed {
            transfer: EntryId::from_bytes(fixed("transfer_closed.transfer_id", &m.transfer_id)?),
            product: named("transfer_closed.product", m.product)?,
            received: Quantity::from_thousandths(m.received_thousandths),
        },
        Variant::ActApproved(m) => Event::ActApproved {
            approver: named("approver", m.approver)?,
            act: enumerated("act", m.act)?,
            line: optional("line", m.line)?,
        },
        Variant::FalseAlarmReported(m) => Event::FalseAlarmReported {
            case: CaseId::from_bytes(fixed("false_alarm_reported.case_id", &m.case_id)?),
            order: named("false_alarm_reported.order", m.order)?,
            product: named("false_alarm_reported.product", m.product)?,
        },
        Variant::StockCounted(m) => Event::StockCounted {
            product: named("stock_counted.product", m.product)?,
            found: Quantity::from_thousandths(m.found_thousandths),
            expected: Quantity::from_thousandths(m.expected_thousandths),
            in_baskets: Quantity::from_thousandths(m.in_baskets_thousandths),
            reason: m.reason,
        },
        Variant::StockAdjusted(m) => Event::StockAdjusted {
            product: named("stock_adjusted.product", m.product)?,
            quantity: Quantity::from_thousandths(m.quantity_thousandths),
            movement: enumerated("stock_adjusted.movement", m.movement)?,
            note: m.note,
        },
    })
}

/// The two messages that name a document of a till, each with a choice of its own.
macro_rules! printed_document {
    ($to_wire:ident, $from_wire:ident, $variant:ident, $at:literal) => {
        fn $to_wire(document: &PrintedDocument) -> $variant {
            match document {
                PrintedDocument::Receipt { receipt_number } => $variant::Receipt(*receipt_number),
                PrintedDocument::GiftReceipt { receipt_number } => $variant::GiftReceipt(*receipt_number),
                PrintedDocument::SetAsideSlip { order } => $variant::SetAsideSlip(order.to_string()),
                PrintedDocument::BagSlip { order } => $variant::BagSlip(order.to_string()),
                PrintedDocument::HandOverSlip { order, .. } => $variant::HandOverSlip(order.to_string()),
                PrintedDocument::TransferSlip { transfer } => $variant::TransferSlip(transfer.as_bytes().to_vec()),
                PrintedDocument::InterimReport { session } => $variant::InterimReport(session.as_bytes().to_vec()),
                PrintedDocument::CloseReport { session } => $variant::CloseReport(session.as_bytes().to_vec()),
            }
        }

        fn $from_wire(document: Option<$variant>, hand_over: Option<&[u8]>) -> Result<PrintedDocument, WireError> {
            let at = concat!($at, ".document");
            let session = |session: &[u8]| fixed(at, session).map(SessionId::from_bytes);
            Ok(match document.ok_or_else(|| WireError::at(at, WireFault::Missing))? {
                $variant::Receipt(receipt_number) => PrintedDocument::Receipt { receipt_number },
                $variant::GiftReceipt(receipt_number) => PrintedDocument::GiftReceipt { receipt_number },
                $variant::SetAsideSlip(order) => PrintedDocument::SetAsideSlip { order: named(at, order)? },
                $variant::BagSlip(order) => PrintedDocument::BagSlip { order: named(at, order)? },
                $variant::HandOverSlip(order) => {
                    let entry = |bytes: &[u8]| fixed(concat!($at, ".hand_over_id"), bytes).map(EntryId::from_bytes);
                    let hand_over = hand_over.map(entry).transpose()?;
                    PrintedDocument::HandOverSlip { order: named(at, order)?, hand_over }
                }
                $variant::TransferSlip(bytes) => {
                    PrintedDocument::TransferSlip { transfer: fixed(at, &bytes).map(EntryId::from_bytes)? }
                }
                $variant::InterimReport(bytes) => PrintedDocument::InterimReport { session: session(&bytes)? },
                $variant::CloseReport(bytes) => PrintedDocument::CloseReport { session: session(&bytes)? },
            })
        }
    };
}

printed_document!(document_to_wire, document_from_wire, Printed, "document_copied");
printed_document!(dropped_to_wire, dropped_from_wire, Dropped, "document_dropped");

/// Which of an order's hand-overs a slip is of.
fn hand_over_id(document: &PrintedDocument) -> Option<Vec<u8>> {
    match document {
        PrintedDocument::HandOverSlip { hand_over, .. } => hand_over.map(|entry| entry.as_bytes().to_vec()),
        _ => None,
    }
}

fn count_of_to_wire(of: &CountOf) -> SeenOf {
    match of {
        CountOf::Drawer(session) => SeenOf::SessionId(session.as_bytes().to_vec()),
        CountOf::Shelf(product) => SeenOf::Product(product.to_string()),
    }
}

fn count_of_from_wire(of: Option<SeenOf>) -> Result<CountOf, WireError> {
    Ok(match of.ok_or_else(|| WireError::at("count_seen.of", WireFault::Missing))? {
        SeenOf::SessionId(session) => CountOf::Drawer(SessionId::from_bytes(fixed("count_seen.session_id", &session)?)),
        SeenOf::Product(product) => CountOf::Shelf(named("count_seen.product", product)?),
    })
}
