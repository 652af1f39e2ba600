//! A reply on its way, token by token.

use text::{StreamDecoder, Tokenizer};

use super::call::{ModelCall, Reply, first_stop};
use crate::grade::HEAD_TOKENS;

/// What a model writes to a call. Whoever runs calls gives it every token, so that all of them read replies alike.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    stop: Vec<String>,
    decoder: StreamDecoder,
    text: String,
    /// Where the text of the first tokens ends, once there are more.
    head: Option<usize>,
    tokens: u32,
    ended: bool,
}

impl Writing {
    /// Nothing is written yet.
    pub fn new(call: &ModelCall) -> Self {
        Self { stop: call.stop.clone(), ..Self::default() }
    }

    /// Takes the next token. True: the reply ends with it, because the model says so or a stop string is there.
    pub fn push(&mut self, tokenizer: &Tokenizer, id: u32) -> bool {
        if self.ended {
            return true;
        }
        self.tokens += 1;
        if tokenizer.is_stop(id) {
            self.ended = true;
        } else if !tokenizer.is_special(id) {
            self.text.push_str(&self.decoder.push(tokenizer, id));
            if let Some(at) = first_stop(&self.stop, &self.text) {
                self.text.truncate(at);
                self.decoder = StreamDecoder::default();
                self.ended = true;
            }
        }
        if self.tokens as usize == HEAD_TOKENS {
            self.head = Some(self.text.len());
        }
        self.ended
    }

    /// The reply as far as it has come. Its seconds are for whoever has a clock.
    pub fn finish(mut self, prompt_tokens: u32, reused_tokens: u32) -> Reply {
        self.text.push_str(&self.decoder.finish());
        let head = self.head.and_then(|end| self.text.get(..end)).unwrap_or(&self.text).to_owned();
        Reply {
            text: self.text,
            head,
            tokens: self.tokens,
            prompt_tokens,
            reused_tokens,
            ended: self.ended,
            seconds: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use formats::gguf::{Header, Value};
    use text::Overrides;

    use super::*;
    use crate::prompt::Input;
    use crate::technique::{Purpose, Sampling};

    /// Id 0 ends a turn, id 1 is another control token; then the 256 bytes.
    fn tokenizer() -> Tokenizer {
        let printable = |byte: &u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
        let mut others = 256..;
        let spell = |byte: u8| {
            let code = if printable(&byte) { u32::from(byte) } else { others.next().unwrap() };
            char::from_u32(code).unwrap().to_string()
        };
        let mut tokens: Vec<String> = vec!["<|im_end|>".to_owned(), "<|im_start|>".to_owned()];
        tokens.extend((0..=255).map(spell));
        let mut kinds = vec![3_i32; 2];
        kinds.resize(tokens.len(), 1);
        let entries: [(&str, Value); 5] = [
            ("tokenizer.ggml.model", "gpt2".into()),
            ("tokenizer.ggml.pre", "smollm".into()),
            ("tokenizer.ggml.tokens", tokens.into()),
            ("tokenizer.ggml.token_type", kinds.into()),
            ("tokenizer.ggml.merges", Vec::<String>::new().into()),
        ];
        let header = Header {
            version: 3,
            metadata: entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            tensors: Vec::new(),
            data_offset: 0,
            alignment: 32,
            file_bytes: 0,
        };
        Tokenizer::from_gguf(&header, &Overrides::default()).unwrap()
    }

    fn call(stop: &[&str]) -> ModelCall {
        ModelCall {
            purpose: Purpose::Answer,
            speaker: None,
            input: Input::Raw { text: "a".to_owned() },
            segments: Vec::new(),
            lead: String::new(),
            sampling: Sampling::default(),
            seed: 1,
            stop: stop.iter().map(|stop| (*stop).to_owned()).collect(),
            max_tokens: 200,
        }
    }

    /// Writes ids until the reply ends; the reply, and how many were taken.
    fn write(stop: &[&str], ids: &[u32]) -> (Reply, usize) {
        let tokenizer = tokenizer();
        let mut writing = Writing::new(&call(stop));
        let last = ids.iter().position(|id| writing.push(&tokenizer, *id));
        (writing.finish(7, 5), last.map_or(ids.len(), |last| last + 1))
    }

    fn ids(text: &str) -> Vec<u32> {
        text.bytes().map(|byte| u32::from(byte) + 2).collect()
    }

    #[test]
    fn a_stop_string_ends_a_reply_and_does_not_belong_to_it() {
        let (reply, taken) = write(&["\n\n", "Q:"], &ids("42.\n\nQ: more"));
        assert_eq!((reply.text.as_str(), taken), ("42.", 5));
        assert_eq!((reply.head.as_str(), reply.tokens, reply.ended), ("42.", 5, true));
        assert_eq!((reply.prompt_tokens, reply.reused_tokens), (7, 5));
        let (reply, _) = write(&["", "Q:"], &ids("no end"));
        assert_eq!((reply.text.as_str(), reply.ended), ("no end", false), "an empty one is none");
    }

    #[test]
    fn the_models_end_counts_as_a_token_but_not_as_text() {
        let (reply, taken) = write(&[], &[&ids("冷")[..], &[1, 0], &ids("x")].concat());
        assert_eq!((reply.text.as_str(), taken), ("冷", 5));
        assert_eq!((reply.tokens, reply.ended), (5, true));
        let (cut, _) = write(&[], &ids("冷")[..2]);
        assert_eq!((cut.text.as_str(), cut.ended), ("\u{fffd}", false), "half a character");
    }

    #[test]
    fn the_head_is_the_text_of_the_first_tokens() {
        let text = "0123456789".repeat(10);
        let (reply, _) = write(&[], &ids(&text));
        assert_eq!(reply.head, text[..HEAD_TOKENS]);
        assert_eq!(reply.text, text);
        // A stop string that reaches back into the head shortens it too.
        let long = format!("{}##", "a".repeat(HEAD_TOKENS - 1));
        let (reply, _) = write(&["##"], &ids(&long));
        assert_eq!(reply.text.len(), HEAD_TOKENS - 1);
        assert_eq!(reply.head, reply.text);
    }
}
