//! Single lookups and products, for those who look at weights and at residual vectors from elsewhere.

use crate::error::GpuError;
use crate::lower::Lowering;
use crate::machine::Machine;
use kernels::params::Row;
use kernels::plan::{BufferId, MatrixId, Norm, Op, VectorId};

impl Machine {
    /// What a lookup gives for at most `max_rows` tokens: (tokens, d_model). Takes the place of the last batch.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn look_up(&mut self, lookup: &Op, tokens: &[u32]) -> Result<Vec<f32>, GpuError> {
        let rows: Vec<Row> = tokens.iter().map(|&token| Row { token, ..Row::default() }).collect();
        let class = self.batch(&rows)?;
        let mut lowering =
            Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, &self.resources, class);
        lowering.op(lookup, None)?;
        let program = lowering.finish();
        self.submit([&program], rows.len() as u32, None);
        self.activation(lookup.out()).await
    }

    /// `matrix * norm(x)` with what the adapter changes: (rows, outs), of at most `logit_rows` rows `values` (rows,
    /// inputs). They take the place of the activation `x`, which has that width, and of the last batch. The matrix
    /// is a table, or has as many outputs as the residual stream is wide.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn product(
        &mut self,
        matrix: MatrixId,
        norm: Option<Norm>,
        x: BufferId,
        values: &[f32],
        adapter: u32,
    ) -> Result<Vec<f32>, GpuError> {
        let width = self.plan.buffers[x.0];
        let count = (values.len() / width as usize) as u32;
        let outs = self.plan.matrices[matrix.0].outs();
        let is_table = self.plan.tables().contains(&matrix.0);
        if count == 0
            || count > self.options.logit_rows
            || !(is_table || outs == self.plan.d_model())
        {
            let reason = format!("{count} rows of {outs} outputs have no place to go");
            return Err(GpuError::Refused { reason });
        }
        let class = self.batch(&vec![Row { adapter, ..Row::default() }; count as usize])?;
        self.gpu.write(&self.resources.activations[x.0], 0, bytemuck::cast_slice(values));
        let r = &self.resources;
        let out = if is_table { &r.logits } else { &r.normed };
        let mut lowering = Lowering::new(&self.gpu, &mut self.pipelines, &self.plan, r, class);
        lowering.product(matrix, norm, x, (out, outs))?;
        let program = lowering.finish();
        self.submit([&program], count, None);
        self.read_floats(out, u64::from(count) * u64::from(outs) * 4).await
    }

    /// A weight vector.
    ///
    /// # Errors
    /// See [`Machine::ready`].
    pub async fn vector(&self, id: VectorId) -> Result<Vec<f32>, GpuError> {
        let buffer = &self.resources.vectors[id.0];
        let vector = &self.plan.vectors[id.0];
        let length = u64::from(vector.width) * vector.tensors.len() as u64;
        self.read_floats(buffer, length * 4).await
    }
}
