//! What is known of each make of scanner, as data: one TOML file each, built in, and replaceable from a folder.
//!
//! Unknown keys are refused with their line, so that a typing error is never a silent default. A profile says honestly
//! how it was proved.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::devices::port::{Flow, LineSettings, Parity};
use crate::devices::profile::Proof;
use crate::domain::device::ScanSignal;
use crate::domain::scan::Symbology;

/// The built-in profiles by name. To add one: a file under `hardware/scanners/` and a line here.
const BUILT_IN: &[(&str, &str)] = &[
    ("generic", include_str!("../../../hardware/scanners/generic.toml")),
    ("honeywell", include_str!("../../../hardware/scanners/honeywell.toml")),
    ("zebra-standard", include_str!("../../../hardware/scanners/zebra-standard.toml")),
    ("datalogic", include_str!("../../../hardware/scanners/datalogic.toml")),
    ("newland", include_str!("../../../hardware/scanners/newland.toml")),
];

const WEDGE: &str = include_str!("../../../hardware/scanners/wedge.toml");

/// The largest profile file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Everything the driver must know about a make of scanner.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannerProfile {
    /// Who made it and how this was proved.
    pub device: DeviceFacts,
    /// The line.
    pub link: LinkFacts,
    /// How its codes begin and end.
    pub frame: FrameFacts,
    /// The maker's own identifiers.
    #[serde(default)]
    pub code_ids: CodeIds,
    /// What it can be told.
    pub signals: SignalFacts,
    /// How it is recognised.
    pub ids: Ids,
}

/// Who made it and how this was proved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceFacts {
    /// `Honeywell`
    pub vendor: String,
    /// `Xenon, Voyager`
    pub model: String,
    /// How the profile was proved.
    pub proof: Proof,
}

/// The line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkFacts {
    /// Bits per second, as it comes from the box.
    pub baud: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// Parity bit.
    pub parity: Parity,
    /// 1 or 2.
    pub stop_bits: u8,
    /// Flow control.
    pub flow: Flow,
    /// Tried in turn when what arrives makes no sense; may be empty.
    pub speeds: Vec<u32>,
}

/// How codes begin and end. Any terminator ends a code on reading; this is what the device is expected to send.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameFacts {
    /// What it sends after a code.
    pub suffix: Suffix,
    /// Whether it sends AIM identifiers.
    pub aim: AimUse,
    /// Milliseconds of silence after which an unfinished code counts as broken off.
    pub idle_ms: u64,
}

/// What a scanner sends after a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suffix {
    /// Carriage return.
    Cr,
    /// Line feed.
    Lf,
    /// Both.
    CrLf,
    /// Tabulator.
    Tab,
    /// End of text; STX goes in front.
    Etx,
    /// Nothing: silence ends a code, if it can prove that it is whole.
    None,
}

impl Suffix {
    /// The bytes in front of a code and those after it.
    pub const fn bytes(self) -> (&'static [u8], &'static [u8]) {
        match self {
            Self::Cr => (b"", b"\r"),
            Self::Lf => (b"", b"\n"),
            Self::CrLf => (b"", b"\r\n"),
            Self::Tab => (b"", b"\t"),
            Self::Etx => (b"\x02", b"\x03"),
            Self::None => (b"", b""),
        }
    }
}

/// Whether codes come with AIM identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AimUse {
    /// Never: `]` is data.
    Off,
    /// Perhaps.
    Optional,
    /// Always: a code without one has lost its beginning.
    Required,
}

/// The maker's own identifiers: one character in front of each code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeIds {
    /// Character and meaning; empty when they are not switched on.
    pub table: BTreeMap<u8, Symbology>,
}

impl<'de> Deserialize<'de> for CodeIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Value {
            Switch(bool),
            Aim(String),
        }
        let mut table = BTreeMap::new();
        let mut switched_on = true;
        for (key, value) in BTreeMap::<String, Value>::deserialize(deserializer)? {
            match (key.as_bytes(), value) {
                (b"use", Value::Switch(switch)) => switched_on = switch,
                ([id], Value::Aim(aim)) => match Symbology::split(aim.as_bytes()) {
                    Some((symbology, [])) => drop(table.insert(*id, symbology)),
                    _ => return Err(D::Error::custom(format!("`{aim}` is no AIM identifier"))),
                },
                _ => return Err(D::Error::custom(format!("`{key}` is neither `use` nor one character"))),
            }
        }
        if !switched_on {
            table.clear();
        }
        Ok(Self { table })
    }
}

/// What a scanner can be told, as bytes; empty where it cannot.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalFacts {
    /// The item is in the basket.
    #[serde(deserialize_with = "hexadecimal")]
    pub good: Vec<u8>,
    /// It is not.
    #[serde(deserialize_with = "hexadecimal")]
    pub refused: Vec<u8>,
    /// Read again.
    #[serde(deserialize_with = "hexadecimal")]
    pub enable: Vec<u8>,
    /// Read nothing until told.
    #[serde(deserialize_with = "hexadecimal")]
    pub disable: Vec<u8>,
}

impl SignalFacts {
    /// The bytes of a signal.
    pub fn bytes(&self, signal: ScanSignal) -> &[u8] {
        match signal {
            ScanSignal::Good => &self.good,
            ScanSignal::Refused => &self.refused,
        }
    }
}

/// `1B 36 2C` as bytes.
fn hexadecimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let byte = |pair: &str| (pair.len() == 2).then(|| u8::from_str_radix(pair, 16).ok()).flatten();
    text.split_whitespace()
        .map(|pair| byte(pair).ok_or_else(|| D::Error::custom(format!("`{pair}` is no byte in hexadecimal"))))
        .collect()
}

/// How a device is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    /// `vid:pid`, four hexadecimal digits each.
    pub usb: Vec<String>,
}

/// How a scanner that types is told from a person who does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WedgeProfile {
    /// Characters a code has at least.
    pub length_min: usize,
    /// Between any two characters at most.
    pub gap_max_ms: u64,
    /// The median of the gaps at most.
    pub gap_median_max_ms: u64,
    /// From the last character to Enter or Tab at most.
    pub end_max_ms: u64,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScannerProfileError {
    /// No built-in one and no file of that name.
    #[error("there is no scanner profile `{name}`; there are: {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
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

impl ScannerProfile {
    /// The names of the built-in profiles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A profile by name: `FOLDER/scanners/NAME.toml` when there is such a file, else the built-in one.
    ///
    /// # Errors
    /// [`ScannerProfileError`].
    pub fn load(name: &str, folder: Option<&Path>) -> Result<Self, ScannerProfileError> {
        if let Some(text) = find_file(name, folder)? {
            return Self::parse(name, &text);
        }
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::parse(name, text),
            None => {
                let known = Self::names().collect::<Vec<_>>().join(", ");
                Err(ScannerProfileError::Unknown { name: name.to_owned(), known })
            }
        }
    }

    /// Reads a profile's text.
    ///
    /// # Errors
    /// [`ScannerProfileError::Invalid`] naming the line.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScannerProfileError> {
        let profile: Self = parse_toml(name, text)?;
        profile.check().map_err(|reason| ScannerProfileError::Invalid { name: name.to_owned(), reason })?;
        Ok(profile)
    }

    /// The built-in profile of a scanner that names itself on USB.
    pub fn find_by_usb(vendor: u16, product: u16) -> Option<&'static str> {
        let id = format!("{vendor:04x}:{product:04x}");
        BUILT_IN.iter().find_map(|(name, text)| {
            let profile = Self::parse(name, text).ok()?;
            profile.ids.usb.iter().any(|known| known.eq_ignore_ascii_case(&id)).then_some(*name)
        })
    }

    /// How the line is set, at one of the profile's speeds.
    pub const fn line_settings(&self, baud: u32) -> LineSettings {
        let LinkFacts { data_bits, parity, stop_bits, flow, .. } = self.link;
        LineSettings { baud, data_bits, parity, stop_bits, flow }
    }

    fn check(&self) -> Result<(), String> {
        let speeds = [self.link.baud].into_iter().chain(self.link.speeds.iter().copied());
        if let Some(wrong) = speeds.into_iter().find(|baud| !(1200..=921_600).contains(baud)) {
            return Err(format!("link: {wrong} is not a speed from 1200 to 921600"));
        }
        if !matches!(self.link.data_bits, 7 | 8) || !matches!(self.link.stop_bits, 1 | 2) {
            return Err("link.data_bits is 7 or 8, link.stop_bits is 1 or 2".into());
        }
        if !(20..=2000).contains(&self.frame.idle_ms) {
            return Err(format!("frame.idle_ms = {} is not 20 to 2000", self.frame.idle_ms));
        }
        if self.frame.suffix == Suffix::None && self.frame.aim == AimUse::Off {
            return Err("frame: without a suffix and without AIM identifiers no code can prove that it is whole".into());
        }
        let id = |text: &str| {
            let (vendor, product) = text.split_once(':')?;
            let number = |t: &str| t.len() == 4 && t.bytes().all(|b| b.is_ascii_hexdigit());
            (number(vendor) && number(product)).then_some(())
        };
        match self.ids.usb.iter().find(|text| id(text).is_none()) {
            Some(wrong) => Err(format!("ids.usb: `{wrong}` is not vid:pid")),
            None => Ok(()),
        }
    }
}

impl WedgeProfile {
    /// `FOLDER/scanners/wedge.toml` when there is such a file, else the built-in one.
    ///
    /// # Errors
    /// [`ScannerProfileError`].
    pub fn load(folder: Option<&Path>) -> Result<Self, ScannerProfileError> {
        let text = find_file("wedge", folder)?;
        let profile: Self = parse_toml("wedge", text.as_deref().unwrap_or(WEDGE))?;
        if profile.length_min < 2 || profile.gap_max_ms == 0 || profile.end_max_ms < profile.gap_max_ms {
            let reason = "length_min is at least 2, gap_max_ms above 0, end_max_ms not below gap_max_ms".into();
            return Err(ScannerProfileError::Invalid { name: "wedge".into(), reason });
        }
        Ok(profile)
    }
}

/// The text of `FOLDER/scanners/NAME.toml`, when there is one.
fn find_file(name: &str, folder: Option<&Path>) -> Result<Option<String>, ScannerProfileError> {
    // The name comes from a settings file: it must not lead out of the folder.
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let Some(path) = folder.filter(|_| is_plain).map(|f| f.join("scanners").join(format!("{name}.toml"))) else {
        return Ok(None);
    };
    let unreadable = |source| ScannerProfileError::Unreadable { path: path.display().to_string(), source };
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.len() > FILE_BYTES_MAX => {
            Err(ScannerProfileError::Invalid { name: name.into(), reason: "the file is too large".into() })
        }
        Ok(_) => std::fs::read_to_string(&path).map(Some).map_err(unreadable),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(unreadable(source)),
    }
}

fn parse_toml<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, ScannerProfileError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let reason = format!("line {line}: {}", error.message());
        ScannerProfileError::Invalid { name: name.to_owned(), reason }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_right_and_has_its_file() {
        for name in ScannerProfile::names() {
            let profile = ScannerProfile::load(name, None).unwrap();
            assert!(profile.link.speeds.contains(&profile.link.baud), "{name}");
        }
        assert_eq!(WedgeProfile::load(None).unwrap().length_min, 6);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hardware/scanners");
        let files = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(files, BUILT_IN.len() + 1, "every file under hardware/scanners/ is built in");
    }

    #[test]
    fn a_device_is_recognised_by_its_usb_identity() {
        assert_eq!(ScannerProfile::find_by_usb(0x0c2e, 0x0b6a), Some("honeywell"));
        assert_eq!(ScannerProfile::find_by_usb(0x05f9, 0x4204), Some("datalogic"));
        assert_eq!(ScannerProfile::find_by_usb(0x1234, 0x0001), None);
    }

    #[test]
    fn identifiers_of_the_maker_count_only_when_switched_on() {
        let text = BUILT_IN[1].1;
        assert!(ScannerProfile::parse("honeywell", text).unwrap().code_ids.table.is_empty());
        let on = ScannerProfile::parse("honeywell", &text.replace("use = false", "use = true")).unwrap();
        assert_eq!(on.code_ids.table.get(&b'D'), Some(&Symbology { code: b'E', modifier: b'4' }));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let check = |from: &str, to: &str, expected: &str| {
            let text = BUILT_IN[1].1.replace(from, to);
            assert_ne!(text, BUILT_IN[1].1, "{from}");
            let error = ScannerProfile::parse("honeywell", &text).unwrap_err().to_string();
            assert!(error.contains(expected), "{to}: {error}");
        };
        check("baud = 115200", "bald = 115200", "line 9: unknown field `bald`");
        check("suffix = \"cr\"", "suffix = \"crcr\"", "line 17");
        check("baud = 115200", "baud = 15", "15 is not a speed");
        check("idle_ms = 120", "idle_ms = 1", "20 to 2000");
        check("good = \"1B 36 2C\"", "good = \"1B 3\"", "no byte");
        check("D = \"]E4\"", "D = \"E4\"", "no AIM identifier");
        check("0c2e:0720", "c2e:0720", "vid:pid");
        check("suffix = \"cr\"\naim = \"optional\"", "suffix = \"none\"\naim = \"off\"", "prove");
    }

    #[test]
    fn a_file_in_the_folder_comes_first_and_names_cannot_leave_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scanners")).unwrap();
        let text = BUILT_IN[0].1.replace("baud = 9600", "baud = 19200");
        std::fs::write(folder.path().join("scanners/generic.toml"), &text).unwrap();
        std::fs::write(folder.path().join("outside.toml"), &text).unwrap();
        assert_eq!(ScannerProfile::load("generic", Some(folder.path())).unwrap().link.baud, 19200);
        assert_eq!(ScannerProfile::load("honeywell", Some(folder.path())).unwrap().link.baud, 115_200);
        let outside = ScannerProfile::load("../outside", Some(folder.path()));
        assert!(matches!(outside, Err(ScannerProfileError::Unknown { .. })));
    }
}
