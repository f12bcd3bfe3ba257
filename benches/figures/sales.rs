//! The figures of selling: a sale's commit, and the close of a day of 5,000 sales.

use std::time::{Duration, Instant};

use till::domain::device::{Health, HealthState};
use till::domain::ids::DeviceId;
use till::domain::money::{Currency, Money};
use till::domain::tender::TenderKind;
use till::register::intent::Intent;
use till::register::snapshot::DeviceView;
use till::register::{Effect, PRINTER, Register};

use crate::measure::{Append, Figure, Sample, frames_in_log, in_words, ratio};
use crate::till::{load, open_with, scan, sign_in};

/// Products of the shop that sells.
const PRODUCTS: u64 = 20_000;
/// Sales whose commit is measured.
const SALES: usize = 600;
/// Sales of the day that is closed.
const DAY: usize = 5_000;
const LINES: usize = 10;

/// A printer that prints: every sale puts its receipt into the spool.
pub fn printer() -> DeviceView {
    DeviceView {
        id: DeviceId::from(PRINTER),
        model: "Bench".into(),
        port: "none".into(),
        health: Health { state: HealthState::Ready, since: chrono::Utc::now() },
        proof: "twin".into(),
    }
}

/// Ten lines, each of another product, and the pay screen.
fn ring_up(register: &mut Register, round: usize) -> anyhow::Result<Money> {
    for line in 0..LINES {
        register.handle(scan(((round * LINES + line) as u64).wrapping_mul(7_919) % PRODUCTS));
    }
    register.handle(Intent::PayOpened);
    let due = register.snapshot().pay.map(|pay| pay.cash_due);
    due.ok_or_else(|| anyhow::anyhow!("the pay screen does not come up"))
}

fn pay(register: &mut Register, amount: Money) {
    register.handle(Intent::Tendered { kind: TenderKind::Cash, amount, reference: None });
}

/// A sale of ten lines: from the last tender to on disk, with stock in the books and a receipt for the printer.
pub fn commit() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("till.db");
    load(&path, PRODUCTS, true)?;
    let mut register = open_with(&path, vec![printer()])?;
    sign_in(&mut register);
    let look = rusqlite::Connection::open(&path)?;
    let mut append = Append::begin(folder.path())?;
    let (mut commits, mut syncs, mut pages) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..SALES {
        let amount = ring_up(&mut register, round)?;
        // The draft of the last scan is synced behind it; a person takes longer to pay than that. The reference waits as
        // long after the commit, so that both find the same quiet disk.
        std::thread::sleep(Duration::from_millis(10));
        let before = frames_in_log(&look)?;
        let begun = Instant::now();
        pay(&mut register, amount);
        commits.push(begun.elapsed());
        pages.push(frames_in_log(&look)? - before);
        anyhow::ensure!(register.snapshot().completed.is_some(), "the sale completes");
        std::thread::sleep(Duration::from_millis(10));
        syncs.push(append.once()?);
    }
    pages.sort_unstable();
    let (commits, syncs) = (Sample::from_durations(commits), Sample::from_durations(syncs));
    Ok(vec![Figure {
        what: "sale commit, 10 lines, on disk".into(),
        measured: format!("{commits}, {} pages", pages[pages.len() / 2]),
        reference: format!("4 KiB append + fdatasync {syncs}"),
        ratio: ratio(commits.percentile(50), syncs.percentile(50)),
    }])
}

/// The blind close after a day without central: counted, closed on disk, and the Z report made for the printer.
pub fn close() -> anyhow::Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("till.db");
    load(&path, PRODUCTS, true)?;
    let mut register = open_with(&path, vec![printer()])?;
    sign_in(&mut register);
    for round in 0..DAY {
        let amount = ring_up(&mut register, round)?;
        pay(&mut register, amount);
    }
    let sold = register.snapshot().session.map_or(0, |session| session.sale_count);
    anyhow::ensure!(sold == DAY as u64, "{sold} sales are in the session");
    let expected = register.snapshot().session.map(|session| session.cash_expected());
    let counted = expected.unwrap_or(Money::zero(Currency::EUR)) - Money::new(10, Currency::EUR);
    let begun = Instant::now();
    let effects = register.handle(Intent::SessionClosed { counted, reason: Some("bench".into()) });
    let closed = begun.elapsed();
    anyhow::ensure!(register.snapshot().session.is_none(), "the session closes");
    anyhow::ensure!(effects.iter().any(|effect| matches!(effect, Effect::Print(_))), "the Z report is printed");
    Ok(vec![Figure {
        what: "close and Z after 5,000 sales, offline".into(),
        measured: in_words(closed),
        reference: "target 1 s".into(),
        ratio: ratio(closed, Duration::from_secs(1)),
    }])
}
