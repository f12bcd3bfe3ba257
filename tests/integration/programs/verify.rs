//! `till verify` as a program: what it prints and how it ends for a journal that holds, and for one that was tampered with.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use till::database::{Database, DatabaseError, NewEntry, RunStart, copy_file};
use till::domain::Timestamp;
use till::domain::event::Event;
use till::domain::ids::{EntryId, RunId, TillId};
use uuid::Uuid;

const ENTRIES: u64 = 6;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A journal of one run: its beginning, and the drawer opened so often.
fn write_journal(path: &Path) {
    let at = Timestamp::from_timestamp_millis(1_795_507_200_000).unwrap();
    let mut database = Database::open(path, at).unwrap();
    let entry = |number: u64| EntryId(Uuid::from_u128(u128::from(number)));
    let run = RunStart {
        till: TillId { store: "S001".into(), workstation: "T02".into() },
        run: RunId(Uuid::from_u128(1)),
        key: key(),
        entry: entry(1),
        at,
        business_day: at.date_naive(),
        version: "test".to_owned(),
    };
    database.start_run(run).unwrap();
    for number in 2..=ENTRIES {
        let event = Event::DrawerOpened { reason: format!("for the {number}th time") };
        let business_day = at.date_naive();
        let new = NewEntry { id: entry(number), recorded_at: at, operator: None, business_day, event };
        database.transaction::<_, DatabaseError>(|tx| tx.append(new)).unwrap();
    }
}

fn verify(path: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_till")).arg("verify").args(options).arg(path).output().unwrap()
}

/// Its exit code, and what it printed.
fn told(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stdout.clone()).unwrap())
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A copy with something done to it by someone who gets around the triggers.
fn tampered(path: &Path, name: &str, tamper: fn(&Connection)) -> PathBuf {
    let copy = path.with_file_name(format!("{name}.db"));
    copy_file(path, &copy).unwrap();
    let file = Connection::open(&copy).unwrap();
    file.execute_batch("DROP TRIGGER journal_is_never_updated; DROP TRIGGER journal_is_never_deleted;").unwrap();
    tamper(&file);
    copy
}

fn flip_a_bit(file: &Connection) {
    let read = "SELECT payload FROM journal WHERE position = 4";
    let mut payload: Vec<u8> = file.query_row(read, (), |row| row.get(0)).unwrap();
    payload[3] ^= 1;
    file.execute("UPDATE journal SET payload = ?1 WHERE position = 4", [payload]).unwrap();
}

fn remove_a_row(file: &Connection) {
    file.execute("DELETE FROM journal WHERE position = 3", ()).unwrap();
}

fn swap_a_pair(file: &Connection) {
    file.execute_batch(
        "UPDATE journal SET position = -1 WHERE position = 2;
         UPDATE journal SET position = 2 WHERE position = 3;
         UPDATE journal SET position = 3 WHERE position = -1;",
    )
    .unwrap();
}

#[test]
fn a_journal_that_holds_is_proved_and_the_program_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("till.db");
    write_journal(&path);
    let (code, said) = told(&verify(&path, &[]));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("holds: 6 entries of till S001/T02 in 1 runs, 0 sales\n"), "{said}");
    let own = hexadecimal(key().verifying_key().as_bytes());
    assert!(said.contains(&format!("key    {own}")), "{said}");

    let output = verify(&path, &["--json", "--key", &own]);
    let found = json(&output);
    assert_eq!(output.status.code(), Some(0), "{found}");
    assert_eq!((&found["holds"], &found["entries"], &found["last_sequence"]), (&true.into(), &6.into(), &6.into()));
    assert_eq!((&found["store"], &found["workstation"]), (&"S001".into(), &"T02".into()));
    assert_eq!(found["keys"], serde_json::json!([own]));
}

#[test]
fn a_flipped_bit_a_removed_row_and_a_swapped_pair_name_the_first_bad_entry_and_end_in_1() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("till.db");
    write_journal(&path);
    let faults: [(&str, fn(&Connection), u64); 3] =
        [("flipped", flip_a_bit, 4), ("removed", remove_a_row, 3), ("swapped", swap_a_pair, 2)];
    for (name, tamper, position) in faults {
        let copy = tampered(&path, name, tamper);
        let (code, said) = told(&verify(&copy, &[]));
        assert_eq!(code, Some(1), "{name}: {said}");
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines[0], format!("{}: does not hold", copy.display()), "{name}");
        assert!(lines[1].starts_with(&format!("first bad entry {position}")), "{name}: {said}");
        let output = verify(&copy, &["--json"]);
        let found = json(&output);
        assert_eq!(output.status.code(), Some(1), "{name}: {found}");
        assert_eq!((&found["holds"], &found["position"]), (&false.into(), &position.into()), "{name}: {found}");
        assert!(found["fault"].as_str().is_some_and(|fault| !fault.is_empty()), "{name}: {found}");
    }
    assert_eq!(told(&verify(&path, &[])).0, Some(0), "the file itself was not changed");
}

#[test]
fn a_strangers_key_a_file_that_is_none_and_a_key_that_is_none_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("till.db");
    write_journal(&path);
    let stranger = hexadecimal(SigningKey::from_bytes(&[9; 32]).verifying_key().as_bytes());
    let (code, said) = told(&verify(&path, &["--key", &stranger]));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("first bad entry 1"), "{said}");

    let nowhere = verify(&folder.path().join("nowhere.db"), &[]);
    let said = String::from_utf8_lossy(&nowhere.stderr);
    assert_eq!((nowhere.status.code(), nowhere.stdout.is_empty()), (Some(1), true), "{said}");
    assert!(said.contains("nowhere.db cannot be proved"), "{said}");

    let usage = verify(&path, &["--key", "beef"]);
    let said = String::from_utf8_lossy(&usage.stderr);
    assert_eq!(usage.status.code(), Some(2), "{said}");
    assert!(said.contains("64 hexadecimal digits"), "{said}");
}
