//! Pay: cash first, a card on its own terminal, or both.

use iced::widget::{Row, button, column, container, row, space};
use iced::{Alignment, Length, Padding};

use super::super::entry::Entry;
use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, space as gap};
use super::super::style::{Press, Surface, Tone};
use super::super::ui::Ui;
use super::super::widget::{
    Act, Element, Pad, PadCell, Reach, card_with_edge, divider, headline, key_cap, number_pad, side_by_side, target,
};
use super::basket::{PORTIONS, basket_card};
use super::take_back;
use super::{Action, notice};
use crate::domain::money::Money;
use crate::domain::sale::ReceiptChoice;
use crate::domain::settings::ReceiptDuty;
use crate::domain::tender::{Tender, TenderKind, is_barcode};
use crate::register::intent::{EntryFault, Intent};
use crate::register::snapshot::{PayView, Snapshot};

/// Keys of the suggested notes, from the left.
const NOTE_KEYS: [char; 3] = ['Q', 'W', 'E'];
/// What can be wanted on paper, from the left, with its key.
const RECEIPTS: [(ReceiptChoice, char); 3] =
    [(ReceiptChoice::Receipt, 'R'), (ReceiptChoice::WithGiftReceipt, 'G'), (ReceiptChoice::None, 'N')];
/// How many digits of a terminal's reference are kept.
const REFERENCE_CHARACTERS_MAX: usize = 12;
/// Tenders shown before Remaining; more are taken back from the last.
const TENDERS_SHOWN: usize = 3;

/// What is being typed. What the card terminal is doing is the sale's own, and stands in the snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pay {
    entry: Entry,
    /// From the terminal's slip.
    reference: String,
    /// The snapshot on which money was last taken: until the next one says what became of it, no more is taken.
    taken_on: Option<u64>,
    /// The card payment of which it is asked whether it is to be taken back.
    taking_back: Option<usize>,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key of the pad.
    Typed(Pad),
    /// Enter: the amount typed in cash, or exactly what is due.
    CashConfirmed,
    /// One of the suggested notes.
    NoteGiven(usize),
    /// By card: all that remains, or the amount typed.
    CardStruck,
    /// The terminal has approved.
    CardApproved,
    /// Takes a tender back; a card payment after it was asked.
    TakenBack(usize),
    /// The card payment is taken back.
    TakeBackConfirmed,
    /// What is wanted on paper.
    ReceiptStruck(ReceiptChoice),
    /// Esc: what was typed goes, the card step ends, then back to selling.
    Stepped,
    /// The notice was read.
    NoticeRead,
}

impl Pay {
    /// Nothing typed.
    pub fn new() -> Self {
        Self::default()
    }

    /// As it is while this amount is typed.
    pub fn typing(digits: &str) -> Self {
        let mut entry = Entry::default();
        entry.push(digits);
        Self { entry, ..Self::default() }
    }

    /// As it is while it is asked whether a card payment is to be taken back.
    pub fn taking_back(index: usize) -> Self {
        Self { taking_back: Some(index), ..Self::default() }
    }

    /// The card payment of which that is asked, as long as it is there.
    fn asked_back(&self, snapshot: &Snapshot) -> Option<(usize, Money)> {
        let index = self.taking_back?;
        take_back::charged(snapshot, index).map(|amount| (index, amount))
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        let key = stroke.key;
        match key {
            Key::Escape => return Some(Message::Stepped),
            Key::Enter if self.asked_back(snapshot).is_some() => return Some(Message::TakeBackConfirmed),
            _ if self.asked_back(snapshot).is_some() => return receipt_struck(key, snapshot),
            Key::Enter if at_terminal(snapshot).is_some() => return Some(Message::CardApproved),
            Key::Enter => return Some(Message::CashConfirmed),
            Key::Character('-') => return last_tender(snapshot),
            _ => {}
        }
        if let Some(pad) = Pad::of_key(key) {
            return Some(Message::Typed(pad));
        }
        let receipt = receipt_struck(key, snapshot);
        if receipt.is_some() || at_terminal(snapshot).is_some() {
            return receipt;
        }
        match key {
            Key::Character('K') => Some(Message::CardStruck),
            Key::Character(c) => {
                let position = NOTE_KEYS.iter().position(|note| *note == c)?;
                let offered = snapshot.pay.as_ref()?.suggestions.get(position)?;
                (!self.is_typed(*offered, snapshot)).then_some(Message::NoteGiven(position))
            }
            _ => None,
        }
    }

    /// Takes what happened. A key struck twice takes money once, and asks the terminal once.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        let action = self.take(message, snapshot);
        let takes_money = matches!(action, Action::Tell(Intent::Tendered { .. } | Intent::CardBegun { .. }));
        if takes_money && self.taken_on.replace(snapshot.revision) == Some(snapshot.revision) {
            return Action::None;
        }
        action
    }

    fn take(&mut self, message: Message, snapshot: &Snapshot) -> Action {
        let Some(pay) = &snapshot.pay else { return Action::None };
        let cash = |amount| Action::Tell(Intent::Tendered { kind: TenderKind::Cash, amount, reference: None });
        match message {
            Message::Typed(pad) => {
                self.type_pad(pad, snapshot);
                Action::None
            }
            Message::CashConfirmed if self.entry.is_empty() => cash(pay.cash_due),
            Message::CashConfirmed => match self.typed_amount(snapshot) {
                Some(amount) => {
                    self.entry.clear();
                    cash(amount)
                }
                None => self.refuse_entry(snapshot),
            },
            Message::NoteGiven(position) => match pay.suggestions.get(position) {
                Some(amount) => {
                    self.entry.clear();
                    cash(*amount)
                }
                None => Action::None,
            },
            Message::CardStruck if self.entry.is_no_amount(snapshot.till.currency) => self.refuse_entry(snapshot),
            Message::CardStruck => {
                let amount = self.typed_amount(snapshot).unwrap_or(pay.settlement.remaining);
                if amount.is_zero() || amount.is_negative() {
                    return Action::None;
                }
                // What is refused stays, to be put right.
                if amount <= pay.settlement.remaining {
                    self.entry.clear();
                }
                self.reference.clear();
                Action::Tell(Intent::CardBegun { amount })
            }
            Message::CardApproved => match pay.at_terminal {
                Some(amount) => {
                    let reference = Some(std::mem::take(&mut self.reference)).filter(|typed| !typed.is_empty());
                    Action::Tell(Intent::Tendered { kind: TenderKind::Card, amount, reference })
                }
                None => Action::None,
            },
            Message::ReceiptStruck(choice) => Action::Tell(Intent::ReceiptChosen(choice)),
            Message::TakenBack(index) if take_back::charged(snapshot, index).is_some() => {
                self.taking_back = Some(index);
                Action::None
            }
            Message::TakenBack(index) => Action::Tell(Intent::TenderTakenBack { index }),
            Message::TakeBackConfirmed => match (self.asked_back(snapshot), self.taking_back.take()) {
                (Some((index, _)), _) => Action::Tell(Intent::TenderTakenBack { index }),
                (None, _) => Action::None,
            },
            Message::Stepped
                if self.taking_back.take().is_some_and(|index| take_back::charged(snapshot, index).is_some()) =>
            {
                Action::None
            }
            Message::Stepped if pay.at_terminal.is_some() => Action::Tell(Intent::CardDeclined),
            Message::Stepped if !self.entry.is_empty() => {
                self.entry.clear();
                Action::None
            }
            Message::Stepped => Action::Tell(Intent::PayLeft),
            Message::NoticeRead => Action::Tell(Intent::NoticeDismissed),
        }
    }

    fn refuse_entry(&self, snapshot: &Snapshot) -> Action {
        match self.entry.is_no_amount(snapshot.till.currency) {
            true if is_barcode(self.entry.text()) => Action::Tell(Intent::EntryRefused(EntryFault::Barcode)),
            true => Action::Tell(Intent::EntryRefused(EntryFault::Amount)),
            false => Action::None,
        }
    }

    fn type_pad(&mut self, pad: Pad, snapshot: &Snapshot) {
        match (at_terminal(snapshot), pad) {
            (None, pad) => pad.type_into(&mut self.entry),
            (Some(_), Pad::Digit(digit)) if self.reference.len() < REFERENCE_CHARACTERS_MAX => {
                self.reference.push(digit);
            }
            (Some(_), Pad::Back) => {
                self.reference.pop();
            }
            (Some(_), Pad::Digit(_) | Pad::DoubleZero | Pad::Point) => {}
        }
    }

    fn typed_amount(&self, snapshot: &Snapshot) -> Option<Money> {
        self.entry.amount(snapshot.till.currency).filter(|amount| amount.minor() > 0)
    }

    /// Does what is typed say this amount already? Enter takes it, and it is not offered twice.
    fn is_typed(&self, offered: Money, snapshot: &Snapshot) -> bool {
        self.typed_amount(snapshot) == Some(offered)
    }

    /// The screen.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let asked_back = self.asked_back(snapshot);
        // What is said while something is asked is said there.
        let is_asked = asked_back.is_some() || at_terminal(snapshot).is_some();
        let read = (!is_asked).then_some(Message::NoticeRead);
        let left = basket_card(ui, snapshot, receipts(&ui, snapshot), None, read);
        if let Some((_, amount)) = asked_back {
            let notice = notice::view(&ui, snapshot, Message::NoticeRead);
            let asked = take_back::question(&ui, amount, notice, Message::TakeBackConfirmed, Message::Stepped);
            return side_by_side(left, PORTIONS.0, asked, PORTIONS.1);
        }
        let right: Element<'a, Message> = match (&snapshot.pay, at_terminal(snapshot)) {
            (Some(_), Some(amount)) => terminal(&ui, amount, &self.reference, snapshot),
            (Some(pay), None) => self.tendering(pay, snapshot, &ui),
            (None, _) => space::horizontal().into(),
        };
        side_by_side(left, PORTIONS.0, right, PORTIONS.1)
    }

    fn tendering<'a>(&self, pay: &PayView, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let due = row![
            ui.label(Type::Headline, ui.text.to_pay()).shorten(1),
            ui.label(Type::Due, ui.money(pay.settlement.remaining)).fill().right().shorten(1),
        ]
        .align_y(Alignment::Center)
        .padding(Padding { top: 10.0, bottom: 10.0, left: gap::LARGE, right: gap::LARGE });
        let card = Act::new(Key::of('K'), ui.text.act_card(), Some(Message::CardStruck)).icon(Icon::CreditCard).fill();
        let hint = ui.label(Type::Label, ui.text.pay_part_hint()).muted().fill().shorten(2);
        let second = row![card.view(ui), container(hint).center_y(64).width(Length::Fill)].spacing(gap::MEDIUM);
        let take_back = last_tender(snapshot);
        // What was given needs the room; the first of the notes says that it is cash too.
        let roomy = take_back.is_none();
        let columns = vec![[
            PadCell::Back,
            PadCell::Act(Act::new(Key::Character('-'), ui.text.act_take_back(), take_back)),
            PadCell::Empty,
            PadCell::Act(Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped))),
        ]];
        column![container(due).class(Surface::Card).width(Length::Fill),]
            .extend(roomy.then(|| ui.label(Type::LabelStrong, ui.text.pay_cash()).fill().shorten(1).into()))
            .push(self.notes(pay, snapshot, ui))
            .push(second)
            .push(tenders(snapshot, pay, ui))
            .push(space::vertical())
            .push(number_pad(ui, columns, Message::Typed))
            .spacing(12)
            .into()
    }

    /// Exact, or what was typed, and the notes people combine.
    fn notes<'a>(&self, pay: &PayView, snapshot: &Snapshot, ui: &Ui<'_>) -> Element<'a, Message> {
        let with_change = |note: Act<Message>, given: Money| {
            let rest = given - pay.cash_due;
            if rest.is_negative() {
                note.caption(ui.text.pay_still(ui.amount(-rest)))
            } else {
                note.caption(ui.text.pay_change(ui.amount(rest))).brief(ui.amount(rest))
            }
        };
        let first = match self.typed_amount(snapshot) {
            Some(amount) => with_change(Act::new(Key::Enter, ui.amount(amount), Some(Message::CashConfirmed)), amount),
            None if !self.entry.is_empty() => {
                let refused = self.entry.is_no_amount(snapshot.till.currency).then_some(Message::CashConfirmed);
                Act::new(Key::Enter, ui.text.locale.typed(self.entry.text()), refused)
            }
            None => {
                let act = Act::new(Key::Enter, ui.text.pay_exact(), Some(Message::CashConfirmed));
                let exact = pay.cash_due == pay.settlement.remaining;
                act.caption(if exact { ui.text.tender_cash() } else { ui.amount(pay.cash_due) })
            }
        };
        let mut notes = vec![Some(first.primary())];
        for (position, (amount, key)) in pay.suggestions.iter().zip(NOTE_KEYS).enumerate() {
            let act = Act::new(Key::Character(key), ui.amount(*amount), Some(Message::NoteGiven(position)));
            notes.push((!self.is_typed(*amount, snapshot)).then(|| with_change(act, *amount)));
        }
        // Change is never cut off: where one has no room beside its key, the keys stand under all of them.
        let spacing = 10.0;
        let count = notes.len() as f32;
        let room = (ui.width_beside_basket() - spacing * (count - 1.0)) / count;
        let stacked = notes.iter().flatten().any(|note| note.note_width(ui) > room);
        // The place of what is typed stays free, so that the others stay where they are.
        let cells = notes.into_iter().map(|note| match note {
            Some(note) => if stacked { note.stacked() } else { note }.height(84.0).view_note(ui),
            None => space::horizontal().into(),
        });
        Row::with_children(cells).spacing(spacing).into()
    }
}

/// What the card terminal was asked for and has not answered yet.
fn at_terminal(snapshot: &Snapshot) -> Option<Money> {
    snapshot.pay.as_ref()?.at_terminal
}

/// What a key wants on paper.
fn receipt_struck(key: Key, snapshot: &Snapshot) -> Option<Message> {
    let (choice, _) = RECEIPTS.into_iter().find(|(_, letter)| key == Key::of(*letter))?;
    let offered = snapshot.pay.as_ref().is_some_and(|pay| is_offered(pay, choice));
    offered.then_some(Message::ReceiptStruck(choice))
}

/// May this be wanted here?
fn is_offered(pay: &PayView, choice: ReceiptChoice) -> bool {
    pay.receipt_duty.holds_to(choice) == choice && (pay.has_printer || choice == ReceiptChoice::None)
}

/// What the customer wants on paper: the receipt, unless one of the others is struck. Where the law wants a receipt, that is
/// said over the act that is asleep; so is that there is no printer.
fn receipts<'a>(ui: &Ui<'_>, snapshot: &Snapshot) -> Element<'a, Message> {
    let has_printer = snapshot.pay.as_ref().is_none_or(|pay| pay.has_printer);
    // What is chosen without a printer is none of them: nothing comes out.
    let chosen = snapshot.pay.as_ref().filter(|pay| pay.has_printer).map(|pay| pay.receipt);
    let acts = RECEIPTS.into_iter().map(|(choice, key)| {
        let (words, portion) = match choice {
            ReceiptChoice::Receipt => (ui.text.act_receipt(), 9),
            ReceiptChoice::WithGiftReceipt => (ui.text.act_gift_receipt(), 13),
            ReceiptChoice::None => (ui.text.act_no_receipt(), 10),
        };
        let offered = snapshot.pay.as_ref().is_none_or(|pay| is_offered(pay, choice));
        let act = Act::new(Key::of(key), words, offered.then_some(Message::ReceiptStruck(choice))).portion(portion);
        if chosen == Some(choice) { act.chosen().view(ui) } else { act.view(ui) }
    });
    let acts = Row::with_children(acts).spacing(10);
    let why = match snapshot.pay.as_ref().map(|pay| pay.receipt_duty) {
        _ if !has_printer => ui.text.receipt_no_printer(),
        Some(ReceiptDuty::Compulsory) => ui.text.receipt_compulsory(),
        Some(ReceiptDuty::OnWish) | None => return acts.into(),
    };
    column![ui.label(Type::Label, why).muted().fill().shorten(2), acts].spacing(gap::SMALL).into()
}

/// The last tender, to be taken back.
fn last_tender(snapshot: &Snapshot) -> Option<Message> {
    snapshot.basket.basket.tenders.len().checked_sub(1).map(Message::TakenBack)
}

/// What was given so far, and what remains.
fn tenders<'a>(snapshot: &Snapshot, pay: &PayView, ui: &Ui<'_>) -> Element<'a, Message> {
    let given = &snapshot.basket.basket.tenders;
    if given.is_empty() {
        return space::horizontal().into();
    }
    let mut content = column![];
    let first = given.len().saturating_sub(TENDERS_SHOWN);
    for (position, tender) in given.iter().enumerate().skip(first) {
        content = content.push(tender_row(ui, position, tender, position + 1 == given.len())).push(divider());
    }
    content = content.push(
        container(row![
            ui.label(Type::BodyStrong, ui.text.remaining()).fill().shorten(1),
            ui.label(Type::BodyStrong, ui.money(pay.settlement.remaining)).shorten(1),
        ])
        .center_y(44),
    );
    container(content)
        .class(Surface::Card)
        .padding(Padding { top: 2.0, bottom: 2.0, left: gap::CARD, right: gap::CARD })
        .width(Length::Fill)
        .into()
}

fn tender_row<'a>(ui: &Ui<'_>, position: usize, tender: &Tender, last: bool) -> Element<'a, Message> {
    let name = match (tender.kind, &tender.reference) {
        (TenderKind::Cash, _) => ui.text.tender_cash(),
        (TenderKind::Card, None) => ui.text.tender_card(),
        (TenderKind::Card, Some(reference)) => ui.text.tender_card_with(reference.as_str()),
    };
    let mut back =
        row![ui.label(Type::Body, ui.text.take_back()).muted()].spacing(gap::SMALL).align_y(Alignment::Center);
    if last {
        back = back.push(key_cap(ui, Key::Character('-'), Surface::KeyCap));
    }
    let pressed = button(container(back).center_y(Length::Fill))
        .class(Press::Row)
        .padding(Padding { top: 0.0, bottom: 0.0, left: gap::SMALL, right: gap::SMALL })
        .height(48)
        .on_press(Message::TakenBack(position));
    row![
        ui.label(Type::Body, name).fill().shorten(1),
        ui.label(Type::Body, ui.amount(tender.amount)),
        target(if last { Key::Character('-').into() } else { Reach::LastFirst }, pressed),
    ]
    .spacing(gap::SMALL)
    .align_y(Alignment::Center)
    .into()
}

/// The terminal works on its own: the till says what to do there, and takes the money only when a person says approved.
fn terminal<'a>(ui: &Ui<'_>, amount: Money, reference: &str, snapshot: &Snapshot) -> Element<'a, Message> {
    let take_back = match last_tender(snapshot) {
        Some(last) => PadCell::Act(Act::new(Key::Character('-'), ui.text.act_take_back(), Some(last))),
        None => PadCell::Empty,
    };
    let reference = if reference.is_empty() {
        ui.label(Type::Line, ui.text.card_reference_hint()).muted()
    } else {
        ui.label(Type::Line, reference)
    };
    // The notice stands in place of what is to be done at the terminal, so that nothing else moves.
    let said = notice::view(ui, snapshot, Message::NoticeRead)
        .unwrap_or_else(|| ui.label(Type::Line, ui.text.card_explained()).fill().into());
    card_with_edge(
        Tone::Quiet,
        column![
            row![ui.icon(Type::Headline, Icon::CreditCard), headline(ui, ui.text.card_title()).fill().shorten(1)]
                .spacing(10)
                .align_y(Alignment::Center),
            ui.label(Type::Due, ui.money(amount)).shorten(1),
            said,
            container(reference.fill().shorten(1))
                .class(Surface::Focused)
                .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
                .center_y(52),
            space::vertical(),
            number_pad(ui, vec![[PadCell::Back, take_back, PadCell::Empty, PadCell::Empty]], Message::Typed),
            row![
                Act::new(Key::Escape, ui.text.act_card_declined(), Some(Message::Stepped)).fill().view(ui),
                Act::new(Key::Enter, ui.text.act_card_approved(), Some(Message::CardApproved))
                    .primary()
                    .fill()
                    .view(ui),
            ]
            .spacing(10),
        ]
        .spacing(f32::min(12.0, ui.gap_of_card())),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::gallery;
    use super::super::super::tests::{window, words_on};
    use super::super::super::window::Look;
    use super::*;

    /// What is typed is taken by Enter; the key that says the same makes way, and no other moves.
    #[test]
    fn what_is_typed_is_not_offered_twice() {
        let mut exhibit = gallery::find_exhibit("pay").unwrap();
        exhibit.snapshot.basket = gallery::find_exhibit("sell").unwrap().snapshot.basket;
        let offered = exhibit.snapshot.pay.as_ref().unwrap().suggestions.clone();
        let mut till = window(&exhibit, Look::default());
        let shown = |till: &super::super::super::window::Window| {
            words_on(till).iter().filter(|words| *words == "140.00").count()
        };
        assert_eq!((offered[1].minor(), shown(&till)), (14_000, 1));
        "140".chars().for_each(|digit| drop(till.strike(&Stroke::press(Key::Character(digit)))));
        assert_eq!(shown(&till), 1);
        assert_eq!(till.strike(&Stroke::press(Key::of('W'))).intents, []);
        let given = |amount| Intent::Tendered { kind: TenderKind::Cash, amount, reference: None };
        assert_eq!(till.strike(&Stroke::press(Key::of('E'))).intents, [given(offered[2])]);
        let mut till = window(&exhibit, Look::default());
        "140".chars().for_each(|digit| drop(till.strike(&Stroke::press(Key::Character(digit)))));
        assert_eq!(till.strike(&Stroke::press(Key::Enter)).intents, [given(offered[1])]);
    }
}
