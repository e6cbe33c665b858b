//! Writing what was said.

use super::{Follow, Manner, Piece, Whom};
use crate::format::{Style, escape_json};
use crate::{Address, Out};

/// What stands above and below.
const LINE: &str = "===================================================================\n";

/// Writes what was said, and what is still missing something at the end.
pub(super) fn write(follow: &Follow, late: &[Piece], out: &mut Out) {
    let pieces = || follow.said.pieces.iter().chain(late);
    match follow.manner {
        Manner::Ascii | Manner::Hex | Manner::Raw => tshark(follow, pieces(), out),
        Manner::Text(style) => people(follow, style, true, pieces(), out),
        Manner::Bytes(style) => people(follow, style, false, pieces(), out),
        Manner::Json => json(follow, pieces(), out),
    }
    if follow.said.left_out > 0 && follow.manner != Manner::Json {
        out.str("(and ").dec(follow.said.left_out).str(" further pieces, beyond what is kept)\n");
    }
}

fn name(whom: &Whom) -> &'static str {
    match whom {
        Whom::Tcp(_) => "tcp",
        Whom::Udp(_) => "udp",
        Whom::Sctp(..) => "sctp",
        Whom::Sip(_) => "sip",
    }
}

/// Writes the display filter that picks its packets.
fn filter(whom: &Whom, out: &mut Out) {
    match whom {
        Whom::Tcp(number) => drop(out.str("tcp.stream eq ").dec(*number)),
        Whom::Udp(number) => drop(out.str("udp.stream eq ").dec(*number)),
        Whom::Sctp(number, None) => drop(out.str("sctp.assoc_index == ").dec(*number)),
        Whom::Sctp(number, Some(stream)) => {
            out.str("sctp.assoc_index == ").dec(*number).str(" and sctp.data_sid == ").dec(*stream);
        }
        Whom::Sip(call) => drop(out.str("sip.Call-ID == \"").text(call.as_bytes()).byte(b'"')),
    }
}

/// Writes an end as tshark does: with brackets around addresses that have colons.
fn end(end: Option<&(Address, u16)>, out: &mut Out) {
    let (address, port) = end.copied().unwrap_or_default();
    let brackets = matches!(address, Address::Ipv6(_));
    out.str(if brackets { "[" } else { "" });
    address.write(out);
    out.str(if brackets { "]:" } else { ":" }).dec(port.into());
}

fn tshark<'p>(follow: &Follow, pieces: impl Iterator<Item = &'p Piece>, out: &mut Out) {
    let manner = match follow.manner {
        Manner::Hex => "hex",
        Manner::Raw => "raw",
        _ => "ascii",
    };
    out.byte(b'\n')
        .str(LINE)
        .str("Follow: ")
        .str(name(&follow.whom))
        .byte(b',')
        .str(manner)
        .str("\nFilter: ");
    filter(&follow.whom, out);
    for node in 0..2 {
        out.str("\nNode ").dec(node as u64).str(": ");
        end(follow.nodes.get(node), out);
    }
    out.byte(b'\n');
    let (mut hole, mut offsets) = (Vec::new(), [0usize; 2]);
    for piece in pieces {
        let mark = if piece.side == 1 { "\t" } else { "" };
        let bytes = if piece.missing > 0 && piece.bytes.is_empty() {
            // tshark counts the zero behind the words too.
            hole.clear();
            hole.extend(format!("[{} bytes missing in capture file]\0", piece.missing).into_bytes());
            &hole
        } else {
            &piece.bytes
        };
        match follow.manner {
            Manner::Hex => {
                let Some(offset) = offsets.get_mut(piece.side) else { continue };
                for row in bytes.chunks(16) {
                    out.str(mark);
                    hex_row(*offset, row, out);
                    *offset += row.len();
                }
            }
            Manner::Raw => drop(out.str(mark).hex_bytes(bytes, "").byte(b'\n')),
            _ => {
                out.str(mark).dec(bytes.len() as u64).byte(b'\n');
                for byte in bytes {
                    let plain = matches!(byte, b' '..=b'~' | b'\n' | b'\r');
                    out.byte(if plain { *byte } else { b'.' });
                }
                out.byte(b'\n');
            }
        }
    }
    out.str(LINE);
}

/// Writes a row of at most 16 bytes in hexadecimal and as text.
fn hex_row(offset: usize, row: &[u8], out: &mut Out) {
    let start = out.len();
    out.fmt(format_args!("{offset:08X}  "));
    for (at, byte) in row.iter().enumerate() {
        out.str(if at == 8 { " " } else { "" }).hex((*byte).into(), 2).byte(b' ');
    }
    out.spaces((start + 60).saturating_sub(out.len()));
    for (at, byte) in row.iter().enumerate() {
        out.str(if at == 8 { " " } else { "" });
        out.byte(if matches!(byte, b' '..=b'~') { *byte } else { b'.' });
    }
    // As tshark has it, no line ends in blanks.
    let blanks = out.as_bytes().iter().rev().take_while(|byte| **byte == b' ').count();
    out.truncate(out.len() - blanks);
    out.byte(b'\n');
}

fn people<'p>(
    follow: &Follow,
    style: Style,
    as_text: bool,
    pieces: impl Iterator<Item = &'p Piece>,
    out: &mut Out,
) {
    let colours = [style.protocol, style.label];
    let arrows = ["→", "←"];
    out.str("What was said in ");
    filter(&follow.whom, out);
    out.byte(b'\n');
    for side in 0..2 {
        out.str(colours[side]).str(arrows[side]).str(if side == 0 { " from " } else { " to " });
        end(follow.nodes.get(side), out);
        out.str(style.reset).byte(b'\n');
    }
    for piece in pieces {
        let (Some(colour), Some(arrow)) = (colours.get(piece.side), arrows.get(piece.side)) else { continue };
        out.byte(b'\n').str(colour).str(arrow).str(" packet ").dec(piece.packet).str(", ");
        let micros = piece.since.unsigned_abs() / 1000;
        out.str(if piece.since < 0 { "-" } else { "" }).dec(micros / 1_000_000).byte(b'.');
        out.dec_padded(micros % 1_000_000, 6).str(" s");
        if let Some(message) = piece.message {
            out.str(", stream ").dec(message.stream.into()).str(", TSN ").dec(message.tsn.into());
            out.str(", PPID ").dec(message.ppid.into()).str(if message.unordered {
                ", unordered"
            } else {
                ""
            });
        }
        match (piece.missing, piece.bytes.len()) {
            (0, length) => out.str(", ").dec(length as u64).str(" bytes"),
            (missing, 0) => out.str(", ").dec(missing).str(" bytes are missing in the capture"),
            (_, length) => out.str(", ").dec(length as u64).str(" bytes of a message that is not whole"),
        };
        out.str(style.reset).byte(b'\n');
        if as_text {
            lines(&piece.bytes, out);
        } else {
            for (at, row) in piece.bytes.chunks(16).enumerate() {
                hex_row(at * 16, row, out);
            }
        }
    }
}

/// Writes text line by line, with nothing in it that could steer a terminal.
fn lines(bytes: &[u8], out: &mut Out) {
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        out.text(line.strip_suffix(b"\r").unwrap_or(line)).byte(b'\n');
    }
}

fn json<'p>(follow: &Follow, pieces: impl Iterator<Item = &'p Piece>, out: &mut Out) {
    let quoted = |write: &dyn Fn(&mut Out), out: &mut Out| {
        let mut text = Out::new();
        write(&mut text);
        out.byte(b'"');
        escape_json(text.as_bytes(), out);
        out.byte(b'"');
    };
    out.str("{\"follow\":\"").str(name(&follow.whom)).str("\",\"filter\":");
    quoted(&|out| filter(&follow.whom, out), out);
    out.str(",\"nodes\":[");
    for node in 0..2 {
        out.str(if node > 0 { "," } else { "" });
        quoted(&|out| end(follow.nodes.get(node), out), out);
    }
    out.str("],\"left_out\":").dec(follow.said.left_out).str(",\"pieces\":[");
    for (at, piece) in pieces.enumerate() {
        out.str(if at > 0 { ",\n" } else { "\n" }).str("{\"packet\":").dec(piece.packet).str(",\"time\":\"");
        out.seconds(piece.since).str("\",\"side\":").dec(piece.side as u64);
        if let Some(message) = piece.message {
            out.str(",\"stream\":").dec(message.stream.into()).str(",\"tsn\":").dec(message.tsn.into());
            out.str(",\"ppid\":").dec(message.ppid.into());
            out.str(",\"unordered\":").str(if message.unordered { "true" } else { "false" });
        }
        match (piece.missing, piece.bytes.is_empty()) {
            (0, _) => {}
            (missing, true) => drop(out.str(",\"missing\":").dec(missing)),
            (_, false) => drop(out.str(",\"whole\":false")),
        }
        out.str(",\"bytes\":\"").hex_bytes(&piece.bytes, "").byte(b'"');
        if let Ok(text) = std::str::from_utf8(&piece.bytes) {
            out.str(",\"text\":");
            out.byte(b'"');
            escape_json(text.as_bytes(), out);
            out.byte(b'"');
        }
        out.byte(b'}');
    }
    out.str("\n]}\n");
}
