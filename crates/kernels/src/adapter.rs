//! Low-rank adapters (Hu et al. 2021, LoRA), chosen per row of a batch and added on the fly:
//! `y = W x + B (A x)`.

use crate::plan::Plan;
use std::collections::BTreeMap;

/// Low-rank change of one weight tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct LowRank {
    /// Inner width.
    pub rank: u32,
    /// (rank, in)
    pub a: Vec<f32>,
    /// (out, rank), with the adapter's scale in it.
    pub b: Vec<f32>,
}

/// What an adapter changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Adapter {
    /// By GGUF name of the base's tensor, such as `blk.0.attn_q.weight`.
    pub tensors: BTreeMap<String, LowRank>,
    /// Weights of a scalar head on the final norm's output, of a reward model: (d_model).
    pub head: Option<Vec<f32>>,
}

/// Most adapters at once.
pub const MAX_ADAPTERS: usize = 16;
/// Largest inner width.
pub const MAX_RANK: u32 = 256;
/// Tensors of one stacked matrix (query, key and value).
pub const MAX_PARTS: usize = 3;

/// All adapters of a machine, for one matrix of its plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    /// Inner width of every adapter, filled up with zeros to the largest and to a multiple of four.
    pub rank: u32,
    /// Inputs.
    pub inputs: u32,
    /// Where the outputs of each tensor end, in outputs of the matrix.
    pub ends: Vec<u32>,
    /// (adapters, tensors * rank, in)
    pub a: Vec<f32>,
    /// (adapters, outs, rank)
    pub b: Vec<f32>,
}

impl Packed {
    /// Outputs of the matrix.
    pub fn outs(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Inner values of a row: one group of `rank` for each tensor.
    pub fn inner(&self) -> u32 {
        self.ends.len() as u32 * self.rank
    }

    /// Which tensor output `o` belongs to.
    pub fn part(&self, o: u32) -> usize {
        self.ends.iter().position(|end| o < *end).unwrap_or(0)
    }
}

/// Adapters that do not fit the model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdapterError {
    /// Too many.
    #[error("there are {count} adapters; at most {MAX_ADAPTERS} can be loaded at once")]
    TooMany {
        /// How many were given.
        count: usize,
    },
    /// No such tensor, or one that adapters may not change.
    #[error("the adapter changes '{tensor}', which is not a linear layer of this model")]
    NotLinear {
        /// GGUF name.
        tensor: String,
    },
    /// Sizes that do not match the base.
    #[error(
        "the adapter's change of '{tensor}' has sizes that do not fit: rank {rank}, {a} and {b} numbers for {inputs} inputs and {outputs} outputs"
    )]
    Shape {
        /// GGUF name.
        tensor: String,
        /// Inner width.
        rank: u32,
        /// Numbers in A.
        a: usize,
        /// Numbers in B.
        b: usize,
        /// The tensor's inputs.
        inputs: u32,
        /// The tensor's outputs.
        outputs: u32,
    },
    /// A reward head of another width.
    #[error("the reward head has {found} weights, the model's width is {expected}")]
    Head {
        /// Width of the residual stream.
        expected: u32,
        /// Numbers in the head.
        found: usize,
    },
}

/// Packs adapters for a plan: one entry for each of its matrices, `None` where no adapter changes it.
///
/// # Errors
/// Adapters that change what the plan does not have as a linear layer, or of other sizes.
pub fn pack(plan: &Plan, adapters: &[Adapter]) -> Result<Vec<Option<Packed>>, AdapterError> {
    if adapters.len() > MAX_ADAPTERS {
        return Err(AdapterError::TooMany { count: adapters.len() });
    }
    for adapter in adapters {
        check(plan, adapter)?;
    }
    Ok((0..plan.matrices.len()).map(|id| pack_matrix(plan, id, adapters)).collect())
}

fn check(plan: &Plan, adapter: &Adapter) -> Result<(), AdapterError> {
    if let Some(head) = &adapter.head
        && head.len() != plan.d_model() as usize
    {
        return Err(AdapterError::Head { expected: plan.d_model(), found: head.len() });
    }
    let tables = plan.tables();
    for (tensor, change) in &adapter.tensors {
        let place = plan.matrices.iter().enumerate().find_map(|(id, matrix)| {
            let part = matrix.tensors.iter().position(|name| name == tensor)?;
            (!tables.contains(&id)).then(|| (matrix.inputs, matrix.outputs[part]))
        });
        let Some((inputs, outputs)) = place else {
            return Err(AdapterError::NotLinear { tensor: tensor.clone() });
        };
        let LowRank { rank, a, b } = change;
        let fits = |numbers: &[f32], width: u32| {
            numbers.len() as u64 == u64::from(*rank) * u64::from(width)
        };
        if *rank == 0 || *rank > MAX_RANK || !fits(a, inputs) || !fits(b, outputs) {
            let tensor = tensor.clone();
            let (rank, a, b) = (*rank, a.len(), b.len());
            return Err(AdapterError::Shape { tensor, rank, a, b, inputs, outputs });
        }
    }
    Ok(())
}

fn pack_matrix(plan: &Plan, id: usize, adapters: &[Adapter]) -> Option<Packed> {
    let matrix = &plan.matrices[id];
    let changes =
        || adapters.iter().flat_map(|a| matrix.tensors.iter().map(|name| a.tensors.get(name)));
    let rank = changes().flatten().map(|change| change.rank).max()?.next_multiple_of(4) as usize;
    let inputs = matrix.inputs as usize;
    let mut ends = Vec::new();
    for outputs in &matrix.outputs {
        ends.push(ends.last().unwrap_or(&0) + outputs);
    }
    let mut packed = Packed {
        rank: rank as u32,
        inputs: matrix.inputs,
        ends,
        a: vec![0.0; adapters.len() * matrix.tensors.len() * rank * inputs],
        b: vec![0.0; adapters.len() * matrix.outs() as usize * rank],
    };
    let outputs = matrix.outputs.iter().cycle();
    let mut first_output = 0;
    for (group, (change, outputs)) in changes().zip(outputs).enumerate() {
        let outputs = *outputs as usize;
        if let Some(LowRank { rank: own, a, b }) = change {
            let at = group * rank * inputs;
            packed.a[at..at + a.len()].copy_from_slice(a);
            let own = *own as usize;
            for (o, b) in b.chunks_exact(own).enumerate() {
                let at = (first_output + o) * rank;
                packed.b[at..at + own].copy_from_slice(b);
            }
        }
        first_output += outputs;
    }
    Some(packed)
}
