//! Messages of the prompt lab.
//!
//! Calls are the lab crate's own: whoever drives an attempt or an experiment hands its batches on as they are, and gives
//! the replies back as they come. The command line runs the same code, so that both say the same.

use engine::Counters;
use lab::experiment::CallId;
use lab::prompt::{Input, Segment, Stretch};
use lab::technique::{ModelCall, Reply};
use serde::{Deserialize, Serialize};

use super::{Failure, FinishReason, TokenView};

/// Page → worker. `run` numbers the request in the events that answer it, as everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabRequest {
    /// Run calls of one model as rows of one batch. Each is answered by [`LabEvent::Reply`] or [`LabEvent::Refused`], unless
    /// a `Stop` comes first; [`LabEvent::BatchEnded`] comes last in any case.
    Calls {
        run: u32,
        model: String,
        calls: Vec<LabCall>,
        /// Send the tokens of prompts and answers too.
        tokens: bool,
    },
    /// The exact text and tokens that would go in, and which part each token belongs to. Answered by
    /// [`LabEvent::Assembled`], or by [`super::Event::Failed`] with its number.
    Assemble {
        run: u32,
        model: String,
        /// [`super::StageInfo::id`]
        stage: String,
        input: Input,
        segments: Vec<Segment>,
    },
    /// SHA-256 over the weights as the engine holds them now, adapters among them, read back from where they are. Answered
    /// by [`LabEvent::Checksum`], or by [`super::Event::Failed`] with its number. `Stop` does not stop it.
    Checksum { run: u32, model: String },
}

impl LabRequest {
    /// The model it needs.
    pub fn model(&self) -> &str {
        match self {
            Self::Calls { model, .. }
            | Self::Assemble { model, .. }
            | Self::Checksum { model, .. } => model,
        }
    }
}

/// A call and who answers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabCall {
    /// Unique in its batch.
    pub id: CallId,
    /// [`super::StageInfo::id`]
    pub stage: String,
    /// Its speaker is of no concern here.
    pub call: ModelCall,
}

/// Worker → page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabEvent {
    /// A call is answered. `reply.seconds` is 0: the time belongs to the batch, and whoever takes the replies shares
    /// [`LabEvent::BatchEnded::seconds`] among them.
    Reply {
        run: u32,
        id: CallId,
        reply: Reply,
        /// [`FinishReason::EndOfText`] for a stop string too.
        reason: FinishReason,
        /// If they were asked for.
        tokens: Option<CallTokens>,
    },
    /// A call cannot be run: a prompt beyond the context, a stage the model does not have …
    Refused { run: u32, id: CallId, failure: Failure },
    /// The batch is over. Calls without a reply were stopped, or the model is gone.
    BatchEnded {
        run: u32,
        /// Replies that came.
        replies: u32,
        /// Wall clock of the batch, to be shared by its rows.
        seconds: f64,
        /// What reuse of the prompts' beginnings has saved.
        saving: PrefixSaving,
        counters: Counters,
        /// Why it ended early, if something went wrong.
        failure: Option<Failure>,
    },
    /// What would go in. `parts` has one entry for each token: the index of its stretch, `None` for what is the
    /// template's.
    Assembled {
        run: u32,
        text: String,
        tokens: Vec<TokenView>,
        stretches: Vec<Stretch>,
        parts: Vec<Option<usize>>,
    },
    /// SHA-256 in hexadecimal digits, and how many bytes it is of. The GPU holds weights otherwise than the CPU: both are
    /// to be compared with themselves only.
    Checksum { run: u32, model: String, sha256: String, bytes: u64 },
}

/// Prompt and answer token by token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallTokens {
    /// The text that went in.
    pub text: String,
    pub prompt: Vec<TokenView>,
    /// Where the call's segments lie in the text.
    pub stretches: Vec<Stretch>,
    /// For each token of the prompt: the index of its stretch.
    pub parts: Vec<Option<usize>>,
    /// What was written, with the token that ended it.
    pub answer: Vec<TokenView>,
}

/// The shared beginning of many prompts is computed once; so is what an earlier batch has left in the caches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefixSaving {
    /// Tokens of all prompts together.
    pub prompt_tokens: u32,
    /// Those of them that were taken over from another row or an earlier batch.
    pub reused_tokens: u32,
}

#[cfg(test)]
mod tests {
    use lab::prompt::{PartKind, Place};
    use lab::technique::{Purpose, Sampling};
    use text::Message;

    use super::*;
    use crate::protocol::{Event, Request};

    #[test]
    fn calls_and_replies_arrive_as_they_were_sent() {
        let message = Message { role: "user".to_owned(), content: "2 + 2?".to_owned() };
        let place = Place::Message(0);
        let segment =
            Segment { part: 0, kind: PartKind::Question, number: 1, place, start: 0, end: 6 };
        let call = ModelCall {
            purpose: Purpose::Sample,
            speaker: Some("judge".to_owned()),
            input: Input::Chat { messages: vec![message], starter: "The answer".to_owned() },
            segments: vec![segment],
            lead: "The answer".to_owned(),
            sampling: Sampling { temperature: 0.7, ..Sampling::default() },
            seed: (1 << 53) - 1,
            stop: vec!["\n".to_owned()],
            max_tokens: 9,
        };
        let calls = vec![LabCall { id: CallId { cell: 3, call: 1 }, stage: "sft".into(), call }];
        let request = LabRequest::Calls { run: 7, model: "sprout".into(), calls, tokens: true };
        assert_eq!(request.model(), "sprout");
        let json = serde_json::to_string(&Request::Lab(request.clone())).expect("plain data");
        assert!(json.starts_with(r#"{"lab":{"calls":{"run":7"#), "{json}");
        let Ok(Request::Lab(arrived)) = serde_json::from_str(&json) else { panic!("{json}") };
        assert_eq!(arrived, request);

        let reply = Reply { text: " is 4.".to_owned(), tokens: 4, ..Reply::default() };
        let id = CallId { cell: 3, call: 1 };
        let reason = FinishReason::EndOfText;
        let event = LabEvent::Reply { run: 7, id, reply: reply.clone(), reason, tokens: None };
        let json = serde_json::to_string(&Event::Lab(event)).expect("plain data");
        let Ok(Event::Lab(LabEvent::Reply { reply: arrived, .. })) = serde_json::from_str(&json)
        else {
            panic!("{json}")
        };
        assert_eq!(arrived, reply);
    }
}
