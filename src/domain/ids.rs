//! Names of things: what one record uses to point at another, each a type of its own.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

/// A textual identity chosen by people (a store code, an article number). Cheap to clone.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is; emptiness is the caller's to judge.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            /// The text as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }
    };
}

/// A 128-bit identity made where the act begins (UUIDv7, RFC 9562 section 5.7), never re-used.
macro_rules! unique_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The identity of these 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes, most significant first.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

text_id!(
    /// A shop or a warehouse: `S001`.
    StoreId
);
text_id!(
    /// One till in a store: `T02`. Unique within its store only.
    WorkstationId
);
text_id!(
    /// What is sold, by the company's own article number (SKU).
    ProductId
);
text_id!(
    /// A person who may sign in.
    OperatorId
);
text_id!(
    /// Our number of a web order, unique in the company: `W-10231`.
    OrderNumber
);
text_id!(
    /// A way orders come in, by name: `website`.
    ChannelId
);
text_id!(
    /// A customer with terms of its own, by head office's number.
    CustomerId
);
text_id!(
    /// Customers who share prices, by name.
    PriceGroup
);
text_id!(
    /// A credit note, by its number.
    CreditId
);
text_id!(
    /// A device at the till: `scanner`, `printer`; a second scanner is `scanner-2`.
    DeviceId
);
unique_id!(
    /// A journal entry, for ever and everywhere.
    EntryId
);
unique_id!(
    /// One start of the till: entries are numbered without gaps within it.
    RunId
);
unique_id!(
    /// An unfinished sale; the sale it becomes keeps the identity.
    BasketId
);
unique_id!(
    /// A spell at a till from float to close.
    SessionId
);
unique_id!(
    /// A conflict case.
    CaseId
);
unique_id!(
    /// One document on its way to paper.
    PrintJobId
);

/// A till, named in full: which store, which workstation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TillId {
    /// The store it stands in.
    pub store: StoreId,
    /// Its name within the store.
    pub workstation: WorkstationId,
}

impl fmt::Display for TillId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.store, self.workstation)
    }
}

/// A place in one till's journal: entry `sequence` of `run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JournalMark {
    /// The start of the till the entry was written in.
    pub run: RunId,
    /// Its number within the run, from 1.
    pub sequence: u64,
}
