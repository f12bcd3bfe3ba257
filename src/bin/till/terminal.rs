//! The terminal itself: `till` without a command.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use anyhow::{Context, bail};
use till::gui::screen::Leave;
use till::gui::{WindowKind, check_display};
use till::register::environment::Environment;
use till::register::snapshot::PortDevice;
use till::terminal::config::Config;
use till::terminal::{CONFIG_FILE, StartError, Terminal, TerminalSetup, snapshot_of_trouble};

use crate::ending::Ending;
use crate::{TerminalArguments, paths, window};

/// Starts the till of the data folder and opens its window.
pub fn run(arguments: TerminalArguments) -> anyhow::Result<ExitCode> {
    let data = paths::data_folder(arguments.data)?;
    if let Some(named) = arguments.config.as_deref().filter(|named| !named.exists()) {
        bail!("there are no settings at {}: name a file that is there, or leave --config out", named.display());
    }
    let file = arguments.config.unwrap_or_else(|| data.join(CONFIG_FILE));
    let kind = if arguments.windowed { WindowKind::Windowed } else { WindowKind::FullScreen };
    let ending = Ending::listen()?;
    let mut config = match Config::read(&file) {
        Ok(config) => config,
        Err(error) => return stopped(error.into(), &data, &Config::default(), kind, &ending),
    };
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
        settings_file: Some(file.clone()),
        environment: Environment::machine(),
        tones: Box::new(move |tone| heard.play(tone)),
    };
    let terminal = match Terminal::start(setup) {
        Ok(terminal) => terminal,
        Err(error) => return stopped(error, &folder, &config, kind, &ending),
    };
    let left = window::open(&terminal, &config, file, speaker, kind, None, &ending)?;
    let kept = terminal.snapshots().borrow().devices.kept;
    // Journal and ports are closed in order before the next till takes them.
    drop(terminal);
    match left {
        Leave::ToTryAgain if !ending.is_asked() => Err(start_again(kept)).context("starting with other devices"),
        Leave::ToTryAgain | Leave::ForGood => Ok(ExitCode::SUCCESS),
    }
}

/// Shows why the till does not start until somebody lets it try again or gives up.
fn stopped(
    error: StartError,
    folder: &Path,
    config: &Config,
    kind: WindowKind,
    ending: &Ending,
) -> anyhow::Result<ExitCode> {
    let shown = snapshot_of_trouble(&error, folder, chrono::Utc::now());
    tracing::error!(error = &error as &dyn std::error::Error, "the till does not start");
    match window::show_stopped(shown, config, kind, ending) {
        Ok(Leave::ToTryAgain) if !ending.is_asked() => Err(start_again(None)).context("starting once more"),
        Ok(_) => Err(error).context("the till does not start"),
        // Where nothing can be shown, what was to be shown is said.
        Err(no_window) => Err(error).context(format!("{no_window:#}")),
    }
}

/// The same program with the same arguments in this one's place; comes back only when that cannot be. For a device that was
/// chosen in the window the settings hold, and no argument.
fn start_again(kept: Option<PortDevice>) -> std::io::Error {
    let arguments = arguments_without(std::env::args_os().skip(1), kept);
    match std::env::current_exe() {
        Ok(program) => Command::new(program).args(arguments).exec(),
        Err(error) => error,
    }
}

/// All arguments but those that say where this device is.
fn arguments_without(arguments: impl Iterator<Item = OsString>, device: Option<PortDevice>) -> Vec<OsString> {
    let mut arguments = arguments;
    let Some(option) = device.map(|device| format!("--{}", device.word())) else { return arguments.collect() };
    let joined = format!("{option}=");
    let mut left = Vec::new();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if *text == *option {
            arguments.next();
        } else if !text.starts_with(&joined) {
            left.push(argument);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_in_the_window_is_not_overruled_by_an_argument() {
        let check = |device, expected: &[&str]| {
            let given = ["--printer", "/dev/ttyUSB0", "--data", "/till", "--scanner=/dev/ttyACM0", "--windowed"];
            assert_eq!(arguments_without(given.into_iter().map(OsString::from), device), expected, "{device:?}");
        };
        check(Some(PortDevice::Printer), &["--data", "/till", "--scanner=/dev/ttyACM0", "--windowed"]);
        check(Some(PortDevice::Scanner), &["--printer", "/dev/ttyUSB0", "--data", "/till", "--windowed"]);
        check(None, &["--printer", "/dev/ttyUSB0", "--data", "/till", "--scanner=/dev/ttyACM0", "--windowed"]);
    }
}
