//! Drawer: the session, cash in and out, opening without a sale, the report on the way, and the blind count at its end.
//!
//! Size: one screen, its keys and its panels; the count and the reasons have files of their own.

mod count;

use iced::widget::{Column, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::entry::Entry;
use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::style::{Surface, Tone};
use super::super::text::Catalogue;
use super::super::ui::Ui;
use super::super::widget::{
    Act, Element, Pad, PadCell, divider, headline, low_card, number_pad, side_by_side, whole_number_pad,
};
use super::reason::{Asked, Given, Reason, Said};
use super::sell::Direction;
use super::{Action, notice};
use crate::domain::ids::SessionId;
use crate::domain::money::Money;
use crate::domain::operator::{Act as OperatorAct, Permission, permission};
use crate::domain::session::{CashMoveKind, Session};
use crate::domain::tender::CashRounding;
use crate::register::intent::{EntryFault, Intent, Screen};
use crate::register::snapshot::{Access, Snapshot};
pub use count::Count;
use count::count_list;

/// What is being done with the drawer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawer {
    entry: Entry,
    doing: Doing,
    /// What was counted so far, and of what.
    count: Option<(Counted, Count)>,
    /// Money has moved since a count was begun, and it begins anew.
    anew: bool,
    reason: Reason,
}

/// What a count is of: a session, with the money that had come in and gone out by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    session: SessionId,
    moved: Money,
}

impl Counted {
    /// The drawer as it is now.
    pub fn of(session: &Session) -> Self {
        Self { session: session.id, moved: session.cash_sales + session.cash_moved }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Doing {
    #[default]
    Nothing,
    Moving(CashMoveKind),
    /// What it is done for is asked: a key for each reason, none of them given beforehand.
    Asking(Why),
    Closing,
}

/// What waits for its reason.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Why {
    Moved(CashMoveKind, Money),
    NoSale,
    /// What was counted is not what the drawer should hold, and how much it differs is not said.
    Difference(Money),
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
    /// The report of the open session.
    InterimStruck,
    /// The report of the session that was closed last, once more.
    LastReportStruck,
    /// Count and close.
    CloseStruck,
    /// What it is done for.
    ReasonSaid(Said),
    /// The note above or below.
    CountMoved(Direction),
    /// This note, by its place.
    CountTapped(usize),
    /// Enter.
    Confirmed,
    /// The count is complete.
    CountFinished,
    /// Esc.
    Stepped,
    /// The notice was read.
    NoticeRead,
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

    /// As it is while the drawer is opened without a sale.
    pub fn opening() -> Self {
        Self { doing: Doing::Asking(Why::NoSale), ..Self::default() }
    }

    /// As it is while it is opened for a reason in own words.
    pub fn saying(text: &str) -> Self {
        Self { reason: Reason::saying(text), ..Self::opening() }
    }

    /// As it is while the drawer is counted.
    pub fn counting(session: &Session, rounding: CashRounding, numbers: &[u32]) -> Self {
        let mut count = Count::new(session, rounding);
        for (row, number) in count.rows.iter_mut().zip(numbers) {
            row.1 = Some(*number);
        }
        count.at = numbers.len().min(count.rows.len() - 1);
        Self { doing: Doing::Closing, count: Some((Counted::of(session), count)), ..Self::default() }
    }

    /// What was counted so far, to be kept while another screen is in front.
    pub fn take_count(&mut self) -> Option<(Counted, Count)> {
        self.count.take()
    }

    /// The count goes on later.
    pub fn keep_count(&mut self, count: Option<(Counted, Count)>) {
        self.count = count;
    }

    /// With its session closed, a count is over.
    pub fn settle(&mut self, session: Option<SessionId>) {
        if self.count.as_ref().is_some_and(|(of, _)| Some(of.session) != session) {
            *self = Self::default();
        }
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
        let now = snapshot.session.as_ref().map(Counted::of);
        self.count.as_ref().is_some_and(|(of, count)| Some(*of) == now && count.has_begun())
    }

    /// Was it begun to be counted, and money has moved since?
    fn is_stale(&self, snapshot: &Snapshot) -> bool {
        let begun = self.count.as_ref().is_some_and(|(_, count)| count.has_begun());
        begun && !self.is_half_counted(snapshot)
    }

    /// Is it asked why this count is not what the drawer should hold? Once something else is counted, no more.
    fn is_asking_why(&self, snapshot: &Snapshot) -> bool {
        let counted = self.count().map(|count| count.total(snapshot.till.currency));
        counted.is_some() && counted == snapshot.unexplained
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        if self.asked_why(snapshot).is_some() {
            return self.reason.key(stroke).map(Message::ReasonSaid);
        }
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
                Key::Character('X') => Some(Message::InterimStruck),
                Key::Character('R') if snapshot.has_close_report => Some(Message::LastReportStruck),
                Key::Character('Z') => Some(Message::CloseStruck),
                _ => None,
            },
            Doing::Moving(_) => Pad::of_key(key).map(Message::Typed),
            Doing::Asking(_) => None,
            Doing::Closing => match key {
                Key::Up | Key::Down => Direction::of_key(key).map(Message::CountMoved),
                Key::Character('Z') => Some(Message::CountFinished),
                key => Pad::of_key(key).map(Message::Typed),
            },
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        match message {
            // There are whole notes and coins.
            Message::Typed(Pad::Point) if self.doing == Doing::Closing => Action::None,
            Message::Typed(pad) => {
                pad.type_into(&mut self.entry);
                self.put_count();
                Action::None
            }
            Message::MoveStruck(kind) => self.begin(Doing::Moving(kind), snapshot),
            Message::NoSaleStruck => self.begin(Doing::Asking(Why::NoSale), snapshot),
            Message::CloseStruck => {
                // What would stand in the way at the end is said before anybody counts.
                if !snapshot.basket.basket.is_empty() {
                    return Action::Tell(Intent::DrawerCountAsked);
                }
                let anew = self.is_stale(snapshot);
                if let Some(session) = snapshot.session.as_ref().filter(|_| !self.is_half_counted(snapshot)) {
                    self.count = Some((Counted::of(session), Count::new(session, snapshot.till.cash_rounding)));
                }
                let begun = self.begin(Doing::Closing, snapshot);
                self.anew = anew;
                begun
            }
            Message::ReasonSaid(said) => self.give_reason(said, snapshot),
            Message::InterimStruck if snapshot.session.is_some() => Action::Tell(Intent::InterimReportAsked),
            Message::InterimStruck => Action::None,
            Message::LastReportStruck => Action::Tell(Intent::CloseReportAsked),
            Message::CountMoved(direction) => {
                self.entry.clear();
                if let Some(count) = self.count_mut() {
                    count.at = direction.moved(count.at, count.rows.len());
                }
                Action::None
            }
            Message::CountTapped(position) => {
                self.entry.clear();
                if let Some(count) = self.count_mut() {
                    count.at = position.min(count.rows.len().saturating_sub(1));
                }
                Action::None
            }
            Message::Confirmed => self.confirm(snapshot),
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
        if snapshot.session.is_some() || doing == Doing::Asking(Why::NoSale) {
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

    /// What was said it is for.
    fn give_reason(&mut self, said: Said, snapshot: &Snapshot) -> Action {
        let Some(why) = self.asked_why(snapshot) else { return Action::None };
        let reason = match self.reason.update(said, &snapshot.till.country, |text| reasons(text, why)) {
            Given::Reason(reason) => reason,
            Given::Left => return self.step_back(snapshot),
            Given::Nothing => return Action::None,
        };
        Action::Tell(match why {
            Why::Moved(kind, amount) => {
                self.leave();
                Intent::CashMoved { kind, amount, reason }
            }
            Why::NoSale => {
                self.leave();
                Intent::DrawerOpened { reason }
            }
            Why::Difference(counted) => Intent::SessionClosed { counted, reason: Some(reason) },
        })
    }

    /// What waits for its reason, if anything.
    fn asked_why(&self, snapshot: &Snapshot) -> Option<Why> {
        match self.doing {
            Doing::Asking(why) => Some(why),
            Doing::Closing if self.is_asking_why(snapshot) => snapshot.unexplained.map(Why::Difference),
            _ => None,
        }
    }

    fn confirm(&mut self, snapshot: &Snapshot) -> Action {
        // None of the reasons is given beforehand.
        if self.is_asking_why(snapshot) {
            return Action::None;
        }
        match &mut self.doing {
            Doing::Nothing if snapshot.session.is_none() => Action::Tell(Intent::ScreenShown(Screen::Sell)),
            Doing::Nothing | Doing::Asking(_) => Action::None,
            Doing::Moving(kind) => {
                let kind = *kind;
                match self.entry.amount(snapshot.till.currency).filter(|amount| amount.minor() > 0) {
                    Some(amount) => {
                        self.doing = Doing::Asking(Why::Moved(kind, amount));
                        Action::None
                    }
                    None if self.entry.is_no_amount(snapshot.till.currency) => {
                        Action::Tell(Intent::EntryRefused(EntryFault::Amount))
                    }
                    None => Action::None,
                }
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
        if self.is_asking_why(snapshot) {
            return Action::Tell(Intent::CountResumed);
        }
        if let Doing::Asking(Why::Moved(kind, _)) = self.doing {
            // The amount is still there, to be put right.
            self.doing = Doing::Moving(kind);
            Action::None
        } else if self.doing != Doing::Nothing {
            self.leave();
            Action::None
        } else {
            Action::Tell(Intent::ScreenShown(Screen::Sell))
        }
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let asking = self.asked_why(snapshot).is_some();
        let noticed = snapshot.notice.is_some();
        let top = self.count().map_or_else(|| session(&ui, snapshot), |count| count_list(count, &ui, !asking, noticed));
        let mut left = column![top];
        if self.count().is_none() {
            left = left.push(container(self.acts(&ui, snapshot)).padding(gap::CARD));
        }
        // Below the acts: none of them moves.
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            let above = if self.count().is_none() { 0.0 } else { gap::MEDIUM };
            let around = Padding { top: above, ..Padding::new(gap::CARD) };
            left = left.push(container(notice).padding(around));
        }
        let right: Element<'a, Message> = match &self.doing {
            Doing::Nothing if snapshot.session.is_none() => no_session(&ui),
            Doing::Nothing => {
                let hint = ui.label(Type::Line, ui.text.drawer_hint()).muted().centred();
                container(hint).center_x(Length::Fill).padding(gap::LARGE).into()
            }
            Doing::Moving(kind) => self.moving_panel(*kind, snapshot, &ui),
            Doing::Asking(why) => self.reason_panel(*why, &ui),
            Doing::Closing => match (self.asked_why(snapshot), self.count()) {
                (Some(why), _) => self.reason_panel(why, &ui),
                (None, Some(count)) => self.count_panel(count, snapshot, &ui),
                (None, None) => space::vertical().into(),
            },
        };
        side_by_side(low_card(left), 596, low_card(right), 636)
    }

    fn acts<'a>(&self, ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
        let idle = self.doing == Doing::Nothing;
        let close =
            if self.is_half_counted(snapshot) { ui.text.act_go_on_counting() } else { ui.text.act_close_session() };
        let act = |key, words: String, icon, message| {
            let awake = idle
                && match message {
                    Message::NoSaleStruck => true,
                    Message::LastReportStruck => snapshot.has_close_report,
                    _ => snapshot.session.is_some(),
                };
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
            row![
                act('X', ui.text.act_interim_report(), Icon::Printer, Message::InterimStruck),
                act('R', ui.text.act_last_report(), Icon::Printer, Message::LastReportStruck),
            ]
            .spacing(10),
            act('Z', close, Icon::Calculator, Message::CloseStruck),
        ]
        .spacing(10)
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

    /// Why it is done.
    fn reason_panel<'a>(&self, why: Why, ui: &Ui<'_>) -> Element<'a, Message> {
        let title = match why {
            Why::Moved(CashMoveKind::PaidIn, amount) => ui.text.approval_paid_in(ui.money(amount)),
            Why::Moved(CashMoveKind::PaidOut, amount) => ui.text.approval_paid_out(ui.money(amount)),
            Why::Moved(CashMoveKind::DropToSafe, amount) => ui.text.approval_to_safe(ui.money(amount)),
            Why::NoSale => ui.text.no_sale_title(),
            Why::Difference(_) => ui.text.difference_title(),
        };
        let (explained, step_back) = match why {
            Why::Difference(_) => (ui.text.difference_explained(), ui.text.act_count_again()),
            Why::Moved(..) | Why::NoSale => (ui.text.reason(), ui.text.act_back()),
        };
        let asked = Asked { title, explained, step_back, offered: reasons(ui.text, why) };
        self.reason.view(ui, asked, Message::ReasonSaid)
    }

    /// The keys that count: the marked note large, what was counted in all, and the end of it.
    fn count_panel<'a>(&self, count: &Count, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let (worth, number) = count.rows.get(count.at).copied().unwrap_or((Money::zero(count.currency()), None));
        let figure = ui.label(Type::Total, number.unwrap_or(0).to_string()).right();
        let figure = if number.is_none() { figure.muted() } else { figure };
        let marked = row![ui.label(Type::Headline, format!("{} ×", ui.money(worth))).muted().fill().shorten(1), figure]
            .spacing(gap::SMALL)
            .align_y(Alignment::Center);
        let act = |key, words, message| PadCell::Act(Act::new(key, words, Some(message)));
        let columns = vec![[
            PadCell::Back,
            act(Key::Up, ui.text.act_note_before(), Message::CountMoved(Direction::Up)),
            act(Key::Enter, ui.text.act_next_note(), Message::Confirmed),
            act(Key::Escape, ui.text.act_back(), Message::Stepped),
        ]];
        let finish = count.has_begun().then_some(Message::CountFinished);
        let seen = snapshot.drawer.as_ref().and_then(|drawer| drawer.expected_seen.as_ref());
        let told = match seen {
            Some((at, name)) => ui.text.count_not_blind(name.as_str(), ui.moment(*at)),
            None if self.anew => ui.text.count_anew(),
            None => String::new(),
        };
        let keys = container(
            column![
                container(marked).class(Surface::Focused).padding(gap::MEDIUM).width(Length::Fill),
                ui.label(Type::Label, told).ink(Tone::Mind.ink()).fill().shorten(3),
                whole_number_pad(ui, columns, Message::Typed),
                Act::new(Key::of('Z'), ui.text.act_finish_count(), finish).primary().fill().view(ui),
            ]
            .spacing(gap::MEDIUM),
        )
        .padding(gap::CARD);
        // As high as the title beside it, and gone where that is.
        match count::has_title(ui, snapshot.notice.is_some()) {
            true => column![count::title(headline(ui, ui.text.count_how_many(ui.money(worth)))), keys].into(),
            false => keys.into(),
        }
    }
}

/// The reasons offered for what is being done.
fn reasons(text: &Catalogue, why: Why) -> Vec<String> {
    match why {
        Why::Moved(CashMoveKind::PaidIn, _) => vec![text.reason_change(), text.reason_correction()],
        Why::Moved(CashMoveKind::PaidOut, _) => {
            vec![text.reason_post(), text.reason_supplies(), text.reason_refreshments(), text.reason_correction()]
        }
        Why::Moved(CashMoveKind::DropToSafe, _) => vec![text.reason_too_much_cash(), text.reason_end_of_shift()],
        Why::NoSale => vec![text.reason_give_change(), text.reason_check(), text.reason_mistake()],
        Why::Difference(_) => vec![
            text.reason_not_known(),
            text.reason_wrong_change(),
            text.reason_not_booked(),
            text.reason_float_wrong(),
        ],
    }
}

/// The session as a card, beside a question about the drawer.
pub(super) fn session_card<'a, M: 'a>(ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, M> {
    low_card(session(ui, snapshot))
}

/// The open session, as it may be seen.
fn session<'a, Message: 'a>(ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
    let Some(session) = &snapshot.session else {
        let title = container(headline(ui, ui.text.tab_drawer())).padding(gap::CARD);
        return column![
            title,
            divider(),
            container(ui.label(Type::Body, ui.text.session_none()).muted()).padding(gap::CARD),
        ]
        .into();
    };
    let facts = session_facts(ui, session, shows_sums(snapshot));
    let drawer = snapshot.drawer.as_ref();
    let counts = drawer.map_or(0, |drawer| drawer.counts);
    let counts = if counts > 0 { ui.text.session_counts(counts as i64) } else { String::new() };
    let title = ui.text.session_title(drawer.map_or("", |drawer| drawer.owner.as_str()));
    let title = row![headline(ui, title).fill().shorten(1), ui.label(Type::Label, counts).muted().shorten(1)];
    let title = container(title.spacing(gap::SMALL).align_y(Alignment::Center)).padding(gap::CARD);
    column![title, divider(), container(facts).padding(gap::CARD)].into()
}

/// Without a session no money moves: the way to one.
fn no_session<'a>(ui: &Ui<'_>) -> Element<'a, Message> {
    let open = Act::new(Key::Enter, ui.text.act_open_session(), Some(Message::Confirmed));
    let content = column![
        ui.label(Type::Line, ui.text.drawer_no_session()).muted().centred(),
        open.primary().icon(Icon::Wallet).view(ui),
    ];
    container(content.spacing(gap::LARGE).align_x(Alignment::Center)).center_x(Length::Fill).padding(gap::LARGE).into()
}

/// The count is blind: from float, turnover and card sales follows what the drawer should hold, so that who counts it at the
/// end of the day does not see them; whoever may look into the till's settings does.
fn shows_sums(snapshot: &Snapshot) -> bool {
    match &snapshot.access {
        Access::Open(operator) | Access::NeedsSession(operator) => {
            permission(operator.role, OperatorAct::Configure) == Permission::Allow
        }
        Access::SignIn(_) | Access::Stopped(_) => false,
    }
}

fn session_facts<'a, Message: 'a>(ui: &Ui<'_>, session: &Session, sums: bool) -> Element<'a, Message> {
    let fact = |name: String, value: String| -> Element<'a, Message> {
        row![ui.label(Type::Body, name).muted().fill().shorten(1), ui.label(Type::BodyStrong, value).right().shorten(1)]
            .spacing(gap::SMALL)
            .into()
    };
    let mut facts = vec![
        fact(ui.text.fact_opened(), ui.moment(session.opened_at)),
        fact(ui.text.fact_business_day(), ui.text.date(session.business_day)),
        fact(ui.text.fact_sales(), session.sale_count.to_string()),
    ];
    if sums {
        facts.extend([
            fact(ui.text.fact_float(), ui.money(session.float)),
            fact(ui.text.fact_turnover(), ui.money(session.sale_total)),
            fact(ui.text.fact_by_card(), ui.money(session.card_sales)),
        ]);
    }
    Column::with_children(facts).spacing(14).into()
}

#[cfg(test)]
mod tests;
