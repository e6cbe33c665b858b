//! A growing line of text: the one place where numbers and addresses become characters.

use crate::field::Start;
use std::fmt;

/// How much room a [`Pen`] has. A line must be shorter than a quarter of it.
const ROOM: usize = 4096;
/// What keeps a pen's place in the first half of its room, so that no store needs a check.
const MASK: usize = ROOM / 2 - 1;

/// Text being written: a byte buffer with the few number formats that packets need, faster than `core::fmt`.
///
/// The buffer is always larger than what was written, so that short pieces are copied with a fixed size and then cut.
#[derive(Default)]
pub struct Out {
    bytes: Vec<u8>,
    len: usize,
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// A room in which a line is written: stores of fixed size at a place that moves on by what they are worth.
///
/// A pen writes nothing wrong and never fails, but what is put behind the first half of the room overwrites its begin:
/// a line that may be longer is written with [`Out`]'s own methods.
pub(crate) struct Pen<'w> {
    room: &'w mut [u8; ROOM],
    pub(crate) at: usize,
}

impl Pen<'_> {
    /// Whether the next line needs a new pen.
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.at >= ROOM / 4
    }
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
    /// Writes a prepared text, which fits its row.
    #[inline(always)]
    pub(crate) fn start<const N: usize>(&mut self, start: &Start<N>) {
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
        if let Some([a, b, c, len]) = DOTTED.get(value as usize) {
            self.put(&[*a, *b, *c, 0], usize::from(*len));
        } else if value < 100_000_000 {
            let digits = eight(value as u32);
            let zeros = (digits.trailing_zeros() / 8).min(7);
            self.put(&((digits | ZEROS) >> (zeros * 8)).to_le_bytes(), 8 - zeros as usize);
        } else {
            self.dec_long(value);
        }
    }
    fn dec_long(&mut self, value: u64) {
        let (rest, low) = (value / 100_000_000, value % 100_000_000);
        if rest < 100_000_000 {
            self.dec(rest);
        } else {
            self.dec(rest / 100_000_000);
            self.eight_digits((rest % 100_000_000) as u32);
        }
        self.eight_digits(low as u32);
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
            self.hex(value >> 32, digits.min(16) - 8);
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
    /// Writes up to 32 bytes in hexadecimal; of more the first 32.
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
            _ => {}
        }
        let (rows, rest) = bytes.get(..32).unwrap_or(bytes).as_chunks::<8>();
        for row in rows {
            let at = self.at & MASK;
            if let Some(room) = self.room.get_mut(at..).and_then(|room| room.first_chunk_mut::<16>()) {
                for (to, byte) in room.as_chunks_mut::<2>().0.iter_mut().zip(row) {
                    *to = PAIRS[usize::from(*byte)];
                }
            }
            self.at = at + 16;
        }
        for byte in rest {
            self.all(&PAIRS[usize::from(*byte)]);
        }
    }
    /// Writes up to 32 bytes in hexadecimal with colons between them; of more the first 32.
    #[inline(always)]
    pub(crate) fn colons(&mut self, bytes: &[u8]) {
        let (rows, rest) = bytes.get(..32).unwrap_or(bytes).as_chunks::<8>();
        for row in rows {
            let at = self.at & MASK;
            if let Some(room) = self.room.get_mut(at..).and_then(|room| room.first_chunk_mut::<24>()) {
                for (to, byte) in room.as_chunks_mut::<3>().0.iter_mut().zip(row) {
                    let [high, low] = PAIRS[usize::from(*byte)];
                    *to = [high, low, b':'];
                }
            }
            self.at = at + 24;
        }
        for byte in rest {
            let [high, low] = PAIRS[usize::from(*byte)];
            self.all(&[high, low, b':']);
        }
        self.at -= usize::from(!bytes.is_empty());
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

/// Two hexadecimal digits for every byte.
static PAIRS: [[u8; 2]; 256] = {
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

impl Out {
    /// An empty buffer.
    pub const fn new() -> Out {
        Out { bytes: Vec::new(), len: 0 }
    }
    /// A buffer that holds so many bytes before it grows. Those that are emptied often are fastest at about 64 KiB.
    pub fn with_capacity(bytes: usize) -> Out {
        Out { bytes: vec![0; bytes + ROOM], len: 0 }
    }
    /// The bytes written so far. Text that came from a packet may be no UTF-8 unless it was written with
    /// [`text`](Out::text).
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }
    /// What was written, as a string with replacements for what is no UTF-8.
    pub fn to_string_lossy(&self) -> String {
        String::from_utf8_lossy(self.as_bytes()).into_owned()
    }
    /// How many bytes were written.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }
    /// Whether nothing was written.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// Forgets what was written and keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }
    /// Cuts to the given length.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }
    /// A pen at the end of what was written, and where that is: [`moved`](Out::moved) takes over what it wrote.
    #[inline(always)]
    pub(crate) fn pen(&mut self) -> Option<Pen<'_>> {
        if self.bytes.len() - self.len < ROOM {
            self.grow(ROOM);
        }
        Some(Pen { room: self.bytes.get_mut(self.len..)?.first_chunk_mut()?, at: 0 })
    }
    /// Takes over what a pen wrote.
    #[inline(always)]
    pub(crate) fn moved(&mut self, by: usize) {
        self.len += by & (ROOM - 1);
    }
    /// Writes with a pen: at most half of its room.
    #[inline(always)]
    pub(crate) fn with(&mut self, write: impl FnOnce(&mut Pen<'_>)) -> &mut Out {
        if let Some(mut pen) = self.pen() {
            write(&mut pen);
            let by = pen.at;
            self.moved(by);
        }
        self
    }
    #[cold]
    #[inline(never)]
    fn grow(&mut self, by: usize) {
        self.bytes.resize((self.bytes.len() * 2).max(self.len + by + ROOM), 0);
    }
    /// Writes text of the program's own.
    #[inline]
    pub fn str(&mut self, text: &str) -> &mut Out {
        self.raw(text.as_bytes())
    }
    /// Writes bytes as they are.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Out {
        if self.bytes.len() - self.len < bytes.len() {
            self.grow(bytes.len());
        }
        if let Some(room) = self.bytes.get_mut(self.len..self.len + bytes.len()) {
            room.copy_from_slice(bytes);
            self.len += bytes.len();
        }
        self
    }
    /// Writes one byte.
    #[inline]
    pub fn byte(&mut self, byte: u8) -> &mut Out {
        self.raw(&[byte])
    }
    /// Writes so many spaces.
    pub fn spaces(&mut self, count: usize) -> &mut Out {
        let mut left = count;
        while left > 0 {
            let now = left.min(64);
            self.with(|pen| pen.put(&[b' '; 64], now));
            left -= now;
        }
        self
    }
    /// Moves what was written from `start` on, at most 64 bytes, and puts so many spaces before it, at most 64.
    pub(crate) fn shift(&mut self, start: usize, by: usize) {
        let end = self.len;
        self.spaces(by);
        if let Some(room) = self.bytes.get_mut(start..self.len) {
            room.copy_within(..end - start, by);
            room[..by].fill(b' ');
        }
    }
    /// Writes a number in decimal.
    #[inline]
    pub fn dec(&mut self, value: u64) -> &mut Out {
        self.with(|pen| pen.dec(value))
    }
    /// Writes a signed number in decimal.
    pub fn signed(&mut self, value: i64) -> &mut Out {
        if value < 0 {
            self.byte(b'-');
        }
        self.dec(value.unsigned_abs())
    }
    /// Writes a number in decimal, padded with zeros to the width.
    pub fn dec_padded(&mut self, value: u64, width: usize) -> &mut Out {
        let digits = value.checked_ilog10().unwrap_or(0) as usize + 1;
        for _ in digits..width {
            self.byte(b'0');
        }
        self.dec(value)
    }
    /// Writes a number in hexadecimal with so many digits at least, without `0x`.
    #[inline]
    pub fn hex(&mut self, value: u64, digits: usize) -> &mut Out {
        let needed = (64 - value.leading_zeros() as usize).div_ceil(4).max(1);
        self.with(|pen| pen.hex(value, digits.clamp(needed, 16)))
    }
    /// Writes `0x` and the number in hexadecimal with so many digits at least.
    #[inline]
    pub fn hex_0x(&mut self, value: u64, digits: usize) -> &mut Out {
        self.str("0x").hex(value, digits)
    }
    /// Writes bytes in hexadecimal, with the separator between them.
    pub fn hex_bytes(&mut self, bytes: &[u8], separator: &str) -> &mut Out {
        let mut pieces = bytes.chunks(32);
        match separator {
            "" => {
                for piece in pieces {
                    self.with(|pen| pen.hex_bytes(piece));
                }
            }
            ":" => {
                if let Some(piece) = pieces.next() {
                    self.with(|pen| pen.colons(piece));
                }
                for piece in pieces {
                    self.byte(b':').with(|pen| pen.colons(piece));
                }
            }
            _ => {
                for (at, byte) in bytes.iter().enumerate() {
                    self.str(if at > 0 { separator } else { "" }).raw(&PAIRS[usize::from(*byte)]);
                }
            }
        }
        self
    }
    /// Writes an IPv4 address.
    #[inline]
    pub fn ipv4(&mut self, address: u32) -> &mut Out {
        self.with(|pen| pen.ipv4(address))
    }
    /// Writes an IPv6 address by RFC 5952.
    pub fn ipv6(&mut self, address: [u8; 16]) -> &mut Out {
        let address = std::net::Ipv6Addr::from(address);
        if address.to_ipv4_mapped().is_some() {
            return self.fmt(format_args!("{address}"));
        }
        let groups = address.segments();
        let (mut start, mut len, mut at) = (8, 1, 0);
        while at < 8 {
            let zeros = groups.iter().skip(at).take_while(|group| **group == 0).count();
            if zeros > len {
                (start, len) = (at, zeros);
            }
            at += zeros.max(1);
        }
        for (at, group) in groups.iter().enumerate() {
            if at == start {
                self.str("::");
            } else if at < start || at >= start + len {
                if at > 0 && at != start + len {
                    self.byte(b':');
                }
                self.hex((*group).into(), 1);
            }
        }
        self
    }
    /// Writes a length of time in seconds with nine digits after the point.
    pub fn seconds(&mut self, nanoseconds: i64) -> &mut Out {
        self.with(|pen| pen.seconds(nanoseconds))
    }
    /// Writes a moment as seconds since 1970 with nine digits after the point.
    pub fn time(&mut self, time: crate::capture::Time) -> &mut Out {
        match i64::try_from(time.nanoseconds()) {
            Ok(nanoseconds) => self.seconds(nanoseconds),
            Err(_) => self.fmt(format_args!("{time}")),
        }
    }
    /// Writes text out of a packet as Wireshark does: UTF-8 stays, other bytes become U+FFFD, control characters and
    /// marks that turn text around become escapes: `\r`, `\033`, `\u202E`.
    pub fn text(&mut self, bytes: &[u8]) -> &mut Out {
        self.escaped(bytes, [], |sign, _, out| match sign {
            '\x07' => drop(out.str("\\a")),
            '\x08' => drop(out.str("\\b")),
            '\t' => drop(out.str("\\t")),
            '\n' => drop(out.str("\\n")),
            '\x0b' => drop(out.str("\\v")),
            '\x0c' => drop(out.str("\\f")),
            '\r' => drop(out.str("\\r")),
            sign if sign.is_ascii() => drop(out.fmt(format_args!("\\{:03o}", sign as u32))),
            sign => drop(out.fmt(format_args!("\\u{:04X}", sign as u32))),
        })
    }
    /// Writes UTF-8 as it is and U+FFFD for what is none, except for characters that could steer a terminal or turn text
    /// around, and for the `special` ones: for these it calls `escape` with the sign and what follows it, which writes
    /// something plain.
    pub(crate) fn escaped<const N: usize>(
        &mut self,
        bytes: &[u8],
        special: [u8; N],
        escape: impl Fn(char, &str, &mut Out),
    ) -> &mut Out {
        let is_plain = |byte: u8| (byte.wrapping_sub(b' ') < 0x5f) & !is_one_of(byte, special);
        if all(bytes, is_plain) {
            return self.raw(bytes);
        }
        let mut rest = bytes;
        loop {
            let plain = rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
            let (before, after) = rest.split_at(plain);
            self.raw(before);
            if after.is_empty() {
                return self;
            }
            // A run of bytes that need a look, decoded on its own.
            let len = after.iter().position(|byte| is_plain(*byte)).unwrap_or(after.len());
            let (run, next) = after.split_at(len);
            for chunk in run.utf8_chunks() {
                let mut signs = chunk.valid().chars();
                while let Some(sign) = signs.next() {
                    if sign.is_ascii() || is_unsafe(sign) {
                        escape(sign, signs.as_str(), self);
                    } else {
                        self.str(sign.encode_utf8(&mut [0; 4]));
                    }
                }
                if !chunk.invalid().is_empty() {
                    self.str("\u{fffd}");
                }
            }
            rest = next;
        }
    }
    /// Escapes what was written from `start` on, if anything in it is special or needs it. Uses `scratch` for a while.
    #[inline]
    pub(crate) fn reescape<const N: usize>(
        &mut self,
        start: usize,
        special: [u8; N],
        scratch: &mut Out,
        escape: impl FnOnce(&[u8], &mut Out),
    ) {
        let written = self.as_bytes().get(start..).unwrap_or(&[]);
        if !all(written, |byte| !is_one_of(byte, special)) {
            scratch.clear();
            scratch.raw(written);
            self.truncate(start);
            escape(scratch.as_bytes(), self);
        }
    }
    /// Writes what `core::fmt` formats. For rare lines.
    pub fn fmt(&mut self, arguments: fmt::Arguments<'_>) -> &mut Out {
        let _ = fmt::Write::write_fmt(self, arguments);
        self
    }
}

/// Whether a byte is one of a few. Compares with all of them, without a branch, so that rows of bytes go at once.
#[inline(always)]
fn is_one_of<const N: usize>(byte: u8, few: [u8; N]) -> bool {
    few.into_iter().fold(0, |found, one| found | u8::from(one == byte)) != 0
}

/// Whether all bytes pass. Looks at 16 of them without a branch, as nearly all do, and at the last 16 again.
#[inline(always)]
fn all(bytes: &[u8], passes: impl Fn(u8) -> bool) -> bool {
    let row_passes = |row: &[u8; 16]| {
        let mut failed = 0;
        for byte in row {
            failed |= u8::from(!passes(*byte));
        }
        failed == 0
    };
    let Some(last) = bytes.last_chunk() else { return bytes.iter().all(|byte| passes(*byte)) };
    for row in bytes.as_chunks().0 {
        if !row_passes(row) {
            return false;
        }
    }
    row_passes(last)
}

/// Characters that could steer a terminal or turn text around: controls and bidirectional marks. And those that XML does
/// not have.
fn is_unsafe(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
        || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.str(text);
        Ok(())
    }
}

impl Clone for Out {
    fn clone(&self) -> Out {
        Out { bytes: self.as_bytes().to_vec(), len: self.len }
    }
}

impl PartialEq for Out {
    fn eq(&self, other: &Out) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Out {}

impl fmt::Debug for Out {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Out").field(&self.to_string_lossy()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Out)) -> String {
        let mut out = Out::new();
        write(&mut out);
        out.to_string_lossy()
    }

    #[test]
    fn numbers_are_written_as_core_fmt_writes_them() {
        for value in
            [0, 1, 9, 10, 11, 99, 100, 101, 109, 999, 1000, 65535, 4_294_967_295, u64::MAX, u64::MAX / 10]
        {
            assert_eq!(
                written(|out| {
                    out.dec(value);
                }),
                value.to_string()
            );
            assert_eq!(
                written(|out| {
                    out.hex(value, 4);
                }),
                format!("{value:04x}")
            );
            assert_eq!(
                written(|out| {
                    out.dec_padded(value, 6);
                }),
                format!("{value:06}")
            );
        }
        assert_eq!(
            written(|out| {
                out.signed(i64::MIN);
            }),
            i64::MIN.to_string()
        );
    }

    #[test]
    fn addresses_follow_rfc_5952() {
        for address in [
            "::",
            "::1",
            "fe80::1",
            "2001:db8::1:0:0:1",
            "1:2:3:4:5:6:7:8",
            "1:0:2:0:3:0:4:0",
            "::ffff:1.2.3.4",
            "1::",
        ] {
            let parsed: std::net::Ipv6Addr = address.parse().unwrap();
            assert_eq!(
                written(|out| {
                    out.ipv6(parsed.octets());
                }),
                parsed.to_string()
            );
        }
        assert_eq!(
            written(|out| {
                out.ipv4(0x7f00_0001);
            }),
            "127.0.0.1"
        );
    }

    #[test]
    fn text_of_a_packet_steers_no_terminal() {
        assert_eq!(
            written(|out| {
                out.text(b"a\x1b[2Jb\r\n\xff\xe2\x80\xaez");
            }),
            "a\\033[2Jb\\r\\n\u{fffd}\\u202Ez"
        );
    }
}
