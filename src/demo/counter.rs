//! The counter beside the till: a scanner to hold codes before, a printer that shows its paper, a drawer to shut, and
//! switches for what goes wrong in a shop.
//!
//! Everything here acts on the simulated devices and the cable, never on the till: bytes go over pseudo-terminals and
//! sockets as they do in a shop.

use std::cell::RefCell;
use std::sync::Arc;

use iced::widget::{Column, button, column, container, row, scrollable, space, text_input};
use iced::{Alignment, Length, Padding};
use tokio::sync::watch;

use super::catalogue::ShelfItem;
use super::collectors::Collector;
use super::paper::Roll;
use super::shop::Shop;
use super::switches::Switches;
use crate::devices::simulated::printer::Switch;
use crate::devices::simulated::scanner::TwinEvent;
use crate::domain::barcode::in_store::InStoreRules;
use crate::domain::device::ScanSignal;
use crate::gui::icon::Icon;
use crate::gui::measure::{Type, space as gap};
use crate::gui::side_panel::{Keyboard, PanelMessage, SidePanel};
use crate::gui::style::{Press, Surface, Tone};
use crate::gui::ui::Ui;
use crate::gui::widget::{Act, Element, Reach, Segment, VirtualList, card, divider, dot, segments, target};

/// One product or customer in the list.
const ROW_HEIGHT: f32 = 32.0;
/// So many of them are seen while paper hangs from the printer, which has the rest of the room and scrolls in it.
const ROWS_BESIDE_PAPER: f32 = 8.0;
/// A switch or an act of the counter: for a mouse beside a till, not for its glass.
const ACT_HEIGHT: f32 = 40.0;
/// A switch, which says its state and, below that, what pressing it does.
const SWITCH_HEIGHT: f32 = 48.0;

/// The counter.
pub struct Counter {
    shop: Arc<Shop>,
    items: Vec<ShelfItem>,
    rules: InStoreRules,
    typed: String,
    queue: Queue,
    roll: RefCell<Roll>,
    changes: watch::Receiver<u64>,
}

/// What lies or stands before the counter, to be held before the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Queue {
    /// Products.
    Goods,
    /// Customers with a code on their telephones.
    Customers,
}

/// What a person does at the counter.
#[derive(Clone, Debug)]
enum Message {
    Typed(String),
    Submitted,
    Held(String),
    Listed(Queue),
    Switched(fn(&mut Switches) -> &mut bool),
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
            queue: Queue::Goods,
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

    /// The customers whose name, order or code has the typed text; all of them without one.
    fn collectors_shown(&self) -> Vec<Collector> {
        let wanted = self.typed.trim().to_lowercase();
        self.shop.collectors().into_iter().filter(|collector| collector.fits(&wanted)).collect()
    }

    /// What holding the typed text before the scanner sends: the code of the one product or customer it names, else the text
    /// itself.
    fn code_typed(&self) -> Option<String> {
        let text = self.typed.trim();
        if text.is_empty() {
            return None;
        }
        let named = match self.queue {
            Queue::Goods => match self.shown().as_slice() {
                [only] => only.find_scan(&self.rules),
                _ => None,
            },
            Queue::Customers => match self.collectors_shown().as_slice() {
                [only] => Some(only.scanned()),
                _ => None,
            },
        };
        named.or_else(|| Some(text.to_owned()))
    }

    fn handle(&mut self, message: &Message) -> Keyboard {
        match message {
            Message::Typed(text) => self.typed.clone_from(text),
            Message::Submitted => {
                if let Some(code) = self.code_typed() {
                    self.shop.hold(&code);
                    self.typed.clear();
                }
                // What is struck next is meant for the till: Enter above all.
                return Keyboard::ToTheTill;
            }
            Message::Held(code) => self.shop.hold(code),
            // What was typed looked for one of the others.
            Message::Listed(queue) => {
                self.queue = *queue;
                self.typed.clear();
            }
            Message::Switched(which) => self.shop.switch(|switches| {
                let switch = which(switches);
                *switch = !*switch;
            }),
            Message::DrawerShut => self.shop.printer().switch(Switch::DrawerShut),
            Message::DrawerKeyTurned => self.shop.printer().switch(Switch::DrawerKey),
            Message::PaperTornOff => self.shop.printer().switch(Switch::TearOff),
        }
        Keyboard::Kept
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
        let tab =
            |words, queue, count| Segment { words, count, open: self.queue == queue, message: Message::Listed(queue) };
        let waiting = self.shop.collectors().len();
        let tabs = vec![
            tab(ui.text.counter_goods(), Queue::Goods, None),
            tab(ui.text.counter_customers(), Queue::Customers, Some(waiting)),
        ];
        title = title.push(segments(ui, Press::SegmentOpen, Reach::BesideTheTill, tabs));
        let field = text_input(&ui.text.counter_code_hint(), &self.typed)
            .on_input(Message::Typed)
            .on_submit(Message::Submitted)
            .size(16)
            .padding(12);
        let shown = match self.queue {
            Queue::Goods => self.list_goods(ui),
            Queue::Customers => self.list_customers(),
        };
        let surroundings = *ui;
        let list = VirtualList::uniform(shown.len(), ROW_HEIGHT, move |position| {
            let Row { name, beside, code, tone } = &shown[position];
            let mut words = row![].spacing(gap::SMALL).align_y(Alignment::Center);
            if let Some(tone) = tone {
                words = words.push(dot(*tone));
            }
            words = words
                .push(surroundings.label(Type::Label, name.clone()).fill().shorten(1))
                .push(surroundings.label(Type::Caption, beside.clone()).muted());
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
        let has_paper = !self.shop.printer().paper().strips.is_empty();
        let room = if has_paper { Length::Fixed(ROWS_BESIDE_PAPER * ROW_HEIGHT) } else { Length::Fill };
        column![title, field, container(list).height(room)].spacing(gap::SMALL).into()
    }

    fn list_goods(&self, ui: &Ui<'_>) -> Vec<Row> {
        let row = |item: &ShelfItem| Row {
            name: item.name.clone(),
            beside: item.price.map(|price| ui.text.locale.amount(price)).unwrap_or_default(),
            code: item.find_scan(&self.rules),
            tone: None,
        };
        self.shown().into_iter().map(row).collect()
    }

    fn list_customers(&self) -> Vec<Row> {
        let row = |collector: Collector| Row {
            tone: collector.is_ready.then_some(Tone::Done),
            code: Some(collector.scanned()),
            beside: format!("{}   {}", collector.order, collector.code),
            name: collector.name,
        };
        self.collectors_shown().into_iter().map(row).collect()
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
            let shown = scrollable(roll.view()).anchor_bottom().height(Length::Fill).width(Length::Fill);
            // Behind one thing more with each piece, it is another that nobody has scrolled: the newest is seen.
            let before = (1..paper.pieces().len()).map(|_| space::horizontal().into());
            let roll = Column::with_children(before.chain([shown.into()])).height(Length::Fill);
            printer = printer.push(container(roll).class(Surface::Sunken).height(Length::Fill));
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
        let (now, text) = (self.shop.switches(), ui.text);
        // What works, and what pressing makes of it; what does not, and the same.
        let switch = |is_wrong: bool, works: [String; 2], wrong: [String; 2], which: fn(&mut Switches) -> &mut bool| {
            let [state, act] = if is_wrong { wrong } else { works };
            let act = Act::keyless(state, Some(Message::Switched(which))).caption(act).function().fill();
            let act = act.height(SWITCH_HEIGHT);
            if is_wrong { act.chosen().view(ui) } else { act.view(ui) }
        };
        let paper = switch(
            now.paper_out,
            [text.counter_paper_in(), text.counter_paper_take()],
            [text.counter_paper_out(), text.counter_paper_load()],
            |switches| &mut switches.paper_out,
        );
        let cover = switch(
            now.cover_open,
            [text.counter_cover_shut(), text.counter_cover_open_it()],
            [text.counter_cover_open(), text.counter_cover_shut_it()],
            |switches| &mut switches.cover_open,
        );
        let central = switch(
            now.central_cut,
            [text.counter_central_reached(), text.counter_central_cut_it()],
            [text.counter_central_cut(), text.counter_central_mend_it()],
            |switches| &mut switches.central_cut,
        );
        let printer_cable = switch(
            now.printer_unplugged,
            [text.counter_printer_plugged(), text.counter_printer_pull()],
            [text.counter_printer_unplugged(), text.counter_printer_plug()],
            |switches| &mut switches.printer_unplugged,
        );
        let scanner_cable = switch(
            now.scanner_unplugged,
            [text.counter_scanner_plugged(), text.counter_scanner_pull()],
            [text.counter_scanner_unplugged(), text.counter_scanner_plug()],
            |switches| &mut switches.scanner_unplugged,
        );
        let scanner_line = switch(
            now.scanner_garbled,
            [text.counter_scanner_clear(), text.counter_scanner_garble()],
            [text.counter_scanner_garbled(), text.counter_scanner_mend()],
            |switches| &mut switches.scanner_garbled,
        );
        column![
            row![paper, cover, central].spacing(gap::SMALL),
            row![printer_cable, scanner_cable, scanner_line].spacing(gap::SMALL),
        ]
        .spacing(gap::SMALL)
        .into()
    }
}

/// One row of the list at the counter.
struct Row {
    name: String,
    /// What stands at its end.
    beside: String,
    /// What a scanner reads on it; `None` for what has nothing to read.
    code: Option<String>,
    /// Marked in front.
    tone: Option<Tone>,
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

    fn update(&mut self, message: PanelMessage) -> Keyboard {
        match message.get::<Message>() {
            Some(message) => self.handle(message),
            None => Keyboard::Kept,
        }
    }

    fn changes(&self) -> Option<watch::Receiver<u64>> {
        Some(self.changes.clone())
    }
}

#[cfg(test)]
mod tests;
