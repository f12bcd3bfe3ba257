//! `till.toml`: what the person who installs a till decides. Everything has a default; an unknown key is an error that
//! names its line.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::devices::profile;
use crate::register::SCANNER;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How it looks.
    pub till: TillSection,
    /// Where central is.
    pub central: CentralSection,
    /// The barcode scanner.
    pub scanner: Option<DeviceSection>,
    /// The receipt printer.
    pub printer: Option<DeviceSection>,
    /// The cash drawer.
    pub drawer: DrawerSection,
}

/// How the till looks and speaks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TillSection {
    /// `day`, `night` or `high-contrast`.
    pub theme: Theme,
    /// Language and country: `en-GB`, `de-DE`, `fr-FR`, `nl-NL`.
    pub locale: String,
    /// `normal` or `large`.
    pub text: TextSize,
    /// Whether the till sounds for a good scan, a refused one, and what must be decided.
    pub tones: bool,
}

impl Default for TillSection {
    fn default() -> Self {
        Self { theme: Theme::default(), locale: "en-GB".to_owned(), text: TextSize::default(), tones: true }
    }
}

/// The three themes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Light.
    #[default]
    Day,
    /// Dark.
    Night,
    /// As much contrast as there is.
    HighContrast,
}

impl Theme {
    /// The word in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Night => "night",
            Self::HighContrast => "high-contrast",
        }
    }
}

/// How large text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextSize {
    /// As designed.
    #[default]
    Normal,
    /// Larger, for those who want it.
    Large,
}

impl TextSize {
    /// The word in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
        }
    }
}

/// Where central is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CentralSection {
    /// `https://central.example:50051`, when central moved since the till was joined to it.
    pub url: Option<String>,
}

/// A device on a port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceSection {
    /// A path, a by-path, or `usb:VID:PID[:SERIAL]`.
    pub port: String,
    /// A profile under `hardware/`; when not said, the one the device is recognised by, else the generic one.
    #[serde(default)]
    pub profile: Option<String>,
}

/// The cash drawer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DrawerSection {
    /// How it is opened.
    pub via: DrawerVia,
    /// Which pin of the printer's socket: 2 for the first drawer, 5 for the second.
    pub pin: u8,
}

impl Default for DrawerSection {
    fn default() -> Self {
        Self { via: DrawerVia::Printer, pin: 2 }
    }
}

/// How the drawer is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DrawerVia {
    /// By the printer it is plugged into.
    #[default]
    Printer,
    /// There is none.
    None,
}

/// Why a configuration was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is wrong.
    #[error("{path}, line {line}: {message}")]
    Line {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

impl Config {
    /// Reads the file; a missing one is the defaults.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ConfigError::Unreadable { path: path.to_owned(), source }),
        }
    }

    /// Reads the text of the file at `path`.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
            ConfigError::Line { path: path.to_owned(), line, message: error.message().to_owned() }
        })?;
        if !matches!(config.drawer.pin, 2 | 5) {
            let line = line_of(text, "pin");
            let message = "pin must be 2 (first drawer) or 5 (second drawer)".to_owned();
            return Err(ConfigError::Line { path: path.to_owned(), line, message });
        }
        Ok(config)
    }
}

/// The line a key stands on; 1 when it is not found (an inline table, a dotted key).
fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(key)).map_or(1, |index| index + 1)
}

/// Where it is written how a device is set up: the option that was given for it, or a line of the file.
pub fn place_of(section: &DeviceSection, device: &str, file: Option<&Path>) -> String {
    let in_file = file.and_then(|path| {
        let text = std::fs::read_to_string(path).ok()?;
        let config = Config::parse(&text, path).ok()?;
        let written = if device == SCANNER { config.scanner } else { config.printer };
        let key = if section.profile.is_some() { "profile" } else { "port" };
        let line = profile::line_of(&text, &format!("{device}.{key}"));
        (written.as_ref() == Some(section)).then(|| format!("{}, line {line}", path.display()))
    });
    in_file.unwrap_or_else(|| format!("--{device}"))
}

/// Writes a device's port and profile into the file, keeping comments and order.
pub fn write_device(path: &Path, device: &str, section: &DeviceSection) -> Result<(), ConfigError> {
    let mut values = vec![("port", section.port.as_str().into())];
    values.extend(section.profile.as_deref().map(|profile| ("profile", profile.into())));
    write_values(path, device, &values)
}

/// Writes how the till looks and speaks into the file, keeping comments and order; the tones when they were chosen.
pub fn write_look(path: &Path, theme: &str, text: &str, locale: &str, tones: Option<bool>) -> Result<(), ConfigError> {
    let mut values = vec![("theme", theme.into()), ("text", text.into()), ("locale", locale.into())];
    values.extend(tones.map(|tones| ("tones", tones.into())));
    write_values(path, "till", &values)
}

fn write_values(path: &Path, section: &str, values: &[(&str, toml_edit::Value)]) -> Result<(), ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(error)),
    };
    let mut document: toml_edit::DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(start).filter(|b| *b == b'\n').count() + 1;
        ConfigError::Line { path: path.to_owned(), line, message: error.message().to_owned() }
    })?;
    let table = document.entry(section).or_insert(toml_edit::Item::Table(toml_edit::Table::new()));
    for (key, value) in values {
        table[*key] = toml_edit::value(value.clone());
    }
    // Written whole beside the old file and moved over it: a power cut leaves one or the other, never half.
    let new = path.with_extension("toml.new");
    std::fs::write(&new, document.to_string()).and_then(|()| std::fs::rename(&new, path)).map_err(unreadable)
}

/// `PORT[,PROFILE]` as given on the command line.
pub fn parse_device(text: &str) -> Result<DeviceSection, String> {
    let (port, profile) = match text.split_once(',') {
        Some((port, profile)) => (port.trim(), Some(profile.trim().to_owned())),
        None => (text.trim(), None),
    };
    if port.is_empty() || profile.as_deref() == Some("") {
        return Err("expected PORT or PORT,PROFILE, for example /dev/ttyACM0,honeywell".to_owned());
    }
    Ok(DeviceSection { port: port.to_owned(), profile })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<Config, (usize, &str)>) {
        let got = Config::parse(text, Path::new("till.toml"));
        match (got, expected) {
            (Ok(got), Ok(expected)) => assert_eq!(got, expected, "{text}"),
            (Err(ConfigError::Line { line, message, .. }), Err((expected_line, part))) => {
                assert_eq!(line, expected_line, "{message}");
                assert!(message.contains(part), "{message} lacks {part}");
            }
            (got, expected) => panic!("{text}\n{got:?}\nexpected {expected:?}"),
        }
    }

    #[test]
    fn every_key_has_a_default_and_a_wrong_one_names_its_line() {
        check("", Ok(Config::default()));
        check(
            "[scanner]\nport = \"/dev/ttyACM0\"\nprofile = \"honeywell\"\n",
            Ok(Config {
                scanner: Some(DeviceSection { port: "/dev/ttyACM0".into(), profile: Some("honeywell".into()) }),
                ..Config::default()
            }),
        );
        check("[till]\ntheme = \"day\"\ncolour = 1\n", Err((3, "unknown field `colour`")));
        check("[till]\n\ntheme = \"dusk\"\n", Err((3, "unknown variant `dusk`")));
        check("[scaner]\nport = 1\n", Err((1, "unknown field `scaner`")));
        check("[drawer]\nvia = \"printer\"\npin = 3\n", Err((3, "pin must be 2")));
        check("[till\n", Err((1, "")));
    }

    #[test]
    fn a_device_is_written_back_with_comments_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("till.toml");
        std::fs::write(&path, "# Till at the door\n[till]\ntheme = \"night\" # Ana likes it\n").expect("written");
        let section = DeviceSection { port: "/dev/ttyUSB0".into(), profile: Some("epson-tm-t20iii".into()) };
        write_device(&path, "printer", &section).expect("kept");
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(text.contains("# Till at the door") && text.contains("# Ana likes it"), "{text}");
        let config = Config::read(&path).expect("read again");
        assert_eq!(config.printer, Some(section));
        assert_eq!(config.till.theme, Theme::Night);
    }

    #[test]
    fn the_tones_are_on_until_somebody_switches_them_off() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("till.toml");
        write_look(&path, "night", "normal", "nl", None).expect("kept");
        assert!(Config::read(&path).expect("read").till.tones);
        write_look(&path, "night", "normal", "nl", Some(false)).expect("kept");
        let till = Config::read(&path).expect("read again").till;
        assert_eq!((till.tones, till.theme, &*till.locale), (false, Theme::Night, "nl"));
        check("[till]\ntones = \"loud\"\n", Err((2, "expected a boolean")));
    }

    #[test]
    fn a_port_may_bring_its_profile() {
        let with = |port: &str, profile: Option<&str>| {
            Ok(DeviceSection { port: port.into(), profile: profile.map(Into::into) })
        };
        assert_eq!(parse_device("/dev/ttyACM0,honeywell"), with("/dev/ttyACM0", Some("honeywell")));
        assert_eq!(parse_device("usb:0c2e:0720"), with("usb:0c2e:0720", None));
        assert!(parse_device(",honeywell").is_err() && parse_device("/dev/x,").is_err());
    }
}
