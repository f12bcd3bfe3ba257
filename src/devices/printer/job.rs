//! A document on its way: which blocks have gone out, and which the printer has answered for.

use std::collections::VecDeque;
use std::time::Instant;

use super::encode::EncodedBlock;
use crate::domain::ids::PrintJobId;

/// A document that has not begun.
#[derive(Clone, Debug)]
pub struct WaitingJob {
    /// Whose progress is told; nobody's for a test page.
    pub id: Option<PrintJobId>,
    /// Never empty.
    pub blocks: Vec<EncodedBlock>,
}

/// The question behind a block. The printer answers it when everything before it has been printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// `GS r 1`: answers look alike and are counted.
    Counted,
    /// `GS ( H` function 48: the answer carries the number.
    Numbered(u32),
}

impl Marker {
    /// The bytes of the question.
    pub fn encode(self) -> Vec<u8> {
        match self {
            Self::Counted => vec![0x1D, b'r', 1],
            Self::Numbered(number) => {
                let mut bytes = vec![0x1D, b'(', b'H', 6, 0, 0x30, 0x30];
                bytes.extend_from_slice(&Self::digits(number));
                bytes
            }
        }
    }

    /// Does a block of data answer this question? `37 22 d1 d2 d3 d4`
    pub fn is_answered_by(self, kind: u8, data: &[u8]) -> bool {
        match self {
            Self::Counted => false,
            Self::Numbered(number) => kind == 0x37 && data.strip_prefix(&[0x22]) == Some(&Self::digits(number)[..]),
        }
    }

    /// Four bytes from 20 to 7E hex, as the function wants them.
    fn digits(number: u32) -> [u8; 4] {
        let digit = |place: u32| b'0' + (number / 10_u32.pow(place) % 10) as u8;
        [digit(3), digit(2), digit(1), digit(0)]
    }
}

/// A block that has gone out and is not answered for.
#[derive(Clone, Debug)]
struct Owed {
    marker: Marker,
    /// Position in the line's output at which its marker ends.
    ends_at: u64,
    bytes: usize,
    rescue_bytes: usize,
}

/// The document that is being printed.
#[derive(Clone, Debug)]
pub struct ActiveJob {
    job: WaitingJob,
    /// Blocks that are out, the answered ones among them.
    sent: usize,
    owed: VecDeque<Owed>,
    confirmed: u32,
    /// Position in the line's output at which it begins.
    begins_at: u64,
}

impl ActiveJob {
    /// Begins a document at a position of the line's output.
    pub const fn begin(job: WaitingJob, begins_at: u64) -> Self {
        Self { job, sent: 0, owed: VecDeque::new(), confirmed: 0, begins_at }
    }

    /// Back to a document that has not begun; only before its first byte has been accepted.
    pub fn unbegin(self) -> WaitingJob {
        self.job
    }

    /// Whose progress is told.
    pub const fn id(&self) -> Option<PrintJobId> {
        self.job.id
    }

    /// Blocks in all.
    pub fn total(&self) -> u32 {
        u32::try_from(self.job.blocks.len()).unwrap_or(u32::MAX)
    }

    /// Blocks answered for.
    pub const fn confirmed(&self) -> u32 {
        self.confirmed
    }

    /// Is all of it on paper?
    pub fn is_done(&self) -> bool {
        self.confirmed == self.total()
    }

    /// Where it begins in the line's output.
    pub const fn begins_at(&self) -> u64 {
        self.begins_at
    }

    /// Bytes that are out and not answered for.
    pub fn bytes_in_flight(&self) -> usize {
        self.owed.iter().map(|o| o.bytes).sum()
    }

    /// Blocks that are out and not answered for.
    pub fn blocks_in_flight(&self) -> usize {
        self.owed.len()
    }

    /// Zero bytes that finish any command that is out and perhaps unfinished.
    pub fn rescue_bytes(&self) -> usize {
        self.owed.iter().map(|o| o.rescue_bytes).max().unwrap_or(0)
    }

    /// Takes the next block when it fits into `credit_bytes`, or nothing is in flight.
    pub fn next_block(&mut self, credit_bytes: usize, marker: Marker) -> Option<Vec<u8>> {
        let block = self.job.blocks.get(self.sent)?;
        let mut bytes = block.bytes.clone();
        bytes.extend_from_slice(&marker.encode());
        if !self.owed.is_empty() && self.bytes_in_flight() + bytes.len() > credit_bytes {
            return None;
        }
        self.sent += 1;
        self.owed.push_back(Owed { marker, ends_at: u64::MAX, bytes: bytes.len(), rescue_bytes: block.rescue_bytes });
        Some(bytes)
    }

    /// The block just taken ends at this position of the line's output.
    pub fn sent_until(&mut self, position: u64) {
        if let Some(last) = self.owed.back_mut() {
            last.ends_at = position;
        }
    }

    /// One counted answer came, when `accepted` bytes of the line's output were out. False when it answers nothing:
    /// noise, or a question of an earlier job.
    pub fn answer_counted(&mut self, accepted: u64) -> bool {
        let answers = self.owed.front().is_some_and(|o| o.marker == Marker::Counted && o.ends_at <= accepted);
        if answers {
            self.owed.pop_front();
            self.confirmed += 1;
        }
        answers
    }

    /// A numbered answer came. The blocks before it are on paper too, even if their answers were lost on the way: the
    /// printer works in order.
    pub fn answer_numbered(&mut self, kind: u8, data: &[u8], accepted: u64) -> bool {
        let Some(index) = self.owed.iter().position(|o| o.ends_at <= accepted && o.marker.is_answered_by(kind, data))
        else {
            return false;
        };
        self.owed.drain(..=index);
        self.confirmed += index as u32 + 1;
        true
    }

    /// Everything out is answered for.
    pub fn answer_all(&mut self) {
        self.confirmed += self.owed.len() as u32;
        self.owed.clear();
    }
}

/// The last question before a document is given up: the printer answers, is ready, and still owes answers. Sent behind
/// everything; what it has not answered by the time it answers this is lost.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The question.
    pub marker: Marker,
    /// Counted answers still to come, its own among them.
    pub missing: usize,
    /// When waiting ends; every answer puts it off.
    pub until: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(blocks: &[usize]) -> ActiveJob {
        let blocks = blocks.iter().map(|n| EncodedBlock { bytes: vec![b'x'; *n], rescue_bytes: *n }).collect();
        ActiveJob::begin(WaitingJob { id: None, blocks }, 0)
    }

    fn send(job: &mut ActiveJob, credit: usize, marker: Marker) -> bool {
        let sent = job.next_block(credit, marker).is_some();
        if sent {
            job.sent_until(job.bytes_in_flight() as u64);
        }
        sent
    }

    #[test]
    fn no_more_is_in_flight_than_the_credit_allows() {
        let mut job = job(&[100, 100, 100]);
        assert!(send(&mut job, 206, Marker::Counted));
        assert!(send(&mut job, 206, Marker::Counted));
        assert!(!send(&mut job, 206, Marker::Counted));
        assert_eq!(job.bytes_in_flight(), 206);
        assert!(job.answer_counted(103));
        assert!(!job.answer_counted(103), "the second question has not left the house yet");
        assert!(send(&mut job, 206, Marker::Counted));
        assert_eq!((job.confirmed(), job.total()), (1, 3));
    }

    #[test]
    fn a_block_larger_than_the_credit_goes_alone() {
        let mut job = job(&[500, 10]);
        assert!(send(&mut job, 100, Marker::Counted));
        assert!(!send(&mut job, 100, Marker::Counted));
        assert_eq!(job.rescue_bytes(), 500);
    }

    #[test]
    fn a_numbered_answer_covers_those_before_it() {
        let mut job = job(&[10, 10, 10]);
        for number in 41..44 {
            assert!(send(&mut job, 1000, Marker::Numbered(number)));
        }
        assert!(!job.answer_numbered(0x37, b"\x220040", 1000));
        assert!(!job.answer_counted(1000), "a counted answer is none to a numbered question");
        assert!(job.answer_numbered(0x37, b"\x220042", 1000));
        assert_eq!(job.confirmed(), 2);
        assert!(job.answer_numbered(0x37, b"\x220043", 1000));
        assert!(job.is_done());
    }
}
