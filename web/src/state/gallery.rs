//! The examples of `web/gallery`, as data.

use std::sync::LazyLock;

use serde::Deserialize;
use share::scene::{Language, Sampler};

use crate::state::claims::Claim;

const FILES: [&str; 5] = [
    include_str!("../../gallery/stages.json"),
    include_str!("../../gallery/knowledge.json"),
    include_str!("../../gallery/prompts.json"),
    include_str!("../../gallery/limits.json"),
    include_str!("../../gallery/chance.json"),
];

/// Something in both languages.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Both<T> {
    pub(crate) en: T,
    pub(crate) zh: T,
}

impl<T> Both<T> {
    pub(crate) fn get(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// Examples that belong together.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shelf {
    pub(crate) title: Both<String>,
    pub(crate) examples: Vec<Example>,
}

/// A prompt worth running, and what to look for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    /// Kebab-case.
    pub(crate) id: String,
    pub(crate) prompt: Both<String>,
    /// Stages from left to right.
    #[serde(default = "three_stages")]
    pub(crate) columns: Vec<String>,
    /// Greedy unless it says otherwise, so that the same text comes every time.
    #[serde(default = "greedy")]
    pub(crate) sampler: Sampler,
    /// Settings of single columns, by their place.
    #[serde(default)]
    pub(crate) own: Vec<OwnSampler>,
    #[serde(default = "enough")]
    pub(crate) max_tokens: u32,
    /// Every column gets the same raw text.
    #[serde(default)]
    pub(crate) same_text: bool,
    /// What to look for, in one sentence.
    pub(crate) look: Both<String>,
    /// The same, as a program checks it.
    pub(crate) claims: Both<Vec<Claim>>,
    /// Strings of which a correct answer contains one.
    #[serde(default = "nothing")]
    pub(crate) accept: Both<Vec<String>>,
}

/// Settings of one column.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnSampler {
    pub(crate) column: usize,
    pub(crate) sampler: Sampler,
}

fn three_stages() -> Vec<String> {
    ["base", "sft", "rlhf"].map(str::to_owned).to_vec()
}

fn greedy() -> Sampler {
    Sampler { temperature: 0.0, ..Sampler::default() }
}

fn enough() -> u32 {
    48
}

fn nothing() -> Both<Vec<String>> {
    Both { en: Vec::new(), zh: Vec::new() }
}

static SHELVES: LazyLock<Vec<Shelf>> = LazyLock::new(|| {
    // A test reads each of them: one that cannot be read does not get this far.
    FILES.iter().filter_map(|file| serde_json::from_str(file).ok()).collect()
});

/// All examples, by shelf.
pub(crate) fn shelves() -> &'static [Shelf] {
    &SHELVES
}

/// The example of this id.
pub(crate) fn find(id: &str) -> Option<&'static Example> {
    shelves().iter().flat_map(|shelf| &shelf.examples).find(|example| example.id == id)
}

/// The example that runs on the first visit.
pub(crate) const FIRST: &str = "capital-of-china";

/// Examples that stand under the prompt.
pub(crate) const FEATURED: [&str; 6] =
    [FIRST, "banana", "new-car", "sky", "honey", "reversal-curse"];

#[cfg(test)]
mod tests {
    use super::*;
    use share::scene::limits::MAX_COLUMNS;
    use std::collections::BTreeSet;

    fn all() -> Vec<Example> {
        let shelf = |file: &&str| serde_json::from_str::<Shelf>(file).expect("a shelf");
        FILES.iter().map(shelf).flat_map(|shelf| shelf.examples).collect()
    }

    fn has_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn there_are_enough_and_each_has_its_own_id() {
        let all = all();
        assert!(all.len() >= 16, "{} examples", all.len());
        let ids: BTreeSet<&str> = all.iter().map(|example| example.id.as_str()).collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(shelves().len(), FILES.len());
        for id in FEATURED {
            assert!(find(id).is_some(), "{id} is featured");
        }
    }

    #[test]
    fn each_says_in_both_languages_what_to_look_for() {
        for example in all() {
            let id = &example.id;
            assert!(!example.prompt.en.is_empty() && !has_chinese(&example.look.en), "{id}");
            assert!(has_chinese(&example.look.zh), "{id}");
            for look in [&example.look.en, &example.look.zh] {
                let ends = look.matches(['.', '。', '!', '?', '！', '？']).count();
                assert_eq!(ends, 1, "{id} says one sentence: {look}");
            }
        }
    }

    #[test]
    fn each_sentence_can_be_checked_in_both_languages() {
        for Example { id, columns, claims, own, .. } in all() {
            assert!((1..=MAX_COLUMNS).contains(&columns.len()), "{id}");
            assert!(own.iter().all(|own| own.column < columns.len()), "{id}");
            for claims in [&claims.en, &claims.zh] {
                assert!(!claims.is_empty(), "{id} claims nothing");
                for claim in claims {
                    let inside = claim.columns().into_iter().all(|column| column < columns.len());
                    assert!(inside, "{id} has no such column: {claim:?}");
                }
            }
        }
    }

    #[test]
    fn settings_are_within_their_bounds() {
        for Example { id, sampler, own, max_tokens, .. } in all() {
            let samplers = own.iter().map(|own| &own.sampler).chain([&sampler]);
            for sampler in samplers {
                assert_eq!(sampler.check(), Ok(()), "{id}");
            }
            assert!((1..=512).contains(&max_tokens), "{id}: Sprout's context is 512 tokens");
        }
    }

    #[test]
    fn the_first_one_compares_three_stages() {
        let first = find(FIRST).expect("it is there");
        assert_eq!(first.columns, three_stages());
        assert_eq!(first.prompt.get(Language::Zh), "中国的首都在哪里？");
    }
}
