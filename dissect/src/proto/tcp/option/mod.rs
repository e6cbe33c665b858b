//! Options, RFC 9293, 3.1 and 3.2. To add one: write its file with an [`OptionType`], then a line in [`OPTIONS`] and
//! one for its fields in the protocol. A variant of [`TcpOption`] gives it a typed value.

pub mod accurate_ecn;
pub mod authentication;
pub mod echo;
pub mod experimental;
pub mod fast_open;
pub mod multipath;
pub mod padding;
pub mod quick_start;
pub mod riverbed;
pub mod sack;
pub mod scps;
pub mod segment_size;
pub mod timestamps;
pub mod transaction;
pub mod user_timeout;
mod value;
pub mod window_scale;

pub use value::{Options, TcpOption};

use super::{Flags, Header};
use crate::tree::Item;
use crate::{Area, Cx, Fault, Field, Malformed, Out, Severity, Show, codes, fields};

codes! {
    /// The kind of an option: IANA's TCP Option Kind Numbers.
    pub OptionKind: u8, OPTION_KINDS, "Unknown" {
        /// The list of options ends.
        END_OF_LIST = 0, "End of Option List";
        /// Nothing: fills up to a word.
        NO_OPERATION = 1, "No-Operation";
        /// The largest segment the sender takes.
        MAXIMUM_SEGMENT_SIZE = 2, "Maximum Segment Size";
        /// How far windows are shifted.
        WINDOW_SCALE = 3, "Window Scale";
        /// The sender understands selective acknowledgments.
        SACK_PERMITTED = 4, "SACK Permitted";
        /// Selective acknowledgment.
        SACK = 5, "SACK";
        /// Asks for an echo.
        ECHO = 6, "Echo";
        /// The echo.
        ECHO_REPLY = 7, "Echo Reply";
        /// Timestamps.
        TIMESTAMPS = 8, "Time Stamp Option";
        /// Partial order connection permitted.
        PARTIAL_ORDER_PERMITTED = 9, "Partial Order Connection Permitted";
        /// Partial order service profile.
        PARTIAL_ORDER_PROFILE = 10, "Partial Order Service Profile";
        /// Connection count.
        CC = 11, "CC";
        /// A connection count that begins anew.
        CC_NEW = 12, "CC.NEW";
        /// The connection count of the other side.
        CC_ECHO = 13, "CC.ECHO";
        /// Asks for another checksum.
        ALTERNATE_CHECKSUM_REQUEST = 14, "TCP Alternate Checksum Request";
        /// The other checksum.
        ALTERNATE_CHECKSUM_DATA = 15, "TCP Alternate Checksum Data";
        /// Skeeter.
        SKEETER = 16, "Skeeter";
        /// Bubba.
        BUBBA = 17, "Bubba";
        /// A checksum behind the data.
        TRAILER_CHECKSUM = 18, "Trailer Checksum Option";
        /// MD5 signature.
        MD5_SIGNATURE = 19, "MD5 Signature Option";
        /// Capabilities for satellite links.
        SCPS_CAPABILITIES = 20, "SCPS Capabilities";
        /// Selective negative acknowledgment.
        SNACK = 21, "Selective Negative Acknowledgements";
        /// Where records end.
        RECORD_BOUNDARIES = 22, "Record Boundaries";
        /// Bytes were corrupted.
        CORRUPTION_EXPERIENCED = 23, "Corruption experienced";
        /// SNAP.
        SNAP = 24, "SNAP";
        /// Not assigned; released.
        UNASSIGNED = 25, "Unassigned";
        /// Compression filter.
        COMPRESSION_FILTER = 26, "TCP Compression Filter";
        /// The answer to a Quick-Start request.
        QUICK_START_RESPONSE = 27, "Quick-Start Response";
        /// How long unacknowledged data is waited for.
        USER_TIMEOUT = 28, "User Timeout Option";
        /// Authentication.
        AUTHENTICATION = 29, "The TCP Authentication Option";
        /// Multipath TCP.
        MULTIPATH = 30, "Multipath TCP";
        /// Fast Open.
        FAST_OPEN = 34, "TCP Fast Open Cookie";
        /// Riverbed's probe; not assigned by IANA.
        RIVERBED_PROBE = 76, "Riverbed Probe";
        /// Riverbed's transparency; not assigned by IANA.
        RIVERBED_TRANSPARENCY = 78, "Riverbed Transparency";
        /// Counters of accurate ECN, ECT(0) first.
        ACCURATE_ECN_0 = 172, "Accurate ECN Order 0";
        /// Counters of accurate ECN, ECT(1) first.
        ACCURATE_ECN_1 = 174, "Accurate ECN Order 1";
        /// For experiments.
        EXPERIMENT_1 = 253, "RFC3692-style Experiment 1";
        /// For experiments.
        EXPERIMENT_2 = 254, "RFC3692-style Experiment 2";
    }
}

fields! {
    /// The options.
    pub(super) OPTIONS_FIELD = "tcp.options", "Options", Show::bytes().write_parts(write_options), "RFC 9293, 3.1";
    /// The kind of an option.
    pub(super) KIND = "tcp.option_kind", "Kind", Show::u8().codes(&OPTION_KINDS), "RFC 9293, 3.1";
    /// The length of an option with its kind and this length.
    pub(super) LENGTH = "tcp.option_len", "Length", Show::u8(), "RFC 9293, 3.1";
    /// An option that this dissector does not know.
    UNKNOWN = "tcp.options.unknown", "TCP Option - Unknown", Show::bytes().repeats(), "RFC 9293, 3.1";
    /// What an unknown option holds.
    UNKNOWN_PAYLOAD = "tcp.options.unknown.payload", "Payload", Show::bytes(), "RFC 9293, 3.1";
    /// An option whose length can't be: the list can't be read any further.
    IMPOSSIBLE = "tcp.options.impossible", "TCP Option with an impossible length", Show::bytes(), "RFC 9293, 3.2";
    /// The length of an option is wrong for its kind, below 2, or beyond the header.
    pub(super) INVALID_LENGTH = "tcp.option.len.invalid", "Invalid length for option", Show::expert(Severity::Note, Area::Sequence), "RFC 9293, 3.1";
}

/// Which lengths an option of a kind may have, kind and length bytes included.
#[derive(Clone, Copy, Debug)]
pub enum Lengths {
    /// One byte: the kind alone, without a length.
    Single,
    /// Just this one.
    Exactly(u8),
    /// This one or more.
    AtLeast(u8),
    /// One of these.
    OneOf(&'static [u8]),
}

impl Lengths {
    /// Whether an option of so many bytes is right.
    #[inline]
    pub fn allow(self, length: usize) -> bool {
        match self {
            Lengths::Single => length == 1,
            Lengths::Exactly(right) => length == usize::from(right),
            Lengths::AtLeast(least) => length >= usize::from(least),
            Lengths::OneOf(rights) => rights.iter().any(|right| length == usize::from(*right)),
        }
    }
}

/// An option as the functions of its type are given it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The option's bytes, from its kind.
    pub bytes: &'a [u8],
    /// The header of its segment.
    pub header: &'a Header,
    /// The number from which the other side's sequence numbers are counted; 0 where the connection is not known.
    pub base: u32,
}

impl<'a> Place<'a> {
    /// What stands behind kind and length.
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(2..).unwrap_or(&[])
    }
    /// The option's kind.
    #[inline]
    pub fn kind(&self) -> OptionKind {
        OptionKind(self.bytes.first().copied().unwrap_or(0))
    }
}

/// Adds the nodes of an option's body, which has one of the allowed lengths.
pub type Emit = fn(&mut Cx<'_>, Place<'_>);

/// Writes an option's part of the summary line.
pub type WriteLine = fn(&mut Out, Place<'_>);

/// A kind of option: how it is read and shown.
#[derive(Debug)]
pub struct OptionType {
    /// Its kind.
    pub kind: OptionKind,
    /// The group its nodes stand in.
    pub group: &'static Field,
    /// Which lengths it may have.
    pub lengths: Lengths,
    /// Adds the nodes of its body.
    pub emit: Emit,
    /// Writes its part of the summary line.
    pub line: WriteLine,
}

impl OptionType {
    /// An option that has nothing behind its length and nothing in the summary line; the rest is set by struct update.
    pub const fn new(kind: OptionKind, group: &'static Field, lengths: Lengths) -> OptionType {
        OptionType { kind, group, lengths, emit: |_, _| (), line: |_, _| () }
    }
}

/// The known options.
pub static OPTIONS: &[&OptionType] = &[
    &padding::END_OF_LIST,
    &padding::NO_OPERATION,
    &segment_size::MAXIMUM_SEGMENT_SIZE,
    &window_scale::WINDOW_SCALE,
    &sack::PERMITTED,
    &sack::SACK,
    &echo::ECHO,
    &echo::REPLY,
    &timestamps::TIMESTAMPS,
    &transaction::CC,
    &transaction::CC_NEW,
    &transaction::CC_ECHO,
    &authentication::MD5,
    &scps::CAPABILITIES,
    &scps::SNACK,
    &scps::RECORD_BOUNDARY,
    &scps::CORRUPTION,
    &quick_start::RESPONSE,
    &user_timeout::USER_TIMEOUT,
    &authentication::AUTHENTICATION,
    &multipath::MULTIPATH,
    &fast_open::FAST_OPEN,
    &riverbed::PROBE,
    &riverbed::TRANSPARENCY,
    &accurate_ecn::ORDER_0,
    &accurate_ecn::ORDER_1,
    &experimental::EXPERIMENT_1,
    &experimental::EXPERIMENT_2,
];

static OTHER: OptionType = OptionType {
    emit: |cx, place| {
        if !place.body().is_empty() {
            cx.leaf(&UNKNOWN_PAYLOAD, place.body(), 0);
        }
    },
    ..OptionType::new(OptionKind::UNASSIGNED, &UNKNOWN, Lengths::AtLeast(2))
};

/// The types by their kinds, made at compile time.
static BY_KIND: [&OptionType; 256] = by_kind();

const fn by_kind() -> [&'static OptionType; 256] {
    let mut table = [&OTHER; 256];
    let mut at = 0;
    while at < OPTIONS.len() {
        table[OPTIONS[at].kind.0 as usize] = OPTIONS[at];
        at += 1;
    }
    table
}

#[inline]
fn type_of(kind: u8) -> &'static OptionType {
    BY_KIND[usize::from(kind)]
}

/// Splits the first option off the rest of the list.
///
/// # Errors
/// When its length is missing, below 2 or beyond the list. The offset counts in the rest.
#[inline]
pub(super) fn split(rest: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let length = match *rest {
        [] => return Err(Malformed::short(&KIND, 0, 1, 0)),
        [0 | 1, ..] => 1,
        [_] => return Err(Malformed::short(&LENGTH, 1, 1, 0)),
        [_, length, ..] => usize::from(length),
    };
    if length == 0 || length == 1 && rest.first().is_some_and(|kind| *kind > 1) {
        return Err(Malformed::value(&LENGTH, 1, "is below the option's own 2 bytes"));
    }
    rest.split_at_checked(length).ok_or(Malformed::short(&OPTIONS_FIELD, 0, length, rest.len()))
}

/// Adds the options, as far as they were captured.
pub(super) fn emit(cx: &mut Cx<'_>, header: &Header, bytes: &[u8], base: u32) {
    cx.group(&OPTIONS_FIELD, bytes, |cx| {
        let (mut rest, mut idle, mut sized) = (bytes, 0, false);
        while let Some(kind) = rest.first() {
            let (own, after) = match split(rest) {
                Ok(split) => split,
                Err(fault) => {
                    let missing = header.length().saturating_sub(Header::LEN + bytes.len());
                    return emit_unfit(cx, rest, fault, missing);
                }
            };
            idle = if *kind == OptionKind::NO_OPERATION.0 { idle + 1 } else { 0 };
            if idle == padding::SUSPICIOUS {
                cx.expert(&padding::MANY_NO_OPERATIONS, bytes);
            }
            sized |= *kind == OptionKind::MAXIMUM_SEGMENT_SIZE.0;
            emit_one(cx, type_of(*kind), Place { bytes: own, header, base });
            rest = after;
            if *kind == OptionKind::END_OF_LIST.0 && rest.first().is_some_and(|next| *next != 0) {
                return padding::emit_rest(cx, rest);
            }
        }
        if bytes.len() + Header::LEN < header.length() {
            emit_end(cx, bytes, Malformed::short(&KIND, bytes.len(), 1, 0));
        } else if header.flags().contains(Flags::SYN) && !sized {
            cx.expert(&segment_size::ABSENT, bytes);
        }
    });
}

fn emit_one(cx: &mut Cx<'_>, of: &'static OptionType, place: Place<'_>) {
    cx.group(of.group, place.bytes, |cx| {
        cx.leaf(&KIND, place.bytes.get(..1).unwrap_or(&[]), place.kind().0.into());
        if let Some(length) = place.bytes.get(1..2) {
            let right = of.lengths.allow(place.bytes.len());
            cx.group_with(&LENGTH, length, place.bytes.len() as u64, |cx| {
                if !right {
                    cx.expert(&INVALID_LENGTH, length);
                }
            });
            if !right {
                return;
            }
        }
        (of.emit)(cx, place);
    });
}

/// Adds an option that does not fit into the rest of the list, of which the capture misses so many bytes.
fn emit_unfit(cx: &mut Cx<'_>, rest: &[u8], fault: Malformed, missing: usize) {
    let cut = match fault.fault {
        Fault::Short { needed, left } => needed as usize <= left as usize + missing,
        Fault::Value(_) => false,
    };
    if !cut {
        let head = rest.get(..2).unwrap_or(rest);
        cx.group(&IMPOSSIBLE, head, |cx| cx.expert(&INVALID_LENGTH, head));
        return;
    }
    let kind = rest.first().copied().unwrap_or(0);
    cx.group(type_of(kind).group, rest, |cx| {
        cx.leaf(&KIND, rest.get(..1).unwrap_or(&[]), kind.into());
        if let [_, length, ..] = rest {
            cx.leaf(&LENGTH, rest.get(1..2).unwrap_or(&[]), (*length).into());
        }
        emit_end(cx, rest, fault);
    });
}

/// Says that the options end early. Quotes end early by design.
fn emit_end(cx: &mut Cx<'_>, rest: &[u8], fault: Malformed) {
    if !cx.quoted {
        cx.malformed(rest, fault);
    }
}

/// Writes the options' part of the summary line.
pub(super) fn write_line(out: &mut Out, header: &Header, bytes: &[u8], base: u32) {
    let mut rest = bytes;
    while let Some(kind) = rest.first() {
        let Ok((own, after)) = split(rest) else { return };
        let of = type_of(*kind);
        if of.lengths.allow(own.len()) {
            (of.line)(out, Place { bytes: own, header, base });
        }
        if *kind == OptionKind::END_OF_LIST.0 {
            return;
        }
        rest = after;
    }
}

fn write_options(item: Item<'_>, out: &mut Out) {
    out.byte(b'(').tell_size(item).str(" bytes)");
    out.sees_all(item);
    for option in item.children().filter(|item| item.node.field.show.expert.is_none()) {
        let label = option.node.field.label;
        out.str(", ").str(label.strip_prefix("TCP Option - ").unwrap_or(label));
    }
}
