//! Approval: what another person must agree to, who could, and the PIN that holds for this once.

use iced::widget::{button, column, container, row, space};
use iced::{Alignment, Length};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::ui::{Room, Ui};
use super::super::widget::{
    Act, Element, Pad, PinAsked, PinEntry, Reach, VirtualList, avatar, card, card_with_edge, headline, key_cap,
    side_by_side, target,
};
use super::basket::{PORTIONS, basket_card};
use super::devices::device_name;
use super::drawer::session_card;
use super::{Action, conflict, notice};
use crate::domain::ids::OperatorId;
use crate::domain::session::CashMoveKind;
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{Access, ApprovalSubject, ApprovalView, OperatorView, Snapshot};

/// How many people are seen at a time; with more the list scrolls.
const PEOPLE_SEEN: u16 = 5;
/// How high one of them is with the gap below, in logical pixels.
const PERSON_HEIGHT: f32 = 68.0;

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
    /// A key of the PIN pad.
    Typed(Pad),
    /// The PIN is whole.
    Confirmed,
    /// Nobody agrees: it is not done.
    GivenUp,
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
    pub fn key(&self, stroke: &Stroke, _snapshot: &Snapshot) -> Option<Message> {
        match stroke.key {
            Key::Escape => Some(Message::GivenUp),
            Key::Enter => Some(Message::Confirmed),
            Key::Tab => Some(Message::NextPerson),
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
            Message::Typed(pad) => {
                self.pin.strike(pad, asked(view), ui.now);
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
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// The screen: the basket, and the question in the other half.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        // What was being done when it was asked stays in sight: the drawer beside what is about the drawer, not the last sale.
        let left = match (snapshot.screen, snapshot.basket.basket.is_empty()) {
            (Screen::Drawer, _) => session_card(&ui, snapshot, Message::NoticeRead),
            (Screen::Stock | Screen::UnfinishedBusiness | Screen::Devices, true) => {
                beside(&ui, snapshot, space::vertical().into())
            }
            _ => basket_card(ui, snapshot, conflict::idle_acts(&ui), None, Message::NoticeRead),
        };
        let right = match snapshot.approval.as_deref() {
            Some(view) => self.question(&ui, view, snapshot),
            None => space::horizontal().into(),
        };
        side_by_side(left, PORTIONS.0, right, PORTIONS.1)
    }

    fn question<'a>(&self, ui: &Ui<'a>, view: &'a ApprovalView, snapshot: &Snapshot) -> Element<'a, Message> {
        let asks = match &snapshot.access {
            Access::Open(operator) | Access::NeedsSession(operator) => {
                ui.text.approval_asked_by(operator.name.as_str())
            }
            Access::SignIn(_) | Access::Stopped(_) => String::new(),
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
        let agree = (ui.text.act_agree(), Message::Confirmed);
        let pin = column![
            ui.label(Type::BodyStrong, title).centred().shorten(1),
            self.pin.figures(),
            self.pin.told(ui, asked(view), 40.0),
            self.pin.pad(ui, asked(view), cancel, agree, Message::Typed),
        ]
        .spacing(gap::SMALL)
        .align_x(Alignment::Center);
        let between = if ui.room() == Room::Wide { gap::LARGE } else { gap::SMALL };
        card_with_edge(
            Tone::Mind,
            column![
                row![
                    ui.icon(Type::Headline, Icon::UserRound).ink(Tone::Mind.ink()),
                    headline(ui, ui.text.approval_title()).ink(Tone::Mind.ink()).fill().shorten(2),
                    key_cap(ui, Key::Tab, Surface::KeyCap),
                ]
                .spacing(10)
                .align_y(Alignment::Center),
                ui.label(Type::LineStrong, subject_words(ui, &view.subject)).fill().shorten(2),
                ui.label(Type::Body, asks).muted().fill().shorten(3),
                space::vertical(),
                row![people, pin].spacing(between),
            ]
            .spacing(ui.gap_of_card()),
        )
    }
}

/// What stands at the left, with the notice.
fn beside<'a>(ui: &Ui<'a>, snapshot: &'a Snapshot, content: Element<'a, Message>) -> Element<'a, Message> {
    let mut left = column![container(content).height(Length::Fill)];
    if let Some(notice) = notice::view(ui, snapshot, Message::NoticeRead) {
        left = left.push(container(notice).padding(gap::MEDIUM));
    }
    card(left)
}

/// What is to be agreed to.
fn subject_words(ui: &Ui<'_>, subject: &ApprovalSubject) -> String {
    let text = ui.text;
    match subject {
        ApprovalSubject::Discount { name, percent } => {
            text.approval_discount(text.locale.percent(*percent), name.as_str())
        }
        ApprovalSubject::Price { name, unit_price } => text.approval_price(name.as_str(), ui.money(*unit_price)),
        ApprovalSubject::SellPromised { order } => text.approval_sell_promised(order.as_str()),
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
