//! Central as the real program on real data with the sample shop in it, killed as a power cut ends it or told to end, and
//! started again on the port it had.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use till::central::store::sqlite::{OpenAs, SqliteStore};

use super::program::{Program, tail};
use crate::ports;

/// How long a start may take on a machine with every core busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Central, its data, and what it says.
pub struct Central {
    folder: TempDir,
    address: String,
    /// Where it tells figures.
    figures: String,
    program: Option<Program>,
    /// How often it was killed.
    pub kills: u32,
    /// How often it was told to end, and did.
    pub ends: u32,
}

impl Central {
    /// With the sample shop in its data; it does not run yet.
    pub fn new() -> Self {
        let central = Self {
            folder: tempfile::tempdir().unwrap(),
            address: format!("127.0.0.1:{}", ports::take()),
            figures: format!("127.0.0.1:{}", ports::take()),
            program: None,
            kills: 0,
            ends: 0,
        };
        for kind in ["stores", "products", "stock"] {
            let file = format!("{}/assets/sample/{kind}.csv", env!("CARGO_MANIFEST_DIR"));
            central.say(&["import", kind, &file]);
        }
        central
    }

    /// In its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of head office's on its data.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.args(arguments).arg("--data").arg(self.path("data"));
        command
    }

    /// Runs a command that must succeed; answers what it said.
    pub fn say(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts it, and waits until it answers. Another run on this machine may hold its port: then it is started again.
    pub fn start(&mut self) {
        let begun = Instant::now();
        loop {
            let mut program = self.spawn();
            let mut said = String::new();
            BufReader::new(program.child.stdout.take().unwrap()).read_line(&mut said).unwrap();
            if said.trim().strip_prefix("listening on http://") == Some(self.address.as_str()) {
                self.program = Some(program);
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "central does not start: {said:?}\n{}", self.tail());
        }
    }

    fn spawn(&self) -> Program {
        let mut command = self.command(&["serve", "--listen", &self.address, "--metrics", &self.figures]);
        command.env("NO_COLOR", "1").stdout(Stdio::piped());
        Program::start(command, self.path("log"))
    }

    /// As a power cut ends it.
    pub fn kill(&mut self) {
        self.program = None;
        self.kills += 1;
    }

    /// As its service manager ends it: by SIGTERM, which lets it finish what is under way.
    pub fn terminate(&mut self) {
        if let Some(program) = self.program.take() {
            program.terminate(PATIENCE);
            self.ends += 1;
        }
    }

    /// Started, and killed before it can say where it listens, or just then.
    pub fn die_starting(&mut self) {
        drop(self.spawn());
        self.kills += 1;
    }

    pub fn expect_running(&mut self) {
        if let Some(program) = &mut self.program {
            program.expect_running();
        }
    }

    /// What it tells of its channels, by sample.
    pub fn read_figures(&self) -> BTreeMap<String, f64> {
        let mut stream = TcpStream::connect(&self.figures).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK") && head.contains("application/openmetrics-text"), "{head}");
        assert!(body.ends_with("# EOF\n"), "{body}");
        let samples = body.lines().filter(|line| !line.starts_with('#'));
        samples
            .map(|line| line.rsplit_once(' ').unwrap())
            .map(|(sample, figure)| (sample.to_owned(), figure.parse().unwrap()))
            .collect()
    }

    pub fn tail(&self) -> String {
        tail(&self.path("log"))
    }

    /// Its data, beside it.
    pub fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.path("data/central.db"), OpenAs::Tool, chrono::Utc::now()).unwrap()
    }
}
