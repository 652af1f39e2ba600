//! What the page shows of the model manifests.

use formats::manifest::{Localized, Manifest};

use crate::protocol::StoredFile;
use crate::state::preferences::Language;

/// The text in the reader's language.
pub(crate) fn localized(text: &Localized, language: Language) -> &str {
    match language {
        Language::En => &text.en,
        Language::Zh => &text.zh,
    }
}

/// Bytes of all the files of a model.
pub(crate) fn bytes(manifest: &Manifest) -> u64 {
    manifest.files.iter().map(|file| file.bytes).sum()
}

/// How much of a model the browser keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Nothing,
    Part(u64),
    Whole,
}

pub(crate) fn kept(manifest: &Manifest, stored: &[StoredFile]) -> Kept {
    let copies = || {
        manifest
            .files
            .iter()
            .map(|file| stored.iter().find(|candidate| candidate.name == file.name))
    };
    if copies().all(|copy| copy.is_some_and(|file| file.complete)) {
        return Kept::Whole;
    }
    match copies().flatten().map(|file| file.bytes).sum() {
        0 => Kept::Nothing,
        bytes => Kept::Part(bytes),
    }
}

/// Example prompts in the languages the model was made for, the reader's language first.
pub(crate) fn examples(manifest: &Manifest, reader: Language) -> Vec<&str> {
    [reader, reader.other()]
        .into_iter()
        .filter(|language| manifest.languages.iter().any(|code| code == language.code()))
        .map(|language| localized(&manifest.prompt, language))
        .filter(|prompt| !prompt.is_empty())
        .collect()
}

/// The host in the licence's address, so that a link can name where it leads.
pub(crate) fn licence_host(manifest: &Manifest) -> &str {
    let address = manifest.licence.url.split_once("://").map_or("", |(_, rest)| rest);
    address.split('/').next().unwrap_or_default().trim_start_matches("www.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::manifest::parse;

    fn smollm2() -> Manifest {
        parse(include_str!("../../models/smollm2-135m-instruct.json")).expect("our manifest")
    }

    fn gemma3() -> Manifest {
        parse(include_str!("../../models/gemma-3-270m.json")).expect("our manifest")
    }

    #[test]
    fn the_manifests_of_this_repository_can_be_shown() {
        assert_eq!(bytes(&smollm2()), 98_362_432);
        assert_eq!(licence_host(&smollm2()), "apache.org");
        assert!(gemma3().licence.must_accept);
        assert_eq!(localized(&gemma3().name, Language::Zh), "Gemma 3 270M（基础版）");
    }

    #[test]
    fn examples_are_in_languages_the_model_speaks() {
        assert_eq!(examples(&smollm2(), Language::Zh), ["A banana is"]);
        assert_eq!(examples(&gemma3(), Language::Zh), ["香蕉是", "A banana is"]);
        assert_eq!(examples(&gemma3(), Language::En), ["A banana is", "香蕉是"]);
    }

    #[test]
    fn kept_tells_whole_from_part() {
        let model = smollm2();
        let mut file =
            StoredFile { name: model.files[0].name.clone(), bytes: 1_000, complete: false };
        assert_eq!(kept(&model, &[]), Kept::Nothing);
        assert_eq!(kept(&model, std::slice::from_ref(&file)), Kept::Part(1_000));
        file.complete = true;
        assert_eq!(kept(&model, std::slice::from_ref(&file)), Kept::Whole);
        file.name = "other.gguf".into();
        assert_eq!(kept(&model, &[file]), Kept::Nothing);
    }
}
