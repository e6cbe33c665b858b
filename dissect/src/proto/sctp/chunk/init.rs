//! INIT and INIT ACK, RFC 9260, 3.3.2 and 3.3.3.

use super::{Chunk, Type};
use crate::proto::sctp::association::Known;
use crate::proto::sctp::parameter;
use crate::tree::Item;
use crate::{Area, Cx, Out, Severity, Show, fields, header};

fields! {
    /// An INIT chunk: the request for an association.
    INIT_GROUP = "sctp.chunk", "INIT chunk", Show::group().repeats().write(write_init), "RFC 9260, 3.3.2";
    /// An INIT ACK chunk: the answer to an INIT, with the state cookie.
    ACK_GROUP = "sctp.chunk", "INIT_ACK chunk", Show::group().repeats().write(write_ack), "RFC 9260, 3.3.3";
    /// The tag of an INIT or an INIT ACK.
    INITIATE_TAG = "sctp.initiate_tag", "Initiate tag", Show::u32().hex(), "RFC 9260, 3.3.2";
    /// The tag that the other side puts in every packet it sends.
    INIT_TAG = "sctp.init_initiate_tag", "Initiate tag",
        Show::u32().hex().also(&[&INITIATE_TAG]), "RFC 9260, 3.3.2";
    /// How many bytes the sender has reserved for what it receives.
    INIT_CREDIT = "sctp.init_credit", "Advertised receiver window credit (a_rwnd)",
        Show::u32(), "RFC 9260, 3.3.2";
    /// How many streams the sender wants to send on.
    INIT_OUT = "sctp.init_nr_out_streams", "Number of outbound streams", Show::u16(), "RFC 9260, 3.3.2";
    /// How many streams the sender allows the other side at most.
    INIT_IN = "sctp.init_nr_in_streams", "Number of inbound streams", Show::u16(), "RFC 9260, 3.3.2";
    /// The first transmission sequence number that the sender will use.
    INIT_TSN = "sctp.init_initial_tsn", "Initial TSN", Show::u32(), "RFC 9260, 3.3.2";
    /// The tag that the other side puts in every packet it sends.
    ACK_TAG = "sctp.initack_initiate_tag", "Initiate tag",
        Show::u32().hex().also(&[&INITIATE_TAG]), "RFC 9260, 3.3.3";
    /// How many bytes the sender has reserved for what it receives.
    ACK_CREDIT = "sctp.initack_credit", "Advertised receiver window credit (a_rwnd)",
        Show::u32(), "RFC 9260, 3.3.3";
    /// How many streams the sender wants to send on.
    ACK_OUT = "sctp.initack_nr_out_streams", "Number of outbound streams", Show::u16(), "RFC 9260, 3.3.3";
    /// How many streams the sender allows the other side at most.
    ACK_IN = "sctp.initack_nr_in_streams", "Number of inbound streams", Show::u16(), "RFC 9260, 3.3.3";
    /// The first transmission sequence number that the sender will use.
    ACK_TSN = "sctp.initack_initial_tsn", "Initial TSN", Show::u32(), "RFC 9260, 3.3.3";
    /// A tag of zero would look like the tag of a packet with an INIT: the receiver refuses the association.
    ZERO_TAG = "sctp.initiate_tag.zero", "The initiate tag is zero", Show::expert(Severity::Error, Area::Protocol),
        "RFC 9260, 3.3.2";
    /// Each side has a stream at least in each direction: the receiver refuses the association.
    NO_STREAMS = "sctp.init_nr_streams.zero", "The number of streams is zero",
        Show::expert(Severity::Error, Area::Protocol), "RFC 9260, 3.3.2";
    /// The sender has less room than for a packet of the smallest size.
    SMALL_CREDIT = "sctp.init_credit.small", "The advertised receiver window credit is below 1500 bytes",
        Show::expert(Severity::Warn, Area::Protocol), "RFC 9260, 6.2";
}

/// The type INIT.
pub static TYPE: Type =
    Type { number: 1, name: "INIT", group: &INIT_GROUP, flags: &[], dissect: dissect_init, fields: FIELDS };
/// The type INIT ACK.
pub static ACK: Type =
    Type { number: 2, name: "INIT_ACK", group: &ACK_GROUP, flags: &[], dissect: dissect_ack, fields: &[] };

header! {
    /// The fixed part of an INIT chunk's value; parameters follow it.
    pub struct Init {
        /// The tag that the other side puts in every packet it sends. Never 0.
        pub initiate_tag: u32 => INIT_TAG,
        /// The advertised receiver window credit, in bytes.
        pub a_rwnd: u32 => INIT_CREDIT,
        /// How many streams the sender wants to send on. Never 0.
        pub outbound_streams: u16 => INIT_OUT,
        /// How many streams the sender allows the other side at most. Never 0.
        pub inbound_streams: u16 => INIT_IN,
        /// The first transmission sequence number that the sender will use.
        pub initial_tsn: u32 => INIT_TSN,
    }
}

header! {
    /// The fixed part of an INIT ACK chunk's value; parameters follow it.
    pub struct InitAck {
        /// The tag that the other side puts in every packet it sends. Never 0.
        pub initiate_tag: u32 => ACK_TAG,
        /// The advertised receiver window credit, in bytes.
        pub a_rwnd: u32 => ACK_CREDIT,
        /// How many streams the sender wants to send on. Never 0.
        pub outbound_streams: u16 => ACK_OUT,
        /// How many streams the sender allows the other side at most. Never 0.
        pub inbound_streams: u16 => ACK_IN,
        /// The first transmission sequence number that the sender will use.
        pub initial_tsn: u32 => ACK_TSN,
    }
}

fn dissect_init(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if let Some((init, parameters)) = Init::dissect(cx, chunk.value) {
        write_info(cx, init.outbound_streams, init.inbound_streams, init.a_rwnd);
        check(cx, chunk.value, init);
        dissect_parameters(cx, parameters);
    }
}

fn dissect_ack(cx: &mut Cx<'_>, chunk: &Chunk<'_>, _: &mut Known) {
    if let Some((ack, parameters)) = InitAck::dissect(cx, chunk.value) {
        write_info(cx, ack.outbound_streams, ack.inbound_streams, ack.a_rwnd);
        let InitAck { initiate_tag, a_rwnd, outbound_streams, inbound_streams, initial_tsn } = ack;
        check(cx, chunk.value, Init { initiate_tag, a_rwnd, outbound_streams, inbound_streams, initial_tsn });
        dissect_parameters(cx, parameters);
    }
}

/// Remarks on values that make the receiver refuse the association.
fn check(cx: &mut Cx<'_>, value: &[u8], init: Init) {
    let bytes = |range| value.get::<std::ops::Range<usize>>(range).unwrap_or(&[]);
    if init.initiate_tag == 0 {
        cx.expert(&ZERO_TAG, bytes(0..4));
    }
    if init.a_rwnd < 1500 {
        cx.expert(&SMALL_CREDIT, bytes(4..8));
    }
    if init.outbound_streams == 0 || init.inbound_streams == 0 {
        cx.expert(&NO_STREAMS, bytes(8..12));
    }
}

fn dissect_parameters(cx: &mut Cx<'_>, parameters: &[u8]) {
    if cx.showing() {
        parameter::dissect_all(cx, parameters);
    }
}

fn write_info(cx: &mut Cx<'_>, outbound: u16, inbound: u16, a_rwnd: u32) {
    if let Some(info) = cx.info() {
        info.str("(Streams=").dec(outbound.into()).byte(b'/').dec(inbound.into());
        info.str(", Arwnd=").dec(a_rwnd.into()).str(") ");
    }
}

fn write_init(item: Item<'_>, out: &mut Out) {
    write_streams(out, item.number(&INIT_OUT), item.number(&INIT_IN));
}

fn write_ack(item: Item<'_>, out: &mut Out) {
    write_streams(out, item.number(&ACK_OUT), item.number(&ACK_IN));
}

fn write_streams(out: &mut Out, outbound: Option<u64>, inbound: Option<u64>) {
    if let (Some(outbound), Some(inbound)) = (outbound, inbound) {
        out.str(" (Outbound streams: ").dec(outbound).str(", inbound streams: ").dec(inbound).str(")");
    }
}
