//! The name of a port in settings and on the command line.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a device is plugged in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PortAddress {
    /// `/dev/ttyUSB0`, a link under `/dev/serial/by-path`, a link of our udev rules.
    Path(PathBuf),
    /// `usb:04b8:0e28` or `usb:04b8:0e28:X5A1`: wherever the system has put it today.
    Usb {
        /// Who made it.
        vendor: u16,
        /// What it is.
        product: u16,
        /// Which one, when two of a kind are plugged in.
        serial: Option<String>,
    },
}

/// A name that is no port.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no port: write /dev/… or usb:VID:PID[:SERIAL] with four hex digits each")]
pub struct AddressError(pub String);

impl FromStr for PortAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError(text.to_owned());
        let Some(usb) = text.strip_prefix("usb:") else {
            return if text.starts_with('/') { Ok(Self::Path(PathBuf::from(text))) } else { Err(wrong()) };
        };
        let mut parts = usb.splitn(3, ':');
        let mut number = || {
            let digits = parts.next().filter(|d| d.len() == 4 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            u16::from_str_radix(digits, 16).ok()
        };
        let (vendor, product) = (number().ok_or_else(wrong)?, number().ok_or_else(wrong)?);
        let serial = parts.next().map(str::to_owned);
        if serial.as_deref() == Some("") {
            return Err(wrong());
        }
        Ok(Self::Usb { vendor, product, serial })
    }
}

impl fmt::Display for PortAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Usb { vendor, product, serial: None } => write!(f, "usb:{vendor:04x}:{product:04x}"),
            Self::Usb { vendor, product, serial: Some(serial) } => {
                write!(f, "usb:{vendor:04x}:{product:04x}:{serial}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<PortAddress>) {
        let parsed = text.parse::<PortAddress>();
        assert_eq!(parsed.as_ref().ok(), expected.as_ref(), "{text}");
        if let Ok(address) = parsed {
            assert_eq!(address.to_string(), text.to_ascii_lowercase().replace("x5a1", "X5A1"));
        }
    }

    #[test]
    fn names_of_ports() {
        let usb = |serial: Option<&str>| PortAddress::Usb {
            vendor: 0x04b8,
            product: 0x0e28,
            serial: serial.map(str::to_owned),
        };
        check("/dev/serial/by-path/pci-1", Some(PortAddress::Path("/dev/serial/by-path/pci-1".into())));
        check("usb:04b8:0e28", Some(usb(None)));
        check("usb:04B8:0E28", Some(usb(None)));
        check("usb:04b8:0e28:X5A1", Some(usb(Some("X5A1"))));
        check("usb:4b8:0e28", None);
        check("usb:04b8", None);
        check("usb:04b8:0e28:", None);
        check("usb:04b8:+e28", None);
        check("ttyUSB0", None);
        check("", None);
    }
}
