//! Long lists: which rows stand in view, and where they are drawn.
//!
//! A scrolled element can't be higher than some 16 million pixels. Beyond that the scroll bar tells the place in the list as a
//! share, while the wheel and the keys still move by pixels: the list keeps its own position, [`Scroll::top`], and tells the
//! browser's whenever the two have come apart. Near both ends a pixel is a pixel, so that the wheel reaches them.

use std::ops::Range;

/// The most pixels the scrolled element is high.
pub const TALLEST: f64 = 15_000_000.0;
/// How many pixels at each end of a taller list are told as they are.
const EDGE: f64 = 1_000_000.0;
/// How many rows are drawn beyond each end of the view, so that scrolling does not show what is not yet there.
pub const SPARE: u64 = 10;
/// The most rows that are drawn.
pub const MOST_ROWS: u64 = 60;

/// The scrolled view of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scroll {
    /// How many rows there are.
    pub rows: u64,
    /// The height of a row, in pixels.
    pub row: f64,
    /// The height of the view, in pixels.
    pub view: f64,
    /// What stands at the view's upper edge, in pixels of the whole list.
    pub top: f64,
    /// The browser's scroll position.
    pub at: f64,
}

/// Where a row should come to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// Anywhere in view, moving as little as can be.
    Near,
    /// In the middle, unless it is in view already.
    Middle,
}

impl Scroll {
    /// A list without rows yet.
    pub fn new(row: f64) -> Scroll {
        Scroll { row, ..Scroll::default() }
    }
    /// The height of all rows.
    fn whole(&self) -> f64 {
        self.rows as f64 * self.row
    }
    /// Whether the scroll bar tells a share, as the list is taller than an element can be.
    pub fn is_scaled(&self) -> bool {
        self.whole() > TALLEST
    }
    /// The height of the scrolled element.
    pub fn height(&self) -> f64 {
        self.whole().min(TALLEST)
    }
    /// The last position of the list, and of the browser.
    fn ends(&self) -> (f64, f64) {
        ((self.whole() - self.view).max(0.0), (self.height() - self.view).max(0.0))
    }
    /// The browser's position for the list's.
    fn place(&self) -> f64 {
        let (top, at) = self.ends();
        turn(self.top, top, at)
    }
    /// Takes over the browser's position. Says where it must be put instead when it ran into an end that the list has not.
    pub fn scrolled(&mut self, at: f64) -> Option<f64> {
        let (last_top, last_at) = self.ends();
        let at = at.clamp(0.0, last_at);
        let moved = at - self.at;
        self.at = at;
        if !self.is_scaled() {
            self.top = at;
            return None;
        }
        if moved.abs() > self.view * 2.0 {
            self.top = turn(at, last_at, last_top);
            return None;
        }
        self.top = (self.top + moved).clamp(0.0, last_top);
        let apart = (at <= 0.0) != (self.top <= 0.0) || (at >= last_at) != (self.top >= last_top);
        if apart { self.settle() } else { None }
    }
    /// Once scrolling rests: where the browser's position must be put so that it tells the place in the list.
    pub fn settle(&mut self) -> Option<f64> {
        let place = self.place();
        if (place - self.at).abs() < 1.0 {
            return None;
        }
        self.at = place;
        Some(place)
    }
    /// Brings a row into view. Says where the browser's position must be put.
    pub fn reveal(&mut self, row: u64, how: Reveal) -> Option<f64> {
        let (upper, lower) = (row as f64 * self.row, (row + 1) as f64 * self.row);
        let inside = upper >= self.top && lower <= self.top + self.view;
        // Before it is known how high the view is, a row can only be put at its upper edge.
        let unseen = self.view < self.row;
        if inside || unseen && (upper - self.top).abs() < 1.0 {
            return None;
        }
        let far = lower < self.top - self.view || upper > self.top + self.view * 2.0;
        self.top = match how {
            _ if unseen => upper,
            Reveal::Near if upper < self.top && !far => upper,
            Reveal::Near if !far => lower - self.view,
            _ => upper - ((self.view - self.row) / 2.0).max(0.0),
        }
        .clamp(0.0, self.ends().0);
        let place = self.place();
        self.at = place;
        Some(place)
    }
    /// Takes over how many rows there are and how high the view is. Says where the browser's position must be put.
    pub fn resize(&mut self, rows: u64, view: f64) -> Option<f64> {
        (self.rows, self.view) = (rows, view);
        self.top = self.top.clamp(0.0, self.ends().0);
        let place = self.place();
        let moved = (place - self.at).abs() >= 1.0;
        self.at = place;
        moved.then_some(place)
    }
    /// The rows to draw: those in view, and some beyond.
    pub fn window(&self) -> Range<u64> {
        let seen = self.seen();
        let first = seen.start.saturating_sub(SPARE);
        first..(seen.end + SPARE).min(self.rows).min(first + MOST_ROWS)
    }
    /// The rows of which something is in view.
    pub fn seen(&self) -> Range<u64> {
        if self.row <= 0.0 {
            return 0..0;
        }
        let first = (self.top / self.row).floor() as u64;
        let end = ((self.top + self.view) / self.row).ceil() as u64;
        first.min(self.rows)..end.min(self.rows)
    }
    /// How many whole rows a page has.
    pub fn page(&self) -> u64 {
        ((self.view / self.row).floor() as u64).max(1)
    }
    /// Where a row is drawn in the scrolled element, in pixels.
    pub fn y(&self, row: u64) -> f64 {
        row as f64 * self.row - self.top + self.at
    }
}

/// Turns a position of one scale into another's: as it is near both ends, as a share between them.
fn turn(at: f64, from: f64, to: f64) -> f64 {
    if from <= 2.0 * EDGE || to <= 2.0 * EDGE || at <= EDGE {
        at
    } else if at >= from - EDGE {
        to - (from - at)
    } else {
        EDGE + (at - EDGE) / (from - 2.0 * EDGE) * (to - 2.0 * EDGE)
    }
}

// Whole pixels are exact.
#[cfg(test)]
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;

    fn list(rows: u64) -> Scroll {
        let mut list = Scroll::new(20.0);
        list.resize(rows, 400.0);
        list
    }

    #[test]
    fn a_short_list_is_drawn_where_it_scrolls() {
        let mut list = list(1000);
        assert_eq!(list.height(), 20_000.0);
        assert_eq!(list.scrolled(1010.0), None);
        assert_eq!(list.seen(), 50..71);
        assert_eq!(list.window(), 40..81);
        assert_eq!(list.y(50), 1000.0);
        assert_eq!(list.page(), 20);
    }

    #[test]
    fn ten_million_rows_reach_both_ends() {
        let mut list = list(10_000_000);
        assert_eq!(list.height(), TALLEST);
        list.scrolled(TALLEST - 400.0);
        assert_eq!(list.seen(), 9_999_980..10_000_000);
        assert_eq!(list.y(9_999_999), TALLEST - 20.0);
        list.scrolled((TALLEST - 400.0) / 2.0);
        assert!(list.seen().contains(&5_000_000));
        list.scrolled(0.0);
        assert_eq!(list.seen(), 0..20);
    }

    #[test]
    fn the_wheel_moves_a_long_list_by_pixels() {
        let mut list = list(10_000_000);
        list.scrolled(7_000_000.0);
        let first = list.seen().start;
        let y = list.y(first);
        assert_eq!(list.scrolled(7_000_100.0), None);
        assert_eq!(list.seen().start, first + 5);
        // What stood there stays in place while the element moves under the view.
        assert!((list.y(first) - y).abs() < 1e-6);
        // At rest the scroll bar tells the place again, and nothing on screen moves.
        let place = list.settle().unwrap();
        assert!(place > 7_000_000.0 && place < 7_000_010.0, "{place}");
        assert_eq!(list.seen().start, first + 5);
        assert!((list.y(first) - (y - 100.0 + (place - 7_000_000.0))).abs() < 1e-6);
    }

    #[test]
    fn the_wheel_reaches_both_ends_of_a_long_list() {
        let mut list = list(10_000_000);
        list.reveal(100, Reveal::Middle);
        assert_eq!(list.top, list.at);
        for _ in 0..40 {
            list.scrolled((list.at - 100.0).max(0.0));
        }
        assert_eq!((list.top, list.at), (0.0, 0.0));
        list.reveal(9_999_900, Reveal::Middle);
        for _ in 0..40 {
            list.scrolled((list.at + 100.0).min(TALLEST - 400.0));
        }
        assert_eq!(list.seen().end, 10_000_000);
        // Every row can be brought into view, and is drawn where the view is.
        for row in [0, 40_000, 60_000, 5_000_000, 9_960_000, 9_999_999] {
            list.reveal(row, Reveal::Middle);
            let y = list.y(row);
            assert!(list.seen().contains(&row) && y >= list.at && y < list.at + 400.0, "{row}");
            assert!(list.settle().is_none());
        }
    }

    #[test]
    fn the_browsers_end_is_not_the_lists() {
        let mut list = list(10_000_000);
        list.scrolled(EDGE + 500_000.0);
        // One long turn of the wheel comes to the browser's end before the list's: the position is put back inside.
        while list.at > 0.0 && list.scrolled((list.at - 700.0).max(0.0)).is_none() {}
        assert!(list.top > 0.0 && list.at > 0.0);
        assert!(list.settle().is_none());
    }

    #[test]
    fn a_row_is_brought_into_view() {
        let mut list = list(1000);
        assert_eq!(list.reveal(10, Reveal::Near), None);
        assert_eq!(list.reveal(20, Reveal::Near), Some(20.0));
        assert_eq!(list.reveal(0, Reveal::Near), Some(0.0));
        assert_eq!(list.reveal(500, Reveal::Near), Some(500.0 * 20.0 - 190.0));
        assert_eq!(list.reveal(999, Reveal::Middle), Some(20_000.0 - 400.0));
        assert_eq!(list.reveal(999, Reveal::Middle), None);
    }

    #[test]
    fn the_first_row_stays_in_view_before_the_views_height_is_known() {
        let mut list = Scroll::new(20.0);
        list.resize(1000, 0.0);
        assert_eq!(list.reveal(0, Reveal::Near), None);
        list.resize(1000, 400.0);
        assert_eq!(list.seen(), 0..20);
    }

    #[test]
    fn no_more_rows_than_agreed_are_drawn() {
        let mut list = list(1_000_000);
        list.resize(1_000_000, 4000.0);
        list.scrolled(123_456.0);
        let window = list.window();
        assert_eq!(window.end - window.start, MOST_ROWS);
        list.resize(3, 400.0);
        assert_eq!(list.window(), 0..3);
        list.resize(0, 400.0);
        assert_eq!((list.window(), list.at), (0..0, 0.0));
    }
}
