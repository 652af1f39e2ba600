use crate::device::{Device, Kind};
use crate::engine::EngineOptions;
use crate::error::EngineError;
use crate::settings::Counters;
use formats::gguf::TensorInfo;
use kernels::Plan;

/// A machine on either side.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one per engine, never moved in bulk")]
pub(crate) enum Backend {
    Cpu(kernels::cpu::Machine),
    Gpu(gpu::Machine),
}

/// Rows whose logits are computed at once when a text is scored.
const LOGIT_ROWS: u32 = 16;

impl Backend {
    pub(crate) fn new(
        device: &Device,
        plan: Plan,
        tensors: &[TensorInfo],
        options: EngineOptions,
    ) -> Result<Self, EngineError> {
        let EngineOptions { context, sequences, max_rows } = options;
        Ok(match &device.0 {
            Kind::Cpu => {
                let options = kernels::cpu::MachineOptions {
                    context: context as usize,
                    sequences: sequences as usize,
                    fast: true,
                };
                Self::Cpu(kernels::cpu::Machine::new(plan, tensors, options)?)
            }
            Kind::Gpu(gpu) => {
                let logit_rows = sequences.max(LOGIT_ROWS);
                let options = gpu::MachineOptions { context, sequences, max_rows, logit_rows };
                Self::Gpu(gpu::Machine::new(gpu, plan, tensors, options)?)
            }
        })
    }

    pub(crate) fn write(&mut self, tensor: &TensorInfo, bytes: &[u8]) -> Result<(), EngineError> {
        match self {
            Self::Cpu(machine) => Ok(machine.write(tensor, bytes)?),
            Self::Gpu(machine) => Ok(machine.write(tensor, bytes)?),
        }
    }

    pub(crate) async fn ready(&mut self) -> Result<(), EngineError> {
        match self {
            Self::Cpu(_) => Ok(()),
            Self::Gpu(machine) => Ok(machine.ready().await?),
        }
    }

    pub(crate) fn weight_bytes(&self) -> u64 {
        match self {
            Self::Cpu(machine) => machine.weight_bytes(),
            Self::Gpu(machine) => machine.weight_bytes(),
        }
    }

    pub(crate) fn logit_rows(options: EngineOptions) -> u32 {
        options.sequences.max(LOGIT_ROWS)
    }

    pub(crate) fn counters(&self) -> Counters {
        match self {
            Self::Cpu(machine) => Counters {
                dispatches: machine.kernel_calls(),
                weight_bytes: machine.weight_bytes(),
                ..Counters::default()
            },
            Self::Gpu(machine) => {
                let gpu::Counters {
                    dispatches,
                    submits,
                    objects_created,
                    bytes_read_back,
                    bytes_uploaded,
                } = machine.gpu().counters();
                Counters {
                    dispatches,
                    submits,
                    objects_created,
                    bytes_read_back,
                    bytes_uploaded,
                    weight_bytes: machine.weight_bytes(),
                }
            }
        }
    }
}
