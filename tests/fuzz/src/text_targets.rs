//! Readers of crate `text`.

use std::sync::OnceLock;

use formats::gguf::write::Writer;
use formats::gguf::{Header, parse_header};
use text::{Message, Overrides, Tokenizer};

/// Text with characters of one to four bytes, spaces, digits, and strings that may be special tokens.
const TEXT: &str = "Hi, 世界 🌍!\n  it's 12\u{2581}x <s></s><|im_end|>é";

/// More than a template's allowance lets it write.
const MAX_RENDERED: usize = 4 << 20;

/// A tokenizer from the metadata of a GGUF file: ids stay inside the vocabulary, and streamed text is the decoded text.
pub fn tokenizer(data: &[u8]) {
    let Ok(Some(header)) = parse_header(data, data.len() as u64) else { return };
    let Ok(tokenizer) = Tokenizer::from_gguf(&header, &Overrides::default()) else { return };
    let tail = String::from_utf8_lossy(&data[data.len().saturating_sub(64)..]);
    for text in [TEXT, &*tail, ""] {
        for ids in [tokenizer.encode(text), tokenizer.encode_prompt(text)] {
            assert!(ids.iter().all(|&id| (id as usize) < tokenizer.vocab_size()), "{ids:?}");
            check_stream(&tokenizer, &ids);
        }
    }
    // Ids that no text makes, and ids that are no tokens.
    let last = tokenizer.vocab_size() as u32;
    let ids: Vec<u32> = (0..last.min(300)).rev().chain([last, u32::MAX]).collect();
    check_stream(&tokenizer, &ids);
    for &id in &ids {
        let known = (id as usize) < tokenizer.vocab_size();
        assert!(known || (tokenizer.token_bytes(id).is_empty() && !tokenizer.is_special(id)));
        assert!(known || !tokenizer.is_stop(id), "{id} is no token and ends the text");
    }
    check_chat(&tokenizer);
}

/// A chat template: any text is rendered or refused, always alike and within bounds.
pub fn chat_template(data: &[u8]) {
    let template = String::from_utf8_lossy(data).into_owned();
    let overrides = Overrides { chat_template: Some(template), stop: Vec::new() };
    // A broken template may be refused here already.
    if let Ok(tokenizer) = Tokenizer::from_gguf(small_header(), &overrides) {
        assert!(tokenizer.has_chat_template());
        check_chat(&tokenizer);
    }
}

fn check_stream(tokenizer: &Tokenizer, ids: &[u32]) {
    let mut stream = tokenizer.stream();
    let mut streamed: String = ids.iter().map(|&id| stream.push(tokenizer, id)).collect();
    streamed.push_str(&stream.finish());
    assert_eq!(streamed, tokenizer.decode(ids), "{ids:?}");
}

fn check_chat(tokenizer: &Tokenizer) {
    let turn = |role: &str, content: &str| Message { role: role.into(), content: content.into() };
    let messages = [turn("system", "Be brief."), turn("user", TEXT), turn("assistant", "Yes.")];
    let rendered = tokenizer.render_chat(&messages, true);
    assert_eq!(rendered, tokenizer.render_chat(&messages, true), "rendered differently");
    if let Ok(rendered) = rendered {
        assert!(rendered.len() <= MAX_RENDERED, "{} bytes rendered", rendered.len());
    }
}

/// The smallest tokenizer there is.
fn small_header() -> &'static Header {
    static HEADER: OnceLock<Header> = OnceLock::new();
    HEADER.get_or_init(|| {
        let tokens = ["a", "<s>", "</s>"].map(String::from).to_vec();
        let mut writer = Writer::new();
        writer.metadata("tokenizer.ggml.model", "gpt2").metadata("tokenizer.ggml.pre", "gpt-2");
        writer.metadata("tokenizer.ggml.tokens", tokens);
        writer.metadata("tokenizer.ggml.token_type", vec![1i32, 3, 3]);
        writer.metadata("tokenizer.ggml.merges", Vec::<String>::new());
        writer.metadata("tokenizer.ggml.bos_token_id", 1u32);
        writer.metadata("tokenizer.ggml.eos_token_id", 2u32);
        let file = writer.finish();
        let header = parse_header(&file, file.len() as u64).expect("a good file");
        header.expect("a whole header")
    })
}
