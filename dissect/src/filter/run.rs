//! Running a compiled filter over a tree. Nothing is allocated once the buffers are warm.

use super::literal::Value;
use super::pattern::Pattern;
use super::sight::{Buffers, Sight, Visit, as_bytes, calculated, compare, ordered, related, sliced};
use super::syntax::{Cut, Math, Op};
use crate::format::sentence;
use crate::proto::frame::remark::Aspect;
use crate::{Dissection, Field, Kind, MOST_LAYERS, Node};
use memchr::memmem;
use std::cmp::Ordering;

/// A test of a packet.
#[derive(Debug)]
pub(crate) enum Test {
    /// A field is there.
    Present(Fields),
    /// Some value is not zero, or has bytes at all.
    Some(Term),
    /// A field's number against a constant, the commonest test.
    Number(Fields, bool, Op, i128),
    /// Values in a relation: any pair of them, or all pairs and one at least.
    Compare {
        all: bool,
        op: Op,
        left: Term,
        right: Term,
    },
    /// Bytes that hold constant ones.
    Contains {
        all: bool,
        left: Term,
        needle: Box<memmem::Finder<'static>>,
    },
    /// Bytes that a regular expression matches.
    Matches {
        all: bool,
        left: Term,
        pattern: Box<Pattern>,
    },
    /// Values in a set.
    In {
        all: bool,
        value: Term,
        set: Vec<Member>,
    },
    Not(Box<Test>),
    And(Vec<Test>),
    Xor(Vec<Test>),
    Or(Vec<Test>),
    /// The test holds inside one node of these fields.
    Within(Vec<&'static Field>, Box<Test>),
}

/// A member of a set.
#[derive(Debug)]
pub(crate) enum Member {
    One(Term),
    Range(Term, Term),
}

/// What has values in a packet: none, one or several.
#[derive(Debug)]
pub(crate) enum Term {
    Field(Fields),
    Constant(Value),
    /// Bytes of each value.
    Slice(Box<Term>, Vec<Cut>),
    Negate(Box<Term>),
    Math(Math, Box<Term>, Box<Term>),
    /// How many values a field has.
    Count(Fields),
    /// How many bytes each value of a field has.
    Len(Fields),
    Upper(Box<Term>),
    Lower(Box<Term>),
    /// Each value as text.
    Text(Fields),
    /// The greatest or the smallest of all values of all terms.
    Best(Ordering, Vec<Term>),
    Abs(Box<Term>),
}

/// The fields that a name means, as what kind their values are read, and in which layers.
#[derive(Debug)]
pub(crate) struct Fields {
    /// Sorted by address.
    pub(crate) carriers: Vec<&'static Field>,
    pub(crate) kind: Kind,
    pub(crate) layers: Option<Layers>,
    /// What of remarks they ask, if they ask that.
    pub(crate) aspect: Option<Aspect>,
}

/// Which layers of a protocol count, and the fields that begin one.
#[derive(Debug)]
pub(crate) struct Layers {
    pub(crate) wanted: Vec<Cut>,
    pub(crate) roots: Vec<&'static Field>,
}

/// What a test looks at: a part of a tree.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) dissection: Dissection<'a>,
    /// The nodes that count, as a range.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) buffers: &'a Buffers,
}

impl Test {
    pub(crate) fn holds(&self, view: View<'_>) -> bool {
        match self {
            Test::Present(fields) => fields.nodes(view, |_, _| true),
            Test::Some(term) => term.each(view, &mut |sight| match sight {
                Sight::Number(number) => number != 0,
                Sight::Real(real) => real != 0.0,
                Sight::Address(bits, ..) => bits != 0,
                Sight::Bytes(bytes) | Sight::Text(bytes) => {
                    matches!(term, Term::Slice(..)) || bytes.iter().any(|byte| *byte != 0)
                }
            }),
            Test::Number(fields, all, op, constant) => {
                let passes = |node: &Node| related(*op, fields.number(node).cmp(constant));
                some_or_all(*all, |visit| fields.nodes(view, |_, node| visit(passes(node))))
            }
            Test::Compare { all, op, left, right } => some_or_all(*all, |visit| {
                left.each(view, &mut |a| right.each(view, &mut |b| visit(compare(*op, a, b))))
            }),
            Test::Contains { all, left, needle } => some_or_all(*all, |visit| {
                left.each(view, &mut |sight| match sight {
                    Sight::Bytes(bytes) => visit(needle.find(bytes).is_some()),
                    // As Wireshark has it, no text contains the empty one, while bytes do.
                    Sight::Text(text) => visit(!needle.needle().is_empty() && needle.find(text).is_some()),
                    _ => visit(false),
                })
            }),
            Test::Matches { all, left, pattern } => some_or_all(*all, |visit| {
                left.each(view, &mut |sight| match sight {
                    Sight::Bytes(bytes) | Sight::Text(bytes) => visit(pattern.matches(bytes)),
                    _ => visit(false),
                })
            }),
            Test::In { all, value, set } => some_or_all(*all, |visit| {
                value.each(view, &mut |sight| visit(set.iter().any(|member| member.holds(sight, view))))
            }),
            Test::Not(inner) => !inner.holds(view),
            Test::And(all) => all.iter().all(|one| one.holds(view)),
            Test::Or(all) => all.iter().any(|one| one.holds(view)),
            Test::Xor(all) => all.iter().filter(|one| one.holds(view)).count() % 2 == 1,
            Test::Within(groups, inner) => {
                let nodes = view.dissection.tree.nodes();
                (view.from..view.to.min(nodes.len())).any(|at| {
                    nodes.get(at).is_some_and(|node| {
                        is_one_of(node.field, groups)
                            && inner.holds(View { from: at, to: node.end as usize, ..view })
                    })
                })
            }
        }
    }
}

/// Whether some visited answer is true, or, with `all`, whether there are answers and all are. `walk` stops when the
/// closure it is given says so.
#[inline]
fn some_or_all(all: bool, walk: impl FnOnce(&mut dyn FnMut(bool) -> bool) -> bool) -> bool {
    if !all {
        return walk(&mut |passed| passed);
    }
    let mut seen = false;
    let failed = walk(&mut |passed| {
        seen = true;
        !passed
    });
    seen && !failed
}

impl Member {
    fn holds(&self, sight: Sight<'_>, view: View<'_>) -> bool {
        match self {
            Member::One(term) => term.each(view, &mut |one| compare(Op::Equal, sight, one)),
            Member::Range(low, high) => {
                low.each(view, &mut |low| compare(Op::AtLeast, sight, low))
                    && high.each(view, &mut |high| compare(Op::AtMost, sight, high))
            }
        }
    }
}

#[inline]
fn is_one_of(field: &'static Field, fields: &[&'static Field]) -> bool {
    if fields.len() <= 4 {
        return fields.iter().any(|one| std::ptr::eq(*one, field));
    }
    fields.binary_search_by_key(&address(field), |one| address(one)).is_ok()
}

/// The address of a field: its identity.
pub(crate) fn address(field: &'static Field) -> usize {
    std::ptr::from_ref(field) as usize
}

impl Fields {
    /// Visits the nodes of the fields until the visitor answers true; whether it did.
    #[inline]
    fn nodes(&self, view: View<'_>, mut visit: impl FnMut(usize, &Node) -> bool) -> bool {
        let nodes = view.dissection.tree.nodes();
        if let Some(layers) = &self.layers {
            return self.layered(view, layers, &mut visit);
        }
        let nodes = nodes.get(view.from..view.to.min(nodes.len())).unwrap_or(&[]);
        match self.carriers.as_slice() {
            [one] => nodes
                .iter()
                .enumerate()
                .any(|(at, node)| std::ptr::eq(node.field, *one) && visit(view.from + at, node)),
            carriers => nodes
                .iter()
                .enumerate()
                .any(|(at, node)| is_one_of(node.field, carriers) && visit(view.from + at, node)),
        }
    }
    #[inline(never)]
    fn layered(&self, view: View<'_>, layers: &Layers, visit: &mut dyn FnMut(usize, &Node) -> bool) -> bool {
        let nodes = view.dissection.tree.nodes();
        let count = nodes.iter().filter(|node| is_one_of(node.field, &layers.roots)).count();
        // The layers that are open, innermost last: where each ends and its number.
        let (mut open, mut depth, mut begun) = ([(0, 0); MOST_LAYERS as usize], 0, 0);
        for (at, node) in nodes.iter().enumerate().take(view.to) {
            while depth > 1 && open.get(depth - 1).is_some_and(|(end, _)| *end <= at) {
                depth -= 1;
            }
            if is_one_of(node.field, &layers.roots) {
                begun += 1;
                // What follows the end of a layer belongs to the one begun last.
                if open.first().is_some_and(|(end, _)| *end <= at) {
                    depth = 0;
                }
                if let Some(place) = open.get_mut(depth) {
                    *place = (node.end as usize, begun);
                    depth += 1;
                }
            }
            let own = depth.checked_sub(1).and_then(|last| open.get(last)).map_or(0, |(_, layer)| *layer);
            if at >= view.from
                && is_one_of(node.field, &self.carriers)
                && layers.wanted.iter().any(|cut| is_wanted(*cut, own, count))
                && visit(at, node)
            {
                return true;
            }
        }
        false
    }
    #[inline]
    fn number(&self, node: &Node) -> i128 {
        match (self.aspect, node.field.show.expert) {
            (Some(aspect), Some(remark)) => aspect.number(remark).into(),
            _ => number(node, self.kind),
        }
    }
    fn each(&self, view: View<'_>, visit: Visit<'_>) -> bool {
        let dissection = view.dissection;
        self.nodes(view, |at, node| match self.kind {
            Kind::Boolean
            | Kind::Unsigned(_)
            | Kind::Signed(_)
            | Kind::Packet
            | Kind::Moment
            | Kind::Duration => visit(Sight::Number(self.number(node))),
            Kind::Double => visit(Sight::Real(f64::from_bits(node.value))),
            Kind::Ipv4 => visit(Sight::Address(u128::from(node.value as u32), u128::MAX, 4)),
            Kind::Ipv6 => match dissection.bytes(node).first_chunk() {
                Some(bytes) => visit(Sight::Address(u128::from_be_bytes(*bytes), u128::MAX, 16)),
                None => false,
            },
            Kind::Ether | Kind::Bytes => visit(Sight::Bytes(dissection.bytes(node))),
            Kind::Protocol => visit(Sight::Bytes(dissection.raw(node))),
            Kind::Text if self.aspect.is_some() => view.buffers.lend(|out| {
                if let Some(item) = dissection.item(at) {
                    sentence(item, out);
                }
                visit(Sight::Text(out.as_bytes()))
            }),
            Kind::Text => match (dissection.bytes(node), node.field.show.write) {
                ([], Some(write)) => view.buffers.lend(|out| {
                    if let Some(item) = dissection.item(at) {
                        write(item, out);
                    }
                    visit(Sight::Text(out.as_bytes()))
                }),
                (text, _) => visit(Sight::Text(text)),
            },
            Kind::None => false,
        })
    }
}

/// Whether layer `own` of `count` is one that is asked for.
fn is_wanted(cut: Cut, own: i32, count: usize) -> bool {
    let place = |number: i32| if number < 0 { count as i32 + 1 + number } else { number };
    match cut {
        Cut::At(one) => own == place(one),
        Cut::From(from, len) => own >= place(from) && own - place(from) < len,
        Cut::Between(from, to) => (place(from)..=place(to)).contains(&own),
        Cut::Rest(from) => own >= place(from),
    }
}

#[inline]
fn number(node: &Node, kind: Kind) -> i128 {
    match kind {
        Kind::Signed(_) | Kind::Moment | Kind::Duration => i128::from(node.value as i64),
        _ => i128::from(node.value),
    }
}

impl Term {
    /// Visits the values until the visitor answers true; whether it did.
    fn each(&self, view: View<'_>, visit: Visit<'_>) -> bool {
        match self {
            Term::Field(fields) => fields.each(view, visit),
            Term::Constant(value) => visit(match value {
                Value::Number(number) => Sight::Number(*number),
                Value::Real(real) => Sight::Real(*real),
                Value::Address(bits, mask) => Sight::Address(*bits, *mask, 0),
                Value::Bytes(bytes) => Sight::Bytes(bytes),
                Value::Text(text) => Sight::Text(text),
            }),
            Term::Slice(inner, cuts) => inner
                .each(view, &mut |sight| as_bytes(sight, |bytes| sliced(bytes, cuts, view.buffers, visit))),
            Term::Negate(inner) => inner.each(view, &mut |sight| match sight {
                Sight::Number(number) => {
                    number.checked_neg().is_some_and(|number| visit(Sight::Number(number)))
                }
                Sight::Real(real) => visit(Sight::Real(-real)),
                _ => false,
            }),
            Term::Math(math, left, right) => left
                .each(view, &mut |a| right.each(view, &mut |b| calculated(*math, a, b, view.buffers, visit))),
            Term::Count(fields) => {
                let mut count = 0;
                fields.nodes(view, |_, _| {
                    count += 1;
                    false
                });
                count > 0 && visit(Sight::Number(count))
            }
            Term::Len(fields) => match fields.kind {
                Kind::Text | Kind::Bytes | Kind::Ether => fields.each(view, &mut |sight| match sight {
                    Sight::Bytes(bytes) | Sight::Text(bytes) => visit(Sight::Number(bytes.len() as i128)),
                    _ => false,
                }),
                _ => fields.nodes(view, |_, node| visit(Sight::Number(len(node, fields.kind)))),
            },
            Term::Upper(inner) => {
                inner.each(view, &mut |sight| recased(sight, u8::to_ascii_uppercase, view, visit))
            }
            Term::Lower(inner) => {
                inner.each(view, &mut |sight| recased(sight, u8::to_ascii_lowercase, view, visit))
            }
            Term::Text(fields) => fields.each(view, &mut |sight| {
                view.buffers.lend(|out| {
                    match sight {
                        Sight::Number(number) => drop(out.signed(number as i64)),
                        Sight::Real(real) => drop(out.fmt(format_args!("{real}"))),
                        Sight::Address(bits, _, 4) => drop(out.ipv4(bits as u32)),
                        Sight::Address(bits, ..) => drop(out.ipv6(bits.to_be_bytes())),
                        Sight::Bytes(bytes) => drop(out.hex_bytes(bytes, ":")),
                        Sight::Text(text) => drop(out.raw(text)),
                    }
                    visit(Sight::Text(out.as_bytes()))
                })
            }),
            Term::Best(order, terms) => best(*order, terms, view, visit),
            Term::Abs(inner) => inner.each(view, &mut |sight| match sight {
                Sight::Number(number) => {
                    number.checked_abs().is_some_and(|number| visit(Sight::Number(number)))
                }
                Sight::Real(real) => visit(Sight::Real(real.abs())),
                _ => false,
            }),
        }
    }
}

/// The length of a value, as Wireshark has it: of numbers by their type.
fn len(node: &Node, kind: Kind) -> i128 {
    match kind {
        Kind::Unsigned(bits) | Kind::Signed(bits) => i128::from(bits.div_ceil(8)),
        Kind::Packet | Kind::Ipv4 => 4,
        Kind::Ipv6 => 16,
        Kind::Double => 8,
        _ => i128::from(node.len),
    }
}

fn recased(sight: Sight<'_>, case: fn(&u8) -> u8, view: View<'_>, visit: Visit<'_>) -> bool {
    let Sight::Text(text) = sight else { return false };
    view.buffers.lend(|out| {
        for byte in text {
            out.byte(case(byte));
        }
        visit(Sight::Text(out.as_bytes()))
    })
}

fn best(order: Ordering, terms: &[Term], view: View<'_>, visit: Visit<'_>) -> bool {
    view.buffers.lend(|out| {
        // The best value so far; of bytes only the kind stands here, they stand in the buffer.
        let mut best = None;
        for term in terms {
            term.each(view, &mut |sight| {
                let before = best.map(|best| match best {
                    Sight::Bytes(_) => Sight::Bytes(out.as_bytes()),
                    Sight::Text(_) => Sight::Text(out.as_bytes()),
                    plain => plain,
                });
                if before.is_none_or(|before| ordered(sight, before) == Some(order)) {
                    if let Sight::Bytes(bytes) | Sight::Text(bytes) = sight {
                        out.clear();
                        out.raw(bytes);
                    }
                    best = Some(sight.without_bytes());
                }
                false
            });
        }
        match best {
            Some(Sight::Bytes(_)) => visit(Sight::Bytes(out.as_bytes())),
            Some(Sight::Text(_)) => visit(Sight::Text(out.as_bytes())),
            Some(plain) => visit(plain),
            None => false,
        }
    })
}
