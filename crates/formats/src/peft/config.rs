//! `adapter_config.json`: what it says about numbers.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::PeftError;

/// Options that must be absent, null, false or empty: with any other value the numbers would be others.
const NEUTRAL: [&str; 12] = [
    "alora_invocation_tokens",
    "arrow_config",
    "fan_in_fan_out",
    "kasa_config",
    "layer_replication",
    "lora_bias",
    "monteclora_config",
    "target_parameters",
    "trainable_token_indices",
    "use_bdlora",
    "use_dora",
    "use_qalora",
];
/// Ways to begin that take something out of the base's weights, so that the adapter fits only what is left.
const CHANGES_BASE: [&str; 5] = ["corda", "loftq", "lora_ga", "olora", "pissa"];
/// Modules that may be saved whole: names of a reward model's head. PEFT lists both, whichever there is.
const HEADS: [&str; 2] = ["classifier", "score"];

/// How strong an adapter's changes are.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Rank of modules without a pattern (`r`).
    pub rank: u32,
    /// Strength of modules without a pattern (`lora_alpha`).
    pub alpha: f64,
    /// Whether the strength is divided by the root of the rank (`use_rslora`; Kalajdzievski 2023).
    pub rslora: bool,
    /// Other ranks. The first pattern that fits counts.
    pub ranks: Vec<Pattern<u32>>,
    /// Other strengths. The first pattern that fits counts.
    pub alphas: Vec<Pattern<f64>>,
}

/// A value for the modules whose name is, or ends in, a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern<T> {
    /// Whole components of a module's name, such as `q_proj` or `layers.1.mlp.down_proj`; after a `^` the whole name.
    pub key: String,
    /// The value.
    pub value: T,
}

impl<T: Copy> Pattern<T> {
    /// The value of the first pattern that fits.
    fn find(patterns: &[Pattern<T>], module: &str) -> Option<T> {
        patterns.iter().find(|pattern| pattern.fits(module)).map(|pattern| pattern.value)
    }

    fn fits(&self, module: &str) -> bool {
        if let Some(whole) = self.key.strip_prefix('^') {
            return module == whole;
        }
        module
            .strip_suffix(self.key.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }
}

impl Config {
    /// Reads `adapter_config.json`. Fields that do not change numbers may be anything, and unknown ones are ignored.
    ///
    /// # Errors
    /// Other JSON, another kind of adapter, options that are not supported, impossible ranks.
    pub fn parse(json: &str) -> Result<Config, PeftError> {
        let broken = |error: serde_json::Error| PeftError::Config { detail: error.to_string() };
        let fields: Map<String, Value> = serde_json::from_str(json).map_err(broken)?;
        // First what it is: the fields of other kinds are others.
        let kind = fields.get("peft_type").and_then(Value::as_str).unwrap_or_default();
        if kind != "LORA" {
            return Err(PeftError::Kind { found: kind.to_owned() });
        }
        check_options(&fields)?;
        let read: Fields = serde_json::from_str(json).map_err(broken)?;
        let config = Config {
            rank: read.r,
            alpha: read.lora_alpha,
            rslora: read.use_rslora.unwrap_or_default(),
            ranks: read.rank_pattern.unwrap_or_default().0,
            alphas: read.alpha_pattern.unwrap_or_default().0,
        };
        config.check()?;
        Ok(config)
    }

    /// The rank of a module.
    pub fn rank(&self, module: &str) -> u32 {
        Pattern::find(&self.ranks, module).unwrap_or(self.rank)
    }

    /// What the change of a module is multiplied with.
    pub fn scale(&self, module: &str) -> f32 {
        let alpha = Pattern::find(&self.alphas, module).unwrap_or(self.alpha);
        let rank = f64::from(self.rank(module));
        (alpha / if self.rslora { rank.sqrt() } else { rank }) as f32
    }

    fn check(&self) -> Result<(), PeftError> {
        let impossible = |field, value: String| Err(PeftError::Impossible { field, value });
        if self.rank == 0 {
            return impossible("r", "0".to_owned());
        }
        if !(self.alpha as f32).is_finite() {
            return impossible("lora_alpha", self.alpha.to_string());
        }
        for Pattern { key, value } in &self.ranks {
            check_key("rank_pattern", key)?;
            if *value == 0 {
                return impossible("rank_pattern", format!("0 for {key:?}"));
            }
        }
        for Pattern { key, value } in &self.alphas {
            check_key("alpha_pattern", key)?;
            if !(*value as f32).is_finite() {
                return impossible("alpha_pattern", format!("{value} for {key:?}"));
            }
        }
        Ok(())
    }
}

/// PEFT takes keys as regular expressions; a name of modules means the same in both ways of reading.
fn check_key(field: &'static str, key: &str) -> Result<(), PeftError> {
    let name = key.strip_prefix('^').unwrap_or(key);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        return Ok(());
    }
    Err(PeftError::Pattern { field, key: key.to_owned() })
}

fn check_options(fields: &Map<String, Value>) -> Result<(), PeftError> {
    let refuse =
        |field, value: &Value| Err(PeftError::Unsupported { field, value: value.to_string() });
    for field in NEUTRAL {
        if let Some(value) = fields.get(field).filter(|value| !is_neutral(value)) {
            return refuse(field, value);
        }
    }
    if let Some(value) = fields.get("bias").filter(|value| **value != "none" && !value.is_null()) {
        return refuse("bias", value);
    }
    if let Some(value) = fields.get("init_lora_weights") {
        let way = value.as_str().unwrap_or_default().to_ascii_lowercase();
        if CHANGES_BASE.iter().any(|known| way.starts_with(known)) {
            return refuse("init_lora_weights", value);
        }
    }
    if let Some(value) = fields.get("modules_to_save").filter(|value| !is_neutral(value)) {
        let is_head = |name: &Value| name.as_str().is_some_and(|name| HEADS.contains(&name));
        let only_heads = value.as_array().is_some_and(|names| names.iter().all(is_head));
        if !only_heads {
            return refuse("modules_to_save", value);
        }
    }
    Ok(())
}

fn is_neutral(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[derive(serde::Deserialize)]
struct Fields {
    r: u32,
    lora_alpha: f64,
    use_rslora: Option<bool>,
    rank_pattern: Option<Patterns<u32>>,
    alpha_pattern: Option<Patterns<f64>>,
}

/// Patterns in the order in which they are written.
struct Patterns<T>(Vec<Pattern<T>>);

impl<T> Default for Patterns<T> {
    fn default() -> Patterns<T> {
        Patterns(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patterns<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Patterns<T>, D::Error> {
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

struct InOrder<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
    type Value = Patterns<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from names of modules to numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Patterns<T>, A::Error> {
        let mut patterns = Vec::new();
        while let Some((key, value)) = map.next_entry()? {
            patterns.push(Pattern { key, value });
        }
        Ok(Patterns(patterns))
    }
}
