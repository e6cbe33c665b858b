//! Zstandard without C, for the browser: frame after frame, as the decoder reads only one.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

/// Unpacked bytes decoded at once.
const STEP: usize = 128 * 1024;

/// The unpacked bytes of all frames of a source.
pub(super) struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    inside: bool,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(source: R) -> Self {
        Frames { source, decoder: FrameDecoder::new(), inside: false }
    }

    /// Begins the next frame; false at the end of the source.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.inside = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::BlockDecodingStrategy::UptoBytes;

        while !buffer.is_empty() {
            if !self.inside && !self.begin()? {
                return Ok(0);
            }
            let read = self.decoder.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            if self.decoder.is_finished() {
                self.inside = false;
            } else {
                self.decoder.decode_blocks(&mut self.source, UptoBytes(STEP)).map_err(io::Error::other)?;
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Frames::new(packed).read_to_end(&mut bytes).map(|_| bytes)
    }

    #[test]
    fn frames_one_after_the_other() {
        let large: Vec<u8> = (0..300_000u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        let mut packed = zstd::encode_all(&large[..], 3).unwrap();
        packed.extend(b"\x5f\x2a\x4d\x18\x03\0\0\0abc");
        packed.extend(zstd::encode_all(&b""[..], 3).unwrap());
        packed.extend(zstd::encode_all(&b"the end"[..], 3).unwrap());
        let unpacked = unpack(&packed).unwrap();
        assert!(unpacked == [&large[..], b"the end"].concat());
        assert_eq!(unpack(b"").unwrap(), b"");
    }

    #[test]
    fn cut_and_damaged_frames_are_errors() {
        let packed = zstd::encode_all(&[7; 1_000][..], 3).unwrap();
        assert!(unpack(&packed[..packed.len() - 1]).is_err());
        assert!(unpack(&packed[..3]).is_err());
        assert!(unpack(b"no zstd at all").is_err());
    }
}
