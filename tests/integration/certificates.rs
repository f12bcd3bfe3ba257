//! Central with TLS as it is installed, and a till that is joined to it by the name it was given.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::programs::central::Central;
use crate::programs::program::Program;

#[test]
fn a_till_joins_a_central_with_tls_by_the_name_and_the_file_the_help_names() {
    let central = Central::new();
    // An address of this machine that is in no certificate by itself.
    let host = "127.0.0.2";
    let refused = central.command(&["serve", "--tls", "--name", "https://central.example"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let mut serve = central.command(&["serve", "--listen", "0.0.0.0:0", "--tls", "--name", host]);
    serve.stdout(Stdio::piped());
    let mut program = Program::start(serve, central.path("log"));
    let mut said = String::new();
    BufReader::new(program.child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let port = said.trim().strip_prefix("listening on https://0.0.0.0:").unwrap_or_else(|| panic!("{said:?}"));

    let code = central.say(&["enrol-code", "--store", "S001", "--workstation", "T01"]);
    let enrol = |host: &str| {
        let mut enrol = Command::new(env!("CARGO_BIN_EXE_till"));
        enrol.arg("--data").arg(central.path(host)).args(["enrol", "--code", &code]);
        enrol.args(["--central", &format!("https://{host}:{port}")]);
        enrol.arg("--ca").arg(central.path("data/authority.pem")).output().unwrap()
    };
    // By a name nobody has given it, it is not believed.
    let other = enrol("127.0.0.3");
    assert!(!other.status.success(), "{other:?}");
    let joined = enrol(host);
    assert!(joined.status.success(), "{joined:?}");
    assert!(String::from_utf8(joined.stdout).unwrap().contains("S001/T01"));
    program.expect_running();
}

#[test]
fn a_till_that_names_http_for_https_or_the_other_way_round_hears_which_it_is() {
    let central = Central::new();
    let serve = |options: &[&str]| {
        let mut serve = central.command(&[&["serve", "--listen", "127.0.0.1:0"], options].concat());
        serve.stdout(Stdio::piped());
        let mut program = Program::start(serve, central.path("log"));
        let mut said = String::new();
        BufReader::new(program.child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        (program, said.trim().rsplit(':').next().unwrap().to_owned())
    };
    let code = central.say(&["enrol-code", "--store", "S001", "--workstation", "T01"]);
    let enrol = |scheme: &str, port: &str| {
        let mut enrol = Command::new(env!("CARGO_BIN_EXE_till"));
        enrol.arg("--data").arg(central.path("till")).args(["enrol", "--code", &code]);
        enrol.args(["--central", &format!("{scheme}://127.0.0.1:{port}")]);
        let output = enrol.arg("--ca").arg(central.path("data/authority.pem")).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (with_tls, port) = serve(&["--tls"]);
    let (joined, told) = enrol("http", &port);
    assert!(!joined && told.contains("speaks TLS") && told.contains("https://") && told.contains("--ca"), "{told}");
    drop(with_tls);
    let (_plain, port) = serve(&[]);
    let (joined, told) = enrol("https", &port);
    assert!(!joined && told.contains("speaks no TLS") && told.contains("http://127.0.0.1"), "{told}");
    // Where nobody answers, nothing is made up.
    let (joined, told) = enrol("http", &crate::ports::take().to_string());
    assert!(!joined && told.contains("cannot be reached") && !told.contains("TLS"), "{told}");
    // The code was used up by none of it.
    let (joined, told) = enrol("http", &port);
    assert!(joined, "{told}");
}
