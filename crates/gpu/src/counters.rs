use std::sync::atomic::{AtomicU64, Ordering};

/// What a device has done since it was made. Counted where it happens, never estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Compute dispatches.
    pub dispatches: u64,
    /// Queue submissions.
    pub submits: u64,
    /// GPU objects created, apart from encoders, passes and command buffers.
    pub objects_created: u64,
    /// Bytes mapped for reading.
    pub bytes_read_back: u64,
    /// Bytes written with `writeBuffer`.
    pub bytes_uploaded: u64,
}

/// Counters in the making.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    pub(crate) dispatches: Count,
    pub(crate) submits: Count,
    pub(crate) objects_created: Count,
    pub(crate) bytes_read_back: Count,
    pub(crate) bytes_uploaded: Count,
}

/// One figure.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }
    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counting {
    pub(crate) fn read(&self) -> Counters {
        Counters {
            dispatches: self.dispatches.get(),
            submits: self.submits.get(),
            objects_created: self.objects_created.get(),
            bytes_read_back: self.bytes_read_back.get(),
            bytes_uploaded: self.bytes_uploaded.get(),
        }
    }
}
