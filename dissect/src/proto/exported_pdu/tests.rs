use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};

const EXPORTED: LinkType = LinkType(252);

/// Tags, their end, and a PDU.
fn exported(tags: &[(u16, &[u8])], pdu: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (tag, data) in tags.iter().chain([&(0, &[][..])]) {
        bytes.extend(tag.to_be_bytes());
        bytes.extend((data.len() as u16).to_be_bytes());
        bytes.extend(*data);
    }
    [&bytes, pdu].concat()
}

const REQUEST: &[u8] = b"OPTIONS sip:a SIP/2.0\r\nCall-ID: 1\r\n\r\n";

#[test]
fn the_protocol_is_found_by_its_name() {
    let ends: [(u16, &[u8]); 4] =
        [(20, &[10, 0, 0, 1]), (21, &[10, 0, 0, 2]), (25, &[0, 0, 0x13, 0xc4]), (26, &[0, 0, 0x13, 0xc5])];
    let packet = exported(&[&[(12, &b"sip\0"[..])], &ends[..]].concat(), REQUEST);
    assert!(summary(EXPORTED, &packet).starts_with("SIP Request: OPTIONS sip:a"));
    let text = tree(EXPORTED, &packet);
    for line in [
        "Protocol Name: sip\n",
        "IPv4 Src: 10.0.0.1\n",
        "Dst Port: 5061\n",
        "    Exported PDU: ",
        "Call-ID: 1\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    survives(EXPORTED, &packet);
}

#[test]
fn or_by_a_number_in_a_table() {
    let by = |table: &[u8], key: u8| exported(&[(14, table), (32, &[0, 0, 0, key])], &[2]);
    assert!(tree(EXPORTED, &by(b"sctp.ppi", 50)).contains("Data Channel Establishment"));
    for (table, key) in [(&b"sctp.ppi"[..], 99), (b"sctp.pp", 50), (b"", 50)] {
        let text = tree(EXPORTED, &by(table, key));
        assert!(text.contains("Data: 02\n"), "{text}");
    }
}

#[test]
fn what_no_protocol_takes_is_data() {
    let text = tree(EXPORTED, &exported(&[(12, b"toy")], b"hello"));
    assert!(text.contains("Data (5 bytes)"), "{text}");
    // The name of an exported PDU in itself ends with its bytes.
    let nested = (0..200).fold(Vec::new(), |inside, _| exported(&[(12, b"exported_pdu")], &inside));
    assert!(tree(EXPORTED, &nested).matches("Protocol Name: exported_pdu").count() > 30);
}

#[test]
fn a_tag_that_is_cut_is_told() {
    let packet = exported(&[(12, b"sip\0")], REQUEST);
    for (end, sentence) in [(2, "Tag needs 4 bytes"), (6, "Tag needs 4 bytes")] {
        let text = tree(EXPORTED, &packet[..end]);
        assert!(text.contains(sentence), "{text}");
    }
}
