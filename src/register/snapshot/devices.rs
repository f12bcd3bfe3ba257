//! The devices and how they are, and the ports one of them may be put on.

use std::sync::Arc;

use crate::domain::device::{DrawerPosition, Health, PaperLevel};
use crate::domain::ids::DeviceId;
use crate::register::{PRINTER, SCANNER};

/// Devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicesView {
    /// Each with its health and model.
    pub devices: Vec<DeviceView>,
    /// Paper.
    pub paper: PaperLevel,
    /// Drawer.
    pub drawer: DrawerPosition,
    /// What there is to choose from, while a port is being chosen.
    pub ports: Option<Arc<PortsView>>,
    /// The settings of this device are written anew: the till must start again to use them.
    pub kept: Option<PortDevice>,
}

/// A device on a port of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PortDevice {
    /// The barcode scanner.
    Scanner,
    /// The receipt printer.
    Printer,
}

impl PortDevice {
    /// Its device id, which is also the word in the settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scanner => SCANNER,
            Self::Printer => PRINTER,
        }
    }

    /// The one with this id; `None` for a device without a port of its own.
    pub fn of(id: &DeviceId) -> Option<Self> {
        [Self::Scanner, Self::Printer].into_iter().find(|device| device.word() == id.as_str())
    }
}

/// What there is to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortsView {
    /// For which device.
    pub device: PortDevice,
    /// The ports with something behind them, by path.
    pub ports: Vec<PortView>,
    /// The models that are known; the generic one first.
    pub profiles: Vec<ProfileView>,
}

/// One port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortView {
    /// What is written into the settings: `usb:04b8:0e28`, `/dev/ttyS0`.
    pub setting: String,
    /// Where it is now: `/dev/ttyUSB0`.
    pub path: String,
    /// What is behind it, in its own words or its driver's name; empty when nothing is known.
    pub told: String,
    /// The profile of what is behind it, when that is a known device of this kind.
    pub profile: Option<String>,
}

/// One profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileView {
    /// `epson-tm-t20iii`
    pub name: String,
    /// Vendor and model.
    pub model: String,
}

/// One device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceView {
    /// `scanner`, `printer`.
    pub id: DeviceId,
    /// The profile's vendor and model.
    pub model: String,
    /// The port it is set to.
    pub port: String,
    /// How it is.
    pub health: Health,
    /// How the profile was proved, honestly: `twin`, `bench`, `field`.
    pub proof: String,
}
