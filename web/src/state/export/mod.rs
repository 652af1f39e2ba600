//! The view as a text or a picture to keep: Markdown, JSON, CSV, PNG.

mod json;
mod markdown;
pub(crate) mod picture;
mod table;

pub(crate) use json::json;
pub(crate) use markdown::markdown;
pub(crate) use table::csv;

use crate::protocol::ColumnRequest;
use crate::state::run::Run;

/// What is on the page when it is exported.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) prompt: String,
    pub(crate) system: String,
    /// From left to right.
    pub(crate) columns: Vec<Shown>,
}

/// A column of it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) letter: char,
    /// Stage and model, in words.
    pub(crate) name: String,
    pub(crate) run: Run,
}

/// The words of a document. Typed strings of the reader's language.
pub(crate) struct Words {
    pub(crate) title: &'static str,
    pub(crate) prompt: &'static str,
    pub(crate) system: &'static str,
    pub(crate) reward: &'static str,
    pub(crate) bits_per_token: &'static str,
    pub(crate) tokens: fn(usize) -> String,
}

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Markdown,
    Json,
    Csv,
    Png,
}

pub(crate) const FORMATS: [Format; 4] = [Format::Markdown, Format::Json, Format::Csv, Format::Png];

impl Format {
    /// The ending of a file's name.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Png => "png",
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown",
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Png => "image/png",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Png => "PNG",
        }
    }
}

/// `temperature 0.7 · top_k 40 · …`: the settings under their standard names.
pub(crate) fn settings_line(asked: &ColumnRequest) -> String {
    let sampler = &asked.sampler;
    [
        format!("temperature {}", sampler.temperature),
        format!("top_k {}", sampler.top_k),
        format!("top_p {}", sampler.top_p),
        format!("min_p {}", sampler.min_p),
        format!("repeat_penalty {}", sampler.repeat_penalty),
        format!("seed {}", sampler.seed),
        format!("max_tokens {}", asked.max_tokens),
    ]
    .join(" · ")
}

/// Mean surprisal of the answer's tokens in bits.
fn bits_per_token(run: &Run) -> Option<f64> {
    let tokens = run.tokens.len();
    (tokens > 0).then(|| run.tokens.iter().map(|token| token.bits()).sum::<f64>() / tokens as f64)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::protocol::FinishReason;
    use crate::state::testing::{asked, generated};

    pub(crate) const WORDS: Words = Words {
        title: "Glassbox",
        prompt: "Prompt",
        system: "System prompt",
        reward: "Reward",
        bits_per_token: "bits per token",
        tokens: |count| format!("{count} tokens"),
    };

    /// Two columns; the first answer has a quotation mark and a line break.
    pub(crate) fn snapshot() -> Snapshot {
        let column = |letter, stage: &str, texts: &[&str]| {
            let mut run = Run::default();
            run.begin(1, asked(stage), Vec::new());
            for (id, text) in (10..).zip(texts) {
                run.token(1, generated(id, text));
            }
            run.finish(1, FinishReason::EndOfText, None);
            Shown { letter, name: format!("{stage} of a model"), run }
        };
        let mut columns =
            vec![column('A', "base", &[" a \"b\"", ",\nc"]), column('B', "sft", &["d"])];
        columns[1].run.reward = Some(1.5);
        Snapshot { prompt: "Hello".into(), system: String::new(), columns }
    }

    #[test]
    fn settings_have_their_standard_names() {
        let line = settings_line(&asked("base"));
        assert!(line.starts_with("temperature 0.7 · top_k 40 · top_p 0.95"), "{line}");
        assert!(line.ends_with("seed 1 · max_tokens 48"), "{line}");
    }

    #[test]
    fn surprisal_is_averaged_over_tokens() {
        let snapshot = snapshot();
        let bits = bits_per_token(&snapshot.columns[0].run).expect("two tokens");
        assert!((bits - 1.0).abs() < 1e-6, "each had one half: {bits}");
        assert_eq!(bits_per_token(&Run::default()), None);
    }
}
