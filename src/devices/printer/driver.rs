//! The thread that joins a printer's conversation to its port.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::conversation::{Conversation, PrinterEvent};
use super::encode::test_page;
use crate::devices::port::{
    Interest, Port, PortAddress, PortError, REOPEN_INTERVAL, WakeReceiver, Waker, wait_without_port, waker,
};
use crate::devices::printer::PrinterProfile;
use crate::devices::{Clock, Sink};
use crate::domain::device::{DeviceEvent, Health, HealthReason, HealthState, PrintCommand};
use crate::domain::ids::DeviceId;

/// A busy line that only the device's DSR shows is looked at this often while bytes wait.
const BUSY_LINE_INTERVAL: Duration = Duration::from_millis(5);
/// Bytes that the printer takes no more of are offered again after this, however it is.
const OFFER_AGAIN: Duration = Duration::from_secs(60);

/// Where the printer is and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct PrinterConfig {
    /// How events call it.
    pub device: DeviceId,
    /// Its port.
    pub address: PortAddress,
    /// The profile's name, for the test page.
    pub profile_name: String,
    /// What is known of the model.
    pub profile: PrinterProfile,
}

enum Wish {
    Command(PrintCommand),
    Clear,
    Stop,
}

/// A printer with its thread, which ends when this is dropped.
pub struct PrinterHandle {
    wishes: Sender<Wish>,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

impl PrinterHandle {
    /// Starts the thread. It looks for the port for ever; what it finds is told to the sink.
    ///
    /// # Errors
    /// The system has no descriptors or threads left.
    pub fn start(config: PrinterConfig, clock: Clock, sink: Sink) -> std::io::Result<Self> {
        let (waker, receiver) = waker()?;
        let (wishes, wished) = mpsc::channel();
        let thread = std::thread::Builder::new().name("printer".into()).spawn(move || {
            Driver {
                conversation: Conversation::new(Arc::new(config.profile.clone()), Instant::now()),
                config,
                clock,
                sink,
                wished,
                receiver,
            }
            .run();
        })?;
        Ok(Self { wishes, waker, thread: Some(thread) })
    }

    /// Passes a command on. Never waits.
    pub fn send(&self, command: PrintCommand) {
        self.wish(Wish::Command(command));
    }

    /// Takes every document back that is not on paper.
    pub fn clear(&self) {
        self.wish(Wish::Clear);
    }

    fn wish(&self, wish: Wish) {
        // The thread lives until `Stop`, which only `drop` sends.
        let _ = self.wishes.send(wish);
        self.waker.wake();
    }
}

impl Drop for PrinterHandle {
    fn drop(&mut self) {
        self.wish(Wish::Stop);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the printer's thread had panicked");
        }
    }
}

struct Driver {
    conversation: Conversation,
    config: PrinterConfig,
    clock: Clock,
    sink: Sink,
    wished: Receiver<Wish>,
    receiver: WakeReceiver,
}

/// Whether the thread goes on.
enum Next {
    GoOn,
    Stop,
}

impl Driver {
    fn run(mut self) {
        let mut port: Option<Port> = None;
        loop {
            if let Next::Stop = self.take_wishes() {
                return;
            }
            port = match port {
                Some(open) => self.serve(open),
                None => self.open(),
            };
            self.tell();
        }
    }

    fn take_wishes(&mut self) -> Next {
        let now = Instant::now();
        while let Ok(wish) = self.wished.try_recv() {
            match wish {
                Wish::Command(PrintCommand::Print { job, document }) => {
                    self.conversation.print(Some(job), &document, now);
                }
                Wish::Command(PrintCommand::OpenDrawer) => self.conversation.open_drawer(now),
                Wish::Command(PrintCommand::Cancel(job)) => self.conversation.cancel(job, now),
                Wish::Command(PrintCommand::SelfTest) => {
                    let page = test_page(&self.config.profile, &self.config.profile_name);
                    self.conversation.print(None, &page, now);
                }
                Wish::Clear => self.conversation.clear(now),
                Wish::Stop => return Next::Stop,
            }
        }
        self.tell();
        Next::GoOn
    }

    fn open(&mut self) -> Option<Port> {
        match Port::open(&self.config.address, &self.config.profile.line_settings()) {
            Ok(port) => {
                tracing::info!(port = %self.config.address, "printer port open");
                self.conversation.handle_opened(Instant::now());
                Some(port)
            }
            Err(error) => {
                self.conversation.handle_closed(health_of(&error), Instant::now());
                self.tell();
                wait_without_port(&self.receiver, REOPEN_INTERVAL);
                self.conversation.handle_time(Instant::now());
                None
            }
        }
    }

    /// One round with an open port; gives it back while it lasts.
    fn serve(&mut self, mut port: Port) -> Option<Port> {
        match self.exchange(&mut port) {
            Ok(()) => Some(port),
            Err(error) => {
                tracing::warn!(port = %self.config.address, %error, "printer port lost");
                self.conversation.handle_closed(HealthState::Gone, Instant::now());
                None
            }
        }
    }

    fn exchange(&mut self, port: &mut Port) -> Result<(), PortError> {
        if self.conversation.take_discard() {
            port.discard_output();
        }
        // What is told first is known before a byte of it can be on paper.
        self.tell();
        self.write(port)?;
        let now = Instant::now();
        let waiting = !self.conversation.transmit().is_empty();
        let held_back = waiting && port.is_held_back();
        let mut due = vec![];
        due.extend(self.conversation.deadline().map(|due| due.saturating_duration_since(now)));
        due.extend(waiting.then_some(OFFER_AGAIN));
        due.extend(held_back.then_some(BUSY_LINE_INTERVAL));
        // With nothing due, the printer itself, its unplugging or a wish end the wait.
        let timeout = due.into_iter().min();
        let interest = if waiting && !held_back { Interest::ReadOrWrite } else { Interest::Read };
        if port.wait(interest, &self.receiver, timeout)?.readable {
            let mut buffer = [0; 512];
            let count = port.read(&mut buffer)?;
            self.conversation.handle_bytes(&buffer[..count], Instant::now());
        }
        // A little room is not announced by every system: try before concluding that there is none.
        self.write(port)?;
        self.conversation.handle_time(Instant::now());
        Ok(())
    }

    fn write(&mut self, port: &mut Port) -> Result<(), PortError> {
        while !self.conversation.transmit().is_empty() {
            let count = port.write(self.conversation.transmit())?;
            if count == 0 {
                break;
            }
            self.conversation.handle_accepted(count, Instant::now());
            self.tell();
        }
        Ok(())
    }

    fn tell(&mut self) {
        while let Some(event) = self.conversation.next_event() {
            tracing::debug!(?event, "printer");
            (self.sink)(match event {
                PrinterEvent::HealthChanged(state) => DeviceEvent::HealthChanged {
                    device: self.config.device.clone(),
                    health: Health { state, since: (self.clock)() },
                },
                PrinterEvent::PaperChanged(level) => DeviceEvent::PaperChanged(level),
                PrinterEvent::DrawerChanged(moved) => {
                    DeviceEvent::DrawerChanged { position: moved.position, kicked: moved.kicked }
                }
                PrinterEvent::DrawerStaysShut => DeviceEvent::DrawerStaysShut,
                PrinterEvent::JobProgressed { job, state } => DeviceEvent::PrintProgressed { job, state },
            });
        }
    }
}

fn health_of(error: &PortError) -> HealthState {
    match error {
        PortError::NotThere | PortError::Gone => HealthState::Gone,
        PortError::Claimed => HealthState::Offline(HealthReason::Claimed),
        PortError::Forbidden | PortError::Refused(_) => HealthState::Offline(HealthReason::Port(error.to_string())),
    }
}
