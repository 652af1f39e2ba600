//! The shipped Sprout with its stages, run by the engine on the CPU.

mod columns;
mod inside;

use std::fs;
use std::path::{Path, PathBuf};

use engine::adapter::Adapter;
use engine::{Device, Engine, EngineOptions, Loader};
use formats::gguf::Header;
use formats::manifest::{self, AdapterFiles};
use formats::quant::dequantize;
use share::Scene;
use share::lesson::{Measure, Observed, TextMeasure};
use share::scene::View;
use text::{Overrides, Tokenizer};

pub(crate) use columns::settings;

/// Sprout's own context; no lesson needs more.
const CONTEXT: u32 = 512;

/// A model with its stages.
pub(crate) struct Sprout {
    engine: Engine,
    tokenizer: Tokenizer,
    stages: Vec<Stage>,
    reward: Option<u32>,
    /// (vocab, width)
    embedding: Vec<f32>,
    /// Factors of the final norm: (width)
    norm: Vec<f32>,
    epsilon: f32,
}

struct Stage {
    id: String,
    /// In the engine; 0 is the base.
    adapter: u32,
    chat: bool,
}

impl Sprout {
    /// Loads what `web/models/sprout.json` names.
    pub(crate) fn load() -> Self {
        let json = fs::read_to_string(site("models/sprout.json")).unwrap();
        let manifest = manifest::parse(&json).unwrap();
        let file = fs::read(site(&manifest.files[0].local)).unwrap();
        let options = EngineOptions { context: CONTEXT, sequences: 1, max_rows: CONTEXT };
        let mut loader = Loader::new(Device::cpu(), options, file.len() as u64);
        loader.push(&file).unwrap();
        let header = loader.header().unwrap().clone();
        let mut engine = pollster::block_on(loader.finish()).unwrap();
        let tokenizer = Tokenizer::from_gguf(&header, &Overrides::from(&manifest)).unwrap();

        let trio = manifest.trio.as_ref().unwrap();
        let mut adapters: Vec<Adapter> = Vec::new();
        let mut add = |files: &AdapterFiles| {
            adapters.push(adapter(&header, files));
            adapters.len() as u32
        };
        let mut stages = Vec::new();
        for stage in &trio.stages {
            let adapter = stage.adapter.as_ref().map_or(0, &mut add);
            stages.push(Stage { id: stage.id.to_string(), adapter, chat: stage.chat });
        }
        let reward = trio.reward.as_ref().map(|reward| add(&reward.adapter));
        engine.set_adapters(&adapters).unwrap();
        let epsilon = header.f32("llama.attention.layer_norm_rms_epsilon").unwrap();
        Self {
            engine,
            tokenizer,
            stages,
            reward,
            embedding: weights(&header, &file, "token_embd.weight"),
            norm: weights(&header, &file, "output_norm.weight"),
            epsilon,
        }
    }

    /// Runs a scene and looks at what is asked for.
    pub(crate) fn observe(
        &mut self,
        scene: &Scene,
        measures: &[&Measure],
        texts: &[&TextMeasure],
    ) -> Observed {
        let mut observed = Observed::default();
        if matches!(scene.view, View::Lab(_)) {
            return observed;
        }
        let runs: Vec<columns::Run> =
            (0..scene.columns.len()).map(|column| self.run(scene, column)).collect();
        observed.columns = runs.iter().map(|run| run.observed.clone()).collect();
        if let View::Compare(view) = &scene.view {
            if let Some(count) = view.samples {
                observed.samples = self.samples(scene, view.column as usize, count);
            }
            if let Some(answer) = view.score {
                self.score(scene, &runs, answer as usize, &mut observed.columns);
            }
        }
        let needs_heads =
            measures.iter().any(|measure| {
                matches!(
                    measure,
                    Measure::Attention { .. }
                        | Measure::PreviousToken { .. }
                        | Measure::FirstToken { .. }
                )
            }) || texts.iter().any(|text| matches!(text, TextMeasure::Attended { .. }));
        if needs_heads {
            observed.heads = self.heads(&runs[0]);
        }
        let needs_lens = measures.iter().any(|measure| matches!(measure, Measure::Settles))
            || texts.iter().any(|text| matches!(text, TextMeasure::Lens { .. }));
        if needs_lens {
            observed.lens = self.lens(&runs[0]);
        }
        for measure in measures {
            if let Measure::Similarity { a, b } = measure {
                observed.similarities.push(self.similarity(a, b));
            }
        }
        observed
    }
}

/// A file of the site.
fn site(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web").join(path)
}

fn adapter(header: &Header, files: &AdapterFiles) -> Adapter {
    let config = fs::read_to_string(site(&files.config.path)).unwrap();
    let weights = fs::read(site(&files.weights.path)).unwrap();
    engine::read_adapter(header, &config, &weights).unwrap()
}

fn weights(header: &Header, file: &[u8], name: &str) -> Vec<f32> {
    let tensor = header.tensor(name).unwrap();
    let bytes = &file[tensor.offset as usize..(tensor.offset + tensor.bytes) as usize];
    let mut weights = vec![0.0; tensor.weights() as usize];
    dequantize(tensor.dtype, bytes, &mut weights).unwrap();
    weights
}
