use crate::backend::Backend;
use crate::error::EngineError;
use crate::settings::{Alternative, SamplerSettings, StepReport};
use kernels::params::{EMPTY, Report, Row, Sampler};
use kernels::trace::TraceRequest;
use std::collections::VecDeque;

/// One row of a decode: which sequence, what to feed it first, how to choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecodeRow {
    /// Its sequence.
    pub sequence: u32,
    /// Its adapter, counted from 1; 0 is the base model.
    pub adapter: u32,
    /// Fed first: the last token of the prompt, which prefill left out.
    pub token: u32,
    /// How the next tokens are chosen.
    pub sampler: SamplerSettings,
}

/// Steps under way at once on the GPU: one whose result is awaited, one behind it.
const DEPTH: usize = 2;

/// A decode under way.
#[derive(Debug)]
pub struct Decode {
    /// The next row each sequence feeds, as far as reports have been read.
    rows: Vec<Row>,
    samplers: Vec<Sampler>,
    seen: Vec<Vec<u32>>,
    /// Submitted steps whose reports have not been read (GPU only).
    tickets: VecDeque<gpu::Ticket>,
    epoch: u64,
}

impl Decode {
    pub(crate) fn begin(
        backend: &mut Backend,
        sequences: &[Vec<u32>],
        rows: &[DecodeRow],
        vocab: u32,
        epoch: u64,
    ) -> Result<Self, EngineError> {
        let mut decode = Self {
            rows: Vec::new(),
            samplers: Vec::new(),
            seen: Vec::new(),
            tickets: VecDeque::new(),
            epoch,
        };
        for row in rows {
            let held = &sequences[row.sequence as usize];
            let position = held.len() as u32;
            decode.rows.push(Row {
                token: row.token,
                position,
                sequence: row.sequence,
                adapter: row.adapter,
            });
            decode.samplers.push(sampler(&row.sampler));
            let mut seen = vec![0; vocab.div_ceil(32) as usize];
            held.iter().chain([&row.token]).for_each(|id| mark(&mut seen, *id));
            decode.seen.push(seen);
        }
        if let Backend::Gpu(machine) = backend {
            machine.begin(&decode.rows, &decode.samplers, &decode.seen)?;
        }
        Ok(decode)
    }

    pub(crate) async fn step(
        &mut self,
        backend: &mut Backend,
        sequences: &mut [Vec<u32>],
        context: u32,
        vocab: u32,
    ) -> Result<Vec<StepReport>, EngineError> {
        let furthest = self.rows.iter().map(|row| row.position).max().unwrap_or(0);
        if furthest >= context {
            return Err(EngineError::ContextFull { length: furthest, tokens: 1, context });
        }
        let reports = match backend {
            Backend::Cpu(machine) => self.step_cpu(machine)?,
            Backend::Gpu(machine) => {
                while self.tickets.len() < DEPTH && furthest + (self.tickets.len() as u32) < context
                {
                    self.tickets.push_back(machine.step(self.rows.len() as u32));
                }
                let Some(ticket) = self.tickets.pop_front() else {
                    return Err(EngineError::ContextFull { length: furthest, tokens: 1, context });
                };
                machine.reports(ticket).await?
            }
        };
        if let Some(report) = reports.iter().find(|r| r.token >= vocab || !r.logprob.is_finite()) {
            return Err(EngineError::NotANumber { position: report.position });
        }
        for ((row, seen), report) in self.rows.iter_mut().zip(&mut self.seen).zip(&reports) {
            sequences[row.sequence as usize].push(row.token);
            row.token = report.token;
            row.position = report.position;
            mark(seen, report.token);
        }
        Ok(reports.iter().map(step_report).collect())
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    fn step_cpu(&self, machine: &mut kernels::cpu::Machine) -> Result<Vec<Report>, EngineError> {
        machine.reserve(&self.rows)?;
        machine.forward(&self.rows, &TraceRequest::default());
        let logits = machine.logits(0, self.rows.len());
        let vocab = logits.len() / self.rows.len();
        let each =
            self.rows.iter().zip(&self.samplers).zip(&self.seen).zip(logits.chunks_exact(vocab));
        let reports = each.map(|(((row, sampler), seen), logits)| {
            let occurred = |id: u32| seen[id as usize / 32] >> (id % 32) & 1 == 1;
            machine.sample(logits, occurred, sampler, row.position)
        });
        Ok(reports.collect())
    }
}

/// What the sampler would draw after `position` from logits (vocab), as a decode step reports it. `seen`:
/// the tokens that occurred in the text.
pub fn distribution(
    logits: &[f32],
    seen: &[u32],
    settings: &SamplerSettings,
    position: u32,
) -> Option<StepReport> {
    if logits.is_empty() {
        return None;
    }
    let mut marks = vec![0; logits.len().div_ceil(32)];
    seen.iter().for_each(|id| mark(&mut marks, *id));
    let occurred = |id: u32| marks[id as usize / 32] >> (id % 32) & 1 == 1;
    Some(step_report(&kernels::cpu::sample(logits, occurred, &sampler(settings), position)))
}

fn mark(seen: &mut [u32], id: u32) {
    if let Some(word) = seen.get_mut(id as usize / 32) {
        *word |= 1 << (id % 32);
    }
}

/// Below this, a temperature is greedy: dividing by less overflows.
const LOWEST_TEMPERATURE: f32 = 1e-3;

/// Settings as the kernels take them; values that are not numbers fall back to "no effect".
fn sampler(settings: &SamplerSettings) -> Sampler {
    let number = |x: f32, otherwise: f32| if x.is_finite() { x } else { otherwise };
    let penalty = number(settings.repeat_penalty, 1.0);
    let temperature = number(settings.temperature, 0.0);
    Sampler {
        temperature: if temperature < LOWEST_TEMPERATURE { 0.0 } else { temperature },
        top_p: number(settings.top_p, 1.0).clamp(0.0, 1.0),
        min_p: number(settings.min_p, 0.0).clamp(0.0, 1.0),
        repeat_penalty: if penalty > 0.0 { penalty.clamp(0.01, 100.0) } else { 1.0 },
        top_k: settings.top_k,
        seed_lo: settings.seed as u32,
        seed_hi: (settings.seed >> 32) as u32,
        reserved: 0,
    }
}

fn step_report(report: &Report) -> StepReport {
    StepReport {
        token: report.token,
        position: report.position,
        logprob: report.logprob,
        kept: report.kept,
        entropy: report.entropy,
        // A vocabulary of fewer than ten tokens leaves empty places.
        alternatives: report
            .alternatives
            .iter()
            .filter(|a| a.id != EMPTY)
            .map(|a| Alternative {
                id: a.id,
                logit: a.logit,
                probability: a.probability,
                filtered: a.filtered,
            })
            .collect(),
    }
}
