//! Packed layouts of weight matrices on the GPU.
//!
//! A matrix (out, in) lies in one buffer (or several, where one would exceed the largest binding) as
//! sections of whole words per row: quants, high bits, scales, super scales. `shaders/shared/weights.wgsl`
//! reads them; every layout but [`Layout::Wide`] and [`Layout::F32`] takes about what the file takes.

use crate::error::GpuError;
use formats::DType;
use kernels::params::WeightView;

/// Largest buffer a shader may bind: WebGPU's default `maxStorageBufferBindingSize`.
pub const MAX_BINDING_BYTES: u64 = 128 << 20;

/// How a matrix is packed. Named as the variants of the weight shaders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it; the shader says how")]
pub enum Layout {
    F32,
    F16,
    Bf16,
    Q8,
    /// Any mixture of quantized types: bytes with a full-precision scale and minimum per 16.
    Wide,
    Q4,
    Q5,
    Q4K,
    Q5K,
    Q6K,
}

impl Layout {
    /// The layout of a matrix whose tensors have these types.
    pub fn of(dtypes: &[DType]) -> Self {
        let mut layouts = dtypes.iter().map(|dtype| match dtype {
            DType::F32 => Self::F32,
            DType::F16 => Self::F16,
            DType::BF16 => Self::Bf16,
            DType::Q8_0 => Self::Q8,
            DType::Q4_0 | DType::Q4_1 => Self::Q4,
            DType::Q5_0 | DType::Q5_1 => Self::Q5,
            DType::Q4K => Self::Q4K,
            DType::Q5K => Self::Q5K,
            DType::Q6K => Self::Q6K,
        });
        let first = layouts.next().unwrap_or(Self::F32);
        if layouts.all(|layout| layout == first) {
            return first;
        }
        if dtypes.iter().any(|dtype| matches!(dtype, DType::F32 | DType::F16 | DType::BF16)) {
            Self::F32
        } else {
            Self::Wide
        }
    }

    /// Suffix of the shader variants that read it.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::Q8 => "q8",
            Self::Wide => "wide",
            Self::Q4 => "q4",
            Self::Q5 => "q5",
            Self::Q4K => "q4k",
            Self::Q5K => "q5k",
            Self::Q6K => "q6k",
        }
    }

    /// Words per row of each section, for rows of `inputs` weights.
    pub fn strides(self, inputs: u32) -> Strides {
        let n = inputs;
        let (quants, high, scales, supers) = match self {
            Self::F32 => (n, 0, 0, 0),
            Self::F16 | Self::Bf16 => (n / 2, 0, 0, 0),
            Self::Q8 => (n / 4, 0, (n / 32).div_ceil(2), 0),
            Self::Wide => (n / 4, 0, n / 8, 0),
            Self::Q4 => (n / 8, 0, n / 32, 0),
            Self::Q5 => (n / 8, n / 32, n / 32, 0),
            Self::Q4K => (n / 8, 0, n / 64, n / 256),
            Self::Q5K => (n / 8, n / 32, n / 64, n / 256),
            Self::Q6K => (n / 8, n / 16, n / 64, n / 256),
        };
        Strides { quants, high, scales, supers }
    }

    /// Row lengths must be a multiple of this.
    fn multiple(self) -> u32 {
        match self {
            Self::F32 | Self::F16 | Self::Bf16 => 8,
            Self::Q8 | Self::Wide | Self::Q4 | Self::Q5 => 32,
            Self::Q4K | Self::Q5K | Self::Q6K => 256,
        }
    }
}

/// Words per row of each section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the sections")]
pub struct Strides {
    pub quants: u32,
    pub high: u32,
    pub scales: u32,
    pub supers: u32,
}

impl Strides {
    /// Words per row in all.
    pub fn words(self) -> u32 {
        self.quants + self.high + self.scales + self.supers
    }

    /// Where the sections of a buffer with `rows` rows lie; `first_row` is the matrix row it begins with.
    pub fn view(self, rows: u32, first_row: u32) -> WeightView {
        let high_base = rows * self.quants;
        let scales_base = high_base + rows * self.high;
        let super_base = scales_base + rows * self.scales;
        WeightView {
            quants_stride: self.quants,
            high_base,
            high_stride: self.high,
            scales_base,
            scales_stride: self.scales,
            super_base,
            super_stride: self.supers,
            first_row,
        }
    }
}

/// Rows of each buffer of a matrix with `outs` rows, so that no buffer exceeds [`MAX_BINDING_BYTES`].
///
/// # Errors
/// Row lengths the layout does not take.
pub fn shard_rows(
    tensor: &str,
    layout: Layout,
    inputs: u32,
    outs: u32,
) -> Result<Vec<u32>, GpuError> {
    let refuse = |reason| Err(GpuError::Layout { tensor: tensor.to_owned(), reason });
    if !inputs.is_multiple_of(layout.multiple()) {
        return refuse(format!(
            "rows of {inputs} weights are not a multiple of {}",
            layout.multiple()
        ));
    }
    let row_bytes = u64::from(layout.strides(inputs).words()) * 4;
    let most = MAX_BINDING_BYTES / row_bytes.max(1);
    if most == 0 {
        return refuse(format!("a row takes {row_bytes} bytes, more than a binding may have"));
    }
    let shards = u64::from(outs).div_ceil(most).max(1);
    let rows = u64::from(outs).div_ceil(shards) as u32;
    let mut left = outs;
    let mut sizes = Vec::new();
    while left > 0 {
        sizes.push(rows.min(left));
        left -= rows.min(left);
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gemmas_embedding_takes_two_buffers() {
        let rows = shard_rows("token_embd.weight", Layout::Q8, 640, 262_144).expect("fits");
        assert_eq!(rows, [131_072, 131_072]);
        let bytes = u64::from(Layout::Q8.strides(640).words()) * 4 * 131_072;
        assert!(bytes <= MAX_BINDING_BYTES);
    }

    #[test]
    fn layouts_stay_close_to_the_file() {
        for dtype in [
            DType::Q8_0,
            DType::Q4_0,
            DType::Q4_1,
            DType::Q5_0,
            DType::Q5_1,
            DType::Q4K,
            DType::Q5K,
            DType::Q6K,
        ] {
            let packed = f64::from(Layout::of(&[dtype]).strides(2048).words() * 4);
            let file = (2048 / dtype.block_len() * dtype.block_bytes()) as f64;
            assert!(packed <= 1.25 * file, "{dtype:?}: {packed} against {file}");
        }
    }

    #[test]
    fn mixtures_are_exact() {
        assert_eq!(Layout::of(&[DType::Q4_0, DType::Q4_1]), Layout::Q4);
        assert_eq!(Layout::of(&[DType::Q5_0, DType::Q5_0, DType::Q8_0]), Layout::Wide);
        assert_eq!(Layout::of(&[DType::F16, DType::Q8_0]), Layout::F32);
        assert!(shard_rows("t", Layout::Q4K, 320, 8).is_err());
    }
}
