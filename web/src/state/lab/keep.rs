//! The logs of runs in the browser's storage, so that a run goes on after a reload. Each batch is a text of its own: what
//! was written before is not written again. Each run has a log of its own, into which one tab writes: one that goes on
//! with a run that it has found begins with a copy.

use share::store::{Storage, StoreError};

/// The keys begin with this; the number of the run and that of the piece follow.
const PREFIX: &str = "glassbox.lab.log.";
/// The run of logs that earlier versions wrote: in their keys, only the number of the piece follows.
const UNNUMBERED: u64 = 0;
/// So many logs are kept: a tab that is closed leaves its log behind.
const MOST: usize = 4;

/// A log: the number of its run, and of how many pieces it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Log {
    run: u64,
    pieces: usize,
}

/// Writes the log of the run on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keeper {
    /// What this tab writes; none before there is something to write.
    own: Option<Log>,
    /// What the run was read from, as it was then. Another tab may still write it.
    found: Option<Log>,
}

impl Keeper {
    /// The latest log that is kept, with the keeper of a tab that has read it. `None` if there is none.
    pub(crate) fn find(storage: &impl Storage) -> Option<(Self, String)> {
        let all = pieces(storage).ok()?;
        runs(&all).into_iter().rev().find_map(|run| {
            let text = read(storage, &all, run)?;
            let found = Some(Log { run, pieces: count(&all, run) });
            Some((Self { own: None, found }, text))
        })
    }

    /// Begins a log with a text, instead of the one that was written or read so far. `now` is the time in milliseconds
    /// since 1970.
    ///
    /// # Errors
    /// [`StoreError`] where the browser keeps nothing, or if there is no room.
    pub(crate) fn begin(
        &mut self,
        storage: &mut impl Storage,
        text: &str,
        now: u64,
    ) -> Result<(), StoreError> {
        let mut earlier = std::mem::take(self);
        let last = pieces(storage)?.last().map_or(0, |(run, ..)| *run);
        // The time keeps two tabs apart.
        let run = now.max(last.saturating_add(1));
        self.own = Some(Log { run, pieces: 0 });
        self.put_first(storage, text)?;
        earlier.forget(storage)?;
        let mut others = runs(&pieces(storage)?);
        others.retain(|other| *other != run);
        let many = (others.len() + 1).saturating_sub(MOST);
        others.into_iter().take(many).try_for_each(|oldest| remove(storage, oldest))
    }

    /// Appends what the run has written since; `whole` is all of it, for a log that begins or is gone.
    ///
    /// # Errors
    /// [`StoreError`] if there is no room.
    pub(crate) fn append(
        &mut self,
        storage: &mut impl Storage,
        text: &str,
        whole: impl FnOnce() -> String,
        now: u64,
    ) -> Result<(), StoreError> {
        let Some(own) = self.own else { return self.begin(storage, &whole(), now) };
        let Some(last) = own.pieces.checked_sub(1) else { return self.put_first(storage, text) };
        if storage.get(&key(own.run, last))?.is_some() {
            return self.put(storage, text);
        }
        // Another tab took it for one that nobody writes any more.
        self.own = Some(Log { pieces: 0, ..own });
        self.put(storage, &whole())
    }

    /// Takes the run from the storage. What was read is left if another tab has written into it since.
    ///
    /// # Errors
    /// [`StoreError`] where the browser keeps nothing.
    pub(crate) fn forget(&mut self, storage: &mut impl Storage) -> Result<(), StoreError> {
        let Self { own, found } = std::mem::take(self);
        if let Some(Log { run, .. }) = own {
            remove(storage, run)?;
        }
        match found {
            Some(Log { run, pieces: before }) if count(&pieces(storage)?, run) == before => {
                remove(storage, run)
            }
            _ => Ok(()),
        }
    }

    fn put(&mut self, storage: &mut impl Storage, text: &str) -> Result<(), StoreError> {
        if let Some(own) = self.own.as_mut().filter(|_| !text.is_empty()) {
            storage.set(&key(own.run, own.pieces), text)?;
            own.pieces += 1;
        }
        Ok(())
    }

    /// Puts the first piece. Logs of other runs make room for it, the oldest first.
    fn put_first(&mut self, storage: &mut impl Storage, text: &str) -> Result<(), StoreError> {
        for oldest in runs(&pieces(storage)?) {
            match self.put(storage, text) {
                Err(StoreError::Full) => remove(storage, oldest)?,
                done => return done,
            }
        }
        self.put(storage, text)
    }
}

fn key(run: u64, piece: usize) -> String {
    format!("{PREFIX}{run}.{piece}")
}

/// The run, the number and the key of every piece, rising.
fn pieces(storage: &impl Storage) -> Result<Vec<(u64, usize, String)>, StoreError> {
    let piece = |key: String| {
        let name = key.strip_prefix(PREFIX)?;
        let (run, number) = match name.split_once('.') {
            Some((run, number)) => (run.parse::<u64>().ok()?, number.parse::<usize>().ok()?),
            None => (UNNUMBERED, name.parse::<usize>().ok()?),
        };
        Some((run, number, key))
    };
    let mut pieces: Vec<_> = storage.keys()?.into_iter().filter_map(piece).collect();
    pieces.sort_unstable();
    Ok(pieces)
}

/// The runs that the pieces are of, the oldest first.
fn runs(pieces: &[(u64, usize, String)]) -> Vec<u64> {
    let mut runs: Vec<u64> = pieces.iter().map(|(run, ..)| *run).collect();
    runs.dedup();
    runs
}

fn count(pieces: &[(u64, usize, String)], run: u64) -> usize {
    pieces.iter().filter(|(own, ..)| *own == run).count()
}

/// The log of a run. A piece that is missing ends it there.
fn read(storage: &impl Storage, pieces: &[(u64, usize, String)], run: u64) -> Option<String> {
    let mut log = String::new();
    let own = pieces.iter().filter(|(own, ..)| *own == run);
    for (at, (_, number, key)) in own.enumerate() {
        match storage.get(key).ok().flatten() {
            Some(piece) if *number == at => log += &piece,
            _ => break,
        }
    }
    (!log.is_empty()).then_some(log)
}

fn remove(storage: &mut impl Storage, run: u64) -> Result<(), StoreError> {
    let mut own = pieces(storage)?.into_iter().filter(|(own, ..)| *own == run);
    own.try_for_each(|(.., key)| storage.remove(&key))
}

#[cfg(test)]
mod tests;
