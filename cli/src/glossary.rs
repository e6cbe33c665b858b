//! `-G`: what this program knows, in tshark's columns.

use crate::End;
use crate::args::Glossary;
use crate::output::Stdout;
use dissect::capture::LinkType;
use dissect::proto::frame;
use dissect::{Base, Claim, Dissector, Field, Kind, Out, Protocol};
use std::collections::BTreeSet;

/// Prints a list.
pub(crate) fn run(list: Glossary, dissector: &Dissector) -> Result<(), End> {
    let (mut stdout, mut links) = (Stdout::new(), BTreeSet::new());
    for protocol in dissector.protocols() {
        let out = &mut stdout.out;
        match list {
            Glossary::Protocols => row(&[protocol.long, protocol.title, protocol.name], out),
            Glossary::Fields => {
                row(&["P", protocol.long, protocol.name], out);
                each(protocol, |field| fields(protocol, field, out));
            }
            Glossary::Values => each(protocol, |field| values(field, out)),
            Glossary::Decodes => {
                protocol.claims.iter().for_each(|claim| decodes(protocol, claim, &mut links, out));
            }
        }
    }
    stdout.flush()
}

/// Calls `body` with the fields of a protocol but for those that are protocols; with those of one name only once.
fn each(protocol: &Protocol, mut body: impl FnMut(&Field)) {
    let mut seen = BTreeSet::new();
    for field in protocol.fields.iter().copied().flatten() {
        if field.show.kind != Kind::Protocol && seen.insert(field.name) {
            body(field);
        }
    }
}

fn row(cells: &[&str], out: &mut Out) {
    for (at, cell) in cells.iter().enumerate() {
        out.str(if at > 0 { "\t" } else { "" }).str(cell);
    }
    out.byte(b'\n');
}

/// Type, label, name, type of the value, protocol, base, mask, meaning.
fn fields(protocol: &Protocol, field: &Field, out: &mut Out) {
    let show = &field.show;
    // Of a flag the bits of the number that it is one of.
    let width = match u64::BITS - show.mask.leading_zeros() {
        0 => "",
        1..=8 => "8",
        9..=16 => "16",
        17..=32 => "32",
        _ => "64",
    };
    let base = match (show.kind, show.base) {
        (Kind::Boolean, _) => width,
        (Kind::Unsigned(_) | Kind::Signed(_), Base::Dec) => "BASE_DEC",
        (Kind::Unsigned(_) | Kind::Signed(_), Base::Hex) => "BASE_HEX",
        (Kind::Unsigned(_) | Kind::Signed(_), Base::DecHex) => "BASE_DEC_HEX",
        (Kind::Unsigned(_) | Kind::Signed(_), Base::HexDec) => "BASE_HEX_DEC",
        (Kind::Unsigned(_) | Kind::Signed(_), Base::Oct) => "BASE_OCT",
        _ => "",
    };
    let mask = format!("{:#x}", show.mask);
    row(&["F", field.label, field.name, show.kind.name(), protocol.name, base, &mask, field.doc.trim()], out);
}

/// V, name, value, its name; of flags T, name, the words for true and for false.
fn values(field: &Field, out: &mut Out) {
    if let Some((yes, no)) = field.show.words {
        row(&["T", field.name, yes, no], out);
    }
    let hex = matches!(field.show.base, Base::Hex | Base::HexDec);
    for (value, name) in field.show.codes.map_or(&[][..], |codes| codes.names) {
        let value = if hex { format!("{value:#x}") } else { value.to_string() };
        row(&["V", field.name, &value, name], out);
    }
}

/// Table, key, protocol. Links have Wireshark's numbers, which are the same for some of them.
fn decodes(protocol: &Protocol, claim: &Claim, links: &mut BTreeSet<u16>, out: &mut Out) {
    match claim {
        Claim::Number(table, key) if std::ptr::eq(*table, &raw const frame::LINK_TYPES) => {
            let link = u16::try_from(*key).ok().map(LinkType);
            if let Some(number) = link.and_then(frame::encapsulation).filter(|number| links.insert(*number)) {
                row(&[table.name, &number.to_string(), protocol.name], out);
            }
        }
        Claim::Number(table, key) => row(&[table.name, &key.to_string(), protocol.name], out),
        Claim::Text(table, key) => row(&[table.name, key, protocol.name], out),
        Claim::Content(..) | Claim::Expected(_) => {}
    }
}
