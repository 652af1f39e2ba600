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

/// The model a page starts with that is told nothing else.
pub(crate) fn default_model(manifests: &[Manifest]) -> Option<&str> {
    manifests.iter().find(|entry| entry.default).map(|entry| entry.id.as_str())
}

/// A model's name without what stands in brackets behind it.
pub(crate) fn short_name(manifest: &Manifest, language: Language) -> String {
    let name = localized(&manifest.name, language);
    name.split(['(', '（']).next().unwrap_or(name).trim().to_owned()
}

/// Bytes of all that loading a model fetches: its files, and the adapters of its stages and reward model.
pub(crate) fn bytes(manifest: &Manifest) -> u64 {
    let files: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let adapters = manifest.trio.iter().flat_map(|trio| {
        let stages = trio.stages.iter().filter_map(|stage| stage.adapter.as_ref());
        stages.chain(trio.reward.iter().map(|reward| &reward.adapter))
    });
    files + adapters.map(|adapter| adapter.bytes()).sum::<u64>()
}

/// Models that have several stages and do not come with the site, smallest first: what is worth a button of its own.
pub(crate) fn larger_trios(manifests: &[Manifest]) -> Vec<&Manifest> {
    let mut out: Vec<&Manifest> =
        manifests.iter().filter(|entry| entry.trio.is_some() && !entry.default).collect();
    out.sort_by_key(|entry| bytes(entry));
    out
}

/// A reward in standard deviations of the SFT stage's, where the manifest says what these are.
pub(crate) fn standardized(manifest: &Manifest, reward: f32) -> Option<f32> {
    manifest.trio.as_ref()?.reward.as_ref()?.standardized(reward)
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

/// The host in the licence's address, so that a link can name where it leads.
pub(crate) fn licence_host(manifest: &Manifest) -> &str {
    host(&manifest.licence.url).trim_start_matches("www.")
}

/// The host that offers a model's file to the public; none if the file comes with the site.
pub(crate) fn hub_host(manifest: &Manifest) -> Option<&str> {
    let hub = manifest.files.first()?.hub.as_deref()?;
    Some(host(hub)).filter(|host| !host.is_empty())
}

/// Host and port of an address, as the browser writes them.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
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
        assert!(bytes(&gemma3()) >= 253_113_024, "adapters come on top");
        assert_eq!(licence_host(&smollm2()), "apache.org");
        assert!(gemma3().licence.must_accept);
        assert_eq!(hub_host(&smollm2()), Some("huggingface.co"));
        assert!(short_name(&gemma3(), Language::Zh).starts_with("Gemma 3 270M"));
        assert!(!short_name(&gemma3(), Language::Zh).contains('（'));
    }

    #[test]
    fn a_host_is_named_with_its_port_and_nothing_else() {
        let mut model = smollm2();
        let mut named = |hub: Option<&str>| {
            model.files[0].hub = hub.map(str::to_owned);
            hub_host(&model).map(str::to_owned)
        };
        assert_eq!(named(Some("https://a.b:8443/c?d")).as_deref(), Some("a.b:8443"));
        assert_eq!(named(Some("https://a.b?c")).as_deref(), Some("a.b"));
        assert_eq!(named(Some("no address")), None);
        assert_eq!(named(None), None);
    }

    #[test]
    fn the_default_model_is_the_one_that_says_so() {
        let mut models = [smollm2(), gemma3()];
        models[1].default = false;
        assert_eq!(default_model(&models), None);
        models[1].default = true;
        assert_eq!(default_model(&models), Some("gemma-3-270m"));
        assert!(larger_trios(&models).is_empty(), "the default one needs no button");
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
