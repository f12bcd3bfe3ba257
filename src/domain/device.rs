//! What a device says of itself and what is asked of it: the words between the devices, the register and the screens.

use super::Timestamp;
use super::ids::{DeviceId, PrintJobId};
use super::receipt::Document;
use super::scan::Scan;

/// How a device is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Right now.
    pub state: HealthState,
    /// Since when.
    pub since: Timestamp,
}

/// The states of UnifiedPOS, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthState {
    /// None is set up.
    NotConfigured,
    /// Looking for it.
    Opening,
    /// Works.
    Ready,
    /// Works again by itself once the cause is mended.
    Held(HealthReason),
    /// Is there and does not work.
    Offline(HealthReason),
    /// Not there: unplugged or switched off.
    Gone,
}

/// What is the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthReason {
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is stuck.
    Cutter,
    /// The head is too hot; it cools by itself.
    Hot,
    /// It reports an error that only switching it off and on clears.
    Fault,
    /// Another program holds the port.
    Claimed,
    /// Bytes come, and make no sense at this speed.
    WrongSpeed,
    /// What came last made no sense: a loose cable, or a code that is worn.
    Unreadable,
    /// The port is there and nothing answers.
    Silent,
    /// It takes no more bytes.
    Busy,
    /// The port cannot be opened; what the system said.
    Port(String),
    /// It is set up as something that does not exist.
    Settings(SettingsFault),
}

/// What is wrong with how a device is set up, and where that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFault {
    /// What.
    pub mistake: SettingsMistake,
    /// `--printer`, or a file and its line.
    pub place: String,
}

/// What cannot be right about how a device is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsMistake {
    /// Nobody knows a profile of this name.
    UnknownProfile {
        /// As it is written.
        name: String,
        /// What may have been meant, nearest first.
        nearest: Vec<String>,
    },
    /// Its port or its profile cannot be used; why, in a sentence.
    Other(String),
}

/// Is paper running low? Known only to printers that tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaperLevel {
    /// Enough, or unknown.
    Enough,
    /// The end of the roll is near.
    Low,
}

/// The cash drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DrawerPosition {
    /// No drawer, or one that cannot tell.
    Unknown,
    /// Shut.
    Closed,
    /// Open.
    Open,
}

/// Where a document is on its way to paper. `confirmed` and `blocks` count the parts the printer has acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrintJobState {
    /// Waits for the printer.
    Queued,
    /// Being sent.
    Sending {
        /// Acknowledged.
        confirmed: u32,
        /// In all.
        blocks: u32,
    },
    /// The printer holds the rest and goes on by itself.
    Held {
        /// Acknowledged.
        confirmed: u32,
        /// In all.
        blocks: u32,
    },
    /// On paper, whole.
    Printed,
    /// Some of it may be on paper; the rest was lost. A person decides about a copy.
    Partial {
        /// Acknowledged.
        confirmed: u32,
        /// In all.
        blocks: u32,
    },
    /// Taken back before a byte went out.
    Cancelled,
}

/// Asked of the printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintCommand {
    /// Put a document on paper, once.
    Print {
        /// Its identity.
        job: PrintJobId,
        /// What.
        document: Box<Document>,
    },
    /// Open the drawer.
    OpenDrawer,
    /// Forget a job that has not begun.
    Cancel(PrintJobId),
    /// Print a test page.
    SelfTest,
}

/// Asked of a scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanSignal {
    /// The item is in the basket.
    Good,
    /// It is not.
    Refused,
}

/// The till's own tones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// A scan became a line.
    Good,
    /// Refused.
    Refused,
    /// Something must be decided.
    Attention,
}

/// Told by the devices, in the order it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceEvent {
    /// A code was read, or half of one.
    Scanned(Scan),
    /// A device's health changed.
    HealthChanged {
        /// Which.
        device: DeviceId,
        /// How it is now.
        health: Health,
    },
    /// Paper is low, or was refilled.
    PaperChanged(PaperLevel),
    /// The drawer moved. `kicked` tells whether this till asked for it.
    DrawerChanged {
        /// Now.
        position: DrawerPosition,
        /// Did the till open it?
        kicked: bool,
    },
    /// The drawer was to open and stays shut, as far as is known: its printer is out of reach, does not answer, or opens it only
    /// when it can print again. Told once for each time it was to open.
    DrawerStaysShut,
    /// A document got further.
    PrintProgressed {
        /// Which.
        job: PrintJobId,
        /// How far.
        state: PrintJobState,
    },
}
