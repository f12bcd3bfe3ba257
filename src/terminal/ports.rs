//! Which ports there are for a device, and the choice of one written into the till's settings: what the register asked
//! for, and the intent that tells it how it went.
//!
//! Absent here: a scanner that types like a keyboard. It has no port.

use std::path::Path;

use crate::devices::port::{AddressError, PortAddress, PortInfo, list_ports};
use crate::devices::printer::PrinterProfile;
use crate::devices::profile::{self, Profile, ProfileError};
use crate::devices::scanner::ScannerProfile;
use crate::register::Intent;
use crate::register::intent::{PortChoice, PortFault};
use crate::register::snapshot::{PortDevice, PortView, PortsView, ProfileView};

use super::config::{ConfigError, DeviceSection, write_device};
use super::hardware_folder;

/// Why a choice is not written.
#[derive(Debug, thiserror::Error)]
enum ChoiceError {
    #[error(transparent)]
    Port(#[from] AddressError),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Settings(#[from] ConfigError),
}

/// What there is to choose from. Without a settings file the devices are simulated, and there is nothing to choose.
pub(super) fn list(file: Option<&Path>, device: PortDevice) -> Intent {
    match file {
        Some(_) => Intent::PortsFound(view(device, list_ports())),
        None => Intent::PortRefused(PortFault::Simulated),
    }
}

/// Writes the choice into the settings.
pub(super) fn configure(file: Option<&Path>, choice: PortChoice) -> Intent {
    let Some(file) = file else { return Intent::PortRefused(PortFault::Simulated) };
    let device = choice.device;
    match keep(file, &choice) {
        Ok(()) => Intent::PortKept(choice),
        Err(error) => {
            tracing::error!(%error, device = device.word(), "the port of a device could not be kept");
            Intent::PortRefused(PortFault::NotKept { told: error.to_string() })
        }
    }
}

/// A till that could not start with the choice would be worse than one without it: all of it is read before it is kept.
fn keep(file: &Path, choice: &PortChoice) -> Result<(), ChoiceError> {
    let PortChoice { device, port, profile } = choice;
    port.parse::<PortAddress>()?;
    match device {
        PortDevice::Scanner => drop(profile::load::<ScannerProfile>(profile, hardware_folder())?),
        PortDevice::Printer => drop(profile::load::<PrinterProfile>(profile, hardware_folder())?),
    }
    let section = DeviceSection { port: port.clone(), profile: Some(profile.clone()) };
    Ok(write_device(file, device.word(), &section)?)
}

fn view(device: PortDevice, ports: Vec<PortInfo>) -> PortsView {
    let (profiles, find): (_, fn(u16, u16, Option<&Path>) -> Option<String>) = match device {
        PortDevice::Scanner => {
            (profiles(|found: ScannerProfile| (found.device.vendor, found.device.model)), ScannerProfile::find_by_usb)
        }
        PortDevice::Printer => {
            (profiles(|found: PrinterProfile| (found.device.vendor, found.device.model)), PrinterProfile::find_by_usb)
        }
    };
    let ports = ports.into_iter().map(|port| {
        let setting = port.address().to_string();
        let profile = port.usb.as_ref().and_then(|usb| find(usb.vendor, usb.product, hardware_folder()));
        let told = port.usb.and_then(|usb| usb.name).or(port.driver).unwrap_or_default();
        PortView { setting, path: port.path.display().to_string(), told, profile }
    });
    PortsView { device, ports: ports.collect(), profiles }
}

/// The profiles of a kind; one whose file is wrong says so where its model would stand, and cannot be kept.
fn profiles<T: Profile>(name: impl Fn(T) -> (String, String)) -> Vec<ProfileView> {
    let view = |known: String| {
        let model = match profile::load::<T>(&known, hardware_folder()) {
            Ok(found) => {
                let (vendor, model) = name(found);
                format!("{vendor} {model}")
            }
            Err(error) => error.to_string(),
        };
        ProfileView { name: known, model }
    };
    profile::list_names::<T>(hardware_folder()).into_iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::config::Config;
    use super::*;
    use crate::devices::port::UsbId;

    fn choice(port: &str, profile: &str) -> PortChoice {
        PortChoice { device: PortDevice::Printer, port: port.to_owned(), profile: profile.to_owned() }
    }

    #[test]
    fn a_choice_is_written_into_the_settings_with_their_comments() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("till.toml");
        let before = "# Till at the door\n[till]\ntheme = \"night\" # Ana likes it\n\n[printer] # under the counter\n\
                      port = \"/dev/ttyUSB7\"\n";
        std::fs::write(&file, before).unwrap();
        let told = configure(Some(&file), choice("usb:04b8:0e28", "epson-tm-t20iii"));
        assert_eq!(told, Intent::PortKept(choice("usb:04b8:0e28", "epson-tm-t20iii")));
        let text = std::fs::read_to_string(&file).unwrap();
        for comment in ["# Till at the door", "# Ana likes it", "# under the counter"] {
            assert!(text.contains(comment), "{text}");
        }
        let section = Config::read(&file).unwrap().printer.unwrap();
        assert_eq!((&*section.port, section.profile.as_deref()), ("usb:04b8:0e28", Some("epson-tm-t20iii")));
    }

    #[test]
    fn a_choice_that_cannot_be_kept_is_told_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("till.toml");
        std::fs::write(&file, "[printer]\nport = \"/dev/ttyUSB7\"\n").unwrap();
        let check = |file: &Path, choice: PortChoice, expected: &str| match configure(Some(file), choice) {
            Intent::PortRefused(PortFault::NotKept { told }) => assert!(told.contains(expected), "{told}"),
            other => panic!("{other:?}"),
        };
        check(&file, choice("/dev/ttyUSB0", "nonsense"), "there is no printer profile `nonsense`");
        check(&file, choice("usb:nonsense", "generic-80"), "usb");
        let nowhere = folder.path().join("gone/till.toml");
        check(&nowhere, choice("/dev/ttyUSB0", "generic-80"), "gone/till.toml");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "[printer]\nport = \"/dev/ttyUSB7\"\n");
        let simulated = Intent::PortRefused(PortFault::Simulated);
        assert_eq!(list(None, PortDevice::Scanner), simulated);
        assert_eq!(configure(None, choice("/dev/ttyUSB0", "generic-80")), simulated);
    }

    #[test]
    fn what_is_plugged_in_says_what_it_is_and_the_generic_profile_comes_first() {
        let usb = UsbId { vendor: 0x04b8, product: 0x0e28, serial: None, name: Some("EPSON TM-T20III".to_owned()) };
        let ports = || {
            let known = PortInfo {
                path: PathBuf::from("/dev/ttyUSB0"),
                usb: Some(usb.clone()),
                driver: Some("ftdi_sio".to_owned()),
            };
            let plain =
                PortInfo { path: PathBuf::from("/dev/ttyS0"), usb: None, driver: Some("serial8250".to_owned()) };
            vec![known, plain]
        };
        let found = view(PortDevice::Printer, ports());
        let told: Vec<_> = found.ports.iter().map(|p| (&*p.setting, &*p.told, p.profile.as_deref())).collect();
        let expected =
            [("usb:04b8:0e28", "EPSON TM-T20III", Some("epson-tm-t20iii")), ("/dev/ttyS0", "serial8250", None)];
        assert_eq!(told, expected);
        assert_eq!(found.profiles[0].name, "generic-80");
        let found = view(PortDevice::Scanner, ports());
        assert_eq!(found.ports[0].profile, None, "a printer is no scanner");
        assert_eq!(found.profiles[0].name, "generic");
    }
}
