//! Prints which packets of a capture filters pick: `picks CAPTURE < FILTERS`, a line a filter.

use dissect::capture::Reader;
use dissect::filter::Work;
use dissect::{Dissector, Filter, See};
use std::io::BufRead;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a capture")?;
    let (dissector, mut work) = (Dissector::default(), Work::new());
    for text in std::io::stdin().lock().lines() {
        let text = text?;
        let filter = match Filter::compile(&dissector, &text) {
            Ok(filter) => filter,
            Err(error) => {
                println!("{text}\n    {error}\n{}", error.caret(&text, "    "));
                continue;
            }
        };
        let (mut picked, mut memory) = (Vec::new(), dissector.memory());
        let mut reader = Reader::new(std::fs::File::open(&path)?)?;
        while let Some(packet) = reader.next() {
            let Ok(packet) = packet else { continue };
            dissector.learn(&mut memory, &packet);
            if filter.accepts(&dissector, &See::with(&memory, packet.number), &packet, &mut work) {
                picked.push(packet.number.to_string());
            }
        }
        println!("{text}\n    => {}: {}", picked.len(), picked.join(" "));
    }
    Ok(())
}
