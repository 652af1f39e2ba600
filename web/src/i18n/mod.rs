//! Every sentence of the page, in English and in Chinese. Both are the same struct: a missing
//! translation does not compile.

mod compare;
mod en;
mod en_compare;
mod en_failures;
mod en_inside;
mod en_inside2;
mod en_lab;
mod en_lessons;
mod en_measure;
mod en_share;
mod inside;
mod inside2;
mod lab;
mod lessons;
mod share;
mod zh;
mod zh_compare;
mod zh_failures;
mod zh_inside;
mod zh_inside2;
mod zh_lab;
mod zh_lessons;
mod zh_measure;
mod zh_share;

use crate::protocol::{FailureKind, LoadStage};
use crate::state::notice::Action;
use crate::state::preferences::{Language, Theme};
use crate::state::settings::{Field, Problem};

use self::lab::Lab;
pub(crate) use self::share::Scenes;
use compare::{Columns, Export, Gallery, Panel, Samples, Score, Tools, Vote};
use inside::{Heatmap, Inside, InsideAttention, InsideEmbedding, InsideTokens};
use inside2::{
    InsideFeedForward, InsideInfluence, InsideMore, InsideOutput, InsideResidual, InsideSwitches,
};
use lessons::Lessons;

/// The strings of a language.
pub(crate) fn strings(language: Language) -> &'static Strings {
    match language {
        Language::En => &en::STRINGS,
        Language::Zh => &zh::STRINGS,
    }
}

/// One language.
pub(crate) struct Strings {
    /// The value of the document's `lang`.
    pub(crate) tag: &'static str,
    pub(crate) header: Header,
    pub(crate) prompt: Prompt,
    pub(crate) settings: Settings,
    pub(crate) model: Model,
    pub(crate) licence: Licence,
    pub(crate) columns: Columns,
    pub(crate) panel: Panel,
    pub(crate) tools: Tools,
    pub(crate) samples: Samples,
    pub(crate) score: Score,
    pub(crate) vote: Vote,
    pub(crate) export: Export,
    pub(crate) gallery: Gallery,
    pub(crate) lessons: Lessons,
    pub(crate) share: share::Share,
    pub(crate) lab: Lab,
    pub(crate) heatmap: Heatmap,
    pub(crate) inside: Inside,
    pub(crate) inside_tokens: InsideTokens,
    pub(crate) inside_embedding: InsideEmbedding,
    pub(crate) inside_attention: InsideAttention,
    pub(crate) inside_more: InsideMore,
    pub(crate) inside_feed_forward: InsideFeedForward,
    pub(crate) inside_residual: InsideResidual,
    pub(crate) inside_output: InsideOutput,
    pub(crate) inside_influence: InsideInfluence,
    pub(crate) inside_switches: InsideSwitches,
    pub(crate) status: Status,
    pub(crate) notice: Notice,
}

pub(crate) struct Header {
    pub(crate) tagline: &'static str,
    /// The other language's own name, on the button that leads there.
    pub(crate) other_language: &'static str,
    pub(crate) switch_language: &'static str,
    pub(crate) theme: fn(Theme) -> &'static str,
    pub(crate) switch_theme: &'static str,
    pub(crate) skip: &'static str,
}

pub(crate) struct Prompt {
    pub(crate) title: &'static str,
    pub(crate) placeholder: &'static str,
    pub(crate) run: &'static str,
    pub(crate) run_waits: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) shortcut: &'static str,
    pub(crate) again: &'static str,
    pub(crate) again_explained: &'static str,
    pub(crate) examples: &'static str,
    pub(crate) system: &'static str,
    pub(crate) system_placeholder: &'static str,
}

pub(crate) struct Settings {
    pub(crate) title: &'static str,
    pub(crate) explained: fn(Field) -> &'static str,
    pub(crate) problem: fn(Problem) -> String,
    pub(crate) reset: &'static str,
}

pub(crate) struct Model {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) loading: fn(&str) -> String,
    /// Number of stages, bytes held.
    pub(crate) loaded: fn(usize, &str) -> String,
    pub(crate) show: &'static str,
    pub(crate) unload: &'static str,
    pub(crate) model: &'static str,
    pub(crate) backend: &'static str,
    pub(crate) backend_auto: &'static str,
    pub(crate) backend_gpu: &'static str,
    pub(crate) backend_cpu: &'static str,
    pub(crate) local_file: fn(&str) -> String,
    pub(crate) reading_catalogue: &'static str,
    pub(crate) load: fn(&str) -> String,
    pub(crate) load_kept: fn(&str) -> String,
    pub(crate) resume: fn(&str, &str) -> String,
    pub(crate) load_again: &'static str,
    pub(crate) load_local: &'static str,
    /// The host.
    pub(crate) load_hub: fn(&str) -> String,
    pub(crate) hub_explained: fn(&str) -> String,
    pub(crate) cancel: &'static str,
    /// Parameters, quantization, architecture, trained context.
    pub(crate) facts: fn(&str, &str, &str, &str) -> String,
    pub(crate) licence: &'static str,
    pub(crate) progress: &'static str,
    pub(crate) stage: fn(LoadStage) -> &'static str,
    pub(crate) amount: fn(&str, &str) -> String,
    pub(crate) resumed: fn(&str) -> String,
    pub(crate) starting: &'static str,
    pub(crate) drop: &'static str,
    pub(crate) pick: &'static str,
    pub(crate) drop_now: &'static str,
    pub(crate) kept: fn(&str) -> String,
    pub(crate) kept_nothing: &'static str,
    pub(crate) kept_explained: &'static str,
    pub(crate) kept_part: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) remove_named: fn(&str) -> String,
}

pub(crate) struct Licence {
    pub(crate) title: fn(&str) -> String,
    pub(crate) explained: fn(&str) -> String,
    pub(crate) reading: &'static str,
    pub(crate) no_text: &'static str,
    /// The host that the link leads to.
    pub(crate) read_at: fn(&str) -> String,
    pub(crate) accept: &'static str,
    pub(crate) not_now: &'static str,
}

pub(crate) struct Status {
    pub(crate) title: &'static str,
    pub(crate) no_model: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) backend: &'static str,
    pub(crate) first_token: &'static str,
    pub(crate) tokens_per_second: fn(&str) -> String,
    pub(crate) token_counts: fn(u32, u32) -> String,
    pub(crate) counters: &'static str,
    pub(crate) counters_explained: &'static str,
    pub(crate) whole_run: &'static str,
    pub(crate) per_step: fn(u32) -> String,
    pub(crate) dispatches: &'static str,
    pub(crate) submits: &'static str,
    pub(crate) objects: &'static str,
    pub(crate) read_back: &'static str,
    pub(crate) uploaded: &'static str,
    pub(crate) weights: &'static str,
    pub(crate) privacy: &'static str,
}

pub(crate) struct Notice {
    pub(crate) failure: fn(FailureKind) -> &'static str,
    pub(crate) cpu_fallback: &'static str,
    pub(crate) device_restored: &'static str,
    pub(crate) catalogue: &'static str,
    pub(crate) setting: fn(Field) -> String,
    pub(crate) action: fn(Action) -> String,
    pub(crate) dismiss: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) webgpu_title: &'static str,
    /// Browser, and how WebGPU is switched on there.
    pub(crate) webgpu_steps: [(&'static str, &'static str); 3],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::notice::tests::KINDS;
    use crate::state::rubric::Line;
    use crate::state::settings::FIELDS;
    use std::collections::BTreeSet;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn every_failure_has_its_own_sentence_in_both_languages() {
        for language in [Language::En, Language::Zh] {
            let failure = strings(language).notice.failure;
            let sentences: BTreeSet<_> = KINDS.into_iter().map(failure).collect();
            assert_eq!(sentences.len(), KINDS.len());
            for sentence in sentences {
                assert_eq!(is_chinese(sentence), language == Language::Zh, "{sentence}");
            }
        }
    }

    #[test]
    fn every_setting_is_explained_in_both_languages() {
        for field in FIELDS {
            let english = (strings(Language::En).settings.explained)(field);
            let chinese = (strings(Language::Zh).settings.explained)(field);
            assert!(!english.is_empty() && !is_chinese(english));
            assert!(is_chinese(chinese));
        }
    }

    #[test]
    fn problems_name_the_limit() {
        for language in [Language::En, Language::Zh] {
            let problem = strings(language).settings.problem;
            assert!(problem(Problem::TooLarge(1.0)).contains('1'));
            assert!(problem(Problem::TooSmall(16.0)).contains("16"));
        }
    }

    #[test]
    fn stages_and_rubric_have_words_in_both_languages() {
        let lines = [
            Line::Correct,
            Line::Language,
            Line::Ends,
            Line::Polite,
            Line::Complete,
            Line::Short,
            Line::NoRepetition,
        ];
        for language in [Language::En, Language::Zh] {
            let words = &strings(language).columns;
            for stage in ["base", "sft", "rlhf"] {
                assert!((words.stage)(stage).is_some() && !(words.role)(stage).is_empty());
            }
            assert_eq!((words.stage)("model"), None, "such a stage goes by its model's name");
            let said: BTreeSet<_> = lines.into_iter().map(words.rubric_line).collect();
            assert_eq!(said.len(), lines.len());
        }
    }

    #[test]
    fn each_language_names_the_other() {
        assert!(is_chinese(strings(Language::En).header.other_language));
        assert!(!is_chinese(strings(Language::Zh).header.other_language));
    }

    #[test]
    fn what_does_not_open_is_explained_in_both_languages() {
        use ::share::ShareError;
        let errors = [
            ShareError::NoLink,
            ShareError::FutureVersion { version: 9, known: 1 },
            ShareError::TooLarge { max: 9 },
            ShareError::Damaged,
            ShareError::Unreadable("why".into()),
            ShareError::Collection { count: 0, max: 500 },
        ];
        for language in [Language::En, Language::Zh] {
            let refused = strings(language).share.opened.refused;
            let said: BTreeSet<String> = errors.iter().map(refused).collect();
            assert_eq!(said.len(), errors.len());
            for sentence in said {
                assert_eq!(is_chinese(&sentence), language == Language::Zh, "{sentence}");
            }
        }
    }
}
