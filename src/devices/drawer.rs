//! The cash drawer, seen through the printer's sense pin: where it is, and whether this till opened it.

use std::time::{Duration, Instant};

use super::printer::PinLevel;
use super::printer::profile::OpenLevel;
use crate::domain::device::DrawerPosition;

/// A drawer that opens this soon after a kick was opened by it; later, by its key.
const KICK_TAKES_MAX: Duration = Duration::from_secs(3);

/// What is known of the drawer.
#[derive(Clone, Debug)]
pub struct DrawerWatch {
    open_level: OpenLevel,
    position: DrawerPosition,
    kicked_at: Option<Instant>,
}

/// The drawer moved, or is seen for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawerMove {
    /// Now.
    pub position: DrawerPosition,
    /// Did the till open it?
    pub kicked: bool,
}

impl DrawerWatch {
    /// A drawer whose pin has this level while it is open.
    pub const fn new(open_level: OpenLevel) -> Self {
        Self { open_level, position: DrawerPosition::Unknown, kicked_at: None }
    }

    /// Where it is.
    pub const fn position(&self) -> DrawerPosition {
        self.position
    }

    /// The till has told it to open.
    pub const fn kick_sent(&mut self, now: Instant) {
        self.kicked_at = Some(now);
    }

    /// The printer told the pin's level.
    pub fn pin_told(&mut self, pin: PinLevel, now: Instant) -> Option<DrawerMove> {
        let position = match (self.open_level, pin) {
            (OpenLevel::Unknown, _) => return None,
            (OpenLevel::High, PinLevel::High) | (OpenLevel::Low, PinLevel::Low) => DrawerPosition::Open,
            (OpenLevel::High, PinLevel::Low) | (OpenLevel::Low, PinLevel::High) => DrawerPosition::Closed,
        };
        if position == self.position {
            return None;
        }
        let first_seen = self.position == DrawerPosition::Unknown;
        self.position = position;
        let opened = position == DrawerPosition::Open;
        let in_time = self.kicked_at.is_some_and(|at| now.saturating_duration_since(at) <= KICK_TAKES_MAX);
        if opened {
            self.kicked_at = None;
        }
        // A drawer found open when the till starts was opened by nobody's key now.
        Some(DrawerMove { position, kicked: opened && (in_time || first_seen) })
    }

    /// The printer is out of reach: nothing is known until it tells again.
    pub const fn lose_sight(&mut self) -> Option<DrawerMove> {
        if matches!(self.position, DrawerPosition::Unknown) {
            return None;
        }
        self.position = DrawerPosition::Unknown;
        Some(DrawerMove { position: DrawerPosition::Unknown, kicked: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_opened_the_drawer() {
        use DrawerPosition::{Closed, Open};
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        let mut drawer = DrawerWatch::new(OpenLevel::High);
        let moved = |position, kicked| Some(DrawerMove { position, kicked });
        assert_eq!(drawer.pin_told(PinLevel::Low, at(0)), moved(Closed, false));
        assert_eq!(drawer.pin_told(PinLevel::Low, at(1)), None);
        drawer.kick_sent(at(1000));
        assert_eq!(drawer.pin_told(PinLevel::High, at(1200)), moved(Open, true));
        assert_eq!(drawer.pin_told(PinLevel::Low, at(9000)), moved(Closed, false));
        assert_eq!(drawer.pin_told(PinLevel::High, at(9100)), moved(Open, false), "one kick opens once");
        assert_eq!(drawer.pin_told(PinLevel::Low, at(9200)), moved(Closed, false));
        drawer.kick_sent(at(20_000));
        assert_eq!(drawer.pin_told(PinLevel::High, at(30_000)), moved(Open, false), "too late to be the kick");
    }

    #[test]
    fn polarity_is_the_wirings_and_may_be_unknown() {
        let now = Instant::now();
        let first = |level, pin| DrawerWatch::new(level).pin_told(pin, now).map(|m| m.position);
        assert_eq!(first(OpenLevel::Low, PinLevel::Low), Some(DrawerPosition::Open));
        assert_eq!(first(OpenLevel::Low, PinLevel::High), Some(DrawerPosition::Closed));
        assert_eq!(first(OpenLevel::Unknown, PinLevel::High), None);
    }
}
