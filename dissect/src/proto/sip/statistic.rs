//! tshark's `sip,stat`, of the messages that were learnt.

use super::calls::Calls;
use crate::report::Statistic;
use crate::{Codes, Memory, Out};

pub(super) static MESSAGES: Statistic = Statistic { name: "sip,stat", write };

/// The names of status codes, of RFC 3261, 21 and its registry.
static PHRASES: Codes = Codes {
    unknown: "Unknown Status",
    names: &[
        (100, "Trying"),
        (180, "Ringing"),
        (181, "Call Is Being Forwarded"),
        (182, "Queued"),
        (183, "Session Progress"),
        (199, "Informational - Others"),
        (200, "OK"),
        (202, "Accepted"),
        (204, "No Notification"),
        (299, "Success - Others"),
        (300, "Multiple Choices"),
        (301, "Moved Permanently"),
        (302, "Moved Temporarily"),
        (305, "Use Proxy"),
        (380, "Alternative Service"),
        (399, "Redirection - Others"),
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (402, "Payment Required"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (406, "Not Acceptable"),
        (407, "Proxy Authentication Required"),
        (408, "Request Timeout"),
        (410, "Gone"),
        (412, "Conditional Request Failed"),
        (413, "Request Entity Too Large"),
        (414, "Request-URI Too Long"),
        (415, "Unsupported Media Type"),
        (416, "Unsupported URI Scheme"),
        (420, "Bad Extension"),
        (421, "Extension Required"),
        (422, "Session Timer Too Small"),
        (423, "Interval Too Brief"),
        (480, "Temporarily Unavailable"),
        (481, "Call/Transaction Does Not Exist"),
        (482, "Loop Detected"),
        (483, "Too Many Hops"),
        (484, "Address Incomplete"),
        (485, "Ambiguous"),
        (486, "Busy Here"),
        (487, "Request Terminated"),
        (488, "Not Acceptable Here"),
        (489, "Bad Event"),
        (491, "Request Pending"),
        (493, "Undecipherable"),
        (499, "Client Error - Others"),
        (500, "Server Internal Error"),
        (501, "Not Implemented"),
        (502, "Bad Gateway"),
        (503, "Service Unavailable"),
        (504, "Server Time-out"),
        (505, "Version Not Supported"),
        (513, "Message Too Large"),
        (580, "Precondition Failure"),
        (600, "Busy Everywhere"),
        (603, "Decline"),
        (604, "Does Not Exist Anywhere"),
        (606, "Not Acceptable"),
    ],
};

fn write(memory: &Memory, out: &mut Out) {
    let line = "===================================================================\n";
    let Some(counters) = memory.of_type::<Calls>().map(Calls::counters) else { return };
    out.str("\n").str(line).str("SIP Statistics\n\nNumber of SIP messages: ").dec(counters.messages());
    out.str("\nNumber of resent SIP messages: ").dec(counters.resent());
    out.str("\n\n* SIP Status Codes in reply packets\n");
    let mut codes: Vec<(u16, u64)> = counters.codes().collect();
    codes.reverse();
    for (code, count) in codes {
        let phrase = PHRASES.name_or_unknown(code.into());
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
