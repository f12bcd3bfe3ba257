//! What the Code 128 on our own receipts and slips says: a receipt's number with its till, or a web order's number. They lead
//! to a document and to no product.
//!
//! They are plain text, as a product's house number may be: whoever meets one looks up which of the two it is.

use super::house::parse_collection_code;
use crate::domain::ids::{OrderNumber, TillId};

/// The fewest digits a receipt's number is printed with.
const RECEIPT_DIGITS_MIN: usize = 5;

/// A document of the shop, as its code names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentCode {
    /// The receipt of a sale.
    Receipt {
        /// The till that printed it.
        till: TillId,
        /// Its number there.
        receipt_number: u64,
    },
    /// A web order's slip.
    Order(OrderNumber),
}

impl DocumentCode {
    /// `W-10231` and `T-7K2MX4` as central numbers orders, letters in any case; `S001-T02-00042` as receipts are numbered.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let upper = text.to_ascii_uppercase();
        let web = upper.strip_prefix("W-").filter(|rest| is_order_number(rest));
        let transfer = upper.strip_prefix("T-").filter(|rest| parse_collection_code(rest).is_some());
        if web.or(transfer).is_some() {
            return Some(Self::Order(OrderNumber::new(upper)));
        }
        // A store's code may have a hyphen of its own.
        let mut parts = text.rsplitn(3, '-');
        let (number, workstation, store) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = !store.is_empty() && !workstation.is_empty() && number.len() >= RECEIPT_DIGITS_MIN;
        let receipt_number = number.parse().ok().filter(|_| whole && number.bytes().all(|b| b.is_ascii_digit()))?;
        Some(Self::Receipt { till: TillId { store: store.into(), workstation: workstation.into() }, receipt_number })
    }

    /// The text to print.
    pub fn encode(&self) -> String {
        match self {
            Self::Receipt { till, receipt_number } => {
                format!("{}-{}-{receipt_number:0width$}", till.store, till.workstation, width = RECEIPT_DIGITS_MIN)
            }
            Self::Order(number) => number.to_string(),
        }
    }
}

/// Digits, and behind a hyphen whatever tells it from another order of that number.
fn is_order_number(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_digit()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_own_paper_says() {
        let order = |number: &str| Some(DocumentCode::Order(number.into()));
        let receipt = |store: &str, workstation: &str, receipt_number| {
            let till = TillId { store: store.into(), workstation: workstation.into() };
            Some(DocumentCode::Receipt { till, receipt_number })
        };
        let check =
            |text: &str, expected: Option<DocumentCode>| assert_eq!(DocumentCode::parse(text), expected, "{text}");
        check("W-10231", order("W-10231"));
        check("w-10231", order("W-10231"));
        check("W-10231-2", order("W-10231-2"));
        check("T-7K2MX4", order("T-7K2MX4"));
        check("T-7K2M", None);
        check("W-", None);
        check("W-JACKET", None);
        check("W10231", None);
        check("S001-T02-00042", receipt("S001", "T02", 42));
        check("HIGH-ST-T02-123456", receipt("HIGH-ST", "T02", 123_456));
        check("S001-T02-42", None);
        check("S001-T02-000x2", None);
        check("-T02-00042", None);
        check("00042", None);
        check("4006381333931", None);
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in ["W-10231", "T-7K2MX4", "S001-T02-00042", "HIGH-ST-T02-123456"] {
            assert_eq!(DocumentCode::parse(text).unwrap().encode(), text);
        }
    }
}
