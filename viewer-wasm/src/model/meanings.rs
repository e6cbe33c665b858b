//! What fields mean and where they are specified: a file of its own, loaded when it is first looked at.
//!
//! The module knows of a field what lines and filters need. The rest is text, as long as all of that; a first visit does not
//! wait for it. `cargo xtask viewer` writes it from the same declarations: a line a field, in the order of [`fields::all`],
//! of name, section and meaning, parted by tabs.

use super::fields;
use std::ops::Range;
use std::rc::Rc;

/// What all fields mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meanings {
    text: String,
    lines: Vec<Range<usize>>,
}

/// How far loading them has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// Nobody has looked yet.
    #[default]
    Nothing,
    /// They are on their way.
    Loading,
    /// They are here.
    All(Rc<Meanings>),
    /// They can't be had: why.
    Failed(String),
}

/// What one field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning<'m> {
    /// Where it is specified: `RFC 9260, 3.2`.
    pub section: &'m str,
    /// A sentence or two.
    pub doc: &'m str,
}

impl Meanings {
    /// Reads the file.
    ///
    /// # Errors
    /// A sentence: it is not of this page's fields.
    pub fn read(text: String) -> Result<Meanings, String> {
        let mut lines = Vec::with_capacity(fields::all().len());
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            lines.push(start..start + line.trim_end().len());
            start += line.len();
        }
        let meanings = Meanings { text, lines };
        let mut names = (0..).map_while(|index| meanings.line(index)).map(|(name, _)| name);
        let fits =
            fields::all().iter().all(|field| names.next() == Some(field.name)) && names.next().is_none();
        drop(names);
        if fits { Ok(meanings) } else { Err("it is of another build. Reload the page".to_owned()) }
    }
    /// What a field means, by its index.
    pub fn of(&self, index: u32) -> Option<Meaning<'_>> {
        let (section, doc) = self.line(index)?.1.split_once('\t')?;
        Some(Meaning { section, doc })
    }
    /// The name in a line, and what follows it.
    fn line(&self, index: u32) -> Option<(&str, &str)> {
        self.text.get(self.lines.get(index as usize)?.clone())?.split_once('\t')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(fields: &[&dissect::Field]) -> String {
        let line = |(index, field): (usize, &&dissect::Field)| {
            format!("{}\tRFC {index}\tMeans {index}.\n", field.name)
        };
        fields.iter().enumerate().map(line).collect::<Vec<_>>().concat()
    }

    #[test]
    fn each_field_has_its_line() {
        let meanings = Meanings::read(text(fields::all())).unwrap();
        assert_eq!(meanings.of(0), Some(Meaning { section: "RFC 0", doc: "Means 0." }));
        let last = fields::all().len() as u32 - 1;
        assert_eq!(meanings.of(last).unwrap().doc, format!("Means {last}."));
        assert_eq!((meanings.of(last + 1), meanings.of(u32::MAX)), (None, None));
    }

    #[test]
    fn a_file_of_other_fields_is_refused() {
        let all = fields::all();
        let (first, rest) = all.split_first().unwrap();
        for other in [&[], rest, &[all, &[*first]].concat(), &[rest, &[*first]].concat()] {
            assert!(Meanings::read(text(other)).unwrap_err().contains("Reload"));
        }
        assert!(Meanings::read("<!doctype html>\n<title>Not found</title>\n".to_owned()).is_err());
    }
}
