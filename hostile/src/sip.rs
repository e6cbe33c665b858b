//! SIP messages.

use crate::DISSECTOR;
use crate::press::Press;
use crate::script::{SIP, Script};
use dissect::{Packet, See};
use std::cell::RefCell;

thread_local! {
    static PRESS: RefCell<Press> = RefCell::new(Press::default());
}

/// How TCP cuts the bytes, then messages: as datagrams, parted by zeros, and as one stream. As a stream they are cut
/// anywhere: what is put together is the same.
pub(crate) fn run(input: &[u8]) {
    let [cut, text @ ..] = input else { return };
    let mut script = Script::default();
    for (at, message) in text.split(|byte| *byte == 0).take(16).enumerate() {
        script.udp(at % 2, SIP, SIP, message);
    }
    let step = usize::from(*cut).max(1) * 4;
    for piece in text.chunks(step).take(64) {
        script.tcp(0, piece, 0);
    }
    let mut memory = DISSECTOR.memory();
    PRESS.with_borrow_mut(|press| {
        for packet in script.packets() {
            press.tell(&DISSECTOR, &mut memory, &packet);
            press.print(&packet);
            memory.forget(packet.number);
        }
        let bare = Packet::new(dissect::capture::LinkType::IPV4, text);
        press.tell(&DISSECTOR, &See::alone(), &bare);
    });
}
