//! Votes, and signals given by the way.

use leptos::prelude::*;
use text::Message;
use wasm_bindgen_futures::spawn_local;

use super::tools::typed;
use crate::browser::{dom, kept, save};
use crate::state::app::App;
use crate::state::blind::Blind;
use crate::state::lane::Lane;
use crate::state::run::{Phase, Run};
use crate::state::scene;
use crate::state::votes::{Answer, Ballot, Deed, Signal, Verdict, Vote};

impl App {
    /// The finished answers from left to right, if all columns have one.
    fn finished(self) -> Option<Vec<Run>> {
        let runs: Vec<Run> =
            untrack(|| self.columns()).iter().map(|lane| lane.run.get_untracked()).collect();
        let all = runs.iter().all(|run| run.phase == Phase::Finished && run.asked.is_some());
        (all && !runs.is_empty()).then_some(runs)
    }

    /// Can the reader vote? Tracks.
    pub(crate) fn can_vote(self) -> bool {
        let columns = self.columns();
        let all =
            |lane: &Lane| lane.run.with(|run| run.phase == Phase::Finished && run.asked.is_some());
        columns.len() > 1 && columns.iter().all(all) && !self.is_busy()
    }

    pub(crate) fn vote(self, verdict: Verdict) {
        let Some(runs) = self.finished() else { return };
        let Some(prompt) = runs.first().map(prompt_of) else { return };
        let answers = runs.iter().filter_map(answer_of).collect();
        let blind = self.blind.get_untracked();
        let vote = Vote { at: js_sys::Date::now(), prompt, answers, verdict, blind: blind.hides() };
        self.update_ballot(|ballot| ballot.votes.push(vote));
        self.blind.set(Blind { voted: true, ..blind });
    }

    pub(crate) fn set_blind(self, on: bool) {
        self.blind.set(Blind { on, voted: false });
        self.scene.update(|scene| scene::edit_view(scene, |view| view.blind = on));
        if on {
            self.abandon();
            // What stands there has been seen under its name.
            for lane in untrack(|| self.columns()) {
                lane.clear();
            }
            self.look_at_nothing();
        }
    }

    /// Copies an answer, and offers that as the signal it is.
    pub(crate) fn copy_answer(self, lane: usize, done: impl FnOnce() + 'static) {
        let Some(run) = self.lanes.get(lane).map(|lane| lane.run.get_untracked()) else { return };
        spawn_local(async move {
            if dom::copy(&run.text).await {
                done();
                self.offer.set(signal(&run, Deed::Copied).into_iter().collect());
            }
        });
    }

    /// What asking again says about the answers that are there.
    pub(super) fn signals_of_asking_again(self) -> Vec<Signal> {
        let runs = self.finished().unwrap_or_default();
        runs.iter().filter_map(|run| signal(run, Deed::AskedAgain)).collect()
    }

    /// The reader keeps what was offered, or does not.
    pub(crate) fn answer_offer(self, keep: bool) {
        let signals = self.offer.try_update(std::mem::take).unwrap_or_default();
        if keep {
            self.update_ballot(|ballot| ballot.signals.extend(signals));
        }
    }

    pub(crate) fn clear_ballot(self) {
        self.update_ballot(|ballot| *ballot = Ballot::default());
    }

    fn update_ballot(self, update: impl FnOnce(&mut Ballot)) {
        self.ballot.update(update);
        self.ballot.with_untracked(kept::write_ballot);
    }

    /// Saves the votes as a preference data set.
    pub(crate) fn export_votes(self) {
        let lines = self.ballot.with_untracked(Ballot::preferences);
        save::text("glassbox-preferences.jsonl", "application/jsonl", &lines);
    }

    /// Saves the signals as an unpaired preference data set.
    pub(crate) fn export_signals(self) {
        let lines = self.ballot.with_untracked(Ballot::unpaired);
        save::text("glassbox-signals.jsonl", "application/jsonl", &lines);
    }
}

/// The question as a conversation.
fn prompt_of(run: &Run) -> Vec<Message> {
    let Some(asked) = &run.asked else { return Vec::new() };
    let (system, user) = typed(&asked.prompt);
    let message = |role: &str, content: String| Message { role: role.to_owned(), content };
    let mut out = Vec::new();
    if !system.is_empty() {
        out.push(message("system", system));
    }
    out.push(message("user", user));
    out
}

fn answer_of(run: &Run) -> Option<Answer> {
    let asked = run.asked.as_ref()?;
    Some(Answer {
        model: asked.model.clone(),
        stage: asked.stage.clone(),
        text: run.text.clone(),
        temperature: asked.sampler.temperature,
        seed: asked.sampler.seed,
        reward: run.reward,
    })
}

fn signal(run: &Run, deed: Deed) -> Option<Signal> {
    Some(Signal { at: js_sys::Date::now(), prompt: prompt_of(run), answer: answer_of(run)?, deed })
}
