//! What is known of each printer model, as data: one TOML file per model, built in, and replaceable from a folder.
//!
//! A profile says honestly how it was proved. Unknown keys are refused with their line, so that a typing error is never
//! a silent default.

use std::path::Path;

use serde::Deserialize;

use super::port::{Flow, LineSettings, Parity};
use super::printer::CharacterSet;

/// The built-in profiles by name. To add one: a file under `hardware/printers/` and a line here.
const BUILT_IN: &[(&str, &str)] = &[
    ("generic-80", include_str!("../../hardware/printers/generic-80.toml")),
    ("generic-58", include_str!("../../hardware/printers/generic-58.toml")),
    ("epson-tm-t20iii", include_str!("../../hardware/printers/epson-tm-t20iii.toml")),
    ("epson-tm-t88v", include_str!("../../hardware/printers/epson-tm-t88v.toml")),
    ("citizen-ct-s310", include_str!("../../hardware/printers/citizen-ct-s310.toml")),
    ("bixolon-srp350", include_str!("../../hardware/printers/bixolon-srp350.toml")),
    ("xprinter-80", include_str!("../../hardware/printers/xprinter-80.toml")),
];

/// The largest profile file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024;

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

/// How a profile was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    /// Against its simulated twin only: taken from manuals.
    Twin,
    /// On a real device on a bench.
    Bench,
    /// In a shop.
    Field,
}

impl Proof {
    /// The word in the profile.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Twin => "twin",
            Self::Bench => "bench",
            Self::Field => "field",
        }
    }
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
    /// `GS k` function B; otherwise the text is printed alone.
    pub barcode_b: bool,
    /// `GS v 0`: pictures.
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

/// How it is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    /// `04b8:0e28`; a bare USB-serial adapter says nothing about the printer behind it.
    #[serde(default)]
    pub usb: Vec<String>,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// No built-in one and no file of that name.
    #[error("there is no printer profile `{0}`; there are: {1}")]
    Unknown(String, String),
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file says something that is not understood; `reason` names the line.
    #[error("{name}: {reason}")]
    Invalid {
        /// Which profile.
        name: String,
        /// What is wrong, and in which line.
        reason: String,
    },
}

impl PrinterProfile {
    /// The names of the built-in profiles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A profile by name: `FOLDER/printers/NAME.toml` when there is such a file, else the built-in one.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn load(name: &str, folder: Option<&Path>) -> Result<Self, ProfileError> {
        // The name comes from a settings file: it must not lead out of the folder.
        let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if let Some(path) = folder.filter(|_| is_plain).map(|f| f.join("printers").join(format!("{name}.toml"))) {
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.len() > FILE_BYTES_MAX => {
                    return Err(ProfileError::Invalid { name: name.into(), reason: "the file is too large".into() });
                }
                Ok(_) => {
                    let text = std::fs::read_to_string(&path)
                        .map_err(|source| ProfileError::Unreadable { path: path.display().to_string(), source })?;
                    return Self::parse(name, &text);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => return Err(ProfileError::Unreadable { path: path.display().to_string(), source }),
            }
        }
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::parse(name, text),
            None => {
                let known: Vec<&str> = Self::names().collect();
                Err(ProfileError::Unknown(name.to_owned(), known.join(", ")))
            }
        }
    }

    /// Reads a profile's text.
    ///
    /// # Errors
    /// [`ProfileError::Invalid`] naming the line.
    pub fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        let invalid = |reason: String| ProfileError::Invalid { name: name.to_owned(), reason };
        let profile: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            invalid(format!("line {line}: {}", error.message()))
        })?;
        profile.check().map_err(invalid)?;
        Ok(profile)
    }

    /// The built-in profile of a printer that names itself on USB.
    pub fn find_by_usb(vendor: u16, product: u16) -> Option<&'static str> {
        let id = format!("{vendor:04x}:{product:04x}");
        BUILT_IN.iter().find_map(|(name, text)| {
            let profile = Self::parse(name, text).ok()?;
            profile.ids.usb.iter().any(|known| known.eq_ignore_ascii_case(&id)).then_some(*name)
        })
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

    fn check(&self) -> Result<(), String> {
        const FONT_A_DOTS: u16 = 12;
        let paper = &self.paper;
        if paper.columns < 20 || u16::from(paper.columns) * FONT_A_DOTS > paper.dots {
            return Err(format!("paper.columns = {} does not fit in {} dots", paper.columns, paper.dots));
        }
        if !(256..=1_048_576).contains(&self.link.buffer_bytes) {
            return Err(format!("link.buffer_bytes = {} is not 256 to 1048576", self.link.buffer_bytes));
        }
        if !(1200..=921_600).contains(&self.link.baud) {
            return Err(format!("link.baud = {} is not 1200 to 921600", self.link.baud));
        }
        if !matches!(self.link.data_bits, 7 | 8) || !matches!(self.link.stop_bits, 1 | 2) {
            return Err("link.data_bits is 7 or 8, link.stop_bits is 1 or 2".into());
        }
        // `ESC p` counts in steps of 2 ms up to 255.
        let pulse = 2..=510;
        if !pulse.contains(&self.drawer.on_ms) || !pulse.contains(&self.drawer.off_ms) {
            return Err("drawer.on_ms and drawer.off_ms are 2 to 510".into());
        }
        if self.text.pages.is_empty() {
            return Err("text.pages is empty".into());
        }
        for (index, (number, set)) in self.text.pages.iter().enumerate() {
            if self.text.pages[..index].iter().any(|(n, s)| n == number || s == set) {
                return Err(format!("text.pages has {number} or {set:?} twice"));
            }
        }
        if self.raster.rows_max == 0 {
            return Err("raster.rows_max is 0".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_valid_and_claims_no_more_than_a_twin() {
        for name in PrinterProfile::names() {
            let profile = PrinterProfile::load(name, None).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(profile.device.proof, Proof::Twin, "{name}: no real device has been touched");
        }
    }

    #[test]
    fn every_file_of_the_folder_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hardware/printers");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|f| f.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        let mut names: Vec<&str> = PrinterProfile::names().collect();
        files.sort();
        names.sort_unstable();
        assert_eq!(files, names);
    }

    fn check(change: (&str, &str), expected: &str) {
        let text = BUILT_IN[0].1.replace(change.0, change.1);
        assert_ne!(text, BUILT_IN[0].1, "{change:?} changes nothing");
        let error = PrinterProfile::parse("mine", &text).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let line_of = |needle: &str| BUILT_IN[0].1.lines().position(|l| l.starts_with(needle)).unwrap() + 1;
        check(("baud =", "boud ="), &format!("line {}: unknown field `boud`", line_of("baud")));
        check(("flow = \"none\"", "flow = \"some\""), &format!("line {}: unknown variant `some`", line_of("flow")));
        check(("columns = 48", "columns = 60"), "paper.columns = 60 does not fit in 576 dots");
        check(("[19, \"cp858\"]", "[17, \"cp858\"]"), "twice");
        check(("buffer_bytes = 1024", "buffer_bytes = 10"), "not 256 to");
    }

    #[test]
    fn a_file_in_the_folder_wins_over_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("printers")).unwrap();
        let text = BUILT_IN[0].1.replace("baud = 9600", "baud = 19200");
        std::fs::write(folder.path().join("printers/generic-80.toml"), text).unwrap();
        let baud = |folder| PrinterProfile::load("generic-80", folder).unwrap().link.baud;
        assert_eq!((baud(None), baud(Some(folder.path()))), (9600, 19200));
        assert!(matches!(
            PrinterProfile::load("../printers/generic-80", Some(folder.path())),
            Err(ProfileError::Unknown(..))
        ));
        assert!(PrinterProfile::load("nonsense", None).unwrap_err().to_string().contains("generic-58"));
    }

    #[test]
    fn a_printer_is_recognised_by_its_usb_identity() {
        assert_eq!(PrinterProfile::find_by_usb(0x04b8, 0x0e28), Some("epson-tm-t20iii"));
        assert_eq!(PrinterProfile::find_by_usb(0x0403, 0x6001), None, "an adapter is no printer");
    }
}
