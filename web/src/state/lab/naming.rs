//! What a technique with its settings is called: in files, and for readers.

use lab::experiment::TechniqueUse;
use lab::technique::{Extract, Technique};
use lab::{Bilingual, Language};

use super::knobs::{Knob, dials};

/// A technique under a name that no other one of the list has.
pub(crate) fn named(technique: Technique, others: &[TechniqueUse]) -> TechniqueUse {
    let stem = key(&technique);
    let taken = |key: &str| others.iter().any(|other| other.key == key);
    let mut unique = stem.clone();
    let mut number = 2;
    while taken(&unique) {
        unique = format!("{stem}-{number}");
        number += 1;
    }
    let name = name(&technique);
    TechniqueUse { key: unique, name, technique }
}

/// Changes one technique of the list; its name says so.
pub(crate) fn change(list: &mut Vec<TechniqueUse>, at: usize, change: impl FnOnce(&mut Technique)) {
    let Some(used) = list.get(at) else { return };
    let mut technique = used.technique.clone();
    change(&mut technique);
    if technique != used.technique {
        list.remove(at);
        let renamed = named(technique, list);
        list.insert(at, renamed);
    }
}

/// `few_shot-4`: the id, and the numbers that tell it from others of its kind.
fn key(technique: &Technique) -> String {
    let mut key = technique.id().to_owned();
    for dial in dials(technique) {
        match dial.knob {
            Knob::Votes | Knob::Rounds | Knob::Breadth | Knob::SubQuestions => {
                key += &format!("-{}", dial.value);
            }
            Knob::Shots if dial.value > 0.0 || technique.id().starts_with("few_shot") => {
                key += &format!("-{}", dial.value);
            }
            _ => {}
        }
    }
    if let Technique::ZeroShotCot { extract: Extract::Never } = technique {
        key += "-one_prompt";
    }
    key
}

/// The catalogue's name with the same numbers, in both languages.
fn name(technique: &Technique) -> Bilingual {
    let info = technique.info();
    let [en, zh] = Language::ALL.map(|language| {
        let mut name = info.name.get(language).to_owned();
        let details = details(technique, language);
        if !details.is_empty() {
            name += &format!(" · {}", details.join(" · "));
        }
        name
    });
    Bilingual { en, zh }
}

fn details(technique: &Technique, language: Language) -> Vec<String> {
    let say = |en: String, zh: String| match language {
        Language::En => en,
        Language::Zh => zh,
    };
    let count = |value: f64| value as usize;
    let mut details: Vec<String> = dials(technique)
        .into_iter()
        .filter_map(|dial| {
            let n = count(dial.value);
            match dial.knob {
                Knob::Shots if n > 0 || technique.id().starts_with("few_shot") => {
                    let examples =
                        if n == 1 { "1 example".to_owned() } else { format!("{n} examples") };
                    Some(say(examples, format!("{n}个例子")))
                }
                Knob::Votes => {
                    let votes = if n == 1 { "1 vote".to_owned() } else { format!("{n} votes") };
                    Some(say(votes, format!("{n}票")))
                }
                Knob::Rounds if n > 1 => Some(say(format!("{n} rounds"), format!("{n}轮"))),
                Knob::Extract if n == 0 => {
                    Some(say("one prompt".to_owned(), "只用一个提示".to_owned()))
                }
                _ => None,
            }
        })
        .collect();
    if let Technique::Discussion { speakers, judge, .. } = technique {
        if !speakers.is_empty() {
            details.push(say(speakers.join(" + "), speakers.join("、")));
        }
        if !judge.is_empty() {
            details.push(say(format!("{judge} decides"), format!("由{judge}裁决")));
        }
    }
    details
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::knobs::{offered, turn};

    fn few(shots: f64) -> Technique {
        let mut technique = offered("few_shot").expect("it is offered");
        turn(&mut technique, Knob::Shots, shots);
        technique
    }

    #[test]
    fn names_tell_techniques_apart() {
        let mut list = Vec::new();
        for technique in [few(0.0), few(4.0), few(4.0), Technique::Plain] {
            list.push(named(technique, &list));
        }
        let keys: Vec<&str> = list.iter().map(|used| used.key.as_str()).collect();
        assert_eq!(keys, ["few_shot-0", "few_shot-4", "few_shot-4-2", "plain"]);
        assert_eq!(list[1].name.en, "Few-shot · 4 examples");
        assert_eq!(list[1].name.zh, "少样本 · 4个例子");
        assert_eq!(list[3].name.en, "Plain");
    }

    #[test]
    fn a_name_says_who_takes_part() {
        let mut list = Vec::new();
        for _ in 0..2 {
            let technique = offered("discussion").expect("it is offered");
            list.push(named(technique, &list));
        }
        let before = list[0].clone();
        change(&mut list, 1, |technique| {
            if let Technique::Discussion { speakers, judge, .. } = technique {
                *speakers = vec!["base".into(), "sft".into()];
                *judge = "rlhf".into();
            }
        });
        assert_eq!((&list[0], list[1].key.as_str()), (&before, "discussion-2-2"));
        assert!(list[1].name.en.ends_with(" · base + sft · rlhf decides"), "{}", list[1].name.en);
        assert!(list[1].name.zh.ends_with(" · base、sft · 由rlhf裁决"), "{}", list[1].name.zh);
        change(&mut list, 2, |_| panic!("there is none"));
    }

    #[test]
    fn keys_are_names_for_files() {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        for info in &lab::technique::CATALOGUE {
            if let Some(technique) = offered(info.id) {
                let used = named(technique, &[]);
                assert!(used.key.chars().all(plain), "{}", used.key);
                assert!(!used.name.en.is_empty() && !used.name.zh.is_empty());
            }
        }
    }
}
