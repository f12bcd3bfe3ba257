//! Every screen struck and pressed: each act by its key and by a finger. How they are laid out: `layout_tests.rs`; their pictures:
//! `picture_tests.rs`.

use iced::advanced::widget::operation::Scrollable;
use iced::advanced::widget::{Id, Operation};
use iced::{Rectangle, Size, Vector};

use super::frame;
use super::gallery::{self, Exhibit};
use super::keys::{Key, Stroke};
use super::picture::{OffScreen, load_fonts};
use super::widget::{Fit, LabelState, Reach, ScrolledRows};
use super::window::{Look, Outcome, Window};
use crate::register::intent::{CodeAsked, Intent};
use crate::register::snapshot::{Access, Notice, NoticeKind, NoticeWeight, Snapshot};

/// The two sizes every screen must be right at.
pub(super) const SIZES: [(u32, u32); 2] = [(1280, 800), (1024, 768)];

pub(super) fn window(exhibit: &Exhibit, look: Look) -> Window {
    // A view measures its words while it is built, before anything is drawn.
    load_fonts();
    Window::new(exhibit.snapshot.clone().into(), look, gallery::now()).with_screens(exhibit.screens.clone())
}

pub(super) fn off_screen(window: &Window, (width, height): (u32, u32)) -> OffScreen<'_, frame::Message> {
    OffScreen::new(window.view(Size::new(width as f32, height as f32)), width, height).unwrap()
}

/// What stands on a screen: every label, every target.
#[derive(Default)]
pub(super) struct Walk {
    /// What is around, outermost first; a part that scrolls hides what was around it.
    around: Vec<Rectangle>,
    next: Option<(Rectangle, Scrolls)>,
    pub(super) labels: Vec<Seen>,
    /// How each is reached, where it is, and whether it is in a part that scrolls.
    pub(super) targets: Vec<(Reach, Rectangle, bool)>,
    scrolled: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Scrolls {
    No,
    Yes,
}

pub(super) struct Seen {
    pub(super) words: String,
    pub(super) fit: Fit,
    pub(super) needed: Size,
    pub(super) bounds: Rectangle,
    pub(super) around: Vec<Rectangle>,
}

fn all_keys() -> impl Iterator<Item = Key> {
    let named = [
        Key::Enter,
        Key::Escape,
        Key::Backspace,
        Key::Delete,
        Key::Tab,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::PageUp,
        Key::PageDown,
    ];
    (' '..='~').map(Key::of).chain((1..=12).map(Key::Function)).chain(named)
}

impl Operation for Walk {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        let (bounds, scrolls) = self.next.take().unwrap_or((Rectangle::with_size(Size::INFINITE), Scrolls::No));
        let before = self.around.clone();
        if scrolls == Scrolls::Yes {
            self.around.clear();
            self.scrolled += 1;
        } else {
            self.around.push(bounds);
        }
        operate(self);
        self.around = before;
        if scrolls == Scrolls::Yes {
            self.scrolled -= 1;
        }
    }

    fn container(&mut self, id: Option<&Id>, bounds: Rectangle) {
        self.next = Some((bounds, Scrolls::No));
        let Some(id) = id else { return };
        if let Some(reach) = all_keys().map(Reach::Key).chain(Reach::OTHERS).find(|reach| reach.id() == *id) {
            self.targets.push((reach, bounds, self.scrolled > 0));
        }
    }

    fn scrollable(
        &mut self,
        _id: Option<&Id>,
        bounds: Rectangle,
        _content_bounds: Rectangle,
        _translation: Vector,
        _state: &mut dyn Scrollable,
    ) {
        self.next = Some((bounds, Scrolls::Yes));
    }

    fn custom(&mut self, _id: Option<&Id>, bounds: Rectangle, state: &mut dyn std::any::Any) {
        if let Some(label) = state.downcast_ref::<LabelState>() {
            self.labels.push(Seen {
                words: label.content.clone(),
                fit: label.fit,
                needed: label.needed,
                bounds,
                around: self.around.clone(),
            });
        } else if state.is::<ScrolledRows>() {
            self.next = Some((bounds, Scrolls::Yes));
        }
    }
}

pub(super) fn walk(window: &Window, size: (u32, u32)) -> Walk {
    let mut walk = Walk::default();
    off_screen(window, size).operate(&mut walk);
    assert!(walk.labels.len() > 5, "the walk sees the screen");
    walk
}

/// All words on the screen.
pub(super) fn words_on(window: &Window) -> Vec<String> {
    words_at(window, SIZES[0])
}

/// All words on the screen at a size.
pub(super) fn words_at(window: &Window, size: (u32, u32)) -> Vec<String> {
    walk(window, size).labels.into_iter().map(|label| label.words).collect()
}

fn is_typing(intent: &Intent) -> bool {
    // The name of whoever collects is told while it is typed: a scan of the code takes it along.
    let names_collector = matches!(intent, Intent::CollectionCodeAsked(Some(CodeAsked { collector: Some(_), .. })));
    names_collector
        || matches!(
            intent,
            Intent::SearchTyped(_)
                | Intent::OrderSearchTyped(_)
                | Intent::StockSearched(_)
                | Intent::ReceiptSearched(_)
        )
}

/// Striking the key on a button does what pressing the button does: the same intents, and the same left to be typed.
#[test]
fn the_key_on_every_button_does_what_the_button_does() {
    let mut checked = 0;
    for exhibit in gallery::exhibits() {
        let shown = window(&exhibit, Look::default());
        let targets = walk(&shown, SIZES[0]).targets;
        for (reach, bounds, scrolled) in targets.clone() {
            let Reach::Key(key) = reach else { continue };
            if scrolled && !is_in_view(bounds) {
                continue;
            }
            let said = off_screen(&shown, SIZES[0]).tap(bounds.center());
            let (mut tapped, mut struck) = (window(&exhibit, Look::default()), window(&exhibit, Look::default()));
            let by_tap: Vec<_> = said.into_iter().map(|message| tapped.update(message)).collect();
            let by_key = struck.strike(&Stroke::press(key));
            let place = format!("{}: {}", exhibit.name, key.cap());
            let Some(by_tap) = by_tap.into_iter().next() else {
                // An act asleep: its key does nothing, belongs to the text being typed, or to another act that is awake.
                let others = targets.iter().filter(|other| other.0 == Reach::Key(key));
                let awake =
                    others.into_iter().any(|other| !off_screen(&shown, SIZES[0]).tap(other.1.center()).is_empty());
                assert!(awake || by_key.intents.iter().all(is_typing), "{place}: {by_key:?}");
                continue;
            };
            assert_eq!(by_tap, by_key, "{place}");
            assert!(tapped.has_typed_the_same_as(&struck), "{place}: what is typed differs");
            checked += 1;
        }
    }
    assert!(checked > 200, "only {checked} keys were found");
}

fn is_in_view(bounds: Rectangle) -> bool {
    let (width, height) = SIZES[0];
    bounds.x >= 0.0 && bounds.y >= 0.0 && bounds.center_x() < width as f32 && bounds.center_y() < height as f32
}

/// Does a key do anything on this screen?
fn does_something(exhibit: &Exhibit, key: Key) -> bool {
    let (untouched, mut struck) = (window(exhibit, Look::default()), window(exhibit, Look::default()));
    struck.strike(&Stroke::press(key)) != Outcome::default() || !struck.has_typed_the_same_as(&untouched)
}

/// Nothing is pressed that the keyboard does not get to: it has its key, or a way of the short list [`Reach`] that leads
/// somewhere on this very screen.
#[test]
fn everything_pressed_is_reached_by_keys() {
    for exhibit in gallery::exhibits() {
        let shown = window(&exhibit, Look::default());
        let targets = walk(&shown, SIZES[0]).targets;
        let is_there = |key| targets.iter().any(|target| target.0 == Reach::Key(key));
        for (reach, bounds, _) in &targets {
            let leads = match reach {
                // The test above strikes it.
                Reach::Key(_) => true,
                Reach::UpDown => does_something(&exhibit, Key::Up) || does_something(&exhibit, Key::Down),
                Reach::LeftRight => does_something(&exhibit, Key::Left) || does_something(&exhibit, Key::Right),
                Reach::Tab => does_something(&exhibit, Key::Tab),
                Reach::Lettered => has_a_letter_after_plus(&exhibit, *bounds),
                Reach::Searched => is_there(Key::Character('/')),
                Reach::Twice => is_there(Key::Character('0')),
                Reach::LastFirst => is_there(Key::Character('-')),
                Reach::BesideTheTill => false,
                Reach::AfterTheNotice => is_esc_after_the_notice(&exhibit, *bounds),
                Reach::AfterTheSearch => has_a_key_after_the_search(&exhibit, *bounds),
            };
            assert!(leads, "{}: nothing leads to what is pressed at {bounds:?} ({reach:?})", exhibit.name);
        }
    }
}

/// `+` puts a letter on it, and the letter says what a finger says.
fn has_a_letter_after_plus(exhibit: &Exhibit, bounds: Rectangle) -> bool {
    let mut lettered = window(exhibit, Look::default());
    let said = off_screen(&lettered, SIZES[0]).tap(bounds.center());
    let tapped: Vec<_> = said.into_iter().map(|message| window(exhibit, Look::default()).update(message)).collect();
    lettered.strike(&Stroke::press(Key::Character('+')));
    let targets = walk(&lettered, SIZES[0]).targets;
    let letter = targets.iter().find(|(_, place, _)| place.center() == bounds.center()).map(|target| target.0);
    let Some(Reach::Key(letter @ Key::Character('A'..='Z'))) = letter else { return false };
    !tapped.is_empty() && lettered.strike(&Stroke::press(letter)) == tapped[0]
}

/// Once the notice is read, Esc is its key.
fn is_esc_after_the_notice(exhibit: &Exhibit, bounds: Rectangle) -> bool {
    let read = Exhibit {
        name: exhibit.name,
        snapshot: Snapshot { notice: None, ..exhibit.snapshot.clone() },
        screens: exhibit.screens.clone(),
    };
    let targets = walk(&window(&read, Look::default()), SIZES[0]).targets;
    let overlaps = |place: &Rectangle| place.intersects(&bounds);
    exhibit.snapshot.notice.is_some()
        && targets.iter().any(|(reach, place, _)| *reach == Reach::Key(Key::Escape) && overlaps(place))
}

/// Once Enter has ended the search, it has a key.
fn has_a_key_after_the_search(exhibit: &Exhibit, bounds: Rectangle) -> bool {
    let mut ended = window(exhibit, Look::default());
    let nothing_else = ended.strike(&Stroke::press(Key::Enter)) == Outcome::default();
    let targets = walk(&ended, SIZES[0]).targets;
    let is_keyed = |(reach, place, _): &(Reach, Rectangle, bool)| {
        matches!(reach, Reach::Key(_)) && place.center() == bounds.center()
    };
    nothing_else && targets.iter().any(is_keyed)
}

/// Whatever answers a finger is marked as a target, so that the tests above see it.
#[test]
fn nothing_answers_a_finger_that_is_no_target() {
    const STEP: usize = 64;
    for exhibit in gallery::exhibits() {
        let shown = window(&exhibit, Look::default());
        let targets = walk(&shown, SIZES[0]).targets;
        let mut screen = off_screen(&shown, SIZES[0]);
        for (x, y) in (12..SIZES[0].0).step_by(STEP).flat_map(|x| (12..SIZES[0].1).step_by(STEP).map(move |y| (x, y))) {
            let place = iced::Point::new(x as f32, y as f32);
            let known = targets.iter().any(|(_, bounds, _)| bounds.expand(1.0).contains(place));
            assert!(known || screen.tap(place).is_empty(), "{}: {place:?} is pressed by nothing", exhibit.name);
        }
    }
}

/// Esc reads the notice on every screen before it does anything else: never has it declined a card, called somebody too young
/// or taken a line out.
#[test]
fn esc_reads_the_notice_and_nothing_else() {
    for mut exhibit in gallery::exhibits() {
        if matches!(exhibit.snapshot.access, Access::Stopped(_)) {
            continue;
        }
        let kind = NoticeKind::AnswerFirst;
        exhibit.snapshot.notice = Some(Notice { number: 1, weight: NoticeWeight::Refused, kind });
        let (untouched, mut struck) = (window(&exhibit, Look::default()), window(&exhibit, Look::default()));
        let outcome = struck.strike(&Stroke::press(Key::Escape));
        assert_eq!(outcome.intents, [Intent::NoticeDismissed], "{}", exhibit.name);
        assert!(struck.has_typed_the_same_as(&untouched), "{}: something else was left too", exhibit.name);
        let seen = walk(&untouched, SIZES[0]);
        assert!(seen.labels.iter().any(|label| label.words == "Answer the question first."), "{}", exhibit.name);
        let escapes = seen.targets.iter().filter(|target| target.0 == Reach::Key(Key::Escape)).count();
        assert_eq!(escapes, 1, "{}: one cap says Esc, that of the notice", exhibit.name);
    }
}
