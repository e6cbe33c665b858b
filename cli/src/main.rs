//! Reads captures and prints what their packets say.
fn main() {}
