//! The main job: a capture's packets as lines, trees, JSON or PDML.

use crate::End;
use crate::args::{Decode, Output, Taken};
use crate::clock::Clock;
use crate::gate::Gate;
use crate::input::Input;
use crate::output::Stdout;
use crate::pass::{self, Ended};
use crate::save::Save;
use crate::{columns, glossary, names};
use dissect::filter::{self, Work};
use dissect::format::{self, Columns, Elastic, Json, JsonRaw, Pdml, Psml, Style, Summary, Text};
use dissect::proto::HEURISTICS;
use dissect::statistic::{self, Statistics};
use dissect::{
    Bpf, Dissection, Dissector, Field, Filter, Kind, Line, Names, Only, Out, Packet, Protocol, Sight, Tree,
};

/// Prints the packets of a capture.
pub(crate) fn run(decode: &Decode) -> Result<(), End> {
    let mut dissector = dissector(&decode.heuristics)?;
    if let Some(list) = decode.glossary {
        return glossary::run(list, &dissector);
    }
    for rule in &decode.rules {
        decode_as(&mut dissector, rule).map_err(|what| End::Usage(format!("-d {rule}: {what}")))?;
    }
    for preference in &decode.preferences {
        let (name, value) = preference.split_once(':').ok_or_else(|| {
            End::Usage(format!("-o {preference}: a preference is NAME:VALUE, tcp.check_checksum:FALSE"))
        })?;
        let set = dissector.prefer(name.trim(), value.trim());
        set.map_err(|what| End::Usage(format!("-o {preference}: {what}")))?;
    }
    for name in &decode.only {
        if !dissector.protocols().iter().any(|protocol| protocol.name == name) {
            return Err(End::Usage(format!(
                "-O {name}: no protocol has this name; sctpdump fields lists what there is"
            )));
        }
    }
    let mut filters = Vec::new();
    for text in decode.read_filter.clone().into_iter().chain(decode.filter()?) {
        filters.push(display_filter(&text, &dissector)?);
    }
    let gate = Gate::of(capture_filter(&decode.taken, &dissector)?);
    let mut stdout = Stdout::new();
    if decode.statistics.iter().any(|name| name == "help") {
        for (name, arguments) in statistic::names(&dissector) {
            stdout.out.str(name).str(arguments).str("\n");
        }
        return stdout.flush();
    }
    let names: Vec<&str> = decode.statistics.iter().map(String::as_str).collect();
    let parse = if decode.read_filter.is_some() { Statistics::parse_picked } else { Statistics::parse };
    let statistics = parse(&dissector, &names).map_err(End::Usage)?;
    let saves = decode.write.is_some();
    if decode.quiet && names.is_empty() && !saves {
        let input = Input::open(decode.file())?.through(gate);
        return pass::read(input, decode.count, &mut stdout)?.told();
    }
    if decode.quiet && !saves && filters.len() > usize::from(decode.read_filter.is_some()) {
        eprintln!(
            "sctpdump: the display filter picks what is printed, and not what -z counts, as in tshark: name it behind the \
             statistic, -z io,phs,FILTER, or give it with -2 -R"
        );
    }
    let (columns, part) = (columns::of(decode, &dissector)?, Part::of(decode, &dissector)?);
    let open = if decode.two_pass { Input::open_twice } else { Input::open };
    let named = names::of(decode)?;
    let mut input = open(decode.file())?.through(gate);
    if let Some(names) = &named {
        input.name_into(names.clone());
    }
    // What only learning brings needs no second look.
    if decode.quiet && statistics.is_learnt() && !saves {
        let memory = statistics.memory(&dissector);
        let (ended, memory) = pass::learn(input, decode.count, &dissector, memory, &mut stdout)?;
        ended.whole()?;
        statistics.write(&memory, &mut stdout.out);
        stdout.flush()?;
        return ended.told();
    }
    let mut save = Save::of(decode)?;
    let mut job = Job {
        read: (decode.read_filter.is_some()).then(|| filters.remove(0)),
        filters,
        work: Work::new(),
        statistics,
        counts: !names.is_empty(),
        saves,
        printer: (!decode.quiet && (!saves || decode.summary))
            .then(|| Printer::new(decode, &dissector, columns, part, input.reader.format().digits())),
    };
    if let Some(printer) = &mut job.printer {
        if let Some(names) = named {
            printer.name(names);
        }
        printer.begin(&mut stdout.out);
    }
    let only = job.part(&dissector);
    let only = only.as_ref();
    let mut each = |sight: &mut Sight<'_>, packet: &Packet<'_>, out: &mut Out| {
        job.packet(&dissector, sight, packet, out)
    };
    let (count, pipe) = (decode.count, &mut stdout);
    let (ended, memory) = match &mut save {
        Some(save) => {
            let mut picks = |sight: &mut Sight<'_>, packet: &Packet<'_>, out: &mut Out| {
                each(sight, packet, out) == Some(true)
            };
            pass::save(input, (count, decode.two_pass), &dissector, pipe, save, &mut picks)?
        }
        None if decode.two_pass => {
            pass::twice(input, count, &dissector, only, pipe, &mut |sight, packet, out| {
                each(sight, packet, out);
            })?
        }
        None => pass::once_for(input, count, &dissector, only, pipe, &mut |sight, packet, out| {
            each(sight, packet, out).is_some()
        })?,
    };
    if let Some(save) = save {
        save.finish()?;
    }
    if let Some(printer) = &mut job.printer {
        printer.end(&mut stdout.out);
    }
    // As tshark: what counts the whole capture says nothing of a part of it.
    if ended != Ended::Interrupted {
        job.statistics.write(&memory, &mut stdout.out);
    }
    stdout.flush()?;
    ended.told()
}

/// What -f asks for.
pub(crate) fn capture_filter(taken: &Taken, dissector: &Dissector) -> Result<Option<Bpf>, End> {
    let Some(text) = &taken.capture_filter else { return Ok(None) };
    let expression = Bpf::compile(text).map_err(|error| {
        let fits = Filter::compile(dissector, text).is_ok();
        wrong(
            &error,
            text,
            fits.then_some("This is a display filter: give it with -Y, or behind the capture"),
        )
    })?;
    Ok(Some(expression))
}

/// A display filter.
pub(crate) fn display_filter(text: &str, dissector: &Dissector) -> Result<Filter, End> {
    Filter::compile(dissector, text).map_err(|error| {
        let fits = Bpf::compile(text).is_ok();
        wrong(&error, text, fits.then_some("This is a capture filter: give it with -f"))
    })
}

/// What is wrong with a filter, with the place, and what else it would be.
fn wrong(error: &filter::Error, text: &str, hint: Option<&str>) -> End {
    let (before, hint) = hint.map_or(("", ""), |hint| ("\n", hint));
    End::Filter(format!("{}\n{}{before}{hint}", error.sentence, error.caret(text, "    ")))
}

/// A dissector that also finds these protocols by their content.
pub(crate) fn dissector(heuristics: &[String]) -> Result<Dissector, End> {
    let mut further = Vec::new();
    for name in heuristics {
        // tshark's names say what carries them too.
        let is = |one: &&&Protocol| one.name == name || one.name.split('_').next() == Some(name);
        let found = HEURISTICS.iter().find(is).ok_or_else(|| {
            let names: Vec<&str> = HEURISTICS.iter().map(|one| one.name).collect();
            End::Usage(format!("--heuristic {name}: there is only {}", names.join(", ")))
        })?;
        further.push(*found);
    }
    Ok(Dissector::with(&further))
}

/// What is done with each packet.
struct Job<'a> {
    /// What a packet has to pass to be there at all.
    read: Option<Filter>,
    /// What a packet has to pass to be printed, or written to a file.
    filters: Vec<Filter>,
    work: Work,
    statistics: Statistics,
    /// Whether there are statistics.
    counts: bool,
    /// Whether packets go to a file.
    saves: bool,
    printer: Option<Printer<'a>>,
}

impl Job<'_> {
    /// The part of each packet's tree that is read of all of them, if that is not the whole: what filters, columns and
    /// statistics read. Lines tell themselves what they need.
    fn part(&self, dissector: &Dissector) -> Option<Only> {
        let mut fields = if self.counts { self.statistics.fields()? } else { Vec::new() };
        match &self.printer {
            None if self.counts => {}
            Some(Printer { part: None, body: Some(Body::Columns(columns)), .. }) => {
                fields.extend(columns.fields()?);
            }
            Some(Printer { part: None, body: None | Some(Body::Psml(_)), hex: false, .. }) => {
                if self.filters.is_empty() && self.read.is_none() && !self.counts {
                    return Some(Only::lines(dissector));
                }
            }
            _ => return None,
        }
        for filter in self.read.iter().chain(&self.filters) {
            fields.extend(filter.fields()?);
        }
        Some(Only::fields(dissector, &fields))
    }
    /// Whether the filters pick the packet; does with it what is asked for. `None` if more has to be learnt to tell that.
    fn packet(
        &mut self,
        dissector: &Dissector,
        sight: &mut Sight<'_>,
        packet: &Packet<'_>,
        out: &mut Out,
    ) -> Option<bool> {
        let work = &mut self.work;
        let mut accepts = |filter: &Filter| filter.accepts(dissector, &mut *sight, packet, work);
        let mut picked = self.read.as_ref().is_none_or(&mut accepts);
        let wanted = picked && (self.saves || self.printer.is_some());
        let counted = picked && self.counts;
        picked = picked && (!wanted || self.filters.iter().all(accepts));
        if sight.lacks() {
            return None;
        }
        if let Some(printer) = &mut self.printer {
            if !picked {
                printer.clock.pass(packet);
            } else if !printer.packet(sight, packet, out) {
                return None;
            }
        }
        if counted {
            if !self.statistics.packet(dissector, &mut *sight, packet) {
                return None;
            }
        } else if self.counts {
            self.statistics.pass(dissector, packet);
        }
        Some(picked)
    }
}

/// What -J and -j leave of trees.
struct Part {
    only: Only,
    /// The fields that keep what stands under them, and the protocols' own; `None` if all do.
    keep: Option<Vec<&'static Field>>,
    /// The protocols, where what is left out leaves a mark: in tshark's shapes.
    marks: Option<Vec<&'static str>>,
}

impl Part {
    fn of(decode: &Decode, dissector: &Dissector) -> Result<Option<Part>, End> {
        let Some(names) = decode.part.as_ref().or(decode.top.as_ref()) else { return Ok(None) };
        if !matches!(
            decode.output,
            Output::Json | Output::Ndjson | Output::Jsonraw | Output::Ek | Output::Pdml
        ) {
            return Err(End::Usage("-J and -j are for -T json, ndjson, jsonraw, ek and pdml".to_owned()));
        }
        let (mut protocols, mut keep) = (Vec::new(), Vec::new());
        for name in names.split([',', ' ']).filter(|name| !name.is_empty()) {
            let before = (protocols.len(), keep.len());
            for (index, protocol) in dissector.protocols().iter().enumerate() {
                if protocol.name == name {
                    protocols.push(index);
                }
                let fields = protocol.fields.iter().copied().flatten().copied();
                keep.extend(fields.filter(|field| field.name == name));
            }
            if before == (protocols.len(), keep.len()) {
                return Err(End::Usage(format!("-j {name}: no protocol and no field has this name")));
            }
        }
        let only = Only::new(dissector, &protocols);
        let marks = matches!(decode.output, Output::Jsonraw | Output::Ek | Output::Pdml).then(|| {
            let all = dissector.protocols();
            protocols.iter().filter_map(|index| all.get(*index).map(|one| one.name)).collect()
        });
        Ok(Some(Part { only, keep: decode.top.is_some().then_some(keep), marks }))
    }
    /// The part of a packet's tree.
    fn dissect(&self, dissector: &Dissector, sight: &mut Sight<'_>, packet: &Packet<'_>, tree: &mut Tree) {
        let keeps = |field: &'static Field| {
            self.keep.as_ref().is_none_or(|keep| keep.iter().any(|one| std::ptr::eq(*one, field)))
        };
        if let Some(protocols) = &self.marks {
            dissector.dissect(sight, packet, tree);
            tree.leave_out(|node| match node.field.show.kind {
                Kind::Protocol => protocols.contains(&node.field.name),
                _ => keeps(node.field),
            });
            return;
        }
        dissector.dissect_only(sight, packet, &self.only, tree);
        if self.keep.is_some() {
            tree.prune(|node| node.field.show.kind == Kind::Protocol || keeps(node.field));
        }
    }
}

/// The most keys that one rule names: all ports.
const MOST_KEYS: u32 = 1 << 16;

/// Follows a rule of tshark's form: `udp.port==5070,sip`, with `5070-5079` for several keys, or `5070:10` for ten.
fn decode_as(dissector: &mut Dissector, rule: &str) -> Result<(), String> {
    let form = || "a rule is TABLE==KEY,PROTOCOL: udp.port==5070,sip".to_owned();
    let (table, rest) = rule.split_once("==").ok_or_else(form)?;
    let (keys, protocol) = rest.split_once(',').ok_or_else(form)?;
    let number = |text: &str| {
        let text = text.trim();
        let hex = text.strip_prefix("0x").map(|digits| u32::from_str_radix(digits, 16));
        hex.unwrap_or_else(|| text.parse()).map_err(|_| format!("{text} is not a number"))
    };
    let (first, last) = match (keys.split_once('-'), keys.split_once(':')) {
        (Some((first, last)), _) => (number(first)?, number(last)?),
        (None, Some((first, count))) => {
            let first = number(first)?;
            (first, first.saturating_add(number(count)?.saturating_sub(1)))
        }
        (None, None) => (number(keys)?, number(keys)?),
    };
    if first > last || last - first >= MOST_KEYS {
        return Err(format!("{keys} names no key or more than {MOST_KEYS}"));
    }
    dissector.decode_as(table.trim(), first..=last, protocol.trim())
}

/// What is made of each packet.
struct Printer<'a> {
    dissector: &'a Dissector,
    clock: Clock,
    tree: Tree,
    line: Line,
    summary: bool,
    /// Whether the body reads the tree, and the summary.
    reads: (bool, bool),
    /// What stands between the columns of the summary line.
    between: u8,
    /// What of the tree is printed, if not all of it.
    part: Option<Part>,
    body: Option<Body>,
    hex: bool,
}

/// What is written of a packet's tree. There is one of it, and it is not moved.
#[allow(clippy::large_enum_variant, reason = "one of it stands in the printer")]
enum Body {
    Text(Text),
    Json(Json),
    JsonRaw(JsonRaw),
    Elastic(Box<Elastic>),
    Pdml(Pdml),
    Psml(Psml),
    Columns(Columns),
}

impl<'a> Printer<'a> {
    fn new(
        decode: &'a Decode,
        dissector: &'a Dissector,
        columns: Option<Columns>,
        part: Option<Part>,
        digits: usize,
    ) -> Printer<'a> {
        let style = if decode.color.colours() { Style::ANSI } else { Style::PLAIN };
        let psml = decode.output == Output::Psml;
        let reads = columns.as_ref().map_or((!psml, psml), |one| (one.reads_tree(), one.reads_line()));
        let body = match decode.output {
            _ if columns.is_some() => columns.map(Body::Columns),
            Output::Text if !decode.only.is_empty() => {
                Some(Body::Text(Text::default().style(style).only(&decode.only)))
            }
            Output::Text if decode.verbose => Some(Body::Text(Text::default().style(style))),
            Output::Text | Output::Tabs | Output::Fields | Output::Csv => None,
            Output::Json => Some(Body::Json(Json::array())),
            Output::Ndjson => Some(Body::Json(Json::lines())),
            Output::Jsonraw => Some(Body::JsonRaw(JsonRaw::default())),
            Output::Ek => Some(Body::Elastic(Box::default())),
            Output::Psml => Some(Body::Psml(Psml::default())),
            Output::Pdml => {
                Some(Body::Pdml(if part.is_some() { Pdml::forgetful() } else { Pdml::default() }))
            }
        };
        let text = matches!(decode.output, Output::Text | Output::Tabs);
        Printer {
            dissector,
            clock: Clock::new(decode.time, decode.seconds, digits),
            tree: Tree::new(),
            line: Line::new(),
            summary: text && (decode.summary || (body.is_none() && !decode.hex)),
            reads,
            between: if decode.output == Output::Tabs { b'\t' } else { b' ' },
            part,
            body,
            hex: text && decode.hex,
        }
    }
    /// Has names in what is printed.
    fn name(&mut self, names: Names) {
        self.line.name(names.clone());
        self.tree.name(names);
    }
    fn begin(&mut self, out: &mut Out) {
        match &self.body {
            Some(Body::Json(json)) => json.begin(out),
            Some(Body::JsonRaw(json)) => json.begin(out),
            Some(Body::Pdml(pdml)) => pdml.begin(out),
            Some(Body::Psml(psml)) => psml.begin(out),
            Some(Body::Columns(columns)) => columns.begin(out),
            _ => {}
        }
    }
    /// Answers false, having written nothing, if more has to be learnt to tell what to write.
    fn packet(&mut self, sight: &mut Sight<'_>, packet: &Packet<'_>, out: &mut Out) -> bool {
        let wants = (self.summary || self.reads.1, self.body.is_some() && self.reads.0 || self.hex);
        let dissector = self.dissector;
        if let Some(Body::Columns(columns)) = &self.body
            && let Some(only) = columns.only()
        {
            if wants.0 {
                dissector.summarize(&mut *sight, packet, &mut self.line);
            }
            if wants.1 {
                dissector.dissect_only(&mut *sight, packet, only, &mut self.tree);
            }
        } else if let Some(part) = &self.part {
            part.dissect(dissector, sight, packet, &mut self.tree);
        } else {
            self.dissect(wants, sight, packet);
        }
        if sight.lacks() || wants.0 && self.line.lacks() {
            return false;
        }
        let dissection = Dissection { tree: &self.tree, packet };
        if self.summary {
            Summary::parted(self.between, packet, &self.line, |out| self.clock.write(packet, out), out);
        }
        match &mut self.body {
            Some(Body::Text(text)) => text.packet(dissection, out),
            Some(Body::Json(json)) => json.packet(dissection, out),
            Some(Body::JsonRaw(json)) => json.packet(dissection, out),
            Some(Body::Elastic(elastic)) => elastic.packet(dissection, out),
            Some(Body::Pdml(pdml)) => pdml.packet(dissection, out),
            Some(Body::Psml(psml)) => {
                psml.packet(packet, &self.line, |out| self.clock.write(packet, out), out);
            }
            Some(Body::Columns(columns)) => {
                columns.packet(dissection, &self.line, |ask, out| self.clock.tell(ask, packet, out), out);
                self.clock.printed(packet);
            }
            None => {}
        }
        if self.hex {
            format::hex(dissection, out);
        }
        true
    }
    /// Looks at a packet whole: at its summary line, at its tree, or at both.
    fn dissect(&mut self, wants: (bool, bool), sight: &mut Sight<'_>, packet: &Packet<'_>) {
        match wants {
            (true, false) => self.dissector.summarize(&mut *sight, packet, &mut self.line),
            (false, true) => self.dissector.dissect(sight, packet, &mut self.tree),
            (false, false) => {}
            (true, true) => {
                self.dissector.dissect_and_summarize(sight, packet, &mut self.tree, &mut self.line);
            }
        }
    }
    fn end(&mut self, out: &mut Out) {
        match &self.body {
            Some(Body::Json(json)) => json.end(out),
            Some(Body::JsonRaw(json)) => json.end(out),
            Some(Body::Pdml(pdml)) => pdml.end(out),
            Some(Body::Psml(psml)) => psml.end(out),
            Some(Body::Columns(columns)) => columns.end(out),
            _ => {}
        }
    }
}
