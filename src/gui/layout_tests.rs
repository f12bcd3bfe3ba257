//! Every screen laid out in every language, in both sizes of type and at three sizes of the window, and measured: no word is cut
//! off, the till's own words stand whole, what is pressed is large enough and within the window. No picture is needed for it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use iced::{Rectangle, Size};

use super::gallery::{self, Exhibit};
use super::measure::{TextSize, height};
use super::tests::{SIZES, Seen, Walk, walk, window};
use super::text::{Language, marks};
use super::theme::ThemeName;
use super::widget::Fit;
use super::window::Look;
use crate::register::snapshot::{Notice, NoticeKind, NoticeWeight, Snapshot};

/// As drawn, the smallest, and a large display.
const LAID_OUT: [(u32, u32); 3] = [SIZES[0], SIZES[1], (1920, 1080)];

/// What is wrong with the screens, by kind.
#[derive(Default)]
struct Faults {
    cut_off: Vec<String>,
    shortened: Vec<String>,
    small: Vec<String>,
    outside: Vec<String>,
}

/// Of all screens in all looks, found once for all tests.
static FAULTS: LazyLock<Faults> = LazyLock::new(|| {
    let exhibits = gallery::exhibits();
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, |n| n.get());
    let found = thread::scope(|scope| {
        let work = || {
            let mut faults = Faults::default();
            while let Some(exhibit) = exhibits.get(next.fetch_add(1, Ordering::Relaxed)) {
                measure(exhibit, &LAID_OUT, &mut faults);
                measure(&with_a_long_notice(exhibit), &SIZES[1..], &mut faults);
            }
            faults
        };
        let at_work: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        at_work.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    found.into_iter().fold(Faults::default(), |mut all, some| {
        all.cut_off.extend(some.cut_off);
        all.shortened.extend(some.shortened);
        all.small.extend(some.small);
        all.outside.extend(some.outside);
        all
    })
});

/// The same screen with a notice of many words, which may push nothing out.
fn with_a_long_notice(exhibit: &Exhibit) -> Exhibit {
    let notice = Notice { number: 1, weight: NoticeWeight::Mind, kind: NoticeKind::NumbersGoOn { next: 12_345 } };
    let snapshot = Snapshot { notice: Some(notice), ..exhibit.snapshot.clone() };
    Exhibit { name: exhibit.name, snapshot, screens: exhibit.screens.clone() }
}

fn measure(exhibit: &Exhibit, sizes: &[(u32, u32)], faults: &mut Faults) {
    for language in Language::ALL {
        for text_size in [TextSize::Normal, TextSize::Large] {
            for size in sizes.iter().copied() {
                let look = Look { language, text_size, ..Look::default() };
                let Walk { labels, targets, .. } = walk(&window(exhibit, look).with_marks(), size);
                let notice = if exhibit.snapshot.notice.is_some() { " with a notice" } else { "" };
                let place = format!("{}{notice} {} {} {}", exhibit.name, language.code(), text_size.word(), size.0);
                faults.cut_off.extend(labels.iter().filter_map(fault_of).map(|fault| format!("{place}: {fault}")));
                let shortened = labels.iter().filter_map(|label| Some((label, own_words_lost(label)?)));
                faults.shortened.extend(shortened.map(|(label, lost)| {
                    let words = marks::strip(&label.words);
                    format!("{place}: {words:?} in {:.0} px lacks {lost:?}", label.bounds.width)
                }));
                for (reach, bounds, scrolled) in targets {
                    let told = || format!("{place}: {reach:?} at {bounds:?}");
                    if bounds.height < height::TARGET_MIN - 0.1 || bounds.width < height::TARGET_MIN - 0.1 {
                        faults.small.push(told());
                    }
                    if !scrolled && !is_within(bounds, size) {
                        faults.outside.push(told());
                    }
                }
            }
        }
    }
}

fn is_within(bounds: Rectangle, (width, height): (u32, u32)) -> bool {
    bounds.x >= -0.6
        && bounds.y >= -0.6
        && bounds.x + bounds.width <= width as f32 + 0.6
        && bounds.y + bounds.height <= height as f32 + 0.6
}

/// Is a label cut off, or wider than its place?
fn fault_of(label: &Seen) -> Option<String> {
    let Seen { fit, needed, bounds, around, .. } = label;
    let words = marks::strip(&label.words);
    if words.trim().is_empty() {
        return None;
    }
    if *fit == Fit::Overflows {
        return Some(format!("{words:?} has a word wider than its place ({:.0} px)", bounds.width));
    }
    if needed.width > bounds.width + 0.6 || needed.height > bounds.height + 0.6 {
        return Some(format!("{words:?} needs {needed:?} and has {:?}", bounds.size()));
    }
    let outside = around.iter().find(|outer| {
        bounds.x < outer.x - 0.6
            || bounds.y < outer.y - 0.6
            || bounds.x + bounds.width > outer.x + outer.width + 0.6
            || bounds.y + bounds.height > outer.y + outer.height + 0.6
    });
    outside.map(|outer| format!("{words:?} at {bounds:?} leaves {outer:?}"))
}

/// What of the till's own words an ellipsis stands for.
fn own_words_lost(label: &Seen) -> Option<String> {
    let Fit::Shortened { kept } = label.fit else { return None };
    let lost = marks::own_letters_from(&label.words, kept);
    (!lost.is_empty()).then_some(lost)
}

fn expect_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_words_are_cut_off_at_any_size_in_any_language() {
    expect_none(&FAULTS.cut_off);
}

/// Words that come from the shop's data may end in an ellipsis; the till's own may not, nor what stands behind such data.
#[test]
fn the_tills_own_words_are_never_shortened() {
    expect_none(&FAULTS.shortened);
}

#[test]
fn everything_pressed_is_large_enough_for_a_finger() {
    expect_none(&FAULTS.small);
    for exhibit in gallery::exhibits() {
        assert!(!walk(&window(&exhibit, Look::default()), SIZES[1]).targets.is_empty(), "{}", exhibit.name);
    }
}

#[test]
fn everything_pressed_lies_within_the_window() {
    expect_none(&FAULTS.outside);
}

fn laid_out(exhibit: &Exhibit, look: Look, size: (u32, u32)) -> Vec<(String, Rectangle)> {
    let Walk { labels, targets, .. } = walk(&window(exhibit, look), size);
    let labels = labels.into_iter().map(|label| (label.words, label.bounds));
    labels.chain(targets.into_iter().map(|(reach, bounds, _)| (format!("{reach:?}"), bounds))).collect()
}

/// What holds by day holds by night and in high contrast: a theme has colours, and no sizes.
#[test]
fn every_theme_lays_everything_out_alike() {
    for exhibit in gallery::exhibits() {
        for (size, text_size) in [(SIZES[0], TextSize::Normal), (SIZES[1], TextSize::Large)] {
            let by_day = laid_out(&exhibit, Look { text_size, ..Look::default() }, size);
            for theme in ThemeName::ALL.into_iter().filter(|theme| *theme != ThemeName::Day) {
                let now = laid_out(&exhibit, Look { theme, text_size, ..Look::default() }, size);
                // One name differs: that of the theme, where it is chosen.
                let of_places = |all: &[(String, Rectangle)]| all.iter().map(|(_, place)| *place).collect::<Vec<_>>();
                assert!(now.len() == by_day.len(), "{} {}", exhibit.name, theme.word());
                if exhibit.snapshot.screen != crate::register::intent::Screen::Devices {
                    assert_eq!(of_places(&now), of_places(&by_day), "{} {}", exhibit.name, theme.word());
                }
            }
        }
    }
}

/// The marks that tell the till's words from the shop's have no room of their own: what is measured is what is seen.
#[test]
fn marked_words_stand_where_the_words_stand() {
    for exhibit in gallery::exhibits() {
        let plain = walk(&window(&exhibit, Look::default()), SIZES[1]).labels;
        let marked = walk(&window(&exhibit, Look::default()).with_marks(), SIZES[1]).labels;
        let seen = |labels: &[Seen]| -> Vec<(String, Rectangle, Size)> {
            labels.iter().map(|label| (marks::strip(&label.words), label.bounds, label.needed)).collect()
        };
        assert_eq!(seen(&plain), seen(&marked), "{}", exhibit.name);
    }
}

/// What the marks say: a message is the till's, what it was given is not, and a message that was given to another is.
#[test]
fn words_are_told_by_where_they_come_from() {
    let mut catalogue = super::text::Catalogue::new(Language::English);
    catalogue.marks = marks::Marks::Yes;
    let whole = catalogue.notice_wrong_item("Merino");
    assert_eq!(marks::strip(&whole), "Merino is not in this order. Put it back.");
    assert_eq!(marks::own_letters_from(&whole, 0), "isnotinthisorderPutitback");
    assert_eq!(marks::own_letters_from(&whole, whole.find("back").unwrap()), "back");
    assert_eq!(marks::own_letters_from("Merino", 0), "");
}
