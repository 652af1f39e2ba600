//! Two tiny vocabularies.
#![allow(dead_code, reason = "each test file uses a part of this")]

use formats::gguf::{Array, Header, Value};
use text::{Overrides, Tokenizer};

pub(crate) const NORMAL: i32 = 1;
pub(crate) const UNKNOWN: i32 = 2;
pub(crate) const CONTROL: i32 = 3;
pub(crate) const USER_DEFINED: i32 = 4;
pub(crate) const BYTE: i32 = 6;

/// A header that holds these keys and no tensors.
pub(crate) fn header(entries: Vec<(&str, Value)>) -> Header {
    Header {
        version: 3,
        metadata: entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        tensors: Vec::new(),
        data_offset: 0,
        alignment: 32,
        file_bytes: 0,
    }
}

/// Sets a key.
pub(crate) fn set(header: &mut Header, key: &str, value: impl Into<Value>) {
    header.metadata.insert(key.to_owned(), value.into());
}

pub(crate) fn build(header: &Header) -> Tokenizer {
    Tokenizer::from_gguf(header, &Overrides::default()).unwrap()
}

/// The id of the token with these bytes.
#[track_caller]
pub(crate) fn id(tokenizer: &Tokenizer, token: &str) -> u32 {
    // Byte tokens come first; the one that is meant is the last.
    (0..tokenizer.vocab_size() as u32)
        .rev()
        .find(|&id| tokenizer.token_bytes(id) == token.as_bytes())
        .unwrap_or_else(|| panic!("{token:?} is no token"))
}

/// The tokens of a text.
pub(crate) fn pieces(tokenizer: &Tokenizer, ids: &[u32]) -> Vec<String> {
    ids.iter().map(|&id| String::from_utf8_lossy(tokenizer.token_bytes(id)).into_owned()).collect()
}

/// GPT-2's spelling of a byte.
fn spell(byte: u8) -> char {
    let printable = |byte: &u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    if printable(&byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|byte| !printable(byte)).count() as u32;
    char::from_u32(256 + before).unwrap()
}

/// Byte-level BPE: three control tokens, a user-defined one, all bytes, a few merges.
pub(crate) fn byte_level() -> Header {
    let mut tokens: Vec<String> =
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool>"].map(str::to_owned).to_vec();
    let mut types = vec![CONTROL, CONTROL, CONTROL, USER_DEFINED];
    tokens.extend((0..=255).map(|byte| spell(byte).to_string()));
    let merges = [
        "h e",
        "l l",
        "he ll",
        "hell o",
        "Ġ hello",
        "a a",
        "aa aa",
        "aaaa aaaa",
        "Ġ Ġ",
        "ð Ł",
        "ðŁ ĺ",
        "ðŁĺ Ģ",
        "1 2",
    ];
    tokens.extend(merges.iter().map(|merge| merge.replace(' ', "")));
    types.resize(tokens.len(), NORMAL);
    header(vec![
        ("tokenizer.ggml.model", "gpt2".into()),
        ("tokenizer.ggml.pre", "smollm".into()),
        ("tokenizer.ggml.tokens", tokens.into()),
        ("tokenizer.ggml.token_type", types.into()),
        ("tokenizer.ggml.merges", merges.map(str::to_owned).to_vec().into()),
        ("tokenizer.ggml.bos_token_id", 1_u32.into()),
        ("tokenizer.ggml.eos_token_id", 2_u32.into()),
        ("tokenizer.ggml.add_bos_token", false.into()),
    ])
}

/// SentencePiece: three control tokens, all bytes, user-defined newlines and spaces, a few pieces.
pub(crate) fn sentencepiece() -> Header {
    let mut tokens: Vec<(String, f32, i32)> = vec![
        ("<unk>".into(), 0.0, UNKNOWN),
        ("<s>".into(), 0.0, CONTROL),
        ("</s>".into(), 0.0, CONTROL),
        ("<end_of_turn>".into(), 0.0, CONTROL),
    ];
    tokens.extend((0..=255).map(|byte: u8| (format!("<0x{byte:02X}>"), 0.0, BYTE)));
    for token in ["\n", "\n\n", "\n\n\n", "  ", "   "] {
        tokens.push((token.into(), -1000.0, USER_DEFINED));
    }
    for (token, score) in [
        ("ab", -1.0),
        ("bc", -2.0),
        ("▁a", -3.0),
        ("xy", -4.0),
        ("yx", -4.0),
        ("aa", -5.0),
        ("aaaa", -6.0),
        ("aaaaaaaa", -7.0),
        ("香蕉", -8.0),
        ("▁", -10.0),
        ("a", -11.0),
        ("b", -12.0),
        ("c", -13.0),
        ("x", -14.0),
        ("y", -15.0),
        ("香", -16.0),
        ("蕉", -17.0),
        ("<", -18.0),
        ("s", -19.0),
        (">", -20.0),
    ] {
        tokens.push((token.into(), score, NORMAL));
    }
    let scores: Vec<f32> = tokens.iter().map(|&(_, score, _)| score).collect();
    let types: Vec<i32> = tokens.iter().map(|&(_, _, kind)| kind).collect();
    let tokens: Vec<String> = tokens.into_iter().map(|(token, ..)| token).collect();
    header(vec![
        ("tokenizer.ggml.model", "llama".into()),
        ("tokenizer.ggml.tokens", Value::Array(Array::String(tokens))),
        ("tokenizer.ggml.scores", scores.into()),
        ("tokenizer.ggml.token_type", types.into()),
        ("tokenizer.ggml.bos_token_id", 1_u32.into()),
        ("tokenizer.ggml.eos_token_id", 2_u32.into()),
        ("tokenizer.ggml.unknown_token_id", 0_u32.into()),
        ("tokenizer.ggml.add_bos_token", true.into()),
        ("tokenizer.ggml.add_space_prefix", false.into()),
    ])
}
