//! Keys on their way to the window: through the [`KeyFilter`] as they come, and before anything is drawn for them.
//!
//! A scanner that types is known by the time between its keys. The window is busy for longer than that when it draws; so the
//! keys are judged beside it, and those the filter holds cost it nothing: not a frame is drawn between a scanner's keys for
//! their sake.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use iced::Subscription;
use iced::advanced::subscription::{Event, EventStream, Hasher, Recipe, from_recipe};
use iced::futures::stream::{self, BoxStream, Stream};
use iced::futures::{StreamExt, future};

use super::keys::{KeyFilter, Stroke};

/// The window's one key filter.
#[derive(Clone)]
pub struct Keys(Arc<Mutex<Box<dyn KeyFilter>>>);

impl Keys {
    /// Every key goes through this filter.
    pub fn through(filter: Box<dyn KeyFilter>) -> Self {
        Self(Arc::new(Mutex::new(filter)))
    }

    /// What the filter lets through, as soon as it does.
    pub fn subscribe(&self) -> Subscription<Vec<Stroke>> {
        from_recipe(Filtered(self.clone()))
    }

    /// A panic elsewhere leaves the filter as it was before the key.
    fn filter(&self) -> MutexGuard<'_, Box<dyn KeyFilter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next strokes that are let through; `None` when no more events come.
    async fn next(&self, events: &mut (impl Stream<Item = Event> + Unpin)) -> Option<Vec<Stroke>> {
        loop {
            let deadline = self.filter().deadline();
            let due = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                    None => future::pending().await,
                }
            };
            let strokes = tokio::select! {
                // A key that has come in time is never late because nobody looked.
                biased;
                event = events.next() => match stroke_of(&event?) {
                    Some(stroke) => self.filter().strike(stroke, Instant::now()),
                    None => Vec::new(),
                },
                () = due => self.filter().expire(Instant::now()),
            };
            if !strokes.is_empty() {
                return Some(strokes);
            }
        }
    }
}

/// The stroke of an event. A field of the side panel that has taken a key keeps it.
fn stroke_of(event: &Event) -> Option<Stroke> {
    match event {
        Event::Interaction { event: iced::Event::Keyboard(key), status: iced::event::Status::Ignored, .. } => {
            Stroke::from_event(key)
        }
        _ => None,
    }
}

struct Filtered(Keys);

impl Recipe for Filtered {
    type Output = Vec<Stroke>;

    /// The same one however often it is asked for: there is one keyboard.
    fn hash(&self, state: &mut Hasher) {
        "keys".hash(state);
    }

    fn stream(self: Box<Self>, events: EventStream) -> BoxStream<'static, Vec<Stroke>> {
        let next = async |(mut events, keys): (EventStream, Keys)| {
            let strokes = keys.next(&mut events).await?;
            Some((strokes, (events, keys)))
        };
        stream::unfold((events, self.0), next).boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use iced::keyboard;

    use super::*;
    use crate::gui::keys::{Key, NoFilter};

    /// Takes everything up to Enter for a scan; lets through what has waited.
    #[derive(Default)]
    struct ToEnter {
        held: Vec<Stroke>,
        due: Option<Instant>,
    }

    impl KeyFilter for ToEnter {
        fn strike(&mut self, stroke: Stroke, at: Instant) -> Vec<Stroke> {
            self.due = (stroke.key != Key::Enter).then(|| at + Duration::from_millis(20));
            match self.due {
                Some(_) => self.held.push(stroke),
                None => self.held.clear(),
            }
            Vec::new()
        }

        fn deadline(&self) -> Option<Instant> {
            self.due
        }

        fn expire(&mut self, _at: Instant) -> Vec<Stroke> {
            self.due = None;
            std::mem::take(&mut self.held)
        }
    }

    fn event(key: keyboard::Key, status: iced::event::Status) -> Event {
        let text = match &key {
            keyboard::Key::Character(text) => Some(text.clone()),
            _ => None,
        };
        let key = keyboard::Event::KeyPressed {
            modified_key: key.clone(),
            physical_key: keyboard::key::Physical::Unidentified(keyboard::key::NativeCode::Unidentified),
            location: keyboard::Location::Standard,
            modifiers: keyboard::Modifiers::default(),
            repeat: false,
            key,
            text,
        };
        Event::Interaction { window: iced::window::Id::unique(), event: iced::Event::Keyboard(key), status }
    }

    /// Keys as they are struck, `\n` for Enter.
    fn struck(keys: &str) -> Vec<Event> {
        let key = |c: char| match c {
            '\n' => keyboard::Key::Named(keyboard::key::Named::Enter),
            c => keyboard::Key::Character(c.to_string().into()),
        };
        keys.chars().map(|c| event(key(c), iced::event::Status::Ignored)).collect()
    }

    fn text_of(strokes: &[Stroke]) -> String {
        strokes.iter().filter_map(|stroke| stroke.text).collect()
    }

    #[tokio::test]
    async fn of_a_scan_not_one_key_reaches_the_window_and_what_a_person_types_does() {
        let keys = Keys::through(Box::new(ToEnter::default()));
        let mut scan = stream::iter(struck("4006381333931\n"));
        assert_eq!(keys.next(&mut scan).await, None, "the window is told of none, and draws for none");
        // Without Enter it was a person: what was held is let through when its time is up, though no more keys come.
        let mut typed = stream::iter(struck("40")).chain(stream::pending());
        assert_eq!(text_of(&keys.next(&mut typed).await.unwrap()), "40");
    }

    #[tokio::test]
    async fn without_a_filter_every_key_is_passed_on_but_those_of_the_panels_field() {
        let keys = Keys::through(Box::new(NoFilter));
        let captured = event(keyboard::Key::Character("x".into()), iced::event::Status::Captured);
        let mut events = stream::iter(struck("1").into_iter().chain([captured]).chain(struck("2")));
        assert_eq!(text_of(&keys.next(&mut events).await.unwrap()), "1");
        assert_eq!(text_of(&keys.next(&mut events).await.unwrap()), "2");
        assert_eq!(keys.next(&mut events).await, None);
    }
}
