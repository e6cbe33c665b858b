//! Reading from what gives slices: a file of the browser, or bytes in memory.

use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Bytes that can be had in slices.
pub trait Slices: Clone + 'static {
    /// How many there are.
    fn size(&self) -> u64;
    /// Those from `start` to `end`, which is not beyond the last.
    fn slice(&self, start: u64, end: u64) -> io::Result<Vec<u8>>;
}

impl Slices for Rc<[u8]> {
    fn size(&self) -> u64 {
        self.len() as u64
    }
    fn slice(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
        let bytes = self.get(start as usize..end as usize).map(<[u8]>::to_vec);
        bytes.ok_or(io::ErrorKind::UnexpectedEof.into())
    }
}

/// Reads slices in blocks of one size, of which it keeps the last few. Who reads on and on gets several at once, up to half of
/// what is kept: a slice of the browser's takes its time, however short it is.
#[derive(Debug)]
pub struct Blocks<F> {
    file: F,
    block: u64,
    most: usize,
    at: u64,
    /// Slices with the places where they begin, the one used last first.
    kept: VecDeque<(u64, Vec<u8>)>,
    /// Where the slice that was read last ends, and how many blocks it has.
    last: (u64, u64),
}

impl<F: Slices> Blocks<F> {
    /// Reads in blocks of so many bytes and keeps up to `most` of them.
    pub fn new(file: F, block: u64, most: usize) -> Blocks<F> {
        Blocks {
            file,
            block: block.max(1),
            most: most.max(1),
            at: 0,
            kept: VecDeque::new(),
            last: (u64::MAX, 0),
        }
    }
    /// What is there from a place on.
    fn rest(&mut self, place: u64) -> io::Result<&[u8]> {
        let holds = |(start, bytes): &(u64, Vec<u8>)| {
            place.checked_sub(*start).is_some_and(|at| at < bytes.len() as u64)
        };
        let kept = self.kept.iter().position(holds);
        let slice = if let Some(slice) = kept.and_then(|kept| self.kept.remove(kept)) {
            slice
        } else {
            let start = place - place % self.block;
            let ahead = (self.most as u64 / 2).max(1);
            let blocks = if start == self.last.0 { (self.last.1 * 2).min(ahead) } else { 1 };
            // Room first: where one block is kept, two must not stand in memory.
            let room = (self.most as u64 - blocks) * self.block;
            while self.kept.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>() > room {
                self.kept.pop_back();
            }
            let end = (start + blocks * self.block).min(self.file.size());
            self.last = (end, blocks);
            (start, self.file.slice(start, end)?)
        };
        self.kept.push_front(slice);
        Ok(self
            .kept
            .front()
            .and_then(|(start, bytes)| bytes.get((place - start) as usize..))
            .unwrap_or_default())
    }
}

impl<F: Slices> Read for Blocks<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.file.size() {
            return Ok(0);
        }
        let bytes = self.rest(self.at)?;
        let count = bytes.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), bytes.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl<F: Slices> Seek for Blocks<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.file.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Takes note of the slices asked for.
    #[derive(Clone)]
    struct Noted(Rc<[u8]>, Rc<RefCell<Vec<(u64, u64)>>>);

    impl Slices for Noted {
        fn size(&self) -> u64 {
            self.0.size()
        }
        fn slice(&self, start: u64, end: u64) -> io::Result<Vec<u8>> {
            self.1.borrow_mut().push((start, end));
            self.0.slice(start, end)
        }
    }

    #[test]
    fn every_place_reads_what_stands_there_and_blocks_are_read_once() {
        let bytes: Rc<[u8]> = (0..=99).collect();
        let noted = Noted(bytes.clone(), Rc::default());
        let mut blocks = Blocks::new(noted.clone(), 16, 2);
        for (start, len) in [(0, 3), (10, 20), (15, 1), (31, 1), (96, 4), (99, 1), (97, 0)] {
            let mut read = vec![0; len];
            blocks.seek(SeekFrom::Start(start as u64)).unwrap();
            blocks.read_exact(&mut read).unwrap();
            assert_eq!(read, bytes[start..start + len]);
        }
        assert_eq!(*noted.1.borrow(), [(0, 16), (16, 32), (96, 100)]);
        blocks.seek(SeekFrom::End(0)).unwrap();
        assert_eq!(blocks.read(&mut [0; 8]).unwrap(), 0);
        blocks.seek(SeekFrom::Start(u64::MAX)).unwrap();
        assert_eq!(blocks.read(&mut [0; 8]).unwrap(), 0);
    }

    #[test]
    fn a_read_from_begin_to_end_gives_all() {
        let bytes: Rc<[u8]> = (0..=255).cycle().take(1000).collect();
        let mut read = Vec::new();
        Blocks::new(bytes.clone(), 64, 1).read_to_end(&mut read).unwrap();
        assert_eq!(read, *bytes);
        let noted = Noted(bytes.clone(), Rc::default());
        read.clear();
        Blocks::new(noted.clone(), 64, 8).read_to_end(&mut read).unwrap();
        assert_eq!(read, *bytes);
        assert_eq!(*noted.1.borrow(), [(0, 64), (64, 192), (192, 448), (448, 704), (704, 960), (960, 1000)]);
    }
}
