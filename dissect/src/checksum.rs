//! The Internet checksum (RFC 1071), shared by IP, UDP, TCP and ICMP.

/// The checksums that can be left unverified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// That of IPv4's header.
    Ip = 1,
    /// TCP's.
    Tcp = 2,
    /// UDP's.
    Udp = 4,
    /// SCTP's CRC32c. Unverified, a wrong one keeps nobody from learning from its packet.
    Sctp = 8,
}

/// Adds bytes to a sum of 16-bit words; an odd last byte is padded with zero.
///
/// The words are added in the order of bytes that is quickest, several at a time, and the sum is turned round: RFC 1071, 2.
pub fn add(sum: u64, bytes: &[u8]) -> u64 {
    let (rows, rest) = bytes.as_chunks::<16>();
    let mut sums = [0u64; 4];
    for row in rows {
        for (sum, word) in sums.iter_mut().zip(row.as_chunks::<4>().0) {
            *sum += u64::from(u32::from_le_bytes(*word));
        }
    }
    let mut own: u64 = sums.iter().sum();
    let (words, odd) = rest.as_chunks::<2>();
    for word in words {
        own += u64::from(u16::from_le_bytes(*word));
    }
    own += odd.first().map_or(0, |byte| u64::from(*byte));
    sum + u64::from(fold(own).swap_bytes())
}

/// Folds a sum to 16 bits. Over bytes that hold a right checksum it is 0xffff.
pub fn fold(mut sum: u64) -> u16 {
    while sum >> 16 != 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

/// The checksum that should stand in the field, given the folded sum over the bytes and the checksum found in them.
pub fn expected(folded: u16, found: u16) -> u16 {
    !fold(u64::from(folded) + u64::from(!found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_1071_adds_up() {
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(fold(add(0, &bytes)), 0xddf2);
        assert_eq!(fold(add(0, &bytes[..7])), fold(add(0, &[0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0])));
    }

    #[test]
    fn all_lengths_add_up_word_by_word() {
        let bytes: Vec<u8> = (0..200u32).map(|at| (at * 37 + 200) as u8).collect();
        for from in 0..9 {
            for to in from..bytes.len() {
                let part = &bytes[from..to];
                let word = |pair: &[u8]| u64::from(pair[0]) << 8 | u64::from(*pair.get(1).unwrap_or(&0));
                let sum: u64 = part.chunks(2).map(word).sum();
                assert_eq!(fold(add(7, part)), fold(7 + sum), "{from}..{to}");
            }
        }
        assert_eq!((fold(add(0, &[0; 40])), fold(add(0, &[0xff; 40]))), (0, 0xffff));
    }

    #[test]
    fn the_expected_checksum_makes_the_sum_right() {
        let mut bytes = [0x45, 0, 0, 20, 1, 2, 0, 0, 64, 132, 0x12, 0x34, 10, 0, 0, 1, 10, 0, 0, 2];
        let right = expected(fold(add(0, &bytes)), 0x1234);
        bytes[10..12].copy_from_slice(&right.to_be_bytes());
        assert_eq!(fold(add(0, &bytes)), 0xffff);
        assert_eq!(expected(fold(add(0, &bytes)), right), right);
    }
}
