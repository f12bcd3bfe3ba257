//! Approval: what another person must agree to, who could, and the PIN that holds for this once. After the PIN a count is shown
//! with its difference, which whoever counted has not seen: it is agreed to, or counted again.

use iced::widget::{button, column, container, row, space};
use iced::{Alignment, Length};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::{EDGE_OF_RAISED, Press, Surface, Tone};
use super::super::text::unbroken;
use super::super::ui::{Room, Ui};
use super::super::widget::{
    Act, Element, Pad, PinAsked, PinEntry, Reach, VirtualList, avatar, headline, low_card_with_edge, side_by_side,
    target,
};
use super::basket::{PORTIONS, basket_card, measured};
use super::devices::device_name;
use super::drawer::session_card;
use super::sign_in::{next_named, next_person};
use super::stock::count_card;
use super::{Action, conflict, notice};
use crate::domain::ids::OperatorId;
use crate::domain::session::CashMoveKind;
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{
    Access, ApprovalSubject, ApprovalView, CountFigures, CountToAgree, OperatorView, Snapshot,
};

/// How many people are seen at a time; with more the list scrolls.
const PEOPLE_SEEN: u16 = 5;
/// How high one of them is with the gap below, in logical pixels.
const PERSON_HEIGHT: f32 = 68.0;

/// What agrees to a count that was seen.
const AGREE_KEY: Key = Key::Character('+');

/// What is being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Approval {
    pin: PinEntry,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A person was tapped.
    PersonTapped(OperatorId),
    /// The person after the chosen one.
    NextPerson,
    /// The next person whose name begins with this letter.
    PersonNamed(char),
    /// A key of the PIN pad.
    Typed(Pad),
    /// The PIN is whole.
    Confirmed,
    /// Nobody agrees: it is not done.
    GivenUp,
    /// The count was seen, and is agreed to.
    CountAgreed,
    /// The count was seen, and is to be done again.
    CountSentBack,
    /// The notice was read.
    NoticeRead,
}

fn asked(view: &ApprovalView) -> PinAsked<'_> {
    PinAsked { chosen: view.chosen.as_ref(), refused: view.refused, wait_until: view.wait_until }
}

impl Approval {
    /// With so many digits typed.
    pub fn typed(digits: &str) -> Self {
        Self { pin: PinEntry::typed(digits) }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        if snapshot.approval.as_ref().is_some_and(|view| view.count.is_some()) {
            // Enter has just sent the PIN: struck twice it agrees to nothing.
            return match stroke.key {
                AGREE_KEY => Some(Message::CountAgreed),
                Key::Escape => Some(Message::CountSentBack),
                _ => None,
            };
        }
        match stroke.key {
            Key::Escape => Some(Message::GivenUp),
            Key::Enter => Some(Message::Confirmed),
            Key::Tab => Some(Message::NextPerson),
            Key::Character(letter) if letter.is_alphabetic() => Some(Message::PersonNamed(letter)),
            key => PinEntry::pad_of(key).map(Message::Typed),
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        let Some(view) = snapshot.approval.as_deref() else { return Action::None };
        match message {
            Message::PersonTapped(operator) => {
                self.pin.clear();
                Action::Tell(Intent::ApproverChosen(Some(operator)))
            }
            Message::NextPerson => {
                self.pin.clear();
                let people = &view.operators;
                let chosen = people.iter().position(|o| Some(&o.id) == view.chosen.as_ref());
                let next = chosen.map_or(0, |position| (position + 1) % people.len().max(1));
                people.get(next).map_or(Action::None, |o| Action::Tell(Intent::ApproverChosen(Some(o.id.clone()))))
            }
            Message::PersonNamed(letter) => match next_named(&view.operators, view.chosen.as_ref(), letter) {
                Some(next) => {
                    self.pin.clear();
                    Action::Tell(Intent::ApproverChosen(Some(next.id.clone())))
                }
                None => Action::None,
            },
            Message::Typed(pad) => {
                self.pin.strike(pad, asked(view));
                Action::None
            }
            Message::Confirmed => match self.pin.take(asked(view), ui.now) {
                Some(pin) => Action::Tell(Intent::ApprovalPinEntered(pin)),
                None => Action::None,
            },
            Message::GivenUp => {
                self.pin.clear();
                Action::Tell(Intent::ApprovalGivenUp)
            }
            Message::CountAgreed => Action::Tell(Intent::CountAgreed),
            Message::CountSentBack => Action::Tell(Intent::CountSentBack),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// The screen: the basket, and the question in the other half.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        // What was being done when it was asked stays in sight: the drawer beside what is about the drawer, not the last sale.
        let left = match (snapshot.screen, snapshot.basket.basket.is_empty()) {
            (Screen::Drawer, _) => session_card(&ui, snapshot),
            (Screen::Stock, _) => count_card(&ui, snapshot, None),
            (Screen::UnfinishedBusiness | Screen::Devices, true) => space::horizontal().into(),
            _ => basket_card(ui, snapshot, conflict::idle_acts(&ui), None, None),
        };
        let right = match snapshot.approval.as_deref() {
            Some(ApprovalView { count: Some(count), subject, .. }) => count_to_agree(&ui, subject, count, snapshot),
            Some(view) => self.question(&ui, view, snapshot),
            None => space::horizontal().into(),
        };
        side_by_side(left, PORTIONS.0, right, PORTIONS.1)
    }

    fn question<'a>(&self, ui: &Ui<'a>, view: &'a ApprovalView, snapshot: &Snapshot) -> Element<'a, Message> {
        let asker = asker(snapshot);
        // Who agrees to a count sees it first: the PIN alone agrees to nothing.
        let is_count = matches!(view.subject, ApprovalSubject::Count { .. } | ApprovalSubject::CloseSession { .. });
        let (asks, sends) = match &view.reason {
            _ if is_count => (ui.text.approval_count_asked_by(asker), ui.text.act_see_count()),
            Some(reason) => (ui.text.approval_asked_because(asker, reason.as_str()), ui.text.act_agree()),
            None => {
                let facts = facts_words(ui, &view.subject);
                (facts.unwrap_or_else(|| ui.text.approval_asked_by(asker)), ui.text.act_agree())
            }
        };
        let is_chosen = move |person: &OperatorView| view.chosen.as_ref() == Some(&person.id);
        let ui_of_list = *ui;
        let people = VirtualList::uniform(view.operators.len(), PERSON_HEIGHT, move |position| {
            let person = &view.operators[position];
            person_key(&ui_of_list, person, is_chosen(person))
        })
        .follow(view.operators.iter().position(is_chosen));
        let people = container(people).height(PERSON_HEIGHT * f32::from(PEOPLE_SEEN));
        let chosen = view.operators.iter().find(|person| view.chosen.as_ref() == Some(&person.id));
        let title = match chosen {
            Some(person) => ui.text.sign_in_pin_of(person.name.as_str()),
            None => ui.text.approval_choose(),
        };
        let cancel = Act::new(Key::Escape, ui.text.act_cancel(), Some(Message::GivenUp));
        let agree = (sends, Message::Confirmed);
        let pin = column![
            ui.label(Type::BodyStrong, title).centred().shorten(1),
            self.pin.figures(),
            self.pin.told(ui, asked(view), ui.text.sign_in_badge(), 40.0),
            self.pin.pad(ui, asked(view), cancel, agree, Message::Typed),
        ]
        .spacing(gap::SMALL)
        .align_x(Alignment::Center);
        let between = if ui.room() == Room::Wide { gap::LARGE } else { gap::SMALL };
        // Whoever is chosen already is not chosen by a key.
        let others = view.operators.iter().any(|person| !is_chosen(person));
        let title = headline(ui, ui.text.approval_title()).ink(Tone::Mind.ink());
        let icon = ui.icon(Type::Headline, Icon::UserRound).ink(Tone::Mind.ink());
        let beside = ui.width_beside_basket() - 2.0 * (gap::CARD + EDGE_OF_RAISED);
        let room = beside - icon.width_of_words() - title.width_of_words() - 2.0 * gap::MEDIUM;
        let title = row![icon, title.fill().shorten(2)].extend(others.then(|| next_person(ui, room)));
        // The notice stands in place of who asks, so that nothing else moves.
        let asks = notice::view(ui, snapshot, Message::NoticeRead)
            .unwrap_or_else(|| ui.label(Type::Body, asks).muted().fill().shorten(3).into());
        low_card_with_edge(
            Tone::Mind,
            column![
                title.spacing(10).align_y(Alignment::Center),
                ui.label(Type::LineStrong, subject_words(ui, &view.subject)).fill().shorten(2),
                row![space::vertical().height(height::TARGET_MIN + gap::SMALL), asks],
                row![people, pin].spacing(between),
            ]
            .spacing(ui.gap_of_card()),
        )
    }
}

/// Who asks for it.
fn asker(snapshot: &Snapshot) -> &str {
    match &snapshot.access {
        Access::Open(operator) | Access::NeedsSession(operator) => &operator.name,
        Access::SignIn(_) | Access::Stopped(_) => "",
    }
}

/// A count as whoever is to agree to it sees it, and the two answers: neither is the key that sent the PIN.
fn count_to_agree<'a>(
    ui: &Ui<'_>,
    subject: &ApprovalSubject,
    count: &CountToAgree,
    snapshot: &Snapshot,
) -> Element<'a, Message> {
    let text = ui.text;
    let fact = |name: String, value: String| -> Element<'a, Message> {
        row![ui.label(Type::Line, name).muted().fill().shorten(1), ui.label(Type::LineStrong, value).right().shorten(2)]
            .spacing(gap::MEDIUM)
            .padding([0.0, gap::MEDIUM])
            .into()
    };
    let (counted, books, difference, worth, limit) = figure_words(ui, &count.figures);
    let off = if difference.0 { Tone::Mind } else { Tone::Done };
    let mut facts = column![
        fact(text.counted(), counted),
        fact(books.0, books.1),
        container(
            row![
                ui.label(Type::Line, text.count_difference()).fill().shorten(1),
                ui.label(Type::Total, difference.1).ink(off.ink()).right().shorten(1),
            ]
            .spacing(gap::MEDIUM)
            .align_y(Alignment::Center)
        )
        .class(Surface::Sunken)
        .padding([gap::SMALL, gap::MEDIUM]),
    ]
    .spacing(gap::SMALL);
    facts = facts.extend(worth.map(|worth| fact(text.count_worth(), worth)));
    facts = facts.push(fact(text.count_limit(), limit));
    if let Some(reason) = &count.reason {
        facts = facts.push(fact(text.count_reason(), reason.clone()));
    }
    let again = Act::new(Key::Escape, text.act_count_again(), Some(Message::CountSentBack)).fill();
    let agree = Act::new(AGREE_KEY, text.act_agree(), Some(Message::CountAgreed)).primary().fill();
    low_card_with_edge(
        Tone::Mind,
        column![
            row![
                ui.icon(Type::Headline, Icon::UserRound).ink(Tone::Mind.ink()),
                headline(ui, text.approval_count_title(count.approver.as_str()))
                    .ink(Tone::Mind.ink())
                    .fill()
                    .shorten(2),
            ]
            .spacing(10)
            .align_y(Alignment::Center),
            ui.label(Type::LineStrong, counted_words(ui, subject)).fill().shorten(2),
            ui.label(Type::Body, text.counted_by(asker(snapshot))).muted().fill().shorten(1),
            facts,
            row![again.view(ui), agree.view(ui)].spacing(10),
        ]
        .extend(notice::view(ui, snapshot, Message::NoticeRead))
        .spacing(ui.gap_of_card()),
    )
}

/// What was counted, what the books say under its name, the difference and whether there is one, what that is worth where it
/// is no money itself, and what the store lets pass.
type FigureWords = (String, (String, String), (bool, String), Option<String>, String);

fn figure_words(ui: &Ui<'_>, figures: &CountFigures) -> FigureWords {
    let text = ui.text;
    match *figures {
        CountFigures::Drawer { counted, expected, limit } => {
            let difference = counted - expected;
            let told = (!difference.is_zero(), text.locale.signed_money(difference));
            (ui.money(counted), (text.count_should_hold(), ui.money(expected)), told, None, ui.money(limit))
        }
        CountFigures::Shelf { unit, found, books, worth, limit } => {
            let difference = found - books;
            let told = (!difference.is_zero(), measured(unit, &text.locale.signed_quantity(difference)));
            let measured = |quantity| measured(unit, &ui.quantity(quantity));
            (measured(found), (text.count_books(), measured(books)), told, Some(ui.money(worth)), ui.money(limit))
        }
    }
}

/// Of what the count is.
fn counted_words(ui: &Ui<'_>, subject: &ApprovalSubject) -> String {
    match subject {
        ApprovalSubject::CloseSession { owner, .. } => ui.text.session_title(owner.as_str()),
        ApprovalSubject::Count { name, .. } => name.clone(),
        other => subject_words(ui, other),
    }
}

/// What is to be agreed to.
fn subject_words(ui: &Ui<'_>, subject: &ApprovalSubject) -> String {
    let text = ui.text;
    match subject {
        ApprovalSubject::Discount { name, percent } => {
            text.approval_discount(text.locale.percent(*percent), name.as_str())
        }
        ApprovalSubject::Price { name, unit_price } => text.approval_price(name.as_str(), ui.money(*unit_price)),
        ApprovalSubject::SellPromised { name, quantity, .. } => {
            text.approval_sell_promised(ui.quantity(*quantity), name.as_str())
        }
        ApprovalSubject::Cash { kind: CashMoveKind::PaidIn, amount } => text.approval_paid_in(ui.money(*amount)),
        ApprovalSubject::Cash { kind: CashMoveKind::PaidOut, amount } => text.approval_paid_out(ui.money(*amount)),
        ApprovalSubject::Cash { kind: CashMoveKind::DropToSafe, amount } => text.approval_to_safe(ui.money(*amount)),
        ApprovalSubject::CloseSession { owner, counted } => {
            text.approval_close_session(owner.as_str(), ui.money(*counted))
        }
        ApprovalSubject::Count { name, found } => text.approval_count(name.as_str(), ui.quantity(*found)),
        ApprovalSubject::DropDocument => ui.text.approval_drop_document(),
        ApprovalSubject::InterimReport => text.approval_interim_report(),
        ApprovalSubject::NoSale => text.approval_no_sale(),
        ApprovalSubject::Port { device, port } => text.approval_port(device_name(ui, device.word()).1, port.as_str()),
    }
}

/// What has to be known besides before it is agreed to: to whom what is sold was promised, or what comes of another port.
fn facts_words(ui: &Ui<'_>, subject: &ApprovalSubject) -> Option<String> {
    match subject {
        ApprovalSubject::SellPromised { order, also_short, .. } => {
            let whose = unbroken(&conflict::with_others(&order.customer_name, *also_short));
            let short = ui.text.approval_falls_short(order.number.as_str(), whose);
            Some(format!("{short} · {}", conflict::promise_words(ui, order)))
        }
        ApprovalSubject::Port { .. } => Some(ui.text.ports_restart()),
        _ => None,
    }
}

fn person_key<'a>(ui: &Ui<'_>, person: &OperatorView, chosen: bool) -> Element<'a, Message> {
    let tone = if chosen { Tone::Done } else { Tone::Web };
    let content =
        row![avatar(ui, &person.name, tone, 36.0), ui.label(Type::KeySmall, person.name.as_str()).fill().shorten(1)]
            .spacing(gap::SMALL)
            .align_y(Alignment::Center);
    let class = if chosen { Press::FaceChosen } else { Press::Face };
    let pressed = button(container(content).center_y(Length::Fill))
        .class(class)
        .padding([0.0, gap::SMALL])
        .width(Length::Fill)
        .height(PERSON_HEIGHT - gap::SMALL)
        .on_press(Message::PersonTapped(person.id.clone()));
    container(target(Reach::Tab, pressed)).into()
}

#[cfg(test)]
mod tests;
