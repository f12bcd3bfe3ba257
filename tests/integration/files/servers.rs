//! File servers of this machine, each on a loopback port and in a folder of its own, gone with the test that started it.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use base64::Engine;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use till::central::intake::files::place::{FtpSecurity, Place, Server};
use till::central::intake::files::secrets::{Hidden, Secret};

use super::password;
use crate::ports;

const SSHD: &str = "/usr/sbin/sshd";
/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);
/// The password of vsftpd's user.
pub const FTP_PASSWORD: &str = "correct horse";
/// The password of whoever is asked for one by OpenSSH.
pub const SSH_PASSWORD: &str = "battery staple";

/// A program that ends with this value, and with the thread that started it, however that ends.
struct Daemon {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Daemon {
    /// Runs `program` until it listens on the port that `configure` was told. Another run on this machine may have taken the
    /// port by then: another is tried.
    fn start(program: &str, folder: &Path, port: Option<u16>, configure: impl Fn(u16) -> Vec<String>) -> Self {
        assert!(Path::new(program).exists(), "{program} is missing: tests/run installs it");
        for _ in 0..5 {
            let port = port.unwrap_or_else(ports::take);
            let log = folder.join("server.log");
            let output = fs::File::create(&log).unwrap();
            let child = Command::new("setpriv")
                .args(["--pdeathsig", "KILL", program])
                .args(configure(port))
                .stdin(Stdio::null())
                .stdout(output.try_clone().unwrap())
                .stderr(output)
                .spawn()
                .unwrap();
            let mut daemon = Self { child, port, log };
            if daemon.listens() {
                return daemon;
            }
        }
        panic!("{program} does not listen:\n{}", fs::read_to_string(folder.join("server.log")).unwrap());
    }

    fn listens(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            assert!(Instant::now() < deadline, "in vain:\n{}", fs::read_to_string(&self.log).unwrap());
            thread::sleep(Duration::from_millis(10));
        }
        false
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Who is signed in has a process of its own, which outlives the one that listens.
        let all = with_descendants(self.child.id());
        drop(Command::new("kill").arg("-KILL").args(all.iter().map(u32::to_string)).output());
        // It may have ended by itself.
        drop(self.child.wait());
    }
}

impl Daemon {
    /// Everybody who is signed in is left waiting, as by a machine that hangs: connections stand, and nobody answers.
    fn stop_answering(&self) {
        let served = with_descendants(self.child.id()).split_off(1);
        assert!(!served.is_empty(), "nobody is signed in");
        run(Command::new("kill").arg("-STOP").args(served.iter().map(u32::to_string)));
    }
}

/// A process and all that it has started, as far as they are there.
fn with_descendants(process: u32) -> Vec<u32> {
    let mut all = vec![process];
    let mut next = 0;
    while let Some(process) = all.get(next).copied() {
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
        all.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        next += 1;
    }
    all
}

/// How OpenSSH lets people in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LetsIn {
    /// By key.
    Key,
    /// By asking for the password, and by nothing else: keyboard-interactive, through PAM.
    Answer,
}

/// OpenSSH's server with its own SFTP, for the user who runs the tests.
pub struct SshServer {
    folder: TempDir,
    daemon: Option<Daemon>,
    port: Option<u16>,
    lets_in: LetsIn,
}

impl SshServer {
    pub fn start() -> Self {
        Self::start_letting_in(LetsIn::Key)
    }

    /// One that asks for the password. Its PAM has rules of its own, in a place that it alone sees: only root can make one,
    /// and for anybody else there is none.
    pub fn start_asking() -> Option<Self> {
        is_root().then(|| Self::start_letting_in(LetsIn::Answer))
    }

    fn start_letting_in(lets_in: LetsIn) -> Self {
        let mut server = Self { folder: tempfile::tempdir().unwrap(), daemon: None, port: None, lets_in };
        if is_root() {
            // Where the server puts itself before it knows who asks; the package's service makes it at boot.
            fs::create_dir_all("/run/sshd").unwrap();
        }
        fs::create_dir(server.disk()).unwrap();
        server.make_key("user");
        fs::copy(server.path("user.pub"), server.path("authorized_keys")).unwrap();
        server.make_key("host");
        server.run();
        server
    }

    fn run(&mut self) {
        let path = |name: &str| self.path(name).display().to_string();
        let configure = |port: u16| {
            let lines = [
                format!("Port {port}"),
                "ListenAddress 127.0.0.1".to_owned(),
                format!("HostKey {}", path("host")),
                "PidFile none".to_owned(),
                "StrictModes no".to_owned(),
                "PermitRootLogin yes".to_owned(),
                format!("AuthorizedKeysFile {}", path("authorized_keys")),
                "MaxStartups 100".to_owned(),
                "Subsystem sftp internal-sftp".to_owned(),
            ];
            let more = match self.lets_in {
                LetsIn::Key => "UsePAM no",
                LetsIn::Answer => {
                    "UsePAM yes\nKbdInteractiveAuthentication yes\nPasswordAuthentication no\nPubkeyAuthentication no"
                }
            };
            fs::write(path("sshd_config"), format!("{}\n{more}\n", lines.join("\n"))).unwrap();
            let serve = format!("exec {SSHD} -D -e -f {}", path("sshd_config"));
            match self.lets_in {
                LetsIn::Key => vec!["sh".to_owned(), "-c".to_owned(), serve],
                LetsIn::Answer => {
                    self.write_pam_rules();
                    let serve = format!("mount --bind {} /etc/pam.d && {serve}", path("pam.d"));
                    ["unshare", "--mount", "sh", "-c", &serve].map(str::to_owned).to_vec()
                }
            }
        };
        assert!(Path::new(SSHD).exists(), "{SSHD} is missing: tests/run installs it");
        self.daemon = Some(Daemon::start("/usr/bin/env", self.folder.path(), self.port, configure));
        self.port = self.daemon.as_ref().map(|daemon| daemon.port);
    }

    /// PAM asks for a password, and a program of ours says whether it is the right one.
    fn write_pam_rules(&self) {
        let check = self.path("check");
        fs::write(&check, format!("#!/bin/sh\nread -r given || true\n[ \"$given\" = \"{SSH_PASSWORD}\" ]\n")).unwrap();
        fs::set_permissions(&check, fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir_all(self.path("pam.d")).unwrap();
        let rules = format!(
            "auth requisite pam_exec.so quiet expose_authtok {}\nauth required pam_permit.so\n\
             account required pam_permit.so\nsession required pam_permit.so\n",
            check.display()
        );
        fs::write(self.path("pam.d/sshd"), rules).unwrap();
    }

    /// Back as it was.
    pub fn start_again(&mut self) {
        self.run();
    }

    /// Whoever is signed in hears nothing any more.
    pub fn stop_answering(&self) {
        self.daemon.as_ref().unwrap().stop_answering();
    }

    /// Gone, and nobody listens any more.
    pub fn stop(&mut self) {
        self.daemon = None;
    }

    /// Back with another host key: another machine, or somebody in between.
    pub fn start_with_another_key(&mut self) {
        self.stop();
        fs::remove_file(self.path("host")).unwrap();
        fs::remove_file(self.path("host.pub")).unwrap();
        self.make_key("host");
        self.run();
    }

    pub fn place(&self) -> Place {
        Place::Sftp(self.server(&self.disk().display().to_string()))
    }

    pub fn server(&self, folder: &str) -> Server {
        let port = self.port.unwrap();
        Server { user: user_name(), host: "localhost".to_owned(), port, folder: folder.to_owned() }
    }

    pub fn secret(&self) -> Secret {
        if self.lets_in == LetsIn::Answer {
            return password(SSH_PASSWORD);
        }
        Secret { password: None, key: Some(Hidden::new(fs::read_to_string(self.path("user")).unwrap())) }
    }

    /// Where the key lies that it lets in.
    pub fn key_file(&self) -> PathBuf {
        self.path("user")
    }

    /// As `ssh-keygen` says it.
    pub fn fingerprint(&self) -> String {
        let said = run(Command::new("ssh-keygen").arg("-lf").arg(self.path("host.pub")));
        said.split_whitespace().nth(1).unwrap().to_owned()
    }

    pub fn disk(&self) -> PathBuf {
        self.path("orders")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make_key(&self, name: &str) {
        run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(self.path(name)));
    }
}

/// vsftpd for its one user, who has one password.
pub struct FtpServer {
    folder: TempDir,
    daemon: Option<Daemon>,
    security: FtpSecurity,
}

impl FtpServer {
    pub fn start_plain() -> Self {
        Self::start(FtpSecurity::Plain)
    }

    pub fn start_tls() -> Self {
        Self::start(FtpSecurity::Tls)
    }

    fn start(security: FtpSecurity) -> Self {
        let mut server = Self { folder: tempfile::tempdir().unwrap(), daemon: None, security };
        // Its user may not write where it arrives, only below.
        fs::create_dir_all(server.disk()).unwrap();
        fs::create_dir(server.path("nobody")).unwrap();
        for (folder, mode) in
            [(server.folder.path().to_owned(), 0o755), (server.path("root"), 0o555), (server.disk(), 0o777)]
        {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::write(server.path("passwords"), format!("{FTP_PASSWORD}\n")).unwrap();
        if security == FtpSecurity::Tls {
            server.make_certificate();
        }
        let path = |name: &str| server.path(name).display().to_string();
        let configure = |port: u16| {
            let mut lines = vec![
                "listen=YES".to_owned(),
                "background=NO".to_owned(),
                "listen_address=127.0.0.1".to_owned(),
                format!("listen_port={port}"),
                "run_as_launching_user=YES".to_owned(),
                format!("secure_chroot_dir={}", path("nobody")),
                "anonymous_enable=YES".to_owned(),
                format!("anon_root={}", path("root")),
                "anon_umask=022".to_owned(),
                "write_enable=YES".to_owned(),
                "anon_upload_enable=YES".to_owned(),
                "anon_mkdir_write_enable=YES".to_owned(),
                "anon_other_write_enable=YES".to_owned(),
                "secure_email_list_enable=YES".to_owned(),
                format!("email_password_file={}", path("passwords")),
                "xferlog_enable=NO".to_owned(),
                "seccomp_sandbox=NO".to_owned(),
            ];
            if security == FtpSecurity::Tls {
                lines.extend([
                    "ssl_enable=YES".to_owned(),
                    "allow_anon_ssl=YES".to_owned(),
                    "force_anon_logins_ssl=YES".to_owned(),
                    "force_anon_data_ssl=YES".to_owned(),
                    "ssl_ciphers=HIGH".to_owned(),
                    format!("rsa_cert_file={}", path("certificate.pem")),
                    format!("rsa_private_key_file={}", path("key.pem")),
                ]);
            }
            fs::write(path("vsftpd.conf"), lines.join("\n") + "\n").unwrap();
            vec![path("vsftpd.conf")]
        };
        server.daemon = Some(Daemon::start("/usr/sbin/vsftpd", server.folder.path(), None, configure));
        server
    }

    /// Whoever is signed in hears nothing any more.
    pub fn stop_answering(&self) {
        self.daemon.as_ref().unwrap().stop_answering();
    }

    pub fn place(&self) -> Place {
        // From where the user arrives.
        Place::Ftp(self.server("orders"), self.security)
    }

    pub fn server(&self, folder: &str) -> Server {
        let port = self.daemon.as_ref().unwrap().port;
        Server { user: "anonymous".to_owned(), host: "127.0.0.1".to_owned(), port, folder: folder.to_owned() }
    }

    pub fn secret(&self) -> Secret {
        password(FTP_PASSWORD)
    }

    pub fn security(&self) -> FtpSecurity {
        self.security
    }

    pub fn fingerprint(&self) -> Option<String> {
        let der = fs::read(self.path("certificate.der")).ok()?;
        Some(format!("SHA256:{}", base64::engine::general_purpose::STANDARD_NO_PAD.encode(Sha256::digest(der))))
    }

    pub fn disk(&self) -> PathBuf {
        self.path("root/orders")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make_certificate(&self) {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["files.example".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        fs::write(self.path("certificate.pem"), certificate.pem()).unwrap();
        fs::write(self.path("certificate.der"), certificate.der()).unwrap();
        fs::write(self.path("key.pem"), key.serialize_pem()).unwrap();
    }
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn user_name() -> String {
    run(Command::new("id").arg("-un")).trim().to_owned()
}

pub fn is_root() -> bool {
    run(Command::new("id").arg("-u")).trim() == "0"
}
