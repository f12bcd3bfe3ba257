//! Every screen as a picture in each theme and by day in the small window; the main screens in large type, in every language
//! and on a large display. What needs no picture is measured: `layout_tests.rs`.
//!
//! The pictures lie in `tests/pictures/`. A missing one fails. After a change that is meant, look at what
//! `TILL_PICTURES=write cargo test --lib gui::picture_tests` writes before it is committed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::gallery::{self, Exhibit};
use super::measure::TextSize;
use super::picture::Picture;
use super::screen::Screens;
use super::screen::conflict::Conflict;
use super::tests::{SIZES, off_screen, window};
use super::text::Language;
use super::theme::{Palette, Theme, ThemeName};
use super::window::Look;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

/// A colour that covers so many pixels is kept as it is; what lies between ink and ground has sixteen shades a channel, which
/// is enough to tell letters apart and a fraction of the size.
const KEPT_WHOLE: usize = 256;
/// A colour that covers so many pixels is a ground: it may not have changed.
const GROUND: usize = 2000;
/// Grounds this close are the same: as far as one machine's arithmetic is from another's.
const GROUND_SHADE: u8 = 3;
/// Shades between ink and ground this close are the same.
const SHADE: u8 = 16;
/// So many pixels may differ by more: fewer than one changed digit, letter or key cap makes.
const PIXELS: usize = 12;

/// So many bytes are compared at once where a colour goes on or nothing has changed.
const STRIDE: usize = 64;

/// The colours of a picture in its order, each with the pixels it goes on for. A picture has a million pixels and is mostly
/// grounds: what looks at one pixel after the other takes longer than drawing it.
fn runs(picture: &Picture) -> impl Iterator<Item = ([u8; 4], usize)> {
    let bytes = picture.rgba.as_slice();
    let mut from = 0;
    std::iter::from_fn(move || {
        let colour = *bytes.get(from..)?.first_chunk()?;
        let mut to = from + 4;
        while to + STRIDE <= bytes.len() && bytes[to - 4..to - 4 + STRIDE] == bytes[to..to + STRIDE] {
            to += STRIDE;
        }
        while to < bytes.len() && bytes[to..to + 4] == colour {
            to += 4;
        }
        let pixels = (to - from) / 4;
        from = to;
        Some((colour, pixels))
    })
}

/// How many pixels of each colour there are.
fn count_colours(picture: &Picture) -> HashMap<[u8; 4], usize> {
    let mut colours = HashMap::new();
    for (colour, pixels) in runs(picture) {
        *colours.entry(colour).or_default() += pixels;
    }
    colours
}

/// The picture as it is kept.
fn kept(picture: &Picture) -> Picture {
    let colours = count_colours(picture);
    let mut rgba = Vec::with_capacity(picture.rgba.len());
    for (colour, pixels) in runs(picture) {
        let whole = colours[&colour] >= KEPT_WHOLE;
        let colour = if whole { colour } else { colour.map(|shade| (shade & 0xF0) | (shade >> 4)) };
        rgba.extend_from_slice(&colour.repeat(pixels));
    }
    Picture { width: picture.width, height: picture.height, rgba }
}

/// How many pixels of what is drawn now are other than in the picture that was kept.
fn difference(kept: &Picture, drawn: &Picture) -> usize {
    if (kept.width, kept.height) != (drawn.width, drawn.height) {
        return usize::MAX;
    }
    let colours = count_colours(drawn);
    let mut other = 0;
    for (before, now) in kept.rgba.chunks(STRIDE).zip(drawn.rgba.chunks(STRIDE)) {
        if before != now {
            let (before, now) = (before.as_chunks::<4>().0, now.as_chunks::<4>().0);
            other += before.iter().zip(now).filter(|(before, now)| is_other(**before, **now, &colours)).count();
        }
    }
    other
}

fn is_other(before: [u8; 4], now: [u8; 4], colours: &HashMap<[u8; 4], usize>) -> bool {
    if before == now {
        return false;
    }
    let apart = (0..4).map(|channel| before[channel].abs_diff(now[channel])).max().unwrap_or_default();
    apart > SHADE || (apart > GROUND_SHADE && colours[&now] >= GROUND)
}

/// Compares the pictures of one look with those kept; when asked to, writes those that differ.
fn check_pictures(set: &str, look: Look, size: (u32, u32), names: impl Fn(&str) -> bool) {
    let write = std::env::var_os("TILL_PICTURES").is_some_and(|value| value == "write");
    let mut faults = Vec::new();
    for exhibit in gallery::exhibits().iter().filter(|exhibit| names(exhibit.name)) {
        let window = window(exhibit, look);
        let drawn = off_screen(&window, size).draw(&window.theme());
        let path = folder().join(set).join(format!("{}.png", exhibit.name));
        let fault = match Picture::read_png(&path) {
            Err(error) => format!("{} cannot be read: {error}", path.display()),
            Ok(before) => match difference(&before, &drawn) {
                pixels if pixels <= PIXELS => continue,
                pixels => format!("{} differs in {pixels} pixels", path.display()),
            },
        };
        if write {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            kept(&drawn).write_png(&path).unwrap();
            continue;
        }
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
    [
        "sell",
        "approval",
        "conflict",
        "conflict-find",
        "pay",
        "pay-receipt-compulsory",
        "pick-ups",
        "pick-ups-hand-over",
        "pick-ups-history",
        "drawer-count",
        "unfinished",
    ]
    .contains(&name)
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
fn large_text_in_a_small_window() {
    let look = Look { text_size: TextSize::Large, ..Look::default() };
    check_pictures("large-text-1024", look, SIZES[1], in_every_language);
}

/// On a large display the columns stand apart, and that is all: a few screens show it.
#[test]
fn large_display() {
    let names = ["sell", "conflict", "pay", "pick-ups", "unfinished"];
    check_pictures("day-1920", themed(ThemeName::Day), (1920, 1080), |name| names.contains(&name));
}

fn speaking(language: Language) -> Look {
    Look { language, ..Look::default() }
}

#[test]
fn german() {
    check_pictures("de", speaking(Language::German), SIZES[0], in_every_language);
}

#[test]
fn french() {
    check_pictures("fr", speaking(Language::French), SIZES[0], in_every_language);
}

#[test]
fn dutch() {
    check_pictures("nl", speaking(Language::Dutch), SIZES[0], in_every_language);
}

/// One digit, one letter, one key cap, one ground: whatever changes counts for more than is let through.
#[test]
fn a_changed_picture_is_seen() {
    let exhibit = |name: &str| gallery::find_exhibit(name).unwrap();
    let draw_with = |exhibit: &Exhibit, theme: Theme| {
        let window = window(exhibit, themed(theme.name));
        off_screen(&window, SIZES[0]).draw(&theme)
    };
    let day = Theme::new(ThemeName::Day);
    let draw = |exhibit: &Exhibit| draw_with(exhibit, day);
    let sell = exhibit("sell");
    let before = kept(&draw(&sell));
    assert_eq!(difference(&before, &draw(&sell)), 0);
    let seen = |what: &str, before: &Picture, after: &Picture| {
        let pixels = difference(before, after);
        assert!(pixels > PIXELS, "{what} changes {pixels} pixels, and {PIXELS} are let through");
    };
    let mut digit = exhibit("sell");
    digit.snapshot.till.next_receipt_number += 1;
    seen("a digit", &before, &draw(&digit));
    let mut letter = exhibit("sell");
    letter.snapshot.till.store_name = "High Streat".to_owned();
    seen("a letter", &before, &draw(&letter));
    let (asleep, typed) = (exhibit("conflict-hand-over"), exhibit("conflict-hand-over"));
    let screens = Screens { conflict: Conflict::handing_over("W-10231", "K7R"), ..typed.screens.clone() };
    seen("a letter of a code", &kept(&draw(&asleep)), &draw(&Exhibit { screens, ..typed }));
    let page = exhibit("sell-recall");
    let mut cap = exhibit("sell-recall");
    cap.snapshot.parked = page.snapshot.parked.iter().take(5).cloned().collect::<Vec<_>>().into();
    seen("an answer with its key", &kept(&draw(&page)), &draw(&cap));
    for name in ThemeName::ALL {
        let theme = Theme::new(name);
        let before = kept(&draw_with(&sell, theme));
        let Palette { background, surface, sunken, mind_ground, edge, done, .. } = theme.palette;
        let changed = |what: &str, palette: Palette| {
            // High contrast has one ground for both.
            if palette != theme.palette {
                seen(&format!("{}: {what}", name.word()), &before, &draw_with(&sell, Theme { palette, ..theme }));
            }
        };
        changed("the background", Palette { background: sunken, ..theme.palette });
        changed("the cards", Palette { surface: background, ..theme.palette });
        changed("function keys", Palette { sunken: surface, ..theme.palette });
        changed("a strip", Palette { mind_ground: surface, ..theme.palette });
        changed("edges", Palette { edge: mind_ground, ..theme.palette });
        changed("the primary act", Palette { done: edge, ..theme.palette });
        changed("a light", Palette { edge: done, ..theme.palette });
    }
}
