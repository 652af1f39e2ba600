//! Feed-forward: what its neurons do at a token, and what they push.

use engine::{Trace, TraceRequest};

use super::rank;
use super::refuse;
use super::work::Work;
use crate::protocol::Failure;
use crate::protocol::inside::{Answer, FeedForwardAt, MAX_NEAREST};

/// Neurons in the list of the most active ones.
const MOST_ACTIVE: usize = 32;

impl Work<'_> {
    pub(super) async fn feed_forward(
        &mut self,
        layer: u32,
        token: u32,
    ) -> Result<Option<Answer>, Failure> {
        let (own, at) = (self.layer(layer)?, self.token(token)?);
        let request = TraceRequest { feed_forward_layers: vec![own], ..TraceRequest::default() };
        let mut found = None;
        let see = |_: usize, trace: &Trace| found = trace.feed_forward.first().cloned();
        if !self.watch(at, at + 1, 1, &request, see).await? {
            return Ok(None);
        }
        let Some((_, inside)) = found else { return refuse("the layer has no feed-forward") };
        let (gate, up) = inside.gate_up.split_at(inside.gate_up.len() / 2);
        let amounts: Vec<f32> = inside.product.iter().map(|product| product.abs()).collect();
        let most = rank::largest(&amounts, MOST_ACTIVE);
        Ok(Some(Answer::FeedForward(FeedForwardAt {
            layer,
            token,
            gate: gate.to_vec(),
            up: up.to_vec(),
            product: inside.product,
            most_active: most.into_iter().map(|neuron| neuron as u32).collect(),
        })))
    }

    pub(super) async fn neuron(
        &mut self,
        layer: u32,
        neuron: u32,
        count: u32,
    ) -> Result<Option<Answer>, Failure> {
        let adapter = self.adapter;
        let direction = self.session.engine.neuron(adapter, layer, neuron).await?;
        let pushed = self.session.engine.push(&direction).await?;
        let count = count.min(MAX_NEAREST) as usize;
        let view =
            |ids: Vec<usize>| ids.into_iter().map(|id| self.value(id as u32, pushed[id])).collect();
        let (up, down) =
            (view(rank::largest(&pushed, count)), view(rank::smallest(&pushed, count)));
        Ok(Some(Answer::Neuron { layer, neuron, up, down }))
    }
}
