//! What a scenario may expect: each is answered with what is really so, in the same words, and the two are compared.

use till::domain::conflict::ConflictKind;
use till::domain::device::{ScanSignal, Tone};
use till::domain::event::Event;
use till::domain::ids::ProductId;
use till::domain::stock::StockLevel;
use till::domain::web_order::WebOrder;
use till::register::SCANNER;
use till::register::intent::Screen;
use till::register::snapshot::{Access, CompletedSale, CountSide, Snapshot, Task};

use super::script::Words;
use super::shop::Shop;
use super::words::{
    access_words, approval_words, count_words, mark_words, notice_words, panel_words, paper_words, question_words,
    receipt_words, snake, squeeze, state_words, task_words,
};

/// What is really so, in the words of the expectation.
pub fn tell(shop: &mut Shop, snapshot: &Snapshot, expected: &[String]) -> Result<String, String> {
    let mut words = Words::new(expected);
    let negated = words.take("no");
    let subject = words.get("an expectation")?;
    let told = match tell_screen(snapshot, subject, &mut words)? {
        Some(told) => told,
        None => match tell_world(shop, subject, &mut words)? {
            Some(told) => told,
            None => tell_books(shop, snapshot, subject, &mut words)?,
        },
    };
    words.end()?;
    Ok(match (told, negated) {
        (Some(told), false) => format!("{subject} {told}").trim_end().to_owned(),
        (Some(told), true) => format!("{subject} {told}").trim_end().to_owned(),
        (None, _) => format!("no {}", expected[usize::from(negated)..].join(" ")),
    })
}

type Told = Result<Option<Option<String>>, String>;

/// What the screens show.
fn tell_screen(snapshot: &Snapshot, subject: &str, words: &mut Words<'_>) -> Told {
    let basket = &snapshot.basket;
    Ok(Some(match subject {
        "line" => {
            let number = words.get_number("a line")?;
            let with_amount = words.remaining().contains(" = ");
            basket.basket.line(number).map(|line| {
                let mut told = format!("{number} {} {} x {}", line.product, line.quantity, line.unit_price);
                if let Some(discount) = &line.discount {
                    told += &format!(" less {}", discount.amount);
                }
                if with_amount {
                    told += &format!(" = {}", line.to_pay());
                }
                told
            })
        }
        "lines" => number(words, basket.basket.lines.len())?,
        "strip" | "tag" => {
            let number: u32 = words.get_number("a line")?;
            words.remaining();
            let position = basket.basket.lines.iter().position(|line| line.line == number);
            let mark = position.and_then(|position| basket.marks.get(position));
            mark.and_then(mark_words).map(|told| format!("{number} {told}"))
        }
        "rung" => {
            let number = words.get_number("a line")?;
            words.remaining();
            basket.basket.line(number).map(|line| {
                let said = [&line.scanned, &line.batch].map(|said| said.as_deref().unwrap_or("nothing"));
                format!("{number} {}", said.join(" "))
            })
        }
        "panel" => text(words, snapshot.line.as_deref().map(panel_words)),
        "total" => amount(words, basket.total)?,
        "tax" => amount(words, basket.tax_total)?,
        "items" => number(words, basket.item_count)?,
        "conflict" => {
            let with_kind = matches!(words.peek(), Some("promised" | "books_empty"));
            words.remaining();
            snapshot.conflict.as_ref().map(|card| {
                let kind = match card.kind {
                    ConflictKind::Promised => "promised",
                    ConflictKind::BooksEmpty => "books_empty",
                };
                let orders: Vec<String> = card.orders.iter().map(|order| order.number.to_string()).collect();
                if with_kind { format!("{kind} {}", orders.join(" ")) } else { orders.join(" ") }
            })
        }
        "falls_short" => text(words, snapshot.conflict.as_ref().map(|card| card.falls_short.to_string())),
        "offers" => {
            words.remaining();
            let stores = snapshot.conflict.as_ref().map(|card| {
                card.elsewhere.iter().map(|s| format!("{} {}", s.store, s.free)).collect::<Vec<_>>().join(" ")
            });
            stores.filter(|stores| !stores.is_empty())
        }
        "paper_wanted" => text(words, snapshot.pay.as_ref().map(|pay| receipt_words(pay.receipt).to_owned())),
        "scan_waits" => {
            let waiting = snapshot.conflict.as_ref().and_then(|card| card.scan_waiting.clone());
            if words.remaining().is_empty() { waiting.map(|_| String::new()) } else { waiting }
        }
        "ports" => {
            let found = snapshot.devices.ports.as_ref();
            text(words, found.map(|found| format!("{} {}", found.device.word(), found.ports.len())))
        }
        "scanner" => {
            let scanner = snapshot.devices.devices.iter().find(|device| device.id.as_str() == SCANNER);
            text(words, scanner.map(|scanner| format!("{:?}", scanner.health.state).to_lowercase()))
        }
        "receipts_found" => {
            words.remaining();
            let rows = snapshot.receipts.as_ref().map(|list| list.rows.as_slice()).unwrap_or_default();
            let numbers: Vec<String> = rows.iter().map(|row| row.receipt_number.to_string()).collect();
            (!numbers.is_empty()).then(|| numbers.join(" "))
        }
        "readings" => {
            let readings = snapshot.receipts.as_ref().and_then(|list| list.readings);
            text(words, readings.map(|both| format!("{} {} {} {}", both.amount, both.of_amount, both.day, both.of_day)))
        }
        "starts_again" => text(words, snapshot.devices.kept.map(|device| device.word().to_owned())),
        "approval" => text(words, snapshot.approval.as_deref().map(approval_words)),
        "sees" => {
            let count = snapshot.approval.as_deref().and_then(|view| view.count.as_ref());
            text(words, count.map(count_words))
        }
        "question" => text(words, snapshot.question.as_ref().map(question_words)),
        "notice" => text(words, snapshot.notice.as_ref().map(|notice| notice_words(&notice.kind))),
        "screen" => {
            let wanted = words.get("a screen")?;
            let stands = super::acts::screen(wanted)? == snapshot.screen;
            Some(if stands { wanted.to_owned() } else { format!("{:?}", snapshot.screen).to_lowercase() })
        }
        "access" => text(words, Some(access_words(&snapshot.access).to_owned())),
        "wait" => {
            let until = match &snapshot.access {
                Access::SignIn(view) => view.wait_until,
                _ => None,
            };
            words.remaining();
            until.map(|until| until.format("%H:%M:%S").to_string())
        }
        "receipt" => match &snapshot.completed {
            Some(done) => number(words, done.receipt_number)?,
            None => nothing(words),
        },
        "change" => match &snapshot.completed {
            Some(done) => amount(words, done.change)?,
            None => nothing(words),
        },
        "receipt_shown" => {
            let state = |done: &CompletedSale| snake(format!("{:?}", done.print).split(' ').next().unwrap_or_default());
            text(words, snapshot.completed.as_ref().map(state))
        }
        "drawer_by_key" => snapshot.completed.as_ref().filter(|done| done.drawer_by_key).map(|_| String::new()),
        "remaining" => match &snapshot.pay {
            Some(pay) => amount(words, pay.settlement.remaining)?,
            None => nothing(words),
        },
        "at_terminal" => match snapshot.pay.as_ref().and_then(|pay| pay.at_terminal) {
            Some(asked) => amount(words, asked)?,
            None => nothing(words),
        },
        "cash_due" => match &snapshot.pay {
            Some(pay) => amount(words, pay.cash_due)?,
            None => nothing(words),
        },
        "business_day" => text(words, Some(snapshot.till.business_day.to_string())),
        "parked" => number(words, snapshot.parked.len())?,
        "looked_for" => text(words, looked_for(snapshot)),
        "to_pick" => number(words, snapshot.pick_ups.to_pick)?,
        "unsent" => number(words, snapshot.sync.unsent)?,
        "put_aside" => number(words, snapshot.sync.quarantined)?,
        "heard_of" => {
            let kind = words.get("a kind of data")?;
            let at = match kind {
                "stock" => snapshot.sync.fresh.store,
                "prices" => snapshot.sync.fresh.company,
                "other_stores" => snapshot.other_stores.as_ref().map(|oldest| oldest.as_of),
                other => return Err(format!("no data is of the kind {other}")),
            };
            words.remaining();
            at.map(|at| format!("{kind} {}", at.format("%H:%M")))
        }
        "link" => text(words, Some(format!("{:?}", snapshot.sync.link).to_lowercase())),
        "counting" => {
            words.remaining();
            let count = snapshot.stock.as_ref().and_then(|stock| stock.count.as_ref());
            count.map(|count| {
                let mut told = count.product.to_string();
                for held in &count.held {
                    told += &format!(" {} {} {}", held.order, held.quantity, held.bay.as_deref().unwrap_or("nowhere"));
                }
                if !count.in_baskets.is_zero() {
                    told += &format!(" baskets {}", count.in_baskets);
                }
                if let Some(found) = count.unexplained {
                    told += &match count.side {
                        None => format!(" differs {found}"),
                        Some(CountSide::Loss) => format!(" less {found}"),
                        Some(CountSide::Surplus) => format!(" more {found}"),
                    };
                }
                told
            })
        }
        "session_of" => text(words, snapshot.drawer.as_ref().map(|drawer| drawer.owner.clone())),
        "asks_why" => match snapshot.unexplained {
            Some(counted) => amount(words, counted)?,
            None => nothing(words),
        },
        "drawer_holds" => match &snapshot.session {
            Some(session) => amount(words, session.cash_expected())?,
            None => nothing(words),
        },
        "due" => match &snapshot.open_order {
            Some(order) => amount(words, order.sums.due)?,
            None => nothing(words),
        },
        "open_receipt" => {
            let open = snapshot.receipts.as_ref().and_then(|list| list.open.as_ref());
            text(words, open.map(|(number, _)| number.to_string()))
        }
        "open_order" => text(words, snapshot.open_order.as_ref().map(|open| open.order.number.to_string())),
        "can_step_back" => snapshot.open_order.as_ref().filter(|open| open.can_undo).map(|_| String::new()),
        "queue_at_risk" => {
            words.remaining();
            let at_risk = snapshot.pick_ups.orders.iter().filter(|order| order.at_risk);
            let told: Vec<String> = at_risk.map(|order| order.number.to_string()).collect();
            Some(told.join(" ")).filter(|told| !told.is_empty())
        }
        "queued" => {
            let number = words.get("an order")?;
            words.remaining();
            let row = snapshot.pick_ups.orders.iter().find(|order| order.number.as_str() == number);
            row.map(|order| format!("{number} {}", state_words(order.state)))
        }
        "tasks" => number(words, snapshot.tasks.len())?,
        "task" => {
            let wanted = words.remaining();
            let told: Vec<String> = snapshot.tasks.iter().map(task_words).collect();
            Some(if told.contains(&wanted) { wanted } else { told.join("; ") }).filter(|told| !told.is_empty())
        }
        "proposes" => {
            let number = words.get("an order")?;
            words.remaining();
            let cases = snapshot.tasks.iter().filter_map(|task| match task {
                Task::Case(case) => Some(case),
                _ => None,
            });
            cases.into_iter().find(|case| case.order.as_str() == number).map(|case| {
                let mut told = format!("{number} {} {}", case.customer_name, case.quantity);
                match &case.proposal {
                    Some(other) => told += &format!(" from {} has {}", other.store, other.free),
                    None => told += " from nobody",
                }
                told += &case.refused_by.iter().map(|store| format!(" not {store}")).collect::<String>();
                told
            })
        }
        _ => return Ok(None),
    }))
}

/// What the statement set off outside.
fn tell_world(shop: &mut Shop, subject: &str, words: &mut Words<'_>) -> Told {
    let wanted_among = |words: &mut Words<'_>, told: Vec<String>| {
        let wanted = words.remaining();
        Some(if told.contains(&wanted) { wanted } else { told.join("; ") }).filter(|told| !told.is_empty())
    };
    Ok(Some(match subject {
        "configured" => text(words, shop.seen.configured.clone()),
        "drawer" => (shop.seen.drawer_opened > 0).then(String::new),
        "paper" => wanted_among(words, shop.seen.papers.iter().map(paper_words).collect()),
        "papers" => number(words, shop.seen.papers.len())?,
        "shows" => {
            let wanted = words.remaining();
            let told = shop.read_window()?;
            Some(if told.iter().any(|words| words.contains(&wanted)) { wanted } else { told.join(" | ") })
        }
        "shows_once" => {
            let wanted = words.remaining();
            let told = shop.read_window()?;
            let count = told.iter().filter(|words| words.contains(&wanted)).count();
            Some(if count == 1 { wanted } else { format!("{count} times") })
        }
        "on_paper" => {
            let wanted = squeeze(&words.remaining());
            let text: String = shop.seen.papers.iter().map(|paper| paper.text.as_str()).collect();
            let found = text.lines().any(|line| squeeze(line).contains(&wanted));
            Some(if found { wanted } else { format!("nothing but\n{text}") })
        }
        "tone" => {
            let told = shop.seen.tones.iter().map(|tone| match tone {
                Tone::Good => "good".to_owned(),
                Tone::Refused => "refused".to_owned(),
                Tone::Attention => "attention".to_owned(),
            });
            wanted_among(words, told.collect())
        }
        "beep" => {
            let told = shop.seen.beeps.iter().map(|beep| match beep {
                ScanSignal::Good => "good".to_owned(),
                ScanSignal::Refused => "refused".to_owned(),
            });
            wanted_among(words, told.collect())
        }
        "entry" => wanted_among(words, shop.seen.entries.iter().map(|e| e.event.kind().to_owned()).collect()),
        "approved" => {
            let told = shop.seen.entries.iter().filter_map(|entry| match &entry.event {
                Event::ActApproved { approver, act, .. } => {
                    let by = entry.operator.as_ref().map(ToString::to_string).unwrap_or_default();
                    Some(format!("{} of {by} by {approver}", snake(&format!("{act:?}"))))
                }
                _ => None,
            });
            wanted_among(words, told.collect())
        }
        "sold_with" => {
            let sold = shop.seen.entries.iter().rev().find_map(|entry| match &entry.event {
                Event::SaleCompleted(sale) => Some(receipt_words(sale.receipt).to_owned()),
                _ => None,
            });
            text(words, sold)
        }
        "entries" => number(words, shop.seen.entries.len())?,
        _ => return Ok(None),
    }))
}

/// What the till's file and head office's books say.
fn tell_books(
    shop: &mut Shop,
    snapshot: &Snapshot,
    subject: &str,
    words: &mut Words<'_>,
) -> Result<Option<String>, String> {
    match subject {
        "level" => {
            let product = ProductId::from(words.get("a product")?);
            let level = shop.journal().view().stock_level(&product).map_err(|error| error.to_string())?;
            Ok(Some(format!("{product} {}", level_words(&level, words)?)))
        }
        "order" => {
            let number = words.get("an order")?;
            let order = shop.journal().view().find_order(&number.into()).map_err(|error| error.to_string())?;
            order.map(|order| Ok(format!("{number} {}", order_words(&order, words)?))).transpose()
        }
        "case" => {
            words.remaining();
            let cases = shop.journal().view().list_open_cases().map_err(|error| error.to_string())?;
            let told: Vec<String> =
                cases.iter().map(|case| format!("open {} short {}", case.order, case.quantity)).collect();
            Ok(Some(told.join("; ")).filter(|told| !told.is_empty()))
        }
        "price_shown" => {
            let line = words.get_number("a line")?;
            words.remaining();
            Ok(snapshot.basket.basket.line(line).map(|l| format!("{line} {}", l.unit_price)))
        }
        "central" => tell_central(shop, words).map(Some),
        other => Err(format!("no such expectation: {other}")),
    }
}

fn tell_central(shop: &mut Shop, words: &mut Words<'_>) -> Result<String, String> {
    match words.get("what of central")? {
        "has" => {
            words.take("receipt");
            let number: u64 = words.get_number("a receipt")?;
            words.remaining();
            let times = match shop.office.count_receipt(number) {
                0 => "never".to_owned(),
                1 => "once".to_owned(),
                times => format!("{times} times"),
            };
            Ok(format!("has receipt {number} {times}"))
        }
        "level" => {
            let product = ProductId::from(words.get("a product")?);
            let level = shop.office.level(&product);
            Ok(format!("level {product} {}", level_words(&level, words)?))
        }
        "order" => {
            let number = words.get("an order")?;
            let order = shop.office.find_order(number).ok_or_else(|| format!("central has no order {number}"))?;
            Ok(format!("order {number} {}", order_words(order, words)?))
        }
        "case" => {
            words.remaining();
            let cases = shop.office.cases().iter();
            let told: Vec<String> = cases.map(|case| format!("{} short {}", case.order, case.quantity)).collect();
            Ok(format!("case {}", told.join("; ")))
        }
        "decided" => {
            let number = words.get("an order")?;
            words.remaining();
            let decided = shop.office.decisions().iter().filter(|(order, ..)| order.as_str() == number);
            let told: Vec<String> =
                decided.map(|(_, state, by)| format!("{} by {by}", snake(&format!("{state:?}")))).collect();
            Ok(format!("decided {number} {}", told.join("; ")))
        }
        other => Err(format!("central is not asked about {other}")),
    }
}

/// The figures asked for, in the order asked.
fn level_words(level: &StockLevel, words: &mut Words<'_>) -> Result<String, String> {
    let mut told = Vec::new();
    while let Some(figure) = words.find() {
        let value = match figure {
            "on_hand" => level.on_hand,
            "held" => level.held,
            "promised" => level.promised,
            "safety" => level.safety,
            "shelf" => level.shelf(),
            "free" => level.free(),
            other => return Err(format!("no such figure: {other}")),
        };
        words.get_quantity(figure)?;
        told.push(format!("{figure} {value}"));
    }
    Ok(told.join(" "))
}

/// The parts asked for, in the order asked.
fn order_words(order: &WebOrder, words: &mut Words<'_>) -> Result<String, String> {
    let mut told = Vec::new();
    while let Some(part) = words.find() {
        told.push(match part {
            "bay" => {
                words.get("a bay")?;
                format!("bay {}", order.bay.as_deref().unwrap_or("none"))
            }
            "at_risk" | "safe" => if order.at_risk { "at_risk" } else { "safe" }.to_owned(),
            "picked" => {
                words.get("how many")?;
                format!("picked {}", order.lines.iter().map(|l| l.picked).sum::<till::domain::quantity::Quantity>())
            }
            _ => state_words(order.state),
        });
    }
    Ok(told.join(" "))
}

fn number(words: &mut Words<'_>, is: impl TryInto<i64>) -> Result<Option<String>, String> {
    let _: i64 = words.get_number("a number")?;
    Ok(Some(is.try_into().map_or_else(|_| "beyond counting".to_owned(), |is| is.to_string())))
}

fn amount(words: &mut Words<'_>, is: till::domain::money::Money) -> Result<Option<String>, String> {
    words.get_money("an amount")?;
    Ok(Some(is.to_string()))
}

fn text(words: &mut Words<'_>, is: Option<String>) -> Option<String> {
    words.remaining();
    is
}

/// What the list on screen is narrowed to.
fn looked_for(snapshot: &Snapshot) -> Option<String> {
    let text = match snapshot.screen {
        Screen::Sell => snapshot.search.as_ref().map(|found| found.text.clone()),
        Screen::Receipts => snapshot.receipts.as_ref().map(|list| list.search.clone()),
        Screen::PickUps => Some(snapshot.pick_ups.search.clone()),
        Screen::Stock => snapshot.stock.as_ref().map(|stock| stock.search.clone()),
        Screen::Pay | Screen::Drawer | Screen::Devices | Screen::UnfinishedBusiness => None,
    };
    text.filter(|text| !text.is_empty())
}

fn nothing(words: &mut Words<'_>) -> Option<String> {
    words.remaining();
    None
}
