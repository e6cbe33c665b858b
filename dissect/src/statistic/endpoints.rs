//! `endpoints,…`: who sent and received how much.

use super::conversations::{LINE, heading, padded};
use super::ends::{Finder, Layer};
use super::rows::Rows;
use super::{Counted, Look, Looks, Statistic, filter, one_table, titled};
use crate::report::{Cell, Column, Report};
use crate::{Address, Dissector, Field, Out};

/// The most ends that are told apart. The packets of further ones are counted as left out.
const MOST_ENDPOINTS: usize = 1 << 20;

static COLUMNS: &[Column] = &[
    Column::new("end", "End"),
    Column::new("packets", "Packets"),
    Column::new("bytes", "Bytes"),
    Column::new("packets_sent", "Packets sent"),
    Column::new("bytes_sent", "Bytes sent"),
    Column::new("packets_received", "Packets received"),
    Column::new("bytes_received", "Bytes received"),
];

#[derive(Clone, Copy, Debug)]
struct Endpoint {
    end: (Address, u16),
    /// Packets and bytes that it sent, and that it received.
    sent: (u64, u64),
    received: (u64, u64),
}

#[derive(Debug)]
struct Endpoints {
    filter: String,
    finder: Finder,
    rows: Rows<(Address, u16), Endpoint>,
}

pub(super) fn make(dissector: &Dissector, layer: &'static Layer, rest: &str) -> Result<Counted, String> {
    let statistic = Endpoints {
        filter: rest.to_owned(),
        finder: Finder::new(dissector, layer),
        rows: Rows::new(MOST_ENDPOINTS),
    };
    Ok(Counted { filter: filter(dissector, rest)?, statistic: Box::new(statistic) })
}

impl Statistic for Endpoints {
    fn looks(&self) -> Looks {
        Looks::Fields(self.finder.fields())
    }
    fn filters(&self) -> Option<Vec<&'static Field>> {
        Some(Vec::new())
    }
    fn packet(&mut self, look: &Look<'_>) {
        let length = look.length();
        let rows = &mut self.rows;
        let mut row = |end: (Address, u16), count: fn(&mut Endpoint) -> &mut (u64, u64)| {
            let new = || Endpoint { end, sent: (0, 0), received: (0, 0) };
            if let Some(counts) = rows.of(end, new).map(count) {
                *counts = (counts.0 + 1, counts.1 + length);
            }
        };
        self.finder.each(look, |ends, _| {
            row((ends.source, ends.source_port), |row| &mut row.sent);
            row((ends.destination, ends.destination_port), |row| &mut row.received);
        });
    }
    fn write(&self, out: &mut Out) {
        let has_ports = self.finder.layer.has_ports;
        heading(self.finder.layer.title, "Endpoints", &self.filter, out);
        out.spaces(23).str(if has_ports { "|  Port  |" } else { "" });
        out.str("|  Packets  | |  Bytes  | | Tx Packets | | Tx Bytes | | Rx Packets | | Rx Bytes |\n");
        let mut order: Vec<&Endpoint> = self.rows.all().iter().collect();
        order.sort_by_key(|row| std::cmp::Reverse(row.sent.0 + row.received.0));
        for Endpoint { end: (address, port), sent, received } in order {
            padded(20, out, |out| address.write(out));
            if has_ports {
                out.fmt(format_args!("      {port:5}     "));
            } else {
                out.str("      ");
            }
            let all = (sent.0 + received.0, sent.1 + received.1);
            out.fmt(format_args!("{:6}     {:9}     {:6}       {:9}      ", all.0, all.1, sent.0, sent.1));
            out.fmt(format_args!("{:6}       {:9}   \n", received.0, received.1));
        }
        if self.rows.left_out > 0 {
            out.str("(and ").dec(self.rows.left_out).str(" packets of further ends)\n");
        }
        out.str(LINE);
    }
    fn report(&self) -> Option<Report> {
        let has_ports = self.finder.layer.has_ports;
        let mut order: Vec<&Endpoint> = self.rows.all().iter().collect();
        order.sort_by_key(|row| std::cmp::Reverse(row.sent.0 + row.received.0));
        let rows = order.into_iter().map(|Endpoint { end: (address, port), sent, received }| {
            let end = if has_ports { Cell::end(address, *port) } else { Cell::address(address) };
            let all = (sent.0 + received.0, sent.1 + received.1);
            let counts = [all, *sent, *received].map(|(packets, bytes)| [packets, bytes]);
            std::iter::once(end).chain(counts.into_iter().flatten().map(Cell::Count)).collect()
        });
        let title = titled(&format!("{} endpoints", self.finder.layer.title), &self.filter);
        let (rows, left_out) = (rows.collect(), self.rows.left_out);
        Some(one_table("endpoints", title, "Endpoints", COLUMNS, rows, left_out))
    }
}
