//! A program of ours or of the machine's, run beside the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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

    /// As a power cut ends it: no signal it could answer.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
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

/// The end of a log.
pub fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
