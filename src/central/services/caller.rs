//! Who is calling: a till by its certificate, or by its token on a central without TLS; a channel by its token.

use tonic::{Request, Status};

use super::status::{Reason, refuse, refuse_store};
use crate::central::authority::read_till_certificate;
use crate::central::store::{
    CallKind, ChannelKind, ChannelRecord, OfficeScope, OfficeTokenRecord, SecretHash, Store, TillRecord,
};
use crate::central::surroundings::hash_secret;
use crate::domain::ids::{CustomerId, StoreId, TillId, WorkstationId};

/// Whether calls come in through TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Certificates name tills.
    Tls,
    /// On a loopback address, or where someone said `--insecure`: tokens name tills.
    Plain,
}

/// Finds out who is calling.
#[derive(Clone)]
pub struct Doorkeeper<S> {
    store: S,
    transport: Transport,
}

impl<S: Store> Doorkeeper<S> {
    /// At the door of this store.
    pub const fn new(store: S, transport: Transport) -> Self {
        Self { store, transport }
    }

    pub(super) const fn store(&self) -> &S {
        &self.store
    }

    /// A till, whether or not it may call.
    pub(super) async fn find_till(&self, till: &TillId) -> Result<Option<TillRecord>, Status> {
        self.store.find_till(till.clone()).await.map_err(refuse_store)
    }

    /// The till that calls. Its store is the only one it ever hears of.
    pub async fn get_till<T>(&self, request: &Request<T>) -> Result<TillRecord, Status> {
        match self.transport {
            Transport::Tls => self.get_till_by_certificate(request).await,
            Transport::Plain => self.get_till_by_token(request).await,
        }
    }

    async fn get_till_by_certificate<T>(&self, request: &Request<T>) -> Result<TillRecord, Status> {
        let certificates = request.peer_certs();
        let Some(certificate) = certificates.as_ref().and_then(|chain| chain.first()) else {
            return Err(refuse(Reason::CredentialsMissing, "a till shows its certificate; enrol it first"));
        };
        let unknown = || refuse(Reason::CredentialsUnknown, "this certificate is not a till's, or no longer");
        let (till, serial) = read_till_certificate(certificate).ok_or_else(unknown)?;
        let named = named_till(request);
        if named.is_some_and(|named| named != till) {
            return Err(refuse(Reason::OtherStore, "the certificate belongs to another till"));
        }
        let record = self.store.find_till(till).await.map_err(refuse_store)?.ok_or_else(unknown)?;
        if record.revoked_at.is_some() || record.certificate != serial {
            return Err(unknown());
        }
        Ok(record)
    }

    async fn get_till_by_token<T>(&self, request: &Request<T>) -> Result<TillRecord, Status> {
        let token = text(request, "till-token");
        let (Some(till), Some(token)) = (named_till(request), token) else {
            return Err(refuse(Reason::CredentialsMissing, "a till names itself and shows its token; enrol it first"));
        };
        let other = || refuse(Reason::OtherStore, "this token is not that till's, or no longer");
        let record = self.store.find_till(till).await.map_err(refuse_store)?.ok_or_else(other)?;
        // Hashes of 256 random bits: comparing them in any time tells nobody anything.
        if record.revoked_at.is_some() || record.token_hash != Some(hash_secret(token)) {
            return Err(other());
        }
        Ok(record)
    }

    /// The channel that calls, when its token is good for this kind of call.
    pub async fn get_channel<T>(&self, request: &Request<T>, call: CallKind) -> Result<ChannelRecord, Status> {
        let Some(token) = bearer(request) else {
            if is_till(request) {
                return Err(refuse(Reason::CallNotAllowed, "this call is for channels, not for tills"));
            }
            return Err(refuse(Reason::CredentialsMissing, "send `authorization: Bearer` with your channel's token"));
        };
        self.get_channel_of(&hash_secret(token), call).await
    }

    /// The channel of a token, when it is good for this kind of call.
    pub(super) async fn get_channel_of(&self, token: &SecretHash, call: CallKind) -> Result<ChannelRecord, Status> {
        let found = self.store.find_channel(*token).await.map_err(refuse_store)?;
        let channel =
            found.ok_or_else(|| refuse(Reason::CredentialsUnknown, "this token is not known, or has ended"))?;
        if !channel.calls.contains(&call) {
            return Err(refuse(Reason::CallNotAllowed, "this token is not good for this kind of call"));
        }
        Ok(channel)
    }

    /// The person of head office who calls, when the token is good for this.
    pub async fn get_office<T>(&self, request: &Request<T>, scope: OfficeScope) -> Result<OfficeTokenRecord, Status> {
        let Some(token) = bearer(request) else {
            if is_till(request) {
                return Err(refuse(Reason::CallNotAllowed, "this call is for head office, not for tills"));
            }
            return Err(refuse(Reason::CredentialsMissing, "send `authorization: Bearer` with an office token"));
        };
        let hash = hash_secret(token);
        let Some(office) = self.store.find_office_token(hash).await.map_err(refuse_store)? else {
            return Err(match self.store.find_channel(hash).await.map_err(refuse_store)? {
                Some(_) => refuse(Reason::CallNotAllowed, "this call is for head office, not for channels"),
                None => refuse(Reason::CredentialsUnknown, "this token is not known, or has ended"),
            });
        };
        if !office.scopes.contains(&scope) {
            return Err(refuse(Reason::CallNotAllowed, "this token is not good for this kind of call"));
        }
        Ok(office)
    }
}

fn is_till<T>(request: &Request<T>) -> bool {
    named_till(request).is_some() || request.peer_certs().is_some_and(|chain| !chain.is_empty())
}

pub(super) fn bearer<T>(request: &Request<T>) -> Option<&str> {
    bearer_token(text(request, "authorization")?)
}

/// The token of an `authorization` header.
pub(super) fn bearer_token(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The stores of a request, as far as the channel may see them: all of its own when none is named.
pub async fn get_stores<S: Store>(
    store: &S,
    channel: &ChannelRecord,
    named: &[String],
) -> Result<Vec<StoreId>, Status> {
    let named: Vec<StoreId> = named.iter().map(StoreId::new).collect();
    if named.is_empty() {
        if !channel.stores.is_empty() {
            return Ok(channel.stores.clone());
        }
        let all = store.list_stores().await.map_err(refuse_store)?;
        return Ok(all.into_iter().map(|record| record.settings.id).collect());
    }
    for store in &named {
        if !may_see(channel, store) {
            return Err(refuse(Reason::OtherStore, format!("this token is not good for store {store}")));
        }
    }
    Ok(named)
}

/// Whose terms a channel asks for: the customer it belongs to, else, for our own web shop alone, the one it names. A
/// customer's own system that nobody has said the customer of asks for nobody's, a marketplace for the list's.
pub fn get_terms_customer(channel: &ChannelRecord, named: &str) -> Result<Option<CustomerId>, Status> {
    let named = (!named.is_empty()).then(|| CustomerId::new(named));
    match (&channel.customer, named) {
        (Some(own), Some(named)) if *own != named => {
            Err(refuse(Reason::OtherCustomer, "this token is not good for that customer"))
        }
        (Some(own), _) => Ok(Some(own.clone())),
        (None, _) if channel.kind == ChannelKind::Customer => {
            Err(refuse(Reason::OtherCustomer, "head office has not said which customer this channel belongs to"))
        }
        (None, Some(_)) if channel.kind == ChannelKind::Marketplace => {
            Err(refuse(Reason::OtherCustomer, "this token is not good for customers' own terms"))
        }
        (None, named) => Ok(named),
    }
}

/// Whose credit notes a channel may touch: those of the customer it belongs to; for our own web shop, anybody's.
pub fn get_credit_customer(channel: &ChannelRecord) -> Result<Option<CustomerId>, Status> {
    match (&channel.customer, channel.kind) {
        (Some(own), _) => Ok(Some(own.clone())),
        (None, ChannelKind::Website) => Ok(None),
        (None, ChannelKind::Customer | ChannelKind::Marketplace) => {
            Err(refuse(Reason::OtherCustomer, "this token is not good for anybody's credit notes"))
        }
    }
}

/// Is the channel allowed to hear of this store?
pub fn may_see(channel: &ChannelRecord, store: &StoreId) -> bool {
    channel.stores.is_empty() || channel.stores.contains(store)
}

fn text<'a, T>(request: &'a Request<T>, name: &str) -> Option<&'a str> {
    request.metadata().get(name)?.to_str().ok()
}

fn named_till<T>(request: &Request<T>) -> Option<TillId> {
    let store = StoreId::new(text(request, "till-store")?);
    Some(TillId { store, workstation: WorkstationId::new(text(request, "till-workstation")?) })
}
