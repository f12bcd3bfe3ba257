//! Days in a whole shop, each in one of its own: real central, real till, real sync, devices on pseudo-terminals.
//!
//! To add one: a file there, in the words of `till::demo::script`. Its first line says what it shows.

use std::path::PathBuf;
use std::sync::Arc;

use till::demo::player::Player;
use till::demo::run::{Options, run};
use till::demo::script::parse;
use till::demo::shop::{QUICK_PRINTER, Shop};

/// Plays one file.
fn check(name: &str) {
    let script = std::fs::read_to_string(folder().join(format!("{name}.txt"))).unwrap();
    assert!(script.starts_with("# "), "{name} does not say what it shows");
    play(name, &script);
}

/// Plays a day in a shop of its own; what failed is told with its line and what was seen instead.
fn play(name: &str, script: &str) {
    let steps = parse(script).unwrap();
    let work = tempfile::tempdir().unwrap();
    let shop = Shop::open(work.path(), 0, QUICK_PRINTER, Arc::new(|| ())).unwrap();
    let mut player = Player::new(shop, 1, Box::new(|_, _| Ok(()))).unwrap();
    if let Err(failure) = player.play_all(&steps, &mut |_| {}) {
        panic!("{name}: {failure}: {}", failure.cause);
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/days")
}

macro_rules! days {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[test]
            fn $test() {
                check($name);
            }
        )*

        #[test]
        fn every_day_is_played() {
            let mut files: Vec<String> = std::fs::read_dir(folder())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".txt").to_owned())
                .collect();
            files.sort();
            let mut played = vec![$($name),*];
            played.sort_unstable();
            assert_eq!(files, played);
        }
    };
}

days! {
    codes_that_are_none: "codes-that-are-none",
    lapsed_and_put_back: "lapsed-and-put-back",
    not_found_elsewhere: "not-found-elsewhere",
    offline_for_a_while: "offline-for-a-while",
    one_cannot_be_found: "one-cannot-be-found",
    order_arrives_in_the_open_basket: "order-arrives-in-the-open-basket",
    paper_runs_out: "paper-runs-out",
    picked_and_collected: "picked-and-collected",
    power_fails_in_the_middle_of_a_sale: "power-fails-in-the-middle-of-a-sale",
    printer_pulled_out: "printer-pulled-out",
    promised_found_elsewhere: "promised-found-elsewhere",
    promised_handed_over_paid: "promised-handed-over-paid",
    promised_handed_over_unpaid: "promised-handed-over-unpaid",
    promised_kept_for_the_order: "promised-kept-for-the-order",
    promised_sold_anyway: "promised-sold-anyway",
    proposal_taken: "proposal-taken",
    the_same_order_twice: "the-same-order-twice",
}

/// The day of `till demo` without a display: every line comes out, and what it came to is left as files.
#[test]
fn the_sample_day_leaves_receipts_screens_and_centrals_stock() {
    let work = tempfile::tempdir().unwrap();
    let out = work.path().join("out");
    let options = Options { data: work.path().join("data"), out: out.clone(), seed: 1 };
    let report = run(&options, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    assert!(report.steps > 80 && report.facts > 120, "{report:?}");
    let count = |folder: &str, ending: &str| {
        let files = std::fs::read_dir(out.join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        files.filter(|name| name.to_string_lossy().ends_with(ending)).count()
    };
    assert_eq!(count("screens", ".png"), report.screens);
    assert_eq!((count("receipts", ".txt"), count("receipts", ".png")), (report.receipts, report.receipts));
    let receipts = out.join("receipts");
    for number in 1..=report.receipts {
        let text = std::fs::read_to_string(receipts.join(format!("{number:02}.txt"))).unwrap();
        let printed =
            text.lines().find_map(|line| line.strip_prefix("[barcode ")?.strip_suffix(']')).unwrap_or_default();
        let scanned = scan(&receipts.join(format!("{number:02}.png")));
        assert_eq!(scanned.as_deref().unwrap_or_default(), printed, "{number:02}.png\n{text}");
    }
    let stock = std::fs::read_to_string(out.join("stock.csv")).unwrap();
    assert_eq!(stock.lines().count(), report.stock_rows + 1);
    let moss_mug = stock.lines().find(|row| row.starts_with("S001,enamel-mug-moss,")).unwrap();
    assert!(moss_mug.ends_with(",-1,0,0,1,-2"), "{moss_mug}");
}

/// What a barcode decoder reads off a picture.
fn scan(picture: &std::path::Path) -> Option<String> {
    let picture = till::gui::picture::Picture::read_png(picture).unwrap();
    // Paper is grey: one channel is as good as another.
    let luma: Vec<u8> = picture.rgba.iter().step_by(4).copied().collect();
    let code_128 = Some(rxing::BarcodeFormat::CODE_128);
    let found = rxing::helpers::detect_in_luma(luma, picture.width, picture.height, code_128);
    found.ok().map(|code| code.getText().to_owned())
}
