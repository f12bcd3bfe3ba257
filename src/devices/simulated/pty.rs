//! A pseudo-terminal with a name that stays: the device's end of a cable that can be pulled and plugged in again.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

use crate::devices::port::WakeReceiver;

/// The device's end of a cable. The till opens the link; dropping this is pulling the cable.
pub struct Pty {
    master: File,
    link: PathBuf,
    /// The till's end, held open so that the line lives on while the till has it closed, as a real cable does.
    line: File,
    /// The till's end by its own name.
    node: PathBuf,
}

impl Pty {
    /// Makes a pseudo-terminal and points `link` at it, replacing what was there.
    ///
    /// # Errors
    /// The system has no pseudo-terminals left, or the link's folder cannot be written.
    pub fn plug_in(link: &Path) -> io::Result<Self> {
        let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname_r(&master)?;
        // Raw from the start: a cooked line would echo our first bytes back to us before the till has opened it.
        // And nobody's terminal: pulled out, it would take the program along that opened it as the first of its session.
        let flags = nix::libc::O_NOCTTY;
        let line = fs::OpenOptions::new().read(true).write(true).custom_flags(flags).open(&name)?;
        let mut settings = tcgetattr(&line)?;
        cfmakeraw(&mut settings);
        tcsetattr(&line, SetArg::TCSANOW, &settings)?;
        let fresh = link.with_extension("new");
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        symlink(&name, &fresh)?;
        fs::rename(&fresh, link)?;
        let master = File::from(OwnedFd::from(master));
        let flags = OFlag::from_bits_retain(fcntl(&master, FcntlArg::F_GETFL)?);
        fcntl(&master, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        Ok(Self { master, link: link.to_owned(), line, node: PathBuf::from(name) })
    }

    /// Where the till finds it.
    pub fn link(&self) -> &Path {
        &self.link
    }

    /// Takes what the till has sent; 0 when nothing has come.
    ///
    /// # Errors
    /// The pseudo-terminal broke, which its own side never sees in normal use.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.master.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            result => result,
        }
    }

    /// Sends to the till as much as the line takes.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.master.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            result => result,
        }
    }

    /// Lifts the claim of a till that was killed: on a pseudo-terminal `TIOCEXCL` outlives whoever set it, on a real
    /// port it ends with the last close. A living till is still protected by its file lock.
    pub fn lift_stale_claim(&self) {
        // SAFETY: a request without an argument on a descriptor that this struct owns.
        unsafe { nix::libc::ioctl(self.line.as_raw_fd(), nix::libc::TIOCNXCL) };
    }

    /// For waiting together with other descriptors.
    pub fn as_fd(&self) -> BorrowedFd<'_> {
        self.master.as_fd()
    }

    /// Waits until there is something to read (when `read`), room to write (when `write`), the waker is used, or the
    /// time is over.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn wait(&self, read: bool, write: bool, waker: &WakeReceiver, timeout: Duration) -> io::Result<()> {
        let mut flags = PollFlags::empty();
        flags.set(PollFlags::POLLIN, read);
        flags.set(PollFlags::POLLOUT, write);
        let mut polled = [PollFd::new(self.master.as_fd(), flags), PollFd::new(waker.as_fd(), PollFlags::POLLIN)];
        let millis = u16::try_from(timeout.as_micros().div_ceil(1000)).unwrap_or(u16::MAX);
        match poll(&mut polled, PollTimeout::from(millis)) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        if polled[1].revents().is_some_and(|events| events.contains(PollFlags::POLLIN)) {
            waker.clear();
        }
        Ok(())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // The link may already point at a successor's line.
        if fs::read_link(&self.link).is_ok_and(|target| target == self.node) {
            let _ = fs::remove_file(&self.link);
        }
    }
}
