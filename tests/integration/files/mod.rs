//! Orders that come as files: from real folders, OpenSSH's SFTP and vsftpd, with and without TLS, on loopback ports.
//!
//! The servers come from Debian's packages `openssh-server` and `vsftpd`, which `tests/run` installs; each test has its own,
//! in a folder of its own, and ends it. Only what no honest server does (falling silent, lying) is a stand-in's.

mod alerts;
mod answers;
mod faulty;
mod generated;
mod pick_up;
mod programs;
mod readme;
pub mod servers;
mod sides;

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;
use till::central::intake::files::connect;
use till::central::intake::files::place::Place;
use till::central::intake::files::remote::{Deadlines, RemoteError, Timed};
use till::central::intake::files::secrets::{Hidden, Secret};

use servers::{FtpServer, SshServer};

/// The kinds of place there are, each with a real server behind it.
enum Side {
    Folder(TempDir),
    Sftp(SshServer),
    Ftp(FtpServer),
}

impl Side {
    fn all() -> Vec<(&'static str, Self)> {
        vec![
            ("folder", Self::Folder(tempfile::tempdir().unwrap())),
            ("sftp", Self::Sftp(SshServer::start())),
            ("ftp", Self::Ftp(FtpServer::start_plain())),
            ("ftps", Self::Ftp(FtpServer::start_tls())),
        ]
    }

    /// A folder of its own within, as a place and as this machine sees it.
    fn place_within(&self, name: &str) -> (Place, PathBuf) {
        self.make_folder(name);
        let disk = self.disk().join(name);
        let place = match self {
            Self::Folder(_) => Place::of_folder(disk.clone()).unwrap(),
            Self::Sftp(server) => Place::Sftp(server.server(&disk.display().to_string())),
            Self::Ftp(server) => Place::Ftp(server.server(&format!("orders/{name}")), server.security()),
        };
        (place, disk)
    }

    /// Whoever is signed in hears nothing any more.
    fn stop_answering(&self) {
        match self {
            Self::Folder(_) => panic!("a disk that hangs is not to be had"),
            Self::Sftp(server) => server.stop_answering(),
            Self::Ftp(server) => server.stop_answering(),
        }
    }

    fn place(&self) -> Place {
        match self {
            Self::Folder(folder) => Place::of_folder(folder.path().to_owned()).unwrap(),
            Self::Sftp(server) => server.place(),
            Self::Ftp(server) => server.place(),
        }
    }

    fn secret(&self) -> Secret {
        match self {
            Self::Folder(_) => Secret::default(),
            Self::Sftp(server) => server.secret(),
            Self::Ftp(server) => server.secret(),
        }
    }

    fn fingerprint(&self) -> Option<String> {
        match self {
            Self::Folder(_) => None,
            Self::Sftp(server) => Some(server.fingerprint()),
            Self::Ftp(server) => server.fingerprint(),
        }
    }

    /// The folder as this machine sees it.
    fn disk(&self) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.path().to_owned(),
            Self::Sftp(server) => server.disk(),
            Self::Ftp(server) => server.disk(),
        }
    }

    /// A folder in it that anybody may write to.
    fn make_folder(&self, name: &str) {
        let path = self.disk().join(name);
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).unwrap();
    }

    async fn connect(&self) -> Timed {
        self.connect_to(&self.place(), Deadlines::default()).await
    }

    async fn connect_to(&self, place: &Place, deadlines: Deadlines) -> Timed {
        let (pinned, secret) = (self.fingerprint(), self.secret());
        connect(place, pinned.as_deref(), &secret, deadlines).await.unwrap()
    }
}

fn password(text: &str) -> Secret {
    Secret { password: Some(Hidden::new(text)), key: None }
}

/// What a connection comes to that must fail.
async fn refusal(place: &Place, pinned: Option<&str>, secret: &Secret, deadlines: Deadlines) -> RemoteError {
    match connect(place, pinned, secret, deadlines).await {
        Err(error) => error,
        Ok(_) => panic!("{} let us in", place.to_text()),
    }
}
