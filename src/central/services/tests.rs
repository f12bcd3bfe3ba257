//! The services over real gRPC on loopback.
