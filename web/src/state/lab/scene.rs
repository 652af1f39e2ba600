//! The lab in a link: what is built and planned, as the scene holds it.

use lab::experiment::limits;
use lab::problems::Kind;
use lab::prompt::Part;
use lab::technique::Technique;
use share::scene::limits::{MAX_FIGURE, MAX_STAGES, MAX_TECHNIQUES, MAX_TEMPERATURE};
use share::scene::{self, LabView, PlannedStage, PlannedTechnique};

use super::asked::Seat;
use super::build::{Build, MAX_TOKENS};
use super::knobs::{self, Knob, dials};
use super::parts;
use super::plan::{Figure, HELD_OUT, Plan, ProblemSet, RULES, Rule};

mod planned;

/// What a scene says of the lab.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    pub(crate) view: LabView,
    pub(crate) parts: Vec<scene::Part>,
}

/// What a scene can name on this page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Here {
    /// Stages of all models that can be asked.
    pub(crate) stages: Vec<Seat>,
    /// Models that have held-out problems.
    pub(crate) trios: Vec<String>,
    /// The model that is asked where the reader has chosen no stage.
    pub(crate) model: Option<String>,
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
    let figure = |figure: Figure| Some(plan.whole(figure).ok()?.min(MAX_FIGURE.into()) as u32);
    // What is as the lab begins with is left out.
    let first = Plan::default();
    let changed = |own: Figure| figure(own).filter(|_| plan.whole(own) != first.whole(own));
    let temperature = plan.temperature().ok().filter(|own| *own > 0.0);
    let mut view = LabView {
        techniques: vec![build.technique.id().to_owned()],
        shots: number(&build.technique, Knob::Shots),
        votes: number(&build.technique, Knob::Votes),
        shown: None,
        shown_max_tokens: (build.max_tokens != MAX_TOKENS).then_some(build.max_tokens),
        set: set_id(&plan.set),
        problems: figure(Figure::Count),
        seed: plan.whole(Figure::Seed).unwrap_or(1).min(lab::rng::SEED_MASK),
        measure,
        plan: None,
        stages: for_scene(&plan.seats),
        languages: Some(plan.languages.iter().map(|own| language_for_scene(*own)).collect()),
        set_model: match &plan.set {
            ProblemSet::HeldOut { model, .. } => model.clone(),
            _ => String::new(),
        },
        max_tokens: changed(Figure::MaxTokens),
        batch: changed(Figure::Batch),
        temperature: temperature.map(|own| own.min(MAX_TEMPERATURE)),
        rule: if plan.rule == Rule::Auto { String::new() } else { plan.rule.code().to_owned() },
        pattern: plan.pattern.clone(),
    };
    if !is_opened_alike(build, &view) {
        let shown = planned::for_scene(&build.technique);
        let shown = PlannedTechnique { parts: Vec::new(), labels: build.labels, ..shown };
        view.shown = Some(Box::new(shown));
    }
    add_techniques(&mut view, plan);
    Shown { view, parts: parts::for_scene(&build.parts) }
}

/// Do the id of what is built and the numbers for all techniques say enough to build it?
fn is_opened_alike(build: &Build, view: &LabView) -> bool {
    by_id(build.technique.id(), view).is_some_and(|technique| {
        let mut opened = build.clone();
        opened.open(build.parts.clone(), technique);
        opened.technique == build.technique && opened.labels == build.labels
    })
}

/// The planned techniques: their ids where these say it all, else with their settings.
fn add_techniques(view: &mut LabView, plan: &Plan) {
    let is_said = |technique: &Technique| by_id(technique.id(), view).as_ref() == Some(technique);
    let fits = (1..MAX_TECHNIQUES).contains(&plan.techniques.len());
    if fits && plan.techniques.iter().all(|used| is_said(&used.technique)) {
        let ids = plan.techniques.iter().map(|used| used.technique.id().to_owned());
        view.techniques.extend(ids);
    } else {
        let own = plan.techniques.iter().take(MAX_TECHNIQUES);
        view.plan = Some(own.map(|used| planned::for_scene(&used.technique)).collect());
    }
}

/// Stages as a scene holds them.
pub(crate) fn for_scene(seats: &[Seat]) -> Vec<PlannedStage> {
    let stage = |seat: &Seat| PlannedStage { model: seat.model.clone(), stage: seat.stage.clone() };
    seats.iter().take(MAX_STAGES).map(stage).collect()
}

/// Puts on the page what a scene says. What it does not say, or says of something that is not there, stays; but a scene
/// that says what is planned says all of the plan.
pub(crate) fn take(shown: &Shown, build: &mut Build, plan: &mut Plan, here: &Here) {
    let view = &shown.view;
    let by_number = || view.techniques.first().and_then(|id| by_id(id, view));
    let first = view.shown.as_deref().and_then(planned::of_scene).or_else(by_number);
    let own: Vec<Part> = parts::of_scene(&shown.parts);
    match (first, own.is_empty()) {
        (Some(first), true) => build.choose(first),
        (Some(first), false) => build.open(own, first),
        (None, false) => build.open(own, Technique::Plain),
        (None, true) => {}
    }
    if let Some(own) = view.shown.as_ref().filter(|_| !shown.parts.is_empty()) {
        build.labels = own.labels;
    }
    if !view.techniques.is_empty() {
        build.max_tokens = view.shown_max_tokens.map_or(MAX_TOKENS, |most| most.max(1));
    }
    take_techniques(view, plan);
    if view.has_plan() || !view.stages.is_empty() {
        take_stages(&view.stages, plan, here);
    }
    if let Some(own) = &view.languages {
        plan.languages = own.iter().map(|own| super::language(*own)).collect();
        plan.languages.sort();
        plan.languages.dedup();
    }
    if let Some(set) = set_of(view, plan, here) {
        plan.set = set;
    }
    take_figures(view, plan);
    if let Some(rule) = RULES.into_iter().find(|rule| rule.code() == view.rule) {
        plan.rule = rule;
    } else if view.has_plan() {
        plan.rule = Rule::Auto;
    }
    if view.has_plan() || !view.pattern.is_empty() {
        plan.pattern.clone_from(&view.pattern);
    }
}

fn take_techniques(view: &LabView, plan: &mut Plan) {
    let planned: Vec<Technique> = match &view.plan {
        Some(own) => own.iter().filter_map(planned::of_scene).collect(),
        None => view.techniques.iter().skip(1).filter_map(|id| by_id(id, view)).collect(),
    };
    if view.plan.is_some() || !planned.is_empty() {
        plan.techniques.clear();
        planned.into_iter().take(limits::MAX_TECHNIQUES).for_each(|it| plan.add(it));
    }
}

fn take_stages(stages: &[PlannedStage], plan: &mut Plan, here: &Here) {
    plan.seats.clear();
    for stage in stages.iter().take(limits::MAX_STAGES) {
        let seat = Seat::new(&stage.model, &stage.stage);
        if here.stages.contains(&seat) && !plan.seats.contains(&seat) {
            plan.seats.push(seat);
        }
    }
}

fn take_figures(view: &LabView, plan: &mut Plan) {
    if let Some(count) = view.problems {
        plan.set_figure(Figure::Count, count.to_string());
    }
    // A link that says nothing leaves the seed, as its other settings.
    if *view != LabView::default() {
        plan.set_figure(Figure::Seed, view.seed.to_string());
    }
    let first = Plan::default();
    for (figure, said) in [
        (Figure::MaxTokens, view.max_tokens.map(|own| own.to_string())),
        (Figure::Batch, view.batch.map(|own| own.to_string())),
        (Figure::Temperature, view.temperature.map(|own| own.to_string())),
    ] {
        match said {
            Some(said) => plan.set_figure(figure, said),
            None if view.has_plan() => plan.set_figure(figure, first.figure(figure).to_owned()),
            None => {}
        }
    }
}

/// The technique of an id, with the numbers that the scene has for all of them.
fn by_id(id: &str, view: &LabView) -> Option<Technique> {
    let mut technique = match id {
        planned::CUSTOM => Technique::Custom { parts: Vec::new(), labels: false },
        id => knobs::offered(id)?,
    };
    for (knob, value) in [(Knob::Shots, view.shots), (Knob::Votes, view.votes)] {
        if let Some(value) = value {
            knobs::turn(&mut technique, knob, f64::from(value));
        }
    }
    Some(technique)
}

fn set_id(set: &ProblemSet) -> String {
    match set {
        ProblemSet::Generated(kind) => kind.id().to_owned(),
        ProblemSet::HeldOut { file, .. } => format!("{FILE}{file}"),
        ProblemSet::Table => TABLE.to_owned(),
    }
}

fn set_of(view: &LabView, plan: &Plan, here: &Here) -> Option<ProblemSet> {
    let Some(file) = view.set.strip_prefix(FILE) else {
        return Kind::ALL.into_iter().find(|kind| kind.id() == view.set).map(ProblemSet::Generated);
    };
    let file = HELD_OUT.into_iter().find(|known| *known == file)?;
    let said = here.trios.iter().find(|model| **model == view.set_model).cloned();
    let own = || match &plan.set {
        ProblemSet::HeldOut { model, .. } => Some(model.clone()),
        _ => plan.seats.first().map(|seat| seat.model.clone()).or_else(|| here.model.clone()),
    };
    Some(ProblemSet::HeldOut { model: said.or_else(own)?, file: file.to_owned() })
}

/// The scene's name of a language of problems.
fn language_for_scene(language: lab::Language) -> scene::Language {
    match language {
        lab::Language::En => scene::Language::En,
        lab::Language::Zh => scene::Language::Zh,
    }
}

#[cfg(test)]
mod tests;
