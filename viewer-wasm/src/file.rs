//! Files of the browser, as workers read them.

use crate::engine::blocks::Slices;
use js_sys::Uint8Array;
use std::io;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};

/// A file of the browser: slices are read when they are asked for.
#[derive(Clone, Debug)]
pub(crate) struct File {
    blob: Blob,
    reader: FileReaderSync,
}

impl File {
    pub(crate) fn new(blob: Blob) -> Result<File, JsValue> {
        Ok(File { blob, reader: FileReaderSync::new()? })
    }
}

impl Slices for File {
    fn size(&self) -> u64 {
        self.blob.size() as u64
    }
    fn slice(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let failed =
            |_| io::Error::other("the browser can't read the file any more: was it moved or changed?");
        let slice = self.blob.slice_with_f64_and_f64(start as f64, end as f64).map_err(failed)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(failed)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}
