//! The counter beside the till: a scanner to hold codes before, a printer that shows its paper, a drawer to shut, and
//! switches for what goes wrong in a shop.
//!
//! Everything here acts on the simulated devices and the cable, never on the till: bytes go over pseudo-terminals and
//! sockets as they do in a shop.

use std::cell::RefCell;
use std::sync::Arc;

use iced::widget::{button, column, container, row, scrollable, text_input};
use iced::{Alignment, Length, Padding};
use tokio::sync::watch;

use super::cable::CableState;
use super::catalogue::ShelfItem;
use super::paper::Roll;
use super::shop::Shop;
use crate::devices::simulated::printer::Switch;
use crate::devices::simulated::scanner::{Label, Manner, TwinEvent};
use crate::domain::barcode::in_store::InStoreRules;
use crate::domain::device::ScanSignal;
use crate::gui::icon::Icon;
use crate::gui::measure::{Type, space as gap};
use crate::gui::side_panel::{PanelMessage, SidePanel};
use crate::gui::style::{Press, Surface, Tone};
use crate::gui::ui::Ui;
use crate::gui::widget::{Act, Element, Reach, VirtualList, card, divider, dot, target};

/// One product in the list.
const ROW_HEIGHT: f32 = 36.0;
/// A switch or an act of the counter: for a mouse beside a till, not for its glass.
const ACT_HEIGHT: f32 = 40.0;

/// The counter.
pub struct Counter {
    shop: Arc<Shop>,
    items: Vec<ShelfItem>,
    rules: InStoreRules,
    typed: String,
    scanner_plugged: bool,
    /// The scanner's line is bad: nothing it sends arrives whole.
    scanner_garbled: bool,
    printer_plugged: bool,
    roll: RefCell<Roll>,
    changes: watch::Receiver<u64>,
}

/// What a person does at the counter.
#[derive(Clone, Debug)]
enum Message {
    Typed(String),
    Submitted,
    Held(String),
    PaperSwitched,
    CoverSwitched,
    PrinterCableSwitched,
    ScannerCableSwitched,
    ScannerLineSwitched,
    CentralSwitched,
    DrawerShut,
    DrawerKeyTurned,
    PaperTornOff,
}

impl Counter {
    /// Stands beside the till of `shop`; `changes` tells when a device has done something.
    pub fn new(shop: Arc<Shop>, changes: watch::Receiver<u64>) -> anyhow::Result<Self> {
        Ok(Self {
            shop,
            items: super::catalogue::list_shelf_items()?,
            rules: InStoreRules::for_country(super::catalogue::COUNTRY)?,
            typed: String::new(),
            scanner_plugged: true,
            scanner_garbled: false,
            printer_plugged: true,
            roll: RefCell::default(),
            changes,
        })
    }

    /// The products whose name or number has the typed text; all of them without one.
    fn shown(&self) -> Vec<&ShelfItem> {
        let wanted = self.typed.trim().to_lowercase();
        let fits = |item: &&ShelfItem| {
            wanted.is_empty() || item.name.to_lowercase().contains(&wanted) || item.product.as_str().contains(&wanted)
        };
        self.items.iter().filter(fits).collect()
    }

    /// What holding the typed text before the scanner sends: a product's code when it names one, else the text itself.
    fn code_typed(&self) -> Option<String> {
        let text = self.typed.trim();
        let shown = self.shown();
        match shown.as_slice() {
            [only] if !text.is_empty() => only.find_scan(&self.rules).or_else(|| Some(text.to_owned())),
            _ => (!text.is_empty()).then(|| text.to_owned()),
        }
    }

    /// Holds a code before the scanner.
    fn hold(&self, code: &str) {
        let manner = if self.scanner_garbled { Manner::Garbled } else { Manner::AtOnce };
        self.shop.scanner().scan(Label::of(code), manner);
    }

    fn handle(&mut self, message: &Message) {
        match message {
            Message::Typed(text) => self.typed.clone_from(text),
            Message::Submitted => {
                if let Some(code) = self.code_typed() {
                    self.hold(&code);
                    self.typed.clear();
                }
            }
            Message::Held(code) => self.hold(code),
            Message::PaperSwitched => self.shop.set_hands(|hands| hands.paper_out = !hands.paper_out),
            Message::CoverSwitched => self.shop.set_hands(|hands| hands.cover_open = !hands.cover_open),
            Message::PrinterCableSwitched => {
                self.printer_plugged = !self.printer_plugged;
                let switch = if self.printer_plugged { Switch::CableIn } else { Switch::CableOut };
                self.shop.printer().switch(switch);
            }
            Message::ScannerCableSwitched => {
                self.scanner_plugged = !self.scanner_plugged;
                match self.scanner_plugged {
                    true => self.shop.scanner().plug_in_again(),
                    false => self.shop.scanner().unplug(),
                }
            }
            Message::ScannerLineSwitched => self.scanner_garbled = !self.scanner_garbled,
            Message::CentralSwitched => self.shop.set_cable(match self.shop.cable() {
                CableState::Whole => CableState::Cut,
                CableState::Cut => CableState::Whole,
            }),
            Message::DrawerShut => self.shop.printer().switch(Switch::DrawerShut),
            Message::DrawerKeyTurned => self.shop.printer().switch(Switch::DrawerKey),
            Message::PaperTornOff => self.shop.printer().switch(Switch::TearOff),
        }
    }

    fn scanner<'a>(&'a self, ui: &Ui<'a>) -> Element<'a, Message> {
        let (tone, heard) = match self.shop.last_heard() {
            Some(TwinEvent::Sounded(ScanSignal::Good)) => (Tone::Done, ui.text.counter_good_beep()),
            Some(TwinEvent::Sounded(ScanSignal::Refused)) => (Tone::Stop, ui.text.counter_bad_beep()),
            _ => (Tone::Quiet, String::new()),
        };
        let mut title = row![
            ui.icon(Type::Label, Icon::ScanBarcode),
            ui.label(Type::LabelStrong, ui.text.device_scanner()).fill(),
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center);
        if !heard.is_empty() {
            title = title.push(dot(tone)).push(ui.label(Type::Caption, heard).ink(tone.ink()));
        }
        let field = text_input(&ui.text.counter_code_hint(), &self.typed)
            .on_input(Message::Typed)
            .on_submit(Message::Submitted)
            .size(16)
            .padding(12);
        let shown: Vec<(String, String, Option<String>)> = self
            .shown()
            .into_iter()
            .map(|item| (item.name.clone(), item.price.clone(), item.find_scan(&self.rules)))
            .collect();
        let surroundings = *ui;
        let list = VirtualList::uniform(shown.len(), ROW_HEIGHT, move |position| {
            let (name, price, code) = &shown[position];
            let words = row![
                surroundings.label(Type::Label, name.clone()).fill().shorten(1),
                surroundings.label(Type::Caption, price.clone()).muted()
            ]
            .spacing(gap::SMALL)
            .align_y(Alignment::Center);
            let pressed = button(container(words).center_y(Length::Fill).padding(Padding {
                right: 20.0,
                left: 8.0,
                ..Padding::ZERO
            }))
            .class(Press::Bare)
            .padding(0)
            .width(Length::Fill)
            .height(ROW_HEIGHT)
            .on_press_maybe(code.clone().map(Message::Held));
            target(Reach::BesideTheTill, pressed)
        });
        column![title, field, container(list).height(Length::Fill)]
            .spacing(gap::SMALL)
            .height(Length::FillPortion(1))
            .into()
    }

    fn printer<'a>(&'a self, ui: &Ui<'a>) -> Element<'a, Message> {
        let paper = self.shop.printer().paper();
        let mut roll = self.roll.borrow_mut();
        roll.show(&paper);
        let title = row![
            ui.icon(Type::Label, Icon::Printer),
            ui.label(Type::LabelStrong, ui.text.device_printer()).fill(),
            Act::keyless(ui.text.counter_tear_off(), (!paper.strips.is_empty()).then_some(Message::PaperTornOff))
                .function()
                .height(ACT_HEIGHT)
                .view(ui)
        ]
        .spacing(gap::SMALL)
        .align_y(Alignment::Center);
        let mut printer = column![title].spacing(gap::SMALL);
        // Without paper out of it, the room is the products'.
        if !paper.strips.is_empty() {
            let roll = scrollable(roll.view()).anchor_bottom().height(Length::Fill).width(Length::Fill);
            printer = printer
                .push(container(roll).class(Surface::Sunken).height(Length::Fill))
                .height(Length::FillPortion(1));
        }
        printer.into()
    }

    fn drawer<'a>(&'a self, ui: &Ui<'a>) -> Element<'a, Message> {
        let open = self.shop.printer().look(|core| core.hands().drawer_open);
        let (tone, words) = if open {
            (Tone::Mind, ui.text.counter_drawer_open())
        } else {
            (Tone::Done, ui.text.counter_drawer_shut())
        };
        let act = match open {
            true => Act::keyless(ui.text.counter_shut(), Some(Message::DrawerShut)),
            false => Act::keyless(ui.text.counter_turn_key(), Some(Message::DrawerKeyTurned)),
        };
        row![dot(tone), ui.label(Type::Label, words).fill(), act.function().height(ACT_HEIGHT).view(ui)]
            .spacing(gap::SMALL)
            .align_y(Alignment::Center)
            .into()
    }

    fn switches<'a>(&'a self, ui: &Ui<'a>) -> Element<'a, Message> {
        let hands = self.shop.printer().look(|core| core.hands());
        let switch = |words: String, on: bool, message: Message| {
            let act = Act::keyless(words, Some(message)).function().fill().height(ACT_HEIGHT);
            if on { act.chosen().view(ui) } else { act.view(ui) }
        };
        column![
            row![
                switch(ui.text.counter_paper_out(), hands.paper_out, Message::PaperSwitched),
                switch(ui.text.counter_cover_open(), hands.cover_open, Message::CoverSwitched),
                switch(ui.text.counter_central_cut(), self.shop.cable() == CableState::Cut, Message::CentralSwitched),
            ]
            .spacing(gap::SMALL),
            row![
                switch(ui.text.counter_printer_unplugged(), !self.printer_plugged, Message::PrinterCableSwitched),
                switch(ui.text.counter_scanner_unplugged(), !self.scanner_plugged, Message::ScannerCableSwitched),
                switch(ui.text.counter_scanner_garbled(), self.scanner_garbled, Message::ScannerLineSwitched),
            ]
            .spacing(gap::SMALL),
        ]
        .spacing(gap::SMALL)
        .into()
    }
}

impl SidePanel for Counter {
    /// Wide enough for the 48 columns of 80 mm paper.
    fn width(&self) -> f32 {
        536.0
    }

    fn view<'a>(&'a self, ui: Ui<'a>) -> Element<'a, PanelMessage> {
        let content = column![
            ui.label(Type::BodyStrong, ui.text.counter_title()),
            self.scanner(&ui),
            divider(),
            self.printer(&ui),
            self.drawer(&ui),
            divider(),
            self.switches(&ui),
        ]
        .spacing(gap::SMALL);
        let panel: Element<'a, Message> = container(card(container(content).padding(gap::MEDIUM)))
            .class(Surface::Background)
            .padding(gap::MEDIUM)
            .height(Length::Fill)
            .into();
        panel.map(PanelMessage::new)
    }

    fn update(&mut self, message: PanelMessage) {
        if let Some(message) = message.get::<Message>().cloned() {
            self.handle(&message);
        }
    }

    fn changes(&self) -> Option<watch::Receiver<u64>> {
        Some(self.changes.clone())
    }
}

#[cfg(test)]
mod tests;
