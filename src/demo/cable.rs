//! The cable between the till and central: real bytes through a real socket, until someone cuts it.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A cable that can be cut and mended. Cut, it drops every connection and takes no new one; dropping it cuts it for ever.
#[derive(Clone)]
pub struct Cable {
    address: SocketAddr,
    whole: Arc<watch::Sender<bool>>,
}

impl Cable {
    /// Lays a cable from a loopback port of its own to `to`.
    pub async fn lay(to: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (whole, state) = watch::channel(true);
        tokio::spawn(accept(listener, to, state));
        Ok(Self { address, whole: Arc::new(whole) })
    }

    /// Where the till connects to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts or mends it.
    pub fn set(&self, state: CableState) {
        self.whole.send_replace(state == CableState::Whole);
    }

    /// As it is.
    pub fn state(&self) -> CableState {
        if *self.whole.borrow() { CableState::Whole } else { CableState::Cut }
    }
}

/// How a cable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CableState {
    /// Bytes flow.
    Whole,
    /// Nothing does.
    Cut,
}

async fn accept(listener: TcpListener, to: SocketAddr, mut state: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            changed = state.changed() => {
                if changed.is_err() {
                    return;
                }
                continue;
            }
        };
        match accepted {
            // A cut cable answers like a port where nobody listens: at once.
            Ok((near, _)) if !*state.borrow() => drop(near),
            Ok((near, _)) => {
                tokio::spawn(carry(near, to, state.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "the cable takes no connection");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
}

async fn carry(mut near: TcpStream, to: SocketAddr, mut state: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(to).await else { return };
    tokio::select! {
        ended = tokio::io::copy_bidirectional(&mut near, &mut far) => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection over the cable ended");
            }
        }
        _ = state.wait_for(|whole| !whole) => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_cut_ends_what_flows_and_a_mended_cable_carries_again() {
        let far = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let cable = Cable::lay(far.local_addr().expect("bound")).await.expect("laid");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = far.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    tokio::io::copy(&mut read, &mut write).await.ok();
                });
            }
        });
        let mut byte = [0];
        let mut near = TcpStream::connect(cable.address()).await.expect("connected");
        near.write_all(b"a").await.expect("sent");
        near.read_exact(&mut byte).await.expect("echoed");
        cable.set(CableState::Cut);
        assert_eq!(near.read(&mut byte).await.unwrap_or(0), 0, "a cut ends the stream");
        let mut refused = TcpStream::connect(cable.address()).await.expect("the port stays");
        assert_eq!(refused.read(&mut byte).await.unwrap_or(0), 0, "a cut cable carries nothing");
        cable.set(CableState::Whole);
        let mut near = TcpStream::connect(cable.address()).await.expect("connected again");
        near.write_all(b"b").await.expect("sent");
        near.read_exact(&mut byte).await.expect("echoed again");
        assert_eq!(&byte, b"b");
    }
}
