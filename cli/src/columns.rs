//! What -e, -E and --per ask for: tshark's words for columns and how they are written.

use crate::End;
use crate::args::{Decode, Output, Unit};
use dissect::Dissector;
use dissect::format::{Columns, Form, Layout, Occurrence, Per, Quote};

/// The columns that a command line asks for; none where the output has none.
pub(crate) fn of(decode: &Decode, dissector: &Dissector) -> Result<Option<Columns>, End> {
    let mut layout = match decode.output {
        Output::Fields => Layout::default(),
        Output::Csv => Layout::csv(),
        Output::Json | Output::Ndjson | Output::Ek | Output::Pdml if !decode.columns.is_empty() => {
            Layout::default()
        }
        _ if decode.columns.is_empty() && decode.layout.is_empty() && decode.per == Unit::Packet => {
            return Ok(None);
        }
        _ => {
            return Err(End::Usage(
                "-e, -E and --per are for -T fields, csv, json, ndjson, ek and pdml".to_owned(),
            ));
        }
    };
    if decode.columns.is_empty() {
        return Err(End::Usage(
            "-T fields and -T csv need columns, each named by -e: -e frame.number".to_owned(),
        ));
    }
    for option in &decode.layout {
        set(&mut layout, option).ok_or_else(|| End::Usage(format!("-E {option}: {OPTIONS}")))?;
    }
    let per = match decode.per {
        Unit::Packet => Per::Packet,
        Unit::Chunk => Per::Chunk,
        Unit::Message => Per::Message,
    };
    if decode.part.is_some() || decode.top.is_some() {
        return Err(End::Usage(
            "-J and -j choose of whole trees, -e chooses fields: give one of them".to_owned(),
        ));
    }
    let form = match decode.output {
        Output::Json => Form::Json,
        Output::Ndjson => Form::Lines,
        Output::Ek => Form::Elastic,
        Output::Pdml => Form::Pdml,
        _ => Form::Rows,
    };
    let columns = Columns::new(dissector, &decode.columns, layout, per);
    columns.map(|columns| Some(columns.form(form))).map_err(|what| End::Usage(format!("-e {what}")))
}

const OPTIONS: &str = "an option is header=y|n, separator=/t|/s|C, occurrence=f|l|a, aggregator=,|/s|C, quote=d|s|n, bom=y|n \
    or escape=y|n";

/// Sets an option; `None` if there is no such one.
fn set(layout: &mut Layout, option: &str) -> Option<()> {
    let (name, value) = option.split_once('=')?;
    let sign = match value.as_bytes() {
        b"/t" => Some(b'\t'),
        b"/s" => Some(b' '),
        // tshark takes the first character of a longer word.
        [b'/', _, ..] => Some(b'\\'),
        [first, ..] => Some(*first),
        [] => None,
    };
    let yes = match value {
        "y" | "Y" => Some(true),
        "n" | "N" => Some(false),
        _ => None,
    };
    match name {
        "header" => layout.header = yes?,
        "bom" => layout.bom = yes?,
        "escape" => layout.escape = yes?,
        "separator" => layout.separator = sign?,
        "aggregator" => layout.aggregator = sign?,
        "occurrence" => {
            layout.occurrence = match value {
                "f" => Occurrence::First,
                "l" => Occurrence::Last,
                "a" => Occurrence::All,
                _ => return None,
            }
        }
        "quote" => {
            layout.quote = match value {
                "d" => Quote::Double,
                "s" => Quote::Single,
                "n" => Quote::None,
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}
