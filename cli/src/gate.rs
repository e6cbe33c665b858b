//! What packets have to pass to be there at all: a capture filter, and of reports a display filter.

use crate::args::Among;
use crate::{End, decode, pass};
use dissect::{Bpf, Dissector, Filter, Memory, Packet, Sight, filter::Work};
use std::rc::Rc;

/// What packets have to pass.
pub(crate) struct Gate {
    expression: Option<Bpf>,
    picks: Option<Picks>,
}

/// A display filter, with what it knows of the packets before. Those that it does not pick are known to it alone.
struct Picks {
    rules: Rc<(Dissector, Filter)>,
    memory: Memory,
    work: Work,
}

impl Picks {
    fn new(rules: Rc<(Dissector, Filter)>) -> Picks {
        Picks { memory: rules.0.memory(), work: Work::new(), rules }
    }
    fn accepts(&mut self, packet: &Packet<'_>) -> bool {
        let Picks { rules, memory, work } = self;
        let (dissector, filter) = &**rules;
        pass::forget(memory, packet);
        let mut sight = Sight::from(memory);
        let accepts = filter.accepts(dissector, &mut sight, packet, work);
        sight.see(dissector, packet);
        accepts
    }
}

impl Gate {
    /// The gate of a capture filter.
    pub(crate) fn of(expression: Option<Bpf>) -> Gate {
        Gate { expression, picks: None }
    }
    /// What -f and -Y of a report ask for. The dissector is as the report's own.
    pub(crate) fn among(among: &Among, heuristics: &[String]) -> Result<Gate, End> {
        let dissector = decode::dissector(heuristics)?;
        let expression = decode::capture_filter(&among.taken, &dissector)?;
        let picks = among.display.as_ref().map(|text| {
            let filter = decode::display_filter(text, &dissector)?;
            Ok(Picks::new(Rc::new((dissector, filter))))
        });
        Ok(Gate { expression, picks: picks.transpose()? })
    }
    /// Whether all packets pass.
    pub(crate) fn is_open(&self) -> bool {
        self.expression.is_none() && self.picks.is_none()
    }
    /// Whether a packet passes. Packets come in order.
    #[inline]
    pub(crate) fn takes(&mut self, packet: &Packet<'_>) -> bool {
        if self.expression.as_ref().is_some_and(|expression| !expression.accepts(packet)) {
            if let Some(picks) = &mut self.picks {
                picks.memory.skip(packet.number);
            }
            return false;
        }
        self.picks.as_mut().is_none_or(|picks| picks.accepts(packet))
    }
    /// The same gate, before the first packet.
    pub(crate) fn again(&self) -> Gate {
        let picks = self.picks.as_ref().map(|picks| Picks::new(Rc::clone(&picks.rules)));
        Gate { expression: self.expression.clone(), picks }
    }
}
