//! Pick-ups: the queue of web orders, and the order that is open: pick, put ready, hand over, put back.
//!
//! Here is what is typed and what happens; what is seen: the queue in `queue`, the open order in `order`, its hand-over in
//! `hand_over`, what was done to it in `history`.

mod acts;
mod hand_over;
mod history;
mod order;
mod put_back;
mod queue;
mod search;
mod steps;

use iced::Length;
use iced::widget::{column, container};

use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::search::{SearchEntry, Typed};
use super::super::ui::Ui;
use super::super::widget::{Element, card, side_by_side};
use super::collector::Collector;
use super::conflict::COLLECTION_CODE_CHARACTERS;
use super::sell::Direction;
use super::{Action, notice};
use crate::domain::ids::OrderNumber;
use crate::domain::quantity::Quantity;
use crate::domain::web_order::{OrderState, WebOrder};
use crate::register::intent::{HandOverAsked, Intent, Recognition};
use crate::register::snapshot::{OrderDetail, Snapshot};

use acts::is_act;
use hand_over::HandOver;
pub use queue::Filter;
use search::begins_search;
use steps::{NextStep, can_put_back, ends_by_putting_back, lies_here, me, next_bay, next_step};

/// A slip of the open order.
const SLIP_KEY: Key = Key::Function(8);
/// What was done to it.
const HISTORY_KEY: Key = Key::Function(9);
/// It goes back to the shelf.
const PUT_BACK_KEY: Key = Key::Function(10);
/// Its customer is at the counter.
const HERE_KEY: Key = Key::Function(11);
/// The marked line cannot be found.
const NOT_FOUND_KEY: Key = Key::Delete;
/// Another bay.
const BAY_KEY: Key = Key::Character('*');

/// Where one is on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PickUps {
    filter: Filter,
    search: Option<SearchEntry>,
    /// The line tapped; before that, the first that is still to pick.
    line: Option<usize>,
    bay: Option<String>,
    hand_over: Option<HandOver>,
    /// Is it asked whether an order that somebody may still collect is to go back to the shelf?
    putting_back: bool,
    /// Is it asked whether what another till has set aside for another store still lies here?
    sending: bool,
    /// The row of the history that is in view, while it stands where the lines were.
    history: Option<usize>,
    /// The order that was chosen, until the register has opened it.
    opening: Option<OrderNumber>,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The queue is narrowed.
    Filtered(Filter),
    /// The search box was opened, or left.
    SearchToggled,
    /// A key for the search, which a letter or a digit begins.
    SearchTyped(Typed),
    /// A character for what else is being typed: code or name.
    CharacterTyped(char),
    /// The last one taken back.
    Backspaced,
    /// An order was tapped.
    OrderTapped(OrderNumber),
    /// The order above or below.
    OrderMoved(Direction),
    /// A line was tapped.
    LineTapped(usize),
    /// The line above or below is marked.
    LineMoved(Direction),
    /// The next line, from the last the first.
    NextLine,
    /// The marked line stays here, or goes along after all.
    LineTurned,
    /// The queue is narrowed to the state before or after.
    FilterMoved(Direction),
    /// Enter: the next step of the order.
    Confirmed,
    /// The next step of the order was tapped, while Enter belongs to the search.
    StepTapped,
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
    /// What was done to the order is wanted, or no more.
    HistoryStruck,
    /// The row above or below of what was done.
    HistoryMoved(Direction),
    /// The notice was read.
    NoticeRead,
}

impl PickUps {
    /// The queue of what is to pick.
    pub fn new() -> Self {
        Self::default()
    }

    /// As it is while this is looked for.
    pub fn searching(text: &str) -> Self {
        Self { filter: Filter::All, search: Some(SearchEntry::of(text)), ..Self::default() }
    }

    /// The queue, narrowed.
    pub fn filtered(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// As it is while an order is handed over.
    pub fn handing_over(order: &WebOrder, code: &str) -> Self {
        let hand_over = HandOver { code: code.to_owned(), ..HandOver::of(order) };
        Self { filter: Filter::Ready, hand_over: Some(hand_over), ..Self::default() }
    }

    /// As it is while the name of somebody else who collects is typed.
    pub fn naming_collector(order: &WebOrder, name: &str) -> Self {
        let hand_over = HandOver { collector: Collector::typing(name), ..HandOver::of(order) };
        Self { filter: Filter::Ready, hand_over: Some(hand_over), ..Self::default() }
    }

    /// As it is when every line is to stay here.
    pub fn handing_over_nothing(order: &WebOrder) -> Self {
        Self { filter: Filter::Ready, hand_over: Some(HandOver::of_nothing(order)), ..Self::default() }
    }

    /// Another order is open, or something of this one was handed over: what was begun before is nothing to it.
    pub fn settle(&mut self, before: &Snapshot, now: &Snapshot) {
        // A scan has opened an order, and the list is narrowed no more.
        if !before.pick_ups.search.is_empty() && now.pick_ups.search.is_empty() && now.open_order.is_some() {
            self.search = None;
        }
        self.settle_opening(before, now);
        let (before, now) = (before.open_order.as_deref(), now.open_order.as_deref());
        let given = |detail: &OrderDetail| -> (OrderNumber, Vec<Quantity>) {
            (detail.order.number.clone(), detail.order.lines.iter().map(|line| line.handed_over).collect())
        };
        if before.map(given) != now.map(given) {
            self.forget_order();
        }
    }

    /// As it is while what was done to an order is told.
    pub fn telling_history(filter: Filter) -> Self {
        Self { filter, history: Some(0), ..Self::default() }
    }

    /// As it is while it is asked whether a ready order is to go back.
    pub fn asking_to_put_back() -> Self {
        Self { filter: Filter::Ready, putting_back: true, ..Self::default() }
    }

    /// As it is while it is asked whether what another till has set aside still lies here.
    pub fn asking_to_send() -> Self {
        Self { filter: Filter::Ready, sending: true, ..Self::default() }
    }

    /// Is it asked whether the open order still lies here? Not any more once central can say so.
    fn is_sending(&self, detail: Option<&OrderDetail>) -> bool {
        let asks = |detail: &OrderDetail| detail.kept_at.is_some() && next_step(&detail.order, None) == NextStep::Send;
        self.sending && detail.is_some_and(asks)
    }

    /// Is it asked whether the open order is to go back? Not any more once nobody can collect it anyway.
    fn is_putting_back(&self, detail: Option<&OrderDetail>) -> bool {
        self.putting_back && detail.is_some_and(|detail| ends_by_putting_back(&detail.order))
    }

    /// Is the open order being handed over? Once the customer has it, what was asked for that is gone.
    fn is_handing_over(&self, detail: Option<&OrderDetail>) -> bool {
        let of = |detail: &OrderDetail| {
            let asked = self.hand_over.as_ref().is_some_and(|hand_over| hand_over.order == detail.order.number);
            asked && detail.order.state.is_unfulfilled()
        };
        detail.is_some_and(of)
    }

    fn typing_name(&self) -> bool {
        self.hand_over.as_ref().is_some_and(|hand_over| hand_over.collector.is_typing())
    }

    /// Is it asked once more? Enter may have asked it: struck twice it does nothing that cannot be taken back.
    fn is_asking(&self, detail: Option<&OrderDetail>) -> bool {
        self.is_putting_back(detail) || self.is_sending(detail)
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        let is_asking = self.is_asking(snapshot.open_order.as_deref());
        match key {
            Key::Enter if is_asking && self.search.is_none() => return None,
            Key::Enter => return Some(Message::Confirmed),
            Key::Escape => return Some(Message::Stepped),
            Key::Up | Key::Down if self.is_handing_over(snapshot.open_order.as_deref()) => {
                return Direction::of_key(key).map(Message::LineMoved);
            }
            Key::Up | Key::Down if self.history.is_some() && snapshot.open_order.is_some() => {
                return Direction::of_key(key).map(Message::HistoryMoved);
            }
            Key::Up | Key::Down => return Direction::of_key(key).map(Message::OrderMoved),
            Key::Left => return Some(Message::FilterMoved(Direction::Up)),
            Key::Right => return Some(Message::FilterMoved(Direction::Down)),
            _ => {}
        }
        if self.search.is_some() {
            // What cannot be typed is an act's meanwhile.
            let typed = match key {
                Key::Tab => snapshot.open_order.as_ref().map(|_| Message::NextLine),
                _ => Typed::of(stroke).map(Message::SearchTyped),
            };
            return typed.or_else(|| self.act_key(key, snapshot).filter(|_| self.can_act(snapshot)));
        }
        if key == Key::Character('/') || key == Key::SelectAll {
            // No name has a stroke in it: that is the key of the search, as its cap says.
            return Some(Message::SearchToggled);
        }
        if key == Key::Backspace {
            return Some(Message::Backspaced);
        }
        if self.typing_name() {
            return stroke.text.map(Message::CharacterTyped);
        }
        if self.is_handing_over(snapshot.open_order.as_deref()) {
            return match key {
                Key::Character('+') => Some(Message::NameConfirmed),
                Key::Character('*') => Some(Message::CollectorStruck),
                Key::Character('-') => Some(Message::LineTurned),
                Key::Tab => Some(Message::NextLine),
                Key::Character(c) if c.is_ascii_alphanumeric() => Some(Message::CharacterTyped(c)),
                _ => None,
            };
        }
        if is_asking {
            return match key {
                Key::Character('+') => Some(Message::Confirmed),
                Key::Tab => Some(Message::NextLine),
                _ => begins_search(stroke).map(Message::SearchTyped),
            };
        }
        let open = snapshot.open_order.is_some();
        if open && self.history.is_some() {
            return match key {
                HISTORY_KEY => Some(Message::HistoryStruck),
                _ => begins_search(stroke).map(Message::SearchTyped),
            };
        }
        let next =
            snapshot.open_order.as_ref().map_or(NextStep::Nothing, |detail| next_step(&detail.order, me(snapshot)));
        match key {
            Key::Tab if open => Some(Message::NextLine),
            Key::Character('+') if open => Some(Message::PickStruck),
            Key::Character('-') if open => Some(Message::UndoStruck),
            BAY_KEY if next == NextStep::MakeReady => Some(Message::BayStruck),
            _ => self.act_key(key, snapshot).or_else(|| begins_search(stroke).map(Message::SearchTyped)),
        }
    }

    /// Takes what happened.
    // Size: one arm a message.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        let detail = snapshot.open_order.as_deref();
        if self.hand_over.is_some() && !self.is_handing_over(detail) {
            self.hand_over = None;
        }
        self.putting_back = self.is_putting_back(detail);
        self.sending = self.is_sending(detail);
        if is_act(&message) {
            // The keyboard is the order's again.
            self.search = None;
        }
        let pickable = detail.and_then(|detail| self.pickable_line(detail));
        let missing = detail.and_then(|detail| self.missing_line(detail));
        match message {
            Message::Filtered(filter) => self.narrow(filter, detail),
            Message::FilterMoved(direction) => self.narrow(self.filter.moved(direction), detail),
            Message::SearchToggled => match self.search.take() {
                Some(_) => Action::Tell(Intent::OrderSearchTyped(String::new())),
                None => {
                    self.begin_search(SearchEntry::over(&snapshot.pick_ups.search));
                    Action::TellAll(self.leave_hand_over())
                }
            },
            Message::SearchTyped(typed) => {
                if self.search.is_none() {
                    self.begin_search(SearchEntry::default());
                }
                self.change_search(typed)
            }
            Message::CharacterTyped(c) => self.change_text(detail, Some(c)),
            Message::Backspaced => self.change_text(detail, None),
            Message::OrderTapped(number) => self.open(number),
            Message::OrderMoved(direction) => self.move_order(direction, snapshot),
            Message::LineTapped(position) => self.tap_line(position, detail),
            Message::LineMoved(direction) => {
                self.line = detail.map(|detail| direction.moved(self.marked_line(detail), detail.order.lines.len()));
                Action::None
            }
            Message::NextLine => {
                self.line = detail.map(|detail| (self.marked_line(detail) + 1) % detail.order.lines.len().max(1));
                Action::None
            }
            Message::LineTurned => detail.map_or(Action::None, |open| self.tap_line(self.marked_line(open), detail)),
            Message::Confirmed => match self.search.take() {
                Some(search) => self.open_found(&search, snapshot),
                None => self.confirm(snapshot),
            },
            Message::StepTapped => self.confirm(snapshot),
            Message::Stepped => self.step_back(snapshot),
            Message::PickStruck => pickable.map_or(Action::None, |line| Action::Tell(Intent::LinePicked { line })),
            Message::NotFoundStruck => missing.map_or(Action::None, |line| Action::Tell(Intent::LineNotFound { line })),
            Message::SlipStruck => Action::Tell(Intent::OrderSlipAsked),
            Message::UndoStruck if detail.is_some_and(|detail| detail.can_undo) => {
                Action::Tell(Intent::OrderStepUndone)
            }
            Message::PutBackStruck if detail.is_some_and(|detail| can_put_back(&detail.order)) => {
                // What a customer may still collect goes back only when somebody says so twice.
                self.putting_back = detail.is_some_and(|detail| ends_by_putting_back(&detail.order));
                if self.putting_back { Action::None } else { Action::Tell(Intent::OrderPutBack) }
            }
            Message::UndoStruck | Message::PutBackStruck => Action::None,
            Message::BayStruck => {
                self.bay = next_bay(self.bay_for(detail).as_deref(), &snapshot.till.bays);
                Action::None
            }
            Message::HandOverStruck => {
                let can = |detail: &&OrderDetail| detail.order.state.is_unfulfilled() && lies_here(&detail.order);
                let unfulfilled = detail.filter(can);
                unfulfilled.map_or(Action::None, |detail| self.begin_hand_over(detail))
            }
            Message::NameConfirmed => self.hand_over_with(detail, Recognition::NameConfirmed),
            Message::CollectorStruck => {
                if let Some(hand_over) = &mut self.hand_over {
                    hand_over.collector.begin();
                }
                self.ask_hand_over(detail)
            }
            Message::HistoryStruck => {
                self.history = if self.history.is_some() { None } else { detail.map(|_| 0) };
                Action::None
            }
            Message::HistoryMoved(direction) => {
                let rows = detail.map_or(0, history::count_rows);
                self.history = self.history.map(|marked| direction.moved(marked, rows));
                Action::None
            }
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// One more character in what is being typed, name or code; with none the last is taken back.
    fn change_text(&mut self, detail: Option<&OrderDetail>, typed: Option<char>) -> Action {
        let change = |text: &mut String| match typed {
            Some(c) if text.chars().count() < COLLECTION_CODE_CHARACTERS => text.push(c.to_ascii_uppercase()),
            Some(_) => {}
            None => {
                text.pop();
            }
        };
        match &mut self.hand_over {
            Some(HandOver { collector, .. }) if collector.is_typing() => {
                match typed {
                    Some(letter) => collector.push(letter),
                    None => collector.pop(),
                }
                return self.ask_hand_over(detail);
            }
            Some(HandOver { code, .. }) => change(code),
            None => {}
        }
        Action::None
    }

    fn marked_line(&self, detail: &OrderDetail) -> usize {
        let lines = &detail.order.lines;
        let to_pick = || lines.iter().position(|line| line.promised().is_positive() && line.short.is_zero());
        let lacking = || lines.iter().position(|line| line.promised().is_positive());
        self.line.filter(|line| *line < lines.len()).or_else(to_pick).or_else(lacking).unwrap_or_default()
    }

    /// The marked line, when it can be picked: also of an order that is ready, when what it lacked has come.
    fn pickable_line(&self, detail: &OrderDetail) -> Option<u32> {
        let line = detail.order.lines.get(self.marked_line(detail))?;
        let begun = detail.order.can_be_picked() && detail.order.state != OrderState::Received;
        (begun && line.promised().is_positive()).then_some(line.line)
    }

    /// The marked line, when it can be reported missing.
    fn missing_line(&self, detail: &OrderDetail) -> Option<u32> {
        let line = detail.order.lines.get(self.marked_line(detail))?;
        self.pickable_line(detail).filter(|_| line.promised() > line.short)
    }

    /// What was begun on an order is over: a bay chosen, a code half typed, a step asked twice.
    fn forget_order(&mut self) {
        (self.line, self.bay, self.hand_over, self.history) = Default::default();
        (self.putting_back, self.sending) = (false, false);
    }

    /// The queue shows less, or more: an order that it does not show is open no more, and no key meets it.
    fn narrow(&mut self, filter: Filter, detail: Option<&OrderDetail>) -> Action {
        self.filter = filter;
        match detail {
            // Whoever hands it over goes on: it keeps its place.
            Some(detail) if !filter.lists(&detail.order) && !self.is_handing_over(Some(detail)) => {
                self.forget_order();
                Action::Tell(Intent::OrderOpened(None))
            }
            _ => Action::None,
        }
    }

    fn open(&mut self, number: OrderNumber) -> Action {
        self.forget_order();
        self.opening = Some(number.clone());
        Action::Tell(Intent::OrderOpened(Some(number)))
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
        match (&mut self.hand_over, detail.and_then(|d| d.order.lines.get(position))) {
            (Some(hand_over), Some(line)) => {
                hand_over.turn(line.line);
                self.ask_hand_over(detail)
            }
            _ => Action::None,
        }
    }

    fn begin_hand_over(&mut self, detail: &OrderDetail) -> Action {
        self.hand_over = Some(HandOver::of(&detail.order));
        (self.line, self.history) = Default::default();
        self.ask_hand_over(Some(detail))
    }

    /// From now on the scan of this order's code hands over what was chosen, to whoever takes it.
    fn ask_hand_over(&self, detail: Option<&OrderDetail>) -> Action {
        let (Some(hand_over), Some(detail)) = (&self.hand_over, detail) else { return Action::None };
        Action::Tell(Intent::HandOverAsked(Some(HandOverAsked {
            order: hand_over.order.clone(),
            collector: hand_over.collector.name(),
            is_naming: hand_over.collector.is_typing(),
            lines: hand_over.lines(&detail.order),
        })))
    }

    fn leave_hand_over(&mut self) -> Vec<Intent> {
        self.hand_over.take().map(|_| Intent::HandOverAsked(None)).into_iter().collect()
    }

    fn bay_for(&self, detail: Option<&OrderDetail>) -> Option<String> {
        let detail = detail?;
        self.bay.clone().or_else(|| detail.order.bay.clone()).or_else(|| detail.bay_offered.clone())
    }

    /// Enter: the code of the hand-over, or the order's next step.
    fn confirm(&mut self, snapshot: &Snapshot) -> Action {
        let (detail, me) = (snapshot.open_order.as_deref(), me(snapshot));
        if std::mem::take(&mut self.putting_back) {
            return Action::Tell(Intent::OrderPutBack);
        }
        if std::mem::take(&mut self.sending) {
            return Action::Tell(Intent::TransferSent { looked: true });
        }
        if let Some(hand_over) = &mut self.hand_over {
            if hand_over.collector.confirm() {
                return self.ask_hand_over(detail);
            }
            let nothing = detail.is_some_and(|detail| hand_over.is_nothing(&detail.order));
            let shown = detail.is_some_and(|detail| detail.code_shown);
            let recognised = match std::mem::take(&mut hand_over.code) {
                code if nothing => {
                    hand_over.code = code;
                    return Action::None;
                }
                code if !code.is_empty() => Recognition::Code(code),
                _ if shown => Recognition::CodeShown,
                _ => return Action::None,
            };
            return self.hand_over_with(detail, recognised);
        }
        let Some(detail) = detail.filter(|_| self.history.is_none()) else { return Action::None };
        match next_step(&detail.order, me) {
            NextStep::StartPicking | NextStep::TakeOver => Action::Tell(Intent::PickStarted),
            NextStep::MakeReady if !detail.order.can_be_made_ready() => Action::None,
            NextStep::MakeReady => match self.bay_for(Some(detail)) {
                Some(bay) => Action::Tell(Intent::OrderMadeReady { bay }),
                None => Action::None,
            },
            NextStep::HandOver => self.begin_hand_over(detail),
            NextStep::Send => {
                self.sending = detail.kept_at.is_some();
                if self.sending { Action::None } else { Action::Tell(Intent::TransferSent { looked: false }) }
            }
            NextStep::PutBack => Action::Tell(Intent::OrderPutBack),
            NextStep::Nothing => Action::None,
        }
    }

    fn hand_over_with(&mut self, detail: Option<&OrderDetail>, recognised: Recognition) -> Action {
        let (Some(hand_over), Some(detail)) = (&self.hand_over, detail) else { return Action::None };
        if hand_over.is_nothing(&detail.order) {
            return Action::None;
        }
        let (collector, lines) = (hand_over.collector.name(), hand_over.lines(&detail.order));
        Action::Tell(Intent::OrderHandedOver { recognised, collector, lines })
    }

    /// Esc: one step back.
    fn step_back(&mut self, snapshot: &Snapshot) -> Action {
        if std::mem::take(&mut self.putting_back) || std::mem::take(&mut self.sending) {
            return Action::None;
        }
        if let Some(hand_over) = &mut self.hand_over {
            if hand_over.collector.leave() {
                return self.ask_hand_over(snapshot.open_order.as_deref());
            }
            return Action::TellAll(self.leave_hand_over());
        } else if self.search.take().is_some() {
            return Action::Tell(Intent::OrderSearchTyped(String::new()));
        } else if self.history.take().is_some() {
            return Action::None;
        } else if snapshot.open_order.is_some() {
            return Action::Tell(Intent::OrderOpened(None));
        } else if !snapshot.pick_ups.search.is_empty() {
            return Action::Tell(Intent::OrderSearchTyped(String::new()));
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
}

#[cfg(test)]
mod tests;
