//! Durations, percentiles and the rows they make.

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// One row of the table.
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// Its figure.
    pub measured: String,
    /// The reference's.
    pub reference: String,
    /// Measured over reference; none when the reference is a target of another kind.
    pub ratio: Option<f64>,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratio = self.ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        write!(f, "| {} | {} | {} | {ratio} |", self.what, self.measured, self.reference)
    }
}

/// Durations of the same thing, many times.
pub struct Sample(Vec<Duration>);

impl Sample {
    /// Runs `act` so often.
    pub fn of(times: usize, mut act: impl FnMut(usize)) -> Self {
        let mut durations: Vec<Duration> = (0..times)
            .map(|round| {
                let begun = Instant::now();
                act(round);
                begun.elapsed()
            })
            .collect();
        durations.sort_unstable();
        Self(durations)
    }

    /// Durations measured elsewhere.
    pub fn from_durations(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    /// The duration that `percent` of the runs did not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        self.0[(self.0.len() * percent / 100).min(self.0.len() - 1)]
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {} p99 {}", in_words(self.percentile(50)), in_words(self.percentile(99)))
    }
}

/// `13 µs`, `1.24 ms`, `0.81 s`.
pub fn in_words(duration: Duration) -> String {
    match duration.as_micros() {
        0..1_000 => format!("{} µs", duration.as_micros()),
        1_000..1_000_000 => format!("{:.2} ms", duration.as_secs_f64() * 1e3),
        _ => format!("{:.2} s", duration.as_secs_f64()),
    }
}

/// One duration over another.
pub fn ratio(measured: Duration, reference: Duration) -> Option<f64> {
    (!reference.is_zero()).then(|| measured.as_secs_f64() / reference.as_secs_f64())
}

/// The least a durable commit can cost here and now: one 4 KiB append and fdatasync.
pub struct Append {
    file: File,
}

impl Append {
    /// Begins a file for it, beside the one that is measured.
    pub fn begin(folder: &Path) -> std::io::Result<Self> {
        Ok(Self { file: File::create(folder.join("append"))? })
    }

    /// One.
    pub fn once(&mut self) -> std::io::Result<Duration> {
        let begun = Instant::now();
        self.file.write_all(&[7; 4096])?;
        self.file.sync_data()?;
        Ok(begun.elapsed())
    }
}

/// So many of them.
pub fn append_and_sync(folder: &Path, times: usize) -> anyhow::Result<Sample> {
    let mut append = Append::begin(folder)?;
    let durations: std::io::Result<Vec<Duration>> = (0..times).map(|_| append.once()).collect();
    Ok(Sample::from_durations(durations?))
}

/// Pages in the log of a file, seen from a connection beside its writer's. Folds nothing in.
pub fn frames_in_log(look: &rusqlite::Connection) -> anyhow::Result<i64> {
    Ok(look.query_row("PRAGMA wal_checkpoint(NOOP)", (), |row| row.get(1))?)
}

/// This process's resident memory in MiB (`/proc/self/statm`, second field, in pages of 4 KiB).
pub fn resident_mib() -> anyhow::Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm.split(' ').nth(1).unwrap_or("0").parse()?;
    Ok(pages * 4 / 1024)
}
