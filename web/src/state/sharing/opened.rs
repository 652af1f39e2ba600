//! What came in a link or a file, and whether it comes out as it did there.

use share::replay::{Conditions, Replay, compare};
use share::scene::View;
use share::{Scene, ShareError};

use crate::protocol::{BackendInfo, FinishReason};
use crate::state::run::{Phase, Run};
use crate::state::sharing::compose::backend_name;
use crate::state::sharing::origin::{Difference, Origin};

/// What the reader opened last.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Opened {
    /// It does not open, and the page is as it was.
    Refused(ShareError),
    Scene(Box<Opening>),
}

/// How far the replay of a scene is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replaying {
    /// For models, or for the reader to let them be loaded.
    Waits,
    Runs,
    Ran,
    /// There is nothing to run, or it cannot.
    Rests,
}

/// A column of the replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Play {
    /// Its place in the link's scene.
    pub(crate) column: usize,
    pub(crate) lane: usize,
    /// The number of its run.
    pub(crate) run: u32,
    /// It is still on its way along a branch.
    pub(crate) follows: bool,
    /// The branch could not be followed to its end.
    pub(crate) lost: bool,
}

/// A scene that was opened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opening {
    /// As it came, with the page's own choice of columns where it had none.
    pub(crate) scene: Scene,
    pub(crate) differences: Vec<Difference>,
    pub(crate) phase: Replaying,
    pub(crate) plays: Vec<Play>,
}

impl Opening {
    pub(crate) fn new(scene: Scene, differences: Vec<Difference>) -> Self {
        // The lab runs experiments, which the reader starts.
        let can_run = !matches!(scene.view, View::Lab(_))
            && !scene.prompt.text.is_empty()
            && !scene.columns.is_empty()
            && !differences.iter().any(Difference::is_in_the_way);
        let phase = if can_run { Replaying::Waits } else { Replaying::Rests };
        Self { scene, differences, phase, plays: Vec::new() }
    }

    /// Names of the models it needs, each once.
    pub(crate) fn models(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for column in &self.scene.columns {
            if !out.contains(&column.model) {
                out.push(column.model.clone());
            }
        }
        out
    }

    /// Takes note that a column runs under this number. `follows`: along a branch, as yet.
    pub(crate) fn now_plays(&mut self, lane: usize, run: u32, follows: bool, lost: bool) {
        if let Some(play) = self.plays.iter_mut().find(|play| play.lane == lane) {
            (play.run, play.follows, play.lost) = (run, follows, lost);
        }
    }

    /// What came of a column. `None` where nothing is promised, and where something else has run since.
    pub(crate) fn verdict(
        &self,
        play: &Play,
        run: &Run,
        backend: Option<&BackendInfo>,
        origin: &Origin,
    ) -> Option<Replay> {
        let of = self.scene.expected.as_ref()?.columns.get(play.column)?.0.len();
        if run.id != play.run {
            return None;
        }
        if play.follows {
            return Some(Replay::SoFar { same: 0, of });
        }
        let short = [FinishReason::Stopped, FinishReason::Failed, FinishReason::ContextFull];
        let conditions = Conditions {
            backend: backend.map(backend_name).unwrap_or_default(),
            file: origin.file.clone(),
            adapter: origin.adapter.clone(),
            stopped: run.reason.is_some_and(|reason| short.contains(&reason)),
        };
        let ended = run.phase == Phase::Finished;
        compare(&self.scene, play.column, &run.ids(), ended, &conditions)
    }
}

/// The name of a verdict in `data-verdict`.
pub(crate) fn verdict_code(verdict: &Replay) -> &'static str {
    match verdict {
        Replay::SoFar { .. } => "so_far",
        Replay::Same => "same",
        Replay::Diverged(_) => "diverged",
    }
}

/// The name of an error in `data-kind`.
pub(crate) fn refusal_code(error: &ShareError) -> &'static str {
    match error {
        ShareError::NoLink => "no_link",
        ShareError::FutureVersion { .. } => "future",
        ShareError::TooLong { .. } => "too_long",
        ShareError::Damaged => "damaged",
        ShareError::TooLarge { .. } => "too_large",
        ShareError::Unreadable(_) => "unreadable",
        ShareError::Scene(_) => "scene",
        ShareError::Lesson(_) => "lesson",
        ShareError::Collection { .. } => "collection",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::{asked, generated, model_info};
    use share::replay::Reason;
    use share::scene::{Column, Expected, Ids, LabView};

    fn scene() -> Scene {
        let mut scene = Scene::default();
        scene.prompt.text = "Hello".to_owned();
        scene.columns = vec![Column::new("m", "base"), Column::new("m", "sft")];
        let columns = vec![Ids(vec![5, 6]), Ids(vec![7])];
        scene.expected = Some(Expected { backend: "cpu".to_owned(), columns });
        scene
    }

    fn run(ids: &[u32], reason: FinishReason) -> Run {
        let mut run = Run::default();
        run.begin(3, asked("base"), ids.iter().map(|&id| generated(id, "x")).collect());
        run.finish(3, reason, None);
        run
    }

    fn opening() -> Opening {
        let mut opening = Opening::new(scene(), Vec::new());
        opening.plays = vec![Play { column: 0, lane: 2, run: 3, follows: false, lost: false }];
        opening
    }

    fn verdict(opening: &Opening, run: &Run) -> Option<Replay> {
        let backend = model_info("m", false).backend;
        opening.verdict(&opening.plays[0], run, Some(&backend), &Origin::default())
    }

    #[test]
    fn a_replay_is_judged_by_what_the_link_promised() {
        let mut opening = opening();
        assert_eq!(verdict(&opening, &run(&[5, 6], FinishReason::MaxTokens)), Some(Replay::Same));
        let other = verdict(&opening, &run(&[5, 9], FinishReason::MaxTokens));
        assert!(
            matches!(&other, Some(Replay::Diverged(d)) if d.at == 1 && d.reasons == [Reason::Unknown])
        );
        let stopped = verdict(&opening, &run(&[5], FinishReason::Stopped));
        assert!(matches!(&stopped, Some(Replay::Diverged(d)) if d.reasons == [Reason::Stopped]));
        opening.now_plays(2, 3, true, false);
        let on_its_way = verdict(&opening, &run(&[9], FinishReason::MaxTokens));
        assert_eq!(on_its_way, Some(Replay::SoFar { same: 0, of: 2 }));
    }

    #[test]
    fn another_backend_is_named_as_the_reason() {
        let opening = opening();
        let backend = model_info("m", true).backend;
        let run = run(&[9], FinishReason::MaxTokens);
        let found = opening.verdict(&opening.plays[0], &run, Some(&backend), &Origin::default());
        assert!(matches!(&found, Some(Replay::Diverged(d)) if d.reasons == [Reason::OtherBackend]));
    }

    #[test]
    fn what_ran_later_is_no_replay() {
        let mut opening = opening();
        let run = run(&[5, 6], FinishReason::MaxTokens);
        opening.now_plays(2, 4, false, false);
        assert_eq!(verdict(&opening, &run), None);
        opening.now_plays(2, 3, false, false);
        opening.scene.expected = None;
        assert_eq!(verdict(&opening, &run), None, "nothing was promised");
    }

    #[test]
    fn only_what_can_run_waits_to_run() {
        assert_eq!(Opening::new(scene(), Vec::new()).phase, Replaying::Waits);
        assert_eq!(Opening::new(scene(), Vec::new()).models(), ["m"]);
        let missing = vec![Difference::NoModel("m".into())];
        assert_eq!(Opening::new(scene(), missing).phase, Replaying::Rests);
        let other_file = vec![Difference::File("m".into())];
        assert_eq!(Opening::new(scene(), other_file).phase, Replaying::Waits);
        assert_eq!(Opening::new(Scene::default(), Vec::new()).phase, Replaying::Rests);
        let lab = Scene { view: View::Lab(LabView::default()), ..scene() };
        assert_eq!(Opening::new(lab, Vec::new()).phase, Replaying::Rests);
    }
}
