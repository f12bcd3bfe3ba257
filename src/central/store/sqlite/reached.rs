//! The last order number given, in a small file of its own beside central's file: so that no number is given a second time when
//! the file is put back from a copy, whatever the clock said then or says now.
//!
//! Written behind each commit that gave one, before anybody hears of it, and synced by nobody: no order waits for it. It lies in
//! the system's memory at once, whatever becomes of the program, and reaches the disk within half a minute. Behind central's
//! file it says nothing, before it says that the file is an old copy. It does not speak where the whole folder was put back or
//! the file was brought to another machine: there the clock alone tells how many numbers a lost life may have given
//! (`leave_numbers_out`), and none can be told from a clock that was further ahead than the time that has gone by since. Tills
//! that name a lost number are believed in any case.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// What its name ends with.
const SUFFIX: &str = ".reached";
/// It is as long as this whatever it says, within one sector, so that writing it is all or nothing.
const BYTES: usize = 128;
/// What it says, before the number.
const WORDS: &str = "last order number ";
/// Beyond this it is nonsense, whatever its sum says.
const NUMBER_MAX: i64 = 1 << 48;

/// The file it stands in.
pub struct ReachedFile {
    path: PathBuf,
    said: Option<i64>,
    /// Open from the first write on; nothing while it cannot be written.
    file: Option<File>,
    failed: bool,
}

impl ReachedFile {
    /// Beside central's file at `path`.
    pub fn open(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push(SUFFIX);
        let path = PathBuf::from(name);
        let said = match std::fs::read(&path) {
            Ok(bytes) => decode(&bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "how far the order numbers had come cannot be read");
                None
            }
        };
        Self { path, said, file: None, failed: false }
    }

    /// The last number anybody may know; `None` when there is no such file or it makes no sense.
    pub const fn said(&self) -> Option<i64> {
        self.said
    }

    /// Writes down how far the numbers have come; never one before what it says. A disk that does not take it is said once in
    /// the log: central goes on as if there were no such file.
    pub fn note(&mut self, number: i64) {
        if self.said.is_some_and(|said| said >= number) {
            return;
        }
        match self.write(number) {
            Ok(()) => self.said = Some(number),
            Err(error) if !self.failed => {
                self.failed = true;
                tracing::warn!(path = %self.path.display(), %error, "how far the order numbers have come cannot be written down");
            }
            Err(_) => {}
        }
    }

    fn write(&mut self, number: i64) -> std::io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => File::options().write(true).create(true).truncate(false).mode(0o600).open(&self.path)?,
        };
        self.file.insert(file).write_all_at(&encode(number), 0)
    }
}

/// A line of text with the beginning of its SHA-256, filled up with blanks.
fn encode(number: i64) -> [u8; BYTES] {
    let said = format!("{WORDS}{number}");
    let line = format!("{said} # {}\n", sum(&said));
    let mut bytes = [b' '; BYTES];
    bytes.iter_mut().zip(line.bytes()).for_each(|(to, from)| *to = from);
    bytes
}

fn decode(bytes: &[u8]) -> Option<i64> {
    let line = std::str::from_utf8(bytes).ok()?.lines().next()?;
    let (said, sum_said) = line.split_once(" # ")?;
    let number = said.strip_prefix(WORDS)?.parse().ok()?;
    (sum_said == sum(said) && (0..=NUMBER_MAX).contains(&number)).then_some(number)
}

fn sum(said: &str) -> String {
    Sha256::digest(said.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_read_again_and_nonsense_says_nothing() {
        let text = String::from_utf8(encode(10_061).to_vec()).unwrap();
        assert!(text.starts_with("last order number 10061 # "), "{text}");
        assert_eq!(decode(text.as_bytes()), Some(10_061));
        for wrong in [text.replace("10061", "10062"), text[..30].to_owned(), String::new()] {
            assert_eq!(decode(wrong.as_bytes()), None, "{wrong}");
        }
        for beyond in [i64::MAX, i64::MIN, -1] {
            assert_eq!(decode(&encode(beyond)), None);
        }
        assert_eq!(decode(&[0xFF; BYTES]), None);
    }

    #[test]
    fn it_never_goes_back_and_where_it_cannot_be_written_nobody_minds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("central.db");
        let mut file = ReachedFile::open(&path);
        assert_eq!(file.said(), None);
        file.note(10_005);
        file.note(10_003);
        assert_eq!(ReachedFile::open(&path).said(), Some(10_005));
        let mut again = ReachedFile::open(&path);
        again.note(10_004);
        again.note(10_009);
        assert_eq!(ReachedFile::open(&path).said(), Some(10_009));

        let barred = folder.path().join("barred.db");
        std::fs::create_dir(folder.path().join("barred.db.reached")).unwrap();
        let mut file = ReachedFile::open(&barred);
        file.note(10_005);
        assert_eq!((file.said(), ReachedFile::open(&barred).said()), (None, None));
    }
}
