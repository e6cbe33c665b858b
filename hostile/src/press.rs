//! Every output of a packet, and what must hold of what they write.

use dissect::format::{self, Columns, Elastic, Json, JsonRaw, Layout, Pdml, Per, Psml, Summary, Text};
use dissect::{Dissection, Dissector, Line, Node, Out, Packet, Sight, Tree};
use std::sync::LazyLock;

/// The columns that are printed: texts out of packets, numbers, what memory brings.
static NAMES: &[&str] = &[
    "frame.number",
    "frame.comment",
    "ip.src",
    "sctp.chunk_type",
    "sctp.assoc_index",
    "tcp.stream",
    "sip.Method",
    "sip.From",
    "sdp.owner",
    "_ws.malformed",
    "_ws.col.info",
];

/// A packet's outputs, into buffers that are used again.
#[derive(Debug)]
pub struct Press {
    tree: Tree,
    line: Line,
    out: Out,
    text: Text,
    json: Json,
    raw: JsonRaw,
    elastic: Elastic,
    pdml: Pdml,
    psml: Psml,
    tabs: Columns,
    csv: Columns,
}

impl Default for Press {
    fn default() -> Press {
        let columns =
            |layout, per| Columns::new(&super::DISSECTOR, NAMES, layout, per).expect("known columns");
        Press {
            tree: Tree::new(),
            line: Line::new(),
            out: Out::new(),
            text: Text::default(),
            json: Json::lines(),
            raw: JsonRaw::default(),
            elastic: Elastic::default(),
            pdml: Pdml::default(),
            psml: Psml::default(),
            tabs: columns(Layout::default(), Per::Packet),
            csv: columns(Layout::csv(), Per::Chunk),
        }
    }
}

impl Press {
    /// Dissects a packet and holds its tree to what is promised of trees. Answers its summary and tree as text.
    ///
    /// # Panics
    /// Where a promise is broken.
    pub fn tell<'s>(
        &mut self,
        dissector: &Dissector,
        sight: impl Into<Sight<'s>>,
        packet: &Packet<'_>,
    ) -> String {
        dissector.dissect_and_summarize(sight, packet, &mut self.tree, &mut self.line);
        let dissection = Dissection { tree: &self.tree, packet };
        let nodes = self.tree.nodes();
        for (at, node) in nodes.iter().enumerate() {
            let name = node.field.name;
            assert!(node.end as usize > at && node.end as usize <= nodes.len(), "{name} ends elsewhere");
            let source = dissection.source(node.source);
            let (range, length) = (node.range(), source.len());
            // What is told of where it stands elsewhere has no bytes of its own.
            let inside = range.end <= length || range.is_empty() && node.is(Node::GENERATED);
            assert!(inside, "{name} at {range:?} reaches beyond {length} bytes of source {}", node.source);
        }
        self.out.clear();
        self.text.packet(dissection, &mut self.out);
        Summary::parted(b' ', packet, &self.line, |_| {}, &mut self.out);
        harmless(self.out.as_bytes());
        self.out.to_string_lossy()
    }
    /// Writes the packet that was [told](Press::tell) last in every other way, and reads what was written.
    ///
    /// # Panics
    /// Where that is not well-formed, or not harmless.
    pub fn print(&mut self, packet: &Packet<'_>) {
        let dissection = Dissection { tree: &self.tree, packet };
        let out = &mut self.out;
        out.clear();
        format::hex(dissection, out);
        harmless(out.as_bytes());
        out.clear();
        self.json.packet(dissection, out);
        is_json(out.as_bytes());
        out.clear();
        JsonRaw::default().begin(out);
        self.raw = JsonRaw::default();
        self.raw.packet(dissection, out);
        self.raw.end(out);
        is_json(out.as_bytes());
        out.clear();
        self.elastic.packet(dissection, out);
        is_json(out.as_bytes());
        out.clear();
        self.pdml.packet(dissection, out);
        is_xml(out.as_bytes());
        out.clear();
        self.psml.packet(packet, &self.line, |_| {}, out);
        is_xml(out.as_bytes());
        for columns in [&mut self.tabs, &mut self.csv] {
            out.clear();
            columns.packet(dissection, &self.line, |_, _| {}, out);
            let text = std::str::from_utf8(out.as_bytes()).expect("columns are UTF-8");
            assert!(!text.contains(|sign| is_steering(sign) && !matches!(sign, '\n' | '\t')), "{text:?}");
        }
    }
}

/// Fails where text could steer a terminal or turn text around, or is no UTF-8.
///
/// # Panics
/// Then.
pub fn harmless(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("text is UTF-8");
    let steering = text.char_indices().find(|(_, sign)| is_steering(*sign) && *sign != '\n');
    assert!(steering.is_none(), "{steering:?} in {text:?}");
}

/// Whether a sign steers a terminal or turns text around.
pub fn is_steering(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
}

/// Fails where lines are not JSON each, or not harmless.
///
/// # Panics
/// Then.
pub fn is_json(bytes: &[u8]) {
    harmless(bytes);
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<serde::de::IgnoredAny>();
    let wrong = values.find_map(Result::err);
    assert!(wrong.is_none(), "{wrong:?} in {}", String::from_utf8_lossy(bytes));
}

/// Fails where a piece of XML is not well-formed, or not harmless.
///
/// # Panics
/// Then.
pub fn is_xml(bytes: &[u8]) {
    harmless(bytes);
    let mut reader = quick_xml::Reader::from_reader(bytes);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_i32;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(quick_xml::events::Event::Start(start)) => {
                depth += 1;
                attributes(&start);
            }
            Ok(quick_xml::events::Event::Empty(start)) => attributes(&start),
            Ok(quick_xml::events::Event::End(_)) => depth -= 1,
            Ok(_) => {}
            Err(error) => panic!("{error} in {}", String::from_utf8_lossy(bytes)),
        }
    }
    assert_eq!(depth, 0, "elements are left open");
}

fn attributes(start: &quick_xml::events::BytesStart<'_>) {
    for attribute in start.attributes() {
        let attribute = attribute.expect("an attribute");
        assert!(!attribute.value.contains(&b'<'));
        attribute.unescape_value().expect("known entities");
    }
}

/// A dissector whose first protocol, the root, is another: for trying each protocol alone.
pub static ROOTS: LazyLock<Vec<Dissector>> = LazyLock::new(|| {
    let all = dissect::proto::PROTOCOLS;
    let with = |root: &'static dissect::Protocol| {
        let rest = all.iter().copied().filter(|one| !std::ptr::eq(*one, root));
        Dissector::new(&std::iter::once(root).chain(rest).collect::<Vec<_>>())
    };
    all.iter().chain(dissect::proto::HEURISTICS).map(|root| with(root)).collect()
});
