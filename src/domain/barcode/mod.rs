//! Codes that lead to a product: the GTIN family, in-store codes, GS1 element strings, Digital Link.

/// Why a code is no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeError {}
