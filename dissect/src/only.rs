//! Part of a tree: the protocols that a reader names, and what need not be walked for them.

use crate::table::Table;
use crate::{Claim, Cx, Dissector, Field, Kind, Protocol, proto};
use std::sync::Arc;

/// Which protocols a tree is to hold: [`Dissector::dissect_only`] adds no nodes of others, and does not even walk those
/// that can't lead to one of them.
#[derive(Clone, Debug)]
pub struct Only {
    shown: Vec<bool>,
    skipped: Vec<bool>,
    /// Which may carry one that is shown, however far up.
    leads: Vec<bool>,
    /// For each protocol the fields that are read of it; `None` for all.
    fields: Vec<Option<Vec<&'static Field>>>,
    /// For each protocol which of its lists have one of them.
    lists: Vec<Lists>,
    /// Data that no protocol took.
    pub(crate) data: bool,
    /// Whether nothing is shown of the layers of a [plain frame](crate::proto::ethernet::plain).
    pub(crate) passes: bool,
    /// For each protocol what learning does with it, if it may leave some out.
    lean: Option<Arc<[Lean]>>,
    /// What is read of what each protocol keeps.
    keeps: Vec<Keeps>,
}

/// What learning for a reader of some fields does with a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lean {
    /// It leads to those that are read: what it puts together counts.
    Learn,
    /// It leads to those that are read, by what others may have said of it: then all is to be learnt.
    Unsure,
    /// Nothing that is read depends on what it learns.
    Skip,
}

/// What is read of what a protocol keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// Anything, be it by its [audience](Protocol::audience).
    All,
    /// What its summary lines tell.
    Lines,
    Nothing,
}

impl Only {
    /// The protocols at these places of [`Dissector::protocols`].
    ///
    /// ```
    /// use dissect::capture::{LinkType, Packet};
    /// use dissect::{Dissector, Only, See, Tree};
    /// let bytes = [0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x1e, 0x61, 0x1e, 0x61, 0, 12, 0, 0, 1, 2, 3, 4];
    /// let (dissector, mut tree) = (Dissector::default(), Tree::new());
    /// let udp = dissector.protocols().iter().position(|protocol| protocol.name == "udp").unwrap();
    /// let only = Only::new(&dissector, &[udp]);
    /// dissector.dissect_only(&See::alone(), &Packet::new(LinkType::IPV4, &bytes), &only, &mut tree);
    /// assert_eq!(tree.nodes()[0].field.name, "udp");
    /// assert!(tree.find("ip.src").next().is_none());
    /// ```
    pub fn new(dissector: &Dissector, protocols: &[usize]) -> Only {
        let all = dissector.protocols();
        let shown: Vec<bool> = (0..all.len()).map(|index| protocols.contains(&index)).collect();
        let data =
            all.iter().zip(&shown).any(|(one, shown)| *shown && one.name == proto::data::PROTOCOL.name);
        // Anybody may leave data; otherwise a protocol is needed that is shown, or that carries one that is.
        let mut needed: Vec<bool> = shown.iter().map(|shown| *shown || data).collect();
        loop {
            let carries = |carrier: usize| {
                (0..all.len())
                    .any(|index| needed.get(index) == Some(&true) && dissector.carries(carrier, index))
            };
            let more: Vec<usize> = (0..all.len())
                .filter(|index| needed.get(*index) == Some(&false) && carries(*index))
                .collect();
            if more.is_empty() {
                break;
            }
            more.into_iter().filter_map(|index| needed.get_mut(index).map(|it| *it = true)).count();
        }
        // Who is not needed is skipped, unless a needed one would be asked after it declined.
        let quiet = |carrier: usize| {
            (0..all.len())
                .all(|index| needed.get(index) == Some(&false) || !dissector.carries(carrier, index))
        };
        let skipped = (0..all.len())
            .map(|index| {
                needed.get(index) == Some(&false)
                    && (0..all.len()).all(|carrier| !dissector.carries(carrier, index) || quiet(carrier))
            })
            .collect();
        let leads = (0..all.len()).map(|index| !quiet(index)).collect();
        let mut only = Only {
            shown,
            skipped,
            leads,
            fields: vec![None; all.len()],
            lists: Vec::new(),
            data,
            passes: false,
            lean: None,
            keeps: vec![Keeps::All; all.len()],
        };
        let is_passed = |index: &u16| !only.shows(*index) && !only.skips(*index);
        only.passes = dissector.plain.is_some_and(|layers| layers.iter().all(is_passed));
        only
    }
    /// The protocols that add these fields. Of their other fields some may be left out, where a walk can save work by it.
    pub fn fields(dissector: &Dissector, fields: &[&'static Field]) -> Only {
        let of = |lists: &[&[&'static Field]]| -> Vec<&'static Field> {
            lists.iter().copied().flatten().copied().filter(|field| fields.contains(field)).collect()
        };
        let wanted: Vec<Vec<&Field>> =
            dissector.protocols().iter().map(|one| [of(one.fields), of(one.borrows)].concat()).collect();
        let places: Vec<usize> =
            (0..wanted.len()).filter(|at| wanted.get(*at).is_some_and(|own| !own.is_empty())).collect();
        // A text that no bytes hold is written from other fields.
        let is_written = |field: &&Field| field.show.kind == Kind::Text && field.show.write.is_some();
        let lean = lean(dissector, &wanted);
        let keeps = keeps(dissector, &wanted);
        let lists =
            dissector.protocols().iter().zip(&wanted).map(|(one, own)| Lists::new(one, own)).collect();
        let fields =
            wanted.into_iter().map(|own| Some(own).filter(|own| !own.iter().any(is_written))).collect();
        Only { fields, lists, lean, keeps, ..Only::new(dissector, &places) }
    }
    /// No protocol: for who reads only the summary lines of packets that are learnt from.
    pub fn lines(dissector: &Dissector) -> Only {
        let all = dissector.protocols();
        Only { keeps: keeps(dissector, &vec![Vec::new(); all.len()]), ..Only::new(dissector, &[]) }
    }
    /// Whether a [memory for it](Dissector::memory_for) passes over protocols.
    pub fn is_lean(&self) -> bool {
        self.lean.is_some()
    }
    /// For a memory that passes over no protocol, but still keeps only what is read: what to try next where a lean one
    /// [lacks](crate::Memory::lacks). `None` if that is the whole memory.
    pub fn learning_all(&self) -> Option<Only> {
        let keeps_less = self.lean.is_some() && self.keeps.iter().any(|keeps| *keeps != Keeps::All);
        keeps_less.then(|| Only { lean: None, ..self.clone() })
    }
    /// The same for who reads in a second pass: packets then recall what was noted of them, so that no protocol is passed
    /// over, and none is without a state.
    #[must_use]
    pub fn recalled(&self) -> Only {
        let keeps = self.keeps.iter().map(|keeps| match keeps {
            Keeps::Nothing => Keeps::Lines,
            keeps => *keeps,
        });
        Only { lean: None, keeps: keeps.collect(), ..self.clone() }
    }
    /// What such a memory has of the state of the protocol of this index.
    pub(crate) fn keeps(&self, index: usize) -> Keeps {
        self.keeps.get(index).copied().unwrap_or(Keeps::All)
    }
    /// What such a memory does with each protocol.
    pub(crate) fn lean(&self) -> Option<Arc<[Lean]>> {
        self.lean.clone()
    }
    #[inline]
    pub(crate) fn shows(&self, index: u16) -> bool {
        self.shown.get(usize::from(index)) == Some(&true)
    }
    #[inline]
    pub(crate) fn skips(&self, index: u16) -> bool {
        self.skipped.get(usize::from(index)) == Some(&true)
    }
}

/// Above how many fields a list is looked up.
const LONG_LIST: usize = 8;

/// Which of a protocol's lists of fields have one that is read: an open hash table over their addresses, half empty.
#[derive(Clone, Debug)]
struct Lists(Vec<(usize, usize, bool)>);

impl Lists {
    fn new(protocol: &Protocol, wanted: &[&'static Field]) -> Lists {
        let mut lists = Lists(vec![(0, 0, false); (2 * protocol.fields.len() + 2).next_power_of_two()]);
        for list in protocol.fields.iter().filter(|list| !list.is_empty()) {
            let mut at = lists.place(list);
            while let Some(slot) = lists.0.get_mut(at) {
                if slot.0 == 0 {
                    let has = list.iter().any(|field| wanted.contains(field));
                    *slot = (list.as_ptr() as usize, list.len(), has);
                    break;
                }
                at = (at + 1) & (lists.0.len() - 1);
            }
        }
        lists
    }
    /// Where the search for a list begins.
    fn place(&self, list: &[&'static Field]) -> usize {
        let mixed = (list.as_ptr() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize & (self.0.len() - 1)
    }
    /// Whether a list has a field that is read; `None` if it is none of the protocol's.
    #[inline]
    fn find(&self, list: &[&'static Field]) -> Option<bool> {
        let mut at = self.place(list);
        loop {
            let slot = self.0.get(at)?;
            if (slot.0, slot.1) == (list.as_ptr() as usize, list.len()) {
                return Some(slot.2);
            }
            if slot.0 == 0 {
                return None;
            }
            at = (at + 1) & (self.0.len() - 1);
        }
    }
}

/// What a reader of these fields of each protocol reads of what it keeps: all for a field of its own that does not come from
/// the packet alone, or for any field of those who are told of it.
fn keeps(dissector: &Dissector, wanted: &[Vec<&'static Field>]) -> Vec<Keeps> {
    let read = || dissector.protocols().iter().zip(wanted);
    let keeps = |(one, own): (&&'static Protocol, &Vec<&'static Field>)| {
        let is_alone = own.iter().all(|field| one.alone.iter().any(|list| list.contains(field)));
        let hears = |audience: &[&Protocol]| {
            read()
                .any(|(other, own)| !own.is_empty() && audience.iter().any(|one| std::ptr::eq(*one, *other)))
        };
        match one.audience {
            _ if !is_alone => Keeps::All,
            None => Keeps::Lines,
            Some(audience) if hears(audience) => Keeps::All,
            Some(_) => Keeps::Nothing,
        }
    };
    read().map(keeps).collect()
}

/// What learning can leave out for a reader of these fields of each protocol; `None` if some of them come from memory.
///
/// Fields that are read from packets alone still depend on the way to them. So whoever leads to them learns: IP puts
/// fragments together. Where somebody else may have said who comes next ([`Cx::expect`]), nothing can be left out.
fn lean(dissector: &Dissector, wanted: &[Vec<&'static Field>]) -> Option<Arc<[Lean]>> {
    let all = dissector.protocols();
    let is_alone = |(one, own): (&&'static Protocol, &Vec<&'static Field>)| {
        let expected = one.claims.iter().any(|claim| matches!(claim, Claim::Expected(_)));
        let forgets = one.state.is_none() && !one.announces && !expected;
        forgets || own.iter().all(|field| one.alone.iter().any(|list| list.contains(field)))
    };
    if !all.iter().zip(wanted).all(is_alone) {
        return None;
    }
    let count = all.len();
    let mut leads: Vec<bool> = wanted.iter().map(|own| !own.is_empty()).collect();
    let carries = |carrier: usize, needed: &[bool]| {
        (0..count).any(|index| needed.get(index) == Some(&true) && dissector.carries(carrier, index))
    };
    // All that is read and all that lead to it, and then of these only who leads to another.
    loop {
        let needed = leads.clone();
        for (index, leads) in leads.iter_mut().enumerate() {
            *leads |= carries(index, &needed);
        }
        if needed == leads {
            break;
        }
    }
    let expected = |table: &&'static Table| {
        let mut claims = all.iter().flat_map(|one| one.claims);
        claims.any(|claim| matches!(claim, Claim::Expected(of) if std::ptr::eq(*of, *table)))
    };
    let lean = |index: usize| match all.get(index) {
        Some(one) if carries(index, &leads) => {
            if one.tables.iter().any(|table| table.is_any() || expected(table)) {
                Lean::Unsure
            } else {
                Lean::Learn
            }
        }
        _ => Lean::Skip,
    };
    Some((0..count).map(lean).collect())
}

impl Cx<'_> {
    /// The fields that are read of the protocol being walked; `None` for all.
    fn wanted(&self) -> Option<&[&'static Field]> {
        self.only?.fields.get(usize::from(self.me))?.as_deref()
    }
    /// Whether all there is to say is read.
    #[inline]
    pub(crate) fn wants_all(&self) -> bool {
        self.showing() && self.only.is_none()
    }
    /// Whether one of these fields is read. Without a tree none is. Where adding fields takes work, and nobody reads
    /// them, they can be left out.
    #[inline]
    pub fn wants(&self, fields: &[&'static Field]) -> bool {
        self.showing()
            && self.wanted().is_none_or(|wanted| {
                // Short lists are gone over sooner than looked up.
                let known = if fields.len() > LONG_LIST { self.known(fields) } else { None };
                known.unwrap_or_else(|| wanted.iter().any(|one| fields.contains(one)))
            })
    }
    /// Whether one of the fields of a list is read, if it is one of those of the protocol being walked.
    #[inline(never)]
    fn known(&self, list: &[&'static Field]) -> Option<bool> {
        self.only?.lists.get(usize::from(self.me))?.find(list)
    }
    /// Whether nobody reads what the protocol being walked says, nor what those say that it carries.
    pub fn is_silent(&self) -> bool {
        !self.showing() && !self.has_line() && !self.shows_carried()
    }
    /// Whether the tree is to hold what the protocol being walked carries, however far up.
    pub fn shows_carried(&self) -> bool {
        let leads = |only: &Only| only.data || only.leads.get(usize::from(self.me)) == Some(&true);
        self.dissecting() && self.only.is_none_or(leads)
    }
    /// Whether fields of this protocol are read that are in none of these lists.
    pub fn wants_beyond(&self, lists: &[&[&'static Field]]) -> bool {
        let listed = |field: &&'static Field| lists.iter().any(|list| list.contains(field));
        self.showing() && self.wanted().is_none_or(|wanted| !wanted.iter().all(listed))
    }
}

impl Dissector {
    /// Whether one protocol looks in a table where the other claims something.
    fn carries(&self, carrier: usize, carried: usize) -> bool {
        let chosen = self.chosen.iter().filter(|one| usize::from(one.protocol) == carried);
        let (Some(carrier), Some(carried)) = (self.protocols.get(carrier), self.protocols.get(carried))
        else {
            return false;
        };
        let mut wanted = carried.claims.iter().map(Claim::table).chain(chosen.map(|one| one.table));
        let looks = |table: &'static Table| carrier.tables.iter().any(|one| std::ptr::eq(*one, table));
        carrier.tables.iter().any(|table| table.is_any()) || wanted.any(looks)
    }
}
