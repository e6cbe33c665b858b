//! The checksum of the common header: CRC32c, RFC 9260, 6.8 and Appendix A.

/// What a packet's checksum is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// The right CRC32c.
    Good,
    /// Neither the CRC32c nor anything that explains itself; the CRC32c would be this.
    Bad(u32),
    /// Not the CRC32c, which would be this, but the Adler-32 of RFC 2960, which RFC 3309 replaced in 2002.
    Adler32(u32),
    /// Zero: the peer accepts it (RFC 9653), or the sender left the checksum to its network interface and the
    /// capture was taken before that. The CRC32c would be this.
    Zero(u32),
}

/// Where the checksum stands in the packet.
const FIELD: usize = 8;
/// Where the first chunk stands.
const CHUNKS: usize = 12;

/// Looks at the checksum of a whole packet. `None` for fewer bytes than the common header has.
///
/// ```
/// use dissect::proto::sctp::checksum::{Checksum, check};
/// let mut packet = [0x11, 0x5c, 0x9c, 0x41, 0, 0, 0, 1, 0, 0, 0, 0, 8, 0, 0, 4];
/// let Some(Checksum::Zero(right)) = check(&packet) else { panic!() };
/// packet[8..12].copy_from_slice(&right.to_be_bytes());
/// assert_eq!(check(&packet), Some(Checksum::Good));
/// packet[7] = 2;
/// assert!(matches!(check(&packet), Some(Checksum::Bad(_))));
/// ```
pub fn check(packet: &[u8]) -> Option<Checksum> {
    let found = u32::from_be_bytes(*packet.get(FIELD..)?.first_chunk()?);
    let right = crc32c(packet)?;
    Some(if found == right {
        Checksum::Good
    } else if found == 0 {
        Checksum::Zero(right)
    } else if adler32(packet) == Some(found) {
        Checksum::Adler32(right)
    } else {
        Checksum::Bad(right)
    })
}

/// The CRC32c of a packet with its checksum field taken as zero, as the number that stands in the field. `None` for
/// fewer bytes than the common header has.
pub fn crc32c(packet: &[u8]) -> Option<u32> {
    let chunks = packet.get(CHUNKS..)?;
    // The field holds the least significant byte of the CRC first.
    Some(crc32c::crc32c_append(header_crc32c(*packet.first_chunk()?), chunks).swap_bytes())
}

/// The CRC32c of the common header with a checksum of zero, by what the first 8 bytes say: sums over few bytes spend their time
/// on getting ready.
fn header_crc32c(bytes: [u8; FIELD]) -> u32 {
    let digits = u64::from_le_bytes(bytes);
    let change = |at: usize, row: &[u32; DIGIT]| row[(digits >> (at * BITS)) as usize % DIGIT];
    DIGITS.iter().enumerate().fold(ZEROS, |sum, (at, row)| sum ^ change(at, row))
}

/// The CRC32c of as many zeros as the common header has bytes.
const ZEROS: u32 = !after(u32::MAX, CHUNKS);

/// How many bits of the 8 bytes are looked up at once: large tables are quick, and weigh too much for a page.
const BITS: usize = if cfg!(target_family = "wasm") { 4 } else { 8 };
const DIGIT: usize = 1 << BITS;

/// For each digit of so many bits, the lower of a byte first, and each value of it, what that changes in the CRC.
static DIGITS: [[u32; DIGIT]; 8 * FIELD / BITS] = {
    let mut rows = [[0; DIGIT]; 8 * FIELD / BITS];
    let mut at = 0;
    while at < rows.len() {
        let (byte, bit) = (at * BITS / 8, at * BITS % 8);
        let mut value = 0;
        while value < DIGIT {
            rows[at][value] = after((value as u32) << bit, CHUNKS - byte);
            value += 1;
        }
        at += 1;
    }
    rows
};

/// The register of the CRC behind so many bytes, of which it holds the first already and the others are zeros.
const fn after(mut register: u32, bytes: usize) -> u32 {
    const POLYNOMIAL: u32 = 0x82f6_3b78;
    let mut bits = bytes * 8;
    while bits > 0 {
        register = register >> 1 ^ if register & 1 == 1 { POLYNOMIAL } else { 0 };
        bits -= 1;
    }
    register
}

/// The Adler-32 of a packet with its checksum field taken as zero, RFC 2960, Appendix B. `None` for fewer bytes than
/// the common header has.
pub fn adler32(packet: &[u8]) -> Option<u32> {
    const MODULUS: u32 = 65521;
    // So many bytes can be added before the sums could overflow.
    const RUN: usize = 5552;
    let (mut a, mut b) = (1u32, 0u32);
    for part in [zeroed(packet)?.as_slice(), packet.get(CHUNKS..)?] {
        for run in part.chunks(RUN) {
            for byte in run {
                a += u32::from(*byte);
                b += a;
            }
            (a, b) = (a % MODULUS, b % MODULUS);
        }
    }
    Some(b << 16 | a)
}

/// The common header with a checksum of zero.
fn zeroed(packet: &[u8]) -> Option<[u8; CHUNKS]> {
    let mut header: [u8; CHUNKS] = *packet.first_chunk()?;
    header.iter_mut().skip(FIELD).for_each(|byte| *byte = 0);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_agrees_with_the_examples_of_rfc_3720() {
        let up: Vec<u8> = (0..32).collect();
        let down: Vec<u8> = (0..32).rev().collect();
        assert_eq!(crc32c::crc32c(&[0; 32]).to_le_bytes(), [0xaa, 0x36, 0x91, 0x8a]);
        assert_eq!(crc32c::crc32c(&[0xff; 32]).to_le_bytes(), [0x43, 0xab, 0xa8, 0x62]);
        assert_eq!(crc32c::crc32c(&up).to_le_bytes(), [0x4e, 0x79, 0xdd, 0x46]);
        assert_eq!(crc32c::crc32c(&down).to_le_bytes(), [0x5c, 0xdb, 0x3f, 0x11]);
    }

    /// One bit at a time, by the polynomial of RFC 9260, Appendix A.
    fn by_bits(packet: &[u8]) -> u32 {
        let mut crc = !0u32;
        for (at, byte) in packet.iter().enumerate() {
            crc ^= if (8..12).contains(&at) { 0 } else { u32::from(*byte) };
            for _ in 0..8 {
                crc = (crc >> 1) ^ if crc & 1 == 1 { 0x82f6_3b78 } else { 0 };
            }
        }
        (!crc).swap_bytes()
    }

    #[test]
    fn the_crc_of_a_packet_takes_its_own_field_as_zero() {
        let bytes: Vec<u8> = (0..4000u32).map(|at| (at * 7 + at / 251) as u8).collect();
        for len in (12..200).chain([1400, 1452, 4000]) {
            assert_eq!(crc32c(&bytes[..len]), Some(by_bits(&bytes[..len])), "{len} bytes");
        }
        assert_eq!(crc32c(&bytes[..11]), None);
    }

    #[test]
    fn adler_32_agrees_with_its_definition_and_stays_in_range() {
        let bytes = vec![0xff; 65535];
        let (mut a, mut b) = (1u64, 0u64);
        for (at, byte) in bytes.iter().enumerate() {
            a += if (8..12).contains(&at) { 0 } else { u64::from(*byte) };
            b += a;
        }
        assert_eq!(adler32(&bytes), Some((((b % 65521) << 16) | (a % 65521)) as u32));
    }

    #[test]
    fn each_kind_of_checksum_is_told() {
        let mut packet = vec![0x13, 0x88, 0x13, 0x89, 1, 2, 3, 4, 0, 0, 0, 0, 11, 0, 0, 4];
        let right = crc32c(&packet).unwrap();
        assert_eq!(check(&packet), Some(Checksum::Zero(right)));
        let adler = adler32(&packet).unwrap();
        packet[8..12].copy_from_slice(&adler.to_be_bytes());
        assert_eq!(check(&packet), Some(Checksum::Adler32(right)));
        packet[8] ^= 1;
        assert_eq!(check(&packet), Some(Checksum::Bad(right)));
        packet[8..12].copy_from_slice(&right.to_be_bytes());
        assert_eq!(check(&packet), Some(Checksum::Good));
    }
}
