use super::dot::dot;
use super::parallel::map_ranges;
use crate::adapter::Packed;
use crate::params::Row;

/// What adapters add to a matrix product, each row with its own: `B_a (A_a x)`.
#[derive(Debug)]
pub struct Change<'a> {
    packed: &'a Packed,
    /// Per row: `None` for the base alone.
    adapters: Vec<Option<usize>>,
    /// `A_a x`: (rows, tensors * rank)
    inner: Vec<f32>,
}

impl<'a> Change<'a> {
    /// Twin of `lora_a.wgsl`: multiplies the inputs `x` (rows, in) with A. `None` if no row has an adapter.
    pub fn new(packed: &'a Packed, rows: &[Row], x: &[f32]) -> Option<Self> {
        let adapters: Vec<_> =
            rows.iter().map(|row| (row.adapter as usize).checked_sub(1)).collect();
        if adapters.iter().all(Option::is_none) {
            return None;
        }
        let (width, inputs) = (packed.inner() as usize, packed.inputs as usize);
        let inner = map_ranges(rows.len(), 1, |range| {
            let row = range.start;
            let Some(adapter) = adapters[row] else { return vec![0.0; width] };
            let a = &packed.a[adapter * width * inputs..(adapter + 1) * width * inputs];
            let x = &x[row * inputs..(row + 1) * inputs];
            a.chunks_exact(inputs).map(|a| dot(a, x)).collect()
        });
        Some(Self { packed, adapters, inner: inner.concat() })
    }

    /// What the row's adapter adds to output `o`.
    pub fn of(&self, row: usize, o: usize) -> f32 {
        let Some(adapter) = self.adapters[row] else { return 0.0 };
        let (rank, width) = (self.packed.rank as usize, self.packed.inner() as usize);
        let b = (adapter * self.packed.outs() as usize + o) * rank;
        let h = row * width + self.packed.part(o as u32) * rank;
        let (b, h) = (&self.packed.b[b..b + rank], &self.inner[h..h + rank]);
        b.iter().zip(h).map(|(b, h)| b * h).sum()
    }
}
