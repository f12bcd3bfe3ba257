//! `till devices`: what is plugged in, what is set up, and whether it works.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use till::devices::port::{PortInfo, list_ports};
use till::devices::printer::profile::OpenLevel;
use till::devices::printer::{PrinterConfig, PrinterHandle, PrinterProfile, test_page};
use till::devices::profile::{list_names, name_for};
use till::devices::scanner::{Scanner, ScannerConfig, ScannerProfile};
use till::devices::speaker::Speaker;
use till::domain::device::{DeviceEvent, DrawerPosition, HealthState, PrintCommand, PrintJobState, ScanSignal, Tone};
use till::domain::ids::{DeviceId, PrintJobId};
use till::domain::scan::ScanQuality;
use till::gui::screen::devices::state_words;
use till::gui::text::{Catalogue, Language};
use till::terminal::config::{Config, DeviceSection, parse_device};
use till::terminal::{CONFIG_FILE, drawer_pin, hardware_folder};

use crate::paths;

/// What to list or test.
#[derive(Args)]
#[command(after_help = "\
Examples:
  till devices
  till devices --json
  till devices --test printer                                  prints a test page on the printer of till.toml
  till devices --test printer=/dev/ttyUSB0,epson-tm-t20iii     the same, on this one
  till devices --test scanner=/dev/ttyACM0,honeywell           shows and sounds what it reads
  till devices --test drawer                                   opens the drawer
  till devices --test tones                                    plays the three tones

A device serves one program at a time: close the till first.")]
pub struct DevicesArguments {
    /// Test one device: printer, scanner, drawer or tones. Exit 1 when it does not work.
    #[arg(long, value_name = "NAME[=PORT[,PROFILE]]")]
    test: Option<String>,
    /// How many seconds a test waits for the device, and listens to a scanner.
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 20)]
    seconds: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// Lists the ports, or tests one device. `data` and `file` are where the till's settings are, when they were named.
pub fn run(arguments: &DevicesArguments, data: Option<PathBuf>, file: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let file = match file {
        Some(file) => file,
        None => paths::data_folder(data)?.join(CONFIG_FILE),
    };
    let config = Config::read(&file)?;
    let Some(test) = &arguments.test else { return list(&config, &file, arguments.json) };
    let (name, device) = test.split_once('=').map_or((test.as_str(), None), |(name, device)| (name, Some(device)));
    let named = device.map(parse_device).transpose().map_err(anyhow::Error::msg)?;
    let section = |set_up: &Option<DeviceSection>, name: &str| {
        named.clone().or_else(|| set_up.clone()).with_context(|| {
            format!("no {name} is set up in {}: say where it is, --test {name}=/dev/ttyUSB0", file.display())
        })
    };
    let wait = Duration::from_secs(arguments.seconds);
    match name {
        "printer" => test_printer(&section(&config.printer, "printer")?, wait),
        "scanner" => test_scanner(&section(&config.scanner, "scanner")?, wait),
        "drawer" => test_drawer(&section(&config.printer, "drawer")?, &config, wait),
        "tones" => test_tones(),
        _ => bail!("`{name}` is none of printer, scanner, drawer, tones"),
    }
}

fn guess(port: &PortInfo) -> Option<(&'static str, String)> {
    let usb = port.usb.as_ref()?;
    let scanner =
        ScannerProfile::find_by_usb(usb.vendor, usb.product, hardware_folder()).map(|profile| ("scanner", profile));
    scanner.or_else(|| {
        let printer = PrinterProfile::find_by_usb(usb.vendor, usb.product, hardware_folder());
        printer.map(|profile| ("printer", profile))
    })
}

fn list(config: &Config, file: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let ports = list_ports();
    let set_up = [("scanner", &config.scanner), ("printer", &config.printer)];
    let mut out = std::io::stdout().lock();
    if json {
        let set_up_as = |port: &PortInfo| {
            let names = [port.path.display().to_string(), port.address().to_string()];
            let is_it = |section: &Option<DeviceSection>| section.as_ref().is_some_and(|s| names.contains(&s.port));
            set_up.iter().find(|(_, section)| is_it(section)).map(|(name, _)| *name)
        };
        let rows: Vec<_> = ports
            .iter()
            .map(|port| {
                let (kind, profile) = guess(port).unzip();
                serde_json::json!({
                    "port": port.path, "setting": port.address().to_string(), "kind": kind, "profile": profile,
                    "usb": port.usb.as_ref().map(|u| format!("{:04x}:{:04x}", u.vendor, u.product)),
                    "set_up_as": set_up_as(port),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if ports.is_empty() {
        writeln!(out, "No serial port. Plug the device in; on a USB device that stays away, see hardware/README.md.")?;
    }
    for port in &ports {
        let known = guess(port).map_or_else(String::new, |(kind, profile)| format!("{kind}, profile {profile}"));
        writeln!(out, "{}", port_words(port, &known))?;
    }
    writeln!(out, "\nSet up in {}:", file.display())?;
    for (name, section) in set_up {
        let words = section.as_ref().map_or_else(
            || "none".to_owned(),
            |section| {
                let profile = section.profile.as_deref().unwrap_or("the generic one");
                format!("{}, profile {profile}", section.port)
            },
        );
        writeln!(out, "  {name:<8} {words}")?;
    }
    writeln!(out, "\nPrinter profiles: {}", list_names::<PrinterProfile>(hardware_folder()).join(", "))?;
    writeln!(out, "Scanner profiles: {}", list_names::<ScannerProfile>(hardware_folder()).join(", "))?;
    writeln!(out, "A scanner that types like a keyboard has no port: --scanner keyboard,wedge")?;
    writeln!(out, "Each is proved against its simulated twin only, until hardware/README.md says otherwise.")?;
    Ok(ExitCode::SUCCESS)
}

/// A port, what it is called in the settings where that is something else, and what is known of it.
fn port_words(port: &PortInfo, known: &str) -> String {
    let path = port.path.display().to_string();
    let setting = Some(port.address().to_string()).filter(|setting| *setting != path).unwrap_or_default();
    format!("{path:<24} {setting:<28} {known}").trim_end().to_owned()
}

/// What a device does while it is tested, and what is said about it.
struct Watch {
    events: Receiver<DeviceEvent>,
    words: Catalogue,
    until: Instant,
    last: Option<HealthState>,
}

impl Watch {
    fn new(events: Receiver<DeviceEvent>, wait: Duration) -> Self {
        Self { events, words: Catalogue::new(Language::English), until: Instant::now() + wait, last: None }
    }

    /// The next thing that happens, until the time is over; each state of the device is said.
    fn next(&mut self) -> Option<DeviceEvent> {
        let event = self.events.recv_timeout(self.until.saturating_duration_since(Instant::now())).ok()?;
        if let DeviceEvent::HealthChanged { health, .. } = &event
            && self.last.as_ref() != Some(&health.state)
        {
            println!("  {}", state_words(&self.words, &health.state));
            self.last = Some(health.state.clone());
        }
        Some(event)
    }

    /// What to look at, when the device did not do what it was asked for.
    fn advise(&self, port: &str) {
        println!("\nIt did not work. What to look at, the likeliest first:");
        match &self.last {
            None | Some(HealthState::Gone | HealthState::Opening) => {
                println!("  1. Is the cable in, and is the device on? `till devices` lists the ports there are.");
                println!(
                    "  2. Is {port} still its name? usb:VID:PID and /dev/serial/by-path/… stay, /dev/ttyUSB0 does not."
                );
            }
            Some(HealthState::Offline(_)) => {
                println!("  1. Does another program hold {port}: a till that runs, ModemManager, brltty?");
                println!("  2. May you open it? The user of a till belongs to the group dialout.");
                println!("  3. Speed and flow control are switches in the device: its own self-test prints them.");
            }
            Some(_) => {
                println!("  1. Paper, cover, and whatever the device itself shows.");
                println!("  2. Is the profile that of this model? A wrong buffer or flow control loses bytes.");
            }
        }
        println!("hardware/README.md says more under Wiring.");
    }
}

fn start_printer(
    section: &DeviceSection,
    adjust: impl FnOnce(&mut PrinterProfile),
    wait: Duration,
) -> anyhow::Result<(PrinterHandle, PrinterProfile, String, Watch)> {
    let address = section.port.parse()?;
    let profile_name = name_for::<PrinterProfile>(section.profile.as_deref(), &address, hardware_folder());
    let mut profile = PrinterProfile::load(&profile_name, hardware_folder())?;
    adjust(&mut profile);
    let (model, proof) = (format!("{} {}", profile.device.vendor, profile.device.model), profile.device.proof.word());
    println!("Printer at {}: {model}, profile {profile_name}, proof: {proof}", section.port);
    let (told, events) = mpsc::channel();
    let sink = Arc::new(move |event| {
        // After the test nobody listens.
        let _ = told.send(event);
    });
    let config = PrinterConfig {
        device: DeviceId::from("printer"),
        address,
        profile_name: profile_name.clone(),
        profile: profile.clone(),
    };
    Ok((
        PrinterHandle::start(config, Arc::new(chrono::Utc::now), sink)?,
        profile,
        profile_name,
        Watch::new(events, wait),
    ))
}

fn test_printer(section: &DeviceSection, wait: Duration) -> anyhow::Result<ExitCode> {
    let (printer, profile, name, mut watch) = start_printer(section, |_| (), wait)?;
    let document = Box::new(test_page(&profile, &name));
    printer.send(PrintCommand::Print { job: PrintJobId(uuid::Uuid::now_v7()), document });
    while let Some(event) = watch.next() {
        let DeviceEvent::PrintProgressed { state, .. } = event else { continue };
        match state {
            PrintJobState::Printed => {
                println!(
                    "The printer says that the test page is on paper. Does the ruler fill the line, do all amounts stand\n\
                     under each other, is every sign right, and can both codes be scanned?"
                );
                return Ok(ExitCode::SUCCESS);
            }
            PrintJobState::Partial { confirmed, blocks } => {
                println!("Only {confirmed} of {blocks} parts came out for certain.");
                break;
            }
            PrintJobState::Cancelled => break,
            // Every other state is followed by one of those.
            PrintJobState::Queued | PrintJobState::Sending { .. } | PrintJobState::Held { .. } => {}
        }
    }
    watch.advise(&section.port);
    Ok(ExitCode::FAILURE)
}

fn test_drawer(section: &DeviceSection, config: &Config, wait: Duration) -> anyhow::Result<ExitCode> {
    let Some(pin) = drawer_pin(config) else { bail!("till.toml says that there is no drawer (drawer.via = \"none\")") };
    let (printer, profile, _, mut watch) = start_printer(section, |profile| profile.drawer.pin = Some(pin), wait)?;
    let mut asked = false;
    while let Some(event) = watch.next() {
        match event {
            DeviceEvent::HealthChanged { health, .. } if health.state == HealthState::Ready && !asked => {
                asked = true;
                printer.send(PrintCommand::OpenDrawer);
                println!("  told to open");
            }
            DeviceEvent::DrawerChanged { position: DrawerPosition::Open, .. } if asked => {
                println!("The drawer is open, and says so.");
                return Ok(ExitCode::SUCCESS);
            }
            DeviceEvent::DrawerChanged { position: DrawerPosition::Open, .. } => {
                println!("  it stands open already: shut it, and test again");
            }
            _ => {}
        }
    }
    if asked && profile.drawer.open_level == OpenLevel::Unknown {
        println!(
            "It was told to open. This profile does not say how the drawer tells (drawer.open_level): look at it."
        );
        return Ok(ExitCode::SUCCESS);
    }
    if asked {
        println!(
            "It was told to open and did not say that it did. Is its cable in the printer, and is it unlocked? If it"
        );
        println!("opened, its switch is wired the other way round: turn drawer.open_level in a profile of your own.");
        return Ok(ExitCode::FAILURE);
    }
    watch.advise(&section.port);
    Ok(ExitCode::FAILURE)
}

fn test_scanner(section: &DeviceSection, wait: Duration) -> anyhow::Result<ExitCode> {
    let address = section.port.parse()?;
    let profile_name = name_for::<ScannerProfile>(section.profile.as_deref(), &address, hardware_folder());
    let profile = ScannerProfile::load(&profile_name, hardware_folder())?;
    let (model, proof) = (format!("{} {}", profile.device.vendor, profile.device.model), profile.device.proof.word());
    println!("Scanner at {}: {model}, profile {profile_name}, proof: {proof}", section.port);
    println!("Scan something; this listens for {} seconds.", wait.as_secs());
    let (told, events) = mpsc::channel();
    let config = ScannerConfig { device: DeviceId::from("scanner"), address, profile };
    let sink = move |event| {
        // After the test nobody listens.
        let _ = told.send(event);
    };
    let scanner = Scanner::start(config, Box::new(sink))?;
    let mut watch = Watch::new(events, wait);
    let mut whole = 0;
    while let Some(event) = watch.next() {
        let DeviceEvent::Scanned(scan) = event else { continue };
        let (signal, words) = match scan.quality {
            ScanQuality::Whole => (ScanSignal::Good, "whole"),
            ScanQuality::Repeat => (ScanSignal::Good, "whole, the same again"),
            ScanQuality::Partial => (ScanSignal::Refused, "broken off: would not be sold"),
            ScanQuality::Garbage => (ScanSignal::Refused, "nonsense: a wrong speed or a bad cable"),
        };
        whole += usize::from(signal == ScanSignal::Good);
        scanner.signal(signal);
        let kind = scan.symbology.map_or_else(
            || "no identifier".to_owned(),
            |kind| format!("]{}{}", char::from(kind.code), char::from(kind.modifier)),
        );
        println!("  {}  {kind}  {words}", scan.payload.escape_ascii());
    }
    match whole {
        0 => {
            println!("No whole code came.");
            watch.advise(&section.port);
            Ok(ExitCode::FAILURE)
        }
        count => {
            println!("{count} whole {} came.", if count == 1 { "code" } else { "codes" });
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn test_tones() -> anyhow::Result<ExitCode> {
    let folder = tempfile::Builder::new().prefix("till-tones-").tempdir().context("making a folder for the tones")?;
    let speaker = Speaker::start(folder.path(), &std::env::var_os("PATH").unwrap_or_default(), true)?;
    let Some(player) = speaker.player() else {
        println!("{}", Catalogue::new(Language::English).tones_no_player());
        return Ok(ExitCode::FAILURE);
    };
    println!("Played by {}:", player.display());
    for (tone, words) in [
        (Tone::Good, "a good scan: one high note"),
        (Tone::Refused, "refused: two low notes"),
        (Tone::Attention, "to decide: three rising notes"),
    ] {
        println!("  {words}");
        speaker.play(tone);
        speaker.wait_until_quiet();
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use till::devices::port::UsbId;

    use super::*;

    #[test]
    fn a_port_that_is_set_up_by_its_own_name_says_it_once() {
        let built_in = PortInfo { path: "/dev/ttyS0".into(), usb: None, driver: None };
        assert_eq!(port_words(&built_in, ""), "/dev/ttyS0");
        let usb = UsbId { vendor: 0x04b8, product: 0x0e28, serial: None, name: None };
        let words = port_words(&PortInfo { path: "/dev/ttyUSB0".into(), usb: Some(usb), ..built_in }, "printer");
        assert_eq!(words.split_whitespace().collect::<Vec<_>>(), ["/dev/ttyUSB0", "usb:04b8:0e28", "printer"]);
    }
}
