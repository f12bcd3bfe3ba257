//! Character sets of printers, and which of a model's pages each piece of a text is printed with.

use serde::Deserialize;

use super::glyph::has_glyph;
use crate::domain::receipt::cell_width;

/// A character set that some printer has as a code page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // The names are the sets' own.
pub enum CharacterSet {
    Cp437,
    Cp737,
    Cp775,
    Cp850,
    Cp852,
    Cp855,
    Cp857,
    Cp858,
    Cp860,
    Cp861,
    Cp862,
    Cp863,
    Cp865,
    Cp866,
    Cp869,
    Cp1250,
    Cp1251,
    Cp1252,
    Cp1253,
    Cp1254,
    Cp1257,
    #[serde(rename = "iso8859-2")]
    Iso8859_2,
    #[serde(rename = "iso8859-7")]
    Iso8859_7,
    #[serde(rename = "iso8859-15")]
    Iso8859_15,
}

/// Where a set's table is.
enum Table {
    /// A DOS code page by its number.
    Dos(u16),
    /// A set of the web.
    Web(&'static encoding_rs::Encoding),
}

impl CharacterSet {
    const fn table(self) -> Table {
        match self {
            Self::Cp437 => Table::Dos(437),
            Self::Cp737 => Table::Dos(737),
            Self::Cp775 => Table::Dos(775),
            Self::Cp850 => Table::Dos(850),
            Self::Cp852 => Table::Dos(852),
            Self::Cp855 => Table::Dos(855),
            Self::Cp857 => Table::Dos(857),
            Self::Cp858 => Table::Dos(858),
            Self::Cp860 => Table::Dos(860),
            Self::Cp861 => Table::Dos(861),
            Self::Cp862 => Table::Dos(862),
            Self::Cp863 => Table::Dos(863),
            Self::Cp865 => Table::Dos(865),
            Self::Cp866 => Table::Dos(866),
            Self::Cp869 => Table::Dos(869),
            Self::Cp1250 => Table::Web(encoding_rs::WINDOWS_1250),
            Self::Cp1251 => Table::Web(encoding_rs::WINDOWS_1251),
            Self::Cp1252 => Table::Web(encoding_rs::WINDOWS_1252),
            Self::Cp1253 => Table::Web(encoding_rs::WINDOWS_1253),
            Self::Cp1254 => Table::Web(encoding_rs::WINDOWS_1254),
            Self::Cp1257 => Table::Web(encoding_rs::WINDOWS_1257),
            Self::Iso8859_2 => Table::Web(encoding_rs::ISO_8859_2),
            Self::Iso8859_7 => Table::Web(encoding_rs::ISO_8859_7),
            Self::Iso8859_15 => Table::Web(encoding_rs::ISO_8859_15),
        }
    }

    /// The byte of a character, when the set has it. Printable ASCII is the same in all of them.
    pub fn encode(self, character: char) -> Option<u8> {
        if matches!(character, ' '..='~') {
            return Some(character as u8);
        }
        // Below A0 the web's sets hold control characters, which a printer would obey.
        if character.is_control() || character.is_ascii() {
            return None;
        }
        match self.table() {
            Table::Dos(number) => {
                let table = oem_cp::code_table::ENCODING_TABLE_CP_MAP.get(&number)?;
                oem_cp::encode_char_checked(character, table)
            }
            Table::Web(encoding) => {
                let mut buffer = [0; 4];
                let (bytes, _, unmappable) = encoding.encode(character.encode_utf8(&mut buffer));
                match (unmappable, &*bytes) {
                    (false, [byte]) => Some(*byte),
                    _ => None,
                }
            }
        }
    }

    /// The character of a byte, `None` where the set has a gap.
    pub fn decode(self, byte: u8) -> Option<char> {
        match (byte, self.table()) {
            (0x20..=0x7E, _) => Some(char::from(byte)),
            (0..0x20 | 0x7F, _) => None,
            (_, Table::Dos(number)) => {
                oem_cp::code_table::DECODING_TABLE_CP_MAP.get(&number)?.decode_char_checked(byte)
            }
            (_, Table::Web(encoding)) => {
                encoding.decode_without_bom_handling(&[byte]).0.chars().next().filter(|c| *c != '\u{FFFD}')
            }
        }
    }
}

/// A piece of text that is printed with one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The number for `ESC t`; `None` when any page will do.
    pub page: Option<u8>,
    /// In that page.
    pub bytes: Vec<u8>,
}

/// What stands for a character that neither a page of the model nor our own font has.
pub const MISSING: char = '?';

fn is_in_a_page(character: char, pages: &[(u8, CharacterSet)]) -> bool {
    matches!(character, ' '..='~') || pages.iter().any(|(_, set)| set.encode(character).is_some())
}

/// Must the line be a picture? It has a character that no page has, that has no double on a typewriter, and that our own
/// font can draw.
pub fn needs_drawing(text: &str, pages: &[(u8, CharacterSet)]) -> bool {
    let is_drawn = |c: char| !is_in_a_page(c, pages) && cell_width(c) > 0 && double(c).is_none() && has_glyph(c);
    text.chars().any(is_drawn)
}

/// Splits a text into runs with the fewest switches: each page is kept as long as it can be, and the next one is the
/// page that reaches furthest (the first of the list among equals). `current` is the page the printer is at.
///
/// Characters that no page has are written in simpler ones where people do so too (“ becomes ", € becomes EUR), and
/// otherwise as [`MISSING`].
pub fn plan_runs(text: &str, pages: &[(u8, CharacterSet)], current: Option<u8>) -> Vec<Run> {
    let characters: Vec<char> = simplified(text, pages);
    let mut runs: Vec<Run> = Vec::new();
    let mut page = current.and_then(|n| pages.iter().find(|(number, _)| *number == n)).copied();
    let mut at = 0;
    while at < characters.len() {
        let reach = |set: CharacterSet| characters[at..].iter().take_while(|c| set.encode(**c).is_some()).count();
        let plain = characters[at..].iter().take_while(|c| c.is_ascii()).count();
        let (kept, chosen) = match page {
            Some((_, set)) if reach(set) > 0 => (reach(set), page),
            _ if plain == characters.len() - at => (plain, None),
            _ => {
                // The list is not empty and every character left is in some page or plain ASCII.
                let best = pages.iter().rev().max_by_key(|(_, set)| reach(*set)).copied();
                (best.map_or(plain, |(_, set)| reach(set)).max(1), best)
            }
        };
        let set = chosen.map(|(_, set)| set);
        let encode = |c: char| match set {
            Some(set) => set.encode(c).unwrap_or(MISSING as u8),
            None => c as u8,
        };
        let bytes = characters[at..at + kept].iter().map(|c| encode(*c)).collect();
        runs.push(Run { page: chosen.map(|(number, _)| number), bytes });
        page = chosen;
        at += kept;
    }
    runs
}

fn simplified(text: &str, pages: &[(u8, CharacterSet)]) -> Vec<char> {
    let mut characters = Vec::with_capacity(text.len());
    for character in text.chars() {
        if is_in_a_page(character, pages) {
            characters.push(character);
        } else if let Some(double) = double(character) {
            characters.push(double);
        } else if let Some(words) = written_out(character) {
            characters.extend(words.chars());
        } else if let Some(blanks) = cell_width(character).checked_sub(1) {
            characters.push(MISSING);
            // What stands behind it keeps its column.
            characters.extend(std::iter::repeat_n(' ', blanks));
        }
    }
    characters
}

/// What looks the same on a typewriter, and takes as much room.
const fn double(character: char) -> Option<char> {
    Some(match character {
        '\u{A0}' | '\u{2009}' | '\u{202F}' => ' ',
        '‘' | '’' | '‚' | '′' => '\'',
        '“' | '”' | '„' | '″' | '«' | '»' => '"',
        '‐' | '‑' | '–' | '—' | '−' => '-',
        '×' => 'x',
        '·' | '•' => '*',
        _ => return None,
    })
}

/// How people write a character on a typewriter that lacks it.
const fn written_out(character: char) -> Option<&'static str> {
    Some(match character {
        '…' => "...",
        '€' => "EUR",
        '½' => "1/2",
        '¼' => "1/4",
        'œ' => "oe",
        'Œ' => "OE",
        'Š' => "S",
        'š' => "s",
        'Ž' => "Z",
        'ž' => "z",
        'Ÿ' => "Y",
        '™' => "(TM)",
        '✓' => "v",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGES: &[(u8, CharacterSet)] = &[
        (19, CharacterSet::Cp858),
        (16, CharacterSet::Cp1252),
        (18, CharacterSet::Cp852),
        (17, CharacterSet::Cp866),
        (0, CharacterSet::Cp437),
    ];

    /// The runs as `page:text`, read back through the pages.
    fn check(text: &str, current: Option<u8>, expected: &[&str]) {
        let shown: Vec<String> = plan_runs(text, PAGES, current)
            .iter()
            .map(|run| match run.page {
                None => format!("-:{}", String::from_utf8_lossy(&run.bytes)),
                Some(page) => format!("{page}:{}", read_back(page, &run.bytes)),
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    fn read_back(page: u8, bytes: &[u8]) -> String {
        let set = PAGES.iter().find(|(number, _)| *number == page).unwrap().1;
        bytes.iter().map(|b| set.decode(*b).unwrap()).collect()
    }

    #[test]
    fn each_piece_gets_the_page_that_reaches_furthest() {
        check("Total 12.50", None, &["-:Total 12.50"]);
        check("Café 3 €", None, &["19:Café 3 €"]);
        check("Café 3 €", Some(16), &["16:Café 3 €"]);
        check("Ceník: křen", None, &["18:Ceník: křen"]);
        check("Чай и café", None, &["17:Чай и caf", "19:é"]);
        check("“Œuvre”", None, &["16:“Œuvre”"]);
        check("毛 wool", None, &["-:?  wool"]);
        check("a\u{301}", None, &["-:a"]);
        check("\u{1b}@", None, &["-:?@"]);
    }

    #[test]
    fn without_a_page_for_them_characters_are_simplified() {
        let plain = &[(0, CharacterSet::Cp437)];
        let text = |text: &str| -> Vec<u8> { plan_runs(text, plain, None).into_iter().flat_map(|r| r.bytes).collect() };
        assert_eq!(text("3 € – “now”…"), b"3 EUR - \"now\"...");
        assert_eq!(text("№ 7"), b"? 7");
    }

    #[test]
    fn a_line_is_drawn_only_for_what_nothing_else_can_say() {
        for text in ["Café 3 €", "Ceník: křen", "Чай", "“Œuvre” – …", "毛 wool", "a\u{301}"] {
            assert!(!needs_drawing(text, PAGES), "{text}");
        }
        for text in ["Ωμέγα", "Ceník ♥", "10 ₴"] {
            assert!(needs_drawing(text, PAGES), "{text}");
        }
        assert!(needs_drawing("3 €", &[(0, CharacterSet::Cp437)]));
    }

    proptest! {
        /// Every character that some page has comes out as itself; nothing is ever a control character.
        #[test]
        fn runs_say_what_the_text_says(text in "[a-zA-Zà-ÿА-я€“”ěščřž ]{0,60}") {
            let shown: String = plan_runs(&text, PAGES, None)
                .iter()
                .map(|run| run.page.map_or_else(
                    || String::from_utf8_lossy(&run.bytes).into_owned(),
                    |page| read_back(page, &run.bytes),
                ))
                .collect();
            prop_assert_eq!(shown, text);
        }

        #[test]
        fn no_text_makes_a_command(text in any::<String>()) {
            for run in plan_runs(&text, PAGES, None) {
                prop_assert!(run.bytes.iter().all(|b| *b >= 0x20 && *b != 0x7F));
            }
        }
    }
}
