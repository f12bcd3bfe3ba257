//! What is pressed, and how the keyboard gets there: by a key of its own, or by one of a short list of other ways.

use iced::advanced::widget::Id;
use iced::widget::container;

use super::super::keys::Key;
use super::Element;

/// How what is pressed is reached without a finger. Whatever is on no line of this list needs a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This key does the same.
    Key(Key),
    /// Up and Down move a mark along a list, and the keys act on what is marked.
    UpDown,
    /// Left and Right go from one to the next of a row.
    LeftRight,
    /// Tab goes from one to the next.
    Tab,
    /// There are more of them than keys: `+` puts a letter on each.
    Lettered,
    /// There are more of them than letters: the search finds the rest.
    Searched,
    /// Two noughts are typed by typing a nought twice.
    Twice,
    /// Of several tenders the last is taken back first; its key then is the next one's.
    LastFirst,
    /// Esc reads the notice that stands, and is this act's again once it is read.
    AfterTheNotice,
    /// The search has the keyboard, and Enter or Esc gives it back.
    AfterTheSearch,
    /// It is no part of the till: the demo's counter stands there.
    BesideTheTill,
}

impl Reach {
    /// The ways that are no key of its own.
    pub const OTHERS: [Self; 10] = [
        Self::UpDown,
        Self::LeftRight,
        Self::Tab,
        Self::Lettered,
        Self::Searched,
        Self::Twice,
        Self::LastFirst,
        Self::AfterTheNotice,
        Self::AfterTheSearch,
        Self::BesideTheTill,
    ];

    /// What marks it in the widget tree, where tests find it.
    pub fn id(self) -> Id {
        Id::from(match self {
            Self::Key(key) => format!("target {}", key.cap()),
            other => format!("target by {other:?}"),
        })
    }

    /// An act's key, or that it waits for Esc.
    pub fn of_act(key: Option<Key>) -> Self {
        key.map_or(Self::AfterTheNotice, Self::Key)
    }
}

impl From<Key> for Reach {
    fn from(key: Key) -> Self {
        Self::Key(key)
    }
}

/// Marks something that is pressed, with the way the keyboard gets there.
pub fn target<'a, Message: 'a>(
    reach: impl Into<Reach>,
    pressed: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    container(pressed).id(reach.into().id()).into()
}
