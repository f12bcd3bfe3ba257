//! Ports of this run's own, for servers that a test starts, stops and starts again.
//!
//! A port that the machine has given for the asking is anybody's again as soon as nobody listens there, and every caller on
//! the machine is given one for his own end. These lie below the machine's range, and each is given once.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// How many there are below the machine's range.
const PORTS: u16 = 12_000;
static GIVEN: AtomicU16 = AtomicU16::new(0);

/// A port of loopback where nobody listens, and where nobody else of this run will.
pub fn take() -> u16 {
    let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
    let first = range.split_whitespace().next().unwrap().parse::<u16>().unwrap() - PORTS;
    // Two runs beside each other begin in different places.
    let begin = std::process::id() as u16 % PORTS;
    for _ in 0..PORTS {
        let port = first + (begin + GIVEN.fetch_add(1, Ordering::SeqCst) % PORTS) % PORTS;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("none of {PORTS} ports from {first} on is free");
}
