//! How tokens are put together, step by step.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{build, byte_level, id, sentencepiece};
use text::{MergeStep, Tokenizer};

/// Checks what holds of every piece, and gives its steps.
#[track_caller]
fn steps(tokenizer: &Tokenizer, piece: &str) -> Vec<MergeStep> {
    let steps = tokenizer.merge_steps(piece);
    for step in &steps {
        let bytes: Vec<u8> = step.parts.iter().flat_map(|part| part.bytes.clone()).collect();
        assert_eq!(String::from_utf8_lossy(&bytes), piece);
    }
    for pair in steps.windows(2).filter(|pair| pair[1].merged.is_some()) {
        let merged = pair[1].merged.unwrap();
        assert_eq!(pair[1].parts.len() + 1, pair[0].parts.len());
        let halves = [&pair[0].parts[merged].bytes[..], &pair[0].parts[merged + 1].bytes[..]];
        assert_eq!(halves.concat(), pair[1].parts[merged].bytes);
        assert_eq!(pair[0].parts[..merged], pair[1].parts[..merged]);
        assert_eq!(pair[0].parts[merged + 2..], pair[1].parts[merged + 1..]);
        assert!(pair[1].rank.is_some());
    }
    let last: Vec<u32> = steps.last().unwrap().parts.iter().filter_map(|part| part.id).collect();
    assert_eq!(last, tokenizer.encode(piece), "the last step is what encoding gives");
    steps
}

#[test]
fn bytes_become_tokens_one_merge_at_a_time() {
    let tokenizer = build(&byte_level());
    let hello = steps(&tokenizer, "hello");
    assert_eq!(hello[0].parts.len(), 5);
    assert_eq!((hello[0].merged, hello[0].rank), (None, None));
    assert_eq!(hello.len(), 5, "five bytes take four merges");
    assert_eq!(hello[4].parts[0].id, Some(id(&tokenizer, "hello")));
    let both = steps(&tokenizer, "hello hello");
    assert_eq!(both[4].parts[0].bytes, b"hello", "the first word comes first");
    assert_eq!(both.last().unwrap().parts.len(), 2);
    assert_eq!(steps(&tokenizer, "12").len(), 1, "nothing to merge");
}

#[test]
fn characters_become_tokens_and_what_is_none_becomes_bytes() {
    let tokenizer = build(&sentencepiece());
    let abc = tokenizer.merge_steps("abc");
    let last: Vec<&[u8]> =
        abc.last().unwrap().parts.iter().map(|part| part.bytes.as_slice()).collect();
    assert_eq!(last, [&b"ab"[..], b"c"]);
    let accent = steps(&tokenizer, "é");
    assert_eq!((accent[0].parts.len(), accent[0].parts[0].id), (1, None));
    assert_eq!((accent[1].parts.len(), accent[1].merged), (2, None));
}
