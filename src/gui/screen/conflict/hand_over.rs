//! The card's hand-over: whose order, who collects it, and how they are recognised.

use iced::widget::{column, row, space};

use super::super::super::keys::Key;
use super::super::super::measure::Type;
use super::super::super::ui::Ui;
use super::super::super::widget::{Act, Element, headline};
use super::super::Action;
use super::super::collector::Collector;
use super::{COLLECTION_CODE_CHARACTERS, Conflict, Message, Step, code_field, find_order, told};
use crate::domain::ids::OrderNumber;
use crate::register::intent::{CodeAsked, ConflictChoice, Intent, Recognition};
use crate::register::snapshot::ConflictCard;

/// A hand-over from the card: of this order and no other, whatever comes up before it meanwhile.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HandOver {
    pub order: OrderNumber,
    pub code: String,
    /// Who takes it, when someone else than the buyer.
    pub collector: Collector,
}

impl HandOver {
    pub fn of(order: OrderNumber) -> Self {
        Self { order, code: String::new(), collector: Collector::default() }
    }

    /// What the register waits for: this order's code, and who takes it.
    pub fn asked(&self) -> CodeAsked {
        CodeAsked { order: self.order.clone(), collector: self.collector.name() }
    }
}

impl Conflict {
    /// What happens while an order is handed over.
    pub(super) fn hand_over(&mut self, message: Message, card: &ConflictCard) -> Action {
        let Step::HandOver(hand_over) = &mut self.step else { return Action::None };
        let naming = hand_over.collector.is_typing();
        let recognised = match message {
            Message::Typed(letter) if naming => {
                hand_over.collector.push(letter);
                return Action::Tell(Intent::CollectionCodeAsked(Some(hand_over.asked())));
            }
            Message::Backspaced if naming => {
                hand_over.collector.pop();
                return Action::Tell(Intent::CollectionCodeAsked(Some(hand_over.asked())));
            }
            Message::Confirmed if naming => {
                hand_over.collector.confirm();
                return Action::Tell(Intent::CollectionCodeAsked(Some(hand_over.asked())));
            }
            Message::Typed(c) => {
                if hand_over.code.len() < COLLECTION_CODE_CHARACTERS {
                    hand_over.code.push(c.to_ascii_uppercase());
                }
                return Action::None;
            }
            Message::Backspaced => {
                hand_over.code.pop();
                return Action::None;
            }
            Message::CollectorStruck => {
                hand_over.collector.begin();
                return Action::None;
            }
            Message::Confirmed if !hand_over.code.is_empty() => Recognition::Code(std::mem::take(&mut hand_over.code)),
            Message::NameConfirmed => Recognition::NameConfirmed,
            _ => return Action::None,
        };
        let (order, collector) = (hand_over.order.clone(), hand_over.collector.name());
        let choice = ConflictChoice::HandOver { order, recognised, collector };
        Action::Tell(Intent::ConflictAnswered { card: card.number, choice })
    }
}

/// The foot of the card while an order is handed over.
pub(super) fn hand_over<'a>(card: &ConflictCard, hand_over: &HandOver, ui: &Ui<'_>) -> Element<'a, Message> {
    let Some(order) = find_order(card, &hand_over.order) else { return space::horizontal().into() };
    let due = match order.amount_due() {
        Some(due) if !order.is_paid_for() => ui.text.hand_over_due(ui.money(due)),
        _ => ui.text.hand_over_paid(),
    };
    let back = Act::new(Key::Escape, ui.text.act_back(), Some(Message::Stepped)).portion(3);
    let HandOver { code, collector, .. } = hand_over;
    let customer = order.customer_name.as_str();
    let acts = if collector.is_typing() {
        let confirm = Act::new(Key::Enter, ui.text.act_confirm(), Some(Message::Confirmed)).primary();
        column![row![back.view(ui), confirm.portion(8).view(ui)].spacing(10)]
    } else {
        let code_typed = (!code.is_empty()).then_some(Message::Confirmed);
        let someone = Act::new(Key::Character('*'), ui.text.act_someone_else(), Some(Message::CollectorStruck));
        let named = Act::new(Key::Character('+'), ui.text.act_name_confirmed(customer), Some(Message::NameConfirmed));
        let given = Act::new(Key::Enter, ui.text.act_hand_over(), code_typed).primary();
        column![
            row![someone.portion(4).view(ui), named.portion(7).view(ui)].spacing(10),
            row![back.portion(4).view(ui), given.portion(7).view(ui)].spacing(10),
        ]
        .spacing(10)
    };
    let field = collector.field(ui).unwrap_or_else(|| code_field(ui, code));
    let taker = collector.confirmed().map(|name| ui.label(Type::BodyStrong, ui.text.collector_typed(name)).shorten(1));
    column![
        headline(ui, ui.text.hand_over_title(order.number.as_str(), customer)).shorten(2),
        ui.label(Type::Body, due).muted().shorten(2),
    ]
    .extend(taker.map(Element::from))
    .push(field)
    .push(told(card, ui).unwrap_or_else(|| ui.label(Type::LabelStrong, "")))
    .push(acts)
    .spacing(12)
    .into()
}
