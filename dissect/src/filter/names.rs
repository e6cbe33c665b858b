//! Which fields a name means, and which names are near a wrong one.

use crate::proto::frame::remark::{Aspect, is_remark};
use crate::{Dissector, Field, Kind};

/// What a name means: all fields of that name, and those that are it too.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) kind: Kind,
    /// The fields of this name, which say how its values are called.
    pub(crate) fields: Vec<&'static Field>,
    /// The fields whose nodes carry its value: these, and those that name one of them in `also`.
    pub(crate) carriers: Vec<&'static Field>,
    /// The places of the protocols that add them, in [`Dissector::protocols`].
    pub(crate) protocols: Vec<usize>,
    /// What of remarks it asks, if it asks that.
    pub(crate) aspect: Option<Aspect>,
}

impl Named {
    /// Whether nodes of the name may stand anywhere, or are written from the whole tree: no part of a tree will do for them.
    pub(crate) fn needs_whole(&self, dissector: &Dissector) -> bool {
        // One without claims is walked by others, as a part of them: data.
        let all = dissector.protocols();
        let mut owners = self.protocols.iter().filter_map(|index| all.get(*index));
        owners.any(|one| one.claims.is_empty() && !all.first().is_some_and(|root| std::ptr::eq(*root, *one)))
            // What the root declares stands anywhere (faults) or tells of the whole tree (the list of protocols).
            || self.protocols.contains(&0)
                && self.carriers.iter().any(|field| {
                    field.show.expert.is_some() || field.show.write.is_some() && field.show.kind == Kind::Text
                })
    }
}

/// Looks a name up.
pub(crate) fn look_up(dissector: &Dissector, name: &str) -> Option<Named> {
    let mut found: Option<Named> = None;
    for (index, protocol) in dissector.protocols().iter().enumerate() {
        for field in protocol.fields.iter().chain(protocol.borrows).copied().flatten() {
            let own = field.name == name;
            let twin = field.show.also.iter().find(|also| also.name == name);
            let Some(kind) = (if own { Some(field.show.kind) } else { twin.map(|twin| twin.show.kind) })
            else {
                continue;
            };
            let named = found.get_or_insert_with(|| Named {
                kind,
                fields: Vec::new(),
                carriers: Vec::new(),
                protocols: Vec::new(),
                aspect: None,
            });
            if own && !named.fields.contains(field) {
                named.fields.push(field);
            }
            if !named.carriers.contains(field) {
                named.carriers.push(field);
            }
            if named.protocols.last() != Some(&index) {
                named.protocols.push(index);
            }
        }
    }
    if let Some(named) = &mut found
        && let Some(aspect) = named.fields.first().and_then(|field| Aspect::of(field))
    {
        let all = dissector.protocols().iter().flat_map(|one| one.fields.iter().copied().flatten().copied());
        named.carriers = all.filter(|field| is_remark(field)).collect();
        named.aspect = Some(aspect);
    }
    found
}

/// All names of fields, sorted, each once.
pub(crate) fn all(dissector: &Dissector) -> Vec<&'static str> {
    let fields = dissector.protocols().iter().flat_map(|one| one.fields.iter().copied().flatten());
    let mut names: Vec<&str> = fields.map(|field| field.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The name with the fewest edits to the given one, if they are few.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // What is far longer than any name is near none.
    if name.len() > 128 {
        return None;
    }
    names
        .map(|known| (distance(name, known), known))
        .min()
        .filter(|(edits, known)| *edits <= name.len().max(known.len()) / 3)
        .map(|near| near.1)
}

/// The number of insertions, deletions and replacements between two names, without regard to ASCII case.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dissector;

    #[test]
    fn the_nearest_name_is_few_edits_away() {
        let names = ["sctp.chunk_type", "sctp.chunk_flags", "tcp.port"];
        assert_eq!(nearest("sctp.chunktype", names.into_iter()), Some("sctp.chunk_type"));
        assert_eq!(nearest("xyz", names.into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn a_name_brings_its_twins() {
        let port = look_up(&Dissector::default(), "tcp.port").unwrap();
        let carriers: Vec<&str> = port.carriers.iter().map(|field| field.name).collect();
        assert_eq!(carriers, ["tcp.srcport", "tcp.dstport", "tcp.port"]);
        assert!(look_up(&Dissector::default(), "tcp.porto").is_none());
    }
}
