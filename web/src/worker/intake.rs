//! Takes a model file in, piece by piece: hash, loader, tokenizer. The file is never held as a whole.

use engine::adapter::Adapter;
use engine::{Device, Engine, EngineOptions, Loader};
use sha2::{Digest, Sha256};
use text::{Overrides, Tokenizer};

use super::progress::Progress;
use crate::protocol::{Failure, FailureKind, LoadStage};

/// Bytes read at a time; one buffer of this size is all that a load holds of its file.
pub(super) const PIECE: usize = 2 << 20;

/// A model file on its way into an engine.
pub(super) struct Intake<'a> {
    pub(super) progress: Progress,
    loader: Loader,
    /// Absent where a file's hash is known already, or nobody knows what it should be.
    hasher: Option<Sha256>,
    /// Built as soon as the header is here, so that a file nobody can read stops early.
    tokenizer: Option<Tokenizer>,
    overrides: &'a Overrides,
    taken: u64,
    total: u64,
    /// Bytes of adapter files.
    beside: u64,
}

impl<'a> Intake<'a> {
    /// For a file of `total` bytes. A tokenizer that is here already is not built again.
    pub(super) fn new(
        device: Device,
        options: EngineOptions,
        total: u64,
        overrides: &'a Overrides,
        tokenizer: Option<Tokenizer>,
        progress: Progress,
    ) -> Self {
        let loader = Loader::new(device, options, total);
        Self { progress, loader, hasher: None, tokenizer, overrides, taken: 0, total, beside: 0 }
    }

    /// From now on every byte is hashed. To be called before the first one.
    pub(super) fn hash(&mut self) {
        self.hasher = Some(Sha256::new());
    }

    /// A new stage begins.
    pub(super) fn enter(&mut self, stage: LoadStage) {
        self.progress.enter(stage, self.taken + self.beside);
    }

    /// Takes the next bytes of the file.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let taken = self.taken + bytes.len() as u64;
        if taken > self.total {
            let detail = format!("more than the {} bytes that the file should have", self.total);
            return Err(Failure::new(FailureKind::CorruptedFile, detail));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        self.loader.push(bytes)?;
        if self.tokenizer.is_none()
            && let Some(header) = self.loader.header()
        {
            self.tokenizer = Some(Tokenizer::from_gguf(header, self.overrides)?);
        }
        self.taken = taken;
        self.progress.reach(taken);
        Ok(())
    }

    /// Bytes still missing.
    pub(super) fn missing(&self) -> u64 {
        self.total - self.taken
    }

    /// Compares what was hashed with what it should be.
    pub(super) fn verify(&mut self, sha256: &str) -> Result<(), Failure> {
        self.enter(LoadStage::Verifying);
        let Some(hasher) = self.hasher.take() else { return Ok(()) };
        let found = hex(&hasher.finalize());
        if found == sha256 {
            return Ok(());
        }
        let detail = format!("SHA-256 is {found}, should be {sha256}");
        Err(Failure::new(FailureKind::CorruptedFile, detail))
    }

    /// Reads an adapter for the model whose file has been taken in.
    pub(super) fn adapter(&mut self, config: &[u8], weights: &[u8]) -> Result<Adapter, Failure> {
        let Some(header) = self.loader.header() else {
            return Err(Failure::new(FailureKind::CorruptedFile, "the file has no header"));
        };
        let config_text = String::from_utf8_lossy(config);
        let adapter = engine::read_adapter(header, &config_text, weights)?;
        self.beside += (config.len() + weights.len()) as u64;
        self.progress.reach(self.taken + self.beside);
        Ok(adapter)
    }

    /// Builds the engine once everything is here.
    pub(super) async fn finish(mut self) -> Result<(Engine, Tokenizer), Failure> {
        self.enter(LoadStage::Preparing);
        let engine = self.loader.finish().await?;
        let Some(tokenizer) = self.tokenizer else {
            // An engine without a header cannot be; still, its memory is given back.
            engine.destroy();
            return Err(Failure::new(FailureKind::Internal, "the file had no header"));
        };
        Ok((engine, tokenizer))
    }
}

/// A hash as the manifests write it.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_written_as_the_manifests_write_them() {
        assert_eq!(
            hex(&Sha256::digest(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
