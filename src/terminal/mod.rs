//! A till put together: settings, register, devices, sync.

pub mod config;
