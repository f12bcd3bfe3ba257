//! How the code reads: sizes, first lines, words, and calls that must say why they cannot fail.

use super::source::{Source, end_of_item, list_files};
use super::{expect_none, sources};

/// Lines a file may have without a reason.
const FILE_LINES_MAX: usize = 600;
/// Lines a function may have.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines a screen's `view` may have.
const VIEW_LINES_MAX: usize = 100;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "misc", "shared", "stuff"];

/// Calls that end the program; each says beside it why that cannot happen.
const ABRUPT: &[&str] = &[".unwrap()", ".expect(", ".unwrap_err()", "panic!(", "unreachable!("];

/// What is left behind in haste.
const LEFT_BEHIND: &[&str] =
    &["todo!(", "unimplemented!(", "dbg!(", "#[ignore", "#![allow(dead_code", "#[allow(dead_code"];

#[test]
fn a_file_is_of_a_size_that_is_pleasant_to_enter() {
    let too_long = |source: &Source| {
        let lines = source.text.lines().count();
        let has_reason = source.text.lines().take_while(|l| l.starts_with("//!")).any(|l| l.starts_with("//! Size: "));
        (lines > FILE_LINES_MAX && !has_reason).then(|| format!("{} has {lines} lines", source.path))
    };
    let breaches = sources().iter().filter_map(too_long).collect();
    expect_none("A file has at most 600 lines, or its first comment says why (`//! Size: …`):", breaches);
}

#[test]
fn a_function_fits_on_a_screen() {
    let mut breaches = Vec::new();
    for source in sources() {
        for (line, name, lines) in list_functions(&source.product) {
            let lines_max = if name.starts_with("view") { VIEW_LINES_MAX } else { FUNCTION_LINES_MAX };
            let has_reason = line > 1 && source.text.lines().nth(line - 2).is_some_and(|l| l.contains("// Size: "));
            if lines > lines_max && !has_reason {
                breaches.push(format!("{}:{line} {name} has {lines} lines", source.path));
            }
        }
    }
    expect_none("A function has at most 70 lines, a view 100, or the line above says why (`// Size: …`):", breaches);
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let opens = |source: &Source| !source.text.starts_with("//! ");
    let breaches = sources().iter().filter(|s| opens(s)).map(|s| s.path.clone()).collect();
    expect_none("Each file opens with a sentence on what it is for (`//! …`):", breaches);
}

#[test]
fn names_say_what_is_inside() {
    let folders = ["src", "tests", "benches", "proto", "hardware", "assets"];
    let mut breaches = Vec::new();
    for path in folders.iter().flat_map(|folder| list_files(folder)) {
        let parts = path.split(['/', '.']).map(str::to_owned);
        breaches.extend(parts.filter(|p| EMPTY_NAMES.contains(&p.as_str())).map(|part| format!("{path}: {part}")));
    }
    expect_none("A file or module is named after what it does, not after what it is:", breaches);
}

#[test]
fn what_would_end_the_program_says_why_it_cannot() {
    let mut breaches = Vec::new();
    for source in sources().iter().filter(|s| s.path.starts_with("src/")) {
        let lines: Vec<&str> = source.text.lines().collect();
        for (number, line) in source.product_lines() {
            let explained =
                has_comment(lines[number - 1]) || (number > 1 && lines[number - 2].trim().starts_with("//"));
            if ABRUPT.iter().any(|call| line.contains(call)) && !explained {
                breaches.push(format!("{}:{number} {}", source.path, lines[number - 1].trim()));
            }
        }
    }
    expect_none("A call that would end the program says on its line or the line above why it cannot fail:", breaches);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not find itself.
    let notes = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["HA", "CK"].concat()];
    let mut breaches = Vec::new();
    for source in sources() {
        for (index, (line, code)) in source.text.lines().zip(source.code.lines()).enumerate() {
            let is_note = |word: &str| notes.iter().any(|note| note == word);
            let noted = line.split(|c: char| !c.is_alphanumeric()).any(is_note);
            if noted || LEFT_BEHIND.iter().any(|call| code.contains(call)) {
                breaches.push(format!("{}:{} {}", source.path, index + 1, line.trim()));
            }
        }
    }
    expect_none("What is not finished does not stand in the code:", breaches);
}

fn has_comment(line: &str) -> bool {
    line.contains("// ")
}

/// The functions of a file: line, name and how many lines each has.
fn list_functions(code: &str) -> Vec<(usize, String, usize)> {
    let mut functions = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let is_word = code[..start].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let name: String = code[start + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if is_word || name.is_empty() {
            continue;
        }
        let end = end_of_item(code, start);
        let line = code[..start].matches('\n').count() + 1;
        functions.push((line, name, code[start..end].matches('\n').count() + 1));
    }
    functions
}

#[test]
fn functions_are_measured() {
    let code = "impl A {\n    fn one(&self) -> [u8; 2] {\n        a();\n    }\n}\ntrait B {\n    fn two(&self);\n}\n";
    assert_eq!(list_functions(code), [(2, "one".to_owned(), 3), (7, "two".to_owned(), 1)]);
}
