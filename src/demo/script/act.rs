//! The acts in words.

use rust_decimal::Decimal;

use super::words::Words;
use super::{Act, AnswerAct, Cut, Given, OrderAct, Place, PrinterAct, Recognised, ScanAct};
use crate::domain::tender::TenderKind;

const RECOGNISED: &[(&str, Recognised)] =
    &[("code", Recognised::Code), ("wrong_code", Recognised::WrongCode), ("name", Recognised::Name)];

pub(super) fn read(words: &mut Words) -> Result<Act, String> {
    let name = words.word("an act")?;
    Ok(match name.as_str() {
        "expect" => Act::Expect,
        "stock" => Act::Stock(words.store()?, words.product()?, words.quantity()?),
        "order" => Act::Order(read_order(words)?),
        "order_by_file" => Act::OrderByFile(read_order(words)?),
        "order_again" => Act::OrderAgain(words.label()?),
        "order_file" => Act::OrderFile(words.word("a file")?),
        "sign_on" => Act::SignOn(words.word("an operator")?.into(), words.next()),
        "sign_off" => Act::SignOff,
        "float" => Act::Float(words.amount()?),
        "restart" => Act::Restart,
        "network" => Act::Network(words.one_of("state", &[("cut", Cut::Cut), ("mended", Cut::Mended)])?),
        "printer" => Act::Printer(read_printer(words)?),
        "drawer" => words.one_of("act of the drawer", &[("shut", ())]).map(|()| Act::DrawerShut)?,
        "close" => Act::Close(read_given(words, "expected")?),
        "copy" => Act::Copy(words.number("receipt number")?),
        "picture" => Act::Picture(words.word("a name")?),
        "screen" => Act::Screen(read_place(words)?),
        _ => read_at_the_till(&name, words)?,
    })
}

fn read_at_the_till(name: &str, words: &mut Words) -> Result<Act, String> {
    Ok(match name {
        "scan" => Act::Scan(read_scan(words)?),
        "times" => Act::Times(words.quantity()?),
        "quantity" => Act::Quantity(words.number("line")?, words.quantity()?),
        "price" => Act::Price(words.number("line")?, words.amount()?, words.word("a reason")?),
        "discount" => {
            Act::Discount(words.number("line")?, words.number::<Decimal>("percentage")?, words.word("a reason")?)
        }
        "remove" => Act::Remove(words.number("line")?),
        "undo" => Act::Undo,
        "age" => Act::Age(words.one_of("answer", &[("yes", true), ("no", false)])?),
        "open_price" => Act::OpenPrice(words.amount()?),
        "how_much" => Act::HowMuch(words.quantity()?),
        "tap" => Act::Tap(words.product()?),
        "answer" => Act::Answer(read_answer(words)?),
        "pay" => Act::Pay,
        "tender" => {
            let kind = words.one_of("tender", &[("cash", TenderKind::Cash), ("card", TenderKind::Card)])?;
            Act::Tender(kind, read_given(words, "exact")?)
        }
        "park" => Act::Park,
        "recall" => Act::Recall,
        "open" => Act::Open(words.label()?),
        "start_pick" => Act::StartPick,
        "not_found" => Act::NotFound(words.number("line")?),
        "ready" => Act::Ready,
        "hand_over" => Act::HandOver(words.one_of("way to recognise", RECOGNISED)?),
        "put_back" => Act::PutBack,
        "at" => Act::At(words.store()?),
        "open_set_aside" => Act::OpenSetAside,
        "pick_line" => Act::PickLine(words.number("line")?),
        "send" => Act::Send,
        "close_transfer" => Act::CloseTransfer,
        "found" => Act::Found(words.label()?),
        "take_proposal" => Act::TakeProposal(words.label()?),
        "undo_step" => Act::UndoStep,
        other => return Err(format!("{other} is no act")),
    })
}

fn read_order(words: &mut Words) -> Result<OrderAct, String> {
    let label = words.label()?;
    let pick_up = words.one_of("fulfilment", &[("pick_up", true), ("delivery", false)])?;
    let paid = words.one_of("payment", &[("paid", true), ("unpaid", false)])?;
    let mut lines = vec![(words.product()?, 1)];
    let mut kept_seconds = None;
    while let Some(word) = words.next() {
        if word == "for" {
            let time = words.word("a time")?;
            let seconds = time.strip_suffix('s').and_then(|seconds| seconds.parse().ok());
            kept_seconds = Some(seconds.ok_or_else(|| format!("{time} is no time such as 8s"))?);
            continue;
        }
        match word.strip_prefix('x').and_then(|pieces| pieces.parse().ok()) {
            Some(pieces) => {
                let last = lines.len() - 1;
                lines[last].1 = pieces;
            }
            None => lines.push((word.into(), 1)),
        }
    }
    Ok(OrderAct { label, pick_up, paid, lines, kept_seconds })
}

fn read_scan(words: &mut Words) -> Result<ScanAct, String> {
    Ok(match words.word("a product")?.as_str() {
        "pack" => ScanAct::Pack(words.product()?),
        "code" => ScanAct::Code(words.word("a code")?),
        "collection" => ScanAct::Collection(words.label()?),
        product if words.peek().is_some() => ScanAct::Bag(product.into(), words.quantity()?),
        product => ScanAct::Piece(product.into()),
    })
}

fn read_answer(words: &mut Words) -> Result<AnswerAct, String> {
    use super::Label;
    Ok(match words.word("an answer")?.as_str() {
        "hand_over" => AnswerAct::HandOver(words.label()?, words.one_of("way to recognise", RECOGNISED)?),
        "sell_anyway" => AnswerAct::SellAnyway(words.next().map(Label)),
        "keep" => AnswerAct::Keep(words.next().map(Label)),
        "find_another" => AnswerAct::FindAnother(words.store()?),
        "line_out" => AnswerAct::LineOut,
        other => return Err(format!("{other} is no answer")),
    })
}

fn read_given(words: &mut Words, exact: &str) -> Result<Given, String> {
    if words.peek() == Some(exact) {
        words.next();
        return Ok(Given::Exact);
    }
    words.amount().map(Given::Amount)
}

fn read_printer(words: &mut Words) -> Result<PrinterAct, String> {
    words.one_of(
        "act of the printer",
        &[
            ("paper_out", PrinterAct::PaperOut),
            ("paper_in", PrinterAct::PaperIn),
            ("cover_open", PrinterAct::CoverOpen),
            ("cover_shut", PrinterAct::CoverShut),
            ("pulled", PrinterAct::Pulled),
            ("plugged", PrinterAct::Plugged),
        ],
    )
}

fn read_place(words: &mut Words) -> Result<Place, String> {
    words.one_of(
        "screen",
        &[
            ("sell", Place::Sell),
            ("pick_ups", Place::PickUps),
            ("stock", Place::Stock),
            ("receipts", Place::Receipts),
            ("drawer", Place::Drawer),
            ("devices", Place::Devices),
            ("unfinished", Place::Unfinished),
        ],
    )
}
