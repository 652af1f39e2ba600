//! Parts of the model switched off or scaled, and a residual vector taken from another prompt: what is changed, and
//! what it changes.

use lab::prompt::Input;
use leptos::prelude::*;
use share::scene::limits::MAX_SWITCHES;
use share::scene::{InsideView, Patch, Switch, SwitchPart};
use text::Message;

use crate::protocol::inside::{
    Answer, Ask, InsideText, PatchRequest, Shape, SwitchedRun, TextFacts,
};
use crate::protocol::{Prompt, TokenView};
use crate::state::app::App;
use crate::state::inside::chart::{Bar, Chart, Ink, Series, Unit};
use crate::state::inside::select::Selection;
use crate::state::inside::target::Total;
use crate::state::token;

/// Tokens that both runs write.
pub(crate) const CONTINUED: u32 = 24;
/// Rows of the comparison.
const LISTED: usize = 8;

/// What a part is scaled by: 1 where nothing is changed.
pub(crate) fn scale_of(switches: &[Switch], part: SwitchPart, layer: u32, index: u32) -> f32 {
    let is_it =
        |switch: &&Switch| (switch.part, switch.layer, switch.index) == (part, layer, index);
    switches.iter().find(is_it).map_or(1.0, |switch| switch.scale)
}

/// Scales a part; by 1 it is as it was. False if there are too many already.
pub(crate) fn set_scale(
    switches: &mut Vec<Switch>,
    part: SwitchPart,
    layer: u32,
    index: u32,
    scale: f32,
) -> bool {
    let at = switches
        .iter()
        .position(|switch| (switch.part, switch.layer, switch.index) == (part, layer, index));
    match at {
        Some(at) if scale == 1.0 => {
            switches.remove(at);
        }
        Some(at) => switches[at].scale = scale,
        None if scale == 1.0 => {}
        None if switches.len() >= MAX_SWITCHES => return false,
        None => switches.push(Switch { part, layer, index, scale }),
    }
    true
}

/// The switches that this model has parts for.
pub(crate) fn that_fit(switches: &[Switch], shape: &Shape) -> Vec<Switch> {
    let fits = |switch: &&Switch| {
        let index_fits = match switch.part {
            SwitchPart::Head => switch.index < shape.heads,
            SwitchPart::Neuron => switch.index < shape.d_ff,
            SwitchPart::Attention | SwitchPart::FeedForward => true,
        };
        switch.layer < shape.layers && index_fits
    };
    switches.iter().filter(fits).copied().collect()
}

/// The text as far as it goes before both runs go on: to the chosen token of the answer, else the prompt.
pub(crate) fn text_to(text: &InsideText, facts: &TextFacts, selection: &Selection) -> InsideText {
    let answered = (selection.token + 1).saturating_sub(facts.prompt_tokens) as usize;
    let kept = if selection.is_locked { answered } else { 0 };
    InsideText { answer: text.answer.iter().take(kept).copied().collect(), ..text.clone() }
}

/// Another prompt in the form that the text's has: through the template if that is. Its parts are its own.
pub(crate) fn prompt_like(prompt: &Prompt, source: &str) -> Prompt {
    match prompt {
        Prompt::Raw { .. } | Prompt::Parts { input: Input::Raw { .. }, .. } => {
            Prompt::Raw { text: source.to_owned() }
        }
        Prompt::Chat { messages } => Prompt::Chat { messages: asking(messages, source) },
        Prompt::Parts { input: Input::Chat { messages, starter }, .. } => {
            let messages = asking(messages, source);
            let input = Input::Chat { messages, starter: starter.clone() };
            Prompt::Parts { input, segments: Vec::new() }
        }
    }
}

/// The conversation with another question at its end.
fn asking(messages: &[Message], source: &str) -> Vec<Message> {
    let mut messages = messages.to_vec();
    if let Some(last) = messages.iter_mut().rev().find(|message| message.role == "user") {
        source.clone_into(&mut last.content);
    }
    messages
}

/// The question, with what fits text and model. `source_tokens`: how long the other prompt is, if it is known.
pub(crate) fn ask(
    view: &InsideView,
    text: &InsideText,
    facts: &TextFacts,
    source_tokens: Option<u32>,
) -> Ask {
    let tokens = facts.prompt_tokens + text.answer.len() as u32;
    let patch = view.patch.as_ref().zip(source_tokens).and_then(|(patch, length)| {
        let Patch { layer, token, source, source_token } = patch;
        let fits = *layer < facts.shape.layers && *token < tokens && *source_token < length;
        fits.then(|| PatchRequest {
            blocks: layer + 1,
            token: *token,
            source: prompt_like(&text.prompt, source),
            source_token: *source_token,
        })
    });
    let switches = that_fit(&view.switches, &facts.shape);
    Ask::Switches { switches, patch, max_tokens: CONTINUED }
}

/// Both runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) untouched: SwitchedRun,
    pub(crate) changed: SwitchedRun,
}

impl Comparison {
    pub(crate) fn of(answer: &Answer) -> Option<Self> {
        let Answer::Switched { untouched, changed } = answer else { return None };
        Some(Self { untouched: untouched.clone(), changed: changed.clone() })
    }

    /// The likeliest tokens of both, with their probabilities in both. `names`: untouched, changed.
    pub(crate) fn chart(&self, names: [&str; 2]) -> Chart {
        let [untouched, changed] = names;
        let mut tokens: Vec<&TokenView> = Vec::new();
        for run in [&self.untouched, &self.changed] {
            for value in run.top.iter().take(LISTED) {
                if !tokens.iter().any(|token| token.id == value.token.id) {
                    tokens.push(&value.token);
                }
            }
        }
        let totals = [Total::of(&self.untouched.logits), Total::of(&self.changed.logits)];
        let share = |run: &SwitchedRun, total: Option<Total>, id: u32| {
            let logit = *run.logits.get(id as usize)?;
            Some(total?.probability(logit) as f32)
        };
        let bar = |view: &TokenView| Bar {
            name: token::spoken(view),
            values: vec![
                share(&self.untouched, totals[0], view.id),
                share(&self.changed, totals[1], view.id),
            ],
            is_chosen: false,
        };
        let mut bars: Vec<Bar> = tokens.into_iter().map(bar).collect();
        let most = |bar: &Bar| bar.values.iter().flatten().fold(0.0f32, |a, b| a.max(*b));
        bars.sort_by(|a, b| most(b).total_cmp(&most(a)));
        let series = |name: &str, ink| Series { name: name.to_owned(), ink, unit: Unit::Percent };
        Chart {
            series: vec![series(untouched, Ink::Soft), series(changed, Ink::Part)],
            bars,
            apart: false,
        }
    }

    /// How far the changed distribution is from the untouched one: KL(untouched ‖ changed) in bits.
    pub(crate) fn divergence(&self) -> Option<f64> {
        let (before, after) =
            (Total::of(&self.untouched.logits)?, Total::of(&self.changed.logits)?);
        let pairs = self.untouched.logits.iter().zip(&self.changed.logits);
        let nats: f64 = pairs
            .map(|(a, b)| before.probability(*a) * (before.logprob(*a) - after.logprob(*b)))
            .filter(|part| part.is_finite())
            .sum();
        Some((nats / std::f64::consts::LN_2).max(0.0))
    }

    /// How much of the probability has moved to other tokens: total variation distance, 0 to 1.
    pub(crate) fn moved(&self) -> Option<f64> {
        let (before, after) =
            (Total::of(&self.untouched.logits)?, Total::of(&self.changed.logits)?);
        let pairs = self.untouched.logits.iter().zip(&self.changed.logits);
        let apart: f64 =
            pairs.map(|(a, b)| (before.probability(*a) - after.probability(*b)).abs()).sum();
        Some((apart / 2.0).min(1.0))
    }

    /// The first token in which the continuations differ; `None` if they are the same.
    pub(crate) fn parts_at(&self) -> Option<usize> {
        let (a, b) = (&self.untouched.continuation, &self.changed.continuation);
        let same = a.iter().zip(b).take_while(|(a, b)| a.id == b.id).count();
        (same < a.len().max(b.len())).then_some(same)
    }
}

impl App {
    /// Can no further part be changed? Tracks.
    pub(crate) fn has_all_switches(self) -> bool {
        self.scene.with(|scene| match &scene.view {
            share::scene::View::Inside(view) => view.switches.len() >= MAX_SWITCHES,
            _ => false,
        })
    }

    /// Scales a part of the model.
    pub(crate) fn set_switch(self, part: SwitchPart, layer: u32, index: u32, scale: f32) {
        self.select(|view| {
            set_scale(&mut view.switches, part, layer, index, scale);
        });
    }

    /// Switches a part off, or on again if it is off or scaled.
    pub(crate) fn toggle_switch(self, part: SwitchPart, layer: u32, index: u32) {
        self.select(|view| {
            let is_changed = scale_of(&view.switches, part, layer, index) != 1.0;
            let scale = if is_changed { 1.0 } else { 0.0 };
            set_scale(&mut view.switches, part, layer, index, scale);
        });
    }

    /// What a part is scaled by. Tracks.
    pub(crate) fn switch(self, part: SwitchPart, layer: u32, index: u32) -> f32 {
        self.scene.with(|scene| match &scene.view {
            share::scene::View::Inside(view) => scale_of(&view.switches, part, layer, index),
            _ => 1.0,
        })
    }
}

#[cfg(test)]
mod tests;
