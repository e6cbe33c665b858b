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

/// Reads slices in blocks of one size, of which it keeps the last few.
#[derive(Debug)]
pub struct Blocks<F> {
    file: F,
    block: u64,
    most: usize,
    at: u64,
    /// Blocks with their numbers, the one used last first.
    kept: VecDeque<(u64, Vec<u8>)>,
}

impl<F: Slices> Blocks<F> {
    /// Reads in blocks of so many bytes and keeps up to `most` of them.
    pub fn new(file: F, block: u64, most: usize) -> Blocks<F> {
        Blocks { file, block: block.max(1), most: most.max(1), at: 0, kept: VecDeque::new() }
    }
    fn block(&mut self, number: u64) -> io::Result<&[u8]> {
        let place = self.kept.iter().position(|(kept, _)| *kept == number);
        let block = if let Some(block) = place.and_then(|place| self.kept.remove(place)) {
            block
        } else {
            // Room first: where one block is kept, two must not stand in memory.
            self.kept.truncate(self.most - 1);
            let start = number * self.block;
            (number, self.file.slice(start, (start + self.block).min(self.file.size()))?)
        };
        self.kept.push_front(block);
        Ok(self.kept.front().map_or(&[], |(_, bytes)| bytes))
    }
}

impl<F: Slices> Read for Blocks<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.at;
        if at >= self.file.size() {
            return Ok(0);
        }
        let within = (at % self.block) as usize;
        let bytes = self.block(at / self.block)?.get(within..).unwrap_or_default();
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
    }
}
