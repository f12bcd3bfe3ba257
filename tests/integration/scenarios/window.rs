//! The till's window in a scenario: keys are struck as on the keyboard, what the window makes of them goes to the register,
//! each snapshot is shown, and the words that stand on it can be read. It is the whole window but for its display.

use std::any::Any;
use std::sync::Arc;

use iced::advanced::widget::{Id, Operation};
use iced::{Rectangle, Size};
use till::gui::application::WINDOW_SIZE;
use till::gui::keys::{Key, Stroke};
use till::gui::picture::OffScreen;
use till::gui::widget::LabelState;
use till::gui::window::{Look, Window};

use super::acts::Done;
use super::script::Words;
use super::shop::Shop;

/// `press F2 Down Enter`, `press 12.50 Enter`: a word that names no key is struck letter by letter.
pub fn press(shop: &mut Shop, words: &mut Words<'_>) -> Done {
    let mut struck = words.get("a key")?;
    loop {
        match named_key(struck) {
            Some(key) => shop.strike(&Stroke::press(key)),
            None => {
                for letter in struck.chars() {
                    shop.strike(&Stroke { text: Some(letter), ..Stroke::press(Key::of(letter)) });
                }
            }
        }
        let Some(next) = words.find() else { return Ok(()) };
        struck = next;
    }
}

fn named_key(word: &str) -> Option<Key> {
    Some(match word {
        "Enter" => Key::Enter,
        "Esc" => Key::Escape,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "Tab" => Key::Tab,
        "Space" => Key::of(' '),
        "Ctrl+A" => Key::SelectAll,
        _ => Key::Function(word.strip_prefix('F')?.parse().ok().filter(|number| (1..=12).contains(number))?),
    })
}

/// Opens the till's window on what the register shows now.
pub fn open(shop: &mut Shop) -> Window {
    let now = shop.now();
    Window::new(Arc::new(shop.snapshot()), Look::default(), now)
}

/// All words on the window, from the top left to the bottom right as they are laid out.
pub fn read(window: &Window) -> Result<Vec<String>, String> {
    let (width, height) = (WINDOW_SIZE.width as u32, WINDOW_SIZE.height as u32);
    let view = window.view(Size::new(width as f32, height as f32));
    let mut reading = Reading::default();
    OffScreen::new(view, width, height).map_err(|error| error.to_string())?.operate(&mut reading);
    Ok(reading.words)
}

#[derive(Default)]
struct Reading {
    words: Vec<String>,
}

impl Operation for Reading {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _id: Option<&Id>, _bounds: Rectangle, state: &mut dyn Any) {
        if let Some(label) = state.downcast_ref::<LabelState>() {
            self.words.push(label.content.clone());
        }
    }
}
