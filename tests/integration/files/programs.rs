//! The programs: a file put down on a real server becomes an order in the store's feed, and the commands say what is wrong.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use till::central::store::sqlite::{OpenAs, SqliteStore};
use till::central::store::{Cursor, Feed, FeedPosition, FeedRequest, Store};
use till::central::{Config, RunningCentral, Security, Server, Surroundings};
use till::domain::feed::Change;
use till::domain::ids::TillId;

use super::pick_up::{document, drop_file, fill};
use super::servers::{FTP_PASSWORD, FtpServer, SshServer};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Central's data with a shop in it, and its commands.
struct Office {
    data: TempDir,
    files: TempDir,
}

impl Office {
    async fn new() -> Self {
        let office = Self { data: tempfile::tempdir().unwrap(), files: tempfile::tempdir().unwrap() };
        fill(&office.open()).await;
        office
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.data.path().join("central.db"), OpenAs::Tool, chrono::Utc::now()).unwrap()
    }

    /// A file with a secret, as a person would give it.
    fn secret_file(&self, name: &str, text: &str) -> String {
        let path = self.files.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn channel(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
        command.arg("channel").args(arguments).arg("--data").arg(self.data.path()).env("RUST_LOG", "trace");
        command.output().unwrap()
    }

    /// Runs a command that must succeed; answers what it said.
    fn say(&self, arguments: &[&str]) -> String {
        let output = self.channel(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", everything(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    async fn serve(&self) -> RunningCentral {
        let config = Config {
            data: self.data.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            security: Security::Plain,
            keep_persons_days: till::central::retention::DAYS_USUAL,
            surroundings: Surroundings::of_the_machine().unwrap(),
        };
        Server::start(config).await.unwrap()
    }
}

fn everything(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The senders' numbers of the orders in the feed of a store's tills.
async fn orders_in_feed(store: &SqliteStore) -> Vec<String> {
    let till = TillId { store: "S001".into(), workstation: "T01".into() };
    let request = FeedRequest {
        feed: Feed::Store("S001".into()),
        till,
        position: FeedPosition::After(Cursor(0)),
        changes_max: 1_000,
        now: till::domain::Timestamp::MAX_UTC,
    };
    let page = store.read_feed(request).await.unwrap();
    let mut found: Vec<String> = page
        .changes
        .into_iter()
        .filter_map(|change| match change {
            Change::Order(order) => Some(order.reference.clone()),
            _ => None,
        })
        .collect();
    found.sort();
    found
}

async fn wait_for<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(Instant::now() < deadline, "in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_on_a_file_server_becomes_an_order_at_the_tills_of_its_store() {
    let office = Office::new().await;
    let mut ssh = SshServer::start();
    let ftp = FtpServer::start_tls();
    let key = office.secret_file("mill.key", ssh.secret().key.unwrap().reveal());
    let password = office.secret_file("mart.txt", &format!("{FTP_PASSWORD}\n"));
    let url = ssh.place().to_text();
    let host_key = ssh.fingerprint();
    let certificate = ftp.fingerprint().unwrap();
    let add = |name: &str, more: &[&str]| {
        let arguments = [&["add", name, "--kind", "marketplace", "--every", "1h"], more].concat();
        assert!(!office.say(&arguments).contains(FTP_PASSWORD));
    };
    add("mill", &["--sftp", &url, "--key", &key, "--host-key", &host_key]);
    let running = office.serve().await;
    // Added while central runs.
    add("mart", &["--ftp", &ftp.place().to_text(), "--password-file", &password, "--host-key", &certificate]);
    add("mall", &["--folder", &office.files.path().display().to_string()]);
    for (folder, number) in [(ssh.disk(), "1"), (ftp.disk(), "2"), (office.files.path().join("."), "3")] {
        drop_file(&folder, "order.xml", &document(&[number]));
        drop_file(&folder, "order.xml.done", "");
    }
    for name in ["mill", "mart", "mall"] {
        // A channel that has just been added is looked at by itself; one that was looked at before the file came is poked.
        office.say(&["poke", name]);
    }
    let store = running.store.clone();
    wait_for("three orders at the tills", async || (orders_in_feed(&store).await == ["1", "2", "3"]).then_some(()))
        .await;
    // Without a marker: poked, it is looked at twice.
    drop_file(&ssh.disk(), "late.xml", &document(&["4"]));
    office.say(&["poke", "mill"]);
    wait_for("the fourth", async || (orders_in_feed(&store).await.len() == 4).then_some(())).await;
    wait_for("the file filed", async || ssh.disk().join("imported/late.xml").exists().then_some(())).await;

    // The server goes away: head office sees it, and that it is back.
    let state = async |name: &str| {
        let channels = store.list_file_channels().await.unwrap();
        channels.into_iter().find(|channel| channel.settings.channel.as_str() == name).unwrap().state
    };
    ssh.stop();
    office.say(&["poke", "mill"]);
    let failing =
        wait_for("the failure", async || Some(state("mill").await).filter(|s| s.failing_since.is_some())).await;
    assert!(failing.last_error.contains("nobody listens"), "{}", failing.last_error);
    let listed: serde_json::Value = serde_json::from_str(&office.say(&["list", "--json"])).unwrap();
    let mill = listed.as_array().unwrap().iter().find(|channel| channel["channel"] == "mill").unwrap();
    assert!(mill["files"]["last_error"].as_str().unwrap().contains("nobody listens"), "{mill}");
    assert_eq!((&mill["files"]["received"], &mill["files"]["imported"]), (&2.into(), &2.into()), "{mill}");
    ssh.start_again();
    office.say(&["poke", "mill"]);
    wait_for("it is back", async || state("mill").await.failing_since.is_none().then_some(())).await;
    drop(store);
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_is_wrong_and_what_is_right() {
    let office = Office::new().await;
    let mut ssh = SshServer::start();
    let key = office.secret_file("mill.key", ssh.secret().key.unwrap().reveal());
    let url = ssh.place().to_text();
    let said = office.say(&["add", "mill", "--kind", "customer", "--sftp", &url, "--key", &key]);
    assert!(said.contains("channel pin mill"), "{said}");
    let wrong = |cause: &str| {
        let output = office.channel(&["check", "mill"]);
        let said = everything(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("WRONG") && said.contains(cause), "{cause}: {said}");
    };
    wrong("has not been vouched for");
    assert!(office.say(&["pin", "mill"]).contains(&ssh.fingerprint()));
    let right = office.say(&["check", "mill"]);
    assert!(right.contains("files can be written, moved, read and removed") && !right.contains("WRONG"), "{right}");
    assert_eq!(fs::read_dir(ssh.disk()).unwrap().count(), 3, "nothing is left but the three folders");

    fs::remove_dir_all(ssh.disk()).unwrap();
    wrong("is not there");
    fs::create_dir(ssh.disk()).unwrap();
    ssh.start_with_another_key();
    wrong("shows another key than before");
    let pinned = office.say(&["pin", "mill"]);
    assert!(pinned.contains(&ssh.fingerprint()) && pinned.contains("instead of"), "{pinned}");
    office.say(&["check", "mill"]);
    ssh.stop();
    wrong("nobody listens");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_in_no_database_no_list_and_no_log() {
    let office = Office::new().await;
    let ftp = FtpServer::start_plain();
    let password = office.secret_file("mart.txt", FTP_PASSWORD);
    let url = ftp.place().to_text();
    let add = ["add", "mart", "--kind", "marketplace", "--ftp", url.as_str(), "--password-file", password.as_str()];
    // Without being told otherwise FTP is spoken with TLS, and this server has none.
    office.say(&add);
    let refused = office.channel(&["check", "mart"]);
    assert!(everything(&refused).contains("does not speak TLS"), "{}", everything(&refused));
    let said = office.channel(&[&add[..], &["--insecure"]].concat());
    let mut told = everything(&said);
    assert!(told.contains("in clear"), "{told}");
    for command in [&["check", "mart", "--json"][..], &["list", "--json"], &["list"]] {
        told.push_str(&everything(&office.channel(command)));
    }
    assert!(told.contains("\"right\": true"), "{told}");
    assert!(!told.contains(FTP_PASSWORD), "{told}");
    for entry in fs::read_dir(office.data.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            assert!(!holds(&path, FTP_PASSWORD), "{}", path.display());
        }
    }
    let url_with_password = ["add", "x", "--kind", "customer", "--sftp", "sftp://a:b@h/in", "--key", password.as_str()];
    let refused = everything(&office.channel(&url_with_password));
    assert!(refused.contains("does not belong into a URL"), "{refused}");
    office.say(&["remove", "mart"]);
    assert_eq!(fs::read_dir(office.data.path().join("file-secrets")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_named_of_a_channel_stays_and_a_change_says_the_rest() {
    let office = Office::new().await;
    let ftp = FtpServer::start_tls();
    let password = |name: &str, text: &str| office.secret_file(name, text);
    let url = ftp.place().to_text();
    let certificate = ftp.fingerprint().unwrap();
    let wrong = password("wrong.txt", "not this one");
    let out = ftp.disk().join("out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(out, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let add = ["add", "mart", "--kind", "marketplace", "--ftp", &url, "--host-key", &certificate];
    office.say(&[&add[..], &["--password-file", &wrong]].concat());
    let files = || {
        let listed: serde_json::Value = serde_json::from_str(&office.say(&["list", "--json"])).unwrap();
        let mart = &listed[0]["files"];
        (mart["every_seconds"].clone(), mart["outbound"].clone(), mart["host_key"].clone())
    };
    let expected = |every: u32, outbound: Option<&str>| (every.into(), outbound.into(), certificate.clone().into());
    assert_eq!(files(), expected(300, None), "every five minutes");
    office.say(&["change", "mart", "--every", "1m", "--outbound", "out"]);
    assert_eq!(files(), expected(60, Some("out")));
    let refused = everything(&office.channel(&["check", "mart"]));
    assert!(refused.contains("central channel change"), "{refused}");
    // Another password, by either command: the rest stays.
    let right = password("mart.txt", FTP_PASSWORD);
    office.say(&["change", "mart", "--password-file", &right]);
    office.say(&["check", "mart"]);
    assert_eq!(files(), expected(60, Some("out")));
    office.say(&["add", "mart", "--kind", "marketplace", "--password-file", &wrong]);
    assert_eq!(office.channel(&["check", "mart"]).status.code(), Some(1));
    office.say(&["add", "mart", "--kind", "marketplace", "--password-file", &right, "--every", "2m"]);
    office.say(&["add", "mart", "--kind", "marketplace", "--ftp", &url]);
    office.say(&["check", "mart"]);
    assert_eq!(files(), expected(120, Some("out")));
    office.say(&["change", "mart", "--no-outbound"]);
    assert_eq!(files(), expected(120, None));
    // What is good for one server is for no other, and what a place has no use for is refused.
    let elsewhere = ["add", "mart", "--kind", "marketplace", "--ftp", "ftp://till@elsewhere.example/in"];
    let said = everything(&office.channel(&elsewhere));
    assert!(said.contains("--password-file"), "{said}");
    let said = everything(&office.channel(&["change", "mart", "--key", &right]));
    assert!(said.contains("takes no key"), "{said}");
    let said = everything(&office.channel(&["add", "new", "--kind", "marketplace", "--every", "1m"]));
    assert!(said.contains("--folder, --sftp or --ftp"), "{said}");
}

fn holds(path: &Path, text: &str) -> bool {
    fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}
