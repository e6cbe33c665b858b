//! Dissects packets into a flat tree with Wireshark's field names.
#![forbid(unsafe_code)]
pub mod capture;
