//! A malformed header costs memory in proportion to the bytes that are there, never to the counts it claims.
#![expect(unsafe_code, reason = "a counting allocator has no safe form")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use formats::DType;
use formats::gguf::parse_header;
use formats::gguf::write::Writer;

/// Bytes allocated now, and the most since the last reset.
static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most memory that reading this header takes.
fn peak(bytes: &[u8], file_bytes: u64) -> usize {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let answer = parse_header(bytes, file_bytes);
    let peak = PEAK.load(Relaxed) - before;
    drop(answer);
    peak
}

fn head(tensors: u64, keys: u64) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend(tensors.to_le_bytes());
    bytes.extend(keys.to_le_bytes());
    bytes
}

fn array(item_type: u32, count: u64) -> Vec<u8> {
    let mut bytes = head(0, 1);
    bytes.extend(1u64.to_le_bytes());
    bytes.extend(b"k\x09\0\0\0");
    bytes.extend(item_type.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes
}

/// One test, so that no other allocates in between.
#[test]
fn memory_is_bounded_by_the_bytes_that_are_there() {
    const MANY: u64 = 1 << 60;
    for claim in
        [head(MANY, 0), head(0, MANY), array(8, MANY), array(0, MANY), array(10, MANY >> 3)]
    {
        let mut bytes = claim;
        bytes.resize(bytes.len() + 1000, 0);
        for file_bytes in [bytes.len() as u64, 1 << 40, u64::MAX] {
            let peak = peak(&bytes, file_bytes);
            assert!(
                peak < 4096,
                "{peak} bytes allocated for a file of {file_bytes} of which {} are here",
                bytes.len()
            );
        }
    }

    // The costliest honest headers: many short keys, many short strings, many tensors.
    let mut writer = Writer::new();
    for index in 0..5000u32 {
        writer.metadata(index.to_string(), index.is_multiple_of(2));
    }
    writer.metadata("strings", vec![String::new(); 100_000]);
    for index in 0..5000u32 {
        writer.tensor(index.to_string(), [1u64], DType::F32, [0u8; 4]);
    }
    let bytes = writer.finish();
    let peak = peak(&bytes, bytes.len() as u64);
    assert!(peak > bytes.len(), "the allocator counts nothing");
    assert!(peak < 16 * bytes.len(), "{peak} bytes allocated for a header of {}", bytes.len());
}
