//! The bytes pane: lines of offset, hexadecimal and text, with the selected field's bytes lit.

use std::ops::Range;

/// Some bytes as lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// How many bytes there are.
    pub len: usize,
    /// How many a line has: 16, or 8 where the page is narrow.
    pub width: usize,
}

/// How a byte is lit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// Not.
    #[default]
    None,
    /// It is of the selected field's protocol or group.
    Around,
    /// It is of the selected field.
    Field,
    /// It is the byte itself.
    Byte,
}

/// What is lit in a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lights {
    /// The protocol around.
    pub around: Range<usize>,
    /// The field.
    pub field: Range<usize>,
    /// The byte.
    pub byte: Option<usize>,
}

impl Lights {
    fn of(&self, at: usize) -> Light {
        if self.byte == Some(at) {
            Light::Byte
        } else if self.field.contains(&at) {
            Light::Field
        } else if self.around.contains(&at) {
            Light::Around
        } else {
            Light::None
        }
    }
}

/// Some signs of a line that are lit alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The signs.
    pub text: String,
    /// How they are lit.
    pub light: Light,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The offset of its first byte: `0010`.
    pub offset: String,
    /// Its bytes in hexadecimal, with a gap in the middle.
    pub hex: Vec<Run>,
    /// Its bytes as text, what is not printable as `.`.
    pub text: Vec<Run>,
}

impl Layout {
    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.len.div_ceil(self.width.max(1))
    }
    /// The bytes of a line.
    pub fn bytes(&self, line: usize) -> Range<usize> {
        let start = line.saturating_mul(self.width).min(self.len);
        start..start.saturating_add(self.width).min(self.len)
    }
    /// Writes a line of these bytes.
    pub fn line(&self, bytes: &[u8], line: usize, lights: &Lights) -> Line {
        let range = self.bytes(line);
        let digits = if self.len > 0x10000 { 8 } else { 4 };
        let offset = format!("{:0digits$x}", range.start);
        let (mut hex, mut text) = (Vec::new(), Vec::new());
        let mut before = Light::None;
        for at in range.clone() {
            let Some(&byte) = bytes.get(at) else { break };
            let light = lights.of(at);
            let place = at - range.start;
            if place > 0 {
                // The gap between two bytes lit alike is lit as well.
                let gap = if place == self.width / 2 { "  " } else { " " };
                push(&mut hex, gap, if light == before { light } else { Light::None });
            }
            push(&mut hex, &format!("{byte:02x}"), light);
            let sign = if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '.' };
            push(&mut text, sign.encode_utf8(&mut [0; 4]), light);
            before = light;
        }
        Line { offset, hex, text }
    }
    /// The byte at a column of a line's hexadecimal part, which counts in signs.
    pub fn byte_at_hex(&self, line: usize, column: f64) -> Option<usize> {
        let half = (self.width / 2 * 3) as f64;
        let column = if column >= half + 0.5 { column - 1.0 } else { column };
        // The gap belongs half to the byte before, half to the one behind.
        self.byte_of(line, ((column + 0.5) / 3.0).floor())
    }
    /// The byte at a column of a line's text.
    pub fn byte_at_text(&self, line: usize, column: f64) -> Option<usize> {
        self.byte_of(line, column.floor())
    }
    fn byte_of(&self, line: usize, place: f64) -> Option<usize> {
        let range = self.bytes(line);
        if range.is_empty() || place < 0.0 {
            return None;
        }
        Some((range.start + place as usize).min(range.end - 1))
    }
}

fn push(runs: &mut Vec<Run>, text: &str, light: Light) {
    match runs.last_mut() {
        Some(run) if run.light == light => run.text.push_str(text),
        _ => runs.push(Run { text: text.to_owned(), light }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(runs: &[Run]) -> String {
        runs.iter().map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn a_line_has_offset_hexadecimal_and_text() {
        let bytes: Vec<u8> = (0x41..0x55).collect();
        let layout = Layout { len: bytes.len(), width: 16 };
        assert_eq!(layout.lines(), 2);
        let line = layout.line(&bytes, 0, &Lights::default());
        assert_eq!(line.offset, "0000");
        assert_eq!(plain(&line.hex), "41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50");
        assert_eq!(plain(&line.text), "ABCDEFGHIJKLMNOP");
        let line = layout.line(&bytes, 1, &Lights::default());
        assert_eq!((line.offset.as_str(), plain(&line.hex).as_str()), ("0010", "51 52 53 54"));
        assert_eq!(plain(&layout.line(&[0x1f, 0x7f, 0xff], 0, &Lights::default()).text), "...");
        assert_eq!(Layout { len: 0x10001, width: 16 }.line(&[], 0, &Lights::default()).offset, "00000000");
    }

    #[test]
    fn a_fields_bytes_are_lit_with_the_gaps_between_them() {
        let bytes = [0; 16];
        let layout = Layout { len: 16, width: 16 };
        let lights = Lights { around: 0..10, field: 2..4, byte: None };
        let hex = layout.line(&bytes, 0, &lights).hex;
        let lit: Vec<(&str, Light)> = hex.iter().map(|run| (run.text.as_str(), run.light)).collect();
        assert_eq!(
            lit,
            [
                ("00 00", Light::Around),
                (" ", Light::None),
                ("00 00", Light::Field),
                (" ", Light::None),
                ("00 00 00 00  00 00", Light::Around),
                (" 00 00 00 00 00 00", Light::None),
            ]
        );
        let byte = layout.line(&bytes, 0, &Lights { byte: Some(3), ..lights }).text;
        assert_eq!(byte[2], Run { text: ".".into(), light: Light::Byte });
    }

    #[test]
    fn a_point_tells_its_byte() {
        let layout = Layout { len: 20, width: 16 };
        let byte = |column| layout.byte_at_hex(0, column);
        assert_eq!((byte(0.0), byte(1.9), byte(2.4), byte(2.6)), (Some(0), Some(0), Some(0), Some(1)));
        // Eight bytes, a gap of two signs, the ninth at column 25.
        assert_eq!((byte(21.5), byte(23.4), byte(25.0), byte(26.9)), (Some(7), Some(7), Some(8), Some(8)));
        assert_eq!(byte(46.5), Some(15));
        assert_eq!(layout.byte_at_hex(1, 40.0), Some(19));
        assert_eq!(layout.byte_at_hex(2, 0.0), None);
        assert_eq!(layout.byte_at_hex(0, -1.0), None);
        assert_eq!((layout.byte_at_text(0, 3.9), layout.byte_at_text(1, 1.0)), (Some(3), Some(17)));
    }
}
