//! Every screen as a picture, in each theme, at both sizes, in large type and in every language.
//!
//! The pictures lie in `tests/pictures/`. A missing one fails. After a change that is meant, look at what
//! `TILL_PICTURES=write cargo test --lib gui::picture_tests` writes before it is committed.

use std::path::{Path, PathBuf};

use super::gallery::{self, Exhibit};
use super::measure::TextSize;
use super::picture::Picture;
use super::tests::{SIZES, off_screen, window};
use super::text::Language;
use super::theme::ThemeName;
use super::window::Look;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

/// Shades this close are the same: kept pictures have sixteen shades a channel, which is all that a comparison needs and
/// a fraction of the size.
const SHADE: u8 = 16;

/// The picture as it is kept.
fn kept(picture: &Picture) -> Picture {
    let rgba = picture.rgba.iter().map(|shade| (shade & 0xF0) | (shade >> 4)).collect();
    Picture { width: picture.width, height: picture.height, rgba }
}

/// How much of a picture differs by more than a breath, from 0 to 1.
fn difference(a: &Picture, b: &Picture) -> f64 {
    if (a.width, a.height) != (b.width, b.height) {
        return 1.0;
    }
    let pixels = a.rgba.chunks_exact(4).zip(b.rgba.chunks_exact(4));
    let other = pixels.filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > SHADE)).count();
    other as f64 / f64::from(a.width * a.height)
}

/// Compares the pictures of one look with those kept; writes them when asked to.
fn check_pictures(set: &str, look: Look, size: (u32, u32), names: impl Fn(&str) -> bool) {
    let write = std::env::var_os("TILL_PICTURES").is_some_and(|value| value == "write");
    let mut faults = Vec::new();
    for exhibit in gallery::exhibits().iter().filter(|exhibit| names(exhibit.name)) {
        let window = window(exhibit, look);
        let drawn = off_screen(&window, size).draw(&window.theme());
        let path = folder().join(set).join(format!("{}.png", exhibit.name));
        if write {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            kept(&drawn).write_png(&path).unwrap();
            continue;
        }
        let fault = match Picture::read_png(&path) {
            Err(error) => format!("{} cannot be read: {error}", path.display()),
            Ok(before) => match difference(&before, &drawn) {
                small if small < 0.0005 => continue,
                part => format!("{} differs by {:.3} %", path.display(), part * 100.0),
            },
        };
        let actual = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures").join(set);
        std::fs::create_dir_all(&actual).unwrap();
        let actual = actual.join(format!("{}.png", exhibit.name));
        drawn.write_png(&actual).unwrap();
        faults.push(format!("{fault}; drawn now: {}", actual.display()));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn themed(theme: ThemeName) -> Look {
    Look { theme, ..Look::default() }
}

/// The screens worth a picture in every language.
fn in_every_language(name: &str) -> bool {
    matches!(name, "sell" | "approval" | "conflict" | "pay" | "pay-receipt-compulsory" | "pick-ups" | "unfinished")
}

#[test]
fn day() {
    check_pictures("day", themed(ThemeName::Day), SIZES[0], |_| true);
}

#[test]
fn night() {
    check_pictures("night", themed(ThemeName::Night), SIZES[0], |_| true);
}

#[test]
fn high_contrast() {
    check_pictures("high-contrast", themed(ThemeName::HighContrast), SIZES[0], |_| true);
}

#[test]
fn small_window() {
    check_pictures("day-1024", themed(ThemeName::Day), SIZES[1], |_| true);
}

#[test]
fn large_text() {
    let look = Look { text_size: TextSize::Large, ..Look::default() };
    check_pictures("large-text", look, SIZES[0], in_every_language);
}

#[test]
fn other_languages() {
    for language in Language::ALL.into_iter().filter(|language| *language != Language::English) {
        let look = Look { language, ..Look::default() };
        check_pictures(language.code(), look, SIZES[0], in_every_language);
    }
}

#[test]
fn a_changed_picture_is_seen() {
    let exhibit = gallery::find_exhibit("sell").unwrap();
    let draw = |theme| {
        let window = window(&exhibit, themed(theme));
        off_screen(&window, SIZES[0]).draw(&window.theme())
    };
    let day = draw(ThemeName::Day);
    assert!(difference(&day, &day) < f64::EPSILON);
    assert!(difference(&day, &draw(ThemeName::Night)) > 0.5);
    let mut one_word = Exhibit { name: "sell", ..gallery::find_exhibit("sell").unwrap() };
    one_word.snapshot.till.store_name = "High Streat".to_owned();
    let window = window(&one_word, themed(ThemeName::Day));
    let changed = off_screen(&window, SIZES[0]).draw(&window.theme());
    assert!(difference(&day, &changed) > 0.0, "one letter is seen");
}
