use super::*;
use crate::testing::{media_column, media_survives, media_tree};

const SDP: &str = "v=0\r\nm=audio 1 RTP/AVP 0\r\n";

fn body() -> String {
    format!(
        "before\r\n--b1\r\nContent-Type: application/sdp; charset=x\r\nContent-Disposition: session;\r\n \
         handling=required\r\nX-Foo: bar\r\n\r\n{SDP}\r\n--b1\r\nC: text/plain\r\nC: again\r\n\r\nhello\r\n--b1--\r\nafter"
    )
}

#[test]
fn parts_are_walked_by_their_types() {
    insta::assert_snapshot!(media_tree("Multipart/Mixed; boundary=\"b1\"", body().as_bytes()), @r#"
    MIME Multipart Media Encapsulation, Type: Multipart/Mixed
        Type: Multipart/Mixed
        Preamble: 6265666f72650d0a
        First boundary: --b1\r\n
        Encapsulated multipart part: (application/sdp)
            Content-Type: application/sdp;charset=x
            Content-Disposition: session; handling=required
            Header: X-Foo: bar\r\n\r\n
            Session Description Protocol
                Session Description Protocol Version (v): 0
                Media Description, name and address (m): audio 1 RTP/AVP 0
                    Media Type: audio
                    Media Port: 1
                    Media Protocol: RTP/AVP
                    Media Format: ITU-T G.711 PCMU
        Boundary: \r\n--b1\r\n
        Encapsulated multipart part: (text/plain)
            Content-Type: text/plain
            Header: C: again\r\n\r\n
            Data (5 bytes)
                Data: 68656c6c6f
                [Length: 5]
        Last boundary: \r\n--b1--\r\n
        Trailer: 6166746572
    "#);
}

#[test]
fn the_column_names_what_a_part_is() {
    assert_eq!(media_column("multipart/mixed;boundary=b1", body().as_bytes()), "SIP/SDP");
    assert_eq!(media_column("multipart/mixed;boundary=b2", body().as_bytes()), "SIP");
}

#[test]
fn parts_nest_and_lines_may_end_with_lf_alone() {
    let inner = "--in\n\nx\n--in--\n";
    let text = format!("--out\nContent-Type: multipart/unheard-of;boundary=in\n\n{inner}\n--out--\n");
    insta::assert_snapshot!(media_tree("multipart/mixed;boundary=out", text.as_bytes()), @r#"
    MIME Multipart Media Encapsulation, Type: multipart/mixed
        Type: multipart/mixed
        First boundary: --out\n
        Encapsulated multipart part: (multipart/unheard-of)
            Content-Type: multipart/unheard-of;boundary=in
            MIME Multipart Media Encapsulation, Type: multipart/unheard-of
                Type: multipart/unheard-of
                First boundary: --in\n
                Encapsulated multipart part: 
                    Data (1 bytes)
                        Data: 78
                        [Length: 1]
                Last boundary: \n--in--\n
        Last boundary: \n--out--\n
    "#);
}

#[test]
fn what_is_missing_is_said() {
    let tree = |content_type: &str, text: &str| media_tree(content_type, text.as_bytes());
    insta::assert_snapshot!(tree("multipart/mixed;x=y", "--b\r\n\r\nx\r\n--b--"), @r#"
    MIME Multipart Media Encapsulation, Type: multipart/mixed
        Type: multipart/mixed
        [Expert Info (Error/Protocol): The media type lacks its boundary parameter]
        Data (15 bytes)
            Data: 2d2d620d0a0d0a780d0a2d2d622d2d
            [Length: 15]
    "#);
    insta::assert_snapshot!(tree("multipart/mixed;boundary=b", "--c\r\n"), @r#"
    MIME Multipart Media Encapsulation, Type: multipart/mixed
        Type: multipart/mixed
        [Expert Info (Warning/Malformed): No line is the boundary]
        Data (5 bytes)
            Data: 2d2d630d0a
            [Length: 5]
    "#);
    insta::assert_snapshot!(tree("multipart/mixed;boundary=b", "--b\r\n\r\nx"), @r#"
    MIME Multipart Media Encapsulation, Type: multipart/mixed
        Type: multipart/mixed
        First boundary: --b\r\n
        Encapsulated multipart part: 
            Data (1 bytes)
                Data: 78
                [Length: 1]
        [Expert Info (Warning/Malformed): The last boundary is missing]
    "#);
    // A longer word than the boundary is none.
    insta::assert_snapshot!(tree("multipart/mixed;boundary=b", "--bc\r\n--b\r\n\r\nx\r\n--b--"), @r#"
    MIME Multipart Media Encapsulation, Type: multipart/mixed
        Type: multipart/mixed
        Preamble: 2d2d62630d0a
        First boundary: --b\r\n
        Encapsulated multipart part: 
            Data (1 bytes)
                Data: 78
                [Length: 1]
        Last boundary: \r\n--b--
    "#);
    // What is encoded is not what its type says.
    let encoded =
        "--b\r\nContent-Type: application/sdp\r\nContent-Transfer-Encoding: base64\r\n\r\ndj0w\r\n--b--";
    insta::assert_snapshot!(tree("multipart/mixed;boundary=b", encoded), @r#"
    MIME Multipart Media Encapsulation, Type: multipart/mixed
        Type: multipart/mixed
        First boundary: --b\r\n
        Encapsulated multipart part: (application/sdp)
            Content-Type: application/sdp
            Content-Transfer-Encoding: base64
            Data (4 bytes)
                Data: 646a3077
                [Length: 4]
        Last boundary: \r\n--b--
    "#);
}

#[test]
fn no_more_parts_are_shown_than_the_limit() {
    let text = |count: usize| format!("{}--b--", "--b\r\n\r\nx\r\n".repeat(count));
    let shown = |count| media_tree("multipart/mixed;boundary=b", text(count).as_bytes());
    let parts = |tree: &str| tree.lines().filter(|line| line.contains("Encapsulated multipart part")).count();
    assert_eq!(parts(&shown(MOST_PARTS)), MOST_PARTS);
    assert!(!shown(MOST_PARTS).contains("Too many parts"));
    assert_eq!(parts(&shown(MOST_PARTS + 1)), MOST_PARTS);
    assert!(shown(MOST_PARTS + 1).contains("Too many parts; the rest is not dissected"));
}

#[test]
fn nesting_ends_at_the_limit_of_layers() {
    let (mut text, mut boundary) = (b"--0\r\n\r\nx\r\n--0--".to_vec(), 0);
    for at in 1..100 {
        let head = format!("--{at}\r\nContent-Type: multipart/mixed;boundary={boundary}\r\n\r\n");
        text = [head.as_bytes(), &text, format!("\r\n--{at}--").as_bytes()].concat();
        boundary = at;
    }
    let tree = media_tree("multipart/mixed;boundary=99", &text);
    assert_eq!(tree.matches("MIME Multipart").count(), usize::from(crate::MOST_LAYERS) - 2);
    assert!(tree.contains("Too many protocols stand in each other"));
}

#[test]
fn parameters_are_found_in_and_out_of_quotes() {
    let value = br#"multipart/mixed; a="x;boundary=no"; Boundary = "a b" ;c=d"#;
    assert_eq!(parameter(value, "boundary"), Some(&b"a b"[..]));
    assert_eq!(parameter(value, "c"), Some(&b"d"[..]));
    assert_eq!(parameter(value, "d"), None);
    assert_eq!(parameter(b"boundary=x", "boundary"), None);
}

#[test]
fn any_bytes_are_survived() {
    media_survives("multipart/mixed;boundary=b1", body().as_bytes());
}
