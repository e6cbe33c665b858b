//! Views: what associations, calls and streams did, and statistics. A worker of its own reads the capture for them, so that the
//! one that answers the packet list stays free; it makes the markup that the page shows.
//!
//! A view has a *place*, as a file has a path: `assoc`, `assoc/3/health`, `stat/io,phs?sip`. What stands behind the question mark
//! is the view's own: a filter, the part of a chart that shows.

pub mod engine;
pub mod markup;
pub mod statistics;
#[cfg(test)]
mod tests;
#[cfg(all(target_arch = "wasm32", feature = "reports"))]
pub mod worker;

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Read this capture from now on: a `File` or `Blob` stands beside the message.
    Open {
        /// The file's name.
        name: String,
    },
    /// Read the packets of a hex dump from now on.
    Paste {
        /// The dump.
        text: String,
    },
    /// Something of a place.
    View {
        /// What of it.
        what: What,
        /// How wide a picture may be, in pixels.
        width: u32,
        /// Which part of a chart's time is shown: from and to, in nanoseconds. All of it where they are the same.
        shown: (i64, i64),
        /// The place.
        place: String,
    },
}

/// What the page wants of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The view.
    Page,
    /// Only the picture of its chart.
    Picture,
    /// What is drawn near a place of that picture, in its units.
    Near(i32, i32),
    /// A file: `csv`, `json`, `txt`, `svg`, `mmd`.
    File(String),
}

impl Ask {
    /// The question as text.
    pub fn print(&self) -> String {
        match self {
            Ask::Open { name } => format!("open {name}"),
            Ask::Paste { text } => format!("paste {text}"),
            Ask::View { what, width, shown: (from, to), place } => {
                let what = match what {
                    What::Page => "page".to_owned(),
                    What::Picture => "picture".to_owned(),
                    What::Near(x, y) => format!("near,{x},{y}"),
                    What::File(format) => format!("file,{format}"),
                };
                format!("{what} {width} {from} {to} {place}")
            }
        }
    }
    /// The question of a text.
    pub fn parse(text: &str) -> Option<Ask> {
        let (word, rest) = text.split_once(' ')?;
        let mut words = word.split(',');
        let what = match words.next()? {
            "open" => return Some(Ask::Open { name: rest.to_owned() }),
            "paste" => return Some(Ask::Paste { text: rest.to_owned() }),
            "page" => What::Page,
            "picture" => What::Picture,
            "near" => What::Near(words.next()?.parse().ok()?, words.next()?.parse().ok()?),
            "file" => What::File(words.next()?.to_owned()),
            _ => return None,
        };
        let mut rest = rest.splitn(4, ' ');
        let (width, from) = (rest.next()?.parse().ok()?, rest.next()?.parse().ok()?);
        let to = rest.next()?.parse().ok()?;
        Some(Ask::View { what, width, shown: (from, to), place: rest.next()?.to_owned() })
    }
}

/// What the worker tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Which part is done of what must be done first, from 0 to 1.
    Progress(f64),
    /// A view: markup.
    Page(String),
    /// A picture: SVG.
    Picture(String),
    /// What is near: its packet, where it is drawn, and what it is; no words for nothing.
    Near(u64, i32, i32, String),
    /// A file.
    File {
        /// The name it may have.
        name: String,
        /// What is in it.
        text: String,
    },
    /// The question can't be answered: a sentence.
    Failed(String),
}

impl Told {
    /// What crosses to the page: a word for what it is, a name, a text.
    pub fn parts(&self) -> (&'static str, String, &str) {
        match self {
            Told::Progress(share) => ("progress", share.to_string(), ""),
            Told::Page(text) => ("page", String::new(), text),
            Told::Picture(text) => ("picture", String::new(), text),
            Told::Near(packet, x, y, words) => ("near", format!("{packet} {x} {y}"), words),
            Told::File { name, text } => ("file", name.clone(), text),
            Told::Failed(sentence) => ("failed", String::new(), sentence),
        }
    }
    /// What these parts told.
    pub fn of(kind: &str, name: String, text: String) -> Option<Told> {
        Some(match kind {
            "progress" => Told::Progress(name.parse().ok()?),
            "page" => Told::Page(text),
            "picture" => Told::Picture(text),
            "near" => {
                let mut parts = name.split(' ');
                let packet = parts.next()?.parse().ok()?;
                Told::Near(packet, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, text)
            }
            "file" => Told::File { name, text },
            "failed" => Told::Failed(text),
            _ => return None,
        })
    }
}

/// The views that the menu leads to: each with its place and its name.
pub const PLACES: [(&str, &str); 9] = [
    ("assoc", "Associations"),
    ("calls", "Calls"),
    ("rtp", "RTP streams"),
    ("streams", "TCP connections"),
    ("stat/io,phs", "Protocols"),
    ("stat/conv,ip", "Conversations"),
    ("stat/endpoints,ip", "Endpoints"),
    ("io", "Packets over time"),
    ("stat/expert", "Expert information"),
];

/// A place in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'p> {
    /// All but which rows are shown.
    pub whole: &'p str,
    /// The words between the slashes.
    pub words: Vec<&'p str>,
    /// What stands behind the question mark.
    pub query: &'p str,
    /// Which rows of its tables are shown, and in which order: what stands behind the last number sign.
    pub order: Order,
}

/// Which rows of a table are shown, and in which order: `#500,0,3,1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The first row.
    pub from: usize,
    /// The part of the report that is sorted, and by which column; the order in which it was made for none.
    pub by: Option<(usize, usize)>,
    /// Whether the greatest comes first.
    pub down: bool,
}

impl Order {
    fn parse(text: &str) -> Option<Order> {
        let mut numbers = text.split(',').map(str::parse);
        let from = numbers.next()?.ok()?;
        let by = numbers.next().zip(numbers.next());
        let by = by.and_then(|(part, column)| Some((part.ok()?, column.ok()?)));
        Some(Order { from, by, down: matches!(numbers.next(), Some(Ok(1))) })
    }
    /// The order as it stands in a place.
    pub fn print(&self) -> String {
        match self.by {
            Some((part, column)) => format!("#{},{part},{column},{}", self.from, u8::from(self.down)),
            None => format!("#{}", self.from),
        }
    }
}

impl<'p> Place<'p> {
    /// The pieces of a place.
    pub fn parse(text: &'p str) -> Place<'p> {
        let ordered = text.rsplit_once('#').and_then(|(whole, order)| Some((whole, Order::parse(order)?)));
        let (whole, order) = ordered.unwrap_or((text, Order::default()));
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        Place { whole, words: path.split('/').collect(), query, order }
    }
    /// The word at a place, empty for none.
    pub fn word(&self, at: usize) -> &'p str {
        self.words.get(at).copied().unwrap_or("")
    }
    /// The number of the one that is meant.
    pub fn number(&self) -> Option<u32> {
        self.word(1).parse().ok()
    }
}
