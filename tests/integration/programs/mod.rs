//! The real programs, from a scan to head office: `central` and `till` as they are installed, a till in its window, bytes
//! from a scanner's cable, keys from a keyboard, paper from a printer, and the plug pulled in between.

pub mod central;
mod demo;
mod devices;
mod display;
mod ends;
mod head_office;
mod help;
mod kills;
mod machine;
pub mod program;
pub mod python;
mod samples;
mod submit;
mod verify;
mod web_order;
mod wedge;

use till::devices::simulated::printer::{Hands, Switch};
use till::domain::device::{PrintJobState, ScanSignal};
use till::domain::money::{Currency, Money};

use display::count_different;
use machine::Machine;

const MUG: (&str, &str) = ("enamel-mug-moss", "9520169001119");
const JUMPER: (&str, &str) = ("merino-crew-navy-l", "9520101001153");
/// No product of the sample shop's has it.
const UNKNOWN: &str = "4006381333931";

/// What head office imports: every product of it must arrive at the till.
const PRODUCTS_CSV: &str = include_str!("../../../assets/sample/products.csv");

#[test]
fn a_day_with_the_real_programs() {
    let mut shop = Machine::new();
    shop.start_till();
    let jumpers = on_hand(&shop, JUMPER.0);
    let mugs = on_hand(&shop, MUG.0);
    let faces = shop.wait_for("the faces on the display", |shop| shop.display.photograph("sign-in"));
    sign_in(&mut shop);

    // Two lines in cash, each on the display as soon as it is in the basket.
    let empty = shop.wait_for("the empty basket on the display", |shop| {
        shop.display.photograph("empty-basket").filter(|shown| count_different(shown, &faces) > 100)
    });
    scan_until_in_basket(&mut shop, JUMPER.1, 1);
    let one = shop.wait_for("a line on the display", |shop| {
        shop.display.photograph("one-line").filter(|shown| count_different(shown, &empty) > 5)
    });
    scan_until_in_basket(&mut shop, MUG.1, 2);
    shop.wait_for("two lines on the display", |shop| {
        shop.display.photograph("two-lines").filter(|shown| count_different(shown, &one) > 5)
    });

    // A code that nobody knows sounds otherwise, and nothing of it is sold.
    shop.scan_until(UNKNOWN, "the sound of a refusal", |shop| {
        shop.sounds().contains(&ScanSignal::Refused).then_some(())
    });
    let sounds = shop.sounds();
    assert!(sounds.starts_with(&[ScanSignal::Good, ScanSignal::Good, ScanSignal::Refused]), "{sounds:?}");
    shop.strike(&["Escape"]);
    assert_eq!(pieces_in_basket(&shop), 2);
    pay_in_cash(&mut shop, 1);
    wait_until_printed(&mut shop, 1);

    // Power is cut in the middle of a sale: the basket is back, and is paid.
    scan_until_in_basket(&mut shop, JUMPER.1, 1);
    shop.kill_till();
    assert_eq!(pieces_in_basket(&shop), 1, "the basket is in the file");
    shop.start_till();
    sign_in_by_badge(&mut shop);
    pay_in_cash(&mut shop, 2);
    wait_until_printed(&mut shop, 2);

    // Head office is cut off, and the till sells on; the printer's cable is out, and the receipt waits for it.
    shop.wait_for("two sales at central", |shop| (shop.list_central_sales().len() == 2).then_some(()));
    shop.kill_central();
    shop.printer.switch(Switch::CableOut);
    scan_until_in_basket(&mut shop, MUG.1, 1);
    pay_in_cash(&mut shop, 3);
    shop.printer.switch(Switch::CableIn);
    wait_until_printed(&mut shop, 3);
    assert_eq!(shop.list_central_sales().len(), 2, "central cannot know the third sale");

    // The paper runs out in mid-receipt, and a new roll finishes it.
    shop.printer.switch(Switch::PaperOutAt(shop.printer.look(|core| core.processed()) + 300));
    scan_until_in_basket(&mut shop, MUG.1, 1);
    pay_in_cash(&mut shop, 4);
    shop.wait_for("the receipt held in the printer", |shop| {
        let view = shop.journal()?;
        let jobs = view.view().list_unsettled_prints().ok()?;
        jobs.iter().any(|job| matches!(job.state, PrintJobState::Held { .. })).then_some(())
    });
    shop.printer.switch(Switch::Hands(Hands::default()));
    wait_until_printed(&mut shop, 4);

    // The scanner's cable is pulled and put back.
    shop.replug_scanner();
    scan_until_in_basket(&mut shop, MUG.1, 1);

    // Head office is back, and so is the till after another cut.
    shop.start_central();
    shop.wait_for("everything at central", |shop| (shop.list_central_sales().len() == 4).then_some(()));
    shop.kill_till();
    shop.start_till();
    sign_in_by_badge(&mut shop);
    pay_in_cash(&mut shop, 5);
    wait_until_printed(&mut shop, 5);
    shop.wait_for("the last sale at central", |shop| (shop.list_central_sales().len() == 5).then_some(()));

    // The printer's cable is pulled in mid-receipt: what is lost is said, and a copy is asked for by key.
    shop.printer.switch(Switch::CableOutAt(shop.printer.look(|core| core.received()) + 300));
    scan_until_in_basket(&mut shop, MUG.1, 1);
    pay_in_cash(&mut shop, 6);
    shop.wait_for("the receipt lost half-way", |shop| {
        let jobs = shop.journal()?.view().list_unsettled_prints().ok()?;
        jobs.iter().any(|job| matches!(job.state, PrintJobState::Partial { .. })).then_some(())
    });
    shop.printer.switch(Switch::CableIn);
    shop.strike_until(&["F6", "c"], "a copy", |shop| (shop.count_entries("receipt_copied") > 0).then_some(()));
    wait_until_printed(&mut shop, 6);
    shop.wait_for("the last sale at central", |shop| (shop.list_central_sales().len() == 6).then_some(()));
    shop.wait_for("central's word that it has everything", |shop| {
        (shop.journal()?.view().unsent().ok()?.count == 0).then_some(())
    });

    expect_books_agree(&shop);
    let (jumpers_sold, mugs_sold) = (2, 5);
    assert_eq!(on_hand(&shop, JUMPER.0), jumpers - jumpers_sold, "jumpers at central");
    assert_eq!(on_hand(&shop, MUG.0), mugs - mugs_sold, "mugs at central");
    shop.run(shop.central_tool(&["stock", "--prove"]));
    let listed = shop.run(shop.central_tool(&["tills", "--json"]));
    let tills: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!((&tills[0]["workstation"], &tills[0]["unsent"]), (&"T01".into(), &0.into()), "{tills}");
    let told = shop.run(shop.central_tool(&["tills"]));
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.lines().next().unwrap().contains("OLDEST UNSENT") && told.contains("(+0"), "{told}");
    shop.kill_till();
    let journal = shop.journal_path();
    shop.run(shop.till_tool(&["verify", &journal.to_string_lossy()]));
}

/// Receipts printed = journal = central, to the cent, each exactly once; the one that was lost half-way as a copy.
fn expect_books_agree(shop: &Machine) {
    let sales = shop.list_sales();
    let numbers: Vec<u64> = sales.iter().map(|sale| sale.receipt_number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6], "receipts are numbered without a gap");
    let journal: Vec<(u64, i64)> = sales.iter().map(|sale| (sale.receipt_number, sale.total.minor())).collect();
    assert_eq!(shop.list_central_sales(), journal, "central and the journal");
    let paper = shop.printer.paper();
    let pieces: Vec<String> =
        paper.pieces().into_iter().map(till::devices::simulated::printer::paper::text_of).collect();
    for (number, total) in journal {
        let title = format!("Receipt {number:05}");
        let whole = |piece: &&String| piece.contains(&title) && piece.contains("TOTAL");
        let printed: Vec<&String> = pieces.iter().filter(whole).collect();
        assert_eq!(printed.len(), 1, "{title} came out {} times:\n{}", printed.len(), paper.to_text());
        let total = Money::new(total, Currency::EUR).to_string();
        let said = printed[0].lines().any(|line| line.contains("TOTAL") && line.trim_end().ends_with(&total));
        assert!(said, "{title} does not say {total}:\n{}", printed[0]);
        assert_eq!(printed[0].contains("COPY"), number == 6, "{title} is marked as a copy");
    }
}

/// Ana signs in with her PIN, once the catalogue is there, and counts a float of 150.00.
fn sign_in(shop: &mut Machine) {
    let products = PRODUCTS_CSV.lines().skip(1).filter(|line| !line.is_empty()).count() as u64;
    shop.wait_for("the catalogue at the till", |shop| {
        (shop.journal()?.view().count_products().ok()? == products).then_some(())
    });
    shop.strike_until(&["Tab", "1", "1", "1", "1", "Return"], "Ana signed in", |shop| {
        (shop.count_entries("operator_signed_in") > 0).then_some(())
    });
    shop.strike(&["1", "5", "0", "Return"]);
    shop.wait_for("the session", |shop| (shop.count_entries("session_opened") > 0).then_some(()));
}

fn on_hand(shop: &Machine, product: &str) -> i64 {
    let row = shop.find_central_stock(product).unwrap_or_else(|| panic!("central has no {product}"));
    row["on_hand"].as_str().unwrap().parse().unwrap()
}

fn pieces_in_basket(shop: &Machine) -> i64 {
    let draft = shop.journal().and_then(|journal| journal.view().find_draft().ok().flatten());
    draft.map_or(0, |draft| draft.basket.item_count())
}

/// Scans, and waits until the basket holds so many pieces.
fn scan_until_in_basket(shop: &mut Machine, code: &str, pieces: i64) {
    shop.scan_until(code, &format!("{pieces} pieces in the basket"), |shop| {
        let there = pieces_in_basket(shop);
        assert!(there <= pieces, "{there} pieces where {pieces} were scanned");
        (there == pieces).then_some(())
    });
}

fn sign_in_by_badge(shop: &mut Machine) {
    let before = shop.count_entries("operator_signed_in");
    shop.scan_until("B:ana-5f2c9e71", "Ana signed in by her badge", |shop| {
        (shop.count_entries("operator_signed_in") > before).then_some(())
    });
}

/// Enter to the pay screen, Enter for the exact amount. Struck once too often it does nothing: the basket is empty then.
fn pay_in_cash(shop: &mut Machine, receipt: u64) {
    shop.strike_for_another_screen(&["Return"]);
    shop.strike_until(&["Return"], &format!("sale {receipt}"), |shop| {
        shop.list_sales().iter().any(|sale| sale.receipt_number == receipt).then_some(())
    });
    shop.shut_drawer();
}

fn wait_until_printed(shop: &mut Machine, receipt: u64) {
    shop.wait_for(&format!("receipt {receipt} on paper"), |shop| {
        let title = format!("Receipt {receipt:05}");
        let settled = shop.journal()?.view().list_unsettled_prints().ok()?.is_empty();
        (settled && shop.printer.paper().to_text().contains(&title)).then_some(())
    });
}
