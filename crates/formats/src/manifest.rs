//! Model manifests (`web/models/*.json`): what the catalogue says about a model.

use serde::{Deserialize, Serialize};

/// One model of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Kebab-case; stands in links.
    pub id: String,
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
    /// Path below the folder of models, and on the site: `weights/…`.
    pub local: String,
    /// Public address, for hosted pages.
    pub hub: String,
    /// Where the developers' machines get it.
    pub package: Package,
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

const WEIGHTS_PATH: &str = "a relative path that begins with weights/ and has no . or .. in it";

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
pub fn parse(json: &str) -> Result<Manifest, ManifestError> {
    let manifest: Manifest = serde_json::from_str(json)?;
    manifest.validate()?;
    Ok(manifest)
}

/// Reads and checks a catalogue: an array of manifests with different ids.
pub fn parse_catalogue(json: &str) -> Result<Vec<Manifest>, ManifestError> {
    let manifests: Vec<Manifest> = serde_json::from_str(json)?;
    for (index, manifest) in manifests.iter().enumerate() {
        manifest.validate()?;
        let unique = manifests[..index].iter().all(|earlier| earlier.id != manifest.id);
        manifest.check(unique, "id", &manifest.id, "different from all others")?;
    }
    Ok(manifests)
}

impl Manifest {
    /// Checks what types alone cannot say.
    pub fn validate(&self) -> Result<(), ManifestError> {
        self.check(
            is_kebab_case(&self.id),
            "id",
            &self.id,
            "words of a-z and 0-9 joined by single hyphens",
        )?;
        self.check(!self.files.is_empty(), "files", "[]", "at least one file")?;
        self.check(
            is_https(&self.licence.url),
            "licence.url",
            &self.licence.url,
            "an https address",
        )?;
        if let Some(terms) = &self.licence.terms {
            let field = "licence.terms.local";
            self.check(is_weights_path(&terms.local), field, &terms.local, WEIGHTS_PATH)?;
        }
        for file in &self.files {
            self.check(
                is_file_name(&file.name),
                "files.name",
                &file.name,
                "a file name without a folder",
            )?;
            self.check(file.bytes > 0, "files.bytes", "0", "more than 0")?;
            self.check(
                is_sha256(&file.sha256),
                "files.sha256",
                &file.sha256,
                "64 lower-case hexadecimal digits",
            )?;
            self.check(is_weights_path(&file.local), "files.local", &file.local, WEIGHTS_PATH)?;
            self.check(is_https(&file.hub), "files.hub", &file.hub, "an https address")?;
        }
        Ok(())
    }

    fn check(
        &self,
        good: bool,
        field: &'static str,
        value: &str,
        expected: &'static str,
    ) -> Result<(), ManifestError> {
        if good {
            return Ok(());
        }
        Err(ManifestError::Invalid {
            id: self.id.clone(),
            field,
            value: value.to_owned(),
            expected,
        })
    }
}

fn is_kebab_case(id: &str) -> bool {
    id.split('-').all(|word| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_https(address: &str) -> bool {
    address
        .strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn is_file_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0'])
}

fn is_weights_path(path: &str) -> bool {
    path.strip_prefix("weights/").is_some_and(|rest| rest.split('/').all(is_file_name))
}
