//! Weight types.

use std::fmt;

/// How weights are stored. Types of one letter and two numbers come in blocks of 32 weights, K types in blocks of 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DType {
    /// 32-bit floating point.
    F32,
    /// IEEE half precision.
    F16,
    /// The upper half of an `F32`.
    BF16,
    /// Scale; 8 bits per weight.
    Q8_0,
    /// Scale; 4 bits per weight, centred on 8.
    Q4_0,
    /// Scale and minimum; 4 bits per weight.
    Q4_1,
    /// Scale; 5 bits per weight, centred on 16.
    Q5_0,
    /// Scale and minimum; 5 bits per weight.
    Q5_1,
    /// Eight groups of 32, each with a 6-bit scale and minimum; 4 bits per weight.
    Q4K,
    /// Eight groups of 32, each with a 6-bit scale and minimum; 5 bits per weight.
    Q5K,
    /// Sixteen groups of 16, each with an 8-bit scale; 6 bits per weight.
    Q6K,
}

impl DType {
    /// Every type, in the order of its declaration.
    pub const ALL: [DType; 11] = [
        DType::F32,
        DType::F16,
        DType::BF16,
        DType::Q8_0,
        DType::Q4_0,
        DType::Q4_1,
        DType::Q5_0,
        DType::Q5_1,
        DType::Q4K,
        DType::Q5K,
        DType::Q6K,
    ];

    /// The type with this number in a GGUF file; `None` for one that is not supported.
    pub fn from_ggml(number: u32) -> Option<DType> {
        DType::ALL.into_iter().find(|dtype| dtype.ggml() == number)
    }

    /// The number that stands for this type in a GGUF file (`enum ggml_type` in ggml.h).
    pub fn ggml(self) -> u32 {
        match self {
            DType::F32 => 0,
            DType::F16 => 1,
            DType::Q4_0 => 2,
            DType::Q4_1 => 3,
            DType::Q5_0 => 6,
            DType::Q5_1 => 7,
            DType::Q8_0 => 8,
            DType::Q4K => 12,
            DType::Q5K => 13,
            DType::Q6K => 14,
            DType::BF16 => 30,
        }
    }

    /// ggml's name, such as `Q4_K`.
    pub fn name(self) -> &'static str {
        ggml_name(self.ggml())
    }

    /// Weights per block; 1 for the floating-point types.
    pub fn block_len(self) -> usize {
        match self {
            DType::F32 | DType::F16 | DType::BF16 => 1,
            DType::Q8_0 | DType::Q4_0 | DType::Q4_1 | DType::Q5_0 | DType::Q5_1 => 32,
            DType::Q4K | DType::Q5K | DType::Q6K => 256,
        }
    }

    /// Bytes per block.
    pub fn block_bytes(self) -> usize {
        match self {
            DType::F32 => 4,
            DType::F16 | DType::BF16 => 2,
            DType::Q8_0 => 34,
            DType::Q4_0 => 18,
            DType::Q4_1 => 20,
            DType::Q5_0 => 22,
            DType::Q5_1 => 24,
            DType::Q4K => 144,
            DType::Q5K => 176,
            DType::Q6K => 210,
        }
    }

    /// Whether weights are whole numbers with a shared scale.
    pub fn is_quantised(self) -> bool {
        self.block_len() > 1
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name of any type ggml ever numbered, for error messages: also of those that are not supported here.
pub(crate) fn ggml_name(number: u32) -> &'static str {
    match number {
        0 => "F32",
        1 => "F16",
        2 => "Q4_0",
        3 => "Q4_1",
        4 => "Q4_2",
        5 => "Q4_3",
        6 => "Q5_0",
        7 => "Q5_1",
        8 => "Q8_0",
        9 => "Q8_1",
        10 => "Q2_K",
        11 => "Q3_K",
        12 => "Q4_K",
        13 => "Q5_K",
        14 => "Q6_K",
        15 => "Q8_K",
        16 => "IQ2_XXS",
        17 => "IQ2_XS",
        18 => "IQ3_XXS",
        19 => "IQ1_S",
        20 => "IQ4_NL",
        21 => "IQ3_S",
        22 => "IQ2_S",
        23 => "IQ4_XS",
        24 => "I8",
        25 => "I16",
        26 => "I32",
        27 => "I64",
        28 => "F64",
        29 => "IQ1_M",
        30 => "BF16",
        31 => "Q4_0_4_4",
        32 => "Q4_0_4_8",
        33 => "Q4_0_8_8",
        34 => "TQ1_0",
        35 => "TQ2_0",
        36 => "IQ4_NL_4_4",
        37 => "IQ4_NL_4_8",
        38 => "IQ4_NL_8_8",
        39 => "MXFP4",
        40 => "NVFP4",
        41 => "Q1_0",
        _ => "unknown",
    }
}
