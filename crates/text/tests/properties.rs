//! What holds for any text and any ids.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{build, byte_level, sentencepiece, set};
use proptest::prelude::*;
use text::Tokenizer;

/// Any characters, and those the vocabularies know more often.
fn texts() -> impl Strategy<Value = String> {
    let known: Vec<char> = "hello aabcxy香蕉😀 \n'12<>|_▁s\u{200d}\u{fe0f}".chars().collect();
    let character = prop_oneof![any::<char>(), prop::sample::select(known)];
    prop::collection::vec(character, 0..80).prop_map(|chars| chars.into_iter().collect::<String>())
}

fn check_stream(tokenizer: &Tokenizer, ids: &[u32]) -> Result<(), TestCaseError> {
    let mut stream = tokenizer.stream();
    let mut streamed = String::new();
    for (index, &id) in ids.iter().enumerate() {
        streamed += &stream.push(tokenizer, id);
        // What has been shown never has to be taken back.
        prop_assert!(tokenizer.decode(&ids[..=index]).starts_with(&streamed));
    }
    streamed += &stream.finish();
    prop_assert_eq!(streamed, tokenizer.decode(ids));
    Ok(())
}

proptest! {
    #[test]
    fn byte_level_text_comes_back(text in texts()) {
        for pre in ["smollm", "gpt-2", "default", "llama3", "qwen2"] {
            let mut header = byte_level();
            set(&mut header, "tokenizer.ggml.pre", pre);
            let tokenizer = build(&header);
            prop_assert_eq!(tokenizer.decode(&tokenizer.encode(&text)), text.as_str());
            prop_assert_eq!(tokenizer.decode(&tokenizer.encode_prompt(&text)), text.as_str());
        }
    }

    #[test]
    fn sentencepiece_text_comes_back(text in texts()) {
        let tokenizer = build(&sentencepiece());
        // SentencePiece cannot tell U+2581 from a space.
        let expected = text.replace('▁', " ");
        prop_assert_eq!(tokenizer.decode(&tokenizer.encode(&text)), expected);
    }

    #[test]
    fn text_streams_without_half_characters(text in texts()) {
        for tokenizer in [build(&byte_level()), build(&sentencepiece())] {
            let mut stream = tokenizer.stream();
            for id in tokenizer.encode(&text) {
                let piece = stream.push(&tokenizer, id);
                let replaced = piece.contains(char::REPLACEMENT_CHARACTER);
                prop_assert!(!replaced || text.contains(char::REPLACEMENT_CHARACTER));
            }
            prop_assert_eq!(stream.finish(), "");
        }
    }

    #[test]
    fn any_ids_stream_as_they_decode(ids in prop::collection::vec(0_u32..300, 0..60)) {
        check_stream(&build(&byte_level()), &ids)?;
        check_stream(&build(&sentencepiece()), &ids)?;
    }
}
