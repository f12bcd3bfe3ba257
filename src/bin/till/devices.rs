//! `till devices`: what is plugged in, and whether it works.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use till::devices::port::{PortInfo, list_ports};
use till::devices::printer::{PrinterConfig, PrinterHandle};
use till::devices::profile::PrinterProfile;
use till::devices::scanner::{Scanner, ScannerConfig, ScannerProfile};
use till::domain::device::{DeviceEvent, HealthState, PrintCommand};
use till::domain::ids::DeviceId;
use till::terminal::config::{DeviceSection, parse_device};

/// What to list or test.
#[derive(Args)]
#[command(after_help = "\
Examples:
  till devices
  till devices --json
  till devices --test printer=/dev/ttyUSB0,epson-tm-t20iii     (prints a test page)
  till devices --test scanner=/dev/ttyACM0,honeywell           (shows what it reads for 20 seconds)")]
pub struct DevicesArguments {
    /// Test one device: printer=PORT[,PROFILE] or scanner=PORT[,PROFILE]. Exit 1 when it does not work.
    #[arg(long, value_name = "NAME=PORT[,PROFILE]")]
    test: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// How long a test waits for the device.
const TEST_TIME: Duration = Duration::from_secs(20);

/// Lists the ports, or tests one device.
pub fn run(arguments: &DevicesArguments) -> anyhow::Result<ExitCode> {
    match &arguments.test {
        None => list(arguments.json),
        Some(test) => {
            let (name, device) = test.split_once('=').context("say which port: --test printer=/dev/ttyUSB0")?;
            let section = parse_device(device).map_err(anyhow::Error::msg)?;
            match name {
                "printer" => test_printer(&section),
                "scanner" => test_scanner(&section),
                _ => bail!("`{name}` is neither printer nor scanner"),
            }
        }
    }
}

fn guess(port: &PortInfo) -> Option<(&'static str, &'static str)> {
    let usb = port.usb.as_ref()?;
    let scanner = ScannerProfile::find_by_usb(usb.vendor, usb.product).map(|profile| ("scanner", profile));
    scanner.or_else(|| PrinterProfile::find_by_usb(usb.vendor, usb.product).map(|profile| ("printer", profile)))
}

fn list(json: bool) -> anyhow::Result<ExitCode> {
    let ports = list_ports();
    let mut out = std::io::stdout().lock();
    if json {
        let rows: Vec<_> = ports
            .iter()
            .map(|port| {
                let (kind, profile) = guess(port).unzip();
                serde_json::json!({
                    "port": port.path, "setting": port.address().to_string(), "kind": kind, "profile": profile,
                    "usb": port.usb.as_ref().map(|u| format!("{:04x}:{:04x}", u.vendor, u.product)),
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
        writeln!(out, "{:<24} {:<28} {known}", port.path.display(), port.address().to_string())?;
    }
    writeln!(out, "\nPrinter profiles: {}", PrinterProfile::names().collect::<Vec<_>>().join(", "))?;
    writeln!(out, "Scanner profiles: {}", ScannerProfile::names().collect::<Vec<_>>().join(", "))?;
    Ok(ExitCode::SUCCESS)
}

fn test_printer(section: &DeviceSection) -> anyhow::Result<ExitCode> {
    let profile_name = section.profile.clone().unwrap_or_else(|| "generic-80".to_owned());
    let profile = PrinterProfile::load(&profile_name, None)?;
    let (told, events) = mpsc::channel();
    let config =
        PrinterConfig { device: DeviceId::from("printer"), address: section.port.parse()?, profile_name, profile };
    let sink = Arc::new(move |event| {
        // After the test nobody listens.
        let _ = told.send(event);
    });
    let printer = PrinterHandle::start(config, Arc::new(chrono::Utc::now), sink)?;
    let until = Instant::now() + TEST_TIME;
    while let Ok(event) = events.recv_timeout(until.saturating_duration_since(Instant::now())) {
        if let DeviceEvent::HealthChanged { health, .. } = event {
            println!("{:?}", health.state);
            if health.state == HealthState::Ready {
                printer.send(PrintCommand::SelfTest);
                std::thread::sleep(Duration::from_secs(3));
                println!("The test page went out. Compare its ruler and characters with hardware/README.md.");
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
    println!("The printer did not answer within {} seconds.", TEST_TIME.as_secs());
    Ok(ExitCode::FAILURE)
}

fn test_scanner(section: &DeviceSection) -> anyhow::Result<ExitCode> {
    let profile = ScannerProfile::load(section.profile.as_deref().unwrap_or("generic"), None)?;
    let (told, events) = mpsc::channel();
    let config = ScannerConfig { device: DeviceId::from("scanner"), address: section.port.parse()?, profile };
    let sink = move |event| {
        // After the test nobody listens.
        let _ = told.send(event);
    };
    let _scanner = Scanner::start(config, Box::new(sink))?;
    println!("Scan something; this listens for {} seconds.", TEST_TIME.as_secs());
    let until = Instant::now() + TEST_TIME;
    let mut scans = 0;
    while let Ok(event) = events.recv_timeout(until.saturating_duration_since(Instant::now())) {
        match event {
            DeviceEvent::Scanned(scan) => {
                scans += 1;
                println!("{:?}  {}", scan.quality, scan.payload.escape_ascii());
            }
            DeviceEvent::HealthChanged { health, .. } => println!("{:?}", health.state),
            _ => {}
        }
    }
    Ok(if scans > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
