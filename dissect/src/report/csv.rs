//! Reports as CSV (RFC 4180, with line feeds alone): a header and its rows for each table.

use super::{Body, Cell, Report};
use crate::Out;

/// Writes the tables of a report, an empty line between them. Facts are a table of one row.
pub fn csv(report: &Report, out: &mut Out) {
    let mut before = "";
    for part in &report.parts {
        out.str(before);
        before = "\n";
        match &part.body {
            Body::Facts(facts) => {
                line(facts.iter().map(|(column, _)| Cell::text(column.name)), out);
                line(facts.iter().map(|(_, cell)| cell.clone()), out);
            }
            Body::Table(table) => {
                line(table.columns.iter().map(|column| Cell::text(column.name)), out);
                table.rows.iter().for_each(|row| line(row.iter().cloned(), out));
            }
            Body::Findings(findings) => {
                line(["severity", "text", "packets", "reference"].into_iter().map(Cell::text), out);
                for finding in findings {
                    let cells = [
                        Cell::text(finding.severity.name()),
                        Cell::text(finding.text.as_str()),
                        Cell::Packets(finding.packets.clone()),
                        Cell::text(finding.reference),
                    ];
                    line(cells.into_iter(), out);
                }
            }
        }
    }
}

fn line(cells: impl Iterator<Item = Cell>, out: &mut Out) {
    let mut field = Out::new();
    for (at, cell) in cells.enumerate() {
        out.str(if at == 0 { "" } else { "," });
        field.clear();
        value(&cell, &mut field);
        quote(field.as_bytes(), matches!(cell, Cell::Text(_) | Cell::List(_)), out);
    }
    out.byte(b'\n');
}

/// Writes a field, in quotes where it needs them. Text that a spreadsheet would take for a formula gets an apostrophe.
pub(crate) fn quote(field: &[u8], is_text: bool, out: &mut Out) {
    let formula = is_text && matches!(field.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
    let special = field.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    let (mark, quotes) = (if formula { "'" } else { "" }, if special { "\"" } else { "" });
    out.str(quotes).str(mark);
    for piece in field.split_inclusive(|byte| *byte == b'"') {
        out.raw(piece).str(if piece.ends_with(b"\"") { "\"" } else { "" });
    }
    out.str(quotes);
}

fn value(cell: &Cell, out: &mut Out) {
    match cell {
        Cell::None => {}
        Cell::Text(text) => drop(out.text(text.as_bytes())),
        Cell::Count(number) | Cell::Packet(number) => drop(out.dec(*number)),
        Cell::Hex(number, digits) => drop(out.hex_0x(*number, (*digits).into())),
        Cell::Packets(numbers) => {
            for (at, number) in numbers.iter().enumerate() {
                out.str(if at == 0 { "" } else { " " }).dec(*number);
            }
        }
        Cell::Seconds(nanoseconds) => drop(out.seconds(*nanoseconds)),
        Cell::Moment(time) => drop(out.time(*time)),
        Cell::Decimal(number, digits) => drop(out.fmt(format_args!("{number:.*}", usize::from(*digits)))),
        Cell::Flag(flag) => drop(out.str(if *flag { "true" } else { "false" })),
        Cell::List(cells) => {
            for (at, cell) in cells.iter().enumerate() {
                out.str(if at == 0 { "" } else { "; " });
                value(cell, out);
            }
        }
    }
}
