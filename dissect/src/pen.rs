//! The pen: numbers and addresses become characters by stores of fixed size.

use crate::field::Start;
use crate::out::{all, is_plain};

/// How much room a [`Pen`] has. A line must be shorter than a quarter of it.
pub(crate) const ROOM: usize = 16 << 10;
/// What keeps a pen's place in the first half of its room, so that no store needs a check.
const MASK: usize = ROOM / 2 - 1;

/// How far a pen's place may come.
pub(crate) const MOST_AT: usize = MASK;
/// How much a pen copies of what it wrote.
pub(crate) const AGAIN: usize = 32;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// A room in which a line is written: stores of fixed size at a place that moves on by what they are worth.
///
/// A pen writes nothing wrong and never fails, but what is put behind the first half of the room overwrites its begin:
/// a line that may be longer is written with [`Out`](crate::Out)'s own methods.
pub(crate) struct Pen<'w> {
    pub(crate) room: &'w mut [u8; ROOM],
    pub(crate) at: usize,
}

impl Pen<'_> {
    /// Copies all of `bytes`, of which the first `len` count.
    #[inline(always)]
    pub(crate) fn put<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        let at = self.at & MASK;
        if let Some(room) = self.room.get_mut(at..).and_then(|room| room.first_chunk_mut()) {
            *room = *bytes;
        }
        self.at = at + len;
    }
    /// Copies text of a constant length.
    #[inline(always)]
    pub(crate) fn all<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.put(bytes, N);
    }
    /// Copies text of up to 256 bytes; of a longer one its first 256.
    #[inline(always)]
    pub(crate) fn short(&mut self, text: &[u8]) {
        let at = self.at & MASK;
        let Some(room) = self.room.get_mut(at..).and_then(|room| room.first_chunk_mut::<256>()) else {
            return;
        };
        let len = text.len().min(256);
        // Two stores that overlap in the middle: no loop, no call.
        if let (Some(first), Some(last)) = (text.first_chunk::<16>(), text.last_chunk::<16>()) {
            if len > 32 {
                for (to, from) in room.iter_mut().zip(text) {
                    *to = *from;
                }
            } else {
                ends(room, first, last, len);
            }
        } else if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            ends(room, first, last, len);
        } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            ends(room, first, last, len);
        } else {
            for (to, from) in room.iter_mut().zip(text) {
                *to = *from;
            }
        }
        self.at = at + len;
    }
    /// Copies `len` bytes, up to 32, of what was written at a place.
    #[inline(always)]
    pub(crate) fn again(&mut self, at: usize, len: usize) {
        let text = self.room.get(at & MASK..).and_then(|room| room.first_chunk::<AGAIN>());
        let text = *text.unwrap_or(&[0; AGAIN]);
        self.put(&text, len);
    }
    /// Writes the first `len` of the bytes, up to 240, if they are plain text: ASCII that can be seen, none of `special`.
    /// Else it writes nothing and answers `false`. Fastest where 16 bytes follow.
    #[inline(always)]
    pub(crate) fn plain<const N: usize>(&mut self, bytes: &[u8], len: usize, special: [u8; N]) -> bool {
        let Some(own) = bytes.get(..len).filter(|_| len <= MOST_PLAIN) else { return false };
        if !all(own, |byte| is_plain(byte, special)) {
            return false;
        }
        match bytes.as_chunks::<16>().0.get(..len.div_ceil(16)) {
            Some(rows) => {
                let end = self.at + len;
                for row in rows {
                    self.all(row);
                }
                self.at = end;
            }
            None => self.short(own),
        }
        true
    }
    /// Writes a text of up to 16 bytes with spaces before it, so that it is as wide as asked for: up to 16.
    #[inline(always)]
    pub(crate) fn right(&mut self, width: usize, write: impl FnOnce(&mut Self)) {
        let start = self.at;
        write(self);
        self.align(start, width);
    }
    /// Moves what was written from a place on, up to 16 bytes, so that it ends where so wide a column does.
    #[inline(always)]
    pub(crate) fn align(&mut self, start: usize, width: usize) {
        let len = self.at - start;
        if len < width {
            let text = self.room.get(start & MASK..).and_then(|room| room.first_chunk::<16>());
            let text = *text.unwrap_or(&[0; 16]);
            self.at = start;
            self.put(&[b' '; 16], width - len);
            self.put(&text, len);
        }
    }
    /// Writes a byte in hexadecimal.
    #[inline(always)]
    pub(crate) fn hex_byte(&mut self, byte: u8) {
        self.all(&PAIRS[usize::from(byte)]);
    }
    /// Writes a unit, usually none.
    #[inline(always)]
    pub(crate) fn unit(&mut self, unit: &str) {
        if !unit.is_empty() {
            self.short(unit.as_bytes());
        }
    }
    /// Writes a prepared text, which fits its row: these pieces, one behind the other.
    #[inline(always)]
    pub(crate) fn start<const N: usize>(&mut self, start: &Start<N>, pieces: &[&str]) {
        if cfg!(not(feature = "prepared")) {
            for piece in pieces {
                self.short(piece.as_bytes());
            }
            return;
        }
        // Most fit in 32 bytes.
        let len = usize::from(start.len);
        if let (Some(short), true) = (start.row.first_chunk::<32>(), len <= 32) {
            self.put(short, len);
        } else {
            self.put(&start.row, len);
        }
    }
    /// Writes the bits of a number that a mask names, as `.... 0100 = `; `bytes` is how many the number has; one that
    /// stands in no bytes of the packet has four.
    #[inline(always)]
    pub(crate) fn bits(&mut self, value: u64, mask: u64, bytes: u32) {
        let bytes = if bytes == 0 { 4 } else { bytes };
        let value = value << mask.trailing_zeros().min(63);
        for at in (0..bytes.min(8) * 2).rev() {
            let nibble = (((mask >> (at * 4)) & 15) << 4) | ((value >> (at * 4)) & 15);
            self.put(&BITS[nibble as usize & 255], 5);
        }
        self.all(b"= ");
    }
    /// Writes a number in decimal: up to 20 bytes.
    #[inline(always)]
    pub(crate) fn dec(&mut self, value: u64) {
        if value < 100_000_000 {
            self.dec_short(value);
        } else {
            self.at = dec_long(self.room, self.at, value);
        }
    }
    /// Writes a number below 100,000,000.
    #[inline(always)]
    fn dec_short(&mut self, value: u64) {
        if let Some(row) = DOTTED.get(value as usize) {
            self.put(row, usize::from(row[3]));
        } else if value < 10_000 {
            // Three or four digits.
            let (high, low) = (value / 100 % 100, value % 100);
            let zeros = usize::from(high < 10);
            let ([a, b], [c, d]) = (TENS[high as usize], TENS[low as usize]);
            self.put(&(u32::from_le_bytes([a, b, c, d]) >> (zeros * 8)).to_le_bytes(), 4 - zeros);
        } else {
            let digits = eight(value as u32);
            let zeros = digits.trailing_zeros() / 8;
            self.put(&((digits | ZEROS) >> (zeros * 8)).to_le_bytes(), 8 - zeros as usize);
        }
    }
    /// Writes a number below 100,000,000 with all of eight digits.
    #[inline(always)]
    pub(crate) fn eight_digits(&mut self, value: u32) {
        self.all(&(eight(value) | ZEROS).to_le_bytes());
    }
    /// Writes a number below 1,000,000 with all of six digits.
    #[inline(always)]
    pub(crate) fn six_digits(&mut self, value: u32) {
        self.put(&((eight(value) | ZEROS) >> 16).to_le_bytes(), 6);
    }
    /// Writes the lower `digits` digits of a number in hexadecimal: 1 to 16.
    #[inline(always)]
    pub(crate) fn hex(&mut self, value: u64, digits: usize) {
        if digits == 2 {
            self.all(&PAIRS[value as usize & 255]);
        } else if digits == 4 {
            let ([a, b], [c, d]) = (PAIRS[(value >> 8) as usize & 255], PAIRS[value as usize & 255]);
            self.all(&[a, b, c, d]);
        } else if digits <= 8 {
            let text = nibbles(value as u32).swap_bytes() >> ((8 - digits.max(1)) * 8);
            self.put(&text.to_le_bytes(), digits);
        } else {
            let more = digits.min(16) - 8;
            let text = nibbles((value >> 32) as u32).swap_bytes() >> ((8 - more) * 8);
            self.put(&text.to_le_bytes(), more);
            self.all(&nibbles(value as u32).to_be_bytes());
        }
    }
    /// Writes a number in hexadecimal with capital letters and no leading zeros.
    #[inline(always)]
    pub(crate) fn hex_upper(&mut self, value: u64) {
        if value < 10 {
            self.all(&[b'0' + value as u8]);
            return;
        }
        let digits = (64 - value.leading_zeros()).div_ceil(4);
        for at in (0..digits).rev() {
            self.all(&[HEX[(value >> (at * 4)) as usize & 15].to_ascii_uppercase()]);
        }
    }
    /// Writes an IPv4 address.
    #[inline(always)]
    pub(crate) fn ipv4(&mut self, address: u32) {
        for (at, part) in address.to_be_bytes().into_iter().enumerate() {
            let [a, b, c, len] = DOTTED[usize::from(part)];
            self.put(&[a, b, c, b'.'], usize::from(len) + usize::from(at < 3));
        }
    }
    /// Writes up to [`HEX_AT_ONCE`] bytes in hexadecimal; of more the first ones.
    #[inline(always)]
    pub(crate) fn hex_bytes(&mut self, bytes: &[u8]) {
        // One, two and four bytes are most of what there is.
        let pair = |byte: &u8| PAIRS[usize::from(*byte)];
        match bytes {
            [one] => return self.all(&pair(one)),
            [a, b] => {
                let ([a, b], [c, d]) = (pair(a), pair(b));
                return self.all(&[a, b, c, d]);
            }
            [a, b, c, d] => return self.hex(u32::from_be_bytes([*a, *b, *c, *d]).into(), 8),
            _ => {}
        }
        let bytes = bytes.get(..HEX_AT_ONCE).unwrap_or(bytes);
        let start = self.at;
        let Some(last) = bytes.last_chunk() else {
            for byte in bytes {
                self.hex_byte(*byte);
            }
            return;
        };
        for row in bytes.as_chunks().0 {
            self.hex_row(row);
        }
        // The last row again, as not all of it may have been written.
        self.at = start + bytes.len() * 2 - 32;
        self.hex_row(last);
    }
    /// Writes sixteen bytes in hexadecimal.
    #[inline(always)]
    fn hex_row(&mut self, row: &[u8; 16]) {
        let at = self.at & MASK;
        if let Some(digits) = self.room.get_mut(at..).and_then(|room| room.first_chunk_mut()) {
            hex_row(row, digits);
        }
        self.at = at + 32;
    }
    /// Writes up to [`HEX_AT_ONCE`] bytes in hexadecimal with colons between them; of more the first ones.
    #[inline(always)]
    pub(crate) fn colons(&mut self, bytes: &[u8]) {
        let bytes = bytes.get(..HEX_AT_ONCE).unwrap_or(bytes);
        let start = self.at;
        if let Some(last) = bytes.last_chunk::<8>() {
            for row in bytes.as_chunks::<8>().0 {
                self.colon_row(row);
            }
            // The last row again, as not all of it may have been written.
            self.at = start + bytes.len() * 3 - 24;
            self.colon_row(last);
        } else {
            for byte in bytes {
                self.put(&COLONS[usize::from(*byte)], 3);
            }
        }
        self.at -= usize::from(!bytes.is_empty());
    }
    /// Writes eight bytes in hexadecimal with a colon behind each.
    #[inline(always)]
    fn colon_row(&mut self, row: &[u8]) {
        let at = self.at & MASK;
        if let Some(room) = self.room.get_mut(at..).and_then(|room| room.first_chunk_mut::<25>()) {
            // Each store takes four bytes, of which the next one overwrites the last.
            for (at, byte) in row.iter().take(8).enumerate() {
                room[at * 3..at * 3 + 4].copy_from_slice(&COLONS[usize::from(*byte)]);
            }
        }
        self.at = at + 24;
    }
    /// Writes a hardware address of six bytes.
    #[inline(always)]
    pub(crate) fn address(&mut self, bytes: &[u8]) {
        let mut text = [0; 24];
        for (at, byte) in bytes.iter().take(6).enumerate() {
            text[at * 3..at * 3 + 4].copy_from_slice(&COLONS[usize::from(*byte)]);
        }
        self.put(&text, 17);
    }
    /// Writes a length of time in seconds with nine digits after the point.
    #[inline(always)]
    pub(crate) fn seconds(&mut self, nanoseconds: i64) {
        let (sign, nanoseconds) = (usize::from(nanoseconds < 0), nanoseconds.unsigned_abs());
        self.put(b"-", sign);
        self.dec(nanoseconds / 1_000_000_000);
        self.all(b".");
        self.nine_digits((nanoseconds % 1_000_000_000) as u32);
    }
    /// Writes a number below 1,000,000,000 with all of nine digits.
    #[inline(always)]
    pub(crate) fn nine_digits(&mut self, value: u32) {
        self.all(&[b'0' + (value / 100_000_000 % 10) as u8]);
        self.eight_digits(value % 100_000_000);
    }
}

/// Writes a number of more than eight digits. A call that gets no pen lets its caller keep its own at hand.
#[inline(never)]
fn dec_long(room: &mut [u8; ROOM], at: usize, value: u64) -> usize {
    let mut pen = Pen { room, at };
    let (rest, low) = (value / 100_000_000, value % 100_000_000);
    if rest < 100_000_000 {
        pen.dec_short(rest);
    } else {
        pen.dec_short(rest / 100_000_000);
        pen.eight_digits((rest % 100_000_000) as u32);
    }
    pen.eight_digits(low as u32);
    pen.at
}

/// Copies a text of `len` bytes by its first and its last `N`.
#[inline(always)]
fn ends<const N: usize>(room: &mut [u8; 256], first: &[u8; N], last: &[u8; N], len: usize) {
    if let Some(to) = room.first_chunk_mut() {
        *to = *first;
    }
    if let Some(to) = room.get_mut((len - N) & 127..).and_then(|room| room.first_chunk_mut()) {
        *to = *last;
    }
}

/// The longest text that a pen looks at.
const MOST_PLAIN: usize = 240;

/// Eight times the sign for zero.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The eight decimal digits of a number below 100,000,000 as numbers, the first in the lowest byte.
#[inline(always)]
fn eight(value: u32) -> u64 {
    // All halves, then all quarters, then all digits at once: each step splits every lane in two.
    let (value, ten_thousand) = (u64::from(value), 10_000);
    let halves = (value / ten_thousand) | ((value % ten_thousand) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | ((halves - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - tens * 10) << 8)
}

/// The eight hexadecimal digits of a number, the first in the highest byte.
#[inline(always)]
fn nibbles(value: u32) -> u64 {
    let value = u64::from(value);
    let value = (value | (value << 16)) & 0x0000_ffff_0000_ffff;
    let value = (value | (value << 8)) & 0x00ff_00ff_00ff_00ff;
    let value = (value | (value << 4)) & 0x0f0f_0f0f_0f0f_0f0f;
    let letters = ((value + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
    value + ZEROS + letters * 39
}

/// Writes the hexadecimal digits of sixteen bytes. Those of a byte are two lanes of one number, so that eight bytes go at once.
///
/// A call of its own: where it is part of a loop, compilers make a muddle of both.
#[inline(never)]
fn hex_row(row: &[u8; 16], digits: &mut [u8; 32]) {
    for (to, byte) in digits.as_chunks_mut().0.iter_mut().zip(row) {
        let nibbles = (u16::from(*byte) >> 4 | u16::from(*byte) << 8) & 0x0f0f;
        let letters = (nibbles + 0x0606) >> 4 & 0x0101;
        *to = (nibbles + 0x3030 + letters * 39).to_le_bytes();
    }
}

/// How many bytes a pen writes in hexadecimal at once.
pub(crate) const HEX_AT_ONCE: usize = 1024;

/// Two hexadecimal digits for every byte, and a colon.
static COLONS: [[u8; 4]; 256] = {
    let mut rows = [[b':'; 4]; 256];
    let mut at = 0;
    while at < 256 {
        (rows[at][0], rows[at][1]) = (HEX[at >> 4], HEX[at & 15]);
        at += 1;
    }
    rows
};

/// Two hexadecimal digits for every byte.
pub(crate) static PAIRS: [[u8; 2]; 256] = {
    let mut pairs = [[0; 2]; 256];
    let mut at = 0;
    while at < 256 {
        pairs[at] = [HEX[at >> 4], HEX[at & 15]];
        at += 1;
    }
    pairs
};

/// Four bits of a number for every mask (upper half of the index) and value (lower half), and a space.
static BITS: [[u8; 8]; 256] = {
    let mut rows = [[b' '; 8]; 256];
    let mut at = 0;
    while at < 256 {
        let mut bit = 0;
        while bit < 4 {
            let set = if at >> (3 - bit) & 1 == 1 { b'1' } else { b'0' };
            rows[at][bit] = if at >> (7 - bit) & 1 == 1 { set } else { b'.' };
            bit += 1;
        }
        at += 1;
    }
    rows
};

/// Two decimal digits for every number below 100.
static TENS: [[u8; 2]; 100] = {
    let mut rows = [[b'0'; 2]; 100];
    let mut at = 0;
    while at < 100 {
        rows[at] = [b'0' + at as u8 / 10, b'0' + at as u8 % 10];
        at += 1;
    }
    rows
};

/// Every byte in decimal, and how many digits it has.
static DOTTED: [[u8; 4]; 256] = {
    let mut rows = [[b'.'; 4]; 256];
    let mut at = 0;
    while at < 256 {
        let (a, b, c) = (at as u8 / 100, at as u8 / 10 % 10, at as u8 % 10);
        rows[at] = if a > 0 {
            [b'0' + a, b'0' + b, b'0' + c, 3]
        } else if b > 0 {
            [b'0' + b, b'0' + c, b'.', 2]
        } else {
            [b'0' + c, b'.', b'.', 1]
        };
        at += 1;
    }
    rows
};
