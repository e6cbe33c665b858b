//! Colouring rules: the file of Wireshark's, `@name@filter@[row][text]` a line, colours as three numbers of 16 bits. A line that
//! begins with `!` is a rule that is off, one with `#` a remark. The first rule that holds colours the packet.

use crate::message::Colour;
use dissect::{Dissection, Dissector, Filter};

/// The most rules that are in force.
pub const MOST_RULES: usize = 1000;

/// Rules made ready.
#[derive(Debug, Default)]
pub struct Rules {
    rules: Vec<(Filter, Colour)>,
    /// Lines that are no rule, and rules whose filter is not understood: a sentence each.
    pub faults: Vec<String>,
}

impl Rules {
    /// Reads a file of rules.
    pub fn read(text: &str, dissector: &Dissector) -> Rules {
        let mut rules = Rules::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', '!']) {
                continue;
            }
            let read = if rules.rules.len() < MOST_RULES {
                read(line, dissector)
            } else {
                Err(format!("there are more than {MOST_RULES} rules"))
            };
            match read {
                Ok(rule) => rules.rules.push(rule),
                Err(sentence) => rules.faults.push(format!("line {}: {sentence}", at + 1)),
            }
        }
        rules
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
    /// The rules in force.
    pub fn colours(&self) -> Vec<Colour> {
        self.rules.iter().map(|(_, colour)| colour.clone()).collect()
    }
    /// The first rule that holds for a packet, by its whole tree.
    pub fn first(&self, dissection: Dissection<'_>) -> Option<u16> {
        self.rules.iter().position(|(filter, _)| filter.matches(dissection)).map(|at| at as u16)
    }
}

fn read(line: &str, dissector: &Dissector) -> Result<(Filter, Colour), String> {
    let shape = || "a rule is @name@filter@[red,green,blue of the row][of the text]".to_owned();
    let (name, rest) = line.strip_prefix('@').and_then(|rest| rest.split_once('@')).ok_or_else(shape)?;
    let (filter, colours) = rest.rsplit_once("@[").ok_or_else(shape)?;
    let (row, text) = colours.strip_suffix(']').and_then(|pair| pair.split_once("][")).ok_or_else(shape)?;
    let colour = Colour {
        name: name.to_owned(),
        filter: filter.to_owned(),
        row: colour(row).ok_or_else(shape)?,
        text: colour(text).ok_or_else(shape)?,
    };
    let filter = Filter::compile(dissector, filter).map_err(|error| format!("{name}: {}", error.sentence))?;
    Ok((filter, colour))
}

/// `65535,0,4626` as `#ff0012`.
fn colour(text: &str) -> Option<String> {
    let mut parts = text.split(',').map(|part| part.trim().parse::<u16>().ok());
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then(|| format!("#{:02x}{:02x}{:02x}", red >> 8, green >> 8, blue >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_rules_is_read_and_what_is_wrong_is_told() {
        let text = "# a remark\n\n@SCTP@sctp@[65535,62451,54998][4626,10023,11822]\n!@Off@ip@[0,0,0][0,0,0]\n\
                    @Mail@sip.from.addr == \"sip:a@[::1]\"@[0,256,65535][1,2,3]\nSCTP\n@A@sctp@[1,2][3,4,5]\n\
                    @B@sctp.nothing@[1,2,3][3,4,5]\n@C@sctp@[1,2,65536][3,4,5]\n";
        let rules = Rules::read(text, &Dissector::default());
        let colours = rules.colours();
        assert_eq!(colours.len(), 2, "{:?}", rules.faults);
        assert_eq!((&*colours[0].row, &*colours[0].text), ("#fff3d6", "#12272e"));
        assert_eq!((&*colours[1].filter, &*colours[1].row), ("sip.from.addr == \"sip:a@[::1]\"", "#0001ff"));
        let shape = "a rule is @name@filter@[red,green,blue of the row][of the text]";
        assert_eq!(rules.faults.len(), 4);
        assert_eq!(rules.faults[0], format!("line 6: {shape}"));
        assert!(rules.faults[2].starts_with("line 8: B: sctp.nothing is neither a field nor a protocol"));
    }
}
