//! Refusals: a canonical gRPC code and one `google.rpc.ErrorInfo`, so that a caller can act without reading sentences.

use tonic::{Code, Status};

use crate::central::store::StoreError;
use crate::wire::{Refusal, encode_refusal};

/// The `domain` of every refusal.
const ERROR_DOMAIN: &str = "central";

/// Why a call was refused. The names are promises: callers match on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `CREDENTIALS_MISSING`: neither certificate nor token.
    CredentialsMissing,
    /// `CREDENTIALS_UNKNOWN`: the token or certificate is not one of ours, or has ended.
    CredentialsUnknown,
    /// `OTHER_STORE`: the caller belongs to another store, or its token is not good for this one.
    OtherStore,
    /// `OTHER_CUSTOMER`: the token belongs to another customer, or to none that head office has named.
    OtherCustomer,
    /// `CHANNEL_CHANGED`: head office has changed the caller's channel while a stream of it was open; call again.
    ChannelChanged,
    /// `CALL_NOT_ALLOWED`: the token is not good for this kind of call.
    CallNotAllowed,
    /// `CODE_REFUSED`: the one-time code is unknown, used or too old.
    CodeRefused,
    /// `FIELD_INVALID`: a field of the request makes no sense; metadata `field` names it.
    FieldInvalid,
    /// `TOO_MANY`: more than the limit of this call; metadata `limit` says how many.
    TooMany,
    /// `MESSAGE_TOO_LARGE`: the message was not read, whoever sent it; metadata `limit` says how many bytes one may have.
    MessageTooLarge,
    /// `TOO_MANY_PROBLEMS`: so many documents of the channel wait for head office that no other is kept; nothing was changed.
    TooManyProblems,
    /// `NOT_FOUND`: what was asked for does not exist, or is not the caller's.
    NotFound,
    /// `NOT_IN_STATE`: what was asked does not fit where the order stands; the message says where that is.
    NotInState,
    /// `CREDIT_HELD`: somebody else holds the credit note at the moment; try again later.
    CreditHeld,
    /// `CREDIT_SPENT`: the credit note is spent.
    CreditSpent,
    /// `CREDIT_EXPIRED`: the credit note's time is over.
    CreditExpired,
    /// `CREDIT_NOT_HELD`: the caller does not hold the credit note, or somebody else has taken it since.
    CreditNotHeld,
    /// `STORAGE_UNAVAILABLE`: the disk takes no more; nothing was changed; try again later.
    StorageUnavailable,
    /// `OTHER_LIFE`: what the caller refers to was said by an earlier life of central's data; say hello again.
    OtherLife,
    /// `SHUTTING_DOWN`: central is on its way down; try again.
    ShuttingDown,
    /// `INTERNAL`: a fault of central's, in its log.
    Internal,
}

impl Reason {
    const fn text_and_code(self) -> (&'static str, Code) {
        match self {
            Self::CredentialsMissing => ("CREDENTIALS_MISSING", Code::Unauthenticated),
            Self::CredentialsUnknown => ("CREDENTIALS_UNKNOWN", Code::Unauthenticated),
            Self::OtherStore => ("OTHER_STORE", Code::PermissionDenied),
            Self::OtherCustomer => ("OTHER_CUSTOMER", Code::PermissionDenied),
            Self::ChannelChanged => ("CHANNEL_CHANGED", Code::Aborted),
            Self::CallNotAllowed => ("CALL_NOT_ALLOWED", Code::PermissionDenied),
            Self::CodeRefused => ("CODE_REFUSED", Code::PermissionDenied),
            Self::FieldInvalid => ("FIELD_INVALID", Code::InvalidArgument),
            Self::TooMany => ("TOO_MANY", Code::InvalidArgument),
            Self::MessageTooLarge => ("MESSAGE_TOO_LARGE", Code::ResourceExhausted),
            Self::TooManyProblems => ("TOO_MANY_PROBLEMS", Code::ResourceExhausted),
            Self::NotFound => ("NOT_FOUND", Code::NotFound),
            Self::NotInState => ("NOT_IN_STATE", Code::FailedPrecondition),
            Self::CreditHeld => ("CREDIT_HELD", Code::FailedPrecondition),
            Self::CreditSpent => ("CREDIT_SPENT", Code::FailedPrecondition),
            Self::CreditExpired => ("CREDIT_EXPIRED", Code::FailedPrecondition),
            Self::CreditNotHeld => ("CREDIT_NOT_HELD", Code::FailedPrecondition),
            Self::StorageUnavailable => ("STORAGE_UNAVAILABLE", Code::Unavailable),
            Self::OtherLife => ("OTHER_LIFE", Code::Aborted),
            Self::ShuttingDown => ("SHUTTING_DOWN", Code::Unavailable),
            Self::Internal => ("INTERNAL", Code::Internal),
        }
    }
}

/// A refusal in one plain sentence.
pub(super) fn refuse(reason: Reason, message: impl Into<String>) -> Status {
    refuse_with(reason, message, &[])
}

/// A refusal with facts a program can read.
pub(super) fn refuse_with(reason: Reason, message: impl Into<String>, metadata: &[(&str, &str)]) -> Status {
    let (text, code) = reason.text_and_code();
    let message = message.into();
    let refusal = Refusal {
        reason: text.into(),
        domain: ERROR_DOMAIN.into(),
        metadata: metadata.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let details = encode_refusal(code as i32, &message, &refusal);
    Status::with_details(code, message, details.into())
}

/// What the store could not do, as the caller may know it. Details of central's inside go to the log only.
pub(super) fn refuse_store(error: StoreError) -> Status {
    let reason = match &error {
        StoreError::NotFound(_) => return refuse(Reason::NotFound, error.to_string()),
        StoreError::Refused(_) => return refuse(Reason::FieldInvalid, error.to_string()),
        StoreError::Full(_) => return refuse(Reason::TooManyProblems, error.to_string()),
        StoreError::Disk(_) => Reason::StorageUnavailable,
        StoreError::Closed => Reason::ShuttingDown,
        StoreError::NewerFile { .. }
        | StoreError::OlderFile { .. }
        | StoreError::Open { .. }
        | StoreError::Contradiction(_)
        | StoreError::Damaged(_)
        | StoreError::Engine(_) => Reason::Internal,
    };
    tracing::error!(%error, "a call failed");
    refuse(
        reason,
        match reason {
            Reason::StorageUnavailable => "central's disk takes no more at the moment; nothing was changed",
            Reason::ShuttingDown => "central is shutting down",
            _ => "a fault at central; its log says more",
        },
    )
}

/// The reason of a refusal.
#[cfg(test)]
pub(super) fn reason_of(status: &Status) -> Option<String> {
    crate::wire::decode_refusal(status.details()).map(|refusal| refusal.reason)
}
