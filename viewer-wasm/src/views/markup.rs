//! Reports as markup: what the page shows as it is. All text is escaped here.
//!
//! The page knows three marks in it: `data-go`, a place that a click leads to, `data-packet`, a packet it leads to, and
//! `data-save`, a format in which the place is saved.

use super::{Order, Place};
use dissect::Out;
use dissect::report::{Body, Cell, Finding, Kind, Report, Table};
use std::cmp::Ordering;

/// How many rows of a table are shown at once, and how many findings: as many as a browser lays out in a blink.
pub const MOST_ROWS: usize = 250;
/// How many parts of a report are shown.
const MOST_PARTS: usize = 100;
/// How many packets of a cell or a finding are named.
const MOST_NAMED: usize = 12;
/// How deep rows are indented.
const MOST_INDENTED: u64 = 24;

/// Writes text so that it is nothing but text.
pub fn text(text: &str, out: &mut Out) {
    for sign in text.chars() {
        match sign {
            '<' => out.str("&lt;"),
            '>' => out.str("&gt;"),
            '&' => out.str("&amp;"),
            '"' => out.str("&quot;"),
            '\'' => out.str("&#39;"),
            '\0' => out.str("\u{fffd}"),
            _ => out.str(sign.encode_utf8(&mut [0; 4])),
        };
    }
}

/// Writes a button that leads to a place.
pub fn go(place: &str, label: &str, current: bool, out: &mut Out) {
    out.str("<button type=\"button\" data-go=\"");
    text(place, out);
    out.str(if current { "\" aria-current=\"page\">" } else { "\">" });
    text(label, out);
    out.str("</button>");
}

/// Writes a link to a packet.
fn packet(number: u64, out: &mut Out) {
    out.str("<a href=\"#p=").dec(number).str("\" data-packet=\"").dec(number).str("\">").dec(number);
    out.str("</a>");
}

fn packets(numbers: &[u64], out: &mut Out) {
    for (at, number) in numbers.iter().take(MOST_NAMED).enumerate() {
        out.str(if at == 0 { "" } else { ", " });
        packet(*number, out);
    }
    if numbers.len() > MOST_NAMED {
        out.str(" and ").dec((numbers.len() - MOST_NAMED) as u64).str(" more");
    }
}

/// The columns of a kind's list, by which tables of it are known in other reports.
pub type Lists = [(&'static Kind, &'static [dissect::report::Column])];

/// Writes the parts of a report. Rows of a kind's list lead to what they are about.
pub fn parts(report: &Report, place: &Place<'_>, lists: &Lists, out: &mut Out) {
    for (at, part) in report.parts.iter().enumerate().take(MOST_PARTS) {
        let empty = match &part.body {
            Body::Facts(facts) => facts.iter().all(|(_, cell)| *cell == Cell::None),
            Body::Table(table) => table.rows.is_empty(),
            Body::Findings(findings) => findings.is_empty(),
        };
        out.str("<section class=\"part\" data-part=\"")
            .str(part.name)
            .str("\"><h3>")
            .str(part.heading)
            .str("</h3>");
        match &part.body {
            _ if empty => drop(out.str("<p class=\"quiet\">none</p>")),
            Body::Facts(facts) => {
                out.str("<dl>");
                for (column, cell) in facts.iter().filter(|(_, cell)| *cell != Cell::None) {
                    out.str("<dt>").str(column.label).str("</dt><dd>");
                    value(cell, out);
                    out.str("</dd>");
                }
                out.str("</dl>");
            }
            Body::Table(table) => rows(table, part.heading, at, place, lists, out),
            Body::Findings(findings) => {
                out.str("<ul class=\"findings\">");
                for one in findings.iter().take(MOST_ROWS) {
                    finding(one, out);
                }
                out.str("</ul>");
                more(findings.len(), MOST_ROWS, "findings", out);
            }
        }
        out.str("</section>");
    }
    more(report.parts.len(), MOST_PARTS, "parts", out);
}

/// Says what is not shown.
fn more(all: usize, most: usize, what: &str, out: &mut Out) {
    if all > most {
        let more = all - most;
        out.fmt(format_args!(
            "<p class=\"quiet\">{more} more {what} are not shown: the files to save have them.</p>"
        ));
    }
}

fn finding(one: &Finding, out: &mut Out) {
    let (class, word) = match one.severity {
        dissect::Severity::Error => ("error", "Error"),
        dissect::Severity::Warn => ("warning", "Warning"),
        dissect::Severity::Note => ("remark", "Note"),
        dissect::Severity::Chat => ("chat", "OK"),
    };
    out.str("<li><span class=\"sign ").str(class).str("\">").str(word).str("</span><p>");
    text(&one.text, out);
    if !one.reference.is_empty() {
        out.str(" <span class=\"quiet\">").str(one.reference).str("</span>");
    }
    if !one.packets.is_empty() {
        out.str(if one.packets.len() == 1 {
            " <span class=\"evidence\">packet "
        } else {
            " <span class=\"evidence\">packets "
        });
        packets(&one.packets, out);
        out.str("</span>");
    }
    out.str("</p></li>");
}

fn value(cell: &Cell, out: &mut Out) {
    match cell {
        Cell::Packet(number) => packet(*number, out),
        Cell::Packets(numbers) => packets(numbers, out),
        Cell::List(cells) => {
            for (at, cell) in cells.iter().enumerate() {
                out.str(if at == 0 { "" } else { ", " });
                value(cell, out);
            }
        }
        _ => {
            let mut plain = Out::new();
            cell.write(&mut plain);
            text(&plain.to_string_lossy(), out);
        }
    }
}

/// Writes a table. A column `depth` indents the rows and is not shown.
fn rows(table: &Table, heading: &str, part: usize, place: &Place<'_>, lists: &Lists, out: &mut Out) {
    let order =
        if place.order.by.is_none_or(|(sorted, _)| sorted == part) { place.order } else { Order::default() };
    let list = lists.iter().find(|(_, columns)| std::ptr::eq(*columns, table.columns)).map(|(kind, _)| kind);
    let depth = table.columns.iter().position(|column| column.name == "depth");
    let right: Vec<bool> = (0..table.columns.len())
        .map(|at| table.rows.iter().take(MOST_ROWS).filter_map(|row| row.get(at)).any(Cell::is_number))
        .collect();
    out.str("<div class=\"rows\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .str(heading)
        .str("\"><table><thead><tr>");
    for (at, column) in table.columns.iter().enumerate().filter(|(at, _)| Some(*at) != depth) {
        let sorted = order.by == Some((part, at));
        out.str(if right.get(at) == Some(&true) {
            "<th scope=\"col\" class=\"n\""
        } else {
            "<th scope=\"col\""
        });
        out.str(match (sorted, order.down) {
            (false, _) => "",
            (true, false) => " aria-sort=\"ascending\"",
            (true, true) => " aria-sort=\"descending\"",
        });
        out.byte(b'>');
        if table.rows.len() > 1 && depth.is_none() {
            let next = Order { from: 0, by: Some((part, at)), down: sorted && !order.down };
            let id = format!("sort-{part}-{at}");
            out.str("<button type=\"button\" id=\"").str(&id).str("\" data-stay data-go=\"");
            text(place.whole, out);
            out.str(&next.print()).str("\">").str(column.label).str("</button>");
        } else {
            out.str(column.label);
        }
        out.str("</th>");
    }
    out.str("</tr></thead><tbody>");
    let all = sorted(table, part, order);
    for row in all.iter().skip(order.from).take(MOST_ROWS) {
        out.str("<tr>");
        let indented = depth.and_then(|at| match row.get(at) {
            Some(Cell::Count(depth)) => Some((*depth).min(MOST_INDENTED)),
            _ => None,
        });
        for (at, cell) in row.iter().enumerate().filter(|(at, _)| Some(*at) != depth) {
            out.str(if right.get(at) == Some(&true) { "<td class=\"n\">" } else { "<td>" });
            let first = depth.map_or(0, |depth| usize::from(depth == 0));
            match (list, cell, indented) {
                (Some(kind), Cell::Count(number), _) if at == 0 => {
                    go(&format!("{}/{number}", kind.name), &number.to_string(), false, out);
                }
                (_, _, Some(depth)) if at == first => {
                    out.str("<span style=\"padding-left:").dec(depth).str("em\">");
                    value(cell, out);
                    out.str("</span>");
                }
                _ => value(cell, out),
            }
            out.str("</td>");
        }
        out.str("</tr>");
    }
    out.str("</tbody></table></div>");
    pages(all.len(), order, place, out);
}

/// Leads to the rows before and behind those that are shown.
fn pages(all: usize, order: Order, place: &Place<'_>, out: &mut Out) {
    if all <= MOST_ROWS {
        return;
    }
    let end = (order.from + MOST_ROWS).min(all);
    out.str("<p class=\"pages\">");
    out.fmt(format_args!("Rows {} to {end} of {all} ", (order.from + 1).min(end)));
    let to = |from| format!("{}{}", place.whole, Order { from, ..order }.print());
    if order.from > 0 {
        go(&to(order.from.saturating_sub(MOST_ROWS)), "Rows before", false, out);
    }
    if end < all {
        go(&to(end), "Next rows", false, out);
    }
    out.str("</p>");
}

/// The rows in their order.
fn sorted(table: &Table, part: usize, order: Order) -> Vec<&Vec<Cell>> {
    let mut rows: Vec<&Vec<Cell>> = table.rows.iter().collect();
    let Some((_, column)) = order.by.filter(|(sorted, _)| *sorted == part) else { return rows };
    rows.sort_by(|a, b| {
        let order_of = |a: &Vec<Cell>, b: &Vec<Cell>| compare(a.get(column), b.get(column));
        if order.down { order_of(b, a) } else { order_of(a, b) }
    });
    rows
}

/// Numbers by their size, before text by its signs; nothing comes last.
fn compare(a: Option<&Cell>, b: Option<&Cell>) -> Ordering {
    let number = |cell: Option<&Cell>| match cell? {
        Cell::Count(number) | Cell::Packet(number) | Cell::Hex(number, _) => Some(*number as f64),
        Cell::Packets(numbers) => numbers.first().map(|number| *number as f64),
        Cell::Seconds(nanoseconds) => Some(*nanoseconds as f64),
        Cell::Decimal(number, _) => Some(*number),
        Cell::Flag(flag) => Some(f64::from(u8::from(*flag))),
        _ => None,
    };
    let words = |cell: Option<&Cell>| {
        let mut out = Out::new();
        if let Some(cell) = cell {
            cell.write(&mut out);
        }
        (out.is_empty(), out.to_string_lossy())
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => words(a).cmp(&words(b)),
    }
}
