//! What a compressed capture unpacks to: bytes in memory that one hand appends and another reads.

use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

/// Bytes that are allocated at once: the store grows without being copied.
const CHUNK: usize = 1 << 20;

/// A handle of a store. Clones share the bytes; each reads at a place of its own.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Rc<RefCell<Shared>>,
    at: u64,
}

#[derive(Debug)]
struct Shared {
    /// All chunks but the last are full.
    chunks: Vec<Vec<u8>>,
    len: u64,
    limit: u64,
}

impl Store {
    /// An empty store for up to so many bytes.
    pub fn new(limit: u64) -> Store {
        Store { shared: Rc::new(RefCell::new(Shared { chunks: Vec::new(), len: 0, limit })), at: 0 }
    }
}

impl Write for Store {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut shared = self.shared.borrow_mut();
        if shared.len + bytes.len() as u64 > shared.limit {
            let limit = shared.limit >> 20;
            let sentence = format!(
                "the capture unpacks to more than {limit} MiB, which is kept in memory; unpack it to a file"
            );
            return Err(io::Error::new(io::ErrorKind::StorageFull, sentence));
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            if shared.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
                shared.chunks.push(Vec::with_capacity(CHUNK));
            }
            let Some(chunk) = shared.chunks.last_mut() else { break };
            let (now, later) = rest.split_at(rest.len().min(CHUNK - chunk.len()));
            chunk.extend_from_slice(now);
            rest = later;
        }
        shared.len += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Store {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let shared = self.shared.borrow();
        let (chunk, within) = ((self.at / CHUNK as u64) as usize, (self.at % CHUNK as u64) as usize);
        let bytes = shared.chunks.get(chunk).and_then(|chunk| chunk.get(within..)).unwrap_or_default();
        let count = bytes.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), bytes.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Store {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.shared.borrow().len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_hand_reads_what_the_other_wrote() {
        let (mut writer, bytes) = (Store::new(1 << 30), vec![7u8; CHUNK - 1]);
        let mut reader = writer.clone();
        for piece in [&bytes[..], &[1, 2, 3], &bytes] {
            writer.write_all(piece).unwrap();
        }
        let mut read = [0; 5];
        reader.seek(SeekFrom::Start(CHUNK as u64 - 2)).unwrap();
        reader.read_exact(&mut read).unwrap();
        assert_eq!(read, [7, 1, 2, 3, 7]);
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert_eq!(rest.len(), CHUNK - 2);
    }

    #[test]
    fn the_limit_holds() {
        let mut store = Store::new(1 << 20);
        store.write_all(&vec![0; 1 << 20]).unwrap();
        assert_eq!(store.write(&[0]).unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
