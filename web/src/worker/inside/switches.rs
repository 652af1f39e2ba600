//! Parts of the model switched off, scaled or patched, beside the untouched run.

use engine::{DecodeRow, Interventions, Patch, SamplerSettings, SubLayer, Trace, TraceRequest};
use share::scene::{Switch, SwitchPart};

use super::rank;
use super::refuse;
use super::residual::stream;
use super::work::Work;
use crate::protocol::inside::{Answer, MAX_SWITCHED_TOKENS, PatchRequest, SwitchedRun, TokenValue};
use crate::protocol::{Failure, FinishReason, TokenView};
use crate::worker::clock;
use crate::worker::measure::Distribution;
use crate::worker::session::Session;
use crate::worker::views;

/// Most likely next tokens that are told.
const TOP: usize = 10;
/// More switches than anybody turns by hand.
const MAX_SWITCHES: usize = 4096;

impl Work<'_> {
    pub(super) async fn switches(
        &mut self,
        switches: &[Switch],
        patch: Option<&PatchRequest>,
        max_tokens: u32,
    ) -> Result<Option<Answer>, Failure> {
        if switches.len() > MAX_SWITCHES {
            return refuse(format!("{} switches; at most {MAX_SWITCHES}", switches.len()));
        }
        let mut changes = interventions(switches);
        if let Some(patch) = patch {
            let Some(patch) = self.patch(patch).await? else { return Ok(None) };
            changes.patches.push(patch);
        }
        let most = max_tokens.min(MAX_SWITCHED_TOKENS) as usize;
        let Some(untouched) = self.write(most).await? else { return Ok(None) };
        self.progress(1, 2);
        self.session.caches.forget();
        self.session.engine.set_interventions(&changes)?;
        let changed = self.write(most).await;
        // Whatever came of it, the model is itself again.
        self.session.caches.forget();
        let back = self.session.engine.set_interventions(&Interventions::default());
        let changed = changed?;
        back?;
        Ok(changed.map(|changed| Answer::Switched { untouched, changed }))
    }

    /// The vector that a patch takes from its source; `None`: stopped.
    async fn patch(&mut self, patch: &PatchRequest) -> Result<Option<Patch>, Failure> {
        let layer = self.blocks(patch.blocks)?;
        let position = self.token(patch.token)? as u32;
        let source = self.session.encode(&patch.source)?;
        self.session.join(&source.ids, &[], 0)?;
        let at = patch.source_token as usize;
        if at >= source.ids.len() {
            return refuse(format!("source token {at}; there are {}", source.ids.len()));
        }
        let own = std::mem::replace(&mut self.tokens, source.ids);
        let layers = self.session.engine.layers() as usize;
        let request = TraceRequest { residual: true, ..TraceRequest::default() };
        let mut residual = Vec::new();
        let see = |_: usize, trace: &Trace| residual = stream(trace, layer, layers).to_vec();
        let watched = self.watch(at, at + 1, 1, &request, see).await;
        self.tokens = own;
        Ok(watched?.then_some(Patch { layer, position, residual }))
    }

    /// Logits after the text, and how it goes on; `None`: stopped.
    async fn write(&mut self, most: usize) -> Result<Option<SwitchedRun>, Failure> {
        let tokens = self.tokens.clone();
        let Some(logits) = self.logits_after(&tokens).await? else { return Ok(None) };
        let Some((ids, reason)) = self.greedy(most).await? else { return Ok(None) };
        let top = self.top(&logits);
        let continuation = self.continuation(&ids);
        Ok(Some(SwitchedRun { logits, top, continuation, reason }))
    }

    /// The next tokens, always the most likely; `None`: stopped.
    async fn greedy(&mut self, most: usize) -> Result<Option<(Vec<u32>, FinishReason)>, Failure> {
        let mut ids = Vec::new();
        let Some((&token, before)) = self.tokens.split_last() else {
            return Ok(Some((ids, FinishReason::MaxTokens)));
        };
        if most == 0 {
            return Ok(Some((ids, FinishReason::MaxTokens)));
        }
        let Session { engine, tokenizer, caches, .. } = &mut *self.session;
        let (sequence, adapter) = (caches.aside(), self.adapter);
        engine.truncate(sequence, before.len() as u32)?;
        caches.note(sequence, adapter, before);
        let sampler = SamplerSettings::greedy();
        let mut decode = engine.start(&[DecodeRow { sequence, adapter, token, sampler }])?;
        let reason = loop {
            if self.ticket.stopped() {
                engine.finish(decode);
                return Ok(None);
            }
            if before.len() + ids.len() >= engine.context() as usize {
                break FinishReason::ContextFull;
            }
            let reports = engine.step(&mut decode).await?;
            let Some(report) = reports.first() else { break FinishReason::Stopped };
            ids.push(report.token);
            if tokenizer.is_stop(report.token) {
                break FinishReason::EndOfText;
            }
            if ids.len() == most {
                break FinishReason::MaxTokens;
            }
            clock::pause().await;
        };
        engine.finish(decode);
        Ok(Some((ids, reason)))
    }

    fn top(&self, logits: &[f32]) -> Vec<TokenValue> {
        let distribution = Distribution::new(logits);
        let value = |id: usize| self.value(id as u32, distribution.logprob(id as u32).exp() as f32);
        rank::largest(logits, TOP).into_iter().map(value).collect()
    }

    /// Tokens that follow the text, for display.
    fn continuation(&self, ids: &[u32]) -> Vec<TokenView> {
        let tokenizer = &self.session.tokenizer;
        let mut decoder = tokenizer.stream();
        for id in &self.tokens {
            // A character may begin in the text and end behind it.
            views::in_text(tokenizer, &mut decoder, *id, false);
        }
        let last = ids.len().saturating_sub(1);
        let view = |(index, id): (usize, &u32)| {
            views::in_text(tokenizer, &mut decoder, *id, index == last)
        };
        ids.iter().enumerate().map(view).collect()
    }
}

/// Switches as the engine takes them.
fn interventions(switches: &[Switch]) -> Interventions {
    let mut changes = Interventions::default();
    for switch in switches {
        let (layer, index, scale) = (switch.layer as usize, switch.index as usize, switch.scale);
        match switch.part {
            SwitchPart::Head => changes.heads.push((layer, index, scale)),
            SwitchPart::Neuron => changes.neurons.push((layer, index, scale)),
            SwitchPart::Attention => changes.sub_layers.push((layer, SubLayer::Attention, scale)),
            SwitchPart::FeedForward => {
                changes.sub_layers.push((layer, SubLayer::FeedForward, scale));
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_becomes_a_change() {
        let switch = |part, layer, index, scale| Switch { part, layer, index, scale };
        let changes = interventions(&[
            switch(SwitchPart::Head, 1, 2, 0.0),
            switch(SwitchPart::Attention, 3, 0, 0.5),
            switch(SwitchPart::FeedForward, 4, 0, 2.0),
            switch(SwitchPart::Neuron, 5, 6, 1.5),
        ]);
        assert_eq!(changes.heads, [(1, 2, 0.0)]);
        assert_eq!(changes.neurons, [(5, 6, 1.5)]);
        let sub_layers = [(3, SubLayer::Attention, 0.5), (4, SubLayer::FeedForward, 2.0)];
        assert_eq!(changes.sub_layers, sub_layers);
        assert!(changes.patches.is_empty() && interventions(&[]).is_empty());
    }
}
