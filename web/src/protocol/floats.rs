//! Many numbers as one `Uint8Array`: the page reads 262,144 logits in a millisecond, as plain numbers it would
//! take a hundred.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};

const WIDTH: usize = size_of::<f32>();

/// Little-endian bytes, as WebAssembly has them.
pub(super) fn serialize<S: Serializer>(numbers: &[f32], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    serializer.serialize_bytes(&bytes)
}

/// From bytes, or from an array of bytes where a format has nothing better.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<f32>, D::Error> {
    deserializer.deserialize_byte_buf(Bytes)
}

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<f32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of 32-bit numbers")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<f32>, E> {
        let words = bytes.chunks_exact(WIDTH);
        if !words.remainder().is_empty() {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        let number = |word: &[u8]| word.try_into().map_or(0.0, f32::from_le_bytes);
        Ok(words.map(number).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<f32>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = items.next_element::<u8>()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use crate::protocol::Event;

    #[test]
    fn numbers_come_through_bit_for_bit() {
        let logits = vec![0.0, -0.1, f32::MIN_POSITIVE, 3e38, -7.25];
        let sent = serde_json::to_string(&Event::Distribution { run: 4, logits: logits.clone() });
        let read: Event = serde_json::from_str(&sent.expect("plain data")).expect("the same");
        assert!(matches!(read, Event::Distribution { run: 4, logits: found } if found == logits));
    }

    #[test]
    fn half_a_number_is_none() {
        let read = serde_json::from_str::<Event>(
            r#"{ "distribution": { "run": 1, "logits": [0, 0, 128, 63, 0] } }"#,
        );
        assert!(read.is_err());
    }
}
