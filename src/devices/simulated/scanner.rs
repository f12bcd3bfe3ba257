//! The twin of a scanner: sends any label's bytes as its make would, well or badly, and hears the sounds it is told to
//! make.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::pty::Pty;
use crate::devices::scanner::profile::{AimUse, ScannerProfile};
use crate::domain::barcode::gs1::{GROUP_SEPARATOR, digital_link, element_string};
use crate::domain::barcode::gtin::Gtin;
use crate::domain::device::ScanSignal;
use crate::domain::scan::Symbology;

/// Commands follow each other in one breath; after this pause what has come is taken as a whole.
const BREATH: Duration = Duration::from_millis(20);

/// How often it looks whether a till that was killed has left its claim behind.
const IDLE: Duration = Duration::from_millis(500);

/// A code as it is printed: its kind and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which kind of code.
    pub symbology: Symbology,
    /// What it says; a group separator is 0x1D.
    pub data: Vec<u8>,
}

impl Label {
    /// The label of a text, in the kind of code it is usually printed in: digits of a GTIN as EAN, UPC or ITF-14; an
    /// address as QR; `(01)…(10)…` or data with separators as GS1 DataMatrix; anything else as Code 128. A text may
    /// name its kind itself: `]E0…`.
    pub fn of(text: &str) -> Self {
        let label = |aim: &[u8; 2], data: &str| Self {
            symbology: Symbology { code: aim[0], modifier: aim[1] },
            data: data.as_bytes().to_vec(),
        };
        if let Some((symbology, data)) = Symbology::split(text.as_bytes()) {
            return Self { symbology, data: data.to_vec() };
        }
        if let Some(elements) = element_string::parse_bracketed(text) {
            return label(b"d2", &element_string::encode(&elements));
        }
        if text.contains(GROUP_SEPARATOR) {
            return label(b"d2", text);
        }
        if digital_link::is_address(text) || text.starts_with("till:") {
            return label(b"Q1", text);
        }
        match (Gtin::parse(text), text.len()) {
            (Some(_), 8) => label(b"E4", text),
            // A scanner sends a UPC-A as the EAN-13 it is.
            (Some(gtin), 12 | 13) => label(b"E0", gtin.as_gtin_13().unwrap_or(text)),
            (Some(_), 14) => label(b"I1", text),
            _ => label(b"C0", text),
        }
    }
}

/// How a label's bytes are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As they should be.
    AtOnce,
    /// So many at a time, with a pause in between.
    InPieces {
        /// How many.
        bytes: usize,
        /// The pause.
        pause: Duration,
    },
    /// Only the first so many; the rest never comes.
    CutOff {
        /// How many.
        after_bytes: usize,
    },
    /// As on a bad cable or at a wrong speed.
    Garbled,
}

/// What the twin was told, or noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TwinEvent {
    /// It sounded.
    Sounded(ScanSignal),
    /// Bytes that no command of its make begins with.
    NotUnderstood(Vec<u8>),
}

/// The scanner without its line.
#[derive(Debug)]
struct Core {
    profile: ScannerProfile,
    heard: Vec<u8>,
}

impl Core {
    /// A label's bytes as this make sends them.
    fn encode(&self, label: &Label) -> Vec<u8> {
        let (prefix, suffix) = self.profile.frame.suffix.bytes();
        let mut bytes = prefix.to_vec();
        if self.profile.frame.aim != AimUse::Off {
            bytes.extend([b']', label.symbology.code, label.symbology.modifier]);
        } else if let Some((id, _)) = self.profile.code_ids.table.iter().find(|(_, s)| **s == label.symbology) {
            bytes.push(*id);
        }
        bytes.extend_from_slice(&label.data);
        bytes.extend_from_slice(suffix);
        bytes
    }

    /// Makes sense of what was heard in one breath, longest command first.
    fn understand(&mut self) -> Vec<TwinEvent> {
        let signals = &self.profile.signals;
        let mut commands = vec![
            (&signals.good, TwinEvent::Sounded(ScanSignal::Good)),
            (&signals.refused, TwinEvent::Sounded(ScanSignal::Refused)),
        ];
        commands.retain(|(bytes, _)| !bytes.is_empty());
        commands.sort_by_key(|(bytes, _)| std::cmp::Reverse(bytes.len()));
        let heard = std::mem::take(&mut self.heard);
        let mut rest = &heard[..];
        let mut events = Vec::new();
        while !rest.is_empty() {
            let Some((bytes, event)) = commands.iter().find(|(bytes, _)| rest.starts_with(bytes)) else {
                events.push(TwinEvent::NotUnderstood(rest.to_vec()));
                break;
            };
            events.push(event.clone());
            rest = &rest[bytes.len()..];
        }
        events
    }
}

/// What a byte turns into at a wrong speed: something else, mostly with its high bit set.
fn garble(bytes: &mut [u8]) {
    for byte in bytes {
        *byte = byte.rotate_left(3) ^ 0x5a | 0x80;
    }
}

enum Order {
    Scan(Label, Manner),
    Send(Vec<u8>),
    SetSpeed(u32),
    Unplug,
    PlugIn,
    Stop,
}

/// A simulated scanner on a pseudo-terminal. Dropping it pulls the cable.
pub struct ScannerTwin {
    orders: Sender<Order>,
    wake: UnixStream,
    thread: Option<JoinHandle<()>>,
}

impl ScannerTwin {
    /// Plugs it in: the till finds it at `link`. Events come from the twin's own thread.
    ///
    /// # Errors
    /// No pseudo-terminals or threads left, or the link's folder cannot be written.
    pub fn plug_in(
        link: &Path,
        profile: ScannerProfile,
        sink: impl Fn(TwinEvent) + Send + 'static,
    ) -> io::Result<Self> {
        let (orders, received) = mpsc::channel();
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let line = Line {
            pty: Some(Pty::plug_in(link)?),
            link: link.to_owned(),
            speed: profile.link.baud,
            core: Core { profile, heard: Vec::new() },
            due: Vec::new(),
            heard_at: None,
            orders: received,
            woken,
            sink: Box::new(sink),
        };
        let thread = std::thread::Builder::new().name("scanner-twin".into()).spawn(move || line.run())?;
        Ok(Self { orders, wake, thread: Some(thread) })
    }

    /// Holds a label before it.
    pub fn scan(&self, label: Label, manner: Manner) {
        self.order(Order::Scan(label, manner));
    }

    /// Sends these bytes as they are.
    pub fn send(&self, bytes: &[u8]) {
        self.order(Order::Send(bytes.to_vec()));
    }

    /// Sets the speed it sends at; the till's may be another.
    pub fn set_speed(&self, baud: u32) {
        self.order(Order::SetSpeed(baud));
    }

    /// Pulls the cable.
    pub fn unplug(&self) {
        self.order(Order::Unplug);
    }

    /// Puts it back: another pseudo-terminal under the same name.
    pub fn plug_in_again(&self) {
        self.order(Order::PlugIn);
    }

    fn order(&self, order: Order) {
        // The thread ends only with this struct; a full wake pipe means that a wake is pending already.
        let _ = self.orders.send(order);
        let _ = (&self.wake).write(&[1]);
    }
}

impl Drop for ScannerTwin {
    fn drop(&mut self) {
        self.order(Order::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread's side.
struct Line {
    pty: Option<Pty>,
    link: PathBuf,
    speed: u32,
    core: Core,
    /// Bytes still to be sent, and when.
    due: Vec<(Instant, Vec<u8>)>,
    heard_at: Option<Instant>,
    orders: Receiver<Order>,
    woken: UnixStream,
    sink: Box<dyn Fn(TwinEvent) + Send>,
}

impl Line {
    fn run(mut self) {
        loop {
            self.wait();
            while matches!((&self.woken).read(&mut [0; 64]), Ok(count) if count > 0) {}
            while let Ok(order) = self.orders.try_recv() {
                if matches!(order, Order::Stop) {
                    return;
                }
                self.obey(order);
            }
            self.listen();
            self.send_due();
        }
    }

    fn wait(&self) {
        let next = self.due.iter().map(|(at, _)| *at).chain(self.heard_at.map(|at| at + BREATH)).min();
        let wait = next.map_or(IDLE, |at| at.saturating_duration_since(Instant::now()).min(IDLE));
        let timeout = PollTimeout::from(u16::try_from(wait.as_micros().div_ceil(1000)).unwrap_or(u16::MAX));
        let mut polled = vec![PollFd::new(self.woken.as_fd(), PollFlags::POLLIN)];
        if let Some(pty) = &self.pty {
            pty.lift_stale_claim();
            polled.push(PollFd::new(pty.as_fd(), PollFlags::POLLIN));
        }
        // An interrupted wait is a short wait.
        let _ = poll(&mut polled, timeout);
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Scan(label, manner) => {
                let bytes = self.core.encode(&label);
                self.plan(bytes, manner);
            }
            Order::Send(bytes) => self.plan(bytes, Manner::AtOnce),
            Order::SetSpeed(baud) => self.speed = baud,
            Order::Unplug => {
                self.pty = None;
                self.due.clear();
                self.heard_at = None;
                self.core.heard.clear();
            }
            Order::PlugIn => match Pty::plug_in(&self.link) {
                Ok(pty) => self.pty = Some(pty),
                Err(error) => {
                    tracing::warn!(link = %self.link.display(), %error, "the simulated scanner stays unplugged")
                }
            },
            Order::Stop => {}
        }
    }

    fn plan(&mut self, mut bytes: Vec<u8>, manner: Manner) {
        let now = Instant::now();
        match manner {
            Manner::AtOnce => self.due.push((now, bytes)),
            Manner::InPieces { bytes: count, pause } => {
                let pieces = bytes.chunks(count.max(1)).zip(0u32..);
                self.due.extend(pieces.map(|(piece, index)| (now + pause * index, piece.to_vec())));
            }
            Manner::CutOff { after_bytes } => {
                bytes.truncate(after_bytes);
                self.due.push((now, bytes));
            }
            Manner::Garbled => {
                garble(&mut bytes);
                self.due.push((now, bytes));
            }
        }
    }

    fn send_due(&mut self) {
        let Some(pty) = &mut self.pty else { return };
        let now = Instant::now();
        // A pseudo-terminal carries bytes at any speed; a line would not.
        let wrong_speed = line_speed(pty.as_fd()).is_some_and(|speed| speed != self.speed);
        while let Some(index) = self.due.iter().position(|(at, _)| *at <= now) {
            let (_, mut bytes) = self.due.remove(index);
            if wrong_speed {
                garble(&mut bytes);
            }
            // What the line does not take is lost, as on a real one.
            if let Err(error) = pty.write(&bytes) {
                tracing::warn!(%error, "the simulated scanner cannot send");
            }
        }
    }

    fn listen(&mut self) {
        let mut buffer = [0; 256];
        if let Some(pty) = &mut self.pty {
            while let Ok(count @ 1..) = pty.read(&mut buffer) {
                self.core.heard.extend_from_slice(&buffer[..count]);
                self.heard_at = Some(Instant::now());
            }
        }
        if self.heard_at.is_some_and(|at| at.elapsed() >= BREATH) {
            self.heard_at = None;
            for event in self.core.understand() {
                (self.sink)(event);
            }
        }
    }
}

/// The speed the till has set its end to.
fn line_speed(line: BorrowedFd<'_>) -> Option<u32> {
    let mut settings = std::mem::MaybeUninit::<nix::libc::termios2>::uninit();
    // SAFETY: the descriptor is open, and the request fills the struct it is given when it succeeds.
    let settings = unsafe {
        if nix::libc::ioctl(line.as_raw_fd(), nix::libc::TCGETS2, settings.as_mut_ptr()) != 0 {
            return None;
        }
        settings.assume_init()
    };
    Some(settings.c_ospeed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_the_label_it_is_usually_printed_as() {
        let check = |text: &str, aim: &str, data: &str| {
            let Symbology { code, modifier } = Label::of(text).symbology;
            let said = (String::from_utf8(vec![code, modifier]).unwrap(), Label::of(text).data);
            assert_eq!(said, (aim.to_owned(), data.as_bytes().to_vec()), "{text}");
        };
        check("4006381333931", "E0", "4006381333931");
        check("036000291452", "E0", "0036000291452");
        check("96385074", "E4", "96385074");
        check("10614141543219", "I1", "10614141543219");
        check("4006381333932", "C0", "4006381333932");
        check("SKU-17", "C0", "SKU-17");
        check("(01)09506000134352(10)A(1)(21)B", "d2", "010950600013435210A(1)\u{1d}21B");
        check("0109506000134352\u{1d}10A", "d2", "0109506000134352\u{1d}10A");
        check("https://id.gs1.org/01/09506000134352", "Q1", "https://id.gs1.org/01/09506000134352");
        check("till:collect/ABC234", "Q1", "till:collect/ABC234");
        check("]A0X", "A0", "X");
    }

    #[test]
    fn commands_are_told_apart_by_the_longest() {
        let check = |name: &str, heard: &[u8], expected: &[TwinEvent]| {
            let profile = ScannerProfile::load(name, None).unwrap();
            let mut core = Core { profile, heard: heard.to_vec() };
            assert_eq!(core.understand(), expected, "{name} {heard:?}");
        };
        let (good, refused) = (TwinEvent::Sounded(ScanSignal::Good), TwinEvent::Sounded(ScanSignal::Refused));
        check("zebra-standard", b"\x07\x07\x07\x07", &[refused.clone(), good.clone()]);
        check("honeywell", b"\x1b6,\x1b4,\x1b4,", &[good.clone(), refused.clone()]);
        check("datalogic", b"\x01D", &[good, TwinEvent::NotUnderstood(b"D".to_vec())]);
        check("generic", b"\x07", &[TwinEvent::NotUnderstood(vec![7])]);
    }
}
