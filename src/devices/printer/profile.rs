//! What is known of each printer model: how it is spoken to, what it can, how wide its paper is.

use std::path::Path;

use serde::Deserialize;

use super::charset::CharacterSet;
use super::glyph::FONT_A;
use crate::devices::port::{Flow, LineSettings, Parity};
use crate::devices::profile::{self, BuiltIn, Ids, Mistake, Profile, ProfileError, Proof};

/// The built-in profiles by name. To add one: a file under `hardware/printers/` and a line here.
const BUILT_IN: BuiltIn = &[
    ("generic-80", include_str!("../../../hardware/printers/generic-80.toml")),
    ("generic-58", include_str!("../../../hardware/printers/generic-58.toml")),
    ("epson-tm-t20iii", include_str!("../../../hardware/printers/epson-tm-t20iii.toml")),
    ("epson-tm-t88v", include_str!("../../../hardware/printers/epson-tm-t88v.toml")),
    ("citizen-ct-s310", include_str!("../../../hardware/printers/citizen-ct-s310.toml")),
    ("bixolon-srp350", include_str!("../../../hardware/printers/bixolon-srp350.toml")),
    ("xprinter-80", include_str!("../../../hardware/printers/xprinter-80.toml")),
];

/// Everything the driver must know about a model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterProfile {
    /// Who made it and how this was proved.
    pub device: DeviceFacts,
    /// The line.
    pub link: LinkFacts,
    /// The paper.
    pub paper: PaperFacts,
    /// The character sets.
    pub text: TextFacts,
    /// What it understands.
    pub can: Abilities,
    /// The drawer's connector.
    pub drawer: DrawerFacts,
    /// Pictures.
    pub raster: RasterFacts,
    /// How it is recognised.
    #[serde(default)]
    pub ids: Ids,
}

/// Who made it and how this was proved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceFacts {
    /// `Epson`
    pub vendor: String,
    /// `TM-T20III`
    pub model: String,
    /// Its language.
    pub dialect: Dialect,
    /// How the profile was proved.
    pub proof: Proof,
}

/// A printer's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// ESC/POS and what emulates it.
    Escpos,
}

/// The line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkFacts {
    /// Bits per second as delivered.
    pub baud: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// Parity bit.
    pub parity: Parity,
    /// 1 or 2.
    pub stop_bits: u8,
    /// Flow control as delivered.
    pub flow: Flow,
    /// The receive buffer, in bytes.
    pub buffer_bytes: usize,
}

/// The paper.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperFacts {
    /// Printable dots in a line.
    pub dots: u16,
    /// Characters of font A in a line.
    pub columns: u8,
    /// The knife.
    pub cutter: Cutter,
    /// Lines from the head to the knife, or to the tear bar.
    pub feed_before_cut: u8,
}

/// The knife.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cutter {
    /// The paper is torn off.
    None,
    /// Leaves a corner.
    Partial,
    /// Through.
    Full,
}

/// The character sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextFacts {
    /// Pages the model has, preferred first: the number for `ESC t`, and the set it selects.
    pub pages: Vec<(u8, CharacterSet)>,
}

/// What a printer understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abilities {
    /// `GS ( k`: QR codes; otherwise they are sent as pictures.
    pub qr: bool,
    /// `GS k` function B; otherwise bars are sent as pictures.
    pub barcode_b: bool,
    /// `GS v 0`: pictures; without them letters that no page has are simplified or `?`, and codes their text alone.
    pub raster: bool,
    /// `GS a`: status on its own account.
    pub asb: bool,
    /// `GS ( H`: a marker in the stream that is answered by its number. Otherwise `GS r` counts.
    pub process_id: bool,
    /// `DLE DC4 8`: forget everything received.
    pub clear_buffer: bool,
    /// `DLE DC4 1`: open the drawer even while offline.
    pub realtime_kick: bool,
}

/// The drawer's connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawerFacts {
    /// Length of the pulse.
    pub on_ms: u16,
    /// Rest after it.
    pub off_ms: u16,
    /// Level of the sense pin while the drawer is open.
    pub open_level: OpenLevel,
    /// Which drawer hangs on it, if any: a matter of the counter, not of the model, so no profile says it.
    #[serde(skip, default = "DrawerPin::first")]
    pub pin: Option<DrawerPin>,
}

/// The pin of the printer's socket that opens a drawer (ESC/POS `ESC p`, m).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawerPin {
    /// Pin 2: the first drawer.
    Two,
    /// Pin 5: the second drawer.
    Five,
}

impl DrawerPin {
    const fn first() -> Option<Self> {
        Some(Self::Two)
    }

    /// `m` of the commands that open it.
    pub const fn selector(self) -> u8 {
        match self {
            Self::Two => 0,
            Self::Five => 1,
        }
    }
}

/// Level of the sense pin (pin 3) while the drawer is open: a matter of the drawer's wiring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenLevel {
    /// High.
    High,
    /// Low.
    Low,
    /// Not wired, or never learnt: the position is not known.
    Unknown,
}

/// Pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RasterFacts {
    /// The most rows sent in one command.
    pub rows_max: u16,
    /// Does it act on `DLE EOT`, `DLE ENQ` and `DLE DC4` inside picture data? Then such bytes are avoided.
    pub realtime_in_data: bool,
}

impl PrinterProfile {
    /// The names of the built-in profiles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        profile::names::<Self>()
    }

    /// A profile by name: see [`profile::load`].
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn load(name: &str, folder: Option<&Path>) -> Result<Self, ProfileError> {
        profile::load(name, folder)
    }

    /// The profile of a printer that names itself on USB: see [`profile::find_by_usb`].
    pub fn find_by_usb(vendor: u16, product: u16, folder: Option<&Path>) -> Option<String> {
        profile::find_by_usb::<Self>(vendor, product, folder)
    }

    /// How the line is set.
    pub const fn line_settings(&self) -> LineSettings {
        LineSettings {
            baud: self.link.baud,
            data_bits: self.link.data_bits,
            parity: self.link.parity,
            stop_bits: self.link.stop_bits,
            flow: self.link.flow,
        }
    }

    /// How many bytes may be on their way unconfirmed: the buffer less the 16 bytes at which printers say *busy*
    /// (TM-T88II manual p.27).
    pub const fn credit_bytes(&self) -> usize {
        self.link.buffer_bytes - 16
    }
}

impl Profile for PrinterProfile {
    const KIND: &'static str = "printer";
    const FOLDER: &'static str = "printers";
    const BUILT_IN: BuiltIn = BUILT_IN;
    const GENERIC: &'static str = "generic-80";

    fn check(&self) -> Result<(), Mistake> {
        let (paper, link) = (&self.paper, &self.link);
        if paper.columns < 20 || usize::from(paper.columns) * FONT_A.0 > usize::from(paper.dots) {
            let reason = format!("{} columns do not fit in {} dots", paper.columns, paper.dots);
            return Err(Mistake::at("paper.columns", reason));
        }
        within("link.buffer_bytes", link.buffer_bytes, 256, 1_048_576)?;
        within("link.baud", link.baud as usize, 1200, 921_600)?;
        within("link.data_bits", link.data_bits.into(), 7, 8)?;
        within("link.stop_bits", link.stop_bits.into(), 1, 2)?;
        // `ESC p` counts in steps of 2 ms up to 255.
        within("drawer.on_ms", self.drawer.on_ms.into(), 2, 510)?;
        within("drawer.off_ms", self.drawer.off_ms.into(), 2, 510)?;
        within("raster.rows_max", self.raster.rows_max.into(), 1, usize::from(u16::MAX))?;
        let pages = &self.text.pages;
        if pages.is_empty() {
            return Err(Mistake::at("text.pages", "there is none"));
        }
        for (index, (number, set)) in pages.iter().enumerate() {
            if pages[..index].iter().any(|(n, s)| n == number || s == set) {
                return Err(Mistake::at("text.pages", format!("{number} or {set:?} is there twice")));
            }
        }
        self.ids.check()
    }

    fn ids(&self) -> &Ids {
        &self.ids
    }
}

fn within(key: &'static str, value: usize, least: usize, most: usize) -> Result<(), Mistake> {
    match (least..=most).contains(&value) {
        true => Ok(()),
        false => Err(Mistake::at(key, format!("{value} is not {least} to {most}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_built_in_profile_claims_more_than_a_twin() {
        for name in PrinterProfile::names() {
            let profile = PrinterProfile::load(name, None).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(profile.device.proof, Proof::Twin, "{name}: no real device has been touched");
        }
    }
}
