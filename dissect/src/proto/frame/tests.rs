use super::*;
use crate::capture::{LinkType, Time};
use crate::{Dissection, Dissector, See, Tree, format};

#[test]
fn the_frame_says_what_the_capture_says() {
    let time = Time::new(1_795_289_881, 471_164_000);
    let packet =
        Packet { number: 7, time: Some(time), original: 60, ..Packet::new(LinkType::ETHERNET, &[0; 14]) };
    let (mut tree, mut out) = (Tree::new(), Out::new());
    Dissector::default().dissect(&See::alone(), &packet, &mut tree);
    format::text_tree(Dissection { tree: &tree, packet: &packet }, &mut out);
    let text = out.to_string_lossy();
    let frame: Vec<_> = text.lines().take_while(|line| !line.starts_with("Ethernet")).collect();
    insta::assert_snapshot!(frame.join("\n"), @r#"
    Frame 7: 60 bytes on wire, 14 bytes captured
        [Encapsulation type: Ethernet (1)]
        [Frame Number: 7]
        [Arrival Time: Nov 21, 2026 19:38:01.471164000 UTC]
        [Epoch Time: 1795289881.471164000 seconds]
        [Time delta from previous captured frame: 0.000000000 seconds]
        [Frame Length: 60 bytes]
        [Capture Length: 14 bytes]
        [Protocols in frame: eth]
    "#);
}

#[test]
fn every_encapsulation_has_a_name() {
    for (link, number) in LINKS {
        assert!(ENCAPSULATIONS.name((*number).into()).is_some(), "{link}");
    }
}
