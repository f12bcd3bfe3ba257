//! The conflict card: a sale and a web order want the same unit, and someone must decide.
//!
//! It covers the right half, not the basket. Four answers, one key each; only a person's key or finger answers it. The
//! hand-over and the stores that could send one have files of their own.

mod find_another;
mod hand_over;
mod short;

use iced::widget::{Column, button, column, container, row, scrollable};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::text::unbroken;
use super::super::theme::Ink;
use super::super::ui::{Room, Ui};
use super::super::widget::{Act, Element, Label, Reach, badge, card_with_edge, figure, headline, side_by_side, target};
use super::basket::{PORTIONS, basket_card};
use super::collector::Collector;
use super::sell::{Direction, PARK_KEY, RECALL_KEY};
use super::stock::story_words;
use super::take_back;
use super::{Action, notice};
use crate::domain::conflict::ConflictKind;
use crate::domain::ids::{OrderNumber, StoreId};
use crate::domain::operator::Permission;
use crate::domain::web_order::{OrderState, WebOrder};
use crate::register::intent::{ConflictChoice, Intent};
use crate::register::snapshot::{ConflictCard, ConflictRefusal, Snapshot};

use find_another::kilometres;
pub use find_another::store_words;
use hand_over::HandOver;
pub use short::with_others;
use short::{can_change_short, next_short};

/// How many characters a collection code has.
pub const COLLECTION_CODE_CHARACTERS: usize = 6;
/// Stores offered.
const STORES_SHOWN: usize = 6;

/// Where one is on the card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conflict {
    /// The order chosen by hand, wherever the card has moved it; before that the first is marked. "Keep" means this one.
    chosen: Option<OrderNumber>,
    /// The order that falls short instead of the rule's choice.
    short: Option<OrderNumber>,
    step: Step,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Step {
    #[default]
    Answers,
    HandOver(HandOver),
    /// With the customer it is for, as far as the name is typed.
    FindAnother(Collector),
    /// The card payment given last: is it to be taken back?
    TakingBack,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// An order was tapped.
    OrderTapped(OrderNumber),
    /// Another order is marked.
    OrderMoved(Direction),
    /// 1.
    HandOverStruck,
    /// 2.
    SellAnywayStruck,
    /// Another order is to fall short.
    ShortChanged,
    /// 3.
    KeepStruck,
    /// 4.
    FindAnotherStruck,
    /// A character of the collection code, or of the name of who collects.
    Typed(char),
    /// The last one taken back.
    Backspaced,
    /// Enter, with the code or the name.
    Confirmed,
    /// Someone else collects: their name is typed.
    CollectorStruck,
    /// The name was asked and is right.
    NameConfirmed,
    /// A store was chosen.
    StoreChosen(StoreId),
    /// The last tender is taken back, a card payment after it was asked: with money on the counter only *sell anyway* is
    /// possible.
    TakenBack,
    /// Esc: back to the answers; from there, the line leaves the basket.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

impl Conflict {
    /// The four answers, the first order marked.
    pub fn new() -> Self {
        Self::default()
    }

    /// As it is while the code of an order is asked.
    pub fn handing_over(order: &str, code: &str) -> Self {
        let hand_over = HandOver { code: code.to_owned(), ..HandOver::of(OrderNumber::new(order)) };
        Self { step: Step::HandOver(hand_over), ..Self::default() }
    }

    /// As it is while the name of somebody else who collects is typed.
    pub fn naming_collector(order: &str, name: &str) -> Self {
        let hand_over = HandOver { collector: Collector::typing(name), ..HandOver::of(OrderNumber::new(order)) };
        Self { step: Step::HandOver(hand_over), ..Self::default() }
    }

    /// As it is while a store is chosen.
    pub fn finding_another() -> Self {
        Self { step: Step::FindAnother(Collector::default()), ..Self::default() }
    }

    /// As it is while it is asked whom another store's unit is for.
    pub fn naming_customer(name: &str) -> Self {
        Self { step: Step::FindAnother(Collector::typing(name)), ..Self::default() }
    }

    /// As it is while it is asked whether a card payment is to be taken back.
    pub fn taking_back() -> Self {
        Self { step: Step::TakingBack, ..Self::default() }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        if key == Key::Escape {
            return Some(Message::Stepped);
        }
        if let Some(direction) = Direction::of_key(key) {
            return Some(Message::OrderMoved(direction));
        }
        match &self.step {
            Step::Answers => match key {
                Key::Character('1') => Some(Message::HandOverStruck),
                Key::Character('2') => Some(Message::SellAnywayStruck),
                Key::Character('3') => Some(Message::KeepStruck),
                Key::Character('4') => Some(Message::FindAnotherStruck),
                Key::Character('O') => can_change_short(snapshot.conflict.as_deref()?).then_some(Message::ShortChanged),
                Key::Character('-') => last_tender(snapshot).map(|_| Message::TakenBack),
                _ => None,
            },
            Step::HandOver(hand_over) => match key {
                Key::Enter => Some(Message::Confirmed),
                Key::Backspace => Some(Message::Backspaced),
                _ if hand_over.collector.is_typing() => stroke.text.map(Message::Typed),
                Key::Character('+') => Some(Message::NameConfirmed),
                Key::Character('*') => Some(Message::CollectorStruck),
                Key::Character(c) if c.is_ascii_alphanumeric() => Some(Message::Typed(c)),
                _ => None,
            },
            Step::TakingBack => (key == Key::Enter).then_some(Message::TakenBack),
            Step::FindAnother(customer) if customer.is_typing() => match key {
                Key::Enter => Some(Message::Confirmed),
                Key::Backspace => Some(Message::Backspaced),
                _ => stroke.text.map(Message::Typed),
            },
            Step::FindAnother(_) if key == Key::Character('*') => Some(Message::CollectorStruck),
            Step::FindAnother(_) => {
                let position = key.digit()?.to_digit(10)?.checked_sub(1)? as usize;
                let card = snapshot.conflict.as_ref()?;
                let store = card.elsewhere.iter().take(STORES_SHOWN).nth(position)?;
                Some(Message::StoreChosen(store.store.clone()))
            }
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        let Some(card) = snapshot.conflict.as_deref() else { return Action::None };
        let answer = |choice| Action::Tell(Intent::ConflictAnswered { card: card.number, choice });
        match message {
            Message::OrderTapped(order) => self.choose(order, card),
            Message::OrderMoved(direction) => {
                let next = direction.moved(self.marked(card), card.orders.len());
                card.orders.get(next).map_or(Action::None, |order| self.choose(order.number.clone(), card))
            }
            Message::HandOverStruck => match card.orders.get(self.marked(card)) {
                Some(order) => self.ask_code_of(order.number.clone()),
                None => Action::None,
            },
            Message::SellAnywayStruck => {
                let changed = self.short.is_some();
                answer(ConflictChoice::SellAnyway { order: changed.then(|| self.falls_short(card).clone()) })
            }
            Message::ShortChanged => {
                self.short = next_short(card, self.falls_short(card));
                Action::None
            }
            Message::KeepStruck => match self.order_to_keep_for(card) {
                Some(order) => answer(ConflictChoice::Keep { order: Some(order.number.clone()) }),
                None => Action::None,
            },
            Message::FindAnotherStruck => self.find_another(card),
            Message::Typed(_)
            | Message::Backspaced
            | Message::Confirmed
            | Message::CollectorStruck
            | Message::NameConfirmed => match &mut self.step {
                Step::FindAnother(customer) => find_another::name_customer(customer, &message),
                _ => self.hand_over(message, card),
            },
            Message::StoreChosen(store) => {
                let customer = match &self.step {
                    Step::FindAnother(customer) => customer.name().unwrap_or_default(),
                    _ => String::new(),
                };
                answer(ConflictChoice::FindAnother { store, customer })
            }
            Message::Stepped if self.step == Step::Answers => answer(ConflictChoice::LineOut),
            Message::Stepped => self.step_back(),
            Message::TakenBack => {
                let Some(index) = last_tender(snapshot) else { return Action::None };
                if self.step != Step::TakingBack && take_back::charged(snapshot, index).is_some() {
                    self.step = Step::TakingBack;
                    return Action::None;
                }
                self.step = Step::Answers;
                Action::Tell(Intent::TenderTakenBack { index })
            }
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// The same card with other orders on it: a hand-over of one that has gone is over.
    pub fn settle(&mut self, card: &ConflictCard) {
        if let Step::HandOver(hand_over) = &self.step
            && find_order(card, &hand_over.order).is_none()
        {
            self.step = Step::Answers;
        }
    }

    fn choose(&mut self, order: OrderNumber, card: &ConflictCard) -> Action {
        if find_order(card, &order).is_none() {
            return Action::None;
        }
        self.chosen = Some(order.clone());
        match &self.step {
            Step::HandOver(asked) if asked.order != order => self.ask_code_of(order),
            Step::HandOver(_) | Step::Answers | Step::FindAnother(_) | Step::TakingBack => Action::None,
        }
    }

    /// From now on a scan may be the code of this order.
    fn ask_code_of(&mut self, order: OrderNumber) -> Action {
        let hand_over = HandOver::of(order);
        let asked = hand_over.asked();
        self.step = Step::HandOver(hand_over);
        Action::Tell(Intent::CollectionCodeAsked(Some(asked)))
    }

    /// Esc within a step: the name that is typed, then the step, is left.
    fn step_back(&mut self) -> Action {
        if let Step::HandOver(hand_over) = &mut self.step
            && hand_over.collector.leave()
        {
            return Action::Tell(Intent::CollectionCodeAsked(Some(hand_over.asked())));
        }
        if let Step::FindAnother(customer) = &mut self.step
            && customer.leave()
            && customer.name().is_some()
        {
            return Action::None;
        }
        match std::mem::take(&mut self.step) {
            Step::HandOver(_) => Action::Tell(Intent::CollectionCodeAsked(None)),
            Step::Answers | Step::FindAnother(_) | Step::TakingBack => Action::None,
        }
    }

    /// The place of the marked order: while one is handed over it is that one.
    fn marked(&self, card: &ConflictCard) -> usize {
        let order = match &self.step {
            Step::HandOver(hand_over) => Some(&hand_over.order),
            Step::Answers | Step::FindAnother(_) | Step::TakingBack => self.chosen.as_ref(),
        };
        order.and_then(|number| card.orders.iter().position(|order| order.number == *number)).unwrap_or_default()
    }

    /// The order the unit would be kept for: the one chosen by hand when it needs one, else the first that does.
    fn order_to_keep_for<'c>(&self, card: &'c ConflictCard) -> Option<&'c WebOrder> {
        let needs = |order: &&WebOrder| order.promised_of(&card.product).is_positive();
        let chosen = self.chosen.as_ref().and_then(|number| find_order(card, number)).filter(needs);
        chosen.or_else(|| card.orders.iter().find(needs))
    }

    fn falls_short<'c>(&'c self, card: &'c ConflictCard) -> &'c OrderNumber {
        self.short
            .as_ref()
            .filter(|number| card.orders.iter().any(|o| o.number == **number))
            .unwrap_or(&card.falls_short)
    }

    /// The screen: the basket, and the card over the other half.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let left = basket_card(ui, snapshot, idle_acts(&ui), None, None);
        let Some(card) = snapshot.conflict.as_deref() else { return left };
        // Where there is little room the orders are seen before the figures once an answer is chosen, and everywhere while a
        // name is typed below the stores.
        let is_naming = matches!(&self.step, Step::FindAnother(customer) if customer.is_typing());
        let figures_shown = !is_naming && (ui.room() == Room::Wide || matches!(self.step, Step::Answers));
        let charged = last_tender(snapshot).and_then(|index| take_back::charged(snapshot, index));
        if let (Step::TakingBack, Some(amount)) = (&self.step, charged) {
            let notice = notice::view(&ui, snapshot, Message::NoticeRead);
            let asked = take_back::question(&ui, amount, notice, Message::TakenBack, Message::Stepped);
            return side_by_side(left, PORTIONS.0, asked, PORTIONS.1);
        }
        let mut content = column![self.head(card, &ui)]
            .extend(figures_shown.then(|| figures(card, &ui)))
            .push(self.orders(card, &ui))
            .extend(notice::view(&ui, snapshot, Message::NoticeRead))
            .spacing(12);
        content = match &self.step {
            Step::Answers | Step::TakingBack => {
                if let Some(told) = told(card, &ui) {
                    content = content.push(told);
                }
                content.push(self.answers(card, snapshot, &ui))
            }
            Step::HandOver(handed) => content.push(hand_over::hand_over(card, handed, &ui)),
            Step::FindAnother(customer) => content.push(find_another::stores(card, customer, &ui)),
        };
        side_by_side(left, PORTIONS.0, card_with_edge(Tone::Stop, content), PORTIONS.1)
    }

    fn head<'a>(&self, card: &ConflictCard, ui: &Ui<'_>) -> Element<'a, Message> {
        let title = headline_words(card, ui);
        let age = match (card.live, card.as_of) {
            (true, Some(at)) => ui.text.as_of_live(ui.time(at)),
            (false, Some(at)) => ui.text.as_of_old(ui.moment(at), ui.since(at)),
            (_, None) => ui.text.as_of_never(),
        };
        let about = format!("{} · {age}", card.product_name);
        column![
            row![
                ui.icon(Type::Headline, Icon::OctagonAlert).ink(Ink::Stop),
                headline(ui, title).ink(Ink::Stop).fill().shorten(2)
            ]
            .spacing(10)
            .align_y(Alignment::Center),
            ui.label(Type::Caption, about).muted().fill().shorten(2),
        ]
        .spacing(2)
        .into()
    }

    fn orders<'a>(&self, card: &ConflictCard, ui: &Ui<'_>) -> Element<'a, Message> {
        let marked = self.marked(card);
        let rows = card.orders.iter().enumerate();
        let rows = rows.map(|(position, order)| order_row(ui, card, order, position == marked));
        let mut content = Column::with_children(rows).spacing(gap::SMALL);
        if self.step == Step::Answers {
            content = content.push(story(card, ui));
        }
        // With more orders than there is room for, the bar stands beside them.
        scrollable(content).spacing(gap::TIGHT).height(Length::Fill).width(Length::Fill).into()
    }

    fn answers<'a>(&self, card: &ConflictCard, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let names: Vec<&str> = card.orders.iter().take(2).map(|order| order.customer_name.as_str()).collect();
        let hand_over = match names.as_slice() {
            [one] => ui.text.conflict_hand_over_one(unbroken(one)),
            [one, two] => ui.text.conflict_hand_over_two(unbroken(one), unbroken(two)),
            _ => ui.text.conflict_hand_over_any(),
        };
        let elsewhere = match card.elsewhere.first() {
            Some(store) => {
                let far = ui.text.distance_km(ui.text.locale.typed(&kilometres(store)));
                ui.text.conflict_find_at(ui.quantity(store.free), store.name.as_str(), far, ui.moment(store.as_of))
            }
            None => ui.text.conflict_find_none(),
        };
        let short = with_others(self.falls_short(card).as_str(), card.also_short);
        let act = |key, words: String, caption: String, message| {
            Act::new(Key::Character(key), words, message).caption(caption).height(if ui.room() == Room::Wide {
                76.0
            } else {
                66.0
            })
        };
        let first = act('1', ui.text.act_hand_over_order(), hand_over, Some(Message::HandOverStruck));
        let sold = match card.sell_anyway {
            Permission::Allow => ui.text.conflict_sell_short(short),
            Permission::Ask | Permission::Deny => ui.text.conflict_sell_asked(short),
        };
        let second = act('2', ui.text.act_sell_anyway(), sold, Some(Message::SellAnywayStruck));
        let (kept, keeps) = match self.order_to_keep_for(card) {
            Some(order) => (ui.text.conflict_keep(order.number.as_str()), Some(Message::KeepStruck)),
            None => (ui.text.conflict_keep_none(), None),
        };
        let third = act('3', ui.text.act_keep(), kept, keeps);
        let fourth = act(
            '4',
            ui.text.act_find_another(),
            elsewhere,
            (!card.elsewhere.is_empty()).then_some(Message::FindAnotherStruck),
        );
        let change = can_change_short(card).then_some(Message::ShortChanged);
        let act = |key, words: String, message| Act::new(key, words, message).function().height(48.0).fill().view(ui);
        let out = match card.line_out < card.in_basket {
            true => ui.text.act_take_out(ui.quantity(card.line_out), ui.quantity(card.in_basket)),
            false => ui.text.act_line_out(),
        };
        let mut quiet = row![act(Key::Escape, out, Some(Message::Stepped))].spacing(10);
        if last_tender(snapshot).is_some() {
            quiet = quiet.push(act(Key::Character('-'), ui.text.act_take_back(), Some(Message::TakenBack)));
        }
        quiet = quiet.push(act(Key::of('O'), ui.text.act_change_short(), change));
        column![
            row![first.view_answer(ui), second.view_answer(ui)].spacing(10),
            row![third.view_answer(ui), fourth.view_answer(ui)].spacing(10),
            quiet,
        ]
        .spacing(10)
        .into()
    }
}

/// Which of the conflicts it is, in words that are true to the figures below them.
fn headline_words(card: &ConflictCard, ui: &Ui<'_>) -> String {
    let (level, shelf) = (&card.level, card.level.shelf());
    match card.kind {
        ConflictKind::Promised if card.line_out < card.in_basket => {
            ui.text.conflict_promised_of(ui.quantity(card.line_out), ui.quantity(card.in_basket))
        }
        ConflictKind::Promised => ui.text.conflict_promised(),
        ConflictKind::BooksEmpty if shelf.is_positive() => ui.text.conflict_too_few(ui.quantity(shelf)),
        ConflictKind::BooksEmpty if level.on_hand.is_positive() => ui.text.conflict_all_held(ui.quantity(level.held)),
        ConflictKind::BooksEmpty => ui.text.conflict_books_empty(),
    }
}

/// What was wrong with the last answer, or that a scan waits.
fn told(card: &ConflictCard, ui: &Ui<'_>) -> Option<Label> {
    let words = match (card.refused, &card.scan_waiting) {
        (Some(refused), _) => refusal(ui, refused),
        (None, Some(what)) => ui.text.conflict_scan_waiting(what.as_str()),
        (None, None) => return None,
    };
    Some(ui.label(Type::LabelStrong, words).ink(Ink::Stop).shorten(2))
}

/// A collection code being typed.
pub fn code_field<'a, Message: 'a>(ui: &Ui<'_>, code: &str) -> Element<'a, Message> {
    let words = if code.is_empty() {
        ui.label(Type::Line, ui.text.hand_over_code_hint()).muted()
    } else {
        ui.label(Type::Figure, code)
    };
    container(
        row![ui.icon(Type::Line, Icon::ScanBarcode).muted(), words.fill().shorten(1)]
            .spacing(12)
            .align_y(Alignment::Center),
    )
    .class(Surface::Focused)
    .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
    .center_y(height::SEARCH)
    .into()
}

/// The position of the last tender, when money was given.
fn last_tender(snapshot: &Snapshot) -> Option<usize> {
    snapshot.basket.basket.tenders.len().checked_sub(1)
}

fn find_order<'c>(card: &'c ConflictCard, number: &OrderNumber) -> Option<&'c WebOrder> {
    card.orders.iter().find(|order| order.number == *number)
}

fn refusal(ui: &Ui<'_>, refused: ConflictRefusal) -> String {
    match refused {
        ConflictRefusal::WrongCode => ui.text.notice_wrong_collection_code(),
        ConflictRefusal::OrderChanged => ui.text.conflict_order_changed(),
        ConflictRefusal::ForAnotherStore => ui.text.notice_for_another_store(),
    }
}

fn figures<'a>(card: &ConflictCard, ui: &Ui<'_>) -> Element<'a, Message> {
    let level = &card.level;
    let bay = card
        .orders
        .iter()
        .find_map(|order| order.bay.as_deref().filter(|_| order.held_of(&card.product).is_positive()));
    let held = match bay {
        Some(bay) if level.held.is_positive() => ui.text.figure_held_in(bay),
        _ => ui.text.figure_held(),
    };
    row![
        figure(ui, ui.text.figure_on_hand(), ui.quantity(level.on_hand)),
        figure(ui, held, ui.quantity(level.held)),
        figure(ui, ui.text.figure_promised(), ui.quantity(level.promised)),
        figure(ui, ui.text.figure_in_basket(), ui.quantity(card.in_basket)),
    ]
    .spacing(8)
    .into()
}

/// The state of an order as a badge: its words and its tone.
pub fn state_badge(ui: &Ui<'_>, state: OrderState, bay: Option<&str>) -> (Tone, String) {
    let text = ui.text;
    match state {
        OrderState::Received => (Tone::Mind, text.state_to_pick()),
        OrderState::Picking => (Tone::Web, text.state_picking()),
        OrderState::Short => (Tone::Stop, text.state_short()),
        OrderState::Ready => match bay {
            Some(bay) => (Tone::Done, text.state_ready_in(bay)),
            None => (Tone::Done, text.state_ready()),
        },
        OrderState::PartHandedOver => (Tone::Web, text.state_part_handed_over()),
        OrderState::HandedOver => (Tone::Done, text.state_handed_over()),
        OrderState::Lapsed => (Tone::Stop, text.state_lapsed()),
        OrderState::PutBack => (Tone::Quiet, text.state_put_back()),
        OrderState::Cancelled => (Tone::Quiet, text.state_cancelled()),
        OrderState::Packed => (Tone::Web, text.state_packed()),
        OrderState::Dispatched => (Tone::Done, text.state_dispatched()),
    }
}

/// What an order was promised: whether it is paid, and by when it is collected.
pub fn promise_words(ui: &Ui<'_>, order: &WebOrder) -> String {
    let paid = if order.is_paid_for() { ui.text.order_paid() } else { ui.text.order_pays_on_collection() };
    let until = order.collect_by.map(|at| ui.text.order_collects_by(ui.deadline(at)));
    until.map_or_else(|| paid.clone(), |until| format!("{paid} · {until}"))
}

fn order_row<'a>(ui: &Ui<'_>, card: &ConflictCard, order: &WebOrder, chosen: bool) -> Element<'a, Message> {
    let facts = promise_words(ui, order);
    let (tone, state) = state_badge(ui, order.state, order.bay.as_deref());
    let first = row![
        ui.label(Type::BodyStrong, order.number.as_str()).ink(Ink::Web).shorten(1),
        ui.label(Type::BodyStrong, order.customer_name.as_str()).fill().shorten(1),
        badge(ui, tone, &state),
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center);
    // Whether it is paid and by when it must be there is never cut, at any width: it has a line of its own, or two.
    let mut content = column![first, ui.label(Type::Label, facts).fill()].spacing(2);
    if order.held_of(&card.product).is_positive() && !card.level.shelf().is_positive() {
        content = content.push(ui.label(Type::Caption, ui.text.conflict_out_of_box()).muted().shorten(1));
    }
    let surface = if chosen { Surface::ChosenCard } else { Surface::Card };
    // What happened to the product stands below, and is to be seen too.
    let above = if ui.room() == Room::Wide { 13.0 } else { 7.0 };
    let inside = container(content).class(surface).width(Length::Fill).padding(Padding {
        top: above,
        bottom: above,
        left: gap::MEDIUM,
        right: 14.0,
    });
    let pressed = button(container(inside).center_y(Length::Shrink))
        .class(Press::Bare)
        .padding(0)
        .width(Length::Fill)
        .on_press(Message::OrderTapped(order.number.clone()));
    target(Reach::UpDown, pressed)
}

/// The last three things that happened, as one line in the order they did.
fn story<'a>(card: &ConflictCard, ui: &Ui<'_>) -> Element<'a, Message> {
    let lines: Vec<String> = card.story.iter().take(3).rev().map(|item| story_words(ui, item)).collect();
    ui.label(Type::Label, lines.join(" · ")).muted().fill().shorten(2).into()
}

/// The foot of the basket while something else must be answered: the acts in their places, asleep.
pub fn idle_acts<'a, M: Clone + 'a>(ui: &Ui<'_>) -> Element<'a, M> {
    row![
        Act::<M>::new(RECALL_KEY, ui.text.act_recall(0), None).portion(10).view(ui),
        Act::<M>::new(PARK_KEY, ui.text.act_park(), None).portion(9).view(ui),
        Act::<M>::new(Key::Enter, ui.text.act_pay(), None).primary().portion(13).view(ui),
    ]
    .spacing(10)
    .into()
}

#[cfg(test)]
mod tests;
