//! Reports as JSON: an object whose keys are the parts' names.

use super::{Body, Cell, Column, Report};
use crate::Out;
use crate::format::escape_json as escape;

/// Writes a report as an object in one line. What has no value is left out.
pub fn json(report: &Report, out: &mut Out) {
    out.str("{\"report\":\"").str(report.name).byte(b'"');
    for part in &report.parts {
        out.str(",\"").str(part.name).str("\":");
        match &part.body {
            Body::Facts(facts) => object(facts.iter().map(|(column, cell)| (column, cell)), out),
            Body::Table(table) => {
                array(&table.rows, out, |row, out| object(table.columns.iter().zip(row), out));
            }
            Body::Findings(findings) => array(findings, out, |finding, out| {
                out.str("{\"severity\":\"").str(finding.severity.name()).str("\",\"text\":");
                string(&finding.text, out);
                out.str(",\"packets\":");
                array(&finding.packets, out, |packet, out| {
                    out.dec(*packet);
                });
                if !finding.reference.is_empty() {
                    out.str(",\"reference\":");
                    string(finding.reference, out);
                }
                out.byte(b'}');
            }),
        }
    }
    out.str("}\n");
}

fn object<'r>(pairs: impl Iterator<Item = (&'r Column, &'r Cell)>, out: &mut Out) {
    out.byte(b'{');
    for (at, (column, cell)) in pairs.filter(|(_, cell)| **cell != Cell::None).enumerate() {
        out.str(if at == 0 { "\"" } else { ",\"" }).str(column.name).str("\":");
        value(cell, out);
    }
    out.byte(b'}');
}

fn array<T>(items: &[T], out: &mut Out, write: impl Fn(&T, &mut Out)) {
    out.byte(b'[');
    for (at, item) in items.iter().enumerate() {
        out.str(if at == 0 { "" } else { "," });
        write(item, out);
    }
    out.byte(b']');
}

fn string(text: &str, out: &mut Out) {
    out.byte(b'"');
    escape(text.as_bytes(), out);
    out.byte(b'"');
}

fn value(cell: &Cell, out: &mut Out) {
    match cell {
        Cell::None => drop(out.str("null")),
        Cell::Text(text) => string(text, out),
        Cell::Count(number) | Cell::Packet(number) | Cell::Hex(number, _) => drop(out.dec(*number)),
        Cell::Packets(numbers) => array(numbers, out, |number, out| {
            out.dec(*number);
        }),
        Cell::Seconds(nanoseconds) => drop(out.seconds(*nanoseconds)),
        Cell::Moment(time) => drop(out.time(*time)),
        Cell::Decimal(number, _) if !number.is_finite() => drop(out.str("null")),
        Cell::Decimal(number, digits) => drop(out.fmt(format_args!("{number:.*}", usize::from(*digits)))),
        Cell::Flag(flag) => drop(out.str(if *flag { "true" } else { "false" })),
        Cell::List(cells) => array(cells, out, value),
    }
}
