//! Who takes part in discussions, and what was built as part of the plan.

use lab::prompt::Form;
use leptos::prelude::*;

use crate::state::app::App;
use crate::state::lab::panel::{self, Change};
use crate::state::lab::plan::stages;

impl App {
    /// Who can take part in a discussion that is built: their keys and names. Tracks.
    pub(crate) fn lab_built_panel(self) -> Vec<(String, String)> {
        let seat = self.lab_asked_seats().into_iter().next().unwrap_or_default();
        let (seats, speakers) = self.lab_speakers(&seat);
        let named = |key: String| {
            let name = self.lab_seat_name(seats.get(&key)?);
            Some((key, name))
        };
        speakers.into_iter().filter_map(|speaker| named(speaker.key)).collect()
    }

    /// Who can take part in a discussion that is planned. Tracks.
    pub(crate) fn lab_planned_panel(self) -> Vec<(String, String)> {
        let seats = self.lab_planned_seats();
        let keys = stages(&seats, |_| Form::Chat).into_iter().map(|stage| stage.key);
        keys.zip(&seats).map(|(key, seat)| (key, self.lab_seat_name(seat))).collect()
    }

    /// Changes who takes part in the discussion that is built.
    pub(crate) fn lab_change_built_panel(self, change: &Change) {
        let keys = keys(untrack(|| self.lab_built_panel()));
        self.lab.build.update(|build| panel::change(&mut build.technique, change, &keys));
    }

    /// Changes who takes part in a discussion of the plan.
    pub(crate) fn lab_change_planned_panel(self, at: usize, change: &Change) {
        let keys = keys(untrack(|| self.lab_planned_panel()));
        self.lab.plan.update(|plan| {
            plan.change(at, |technique| panel::change(technique, change, &keys));
        });
    }

    /// Puts what was built into the plan, and shows the plan.
    pub(crate) fn lab_measure_built(self) {
        let mut technique = self.lab.build.with_untracked(|build| build.measured());
        panel::keep(&mut technique, &keys(untrack(|| self.lab_planned_panel())));
        self.lab.plan.update(|plan| plan.add(technique));
        self.lab.measure.set(true);
    }
}

fn keys(panel: Vec<(String, String)>) -> Vec<String> {
    panel.into_iter().map(|(key, _)| key).collect()
}
