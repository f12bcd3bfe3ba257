//! `till devices`: the installer's program, against simulated devices on real ports.

use std::path::Path;
use std::process::{Command, Output};

use till::devices::printer::PrinterProfile;
use till::devices::simulated::printer::{Hands, PrinterTwin, Switch, TwinPace, TwinSettings};

const PROFILE: &str = "epson-tm-t20iii";
/// How many seconds a test that ends by itself may take.
const PATIENCE: &str = "120";
/// How many seconds a test takes that waits for paper: long enough for the printer to say that it has none.
const LISTENS: &str = "15";

fn printer(folder: &Path) -> PrinterTwin {
    let settings = TwinSettings::of(&PrinterProfile::load(PROFILE, None).unwrap());
    PrinterTwin::start(&folder.join("printer"), settings, TwinPace::default(), || ()).unwrap()
}

/// Runs `till devices`, with the settings of a till whose printer is the simulated one.
fn devices(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let port = folder.join("printer");
    let settings = format!("[printer]\nport = \"{}\"\nprofile = \"{PROFILE}\"\n", port.display());
    std::fs::write(folder.join("till.toml"), settings).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_till"));
    let output = command.arg("devices").arg("--data").arg(folder).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output, said)
}

#[test]
fn the_printer_of_the_settings_prints_its_test_page() {
    let folder = tempfile::tempdir().unwrap();
    let twin = printer(folder.path());
    let (output, said) = devices(folder.path(), &["--for", PATIENCE, "--test", "printer"]);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("Epson TM-T20III") && said.contains("on paper"), "{said}");
    assert!(twin.paper().to_text().contains("TEST PAGE"), "{}", twin.paper().to_text());
}

#[test]
fn a_printer_without_paper_is_said_to_be_and_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let twin = printer(folder.path());
    twin.switch(Switch::Hands(Hands { paper_out: true, ..Hands::default() }));
    let named = format!("printer={},{PROFILE}", folder.path().join("printer").display());
    let (output, said) = devices(folder.path(), &["--for", LISTENS, "--test", &named]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("paper out") && said.contains("What to look at"), "{said}");
    assert_eq!(twin.paper().to_text(), "");
}

#[test]
fn the_drawer_opens_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let twin = printer(folder.path());
    let (output, said) = devices(folder.path(), &["--for", PATIENCE, "--test", "drawer"]);
    assert!(output.status.success() && said.contains("The drawer is open"), "{said}");
    assert_eq!(twin.look(|core| core.kicks()), 1);
}

#[test]
fn what_is_not_there_gets_advice_and_what_is_not_set_up_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let (output, said) = devices(folder.path(), &["--for", "1", "--test", "printer"]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Is the cable in"), "{said}");
    let (output, said) = devices(folder.path(), &["--test", "scanner"]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no scanner is set up") && said.contains("--test scanner=/dev/ttyUSB0"), "{said}");
}
