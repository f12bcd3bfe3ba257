//! The thread of one scanner: opens its port, keeps it open, passes scans on and sounds in.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::profile::ScannerProfile;
use super::reader::{ReadCounters, ScanReader};
use crate::devices::port::{
    Interest, Port, PortAddress, PortError, REOPEN_INTERVAL, WakeReceiver, Waker, wait_without_port, waker,
};
use crate::domain::device::{DeviceEvent, Health, HealthReason, HealthState, ScanSignal};
use crate::domain::ids::DeviceId;
use crate::domain::scan::{Scan, ScanQuality};

/// Where events go: a queue that cannot be full. It is called from the scanner's own thread and must not wait.
pub type EventSink = Box<dyn Fn(DeviceEvent) + Send>;

/// Sounds that could not be sent are given up beyond this: a late sound says the wrong thing.
const PENDING_BYTES_MAX: usize = 64;

/// How long another speed than the proven one is listened at: whoever got nonsense scans again at once, and who mends a cable
/// takes longer.
const OTHER_SPEED_MS: u64 = 2000;

/// Which scanner, and where.
#[derive(Clone, Debug)]
pub struct ScannerConfig {
    /// Its name in events.
    pub device: DeviceId,
    /// Its port.
    pub address: PortAddress,
    /// What is known of its make.
    pub profile: ScannerProfile,
}

/// A running scanner. Dropping it closes the port and ends the thread.
pub struct Scanner {
    signals: Sender<ScanSignal>,
    waker: Waker,
    stop: Arc<AtomicBool>,
    counters: Arc<Mutex<ReadCounters>>,
    thread: Option<JoinHandle<()>>,
}

impl Scanner {
    /// Starts the thread. The port need not be there: it is looked for every [`REOPEN_INTERVAL`].
    ///
    /// # Errors
    /// The system has no threads or descriptors left.
    pub fn start(config: ScannerConfig, sink: EventSink) -> io::Result<Self> {
        let (signals, received) = mpsc::channel();
        let (waker, wake_receiver) = waker()?;
        let stop = Arc::new(AtomicBool::new(false));
        let counters = Arc::new(Mutex::new(ReadCounters::default()));
        let driver = Driver {
            reader: ScanReader::new(config.device.clone(), &config.profile),
            baud: config.profile.link.baud,
            tried: config.profile.link.baud,
            proven: None,
            back_at_ms: None,
            config,
            sink,
            signals: received,
            wake_receiver,
            stop: stop.clone(),
            counters: counters.clone(),
            pending: Vec::new(),
            told: HealthState::NotConfigured,
            started: Instant::now(),
        };
        let name = driver.config.device.to_string();
        let thread = std::thread::Builder::new().name(name).spawn(move || driver.run())?;
        Ok(Self { signals, waker, stop, counters, thread: Some(thread) })
    }

    /// Sounds: the answer to a scan.
    pub fn signal(&self, signal: ScanSignal) {
        // A closed queue means that the thread has ended, which its last event has told.
        let _ = self.signals.send(signal);
        self.waker.wake();
    }

    /// What became of everything that arrived.
    pub fn counters(&self) -> ReadCounters {
        *self.counters.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.waker.wake();
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has been printed; there is nothing to add here.
            let _ = thread.join();
        }
    }
}

struct Driver {
    config: ScannerConfig,
    sink: EventSink,
    signals: Receiver<ScanSignal>,
    wake_receiver: WakeReceiver,
    stop: Arc<AtomicBool>,
    counters: Arc<Mutex<ReadCounters>>,
    reader: ScanReader,
    /// The speed the line is open at.
    baud: u32,
    /// The last speed that was tried in the search for the right one.
    tried: u32,
    /// A whole code was read at this speed: it was right, and probably is.
    proven: Option<u32>,
    /// When the line is set back to the proven speed, unless a code is read before.
    back_at_ms: Option<u64>,
    /// Sounds on their way to the device.
    pending: Vec<u8>,
    told: HealthState,
    started: Instant,
}

/// Why a port is given up.
enum Closed {
    Stopped,
    Gone,
    /// Open again, at the next speed.
    SpeedChanged,
}

impl Driver {
    fn run(mut self) {
        self.tell(HealthState::Opening);
        while !self.stop.load(Ordering::Acquire) {
            let line = self.config.profile.line_settings(self.baud);
            match Port::open(&self.config.address, &line) {
                Ok(port) => match self.serve(port) {
                    Closed::Stopped => return,
                    Closed::SpeedChanged => continue,
                    Closed::Gone => {
                        let scans = self.reader.disconnect(self.now_ms());
                        self.pass_on(scans);
                        self.pending.clear();
                        self.baud = self.proven.unwrap_or(self.baud);
                        self.back_at_ms = None;
                        self.tell(HealthState::Gone);
                    }
                },
                Err(error) => {
                    // Sounds of before are out of date by the time it is back.
                    self.take_signals();
                    self.pending.clear();
                    self.tell(explain(error));
                }
            }
            if !self.stop.load(Ordering::Acquire) {
                wait_without_port(&self.wake_receiver, REOPEN_INTERVAL);
            }
        }
    }

    /// Reads from an open port until it goes, the till ends, or another speed is tried.
    fn serve(&mut self, mut port: Port) -> Closed {
        // What was read before this moment was read for nobody, and may be half a code.
        let mut buffer = [0; 4096];
        while matches!(port.read(&mut buffer), Ok(count) if count > 0) {}
        if !self.reader.is_speed_doubtful() {
            self.tell(HealthState::Ready);
        }
        let mut next_speed = false;
        loop {
            if self.stop.load(Ordering::Acquire) {
                return Closed::Stopped;
            }
            let is_over = self.back_at_ms.is_some_and(|at_ms| self.now_ms() >= at_ms);
            // Not in the middle of a burst: its rest would be nonsense at the right speed too.
            if (next_speed || is_over) && self.reader.next_deadline().is_none() {
                self.choose_next_speed();
                return Closed::SpeedChanged;
            }
            self.take_signals();
            let Ok(scans) = self.step(&mut port, &mut buffer) else { return Closed::Gone };
            let was_doubtful = matches!(self.told, HealthState::Offline(HealthReason::WrongSpeed));
            let got = |quality| scans.iter().any(|scan| scan.quality == quality);
            let (read, garbled) = (got(ScanQuality::Whole) || got(ScanQuality::Repeat), got(ScanQuality::Garbage));
            self.pass_on(scans);
            if read {
                (self.proven, self.back_at_ms) = (Some(self.baud), None);
            }
            if !self.reader.is_speed_doubtful() {
                next_speed = false;
                if was_doubtful && read {
                    self.tell(HealthState::Ready);
                }
            } else if garbled {
                let holds = self.proven == Some(self.baud) && !self.reader.is_proven_speed_doubtful();
                next_speed = self.has_other_speeds() && !holds;
                self.tell(HealthState::Offline(HealthReason::WrongSpeed));
            }
        }
    }

    /// One wait and what it brings.
    fn step(&mut self, port: &mut Port, buffer: &mut [u8]) -> Result<Vec<Scan>, PortError> {
        let deadline = self.reader.next_deadline();
        // An idle scanner's thread sleeps until it scans, is unplugged or is to sound.
        let timeout =
            deadline.or(self.back_at_ms).map(|at_ms| Duration::from_millis(at_ms.saturating_sub(self.now_ms())));
        let interest = if self.pending.is_empty() { Interest::Read } else { Interest::ReadOrWrite };
        let ready = port.wait(interest, &self.wake_receiver, timeout)?;
        if ready.writable && !self.pending.is_empty() {
            let count = port.write(&self.pending)?;
            self.pending.drain(..count.min(self.pending.len()));
        }
        if ready.readable {
            let count = port.read(buffer)?;
            let now_ms = self.now_ms();
            // Bytes that were there when the wait ended came in time, however late this thread was woken up.
            let arrived_ms = deadline.map_or(now_ms, |deadline| now_ms.min(deadline.saturating_sub(1)));
            return Ok(self.reader.feed(&buffer[..count], arrived_ms));
        }
        Ok(self.reader.poll(self.now_ms()))
    }

    fn take_signals(&mut self) {
        while let Ok(signal) = self.signals.try_recv() {
            let bytes = self.config.profile.signals.bytes(signal);
            if self.pending.len() + bytes.len() <= PENDING_BYTES_MAX {
                self.pending.extend_from_slice(bytes);
            }
        }
    }

    fn pass_on(&mut self, scans: Vec<Scan>) {
        *self.counters.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = self.reader.counters();
        for scan in scans {
            (self.sink)(DeviceEvent::Scanned(scan));
        }
    }

    /// Tells a change of health, once.
    fn tell(&mut self, state: HealthState) {
        if self.told == state {
            return;
        }
        let ScannerConfig { device, address, .. } = &self.config;
        tracing::info!(%device, %address, baud = self.baud, ?state, "scanner");
        self.told = state.clone();
        let health = Health { state, since: Utc::now() };
        (self.sink)(DeviceEvent::HealthChanged { device: self.config.device.clone(), health });
    }

    fn has_other_speeds(&self) -> bool {
        self.config.profile.link.speeds.iter().any(|speed| *speed != self.baud)
    }

    /// The speed to read at after nonsense. A proven one comes between every two others, which get a moment each: more often
    /// the cable or the label was bad than somebody has set the scanner anew.
    fn choose_next_speed(&mut self) {
        self.back_at_ms = None;
        if let Some(proven) = self.proven.filter(|proven| *proven != self.baud) {
            self.baud = proven;
            return;
        }
        let speeds = &self.config.profile.link.speeds;
        let from = speeds.iter().position(|speed| *speed == self.tried).map_or(0, |position| position + 1);
        let others = speeds.iter().cycle().skip(from).take(speeds.len());
        if let Some(next) = others.copied().find(|speed| *speed != self.baud) {
            (self.baud, self.tried) = (next, next);
            self.back_at_ms = self.proven.map(|_| self.now_ms() + OTHER_SPEED_MS);
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What a failure to open says of the device.
fn explain(error: PortError) -> HealthState {
    match error {
        PortError::NotThere | PortError::Gone => HealthState::Gone,
        PortError::Claimed => HealthState::Offline(HealthReason::Claimed),
        PortError::Forbidden | PortError::Refused(_) => HealthState::Offline(HealthReason::Port(error.to_string())),
    }
}
