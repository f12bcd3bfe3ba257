//! The till's window, for the terminal and for the demo shop alike.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use till::devices::scanner::WedgeProfile;
use till::devices::speaker::Speaker;
use till::domain::device::Tone;
use till::gui::keys::{KeyFilter, NoFilter};
use till::gui::measure::TextSize;
use till::gui::screen::Leave;
use till::gui::side_panel::SidePanel;
use till::gui::text::Language;
use till::gui::theme::ThemeName;
use till::gui::window::{Look, Tones};
use till::gui::{self, GuiConfig, IntentSink, RegisterGone, WindowKind};
use till::register::runner::IntentSender;
use till::register::{Intent, Snapshot};
use till::terminal::Terminal;
use till::terminal::config::{Config, write_look};
use tokio::sync::watch;

use crate::ending::Ending;
use crate::wedge::Wedge;

/// Puts intents from the window into the register's queue.
struct Queue(IntentSender);

impl IntentSink for Queue {
    fn send(&self, intent: Intent) -> Result<(), RegisterGone> {
        self.0.send(intent).then_some(()).ok_or(RegisterGone)
    }
}

/// The tones of a till whose data lie in this folder. Without a player, or without room for them, it is silent.
pub fn start_speaker(data: &Path, config: &Config) -> Arc<Speaker> {
    let search = std::env::var_os("PATH").unwrap_or_default();
    let speaker = Speaker::start(&data.join("tones"), &search, config.till.tones).unwrap_or_else(|error| {
        tracing::warn!(%error, "the tones cannot be kept");
        Speaker::silent()
    });
    Arc::new(speaker)
}

/// Opens the window of a running till and stays until it is closed; tells why it was.
pub fn open(
    terminal: &Terminal,
    config: &Config,
    config_file: PathBuf,
    speaker: Arc<Speaker>,
    window: WindowKind,
    side_panel: Option<Box<dyn SidePanel>>,
    ending: &Ending,
) -> anyhow::Result<Leave> {
    let tones = match speaker.player() {
        None => Tones::NoPlayer,
        Some(_) if config.till.tones => Tones::On,
        Some(_) => Tones::Off,
    };
    let look = look_of(config, tones);
    let key_filter: Box<dyn KeyFilter> = if till::terminal::types_like_a_keyboard(config) {
        Box::new(Wedge::new(WedgeProfile::load(till::terminal::hardware_folder())?, terminal.intents()))
    } else {
        Box::new(NoFilter)
    };
    let before = std::cell::Cell::new(look.tones);
    let on_look_changed = move |look: Look| {
        let tones = (look.tones != Tones::NoPlayer).then_some(look.tones == Tones::On);
        if before.replace(look.tones) != look.tones {
            speaker.switch(tones == Some(true));
            // What was switched on is heard.
            speaker.play(Tone::Good);
        }
        let (theme, text, language) = (look.theme.word(), look.text_size.word(), look.language.code());
        if let Err(error) = write_look(&config_file, theme, text, language, tones) {
            tracing::warn!(%error, "the new look could not be kept");
        }
    };
    let on_look_changed: Option<Box<dyn Fn(Look)>> = Some(Box::new(on_look_changed));
    let gui = GuiConfig { look, window, on_look_changed, side_panel, key_filter, asked_to_end: ending.asked() };
    gui::run(gui, Queue(terminal.intents()), terminal.snapshots()).context("the window")
}

/// Opens the window of a till that did not start: what is wrong, and how to go on.
pub fn show_stopped(shown: Snapshot, config: &Config, window: WindowKind, ending: &Ending) -> anyhow::Result<Leave> {
    let look = look_of(config, Tones::Off);
    let key_filter = Box::new(NoFilter);
    let asked_to_end = ending.asked();
    let gui = GuiConfig { look, window, on_look_changed: None, side_panel: None, key_filter, asked_to_end };
    // Nobody listens: there is no register, and the screen has no act that would need one.
    let (nobody, _listens) = std::sync::mpsc::channel::<Intent>();
    let (_never_changes, snapshots) = watch::channel(Arc::new(shown));
    gui::run(gui, nobody, snapshots).context("the window")
}

fn look_of(config: &Config, tones: Tones) -> Look {
    Look {
        theme: ThemeName::from_word(config.till.theme.word()).unwrap_or_default(),
        text_size: TextSize::from_word(config.till.text.word()).unwrap_or_default(),
        language: Language::of_locale(&config.till.locale),
        tones,
    }
}
