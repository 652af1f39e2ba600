use formats::{DType, quant};

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

    /// Dequantizes the weights of output `o` into `row` (in).
    pub fn dequantize_row(&self, o: usize, row: &mut [f32]) {
        let mut o = o;
        for part in &self.parts {
            if o < part.outputs {
                let stride = part.bytes.len() / part.outputs;
                let bytes = &part.bytes[o * stride..(o + 1) * stride];
                let read = quant::dequantize(part.dtype, bytes, row);
                debug_assert!(read.is_ok(), "lengths were checked when the matrix was loaded");
                return;
            }
            o -= part.outputs;
        }
        debug_assert!(false, "output {o} beyond the matrix");
    }
}
