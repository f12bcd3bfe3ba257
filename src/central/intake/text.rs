//! From bytes to text: which encoding a document is in, and which characters may go on to screens and printers.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::problem::{Place, Problem, ProblemCode};
use super::xml::{self, Offset};

/// The byte order mark of UTF-8, which counts more than any word about an encoding.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The document as text, without byte order mark. `content_type` may name a charset, which counts more than the document's
/// own word (RFC 7303, section 3), and less than a byte order mark.
pub fn decode(bytes: &[u8], content_type: &str) -> Result<String, Problem> {
    let (encoding, mark_bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark_bytes)) => (encoding, mark_bytes),
        None => {
            let name = charset_of(content_type).or_else(|| declared(bytes));
            let encoding = match name.as_deref() {
                Some(name) => known(name).ok_or_else(|| {
                    let message = format!("the encoding {name:?} is not read here");
                    Problem::new(ProblemCode::XmlEncoding, Place::beginning(), name, message)
                })?,
                None => guessed(bytes),
            };
            (encoding, 0)
        }
    };
    let bytes = &bytes[mark_bytes..];
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(Cow::into_owned).ok_or_else(|| unreadable(encoding, bytes))
}

/// What is wrong with bytes that are not in their encoding: where the first of them stands that is not.
fn unreadable(encoding: &'static Encoding, bytes: &[u8]) -> Problem {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    let wrong = match result {
        DecoderResult::Malformed(length, behind) => {
            let end = read.saturating_sub(usize::from(behind));
            bytes.get(end.saturating_sub(usize::from(length))..end).unwrap_or_default()
        }
        DecoderResult::InputEmpty | DecoderResult::OutputFull => &[],
    };
    let wrong: Vec<String> = wrong.iter().map(|byte| format!("{byte:02X}")).collect();
    let place = xml::place(&text, Offset(text.len()), "/".to_owned());
    let message = format!("the bytes are not {}", encoding.name());
    Problem::new(ProblemCode::XmlEncoding, place, &wrong.join(" "), message)
}

/// The document in bytes that can be read without its content type: as it came, unless that alone said which encoding it is
/// in. Then in UTF-8, and marked as such where its declaration says otherwise: every place in it stays where it is.
pub fn independent(bytes: Vec<u8>, content_type: &str) -> Vec<u8> {
    if charset_of(content_type).is_none() {
        return bytes;
    }
    let Ok(text) = decode(&bytes, content_type) else { return bytes };
    let says = |bytes: &[u8]| decode(bytes, "").is_ok_and(|own| own == text);
    if says(&bytes) {
        return bytes;
    }
    if says(text.as_bytes()) { text.into_bytes() } else { [MARK, text.as_bytes()].concat() }
}

/// Without a word about it: UTF-16 shows by its zero bytes, everything else is UTF-8 (XML 1.0, appendix F).
fn guessed(bytes: &[u8]) -> &'static Encoding {
    match bytes {
        [0, b'<', ..] => UTF_16BE,
        [b'<', 0, ..] => UTF_16LE,
        _ => UTF_8,
    }
}

fn known(name: &str) -> Option<&'static Encoding> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Some(UTF_8),
        "utf-16" | "utf-16le" => Some(UTF_16LE),
        "utf-16be" => Some(UTF_16BE),
        // ISO-8859-1 with the characters its C1 gaps are always meant to be (WHATWG Encoding, 4.2).
        "iso-8859-1" | "latin1" | "latin-1" | "iso_8859-1" | "windows-1252" | "cp1252" => Some(WINDOWS_1252),
        _ => None,
    }
}

fn charset_of(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The encoding an XML declaration names. Where the zero bytes show UTF-16, they say more.
fn declared(bytes: &[u8]) -> Option<String> {
    if guessed(bytes) != UTF_8 {
        return None;
    }
    let head = &bytes[..bytes.len().min(200)];
    let head = &head[..head.windows(2).position(|pair| pair == b"?>")?];
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let text = std::str::from_utf8(head).ok()?;
    let rest = text.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split_once(quote).map(|(name, _)| name.to_owned())
}

/// May the character stand in an XML 1.0 document (section 2.2)?
pub const fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{1_0000}'..='\u{10_FFFF}')
}

/// Does the character command a screen or printer instead of showing on it: a control character, one that turns the direction
/// of writing, a byte order mark?
pub const fn is_command(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            | '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// One line of printable text: runs of white space are one blank, control characters and those that turn the direction of
/// writing are gone. Nothing else may reach a screen, a printer or a file of head office's.
pub fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() {
            if !clean.is_empty() && !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !is_command(character) {
            clean.push(character);
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// A text as a cell of a file that a spreadsheet opens: what would be a formula there is a text (OWASP, CSV injection).
pub fn spreadsheet_cell(text: &str) -> String {
    let text = printable(text);
    match text.starts_with(['=', '+', '-', '@']) {
        true => format!("'{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], content_type: &str, expected: Option<&str>) {
        assert_eq!(decode(bytes, content_type).ok().as_deref(), expected, "{bytes:?} {content_type}");
    }

    #[test]
    fn every_encoding_we_promise() {
        check("<a>é</a>".as_bytes(), "", Some("<a>é</a>"));
        check(b"\xEF\xBB\xBF<a/>", "", Some("<a/>"));
        check(b"\xFF\xFE<\0a\0/\0>\0", "", Some("<a/>"));
        check(b"\xFE\xFF\0<\0a\0/\0>", "", Some("<a/>"));
        check(b"<\0a\0/\0>\0", "", Some("<a/>"));
        check(b"\0<\0a\0/\0>", "", Some("<a/>"));
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>";
        check(latin, "", Some("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"));
        check(b"<a>\xE9</a>", "application/xml; charset=\"iso-8859-1\"", Some("<a>é</a>"));
        check(b"<a>\xE9</a>", "application/xml", None);
        check(b"<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>", "", None);
        check(b"\xFF\xFE<\0a", "", None);
        check(b"", "", Some(""));
    }

    #[test]
    fn nothing_that_moves_a_cursor_gets_through() {
        assert_eq!(printable(" a\t\n b\u{7}\u{1B}[31m\u{202E}c\u{85}"), "a b[31mc");
        assert_eq!(printable("\u{0}\r\n "), "");
    }
}
