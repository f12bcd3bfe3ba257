//! Hostile documents against the real `central`: refused, in bounded memory, and with nothing fetched from anywhere.
//!
//! Two watches see what is fetched. A bait: a port of this test's own and a file, which the documents name wherever XML has
//! a place for a name; nobody may come. And strace, which shows every network call of the process: behind the one that
//! listens none may make a socket or call anybody. Where a process may not be traced the second watch looks at the process's
//! open sockets instead, many times a second, and says so aloud.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;
use till::wire::trade::v1 as proto;
use till::wire::trade::v1::order_service_client::OrderServiceClient;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// By how much a central that has read every document here may have grown. The largest it reads is a megabyte.
const GROWTH_KIB_MAX: u64 = 64 * 1024;
/// How much may be read while a file of 100 MB is taken: its first megabyte, and central's own data.
const READ_BYTES_MAX: u64 = 16 * 1024 * 1024;
const ENDLESS_BYTES: usize = 100 * 1024 * 1024;

/// What strace is to show.
const CALLS: &str = "trace=%network,open,openat";
/// Calls that reach out, or make ready to.
const REACHING_OUT: &[&str] = &["socket(", "socketpair(", "connect("];

/// Where nobody may come.
struct Bait {
    listener: TcpListener,
    file: PathBuf,
}

impl Bait {
    fn lay(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let file = folder.join("bait.txt");
        fs::write(&file, "nobody may read this").unwrap();
        Self { listener, file }
    }

    fn url(&self) -> String {
        format!("http://{}/bait.dtd", self.listener.local_addr().unwrap())
    }

    fn is_taken(&self) -> bool {
        match self.listener.accept() {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
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
struct Watched {
    child: Child,
    central: Pid,
    url: String,
    watch: Watch,
}

fn central_command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.args(arguments).arg("--data").arg(data);
    command
}

/// The same command under strace.
fn traced(command: &Command, log: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-e", CALLS, "-o"]).arg(log).arg("--").arg(command.get_program());
    traced.args(command.get_args());
    traced
}

fn start(mut command: Command) -> Option<(Child, String)> {
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
    fn serve(data: &Path, log: PathBuf) -> Self {
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
    fn begin(&mut self) {
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

    fn status(&self, file: &str, field: &str) -> u64 {
        let path = format!("/proc/{}/{file}", self.central);
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_else(|| panic!("{path}: {field}"));
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    fn peak_kib(&self) -> u64 {
        self.status("status", "VmHWM:")
    }

    fn bytes_read(&self) -> u64 {
        self.status("io", "rchar:")
    }

    /// Ends it; answers every call that reached out, and every look for a name or for the bait.
    fn end(mut self, bait: &Bait) -> Vec<String> {
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

fn list_reaching_out(log: &str, bait: &Path) -> Vec<String> {
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
fn find_child(of: u32) -> Pid {
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

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample").join(name);
    fs::read_to_string(path).unwrap()
}

/// Documents that want something fetched, memory, or time; with the code each is refused by, and `""` for one that is only
/// asked to fetch something and may well be an order.
// Size: one table, read from top to bottom.
fn documents(bait: &Bait) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let (url, file) = (bait.url(), format!("file://{}", bait.file.display()));
    let plain = sample("orders/plain.xml");
    let root = plain[plain.find("<orders").unwrap()..].to_owned();
    let ubl = sample("orders/pick-up-paid.xml");
    let begin = root.find(['>', ' ']).unwrap();
    let with = |attributes: &str| format!("{} {attributes}{}", &root[..begin], &root[begin..]);
    let inside = |text: &str| {
        let at = root.find('>').unwrap() + 1;
        format!("{}{text}{}", &root[..at], &root[at..])
    };
    let dtd = |inner: &str| format!("<!DOCTYPE order [{inner}]>{root}");
    let mut laughs = "<!ENTITY l0 'ha'>".to_owned();
    for level in 1..30 {
        let before = format!("&l{};", level - 1);
        laughs.push_str(&format!("<!ENTITY l{level} '{}'>", before.repeat(10)));
    }
    let xinclude = "xmlns:xi='http://www.w3.org/2001/XInclude'";
    let schema = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let utf16: Vec<u8> = [0xFE, 0xFF].into_iter().chain(root.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    #[rustfmt::skip]
    let table: Vec<(&'static str, Vec<u8>, &'static str)> = vec![
        ("an external subset",       format!("<!DOCTYPE order SYSTEM '{url}'>{root}").into(),                    ""),
        ("a public one",             format!("<!DOCTYPE order PUBLIC '-//X//Y' '{url}'>{root}").into(),          ""),
        ("cXML's own",               format!("<!DOCTYPE cXML SYSTEM '{url}'><cXML/>").into(),                    ""),
        ("a name to look up",        format!("<!DOCTYPE order SYSTEM 'http://bait.invalid/a.dtd'>{root}").into(),""),
        ("an entity of a file",      dtd(&format!("<!ENTITY e SYSTEM '{file}'>")).into(),                        "XML_DTD_REFUSED"),
        ("an entity of a server",    dtd(&format!("<!ENTITY e SYSTEM '{url}'>")).into(),                         "XML_DTD_REFUSED"),
        ("a parameter entity",       dtd(&format!("<!ENTITY % e SYSTEM '{url}'> %e;")).into(),                   "XML_DTD_REFUSED"),
        ("a million laughs",         dtd(&laughs).into(),                                                        "XML_DTD_REFUSED"),
        ("one long entity, often",   dtd(&format!("<!ENTITY e '{}'>", "a".repeat(100_000))).into(),              "XML_DTD_REFUSED"),
        ("an entity nobody defined", inside("&e;").into(),                                                       "XML_DTD_REFUSED"),
        ("an inclusion",             inside(&format!("<xi:include {xinclude} href='{url}'/>")).into(),           ""),
        ("an inclusion of a file",   inside(&format!("<xi:include {xinclude} parse='text' href='{file}'/>")).into(), ""),
        ("a schema's place",         with(&format!("{schema} xsi:noNamespaceSchemaLocation='{url}'")).into(),    ""),
        ("schemas' places",          with(&format!("{schema} xsi:schemaLocation='urn:x {url}'")).into(),         ""),
        ("a stylesheet",             format!("<?xml-stylesheet href='{url}'?>{root}").into(),                    ""),
        ("a base",                   with(&format!("xml:base='{url}'")).into(),                                  ""),
        ("an attachment",            ubl.replacen("<cac:OrderLine>", &format!(
            "<cac:AdditionalDocumentReference><cac:Attachment><cac:ExternalReference><cbc:URI>{url}</cbc:URI>\
             </cac:ExternalReference></cac:Attachment></cac:AdditionalDocumentReference><cac:OrderLine>"), 1).into(), ""),
        ("a deep one",               inside(&"<a>".repeat(200_000)).into(),                                      "XML_TOO_DEEP"),
        ("a deep one of itself",     root[..=root.find('>').unwrap()].repeat(20_000).into(),                     "XML_TOO_DEEP"),
        ("many attributes",          with(&(0..60_000).map(|n| format!("a{n}='' ")).collect::<String>()).into(), "XML_TOO_LARGE"),
        ("one long attribute",       with(&format!("a='{}'", "x".repeat(900_000))).into(),                       "XML_TOO_LARGE"),
        ("one long text",            inside(&"x".repeat(900_000)).into(),                                        "XML_TOO_LARGE"),
        ("more than may be",         inside(&"<!-- -->".repeat(400_000)).into(),                                 "XML_TOO_LARGE"),
        ("one name without an end",  format!("<{}", "a".repeat(900_000)).into(),                                 "XML_NOT_WELL_FORMED"),
        ("no end",                   root[..root.len() / 2].into(),                                              "XML_NOT_WELL_FORMED"),
        ("another encoding",         format!("<?xml version='1.0' encoding='UTF-7'?>{root}").into(),             "XML_ENCODING"),
        ("half a character",         utf16[..utf16.len() - 1].into(),                                            "XML_ENCODING"),
        ("no XML",                   vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3],                                   ""),
        ("nothing",                  Vec::new(),                                                                 ""),
    ];
    table
}

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

#[tokio::test]
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

    let mut slowest = (Duration::ZERO, "");
    let documents = documents(&bait);
    let (count, mut wrong) = (documents.len(), Vec::new());
    for (name, xml, code) in documents {
        let begun = Instant::now();
        let answer = submit(&mut client, token.trim(), xml).await;
        slowest = slowest.max((begun.elapsed(), name));
        let expected = Ok((proto::Outcome::Problem, vec![code.to_owned()]));
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
    assert!(grown_kib <= GROWTH_KIB_MAX, "central has grown by {grown_kib} KiB");

    let calls = central.end(&bait);
    assert!(calls.is_empty(), "central reached out:\n{}", calls.join("\n"));
    assert!(!bait.is_taken(), "somebody came for the bait");
    println!("{count} documents, the slowest {slowest:?}; {read} bytes read of 200 MB, grown by {grown_kib} KiB");
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
    let mut child = match traced(&command, &log).stdin(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("NETWORK CALLS ARE NOT TRACED: strace: {error}");
            command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        }
    };
    let begun = Instant::now();
    while !bait.is_taken() {
        assert!(begun.elapsed() < PATIENCE, "nobody came for the bait");
        thread::park_timeout(Duration::from_millis(5));
    }
    // Nobody answers there: it is ended.
    if let Ok(calls) = fs::read_to_string(&log)
        && !calls.is_empty()
    {
        let _ = kill(find_child(child.id()), Signal::SIGKILL);
        child.wait().unwrap();
        let calls = list_reaching_out(&fs::read_to_string(&log).unwrap(), &bait.file);
        assert!(calls.iter().any(|call| call.contains("connect(")), "strace has seen no call: {calls:?}");
    } else {
        let _ = child.kill();
        child.wait().unwrap();
    }
}
