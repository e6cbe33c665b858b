//! What several protocols share in remembering: pieces of a larger whole.

pub mod fragments;
