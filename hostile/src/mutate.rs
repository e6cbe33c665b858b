//! A mutator for stable Rust: seeds, changed at random and crossed, from a number that makes a run repeatable. It sees
//! nothing of the code that it runs: cargo-fuzz finds more.

/// Random numbers: xorshift64*.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A run of numbers that is the same for the same seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    /// A number below another; 0 for 0.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        ((high * below as u64) >> 32) as usize
    }
}

/// Numbers at the edges of what lengths and counts can be.
const EDGES: [u32; 12] = [0, 1, 4, 7, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff];

/// A seed, changed in one to eight ways, at most so long.
pub fn mutate(random: &mut Random, seeds: &[Vec<u8>], longest: usize) -> Vec<u8> {
    let empty = Vec::new();
    let pick = |random: &mut Random| seeds.get(random.below(seeds.len())).unwrap_or(&empty);
    let mut bytes = pick(random).clone();
    for _ in 0..=random.below(8) {
        let at = random.below(bytes.len());
        match random.below(9) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            1 if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
            // A number at an edge, of one, two or four bytes.
            2 | 3 => {
                let value = EDGES[random.below(EDGES.len())].to_be_bytes();
                let width = 1 << random.below(3);
                if let Some(place) = bytes.get_mut(at..at + width) {
                    place.copy_from_slice(&value[4 - width..]);
                }
            }
            4 => bytes.truncate(at),
            // A stretch left out, or said again elsewhere.
            5 if !bytes.is_empty() => {
                let end = (at + 1 + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            6 if !bytes.is_empty() => {
                let stretch = bytes[at..(at + 1 + random.below(60)).min(bytes.len())].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, stretch);
            }
            // The rest of another seed.
            7 => {
                let other = pick(random);
                bytes.truncate(at);
                bytes.extend_from_slice(other.get(random.below(other.len())..).unwrap_or_default());
            }
            _ => bytes.insert(at.min(bytes.len()), random.below(256) as u8),
        }
    }
    bytes.truncate(longest);
    bytes
}

/// Changes a packet in one to three small ways, mostly near its begin, where headers are.
pub fn nudge(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..[1, 1, 1, 2, 3][random.below(5)] {
        let near = [48, 64, 96, 256, bytes.len()][random.below(5)].min(bytes.len());
        let at = random.below(near);
        let Some(byte) = bytes.get_mut(at) else { return };
        match random.below(20) {
            0..6 => *byte ^= 1 << random.below(8),
            6..10 => *byte = random.below(256) as u8,
            10..13 => *byte = byte.wrapping_add([1, 2, 4, 8, 0xff, 0xfe, 0xfc][random.below(7)]),
            13..15 => *byte = [0, 1, 0x20, 0x80, 0xc0, 0xff][random.below(6)],
            15..17 => {
                let end = (at + (1 << random.below(4))).min(bytes.len());
                bytes.drain(at..end);
            }
            17..19 => bytes.truncate(at),
            _ => {
                let stretch = bytes[at..(at + (4 << random.below(3))).min(bytes.len())].to_vec();
                bytes.splice(at..at, stretch);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_repeatable_and_changes_its_seeds() {
        let seeds = [vec![1, 2, 3, 4, 5, 6, 7, 8], b"INVITE".to_vec()];
        let run = |seed| {
            let mut random = Random::new(seed);
            (0..100).map(|_| mutate(&mut random, &seeds, 32)).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        assert!(run(7).iter().all(|bytes| bytes.len() <= 32));
        assert!(run(7).iter().filter(|bytes| seeds.contains(bytes)).count() < 20);
    }

    #[test]
    fn a_nudge_changes_little() {
        let (mut random, packet) = (Random::new(1), [7; 100]);
        let same = (0..1000).filter(|_| {
            let mut bytes = packet.to_vec();
            nudge(&mut random, &mut bytes);
            assert!(bytes.len() <= 3 * 16 + 100);
            assert!(bytes.iter().filter(|byte| **byte != 7).count() <= 3 * 16);
            bytes == packet
        });
        assert!(same.count() < 20);
        nudge(&mut random, &mut Vec::new());
    }
}
