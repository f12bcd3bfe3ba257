//! The place beside the till: the demo's counter stands there, in the same window, so that the two never overlap.
//!
//! A panel draws with the till's own widgets and theme. Its messages are its own: they travel as [`PanelMessage`] and come
//! back to its `update`. When something else changes it (a simulated printer prints), it says so through `changes`.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

use super::ui::Ui;
use super::widget::Element;

/// A message of a panel, known to the panel alone.
#[derive(Clone)]
pub struct PanelMessage(Arc<dyn Any + Send + Sync>);

impl PanelMessage {
    /// Wraps the panel's own message.
    pub fn new<T: Any + Send + Sync>(message: T) -> Self {
        Self(Arc::new(message))
    }

    /// The panel's own message again; `None` if it is another panel's.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for PanelMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PanelMessage")
    }
}

/// Who has the keyboard after something happened on a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyboard {
    /// Whoever had it.
    Kept,
    /// The till: what was typed on the panel is done.
    ToTheTill,
}

/// What stands beside the till.
pub trait SidePanel {
    /// How wide it is, in logical pixels.
    fn width(&self) -> f32 {
        420.0
    }

    /// What it shows.
    fn view<'a>(&'a self, ui: Ui<'a>) -> Element<'a, PanelMessage>;

    /// Something happened on it. Answers where the keyboard goes.
    fn update(&mut self, message: PanelMessage) -> Keyboard;

    /// Changes whenever it must be drawn again for reasons of its own; `None` when it never does.
    fn changes(&self) -> Option<watch::Receiver<u64>> {
        None
    }
}
