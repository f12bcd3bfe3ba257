//! What an SFTP server says behind its sign-in: packets as the session's own reader takes them, and an end in time.
//! Time jumps to the next deadline when neither side has anything to do.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use russh_sftp::client::{Config, RawSftpSession};
use tokio::io::AsyncWriteExt;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
});

fuzz_target!(|data: (bool, &[u8])| {
    let (is_greeted, bytes) = data;
    RUNTIME.block_on(async {
        let (near, mut far) = tokio::io::duplex(1 << 20);
        // SSH_FXP_VERSION, 3 (draft-ietf-secsh-filexfer-02, 4), and then whatever comes.
        let greeting: &[u8] = if is_greeted { &[0, 0, 0, 5, 2, 0, 0, 0, 3] } else { &[] };
        if far.write_all(greeting).await.is_err() || far.write_all(bytes).await.is_err() {
            return;
        }
        let config = Config { max_packet_len: 1 << 18, request_timeout_secs: 1, ..Config::default() };
        let session = RawSftpSession::new_with_config(near, config);
        let asking = async {
            session.init().await.ok()?;
            let handle = session.opendir("in").await.ok()?.handle;
            session.readdir(&handle).await.ok()?;
            session.read(&handle, 0, 32_768).await.ok()?;
            session.rename("a", "b").await.ok()
        };
        let hanging_up = async {
            tokio::task::yield_now().await;
            drop(far);
        };
        let _ = tokio::time::timeout(Duration::from_millis(200), async { tokio::join!(asking, hanging_up) }).await;
    });
});
