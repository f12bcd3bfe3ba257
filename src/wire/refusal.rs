//! Refusals on the wire: `google.rpc.Status` with one `google.rpc.ErrorInfo`, as far as a refusal needs them (public gRPC
//! conventions, AIP-193).

use std::collections::HashMap;

use prost::Message;

/// Why a call was refused, for a program to act on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Refusal {
    /// `OTHER_STORE`: a closed list of its domain.
    pub reason: String,
    /// Whose list it is.
    pub domain: String,
    /// Facts beside it.
    pub metadata: HashMap<String, String>,
}

/// The type's name inside a `google.protobuf.Any`.
const ERROR_INFO_URL: &str = "type.googleapis.com/google.rpc.ErrorInfo";

#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<prost_types::Any>,
}

#[derive(Clone, PartialEq, Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
    #[prost(map = "string, string", tag = "3")]
    metadata: HashMap<String, String>,
}

/// The bytes of a call's status details.
pub fn encode_refusal(code: i32, message: &str, refusal: &Refusal) -> Vec<u8> {
    let info = ErrorInfo {
        reason: refusal.reason.clone(),
        domain: refusal.domain.clone(),
        metadata: refusal.metadata.clone(),
    };
    let details = vec![prost_types::Any { type_url: ERROR_INFO_URL.into(), value: info.encode_to_vec() }];
    RpcStatus { code, message: message.into(), details }.encode_to_vec()
}

/// The refusal in a call's status details; `None` when they hold none, or several.
pub fn decode_refusal(details: &[u8]) -> Option<Refusal> {
    let status = RpcStatus::decode(details).ok()?;
    let [only] = status.details.as_slice() else { return None };
    let info = (only.type_url == ERROR_INFO_URL).then(|| ErrorInfo::decode(only.value.as_slice()).ok())??;
    Some(Refusal { reason: info.reason, domain: info.domain, metadata: info.metadata })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_survives_its_bytes() {
        let refusal = Refusal {
            reason: "TOO_MANY".into(),
            domain: "central".into(),
            metadata: HashMap::from([("limit".to_owned(), "512".to_owned())]),
        };
        let bytes = encode_refusal(3, "too many", &refusal);
        assert_eq!(decode_refusal(&bytes), Some(refusal));
        assert_eq!(decode_refusal(b""), None);
        assert_eq!(decode_refusal(b"\xFF\xFF"), None);
    }
}
