//! What -N and -H ask for: names in place of numbers.

use crate::End;
use crate::args::Decode;
use dissect::Names;
use std::fs::File;
use std::io::Read;

/// The most that is read of a hosts file, in bytes.
const LONGEST_FILE: u64 = 16 << 20;

/// The table of names that a command line asks for; `None` if it wants numbers.
pub(crate) fn of(decode: &Decode) -> Result<Option<Names>, End> {
    let (mut network, mut transport) = (!decode.hosts.is_empty() && !decode.numeric, false);
    for letter in decode.resolve.iter().flat_map(|letters| letters.chars()) {
        let lacks = match letter {
            'n' => {
                network = true;
                continue;
            }
            't' => {
                transport = true;
                continue;
            }
            'm' => "no list of the makers of hardware is here",
            'N' => "nothing is looked up outside of the capture",
            'd' => "DNS in the capture is not read for names",
            'v' => "no names of VLANs are known",
            's' => "no names of SS7 point codes are known",
            'g' => "places of addresses are not looked up",
            _ => "there is no such letter",
        };
        return Err(End::Usage(format!(
            "-N {letter}: {lacks}; n names addresses by the capture and -H, t well-known ports"
        )));
    }
    if !network && !transport {
        return Ok(None);
    }
    let names = Names::new(network, transport);
    for path in &decode.hosts {
        let mut text = Vec::new();
        let read = File::open(path).and_then(|file| file.take(LONGEST_FILE).read_to_end(&mut text));
        read.map_err(|error| End::File(format!("{path} can't be read: {error}")))?;
        names.hosts(&text);
    }
    Ok(Some(names))
}
