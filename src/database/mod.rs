//! The till's SQLite file.
