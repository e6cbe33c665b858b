//! Capture files: what is tolerated, what is damaged, what is written, each with the exact result.

mod batch;
mod build;
#[cfg(feature = "compression")]
mod compression;
mod damage;
mod files;
mod index;
mod limits;
mod pipe;
mod robust;
mod tolerance;
mod write;
