//! Leaving the model's path: take an alternative, go on from there, walk back.

use leptos::prelude::*;
use share::scene::{Branch, Ids};

use crate::protocol::{ColumnRequest, FinishReason, Request};
use crate::state::app::{App, Tool};
use crate::state::inspect::{Spot, step};
use crate::state::run::{Generated, Run};

impl App {
    /// Takes this alternative at a place of a column's answer: the text goes on from there.
    pub(crate) fn take_alternative(self, spot: Spot, id: u32) {
        let Some(lane) = self.lanes.get(spot.lane).copied() else { return };
        let run = lane.run.get_untracked();
        let Some(generated) = run.tokens.get(spot.place) else { return };
        if generated.token.id == id {
            return self.lock(spot);
        }
        let known = lane.tree.with_untracked(|tree| tree.known(spot.place, id, &run.ids()));
        if let Some(path) = known {
            self.walk(spot.lane, path);
            return self.lock(spot);
        }
        let (Some(taken), Some(asked)) = (generated.taking(id), run.asked.clone()) else { return };
        let mut kept = run.tokens[..spot.place].to_vec();
        kept.push(taken);
        if self.is_busy_untracked() {
            self.send(&Request::Stop);
            // What has been written so far is a path of its own.
            lane.run.update(|state| {
                let run = state.id;
                state.finish(run, FinishReason::Stopped, None);
            });
        }
        let left = lane.run.get_untracked();
        lane.tree.update(|tree| tree.branch(left, spot.place));
        self.go_on(asked, kept);
        self.remember_branch(spot.lane);
        self.lock(spot);
    }

    /// Goes on after `kept`. A control token ends the answer as it would have if the model had drawn it.
    pub(super) fn go_on(self, asked: ColumnRequest, kept: Vec<Generated>) {
        self.tuner.set(None);
        let prefix: Vec<u32> = kept.iter().map(|generated| generated.token.id).collect();
        let ends = kept.last().is_some_and(|last| last.token.special);
        let lane = self.lanes[asked.column as usize];
        let request = ColumnRequest { prefix, ..asked };
        if ends {
            let run = self.next_number();
            lane.run.update(|state| {
                let (text, prompt) = (state.prompt_text.clone(), state.prompt.clone());
                state.begin(run, request, kept);
                (state.prompt_text, state.prompt) = (text, prompt);
                state.finish(run, FinishReason::EndOfText, None);
            });
        } else {
            self.send_run(vec![(request, kept)]);
        }
    }

    /// Shows another path of a column.
    pub(crate) fn walk(self, lane: usize, path: usize) {
        let Some(place) = self.lanes.get(lane).copied() else { return };
        if place.run.with_untracked(|run| run.phase.is_busy()) {
            return;
        }
        let left = place.run.get_untracked();
        let there = place.tree.try_update(|tree| tree.walk(path, left)).flatten();
        if let Some(run) = there {
            place.run.set(run);
            place.run.update(|run| run.revealed = run.tokens.len());
            self.tuner.set(None);
            self.remember_branch(lane);
        }
    }

    fn remember_branch(self, lane: usize) {
        let branch = self.lanes[lane].run.with_untracked(branch_of);
        self.set_branch(lane, branch);
    }

    // ---- which token is looked at ----

    pub(crate) fn click_token(self, spot: Spot) {
        self.inspect.update(|inspect| inspect.click(spot));
        if self.inspect.with_untracked(|inspect| inspect.locked().is_some()) {
            self.tool.set(Some(Tool::Token));
        }
    }

    pub(crate) fn lock(self, spot: Spot) {
        self.inspect.update(|inspect| inspect.lock(spot));
        self.tool.set(Some(Tool::Token));
    }

    /// Where a key leads from a token; the page then moves there. All columns go along.
    pub(crate) fn step_token(self, key: &str, from: Spot) -> Option<Spot> {
        let lengths: Vec<(usize, usize)> = untrack(|| self.columns())
            .iter()
            .map(|lane| (lane.number, lane.run.with_untracked(|run| run.revealed)))
            .collect();
        let to = step(key, from, &lengths)?;
        self.inspect.update(|inspect| inspect.focus(to));
        Some(to)
    }

    /// The next place of a column where the model was undecided.
    pub(crate) fn next_fork(self, lane: usize) -> Option<Spot> {
        let forks = self.lanes.get(lane)?.run.with_untracked(Run::forks);
        let now = self.inspect.with_untracked(|inspect| inspect.shown());
        let after = now.filter(|spot| spot.lane == lane).map(|spot| spot.place);
        let next = forks.iter().copied().find(|place| after.is_none_or(|after| *place > after));
        let place = next.or_else(|| forks.first().copied())?;
        Some(Spot { lane, place })
    }
}

/// What a link needs to give this path again: everything up to the last token that the reader chose.
pub(super) fn branch_of(run: &Run) -> Branch {
    let chosen: Vec<usize> = run
        .tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.chosen)
        .map(|(place, _)| place)
        .collect();
    let end = chosen.last().map_or(0, |last| last + 1);
    let prefix = Ids(run.ids().into_iter().take(end).collect());
    Branch { prefix, chosen: chosen.into_iter().map(|place| place as u32).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::{asked, generated};

    #[test]
    fn a_branch_is_what_leads_to_the_last_choice() {
        let mut run = Run::default();
        assert_eq!(branch_of(&run), Branch::default());
        let mut tokens: Vec<Generated> = (1..6).map(|id| generated(id, "x")).collect();
        tokens[1].chosen = true;
        tokens[3].chosen = true;
        run.begin(1, asked("base"), tokens);
        let branch = branch_of(&run);
        assert_eq!(branch.prefix.0, [1, 2, 3, 4]);
        assert_eq!(branch.chosen, [1, 3]);
    }
}
