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
}
