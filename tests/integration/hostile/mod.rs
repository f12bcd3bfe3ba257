//! Hostile documents against the real `central`: refused, in bounded memory, and with nothing fetched from anywhere.
//!
//! Two watches see what is fetched. A bait: a port of this test's own and a file, which the documents name wherever XML has
//! a place for a name; nobody may come. And strace, which shows every network call of the process: behind the one that
//! listens none may make a socket or call anybody. Where a process may not be traced the second watch looks at the process's
//! open sockets instead, many times a second, and says so aloud.
//!
//! How long a refusal takes is no test's to say by the clock: each is held against reading a good order of the same size
//! here, and in milliseconds in `cargo bench`.

pub mod documents;
mod watch;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use till::central::intake::document::Document;
use till::wire::trade::v1 as proto;
use till::wire::trade::v1::order_service_client::OrderServiceClient;

use documents::{list_hostile, sample, write_good};
use watch::{Bait, Watched, central_command, find_child, list_reaching_out, peak_kib, start, traced};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often every document is sent: all of them together are then larger than the growth that is allowed.
const ROUNDS: usize = 14;
/// By how much a central that has read every document here may have grown. The largest it reads is a megabyte.
const GROWTH_KIB_MAX: u64 = 64 * 1024;
/// How much may be read while a file of 100 MB is taken: its first megabyte, and central's own data.
const READ_BYTES_MAX: u64 = 16 * 1024 * 1024;
const ENDLESS_BYTES: usize = 100 * 1024 * 1024;
/// How many times longer than reading a good order of its size a refusal may take; the shortest of some tries each.
const TIMES_LONGER_MAX: f64 = 4.0;
const TRIES: usize = 7;

struct Office {
    folder: TempDir,
}

impl Office {
    fn open() -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(office.orders()).unwrap();
        for kind in ["stores", "products", "stock"] {
            let file = format!("{}/assets/sample/{kind}.csv", env!("CARGO_MANIFEST_DIR"));
            office.done(&["import", kind, &file]);
        }
        office
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("central")
    }

    /// Where orders come as files.
    fn orders(&self) -> PathBuf {
        self.folder.path().join("orders")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        central_command(&self.data(), arguments).output().unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A file of so many bytes that begins like an order and never ends.
fn write_endless(path: &Path, begins: &str, goes_on: &str) {
    let mut file = fs::File::create(path).unwrap();
    let block = goes_on.repeat(1024 * 1024 / goes_on.len());
    file.write_all(begins.as_bytes()).unwrap();
    for _ in 0..ENDLESS_BYTES / block.len() {
        file.write_all(block.as_bytes()).unwrap();
    }
}

type Client = OrderServiceClient<tonic::transport::Channel>;

/// What a document came to: its problems' codes, or why it was not even read.
async fn submit(client: &mut Client, token: &str, xml: Vec<u8>) -> Result<(proto::Outcome, Vec<String>), String> {
    let message = proto::SubmitOrderRequest { xml, content_type: "application/xml".to_owned(), ..Default::default() };
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let answer = client.submit_order(request).await.map_err(|status| status.to_string())?.into_inner();
    Ok((answer.outcome(), answer.problems.into_iter().map(|problem| problem.code).collect()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_document_gets_nothing_fetched_and_no_memory() {
    let office = Office::open();
    let bait = Bait::lay(office.folder.path());
    let token = office.done(&["channel", "add", "website", "--kind", "website"]);
    let orders = office.orders().display().to_string();
    office.done(&["channel", "add", "mall", "--kind", "marketplace", "--folder", &orders]);
    let mut central = Watched::serve(&office.data(), office.folder.path().join("calls.txt"));
    let mut client = OrderServiceClient::connect(central.url.clone()).await.unwrap();
    let good = submit(&mut client, token.trim(), sample("orders/pick-up-paid.xml").into()).await.unwrap();
    assert_eq!(good.0, proto::Outcome::Imported, "{good:?}");
    central.begin();
    let before_kib = central.peak_kib();

    let documents = list_hostile(&bait.url(), &bait.file);
    let sent: usize = documents.iter().map(|(_, xml, _)| xml.len()).sum::<usize>() * ROUNDS;
    assert!(sent as u64 / 1024 > GROWTH_KIB_MAX * 3 / 2, "to keep all of {sent} bytes would be allowed");
    let (count, mut wrong) = (documents.len(), Vec::new());
    for (name, xml, code) in (0..ROUNDS).flat_map(|_| &documents) {
        let answer = submit(&mut client, token.trim(), xml.clone()).await;
        let expected = Ok((proto::Outcome::Problem, vec![(*code).to_owned()]));
        if answer.is_err() || (!code.is_empty() && answer != expected) {
            wrong.push(format!("{name}: {answer:?}, and not {code}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let too_large = submit(&mut client, token.trim(), vec![b'<'; 8 * 1024 * 1024]).await;
    assert!(too_large.is_err(), "a message of 8 MB was read: {too_large:?}");

    // The same door for files: 100 MB that begin like an order.
    let read_before = central.bytes_read();
    let endless = [("text.xml", "<order number='1'><note>", "x"), ("deep.xml", "<order number='2'>", "<a>")];
    for (name, begins, goes_on) in endless {
        write_endless(&office.orders().join(name), begins, goes_on);
        fs::write(office.orders().join(format!("{name}.done")), "").unwrap();
    }
    office.done(&["channel", "poke", "mall"]);
    let begun = Instant::now();
    while !endless.iter().all(|(name, ..)| office.orders().join("problem").join(name).exists()) {
        assert!(begun.elapsed() < PATIENCE, "the endless files are not filed as problems");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (read, grown_kib) = (central.bytes_read() - read_before, central.peak_kib() - before_kib);
    assert!(read <= READ_BYTES_MAX, "{read} bytes were read for two endless files");
    assert!(is_bounded(grown_kib), "central has grown by {grown_kib} KiB");

    drop(client);
    let calls = central.end(&bait);
    assert!(calls.is_empty(), "central reached out:\n{}", calls.join("\n"));
    assert!(bait.find_caller().is_none(), "somebody came for the bait");
    println!("{count} documents, {ROUNDS} times; {read} bytes read of 200 MB, grown by {grown_kib} KiB");
}

const fn is_bounded(grown_kib: u64) -> bool {
    grown_kib <= GROWTH_KIB_MAX
}

/// A bound that nobody would break proves nothing: another program reads one of the endless files whole.
#[test]
fn a_reader_that_keeps_everything_breaks_the_bound() {
    let folder = tempfile::tempdir().unwrap();
    let endless = folder.path().join("text.xml");
    write_endless(&endless, "<order number='1'><note>", "x");
    let script = "import sys\nprint(flush=True)\ninput()\nkept = open(sys.argv[1], 'rb').read()\nprint(len(kept), flush=True)\nsys.stdin.read()";
    let mut reader = Command::new("/usr/bin/python3")
        .args(["-c", script])
        .arg(&endless)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (pid, mut told) = (Pid::from_raw(reader.id() as i32), reader.stdin.take().unwrap());
    let mut said = BufReader::new(reader.stdout.take().unwrap()).lines();
    said.next().unwrap().unwrap();
    let before_kib = peak_kib(pid);
    told.write_all(b"\n").unwrap();
    said.next().unwrap().unwrap();
    let grown_kib = peak_kib(pid) - before_kib;
    drop(told);
    reader.wait().unwrap();
    assert!(!is_bounded(grown_kib), "it has grown by no more than {grown_kib} KiB");
}

/// The shortest time it takes to read a document, to its end or until it is refused.
fn read_for(bytes: &[u8]) -> Duration {
    let read = |_| {
        let begun = Instant::now();
        let read = Document::parse(bytes, "application/xml");
        let taken = begun.elapsed();
        drop(read);
        taken
    };
    (0..TRIES).map(read).min().unwrap()
}

fn is_refused_in_time(refusal: Duration, good: Duration) -> bool {
    refusal.as_secs_f64() <= TIMES_LONGER_MAX * good.as_secs_f64()
}

#[test]
fn to_refuse_a_document_takes_no_longer_than_to_read_a_good_one_of_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let bait = Bait::lay(folder.path());
    let mut worst = (0.0, "");
    for (name, xml, code) in list_hostile(&bait.url(), &bait.file) {
        let order = write_good(xml.len());
        assert_eq!(Document::parse(&order, "").unwrap().drafts.len(), 1, "{name}: no good order of its size");
        let (refusal, good) = (read_for(&xml), read_for(&order));
        if !code.is_empty() {
            assert!(is_refused_in_time(refusal, good), "{name}: {refusal:?}; a good order of its size {good:?}");
            let times = refusal.as_secs_f64() / good.as_secs_f64();
            if times > worst.0 {
                worst = (times, name);
            }
        }
    }
    println!("the slowest refusal took {:.2} of what a good order of its size takes: {}", worst.0, worst.1);
    // A reader that did ten times the work would be noticed.
    let (ten, one) = (read_for(&write_good(300_000)), read_for(&write_good(30_000)));
    assert!(!is_refused_in_time(ten, one), "{ten:?} is taken for no more than {one:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_too_large_to_be_read_is_told_in_the_log() {
    let office = Office::open();
    let log = office.folder.path().join("central.log");
    let mut command = central_command(&office.data(), &["serve", "--listen", "127.0.0.1:0"]);
    command.stderr(fs::File::create(&log).unwrap());
    let (mut central, url) = start(command).expect("central does not serve");
    let mut client = OrderServiceClient::connect(url).await.unwrap();
    let stranger = submit(&mut client, "nobody", b"<order/>".to_vec()).await;
    let said = fs::read_to_string(&log).unwrap();
    assert!(stranger.is_err() && !said.contains("too large"), "{said}");
    let refused = submit(&mut client, "nobody", vec![b'<'; 8 * 1024 * 1024]).await;
    central.kill().unwrap();
    central.wait().unwrap();
    let said = fs::read_to_string(&log).unwrap();
    assert!(refused.is_err() && said.matches("a caller's message was too large to be read").count() == 1, "{said}");
}

#[test]
fn the_commands_read_no_endless_file() {
    let office = Office::open();
    let endless = office.folder.path().join("endless.xml");
    write_endless(&endless, "<order number='1'><note>", "x");
    for file in [endless.display().to_string().as_str(), "/dev/zero"] {
        let refused = office.run(&["order", "submit", file, "--direct", "website"]);
        let said = String::from_utf8_lossy(&refused.stdout);
        assert_eq!(refused.status.code(), Some(1), "{file}: {said}");
        assert!(said.contains("no order document is as large"), "{file}: {said}");
    }
}

/// A watch that sees nothing proves nothing.
#[test]
fn the_watches_see_a_program_that_reaches_out() {
    let folder = tempfile::tempdir().unwrap();
    let bait = Bait::lay(folder.path());
    let order = folder.path().join("order.xml");
    fs::write(&order, sample("orders/pick-up-paid.xml")).unwrap();
    let address = format!("http://{}", bait.listener.local_addr().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.args(["order", "submit"]).arg(&order).args(["--central", &address, "--token", "none"]);
    let log = folder.path().join("calls.txt");
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let (mut child, mut is_traced) = match traced(&command, &log).stdin(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => (child, true),
        Err(_) => (command.spawn().unwrap(), false),
    };
    let begun = Instant::now();
    let caller = loop {
        if let Some(caller) = bait.find_caller() {
            break caller;
        }
        if is_traced && child.try_wait().unwrap().is_some() {
            (child, is_traced) = (command.spawn().unwrap(), false);
        }
        assert!(begun.elapsed() < PATIENCE, "nobody came for the bait");
        thread::park_timeout(Duration::from_millis(5));
    };
    // It waits for an answer, which nobody gives: it is ended, and strace with it, all that it has seen written.
    let central = if is_traced { find_child(child.id()) } else { Pid::from_raw(child.id() as i32) };
    kill(central, Signal::SIGKILL).unwrap();
    child.wait().unwrap();
    drop(caller);
    if is_traced {
        let calls = list_reaching_out(&fs::read_to_string(&log).unwrap(), &bait.file);
        assert!(calls.iter().any(|call| call.contains("connect(")), "strace has seen no call: {calls:?}");
    } else {
        eprintln!("NETWORK CALLS ARE NOT TRACED: strace is missing or may not trace here");
    }
}
