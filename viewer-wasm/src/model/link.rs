//! Links: the fragment of the page's address names file, packet and view. It never holds data.

use crate::message::TimeFormat;
use std::fmt::Write;

/// What a link names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// A file on the page's own host.
    pub file: Option<String>,
    /// The filter that picks what shows.
    pub filter: Option<String>,
    /// The packet.
    pub packet: Option<u64>,
    /// The line of its tree.
    pub line: Option<usize>,
    /// How times are written.
    pub time: Option<TimeFormat>,
    /// The place of a view.
    pub view: Option<String>,
}

/// The time formats by their names: `sctpdump -t`'s.
pub const TIMES: [(TimeFormat, &str); 5] = [
    (TimeFormat::Relative, "r"),
    (TimeFormat::Delta, "d"),
    (TimeFormat::DateUtc, "ud"),
    (TimeFormat::TimeUtc, "u"),
    (TimeFormat::Epoch, "e"),
];

impl Link {
    /// Reads a fragment, with or without its `#`. What is not known is passed over.
    pub fn parse(fragment: &str) -> Link {
        let mut link = Link::default();
        for part in fragment.trim_start_matches('#').split('&') {
            let Some((name, value)) = part.split_once('=') else { continue };
            match name {
                "f" => link.file = Some(decode(value)).filter(|file| !file.is_empty()),
                "filter" => link.filter = Some(decode(value)).filter(|filter| !filter.is_empty()),
                "p" => link.packet = value.parse().ok().filter(|&packet| packet > 0),
                "line" => link.line = value.parse().ok(),
                "view" => link.view = Some(decode(value)).filter(|place| !place.is_empty()),
                "time" => {
                    link.time = TIMES.iter().find(|(_, word)| *word == value).map(|(format, _)| *format);
                }
                _ => {}
            }
        }
        link
    }
    /// Writes the fragment, without `#`.
    pub fn print(&self) -> String {
        let mut parts = Vec::new();
        if let Some(file) = &self.file {
            parts.push(format!("f={}", encode(file)));
        }
        if let Some(filter) = &self.filter {
            parts.push(format!("filter={}", encode(filter)));
        }
        if let Some(packet) = self.packet {
            parts.push(format!("p={packet}"));
        }
        if let Some(line) = self.line {
            parts.push(format!("line={line}"));
        }
        if let Some(time) = self.time
            && let Some((_, word)) = TIMES.iter().find(|(format, _)| *format == time)
        {
            parts.push(format!("time={word}"));
        }
        if let Some(place) = &self.view {
            parts.push(format!("view={}", encode(place)));
        }
        parts.join("&")
    }
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [byte, behind @ ..] = rest {
        rest = behind;
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) if *byte == b'%' => {
                out.push(value);
                rest = &behind[2..];
            }
            _ => out.push(*byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reads_as_it_was_written() {
        let link = Link {
            file: Some("captures/größe 1&2.pcap".into()),
            filter: Some("sctp && ip.addr == 10.0.0.0/8".into()),
            packet: Some(123),
            line: Some(4),
            time: Some(TimeFormat::Epoch),
            view: Some("stat/io,phs?sip#500".into()),
        };
        let text = link.print();
        assert_eq!(
            text,
            "f=captures/gr%C3%B6%C3%9Fe%201%262.pcap&filter=sctp%20%26%26%20ip.addr%20%3D%3D%2010.0.0.0/8&p=123&line=4&time=e&view=stat/io%2Cphs%3Fsip%23500"
        );
        assert_eq!(Link::parse(&format!("#{text}")), link);
        for (format, word) in TIMES {
            assert_eq!(Link::parse(&format!("time={word}")).time, Some(format));
        }
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        assert_eq!(Link::parse("#"), Link::default());
        assert_eq!(Link::parse("p=0&line=x&time=never&f=&filter=&view=&zoom=2&&=").print(), "");
        assert_eq!(Link::parse("f=%zz%4").file.as_deref(), Some("%zz%4"));
    }
}
