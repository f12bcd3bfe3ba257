//! Where a channel's files are: a folder of this machine, or one behind SFTP or FTP, as a person writes it.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// The ports of SSH (RFC 4253 section 4.2) and FTP (RFC 959 section 8).
const SFTP_PORT: u16 = 22;
const FTP_PORT: u16 = 21;

/// What cannot stand as itself in the user or the path of a URL (RFC 3986 section 3.3).
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'@').add(b'`');

/// Where files are picked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder this machine sees.
    Folder(PathBuf),
    /// A folder behind SSH.
    Sftp(Server),
    /// A folder behind FTP.
    Ftp(Server, FtpSecurity),
}

/// A file server, and the folder on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Who signs in.
    pub user: String,
    /// Name or address, without the brackets of an IPv6 address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The folder: from the root, or from where the user arrives when it does not begin with `/`.
    pub folder: String,
}

/// Whether what is said to an FTP server can be read and changed on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FtpSecurity {
    /// TLS before the password (`AUTH TLS`, RFC 4217), for commands and for files.
    Tls,
    /// None: password and orders travel in clear.
    Plain,
}

/// Why a place cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// Not a URL of the kinds we know.
    #[error("{0:?} is no place: write sftp://USER@HOST[:PORT]/FOLDER or ftp://USER@HOST[:PORT]/FOLDER")]
    NotUnderstood(String),
    /// Other users of this machine would see it in the list of programs.
    #[error("a password does not belong into a URL: put it into a file and name that with --password-file")]
    PasswordInUrl,
    /// Nobody to sign in as.
    #[error("name the user before the host: sftp://USER@HOST/FOLDER")]
    UserMissing,
    /// TLS from the first byte, on a port of its own.
    #[error("port 990 is for implicit TLS, which is not spoken here: use the server's ordinary FTP port, usually 21")]
    ImplicitTls,
    /// A folder that depends on where a program was started.
    #[error("name the folder from the root: /srv/orders")]
    NotAbsolute,
}

impl Place {
    /// Reads the URL of a file server. `ftp` is taken with TLS unless `plain_ftp` says otherwise; `ftps` always is.
    pub fn parse(url: &str, plain_ftp: bool) -> Result<Self, PlaceError> {
        let not_understood = || PlaceError::NotUnderstood(url.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(not_understood)?;
        let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let (user, address) = authority.rsplit_once('@').ok_or(PlaceError::UserMissing)?;
        if user.contains(':') {
            return Err(PlaceError::PasswordInUrl);
        }
        let text = |part: &str| percent_decode_str(part).decode_utf8().map(String::from).map_err(|_| not_understood());
        let (user, path) = (text(user)?, text(path)?);
        if user.is_empty() {
            return Err(PlaceError::UserMissing);
        }
        let (host, port) = split_port(address).ok_or_else(not_understood)?;
        let is_line = |part: &str| !part.chars().any(char::is_control);
        if host.is_empty() || !is_line(&user) || !is_line(&path) || !is_line(host) {
            return Err(not_understood());
        }
        let folder = match path.strip_prefix("/~/") {
            Some(from_home) => from_home.trim_end_matches('/').to_owned(),
            None if path.trim_end_matches('/').is_empty() => "/".to_owned(),
            None => path.trim_end_matches('/').to_owned(),
        };
        let server = |standard: u16| Server { user, host: host.to_owned(), port: port.unwrap_or(standard), folder };
        match scheme {
            "sftp" => Ok(Self::Sftp(server(SFTP_PORT))),
            "ftp" | "ftps" if port == Some(990) => Err(PlaceError::ImplicitTls),
            "ftp" if plain_ftp => Ok(Self::Ftp(server(FTP_PORT), FtpSecurity::Plain)),
            "ftp" | "ftps" => Ok(Self::Ftp(server(FTP_PORT), FtpSecurity::Tls)),
            _ => Err(not_understood()),
        }
    }

    /// A folder of this machine, from the root.
    pub fn of_folder(folder: PathBuf) -> Result<Self, PlaceError> {
        if folder.is_absolute() { Ok(Self::Folder(folder)) } else { Err(PlaceError::NotAbsolute) }
    }

    /// As the store keeps it: `folder:/srv/orders`, `sftp://…`, `ftps://…`, and `ftp://…` for FTP in clear.
    pub fn to_text(&self) -> String {
        match self {
            Self::Folder(folder) => format!("folder:{}", folder.display()),
            Self::Sftp(server) => format!("sftp://{server}"),
            Self::Ftp(server, FtpSecurity::Tls) => format!("ftps://{server}"),
            Self::Ftp(server, FtpSecurity::Plain) => format!("ftp://{server}"),
        }
    }

    /// Reads what [`Self::to_text`] wrote.
    pub fn from_text(text: &str) -> Result<Self, PlaceError> {
        match text.strip_prefix("folder:") {
            Some(folder) => Self::of_folder(PathBuf::from(folder)),
            None => Self::parse(text, true),
        }
    }
}

/// Without the scheme, so that it reads the same for each.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = utf8_percent_encode(&self.user, ESCAPED);
        let home = if self.folder.starts_with('/') { "" } else { "/~/" };
        let folder = utf8_percent_encode(&self.folder, ESCAPED);
        match self.host.contains(':') {
            true => write!(f, "{user}@[{}]:{}{home}{folder}", self.host, self.port),
            false => write!(f, "{user}@{}:{}{home}{folder}", self.host, self.port),
        }
    }
}

/// `host`, `host:port`, `[::1]`, `[::1]:port`.
fn split_port(address: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = address.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port.parse().ok()?))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match address.split_once(':') {
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
        None => Some((address, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_and_written_back() {
        #[rustfmt::skip]
        let table = [
            ("sftp://till@files.example/in",              "sftp://till@files.example:22/in"),
            ("sftp://till@files.example:2222/in/orders/", "sftp://till@files.example:2222/in/orders"),
            ("sftp://till@files.example",                 "sftp://till@files.example:22/"),
            ("sftp://till@[::1]:2222/~/in",               "sftp://till@[::1]:2222/~/in"),
            ("sftp://shop%40home@h/a%20b",                "sftp://shop%40home@h:22/a%20b"),
            ("ftp://till@h/in",                           "ftps://till@h:21/in"),
            ("ftps://till@h/in",                          "ftps://till@h:21/in"),
        ];
        for (url, kept) in table {
            let place = Place::parse(url, false).unwrap();
            assert_eq!(place.to_text(), kept, "{url}");
            assert_eq!(Place::from_text(kept), Ok(place), "{url}");
        }
        let plain = Place::parse("ftp://till@h/in", true).unwrap();
        assert_eq!(plain.to_text(), "ftp://till@h:21/in");
        assert_eq!(Place::from_text("ftp://till@h:21/in"), Ok(plain));
        let folder = Place::of_folder("/srv/in coming".into()).unwrap();
        assert_eq!(Place::from_text(&folder.to_text()), Ok(folder));
    }

    #[test]
    fn what_is_no_place_says_why() {
        let not_understood = |url: &str| PlaceError::NotUnderstood(url.to_owned());
        #[rustfmt::skip]
        let table = [
            ("sftp://till:secret@h/in",      PlaceError::PasswordInUrl),
            ("sftp://h/in",                  PlaceError::UserMissing),
            ("sftp://@h/in",                 PlaceError::UserMissing),
            ("ftps://till@h:990/in",         PlaceError::ImplicitTls),
            ("http://till@h/in",             not_understood("http://till@h/in")),
            ("sftp://till@h:port/in",        not_understood("sftp://till@h:port/in")),
            ("sftp://till@h/in%0d%0aDELE%20x", not_understood("sftp://till@h/in%0d%0aDELE%20x")),
            ("sftp://till@/in",              not_understood("sftp://till@/in")),
            ("/srv/orders",                  not_understood("/srv/orders")),
        ];
        for (url, expected) in table {
            assert_eq!(Place::parse(url, false), Err(expected), "{url}");
        }
        assert_eq!(Place::of_folder("orders".into()), Err(PlaceError::NotAbsolute));
    }
}
