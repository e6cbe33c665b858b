//! tshark's `sip,stat`, of the messages that were learnt.

use super::calls::Calls;
use super::reason::STATUS_CODES;
use crate::report::Statistic;
use crate::{Memory, Out};
use std::collections::BTreeMap;

pub(super) static MESSAGES: Statistic = Statistic { name: "sip,stat", write };

/// tshark's name of a status code; `None` for those that it counts with others of their class.
fn phrase(code: u16) -> Option<&'static str> {
    Some(match code {
        199 => "Informational - Others",
        299 => "Success - Others",
        399 => "Redirection - Others",
        499 => "Client Error - Others",
        599 => "Server Error - Others",
        699 => "Global Failure - Others",
        417 | 424 | 425 | 469 | 555 | 580 => return None,
        422 => "Session Timer Too Small",
        436 => "Bad Identity-Info",
        437 => "Unsupported Certificate",
        _ => return STATUS_CODES.name(code.into()),
    })
}

fn write(memory: &Memory, filter: &str, out: &mut Out) {
    let line = "===================================================================\n";
    let Some(counters) = memory.of_type::<Calls>().map(Calls::counters) else { return };
    out.str("\n").str(line).str("SIP Statistics");
    if !filter.is_empty() {
        out.str(" with filter ").text(filter.as_bytes());
    }
    out.str("\n\nNumber of SIP messages: ").dec(counters.messages());
    out.str("\nNumber of resent SIP messages: ").dec(counters.resent());
    out.str("\n\n* SIP Status Codes in reply packets\n");
    let mut codes: BTreeMap<u16, u64> = BTreeMap::new();
    for (code, count) in counters.codes() {
        let counted = if phrase(code).is_some() { code } else { code / 100 * 100 + 99 };
        *codes.entry(counted).or_default() += count;
    }
    for (code, count) in codes.into_iter().rev() {
        let phrase = phrase(code).unwrap_or("Unknown Status");
        out.fmt(format_args!("  SIP {code:3} {phrase:<15} : {count:5} Packets\n"));
    }
    out.str("\n* List of SIP Request methods\n");
    for (method, count) in counters.methods() {
        let start = out.len();
        out.str("  ").text(method);
        let width = out.len() - start;
        out.spaces(17usize.saturating_sub(width)).fmt(format_args!(" : {count:5} Packets\n"));
    }
    let setup = counters.setup();
    out.str("\n* Average setup time ").dec(setup.average()).str(" ms\n Min ").dec(setup.least.into());
    out.str(" ms\n Max ").dec(setup.most.into()).str(" ms\n").str(line);
}
