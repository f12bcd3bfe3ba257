//! Files of head office into the store.
