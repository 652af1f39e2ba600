//! All bounds of a scene, in one place. Links and files come from strangers: whatever is past a bound is refused
//! with its name and value, never cut to fit.

use thiserror::Error;

use super::limits::{
    MAX_COLUMNS, MAX_IDS, MAX_INDEX, MAX_NAME, MAX_PARTS, MAX_SEED, MAX_SWITCHES, MAX_TEMPERATURE,
    MAX_TEXT, MAX_TOKENS,
};
use super::{CompareView, Ids, InsideView, Part, Sampler, Scene, SwitchPart, View};

/// Why something is no scene.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SceneError {
    /// A number past its bounds.
    #[error("{field} is {value}, but must be from {min} to {max}")]
    OutOfRange {
        /// The field's name in the JSON.
        field: &'static str,
        /// What it holds.
        value: f64,
        /// The smallest value.
        min: f64,
        /// The largest value.
        max: f64,
    },
    /// Too many of something.
    #[error("{count} {field}, but at most {max} are allowed")]
    TooMany {
        /// The field's name in the JSON.
        field: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// A text that is too long.
    #[error("{field} has {length} bytes, but at most {max} are allowed")]
    TooLong {
        /// The field's name in the JSON.
        field: &'static str,
        /// Its length in bytes.
        length: usize,
        /// The largest length in bytes.
        max: usize,
    },
    /// A name that is empty or has characters that names do not have.
    #[error("{field} is no name: {name:?}")]
    BadName {
        /// The field's name in the JSON.
        field: &'static str,
        /// What it holds.
        name: String,
    },
    /// A beginning of a hash that is none.
    #[error("{field} is no file hash: {hash:?}")]
    BadHash {
        /// The field's name in the JSON.
        field: &'static str,
        /// What it holds.
        hash: String,
    },
    /// Places of chosen tokens that do not rise or lie outside the branch.
    #[error("the chosen tokens of a branch are not in its order")]
    BadBranch,
    /// Not JSON, or JSON of another shape: a wrong type, an unknown field, too deep.
    #[error("this is not the description of a scene: {0}")]
    Unreadable(String),
}

impl Scene {
    /// The scene, if it is within all bounds.
    ///
    /// # Errors
    /// [`SceneError`] names the first field that is not.
    pub fn checked(self) -> Result<Self, SceneError> {
        self.check()?;
        Ok(self)
    }

    /// Whether the scene is within all bounds.
    ///
    /// # Errors
    /// [`SceneError`] names the first field that is not.
    pub fn check(&self) -> Result<(), SceneError> {
        self.check_prompt()?;
        self.check_columns()?;
        self.sampler.check()?;
        whole("max_tokens", self.max_tokens, 1, MAX_TOKENS)?;
        if let Some(context) = self.context {
            whole("context", context, 16, 131_072)?;
        }
        // An empty list stands for the page's own columns, of which there are at most so many.
        let columns = if self.columns.is_empty() { MAX_COLUMNS } else { self.columns.len() };
        match &self.view {
            View::Compare(view) => check_compare(view, columns)?,
            View::Inside(view) => check_inside(view, columns)?,
            View::Lab(view) => view.check()?,
        }
        if let Some(lesson) = &self.lesson {
            slug("lesson", &lesson.id)?;
            whole("step", lesson.step, 0, 999)?;
        }
        if let Some(expected) = &self.expected {
            count("expected columns", expected.columns.len(), columns)?;
            if !expected.backend.is_empty() {
                name("backend", &expected.backend)?;
            }
            expected.columns.iter().try_for_each(|ids| check_ids("expected tokens", ids))?;
        }
        Ok(())
    }

    fn check_prompt(&self) -> Result<(), SceneError> {
        length("text", &self.prompt.text)?;
        length("system", &self.prompt.system)?;
        check_parts(&self.prompt.parts)
    }

    fn check_columns(&self) -> Result<(), SceneError> {
        count("columns", self.columns.len(), MAX_COLUMNS)?;
        for column in &self.columns {
            name("model", &column.model)?;
            slug("stage", &column.stage)?;
            hash("file", &column.file)?;
            hash("adapter", &column.adapter)?;
            column.sampler.as_ref().map_or(Ok(()), Sampler::check)?;
            check_ids("prefix", &column.branch.prefix)?;
            let chosen = &column.branch.chosen;
            let rises = chosen.windows(2).all(|pair| pair[0] < pair[1]);
            let inside =
                chosen.last().is_none_or(|&last| (last as usize) < column.branch.prefix.0.len());
            if !rises || !inside {
                return Err(SceneError::BadBranch);
            }
        }
        Ok(())
    }
}

impl Sampler {
    /// Whether every setting is within the bounds that the page's own fields have.
    ///
    /// # Errors
    /// [`SceneError::OutOfRange`] names the first that is not.
    pub fn check(&self) -> Result<(), SceneError> {
        number("temperature", self.temperature.into(), 0.0, MAX_TEMPERATURE.into())?;
        whole("top_k", self.top_k, 0, 1_000_000)?;
        number("top_p", self.top_p.into(), 0.0, 1.0)?;
        number("min_p", self.min_p.into(), 0.0, 1.0)?;
        // As f32 reads it, 0.1 is a little more than 0.1 is as f64.
        number("repeat_penalty", self.repeat_penalty.into(), f64::from(0.1f32), 10.0)?;
        check_seed(self.seed)
    }
}

fn check_compare(view: &CompareView, columns: usize) -> Result<(), SceneError> {
    index("column", Some(view.column), columns)?;
    index("score", view.score, columns)?;
    small("token", view.token)?;
    view.samples.map_or(Ok(()), |samples| whole("samples", samples, 2, 32))
}

fn check_inside(view: &InsideView, columns: usize) -> Result<(), SceneError> {
    index("column", Some(view.column), columns)?;
    index("against", view.against, columns)?;
    view.asked.as_ref().map_or(Ok(()), |asked| asked.check())?;
    view.versus.as_ref().map_or(Ok(()), |stage| slug("versus", stage))?;
    for (field, value) in [
        ("token", view.token),
        ("key", view.key),
        ("layer", view.layer),
        ("head", view.head),
        ("neuron", view.neuron),
        ("target", view.target),
    ] {
        small(field, value)?;
    }
    count("switches", view.switches.len(), MAX_SWITCHES)?;
    for switch in &view.switches {
        small("layer", Some(switch.layer))?;
        small("index", Some(switch.index))?;
        number("scale", switch.scale.into(), 0.0, 2.0)?;
        if !matches!(switch.part, SwitchPart::Head | SwitchPart::Neuron) {
            whole("index", switch.index, 0, 0)?;
        }
    }
    if let Some(patch) = &view.patch {
        length("source", &patch.source)?;
        for (field, value) in
            [("layer", patch.layer), ("token", patch.token), ("source_token", patch.source_token)]
        {
            small(field, Some(value))?;
        }
    }
    Ok(())
}

pub(super) fn check_parts(parts: &[Part]) -> Result<(), SceneError> {
    count("parts", parts.len(), MAX_PARTS)?;
    for part in parts {
        for text in [&part.text, &part.steps, &part.answer] {
            length("parts", text)?;
        }
    }
    Ok(())
}

pub(super) fn check_seed(seed: u64) -> Result<(), SceneError> {
    number("seed", seed as f64, 0.0, MAX_SEED as f64)
}

pub(super) fn check_ids(field: &'static str, ids: &Ids) -> Result<(), SceneError> {
    count(field, ids.0.len(), MAX_IDS)?;
    ids.0.iter().try_for_each(|&id| small(field, Some(id)))
}

fn index(field: &'static str, value: Option<u32>, columns: usize) -> Result<(), SceneError> {
    let last = columns.saturating_sub(1) as u32;
    value.map_or(Ok(()), |value| whole(field, value, 0, last))
}

pub(super) fn small(field: &'static str, value: Option<u32>) -> Result<(), SceneError> {
    value.map_or(Ok(()), |value| whole(field, value, 0, MAX_INDEX - 1))
}

pub(super) fn whole(field: &'static str, value: u32, min: u32, max: u32) -> Result<(), SceneError> {
    number(field, value.into(), min.into(), max.into())
}

/// Not a number is in no range.
pub(super) fn number(
    field: &'static str,
    value: f64,
    min: f64,
    max: f64,
) -> Result<(), SceneError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(SceneError::OutOfRange { field, value, min, max })
    }
}

pub(super) fn count(field: &'static str, count: usize, max: usize) -> Result<(), SceneError> {
    if count > max { Err(SceneError::TooMany { field, count, max }) } else { Ok(()) }
}

pub(super) fn length(field: &'static str, text: &str) -> Result<(), SceneError> {
    let length = text.len();
    if length > MAX_TEXT {
        return Err(SceneError::TooLong { field, length, max: MAX_TEXT });
    }
    Ok(())
}

/// What a person may call a file: one line, not empty.
pub(super) fn name(field: &'static str, name: &str) -> Result<(), SceneError> {
    if name.len() > MAX_NAME {
        return Err(SceneError::TooLong { field, length: name.len(), max: MAX_NAME });
    }
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(SceneError::BadName { field, name: name.to_owned() });
    }
    Ok(())
}

/// An id of ours: small letters, digits, `-` and `_`.
pub(crate) fn slug(field: &'static str, id: &str) -> Result<(), SceneError> {
    name(field, id)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if id.chars().all(fits) {
        Ok(())
    } else {
        Err(SceneError::BadName { field, name: id.to_owned() })
    }
}

/// Nothing, or 8 to 64 digits of lower-case hex.
fn hash(field: &'static str, hash: &str) -> Result<(), SceneError> {
    let fits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    if hash.is_empty() || ((8..=64).contains(&hash.len()) && hash.chars().all(fits)) {
        Ok(())
    } else {
        Err(SceneError::BadHash { field, hash: hash.chars().take(MAX_NAME).collect() })
    }
}
