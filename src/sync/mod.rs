//! The till's side of gRPC.
