//! Which files a column's numbers come from, and what is different from where a link was made.

use formats::manifest::Manifest;
use share::Scene;

/// So many digits of a hash stand in a link: enough to tell any two files apart.
const DIGITS: usize = 16;

/// Beginnings of the hashes of a model's file and of a stage's adapter; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) file: String,
    pub(crate) adapter: String,
}

/// The files of a stage, as the catalogue has them.
pub(crate) fn origin(manifest: &Manifest, stage: &str) -> Origin {
    let short = |hash: &str| hash.chars().take(DIGITS).collect();
    let stages = manifest.trio.iter().flat_map(|trio| &trio.stages);
    let adapter = stages
        .filter(|own| own.id.as_str() == stage)
        .find_map(|own| own.adapter.as_ref())
        .map(|adapter| short(&adapter.weights.sha256));
    Origin {
        file: manifest.files.first().map(|file| short(&file.sha256)).unwrap_or_default(),
        adapter: adapter.unwrap_or_default(),
    }
}

/// Names of a model's stages, as requests use them.
pub(crate) fn stages(manifest: &Manifest) -> Vec<&'static str> {
    match &manifest.trio {
        Some(trio) => trio.stages.iter().map(|stage| stage.id.as_str()).collect(),
        None => vec![crate::protocol::ONLY_STAGE],
    }
}

/// Something of a scene that is not here as it was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Neither in the catalogue nor a file that the reader opened.
    NoModel(String),
    /// Model and stage: the model has no such stage.
    NoStage(String, String),
    /// The model's file is another one.
    File(String),
    /// Model and stage: the stage's adapter is another one.
    Adapter(String, String),
}

impl Difference {
    /// The name of the kind in `data-kind`.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NoModel(_) => "no_model",
            Self::NoStage(..) => "no_stage",
            Self::File(_) => "file",
            Self::Adapter(..) => "adapter",
        }
    }

    /// Does it keep the scene from running?
    pub(crate) fn is_in_the_way(&self) -> bool {
        matches!(self, Self::NoModel(_) | Self::NoStage(..))
    }
}

/// What a scene needs and does not find. `local`: names of the files that the reader opened.
pub(crate) fn differences(
    scene: &Scene,
    manifests: &[Manifest],
    local: &[String],
) -> Vec<Difference> {
    let mut out = Vec::new();
    for column in &scene.columns {
        let (model, stage) = (column.model.clone(), column.stage.clone());
        let manifest = manifests.iter().find(|entry| entry.id == model);
        let found = match manifest {
            None if local.contains(&model) => continue,
            None => Difference::NoModel(model),
            Some(manifest) if !stages(manifest).contains(&stage.as_str()) => {
                Difference::NoStage(model, stage)
            }
            Some(manifest) => {
                let here = origin(manifest, &stage);
                if is_other(&column.file, &here.file) {
                    Difference::File(model)
                } else if is_other(&column.adapter, &here.adapter) {
                    Difference::Adapter(model, stage)
                } else {
                    continue;
                }
            }
        };
        if !out.contains(&found) {
            out.push(found);
        }
    }
    out
}

/// Hashes are compared as far as both are known.
fn is_other(recorded: &str, here: &str) -> bool {
    recorded.chars().zip(here.chars()).any(|(a, b)| a != b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::manifest::parse;
    use share::scene::Column;

    fn catalogue() -> Vec<Manifest> {
        let sources = [
            include_str!("../../../models/sprout.json"),
            include_str!("../../../models/smollm2-135m-instruct.json"),
        ];
        sources.map(|json| parse(json).expect("our manifest")).into()
    }

    fn scene(model: &str, stage: &str) -> Scene {
        Scene { columns: vec![Column::new(model, stage)], ..Scene::default() }
    }

    #[test]
    fn stages_have_files_and_adapters() {
        let models = catalogue();
        let base = origin(&models[0], "base");
        assert_eq!((base.file.len(), base.adapter.as_str()), (DIGITS, ""));
        let tuned = origin(&models[0], "sft");
        assert_eq!((tuned.file == base.file, tuned.adapter.len()), (true, DIGITS));
        assert_eq!(origin(&models[1], "model").adapter, "");
        assert_eq!(stages(&models[0]), ["base", "sft", "rlhf"]);
        assert_eq!(stages(&models[1]), ["model"]);
    }

    #[test]
    fn differences_are_named() {
        let models = catalogue();
        let of = |scene: &Scene| differences(scene, &models, &[]);
        let mut known = scene("sprout", "sft");
        assert_eq!(of(&known), [], "a hash that is not recorded explains nothing");
        let here = origin(&models[0], "sft");
        (known.columns[0].file, known.columns[0].adapter) = (here.file, here.adapter);
        assert_eq!(of(&known), []);
        known.columns[0].adapter = "0".repeat(DIGITS);
        assert_eq!(of(&known), [Difference::Adapter("sprout".into(), "sft".into())]);
        known.columns[0].file = "0".repeat(8);
        assert_eq!(of(&known), [Difference::File("sprout".into())]);
        let stage = of(&scene("sprout", "dpo"));
        assert_eq!(stage, [Difference::NoStage("sprout".into(), "dpo".into())]);
        assert!(stage[0].is_in_the_way());
        let file = scene("mine.gguf", "model");
        assert_eq!(of(&file), [Difference::NoModel("mine.gguf".into())]);
        assert_eq!(differences(&file, &models, &["mine.gguf".to_owned()]), []);
    }
}
