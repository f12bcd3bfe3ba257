//! The open order: its head, its way, its lines, and what can be done with it.

use std::cmp::Ordering;

use iced::widget::{button, column, container, row, rule, space};
use iced::{Alignment, Length, Padding};

use super::super::super::icon::Icon;
use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::style::{Press, Surface, Tone};
use super::super::super::text::unbroken;
use super::super::super::theme::Ink;
use super::super::super::ui::{Room, Ui};
use super::super::super::widget::{
    Act, Element, Keyed, Label, Reach, Step, VirtualList, badge, card, divider, edge_bar, headline, key_cap, step,
    target,
};
use super::super::basket::{prepaid_words, share_words};
use super::super::conflict::state_badge;
use super::super::notice;
use super::hand_over::hand_over_foot;
use super::history::{history_bar, history_foot, history_list};
use super::put_back::{put_back_foot, send_foot};
use super::steps::{NextStep, can_be_brought_here, can_put_back, lies_here, me, next_step};
use super::{BAY_KEY, HERE_KEY, Message, NOT_FOUND_KEY, PUT_BACK_KEY, PickUps, SLIP_KEY};
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{Fulfilment, OrderLine, OrderState, OrderSums, WebOrder};
use crate::register::snapshot::{OrderDetail, OrderLineView, Snapshot};

impl PickUps {
    pub(super) fn order<'a>(
        &'a self,
        detail: &'a OrderDetail,
        snapshot: &'a Snapshot,
        ui: Ui<'a>,
    ) -> Element<'a, Message> {
        let mut content = column![order_head(&ui, detail), divider(), steps(&ui, &detail.order), divider()];
        let asking = self.is_asking(Some(detail));
        if !self.is_handing_over(Some(detail)) && !asking {
            content = content.push(history_bar(&ui, detail, self.history.is_some())).push(divider());
        }
        if let Some(remarks) = remarks(&ui, &detail.order).filter(|_| self.history.is_none()) {
            content = content.push(remarks).push(divider());
        }
        content = content.push(match self.history {
            Some(marked) => history_list(ui, detail, marked),
            None => self.lines(detail, ui),
        });
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            content = content.push(container(notice).padding(Padding {
                top: 0.0,
                bottom: 0.0,
                left: gap::CARD,
                right: gap::CARD,
            }));
        }
        let foot = match self.hand_over.as_ref().filter(|_| self.is_handing_over(Some(detail))) {
            Some(hand_over) => hand_over_foot(&ui, detail, hand_over, self.marked_line(detail)),
            None if self.is_putting_back(Some(detail)) => put_back_foot(&ui, &detail.order),
            None if self.is_sending(Some(detail)) => send_foot(&ui, detail),
            None if self.history.is_some() => history_foot(&ui),
            None => self.acts(&ui, detail, snapshot),
        };
        card(content.push(container(foot).padding(Padding {
            top: 12.0,
            bottom: 18.0,
            left: gap::CARD,
            right: gap::CARD,
        })))
    }

    fn lines<'a>(&'a self, detail: &'a OrderDetail, ui: Ui<'a>) -> Element<'a, Message> {
        let handing_over = self.hand_over.as_ref().filter(|_| self.is_handing_over(Some(detail)));
        let marked = self.marked_line(detail);
        VirtualList::uniform(detail.order.lines.len(), height::ROW + 2.0, move |position| {
            let line = &detail.order.lines[position];
            let left_out = handing_over.is_some_and(|hand_over| hand_over.left_out.contains(&line.line));
            let lies_ready = line.held().min(line.outstanding()).is_positive();
            let how = match (handing_over.is_some() && line.outstanding().is_positive(), left_out || !lies_ready) {
                (false, _) => LineShown::Picking,
                (true, false) => LineShown::Goes,
                (true, true) => LineShown::Stays,
            };
            order_line(&ui, &detail.order, detail.lines.get(position), position, position == marked, how)
        })
        .follow(Some(marked))
        .into()
    }

    // Size: a line or two for each act.
    fn acts<'a>(&self, ui: &Ui<'_>, detail: &OrderDetail, snapshot: &Snapshot) -> Element<'a, Message> {
        let order = &detail.order;
        let (pickable, missing) = (self.pickable_line(detail).is_some(), self.missing_line(detail).is_some());
        let lacks = order.can_be_picked() && order.lines.iter().any(|line| line.promised().is_positive());
        let free = self.can_act(snapshot);
        // What can be typed belongs to the search while there is one: a finger gets there.
        let keyed = |act: Act<Message>, key| {
            let is_typed = matches!(key, Key::Character(_) | Key::Enter) && self.search.is_some();
            if is_typed { act.after_the_search() } else { act }
        };
        let act = |key, words: String, icon: Icon, possible: bool, message| {
            let message = (possible && free).then_some(message);
            keyed(Act::new(key, words, message).function().height(height::ACT).fill().icon(icon), key)
        };
        let by_hand = act(Key::Character('+'), ui.text.act_pick_by_hand(), Icon::Hand, pickable, Message::PickStruck);
        let not_found = act(NOT_FOUND_KEY, ui.text.act_not_found(), Icon::PackageX, missing, Message::NotFoundStruck);
        let slip_words = if order.is_over() { ui.text.act_copy() } else { ui.text.act_slip() };
        let slip = act(SLIP_KEY, slip_words, Icon::Printer, true, Message::SlipStruck);
        let undo = act(Key::Character('-'), ui.text.act_undo(), Icon::Undo2, detail.can_undo, Message::UndoStruck);
        let put_back = act(
            PUT_BACK_KEY,
            ui.text.act_put_back(),
            Icon::ArchiveRestore,
            can_put_back(order),
            Message::PutBackStruck,
        );
        let bay = self.bay_for(Some(detail));
        let bay_words = match bay.as_deref() {
            Some(bay) => bay_with_others(ui, detail, bay),
            None => ui.text.bay_none(),
        };
        let choose_bay = act(BAY_KEY, bay_words, Icon::MapPin, true, Message::BayStruck);
        let here =
            act(HERE_KEY, ui.text.act_customer_here(), Icon::HandCoins, lies_here(order), Message::HandOverStruck);
        let step = next_step(order, me(snapshot));
        // What was not found does not come: Enter says so, and is not the green of what is done.
        let is_short = step == NextStep::MakeReady && lacks && order.can_be_made_ready() && bay.is_some();
        let (words, possible) = match step {
            NextStep::StartPicking => (ui.text.act_start_picking(), true),
            NextStep::TakeOver => (ui.text.act_take_over(detail.picker_name.clone().unwrap_or_default()), true),
            NextStep::MakeReady => match &bay {
                Some(_) if is_short => (ui.text.act_ready_without(ui.quantity(missing_of(order))), true),
                Some(bay) => (ui.text.act_ready_in(bay.as_str()), order.can_be_made_ready()),
                None => (ui.text.act_ready(), false),
            },
            NextStep::HandOver => (ui.text.act_hand_over(), true),
            NextStep::Send => (ui.text.act_send(), true),
            NextStep::PutBack => (ui.text.act_put_back(), true),
            NextStep::Nothing if order.is_over() => return row![slip.view(ui)].into(),
            // No act: nothing of it stands on a button.
            NextStep::Nothing => return row![undo.view(ui), slip.view(ui)].spacing(10).into(),
        };
        let taken = if self.search.is_some() { Message::StepTapped } else { Message::Confirmed };
        let primary = Act::new(Key::Enter, words, (possible && free).then_some(taken)).fill();
        let primary = if is_short { primary } else { primary.primary() };
        let primary = keyed(primary, Key::Enter).view(ui);
        let first = match step {
            NextStep::HandOver | NextStep::Send if lacks => {
                row![by_hand.view(ui), put_back.view(ui), undo.view(ui), slip.view(ui)]
            }
            NextStep::HandOver | NextStep::Send => row![put_back.view(ui), undo.view(ui), slip.view(ui)],
            NextStep::PutBack | NextStep::Nothing => row![],
            NextStep::StartPicking | NextStep::TakeOver | NextStep::MakeReady => {
                row![by_hand.view(ui), not_found.view(ui), undo.view(ui), slip.view(ui)]
            }
        };
        let brought = can_be_brought_here(Some(detail), step);
        let second = match step {
            NextStep::MakeReady if brought => row![here.view(ui), choose_bay.view(ui), primary],
            NextStep::MakeReady => row![choose_bay.view(ui), primary],
            NextStep::StartPicking | NextStep::TakeOver if brought => row![here.view(ui), primary],
            _ => row![primary],
        };
        match step {
            NextStep::PutBack => second.into(),
            _ => column![first.spacing(10), second.spacing(10)].spacing(10).into(),
        }
    }
}

/// How much of an order was not found.
fn missing_of(order: &WebOrder) -> Quantity {
    order.lines.iter().map(OrderLine::promised).fold(Quantity::ZERO, |missing, of_line| missing + of_line)
}

/// A bay, and which orders lie there already.
fn bay_with_others(ui: &Ui<'_>, detail: &OrderDetail, bay: &str) -> String {
    let others = detail.bays_taken.iter().filter(|(taken, _)| taken == bay).map(|(_, order)| order.as_str());
    let others: Vec<&str> = others.collect();
    if others.is_empty() { ui.text.bay_chosen(bay) } else { ui.text.bay_shared(bay, others.join(", ")) }
}

/// How what is due comes about, when it is not simply what the goods cost.
fn sums_words(ui: &Ui<'_>, sums: &OrderSums) -> Option<String> {
    let named = [
        share_words(ui, Some(sums.share)),
        Some((ui.text.order_tax(), sums.tax)).filter(|(_, tax)| !tax.is_zero()),
        prepaid_words(ui, Some(sums.prepaid).filter(|_| !sums.due.is_zero())),
    ];
    let named: Vec<String> =
        named.into_iter().flatten().map(|(words, amount)| format!("{words} {}", ui.amount(amount))).collect();
    let goods = format!("{} {}", ui.text.order_goods(), ui.amount(sums.amount));
    (!named.is_empty()).then(|| format!("{goods} · {}", named.join(" · ")))
}

/// What is to be paid for it.
fn due_words(ui: &Ui<'_>, detail: &OrderDetail) -> Label {
    if detail.order.is_over() || detail.order.fulfilment == Fulfilment::Transfer {
        // Nobody pays for it, or nobody any more.
        ui.label(Type::BodyStrong, String::new())
    } else if detail.sums.due.is_zero() {
        ui.label(Type::BodyStrong, ui.text.order_paid_in_full()).ink(Ink::Done)
    } else {
        headline(ui, ui.text.order_due(ui.money(detail.sums.due)))
    }
}

fn order_head<'a>(ui: &Ui<'_>, detail: &OrderDetail) -> Element<'a, Message> {
    let order = &detail.order;
    let to_store = order.fulfilment == Fulfilment::Transfer;
    let due_by = order.collect_by.filter(|_| !order.is_over() && !to_store);
    // What matters most stands where it is never shortened.
    let mut facts: Vec<String> = due_by.map(|at| ui.text.order_collect_by(ui.deadline(at))).into_iter().collect();
    if order.state == OrderState::Cancelled {
        facts.clear();
        facts.extend(order.bay.as_deref().map(|bay| bay_with_others(ui, detail, bay)));
    } else if let Some(bay) = order.bay.as_deref().filter(|bay| detail.bays_taken.iter().any(|(taken, _)| taken == bay))
    {
        // Whoever fetches it takes the right bag.
        facts.insert(0, bay_with_others(ui, detail, bay));
    }
    facts.extend([order.channel.to_string(), ui.text.order_ordered(ui.moment(order.ordered_at))]);
    facts.extend(order.customer_phone.as_deref().map(unbroken));
    let code_needed = match order.state.is_unfulfilled() {
        true if to_store => ui.text.order_to_store(),
        true if detail.code_shown => ui.text.hand_over_code_shown(),
        true => ui.text.order_code_needed(),
        false => String::new(),
    };
    let (tone, state) = match &detail.picker_name {
        Some(name) if order.state == OrderState::Picking => (Tone::Web, ui.text.order_picker(name.as_str())),
        _ => state_badge(ui, order.state, order.bay.as_deref()),
    };
    let mut badges = row![badge(ui, tone, &state)].spacing(gap::SMALL).align_y(Alignment::Center);
    if order.at_risk {
        badges = badges.push(badge(ui, Tone::Stop, &ui.text.order_at_risk()));
    }
    let whose =
        row![headline(ui, order.number.as_str()).ink(Ink::Web), headline(ui, order.customer_name.as_str()).shorten(1),]
            .spacing(gap::SMALL)
            .align_y(Alignment::Center);
    let title = Keyed::new(whose, badges, gap::SMALL);
    let facts = ui.label(Type::Label, facts.join(" · ")).muted().fill().shorten(2);
    let code_needed = ui.label(Type::Label, code_needed).muted().right();
    let due = column![due_words(ui, detail).right(), code_needed].spacing(6).align_x(Alignment::End);
    let head: Element<'a, Message> = match ui.room() {
        Room::Wide => row![column![title, facts].spacing(6).width(Length::Fill), due].spacing(gap::MEDIUM).into(),
        // Whose it is has the line to itself, and is never cut.
        Room::Narrow => column![title, row![facts, due].spacing(gap::MEDIUM)].spacing(6).into(),
    };
    let sums = sums_words(ui, &detail.sums).map(|sums| ui.label(Type::Label, sums).fill().right());
    column![head]
        .extend(sums.map(Element::from))
        .spacing(6)
        .padding(Padding { top: 14.0, bottom: 14.0, left: 22.0, right: 22.0 })
        .into()
}

/// How many characters of what the customer wrote are shown: a few lines.
const NOTE_CHARACTERS_MAX: usize = 400;

/// What is to be known before one goes to the shelf: items that nobody can fetch yet, and what the customer wrote.
fn remarks<'a>(ui: &Ui<'_>, order: &WebOrder) -> Option<Element<'a, Message>> {
    let mut content = column![].spacing(4);
    if order.is_held() {
        let items = order.unmatched.iter().map(|held| format!("{} × {}", ui.quantity(held.quantity), held.name));
        let items: Vec<String> = items.collect();
        let words = ui.text.order_held(order.unmatched.len() as i64);
        content = content.push(ui.label(Type::BodyStrong, words).ink(Ink::Mind).fill().shorten(2));
        content = content.push(ui.label(Type::Label, items.join(" · ")).muted().fill().shorten(2));
    } else if order.notes.is_empty() {
        return None;
    }
    if !order.notes.is_empty() {
        let words: Vec<&str> = order.notes.lines().collect();
        let words: String = words.join(" · ").chars().take(NOTE_CHARACTERS_MAX).collect();
        content = content.push(ui.label(Type::Body, ui.text.order_note(words)).fill().shorten(3));
    }
    let padding = Padding { top: 10.0, bottom: 10.0, left: 22.0, right: 22.0 };
    Some(container(content).padding(padding).width(Length::Fill).into())
}

/// How many of an order's lines are picked, and how many are wanted.
fn count_picked(order: &WebOrder) -> (i64, i64) {
    let wanted = order.lines.iter().filter(|line| line.wanted().is_positive());
    wanted.fold((0, 0), |(picked, lines), line| (picked + i64::from(line.promised().is_zero()), lines + 1))
}

/// Where an order stands on its way: received, picked, ready, handed over.
pub(super) fn standing(order: &WebOrder) -> [Step; 4] {
    let (picked, lines) = count_picked(order);
    let reached = match order.state {
        OrderState::Received => 0,
        OrderState::Picking | OrderState::Short => 1,
        OrderState::Ready | OrderState::Lapsed | OrderState::Packed => 2,
        // What is still to be picked comes before what is still to be handed over.
        OrderState::PartHandedOver if picked == lines => 3,
        OrderState::PartHandedOver if order.lines.iter().any(|line| line.held().is_positive()) => 2,
        OrderState::PartHandedOver => 1,
        OrderState::Cancelled if order.is_to_put_back() => 3,
        OrderState::HandedOver | OrderState::PutBack | OrderState::Cancelled | OrderState::Dispatched => 4,
    };
    std::array::from_fn(|position| match position.cmp(&reached) {
        // It can be ready, and something of it still to be fetched.
        Ordering::Less if position == 1 && picked < lines && order.state.is_unfulfilled() => Step::ToCome,
        Ordering::Less if !was_reached(order, position, picked, lines) => Step::ToCome,
        Ordering::Less => Step::Done,
        Ordering::Equal => Step::Now,
        Ordering::Greater => Step::ToCome,
    })
}

/// The order's way, from received to handed over.
fn steps<'a>(ui: &Ui<'_>, order: &WebOrder) -> Element<'a, Message> {
    let (picked, lines) = count_picked(order);
    let names = [
        ui.text.step_received(),
        ui.text.step_picking(picked, lines),
        ui.text.step_ready(),
        match order.state {
            OrderState::PutBack => ui.text.state_put_back(),
            OrderState::Cancelled if order.is_to_put_back() => ui.text.state_put_back(),
            OrderState::Cancelled => ui.text.state_cancelled(),
            _ if order.fulfilment == Fulfilment::Transfer => ui.text.state_dispatched(),
            _ => ui.text.step_handed_over(),
        },
    ];
    let mut content = row![].spacing(10).align_y(Alignment::Center);
    for (position, (name, at)) in names.into_iter().zip(standing(order)).enumerate() {
        if position > 0 {
            content = content.push(container(rule::horizontal(1)).width(Length::Fill));
        }
        content = content.push(step(ui, at, name));
    }
    container(content).padding(Padding { top: 0.0, bottom: 0.0, left: 22.0, right: 22.0 }).center_y(48).into()
}

/// Was a step behind us ever taken? An order that was cancelled or put back may have gone past it.
fn was_reached(order: &WebOrder, position: usize, picked: i64, lines: i64) -> bool {
    let broken_off = matches!(order.state, OrderState::Cancelled | OrderState::PutBack);
    !broken_off || position == 0 || (picked == lines && (position < 2 || order.bay.is_some()))
}

/// What a line of the open order is shown for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineShown {
    Picking,
    Goes,
    Stays,
}

/// What is to be done about a line, in two words.
fn line_state(ui: &Ui<'_>, order: &WebOrder, line: &OrderLine, how: LineShown) -> (String, Ink) {
    let over = matches!(order.state, OrderState::Cancelled | OrderState::PutBack);
    let surplus = if over { line.held() } else { line.surplus() };
    match how {
        _ if surplus.is_positive() => (ui.text.line_put_back(ui.quantity(surplus)), Ink::Mind),
        _ if line.wanted().is_zero() || over => (ui.text.line_taken_off(), Ink::Muted),
        LineShown::Goes => (ui.text.line_goes(), Ink::Done),
        LineShown::Stays if !line.held().is_positive() => (ui.text.line_not_picked(), Ink::Mind),
        LineShown::Stays => (ui.text.line_stays(), Ink::Mind),
        LineShown::Picking if line.outstanding().is_zero() => (ui.text.line_handed_over(), Ink::Muted),
        LineShown::Picking if line.promised().is_zero() => (ui.text.line_picked(), Ink::Done),
        LineShown::Picking if line.short.is_positive() => (ui.text.line_not_found(), Ink::Stop),
        LineShown::Picking => (ui.text.line_scan_it(), Ink::Mind),
    }
}

fn shelf_words(ui: &Ui<'_>, view: &OrderLineView) -> String {
    let shelf = view.level.shelf();
    match shelf.is_positive() {
        true => ui.text.line_shelf(ui.quantity(shelf), ui.quantity(view.level.promised)),
        false => ui.text.mark_books(ui.quantity(shelf)),
    }
}

fn order_line<'a>(
    ui: &Ui<'_>,
    order: &WebOrder,
    view: Option<&OrderLineView>,
    position: usize,
    marked: bool,
    how: LineShown,
) -> Element<'a, Message> {
    let line = &order.lines[position];
    let bin = view.and_then(|view| view.bin.clone()).unwrap_or_else(|| "–".to_owned());
    let mut facts: Vec<String> = view.and_then(|view| view.barcode.clone()).into_iter().collect();
    // What the shelf holds is nothing to a line that is picked: its unit lies in the bay.
    if let Some(view) = view.filter(|_| line.promised().is_positive()) {
        facts.push(shelf_words(ui, view));
    }
    if line.wanted().is_zero() {
        facts = vec![ui.text.taken_off_by(order.channel.as_str())];
    }
    let (words, ink) = line_state(ui, order, line, how);
    let picked = if line.wanted().is_zero() {
        String::new()
    } else {
        ui.text.picked_of(ui.quantity(line.picked), ui.quantity(line.wanted()))
    };
    let (picked_width, state_width, spacing, side) = match ui.room() {
        Room::Wide => (90.0, 130.0, gap::MEDIUM, 22.0),
        Room::Narrow => (68.0, 110.0, gap::SMALL, gap::MEDIUM),
    };
    // The shelf counts for more than the digits of a code.
    let brief = facts.last().cloned().unwrap_or_default();
    let facts = ui.label(Type::Caption, facts.join(" · ")).or(brief).muted().shorten(1);
    let second: Element<'a, Message> = if marked && order.lines.len() > 1 {
        let keys: &[Key] = if how == LineShown::Picking { &[Key::Tab] } else { &[Key::Up, Key::Down] };
        let caps = row(keys.iter().map(|key| key_cap(ui, *key, Surface::KeyCap))).spacing(2);
        Keyed::new(facts, caps, gap::SMALL).into()
    } else {
        facts.fill().into()
    };
    let content = row![
        container(ui.label(Type::KeySmall, bin).centred().shorten(1))
            .class(Surface::Bin)
            .padding(Padding { top: 5.0, bottom: 5.0, left: 8.0, right: 8.0 })
            .center_x(64),
        column![ui.label(Type::Line, line.name.as_str()).fill().shorten(1), second,].width(Length::Fill),
        ui.label(Type::Line, picked).width(picked_width).right(),
        ui.label(Type::LineStrong, words).ink(ink).width(state_width).right().shorten(1),
    ]
    .spacing(spacing)
    .align_y(Alignment::Center);
    let inside = container(content)
        .padding(Padding { top: 0.0, bottom: 0.0, left: side - 4.0, right: side })
        .center_y(Length::Fill);
    let edge: Element<'a, Message> =
        if marked { edge_bar(Tone::Done) } else { container(space::vertical()).width(4).into() };
    let ground = container(row![edge, inside])
        .class(if marked { Surface::Marked } else { Surface::Clear })
        .center_y(Length::Fill);
    let pressed = button(ground)
        .class(Press::Row)
        .padding(0)
        .width(Length::Fill)
        .height(Length::Fill)
        .on_press(Message::LineTapped(position));
    let reach = if how == LineShown::Picking { Reach::Tab } else { Reach::UpDown };
    column![target(reach, pressed), rule::horizontal(1)].into()
}
