//! `sctpdump fields`: the fields, listed or explained.

use crate::End;
use crate::args::Fields;
use crate::output::Stdout;
use dissect::{Dissector, Field, Out, Protocol, filter::nearest};
use std::collections::BTreeMap;

/// Lists the fields whose names begin as asked; explains them when a name is whole.
pub(crate) fn run(fields: &Fields) -> Result<(), End> {
    let dissector = Dissector::default();
    let mut known: BTreeMap<&str, (&Protocol, Vec<&Field>)> = BTreeMap::new();
    for protocol in dissector.protocols() {
        for field in protocol.fields.iter().copied().flatten() {
            known.entry(field.name).or_insert((protocol, Vec::new())).1.push(field);
        }
    }
    let mut stdout = Stdout::new();
    if fields.names.is_empty() {
        for (_, same) in known.values() {
            row(same, &mut stdout.out);
        }
    }
    for name in &fields.names {
        if let Some((protocol, same)) = known.get(name.as_str()) {
            explain(protocol, same, &mut stdout.out);
            continue;
        }
        let mut found = false;
        for (_, (_, same)) in
            known.range(name.as_str()..).take_while(|(key, _)| key.starts_with(name.as_str()))
        {
            row(same, &mut stdout.out);
            found = true;
        }
        if !found {
            stdout.flush()?;
            let near = nearest(name, known.keys().copied());
            let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            return Err(End::Usage(format!("no field begins with {name}{hint}")));
        }
    }
    stdout.flush()
}

fn row(same: &[&Field], out: &mut Out) {
    let Some(field) = same.first() else { return };
    out.str(field.name)
        .byte(b'\t')
        .str(field.show.kind.name())
        .byte(b'\t')
        .str(field.label)
        .byte(b'\t')
        .str(field.section);
    out.byte(b'\n');
}

fn explain(protocol: &Protocol, same: &[&Field], out: &mut Out) {
    for field in same {
        let show = &field.show;
        out.str(field.name).str(" - ").str(field.label).byte(b'\n');
        out.str("    ").str(field.doc.trim()).byte(b'\n');
        out.str("    Protocol:  ").str(protocol.long).str(" (").str(protocol.name).str(")\n");
        out.str("    Specified: ").str(field.section).byte(b'\n');
        out.str("    Type:      ").str(show.kind.description()).str(" (").str(show.kind.name()).str(")\n");
        if show.mask != 0 {
            out.str("    Bits:      ").hex_0x(show.mask, 2).byte(b'\n');
        }
        if let Some((severity, area)) = show.expert {
            out.fmt(format_args!("    Severity:  {severity:?}, {area:?}\n"));
        }
        if !show.also.is_empty() {
            out.str("    Also:     ");
            for also in show.also {
                out.byte(b' ').str(also.name);
            }
            out.byte(b'\n');
        }
        if let Some((yes, no)) = show.words {
            out.str("    Values:    1 ").str(yes).str(", 0 ").str(no).byte(b'\n');
        }
        if let Some(codes) = show.codes {
            out.str("    Values:\n");
            for (value, name) in codes.names {
                out.str("        ").dec(*value).byte(b'\t').str(name).byte(b'\n');
            }
        }
    }
}
