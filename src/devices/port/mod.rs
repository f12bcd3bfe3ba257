//! A serial port: opened for this till alone, read and written without ever getting stuck.
//!
//! One thread owns one port. It waits for bytes, for room to write, or to be woken; no call blocks longer than it was
//! told to. Every failure but "nothing yet" means that the device is gone: drop the port and open again every
//! [`REOPEN_INTERVAL`].
//!
//! Absent here: what the bytes mean, retries, threads.

mod address;
mod discovery;

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use serialport::{ClearBuffer, SerialPort as _, TTYPort};

pub use address::{AddressError, PortAddress};
pub use discovery::{PortInfo, UsbId, list_ports, resolve};

/// How often a device that is gone is looked for again.
pub const REOPEN_INTERVAL: Duration = Duration::from_millis(250);

/// The most bytes offered to the system in one write, so that flow control is looked at in between.
const WRITE_CHUNK_BYTES: usize = 256;

/// How the two ends keep each other from being flooded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Flow {
    /// Not at all; the job protocol's credit must do.
    None,
    /// XON and XOFF characters (11 and 13 hex), by the system.
    XonXoff,
    /// The device's busy line arrives on CTS, by the system.
    Cts,
    /// The device's busy line (printers: DTR) arrives on DSR; looked at before each write, by us.
    Dsr,
}

/// Parity of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Parity {
    /// No parity bit.
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

/// How characters travel on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSettings {
    /// Bits per second.
    pub baud: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// Parity bit.
    pub parity: Parity,
    /// 1 or 2.
    pub stop_bits: u8,
    /// Flow control.
    pub flow: Flow,
}

impl LineSettings {
    /// 8 data bits, no parity, one stop bit, no flow control.
    pub const fn at(baud: u32) -> Self {
        Self { baud, data_bits: 8, parity: Parity::None, stop_bits: 1, flow: Flow::None }
    }

    /// How long `bytes` take on the line.
    pub fn duration_of(&self, bytes: usize) -> Duration {
        let parity_bits = u64::from(self.parity != Parity::None);
        let bits = 1 + u64::from(self.data_bits) + parity_bits + u64::from(self.stop_bits);
        Duration::from_micros(bytes as u64 * bits * 1_000_000 / u64::from(self.baud.max(1)))
    }
}

/// Why a port cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// Nothing of that name or USB identity is plugged in.
    #[error("no such port")]
    NotThere,
    /// Another program holds it.
    #[error("another program holds the port")]
    Claimed,
    /// It is there and this user may not open it.
    #[error("no permission for the port (is the user in group dialout?)")]
    Forbidden,
    /// The system refused for another reason.
    #[error("the port cannot be opened: {0}")]
    Refused(String),
    /// It was open and has gone: unplugged, or switched off.
    #[error("the port has gone")]
    Gone,
}

/// What can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Bytes from the device.
    Read,
    /// Bytes from the device, or room for ours.
    ReadOrWrite,
}

/// What a wait ended with. Several may be true; none after the time-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Readiness {
    /// Bytes can be read, or the device has gone: read to find out.
    pub readable: bool,
    /// Bytes can be written.
    pub writable: bool,
    /// [`Waker::wake`] was called.
    pub woken: bool,
}

/// The state of the lines a printer tells its business by; `None` on adapters and pseudo-terminals without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModemLines {
    /// Clear to send.
    pub clear_to_send: bool,
    /// Data set ready.
    pub data_set_ready: bool,
}

/// An open serial port.
pub struct Port {
    tty: TTYPort,
    file: File,
    flow: Flow,
}

impl Port {
    /// Finds and opens a port for this program alone (`TIOCEXCL` and an exclusive `flock`).
    ///
    /// # Errors
    /// [`PortError::NotThere`], [`PortError::Claimed`], [`PortError::Forbidden`], [`PortError::Refused`].
    pub fn open(address: &PortAddress, line: &LineSettings) -> Result<Self, PortError> {
        let path = resolve(address).ok_or(PortError::NotThere)?;
        let parity = match line.parity {
            Parity::None => serialport::Parity::None,
            Parity::Even => serialport::Parity::Even,
            Parity::Odd => serialport::Parity::Odd,
        };
        let flow = match line.flow {
            Flow::None | Flow::Dsr => serialport::FlowControl::None,
            Flow::XonXoff => serialport::FlowControl::Software,
            Flow::Cts => serialport::FlowControl::Hardware,
        };
        let builder = serialport::new(path.to_string_lossy(), line.baud)
            .data_bits(if line.data_bits == 7 { serialport::DataBits::Seven } else { serialport::DataBits::Eight })
            .parity(parity)
            .stop_bits(if line.stop_bits == 2 { serialport::StopBits::Two } else { serialport::StopBits::One })
            .flow_control(flow)
            .dtr_on_open(true);
        let tty = builder.open_native().map_err(|error| explain(&error, &path))?;
        let file = unblocked(&tty).map_err(|error| PortError::Refused(error.to_string()))?;
        Ok(Self { tty, file, flow: line.flow })
    }

    /// Waits until something of interest happens, the waker is used, or the time is over; without a time for as long as it
    /// takes. A device that is unplugged ends every wait at once: the system hangs the line up.
    ///
    /// # Errors
    /// [`PortError::Gone`].
    pub fn wait(
        &self,
        interest: Interest,
        waker: &WakeReceiver,
        timeout: Option<Duration>,
    ) -> Result<Readiness, PortError> {
        let write = interest == Interest::ReadOrWrite;
        let flags = if write { PollFlags::POLLIN | PollFlags::POLLOUT } else { PollFlags::POLLIN };
        let mut polled = [PollFd::new(self.file.as_fd(), flags), PollFd::new(waker.stream.as_fd(), PollFlags::POLLIN)];
        poll_for(&mut polled, timeout).map_err(|_| PortError::Gone)?;
        let port = polled[0].revents().unwrap_or(PollFlags::empty());
        let woken = polled[1].revents().unwrap_or(PollFlags::empty()).contains(PollFlags::POLLIN);
        if woken {
            waker.clear();
        }
        let gone = PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL;
        if port.intersects(gone) && !port.contains(PollFlags::POLLIN) {
            return Err(PortError::Gone);
        }
        Ok(Readiness { readable: port.contains(PollFlags::POLLIN), writable: port.contains(PollFlags::POLLOUT), woken })
    }

    /// Takes what has arrived, at once; 0 when nothing has.
    ///
    /// # Errors
    /// [`PortError::Gone`].
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, PortError> {
        loop {
            return match self.file.read(buffer) {
                // A terminal without its other end reads as end of file.
                Ok(0) => Err(PortError::Gone),
                Ok(count) => Ok(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => Err(PortError::Gone),
            };
        }
    }

    /// Hands bytes to the system, at once and as many as it takes; 0 when the device is busy. At most 256 go in one
    /// call, and a call never ends on 10 hex when it can be helped: some printers read a lone DLE as *clear*
    /// (NCR 7167 manual, A794 p.115).
    ///
    /// # Errors
    /// [`PortError::Gone`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize, PortError> {
        const DLE: u8 = 0x10;
        if self.is_held_back() {
            return Ok(0);
        }
        let mut chunk = &bytes[..bytes.len().min(WRITE_CHUNK_BYTES)];
        if chunk.len() < bytes.len() && chunk.len() > 1 && chunk.last() == Some(&DLE) {
            chunk = &chunk[..chunk.len() - 1];
        }
        loop {
            return match self.file.write(chunk) {
                Ok(count) => Ok(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => Err(PortError::Gone),
            };
        }
    }

    /// Must writing wait for the device's busy line, which [`Self::wait`] cannot see?
    pub fn is_held_back(&mut self) -> bool {
        self.flow == Flow::Dsr && self.modem_lines().is_some_and(|lines| !lines.data_set_ready)
    }

    /// The modem lines, `None` where the port has none.
    pub fn modem_lines(&mut self) -> Option<ModemLines> {
        let clear_to_send = self.tty.read_clear_to_send().ok()?;
        let data_set_ready = self.tty.read_data_set_ready().ok()?;
        Some(ModemLines { clear_to_send, data_set_ready })
    }

    /// Throws away what was written and has not left this machine.
    pub fn discard_output(&mut self) {
        // A port that cannot is a port that has gone: the next read says so.
        let _ = self.tty.clear(ClearBuffer::Output);
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // On a pseudo-terminal the claim would outlive the close; on a real port this changes nothing.
        let _ = self.tty.set_exclusive(false);
    }
}

/// Waits without a port: until woken (true) or the time is over (false).
pub fn wait_without_port(waker: &WakeReceiver, timeout: Duration) -> bool {
    let mut polled = [PollFd::new(waker.stream.as_fd(), PollFlags::POLLIN)];
    let woken = poll_for(&mut polled, Some(timeout)).is_ok()
        && polled[0].revents().unwrap_or(PollFlags::empty()).contains(PollFlags::POLLIN);
    if woken {
        waker.clear();
    }
    woken
}

/// Ends a device thread's wait, from any thread.
#[derive(Clone)]
pub struct Waker {
    stream: Arc<UnixStream>,
}

impl Waker {
    /// Ends the current wait, or the next one. Calls may merge into one.
    pub fn wake(&self) {
        // Full means that a wake is pending already; closed means that nobody waits any more.
        let _ = (&*self.stream).write(&[1]);
    }
}

/// The waiting side of a [`Waker`].
pub struct WakeReceiver {
    stream: UnixStream,
}

impl WakeReceiver {
    /// For waiting together with other descriptors; readable when woken.
    pub(in crate::devices) fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }

    /// Forgets the wakes so far.
    pub(in crate::devices) fn clear(&self) {
        let mut buffer = [0; 64];
        while matches!((&self.stream).read(&mut buffer), Ok(count) if count == buffer.len()) {}
    }
}

/// A new waker with its receiver.
///
/// # Errors
/// The system has no descriptors left.
pub fn waker() -> io::Result<(Waker, WakeReceiver)> {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    theirs.set_nonblocking(true)?;
    Ok((Waker { stream: Arc::new(ours) }, WakeReceiver { stream: theirs }))
}

fn poll_for(polled: &mut [PollFd<'_>], timeout: Option<Duration>) -> Result<(), Errno> {
    // Rounded up, so that a wait of under a millisecond does not spin.
    let millis = timeout.map(|timeout| u16::try_from(timeout.as_micros().div_ceil(1000)).unwrap_or(u16::MAX));
    match poll(polled, millis.map_or(PollTimeout::NONE, PollTimeout::from)) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A second descriptor of the port, non-blocking: `serialport` writes blockingly, and a write larger than the room
/// left would hold the thread until the printer wakes up.
fn unblocked(tty: &TTYPort) -> io::Result<File> {
    // SAFETY: the descriptor is open for as long as `tty` lives, which outlives this borrow.
    let borrowed = unsafe { BorrowedFd::borrow_raw(tty.as_raw_fd()) };
    let owned = borrowed.try_clone_to_owned()?;
    let flags = OFlag::from_bits_retain(fcntl(&owned, FcntlArg::F_GETFL)?);
    fcntl(&owned, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(File::from(owned))
}

fn explain(error: &serialport::Error, path: &std::path::Path) -> PortError {
    match error.kind {
        serialport::ErrorKind::NoDevice if path.exists() => PortError::Claimed,
        serialport::ErrorKind::NoDevice => PortError::NotThere,
        serialport::ErrorKind::Io(io::ErrorKind::NotFound) => PortError::NotThere,
        serialport::ErrorKind::Io(io::ErrorKind::PermissionDenied) => PortError::Forbidden,
        serialport::ErrorKind::Io(io::ErrorKind::ResourceBusy) => PortError::Claimed,
        // A pseudo-terminal whose other end closed while it was being opened.
        serialport::ErrorKind::Io(io::ErrorKind::BrokenPipe) => PortError::NotThere,
        _ => PortError::Refused(error.description.clone()),
    }
}

#[cfg(test)]
mod tests;
