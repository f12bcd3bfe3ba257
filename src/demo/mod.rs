//! The sample shop and the script that plays it.
