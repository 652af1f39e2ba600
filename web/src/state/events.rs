//! What an event of the worker does to the page.

use leptos::prelude::*;

use crate::browser::link::Link;
use crate::protocol::{Event, Failure, FailureKind, FinishReason, ModelInfo};
use crate::state::app::{App, Totals, Work};
use crate::state::library::Progress;
use crate::state::notice::Notice;
use crate::state::run::{Generated, Run};
use crate::state::samples::{Draw, Sample};
use crate::state::score::Scored;

impl App {
    pub(super) fn apply(self, event: Event) {
        match event {
            Event::Ready { .. } => {
                self.with_link(Link::ready);
                self.list_stored();
            }
            Event::Progress { stage, bytes, total, bytes_per_second, resumed_from } => {
                let progress = Progress { stage, bytes, total, bytes_per_second, resumed_from };
                self.library.update(|library| library.advance(progress));
            }
            Event::Loaded(info) => self.loaded(info),
            Event::Unloaded { model } => self.library.update(|library| library.forget(&model)),
            Event::Stored { files } => self.stored.set(files),
            Event::DeviceRestored => {
                self.notices.update(|notices| notices.add(Notice::DeviceRestored));
            }
            Event::Lab(event) => self.lab_event(event),
            Event::Failed(failure) => self.failed(failure),
            event => self.apply_answer(event),
        }
    }

    /// Events that answer a numbered request.
    fn apply_answer(self, event: Event) {
        match event {
            Event::PromptTokens { run, column, text, tokens } => {
                self.update_run(column, |state| state.prompt_tokens(run, text, tokens));
            }
            Event::Prefill { run, column, done, total } => {
                self.update_run(column, |state| state.prefill(run, done, total));
            }
            Event::Token { run, column, token, report, alternatives } => {
                let generated = Generated { token, report, alternatives, chosen: false };
                self.update_run(column, |state| state.token(run, generated));
            }
            Event::Finished { run, column, reason, stats } => {
                self.update_run(column, |state| state.finish(run, reason, Some(stats)));
            }
            Event::Reward { run, column, reward } => {
                self.update_run(column, |state| state.reward(run, reward));
            }
            Event::RunEnded { run, steps, counters } if self.ended(Work::Run(run)) => {
                self.totals.set(Some(Totals { steps, counters }));
                self.follow_link();
            }
            Event::Sample { run, text, ids, reason, logprob, .. } => {
                let sample = Sample { text, tokens: ids.len(), reason, logprob };
                self.update_draw(run, |draw| draw.samples.push(sample));
            }
            Event::SamplesEnded { run } => {
                self.update_draw(run, |draw| draw.ended = true);
                self.ended(Work::Samples(run));
            }
            Event::Scored { run, tokens, stages } => {
                self.scoring.update(|scoring| {
                    if let Some(scoring) = scoring.as_mut().filter(|own| own.request == run) {
                        scoring.result = Some(Scored { tokens, stages });
                    }
                });
                self.ended(Work::Score(run));
            }
            Event::Inside(event) => self.inside.hear(event),
            // None came: it was stopped.
            Event::Distribution { run, logits } if logits.is_empty() => self.drop_tuner(run),
            Event::Distribution { run, logits } => self.tuner.update(|tuner| {
                if let Some(tuner) = tuner {
                    tuner.receive(run, logits);
                }
            }),
            // What would go in is shown by the run itself; models and files are seen to before this.
            _ => {}
        }
    }

    fn update_run(self, column: u32, update: impl FnOnce(&mut Run)) {
        if let Some(lane) = self.lanes.get(column as usize) {
            lane.run.update(update);
        }
    }

    fn update_draw(self, run: u32, update: impl FnOnce(&mut Draw)) {
        self.draws.update(|draws| {
            if let Some(draw) = draws.iter_mut().find(|draw| draw.request.run == run) {
                update(draw);
            }
        });
    }

    /// The worker is done with this. False if the page waits for something else.
    fn ended(self, work: Work) -> bool {
        let is_it = self.work.with_untracked(|own| *own == Some(work));
        if is_it {
            self.work.set(None);
        }
        is_it
    }

    fn loaded(self, info: ModelInfo) {
        if let Some(reason) = info.backend.fallback_reason.clone() {
            self.notices.update(|notices| notices.add(Notice::CpuFallback { reason }));
        }
        let then = self.library.try_update(|library| library.finish(info.clone()));
        let then = then.unwrap_or_default();
        if then.show || self.lacks_stage_of(&info) {
            self.show_model(&info);
        }
        if then.run {
            self.press_run();
        }
        self.go_on_with_link();
    }

    /// The worker broke down: another takes its place, with no model loaded.
    pub(super) fn broke_down(self, detail: String) {
        self.connect();
        self.break_off();
        self.lab_broken(&detail);
        self.library.update(|library| {
            library.fail();
            library.forget_all();
        });
        self.fail(FailureKind::Internal, detail);
    }

    /// Nothing that was asked of the worker will be answered.
    fn break_off(self) {
        for lane in self.lanes {
            if lane.run.with_untracked(|run| run.phase.is_busy()) {
                lane.run.update(Run::break_off);
            }
        }
        self.draws.update(|draws| draws.iter_mut().for_each(|draw| draw.ended = true));
        self.inside.break_off();
        self.work.set(None);
    }

    fn failed(self, failure: Failure) {
        if failure.kind == FailureKind::NoModel {
            self.forget_models_of(failure.run);
        }
        match failure.run {
            Some(run) => {
                self.run_failed(run, failure.column);
                self.lab_failed(run);
                self.inside.fail(run);
            }
            // Trouble with the storage does not end a load that can go on without it.
            None if failure.kind != FailureKind::Storage => {
                self.library.update(|library| {
                    library.fail();
                });
            }
            None => {}
        }
        self.notices.update(|notices| notices.add(Notice::Failure(failure)));
    }

    /// The worker does not have what this run asked for.
    fn forget_models_of(self, run: Option<u32>) {
        for lane in self.lanes {
            let model = lane.run.with_untracked(|state| {
                let asked = state.asked.as_ref().filter(|_| Some(state.id) == run);
                asked.map(|asked| asked.model.clone())
            });
            if let Some(model) = model {
                self.library.update(|library| library.forget(&model));
            }
        }
    }

    /// The distribution that this request was for will not come.
    fn drop_tuner(self, request: u32) {
        self.tuner.update(|tuner| {
            tuner.take_if(|tuner| tuner.request == request);
        });
    }

    /// A column failed, or with no column named all that was asked under this number. What answers runs and draws
    /// in the end comes nevertheless.
    fn run_failed(self, run: u32, column: Option<u32>) {
        for lane in self.lanes {
            if column.is_none_or(|column| column as usize == lane.number) {
                lane.run.update(|state| state.finish(run, FinishReason::Failed, None));
            }
        }
        if column.is_none() {
            self.ended(Work::Score(run));
            self.drop_tuner(run);
        }
    }
}
