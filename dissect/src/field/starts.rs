//! The lines of a field as far as they are known when the program is built: how they begin, and how the value is written.

use super::{Base, Field, Kind, Reads, Show};

/// The constant pieces of a field's lines in each output, and which kind of line it is.
#[derive(Debug)]
pub struct Starts {
    /// What tells names apart: a hash of the name, as one name may be several fields. Zero without the feature `prepared`.
    key: u64,
    /// How its value is written.
    pub(crate) plan: Plan,
    /// How many hexadecimal digits a number has.
    pub(crate) digits: u8,
    /// Whether its label, words, unit and names of values have no sign that means something in XML.
    pub(crate) plain: bool,
    /// What of its lines belongs to the shape of a packet.
    pub(crate) sort: Sort,
    /// Which bits of the value belong to the shape: all or none.
    pub(crate) counts: u64,
    /// Whether its nodes have nearly always the same size.
    pub(crate) sized: bool,
    /// `Label: `, or `Label` where no value follows.
    pub text: Start<64>,
    /// `"name":`
    pub json: Start<64>,
    /// `<field name="name" showname="`
    pub pdml: Start<80>,
}

/// How a value is written, decided at compile time, so that a line costs one branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// A group: the label alone.
    Label,
    /// What has a writer for the text behind the label.
    Written,
    /// Text.
    Text,
    /// A number in decimal, perhaps with a unit.
    Dec,
    /// A number in hexadecimal, perhaps with a unit.
    Hex,
    /// A number in hexadecimal and in decimal.
    HexDec,
    /// A number in decimal and in hexadecimal.
    DecHex,
    /// A number in decimal with a name.
    DecName,
    /// A number in hexadecimal with a name.
    HexName,
    /// True or false: the prepared words.
    Flag,
    /// An IPv4 address.
    Ipv4,
    /// A hardware address.
    Ether,
    /// Bytes.
    Bytes,
    /// A length of time.
    Time,
    /// A moment.
    Moment,
    /// Anything else: by way of the general writer.
    Other,
}

/// The room of a prepared text.
#[cfg(feature = "prepared")]
type Row<const N: usize> = [u8; N];
/// Nothing is prepared: the texts' pieces are put together when they are written.
#[cfg(not(feature = "prepared"))]
type Row<const N: usize> = [u8; 0];

/// A constant text in a row of fixed size, which is copied whole and then cut: that needs no loop. Without the feature
/// `prepared` it is only known how long it is.
#[derive(Debug)]
pub struct Start<const N: usize> {
    pub(crate) row: Row<N>,
    pub(crate) len: u8,
    /// Whether the text is longer than the row, which then holds its begin.
    pub(crate) cut: bool,
    /// Whether it has no sign that means something in XML.
    pub(crate) plain: bool,
}

impl<const N: usize> Start<N> {
    /// The texts one after the other.
    const fn of(texts: &[&str]) -> Start<N> {
        let (mut row, mut len, mut cut, mut text): (Row<N>, _, _, _) = ([b' '; _], 0, false, 0);
        let mut plain = true;
        while text < texts.len() {
            let bytes = texts[text].as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                if len < N {
                    plain &= !matches!(bytes[at], b'<' | b'>' | b'&' | b'"');
                    if len < row.len() {
                        row[len] = bytes[at];
                    }
                    len += 1;
                } else {
                    cut = true;
                }
                at += 1;
            }
            text += 1;
        }
        Start { row, len: len as u8, cut, plain }
    }
    /// The text, as far as it fits.
    pub fn as_bytes(&self) -> &[u8] {
        self.row.get(..usize::from(self.len)).unwrap_or(&self.row)
    }
}

impl Starts {
    /// Prepares a field's lines.
    #[doc(hidden)]
    pub const fn new(name: &str, label: &str, show: Show) -> Starts {
        let text = Start::of(&[label, show.colon()]);
        let json = Start::of(&["\"", name, "\":"]);
        let pdml = Start::of(&["<field name=\"", name, "\" showname=\""]);
        let plan = match Plan::of(&show) {
            // What does not fit a row is rare enough for the general writer.
            _ if text.cut || json.cut || pdml.cut => Plan::Other,
            Plan::Flag if Starts::words(label, show)[0].cut || Starts::words(label, show)[1].cut => {
                Plan::Other
            }
            plan => plan,
        };
        let [no, yes] = Starts::words(label, show);
        let plain = text.plain && no.plain && yes.plain && show.has_plain_names();
        let (sort, sized) = (plan.sort(&show), plan.is_sized(&show));
        let counts = if matches!(sort, Sort::Same) { u64::MAX } else { 0 };
        let key = if cfg!(feature = "prepared") { hash(name) } else { 0 };
        Starts { key, plan, digits: show.digits(), plain, sort, counts, sized, text, json, pdml }
    }
    /// The lines of a flag.
    #[doc(hidden)]
    pub const fn words(label: &str, show: Show) -> [Start<128>; 2] {
        [Start::of(&[label, ": ", show.word(0)]), Start::of(&[label, ": ", show.word(1)])]
    }
}

/// Whether text has no sign that means something in XML.
pub(super) const fn is_plain(text: &str) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        if matches!(bytes[at], b'<' | b'>' | b'&' | b'"') {
            return false;
        }
        at += 1;
    }
    true
}

/// FNV-1a, 64 bits.
const fn hash(text: &str) -> u64 {
    let (mut sum, mut at) = (0xcbf2_9ce4_8422_2325, 0);
    while at < text.len() {
        sum = (sum ^ text.as_bytes()[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    sum
}

impl Field {
    /// What tells names apart, as one name may be several fields.
    #[inline(always)]
    pub fn key(&self) -> u64 {
        if cfg!(feature = "prepared") { self.starts.key } else { hash(self.name) }
    }
}

impl Plan {
    const fn of(show: &Show) -> Plan {
        if show.expert.is_some() || show.unit.len() > 32 {
            return Plan::Other;
        }
        if show.write.is_some() {
            return Plan::Written;
        }
        match show.kind {
            Kind::Text => Plan::Text,
            Kind::None | Kind::Protocol => Plan::Label,
            Kind::Boolean => Plan::Flag,
            Kind::Unsigned(_) => match (show.base, show.codes.is_some()) {
                (Base::Dec, false) => Plan::Dec,
                (Base::Hex, false) => Plan::Hex,
                (Base::HexDec, false) => Plan::HexDec,
                (Base::DecHex, false) => Plan::DecHex,
                (Base::Dec | Base::DecHex, true) => Plan::DecName,
                (Base::Hex | Base::HexDec, true) => Plan::HexName,
                _ => Plan::Other,
            },
            Kind::Packet => Plan::Dec,
            Kind::Ipv4 => Plan::Ipv4,
            Kind::Ether => Plan::Ether,
            Kind::Bytes => Plan::Bytes,
            Kind::Duration => Plan::Time,
            Kind::Moment => Plan::Moment,
            _ => Plan::Other,
        }
    }
}

/// What of a field's lines belongs to the shape of a packet, in which packets are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The value too: names, flags.
    Same,
    /// The value differs: numbers, addresses, text.
    Varies,
}

impl Plan {
    const fn sort(self, show: &Show) -> Sort {
        match self {
            Plan::Written if matches!(show.reads, Reads::Value) => Sort::Same,
            Plan::Label | Plan::Flag | Plan::DecName | Plan::HexName => Sort::Same,
            _ if show.mask != 0 || show.few => Sort::Same,
            _ => Sort::Varies,
        }
    }
    /// Whether nodes of this kind have nearly always the same size.
    const fn is_sized(self, show: &Show) -> bool {
        !matches!(self, Plan::Label | Plan::Text | Plan::Bytes)
            && match (self, show.kind) {
                (Plan::Written, Kind::None | Kind::Protocol | Kind::Bytes | Kind::Text) => false,
                (Plan::Written, _) => !matches!(show.reads, Reads::Anything),
                _ => true,
            }
    }
}
