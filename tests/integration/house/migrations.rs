//! A migration that was ever released never changes: a file that was written with the old one could not be opened the same way.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::expect_none;
use super::source::{list_files, root};

/// `SHA-256  path`, as `sha256sum` prints it.
const RELEASED: &str = include_str!("migrations.sha256");

#[test]
fn migrations_never_change() {
    let released: BTreeMap<&str, &str> =
        RELEASED.lines().filter_map(|line| line.split_once("  ")).map(|(hash, path)| (path, hash)).collect();
    let files = list_files("src");
    let migrations: Vec<&String> = files.iter().filter(|p| p.contains("/migrations/") && p.ends_with(".sql")).collect();
    let mut breaches = Vec::new();
    for path in &migrations {
        let hash = hex(&Sha256::digest(std::fs::read(root().join(path)).unwrap()));
        match released.get(path.as_str()) {
            None => breaches.push(format!("new, add this line to migrations.sha256: {hash}  {path}")),
            Some(known) if **known != hash => breaches.push(format!("{path} changed: make a new migration instead")),
            Some(_) => {}
        }
    }
    let gone = released.keys().filter(|path| !migrations.iter().any(|m| m.as_str() == **path));
    breaches.extend(gone.map(|path| format!("{path} is gone")));
    expect_none("A released migration stays as it is:", breaches);
}

#[test]
fn migrations_are_numbered_without_gaps() {
    let mut by_folder: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in list_files("src").into_iter().filter(|p| p.contains("/migrations/") && p.ends_with(".sql")) {
        let (folder, name) = path.rsplit_once('/').unwrap();
        by_folder.entry(folder.to_owned()).or_default().push(name.to_owned());
    }
    for (folder, names) in by_folder {
        for (index, name) in names.iter().enumerate() {
            assert!(name.starts_with(&format!("{:04}", index + 1)), "{folder}/{name} breaks the row");
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
