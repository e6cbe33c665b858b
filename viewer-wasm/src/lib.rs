//! The browser's side of sctpdump.
