//! The README's section on sending orders, pasted into a shell: every path of it, against real servers.
//!
//! What stands there for other machines is replaced by the servers of this test, central's port by a free one, and the Python
//! that is made there by the one `tests/run` has made. Everything else runs as it is printed.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::store::{OrderFilter, Store};

use super::servers::{FTP_PASSWORD, FtpServer, SshServer};
use crate::programs::python::python;

const README: &str = include_str!("../../../README.md");
const SECTION: &str = "## Sending orders\n";
const PATIENCE: Duration = Duration::from_secs(60);

/// The section's commands, block by block.
fn blocks() -> Vec<&'static str> {
    let section = README.split_once(SECTION).unwrap().1;
    let section = section.split_once("\n## ").unwrap().0;
    section.split("```sh\n").skip(1).map(|block| block.split_once("```").unwrap().0).collect()
}

/// Replaces what must be there, and is.
fn replaced(script: &str, replacements: &[(&str, &str)]) -> String {
    let mut script = script.to_owned();
    for (from, to) in replacements {
        assert!(script.contains(from), "the README no longer says {from:?}");
        script = script.replace(from, to);
    }
    script
}

/// A shell with everything it has started: they end together.
struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        // Central, which the script leaves running, is in the shell's own group.
        drop(Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).output());
        drop(self.0.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_of_the_readme_works_as_it_is_printed() {
    let (ssh, ftp) = (SshServer::start(), FtpServer::start_tls());
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["assets", "proto"] {
        std::os::unix::fs::symlink(root.join(name), path(name)).unwrap();
    }
    write_secret(&path("mill.key"), ssh.secret().key.unwrap().reveal());
    write_secret(&path("mart.txt"), FTP_PASSWORD);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (sftp, ftps) = (ssh.server("orders"), ftp.server("orders"));
    let disk = ssh.disk().display().to_string();
    let python = python().display().to_string();
    let script = replaced(
        &blocks().join("\n"),
        &[
            ("50051", &port.to_string()),
            ("sftp://till@files.example/orders", &ssh.place().to_text()),
            (
                "sftp -i mill.key -b - till@files.example",
                &format!(
                    "sftp -q -i mill.key -P {} -o StrictHostKeyChecking=no -o UserKnownHostsFile=hosts -b - {}@localhost",
                    sftp.port, sftp.user
                ),
            ),
            (" /orders/2001", &format!(" {disk}/2001")),
            ("ftp://till@ftp.example/~/in", &ftp.place().to_text()),
            ("curl --ssl-reqd --user \"till:", "curl --silent --show-error --insecure --ssl-reqd --user \"anonymous:"),
            ("ftp://ftp.example/in", &format!("ftp://127.0.0.1:{}/orders", ftps.port)),
            ("python3 -m venv python && python/bin/pip install --quiet grpcio-tools\n", ""),
            ("python/bin/python", &python),
            // Central speaks first: the README's reader waits for that line before pasting on.
            (" --data shop &\n", " --data shop >listening &\nuntil [ -s listening ]; do sleep 0.05; done\n"),
        ],
    );
    let programs = Path::new(env!("CARGO_BIN_EXE_central")).parent().unwrap().display().to_string();
    let output = |name: &str| Stdio::from(fs::File::create(path(name)).unwrap());
    let shell = Command::new("setsid")
        .args(["bash", "-euc", &script])
        .current_dir(folder.path())
        .env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap()))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("CENTRAL_DATA")
        .stdin(Stdio::null())
        .stdout(output("said"))
        .stderr(output("log"))
        .spawn()
        .unwrap();
    let mut shell = Shell(shell);
    let everything = || {
        let read = |name: &str| fs::read_to_string(path(name)).unwrap_or_default();
        format!("{}\n{}", read("said"), read("log"))
    };
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = shell.0.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < PATIENCE, "the shell does not end:\n{}", everything());
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(status.success(), "{status}:\n{}", everything());
    assert!(everything().contains("OUTCOME_IMPORTED W-10001 S001"), "{}", everything());
    assert!(everything().contains("one of the samples has problems"), "{}", everything());

    // Those of files may still be on their way.
    let store = SqliteStore::open(&path("shop/central.db"), OpenAs::Tool, chrono::Utc::now()).unwrap();
    let expected = [("mall", 1), ("mart", 2), ("mill", 1), ("website", 5)];
    loop {
        let mut found = Vec::new();
        for (channel, _) in expected {
            let filter = OrderFilter { channel: Some(channel.into()), orders_max: 100, ..OrderFilter::default() };
            found.push((channel, store.list_orders(filter).await.unwrap().len()));
        }
        if found == expected {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{found:?} instead of {expected:?}:\n{}", everything());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close();
}

/// As `sftp` wants a key, and anybody a password: for its owner alone.
fn write_secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}
