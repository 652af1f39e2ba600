//! Running again what a link describes, branches and all.

use leptos::prelude::*;
use share::replay::Replay;

use crate::protocol::{ColumnRequest, FinishReason};
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::inspect::Spot;
use crate::state::library::Then;
use crate::state::run::Generated;
use crate::state::sharing::follow::{self, Next};
use crate::state::sharing::opened::{Opened, Opening, Play, Replaying};
use crate::state::sharing::origin;
use crate::state::tree::Tree;

impl App {
    /// The opened scene runs as soon as its models are there. The default model comes with the site and is loaded at
    /// once; others are the reader's decision.
    pub(crate) fn go_on_with_link(self) {
        let Some(opening) = self.waiting() else { return };
        let missing: Vec<String> = opening
            .models()
            .into_iter()
            .filter(|model| !untrack(|| self.is_ready(model)))
            .collect();
        if missing.is_empty() {
            if !self.is_busy_untracked() {
                self.replay();
            }
            return;
        }
        let default = self.catalogue.with_untracked(|entries| {
            catalogue::default_model(entries.as_deref().unwrap_or_default()).map(str::to_owned)
        });
        let is_loading = self.library.with_untracked(|library| library.is_loading());
        if let Some(default) = default.filter(|default| missing.contains(default))
            && !is_loading
        {
            self.load(&default, Then::default());
        }
    }

    /// Runs the opened scene if it waits and nobody has changed it. False: the reader's own run is meant.
    pub(super) fn replay(self) -> bool {
        let Some(opening) = self.waiting() else { return false };
        self.look_at_nothing();
        let mut plays = Vec::new();
        let mut requests: Vec<(ColumnRequest, Vec<Generated>)> = Vec::new();
        for (column, lane) in self.shown.get_untracked().into_iter().enumerate() {
            let Some(mut request) = self.request_of(lane) else { continue };
            let Some(wanted) = opening.scene.columns.get(column) else { continue };
            let branch = wanted.branch.prefix.0.len();
            if branch > 0 {
                // As far as the branch is known, and then from choice to choice.
                request.max_tokens = branch as u32;
            }
            self.lanes[lane].tree.set(Tree::default());
            plays.push(Play { column, lane, run: 0, follows: branch > 0, lost: false });
            requests.push((request, Vec::new()));
        }
        self.send_run(requests);
        for play in &mut plays {
            play.run = self.lanes[play.lane].run.with_untracked(|run| run.id);
        }
        self.update_opening(|opening| {
            opening.plays = plays;
            opening.phase = Replaying::Runs;
        });
        true
    }

    /// A run has ended: the replay goes on along its branches, and in the end looks at what the link looked at.
    pub(crate) fn follow_link(self) {
        let Some(opening) = self.opening() else { return };
        if opening.phase != Replaying::Runs {
            return;
        }
        for play in opening.plays.iter().filter(|play| play.follows) {
            if self.follow(&opening, play) {
                return;
            }
        }
        self.update_opening(|opening| opening.phase = Replaying::Ran);
        let is_it = |play: &Play| self.runs_as(play);
        if let Some(opening) = self.opening().filter(|opening| opening.plays.iter().all(is_it)) {
            self.look_as_linked(&opening);
        }
    }

    /// Is what this column shows the run of the replay?
    fn runs_as(self, play: &Play) -> bool {
        self.lanes[play.lane].run.with_untracked(|run| run.id == play.run)
    }

    /// Goes on along a column's branch. True if something runs now.
    fn follow(self, opening: &Opening, play: &Play) -> bool {
        let lane = self.lanes[play.lane];
        let Some(column) = opening.scene.columns.get(play.column) else { return false };
        let mut number = play.run;
        loop {
            let run = lane.run.get_untracked();
            if run.phase.is_busy() {
                return true;
            }
            let broken = [Some(FinishReason::Stopped), Some(FinishReason::Failed)];
            let next = if broken.contains(&run.reason) || run.id != number {
                Next::Done
            } else {
                follow::next(&run, &column.branch)
            };
            let lost = matches!(next, Next::Lost(_));
            let (Next::Go { kept, left }, Some(asked)) = (next, run.asked) else {
                self.update_opening(|opening| opening.now_plays(play.lane, number, false, lost));
                return false;
            };
            let max_tokens = if left > 0 { left as u32 } else { opening.scene.max_tokens };
            self.go_on(ColumnRequest { max_tokens, ..asked }, kept);
            let runs = lane.run.with_untracked(|run| {
                number = run.id;
                run.phase.is_busy()
            });
            self.update_opening(|opening| opening.now_plays(play.lane, number, true, false));
            if runs {
                return true;
            }
        }
    }

    fn opening(self) -> Option<Opening> {
        match self.sharing.opened.get_untracked() {
            Some(Opened::Scene(opening)) => Some(*opening),
            _ => None,
        }
    }

    fn update_opening(self, update: impl FnOnce(&mut Opening)) {
        self.sharing.opened.update(|opened| {
            if let Some(Opened::Scene(opening)) = opened {
                update(opening);
            }
        });
    }

    /// What came of each column of the replay, as far as something was promised. Tracks.
    pub(crate) fn verdicts(self) -> Vec<(Play, Replay)> {
        let Some(Opened::Scene(opening)) = self.sharing.opened.get() else { return Vec::new() };
        let verdict = |play: &Play| {
            let column = opening.scene.columns.get(play.column)?;
            let origin = self
                .with_manifest(&column.model, |entry| origin::origin(entry, &column.stage))
                .unwrap_or_default();
            let verdict = self.library.with(|library| {
                let backend = library.info(&column.model).map(|info| &info.backend);
                let lane = self.lanes.get(play.lane)?;
                lane.run.with(|run| opening.verdict(play, run, backend, &origin))
            })?;
            Some((*play, verdict))
        };
        opening.plays.iter().filter_map(verdict).collect()
    }

    /// Locks a token of an answer, if there is such a token.
    pub(crate) fn look_at(self, lane: usize, place: usize) {
        let Some(length) = self.lanes.get(lane).map(|l| l.run.with_untracked(|r| r.tokens.len()))
        else {
            return;
        };
        if place < length {
            self.inspect.update(|inspect| inspect.lock(Spot { lane, place }));
        }
    }
}
