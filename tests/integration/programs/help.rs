//! What `central --help` says, taken at its word: every command has an example, and every example does what it says when it is
//! pasted into a shell; whatever cannot be meant ends with exit code 2 and the words that can.
//!
//! What an example takes for granted (an order W-10231, a file, a server) is made beforehand, in a folder that each example has
//! for itself. What stands for something of the reader's own (TOKEN, NAME, a host) is replaced.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::program::Program;
use crate::files::servers::SshServer;

const PATIENCE: Duration = Duration::from_secs(60);

/// Orders that are sent: W-10231 and W-10232.
const ORDERS: &str = r#"<orders currency="EUR">
  <order number="1"><date>2026-03-02</date><customer id="C-2102" company="Harbour Hotel"/>
    <line sku="enamel-mug-moss" quantity="2" price="14.50"/><line sku="merino-crew-navy-l" quantity="1" price="59.00"/>
    <total>88.00</total></order>
  <order number="2"><date>2026-03-02</date><customer id="C-2102" company="Harbour Hotel"/>
    <line sku="enamel-mug-moss" quantity="1" price="14.50"/><total>14.50</total></order>
</orders>"#;
/// An order of somebody nobody knows, for something nobody knows: W-10231 where it is the first.
const HELD: &str = r#"<orders currency="EUR">
  <order number="1"><date>2026-03-02</date><customer id="X-1" company="New Hotel"/>
    <line sku="enamel-mug-moss" quantity="2" price="14.50"/><line sku="mug-of-another-name" customersku="m-1" quantity="1" price="14.50"/>
    <total>43.50</total></order>
</orders>"#;
/// One for a product that is not in the catalogue, and what it says when that is put right.
const PROBLEM: &str = r#"<orders currency="EUR"><order number="3"><date>2026-03-02</date>
  <customer id="C-2102" company="Harbour Hotel"/><line sku="late" quantity="1" price="14.50"/><total>14.50</total></order></orders>"#;

/// What is done before an example whose command holds these words.
const BEFORE: &[(&str, &str)] = &[
    ("order pack", "central order pick W-10231 --data shop"),
    ("order dispatch", "central order pick W-10231 --data shop; central order pack W-10231 --data shop"),
    (
        "problem mend NAME --data",
        "printf 'sku,name,price\nlate,Late,14.50\n' >late.csv; central import products late.csv --data shop",
    ),
];

fn central() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_central"))
}

/// A shell in a folder, with our programs on its path.
fn shell(folder: &Path, script: &str) -> Command {
    let programs = central().parent().unwrap().display().to_string();
    let mut command = Command::new("sh");
    command
        .args(["-ec", script])
        .current_dir(folder)
        .env("PATH", format!("{}:{programs}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap()))
        .env("USER", "ana")
        .env_remove("CENTRAL_DATA")
        .env_remove("CENTRAL_TOKEN")
        .stdin(Stdio::null());
    command
}

fn done(folder: &Path, script: &str) -> String {
    let output = shell(folder, script).output().unwrap();
    assert!(output.status.success(), "{script}\n{}", said(&output));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn said(output: &Output) -> String {
    format!(
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A server in a folder, and its port.
fn serve(folder: &Path, arguments: &str) -> (Program, String) {
    let mut command = shell(folder, &format!("exec central serve --data shop {arguments}"));
    command.stdout(Stdio::piped());
    let mut program = Program::start(command, folder.join("log"));
    let mut line = String::new();
    BufReader::new(program.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().rsplit(':').next().unwrap_or_default().to_owned();
    assert!(line.starts_with("listening on ") && port.parse::<u16>().is_ok(), "{arguments}: {line:?}");
    (program, port)
}

/// The shop that the examples speak of, and the same with an order that holds something.
struct Shops {
    folder: TempDir,
    _ssh: SshServer,
}

impl Shops {
    fn make() -> Self {
        let ssh = SshServer::start();
        let folder = tempfile::tempdir().unwrap();
        for (name, document) in [("plain", ORDERS), ("held", HELD)] {
            make_shop(&folder.path().join(name), &ssh, document);
        }
        Self { folder, _ssh: ssh }
    }

    /// A shop of its own for an example.
    fn copy(&self, example: &str) -> TempDir {
        let held = ["order match", "order tie"].iter().any(|words| example.contains(words));
        let copy = tempfile::tempdir().unwrap();
        let from = self.folder.path().join(if held { "held" } else { "plain" }).join(".");
        let copied = Command::new("cp").arg("-a").arg(from).arg(copy.path()).status().unwrap();
        assert!(copied.success());
        copy
    }
}

fn make_shop(folder: &Path, ssh: &SshServer, document: &str) {
    fs::create_dir(folder).unwrap();
    let write = |name: &str, text: &str| {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), text).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o700)).unwrap();
    };
    write("bin/lp", "#!/bin/sh\ncat >printed\n");
    write("mill.key", ssh.secret().key.unwrap().reveal());
    write("mart.txt", "secret");
    write("first.xml", document);
    write("problem.xml", PROBLEM);
    write("mended.xml", &PROBLEM.replace("late", "enamel-mug-moss"));
    write("order.xml", &PROBLEM.replace("late", "enamel-mug-moss").replace("\"3\"", "\"4\""));
    write("orders/5.xml", &PROBLEM.replace("late", "enamel-mug-moss").replace("\"3\"", "\"5\""));
    fs::create_dir(folder.join("mall")).unwrap();
    for kind in ["stores", "products", "operators", "stock", "customers"] {
        let sample = format!("{}/assets/sample/{kind}.csv", env!("CARGO_MANIFEST_DIR"));
        fs::copy(sample, folder.join(format!("{kind}.csv"))).unwrap();
        done(folder, &format!("central import {kind} {kind}.csv --data shop"));
    }
    fs::copy(folder.join("products.csv"), folder.join("export.csv")).unwrap();
    let token = done(folder, "central channel add website --kind website --data shop");
    write("token", &token);
    done(folder, "central channel add board --kind customer --store S001 --call availability --data shop");
    done(folder, "central channel add depot --kind customer --accept-unknown --data shop");
    done(folder, "central channel add mall --kind marketplace --folder mall --data shop");
    let mill = ssh.place().to_text();
    done(folder, &format!("central channel add mill --kind customer --sftp {mill} --key mill.key --data shop"));
    done(folder, "central office-token add ana --data shop");
    // A till to shut out; the server makes its authority beside.
    let (server, port) = serve(folder, "--listen 127.0.0.1:0");
    let code = done(folder, "central enrol-code --store S001 --workstation T03 --data shop");
    done(folder, &format!("till enrol --central http://127.0.0.1:{port} --code {code} --data till"));
    server.terminate(PATIENCE);
    fs::copy(folder.join("shop/authority.pem"), folder.join("authority.pem")).unwrap();
    fs::copy(folder.join("shop/authority.pem"), folder.join("chain.pem")).unwrap();
    fs::copy(folder.join("shop/authority-key.pem"), folder.join("key.pem")).unwrap();
    let counted = rusqlite::Connection::open(folder.join("shop/central.db")).unwrap();
    counted.execute("INSERT OR REPLACE INTO counter (name, value) VALUES ('web_order', 10230)", ()).unwrap();
    drop(counted);
    done(folder, "central order submit first.xml --direct depot --data shop");
    let problem = shell(folder, "central order submit problem.xml --direct website --data shop").output().unwrap();
    assert_eq!(problem.status.code(), Some(1), "{}", said(&problem));
}

/// The help of a command, and those of the commands below it.
fn list_helps(command: &[String], found: &mut Vec<(String, String)>) {
    let output = Command::new(central()).args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{command:?} {}", said(&output));
    let help = String::from_utf8(output.stdout).unwrap();
    let below = help.split_once("\nCommands:\n").map_or("", |(_, below)| below);
    let names = below.lines().take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  "));
    for name in names.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next()) {
        if name != "help" {
            list_helps(&[command, &[name.to_owned()]].concat(), found);
        }
    }
    found.push((command.join(" "), help));
}

/// The examples of a help, without what stands in brackets behind one.
fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().filter(|line| line.starts_with("  central "));
    lines.map(|line| line.trim().split("  (").next().unwrap_or_default().trim().to_owned()).collect()
}

/// Runs an example as its reader would.
fn try_out(shops: &Shops, example: &str) -> Result<(), String> {
    let copy = shops.copy(example);
    let folder: PathBuf = copy.path().to_owned();
    for (words, script) in BEFORE.iter().filter(|(words, _)| example.contains(words)) {
        let before = shell(&folder, script).output().unwrap();
        if !before.status.success() {
            return Err(format!("before {words}: {}", said(&before)));
        }
    }
    if let Some(arguments) = example.strip_prefix("central serve --data shop") {
        let listen = arguments.contains("--listen");
        let arguments = arguments.replace(":50051", ":0");
        let (server, _) = serve(&folder, &if listen { arguments } else { format!("{arguments} --listen 127.0.0.1:0") });
        server.terminate(PATIENCE);
        return Ok(());
    }
    let mut script = example.to_owned();
    let mut server = None;
    if example.contains("--central ") {
        let secure = if example.contains("https:") { "--tls" } else { "" };
        let (running, port) = serve(&folder, &format!("--listen 127.0.0.1:0 {secure}"));
        script = script.replace("central.example", "localhost").replace(":50051", &format!(":{port}"));
        server = Some(running);
    }
    if script.contains("TOKEN") {
        script = script.replace("TOKEN", &fs::read_to_string(folder.join("token")).unwrap());
    }
    if script.contains("NAME") {
        let listed = done(&folder, "central order problem list --json --data shop");
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        script = script.replace("NAME", listed[0]["problem"].as_str().unwrap());
    }
    let output = shell(&folder, &script).output().unwrap();
    if let Some(server) = server {
        server.terminate(PATIENCE);
    }
    if output.status.success() { Ok(()) } else { Err(format!("{script}\n{}", said(&output))) }
}

#[test]
fn every_command_has_an_example_that_works() {
    let mut helps = Vec::new();
    list_helps(&[], &mut helps);
    assert!(helps.len() > 40, "{} commands were found", helps.len());
    let shops = Shops::make();
    let mut wrong = Vec::new();
    let mut tried = std::collections::BTreeSet::new();
    for (command, help) in &helps {
        let examples = examples(help);
        if examples.is_empty() {
            wrong.push(format!("central {command} --help has no example"));
        }
        let own = format!("central {command}");
        if !examples.iter().any(|example| example.starts_with(&own)) {
            wrong.push(format!("no example of central {command} --help is one of it"));
        }
        for example in examples {
            if tried.insert(example.clone())
                && let Err(why) = try_out(&shops, &example)
            {
                wrong.push(format!("central {command} --help: {example}\n{why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} examples:\n{}", wrong.len(), tried.len(), wrong.join("\n\n"));
    println!("{} commands, {} examples", helps.len(), tried.len());
}

/// What cannot be meant, and a word of what could be.
#[rustfmt::skip]
const WRONG: &[(&str, &str)] = &[
    ("order list --state nowhere",                                  "part_handed_over"),
    ("order list --state problem --store S001",                     "leave --store and --held out"),
    ("order list --state problem --held",                           "leave --store and --held out"),
    ("order list --limit many",                                     "many"),
    ("order problem list --state closed",                           "resubmitted"),
    ("order problem show W-10231",                                  "W-10231"),
    ("order pick",                                                  "NUMBERS"),
    ("order short W-10231 --line 1 --quantity 0",                   "more than nothing"),
    ("order pick-list --columns 7",                                 "from 32 to 120"),
    ("order submit order.xml --central nowhere/at:all --token a",   "http://127.0.0.1:50051"),
    ("channel add a --kind shop",                                   "marketplace"),
    ("channel add a --kind website --sftp http://a/b",              "sftp"),
    ("channel add a --kind website --sftp sftp://me@a/b",           "--password-file"),
    ("channel add a --kind website --folder f --every 5",           "30s, 5m or 1h"),
    ("channel change a --unknown maybe",                            "hold"),
    ("office-token add ana --scope all",                            "problems"),
    ("import sales sales.csv",                                      "products"),
    ("enrol-code --store S001 --workstation T01 --hours 0",         "720"),
    ("forget --days 0",                                             "3650"),
    ("serve --listen 0.0.0.0:1",                                    "--tls"),
    ("serve --tls --name https://a",                                "central.example"),
    ("findings --limit=-1",                                         "limit"),
    ("nonsense",                                                    "nonsense"),
];

#[test]
fn what_cannot_be_meant_is_told_with_what_can_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, told) in WRONG {
        let output = shell(folder.path(), &format!("central {arguments} --data shop")).output().unwrap();
        // Something is wrong where it stands before --data is read, too.
        assert_eq!(output.status.code(), Some(2), "central {arguments}: {}", said(&output));
        let mut complaint = String::new();
        output.stderr.as_slice().read_to_string(&mut complaint).unwrap();
        assert!(complaint.contains(told), "central {arguments}: {complaint}");
    }
    // Whoever only looks, and looks in the wrong place, makes nothing there.
    for looks in ["tills", "stock", "findings", "case list", "order list", "channel list", "office-token list"] {
        let output = shell(folder.path(), &format!("central {looks} --data nowhere")).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "central {looks}: {}", said(&output));
        assert!(!folder.path().join("nowhere").exists(), "central {looks} made a folder");
    }
}
