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
use super::speed::SpeedSearch;
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
            speeds: SpeedSearch::new(&config.profile.link),
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
    speeds: SpeedSearch,
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
            let line = self.config.profile.line_settings(self.speeds.baud());
            match Port::open(&self.config.address, &line) {
                Ok(port) => match self.serve(port) {
                    Closed::Stopped => return,
                    Closed::SpeedChanged => continue,
                    Closed::Gone => {
                        let scans = self.reader.disconnect(self.now_ms());
                        self.pass_on(scans);
                        self.pending.clear();
                        self.speeds.disconnect();
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
        loop {
            if self.stop.load(Ordering::Acquire) {
                return Closed::Stopped;
            }
            // Not in the middle of a burst: its rest would be nonsense at the right speed too.
            if self.speeds.is_due(self.now_ms()) && self.reader.next_deadline().is_none() {
                // What has just arrived would be thrown away: it is read first.
                match port.wait(Interest::Read, &self.wake_receiver, Some(Duration::ZERO)) {
                    Err(_) => return Closed::Gone,
                    Ok(ready) if ready.readable => {}
                    Ok(_) => {
                        self.speeds.choose_next(self.now_ms());
                        return Closed::SpeedChanged;
                    }
                }
            }
            self.take_signals();
            let Ok(scans) = self.step(&mut port, &mut buffer) else { return Closed::Gone };
            let was_doubtful = matches!(self.told, HealthState::Offline(HealthReason::WrongSpeed));
            let got = |quality| scans.iter().any(|scan| scan.quality == quality);
            let (read, garbled) = (got(ScanQuality::Whole) || got(ScanQuality::Repeat), got(ScanQuality::Garbage));
            self.pass_on(scans);
            self.speeds.hear(read, garbled, self.reader.garbled_in_a_row());
            if !self.reader.is_speed_doubtful() {
                if was_doubtful && read {
                    self.tell(HealthState::Ready);
                }
            } else if garbled {
                self.tell(HealthState::Offline(HealthReason::WrongSpeed));
            }
        }
    }

    /// One wait and what it brings.
    fn step(&mut self, port: &mut Port, buffer: &mut [u8]) -> Result<Vec<Scan>, PortError> {
        let deadline = self.reader.next_deadline();
        // An idle scanner's thread sleeps until it scans, is unplugged or is to sound.
        let timeout = deadline
            .or(self.speeds.next_deadline())
            .map(|at_ms| Duration::from_millis(at_ms.saturating_sub(self.now_ms())));
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
        tracing::info!(%device, %address, baud = self.speeds.baud(), ?state, "scanner");
        self.told = state.clone();
        let health = Health { state, since: Utc::now() };
        (self.sink)(DeviceEvent::HealthChanged { device: self.config.device.clone(), health });
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
