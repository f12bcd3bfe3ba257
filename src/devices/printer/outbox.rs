//! Bytes waiting to leave the house, and how many have left since the port was opened.

/// The output of one opening of the line.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    at: usize,
    accepted: u64,
}

impl Outbox {
    /// Adds whole commands behind what waits already.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.at == self.bytes.len() {
            self.bytes.clear();
            self.at = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// What waits.
    pub fn waiting(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    /// Nothing waits: the last byte out was the last of a command.
    pub const fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// So many of the waiting bytes have been accepted by the system.
    pub fn accept(&mut self, count: usize) {
        let count = count.min(self.bytes.len() - self.at);
        self.at += count;
        self.accepted += count as u64;
    }

    /// Accepted in all.
    pub const fn accepted(&self) -> u64 {
        self.accepted
    }

    /// The position behind the last waiting byte.
    pub const fn end(&self) -> u64 {
        self.accepted + (self.bytes.len() - self.at) as u64
    }

    /// Forgets what waits.
    pub fn discard(&mut self) {
        self.bytes.clear();
        self.at = 0;
    }
}
