//! A day in the shop as plain text that a shopkeeper can read: what is done, and behind the arrow what must be seen.
//!
//! ```text
//! # The crew is the last one, and a web order waits for it.
//! order  anna  pick_up paid  merino-crew-navy-m
//! scan   merino-crew-navy-m        -> card promised anna
//! answer sell_anyway               -> no card, mark 1 sold_anyway
//! tender cash 60.00                -> change 1.00, receipt 1, at_risk anna
//! ```
//!
//! A line is an act and its facts; all facts of a line must come true before the next line is played. Orders are called by a
//! label of the script's own, because their numbers are central's to give. A line that begins with `#` is a heading.
//!
//! To add an act: a variant of [`Act`], its words in `act.rs`, and what it does where scripts are played. To add a fact: the
//! same with [`Fact`] and `fact.rs`.

mod act;
mod fact;
mod words;

use std::fmt;

use crate::domain::conflict::{CaseState, ConflictKind};
use crate::domain::device::DrawerPosition;
use crate::domain::ids::{OperatorId, ProductId, StoreId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::tender::TenderKind;
use crate::domain::transfer::TransferState;
use crate::domain::web_order::OrderState;

use words::Words;

/// The script's own name of an order: `anna`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub String);

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its number in the file, from 1.
    pub line: usize,
    /// As written.
    pub text: String,
    /// The heading above it, when it is the first one below.
    pub heading: Option<String>,
    /// What is done.
    pub act: Act,
    /// What must be seen then.
    pub facts: Vec<Fact>,
}

/// A line that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}: {text}")]
pub struct ScriptError {
    /// Its number, from 1.
    pub line: usize,
    /// As written.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Something that a person, a customer on the web, or the world does.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// `expect`: nothing; only the facts.
    Expect,
    /// `stock S001 enamel-mug-moss 3`: head office brings the books to a figure.
    Stock(StoreId, ProductId, Quantity),
    /// `order anna pick_up paid sku x2 sku`: a website sends an order.
    Order(OrderAct),
    /// `order_by_file anna pick_up paid sku`: a marketplace puts an order down as a file, and central takes it.
    OrderByFile(OrderAct),
    /// `order_again anna`: the same document once more.
    OrderAgain(Label),
    /// `order_file problem.xml`: one of the sample documents is sent.
    OrderFile(String),
    /// `sign_on ana`, or `sign_on ana 9999` with a PIN of one's own.
    SignOn(OperatorId, Option<String>),
    /// `sign_off`.
    SignOff,
    /// `float 150.00`.
    Float(Money),
    /// `scan sku`, `scan sku 0.452`, `scan pack sku`, `scan code 4006381333931`, `scan collection anna`.
    Scan(ScanAct),
    /// `times 3`: before the next scan.
    Times(Quantity),
    /// `quantity 1 3`.
    Quantity(u32, Quantity),
    /// `price 1 12.50 damaged`.
    Price(u32, Money, String),
    /// `discount 1 10 staff`.
    Discount(u32, rust_decimal::Decimal, String),
    /// `remove 1`.
    Remove(u32),
    /// `undo`: the last scan was a slip.
    Undo,
    /// `age yes`, `age no`.
    Age(bool),
    /// `open_price 12.00`.
    OpenPrice(Money),
    /// `how_much 0.452`.
    HowMuch(Quantity),
    /// `tap sku`: a quick key or a search result.
    Tap(ProductId),
    /// `screen pick_ups`.
    Screen(Place),
    /// `answer sell_anyway`: the conflict card.
    Answer(AnswerAct),
    /// `pay`: to the pay screen.
    Pay,
    /// `tender cash 60.00`, `tender card exact`.
    Tender(TenderKind, Given),
    /// `park`.
    Park,
    /// `recall`: the basket put aside last.
    Recall,
    /// `open anna`: on the pick-up screen.
    Open(Label),
    /// `start_pick`.
    StartPick,
    /// `not_found 2`.
    NotFound(u32),
    /// `ready`, into the bay the till offers.
    Ready,
    /// `hand_over code`, `hand_over name`.
    HandOver(Recognised),
    /// `put_back`.
    PutBack,
    /// `at S002`: to the till of another store, and `at S001` back again.
    At(StoreId),
    /// `open_set_aside`: the order of the first task that asks to set something aside.
    OpenSetAside,
    /// `pick_line 1`: without a scan.
    PickLine(u32),
    /// `send`: what was set aside for another store leaves.
    Send,
    /// `close_transfer`: the first one asked for has come, or it is understood that it does not come.
    CloseTransfer,
    /// `found jo`: what the case of an order misses is here.
    Found(Label),
    /// `take_proposal jo`: the store proposed for the case of an order is to send it.
    TakeProposal(Label),
    /// `undo_step`.
    UndoStep,
    /// `network cut`, `network mended`.
    Network(Cut),
    /// `printer paper_out`.
    Printer(PrinterAct),
    /// `drawer shut`.
    DrawerShut,
    /// `restart`: the till loses its power and starts again.
    Restart,
    /// `copy 1`: a receipt once more.
    Copy(u64),
    /// `close 312.40`, `close expected`: the drawer was counted.
    Close(Given),
    /// `picture conflict`: the screen as it is, for the album.
    Picture(String),
}

/// An order from the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderAct {
    /// Called.
    pub label: Label,
    /// Collected here; otherwise sent.
    pub pick_up: bool,
    /// Paid on the web.
    pub paid: bool,
    /// What, and how many pieces.
    pub lines: Vec<(ProductId, u32)>,
    /// `for 8s`: so long it is kept, when the customer has said so.
    pub kept_seconds: Option<u32>,
}

/// What the scanner reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanAct {
    /// A piece of it.
    Piece(ProductId),
    /// A bag of it, so heavy.
    Bag(ProductId, Quantity),
    /// A pack of it.
    Pack(ProductId),
    /// These characters.
    Code(String),
    /// The customer's collection code.
    Collection(Label),
}

/// A screen that a person goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Sell.
    Sell,
    /// Pick-ups.
    PickUps,
    /// Stock.
    Stock,
    /// Receipts.
    Receipts,
    /// Drawer.
    Drawer,
    /// Devices.
    Devices,
    /// Unfinished business.
    Unfinished,
}

/// An answer to the conflict card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerAct {
    /// `hand_over anna code`, `hand_over anna name`.
    HandOver(Label, Recognised),
    /// `sell_anyway`, or `sell_anyway anna`: this one falls short.
    SellAnyway(Option<Label>),
    /// `keep`, or `keep anna`.
    Keep(Option<Label>),
    /// `find_another S002`.
    FindAnother(StoreId),
    /// `line_out`.
    LineOut,
}

/// How a customer who collects is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// Shows the right code.
    Code,
    /// Shows a wrong one.
    WrongCode,
    /// Says the name.
    Name,
}

/// An amount that is counted or given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// This much.
    Amount(Money),
    /// What is asked for: what is due, what the drawer should hold.
    Exact,
}

/// The connection to central.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Out of reach.
    Cut,
    /// In reach again.
    Mended,
}

/// What happens to the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrinterAct {
    /// The roll ends.
    PaperOut,
    /// A new roll.
    PaperIn,
    /// The cover is opened.
    CoverOpen,
    /// The cover is shut.
    CoverShut,
    /// The cable is pulled.
    Pulled,
    /// The cable is plugged in again.
    Plugged,
}

/// Something that must be seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// `access open`: who may sell.
    Access(AccessFact),
    /// `line 1 sku 2 118.00`: a line of the basket, its quantity, and what it costs when said.
    Line(u32, ProductId, Quantity, Option<Money>),
    /// `lines 3`.
    Lines(usize),
    /// `total 152.45`.
    Total(Money),
    /// `mark 1 last`: what the line wears.
    Mark(u32, MarkFact),
    /// `card promised anna jo`: the conflict card, its headline, its orders.
    Card(ConflictKind, Vec<Label>),
    /// `no card`.
    NoCard,
    /// `question age`, `question open_price`, `question how_much`, `question which`.
    Question(QuestionFact),
    /// `no question`.
    NoQuestion,
    /// `due 30.75`: what is asked for in cash.
    Due(Money),
    /// `change 1.00`.
    Change(Money),
    /// `receipt 1`: the sale just completed.
    Receipt(u64),
    /// `printed 2`: receipt 2 came out of the printer, whole, and once.
    Printed(u64),
    /// `paper "COPY"`: on the paper somewhere.
    Paper(String),
    /// `printer ready`, `printer paper_out`, `printer gone`.
    Printer(PrinterFact),
    /// `drawer open`.
    Drawer(DrawerPosition),
    /// `notice wrong_item`: the one sentence on screen.
    Notice(String),
    /// `open anna`: the order that is open on the pick-up screen.
    Open(Label),
    /// `order anna ready`: at the till.
    Order(Label, OrderState),
    /// `order_at_central anna ready`.
    OrderAtCentral(Label, OrderState),
    /// `at_risk anna`: at central.
    AtRisk(Label),
    /// `case anna`: central has an open conflict case for it.
    Case(Label),
    /// `safe anna`: at central, no longer at risk.
    Safe(Label),
    /// `proposes anna S002`: the till shows an open case of the order, and this store as the one to send it.
    Proposes(Label, StoreId),
    /// `no case`: the till shows no open case.
    NoCase,
    /// `decided anna re_sourced`: at central, how its only case was decided.
    Decided(Label, CaseState),
    /// `till sku on_hand 1 held 0 promised 1 free 0`.
    Till(ProductId, Vec<(Figure, Quantity)>),
    /// `central S001 sku on_hand 1 …`.
    Central(StoreId, ProductId, Vec<(Figure, Quantity)>),
    /// `website S001 sku 0`: what a website is told.
    Website(StoreId, ProductId, Quantity),
    /// `link live`, `link down`.
    Link(LinkFact),
    /// `unsent 0`, or `unsent some`.
    Unsent(Option<u64>),
    /// `outcome duplicate`: what the sender of the last order was answered.
    Outcome(OutcomeFact),
    /// `task set_aside requested`: another store waits for goods, and so far it stands.
    SetAside(TransferState),
    /// `task transfer sent`: goods asked for elsewhere, and so far they stand.
    Transfer(TransferState),
    /// `no transfer`: nothing is owed to another store, or awaited from one.
    NoTransfer,
    /// `session closed`, `session open`.
    Session(SessionFact),
}

/// Who may sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessFact {
    /// Nobody.
    SignIn,
    /// Someone, after the float.
    NeedsSession,
    /// Someone.
    Open,
}

/// What a line wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkFact {
    /// Nothing.
    None,
    /// The last free one.
    Last,
    /// Takes a promised one, without a card.
    TakesPromised,
    /// The card is up for it.
    Deciding,
    /// Sold although an order falls short.
    SoldAnyway,
    /// The books say otherwise.
    Books,
    /// Hands over an order.
    HandOver,
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionFact {
    /// How old?
    Age,
    /// Was this basket sold?
    MayBeSold,
    /// Is it really so much?
    Amount,
    /// At what price?
    OpenPrice,
    /// Something weighed or measured needs its quantity.
    HowMuch,
    /// Which of these?
    Which,
}

/// How the printer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrinterFact {
    /// Works.
    Ready,
    /// No paper.
    PaperOut,
    /// Open.
    CoverOpen,
    /// Not there.
    Gone,
}

/// The connection to central, as the pill says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFact {
    /// Everything flows.
    Live,
    /// Nothing does.
    Down,
}

/// What a sender is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeFact {
    /// Taken.
    Imported,
    /// Had it.
    Duplicate,
    /// Not understood.
    Problem,
}

/// The session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionFact {
    /// Is open.
    Open,
    /// Is closed.
    Closed,
}

/// One of a product's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// On hand.
    OnHand,
    /// Held.
    Held,
    /// Promised.
    Promised,
    /// Free.
    Free,
}

/// Reads a whole script.
pub fn parse(text: &str) -> Result<Vec<Step>, ScriptError> {
    let mut steps = Vec::new();
    let mut heading: Option<String> = None;
    for (index, raw) in text.lines().enumerate() {
        let trimmed = raw.trim();
        if let Some(comment) = trimmed.strip_prefix('#') {
            let comment = comment.trim();
            // A heading may go over several lines.
            heading = Some(heading.take().map_or_else(|| comment.to_owned(), |before| format!("{before} {comment}")));
            continue;
        }
        if trimmed.is_empty() {
            continue;
        }
        let wrong = |reason| ScriptError { line: index + 1, text: trimmed.to_owned(), reason };
        let (act, facts) = parse_line(trimmed).map_err(wrong)?;
        steps.push(Step { line: index + 1, text: trimmed.to_owned(), heading: heading.take(), act, facts });
    }
    Ok(steps)
}

fn parse_line(line: &str) -> Result<(Act, Vec<Fact>), String> {
    let (act, facts) = line.split_once("->").unwrap_or((line, ""));
    let act = Words::read(act)?.whole(act::read)?;
    let facts = facts.split(',').map(str::trim).filter(|fact| !fact.is_empty());
    let facts = facts.map(|fact| Words::read(fact)?.whole(fact::read)).collect::<Result<Vec<_>, _>>()?;
    if act == Act::Expect && facts.is_empty() {
        return Err("expects nothing".to_owned());
    }
    Ok((act, facts))
}

#[cfg(test)]
mod tests;
