//! Each kind of place does what is asked of it, and says what went wrong in words of its own.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use till::central::intake::files::connect;
use till::central::intake::files::place::{FtpSecurity, Place, Server};
use till::central::intake::files::remote::{Deadlines, Remote, RemoteError};
use till::central::intake::files::secrets::Secret;

use super::servers::{FtpServer, SshServer};
use super::{Side, password, refusal};

const IMPATIENT: Deadlines = Deadlines { connect: Duration::from_millis(600), call: Duration::from_millis(600) };

/// Patient until it is signed in.
fn let_in() -> Deadlines {
    Deadlines { call: IMPATIENT.call, ..Deadlines::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_place_does_what_is_asked() {
    for (kind, side) in Side::all() {
        let mut remote = side.connect().await;
        let remote: &mut dyn Remote = &mut remote;
        assert_eq!(remote.list("").await.unwrap(), [], "{kind}");
        for _ in 0..2 {
            remote.make_folder("processing").await.unwrap();
        }
        let name = "Bestellung März 1.xml";
        fs::write(side.disk().join(name), b"<Order/>").unwrap();
        fs::write(side.disk().join("empty"), b"").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", side.disk().join("link.xml")).unwrap();
        let mut listed = remote.list("").await.unwrap();
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        let found: Vec<(&str, u64)> = listed.iter().map(|entry| (entry.name.as_str(), entry.size)).collect();
        assert_eq!(found, [(name, 8), ("empty", 0)], "{kind}: no folder, no link");
        assert!(listed.iter().all(|entry| entry.modified > 0), "{kind}");

        assert_eq!(remote.read(name, 8).await.unwrap(), b"<Order/>", "{kind}");
        assert_eq!(remote.read(name, 5).await.unwrap(), b"<Order", "{kind}: one more than the limit");
        assert_eq!(remote.read("empty", 5).await.unwrap(), b"", "{kind}");

        let claimed = format!("processing/{name}");
        remote.rename(name, &claimed).await.unwrap();
        assert!(side.disk().join(&claimed).exists(), "{kind}");
        assert!(remote.exists(&claimed).await.unwrap() && !remote.exists(name).await.unwrap(), "{kind}");
        let gone = remote.rename(name, "processing/other").await.unwrap_err();
        assert!(matches!(gone, RemoteError::NotFound(_)), "{kind}: {gone:?}");
        let gone = remote.rename(name, &claimed).await.unwrap_err();
        assert!(matches!(gone, RemoteError::NotFound(_)), "{kind}: moved before, it is no name taken: {gone:?}");
        let taken = remote.rename("empty", &claimed).await.unwrap_err();
        assert!(matches!(taken, RemoteError::NameTaken(_)), "{kind}: {taken:?}");
        assert_eq!(remote.read(&claimed, 100).await.unwrap(), b"<Order/>", "{kind}: nothing was replaced");
        assert_eq!(remote.list("processing").await.unwrap().len(), 1, "{kind}");

        let large = vec![b'x'; 200_000];
        for bytes in [&large[..], b"short"] {
            remote.write("answer.xml", bytes).await.unwrap();
            assert_eq!(fs::read(side.disk().join("answer.xml")).unwrap(), bytes, "{kind}");
            assert_eq!(remote.read("answer.xml", 1_000_000).await.unwrap(), bytes, "{kind}");
        }
        remote.remove("answer.xml").await.unwrap();
        for missing in [
            remote.remove("answer.xml").await.unwrap_err(),
            remote.read("answer.xml", 10).await.unwrap_err(),
            remote.list("nowhere").await.unwrap_err(),
        ] {
            assert!(matches!(missing, RemoteError::NotFound(_)), "{kind}: {missing:?}");
            assert!(!missing.ends_session());
        }
        remote.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_cannot_be_asked_for_is_told_as_far_as_the_server_gives_it() {
    for (kind, side) in Side::all() {
        for name in [&b"M\xe4rz.xml"[..], b"a\\b.xml", b"good.xml"] {
            fs::write(side.disk().join(OsStr::from_bytes(name)), b"<Order/>").unwrap();
        }
        let mut remote = side.connect().await;
        let listed: Vec<String> = remote.list("").await.unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(listed, ["good.xml"], "{kind}");
        let mut told = remote.unnameable().to_vec();
        told.sort();
        // SFTP's client and the listing for people give no more than that a byte was none of UTF-8.
        let foreign = if kind == "folder" { "M\\xe4rz.xml" } else { "M\\u{fffd}rz.xml" };
        assert_eq!(told, [foreign, "a\\u{5c}b.xml"], "{kind}");
        assert_eq!(remote.list("").await.unwrap().len(), 1, "{kind}");
        assert_eq!(remote.unnameable().len(), 2, "{kind}: of the last listing alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stalls_after_signing_in_holds_up_nobody() {
    let patient = let_in();
    for (kind, side) in Side::all().into_iter().filter(|(kind, _)| *kind != "folder") {
        fs::write(side.disk().join("a.xml"), b"<Order/>").unwrap();
        let mut remote = side.connect_to(&side.place(), patient).await;
        // Until then it answers, however slowly: somebody with more patience is told.
        let mut other = side.connect().await;
        assert_eq!(other.list("").await.unwrap().len(), 1, "{kind}");
        side.stop_answering();
        let stalled = remote.list("").await.unwrap_err();
        assert!(matches!(stalled, RemoteError::TimedOut { .. }), "{kind}: {stalled:?}");
        assert!(stalled.ends_session(), "{kind}");
        let stalled = remote.read("a.xml", 100).await.unwrap_err();
        assert!(stalled.ends_session(), "{kind}: {stalled:?}");
        remote.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_files_are_listed() {
    for (kind, side) in Side::all() {
        for number in 0..10_000 {
            fs::write(side.disk().join(format!("order-{number:05}.xml")), b"<Order/>").unwrap();
        }
        let mut remote = side.connect().await;
        let mut names: Vec<String> = remote.list("").await.unwrap().into_iter().map(|entry| entry.name).collect();
        names.sort();
        assert_eq!(names.len(), 10_000, "{kind}");
        assert_eq!((names[0].as_str(), names[9_999].as_str()), ("order-00000.xml", "order-09999.xml"), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_us_out_is_told_apart() {
    let mut ssh = SshServer::start();
    let (plain, tls) = (FtpServer::start_plain(), FtpServer::start_tls());
    let fingerprint = ssh.fingerprint();
    let place = ssh.place();

    let unknown = refusal(&place, None, &ssh.secret(), Deadlines::default()).await;
    assert_eq!(unknown, RemoteError::KeyNotPinned { found: fingerprint.clone() });
    let wrong = refusal(&place, Some(&fingerprint), &password("guess"), Deadlines::default()).await;
    assert!(matches!(wrong, RemoteError::LoginRefused { what: "password", .. }), "{wrong:?}");
    let none = refusal(&place, Some(&fingerprint), &Secret::default(), Deadlines::default()).await;
    assert!(matches!(none, RemoteError::SecretUnusable(_)), "{none:?}");
    let other_key = SshServer::start().secret();
    let refused = refusal(&place, Some(&fingerprint), &other_key, Deadlines::default()).await;
    assert!(matches!(refused, RemoteError::LoginRefused { what: "key", .. }), "{refused:?}");

    let secret = ssh.secret();
    ssh.start_with_another_key();
    let changed = refusal(&ssh.place(), Some(&fingerprint), &secret, Deadlines::default()).await;
    assert_eq!(changed, RemoteError::KeyChanged { pinned: fingerprint.clone(), found: ssh.fingerprint() });
    let place = ssh.place();
    ssh.stop();
    let gone = refusal(&place, Some(&fingerprint), &secret, Deadlines::default()).await;
    assert!(matches!(gone, RemoteError::NobodyListens { .. }), "{gone:?}");

    let wrong = refusal(&plain.place(), None, &password("guess"), Deadlines::default()).await;
    assert!(matches!(wrong, RemoteError::LoginRefused { .. }), "{wrong:?}");
    let in_clear = Place::Ftp(plain.server("/orders"), FtpSecurity::Tls);
    let no_tls = refusal(&in_clear, None, &plain.secret(), Deadlines::default()).await;
    assert!(matches!(no_tls, RemoteError::NoTls(_)), "{no_tls:?}");
    let found = tls.fingerprint().unwrap();
    let untrusted = refusal(&tls.place(), None, &tls.secret(), Deadlines::default()).await;
    assert!(matches!(&untrusted, RemoteError::CertificateRefused { found: f, .. } if *f == found), "{untrusted:?}");
    let changed = refusal(&tls.place(), Some("SHA256:other"), &tls.secret(), Deadlines::default()).await;
    assert_eq!(changed, RemoteError::KeyChanged { pinned: "SHA256:other".into(), found });

    let nowhere = Place::parse("sftp://till@no-such-host.invalid/in", false).unwrap();
    let unknown = refusal(&nowhere, None, &secret, Deadlines::default()).await;
    assert!(matches!(unknown, RemoteError::NameUnknown { .. }), "{unknown:?}");
    let missing = Place::of_folder("/no/such/folder".into()).unwrap();
    let missing = refusal(&missing, None, &Secret::default(), Deadlines::default()).await;
    assert!(matches!(missing, RemoteError::NotFound(_)), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_the_password_is_answered() {
    let Some(ssh) = SshServer::start_asking() else {
        // Past the test's own output, which nobody reads of a test that did well.
        let told = "\nNOT TRIED: a server that asks for the password, which only root can set up. What is answered is tested \
                    beside src/central/intake/files/sign_in.rs alone.\n";
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        return;
    };
    let fingerprint = ssh.fingerprint();
    let wrong = refusal(&ssh.place(), Some(&fingerprint), &password("guess"), Deadlines::default()).await;
    assert!(matches!(wrong, RemoteError::LoginRefused { what: "password", .. }), "{wrong:?}");
    let mut remote = connect(&ssh.place(), Some(&fingerprint), &ssh.secret(), Deadlines::default()).await.unwrap();
    fs::write(ssh.disk().join("a.xml"), b"<Order/>").unwrap();
    assert_eq!(remote.read("a.xml", 100).await.unwrap(), b"<Order/>");
    remote.close().await;
    let key = refusal(&ssh.place(), Some(&fingerprint), &SshServer::start().secret(), Deadlines::default()).await;
    assert!(matches!(key, RemoteError::LoginRefused { what: "key", .. }), "{key:?}");
}

/// A port where somebody answers as `speak` does.
fn stand_in(speak: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let speak = std::sync::Arc::new(speak);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let speak = speak.clone();
            std::thread::spawn(move || {
                let mut stream = stream;
                // It ends when the other side has had enough.
                drop(speak(&mut stream));
            });
        }
    });
    port
}

fn places_at(port: u16) -> [Place; 2] {
    let server = Server { user: "till".into(), host: "127.0.0.1".into(), port, folder: "/in".into() };
    [Place::Sftp(server.clone()), Place::Ftp(server, FtpSecurity::Plain)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_holds_up_nobody() {
    let silent = stand_in(|stream| stream.read(&mut [0; 1]).map(|_| std::thread::park()));
    for place in places_at(silent) {
        let stalled = refusal(&place, Some("SHA256:x"), &password("x"), IMPATIENT).await;
        assert!(matches!(stalled, RemoteError::TimedOut { .. }), "{stalled:?}");
        assert!(stalled.ends_session());
    }
    let hangs_up = stand_in(|stream| stream.shutdown(std::net::Shutdown::Both));
    for place in places_at(hangs_up) {
        let lost = refusal(&place, Some("SHA256:x"), &password("x"), Deadlines::default()).await;
        assert!(matches!(lost, RemoteError::Lost(_) | RemoteError::Nonsense(_)), "{lost:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_ends_fills_no_memory() {
    let endless = stand_in(|stream| {
        loop {
            stream.write_all(&[b'x'; 65_536])?;
        }
    });
    for place in places_at(endless) {
        let error = refusal(&place, Some("SHA256:x"), &password("x"), Deadlines::default()).await;
        assert!(matches!(error, RemoteError::Nonsense(_) | RemoteError::Lost(_)), "{error:?}");
    }
}

/// An FTP server that lets everybody in, and then speaks on the data connection as `speak` does.
fn lying_ftp(speak: fn(&mut TcpStream) -> std::io::Result<()>) -> Place {
    let port = stand_in(move |control| {
        use std::io::BufRead;
        let mut lines = std::io::BufReader::new(control.try_clone()?).lines();
        control.write_all(b"220 come in\r\n")?;
        let data = TcpListener::bind("127.0.0.1:0")?;
        while let Some(line) = lines.next().transpose()? {
            let command = line.split(' ').next().unwrap_or_default().to_owned();
            match command.as_str() {
                "USER" => control.write_all(b"331 and?\r\n")?,
                "PASS" => control.write_all(b"230 in\r\n")?,
                "PWD" => control.write_all(b"257 \"/\"\r\n")?,
                "FEAT" => control.write_all(b"502 no\r\n")?,
                "PASV" => {
                    // Another machine's address: it is not believed.
                    let port = data.local_addr()?.port();
                    let answer = format!("227 Entering Passive Mode (192,0,2,1,{},{}).\r\n", port / 256, port % 256);
                    control.write_all(answer.as_bytes())?;
                }
                "LIST" | "RETR" => {
                    control.write_all(b"150 here it comes\r\n")?;
                    speak(&mut data.accept()?.0)?;
                    control.write_all(b"226 done\r\n")?;
                }
                "SIZE" => control.write_all(b"550 no\r\n")?,
                "TYPE" => control.write_all(b"200 so be it\r\n")?,
                "QUIT" => return control.write_all(b"221 bye\r\n"),
                _ => control.write_all(b"250 as you like\r\n")?,
            }
        }
        Ok(())
    });
    places_at(port)[1].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lying_server_is_not_believed() {
    let endless = lying_ftp(|data| {
        loop {
            data.write_all(b"-rw-r--r-- 1 a a 10 Nov 26 10:00 ../../etc/passwd\r\n")?;
        }
    });
    let mut remote = connect(&endless, None, &password("x"), Deadlines::default()).await.unwrap();
    assert!(matches!(remote.list("").await, Err(RemoteError::Nonsense(_))));

    let mut remote = connect(&endless, None, &password("x"), Deadlines::default()).await.unwrap();
    assert_eq!(remote.read("a.xml", 1_000).await.unwrap().len(), 1_001, "no more than was asked for");

    let names = lying_ftp(|data| {
        data.write_all(b"-rw-r--r-- 1 a a 10 Nov 26 10:00 ../evil.xml\r\n")?;
        data.write_all(b"-rw-r--r-- 1 a a 99999999999 Nov 26 10:00 huge.xml\r\n")?;
        data.write_all(b"drwxr-xr-x 1 a a 10 Nov 26 10:00 folder\r\n")?;
        data.write_all(b"nonsense\r\n\r\n\xff\xfe\r\n")
    });
    let mut remote = connect(&names, None, &password("x"), Deadlines::default()).await.unwrap();
    let listed = remote.list("").await.unwrap();
    assert_eq!(listed.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["huge.xml"]);

    let stalls = lying_ftp(|data| {
        data.write_all(b"<Ord")?;
        data.read(&mut [0; 1]).map(|_| std::thread::park())
    });
    let mut remote = connect(&stalls, None, &password("x"), let_in()).await.unwrap();
    let stalled = remote.read("a.xml", 1_000).await.unwrap_err();
    assert!(matches!(stalled, RemoteError::TimedOut { .. }), "{stalled:?}");
}
