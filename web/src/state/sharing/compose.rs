//! From the page to a scene that can be passed on.

use share::Scene;
use share::scene::limits::{MAX_IDS, MAX_NAME};
use share::scene::{Expected, Ids, Language, PlannedStage, View};

use crate::protocol::{BackendInfo, ColumnRequest, FinishReason};
use crate::state::run::{Phase, Run};
use crate::state::settings::DEFAULT_CONTEXT;
use crate::state::sharing::origin::Origin;

/// What the reader looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) column: usize,
    /// The token whose alternatives are locked open.
    pub(crate) token: Option<usize>,
    /// So many answers are drawn.
    pub(crate) samples: Option<u32>,
    /// This column's text is scored.
    pub(crate) score: Option<usize>,
}

/// What goes with a scene.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around {
    pub(crate) language: Option<Language>,
    /// One for each column.
    pub(crate) origins: Vec<Origin>,
    /// The answers, if they are to be passed on, and what they were computed on.
    pub(crate) answers: Option<(String, Vec<Vec<u32>>)>,
    pub(crate) look: Look,
    /// The stages of a planned experiment that names none.
    pub(crate) stages: Vec<PlannedStage>,
    pub(crate) presenter: bool,
}

/// The scene as it is passed on.
pub(crate) fn compose(mut scene: Scene, around: Around) -> Scene {
    scene.language = around.language;
    scene.context = scene.context.filter(|context| *context != DEFAULT_CONTEXT);
    (scene.embed, scene.presenter) = (false, around.presenter);
    for (column, origin) in scene.columns.iter_mut().zip(around.origins) {
        (column.file, column.adapter) = (origin.file, origin.adapter);
    }
    match &mut scene.view {
        View::Compare(view) => {
            let index = |value: usize| u32::try_from(value).unwrap_or_default();
            view.column = u32::try_from(around.look.column).unwrap_or_default();
            view.token = around.look.token.map(index);
            view.samples = around.look.samples;
            view.score = around.look.score.map(index);
        }
        View::Inside(_) => {}
        View::Lab(view) => {
            if view.stages.is_empty() {
                view.stages = around.stages;
            }
            // The link says it already; `spell_out` reads it there.
            if scene.language.is_some_and(|language| view.languages == Some(vec![language])) {
                view.languages = None;
            }
        }
    }
    scene.expected = around.answers.map(|(backend, columns)| Expected {
        backend,
        columns: columns.into_iter().map(Ids).collect(),
    });
    scene
}

/// An experiment that a link plans asks in the link's language, unless it says otherwise.
pub(crate) fn spell_out(scene: &mut Scene) {
    if let View::Lab(view) = &mut scene.view
        && view.has_plan()
        && view.languages.is_none()
    {
        view.languages = scene.language.map(|language| vec![language]);
    }
}

/// What a model runs on, in the words of a link.
pub(crate) fn backend_name(backend: &BackendInfo) -> String {
    if !backend.gpu {
        return "cpu".to_owned();
    }
    let mut name: String = backend.adapter.chars().filter(|c| !c.is_control()).collect();
    while name.len() > MAX_NAME {
        name.pop();
    }
    if name.trim().is_empty() { "gpu".to_owned() } else { name }
}

/// The ids of an answer that a link can promise: it came to its own end, and it answers what stands on the page.
/// `asks`: what the column would ask for now, without the beginning that a branch fixes.
pub(crate) fn promised(run: &Run, asks: &ColumnRequest) -> Option<Vec<u32>> {
    let asked = run.asked.as_ref()?;
    let is_same = (&asked.model, &asked.stage, &asked.prompt)
        == (&asks.model, &asks.stage, &asks.prompt)
        && (asked.sampler, asked.max_tokens) == (asks.sampler, asks.max_tokens);
    let ended = run.phase == Phase::Finished
        && !matches!(run.reason, Some(FinishReason::Stopped | FinishReason::Failed));
    let ids = run.ids();
    (is_same && ended && ids.len() <= MAX_IDS).then_some(ids)
}

/// A name for a scene that has none: how its prompt begins.
pub(crate) fn name_of(scene: &Scene, fallback: &str) -> String {
    const LONGEST: usize = 40;
    let text = scene.prompt.text.trim();
    let line = text.lines().next().unwrap_or_default();
    let name: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    match name.trim() {
        "" => fallback.to_owned(),
        name if line.chars().count() > LONGEST => format!("{name} …"),
        name => name.to_owned(),
    }
}

/// The address of the page that shows one view without anything around it.
pub(crate) fn embed_address(link: &str) -> String {
    match link.split_once('#') {
        Some((page, fragment)) => format!("{page}?embed#{fragment}"),
        None => format!("{link}?embed"),
    }
}

/// HTML that shows an address in a frame.
pub(crate) fn snippet(address: &str, title: &str) -> String {
    let (address, title) = (escape(address), escape(title));
    format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"100%\" height=\"640\" loading=\"lazy\"></iframe>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::{asked, generated, model_info};
    use share::link::{self, LinkSize};
    use share::scene::{Column, CompareView, LabView};
    use share::{Shared, scene::limits::DEFAULT_MAX_TOKENS};

    fn scene() -> Scene {
        let mut scene = Scene::default();
        scene.prompt.text = "What is the capital of China?".to_owned();
        scene.columns = ["base", "sft", "rlhf"].map(|stage| Column::new("sprout", stage)).into();
        scene.context = Some(DEFAULT_CONTEXT);
        scene
    }

    fn around() -> Around {
        let origin = Origin { file: "0123456789abcdef".into(), adapter: "fedcba9876543210".into() };
        Around {
            language: Some(Language::Zh),
            origins: vec![origin; 3],
            answers: Some(("cpu".into(), vec![(0..40).map(|id| id * 97 % 4096).collect(); 3])),
            look: Look { column: 1, token: Some(2), ..Look::default() },
            stages: vec![PlannedStage { model: "sprout".into(), stage: "rlhf".into() }],
            presenter: false,
        }
    }

    #[test]
    fn a_whole_scene_makes_a_short_link() {
        let scene = compose(scene(), around());
        assert_eq!(scene.check(), Ok(()));
        assert_eq!((scene.context, scene.max_tokens), (None, DEFAULT_MAX_TOKENS));
        let View::Compare(view) = &scene.view else { panic!("compare") };
        assert_eq!((view.column, view.token), (1, Some(2)));
        let shared = Shared::from(scene);
        let made = link::link("https://example.org/glassbox/", &shared).expect("in bounds");
        assert!(made.url.len() < 1000 && made.size == LinkSize::Short, "{}", made.url.len());
        assert_eq!(link::open(&made.url), Ok(shared));
    }

    #[test]
    fn what_is_not_looked_at_is_not_passed_on() {
        let mut old = scene();
        old.view = View::Compare(CompareView { token: Some(7), ..CompareView::default() });
        let composed = compose(old, Around::default());
        assert_eq!(composed.view, View::default());
        assert_eq!(composed.expected, None);
    }

    #[test]
    fn a_link_names_the_stages_and_languages_that_are_not_clear_without() {
        let lab = |languages: Vec<Language>, stages: Vec<PlannedStage>| {
            let languages = Some(languages);
            let techniques = vec!["plain".to_owned(); 2];
            let view = LabView { techniques, languages, stages, ..LabView::default() };
            let before = Scene { view: View::Lab(view), ..scene() };
            let mut after = compose(before.clone(), around());
            let View::Lab(composed) = after.view.clone() else { panic!("the lab") };
            spell_out(&mut after);
            let View::Lab(spelled) = after.view else { panic!("the lab") };
            let View::Lab(view) = before.view else { panic!("the lab") };
            assert_eq!(spelled.languages, view.languages);
            (composed.languages, composed.stages)
        };
        let both = vec![Language::En, Language::Zh];
        assert_eq!(lab(vec![Language::Zh], Vec::new()), (None, around().stages));
        assert_eq!(lab(both.clone(), Vec::new()).0, Some(both));
        assert_eq!(lab(Vec::new(), Vec::new()).0, Some(Vec::new()), "none is not the link's");
        let own = vec![PlannedStage { model: "sprout".into(), stage: "base".into() }];
        assert_eq!(lab(vec![Language::En], own.clone()), (Some(vec![Language::En]), own));
        let mut says_nothing = Scene { view: View::Lab(LabView::default()), ..scene() };
        says_nothing.language = Some(Language::Zh);
        spell_out(&mut says_nothing);
        assert_eq!(says_nothing.view, View::Lab(LabView::default()));
    }

    #[test]
    fn only_answers_to_what_stands_there_are_promised() {
        let mut run = Run::default();
        assert_eq!(promised(&run, &asked("base")), None);
        run.begin(1, asked("base"), vec![generated(5, "x"), generated(6, "y")]);
        assert_eq!(promised(&run, &asked("base")), None, "it is still running");
        run.finish(1, FinishReason::MaxTokens, None);
        assert_eq!(promised(&run, &asked("base")), Some(vec![5, 6]));
        assert_eq!(promised(&run, &asked("sft")), None);
        let other = ColumnRequest { max_tokens: 3, ..asked("base") };
        assert_eq!(promised(&run, &other), None);
        run.finish(1, FinishReason::Stopped, None);
        assert_eq!(promised(&run, &asked("base")), None);
    }

    #[test]
    fn backends_have_names() {
        let mut info = model_info("m", false).backend;
        assert_eq!(backend_name(&info), "cpu");
        info.gpu = true;
        info.adapter = " \n".into();
        assert_eq!(backend_name(&info), "gpu");
        info.adapter = "显卡".repeat(40);
        assert!(backend_name(&info).len() <= MAX_NAME);
    }

    #[test]
    fn scenes_are_named_by_their_prompts() {
        assert_eq!(name_of(&scene(), "?"), "What is the capital of China?");
        assert_eq!(name_of(&Scene::default(), "Scene"), "Scene");
        let mut long = scene();
        long.prompt.text = "香蕉".repeat(50);
        assert_eq!(name_of(&long, "?").chars().count(), 42);
    }

    #[test]
    fn a_frame_cannot_be_left() {
        let html = snippet(&embed_address("https://example.org/a/#v1=abc"), "\"><script>");
        assert!(html.contains("src=\"https://example.org/a/?embed#v1=abc\""), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
}
