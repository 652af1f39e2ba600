//! The tokenizer of a model, built from its GGUF file.

use std::borrow::Cow;

use formats::gguf::{GgufError, Header};
use formats::manifest::Manifest;

use crate::byte_bpe::{Alphabet, ByteBpe};
use crate::chat::{self, Message};
use crate::error::{TemplateError, TokenizerError};
use crate::merge::Merger;
use crate::pretokenize::Splitter;
use crate::sentencepiece::SentencePiece;
use crate::special::{Fragment, Specials};
use crate::steps::MergeStep;
use crate::stream::StreamDecoder;
use crate::vocabulary::{Kind, Vocabulary};

/// What a manifest says beside the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Replaces the file's chat template, or stands in for a missing one.
    pub chat_template: Option<String>,
    /// Tokens that end a text, beside those the file names.
    pub stop: Vec<u32>,
}

impl From<&Manifest> for Overrides {
    fn from(manifest: &Manifest) -> Overrides {
        Overrides { chat_template: manifest.chat_template.clone(), stop: manifest.stop.clone() }
    }
}

/// Text to token ids and back, with the model's special tokens and chat template.
#[derive(Debug)]
pub struct Tokenizer {
    vocabulary: Vocabulary,
    model: Model,
    /// Found in every text.
    user_defined: Specials,
    /// Found in prompts: control tokens too.
    all_special: Specials,
    bos: Option<u32>,
    eos: Option<u32>,
    add_bos: bool,
    stop: Vec<u32>,
    chat_template: Option<String>,
}

#[derive(Debug)]
enum Model {
    ByteBpe(ByteBpe),
    SentencePiece(SentencePiece),
}

/// Control tokens that end a turn but may not be named as such in the file (the list is llama.cpp's, for the families
/// whose tokenizers are supported).
const END_OF_TURN: [&str; 8] = [
    "<|endoftext|>",
    "<|im_end|>",
    "<|end_of_text|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<end_of_turn>",
    "<|end|>",
    "<EOT>",
];

impl Tokenizer {
    /// Reads the `tokenizer.*` keys. Fails on a kind of tokenizer that is not supported, and on keys that are missing, of
    /// the wrong type or length, or that name tokens beyond the vocabulary.
    pub fn from_gguf(header: &Header, overrides: &Overrides) -> Result<Tokenizer, TokenizerError> {
        let tokens = header.strings("tokenizer.ggml.tokens")?;
        let kinds = kinds(header, tokens.len())?;
        let id = |key| token_id(header, key, tokens.len());
        let (bos, eos) = (id("tokenizer.ggml.bos_token_id")?, id("tokenizer.ggml.eos_token_id")?);

        let (vocabulary, model, adds_bos) = match header.str("tokenizer.ggml.model")? {
            "gpt2" => {
                let pre = header.str_opt("tokenizer.ggml.pre")?.unwrap_or("default");
                let splitter = Splitter::from_name(pre).ok_or_else(|| {
                    TokenizerError::UnsupportedPreTokenizer { pre: pre.to_owned() }
                })?;
                let alphabet = Alphabet::new();
                let vocabulary = Vocabulary::new(tokens, kinds, |token, kind, out| {
                    alphabet.write_token(token, kind, out);
                })?;
                let merges = header.strings("tokenizer.ggml.merges")?;
                let model = ByteBpe::new(&vocabulary, splitter, merges)?;
                (vocabulary, Model::ByteBpe(model), splitter == Splitter::Llama3)
            }
            "llama" => {
                let scores = scores(header, tokens.len())?;
                let unknown = id("tokenizer.ggml.unknown_token_id")?;
                let prefix = header.bool_or("tokenizer.ggml.add_space_prefix", true)?;
                let vocabulary = Vocabulary::new(tokens, kinds, SentencePiece::write_token)?;
                let model = SentencePiece::new(&vocabulary, scores, unknown, prefix);
                (vocabulary, Model::SentencePiece(model), true)
            }
            other => return Err(TokenizerError::UnsupportedModel { model: other.to_owned() }),
        };

        let add_bos = header.bool_opt("tokenizer.ggml.add_bos_token")?;
        if add_bos == Some(true) && bos.is_none() {
            let key = "tokenizer.ggml.bos_token_id".to_owned();
            return Err(GgufError::MissingKey { key }.into());
        }
        for &id in &overrides.stop {
            check_id("the manifest's stop token", id, tokens.len())?;
        }
        let mut stop = overrides.stop.clone();
        stop.extend(eos);
        stop.extend(id("tokenizer.ggml.eot_token_id")?);
        stop.extend(id("tokenizer.ggml.eom_token_id")?);
        let ends_turn =
            |&id: &u32| END_OF_TURN.iter().any(|token| token.as_bytes() == vocabulary.bytes(id));
        stop.extend(vocabulary.of_kind(&[Kind::Control]).into_iter().filter(ends_turn));

        let chat_template = match &overrides.chat_template {
            Some(template) => Some(template.clone()),
            None => header.str_opt("tokenizer.chat_template")?.map(str::to_owned),
        };
        let user_defined = vocabulary.of_kind(&[Kind::UserDefined]);
        let all_special = vocabulary.of_kind(&[Kind::UserDefined, Kind::Control, Kind::Unknown]);
        Ok(Tokenizer {
            user_defined: Specials::new(&vocabulary, user_defined)?,
            all_special: Specials::new(&vocabulary, all_special)?,
            vocabulary,
            model,
            bos,
            eos,
            add_bos: add_bos.unwrap_or(adds_bos),
            stop,
            chat_template,
        })
    }

    /// The ids of plain text: strings such as `<|im_end|>` stay text, and no BOS is added. Only user-defined tokens are
    /// taken whole (Gemma's runs of spaces and newlines, for example).
    pub fn encode(&self, text: &str) -> Vec<u32> {
        self.encode_with(text, &self.user_defined)
    }

    /// The ids of a prompt: strings of special tokens become those tokens, and BOS comes first if the model wants it and
    /// the prompt does not begin with it already.
    pub fn encode_prompt(&self, text: &str) -> Vec<u32> {
        let mut ids = self.encode_with(text, &self.all_special);
        if let Some(bos) = self.bos
            && self.add_bos
            && ids.first() != Some(&bos)
        {
            ids.insert(0, bos);
        }
        ids
    }

    /// How the tokens of a piece of plain text are put together: first as bytes or characters, then after every merge.
    /// Special tokens are not looked for. The work grows with the square of the length: meant for a word or two.
    pub fn merge_steps(&self, piece: &str) -> Vec<MergeStep> {
        match &self.model {
            Model::ByteBpe(model) => model.steps(&self.vocabulary, piece),
            Model::SentencePiece(model) => {
                model.steps(&self.vocabulary, &SentencePiece::normalize(piece))
            }
        }
    }

    /// The bytes a token stands for: the string itself for special tokens, nothing for an id out of range.
    pub fn token_bytes(&self, id: u32) -> &[u8] {
        self.vocabulary.bytes(id)
    }

    /// Is it a control token, such as `<|im_end|>`?
    pub fn is_special(&self, id: u32) -> bool {
        matches!(self.vocabulary.kind(id), Some(Kind::Control | Kind::Unknown))
    }

    /// Does it end a text or a turn?
    pub fn is_stop(&self, id: u32) -> bool {
        self.stop.contains(&id)
    }

    /// Number of tokens.
    pub fn vocab_size(&self) -> usize {
        self.vocabulary.len()
    }

    /// The text of all bytes together. Bytes that make no character become U+FFFD.
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|&id| self.token_bytes(id)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Can it take part in a chat?
    pub fn has_chat_template(&self) -> bool {
        self.chat_template.is_some()
    }

    /// The prompt that the model's chat template makes of a conversation; with `add_generation_prompt` it ends where the
    /// assistant begins to speak. To be encoded with [`Tokenizer::encode_prompt`].
    pub fn render_chat(
        &self,
        messages: &[Message],
        add_generation_prompt: bool,
    ) -> Result<String, TemplateError> {
        let template = self.chat_template.as_deref().ok_or(TemplateError::Missing)?;
        let text = |id: Option<u32>| self.decode(id.as_slice());
        chat::render(template, messages, add_generation_prompt, &text(self.bos), &text(self.eos))
    }

    /// A decoder for tokens that arrive one by one.
    pub fn stream(&self) -> StreamDecoder {
        StreamDecoder::default()
    }

    fn encode_with(&self, text: &str, specials: &Specials) -> Vec<u32> {
        let text = match self.model {
            Model::ByteBpe(_) => Cow::Borrowed(text),
            Model::SentencePiece(_) => SentencePiece::normalize(text),
        };
        let vocabulary = &self.vocabulary;
        let mut ids = Vec::new();
        let mut merger = Merger::default();
        let mut first = true;
        specials.split(vocabulary, &text, |fragment| match (fragment, &self.model) {
            (Fragment::Token(id), _) => {
                ids.push(id);
                first = true;
            }
            (Fragment::Text(text), Model::ByteBpe(model)) => {
                model.encode(vocabulary, text, &mut merger, &mut ids);
            }
            (Fragment::Text(text), Model::SentencePiece(model)) => {
                model.encode(vocabulary, text, first, &mut merger, &mut ids);
                first = false;
            }
        });
        ids
    }
}

/// The kind of each token; all are normal if the file does not say.
fn kinds(header: &Header, tokens: usize) -> Result<Vec<Kind>, TokenizerError> {
    let key = "tokenizer.ggml.token_type";
    let Some(numbers) = header.i32s_opt(key)? else { return Ok(vec![Kind::Normal; tokens]) };
    check_length(key, numbers.len(), tokens)?;
    Ok(numbers.into_iter().map(Kind::from_gguf).collect())
}

fn scores(header: &Header, tokens: usize) -> Result<&[f32], TokenizerError> {
    let key = "tokenizer.ggml.scores";
    let missing = || GgufError::MissingKey { key: key.to_owned() };
    let scores = header.f32s_opt(key)?.ok_or_else(missing)?;
    check_length(key, scores.len(), tokens)?;
    Ok(scores)
}

fn check_length(key: &'static str, length: usize, expected: usize) -> Result<(), TokenizerError> {
    if length == expected { Ok(()) } else { Err(TokenizerError::Length { key, length, expected }) }
}

/// An id that the file names; the largest number means none.
fn token_id(
    header: &Header,
    key: &'static str,
    tokens: usize,
) -> Result<Option<u32>, TokenizerError> {
    let id = header.u32_opt(key)?.filter(|&id| id != u32::MAX);
    if let Some(id) = id {
        check_id(key, id, tokens)?;
    }
    Ok(id)
}

fn check_id(key: &'static str, id: u32, tokens: usize) -> Result<(), TokenizerError> {
    if (id as usize) < tokens {
        Ok(())
    } else {
        Err(TokenizerError::IdOutOfRange { key, id, tokens })
    }
}
