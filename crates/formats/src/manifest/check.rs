//! What types alone cannot say about a manifest.

use super::{CheckpointWeights, Manifest, ManifestError, ModelFile, SiteFile, StageId, Trio};

const WEIGHTS_PATH: &str = "a relative path that begins with weights/ and has no . or .. in it";
const LOCAL_PATH: &str = "a relative path that begins with weights/ or with models/ and the model's id, and has no . or .. in it";
const SITE_PATH: &str =
    "a relative path that begins with models/ and the model's id, and has no . or .. in it";
const KEBAB_CASE: &str = "words of a-z and 0-9 joined by single hyphens";
const HTTPS: &str = "an https address";
const ABSENT: &str = "absent for a file that comes with the site";

impl Manifest {
    /// Checks what types alone cannot say.
    ///
    /// # Errors
    /// The first field whose value breaks a rule.
    pub fn validate(&self) -> Result<(), ManifestError> {
        self.check(is_kebab_case(&self.id), "id", &self.id, KEBAB_CASE)?;
        self.check(!self.files.is_empty(), "files", "[]", "at least one file")?;
        self.check(is_https(&self.licence.url), "licence.url", &self.licence.url, HTTPS)?;
        if let Some(terms) = &self.licence.terms {
            let field = "licence.terms.local";
            self.check(is_weights_path(&terms.local), field, &terms.local, WEIGHTS_PATH)?;
        }
        self.files.iter().try_for_each(|file| self.check_file(file))?;
        self.trio.as_ref().map_or(Ok(()), |trio| self.check_trio(trio))
    }

    fn check_file(&self, file: &ModelFile) -> Result<(), ManifestError> {
        let is_name = is_file_name(&file.name);
        self.check(is_name, "files.name", &file.name, "a file name without a folder")?;
        self.check(file.bytes > 0, "files.bytes", "0", "more than 0")?;
        self.check_sha256("files.sha256", &file.sha256)?;
        if file.is_bundled() {
            self.check(self.is_site_path(&file.local), "files.local", &file.local, LOCAL_PATH)?;
            let hub = file.hub.as_deref();
            self.check(hub.is_none(), "files.hub", hub.unwrap_or_default(), ABSENT)?;
            return self.check(file.package.is_none(), "files.package", "there", ABSENT);
        }
        self.check(is_weights_path(&file.local), "files.local", &file.local, LOCAL_PATH)?;
        let hub = file.hub.as_deref().unwrap_or_default();
        self.check(is_https(hub), "files.hub", hub, HTTPS)?;
        let expected = "there for a file that is fetched";
        self.check(file.package.is_some(), "files.package", "absent", expected)
    }

    fn check_trio(&self, trio: &Trio) -> Result<(), ManifestError> {
        let ids: Vec<StageId> = trio.stages.iter().map(|stage| stage.id).collect();
        let in_order = ids.first() == Some(&StageId::Base) && ids.is_sorted_by(|a, b| a < b);
        let expected = "base, then sft and rlhf, each once at most";
        self.check(in_order, "trio.stages", &format!("{ids:?}"), expected)?;
        for stage in &trio.stages {
            let fits = stage.adapter.is_none() == (stage.id == StageId::Base);
            let expected = "absent for the base and there for every other stage";
            self.check(fits, "trio.stages.adapter", stage.id.as_str(), expected)?;
        }
        trio.files().try_for_each(|file| self.check_site_file(file))?;
        if let Some(reward) = &trio.reward {
            let finite = reward.mean.is_none_or(f32::is_finite);
            let value = format!("{:?}", reward.mean);
            self.check(finite, "trio.reward.mean", &value, "a finite number")?;
            let possible = reward.sd.is_none_or(|sd| sd.is_finite() && sd > 0.0);
            let value = format!("{:?}", reward.sd);
            self.check(possible, "trio.reward.sd", &value, "a finite number above 0")?;
        }
        for (index, checkpoint) in trio.checkpoints.iter().enumerate() {
            let id = &checkpoint.id;
            self.check(is_kebab_case(id), "trio.checkpoints.id", id, KEBAB_CASE)?;
            let unique = trio.checkpoints[..index].iter().all(|earlier| earlier.id != *id);
            self.check(unique, "trio.checkpoints.id", id, "different from all others")?;
            if let CheckpointWeights::Base(file) = &checkpoint.weights {
                let is_gguf = file.path.ends_with(".gguf");
                self.check(is_gguf, "trio.checkpoints.weights", &file.path, "a GGUF file")?;
            }
        }
        for set in &trio.data {
            self.check_site_path("trio.data.path", &set.path)?;
            self.check(!set.licence.is_empty(), "trio.data.licence", "", "a licence's name")?;
        }
        trio.metrics.iter().try_for_each(|path| self.check_site_path("trio.metrics", path))?;
        for (field, path) in [
            ("trio.report", &trio.report),
            ("trio.readme", &trio.readme),
            ("trio.notice", &trio.notice),
        ] {
            path.as_ref().map_or(Ok(()), |path| self.check_site_path(field, path))?;
        }
        let noticed = !self.licence.must_accept || !trio.has_adapters() || trio.notice.is_some();
        let expected = "there: adapters of a model with terms to accept carry them along";
        self.check(noticed, "trio.notice", "absent", expected)
    }

    fn check_site_file(&self, file: &SiteFile) -> Result<(), ManifestError> {
        self.check_site_path("trio.path", &file.path)?;
        self.check(file.bytes > 0, "trio.bytes", "0", "more than 0")?;
        self.check_sha256("trio.sha256", &file.sha256)
    }

    fn check_site_path(&self, field: &'static str, path: &str) -> Result<(), ManifestError> {
        self.check(self.is_site_path(path), field, path, SITE_PATH)
    }

    fn check_sha256(&self, field: &'static str, sha256: &str) -> Result<(), ManifestError> {
        self.check(is_sha256(sha256), field, sha256, "64 lower-case hexadecimal digits")
    }

    pub(super) fn check(
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

    fn is_site_path(&self, path: &str) -> bool {
        let below = path.strip_prefix("models/").and_then(|rest| rest.strip_prefix(&self.id));
        below.and_then(|rest| rest.strip_prefix('/')).is_some_and(is_plain_path)
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
    path.strip_prefix("weights/").is_some_and(is_plain_path)
}

fn is_plain_path(path: &str) -> bool {
    path.split('/').all(is_file_name)
}
