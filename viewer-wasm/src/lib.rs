//! The browser's side of sctpdump.

pub mod message;
