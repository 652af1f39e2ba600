//! Which text is looked into: what a column last answered, or the prompt alone before it has.

use leptos::prelude::*;
use share::scene::Scene;

use crate::protocol::ModelInfo;
use crate::protocol::inside::InsideText;
use crate::state::app::App;
use crate::state::inside::asked::text_of;
use crate::state::run::Run;
use crate::state::scene;

/// What a run has written, with what it was asked. `None` before it has.
pub(crate) fn of_run(run: &Run) -> Option<InsideText> {
    let asked = run.asked.as_ref()?;
    Some(InsideText {
        model: asked.model.clone(),
        stage: asked.stage.clone(),
        prompt: asked.prompt.clone(),
        answer: run.ids(),
    })
}

/// The prompt as it would go into a column. `None` without a column or with nothing to go in.
pub(crate) fn of_prompt(scene: &Scene, column: usize, is_chat: bool) -> Option<InsideText> {
    let column = scene.columns.get(column)?;
    let prompt = scene::prompt_for(scene, column, is_chat);
    (!scene::is_empty(&prompt)).then(|| InsideText {
        model: column.model.clone(),
        stage: column.stage.clone(),
        prompt,
        answer: Vec::new(),
    })
}

/// The same text in another stage; `None` where it is the same stage, or another model.
pub(crate) fn in_stage(text: &InsideText, model: &str, stage: &str) -> Option<InsideText> {
    let differs = text.model == model && text.stage != stage;
    differs.then(|| InsideText { stage: stage.to_owned(), ..text.clone() })
}

impl App {
    /// The text to look into. While an answer is being written, the one before. Tracks.
    pub(crate) fn text_inside(self, before: Option<&InsideText>) -> Option<InsideText> {
        if let Some(asked) = self.scene.with(|scene| super::view(scene).asked) {
            let text = text_of(&asked);
            return self.is_loaded(&text.model, &text.stage).then_some(text);
        }
        let at = self.scene.with(|scene| {
            let last = scene.columns.len().saturating_sub(1);
            (super::view(scene).column as usize).min(last)
        });
        let lane = self.shown.with(|shown| shown.get(at).copied())?;
        let lane = self.lanes.get(lane)?;
        if lane.run.with(|run| run.phase.is_busy()) {
            return before.cloned();
        }
        let text = lane.run.with(of_run).or_else(|| {
            let is_chat = self.scene.with(|scene| {
                let column = scene.columns.get(at)?;
                self.library.with(|library| {
                    library.stage(&column.model, &column.stage).map(|stage| stage.chat)
                })
            })?;
            self.scene.with(|scene| of_prompt(scene, at, is_chat))
        })?;
        self.is_loaded(&text.model, &text.stage).then_some(text)
    }

    /// Is the stage there to be asked? Tracks.
    fn is_loaded(self, model: &str, stage: &str) -> bool {
        self.library.with(|library| library.stage(model, stage).is_some())
    }

    /// The same text in the stage that it is compared with. Tracks.
    pub(crate) fn text_against(self) -> Option<InsideText> {
        let text = self.inside.text.get()?;
        let stage = self.scene.with(|scene| stage_against(scene, &text.model))?;
        let is_loaded = self.is_loaded(&text.model, &stage);
        in_stage(&text, &text.model, &stage).filter(|_| is_loaded)
    }

    /// All stages of the text's model. Tracks.
    pub(crate) fn stages_inside(self) -> Vec<String> {
        let model = self.inside.text.with(|text| text.as_ref().map(|text| text.model.clone()));
        let stages = model.and_then(|model| {
            let ids = |info: &ModelInfo| info.stages.iter().map(|stage| stage.id.clone()).collect();
            self.library.with(|library| library.info(&model).map(ids))
        });
        stages.unwrap_or_default()
    }
}

/// The stage that a text of this model is compared with: the one that was chosen, else that of a column.
fn stage_against(scene: &Scene, model: &str) -> Option<String> {
    let view = super::view(scene);
    view.versus.or_else(|| {
        let column = scene.columns.get(view.against? as usize)?;
        (column.model == model).then(|| column.stage.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Prompt;
    use crate::state::testing::{asked, generated};
    use share::scene::{Column, InsideView, View};

    #[test]
    fn what_was_answered_is_looked_into() {
        let mut run = Run::default();
        assert_eq!(of_run(&run), None);
        run.begin(1, asked("sft"), Vec::new());
        run.token(1, generated(7, "x"));
        let text = of_run(&run).expect("a run");
        assert_eq!((text.stage.as_str(), text.answer), ("sft", vec![7]));
    }

    #[test]
    fn before_a_run_the_prompt_alone_is() {
        let mut scene = Scene::default();
        assert_eq!(of_prompt(&scene, 0, false), None);
        scene.columns.push(Column::new("m", "base"));
        assert_eq!(of_prompt(&scene, 0, false), None, "nothing to go in");
        scene.prompt.text = "Hello".into();
        let text = of_prompt(&scene, 0, false).expect("a prompt");
        assert_eq!(text.prompt, Prompt::Raw { text: "Hello".into() });
        assert!(text.answer.is_empty());
    }

    #[test]
    fn a_text_is_compared_with_other_stages_of_its_model() {
        let mut scene = Scene::default();
        scene.prompt.text = "Hello".into();
        scene.columns.push(Column::new("m", "base"));
        let text = of_prompt(&scene, 0, false).expect("a prompt");
        assert_eq!(in_stage(&text, "m", "base"), None);
        assert_eq!(in_stage(&text, "n", "sft"), None);
        assert_eq!(in_stage(&text, "m", "sft").map(|text| text.stage), Some("sft".into()));
    }

    #[test]
    fn a_stage_that_was_chosen_comes_before_a_column() {
        let columns = vec![Column::new("m", "base"), Column::new("n", "sft")];
        let mut scene = Scene { columns, ..Scene::default() };
        let mut view = InsideView { against: Some(0), ..InsideView::default() };
        scene.view = View::Inside(view.clone());
        assert_eq!(stage_against(&scene, "m").as_deref(), Some("base"), "as older links have it");
        assert_eq!(stage_against(&scene, "n"), None, "a column of another model");
        view.versus = Some("rlhf".into());
        scene.view = View::Inside(view);
        assert_eq!(stage_against(&scene, "m").as_deref(), Some("rlhf"));
    }
}
