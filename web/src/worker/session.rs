//! A loaded model.

use engine::generate::Caches;
use engine::{Engine, EngineError};
use lab::prompt::text_of;
use text::{Message, Tokenizer};

use super::backend;
use super::inside::{Norms, Patterns};
use super::load::{self, Loaded};
use super::origin::Origin;
use super::progress::Progress;
use super::signals::Ticket;
use super::trio::Stages;
use crate::protocol::{BackendInfo, Failure, FailureKind, ModelInfo, Prompt, Said};

/// A prompt of more bytes is not looked at: the longest context has room for less.
const MAX_PROMPT_BYTES: usize = 1 << 20;
/// The same for one with what the chat template puts around it.
const MAX_TEXT_BYTES: usize = 2 * MAX_PROMPT_BYTES;

/// An engine with its tokenizer, and how to get it again.
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) tokenizer: Tokenizer,
    pub(super) stages: Stages,
    pub(super) caches: Caches,
    /// Of the embedding table.
    pub(super) norms: Norms,
    pub(super) patterns: Patterns,
    pub(super) origin: Origin,
    /// As it was asked for.
    pub(super) context: u32,
    pub(super) fallback_reason: Option<String>,
}

/// A prompt as it goes in.
pub(super) struct Encoded {
    pub(super) text: String,
    pub(super) ids: Vec<u32>,
}

impl Session {
    /// Puts together what a load has read.
    pub(super) fn new(
        loaded: Loaded,
        origin: Origin,
        context: u32,
        fallback_reason: Option<String>,
    ) -> Self {
        let Loaded { engine, tokenizer, stages, sequences } = loaded;
        let caches = Caches::new(sequences);
        let (norms, patterns) = (Norms::default(), Patterns::default());
        Self {
            engine,
            tokenizer,
            stages,
            caches,
            norms,
            patterns,
            origin,
            context,
            fallback_reason,
        }
    }

    /// What the page shows.
    pub(super) fn info(&self) -> ModelInfo {
        let engine = &self.engine;
        ModelInfo {
            id: self.origin.id.clone(),
            architecture: engine.architecture().to_owned(),
            backend: BackendInfo {
                gpu: engine.is_gpu(),
                adapter: engine.adapter_name().to_owned(),
                fallback_reason: self.fallback_reason.clone(),
            },
            vocab: engine.vocab(),
            layers: engine.layers(),
            context: engine.context(),
            weight_bytes: engine.weight_bytes(),
            file_bytes: self.origin.bytes,
            has_chat_template: self.tokenizer.has_chat_template(),
            stages: self.stages.infos(),
            has_reward: self.stages.reward().is_some(),
            adapter_bytes: self.stages.bytes(),
        }
    }

    /// The text and ids that go in for a prompt.
    pub(super) fn encode(&self, prompt: &Prompt) -> Result<Encoded, Failure> {
        let bytes = match prompt.said() {
            Said::Text(text) => text.len(),
            Said::Turns(messages) => messages.iter().map(|it| it.content.len()).sum(),
        };
        if bytes > MAX_PROMPT_BYTES {
            return Err(Failure::new(FailureKind::PromptTooLong, format!("{bytes} bytes")));
        }
        let text = match prompt {
            Prompt::Raw { text } => text.clone(),
            Prompt::Chat { messages } => self.tokenizer.render_chat(messages, true)?,
            Prompt::Parts { input, .. } => text_of(input, &self.tokenizer)?,
        };
        self.encode_text(text)
    }

    /// The ids that go in for a text that has been through the chat template.
    pub(super) fn encode_text(&self, text: String) -> Result<Encoded, Failure> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(Failure::new(FailureKind::PromptTooLong, format!("{} bytes", text.len())));
        }
        let ids = self.tokenizer.encode_prompt(&text);
        if ids.is_empty() {
            return Err(Failure::new(FailureKind::EmptyPrompt, "the prompt has no token"));
        }
        Ok(Encoded { text, ids })
    }

    /// A prompt's ids and the answer's behind them. At least `room` places of the context stay free.
    pub(super) fn join(
        &self,
        prompt: &[u32],
        answer: &[u32],
        room: usize,
    ) -> Result<Vec<u32>, Failure> {
        let vocab = self.engine.vocab();
        if let Some(id) = answer.iter().find(|id| **id >= vocab) {
            let detail = format!("token {id} is beyond the vocabulary of {vocab}");
            return Err(Failure::new(FailureKind::Internal, detail));
        }
        let context = self.engine.context();
        let length = prompt.len().saturating_add(answer.len());
        if length.saturating_add(room) > context as usize {
            let detail = format!("{length} tokens, the context holds {context}");
            return Err(Failure::new(FailureKind::PromptTooLong, detail));
        }
        Ok([prompt, answer].concat())
    }

    /// A finished conversation as the reward model was trained on it: the question in the chat template, the answer's
    /// text, and the end of its turn if the model ended it. `None` where there is no reward model, no template, or
    /// no room.
    pub(super) fn finished_chat(&self, prompt: &Prompt, answer: &[u32]) -> Option<Vec<u32>> {
        self.stages.reward()?;
        let user = |text: &str| vec![Message { role: "user".to_owned(), content: text.to_owned() }];
        let messages = match prompt.said() {
            Said::Turns(messages) => messages.to_vec(),
            Said::Text(text) => user(text),
        };
        let tokenizer = &self.tokenizer;
        let (said, ended) = match answer.split_last() {
            Some((last, before)) if tokenizer.is_stop(*last) => (before, true),
            _ => (answer, false),
        };
        let text = tokenizer.render_chat(&messages, true).ok()? + &tokenizer.decode(said);
        let mut ids = tokenizer.encode_prompt(&text);
        if ended {
            ids.extend(self.end_of_turn());
        }
        (ids.len() <= self.engine.context() as usize).then_some(ids)
    }

    /// The token with which the chat template ends a turn.
    fn end_of_turn(&self) -> Option<u32> {
        let turn = |role: &str| Message { role: role.to_owned(), content: "a".to_owned() };
        let text = self.tokenizer.render_chat(&[turn("user"), turn("assistant")], false).ok()?;
        let ids = self.tokenizer.encode_prompt(&text);
        ids.into_iter().rev().find(|id| self.tokenizer.is_stop(*id))
    }

    /// What the reward model gives for a finished conversation.
    pub(super) async fn reward(&mut self, ids: &[u32]) -> Result<f32, EngineError> {
        let sequence = self.caches.aside();
        let adapter = self.stages.reward().unwrap_or_default();
        self.caches.note(sequence, adapter, &[]);
        self.engine.reward(sequence, adapter, ids).await
    }

    /// The same model on a new GPU device, with empty caches. On failure the model is gone.
    pub(super) async fn rebuild(self, ticket: &Ticket) -> Result<Self, Failure> {
        let Self { engine, tokenizer, stages, origin, context, fallback_reason, .. } = self;
        engine.destroy();
        let again = async {
            let device = backend::gpu_again().await?;
            let progress = Progress::new(origin.bytes, true);
            let known = Some((tokenizer, stages));
            load::read(&origin, device, context, known, progress, ticket).await
        };
        let read = again.await;
        match read {
            Ok(loaded) => Ok(Self::new(loaded, origin, context, fallback_reason)),
            Err(failure) => {
                let detail = format!("the model could not be rebuilt: {}", failure.detail);
                Err(Failure::new(FailureKind::DeviceLost, detail))
            }
        }
    }
}
