//! Papers of the warehouse: what to fetch from the shelves, and what lies in a parcel.

use std::collections::BTreeMap;

use super::sale::{ReceiptVoice, heading};
use super::{BarcodeKind, Block, ColumnKind, Document, Style};
use crate::domain::Timestamp;
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::quantity::Quantity;
use crate::domain::settings::StoreSettings;
use crate::domain::web_order::{DeliveryAddress, WebOrder};

/// Where and when a paper is made that no till prints.
#[derive(Clone, Copy, Debug)]
pub struct OfficeContext<'a> {
    /// The store the goods leave.
    pub settings: &'a StoreSettings,
    /// When.
    pub at: Timestamp,
    /// In which words.
    pub voice: &'a ReceiptVoice,
}

/// What is to be fetched for these orders: each product once, in the order of the bins, with the orders it is for. What
/// was reported missing is not on it. Products without a bin come last. At the end stands where each order goes.
pub fn pick_list(
    orders: &[WebOrder],
    bins: &BTreeMap<ProductId, String>,
    addresses: &BTreeMap<OrderNumber, DeliveryAddress>,
    context: &OfficeContext<'_>,
) -> Document {
    struct Wanted<'a> {
        name: &'a str,
        quantity: Quantity,
        orders: Vec<(&'a OrderNumber, Quantity)>,
    }
    let words = &context.voice.words;
    let mut wanted: BTreeMap<(bool, &str, &ProductId), Wanted<'_>> = BTreeMap::new();
    for order in orders {
        for line in &order.lines {
            let open = line.promised() - line.short;
            if !open.is_positive() {
                continue;
            }
            let bin = bins.get(&line.product).map(String::as_str);
            let entry = wanted.entry((bin.is_none(), bin.unwrap_or("-"), &line.product)).or_insert(Wanted {
                name: &line.name,
                quantity: Quantity::ZERO,
                orders: Vec::new(),
            });
            entry.quantity += open;
            entry.orders.push((&order.number, open));
        }
    }
    let mut list = Document::new();
    heading(&mut list, &context.settings.name, &words.pick_list);
    list.text(context.voice.time(context.at));
    for ((_, bin, product), wanted) in &wanted {
        list.push(Block::Rule);
        list.row(format!("{bin}  {product}"), format!("x {}", wanted.quantity), Style::BOLD);
        list.text(wanted.name);
        let orders: Vec<String> = wanted.orders.iter().map(|(number, open)| format!("{number} x {open}")).collect();
        list.text(format!("[ ] {}", orders.join(", ")));
    }
    list.push(Block::Rule);
    for (order, address) in orders.iter().filter_map(|order| Some((order, addresses.get(&order.number)?))) {
        list.row(format!("{} {}", words.web_order, order.number), &words.deliver_to, Style::BOLD);
        address.lines().iter().for_each(|line| list.text(line));
        list.push(Block::Rule);
    }
    list.push(Block::Cut);
    list
}

/// The note that goes with a parcel: to whom, what was ordered, what is in it, with whom it goes. It names no prices.
pub fn delivery_note(order: &WebOrder, address: Option<&DeliveryAddress>, context: &OfficeContext<'_>) -> Document {
    let words = &context.voice.words;
    let mut note = Document::new();
    heading(&mut note, &context.settings.name, &words.delivery_note);
    for line in &context.settings.address {
        note.centred(line, Style::PLAIN);
    }
    note.push(Block::Rule);
    match address {
        Some(address) => {
            note.row(&words.deliver_to, "", Style::BOLD);
            address.lines().iter().for_each(|line| note.text(line));
            note.push(Block::Rule);
        }
        None => note.text(&order.customer_name),
    }
    note.row(format!("{} {}", words.web_order, order.number), context.voice.time(order.ordered_at), Style::BOLD);
    note.row(&words.your_order, &order.reference, Style::PLAIN);
    if let Some(dispatch) = &order.dispatch {
        note.row(&words.carrier, &dispatch.carrier, Style::PLAIN);
        note.row(&words.tracking, &dispatch.tracking, Style::PLAIN);
    }
    note.push(Block::Rule);
    let mut rows = vec![vec![String::new(), words.ordered.clone(), words.sent.clone()]];
    // A line that a change took off the order is nothing to its customer.
    let wanted = order.lines.iter().filter(|line| line.ordered.is_positive() || line.picked.is_positive());
    rows.extend(wanted.map(|line| vec![line.name.clone(), line.ordered.to_string(), line.picked.to_string()]));
    let columns = vec![ColumnKind::Words, ColumnKind::Figures, ColumnKind::Figures];
    note.push(Block::Table { columns, rows, style: Style::PLAIN });
    note.push(Block::Rule);
    for line in &context.settings.receipt_footer {
        note.centred(line, Style::PLAIN);
    }
    note.push(Block::Blank(1));
    note.push(Block::Barcode { kind: BarcodeKind::Code128, data: order.number.to_string() });
    note.text(context.voice.time(context.at));
    note.push(Block::Cut);
    note
}
