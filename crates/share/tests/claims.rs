//! Every claim of every lesson, in both languages, against the shipped Sprout.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod trio;

use std::fs;
use std::path::Path;

use engine::SamplerSettings;
use share::Scene;
use share::lesson::{Answer, Claim, Grade, Index, Measure, Observed, Outcome, Question, parse};
use share::scene::{Language, Panel, Sampler, View};
use trio::Sprout;

#[test]
fn every_claim_holds_of_the_shipped_models() {
    let mut sprout = Sprout::load();
    let mut wrong = Vec::new();
    let (mut claims, mut questions) = (0, 0);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/lessons");
    let index = Index::parse(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    for entry in &index.lessons {
        for language in [Language::En, Language::Zh] {
            let text = fs::read_to_string(folder.join(entry.path(language))).unwrap();
            let lesson = parse(&entry.id, language, &text).unwrap();
            for (number, step) in lesson.steps.iter().enumerate() {
                let Some(scene) = lesson.scene_at(number) else { continue };
                let observed = sprout.observe(scene, &step.measures(), &step.text_measures());
                let mut note = |what: String| {
                    wrong.push(format!("{}, {}: {what}", entry.path(language), step.title));
                };
                if let Some(what) = follows_another(scene, &observed) {
                    note(what);
                }
                for claim in step.claims() {
                    claims += 1;
                    match claim.check(&observed) {
                        Outcome::Holds => {}
                        Outcome::NotObserved if is_beyond(claim.measures().as_slice()) => {}
                        outcome => note(format!("{claim:?}: {outcome:?}")),
                    }
                }
                for question in step.questions() {
                    questions += 1;
                    let in_lab = matches!(scene.view, View::Lab(_));
                    if let Some(why) = unanswerable(question, &observed).filter(|_| !in_lab) {
                        note(why);
                    }
                }
            }
        }
    }
    assert!(claims > 60 && questions > 60, "{claims} claims, {questions} questions");
    assert!(wrong.is_empty(), "{} of {claims}\n{}", wrong.len(), wrong.join("\n"));
}

/// What this test cannot observe: the engine offers no way to switch off a part, or takes too many runs.
fn is_beyond(measures: &[&Measure]) -> bool {
    measures.iter().any(|measure| matches!(measure, Measure::Moved))
}

/// A question that is graded by the run has an answer there, and the answer is among what is offered.
fn unanswerable(question: &Question, observed: &Observed) -> Option<String> {
    if is_beyond(&question.measures()) {
        return None;
    }
    let Some(of) = question.text_measure() else {
        let missing = question.grade(&Answer::Number(f64::NAN), observed) == Grade::NotYet;
        return missing.then(|| format!("{:?} has no answer", question.answer));
    };
    if matches!(of, share::lesson::TextMeasure::Influential { .. }) {
        return None;
    }
    let Some(text) = of.value(observed) else { return Some(format!("{of:?} has no answer")) };
    let options = of.options(observed);
    let fits = (2..=12).contains(&options.len()) && options.contains(&text);
    (!fits).then(|| format!("{of:?}: {text:?} is not among {options:?}"))
}

/// Panels about one token follow the prompt's last one: the answer, which is the run's own, comes after it.
fn follows_another(scene: &Scene, observed: &Observed) -> Option<String> {
    let View::Inside(view) = &scene.view else { return None };
    let last = observed.columns.get(view.column as usize)?.prompt.len().checked_sub(1)? as u32;
    let of_one = matches!(view.panel, Panel::Residual | Panel::FeedForward | Panel::Influence);
    let fits = match view.token {
        Some(token) if of_one => token == last,
        Some(token) => token <= last,
        None => !of_one,
    };
    (!fits).then(|| format!("token {:?} is followed; the prompt's last is {last}", view.token))
}

#[test]
fn panels_follow_the_prompt() {
    let scene = |token: &str| {
        let view = format!(r#"{{"page": "inside", "panel": "influence"{token}}}"#);
        Scene::from_json(&format!(r#"{{"view": {view}}}"#)).unwrap()
    };
    let mut observed = Observed::default();
    observed.columns.push(share::lesson::ObservedColumn::default());
    observed.columns[0].prompt = vec![share::lesson::ObservedToken::default(); 5];
    assert_eq!(follows_another(&scene(r#", "token": 4"#), &observed), None);
    for other in ["", r#", "token": 3"#, r#", "token": 5"#] {
        assert!(follows_another(&scene(other), &observed).is_some(), "{other}");
    }
}

#[test]
fn a_claim_that_is_not_so_is_found() {
    let mut sprout = Sprout::load();
    let json = r#"{"prompt": {"text": "A banana is"}, "columns": [{"model": "sprout", "stage": "base"}],
        "sampler": {"temperature": 0.0}, "max_tokens": 2}"#;
    let observed = sprout.observe(&Scene::from_json(json).unwrap(), &[], &[]);
    for json in [
        r#"{"contains": {"of": {"answer": {}}, "any": ["Beijing"]}}"#,
        r#"{"range": {"of": {"probability": {}}, "max": 0.001}}"#,
        r#"{"range": {"of": {"answer_tokens": {}}, "min": 3}}"#,
    ] {
        let claim: Claim = serde_json::from_str(json).unwrap();
        assert!(matches!(claim.check(&observed), Outcome::Fails(_)), "{json}: {observed:?}");
    }
}

#[test]
fn a_scene_and_the_engine_have_the_same_default_settings() {
    assert_eq!(trio::settings(&Sampler::default()), SamplerSettings::default());
}
