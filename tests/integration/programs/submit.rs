//! `central order submit` over a folder: what it tells people and programs, and that it may be broken off and run again.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use till::central::store::{OrderFilter, Store};

use super::central::Central;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A plain order of this number; of `bad` nobody sells the item.
fn document(number: &str, sku: &str) -> String {
    format!(
        "<order number=\"{number}\" currency=\"EUR\"><customer id=\"C-1\"/><store>S001</store>\
         <line sku=\"{sku}\" quantity=\"1\" price=\"14.50\"/><total>14.50</total></order>"
    )
}

fn write_orders(folder: &Path, count: usize) {
    for number in 0..count {
        std::fs::write(folder.join(format!("{number:04}.xml")), document(&number.to_string(), "enamel-mug-moss"))
            .unwrap();
    }
}

/// The command with everything but its end: on a terminal of its own, or not.
fn submit(central: &Central, token: &str, folder: &Path, on_terminal: bool) -> Command {
    let program = env!("CARGO_BIN_EXE_central");
    let url = central.url();
    let folder = folder.display().to_string();
    let arguments = ["order", "submit", &folder, "--central", &url, "--token", token];
    match on_terminal {
        false => {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::null());
            command
        }
        true => {
            let mut command = Command::new("script");
            let line = [&[program][..], &arguments].concat().join(" ");
            command.args(["--quiet", "--return", "--command", &line, "/dev/null"]).stdin(Stdio::null());
            command
        }
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_folder_is_sent_and_told_in_lines_or_beside_a_bar() {
    let mut central = Central::new();
    let token = central.say(&["channel", "add", "website", "--kind", "website"]);
    central.start();
    let folder = tempfile::tempdir().unwrap();
    write_orders(folder.path(), 30);
    std::fs::write(folder.path().join("0030.xml"), document("bad", "no-such")).unwrap();
    for left_alone in [".hidden.xml", "0031.xml.part", "0001.xml.done"] {
        std::fs::write(folder.path().join(left_alone), "not an order").unwrap();
    }
    std::fs::create_dir(folder.path().join("imported")).unwrap();

    let first = submit(&central, &token, folder.path(), false).output().unwrap();
    let text = said(&first);
    assert_eq!(first.status.code(), Some(1), "{text}");
    assert_eq!(text.matches(": IMPORTED W-").count(), 30, "{text}");
    assert!(text.contains("0030.xml: PROBLEM") && text.contains("ITEM_UNKNOWN"), "{text}");
    assert!(text.ends_with("31 files, 31 orders: 30 accepted, 0 duplicates, 1 problem\n"), "{text}");

    // On a terminal a bar says how far it is, and lines only what somebody must read.
    let again = submit(&central, &token, folder.path(), true).output().unwrap();
    let text = said(&again);
    assert_eq!(again.status.code(), Some(1), "{text}");
    assert!(text.contains("31 files, 31 orders: 0 accepted, 30 duplicates, 1 problem"), "{text}");
    assert!(text.contains("/31") && !text.contains("0001.xml: DUPLICATE"), "{text}");
    assert!(text.contains("0030.xml: PROBLEM") && text.contains("ITEM_UNKNOWN"), "{text}");

    // What no message may hold is the trouble of one file alone.
    std::fs::remove_file(folder.path().join("0030.xml")).unwrap();
    std::fs::write(folder.path().join("0000.xml"), vec![b'x'; 5_000_000]).unwrap();
    let huge = submit(&central, &token, folder.path(), false).output().unwrap();
    let text = said(&huge);
    assert_eq!(huge.status.code(), Some(1), "{text}");
    assert!(text.contains("0000.xml: UNREADABLE"), "{text}");
    assert!(text.ends_with("30 files, 30 orders: 0 accepted, 29 duplicates, 1 problem\n"), "{text}");

    // A file may hold several orders, and a name may lead nowhere from here.
    let several = tempfile::tempdir().unwrap();
    let (one, two) = (document("s-1", "enamel-mug-moss"), document("s-2", "enamel-mug-moss"));
    std::fs::write(several.path().join("both.xml"), format!("<orders>{one}{two}</orders>")).unwrap();
    let mut command = submit(&central, &token, Path::new("both.xml"), false);
    let both = command.arg("assets/none.xml").current_dir(several.path()).output().unwrap();
    let text = said(&both);
    assert_eq!(both.status.code(), Some(1), "{text}");
    let here = several.path().canonicalize().unwrap();
    let cure = format!("assets/none.xml: UNREADABLE\n  there is no such file in {}: ", here.display());
    assert!(text.contains(&cure) && !text.contains("os error"), "{text}");
    assert!(text.ends_with("2 files, 3 orders: 2 accepted, 0 duplicates, 1 problem\n"), "{text}");

    let empty = tempfile::tempdir().unwrap();
    let nothing = submit(&central, &token, empty.path(), false).output().unwrap();
    assert!(said(&nothing).contains("there is no document in"), "{}", said(&nothing));
    let stranger = submit(&central, "not-a-token", folder.path(), false).output().unwrap();
    let text = said(&stranger);
    assert!(text.contains("files were answered; send all again") && text.contains("token is not known"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_off_and_run_again_each_order_is_there_once() {
    const ORDERS: usize = 600;
    const PIPE_BYTES: i32 = 4096;
    let mut central = Central::new();
    let token = central.say(&["channel", "add", "website", "--kind", "website"]);
    central.start();
    let folder = tempfile::tempdir().unwrap();
    write_orders(folder.path(), ORDERS);
    let store = central.open();
    let count = async || {
        let filter = OrderFilter { orders_max: ORDERS * 2, ..OrderFilter::default() };
        store.list_orders(filter).await.unwrap().len()
    };
    let mut command = submit(&central, &token, folder.path(), false);
    let sending = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Nobody reads what it says of each order: when no more of that fits, it waits.
    nix::fcntl::fcntl(sending.stdout.as_ref().unwrap(), nix::fcntl::FcntlArg::F_SETPIPE_SZ(PIPE_BYTES)).unwrap();
    let begun = Instant::now();
    while count().await < 20 {
        assert!(begun.elapsed() < PATIENCE, "nothing arrives\n{}", central.tail());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // As Ctrl-C on its terminal does.
    assert!(Command::new("kill").args(["-INT", &sending.id().to_string()]).status().unwrap().success());
    let broken_off = sending.wait_with_output().unwrap();
    let text = said(&broken_off);
    assert_eq!(broken_off.status.code(), Some(1), "{text}");
    assert!(text.contains(&format!("of {ORDERS} files were answered; send all again")), "{text}");
    assert!(text.contains("interrupted"), "{text}");
    let before = count().await;
    assert!(before < ORDERS, "all were sent before it was broken off");

    let whole = submit(&central, &token, folder.path(), false).output().unwrap();
    let text = said(&whole);
    assert!(whole.status.success(), "{text}");
    // What was under way when it was broken off may have arrived after the counting.
    let duplicates = ORDERS - text.matches(": IMPORTED ").count();
    assert!(before <= duplicates && duplicates < ORDERS, "{before} were there: {text}");
    let sums = format!(
        "{ORDERS} files, {ORDERS} orders: {} accepted, {duplicates} duplicates, 0 problems\n",
        ORDERS - duplicates
    );
    assert!(text.ends_with(&sums), "{text}");
    assert_eq!(count().await, ORDERS);
    store.close();
}
