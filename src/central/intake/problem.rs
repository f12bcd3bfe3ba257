//! What is wrong with a document, in words for a person and a code for a program.

use super::text::printable;
use crate::wire::trade::v1 as proto;

/// The closed list. The names are promises: senders match on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemCode {
    /// Not XML.
    XmlNotWellFormed,
    /// It has a document type definition of its own, or names an entity.
    XmlDtdRefused,
    /// Beyond a limit: bytes, lines, a text.
    XmlTooLarge,
    /// Elements within elements beyond the limit.
    XmlTooDeep,
    /// Its bytes are not in an encoding we read, or not in the one it says.
    XmlEncoding,
    /// XML of no format we know.
    FormatUnknown,
    /// A format we know, and not an order.
    NotAnOrder,
    /// No order number, or one too long to be kept whole.
    OrderIdMissing,
    /// The number was used for another order.
    DuplicateConflict,
    /// Nobody is named as the buyer, or, by a channel of customers alone, somebody who is none of ours.
    BuyerUnknown,
    /// No currency.
    CurrencyMissing,
    /// A currency the store does not sell in, or none at all.
    CurrencyUnsupported,
    /// No lines.
    NoLines,
    /// No product of ours.
    ItemUnknown,
    /// Not a quantity that can be ordered.
    QuantityInvalid,
    /// Not a price.
    PriceInvalid,
    /// The sums do not agree.
    TotalMismatch,
    /// No store of ours, or no warehouse to send from.
    StoreUnknown,
    /// A change or cancellation of an order we do not have.
    OrderUnknown,
    /// Too late to cancel.
    CancelTooLate,
    /// So many problems of the channel wait for head office that this one was not kept.
    TooManyProblems,
}

impl ProblemCode {
    /// As senders know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::XmlNotWellFormed => "XML_NOT_WELL_FORMED",
            Self::XmlDtdRefused => "XML_DTD_REFUSED",
            Self::XmlTooLarge => "XML_TOO_LARGE",
            Self::XmlTooDeep => "XML_TOO_DEEP",
            Self::XmlEncoding => "XML_ENCODING",
            Self::FormatUnknown => "FORMAT_UNKNOWN",
            Self::NotAnOrder => "NOT_AN_ORDER",
            Self::OrderIdMissing => "ORDER_ID_MISSING",
            Self::DuplicateConflict => "DUPLICATE_CONFLICT",
            Self::BuyerUnknown => "BUYER_UNKNOWN",
            Self::CurrencyMissing => "CURRENCY_MISSING",
            Self::CurrencyUnsupported => "CURRENCY_UNSUPPORTED",
            Self::NoLines => "NO_LINES",
            Self::ItemUnknown => "ITEM_UNKNOWN",
            Self::QuantityInvalid => "QUANTITY_INVALID",
            Self::PriceInvalid => "PRICE_INVALID",
            Self::TotalMismatch => "TOTAL_MISMATCH",
            Self::StoreUnknown => "STORE_UNKNOWN",
            Self::OrderUnknown => "ORDER_UNKNOWN",
            Self::CancelTooLate => "CANCEL_TOO_LATE",
            Self::TooManyProblems => "TOO_MANY_PROBLEMS",
        }
    }

    /// All of them, in the order they are written down for senders.
    pub const ALL: [Self; 21] = [
        Self::XmlNotWellFormed,
        Self::XmlDtdRefused,
        Self::XmlTooLarge,
        Self::XmlTooDeep,
        Self::XmlEncoding,
        Self::FormatUnknown,
        Self::NotAnOrder,
        Self::OrderIdMissing,
        Self::DuplicateConflict,
        Self::BuyerUnknown,
        Self::CurrencyMissing,
        Self::CurrencyUnsupported,
        Self::NoLines,
        Self::ItemUnknown,
        Self::QuantityInvalid,
        Self::PriceInvalid,
        Self::TotalMismatch,
        Self::StoreUnknown,
        Self::OrderUnknown,
        Self::CancelTooLate,
        Self::TooManyProblems,
    ];

    /// What to do about it, as a sentence for whoever finds it: a person in a shop as well as the sender's engineer.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::XmlNotWellFormed => {
                "The file is damaged or cut off at this place or just before it: have it sent again."
            }
            Self::XmlDtdRefused => {
                "Have it sent without a DOCTYPE, and with no entities but &amp; &lt; &gt; &quot; and &apos;."
            }
            Self::XmlTooLarge => {
                "Have the order sent in parts: at most 1 MiB, 10,000 lines, and 64 KiB in any one text."
            }
            Self::XmlTooDeep => "Have it sent with at most 64 levels of one thing within another.",
            Self::XmlEncoding => "Have it sent as UTF-8, UTF-16 or ISO-8859-1, with the name of it in the first line.",
            Self::FormatUnknown => "Have the order sent as UBL 2, cXML, openTRANS, GS1 XML 3 or plain <orders>.",
            Self::NotAnOrder => "Have an order sent: invoices, catalogues and other papers are not taken here.",
            Self::OrderIdMissing => "Have the order sent with a number of its sender's own, of 100 characters at most.",
            Self::DuplicateConflict => {
                "Have the new order sent under a number of its own, or as a change if it changes the first one."
            }
            Self::BuyerUnknown => {
                "Name the buyer by a customer number of ours, or have head office say whose this name is."
            }
            Self::CurrencyMissing => "Have the order say in which currency its amounts are.",
            Self::CurrencyUnsupported => "Have it ordered in the currency the store sells in.",
            Self::NoLines => "Have the order name at least one thing that is wanted.",
            Self::ItemUnknown => {
                "Name the item by the number under its bar code or by our article number, or have head office put the \
                 customer's number on the list."
            }
            Self::QuantityInvalid => {
                "Say how many are wanted: more than none, and whole pieces of what we sell by the piece."
            }
            Self::PriceInvalid => {
                "Name a price of nothing or more, to the cent: for a customer of ours the one that was agreed."
            }
            Self::TotalMismatch => {
                "Have the sums checked: lines, discounts, charges, tax and rounding must add up to the totals, and no more \
                 than that be paid before."
            }
            Self::StoreUnknown => "Name the store by our code for it or by its GLN.",
            Self::OrderUnknown => "Name the order by the number and the buyer it was sent with.",
            Self::CancelTooLate => "Call the store: what has left the shelf is settled between people.",
            Self::TooManyProblems => {
                "Have head office mend or dismiss the channel's open problems, then send this order again."
            }
        }
    }
}

/// Does it stop the document?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Yes.
    Error,
    /// No, but somebody should know.
    Warning,
}

impl Severity {
    /// As it is kept and told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Where something stands in a document.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Place {
    /// Element by element: `/Order/OrderLine[2]/LineItem/Quantity`.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

impl Place {
    /// Where a document begins: for what concerns all of it.
    pub fn beginning() -> Self {
        Self { path: "/".into(), line: 1, column: 1 }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which of the list.
    pub code: ProblemCode,
    /// Whether it stops the document.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What stands there, cut.
    pub value: String,
    /// In a sentence.
    pub message: String,
}

/// How much of a value is repeated to its sender.
const VALUE_CHARACTERS_MAX: usize = 200;
/// How much is said in a message, and of a path: both may quote names of the document.
const TOLD_CHARACTERS_MAX: usize = 300;

impl Problem {
    /// A problem that stops the document. What it quotes of the document is cut, and commands no terminal it is read on.
    pub fn new(code: ProblemCode, place: Place, value: &str, message: impl Into<String>) -> Self {
        let cut = |text: &str, most: usize| printable(text).chars().take(most).collect::<String>();
        Self {
            code,
            severity: Severity::Error,
            value: cut(value, VALUE_CHARACTERS_MAX),
            message: cut(&message.into(), TOLD_CHARACTERS_MAX),
            place: Place { path: cut(&place.path, TOLD_CHARACTERS_MAX), ..place },
        }
    }

    /// The same, without stopping the document.
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// About how many bytes it takes to tell.
    pub fn told_bytes(&self) -> usize {
        let frame = 64;
        let texts = [&self.place.path, &self.value, &self.message];
        frame + self.code.as_str().len() + self.code.hint().len() + texts.iter().map(|text| text.len()).sum::<usize>()
    }

    /// As it is kept, for head office.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "code": self.code.as_str(),
            "severity": self.severity.as_str(),
            "path": self.place.path, "line": self.place.line, "column": self.place.column, "value": self.value,
            "message": self.message, "hint": self.code.hint(),
        })
    }

    /// As it is sent.
    pub fn to_wire(&self) -> proto::Problem {
        proto::Problem {
            code: self.code.as_str().into(),
            severity: match self.severity {
                Severity::Error => proto::Severity::Error as i32,
                Severity::Warning => proto::Severity::Warning as i32,
            },
            path: self.place.path.clone(),
            line: self.place.line,
            column: self.place.column,
            value: self.value.clone(),
            message: self.message.clone(),
            hint: self.code.hint().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_hint_that_a_person_in_a_shop_can_act_on() {
        for code in ProblemCode::ALL {
            let (hint, name) = (code.hint(), code.as_str());
            let words = hint.split_whitespace().count();
            assert!(hint.starts_with(char::is_uppercase) && hint.ends_with('.'), "{name}: a sentence? {hint}");
            assert!((6..=30).contains(&words), "{name}: {words} words: {hint}");
            for ours in ["namespace", "element", "attribute", "schema", "parse", "invalid", "null", "_", "  "] {
                assert!(!hint.to_lowercase().contains(ours), "{name}: {ours:?} is no word for a shop: {hint}");
            }
            let others = ProblemCode::ALL.iter().filter(|other| other.hint() == hint || other.as_str() == name);
            assert_eq!(others.count(), 1, "{name}: a hint and a name of its own");
        }
    }

    #[test]
    fn the_list_that_senders_read_is_the_whole_list() {
        let proto = include_str!("../../../proto/trade/v1/order.proto");
        let list = proto.split("One of a closed list:").nth(1).unwrap().split("string code").next().unwrap();
        let listed: Vec<&str> = list
            .split(|c: char| !c.is_ascii_uppercase() && c != '_')
            .filter(|word| word.len() > 3 && word.contains('_'))
            .collect();
        assert_eq!(listed, ProblemCode::ALL.map(ProblemCode::as_str));
    }
}
