//! The facts in words.

use super::words::Words;
use super::{AccessFact, Fact, Figure, Label, LinkFact, MarkFact, OutcomeFact, PrinterFact, QuestionFact, SessionFact};
use crate::domain::conflict::{CaseState, ConflictKind};
use crate::domain::device::DrawerPosition;
use crate::domain::quantity::Quantity;
use crate::domain::transfer::TransferState;
use crate::domain::web_order::OrderState;

const NOT_TO_SEE: [(&str, Fact); 4] =
    [("card", Fact::NoCard), ("question", Fact::NoQuestion), ("transfer", Fact::NoTransfer), ("case", Fact::NoCase)];

const TRANSFER_STATES: [(&str, TransferState); 5] = [
    ("requested", TransferState::Requested),
    ("none_free", TransferState::NoneFree),
    ("set_aside", TransferState::SetAside),
    ("sent", TransferState::Sent),
    ("refused", TransferState::Refused),
];

pub(super) fn read(words: &mut Words) -> Result<Fact, String> {
    let name = words.word("a fact")?;
    Ok(match name.as_str() {
        "line" => {
            let (line, product, quantity) = (words.number("line")?, words.product()?, words.quantity()?);
            let amount = words.peek().is_some().then(|| words.amount()).transpose()?;
            Fact::Line(line, product, quantity, amount)
        }
        "lines" => Fact::Lines(words.number("number")?),
        "total" => Fact::Total(words.amount()?),
        "mark" => Fact::Mark(words.number("line")?, read_mark(words)?),
        "card" => {
            let kinds = [("promised", ConflictKind::Promised), ("books_empty", ConflictKind::BooksEmpty)];
            let kind = words.one_of("headline", &kinds)?;
            Fact::Card(kind, std::iter::from_fn(|| words.next()).map(Label).collect())
        }
        "no" => words.one_of("thing not to see", &NOT_TO_SEE)?,
        "due" => Fact::Due(words.amount()?),
        "change" => Fact::Change(words.amount()?),
        "receipt" => Fact::Receipt(words.number("receipt number")?),
        "printed" => Fact::Printed(words.number("receipt number")?),
        "paper" => Fact::Paper(words.word("a text")?),
        "notice" => Fact::Notice(words.word("a notice")?),
        "open" => Fact::Open(words.label()?),
        "order" => Fact::Order(words.label()?, read_order_state(words)?),
        "order_at_central" => Fact::OrderAtCentral(words.label()?, read_order_state(words)?),
        "at_risk" => Fact::AtRisk(words.label()?),
        "case" => Fact::Case(words.label()?),
        "safe" => Fact::Safe(words.label()?),
        "proposes" => Fact::Proposes(words.label()?, words.store()?),
        "decided" => {
            let states = [("re_sourced", CaseState::ReSourced), ("false_alarm", CaseState::FalseAlarm)];
            Fact::Decided(words.label()?, words.one_of("decision", &states)?)
        }
        "task" => {
            let ours = words.one_of("kind of task", &[("set_aside", true), ("transfer", false)])?;
            let state = words.one_of("state of a transfer", &TRANSFER_STATES)?;
            if ours { Fact::SetAside(state) } else { Fact::Transfer(state) }
        }
        "till" => Fact::Till(words.product()?, read_figures(words)?),
        "central" => Fact::Central(words.store()?, words.product()?, read_figures(words)?),
        "website" => Fact::Website(words.store()?, words.product()?, words.quantity()?),
        _ => read_state(&name, words)?,
    })
}

/// Facts that are one of a few words.
fn read_state(name: &str, words: &mut Words) -> Result<Fact, String> {
    Ok(match name {
        "access" => Fact::Access(words.one_of(
            "access",
            &[("sign_in", AccessFact::SignIn), ("needs_session", AccessFact::NeedsSession), ("open", AccessFact::Open)],
        )?),
        "question" => Fact::Question(words.one_of(
            "question",
            &[
                ("age", QuestionFact::Age),
                ("may_be_sold", QuestionFact::MayBeSold),
                ("amount", QuestionFact::Amount),
                ("open_price", QuestionFact::OpenPrice),
                ("how_much", QuestionFact::HowMuch),
                ("which", QuestionFact::Which),
            ],
        )?),
        "printer" => Fact::Printer(words.one_of(
            "state of the printer",
            &[
                ("ready", PrinterFact::Ready),
                ("paper_out", PrinterFact::PaperOut),
                ("cover_open", PrinterFact::CoverOpen),
                ("gone", PrinterFact::Gone),
            ],
        )?),
        "drawer" => Fact::Drawer(
            words.one_of("position", &[("open", DrawerPosition::Open), ("closed", DrawerPosition::Closed)])?,
        ),
        "link" => Fact::Link(words.one_of("state", &[("live", LinkFact::Live), ("down", LinkFact::Down)])?),
        "unsent" if words.peek() == Some("some") => {
            words.next();
            Fact::Unsent(None)
        }
        "unsent" => Fact::Unsent(Some(words.number("number")?)),
        "outcome" => Fact::Outcome(words.one_of(
            "outcome",
            &[
                ("imported", OutcomeFact::Imported),
                ("duplicate", OutcomeFact::Duplicate),
                ("problem", OutcomeFact::Problem),
            ],
        )?),
        "session" => {
            Fact::Session(words.one_of("state", &[("open", SessionFact::Open), ("closed", SessionFact::Closed)])?)
        }
        other => return Err(format!("{other} is no fact")),
    })
}

fn read_mark(words: &mut Words) -> Result<MarkFact, String> {
    words.one_of(
        "mark",
        &[
            ("none", MarkFact::None),
            ("last", MarkFact::Last),
            ("takes_promised", MarkFact::TakesPromised),
            ("deciding", MarkFact::Deciding),
            ("sold_anyway", MarkFact::SoldAnyway),
            ("books", MarkFact::Books),
            ("hand_over", MarkFact::HandOver),
        ],
    )
}

fn read_order_state(words: &mut Words) -> Result<OrderState, String> {
    words.one_of(
        "state of an order",
        &[
            ("received", OrderState::Received),
            ("picking", OrderState::Picking),
            ("short", OrderState::Short),
            ("ready", OrderState::Ready),
            ("part_handed_over", OrderState::PartHandedOver),
            ("handed_over", OrderState::HandedOver),
            ("lapsed", OrderState::Lapsed),
            ("put_back", OrderState::PutBack),
            ("cancelled", OrderState::Cancelled),
            ("packed", OrderState::Packed),
            ("dispatched", OrderState::Dispatched),
        ],
    )
}

fn read_figures(words: &mut Words) -> Result<Vec<(Figure, Quantity)>, String> {
    let names =
        [("on_hand", Figure::OnHand), ("held", Figure::Held), ("promised", Figure::Promised), ("free", Figure::Free)];
    let mut figures = Vec::new();
    while words.peek().is_some() {
        figures.push((words.one_of("figure", &names)?, words.quantity()?));
    }
    if figures.is_empty() { Err("a figure is missing".to_owned()) } else { Ok(figures) }
}
