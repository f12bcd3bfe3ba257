//! How far the journal had come, in a small file of its own beside the till's file: so that a till whose file was put back
//! from a copy knows by itself, offline, that receipts it does not know of are on paper.
//!
//! Written after each commit and synced by nobody: no sale waits for it. It lies in the system's memory at once, whatever
//! becomes of the program, and reaches the disk within half a minute; a power cut may leave it behind the till's file, never
//! before it, since every entry is on disk when its commit returns. Behind says nothing; before says that the till's file is
//! an old copy, or a new one. It does not speak where the whole folder was put back: then central does, at the first Hello.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::open::with_suffix;
use crate::domain::ids::TillId;

/// What its name ends with.
const SUFFIX: &str = ".reached";
/// It is as long as this whatever it says, within one sector, so that writing it is all or nothing. Longer names go unsaid.
const BYTES: usize = 256;
/// Beyond this it is nonsense, whatever its sum says: the journal counts in signed 64 bits.
const NUMBER_MAX: u64 = 1 << 48;

/// What it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// Whose journal it was.
    pub(super) till: TillId,
    /// Entries in the file.
    pub(super) entries: u64,
    /// What the next sale was numbered.
    pub(super) next_receipt_number: u64,
}

/// The file it stands in.
pub(super) struct ReachedFile {
    path: PathBuf,
    /// Open from the first write on; nothing while it cannot be written.
    file: Option<File>,
    failed: bool,
}

impl ReachedFile {
    /// Beside the till's file at `path`, and what it says; `None` when there is none or it makes no sense.
    pub(super) fn open(path: &Path) -> (Self, Option<Reached>) {
        let path = with_suffix(path, SUFFIX);
        let said = match std::fs::read(&path) {
            Ok(bytes) => decode(&bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "how far the journal had come cannot be read");
                None
            }
        };
        (Self { path, file: None, failed: false }, said)
    }

    /// Writes it down. A disk that does not take it is said once in the log: the till goes on as if there were no such file.
    pub(super) fn note(&mut self, reached: &Reached) {
        let Some(bytes) = encode(reached) else { return };
        if let Err(error) = self.write(&bytes)
            && !std::mem::replace(&mut self.failed, true)
        {
            tracing::warn!(path = %self.path.display(), %error, "how far the journal has come cannot be written down");
        }
    }

    fn write(&mut self, bytes: &[u8; BYTES]) -> std::io::Result<()> {
        if self.file.is_none() {
            let file = File::options().write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
            self.file = Some(file);
        }
        self.file.as_ref().map_or(Ok(()), |file| file.write_all_at(bytes, 0))
    }
}

/// A line of text with the beginning of its SHA-256, filled up with blanks.
fn encode(reached: &Reached) -> Option<[u8; BYTES]> {
    let Reached { till, entries, next_receipt_number } = reached;
    let said = format!("{} {} entries {entries} next receipt {next_receipt_number}", till.store, till.workstation);
    let line = format!("{said} # {}\n", sum(&said));
    let mut bytes = [b' '; BYTES];
    bytes.get_mut(..line.len())?.copy_from_slice(line.as_bytes());
    Some(bytes)
}

fn decode(bytes: &[u8]) -> Option<Reached> {
    let line = std::str::from_utf8(bytes).ok()?.lines().next()?;
    let (said, sum_said) = line.split_once(" # ")?;
    let words: Vec<&str> = said.split(' ').collect();
    let [store, workstation, "entries", entries, "next", "receipt", next] = words[..] else { return None };
    let number = |text: &str| text.parse().ok().filter(|number| *number <= NUMBER_MAX);
    let (entries, next_receipt_number) = (number(entries)?, number(next)?);
    let till = TillId { store: store.into(), workstation: workstation.into() };
    (sum_said == sum(said)).then_some(Reached { till, entries, next_receipt_number })
}

fn sum(said: &str) -> String {
    Sha256::digest(said.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, at, draft, run_start, till, uuid};
    use super::super::{Database, Trust, copy_file, verify_journal};
    use super::*;
    use crate::domain::event::Event;
    use crate::domain::ids::{EntryId, RunId};

    fn reached(entries: u64, next_receipt_number: u64) -> Reached {
        Reached { till: till(), entries, next_receipt_number }
    }

    #[test]
    fn what_is_written_down_is_read_again_and_nonsense_says_nothing() {
        let bytes = encode(&reached(1_234, 61)).unwrap();
        assert_eq!(decode(&bytes), Some(reached(1_234, 61)));
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.starts_with("S001 T02 entries 1234 next receipt 61 # "), "{text}");
        for wrong in [text.replace("61", "62"), text.replace("S001", "S002"), text[..30].to_owned(), String::new()] {
            assert_eq!(decode(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(decode(&encode(&reached(1, u64::MAX)).unwrap()), None);
        assert_eq!(decode(&[0xFF; BYTES]), None);
    }

    /// The till's file alone is put back from a copy; the till is offline.
    fn put_back(shop: Shop, copy: &Path) -> Shop {
        let path = shop.path().to_owned();
        let Shop { database, _folder: folder, .. } = shop;
        drop(database);
        for part in ["-wal", "-shm"] {
            assert!(!with_suffix(&path, part).exists(), "it was closed");
        }
        std::fs::copy(copy, &path).unwrap();
        Shop::opened(folder, &path)
    }

    #[test]
    fn a_file_put_back_from_a_copy_gives_no_receipt_number_a_second_time() {
        let mut shop = Shop::new();
        shop.open_session();
        shop.sell(&[("jacket", 1, 8_990)]);
        shop.database.save_draft(&draft(1)).unwrap();
        let copy = shop._folder.path().join("copy.sqlite");
        copy_file(shop.path(), &copy).unwrap();
        for _ in 0..5 {
            shop.sell(&[("jacket", 1, 8_990)]);
        }
        let mut shop = put_back(shop, &copy);
        assert_eq!(shop.database.view().next_receipt_number().unwrap(), 2, "what the copy believes");
        let started = shop.start_run(2);
        let Event::RunStarted { next_receipt_number, .. } = started.event else { panic!("{started:?}") };
        assert_eq!(next_receipt_number, Some(1_007), "behind number 6, and as many left out as where central says so");
        assert_eq!(shop.database.went_on_at(), Some(1_007));
        let doubtful = shop.database.view().find_draft().unwrap().unwrap();
        assert!(doubtful.may_be_sold, "{doubtful:?}");
        shop.sell(&[("jacket", 1, 8_990)]);
        assert_eq!(shop.database.view().next_receipt_number().unwrap(), 1_008);
        let path = shop.path().to_owned();
        verify_journal(&path, Trust::KeysInFile).unwrap();

        // Started once more, it goes on where it is.
        let mut shop = shop.reopen();
        shop.start_run(3);
        assert_eq!((shop.database.went_on_at(), shop.database.view().next_receipt_number().unwrap()), (None, 1_008));
    }

    #[test]
    fn a_file_that_is_as_new_as_was_written_down_goes_on_without_a_jump() {
        let mut shop = Shop::new();
        shop.open_session();
        shop.sell(&[("jacket", 1, 8_990)]);
        shop.database.save_draft(&draft(1)).unwrap();
        let marker = with_suffix(shop.path(), SUFFIX);
        let (now, early) = (std::fs::read(&marker).unwrap(), encode(&reached(1, 1)).unwrap());
        assert_eq!(decode(&now), Some(reached(3, 2)));
        // As after a power cut, of another till, torn, and none.
        let other = Reached { till: TillId { store: "S009".into(), workstation: "T02".into() }, ..reached(900, 900) };
        let other = encode(&other).unwrap();
        for (run, said) in (2..).zip([&now[..], &early, &other, &now[..20]]) {
            std::fs::write(&marker, said).unwrap();
            shop = shop.reopen();
            shop.start_run(run);
            assert_eq!((shop.database.went_on_at(), shop.database.view().next_receipt_number().unwrap()), (None, 2));
        }
        std::fs::remove_file(&marker).unwrap();
        shop = shop.reopen();
        shop.start_run(9);
        assert_eq!(shop.database.went_on_at(), None);
        assert!(!shop.database.view().find_draft().unwrap().unwrap().may_be_sold);
        assert_eq!(decode(&std::fs::read(&marker).unwrap()).unwrap().next_receipt_number, 2, "it is there again");
    }

    #[test]
    fn where_nothing_can_be_written_beside_it_the_file_works_all_the_same() {
        let (folder, path) = Shop::closed();
        std::fs::create_dir(with_suffix(&path, SUFFIX)).unwrap();
        let mut database = Database::open(&path, at(0)).unwrap();
        database.start_run(run_start(RunId(uuid(1)), EntryId(uuid(1)))).unwrap();
        assert_eq!(database.went_on_at(), None);
        drop(folder);
    }
}
