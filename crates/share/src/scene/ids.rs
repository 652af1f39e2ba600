//! Token ids as a short text: each id as a base-128 varint, all of them in base64url.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::limits::MAX_IDS;

/// Token ids. In JSON one string: an id takes one to three bytes (LEB128), three bytes four characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids(pub Vec<u32>);

impl Ids {
    /// No ids.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids as text.
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(self.0.len() * 2);
        for &id in &self.0 {
            let mut rest = id;
            while rest >= 0x80 {
                bytes.push((rest & 0x7f) as u8 | 0x80);
                rest >>= 7;
            }
            bytes.push(rest as u8);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Ids from text. Only the shortest form of an id is taken, so that every list has one text.
    /// `None` for anything else, and for more than [`MAX_IDS`] ids.
    pub fn decode(text: &str) -> Option<Self> {
        // Five bytes hold any id; more characters than that cannot be few enough ids.
        if text.len() > MAX_IDS * 5 * 4 / 3 + 4 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let mut ids = Vec::new();
        let mut bytes = bytes.into_iter();
        while let Some(first) = bytes.next() {
            ids.push(decode_one(first, &mut bytes)?);
        }
        (ids.len() <= MAX_IDS).then_some(Self(ids))
    }
}

fn decode_one(first: u8, more: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let mut id = u64::from(first & 0x7f);
    let (mut last, mut shift) = (first, 7);
    while last & 0x80 != 0 {
        last = more.next()?;
        id |= u64::from(last & 0x7f) << shift;
        // A last byte of 0 adds nothing; a sixth byte is too many.
        if last == 0 || shift > 28 {
            return None;
        }
        shift += 7;
    }
    u32::try_from(id).ok()
}

impl From<Vec<u32>> for Ids {
    fn from(ids: Vec<u32>) -> Self {
        Self(ids)
    }
}

impl Serialize for Ids {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.encode())
    }
}

impl<'de> Deserialize<'de> for Ids {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::decode(&text).ok_or_else(|| D::Error::custom("no list of token ids"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_texts() {
        let ids = Ids(vec![0, 1, 127, 128, 8191, 262_143, u32::MAX]);
        let text = ids.encode();
        assert_eq!(text, "AAF_gAH_P___D_____8P");
        assert_eq!(Ids::decode(&text), Some(ids));
        assert_eq!(Ids::decode(""), Some(Ids::default()));
    }

    #[test]
    fn other_texts_are_no_ids() {
        // "gA": a byte that promises another. "gAA": 0 in two bytes. "_____x8": 2^33. "Z": half a byte.
        for text in ["gA", "gAA", "_____x8", "gICAgIAB", "Z", "A A", "A+", "AA=="] {
            assert_eq!(Ids::decode(text), None, "{text:?}");
        }
        assert_eq!(Ids::decode(&Ids(vec![1; MAX_IDS + 1]).encode()), None);
        assert!(Ids::decode(&Ids(vec![u32::MAX; MAX_IDS]).encode()).is_some());
        assert_eq!(Ids::decode(&"A".repeat(1 << 20)), None);
    }
}
