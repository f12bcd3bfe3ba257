//! Unfinished business: what is unsent, unprinted, undecided; how old the data is; what does not work now.

pub mod central;
mod transfers;

use iced::widget::{column, container, row};
use iced::{Alignment, Length};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::Tone;
use super::super::ui::Ui;
use super::super::widget::{Act, Element, VirtualList, badge, card, divider, headline, list_row, side_by_side};
use super::sell::Direction;
use super::{Action, notice};
use crate::domain::conflict::CaseState;
use crate::domain::device::{HealthState, PrintJobState};
use crate::domain::ids::{OrderNumber, ProductId};
use crate::domain::transfer::TransferState;
use crate::domain::web_order::OrderState;
use crate::register::PRINTER;
use crate::register::intent::{Intent, PaidBackFrom, PrintDecision, Screen};
use crate::register::snapshot::{CaseTask, Document, Snapshot, Task, TaskKey};

use transfers::{has_ended, request_card, transfer_acts};

/// Which task is marked: that one, wherever the list has moved it. One that has gone by itself leaves none marked, so that no key
/// meets another in its place; of one that was done here, the next takes its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unfinished {
    marked: Option<TaskKey>,
    /// What is asked once more before it is done, about the task as it was then.
    asked: Option<(Asked, Task)>,
    /// Is the marked request to another store open: told in full?
    opened: bool,
    /// The marked task, when something was done about it here.
    done: Option<TaskKey>,
    /// The tasks as they stood when one of them was left for, to be counted on its shelf.
    left: Option<Left>,
}

/// A task that was left for, and all of them as they stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    task: TaskKey,
    tasks: Vec<TaskKey>,
}

/// What cannot be taken back, and is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Money goes back out of the drawer.
    PayBack,
    /// It has gone back otherwise.
    PaidBackOtherwise,
    /// Goods have come, and go into the books.
    HasCome,
    /// A document is given up.
    Drop,
    /// What was asked of another store is needed no more.
    Withdraw,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A task was tapped.
    TaskTapped(TaskKey),
    /// The task above or below.
    TaskMoved(Direction),
    /// Print the marked document again, as a copy.
    CopyStruck,
    /// The marked document is not needed any more.
    DropStruck,
    /// To the order of the marked task.
    OpenStruck,
    /// What was asked is to be done.
    Answered,
    /// What the marked case misses is here.
    FoundStruck,
    /// The store proposed for the marked case is to send it.
    ProposalStruck,
    /// The marked request to another store, in full, or no more.
    DetailsStruck,
    /// The marked request is needed no more.
    WithdrawStruck,
    /// Its slip.
    SlipStruck,
    /// The marked order's money went back otherwise than out of the drawer.
    OtherwiseStruck,
    /// Back to selling.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

impl Unfinished {
    /// With the task at a place marked.
    pub fn marking(snapshot: &Snapshot, position: usize) -> Self {
        Self { marked: snapshot.tasks.get(position).map(Task::key), ..Self::default() }
    }

    /// As it is while something is asked about the task at a place.
    pub fn asking(snapshot: &Snapshot, position: usize, asked: Asked) -> Self {
        let task = snapshot.tasks.get(position).cloned();
        Self { asked: task.map(|task| (asked, task)), ..Self::marking(snapshot, position) }
    }

    /// As it is while the request to another store at a place is told in full.
    pub fn opening(snapshot: &Snapshot, position: usize) -> Self {
        Self { opened: true, ..Self::marking(snapshot, position) }
    }

    /// What was done about has gone from the list: the task in its place is next. What comes out of the printer by itself is
    /// not.
    pub fn settle(&mut self, before: &Snapshot, now: &Snapshot) {
        let Some(done) = self.done.as_ref().filter(|done| self.marked.as_ref() == Some(done)) else { return };
        let position = |snapshot: &Snapshot| snapshot.tasks.iter().position(|task| task.key() == *done);
        if let (Some(at), None) = (position(before), position(now)) {
            let (earlier, later) = now.tasks.split_at(at.min(now.tasks.len()));
            let next = later.iter().chain(earlier).find(|task| !task.comes_out());
            *self = Self { marked: next.map(Task::key), ..Self::default() };
        }
    }

    /// Somebody goes to count what a task asks for.
    pub fn take_left(&mut self) -> Option<Left> {
        self.left.take()
    }

    /// They are not back yet.
    pub fn keep_left(&mut self, left: Option<Left>) {
        self.left = left;
    }

    /// The list as somebody comes to it: its first task is marked. Whoever is back from counting one finds that one marked, or
    /// once it is done the next.
    pub fn coming(snapshot: &Snapshot, left: Option<Left>) -> Self {
        let next = left.and_then(|Left { task, tasks }| {
            let at = tasks.iter().position(|known| *known == task)?;
            let (earlier, later) = tasks.split_at(at);
            let open = |key: &&TaskKey| snapshot.tasks.iter().any(|task| task.key() == **key && !task.comes_out());
            later.iter().chain(earlier).find(open).cloned()
        });
        match next {
            Some(next) => Self { marked: Some(next), ..Self::default() },
            None => Self::marking(snapshot, 0),
        }
    }

    /// The request that is open.
    fn opened<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s Task> {
        self.marked_task(snapshot).filter(|task| self.opened && matches!(task, Task::Transfer { .. }))
    }

    /// What is asked: only as long as the task is the marked one and stands as it did.
    fn asked(&self, snapshot: &Snapshot) -> Option<Asked> {
        let (asked, task) = self.asked.as_ref()?;
        (self.marked_task(snapshot) == Some(task)).then_some(*asked)
    }

    fn ask(&mut self, asked: Asked, snapshot: &Snapshot) -> Action {
        self.asked = self.marked_task(snapshot).cloned().map(|task| (asked, task));
        Action::None
    }

    fn position(&self, snapshot: &Snapshot) -> Option<usize> {
        let marked = self.marked.as_ref()?;
        snapshot.tasks.iter().position(|task| task.key() == *marked)
    }

    fn marked_task<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s Task> {
        self.position(snapshot).and_then(|position| snapshot.tasks.get(position))
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        match stroke.key {
            Key::Up | Key::Down => Direction::of_key(stroke.key).map(Message::TaskMoved),
            // Enter asked it: struck twice it does nothing that cannot be taken back.
            Key::Character('+') if self.asked(snapshot).is_some() => Some(Message::Answered),
            Key::Character(_) | Key::Enter if self.asked(snapshot).is_some() => None,
            Key::Character('C') => Some(Message::CopyStruck),
            Key::Character('D') => Some(Message::DropStruck),
            Key::Character('F') => Some(Message::FoundStruck),
            Key::Character('T') => Some(Message::ProposalStruck),
            Key::Character('W') => Some(Message::WithdrawStruck),
            Key::Character('S') => Some(Message::SlipStruck),
            Key::Character('O') if matches!(self.marked_task(snapshot), Some(Task::Transfer { .. })) => {
                Some(Message::DetailsStruck)
            }
            Key::Character('O') => Some(Message::OtherwiseStruck),
            Key::Enter => Some(Message::OpenStruck),
            Key::Escape => Some(Message::Stepped),
            _ => None,
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        let is_reading = matches!(message, Message::NoticeRead);
        let action = self.take(message, snapshot);
        if !is_reading && matches!(action, Action::Tell(_) | Action::TellAll(_)) {
            self.done.clone_from(&self.marked);
        }
        action
    }

    fn take(&mut self, message: Message, snapshot: &Snapshot) -> Action {
        let asked = self.asked(snapshot);
        let marked = self.marked_task(snapshot);
        match message {
            Message::TaskTapped(task) => {
                *self = Self { marked: Some(task), ..Self::default() };
                Action::None
            }
            Message::TaskMoved(direction) => {
                let moved = |at| direction.moved(at, snapshot.tasks.len());
                *self = Self::marking(snapshot, self.position(snapshot).map_or(0, moved));
                Action::None
            }
            Message::CopyStruck => decide(marked, PrintDecision::Copy),
            Message::DropStruck if printable(marked).is_some() => self.ask(Asked::Drop, snapshot),
            Message::DropStruck => Action::None,
            Message::Answered => {
                let done = asked.map_or(Action::None, |asked| done(asked, marked));
                self.asked = None;
                done
            }
            Message::OpenStruck => match marked {
                Some(Task::Case(case)) => open_order(&case.order),
                Some(Task::PutBack { order, .. } | Task::SetAside { order, .. }) => open_order(order),
                Some(Task::PayBack { .. }) => self.ask(Asked::PayBack, snapshot),
                Some(Task::Count { product, .. }) => self.go_to_count(product, snapshot),
                Some(Task::Transfer { state: TransferState::Sent, .. }) => self.ask(Asked::HasCome, snapshot),
                Some(Task::Transfer { entry, state, .. }) if has_ended(*state) => {
                    Action::Tell(Intent::TransferClosed(*entry))
                }
                Some(Task::Transfer { .. }) => self.turn_details(),
                Some(Task::Unprinted { .. } | Task::DrawerOpen { .. }) | None => Action::None,
            },
            Message::DetailsStruck => self.turn_details(),
            Message::WithdrawStruck => match marked {
                Some(task) if transfers::can_be_withdrawn(task) => self.ask(Asked::Withdraw, snapshot),
                // Why it cannot be is said by whoever knows.
                Some(Task::Transfer { entry, .. }) => Action::Tell(Intent::TransferWithdrawn(*entry)),
                _ => Action::None,
            },
            Message::SlipStruck => match marked {
                Some(Task::Transfer { entry, .. }) => Action::Tell(Intent::TransferSlipAsked(*entry)),
                _ => Action::None,
            },
            Message::OtherwiseStruck => match marked {
                Some(Task::PayBack { .. }) => self.ask(Asked::PaidBackOtherwise, snapshot),
                _ => Action::None,
            },
            Message::FoundStruck => match marked {
                Some(Task::Case(case)) => Action::Tell(Intent::FalseAlarmReported(case.case)),
                _ => Action::None,
            },
            Message::ProposalStruck => match marked {
                Some(Task::Case(case)) => case.proposal.as_ref().map_or(Action::None, |other| {
                    Action::Tell(Intent::ProposalTaken { case: case.case, from: other.store.clone() })
                }),
                _ => Action::None,
            },
            Message::Stepped if asked.is_some() => {
                self.asked = None;
                Action::None
            }
            Message::Stepped if self.opened(snapshot).is_some() => self.turn_details(),
            Message::Stepped => Action::Tell(Intent::ScreenShown(Screen::Sell)),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    fn go_to_count(&mut self, product: &ProductId, snapshot: &Snapshot) -> Action {
        let tasks = snapshot.tasks.iter().map(Task::key).collect();
        self.left = self.marked.clone().map(|task| Left { task, tasks });
        Action::Tell(Intent::ShelfCountBegun(product.clone()))
    }

    fn turn_details(&mut self) -> Action {
        self.opened = !self.opened;
        Action::None
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let tasks = &snapshot.tasks;
        let body: Element<'a, Message> = if tasks.is_empty() {
            container(
                column![
                    ui.icon(Type::Total, Icon::CircleCheck).ink(Tone::Done.ink()),
                    ui.label(Type::Line, ui.text.tasks_none()).muted()
                ]
                .spacing(gap::MEDIUM)
                .align_x(Alignment::Center),
            )
            .center(Length::Fill)
            .into()
        } else {
            VirtualList::uniform(tasks.len(), height::ROW + 6.0, move |position| {
                let key = tasks[position].key();
                let marked = self.marked.as_ref() == Some(&key);
                list_row(task(&ui, snapshot, &tasks[position]), marked, Message::TaskTapped(key))
            })
            .follow(self.position(snapshot))
            .into()
        };
        let mut left = column![
            container(headline(&ui, ui.text.tasks_title())).padding(gap::CARD),
            divider(),
            container(body).height(Length::Fill)
        ];
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            left = left.push(container(notice).padding(gap::MEDIUM));
        }
        let foot = match (self.asked(snapshot), self.marked_task(snapshot)) {
            (Some(asked), Some(task)) => question(&ui, asked, task),
            (_, marked) => acts(&ui, marked),
        };
        left = left.push(divider()).push(container(foot).padding(gap::CARD));
        let right = match self.opened(snapshot) {
            Some(request) => request_card(&ui, request),
            None => central::central(&ui, snapshot),
        };
        side_by_side(card(left), 792, card(right), 440)
    }
}

fn open_order(order: &OrderNumber) -> Action {
    Action::TellAll(vec![Intent::ScreenShown(Screen::PickUps), Intent::OrderOpened(Some(order.clone()))])
}

fn decide(marked: Option<&Task>, decision: PrintDecision) -> Action {
    match printable(marked) {
        Some(job) => Action::Tell(Intent::PrintDecided { job, decision }),
        None => Action::None,
    }
}

/// What was asked is done.
fn done(asked: Asked, marked: Option<&Task>) -> Action {
    match (asked, marked) {
        (Asked::PayBack, Some(Task::PayBack { order, .. })) => paid_back(order, PaidBackFrom::Drawer),
        (Asked::PaidBackOtherwise, Some(Task::PayBack { order, .. })) => paid_back(order, PaidBackFrom::Elsewhere),
        (Asked::HasCome, Some(Task::Transfer { entry, .. })) => Action::Tell(Intent::TransferClosed(*entry)),
        (Asked::Withdraw, Some(Task::Transfer { entry, .. })) => Action::Tell(Intent::TransferWithdrawn(*entry)),
        (Asked::Drop, marked) => decide(marked, PrintDecision::Drop),
        _ => Action::None,
    }
}

/// What cannot be taken back, in a sentence, and the two answers.
fn question<'a>(ui: &Ui<'_>, asked: Asked, task: &Task) -> Element<'a, Message> {
    let text = ui.text;
    let (title, explained, act) = match (asked, task) {
        (Asked::PayBack, Task::PayBack { amount, customer_name, .. }) => (
            text.ask_pay_back(ui.money(*amount), customer_name.as_str()),
            text.ask_pay_back_explained(),
            text.act_give(ui.money(*amount)),
        ),
        (Asked::PaidBackOtherwise, Task::PayBack { amount, customer_name, .. }) => (
            text.ask_paid_back_otherwise(ui.money(*amount), customer_name.as_str()),
            text.ask_paid_back_otherwise_explained(),
            text.act_paid_back_otherwise(),
        ),
        (Asked::HasCome, Task::Transfer { product_name, quantity, store_name, .. }) => (
            text.ask_has_come(ui.quantity(*quantity), product_name.as_str(), store_name.as_str()),
            text.ask_has_come_explained(),
            text.act_has_come(),
        ),
        (Asked::Withdraw, Task::Transfer { product_name, quantity, store_name, .. }) => (
            text.ask_withdraw(ui.quantity(*quantity), product_name.as_str(), store_name.as_str()),
            text.ask_withdraw_explained(),
            text.act_withdraw(),
        ),
        (_, task) => (text.ask_drop(document_words(ui, task)), text.ask_drop_explained(), text.act_drop()),
    };
    column![
        headline(ui, title).shorten(2),
        ui.label(Type::Body, explained).muted().fill().shorten(2),
        row![
            Act::new(Key::Escape, text.act_back(), Some(Message::Stepped)).fill().view(ui),
            Act::new(Key::Character('+'), act, Some(Message::Answered)).fill().view(ui),
        ]
        .spacing(10),
    ]
    .spacing(10)
    .into()
}

/// A document, as its task calls it.
fn document_words(ui: &Ui<'_>, task: &Task) -> String {
    let Task::Unprinted { document, .. } = task else { return String::new() };
    match document {
        Document::Receipt(number) => ui.text.task_receipt(format!("{number:05}")),
        Document::SetAsideSlip(order) => ui.text.task_set_aside_slip(order.as_str()),
        Document::BagSlip(order) => ui.text.task_bag_slip(order.as_str()),
        Document::HandOverSlip(order) => ui.text.task_hand_over_slip(order.as_str()),
        Document::TransferSlip => ui.text.task_transfer_slip(),
        Document::CloseReport => ui.text.task_close_report(),
        Document::InterimReport => ui.text.task_interim_report(),
    }
}

fn paid_back(order: &OrderNumber, source: PaidBackFrom) -> Action {
    Action::Tell(Intent::OrderPaidBack { order: order.clone(), source })
}

/// What can be done about the marked task.
fn acts<'a>(ui: &Ui<'_>, marked: Option<&Task>) -> Element<'a, Message> {
    let (open, leads) = match marked {
        Some(Task::Case(_) | Task::PutBack { .. } | Task::SetAside { .. }) => (ui.text.act_show_order(), true),
        Some(Task::Count { .. }) => (ui.text.act_count(), true),
        Some(Task::PayBack { .. }) => (ui.text.act_paid_back_cash(), true),
        Some(Task::Transfer { .. }) => return transfer_acts(ui, marked),
        Some(Task::Unprinted { .. } | Task::DrawerOpen { .. }) | None => (ui.text.act_open(), false),
    };
    let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).fill().view(ui);
    let open = Act::new(Key::Enter, open, leads.then_some(Message::OpenStruck)).primary().fill().view(ui);
    if let Some(Task::Case(case)) = marked {
        let ask = match &case.proposal {
            Some(other) => ui.text.act_take_proposal(ui.quantity(case.quantity), other.name.as_str()),
            None => ui.text.act_no_proposal(),
        };
        let taken = case.proposal.is_some().then_some(Message::ProposalStruck);
        let decide = row![
            Act::new(Key::of('F'), ui.text.act_false_alarm(), Some(Message::FoundStruck)).fill().view(ui),
            Act::new(Key::of('T'), ask, taken).fill().view(ui),
        ];
        return column![decide.spacing(10), row![back, open].spacing(10)].spacing(10).into();
    }
    if let Some(Task::PayBack { .. }) = marked {
        let otherwise = Some(Message::OtherwiseStruck);
        let otherwise = Act::new(Key::of('O'), ui.text.act_paid_back_otherwise(), otherwise).fill().view(ui);
        return row![back, otherwise, open].spacing(10).into();
    }
    let in_doubt = printable(marked).is_some();
    let drop = Act::new(Key::of('D'), ui.text.act_drop(), in_doubt.then_some(Message::DropStruck)).fill().view(ui);
    let copy = Act::new(Key::of('C'), ui.text.act_copy(), in_doubt.then_some(Message::CopyStruck)).fill().view(ui);
    row![back, drop, copy, open].spacing(10).into()
}

/// The document of a task that can be printed again or dropped.
fn printable(task: Option<&Task>) -> Option<crate::domain::ids::PrintJobId> {
    match task {
        Some(Task::Unprinted { job, .. }) => Some(*job),
        _ => None,
    }
}

/// Why a document is not on paper: what the printer lacks, or which other comes first.
fn why_it_waits(ui: &Ui<'_>, snapshot: &Snapshot, task: &Task) -> String {
    let first = snapshot.tasks.iter().find(|task| task.comes_out());
    if let Some(first) = first.filter(|first| first.key() != task.key()) {
        return ui.text.task_waits_behind(document_words(ui, first));
    }
    let printer = snapshot.devices.devices.iter().find(|device| device.id.as_str() == PRINTER);
    match printer.map(|printer| (printer, &printer.health.state)) {
        Some((_, HealthState::Ready | HealthState::Opening)) => ui.text.task_printing(),
        Some((printer, HealthState::Held(_) | HealthState::Offline(_) | HealthState::Gone)) => {
            // Of what was torn the task itself says so; this one comes when the printer is well again.
            let (_, words) = super::devices::device_words(ui, printer, false);
            ui.text.task_waits_for(words)
        }
        Some((_, HealthState::NotConfigured)) | None => ui.text.task_waits_cure(),
    }
}

fn task<'a>(ui: &Ui<'_>, snapshot: &Snapshot, task: &Task) -> Element<'a, Message> {
    let text = ui.text;
    let (icon, tone, state, title, cure, since) = match task {
        Task::Unprinted { state, since, .. } => {
            let title = document_words(ui, task);
            let (tone, word, cure) = match state {
                PrintJobState::Partial { .. } => (Tone::Stop, text.task_in_doubt(), text.task_in_doubt_cure()),
                PrintJobState::Queued
                | PrintJobState::Sending { .. }
                | PrintJobState::Held { .. }
                | PrintJobState::Printed
                | PrintJobState::Cancelled => (Tone::Mind, text.task_waits(), why_it_waits(ui, snapshot, task)),
            };
            (Icon::Printer, tone, word, title, cure, Some(*since))
        }
        Task::Case(case) => {
            let (tone, word) = case_words(ui, case.state);
            (Icon::OctagonAlert, tone, word, case_title(ui, case), case_facts(ui, case), None)
        }
        Task::SetAside { .. } | Task::Transfer { .. } => {
            let (tone, word, title, cure, since) = transfers::row_words(ui, task);
            let icon = if tone == Tone::Stop { Icon::PackageX } else { Icon::Truck };
            (icon, tone, word, title, cure, since)
        }
        Task::PutBack { order, customer_name, bay, state } => {
            let (icon, word, title, cure) =
                put_back_words(ui, order.as_str(), customer_name, bay.as_deref(), *state == OrderState::Cancelled);
            (icon, Tone::Mind, word, title, cure, None)
        }
        Task::PayBack { order, customer_name, amount } => {
            let title = text.task_pay_back(order.as_str(), customer_name.as_str(), ui.money(*amount));
            (Icon::HandCoins, Tone::Stop, text.task_to_pay_back(), title, text.task_pay_back_cure(), None)
        }
        Task::Count { product_name, bin, times, .. } => {
            let title = text.task_count(product_name.as_str());
            let cure = [bin.clone(), Some(text.task_count_cure(i64::from(*times)))];
            let cure = cure.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            (Icon::ListChecks, Tone::Quiet, text.task_to_count(), title, cure, None)
        }
        Task::DrawerOpen { since } => {
            (Icon::Wallet, Tone::Mind, text.drawer_open(), text.task_drawer(), text.task_drawer_cure(), Some(*since))
        }
    };
    let mut second = vec![cure];
    second.extend(since.map(|at| text.since(ui.moment(at))));
    row![
        ui.icon(Type::Headline, icon).ink(tone.ink()),
        column![
            ui.label(Type::BodyStrong, title).fill().shorten(1),
            ui.label(Type::Caption, second.join(" · ")).muted().fill().shorten(2),
        ]
        .spacing(3)
        .width(Length::Fill),
        badge(ui, tone, &state),
    ]
    .spacing(gap::MEDIUM)
    .align_y(Alignment::Center)
    .into()
}

/// Why goods go back to the shelf, and where they lie.
fn put_back_words(
    ui: &Ui<'_>,
    order: &str,
    customer: &str,
    bay: Option<&str>,
    cancelled: bool,
) -> (Icon, String, String, String) {
    let text = ui.text;
    match (cancelled, bay) {
        (true, Some(bay)) => {
            let (title, cure) = (text.task_cancelled(order, customer), text.task_cancelled_cure_in(bay));
            (Icon::ArchiveRestore, text.state_cancelled(), title, cure)
        }
        (true, None) => {
            let (title, cure) = (text.task_cancelled(order, customer), text.task_cancelled_cure());
            (Icon::ArchiveRestore, text.state_cancelled(), title, cure)
        }
        (false, Some(bay)) => {
            let (title, cure) = (text.task_lapsed(order, customer), text.task_lapsed_cure_in(bay));
            (Icon::Clock, text.state_lapsed(), title, cure)
        }
        (false, None) => {
            let (title, cure) = (text.task_lapsed(order, customer), text.task_lapsed_cure());
            (Icon::Clock, text.state_lapsed(), title, cure)
        }
    }
}

/// Whose order misses what.
fn case_title(ui: &Ui<'_>, case: &CaseTask) -> String {
    let (order, product, quantity) = (case.order.as_str(), case.product_name.as_str(), ui.quantity(case.quantity));
    match case.customer_name.as_str() {
        "" => ui.text.task_case(order, quantity, product),
        customer => ui.text.task_case_of(order, customer, quantity, product),
    }
}

/// Who could not help, by when it must be decided, and who could help, as of when.
fn case_facts(ui: &Ui<'_>, case: &CaseTask) -> String {
    let text = ui.text;
    let mut facts: Vec<String> = case.refused_by.iter().map(|store| text.case_refused_by(store.as_str())).collect();
    let due = ui.moment(case.due_at);
    facts.push(if case.due_at < ui.now { text.case_overdue(due) } else { text.case_due(due) });
    facts.push(match &case.proposal {
        Some(other) => text.case_proposal(ui.quantity(other.free), other.name.as_str(), ui.moment(other.as_of)),
        None => text.case_no_proposal(),
    });
    facts.join(" · ")
}

/// Where a case stands: its tone and its words.
pub fn case_words(ui: &Ui<'_>, state: CaseState) -> (Tone, String) {
    let text = ui.text;
    match state {
        CaseState::Open => (Tone::Stop, text.case_open()),
        CaseState::AwaitingDecision => (Tone::Stop, text.case_awaiting_decision()),
        CaseState::ReSourced => (Tone::Done, text.case_re_sourced()),
        CaseState::BackOrdered => (Tone::Mind, text.case_back_ordered()),
        CaseState::Substituted => (Tone::Done, text.case_substituted()),
        CaseState::CancelledAndRefunded => (Tone::Quiet, text.case_cancelled()),
        CaseState::FalseAlarm => (Tone::Quiet, text.case_false_alarm()),
    }
}

#[cfg(test)]
mod tests;
