//! Options of Riverbed's accelerators, as they are seen on the wire; there is no public specification.

use super::{Lengths, OptionKind, OptionType, Place};
use crate::{Cx, Field, Show, fields, header};

fields! {
    /// Accelerators look for each other.
    PROBE_GROUP = "tcp.options.rvbd.probe", "TCP Option - Riverbed Probe", Show::bytes().repeats(), "Riverbed";
    /// What the probe says, in version 1.
    TYPE_1 = "tcp.options.rvbd.probe.type1", "Type", Show::u8().mask(0xf0), "Riverbed";
    /// The version, where its lowest bit is set.
    VERSION = "tcp.options.rvbd.probe.version", "Version", Show::u8().mask(0x0f), "Riverbed";
    /// What the probe says, in version 2.
    TYPE_2 = "tcp.options.rvbd.probe.type2", "Type", Show::u8().mask(0xfe), "Riverbed";
    /// The mark of version 2: the bit is not set.
    VERSION_RAW = "tcp.options.rvbd.probe.version_raw", "Version", Show::u8().mask(0x01), "Riverbed";
    /// A reserved byte.
    RESERVED = "tcp.options.rvbd.probe.reserved", "Reserved", Show::u8().hex(), "Riverbed";
    /// The client's accelerator.
    PROBER = "tcp.options.rvbd.probe.prober", "CSH IP", Show::ipv4(), "Riverbed";
    /// The server's accelerator.
    PROXY = "tcp.options.rvbd.probe.proxy.ip", "SSH IP", Show::ipv4(), "Riverbed";
    /// The port of the server's accelerator.
    PROXY_PORT = "tcp.options.rvbd.probe.proxy.port", "SSH Port", Show::u16(), "Riverbed";
    /// The version of the application.
    APPLICATION = "tcp.options.rvbd.probe.appli_ver", "Application Version", Show::u16(), "Riverbed";
    /// Who the connection between accelerators is for.
    TRANSPARENCY_GROUP = "tcp.options.rvbd.trpy", "TCP Option - Riverbed Transparency", Show::bytes().repeats(), "Riverbed";
    /// How the connection is passed on.
    FLAGS = "tcp.options.rvbd.trpy.flags", "Transparency Options", Show::u16().hex(), "Riverbed";
    /// Firewalls forget the probe on the next hop.
    FLAG_PROBE = "tcp.options.rvbd.trpy.flags.fw_rst_probe", "Enable FW traversal feature", Show::flag().mask(0x400), "Riverbed";
    /// All firewalls forget the inner connection.
    FLAG_INNER = "tcp.options.rvbd.trpy.flags.fw_rst_inner", "Enable Inner FW feature on All FWs", Show::flag().mask(0x200), "Riverbed";
    /// All firewalls forget the probe.
    FLAG_RESET = "tcp.options.rvbd.trpy.flags.fw_rst", "Enable Transparency FW feature on All FWs", Show::flag().mask(0x100), "Riverbed";
    /// Reserved.
    FLAG_CHECKSUM = "tcp.options.rvbd.trpy.flags.chksum", "Reserved", Show::flag().mask(0x4), "Riverbed";
    /// The connection is out of band.
    FLAG_OUT_OF_BAND = "tcp.options.rvbd.trpy.flags.oob", "Out of band connection", Show::flag().mask(0x2), "Riverbed";
    /// Whether only ports are passed on.
    FLAG_MODE = "tcp.options.rvbd.trpy.flags.mode", "Transparency Mode", Show::flag().mask(0x1).words("Port Transparency", "Full Transparency"), "Riverbed";
    /// The address of the source's accelerator.
    SOURCE = "tcp.options.rvbd.trpy.src.ip", "Src SH IP Addr", Show::ipv4(), "Riverbed";
    /// The address of the destination's accelerator.
    DESTINATION = "tcp.options.rvbd.trpy.dst.ip", "Dst SH IP Addr", Show::ipv4(), "Riverbed";
    /// The port of the source's accelerator.
    SOURCE_PORT = "tcp.options.rvbd.trpy.src.port", "Src SH Inner Port", Show::u16(), "Riverbed";
    /// The port of the destination's accelerator.
    DESTINATION_PORT = "tcp.options.rvbd.trpy.dst.port", "Dst SH Inner Port", Show::u16(), "Riverbed";
}

header! {
    /// What a probe of version 1 asks.
    pub struct Query {
        /// A reserved byte.
        pub reserved: u8 => RESERVED,
        /// The client's accelerator.
        pub prober: u32 => PROBER,
        /// The version of the application.
        pub application: u16 => APPLICATION,
    }
}

header! {
    /// What a probe of version 1 answers.
    pub struct Response {
        /// A reserved byte.
        pub reserved: u8 => RESERVED,
        /// The client's accelerator.
        pub prober: u32 => PROBER,
        /// The server's accelerator.
        pub proxy: u32 => PROXY,
        /// The port of the server's accelerator.
        pub port: u16 => PROXY_PORT,
    }
}

header! {
    /// The ends behind the accelerators.
    pub struct Transparency {
        /// How the connection is passed on.
        pub flags: u16 => FLAGS, by hand,
        /// The address of the source's accelerator.
        pub source: u32 => SOURCE,
        /// The address of the destination's accelerator.
        pub destination: u32 => DESTINATION,
        /// The port of the source's accelerator.
        pub source_port: u16 => SOURCE_PORT,
        /// The port of the destination's accelerator.
        pub destination_port: u16 => DESTINATION_PORT,
    }
}

const FLAG_FIELDS: [&Field; 6] =
    [&FLAG_PROBE, &FLAG_INNER, &FLAG_RESET, &FLAG_CHECKSUM, &FLAG_OUT_OF_BAND, &FLAG_MODE];

pub(super) static PROBE: OptionType = OptionType {
    emit: emit_probe,
    ..OptionType::new(OptionKind::RIVERBED_PROBE, &PROBE_GROUP, Lengths::AtLeast(3))
};

pub(super) static TRANSPARENCY: OptionType = OptionType {
    emit: |cx, place| {
        if let Some((flags, _)) = place.body().split_first_chunk::<2>() {
            let number = u16::from_be_bytes(*flags).into();
            cx.group_with(&FLAGS, flags, number, |cx| cx.flags(&FLAG_FIELDS, flags, number));
        }
        Transparency::dissect(cx, place.body());
    },
    ..OptionType::new(OptionKind::RIVERBED_TRANSPARENCY, &TRANSPARENCY_GROUP, Lengths::Exactly(16))
};

fn emit_probe(cx: &mut Cx<'_>, place: Place<'_>) {
    let Some((first, rest)) = place.body().split_at_checked(1) else { return };
    let head = u64::from(first.first().copied().unwrap_or(0));
    if head & VERSION_RAW.show.mask == 0 {
        return cx.flags(&[&TYPE_2, &VERSION_RAW], first, head);
    }
    cx.flags(&[&TYPE_1, &VERSION], first, head);
    match head >> 4 {
        0 => drop(Query::dissect(cx, rest)),
        1 => drop(Response::dissect(cx, rest)),
        _ => {}
    }
}
