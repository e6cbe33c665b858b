//! What each packet of an association says, chunk by chunk: kept when a report asks for it, and then for reports alone.

use crate::proto::sctp::cause::Causes;
use crate::proto::sctp::chunk::data::Flags;
use crate::proto::sctp::chunk::forward_tsn::ForwardTsn;
use crate::proto::sctp::chunk::i_forward_tsn::{self, IForwardTsn};
use crate::proto::sctp::chunk::{
    Chunk, Data, IData, NrSack, Sack, data, error, forward_tsn, i_data, nr_sack, re_config, sack,
};
use crate::proto::sctp::parameter::Parameters;

/// How many chunks are kept, of all associations together; later packets are counted only.
pub const MOST_CHUNKS: usize = 1 << 18;
/// How many streams that a FORWARD-TSN names are kept of it.
pub const MOST_SKIPPED: usize = 64;

/// The packets of one association, or of all.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The only association that is wanted.
    one: Option<u32>,
    steps: Vec<Step>,
    said: Vec<Said>,
    missed: u64,
}

/// A packet.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its number.
    pub packet: u64,
    /// Its time: nanoseconds since 1970.
    pub time: i64,
    /// The index of its association.
    pub index: u32,
    /// The side that sent it.
    pub side: u8,
    /// The path it took.
    pub path: u8,
    /// Where what it says begins, and where it ends.
    said: (u32, u32),
}

/// What a chunk says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// A piece of a message: DATA or I-DATA.
    Data {
        /// Its TSN.
        tsn: u32,
        /// Its stream.
        stream: u16,
        /// The stream sequence number, or the message identifier of I-DATA.
        message: u32,
        /// The payload protocol identifier; of an I-DATA that does not begin a message its fragment sequence number.
        ppid: u32,
        /// How many bytes of the message it has.
        len: u16,
        /// Its flags.
        flags: Flags,
        /// It is an I-DATA.
        interleaved: bool,
    },
    /// SACK or NR-SACK.
    Sack {
        /// Up to which TSN all came.
        upto: u32,
        /// How many bytes the receiver can take.
        a_rwnd: u32,
        /// How many gap blocks there are.
        gaps: u16,
        /// How many TSNs came twice.
        duplicates: u16,
    },
    /// FORWARD-TSN or I-FORWARD-TSN: up to which TSN nothing more will come.
    ForwardTsn(u32),
    /// Of a FORWARD-TSN: a stream, its last message that was given up, and whether unordered ones are meant.
    Skipped(u16, u32, bool),
    /// ERROR, with the code of its first cause.
    Error(u16),
    /// A request or response of RE-CONFIG: the type of the parameter, the sequence number of the request, and the number of
    /// streams to add or the result.
    Reconfigure(u16, u32, u32),
    /// Any other: its type and its flags.
    Other(u8, u8),
}

impl Trace {
    pub(super) fn new(one: Option<u32>) -> Trace {
        Trace { one, ..Trace::default() }
    }
    /// How many packets could not be kept.
    pub fn missed(&self) -> u64 {
        self.missed
    }
    /// The packets of an association, in order, each with what it says.
    pub fn steps(&self, index: u32) -> impl Iterator<Item = (&Step, &[Said])> {
        let said = |step: &Step| self.said.get(step.said.0 as usize..step.said.1 as usize).unwrap_or(&[]);
        self.steps.iter().filter(move |step| step.index == index).map(move |step| (step, said(step)))
    }
    pub(super) fn wants(&self, index: u32) -> bool {
        self.one.is_none_or(|one| one == index)
    }
    /// Takes a packet of which the chunks are these.
    pub(super) fn packet(&mut self, mut step: Step, chunks: &[u8]) {
        if self.said.len() >= MOST_CHUNKS {
            self.missed += 1;
            return;
        }
        let (start, mut rest) = (self.said.len() as u32, chunks);
        while let Ok((next, chunk)) = Chunk::parse(rest) {
            self.chunk(&chunk);
            rest = next;
        }
        step.said = (start, self.said.len() as u32);
        self.steps.push(step);
    }
    fn chunk(&mut self, chunk: &Chunk<'_>) {
        let other = Said::Other(chunk.number, chunk.flags);
        let number = chunk.number;
        let said = if number == data::TYPE.number {
            data_said(chunk)
        } else if number == i_data::TYPE.number {
            i_data_said(chunk)
        } else if number == sack::TYPE.number {
            Sack::parse(chunk.value).ok().map(|(_, sack)| Said::Sack {
                upto: sack.cumulative_tsn_ack,
                a_rwnd: sack.a_rwnd,
                gaps: sack.gap_count,
                duplicates: sack.duplicate_count,
            })
        } else if number == nr_sack::TYPE.number {
            NrSack::parse(chunk.value).ok().map(|(_, sack)| Said::Sack {
                upto: sack.cumulative_tsn_ack,
                a_rwnd: sack.a_rwnd,
                gaps: sack.gap_count.saturating_add(sack.nr_gap_count),
                duplicates: sack.duplicate_count,
            })
        } else if number == error::TYPE.number {
            Causes::new(chunk.value).next().and_then(Result::ok).map(|cause| Said::Error(cause.code.0))
        } else {
            None
        };
        self.said.push(said.unwrap_or(other));
        if number == forward_tsn::TYPE.number || number == i_forward_tsn::TYPE.number {
            self.forward(chunk);
        } else if number == re_config::TYPE.number {
            for parameter in Parameters::new(chunk.value).flatten().take(2) {
                let word = |at: usize| parameter.value.get(at..at + 4).and_then(|bytes| bytes.first_chunk());
                let word = |at| word(at).map_or(0, |word| u32::from_be_bytes(*word));
                let value = if parameter.kind.0 >= ADD_OUTGOING { word(4) >> 16 } else { word(4) };
                self.said.push(Said::Reconfigure(parameter.kind.0, word(0), value));
            }
        }
    }
    fn forward(&mut self, chunk: &Chunk<'_>) {
        if chunk.number == forward_tsn::TYPE.number {
            let Ok((rest, forward)) = ForwardTsn::parse(chunk.value) else { return };
            self.said.push(Said::ForwardTsn(forward.new_tsn));
            let streams = ForwardTsn::streams(rest).take(MOST_SKIPPED);
            self.said.extend(streams.map(|one| Said::Skipped(one.stream, one.ssn.into(), false)));
        } else {
            let Ok((rest, forward)) = IForwardTsn::parse(chunk.value) else { return };
            self.said.push(Said::ForwardTsn(forward.new_tsn));
            let streams = IForwardTsn::streams(rest).take(MOST_SKIPPED);
            let said = |one: i_forward_tsn::Skipped| Said::Skipped(one.stream, one.mid, one.flags & 1 == 1);
            self.said.extend(streams.map(said));
        }
    }
}

/// The first type of the parameters that add streams: RFC 6525, 4.5.
const ADD_OUTGOING: u16 = 17;

impl Step {
    /// A packet that says nothing yet.
    pub(super) fn new(packet: u64, time: i64, index: u32, side: u8, path: u8) -> Step {
        Step { packet, time, index, side, path, said: (0, 0) }
    }
}

fn data_said(chunk: &Chunk<'_>) -> Option<Said> {
    let (payload, data) = Data::parse(chunk.value).ok()?;
    Some(Said::Data {
        tsn: data.tsn,
        stream: data.stream,
        message: data.ssn.into(),
        ppid: data.ppid,
        len: (payload.len() + chunk.missing()).min(usize::from(u16::MAX)) as u16,
        flags: Flags(chunk.flags),
        interleaved: false,
    })
}

fn i_data_said(chunk: &Chunk<'_>) -> Option<Said> {
    let (payload, data) = IData::parse(chunk.value).ok()?;
    Some(Said::Data {
        tsn: data.tsn,
        stream: data.stream,
        message: data.mid,
        ppid: data.ppid_or_fsn,
        len: (payload.len() + chunk.missing()).min(usize::from(u16::MAX)) as u16,
        flags: Flags(chunk.flags),
        interleaved: true,
    })
}
