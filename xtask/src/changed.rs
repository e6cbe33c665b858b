//! Captures of packets that are like those of others, but for a few bytes: what nobody has seen yet.

use dissect::Packet;
use dissect::capture::{ByteOrder, Reader, Writer};
use hostile::mutate::{Random, nudge};
use hostile::script::mend;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A capture of changed packets: a file that goes when it is no longer needed.
#[derive(Debug)]
pub(crate) struct Changed(PathBuf);

impl Changed {
    /// For each packet of a capture so many that are changed, `most` in all. Their lengths and checksums are made right again.
    /// Packets that the snap length cut are left out. `index` tells captures of one run from each other.
    pub(crate) fn of(path: &Path, index: usize, times: u32, most: u64, seed: u64) -> Changed {
        let name = format!("sctpdump-changed-{}-{index}.pcapng", std::process::id());
        let changed = Changed(std::env::temp_dir().join(name));
        // One that can't be read or written is a capture without packets to whoever reads it.
        let _ = changed.write(path, times, most, seed);
        changed
    }
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
    fn write(&self, path: &Path, times: u32, mut most: u64, seed: u64) -> io::Result<()> {
        let mut reader = Reader::new(File::open(path)?).map_err(io::Error::other)?;
        let mut writer = Writer::pcapng(BufWriter::new(File::create(&self.0)?), ByteOrder::Little);
        let (mut random, mut bytes) = (Random::new(seed), Vec::new());
        while let Some(packet) = reader.next() {
            let Ok(packet) = packet else { continue };
            let is_whole = packet.original as usize == packet.bytes.len();
            for _ in 0..if is_whole { most.min(times.into()) } else { 0 } {
                bytes.clear();
                bytes.extend_from_slice(packet.bytes);
                nudge(&mut random, &mut bytes);
                mend(packet.link, &mut bytes);
                writer.packet(&Packet { bytes: &bytes, original: bytes.len() as u32, ..packet })?;
                most -= 1;
            }
        }
        writer.finish()?.flush()
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_packets_are_as_many_as_asked_for_and_the_same_for_a_seed() {
        let capture = crate::root().join("testdata/book/association.pcapng");
        let packets = |path: &Path| {
            let (mut reader, mut packets) = (Reader::new(File::open(path).unwrap()).unwrap(), Vec::new());
            while let Some(packet) = reader.next() {
                packets.push(packet.unwrap().bytes.to_vec());
            }
            packets
        };
        let changed = |index, most, seed| packets(Changed::of(&capture, index, 3, most, seed).path());
        let all = changed(0, 1000, 1);
        assert_eq!(all.len(), 3 * packets(&capture).len());
        assert_eq!(changed(1, 7, 1), all[..7]);
        assert_ne!(changed(2, 7, 2), all[..7]);
        let gone = Changed::of(&capture, 3, 1, 1, 1).path().to_owned();
        assert!(!gone.exists());
    }
}
