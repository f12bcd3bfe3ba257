//! The plug pulled at any moment of a sale: the till's in the middle of paying, central's in the middle of taking. Every sale
//! is there once or its basket is back, and no receipt comes out twice unless it says that it is a copy.
//!
//! `KILLED_SALES=n` pulls it in n sales, each time somewhat later than the time before.

use std::time::{Duration, Instant};

use till::domain::device::PrintJobState;

use super::machine::Machine;
use super::{MUG, on_hand, pay_in_cash, pieces_in_basket, scan_until_in_basket, sign_in, sign_in_by_badge};
use crate::number;

/// After how many writes to the till's file since the keys that complete the sale: the sale is being written, the receipt is
/// on its way to the printer, central is being told.
const WRITES: [u32; 6] = [1, 2, 3, 4, 6, 9];
/// So much later in each round through them, up to the longest: the time a receipt takes.
const LATER: Duration = Duration::from_millis(7);
const LATEST: Duration = Duration::from_millis(400);
/// How long to wait for a write that may not come.
const PATIENCE: Duration = Duration::from_secs(3);

/// Looks at the till's log, which is written before its file is, until it was written so often.
fn wait_for_writes(shop: &Machine, writes: u32) {
    let mut path = shop.journal_path().into_os_string();
    path.push("-wal");
    let written = || std::fs::metadata(&path).and_then(|file| Ok((file.modified()?, file.len()))).ok();
    let (begun, mut last, mut count) = (Instant::now(), written(), 0);
    while count < writes && begun.elapsed() < PATIENCE {
        let now = written();
        if now != last {
            (last, count) = (now, count + 1);
        }
        std::thread::park_timeout(Duration::from_micros(100));
    }
}

#[test]
fn a_till_and_a_central_killed_at_any_moment_lose_nothing_and_double_nothing() {
    let mut shop = Machine::new();
    shop.start_till();
    sign_in(&mut shop);
    let mugs = on_hand(&shop, MUG.0);
    let count = number("KILLED_SALES").map_or(WRITES.len(), |sales| sales as usize);
    let rounds = (LATEST.as_millis() / LATER.as_millis()) as usize;
    for (sale, writes) in WRITES.iter().copied().cycle().take(count).enumerate() {
        let number = sale as u64 + 1;
        scan_until_in_basket(&mut shop, MUG.1, 1);
        // The pay screen comes up and writes nothing; too early a second key would open it once more.
        shop.strike_for_another_screen(&["Return"]);
        shop.strike(&["Return"]);
        wait_for_writes(&shop, writes);
        std::thread::park_timeout(LATER * (sale / WRITES.len() % rounds) as u32);
        let with_central = number.is_multiple_of(2);
        if with_central {
            shop.kill_central();
        }
        shop.kill_till();
        let sold = shop.list_sales().len() as u64;
        let basket = pieces_in_basket(&shop);
        assert!(
            (sold, basket) == (number, 0) || (sold, basket) == (number - 1, 1),
            "after {writes} writes: {sold} {basket}"
        );
        if with_central {
            shop.start_central();
        }
        shop.start_till();
        sign_in_by_badge(&mut shop);
        if sold < number {
            assert_eq!(pieces_in_basket(&shop), 1, "after {writes} writes: the basket is back");
            pay_in_cash(&mut shop, number);
        }
        shop.shut_drawer();
    }
    shop.wait_for("every sale at central", |shop| (shop.list_central_sales().len() == count).then_some(()));
    let journal: Vec<(u64, i64)> =
        shop.list_sales().iter().map(|sale| (sale.receipt_number, sale.total.minor())).collect();
    assert_eq!(shop.list_central_sales(), journal, "central and the journal");
    assert_eq!(journal.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=count as u64).collect::<Vec<_>>());
    assert_eq!(on_hand(&shop, MUG.0), mugs - count as i64, "each mug left once");

    // Every receipt is on paper whole, or waits for a person to say whether it is; none is there twice.
    let lost = |shop: &Machine| {
        let jobs = shop.journal()?.view().list_unsettled_prints().ok()?;
        jobs.iter().all(|job| matches!(job.state, PrintJobState::Partial { .. })).then_some(jobs.len())
    };
    let asked = shop.wait_for("every receipt on paper or asked about", lost);
    let paper = shop.printer.paper();
    let pieces: Vec<String> =
        paper.pieces().into_iter().map(till::devices::simulated::printer::paper::text_of).collect();
    let whole = |number: u64| {
        let title = format!("Receipt {number:05}");
        pieces.iter().filter(|piece| piece.contains(&title)).count()
    };
    let printed: Vec<usize> = (1..=count as u64).map(whole).collect();
    assert!(printed.iter().all(|times| *times <= 1), "{printed:?}");
    assert!(printed.iter().sum::<usize>() + asked >= count, "{printed:?}, asked about {asked}");
    shop.kill_till();
    let path = shop.journal_path();
    shop.run(shop.till_tool(&["verify", &path.to_string_lossy()]));
}
