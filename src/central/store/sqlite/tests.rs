//! The store over its contract, on real files.
