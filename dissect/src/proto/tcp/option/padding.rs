//! End of list and no-operation, RFC 9293, 3.2.

use super::{Lengths, OptionKind, OptionType};
use crate::{Area, Cx, Severity, Show, fields};

/// So many no-operations in a row look as if options had stood there.
pub(super) const SUSPICIOUS: u32 = 4;

fields! {
    /// The list of options ends.
    EOL = "tcp.options.eol", "TCP Option - End of Option List (EOL)", Show::bytes().repeats(), "RFC 9293, 3.2";
    /// Fills up to a word.
    NOP = "tcp.options.nop", "TCP Option - No-Operation (NOP)", Show::bytes().repeats(), "RFC 9293, 3.2";
    /// What stands behind the end of the list, where zeros should.
    REST = "tcp.options.rest", "Non-zero header padding", Show::bytes(), "RFC 9293, 3.1";
    /// More no-operations than any alignment needs: something on the way may have blanked options.
    pub(super) MANY_NO_OPERATIONS = "tcp.nop", "4 NOP in a row - a router may have removed some options", Show::expert(Severity::Warn, Area::Protocol), "RFC 9293, 3.2";
    /// The padding of the header is not zero.
    NON_ZERO = "tcp.non_zero_bytes_after_eol", "Non zero bytes in option space after EOL option", Show::expert(Severity::Error, Area::Protocol), "RFC 9293, 3.1";
}

pub(super) static END_OF_LIST: OptionType = OptionType::new(OptionKind::END_OF_LIST, &EOL, Lengths::Single);

pub(super) static NO_OPERATION: OptionType = OptionType::new(OptionKind::NO_OPERATION, &NOP, Lengths::Single);

/// Adds what stands behind the end of the list.
pub(super) fn emit_rest(cx: &mut Cx<'_>, bytes: &[u8]) {
    cx.group(&REST, bytes, |cx| cx.expert(&NON_ZERO, bytes));
}
