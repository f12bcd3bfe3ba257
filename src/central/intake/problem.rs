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
    /// No order number.
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

    /// What the sender can do about it.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::XmlNotWellFormed => "check the document with an XML tool; the fault is at or just before this place",
            Self::XmlDtdRefused => {
                "send the document without a DOCTYPE and with no entities but &amp; &lt; &gt; &quot; &apos;"
            }
            Self::XmlTooLarge => "at most 1 MiB, 10,000 lines, 64 KiB in one text; split the order",
            Self::XmlTooDeep => "at most 64 elements within one another",
            Self::XmlEncoding => "send UTF-8, UTF-16 or ISO-8859-1 and say so in the first line",
            Self::FormatUnknown => {
                "send UBL 2, cXML, openTRANS, GS1 XML 3 or plain <orders>; the first element and its namespace decide"
            }
            Self::NotAnOrder => "send an Order; other documents of this format are not taken here",
            Self::OrderIdMissing => "give the order a number of yours",
            Self::DuplicateConflict => "give the new order a number of its own, or send the first one again unchanged",
            Self::BuyerUnknown => "name the buyer by its customer number, or by an identity that head office knows",
            Self::CurrencyMissing => "name the currency of the order, or on every amount",
            Self::CurrencyUnsupported => "order in the currency the store sells in",
            Self::NoLines => "an order has at least one line",
            Self::ItemUnknown => {
                "name the item by a GTIN we sell or by our article number, or put the customer's number on the list"
            }
            Self::QuantityInvalid => "more than nothing, at most three decimals, whole pieces where we sell pieces",
            Self::PriceInvalid => {
                "a price of nothing or more, not finer than the currency; for a customer of ours the one that was agreed"
            }
            Self::TotalMismatch => "lines, allowances, charges, tax and rounding must add up to the totals",
            Self::StoreUnknown => "name a store of ours by its code or its GLN as the delivery location",
            Self::OrderUnknown => "name the order by the number and the buyer it was sent with",
            Self::TooManyProblems => "have the channel's open problems mended or dismissed, then send this order again",
            Self::CancelTooLate => "call the store: what has left the shelf is settled with people",
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
