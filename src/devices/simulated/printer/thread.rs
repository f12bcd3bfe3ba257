//! The printer's twin at the end of a cable.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::core::{Hands, TwinCore, TwinSettings, Worked};
use super::paper::Paper;
use crate::devices::port::{WakeReceiver, Waker, wait_without_port, waker};
use crate::devices::simulated::pty::Pty;

/// What the counter's hands do to the printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Paper, cover, drawer: as they are from now on.
    Hands(Hands),
    /// The roll ends before this byte (from 0, since the start) is worked off.
    PaperOutAt(u64),
    /// The cover opens before this byte is worked off.
    CoverOpenAt(u64),
    /// The drawer is opened with its key.
    DrawerKey,
    /// The drawer is shut.
    DrawerShut,
    /// The cable is pulled; the power stays on.
    CableOut,
    /// The cable is pulled when this many bytes have arrived.
    CableOutAt(u64),
    /// The cable is plugged in again, under the same name.
    CableIn,
    /// Off and on again: what was received is forgotten.
    PowerCycle,
    /// Off and on again when this many bytes have been worked off.
    PowerCycleAt(u64),
    /// Takes no more bytes from the line.
    Stall,
    /// Takes bytes again.
    GoOn,
    /// Sends these bytes, whatever they mean.
    Garble(Vec<u8>),
    /// The paper is taken away.
    TearOff,
}

/// How fast the twin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TwinPace {
    /// Bytes arrive no faster than on a line of this speed; as fast as they can when none.
    pub baud: Option<u32>,
    /// A line of print takes so long.
    pub line: Duration,
}

/// The printer's twin with its thread, which ends when this is dropped.
pub struct PrinterTwin {
    core: Arc<Mutex<TwinCore>>,
    switches: Sender<Option<Switch>>,
    waker: Waker,
    link: PathBuf,
    thread: Option<JoinHandle<()>>,
}

impl PrinterTwin {
    /// Plugs a printer in at `link`. `changed` is called on the twin's thread whenever there is something new to see.
    ///
    /// # Errors
    /// The system has no pseudo-terminals, descriptors or threads left, or the link cannot be made.
    pub fn start(
        link: &Path,
        settings: TwinSettings,
        pace: TwinPace,
        changed: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
        let pty = Pty::plug_in(link)?;
        let core = Arc::new(Mutex::new(TwinCore::new(settings)));
        let (waker, receiver) = waker()?;
        let (switches, switched) = mpsc::channel();
        let mut counter = Counter {
            core: Arc::clone(&core),
            switched,
            receiver,
            link: link.to_owned(),
            pace,
            pty: Some(pty),
            out: Vec::new(),
            is_stalled: false,
            cable_out_at: None,
            power_cycle_at: None,
            line_done_at: Instant::now(),
            bytes_from: Instant::now(),
            changed: Box::new(changed),
        };
        let thread = std::thread::Builder::new().name("printer twin".into()).spawn(move || counter.run())?;
        Ok(Self { core, switches, waker, link: link.to_owned(), thread: Some(thread) })
    }

    /// Where the till finds it.
    pub fn link(&self) -> &Path {
        &self.link
    }

    /// Does something to it: to the machine before this returns, to the cable and the line soon.
    pub fn switch(&self, switch: Switch) {
        if let Some(switch) = turn(&mut locked(&self.core), switch) {
            // The thread lives until `drop`.
            let _ = self.switches.send(Some(switch));
        }
        self.waker.wake();
    }

    /// Looks at the machine.
    pub fn look<T>(&self, look: impl FnOnce(&TwinCore) -> T) -> T {
        look(&locked(&self.core))
    }

    /// The paper so far.
    pub fn paper(&self) -> Paper {
        self.look(|core| core.paper().clone())
    }
}

impl Drop for PrinterTwin {
    fn drop(&mut self) {
        let _ = self.switches.send(None);
        self.waker.wake();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the twin's thread had panicked");
        }
    }
}

/// A panic elsewhere leaves the machine as it was: every change to it is whole.
fn locked(core: &Mutex<TwinCore>) -> MutexGuard<'_, TwinCore> {
    core.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does what concerns the machine alone; gives back what concerns the cable and the line.
fn turn(core: &mut TwinCore, switch: Switch) -> Option<Switch> {
    match switch {
        Switch::Hands(now) => core.handle(|hands| *hands = now),
        Switch::PaperOutAt(byte) => core.end_paper_at(byte),
        Switch::CoverOpenAt(byte) => core.open_cover_at(byte),
        Switch::DrawerKey => core.handle(|hands| hands.drawer_open = true),
        Switch::DrawerShut => core.handle(|hands| hands.drawer_open = false),
        Switch::PowerCycle => core.cycle_power(),
        Switch::TearOff => drop(core.tear_off()),
        other => return Some(other),
    }
    None
}

struct Counter {
    core: Arc<Mutex<TwinCore>>,
    switched: Receiver<Option<Switch>>,
    receiver: WakeReceiver,
    link: PathBuf,
    pace: TwinPace,
    pty: Option<Pty>,
    out: Vec<u8>,
    is_stalled: bool,
    cable_out_at: Option<u64>,
    power_cycle_at: Option<u64>,
    /// When the line that is being printed is done.
    line_done_at: Instant,
    /// The bytes read so far were on the line until then.
    bytes_from: Instant,
    changed: Box<dyn Fn() + Send>,
}

impl Counter {
    const IDLE: Duration = Duration::from_millis(250);
    const TICK: Duration = Duration::from_millis(2);

    fn run(&mut self) {
        let mut seen = locked(&self.core).version();
        loop {
            if !self.take_switches() {
                return;
            }
            if let Err(error) = self.serve() {
                tracing::warn!(%error, "the twin's cable broke");
                self.pty = None;
            }
            self.work();
            let version = locked(&self.core).version();
            if version != seen {
                seen = version;
                (self.changed)();
            }
        }
    }

    fn take_switches(&mut self) -> bool {
        while let Ok(switch) = self.switched.try_recv() {
            match switch {
                Some(switch) => self.apply(switch),
                None => return false,
            }
        }
        true
    }

    fn apply(&mut self, switch: Switch) {
        match switch {
            Switch::PowerCycleAt(byte) => self.power_cycle_at = Some(byte),
            Switch::CableOut => self.pty = None,
            Switch::CableOutAt(byte) => self.cable_out_at = Some(byte),
            Switch::CableIn => {
                if self.pty.is_none() {
                    self.out.clear();
                    match Pty::plug_in(&self.link) {
                        Ok(pty) => self.pty = Some(pty),
                        Err(error) => tracing::error!(%error, "the twin cannot be plugged in again"),
                    }
                }
            }
            Switch::Stall => self.is_stalled = true,
            Switch::GoOn => self.is_stalled = false,
            Switch::Garble(bytes) => self.out.extend_from_slice(&bytes),
            machine => drop(turn(&mut locked(&self.core), machine)),
        }
    }

    /// Waits a little, and exchanges bytes with the till.
    fn serve(&mut self) -> io::Result<()> {
        let room = self.room();
        let Some(pty) = &mut self.pty else {
            wait_without_port(&self.receiver, if self.is_busy() { Self::TICK } else { Self::IDLE });
            return Ok(());
        };
        pty.lift_stale_claim();
        let paced = self.pace.baud.is_some() || self.pace.line > Duration::ZERO;
        let timeout = if paced { Self::TICK } else { Self::IDLE };
        let reads = !self.is_stalled && room > 0;
        pty.wait(reads, !self.out.is_empty(), &self.receiver, timeout)?;
        let mut buffer = [0; 512];
        if reads {
            let mut limit = room.min(buffer.len());
            let mut core = locked(&self.core);
            if let Some(at) = self.cable_out_at {
                limit = limit.min(usize::try_from(at.saturating_sub(core.received())).unwrap_or(usize::MAX));
            }
            let count = if limit > 0 { pty.read(&mut buffer[..limit])? } else { 0 };
            core.receive(&buffer[..count]);
            if let Some(baud) = self.pace.baud {
                self.bytes_from += Duration::from_micros(count as u64 * 10_000_000 / u64::from(baud));
            }
            if self.cable_out_at.is_some_and(|at| core.received() >= at) {
                self.cable_out_at = None;
                drop(core);
                self.pty = None;
                return Ok(());
            }
        }
        let sent = pty.write(&self.out)?;
        self.out.drain(..sent);
        Ok(())
    }

    /// Bytes that can have arrived by now.
    fn room(&mut self) -> usize {
        let Some(baud) = self.pace.baud else { return usize::MAX };
        let now = Instant::now();
        // An idle line saves nothing up.
        self.bytes_from = self.bytes_from.max(now.checked_sub(Self::TICK * 4).unwrap_or(now));
        let micros = now.saturating_duration_since(self.bytes_from).as_micros();
        usize::try_from(micros * u128::from(baud) / 10_000_000).unwrap_or(usize::MAX)
    }

    fn is_busy(&self) -> bool {
        let core = locked(&self.core);
        self.pace.line > Duration::ZERO && core.received() > core.processed()
    }

    fn work(&mut self) {
        let mut core = locked(&self.core);
        while Instant::now() >= self.line_done_at {
            if self.power_cycle_at.is_some_and(|at| core.processed() >= at) {
                self.power_cycle_at = None;
                core.cycle_power();
            }
            match core.work() {
                Worked::Nothing => break,
                Worked::Byte => {}
                Worked::Line => self.line_done_at = Instant::now() + self.pace.line,
            }
        }
        let replies = core.take_replies();
        if self.pty.is_some() {
            self.out.extend_from_slice(&replies);
        }
    }
}
