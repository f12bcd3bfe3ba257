//! The basket as a card: the left half of the screens that sell and take money.

use iced::widget::{button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::Key;
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::text::unbroken;
use super::super::theme::Ink;
use super::super::ui::{Room, Ui};
use super::super::widget::{
    Element, Keyed, Reach, STRIP_LINES_MAX, VirtualList, badge, card, divider, edge_bar, key_cap, strip, tag, target,
};
use super::{conflict, notice};
use crate::domain::basket::{BasketLine, PriceSource};
use crate::domain::device::{HealthState, PrintJobState};
use crate::domain::money::{self, Money};
use crate::domain::product::Unit;
use crate::domain::quantity::Quantity;
use crate::domain::tax::TaxMode;
use crate::domain::tender::TenderKind;
use crate::register::PRINTER;
use crate::register::snapshot::{CompletedSale, FallsShort, LineMark, OrderRef, Snapshot};

pub use super::super::measure::PORTIONS;

/// The widths of a line's columns, in logical pixels.
struct Columns {
    quantity: f32,
    unit_price: f32,
    amount: f32,
    /// What is left for a strip under the line.
    strip: f32,
    /// Between two columns.
    gap: f32,
}

impl Columns {
    fn of(ui: &Ui<'_>) -> Self {
        let (left, right) = PORTIONS;
        let card = (ui.size.width - 3.0 * gap::MEDIUM) * f32::from(left) / f32::from(left + right) - 2.0;
        let (quantity, unit_price, amount, between) = match ui.room() {
            Room::Wide => (90.0, 84.0, 104.0, 14.0),
            Room::Narrow => (82.0, 68.0, 84.0, 10.0),
        };
        Self { quantity, unit_price, amount, strip: card - quantity - 4.0 - between - gap::CARD, gap: between }
    }
}

/// The room an icon of a strip takes, in logical pixels; a little generous.
const ICON_WIDTH: f32 = 26.0;

/// What a line says under its name.
enum Remark {
    None,
    Strip(Tone, Icon, String),
    Tag(Icon, String),
}

/// The card: the sale's number, its lines, the total, and what can be done with it. A line says `tapped`; where nothing can be
/// done with one it cannot be pressed. The notice stands above the total, unless a card in the other half says it.
pub fn basket_card<'a, Message: Clone + 'a>(
    ui: Ui<'a>,
    snapshot: &'a Snapshot,
    acts: Element<'a, Message>,
    tapped: Option<fn(u32) -> Message>,
    dismissed: Option<Message>,
) -> Element<'a, Message> {
    let body: Element<'a, Message> = match &snapshot.completed {
        Some(sale) if snapshot.basket.basket.is_empty() => completed(&ui, sale, snapshot),
        _ if snapshot.basket.basket.is_empty() => empty(&ui),
        _ => lines(ui, snapshot, tapped),
    };
    let mut content = column![head(&ui, snapshot, tapped.is_some()), divider(), body];
    if let Some(notice) = dismissed.and_then(|dismissed| notice::view(&ui, snapshot, dismissed)) {
        content = content.push(container(notice).padding(Padding {
            top: 0.0,
            bottom: gap::SMALL,
            left: gap::CARD,
            right: gap::CARD,
        }));
    }
    card(content.push(divider()).push(foot(&ui, snapshot, acts)))
}

fn head<'a, Message: 'a>(ui: &Ui<'_>, snapshot: &Snapshot, moves: bool) -> Element<'a, Message> {
    let number = format!("{:05}", snapshot.till.next_receipt_number);
    let mut content = row![ui.label(Type::BodyStrong, ui.text.sale_title(number)), space::horizontal()]
        .align_y(Alignment::Center)
        .spacing(gap::SMALL);
    if let Some(quantity) = snapshot.basket.quantity_prefix {
        content = content.push(badge(ui, Tone::Web, &ui.text.quantity_prefixed(ui.quantity(quantity))));
    }
    if moves && !snapshot.basket.basket.is_empty() {
        let caps = [Key::Up, Key::Down].map(|key| key_cap(ui, key, Surface::KeyCap));
        // The word gives way where a long badge stands beside it.
        let word = ui.label(Type::Caption, ui.text.sale_lines()).or("").muted().shorten(1);
        content = content.push(Keyed::new(word, row(caps).spacing(gap::SMALL), gap::SMALL));
    }
    container(content)
        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::CARD, right: gap::CARD })
        .center_y(height::CARD_HEAD)
        .into()
}

fn lines<'a, Message: Clone + 'a>(
    ui: Ui<'a>,
    snapshot: &'a Snapshot,
    tapped: Option<fn(u32) -> Message>,
) -> Element<'a, Message> {
    let columns = Columns::of(&ui);
    let basket = &snapshot.basket;
    let all = &basket.basket.lines;
    let remark_of = move |position: usize| basket.marks.get(position).map_or(Remark::None, |mark| remark(&ui, mark));
    let heights = all.iter().enumerate().map(|(position, line)| line_height(&ui, line, &remark_of(position), &columns));
    let followed = all.iter().position(|line| Some(line.line) == basket.selected).or(all.len().checked_sub(1));
    let list = VirtualList::new(heights.collect(), move |position| {
        let line = &all[position];
        line_view(
            &ui,
            line,
            remark_of(position),
            basket.selected == Some(line.line),
            &columns,
            tapped.map(|tapped| tapped(line.line)),
        )
    });
    container(list.follow(followed)).padding(Padding { top: 6.0, ..Padding::ZERO }).height(Length::Fill).into()
}

fn line_height(ui: &Ui<'_>, line: &BasketLine, remark: &Remark, columns: &Columns) -> f32 {
    let caption = if captions(ui, line).is_some() { height::LINE_CAPTION + gap::SMALL } else { 0.0 };
    let remark = match remark {
        Remark::None => 0.0,
        Remark::Tag(..) => height::LINE_CAPTION + gap::SMALL,
        Remark::Strip(_, _, words) => {
            // Beside the words: the edge, the icon and the paddings of `strip`.
            let room = columns.strip - 4.0 - 24.0 - 10.0 - ICON_WIDTH;
            let lines = ui.label(Type::LabelStrong, words.as_str()).shorten(STRIP_LINES_MAX).lines_in(room);
            let icon = (Type::Line.size(ui.text_size) * 1.2).round();
            (f32::from(lines) * Type::LabelStrong.size(ui.text_size) * 1.25).max(icon) + 3.0 * gap::SMALL
        }
    };
    let main = if caption + remark > 0.0 { height::LINE_FOLLOWED } else { height::LINE };
    main + caption + remark
}

/// What an order takes off or puts on, reason and amount of a discount, or where an unusual price came from.
fn captions(ui: &Ui<'_>, line: &BasketLine) -> Option<(String, String)> {
    if let Some(discount) = &line.discount {
        let words = match discount.percent {
            Some(percent) => format!("{} {}", discount.reason, ui.text.locale.percent(percent)),
            None => discount.reason.clone(),
        };
        return Some((words, ui.amount(-discount.amount)));
    }
    let share = line.hand_over.as_ref().and_then(|order| order.share);
    let prepaid = line.prepaid();
    let named: Vec<_> = [share_words(ui, share), prepaid_words(ui, prepaid)].into_iter().flatten().collect();
    if let Some((_, first)) = named.first() {
        let words: Vec<&str> = named.iter().map(|(words, _)| words.as_str()).collect();
        let amount = named.iter().skip(1).fold(*first, |sum, (_, amount)| sum + *amount);
        return Some((words.join(" · "), ui.amount(amount)));
    }
    match line.price_source {
        PriceSource::Typed => Some((line.price_reason.clone().unwrap_or_else(|| ui.text.price_typed()), String::new())),
        PriceSource::Label => Some((ui.text.price_from_label(), String::new())),
        PriceSource::List | PriceSource::Order => None,
    }
}

/// What an order takes off or puts on as a whole, in words.
pub(super) fn share_words(ui: &Ui<'_>, share: Option<Money>) -> Option<(String, Money)> {
    let share = share.filter(|share| !share.is_zero())?;
    Some((if share.is_negative() { ui.text.order_discount() } else { ui.text.order_charge() }, share))
}

/// What was received for an order before, in words.
pub(super) fn prepaid_words(ui: &Ui<'_>, prepaid: Option<Money>) -> Option<(String, Money)> {
    let prepaid = prepaid.filter(|prepaid| !prepaid.is_zero())?;
    Some((ui.text.order_prepaid(), -prepaid))
}

fn remark(ui: &Ui<'_>, mark: &LineMark) -> Remark {
    let when = |order: &OrderRef| order.collect_by.map(|at| ui.deadline(at)).unwrap_or_default();
    let whose = |short: &FallsShort| conflict::with_others(&short.order.customer_name, short.also_short);
    let whose = |short: &FallsShort| unbroken(&whose(short));
    match mark {
        LineMark::None => Remark::None,
        LineMark::LastFree(order) => {
            let words = ui.text.mark_last_free(order.number.as_str(), unbroken(&order.customer_name), when(order));
            Remark::Strip(Tone::Mind, Icon::Package, words)
        }
        LineMark::TakesPromised(short) => {
            let (number, when) = (short.order.number.as_str(), when(&short.order));
            let words = ui.text.mark_takes_promised(number, whose(short), when);
            Remark::Strip(Tone::Mind, Icon::TriangleAlert, words)
        }
        LineMark::SoldAnyway(short) => {
            let words = ui.text.mark_sold_anyway(short.order.number.as_str(), whose(short));
            Remark::Strip(Tone::Mind, Icon::TriangleAlert, words)
        }
        LineMark::Deciding => Remark::Strip(Tone::Stop, Icon::OctagonAlert, ui.text.mark_deciding()),
        LineMark::HandOver(order) => {
            let words = ui.text.mark_hand_over(order.number.as_str(), unbroken(&order.customer_name));
            Remark::Strip(Tone::Web, Icon::PackageCheck, words)
        }
        LineMark::OrderChanged(order) => {
            let words = ui.text.mark_order_changed(order.number.as_str());
            Remark::Strip(Tone::Stop, Icon::OctagonAlert, words)
        }
        LineMark::Books { shelf } => Remark::Tag(Icon::Info, ui.text.mark_books(ui.quantity(*shelf))),
    }
}

fn line_view<'a, Message: Clone + 'a>(
    ui: &Ui<'_>,
    line: &BasketLine,
    remark: Remark,
    selected: bool,
    columns: &Columns,
    tapped: Option<Message>,
) -> Element<'a, Message> {
    let captions = captions(ui, line);
    let followed = captions.is_some() || !matches!(remark, Remark::None);
    let mut figures = row![
        ui.label(Type::Line, quantity_words(ui, line)).muted().width(columns.quantity).right().shorten(1),
        ui.label(Type::Line, line.name.as_str()).fill().shorten(1),
    ]
    .spacing(columns.gap)
    .align_y(Alignment::Center);
    // Where there is little room the price of one piece is not said twice.
    if ui.room() == Room::Wide || line.quantity != Quantity::ONE {
        let unit_price = ui.label(Type::Body, ui.amount(line.unit_price)).muted();
        figures = figures.push(unit_price.width(columns.unit_price).right().shorten(1));
    }
    let amount = ui.label(Type::LineStrong, ui.amount(line.to_pay()));
    let main = container(figures.push(amount.width(columns.amount).right().shorten(1))).center_y(if followed {
        height::LINE_FOLLOWED
    } else {
        height::LINE
    });
    let indent = columns.quantity + columns.gap;
    let mut content = column![main];
    if let Some((words, amount)) = captions {
        content = content.push(
            row![
                ui.label(Type::Caption, words).muted().fill().shorten(1),
                ui.label(Type::Caption, amount).muted().right().shorten(1)
            ]
            .height(height::LINE_CAPTION)
            .padding(Padding { left: indent, ..Padding::ZERO }),
        );
    }
    let under: Option<Element<'a, Message>> = match remark {
        Remark::None => None,
        Remark::Tag(icon, words) => Some(container(tag(ui, icon, words)).height(height::LINE_CAPTION).into()),
        Remark::Strip(tone, icon, words) => Some(strip(ui, tone, icon, words)),
    };
    if let Some(under) = under {
        content = content.push(container(under).padding(Padding { left: indent, bottom: gap::SMALL, ..Padding::ZERO }));
    }
    let inside = container(content)
        .width(Length::Fill)
        .height(Length::Fill)
        .padding(Padding { right: gap::CARD, ..Padding::ZERO });
    let edge: Element<'a, Message> =
        if selected { edge_bar(Tone::Done) } else { container(space::vertical()).width(4).into() };
    let surface = if selected { Surface::Marked } else { Surface::Clear };
    let ground = container(row![edge, inside]).class(surface).width(Length::Fill).height(Length::Fill);
    let Some(tapped) = tapped else { return ground.into() };
    let pressed = button(ground).class(Press::Row).padding(0).width(Length::Fill).height(Length::Fill).on_press(tapped);
    target(Reach::UpDown, pressed)
}

/// How much of a line there is, with what it is measured in.
pub fn quantity_words(ui: &Ui<'_>, line: &BasketLine) -> String {
    measured(line.unit, &ui.quantity(line.quantity))
}

/// A figure with what it is measured in: `0.452 kg`; pieces stand alone.
pub fn measured(unit: Unit, figures: &str) -> String {
    unit_symbol(unit).map_or_else(|| figures.to_owned(), |symbol| format!("{figures} {symbol}"))
}

/// What something is measured in, as its symbol; pieces have none.
pub const fn unit_symbol(unit: Unit) -> Option<&'static str> {
    match unit {
        Unit::Each => None,
        Unit::Kilogram => Some("kg"),
        Unit::Metre => Some("m"),
        Unit::Litre => Some("l"),
        Unit::Hour => Some("h"),
    }
}

fn foot<'a, Message: Clone + 'a>(ui: &Ui<'_>, snapshot: &Snapshot, acts: Element<'a, Message>) -> Element<'a, Message> {
    let basket = &snapshot.basket;
    let tax = ui.amount(basket.tax_total);
    let tax_words = match snapshot.till.tax_mode {
        TaxMode::Included => ui.text.tax_included(tax),
        TaxMode::Excluded => ui.text.tax_excluded(tax),
    };
    let given = paid_words(ui, snapshot).map(|(paid, rest)| {
        row![
            ui.label(Type::LabelStrong, paid).ink(Ink::Mind).fill(),
            ui.label(Type::LabelStrong, rest).ink(Ink::Mind).shorten(1)
        ]
        .spacing(gap::SMALL)
        .into()
    });
    column![
        row![
            ui.label(Type::Body, ui.text.items(basket.item_count)).muted().fill().shorten(1),
            ui.label(Type::Body, tax_words).muted().shorten(1),
        ],
        row![
            ui.label(Type::Headline, ui.text.total()).shorten(1),
            ui.label(Type::Total, ui.money(basket.total)).fill().right().shorten(1),
        ]
        .align_y(Alignment::End),
    ]
    .extend(given)
    .push(container(acts).padding(Padding { top: 14.0, ..Padding::ZERO }))
    .spacing(2)
    .padding(Padding { top: 14.0, bottom: 18.0, left: gap::CARD, right: gap::CARD })
    .into()
}

/// What was given for this sale so far, and what remains: said wherever the payment itself is not on screen.
fn paid_words(ui: &Ui<'_>, snapshot: &Snapshot) -> Option<(String, String)> {
    if snapshot.pay.is_some() {
        return None;
    }
    let basket = &snapshot.basket;
    let given = |kind| {
        let of_kind = basket.basket.tenders.iter().filter(|tender| tender.kind == kind).map(|tender| tender.amount);
        Some(money::sum(basket.total.currency(), of_kind)).filter(|sum| !sum.is_zero())
    };
    let mut words: Vec<String> = Vec::new();
    words.extend(given(TenderKind::Card).map(|sum| ui.text.paid_by_card(ui.money(sum))));
    words.extend(given(TenderKind::Cash).map(|sum| ui.text.paid_in_cash(ui.money(sum))));
    words.extend(basket.at_terminal.map(|asked| ui.text.card_unanswered(ui.money(asked))));
    (!words.is_empty()).then(|| (words.join(" · "), ui.text.still_to_pay(ui.money(basket.remaining))))
}

/// Does money lie on the counter, or may the terminal have taken some? Then the basket stands still.
pub fn is_paid_into(snapshot: &Snapshot) -> bool {
    !snapshot.basket.basket.tenders.is_empty() || snapshot.basket.at_terminal.is_some()
}

/// The change, or what the card has paid, stays large until the next scan.
fn completed<'a, Message: 'a>(ui: &Ui<'_>, sale: &CompletedSale, snapshot: &Snapshot) -> Element<'a, Message> {
    let printer = snapshot.devices.devices.iter().find(|device| device.id.as_str() == PRINTER);
    let printer_ready = printer.is_some_and(|printer| printer.health.state == HealthState::Ready);
    let number = format!("{:05}", sale.receipt_number);
    let print = match sale.print {
        PrintJobState::Printed => (Ink::Done, Icon::CircleCheck, ui.text.receipt_printed()),
        PrintJobState::Queued if !printer_ready => (Ink::Mind, Icon::Printer, ui.text.receipt_waits()),
        PrintJobState::Queued | PrintJobState::Sending { .. } => {
            (Ink::Muted, Icon::Printer, ui.text.receipt_printing())
        }
        PrintJobState::Held { .. } => (Ink::Mind, Icon::Printer, ui.text.receipt_waits()),
        PrintJobState::Partial { .. } => (Ink::Stop, Icon::Printer, ui.text.receipt_in_doubt()),
        PrintJobState::Cancelled => (Ink::Muted, Icon::Printer, ui.text.receipt_not_printed()),
    };
    let (ink, icon, words) = print;
    let (title, amount) = match sale.by_card {
        true => (ui.text.sale_by_card(), sale.total),
        false => (ui.text.change(), sale.change),
    };
    container(
        column![
            ui.label(Type::Body, ui.text.sale_completed(number, ui.money(sale.total))).muted(),
            ui.label(Type::Headline, title),
            ui.label(Type::Due, ui.money(amount)).ink(Ink::Done),
            row![ui.icon(Type::Label, icon).ink(ink), ui.label(Type::Label, words).ink(ink)]
                .spacing(gap::SMALL)
                .align_y(Alignment::Center),
        ]
        .extend(sale.drawer_by_key.then(|| {
            let words = ui.label(Type::Label, ui.text.change_drawer_by_key()).ink(Ink::Mind);
            row![ui.icon(Type::Label, Icon::Wallet).ink(Ink::Mind), words]
                .spacing(gap::SMALL)
                .align_y(Alignment::Center)
                .into()
        }))
        .push(ui.label(Type::Label, ui.text.next_sale_hint()).muted())
        .spacing(gap::SMALL)
        .align_x(Alignment::Center),
    )
    .center(Length::Fill)
    .into()
}

fn empty<'a, Message: 'a>(ui: &Ui<'_>) -> Element<'a, Message> {
    container(
        column![
            ui.icon(Type::Total, Icon::ScanBarcode).ink(Ink::Muted),
            ui.label(Type::Line, ui.text.basket_empty()).muted(),
        ]
        .spacing(gap::MEDIUM)
        .align_x(Alignment::Center),
    )
    .center(Length::Fill)
    .into()
}
