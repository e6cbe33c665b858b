//! What is learnt of associations, from our captures and from packets made here.

use super::*;
use crate::capture::{LinkType, Reader};
use crate::proto::sctp::checksum::crc32c;
use crate::{Address, Dissector, Memory, Packet};
use EventKind as Kind;

/// What is learnt of a capture of testdata/sctp.
fn capture(name: &str) -> Memory {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/sctp").join(name);
    let bytes = std::fs::read(path).unwrap();
    let (dissector, mut reader) = (Dissector::default(), Reader::new(&bytes[..]).unwrap());
    let mut memory = dissector.memory();
    while let Some(packet) = reader.next() {
        dissector.learn(&mut memory, &packet.unwrap());
    }
    memory
}

fn of(memory: &Memory) -> &Associations {
    memory.of_type().unwrap()
}

fn kinds(association: &Association) -> Vec<Kind> {
    association.events.list().iter().map(|event| event.kind).collect()
}

/// Two hosts with two addresses each, and a clock that ticks a millisecond a packet, if not told otherwise.
struct Wire {
    dissector: Dissector,
    memory: Memory,
    number: u64,
    clock: i64,
    tick: i64,
}

impl Wire {
    fn new() -> Wire {
        let dissector = Dissector::default();
        let memory = dissector.memory();
        Wire { dissector, memory, number: 0, clock: 1_000_000_000_000, tick: 1_000_000 }
    }
    /// Side 0 or 1 sends a packet on path 0 or 1. Answers its number.
    fn send(&mut self, side: usize, path: u8, tag: u32, chunks: &[Vec<u8>]) -> u64 {
        let ports = [1000u16, 2000];
        let mut sctp = [ports[side].to_be_bytes(), ports[side ^ 1].to_be_bytes()].concat();
        sctp.extend(tag.to_be_bytes());
        sctp.extend([0; 4]);
        sctp.extend(chunks.concat());
        let sum = crc32c(&sctp).unwrap();
        sctp[8..12].copy_from_slice(&sum.to_be_bytes());
        let mut bytes = vec![0x45, 0];
        bytes.extend((20 + sctp.len() as u16).to_be_bytes());
        bytes.extend([0, 0, 0, 0, 64, 132, 0, 0, 10, path, 0, side as u8, 10, path, 0, side as u8 ^ 1]);
        bytes.extend(sctp);
        self.number += 1;
        self.clock += self.tick;
        let time = Some(crate::capture::Time::from_nanoseconds_64(self.clock));
        let packet = Packet { number: self.number, time, ..Packet::new(LinkType::IPV4, &bytes) };
        self.dissector.learn(&mut self.memory, &packet);
        self.number
    }
    fn all(&self) -> &Associations {
        of(&self.memory)
    }
    fn one(&self) -> &Association {
        assert_eq!(self.all().list().count(), 1);
        self.all().of(0).unwrap()
    }
    /// The handshake: tags 1 and 2, initial TSNs 100 and 200.
    fn up() -> Wire {
        let mut wire = Wire::new();
        wire.send(0, 0, 0, &[init(1, 1, 100)]);
        wire.send(1, 0, 1, &[init(2, 2, 200)]);
        wire.send(0, 0, 2, &[chunk(10, 0, b"cookie")]);
        wire.send(1, 0, 1, &[chunk(11, 0, b"")]);
        wire
    }
}

fn chunk(number: u8, flags: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number, flags];
    bytes.extend((value.len() as u16 + 4).to_be_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}
fn init(number: u8, tag: u32, tsn: u32) -> Vec<u8> {
    chunk(number, 0, &[&tag.to_be_bytes()[..], &[0, 1, 0, 0, 0, 2, 0, 2], &tsn.to_be_bytes()].concat())
}
fn data(tsn: u32) -> Vec<u8> {
    chunk(0, 3, &[&tsn.to_be_bytes()[..], &[0, 1, 0, 0, 0, 0, 0, 0], b"abcd"].concat())
}
fn sack(upto: u32, a_rwnd: u32, gaps: &[(u16, u16)], duplicates: &[u32]) -> Vec<u8> {
    let mut value = [upto.to_be_bytes(), a_rwnd.to_be_bytes()].concat();
    value.extend((gaps.len() as u16).to_be_bytes());
    value.extend((duplicates.len() as u16).to_be_bytes());
    for gap in gaps {
        value.extend([gap.0.to_be_bytes(), gap.1.to_be_bytes()].concat());
    }
    for tsn in duplicates {
        value.extend(tsn.to_be_bytes());
    }
    chunk(3, 0, &value)
}

#[test]
fn a_handshake_gives_both_sides_their_tags_and_states() {
    let wire = Wire::up();
    let [a, b] = &wire.one().sides;
    assert_eq!((a.port, a.tag, a.initial_tsn, a.status), (1000, 1, 100, Status::Established));
    assert_eq!((b.port, b.tag, b.initial_tsn, b.status), (2000, 2, 200, Status::Established));
    let expected = [
        Kind::Init,
        Kind::Status(Status::CookieWait),
        Kind::InitAck,
        Kind::CookieEcho,
        Kind::Status(Status::CookieEchoed),
        Kind::CookieAck,
        Kind::Status(Status::Established),
        Kind::Status(Status::Established),
    ];
    assert_eq!(kinds(wire.one()), expected);
    assert_eq!((wire.one().first(), wire.one().last()), ((1, 1_000_001_000_000), (4, 1_000_004_000_000)));
}

/// RFC 6525, 5.2.4: after a reset of the TSNs both sides go on with others, and none is missing.
#[test]
fn a_reset_of_the_tsns_leaves_none_missing() {
    let response = |result: u32| {
        let words = [7, result, 900_000, 500_000].map(u32::to_be_bytes).concat();
        chunk(130, 0, &[&[0, 16, 0, 20][..], &words].concat())
    };
    for (result, missing) in [(1, 0), (2, 499_899)] {
        let mut wire = Wire::up();
        wire.send(0, 0, 2, &[data(100)]);
        wire.send(1, 0, 1, &[sack(100, 1000, &[], &[])]);
        wire.send(1, 0, 1, &[response(result)]);
        wire.send(0, 0, 2, &[data(500_000)]);
        wire.send(1, 0, 1, &[sack(500_000, 1000, &[], &[])]);
        let side = wire.one().side(0);
        assert_eq!((side.chunks.missing, side.chunks.acked, side.in_flight), (missing, 2, 0), "{result}");
    }
}

#[test]
fn inits_that_cross_are_one_association() {
    let mut wire = Wire::new();
    wire.send(0, 0, 0, &[init(1, 1, 100)]);
    wire.send(1, 0, 0, &[init(1, 2, 200)]);
    wire.send(0, 0, 2, &[init(2, 1, 100)]);
    wire.send(1, 0, 1, &[init(2, 2, 200)]);
    wire.send(0, 0, 2, &[chunk(10, 0, b"cookie")]);
    assert!(kinds(wire.one()).contains(&Kind::Collision));
    assert_eq!(wire.one().sides.each_ref().map(|side| side.tag), [1, 2]);
}

#[test]
fn a_restart_is_an_association_that_names_the_one_before() {
    let mut wire = Wire::up();
    wire.send(0, 0, 0, &[init(1, 11, 100)]);
    wire.send(1, 0, 11, &[init(2, 12, 200)]);
    let all = wire.all();
    assert_eq!(all.list().count(), 2);
    assert_eq!(all.of(0).unwrap().restarted_by, Some(1));
    let new = all.of(1).unwrap();
    assert_eq!((new.restart_of, new.restarts, new.sides[1].tag), (Some(0), 1, 12));
}

#[test]
fn in_the_middle_directions_are_paired_by_ends_acknowledgements_or_heartbeats() {
    let mut wire = Wire::new();
    wire.send(0, 0, 2, &[data(100)]);
    wire.send(1, 0, 1, &[sack(100, 5000, &[], &[])]);
    assert_eq!(wire.one().sides.each_ref().map(|side| side.tag), [1, 2]);
    let mut wire = Wire::new();
    wire.send(0, 0, 2, &[data(100)]);
    wire.send(1, 1, 1, &[sack(100, 5000, &[], &[])]);
    assert_eq!(wire.one().sides.each_ref().map(|side| side.tag), [1, 2]);
    assert_eq!((wire.one().paths.len(), wire.one().sides[0].chunks.acked), (2, 1));
    let mut wire = Wire::new();
    wire.send(0, 0, 2, &[chunk(4, 0, b"\0\x01\0\x08abcd")]);
    wire.send(1, 1, 1, &[chunk(5, 0, b"\0\x01\0\x08abcd")]);
    assert_eq!(wire.one().paths[0].heartbeats[0].answered, 1);
}

#[test]
fn an_abort_with_the_t_bit_belongs_to_whom_it_answers() {
    let mut wire = Wire::up();
    wire.send(0, 0, 2, &[data(100)]);
    wire.send(1, 0, 2, &[chunk(6, 1, b"")]);
    let end = wire.one().end.clone().unwrap();
    assert_eq!((end.packet, end.side, end.kind), (6, 1, EndKind::AbortWithoutAssociation));
    assert_eq!(wire.one().sides[0].status, Status::Closed);
}

#[test]
fn a_wrong_tag_is_counted_and_the_association_goes_on() {
    let mut wire = Wire::up();
    wire.send(0, 0, 99, &[data(7)]);
    wire.send(0, 0, 2, &[data(100)]);
    let all = wire.all();
    assert_eq!(all.of(0).unwrap().wrong_tags, 1);
    assert_eq!(all.of(0).unwrap().sides[0].chunks.sent, 1);
}

#[test]
fn three_sacks_of_later_tsns_make_a_fast_retransmission_and_fewer_a_timeout() {
    for (strikes, cause) in [(3, Cause::Fast), (2, Cause::T3)] {
        let mut wire = Wire::up();
        for tsn in 100..=103 {
            wire.send(0, 0, 2, &[data(tsn)]);
        }
        for end in 2..2 + strikes {
            wire.send(1, 0, 1, &[sack(99, 5000, &[(2, end)], &[])]);
        }
        let again = wire.send(0, 0, 2, &[data(100)]);
        let acked = wire.send(1, 0, 1, &[sack(103, 5000, &[], &[])]);
        let chunks: Vec<Tsn> = wire.all().chunks(0).collect();
        let last = chunks[4];
        assert_eq!((last.cause, last.first_sent_in, last.packet), (Some(cause), 5, again));
        assert_eq!((chunks[0].acked_in, chunks[1].acked_in), (acked, 9));
        assert!(chunks[1].gap_acked && !chunks[0].gap_acked);
        let side = &wire.one().sides[0];
        assert_eq!((side.chunks.fast, side.chunks.t3), (u32::from(strikes == 3), u32::from(strikes == 2)));
        assert_eq!((side.in_flight, side.most_in_flight, side.acked), (0, 16, Some(103)));
    }
}

/// A mirror port gives each packet twice, and the network may double one: nobody sent it again.
#[test]
fn a_copy_of_a_packet_is_no_retransmission() {
    let mut wire = Wire::up();
    let first = wire.send(0, 0, 2, &[data(100)]);
    wire.send(0, 0, 2, &[data(101)]);
    wire.tick = 40_000;
    let again = wire.send(0, 0, 2, &[data(101)]);
    // Bundled otherwise it is another packet, and so it is behind an answer: these were sent.
    wire.send(0, 0, 2, &[data(100), data(101)]);
    wire.send(1, 0, 1, &[sack(99, 5000, &[], &[])]);
    wire.send(0, 0, 2, &[data(101)]);
    wire.send(1, 0, 1, &[sack(101, 5000, &[], &[101])]);
    let chunks: Vec<Tsn> = wire.all().chunks(0).collect();
    let causes: Vec<Option<Cause>> = chunks.iter().map(|one| one.cause).collect();
    let t3 = Some(Cause::T3);
    assert_eq!(causes, [None, None, Some(Cause::Copy), t3, t3, t3]);
    assert_eq!((chunks[2].packet, chunks[2].first_sent_in, chunks[2].spurious), (again, first + 1, false));
    let side = &wire.one().sides[0];
    assert_eq!((side.chunks.sent, side.chunks.copies, side.chunks.again, side.chunks.t3), (2, 1, 3, 3));
    assert_eq!(wire.one().paths[0].retransmissions, [3, 0]);
    let told = kinds(wire.one()).into_iter().filter(|kind| matches!(kind, Kind::Retransmission(..)));
    assert_eq!(told.count(), 3);
}

#[test]
fn on_another_path_it_is_a_failover_and_the_path_of_new_messages_changes() {
    let mut wire = Wire::up();
    wire.send(0, 0, 2, &[data(100)]);
    wire.send(0, 1, 2, &[data(100)]);
    wire.send(0, 1, 2, &[data(101)]);
    wire.send(1, 1, 1, &[sack(101, 5000, &[], &[])]);
    wire.send(0, 0, 2, &[data(102)]);
    let side = &wire.one().sides[0];
    assert_eq!((side.chunks.failover, side.switches, side.primary), (1, 2, Some(0)));
    let events = kinds(wire.one());
    assert!(events.contains(&Kind::Retransmission(100, Cause::Failover)));
    assert!(events.contains(&Kind::Switch(0, SwitchCause::T3)));
    assert!(events.contains(&Kind::Switch(1, SwitchCause::FailBack)));
}

#[test]
fn what_gap_blocks_take_back_was_reneged() {
    let mut wire = Wire::up();
    for tsn in 100..=103 {
        wire.send(0, 0, 2, &[data(tsn)]);
    }
    wire.send(1, 0, 1, &[sack(99, 5000, &[(2, 4)], &[])]);
    wire.send(1, 0, 1, &[sack(99, 5000, &[(2, 2)], &[])]);
    assert_eq!(wire.one().sides[0].chunks.reneged, 2);
    assert!(kinds(wire.one()).contains(&Kind::Reneged(102)));
    let reneged: Vec<u32> = wire.all().chunks(0).filter(|one| one.reneged).map(|one| one.tsn).collect();
    assert_eq!(reneged, [102, 103]);
}

#[test]
fn duplicates_tell_which_retransmissions_were_not_needed() {
    let mut wire = Wire::up();
    wire.send(0, 0, 2, &[data(100)]);
    wire.send(0, 0, 2, &[data(100)]);
    wire.send(1, 0, 1, &[sack(100, 5000, &[], &[100])]);
    let side = &wire.one().sides[0];
    assert_eq!((side.chunks.t3, side.chunks.duplicates, side.chunks.spurious), (1, 1, 1));
    assert!(wire.all().chunks(0).last().unwrap().spurious);
}

#[test]
fn a_window_that_closes_is_probed_and_opens() {
    let mut wire = Wire::up();
    wire.send(0, 0, 2, &[data(100)]);
    wire.send(1, 0, 1, &[sack(100, 0, &[], &[])]);
    wire.send(0, 0, 2, &[data(101)]);
    wire.send(1, 0, 1, &[sack(101, 3000, &[], &[])]);
    let [a, b] = &wire.one().sides;
    assert_eq!((a.window_probes, b.zero_windows, b.a_rwnd, b.least_a_rwnd), (1, 1, 3000, Some(0)));
    assert!(kinds(wire.one()).contains(&Kind::WindowOpened(3000)));
}

#[test]
fn tsns_wrap_and_those_never_seen_are_missing() {
    let mut wire = Wire::up();
    wire.send(0, 0, 2, &[data(0xffff_fffe)]);
    wire.send(1, 0, 1, &[sack(0xffff_fffe, 5000, &[], &[])]);
    wire.send(0, 0, 2, &[data(1)]);
    let acked = wire.send(1, 0, 1, &[sack(1, 5000, &[], &[])]);
    assert_eq!(wire.all().chunks(0).last().unwrap().acked_in, acked);
    assert_eq!(wire.one().sides[0].chunks.missing, 2);
}

/// However far TSNs and acknowledgements jump, a packet costs no more than the window holds.
#[test]
fn jumps_over_the_whole_space_cost_little() {
    let mut wire = Wire::up();
    for at in 0..2000u32 {
        let tsn = at.wrapping_mul(0x9e37_79b9);
        wire.send(0, 0, 2, &[data(tsn)]);
        wire.send(1, 0, 1, &[sack(tsn.wrapping_sub(at), 5000, &[(1, u16::MAX)], &[tsn])]);
    }
    assert!(wire.all().log.blocks.len() <= 2 * 2000);
    assert_eq!(wire.one().events.list().len(), MOST_EVENTS / 4 * 3);
    assert!(wire.one().events.dropped() > 0);
}

#[test]
fn associations_are_bounded_and_the_oldest_goes() {
    let mut wire = Wire::new();
    for tag in 1..=MOST_ASSOCIATIONS as u32 + 1 {
        wire.send(0, 0, 0, &[init(1, tag, 100)]);
    }
    let all = wire.all();
    assert_eq!((all.list().count(), all.dropped()), (MOST_ASSOCIATIONS, 1));
    assert!(all.of(0).is_none() && all.of(1).is_some());
}

#[test]
fn the_records_of_what_may_still_be_acknowledged_outlive_forgetting() {
    let mut wire = Wire::up();
    wire.send(0, 0, 2, &[data(100)]);
    wire.memory.forget(u64::MAX);
    let acked = wire.send(1, 0, 1, &[sack(100, 5000, &[], &[])]);
    assert_eq!(wire.all().chunks(0).next().unwrap().acked_in, acked);
    for _ in 0..=MOST_PACKETS {
        wire.send(1, 0, 1, &[]);
    }
    wire.memory.forget(u64::MAX);
    assert_eq!(wire.all().chunks(0).count(), 0);
    assert!(wire.all().log.seen.len() <= MOST_PACKETS as usize);
    assert!(wire.all().log.blocks.is_empty());
}

#[test]
fn abort_eth_has_all_five_endings_and_the_restart() {
    let memory = capture("abort_eth.pcap");
    let list: Vec<&Association> = of(&memory).list().collect();
    let ends: Vec<_> =
        list.iter().map(|one| one.end.as_ref().map(|end| (end.packet, end.kind, end.cause))).collect();
    let expected = [
        Some((13, EndKind::Abort, 12)),
        Some((22, EndKind::Abort, 12)),
        Some((24, EndKind::Abort, 0)),
        None,
        Some((49, EndKind::Shutdown, 0)),
    ];
    assert_eq!(ends, expected);
    assert!(!list[0].end.as_ref().unwrap().reason.is_empty());
    assert_eq!((list[3].restarted_by, list[4].restart_of), (Some(4), Some(3)));
}

#[test]
fn failover_tells_when_the_primary_failed_and_came_back() {
    let memory = capture("failover.pcap");
    let one = of(&memory).of(0).unwrap();
    let [side, other] = &one.sides;
    assert_eq!((one.paths.len(), side.primary, side.first_primary), (2, Some(0), Some(0)));
    let switches: Vec<_> =
        one.events.list().iter().filter(|event| matches!(event.kind, Kind::Switch(..))).collect();
    assert!(
        switches
            .iter()
            .any(|event| matches!(event.kind, Kind::Switch(0, SwitchCause::T3 | SwitchCause::Heartbeat)))
    );
    assert!(switches.iter().any(|event| matches!(event.kind, Kind::Switch(1, SwitchCause::FailBack))));
    assert_eq!(side.chunks.failover + other.chunks.failover, 1);
    assert!(one.paths.iter().any(|path| path.heartbeats[1].unanswered >= 4));
    assert!(switches.iter().any(|event| matches!(event.kind, Kind::Switch(_, SwitchCause::Followed))));
}

#[test]
fn the_handshake_the_cookies_and_the_icmp_of_failed_associations_are_told() {
    let memory = capture("handshake_retrans.pcap");
    let first = of(&memory).of(0).unwrap();
    assert_eq!(first.sides[0].again, [2, 2, 4]);
    let memory = capture("stale_cookie.pcap");
    let stale =
        |one: &Association| kinds(one).iter().filter(|kind| matches!(kind, Kind::StaleCookie(_))).count();
    assert!(of(&memory).list().map(stale).sum::<usize>() > 3);
    let memory = capture("icmp_proto_unreachable.pcap");
    assert_eq!(of(&memory).of(0).unwrap().unreachable, 6);
    let memory = capture("zerowindow.pcap");
    assert!(of(&memory).of(0).unwrap().sides.iter().any(|side| side.zero_windows > 0));
    let memory = capture("asconf.pcapng");
    let events = kinds(of(&memory).of(0).unwrap());
    assert!(events.iter().any(|kind| matches!(kind, Kind::AddAddress(_))));
    assert!(events.contains(&Kind::Switch(0, SwitchCause::Deleted)));
    let [a, b] = &of(&memory).of(0).unwrap().sides;
    assert_eq!((&a.deleted[..], &b.deleted[..]), (&[Address::Ipv4(0x0a4d_0101)][..], &[][..]));
    assert!(events.iter().any(|kind| matches!(kind, Kind::SetPrimary(_))));
}

#[test]
fn many_associations_stay_apart() {
    let memory = capture("many_assocs.pcap");
    let all = of(&memory);
    assert_eq!(all.list().count(), 100);
    assert!(
        all.list().all(|one| one.begun && one.end.as_ref().is_some_and(|end| end.kind == EndKind::Shutdown))
    );
}

#[test]
fn the_unspecified_address_deletes_all_but_the_sender_s() {
    let [a, b, c] = [1, 2, 3].map(Address::Ipv4);
    let mut side = Side::default();
    for address in [a, b, c] {
        side.add_address(address);
    }
    side.delete_address(Address::Ipv4(9), a);
    assert!(side.deleted.is_empty());
    side.delete_address(b, a);
    side.delete_address(b, a);
    assert_eq!(side.deleted, [b]);
    side.add_address(b);
    assert!(side.deleted.is_empty());
    side.delete_address(Address::Ipv4(0), a);
    assert_eq!((side.deleted, side.addresses), (vec![b, c], vec![a, b, c]));
}
