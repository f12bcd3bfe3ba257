//! Finds what is plugged in by reading sysfs: no library, no daemon.

use std::fs;
use std::path::{Path, PathBuf};

use super::PortAddress;

/// How a USB device names itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbId {
    /// Who made it.
    pub vendor: u16,
    /// What it is.
    pub product: u16,
    /// Which one.
    pub serial: Option<String>,
    /// In its own words: `EPSON TM-T20III`.
    pub name: Option<String>,
}

/// A serial port of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortInfo {
    /// Its node: `/dev/ttyUSB0`.
    pub path: PathBuf,
    /// What is behind it, when that is USB.
    pub usb: Option<UsbId>,
    /// The kernel's driver: `ftdi_sio`, `cdc_acm`, `serial8250`.
    pub driver: Option<String>,
}

impl PortInfo {
    /// The name to write into settings: by USB identity where there is one, since nodes are renumbered at will.
    pub fn address(&self) -> PortAddress {
        match &self.usb {
            Some(usb) => PortAddress::Usb { vendor: usb.vendor, product: usb.product, serial: usb.serial.clone() },
            None => PortAddress::Path(self.path.clone()),
        }
    }
}

/// The serial ports with something behind them, by path.
pub fn list_ports() -> Vec<PortInfo> {
    list_ports_in(Path::new("/sys/class/tty"), Path::new("/dev"))
}

/// The node an address stands for right now.
pub fn resolve(address: &PortAddress) -> Option<PathBuf> {
    match address {
        PortAddress::Path(path) => path.exists().then(|| path.clone()),
        PortAddress::Usb { .. } => find_usb(address, list_ports()),
    }
}

fn find_usb(address: &PortAddress, ports: Vec<PortInfo>) -> Option<PathBuf> {
    let PortAddress::Usb { vendor, product, serial } = address else { return None };
    ports.into_iter().find_map(|port| {
        let usb = port.usb?;
        let same = usb.vendor == *vendor && usb.product == *product;
        (same && (serial.is_none() || usb.serial == *serial)).then_some(port.path)
    })
}

fn list_ports_in(class: &Path, nodes: &Path) -> Vec<PortInfo> {
    let Ok(entries) = fs::read_dir(class) else { return Vec::new() };
    let mut ports: Vec<PortInfo> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            // Consoles and pseudo-terminals have no device behind them.
            let device = entry.path().join("device").canonicalize().ok()?;
            let driver = driver_of(&device);
            if driver.as_deref() == Some("serial8250") && !has_hardware(&entry.path()) {
                return None;
            }
            Some(PortInfo { path: nodes.join(entry.file_name()), usb: find_usb_id(&device), driver })
        })
        .collect();
    ports.sort_by(|a, b| a.path.cmp(&b.path));
    ports
}

fn driver_of(device: &Path) -> Option<String> {
    let driver = device.join("driver").canonicalize().ok()?;
    Some(driver.file_name()?.to_string_lossy().into_owned())
}

/// The kernel lists four or more 8250 ports whether they exist or not; type 0 is `PORT_UNKNOWN` (linux/serial_core.h).
fn has_hardware(tty: &Path) -> bool {
    read_trimmed(&tty.join("type")).is_none_or(|kind| kind != "0")
}

/// The nearest ancestor that is a USB device (an interface has no `idVendor` of its own).
fn find_usb_id(device: &Path) -> Option<UsbId> {
    let usb = device.ancestors().find(|folder| folder.join("idVendor").is_file())?;
    let number = |name: &str| u16::from_str_radix(&read_trimmed(&usb.join(name))?, 16).ok();
    let words: Vec<String> =
        ["manufacturer", "product"].iter().filter_map(|name| read_trimmed(&usb.join(name))).collect();
    Some(UsbId {
        vendor: number("idVendor")?,
        product: number("idProduct")?,
        serial: read_trimmed(&usb.join("serial")),
        name: (!words.is_empty()).then(|| words.join(" ")),
    })
}

fn read_trimmed(path: &Path) -> Option<String> {
    // What a device says of itself reaches a screen: no control characters.
    let text: String = fs::read_to_string(path).ok()?.trim().chars().filter(|c| !c.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A made-up `/sys` with a USB printer, two built-in ports (one of them not fitted) and a console.
    fn sysfs() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        let usb = at("devices/pci/usb1/1-2");
        fs::create_dir_all(usb.join("1-2:1.0/ttyUSB3")).unwrap();
        fs::create_dir_all(at("drivers/ftdi_sio")).unwrap();
        fs::create_dir_all(at("drivers/serial8250")).unwrap();
        for (name, text) in
            [("idVendor", "04b8\n"), ("idProduct", "0e28\n"), ("serial", "X5A1\n"), ("product", "TM-T20III\n")]
        {
            fs::write(usb.join(name), text).unwrap();
        }
        symlink(at("drivers/ftdi_sio"), usb.join("1-2:1.0/ttyUSB3/driver")).unwrap();
        for (name, kind) in [("ttyS0", "4\n"), ("ttyS1", "0\n")] {
            fs::create_dir_all(at(&format!("devices/platform/{name}"))).unwrap();
            symlink(at("drivers/serial8250"), at(&format!("devices/platform/{name}/driver"))).unwrap();
            fs::create_dir_all(at(&format!("class/{name}"))).unwrap();
            fs::write(at(&format!("class/{name}/type")), kind).unwrap();
            symlink(at(&format!("devices/platform/{name}")), at(&format!("class/{name}/device"))).unwrap();
        }
        fs::create_dir_all(at("class/ttyUSB3")).unwrap();
        symlink(usb.join("1-2:1.0/ttyUSB3"), at("class/ttyUSB3/device")).unwrap();
        fs::create_dir_all(at("class/tty1")).unwrap();
        root
    }

    #[test]
    fn usb_identity_is_found_above_the_interface_and_ports_not_fitted_are_left_out() {
        let root = sysfs();
        let ports = list_ports_in(&root.path().join("class"), Path::new("/dev"));
        let paths: Vec<&str> = ports.iter().filter_map(|p| p.path.to_str()).collect();
        assert_eq!(paths, ["/dev/ttyS0", "/dev/ttyUSB3"]);
        assert_eq!(ports[1].driver.as_deref(), Some("ftdi_sio"));
        assert_eq!(ports[1].address().to_string(), "usb:04b8:0e28:X5A1");
        assert_eq!(ports[0].address().to_string(), "/dev/ttyS0");
    }

    #[test]
    fn a_port_is_found_by_its_usb_identity() {
        let root = sysfs();
        let find =
            |text: &str| find_usb(&text.parse().unwrap(), list_ports_in(&root.path().join("class"), Path::new("/dev")));
        assert_eq!(find("usb:04b8:0e28"), Some(PathBuf::from("/dev/ttyUSB3")));
        assert_eq!(find("usb:04b8:0e28:X5A1"), Some(PathBuf::from("/dev/ttyUSB3")));
        assert_eq!(find("usb:04b8:0e28:OTHER"), None);
        assert_eq!(find("usb:04b8:0e29"), None);
    }
}
