//! Mending a problem order: its document, as head office has put it right, comes in again by its own channel; and the place
//! of a problem in its document, for a person to look at. What head office makes of a problem its channel is told: by the
//! service, or in its folder for answers, in the language of its document.

use super::document::{Document, encode_refusal};
use super::{DocumentAnswer, Incoming, Intake, IntakeAnswer, IntakeOutcome, text};
use crate::central::store::{ChannelAnswer, ProblemOrder, ProblemSettlement, ProblemState, Store, StoreError};

/// How much of a line is shown before and behind the place.
const BEFORE_MAX: usize = 60;
const BEHIND_MAX: usize = 40;

/// Why a problem order cannot be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MendRefusal {
    /// There is none of this name.
    #[error("there is no such problem order")]
    Unknown,
    /// It is settled.
    #[error("it was settled before: only an open one is mended or dismissed")]
    Settled,
}

impl<S: Store> Intake<S> {
    /// Takes the mended document of a problem order as its channel would send it; without a mended one, the document as it
    /// was kept. When that comes in, the problem is resubmitted: both are kept. A document that still has problems is a
    /// problem of its own, unless it is unchanged: then the problem stays open.
    pub async fn mend(
        &self,
        problem: [u8; 16],
        mended: Option<Vec<u8>>,
        person: &str,
    ) -> Result<Result<DocumentAnswer, MendRefusal>, StoreError> {
        let Some(record) = self.store.find_problem(problem).await? else { return Ok(Err(MendRefusal::Unknown)) };
        if record.state != ProblemState::Open {
            return Ok(Err(MendRefusal::Settled));
        }
        let channel = record.kept.channel;
        let channels = self.store.list_channels().await?;
        let stores = channels.into_iter().find(|known| known.channel == channel).map(|known| known.stores);
        let allowed = stores.filter(|stores| !stores.is_empty());
        let bytes = mended.unwrap_or(record.kept.document);
        let incoming = Incoming { channel, content_type: "application/xml".into(), bytes };
        let answer = self.take_document(incoming, allowed).await?;
        let unchanged = answer.orders.iter().any(|one| one.problem == Some(problem));
        if !unchanged {
            let successor = answer.orders.iter().map(super::IntakeAnswer::our_name).collect::<Vec<_>>().join(", ");
            let told = ChannelAnswer { name: self.answer_name(problem, "xml"), document: answer.response.clone() };
            let settlement = ProblemSettlement {
                problem,
                state: ProblemState::Resubmitted,
                person: text::printable(person),
                reason: String::new(),
                successor,
                answer: told,
            };
            self.store.settle_problem(settlement, self.surroundings.now()).await?;
        }
        Ok(Ok(answer))
    }

    /// Settles a problem order without an order; the channel is told why.
    pub async fn dismiss(
        &self,
        problem: [u8; 16],
        person: &str,
        reason: &str,
    ) -> Result<Result<(), MendRefusal>, StoreError> {
        let Some(record) = self.store.find_problem(problem).await? else { return Ok(Err(MendRefusal::Unknown)) };
        let reason = text::printable(reason);
        let settlement = ProblemSettlement {
            problem,
            state: ProblemState::Dismissed,
            person: text::printable(person),
            answer: self.write_dismissal(&record.kept, &reason),
            reason,
            successor: String::new(),
        };
        let settled = self.store.settle_problem(settlement, self.surroundings.now()).await?;
        Ok(if settled { Ok(()) } else { Err(MendRefusal::Settled) })
    }

    /// What a channel is told of a dismissal: in the language of the document, or in plain words when it has none.
    fn write_dismissal(&self, kept: &ProblemOrder, reason: &str) -> ChannelAnswer {
        let now = self.surroundings.now();
        let answer = IntakeAnswer {
            outcome: IntakeOutcome::Problem,
            order: None,
            reference: kept.reference.clone(),
            problems: Vec::new(),
            left_out: 0,
            response: Vec::new(),
            problem: Some(kept.problem),
            part: Vec::new(),
            dismissed: Some(reason.to_owned()),
        };
        let document = match Document::parse(&kept.document, "") {
            Ok(document) => {
                let answers = vec![answer; document.drafts.len()];
                document.format.encode_response(&document, &answers, now)
            }
            Err(_) => encode_refusal(&kept.document, &answer, now),
        };
        if !document.is_empty() {
            return ChannelAnswer { name: self.answer_name(kept.problem, "xml"), document };
        }
        let came = kept.received_at.format("%Y-%m-%d %H:%M UTC");
        let name = uuid::Uuid::from_bytes(kept.problem);
        let words = format!(
            "The document that came {came} will not become an order.\nWhy: {reason}\nAt head office it was problem {name}.\n"
        );
        ChannelAnswer { name: self.answer_name(kept.problem, "txt"), document: words.into_bytes() }
    }

    /// A name for each time, since a problem may come again.
    fn answer_name(&self, problem: [u8; 16], ending: &str) -> String {
        let digits = &format!("{:016x}", self.surroundings.random_u64())[..8];
        format!("problem-{}.{digits}.response.{ending}", uuid::Uuid::from_bytes(problem))
    }
}

/// Did everything in the document come in?
pub fn is_taken(answer: &DocumentAnswer) -> bool {
    answer.orders.iter().all(|one| one.outcome != IntakeOutcome::Problem)
}

/// The line of a document with a caret under the column, both from 1. Nothing when there is no such place, or when the
/// document cannot be read. Every character takes one place; those that no screen may get are dots.
pub fn point_at(document: &[u8], line: u32, column: u32) -> Option<String> {
    let text = text::decode(document, "").ok()?;
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    let at = usize::try_from(column).ok()?.checked_sub(1)?;
    let characters: Vec<char> = text.lines().nth(index)?.chars().collect();
    let at = at.min(characters.len());
    let from = at.saturating_sub(BEFORE_MAX);
    let until = characters.len().min(at + BEHIND_MAX);
    let shown: String = characters[from..until].iter().map(|character| visible(*character)).collect();
    Some(format!("{}\n{}^", shown.trim_end(), " ".repeat(at - from)))
}

fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        _ if character.is_control() || text::printable(&character.to_string()).is_empty() && character != ' ' => '·',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{door, told};
    use super::*;

    #[test]
    fn the_caret_stands_under_the_column() {
        let document = "<a>\n\t<b>été\u{202E}</b>\n</a>\n";
        #[rustfmt::skip]
        let table = [
            (1, 1, Some("<a>\n^")),
            (2, 2, Some(" <b>été·</b>\n ^")),
            (2, 9, Some(" <b>été·</b>\n        ^")),
            (2, 99, Some(" <b>été·</b>\n            ^")),
            (0, 1, None), (1, 0, None), (9, 1, None),
        ];
        for (line, column, expected) in table {
            assert_eq!(point_at(document.as_bytes(), line, column).as_deref(), expected, "{line}:{column}");
        }
        assert_eq!(point_at(b"\xFF\xFF", 1, 1), None);
        let long = format!("{}<here/>{}", "x".repeat(5000), "y".repeat(5000));
        let shown = point_at(long.as_bytes(), 1, 5001).unwrap();
        let (text, caret) = shown.split_once('\n').unwrap();
        assert_eq!(text.chars().nth(caret.len() - 1), Some('<'), "{shown}");
        assert!(text.len() <= BEFORE_MAX + BEHIND_MAX);
    }

    #[tokio::test]
    async fn what_only_the_content_type_said_of_the_encoding_is_not_forgotten() {
        let door = door().await;
        let declarations = ["", "<?xml version='1.0' encoding='UTF-8'?>", "<?xml version='1.0' encoding='UTF-16'?>"];
        for (number, declaration) in declarations.into_iter().enumerate() {
            let document = format!(
                "{declaration}<order number='L-{number}' currency='EUR' customer='Zo\u{EB}'><store>S001</store>\n\
                 <note>caf\u{E9}</note><line name='caf\u{E9}' sku='later' quantity='1' price='5.00'/></order>"
            );
            let bytes: Vec<u8> = document.chars().map(|character| character as u8).collect();
            let content_type = "application/xml; charset=iso-8859-1".to_owned();
            let incoming = Incoming { channel: "website".into(), content_type, bytes };
            let first = door.intake.take_document(incoming, None).await.unwrap().into_one();
            assert_eq!(first.problems[0].code.as_str(), "ITEM_UNKNOWN", "{:?}", told(&first));
            let problem = first.problem.unwrap();
            let kept = door.shop.store.find_problem(problem).await.unwrap().unwrap().kept.document;
            let place = &first.problems[0].place;
            let shown = point_at(&kept, place.line, place.column).unwrap();
            let (line, caret) = shown.split_once('\n').unwrap();
            let marked: String = line.chars().skip(caret.len() - 1).take(16).collect();
            assert_eq!(marked, "<line name='caf\u{E9}", "{shown}");
            let same = door.intake.mend(problem, None, "Eva").await.unwrap().unwrap().into_one();
            assert_eq!((told(&same), same.problem), (told(&first), Some(problem)));
            let mended = String::from_utf8(kept).unwrap().replace("'later'", "'jacket'").into_bytes();
            let taken = door.intake.mend(problem, Some(mended), "Eva").await.unwrap().unwrap().into_one();
            let order = taken.order.unwrap_or_else(|| panic!("{:?}", taken.problems));
            assert_eq!((order.lines[0].name.as_str(), order.notes.as_str()), ("caf\u{E9}", "caf\u{E9}"));
        }
    }
}
