use formats::{DType, quant};
use std::ops::Range;

/// A weight matrix (out, in) as it lies in the file: one part per tensor, stacked along `out`.
#[derive(Clone, Debug, Default)]
pub struct MatrixData {
    /// Inputs.
    pub inputs: usize,
    /// Tensors, first outputs first.
    pub parts: Vec<Part>,
}

/// One tensor of a matrix.
#[derive(Clone, Debug)]
pub struct Part {
    /// How its bytes are to be read.
    pub dtype: DType,
    /// Outputs.
    pub outputs: usize,
    /// Rows of blocks, as in the file.
    pub bytes: Vec<u8>,
}

impl MatrixData {
    /// Outputs of all parts.
    pub fn outs(&self) -> usize {
        self.parts.iter().map(|part| part.outputs).sum()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes.len()).sum()
    }

    /// Type and blocks of output `o`.
    pub fn row(&self, o: usize) -> Option<(DType, &[u8])> {
        let mut o = o;
        for part in &self.parts {
            if o < part.outputs {
                let stride = part.bytes.len() / part.outputs;
                return Some((part.dtype, &part.bytes[o * stride..(o + 1) * stride]));
            }
            o -= part.outputs;
        }
        None
    }

    /// Outputs `range` as stretches of one tensor: type, bytes of a row, and the rows.
    pub fn rows(&self, range: Range<usize>) -> impl Iterator<Item = (DType, usize, &[u8])> {
        let mut first = 0;
        self.parts.iter().filter_map(move |part| {
            let start = range.start.clamp(first, first + part.outputs) - first;
            let end = range.end.clamp(first, first + part.outputs) - first;
            first += part.outputs;
            let stride = part.bytes.len() / part.outputs.max(1);
            (start < end).then(|| (part.dtype, stride, &part.bytes[start * stride..end * stride]))
        })
    }

    /// Dequantizes the weights of output `o` into `row` (in).
    pub fn dequantize_row(&self, o: usize, row: &mut [f32]) {
        let read = self.row(o).map(|(dtype, bytes)| quant::dequantize(dtype, bytes, row));
        debug_assert!(
            matches!(read, Some(Ok(()))),
            "lengths were checked when the matrix was loaded"
        );
    }
}
