//! The terminal itself: `till` without a command.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use till::gui::{WindowKind, check_display};
use till::register::environment::Environment;
use till::terminal::config::Config;
use till::terminal::{CONFIG_FILE, Terminal, TerminalSetup};

use crate::{TerminalArguments, paths, window};

/// Starts the till of the data folder and opens its window.
pub fn run(arguments: TerminalArguments) -> anyhow::Result<ExitCode> {
    let data = paths::data_folder(arguments.data)?;
    let file = arguments.config.unwrap_or_else(|| data.join(CONFIG_FILE));
    let mut config = Config::read(&file)?;
    config.scanner = arguments.scanner.or(config.scanner);
    config.printer = arguments.printer.or(config.printer);
    // Before anything is opened: a till that cannot show itself must not hold the file and the devices.
    check_display()?;
    let speaker = window::start_speaker(&data, &config);
    let heard = Arc::clone(&speaker);
    let setup = TerminalSetup {
        data,
        config: config.clone(),
        environment: Environment::machine(),
        tones: Box::new(move |tone| heard.play(tone)),
    };
    let terminal = Terminal::start(setup).context("the till does not start")?;
    let kind = if arguments.windowed { WindowKind::Windowed } else { WindowKind::FullScreen };
    window::open(&terminal, &config, file, speaker, kind, None)?;
    Ok(ExitCode::SUCCESS)
}
