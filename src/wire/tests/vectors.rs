//! Old bytes keep loading: one file per kind of event and change in `tests/vectors/wire/`, written once and never again.
//!
//! A new kind gets its file by `WRITE_VECTORS=1 cargo test --lib wire::`, which writes missing files and changes none.

use std::fmt::Debug;
use std::path::PathBuf;
use std::{env, fs};

use super::protos::oneof_names;
use super::samples;
use crate::wire::{decode_change, decode_event, encode_change, encode_event};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/wire")
}

/// `encoded` is what today's program would write; the file is what a program wrote when the kind was new.
fn check<T: PartialEq + Debug>(name: &str, sample: &T, encoded: &[u8], decode: impl Fn(&[u8]) -> T) {
    let path = folder().join(name);
    if !path.exists() && env::var_os("WRITE_VECTORS").is_some() {
        fs::write(&path, encoded).unwrap();
    }
    let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert_eq!(&decode(&bytes), sample, "{name}");
}

#[test]
fn every_kind_of_event_ever_written_loads() {
    let mut kinds = Vec::new();
    for event in samples::events() {
        let name = format!("event-{}.bin", event.kind());
        check(&name, &event, &encode_event(&event), |b| decode_event(b).unwrap());
        kinds.push(event.kind().to_owned());
    }
    assert_eq!(kinds, oneof_names("Event", "event"), "a kind of event has no sample");
}

#[test]
fn every_kind_of_change_ever_written_loads() {
    let names = oneof_names("Change", "change");
    let changes = samples::changes();
    assert_eq!(changes.len(), names.len(), "a kind of change has no sample");
    for (change, name) in changes.iter().zip(names) {
        let bytes = encode_change(change);
        check(&format!("change-{name}.bin"), change, &bytes, |b| decode_change(b).unwrap());
    }
}

#[test]
fn no_file_is_left_unread() {
    let mut files: Vec<String> =
        fs::read_dir(folder()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let events = oneof_names("Event", "event").into_iter().map(|n| format!("event-{n}.bin"));
    let changes = oneof_names("Change", "change").into_iter().map(|n| format!("change-{n}.bin"));
    let mut expected: Vec<String> = events.chain(changes).collect();
    expected.sort();
    assert_eq!(files, expected);
}
