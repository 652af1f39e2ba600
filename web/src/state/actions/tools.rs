//! What opens under the columns: temperature, scores, samples.

use engine::SamplerSettings;
use leptos::prelude::*;
use share::scene::Column;

use crate::protocol::{Prompt, Request, Said, SamplesRequest, ScoreRequest, StagePrompt};
use crate::state::app::{App, Tool, Work};
use crate::state::inspect::Spot;
use crate::state::notice::Notices;
use crate::state::samples::{Draw, FEWEST, MOST};
use crate::state::scene;
use crate::state::score::Scoring;
use crate::state::tuner::Tuner;

impl App {
    /// Opens a tool, or closes it if it is open.
    pub(crate) fn toggle_tool(self, tool: Tool) {
        self.tool.update(|open| *open = if *open == Some(tool) { None } else { Some(tool) });
    }

    /// Shows the distribution at a place under this temperature. Its logits are asked for once; then nothing runs.
    pub(crate) fn tune(self, spot: Spot, temperature: f32) {
        let is_there =
            self.tuner.with_untracked(|tuner| tuner.as_ref().is_some_and(|t| t.spot == spot));
        if !is_there && !self.ask_for_logits(spot) {
            return;
        }
        self.tuner.update(|tuner| {
            if let Some(tuner) = tuner {
                tuner.set_temperature(temperature);
            }
        });
    }

    fn ask_for_logits(self, spot: Spot) -> bool {
        let Some(lane) = self.lanes.get(spot.lane) else { return false };
        let run = lane.run.get_untracked();
        let Some(asked) = run.asked.clone() else { return false };
        let Some(generated) = run.tokens.get(spot.place) else { return false };
        let number = self.next_number();
        let seen = run.before(spot.place);
        self.tuner.set(Some(Tuner::new(number, spot, asked.sampler, generated, seen)));
        self.send(&Request::Distribution {
            run: number,
            model: asked.model,
            stage: asked.stage,
            prompt: asked.prompt,
            answer: run.ids().into_iter().take(spot.place).collect(),
        });
        true
    }

    /// Back to the temperature that the token was drawn with.
    pub(crate) fn untune(self) {
        self.tuner.set(None);
    }

    /// Forces a column's text through all stages of its model.
    pub(crate) fn score(self, lane: usize) {
        if self.is_busy_untracked() {
            return;
        }
        let run = self.lanes[lane].run.get_untracked();
        let Some(asked) = run.asked.clone().filter(|_| !run.tokens.is_empty()) else { return };
        let stages: Vec<(String, bool)> = self.library.with_untracked(|library| {
            let stages = library.info(&asked.model).map(|info| info.stages.as_slice());
            let stages = stages.unwrap_or_default().iter();
            stages.map(|stage| (stage.id.clone(), stage.chat)).collect()
        });
        if stages.is_empty() {
            return;
        }
        self.notices.update(Notices::clear_failures);
        let same_text = self.scene.with_untracked(scene::same_text);
        // The prompt that this text answered, which may not be the one that stands in the field by now.
        let mut answered = self.scene.get_untracked();
        (answered.prompt.system, answered.prompt.text) = typed(&asked.prompt);
        let stages = stages
            .into_iter()
            .map(|(stage, is_chat)| {
                let column = Column::new(asked.model.clone(), stage.clone());
                StagePrompt { stage, prompt: scene::prompt_for(&answered, &column, is_chat) }
            })
            .collect();
        let number = self.next_number();
        self.scoring.set(Some(Scoring {
            request: number,
            model: asked.model.clone(),
            writer: asked.stage,
            same_text,
            result: None,
        }));
        self.work.set(Some(Work::Score(number)));
        let answer = run.ids();
        self.send(&Request::Score(ScoreRequest {
            run: number,
            model: asked.model,
            stages,
            answer,
        }));
    }

    /// Draws `count` answers from a column. `greedy`: always the most likely token.
    pub(crate) fn draw_samples(self, lane: usize, count: u32, greedy: bool) {
        if self.is_busy_untracked() {
            return;
        }
        let Some(request) = self.samples_request(lane, count, greedy) else { return };
        self.notices.update(Notices::clear_failures);
        let run = request.run;
        self.draws.update(|draws| {
            draws.retain(|draw| draw.is_greedy() != greedy);
            draws.push(Draw::new(request.clone()));
            draws.sort_by_key(Draw::is_greedy);
        });
        self.work.set(Some(Work::Samples(run)));
        self.send(&Request::Samples(request));
    }

    fn samples_request(self, lane: usize, count: u32, greedy: bool) -> Option<SamplesRequest> {
        let at = untrack(|| self.position(lane))?;
        let scene = self.scene.get_untracked();
        let column = scene.columns.get(at)?;
        let is_chat = self.library.with_untracked(|library| {
            library.stage(&column.model, &column.stage).map(|stage| stage.chat)
        })?;
        let prompt = scene::prompt_for(&scene, column, is_chat);
        if scene::is_empty(&prompt) {
            return None;
        }
        let settings = scene::settings(&scene.sampler_of(at));
        let temperature = if greedy {
            0.0
        } else if settings.temperature > 0.0 {
            settings.temperature
        } else {
            // Greedy settings would draw the same answer every time.
            SamplerSettings::default().temperature
        };
        Some(SamplesRequest {
            run: self.next_number(),
            model: column.model.clone(),
            stage: column.stage.clone(),
            prompt,
            sampler: SamplerSettings { temperature, ..settings },
            max_tokens: scene.max_tokens,
            count: count.clamp(FEWEST, MOST),
        })
    }
}

/// System prompt and text as the reader typed them, from a prompt as it was sent.
pub(super) fn typed(prompt: &Prompt) -> (String, String) {
    match prompt.said() {
        Said::Text(text) => (String::new(), text.to_owned()),
        Said::Turns(messages) => {
            let of = |role: &str| {
                messages.iter().rev().find(|m| m.role == role).map(|m| m.content.clone())
            };
            (of("system").unwrap_or_default(), of("user").unwrap_or_default())
        }
    }
}
