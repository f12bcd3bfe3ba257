//! The receipt of a sale.
//!
//! It holds what the simplified invoices of the United Kingdom (regulation 16A, SI 1995/2518), Australia (GST Act
//! s 29-70) and the European Union (directive 2006/112 article 226b) ask for: seller with tax number, time of supply,
//! lines with their rate, the table of tax per rate, what was paid and how.

use super::{Align, BarcodeKind, Block, ColumnKind, Document, DrawerKick, ReceiptWords, Style};
use crate::domain::Timestamp;
use crate::domain::barcode::DocumentCode;
use crate::domain::basket::BasketLine;
use crate::domain::ids::TillId;
use crate::domain::money::Money;
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::sale::Sale;
use crate::domain::settings::StoreSettings;
use crate::domain::tax::{TaxCode, TaxMode, TaxTotal};
use crate::domain::tender::TenderKind;
use crate::domain::web_order::CollectionProof;
use crate::domain::zone::StoreZone;

/// How documents of a store speak: in which words, and by which clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptVoice {
    /// The language.
    pub words: ReceiptWords,
    /// The store's clock.
    pub zone: StoreZone,
}

impl ReceiptVoice {
    /// English, by the clock of a store.
    pub fn english(zone: StoreZone) -> Self {
        Self { words: ReceiptWords::english(), zone }
    }

    /// `2026-11-24 14:02:31 CET (+01:00)`: the same in every language, and one moment also in the hour that comes twice.
    pub(super) fn time_with_zone(&self, at: Timestamp) -> String {
        format!("{} {}", self.zone.local(at).format("%Y-%m-%d %H:%M:%S"), self.zone.mark(at))
    }

    /// `2026-11-24 14:02`; with its offset in the hour that comes twice, and in a zone that is not known here.
    pub(super) fn time(&self, at: Timestamp) -> String {
        if self.zone.is_doubled(at) || !self.zone.is_known() {
            return self.zone.stamp(at);
        }
        self.zone.local(at).format("%Y-%m-%d %H:%M").to_string()
    }
}

/// The receipt of a sale; `copy` is the number of a copy, `None` for the original. The original of a sale in which cash
/// moved opens the drawer.
pub fn receipt_for_sale(sale: &Sale, settings: &StoreSettings, copy: Option<u32>, voice: &ReceiptVoice) -> Document {
    let words = &voice.words;
    let mut receipt = Document::new();
    let cash_moved = sale.tenders.iter().any(|t| t.kind == TenderKind::Cash);
    if copy.is_none() && cash_moved {
        receipt.drawer = DrawerKick::AtStart;
    }
    seller(&mut receipt, settings, words);
    if let Some(number) = copy {
        receipt.push(Block::Banner(format!("{} {number}", words.copy)));
    }
    receipt.push(Block::Rule);
    let title = if sale.total.is_negative() { &words.refund } else { &words.receipt };
    let number = format!("{:05}", sale.receipt_number);
    receipt.row(format!("{title} {number}"), format!("{} {}", words.till, sale.till), Style::BOLD);
    receipt.text(voice.time_with_zone(sale.completed_at));
    receipt.text(format!("{} {}", words.served_by, sale.operator_name));
    receipt.push(Block::Rule);
    for line in &sale.lines {
        sold_line(&mut receipt, line, sale.tax_letter(line), words);
    }
    receipt.push(Block::Rule);
    receipt.text(item_count(&sale.lines, words));
    if sale.tax_mode == TaxMode::Excluded {
        let net = crate::domain::money::sum(sale.total.currency(), sale.taxes.iter().map(|t| t.net));
        receipt.row(&words.net, net.to_string(), Style::PLAIN);
        receipt.row(&words.tax_amount, sale.tax_total().to_string(), Style::PLAIN);
    }
    let label = format!("{} {}", words.total, sale.total.currency().code());
    receipt.push(Block::Total { label, amount: sale.total.to_string() });
    tendered(&mut receipt, sale, words);
    receipt.push(Block::Rule);
    receipt.push(tax_table(&sale.taxes, words));
    receipt.text(match sale.tax_mode {
        TaxMode::Included => &words.prices_include_tax,
        TaxMode::Excluded => &words.prices_exclude_tax,
    });
    for collection in &sale.collections {
        let proof = proof_words(collection.proof, words);
        receipt.text(format!("{} {}", words.web_order, collection.order));
        receipt.text(format!("{} {}, {proof}", words.collected_by, collection.collector));
    }
    closing(&mut receipt, settings, &sale.till, sale.receipt_number);
    receipt
}

/// The receipt without prices that goes with a present: what was bought, and the code by which it comes back. What the
/// customer brought back in the same sale is not on it.
pub fn gift_receipt_for_sale(sale: &Sale, settings: &StoreSettings, voice: &ReceiptVoice) -> Document {
    let words = &voice.words;
    let mut receipt = Document::new();
    seller(&mut receipt, settings, words);
    receipt.push(Block::Rule);
    let number = format!("{:05}", sale.receipt_number);
    receipt.row(format!("{} {number}", words.gift_receipt), format!("{} {}", words.till, sale.till), Style::BOLD);
    receipt.text(voice.time_with_zone(sale.completed_at));
    receipt.push(Block::Rule);
    for line in sale.lines.iter().filter(|line| line.quantity.is_positive()) {
        if line.quantity == Quantity::ONE && line.unit == Unit::Each {
            receipt.text(&line.name);
        } else {
            receipt.row(&line.name, format!("{}{}", line.quantity, unit_mark(line.unit)), Style::PLAIN);
        }
    }
    receipt.push(Block::Rule);
    receipt.text(&words.gift_return);
    closing(&mut receipt, settings, &sale.till, sale.receipt_number);
    receipt
}

fn seller(receipt: &mut Document, settings: &StoreSettings, words: &ReceiptWords) {
    receipt.centred(&settings.name, Style::LARGE);
    for line in &settings.address {
        receipt.centred(line, Style::PLAIN);
    }
    if !settings.tax_number.is_empty() {
        receipt.centred(format!("{} {}", words.tax_number, settings.tax_number), Style::PLAIN);
    }
}

fn closing(receipt: &mut Document, settings: &StoreSettings, till: &TillId, number: u64) {
    if !settings.receipt_footer.is_empty() {
        receipt.push(Block::Blank(1));
    }
    for line in &settings.receipt_footer {
        receipt.centred(line, Style::PLAIN);
    }
    receipt.push(Block::Blank(1));
    receipt.push(Block::Barcode {
        kind: BarcodeKind::Code128,
        data: DocumentCode::Receipt { till: till.clone(), receipt_number: number }.encode(),
    });
    receipt.push(Block::Cut);
}

fn sold_line(receipt: &mut Document, line: &BasketLine, tax: TaxCode, words: &ReceiptWords) {
    let amount = format!("{} {}", line.amount, tax.0);
    if line.quantity == Quantity::ONE && line.unit == Unit::Each {
        receipt.row(&line.name, amount, Style::PLAIN);
    } else {
        receipt.text(&line.name);
        let unit = unit_mark(line.unit);
        receipt.row(format!("  {}{unit} x {}", line.quantity, line.unit_price), amount, Style::PLAIN);
    }
    if let Some(reason) = &line.price_reason {
        receipt.text(format!("  {reason}"));
    }
    if let Some(discount) = &line.discount {
        let percent = discount.percent.map_or(String::new(), |p| format!(" {} %", p.normalize()));
        // Two blanks stand where the tax letter stands, so that the figures stay one below the other.
        let off = format!("{}  ", -discount.amount);
        receipt.row(format!("  {}{percent}", discount.reason), off, Style::PLAIN);
    }
    if let Some(batch) = &line.batch {
        receipt.text(format!("  {} {batch}", words.batch));
    }
    if let Some(hand_over) = &line.hand_over {
        let mut figure =
            |label: &str, amount: Money| receipt.row(format!("  {label}"), format!("{amount}  "), Style::PLAIN);
        if let Some(share) = hand_over.share {
            figure(if share.is_negative() { &words.order_discount } else { &words.order_charge }, share);
        }
        if let Some(prepaid) = line.prepaid() {
            figure(&words.order_prepaid, -prepaid);
        }
        receipt.text(format!("  {} {}", words.web_order, hand_over.order));
    }
}

const fn unit_mark(unit: Unit) -> &'static str {
    match unit {
        Unit::Each => "",
        Unit::Kilogram => " kg",
        Unit::Metre => " m",
        Unit::Litre => " l",
        Unit::Hour => " h",
    }
}

/// Pieces count as many, anything weighed or measured as one, like the customer counts them.
fn item_count(lines: &[BasketLine], words: &ReceiptWords) -> String {
    let count: i64 = lines
        .iter()
        .map(|line| match line.unit {
            Unit::Each if line.quantity.is_whole() => line.quantity.thousandths().abs() / 1000,
            _ => 1,
        })
        .sum();
    format!("{count} {}", if count == 1 { &words.item } else { &words.items })
}

fn tendered(receipt: &mut Document, sale: &Sale, words: &ReceiptWords) {
    let figure = |receipt: &mut Document, label: &str, amount: Money| {
        receipt.row(label, amount.to_string(), Style::PLAIN);
    };
    if !sale.cash_rounding.is_zero() {
        figure(receipt, &words.cash_rounding, sale.cash_rounding);
    }
    for tender in &sale.tenders {
        let name = match tender.kind {
            TenderKind::Cash => &words.cash,
            TenderKind::Card => &words.card,
        };
        let label = tender.reference.as_ref().map_or_else(|| name.clone(), |reference| format!("{name} {reference}"));
        figure(receipt, &label, tender.amount);
    }
    if !sale.change.is_zero() {
        receipt.row(&words.change, sale.change.to_string(), Style::BOLD);
    }
}

fn tax_table(taxes: &[TaxTotal], words: &ReceiptWords) -> Block {
    let head = vec![words.tax.clone(), words.net.clone(), words.tax_amount.clone(), words.gross.clone()];
    let rows = taxes.iter().map(|tax| {
        let rate = format!("{} {} %", tax.code.0, tax.percent.normalize());
        vec![rate, tax.net.to_string(), tax.tax.to_string(), tax.gross.to_string()]
    });
    Block::Table {
        columns: vec![ColumnKind::Words, ColumnKind::Figures, ColumnKind::Figures, ColumnKind::Figures],
        rows: std::iter::once(head).chain(rows).collect(),
        style: Style::PLAIN,
    }
}

pub(super) fn proof_words(proof: CollectionProof, words: &ReceiptWords) -> &str {
    match proof {
        CollectionProof::Code => &words.proof_code,
        CollectionProof::Name => &words.proof_name,
    }
}

/// A heading as slips and reports have it: the store, then what this is.
pub(super) fn heading(document: &mut Document, store_name: &str, title: &str) {
    document.centred(store_name, Style::PLAIN);
    document.push(Block::Text { text: title.to_owned(), align: Align::Centre, style: Style::LARGE });
}
