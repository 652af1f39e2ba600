//! What can go wrong with a tokenizer or a chat template.

use formats::gguf::GgufError;

/// A tokenizer that cannot be built from what the file says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenizerError {
    /// A key is missing or of the wrong type.
    #[error(transparent)]
    Gguf(#[from] GgufError),
    /// `tokenizer.ggml.model` names a kind of tokenizer that is not supported.
    #[error("the tokenizer model {model:?} is not supported (only \"gpt2\" and \"llama\" are)")]
    UnsupportedModel {
        /// As the file names it.
        model: String,
    },
    /// `tokenizer.ggml.pre` names a way of splitting text that is not supported.
    #[error("the pre-tokenizer {pre:?} is not supported")]
    UnsupportedPreTokenizer {
        /// As the file names it.
        pre: String,
    },
    /// An array has another length than the vocabulary.
    #[error("{key} has {length} items, but there are {expected} tokens")]
    Length {
        /// The array's key.
        key: &'static str,
        /// Its length.
        length: usize,
        /// Number of tokens.
        expected: usize,
    },
    /// The vocabulary does not fit 32-bit ids and offsets.
    #[error("the vocabulary is too large: {tokens} tokens, {bytes} bytes")]
    TooLarge {
        /// Number of tokens.
        tokens: usize,
        /// Bytes of all tokens together.
        bytes: usize,
    },
    /// A special token that is implausibly long.
    #[error("special token {id} has {bytes} bytes (at most {max} are supported)")]
    SpecialTooLong {
        /// The token.
        id: u32,
        /// Its length.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// A merge rule that is not two tokens which make a third.
    #[error("merge rule {rank} ({merge:?}) does not join two tokens into a third")]
    Merge {
        /// Its place in the list, counted from 0.
        rank: usize,
        /// As the file has it.
        merge: String,
    },
    /// An id beyond the vocabulary.
    #[error("{key} is {id}, but there are only {tokens} tokens")]
    IdOutOfRange {
        /// Where the id comes from.
        key: &'static str,
        /// The id.
        id: u32,
        /// Number of tokens.
        tokens: usize,
    },
}

/// A conversation that could not be put through the model's chat template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// Neither the file nor the manifest has a template.
    #[error("this model has no chat template")]
    Missing,
    /// The template cannot be parsed.
    #[error("the chat template is broken{}: {message}", in_line(.line))]
    Syntax {
        /// What the parser says.
        message: String,
        /// Counted from 1, if known.
        line: Option<usize>,
    },
    /// The template failed while it ran.
    #[error("the chat template failed{}: {message}", in_line(.line))]
    Failed {
        /// What went wrong.
        message: String,
        /// Counted from 1, if known.
        line: Option<usize>,
    },
    /// The template refused the conversation with `raise_exception`.
    #[error("the chat template refuses this conversation: {message}")]
    Refused {
        /// The template's own words.
        message: String,
    },
    /// The template asked for today's date.
    #[error(
        "the chat template asks for today's date (strftime_now), which is not given to templates: \
         the same conversation must always make the same prompt"
    )]
    NoClock,
    /// The template used up its allowance of steps and bytes.
    #[error("the chat template does too much work and was stopped")]
    TooMuchWork,
}

fn in_line(line: &Option<usize>) -> String {
    line.as_ref().map(|line| format!(" in line {line}")).unwrap_or_default()
}
