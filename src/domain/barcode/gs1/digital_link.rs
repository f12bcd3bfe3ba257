//! GS1 Digital Link: the same data as an address of the web (GS1 Digital Link standard: URI syntax, 1.6).

use super::element_string::{Element, ElementError, check_value};
use super::identifiers::{self, Identifier};

/// Where canonical addresses live (URI syntax 1.6, section 5).
const CANONICAL_HOST: &str = "https://id.gs1.org";

/// Why an address is not a Digital Link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// An address of something else, or no address at all.
    #[error("not a Digital Link")]
    NotALink,
    /// A percent sign without two hexadecimal digits behind it, or bytes that are no text.
    #[error("the address is wrongly encoded")]
    Encoding,
    /// The qualifiers behind the key are not its own, or in the wrong order.
    #[error("the identifiers of the path are in no valid order")]
    PathOrder,
    /// The query has an identifier that belongs into the path, or that nobody knows.
    #[error("({identifier}) may not stand in the query")]
    NotAnAttribute {
        /// Which.
        identifier: String,
    },
    /// A value is wrong.
    #[error(transparent)]
    Element(#[from] ElementError),
}

/// Is this text an address at all?
pub fn is_address(text: &str) -> bool {
    let scheme = |scheme: &str| text.get(..scheme.len()).is_some_and(|t| t.eq_ignore_ascii_case(scheme));
    scheme("https://") || scheme("http://")
}

/// Takes an address apart: any host, any path before the key; query keys that are no identifiers are somebody else's.
pub fn parse(address: &str) -> Result<Vec<Element>, LinkError> {
    if !is_address(address) {
        return Err(LinkError::NotALink);
    }
    let after_scheme = address.split_once("://").map_or("", |(_, rest)| rest);
    let without_fragment = after_scheme.split('#').next().unwrap_or_default();
    let (host_and_path, query) = without_fragment.split_once('?').unwrap_or((without_fragment, ""));
    let (host, path) = host_and_path.split_once('/').ok_or(LinkError::NotALink)?;
    if host.is_empty() {
        return Err(LinkError::NotALink);
    }
    let mut elements = parse_path(path.trim_end_matches('/'))?;
    for pair in query.split(['&', ';']).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !name.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let identifier = identifiers::find(name)
            .filter(|identifier| identifier.link.attribute)
            .ok_or_else(|| LinkError::NotAnAttribute { identifier: name.to_owned() })?;
        elements.push(take_value(identifier, &decode(value, PlusSign::IsSpace)?)?);
    }
    Ok(elements)
}

/// The pairs from the key to the end. The key is looked for from the right, since anything may stand before it.
fn parse_path(path: &str) -> Result<Vec<Element>, LinkError> {
    let segments: Vec<&str> = path.split('/').collect();
    let mut pairs: Vec<(&Identifier, String)> = Vec::new();
    let mut at = segments.len();
    let sequences = loop {
        if at < 2 {
            return Err(LinkError::NotALink);
        }
        at -= 2;
        let identifier = identifiers::find(segments[at]).ok_or(LinkError::NotALink)?;
        pairs.push((identifier, decode(segments[at + 1], PlusSign::IsItself)?));
        if let Some(sequences) = &identifier.link.key {
            break sequences;
        }
    };
    pairs.reverse();
    let qualifiers: Vec<&str> = pairs[1..].iter().map(|(identifier, _)| identifier.code.as_str()).collect();
    if !qualifiers.is_empty() && !sequences.iter().any(|sequence| is_subsequence(&qualifiers, sequence)) {
        return Err(LinkError::PathOrder);
    }
    pairs.into_iter().map(|(identifier, value)| take_value(identifier, &value)).collect()
}

/// Do the members stand in `sequence` in the same order, some perhaps left out?
fn is_subsequence(members: &[&str], sequence: &[String]) -> bool {
    let mut rest = sequence.iter();
    members.iter().all(|member| rest.any(|candidate| candidate == member))
}

fn take_value(identifier: &Identifier, value: &str) -> Result<Element, LinkError> {
    if value.len() < identifier.length_min() {
        return Err(ElementError::TooShort { identifier: identifier.code.clone() }.into());
    }
    check_value(identifier, value)?;
    Ok(Element::new(&*identifier.code, value))
}

/// What `+` means: in a query it is a blank (HTML forms), in a path it is itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PlusSign {
    IsItself,
    IsSpace,
}

/// Undoes percent encoding (RFC 3986, 2.1).
fn decode(text: &str, plus: PlusSign) -> Result<String, LinkError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16)).ok_or(LinkError::Encoding);
                bytes.push((digit()? * 16 + digit()?) as u8);
            }
            b'+' if plus == PlusSign::IsSpace => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| LinkError::Encoding)
}

/// Percent-encodes all but the unreserved characters (RFC 3986, 2.3).
fn encode_value(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The canonical address: the first key there is with its qualifiers in their order, all else as attributes, those of
/// fixed length first. `None` when no element is a key.
pub fn encode_canonical(elements: &[Element]) -> Option<String> {
    let is_key = |e: &&Element| identifiers::find(&e.identifier).is_some_and(|i| i.link.key.is_some());
    let key = elements.iter().find(|e| e.identifier == "01").or_else(|| elements.iter().find(is_key))?;
    let sequences = identifiers::find(&key.identifier)?.link.key.as_ref()?;
    let value_of = |code: &str| elements.iter().find(|e| e.identifier == code);
    let present = |sequence: &[String]| sequence.iter().filter(|code| value_of(code).is_some()).count();
    // The sequence that takes up the most; the first of equals.
    let sequence = sequences.iter().rev().max_by_key(|s| present(s)).map_or(&[][..], Vec::as_slice);
    let mut address = format!("{CANONICAL_HOST}/{}/{}", key.identifier, encode_value(&key.value));
    for element in sequence.iter().filter_map(|code| value_of(code)) {
        address.push_str(&format!("/{}/{}", element.identifier, encode_value(&element.value)));
    }
    let attributes = elements.iter().filter(|e| e.identifier != key.identifier && !sequence.contains(&e.identifier));
    let is_fixed = |e: &&Element| identifiers::find(&e.identifier).is_some_and(|i| i.fixed);
    let (fixed, open): (Vec<_>, Vec<_>) = attributes.partition(is_fixed);
    for (index, element) in fixed.into_iter().chain(open).enumerate() {
        let separator = if index == 0 { '?' } else { '&' };
        address.push_str(&format!("{separator}{}={}", element.identifier, encode_value(&element.value)));
    }
    Some(address)
}
