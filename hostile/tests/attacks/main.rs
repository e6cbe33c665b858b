//! Attacks on memory and steps. None looks at a clock: memory is counted by the allocator, steps by nodes and by calls of the
//! allocator here, by instructions in `cargo xtask instructions`.

mod counting;
mod files;
mod others;
mod packets;
