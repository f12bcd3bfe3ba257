//! Drawer: the session, cash in and out, opening without a sale, and the blind count at its end.

use iced::widget::{Column, Row, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::entry::Entry;
use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::style::Surface;
use super::super::ui::Ui;
use super::super::widget::{Act, Element, Pad, PadCell, card, divider, headline, number_pad, side_by_side};
use super::sell::Direction;
use super::{Action, notice};
use crate::domain::ids::SessionId;
use crate::domain::money::{Currency, Money};
use crate::domain::session::{CashMoveKind, Session};
use crate::register::intent::{EntryFault, Intent, Screen};
use crate::register::snapshot::Snapshot;

/// What is being done with the drawer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawer {
    entry: Entry,
    reason: usize,
    doing: Doing,
    /// What was counted so far, of this session.
    count: Option<(SessionId, Count)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Doing {
    #[default]
    Nothing,
    Moving(CashMoveKind),
    NoSale,
    Closing,
}

/// The blind count: how many of each note and coin.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Worth and number, largest first; `None` for what nobody has counted yet.
    rows: Vec<(Money, Option<u32>)>,
    at: usize,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key of the pad.
    Typed(Pad),
    /// Put cash in, take it out, to the safe.
    MoveStruck(CashMoveKind),
    /// Open without a sale.
    NoSaleStruck,
    /// Count and close.
    CloseStruck,
    /// Another reason.
    ReasonStruck,
    /// The note above or below.
    CountMoved(Direction),
    /// Enter.
    Confirmed,
    /// The count is complete.
    CountFinished,
    /// Esc.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

/// Notes and coins of a currency, in minor units, largest first.
fn denominations(currency: Currency) -> Vec<Money> {
    let minor: &[i64] = match (currency.code(), currency.minor_digits()) {
        ("EUR", _) => &[20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
        ("GBP", _) => &[5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
        (_, 0) => &[10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1],
        _ => &[10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1],
    };
    minor.iter().map(|minor| Money::new(*minor, currency)).collect()
}

impl Count {
    fn new(currency: Currency) -> Self {
        Self { rows: denominations(currency).into_iter().map(|worth| (worth, None)).collect(), at: 0 }
    }

    /// What was counted, in all.
    fn total(&self, currency: Currency) -> Money {
        let minor = self.rows.iter().map(|(worth, number)| worth.minor() * i64::from(number.unwrap_or(0))).sum();
        Money::new(minor, currency)
    }

    /// Has anything been counted? An empty drawer is counted by typing a nought.
    fn has_begun(&self) -> bool {
        self.rows.iter().any(|(_, number)| number.is_some())
    }
}

impl Drawer {
    /// The session.
    pub fn new() -> Self {
        Self::default()
    }

    /// As it is while cash is put in.
    pub fn moving(kind: CashMoveKind, digits: &str) -> Self {
        let mut entry = Entry::default();
        entry.push(digits);
        Self { entry, doing: Doing::Moving(kind), ..Self::default() }
    }

    /// As it is while the drawer is counted.
    pub fn counting(session: SessionId, currency: Currency, numbers: &[u32]) -> Self {
        let mut count = Count::new(currency);
        for (row, number) in count.rows.iter_mut().zip(numbers) {
            row.1 = Some(*number);
        }
        count.at = numbers.len().min(count.rows.len() - 1);
        Self { doing: Doing::Closing, count: Some((session, count)), ..Self::default() }
    }

    /// What was counted so far, to be kept while another screen is in front.
    pub fn take_count(&mut self) -> Option<(SessionId, Count)> {
        self.count.take()
    }

    /// The count goes on later.
    pub fn keep_count(&mut self, count: Option<(SessionId, Count)>) {
        self.count = count;
    }

    fn count(&self) -> Option<&Count> {
        self.count.as_ref().filter(|_| self.doing == Doing::Closing).map(|(_, count)| count)
    }

    fn count_mut(&mut self) -> Option<&mut Count> {
        let closing = self.doing == Doing::Closing;
        self.count.as_mut().filter(|_| closing).map(|(_, count)| count)
    }

    /// Was the drawer of the session that is open counted in part?
    fn is_half_counted(&self, snapshot: &Snapshot) -> bool {
        let session = snapshot.session.as_ref().map(|session| session.id);
        self.count.as_ref().is_some_and(|(of, count)| Some(*of) == session && count.has_begun())
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, _snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        match key {
            Key::Escape => return Some(Message::Stepped),
            Key::Enter => return Some(Message::Confirmed),
            _ => {}
        }
        match &self.doing {
            Doing::Nothing => match key {
                Key::Character('I') => Some(Message::MoveStruck(CashMoveKind::PaidIn)),
                Key::Character('O') => Some(Message::MoveStruck(CashMoveKind::PaidOut)),
                Key::Character('S') => Some(Message::MoveStruck(CashMoveKind::DropToSafe)),
                Key::Character('N') => Some(Message::NoSaleStruck),
                Key::Character('Z') => Some(Message::CloseStruck),
                _ => None,
            },
            Doing::Moving(_) | Doing::NoSale if key == Key::of('R') => Some(Message::ReasonStruck),
            Doing::Moving(_) => Pad::of_key(key).map(Message::Typed),
            Doing::NoSale => None,
            Doing::Closing => match key {
                Key::Up | Key::Down => Direction::of_key(key).map(Message::CountMoved),
                Key::Character('Z') => Some(Message::CountFinished),
                key => Pad::of_key(key).map(Message::Typed),
            },
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        match message {
            Message::Typed(pad) => {
                pad.type_into(&mut self.entry);
                self.put_count();
                Action::None
            }
            Message::MoveStruck(kind) => self.begin(Doing::Moving(kind), snapshot),
            Message::NoSaleStruck => self.begin(Doing::NoSale, snapshot),
            Message::CloseStruck => {
                if let Some(session) = snapshot.session.as_ref().filter(|_| !self.is_half_counted(snapshot)) {
                    self.count = Some((session.id, Count::new(snapshot.till.currency)));
                }
                self.begin(Doing::Closing, snapshot)
            }
            Message::ReasonStruck => {
                self.reason = (self.reason + 1) % self.reasons(ui).len().max(1);
                Action::None
            }
            Message::CountMoved(direction) => {
                self.entry.clear();
                if let Some(count) = self.count_mut() {
                    count.at = direction.moved(count.at, count.rows.len());
                }
                Action::None
            }
            Message::Confirmed => self.confirm(snapshot, ui),
            Message::CountFinished => match self.count().filter(|count| count.has_begun()) {
                Some(count) => {
                    let counted = count.total(snapshot.till.currency);
                    Action::Tell(Intent::SessionClosed { counted, reason: None })
                }
                None => Action::None,
            },
            Message::Stepped => self.step_back(snapshot),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    fn begin(&mut self, doing: Doing, snapshot: &Snapshot) -> Action {
        // The drawer can be opened without a session: what was counted in it is taken out.
        if snapshot.session.is_some() || doing == Doing::NoSale {
            *self = Self { doing, count: self.count.take(), ..Self::default() };
        }
        Action::None
    }

    /// The number typed is how many there are of the marked note.
    fn put_count(&mut self) {
        let number = self.entry.text().parse().ok().map(|number: u32| number.min(99_999));
        if let Some(count) = self.count_mut()
            && let Some(row) = count.rows.get_mut(count.at)
        {
            row.1 = number;
        }
    }

    fn confirm(&mut self, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        let reason = self.reasons(ui).into_iter().nth(self.reason).unwrap_or_default();
        match &mut self.doing {
            Doing::Nothing if snapshot.session.is_none() => Action::Tell(Intent::ScreenShown(Screen::Sell)),
            Doing::Nothing => Action::None,
            Doing::Moving(kind) => {
                let kind = *kind;
                match self.entry.amount(snapshot.till.currency).filter(|amount| amount.minor() > 0) {
                    Some(amount) => {
                        self.leave();
                        Action::Tell(Intent::CashMoved { kind, amount, reason })
                    }
                    None if self.entry.is_no_amount(snapshot.till.currency) => {
                        Action::Tell(Intent::EntryRefused(EntryFault::Amount))
                    }
                    None => Action::None,
                }
            }
            Doing::NoSale => {
                self.leave();
                Action::Tell(Intent::DrawerOpened { reason })
            }
            Doing::Closing => {
                if let Some(count) = self.count_mut() {
                    count.at = Direction::Down.moved(count.at, count.rows.len());
                }
                self.entry.clear();
                Action::None
            }
        }
    }

    /// Back to the session; what was counted so far stays.
    fn leave(&mut self) {
        *self = Self { count: self.count.take(), ..Self::default() };
    }

    fn step_back(&mut self, snapshot: &Snapshot) -> Action {
        if self.doing != Doing::Nothing {
            self.leave();
            Action::None
        } else if snapshot.notice.is_some() {
            Action::Tell(Intent::NoticeDismissed)
        } else {
            Action::Tell(Intent::ScreenShown(Screen::Sell))
        }
    }

    /// The reasons offered for what is being done.
    fn reasons(&self, ui: &Ui<'_>) -> Vec<String> {
        let text = ui.text;
        match &self.doing {
            Doing::Moving(CashMoveKind::PaidIn) => vec![text.reason_change(), text.reason_correction()],
            Doing::Moving(CashMoveKind::PaidOut) => {
                vec![text.reason_post(), text.reason_supplies(), text.reason_refreshments(), text.reason_correction()]
            }
            Doing::Moving(CashMoveKind::DropToSafe) => vec![text.reason_too_much_cash(), text.reason_end_of_shift()],
            Doing::NoSale => vec![text.reason_give_change(), text.reason_check(), text.reason_mistake()],
            Doing::Nothing | Doing::Closing => Vec::new(),
        }
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let mut left = column![session(&ui, snapshot)].height(Length::Fill);
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            left = left.push(container(notice).padding(gap::MEDIUM));
        }
        left = left.push(container(self.acts(&ui, snapshot)).padding(gap::CARD));
        let right: Element<'a, Message> = match &self.doing {
            Doing::Nothing if snapshot.session.is_none() => no_session(&ui),
            Doing::Nothing => {
                container(ui.label(Type::Line, ui.text.drawer_hint()).muted().centred()).center(Length::Fill).into()
            }
            Doing::Moving(kind) => self.moving_panel(*kind, snapshot, &ui),
            Doing::NoSale => self.no_sale_panel(&ui),
            Doing::Closing => match self.count() {
                Some(count) => self.count_panel(count, snapshot, &ui),
                None => space::vertical().into(),
            },
        };
        side_by_side(card(left), 596, card(right), 636)
    }

    fn acts<'a>(&self, ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
        let idle = self.doing == Doing::Nothing;
        let close =
            if self.is_half_counted(snapshot) { ui.text.act_go_on_counting() } else { ui.text.act_close_session() };
        let act = |key, words: String, icon, message| {
            let awake = idle && (snapshot.session.is_some() || message == Message::NoSaleStruck);
            Act::new(Key::of(key), words, awake.then_some(message)).icon(icon).fill().view(ui)
        };
        column![
            row![
                act('I', ui.text.act_paid_in(), Icon::Plus, Message::MoveStruck(CashMoveKind::PaidIn)),
                act('O', ui.text.act_paid_out(), Icon::Minus, Message::MoveStruck(CashMoveKind::PaidOut)),
            ]
            .spacing(10),
            row![
                act('S', ui.text.act_to_safe(), Icon::Lock, Message::MoveStruck(CashMoveKind::DropToSafe)),
                act('N', ui.text.act_no_sale(), Icon::Wallet, Message::NoSaleStruck),
            ]
            .spacing(10),
            act('Z', close, Icon::Calculator, Message::CloseStruck),
        ]
        .spacing(10)
        .into()
    }

    fn reason_row<'a>(&self, ui: &Ui<'_>) -> Element<'a, Message> {
        let reason = self.reasons(ui).into_iter().nth(self.reason).unwrap_or_default();
        row![
            column![ui.label(Type::Caption, ui.text.reason()).muted(), ui.label(Type::Line, reason).fill().shorten(1)]
                .width(Length::Fill),
            Act::new(Key::of('R'), ui.text.act_other_reason(), Some(Message::ReasonStruck)).function().view(ui),
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center)
        .into()
    }

    fn moving_panel<'a>(&self, kind: CashMoveKind, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let title = match kind {
            CashMoveKind::PaidIn => ui.text.paid_in_title(),
            CashMoveKind::PaidOut => ui.text.paid_out_title(),
            CashMoveKind::DropToSafe => ui.text.to_safe_title(),
        };
        let amount = self.entry.amount(snapshot.till.currency).filter(|amount| amount.minor() > 0);
        let shown = amount.unwrap_or(Money::zero(snapshot.till.currency));
        let figure = ui.label(Type::Total, ui.money(shown)).fill().right().shorten(1);
        let figure = if amount.is_none() { figure.muted() } else { figure };
        let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped));
        let columns = vec![[PadCell::Back, PadCell::Empty, PadCell::Empty, PadCell::Act(back)]];
        container(
            column![
                headline(ui, title),
                container(figure).class(Surface::Focused).padding(gap::MEDIUM).width(Length::Fill),
                self.reason_row(ui),
                space::vertical(),
                number_pad(ui, columns, Message::Typed),
                Act::new(Key::Enter, ui.text.act_confirm(), amount.map(|_| Message::Confirmed))
                    .primary()
                    .fill()
                    .view(ui),
            ]
            .spacing(gap::MEDIUM),
        )
        .padding(gap::CARD)
        .into()
    }

    fn no_sale_panel<'a>(&self, ui: &Ui<'_>) -> Element<'a, Message> {
        container(
            column![
                headline(ui, ui.text.no_sale_title()),
                self.reason_row(ui),
                space::vertical(),
                row![
                    Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).fill().view(ui),
                    Act::new(Key::Enter, ui.text.act_open_drawer(), Some(Message::Confirmed)).primary().fill().view(ui),
                ]
                .spacing(10),
            ]
            .spacing(gap::MEDIUM),
        )
        .padding(gap::CARD)
        .into()
    }

    fn count_panel<'a>(&self, count: &Count, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let half = count.rows.len().div_ceil(2);
        let columns = count.rows.chunks(half).enumerate().map(|(column, rows)| {
            let rows = rows
                .iter()
                .enumerate()
                .map(|(row, (worth, number))| count_row(ui, *worth, *number, column * half + row == count.at));
            Column::with_children(rows).spacing(2).width(Length::Fill).into()
        });
        let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped));
        let next = Act::new(Key::Enter, ui.text.act_next_note(), Some(Message::Confirmed));
        let pad_columns = vec![[PadCell::Back, PadCell::Empty, PadCell::Act(next), PadCell::Act(back)]];
        let total = row![
            ui.label(Type::BodyStrong, ui.text.counted()).fill(),
            ui.label(Type::Headline, ui.money(count.total(snapshot.till.currency))),
        ]
        .align_y(Alignment::Center);
        container(
            column![
                headline(ui, ui.text.count_title()),
                Row::with_children(columns).spacing(gap::LARGE),
                divider(),
                total,
                space::vertical(),
                number_pad(ui, pad_columns, Message::Typed),
                Act::new(Key::of('Z'), ui.text.act_finish_count(), count.has_begun().then_some(Message::CountFinished))
                    .primary()
                    .fill()
                    .height(56.0)
                    .view(ui),
            ]
            .spacing(8),
        )
        .padding(Padding { top: gap::MEDIUM, bottom: gap::MEDIUM, left: gap::CARD, right: gap::CARD })
        .into()
    }
}

fn count_row<'a>(ui: &Ui<'_>, worth: Money, number: Option<u32>, marked: bool) -> Element<'a, Message> {
    let number = number.map_or_else(|| if marked { "0" } else { "–" }.to_owned(), |number| number.to_string());
    container(
        row![
            ui.label(Type::Label, ui.amount(worth)).muted().width(70.0).right(),
            ui.label(Type::Label, "×").muted(),
            ui.label(Type::LabelStrong, number).fill().right(),
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center),
    )
    .class(if marked { Surface::ChosenCard } else { Surface::Clear })
    .padding(Padding { top: 0.0, bottom: 0.0, left: gap::SMALL, right: gap::SMALL })
    .center_y(27)
    .into()
}

fn session<'a>(ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
    let title = container(headline(ui, ui.text.session_title())).padding(gap::CARD);
    let Some(session) = &snapshot.session else {
        return column![
            title,
            divider(),
            container(ui.label(Type::Body, ui.text.session_none()).muted()).padding(gap::CARD)
        ]
        .into();
    };
    column![title, divider(), container(session_facts(ui, session)).padding(gap::CARD), space::vertical()].into()
}

/// Without a session no money moves: the way to one.
fn no_session<'a>(ui: &Ui<'_>) -> Element<'a, Message> {
    let open = Act::new(Key::Enter, ui.text.act_open_session(), Some(Message::Confirmed));
    let content = column![
        ui.label(Type::Line, ui.text.drawer_no_session()).muted().centred(),
        open.primary().icon(Icon::Wallet).view(ui),
    ];
    container(content.spacing(gap::LARGE).align_x(Alignment::Center)).center(Length::Fill).into()
}

/// The count is blind: what the drawer should hold is not shown before it has been counted.
fn session_facts<'a>(ui: &Ui<'_>, session: &Session) -> Element<'a, Message> {
    let fact = |name: String, value: String| -> Element<'a, Message> {
        row![ui.label(Type::Body, name).muted().fill().shorten(1), ui.label(Type::BodyStrong, value).right().shorten(1)]
            .spacing(gap::SMALL)
            .into()
    };
    Column::with_children([
        fact(ui.text.fact_opened(), ui.moment(session.opened_at)),
        fact(ui.text.fact_business_day(), ui.text.date(session.business_day)),
        fact(ui.text.fact_float(), ui.money(session.float)),
        fact(ui.text.fact_sales(), session.sale_count.to_string()),
        fact(ui.text.fact_turnover(), ui.money(session.sale_total)),
        fact(ui.text.fact_by_card(), ui.money(session.card_sales)),
    ])
    .spacing(14)
    .into()
}

#[cfg(test)]
mod tests;
