//! Documents through intake into a real store.
