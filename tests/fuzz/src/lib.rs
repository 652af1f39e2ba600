//! One function per reader. Each takes any bytes, and panics if the reader panics or breaks one of its promises.

mod adapter_targets;
mod formats_targets;
mod model_target;
mod text_targets;

pub use adapter_targets::{peft, safetensors};
pub use formats_targets::{gguf, manifest, quant};
pub use model_target::model;
pub use text_targets::{chat_template, tokenizer};

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// Every function, by the name of its folder of seeds.
pub const TARGETS: [(&str, Target); 8] = [
    ("gguf", gguf),
    ("model", model),
    ("quant", quant),
    ("manifest", manifest),
    ("safetensors", safetensors),
    ("peft", peft),
    ("tokenizer", tokenizer),
    ("chat_template", chat_template),
];
