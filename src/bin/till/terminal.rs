//! The terminal itself: `till` without a command.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use anyhow::Context;
use till::gui::screen::Leave;
use till::gui::{WindowKind, check_display};
use till::register::environment::Environment;
use till::terminal::config::Config;
use till::terminal::{CONFIG_FILE, Terminal, TerminalSetup, snapshot_of_trouble};

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
    let folder = data.clone();
    let setup = TerminalSetup {
        data,
        config: config.clone(),
        environment: Environment::machine(),
        tones: Box::new(move |tone| heard.play(tone)),
    };
    let kind = if arguments.windowed { WindowKind::Windowed } else { WindowKind::FullScreen };
    let terminal = match Terminal::start(setup) {
        Ok(terminal) => terminal,
        Err(error) => {
            let shown = snapshot_of_trouble(&error, &folder, chrono::Utc::now());
            tracing::error!(error = &error as &dyn std::error::Error, "the till does not start");
            return match window::show_stopped(shown, &config, kind)? {
                Leave::ToTryAgain => Err(start_again()).context("starting once more"),
                Leave::ForGood => Err(error).context("the till does not start"),
            };
        }
    };
    window::open(&terminal, &config, file, speaker, kind, None)?;
    Ok(ExitCode::SUCCESS)
}

/// The same program with the same arguments in this one's place; comes back only when that cannot be.
fn start_again() -> std::io::Error {
    match std::env::current_exe() {
        Ok(program) => Command::new(program).args(std::env::args_os().skip(1)).exec(),
        Err(error) => error,
    }
}
