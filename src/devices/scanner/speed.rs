//! The speed a scanner's line is read at: when nonsense says that it is wrong, which one is tried next, and for how long.

use super::profile::LinkFacts;
use super::reader::GARBLED_IN_A_ROW;

/// So much nonsense in a row at a speed that codes were read at, and it is probably wrong by now: more often the cable is bad than
/// somebody has set the scanner anew, and the first code after the cable is mended is read only by who still listens at it.
const GARBLED_AT_PROVEN_SPEED: u32 = 6;

/// The search for the speed that is right. Times are milliseconds of any clock that does not go back.
#[derive(Debug)]
pub struct SpeedSearch {
    speeds: Vec<u32>,
    /// The speed the line is read at.
    baud: u32,
    /// The last speed that was tried.
    tried: u32,
    /// A whole code was read at this speed: it was right, and probably is.
    proven: Option<u32>,
    /// The line has gone since: another scanner may be on it by now.
    is_plugged_in_anew: bool,
    garbled_in_a_row: u32,
    /// What came last was nonsense, and enough of it.
    is_wrong: bool,
    /// When the line is set back to the proven speed, unless a code is read before.
    back_at_ms: Option<u64>,
}

impl SpeedSearch {
    /// Begins at the speed the scanner has from its box.
    pub fn new(link: &LinkFacts) -> Self {
        Self {
            speeds: link.speeds.clone(),
            baud: link.baud,
            tried: link.baud,
            proven: None,
            is_plugged_in_anew: false,
            garbled_in_a_row: 0,
            is_wrong: false,
            back_at_ms: None,
        }
    }

    /// The speed to read at.
    pub const fn baud(&self) -> u32 {
        self.baud
    }

    /// When another speed is due, unless something comes before.
    pub const fn next_deadline(&self) -> Option<u64> {
        self.back_at_ms
    }

    /// Something was heard: a code, or nonsense, and so much of it in a row by now.
    pub fn hear(&mut self, read: bool, garbled: bool, garbled_in_a_row: u32) {
        self.garbled_in_a_row = garbled_in_a_row;
        if read {
            (self.proven, self.is_plugged_in_anew, self.back_at_ms) = (Some(self.baud), false, None);
        }
        let is_trusted = self.proven == Some(self.baud) && !self.is_plugged_in_anew;
        let enough = if is_trusted { GARBLED_AT_PROVEN_SPEED } else { GARBLED_IN_A_ROW };
        if garbled_in_a_row < GARBLED_IN_A_ROW {
            self.is_wrong = false;
        } else if garbled {
            self.is_wrong = garbled_in_a_row >= enough && self.speeds.iter().any(|speed| *speed != self.baud);
        }
    }

    /// Is the line to be read at another speed from now on?
    pub fn is_due(&self, now_ms: u64) -> bool {
        self.is_wrong || self.back_at_ms.is_some_and(|at_ms| now_ms >= at_ms)
    }

    /// The next speed. A proven one comes between every two others, which get a moment each: more often the cable or the label was
    /// bad than somebody has set the scanner anew.
    pub fn choose_next(&mut self, now_ms: u64) {
        (self.is_wrong, self.back_at_ms) = (false, None);
        if let Some(proven) = self.proven.filter(|proven| *proven != self.baud) {
            self.baud = proven;
            return;
        }
        let from = self.speeds.iter().position(|speed| *speed == self.tried).map_or(0, |position| position + 1);
        let others = self.speeds.iter().cycle().skip(from).take(self.speeds.len());
        if let Some(next) = others.copied().find(|speed| *speed != self.baud) {
            (self.baud, self.tried) = (next, next);
            self.back_at_ms = self.proven.map(|_| now_ms + moment_ms(self.garbled_in_a_row));
        }
    }

    /// The line has gone.
    pub fn disconnect(&mut self) {
        self.baud = self.proven.unwrap_or(self.baud);
        (self.is_wrong, self.back_at_ms, self.garbled_in_a_row) = (false, None, 0);
        self.is_plugged_in_anew = true;
    }
}

/// How long another speed than the proven one is listened at. Whoever got nonsense scans again at once, and who mends a cable takes
/// longer; but the more nonsense there was, the likelier it is that another speed is right, which is found only by who listens at
/// it when the next scan comes.
const fn moment_ms(garbled_in_a_row: u32) -> u64 {
    match garbled_in_a_row {
        ..12 => 2_000,
        12..24 => 10_000,
        24.. => 60_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::scanner::ScannerProfile;

    /// A line whose scanner somebody holds a label before, time and again.
    struct Bench {
        search: SpeedSearch,
        garbled_in_a_row: u32,
        now_ms: u64,
    }

    impl Bench {
        /// 9600 from the box, and 115200, 38400 and 19200.
        fn new() -> Self {
            let profile = ScannerProfile::load("generic", None).unwrap();
            Self { search: SpeedSearch::new(&profile.link), garbled_in_a_row: 0, now_ms: 0 }
        }

        fn change_when_due(&mut self) {
            if self.search.is_due(self.now_ms) {
                self.search.choose_next(self.now_ms);
            }
        }

        /// So long nobody scans, and then somebody does: is it read?
        fn scan(&mut self, pause_ms: u64, sent_at: Option<u32>) -> bool {
            self.now_ms += pause_ms;
            self.change_when_due();
            let read = sent_at == Some(self.search.baud());
            self.garbled_in_a_row = if read { 0 } else { self.garbled_in_a_row + 1 };
            self.search.hear(read, !read, self.garbled_in_a_row);
            self.change_when_due();
            read
        }
    }

    #[test]
    fn another_speed_is_found_at_whatever_pace_somebody_scans() {
        for (pause_ms, scans_max) in [(500, 12), (1900, 12), (2500, 18), (9000, 18), (30_000, 30), (59_000, 30)] {
            for right in [115_200, 38_400, 19_200] {
                let mut bench = Bench::new();
                assert!(bench.scan(0, Some(9600)));
                let found = (1..=100).find(|_| bench.scan(pause_ms, Some(right)));
                assert!(found.is_some_and(|scans| scans <= scans_max), "{right} every {pause_ms} ms: {found:?}");
                assert!(bench.scan(600_000, Some(right)), "and is stayed at");
            }
        }
    }

    #[test]
    fn a_line_that_is_mended_while_nobody_scans_is_listened_at_as_before() {
        for garbled in 1..=11 {
            let mut bench = Bench::new();
            bench.scan(0, Some(9600));
            for _ in 0..garbled {
                bench.scan(2500, None);
            }
            assert!(bench.scan(2500, Some(9600)), "{garbled}");
        }
    }

    #[test]
    fn what_is_plugged_in_anew_need_not_be_the_scanner_that_was_there() {
        let mut bench = Bench::new();
        bench.scan(0, Some(9600));
        for _ in 0..2 {
            bench.search.disconnect();
            bench.garbled_in_a_row = 0;
            assert_eq!(bench.search.baud(), 9600, "it is the likeliest");
            let found = (1..=100).find(|_| bench.scan(500, Some(115_200)));
            assert_eq!(found, Some(3), "twice is enough");
            let found = (1..=100).find(|_| bench.scan(500, Some(9600)));
            assert!(found.is_some_and(|scans| scans > 6), "it takes more where a code was read: {found:?}");
        }
    }
}
