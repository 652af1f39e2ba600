//! One function per reader. Each takes any bytes, and panics if the reader panics or breaks one of its promises.

mod formats_targets;
mod text_targets;

pub use formats_targets::{gguf, manifest, quant};
pub use text_targets::{chat_template, tokenizer};

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// Every function, by the name of its folder of seeds.
pub const TARGETS: [(&str, Target); 5] = [
    ("gguf", gguf),
    ("quant", quant),
    ("manifest", manifest),
    ("tokenizer", tokenizer),
    ("chat_template", chat_template),
];
