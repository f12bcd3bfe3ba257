//! Effects: what the register asks of the world, only ever after the facts are on disk.

use crate::domain::device::{PrintCommand, ScanSignal, Tone};
use crate::domain::ids::DeviceId;

use super::intent::PortChoice;
use super::snapshot::PortDevice;

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the printer.
    Print(PrintCommand),
    /// Let the scanner answer with its own beeper.
    Signal {
        /// Which scanner.
        device: DeviceId,
        /// What.
        signal: ScanSignal,
    },
    /// Sound a tone at the till.
    Tone(Tone),
    /// There are new entries to push.
    WakeSync,
    /// A batch of the feed could not be written: sync is to fetch it again.
    FeedNotApplied,
    /// Look which ports there are for a device, and say so.
    ListPorts(PortDevice),
    /// Write where a device is into the settings, and say how that went.
    Configure(PortChoice),
}
