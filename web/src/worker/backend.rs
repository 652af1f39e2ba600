//! From what the reader chose to a device.

use engine::Device;

use super::clock;
use super::failure::chain;
use super::js;
use crate::protocol::{BackendChoice, Failure, FailureKind};

/// After a driver reset the browser may have no adapter for a moment.
const RETRIES: u32 = 4;
const RETRY_MS: u32 = 400;

/// A device and, if `Auto` could not take the GPU, why not.
pub(super) struct Chosen {
    pub(super) device: Device,
    pub(super) fallback_reason: Option<String>,
}

/// Does this browser have WebGPU at all?
pub(super) fn has_webgpu() -> bool {
    let gpu = js::property(&js::scope().navigator(), "gpu");
    !gpu.is_undefined() && !gpu.is_null()
}

/// Takes the device that was asked for.
pub(super) async fn choose(choice: BackendChoice) -> Result<Chosen, Failure> {
    match choice {
        BackendChoice::Cpu => Ok(Chosen { device: Device::cpu(), fallback_reason: None }),
        BackendChoice::Gpu => match gpu().await {
            Ok(device) => Ok(Chosen { device, fallback_reason: None }),
            Err(reason) => Err(Failure::new(FailureKind::NoWebGpu, reason)),
        },
        BackendChoice::Auto => {
            let reason = match gpu().await {
                Ok(device) if !device.is_software() => {
                    return Ok(Chosen { device, fallback_reason: None });
                }
                // The CPU twins are faster than a GPU that is simulated on the CPU.
                Ok(device) => format!("software adapter: {}", device.adapter_name()),
                Err(reason) => reason,
            };
            Ok(Chosen { device: Device::cpu(), fallback_reason: Some(reason) })
        }
    }
}

/// A new GPU device in place of a lost one.
pub(super) async fn gpu_again() -> Result<Device, Failure> {
    let mut tries = 0;
    loop {
        match gpu().await {
            Ok(device) => return Ok(device),
            Err(reason) if tries == RETRIES => {
                return Err(Failure::new(FailureKind::DeviceLost, reason));
            }
            Err(_) => {
                tries += 1;
                clock::wait(RETRY_MS).await;
            }
        }
    }
}

/// A GPU device, or why there is none.
async fn gpu() -> Result<Device, String> {
    if !has_webgpu() {
        return Err("navigator.gpu is missing".to_owned());
    }
    Device::gpu().await.map_err(|error| chain(&error))
}
