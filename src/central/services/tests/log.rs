//! What central says in its log while a test listens.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::subscriber::DefaultGuard;

/// All that is said on this thread.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Listens until it is dropped.
pub struct Listening {
    _guard: DefaultGuard,
    _second: tracing::Dispatch,
}

impl Log {
    /// Begins to listen.
    pub fn listen() -> (Self, Listening) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
        let guard = tracing::subscriber::set_default(subscriber.finish());
        // With one subscriber alone, tracing asks the thread that happens to log first whether anybody listens: of a test
        // beside this one nobody does. With two it asks them.
        let second = tracing::Dispatch::new(tracing_subscriber::registry());
        (log, Listening { _guard: guard, _second: second })
    }

    /// What was said so far.
    pub fn said(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}
