//! The settings as the reader typed them, and as numbers once they make sense.

use engine::SamplerSettings;
use share::scene::limits::{DEFAULT_MAX_TOKENS, MAX_SEED};

/// A setting by its standard name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Temperature,
    TopK,
    TopP,
    MinP,
    RepeatPenalty,
    Seed,
    MaxTokens,
    Context,
}

/// Those that can differ from column to column.
pub(crate) const OWN_FIELDS: [Field; 6] =
    [Field::Temperature, Field::TopK, Field::TopP, Field::MinP, Field::RepeatPenalty, Field::Seed];

/// In the order of the page.
pub(crate) const FIELDS: [Field; 8] = [
    Field::Temperature,
    Field::TopK,
    Field::TopP,
    Field::MinP,
    Field::RepeatPenalty,
    Field::Seed,
    Field::MaxTokens,
    Field::Context,
];

pub(crate) const DEFAULT_CONTEXT: u32 = 2048;

impl Field {
    /// The name common usage has for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Temperature => "temperature",
            Self::TopK => "top_k",
            Self::TopP => "top_p",
            Self::MinP => "min_p",
            Self::RepeatPenalty => "repeat_penalty",
            Self::Seed => "seed",
            Self::MaxTokens => "max_tokens",
            Self::Context => "context",
        }
    }

    fn is_whole(self) -> bool {
        matches!(self, Self::TopK | Self::Seed | Self::MaxTokens | Self::Context)
    }

    /// The smallest and largest value that makes sense.
    fn range(self) -> (f64, f64) {
        match self {
            Self::Temperature => (0.0, 10.0),
            Self::TopK => (0.0, 1_000_000.0),
            Self::TopP | Self::MinP => (0.0, 1.0),
            Self::RepeatPenalty => (0.1, 10.0),
            Self::Seed => (0.0, MAX_SEED as f64),
            Self::MaxTokens => (1.0, 32_768.0),
            Self::Context => (16.0, 131_072.0),
        }
    }
}

/// Why a text is no value of its setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Problem {
    NotANumber,
    NotWhole,
    TooSmall(f64),
    TooLarge(f64),
}

/// Settings that can be used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) sampler: SamplerSettings,
    pub(crate) max_tokens: u32,
    pub(crate) context: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sampler: SamplerSettings::default(),
            max_tokens: DEFAULT_MAX_TOKENS,
            context: DEFAULT_CONTEXT,
        }
    }
}

/// What stands in the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    texts: [String; FIELDS.len()],
}

impl Default for Form {
    fn default() -> Self {
        Self::of(&Settings::default())
    }
}

impl Form {
    /// The fields with these values in them.
    pub(crate) fn of(settings: &Settings) -> Self {
        let sampler = settings.sampler;
        let texts = FIELDS.map(|field| match field {
            Field::Temperature => sampler.temperature.to_string(),
            Field::TopK => sampler.top_k.to_string(),
            Field::TopP => sampler.top_p.to_string(),
            Field::MinP => sampler.min_p.to_string(),
            Field::RepeatPenalty => sampler.repeat_penalty.to_string(),
            Field::Seed => sampler.seed.to_string(),
            Field::MaxTokens => settings.max_tokens.to_string(),
            Field::Context => settings.context.to_string(),
        });
        Self { texts }
    }

    pub(crate) fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    pub(crate) fn set(&mut self, field: Field, text: String) {
        self.texts[field as usize] = text;
    }

    pub(crate) fn problem(&self, field: Field) -> Option<Problem> {
        self.value(field).err()
    }

    /// The settings, or the first field that makes no sense.
    pub(crate) fn parse(&self) -> Result<Settings, Field> {
        let value = |field| self.value(field).map_err(|_| field);
        Ok(Settings {
            sampler: SamplerSettings {
                temperature: value(Field::Temperature)? as f32,
                top_k: value(Field::TopK)? as u32,
                top_p: value(Field::TopP)? as f32,
                min_p: value(Field::MinP)? as f32,
                repeat_penalty: value(Field::RepeatPenalty)? as f32,
                seed: value(Field::Seed)? as u64,
            },
            max_tokens: value(Field::MaxTokens)? as u32,
            context: value(Field::Context)? as u32,
        })
    }

    /// A finite number within the field's range, whole where it must be.
    fn value(&self, field: Field) -> Result<f64, Problem> {
        let mut text = self.text(field).trim().to_owned();
        if !field.is_whole() {
            text = text.replace([',', '，'], ".");
        }
        let value: f64 = text.parse().map_err(|_| Problem::NotANumber)?;
        if !value.is_finite() {
            return Err(Problem::NotANumber);
        }
        let (smallest, largest) = field.range();
        if field.is_whole() && value.fract() != 0.0 {
            Err(Problem::NotWhole)
        } else if value < smallest {
            Err(Problem::TooSmall(smallest))
        } else if value > largest {
            Err(Problem::TooLarge(largest))
        } else {
            Ok(value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(field: Field, text: &str) -> Form {
        let mut form = Form::default();
        form.set(field, text.to_owned());
        form
    }

    #[test]
    fn fields_are_indexed_in_page_order() {
        for (at, field) in FIELDS.into_iter().enumerate() {
            assert_eq!(field as usize, at);
        }
    }

    #[test]
    fn the_form_starts_with_the_defaults() {
        assert_eq!(Form::default().parse(), Ok(Settings::default()));
        assert_eq!(Form::default().text(Field::Temperature), "0.7");
    }

    #[test]
    fn values_are_shown_as_they_are_read() {
        let settings = Settings { max_tokens: 7, context: 512, ..Settings::default() };
        let form = Form::of(&settings);
        assert_eq!(form.text(Field::MaxTokens), "7");
        assert_eq!(form.parse(), Ok(settings));
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let form = with(Field::Temperature, " 0,25 ");
        assert_eq!(form.parse().map(|settings| settings.sampler.temperature), Ok(0.25));
        let form = with(Field::Seed, "9007199254740991");
        assert_eq!(form.parse().map(|settings| settings.sampler.seed), Ok(9_007_199_254_740_991));
    }

    #[test]
    fn nonsense_is_named_and_never_becomes_a_number() {
        for text in ["", "hot", "NaN", "inf", "1e999", "--1"] {
            let form = with(Field::Temperature, text);
            assert_eq!(form.problem(Field::Temperature), Some(Problem::NotANumber), "{text:?}");
            assert_eq!(form.parse(), Err(Field::Temperature));
        }
        let thousand = with(Field::MaxTokens, "1,000");
        assert_eq!(thousand.problem(Field::MaxTokens), Some(Problem::NotANumber), "not one");
        assert_eq!(with(Field::TopK, "1.5").problem(Field::TopK), Some(Problem::NotWhole));
        assert_eq!(with(Field::TopP, "1.5").problem(Field::TopP), Some(Problem::TooLarge(1.0)));
        assert_eq!(
            with(Field::MaxTokens, "0").problem(Field::MaxTokens),
            Some(Problem::TooSmall(1.0))
        );
        assert_eq!(with(Field::Seed, "-1").problem(Field::Seed), Some(Problem::TooSmall(0.0)));
    }
}
