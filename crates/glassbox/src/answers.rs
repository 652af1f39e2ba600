//! Many answers from one stage, as rows of batches.

use crate::load::{Loaded, prefill};
use crate::trio::Stage;
use anyhow::{Context, Result};
use engine::{DecodeRow, SamplerSettings};
use text::Message;

/// Rows of a batch; the engine needs as many sequences.
pub(crate) const ROWS: u32 = 8;

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
    max_tokens: usize,
) -> Result<Vec<Answer>> {
    let mut answers = vec![Answer { ids: Vec::new(), ended: false }; questions.len()];
    let mut prompts = Vec::new();
    for question in questions {
        let text = prompt_text(loaded, stage, question)?;
        prompts.push(loaded.tokenizer.encode_prompt(&text));
    }
    let mut waiting = 0..questions.len();
    let mut free: Vec<u32> = (0..ROWS).collect();
    // (sequence, question)
    let mut under_way: Vec<(u32, usize)> = Vec::new();
    loop {
        while let Some(sequence) = free.pop() {
            let Some(place) = waiting.next() else { break };
            let before = prompts[place].split_last().context("a question has no token")?.1;
            loaded.engine.truncate(sequence, 0)?;
            prefill(&mut loaded.engine, sequence, stage.adapter, before, usize::MAX).await?;
            under_way.push((sequence, place));
        }
        if under_way.is_empty() {
            return Ok(answers);
        }
        let row = |(sequence, place): &(u32, usize)| DecodeRow {
            sequence: *sequence,
            adapter: stage.adapter,
            token: answers[*place].ids.last().or(prompts[*place].last()).copied().unwrap_or(0),
            sampler: SamplerSettings::greedy(),
        };
        let rows: Vec<DecodeRow> = under_way.iter().map(row).collect();
        let mut decode = loaded.engine.start(&rows)?;
        let mut done: Vec<u32> = Vec::new();
        while done.is_empty() {
            let reports = loaded.engine.step(&mut decode).await?;
            for ((sequence, place), report) in under_way.iter().zip(reports) {
                let answer = &mut answers[*place];
                answer.ids.push(report.token);
                answer.ended = loaded.tokenizer.is_stop(report.token);
                let full = report.position + 1 >= loaded.engine.context();
                if answer.ended || full || answer.ids.len() >= max_tokens {
                    done.push(*sequence);
                }
            }
        }
        loaded.engine.finish(decode);
        under_way.retain(|(sequence, _)| !done.contains(sequence));
        free.extend(done);
    }
}
