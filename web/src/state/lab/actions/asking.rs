//! Building: a prompt, asked of one stage or several.

use std::collections::BTreeMap;

use lab::prompt::{Form, Input};
use lab::technique::{ModelCall, Speaker, Technique};
use leptos::prelude::*;

use crate::protocol::lab::LabRequest;
use crate::protocol::{FailureKind, Request};
use crate::reactive::effect;
use crate::state::app::App;
use crate::state::catalogue;
use crate::state::lab::asked::{Asked, Seat};
use crate::state::lab::plan::stages;
use crate::state::lab::{Cutting, Tokens, Trouble, language};
use crate::state::notice::Notices;
use crate::state::preferences::Language;
use crate::state::scene;

/// The stages that are asked first, in the order in which they are looked for.
const FIRST: [&str; 3] = ["sft", "rlhf", "model"];

impl App {
    /// All stages of the models that are loaded. Tracks.
    pub(crate) fn lab_seats(self) -> Vec<Seat> {
        self.library.with(|library| {
            let of = |info: &crate::protocol::ModelInfo| {
                let stages = info.stages.iter();
                stages.map(|stage| Seat::new(&info.id, &stage.id)).collect::<Vec<_>>()
            };
            library.models().flat_map(of).collect()
        })
    }

    /// The stages that are asked: those the reader chose, of those that are there; else one of the first model.
    /// Tracks.
    pub(crate) fn lab_asked_seats(self) -> Vec<Seat> {
        let there = self.lab_seats();
        let chosen: Vec<Seat> = self
            .lab
            .seats
            .with(|seats| seats.iter().filter(|seat| there.contains(seat)).cloned().collect());
        if !chosen.is_empty() {
            return chosen;
        }
        let first = FIRST
            .iter()
            .find_map(|stage| there.iter().find(|seat| seat.stage == *stage))
            .or_else(|| there.first());
        first.cloned().into_iter().collect()
    }

    /// How prompts go into a stage. Tracks.
    pub(crate) fn lab_form(self, seat: &Seat) -> Form {
        let chat = self.library.with(|library| {
            library.stage(&seat.model, &seat.stage).is_some_and(|stage| stage.chat)
        });
        // A model that is not there yet: base models continue texts, others answer.
        let known = self.library.with(|library| library.info(&seat.model).is_some());
        if chat || (!known && seat.stage != "base") { Form::Chat } else { Form::Raw }
    }

    /// Everybody that can take part in a discussion with this stage, by key: the stages of its model, and the
    /// others that are asked. Tracks.
    pub(super) fn lab_speakers(self, seat: &Seat) -> (BTreeMap<String, Seat>, Vec<Speaker>) {
        let asked = self.lab_asked_seats();
        let seats: Vec<Seat> = self
            .lab_seats()
            .into_iter()
            .filter(|other| other.model == seat.model || asked.contains(other))
            .take(lab::technique::limits::MAX_SPEAKERS)
            .collect();
        let named = stages(&seats, |seat| self.lab_form(seat));
        let speakers = named
            .iter()
            .map(|stage| Speaker { key: stage.key.clone(), form: stage.form })
            .collect();
        let keys = named.into_iter().map(|stage| stage.key).zip(seats).collect();
        (keys, speakers)
    }

    /// The first call that the prompt makes of the first stage that is asked. Tracks.
    pub(crate) fn lab_first_call(self) -> Option<(Seat, ModelCall)> {
        let seat = self.lab_asked_seats().into_iter().next().unwrap_or_default();
        let form = self.lab_form(&seat);
        let (_, speakers) = self.lab_speakers(&seat);
        let call = self.lab.build.with(|build| build.first_call(form, speakers))?;
        Some((seat, call))
    }

    /// Is something that was built being asked? Tracks.
    pub(crate) fn lab_is_asking(self) -> bool {
        self.lab.round.with(|round| round.is_busy())
    }

    /// Asks the prompt as it stands.
    pub(crate) fn lab_ask(self) {
        if untrack(|| self.lab_is_asking()) {
            return;
        }
        self.notices.update(Notices::clear_failures);
        self.lab.trouble.set(None);
        let build = self.lab.build.get_untracked();
        if let Err(error) = build.check() {
            return self.lab.trouble.set(Some(Trouble::Prompt(error.to_string())));
        }
        let seats = untrack(|| self.lab_asked_seats());
        if seats.is_empty() {
            return self.fail(FailureKind::NoModel, String::new());
        }
        self.lab.round.update(|round| {
            let asked = seats.into_iter().map(|seat| {
                let form = untrack(|| self.lab_form(&seat));
                let (keys, speakers) = untrack(|| self.lab_speakers(&seat));
                let technique = build.asked_among(&speakers);
                let task = build.task(form, speakers);
                let mut one =
                    Asked::new(round.number(), technique, seat, keys, task, build.right());
                // The name is that of the technique, also where its prompt is run as it stands.
                one.technique = build.technique.clone();
                one.edited = build.edited;
                one
            });
            let asked: Vec<Asked> = asked.collect();
            round.open(asked);
        });
        self.lab_drive();
    }

    /// Stops what is being asked.
    pub(crate) fn lab_stop_asking(self) {
        self.lab.stopping.set_value(true);
        self.stop();
    }

    /// Asks the same question in another way.
    pub(crate) fn lab_choose(self, technique: Technique) {
        self.lab.trouble.set(None);
        self.lab.build.update(|build| build.choose(technique));
    }

    /// Asks a stage too, or no longer.
    pub(crate) fn lab_toggle_seat(self, seat: &Seat) {
        let mut seats = untrack(|| self.lab_asked_seats());
        match seats.iter().position(|own| own == seat) {
            // One has to be asked.
            Some(_) if seats.len() == 1 => {}
            Some(at) => {
                seats.remove(at);
            }
            None => seats.push(seat.clone()),
        }
        // In the order in which the models have them.
        let order = untrack(|| self.lab_seats());
        seats.sort_by_key(|seat| order.iter().position(|other| other == seat));
        self.lab.seats.set(seats);
    }

    /// The next question of the chosen kind, in the reader's language.
    pub(crate) fn lab_draw_question(self) {
        let language = language(self.language.get_untracked());
        self.lab.build.update(|build| build.draw_question(language));
    }

    /// The prompt in the compare view, as the same raw text for all columns.
    pub(crate) fn lab_to_compare(self) {
        let assembled = self.lab.build.with_untracked(|build| build.assembled(Form::Raw));
        let Input::Raw { text } = assembled.input else { return };
        self.scene.update(|scene| {
            scene.prompt.text = text;
            scene.view = share::scene::View::Compare(share::scene::CompareView {
                same_text: true,
                ..scene::view(scene)
            });
        });
    }

    /// The prompt in tokens, asked for whenever it has changed and the model is there: one request at a time.
    pub(crate) fn lab_keep_tokens(self) {
        effect(move || {
            if !self.lab_is_open() || self.lab.measure.get() {
                return;
            }
            let Some((seat, call)) = self.lab_first_call() else { return };
            let is_there = self.library.with(|library| library.info(&seat.model).is_some());
            // Once the last one is answered, this runs again.
            self.lab.tokens.track();
            let last = self.lab.cutting.get_value();
            let waits = last.as_ref().is_some_and(|last| !last.done);
            let known =
                last.as_ref().is_some_and(|last| last.input == call.input && last.seat == seat);
            if !is_there || waits || known {
                return;
            }
            let run = self.next_number();
            let input = call.input.clone();
            let cutting = Cutting { run, seat: seat.clone(), input: input.clone(), done: false };
            self.lab.cutting.set_value(Some(cutting));
            let (model, stage) = (seat.model, seat.stage);
            let segments = call.segments;
            self.send(&Request::Lab(LabRequest::Assemble { run, model, stage, input, segments }));
        });
    }

    /// The tokens of this prompt came.
    pub(super) fn lab_assembled(self, run: u32, tokens: impl FnOnce(Input) -> Tokens) {
        let own = self.lab.cutting.try_update_value(|cutting| {
            let cutting = cutting.as_mut().filter(|cutting| cutting.run == run)?;
            cutting.done = true;
            Some(cutting.input.clone())
        });
        if let Some(Some(input)) = own {
            self.lab.tokens.set(Some(tokens(input)));
        }
    }

    /// They will not come.
    pub(super) fn lab_not_assembled(self, run: Option<u32>) {
        let is_it = self.lab.cutting.try_update_value(|cutting| {
            let cutting = cutting.as_mut().filter(|own| run.is_none_or(|run| own.run == run));
            cutting.is_some_and(|cutting| !std::mem::replace(&mut cutting.done, true))
        });
        if is_it == Some(true) {
            self.lab.tokens.set(None);
        }
    }

    /// A stage in words, with its model where several are loaded. Tracks.
    pub(crate) fn lab_seat_name(self, seat: &Seat) -> String {
        self.stage_label(&seat.model, &seat.stage)
    }

    /// Models of the catalogue that have these stages, with their names: what a shipped experiment can run on.
    /// Tracks.
    pub(crate) fn lab_models_with(self, stages: &[&str]) -> Vec<(String, String)> {
        let language: Language = self.language.get();
        self.catalogue.with(|entries| {
            let has_all = |entry: &&formats::manifest::Manifest| {
                entry.trio.as_ref().is_some_and(|trio| {
                    stages
                        .iter()
                        .all(|stage| trio.stages.iter().any(|own| own.id.as_str() == *stage))
                })
            };
            let entries = entries.as_deref().unwrap_or_default().iter().filter(has_all);
            entries
                .map(|entry| (entry.id.clone(), catalogue::short_name(entry, language)))
                .collect()
        })
    }
}
