//! The prompt that the lab asked, as a scene holds it and as it is looked into.

use lab::prompt::{Input, Place, Segment};
use lab::technique::ModelCall;
use leptos::prelude::*;
use share::scene::limits::MAX_IDS;
use share::scene::{AskedPrompt, Ids, Panel, Span, Turn, View};
use text::Message;

use crate::protocol::Prompt;
use crate::protocol::inside::InsideText;
use crate::state::app::App;
use crate::state::lab::Trouble;
use crate::state::lab::asked::{Asked, Seat};
use crate::state::lab::parts::{kind_for_scene, kind_of_scene};
use crate::state::sharing::tab::Tab;

/// What a scene holds of a call and its answer.
fn for_scene(seat: &Seat, call: &ModelCall, mut answer: Vec<u32>) -> AskedPrompt {
    let turn = |it: &Message| Turn { role: it.role.clone(), text: it.content.clone() };
    let (turns, text) = match &call.input {
        Input::Raw { text } => (Vec::new(), text.clone()),
        Input::Chat { messages, starter } => (messages.iter().map(turn).collect(), starter.clone()),
    };
    let span = |it: &Segment| Span {
        kind: kind_for_scene(it.kind),
        number: it.number as u32,
        turn: match it.place {
            Place::Message(turn) => Some(turn as u32),
            Place::Text | Place::Starter => None,
        },
        start: it.start as u32,
        end: it.end as u32,
    };
    let spans = call.segments.iter().map(span).collect();
    answer.truncate(MAX_IDS);
    let (model, stage) = (seat.model.clone(), seat.stage.clone());
    AskedPrompt { model, stage, turns, text, spans, answer: Ids(answer) }
}

/// The text that is looked into.
pub(crate) fn text_of(asked: &AskedPrompt) -> InsideText {
    let AskedPrompt { model, stage, turns, text, spans, answer } = asked;
    let is_raw = turns.is_empty();
    let input = if is_raw {
        Input::Raw { text: text.clone() }
    } else {
        let message = |it: &Turn| Message { role: it.role.clone(), content: it.text.clone() };
        Input::Chat { messages: turns.iter().map(message).collect(), starter: text.clone() }
    };
    let segment = |(part, it): (usize, &Span)| Segment {
        part,
        kind: kind_of_scene(it.kind),
        number: it.number as usize,
        place: match it.turn {
            Some(turn) => Place::Message(turn as usize),
            None if is_raw => Place::Text,
            None => Place::Starter,
        },
        start: it.start as usize,
        end: it.end as usize,
    };
    let segments = spans.iter().enumerate().map(segment).collect();
    InsideText {
        model: model.clone(),
        stage: stage.clone(),
        prompt: Prompt::Parts { input, segments },
        answer: answer.0.clone(),
    }
}

/// What of an answer of the lab is looked into: its last call.
fn last_call(one: &Asked) -> Option<AskedPrompt> {
    let at = one.records().len().checked_sub(1)?;
    let call = &one.records().get(at)?.call;
    let written = one.tokens.get(&at).map(|tokens| tokens.answer.as_slice()).unwrap_or_default();
    Some(for_scene(one.seat_of(call), call, written.iter().map(|token| token.id).collect()))
}

impl App {
    /// The number of the lab's last answer that has a call to look into. Tracks.
    pub(crate) fn lab_last_answered(self) -> Option<usize> {
        self.lab.round.with(|round| {
            round.asked.iter().find(|one| !one.records().is_empty()).map(|one| one.number)
        })
    }

    /// Opens the inside view on the last call of one of the lab's answers, at where its attention goes.
    pub(crate) fn lab_look_inside(self, number: usize) {
        let asked = self.lab.round.with_untracked(|round| {
            round.asked.iter().find(|one| one.number == number).and_then(last_call)
        });
        let Some(asked) = asked else { return };
        let mut scene = self.scene.get_untracked();
        let mut view = super::view(&scene);
        view.asked = Some(Box::new(asked.clone()));
        scene.view = View::Inside(view);
        if let Err(error) = scene.check() {
            return self.lab.trouble.set(Some(Trouble::Prompt(error.to_string())));
        }
        self.open_tab(Tab::Inside);
        self.select(|view| {
            view.asked = Some(Box::new(asked));
            view.panel = Panel::Attention;
            (view.token, view.key, view.patch) = (None, None, None);
        });
    }

    /// Looks into the columns again instead of the lab's prompt.
    pub(crate) fn look_into_columns(self) {
        self.select(|view| {
            view.asked = None;
            (view.token, view.key) = (None, None);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::prompt::{Form, Layout, Part, PartKind, assemble};
    use lab::technique::{Purpose, Sampling};
    use share::Scene;
    use share::scene::InsideView;

    fn call(form: Form) -> ModelCall {
        let example = Part {
            kind: PartKind::Example,
            text: "热".into(),
            answer: "冷".into(),
            ..Part::default()
        };
        let parts = [
            Part::new(PartKind::Instruction, "Say it."),
            example,
            Part::new(PartKind::Question, "up"),
            Part::new(PartKind::Starter, "It is"),
        ];
        let assembled = assemble(&parts, Layout { form, labels: true, ..Layout::default() });
        ModelCall {
            purpose: Purpose::Answer,
            speaker: None,
            input: assembled.input,
            segments: assembled.segments,
            lead: String::new(),
            sampling: Sampling::default(),
            seed: 1,
            stop: Vec::new(),
            max_tokens: 4,
        }
    }

    #[test]
    fn a_link_holds_the_prompt_with_its_parts() {
        for form in [Form::Raw, Form::Chat] {
            let call = call(form);
            let asked = for_scene(&Seat::new("m", "sft"), &call, vec![7, 8]);
            let view = InsideView { asked: Some(Box::new(asked)), ..InsideView::default() };
            let scene = Scene { view: View::Inside(view), ..Scene::default() };
            let json = scene.to_json().expect("within its bounds");
            let opened = Scene::from_json(&json).expect("its own output");
            let text = super::super::view(&opened).asked.map(|asked| text_of(&asked));
            let text = text.expect("it is there");
            let Prompt::Parts { input, segments } = text.prompt else { panic!("of parts") };
            assert_eq!((input, segments.len()), (call.input, call.segments.len()));
            for (found, own) in segments.iter().zip(&call.segments) {
                let of = |it: &Segment| (it.kind, it.number, it.place, it.start, it.end);
                assert_eq!(of(found), of(own));
            }
            assert_eq!((text.stage.as_str(), text.answer), ("sft", vec![7, 8]));
        }
    }

    #[test]
    fn an_answer_that_is_too_long_for_a_link_is_cut() {
        let asked = for_scene(&Seat::new("m", "sft"), &call(Form::Raw), vec![1; MAX_IDS + 5]);
        assert_eq!(asked.answer.0.len(), MAX_IDS);
    }
}
