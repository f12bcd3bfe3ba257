//! Pages: how many records an answer has, so that no client's limit is ever met.

use prost::Message;
use tonic::Status;

use super::status::{Reason, refuse_with};

/// How many bytes the records of one answer may have: half of what gRPC clients take by default, 4 MiB.
const BYTES_MAX: usize = 2 * 1024 * 1024;

/// How many records a page has at most.
pub const PAGE_MAX: usize = 1000;

/// How many records a page has, when somebody says how many.
pub fn get_size(asked: u32, usual: usize) -> usize {
    match asked as usize {
        0 => usual,
        size => size.min(PAGE_MAX),
    }
}

/// Leaves off what would be too much for one answer; one record is always left. Answers whether anything was left off.
pub fn keep_fitting<M: Message>(records: &mut Vec<M>) -> bool {
    let mut bytes = 0;
    let too_much = |record: &M| {
        bytes += record.encoded_len();
        bytes > BYTES_MAX
    };
    let fitting = records.iter().position(too_much).unwrap_or(records.len()).max(1);
    let is_cut = fitting < records.len();
    records.truncate(fitting);
    is_cut
}

/// A token made of words, such as none of central's records has a mark between.
pub fn token(words: &[&str]) -> String {
    serde_json::Value::from(words.to_vec()).to_string()
}

/// The words of a token; `None` for none.
pub fn read_token<const N: usize>(text: &str) -> Result<Option<[String; N]>, Status> {
    if text.is_empty() {
        return Ok(None);
    }
    let words: Option<Vec<String>> = serde_json::from_str(text).ok();
    let words = words.and_then(|words| <[String; N]>::try_from(words).ok());
    words.map(Some).ok_or_else(refuse_token)
}

/// What is no token of ours is refused.
pub fn refuse_token() -> Status {
    refuse_with(Reason::FieldInvalid, "not a token of central's", &[("field", "page_token")])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::office::v1::StockRow;

    #[test]
    fn an_answer_has_no_more_than_a_client_takes_and_always_something() {
        let row = |bytes: usize| StockRow { name: "x".repeat(bytes), ..StockRow::default() };
        let mut rows = vec![row(900_000); 4];
        assert!(keep_fitting(&mut rows));
        assert_eq!(rows.len(), 2);
        assert!(!keep_fitting(&mut rows));
        let mut huge = vec![row(3_000_000), row(1)];
        assert!(keep_fitting(&mut huge));
        assert_eq!(huge.len(), 1);
        assert!(!keep_fitting(&mut Vec::<StockRow>::new()));
    }

    #[test]
    fn tokens_are_read_back_whatever_their_words() {
        let words = ["S/1\"", ",[]"];
        assert_eq!(read_token::<2>(&token(&words)).unwrap().unwrap(), words);
        assert_eq!(read_token::<2>("").unwrap(), None);
        for wrong in ["x", "[]", "[\"a\"]", "{}", "[1,2]"] {
            assert!(read_token::<2>(wrong).is_err(), "{wrong}");
        }
    }
}
