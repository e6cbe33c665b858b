//! A growing line of text: the one place where numbers and addresses become characters.

use std::fmt;

/// Text being written: a byte buffer with the few number formats that packets need, faster than `core::fmt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Out {
    bytes: Vec<u8>,
}

const HEX: &[u8; 16] = b"0123456789abcdef";
const PAIRS: &[u8; 200] =
    b"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

impl Out {
    /// An empty buffer.
    pub const fn new() -> Out {
        Out { bytes: Vec::new() }
    }
    /// The bytes written so far. Text that came from a packet may be no UTF-8 unless it was written with
    /// [`text`](Out::text).
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
    /// What was written, as a string with replacements for what is no UTF-8.
    pub fn to_string_lossy(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    /// How many bytes were written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
    /// Forgets what was written and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
    /// Cuts to the given length.
    pub fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }
    /// Writes text of the program's own.
    #[inline]
    pub fn str(&mut self, text: &str) -> &mut Out {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }
    /// Writes bytes as they are.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Out {
        self.bytes.extend_from_slice(bytes);
        self
    }
    /// Writes one byte.
    #[inline]
    pub fn byte(&mut self, byte: u8) -> &mut Out {
        self.bytes.push(byte);
        self
    }
    /// Writes so many spaces.
    pub fn spaces(&mut self, count: usize) -> &mut Out {
        self.bytes.resize(self.bytes.len() + count, b' ');
        self
    }
    /// Writes a number in decimal.
    #[inline]
    pub fn dec(&mut self, mut value: u64) -> &mut Out {
        let mut digits = [0u8; 20];
        let mut at = 20;
        while value >= 10 {
            let pair = (value % 100) as usize * 2;
            value /= 100;
            at -= 2;
            digits[at] = PAIRS[pair];
            digits[at + 1] = PAIRS[pair + 1];
        }
        if value > 0 || at == 20 {
            at -= 1;
            digits[at] = b'0' + (value % 10) as u8;
        } else if digits[at] == b'0' {
            at += 1;
        }
        self.raw(digits.get(at..).unwrap_or(&[]))
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
        let mut digits = 1;
        let mut rest = value;
        while rest >= 10 {
            rest /= 10;
            digits += 1;
        }
        for _ in digits..width {
            self.byte(b'0');
        }
        self.dec(value)
    }
    /// Writes a number in hexadecimal with so many digits at least, without `0x`.
    pub fn hex(&mut self, value: u64, digits: usize) -> &mut Out {
        let needed = (64 - value.leading_zeros() as usize).div_ceil(4).max(1);
        for at in (0..digits.clamp(needed, 16)).rev() {
            self.byte(HEX[(value >> (at * 4)) as usize & 15]);
        }
        self
    }
    /// Writes `0x` and the number in hexadecimal with so many digits at least.
    pub fn hex_0x(&mut self, value: u64, digits: usize) -> &mut Out {
        self.str("0x").hex(value, digits)
    }
    /// Writes bytes in hexadecimal, with the separator between them.
    pub fn hex_bytes(&mut self, bytes: &[u8], separator: &str) -> &mut Out {
        for (at, byte) in bytes.iter().enumerate() {
            if at > 0 {
                self.str(separator);
            }
            self.raw(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
        self
    }
    /// Writes an IPv4 address.
    pub fn ipv4(&mut self, address: u32) -> &mut Out {
        let [a, b, c, d] = address.to_be_bytes();
        self.dec(a.into()).byte(b'.').dec(b.into()).byte(b'.').dec(c.into()).byte(b'.').dec(d.into())
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
    /// Writes text out of a packet: UTF-8 stays, other bytes become U+FFFD, control characters become escapes.
    pub fn text(&mut self, bytes: &[u8]) -> &mut Out {
        for chunk in bytes.utf8_chunks() {
            let mut plain = 0;
            let valid = chunk.valid();
            for (at, sign) in valid.char_indices() {
                let escape = match sign {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '\0' => "\\0",
                    sign if is_unsafe(sign) => "",
                    _ => continue,
                };
                self.str(valid.get(plain..at).unwrap_or(""));
                plain = at + sign.len_utf8();
                if escape.is_empty() {
                    self.str("\\u{").hex(u64::from(u32::from(sign)), 1).byte(b'}');
                } else {
                    self.str(escape);
                }
            }
            self.str(valid.get(plain..).unwrap_or(""));
            if !chunk.invalid().is_empty() {
                self.str("\u{fffd}");
            }
        }
        self
    }
    /// Writes what `core::fmt` formats. For rare lines.
    pub fn fmt(&mut self, arguments: fmt::Arguments<'_>) -> &mut Out {
        let _ = fmt::Write::write_fmt(self, arguments);
        self
    }
}

/// Characters that could steer a terminal or turn text around: controls and bidirectional marks.
fn is_unsafe(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
}

impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.str(text);
        Ok(())
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
            assert_eq!(written(|out| drop(out.dec(value))), value.to_string());
            assert_eq!(written(|out| drop(out.hex(value, 4))), format!("{value:04x}"));
            assert_eq!(written(|out| drop(out.dec_padded(value, 6))), format!("{value:06}"));
        }
        assert_eq!(written(|out| drop(out.signed(i64::MIN))), i64::MIN.to_string());
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
            assert_eq!(written(|out| drop(out.ipv6(parsed.octets()))), parsed.to_string());
        }
        assert_eq!(written(|out| drop(out.ipv4(0x7f00_0001))), "127.0.0.1");
    }

    #[test]
    fn text_of_a_packet_steers_no_terminal() {
        assert_eq!(
            written(|out| drop(out.text(b"a\x1b[2Jb\r\n\xff\xe2\x80\xaez"))),
            "a\\u{1b}[2Jb\\r\\n\u{fffd}\\u{202e}z"
        );
    }
}
