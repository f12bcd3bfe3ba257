//! The till: the terminal at the counter, and a whole shop to try it in.

mod backup;
mod demo;
mod devices;
mod ending;
mod enrol;
mod export;
mod paths;
mod terminal;
mod verify;
mod wedge;
mod window;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use till::terminal::config::{DeviceSection, parse_device};
use tracing_subscriber::EnvFilter;

/// A till for shops that also sell on the web.
///
/// Without a command it opens the terminal of the till that was joined on this machine; where none was, it opens the demo
/// shop.
#[derive(Parser)]
#[command(name = "till", version, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    terminal: TerminalArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  till                                        the terminal, or the demo shop on a fresh machine
  till demo                                   a whole shop on this machine, nothing to set up
  till enrol --central https://central.example:50051 --ca authority.pem --code 7KQM-2HXD-9VDE
  till --scanner /dev/ttyACM0,honeywell --printer /dev/ttyUSB0,epson-tm-t20iii
  till devices                                what is plugged in
  till verify till.db                         prove a journal

The terminal takes the whole screen. F12 locks it; there, F12 asks whether to close the till. SIGTERM, SIGINT (Ctrl+C) and
SIGHUP close it as well.

Exit status: 0 done, 1 a check failed, 2 the command was not understood. Logs go to standard error; RUST_LOG sets how much.";

/// How the terminal starts.
#[derive(Args)]
struct TerminalArguments {
    /// Folder with the till's database, keys and settings.
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Settings file [default: DIR/till.toml].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A window of 1280 × 800 instead of the full screen.
    #[arg(long)]
    windowed: bool,
    /// The scanner's port and profile: /dev/ttyACM0,honeywell or usb:0c2e:0720; keyboard,wedge for one that types.
    #[arg(long, value_name = "PORT[,PROFILE]", value_parser = parse_device)]
    scanner: Option<DeviceSection>,
    /// The printer's port and profile: /dev/ttyUSB0,epson-tm-t20iii.
    #[arg(long, value_name = "PORT[,PROFILE]", value_parser = parse_device)]
    printer: Option<DeviceSection>,
}

impl TerminalArguments {
    /// Is nothing said of which till is meant? Who names a folder, settings or a device means one that exists.
    const fn is_bare(&self) -> bool {
        self.data.is_none() && self.config.is_none() && self.scanner.is_none() && self.printer.is_none()
    }
}

#[derive(Subcommand)]
enum Command {
    /// Open a whole shop on this machine: central, sample products, web orders, simulated devices.
    Demo(demo::DemoArguments),
    /// Join this till to a central with a one-time code.
    Enrol(enrol::EnrolArguments),
    /// Prove a journal file: chain, signatures, projections; names the first bad entry.
    Verify(verify::VerifyArguments),
    /// List the serial ports and what is on them, or test one device.
    Devices(devices::DevicesArguments),
    /// Write the journal or the sales to standard output.
    Export(export::ExportArguments),
    /// Make a consistent copy of the database, also while the till is selling.
    Backup(backup::BackupArguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,till=info"));
    // What cannot be logged, because the terminal is gone, is no reason to end.
    tracing_subscriber::fmt().with_env_filter(filter).log_internal_errors(false).with_writer(std::io::stderr).init();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            // Where the terminal is gone nobody is told, and that is no reason to end otherwise.
            let _ = writeln!(std::io::stderr(), "till: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { terminal, command } = arguments;
    match command {
        Some(Command::Demo(demo)) => demo::run(&demo, terminal.data),
        Some(Command::Enrol(enrol)) => enrol::run(enrol, &paths::data_folder(terminal.data)?),
        Some(Command::Verify(verify)) => verify::run(&verify),
        Some(Command::Devices(devices)) => devices::run(&devices, terminal.data, terminal.config),
        Some(Command::Export(export)) => export::run(&export, &paths::data_folder(terminal.data)?),
        Some(Command::Backup(backup)) => backup::run(&backup, &paths::data_folder(terminal.data)?),
        None if terminal.is_bare() && !paths::joined_here() => demo::run(&demo::DemoArguments::default(), None),
        None => terminal::run(terminal),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn what_the_program_says_of_joining_is_what_the_command_says() {
        let joining = EXAMPLES.lines().find(|line| line.contains("till enrol")).unwrap();
        let program = Arguments::command();
        let told = program.find_subcommand("enrol").and_then(clap::Command::get_after_help).unwrap().to_string();
        assert!(told.lines().any(|line| line == joining), "{joining}: {told}");
    }
}
