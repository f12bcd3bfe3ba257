//! Arbitrary domain values, all variants, for the round trips.

use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::domain::Timestamp;
use crate::domain::basket::{BasketLine, Discount, HandOverLine, PriceSource};
use crate::domain::conflict::{CaseState, ConflictAnswer, ConflictCase, ConflictDecision, ConflictFacts, ConflictKind};
use crate::domain::event::{CopyCause, CountOf, Event, PrintedDocument, RestoredBasketDecision, RunTail};
use crate::domain::feed::{Change, StockFigure, StoryLine};
use crate::domain::ids::{BasketId, CaseId, EntryId, JournalMark, RunId, SessionId, TillId};
use crate::domain::money::{Currency, Money, Tie};
use crate::domain::operator::{Act, Operator, Role};
use crate::domain::product::{Barcode, PriceKind, Product, Unit};
use crate::domain::quantity::Quantity;
use crate::domain::sale::{ReceiptChoice, Sale, SoldAnyway};
use crate::domain::session::CashMoveKind;
use crate::domain::settings::{
    DifferenceLimits, PriceChangeRules, PromisedAlert, PromisedSale, ReceiptDuty, StoreSettings,
};
use crate::domain::stock::{MovementReason, OtherStoreStock, StockLevel};
use crate::domain::tax::{TaxCode, TaxMode, TaxRate, TaxTotal, Taxed};
use crate::domain::tender::{CashRounding, Tender, TenderKind};
use crate::domain::transfer::{Transfer, TransferState};
use crate::domain::web_order::{
    Collection, CollectionProof, Dispatch, Fulfilment, LineQuantity, OrderLine, OrderState, OrderStep, StepTaken,
    UnmatchedLine, WebOrder,
};
use crate::wire::encode_event;
use crate::wire::entry::{EntryHeader, SealedEntry};

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Zäß€日0-9 ./-]{0,10}"
}

fn name<T: From<String> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    "[a-zA-Zé0-9-]{1,8}".prop_map(T::from)
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<[u8; 16]>().prop_map(Uuid::from_bytes)
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(values)
}

/// Any instant the wire can carry, to the nanosecond.
fn instant() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_i64..=253_402_300_799, 0_u32..1_000_000_000)
        .prop_map(|(seconds, nanos)| Timestamp::from_timestamp(seconds, nanos).unwrap())
}

fn quantity() -> impl Strategy<Value = Quantity> {
    any::<i64>().prop_map(Quantity::from_thousandths)
}

fn money() -> impl Strategy<Value = Money> {
    (any::<i64>(), one_of(&["EUR", "GBP", "JPY", "TND", "CLF"]))
        .prop_map(|(minor, code)| Money::new(minor, Currency::from_code(code).unwrap()))
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u32..=12).prop_map(|(number, scale)| Decimal::new(number, scale))
}

fn tax_code() -> impl Strategy<Value = TaxCode> {
    any::<char>().prop_map(TaxCode)
}

fn unit() -> impl Strategy<Value = Unit> {
    one_of(&[Unit::Each, Unit::Kilogram, Unit::Metre, Unit::Litre, Unit::Hour])
}

fn tax_mode() -> impl Strategy<Value = TaxMode> {
    one_of(&[TaxMode::Included, TaxMode::Excluded])
}

fn movement_reason() -> impl Strategy<Value = MovementReason> {
    use MovementReason::{Adjustment, Dispatch, HandOver, Opening, Receipt, Return, Sale, Transfer};
    one_of(&[Sale, Return, HandOver, Receipt, Transfer, Adjustment, Opening, Dispatch])
}

fn proof() -> impl Strategy<Value = CollectionProof> {
    one_of(&[CollectionProof::Code, CollectionProof::Name])
}

fn mark() -> impl Strategy<Value = JournalMark> {
    (uuid(), 0..=i64::MAX as u64).prop_map(|(run, sequence)| JournalMark { run: RunId(run), sequence })
}

fn till() -> impl Strategy<Value = TillId> {
    (name(), name()).prop_map(|(store, workstation)| TillId { store, workstation })
}

fn level() -> impl Strategy<Value = StockLevel> {
    (quantity(), quantity(), quantity(), quantity()).prop_map(|(on_hand, held, promised, safety)| StockLevel {
        on_hand,
        held,
        promised,
        safety,
    })
}

fn facts() -> impl Strategy<Value = ConflictFacts> {
    (one_of(&[ConflictKind::Promised, ConflictKind::BooksEmpty]), level(), quantity())
        .prop_map(|(kind, level, basket)| ConflictFacts { kind, level, basket })
}

prop_compose! {
    fn discount()(percent in option::of(decimal()), amount in money(), reason in text()) -> Discount {
        Discount { percent, amount, reason }
    }
}

prop_compose! {
    fn taxed()(percent in decimal(), net in money(), tax in money()) -> Taxed {
        Taxed { percent, net, tax }
    }
}

prop_compose! {
    fn hand_over_line()(
        (order, line, share, prepaid, received) in
            (name(), any::<u32>(), option::of(money()), option::of(money()), option::of(money())),
        taxed in vec(taxed(), 0..3),
    ) -> HandOverLine {
        HandOverLine { order, line, share, taxed, prepaid, received }
    }
}

prop_compose! {
    fn basket_line()(
        (line, product, name, unit, quantity) in (any::<u32>(), name(), text(), unit(), quantity()),
        (unit_price, amount, tax) in (money(), money(), tax_code()),
        price_source in one_of(&[PriceSource::List, PriceSource::Label, PriceSource::Typed, PriceSource::Order]),
        discount in option::of(discount()),
        stocked in any::<bool>(),
        (scanned, batch, age_limit) in (option::of(text()), option::of(text()), option::of(any::<u8>())),
        hand_over in option::of(hand_over_line()),
        (changed_by, approved_by, price_reason) in (option::of(name()), option::of(name()), option::of(text())),
    ) -> BasketLine {
        BasketLine { line, product, name, unit, quantity, unit_price, amount, price_source, tax, discount, stocked,
            scanned, batch, age_limit, hand_over, changed_by, approved_by, price_reason }
    }
}

prop_compose! {
    fn tax_total()(code in tax_code(), percent in decimal(), net in money(), tax in money(), gross in money())
        -> TaxTotal {
        TaxTotal { code, percent, net, tax, gross }
    }
}

prop_compose! {
    fn tender()(
        kind in one_of(&[TenderKind::Cash, TenderKind::Card]),
        amount in money(),
        reference in option::of(text()),
    ) -> Tender {
        Tender { kind, amount, reference }
    }
}

prop_compose! {
    fn sold_anyway()(
        (case, product, order) in (uuid(), name(), name()),
        facts in facts(),
        approved_by in option::of(name()),
    ) -> SoldAnyway {
        SoldAnyway { case: CaseId(case), product, order, facts, approved_by }
    }
}

prop_compose! {
    fn collection()(order in name(), collector in text(), proof in proof()) -> Collection {
        Collection { order, collector, proof }
    }
}

prop_compose! {
    fn sale()(
        (basket, till, receipt_number, session) in (uuid(), till(), any::<u64>(), uuid()),
        (operator, operator_name, begun_at, completed_at) in (name(), text(), instant(), instant()),
        (lines, tax_mode, taxes) in (vec(basket_line(), 0..4), tax_mode(), vec(tax_total(), 0..3)),
        (total, tenders, cash_rounding, change) in (money(), vec(tender(), 0..3), money(), money()),
        (sold_anyway, collections) in (vec(sold_anyway(), 0..3), vec(collection(), 0..3)),
        receipt in one_of(&[ReceiptChoice::Receipt, ReceiptChoice::WithGiftReceipt, ReceiptChoice::None]),
    ) -> Sale {
        Sale { basket: BasketId(basket), till, receipt_number, session: SessionId(session), operator, operator_name,
            begun_at, completed_at, lines, tax_mode, taxes, total, tenders, cash_rounding, change, sold_anyway,
            collections, receipt }
    }
}

fn what() -> impl Strategy<Value = LineQuantity> {
    (any::<u32>(), quantity()).prop_map(|(line, quantity)| LineQuantity { line, quantity })
}

fn order_step() -> impl Strategy<Value = OrderStep> {
    prop_oneof![
        name().prop_map(|operator| OrderStep::PickStarted { operator }),
        (what(), option::of(text())).prop_map(|(what, bay)| OrderStep::Picked { what, bay }),
        what().prop_map(|what| OrderStep::PickUndone { what }),
        what().prop_map(|what| OrderStep::ReportedShort { what }),
        text().prop_map(|bay| OrderStep::MadeReady { bay }),
        Just(OrderStep::ReadyUndone),
        (vec(what(), 0..4), text(), proof()).prop_map(|(lines, collector, proof)| OrderStep::HandedOver {
            lines,
            collector,
            proof
        }),
        Just(OrderStep::PutBack),
        Just(OrderStep::Lapsed),
        Just(OrderStep::Cancelled),
        Just(OrderStep::PutAtRisk),
        Just(OrderStep::Packed),
        dispatch().prop_map(OrderStep::Dispatched),
        vec(what(), 0..4).prop_map(|lines| OrderStep::Sent { lines }),
        money().prop_map(|amount| OrderStep::PaidBack { amount }),
    ]
}

fn answer() -> impl Strategy<Value = ConflictAnswer> {
    prop_oneof![
        name().prop_map(|order| ConflictAnswer::HandOver { order }),
        name().prop_map(|order| ConflictAnswer::SellAnyway { order }),
        (name(), any::<u32>(), quantity(), text()).prop_map(|(order, line, quantity, bay)| ConflictAnswer::Keep {
            order,
            line,
            quantity,
            bay
        }),
        name().prop_map(|store| ConflictAnswer::FindAnother { store }),
        Just(ConflictAnswer::LineOut),
    ]
}

prop_compose! {
    fn decision()(
        case in uuid(), basket in uuid(), product in name(), facts in facts(), orders in vec(name(), 0..4),
        answer in answer(),
    ) -> ConflictDecision {
        ConflictDecision { case: CaseId(case), basket: BasketId(basket), product, facts, orders, answer }
    }
}

fn money_events() -> impl Strategy<Value = Event> {
    let move_kind = one_of(&[CashMoveKind::PaidIn, CashMoveKind::PaidOut, CashMoveKind::DropToSafe]);
    prop_oneof![
        (uuid(), money()).prop_map(|(session, float)| Event::SessionOpened { session: SessionId(session), float }),
        (uuid(), money(), money(), option::of(text()), option::of(name())).prop_map(
            |(session, expected, counted, reason, agreed_by)| {
                Event::SessionClosed { session: SessionId(session), expected, counted, reason, agreed_by }
            }
        ),
        sale().prop_map(|sale| Event::SaleCompleted(Box::new(sale))),
        (move_kind, money(), text()).prop_map(|(kind, amount, reason)| Event::CashMoved { kind, amount, reason }),
        text().prop_map(|reason| Event::DrawerOpened { reason }),
        Just(Event::DrawerOpenedByKey),
        uuid().prop_map(|session| Event::InterimReported { session: SessionId(session) }),
        (name(), text(), text()).prop_map(|(device, port, profile)| Event::DeviceConfigured { device, port, profile }),
        (uuid(), money(), option::of(text())).prop_map(|(basket, amount, reference)| Event::CardTakenBack {
            basket: BasketId(basket),
            amount,
            reference
        }),
        (uuid(), one_of(&[RestoredBasketDecision::Sold, RestoredBasketDecision::NotSold]), vec(tender(), 0..3))
            .prop_map(|(basket, decision, tenders)| {
                Event::RestoredBasketDecided { basket: BasketId(basket), decision, tenders }
            }),
        (any::<u64>(), any::<u32>(), one_of(&[CopyCause::Asked, CopyCause::PrintLost]))
            .prop_map(|(receipt_number, copy, cause)| Event::ReceiptCopied { receipt_number, copy, cause }),
        (printed_document(), any::<u32>(), one_of(&[CopyCause::Asked, CopyCause::PrintLost]))
            .prop_map(|(document, copy, cause)| Event::DocumentCopied { document, copy, cause }),
        printed_document().prop_map(|document| Event::DocumentDropped { document }),
    ]
}

fn printed_document() -> impl Strategy<Value = PrintedDocument> {
    prop_oneof![
        any::<u64>().prop_map(|receipt_number| PrintedDocument::Receipt { receipt_number }),
        any::<u64>().prop_map(|receipt_number| PrintedDocument::GiftReceipt { receipt_number }),
        name().prop_map(|order| PrintedDocument::SetAsideSlip { order }),
        name().prop_map(|order| PrintedDocument::BagSlip { order }),
        (name(), option::of(uuid()))
            .prop_map(|(order, hand_over)| PrintedDocument::HandOverSlip { order, hand_over: hand_over.map(EntryId) }),
        uuid().prop_map(|transfer| PrintedDocument::TransferSlip { transfer: EntryId(transfer) }),
        uuid().prop_map(|session| PrintedDocument::InterimReport { session: SessionId(session) }),
        uuid().prop_map(|session| PrintedDocument::CloseReport { session: SessionId(session) }),
    ]
}

fn other_events() -> impl Strategy<Value = Event> {
    let predecessor = option::of((mark(), any::<[u8; 32]>()));
    prop_oneof![
        (predecessor, text(), option::of(any::<u64>())).prop_map(|(tail, version, next_receipt_number)| {
            let predecessor = tail.map(|(mark, hash)| RunTail { mark, hash });
            Event::RunStarted { predecessor, version, next_receipt_number }
        }),
        name().prop_map(|operator| Event::OperatorSignedIn { operator }),
        name().prop_map(|operator| Event::OperatorSignedOut { operator }),
        (name(), any::<u32>()).prop_map(|(operator, failures)| Event::SignInRefused { operator, failures }),
        (uuid(), basket_line())
            .prop_map(|(basket, line)| Event::LineVoided { basket: BasketId(basket), line: Box::new(line) }),
        (uuid(), vec(basket_line(), 0..4))
            .prop_map(|(basket, lines)| Event::BasketVoided { basket: BasketId(basket), lines }),
        decision().prop_map(|decision| Event::ConflictDecided(Box::new(decision))),
        (name(), order_step(), vec((any::<u32>(), name()), 0..4))
            .prop_map(|(order, step, products)| Event::OrderStepped { order, step, products }),
        (name(), quantity(), name(), option::of(uuid()), option::of(name()), text()).prop_map(
            |(product, quantity, from, case, order, customer)| Event::TransferRequested {
                product,
                quantity,
                from,
                case: case.map(CaseId),
                order,
                customer
            }
        ),
        uuid().prop_map(|transfer| Event::TransferWithdrawn { transfer: EntryId(transfer) }),
        (name(), one_of(&ACTS), option::of((uuid(), any::<u32>()))).prop_map(|(approver, act, line)| {
            Event::ActApproved { approver, act, line: line.map(|(basket, line)| (BasketId(basket), line)) }
        }),
        (uuid(), name(), name()).prop_map(|(case, order, product)| Event::FalseAlarmReported {
            case: CaseId(case),
            order,
            product
        }),
        (uuid(), name(), quantity()).prop_map(|(transfer, product, received)| Event::TransferClosed {
            transfer: EntryId(transfer),
            product,
            received
        }),
        (name(), quantity(), quantity(), quantity(), option::of(text())).prop_map(
            |(product, found, expected, in_baskets, reason)| Event::StockCounted {
                product,
                found,
                expected,
                in_baskets,
                reason
            }
        ),
        (uuid(), money(), money()).prop_map(|(session, expected, counted)| Event::DrawerCounted {
            session: SessionId(session),
            expected,
            counted
        }),
        (name(), quantity(), quantity()).prop_map(|(product, expected, counted)| Event::ShelfCounted {
            product,
            expected,
            counted
        }),
        (name(), uuid()).prop_map(|(by, session)| Event::CountSeen { by, of: CountOf::Drawer(SessionId(session)) }),
        (name(), name()).prop_map(|(by, product)| Event::CountSeen { by, of: CountOf::Shelf(product) }),
        (name(), quantity(), movement_reason(), text())
            .prop_map(|(product, quantity, movement, note)| Event::StockAdjusted { product, quantity, movement, note }),
    ]
}

/// Any event.
pub fn event() -> impl Strategy<Value = Event> {
    prop_oneof![money_events(), other_events()]
}

prop_compose! {
    /// Any entry; its times are whole microseconds, as the register makes them.
    pub fn sealed_entry()(
        (entry, till, mark) in (uuid(), till(), mark()),
        recorded_at in -62_135_596_800_000_000_i64..=253_402_300_799_999_999,
        operator in option::of(name()),
        day in 0_i32..=3_000_000,
        event in event(),
        (previous_hash, hash) in (any::<[u8; 32]>(), any::<[u8; 32]>()),
        signature in (any::<[u8; 32]>(), any::<[u8; 32]>()),
    ) -> SealedEntry {
        let header = EntryHeader {
            entry: EntryId(entry),
            till,
            mark,
            recorded_at: Timestamp::from_timestamp_micros(recorded_at).unwrap(),
            operator,
            // Days from the first of January of year 1; four-digit years only, as a till has them.
            business_day: NaiveDate::from_num_days_from_ce_opt(day + 365_000).unwrap(),
            kind: event.kind().to_owned(),
        };
        let mut whole = [0; 64];
        whole[..32].copy_from_slice(&signature.0);
        whole[32..].copy_from_slice(&signature.1);
        SealedEntry { header, payload: encode_event(&event), previous_hash, hash, signature: whole }
    }
}

prop_compose! {
    fn product()(
        (id, name, price) in (name(), text(), money()),
        price_kind in one_of(&[PriceKind::Fixed, PriceKind::Open]),
        (tax, department, unit) in (tax_code(), text(), unit()),
        (age_limit, variant_of, bin) in (option::of(any::<u8>()), option::of(text()), option::of(text())),
        (stocked, quick_key, withdrawn) in (any::<bool>(), option::of(any::<u16>()), any::<bool>()),
    ) -> Product {
        Product { id, name, price, price_kind, tax, department, unit, age_limit, variant_of, bin, stocked, quick_key,
            withdrawn }
    }
}

const ACTS: [Act; 3] = [Act::OverridePrice, Act::Discount, Act::MoveCash];

prop_compose! {
    fn operator()(
        (id, name, pin_hash) in (name(), text(), text()),
        role in one_of(&[Role::Cashier, Role::Stock, Role::Supervisor, Role::Manager]),
        (badge, active) in (option::of(text()), any::<bool>()),
    ) -> Operator {
        Operator { id, name, role, pin_hash, badge, active }
    }
}

prop_compose! {
    fn settings()(
        (id, name, address, tax_number) in (name(), text(), vec(text(), 0..4), text()),
        (receipt_footer, country, time_zone) in (vec(text(), 0..3), text(), text()),
        currency in one_of(&["EUR", "JPY", "KWD"]),
        tax_mode in tax_mode(),
        tax_rates in vec((tax_code(), text(), decimal()), 0..4),
        (step_minor, tie) in (any::<i64>(), one_of(&[Tie::Up, Tie::Down, Tie::AlwaysDown])),
        promised_alert in one_of(&[PromisedAlert::Card, PromisedAlert::Strip]),
        (promised_sale, drawer_minor, stock_minor) in (one_of(&[PromisedSale::Anyone, PromisedSale::Supervisor]), any::<i64>(), any::<i64>()),
        (reasons, caps) in (
            vec(text(), 0..4),
            vec((one_of(&[Role::Cashier, Role::Stock, Role::Supervisor, Role::Manager]), decimal()), 0..3),
        ),
        (bays, lock_after_minutes) in (vec(text(), 0..4), option::of(any::<u32>())),
        receipt_duty in one_of(&[ReceiptDuty::OnWish, ReceiptDuty::Compulsory]),
    ) -> StoreSettings {
        let tax_rates = tax_rates.into_iter().map(|(code, name, percent)| TaxRate { code, name, percent }).collect();
        StoreSettings { id, name, address, tax_number, receipt_footer, country,
            time_zone: crate::domain::zone::StoreZone::of(time_zone),
            currency: Currency::from_code(currency).unwrap(), tax_mode, tax_rates,
            cash_rounding: CashRounding { step_minor, tie }, receipt_duty, price_changes: PriceChangeRules { reasons, caps }, promised_alert, promised_sale, difference_limits: DifferenceLimits { drawer_minor, stock_minor }, bays, lock_after_minutes }
    }
}

prop_compose! {
    fn story_line()(
        quantity in quantity(), reason in movement_reason(), workstation in option::of(text()), at in instant(),
    ) -> StoryLine {
        StoryLine { quantity, reason, workstation, at }
    }
}

prop_compose! {
    fn other_store()(
        store in name(), name in text(), free in quantity(), distance_m in any::<u32>(), as_of in instant(),
    ) -> OtherStoreStock {
        OtherStoreStock { store, name, free, distance_m, as_of }
    }
}

prop_compose! {
    fn figure()(
        product in name(), on_hand in quantity(), safety in quantity(), story in vec(story_line(), 0..4),
        elsewhere in vec(other_store(), 0..3),
        counted_at in option::of(instant()),
    ) -> StockFigure {
        StockFigure { product, on_hand, safety, story, elsewhere, counted_at }
    }
}

prop_compose! {
    fn order_line()(
        (line, product, name, ordered, picked) in (any::<u32>(), name(), text(), quantity(), quantity()),
        (handed_over, cancelled, short) in (quantity(), quantity(), quantity()),
        (unit_price, amount, share, tax, stocked) in
            (money(), any::<i64>(), any::<i64>(), tax_code(), any::<bool>()),
        taxed in vec((decimal(), any::<i64>(), any::<i64>()), 0..3),
    ) -> OrderLine {
        let [amount, share] = [amount, share].map(|minor| Money::new(minor, unit_price.currency()));
        let money = |minor| Money::new(minor, unit_price.currency());
        let taxed = taxed.into_iter().map(|(percent, net, tax)| Taxed { percent, net: money(net), tax: money(tax) });
        OrderLine { line, product, name, ordered, picked, handed_over, cancelled, short, unit_price, amount, share,
            taxed: taxed.collect(), tax, stocked }
    }
}

fn dispatch() -> impl Strategy<Value = Dispatch> {
    (text(), text()).prop_map(|(carrier, tracking)| Dispatch { carrier, tracking })
}

fn order_state() -> impl Strategy<Value = OrderState> {
    use OrderState::{
        Cancelled, Dispatched, HandedOver, Lapsed, Packed, PartHandedOver, Picking, PutBack, Ready, Received, Short,
    };
    one_of(&[
        Received,
        Picking,
        Short,
        Ready,
        PartHandedOver,
        HandedOver,
        Lapsed,
        PutBack,
        Cancelled,
        Packed,
        Dispatched,
    ])
}

prop_compose! {
    fn unmatched_line()(
        (line, name, gtin) in (any::<u32>(), text(), option::of(text())),
        (sellers_number, buyers_number) in (option::of(text()), option::of(text())),
        (quantity, unit, unit_price) in (quantity(), option::of(text()), money()),
    ) -> UnmatchedLine {
        UnmatchedLine { line, name, gtin, sellers_number, buyers_number, quantity, unit, unit_price }
    }
}

prop_compose! {
    fn step_taken()(
        (at, step, operator, workstation) in (instant(), order_step(), option::of(name()), option::of(name())),
    ) -> StepTaken {
        StepTaken { at, step, operator, workstation }
    }
}

prop_compose! {
    fn web_order()(
        (number, channel, reference, store) in (name(), name(), text(), name()),
        fulfilment in one_of(&[Fulfilment::PickUp, Fulfilment::Delivery, Fulfilment::Transfer]),
        (customer_name, customer_phone, paid, prepaid) in
            (text(), option::of(text()), any::<bool>(), option::of(money())),
        (ordered_at, collect_by, collection_code) in (instant(), option::of(instant()), text()),
        (state, bay, picker, at_risk) in (order_state(), option::of(text()), option::of(name()), any::<bool>()),
        (dispatch, lines) in (option::of(dispatch()), vec(order_line(), 0..4)),
        (unmatched, notes, owed_back) in (vec(unmatched_line(), 0..3), text(), option::of(money())),
        history in vec(step_taken(), 0..4),
    ) -> WebOrder {
        WebOrder { number, channel, reference, store, fulfilment, customer_name, customer_phone, paid,
            prepaid, ordered_at, collect_by, collection_code, state, bay, picker, at_risk, dispatch, lines,
            owed_back, unmatched, notes, history }
    }
}

fn case_state() -> impl Strategy<Value = CaseState> {
    use CaseState::{AwaitingDecision, BackOrdered, CancelledAndRefunded, FalseAlarm, Open, ReSourced, Substituted};
    one_of(&[Open, ReSourced, AwaitingDecision, BackOrdered, Substituted, CancelledAndRefunded, FalseAlarm])
}

prop_compose! {
    fn conflict_case()(
        case in uuid(), product in name(), order in name(), quantity in quantity(), state in case_state(),
        opened_at in instant(), due_at in instant(),
    ) -> ConflictCase {
        ConflictCase { case: CaseId(case), product, order, quantity, state, opened_at, due_at }
    }
}

fn transfer_state() -> impl Strategy<Value = TransferState> {
    use TransferState::{Closed, NoneFree, NotNeeded, Refused, Requested, Sent, SetAside, Withdrawn};
    one_of(&[Requested, NoneFree, SetAside, Sent, Refused, Closed, NotNeeded, Withdrawn])
}

prop_compose! {
    fn transfer()(
        (entry, order, case) in (uuid(), option::of(name()), option::of(uuid())),
        (product, quantity, state) in (name(), quantity(), transfer_state()),
        (from, from_name, to, to_name) in (name(), text(), name(), text()),
        (asked_by, asked_at) in (text(), instant()),
        (for_order, customer) in (option::of(name()), text()),
    ) -> Transfer {
        Transfer { entry: EntryId(entry), order, product, quantity, from, from_name, to, to_name, asked_by, asked_at,
            state, case: case.map(CaseId), for_order, customer }
    }
}

/// Any change of the feed.
pub fn change() -> impl Strategy<Value = Change> {
    let product = (product(), vec((name::<String>(), any::<u32>()), 0..4)).prop_map(|(product, codes)| {
        let barcode = |(key, pack)| Barcode { key, product: product.id.clone(), pack };
        let barcodes = codes.into_iter().map(barcode).collect();
        Change::Product { product, barcodes }
    });
    prop_oneof![
        product,
        name().prop_map(Change::ProductRemoved),
        operator().prop_map(Change::Operator),
        settings().prop_map(|settings| Change::Settings(Box::new(settings))),
        figure().prop_map(Change::Stock),
        web_order().prop_map(|order| Change::Order(Box::new(order))),
        name().prop_map(Change::OrderRemoved),
        conflict_case().prop_map(Change::Case),
        transfer().prop_map(Change::Transfer),
    ]
}
