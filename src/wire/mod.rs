//! Generated protobuf, and the conversions to and from domain.
