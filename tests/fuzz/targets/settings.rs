//! Files that a person writes for a till: `till.toml`, profiles of scanners and printers, in-store layouts, GS1 identifiers.
//! Each is read, or refused with its place.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use till::devices::printer::PrinterProfile;
use till::devices::scanner::ScannerProfile;
use till::domain::barcode::gs1::identifiers::parse_table;
use till::domain::barcode::in_store::InStoreRules;
use till::terminal::config::{Config, parse_device};

/// Where a profile of one's own lies.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("printers")).expect("a folder in it");
    folder
});

fuzz_target!(|data: (u8, &str)| -> Corpus {
    let (kind, text) = data;
    let told = match kind % 6 {
        0 => Config::parse(text, Path::new("till.toml")).err().map(|error| error.to_string()),
        1 => parse_device(text).err(),
        2 => ScannerProfile::parse("own", text).err().map(|error| error.to_string()),
        3 => {
            std::fs::write(FOLDER.path().join("printers/own.toml"), text).expect("written");
            PrinterProfile::load("own", Some(FOLDER.path())).err().map(|error| error.to_string())
        }
        4 => InStoreRules::parse(text, "FI").err().map(|error| error.to_string()),
        _ => parse_table(text).err().map(|error| error.to_string()),
    };
    assert!(told.is_none_or(|told| !told.trim().is_empty()), "an error says something");
    Corpus::Keep
});
