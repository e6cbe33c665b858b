//! Part of a tree: the protocols that a reader names, and what need not be walked for them.

use crate::table::Table;
use crate::{Cx, Dissector, Field, Kind, proto};

/// Which protocols a tree is to hold: [`Dissector::dissect_only`] adds no nodes of others, and does not even walk those
/// that can't lead to one of them.
#[derive(Clone, Debug)]
pub struct Only {
    shown: Vec<bool>,
    skipped: Vec<bool>,
    /// For each protocol the fields that are read of it; `None` for all.
    fields: Vec<Option<Vec<&'static Field>>>,
    /// Data that no protocol took.
    pub(crate) data: bool,
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
        Only { shown, skipped, fields: vec![None; all.len()], data }
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
        let fields =
            wanted.into_iter().map(|own| Some(own).filter(|own| !own.iter().any(is_written))).collect();
        Only { fields, ..Only::new(dissector, &places) }
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

impl Cx<'_> {
    /// The fields that are read of the protocol being walked; `None` for all.
    fn wanted(&self) -> Option<&[&'static Field]> {
        self.only?.fields.get(usize::from(self.me))?.as_deref()
    }
    /// Whether one of these fields is read. Without a tree none is. Where adding fields takes work, and nobody reads
    /// them, they can be left out.
    pub fn wants(&self, fields: &[&'static Field]) -> bool {
        self.showing() && self.wanted().is_none_or(|wanted| wanted.iter().any(|one| fields.contains(one)))
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
        let mut wanted = carried.claims.iter().map(crate::Claim::table).chain(chosen.map(|one| one.table));
        let looks = |table: &'static Table| carrier.tables.iter().any(|one| std::ptr::eq(*one, table));
        carrier.tables.iter().any(|table| table.is_any()) || wanted.any(looks)
    }
}
