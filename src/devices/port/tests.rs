//! The port over real pseudo-terminals.

use std::time::{Duration, Instant};

use super::*;
use crate::devices::simulated::pty::Pty;

struct Bench {
    folder: tempfile::TempDir,
    pty: Option<Pty>,
    waker: Waker,
    receiver: WakeReceiver,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pty = Pty::plug_in(&folder.path().join("port")).unwrap();
        let (waker, receiver) = super::waker().unwrap();
        Self { folder, pty: Some(pty), waker, receiver }
    }

    fn address(&self) -> PortAddress {
        PortAddress::Path(self.folder.path().join("port"))
    }

    fn open(&self, flow: Flow) -> Result<Port, PortError> {
        Port::open(&self.address(), &LineSettings { flow, ..LineSettings::at(9600) })
    }

    fn device(&mut self) -> &mut Pty {
        self.pty.as_mut().unwrap()
    }
}

const SOON: Duration = Duration::from_secs(120);

#[test]
fn bytes_go_both_ways_unchanged() {
    let mut bench = Bench::new();
    let mut port = bench.open(Flow::None).unwrap();
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(port.write(&all).unwrap(), 256);
    let mut seen = Vec::new();
    let mut buffer = [0; 512];
    let started = Instant::now();
    while seen.len() < 256 && started.elapsed() < SOON {
        let count = bench.device().read(&mut buffer).unwrap();
        seen.extend_from_slice(&buffer[..count]);
    }
    assert_eq!(seen, all);
    assert_eq!(bench.device().write(&all).unwrap(), 256);
    let mut seen = Vec::new();
    while seen.len() < 256 {
        assert!(port.wait(Interest::Read, &bench.receiver, Some(SOON)).unwrap().readable);
        let count = port.read(&mut buffer).unwrap();
        seen.extend_from_slice(&buffer[..count]);
    }
    assert_eq!(seen, all);
}

#[test]
fn a_port_is_ours_alone_until_it_is_closed() {
    let bench = Bench::new();
    let first = bench.open(Flow::None).unwrap();
    assert_eq!(bench.open(Flow::None).err(), Some(PortError::Claimed));
    drop(first);
    assert!(bench.open(Flow::None).is_ok());
}

#[test]
fn a_pulled_cable_is_noticed_at_once_and_a_new_one_is_found_by_the_same_name() {
    let mut bench = Bench::new();
    let mut port = bench.open(Flow::None).unwrap();
    bench.pty = None;
    let waited = port.wait(Interest::Read, &bench.receiver, Some(SOON));
    assert!(waited.is_err() || port.read(&mut [0; 8]).is_err());
    assert_eq!(port.write(b"x").err(), Some(PortError::Gone));
    assert_eq!(bench.open(Flow::None).err(), Some(PortError::NotThere));
    bench.pty = Some(Pty::plug_in(&bench.folder.path().join("port")).unwrap());
    assert!(bench.open(Flow::None).is_ok());
}

#[test]
fn a_pulled_cable_ends_a_wait_that_has_no_end_of_its_own() {
    let bench = Bench::new();
    let mut port = bench.open(Flow::None).unwrap();
    let Bench { pty, receiver, .. } = bench;
    let (told, tells) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let waited = port.wait(Interest::Read, &receiver, None);
        told.send(waited.err().or_else(|| port.read(&mut [0; 8]).err()))
    });
    drop(pty);
    // Nothing is asked, printed or scanned, and no time is up: the end of the line is all there is to hear.
    assert_eq!(tells.recv_timeout(SOON), Ok(Some(PortError::Gone)));
}

#[test]
fn a_device_that_takes_nothing_never_holds_the_thread() {
    let bench = Bench::new();
    let mut port = bench.open(Flow::None).unwrap();
    let mut accepted = 0;
    // The system moves bytes between its buffers for a while; then there is no room left.
    while port.wait(Interest::ReadOrWrite, &bench.receiver, Some(Duration::from_millis(100))).unwrap().writable {
        accepted += port.write(&[0x55; 256]).unwrap();
        assert!(accepted < 256 * 1024, "{accepted}");
    }
    assert!(accepted > 1024, "{accepted}");
    while port.write(b"x").unwrap() > 0 {
        accepted += 1;
        assert!(accepted < 256 * 1024, "{accepted}");
    }
}

#[test]
fn xoff_stops_writing_and_xon_lets_it_go_on() {
    let mut bench = Bench::new();
    let mut port = bench.open(Flow::XonXoff).unwrap();
    bench.device().write(&[0x13]).unwrap();
    let started = Instant::now();
    while port.write(b"x").unwrap() != 0 {
        assert!(started.elapsed() < SOON, "XOFF had no effect");
    }
    bench.device().write(&[0x11]).unwrap();
    while port.write(b"x").unwrap() == 0 {
        assert!(started.elapsed() < SOON, "XON had no effect");
    }
    assert_eq!(port.read(&mut [0; 8]), Ok(0), "flow characters are the system's business");
}

#[test]
fn a_write_does_not_end_on_the_first_byte_of_a_real_time_command() {
    let bench = Bench::new();
    let mut port = bench.open(Flow::None).unwrap();
    let mut bytes = vec![0x41; 300];
    bytes[255] = 0x10;
    assert_eq!(port.write(&bytes), Ok(255));
    assert_eq!(port.write(&[0x10]), Ok(1), "alone it must go, or nothing ever would");
}

#[test]
fn no_modem_lines_is_not_an_error() {
    let bench = Bench::new();
    let mut port = bench.open(Flow::Dsr).unwrap();
    assert_eq!(port.modem_lines(), None);
    assert!(!port.is_held_back());
}

#[test]
fn a_wait_ends_when_woken() {
    let bench = Bench::new();
    let port = bench.open(Flow::None).unwrap();
    bench.waker.wake();
    bench.waker.wake();
    assert!(port.wait(Interest::Read, &bench.receiver, Some(SOON)).unwrap().woken);
    let again = port.wait(Interest::Read, &bench.receiver, Some(Duration::from_millis(1))).unwrap();
    assert_eq!(again, Readiness::default(), "wakes before a wait merge into one");
}

#[test]
fn time_on_the_line_counts_every_bit() {
    let check = |settings: LineSettings, bytes: usize, millis: u64| {
        assert_eq!(settings.duration_of(bytes), Duration::from_millis(millis), "{settings:?}");
    };
    check(LineSettings::at(9600), 960, 1000);
    check(LineSettings { parity: Parity::Even, data_bits: 7, ..LineSettings::at(9600) }, 960, 1000);
    check(LineSettings { stop_bits: 2, ..LineSettings::at(11_000) }, 1000, 1000);
}
