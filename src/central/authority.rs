//! Central's own certificate authority: made once in the data folder, it signs central's server certificate and each
//! till's, and a till's certificate says which till it is.

use std::fs;
use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use chrono::Datelike;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::domain::Timestamp;
use crate::domain::ids::{StoreId, TillId, WorkstationId};

/// How long the authority lasts, in days.
const AUTHORITY_DAYS: i64 = 365 * 20;
/// How long a till's certificate lasts, in days. It ends earlier by head office shutting the till out.
const TILL_DAYS: i64 = 365 * 10;
/// How long central's own certificate lasts, in days: a new one is made at every start.
const SERVER_DAYS: i64 = 397;
/// Clocks of tills may be behind by so much, in days.
const BEFORE_DAYS: i64 = 2;

/// Why there is no authority, or no certificate.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The folder cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A certificate or key makes no sense.
    #[error("certificate: {0}")]
    Certificate(#[from] rcgen::Error),
}

/// The authority with its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate_pem: String,
}

/// A certificate with its key, as PEM.
pub struct ServerIdentity {
    /// The chain.
    pub certificate_pem: String,
    /// The private key.
    pub key_pem: String,
}

impl Authority {
    /// Reads the authority of a data folder, or makes it.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, AuthorityError> {
        let (certificate_path, key_path) = (folder.join("authority.pem"), folder.join("authority-key.pem"));
        if !certificate_path.exists() {
            let (certificate, key) = make_authority(now)?;
            // The certificate last: with it, the authority is complete.
            write_secret(&key_path, &key)?;
            write_secret(&certificate_path, &certificate)?;
        }
        let certificate_pem = read(&certificate_path)?;
        let key = KeyPair::from_pem(&read(&key_path)?)?;
        Ok(Self { issuer: Issuer::from_ca_cert_pem(&certificate_pem, key)?, certificate_pem })
    }

    /// Its certificate, PEM: tills trust it, central knows tills by it.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// A fresh server certificate for these names and addresses.
    pub fn make_server_identity(&self, names: &[String], now: Timestamp) -> Result<ServerIdentity, AuthorityError> {
        let mut params = CertificateParams::new(names.to_vec())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "central");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        set_validity(&mut params, now, SERVER_DAYS);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(ServerIdentity { certificate_pem: certificate.pem(), key_pem: key.serialize_pem() })
    }

    /// Signs a till's key. Whatever the request says of its subject is ignored.
    pub fn sign_till(
        &self,
        request_pem: &str,
        till: &TillId,
        serial: [u8; 16],
        now: Timestamp,
    ) -> Result<String, AuthorityError> {
        let mut request = CertificateSigningRequestParams::from_pem(request_pem)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationalUnitName, till.store.as_str());
        params.distinguished_name.push(DnType::CommonName, till.workstation.as_str());
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        set_validity(&mut params, now, TILL_DAYS);
        request.params = params;
        Ok(request.signed_by(&self.issuer)?.pem())
    }
}

/// Which till a certificate names, and its serial number. The chain was checked by the TLS layer.
pub fn read_till_certificate(der: &[u8]) -> Option<(TillId, [u8; 16])> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let subject = certificate.subject();
    let store = subject.iter_organizational_unit().next()?.as_str().ok()?;
    let workstation = subject.iter_common_name().next()?.as_str().ok()?;
    let raw = certificate.raw_serial();
    let digits = raw.strip_prefix(&[0]).filter(|_| raw.len() > 16).unwrap_or(raw);
    let mut serial = [0; 16];
    serial.get_mut(16_usize.checked_sub(digits.len())?..)?.copy_from_slice(digits);
    Some((TillId { store: StoreId::new(store), workstation: WorkstationId::new(workstation) }, serial))
}

/// The names a server answers to: the address it listens on, and this machine.
pub fn server_names(address: IpAddr) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), "central".to_owned()];
    if !address.is_unspecified() && !address.is_loopback() {
        names.push(address.to_string());
    }
    if let Ok(host) = fs::read_to_string("/etc/hostname") {
        names.extend(Some(host.trim().to_owned()).filter(|host| !host.is_empty() && host.is_ascii()));
    }
    names
}

fn make_authority(now: Timestamp) -> Result<(String, String), AuthorityError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "central authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    set_validity(&mut params, now, AUTHORITY_DAYS);
    let key = KeyPair::generate()?;
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// Sets from when and until when a certificate is good, in whole days.
fn set_validity(params: &mut CertificateParams, now: Timestamp, days: i64) {
    let day = |days: i64| {
        let date = (now + chrono::TimeDelta::days(days)).date_naive();
        // Month and day of a date are at most 31.
        rcgen::date_time_ymd(date.year(), date.month() as u8, date.day() as u8)
    };
    (params.not_before, params.not_after) = (day(-BEFORE_DAYS), day(days));
}

fn read(path: &Path) -> Result<String, AuthorityError> {
    fs::read_to_string(path).map_err(|cause| AuthorityError::File { path: path.to_owned(), cause })
}

/// Written beside and renamed, readable by its owner alone.
fn write_secret(path: &Path, text: &str) -> Result<(), AuthorityError> {
    let beside = path.with_extension("pem.part");
    let write = || -> std::io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|cause| AuthorityError::File { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tills_certificate_names_the_till_and_not_what_it_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_timestamp_micros(1_790_000_000_000_000).unwrap();
        let authority = Authority::open(folder.path(), now).unwrap();
        let mut asked = CertificateParams::new(vec!["evil.example".to_owned()]).unwrap();
        asked.distinguished_name.push(DnType::OrganizationalUnitName, "S999");
        let key = KeyPair::generate().unwrap();
        let request = asked.serialize_request(&key).unwrap().pem().unwrap();
        let till = TillId { store: "S001".into(), workstation: "T02".into() };
        for serial in [[0x80; 16], [0x01; 16], [0; 16]] {
            let pem = authority.sign_till(&request, &till, serial, now).unwrap();
            let (_, parsed) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap();
            assert_eq!(read_till_certificate(&parsed.contents), Some((till.clone(), serial)));
        }
        // Opened again, it is the same authority.
        let again = Authority::open(folder.path(), now).unwrap();
        assert_eq!(again.certificate_pem(), authority.certificate_pem());
        assert_eq!(read_till_certificate(b"garbage"), None);
    }
}
