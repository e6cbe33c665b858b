//! docs/fields.md: every field, from its declaration.

use dissect::{Dissector, Out};
use std::collections::BTreeSet;

fn path() -> std::path::PathBuf {
    super::root().join("docs/fields.md")
}

/// Writes the reference.
pub(crate) fn write() -> Result<(), String> {
    std::fs::write(path(), text()).map_err(|error| format!("{}: {error}", path().display()))
}

fn text() -> String {
    let mut out = Out::new();
    out.str("# Fields\n\nMade by `cargo xtask docs` from the declarations. Names are Wireshark's where Wireshark has the field.\n");
    out.str(
        "`…` behind a name: may stand more than once in its group, so JSON always makes an array of it.\n",
    );
    for protocol in Dissector::default().protocols() {
        out.str("\n## ")
            .str(protocol.name)
            .str(": ")
            .str(protocol.long)
            .str("\n\n")
            .str(protocol.reference)
            .str(".\n\n");
        out.str("| field | type | label | meaning | specified in |\n| --- | --- | --- | --- | --- |\n");
        let mut seen = BTreeSet::new();
        for field in protocol.fields.iter().copied().flatten() {
            if !seen.insert((field.name, field.label)) {
                continue;
            }
            out.str("| `")
                .str(field.name)
                .byte(b'`')
                .str(if field.show.repeats { " …" } else { "" })
                .str(" | ");
            out.str(field.show.kind.name()).str(" | ");
            cell(field.label, &mut out);
            out.str(" | ");
            cell(field.doc.trim(), &mut out);
            out.str(" | ");
            cell(field.section, &mut out);
            out.str(" |\n");
        }
    }
    out.to_string_lossy()
}

fn cell(text: &str, out: &mut Out) {
    for part in text.split_inclusive('|') {
        match part.strip_suffix('|') {
            Some(part) => out.str(part).str("\\|"),
            None => out.str(part),
        };
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_reference_is_fresh() {
        let written = std::fs::read_to_string(super::path()).unwrap_or_default();
        assert!(written == super::text(), "docs/fields.md is stale: run cargo xtask docs");
    }
}
