//! `sctpdump follow`: what two ends said to each other.

use crate::args::{Follow, FollowFormat, Followed};
use crate::gate::Gate;
use crate::input::Input;
use crate::output::Stdout;
use crate::{End, pass, report};
use dissect::format::Style;
use dissect::report::Cell;
use dissect::statistic::follow::{self, Manner, Whom};
use dissect::statistic::{Look, Statistic};
use dissect::{Dissection, Dissector, Tree};

/// Prints what was said. The capture is read twice: which packets belong together is certain only at its end.
pub(crate) fn run(args: &Follow) -> Result<(), End> {
    let (dissector, mut stdout) = (Dissector::default(), Stdout::new());
    let number = || {
        let wrong = || End::Usage(format!("{} is not a number", args.which));
        args.which.parse::<u64>().map_err(|_| wrong())
    };
    if args.stream.is_some() && args.of != Followed::Sctp {
        return Err(End::Usage("only SCTP has streams in what is followed".to_owned()));
    }
    let whom = match args.of {
        Followed::Sctp => Whom::Sctp(number()?, args.stream.map(u64::from)),
        Followed::Tcp => Whom::Tcp(number()?),
        Followed::Udp => Whom::Udp(number()?),
        Followed::Sip => Whom::Sip(match args.which.parse() {
            Ok(number) => call(args, number, &dissector, &mut stdout)?,
            Err(_) => args.which.clone(),
        }),
    };
    let style = if args.color.colours() { Style::ANSI } else { Style::PLAIN };
    let manner = match args.output {
        FollowFormat::Text => Manner::Text(style),
        FollowFormat::Hex => Manner::Bytes(style),
        FollowFormat::Raw => Manner::Raw,
        FollowFormat::Json => Manner::Json,
    };
    let (mut follow, mut tree, mut first) =
        (follow::Follow::new(&dissector, whom, manner), Tree::new(), None);
    let input = Input::open_twice(&args.file)?.through(Gate::among(&args.among, &[])?);
    let (ended, _) = pass::twice(input, None, &dissector, None, &mut stdout, &mut |sight, packet, _| {
        let first = *first.get_or_insert(packet.time.unwrap_or_default());
        let since = packet.time.and_then(|time| time.checked_since(first)).unwrap_or(0);
        dissector.dissect(&mut *sight, packet, &mut tree);
        let dissection = Dissection { tree: &tree, packet };
        let see = &sight.see(&dissector, packet);
        follow.packet(&Look { dissector: &dissector, see, dissection, since });
    })?;
    ended.whole()?;
    if follow.is_empty() {
        return Err(End::Usage(format!("{} has nothing of {}", args.file, args.which)));
    }
    follow.write(&mut stdout.out);
    stdout.flush()?;
    ended.told()
}

/// The Call-ID of a call, by its number in the list of calls.
fn call(args: &Follow, number: u32, dissector: &Dissector, stdout: &mut Stdout) -> Result<String, End> {
    if args.file == "-" {
        return Err(End::Usage("in the standard input a call is named by its Call-ID".to_owned()));
    }
    let calls = report::kind(dissector, "calls")?;
    let (_, memory) = report::learnt((&args.file, &args.among), Some(number), dissector, stdout)?;
    let found = (calls.one)(&memory, number).and_then(|report| match report.fact("call_id") {
        Some(Cell::Text(call)) => Some(call.clone()),
        _ => None,
    });
    found.ok_or_else(|| {
        End::Usage(format!(
            "{} has no call of number {number}; sctpdump calls {} lists them",
            args.file, args.file
        ))
    })
}
