//! What the page works out without a browser.

pub mod bar;
pub mod colour;
pub mod copy;
pub mod fields;
pub mod hex;
pub mod keys;
pub mod link;
pub mod meanings;
pub mod reference;
pub mod rows;
pub mod scroll;
pub mod tree;
