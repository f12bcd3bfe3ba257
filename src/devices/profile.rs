//! Profiles: what is known of each model of a kind of device, as data. One TOML file each, built in, and replaceable by a
//! file of the same name in a folder.
//!
//! This is how they are found, read and checked, the same for every kind; what is in them is said beside each device
//! (`printer/profile.rs`, `scanner/profile.rs`). Whatever is not understood, or cannot be right, is refused with its file
//! and line, so that a typing error is never a silent default. A profile says honestly how it was proved.
//!
//! To add a kind: a type with [`Profile`], and its files under `hardware/`.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::port::{PortAddress, list_ports, resolve};
use crate::domain::spelling::list_nearest;

/// The largest profile file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024;
/// How many names are told of those that may have been meant.
const NEAREST_MAX: usize = 3;

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

/// How a device is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ids {
    /// `04b8:0e28`, vendor and product in four hexadecimal digits each, or `04b8:*` for whatever else this maker makes; a
    /// bare USB-serial adapter says nothing about what is behind it.
    #[serde(default)]
    pub usb: Vec<String>,
}

impl Ids {
    /// Is one of them this device?
    pub fn name(&self, vendor: u16, product: u16) -> bool {
        self.usb.iter().any(|known| known.eq_ignore_ascii_case(&format!("{vendor:04x}:{product:04x}")))
    }

    /// Is this device of a maker all of whose products they stand for?
    pub fn name_maker(&self, vendor: u16) -> bool {
        self.usb.iter().any(|known| known.eq_ignore_ascii_case(&format!("{vendor:04x}:*")))
    }

    /// Does each have its form?
    ///
    /// # Errors
    /// The first that has not.
    pub fn check(&self) -> Result<(), Mistake> {
        let number = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let is_right = |text: &&String| text.split_once(':').is_some_and(|(v, p)| number(v) && (p == "*" || number(p)));
        match self.usb.iter().find(|text| !is_right(text)) {
            Some(wrong) => Err(Mistake::at("ids.usb", format!("`{wrong}` is not vid:pid"))),
            None => Ok(()),
        }
    }
}

/// A value that is understood and cannot be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// `section.key`
    pub key: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl Mistake {
    /// About a key.
    pub fn at(key: &'static str, reason: impl Into<String>) -> Self {
        Self { key, reason: reason.into() }
    }
}

/// Built-in profiles: their names and texts.
pub type BuiltIn = &'static [(&'static str, &'static str)];

/// A kind of profile.
pub trait Profile: DeserializeOwned {
    /// `printer`, for people.
    const KIND: &'static str;
    /// `printers`: its folder under `hardware/`.
    const FOLDER: &'static str;
    /// Those built in.
    const BUILT_IN: BuiltIn;
    /// The one for whatever is not recognised.
    const GENERIC: &'static str;
    /// Files of its folder that are of another shape.
    const BESIDE: &'static [&'static str] = &[];

    /// Can all of it be right?
    ///
    /// # Errors
    /// The first value that cannot.
    fn check(&self) -> Result<(), Mistake>;

    /// How it is recognised.
    fn ids(&self) -> &Ids;
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// No built-in one and no file of that name.
    #[error("there is no {kind} profile `{name}`; there are: {known}")]
    Unknown {
        /// Of what.
        kind: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
        /// What may have been meant, nearest first.
        nearest: Vec<String>,
    },
    /// The file cannot be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// Which file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is larger than any profile.
    #[error("{file} is too large for a profile")]
    TooLarge {
        /// Which file.
        file: String,
    },
    /// The file says something that is not understood, or that cannot be right.
    #[error("{file}, line {line}: {reason}")]
    Invalid {
        /// Which file.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// The names of the built-in profiles of a kind.
pub fn names<T: Profile>() -> impl Iterator<Item = &'static str> {
    T::BUILT_IN.iter().map(|(name, _)| *name)
}

/// A profile by name: `FOLDER/printers/NAME.toml` when there is such a file, else the built-in one.
///
/// # Errors
/// [`ProfileError`].
pub fn load<T: Profile>(name: &str, folder: Option<&Path>) -> Result<T, ProfileError> {
    if let Some((file, text)) = find_file(T::FOLDER, name, folder)? {
        return parse(&file, &text);
    }
    match T::BUILT_IN.iter().find(|(known, _)| *known == name) {
        Some((name, text)) => parse(&built_in_file(T::FOLDER, name), text),
        None => {
            let known = list_names::<T>(folder);
            let nearest = list_nearest(name, known.iter().map(String::as_str), NEAREST_MAX);
            Err(ProfileError::Unknown { kind: T::KIND, name: name.to_owned(), known: known.join(", "), nearest })
        }
    }
}

/// The names there are of a kind: those built in, then those of files in the folder, by name.
pub fn list_names<T: Profile>(folder: Option<&Path>) -> Vec<String> {
    let mut found: Vec<String> = names::<T>().map(str::to_owned).collect();
    let files =
        folder.and_then(|folder| std::fs::read_dir(folder.join(T::FOLDER)).ok()).into_iter().flatten().flatten();
    let mut own: Vec<String> = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|name| !found.contains(name) && !T::BESIDE.contains(&name.as_str()))
        .collect();
    own.sort_unstable();
    found.append(&mut own);
    found
}

/// The name of the profile for what is plugged in at an address: the one that was named, else the one it is recognised by, else
/// the generic one.
pub fn name_for<T: Profile>(named: Option<&str>, address: &PortAddress, folder: Option<&Path>) -> String {
    let recognised = || {
        if let PortAddress::Usb { vendor, product, .. } = address {
            return find_by_usb::<T>(*vendor, *product, folder);
        }
        // Links by path or by id lead to the node that is listed.
        let node = resolve(address)?.canonicalize().ok()?;
        let usb = list_ports().into_iter().find(|port| port.path == node)?.usb?;
        find_by_usb::<T>(usb.vendor, usb.product, folder)
    };
    named.map(str::to_owned).or_else(recognised).unwrap_or_else(|| T::GENERIC.to_owned())
}

/// The profile of a device that names itself on USB: the one that names just this device, else its maker's.
pub fn find_by_usb<T: Profile>(vendor: u16, product: u16, folder: Option<&Path>) -> Option<String> {
    let known: Vec<(String, T)> = list_names::<T>(folder)
        .into_iter()
        .filter_map(|name| load(&name, folder).ok().map(|profile| (name, profile)))
        .collect();
    let of = |is_it: &dyn Fn(&Ids) -> bool| known.iter().find(|(_, profile)| is_it(profile.ids()));
    let found = of(&|ids| ids.name(vendor, product)).or_else(|| of(&|ids| ids.name_maker(vendor)));
    found.map(|(name, _)| name.clone())
}

/// Reads a profile's text; `file` is where it stands, for people.
///
/// # Errors
/// [`ProfileError::Invalid`].
pub fn parse<T: Profile>(file: &str, text: &str) -> Result<T, ProfileError> {
    let profile: T = parse_toml(file, text)?;
    profile.check().map_err(|mistake| located(file, text, mistake))?;
    Ok(profile)
}

/// Reads TOML of any shape, as [`parse`] does.
///
/// # Errors
/// [`ProfileError::Invalid`].
pub fn parse_toml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ProfileError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        ProfileError::Invalid { file: file.to_owned(), line, reason: error.message().to_owned() }
    })
}

/// A mistake with the file and line it is in.
pub fn located(file: &str, text: &str, Mistake { key, reason }: Mistake) -> ProfileError {
    ProfileError::Invalid { file: file.to_owned(), line: line_of(text, key), reason: format!("{key}: {reason}") }
}

/// The line a `section.key` of a settings or profile file stands on; the section's when the key is not there, the first when neither is.
pub fn line_of(text: &str, key: &str) -> usize {
    let (section, key) = key.split_once('.').unwrap_or(("", key));
    let header = format!("[{section}]");
    let begins = if section.is_empty() { Some(0) } else { text.lines().position(|line| line.trim() == header) };
    let Some(begins) = begins else { return 1 };
    let is_key = |line: &str| line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
    let inside = text.lines().enumerate().skip(begins + usize::from(!section.is_empty()));
    let mut inside = inside.take_while(|(_, line)| !line.trim_start().starts_with('['));
    inside.find(|(_, line)| is_key(line)).map_or(begins, |(index, _)| index) + 1
}

/// Where a built-in profile stands in the project.
pub fn built_in_file(folder: &str, name: &str) -> String {
    format!("hardware/{folder}/{name}.toml")
}

/// A file of a folder that stands in for a built-in one: its path and its text.
///
/// # Errors
/// [`ProfileError::Unreadable`] and [`ProfileError::TooLarge`].
pub fn find_file(kind: &str, name: &str, folder: Option<&Path>) -> Result<Option<(String, String)>, ProfileError> {
    // The name comes from a settings file: it must not lead out of the folder.
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let Some(path) = folder.filter(|_| is_plain).map(|f| f.join(kind).join(format!("{name}.toml"))) else {
        return Ok(None);
    };
    let file = path.display().to_string();
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.len() > FILE_BYTES_MAX => Err(ProfileError::TooLarge { file }),
        Ok(_) => match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some((file, text))),
            Err(source) => Err(ProfileError::Unreadable { file, source }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ProfileError::Unreadable { file, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::printer::PrinterProfile;
    use crate::devices::scanner::ScannerProfile;

    fn every_file_is_built_in_and_right<T: Profile>() {
        for name in names::<T>() {
            load::<T>(name, None).unwrap_or_else(|error| panic!("{error}"));
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hardware").join(T::FOLDER);
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<String> =
            files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        let mut known: Vec<&str> = names::<T>().chain(T::BESIDE.iter().copied()).collect();
        files.sort();
        known.sort_unstable();
        assert_eq!(files, known, "hardware/{}", T::FOLDER);
    }

    #[test]
    fn every_file_of_every_kind_is_built_in_and_right() {
        every_file_is_built_in_and_right::<PrinterProfile>();
        every_file_is_built_in_and_right::<ScannerProfile>();
    }

    /// A file of one's own with a mistake in it: the error names it, its line, and what is wrong.
    fn check<T: Profile>(change: (&str, &str), line_begins: &str, expected: &str) {
        let (name, text) = T::BUILT_IN[0];
        let wrong = text.replacen(change.0, change.1, 1);
        assert_ne!(wrong, text, "{change:?} changes nothing");
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(T::FOLDER)).unwrap();
        let file = folder.path().join(T::FOLDER).join(format!("{name}.toml"));
        std::fs::write(&file, &wrong).unwrap();
        let error = load::<T>(name, Some(folder.path())).err().expect(expected).to_string();
        let line = wrong.lines().position(|line| line.starts_with(line_begins)).unwrap() + 1;
        let begins = format!("{}, line {line}: ", file.display());
        assert!(error.starts_with(&begins), "{error} does not begin with {begins}");
        assert!(error.contains(expected), "{error} lacks {expected}");
    }

    #[test]
    fn a_mistake_is_named_with_file_and_line() {
        let printer = check::<PrinterProfile>;
        printer(("baud =", "boud ="), "boud", "unknown field `boud`");
        printer(("flow = \"none\"", "flow = \"some\""), "flow", "unknown variant `some`");
        printer(("columns = 48", "columns = 60"), "columns", "paper.columns: 60 columns do not fit in 576 dots");
        printer(("[19, \"cp858\"]", "[17, \"cp858\"]"), "pages", "text.pages: 17 or Cp866 is there twice");
        printer(("buffer_bytes = 1024", "buffer_bytes = 10"), "buffer_bytes", "link.buffer_bytes: 10 is not 256 to");
        printer(("off_ms = 500", "off_ms = 5000"), "off_ms", "drawer.off_ms: 5000 is not 2 to 510");
        printer(("[raster]", "[roster]"), "[roster]", "unknown field `roster`");
        let scanner = check::<ScannerProfile>;
        scanner(("baud = 9600", "bald = 9600"), "bald", "unknown field `bald`");
        scanner(("baud = 9600", "baud = 15"), "baud", "link.baud: 15 is not 1200 to 921600");
        scanner(("idle_ms = 120", "idle_ms = 1"), "idle_ms", "frame.idle_ms: 1 is not 20 to 2000");
        scanner(("suffix = \"cr\"", "suffix = \"crcr\""), "suffix", "unknown variant `crcr`");
    }

    #[test]
    fn a_file_in_the_folder_comes_first_and_names_cannot_leave_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("printers")).unwrap();
        let text = PrinterProfile::BUILT_IN[0].1.replace("baud = 9600", "baud = 19200");
        std::fs::write(folder.path().join("printers/generic-80.toml"), &text).unwrap();
        std::fs::write(folder.path().join("outside.toml"), &text).unwrap();
        let baud = |name, folder| load::<PrinterProfile>(name, folder).map(|profile| profile.link.baud);
        assert_eq!(baud("generic-80", None).unwrap(), 9600);
        assert_eq!(baud("generic-80", Some(folder.path())).unwrap(), 19200);
        assert_eq!(baud("epson-tm-t20iii", Some(folder.path())).unwrap(), 38400);
        assert!(matches!(baud("../outside", Some(folder.path())), Err(ProfileError::Unknown { .. })));
        let error = baud("nonsense", None).unwrap_err().to_string();
        assert!(error.contains("no printer profile `nonsense`") && error.contains("generic-58"), "{error}");
        std::fs::write(folder.path().join("printers/huge.toml"), "#".repeat(70_000)).unwrap();
        assert!(matches!(baud("huge", Some(folder.path())), Err(ProfileError::TooLarge { .. })));
    }

    #[test]
    fn a_device_is_recognised_by_its_usb_identity() {
        let printer = |vendor, product| find_by_usb::<PrinterProfile>(vendor, product, None);
        let scanner = |vendor, product| find_by_usb::<ScannerProfile>(vendor, product, None);
        assert_eq!(printer(0x04b8, 0x0e28).as_deref(), Some("epson-tm-t20iii"));
        assert_eq!(printer(0x1504, 0x0099).as_deref(), Some("bixolon-srp350"), "whatever this maker makes");
        assert_eq!(printer(0x04b8, 0x9999), None, "this maker makes other things too");
        assert_eq!(printer(0x0403, 0x6001), None, "an adapter is no printer");
        assert_eq!(scanner(0x0c2e, 0x0b6a).as_deref(), Some("honeywell"));
        assert_eq!(scanner(0x05f9, 0x4204).as_deref(), Some("datalogic"));
        assert_eq!(scanner(0x1eab, 0x0c06).as_deref(), Some("newland"));
        assert_eq!(scanner(0x1234, 0x0001), None);
    }

    /// The rules for the system's ports know every maker whose devices are recognised, by the kind of device.
    #[test]
    fn the_system_keeps_the_port_of_whatever_is_recognised() {
        fn makers<T: Profile>() -> Vec<String> {
            let ids = T::BUILT_IN.iter().flat_map(|(name, _)| load::<T>(name, None).unwrap().ids().usb.clone());
            ids.map(|id| id.split(':').next().unwrap().to_lowercase()).collect()
        }
        let rules = include_str!("../../hardware/udev/60-till.rules");
        for (kind, makers) in [("printer", makers::<PrinterProfile>()), ("scanner", makers::<ScannerProfile>())] {
            assert!(makers.len() > 3);
            for maker in makers {
                let of_maker = format!("ATTRS{{idVendor}}==\"{maker}\"");
                let rule = rules.lines().find(|line| line.starts_with(&of_maker));
                let rule = rule.unwrap_or_else(|| panic!("no rule for the {kind}s of {maker}"));
                for part in
                    ["ENV{ID_MM_DEVICE_IGNORE}=\"1\"", "GROUP=\"dialout\"", &format!("till/{kind}-%s{{serial}}")]
                {
                    assert!(rule.contains(part), "{rule} lacks {part}");
                }
            }
        }
    }

    #[test]
    fn a_device_that_is_recognised_needs_no_profile_named() {
        let check = |named, port: &str, expected: &str| {
            let found = name_for::<ScannerProfile>(named, &port.parse().unwrap(), None);
            assert_eq!(found, expected, "{named:?} at {port}");
        };
        check(Some("honeywell"), "/dev/ttyACM0", "honeywell");
        check(None, "/dev/no-such-port", "generic");
        check(None, "usb:05f9:4204", "datalogic");
        check(Some("zebra-standard"), "usb:05f9:4204:X1", "zebra-standard");
        let printer = name_for::<PrinterProfile>(None, &"usb:04b8:0e28".parse().unwrap(), None);
        assert_eq!(printer, "epson-tm-t20iii");
    }

    #[test]
    fn a_model_of_ones_own_is_offered_and_recognised_and_comes_before_its_makers() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scanners")).unwrap();
        let (_, generic) = ScannerProfile::BUILT_IN.iter().find(|(name, _)| *name == "generic").unwrap();
        let own = generic.replace("usb = []", "usb = [\"1eab:0c06\"]");
        assert_ne!(own, *generic);
        for (file, text) in [("market-stall.toml", own.as_str()), ("wedge.toml", "x"), ("notes.txt", "x")] {
            std::fs::write(folder.path().join("scanners").join(file), text).unwrap();
        }
        let names = list_names::<ScannerProfile>(Some(folder.path()));
        assert_eq!(names.last().map(String::as_str), Some("market-stall"));
        assert_eq!(names.len(), ScannerProfile::BUILT_IN.len() + 1, "{names:?}");
        let found = |product| find_by_usb::<ScannerProfile>(0x1eab, product, Some(folder.path()));
        assert_eq!(found(0x0c06).as_deref(), Some("market-stall"));
        assert_eq!(found(0x0d06).as_deref(), Some("newland"));
    }
}
