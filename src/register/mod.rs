//! The register: the engine that all that happens at a till passes through.

pub mod intent;
pub mod snapshot;
