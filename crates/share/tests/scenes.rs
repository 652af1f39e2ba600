//! Bounds of a scene, its defaults and its canonical text.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::scenes;
use proptest::prelude::*;
use share::scene::limits::{
    MAX_COLUMNS, MAX_IDS, MAX_INDEX, MAX_NAME, MAX_SEED, MAX_SPANS, MAX_TEXT, MAX_TURNS,
};
use share::scene::{
    AskedPrompt, Branch, Column, CompareView, Expected, Ids, InsideView, LabView, Language,
    LessonPlace, Part, Patch, PlannedStage, PlannedTechnique, Prompt, Sampler, Span, Switch,
    SwitchPart, Turn, View,
};
use share::{Scene, SceneError};

#[test]
fn the_default_scene_is_an_empty_object() {
    assert_eq!(Scene::default().to_json().unwrap(), "{}");
    assert_eq!(Scene::from_json("{}"), Ok(Scene::default()));
}

#[test]
fn defaults_are_part_of_the_format() {
    // What a link leaves out means this, for ever.
    let Sampler { temperature, top_k, top_p, min_p, repeat_penalty, seed } = Sampler::default();
    assert_eq!((temperature, top_k, top_p, min_p, repeat_penalty), (0.7, 40, 0.95, 0.0, 1.0));
    assert_eq!((seed, Scene::default().max_tokens), (1, 128));
}

#[test]
fn only_what_is_set_is_written() {
    let mut column = Column::new("sprout", "sft");
    column.sampler = Some(Sampler { temperature: 0.0, ..Sampler::default() });
    let scene = Scene {
        prompt: Prompt::new("A banana is"),
        columns: vec![Column::new("sprout", "base"), column],
        ..Scene::default()
    };
    let json = concat!(
        r#"{"prompt":{"text":"A banana is"},"columns":[{"model":"sprout","stage":"base"},"#,
        r#"{"model":"sprout","stage":"sft","sampler":{"temperature":0.0}}]}"#
    );
    assert_eq!(scene.to_json().unwrap(), json);
    assert_eq!(Scene::from_json(json).as_ref(), Ok(&scene));
    assert_eq!(scene.sampler_of(0).temperature, 0.7);
    assert_eq!(scene.sampler_of(1).temperature, 0.0);
    assert_eq!(scene.sampler_of(9), scene.sampler);
}

#[test]
fn a_lab_writes_only_what_is_planned_otherwise() {
    assert_eq!(
        Scene { view: lab(|_| ()), ..Scene::default() }.to_json().unwrap(),
        r#"{"view":{"page":"lab"}}"#
    );
    let view = lab(|view| {
        view.plan = Some(vec![plain(), PlannedTechnique { shots: Some(2), ..plain() }]);
        view.stages = vec![stage("sprout", "sft")];
        view.languages = Some(vec![Language::Zh]);
        view.temperature = Some(0.7);
    });
    let json = concat!(
        r#"{"view":{"page":"lab","plan":[{"id":"plain"},{"id":"plain","shots":2}],"#,
        r#""stages":[{"model":"sprout","stage":"sft"}],"languages":["zh"],"temperature":0.7}}"#
    );
    let scene = Scene { view, ..Scene::default() };
    assert_eq!(scene.to_json().unwrap(), json);
    assert_eq!(Scene::from_json(json), Ok(scene));
}

#[test]
fn a_lab_says_what_is_planned_or_leaves_it() {
    fn says(change: fn(&mut LabView)) -> bool {
        matches!(lab(change), View::Lab(view) if view.has_plan())
    }
    assert!(!says(|_| ()) && !says(|view| view.techniques = vec!["plain".to_owned()]));
    assert!(says(|view| view.techniques = vec!["plain".to_owned(); 2]));
    assert!(says(|view| view.plan = Some(Vec::new())));
}

#[test]
fn every_bound_is_held() {
    type Change = fn(&mut Scene);
    let name_of = |error: SceneError| match error {
        SceneError::OutOfRange { field, .. }
        | SceneError::TooMany { field, .. }
        | SceneError::TooLong { field, .. }
        | SceneError::BadName { field, .. }
        | SceneError::BadHash { field, .. } => field,
        SceneError::BadBranch => "branch",
        SceneError::Unreadable(_) => "json",
    };
    let cases: &[(&str, Change)] = &[
        ("text", |s| s.prompt.text = "x".repeat(MAX_TEXT + 1)),
        ("system", |s| s.prompt.system = "香".repeat(MAX_TEXT / 3 + 1)),
        ("parts", |s| s.prompt.parts = vec![Part::default(); 65]),
        ("parts", |s| s.prompt.parts[0].steps = "x".repeat(MAX_TEXT + 1)),
        ("columns", |s| s.columns = vec![Column::new("a", "b"); MAX_COLUMNS + 1]),
        ("model", |s| s.columns[0].model = String::new()),
        ("model", |s| s.columns[0].model = "a\nb".to_owned()),
        ("model", |s| s.columns[0].model = "x".repeat(MAX_NAME + 1)),
        ("stage", |s| s.columns[0].stage = "<b>".to_owned()),
        ("file", |s| s.columns[0].file = "0123".to_owned()),
        ("file", |s| s.columns[0].file = "ABCDEF01".to_owned()),
        ("adapter", |s| s.columns[0].adapter = "0".repeat(65)),
        ("prefix", |s| s.columns[0].branch.prefix = Ids(vec![1; MAX_IDS + 1])),
        ("prefix", |s| s.columns[0].branch.prefix = Ids(vec![MAX_INDEX])),
        ("branch", |s| s.columns[0].branch = branch(3, &[1, 1])),
        ("branch", |s| s.columns[0].branch = branch(3, &[3])),
        ("temperature", |s| s.sampler.temperature = -0.1),
        ("temperature", |s| s.sampler.temperature = f32::NAN),
        ("temperature", |s| s.sampler.temperature = f32::INFINITY),
        ("top_k", |s| s.sampler.top_k = u32::MAX),
        ("top_p", |s| s.sampler.top_p = 1.01),
        ("min_p", |s| s.sampler.min_p = -1.0),
        ("repeat_penalty", |s| s.sampler.repeat_penalty = 0.0),
        ("seed", |s| s.sampler.seed = MAX_SEED + 1),
        ("seed", |s| s.columns[0].sampler = Some(Sampler { seed: u64::MAX, ..s.sampler })),
        ("max_tokens", |s| s.max_tokens = 0),
        ("max_tokens", |s| s.max_tokens = 32_769),
        ("context", |s| s.context = Some(15)),
        ("column", |s| s.view = compare(|v| v.column = 2)),
        ("score", |s| s.view = compare(|v| v.score = Some(2))),
        ("samples", |s| s.view = compare(|v| v.samples = Some(33))),
        ("samples", |s| s.view = compare(|v| v.samples = Some(1))),
        ("token", |s| s.view = compare(|v| v.token = Some(MAX_INDEX))),
        ("column", |s| s.view = inside(|v| v.column = 2)),
        ("against", |s| s.view = inside(|v| v.against = Some(7))),
        ("versus", |s| s.view = inside(|v| v.versus = Some("../x".to_owned()))),
        ("model", |s| s.view = inside(|v| v.asked = Some(Box::default()))),
        ("role", |s| s.view = asked(|a| a.turns = vec![Turn::default()])),
        ("turns", |s| s.view = asked(|a| a.turns = vec![Turn::default(); MAX_TURNS + 1])),
        ("spans", |s| s.view = asked(|a| a.spans = vec![Span::default(); MAX_SPANS + 1])),
        ("spans", |s| {
            s.view = asked(|a| a.spans = vec![Span { end: MAX_INDEX, ..Span::default() }]);
        }),
        ("answer", |s| s.view = asked(|a| a.answer = Ids(vec![1; MAX_IDS + 1]))),
        ("layer", |s| s.view = inside(|v| v.layer = Some(u32::MAX))),
        ("neuron", |s| s.view = inside(|v| v.neuron = Some(MAX_INDEX))),
        ("switches", |s| s.view = inside(|v| v.switches = vec![SWITCH; 65])),
        ("scale", |s| s.view = inside(|v| v.switches = vec![Switch { scale: 2.5, ..SWITCH }])),
        ("index", |s| {
            let part = SwitchPart::Attention;
            s.view = inside(|v| v.switches = vec![Switch { part, index: 1, ..SWITCH }]);
        }),
        ("source", |s| {
            let source = "x".repeat(MAX_TEXT + 1);
            s.view = inside(|v| v.patch = Some(Patch { source, ..Patch::default() }));
        }),
        ("techniques", |s| s.view = lab(|v| v.techniques = vec!["a".to_owned(); 17])),
        ("techniques", |s| s.view = lab(|v| v.techniques = vec!["A b".to_owned()])),
        ("set", |s| s.view = lab(|v| v.set = "../x".to_owned())),
        ("problems", |s| s.view = lab(|v| v.problems = Some(10_001))),
        ("seed", |s| s.view = lab(|v| v.seed = u64::MAX)),
        ("plan", |s| s.view = lab(|v| v.plan = Some(vec![plain(); 17]))),
        ("plan", |s| s.view = lab(|v| v.plan = Some(vec![PlannedTechnique::default()]))),
        ("plan", |s| s.view = planned(|p| p.id = "<b>".to_owned())),
        ("shots", |s| s.view = planned(|p| p.shots = Some(65))),
        ("depth", |s| s.view = planned(|p| p.depth = Some(u32::MAX))),
        ("temperature", |s| s.view = planned(|p| p.temperature = Some(f32::NAN))),
        ("parts", |s| s.view = planned(|p| p.parts = vec![Part::default(); 65])),
        ("stages", |s| s.view = lab(|v| v.stages = vec![stage("m", "sft"); 9])),
        ("model", |s| s.view = lab(|v| v.stages = vec![stage("", "sft")])),
        ("stage", |s| s.view = lab(|v| v.stages = vec![stage("m", "../x")])),
        ("languages", |s| s.view = lab(|v| v.languages = Some(vec![Language::En; 3]))),
        ("set_model", |s| s.view = lab(|v| v.set_model = "a\nb".to_owned())),
        ("max_tokens", |s| s.view = lab(|v| v.max_tokens = Some(32_769))),
        ("batch", |s| s.view = lab(|v| v.batch = Some(10_001))),
        ("temperature", |s| s.view = lab(|v| v.temperature = Some(f32::INFINITY))),
        ("temperature", |s| s.view = lab(|v| v.temperature = Some(-0.1))),
        ("rule", |s| s.view = lab(|v| v.rule = "A rule".to_owned())),
        ("pattern", |s| s.view = lab(|v| v.pattern = "x".repeat(MAX_TEXT + 1))),
        ("lesson", |s| s.lesson = Some(LessonPlace { id: "../x".to_owned(), step: 0 })),
        ("lesson", |s| s.lesson = Some(LessonPlace::default())),
        ("step", |s| s.lesson = Some(LessonPlace { id: "x".to_owned(), step: 1000 })),
        ("expected columns", |s| s.expected = Some(expected(3, 1))),
        ("expected tokens", |s| s.expected = Some(expected(1, MAX_IDS + 1))),
        ("backend", |s| {
            s.expected = Some(Expected { backend: "\u{7}".to_owned(), ..expected(1, 1) });
        }),
    ];
    for (place, (field, change)) in cases.iter().enumerate() {
        let mut scene = whole();
        assert_eq!(scene.check(), Ok(()));
        change(&mut scene);
        let error = scene.clone().checked().unwrap_err();
        assert!(scene.to_json().is_err(), "{field} is written");
        assert!(!error.to_string().is_empty());
        assert_eq!(name_of(error), *field, "case {place}");
    }
}

#[test]
fn without_columns_the_page_has_up_to_four() {
    let view = compare(|view| view.column = 3);
    assert!(Scene { view, ..Scene::default() }.checked().is_ok());
    let view = compare(|view| view.column = 4);
    assert!(Scene { view, ..Scene::default() }.checked().is_err());
}

const SWITCH: Switch = Switch { part: SwitchPart::Head, layer: 0, index: 0, scale: 0.0 };

/// Two columns and one part.
fn whole() -> Scene {
    let parts = vec![Part::default()];
    Scene {
        prompt: Prompt { parts, ..Prompt::default() },
        columns: vec![Column::new("a", "b"); 2],
        ..Scene::default()
    }
}

fn branch(length: u32, chosen: &[u32]) -> Branch {
    Branch { prefix: Ids((0..length).collect()), chosen: chosen.to_vec() }
}

fn expected(columns: usize, ids: usize) -> Expected {
    Expected { backend: "cpu".to_owned(), columns: vec![Ids(vec![1; ids]); columns] }
}

fn compare(change: impl FnOnce(&mut CompareView)) -> View {
    let mut view = CompareView::default();
    change(&mut view);
    View::Compare(view)
}

fn inside(change: impl FnOnce(&mut InsideView)) -> View {
    let mut view = InsideView::default();
    change(&mut view);
    View::Inside(view)
}

fn asked(change: impl FnOnce(&mut AskedPrompt)) -> View {
    let (model, stage) = ("m".to_owned(), "sft".to_owned());
    let mut asked = AskedPrompt { model, stage, ..AskedPrompt::default() };
    change(&mut asked);
    inside(|view| view.asked = Some(Box::new(asked)))
}

fn lab(change: impl FnOnce(&mut LabView)) -> View {
    let mut view = LabView::default();
    change(&mut view);
    View::Lab(view)
}

fn plain() -> PlannedTechnique {
    PlannedTechnique { id: "plain".to_owned(), ..PlannedTechnique::default() }
}

fn planned(change: impl FnOnce(&mut PlannedTechnique)) -> View {
    let mut technique = plain();
    change(&mut technique);
    lab(|view| view.plan = Some(vec![technique]))
}

fn stage(model: &str, stage: &str) -> PlannedStage {
    PlannedStage { model: model.to_owned(), stage: stage.to_owned() }
}

proptest! {
    #[test]
    fn every_scene_within_bounds_round_trips(scene in scenes()) {
        let json = scene.to_json().unwrap();
        let again = Scene::from_json(&json).unwrap();
        prop_assert_eq!(again.to_json().unwrap(), json);
        prop_assert_eq!(again, scene);
    }

    #[test]
    fn ids_round_trip(ids in prop::collection::vec(any::<u32>(), 0..200)) {
        let ids = Ids(ids);
        prop_assert_eq!(Ids::decode(&ids.encode()), Some(ids));
    }

    #[test]
    fn a_text_of_ids_is_the_only_one(text in "[A-Za-z0-9_-]{0,40}") {
        if let Some(ids) = Ids::decode(&text) {
            prop_assert_eq!(ids.encode(), text);
        }
    }
}
