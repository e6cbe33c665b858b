//! hostile's target of this name.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| (hostile::target("protocol").expect("a target").run)(input));
