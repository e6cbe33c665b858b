//! Who carries whom: tables that carriers look in, and the claims of protocols on them.

use crate::{Cx, Field, State, report};
use std::ops::RangeInclusive;

/// A way to find the next protocol: `udp.port`, `ip.proto`, `media_type`. Its address is its identity.
#[derive(Debug)]
pub struct Table {
    /// Wireshark's name where it has the table.
    pub name: &'static str,
    /// What its keys are.
    pub doc: &'static str,
}

impl Table {
    /// Whether it stands for every table.
    pub(crate) fn is_any(&self) -> bool {
        std::ptr::eq(self, &raw const ANY)
    }
}

/// Stands for every table: for protocols that do not say where they look.
pub static ANY: Table = Table { name: "any", doc: "any table" };
static ANYWHERE: [&Table; 1] = [&ANY];

/// What a protocol claims in a carrier's table.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    /// A number: a port, a protocol number, a payload protocol identifier.
    Number(&'static Table, u32),
    /// A text, compared without regard to ASCII case: a media type. `multipart/*` claims the types of `multipart` that
    /// nobody claims by name.
    Text(&'static Table, &'static str),
    /// A look at the content. Looks are tried in ascending order, when no key is claimed; they must be sure.
    Content(&'static Table, u8, Look),
    /// It comes where another protocol [said](Cx::expect) so: what SDP negotiates.
    Expected(&'static Table),
}

/// Where the first message of a stream's bytes ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The first message has so many bytes: never 0, never more than there are.
    Whole(usize),
    /// The first message goes on behind what there is. So many bytes are missing for certain, where that is known; else 0.
    More(usize),
    /// The bytes are not this protocol's.
    Other,
}

/// Finds where the first message of a stream's bytes ends, for a protocol that streams such as TCP carry.
pub type Framing = fn(&[u8]) -> Frame;

/// Decides by the content alone whether bytes are this protocol's. The context gives ports and addresses.
pub type Look = fn(&Cx<'_>, &[u8]) -> bool;

/// Walks a protocol's bytes: the same walk learns, dissects and writes the summary line. Answers `false`, having said
/// nothing, when the bytes are not this protocol's after all.
pub type Walk = fn(&mut Cx<'_>, &[u8]) -> bool;

/// A protocol: its names, its fields, its claims and its walk. Registered in `proto/mod.rs`, or by the caller of
/// [`Dissector::new`](crate::Dissector::new).
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each says something else")]
pub struct Protocol {
    /// The filter name: `sctp`.
    pub name: &'static str,
    /// The name in the protocol column: `SCTP`.
    pub title: &'static str,
    /// What it stands for: `Stream Control Transmission Protocol`.
    pub long: &'static str,
    /// Where it is specified: `RFC 9260`.
    pub reference: &'static str,
    /// What it claims in the tables of its carriers.
    pub claims: &'static [Claim],
    /// Its walk.
    pub walk: Walk,
    /// Its fields, a list for each file that declares some.
    pub fields: &'static [&'static [&'static Field]],
    /// Lists of other protocols' fields that it adds too: padding, extensions that two share.
    pub borrows: &'static [&'static [&'static Field]],
    /// Lists of those of its fields that it always reads from the packet alone: with whatever memory, they have the same
    /// values, and stand there as often. Who reads no others need not have this protocol learn.
    pub alone: &'static [&'static [&'static Field]],
    /// All the tables it looks in for whom it carries; with [`ANY`] among them, any. Learning skips a protocol that
    /// remembers nothing and can't lead to one that does.
    pub tables: &'static [&'static Table],
    /// What it keeps between packets, if anything.
    pub state: Option<fn() -> Box<dyn State>>,
    /// Who else is told something of what it keeps, or learns by it; `None` if that may be anybody, or if its summary line
    /// tells something of it while it learns.
    pub audience: Option<&'static [&'static Protocol]>,
    /// Whether it says what will come elsewhere ([`Cx::expect`]).
    pub announces: bool,
    /// Whether its walk learns all that it will before it shows any of it: then one walk may do both.
    pub learns_first: bool,
    /// The reports it makes of what it keeps.
    pub reports: &'static [&'static report::Kind],
    /// The statistics it makes of what it keeps.
    pub statistics: &'static [&'static report::Statistic],
    /// How a stream is cut into its messages. Without it each segment is one.
    pub framing: Option<Framing>,
    /// Whether its walk takes many such messages at once, one behind the other.
    pub many: bool,
}

impl Protocol {
    /// A protocol with the given names, walk and fields: the rest is set by struct update.
    ///
    /// ```
    /// use dissect::{Claim, Cx, Field, Protocol, proto};
    /// fn walk(_: &mut Cx<'_>, _: &[u8]) -> bool { true }
    /// static TOY: Protocol = Protocol {
    ///     claims: &[Claim::Number(&proto::udp::PORTS, 7777)],
    ///     ..Protocol::new("toy", "TOY", "Toy Protocol", "RFC 9999", walk, &[])
    /// };
    /// assert!(TOY.state.is_none());
    /// ```
    pub const fn new(
        name: &'static str,
        title: &'static str,
        long: &'static str,
        reference: &'static str,
        walk: Walk,
        fields: &'static [&'static [&'static Field]],
    ) -> Protocol {
        Protocol {
            name,
            title,
            long,
            reference,
            claims: &[],
            walk,
            fields,
            borrows: &[],
            alone: &[],
            tables: &ANYWHERE,
            state: None,
            audience: None,
            announces: false,
            learns_first: false,
            reports: &[],
            statistics: &[],
            framing: None,
            many: false,
        }
    }
}

impl Protocol {
    /// Whether what it learns in a packet has to be learnt before it is shown, in a walk of its own.
    pub(crate) fn learns_apart(&self) -> bool {
        (self.state.is_some() || self.announces) && !self.learns_first
    }
}

impl Claim {
    pub(crate) fn table(&self) -> &'static Table {
        match self {
            Claim::Number(table, _)
            | Claim::Text(table, _)
            | Claim::Content(table, ..)
            | Claim::Expected(table) => table,
        }
    }
}

/// A protocol that the user chose for some keys.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) table: &'static Table,
    pub(crate) keys: RangeInclusive<u32>,
    /// The protocol's index.
    pub(crate) protocol: u16,
}

/// Which protocols learning walks: those that remember, by their index, or announce, and those that may carry one of them.
pub(crate) fn learners(
    protocols: &[&'static Protocol],
    chosen: &[Chosen],
    remembers: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let looks_anywhere = |one: &Protocol| one.tables.iter().any(|table| address(table) == address(&ANY));
    let own = |(at, one): (usize, &&'static Protocol)| remembers(at) || one.announces || looks_anywhere(one);
    let mut learns: Vec<bool> = protocols.iter().enumerate().map(own).collect();
    loop {
        let chosen = chosen.iter().filter(|one| learns.get(usize::from(one.protocol)) == Some(&true));
        let claimed: Vec<usize> = protocols
            .iter()
            .zip(&learns)
            .filter(|(_, learns)| **learns)
            .flat_map(|(one, _)| one.claims.iter().map(|claim| address(claim.table())))
            .chain(chosen.map(|one| address(one.table)))
            .collect();
        let mut changed = false;
        for (one, learns) in protocols.iter().zip(&mut learns) {
            let leads = one.tables.iter().any(|table| claimed.contains(&address(table)));
            changed |= leads && !*learns;
            *learns |= leads;
        }
        if !changed {
            return learns;
        }
    }
}

/// The tables in which a protocol that learning walks claims a text, by their addresses.
pub(crate) fn leading(protocols: &[&'static Protocol], learners: &[bool]) -> Vec<usize> {
    let learning = protocols.iter().zip(learners).filter(|(_, learns)| **learns);
    let claims = learning.flat_map(|(one, _)| one.claims);
    let mut tables: Vec<usize> = claims
        .filter_map(|claim| if let Claim::Text(table, _) = claim { Some(address(table)) } else { None })
        .collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

/// The claims of all registered protocols, for look-up. Built once.
#[derive(Debug)]
pub(crate) struct Claims {
    numbers: Vec<(usize, u32, u16)>,
    /// Each table's in a row.
    texts: Vec<(usize, &'static str, u16)>,
    /// Of a table the first and the end of its texts, and whether one stands for others.
    rows: Vec<(usize, usize, usize, bool)>,
    contents: Vec<(usize, u8, Look, u16)>,
}

impl Claims {
    pub(crate) fn new(protocols: &[&'static Protocol]) -> Claims {
        let count: usize = protocols.iter().map(|protocol| protocol.claims.len()).sum();
        let mut claims = Claims {
            numbers: vec![(0, 0, 0); (count * 4).next_power_of_two().max(64)],
            texts: Vec::new(),
            rows: Vec::new(),
            contents: Vec::new(),
        };
        for (index, protocol) in protocols.iter().enumerate() {
            for claim in protocol.claims {
                match *claim {
                    Claim::Number(table, key) => claims.add_number(table, key, index as u16),
                    Claim::Text(table, key) => claims.texts.push((address(table), key, index as u16)),
                    Claim::Content(table, order, look) => {
                        claims.contents.push((address(table), order, look, index as u16));
                    }
                    Claim::Expected(_) => {}
                }
            }
        }
        claims.contents.sort_by_key(|row| row.1);
        claims.texts.sort_by_key(|row| row.0);
        let mut at = 0;
        for same in claims.texts.chunk_by(|a, b| a.0 == b.0) {
            let covers = same.iter().any(|row| row.1.ends_with('*'));
            claims.rows.extend(same.first().map(|row| (row.0, at, at + same.len(), covers)));
            at += same.len();
        }
        claims
    }
    /// Where the search for a key begins, in a table of a power of two of places that is never full.
    #[inline]
    fn slot(&self, table: usize, key: u32) -> usize {
        // Both halves of the product: where the linker puts the tables must not make keys meet.
        let mixed = u128::from(table as u64 ^ u64::from(key).rotate_left(40)) * 0x9E37_79B9_7F4A_7C15;
        ((mixed >> 64) as usize ^ mixed as usize) & (self.numbers.len() - 1)
    }
    fn add_number(&mut self, table: &'static Table, key: u32, index: u16) {
        let mut at = self.slot(address(table), key);
        while let Some(row) = self.numbers.get_mut(at) {
            // A later registration wins, so that a caller's protocol can take a key over.
            if row.0 == 0 || (row.0, row.1) == (address(table), key) {
                *row = (address(table), key, index);
                return;
            }
            at = (at + 1) & (self.numbers.len() - 1);
        }
    }
    #[inline]
    pub(crate) fn number(&self, table: &'static Table, key: u32) -> Option<u16> {
        let table = address(table);
        let mut at = self.slot(table, key);
        loop {
            let row = self.numbers.get(at)?;
            if row.0 == table && row.1 == key {
                return Some(row.2);
            }
            if row.0 == 0 {
                return None;
            }
            at = (at + 1) & (self.numbers.len() - 1);
        }
    }
    /// The texts that are claimed in a table, and whether one stands for others.
    fn texts(&self, table: &'static Table) -> (&[(usize, &'static str, u16)], bool) {
        let row = self.rows.iter().find(|row| row.0 == address(table));
        row.map_or((&[], false), |row| (self.texts.get(row.1..row.2).unwrap_or(&[]), row.3))
    }
    pub(crate) fn text(&self, table: &'static Table, key: &[u8]) -> Option<u16> {
        let same = |row: &&(usize, &'static str, u16)| {
            row.1.len() == key.len() && row.1.as_bytes().eq_ignore_ascii_case(key)
        };
        self.texts(table).0.iter().rev().find(same).map(|row| row.2)
    }
    /// Who claims the media type, else who claims all of its top-level type: `multipart/*`.
    pub(crate) fn media(&self, table: &'static Table, name: &[u8]) -> Option<u16> {
        let (texts, some) = self.texts(table);
        let covers = |row: &&(usize, &'static str, u16)| {
            let top = row.1.strip_suffix('*').unwrap_or("").as_bytes();
            let start = name.get(..top.len()).unwrap_or(&[]);
            !top.is_empty() && start.eq_ignore_ascii_case(top)
        };
        let cover = || texts.iter().rev().filter(|_| some).find(covers).map(|row| row.2);
        self.text(table, name).or_else(cover)
    }
    pub(crate) fn content(&self, from: usize, table: &'static Table) -> Option<(usize, Look, u16)> {
        let rows = self.contents.iter().enumerate().skip(from);
        rows.filter(|(_, row)| row.0 == address(table)).map(|(at, row)| (at, row.2, row.3)).next()
    }
}

pub(crate) fn address(table: &'static Table) -> usize {
    std::ptr::from_ref(table) as usize
}
