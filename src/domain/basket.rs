//! basket
