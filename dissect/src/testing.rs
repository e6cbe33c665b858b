//! What the unit tests of protocols share.

use crate::capture::LinkType;
use crate::proto::{frame::LINK_TYPES, multipart::MEDIA_TYPES};
use crate::{Claim, Cx, Dissection, Dissector, Line, Out, Packet, Protocol, See, Tree, format};

/// The tree of a packet, as the text that `-V` prints, without the frame.
pub(crate) fn tree(link: LinkType, bytes: &[u8]) -> String {
    tree_by(&Dissector::default(), link, bytes)
}

fn tree_by(dissector: &Dissector, link: LinkType, bytes: &[u8]) -> String {
    let (packet, mut tree, mut out) = (Packet::new(link, bytes), Tree::new(), Out::new());
    dissector.dissect(&See::alone(), &packet, &mut tree);
    format::text_tree(Dissection { tree: &tree, packet: &packet }, &mut out);
    let text = out.to_string_lossy();
    text.lines().skip(1).skip_while(|line| line.starts_with(' ')).flat_map(|line| [line, "\n"]).collect()
}

/// Compares a text with the file of this name in `snapshots`.
pub(crate) fn snapshot(name: &str, text: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots");
    insta::with_settings!({snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

/// Protocol and info of a packet's summary line.
pub(crate) fn summary(link: LinkType, bytes: &[u8]) -> String {
    summary_of(&Packet::new(link, bytes))
}

/// The same of a packet that the capture may have cut short.
pub(crate) fn summary_of(packet: &Packet<'_>) -> String {
    let mut line = Line::new();
    Dissector::default().summarize(&See::alone(), packet, &mut line);
    format!("{} {}", line.protocol, line.info.to_string_lossy())
}

/// Dissects every prefix and every single-byte change of a packet: nothing may panic, and every node stays in its bytes.
pub(crate) fn survives(link: LinkType, bytes: &[u8]) {
    survives_by(&Dissector::default(), link, bytes);
}

fn survives_by(dissector: &Dissector, link: LinkType, bytes: &[u8]) {
    let (mut tree, mut line, mut out) = (Tree::new(), Line::new(), Out::new());
    let mut check = |bytes: &[u8]| {
        let packet = Packet::new(link, bytes);
        dissector.dissect_and_summarize(&See::alone(), &packet, &mut tree, &mut line);
        out.clear();
        format::text_tree(Dissection { tree: &tree, packet: &packet }, &mut out);
        for node in tree.nodes().iter().filter(|node| node.source == 0) {
            assert!(
                node.range().end <= bytes.len(),
                "{} reaches beyond the packet: {:02x?}",
                node.field.name,
                bytes
            );
        }
    };
    for end in 0..=bytes.len() {
        check(&bytes[..end]);
    }
    let mut changed = bytes.to_vec();
    for at in 0..bytes.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1, bytes[at] ^ 0x80, bytes[at].wrapping_add(1)] {
            changed[at] = value;
            check(&changed);
        }
        changed[at] = bytes[at];
    }
}

/// The link type of a packet that is a `Content-Type`, a line end and a body.
const MEDIA: LinkType = LinkType(147);

/// Carries a body as SIP does, without SIP.
static CARRIER: Protocol = Protocol {
    claims: &[Claim::Number(&LINK_TYPES, MEDIA.0 as u32)],
    ..Protocol::new("carrier", "SIP", "Carrier", "none", carry_media, &[])
};

fn carry_media(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (content_type, body) = bytes.split_at(end);
    cx.column("SIP");
    cx.carry_media(&MEDIA_TYPES, content_type, body.get(1..).unwrap_or(&[]))
}

/// The tree of a body with the given `Content-Type`.
pub(crate) fn media_tree(content_type: &str, body: &[u8]) -> String {
    let packet = [content_type.as_bytes(), b"\n", body].concat();
    tree_by(&Dissector::with(&[&CARRIER]), MEDIA, &packet)
}

/// Protocol of the summary line of a body with the given `Content-Type`.
pub(crate) fn media_column(content_type: &str, body: &[u8]) -> &'static str {
    let packet = [content_type.as_bytes(), b"\n", body].concat();
    let mut line = Line::new();
    Dissector::with(&[&CARRIER]).summarize(&See::alone(), &Packet::new(MEDIA, &packet), &mut line);
    line.protocol
}

/// [`survives`] for a body with the given `Content-Type`.
pub(crate) fn media_survives(content_type: &str, body: &[u8]) {
    survives_by(&Dissector::with(&[&CARRIER]), MEDIA, &[content_type.as_bytes(), b"\n", body].concat());
}
