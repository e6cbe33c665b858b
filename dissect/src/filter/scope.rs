//! Blocks: `chunk{ … }` and `message{ … }`, whose terms hold in one and the same chunk or message.

use super::names::look_up;
use super::run::address;
use crate::{Claim, Dissector, Field, Kind, proto};

/// The groups that `chunk` and `message` mean, sorted by address, and the places of the protocols that add them. `data`
/// says whether messages that nobody knows count: terms read them.
pub(crate) fn groups(
    dissector: &Dissector,
    name: &str,
    data: bool,
) -> Option<(Vec<&'static Field>, Vec<usize>)> {
    let (mut groups, protocols) = match name {
        "chunk" => {
            let named = look_up(dissector, "sctp.chunk")?;
            (named.carriers, named.protocols)
        }
        "message" => messages(dissector, data),
        _ => return None,
    };
    groups.sort_by_key(|field| address(field));
    Some((groups, protocols))
}

/// The protocols that SCTP, TCP or UDP carry, but for themselves, and data that nobody knows.
fn messages(dissector: &Dissector, data: bool) -> (Vec<&'static Field>, Vec<usize>) {
    let transports = [&proto::sctp::PROTOCOL, &proto::tcp::PROTOCOL, &proto::udp::PROTOCOL];
    let tables = || transports.iter().flat_map(|one| one.tables);
    let mut found = (Vec::new(), Vec::new());
    for (index, protocol) in dissector.protocols().iter().enumerate() {
        let carried = protocol.claims.iter().any(|claim| {
            let (Claim::Number(table, _) | Claim::Text(table, _) | Claim::Content(table, ..)) = claim;
            tables().any(|one| std::ptr::eq(*one, *table))
        });
        let is_transport = transports.iter().any(|one| one.name == protocol.name);
        if (carried && !is_transport) || (data && protocol.name == proto::data::PROTOCOL.name) {
            let fields = protocol.fields.iter().copied().flatten().copied();
            let roots =
                fields.filter(|field| field.show.kind == Kind::Protocol && field.name == protocol.name);
            found.0.extend(roots);
            found.1.push(index);
        }
    }
    found
}
