//! What packets that follow each other have in common, whatever their shapes are.

use crate::Field;
use crate::format::date::Second;

/// The longest list of protocols, and the longest text of one.
const MOST_PROTOCOLS: usize = 12;
const MOST_LIST: usize = 64;

/// What was written last.
#[derive(Clone)]
pub(super) struct Recent {
    /// The second whose date was written last.
    pub(super) second: Second,
    /// The lists of protocols that were written last, each where the number of its protocols tells.
    lists: [List; 8],
}

/// The text of the protocols of a packet.
#[derive(Clone)]
struct List {
    protocols: Vec<&'static Field>,
    text: [u8; MOST_LIST],
    len: usize,
}

impl Default for Recent {
    fn default() -> Recent {
        let list = || List { protocols: Vec::new(), text: [b' '; MOST_LIST], len: 0 };
        Recent { second: Second::default(), lists: std::array::from_fn(|_| list()) }
    }
}

impl Recent {
    /// The text of a list of protocols, if it was written before: as much as the number says.
    #[inline(always)]
    pub(super) fn protocols(&self, of: &[&'static Field]) -> Option<(&[u8; MOST_LIST], usize)> {
        let list = &self.lists[of.len() % 8];
        let same = list.protocols.len() == of.len()
            && list.protocols.iter().zip(of).all(|(one, other)| std::ptr::eq(*one, *other));
        (same && !of.is_empty()).then_some((&list.text, list.len))
    }
    /// Remembers the text of a list of protocols.
    #[cold]
    #[inline(never)]
    pub(super) fn remember(&mut self, of: &[&'static Field], written: &[u8]) {
        if of.len() > MOST_PROTOCOLS || written.len() > MOST_LIST {
            return;
        }
        let list = &mut self.lists[of.len() % 8];
        // As many as there may be, at once: a list that grows later takes no further memory.
        list.protocols.clear();
        list.protocols.reserve_exact(MOST_PROTOCOLS);
        list.protocols.extend_from_slice(of);
        list.len = written.len();
        for (to, from) in list.text.iter_mut().zip(written) {
            *to = *from;
        }
    }
}
