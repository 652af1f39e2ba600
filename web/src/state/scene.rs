//! The scene: the plain value that says what the page shows. Here is how `share`'s data meets engine and protocol.

use engine::SamplerSettings;
use share::scene::{Column, CompareView, Form, Sampler, Scene, View};
use text::Message;

use crate::protocol::Prompt;
use crate::state::gallery::Example;
use crate::state::preferences::Language;

pub(crate) use share::scene::limits::MAX_COLUMNS;

/// The letter that a column goes by.
pub(crate) fn letter(column: usize) -> char {
    (b'A' + column.min(25) as u8) as char
}

/// The engine's settings.
pub(crate) fn settings(sampler: &Sampler) -> SamplerSettings {
    SamplerSettings {
        temperature: sampler.temperature,
        top_k: sampler.top_k,
        top_p: sampler.top_p,
        min_p: sampler.min_p,
        repeat_penalty: sampler.repeat_penalty,
        seed: sampler.seed,
    }
}

/// The scene's settings.
pub(crate) fn sampler(settings: &SamplerSettings) -> Sampler {
    Sampler {
        temperature: settings.temperature,
        top_k: settings.top_k,
        top_p: settings.top_p,
        min_p: settings.min_p,
        repeat_penalty: settings.repeat_penalty,
        seed: settings.seed,
    }
}

/// The compare view. Another view has the default one behind it, with the inside view's same text.
pub(crate) fn view(scene: &Scene) -> CompareView {
    match &scene.view {
        View::Compare(view) => view.clone(),
        View::Inside(view) => CompareView { same_text: view.same_text, ..CompareView::default() },
        View::Lab(_) => CompareView::default(),
    }
}

/// Does every column get the same raw text?
pub(crate) fn same_text(scene: &Scene) -> bool {
    view(scene).same_text
}

/// Changes the compare view. Another view stays open if there is nothing to change, or nothing that it has not itself.
pub(crate) fn edit_view(scene: &mut Scene, edit: impl FnOnce(&mut CompareView)) {
    let before = view(scene);
    let mut view = before.clone();
    edit(&mut view);
    if view == before {
        return;
    }
    let is_text_alone = CompareView { same_text: before.same_text, ..view.clone() } == before;
    match &mut scene.view {
        View::Inside(inside) if is_text_alone => inside.same_text = view.same_text,
        other => *other = View::Compare(view),
    }
}

/// The prompt as it goes into a column. `is_chat`: the stage expects the chat template.
pub(crate) fn prompt_for(scene: &Scene, column: &Column, is_chat: bool) -> Prompt {
    let through_template = match column.form {
        _ if same_text(scene) => false,
        Form::Auto => is_chat,
        Form::Raw => false,
        Form::Chat => true,
    };
    if through_template {
        Prompt::Chat { messages: messages(scene) }
    } else {
        Prompt::Raw { text: scene.prompt.text.clone() }
    }
}

/// The prompt as a conversation.
pub(crate) fn messages(scene: &Scene) -> Vec<Message> {
    let message = |role: &str, content: &str| Message {
        role: role.to_owned(),
        content: content.trim().to_owned(),
    };
    let mut out = Vec::new();
    if !scene.prompt.system.trim().is_empty() {
        out.push(message("system", &scene.prompt.system));
    }
    out.push(message("user", &scene.prompt.text));
    out
}

/// Nothing to run: white space is something to continue, but nothing to say.
pub(crate) fn is_empty(prompt: &Prompt) -> bool {
    match prompt {
        Prompt::Raw { text } => text.is_empty(),
        Prompt::Chat { messages } => {
            messages.iter().all(|m| m.role != "user" || m.content.is_empty())
        }
        // The lab has looked at it before.
        Prompt::Parts { .. } => false,
    }
}

/// Stages of a model, side by side: at most as many as there may be columns.
pub(crate) fn columns_of<'a>(model: &str, stages: impl Iterator<Item = &'a str>) -> Vec<Column> {
    stages.take(MAX_COLUMNS).map(|stage| Column::new(model, stage)).collect()
}

/// Puts an example on the page. `model` has the stages that the example names.
pub(crate) fn show_example(scene: &mut Scene, example: &Example, model: &str, language: Language) {
    scene.prompt.text = example.prompt.get(language).clone();
    scene.prompt.system.clear();
    scene.columns = columns_of(model, example.columns.iter().map(String::as_str));
    for own in &example.own {
        if let Some(column) = scene.columns.get_mut(own.column) {
            column.sampler = Some(own.sampler);
        }
    }
    scene.sampler = example.sampler;
    scene.max_tokens = example.max_tokens;
    edit_view(scene, |view| view.same_text = example.same_text);
}

/// Is what stands on the page this example, in one of its languages?
pub(crate) fn is_example(scene: &Scene, example: &Example) -> bool {
    let stages = scene.columns.iter().map(|column| column.stage.as_str());
    [&example.prompt.en, &example.prompt.zh].contains(&&scene.prompt.text)
        && stages.eq(example.columns.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gallery;
    use share::scene::InsideView;

    fn scene(text: &str) -> Scene {
        let mut scene = Scene::default();
        scene.prompt.text = text.into();
        scene
    }

    #[test]
    fn settings_of_both_sides_have_the_same_defaults() {
        assert_eq!(settings(&Sampler::default()), SamplerSettings::default());
        assert_eq!(sampler(&SamplerSettings::default()), Sampler::default());
        let odd = SamplerSettings { top_k: 3, min_p: 0.5, seed: 9, ..SamplerSettings::greedy() };
        assert_eq!(settings(&sampler(&odd)), odd);
    }

    #[test]
    fn each_stage_gets_the_prompt_as_it_expects_it() {
        let mut scene = scene(" Hello ");
        let mut column = Column::new("m", "base");
        let raw = Prompt::Raw { text: " Hello ".into() };
        assert_eq!(prompt_for(&scene, &column, false), raw);
        let chat = prompt_for(&scene, &column, true);
        assert!(matches!(&chat, Prompt::Chat { messages } if messages[0].content == "Hello"));
        column.form = Form::Chat;
        assert_eq!(prompt_for(&scene, &column, false), chat);
        column.form = Form::Raw;
        assert_eq!(prompt_for(&scene, &column, true), raw);
        column.form = Form::Chat;
        edit_view(&mut scene, |view| view.same_text = true);
        assert_eq!(prompt_for(&scene, &column, true), raw, "the same raw text for all");
        let inside = InsideView { same_text: true, layer: Some(1), ..InsideView::default() };
        scene.view = View::Inside(inside.clone());
        assert_eq!(prompt_for(&scene, &column, true), raw, "also while it is looked into");
        edit_view(&mut scene, |view| view.same_text = false);
        assert_eq!(scene.view, View::Inside(InsideView { same_text: false, ..inside }));
        assert_eq!(prompt_for(&scene, &column, true), chat);
    }

    #[test]
    fn the_system_prompt_leads() {
        let mut scene = scene("Hello");
        scene.prompt.system = " Be brief. ".into();
        let roles: Vec<_> = messages(&scene).into_iter().map(|m| (m.role, m.content)).collect();
        assert_eq!(roles[0], ("system".into(), "Be brief.".into()));
        assert_eq!(roles[1].0, "user");
    }

    #[test]
    fn white_space_can_be_continued_but_not_said() {
        assert!(!is_empty(&Prompt::Raw { text: "\n".into() }));
        assert!(is_empty(&Prompt::Raw { text: String::new() }));
        assert!(is_empty(&Prompt::Chat { messages: messages(&scene(" \n")) }));
    }

    #[test]
    fn an_example_becomes_the_scene_and_is_known_again() {
        let mut scene = Scene::default();
        for example in gallery::shelves().iter().flat_map(|shelf| &shelf.examples) {
            show_example(&mut scene, example, "sprout", Language::Zh);
            assert!(is_example(&scene, example), "{}", example.id);
            assert_eq!(scene.check(), Ok(()), "{}", example.id);
            assert_eq!(view(&scene).same_text, example.same_text);
        }
        scene.prompt.text.push('x');
        let last = gallery::find("fork").expect("the last one");
        assert!(!is_example(&scene, last));
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!((0..4).map(letter).collect::<String>(), "ABCD");
    }
}
