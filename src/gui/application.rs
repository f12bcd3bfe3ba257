//! The real window: snapshots in, intents out, keys through the filter, a clock that ticks once a minute.

use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use iced::advanced::widget::operation::focusable::unfocus;
use iced::theme::Base as _;
use iced::widget::{container, responsive, row};
use iced::{Color, Size, Subscription, Task};
use tokio::sync::watch;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::WatchStream;

use super::font;
use super::frame;
use super::keys::{KeyFilter, Stroke};
use super::screen::Leave;
use super::side_panel::{Keyboard, PanelMessage, SidePanel};
use super::strokes::Keys;
use super::widget::Element;
use super::window::{Look, Outcome, Window};
use crate::register::intent::Intent;
use crate::register::snapshot::Snapshot;

/// The till's part of the window at its desk size, in logical pixels.
pub const WINDOW_SIZE: Size = Size::new(1280.0, 800.0);

/// The till's narrowest part: it is correct from here on.
const TILL_WIDTH_MIN: f32 = 1024.0;
/// The lowest window everything has its place in.
const HEIGHT_MIN: f32 = 700.0;
/// The smallest that till and panel are drawn on a display too small for both: type stays readable.
const SCALE_MIN: f32 = 0.6;

/// Whole screen, as at a till, or a window, as at a desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WindowKind {
    /// The whole screen.
    #[default]
    FullScreen,
    /// A window of 1280 × 800.
    Windowed,
}

/// Where intents go. The register's queue implements it.
pub trait IntentSink: 'static {
    /// Hands one over; `Err` when the register has gone, and the window must close.
    fn send(&self, intent: Intent) -> Result<(), RegisterGone>;
}

/// The register's thread has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the register has stopped")]
pub struct RegisterGone;

impl IntentSink for std::sync::mpsc::Sender<Intent> {
    fn send(&self, intent: Intent) -> Result<(), RegisterGone> {
        std::sync::mpsc::Sender::send(self, intent).map_err(|_| RegisterGone)
    }
}

/// How the window is to be.
pub struct GuiConfig {
    /// Colours, size of type, language.
    pub look: Look,
    /// Whole screen or a window.
    pub window: WindowKind,
    /// Tells a keyboard-wedge scanner's keys from a person's.
    pub key_filter: Box<dyn KeyFilter>,
    /// Told when colours, size of type or language were changed on screen, to be written to the configuration.
    pub on_look_changed: Option<Box<dyn Fn(Look)>>,
    /// What stands beside the till: the demo's counter.
    pub side_panel: Option<Box<dyn SidePanel>>,
    /// Turns true when the program is to end: the window closes.
    pub asked_to_end: watch::Receiver<bool>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum GuiError {
    /// No display to draw on.
    #[error("no display: {0}. Start it on a desktop, or under `xvfb-run`")]
    NoDisplay(String),
    /// Libraries the window needs are not installed.
    #[error("the window needs libraries that are missing ({missing}). Install them with:\n    {cure}")]
    LibrariesMissing {
        /// File names.
        missing: String,
        /// The command that installs them on Debian and its kin.
        cure: String,
    },
    /// The window could not be opened, or failed.
    #[error("the window failed: {0}")]
    Window(#[from] iced::Error),
}

/// The TCP port of display 0.
const FIRST_DISPLAY_PORT: u16 = 6000;

/// What the window loads at run time, and the Debian package of each.
const LIBRARIES: [(&str, &str); 5] = [
    ("libX11.so.6", "libx11-6"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];

/// Is there a display, and everything a window needs? Checked before the window is opened, because a missing library
/// would end the program without a sentence anyone can act on.
pub fn check_display() -> Result<(), GuiError> {
    let display = std::env::var("DISPLAY").unwrap_or_default();
    if display.is_empty() {
        return Err(GuiError::NoDisplay("DISPLAY is not set".to_owned()));
    }
    check_display_number(&display)?;
    // A name is no display: it may be left of a connection that has ended, or of another machine. The window would end the
    // program over it.
    x11rb::rust_connection::RustConnection::connect(None)
        .map_err(|error| GuiError::NoDisplay(format!("{display} cannot be reached ({error})")))?;
    let cache = std::fs::read("/etc/ld.so.cache").unwrap_or_default();
    libraries_present(|name| is_in_cache(&cache, name) || is_in_folders(name))
}

/// The number of a display makes its port, 6000 and so many (X.Org, X(7), "Display names"): above 59535 there is none.
fn check_display_number(display: &str) -> Result<(), GuiError> {
    let number = display.rsplit_once(':').map_or("", |(_, behind)| behind.split('.').next().unwrap_or_default());
    match number.parse::<u64>() {
        Ok(number) if number > u64::from(u16::MAX - FIRST_DISPLAY_PORT) => {
            Err(GuiError::NoDisplay(format!("{display} cannot be reached (there is no display of that number)")))
        }
        // What is no number is refused in words by whoever connects.
        Ok(_) | Err(_) => Ok(()),
    }
}

fn libraries_present(is_there: impl Fn(&str) -> bool) -> Result<(), GuiError> {
    let missing: Vec<(&str, &str)> = LIBRARIES.into_iter().filter(|(file, _)| !is_there(file)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let files: Vec<&str> = missing.iter().map(|(file, _)| *file).collect();
    let packages: Vec<&str> = missing.iter().map(|(_, package)| *package).collect();
    Err(GuiError::LibrariesMissing {
        missing: files.join(", "),
        cure: format!("apt-get install {}", packages.join(" ")),
    })
}

/// The linker's cache names every library it knows, each ended by a zero.
fn is_in_cache(cache: &[u8], name: &str) -> bool {
    let ended: Vec<u8> = name.bytes().chain([0]).collect();
    cache.windows(ended.len()).any(|window| window == ended)
}

/// Where libraries lie on systems without that cache.
fn is_in_folders(name: &str) -> bool {
    let set = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    std::env::split_paths(&set).any(|folder| folder.join(name).exists())
        || ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib", "/run/current-system/sw/lib"]
            .iter()
            .any(|folder| Path::new(folder).join(name).exists())
}

/// Something happened.
#[derive(Clone, Debug)]
enum Message {
    SnapshotCame(Arc<Snapshot>),
    Frame(frame::Message),
    /// Keys that the filter let through.
    Struck(Vec<Stroke>),
    /// The clock on the screen, or a wait that is counted down, has moved on.
    TimePassed,
    Panel(PanelMessage),
    PanelChanged,
    /// The window beside whose till a panel stands is there.
    Opened(iced::window::Id),
    /// The display it is on, in pixels that nothing has scaled.
    OnDisplay(iced::window::Id, Option<Size>),
    /// The window's size, in pixels of the scale it is drawn at.
    Sized(iced::window::Id, Size),
    /// The program is to end.
    AskedToEnd,
}

struct Application {
    window: Window,
    sink: Box<dyn IntentSink>,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    keys: Keys,
    on_look_changed: Option<Box<dyn Fn(Look)>>,
    side_panel: Option<Box<dyn SidePanel>>,
    asked_to_end: watch::Receiver<bool>,
    /// How large till and panel are drawn; 1 without a panel.
    scale: f32,
    /// Changes with every message, so that what is drawn after it is drawn whole.
    drawn: u8,
    left: Rc<Cell<Leave>>,
}

/// The background a shade apart that no display shows. A software renderer draws only the parts that changed, cuts them off
/// between two pixels and leaves a line of what stood there before; over another background it draws the whole window. Between
/// two messages, when only the pointer moves, it draws parts.
fn ground(base: iced::theme::Style, drawn: u8) -> iced::theme::Style {
    let Color { b, .. } = base.background_color;
    // Towards the middle, so that it stays between none and all of the blue; a hundredth of one of 255 steps at most.
    let apart = f32::from(drawn % 32) * 1e-6;
    let b = if b > 0.5 { b - apart } else { b + apart };
    iced::theme::Style { background_color: Color { b, ..base.background_color }, ..base }
}

/// How large a window of this size, in pixels that nothing has scaled, draws what needs `width`.
fn scale_for(window: Size, width: f32) -> f32 {
    (window.width / width).min(window.height / HEIGHT_MIN).clamp(SCALE_MIN, 1.0)
}

/// Opens the window and stays until it is closed; tells why it was. Snapshots are taken as they come, the latest only; intents go to `sink`
/// in the order they happened.
pub fn run(
    config: GuiConfig,
    sink: impl IntentSink,
    snapshots: watch::Receiver<Arc<Snapshot>>,
) -> Result<Leave, GuiError> {
    check_display()?;
    let left = Rc::new(Cell::new(Leave::default()));
    let panel_width = config.side_panel.as_ref().map_or(0.0, |panel| panel.width());
    let full_screen = config.window == WindowKind::FullScreen && config.side_panel.is_none();
    let shown = snapshots.borrow().clone();
    let application = Application {
        window: Window::new(shown, config.look, Utc::now()),
        sink: Box::new(sink),
        snapshots,
        keys: Keys::through(config.key_filter),
        on_look_changed: config.on_look_changed,
        side_panel: config.side_panel,
        asked_to_end: config.asked_to_end,
        scale: 1.0,
        drawn: 0,
        left: Rc::clone(&left),
    };
    let width_min = TILL_WIDTH_MIN + panel_width;
    let scale_min = if panel_width > 0.0 { SCALE_MIN } else { 1.0 };
    let once = RefCell::new(Some(application));
    // iced calls this once, when it starts.
    let boot = move || once.borrow_mut().take().expect("iced boots an application once");
    iced::application(boot, Application::update, Application::view)
        .title("Till")
        .theme(|application: &Application| application.window.theme())
        .style(|application: &Application, theme| ground(theme.base(), application.drawn))
        .subscription(Application::subscription)
        .scale_factor(|application: &Application| application.scale)
        .settings(iced::Settings {
            id: Some("till".to_owned()),
            fonts: font::files(),
            default_font: font::TEXT,
            ..iced::Settings::default()
        })
        .window(iced::window::Settings {
            size: Size::new(WINDOW_SIZE.width + panel_width, WINDOW_SIZE.height),
            min_size: Some(Size::new(width_min * scale_min, HEIGHT_MIN * scale_min)),
            fullscreen: full_screen,
            ..iced::window::Settings::default()
        })
        .run()?;
    Ok(left.get())
}

impl Application {
    fn update(&mut self, message: Message) -> Task<Message> {
        self.window.set_now(Utc::now());
        self.drawn = self.drawn.wrapping_add(1);
        match message {
            Message::SnapshotCame(snapshot) => {
                let outcome = self.window.show(snapshot);
                self.carry_out(outcome)
            }
            Message::Frame(message) => {
                let outcome = self.window.update(message);
                self.carry_out(outcome)
            }
            Message::Struck(strokes) => self.strike_all(strokes),
            Message::TimePassed | Message::PanelChanged => Task::none(),
            Message::Panel(message) => {
                match self.side_panel.as_mut().map(|panel| panel.update(message)) {
                    // Without a field that has it, every key goes through the filter to the till.
                    Some(Keyboard::ToTheTill) => iced::advanced::widget::operate(unfocus()),
                    Some(Keyboard::Kept) | None => Task::none(),
                }
            }
            Message::Opened(window) => {
                iced::window::monitor_size(window).map(move |display| Message::OnDisplay(window, display))
            }
            Message::OnDisplay(window, display) => self.fit_display(window, display),
            Message::Sized(window, size) => self.fit_window(window, size),
            Message::AskedToEnd => iced::exit(),
        }
    }

    /// A window that would lie beyond the display's edge takes the whole display; where a window manager keeps room for a frame
    /// or a bar, it says how much is left when the window is maximized.
    fn fit_display(&self, window: iced::window::Id, display: Option<Size>) -> Task<Message> {
        let panel = self.side_panel.as_ref().map_or(0.0, |panel| panel.width());
        let wanted = Size::new(WINDOW_SIZE.width + panel, WINDOW_SIZE.height);
        match display {
            Some(display) if display.width < wanted.width || display.height < wanted.height => {
                let room = Size::new(display.width.min(wanted.width), display.height.min(wanted.height));
                let resized = iced::window::resize(window, room * (1.0 / self.scale));
                resized.chain(iced::window::maximize(window, true))
            }
            _ => Task::none(),
        }
    }

    /// Till and panel side by side in a window that is narrower than both: drawn smaller, as if from further away. The window is
    /// asked again after each change, because a size may have been measured at the scale before.
    fn fit_window(&mut self, window: iced::window::Id, size: Size) -> Task<Message> {
        let Some(panel) = &self.side_panel else { return Task::none() };
        let scale = scale_for(size * self.scale, TILL_WIDTH_MIN + panel.width());
        if (scale - self.scale).abs() < 0.001 {
            return Task::none();
        }
        self.scale = scale;
        iced::window::size(window).map(move |size| Message::Sized(window, size))
    }

    fn strike_all(&mut self, strokes: Vec<Stroke>) -> Task<Message> {
        let mut tasks = Vec::new();
        for stroke in strokes {
            let outcome = self.window.strike(&stroke);
            tasks.push(self.carry_out(outcome));
        }
        Task::batch(tasks)
    }

    fn carry_out(&mut self, outcome: Outcome) -> Task<Message> {
        if let (Some(look), Some(told)) = (outcome.look_changed, &self.on_look_changed) {
            told(look);
        }
        if let Some(leave) = outcome.leave {
            self.left.set(leave);
            return iced::exit();
        }
        for intent in outcome.intents {
            if let Err(RegisterGone) = self.sink.send(intent) {
                tracing::error!("the register has stopped; the window closes");
                return iced::exit();
            }
        }
        Task::none()
    }

    fn view(&self) -> Element<'_, Message> {
        let till = responsive(|size| self.window.view(size).map(Message::Frame));
        match &self.side_panel {
            None => till.into(),
            Some(panel) => {
                let width = panel.width();
                let ui = self.window.ui(Size::new(width, WINDOW_SIZE.height));
                row![till, container(panel.view(ui).map(Message::Panel)).width(width)].into()
            }
        }
    }

    fn subscription(&self) -> Subscription<Message> {
        let mut all = vec![
            Subscription::run_with(Feed("snapshots", self.snapshots.clone()), |feed| {
                WatchStream::from_changes(feed.1.clone()).map(Message::SnapshotCame)
            }),
            // It may have been asked to before there was a window.
            Subscription::run_with(Feed("end", self.asked_to_end.clone()), |feed| {
                WatchStream::new(feed.1.clone()).filter_map(|asked| asked.then_some(Message::AskedToEnd))
            }),
            self.keys.subscribe().map(Message::Struck),
            Subscription::run(minutes),
        ];
        if self.window.counts_down() {
            all.push(Subscription::run(seconds));
        }
        all.push(iced::window::open_events().map(Message::Opened));
        if self.side_panel.is_some() {
            all.push(iced::window::resize_events().map(|(window, size)| Message::Sized(window, size)));
        }
        if let Some(changes) = self.side_panel.as_ref().and_then(|panel| panel.changes()) {
            all.push(Subscription::run_with(Feed("side panel", changes), |feed| {
                WatchStream::from_changes(feed.1.clone()).map(|_| Message::PanelChanged)
            }));
        }
        Subscription::batch(all)
    }
}

/// The one source of what its name says: equal to itself whatever it holds, so that it is subscribed to once.
struct Feed<T>(&'static str, watch::Receiver<T>);

impl<T> Hash for Feed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

/// At every full minute of the machine's clock.
fn minutes() -> impl iced::futures::Stream<Item = Message> {
    every(60_000)
}

/// At every full second of it, while somebody waits for them.
fn seconds() -> impl iced::futures::Stream<Item = Message> {
    every(1_000)
}

fn every(span_ms: i64) -> impl iced::futures::Stream<Item = Message> {
    iced::futures::stream::unfold((), move |()| async move {
        let left_ms = span_ms - Utc::now().timestamp_millis().rem_euclid(span_ms);
        tokio::time::sleep(Duration::from_millis(left_ms.unsigned_abs())).await;
        Some((Message::TimePassed, ()))
    })
}

#[cfg(test)]
mod tests {
    use iced::advanced::subscription::into_recipes;
    use iced::window::RedrawRequest;

    use super::super::gallery;
    use super::super::keys::NoFilter;
    use super::super::picture::OffScreen;
    use super::super::theme::{Theme, ThemeName};
    use super::*;

    #[test]
    fn till_and_counter_are_drawn_smaller_where_the_window_is_too_small_for_both() {
        let width = TILL_WIDTH_MIN + 536.0;
        assert_eq!(scale_for(Size::new(1816.0, 800.0), width), 1.0);
        assert_eq!(scale_for(Size::new(1560.0, 700.0), width), 1.0);
        let small = scale_for(Size::new(1280.0, 800.0), width);
        assert!((small * width - 1280.0).abs() < 0.01 && 800.0 / small >= HEIGHT_MIN, "{small}");
        let low = scale_for(Size::new(1816.0, 560.0), width);
        assert!((560.0 / low - HEIGHT_MIN).abs() < 0.01, "{low}");
        assert_eq!(scale_for(Size::new(300.0, 200.0), width), SCALE_MIN);
    }

    #[test]
    fn every_message_is_drawn_whole_over_a_ground_that_looks_the_same() {
        for theme in [ThemeName::Day, ThemeName::Night, ThemeName::HighContrast] {
            let theme = Theme::new(theme);
            let shown = theme.base().background_color.into_rgba8();
            let ground = |drawn| ground(theme.base(), drawn).background_color;
            for drawn in 0..=u8::MAX {
                assert_ne!(ground(drawn), ground(drawn.wrapping_add(1)));
                assert_eq!(ground(drawn).into_rgba8(), shown);
            }
        }
    }

    /// A window that shows this, and what it listens to.
    fn count_subscriptions(snapshot: Snapshot, side_panel: Option<Box<dyn SidePanel>>) -> usize {
        let (_told, snapshots) = watch::channel(Arc::new(snapshot));
        let shown = snapshots.borrow().clone();
        let application = Application {
            window: Window::new(shown, Look::default(), gallery::now()),
            sink: Box::new(std::sync::mpsc::channel::<Intent>().0),
            snapshots,
            keys: Keys::through(Box::new(NoFilter)),
            on_look_changed: None,
            side_panel,
            asked_to_end: watch::channel(false).1,
            scale: 1.0,
            drawn: 0,
            left: Rc::default(),
        };
        into_recipes(application.subscription()).len()
    }

    #[test]
    fn a_till_where_nothing_happens_does_nothing_but_show_the_minutes() {
        let mut counting_down = Vec::new();
        for exhibit in gallery::exhibits() {
            // Snapshots, the end, keys, the window's opening and the clock's minutes. The seconds are for whoever waits after a wrong PIN.
            match count_subscriptions(exhibit.snapshot.clone(), None) {
                5 => {}
                6 => counting_down.push(exhibit.name),
                other => panic!("{}: {other} subscriptions", exhibit.name),
            }
            let window = Window::new(exhibit.snapshot.into(), Look::default(), gallery::now());
            let window = window.with_screens(exhibit.screens);
            let mut screen = OffScreen::new(window.view(WINDOW_SIZE), 1280, 800).unwrap();
            assert_eq!(screen.next_frame(), RedrawRequest::Wait, "{} is drawn for nothing", exhibit.name);
        }
        assert_eq!(counting_down, ["sign-in-wrong"]);
    }

    #[test]
    fn a_display_that_has_no_port_cannot_be_reached() {
        for display in [":59536", ":59999.0", "host:65535", ":70000", "unix:99999999999"] {
            let told = check_display_number(display).unwrap_err().to_string();
            assert!(told.starts_with(&format!("no display: {display} cannot be reached")), "{told}");
        }
        for display in [":0", ":59535", "host:10.0", "host", ":x", "/private/tmp/socket:0"] {
            assert!(check_display_number(display).is_ok(), "{display}");
        }
    }

    #[test]
    fn missing_libraries_are_named_with_their_packages() {
        let error = libraries_present(|name| name != "libXi.so.6").unwrap_err();
        assert!(error.to_string().ends_with("apt-get install libxi6"), "{error}");
        assert!(libraries_present(|_| true).is_ok());
    }

    #[test]
    fn a_library_is_found_in_the_cache_by_its_whole_name() {
        let cache = b"...\0/usr/lib/libX11-xcb.so.1\0libXcursor.so.1.0\0";
        assert!(is_in_cache(cache, "libX11-xcb.so.1"));
        assert!(!is_in_cache(cache, "libXcursor.so.1"));
    }

    #[test]
    fn intents_reach_the_queue_in_order_until_it_is_gone() {
        let (sender, receiver) = std::sync::mpsc::channel();
        IntentSink::send(&sender, Intent::SignedOut).unwrap();
        IntentSink::send(&sender, Intent::PayOpened).unwrap();
        assert_eq!(receiver.recv().unwrap(), Intent::SignedOut);
        assert_eq!(receiver.recv().unwrap(), Intent::PayOpened);
        drop(receiver);
        assert_eq!(IntentSink::send(&sender, Intent::PayLeft), Err(RegisterGone));
    }
}
