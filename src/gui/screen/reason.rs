//! Why something is done: a key for each reason that is offered, and a line for one in own words. Offered reasons are read in
//! the language of the screen, and kept in the language of the shop: the journal is read by more people than the screen.

use iced::widget::{Column, column, container, row};
use iced::{Length, Padding};

use super::super::keys::{Key, Stroke};
use super::super::measure::{Type, height, space as gap};
use super::super::style::Surface;
use super::super::text::{Catalogue, Language};
use super::super::ui::Ui;
use super::super::widget::{Act, Element, headline};
use crate::register::REASON_CHARACTERS_MAX;

/// What is being said, while it is said in own words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reason {
    own: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// The reason with this number, from 1.
    Numbered(usize),
    /// One in own words.
    OwnStruck,
    /// A character of it.
    Typed(char),
    /// The last one taken back.
    Backspaced,
    /// It is said.
    OwnGiven,
    /// Esc.
    Stepped,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// Nothing yet.
    Nothing,
    /// This reason.
    Reason(String),
    /// None: one step back.
    Left,
}

/// What is asked, and the reasons offered for it.
pub struct Asked {
    /// For what.
    pub title: String,
    /// What to do.
    pub explained: String,
    /// What Esc does.
    pub step_back: String,
    /// The reasons, at most eight.
    pub offered: Vec<String>,
}

impl Reason {
    /// As it is while this is typed.
    pub fn saying(text: &str) -> Self {
        Self { own: Some(text.to_owned()) }
    }

    /// A key was struck.
    pub fn key(&self, stroke: &Stroke) -> Option<Said> {
        match (stroke.key, &self.own) {
            (Key::Escape, _) => Some(Said::Stepped),
            (Key::Enter, Some(_)) => Some(Said::OwnGiven),
            (Key::Backspace, Some(_)) => Some(Said::Backspaced),
            (_, Some(_)) => stroke.text.map(Said::Typed),
            (Key::Character('0'), None) => Some(Said::OwnStruck),
            (key, None) => key.digit()?.to_digit(10).map(|number| Said::Numbered(number as usize)),
        }
    }

    /// Takes what happened; `offered` are the reasons in a language.
    pub fn update(&mut self, said: Said, country: &str, offered: impl Fn(&Catalogue) -> Vec<String>) -> Given {
        match said {
            Said::Numbered(number) => {
                let kept = offered(&Catalogue::new(Language::of_country(country)));
                let reason = number.checked_sub(1).and_then(|at| kept.into_iter().nth(at));
                reason.map_or(Given::Nothing, Given::Reason)
            }
            Said::OwnStruck => {
                self.own = Some(String::new());
                Given::Nothing
            }
            Said::Typed(letter) => {
                if let Some(own) = self.own.as_mut().filter(|own| own.chars().count() < REASON_CHARACTERS_MAX) {
                    own.push(letter);
                }
                Given::Nothing
            }
            Said::Backspaced => {
                if let Some(own) = &mut self.own {
                    own.pop();
                }
                Given::Nothing
            }
            Said::OwnGiven => match self.own.take_if(|own| !own.trim().is_empty()) {
                Some(own) => Given::Reason(own.trim().to_owned()),
                None => Given::Nothing,
            },
            Said::Stepped if self.own.take().is_some() => Given::Nothing,
            Said::Stepped => Given::Left,
        }
    }

    /// The question.
    pub fn view<'a, Message: Clone + 'a>(
        &self,
        ui: &Ui<'_>,
        asked: Asked,
        make: impl Fn(Said) -> Message,
    ) -> Element<'a, Message> {
        let Asked { title, explained, step_back, offered } = asked;
        let head = column![headline(ui, title).shorten(2), ui.label(Type::Body, explained).muted().fill().shorten(3)]
            .spacing(gap::MEDIUM);
        let back = Act::new(Key::Escape, step_back, Some(make(Said::Stepped))).fill();
        let Some(own) = &self.own else {
            let answers = offered.into_iter().zip('1'..='8').zip(1..).map(|((reason, key), number)| {
                Act::new(Key::Character(key), reason, Some(make(Said::Numbered(number)))).view_answer(ui)
            });
            let own = Act::new(Key::Character('0'), ui.text.reason_own(), Some(make(Said::OwnStruck))).view_answer(ui);
            let answers = Column::with_children(answers.chain([own])).spacing(10);
            return framed(column![head, answers, back.view(ui)].spacing(gap::MEDIUM));
        };
        let typed = ui.label(Type::Line, format!("{own}▏")).fill().shorten(2);
        let field = container(typed)
            .class(Surface::Focused)
            .padding(Padding { top: 0.0, bottom: 0.0, left: gap::MEDIUM, right: gap::MEDIUM })
            .width(Length::Fill)
            .center_y(height::SEARCH + gap::MEDIUM);
        let said = (!own.trim().is_empty()).then(|| make(Said::OwnGiven));
        let left = REASON_CHARACTERS_MAX.saturating_sub(own.chars().count()) as i64;
        let left = ui.label(Type::Caption, ui.text.reason_left(left)).muted();
        let give = Act::new(Key::Enter, ui.text.act_give_reason(), said).primary().fill();
        let acts = row![back.view(ui), give.view(ui)].spacing(10);
        framed(column![head, field, left, acts].spacing(gap::MEDIUM))
    }
}

fn framed<'a, Message: 'a>(content: Column<'a, Message, super::super::theme::Theme>) -> Element<'a, Message> {
    container(content).padding(gap::CARD).into()
}
