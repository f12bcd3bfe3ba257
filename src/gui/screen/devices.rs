//! Devices: each in its true state, in plain words; on which port it is; and how the window looks.

mod ports;
#[cfg(test)]
mod tests;

use iced::widget::{Column, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{TextSize, Type, space as gap};
use super::super::style::{Surface, Tone};
use super::super::text::{Catalogue, Language, unhyphenated};
use super::super::theme::ThemeName;
use super::super::ui::Ui;
use super::super::widget::{Act, Element, VirtualList, card, divider, dot, headline, list_row, side_by_side};
use super::super::window::Tones;
use super::{Action, LookChange, notice};
use crate::domain::device::{
    DrawerPosition, Health, HealthReason, HealthState, PaperLevel, SettingsFault, SettingsMistake,
};
use crate::register::intent::Intent;
use crate::register::intent::Screen;
use crate::register::snapshot::{Access, DeviceView, DevicesView, PortDevice, Snapshot, Task};
use crate::register::{DRAWER, KEYBOARD, PRINTER, SCANNER};
use ports::Choosing;

/// What is marked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Devices {
    marked: Option<PortDevice>,
    choosing: Choosing,
    /// The language it is asked about: words that nobody here may read come only when that is said twice.
    language: Option<Language>,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A test page.
    PrinterTestStruck,
    /// Open the drawer, to see that it opens.
    DrawerTestStruck,
    /// The device above or below.
    MarkMoved(isize),
    /// A device was tapped.
    DeviceTapped(PortDevice),
    /// What is plugged in, for the marked device.
    PortsAsked,
    /// A port of the list was tapped.
    PortTapped(usize),
    /// A profile of the list was tapped.
    ProfileTapped(usize),
    /// From ports to profiles and back.
    SideSwitched,
    /// The marked port is to be used.
    PortUsed,
    /// Another theme or size.
    LookStruck(LookChange),
    /// The next language is offered.
    LanguageStruck,
    /// The language that is offered is taken.
    LanguageTaken,
    /// Back to selling.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

impl Devices {
    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let choosing = snapshot.devices.ports.is_some();
        match stroke.key {
            Key::Character('P' | 'T' | 'O') if !is_signed_in(snapshot) => None,
            Key::Enter if self.language.is_some() => Some(Message::LanguageTaken),
            Key::Up => Some(Message::MarkMoved(-1)),
            Key::Down => Some(Message::MarkMoved(1)),
            Key::Character('P') => Some(Message::PortsAsked),
            Key::Tab if choosing => Some(Message::SideSwitched),
            Key::Enter if choosing => Some(Message::PortUsed),
            Key::Character('T' | 'O') if choosing => None,
            Key::Character('T') => Some(Message::PrinterTestStruck),
            Key::Character('O') => Some(Message::DrawerTestStruck),
            Key::Character('C') => Some(Message::LookStruck(LookChange::Theme)),
            Key::Character('A') => Some(Message::LookStruck(LookChange::TextSize)),
            Key::Character('L') if !choosing => Some(Message::LanguageStruck),
            Key::Character('S') => Some(Message::LookStruck(LookChange::Tones)),
            Key::Escape => Some(Message::Stepped),
            _ => None,
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, ui: &Ui<'_>) -> Action {
        match message {
            Message::PrinterTestStruck => Action::Tell(Intent::PrinterTested),
            Message::DrawerTestStruck => {
                let kept = Catalogue::new(Language::of_country(&snapshot.till.country));
                Action::Tell(Intent::DrawerOpened { reason: kept.reason_drawer_test() })
            }
            Message::LookStruck(change) => Action::ChangeLook(change),
            Message::LanguageStruck => {
                self.language = Some(language_after(self.language, ui));
                Action::None
            }
            Message::LanguageTaken => {
                self.language.take().map_or(Action::None, |taken| Action::ChangeLook(LookChange::Language(taken)))
            }
            Message::Stepped if self.language.is_some() => {
                self.language = None;
                Action::None
            }
            Message::Stepped if snapshot.devices.ports.is_some() => {
                self.choosing = Choosing::default();
                Action::Tell(Intent::PortsLeft)
            }
            Message::Stepped => Action::Tell(Intent::ScreenShown(Screen::Sell)),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
            other => self.choose(other, &snapshot.devices),
        }
    }

    /// Takes what happened to the marks.
    fn choose(&mut self, message: Message, devices: &DevicesView) -> Action {
        match (message, devices.ports.as_deref()) {
            (Message::MarkMoved(by), Some(view)) => self.choosing.move_mark(by, view, devices),
            (Message::MarkMoved(by), None) => {
                let all = list_on_ports(devices);
                let now = all.iter().position(|device| Some(*device) == self.marked(devices));
                self.marked = all.get(step(now.unwrap_or_default(), by, all.len())).copied();
            }
            (Message::DeviceTapped(device), _) => self.marked = Some(device),
            (Message::PortsAsked, found) => {
                self.choosing = Choosing::default();
                let device = found.map(|view| view.device).or_else(|| self.marked(devices));
                return device.map_or(Action::None, |device| Action::Tell(Intent::PortsAsked(device)));
            }
            (Message::PortTapped(position), Some(_)) => self.choosing.mark_port(position),
            (Message::ProfileTapped(position), Some(_)) => self.choosing.mark_profile(position),
            (Message::SideSwitched, Some(view)) if !view.ports.is_empty() => self.choosing.switch_side(),
            (Message::PortUsed, Some(view)) => {
                let choice = self.choosing.choice(view, devices);
                return choice.map_or(Action::None, |choice| Action::Tell(Intent::PortChosen(choice)));
            }
            _ => {}
        }
        Action::None
    }

    /// The marked device; until another is marked the first one on a port that needs somebody.
    fn marked(&self, devices: &DevicesView) -> Option<PortDevice> {
        let all = list_on_ports(devices);
        let needs = |device: &DeviceView| {
            matches!(device.health.state, HealthState::Offline(_) | HealthState::Gone | HealthState::NotConfigured)
        };
        let first = || devices.devices.iter().filter(|device| needs(device)).find_map(|d| PortDevice::of(&d.id));
        self.marked.filter(|device| all.contains(device)).or_else(first).or(all.first().copied())
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let look = card(look(&ui, self.language, snapshot.devices.ports.is_some()));
        if let Some(ports) = snapshot.devices.ports.as_deref() {
            return side_by_side(self.choosing.view(ports, snapshot, ui), PORTION_LEFT, look, PORTION_RIGHT);
        }
        let devices = &snapshot.devices.devices;
        let marked = self.marked(&snapshot.devices);
        // Whoever is not signed in looks, and tells what they see.
        let does = |message| is_signed_in(snapshot).then_some(message);
        let ports = marked.and_then(|_| does(Message::PortsAsked));
        let is_torn = has_torn_paper(snapshot);
        let list = VirtualList::uniform(devices.len(), 96.0, move |position| {
            let device = &devices[position];
            let content = device_row(&ui, device, &snapshot.devices, is_torn);
            match PortDevice::of(&device.id) {
                Some(on_port) => list_row(content, Some(on_port) == marked, Message::DeviceTapped(on_port)),
                None => column![
                    container(content)
                        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::CARD, right: gap::MEDIUM })
                        .center_y(Length::Fill),
                    divider(),
                ]
                .into(),
            }
        });
        let mut left = column![
            container(headline(&ui, ui.text.devices_title())).padding(gap::CARD),
            divider(),
            container(list).height(Length::Fill)
        ];
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            left = left.push(container(notice).padding(gap::MEDIUM));
        }
        left = left.push(
            container(
                row![
                    Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).fill().view(&ui),
                    Act::new(Key::of('T'), ui.text.act_test_page(), does(Message::PrinterTestStruck)).fill().view(&ui),
                    Act::new(Key::of('O'), ui.text.act_open_drawer(), does(Message::DrawerTestStruck)).fill().view(&ui),
                    Act::new(Key::of('P'), ui.text.act_choose_port(), ports).fill().view(&ui),
                ]
                .spacing(10),
            )
            .padding(gap::CARD),
        );
        side_by_side(card(left), PORTION_LEFT, look, PORTION_RIGHT)
    }
}

fn is_signed_in(snapshot: &Snapshot) -> bool {
    matches!(snapshot.access, Access::NeedsSession(_) | Access::Open(_))
}

/// The devices that are on a port of their own.
fn list_on_ports(devices: &DevicesView) -> Vec<PortDevice> {
    devices.devices.iter().filter_map(|device| PortDevice::of(&device.id)).collect()
}

/// So many places up or down a list of `count`, and no further than its ends.
fn step(position: usize, by: isize, count: usize) -> usize {
    position.saturating_add_signed(by).min(count.saturating_sub(1))
}

const PORTION_LEFT: u16 = 792;
const PORTION_RIGHT: u16 = 440;

fn device_row<'a>(ui: &Ui<'_>, device: &DeviceView, devices: &DevicesView, is_torn: bool) -> Element<'a, Message> {
    let (icon, name) = device_name(ui, device.id.as_str());
    let (tone, words) = device_words(ui, device, is_torn);
    let words = match settings_fault(device) {
        Some(fault) => mistake_words(ui, &fault.mistake),
        None => words,
    };
    let mut facts = vec![words];
    // Where there is none, none runs low.
    let is_out = matches!(
        device.health.state,
        HealthState::Held(HealthReason::PaperOut) | HealthState::Offline(HealthReason::PaperOut)
    );
    if device.id.as_str() == PRINTER && devices.paper == PaperLevel::Low && !is_out {
        facts.push(ui.text.paper_low());
    }
    if device.id.as_str() == DRAWER && device.health.state == HealthState::Ready {
        facts.push(match devices.drawer {
            DrawerPosition::Unknown => ui.text.drawer_unknown(),
            DrawerPosition::Closed => ui.text.drawer_closed(),
            DrawerPosition::Open => ui.text.drawer_open(),
        });
    }
    let set_up = device.health.state != HealthState::NotConfigured;
    let (about, brief) = match device.id.as_str() {
        _ if !set_up => (ui.text.health_not_configured_cure(), ui.text.health_not_configured_cure()),
        DRAWER => (ui.text.drawer_at_printer(device.port.as_str()), ui.text.drawer_at_printer(device.port.as_str())),
        SCANNER if device.port == KEYBOARD => (ui.text.scanner_types(), ui.text.scanner_types()),
        _ => match settings_fault(device) {
            // Where it is written comes first: it is what must be put right.
            Some(fault) => {
                let place = ui.text.device_set_by(fault.place.as_str());
                let place = nearest(&fault.mistake)
                    .map(|name| format!("{place} · {}", ui.text.device_nearest(name)))
                    .unwrap_or(place);
                (format!("{place} · {}", device.port), place)
            }
            None => {
                let brief = format!("{} · {}", device.model, device.port);
                (format!("{brief} · {}", ui.text.device_proof(device.proof.as_str())), brief)
            }
        },
    };
    let since = if set_up { ui.text.since(ui.moment(device.health.since)) } else { String::new() };
    let ink = if tone == Tone::Done { super::super::theme::Ink::Text } else { tone.ink() };
    row![
        container(ui.icon(Type::Headline, icon)).class(Surface::Sunken).center(48),
        column![
            row![
                ui.label(Type::BodyStrong, name),
                dot(tone),
                ui.label(Type::Body, facts.join(" · ")).ink(ink).fill().shorten(3)
            ]
            .spacing(10)
            .align_y(Alignment::Center),
            ui.label(Type::Caption, about).or(brief).muted().fill().shorten(1),
        ]
        .spacing(4)
        .width(Length::Fill),
        ui.label(Type::Caption, since).muted().shorten(1),
    ]
    .spacing(gap::MEDIUM)
    .align_y(Alignment::Center)
    .into()
}

/// Icon and word of a device.
pub fn device_name(ui: &Ui<'_>, id: &str) -> (Icon, String) {
    match id {
        SCANNER => (Icon::ScanBarcode, ui.text.device_scanner()),
        PRINTER => (Icon::Printer, ui.text.device_printer()),
        DRAWER => (Icon::Wallet, ui.text.device_drawer()),
        other => (Icon::Plug, other.to_owned()),
    }
}

/// Has a printer torn paper that does not come by itself? Somebody decides about it among the tasks.
pub fn has_torn_paper(snapshot: &Snapshot) -> bool {
    snapshot.tasks.iter().any(|task| matches!(task, Task::Unprinted { .. }) && !task.comes_out())
}

/// How a device is. The drawer says what the printer's state means for it, and a printer that is gone what becomes of the paper
/// it has torn.
pub fn device_words(ui: &Ui<'_>, device: &DeviceView, is_torn: bool) -> (Tone, String) {
    let (tone, words) = health_words(ui, &device.health);
    match (&device.health.state, device.id.as_str()) {
        (HealthState::Offline(_) | HealthState::Gone, DRAWER) => (Tone::Mind, ui.text.drawer_by_key()),
        (HealthState::Gone, PRINTER) if is_torn => (tone, ui.text.health_gone_torn()),
        _ => (tone, words),
    }
}

/// What is wrong with how a device on a port of its own is set up, when that is what keeps it.
fn settings_fault(device: &DeviceView) -> Option<&SettingsFault> {
    match &device.health.state {
        HealthState::Offline(HealthReason::Settings(fault)) if device.id.as_str() != DRAWER => Some(fault),
        _ => None,
    }
}

/// What was meant most likely, when a name was mistyped.
fn nearest(mistake: &SettingsMistake) -> Option<&str> {
    match mistake {
        SettingsMistake::UnknownProfile { nearest, .. } => nearest.first().map(String::as_str),
        SettingsMistake::Other(_) => None,
    }
}

/// What that is.
fn mistake_words(ui: &Ui<'_>, mistake: &SettingsMistake) -> String {
    match mistake {
        SettingsMistake::UnknownProfile { name, .. } => ui.text.health_profile_unknown(unhyphenated(name)),
        SettingsMistake::Other(told) => ui.text.health_settings_told(told.as_str()),
    }
}

/// A device's state: its tone and its sentence with a cure.
pub fn health_words(ui: &Ui<'_>, health: &Health) -> (Tone, String) {
    let tone = match &health.state {
        HealthState::NotConfigured | HealthState::Opening => Tone::Quiet,
        HealthState::Ready => Tone::Done,
        HealthState::Held(_) => Tone::Mind,
        HealthState::Offline(_) | HealthState::Gone => Tone::Stop,
    };
    (tone, state_words(ui.text, &health.state))
}

/// A device's state in one sentence with a cure: in front of the colon what it is, behind it what helps.
pub fn state_words(text: &Catalogue, state: &HealthState) -> String {
    match state {
        HealthState::NotConfigured => text.health_not_configured(),
        HealthState::Opening => text.health_opening(),
        HealthState::Ready => text.health_ready(),
        HealthState::Held(reason) | HealthState::Offline(reason) => reason_words(text, reason),
        HealthState::Gone => text.health_gone(),
    }
}

fn reason_words(text: &Catalogue, reason: &HealthReason) -> String {
    match reason {
        HealthReason::PaperOut => text.health_paper_out(),
        HealthReason::CoverOpen => text.health_cover_open(),
        HealthReason::Cutter => text.health_cutter(),
        HealthReason::Fault => text.health_fault(),
        HealthReason::Hot => text.health_hot(),
        HealthReason::Claimed => text.health_claimed(),
        HealthReason::WrongSpeed => text.health_wrong_speed(),
        HealthReason::Unreadable => text.health_unreadable(),
        HealthReason::Silent => text.health_silent(),
        HealthReason::Busy => text.health_busy(),
        HealthReason::Port(told) => text.health_port(told.as_str()),
        HealthReason::Settings(_) => text.health_settings(),
    }
}

/// The language after the one that is offered, or after the one that is spoken.
fn language_after(offered: Option<Language>, ui: &Ui<'_>) -> Language {
    let spoken = ui.text.language_name();
    let now = |language: &Language| offered.map_or(language.name() == spoken, |offered| offered == *language);
    let at = Language::ALL.iter().position(now).unwrap_or_default();
    Language::ALL[(at + 1) % Language::ALL.len()]
}

/// How the window looks and sounds: each act says what is set now.
fn look<'a>(ui: &Ui<'_>, offered: Option<Language>, choosing: bool) -> Element<'a, Message> {
    let act = |key, words: String, icon, change| {
        Act::new(Key::of(key), words, Some(Message::LookStruck(change))).icon(icon).fill().view(ui)
    };
    let theme = match ui.theme {
        ThemeName::Day => ui.text.theme_day(),
        ThemeName::Night => ui.text.theme_night(),
        ThemeName::HighContrast => ui.text.theme_high_contrast(),
    };
    let size = match ui.text_size {
        TextSize::Normal => ui.text.text_size_normal(),
        TextSize::Large => ui.text.text_size_large(),
    };
    let language = Act::new(
        Key::of('L'),
        ui.text.act_language_now(offered.map_or_else(|| ui.text.language_name(), |other| other.name().to_owned())),
        (!choosing).then_some(Message::LanguageStruck),
    );
    let acts = Column::with_children([
        act('C', ui.text.act_theme_now(theme), Icon::Contrast, LookChange::Theme),
        act('A', ui.text.act_text_size_now(size), Icon::ALargeSmall, LookChange::TextSize),
        language.icon(Icon::Languages).fill().view(ui),
    ]);
    let taken = offered.map(|other| {
        let words = ui.text.act_speak(other.name());
        row![
            Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).fill().view(ui),
            Act::new(Key::Enter, words, Some(Message::LanguageTaken)).primary().fill().view(ui),
        ]
        .spacing(10)
    });
    let acts = acts.extend(taken.map(Element::from));
    let tones = match ui.tones {
        Tones::On => act('S', ui.text.act_tones_on(), Icon::Volume2, LookChange::Tones),
        Tones::Off => act('S', ui.text.act_tones_off(), Icon::Volume2, LookChange::Tones),
        Tones::NoPlayer => ui.label(Type::Caption, ui.text.tones_no_player()).muted().fill().into(),
    };
    column![
        container(headline(ui, ui.text.look_title())).padding(gap::CARD),
        divider(),
        container(acts.push(tones).spacing(10)).padding(gap::CARD),
        space::vertical(),
    ]
    .into()
}
