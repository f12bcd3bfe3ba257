//! A scanner that types like a keyboard: told from a person by its speed, so that no code ever lands in a field.

use std::time::{Duration, Instant};

use till::devices::scanner::{KeyMeaning, WedgeEvent, WedgeProfile, WedgeRecogniser};
use till::domain::device::DeviceEvent;
use till::domain::ids::DeviceId;
use till::gui::keys::{Key, KeyFilter, Stroke};
use till::register::runner::IntentSender;
use till::register::{Intent, SCANNER};

/// Keys in, keys of a person out; scans go to the register.
pub struct Wedge {
    recogniser: WedgeRecogniser<Stroke>,
    intents: IntentSender,
    begun: Instant,
}

impl Wedge {
    /// A filter whose scans go to `intents`.
    pub fn new(profile: WedgeProfile, intents: IntentSender) -> Self {
        let recogniser = WedgeRecogniser::new(DeviceId::from(SCANNER), profile);
        Self { recogniser, intents, begun: Instant::now() }
    }

    fn milliseconds(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.begun).as_millis()).unwrap_or(u64::MAX)
    }

    fn sort(&self, events: Vec<WedgeEvent<Stroke>>) -> Vec<Stroke> {
        let mut typed = Vec::new();
        for event in events {
            match event {
                WedgeEvent::Typed(strokes) => typed.extend(strokes),
                WedgeEvent::Scan(scan) => {
                    self.intents.send(Intent::Device(DeviceEvent::Scanned(scan)));
                }
                WedgeEvent::LayoutMismatch => {
                    tracing::warn!("the scanner types another keyboard layout than this machine: set it to this one");
                }
            }
        }
        typed
    }
}

impl KeyFilter for Wedge {
    fn strike(&mut self, stroke: Stroke, at: Instant) -> Vec<Stroke> {
        let meaning = match (stroke.key, stroke.text) {
            (Key::Enter | Key::Tab, _) => KeyMeaning::End,
            (_, Some(character)) => KeyMeaning::Character(character),
            _ => KeyMeaning::Other,
        };
        let now_ms = self.milliseconds(at);
        let events = self.recogniser.feed(stroke, meaning, now_ms);
        self.sort(events)
    }

    fn deadline(&self) -> Option<Instant> {
        Some(self.begun + Duration::from_millis(self.recogniser.next_deadline()?))
    }

    fn expire(&mut self, at: Instant) -> Vec<Stroke> {
        let now_ms = self.milliseconds(at);
        let events = self.recogniser.poll(now_ms);
        self.sort(events)
    }
}
