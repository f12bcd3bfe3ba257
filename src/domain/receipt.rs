//! The receipt as a document.

/// What goes on paper.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Document {}
