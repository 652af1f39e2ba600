//! A step's scene and the page's: what a step sets, and what stays the reader's.

use share::Scene;
use share::lesson::{Highlight, Place};
use share::scene::{LessonPlace, View};

use crate::state::app::Tool;

/// What is done once the step's run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Draw so many answers from a column.
    Samples { column: usize, count: u32 },
    /// Score a column's answer by all stages.
    Score { column: usize },
}

/// The page as a step wants it. Language, presenter and embed are the reader's own, and so is the context
/// unless the step needs another: it would load the model anew.
pub(crate) fn put(step: &Scene, now: &Scene, place: LessonPlace) -> Scene {
    Scene {
        language: now.language,
        presenter: now.presenter,
        embed: now.embed,
        context: step.context.or(now.context),
        lesson: Some(place),
        ..step.clone()
    }
}

/// Does the page still stand as the step wants it? What is selected does not matter.
pub(crate) fn is_set(step: &Scene, now: &Scene) -> bool {
    let same = |(a, b): (&share::scene::Column, &share::scene::Column)| {
        (&a.model, &a.stage, a.form, a.sampler) == (&b.model, &b.stage, b.form, b.sampler)
    };
    // The lab keeps the parts of its own prompt in the scene.
    let prompts = (&step.prompt, &now.prompt);
    let same_prompt = prompts.0.text == prompts.1.text
        && prompts.0.system == prompts.1.system
        && (prompts.0.parts.is_empty() || prompts.0.parts == prompts.1.parts);
    same_prompt
        && same_view(step, now)
        && step.sampler == now.sampler
        && step.max_tokens == now.max_tokens
        && step.columns.len() == now.columns.len()
        && step.columns.iter().zip(&now.columns).all(same)
}

/// Is the same page open, with the same parts of the model switched off?
fn same_view(step: &Scene, now: &Scene) -> bool {
    match (&step.view, &now.view) {
        (View::Compare(a), View::Compare(b)) => a.same_text == b.same_text,
        (View::Inside(a), View::Inside(b)) => {
            (&a.switches, &a.patch, a.same_text) == (&b.switches, &b.patch, b.same_text)
        }
        (View::Lab(_), View::Lab(_)) => true,
        _ => false,
    }
}

/// What a view asks for beside the run.
pub(crate) fn after(view: &View) -> Option<After> {
    let View::Compare(view) = view else { return None };
    if let Some(count) = view.samples {
        return Some(After::Samples { column: view.column as usize, count });
    }
    view.score.map(|column| After::Score { column: column as usize })
}

/// What is opened under the columns for a step.
pub(crate) fn tool<'a>(
    view: &View,
    mut highlights: impl Iterator<Item = &'a Highlight>,
) -> Option<Tool> {
    let asked = match after(view) {
        Some(After::Samples { .. }) => Some(Tool::Samples),
        Some(After::Score { .. }) => Some(Tool::Score),
        None => None,
    };
    let lit = |highlight: &Highlight| match highlight.place {
        Place::Temperature => Some(Tool::Token),
        Place::Samples => Some(Tool::Samples),
        Place::Scores => Some(Tool::Score),
        Place::Vote => Some(Tool::Vote),
        _ => None,
    };
    highlights.find_map(lit).or(asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use share::scene::{
        Column, CompareView, InsideView, LabView, Language, Part, Sampler, Switch, SwitchPart,
    };

    fn step() -> Scene {
        let mut scene = Scene::default();
        scene.prompt.text = "A banana is".to_owned();
        scene.columns = vec![Column::new("sprout", "base")];
        scene.sampler = Sampler { temperature: 0.0, ..Sampler::default() };
        scene
    }

    fn place() -> LessonPlace {
        LessonPlace { id: "chance".to_owned(), step: 3 }
    }

    #[test]
    fn a_step_sets_the_page_and_leaves_the_reader_what_is_theirs() {
        let now = Scene {
            language: Some(Language::Zh),
            presenter: true,
            context: Some(512),
            max_tokens: 7,
            ..Scene::default()
        };
        let set = put(&step(), &now, place());
        assert_eq!(
            (set.language, set.presenter, set.context),
            (Some(Language::Zh), true, Some(512))
        );
        assert_eq!(set.lesson, Some(place()));
        assert_eq!((set.max_tokens, &set.prompt), (step().max_tokens, &step().prompt));
        assert!(is_set(&step(), &set) && !is_set(&step(), &now));
        let long = Scene { context: Some(2048), ..step() };
        assert_eq!(put(&long, &now, place()).context, Some(2048));
    }

    #[test]
    fn what_is_selected_is_no_change_and_what_is_run_is_one() {
        let mut now = put(&step(), &Scene::default(), place());
        now.view = View::Compare(CompareView { exact: true, ..CompareView::default() });
        now.columns[0].branch.chosen = vec![0];
        assert!(is_set(&step(), &now));
        for change in [
            |scene: &mut Scene| scene.prompt.text.push('!'),
            |scene: &mut Scene| scene.prompt.system.push('!'),
            |scene: &mut Scene| scene.view = View::Inside(InsideView::default()),
            |scene: &mut Scene| scene.sampler.seed = 9,
            |scene: &mut Scene| scene.columns[0].stage = "sft".to_owned(),
            |scene: &mut Scene| scene.columns.push(Column::new("sprout", "sft")),
        ] {
            let mut other = now.clone();
            change(&mut other);
            assert!(!is_set(&step(), &other), "{other:?}");
        }
    }

    #[test]
    fn switches_are_a_change_and_the_lab_s_own_prompt_is_none() {
        let switch = Switch { part: SwitchPart::Attention, layer: 0, index: 0, scale: 0.0 };
        let inside = |switches: Vec<Switch>, token| {
            let view = InsideView { switches, token, ..InsideView::default() };
            Scene { view: View::Inside(view), ..step() }
        };
        let wanted = inside(vec![switch], None);
        assert!(is_set(&wanted, &inside(vec![switch], Some(3))));
        assert!(!is_set(&wanted, &inside(Vec::new(), None)));
        let lab = Scene { view: View::Lab(LabView::default()), ..step() };
        let mut now = lab.clone();
        now.prompt.parts = vec![Part { text: "A question".to_owned(), ..Part::default() }];
        now.view = View::Lab(LabView { measure: true, ..LabView::default() });
        assert!(is_set(&lab, &now));
        let mut parts = lab.clone();
        parts.prompt.parts = vec![Part::default()];
        assert!(!is_set(&parts, &now), "a step that has parts wants those");
    }

    #[test]
    fn views_and_highlights_open_tools() {
        let compare = |samples, score| {
            View::Compare(CompareView { column: 1, samples, score, ..CompareView::default() })
        };
        let lit = |place| Highlight { place, column: None, token: None };
        assert_eq!(after(&compare(Some(16), None)), Some(After::Samples { column: 1, count: 16 }));
        assert_eq!(after(&compare(None, Some(2))), Some(After::Score { column: 2 }));
        assert_eq!(after(&View::default()), None);
        assert_eq!(tool(&compare(None, Some(2)), [].iter()), Some(Tool::Score));
        assert_eq!(
            tool(&View::default(), [lit(Place::Column), lit(Place::Vote)].iter()),
            Some(Tool::Vote)
        );
        assert_eq!(tool(&View::default(), [lit(Place::Column)].iter()), None);
    }
}
