//! What a file server says: an FTP server's replies, listings and files, and whatever answers where SSH is expected. Never a
//! panic, never more than was asked for, and an end in time.
//!
//! Server and client take turns on one thread, whose time stands still while either has something to do and jumps to the next
//! deadline when neither has: a server that says nothing more costs no waiting.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::{Corpus, arbitrary, fuzz_target};
use till::central::intake::files::connect;
use till::central::intake::files::place::{FtpSecurity, Place, Server};
use till::central::intake::files::remote::{Deadlines, Remote, is_plain_name};
use till::central::intake::files::secrets::{Hidden, Secret};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const READ_BYTES_MAX: usize = 1000;
const DEADLINES: Deadlines = Deadlines { connect: Duration::from_secs(30), call: Duration::from_secs(60) };

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

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(true).build().expect("a runtime")
});

async fn serve(listener: TcpListener, script: Script) -> std::io::Result<()> {
    let (mut control, _) = listener.accept().await?;
    // Every reply is there when it is said: none waits in the system for the one before to be acknowledged.
    control.set_nodelay(true)?;
    if script.is_ssh {
        control.write_all(&script.data).await?;
        return control.read(&mut [0; 1]).await.map(drop);
    }
    let (lines, mut control) = control.split();
    let mut lines = BufReader::new(lines).lines();
    control.write_all(script.greeting.as_deref().unwrap_or(b"220 come in\r\n")).await?;
    let data = TcpListener::bind("127.0.0.1:0").await?;
    let mut number = 0_u8;
    while let Some(line) = lines.next_line().await? {
        number = number.wrapping_add(1);
        if let Some((_, reply)) = script.replies.iter().find(|(at, _)| *at == number) {
            control.write_all(reply).await?;
            continue;
        }
        match line.split(' ').next().unwrap_or_default() {
            "USER" => control.write_all(b"331 and?\r\n").await?,
            "PASS" => control.write_all(b"230 in\r\n").await?,
            "TYPE" => control.write_all(b"200 as bytes\r\n").await?,
            "RNFR" => control.write_all(b"350 to where?\r\n").await?,
            "PWD" => control.write_all(b"257 \"/\"\r\n").await?,
            "FEAT" => control.write_all(b"502 no\r\n").await?,
            "PASV" => {
                let port = data.local_addr()?.port();
                let answer = format!("227 Entering Passive Mode (127,0,0,1,{},{}).\r\n", port / 256, port % 256);
                control.write_all(answer.as_bytes()).await?;
            }
            "LIST" | "RETR" => {
                control.write_all(b"150 here it comes\r\n").await?;
                // Whoever asked for a passive port has connected by now; who did not gets nothing.
                if let Ok(Ok((mut stream, _))) = tokio::time::timeout(Duration::from_secs(1), data.accept()).await {
                    stream.write_all(&script.data).await?;
                    stream.shutdown().await?;
                }
                control.write_all(b"226 done\r\n").await?;
            }
            "SIZE" => control.write_all(b"213 7\r\n").await?,
            "QUIT" => return control.write_all(b"221 bye\r\n").await,
            _ => control.write_all(b"250 as you like\r\n").await?,
        }
    }
    Ok(())
}

async fn ask(place: &Place) {
    let secret = Secret { password: Some(Hidden::new("x")), key: None };
    let Ok(mut remote) = connect(place, Some("SHA256:x"), &secret, DEADLINES).await else { return };
    if let Ok(entries) = remote.list("").await {
        assert!(entries.iter().all(|entry| is_plain_name(&entry.name)), "{entries:?}");
    }
    if let Ok(bytes) = remote.read("a.xml", READ_BYTES_MAX).await {
        assert!(bytes.len() <= READ_BYTES_MAX + 1, "{} bytes", bytes.len());
    }
    let _ = remote.exists("a.xml").await;
    let _ = remote.rename("a.xml", "processing/a.xml").await;
    remote.close().await;
}

fuzz_target!(|script: Script| -> Corpus {
    RUNTIME.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let server = Server { user: "till".into(), host: "127.0.0.1".into(), port, folder: "/in".into() };
        let place = if script.is_ssh { Place::Sftp(server) } else { Place::Ftp(server, FtpSecurity::Plain) };
        let serving = tokio::spawn(serve(listener, script));
        ask(&place).await;
        // It ends when the other side has had enough.
        serving.abort();
        drop(serving.await);
    });
    Corpus::Keep
});
