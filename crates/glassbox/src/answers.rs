//! Many answers from one stage, as rows of batches.

use crate::load::Loaded;
use crate::trio::Stage;
use anyhow::{Result, ensure};
use engine::SamplerSettings;
use engine::generate::{Batch, Caches, Ending, Line};
use text::Message;

/// Rows of a batch.
const ROWS: u32 = 8;
/// Sequences of an engine that answers so many rows at once; the last is for what is computed by the way.
pub(crate) const SEQUENCES: u32 = ROWS + 1;

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// With its end token, if it has one.
    pub(crate) ids: Vec<u32>,
    /// Did the model end it?
    pub(crate) ended: bool,
}

/// The text that goes in for a question.
pub(crate) fn prompt_text(loaded: &Loaded, stage: Stage, question: &str) -> Result<String> {
    if !stage.chat {
        return Ok(question.to_owned());
    }
    let message = Message { role: "user".into(), content: question.to_owned() };
    Ok(loaded.tokenizer.render_chat(&[message], true)?)
}

/// Answers every question, most likely token by most likely token, in at most `max_tokens` each.
pub(crate) async fn answer_all(
    loaded: &mut Loaded,
    stage: Stage,
    questions: &[String],
    max_tokens: u32,
) -> Result<Vec<Answer>> {
    let mut batch = Batch::default();
    for question in questions {
        let text = prompt_text(loaded, stage, question)?;
        let ids = loaded.tokenizer.encode_prompt(&text);
        ensure!(!ids.is_empty(), "a question has no token");
        batch.add(Line::new(stage.adapter, SamplerSettings::greedy(), ids, max_tokens));
    }
    let Loaded { engine, tokenizer, .. } = loaded;
    let mut caches = Caches::new(engine.sequences());
    batch.run(engine, &mut caches, |_, id| tokenizer.is_stop(id)).await?;
    let lines = (0..questions.len()).filter_map(|line| batch.line(line));
    let answer = |line: &Line| Answer {
        ids: line.written().to_vec(),
        ended: line.ending() == Some(Ending::Stop),
    };
    Ok(lines.map(answer).collect())
}
