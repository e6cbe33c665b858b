//! tshark's `conv,tcp`, of the connections that were learnt.

use super::connection::Connections;
use crate::report::Statistic;
use crate::statistic::{Conversation, write_conversations};
use crate::{Memory, Out};

pub(super) static CONVERSATIONS: Statistic = Statistic { name: "conv,tcp", write };

fn write(memory: &Memory, _: &str, out: &mut Out) {
    let connections = memory.of_type::<Connections>();
    let rows: Vec<Conversation> = connections
        .into_iter()
        .flat_map(Connections::iter)
        .map(|connection| {
            let [there, back] = connection.ways();
            let since = |time| memory.since(time).unwrap_or(0);
            let (first, last) =
                connection.times().map_or((0, 0), |(first, last)| (since(first), since(last)));
            Conversation {
                ends: *connection.ends(),
                frames: [there.packets, back.packets],
                bytes: [there.bytes, back.bytes],
                first,
                last,
            }
        })
        .collect();
    let missing = connections.map_or(0, |all| u64::from(all.begun()).saturating_sub(rows.len() as u64));
    write_conversations("TCP", true, "", &rows, (missing, "older conversations"), out);
}
