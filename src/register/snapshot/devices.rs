//! The devices and how they are.

use crate::domain::device::{DrawerPosition, Health, PaperLevel};
use crate::domain::ids::DeviceId;

/// Devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicesView {
    /// Each with its health and model.
    pub devices: Vec<DeviceView>,
    /// Paper.
    pub paper: PaperLevel,
    /// Drawer.
    pub drawer: DrawerPosition,
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
