//! What a change of the scene is to someone who may want it undone.

use share::Scene;
use share::history::History;
use share::scene::{Branch, View};

use crate::state::settings::DEFAULT_CONTEXT;

/// More characters than this at once are not typed: they were pasted, or an example took the place.
const TYPED_AT_ONCE: usize = 16;

/// A change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing that anyone would undo.
    Silent,
    /// One step.
    Step,
    /// Part of a step, with others of its kind: letters of a word.
    Part(&'static str),
}

/// Puts a field of the second scene into the first.
type Take = fn(&mut Scene, &Scene);

/// What is typed or dragged, and so comes in small pieces.
static IN_PIECES: [(&str, Take); 4] = [
    ("parts", |scene, from| scene.prompt.parts.clone_from(&from.prompt.parts)),
    ("settings", |scene, from| {
        scene.sampler = from.sampler;
        (scene.max_tokens, scene.context) = (from.max_tokens, from.context);
    }),
    ("own settings", |scene, from| {
        for (column, other) in scene.columns.iter_mut().zip(&from.columns) {
            column.sampler = other.sampler;
        }
    }),
    ("view", |scene, from| {
        if is_pointed_at(&scene.view, &from.view) {
            scene.view = from.view.clone();
        }
    }),
];

/// Takes a scene into the history.
pub(crate) fn record(history: &mut History<Scene>, scene: Scene) {
    match change(history.now(), &scene) {
        Change::Silent => history.replace(scene),
        Change::Step => history.change(scene),
        Change::Part(kind) => history.change_as(kind, scene),
    }
}

/// What happened between two scenes.
pub(crate) fn change(before: &Scene, after: &Scene) -> Change {
    // Until the first columns are there, the page is still making up its mind.
    if before.columns.is_empty() {
        return Change::Silent;
    }
    let (before, after) = (essence(before), essence(after));
    if before == after || is_only_run(&before, &after) {
        return Change::Silent;
    }
    if only(&before, &after, |scene, from| scene.prompt.text.clone_from(&from.prompt.text)) {
        return typed("prompt", &before.prompt.text, &after.prompt.text);
    }
    if only(&before, &after, |scene, from| scene.prompt.system.clone_from(&from.prompt.system)) {
        return typed("system", &before.prompt.system, &after.prompt.system);
    }
    let piece = IN_PIECES.iter().find(|(_, take)| only(&before, &after, *take));
    piece.map_or(Change::Step, |(kind, _)| Change::Part(kind))
}

/// The scene without what belongs to the reader, the room or the lesson rather than to the scene.
pub(crate) fn essence(scene: &Scene) -> Scene {
    Scene {
        language: None,
        lesson: None,
        expected: None,
        embed: false,
        presenter: false,
        context: scene.context.filter(|context| *context != DEFAULT_CONTEXT),
        ..scene.clone()
    }
}

/// Pressing Run clears branches, and where names are hidden it shuffles the columns.
fn is_only_run(before: &Scene, after: &Scene) -> bool {
    if after.columns.iter().any(|column| column.branch != Branch::default()) {
        return false;
    }
    let mut columns = before.columns.clone();
    columns.iter_mut().for_each(|column| column.branch = Branch::default());
    let mut rest = after.columns.clone();
    columns.retain(|column| match rest.iter().position(|other| other == column) {
        Some(at) => {
            rest.remove(at);
            false
        }
        None => true,
    });
    let in_order = || {
        let mut pairs = before.columns.iter().zip(&after.columns);
        pairs.all(|(a, b)| (&a.model, &a.stage) == (&b.model, &b.stage))
    };
    let is_blind = matches!(&after.view, View::Compare(view) if view.blind);
    columns.is_empty()
        && rest.is_empty()
        && (is_blind || in_order())
        && only(before, after, |scene, from| scene.columns.clone_from(&from.columns))
}

/// Is this field the only one that is different?
fn only(before: &Scene, after: &Scene, take: Take) -> bool {
    let mut changed = before.clone();
    take(&mut changed, after);
    changed == *after
}

/// Did only what is pointed at change, within one part of the page?
fn is_pointed_at(before: &View, after: &View) -> bool {
    match (before, after) {
        (View::Inside(a), View::Inside(b)) => a.panel == b.panel,
        (View::Lab(_), View::Lab(_)) => true,
        _ => false,
    }
}

fn typed(kind: &'static str, before: &str, after: &str) -> Change {
    let (a, b): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let room = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(room).take_while(|(x, y)| x == y).count();
    let replaced = a.len().max(b.len()) - head - tail;
    if replaced <= TYPED_AT_ONCE { Change::Part(kind) } else { Change::Step }
}

#[cfg(test)]
mod tests {
    use super::*;
    use share::scene::{Column, CompareView, Ids, InsideView, Language, LessonPlace};

    fn scene(text: &str) -> Scene {
        let mut scene = Scene::default();
        scene.prompt.text = text.to_owned();
        scene.columns = vec![Column::new("sprout", "base"), Column::new("sprout", "sft")];
        scene
    }

    fn with(edit: impl FnOnce(&mut Scene)) -> Change {
        let before = scene("A banana is");
        let mut after = before.clone();
        edit(&mut after);
        change(&before, &after)
    }

    #[test]
    fn letters_join_and_other_changes_are_steps() {
        assert_eq!(with(|scene| scene.prompt.text.push('x')), Change::Part("prompt"));
        assert_eq!(with(|scene| scene.prompt.text.insert_str(2, "香蕉")), Change::Part("prompt"));
        let other = "What is the capital of China?";
        assert_eq!(with(|scene| scene.prompt.text = other.to_owned()), Change::Step);
        assert_eq!(with(|scene| scene.prompt.system.push('x')), Change::Part("system"));
        assert_eq!(with(|scene| scene.sampler.seed = 9), Change::Part("settings"));
        assert_eq!(with(|scene| scene.columns.truncate(1)), Change::Step);
        let view = View::Compare(CompareView { same_text: true, ..CompareView::default() });
        assert_eq!(with(|scene| scene.view = view), Change::Step);
        assert_eq!(with(|scene| scene.view = View::Inside(InsideView::default())), Change::Step);
        let mixed = |scene: &mut Scene| {
            scene.prompt.text.push('x');
            scene.sampler.seed = 9;
        };
        assert_eq!(with(mixed), Change::Step);
    }

    #[test]
    fn pointing_around_inside_is_one_step() {
        let mut before = scene("x");
        before.view = View::Inside(InsideView::default());
        let mut after = before.clone();
        after.view = View::Inside(InsideView { layer: Some(2), ..InsideView::default() });
        assert_eq!(change(&before, &after), Change::Part("view"));
    }

    #[test]
    fn nobody_undoes_the_language_or_a_run() {
        assert_eq!(with(|_| ()), Change::Silent);
        assert_eq!(with(|scene| scene.language = Some(Language::Zh)), Change::Silent);
        assert_eq!(with(|scene| scene.lesson = Some(LessonPlace::default())), Change::Silent);
        assert_eq!(with(|scene| scene.presenter = true), Change::Silent);
        assert_eq!(with(|scene| scene.context = Some(DEFAULT_CONTEXT)), Change::Silent);
        let mut branched = scene("x");
        branched.columns[0].branch = Branch { prefix: Ids(vec![1, 2]), chosen: vec![1] };
        assert_eq!(change(&branched, &scene("x")), Change::Silent, "a run clears branches");
        assert_eq!(change(&scene("x"), &branched), Change::Step);
    }

    #[test]
    fn a_shuffle_is_silent_only_where_names_are_hidden() {
        assert_eq!(with(|scene| scene.columns.reverse()), Change::Step);
        let mut before = scene("x");
        before.view = View::Compare(CompareView { blind: true, ..CompareView::default() });
        let mut after = before.clone();
        after.columns.reverse();
        assert_eq!(change(&before, &after), Change::Silent);
    }

    #[test]
    fn what_happens_before_the_first_columns_is_no_step() {
        let mut history = History::new(Scene::default());
        record(&mut history, scene("A banana is"));
        assert!(!history.can_undo());
        for text in ["A banana is y", "A banana is ye", "A banana is yel"] {
            record(&mut history, scene(text));
        }
        assert_eq!(history.undo(), Some(&scene("A banana is")));
        assert!(!history.can_undo() && history.can_redo());
    }
}
