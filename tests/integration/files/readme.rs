//! The README's sections on sending orders and on head office, pasted into one shell: every path and every command of them,
//! against the servers that they set up.
//!
//! All of it runs as it is printed, as root, in a world of its own: with its own network, so that every port is free and nobody
//! else is reached, its own `/etc` and `/srv`, which are forgotten with it, and its own processes, which end with it. What is
//! left out is what `tests/run` has installed already: packages, and the Python with the gRPC tools.
//!
//! Only root can make such a world, and not where it runs in somebody else's (a container without CAP_SYS_ADMIN). There the servers
//! are those of the other tests, and their names and ports are put into the text.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::store::{OrderFilter, Store};

use super::servers::{FTP_PASSWORD, FtpServer, SshServer};
use crate::ports;
use crate::programs::python::python;

const README: &str = include_str!("../../../README.md");
const SECTIONS: [&str; 2] = ["## Sending orders\n", "## Head office and the warehouse\n"];
/// How long all of it may take, with every core busy.
const PATIENCE: Duration = Duration::from_secs(300);
/// How a block begins that makes a server of the machine.
const SERVER: &str = "apt-get install ";
/// What a world of its own is made of: loopback, and what the lines of the README write to.
const WORLD: &str = r#"
ip link set lo up
mount -t tmpfs none "$WORLD"
cp -a /etc "$WORLD/etc"
mount --bind "$WORLD/etc" /etc
for folder in /srv /run /var/log /var/mail; do mount -t tmpfs none $folder; done
echo "UserKnownHostsFile $WORLD/hosts" >/etc/ssh/ssh_config.d/world.conf
"#;

/// The sections' commands, block by block.
fn blocks() -> Vec<&'static str> {
    SECTIONS.into_iter().flat_map(blocks_of).collect()
}

/// Those of one section.
fn blocks_of(title: &str) -> Vec<&'static str> {
    let section = README.split_once(title).unwrap().1.split_once("\n## ").unwrap().0;
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

/// Without its line of packages.
fn without_packages(block: &str) -> String {
    block.lines().filter(|line| !line.starts_with(SERVER)).map(|line| format!("{line}\n")).collect()
}

/// A shell with everything it has started: they end together.
struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        // Central, which the script leaves running, is in the shell's own group or world.
        drop(Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).output());
        drop(self.0.wait());
    }
}

/// What everybody's script has in it: the Python is made already, and central speaks before the reader pastes on.
fn prepared(script: &str) -> String {
    let python = python().display().to_string();
    replaced(
        script,
        &[
            ("python3 -m venv python && python/bin/pip install --quiet grpcio-tools\n", ""),
            ("python/bin/python", &python),
            (" --data shop &\n", " --data shop >listening &\nuntil [ -s listening ]; do sleep 0.05; done\n"),
        ],
    )
}

const A_WORLD: [&str; 7] = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];

/// May a world be made here, and may something be mounted in it?
fn can_make_a_world() -> bool {
    let mut command = Command::new(A_WORLD[0]);
    let output = command.args(&A_WORLD[1..]).args(["mount", "-t", "tmpfs", "none", "/srv"]).output();
    output.is_ok_and(|output| output.status.success())
}

/// The shell, running all of it as it is printed.
fn in_a_world_of_its_own(folder: &Path) -> Command {
    let blocks: Vec<String> = blocks().into_iter().map(without_packages).collect();
    let world = folder.join("world");
    fs::create_dir(&world).unwrap();
    // It is over when nothing more is looked for: the files may still be on their way.
    let script = format!("{WORLD}{}\ntouch done\nread -r _ || true\n", prepared(&blocks.join("\n")));
    let mut command = Command::new("setsid");
    command.args(A_WORLD).args(["bash", "-euc", &script]).env("WORLD", world);
    command
}

/// The shell with the servers of other tests in the place of those that root alone can make.
fn on_other_servers(folder: &Path, ssh: &SshServer, ftp: &FtpServer) -> Command {
    fs::write(folder.join("mart.txt"), FTP_PASSWORD).unwrap();
    let blocks: Vec<&str> = blocks().into_iter().filter(|block| !block.starts_with(SERVER)).collect();
    let (sftp, ftps) = (ssh.server("orders"), ftp.server("orders"));
    let (ssh_place, ftp_place) = (ssh.place().to_text(), ftp.place().to_text());
    let key = format!("cp {} mill.key", ssh.key_file().display());
    let script = replaced(
        &prepared(&blocks.join("\n")),
        &[
            ("50051", &ports::take().to_string()),
            ("9464", &ports::take().to_string()),
            ("ssh-keygen -q -t ed25519 -N \"\" -f mill.key", &key),
            ("sftp://mill@localhost/~/orders", &ssh_place),
            (
                "accept-new -b - mill@localhost",
                &format!("no -o UserKnownHostsFile=hosts -P {} -b - {}@localhost", sftp.port, sftp.user),
            ),
            (" orders/2001", &format!(" {}/2001", ssh.disk().display())),
            ("ftp://mart@localhost/~/in", &ftp_place),
            ("--cacert /etc/ssl/certs/vsftpd.pem --user \"mart:", "--insecure --user \"anonymous:"),
            ("ftp://localhost/in", &format!("ftp://127.0.0.1:{}/orders", ftps.port)),
        ],
    );
    for disk in [ssh.disk(), ftp.disk()] {
        fs::create_dir(disk.join("out")).unwrap();
    }
    let mut command = Command::new("setsid");
    command.args(["bash", "-euc", &format!("{script}\ntouch done\nread -r _ || true\n")]);
    command
}

async fn expect_all_of_it_works(folder: &Path, mut command: Command) {
    let path = |name: &str| folder.join(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["assets", "proto"] {
        std::os::unix::fs::symlink(root.join(name), path(name)).unwrap();
    }
    let programs = Path::new(env!("CARGO_BIN_EXE_central")).parent().unwrap().display().to_string();
    let output = |name: &str| Stdio::from(fs::File::create(path(name)).unwrap());
    command
        .current_dir(folder)
        .env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap()))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("CENTRAL_DATA")
        .stdin(Stdio::piped())
        .stdout(output("said"))
        .stderr(output("log"));
    let mut shell = Shell(command.spawn().unwrap());
    let everything = || {
        let read = |name: &str| fs::read_to_string(path(name)).unwrap_or_default();
        format!("{}\n{}", read("said"), read("log"))
    };
    let begun = Instant::now();
    while !path("done").exists() {
        if let Some(status) = shell.0.try_wait().unwrap() {
            panic!("{status}:\n{}", everything());
        }
        assert!(begun.elapsed() < PATIENCE, "the shell does not end:\n{}", everything());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(everything().contains("OUTCOME_IMPORTED W-10001 S001"), "{}", everything());
    for said in [
        "one of the samples has problems",
        "1 item to match",
        "W-10006 customer C-2102",
        "W-10004 dispatched",
        "DELIVERY NOTE",
        "central_channel_orders_total{channel=\"depot\"} 1",
    ] {
        assert!(everything().contains(said), "{said}: {}", everything());
    }

    // Those of files may still be on their way.
    let store = SqliteStore::open(&path("shop/central.db"), OpenAs::Tool, chrono::Utc::now()).unwrap();
    let expected = [("depot", 1), ("mall", 1), ("mart", 2), ("mill", 1), ("website", 5)];
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

/// Runs a script in a folder that has our samples in it, and answers what it said.
fn pasted(folder: &Path, script: &str) -> String {
    std::os::unix::fs::symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), folder.join("assets")).unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_central")).parent().unwrap().display().to_string();
    let mut command = Command::new("bash");
    command.args(["-euc", script]).current_dir(folder).env_remove("CENTRAL_DATA").stdin(Stdio::null());
    command.env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap()));
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}\n{said}");
    said
}

#[test]
fn what_the_list_of_file_channels_names_it_makes_itself() {
    let folder = tempfile::tempdir().unwrap();
    let imports: String = blocks_of("## With real hardware\n")[0]
        .lines()
        .filter(|line| line.starts_with("central import "))
        .map(|line| format!("{line}\n"))
        .collect();
    let list = blocks_of("## Orders from outside\n").into_iter().find(|block| block.contains("--sftp")).unwrap();
    let ssh = SshServer::start();
    let servers = [
        ("sftp://till@files.example/orders", &*ssh.place().to_text()),
        // Nobody answers there, and that is what it says.
        ("central channel check mart --data shop ", "central channel check mart --data shop || true "),
    ];
    let said = pasted(folder.path(), &replaced(&format!("{imports}{list}"), &servers));
    for channel in ["mall", "mill", "mart"] {
        assert!(said.contains(&format!("{channel} picks up files from ")), "{channel}: {said}");
    }
}

#[test]
fn every_file_of_the_data_folders_is_in_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    // What else a running central makes, and a till, each in its own folder.
    let script = "
        central import stores assets/sample/stores.csv --data shop
        mkdir mall; echo secret >mart.txt
        central channel add mart --kind marketplace --ftp ftp://a@localhost/in --password-file mart.txt --data shop
        central serve --listen 127.0.0.1:0 --data shop >listening &
        until [ -s listening ]; do sleep 0.05; done
        code=$(central enrol-code --store S001 --workstation T01 --data shop)
        till enrol --central http://$(sed s,.*http://,, listening) --code $code --data till
        ls shop till
        kill $!; wait $! || true";
    pasted(folder.path(), script);
    let till = till::database::Database::open(&folder.path().join("till/till.db"), chrono::Utc::now()).unwrap();
    let mut names = Vec::new();
    for data in ["shop", "till"] {
        let entries = fs::read_dir(folder.path().join(data)).unwrap();
        names.extend(entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()));
    }
    drop(till);
    for made in ["central.db.reached", "central.lock", "till.db.lock", "till.db-wal", "file-secrets"] {
        assert!(names.iter().any(|name| name == made), "{made}: {names:?}");
    }
    let unsaid: Vec<_> = names.iter().filter(|name| !README.contains(&format!("`{}", name.as_str()))).collect();
    assert!(unsaid.is_empty(), "not in the README: {unsaid:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_of_the_readme_works_as_it_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    if can_make_a_world() {
        expect_all_of_it_works(folder.path(), in_a_world_of_its_own(folder.path())).await;
        return;
    }
    eprintln!("no world of one's own can be made here: the README's commands run against other servers");
    let (ssh, ftp) = (SshServer::start(), FtpServer::start_tls());
    expect_all_of_it_works(folder.path(), on_other_servers(folder.path(), &ssh, &ftp)).await;
}
