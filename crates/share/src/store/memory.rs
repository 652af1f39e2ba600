//! A storage that lasts as long as its value: for tests, and where a browser keeps nothing.

use std::collections::BTreeMap;

use super::{Storage, StoreError};

/// Texts by key, in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    texts: BTreeMap<String, String>,
    /// Bytes of keys and texts that there is room for.
    room: Option<usize>,
}

impl Memory {
    /// A storage that is full at so many bytes of keys and texts, as a browser's is.
    pub fn with_room(bytes: usize) -> Self {
        Self { texts: BTreeMap::new(), room: Some(bytes) }
    }
}

impl Storage for Memory {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.texts.keys().cloned().collect())
    }

    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self.texts.get(key).cloned())
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError> {
        let others = self.texts.iter().filter(|(known, _)| known.as_str() != key);
        let used: usize = others.map(|(key, text)| key.len() + text.len()).sum();
        if self.room.is_some_and(|room| used + key.len() + text.len() > room) {
            return Err(StoreError::Full);
        }
        self.texts.insert(key.to_owned(), text.to_owned());
        Ok(())
    }

    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        self.texts.remove(key);
        Ok(())
    }
}
