//! The choice of a port: what is plugged in, and as which model it is to be used.

use iced::widget::{column, container, row};
use iced::{Alignment, Length, Padding};

use super::super::super::keys::Key;
use super::super::super::measure::{Type, height, space as gap};
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, VirtualList, card, divider, headline, list_row};
use super::super::notice;
use super::{Message, device_name, step};
use crate::register::intent::PortChoice;
use crate::register::snapshot::{DeviceView, DevicesView, PortView, PortsView, Snapshot};

/// Ports and profiles beside each other.
const PORTIONS: (u16, u16) = (460, 332);

/// What the arrows move through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// The ports.
    #[default]
    Ports,
    /// The profiles.
    Profiles,
}

/// What is marked in the lists; until a person marks something the likeliest is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choosing {
    side: Side,
    port: Option<usize>,
    profile: Option<usize>,
}

impl Choosing {
    /// The port at this place is marked.
    pub(super) fn mark_port(&mut self, position: usize) {
        *self = Self { port: Some(position), ..Self::default() };
    }

    /// The profile at this place is marked.
    pub(super) fn mark_profile(&mut self, position: usize) {
        (self.side, self.profile) = (Side::Profiles, Some(position));
    }

    /// The arrows move through the other list.
    pub(super) fn switch_side(&mut self) {
        self.side = match self.side {
            Side::Ports => Side::Profiles,
            Side::Profiles => Side::Ports,
        };
    }

    /// An arrow was struck.
    pub(super) fn move_mark(&mut self, by: isize, view: &PortsView, devices: &DevicesView) {
        match self.side {
            Side::Ports => self.mark_port(step(self.marked_port(view, devices), by, view.ports.len())),
            Side::Profiles => {
                self.mark_profile(step(self.marked_profile(view, devices), by, view.profiles.len()));
            }
        }
    }

    /// What is chosen as it is marked; `None` while nothing is plugged in.
    pub(super) fn choice(&self, view: &PortsView, devices: &DevicesView) -> Option<PortChoice> {
        let port = view.ports.get(self.marked_port(view, devices))?;
        let profile = view.profiles.get(self.marked_profile(view, devices))?;
        Some(PortChoice { device: view.device, port: port.setting.clone(), profile: profile.name.clone() })
    }

    /// The marked port, else one that is known to be such a device, else the one it is on.
    fn marked_port(&self, view: &PortsView, devices: &DevicesView) -> usize {
        let own =
            |port: &PortView| find_user(port, devices).is_some_and(|device| device.id.as_str() == view.device.word());
        let likeliest = || {
            let known = view.ports.iter().position(|port| port.profile.is_some());
            known.or_else(|| view.ports.iter().position(own)).unwrap_or_default()
        };
        self.port.filter(|position| *position < view.ports.len()).unwrap_or_else(likeliest)
    }

    /// The marked profile, else that of what is behind the port, else the one in use, else the generic one.
    fn marked_profile(&self, view: &PortsView, devices: &DevicesView) -> usize {
        let recognised = view.ports.get(self.marked_port(view, devices)).and_then(|port| port.profile.as_ref());
        let used = devices.devices.iter().find(|device| device.id.as_str() == view.device.word());
        let likeliest = || {
            let by_name = view.profiles.iter().position(|profile| Some(&profile.name) == recognised);
            let by_model = || view.profiles.iter().position(|profile| used.is_some_and(|d| d.model == profile.model));
            by_name.or_else(by_model).unwrap_or_default()
        };
        self.profile.filter(|position| *position < view.profiles.len()).unwrap_or_else(likeliest)
    }

    /// The lists, in place of the devices.
    pub(super) fn view<'a>(&'a self, view: &'a PortsView, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let devices = &snapshot.devices;
        let title = ui.text.ports_title(device_name(&ui, view.device.word()).1);
        let other = match self.side {
            Side::Ports => ui.text.ports_profile(),
            Side::Profiles => ui.text.ports_port(),
        };
        let chosen = self.choice(view, devices);
        let again =
            Act::new(Key::of('P'), ui.text.act_look_again(), Some(Message::PortsAsked)).height(height::TARGET_MIN);
        let title = row![container(headline(&ui, title)).width(Length::Fill), again.view(&ui)];
        let edge = Padding { top: gap::SMALL, bottom: gap::SMALL, left: gap::CARD, right: gap::CARD };
        let title = container(title.spacing(gap::SMALL).align_y(Alignment::Center)).padding(edge);
        let mut content = column![title, divider()];
        content = content.push(match chosen {
            Some(_) => self.lists(view, devices, ui),
            None => container(ui.label(Type::Body, ui.text.ports_none()).fill().shorten(4))
                .padding(gap::CARD)
                .height(Length::Fill)
                .into(),
        });
        if let Some(notice) = notice::view(&ui, snapshot, Message::NoticeRead) {
            content = content.push(container(notice).padding(gap::MEDIUM));
        }
        let restart = ui.label(Type::Label, ui.text.ports_restart()).muted().fill().shorten(2);
        let acts = row![
            Act::new(Key::Escape, ui.text.act_cancel(), Some(Message::Stepped)).fill().view(&ui),
            Act::new(Key::Tab, other, chosen.as_ref().map(|_| Message::SideSwitched)).fill().view(&ui),
            Act::new(Key::Enter, ui.text.act_use_port(), chosen.map(|_| Message::PortUsed)).primary().fill().view(&ui),
        ];
        content = content.push(divider());
        content = content.push(container(column![restart, acts.spacing(10)].spacing(gap::MEDIUM)).padding(gap::CARD));
        card(content)
    }

    fn lists<'a>(&'a self, view: &'a PortsView, devices: &'a DevicesView, ui: Ui<'a>) -> Element<'a, Message> {
        let (port, profile) = (self.marked_port(view, devices), self.marked_profile(view, devices));
        let ports = VirtualList::uniform(view.ports.len(), height::ROW, move |position| {
            let shown = &view.ports[position];
            let user = find_user(shown, devices).map(|device| device_name(&ui, device.id.as_str()).1);
            let taken = user.map(|name| ui.text.ports_taken(name)).unwrap_or_default();
            let facts = [shown.told.as_str(), taken.as_str()].into_iter().filter(|fact| !fact.is_empty());
            let about = facts.collect::<Vec<_>>().join(" · ");
            list_row(two_lines(&ui, shown.path.as_str(), about), position == port, Message::PortTapped(position))
        });
        let profiles = VirtualList::uniform(view.profiles.len(), height::ROW, move |position| {
            let shown = &view.profiles[position];
            let content = two_lines(&ui, shown.model.as_str(), shown.name.clone());
            list_row(content, position == profile, Message::ProfileTapped(position))
        });
        let titled = |words: String, side: Side, list: Element<'a, Message>, portion: u16| {
            let title = if self.side == side {
                ui.label(Type::LabelStrong, words)
            } else {
                ui.label(Type::Label, words).muted()
            };
            let edge = Padding { top: gap::SMALL, bottom: gap::SMALL, left: gap::CARD, right: gap::CARD };
            column![container(title).padding(edge), divider(), list].width(Length::FillPortion(portion))
        };
        row![
            titled(ui.text.ports_port(), Side::Ports, ports.follow(Some(port)).into(), PORTIONS.0),
            titled(ui.text.ports_profile(), Side::Profiles, profiles.follow(Some(profile)).into(), PORTIONS.1),
        ]
        .height(Length::Fill)
        .align_y(Alignment::Start)
        .into()
    }
}

/// The device that is set to this port.
fn find_user<'d>(port: &PortView, devices: &'d DevicesView) -> Option<&'d DeviceView> {
    devices.devices.iter().find(|device| device.port == port.setting || device.port == port.path)
}

fn two_lines<'a>(ui: &Ui<'_>, name: &str, about: String) -> Element<'a, Message> {
    column![
        ui.label(Type::BodyStrong, name).fill().shorten(1),
        ui.label(Type::Caption, about).muted().fill().shorten(1),
    ]
    .spacing(3)
    .into()
}
