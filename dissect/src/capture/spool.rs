//! Random access to compressed captures: their unpacked bytes are kept while they are read.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use super::{Compression, Error, Unpacked};

/// Bytes that [`Memory`] holds unless told otherwise: 1 GiB.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// Unpacks a source and writes what it reads to a store: a temporary file of the caller's, or [`Memory`]. When the
/// reader is through, the store holds the capture as an [`Index`](super::Index) wants it.
///
/// ```
/// use dissect::capture::{Memory, Reader, Spool};
///
/// # let packed: &[u8] = &[
/// #     0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 228, 0, 0, 0,
/// #     0, 0x65, 0x53, 0xf1, 5, 0, 0, 0, 2, 0, 0, 0, 60, 0, 0, 0, 0x45, 0xb8,
/// # ];
/// let mut spool = Spool::new(packed, Memory::default())?;
/// let mut reader = Reader::new(&mut spool)?;
/// let mut index = reader.index();
/// while let Some(Ok(packet)) = reader.next() {
///     index.add(&packet);
/// }
///
/// let mut store = spool.into_store();
/// let mut buffer = Vec::new();
/// assert_eq!(index.read(&mut store, 1, &mut buffer)?.bytes, [0x45, 0xb8]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Spool<R: Read, W> {
    source: Unpacked<R>,
    store: W,
}

impl<R: Read, W: Write> Spool<R, W> {
    /// Looks at the first bytes of `source` to tell its compression. An empty `store` is wanted.
    pub fn new(source: R, store: W) -> Result<Self, Error> {
        Ok(Spool { source: Unpacked::new(source)?, store })
    }

    /// How the source is compressed.
    pub fn compression(&self) -> Option<Compression> {
        self.source.compression()
    }

    /// What was read so far, unpacked.
    pub fn into_store(self) -> W {
        self.store
    }
}

impl<R: Read, W: Write> Read for Spool<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.store.write_all(buffer.get(..read).unwrap_or_default())?;
        Ok(read)
    }
}

/// A file in memory that may grow to a limit.
#[derive(Clone, Debug)]
pub struct Memory {
    bytes: Cursor<Vec<u8>>,
    limit: u64,
}

impl Memory {
    /// An empty file that may grow to `limit` bytes.
    pub fn new(limit: u64) -> Self {
        Memory { bytes: Cursor::default(), limit }
    }

    /// Its bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes.into_inner()
    }
}

/// An empty file that may grow to [`MEMORY_LIMIT`].
impl Default for Memory {
    fn default() -> Self {
        Memory::new(MEMORY_LIMIT)
    }
}

impl Read for Memory {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl Seek for Memory {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

impl Write for Memory {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if self.bytes.position().saturating_add(buffer.len() as u64) > self.limit {
            return Err(io::Error::new(
                io::ErrorKind::StorageFull,
                format!("the unpacked capture is larger than {} bytes; unpack it to a file", self.limit),
            ));
        }
        self.bytes.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
