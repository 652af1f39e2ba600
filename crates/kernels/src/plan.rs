//! A model as plain data.
//!
//! A [`Plan`] says which kernels run on which tensors, in order. It names logical tensors only: how
//! weights are packed and kernels fused is up to the backend that runs it. The batch is a flat list of
//! rows, each a token at a position of a sequence, so every activation has the shape (rows, width).

/// An activation, shape (rows, width).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BufferId(pub usize);
/// A weight matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MatrixId(pub usize);
/// A weight vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VectorId(pub usize);

/// One or more tensors of equal input width, stacked along the output axis: shape (out, in).
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// GGUF tensor names, first outputs first.
    pub tensors: Vec<String>,
    /// Inputs.
    pub inputs: u32,
    /// Outputs of each tensor.
    pub outputs: Vec<u32>,
}

impl Matrix {
    /// Outputs of all tensors together.
    pub fn outs(&self) -> u32 {
        self.outputs.iter().sum()
    }
}

/// One or more f32 tensors, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// GGUF tensor names.
    pub tensors: Vec<String>,
    /// Length of each tensor.
    pub width: u32,
}

/// RMS normalization with a weight vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Norm {
    /// Weight, as long as the row.
    pub weight: VectorId,
    /// Added to the mean square.
    pub eps: f32,
}

/// What a matrix product does with its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Epilogue {
    /// `out = y`
    Store,
    /// `out += y`
    Add,
    /// First half of the outputs gates the second: `out = gate(y[..n]) * y[n..]`
    Gated(Gate),
}

/// Gate function of the feed-forward sub-layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// `x * sigmoid(x)`
    Silu,
    /// GELU, tanh form.
    GeluTanh,
}

/// How rotary embedding pairs the components of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RopePairs {
    /// (2i, 2i + 1): the order llama GGUF files are stored for.
    Interleaved,
    /// (i, i + head_width / 2): as in GPT-NeoX.
    Halves,
}

/// Sizes of the attention heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heads {
    /// Query heads.
    pub heads: u32,
    /// Key/value heads; each serves `heads / kv_heads` query heads.
    pub kv_heads: u32,
    /// Components per head.
    pub width: u32,
}

impl Heads {
    /// Width of a row that holds all queries, keys and values.
    pub fn qkv_width(&self) -> u32 {
        (self.heads + 2 * self.kv_heads) * self.width
    }
    /// Width of all queries, or of the attention output.
    pub fn q_width(&self) -> u32 {
        self.heads * self.width
    }
    /// Width of all keys, or of all values.
    pub fn kv_width(&self) -> u32 {
        self.kv_heads * self.width
    }
}

/// One kernel call, seen logically.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the formula above each op names its fields")]
pub enum Op {
    /// `out[row] = scale * table[token(row)]`
    Embed { table: MatrixId, scale: f32, out: BufferId },
    /// `out = epilogue(matrix * norm(x))`
    Linear { matrix: MatrixId, norm: Option<Norm>, x: BufferId, epilogue: Epilogue, out: BufferId },
    /// `out += norm(x)`
    AddNorm { norm: Norm, x: BufferId, out: BufferId },
    /// Rotates queries and keys of `qkv` (rows, heads + 2 * kv_heads, width) after an optional norm per
    /// head; stores keys and values in the layer's cache.
    Rope {
        layer: usize,
        qkv: BufferId,
        heads: Heads,
        pairs: RopePairs,
        base: f32,
        norm: Option<HeadNorm>,
    },
    /// `out = softmax(scale * q K) V` over the layer's cache; a query sees `window` keys, itself included.
    Attention {
        layer: usize,
        qkv: BufferId,
        heads: Heads,
        scale: f32,
        window: Option<u32>,
        out: BufferId,
    },
}

impl Op {
    /// The activation it writes.
    pub fn out(&self) -> BufferId {
        match self {
            Self::Embed { out, .. }
            | Self::Linear { out, .. }
            | Self::AddNorm { out, .. }
            | Self::Attention { out, .. } => *out,
            Self::Rope { qkv, .. } => *qkv,
        }
    }
}

/// RMS norm of each query and key head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadNorm {
    /// Query weights, then key weights: (2, head width).
    pub weight: VectorId,
    /// Added to the mean square.
    pub eps: f32,
}

/// A model as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Width of every activation.
    pub buffers: Vec<u32>,
    /// Weight matrices.
    pub matrices: Vec<Matrix>,
    /// Weight vectors.
    pub vectors: Vec<Vector>,
    /// Token embedding.
    pub embed: Op,
    /// The blocks, each the ops of one layer. Between them, `residual` holds the residual stream.
    pub blocks: Vec<Vec<Op>>,
    /// The residual stream.
    pub residual: BufferId,
    /// Final norm.
    pub final_norm: Norm,
    /// Output matrix: (vocab, d_model).
    pub unembed: MatrixId,
    /// Attention heads of every layer (all layers alike).
    pub heads: Heads,
}

impl Plan {
    /// Width of the residual stream.
    pub fn d_model(&self) -> u32 {
        self.buffers[self.residual.0]
    }
    /// Tokens in the vocabulary.
    pub fn vocab(&self) -> u32 {
        self.matrices[self.unembed.0].outs()
    }
    /// Matrices that are looked up or give logits: embedding and output.
    pub fn tables(&self) -> Vec<usize> {
        let mut tables = vec![self.unembed.0];
        if let Op::Embed { table, .. } = self.embed {
            tables.push(table.0);
        }
        tables
    }
    /// Every GGUF tensor the plan reads.
    pub fn tensors(&self) -> impl Iterator<Item = &str> {
        let matrices = self.matrices.iter().flat_map(|m| &m.tensors);
        matrices.chain(self.vectors.iter().flat_map(|v| &v.tensors)).map(String::as_str)
    }
}

/// Builds a [`Plan`] in the order a model's paper tells it.
#[derive(Debug, Default)]
pub struct PlanBuilder {
    buffers: Vec<u32>,
    matrices: Vec<Matrix>,
    vectors: Vec<Vector>,
    embed: Option<Op>,
    blocks: Vec<Vec<Op>>,
}

impl PlanBuilder {
    /// A new activation of shape (rows, width).
    pub fn buffer(&mut self, width: u32) -> BufferId {
        self.buffers.push(width);
        BufferId(self.buffers.len() - 1)
    }

    /// A matrix made of tensors `(name, outputs)` stacked along the output axis. The same stack is
    /// stored once, however often it is asked for.
    pub fn matrix(&mut self, inputs: u32, tensors: &[(String, u32)]) -> MatrixId {
        let matrix = Matrix {
            tensors: tensors.iter().map(|(name, _)| name.clone()).collect(),
            inputs,
            outputs: tensors.iter().map(|(_, outputs)| *outputs).collect(),
        };
        if let Some(at) = self.matrices.iter().position(|known| *known == matrix) {
            return MatrixId(at);
        }
        self.matrices.push(matrix);
        MatrixId(self.matrices.len() - 1)
    }

    /// A norm with the named weight of the given width.
    pub fn norm(&mut self, tensor: impl Into<String>, width: u32, eps: f32) -> Norm {
        self.vectors.push(Vector { tensors: vec![tensor.into()], width });
        Norm { weight: VectorId(self.vectors.len() - 1), eps }
    }

    /// A norm per head for queries and keys.
    pub fn head_norm(&mut self, query: String, key: String, width: u32, eps: f32) -> HeadNorm {
        self.vectors.push(Vector { tensors: vec![query, key], width });
        HeadNorm { weight: VectorId(self.vectors.len() - 1), eps }
    }

    /// Token embedding, times `scale`.
    pub fn embed(&mut self, table: MatrixId, scale: f32, out: BufferId) {
        self.embed = Some(Op::Embed { table, scale, out });
    }

    /// Begins the next layer.
    pub fn block(&mut self) -> usize {
        self.blocks.push(Vec::new());
        self.blocks.len() - 1
    }

    /// Appends an op to the current layer.
    ///
    /// # Panics
    /// Before the first [`PlanBuilder::block`].
    pub fn op(&mut self, op: Op) {
        self.blocks.last_mut().expect("ops belong to a block").push(op);
    }

    /// The plan, with its final norm and output matrix.
    ///
    /// # Panics
    /// Without an [`PlanBuilder::embed`].
    pub fn finish(
        self,
        residual: BufferId,
        final_norm: Norm,
        unembed: MatrixId,
        heads: Heads,
    ) -> Plan {
        Plan {
            buffers: self.buffers,
            matrices: self.matrices,
            vectors: self.vectors,
            embed: self.embed.expect("a plan begins with an embedding"),
            blocks: self.blocks,
            residual,
            final_norm,
            unembed,
            heads,
        }
    }
}

/// Where a tensor of the file belongs in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The `part`-th tensor of a matrix.
    Matrix {
        /// The matrix.
        id: MatrixId,
        /// Index into [`Matrix::tensors`].
        part: usize,
    },
    /// The `part`-th tensor of a vector.
    Vector {
        /// The vector.
        id: VectorId,
        /// Index into [`Vector::tensors`].
        part: usize,
    },
}

impl Plan {
    /// Where the named tensor belongs, if the plan reads it.
    pub fn slot(&self, tensor: &str) -> Option<Slot> {
        let part_of = |tensors: &[String]| tensors.iter().position(|name| name == tensor);
        let matrix = self.matrices.iter().enumerate().find_map(|(i, matrix)| {
            part_of(&matrix.tensors).map(|part| Slot::Matrix { id: MatrixId(i), part })
        });
        matrix.or_else(|| {
            self.vectors.iter().enumerate().find_map(|(i, vector)| {
                part_of(&vector.tensors).map(|part| Slot::Vector { id: VectorId(i), part })
            })
        })
    }

    /// Bases of rotary embedding in use, each once.
    pub fn rope_bases(&self) -> Vec<f32> {
        let mut bases = Vec::new();
        for op in self.blocks.iter().flatten() {
            if let Op::Rope { base, .. } = op
                && !bases.contains(base)
            {
                bases.push(*base);
            }
        }
        bases
    }
}
