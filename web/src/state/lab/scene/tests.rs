use super::*;
use share::Scene;
use share::scene::{Prompt, View};

fn here() -> Here {
    let stages = ["base", "sft", "rlhf"].map(|stage| Seat::new("sprout", stage));
    Here { stages: stages.into(), trios: vec!["sprout".into()], model: None }
}

/// What comes out of a link that holds this.
fn through_link(shown: &Shown) -> Shown {
    let scene = Scene {
        view: View::Lab(shown.view.clone()),
        prompt: Prompt { parts: shown.parts.clone(), ..Prompt::default() },
        ..Scene::default()
    };
    let json = scene.to_json().expect("within its bounds");
    let opened = Scene::from_json(&json).expect("its own output");
    let View::Lab(view) = opened.view else { panic!("another view") };
    Shown { view, parts: opened.prompt.parts }
}

/// The plan of a page on which this link is opened.
fn opened(shown: &Shown) -> Plan {
    let (mut build, mut plan) = (Build::default(), Plan::default());
    take(shown, &mut build, &mut plan, &here());
    plan
}

fn turned(id: &str, knob: Knob, value: f64) -> Technique {
    let mut technique = knobs::offered(id).expect("it is offered");
    knobs::turn(&mut technique, knob, value);
    technique
}

/// Everything is as nobody begins with.
fn changed() -> Plan {
    let mut plan = Plan::default();
    plan.techniques.clear();
    plan.add(turned("few_shot", Knob::Shots, 2.0));
    plan.add(turned("self_consistency", Knob::Votes, 9.0));
    plan.add(turned("tree", Knob::Temperature, 1.2));
    plan.toggle_seat(&Seat::new("sprout", "rlhf"));
    plan.toggle_seat(&Seat::new("sprout", "base"));
    plan.languages = vec![lab::Language::Zh];
    plan.set = ProblemSet::HeldOut { model: "sprout".into(), file: "questions".into() };
    for (figure, text) in [
        (Figure::Count, "12"),
        (Figure::Seed, "7"),
        (Figure::MaxTokens, "48"),
        (Figure::Batch, "4"),
        (Figure::Temperature, "0.7"),
    ] {
        plan.set_figure(figure, text.into());
    }
    plan.rule = Rule::Pattern;
    plan.pattern = r"(\d+)\s*个".into();
    plan
}

#[test]
fn what_is_on_the_page_is_in_the_link() {
    let mut build = Build::default();
    build.choose(knobs::offered("few_shot").expect("it is offered"));
    build.turn(Knob::Shots, 2.0);
    let mut plan = Plan::default();
    plan.set_figure(Figure::Count, "33".into());
    plan.set_figure(Figure::Seed, "7".into());
    plan.set = ProblemSet::Generated(Kind::Antonyms);
    let shown = of(&build, &plan, true);
    let (mut other, mut other_plan) = (Build::default(), Plan::default());
    take(&through_link(&shown), &mut other, &mut other_plan, &here());
    assert_eq!(other.parts, build.parts);
    assert_eq!(other.technique, build.technique);
    // The examples of the prompt that is built are not those of the plan.
    assert_eq!(other_plan, plan);
    assert_eq!(of(&other, &other_plan, true), shown);
}

#[test]
fn every_setting_of_what_is_built_is_in_the_link() {
    let plan = Plan::default();
    let mut discussion = knobs::offered("discussion").expect("it is offered");
    if let Technique::Discussion { speakers, judge, .. } = &mut discussion {
        (*speakers, *judge) = (vec!["base".into(), "rlhf".into()], "sft".into());
    }
    for technique in [
        turned("tree", Knob::Temperature, 1.2),
        turned("sub_questions", Knob::SubQuestions, 2.0),
        turned("zero_shot_cot", Knob::Extract, 0.0),
        discussion,
    ] {
        let mut build = Build::default();
        build.choose(technique);
        build.max_tokens = 33;
        build.labels = !build.labels;
        let shown = through_link(&of(&build, &plan, false));
        let (mut other, mut other_plan) = (Build::default(), Plan::default());
        take(&shown, &mut other, &mut other_plan, &here());
        assert_eq!(
            (&other.technique, &other.parts, other.labels, other.max_tokens),
            (&build.technique, &build.parts, build.labels, 33),
        );
        assert_eq!(of(&other, &other_plan, false), shown);
        // Undo leads back to what the lab begins with.
        take(&of(&Build::default(), &plan, false), &mut other, &mut other_plan, &here());
        assert_eq!(other.max_tokens, Build::default().max_tokens);
        assert_eq!(other.technique, Build::default().technique);
    }
}

#[test]
fn the_whole_plan_is_in_the_link() {
    let plan = changed();
    let shown = of(&Build::default(), &plan, true);
    assert_eq!(opened(&through_link(&shown)), plan);
    let [first, ..] = shown.view.plan.as_deref().expect("its settings are its own") else {
        panic!("a technique")
    };
    assert_eq!((first.id.as_str(), first.shots, first.votes), ("few_shot", Some(2), None));
    assert_eq!(shown.view.techniques, ["plain"]);
}

#[test]
fn a_plan_as_it_begins_is_as_short_as_it_ever_was() {
    let plan = Plan::default();
    let mut shown = of(&Build::default(), &plan, true);
    assert_eq!(opened(&through_link(&shown)), plan);
    // The language of the problems is left out where a link is made.
    shown.view.languages = None;
    let techniques = ["plain", "plain", "few_shot_cot"].map(str::to_owned).into();
    let (set, problems) = ("two_step".to_owned(), Some(20));
    let short = LabView { techniques, set, problems, seed: 1, measure: true, ..LabView::default() };
    assert_eq!(shown.view, short);
    // What links leave out means this, for ever.
    let figures = [Figure::MaxTokens, Figure::Batch, Figure::Temperature];
    assert_eq!(figures.map(|figure| plan.figure(figure).to_owned()), ["96", "8", "0"]);
    assert_eq!((plan.rule, plan.pattern.as_str(), plan.seats.len()), (Rule::Auto, "", 0));
}

#[test]
fn a_link_with_a_plan_replaces_the_whole_plan() {
    let first = Plan::default();
    let shown = through_link(&of(&Build::default(), &first, true));
    let (mut build, mut plan) = (Build::default(), changed());
    take(&shown, &mut build, &mut plan, &here());
    assert_eq!(plan, first, "undo brings back what was there before");
    // A step of a lesson, which says nothing of it, leaves it.
    let mut plan = changed();
    let view = LabView { techniques: vec!["plain".into()], measure: true, ..LabView::default() };
    take(&Shown { view, parts: Vec::new() }, &mut build, &mut plan, &here());
    let mut same = changed();
    same.set_figure(Figure::Seed, "0".into());
    assert_eq!(plan, same);
}

#[test]
fn an_old_link_means_what_it_meant() {
    let techniques = ["plain", "plain", "self_consistency", "few_shot"].map(str::to_owned).into();
    let view =
        LabView { techniques, shots: Some(2), votes: Some(3), seed: 5, ..LabView::default() };
    let (mut build, mut plan) = (Build::default(), Plan::default());
    plan.languages = vec![lab::Language::Zh];
    let shown = Shown { view, parts: Vec::new() };
    take(&through_link(&shown), &mut build, &mut plan, &here());
    let keys: Vec<&str> = plan.techniques.iter().map(|used| used.key.as_str()).collect();
    assert_eq!(keys, ["plain", "self_consistency-3-2", "few_shot-2"]);
    assert_eq!((plan.figure(Figure::Seed), plan.figure(Figure::Count)), ("5", "20"));
    assert_eq!(plan.languages, [lab::Language::Zh], "the reader's own");
}

#[test]
fn nothing_planned_and_figures_that_are_none_travel_too() {
    let mut plan = Plan::default();
    plan.drop_technique(1);
    plan.drop_technique(0);
    plan.toggle_language(lab::Language::En);
    assert_eq!(opened(&through_link(&of(&Build::default(), &plan, true))), plan);
    for text in ["", "many", "-3", "99999999999999999999999", "NaN", "inf", "1e30"] {
        for figure in [Figure::MaxTokens, Figure::Batch, Figure::Temperature, Figure::Count] {
            let mut plan = Plan::default();
            plan.set_figure(figure, text.into());
            // Whatever is typed, the link can be made.
            opened(&through_link(&of(&Build::default(), &plan, true)));
        }
    }
}

#[test]
fn a_scene_that_says_nothing_changes_nothing() {
    let (mut build, mut plan) = (Build::default(), Plan::default());
    take(&Shown::default(), &mut build, &mut plan, &here());
    assert_eq!((build, plan), (Build::default(), Plan::default()));
}

#[test]
fn what_is_not_there_is_left_out() {
    let (mut build, mut plan) = (Build::default(), Plan::default());
    let view = LabView {
        techniques: vec!["telepathy".into(), "plain".into()],
        set: "held-out-secrets".into(),
        rule: "guess".into(),
        stages: for_scene(&[
            Seat::new("somebody.gguf", "model"),
            Seat::new("sprout", "dpo"),
            Seat::new("sprout", "sft"),
            Seat::new("sprout", "sft"),
        ]),
        ..LabView::default()
    };
    take(&Shown { view, parts: Vec::new() }, &mut build, &mut plan, &here());
    assert_eq!(build, Build::default());
    assert_eq!(plan.techniques.len(), 1);
    assert_eq!((&plan.set, plan.rule), (&Plan::default().set, Rule::Auto));
    assert_eq!(plan.seats, [Seat::new("sprout", "sft")]);
}

#[test]
fn held_out_problems_are_those_of_a_model_that_is_here() {
    let held = |model: &str, here: &Here| {
        let (mut build, mut plan) = (Build::default(), Plan::default());
        let (set, set_model) = ("held-out-questions".to_owned(), model.to_owned());
        let view = LabView { set, set_model, ..LabView::default() };
        take(&Shown { view, parts: Vec::new() }, &mut build, &mut plan, here);
        plan.set
    };
    let own = ProblemSet::HeldOut { model: "sprout".into(), file: "questions".into() };
    assert_eq!(held("sprout", &here()), own);
    assert_eq!(held("", &Here { model: Some("sprout".into()), ..here() }), own, "an old link");
    assert_eq!(held("gone", &here()), Plan::default().set);
}
