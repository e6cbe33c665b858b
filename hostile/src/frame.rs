//! Single packets.

use crate::DISSECTOR;
use crate::press::{Press, ROOTS};
use crate::script;
use dissect::capture::LinkType;
use dissect::{Line, Packet, See};
use std::cell::RefCell;

thread_local! {
    static PRESS: RefCell<Press> = RefCell::new(Press::default());
}

/// A frame: its link type in two bytes, how it is made, the frame. Made right, then broken, if the third byte says so: by one
/// byte then, whose place and value stand at the end.
pub(crate) fn run(input: &[u8]) {
    let [high, low, how, frame @ ..] = input else { return };
    let link = LinkType(u16::from_be_bytes([*high, *low]));
    let (mut bytes, mut cut) = (frame.to_vec(), 0);
    if how & 1 != 0 {
        let broken = if how & 2 != 0 { bytes.split_off(bytes.len().saturating_sub(3)) } else { Vec::new() };
        script::mend(link, &mut bytes);
        script::damage(&mut bytes, &broken);
    }
    if how & 4 != 0 {
        cut = u32::from(*how);
    }
    let packet = Packet { original: bytes.len() as u32 + cut, ..Packet::new(link, &bytes) };
    PRESS.with_borrow_mut(|press| {
        press.tell(&DISSECTOR, &See::alone(), &packet);
        press.print(&packet);
    });
    // The summary alone says what the summary beside a tree does.
    let (mut line, mut both, mut tree) = (Line::new(), Line::new(), dissect::Tree::new());
    DISSECTOR.summarize(&See::alone(), &packet, &mut line);
    DISSECTOR.dissect_and_summarize(&See::alone(), &packet, &mut tree, &mut both);
    assert_eq!(
        (line.protocol, line.info.to_string_lossy()),
        (both.protocol, both.info.to_string_lossy()),
        "the summary with a tree and without"
    );
}

/// A protocol's number, and bytes that are its own from the first.
pub(crate) fn protocol(input: &[u8]) {
    let [which, how, bytes @ ..] = input else { return };
    let dissector = &ROOTS[usize::from(*which) % ROOTS.len()];
    let packet = Packet::new(LinkType::IPV4, bytes);
    let packet = Packet { original: packet.original + u32::from(how & 1) * 40, ..packet };
    PRESS.with_borrow_mut(|press| {
        press.tell(dissector, &See::alone(), &packet);
        // Fields of columns are those of the dissector they were made for: the same statics in each.
        press.print(&packet);
        let mut memory = dissector.memory();
        press.tell(dissector, &mut memory, &packet);
        press.print(&packet);
        let second = Packet { number: 2, ..packet };
        press.tell(dissector, &mut memory, &second);
        press.tell(dissector, &See::with(&memory, u64::MAX), &packet);
        press.print(&packet);
    });
}
