//! A scanner that types like a keyboard, told from a person who does: the fallback where there is no serial line.
//!
//! Keys go in with their times; out come either the same keys, to be typed where the cursor stands, or a scan. Nothing
//! of a scan ever reaches a text field, since keys are kept back until they are too slow for a scanner. When in doubt
//! it was a person; when a code broke in the middle it is a scan that is not sold.

use super::profile::WedgeProfile;
use crate::domain::ids::DeviceId;
use crate::domain::scan::{Scan, ScanQuality, Symbology};

/// After machine-fast keys that came to nothing, fast keys within this time are the rest of the same code.
const TAIL_MS: u64 = 250;

/// The most characters kept back.
const LENGTH_MAX: usize = 8192;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMeaning {
    /// Types this.
    Character(char),
    /// Ends a line, or goes to the next field: what scanners send after a code.
    End,
    /// Anything else: arrows, functions, with Control held.
    Other,
}

/// What the keys were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WedgeEvent<K> {
    /// A person: these keys, in this order, for whoever has the cursor.
    Typed(Vec<K>),
    /// A scanner.
    Scan(Scan),
    /// A scanner set to another keyboard's layout than this machine: its codes are garbled. The scan that shows it
    /// comes with [`ScanQuality::Garbage`].
    LayoutMismatch,
}

struct Kept<K> {
    key: K,
    character: char,
    at_ms: u64,
}

/// Tells keys from codes. `K` is the window's own key event, given back untouched.
pub struct WedgeRecogniser<K> {
    device: DeviceId,
    profile: WedgeProfile,
    kept: Vec<Kept<K>>,
    /// A person is typing: keys go straight through until they pause.
    passing_since_ms: Option<u64>,
    /// Fast keys ended without being a code, at this time.
    broken_at_ms: Option<u64>,
}

impl<K> WedgeRecogniser<K> {
    /// A recogniser whose scans come from `device`.
    pub const fn new(device: DeviceId, profile: WedgeProfile) -> Self {
        Self { device, profile, kept: Vec::new(), passing_since_ms: None, broken_at_ms: None }
    }

    /// Takes a key pressed at `now_ms`.
    pub fn feed(&mut self, key: K, meaning: KeyMeaning, now_ms: u64) -> Vec<WedgeEvent<K>> {
        let mut events = self.poll(now_ms);
        match meaning {
            KeyMeaning::Character(character) => {
                if let Some(last_ms) = self.passing_since_ms {
                    if now_ms.saturating_sub(last_ms) <= self.profile.gap_max_ms {
                        self.passing_since_ms = Some(now_ms);
                        events.push(WedgeEvent::Typed(vec![key]));
                        return events;
                    }
                    self.passing_since_ms = None;
                }
                let gap_is_long =
                    self.last_ms().is_some_and(|last| now_ms.saturating_sub(last) > self.profile.gap_max_ms);
                if gap_is_long {
                    events.extend(self.release(None));
                }
                self.kept.push(Kept { key, character, at_ms: now_ms });
                if !self.is_fast() || self.kept.len() > LENGTH_MAX {
                    // A held key or a fast typist. No half of this may become a code, so the rest passes too.
                    events.extend(self.release(None));
                    self.broken_at_ms = None;
                    self.passing_since_ms = Some(now_ms);
                }
            }
            KeyMeaning::End => {
                self.passing_since_ms = None;
                let in_time = self.last_ms().is_some_and(|last| now_ms.saturating_sub(last) <= self.profile.end_max_ms);
                if in_time && self.kept.len() >= self.profile.length_min {
                    events.extend(self.take_scan());
                } else if in_time && self.is_tail() {
                    events.push(WedgeEvent::Scan(self.broken_scan()));
                } else {
                    events.extend(self.release(Some(key)));
                }
            }
            KeyMeaning::Other => {
                self.passing_since_ms = None;
                events.extend(self.release(Some(key)));
            }
        }
        events
    }

    /// Lets time pass: keys that turned out to be a person's are given back.
    pub fn poll(&mut self, now_ms: u64) -> Vec<WedgeEvent<K>> {
        match self.next_deadline() {
            Some(deadline) if now_ms >= deadline => self.release(None).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// When [`Self::poll`] has something to give back, unless a key comes before.
    pub fn next_deadline(&self) -> Option<u64> {
        let limit_ms =
            if self.kept.len() >= self.profile.length_min { self.profile.end_max_ms } else { self.profile.gap_max_ms };
        self.last_ms().map(|last| last + limit_ms + 1)
    }

    fn last_ms(&self) -> Option<u64> {
        self.kept.last().map(|kept| kept.at_ms)
    }

    /// Is half of all gaps short enough? With fewer than three gaps there is nothing to say yet.
    fn is_fast(&self) -> bool {
        let mut gaps: Vec<u64> = self.kept.windows(2).map(|pair| pair[1].at_ms.saturating_sub(pair[0].at_ms)).collect();
        if gaps.len() < 3 {
            return true;
        }
        gaps.sort_unstable();
        gaps[(gaps.len() - 1) / 2] <= self.profile.gap_median_max_ms
    }

    /// Is what is kept the rest of a code that broke off?
    fn is_tail(&self) -> bool {
        let first_ms = self.kept.first().map(|kept| kept.at_ms);
        matches!((self.broken_at_ms, first_ms), (Some(broken), Some(first)) if first.saturating_sub(broken) <= TAIL_MS)
    }

    /// Gives the kept keys back, and `last` behind them.
    fn release(&mut self, last: Option<K>) -> Option<WedgeEvent<K>> {
        let was_fast = self.kept.len() >= 2;
        let ended = last.is_some();
        if ended {
            self.broken_at_ms = None;
        } else if was_fast || self.is_tail() {
            self.broken_at_ms = self.last_ms();
        }
        let mut keys: Vec<K> = self.kept.drain(..).map(|kept| kept.key).collect();
        keys.extend(last);
        (!keys.is_empty()).then_some(WedgeEvent::Typed(keys))
    }

    fn broken_scan(&mut self) -> Scan {
        self.broken_at_ms = None;
        let text: String = self.kept.drain(..).map(|kept| kept.character).collect();
        Scan { device: self.device.clone(), payload: text.into_bytes(), symbology: None, quality: ScanQuality::Partial }
    }

    fn take_scan(&mut self) -> Vec<WedgeEvent<K>> {
        if self.is_tail() {
            return vec![WedgeEvent::Scan(self.broken_scan())];
        }
        let text: String = self.kept.drain(..).map(|kept| kept.character).collect();
        let garbled = is_of_another_layout(&text);
        let (symbology, payload) = match Symbology::split(text.as_bytes()) {
            Some((symbology, rest)) => (Some(symbology), rest.to_vec()),
            None => (None, text.clone().into_bytes()),
        };
        let quality = if garbled { ScanQuality::Garbage } else { ScanQuality::Whole };
        let scan = WedgeEvent::Scan(Scan { device: self.device.clone(), payload, symbology, quality });
        if garbled { vec![WedgeEvent::LayoutMismatch, scan] } else { vec![scan] }
    }
}

/// Does this text show a scanner set to another layout? Codes of the kinds scanners type have no letters beyond ASCII,
/// and the digits of a French keyboard without Shift are unmistakable.
fn is_of_another_layout(text: &str) -> bool {
    const AZERTY_DIGITS: &str = "&é\"'(-è_çà";
    let foreign = !text.is_ascii();
    let unshifted = text.chars().all(|c| AZERTY_DIGITS.contains(c));
    foreign || unshifted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn recogniser() -> WedgeRecogniser<char> {
        WedgeRecogniser::new(DeviceId::new("wedge"), WedgeProfile::load(None).unwrap())
    }

    /// Plays keys with the gap in front of each; `\n` is Enter, `\t` Tab, `^` another key. A window ends what is left.
    fn play(keys: &[(u64, char)]) -> Vec<String> {
        let mut recogniser = recogniser();
        let mut now_ms = 1_000_000;
        let mut events = Vec::new();
        for (gap_ms, key) in keys {
            now_ms += gap_ms;
            while let Some(deadline) = recogniser.next_deadline().filter(|deadline| *deadline <= now_ms) {
                events.extend(recogniser.poll(deadline));
            }
            let meaning = match key {
                '\n' | '\t' => KeyMeaning::End,
                '^' => KeyMeaning::Other,
                character => KeyMeaning::Character(*character),
            };
            events.extend(recogniser.feed(*key, meaning, now_ms));
        }
        events.extend(recogniser.poll(now_ms + 10_000));
        let mut told: Vec<String> = Vec::new();
        for event in events {
            match event {
                WedgeEvent::Typed(keys) => {
                    let text: String = keys.into_iter().collect();
                    match told.last_mut() {
                        Some(last) if last.starts_with("typed ") => last.push_str(&text),
                        _ => told.push(format!("typed {text}")),
                    }
                }
                WedgeEvent::Scan(scan) => {
                    let aim = scan.symbology.map(|s| format!("]{}{} ", s.code as char, s.modifier as char));
                    let text = String::from_utf8(scan.payload).unwrap();
                    told.push(format!("{:?} {}{text}", scan.quality, aim.unwrap_or_default()).to_lowercase());
                }
                WedgeEvent::LayoutMismatch => told.push("layout".into()),
            }
        }
        told
    }

    fn at_gap(text: &str, gap_ms: u64) -> Vec<(u64, char)> {
        text.chars().map(|c| (gap_ms, c)).collect()
    }

    #[test]
    fn a_scanner_is_told_from_a_person_by_its_speed_and_its_end() {
        let check = |text: &str, gap_ms: u64, expected: &str| {
            assert_eq!(play(&at_gap(text, gap_ms)), [expected], "{text:?} at {gap_ms} ms");
        };
        check("4006381333931\n", 0, "whole 4006381333931");
        check("4006381333931\n", 5, "whole 4006381333931");
        check("4006381333931\t", 20, "whole 4006381333931");
        check("]E04006381333931\n", 5, "whole ]e0 4006381333931");
        check("4006381333931\n", 21, "typed 4006381333931\n");
        check("4006381333931\n", 33, "typed 4006381333931\n");
        check("4006381333931\n", 80, "typed 4006381333931\n");
        check("12345\n", 5, "typed 12345\n");
        check("123456\n", 5, "whole 123456");
        check("4006381333931", 5, "typed 4006381333931");
        check("4006^", 5, "typed 4006^");
        check("\n", 5, "typed \n");
    }

    #[test]
    fn the_end_may_be_a_little_late_but_no_more() {
        let with_end = |gap_ms: u64| {
            let mut keys = at_gap("4006381333931", 5);
            keys.push((gap_ms, '\n'));
            play(&keys)
        };
        assert_eq!(with_end(100), ["whole 4006381333931"]);
        assert_eq!(with_end(101), ["typed 4006381333931\n"]);
    }

    #[test]
    fn two_scans_in_a_row_and_a_person_in_between() {
        let mut keys = at_gap("4006381333931\n96385074\n", 5);
        keys.extend(at_gap("abc", 120));
        keys.push((300, '4'));
        keys.extend(at_gap("006381333931\n", 5));
        assert_eq!(play(&keys), ["whole 4006381333931", "whole 96385074", "typed abc", "whole 4006381333931"]);
    }

    #[test]
    fn a_code_that_breaks_in_the_middle_is_never_sold() {
        let code = "4006381333931\n";
        for at in 1..code.len() - 1 {
            for pause_ms in [36, 60, 100, 200] {
                let mut keys = at_gap(code, 5);
                keys[at].0 = pause_ms;
                let told = play(&keys);
                // A single key in front cannot be told from a person's: then the rest is one digit short, and fails its
                // check digit.
                let sold = told.iter().any(|t| t.starts_with("whole"));
                assert!(!sold || at == 1, "cut at {at}, {pause_ms} ms: {told:?}");
            }
        }
    }

    #[test]
    fn a_held_key_stays_typing_to_its_end() {
        let told = play(&at_gap(&("a".repeat(40) + "\n"), 33));
        assert_eq!(told, [format!("typed {}\n", "a".repeat(40))]);
    }

    #[test]
    fn another_keyboard_layout_is_noticed() {
        let check = |text: &str, expected: &[&str]| assert_eq!(play(&at_gap(text, 5)), expected, "{text}");
        check("ABCß123\n", &["layout", "garbage abcß123"]);
        check("çàà-_è&\"\"\"\n", &["layout", "garbage çàà-_è&\"\"\""]);
        check("&\"'(-_&\n", &["layout", "garbage &\"'(-_&"]);
        check("AB-12/3\n", &["whole ab-12/3"]);
    }

    proptest! {
        #[test]
        fn no_key_is_lost_or_doubled(keys in proptest::collection::vec((0u64..150, "[a-z0-9\n^]"), 0..60)) {
            let keys: Vec<(u64, char)> = keys.into_iter().map(|(gap, key)| (gap, key.chars().next().unwrap())).collect();
            let mut recogniser = recogniser();
            let (mut now_ms, mut given_back) = (0, String::new());
            let mut take = |events: Vec<WedgeEvent<char>>| {
                for event in events {
                    match event {
                        WedgeEvent::Typed(keys) => given_back.extend(keys),
                        // The end of a scan is the scanner's own.
                        WedgeEvent::Scan(scan) => given_back.push_str(&format!("{}\n", String::from_utf8(scan.payload).unwrap())),
                        WedgeEvent::LayoutMismatch => {}
                    }
                }
            };
            for (gap_ms, key) in &keys {
                now_ms += gap_ms;
                let meaning = match key {
                    '\n' => KeyMeaning::End,
                    '^' => KeyMeaning::Other,
                    character => KeyMeaning::Character(*character),
                };
                take(recogniser.feed(*key, meaning, now_ms));
            }
            take(recogniser.poll(now_ms + 10_000));
            let all: String = keys.iter().map(|(_, key)| *key).collect();
            prop_assert_eq!(given_back, all);
        }
    }
}
