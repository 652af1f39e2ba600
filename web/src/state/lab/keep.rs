//! The log of a run in the browser's storage, so that the run goes on after a reload. Each batch is a text of its own:
//! what was written before is not written again.

use share::store::{Storage, StoreError};

/// The keys begin with this; a number follows.
const PREFIX: &str = "glassbox.lab.log.";

/// Writes a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keeper {
    next: u64,
}

impl Keeper {
    /// Forgets what was kept.
    ///
    /// # Errors
    /// [`StoreError`] where the browser keeps nothing.
    pub(crate) fn begin(storage: &mut impl Storage) -> Result<Self, StoreError> {
        for (_, key) in keys(storage)? {
            storage.remove(&key)?;
        }
        Ok(Self::default())
    }

    /// Goes on with the log that is kept.
    ///
    /// # Errors
    /// [`StoreError`] where the browser keeps nothing.
    pub(crate) fn resume(storage: &impl Storage) -> Result<Self, StoreError> {
        Ok(Self { next: keys(storage)?.last().map_or(0, |(last, _)| last + 1) })
    }

    /// Appends.
    ///
    /// # Errors
    /// [`StoreError`] if there is no room.
    pub(crate) fn append(
        &mut self,
        storage: &mut impl Storage,
        text: &str,
    ) -> Result<(), StoreError> {
        if text.is_empty() {
            return Ok(());
        }
        storage.set(&format!("{PREFIX}{}", self.next), text)?;
        self.next += 1;
        Ok(())
    }
}

/// The log that is kept; `None` if there is none. A piece that is missing (another tab deleted it) ends it there.
pub(crate) fn read(storage: &impl Storage) -> Option<String> {
    let mut log = String::new();
    for (at, (number, key)) in keys(storage).ok()?.into_iter().enumerate() {
        let piece = storage.get(&key).ok().flatten();
        match piece {
            Some(piece) if number == at as u64 => log += &piece,
            _ => break,
        }
    }
    (!log.is_empty()).then_some(log)
}

/// Numbers and keys, rising.
fn keys(storage: &impl Storage) -> Result<Vec<(u64, String)>, StoreError> {
    let number = |key: String| Some((key.strip_prefix(PREFIX)?.parse().ok()?, key));
    let mut keys: Vec<(u64, String)> = storage.keys()?.into_iter().filter_map(number).collect();
    keys.sort_unstable();
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use share::store::Memory;

    #[test]
    fn a_log_is_written_piece_by_piece_and_read_whole() {
        let mut storage = Memory::default();
        storage.set("glassbox.votes", "{}").expect("there is room");
        let mut keeper = Keeper::begin(&mut storage).expect("it keeps");
        let mut whole = String::new();
        for number in 0..12 {
            let piece = format!("{{\"line\":{number}}}\n");
            keeper.append(&mut storage, &piece).expect("there is room");
            whole += &piece;
        }
        keeper.append(&mut storage, "").expect("nothing to do");
        assert_eq!(read(&storage), Some(whole.clone()), "ten comes after nine");
        let mut again = Keeper::resume(&storage).expect("it keeps");
        assert_eq!(again, keeper);
        again.append(&mut storage, "more\n").expect("there is room");
        assert_eq!(read(&storage), Some(whole + "more\n"));
        Keeper::begin(&mut storage).expect("it keeps");
        assert_eq!(read(&storage), None);
        assert!(storage.get("glassbox.votes").expect("it keeps").is_some(), "others' stay");
    }

    #[test]
    fn a_full_storage_says_so_and_keeps_what_it_has() {
        let mut storage = Memory::with_room(60);
        let mut keeper = Keeper::default();
        keeper.append(&mut storage, "one\n").expect("there is room");
        assert_eq!(keeper.append(&mut storage, &"x".repeat(60)), Err(StoreError::Full));
        assert_eq!(read(&storage).as_deref(), Some("one\n"));
    }

    #[test]
    fn a_gap_ends_the_log() {
        let mut storage = Memory::default();
        let mut keeper = Keeper::default();
        for piece in ["a\n", "b\n", "c\n"] {
            keeper.append(&mut storage, piece).expect("there is room");
        }
        storage.remove(&format!("{PREFIX}1")).expect("it keeps");
        assert_eq!(read(&storage).as_deref(), Some("a\n"));
    }
}
