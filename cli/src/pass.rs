//! A pass over the packets of a capture: in order, with damage told where it is met.

use crate::gate::Gate;
use crate::input::Input;
use crate::output::{Stdout, plain};
use crate::progress::Progress;
use crate::save::Save;
use crate::{End, interrupt};
use dissect::capture::Block;
use dissect::{Dissector, Memory, Only, Out, Packet, See, Sight};

/// Packets between two times of forgetting: seldom enough to cost nothing, often enough to keep little.
const BATCH: u64 = 64;

/// How many damaged places of a capture are told one by one; of further ones only how many they are.
const MOST_TOLD: u64 = 100;

/// How a pass ended, after that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The capture was read to its end, or as far as was asked for.
    Well,
    /// The same, but it was damaged.
    Damaged,
    /// Somebody asked to end before a file did. A pipe just ends then: it may have no other end.
    Interrupted,
}

impl Ended {
    fn from(damaged: bool) -> Ended {
        if damaged { Ended::Damaged } else { Ended::Well }
    }
    /// Goes on with what tells of the whole capture, unless a part of it was not read.
    pub(crate) fn whole(self) -> Result<(), End> {
        if self == Ended::Interrupted { Err(End::Interrupted) } else { Ok(()) }
    }
    /// How the program ends.
    pub(crate) fn told(self) -> Result<(), End> {
        if self == Ended::Damaged { Err(End::Damaged) } else { self.whole() }
    }
}

/// What a pass says of damage in the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// A sentence where it is met.
    Told,
    /// Nothing: another pass says it.
    Left,
}

/// What a pass meets.
#[derive(Clone, Copy)]
enum Met<'p> {
    Packet(&'p Packet<'p>),
    /// A packet that is not taken, by its number.
    Other(u64),
}

/// Reads packets, at most `count` of those that are taken, and hands each to `body`, with the place for what it writes. Answers
/// how it ended.
fn pass(
    input: &mut Input,
    count: Option<u64>,
    damage: Damage,
    stdout: &mut Stdout,
    mut body: impl FnMut(Met<'_>, &mut Out),
) -> Result<Ended, End> {
    let progress = Progress::new(input);
    let (mut left, mut damaged, mut before) = (count.unwrap_or(u64::MAX), 0, None);
    let is_file = input.length.is_some();
    while left > 0 {
        if is_file && interrupt::is_asked() {
            return Ok(Ended::Interrupted);
        }
        if stdout.is_waiting() && input.reader.about_to_read() {
            stdout.flush()?;
        }
        match input.reader.next() {
            None => break,
            Some(Ok(ref packet)) => {
                progress.at(packet);
                let taken;
                let met = if input.gate.is_open() {
                    Met::Packet(packet)
                } else if input.gate.takes(packet) {
                    let before = std::mem::replace(&mut before, packet.time);
                    taken = Packet { before, ..*packet };
                    Met::Packet(&taken)
                } else {
                    Met::Other(packet.number)
                };
                body(met, &mut stdout.out);
                if let Met::Packet(_) = met {
                    stdout.settle()?;
                    left -= 1;
                }
            }
            // The rest of a packet did not come any more.
            Some(Err(_)) if !is_file && interrupt::is_asked() => {}
            Some(Err(found)) => {
                damaged += 1;
                if damage == Damage::Told && damaged <= MOST_TOLD {
                    stdout.flush()?;
                    progress.say(&format!("sctpdump: {}: {found}", input.name));
                }
            }
        }
    }
    if !is_file {
        interrupt::taken();
    }
    if damage == Damage::Told && damaged > MOST_TOLD {
        stdout.flush()?;
        let more = damaged - MOST_TOLD;
        progress
            .say(&format!("sctpdump: {}: damaged places that are not told one by one: {more}", input.name));
    }
    Ok(Ended::from(damaged > 0))
}

/// What is done with each packet.
pub(crate) type Job<'j> = &'j mut dyn FnMut(&mut Sight<'_>, &Packet<'_>, &mut Out);

/// Hands each packet to `job` as soon as it was read, with what it and the packets before it brought. What only they need
/// is forgotten behind them.
pub(crate) fn once(
    mut input: Input,
    count: Option<u64>,
    dissector: &Dissector,
    stdout: &mut Stdout,
    job: Job<'_>,
) -> Result<(Ended, Memory), End> {
    let mut memory = dissector.memory();
    let ended = pass(&mut input, count, Damage::Told, stdout, |met, out| {
        let Some(packet) = taken(met, &mut memory) else { return };
        forget(&mut memory, packet);
        let mut sight = Sight::from(&mut memory);
        job(&mut sight, packet, out);
        sight.see(dissector, packet);
    })?;
    Ok((ended, memory))
}

/// What is done with each packet, by a memory that may leave something out. Answers false, having written nothing, if that is
/// needed.
pub(crate) type LeanJob<'j> = &'j mut dyn FnMut(&mut Sight<'_>, &Packet<'_>, &mut Out) -> bool;

/// [`once`] for a job that reads only a part of each packet: learns no more than that needs. Where a packet turns out to need
/// more, all before it is read and learnt again, which only a file allows; other captures are learnt whole.
pub(crate) fn once_for(
    mut input: Input,
    count: Option<u64>,
    dissector: &Dissector,
    only: Option<&Only>,
    stdout: &mut Stdout,
    job: LeanJob<'_>,
) -> Result<(Ended, Memory), End> {
    let Some(only) = only.filter(|_| input.length.is_some()) else {
        return once(input, count, dissector, stdout, &mut |sight, packet, out| {
            job(sight, packet, out);
        });
    };
    let (mut memory, mut part, mut failed) = (dissector.memory_for(only), Some(only.clone()), None);
    let (path, gate) = (input.name.clone(), input.gate.again());
    let ended = pass(&mut input, count, Damage::Told, stdout, |met, out| {
        let Some(packet) = taken(met, &mut memory) else { return };
        if failed.is_some() {
            return;
        }
        forget(&mut memory, packet);
        while let Some(only) = &part {
            let mut sight = Sight::from(&mut memory);
            if job(&mut sight, packet, out) {
                sight.see(dissector, packet);
                return;
            }
            part = only.learning_all();
            let more = part.as_ref().map_or_else(|| dissector.memory(), |only| dissector.memory_for(only));
            match learnt_before(&path, gate.again(), packet.number, dissector, more) {
                Ok(more) => memory = more,
                Err(end) => return failed = Some(end),
            }
        }
        let mut sight = Sight::from(&mut memory);
        job(&mut sight, packet, out);
        sight.see(dissector, packet);
    })?;
    failed.map_or(Ok((ended, memory)), Err)
}

/// What the packets before this number bring to a memory.
fn learnt_before(
    path: &str,
    mut gate: Gate,
    number: u64,
    dissector: &Dissector,
    mut memory: Memory,
) -> Result<Memory, End> {
    let mut input = Input::open(path)?;
    while let Some(next) = input.reader.next() {
        match next {
            Ok(packet) if packet.number < number => {
                if gate.takes(&packet) {
                    forget(&mut memory, &packet);
                    dissector.learn(&mut memory, &packet);
                } else {
                    memory.skip(packet.number);
                }
            }
            Ok(_) => break,
            // The first reading tells of damage.
            Err(_) => {}
        }
    }
    Ok(memory)
}

/// The packet that was met; notes one that is not taken.
fn taken<'p>(met: Met<'p>, memory: &mut Memory) -> Option<&'p Packet<'p>> {
    match met {
        Met::Packet(packet) => Some(packet),
        Met::Other(number) => {
            memory.skip(number);
            None
        }
    }
}

/// Drops what only packets before this one need, now and then.
pub(crate) fn forget(memory: &mut Memory, packet: &Packet<'_>) {
    if packet.number.is_multiple_of(BATCH) {
        memory.forget(packet.number);
    }
}

/// Learns all packets and keeps the records of each. Answers how it ended.
fn keep_all(
    input: &mut Input,
    count: Option<u64>,
    damage: Damage,
    (dissector, memory): (&Dissector, &mut Memory),
    stdout: &mut Stdout,
) -> Result<Ended, End> {
    pass(input, count, damage, stdout, |met, _| {
        if let Some(packet) = taken(met, memory) {
            dissector.learn(memory, packet);
        }
    })
}

/// Learns all packets, then hands each to `job`, which may read only a part of it, with all that was learnt.
pub(crate) fn twice(
    mut input: Input,
    count: Option<u64>,
    dissector: &Dissector,
    only: Option<&Only>,
    stdout: &mut Stdout,
    job: Job<'_>,
) -> Result<(Ended, Memory), End> {
    let mut memory = only.map_or_else(|| dissector.memory(), |only| dissector.memory_for(&only.recalled()));
    keep_all(&mut input, count, Damage::Left, (dissector, &mut memory), stdout)?.whole()?;
    let mut input = input.again()?;
    let see = See::with(&memory, u64::MAX);
    let ended = pass(&mut input, count, Damage::Told, stdout, |met, out| {
        if let Met::Packet(packet) = met {
            job(&mut Sight::See(see), packet, out);
        }
    })?;
    Ok((ended, memory))
}

/// What writing packets sees of each: whether it is written.
pub(crate) type Pick<'j> = &'j mut dyn FnMut(&mut Sight<'_>, &Packet<'_>, &mut Out) -> bool;

/// [`once`], or with `two_pass` [`twice`], with what `pick` picks written to a file, and all that the capture says besides.
pub(crate) fn save(
    mut input: Input,
    (count, two_pass): (Option<u64>, bool),
    dissector: &Dissector,
    stdout: &mut Stdout,
    save: &mut Save,
    pick: Pick<'_>,
) -> Result<(Ended, Memory), End> {
    let mut memory = dissector.memory();
    if two_pass {
        keep_all(&mut input, count, Damage::Left, (dissector, &mut memory), stdout)?.whole()?;
        input = input.again()?;
    }
    save.reads(&input);
    let (mut left, mut ended, mut learnt) = (count.unwrap_or(u64::MAX), Ended::Well, 0);
    let is_file = input.length.is_some();
    loop {
        if is_file && interrupt::is_asked() {
            ended = Ended::Interrupted;
            break;
        }
        if input.reader.about_to_read() {
            stdout.flush()?;
            save.flush()?;
        }
        match input.reader.next_block() {
            None => break,
            Some(Ok(Block::Packet(packet))) => {
                if left == 0 {
                    break;
                }
                if !input.gate.takes(&packet) {
                    continue;
                }
                left -= 1;
                let picked = if two_pass {
                    pick(&mut Sight::See(See::with(&memory, u64::MAX)), &packet, &mut stdout.out)
                } else {
                    // Custom blocks have numbers too, and packets that are not taken.
                    (learnt + 1..packet.number).for_each(|number| memory.skip(number));
                    learnt = packet.number;
                    forget(&mut memory, &packet);
                    let mut sight = Sight::from(&mut memory);
                    let picked = pick(&mut sight, &packet, &mut stdout.out);
                    sight.see(dissector, &packet);
                    picked
                };
                if picked {
                    save.packet(&packet)?;
                }
                stdout.settle()?;
            }
            Some(Ok(block)) => save.block(&block)?,
            Some(Err(_)) if !is_file && interrupt::is_asked() => {}
            Some(Err(found)) => {
                ended = Ended::Damaged;
                stdout.flush()?;
                eprintln!("{}", plain(&format!("sctpdump: {}: {found}", input.name)));
            }
        }
    }
    Ok((ended, memory))
}

/// Reads the capture and looks at no packet: for what is wrong with it.
pub(crate) fn read(mut input: Input, count: Option<u64>, stdout: &mut Stdout) -> Result<Ended, End> {
    pass(&mut input, count, Damage::Told, stdout, |_, _| {})
}

/// Learns all packets and keeps no record of any: for reports.
pub(crate) fn learn(
    mut input: Input,
    count: Option<u64>,
    dissector: &Dissector,
    mut memory: Memory,
    stdout: &mut Stdout,
) -> Result<(Ended, Memory), End> {
    let learn = |met: Met<'_>, _: &mut Out| {
        let Some(packet) = taken(met, &mut memory) else { return };
        forget(&mut memory, packet);
        dissector.learn(&mut memory, packet);
    };
    let ended = pass(&mut input, count, Damage::Told, stdout, learn)?;
    Ok((ended, memory))
}

/// [`learn`], but keeps the records of all packets.
pub(crate) fn learn_and_keep(
    mut input: Input,
    dissector: &Dissector,
    mut memory: Memory,
    stdout: &mut Stdout,
) -> Result<(Ended, Memory), End> {
    let ended = keep_all(&mut input, None, Damage::Told, (dissector, &mut memory), stdout)?;
    Ok((ended, memory))
}
