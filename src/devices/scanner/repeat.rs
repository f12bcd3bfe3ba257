//! One article is one line: drops the same code read twice in one go, and the second code of an article that carries
//! two.

use std::collections::VecDeque;

use chrono::NaiveDate;

use crate::domain::barcode::{Code, Gtin, InStoreRules, parse_code};
use crate::domain::scan::Symbology;

/// The same code again this soon is the same trigger pull.
pub const DOUBLE_MS: u64 = 250;
/// The same code again this soon may be a mistake: it counts, and is pointed out.
pub const REPEAT_MS: u64 = 700;
/// Another code of the same article this soon is the other code on the same piece (GS1, 2D in retail: scanners that
/// send all codes of an item).
pub const SAME_ARTICLE_MS: u64 = 600;

/// What to do with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    New,
    /// It counts, and is pointed out.
    Repeat,
    /// The same trigger pull: leave it out.
    Double,
    /// The other code of the same piece: leave it out.
    SameArticle,
}

#[derive(Debug)]
struct Seen {
    payload: Vec<u8>,
    article: Option<(Gtin, Carrier)>,
    at_ms: u64,
}

/// How an article's number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carrier {
    /// As digits alone.
    Digits,
    /// In an element string or a Digital Link.
    Gs1,
}

/// Remembers what one scanner has read in the last moments.
#[derive(Debug, Default)]
pub struct RepeatGuard {
    seen: VecDeque<Seen>,
}

impl RepeatGuard {
    /// Judges a whole code read at `now_ms`, and remembers it.
    pub fn judge(&mut self, payload: &[u8], symbology: Option<Symbology>, now_ms: u64) -> Verdict {
        while self.seen.front().is_some_and(|seen| now_ms.saturating_sub(seen.at_ms) > REPEAT_MS) {
            self.seen.pop_front();
        }
        let article = find_article(payload, symbology);
        if let Some(at) = self.seen.iter().rposition(|seen| seen.payload == payload)
            && let Some(mut seen) = self.seen.remove(at)
        {
            let gap_ms = now_ms.saturating_sub(seen.at_ms);
            // Counted from the last reading, so that a code left under the beam stays one item.
            seen.at_ms = now_ms;
            self.seen.push_back(seen);
            return if gap_ms < DOUBLE_MS { Verdict::Double } else { Verdict::Repeat };
        }
        let other_code = article.is_some_and(|(gtin, carrier)| {
            self.seen.iter().any(|seen| {
                now_ms.saturating_sub(seen.at_ms) <= SAME_ARTICLE_MS
                    && seen.article.is_some_and(|(other, how)| other == gtin && how != carrier)
            })
        });
        self.seen.push_back(Seen { payload: payload.to_vec(), article, at_ms: now_ms });
        if other_code { Verdict::SameArticle } else { Verdict::New }
    }

    /// Forgets everything: another device may be plugged in now.
    pub fn forget(&mut self) {
        self.seen.clear();
    }
}

fn find_article(payload: &[u8], symbology: Option<Symbology>) -> Option<(Gtin, Carrier)> {
    // Dates do not matter here, so any day will do; and a scale's label is compared as a whole.
    match parse_code(payload, symbology, &InStoreRules::none(), NaiveDate::default()).ok()? {
        Code::Gtin(code) => Some((code.gtin, Carrier::Digits)),
        Code::Gs1(read) => Some((read.gtin, Carrier::Gs1)),
        Code::InStore(_) | Code::House(_) | Code::Text(_) => None,
    }
}
