//! Chosen fields as objects: what tshark's `-T json` and `-T ek` print with `-e`, arrays of text under the fields' names.

use super::columns::{Ask, Column, Columns, Occurrence, What, cell};
use super::date::Second;
use super::{elastic, json, pdml};
use crate::tree::Dissection;
use crate::{Line, Out};

/// How chosen fields are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Rows with a separator.
    #[default]
    Rows,
    /// An array of objects, as tshark writes it.
    Json,
    /// An object a line.
    Lines,
    /// Two lines for Elasticsearch's bulk interface.
    Elastic,
    /// PDML, as tshark writes it: the packet's general information, and an element for each value.
    Pdml,
}

impl Form {
    /// What stands before a key, between it and its values, between values, and behind them.
    fn pieces(self) -> [&'static str; 4] {
        match self {
            Form::Json => ["\n        \"", "\": [\n          \"", "\",\n          \"", "\"\n        ]"],
            Form::Pdml => ["  <field name=\"", "\" value=\"", "\"/>\n", "\"/>\n"],
            _ => ["\"", "\":[\"", "\",\"", "\"]"],
        }
    }
}

impl Columns {
    /// Writes the values in this form in place of rows. A field that has none is left out, and one that is named twice stands
    /// once.
    #[must_use]
    pub fn form(mut self, form: Form) -> Columns {
        self.form = form;
        self
    }
    /// Writes what stands behind the last packet.
    pub fn end(&self, out: &mut Out) {
        if self.form == Form::Pdml {
            pdml::Pdml::forgetful().end(out);
        }
        if self.form == Form::Json {
            out.str(if self.written { "\n]\n" } else { "]\n" });
        }
    }
    /// Writes an object of what was gathered.
    pub(super) fn object(
        &mut self,
        dissection: Dissection<'_>,
        line: &Line,
        time: &mut impl FnMut(Ask, &mut Out),
        out: &mut Out,
    ) {
        match self.form {
            Form::Json => {
                out.str(if self.written { ",\n" } else { "" }).str("  {\n    \"_index\": \"");
                elastic::index(dissection.packet, out);
                out.str("\",\n    \"_type\": \"doc\",\n    \"_score\": null,\n    \"_source\": {\n      \"layers\": {");
            }
            Form::Elastic => elastic::head(dissection.packet, out),
            Form::Pdml => pdml::general(dissection, &mut Second::default(), out.str("<packet>\n")),
            _ => drop(out.byte(b'{')),
        }
        self.written = true;
        self.members(dissection, line, time, out);
        out.str(match self.form {
            Form::Json => "\n      }\n    }\n  }",
            Form::Elastic => "}}\n",
            Form::Pdml => "</packet>\n",
            _ => "}\n",
        });
    }
    fn members(
        &mut self,
        dissection: Dissection<'_>,
        line: &Line,
        time: &mut impl FnMut(Ask, &mut Out),
        out: &mut Out,
    ) {
        let ([before, open, between, close], mut comma) = (self.form.pieces(), false);
        for (at, what) in self.whats.iter().enumerate() {
            let Some(name) = self.names.get(at) else { continue };
            if self.names.iter().take(at).any(|other| other == name) {
                continue;
            }
            let mut begun = false;
            let scratch = &mut self.scratch;
            let mut value = |scratch: &mut Out, out: &mut Out| {
                let is_element = self.form == Form::Pdml;
                if begun {
                    out.str(between);
                }
                if !begun || is_element {
                    out.str(if comma && !is_element { "," } else { "" }).str(before);
                    match self.form {
                        Form::Elastic => elastic::underscored(name, out),
                        _ => json::escape(name.as_bytes(), out),
                    }
                    out.str(open);
                }
                begun = true;
                match self.form {
                    Form::Pdml => pdml::escape(scratch.as_bytes(), out),
                    _ => json::escape(scratch.as_bytes(), out),
                }
                scratch.clear();
            };
            scratch.clear();
            if let What::Values = what {
                let occurrence = self.layout.occurrence;
                let values = &self.values;
                let mut next =
                    if occurrence == Occurrence::Last { values.last(at) } else { values.first(at) };
                while let Some(entry) = next {
                    if let Some(item) = dissection.item(entry.node as usize) {
                        cell(item, entry.field, false, scratch);
                        value(scratch, out);
                    }
                    next = values.after(entry).filter(|_| occurrence == Occurrence::All);
                }
            } else {
                match what {
                    What::Time(ask) => time(*ask, scratch),
                    What::Column(Column::Time) => time(Ask::Column, scratch),
                    What::Column(column) => column.write(dissection.packet, line, scratch),
                    What::Values => {}
                }
                if !scratch.is_empty() {
                    value(scratch, out);
                }
            }
            if begun {
                out.str(close);
                comma = true;
            }
        }
    }
}
