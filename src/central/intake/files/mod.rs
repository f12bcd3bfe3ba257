//! Orders that come as files: picked up from a folder, over SFTP, over FTP with or without TLS.
//!
//! A channel has one folder. Other systems put files there; central looks at it at intervals, or at once when it is poked.
//! A file that is whole is *claimed* by moving it into `processing/`, taken in one transaction of the store together with
//! the record of the file, and then moved into `imported/` or `problem/`, where a text beside it says what is wrong. The
//! store is the truth: whatever is interrupted is finished from its record, and moving is only ever repeated.
//!
//! How it works: [`place`] says where; [`remote`] is what is asked of the other side, and `folder`, `sftp` (which
//! `sign_in` lets in) and `ftp` are the sides there are; [`plan`] decides, purely; [`look`] goes once through a folder;
//! [`record`] is what is kept and told of a file; [`watch`] looks at every channel's folder for as long as central runs;
//! [`check`] tries one for a person.
//!
//! Two centrals may look at one folder: moving into `processing/` decides whose a file is, and each leaves the other's
//! claims alone, which bear the other's tag.
//!
//! Whole means: a marker of the file's name (`orders.xml.done` or `orders.xml.ok`) lies beside it, or size and time were
//! the same at two looks. Hidden files and those that end in `.tmp .part .filepart .crdownload ~` are left alone.
//!
//! Absent here: what a document means (the rest of intake), and trust in anything the other side says: names, sizes,
//! lengths and addresses are all checked or bounded, and every call ends in time.
//!
//! To add a kind of file server: its [`place::Place`], a [`remote::Remote`] in a file of its own, a line in [`connect`].
//! Tests: beside each file, and against OpenSSH and vsftpd in `tests/integration/files`.

pub mod check;
mod folder;
mod ftp;
pub mod look;
pub mod place;
pub mod plan;
pub mod record;
pub mod remote;
pub mod secrets;
mod sftp;
mod sign_in;
pub mod watch;

use self::place::Place;
use self::remote::{Deadlines, RemoteError, Timed, in_time};
use self::secrets::Secret;

/// Goes to a place and signs in. `pinned` is the fingerprint (`SHA256:…`) of the one host key or certificate to believe.
pub async fn connect(
    place: &Place,
    pinned: Option<&str>,
    secret: &Secret,
    deadlines: Deadlines,
) -> Result<Timed, RemoteError> {
    let step = async {
        let remote: Box<dyn remote::Remote> = match place {
            Place::Folder(root) => Box::new(folder::Folder::open(root).await?),
            Place::Sftp(server) => Box::new(sftp::Sftp::connect(server, pinned, secret, deadlines).await?),
            Place::Ftp(server, security) => Box::new(ftp::Ftp::connect(server, *security, pinned, secret).await?),
        };
        Ok(remote)
    };
    let remote = in_time(deadlines.connect, "connecting", step).await?;
    Ok(Timed::new(remote, deadlines))
}
