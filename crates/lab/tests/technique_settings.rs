//! Techniques as settings: names, bounds, the catalogue.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::tasks::{all, example};
use lab::Language;
use lab::prompt::{Part, PartKind};
use lab::technique::{CATALOGUE, Technique};

#[test]
fn every_technique_is_in_the_catalogue() {
    for technique in all() {
        assert_eq!(technique.info().id, technique.id());
        technique.check().unwrap();
    }
    let mut ids: Vec<&str> = all().iter().map(Technique::id).collect();
    ids.dedup();
    let listed: Vec<&str> = CATALOGUE.iter().map(|info| info.id).collect();
    assert_eq!(ids, listed);
    for info in &CATALOGUE {
        for phrase in [info.name, info.what, info.origin] {
            assert!(
                !phrase.en.is_empty() && Language::of(phrase.zh) == Language::Zh,
                "{}",
                info.id
            );
        }
    }
}

#[test]
fn settings_have_names_in_files() {
    for technique in all() {
        let json = serde_json::to_string(&technique).unwrap();
        assert!(json.contains(&format!("\"id\":\"{}\"", technique.id())), "{json}");
        assert_eq!(serde_json::from_str::<Technique>(&json).unwrap(), technique);
    }
    let short: Technique = serde_json::from_str(r#"{"id":"self_consistency","votes":5}"#).unwrap();
    assert_eq!(
        short,
        Technique::SelfConsistency { votes: 5, shots: 0, picked: Vec::new(), temperature: 0.7 }
    );
    assert!(serde_json::from_str::<Technique>(r#"{"id":"few_shot","shots":2,"shot":3}"#).is_err());
    assert!(serde_json::from_str::<Technique>(r#"{"id":"magic"}"#).is_err());
}

#[test]
fn wild_settings_are_refused() {
    for technique in [
        Technique::FewShot { shots: 9, picked: Vec::new() },
        Technique::FewShot { shots: 2, picked: vec![example("1?", "", "1")] },
        Technique::SelfConsistency { votes: 0, shots: 0, picked: Vec::new(), temperature: 0.7 },
        Technique::SelfConsistency {
            votes: 3,
            shots: 0,
            picked: Vec::new(),
            temperature: f32::NAN,
        },
        Technique::Tree { breadth: 9, proposals: 2, depth: 2, temperature: 0.7 },
        Technique::Discussion { speakers: Vec::new(), rounds: 0, judge: String::new() },
        Technique::Custom { parts: vec![Part::new(PartKind::Instruction, "Do.")], labels: false },
        Technique::Role { role: "x".repeat(30_000) },
    ] {
        assert!(technique.check().is_err(), "{technique:?}");
    }
}
