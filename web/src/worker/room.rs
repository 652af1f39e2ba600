//! How much room an engine gets: sequences, positions, rows.

use engine::EngineOptions;

use crate::protocol::{MAX_COLUMNS, MAX_SAMPLES};

/// A model whose file is smaller has small caches too.
const SMALL_FILE: u64 = 20_000_000;
/// Positions of all sequences together. One takes 36 kB in all layers of Gemma 3 270M, 46 kB in SmolLM2 135M, and the
/// GPU holds them all from the beginning. With a longer context there are fewer sequences, and answers wait for one.
const POSITIONS: u32 = 3 * 4096;
/// The same for a small model; 5 kB each in Sprout.
const SMALL_POSITIONS: u32 = 33 * 1024;
/// Tokens of a prompt that are computed at once. On the CPU fewer, so that Stop is seen in time.
const GPU_ROWS: u32 = 256;
const CPU_ROWS: u32 = 64;

/// Sequences for every column and one for rewards; a small model draws all samples at once. `trained_context`: if
/// it is known before the file is read.
pub(super) fn options(
    file_bytes: u64,
    context: u32,
    trained_context: Option<u32>,
    is_gpu: bool,
) -> EngineOptions {
    let context = context.min(trained_context.unwrap_or(u32::MAX)).max(1);
    let (answers, positions) = if file_bytes < SMALL_FILE {
        (MAX_SAMPLES, SMALL_POSITIONS)
    } else {
        (MAX_COLUMNS as u32, POSITIONS)
    };
    let sequences = (positions / context).clamp(2, answers + 1);
    EngineOptions { context, sequences, max_rows: if is_gpu { GPU_ROWS } else { CPU_ROWS } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_model_has_room_for_all_samples_and_a_large_one_for_all_columns() {
        let sprout = options(5_000_000, 2048, Some(512), true);
        assert_eq!(sprout, EngineOptions { context: 512, sequences: 33, max_rows: 256 });
        let gemma = options(253_000_000, 2048, Some(32_768), false);
        assert_eq!(gemma, EngineOptions { context: 2048, sequences: 5, max_rows: 64 });
    }

    #[test]
    fn long_contexts_leave_fewer_sequences_but_always_two() {
        let sequences = |bytes, context| options(bytes, context, None, true).sequences;
        assert_eq!(sequences(253_000_000, 4096), 3);
        assert_eq!(sequences(253_000_000, 8192), 2);
        assert_eq!(sequences(253_000_000, u32::MAX), 2);
        assert_eq!(sequences(5_000_000, 8192), 4);
        assert_eq!(sequences(5_000_000, 0), 33);
    }
}
