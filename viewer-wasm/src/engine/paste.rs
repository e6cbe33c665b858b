//! Packets from a hex dump, as `hexdump -C`, `hexdump`, `xxd`, `od`, `tcpdump -x`, Wireshark, `sctpdump -x`, a C array or a mail
//! has them.

use super::sift::Piece;
use dissect::capture::{ByteOrder, LinkType, Packet, Writer};
use dissect::proto::sctp;
use std::ops::Range;

/// Bytes in a row where no row tells otherwise.
const ROW: usize = 16;

/// The most bytes that a dump may leave out because their rows repeat the one before.
const MOST_LEFT_OUT: usize = 1 << 20;

/// A capture of the packets of a hex dump: pcapng. What a packet begins with is told by its bytes.
///
/// # Errors
/// A sentence: there is no packet in the text, or a line is not understood.
pub fn capture(text: &str) -> Result<Vec<u8>, String> {
    let packets = packets(text)?;
    let mut writer = Writer::pcapng(Piece::default(), ByteOrder::Little);
    let written = packets.iter().try_for_each(|bytes| writer.packet(&Packet::new(link(bytes), bytes)));
    let written = written.and_then(|()| writer.finish()).map(|piece| piece.take());
    written.map_err(|error| format!("the packets can't be kept: {error}"))
}

/// The bytes of each packet.
fn packets(text: &str) -> Result<Vec<Vec<u8>>, String> {
    // A mail quotes with `>`.
    let lines: Vec<&str> =
        text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t', '\u{feff}'])).collect();
    let rows: Vec<Row<'_>> =
        lines.iter().enumerate().filter_map(|(at, line)| Row::of(at + 1, line)).collect();
    let dumped =
        rows.first().is_some_and(|row| row.digits.bytes().all(|digit| digit == b'0') && row.is_sure());
    let mut packets = if dumped { by_rows(&rows)? } else { streams(&lines)? };
    packets.retain(|bytes| !bytes.is_empty());
    if packets.is_empty() {
        return Err(
            "there is no packet in this text: paste hexadecimal bytes, with offsets or without".to_owned()
        );
    }
    Ok(packets)
}

/// A row of a dump: its offset, and what stands behind it.
#[derive(Clone, Copy, Debug)]
struct Row<'t> {
    /// Its line, from 1.
    line: usize,
    /// The offset's digits; `*` where rows are left out that repeat the one before.
    digits: &'t str,
    /// Whether a colon follows the offset.
    colon: bool,
    rest: &'t str,
}

impl<'t> Row<'t> {
    fn of(line: usize, text: &'t str) -> Option<Row<'t>> {
        if text.trim() == "*" {
            return Some(Row { line, digits: "*", colon: false, rest: "" });
        }
        let end = text.find([' ', '\t', ':']).unwrap_or(text.len());
        let (head, rest) = text.split_at(end);
        let digits = head.strip_prefix("0x").unwrap_or(head);
        if digits.len() < 3 || digits.len() > 16 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let colon = rest.starts_with(':');
        Some(Row { line, digits, colon, rest: rest.strip_prefix(':').unwrap_or(rest) })
    }
    /// Whether its first word is an offset and not two bytes of a dump without offsets.
    fn is_sure(&self) -> bool {
        self.colon || self.digits.len() != 4 || self.words().next().is_none_or(|(_, word)| word.len() == 2)
    }
    /// The words behind the offset up to a `|`, with where they begin.
    fn words(&self) -> impl Iterator<Item = (usize, &'t str)> + use<'t> {
        let rest = self.rest.split('|').next().unwrap_or_default();
        rest.split([' ', '\t'])
            .filter(|word| !word.is_empty())
            .map(move |word| (word.as_ptr() as usize - rest.as_ptr() as usize, word))
    }
    /// The leading words that may be bytes, each with where it stands.
    fn bytes(&self, words: Words) -> Vec<(Range<usize>, Vec<u8>)> {
        self.words().map_while(|(at, word)| Some((at..at + word.len(), words.bytes(word)?))).collect()
    }
}

/// How a word of a dump is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    /// Bytes in their order.
    Bytes,
    /// 16 bits in hexadecimal, the least significant byte first: `hexdump`, `od -x`.
    Little,
    /// 16 bits in octal, the least significant byte first: `od`.
    Octal,
}

impl Words {
    fn of(first: Row<'_>) -> Words {
        let all =
            |len: usize| first.words().next().is_some() && first.words().all(|(_, word)| word.len() == len);
        match (first.colon, first.digits.len()) {
            (false, 7) if all(4) => Words::Little,
            (false, 7) if all(6) => Words::Octal,
            _ => Words::Bytes,
        }
    }
    fn bytes(self, word: &str) -> Option<Vec<u8>> {
        match self {
            Words::Bytes => hexadecimal(word),
            Words::Little => Some(u16::from_str_radix(word, 16).ok()?.to_le_bytes().to_vec()),
            Words::Octal => Some(u16::from_str_radix(word, 8).ok()?.to_le_bytes().to_vec()),
        }
    }
}

fn hexadecimal(word: &str) -> Option<Vec<u8>> {
    if !word.len().is_multiple_of(2) || !word.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    (0..word.len()).step_by(2).map(|at| u8::from_str_radix(word.get(at..at + 2)?, 16).ok()).collect()
}

/// The packets of rows with offsets. How many bytes a row has is told by the offset of the next one, so that text behind the
/// bytes is not taken for some.
fn by_rows(rows: &[Row<'_>]) -> Result<Vec<Vec<u8>>, String> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let words = Words::of(*first);
    let radix = radix(rows, words);
    let offset = |row: &Row<'_>| usize::from_str_radix(row.digits, radix).ok();
    let mut packets: Vec<Vec<u8>> = Vec::new();
    // Where the bytes of full rows end, as far as was seen: text stands behind that.
    let (mut margin, mut width, mut last): (usize, usize, Vec<u8>) = (usize::MAX, ROW, Vec::new());
    let (mut repeated, mut left_out) = (false, 0usize);
    for (at, row) in rows.iter().enumerate() {
        if row.digits == "*" {
            repeated = true;
            continue;
        }
        let start = offset(row).ok_or_else(|| format!("line {}: {} is no offset", row.line, row.digits))?;
        if start == 0 {
            packets.push(Vec::new());
        }
        let Some(packet) = packets.last_mut() else { continue };
        let missing = start.saturating_sub(packet.len());
        if std::mem::take(&mut repeated) && missing > 0 && !last.is_empty() {
            left_out = left_out.saturating_add(missing);
            if left_out > MOST_LEFT_OUT {
                return Err(format!("line {}: more than {MOST_LEFT_OUT} bytes are left out", row.line));
            }
            packet.extend(last.iter().cycle().take(missing));
        }
        if row.rest.trim().is_empty() && start <= packet.len() && start > 0 {
            // The last row of hexdump and od: the length.
            packet.truncate(start);
            continue;
        }
        if packet.len() != start {
            return Err(format!(
                "line {}: the offset is {start}, but {} bytes stand before it",
                row.line,
                packet.len()
            ));
        }
        let bytes = row.bytes(words);
        let total: usize = bytes.iter().map(|(_, word)| word.len()).sum();
        let next = rows.get(at + 1).and_then(offset).filter(|next| *next > start && *next - start <= total);
        let count = match next {
            Some(next) => next - start,
            None => unbounded(row, &bytes, margin, width),
        };
        if next.is_some() && count >= width.min(ROW) {
            width = count;
            margin = margin.min(end_of(&bytes, count));
        }
        last = bytes.into_iter().flat_map(|(_, word)| word).take(count).collect();
        packet.extend_from_slice(&last);
    }
    Ok(packets)
}

/// Where the word that holds byte `count` of a row ends.
fn end_of(bytes: &[(Range<usize>, Vec<u8>)], count: usize) -> usize {
    let mut seen = 0;
    let word = bytes.iter().find(|(_, word)| {
        seen += word.len();
        seen >= count
    });
    word.map_or(usize::MAX, |(place, _)| place.end)
}

/// How many bytes a row has that no other row follows: up to where full rows end, or up to a gap.
fn unbounded(row: &Row<'_>, bytes: &[(Range<usize>, Vec<u8>)], margin: usize, width: usize) -> usize {
    let (mut count, mut end) = (0, None);
    for (place, word) in bytes {
        let gap = end.map_or(0, |end| place.start - end);
        let text = row.rest.get(end.unwrap_or(0)..place.start).unwrap_or_default();
        let behind = gap > 2 || (gap == 2 && count != 8) || (gap > 0 && text.contains('\t'));
        if place.start >= margin || (end.is_some() && behind) || (margin != usize::MAX && count >= width) {
            break;
        }
        count += word.len();
        end = Some(place.end);
    }
    count
}

/// The radix of the offsets: that by which the second row follows the first.
fn radix(rows: &[Row<'_>], words: Words) -> u32 {
    let (Some(first), Some(second)) = (rows.first(), rows.get(1)) else { return 16 };
    let there: usize = first.bytes(words).iter().map(|(_, word)| word.len()).sum();
    let follows = |radix: u32, fits: fn(usize, usize) -> bool| {
        usize::from_str_radix(second.digits, radix).is_ok_and(|offset| offset > 0 && fits(offset, there))
    };
    let exact = [16, 8, 10].into_iter().find(|radix| follows(*radix, |offset, there| offset == there));
    exact
        .or([16, 8, 10].into_iter().find(|radix| follows(*radix, |offset, there| offset <= there)))
        .unwrap_or(16)
}

/// The packets of bytes without offsets: a paragraph each, or the braces of a C array.
fn streams(lines: &[&str]) -> Result<Vec<Vec<u8>>, String> {
    let array = lines.iter().any(|line| line.contains('{'));
    let (mut packets, mut open, mut comment) = (vec![Vec::new()], !array, false);
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() && !array {
            packets.push(Vec::new());
        }
        let mut rest = without_comments(line, &mut comment);
        while !rest.is_empty() {
            let sign = if open { '}' } else { '{' };
            let (part, behind) = match rest.split_once(sign) {
                Some((part, behind)) if array => (part.to_owned(), Some(behind.to_owned())),
                _ => (std::mem::take(&mut rest), None),
            };
            if open {
                let bytes =
                    stream(&part).map_err(|word| format!("line {}: {word} is not hexadecimal", at + 1))?;
                if let Some(packet) = packets.last_mut() {
                    packet.extend(bytes);
                }
            }
            rest = match behind {
                Some(behind) => {
                    open = !open;
                    packets.push(Vec::new());
                    behind
                }
                None => String::new(),
            };
        }
    }
    Ok(packets)
}

/// A line without comments: those of C, and `#` to the end.
fn without_comments(line: &str, comment: &mut bool) -> String {
    let (mut out, mut rest) = (String::new(), line);
    loop {
        if *comment {
            match rest.split_once("*/") {
                Some((_, behind)) => (*comment, rest) = (false, behind),
                None => return out,
            }
        }
        let Some((before, behind)) = rest.split_once("/*") else { break };
        out.push_str(before);
        (*comment, rest) = (true, behind);
    }
    let rest = rest.split('#').next().unwrap_or_default();
    out + rest.split("//").next().unwrap_or_default()
}

/// The bytes of text without offsets; the word that is none as an error.
fn stream(text: &str) -> Result<Vec<u8>, String> {
    let plain = text.replace("\\x", " ").replace("0x", " ").replace("0X", " ");
    let separators = [' ', '\t', ',', ';', ':', '-', '.', '"', '\'', '\\', '|'];
    let mut bytes = Vec::new();
    for word in plain.split(separators).filter(|word| !word.is_empty()) {
        match hexadecimal(word).or_else(|| u8::from_str_radix(word, 16).ok().map(|byte| vec![byte])) {
            Some(more) => bytes.extend(more),
            None => return Err(word.chars().take(20).collect()),
        }
    }
    Ok(bytes)
}

/// What a packet begins with, told by its bytes: Ethernet, Linux cooked, loopback, IP, SCTP; Ethernet where nothing fits.
pub fn link(bytes: &[u8]) -> LinkType {
    let pair = |at: usize| Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
    let ip_at = |at: usize| bytes.get(at..).is_some_and(|rest| is_ipv4(rest) || is_ipv6(rest));
    let ip_type = |at: usize| matches!(pair(at), Some(0x0800 | 0x86dd));
    let other = |at: usize| {
        matches!(pair(at), Some(0x0806 | 0x8100 | 0x88a8 | 0x8847 | 0x8848 | 0x8863 | 0x8864 | 0x9100))
    };
    let family = bytes.first_chunk::<4>().map(|family| {
        let (a, b) = (u32::from_le_bytes(*family), u32::from_be_bytes(*family));
        [2, 10, 24, 28, 30].iter().any(|known| a == *known || b == *known)
    });
    if ip_type(12) && ip_at(14) {
        LinkType::ETHERNET
    } else if is_ipv4(bytes) || is_ipv6(bytes) {
        LinkType::RAW
    } else if ip_type(14) && ip_at(16) {
        LinkType::LINUX_SLL
    } else if ip_type(0) && ip_at(20) {
        LinkType::LINUX_SLL2
    } else if family == Some(true) && ip_at(4) {
        LinkType::NULL
    } else if !other(12) && is_sctp(bytes) {
        LinkType::SCTP
    } else {
        LinkType::ETHERNET
    }
}

/// Whether bytes begin with an IPv4 header (RFC 791, 3.1) whose lengths fit them; a packet may be cut.
fn is_ipv4(bytes: &[u8]) -> bool {
    let Some([first, _, high, low, ..]) = bytes.first_chunk::<20>() else { return false };
    let (header, total) = (usize::from(first & 15) * 4, usize::from(*high) << 8 | usize::from(*low));
    first >> 4 == 4 && header >= 20 && (total >= header || total == 0)
}

/// Whether bytes begin with an IPv6 header (RFC 8200, 3) of a next header that is in use.
fn is_ipv6(bytes: &[u8]) -> bool {
    let Some(header) = bytes.first_chunk::<40>() else { return false };
    let known = [0, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 132, 135, 136, 139, 140];
    header[0] >> 4 == 6 && known.contains(&header[6])
}

/// Whether bytes are an SCTP packet (RFC 9260, 3) with the right checksum, or whose chunks are known and fill it.
fn is_sctp(bytes: &[u8]) -> bool {
    let Ok(packet) = sctp::Packet::parse(bytes) else { return false };
    let (mut chunks, mut whole) = (0, true);
    for chunk in packet.chunks() {
        chunks += 1;
        whole &= chunk.is_ok_and(|chunk| chunk.kind().is_some());
    }
    chunks > 0 && (whole || sctp::checksum::crc32c(bytes) == Some(packet.header.checksum))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 35 bytes whose text column looks like hexadecimal, as an awkward packet has it.
    const BYTES: &[u8] =
        b"abcdef0123456789\x00\x01\x02\x03\x04\x05\x06\x07\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8a0c";

    fn bytes(text: &str) -> Vec<Vec<u8>> {
        packets(text).unwrap_or_else(|sentence| panic!("{sentence}\n{text}"))
    }

    #[test]
    fn words_end_where_their_digits_do() {
        // od without its last line, which has the length only.
        assert_eq!(bytes("0000000 061141 062143\n"), [b"abcd"]);
        // Words of one digit among those of four.
        assert_eq!(bytes("0000000 0000 6261\n0000004 0 \t0\n"), [&[0, 0, b'a', b'b', 0, 0][..]]);
    }

    /// What the programs wrote of these bytes.
    #[test]
    fn dumps_of_every_program() {
        let dumps = [
            // hexdump -C
            "00000000  61 62 63 64 65 66 30 31  32 33 34 35 36 37 38 39  |abcdef0123456789|\n\
             00000010  00 01 02 03 04 05 06 07  ff fe fd fc fb fa f9 f8  |................|\n\
             00000020  61 30 63                                          |a0c|\n\
             00000023\n",
            // hexdump
            "0000000 6261 6463 6665 3130 3332 3534 3736 3938\n\
             0000010 0100 0302 0504 0706 feff fcfd fafb f8f9\n\
             0000020 3061 0063                              \n\
             0000023\n",
            // xxd
            "00000000: 6162 6364 6566 3031 3233 3435 3637 3839  abcdef0123456789\n\
             00000010: 0001 0203 0405 0607 fffe fdfc fbfa f9f8  ................\n\
             00000020: 6130 63                                  a0c\n",
            // od
            "0000000 061141 062143 063145 030460 031462 032464 033466 034470\n\
             0000020 000400 001402 002404 003406 177377 176375 175373 174371\n\
             0000040 030141 000143\n\
             0000043\n",
            // od -A x -t x1
            "000000 61 62 63 64 65 66 30 31 32 33 34 35 36 37 38 39\n\
             000010 00 01 02 03 04 05 06 07 ff fe fd fc fb fa f9 f8\n\
             000020 61 30 63\n\
             000023\n",
            // od -A d -t x1
            "0000000 61 62 63 64 65 66 30 31 32 33 34 35 36 37 38 39\n\
             0000016 00 01 02 03 04 05 06 07 ff fe fd fc fb fa f9 f8\n\
             0000032 61 30 63\n\
             0000035\n",
            // Wireshark and sctpdump -x
            "0000  61 62 63 64 65 66 30 31 32 33 34 35 36 37 38 39   abcdef0123456789\n\
             0010  00 01 02 03 04 05 06 07 ff fe fd fc fb fa f9 f8   ................\n\
             0020  61 30 63                                          a0c\n",
            // tcpdump -xx
            "12:00:00.000000 IP 10.0.0.1 > 10.0.0.2: sctp\n\
             \t0x0000:  6162 6364 6566 3031 3233 3435 3637 3839\n\
             \t0x0010:  0001 0203 0405 0607 fffe fdfc fbfa f9f8\n\
             \t0x0020:  6130 63\n",
            // A mail
            "> 0000   61 62 63 64 65 66 30 31  32 33 34 35 36 37 38 39   abcdef01 23456789\n\
             > 0010   00 01 02 03 04 05 06 07  ff fe fd fc fb fa f9 f8   ........ ........\n\
             > 0020   61 30 63                                           a0c\n",
            // A stream
            "616263646566303132333435363738390001020304050607fffefdfcfbfaf9f8613063",
            "61:62:63:64:65:66:30:31:32:33:34:35:36:37:38:39:00:01:02:03:04:05:06:07:ff:fe:fd:fc:fb:fa:f9:f8:61:30:63",
            // A C array
            "static const unsigned char pkt1[35] = { /* 35 bytes: {} */\n\
             0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, // abc\n\
             0x0, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8,\n\
             0x61, 0x30, 0x63\n};\n",
            // An escaped string
            "\"\\x61\\x62\\x63\\x64\\x65\\x66\\x30\\x31\\x32\\x33\\x34\\x35\\x36\\x37\\x38\\x39\" \\\n\
             \"\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\xff\\xfe\\xfd\\xfc\\xfb\\xfa\\xf9\\xf8\\x61\\x30\\x63\"\n",
        ];
        for dump in dumps {
            assert_eq!(bytes(dump), [BYTES], "{dump}");
        }
    }

    #[test]
    fn rows_that_repeat_are_put_back() {
        let dump = "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n\
                    00000030  01 02                                             |..|\n00000032\n";
        let mut expected = vec![0; 48];
        expected.extend([1, 2]);
        assert_eq!(bytes(dump), [expected]);
    }

    #[test]
    fn several_packets() {
        assert_eq!(bytes("0000 01 02\n\n0000 03 04\n0002 05\n"), [vec![1, 2], vec![3, 4, 5]]);
        assert_eq!(bytes("01 02\n03\n\n\n04"), [vec![1, 2, 3], vec![4]]);
        assert_eq!(bytes("a[] = {1, 2};\nb[] = {0x3};"), [vec![1, 2], vec![3]]);
        // Four digits that are no offset: the words behind them have four too.
        assert_eq!(bytes("0000 4500\n0001 0002"), [vec![0, 0, 0x45, 0, 0, 1, 0, 2]]);
    }

    #[test]
    fn what_is_no_dump_gets_a_sentence() {
        for (text, sentence) in [
            ("", "there is no packet in this text: paste hexadecimal bytes, with offsets or without"),
            ("01 02\nhello", "line 2: hello is not hexadecimal"),
            ("0000 01 02\n*\n7fffffff 00", "line 3: more than 1048576 bytes are left out"),
            ("0000 01 02\n0010 03", "line 2: the offset is 16, but 2 bytes stand before it"),
        ] {
            assert_eq!(packets(text).unwrap_err(), sentence);
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        let dump = "00000000  61 é2 63 *\n*\nffffffffffffffff 00\n*\n00000010: 6162 |\n{ 0x }\n/*\n";
        for (at, _) in dump.char_indices() {
            let _ = packets(&dump[at..]);
            let _ = packets(&dump[..at]);
            let _ = packets(&format!("0000 00\n{}", &dump[at..]));
        }
        let _ = packets("0000 00\n*\nffffffffffffffff\n");
    }

    #[test]
    fn links_are_told_by_the_bytes() {
        let ip =
            [&[0x45, 0, 0, 20, 0, 0, 0, 0, 64, 132, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2][..], &[0; 8]].concat();
        let behind = |head: &[u8]| link(&[head, &ip].concat());
        assert_eq!(link(&ip), LinkType::RAW);
        assert_eq!(behind(b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0"), LinkType::ETHERNET);
        assert_eq!(behind(b"\0\0\0\x01\0\x06\x02\0\0\0\0\x01\0\0\x08\0"), LinkType::LINUX_SLL);
        assert_eq!(behind(&[2, 0, 0, 0]), LinkType::NULL);
        // A COOKIE ACK.
        let sctp = [0x13, 0x88, 0x13, 0x89, 0, 0, 0, 1, 0, 0, 0, 0, 11, 0, 0, 4];
        assert_eq!(link(&sctp), LinkType::SCTP);
        assert_eq!(link(&[1, 2, 3]), LinkType::ETHERNET);
    }
}
