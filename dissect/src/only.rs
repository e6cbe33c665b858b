//! Part of a tree: the protocols that a reader names, and what need not be walked for them.

use crate::table::{ANY, Claim, Table};
use crate::{Dissector, proto};

/// Which protocols a tree is to hold: [`Dissector::dissect_only`] adds no nodes of others, and does not even walk those
/// that can't lead to one of them.
#[derive(Clone, Debug)]
pub struct Only {
    shown: Vec<bool>,
    skipped: Vec<bool>,
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
        Only { shown, skipped, data }
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

impl Dissector {
    /// Whether one protocol looks in a table where the other claims something.
    fn carries(&self, carrier: usize, carried: usize) -> bool {
        let (Some(carrier), Some(carried)) = (self.protocols.get(carrier), self.protocols.get(carried))
        else {
            return false;
        };
        let same = |a: &Table, b: &Table| std::ptr::eq(a, b);
        carrier.tables.iter().any(|table| {
            same(table, &ANY)
                || carried.claims.iter().any(|claim| {
                    let (Claim::Number(own, _) | Claim::Text(own, _) | Claim::Content(own, ..)) = claim;
                    same(table, own)
                })
        })
    }
}
