//! A program of ours or of the machine's, run beside the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A program that ends with the test, however that ends.
pub struct Program {
    pub child: Child,
    log: PathBuf,
}

impl Program {
    pub fn start(mut command: Command, log: PathBuf) -> Self {
        let output = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let child = command.stdin(Stdio::null()).stderr(output).spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{command:?}: {error}")), log }
    }

    /// The same, where nobody reads what it says any more: its terminal is gone.
    pub fn start_unheard(mut command: Command, log: PathBuf) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        let child = command.stdin(Stdio::null()).stderr(writer).spawn();
        drop(reader);
        Self { child: child.unwrap_or_else(|error| panic!("{command:?}: {error}")), log }
    }

    /// As a power cut ends it: no signal it could answer.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// As its service manager ends it: it finishes what is under way, and ends well.
    pub fn terminate(mut self, patience: Duration) {
        self.tell("TERM");
        let status = self.wait(patience);
        assert!(status.success(), "told to end, it ended with {status}:\n{}", tail(&self.log));
    }

    /// Sends it a signal.
    pub fn tell(&self, signal: &str) {
        let told = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(told.unwrap().success(), "{} could not be told {signal}", self.log.display());
    }

    /// How it ends, by itself.
    pub fn wait(&mut self, patience: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < patience, "told to end, it does not:\n{}", tail(&self.log));
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    pub fn expect_running(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!("{} ended with {status}:\n{}", self.log.display(), tail(&self.log));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program as a person starts it: whatever runs the tests in its background may have switched off Ctrl+C, and the program would
/// leave it off.
pub fn with_signals(program: &str) -> Command {
    let mut command = Command::new("env");
    command.args(["--default-signal=INT,HUP", program]);
    command
}

/// The end of a log.
pub fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
