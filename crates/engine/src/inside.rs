//! Looking inside, and changing what happens there.

use crate::backend::Backend;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::shape::Shape;
use kernels::plan::{BufferId, MatrixId, Norm, Op, VectorId};
use kernels::trace::{Interventions, Trace, TraceRequest};

/// What reads the residual stream through a norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormPlace {
    /// The attention of a layer.
    Attention(u32),
    /// The feed-forward of a layer.
    FeedForward(u32),
    /// The output matrix.
    Final,
}

impl Engine {
    /// Sizes and settings of the model.
    pub fn shape(&self) -> Shape {
        Shape::of(&self.model.plan)
    }

    /// Changes what all that follows computes, until it is set again. Every sequence is empty then.
    ///
    /// # Errors
    /// Layers, heads, neurons or vectors that the model does not have, scales that are no numbers, or a failing GPU.
    pub fn set_interventions(&mut self, interventions: &Interventions) -> Result<(), EngineError> {
        self.check_interventions(interventions)?;
        self.epoch += 1;
        self.sequences.iter_mut().for_each(Vec::clear);
        match &mut self.backend {
            Backend::Cpu(machine) => machine.set_interventions(interventions.clone()),
            Backend::Gpu(machine) => machine.set_interventions(interventions)?,
        }
        Ok(())
    }

    /// Like [`Engine::prefill`], and records what `request` asks for.
    ///
    /// # Errors
    /// As [`Engine::prefill`].
    pub async fn trace(
        &mut self,
        sequence: u32,
        adapter: u32,
        tokens: &[u32],
        request: &TraceRequest,
    ) -> Result<Trace, EngineError> {
        let rows = self.rows(sequence, adapter, tokens)?;
        self.epoch += 1;
        let trace = self.run(&rows, request).await?;
        self.sequences[sequence as usize].extend_from_slice(tokens);
        Ok(trace)
    }

    /// Rows of the embedding table as the first block gets them: (ids, d_model).
    ///
    /// # Errors
    /// Unknown ids, or a failing GPU.
    pub async fn embedding(&mut self, ids: &[u32]) -> Result<Vec<f32>, EngineError> {
        let lookup = self.model.plan.embed;
        self.look_up(&lookup, ids).await
    }

    /// Logits (rows, vocab) of residual vectors (rows, d_model) after the last block: final norm, then output matrix.
    ///
    /// # Errors
    /// Vectors of another length, or a failing GPU.
    pub async fn lens(&mut self, residual: &[f32]) -> Result<Vec<f32>, EngineError> {
        let plan = &self.model.plan;
        let (matrix, norm, x) = (plan.unembed, Some(plan.final_norm), plan.residual);
        self.product(matrix, norm, x, residual, 0).await
    }

    /// What the final norm divides a residual vector by.
    pub fn divisor(&self, residual: &[f32]) -> f32 {
        let squares: f64 = residual.iter().map(|x| f64::from(*x).powi(2)).sum();
        let mean = squares / residual.len().max(1) as f64;
        (mean + f64::from(self.model.plan.final_norm.eps)).sqrt() as f32
    }

    /// A norm that the residual stream is read through: its weights (d_model), and what it adds to the mean square.
    /// `None` where there is no such layer, or it reads the stream as it is.
    ///
    /// # Errors
    /// A failing GPU.
    pub async fn norm(&self, place: NormPlace) -> Result<Option<(Vec<f32>, f32)>, EngineError> {
        let plan = &self.model.plan;
        let norm = match place {
            NormPlace::Attention(layer) => plan.attention_norm(layer as usize),
            NormPlace::FeedForward(layer) => plan.feed_forward_norm(layer as usize),
            NormPlace::Final => Some(plan.final_norm),
        };
        let Some(norm) = norm else { return Ok(None) };
        Ok(Some((self.vector(norm.weight).await?, norm.eps)))
    }

    /// What a vector added to the last residual vector adds to every logit (vocab), before it is divided by the
    /// [divisor](Engine::divisor) of the sum.
    ///
    /// # Errors
    /// As [`Engine::lens`].
    pub async fn push(&mut self, direction: &[f32]) -> Result<Vec<f32>, EngineError> {
        let mut pushed = self.lens(direction).await?;
        let divisor = self.divisor(direction);
        pushed.iter_mut().for_each(|value| *value *= divisor);
        Ok(pushed)
    }

    /// The direction of the residual stream that makes a token's logit (d_model): its row of the output matrix with
    /// the final norm's weights in it. A residual vector times this, over its [divisor](Engine::divisor), is the logit.
    ///
    /// # Errors
    /// An unknown id, or a failing GPU.
    pub async fn logit_direction(&mut self, id: u32) -> Result<Vec<f32>, EngineError> {
        let lookup = self.model.plan.output_rows();
        let mut row = self.look_up(&lookup, &[id]).await?;
        let weights = self.vector(self.model.plan.final_norm.weight).await?;
        row.iter_mut().zip(&weights).for_each(|(value, weight)| *value *= weight);
        Ok(row)
    }

    /// The embedding table times a vector (d_model): (vocab), not scaled.
    ///
    /// # Errors
    /// As [`Engine::lens`].
    pub async fn similar(&mut self, vector: &[f32]) -> Result<Vec<f32>, EngineError> {
        let plan = &self.model.plan;
        let Op::Embed { table, out, .. } = plan.embed else { return Ok(Vec::new()) };
        self.product(table, None, out, vector, 0).await
    }

    /// What one unit of a neuron's product adds to the residual stream (d_model). Where the model normalizes what the
    /// feed-forward adds, with the weights of that norm, but not divided by anything.
    ///
    /// # Errors
    /// A layer, neuron or adapter that does not exist, or a failing GPU.
    pub async fn neuron(
        &mut self,
        adapter: u32,
        layer: u32,
        neuron: u32,
    ) -> Result<Vec<f32>, EngineError> {
        let (neurons, layers) = (self.model.plan.neurons(layer as usize), self.layers());
        check("the layer", layer.into(), layers)?;
        check("the neuron", neuron.into(), neurons)?;
        check("the adapter", adapter.into(), self.adapters().saturating_add(1))?;
        let plan = &self.model.plan;
        let products = plan.gated(layer as usize).map(Op::out);
        let (Some(down), Some(products)) = (plan.down(layer as usize), products) else {
            return Ok(Vec::new());
        };
        let mut one = vec![0.0; neurons as usize];
        one[neuron as usize] = 1.0;
        let mut column = self.product(down.matrix, None, products, &one, adapter).await?;
        if let Some(norm) = down.norm {
            let weights = self.vector(norm).await?;
            column.iter_mut().zip(&weights).for_each(|(value, weight)| *value *= weight);
        }
        Ok(column)
    }

    async fn vector(&self, id: VectorId) -> Result<Vec<f32>, EngineError> {
        match &self.backend {
            Backend::Cpu(machine) => Ok(machine.vector(id).to_vec()),
            Backend::Gpu(machine) => Ok(machine.vector(id).await?),
        }
    }

    async fn look_up(&mut self, lookup: &Op, ids: &[u32]) -> Result<Vec<f32>, EngineError> {
        for id in ids {
            check("the token id", (*id).into(), self.vocab())?;
        }
        self.epoch += 1;
        let mut rows = Vec::new();
        for ids in ids.chunks(self.options.max_rows.max(1) as usize) {
            match &mut self.backend {
                Backend::Cpu(machine) => rows.extend(machine.look_up(lookup, ids)),
                Backend::Gpu(machine) => rows.extend(machine.look_up(lookup, ids).await?),
            }
        }
        Ok(rows)
    }

    /// `x`: an activation as wide as the matrix has inputs.
    async fn product(
        &mut self,
        matrix: MatrixId,
        norm: Option<Norm>,
        x: BufferId,
        values: &[f32],
        adapter: u32,
    ) -> Result<Vec<f32>, EngineError> {
        let width = self.model.plan.buffers[x.0] as usize;
        if !values.len().is_multiple_of(width) {
            return Err(EngineError::OutOfRange {
                what: "the number of components",
                value: values.len() as u64,
                allowed: format!("a multiple of {width}"),
            });
        }
        self.epoch += 1;
        let mut all = Vec::new();
        for values in values.chunks(Backend::logit_rows(self.options) as usize * width) {
            let products = match &mut self.backend {
                Backend::Cpu(machine) => machine.product(matrix, norm, values, adapter),
                Backend::Gpu(machine) => machine.product(matrix, norm, x, values, adapter).await?,
            };
            all.extend(products);
        }
        Ok(all)
    }

    fn check_interventions(&self, interventions: &Interventions) -> Result<(), EngineError> {
        let (layers, heads) = (self.layers(), self.heads());
        let Interventions { heads: head_scales, sub_layers, neurons, patches } = interventions;
        for (layer, head, _) in head_scales {
            check("the layer", *layer as u64, layers)?;
            check("the head", *head as u64, heads)?;
        }
        for (layer, ..) in sub_layers {
            check("the layer", *layer as u64, layers)?;
        }
        for (layer, neuron, _) in neurons {
            check("the layer", *layer as u64, layers)?;
            check("the neuron", *neuron as u64, self.model.plan.neurons(*layer))?;
        }
        for patch in patches {
            check("the layer", patch.layer as u64, layers + 1)?;
            let (value, width) = (patch.residual.len() as u64, self.d_model());
            if value != u64::from(width) {
                let allowed = width.to_string();
                return Err(EngineError::OutOfRange { what: "the patch's width", value, allowed });
            }
        }
        let scales = head_scales.iter().chain(neurons).map(|(.., scale)| *scale);
        let mut numbers = scales
            .chain(sub_layers.iter().map(|(.., scale)| *scale))
            .chain(patches.iter().flat_map(|patch| patch.residual.iter().copied()));
        if numbers.all(f32::is_finite) {
            return Ok(());
        }
        let allowed = "a finite number".to_owned();
        Err(EngineError::OutOfRange { what: "a scale or patch", value: 0, allowed })
    }
}

/// Is `value` below `end`?
fn check(what: &'static str, value: u64, end: u32) -> Result<(), EngineError> {
    if value < end.into() {
        return Ok(());
    }
    Err(EngineError::OutOfRange { what, value, allowed: format!("below {end}") })
}
