//! What the victim says it was promised: one line an answer, with a checksum, since a line may
//! come over a serial port that garbles it.

use crate::chance::mix;
use std::fmt;
use uuid::Uuid;

/// One acknowledged command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The writer's count of its own commands, from 1.
    pub n: u64,
    /// Which writer.
    pub writer: u64,
    /// The command's id.
    pub id: Uuid,
    /// Where its first event is.
    pub first_seq: u64,
    /// Where its last event is.
    pub last_seq: u64,
}

/// The id of a writer's n-th command: made by the client, the same in every life of the victim.
pub fn command_id(seed: u64, writer: u64, n: u64) -> Uuid {
    Uuid::from_u64_pair(mix(seed.wrapping_mul(1 << 8).wrapping_add(writer)), mix(n))
}

impl fmt::Display for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ack { n, writer, id, first_seq, last_seq } = self;
        f.write_str(&with_checksum(&format!("ACK {n} {writer} {id} {first_seq} {last_seq}")))
    }
}

impl Ack {
    /// Reads a line; `None` if it is something else or garbled.
    pub fn parse(line: &str) -> Option<Ack> {
        let start = line.find("ACK ")?;
        let mut words = checked(line.get(start..)?)?.split(' ').skip(1);
        Some(Ack {
            n: words.next()?.parse().ok()?,
            writer: words.next()?.parse().ok()?,
            id: words.next()?.parse().ok()?,
            first_seq: words.next()?.parse().ok()?,
            last_seq: words.next()?.parse().ok()?,
        })
    }
}

/// A line with its checksum behind it.
pub fn with_checksum(text: &str) -> String {
    format!("{text} crc={:08x}", crc32(text.as_bytes()))
}

/// The text of a line whose checksum is right.
pub fn checked(line: &str) -> Option<&str> {
    let (text, crc) = line.trim_end().rsplit_once(" crc=")?;
    (u32::from_str_radix(crc.get(..8)?, 16).ok()? == crc32(text.as_bytes())).then_some(text)
}

/// CRC-32 as in IEEE 802.3, bit by bit: lines are short.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_and_a_garbled_one_is_left_out() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        let ack = Ack { n: 3, writer: 1, id: command_id(7, 1, 3), first_seq: 10, last_seq: 12 };
        let line = ack.to_string();
        assert_eq!(Ack::parse(&line), Some(ack));
        assert_eq!(Ack::parse(&format!("[ 0.1] {line}\r")), Some(ack));
        assert_eq!(Ack::parse(&line.replace("ACK 3", "ACK 4")), None);
        assert_eq!(Ack::parse(line.get(..line.len() - 4).unwrap_or_default()), None);
    }

    #[test]
    fn no_two_commands_share_an_id() {
        let mut ids: Vec<_> =
            (0..4).flat_map(|w| (1..500).map(move |n| command_id(1, w, n))).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 4 * 499);
    }
}
