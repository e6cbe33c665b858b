//! Stream Control Transmission Protocol, RFC 9260: the common header, and under it a folder or file for each of
//! chunks, parameters, error causes, payload protocol identifiers and the checksum.
//!
//! ```
//! use dissect::proto::sctp::{Packet, chunk::{Data, data}};
//! let bytes = [
//!     0x9c, 0x41, 0x11, 0x5c, 0, 0, 0, 1, 0, 0, 0, 0, // 40001 to 4444, verification tag 1
//!     0, 3, 0, 18, 0, 0, 3, 232, 0, 2, 0, 0, 0, 0, 0, 60, b'O', b'K', 0, 0, // DATA
//! ];
//! let packet = Packet::parse(&bytes)?;
//! assert_eq!((packet.header.source_port, packet.header.verification_tag), (40001, 1));
//! for chunk in packet.chunks() {
//!     let chunk = chunk?;
//!     if chunk.number == data::TYPE.number {
//!         let (message, data) = Data::parse(chunk.value)?;
//!         assert_eq!((data.tsn, data.stream, data.ppid, message), (1000, 2, 60, &b"OK"[..]));
//!     }
//! }
//! # Ok::<(), dissect::Malformed>(())
//! ```

pub mod association;
pub mod cause;
pub mod checksum;
pub mod chunk;
pub mod linux_cookie;
pub mod parameter;
pub mod ppid;
#[cfg(feature = "reports")]
mod report;
#[cfg(feature = "reports")]
mod statistic;

#[cfg(test)]
mod tests;
mod tlv;

use crate::capture::LinkType;
use crate::checksum::Sum;
use crate::proto::frame::LINK_TYPES;
use crate::proto::{ip, udp};
use crate::tree::Item;
use crate::{Area, Claim, Codes, Cx, Field, Malformed, Out, Protocol, Severity, Show, fields, header};
use association::{Fate, Known};
use checksum::Checksum;
use chunk::{CHUNKS, Chunk, Chunks};

fields! {
    /// An SCTP packet: the common header and its chunks.
    ROOT = "sctp", "Stream Control Transmission Protocol", Show::protocol().write_parts(write_root), "RFC 9260, 3";
    /// From which port.
    SOURCE_PORT = "sctp.srcport", "Source port", Show::u16().also(&[&PORT]), "RFC 9260, 3.1";
    /// To which port.
    DESTINATION_PORT = "sctp.dstport", "Destination port", Show::u16().also(&[&PORT]), "RFC 9260, 3.1";
    /// Either port.
    PORT = "sctp.port", "Port", Show::u16().repeats(), "RFC 9260, 3.1";
    /// The tag that the receiver chose in its INIT or INIT ACK, so that it knows the packet for one of the
    /// association. Zero in a packet with an INIT.
    VERIFICATION_TAG = "sctp.verification_tag", "Verification tag", Show::u32().hex(), "RFC 9260, 3.1";
    /// The CRC32c over the packet with zero in this field.
    CHECKSUM = "sctp.checksum", "Checksum", Show::u32().hex().write_parts(write_checksum), "RFC 9260, 6.8";
    /// What became of checking the checksum.
    CHECKSUM_STATUS = "sctp.checksum.status", "Checksum Status", Show::u8().codes(&STATUSES), "RFC 9260, 6.8";
    /// The checksum is not the CRC32c of the packet: a receiver drops it.
    BAD_CHECKSUM = "sctp.checksum_bad.expert", "Bad SCTP checksum.",
        Show::expert(Severity::Error, Area::Checksum).write(write_right_checksum), "RFC 9260, 6.8";
    /// The checksum is the Adler-32 of the first SCTP, which the CRC32c replaced.
    ADLER32 = "sctp.checksum.adler32", "The checksum is a right Adler-32, obsolete since RFC 3309",
        Show::expert(Severity::Note, Area::Checksum), "RFC 2960, Appendix B";
    /// The checksum is zero, and the receiver declared that it accepts that.
    ZERO_CHECKSUM = "sctp.checksum.zero", "Zero checksum, which the receiver declared that it accepts",
        Show::expert(Severity::Chat, Area::Checksum), "RFC 9653, 5.3";
    /// The checksum is zero, and the receiver is not known to accept that: it drops the packet, unless the sender left the
    /// work to its network interface and the capture was taken before it was done.
    LEFT_OUT = "sctp.checksum.left_out", "Zero checksum, which the receiver did not declare to accept: perhaps left to the sender's interface",
        Show::expert(Severity::Note, Area::Checksum), "RFC 9653, 5.3";
    /// A packet with an INIT has a verification tag of zero: its receiver has not chosen one yet.
    TAG_OF_INIT = "sctp.verification_tag.init", "The verification tag of a packet with an INIT is not zero",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 8.5.1";
    /// Only a packet with an INIT has a verification tag of zero.
    TAG_ZERO = "sctp.verification_tag.zero", "The verification tag is zero in a packet without an INIT",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 8.5.1";
    /// INIT, INIT ACK and SHUTDOWN COMPLETE stand alone in their packet.
    BUNDLED = "sctp.chunk.bundled", "A chunk that must stand alone is bundled with others",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 6.10";
}

header! {
    /// The common header, RFC 9260, 3.1.
    pub struct Header {
        /// From which port.
        pub source_port: u16 => SOURCE_PORT,
        /// To which port.
        pub destination_port: u16 => DESTINATION_PORT,
        /// The tag that the receiver chose; zero in a packet with an INIT.
        pub verification_tag: u32 => VERIFICATION_TAG,
        /// The CRC32c, its least significant byte first.
        pub checksum: u32 => CHECKSUM, by hand,
    }
}

/// A packet: the common header and the bytes of its chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The common header.
    pub header: Header,
    bytes: &'a [u8],
}

impl<'a> Packet<'a> {
    /// Reads the common header. The bytes are those of the whole packet.
    pub fn parse(bytes: &'a [u8]) -> Result<Packet<'a>, Malformed> {
        let (_, header) = Header::parse(bytes)?;
        Ok(Packet { header, bytes })
    }
    /// The chunks. A malformed one is an error that names what is wrong with it, and its offset in the
    /// packet; where its end is known the next chunk follows it.
    pub fn chunks(&self) -> Chunks<'a> {
        Chunks::new(self.bytes, Header::LEN)
    }
    /// The bytes behind the common header.
    fn chunk_bytes(&self) -> &'a [u8] {
        self.bytes.get(Header::LEN..).unwrap_or(&[])
    }
    /// What the checksum is.
    pub fn checksum(&self) -> Option<Checksum> {
        checksum::check(self.bytes)
    }
}

/// SCTP.
pub static PROTOCOL: Protocol = Protocol {
    claims: &[
        Claim::Number(&ip::PROTOCOLS, 132),
        Claim::Number(&LINK_TYPES, LinkType::SCTP.0 as u32),
        Claim::Number(&udp::PORTS, 9899),
        Claim::Content(&udp::PORTS, 20, looks_like_sctp),
    ],
    tables: &[&ppid::PPIDS, &ppid::PORTS],
    state: Some(|| Box::new(association::Associations::default())),
    learns_first: true,
    #[cfg(feature = "reports")]
    reports: &[&report::ASSOCIATIONS],
    #[cfg(feature = "reports")]
    statistics: &[&statistic::CHUNKS],
    alone: &ALONE,
    ..Protocol::new("sctp", "SCTP", "Stream Control Transmission Protocol", "RFC 9260", walk, &ALL_FIELDS)
};

/// The fields of this file, of the chunks, of the parameters, of the causes, and of what identifiers say.
static ALL_FIELDS: [&[&Field]; LISTS] = {
    let mut all: [&[&Field]; LISTS] = [FIELDS; LISTS];
    (all[1], all[2], all[3]) = (chunk::FIELDS, ppid::FIELDS, linux_cookie::FIELDS);
    all[4] = association::FIELDS;
    let (mut end, mut at) = (5, 0);
    while at < CHUNKS.len() {
        all[end + at] = CHUNKS[at].fields;
        at += 1;
    }
    (end, at) = (end + at, 0);
    while at < parameter::ALL_FIELDS.len() {
        all[end + at] = parameter::ALL_FIELDS[at];
        at += 1;
    }
    (end, at) = (end + at, 0);
    while at < cause::ALL_FIELDS.len() {
        all[end + at] = cause::ALL_FIELDS[at];
        at += 1;
    }
    all
};
/// Of these those of a packet alone: what messages are, whether a receiver does without a checksum, and what is known of the
/// association, comes from other packets too.
static ALONE: [&[&Field]; LISTS] = {
    let mut alone = ALL_FIELDS;
    (alone[0], alone[2], alone[4]) = (HEADER_FIELDS, &[], &[]);
    alone
};
/// The fields of this file that say nothing of the checksum but its value.
static HEADER_FIELDS: &[&Field] = &[
    &ROOT,
    &SOURCE_PORT,
    &DESTINATION_PORT,
    &PORT,
    &VERIFICATION_TAG,
    &CHECKSUM,
    &TAG_OF_INIT,
    &TAG_ZERO,
    &BUNDLED,
];
const LISTS: usize = 5 + CHUNKS.len() + parameter::ALL_FIELDS.len() + cause::ALL_FIELDS.len();

/// Whether a UDP payload is an SCTP packet (RFC 6951): its chunks end where it ends, all are of known types, and the
/// CRC32c is right. One with a checksum of zero (RFC 9653) has to follow the rules on tags and on bundling too.
fn looks_like_sctp(cx: &Cx<'_>, bytes: &[u8]) -> bool {
    let Ok(packet) = Packet::parse(bytes) else { return false };
    let Header { source_port, destination_port, verification_tag, checksum } = packet.header;
    if cx.cut > 0 || source_port == 0 || destination_port == 0 || !bytes.len().is_multiple_of(4) {
        return false;
    }
    let (mut count, mut init) = (0, false);
    for chunk in packet.chunks() {
        let Ok(chunk) = chunk else { return false };
        if chunk.kind().is_none() || chunk.padding.iter().any(|byte| *byte != 0) {
            return false;
        }
        count += 1;
        init |= chunk.number == chunk::init::TYPE.number || chunk.number == chunk::init::ACK.number;
    }
    if count == 0 {
        return false;
    }
    if checksum == 0 {
        // An INIT never has a checksum of zero, RFC 9653, 5.2.
        return !init && verification_tag != 0 && bytes.len() >= 28;
    }
    checksum::crc32c(bytes) == Some(checksum)
}

fn walk(cx: &mut Cx<'_>, bytes: &[u8]) -> bool {
    cx.column(PROTOCOL.title);
    dissect(cx, bytes, if cx.quoted { Fate::Undelivered } else { Fate::Arrived });
    true
}

/// Adds a packet to the tree and to the summary line.
fn dissect(cx: &mut Cx<'_>, bytes: &[u8], fate: Fate) {
    cx.group(&ROOT, bytes, |cx| {
        let Some((header, chunks)) = Header::dissect(cx, bytes) else { return };
        (cx.ends.source_port, cx.ends.destination_port) = (header.source_port, header.destination_port);
        let own = cx.learns() && !cx.quoted && cx.cut == 0 && cx.verifies(Sum::Sctp);
        let sum = if own { checksum::check(bytes) } else { None };
        let faulty = matches!(sum, Some(Checksum::Bad(_) | Checksum::Adler32(_)));
        let mut known = Known::of(cx, &Packet { header, bytes }, if faulty { Fate::Spoilt } else { fate });
        match (faulty, cx.learning()) {
            (true, true) => {}
            (true, false) => cx.unlearnt(|cx| show(cx, bytes, header, chunks, sum, &mut known)),
            (false, true) => chunk::learn_all(cx, chunks, &mut known),
            (false, false) => show(cx, bytes, header, chunks, sum, &mut known),
        }
    });
}

/// Adds what the packet says, and what its checksum is where that is known already.
fn show(
    cx: &mut Cx<'_>,
    bytes: &[u8],
    header: Header,
    chunks: &[u8],
    sum: Option<Checksum>,
    known: &mut Known,
) {
    known.emit_packet(cx, bytes.get(..0).unwrap_or(&[]), bytes.get(4..8).unwrap_or(&[]));
    if cx.wants(SUM_FIELDS) {
        // Nothing is learnt from a packet with a wrong one.
        let good = known.is_learnt() && header.checksum != 0 && cx.verifies(Sum::Sctp);
        let sum = sum.or(good.then_some(Checksum::Good));
        dissect_checksum(cx, bytes, header.checksum, known, sum);
    }
    if cx.showing() {
        check_rules(cx, bytes, header.verification_tag, chunks);
    }
    chunk::dissect_all(cx, chunks, known);
}

/// The values of [`CHECKSUM_STATUS`], Wireshark's.
static STATUSES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (BAD, "Bad"),
        (GOOD, "Good"),
        (UNVERIFIED, "Unverified"),
        (NOT_PRESENT, "Not present"),
        (4, "Illegal"),
    ],
};
const BAD: u64 = 0;
const GOOD: u64 = 1;
const UNVERIFIED: u64 = 2;
const NOT_PRESENT: u64 = 3;

/// What [`dissect_checksum`] adds.
static SUM_FIELDS: &[&Field] =
    &[&CHECKSUM, &CHECKSUM_STATUS, &BAD_CHECKSUM, &ADLER32, &ZERO_CHECKSUM, &LEFT_OUT];

/// Adds the checksum, and what it was found to be if that is known already.
fn dissect_checksum(cx: &mut Cx<'_>, packet: &[u8], found: u32, known: &Known, sum: Option<Checksum>) {
    let field = packet.get(8..12).unwrap_or(&[]);
    let check =
        if cx.cut > 0 || !cx.verifies(Sum::Sctp) { None } else { sum.or_else(|| checksum::check(packet)) };
    let status = cx.group_with(&CHECKSUM, field, found.into(), |cx| match check {
        None => UNVERIFIED,
        Some(Checksum::Good) => GOOD,
        Some(Checksum::Zero(_)) if known.accepts_zero(cx) => {
            cx.expert(&ZERO_CHECKSUM, field);
            NOT_PRESENT
        }
        Some(Checksum::Zero(right)) => {
            cx.generated(&BAD_CHECKSUM, field, right.into());
            cx.expert(&LEFT_OUT, field);
            BAD
        }
        Some(Checksum::Bad(right)) => {
            cx.generated(&BAD_CHECKSUM, field, right.into());
            BAD
        }
        Some(Checksum::Adler32(right)) => {
            cx.generated(&BAD_CHECKSUM, field, right.into());
            cx.expert(&ADLER32, field);
            BAD
        }
    });
    cx.generated(&CHECKSUM_STATUS, field.get(..0).unwrap_or(&[]), status);
}

/// Remarks on the verification tag and on bundling, as far as the first chunk tells.
fn check_rules(cx: &mut Cx<'_>, packet: &[u8], tag: u32, chunks: &[u8]) {
    let Ok((rest, first)) = Chunk::parse(chunks) else { return };
    let init = first.number == chunk::init::TYPE.number;
    if init != (tag == 0) {
        cx.expert(if init { &TAG_OF_INIT } else { &TAG_ZERO }, packet.get(4..8).unwrap_or(&[]));
    }
    let alone = [chunk::init::ACK.number, chunk::shutdown_complete::TYPE.number];
    if !rest.is_empty() && (init || alone.contains(&first.number)) {
        cx.expert(&BUNDLED, first.bytes);
    }
}

fn write_root(item: Item<'_>, out: &mut Out) {
    let (source, destination) = (out.find(item, &SOURCE_PORT), out.find(item, &DESTINATION_PORT));
    if let (Some(source), Some(destination)) = (source, destination) {
        out.str(", Src Port: ").tell(source).str(", Dst Port: ").tell(destination);
    }
}

fn write_checksum(item: Item<'_>, out: &mut Out) {
    let status = item.dissection.item(item.node.end as usize);
    status.inspect(|status| out.sees(*status));
    out.tell(item).str(match status.map(|status| status.node.value) {
        Some(GOOD) => " (CRC32c) [correct]",
        Some(BAD) => " (CRC32c) [incorrect]",
        Some(NOT_PRESENT) => " [not present]",
        _ => " [unverified]",
    });
}

fn write_right_checksum(item: Item<'_>, out: &mut Out) {
    out.str(" [should be ").hex_0x(item.node.value, 8).str("]");
}
