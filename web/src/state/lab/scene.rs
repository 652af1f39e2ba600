//! The lab in a link: what is built and planned, as the scene holds it.

use lab::experiment::limits;
use lab::problems::Kind;
use lab::prompt::Part;
use lab::technique::Technique;
use share::scene::{self, LabView};

use super::build::Build;
use super::knobs::{self, Knob, dials};
use super::parts;
use super::plan::{Figure, HELD_OUT, Plan, ProblemSet};

/// What a scene says of the lab.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    pub(crate) view: LabView,
    pub(crate) parts: Vec<scene::Part>,
}

/// Begins the id of a set that is a file of a trio: `held-out-questions`.
const FILE: &str = "held-out-";
/// The id of the reader's own table, which a link does not hold.
const TABLE: &str = "table";

/// What the scene should say.
pub(crate) fn of(build: &Build, plan: &Plan, measure: bool) -> Shown {
    let number = |technique: &Technique, knob: Knob| {
        let dial = dials(technique).into_iter().find(|dial| dial.knob == knob)?;
        Some(dial.value as u32)
    };
    let own = [build.technique.id()].into_iter();
    let planned = plan.techniques.iter().map(|used| used.technique.id());
    let techniques = own.chain(planned).map(str::to_owned).take(scene::limits::MAX_TECHNIQUES);
    Shown {
        view: LabView {
            techniques: techniques.collect(),
            shots: number(&build.technique, Knob::Shots),
            votes: number(&build.technique, Knob::Votes),
            set: set_id(&plan.set),
            problems: plan
                .figure(Figure::Count)
                .trim()
                .parse()
                .ok()
                .map(|count: u32| count.min(10_000)),
            seed: plan.figure(Figure::Seed).trim().parse().unwrap_or(1).min(lab::rng::SEED_MASK),
            measure,
        },
        parts: parts::for_scene(&build.parts),
    }
}

/// Puts on the page what a scene says. What it does not say, or says of something that is not there, stays.
pub(crate) fn take(shown: &Shown, build: &mut Build, plan: &mut Plan) {
    let view = &shown.view;
    let technique = |id: &String| {
        let mut technique = match id.as_str() {
            "custom" => Technique::Custom { parts: Vec::new(), labels: false },
            id => knobs::offered(id)?,
        };
        if let Some(shots) = view.shots {
            knobs::turn(&mut technique, Knob::Shots, f64::from(shots));
        }
        if let Some(votes) = view.votes {
            knobs::turn(&mut technique, Knob::Votes, f64::from(votes));
        }
        Some(technique)
    };
    let first = view.techniques.first().and_then(technique);
    let own: Vec<Part> = parts::of_scene(&shown.parts);
    match (first, own.is_empty()) {
        (Some(first), true) => build.choose(first),
        (Some(first), false) => build.open(own, first),
        (None, false) => build.open(own, Technique::Plain),
        (None, true) => {}
    }
    let planned: Vec<Technique> = view.techniques.iter().skip(1).filter_map(technique).collect();
    if !planned.is_empty() {
        plan.techniques.clear();
        planned.into_iter().take(limits::MAX_TECHNIQUES).for_each(|it| plan.add(it));
    }
    if let Some(set) = set_of(&view.set, plan) {
        plan.set = set;
    }
    if let Some(count) = view.problems {
        plan.set_figure(Figure::Count, count.to_string());
    }
    // A link that says nothing leaves the seed, as its other settings.
    if *view != LabView::default() {
        plan.set_figure(Figure::Seed, view.seed.to_string());
    }
}

fn set_id(set: &ProblemSet) -> String {
    match set {
        ProblemSet::Generated(kind) => kind.id().to_owned(),
        ProblemSet::HeldOut { file, .. } => format!("{FILE}{file}"),
        ProblemSet::Table => TABLE.to_owned(),
    }
}

fn set_of(id: &str, plan: &Plan) -> Option<ProblemSet> {
    if let Some(file) = id.strip_prefix(FILE) {
        let file = HELD_OUT.into_iter().find(|known| *known == file)?;
        let own = match &plan.set {
            ProblemSet::HeldOut { model, .. } => Some(model.clone()),
            _ => plan.seats.first().map(|seat| seat.model.clone()),
        };
        return Some(ProblemSet::HeldOut { model: own?, file: file.to_owned() });
    }
    Kind::ALL.into_iter().find(|kind| kind.id() == id).map(ProblemSet::Generated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::asked::Seat;
    use share::Scene;
    use share::scene::{Prompt, View};

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
        let scene = Scene {
            view: View::Lab(shown.view.clone()),
            prompt: Prompt { parts: shown.parts.clone(), ..Prompt::default() },
            ..Scene::default()
        };
        let json = scene.to_json().expect("within its bounds");
        let opened = Scene::from_json(&json).expect("its own output");
        let View::Lab(view) = opened.view else { panic!("another view") };
        let (mut other, mut other_plan) = (Build::default(), Plan::default());
        take(&Shown { view, parts: opened.prompt.parts }, &mut other, &mut other_plan);
        assert_eq!(other.parts, build.parts);
        assert_eq!(other.technique, build.technique);
        assert_eq!(other_plan.set, plan.set);
        assert_eq!(of(&other, &other_plan, true), shown);
    }

    #[test]
    fn a_scene_that_says_nothing_changes_nothing() {
        let (mut build, mut plan) = (Build::default(), Plan::default());
        take(&Shown::default(), &mut build, &mut plan);
        assert_eq!((build, plan), (Build::default(), Plan::default()));
    }

    #[test]
    fn what_is_not_there_is_left_out() {
        let (mut build, mut plan) = (Build::default(), Plan::default());
        let view = LabView {
            techniques: vec!["telepathy".into(), "plain".into()],
            set: "held-out-secrets".into(),
            ..LabView::default()
        };
        take(&Shown { view, parts: Vec::new() }, &mut build, &mut plan);
        assert_eq!(build, Build::default());
        assert_eq!(plan.techniques.len(), 1);
        assert_eq!(plan.set, Plan::default().set);
        plan.seats.push(Seat::new("sprout", "sft"));
        let view = LabView { set: "held-out-questions".into(), ..LabView::default() };
        take(&Shown { view, parts: Vec::new() }, &mut build, &mut plan);
        let held = ProblemSet::HeldOut { model: "sprout".into(), file: "questions".into() };
        assert_eq!(plan.set, held);
    }
}
