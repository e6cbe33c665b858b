//! A growing line of text: the one place where numbers and addresses become characters.

use crate::pen::{HEX_AT_ONCE, PAIRS, Pen, ROOM};
use crate::tree::Item;
use crate::{Field, format};
use std::fmt;
use std::ops::Range;

/// Text being written: a byte buffer with the few number formats that packets need, faster than `core::fmt`.
///
/// The buffer is always larger than what was written, so that short pieces are copied with a fixed size and then cut.
#[derive(Default)]
pub struct Out {
    bytes: Vec<u8>,
    len: usize,
    /// What lines tell of nodes, while a format remembers them.
    pub(crate) told: Option<Box<Told>>,
}

/// What a line tells of nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// The index behind the last node that was seen.
    pub(crate) seen: usize,
    pub(crate) parts: Vec<Part>,
}

/// The value of a node in a line.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The node's index.
    pub(crate) index: usize,
    pub(crate) form: Form,
    pub(crate) written: Range<usize>,
}

/// What a line tells of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// The plain value.
    Plain,
    /// Its number, less some.
    Number(u8),
    /// How many bytes it takes.
    Size,
}

impl Out {
    /// An empty buffer.
    pub const fn new() -> Out {
        Out { bytes: Vec::new(), len: 0, told: None }
    }
    /// A buffer that holds so many bytes before it grows. Those that are emptied often are fastest at about 64 KiB.
    pub fn with_capacity(bytes: usize) -> Out {
        Out { bytes: vec![0; bytes + ROOM], len: 0, told: None }
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
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn str(&mut self, text: &str) -> &mut Out {
        self.raw(text.as_bytes())
    }
    /// Writes bytes as they are.
    #[cfg_attr(not(target_family = "wasm"), inline)]
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
    #[cfg_attr(not(target_family = "wasm"), inline)]
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
    /// Writes a number in decimal.
    #[cfg_attr(not(target_family = "wasm"), inline)]
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
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn hex(&mut self, value: u64, digits: usize) -> &mut Out {
        let needed = (64 - value.leading_zeros() as usize).div_ceil(4).max(1);
        self.with(|pen| pen.hex(value, digits.clamp(needed, 16)))
    }
    /// Writes `0x` and the number in hexadecimal with so many digits at least.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn hex_0x(&mut self, value: u64, digits: usize) -> &mut Out {
        self.str("0x").hex(value, digits)
    }
    /// Writes bytes in hexadecimal, with the separator between them.
    pub fn hex_bytes(&mut self, bytes: &[u8], separator: &str) -> &mut Out {
        let mut pieces = bytes.chunks(HEX_AT_ONCE);
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
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn ipv4(&mut self, address: u32) -> &mut Out {
        self.with(|pen| pen.ipv4(address))
    }
    /// Writes an IPv6 address by RFC 5952, and the IPv4 address of one that embeds one (RFC 4291, 2.5.5) as such.
    pub fn ipv6(&mut self, address: [u8; 16]) -> &mut Out {
        let groups = std::net::Ipv6Addr::from(address).segments();
        if let [0, 0, 0, 0, 0, mapped @ (0 | 0xffff), high, low] = groups
            && (mapped, high) != (0, 0)
        {
            return self
                .str(if mapped == 0 { "::" } else { "::ffff:" })
                .ipv4(u32::from(high) << 16 | u32::from(low));
        }
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
        // Nearly all are behind 1970 and near enough.
        if let Ok(seconds @ ..=0xffff_ffff) = u64::try_from(time.seconds()) {
            return self.with(|pen| {
                pen.dec(seconds);
                pen.all(b".");
                pen.nine_digits(time.nanos());
            });
        }
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
    /// around, and for the `special` ones: for these it calls `escape` with the sign, which writes something plain, and for
    /// those that could steer with what follows too.
    pub(crate) fn escaped<const N: usize>(
        &mut self,
        bytes: &[u8],
        special: [u8; N],
        escape: impl Fn(char, &str, &mut Out),
    ) -> &mut Out {
        let is_plain = |byte| is_plain(byte, special);
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
            // The special signs are ASCII.
            if let Some((sign, next)) = after.split_first().filter(|(sign, _)| special.contains(sign)) {
                escape(char::from(*sign), "", self);
                rest = next;
                continue;
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
    pub(crate) fn reescape(
        &mut self,
        start: usize,
        is_special: impl Fn(u8) -> bool,
        scratch: &mut Out,
        escape: impl FnOnce(&[u8], &mut Out),
    ) {
        let written = self.as_bytes().get(start..).unwrap_or(&[]);
        if !all(written, |byte| !is_special(byte)) {
            scratch.clear();
            scratch.raw(written);
            // What was told is not what stands here in the end.
            self.sees_to(usize::MAX);
            self.truncate(start);
            escape(scratch.as_bytes(), self);
        }
    }
    /// The first child of a node that is of a field, for a line by [parts](crate::Show::write_parts).
    pub fn find<'a>(&mut self, item: Item<'a>, field: &'static Field) -> Option<Item<'a>> {
        let child = item.child(field);
        self.sees_to(child.map_or(item.node.end as usize, |child| child.index + 1));
        child
    }
    /// Says that a line by parts follows from a node's value, which is a name, a flag or one of few.
    pub fn sees(&mut self, item: Item<'_>) {
        self.sees_to(item.index + 1);
    }
    /// Says that a line by parts follows from which nodes stand under a node.
    pub fn sees_all(&mut self, item: Item<'_>) {
        self.sees_to(item.node.end as usize);
    }
    fn sees_to(&mut self, end: usize) {
        if let Some(told) = &mut self.told {
            told.seen = told.seen.max(end);
        }
    }
    /// Writes the plain value of a node as a part of a line: see [`format::value`](crate::format::value()). With its name, where the
    /// tree has names and it has one.
    pub fn tell(&mut self, item: Item<'_>) -> &mut Out {
        let start = self.len;
        if !item.names().is_some_and(|names| names.write_item(item, self)) {
            format::value(item, self);
        }
        self.tells(item, Form::Plain, start)
    }
    /// Writes the number of a node in decimal, less some, as a part of a line.
    pub fn tell_number(&mut self, item: Item<'_>, less: u8) -> &mut Out {
        let start = self.len;
        self.dec(item.node.value.saturating_sub(less.into()));
        self.tells(item, Form::Number(less), start)
    }
    /// Writes how many bytes a node takes, as a part of its own line. What else the line says may follow from whether they
    /// are none, one or more.
    pub fn tell_size(&mut self, item: Item<'_>) -> &mut Out {
        let start = self.len;
        self.dec(item.node.len.into());
        self.tells(item, Form::Size, start)
    }
    fn tells(&mut self, item: Item<'_>, form: Form, start: usize) -> &mut Out {
        self.sees(item);
        let (index, written) = (item.index, start..self.len);
        if let Some(told) = &mut self.told {
            told.parts.push(Part { index, form, written });
        }
        self
    }
    /// Writes what `core::fmt` formats. For rare lines.
    pub fn fmt(&mut self, arguments: fmt::Arguments<'_>) -> &mut Out {
        let _ = fmt::Write::write_fmt(self, arguments);
        self
    }
}

/// Whether a byte is ASCII that can be seen, and none of a few. Compares with all of them, without a branch, so that rows of
/// bytes go at once.
#[inline(always)]
pub(crate) fn is_plain<const N: usize>(byte: u8, few: [u8; N]) -> bool {
    let odd = u8::from(byte.wrapping_sub(b' ') >= 0x5f);
    few.into_iter().fold(odd, |odd, one| odd | u8::from(one == byte)) == 0
}

/// Whether all bytes pass. Looks at 16 of them without a branch, as nearly all do, and at the last 16 again.
#[inline(always)]
pub(crate) fn all(bytes: &[u8], passes: impl Fn(u8) -> bool) -> bool {
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
        Out { bytes: self.as_bytes().to_vec(), len: self.len, told: None }
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
        let compatible = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1];
        assert_eq!(
            written(|out| {
                out.ipv6(compatible);
            }),
            "::192.0.2.1"
        );
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
