//! The frame: what the capture says of a packet. The root of every dissection; carries by link type.

use crate::tree::Item;
use crate::{Area, Cx, Kind, Out, Protocol, Severity, Show, Table, fields};

/// Who is on a link of the capture: the numbers are `LinkType`'s.
pub static LINK_TYPES: Table = Table { name: "wtap_encap", doc: "the link type of the capture" };

fields! {
    /// What the capture says of the packet.
    FRAME = "frame", "Frame", Show::protocol().write(write_frame), "pcapng, 4";
    /// The packet's number in the capture, from 1.
    pub NUMBER = "frame.number", "Frame Number", Show::u32(), "pcapng, 4";
    /// When it was captured, since 1970.
    pub TIME = "frame.time_epoch", "Epoch Time", Show::moment(), "pcapng, 4.3";
    /// Its length on the wire.
    pub LENGTH = "frame.len", "Frame Length", Show::u32().unit(" bytes"), "pcapng, 4.3";
    /// How much of it the capture holds.
    pub CAPTURED = "frame.cap_len", "Capture Length", Show::u32().unit(" bytes"), "pcapng, 4.3";
    /// The protocols found in it, outermost first.
    pub PROTOCOLS = "frame.protocols", "Protocols in frame", Show::text().write(write_protocols), "sctpdump";
    /// The bytes break their protocol's format here.
    pub MALFORMED = "_ws.malformed", "Malformed", Show::expert(Severity::Error, Area::Malformed), "sctpdump";
    /// The capture ends here, cut by the snap length.
    pub SHORT = "_ws.short", "Packet size limited during capture", Show::expert(Severity::Note, Area::Malformed), "sctpdump";
    /// More protocols stand in each other than are followed.
    pub TOO_DEEP = "_ws.too_deep", "Too many protocols stand in each other; the rest is not dissected", Show::expert(Severity::Error, Area::Malformed), "sctpdump";
    /// More further sources than are kept.
    pub TOO_MANY_SOURCES = "_ws.too_many_sources", "Too many reassembled or unpacked sources; this one is not dissected", Show::expert(Severity::Error, Area::Malformed), "sctpdump";
}

/// The root.
pub static PROTOCOL: Protocol = Protocol {
    tables: &[&LINK_TYPES],
    ..Protocol::new("frame", "Frame", "Frame", "pcapng", walk, &[FIELDS])
};

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let packet = cx.packet;
    cx.group(&FRAME, bytes, |cx| {
        cx.generated(&NUMBER, &[], packet.number);
        if let Some(time) = packet.time {
            cx.generated(&TIME, &[], time.nanoseconds() as u64);
        }
        cx.generated(&LENGTH, &[], packet.original.into());
        cx.generated(&CAPTURED, &[], bytes.len() as u64);
        cx.generated(&PROTOCOLS, &[], 0);
    });
    if !cx.carry(&LINK_TYPES, packet.link.0.into(), bytes) {
        cx.data(bytes);
    }
    true
}

fn write_frame(item: Item<'_>, out: &mut Out) {
    let packet = item.dissection.packet;
    out.byte(b' ').dec(packet.number).str(": ").dec(packet.original.into()).str(" bytes on wire, ");
    out.dec(packet.bytes.len() as u64).str(" bytes captured");
}

fn write_protocols(item: Item<'_>, out: &mut Out) {
    let protocols =
        item.dissection.tree.nodes().iter().filter(|node| node.field.show.kind == Kind::Protocol).skip(1);
    for (at, node) in protocols.enumerate() {
        out.str(if at > 0 { ":" } else { "" }).str(node.field.name);
    }
}
