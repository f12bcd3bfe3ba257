//! House codes: what this shop's own slips and badges say. They are plain text, so they can be told from articles
//! anywhere.

/// Characters of a collection code: no 0 O, 1 I L, so that a code read aloud or off a telephone is never mistaken.
pub const COLLECTION_ALPHABET: &str = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Characters of a collection code.
pub const COLLECTION_CODE_LENGTH: usize = 6;

/// The longest badge token.
const BADGE_TOKEN_LENGTH_MAX: usize = 64;

/// A code of the shop itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HouseCode {
    /// The code a customer collects a web order with, in capitals: `ABC234`.
    Collection(String),
    /// An operator's badge.
    Badge(String),
}

impl HouseCode {
    /// `C:ABC234`, `till:collect/ABC234` (what the QR code of an order says), `B:token`; letters in any case but for
    /// the token.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let after = |prefix: &str| {
            let head = text.get(..prefix.len())?;
            head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
        };
        if let Some(code) = after("C:").or_else(|| after("till:collect/")) {
            return parse_collection_code(code).map(Self::Collection);
        }
        let token = after("B:")?;
        let fits = (1..=BADGE_TOKEN_LENGTH_MAX).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self::Badge(token.to_owned()))
    }

    /// The text to print.
    pub fn encode(&self) -> String {
        match self {
            Self::Collection(code) => format!("till:collect/{code}"),
            Self::Badge(token) => format!("B:{token}"),
        }
    }
}

/// Six characters of [`COLLECTION_ALPHABET`] in any case, in capitals; also as typed at the counter, with blanks or
/// hyphens.
pub fn parse_collection_code(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| c.to_ascii_uppercase())
        .take(COLLECTION_CODE_LENGTH + 1)
        .collect();
    (code.len() == COLLECTION_CODE_LENGTH && code.chars().all(|c| COLLECTION_ALPHABET.contains(c))).then_some(code)
}

/// The collection code of a number, however large: draw the number, encode it. Numbers are told apart up to 31^6.
pub fn encode_collection_code(mut number: u64) -> String {
    let alphabet = COLLECTION_ALPHABET.as_bytes();
    let base = alphabet.len() as u64;
    (0..COLLECTION_CODE_LENGTH)
        .map(|_| {
            let character = alphabet[(number % base) as usize];
            number /= base;
            char::from(character)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn slips_and_badges_are_told_by_their_beginning() {
        let check = |text: &str, expected: Option<HouseCode>| assert_eq!(HouseCode::parse(text), expected, "{text}");
        let collection = |code: &str| Some(HouseCode::Collection(code.into()));
        check("C:ABC234", collection("ABC234"));
        check("c:abc234", collection("ABC234"));
        check("C:ABC-234", collection("ABC234"));
        check("till:collect/ABC234", collection("ABC234"));
        check("TILL:COLLECT/ABC234", collection("ABC234"));
        check("C:ABC10O", None);
        check("C:ABC2345", None);
        check("C:ABC23", None);
        check("ABC234", None);
        check("B:9f8Ae1", Some(HouseCode::Badge("9f8Ae1".into())));
        check("B:", None);
        check("B:with blank", None);
        check("Ç:ABC234", None);
        check("", None);
    }

    proptest! {
        #[test]
        fn any_number_makes_a_code_that_reads_back(number in any::<u64>()) {
            let code = encode_collection_code(number);
            prop_assert_eq!(parse_collection_code(&code.to_lowercase()), Some(code.clone()));
            prop_assert_eq!(HouseCode::parse(&HouseCode::Collection(code.clone()).encode()), Some(HouseCode::Collection(code)));
        }
    }
}
