//! Two watches over central's process: a bait nobody may come for, and what it asks of the system.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// What strace is to show.
const CALLS: &str = "trace=%network,open,openat";
/// Calls that reach out, or make ready to.
const REACHING_OUT: &[&str] = &["socket(", "socketpair(", "connect("];

/// Where nobody may come.
pub struct Bait {
    pub listener: TcpListener,
    pub file: PathBuf,
}

impl Bait {
    pub fn lay(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let file = folder.join("bait.txt");
        fs::write(&file, "nobody may read this").unwrap();
        Self { listener, file }
    }

    pub fn url(&self) -> String {
        format!("http://{}/bait.dtd", self.listener.local_addr().unwrap())
    }

    /// Who has come for it.
    pub fn find_caller(&self) -> Option<TcpStream> {
        match self.listener.accept() {
            Ok((caller, _)) => Some(caller),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => panic!("the bait's port: {error}"),
        }
    }
}

/// How the process is watched.
enum Watch {
    Traced { log: PathBuf },
    Looked { stop: Arc<AtomicBool>, thread: Option<JoinHandle<Vec<String>>> },
}

/// Central, serving and watched.
pub struct Watched {
    child: Child,
    central: Pid,
    pub url: String,
    watch: Watch,
}

pub fn central_command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.args(arguments).arg("--data").arg(data);
    command
}

/// The same command under strace.
pub fn traced(command: &Command, log: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", CALLS, "-o"]).arg(log).arg("--").arg(command.get_program());
    traced.args(command.get_args());
    traced
}

/// Central by this command, and where it listens.
pub fn start(mut command: Command) -> Option<(Child, String)> {
    // A line for each document of thousands says nothing here.
    command.env("RUST_LOG", "warn");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().ok()?;
    let mut said = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut said).ok()?;
    match said.trim().strip_prefix("listening on ") {
        Some(url) => Some((child, url.to_owned())),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            None
        }
    }
}

impl Watched {
    pub fn serve(data: &Path, log: PathBuf) -> Self {
        let command = || central_command(data, &["serve", "--listen", "127.0.0.1:0"]);
        if let Some((child, url)) = start(traced(&command(), &log)) {
            let central = find_child(child.id());
            return Self { child, central, url, watch: Watch::Traced { log } };
        }
        eprintln!(
            "NETWORK CALLS ARE NOT TRACED: strace is missing or may not trace here. Open sockets are looked at instead."
        );
        let (child, url) = start(command()).expect("central does not serve");
        let central = Pid::from_raw(child.id() as i32);
        let watch = Watch::Looked { stop: Arc::default(), thread: None };
        Self { child, central, url, watch }
    }

    /// Everything the test itself needs is open: from here on nothing may be added.
    pub fn begin(&mut self) {
        let central = self.central;
        if let Watch::Looked { stop, thread } = &mut self.watch {
            let stop = Arc::clone(stop);
            let before = list_sockets(central);
            *thread = Some(thread::spawn(move || {
                let mut new = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    new.extend(list_sockets(central).into_iter().filter(|socket| !before.contains(socket)));
                    thread::park_timeout(Duration::from_millis(1));
                }
                new
            }));
        }
    }

    pub fn peak_kib(&self) -> u64 {
        peak_kib(self.central)
    }

    pub fn bytes_read(&self) -> u64 {
        status(self.central, "io", "rchar:")
    }

    /// Ends it; answers every call that reached out, and every look for a name or for the bait.
    pub fn end(mut self, bait: &Bait) -> Vec<String> {
        let _ = kill(self.central, Signal::SIGTERM);
        self.child.wait().unwrap();
        match &mut self.watch {
            Watch::Traced { log } => {
                let log = fs::read_to_string(log).unwrap();
                let listens = log.find("listen(").expect("strace has not seen central listen");
                list_reaching_out(&log[listens..], &bait.file)
            }
            Watch::Looked { stop, thread } => {
                stop.store(true, Ordering::Relaxed);
                thread.take().map(|thread| thread.join().unwrap()).unwrap_or_default()
            }
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill(self.central, Signal::SIGKILL);
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

pub fn list_reaching_out(log: &str, bait: &Path) -> Vec<String> {
    let bait = bait.display().to_string();
    let names = ["resolv.conf", "nsswitch.conf", "/etc/hosts", "/etc/passwd", bait.as_str()];
    let reaches = |line: &&str| {
        REACHING_OUT.iter().any(|call| line.contains(call))
            || ((line.contains("sendto(") || line.contains("sendmsg(")) && line.contains("sa_family="))
            || (line.contains("open") && names.iter().any(|name| line.contains(name)))
    };
    log.lines().filter(reaches).map(str::to_owned).collect()
}

fn list_sockets(of: Pid) -> Vec<String> {
    let Ok(files) = fs::read_dir(format!("/proc/{of}/fd")) else { return Vec::new() };
    let targets = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
    targets.map(|target| target.display().to_string()).filter(|target| target.starts_with("socket:")).collect()
}

/// The process strace has started.
pub fn find_child(of: u32) -> Pid {
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(number) = entry.file_name().to_string_lossy().parse::<i32>() else { continue };
        let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        if parent.is_some_and(|parent| parent.trim() == of.to_string()) {
            return Pid::from_raw(number);
        }
    }
    panic!("strace has started nothing");
}

/// The most memory a process has had at once.
pub fn peak_kib(of: Pid) -> u64 {
    status(of, "status", "VmHWM:")
}

fn status(of: Pid, file: &str, field: &str) -> u64 {
    let path = format!("/proc/{of}/{file}");
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_else(|| panic!("{path}: {field}"));
    line.split_whitespace().next().unwrap().parse().unwrap()
}
