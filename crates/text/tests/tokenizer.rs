//! Encoding and decoding with tiny vocabularies.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::time::{Duration, Instant};

use common::{build, byte_level, id, pieces, sentencepiece, set};
use formats::gguf::{Header, Value};
use text::{Overrides, Tokenizer, TokenizerError};

#[track_caller]
fn check(tokenizer: &Tokenizer, text: &str, expected: &[&str]) {
    let ids = tokenizer.encode(text);
    assert_eq!(pieces(tokenizer, &ids), expected, "{text:?}");
    assert_eq!(tokenizer.decode(&ids), text);
}

#[test]
fn byte_level_merges_by_rank_inside_words() {
    let tokenizer = build(&byte_level());
    check(&tokenizer, "", &[]);
    check(&tokenizer, "hello hello", &["hello", " hello"]);
    check(&tokenizer, "hell", &["hell"]);
    check(&tokenizer, "aaaaaaa", &["aaaa", "aa", "a"]);
    check(&tokenizer, "12", &["1", "2"]);
    check(&tokenizer, "😀", &["😀"]);
    // A character without a merge comes as its bytes.
    assert_eq!(tokenizer.encode("é").len(), 2);
    assert_eq!(tokenizer.decode(&tokenizer.encode("é")), "é");
}

#[test]
fn llama3_takes_whole_words() {
    let mut header = byte_level();
    set(&mut header, "tokenizer.ggml.pre", "llama-bpe");
    let Some(Value::Array(formats::gguf::Array::String(merges))) =
        header.metadata.get_mut("tokenizer.ggml.merges")
    else {
        panic!("no merges")
    };
    merges.retain(|merge| merge != "he ll");
    check(&build(&header), "hello", &["hello"]);
    set(&mut header, "tokenizer.ggml.pre", "gpt-2");
    check(&build(&header), "hello", &["he", "ll", "o"]);
}

#[test]
fn sentencepiece_merges_by_score() {
    let tokenizer = build(&sentencepiece());
    check(&tokenizer, "", &[]);
    check(&tokenizer, "abc", &["ab", "c"]);
    check(&tokenizer, "b a", &["b", " a"]);
    // Equal scores: the leftmost pair.
    check(&tokenizer, "xyx", &["xy", "x"]);
    check(&tokenizer, "yxy", &["yx", "y"]);
    check(&tokenizer, "aaaaaaaaaaa", &["aaaaaaaa", "aa", "a"]);
    check(&tokenizer, "香蕉", &["香蕉"]);
    let bytes = tokenizer.encode("é");
    assert_eq!(
        bytes.iter().map(|&id| tokenizer.token_bytes(id)[0]).collect::<Vec<_>>(),
        "é".as_bytes()
    );
}

#[test]
fn sentencepiece_prefixes_a_space_if_asked() {
    let mut header = sentencepiece();
    set(&mut header, "tokenizer.ggml.add_space_prefix", true);
    let tokenizer = build(&header);
    assert_eq!(pieces(&tokenizer, &tokenizer.encode("a")), [" a"]);
    assert_eq!(pieces(&tokenizer, &tokenizer.encode_prompt("a</s>a")), ["<s>", " a", "</s>", " a"]);
    assert!(tokenizer.encode("").is_empty());
}

#[test]
fn characters_without_byte_tokens_are_unknown() {
    let mut header = sentencepiece();
    let tokens = header.strings("tokenizer.ggml.tokens").unwrap().len();
    set(&mut header, "tokenizer.ggml.token_type", vec![common::NORMAL; tokens]);
    let tokenizer = build(&header);
    assert_eq!(tokenizer.encode("é"), [0]);
}

#[test]
fn user_defined_tokens_are_found_in_every_text() {
    let tokenizer = build(&sentencepiece());
    check(&tokenizer, "\n\n\n\n\na", &["\n\n\n", "\n\n", "a"]);
    // Without the two spaces " a" would be one token.
    check(&tokenizer, "b  a", &["b", "  ", "a"]);
    check(&tokenizer, "b    a", &["b", "   ", " a"]);
    let tokenizer = build(&byte_level());
    check(&tokenizer, "a<tool>a", &["a", "<tool>", "a"]);
}

#[test]
fn control_tokens_are_found_in_prompts_only() {
    for header in [byte_level(), sentencepiece()] {
        let tokenizer = build(&header);
        let end = tokenizer.token_bytes(2);
        let text = format!("a{}b", std::str::from_utf8(end).unwrap());
        let plain = tokenizer.encode(&text);
        assert!(!plain.iter().any(|&id| tokenizer.is_special(id)), "{plain:?}");
        assert_eq!(tokenizer.decode(&plain), text);
        let prompt = tokenizer.encode_prompt(&text);
        assert_eq!(prompt[prompt.len() - 3..], [id(&tokenizer, "a"), 2, id(&tokenizer, "b")]);
        assert!(tokenizer.is_special(2) && tokenizer.is_stop(2));
    }
}

#[test]
fn the_longest_special_token_wins() {
    let mut header = byte_level();
    let mut tokens = header.strings("tokenizer.ggml.tokens").unwrap().to_vec();
    let mut types = header.i32s_opt("tokenizer.ggml.token_type").unwrap().unwrap();
    tokens.extend(["<x>".to_owned(), "<x><x>y".to_owned()]);
    types.extend([common::CONTROL; 2]);
    set(&mut header, "tokenizer.ggml.tokens", tokens);
    set(&mut header, "tokenizer.ggml.token_type", types);
    let tokenizer = build(&header);
    let found = |text| pieces(&tokenizer, &tokenizer.encode_prompt(text));
    assert_eq!(found("<x><x>y"), ["<x><x>y"]);
    assert_eq!(found("<x><x>z"), ["<x>", "<x>", "z"]);
    assert_eq!(found("<x"), ["<", "x"]);
}

#[test]
fn bos_comes_once_and_only_if_wanted() {
    let tokenizer = build(&sentencepiece());
    assert_eq!(tokenizer.encode_prompt(""), [1]);
    assert_eq!(tokenizer.encode_prompt("ab"), [1, id(&tokenizer, "ab")]);
    assert_eq!(tokenizer.encode_prompt("<s>ab"), [1, id(&tokenizer, "ab")]);
    let tokenizer = build(&byte_level());
    assert_eq!(tokenizer.encode_prompt("hello"), [id(&tokenizer, "hello")]);

    // Without the key it depends on the kind of tokenizer.
    let mut header = sentencepiece();
    header.metadata.remove("tokenizer.ggml.add_bos_token");
    assert_eq!(build(&header).encode_prompt(""), [1]);
    let mut header = byte_level();
    header.metadata.remove("tokenizer.ggml.add_bos_token");
    assert!(build(&header).encode_prompt("").is_empty());
}

#[test]
fn stop_tokens_come_from_the_file_and_the_manifest() {
    let overrides = Overrides { stop: vec![20], ..Overrides::default() };
    let tokenizer = Tokenizer::from_gguf(&sentencepiece(), &overrides).unwrap();
    let stops: Vec<u32> =
        (0..tokenizer.vocab_size() as u32).filter(|&id| tokenizer.is_stop(id)).collect();
    assert_eq!(stops, [2, id(&tokenizer, "<end_of_turn>"), 20]);
    assert!(!tokenizer.is_stop(u32::MAX));
}

#[test]
fn ids_out_of_range_are_nothing() {
    for tokenizer in [build(&byte_level()), build(&sentencepiece())] {
        let beyond = tokenizer.vocab_size() as u32;
        assert_eq!(tokenizer.token_bytes(beyond), b"");
        assert_eq!(tokenizer.decode(&[beyond, u32::MAX, id(&tokenizer, "a")]), "a");
        assert!(!tokenizer.is_special(u32::MAX));
        assert_eq!(tokenizer.stream().push(&tokenizer, u32::MAX), "");
    }
}

#[test]
fn characters_arrive_whole() {
    let tokenizer = build(&sentencepiece());
    let mut stream = tokenizer.stream();
    let text = "é👍🏽香";
    let ids = tokenizer.encode(text);
    let pieces: Vec<String> = ids.iter().map(|&id| stream.push(&tokenizer, id)).collect();
    assert_eq!(pieces, ["", "é", "", "", "", "👍", "", "", "", "🏽", "香"]);
    assert_eq!(stream.finish(), "");

    // The first two bytes of a character, then something else.
    assert_eq!(stream.push(&tokenizer, ids[2]), "");
    assert_eq!(stream.push(&tokenizer, ids[3]), "");
    assert_eq!(stream.push(&tokenizer, id(&tokenizer, "a")), "\u{fffd}a");
    assert_eq!(stream.push(&tokenizer, ids[0]), "");
    assert_eq!(stream.finish(), "\u{fffd}");
    assert_eq!(stream.finish(), "");
}

/// A quadratic algorithm would take hours.
#[test]
fn a_megabyte_of_anything_is_quick() {
    let mut llama3 = byte_level();
    set(&mut llama3, "tokenizer.ggml.pre", "llama3");
    let mut default = byte_level();
    set(&mut default, "tokenizer.ggml.pre", "default");
    for header in [byte_level(), llama3, default, sentencepiece()] {
        let tokenizer = build(&header);
        for unit in ["a", " ", "\n", "1", "<", "'", "香", "\u{301}", " \n", "<|im_", "xy"] {
            let text = unit.repeat((1 << 20) / unit.len());
            let start = Instant::now();
            let ids = tokenizer.encode_prompt(&text);
            let elapsed = start.elapsed();
            assert!(elapsed < Duration::from_secs(20), "{unit:?} took {elapsed:?}");
            assert!(tokenizer.decode(&ids).ends_with(&text), "{unit:?}");
        }
    }
}

#[test]
fn files_that_make_no_sense_are_refused() {
    type Check = fn(&TokenizerError) -> bool;
    let cases: [(&str, Value, Check); 8] = [
        ("model", "wordpiece".into(), |it| matches!(it, TokenizerError::UnsupportedModel { .. })),
        (
            "pre",
            "tekken".into(),
            |it| matches!(it, TokenizerError::UnsupportedPreTokenizer { pre } if pre == "tekken"),
        ),
        ("tokens", 1_u32.into(), |it| matches!(it, TokenizerError::Gguf(_))),
        ("token_type", vec![1_i32].into(), |it| matches!(it, TokenizerError::Length { .. })),
        ("merges", vec!["h e".to_owned(), "he".to_owned()].into(), |it| {
            matches!(it, TokenizerError::Merge { rank: 1, .. })
        }),
        ("merges", vec!["h 中".to_owned()].into(), |it| {
            matches!(it, TokenizerError::Merge { rank: 0, .. })
        }),
        ("bos_token_id", 100_000_u32.into(), |it| {
            matches!(it, TokenizerError::IdOutOfRange { id: 100_000, .. })
        }),
        ("eos_token_id", "two".into(), |it| matches!(it, TokenizerError::Gguf(_))),
    ];
    for (key, value, expected) in cases {
        let mut header = byte_level();
        set(&mut header, &format!("tokenizer.ggml.{key}"), value);
        let error = Tokenizer::from_gguf(&header, &Overrides::default()).unwrap_err();
        assert!(expected(&error), "{key}: {error}");
    }
    let mut header = sentencepiece();
    set(&mut header, "tokenizer.ggml.scores", vec![0.0_f32; 3]);
    refused(&header, &Overrides::default());
    header.metadata.remove("tokenizer.ggml.scores");
    refused(&header, &Overrides::default());
    let mut header = sentencepiece();
    header.metadata.remove("tokenizer.ggml.bos_token_id");
    refused(&header, &Overrides::default());
    refused(&byte_level(), &Overrides { stop: vec![1 << 30], ..Overrides::default() });
    refused(&common::header(Vec::new()), &Overrides::default());
}

#[track_caller]
fn refused(header: &Header, overrides: &Overrides) {
    assert!(Tokenizer::from_gguf(header, overrides).is_err());
}
