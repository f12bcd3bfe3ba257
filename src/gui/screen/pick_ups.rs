//! Pick-ups: the queue of web orders, and the order that is open: pick, put ready, hand over, put back.
//!
//! Size: one screen is one file: what is typed, what happens, keys and view of the queue and of the open order.

use iced::widget::{button, column, container, row, rule, space};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::theme::Ink;
use super::super::ui::Ui;
use super::super::widget::{
    Act, Element, Segment, Step, VirtualList, badge, card, divider, edge_bar, headline, search_box, segments,
    side_by_side, step, target,
};
use super::conflict::{COLLECTION_CODE_CHARACTERS, code_field, state_badge};
use super::sell::Direction;
use super::{Action, notice};
use crate::domain::ids::OrderNumber;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{OrderLine, OrderState, WebOrder};
use crate::register::intent::{Intent, Recognition};
use crate::register::snapshot::{OrderDetail, OrderLineView, OrderRow, Snapshot};

/// How many characters a search or a collector's name may have.
const TEXT_CHARACTERS_MAX: usize = 40;

/// Where one is on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PickUps {
    filter: Filter,
    search: Option<String>,
    /// The line tapped; before that, the first that is still to pick.
    line: Option<usize>,
    bay: Option<String>,
    hand_over: Option<HandOver>,
}

/// Which orders the queue shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// To pick, and being picked.
    #[default]
    ToPick,
    /// Waiting for their customer.
    Ready,
    /// Something was not found.
    Short,
    /// Nobody came.
    Lapsed,
    /// All.
    All,
}

impl Filter {
    const ALL: [Self; 5] = [Self::ToPick, Self::Ready, Self::Short, Self::Lapsed, Self::All];

    fn shows(self, state: OrderState) -> bool {
        match self {
            Self::ToPick => matches!(state, OrderState::Received | OrderState::Picking),
            Self::Ready => matches!(state, OrderState::Ready | OrderState::PartHandedOver),
            Self::Short => state == OrderState::Short,
            Self::Lapsed => state == OrderState::Lapsed,
            Self::All => true,
        }
    }

    fn words(self, ui: &Ui<'_>) -> String {
        match self {
            Self::ToPick => ui.text.filter_to_pick(),
            Self::Ready => ui.text.filter_ready(),
            Self::Short => ui.text.filter_short(),
            Self::Lapsed => ui.text.filter_lapsed(),
            Self::All => ui.text.filter_all(),
        }
    }
}

/// A hand-over being made.
#[derive(Clone, Debug, Default, PartialEq)]
struct HandOver {
    code: String,
    collector: Option<String>,
    left_out: Vec<u32>,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The queue is narrowed.
    Filtered(Filter),
    /// The search box was opened, or left.
    SearchToggled,
    /// A character for what is being typed: search, code or name.
    CharacterTyped(char),
    /// The last one taken back.
    Backspaced,
    /// An order was tapped.
    OrderTapped(OrderNumber),
    /// The order above or below.
    OrderMoved(Direction),
    /// A line was tapped.
    LineTapped(usize),
    /// The next line.
    LineMoved,
    /// Enter: the next step of the order.
    Confirmed,
    /// Esc.
    Stepped,
    /// The marked line is picked without a scan.
    PickStruck,
    /// The marked line cannot be found.
    NotFoundStruck,
    /// A slip.
    SlipStruck,
    /// The last step is taken back.
    UndoStruck,
    /// Another bay.
    BayStruck,
    /// Back to the shelf.
    PutBackStruck,
    /// Hand over although nothing was picked here: the customer is at the counter.
    HandOverStruck,
    /// The name was asked and is right.
    NameConfirmed,
    /// Someone else collects: their name is typed.
    CollectorStruck,
    /// The notice was read.
    NoticeRead,
}

/// The step that Enter takes on an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NextStep {
    StartPicking,
    MakeReady,
    HandOver,
    Nothing,
}

fn next_step(order: &WebOrder) -> NextStep {
    match order.state {
        OrderState::Received | OrderState::Short => NextStep::StartPicking,
        OrderState::Picking => NextStep::MakeReady,
        OrderState::Ready | OrderState::PartHandedOver | OrderState::Lapsed => NextStep::HandOver,
        OrderState::HandedOver | OrderState::PutBack | OrderState::Cancelled => NextStep::Nothing,
    }
}

impl PickUps {
    /// The queue of what is to pick.
    pub fn new() -> Self {
        Self::default()
    }

    /// The queue, narrowed.
    pub fn filtered(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// As it is while an order is handed over.
    pub fn handing_over(code: &str) -> Self {
        let hand_over = HandOver { code: code.to_owned(), ..HandOver::default() };
        Self { filter: Filter::Ready, hand_over: Some(hand_over), ..Self::default() }
    }

    fn typing_text(&self) -> bool {
        self.search.is_some() || self.hand_over.as_ref().is_some_and(|hand_over| hand_over.collector.is_some())
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        match key {
            Key::Enter => return Some(Message::Confirmed),
            Key::Escape => return Some(Message::Stepped),
            Key::Backspace => return Some(Message::Backspaced),
            Key::Up | Key::Down if self.hand_over.is_none() => return Direction::of_key(key).map(Message::OrderMoved),
            _ => {}
        }
        if self.typing_text() {
            return stroke.text.map(Message::CharacterTyped);
        }
        if self.hand_over.is_some() {
            return match key {
                Key::Character('+') => Some(Message::NameConfirmed),
                Key::Character('*') => Some(Message::CollectorStruck),
                Key::Character('/') => Some(Message::SearchToggled),
                Key::Character(c) if c.is_ascii_alphanumeric() => Some(Message::CharacterTyped(c)),
                _ => None,
            };
        }
        let open = snapshot.open_order.is_some();
        let next = snapshot.open_order.as_ref().map_or(NextStep::Nothing, |detail| next_step(&detail.order));
        match key {
            Key::Character('/') => Some(Message::SearchToggled),
            Key::Tab if open => Some(Message::LineMoved),
            Key::Character('+') if open => Some(Message::PickStruck),
            Key::Character('N') if open => Some(Message::NotFoundStruck),
            Key::Character('S') if open => Some(Message::SlipStruck),
            Key::Character('-') if open => Some(Message::UndoStruck),
            Key::Character('B') if next == NextStep::MakeReady => Some(Message::BayStruck),
            Key::Character('X') if next == NextStep::HandOver => Some(Message::PutBackStruck),
            Key::Character('H') if next == NextStep::StartPicking => Some(Message::HandOverStruck),
            _ => None,
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        let detail = snapshot.open_order.as_deref();
        let pickable = detail.and_then(|detail| self.pickable_line(detail));
        match message {
            Message::Filtered(filter) => {
                self.filter = filter;
                Action::None
            }
            Message::SearchToggled => match self.search.take() {
                Some(_) => Action::Tell(Intent::OrderSearchTyped(String::new())),
                None => {
                    self.hand_over = None;
                    self.search = Some(snapshot.pick_ups.search.clone());
                    self.filter = Filter::All;
                    Action::None
                }
            },
            Message::CharacterTyped(c) => self.change_text(|text, characters_max| {
                if text.chars().count() < characters_max {
                    text.push(c);
                }
            }),
            Message::Backspaced => self.change_text(|text, _| {
                text.pop();
            }),
            Message::OrderTapped(number) => self.open(number),
            Message::OrderMoved(direction) => self.move_order(direction, snapshot),
            Message::LineTapped(position) => self.tap_line(position, detail),
            Message::LineMoved => {
                if let Some(detail) = detail {
                    self.line = Some((self.marked_line(detail) + 1) % detail.order.lines.len().max(1));
                }
                Action::None
            }
            Message::Confirmed => self.confirm(detail),
            Message::Stepped => self.step_back(snapshot),
            Message::PickStruck => pickable.map_or(Action::None, |line| Action::Tell(Intent::LinePicked { line })),
            Message::NotFoundStruck => {
                pickable.map_or(Action::None, |line| Action::Tell(Intent::LineNotFound { line }))
            }
            Message::SlipStruck => Action::Tell(Intent::OrderSlipAsked),
            Message::UndoStruck if detail.is_some_and(|detail| detail.can_undo) => {
                Action::Tell(Intent::OrderStepUndone)
            }
            Message::PutBackStruck if detail.is_some_and(|detail| can_put_back(&detail.order)) => {
                Action::Tell(Intent::OrderPutBack)
            }
            Message::UndoStruck | Message::PutBackStruck => Action::None,
            Message::BayStruck => {
                self.bay = next_bay(self.bay_for(detail).as_deref(), &snapshot.till.bays);
                Action::None
            }
            Message::HandOverStruck => {
                let unfulfilled = detail.filter(|detail| detail.order.state.is_unfulfilled());
                self.hand_over = unfulfilled.map(|_| HandOver::default());
                Action::None
            }
            Message::NameConfirmed => self.hand_over_with(detail, Recognition::NameConfirmed),
            Message::CollectorStruck => {
                if let Some(hand_over) = &mut self.hand_over {
                    hand_over.collector = Some(String::new());
                }
                Action::None
            }
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    fn change_text(&mut self, change: impl FnOnce(&mut String, usize)) -> Action {
        match (&mut self.hand_over, &mut self.search) {
            (Some(HandOver { collector: Some(name), .. }), _) => change(name, TEXT_CHARACTERS_MAX),
            (Some(HandOver { code, .. }), _) => {
                change(code, COLLECTION_CODE_CHARACTERS);
                *code = code.to_ascii_uppercase();
            }
            (None, Some(search)) => {
                change(search, TEXT_CHARACTERS_MAX);
                return Action::Tell(Intent::OrderSearchTyped(search.clone()));
            }
            (None, None) => {}
        }
        Action::None
    }

    fn marked_line(&self, detail: &OrderDetail) -> usize {
        let lines = &detail.order.lines;
        let to_pick = || lines.iter().position(|line| line.promised().is_positive() && line.short.is_zero());
        self.line.filter(|line| *line < lines.len()).or_else(to_pick).unwrap_or_default()
    }

    /// The marked line, when it can be picked or reported missing.
    fn pickable_line(&self, detail: &OrderDetail) -> Option<u32> {
        let line = detail.order.lines.get(self.marked_line(detail))?;
        (detail.order.state == OrderState::Picking && line.promised().is_positive()).then_some(line.line)
    }

    fn open(&mut self, number: OrderNumber) -> Action {
        self.line = None;
        self.bay = None;
        self.hand_over = None;
        Action::Tell(Intent::OrderOpened(Some(number)))
    }

    fn shown<'s>(&self, snapshot: &'s Snapshot) -> Vec<&'s OrderRow> {
        snapshot.pick_ups.orders.iter().filter(|order| self.filter.shows(order.state)).collect()
    }

    fn move_order(&mut self, direction: Direction, snapshot: &Snapshot) -> Action {
        let shown = self.shown(snapshot);
        let open = snapshot.open_order.as_ref().map(|detail| &detail.order.number);
        let next = match shown.iter().position(|row| Some(&row.number) == open) {
            Some(position) => direction.moved(position, shown.len()),
            None => 0,
        };
        match shown.get(next) {
            Some(row) => self.open(row.number.clone()),
            None => Action::None,
        }
    }

    fn tap_line(&mut self, position: usize, detail: Option<&OrderDetail>) -> Action {
        self.line = Some(position);
        if let (Some(hand_over), Some(line)) = (&mut self.hand_over, detail.and_then(|d| d.order.lines.get(position))) {
            match hand_over.left_out.iter().position(|left_out| *left_out == line.line) {
                Some(at) => {
                    hand_over.left_out.remove(at);
                }
                None => hand_over.left_out.push(line.line),
            }
        }
        Action::None
    }

    fn bay_for(&self, detail: Option<&OrderDetail>) -> Option<String> {
        let detail = detail?;
        self.bay.clone().or_else(|| detail.order.bay.clone()).or_else(|| detail.bay_offered.clone())
    }

    /// Enter: the code of the hand-over, or the order's next step.
    fn confirm(&mut self, detail: Option<&OrderDetail>) -> Action {
        if let Some(hand_over) = &mut self.hand_over {
            if hand_over.code.is_empty() {
                return Action::None;
            }
            let code = std::mem::take(&mut hand_over.code);
            return self.hand_over_with(detail, Recognition::Code(code));
        }
        if self.search.take().is_some() {
            return Action::None;
        }
        let Some(detail) = detail else { return Action::None };
        match next_step(&detail.order) {
            NextStep::StartPicking => Action::Tell(Intent::PickStarted),
            NextStep::MakeReady if !detail.order.is_fully_picked() => Action::None,
            NextStep::MakeReady => match self.bay_for(Some(detail)) {
                Some(bay) => Action::Tell(Intent::OrderMadeReady { bay }),
                None => Action::None,
            },
            NextStep::HandOver => {
                self.hand_over = Some(HandOver::default());
                Action::None
            }
            NextStep::Nothing => Action::None,
        }
    }

    fn hand_over_with(&mut self, detail: Option<&OrderDetail>, recognised: Recognition) -> Action {
        let (Some(hand_over), Some(detail)) = (&mut self.hand_over, detail) else { return Action::None };
        let lines = if hand_over.left_out.is_empty() {
            Vec::new()
        } else {
            let kept = detail.order.lines.iter().map(|line| line.line);
            kept.filter(|line| !hand_over.left_out.contains(line)).collect()
        };
        let collector = hand_over.collector.take().filter(|name| !name.trim().is_empty());
        Action::Tell(Intent::OrderHandedOver { recognised, collector, lines })
    }

    /// Esc: one step back.
    fn step_back(&mut self, snapshot: &Snapshot) -> Action {
        if let Some(hand_over) = &mut self.hand_over {
            if hand_over.collector.take().is_none() {
                self.hand_over = None;
            }
        } else if self.search.take().is_some() {
            return Action::Tell(Intent::OrderSearchTyped(String::new()));
        } else if snapshot.notice.is_some() {
            return Action::Tell(Intent::NoticeDismissed);
        } else if snapshot.open_order.is_some() {
            return Action::Tell(Intent::OrderOpened(None));
        }
        Action::None
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let right: Element<'a, Message> = match snapshot.open_order.as_deref() {
            Some(detail) => self.order(detail, snapshot, ui),
            None => {
                let words = ui.label(Type::Line, ui.text.order_none_open()).muted();
                let mut content = column![container(words).center(Length::Fill)];
                if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
                    content = content.push(container(notice).padding(gap::MEDIUM));
                }
                card(content)
            }
        };
        side_by_side(card(self.queue(snapshot, ui)), 440, right, 792)
    }

    fn queue<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let orders = &snapshot.pick_ups.orders;
        let tabs = Filter::ALL.into_iter().map(|filter| Segment {
            words: filter.words(&ui),
            count: (filter != Filter::All).then(|| orders.iter().filter(|order| filter.shows(order.state)).count()),
            open: filter == self.filter,
            message: Message::Filtered(filter),
        });
        let tabs = iced::widget::scrollable(segments(&ui, Press::SegmentOpenDark, tabs.collect()))
            .direction(iced::widget::scrollable::Direction::Horizontal(iced::widget::scrollable::Scrollbar::hidden()));
        let search = search_box(
            &ui,
            self.search.as_deref(),
            ui.text.search_orders(),
            Key::Character('/'),
            Message::SearchToggled,
        );
        let shown = self.shown(snapshot);
        let open = snapshot.open_order.as_ref().map(|detail| &detail.order.number);
        let body: Element<'a, Message> = if shown.is_empty() {
            container(ui.label(Type::Body, ui.text.queue_empty()).muted()).center(Length::Fill).into()
        } else {
            let followed = shown.iter().position(|row| Some(&row.number) == open);
            VirtualList::uniform(shown.len(), height::ROW, move |position| {
                let row = shown[position];
                queue_row(&ui, row, Some(&row.number) == open)
            })
            .follow(followed)
            .into()
        };
        column![
            container(search).padding(Padding { top: 10.0, bottom: 6.0, left: 10.0, right: 10.0 }),
            container(tabs).padding(Padding { top: 0.0, bottom: 6.0, left: 10.0, right: 10.0 }),
            divider(),
            body,
        ]
        .into()
    }

    fn order<'a>(&'a self, detail: &'a OrderDetail, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let mut content =
            column![order_head(&ui, detail), divider(), steps(&ui, &detail.order), divider(), self.lines(detail, ui)];
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            content = content.push(container(notice).padding(Padding {
                top: 0.0,
                bottom: 0.0,
                left: gap::CARD,
                right: gap::CARD,
            }));
        }
        let foot = match &self.hand_over {
            Some(hand_over) => hand_over_foot(&ui, detail, hand_over),
            None => self.acts(&ui, detail),
        };
        card(content.push(container(foot).padding(Padding {
            top: 12.0,
            bottom: 18.0,
            left: gap::CARD,
            right: gap::CARD,
        })))
    }

    fn lines<'a>(&'a self, detail: &'a OrderDetail, ui: Ui<'a>) -> Element<'a, Message> {
        let handing_over = self.hand_over.as_ref();
        let marked = self.marked_line(detail);
        VirtualList::uniform(detail.order.lines.len(), height::ROW + 2.0, move |position| {
            let line = &detail.order.lines[position];
            let left_out = handing_over.is_some_and(|hand_over| hand_over.left_out.contains(&line.line));
            let how = match (handing_over.is_some(), left_out) {
                (false, _) => LineShown::Picking,
                (true, false) => LineShown::Goes,
                (true, true) => LineShown::Stays,
            };
            order_line(&ui, line, detail.lines.get(position), position, position == marked, how)
        })
        .follow(Some(marked))
        .into()
    }

    fn acts<'a>(&self, ui: &Ui<'_>, detail: &OrderDetail) -> Element<'a, Message> {
        let order = &detail.order;
        let picking = order.state == OrderState::Picking;
        let pickable = self.pickable_line(detail).is_some();
        // Letters belong to the search while it is typed.
        let free = self.search.is_none();
        let act = |key, words: String, icon: Icon, possible: bool, message| {
            let message = (possible && free).then_some(message);
            Act::new(key, words, message).function().height(height::ACT).fill().icon(icon)
        };
        let by_hand = act(Key::Character('+'), ui.text.act_pick_by_hand(), Icon::Hand, pickable, Message::PickStruck);
        let not_found = act(Key::of('N'), ui.text.act_not_found(), Icon::PackageX, pickable, Message::NotFoundStruck);
        let slip = act(Key::of('S'), ui.text.act_slip(), Icon::Printer, true, Message::SlipStruck);
        let undo = act(Key::Character('-'), ui.text.act_undo(), Icon::Undo2, detail.can_undo, Message::UndoStruck);
        let put_back = act(
            Key::of('X'),
            ui.text.act_put_back(),
            Icon::ArchiveRestore,
            can_put_back(order),
            Message::PutBackStruck,
        );
        let bay = self.bay_for(Some(detail));
        let bay_words = bay.as_deref().map_or_else(|| ui.text.bay_none(), |bay| ui.text.bay_chosen(bay));
        let choose_bay = act(Key::of('B'), bay_words, Icon::MapPin, picking, Message::BayStruck);
        let step = next_step(order);
        let (words, possible) = match step {
            NextStep::StartPicking => (ui.text.act_start_picking(), true),
            NextStep::MakeReady => match &bay {
                Some(bay) => (ui.text.act_ready_in(bay.as_str()), order.is_fully_picked()),
                None => (ui.text.act_ready(), false),
            },
            NextStep::HandOver => (ui.text.act_hand_over(), true),
            NextStep::Nothing => (ui.text.act_nothing_to_do(), false),
        };
        let primary =
            Act::new(Key::Enter, words, (possible && free).then_some(Message::Confirmed)).primary().fill().view(ui);
        let first = match step {
            NextStep::HandOver | NextStep::Nothing => row![put_back.view(ui), undo.view(ui), slip.view(ui)],
            NextStep::StartPicking | NextStep::MakeReady => {
                row![by_hand.view(ui), not_found.view(ui), undo.view(ui), slip.view(ui)]
            }
        };
        let second = match step {
            NextStep::MakeReady => row![choose_bay.view(ui), primary],
            NextStep::StartPicking => {
                let here =
                    act(Key::of('H'), ui.text.act_customer_here(), Icon::HandCoins, true, Message::HandOverStruck);
                row![here.view(ui), primary]
            }
            NextStep::HandOver | NextStep::Nothing => row![primary],
        };
        column![first.spacing(10), second.spacing(10)].spacing(10).into()
    }
}

fn can_put_back(order: &WebOrder) -> bool {
    order.lines.iter().any(|line| line.held().is_positive())
}

fn next_bay(now: Option<&str>, bays: &[String]) -> Option<String> {
    let position = bays.iter().position(|bay| Some(bay.as_str()) == now);
    let next = position.map_or(0, |position| (position + 1) % bays.len().max(1));
    bays.get(next).cloned()
}

fn queue_row<'a>(ui: &Ui<'_>, order: &OrderRow, open: bool) -> Element<'a, Message> {
    let overdue = order.collect_by.is_some_and(|at| at < ui.now);
    let soon = order.collect_by.is_some_and(|at| (at - ui.now).num_minutes() < 60);
    let due = order.collect_by.map(|at| ui.moment(at)).unwrap_or_default();
    let due = if overdue || soon {
        ui.label(Type::LabelStrong, due).ink(Ink::Stop)
    } else {
        ui.label(Type::Label, due).muted()
    };
    let paid = if order.paid { ui.text.order_paid() } else { ui.text.order_pays_on_collection() };
    let facts = format!("{} · {paid}", ui.text.items(order.item_count));
    let state = match (&order.picker_name, order.at_risk, overdue) {
        (_, true, _) => ui.label(Type::CaptionStrong, ui.text.order_at_risk()).ink(Ink::Stop),
        (_, _, true) => ui.label(Type::CaptionStrong, ui.text.order_overdue()).ink(Ink::Stop),
        (Some(name), ..) => ui.label(Type::Caption, ui.text.order_picker(name.as_str())).muted(),
        (None, ..) => ui.label(Type::Caption, order.bay.clone().unwrap_or_default()).muted(),
    };
    let name = format!("{} · {}", order.number, order.customer_name);
    let content = column![
        row![ui.label(Type::BodyStrong, name).fill().shorten(1), due.right().shorten(1)].spacing(gap::SMALL),
        row![ui.label(Type::Caption, facts).muted().fill().shorten(1), state.right().shorten(1)].spacing(gap::SMALL),
    ]
    .spacing(3);
    list_row(content.into(), open, Message::OrderTapped(order.number.clone()))
}

/// A row of a list, two lines high, with the mark of the open one.
pub fn list_row<'a, M: Clone + 'a>(content: Element<'a, M>, open: bool, message: M) -> Element<'a, M> {
    let inside = container(content)
        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
        .center_y(Length::Fill)
        .width(Length::Fill);
    let edge: Element<'a, M> = if open { edge_bar(Tone::Web) } else { container(space::vertical()).width(4).into() };
    let surface = if open { Surface::Chosen } else { Surface::Clear };
    let ground = container(row![edge, inside]).class(surface).width(Length::Fill).height(Length::Fill);
    let pressed =
        button(ground).class(Press::Row).padding(0).width(Length::Fill).height(Length::Fill).on_press(message);
    column![target(None, pressed), rule::horizontal(1)].into()
}

fn order_head<'a>(ui: &Ui<'_>, detail: &OrderDetail) -> Element<'a, Message> {
    let order = &detail.order;
    let mut facts = vec![order.channel.to_string(), ui.text.order_ordered(ui.moment(order.ordered_at))];
    facts.extend(order.collect_by.map(|at| ui.text.order_collect_by(ui.moment(at))));
    facts.extend(order.customer_phone.clone());
    let due = if detail.amount_due.is_zero() {
        ui.label(Type::BodyStrong, ui.text.order_paid_in_full()).ink(Ink::Done)
    } else {
        headline(ui, ui.text.order_due(ui.money(detail.amount_due)))
    };
    let (tone, state) = state_badge(ui, order.state, order.bay.as_deref());
    let mut title = row![
        headline(ui, order.number.as_str()).ink(Ink::Web),
        headline(ui, order.customer_name.as_str()).shorten(1),
        badge(ui, tone, &state),
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center);
    if order.at_risk {
        title = title.push(badge(ui, Tone::Stop, &ui.text.order_at_risk()));
    }
    row![
        column![title, ui.label(Type::Label, facts.join(" · ")).muted().fill().shorten(1)]
            .spacing(6)
            .width(Length::Fill),
        column![due.right(), ui.label(Type::Label, ui.text.order_code_needed()).muted().right()]
            .spacing(6)
            .align_x(Alignment::End),
    ]
    .spacing(gap::MEDIUM)
    .padding(Padding { top: 14.0, bottom: 14.0, left: 22.0, right: 22.0 })
    .into()
}

/// The order's way, from received to handed over.
fn steps<'a>(ui: &Ui<'_>, order: &WebOrder) -> Element<'a, Message> {
    let picked = order.lines.iter().filter(|line| line.promised().is_zero()).count();
    let reached = match order.state {
        OrderState::Received => 0,
        OrderState::Picking | OrderState::Short => 1,
        OrderState::Ready | OrderState::Lapsed => 2,
        OrderState::PartHandedOver => 3,
        OrderState::HandedOver | OrderState::PutBack | OrderState::Cancelled => 4,
    };
    let names = [
        ui.text.step_received(),
        ui.text.step_picking(picked as i64, order.lines.len() as i64),
        ui.text.step_ready(),
        ui.text.step_handed_over(),
    ];
    let mut content = row![].spacing(10).align_y(Alignment::Center);
    for (position, name) in names.into_iter().enumerate() {
        if position > 0 {
            content = content.push(container(rule::horizontal(1)).width(Length::Fill));
        }
        let at = match position.cmp(&reached) {
            std::cmp::Ordering::Less => Step::Done,
            std::cmp::Ordering::Equal => Step::Now,
            std::cmp::Ordering::Greater => Step::ToCome,
        };
        content = content.push(step(ui, at, name));
    }
    container(content).padding(Padding { top: 0.0, bottom: 0.0, left: 22.0, right: 22.0 }).center_y(48).into()
}

/// What a line of the open order is shown for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineShown {
    Picking,
    Goes,
    Stays,
}

fn order_line<'a>(
    ui: &Ui<'_>,
    line: &OrderLine,
    view: Option<&OrderLineView>,
    position: usize,
    marked: bool,
    how: LineShown,
) -> Element<'a, Message> {
    let bin = view.and_then(|view| view.bin.clone()).unwrap_or_else(|| "–".to_owned());
    let mut facts: Vec<String> = view.and_then(|view| view.barcode.clone()).into_iter().collect();
    if let Some(view) = view {
        let shelf = view.level.shelf();
        facts.push(if shelf > Quantity::ZERO {
            ui.text.line_shelf(ui.quantity(shelf), ui.quantity(view.level.promised))
        } else {
            ui.text.mark_books(ui.quantity(shelf))
        });
    }
    let wanted = line.ordered - line.cancelled;
    let (words, ink) = match how {
        LineShown::Goes => (ui.text.line_goes(), Ink::Done),
        LineShown::Stays => (ui.text.line_stays(), Ink::Mind),
        LineShown::Picking if line.outstanding().is_zero() => (ui.text.line_handed_over(), Ink::Muted),
        LineShown::Picking if line.promised().is_zero() => (ui.text.line_picked(), Ink::Done),
        LineShown::Picking if line.short.is_positive() => (ui.text.line_not_found(), Ink::Stop),
        LineShown::Picking => (ui.text.line_scan_it(), Ink::Mind),
    };
    let content = row![
        container(ui.label(Type::KeySmall, bin).centred().shorten(1))
            .class(Surface::Bin)
            .padding(Padding { top: 5.0, bottom: 5.0, left: 8.0, right: 8.0 })
            .center_x(64),
        column![
            ui.label(Type::Line, line.name.as_str()).fill().shorten(1),
            ui.label(Type::Caption, facts.join(" · ")).muted().fill().shorten(1),
        ]
        .width(Length::Fill),
        ui.label(Type::Line, ui.text.picked_of(ui.quantity(line.picked), ui.quantity(wanted))).width(90.0).right(),
        ui.label(Type::LineStrong, words).ink(ink).width(130.0).right().shorten(1),
    ]
    .spacing(gap::MEDIUM)
    .align_y(Alignment::Center);
    let ground = container(content)
        .class(if marked { Surface::Marked } else { Surface::Clear })
        .padding(Padding { top: 0.0, bottom: 0.0, left: 22.0, right: 22.0 })
        .center_y(Length::Fill);
    let pressed = button(ground)
        .class(Press::Row)
        .padding(0)
        .width(Length::Fill)
        .height(Length::Fill)
        .on_press(Message::LineTapped(position));
    column![target(None, pressed), rule::horizontal(1)].into()
}

fn hand_over_foot<'a>(ui: &Ui<'_>, detail: &OrderDetail, hand_over: &HandOver) -> Element<'a, Message> {
    let due = if detail.amount_due.is_zero() {
        ui.text.hand_over_paid()
    } else {
        ui.text.hand_over_due(ui.money(detail.amount_due))
    };
    let field: Element<'a, Message> = match &hand_over.collector {
        Some(name) => container(ui.label(Type::Line, ui.text.collector_typed(format!("{name}▏"))).shorten(1))
            .class(Surface::Focused)
            .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
            .width(Length::Fill)
            .center_y(height::SEARCH)
            .into(),
        None => code_field(ui, &hand_over.code),
    };
    let customer = detail.order.customer_name.as_str();
    let confirm = (!hand_over.code.is_empty()).then_some(Message::Confirmed);
    column![
        row![ui.label(Type::Body, due).fill().shorten(2), ui.label(Type::Label, ui.text.hand_over_part_hint()).muted()]
            .spacing(gap::MEDIUM)
            .align_y(Alignment::Center),
        field,
        row![
            Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).portion(3).view(ui),
            Act::new(Key::Character('*'), ui.text.act_someone_else(), Some(Message::CollectorStruck))
                .portion(3)
                .view(ui),
            Act::new(Key::Character('+'), ui.text.act_name_confirmed(customer), Some(Message::NameConfirmed))
                .portion(4)
                .view(ui),
            Act::new(Key::Enter, ui.text.act_hand_over(), confirm).primary().portion(4).view(ui),
        ]
        .spacing(10),
    ]
    .spacing(10)
    .into()
}
