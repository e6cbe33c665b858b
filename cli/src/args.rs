//! The command line: said once, for help, man page and completions.

use crate::End;
use clap::{ArgAction, Args as Group, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::str::FromStr;

const ABOUT: &str =
    "Reads captures and prints what SCTP, TCP and SIP packets say, with Wireshark's field names";

const EXAMPLES: &str = "\
Examples:
  sctpdump capture.pcapng               one line a packet
  sctpdump -V -c 1 capture.pcapng       the first packet, whole
  sctpdump -O sctp -x capture.pcapng    SCTP in full, the rest in a line each, and the bytes
  sctpdump -T json capture.pcapng       an array with an object for each packet
  sctpdump capture.pcapng sctp.chunk_type == ABORT     only the packets that a display filter picks
  sctpdump -Y 'chunk{ sctp.data_sid == 1 && sctp.data_ssn == 7 }' capture.pcapng
  sctpdump -f 'sctp and port 4444' capture.pcapng      only the packets that a capture filter of tcpdump's picks
  tcpdump -U -w - sctp | sctpdump -     while it is captured
  sctpdump -q -z io,phs -z conv,sctp capture.pcapng    which protocols there are, and who talked with whom
  sctpdump -T fields -e ip.src -e sctp.chunk_type capture.pcapng    columns, as tshark prints them
  sctpdump -w some.pcapng capture.pcapng sip.Method == INVITE       packets into a file
  sctpdump follow sctp capture.pcapng 0 what was said in an association
  sctpdump view capture.pcapng          the viewer, in the browser
  sctpdump report capture.pcapng -o report.html     the viewer with the capture inside, in one file to hand on
  sctpdump fields sctp.chunk_type       what a field is and where it is specified

Captures: pcap (microseconds, nanoseconds, modified), pcapng and snoop, plain or compressed with gzip, zstd, lz4 or xz.

Filters are Wireshark's display filters (ip.addr == 10.0.0.0/8, sctp.chunk_type in {DATA, SACK}, sip.Method matches \"^re\",
!= for all values differ), and chunk{ ... } and message{ ... }, whose terms hold in one and the same chunk or message.

Exit status: 0 when all is well; 1 when the command line is wrong; 2 when a filter is wrong, when a file can't be read, is
damaged or cut short (every packet that can be found is printed first), when Ctrl-C ends it before the file does, or when the
output is closed.";

#[derive(Debug, Parser)]
#[command(name = "sctpdump", version, about = ABOUT, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
#[command(disable_version_flag = true)]
pub(crate) struct Args {
    /// Print the version
    #[arg(short = 'v', long, action = ArgAction::Version)]
    version: Option<bool>,
    /// Read a compressed capture to its end, whatever it unpacks to; otherwise reading ends where more than 1 GiB is more
    /// than 500 times the file
    #[arg(long, global = true)]
    pub(crate) unpack_all: bool,
    #[command(flatten)]
    pub(crate) decode: Decode,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the fields, or explain some: type, meaning, values and specification
    Fields(Fields),
    /// Show a capture in the browser: it is served to this machine alone, at an address that nobody can guess
    View(View),
    /// Write the viewer and a capture into one HTML file, which opens in any browser, without a network
    Report(Bundle),
    /// List the SCTP associations, or tell all of one
    Assoc {
        #[command(flatten)]
        report: Report,
        /// Tell what is wrong with it, in words, with the packets that show it
        #[arg(long)]
        health: bool,
    },
    /// List the SIP calls, or tell all of one
    Calls(Report),
    /// List the TCP connections, or tell all of one
    Streams(Report),
    /// List the RTP streams, or tell all of one
    Rtp(Report),
    /// Tell what the application at each end of an SCTP association saw, by RFC 6458
    Events(Report),
    /// Draw who said what to whom
    Ladder(Ladder),
    /// Draw what changed over time of an SCTP association: paths, TSNs, bytes in flight, windows
    Chart(Chart),
    /// Print what two ends said to each other, in order, with what is missing marked
    Follow(Follow),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, for man(1)
    Man,
    /// Print the ways to go on with a display filter, each with its meaning behind a tab; completions ask for them
    #[command(hide = true)]
    CompleteFilter {
        /// The filter as far as it is typed
        #[arg(default_value = "", allow_hyphen_values = true)]
        text: String,
    },
}

#[derive(Debug, Group)]
pub(crate) struct Fields {
    /// Names or beginnings of names: sctp.chunk_type, sip.Via; all fields when there is none
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Group)]
pub(crate) struct View {
    /// The capture
    pub(crate) file: String,
    /// Only print the address
    #[arg(long)]
    pub(crate) no_open: bool,
    /// The port to serve at; any that is free when it is 0
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
}

#[derive(Debug, Group)]
pub(crate) struct Bundle {
    /// The capture (- is the standard input); at most 64 MiB
    pub(crate) file: String,
    /// The file to write (- is the standard output)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: String,
    /// Also with a capture of more than 64 MiB, which many browsers will not open
    #[arg(long)]
    pub(crate) any_size: bool,
    #[command(flatten)]
    pub(crate) among: Among,
}

#[derive(Debug, Group)]
pub(crate) struct Taken {
    /// Read only the packets that this capture filter picks, as if nothing else were in the capture: tcpdump's language,
    /// 'sctp and port 4444', 'host 10.0.0.1 and not icmp'; see pcap-filter(7), and docs/tshark.md for what is read of it
    #[arg(short = 'f', long = "capture-filter", visible_alias = "bpf", value_name = "EXPRESSION")]
    pub(crate) capture_filter: Option<String>,
}

/// A part of a capture, for what is told of it.
#[derive(Debug, Group)]
pub(crate) struct Among {
    #[command(flatten)]
    pub(crate) taken: Taken,
    /// Read only the packets that this display filter picks, as if nothing else were in the capture, but that the filter knows
    /// the others: sctp.assoc_index == 2, sip || sdp || rtp, tcp.stream in {1..3}. What stands in others is not known to the
    /// report: RTP is found by the SDP that announces it
    #[arg(short = 'Y', long = "display-filter", value_name = "FILTER")]
    pub(crate) display: Option<String>,
}

/// A number, where a filter may have been meant.
fn number<T: FromStr>(text: &str) -> Result<T, String> {
    let wrong = "it is no such number; a display filter is given by -Y, a capture filter by -f";
    text.parse().map_err(|_| wrong.to_owned())
}

#[derive(Debug, Group)]
pub(crate) struct Report {
    /// The capture (- is the standard input)
    pub(crate) file: String,
    /// Which one, by its number in the list
    #[arg(value_parser = number::<u32>)]
    pub(crate) number: Option<u32>,
    /// Also find a protocol by its content alone: rtp in UDP that nobody announced
    #[arg(long = "heuristic", visible_alias = "enable-heuristic", value_name = "NAME")]
    pub(crate) heuristics: Vec<String>,
    /// The output
    #[arg(short = 'T', value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) output: ReportFormat,
    #[command(flatten)]
    pub(crate) among: Among,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Lines for people
    Text,
    /// An object
    Json,
    /// A header and rows for each table
    Csv,
}

#[derive(Debug, Group)]
pub(crate) struct Ladder {
    /// The capture (- is the standard input)
    pub(crate) file: String,
    /// Of what: assoc, calls, streams
    pub(crate) of: String,
    /// Which one, by its number in the list
    #[arg(value_parser = number::<u32>)]
    pub(crate) number: u32,
    /// The output
    #[arg(short = 'T', value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) output: LadderFormat,
    #[command(flatten)]
    pub(crate) among: Among,
}

#[derive(Debug, Group)]
pub(crate) struct Chart {
    /// The capture (- is the standard input)
    pub(crate) file: String,
    /// Of what: assoc
    pub(crate) of: String,
    /// Which one, by its number in the list
    #[arg(value_parser = number::<u32>)]
    pub(crate) number: u32,
    /// The output
    #[arg(short = 'T', value_name = "FORMAT", default_value = "svg", hide_default_value = true)]
    pub(crate) output: ChartFormat,
    #[command(flatten)]
    pub(crate) among: Among,
}

#[derive(Debug, Group)]
pub(crate) struct Follow {
    /// Whom
    pub(crate) of: Followed,
    /// The capture (- is the standard input)
    pub(crate) file: String,
    /// Which one: the number of the association, of the stream, or of the call; of SIP also a Call-ID
    pub(crate) which: String,
    /// Only this stream of the association
    #[arg(value_parser = number::<u16>)]
    pub(crate) stream: Option<u16>,
    /// The output
    #[arg(short = 'T', value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) output: FollowFormat,
    #[command(flatten)]
    pub(crate) among: Among,
    /// When to use colours; NO_COLOR in the environment turns them off in auto
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Followed {
    /// An SCTP association, by its index: message by message over all its paths
    Sctp,
    /// A TCP stream, by its index: put in order
    Tcp,
    /// The SIP messages of a call, by its number in the list of calls or by its Call-ID
    Sip,
    /// A UDP stream, by its index
    Udp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FollowFormat {
    /// Each piece as text
    Text,
    /// Each piece in hexadecimal and ASCII
    Hex,
    /// A line of hexadecimal for each piece, the second side's behind a tabulator, as tshark writes it
    Raw,
    /// An object
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartFormat {
    /// A picture
    Svg,
    /// Comma-separated values, a row for each point
    Csv,
    /// A JSON object
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LadderFormat {
    /// Lines for a terminal
    Text,
    /// A picture
    Svg,
    /// A sequence diagram of Mermaid
    Mermaid,
}

#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Debug, Group)]
pub(crate) struct Decode {
    /// The capture (- is the standard input; not with -r), and behind it a display filter in any number of words
    #[arg(value_name = "FILE [FILTER]", required_unless_present_any = ["read", "statistics", "glossary"])]
    words: Vec<String>,
    /// The capture, as tshark names it
    #[arg(short = 'r', long = "read-file", value_name = "FILE")]
    read: Option<String>,
    #[command(flatten)]
    pub(crate) taken: Taken,
    /// Print only the packets that this display filter picks
    #[arg(short = 'Y', long = "display-filter", value_name = "FILTER")]
    display: Option<String>,
    /// Pass over the packets that this display filter does not pick; needs -2, as tshark has it
    #[arg(short = 'R', long = "read-filter", value_name = "FILTER", requires = "two_pass")]
    pub(crate) read_filter: Option<String>,
    /// Print the whole tree of each packet
    #[arg(short = 'V', long)]
    pub(crate) verbose: bool,
    /// Print the tree with only these protocols in full: sctp,sip
    #[arg(short = 'O', value_name = "PROTOCOLS", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Print the bytes of each packet in hexadecimal and ASCII, and of what was reassembled or unpacked
    #[arg(short = 'x', long = "hex")]
    pub(crate) hex: bool,
    /// Print the summary line also with -V, -O or -x
    #[arg(short = 'P', long = "print")]
    pub(crate) summary: bool,
    /// Decode what comes under a key as a protocol, whatever it looks like: udp.port==5070,sip or sctp.ppi==99,data; several
    /// keys as 5070-5079
    #[arg(short = 'd', value_name = "TABLE==KEY,PROTOCOL")]
    pub(crate) rules: Vec<String>,
    /// Stop after so many packets, whether a filter picks them or not
    #[arg(short = 'c', value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
    /// Write the packets to a capture file (- is the standard output), those that the display filter picks; with the
    /// interfaces, comments, names and secrets that the capture has. Prints them only with -P
    #[arg(short = 'w', value_name = "FILE")]
    pub(crate) write: Option<String>,
    /// The format of what -w writes; pcapng without it
    #[arg(short = 'F', value_name = "FORMAT")]
    pub(crate) format: Option<CaptureFormat>,
    /// Also find a protocol by its content alone: rtp (tshark's rtp_udp) in UDP that nobody announced
    #[arg(long = "heuristic", visible_alias = "enable-heuristic", value_name = "NAME")]
    pub(crate) heuristics: Vec<String>,
    /// Set a preference by tshark's name: ip.check_checksum, tcp.check_checksum, udp.check_checksum and
    /// tcp.relative_sequence_numbers (TRUE or FALSE), sctp.checksum (CRC-32c or None). Of others it says what holds here. Any
    /// number of times
    #[arg(short = 'o', value_name = "NAME:VALUE")]
    pub(crate) preferences: Vec<String>,
    /// Print what there is, in tshark's columns: fields, protocols, values of fields, or decodes (who decodes what)
    #[arg(short = 'G', value_name = "LIST", num_args = 0..=1, default_missing_value = "fields")]
    pub(crate) glossary: Option<Glossary>,
    /// What the time column says
    #[arg(short = 't', value_name = "FORMAT", default_value = "r", hide_default_value = true)]
    pub(crate) time: TimeFormat,
    /// How seconds are written: s, or hms for hours, minutes and seconds
    #[arg(short = 'u', value_name = "FORMAT", default_value = "s", hide_default_value = true)]
    pub(crate) seconds: SecondsFormat,
    /// Show no names, which is the default; takes back a -N before it
    #[arg(short = 'n', overrides_with = "resolve")]
    pub(crate) numeric: bool,
    /// Show names: n of addresses, which the capture brings or -H, and t of well-known ports. Nothing is ever looked up;
    /// tshark's other letters need what is not here
    #[arg(short = 'N', value_name = "LETTERS")]
    pub(crate) resolve: Vec<String>,
    /// Also take names of addresses from this hosts file: an address and a name on each line. Shows names as -N n does.
    /// Any number of times
    #[arg(short = 'H', value_name = "FILE")]
    pub(crate) hosts: Vec<String>,
    /// Print no packets; only read the file and say what is wrong with it
    #[arg(short = 'q', long)]
    pub(crate) quiet: bool,
    /// Read the capture twice, so that packets tell also what later ones brought: where they were acknowledged, reassembled,
    /// answered. A pipe is kept in a temporary file meanwhile
    #[arg(short = '2', long = "two-pass")]
    pub(crate) two_pass: bool,
    /// Count something over all packets and print it behind them, as tshark does: io,phs or conv,tcp; -z help lists what there
    /// is. Any number of times; with -q no packets are printed
    #[arg(short = 'z', value_name = "STATISTIC")]
    pub(crate) statistics: Vec<String>,
    /// The output
    #[arg(short = 'T', value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) output: Output,
    /// Of the tree only these protocols, with all that stands in them: ip,sctp or 'ip sctp'; for -T json, ndjson, jsonraw, ek and
    /// pdml
    #[arg(short = 'J', value_name = "PROTOCOLS", conflicts_with = "top")]
    pub(crate) part: Option<String>,
    /// Of the tree only these protocols, with the fields that stand at the top of them; fields named too keep what is under
    /// them: 'ip ip.flags'
    #[arg(short = 'j', value_name = "NAMES")]
    pub(crate) top: Option<String>,
    /// A column of -T fields or -T csv, a member of each object of -T json, ndjson or ek, an element of -T pdml: a field, a protocol, or a column of
    /// the summary such as _ws.col.Info. Any number of times
    #[arg(short = 'e', value_name = "FIELD")]
    pub(crate) columns: Vec<String>,
    /// How -T fields is written: header=y|n, separator=/t|/s|C, occurrence=f|l|a, aggregator=,|/s|C, quote=d|s|n, bom=y|n,
    /// escape=y|n. Any number of times
    #[arg(short = 'E', value_name = "OPTION=VALUE")]
    pub(crate) layout: Vec<String>,
    /// What a row of -T fields or -T csv stands for
    #[arg(long, value_name = "UNIT", default_value = "packet", hide_default_value = true)]
    pub(crate) per: Unit,
    /// When to use colours; NO_COLOR in the environment turns them off in auto
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
}

impl Decode {
    /// The capture's name.
    pub(crate) fn file(&self) -> &str {
        self.read.as_deref().or(self.words.first().map(String::as_str)).unwrap_or("-")
    }
    /// The display filter, by -Y or by the words behind the capture.
    pub(crate) fn filter(&self) -> Result<Option<String>, End> {
        let words =
            if self.read.is_some() { self.words.as_slice() } else { self.words.get(1..).unwrap_or(&[]) };
        match (&self.display, words) {
            (Some(_), [first, ..]) => Err(End::Usage(format!(
                "there are two display filters, that of -Y and the words behind the capture: {first} …"
            ))),
            (Some(filter), []) => Ok(Some(filter.clone())),
            (None, []) => Ok(None),
            (None, words) => Ok(Some(words.join(" "))),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Lines for people
    Text,
    /// An array with an object for each packet; its schema is docs/json.schema.json
    Json,
    /// XML as tshark writes it
    Pdml,
    /// An object for each packet, each on a line of its own
    Ndjson,
    /// The bytes of every field, their place, mask and type, in tshark's shape of JSON without keys that stand twice
    Jsonraw,
    /// Two lines a packet for Elasticsearch's bulk interface, as tshark writes them
    Ek,
    /// The summary's columns as XML, as tshark writes it
    Psml,
    /// The summary lines with tabulators between their columns
    Tabs,
    /// The fields named by -e, a row a packet
    Fields,
    /// The fields named by -e as CSV (RFC 4180), a header and a row a packet; text that a spreadsheet would take for a
    /// formula begins with an apostrophe
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unit {
    /// A packet
    Packet,
    /// An SCTP chunk; what stands outside of chunks is in the rows of all of them
    Chunk,
    /// A message that SCTP, TCP or UDP carried
    Message,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CaptureFormat {
    /// pcap, with nanoseconds if the capture has them
    Pcap,
    /// pcapng
    Pcapng,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Glossary {
    /// Protocols and their fields: type, label, name, kind, protocol, base, mask, meaning
    Fields,
    /// Protocols: what they stand for, title, name
    Protocols,
    /// Named values of fields
    Values,
    /// Tables, keys in them, and the protocol that decodes what comes there
    Decodes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimeFormat {
    /// Local time
    A,
    /// Local date and time
    Ad,
    /// Local year, day of the year and time
    Adoy,
    /// Since the previous packet
    D,
    /// Since the previous packet that was printed
    Dd,
    /// Seconds since 1970
    E,
    /// Since the first packet (the default)
    R,
    /// Time in UTC
    U,
    /// Date and time in UTC
    Ud,
    /// Year, day of the year and time in UTC
    Udoy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecondsFormat {
    /// Seconds
    S,
    /// Hours, minutes and seconds
    Hms,
}
