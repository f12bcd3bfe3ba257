//! The verbs of a scenario: what each statement does to the shop.
//!
//! Size: one arm a verb.

use std::str::FromStr;

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{NaiveTime, TimeDelta};
use till::domain::barcode::house::encode_collection_code;
use till::domain::barcode::{HouseCode, lookup_key};
use till::domain::conflict::CaseState;
use till::domain::device::{DeviceEvent, DrawerPosition, HealthReason, HealthState};
use till::domain::event::RestoredBasketDecision;
use till::domain::feed::{Change, SyncEvent};
use till::domain::ids::{CaseId, DeviceId, EntryId, OperatorId, OrderNumber, ProductId, StoreId};
use till::domain::money::{Currency, Money};
use till::domain::operator::{Operator, Role};
use till::domain::product::{Barcode, PriceKind, Product, Unit};
use till::domain::quantity::Quantity;
use till::domain::sale::ReceiptChoice;
use till::domain::scan::{Scan, ScanQuality, Symbology};
use till::domain::session::CashMoveKind;
use till::domain::stock::OtherStoreStock;
use till::domain::tax::{TaxCode, Taxed};
use till::domain::tender::TenderKind;
use till::domain::transfer::TransferState;
use till::domain::web_order::{Fulfilment, OrderLine, OrderState, OrderStep, WantedLine, WebOrder};
use till::register::intent::{
    CodeAsked, ConflictChoice, EntryFault, HandOverAsked, LinesChosen, PaidBackFrom, Pin, PortChoice, PrintDecision,
    Recognition, Screen,
};
use till::register::snapshot::{PortDevice, Task};
use till::register::{Intent, SCANNER};

use super::head_office::sold_elsewhere;
use super::script::Words;
use super::settings::set_store;
use super::shop::{Accident, Shop};
use super::window;

pub type Done = Result<(), String>;

/// Does what a statement says.
pub fn perform(shop: &mut Shop, words: &mut Words<'_>) -> Done {
    let verb = words.get("a verb")?;
    let found = arrange(shop, verb, words)?
        || act_at_the_counter(shop, verb, words)?
        || act_on_orders(shop, verb, words)?
        || act_on_the_world(shop, verb, words)?;
    if !found {
        return Err(format!("no such act: {verb}"));
    }
    words.end()
}

/// What head office arranges: catalogue, people, stock, orders.
fn arrange(shop: &mut Shop, verb: &str, words: &mut Words<'_>) -> Result<bool, String> {
    match verb {
        "store" => set_store(shop, words)?,
        "product" => add_product(shop, words)?,
        "operator" => add_operator(shop, words)?,
        "stock" => {
            let product = ProductId::from(words.get("a product")?);
            words.take("on_hand");
            let on_hand = words.get_quantity("on hand")?;
            let safety = if words.take("safety") { words.get_quantity("safety")? } else { Quantity::ZERO };
            shop.office.set_stock(&product, on_hand, safety);
        }
        "elsewhere" => {
            let product = ProductId::from(words.get("a product")?);
            let (store, name) = (words.get("a store")?, words.get("its name")?);
            words.take("free");
            let free = words.get_quantity("free units")?;
            let distance_m = words.get_number("metres")?;
            let other = OtherStoreStock { store: store.into(), name: name.into(), free, distance_m, as_of: shop.now() };
            shop.office.set_elsewhere(&product, other);
        }
        "order" => {
            let order = read_order(shop, words)?;
            shop.office.receive_order(order);
        }
        "customer" => {
            let number = OrderNumber::from(words.get("an order")?);
            let step = match words.get("what the customer does")? {
                "cancels" => OrderStep::Cancelled,
                "pays" => {
                    shop.office.pay(&number)?;
                    shop.exchange();
                    return Ok(true);
                }
                "paid_twice" => {
                    shop.office.owe_back(&number, words.get_money("how much")?)?;
                    shop.exchange();
                    return Ok(true);
                }
                "stays_away" => OrderStep::Lapsed,
                "drops" => {
                    shop.office.drop_line(&number, &ProductId::from(words.get("a product")?))?;
                    shop.exchange();
                    return Ok(true);
                }
                other => return Err(format!("a customer cannot {other}")),
            };
            shop.office.step(&number, &step, shop.now())?;
        }
        "receipts_given" => {
            let last = words.get_number("the highest number")?;
            shop.send(Intent::Sync(SyncEvent::ReceiptsGiven { last }));
        }
        "put_aside" => shop.tell_put_aside(words.get_number("how many entries")?),
        "other_store" => {
            let state = match words.get("what the other store does")? {
                "sets_aside" => TransferState::SetAside,
                "sends" => TransferState::Sent,
                "refuses" => TransferState::Refused,
                "has_none" => TransferState::NoneFree,
                other => return Err(format!("another store cannot {other}")),
            };
            shop.office.answer_transfers(state);
        }
        "asked_by_store" => {
            let number = words.get("an order's number")?;
            let name = words.get("the store's name")?;
            let product = ProductId::from(words.get("a product")?);
            let quantity = words.get_quantity("how many")?;
            let line = [number, "pickup", product.as_str(), &format!("x{quantity}"), "paid", "for", name];
            let line: Vec<String> = line.into_iter().map(str::to_owned).collect();
            let mut order = read_order(shop, &mut Words::new(&line))?;
            (order.fulfilment, order.collection_code) = (Fulfilment::Transfer, String::new());
            shop.office.ask_for_transfer(order, EntryId(shop.random.uuid()));
        }
        "other_till" => {
            let workstation = words.get("a till")?;
            match words.get("what the other till does")? {
                "sells" => {
                    let product = ProductId::from(words.get("a product")?);
                    let line = sold_elsewhere(words.get_quantity("how many")?, workstation, shop.now());
                    shop.office.move_stock(&product, line);
                }
                "sets_aside" => {
                    let (order, at) = (OrderNumber::from(words.get("an order")?), shop.now());
                    shop.office.set_aside(&order, workstation, at)?;
                }
                "counts" => {
                    let product = ProductId::from(words.get("a product")?);
                    let at = shop.now();
                    shop.office.count_elsewhere(&product, words.get_quantity("how many")?, at);
                }
                "hands_over" => {
                    let at = shop.now();
                    shop.office.hand_over(&OrderNumber::from(words.get("an order")?), workstation, at)?;
                }
                "finds" => shop.office.decide(words.get("an order")?, CaseState::FalseAlarm, workstation)?,
                "asks_for" => shop.office.decide(words.get("an order")?, CaseState::ReSourced, workstation)?,
                other => return Err(format!("another till cannot {other}")),
            }
        }
        _ => return Ok(false),
    }
    shop.exchange();
    Ok(true)
}

fn add_product(shop: &mut Shop, words: &mut Words<'_>) -> Done {
    let id = ProductId::from(words.get("a product")?);
    let name = words.get("its name")?.to_owned();
    let price_kind = if words.peek() == Some("open") { PriceKind::Open } else { PriceKind::Fixed };
    let price = match price_kind {
        PriceKind::Open => {
            words.take("open");
            Money::zero(Currency::EUR)
        }
        PriceKind::Fixed => words.get_money("its price")?,
    };
    let tax = TaxCode(words.get("its tax letter")?.chars().next().unwrap_or('?'));
    let mut product = Product {
        id: id.clone(),
        name,
        price,
        price_kind,
        tax,
        department: "Shop".to_owned(),
        unit: Unit::Each,
        age_limit: None,
        variant_of: None,
        bin: Some("A-01".to_owned()),
        stocked: true,
        quick_key: None,
        withdrawn: false,
    };
    let mut barcodes = Vec::new();
    while let Some(word) = words.find() {
        match word {
            "code" => {
                let code = words.get("its code")?;
                let pack = if words.take("pack") { words.get_number("pieces in the pack")? } else { 1 };
                barcodes.push(Barcode { key: lookup_key(code), product: id.clone(), pack });
            }
            "kg" => product.unit = Unit::Kilogram,
            "age" => product.age_limit = Some(words.get_number("years")?),
            "not_stocked" => product.stocked = false,
            "withdrawn" => product.withdrawn = true,
            other => return Err(format!("a product is not {other}")),
        }
    }
    shop.catalogue.insert(id.to_string(), (product.clone(), barcodes.clone()));
    shop.office.announce(Change::Product { product, barcodes });
    Ok(())
}

pub fn role(word: &str) -> Result<Role, String> {
    Ok(match word {
        "cashier" => Role::Cashier,
        "stock" => Role::Stock,
        "supervisor" => Role::Supervisor,
        "manager" => Role::Manager,
        other => return Err(format!("no such role: {other}")),
    })
}

fn add_operator(shop: &mut Shop, words: &mut Words<'_>) -> Done {
    let id = words.get("an operator")?;
    let role = role(words.get("a role")?)?;
    let pin = words.get("a PIN")?;
    // As weak as argon2id may be: what is tested here is not the strength of the hash.
    let weakest = Params::new(8, 1, 1, None).map_err(|error| error.to_string())?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, weakest);
    let hash = hasher.hash_password_with_salt(pin.as_bytes(), b"salt of a test").map_err(|error| error.to_string())?;
    let badge = if words.take("badge") { Some(words.get("the badge")?.to_owned()) } else { None };
    let active = !words.take("gone");
    let name = format!("{}{}", id[..1].to_uppercase(), &id[1..]);
    let operator = Operator { id: id.into(), name, role, pin_hash: hash.to_string(), badge, active };
    shop.office.announce(Change::Operator(operator));
    Ok(())
}

fn read_order(shop: &Shop, words: &mut Words<'_>) -> Result<WebOrder, String> {
    let number = words.get("an order's number")?;
    let fulfilment = match words.get("pickup or delivery")? {
        "pickup" => Fulfilment::PickUp,
        "delivery" => Fulfilment::Delivery,
        other => return Err(format!("an order is pickup or delivery, not {other}")),
    };
    let digits: u64 = number.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(1);
    let today = shop.local(shop.now()).date();
    let mut order = WebOrder {
        number: number.into(),
        channel: "website".into(),
        reference: format!("web-{number}"),
        store: "S001".into(),
        fulfilment,
        customer_name: "Anna K.".to_owned(),
        customer_phone: None,
        paid: false,
        prepaid: None,
        ordered_at: shop.now(),
        collect_by: Some(shop.moment(today.and_time(NaiveTime::MIN) + TimeDelta::hours(17))),
        collection_code: encode_collection_code(digits * 7919),
        state: OrderState::Received,
        bay: None,
        picker: None,
        at_risk: false,
        dispatch: None,
        owed_back: None,
        history: Vec::new(),
        unmatched: Vec::new(),
        notes: String::new(),
        lines: Vec::new(),
    };
    while let Some(word) = words.find() {
        match word {
            "paid" => order.paid = true,
            "unpaid" => order.paid = false,
            "prepaid" => order.prepaid = Some(words.get_money("what was received")?),
            "code" => order.collection_code = words.get("its collection code")?.to_owned(),
            "for" => order.customer_name = words.get("a customer")?.to_owned(),
            "by" => {
                let day = if words.take("tomorrow") { today + TimeDelta::days(1) } else { today };
                let time = NaiveTime::from_str(words.get("a time")?).map_err(|error| error.to_string())?;
                order.collect_by = Some(shop.moment(day.and_time(time)));
            }
            id => {
                let (product, _) = shop.catalogue.get(id).ok_or_else(|| format!("no such product: {id}"))?;
                let ordered = words.get_quantity("how many")?;
                let unit_price = if words.take("at") { words.get_money("its price")? } else { product.price };
                let (id, name) = (product.id.clone(), product.name.clone());
                let mut wanted = WantedLine::priced(id, name, ordered, unit_price, product.tax)
                    .ok_or_else(|| format!("{ordered} at {unit_price} fits no amount"))?;
                wanted.stocked = product.stocked;
                if words.take("costs") {
                    wanted.amount = words.get_money("what the line costs")?;
                }
                if words.take("share") {
                    wanted.share = words.get_money("its share")?;
                }
                while words.take("taxed") {
                    let percent = words.get_number("percent")?;
                    let (net, tax) = (words.get_money("what it is on")?, words.get_money("the tax")?);
                    wanted.taxed.push(Taxed { percent, net, tax });
                }
                order.lines.push(OrderLine::new(order.lines.len() as u32 + 1, &wanted));
            }
        }
    }
    Ok(order)
}

/// What the cashier does.
fn act_at_the_counter(shop: &mut Shop, verb: &str, words: &mut Words<'_>) -> Result<bool, String> {
    let intent = match verb {
        "sign_on" => {
            let operator = words.get("an operator")?.to_owned();
            let pin = match operator.as_str() {
                "anna" => "1111",
                "ben" => "2222",
                "chidi" => "3333",
                _ => "4444",
            };
            shop.send(Intent::OperatorChosen(Some(OperatorId::from(operator))));
            shop.send(Intent::PinEntered(Pin(pin.to_owned())));
            let float = Money::new(20_000, Currency::EUR);
            if shop.snapshot().session.is_some() { return Ok(true) } else { Intent::SessionOpened { float } }
        }
        "sign_in" => {
            shop.send(Intent::OperatorChosen(Some(OperatorId::from(words.get("an operator")?))));
            Intent::PinEntered(Pin(words.get("a PIN")?.to_owned()))
        }
        "approver" => Intent::ApproverChosen(Some(OperatorId::from(words.get("an operator")?))),
        "approve" => Intent::ApprovalPinEntered(Pin(words.get("a PIN")?.to_owned())),
        "not_approved" => Intent::ApprovalGivenUp,
        "agree" => Intent::CountAgreed,
        "send_back" => Intent::CountSentBack,
        "sign_out" => Intent::SignedOut,
        "float" => Intent::SessionOpened { float: words.get_money("the float")? },
        "close" => {
            let counted = words.get_money("what was counted")?;
            let reason = Some(words.remaining()).filter(|reason| !reason.is_empty());
            Intent::SessionClosed { counted, reason }
        }
        "count_again" => Intent::CountResumed,
        "interim_report" => Intent::InterimReportAsked,
        "paid_in" => cash_moved(CashMoveKind::PaidIn, words)?,
        "paid_out" => cash_moved(CashMoveKind::PaidOut, words)?,
        "no_sale" => Intent::DrawerOpened { reason: words.remaining() },
        "to_safe" => cash_moved(CashMoveKind::DropToSafe, words)?,
        "scan" => scanned(shop, words)?,
        "type" => Intent::CodeTyped(words.get("what is typed")?.to_owned()),
        "search" => Intent::SearchTyped(words.get("what is looked for")?.to_owned()),
        "search_receipts" => Intent::ReceiptSearched(words.get("what is looked for")?.to_owned()),
        "search_orders" => Intent::OrderSearchTyped(words.get("what is looked for")?.to_owned()),
        "search_stock" => Intent::StockSearched(words.get("what is looked for")?.to_owned()),
        "tap" => Intent::ProductChosen(ProductId::from(words.get("a product")?)),
        "none_of_these" => Intent::ChoiceGivenUp,
        "look" => Intent::LineSelected(Some(words.get_number("a line")?)),
        "look_away" => Intent::LineSelected(None),
        "times" => Intent::QuantityPrefixed(Some(words.get_quantity("how many")?)),
        "quantity" => {
            Intent::QuantitySet { line: words.get_number("a line")?, quantity: words.get_quantity("how many")? }
        }
        "price" => Intent::PriceSet {
            line: words.get_number("a line")?,
            unit_price: words.get_money("the price")?,
            reason: words.find().unwrap_or_default().to_owned(),
        },
        "discount" => Intent::DiscountSet {
            line: words.get_number("a line")?,
            percent: words.get_number("percent")?,
            reason: words.get("a reason")?.to_owned(),
        },
        "remove" => Intent::LineRemoved { line: words.get_number("a line")? },
        "undo" => Intent::ScanUndone,
        "void" => Intent::BasketVoided,
        "was_sold" => Intent::RestoredBasketDecided(RestoredBasketDecision::Sold),
        "was_not_sold" => Intent::RestoredBasketDecided(RestoredBasketDecision::NotSold),
        "age" => Intent::AgeChecked { old_enough: words.get("yes or no")? == "yes" },
        "so_much" => Intent::AmountConfirmed { right: words.get("yes or no")? == "yes" },
        "no_amount" => Intent::EntryRefused(EntryFault::Amount),
        "open_price" => Intent::OpenPriceEntered(Some(words.get_money("the price")?)),
        "how_much" => Intent::QuantityEntered(Some(words.get_quantity("how much")?)),
        "park" => Intent::Parked,
        "recall" => {
            let parked = shop.snapshot().parked;
            Intent::Recalled(parked.first().ok_or("no basket is parked")?.basket)
        }
        "answer" => answer(shop, words)?,
        "ask_code" => Intent::CollectionCodeAsked(Some(CodeAsked {
            order: OrderNumber::from(words.get("an order")?),
            collector: collector(words)?,
        })),
        "pay" => Intent::PayOpened,
        "back" => Intent::PayLeft,
        "tender" => {
            let kind = match words.get("cash or card")? {
                "cash" => TenderKind::Cash,
                "card" => TenderKind::Card,
                other => return Err(format!("no such tender: {other}")),
            };
            Intent::Tendered { kind, amount: words.get_money("how much")?, reference: words.find().map(str::to_owned) }
        }
        "card" => Intent::CardBegun { amount: words.get_money("how much")? },
        "approved" => {
            let asked = shop.snapshot().pay.and_then(|pay| pay.at_terminal);
            let amount = asked.ok_or("the terminal was asked for nothing")?;
            Intent::Tendered { kind: TenderKind::Card, amount, reference: words.find().map(str::to_owned) }
        }
        "declined" => Intent::CardDeclined,
        "ask_ports" => Intent::PortsAsked(port_device(words)?),
        "leave_ports" => Intent::PortsLeft,
        "choose_port" => Intent::PortChosen(PortChoice {
            device: port_device(words)?,
            port: words.get("a port")?.to_owned(),
            profile: words.get("a profile")?.to_owned(),
        }),
        "receipt" => Intent::ReceiptChosen(match words.get("what is wanted on paper")? {
            "receipt" => ReceiptChoice::Receipt,
            "gift" => ReceiptChoice::WithGiftReceipt,
            "none" => ReceiptChoice::None,
            other => return Err(format!("no such receipt: {other}")),
        }),
        "take_back" => Intent::TenderTakenBack { index: words.get_number::<usize>("which tender")?.saturating_sub(1) },
        "gift_receipt" => Intent::GiftReceiptAsked { receipt_number: words.get_number("a receipt")? },
        "last_report" => Intent::CloseReportAsked,
        "copy" => Intent::ReceiptCopied { receipt_number: words.get_number("a receipt")? },
        "show" => Intent::ScreenShown(screen(words.get("a screen")?)?),
        "count" => Intent::ShelfCountBegun(ProductId::from(words.get("a product")?)),
        "leave_count" => Intent::ShelfCountLeft,
        "on_shelf" => {
            let found = words.get_quantity("how much")?;
            Intent::ShelfCounted { found, reason: words.find().map(str::to_owned) }
        }
        "ask_to_count" => Intent::DrawerCountAsked,
        _ => return Ok(false),
    };
    shop.send(intent);
    Ok(true)
}

fn cash_moved(kind: CashMoveKind, words: &mut Words<'_>) -> Result<Intent, String> {
    let amount = words.get_money("how much")?;
    Ok(Intent::CashMoved { kind, amount, reason: words.remaining() })
}

fn port_device(words: &mut Words<'_>) -> Result<PortDevice, String> {
    let word = words.get("a device")?;
    PortDevice::of(&DeviceId::from(word)).ok_or_else(|| format!("no such device on a port: {word}"))
}

pub fn screen(word: &str) -> Result<Screen, String> {
    Ok(match word {
        "sell" => Screen::Sell,
        "pay" => Screen::Pay,
        "pick_ups" => Screen::PickUps,
        "stock" => Screen::Stock,
        "receipts" => Screen::Receipts,
        "drawer" => Screen::Drawer,
        "devices" => Screen::Devices,
        "unfinished" => Screen::UnfinishedBusiness,
        other => return Err(format!("no such screen: {other}")),
    })
}

/// `scan jacket-m`, `scan 9520000000011`, `scan jacket-m twice_in_a_row`, `scan 95200 broken_off`, `scan ?? garbled`.
fn scanned(shop: &Shop, words: &mut Words<'_>) -> Result<Intent, String> {
    let word = words.get("a product or a code")?;
    let payload = match shop.catalogue.get(word) {
        Some((_, barcodes)) => barcodes.first().ok_or_else(|| format!("{word} has no code"))?.key.clone(),
        None => word.replace("<GS>", "\u{1d}"),
    };
    let mut scan = Scan {
        device: DeviceId::from(SCANNER),
        payload: payload.into_bytes(),
        symbology: None,
        quality: ScanQuality::Whole,
    };
    while let Some(word) = words.find() {
        match word {
            "twice_in_a_row" => scan.quality = ScanQuality::Repeat,
            "broken_off" => scan.quality = ScanQuality::Partial,
            "garbled" => scan.quality = ScanQuality::Garbage,
            "as" => {
                let identifier = words.get("an AIM identifier")?;
                let (symbology, _) = Symbology::split(identifier.as_bytes()).ok_or("not an AIM identifier")?;
                scan.symbology = Some(symbology);
            }
            other => return Err(format!("a scan is not {other}")),
        }
    }
    Ok(Intent::Device(DeviceEvent::Scanned(scan)))
}

fn answer(shop: &mut Shop, words: &mut Words<'_>) -> Result<Intent, String> {
    let card = shop.snapshot().conflict.as_ref().map_or(0, |card| card.number);
    let order = |words: &mut Words<'_>| words.find().map(OrderNumber::from);
    let choice = match words.get("an answer")? {
        "sell_anyway" => ConflictChoice::SellAnyway { order: order(words) },
        "keep" => ConflictChoice::Keep { order: order(words) },
        "hand_over" => ConflictChoice::HandOver {
            order: order(words).ok_or("whose order?")?,
            recognised: recognition(words)?,
            collector: collector(words)?,
        },
        "find_another" => ConflictChoice::FindAnother {
            store: words.get("a store")?.into(),
            customer: if words.take("for") { words.get("a name")?.to_owned() } else { String::new() },
        },
        "line_out" => ConflictChoice::LineOut,
        other => return Err(format!("no such answer: {other}")),
    };
    Ok(Intent::ConflictAnswered { card, choice })
}

fn recognition(words: &mut Words<'_>) -> Result<Recognition, String> {
    match words.get("code or by_name")? {
        "by_name" => Ok(Recognition::NameConfirmed),
        code => Ok(Recognition::Code(code.to_owned())),
    }
}

/// `to Peter`: who takes it, when someone else than the buyer.
fn collector(words: &mut Words<'_>) -> Result<Option<String>, String> {
    if words.take("to") { Ok(Some(words.get("who takes it")?.to_owned())) } else { Ok(None) }
}

/// `1 3`: only these lines; `nothing`: none of them.
fn lines_chosen(words: &mut Words<'_>) -> Result<LinesChosen, String> {
    if words.take("nothing") {
        return Ok(LinesChosen::Only(Vec::new()));
    }
    let mut lines = Vec::new();
    while words.peek().is_some() {
        lines.push(words.get_number("a line")?);
    }
    Ok(if lines.is_empty() { LinesChosen::All } else { LinesChosen::Only(lines) })
}

/// What is done about web orders.
fn act_on_orders(shop: &mut Shop, verb: &str, words: &mut Words<'_>) -> Result<bool, String> {
    let intent = match verb {
        "open" => {
            shop.send(Intent::ScreenShown(Screen::PickUps));
            Intent::OrderOpened(Some(OrderNumber::from(words.get("an order")?)))
        }
        "collect" => {
            let payload = HouseCode::Collection(words.get("a collection code")?.to_owned()).encode().into_bytes();
            let scan = Scan { device: DeviceId::from(SCANNER), payload, symbology: None, quality: ScanQuality::Whole };
            Intent::Device(DeviceEvent::Scanned(scan))
        }
        "pick" => Intent::PickStarted,
        "pick_line" => Intent::LinePicked { line: words.get_number("a line")? },
        "not_found" => Intent::LineNotFound { line: words.get_number("a line")? },
        "step_back" => Intent::OrderStepUndone,
        "ready" => {
            let open = shop.snapshot().open_order;
            let offered = open.and_then(|order| order.bay_offered.clone());
            Intent::OrderMadeReady { bay: words.find().map(str::to_owned).or(offered).ok_or("no bay is offered")? }
        }
        "slip" => Intent::OrderSlipAsked,
        "ask_hand_over" => {
            let open = shop.snapshot().open_order.ok_or("no order is open")?;
            Intent::HandOverAsked(Some(HandOverAsked {
                order: open.order.number.clone(),
                collector: collector(words)?,
                is_naming: false,
                lines: lines_chosen(words)?,
            }))
        }
        "hand_over" => Intent::OrderHandedOver {
            recognised: recognition(words)?,
            collector: collector(words)?,
            lines: lines_chosen(words)?,
        },
        "put_back" => Intent::OrderPutBack,
        "pay_back" => Intent::OrderPaidBack {
            order: OrderNumber::from(words.get("an order")?),
            source: if words.take("otherwise") { PaidBackFrom::Elsewhere } else { PaidBackFrom::Drawer },
        },
        "send" => Intent::TransferSent { looked: words.take("looked") },
        "found" => Intent::FalseAlarmReported(find_case(shop, words.get("an order")?)?.0),
        "take_proposal" => {
            let (case, proposed) = find_case(shop, words.get("an order")?)?;
            let from = words.find().map(Into::into).or(proposed).ok_or("no store is proposed")?;
            Intent::ProposalTaken { case, from }
        }
        "withdraw_transfer" => Intent::TransferWithdrawn(find_asked(shop)?),
        "transfer_slip" => Intent::TransferSlipAsked(find_asked(shop)?),
        "close_transfer" => Intent::TransferClosed(find_asked(shop)?),
        _ => return Ok(false),
    };
    shop.send(intent);
    Ok(true)
}

/// What was asked of another store first.
fn find_asked(shop: &mut Shop) -> Result<EntryId, String> {
    let tasks = shop.snapshot().tasks;
    let asked = tasks.iter().find_map(|task| match task {
        Task::Transfer { entry, .. } => Some(*entry),
        _ => None,
    });
    asked.ok_or_else(|| "no transfer is awaited".to_owned())
}

/// The case of an order, as the tasks name it or, when they do not any more, as head office does; with the store proposed.
fn find_case(shop: &mut Shop, number: &str) -> Result<(CaseId, Option<StoreId>), String> {
    let shown = shop.snapshot().tasks.iter().find_map(|task| match task {
        Task::Case(case) if case.order.as_str() == number => {
            Some((case.case, case.proposal.as_ref().map(|other| other.store.clone())))
        }
        _ => None,
    });
    let known = shop.office.cases().iter().find(|case| case.order.as_str() == number).map(|case| (case.case, None));
    shown.or(known).ok_or_else(|| format!("{number} has no case"))
}

/// What the world does.
fn act_on_the_world(shop: &mut Shop, verb: &str, words: &mut Words<'_>) -> Result<bool, String> {
    match verb {
        "expect" => {}
        "press" => window::press(shop, words)?,
        "network" => match words.get("up or down")? {
            "up" => shop.set_network(true),
            "down" => {
                shop.set_network(false);
                if let Some(how_long) = words.find() {
                    shop.turn_clock(span(how_long)?);
                }
            }
            other => return Err(format!("the network is up or down, not {other}")),
        },
        "clock" => shop.turn_clock(span(words.get("how far")?)?),
        "restart" if words.take("file_set_aside") => shop.restart_after_damage(),
        "restart" if words.take("settings_unreadable") => shop.restart_with_settings_unreadable(),
        "restart" if words.take("settings_never_heard") => shop.restart_without_settings(),
        "restart" if words.take("from_copy") => shop.restart_from_copy()?,
        "copy_file" => shop.copy_file(),
        "restart" => shop.restart(),
        "printer" => set_printer(shop, words)?,
        "drawer_key" => {
            let moved = |position| Intent::Device(DeviceEvent::DrawerChanged { position, kicked: false });
            shop.send(moved(DrawerPosition::Closed));
            shop.send(moved(DrawerPosition::Open));
        }
        "drawer_shut" => {
            let position = DrawerPosition::Closed;
            shop.send(Intent::Device(DeviceEvent::DrawerChanged { position, kicked: false }));
        }
        "lost_print" => decide_lost_print(shop, words)?,
        "notice_read" => shop.send(Intent::NoticeDismissed),
        _ => return Ok(false),
    }
    Ok(true)
}

fn set_printer(shop: &mut Shop, words: &mut Words<'_>) -> Done {
    let state = words.get("the printer's state")?;
    match (state, words.take("in_mid_receipt")) {
        ("lost_unnoticed", false) => shop.plan_accident(Accident::LostBefore),
        ("opens_behind_paper", false) => shop.open_behind_paper(),
        ("paper_out", true) => shop.plan_accident(Accident::PaperOut),
        ("lost", true) => shop.plan_accident(Accident::Lost),
        ("paper_out", false) => shop.set_printer(HealthState::Held(HealthReason::PaperOut)),
        ("cover_open", false) => shop.set_printer(HealthState::Held(HealthReason::CoverOpen)),
        ("lost", false) => shop.set_printer(HealthState::Gone),
        ("ready", false) => shop.set_printer(HealthState::Ready),
        (other, _) => return Err(format!("no such state of a printer: {other}")),
    }
    Ok(())
}

fn decide_lost_print(shop: &mut Shop, words: &mut Words<'_>) -> Done {
    let decision = match words.get("copy or drop")? {
        "copy" => PrintDecision::Copy,
        "drop" => PrintDecision::Drop,
        other => return Err(format!("a lost print is copied or dropped, not {other}")),
    };
    let tasks = shop.snapshot().tasks;
    let lost = tasks.iter().find_map(|task| match task {
        Task::Unprinted { job, .. } => Some(*job),
        _ => None,
    });
    shop.send(Intent::PrintDecided { job: lost.ok_or("no document is unprinted")?, decision });
    Ok(())
}

/// `90s`, `5m`, `2h`, `3d`.
fn span(text: &str) -> Result<TimeDelta, String> {
    let wrong = || format!("{text} is no span of time");
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let number: i64 = number.trim_start_matches('+').parse().map_err(|_| wrong())?;
    match unit {
        "s" => Ok(TimeDelta::seconds(number)),
        "m" => Ok(TimeDelta::minutes(number)),
        "h" => Ok(TimeDelta::hours(number)),
        "d" => Ok(TimeDelta::days(number)),
        _ => Err(wrong()),
    }
}
