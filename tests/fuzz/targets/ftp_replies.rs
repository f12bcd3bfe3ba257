//! What a file server says: an FTP server's replies, listings and files, and whatever answers where SSH is expected. Over a real
//! connection of this machine; never a panic, never more than was asked for, and an end in time.
#![no_main]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use libfuzzer_sys::{Corpus, arbitrary, fuzz_target};
use till::central::intake::files::connect;
use till::central::intake::files::place::{FtpSecurity, Place, Server};
use till::central::intake::files::remote::{Deadlines, Remote, is_plain_name};
use till::central::intake::files::secrets::{Hidden, Secret};
use tokio::runtime::Runtime;

const READ_BYTES_MAX: usize = 1000;
const DEADLINES: Deadlines = Deadlines { connect: Duration::from_millis(300), call: Duration::from_millis(300) };

/// What the server says next.
#[derive(arbitrary::Arbitrary, Clone, Debug, Default)]
struct Script {
    is_ssh: bool,
    /// Its first words.
    greeting: Option<Vec<u8>>,
    /// Instead of an honest reply, to the command of that number.
    replies: Vec<(u8, Vec<u8>)>,
    /// On every data connection.
    data: Vec<u8>,
}

struct World {
    runtime: Runtime,
    port: u16,
}

static NEXT: Mutex<Option<Script>> = Mutex::new(None);

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let script = NEXT.lock().expect("never poisoned").clone().unwrap_or_default();
            // It ends when the other side has had enough.
            std::thread::spawn(move || drop(serve(stream, &script)));
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    World { runtime, port }
});

fn serve(mut control: TcpStream, script: &Script) -> std::io::Result<()> {
    control.set_read_timeout(Some(Duration::from_secs(2)))?;
    if script.is_ssh {
        control.write_all(&script.data)?;
        return control.read(&mut [0; 1]).map(drop);
    }
    let mut lines = BufReader::new(control.try_clone()?).lines();
    control.write_all(script.greeting.as_deref().unwrap_or(b"220 come in\r\n"))?;
    let data = TcpListener::bind("127.0.0.1:0")?;
    data.set_nonblocking(true)?;
    let mut number = 0_u8;
    while let Some(line) = lines.next().transpose()? {
        number = number.wrapping_add(1);
        if let Some((_, reply)) = script.replies.iter().find(|(at, _)| *at == number) {
            control.write_all(reply)?;
            continue;
        }
        match line.split(' ').next().unwrap_or_default() {
            "USER" => control.write_all(b"331 and?\r\n")?,
            "PASS" => control.write_all(b"230 in\r\n")?,
            "PWD" => control.write_all(b"257 \"/\"\r\n")?,
            "FEAT" => control.write_all(b"502 no\r\n")?,
            "PASV" => {
                let port = data.local_addr()?.port();
                let answer = format!("227 Entering Passive Mode (127,0,0,1,{},{}).\r\n", port / 256, port % 256);
                control.write_all(answer.as_bytes())?;
            }
            "LIST" | "RETR" => {
                control.write_all(b"150 here it comes\r\n")?;
                if let Ok((mut stream, _)) = data.accept() {
                    stream.write_all(&script.data)?;
                }
                control.write_all(b"226 done\r\n")?;
            }
            "SIZE" => control.write_all(b"213 7\r\n")?,
            "QUIT" => return control.write_all(b"221 bye\r\n"),
            _ => control.write_all(b"250 as you like\r\n")?,
        }
    }
    Ok(())
}

fuzz_target!(|script: Script| -> Corpus {
    let World { runtime, port } = &*WORLD;
    let server = Server { user: "till".into(), host: "127.0.0.1".into(), port: *port, folder: "/in".into() };
    let place = if script.is_ssh { Place::Sftp(server) } else { Place::Ftp(server, FtpSecurity::Plain) };
    *NEXT.lock().expect("never poisoned") = Some(script);
    runtime.block_on(async {
        let secret = Secret { password: Some(Hidden::new("x")), key: None };
        let Ok(mut remote) = connect(&place, Some("SHA256:x"), &secret, DEADLINES).await else { return };
        if let Ok(entries) = remote.list("").await {
            assert!(entries.iter().all(|entry| is_plain_name(&entry.name)), "{entries:?}");
        }
        if let Ok(bytes) = remote.read("a.xml", READ_BYTES_MAX).await {
            assert!(bytes.len() <= READ_BYTES_MAX + 1, "{} bytes", bytes.len());
        }
        let _ = remote.exists("a.xml").await;
        let _ = remote.rename("a.xml", "processing/a.xml").await;
        remote.close().await;
    });
    Corpus::Keep
});
