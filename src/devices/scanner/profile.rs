//! What is known of each make of scanner: its line, how its codes begin and end, what it can be told; and how a scanner
//! that types is told from a person.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::devices::port::{Flow, LineSettings, Parity};
use crate::devices::profile::{self, BuiltIn, Ids, Mistake, Profile, ProfileError, Proof};
use crate::domain::device::ScanSignal;
use crate::domain::scan::Symbology;

/// The built-in profiles by name. To add one: a file under `hardware/scanners/` and a line here.
const BUILT_IN: BuiltIn = &[
    ("generic", include_str!("../../../hardware/scanners/generic.toml")),
    ("honeywell", include_str!("../../../hardware/scanners/honeywell.toml")),
    ("zebra-standard", include_str!("../../../hardware/scanners/zebra-standard.toml")),
    ("datalogic", include_str!("../../../hardware/scanners/datalogic.toml")),
    ("newland", include_str!("../../../hardware/scanners/newland.toml")),
];

const WEDGE: &str = include_str!("../../../hardware/scanners/wedge.toml");

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

impl ScannerProfile {
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

    /// Reads a profile's text; `file` is where it stands, for people.
    ///
    /// # Errors
    /// [`ProfileError::Invalid`].
    pub fn parse(file: &str, text: &str) -> Result<Self, ProfileError> {
        profile::parse(file, text)
    }

    /// The profile of a scanner that names itself on USB: see [`profile::find_by_usb`].
    pub fn find_by_usb(vendor: u16, product: u16, folder: Option<&Path>) -> Option<String> {
        profile::find_by_usb::<Self>(vendor, product, folder)
    }

    /// How the line is set, at one of the profile's speeds.
    pub const fn line_settings(&self, baud: u32) -> LineSettings {
        let LinkFacts { data_bits, parity, stop_bits, flow, .. } = self.link;
        LineSettings { baud, data_bits, parity, stop_bits, flow }
    }
}

impl Profile for ScannerProfile {
    const KIND: &'static str = "scanner";
    const FOLDER: &'static str = "scanners";
    const BUILT_IN: BuiltIn = BUILT_IN;
    const GENERIC: &'static str = "generic";
    // One that types like a keyboard has no line.
    const BESIDE: &'static [&'static str] = &["wedge"];

    fn check(&self) -> Result<(), Mistake> {
        let (link, frame) = (&self.link, &self.frame);
        let is_speed = |baud: &u32| (1200..=921_600).contains(baud);
        if !is_speed(&link.baud) {
            return Err(Mistake::at("link.baud", format!("{} is not 1200 to 921600", link.baud)));
        }
        if let Some(wrong) = link.speeds.iter().find(|baud| !is_speed(baud)) {
            return Err(Mistake::at("link.speeds", format!("{wrong} is not 1200 to 921600")));
        }
        if !matches!(link.data_bits, 7 | 8) {
            return Err(Mistake::at("link.data_bits", format!("{} is not 7 or 8", link.data_bits)));
        }
        if !matches!(link.stop_bits, 1 | 2) {
            return Err(Mistake::at("link.stop_bits", format!("{} is not 1 or 2", link.stop_bits)));
        }
        if !(20..=2000).contains(&frame.idle_ms) {
            return Err(Mistake::at("frame.idle_ms", format!("{} is not 20 to 2000", frame.idle_ms)));
        }
        if frame.suffix == Suffix::None && frame.aim == AimUse::Off {
            let reason = "without a suffix and without AIM identifiers no code can prove that it is whole";
            return Err(Mistake::at("frame.suffix", reason));
        }
        self.ids.check()
    }

    fn ids(&self) -> &Ids {
        &self.ids
    }
}

impl WedgeProfile {
    /// `FOLDER/scanners/wedge.toml` when there is such a file, else the built-in one.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn load(folder: Option<&Path>) -> Result<Self, ProfileError> {
        const NAME: &str = "wedge";
        let found = profile::find_file(ScannerProfile::FOLDER, NAME, folder)?;
        let (file, text) = match &found {
            Some((file, text)) => (file.clone(), text.as_str()),
            None => (profile::built_in_file(ScannerProfile::FOLDER, NAME), WEDGE),
        };
        let wedge: Self = profile::parse_toml(&file, text)?;
        let mistake = if wedge.length_min < 2 {
            Mistake::at("length_min", "it is at least 2")
        } else if wedge.gap_max_ms == 0 {
            Mistake::at("gap_max_ms", "it is above 0")
        } else if wedge.end_max_ms < wedge.gap_max_ms {
            Mistake::at("end_max_ms", "it is not below gap_max_ms")
        } else {
            return Ok(wedge);
        };
        Err(profile::located(&file, text, mistake))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_tries_its_own_speed_too() {
        for name in ScannerProfile::names() {
            let profile = ScannerProfile::load(name, None).unwrap();
            assert!(profile.link.speeds.contains(&profile.link.baud), "{name}");
        }
    }

    #[test]
    fn identifiers_of_the_maker_count_only_when_switched_on() {
        let text = BUILT_IN[1].1;
        assert!(ScannerProfile::parse("honeywell", text).unwrap().code_ids.table.is_empty());
        let on = ScannerProfile::parse("honeywell", &text.replace("use = false", "use = true")).unwrap();
        assert_eq!(on.code_ids.table.get(&b'D'), Some(&Symbology { code: b'E', modifier: b'4' }));
    }

    #[test]
    fn what_only_scanners_can_get_wrong_is_named_too() {
        let check = |from: &str, to: &str, expected: &str| {
            let text = BUILT_IN[1].1.replace(from, to);
            assert_ne!(text, BUILT_IN[1].1, "{from}");
            let error = ScannerProfile::parse("honeywell", &text).unwrap_err().to_string();
            assert!(error.contains(expected), "{to}: {error}");
        };
        check("good = \"1B 36 2C\"", "good = \"1B 3\"", "no byte");
        check("D = \"]E4\"", "D = \"E4\"", "no AIM identifier");
        check("0c2e:0720", "c2e:0720", "`c2e:0720` is not vid:pid");
        check("suffix = \"cr\"\naim = \"optional\"", "suffix = \"none\"\naim = \"off\"", "line 17: frame.suffix");
    }

    #[test]
    fn the_wedge_has_its_own_file() {
        assert_eq!(WedgeProfile::load(None).unwrap().length_min, 6);
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scanners")).unwrap();
        let file = folder.path().join("scanners/wedge.toml");
        std::fs::write(&file, WEDGE.replace("length_min = 6", "length_min = 1")).unwrap();
        let error = WedgeProfile::load(Some(folder.path())).unwrap_err().to_string();
        let line = WEDGE.lines().position(|line| line.starts_with("length_min")).unwrap() + 1;
        assert_eq!(error, format!("{}, line {line}: length_min: it is at least 2", file.display()));
    }
}
