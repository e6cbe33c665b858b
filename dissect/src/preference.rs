//! Preferences by tshark's names: those that can be chosen here, and what holds for the others.

use crate::Dissector;
use crate::checksum::Sum;
use crate::filter::nearest;

/// What a preference does.
#[derive(Clone, Copy, Debug)]
enum Effect {
    /// TRUE verifies these checksums, FALSE leaves them unverified.
    Verifies(Sum),
    /// CRC-32c verifies SCTP's, None leaves it unverified.
    SctpChecksum,
    /// TRUE counts TCP's sequence numbers from the connection's first, FALSE shows those on the wire.
    Relative,
    /// It has this value and no other; why, and what to do instead.
    Holds(&'static str, &'static str),
}

use Effect::{Holds, Relative, SctpChecksum, Verifies};

const ANALYSED: &str = "what packets tell of each other is always told";
const TREE: &str = "a protocol's line in the tree always says this";
const CONTENT: &str = "content is looked at only where neither ports nor the signalling say what comes";

static PREFERENCES: &[(&str, Effect)] = &[
    ("frame.generate_bits_field", Holds("FALSE", "lengths are told in bytes")),
    ("frame.generate_epoch_time", Holds("TRUE", "frame.time_epoch is always there")),
    ("ip.check_checksum", Verifies(Sum::Ip)),
    ("ip.decode_tos_as_diffserv", Holds("TRUE", "RFC 2474 replaced the type of service")),
    ("ip.defragment", Holds("TRUE", "fragments are always put together")),
    ("ip.summary_in_tree", Holds("TRUE", TREE)),
    ("ip.try_heuristic_first", Holds("FALSE", CONTENT)),
    ("ip.use_geoip", Holds("FALSE", "places of addresses are not looked up")),
    ("ipv6.defragment", Holds("TRUE", "fragments are always put together")),
    ("ipv6.summary_in_tree", Holds("TRUE", TREE)),
    ("ipv6.use_geoip", Holds("FALSE", "places of addresses are not looked up")),
    ("nameres.dns_pkt_addr_resolution", Holds("FALSE", "DNS is not read for names")),
    ("nameres.hosts_file_handling", Holds("FALSE", "hosts files are those of -H")),
    ("nameres.mac_name", Holds("FALSE", "addresses are shown as numbers")),
    ("nameres.network_name", Holds("FALSE", "-N n shows names")),
    ("nameres.transport_name", Holds("FALSE", "-N t shows names")),
    ("nameres.use_external_name_resolver", Holds("FALSE", "nothing is looked up outside of the capture")),
    ("nameres.vlan_name", Holds("FALSE", "VLANs are shown as numbers")),
    ("rtcp.show_roundtrip_calculation", Holds("TRUE", ANALYSED)),
    ("rtcp.show_setup_info", Holds("TRUE", ANALYSED)),
    ("rtp.desegment_rtp_streams", Holds("FALSE", "what RTP carries is not put together")),
    ("rtp.show_setup_info", Holds("TRUE", ANALYSED)),
    ("sctp.association_index", Holds("TRUE", "associations are always numbered")),
    ("sctp.checksum", SctpChecksum),
    ("sctp.reassembly", Holds("TRUE", "messages are always put together")),
    ("sctp.relative_tsns", Holds("FALSE", "TSNs are shown as they are on the wire")),
    ("sctp.show_always_control_chunks", Holds("TRUE", "the summary names all chunks")),
    ("sctp.try_heuristic_first", Holds("FALSE", CONTENT)),
    ("sctp.tsn_analysis", Holds("TRUE", ANALYSED)),
    ("sctp.ulp_dissection", Holds("TRUE", "user data is always decoded")),
    ("sdp.establish_conversation", Holds("TRUE", "RTP is found where SDP says that it comes")),
    ("sip.desegment_body", Holds("TRUE", "messages are always put together")),
    ("sip.desegment_headers", Holds("TRUE", "messages are always put together")),
    ("sip.display_raw_text", Holds("FALSE", "-x shows a message as it is")),
    ("sip.validate_authorization", Holds("FALSE", "no passwords are known")),
    ("tcp.analyze_sequence_numbers", Holds("TRUE", ANALYSED)),
    ("tcp.calculate_timestamps", Holds("TRUE", ANALYSED)),
    ("tcp.check_checksum", Verifies(Sum::Tcp)),
    ("tcp.desegment_tcp_streams", Holds("TRUE", "messages are always put together")),
    ("tcp.reassemble_out_of_order", Holds("TRUE", "segments are always put in order")),
    ("tcp.relative_sequence_numbers", Relative),
    ("tcp.summary_in_tree", Holds("TRUE", TREE)),
    ("tcp.track_bytes_in_flight", Holds("TRUE", ANALYSED)),
    ("tcp.try_heuristic_first", Holds("FALSE", CONTENT)),
    ("tls.desegment_ssl_records", Holds("TRUE", "records are always put together")),
    ("tls.keylog_file", Holds("", "nothing is decrypted")),
    ("udp.calculate_timestamps", Holds("TRUE", ANALYSED)),
    ("udp.check_checksum", Verifies(Sum::Udp)),
    ("udp.summary_in_tree", Holds("TRUE", TREE)),
    ("udp.try_heuristic_first", Holds("FALSE", CONTENT)),
    ("vlan.summary_in_tree", Holds("TRUE", TREE)),
];

/// The preferences that are known by tshark's names, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    PREFERENCES.iter().map(|one| one.0)
}

impl Dissector {
    /// Sets a preference by tshark's name. What was learnt before may have gone another way: begin with a new memory.
    ///
    /// # Errors
    ///
    /// A sentence for a name that is not known, with the nearest that is, and for a value that can't be had, with what
    /// holds here.
    ///
    /// ```
    /// use dissect::Dissector;
    /// let mut dissector = Dissector::default();
    /// assert!(dissector.prefer("tcp.check_checksum", "FALSE").is_ok());
    /// assert!(dissector.prefer("tcp.check_cksum", "FALSE").unwrap_err().contains("did you mean tcp.check_checksum?"));
    /// ```
    pub fn prefer(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some((_, effect)) = PREFERENCES.iter().find(|one| one.0 == name) else {
            let near = nearest(name, names());
            let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            return Err(format!("no preference of this name is known here{hint}"));
        };
        let is = |word: &str| value.eq_ignore_ascii_case(word);
        match effect {
            Verifies(sum) if is("TRUE") => self.verify(*sum, true),
            Verifies(sum) if is("FALSE") => self.verify(*sum, false),
            Relative if is("TRUE") => self.count_sequence_numbers(true),
            Relative if is("FALSE") => self.count_sequence_numbers(false),
            Verifies(_) | Relative => return Err(format!("{value} is neither TRUE nor FALSE")),
            SctpChecksum if is("CRC-32c") || is("CRC32c") => self.verify(Sum::Sctp, true),
            SctpChecksum if is("None") => self.verify(Sum::Sctp, false),
            SctpChecksum => {
                return Err(format!("{value} is neither CRC-32c nor None; an Adler-32 is told in any case"));
            }
            Holds(holds, _) if is(holds) => {}
            Holds("", why) => return Err(format!("it can't be set here: {why}")),
            Holds(holds, why) => return Err(format!("it is {holds} here: {why}")),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_stand_in_order_each_once() {
        assert!(PREFERENCES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn values_are_taken_or_what_holds_is_said() {
        let mut dissector = Dissector::default();
        let mut said = |name: &str, value: &str| dissector.prefer(name, value).err().unwrap_or_default();
        for (name, value) in [
            ("ip.check_checksum", "true"),
            ("udp.check_checksum", "FALSE"),
            ("sctp.checksum", "none"),
            ("sctp.checksum", "CRC-32c"),
            ("sctp.relative_tsns", "FALSE"),
            ("tcp.reassemble_out_of_order", "TRUE"),
            ("tcp.relative_sequence_numbers", "FALSE"),
        ] {
            assert_eq!(said(name, value), "", "{name}");
        }
        assert_eq!(
            said("sctp.relative_tsns", "TRUE"),
            "it is FALSE here: TSNs are shown as they are on the wire"
        );
        assert_eq!(said("tcp.check_checksum", "maybe"), "maybe is neither TRUE nor FALSE");
        assert_eq!(said("tls.keylog_file", "keys"), "it can't be set here: nothing is decrypted");
        assert_eq!(said("x.y", "1"), "no preference of this name is known here");
    }
}
