//! The real vocabularies against ids made by other tokenizers (see `fixtures/make_tokenizer_cases.py`).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use formats::gguf::{Header, parse_header};
use formats::manifest::{self, Manifest};
use serde::Deserialize;
use text::{Message, Overrides, Tokenizer};

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cases(file: &str) -> Vec<Case> {
    let text = fs::read_to_string(root().join("tests/golden").join(file)).unwrap();
    let cases = serde_json::from_str::<Cases>(&text).unwrap().cases;
    assert!(!cases.is_empty(), "{file} has no cases");
    cases
}

/// The header of a model's file, read no further than it reaches.
fn header(manifest: &Manifest) -> Header {
    let path = root().join("models").join(&manifest.files[0].local);
    let Ok(mut file) = File::open(&path) else {
        panic!("{} is not there: run `cargo xtask models` first", path.display())
    };
    let file_bytes = file.metadata().unwrap().len();
    let mut bytes = Vec::new();
    loop {
        let more = (&mut file).take(4 << 20).read_to_end(&mut bytes).unwrap();
        if let Some(header) = parse_header(&bytes, file_bytes).unwrap() {
            return header;
        }
        assert!(more > 0, "{} ends before its header does", path.display());
    }
}

fn load(id: &str) -> Tokenizer {
    let json = fs::read_to_string(root().join(format!("web/models/{id}.json"))).unwrap();
    let manifest = manifest::parse(&json).unwrap();
    Tokenizer::from_gguf(&header(&manifest), &Overrides::from(&manifest)).unwrap()
}

/// `decodes` says what the ids of a text decode to, where that is certain.
fn check(tokenizer: &Tokenizer, name: &str, decodes: impl Fn(&str) -> Option<String>) {
    for case in cases(&format!("tokenizer-{name}.json")) {
        let ids = tokenizer.encode(&case.text);
        assert_eq!(ids, case.ids, "{:?}", case.text);
        if let Some(expected) = decodes(&case.text) {
            assert_eq!(tokenizer.decode(&ids), expected);
        }
        let mut stream = tokenizer.stream();
        let streamed: String = ids.iter().map(|&id| stream.push(tokenizer, id)).collect();
        assert_eq!(streamed + &stream.finish(), tokenizer.decode(&ids));
    }
    for case in cases(&format!("{name}.json")) {
        assert_eq!(tokenizer.encode_prompt(&case.text), case.ids, "{:?}", case.text);
    }
}

/// SmolLM2's vocabulary lacks some control characters and the first byte of unassigned planes: they are lost.
fn is_lost(c: char) -> bool {
    matches!(c, '\x04' | '\x06' | '\x13' | '\x14' | '\x16' | '\x1d' | '\u{40000}'..='\u{bffff}')
}

#[test]
fn smollm2() {
    let tokenizer = load("smollm2-135m-instruct");
    check(&tokenizer, "smollm2", |text| Some(text.chars().filter(|&c| !is_lost(c)).collect()));
    assert_eq!(tokenizer.vocab_size(), 49_152);
    assert!(tokenizer.is_stop(2) && tokenizer.is_special(2));

    let car = Message { role: "user".into(), content: "I want to buy a new car".into() };
    let text = tokenizer.render_chat(&[car], true).unwrap();
    let golden = cases("smollm2.json").into_iter().find(|case| case.text == text);
    assert_eq!(tokenizer.encode_prompt(&text), golden.expect("rendered as in the golden file").ids);
}

#[test]
fn gemma3() {
    let tokenizer = load("gemma-3-270m");
    check(&tokenizer, "gemma3", |text| Some(text.replace('▁', " ")));
    assert_eq!(tokenizer.vocab_size(), 262_144);
    let stops: Vec<u32> =
        (0..tokenizer.vocab_size() as u32).filter(|&id| tokenizer.is_stop(id)).collect();
    assert_eq!(stops, [1, 106]);

    let message = Message { role: "user".into(), content: "Hi".into() };
    let text = tokenizer.render_chat(&[message], true).unwrap();
    let ids = tokenizer.encode_prompt(&text);
    assert_eq!(ids, [2, 105, 2364, 107, 10979, 106, 107, 105, 4368, 107]);
    assert_eq!(tokenizer.decode(&ids), text);
}
