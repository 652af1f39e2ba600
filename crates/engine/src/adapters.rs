use crate::error::EngineError;
use formats::gguf::Header;
use formats::peft::PeftAdapter;
use kernels::adapter::Adapter;

/// Reads an adapter in PEFT's file format for the model that `header` describes: the text of
/// `adapter_config.json` and the bytes of `adapter_model.safetensors`.
///
/// # Errors
/// Broken files, kinds of adapters this engine does not know, and adapters of other models.
pub fn read_adapter(header: &Header, config: &str, weights: &[u8]) -> Result<Adapter, EngineError> {
    let peft = PeftAdapter::read(config, weights)?;
    Ok(models::adapter(header, &peft)?)
}
