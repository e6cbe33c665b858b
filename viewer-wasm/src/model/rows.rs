//! The rows of the packet list that were told, in pages: the latest used stay.

use crate::message::Row;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// How many rows are asked for at once.
pub const PAGE: u64 = 64;
/// The most pages that are kept.
pub const MOST_PAGES: usize = 128;

/// Rows by packet number.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pages: HashMap<u64, Page>,
    clock: u64,
}

#[derive(Clone, Debug)]
struct Page {
    rows: Vec<Rc<Row>>,
    used: u64,
}

/// The page of a packet, which counts from 1.
fn page_of(number: u64) -> u64 {
    number.saturating_sub(1) / PAGE
}

impl Rows {
    /// The row of a packet.
    pub fn row(&self, number: u64) -> Option<&Rc<Row>> {
        let at = number.checked_sub(1)? % PAGE;
        self.pages.get(&page_of(number))?.rows.get(at as usize)
    }
    /// Keeps a page that was told: its first packet, and its rows.
    pub fn put(&mut self, first: u64, rows: Vec<Row>) {
        if first % PAGE != 1 || rows.is_empty() {
            return;
        }
        self.clock += 1;
        let page = Page { rows: rows.into_iter().map(Rc::new).collect(), used: self.clock };
        self.pages.insert(page_of(first), page);
        if self.pages.len() > MOST_PAGES
            && let Some((&oldest, _)) = self.pages.iter().min_by_key(|(_, page)| page.used)
        {
            self.pages.remove(&oldest);
        }
    }
    /// The first page of these packets that is not there, or not whole: its first packet and how many to ask for. The others
    /// count as used.
    pub fn missing(&mut self, packets: Range<u64>, last: u64) -> Option<(u64, u32)> {
        if packets.is_empty() {
            return None;
        }
        self.clock += 1;
        for page in page_of(packets.start)..=page_of(packets.end - 1) {
            let first = page * PAGE + 1;
            let count = (last + 1).saturating_sub(first).min(PAGE);
            match self.pages.get_mut(&page) {
                Some(kept) if kept.rows.len() as u64 >= count => kept.used = self.clock,
                _ if count == 0 => {}
                _ => return Some((first, count as u32)),
            }
        }
        None
    }
    /// Forgets all: another capture, another time format.
    pub fn clear(&mut self) {
        self.pages.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(first: u64, count: u64) -> Vec<Row> {
        (first..first + count)
            .map(|number| Row { cells: std::array::from_fn(|_| number.to_string()), ..Row::default() })
            .collect()
    }

    #[test]
    fn pages_are_asked_for_as_they_come_into_view() {
        let mut rows = Rows::default();
        assert_eq!(rows.missing(60..70, 1000), Some((1, 64)));
        rows.put(1, page(1, 64));
        assert_eq!(rows.missing(60..70, 1000), Some((65, 64)));
        rows.put(65, page(65, 64));
        assert_eq!(rows.missing(60..70, 1000), None);
        assert_eq!(rows.row(65).unwrap().cells[0], "65");
        assert_eq!(rows.row(0), None);
        assert_eq!(rows.row(129), None);
    }

    #[test]
    fn a_page_that_grew_is_asked_for_again() {
        let mut rows = Rows::default();
        rows.put(1, page(1, 10));
        assert_eq!(rows.missing(1..11, 10), None);
        assert_eq!(rows.missing(1..11, 30), Some((1, 30)));
        assert_eq!(rows.missing(1..1, 30), None);
    }

    #[test]
    fn the_longest_unused_page_goes() {
        let mut rows = Rows::default();
        for page_number in 0..MOST_PAGES as u64 {
            let first = page_number * PAGE + 1;
            rows.put(first, page(first, PAGE));
        }
        assert_eq!(rows.missing(1..2, 1_000_000), None);
        rows.put(1_000_001 - (1_000_000 % PAGE), page(1, PAGE));
        assert!(rows.row(1).is_some());
        assert!(rows.row(65).is_none());
    }
}
