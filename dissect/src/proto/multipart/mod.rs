//! MIME Multipart Media Encapsulation, RFC 2046.

use crate::{Cx, Protocol, Show, Table, fields};

/// Who a media type means, for every protocol that carries bodies.
pub static MEDIA_TYPES: Table =
    Table { name: "media_type", doc: "the media type of a body, without parameters" };

fields! {
    /// MIME Multipart Media Encapsulation.
    ROOT = "mime_multipart", "MIME Multipart Media Encapsulation", Show::protocol(), "RFC 2046";
}

/// MIME Multipart Media Encapsulation.
pub static PROTOCOL: Protocol = Protocol {
    ..Protocol::new(
        "mime_multipart",
        "MULTIPART",
        "MIME Multipart Media Encapsulation",
        "RFC 2046",
        walk,
        &[FIELDS],
    )
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    cx.group(&ROOT, bytes, |_| ());
    true
}
