//! tshark's `sctp,stat`, of the associations that were learnt.

use super::association::Associations;
use crate::report::Statistic;
use crate::{Address, Memory, Out};
use hashbrown::{DefaultHashBuilder, HashMap};

pub(super) static CHUNKS: Statistic = Statistic { name: "sctp,stat", write };

/// The chunk types that have a column, RFC 9260, 3.2: DATA, SACK, HEARTBEAT, HEARTBEAT ACK, INIT, INIT ACK, COOKIE ECHO,
/// COOKIE ACK, ABORT, ERROR.
const TYPES: [u8; 10] = [0, 3, 4, 5, 1, 2, 10, 11, 6, 9];

const LINE: &str = "---------------------------------------------------------------------------------------------------------------------------------------\n";

/// What went from one address and port to another.
#[derive(Default)]
struct Row {
    first: u64,
    chunks: [u64; TYPES.len()],
}

fn write(memory: &Memory, _: &str, out: &mut Out) {
    let all = memory.of_type::<Associations>();
    let mut rows: HashMap<(Address, u16, Address, u16), Row, DefaultHashBuilder> = HashMap::default();
    let mut packets = 0;
    for association in all.into_iter().flat_map(Associations::list) {
        let [near, far] = &association.sides;
        for path in &association.paths {
            let [a, b] = path.addresses;
            let [there, back] = &path.traffic;
            let ways = [((a, near.port, b, far.port), there), ((b, far.port, a, near.port), back)];
            for (key, traffic) in ways.into_iter().filter(|way| way.1.packets > 0) {
                packets += traffic.packets;
                let row = rows.entry(key).or_insert_with(|| Row { first: traffic.first, ..Row::default() });
                row.first = row.first.min(traffic.first);
                for (count, number) in row.chunks.iter_mut().zip(TYPES) {
                    *count += u64::from(traffic.of_type(number));
                }
            }
        }
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.first));
    out.str("-------------------------------------------- SCTP Statistics --------------------------------------------------------------------------\n");
    out.str("|  Total packets RX/TX ").dec(packets).str("\n").str(LINE);
    out.str("|   Source IP   |PortA|    Dest. IP   |PortB|  DATA  |  SACK  |  HBEAT |HBEATACK|  INIT  | INITACK| COOKIE |COOKIACK| ABORT  |  ERROR |\n");
    out.str(LINE);
    for ((source, source_port, destination, destination_port), row) in rows {
        for (address, port) in [(source, source_port), (destination, destination_port)] {
            let start = out.len();
            address.write(out);
            let width = out.len() - start;
            out.truncate(start);
            out.str("|").spaces(15usize.saturating_sub(width));
            address.write(out);
            out.fmt(format_args!("|{port:5}"));
        }
        for count in row.chunks {
            out.fmt(format_args!("|{count:8}"));
        }
        out.str("|\n");
    }
    let dropped = all.map_or(0, Associations::dropped);
    if dropped > 0 {
        out.str("(and ").dec(dropped.into()).str(" older associations)\n");
    }
    out.str(LINE);
}
