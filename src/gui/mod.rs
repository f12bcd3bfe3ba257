//! The window: a pure view of the register's snapshot.
