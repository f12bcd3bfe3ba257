//! Slips that go with web orders, and the report of a session.

use super::sale::{ReceiptVoice, heading, proof_words};
use super::{BarcodeKind, Block, ColumnKind, Document, Style};
use crate::domain::Timestamp;
use crate::domain::ids::TillId;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::session::{LookedHow, Session};
use crate::domain::settings::StoreSettings;
use crate::domain::transfer::Transfer;
use crate::domain::web_order::{CollectionProof, LineQuantity, OrderLine, WebOrder};

/// Where, when and by whom a slip is printed.
#[derive(Clone, Copy, Debug)]
pub struct SlipContext<'a> {
    /// The store.
    pub settings: &'a StoreSettings,
    /// Where.
    pub till: &'a TillId,
    /// By whom.
    pub operator_name: &'a str,
    /// When.
    pub at: Timestamp,
    /// In which words.
    pub voice: &'a ReceiptVoice,
}

impl SlipContext<'_> {
    fn place_and_time(&self, slip: &mut Document) {
        let words = &self.voice.words;
        slip.push(Block::Rule);
        slip.text(format!("{} {}, {} {}", words.till, self.till, words.served_by, self.operator_name));
        slip.text(self.voice.time_with_zone(self.at));
        slip.push(Block::Cut);
    }
}

/// The slip that goes with a unit kept for an order: lies with the unit in its bay.
pub fn set_aside_slip(
    order: &WebOrder,
    line: &OrderLine,
    quantity: Quantity,
    bay: &str,
    context: &SlipContext<'_>,
) -> Document {
    let words = &context.voice.words;
    let mut slip = Document::new();
    heading(&mut slip, &context.settings.name, &words.set_aside);
    whose(&mut slip, order, Some(bay), context.voice);
    slip.push(Block::Rule);
    slip.row(&line.name, format!("x {quantity}"), Style::BOLD);
    slip.push(Block::Blank(1));
    slip.push(Block::Barcode { kind: BarcodeKind::Code128, data: order.number.to_string() });
    context.place_and_time(&mut slip);
    slip
}

/// The slip on the bag of an order that is ready. The collection code is not on it: it is the customer's to show.
pub fn bag_slip(order: &WebOrder, context: &SlipContext<'_>) -> Document {
    let words = &context.voice.words;
    let mut slip = Document::new();
    heading(&mut slip, &context.settings.name, &words.pick_up);
    whose(&mut slip, order, order.bay.as_deref(), context.voice);
    slip.push(Block::Rule);
    // Nothing of an order that is over lies anywhere: its slip says what was ordered.
    let over = order.is_over();
    let quantity = |line: &OrderLine| if over { line.ordered } else { line.held() };
    let rows = order.lines.iter().filter(|l| quantity(l).is_positive());
    let rows = rows.map(|l| vec![l.name.clone(), quantity(l).to_string()]);
    slip.push(quantities(rows.collect()));
    slip.push(Block::Rule);
    if !over {
        due(&mut slip, order, context);
    }
    slip.push(Block::Blank(1));
    slip.push(Block::Barcode { kind: BarcodeKind::Code128, data: order.number.to_string() });
    context.place_and_time(&mut slip);
    slip
}

/// The slip of a hand-over, for the customer to sign when the shop wants it.
pub fn hand_over_slip(
    order: &WebOrder,
    lines: &[LineQuantity],
    collector: &str,
    proof: CollectionProof,
    context: &SlipContext<'_>,
) -> Document {
    let words = &context.voice.words;
    let mut slip = Document::new();
    heading(&mut slip, &context.settings.name, &words.handed_over);
    slip.row(format!("{} {}", words.web_order, order.number), &order.reference, Style::BOLD);
    slip.text(&order.customer_name);
    slip.push(Block::Rule);
    let rows = lines.iter().map(|what| {
        let name = order.line(what.line).map_or_else(|| format!("#{}", what.line), |line| line.name.clone());
        vec![name, what.quantity.to_string()]
    });
    slip.push(quantities(rows.collect()));
    slip.push(Block::Rule);
    slip.text(format!("{} {collector}, {}", words.collected_by, proof_words(proof, words)));
    slip.push(Block::Blank(2));
    slip.push(Block::Rule);
    slip.text(&words.signature);
    context.place_and_time(&mut slip);
    slip
}

/// The slip about what was asked for from another store: for whom, and what they were promised. It goes with the customer, or
/// lies with the order, until the goods have come.
pub fn transfer_slip(transfer: &Transfer, product_name: &str, context: &SlipContext<'_>) -> Document {
    let words = &context.voice.words;
    let mut slip = Document::new();
    heading(&mut slip, &context.settings.name, &words.asked_for);
    match (&transfer.for_order, transfer.customer.as_str()) {
        (Some(order), _) => slip.centred(format!("{} {order}", words.web_order), Style::LARGE),
        (None, "") => {}
        (None, customer) => slip.centred(customer, Style::LARGE),
    }
    slip.push(Block::Rule);
    slip.row(product_name, format!("x {}", transfer.quantity), Style::BOLD);
    slip.row(&words.asked_of, &transfer.from_name, Style::PLAIN);
    slip.row(&words.asked_at, context.voice.time(transfer.asked_at), Style::PLAIN);
    slip.push(Block::Rule);
    slip.text(&words.asked_means);
    context.place_and_time(&mut slip);
    slip
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionClose {
    /// When.
    pub at: Timestamp,
    /// What was in the drawer.
    pub counted: Money,
    /// Why that is not what was expected.
    pub reason: Option<String>,
    /// Who agreed to it, when somebody had to.
    pub agreed_by: Option<String>,
}

/// Once that the drawer of a session was counted, or that somebody saw what it should hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawerLook {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub name: String,
    /// How.
    pub how: LookedHow,
}

/// The report of a session that `owner` opened: closed (Z), or open (X) while `close` is `None`. A closed one tells how its
/// drawer was counted: each time when more than once, and who had seen before what it should hold.
pub fn session_report(
    session: &Session,
    owner: &str,
    looks: &[DrawerLook],
    close: Option<&SessionClose>,
    context: &SlipContext<'_>,
) -> Document {
    let words = &context.voice.words;
    let mut report = Document::new();
    heading(
        &mut report,
        &context.settings.name,
        if close.is_some() { &words.close_report } else { &words.interim_report },
    );
    report.row(&words.business_day, session.business_day.format("%Y-%m-%d").to_string(), Style::PLAIN);
    report.row(&words.opened, context.voice.time(session.opened_at), Style::PLAIN);
    report.row(&words.session_of, owner, Style::PLAIN);
    if let Some(close) = close {
        report.row(&words.closed, context.voice.time(close.at), Style::PLAIN);
    }
    report.push(Block::Rule);
    report.row(format!("{} ({})", words.sales, session.sale_count), session.sale_total.to_string(), Style::BOLD);
    report.row(&words.card_sales, session.card_sales.to_string(), Style::PLAIN);
    report.push(Block::Rule);
    report.row(&words.float, session.float.to_string(), Style::PLAIN);
    report.row(&words.cash_sales, session.cash_sales.to_string(), Style::PLAIN);
    report.row(&words.cash_moved, session.cash_moved.to_string(), Style::PLAIN);
    let expected = session.cash_expected();
    report.row(&words.expected, expected.to_string(), Style::BOLD);
    if let Some(close) = close {
        report.row(&words.counted, close.counted.to_string(), Style::PLAIN);
        let difference = close.counted - expected;
        report.row(&words.difference, format!("{difference:+}"), Style::BOLD);
        if let Some(reason) = &close.reason {
            report.text(format!("{}: {reason}", words.reason));
        }
        let counted_by = looks.iter().rev().find(|look| look.how.is_count());
        for (words, name) in [
            (&words.counted_by, counted_by.map(|look| look.name.as_str())),
            (&words.agreed_by, close.agreed_by.as_deref()),
        ] {
            if let Some(name) = name {
                report.row(words, name, Style::PLAIN);
            }
        }
        counted_how(&mut report, looks, close, context.voice);
    }
    context.place_and_time(&mut report);
    report
}

/// A drawer that was counted until it fits, or by somebody who knew what it should hold, shows: what was counted each time and
/// by how much it was off. Among them stands whoever was to agree and had seen by how much before it was counted again.
fn counted_how(report: &mut Document, looks: &[DrawerLook], close: &SessionClose, voice: &ReceiptVoice) {
    let words = &voice.words;
    let counts = looks.iter().filter(|look| look.how.is_count()).count();
    let last = looks.iter().rposition(|look| look.how.is_count()).unwrap_or_default();
    // The day stands above; only what is of another day names it.
    let closed = voice.time(close.at);
    let day = closed.split_inclusive(' ').next().unwrap_or_default();
    let when = |at: Timestamp| {
        let time = voice.time(at);
        time.strip_prefix(day).map(str::to_owned).unwrap_or(time)
    };
    let mut rows = Vec::new();
    if counts > 1 {
        report.row(format!("{} ({counts})", words.counts), "", Style::BOLD);
        rows.push(vec![String::new(), words.counted.clone(), words.difference.clone()]);
    }
    for (position, DrawerLook { at, name, how }) in looks.iter().enumerate() {
        let (counted, told) = match how {
            LookedHow::Counted { counted, expected } if counts > 1 => {
                (counted.to_string(), format!("{:+}", *counted - *expected))
            }
            LookedHow::Report => (String::new(), words.interim_report.clone()),
            LookedHow::Agreeing if position < last => (String::new(), words.difference_seen.clone()),
            LookedHow::Counted { .. } | LookedHow::Agreeing => continue,
        };
        rows.push(vec![format!("{} {name}", when(*at)), counted, told]);
    }
    if !rows.is_empty() {
        let columns = vec![ColumnKind::Words, ColumnKind::Figures, ColumnKind::Figures];
        report.push(Block::Table { columns, rows, style: Style::PLAIN });
    }
}

/// Number, customer, bay and deadline, as large as they must be to be read on a shelf.
fn whose(slip: &mut Document, order: &WebOrder, bay: Option<&str>, voice: &ReceiptVoice) {
    let words = &voice.words;
    slip.centred(order.number.to_string(), Style::LARGE);
    slip.centred(&order.customer_name, Style::LARGE);
    if let Some(bay) = bay {
        slip.push(Block::Banner(format!("{} {bay}", words.bay)));
    }
    if let Some(collect_by) = order.collect_by {
        slip.row(&words.collect_by, voice.time(collect_by), Style::BOLD);
    }
}

fn due(slip: &mut Document, order: &WebOrder, context: &SlipContext<'_>) {
    let words = &context.voice.words;
    match order.sums_in(context.settings).map(|sums| sums.due) {
        Some(amount) if !order.is_paid_for() => slip.push(Block::Total {
            label: format!("{} {}", words.to_pay, amount.currency().code()),
            amount: amount.to_string(),
        }),
        _ => slip.centred(&words.paid, Style::LARGE),
    }
}

fn quantities(rows: Vec<Vec<String>>) -> Block {
    Block::Table { columns: vec![ColumnKind::Words, ColumnKind::Decimal], rows, style: Style::PLAIN }
}
