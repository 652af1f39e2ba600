//! Keys and values of the positions a machine has seen.

use crate::params::Row;

/// Positions by which a sequence's cache grows.
const STEP: usize = 256;

/// Keys and values of one layer. A sequence takes as much memory as it has had positions.
#[derive(Clone, Debug)]
pub struct Cache {
    /// kv_heads * head width
    width: usize,
    /// Per sequence: (positions, kv_heads, width)
    keys: Vec<Vec<f32>>,
    /// Per sequence: (positions, kv_heads, width)
    values: Vec<Vec<f32>>,
}

impl Cache {
    /// An empty cache for sequences whose keys, and values, have `width` components per position.
    pub fn new(sequences: usize, width: usize) -> Self {
        Self { width, keys: vec![Vec::new(); sequences], values: vec![Vec::new(); sequences] }
    }

    /// Makes room for the rows' positions, at most `context`. `Err`: the bytes there is no room for.
    ///
    /// # Errors
    /// Memory ran out.
    pub fn reserve(&mut self, rows: &[Row], context: usize) -> Result<(), u64> {
        for row in rows {
            let position = row.position as usize;
            let sequence = row.sequence as usize;
            for store in [&mut self.keys[sequence], &mut self.values[sequence]] {
                if store.len() >= (position + 1) * self.width {
                    continue;
                }
                let positions =
                    (position + 1).next_multiple_of(STEP).min(context.max(position + 1));
                let length = positions * self.width;
                store.try_reserve_exact(length - store.len()).map_err(|_| 4 * length as u64)?;
                store.resize(length, 0.0);
            }
        }
        Ok(())
    }

    /// Makes sequence `to` begin with `length` positions of `from`.
    ///
    /// # Errors
    /// Memory ran out: the bytes there is no room for.
    pub fn fork(&mut self, from: usize, to: usize, length: usize) -> Result<(), u64> {
        if from == to {
            return Ok(());
        }
        let numbers = length * self.width;
        for stores in [&mut self.keys, &mut self.values] {
            let source = std::mem::take(&mut stores[from]);
            let target = &mut stores[to];
            let missing = source.len().saturating_sub(target.len());
            let room = target.try_reserve_exact(missing).map_err(|_| 4 * source.len() as u64);
            if room.is_ok() {
                target.resize(target.len().max(source.len()), 0.0);
                target[..numbers].copy_from_slice(&source[..numbers]);
            }
            stores[from] = source;
            room?;
        }
        Ok(())
    }

    /// Keys of one position: (kv_heads, width).
    pub fn key(&self, sequence: usize, position: usize) -> &[f32] {
        &self.keys[sequence][position * self.width..(position + 1) * self.width]
    }

    /// Values of one position: (kv_heads, width).
    pub fn value(&self, sequence: usize, position: usize) -> &[f32] {
        &self.values[sequence][position * self.width..(position + 1) * self.width]
    }

    /// Keys and values of one position, to be written.
    pub fn position_mut(&mut self, row: &Row) -> (&mut [f32], &mut [f32]) {
        let (sequence, position) = (row.sequence as usize, row.position as usize);
        let range = position * self.width..(position + 1) * self.width;
        (&mut self.keys[sequence][range.clone()], &mut self.values[sequence][range])
    }
}
