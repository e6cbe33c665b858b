//! COOKIE ECHO and COOKIE ACK, RFC 9260, 3.3.11 and 3.3.12.

use super::{CHUNK_LENGTH, Chunk, Type, dissect_nothing};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::linux_cookie;
use crate::tree::Item;
use crate::{Cx, Out, Show, fields};

fields! {
    /// A COOKIE ECHO chunk: sends the state cookie of the INIT ACK back.
    ECHO_GROUP = "sctp.chunk", "COOKIE_ECHO chunk",
        Show::group().repeats().write(write_length), "RFC 9260, 3.3.11";
    /// A COOKIE ACK chunk: the association is established.
    ACK_GROUP = "sctp.chunk", "COOKIE_ACK chunk", Show::group().repeats(), "RFC 9260, 3.3.12";
    /// The state cookie. Only who made it can read it.
    COOKIE = "sctp.cookie", "Cookie", Show::bytes(), "RFC 9260, 3.3.11";
}

/// The type COOKIE ECHO.
pub static ECHO: Type =
    Type { number: 10, name: "COOKIE_ECHO", group: &ECHO_GROUP, flags: &[], dissect, fields: FIELDS };
/// The type COOKIE ACK.
pub static ACK: Type = Type {
    number: 11,
    name: "COOKIE_ACK",
    group: &ACK_GROUP,
    flags: &[],
    dissect: dissect_nothing,
    fields: &[],
};

fn dissect(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    cx.leaf(&COOKIE, chunk.value, 0);
    let ends = cx.ends;
    linux_cookie::dissect(cx, chunk.value, ends.destination_port, ends.source_port);
}

fn write_length(item: Item<'_>, out: &mut Out) {
    if let Some(length) = item.number(&CHUNK_LENGTH) {
        out.str(" (Cookie length: ").dec(length.saturating_sub(4)).str(" bytes)");
    }
}
