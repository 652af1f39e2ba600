//! Columns of a scene: answers, samples, rewards and scores, as the page's worker makes them.

use engine::{DecodeRow, SamplerSettings, TraceRequest};
use share::Scene;
use share::lesson::{Choice, ObservedColumn, ObservedToken};
use share::scene::{Form, Sampler, View};
use text::Message;

use super::Sprout;

/// A column that was run.
pub(crate) struct Run {
    pub(crate) adapter: u32,
    pub(crate) prompt: Vec<u32>,
    pub(crate) answer: Vec<u32>,
    pub(crate) observed: ObservedColumn,
}

impl Sprout {
    /// Runs a column of a scene.
    pub(crate) fn run(&mut self, scene: &Scene, column: usize) -> Run {
        let (adapter, prompt) = self.prompt(scene, column);
        let (mut run, end) =
            self.generate(adapter, prompt, &scene.sampler_of(column), scene.max_tokens);
        if let Some(reward) = self.reward {
            let text = self.chat(scene) + &self.tokenizer.decode(&run.answer);
            let mut ids = self.tokenizer.encode_prompt(&text);
            ids.extend(end);
            let reward = pollster::block_on(self.engine.reward(0, reward, &ids)).unwrap();
            run.observed.reward = Some(reward.into());
        }
        run
    }

    /// Texts of answers drawn with the sampler's seed and those that follow it.
    pub(crate) fn samples(&mut self, scene: &Scene, column: usize, count: u32) -> Vec<String> {
        let (adapter, prompt) = self.prompt(scene, column);
        let sampler = scene.sampler_of(column);
        let mut texts = Vec::new();
        for seed in (sampler.seed..).take(count as usize) {
            let sampler = Sampler { seed, ..sampler };
            let (run, _) = self.generate(adapter, prompt.clone(), &sampler, scene.max_tokens);
            texts.push(run.observed.text());
        }
        texts
    }

    /// Reads one column's answer with every column's stage.
    pub(crate) fn score(
        &mut self,
        scene: &Scene,
        runs: &[Run],
        answer: usize,
        columns: &mut [ObservedColumn],
    ) {
        let answer = &runs[answer].answer;
        let characters = self.tokenizer.decode(answer).chars().count() as f64;
        let mut read = Vec::new();
        for (column, observed) in columns.iter_mut().enumerate() {
            let (adapter, prompt) = self.prompt(scene, column);
            let logs = self.log_probabilities(adapter, &prompt, answer);
            let of_answer = logs.iter().zip(answer).map(|(logs, &id)| f64::from(logs[id as usize]));
            observed.bits_per_character =
                Some(-of_answer.sum::<f64>() / std::f64::consts::LN_2 / characters);
            read.push(logs);
        }
        for (column, pair) in read.windows(2).enumerate() {
            let bits: f64 = pair[0].iter().zip(&pair[1]).map(|(p, q)| kl(p, q)).sum();
            columns[column].kl = Some(bits / answer.len() as f64);
        }
    }

    /// Adapter and prompt of a column.
    fn prompt(&self, scene: &Scene, column: usize) -> (u32, Vec<u32>) {
        let column = &scene.columns[column];
        let stage = self.stages.iter().find(|stage| stage.id == column.stage);
        let stage = stage.unwrap_or_else(|| panic!("Sprout has no stage {}", column.stage));
        let raw = match &scene.view {
            View::Compare(view) => view.same_text,
            View::Inside(view) => view.same_text,
            View::Lab(_) => false,
        };
        let chat = match column.form {
            _ if raw => false,
            Form::Auto => stage.chat,
            Form::Raw => false,
            Form::Chat => true,
        };
        let text = if chat { self.chat(scene) } else { scene.prompt.text.clone() };
        (stage.adapter, self.tokenizer.encode_prompt(&text))
    }

    fn chat(&self, scene: &Scene) -> String {
        let content = scene.prompt.text.trim().to_owned();
        let user = Message { role: "user".to_owned(), content };
        self.tokenizer.render_chat(&[user], true).unwrap()
    }

    /// An answer, and the token that ended it.
    fn generate(
        &mut self,
        adapter: u32,
        prompt: Vec<u32>,
        sampler: &Sampler,
        max_tokens: u32,
    ) -> (Run, Option<u32>) {
        let (&last, before) = prompt.split_last().unwrap();
        self.engine.truncate(0, 0).unwrap();
        pollster::block_on(self.engine.prefill(0, adapter, before)).unwrap();
        let row = DecodeRow { sequence: 0, adapter, token: last, sampler: settings(sampler) };
        let mut decode = self.engine.start(&[row]).unwrap();
        let (mut answer, mut observed) = (Vec::new(), ObservedColumn::default());
        let (mut stream, mut end) = (self.tokenizer.stream(), None);
        while answer.len() < max_tokens as usize {
            let report = pollster::block_on(self.engine.step(&mut decode)).unwrap().remove(0);
            if self.tokenizer.is_stop(report.token) {
                end = Some(report.token);
                break;
            }
            answer.push(report.token);
            observed.answer.push(ObservedToken {
                id: report.token,
                text: stream.push(&self.tokenizer, report.token),
                logprob: Some(report.logprob.into()),
                entropy: Some(report.entropy.into()),
                alternatives: report
                    .alternatives
                    .iter()
                    .map(|choice| Choice {
                        text: self.tokenizer.decode(&[choice.id]),
                        probability: choice.probability.into(),
                    })
                    .collect(),
            });
        }
        self.engine.finish(decode);
        observed.prompt = prompt
            .iter()
            .map(|&id| ObservedToken {
                id,
                text: self.tokenizer.decode(&[id]),
                ..ObservedToken::default()
            })
            .collect();
        observed.ended = end.is_some();
        observed.finished = true;
        (Run { adapter, prompt, answer, observed }, end)
    }

    /// Natural logs of all tokens' probabilities at each place of an answer.
    fn log_probabilities(&mut self, adapter: u32, prompt: &[u32], answer: &[u32]) -> Vec<Vec<f32>> {
        let ids = [prompt, &answer[..answer.len().saturating_sub(1)]].concat();
        self.engine.truncate(0, 0).unwrap();
        let mut logs = Vec::new();
        let visit = |position: u32, logits: &[f32]| {
            if position as usize + 1 >= prompt.len() {
                logs.push(log_softmax(logits));
            }
        };
        let request = TraceRequest::default();
        pollster::block_on(self.engine.score(0, adapter, &ids, &request, visit)).unwrap();
        logs
    }
}

/// The engine's settings of a sampler.
pub(crate) fn settings(sampler: &Sampler) -> SamplerSettings {
    let Sampler { temperature, top_k, top_p, min_p, repeat_penalty, seed } = *sampler;
    SamplerSettings { temperature, top_k, top_p, min_p, repeat_penalty, seed }
}

fn log_softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - largest).exp()).sum();
    logits.iter().map(|logit| logit - largest - sum.ln() as f32).collect()
}

/// In bits.
fn kl(p: &[f32], q: &[f32]) -> f64 {
    let term = |(p, q): (&f32, &f32)| f64::from(*p).exp() * f64::from(p - q);
    p.iter().zip(q).map(term).sum::<f64>() / std::f64::consts::LN_2
}
