use super::file::{Case, Rewarded};
use crate::load::prefill;
use crate::options::Backend;
use anyhow::{Result, bail};
use engine::{DecodeRow, Engine, SamplerSettings, Trace, TraceRequest};
use text::Tokenizer;

/// How far from the reference a backend may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tolerances {
    /// Of a natural-log probability; two tokens closer than this are a near tie.
    log_probability: f32,
    /// Of an attention weight.
    attention: f32,
    /// Of a norm of the residual stream, relative.
    residual: f32,
    /// Of a reward.
    reward: f32,
}

impl Tolerances {
    pub(crate) fn of(backend: Backend) -> Self {
        let log_probability = match backend {
            Backend::Cpu => 0.02,
            Backend::Gpu => 0.05,
        };
        Self { log_probability, attention: 1e-3, residual: 2e-3, reward: 0.02 }
    }
}

/// What a case showed.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The adapter of every row.
    adapter: u32,
    /// Each a sentence.
    pub(crate) misses: Vec<String>,
    positions: usize,
    worst_log_probability: f32,
    worst_attention: f32,
    worst_residual: f32,
    greedy: usize,
}

impl Findings {
    /// Nothing yet, of a stage with this adapter.
    pub(crate) fn of(adapter: u32) -> Self {
        Self { adapter, ..Self::default() }
    }

    pub(crate) fn summary(&self) -> String {
        format!(
            "{} positions (log p off by {:.4}), attention off by {:.1e}, residual by {:.3} %, {} greedy tokens",
            self.positions,
            self.worst_log_probability,
            self.worst_attention,
            100.0 * self.worst_residual,
            self.greedy,
        )
    }

    /// The tokenizer gives the reference's ids.
    pub(crate) fn ids(&mut self, case: &Case, tokenizer: &Tokenizer) {
        let ids = tokenizer.encode_prompt(&case.text);
        if ids != case.ids {
            self.misses.push(format!("{:?} became {ids:?}, expected {:?}", case.text, case.ids));
        }
    }

    /// Everything the reference holds, from one prefill.
    pub(crate) async fn whole(
        &mut self,
        case: &Case,
        engine: &mut Engine,
        tolerances: Tolerances,
    ) -> Result<()> {
        if case.ids.is_empty() {
            bail!("a case without ids");
        }
        let mut layers: Vec<usize> = case.attention.iter().map(|row| row.layer).collect();
        layers.sort_unstable();
        layers.dedup();
        let request = TraceRequest {
            residual: !case.hidden_states.is_empty(),
            attention_layers: layers,
            ..TraceRequest::default()
        };
        engine.truncate(0, 0)?;
        let mut found = Self::default();
        let trace = engine
            .score(0, self.adapter, &case.ids, &request, |position, logits| {
                for reference in case.positions.iter().filter(|p| p.position == position as usize) {
                    found.position(reference, &log_softmax(logits), tolerances);
                }
            })
            .await?;
        self.misses.append(&mut found.misses);
        self.positions = found.positions;
        self.worst_log_probability = found.worst_log_probability;
        self.trace(case, engine, &trace, tolerances);
        if self.positions != case.positions.len() {
            let (seen, all) = (self.positions, case.positions.len());
            self.misses.push(format!("only {seen} of {all} positions were compared"));
        }
        Ok(())
    }

    /// The last position, after a prefill in pieces. Leaves out the last token, which decoding feeds.
    pub(crate) async fn chunked(
        &mut self,
        case: &Case,
        engine: &mut Engine,
        tolerances: Tolerances,
        tokens: usize,
    ) -> Result<()> {
        let Some((last, before)) = case.ids.split_last() else { bail!("a case without ids") };
        engine.truncate(0, 0)?;
        prefill(engine, 0, self.adapter, before, tokens).await?;
        let mut found = Self::default();
        engine
            .score(0, self.adapter, &[*last], &TraceRequest::default(), |position, logits| {
                for reference in case.positions.iter().filter(|p| p.position == position as usize) {
                    found.position(reference, &log_softmax(logits), tolerances);
                }
            })
            .await?;
        if found.positions == 0 {
            found.misses.push("the reference does not hold the last position".into());
        }
        self.misses.append(&mut found.misses);
        self.positions = found.positions;
        self.worst_log_probability = found.worst_log_probability;
        Ok(())
    }

    /// The greedy continuation, at most `most` tokens of it, up to a near tie.
    pub(crate) async fn greedy(
        &mut self,
        case: &Case,
        engine: &mut Engine,
        tolerances: Tolerances,
        most: usize,
    ) -> Result<()> {
        let Some(last) = case.ids.last() else { bail!("a case without ids") };
        engine.truncate(0, case.ids.len() as u32 - 1)?;
        let (adapter, sampler) = (self.adapter, SamplerSettings::greedy());
        let row = DecodeRow { sequence: 0, adapter, token: *last, sampler };
        let mut decode = engine.start(&[row])?;
        for (i, expected) in case.greedy_ids.iter().take(most).enumerate() {
            let report = engine.step(&mut decode).await?.remove(0);
            if report.token == *expected {
                self.greedy += 1;
                continue;
            }
            let best = report.alternatives.first().map_or(0.0, |a| a.probability.ln());
            let other = report.alternatives.iter().find(|a| a.id == *expected);
            let gap = other.map_or(f32::INFINITY, |a| best - a.probability.ln());
            if gap >= tolerances.log_probability {
                let token = report.token;
                self.misses.push(format!(
                    "greedy token {i} is {token}, expected {expected} (log p {gap:.4} apart)"
                ));
            }
            break;
        }
        engine.finish(decode);
        Ok(())
    }

    /// The reward of a finished conversation; returns how far it is off.
    pub(crate) async fn reward(
        &mut self,
        case: &Rewarded,
        engine: &mut Engine,
        tolerances: Tolerances,
    ) -> Result<f32> {
        let found = engine.reward(0, self.adapter, &case.ids).await?;
        let off = (found - case.reward).abs();
        if exceeds(off, tolerances.reward) {
            let (answer, expected) = (&case.answer, case.reward);
            self.misses.push(format!("{answer:?}: reward {found:.4}, expected {expected:.4}"));
        }
        Ok(off)
    }

    fn position(
        &mut self,
        reference: &super::file::Position,
        log_p: &[f32],
        tolerances: Tolerances,
    ) {
        self.positions += 1;
        let at = reference.position;
        for (id, expected) in reference.top_ids.iter().zip(&reference.top_logprobs) {
            let found = log_p.get(*id as usize).copied().unwrap_or(f32::NEG_INFINITY);
            let off = (found - expected).abs();
            self.worst_log_probability = self.worst_log_probability.max(off);
            if exceeds(off, tolerances.log_probability) {
                self.misses.push(format!(
                    "position {at}, token {id}: log p {found:.4}, expected {expected:.4}"
                ));
            }
        }
        let best = (0..log_p.len()).max_by(|a, b| log_p[*a].total_cmp(&log_p[*b])).unwrap_or(0);
        let tie = match reference.top_logprobs[..] {
            [first, second, ..] => first - second < tolerances.log_probability,
            _ => false,
        };
        if reference.top_ids.first().is_some_and(|id| *id as usize != best) && !tie {
            self.misses.push(format!(
                "position {at}: the most likely token is {best}, expected {:?}",
                reference.top_ids[0]
            ));
        }
    }

    fn trace(&mut self, case: &Case, engine: &Engine, trace: &Trace, tolerances: Tolerances) {
        let width = engine.d_model() as usize;
        for state in &case.hidden_states {
            let Some(residual) = trace.residual.get(state.layer) else {
                self.misses
                    .push(format!("there is no residual stream before block {}", state.layer));
                continue;
            };
            let last = &residual[residual.len() - width..];
            let norm = last.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt() as f32;
            let off = (norm - state.l2_last).abs() / state.l2_last.max(1e-6);
            self.worst_residual = self.worst_residual.max(off);
            if exceeds(off, tolerances.residual) {
                let (layer, expected) = (state.layer, state.l2_last);
                self.misses.push(format!(
                    "residual norm before block {layer}: {norm}, expected {expected}"
                ));
            }
        }
        let (heads, context) = (engine.heads() as usize, engine.context() as usize);
        for row in &case.attention {
            let query = row.query.unwrap_or(case.ids.len() - 1);
            let weights = trace.attention.iter().find(|(layer, _)| *layer == row.layer);
            let at = (query * heads + row.head) * context;
            let Some(found) = weights.and_then(|(_, weights)| weights.get(at..at + row.row.len()))
            else {
                self.misses.push(format!(
                    "there is no attention for layer {}, head {}",
                    row.layer, row.head
                ));
                continue;
            };
            let off = found.iter().zip(&row.row).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            self.worst_attention = self.worst_attention.max(off);
            if exceeds(off, tolerances.attention) {
                let (layer, head) = (row.layer, row.head);
                self.misses.push(format!(
                    "attention of layer {layer}, head {head}, query {query}: off by {off}"
                ));
            }
        }
    }
}

/// A NaN exceeds everything.
fn exceeds(off: f32, tolerance: f32) -> bool {
    off.is_nan() || off > tolerance
}

/// Natural-log probabilities over the full vocabulary.
fn log_softmax(logits: &[f32]) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total: f64 = logits.iter().map(|x| f64::from(x - highest).exp()).sum();
    let log_total = highest + total.ln() as f32;
    logits.iter().map(|x| x - log_total).collect()
}
