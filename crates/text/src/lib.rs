//! Text in, token ids out, and back.
//!
//! - [`Tokenizer`] is built from the metadata of a GGUF file: byte-level BPE (GPT-2 and its descendants) or
//!   SentencePiece-BPE with byte fallback (Llama 2, Gemma);
//! - [`StreamDecoder`] turns generated ids into text without ever showing half a character;
//! - chat templates (Jinja) are rendered by [`Tokenizer::render_chat`].
//!
//! Nothing here does I/O and nothing panics, whatever the text, the ids or the file say.

mod byte_bpe;
mod chat;
mod error;
mod json;
mod merge;
mod pretokenize;
mod sentencepiece;
mod special;
mod steps;
mod stream;
mod tokenizer;
mod vocabulary;

pub use chat::Message;
pub use error::{TemplateError, TokenizerError};
pub use steps::{MergePart, MergeStep};
pub use stream::StreamDecoder;
pub use tokenizer::{Overrides, Tokenizer};
