//! Starting and stopping the server: the same for `central serve`, for the demo's shop and for tests.

use std::fs::{DirBuilder, File, TryLockError};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Identity, ServerTlsConfig};
use tower::layer::layer_fn;
use tower::service_fn;

use super::authority::{Authority, AuthorityError, ServerIdentity, server_names};
use super::deadlines::watch_deadlines;
use super::figures;
use super::intake::{Intake, files};
use super::retention::watch_retention;
use super::services::{
    AvailabilityService, CreditService, Doorkeeper, MESSAGE_BYTES_MAX, OfficeService, OrderService, PriceService,
    SyncService, Transport, Unread,
};
use super::store::sqlite::{OpenAs, SqliteStore};
use super::store::{Store, StoreError};
use super::surroundings::Surroundings;
use crate::wire::DESCRIPTORS;
use crate::wire::office::v1::office_service_server::OfficeServiceServer;
use crate::wire::till::v1::sync_service_server::SyncServiceServer;
use crate::wire::trade::v1::availability_service_server::AvailabilityServiceServer;
use crate::wire::trade::v1::credit_service_server::CreditServiceServer;
use crate::wire::trade::v1::order_service_server::OrderServiceServer;
use crate::wire::trade::v1::price_service_server::PriceServiceServer;

/// How long an answer may take; streams count until they begin.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a silent caller is asked whether it is still there, and how long it has to answer.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(20);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long calls may go on after a shutdown was asked for.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// The name of central's file in its data folder.
pub const DATABASE_FILE: &str = "central.db";
/// The name of the file that says a server runs on the folder.
const LOCK_FILE: &str = "central.lock";

/// How callers reach central.
#[derive(Clone, Debug)]
pub enum Security {
    /// Without TLS: for a loopback address, or where somebody takes it on himself.
    Plain,
    /// With a certificate of central's own authority, for this machine and the names callers know it by.
    OwnAuthority {
        /// Host names and addresses, beside those of the machine.
        names: Vec<String>,
    },
    /// With a certificate from files, of an authority that tills are told of when they are joined; tills are still signed by
    /// central's own.
    Files {
        /// The chain, PEM.
        certificate: PathBuf,
        /// Its private key, PEM.
        key: PathBuf,
    },
}

/// What a server needs to know.
#[derive(Clone)]
pub struct Config {
    /// Its data folder; made when it is not there.
    pub data: PathBuf,
    /// Where it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// With or without TLS.
    pub security: Security,
    /// How many days behind the end of an order its persons are kept.
    pub keep_persons_days: u16,
    /// Clock and randomness.
    pub surroundings: Surroundings,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error("cannot make {path}: {cause}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Another server answers from this data: two would not hear of what the other one books.
    #[error("another central serves {path} already: stop that one first, or name another folder with --data")]
    Served {
        /// Which.
        path: PathBuf,
    },
    /// The data cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The authority cannot be opened.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A certificate file cannot be read.
    #[error("cannot read {path}: {cause}")]
    CertificateFile {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The address is taken, or not this machine's.
    #[error(
        "cannot listen on {address}: {cause}; end what answers there (another central, a demo), or name another address"
    )]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
    /// What anyone may read who reaches it is for this machine alone.
    #[error("{address} can be reached from other machines: figures are told at an address like 127.0.0.1:9464")]
    NotLoopback {
        /// Which.
        address: SocketAddr,
    },
    /// Certificate and key do not make a server.
    #[error("TLS: {0}")]
    Tls(tonic::transport::Error),
    /// The built-in description of the services is broken.
    #[error("reflection: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// The server.
pub struct Server;

/// A server that answers.
pub struct RunningCentral {
    /// Where.
    pub address: SocketAddr,
    /// Central's own authority, where callers must trust it; `None` without TLS, and with a certificate from files.
    pub authority_pem: Option<String>,
    transport: Transport,
    /// Its data: for programs that run in the same process.
    pub store: SqliteStore,
    stop: watch::Sender<bool>,
    pick_ups: JoinHandle<()>,
    serving: JoinHandle<Result<(), tonic::transport::Error>>,
    deadlines: JoinHandle<()>,
    figures: Option<JoinHandle<()>>,
    retention: JoinHandle<()>,
    surroundings: Surroundings,
    /// Let go of last.
    _lock: Option<FolderLock>,
}

/// Opens central's file beside or before a server: for commands.
pub fn open_store(data: &Path, open_as: OpenAs, surroundings: &Surroundings) -> Result<SqliteStore, StartError> {
    if matches!(open_as, OpenAs::Reader) {
        return Ok(SqliteStore::open(&data.join(DATABASE_FILE), open_as, surroundings.now())?);
    }
    make_folder(data)?;
    Ok(SqliteStore::open(&data.join(DATABASE_FILE), open_as, surroundings.now())?)
}

/// The lock of a data folder.
struct FolderLock(File);

impl Drop for FolderLock {
    /// Says so: a program that is just being started has a copy of every handle for a moment, and would hold it.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the lock of the data folder is let go of with its handle");
        }
    }
}

/// One server answers from a folder; the system lets go of its lock with the program, however that ends. `None` where the disk
/// knows no locks.
fn take_lock(data: &Path) -> Result<Option<FolderLock>, StartError> {
    make_folder(data)?;
    let path = data.join(LOCK_FILE);
    let opened = File::options().create(true).truncate(false).write(true).mode(0o600).open(&path);
    match opened.map(|file| (file.try_lock(), file)) {
        Ok((Ok(()), file)) => Ok(Some(FolderLock(file))),
        Ok((Err(TryLockError::WouldBlock), _)) => Err(StartError::Served { path: data.to_owned() }),
        Ok((Err(TryLockError::Error(error)), _)) | Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a second server on this data would not be noticed");
            Ok(None)
        }
    }
}

/// Customers' names, tokens' hashes and the authority's key lie in it: nobody else on the machine may look.
fn make_folder(data: &Path) -> Result<(), StartError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(|cause| StartError::Folder { path: data.to_owned(), cause })
}

impl Server {
    /// Opens the data, listens, and answers from then on. Must run inside a tokio runtime.
    // Size: everything that runs is put together here, in its order.
    pub async fn start(config: Config) -> Result<RunningCentral, StartError> {
        let Config { data, listen, security, keep_persons_days, surroundings } = config;
        let lock = take_lock(&data)?;
        let incarnation = surroundings.random();
        let store = open_store(&data, OpenAs::Server(incarnation), &surroundings)?;
        let retried = store.retry_quarantined(surroundings.now()).await?;
        if retried.looked_at > 0 {
            tracing::info!(
                looked_at = retried.looked_at,
                booked = retried.booked,
                "entries put aside were judged again"
            );
        }
        let authority = Arc::new(Authority::open(&data, surroundings.now())?);
        let incoming = TcpIncoming::bind(listen)
            .map_err(|cause| StartError::Listen { address: listen, cause })?
            .with_nodelay(Some(true));
        let address = incoming.local_addr().map_err(|cause| StartError::Listen { address: listen, cause })?;

        let mut builder = tonic::transport::Server::builder()
            .timeout(ANSWER_TIMEOUT)
            .http2_keepalive_interval(Some(KEEP_ALIVE_INTERVAL))
            .http2_keepalive_timeout(Some(KEEP_ALIVE_TIMEOUT));
        let transport = match &security {
            Security::Plain => Transport::Plain,
            Security::OwnAuthority { .. } | Security::Files { .. } => Transport::Tls,
        };
        if transport == Transport::Tls {
            let identity = read_identity(&security, &authority, address, &surroundings)?;
            let tls = ServerTlsConfig::new()
                .identity(Identity::from_pem(identity.certificate_pem, identity.key_pem))
                .client_ca_root(Certificate::from_pem(authority.certificate_pem()))
                // Channels and a till's first call come without a certificate; each call asks for what it needs.
                .client_auth_optional(true);
            builder = builder.tls_config(tls).map_err(StartError::Tls)?;
        }

        let (stop, mut stopped) = watch::channel(false);
        let doorkeeper = Doorkeeper::new(store.clone(), transport);
        let sync = SyncService::new(
            store.clone(),
            doorkeeper.clone(),
            authority.clone(),
            surroundings.clone(),
            stopped.clone(),
        );
        let deadlines = tokio::spawn(watch_deadlines(store.clone(), surroundings.clone(), stopped.clone()));
        let retention =
            tokio::spawn(watch_retention(store.clone(), keep_persons_days, surroundings.clone(), stopped.clone()));
        let intake = Intake::new(store.clone(), surroundings.clone());
        let prices = PriceService::new(store.clone(), doorkeeper.clone(), surroundings.clone());
        let credits = CreditService::new(store.clone(), doorkeeper.clone(), surroundings.clone());
        let office = OfficeService::new(
            store.clone(),
            doorkeeper.clone(),
            intake.clone(),
            surroundings.clone(),
            stopped.clone(),
        );
        let unread = Unread::new(doorkeeper.clone(), intake.clone());
        let orders =
            OrderService::new(store.clone(), doorkeeper.clone(), intake, surroundings.clone(), stopped.clone());
        let availability = AvailabilityService::new(store.clone(), doorkeeper, surroundings.clone(), stopped.clone());
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .build_v1()?;
        let (reporter, health) = tonic_health::server::health_reporter();
        let sync = SyncServiceServer::new(sync).max_decoding_message_size(MESSAGE_BYTES_MAX);
        let orders = OrderServiceServer::new(orders).max_decoding_message_size(MESSAGE_BYTES_MAX);
        let availability = AvailabilityServiceServer::new(availability).max_decoding_message_size(MESSAGE_BYTES_MAX);
        let office = OfficeServiceServer::new(office).max_decoding_message_size(MESSAGE_BYTES_MAX);
        set_serving(&reporter, &office).await;
        let prices = PriceServiceServer::new(prices).max_decoding_message_size(MESSAGE_BYTES_MAX);
        set_serving(&reporter, &prices).await;
        let credits = CreditServiceServer::new(credits).max_decoding_message_size(MESSAGE_BYTES_MAX);
        set_serving(&reporter, &credits).await;
        set_serving(&reporter, &sync).await;
        set_serving(&reporter, &orders).await;
        set_serving(&reporter, &availability).await;

        let router = builder
            .layer(layer_fn(move |calls: Routes| {
                let unread = unread.clone();
                service_fn(move |request| unread.clone().answer(calls.clone(), request))
            }))
            .add_service(sync)
            .add_service(orders)
            .add_service(availability)
            .add_service(office)
            .add_service(prices)
            .add_service(credits)
            .add_service(health)
            .add_service(reflection);
        let pick_ups = tokio::spawn(files::watch::run(store.clone(), surroundings.clone(), data, stopped.clone()));
        let serving = tokio::spawn(router.serve_with_incoming_shutdown(incoming, async move {
            // A dropped handle stops the server as well.
            drop(stopped.wait_for(|stop| *stop).await);
        }));
        let is_own = matches!(security, Security::OwnAuthority { .. });
        let authority_pem = is_own.then(|| authority.certificate_pem().to_owned());
        Ok(RunningCentral {
            address,
            authority_pem,
            transport,
            store,
            stop,
            pick_ups,
            serving,
            deadlines,
            figures: None,
            retention,
            surroundings,
            _lock: lock,
        })
    }
}

impl RunningCentral {
    /// `http://127.0.0.1:50051`: what a client connects to.
    pub fn url(&self) -> String {
        let scheme = if self.transport == Transport::Tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Answers with the figures of the channels at this address of the machine's own, and says where that is.
    ///
    /// # Errors
    /// The address can be reached from other machines, or is taken.
    pub async fn serve_figures(&mut self, address: SocketAddr) -> Result<SocketAddr, StartError> {
        if !address.ip().is_loopback() {
            return Err(StartError::NotLoopback { address });
        }
        let refused = |cause| StartError::Listen { address, cause };
        let listener = tokio::net::TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        self.figures = Some(tokio::spawn(figures::serve(listener, self.store.clone(), self.stop.subscribe())));
        Ok(address)
    }

    /// Takes no new calls, lets those under way finish for a moment, ends the streams, and closes the file.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        let mut serving = self.serving;
        match tokio::time::timeout(DRAIN_TIMEOUT, &mut serving).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::error!(%error, "the server ended badly"),
            Ok(Err(error)) => tracing::error!(%error, "the server's task ended badly"),
            Err(_) => {
                tracing::warn!(seconds = DRAIN_TIMEOUT.as_secs(), "calls that did not end are cut off");
                serving.abort();
                // Only to know that it is gone; it was told to go.
                drop(serving.await);
            }
        }
        if let Err(error) = self.pick_ups.await {
            tracing::error!(%error, "picking up files ended badly");
        }
        if let Some(figures) = self.figures
            && let Err(error) = figures.await
        {
            tracing::error!(%error, "answering with figures ended badly");
        }
        if let Err(error) = self.deadlines.await {
            tracing::error!(%error, "watching the deadlines ended badly");
        }
        if let Err(error) = self.retention.await {
            tracing::error!(%error, "forgetting persons ended badly");
        }
        let store = self.store;
        if let Err(error) = store.end_life(self.surroundings.now()).await {
            tracing::warn!(%error, "the end could not be noted: the next start leaves some order numbers out");
        }
        if let Err(error) = tokio::task::spawn_blocking(move || store.close()).await {
            tracing::error!(%error, "closing the data ended badly");
        }
    }

    /// Ends when the server does.
    pub async fn wait(&mut self) -> Result<(), String> {
        match (&mut self.serving).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

async fn set_serving<T: tonic::server::NamedService>(reporter: &tonic_health::server::HealthReporter, _service: &T) {
    reporter.set_serving::<T>().await;
}

fn read_identity(
    security: &Security,
    authority: &Authority,
    address: SocketAddr,
    surroundings: &Surroundings,
) -> Result<ServerIdentity, StartError> {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|cause| StartError::CertificateFile { path: path.clone(), cause })
    };
    match security {
        Security::Files { certificate, key } => {
            Ok(ServerIdentity { certificate_pem: read(certificate)?, key_pem: read(key)? })
        }
        Security::Plain => Ok(authority.make_server_identity(&server_names(address.ip()), surroundings.now())?),
        Security::OwnAuthority { names } => {
            let mut all = server_names(address.ip());
            all.extend(names.iter().cloned());
            all.dedup();
            Ok(authority.make_server_identity(&all, surroundings.now())?)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn one_server_answers_from_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let start = || async {
            Server::start(Config {
                data: folder.path().join("shop"),
                listen: (std::net::Ipv4Addr::LOCALHOST, 0).into(),
                security: Security::Plain,
                keep_persons_days: super::super::retention::DAYS_USUAL,
                surroundings: Surroundings::of_the_machine().unwrap(),
            })
            .await
        };
        let first = start().await.unwrap();
        let second = start().await.map(|_| ()).unwrap_err();
        assert!(matches!(second, StartError::Served { .. }), "{second}");
        first.shutdown().await;
        start().await.unwrap().shutdown().await;
    }

    #[test]
    fn nobody_else_on_the_machine_looks_into_the_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("shop");
        open_store(&data, OpenAs::Tool, &Surroundings::of_the_machine().unwrap()).unwrap().close();
        assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
        // Nor into the files, where somebody prepared a folder that everybody may enter.
        let prepared = folder.path().join("prepared");
        std::fs::create_dir(&prepared).unwrap();
        std::fs::set_permissions(&prepared, std::fs::Permissions::from_mode(0o755)).unwrap();
        let store = open_store(&prepared, OpenAs::Tool, &Surroundings::of_the_machine().unwrap()).unwrap();
        let mut files = 0;
        for entry in std::fs::read_dir(&prepared).unwrap() {
            let entry = entry.unwrap();
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
            files += 1;
        }
        assert!(files >= 2, "the file and its log");
        store.close();
    }
}
