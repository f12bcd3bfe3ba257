//! The frame around every screen: the tabs at the top, the state of the till at the foot.

use std::ops::Range;

use iced::widget::{button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::icon::Icon;
use super::keys::{Key, Stroke};
use super::measure::{TextSize, Type, height, space as gap};
use super::screen::devices::{device_name, device_words, has_torn_paper};
use super::screen::unfinished::central::link_words;
use super::screen::{self, Front, notice};
use super::style::{Press, Surface, Tone};
use super::theme::Ink;
use super::ui::{Room, Ui};
use super::widget::{Element, Keyed, Label, avatar_on_bar, count, divider, dot, key_cap, target};
use crate::domain::device::{Health, HealthState};
use crate::register::intent::{Intent, Screen};
use crate::register::snapshot::{Access, Snapshot};
use crate::register::{DRAWER, PRINTER};

/// What happened on the frame or within it.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A tab was tapped.
    TabTapped(Screen),
    /// The operator leaves.
    Locked,
    /// Esc, while a notice stands.
    NoticeRead,
    /// On the screen.
    Screen(screen::Message),
}

/// The tabs: key, screen, icon.
const TABS: [(u8, Screen, Icon); 5] = [
    (1, Screen::Sell, Icon::ShoppingBasket),
    (2, Screen::PickUps, Icon::PackageCheck),
    (3, Screen::Stock, Icon::Boxes),
    (4, Screen::Receipts, Icon::ReceiptText),
    (5, Screen::Drawer, Icon::Wallet),
];
const DEVICES_KEY: u8 = 7;
const UNFINISHED_KEY: u8 = 6;
/// Locks the till, and leads further where it is locked.
pub const LOCK_KEY: u8 = 12;

/// May this screen be asked for now? Under a card or a question the register says in words that it must be answered first;
/// before anybody has signed in there is none but the devices.
fn can_ask(snapshot: &Snapshot, screen: Screen) -> bool {
    match &snapshot.access {
        Access::NeedsSession(_) | Access::Open(_) => true,
        Access::SignIn(_) => screen == Screen::Devices,
        Access::Stopped(_) => false,
    }
}

/// What a key means on the frame, whatever the screen.
pub fn key(stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
    if stroke.key == Key::Escape && notice::to_read(snapshot).is_some() {
        return Some(Message::NoticeRead);
    }
    let Key::Function(number) = stroke.key else { return None };
    if number == LOCK_KEY {
        let signed_in = matches!(snapshot.access, Access::NeedsSession(_) | Access::Open(_));
        return signed_in.then_some(Message::Locked);
    }
    let tab = TABS.iter().find(|(key, ..)| *key == number).map(|(_, screen, _)| *screen);
    let screen = match number {
        UNFINISHED_KEY => Some(Screen::UnfinishedBusiness),
        DEVICES_KEY => Some(Screen::Devices),
        _ => tab,
    };
    screen.filter(|screen| can_ask(snapshot, *screen)).map(Message::TabTapped)
}

/// What a message of the frame tells the register; `None` for those of the screen.
pub fn intent(message: &Message) -> Option<Intent> {
    match message {
        Message::TabTapped(screen) => Some(Intent::ScreenShown(*screen)),
        Message::Locked => Some(Intent::SignedOut),
        Message::NoticeRead => Some(Intent::NoticeDismissed),
        Message::Screen(_) => None,
    }
}

/// The frame with a screen in it.
pub fn view<'a>(snapshot: &'a Snapshot, ui: Ui<'a>, screen: Element<'a, screen::Message>) -> Element<'a, Message> {
    let screen = container(screen.map(Message::Screen)).height(Length::Fill).width(Length::Fill);
    let mut content = column![top_bar(snapshot, &ui), screen];
    // A till that did not start has no state to tell.
    if !matches!(snapshot.access, Access::Stopped(_)) {
        content = content.push(divider()).push(status_bar(snapshot, &ui));
    }
    container(content).class(Surface::Background).width(ui.size.width).height(Length::Fill).into()
}

fn top_bar<'a>(snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
    let number = snapshot.till.workstation.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0');
    let number = if number.is_empty() { snapshot.till.workstation.as_str() } else { number };
    let mut bar = row![
        row![
            ui.label(Type::BodyStrong, snapshot.till.store_name.as_str()).ink(Ink::Bar).shorten(1),
            ui.label(Type::Label, ui.text.till_number(number)).ink(Ink::BarMuted).shorten(1),
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center)
        .padding(Padding { right: 20.0, ..Padding::ZERO })
    ]
    .align_y(Alignment::Center)
    .spacing(gap::TIGHT);
    let operator = match &snapshot.access {
        Access::SignIn(_) | Access::Stopped(_) => None,
        Access::NeedsSession(operator) | Access::Open(operator) => Some(operator),
    };
    if operator.is_some() {
        for (key, screen, icon) in TABS {
            bar = bar.push(tab(snapshot, ui, key, screen, icon));
        }
    }
    bar = bar.push(space::horizontal());
    if let Some(operator) = operator {
        // Who it is comes before the word on the key.
        let who = row![
            ui.label(Type::Body, operator.name.as_str()).ink(Ink::Bar).shorten(1),
            avatar_on_bar(ui, &operator.name),
            ui.label(Type::Label, ui.text.act_lock()).or("").ink(Ink::BarMuted).shorten(1),
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center);
        let key = Key::Function(LOCK_KEY);
        let who = Keyed::new(who, key_cap(ui, key, Surface::KeyCapOnBar), gap::SMALL);
        bar = bar.push(on_bar(who, key, Message::Locked));
    } else if Front::of(snapshot) == Front::SignIn {
        let close = screen::sign_in::close_act(ui).map(screen::Message::SignIn);
        bar = bar.push(close.map(Message::Screen));
    }
    container(bar)
        .class(Surface::TopBar)
        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
        .width(Length::Fill)
        .center_y(height::TOP_BAR)
        .into()
}

/// What is pressed on the bar, as high as the bar is.
pub fn on_bar<'a, M: Clone + 'a>(content: impl Into<Element<'a, M>>, key: Key, message: M) -> Element<'a, M> {
    let pressed = button(container(content).center_y(Length::Fill))
        .class(Press::OnBar)
        .padding(0)
        .height(height::TOP_BAR)
        .on_press(message);
    target(key, pressed)
}

fn tab<'a>(snapshot: &Snapshot, ui: &Ui<'_>, key: u8, screen: Screen, icon: Icon) -> Element<'a, Message> {
    let words = match screen {
        Screen::Sell | Screen::Pay => ui.text.tab_sell(),
        Screen::PickUps => ui.text.tab_pick_ups(),
        Screen::Stock => ui.text.tab_stock(),
        Screen::Receipts => ui.text.tab_receipts(),
        Screen::Drawer => ui.text.tab_drawer(),
        Screen::Devices => ui.text.devices_title(),
        Screen::UnfinishedBusiness => ui.text.tasks_title(),
    };
    let open = match Front::of(snapshot) {
        Front::Screen(Screen::Sell | Screen::Pay) | Front::Conflict | Front::OpenSession => screen == Screen::Sell,
        Front::Question | Front::Approval => screen == snapshot.screen,
        Front::Screen(front) => screen == front,
        Front::Stopped | Front::SignIn => false,
    };
    let mut content = row![].spacing(gap::SMALL).align_y(Alignment::Center);
    if ui.room() == Room::Wide {
        content = content.push(ui.icon(Type::Body, icon).ink(Ink::Bar));
    }
    content = content.push(ui.label(Type::Body, words).ink(Ink::Bar).shorten(1));
    if screen == Screen::PickUps && snapshot.pick_ups.to_pick > 0 {
        content = content.push(count(ui, snapshot.pick_ups.to_pick));
    }
    content = content.push(key_cap(ui, Key::Function(key), Surface::KeyCapOnBar));
    let side = if ui.room() == Room::Wide { 13.0 } else { 9.0 };
    let ground = container(content)
        .class(if open { Surface::TopBarTab } else { Surface::Clear })
        .padding(Padding { top: 0.0, bottom: 0.0, left: side, right: side })
        .center_y(40);
    // The ground is 40 high, what can be pressed is as high as the bar.
    let pressed = button(container(ground).center_y(Length::Fill))
        .class(Press::OnBar)
        .padding(0)
        .height(height::TOP_BAR)
        .on_press_maybe(can_ask(snapshot, screen).then_some(Message::TabTapped(screen)));
    target(Key::Function(key), pressed)
}

fn status_bar<'a>(snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
    let (tone, link, unsent) = link_words(ui, &snapshot.sync);
    let to = |screen| can_ask(snapshot, screen).then_some(Message::TabTapped(screen));
    // What leads nowhere wears no key.
    let cap = |key, screen| can_ask(snapshot, screen).then(|| key_cap(ui, Key::Function(key), Surface::KeyCap));
    let unsent = ui.label(Type::Caption, unsent).muted().shorten(1);
    let pill = row![
        dot(tone),
        ui.label(Type::CaptionStrong, link).shorten(1),
        if is_tight(ui) { unsent.or("") } else { unsent },
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center);
    let devices = status_of_devices(snapshot, ui);
    let devices: Element<'a, Message> = match cap(DEVICES_KEY, Screen::Devices) {
        Some(cap) => Keyed::new(devices, cap, gap::SMALL).into(),
        None => devices,
    };
    let pill = part(pill.into(), Key::Function(UNFINISHED_KEY), to(Screen::UnfinishedBusiness));
    let devices = part(devices, Key::Function(DEVICES_KEY), to(Screen::Devices));
    // Where large type has little room, how much is still to be sent makes way for the states of the devices.
    let left: Element<'a, Message> = match is_tight(ui) {
        true => Keyed::new(pill, devices, gap::SMALL).into(),
        false => row![pill, devices].spacing(gap::SMALL).into(),
    };
    let (count, words) = number_of_tasks(snapshot, ui);
    let ink = if count > 0 { Ink::Text } else { Ink::Muted };
    let tasks = row![ui.icon(Type::Caption, Icon::CircleAlert).ink(Ink::Muted), words.ink(ink).shorten(1)]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center)
        .extend(cap(UNFINISHED_KEY, Screen::UnfinishedBusiness));
    let mut right = row![
        part(tasks.into(), Key::Function(UNFINISHED_KEY), to(Screen::UnfinishedBusiness)),
        ui.label(Type::Caption, ui.time(ui.now)).shorten(1),
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center);
    if ui.room() == Room::Wide {
        right = right.push(ui.label(Type::Caption, ui.text.version(env!("CARGO_PKG_VERSION"))).muted().shorten(1));
    }
    // What stands at the right keeps its place; a long sentence about a device gives way.
    container(Keyed::new(left, right, gap::SMALL).fill())
        .class(Surface::StatusBar)
        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::SMALL, right: gap::MEDIUM })
        .width(Length::Fill)
        .center_y(height::STATUS_BAR)
        .into()
}

/// Has large type little room?
fn is_tight(ui: &Ui<'_>) -> bool {
    ui.room() == Room::Narrow && ui.text_size == TextSize::Large
}

/// How much there is to do, and its words with what waits for another store, which is no work of anybody here. Paper that is
/// coming out is none either.
fn number_of_tasks(snapshot: &Snapshot, ui: &Ui<'_>) -> (usize, Label) {
    let printer = snapshot.devices.devices.iter().find(|device| device.id.as_str() == PRINTER);
    let prints = printer.is_some_and(|printer| printer.health.state == HealthState::Ready);
    let open = || snapshot.tasks.iter().filter(|task| !(prints && task.comes_out()));
    let waiting = open().filter(|task| task.waits_for_others()).count();
    let count = open().count() - waiting;
    let brief = ui.text.tasks_count(count as i64);
    if waiting == 0 {
        return (count, ui.label(Type::CaptionStrong, brief));
    }
    let whole = ui.text.tasks_count_and_waiting(brief.as_str(), waiting as i64);
    (count, ui.label(Type::CaptionStrong, whole).or(brief))
}

/// How the devices are, each in words. What to do about the first that is not well is said where there is room for it, and stands
/// on the screen of the devices too: the states of the others come before it.
fn status_of_devices<'a>(snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
    let is_quiet = |health: &Health| matches!(health.state, HealthState::Ready | HealthState::NotConfigured);
    let devices: Vec<_> = snapshot.devices.devices.iter().filter(|device| device.id.as_str() != DRAWER).collect();
    let unwell = devices.iter().position(|device| !is_quiet(&device.health));
    let is_torn = has_torn_paper(snapshot);
    let told = |at: usize| -> Element<'a, Message> {
        let device = devices[at];
        let (icon, name) = device_name(ui, device.id.as_str());
        let (tone, words) = device_words(ui, device, is_torn);
        let brief = words.split(':').next().unwrap_or_default().trim_end().to_owned();
        let words = match unwell == Some(at) && !is_tight(ui) {
            true => ui.label(Type::Caption, words).or(brief),
            false => ui.label(Type::Caption, brief),
        };
        let quiet = is_quiet(&device.health);
        let icon_ink = if quiet { Ink::Muted } else { tone.ink() };
        let words = if tone == Tone::Done { words.muted() } else { words.ink(tone.ink()) };
        let name = ui.label(Type::CaptionStrong, name).shorten(1);
        let device = row![ui.icon(Type::Caption, icon).ink(icon_ink), name, words.shorten(1)];
        device.spacing(gap::SMALL).align_y(Alignment::Center).into()
    };
    let side_by_side = |range: Range<usize>| row(range.map(&told)).spacing(gap::MEDIUM).align_y(Alignment::Center);
    match unwell.map(|at| at + 1).filter(|after| *after < devices.len()) {
        Some(after) => Keyed::new(side_by_side(0..after), side_by_side(after..devices.len()), gap::MEDIUM).into(),
        None => side_by_side(0..devices.len()).into(),
    }
}

/// A part of the status bar; with a message it leads somewhere.
fn part<'a>(content: Element<'a, Message>, key: Key, message: Option<Message>) -> Element<'a, Message> {
    let padding = Padding { top: 0.0, bottom: 0.0, left: gap::SMALL, right: gap::SMALL };
    let Some(message) = message else {
        return container(content).padding(padding).center_y(height::STATUS_BAR).into();
    };
    let pressed = button(container(content).center_y(Length::Fill))
        .class(Press::Row)
        .padding(padding)
        .height(height::STATUS_BAR)
        .on_press(message);
    target(key, pressed)
}
