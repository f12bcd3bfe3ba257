//! A question that must be answered before anything else is rung: whether the basket was sold, age, an open price, a weight,
//! which of several products.

use iced::widget::{Column, column, container, row, space};
use iced::{Alignment, Length};

use super::super::entry::Entry;
use super::super::icon::Icon;
use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::{Surface, Tone};
use super::super::ui::Ui;
use super::super::widget::{Act, Element, Pad, PadCell, headline, low_card_with_edge, number_pad, side_by_side};
use super::basket::{PORTIONS, basket_card, measured};
use super::sell::{price_of_one, price_words};
use super::{Action, conflict, notice};
use crate::domain::event::RestoredBasketDecision;
use crate::domain::ids::ProductId;
use crate::domain::money::Money;
use crate::domain::product::Unit;
use crate::register::intent::{EntryFault, Intent};
use crate::register::snapshot::{ProductHit, Question, Snapshot, UnusualAmount};

/// What is being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asking {
    entry: Entry,
}

/// What happened here.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A key of the pad.
    Typed(Pad),
    /// Enter: old enough; the price is right.
    Confirmed,
    /// Esc: not old enough; no price; none of these.
    GivenUp,
    /// This product.
    Chosen(ProductId),
    /// The basket was sold, or it was not.
    Decided(RestoredBasketDecision),
    /// The notice was read.
    NoticeRead,
}

impl Asking {
    /// With a number typed already.
    pub fn with(entry: Entry) -> Self {
        Self { entry }
    }

    /// As it is while this is typed.
    pub fn typed(text: &str) -> Self {
        let mut entry = Entry::default();
        entry.push(text);
        Self { entry }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke, snapshot: &Snapshot) -> Option<Message> {
        match (stroke.key, snapshot.question.as_ref()?) {
            // Neither of the two is what a hand that is used to Enter or Esc should say.
            (key, Question::MayBeSold { .. }) => match key {
                Key::Character('1') => Some(Message::Decided(RestoredBasketDecision::Sold)),
                Key::Character('2') => Some(Message::Decided(RestoredBasketDecision::NotSold)),
                _ => None,
            },
            // Whoever types a code strikes Enter behind it, and a scanner more than once: a key of its own says yes.
            (Key::Character('+'), Question::Amount { .. }) => Some(Message::Confirmed),
            (Key::Enter, Question::WhichProduct { .. } | Question::Amount { .. }) => None,
            (Key::Enter, _) => Some(Message::Confirmed),
            (Key::Escape, _) => Some(Message::GivenUp),
            (key, Question::OpenPrice { .. } | Question::HowMuch { .. }) => Pad::of_key(key).map(Message::Typed),
            (key, Question::WhichProduct { products }) => {
                let position = key.digit()?.to_digit(10)?.checked_sub(1)? as usize;
                products.get(position).map(|hit| Message::Chosen(hit.product.clone()))
            }
            (_, Question::Age { .. } | Question::Amount { .. }) => None,
        }
    }

    /// Takes what happened.
    pub fn update(&mut self, message: Message, snapshot: &Snapshot, _ui: &Ui<'_>) -> Action {
        let Some(question) = &snapshot.question else { return Action::None };
        match (message, question) {
            (Message::Typed(pad), _) => {
                pad.type_into(&mut self.entry);
                Action::None
            }
            (Message::Confirmed, Question::Age { .. }) => Action::Tell(Intent::AgeChecked { old_enough: true }),
            (Message::GivenUp, Question::Age { .. }) => Action::Tell(Intent::AgeChecked { old_enough: false }),
            (Message::Confirmed, Question::Amount { .. }) => Action::Tell(Intent::AmountConfirmed { right: true }),
            (Message::GivenUp, Question::Amount { .. }) => Action::Tell(Intent::AmountConfirmed { right: false }),
            (Message::Confirmed, Question::OpenPrice { .. }) => match self.entry.amount(snapshot.till.currency) {
                Some(price) => {
                    self.entry.clear();
                    Action::Tell(Intent::OpenPriceEntered(Some(price)))
                }
                None if self.entry.is_empty() => Action::None,
                None => Action::Tell(Intent::EntryRefused(EntryFault::Amount)),
            },
            (Message::Confirmed, Question::HowMuch { .. }) => match self.entry.quantity() {
                Some(quantity) => {
                    self.entry.clear();
                    Action::Tell(Intent::QuantityEntered(Some(quantity)))
                }
                None if self.entry.is_empty() => Action::None,
                None => Action::Tell(Intent::EntryRefused(EntryFault::Quantity)),
            },
            (Message::GivenUp, Question::HowMuch { .. }) => {
                self.entry.clear();
                Action::Tell(Intent::QuantityEntered(None))
            }
            (Message::GivenUp, Question::OpenPrice { .. }) => {
                self.entry.clear();
                Action::Tell(Intent::OpenPriceEntered(None))
            }
            (Message::GivenUp, Question::WhichProduct { .. }) => Action::Tell(Intent::ChoiceGivenUp),
            (Message::Chosen(product), _) => Action::Tell(Intent::ProductChosen(product)),
            (Message::Decided(decision), _) => Action::Tell(Intent::RestoredBasketDecided(decision)),
            (Message::Confirmed, Question::WhichProduct { .. }) => Action::None,
            (Message::Confirmed | Message::GivenUp, Question::MayBeSold { .. }) => Action::None,
            (Message::NoticeRead, _) => Action::Tell(Intent::NoticeDismissed),
        }
    }

    /// The screen: the basket, and the question in the other half.
    pub fn view<'a>(&'a self, snapshot: &'a Snapshot, ui: Ui<'a>) -> Element<'a, Message> {
        let left = basket_card(ui, snapshot, conflict::idle_acts(&ui), None, None);
        let notice = notice::view(&ui, snapshot, Message::NoticeRead);
        let right = match &snapshot.question {
            Some(Question::Age { years, born_by, name }) => {
                let (asked, born_by) = (ui.text.question_age(i64::from(*years)), ui.text.date(*born_by));
                age(&ui, asked, name, born_by, notice)
            }
            Some(Question::Amount { amount, of }) => unusual(&ui, *amount, *of, notice),
            Some(Question::OpenPrice { name }) => self.open_price(&ui, name, snapshot, notice),
            Some(Question::HowMuch { name, unit, unit_price }) => self.how_much(&ui, name, *unit, *unit_price, notice),
            Some(Question::WhichProduct { products }) => which(&ui, products, notice),
            Some(Question::MayBeSold { begun_at }) => {
                let begun = ui.text.moment(*begun_at, ui.now, &snapshot.till.time_zone);
                may_be_sold(&ui, begun, notice)
            }
            None => space::horizontal().into(),
        };
        side_by_side(left, PORTIONS.0, right, PORTIONS.1)
    }

    fn typed_something(&self) -> Option<Message> {
        (!self.entry.is_empty()).then_some(Message::Confirmed)
    }

    fn open_price<'a>(
        &self,
        ui: &Ui<'_>,
        name: &str,
        snapshot: &Snapshot,
        notice: Option<Element<'a, Message>>,
    ) -> Element<'a, Message> {
        let price = self.entry.amount(snapshot.till.currency);
        let shown = ui.money(price.unwrap_or(Money::zero(snapshot.till.currency)));
        let take = Act::new(Key::Enter, ui.text.act_take_price(), self.typed_something());
        number_asked(ui, ui.text.question_price(name), (shown, price.is_some()), (None, notice), take)
    }

    fn how_much<'a>(
        &self,
        ui: &Ui<'_>,
        name: &str,
        unit: Unit,
        unit_price: Option<Money>,
        notice: Option<Element<'a, Message>>,
    ) -> Element<'a, Message> {
        let quantity = self.entry.quantity();
        let typed = if self.entry.is_empty() { "0".to_owned() } else { ui.text.locale.typed(self.entry.text()) };
        let (asked, taken) = match unit {
            Unit::Kilogram => (ui.text.question_weight(name), ui.text.act_take_weight()),
            Unit::Each | Unit::Metre | Unit::Litre | Unit::Hour => {
                (ui.text.question_how_much(name), ui.text.act_take_quantity())
            }
        };
        let price = unit_price.map(|price| match quantity.and_then(|quantity| quantity.at(price)) {
            Some(amount) => format!("× {} = {}", price_of_one(ui, price, unit), ui.money(amount)),
            None => format!("× {}", price_of_one(ui, price, unit)),
        });
        let take = Act::new(Key::Enter, taken, self.typed_something());
        number_asked(ui, asked, (measured(unit, &typed), quantity.is_some()), (price, notice), take)
    }
}

/// A number is asked for: the question, the number large, what it comes to, the pad, and the act that takes it.
fn number_asked<'a>(
    ui: &Ui<'_>,
    question: String,
    (figure, given): (String, bool),
    (under, notice): (Option<String>, Option<Element<'a, Message>>),
    take: Act<Message>,
) -> Element<'a, Message> {
    let figure = ui.label(Type::Total, figure).fill().right().shorten(1);
    let figure = if given { figure } else { figure.muted() };
    let cancel = Act::new(Key::Escape, ui.text.act_back(), Some(Message::GivenUp));
    let columns = vec![[PadCell::Back, PadCell::Empty, PadCell::Empty, PadCell::Act(cancel)]];
    let mut content = column![
        headline(ui, question).shorten(2),
        container(figure).class(Surface::Focused).padding(gap::MEDIUM).width(Length::Fill),
    ]
    .spacing(ui.gap_of_card());
    if let Some(under) = under {
        content = content.push(ui.label(Type::Line, under).muted().fill().right().shorten(1));
    }
    let content = content.push(number_pad(ui, columns, Message::Typed)).push(take.primary().fill().view(ui));
    low_card_with_edge(Tone::Quiet, content.extend(notice))
}

fn age<'a>(
    ui: &Ui<'_>,
    asked: String,
    name: &str,
    born_by: String,
    notice: Option<Element<'a, Message>>,
) -> Element<'a, Message> {
    low_card_with_edge(
        Tone::Mind,
        column![
            row![
                ui.icon(Type::Headline, Icon::UserRound).ink(Tone::Mind.ink()),
                headline(ui, asked).ink(Tone::Mind.ink()).shorten(2),
            ]
            .spacing(10)
            .align_y(Alignment::Center),
            ui.label(Type::LineStrong, name).fill().shorten(2),
            ui.label(Type::Line, ui.text.question_born_by()),
            ui.label(Type::Total, born_by).shorten(1),
            row![
                Act::new(Key::Escape, ui.text.act_too_young(), Some(Message::GivenUp)).fill().view(ui),
                Act::new(Key::Enter, ui.text.act_old_enough(), Some(Message::Confirmed)).primary().fill().view(ui),
            ]
            .spacing(10),
        ]
        .extend(notice)
        .spacing(gap::MEDIUM),
    )
}

fn may_be_sold<'a>(ui: &Ui<'_>, begun: String, notice: Option<Element<'a, Message>>) -> Element<'a, Message> {
    let answer = |key, words: String, caption: String, decision| {
        Act::new(Key::Character(key), words, Some(Message::Decided(decision)))
            .caption(caption)
            .height(height::ACT)
            .view_answer(ui)
    };
    let (sold, not_sold) = (RestoredBasketDecision::Sold, RestoredBasketDecision::NotSold);
    low_card_with_edge(
        Tone::Mind,
        column![
            row![
                ui.icon(Type::Headline, Icon::TriangleAlert).ink(Tone::Mind.ink()),
                headline(ui, ui.text.question_may_be_sold()).ink(Tone::Mind.ink()).shorten(2),
            ]
            .spacing(10)
            .align_y(Alignment::Center),
            ui.label(Type::Line, ui.text.question_may_be_sold_why(begun)).fill(),
            answer('1', ui.text.act_was_sold(), ui.text.act_was_sold_caption(), sold),
            answer('2', ui.text.act_was_not_sold(), ui.text.act_was_not_sold_caption(), not_sold),
        ]
        .extend(notice)
        .spacing(gap::MEDIUM),
    )
}

/// Is it really so much?
fn unusual<'a>(
    ui: &Ui<'_>,
    amount: Money,
    of: UnusualAmount,
    notice: Option<Element<'a, Message>>,
) -> Element<'a, Message> {
    let money = ui.money(amount);
    let (title, explained) = match of {
        UnusualAmount::Cash { due } => {
            (ui.text.question_cash(money, ui.money(due)), ui.text.question_cash_change(ui.money(amount - due)))
        }
        UnusualAmount::Float => (ui.text.question_float(money), ui.text.question_float_explained()),
    };
    low_card_with_edge(
        Tone::Mind,
        column![
            row![
                ui.icon(Type::Headline, Icon::HandCoins).ink(Tone::Mind.ink()),
                headline(ui, title).ink(Tone::Mind.ink()).shorten(3),
            ]
            .spacing(10)
            .align_y(Alignment::Center),
            ui.label(Type::Line, explained).shorten(3),
            row![
                Act::new(Key::Escape, ui.text.act_back(), Some(Message::GivenUp)).fill().view(ui),
                Act::new(Key::Character('+'), ui.text.act_amount_right(), Some(Message::Confirmed)).fill().view(ui),
            ]
            .spacing(10),
        ]
        .extend(notice)
        .spacing(gap::MEDIUM),
    )
}

fn which<'a>(ui: &Ui<'_>, products: &[ProductHit], notice: Option<Element<'a, Message>>) -> Element<'a, Message> {
    let rows = products.iter().take(6).zip('1'..).map(|(hit, key)| {
        Act::new(Key::Character(key), hit.name.as_str(), Some(Message::Chosen(hit.product.clone())))
            .caption(format!("{} · {}", hit.department, price_words(ui, hit)))
            .height(height::ACT)
            .view_answer(ui)
    });
    low_card_with_edge(
        Tone::Quiet,
        column![
            headline(ui, ui.text.question_which()),
            Column::with_children(rows).spacing(gap::SMALL),
            Act::new(Key::Escape, ui.text.act_back(), Some(Message::GivenUp)).view(ui),
        ]
        .extend(notice)
        .spacing(gap::MEDIUM),
    )
}
