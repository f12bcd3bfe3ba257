//! Who may know whom: the rooms' arrows, and the libraries that belong to one room alone.

use super::source::Source;
use super::{expect_none, sources};

/// The rooms, and which others each may use. `terminal`, `demo` and `bin` only wire things together.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("wire", &["domain"]),
    ("database", &["domain", "wire"]),
    ("devices", &["domain"]),
    ("sync", &["domain", "wire", "database"]),
    ("register", &["domain", "database"]),
    ("gui", &["domain", "register"]),
    ("central", &["domain", "wire"]),
    ("terminal", &["domain", "wire", "database", "devices", "sync", "register", "gui"]),
    ("demo", &["domain", "wire", "database", "devices", "sync", "register", "gui", "terminal", "central"]),
    ("bin", &["domain", "wire", "database", "devices", "sync", "register", "gui", "terminal", "central", "demo"]),
];

/// Names that only some places may say; a place is the beginning of a path.
const BELONGINGS: &[(&str, &[&str], &str)] = &[
    (
        "rusqlite",
        &["src/database/", "src/central/store/", "benches/"],
        "SQL is known to the database and to central's store",
    ),
    ("iced", &["src/gui/", "src/demo/", "src/bin/till/"], "the window is known to the gui"),
    ("iced_test", &["src/gui/", "src/demo/"], "pictures of the window are the gui's"),
    ("serialport", &["src/devices/"], "serial ports are known to the devices"),
    ("nix", &["src/devices/"], "pseudo-terminals are known to the devices"),
    ("prost", &["src/wire/", "src/sync/", "src/central/", "build.rs"], "protobuf is known to wire, sync and central"),
    (
        "tonic",
        &["src/wire/", "src/sync/", "src/central/", "src/demo/", "src/bin/", "benches/"],
        "gRPC is known to sync and central",
    ),
    ("quick_xml", &["src/central/intake/", "benches/"], "XML is known to intake"),
    ("russh", &["src/central/intake/files/"], "SFTP is known to the pick-up of files"),
    ("russh_sftp", &["src/central/intake/files/"], "SFTP is known to the pick-up of files"),
    ("suppaftp", &["src/central/intake/files/"], "FTP is known to the pick-up of files"),
    ("chrono_tz", &["src/domain/zone.rs"], "time zones are known to the store's zone"),
    ("Local", &[], "what the machine believes of its time zone is nobody's: a store has its own"),
];

/// What the rules of the shop never do: they are given the time, chance and data as arguments.
const ABSENT_FROM_DOMAIN: &[&str] = &[
    "std::fs",
    "std::io",
    "std::net",
    "std::thread",
    "std::time",
    "std::env",
    "std::process",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant",
    "getrandom",
    "now_v7",
    "new_v4",
    "tokio",
    "tracing",
];

#[test]
fn no_room_knows_one_it_may_not_know() {
    let breaches = sources().iter().flat_map(list_wrong_arrows).collect();
    expect_none("A room may use only the rooms below it (architecture: who may know whom):", breaches);
}

#[test]
fn each_library_stays_in_its_room() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (name, places, why) in BELONGINGS {
            if places.iter().any(|place| source.path.starts_with(place)) {
                continue;
            }
            for (number, line) in source.product_lines().filter(|(_, line)| says(line, name)) {
                breaches.push(format!("{}:{number} says {name}: {why}: {}", source.path, line.trim()));
            }
        }
    }
    expect_none("A library belongs to the room that hides it from the others:", breaches);
}

#[test]
fn rules_do_no_input_or_output_and_read_no_clock() {
    let mut breaches = Vec::new();
    for source in sources().iter().filter(|s| s.room() == Some("domain")) {
        for (number, line) in source.product_lines() {
            for name in ABSENT_FROM_DOMAIN.iter().filter(|name| says(line, name)) {
                breaches.push(format!("{}:{number} says {name}", source.path));
            }
        }
    }
    expect_none("Whatever a rule needs to know is an argument:", breaches);
}

#[test]
fn every_room_is_in_the_table() {
    for source in sources() {
        if let Some(room) = source.room() {
            assert!(ROOMS.iter().any(|(name, _)| *name == room), "{} is in no room of the table", source.path);
        }
    }
}

fn list_wrong_arrows(source: &Source) -> Vec<String> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else { return Vec::new() };
    let root = if room == "bin" { "till" } else { "crate" };
    let used = list_rooms_used(&source.product, root);
    let wrong = used.into_iter().filter(|(_, used)| used != room && !allowed.contains(&used.as_str()));
    let mut breaches: Vec<String> = wrong.map(|(line, used)| format!("{}:{line} uses {used}", source.path)).collect();
    // The way round by `super` is not there either: a file names other rooms by `crate` or not at all.
    let depth = module_depth(&source.path);
    for (number, line) in source.product_lines().filter(|_| room != "bin") {
        if line.contains(&"super::".repeat(depth)) {
            breaches.push(format!("{}:{number} reaches the root by super", source.path));
        }
    }
    breaches
}

/// How many modules a file is below the root: 2 for `src/domain/money.rs`.
fn module_depth(path: &str) -> usize {
    path.trim_start_matches("src/").trim_end_matches("/mod.rs").trim_end_matches(".rs").split('/').count()
}

/// The rooms that code names behind `root::`, also in groups (`crate::{domain, wire}`), with their lines.
fn list_rooms_used(code: &str, root: &str) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    for (start, _) in code.match_indices(&format!("{root}::")) {
        let before = code[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let line = code[..start].matches('\n').count() + 1;
        let rest = &code[start + root.len() + 2..];
        for name in first_names(rest) {
            if ROOMS.iter().any(|(room, _)| *room == name) {
                used.push((line, name));
            }
        }
    }
    used
}

/// `domain` of `domain::money`; `domain` and `wire` of `{domain::money, wire}`.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut depth = 0;
    let mut names = vec![name(group)];
    for (offset, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[offset + 1..])),
            _ => {}
        }
    }
    names
}

/// Does the line say the name as a word of its own, at the beginning of a path?
fn says(line: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + name.len()..].chars().next();
        let is_field = before == Some('.');
        !before.is_some_and(is_word) && !after.is_some_and(is_word) && !is_field
    })
}

#[test]
fn names_behind_the_root_are_read() {
    #[rustfmt::skip]
    let table: [(&str, &[&str]); 6] = [
        ("use crate::domain::money::Money;",        &["domain"]),
        ("use crate::{domain::money, wire};",       &["domain", "wire"]),
        ("use crate::{\n  gui::{a, b},\n  sync,\n};", &["gui", "sync"]),
        ("let x = crate::central::run();",          &["central"]),
        ("use other_crate::domain;",                &[]),
        ("use self::domain;",                       &[]),
    ];
    for (code, expected) in table {
        let used: Vec<String> = list_rooms_used(code, "crate").into_iter().map(|(_, room)| room).collect();
        assert_eq!(used, expected, "{code}");
    }
}

#[test]
fn names_are_words_of_their_own() {
    #[rustfmt::skip]
    let table = [
        ("use iced::Task;", "iced", true), ("use iced_test::x;", "iced", false), ("sliced::a", "iced", false),
        ("self.tonic", "tonic", false), ("Utc::now()", "Utc::now", true),
    ];
    for (line, name, expected) in table {
        assert_eq!(says(line, name), expected, "{line}");
    }
}
