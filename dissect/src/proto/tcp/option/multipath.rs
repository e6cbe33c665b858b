//! Multipath TCP, RFC 8684 (version 1) and RFC 6824 (version 0).

use super::{INVALID_LENGTH, Lengths, OptionKind, OptionType, Place, split};
use crate::header::number;
use crate::tree::Item;
use crate::{Area, Cx, Field, Malformed, Out, Severity, Show, codes, fields};

codes! {
    /// What a Multipath TCP option says.
    pub Subtype: u8, SUBTYPES, "Unknown" {
        /// Begins a connection.
        CAPABLE = 0, "Multipath Capable";
        /// Adds a subflow.
        JOIN = 1, "Join Connection";
        /// Maps data to the subflow and acknowledges data.
        DATA_SEQUENCE_SIGNAL = 2, "Data Sequence Signal";
        /// Tells of a further address.
        ADD_ADDRESS = 3, "Add Address";
        /// Takes addresses back.
        REMOVE_ADDRESS = 4, "Remove Address";
        /// Changes the priority of a subflow.
        PRIORITY = 5, "Change Subflow Priority";
        /// Falls back to plain TCP.
        FAIL = 6, "TCP Fallback";
        /// Closes the connection at once.
        FAST_CLOSE = 7, "Fast Close";
        /// Why a subflow is reset.
        RESET = 8, "TCP Reset";
    }
}

codes! {
    /// Why a subflow is reset (RFC 8684, 3.6).
    pub ResetReason: u8, RESET_REASONS, "Unknown" {
        /// No reason given.
        UNSPECIFIED = 0, "Unspecified error";
        /// An error of Multipath TCP.
        MULTIPATH = 1, "MPTCP-specific error";
        /// No resources for another subflow.
        RESOURCES = 2, "Lack of resources";
        /// Forbidden by policy.
        PROHIBITED = 3, "Administratively prohibited";
        /// Too much data is outstanding.
        OUTSTANDING = 4, "Too much outstanding data";
        /// The path is too slow or lossy.
        PERFORMANCE = 5, "Unacceptable performance";
        /// Something on the way changes the segments.
        MIDDLEBOX = 6, "Middlebox interference";
    }
}

fields! {
    /// An option of Multipath TCP.
    GROUP = "mptcp", "Multipath Transmission Control Protocol", Show::group().repeats().write(write), "RFC 8684, 3";
    /// What the option says.
    SUBTYPE = "tcp.options.mptcp.subtype", "Multipath TCP subtype", Show::u8().mask(0xf0).codes(&SUBTYPES), "RFC 8684, 3";
    /// The version of Multipath TCP.
    VERSION = "tcp.options.mptcp.version", "Multipath TCP version", Show::u8().mask(0x0f), "RFC 8684, 3.1";
    /// Reserved bits.
    RESERVED = "tcp.options.mptcp.reserved", "Reserved", Show::u16().hex().mask(0x0fff), "RFC 8684, 3";
    /// The byte that holds the flags.
    FLAGS = "tcp.options.mptcp.flags", "Multipath TCP flags", Show::u8().hex(), "RFC 8684, 3";
    /// The subflow is a backup.
    BACKUP = "tcp.options.mptcp.backup.flag", "Backup flag", Show::u8().mask(0x01), "RFC 8684, 3.2";
    /// Data is protected by checksums.
    CHECKSUM_REQUIRED = "tcp.options.mptcp.checksumreq.flags", "Checksum required", Show::u8().mask(0x80), "RFC 8684, 3.1";
    /// Reserved for extensions; must be 0.
    EXTENSIBILITY = "tcp.options.mptcp.extensibility.flag", "Extensibility", Show::u8().mask(0x40), "RFC 8684, 3.1";
    /// No further subflows to this address and port.
    NO_MORE_SUBFLOWS = "tcp.options.mptcp.nomoresubflows.flag", "Do not attempt to establish new subflows to this address and port", Show::u8().mask(0x20), "RFC 8684, 3.1";
    /// Keys are hashed with HMAC-SHA1.
    SHA1 = "tcp.options.mptcp.sha1.flag", "Use HMAC-SHA1", Show::u8().mask(0x01), "RFC 6824, 3.1";
    /// Keys are hashed with HMAC-SHA256.
    SHA256 = "tcp.options.mptcp.sha256.flag", "Use HMAC-SHA256", Show::u8().mask(0x01), "RFC 8684, 3.1";
    /// Reserved flags of version 0.
    RESERVED_FLAGS_0 = "tcp.options.mptcp.reserved.flag", "Reserved", Show::u8().hex().mask(0x3e), "RFC 6824, 3.1";
    /// Reserved flags of version 1.
    RESERVED_FLAGS_1 = "tcp.options.mptcp.reserved.flag", "Reserved", Show::u8().hex().mask(0x1e), "RFC 8684, 3.1";
    /// The sender has no more data.
    DATA_FIN = "tcp.options.mptcp.datafin.flag", "DATA_FIN", Show::u8().mask(0x10), "RFC 8684, 3.3";
    /// The data sequence number takes 8 bytes, not 4.
    LONG_SEQUENCE = "tcp.options.mptcp.dseqn8.flag", "Data Sequence Number is 8 octets", Show::u8().mask(0x08), "RFC 8684, 3.3";
    /// A mapping is present.
    MAPPING_PRESENT = "tcp.options.mptcp.dseqnpresent.flag", "Data Sequence Number, Subflow Sequence Number, Data-level Length, Checksum present", Show::u8().mask(0x04), "RFC 8684, 3.3";
    /// The acknowledgment takes 8 bytes, not 4.
    LONG_ACK = "tcp.options.mptcp.dataack8.flag", "Data ACK is 8 octets", Show::u8().mask(0x02), "RFC 8684, 3.3";
    /// An acknowledgment is present.
    ACK_PRESENT = "tcp.options.mptcp.dataackpresent.flag", "Data ACK is present", Show::u8().mask(0x01), "RFC 8684, 3.3";
    /// A flag without meaning.
    FLAG_U = "tcp.options.mptcp.flag_U.flag", "Flag U", Show::flag().mask(0x08), "RFC 8684, 3.6";
    /// A flag without meaning.
    FLAG_V = "tcp.options.mptcp.flag_V.flag", "Flag V", Show::flag().mask(0x04), "RFC 8684, 3.6";
    /// A flag without meaning.
    FLAG_W = "tcp.options.mptcp.flag_W.flag", "Flag W", Show::flag().mask(0x02), "RFC 8684, 3.6";
    /// The cause may pass: trying again is useful.
    TRANSIENT = "tcp.options.mptcp.flag_T.flag", "Transient", Show::flag().mask(0x01), "RFC 8684, 3.6";
    /// Why the subflow is reset.
    RESET_REASON = "tcp.options.mptcp.rst_reason", "TCPRST Reason", Show::u8().hex().codes(&RESET_REASONS), "RFC 8684, 3.6";
    /// Which of the sender's addresses.
    ADDRESS_ID = "tcp.options.mptcp.addrid", "Address ID", Show::u8().repeats(), "RFC 8684, 3.2";
    /// The sender's key.
    SENDER_KEY = "tcp.options.mptcp.sendkey", "Sender's Key", Show::u64(), "RFC 8684, 3.1";
    /// The receiver's key.
    RECEIVER_KEY = "tcp.options.mptcp.recvkey", "Receiver's Key", Show::u64(), "RFC 8684, 3.1";
    /// Which of the receiver's connections is joined.
    RECEIVER_TOKEN = "tcp.options.mptcp.recvtok", "Receiver's Token", Show::u32(), "RFC 8684, 3.2";
    /// A random number of the sender.
    SENDER_RANDOM = "tcp.options.mptcp.sendrand", "Sender's Random Number", Show::u32(), "RFC 8684, 3.2";
    /// The left part of the sender's message authentication code.
    SENDER_SHORT_HMAC = "tcp.options.mptcp.sendtrunchmac", "Sender's Truncated HMAC", Show::u64(), "RFC 8684, 3.2";
    /// The sender's message authentication code.
    SENDER_HMAC = "tcp.options.mptcp.sendhmac", "Sender's HMAC", Show::bytes(), "RFC 8684, 3.2";
    /// The right part of the message authentication code over an address.
    ADDRESS_HMAC = "tcp.options.mptcp.addaddrtrunchmac", "Truncated HMAC", Show::u64(), "RFC 8684, 3.4.1";
    /// The data sequence number that is expected next.
    DATA_ACK = "tcp.options.mptcp.rawdataack", "Original MPTCP Data ACK", Show::u64(), "RFC 8684, 3.3.2";
    /// The data sequence number of the mapping's first byte.
    DATA_SEQUENCE = "tcp.options.mptcp.rawdataseqno", "Data Sequence Number", Show::u64(), "RFC 8684, 3.3.1";
    /// Where the mapping begins in the subflow, counted from its first sequence number.
    SUBFLOW_SEQUENCE = "tcp.options.mptcp.subflowseqno", "Subflow Sequence Number", Show::u32(), "RFC 8684, 3.3.1";
    /// How many bytes are mapped.
    DATA_LENGTH = "tcp.options.mptcp.datalvllen", "Data-level Length", Show::u16(), "RFC 8684, 3.3.1";
    /// The checksum over the mapped data.
    CHECKSUM = "tcp.options.mptcp.checksum", "Checksum", Show::u16().hex(), "RFC 8684, 3.3.1";
    /// The version of the address, in version 0 of Multipath TCP.
    IP_VERSION = "tcp.options.mptcp.ipver", "IP version", Show::u8().mask(0x0f), "RFC 6824, 3.4.1";
    /// The address is confirmed, not announced.
    ECHO = "tcp.options.mptcp.echo", "Echo", Show::u8().mask(0x01), "RFC 8684, 3.4.1";
    /// A further address.
    IPV4 = "tcp.options.mptcp.ipv4", "Advertised IPv4 Address", Show::ipv4(), "RFC 8684, 3.4.1";
    /// A further address.
    IPV6 = "tcp.options.mptcp.ipv6", "Advertised IPv6 Address", Show::ipv6(), "RFC 8684, 3.4.1";
    /// The port to use with the address.
    PORT = "tcp.options.mptcp.port", "Advertised port", Show::u16(), "RFC 8684, 3.4.1";
    /// How many addresses are taken back.
    REMOVED = "mptcp.rm_addr.count", "Number of removed addresses", Show::u8(), "RFC 8684, 3.4.2";
    /// No algorithm is named.
    NO_ALGORITHM = "mptcp.connection.missing_algorithm", "No crypto algorithm specified", Show::expert(Severity::Warn, Area::Protocol), "RFC 8684, 3.1";
    /// The algorithm that everybody has to know is not named.
    OTHER_ALGORITHM = "mptcp.connection.unsupported_algorithm", "Unsupported algorithm", Show::expert(Severity::Warn, Area::Protocol), "RFC 8684, 3.1";
    /// From here on the subflow's bytes are the connection's.
    INFINITE_MAPPING = "mptcp.dss.infinite_mapping", "Fallback to infinite mapping", Show::expert(Severity::Warn, Area::Protocol), "RFC 8684, 3.7";
}

/// An option of Multipath TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multipath<'a> {
    /// What it says.
    pub subtype: Subtype,
    /// The four bits behind the subtype: a version or flags.
    pub bits: u8,
    /// What follows the first byte.
    pub rest: &'a [u8],
}

impl<'a> Multipath<'a> {
    pub(super) fn parse(body: &'a [u8]) -> Option<Multipath<'a>> {
        let (first, rest) = body.split_first()?;
        Some(Multipath { subtype: Subtype(first >> 4), bits: first & 15, rest })
    }
}

pub(super) static MULTIPATH: OptionType =
    OptionType { emit, ..OptionType::new(OptionKind::MULTIPATH, &GROUP, Lengths::AtLeast(3)) };

/// Whether options hold one of Multipath TCP.
pub(in crate::proto::tcp) fn is_in(options: &[u8]) -> bool {
    let mut rest = options;
    while let Some(kind) = rest.first() {
        let Ok((_, after)) = split(rest) else { return false };
        if *kind == OptionKind::MULTIPATH.0 {
            return true;
        }
        rest = after;
    }
    false
}

/// Takes pieces off the front of an option's body and adds them.
struct Pieces<'a> {
    /// The whole body, for sentences.
    body: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Pieces<'a> {
    /// Takes so many bytes; nothing, with a malformed node, when they are not there.
    fn take(&mut self, cx: &mut Cx<'_>, field: &'static Field, size: usize) -> Option<&'a [u8]> {
        let Some((own, rest)) = self.rest.split_at_checked(size) else {
            let offset = self.body.len() - self.rest.len();
            cx.malformed(self.body, Malformed::short(field, offset, size, self.rest.len()));
            self.rest = &[];
            return None;
        };
        self.rest = rest;
        Some(own)
    }
    /// Takes a number of so many bytes, up to 8, and adds it.
    fn number(&mut self, cx: &mut Cx<'_>, field: &'static Field, size: usize) -> Option<u64> {
        let own = self.take(cx, field, size)?;
        let value = number(own);
        cx.leaf(field, own, value);
        Some(value)
    }
}

fn emit(cx: &mut Cx<'_>, place: Place<'_>) {
    let body = place.body();
    let (Some(option), Some((first, rest))) = (Multipath::parse(body), body.split_at_checked(1)) else {
        return;
    };
    let head = u64::from(option.subtype.0 << 4 | option.bits);
    cx.bits(&SUBTYPE, first, head);
    let pieces = &mut Pieces { body, rest };
    let done = match option.subtype {
        Subtype::CAPABLE => emit_capable(cx, first, option.bits, pieces),
        Subtype::JOIN => emit_join(cx, body, pieces),
        Subtype::DATA_SEQUENCE_SIGNAL => emit_signal(cx, pieces),
        Subtype::ADD_ADDRESS => emit_address(cx, first, option.bits, pieces),
        Subtype::REMOVE_ADDRESS => {
            cx.generated(&REMOVED, first, rest.len() as u64);
            while !pieces.rest.is_empty() {
                pieces.number(cx, &ADDRESS_ID, 1);
            }
            Some(())
        }
        Subtype::PRIORITY => {
            cx.group_with(&FLAGS, first, head, |cx| cx.bits(&BACKUP, first, head));
            if !rest.is_empty() {
                pieces.number(cx, &ADDRESS_ID, 1);
            }
            Some(())
        }
        Subtype::FAIL => {
            emit_reserved(cx, body, pieces).and_then(|()| pieces.number(cx, &DATA_SEQUENCE, 8).map(drop))
        }
        Subtype::FAST_CLOSE => {
            emit_reserved(cx, body, pieces).and_then(|()| pieces.number(cx, &RECEIVER_KEY, 8).map(drop))
        }
        Subtype::RESET => {
            cx.group_with(&FLAGS, first, head, |cx| {
                cx.flags(&[&FLAG_U, &FLAG_V, &FLAG_W, &TRANSIENT], first, head);
            });
            pieces.number(cx, &RESET_REASON, 1).map(drop)
        }
        _ => return,
    };
    if done.is_some() && !pieces.rest.is_empty() {
        cx.expert(&INVALID_LENGTH, pieces.rest);
    }
}

/// The 12 reserved bits behind some subtypes.
fn emit_reserved<'a>(cx: &mut Cx<'_>, body: &'a [u8], pieces: &mut Pieces<'a>) -> Option<()> {
    let byte = *pieces.take(cx, &RESERVED, 1)?.first()?;
    let bits = u64::from(body.first()? & 15) << 8 | u64::from(byte);
    cx.bits(&RESERVED, body.get(..2)?, bits);
    Some(())
}

/// RFC 8684, 3.1: which parts are there shows in the length.
fn emit_capable(cx: &mut Cx<'_>, first: &[u8], version: u8, pieces: &mut Pieces<'_>) -> Option<()> {
    cx.bits(&VERSION, first, version.into());
    let byte = pieces.take(cx, &FLAGS, 1)?;
    let flags = u64::from(*byte.first()?);
    let (fields, algorithms): (&[&'static Field], u64) = match version {
        0 => (&[&CHECKSUM_REQUIRED, &EXTENSIBILITY, &SHA1, &RESERVED_FLAGS_0], 0x3f),
        _ => (&[&CHECKSUM_REQUIRED, &EXTENSIBILITY, &NO_MORE_SUBFLOWS, &SHA256, &RESERVED_FLAGS_1], 0x1f),
    };
    cx.group_with(&FLAGS, byte, flags, |cx| {
        cx.flags(fields, byte, flags);
        if flags & algorithms == 0 {
            cx.expert(&NO_ALGORITHM, byte);
        }
        if flags & 1 == 0 {
            cx.expert(&OTHER_ALGORITHM, byte);
        }
    });
    let right: &[usize] = if version == 0 { &[8, 16] } else { &[0, 8, 16, 18, 20] };
    if !right.contains(&pieces.rest.len()) {
        return Some(());
    }
    for (field, size) in [(&SENDER_KEY, 8), (&RECEIVER_KEY, 8), (&DATA_LENGTH, 2), (&CHECKSUM, 2)] {
        if !pieces.rest.is_empty() {
            pieces.number(cx, field, size)?;
        }
    }
    Some(())
}

/// RFC 8684, 3.2: SYN, SYN/ACK and third ACK differ in their lengths.
fn emit_join<'a>(cx: &mut Cx<'_>, body: &'a [u8], pieces: &mut Pieces<'a>) -> Option<()> {
    let first = body.get(..1)?;
    let head = u64::from(*body.first()?);
    match body.len() {
        10 | 14 => {
            cx.group_with(&FLAGS, first, head, |cx| cx.bits(&BACKUP, first, head));
            pieces.number(cx, &ADDRESS_ID, 1)?;
            match body.len() {
                10 => pieces.number(cx, &RECEIVER_TOKEN, 4)?,
                _ => pieces.number(cx, &SENDER_SHORT_HMAC, 8)?,
            };
            pieces.number(cx, &SENDER_RANDOM, 4).map(drop)
        }
        22 => {
            emit_reserved(cx, body, pieces)?;
            let code = pieces.take(cx, &SENDER_HMAC, 20)?;
            cx.leaf(&SENDER_HMAC, code, 0);
            Some(())
        }
        _ => Some(()),
    }
}

/// RFC 8684, 3.3: the flags say which parts are there; a checksum shows in the length.
fn emit_signal(cx: &mut Cx<'_>, pieces: &mut Pieces<'_>) -> Option<()> {
    let byte = pieces.take(cx, &FLAGS, 1)?;
    let flags = u64::from(*byte.first()?);
    cx.group_with(&FLAGS, byte, flags, |cx| {
        cx.flags(&[&DATA_FIN, &LONG_SEQUENCE, &MAPPING_PRESENT, &LONG_ACK, &ACK_PRESENT], byte, flags);
    });
    let size = |long: &'static Field| if flags & long.show.mask != 0 { 8 } else { 4 };
    if flags & ACK_PRESENT.show.mask != 0 {
        pieces.number(cx, &DATA_ACK, size(&LONG_ACK))?;
    }
    if flags & MAPPING_PRESENT.show.mask != 0 {
        pieces.number(cx, &DATA_SEQUENCE, size(&LONG_SEQUENCE))?;
        pieces.number(cx, &SUBFLOW_SEQUENCE, 4)?;
        let length = pieces.rest;
        if pieces.number(cx, &DATA_LENGTH, 2)? == 0 {
            cx.expert(&INFINITE_MAPPING, length.get(..2)?);
        }
        if !pieces.rest.is_empty() {
            pieces.number(cx, &CHECKSUM, 2)?;
        }
    }
    Some(())
}

/// RFC 8684, 3.4.1, and RFC 6824, 3.4.1, where the address's version stands in place of the flags. The length says
/// whether the address is of IPv4, and whether a port and a code follow it.
fn emit_address(cx: &mut Cx<'_>, first: &[u8], bits: u8, pieces: &mut Pieces<'_>) -> Option<()> {
    let old = matches!(bits, 4 | 6);
    cx.bits(if old { &IP_VERSION } else { &ECHO }, first, bits.into());
    pieces.number(cx, &ADDRESS_ID, 1)?;
    let size = pieces.rest.len();
    match size {
        4 | 6 | 12 | 14 => drop(pieces.number(cx, &IPV4, 4)?),
        16 | 18 | 24 | 26 => {
            let address = pieces.take(cx, &IPV6, 16)?;
            cx.leaf(&IPV6, address, 0);
        }
        _ => {
            cx.expert(&INVALID_LENGTH, pieces.body);
            return None;
        }
    }
    if matches!(pieces.rest.len(), 2 | 10) {
        pieces.number(cx, &PORT, 2)?;
    }
    if !pieces.rest.is_empty() {
        pieces.number(cx, &ADDRESS_HMAC, 8)?;
    }
    Some(())
}

fn write(item: Item<'_>, out: &mut Out) {
    if let Some(subtype) = item.number(&SUBTYPE) {
        out.str(": ").str(SUBTYPES.name_or_unknown(subtype));
    }
}
