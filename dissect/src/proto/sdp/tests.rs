use super::*;
use crate::testing::{media_column, media_survives, media_tree};

fn tree(text: &str) -> String {
    media_tree("application/sdp", text.as_bytes())
}

/// The example of RFC 8866, 5, with a line of every type.
const SESSION: &str = "v=0\r
o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r
s=Call to John Smith\r
i=SDP Offer #1\r
u=http://www.jdoe.example.com/home.html\r
e=Jane Doe <jane@jdoe.example.com>\r
p=+1 617 555-6011\r
c=IN IP4 233.252.0.1/127/3\r
b=AS:128\r
t=3724394400 3724398000\r
r=7d 1h 0 25h\r
z=3730928400 -1h 3749680800 0\r
k=clear:secret\r
a=recvonly\r
a=group:BUNDLE 0 1\r
m=audio 49170/2 RTP/AVP 0 96\r
i=Sound\r
c=IN IP6 2001:db8::198.51.100.1\r
a=ptime:20\r
m=image 1000 udptl t38\r
x=?\r
";

#[test]
fn every_line_of_a_session_is_read() {
    insta::assert_snapshot!(tree(SESSION), @r#"
    Session Description Protocol
        Session Description Protocol Version (v): 0
        Owner/Creator, Session Id (o): jdoe 3724394400 3724394405 IN IP4 198.51.100.1
            Owner Username: jdoe
            Session ID: 3724394400
            Session Version: 3724394405
            Owner Network Type: IN
            Owner Address Type: IP4
            Owner Address: 198.51.100.1
        Session Name (s): Call to John Smith
        Session Information (i): SDP Offer #1
        URI of Description (u): http://www.jdoe.example.com/home.html
        E-mail Address (e): Jane Doe <jane@jdoe.example.com>
        Phone Number (p): +1 617 555-6011
        Connection Information (c): IN IP4 233.252.0.1/127/3
            Connection Network Type: IN
            Connection Address Type: IP4
            Connection Address: 233.252.0.1
            Connection TTL: 127
            Connection Number of Addresses: 3
        Bandwidth Information (b): AS:128
            Bandwidth Modifier: AS [Application Specific, kb/s]
            Bandwidth Value: 128
        Time Description, active time (t): 3724394400 3724398000
            Session Start Time: 3724394400
            Session Stop Time: 3724398000
        Repeat Time (r): 7d 1h 0 25h
            Repeat Interval: 7d
            Repeat Duration: 1h
            Repeat Offset: 0
            Repeat Offset: 25h
        Time Zone Adjustments (z): 3730928400 -1h 3749680800 0
            Timezone Time: 3730928400
            Timezone Offset: -1h
            Timezone Time: 3749680800
            Timezone Offset: 0
        Encryption Key (k): clear:secret
            Key Type: clear
            Key Data: secret
        Session Attribute (a): recvonly
        Session Attribute (a): group:BUNDLE 0 1
            Session Attribute Fieldname: group
            Session Attribute Value: BUNDLE 0 1
                Group semantics: BUNDLE
                Group member: 0
                Group member: 1
        Media Description, name and address (m): audio 49170/2 RTP/AVP 0 96
            Media Type: audio
            Media Port: 49170
            Media Port Count: 2
            Media Protocol: RTP/AVP
            Media Format: ITU-T G.711 PCMU
            Media Format: DynamicRTP-Type-96
        Media Title (i): Sound
        Connection Information (c): IN IP6 2001:db8::198.51.100.1
            Connection Network Type: IN
            Connection Address Type: IP6
            Connection Address: 2001:db8::198.51.100.1
        Media Attribute (a): ptime:20
            Media Attribute Fieldname: ptime
            Media Attribute Value: 20
                Packet time in ms: 20
        Media Description, name and address (m): image 1000 udptl t38
            Media Type: image
            Media Port: 1000
            Media Protocol: udptl
            Media Format: t38
        Unknown: x=?
    "#);
}

#[test]
fn attributes_of_media_are_read() {
    let text = "m=video 51372 UDP/TLS/RTP/SAVPF 99 100\na=rtpmap:99 H264/90000\n\
        a=fmtp:99 profile-level-id=42e01f; packetization-mode=1;sprop-parameter-sets=Z0IACpZTBYmI,aMljiA==\n\
        a=rtpmap:100 h263-2000/90000\na=fmtp:100 profile=3;level=10\na=rtcp:53020 IN IP4 126.16.64.4\n\
        a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998 generation 0\n\
        a=fingerprint:sha-256 6B:8B\na=setup:actpass\na=mid:0\na=sendrecv\n";
    insta::assert_snapshot!(tree(text), @r#"
    Session Description Protocol
        Media Description, name and address (m): video 51372 UDP/TLS/RTP/SAVPF 99 100
            Media Type: video
            Media Port: 51372
            Media Protocol: UDP/TLS/RTP/SAVPF
            Media Format: DynamicRTP-Type-99
            Media Format: DynamicRTP-Type-100
        Media Attribute (a): rtpmap:99 H264/90000
            Media Attribute Fieldname: rtpmap
            Media Format: 99
            MIME Type: H264
            Sample Rate: 90000
        Media Attribute (a): fmtp:99 profile-level-id=42e01f; packetization-mode=1;sprop-parameter-sets=Z0IACpZTBYmI,aMljiA==
            Media Attribute Fieldname: fmtp
            Media Format: 99
            Media format specific parameters: profile-level-id=42e01f
                Profile: 42e01f
                    Profile_idc: Baseline profile (66)
                    .... .... 1... .... = Constraint_set0_flag: 1
                    .... .... .1.. .... = Constraint_set1_flag: 1
                    .... .... ..1. .... = Constraint_set2_flag: 1
                    .... .... ...0 .... = Constraint_set3_flag: 0
                    .... .... .... 0... = Constraint_set4_flag: 0
                    .... .... .... .0.. = Constraint_set5_flag: 0
                    .... .... .... ..00 = Reserved_zero_2bits: 0
                    Level_id: 31
            Media format specific parameters: packetization-mode=1
                Packetization mode: Non-interleaved mode (1)
            Media format specific parameters: sprop-parameter-sets=Z0IACpZTBYmI,aMljiA==
                NAL unit 1 string: Z0IACpZTBYmI
                NAL unit 2 string: aMljiA==
        Media Attribute (a): rtpmap:100 h263-2000/90000
            Media Attribute Fieldname: rtpmap
            Media Format: 100
            MIME Type: h263-2000
            Sample Rate: 90000
        Media Attribute (a): fmtp:100 profile=3;level=10
            Media Attribute Fieldname: fmtp
            Media Format: 100
            Media format specific parameters: profile=3
                Profile: Version 2 Interactive and Streaming Wireless Profile (3)
            Media format specific parameters: level=10
                Level: QCIF, 64 kb/s (10)
        Media Attribute (a): rtcp:53020 IN IP4 126.16.64.4
            Media Attribute Fieldname: rtcp
            Media Attribute Value: 53020 IN IP4 126.16.64.4
                RTCP port: 53020
        Media Attribute (a): candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998 generation 0
            Media Attribute Fieldname: candidate
            Foundation: 2
            Component ID: 1
            Transport: UDP
            Priority: 1694498815
            Connection Address: 192.0.2.3
            Candidate Port: 45664
            Candidate Type: srflx (Server reflexive candidate)
            Related Address: 203.0.113.141
            Related Port: 8998
        Media Attribute (a): fingerprint:sha-256 6B:8B
            Media Attribute Fieldname: fingerprint
            Media Attribute Value: sha-256 6B:8B
                Hash function: sha-256
                Fingerprint: 6B:8B
        Media Attribute (a): setup:actpass
            Media Attribute Fieldname: setup
            Media Attribute Value: actpass
                Setup role: actpass
        Media Attribute (a): mid:0
            Media Attribute Fieldname: mid
            Media Attribute Value: 0
                Media identification: 0
        Media Attribute (a): sendrecv
    "#);
}

#[test]
fn sctp_over_dtls_is_described_by_rfc_8841_and_by_its_drafts() {
    let text = "m=application 54111 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\na=max-message-size:100000\r\n\
        a=sctpmap:5000 webrtc-datachannel 1024\r\n";
    insta::assert_snapshot!(tree(text), @r#"
    Session Description Protocol
        Media Description, name and address (m): application 54111 UDP/DTLS/SCTP webrtc-datachannel
            Media Type: application
            Media Port: 54111
            Media Protocol: UDP/DTLS/SCTP
            Media Format: webrtc-datachannel
        Media Attribute (a): sctp-port:5000
            Media Attribute Fieldname: sctp-port
            Media Attribute Value: 5000
                SCTP port: 5000
        Media Attribute (a): max-message-size:100000
            Media Attribute Fieldname: max-message-size
            Media Attribute Value: 100000
                Maximum message size: 100000
        Media Attribute (a): sctpmap:5000 webrtc-datachannel 1024
            Media Attribute Fieldname: sctpmap
            Media Attribute Value: 5000 webrtc-datachannel 1024
                SCTP port: 5000
                Application: webrtc-datachannel
                Streams: 1024
    "#);
}

#[test]
fn keys_are_decoded() {
    let text = "a=key-mgmt:mikey AQAF\r\na=ipbcp:1 Request\r\nm=audio 1 RTP/SAVP 0\r\n\
        a=crypto:1 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4;\
        inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|2:4 FEC_ORDER=FEC_SRTP\r\n\
        a=crypto:2 NEW inline:AAEC\r\na=crypto:x NEW none\r\n";
    insta::assert_snapshot!(tree(text), @r#"
    Session Description Protocol
        Session Attribute (a): key-mgmt:mikey AQAF
            Session Attribute Fieldname: key-mgmt
            Key Management: mikey AQAF
                Key Management Protocol (kmpid): mikey
                Key Management Data: 010005
        Session Attribute (a): ipbcp:1 Request
            Session Attribute Fieldname: ipbcp
            IPBCP Protocol Version: 1
            IPBCP Command Type: Request
        Media Description, name and address (m): audio 1 RTP/SAVP 0
            Media Type: audio
            Media Port: 1
            Media Protocol: RTP/SAVP
            Media Format: ITU-T G.711 PCMU
        Media Attribute (a): crypto:1 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4;inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|2:4 FEC_ORDER=FEC_SRTP
            Media Attribute Fieldname: crypto
            tag: 1
            Crypto suite: F8_128_HMAC_SHA1_80
            Key parameters
                Key and Salt: 4d54497a4e4455324e7a673551554a44524555774d54497a4e4455324e7a673551554a6a…
                Master Key: 31323334353637383941424344453031
                Master salt: 3233343536373839414263646566
                Lifetime: 2^20
                mki-value: 1
                mki_length: 4
            Key parameters
                Key and Salt: 51554a6a5a47566d4d54497a4e4455324e7a673551554a44524555774d54497a4e445532…
                Master Key: 41426364656631323334353637383941
                Master salt: 4243444530313233343536373839
                mki-value: 2
                mki_length: 4
            Session parameter: FEC_ORDER=FEC_SRTP
        Media Attribute (a): crypto:2 NEW inline:AAEC
            Media Attribute Fieldname: crypto
            tag: 2
            Crypto suite: NEW
            Key parameters
                Key and Salt: 000102
        Media Attribute (a): crypto:x NEW none
            Media Attribute Fieldname: crypto
            [Expert Info (Error/Malformed): Invalid crypto tag]
            Crypto suite: NEW
            [Expert Info (Note/Malformed): Invalid key-param (no ':' delimiter)]
    "#);
}

#[test]
fn what_breaks_the_rules_is_said() {
    let text = "v=0\r\nno line\r\no=- 1\r\nc=IN IP4 \r\nt=1  2\r\nr=1 2\r\nz=1\r\nb=AS\r\nm=audio 70000/ RTP/AVP\r\na=rtpmap:1 X\r\n\
        a=rtpmap:1 X/y\r\na=fmtp:x a\r\na=mid:\r\na=sctp-port:x\r\n\r\nmore";
    insta::assert_snapshot!(tree(text), @r#"
    Session Description Protocol
        Session Description Protocol Version (v): 0
        Invalid line: no line
            [Expert Info (Note/Malformed): Invalid SDP line (no '=' delimiter)]
        Owner/Creator, Session Id (o): - 1
            Owner Username: -
            Session ID: 1
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Connection Information (c): IN IP4 
            Connection Network Type: IN
            Connection Address Type: IP4
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Time Description, active time (t): 1  2
            Session Start Time: 1
            [Expert Info (Error/Malformed): Invalid SDP whitespace (extra space character)]
            Session Stop Time: 2
        Repeat Time (r): 1 2
            Repeat Interval: 1
            Repeat Duration: 2
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Time Zone Adjustments (z): 1
            Timezone Time: 1
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Bandwidth Information (b): AS
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Media Description, name and address (m): audio 70000/ RTP/AVP
            Media Type: audio
            [Expert Info (Warning/Protocol): Invalid media port]
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
            Media Protocol: RTP/AVP
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Media Attribute (a): rtpmap:1 X
            Media Attribute Fieldname: rtpmap
            Media Format: 1
            MIME Type: X
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Media Attribute (a): rtpmap:1 X/y
            Media Attribute Fieldname: rtpmap
            Media Format: 1
            MIME Type: X
            Sample Rate: 
            [Expert Info (Error/Malformed): Invalid sample rate]
        Media Attribute (a): fmtp:x a
            Media Attribute Fieldname: fmtp
            Media Format: x
            [Expert Info (Error/Malformed): Invalid media format]
        Media Attribute (a): mid:
            Media Attribute Fieldname: mid
            [Expert Info (Error/Malformed): Invalid SDP line (missing required fields)]
        Media Attribute (a): sctp-port:x
            Media Attribute Fieldname: sctp-port
            Media Attribute Value: x
                [Expert Info (Warning/Protocol): Invalid conversion]
        Data: 0d0a6d6f7265
    "#);
}

#[test]
fn a_port_left_open_is_text() {
    insta::assert_snapshot!(tree("m=audio $ RTP/AVP 0 -\n"), @r#"
    Session Description Protocol
        Media Description, name and address (m): audio $ RTP/AVP 0 -
            Media Type: audio
            Media Port: $
            Media Protocol: RTP/AVP
            Media Format: ITU-T G.711 PCMU
            Media Format: -
    "#);
}

#[test]
fn typed_values_tell_what_is_missing() {
    let media = Media::parse(b"audio 65536 RTP/AVP");
    assert_eq!((media.port, media.port(), media.formats().count()), (&b"65536"[..], None, 0));
    assert!(media.is_rtp() && !Media::parse(b"audio 1 rtp 0").is_rtp());
    assert_eq!(Origin::parse(b"- 1").session_version, b"");
    assert_eq!(Connection::parse(b"IN IP4 h").ttl, None);
    assert_eq!(Bandwidth::parse(b"AS"), None);
    assert_eq!(Key::parse(b"prompt").data, None);
    assert_eq!(Attribute::parse(b"x:y:z").value, Some(&b"y:z"[..]));
    assert_eq!(attribute::RtpMap::parse(b"96 X/80z").clock_rate(), Some(80));
    assert_eq!(attribute::Candidate::parse(b"1 1 UDP 5 h 6 foo host").kind, b"");
    assert_eq!(media::payload_type(34), Some("ITU-T H.263"));
    assert_eq!(media::payload_type(127), Some("DynamicRTP-Type-127"));
    assert_eq!(media::payload_type(128), None);
}

#[test]
fn the_column_names_the_description() {
    assert_eq!(media_column("Application/SDP;charset=utf-8", b"v=0"), "SIP/SDP");
}

#[test]
fn any_bytes_are_survived() {
    media_survives("application/sdp", SESSION.as_bytes());
    media_survives(
        "application/sdp",
        b"m=a 1 RTP/AVP 0\na=rtpmap:96 H264/9\na=fmtp:96 profile-level-id=42e01f;packetization-mode=1\n\
          a=crypto:1 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4\n\
          a=candidate:2 1 UDP 1 h 4 typ srflx raddr 1 rport 8\n",
    );
}
