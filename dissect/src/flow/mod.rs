//! What several protocols share in remembering: records, what was met lately, pieces of a larger whole, and what is said to come.

pub mod expected;
pub mod fragments;
pub mod recent;
pub mod records;
pub mod streams;
