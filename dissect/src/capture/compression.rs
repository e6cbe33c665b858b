//! Unpacking of compressed captures, told by their first bytes.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Error;

/// Bytes looked at to tell a compression.
const PEEK: usize = 8;
/// Bytes of packed input asked for at once.
#[cfg(feature = "compression")]
const PACKED: usize = 64 * 1024;
/// Memory that unpacking xz may take; the largest preset of xz needs 65 MiB.
#[cfg(all(feature = "compression", not(target_family = "wasm")))]
const XZ_MEMORY: u64 = 256 * 1024 * 1024;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// gzip (RFC 1952), of one or several members.
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
    /// LZ4 frames.
    Lz4,
    /// xz.
    Xz,
}

impl Compression {
    /// The compression of a file that begins with these bytes.
    pub fn of(bytes: &[u8]) -> Option<Compression> {
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Compression::Gzip),
            // A frame, or a skippable frame, which some packers put first.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Compression::Zstd),
            [0x04, 0x22, 0x4d, 0x18, ..] => Some(Compression::Lz4),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Compression::Xz),
            _ => None,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Lz4 => "lz4",
            Compression::Xz => "xz",
        })
    }
}

/// How much a compressed source may unpack to: beyond `free` bytes no more than `ratio` times its own length so far. What is
/// made to unpack to more is no capture but an attack on whoever waits for its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Bytes that may come whatever the ratio.
    pub free: u64,
    /// Unpacked bytes for each packed one.
    pub ratio: u64,
}

impl Default for Bound {
    /// 1 GiB, and 500 for each: captures of the same message again and again stay below.
    fn default() -> Bound {
        Bound { free: 1 << 30, ratio: 500 }
    }
}

/// A source with the bytes that were looked at put back.
type Input<R> = Measured<io::Chain<io::Take<io::Cursor<[u8; PEEK]>>, R>>;

/// Tells how much was read of a source.
struct Measured<R> {
    source: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Measured<R> {
    #[inline]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The bytes of a file, unpacked if it is compressed. It reads no more from its source than it must to give the next
/// bytes.
pub struct Unpacked<R: Read> {
    source: Source<R>,
    compression: Option<Compression>,
    /// How many bytes were read of the source, and how many came out.
    packed: Arc<AtomicU64>,
    given: u64,
    bound: Option<Bound>,
}

enum Source<R: Read> {
    Plain(Input<R>),
    #[cfg(feature = "compression")]
    Gzip(Box<flate2::bufread::MultiGzDecoder<io::BufReader<Input<R>>>>),
    #[cfg(feature = "compression")]
    Lz4(Box<lz4_flex::frame::FrameDecoder<Counted<io::BufReader<Input<R>>>>>),
    #[cfg(all(feature = "compression", not(target_family = "wasm")))]
    Zstd(Box<zstd::Decoder<'static, io::BufReader<Input<R>>>>),
    #[cfg(all(feature = "compression", target_family = "wasm"))]
    Zstd(Box<super::zstd_frames::Frames<io::BufReader<Input<R>>>>),
    #[cfg(all(feature = "compression", not(target_family = "wasm")))]
    Xz(Box<liblzma::bufread::XzDecoder<io::BufReader<Input<R>>>>),
}

impl<R: Read> Unpacked<R> {
    /// Looks at the first bytes of `source`. It unpacks within the usual [`Bound`].
    pub fn new(source: R) -> Result<Self, Error> {
        Unpacked::bounded(source, Some(Bound::default()))
    }

    /// [`new`](Unpacked::new) within a bound of one's own, or without any.
    pub fn bounded(mut source: R, bound: Option<Bound>) -> Result<Self, Error> {
        let mut first = [0; PEEK];
        let mut filled = 0;
        while let Some(room) = first.get_mut(filled..).filter(|room| !room.is_empty()) {
            match source.read(room) {
                Ok(0) => break,
                Ok(read) => filled = (filled + read).min(PEEK),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::from(error)),
            }
        }
        let compression = Compression::of(first.get(..filled).unwrap_or_default());
        let packed = Arc::new(AtomicU64::new(0));
        let input = Measured {
            source: io::Cursor::new(first).take(filled as u64).chain(source),
            read: Arc::clone(&packed),
        };
        let source = match compression {
            None => Source::Plain(input),
            Some(compression) => unpack(compression, input)?,
        };
        Ok(Unpacked { source, compression, packed, given: 0, bound })
    }

    /// How the source is compressed.
    pub fn compression(&self) -> Option<Compression> {
        self.compression
    }
}

#[cfg(not(feature = "compression"))]
fn unpack<R: Read>(compression: Compression, _: Input<R>) -> Result<Source<R>, Error> {
    Err(Error::Compression(compression))
}

#[cfg(feature = "compression")]
fn unpack<R: Read>(compression: Compression, input: Input<R>) -> Result<Source<R>, Error> {
    let input = io::BufReader::with_capacity(PACKED, input);
    Ok(match compression {
        Compression::Gzip => Source::Gzip(Box::new(flate2::bufread::MultiGzDecoder::new(input))),
        Compression::Lz4 => {
            Source::Lz4(Box::new(lz4_flex::frame::FrameDecoder::new(Counted { input, count: 0 })))
        }
        #[cfg(not(target_family = "wasm"))]
        Compression::Zstd => Source::Zstd(Box::new(zstd::Decoder::with_buffer(input)?)),
        #[cfg(target_family = "wasm")]
        Compression::Zstd => Source::Zstd(Box::new(super::zstd_frames::Frames::new(input))),
        #[cfg(not(target_family = "wasm"))]
        Compression::Xz => {
            let stream =
                liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, liblzma::stream::CONCATENATED)
                    .map_err(io::Error::from)?;
            Source::Xz(Box::new(liblzma::bufread::XzDecoder::new_stream(input, stream)))
        }
        #[cfg(target_family = "wasm")]
        Compression::Xz => return Err(Error::Compression(compression)),
    })
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let (Some(bound), true) = (self.bound, self.compression.is_some()) {
            let packed = self.packed.load(Ordering::Relaxed);
            if self.given > bound.free && self.given / bound.ratio.max(1) > packed {
                return Err(io::Error::other(format!(
                    "{packed} bytes unpack to more than {}, which captures do not",
                    self.given
                )));
            }
        }
        let read = self.unpack(buffer)?;
        self.given += read as u64;
        Ok(read)
    }
}

impl<R: Read> Unpacked<R> {
    fn unpack(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.source {
            Source::Plain(source) => source.read(buffer),
            #[cfg(feature = "compression")]
            Source::Gzip(source) => source.read(buffer),
            #[cfg(feature = "compression")]
            Source::Zstd(source) => source.read(buffer),
            #[cfg(feature = "compression")]
            Source::Lz4(source) => read_frames(source, buffer),
            #[cfg(all(feature = "compression", not(target_family = "wasm")))]
            Source::Xz(source) => source.read(buffer),
        }
    }
}

/// Counts what is taken from a source.
#[cfg(feature = "compression")]
struct Counted<R> {
    input: R,
    count: u64,
}

#[cfg(feature = "compression")]
impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

/// The decoder ends after each frame; the file ends where it takes nothing more.
#[cfg(feature = "compression")]
fn read_frames<R: Read>(
    source: &mut lz4_flex::frame::FrameDecoder<Counted<R>>,
    buffer: &mut [u8],
) -> io::Result<usize> {
    loop {
        let before = source.get_ref().count;
        let read = source.read(buffer)?;
        if read > 0 || source.get_ref().count == before || buffer.is_empty() {
            return Ok(read);
        }
    }
}
