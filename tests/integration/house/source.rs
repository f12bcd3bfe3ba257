//! A Rust file as the rules see it: its text, and its code with comments, texts and tests blanked out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of the project.
pub struct Source {
    /// From the project's root, with forward slashes: `src/domain/money.rs`.
    pub path: String,
    /// As it stands in the file.
    pub text: String,
    /// The same lines with everything blanked that is no code: comments, texts, characters.
    pub code: String,
    /// [`Source::code`] without what is compiled for tests only; nothing of a file that is a test.
    pub product: String,
}

impl Source {
    /// The lines of [`Source::product`], with their numbers from 1.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.product.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The room the file belongs to: `domain`, `bin`; `None` outside `src/` and for `src/lib.rs`.
    pub fn room(&self) -> Option<&str> {
        self.path.strip_prefix("src/")?.split_once('/').map(|(room, _)| room)
    }
}

/// Where `Cargo.toml` stands.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` (from the root), by name; hidden ones left out.
pub fn list_files(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(name_of(&path)),
            }
        }
    }
    files.retain(|path| !path.split('/').any(|part| part.starts_with('.')));
    files.sort();
    files
}

/// Every Rust file of the project.
pub fn list_sources() -> Vec<Source> {
    let folders = ["src", "tests", "benches"];
    let paths = folders.iter().flat_map(|folder| list_files(folder)).chain(["build.rs".to_owned()]);
    let mut sources: Vec<Source> = paths.filter(|path| path.ends_with(".rs")).map(read).collect();
    let tests: BTreeSet<String> = sources.iter().flat_map(list_test_modules).collect();
    for source in &mut sources {
        let declared =
            |prefix: &String| source.path == format!("{prefix}.rs") || source.path.starts_with(&format!("{prefix}/"));
        let is_test =
            source.path.starts_with("tests/") || source.path.ends_with("_tests.rs") || tests.iter().any(declared);
        source.product = match is_test {
            true => source.code.lines().map(|_| "\n").collect(),
            false => without_tests(&source.code),
        };
    }
    sources
}

fn read(path: String) -> Source {
    let text = fs::read_to_string(root().join(&path)).unwrap();
    let code = blank(&text);
    Source { path, text, code, product: String::new() }
}

fn name_of(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

/// Blanks comments, texts and characters, and keeps every line break and every other character's place.
pub fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_blank(&chars, at);
        if end == at {
            code.push(chars[at]);
            at += 1;
        }
        for c in &chars[at..end.max(at)] {
            code.push(if *c == '\n' { '\n' } else { ' ' });
        }
        at = end.max(at);
    }
    code
}

/// Where the comment, text or character ends that begins at `at`; `at` itself when none begins there.
fn end_of_blank(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied().unwrap_or('\0');
    let from =
        |position: usize, end: &dyn Fn(usize) -> bool| (position..chars.len()).find(|i| end(*i)).unwrap_or(chars.len());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match chars[at] {
        '/' if next(1) == '/' => from(at, &|i| chars[i] == '\n'),
        '/' if next(1) == '*' => (from(at + 2, &|i| chars[i - 1..].starts_with(&['*', '/'])) + 1).min(chars.len()),
        'r' if (next(1) == '"' || next(1) == '#') && (at == 0 || !is_word(chars[at - 1]) || chars[at - 1] == 'b') => {
            let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
            if next(1 + hashes) != '"' {
                return at;
            }
            let closing: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            (from(at + 2 + hashes, &|i| chars[i..].starts_with(&closing)) + 1 + hashes).min(chars.len())
        }
        '"' => {
            let mut i = at + 1;
            while i < chars.len() && chars[i] != '"' {
                i += if chars[i] == '\\' { 2 } else { 1 };
            }
            (i + 1).min(chars.len())
        }
        // A character, and not a lifetime: closed after one character or an escape.
        '\'' if next(1) == '\\' => (from(at + 3, &|i| chars[i] == '\'') + 1).min(chars.len()),
        '\'' if next(2) == '\'' => at + 3,
        _ => at,
    }
}

/// Blanks every item that is marked `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = code.to_owned();
    while let Some(start) = kept.find(MARK) {
        let end = end_of_item(&kept, start + MARK.len());
        let gap: String = kept[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &gap);
    }
    kept
}

/// Where the item ends that begins at `start`: behind its `;`, or behind the brace that closes its body.
pub fn end_of_item(code: &str, start: usize) -> usize {
    let mut depth = 0_i32;
    for (offset, c) in code[start..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (c == ';' || c == '}') {
            return start + offset + 1;
        }
    }
    code.len()
}

/// The files a source declares as tests (`#[cfg(test)] mod tests;`), without their ending.
fn list_test_modules(source: &Source) -> Vec<String> {
    let folder = match source.path.strip_suffix("/mod.rs").or_else(|| source.path.strip_suffix("/lib.rs")) {
        Some(folder) => folder.to_owned(),
        None => source.path.trim_end_matches(".rs").to_owned(),
    };
    let declared = source.code.split("#[cfg(test)]").skip(1).filter_map(|rest| {
        let declaration = rest.trim_start().trim_start_matches("pub(crate) ").strip_prefix("mod ")?;
        let (name, _) = declaration.split_once(';')?;
        (!name.contains('{')).then(|| format!("{folder}/{}", name.trim()))
    });
    declared.collect()
}

#[test]
fn only_code_is_left_of_a_file() {
    #[rustfmt::skip]
    let table = [
        ("let a = 1; // crate::gui",           "let a = 1;             "),
        ("/* a\nb */ let",                     "    \n     let"),
        (r##"x("a\"b", 'c', '\'', b"d")"##,    r##"x(      ,    ,     , b   )"##),
        (r###"r#"a"b"# + r"c""###,             "         +     "),
        ("fn f<'a>(x: &'a str)",               "fn f<'a>(x: &'a str)"),
    ];
    for (text, expected) in table {
        assert_eq!(blank(text).trim_end(), expected.trim_end(), "{text}");
    }
}

#[test]
fn tests_are_cut_out_and_the_lines_stay() {
    let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { x[1]; }\n}\nfn c() {}\n";
    let kept = without_tests(code);
    assert_eq!(kept.lines().count(), code.lines().count());
    assert!(kept.contains("fn a") && kept.contains("fn c") && !kept.contains("fn b"), "{kept}");
}

#[test]
fn a_tables_tests_are_tests_and_its_rules_are_not() {
    let sources = list_sources();
    let product_of = |path: &str| &sources.iter().find(|s| s.path == path).unwrap().product;
    assert!(product_of("src/domain/money/tests.rs").trim().is_empty());
    assert!(product_of("src/domain/specimen.rs").trim().is_empty());
    assert!(product_of("src/domain/money.rs").contains("pub fn allocate"));
    assert!(!product_of("src/domain/operator.rs").contains("fn what_each_role_may_do"));
}
