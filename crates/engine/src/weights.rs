//! The weights as the backend holds them, to be looked at.

use crate::backend::Backend;
use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// Bytes of each part of the weights, adapters among them. On the CPU a part is a tensor as it lies in the file,
    /// on the GPU a buffer as it was packed: so both are compared with themselves only.
    pub fn weight_parts(&self) -> Vec<u64> {
        match &self.backend {
            Backend::Cpu(machine) => machine.weight_parts().map(|part| part.len() as u64).collect(),
            Backend::Gpu(machine) => machine.weight_parts(),
        }
    }

    /// A piece of a part, at most `most` bytes (a multiple of four) from `at` on; empty beyond its end. From the GPU it
    /// is read back.
    ///
    /// # Errors
    /// A failing GPU.
    pub async fn read_weights(
        &self,
        part: usize,
        at: u64,
        most: u64,
    ) -> Result<Vec<u8>, EngineError> {
        match &self.backend {
            Backend::Cpu(machine) => {
                let Some(bytes) = machine.weight_parts().nth(part) else { return Ok(Vec::new()) };
                let end = at.saturating_add(most).min(bytes.len() as u64);
                Ok(bytes.get(at as usize..end as usize).unwrap_or_default().to_vec())
            }
            Backend::Gpu(machine) => Ok(machine.read_weights(part, at, most).await?),
        }
    }
}
