//! Blocks: `chunk{ … }` and `message{ … }`, whose terms hold in one and the same chunk or message.

use super::names::look_up;
use super::run::address;
use crate::{Dissector, Field, Kind, Protocol, proto};

/// The groups that `chunk` and `message` mean, sorted by address. `data` says whether messages that nobody knows count:
/// terms read them.
pub(crate) fn groups(dissector: &Dissector, name: &str, data: bool) -> Option<Vec<&'static Field>> {
    let mut groups = match name {
        "chunk" => look_up(dissector, "sctp.chunk")?.carriers,
        "message" => messages(dissector, data),
        _ => return None,
    };
    groups.sort_by_key(|field| address(field));
    Some(groups)
}

/// The roots of the protocols that SCTP, TCP or UDP carry, but for themselves, and of data that nobody knows.
fn messages(dissector: &Dissector, data: bool) -> Vec<&'static Field> {
    let transports = [&proto::sctp::PROTOCOL, &proto::tcp::PROTOCOL, &proto::udp::PROTOCOL];
    let tables = || transports.iter().flat_map(|one| one.tables);
    let is_message = |protocol: &&&Protocol| {
        let carried =
            protocol.claims.iter().any(|claim| tables().any(|one| std::ptr::eq(*one, claim.table())));
        let is_transport = transports.iter().any(|one| one.name == protocol.name);
        (carried && !is_transport) || (data && protocol.name == proto::data::PROTOCOL.name)
    };
    let messages = dissector.protocols().iter().filter(is_message);
    let roots = messages.flat_map(|protocol| {
        let fields = protocol.fields.iter().copied().flatten().copied();
        fields.filter(|field| field.show.kind == Kind::Protocol && field.name == protocol.name)
    });
    roots.collect()
}
