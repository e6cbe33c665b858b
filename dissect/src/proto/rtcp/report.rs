//! Sender and receiver reports, RFC 3550, 6.4.

use super::memory::Trips;
use super::{REPORT_AGE, REPORT_FRAME, ROUND_TRIP, SENDER, SOURCE};
use crate::header::number;
use crate::proto::icmpv6::layout::{Cell, cell, row};
use crate::tree::Item;
use crate::{Base, Cx, Out, Show, fields};

fields! {
    /// When the report was sent: seconds since 1900.
    SECONDS = "rtcp.timestamp.ntp.msw", "Timestamp, MSW", Show::u32().base(Base::DecHex), "RFC 3550, 6.4.1";
    /// When the report was sent: the fraction of a second.
    FRACTION = "rtcp.timestamp.ntp.lsw", "Timestamp, LSW", Show::u32().base(Base::DecHex), "RFC 3550, 6.4.1";
    /// When the report was sent.
    MOMENT = "rtcp.timestamp.ntp", "MSW and LSW as NTP timestamp", Show::moment(), "RFC 3550, 4";
    /// The same moment by RTP's clock.
    TIMESTAMP = "rtcp.timestamp.rtp", "RTP timestamp", Show::u32(), "RFC 3550, 6.4.1";
    /// How many RTP packets were sent.
    PACKETS = "rtcp.sender.packetcount", "Sender's packet count", Show::u32(), "RFC 3550, 6.4.1";
    /// How many bytes of payload were sent.
    BYTES = "rtcp.sender.octetcount", "Sender's octet count", Show::u32(), "RFC 3550, 6.4.1";
    /// What came from one source.
    BLOCK = "rtcp.report", "Report block", Show::group().repeats(), "RFC 3550, 6.4.1";
    /// How many packets of 256 were lost since the last report.
    pub(super) LOST_FRACTION = "rtcp.ssrc.fraction", "Fraction lost", Show::u8().unit(" / 256"), "RFC 3550, 6.4.1";
    /// How many packets were lost in all; negative where more came again.
    LOST = "rtcp.ssrc.cum_nr", "Cumulative number of packets lost", Show::i32(), "RFC 3550, 6.4.1";
    /// The highest sequence number, with the number of its wraps.
    HIGHEST = "rtcp.ssrc.ext_high", "Extended highest sequence number received", Show::u32(), "RFC 3550, 6.4.1";
    /// How often the sequence number wrapped.
    CYCLES = "rtcp.ssrc.high_cycles", "Sequence number cycles count", Show::u16(), "RFC 3550, 6.4.1";
    /// The highest sequence number.
    SEQUENCE = "rtcp.ssrc.high_seq", "Highest sequence number received", Show::u16(), "RFC 3550, 6.4.1";
    /// The interarrival jitter in units of the timestamp.
    JITTER = "rtcp.ssrc.jitter", "Interarrival jitter", Show::u32(), "RFC 3550, 6.4.1";
    /// The middle of the NTP timestamp of the last sender report that came; 0 if none did.
    LAST_REPORT = "rtcp.ssrc.lsr", "Last SR timestamp", Show::u32().base(Base::DecHex), "RFC 3550, 6.4.1";
    /// How long ago that came, in units of 1/65536 second.
    DELAY = "rtcp.ssrc.dlsr", "Delay since last SR timestamp", Show::u32().write_value(write_delay), "RFC 3550, 6.4.1";
    /// What a profile adds.
    EXTENSION = "rtcp.report.extension", "Profile-specific extension", Show::bytes(), "RFC 3550, 6.4.3";
}

/// The seconds from 1900 to 1970.
const EPOCH: i64 = 2_208_988_800;

/// A moment of NTP's 64 bits as nanoseconds since 1970. The seconds wrap in 2036: RFC 4330, 3. None is 0.
pub(super) fn moment(bytes: &[u8]) -> u64 {
    let number = number(bytes);
    if number == 0 {
        return 0;
    }
    let era = if number >> 63 == 1 { 0 } else { 1 << 32 };
    let seconds = (number >> 32) as i64 + era - EPOCH;
    let nanoseconds = ((number & 0xffff_ffff) * 1_000_000_000) >> 32;
    (seconds * 1_000_000_000 + nanoseconds as i64) as u64
}

static SENT: [Cell; 3] = [cell(&TIMESTAMP, 4), cell(&PACKETS, 4), cell(&BYTES, 4)];
static RECEIVED: [Cell; 3] = [cell(&SOURCE, 4), cell(&LOST_FRACTION, 1), cell(&LOST, 3)];
static TIMES: [Cell; 3] = [cell(&JITTER, 4), cell(&LAST_REPORT, 4), cell(&DELAY, 4)];

/// How many bytes a report block has.
const BLOCK_LEN: usize = 24;

/// A sender report.
pub(super) fn sender(cx: &mut Cx<'_>, content: &[u8], count: u8, trips: &mut Trips<'_>) {
    let times = [cell(&SENDER, 4), cell(&SECONDS, 4), cell(&FRACTION, 4)];
    let Some(rest) = row(cx, content, &times) else { return };
    let sent = content.get(4..12).unwrap_or(&[]);
    cx.leaf(&MOMENT, sent, moment(sent));
    let Some(rest) = row(cx, rest, &SENT) else { return };
    blocks(cx, rest, count, trips);
}

/// A receiver report.
pub(super) fn receiver(cx: &mut Cx<'_>, content: &[u8], count: u8, trips: &mut Trips<'_>) {
    let Some(rest) = row(cx, content, &[cell(&SENDER, 4)]) else { return };
    blocks(cx, rest, count, trips);
}

fn blocks(cx: &mut Cx<'_>, bytes: &[u8], count: u8, trips: &mut Trips<'_>) {
    let mut rest = bytes;
    for _ in 0..count {
        let (own, behind) = rest.split_at_checked(BLOCK_LEN).unwrap_or((rest, &[]));
        cx.group(&BLOCK, own, |cx| block(cx, own, trips));
        if own.len() < BLOCK_LEN {
            return;
        }
        rest = behind;
    }
    if !rest.is_empty() {
        cx.leaf(&EXTENSION, rest, 0);
    }
}

fn block(cx: &mut Cx<'_>, own: &[u8], trips: &mut Trips<'_>) -> Option<()> {
    let rest = row(cx, own, &RECEIVED)?;
    let Some((highest, rest)) = rest.split_at_checked(4) else {
        return row(cx, rest, &[cell(&HIGHEST, 4)]).map(|_| ());
    };
    cx.group_with(&HIGHEST, highest, number(highest), |cx| {
        row(cx, highest, &[cell(&CYCLES, 2), cell(&SEQUENCE, 2)]);
    });
    row(cx, rest, &TIMES)?;
    let trip = trips.take(cx.offset(own))?;
    let end = own.get(own.len()..).unwrap_or(&[]);
    cx.generated(&REPORT_FRAME, end, trip.report);
    cx.generated(&REPORT_AGE, end, (trip.age / 1_000_000) as u64);
    cx.generated(&ROUND_TRIP, end, (trip.delay / 1_000_000) as u64);
    Some(())
}

fn write_delay(item: Item<'_>, out: &mut Out) {
    out.dec(item.node.value).str(" (").dec(item.node.value * 1000 / 65_536).str(" milliseconds)");
}
