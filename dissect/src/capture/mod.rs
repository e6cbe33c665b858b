//! Reads and writes capture files.
