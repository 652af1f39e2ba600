//! What questions ask beyond the runs: heads, lens, influence, switches, likeness. The worker is asked about the prompt
//! alone, one thing at a time, once its run is over; of what it answers, what questions need is kept.

mod finding;
mod look;

use std::sync::Arc;

use leptos::prelude::*;
use share::lesson::{Observed, ObservedHead, Similarity};
use share::scene::View;

use crate::protocol::inside::{Answer, Ask, InsideText, Occlusion};
use crate::reactive::{effect, memo};
use crate::state::app::App;
use crate::state::inside;
use crate::state::inside::influence::occluded;
use crate::state::inside::question::{Heard, Listener, comes_in_parts};
use crate::state::inside::switches::that_fit;

use finding::Finding;
use look::{Look, Prompted, Subject, looks};

/// What is asked about which text.
pub(crate) type Asked = (InsideText, Ask);

/// What was asked so far, with what came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    answers: Vec<(Asked, Finding)>,
}

impl Found {
    /// Takes the parts of an answer; none if it failed.
    pub(crate) fn keep(&mut self, asked: Asked, parts: &[Arc<Answer>]) {
        let finding = Finding::of(&asked.1, parts).unwrap_or(Finding::Nothing);
        self.answers.retain(|(known, _)| *known != asked);
        self.answers.push((asked, finding));
    }

    /// What failed may be asked again.
    pub(crate) fn forget_failures(&mut self) {
        self.answers.retain(|(_, finding)| *finding != Finding::Nothing);
    }

    /// What is to be asked next; `None` if nothing is.
    pub(crate) fn next(&self, looks: &[Look], subject: &Subject) -> Option<Asked> {
        let mut asks = looks.iter().flat_map(|look| self.asks(look, subject));
        asks.find(|asked| self.of(asked).is_none())
    }

    /// Adds what was found to what was seen of the runs.
    pub(crate) fn add_to(&self, observed: &mut Observed, looks: &[Look], subject: &Subject) {
        for look in looks {
            let asks = self.asks(look, subject);
            let Some(finding) = asks.last().and_then(|asked| self.of(asked)) else { continue };
            match (look, finding) {
                (Look::Head { column, layer, head }, Finding::Rows(rows)) => {
                    let (column, layer, head, rows) = (*column, *layer, *head, rows.clone());
                    observed.heads.push(ObservedHead { column, layer, head, rows });
                }
                (Look::Similarity { a, b }, Finding::Cosine(cosine)) => {
                    let (a, b, cosine) = (a.clone(), b.clone(), *cosine);
                    observed.similarities.push(Similarity { a, b, cosine });
                }
                (Look::Lens, Finding::Lens(layers)) => observed.lens.clone_from(layers),
                (Look::Moved, Finding::Moved(moved)) => observed.moved = Some(*moved),
                (Look::Influence { .. }, Finding::Influence(bits)) => {
                    observed.influence.clone_from(bits);
                }
                _ => {}
            }
        }
    }

    fn of(&self, asked: &Asked) -> Option<&Finding> {
        self.answers.iter().find(|(known, _)| known == asked).map(|(_, finding)| finding)
    }

    /// What has to be asked for a look, the last of which answers it.
    fn asks(&self, look: &Look, subject: &Subject) -> Vec<Asked> {
        let Some(prompted) = subject.prompted(look) else { return Vec::new() };
        let ask = |ask: Ask| (prompted.text.clone(), ask);
        let last = prompted.last();
        match look {
            Look::Head { layer, head, .. } => {
                vec![ask(Ask::Attention { layer: *layer, head: *head })]
            }
            Look::Similarity { a, b } => {
                let mut asks: Vec<Asked> = [a, b]
                    .into_iter()
                    .map(|text| ask(Ask::Encode { text: text.clone() }))
                    .collect();
                // The rows can be asked for once both ids are known.
                let ids: Option<Vec<u32>> = asks.iter().map(|asked| self.single(asked)).collect();
                asks.extend(ids.map(|ids| ask(Ask::EmbeddingRows { ids })));
                asks
            }
            Look::Lens => vec![ask(Ask::Lens { first: last, count: 1, target: None })],
            Look::Moved => vec![ask(subject.switched(prompted))],
            Look::Influence { .. } => {
                let ask = prompted.first.map(|target| {
                    let (tokens, occlusion) = (occluded(last), Occlusion::Drop);
                    ask(Ask::Influence { token: last, target, tokens, occlusion })
                });
                ask.into_iter().collect()
            }
        }
    }

    /// The id of a text that is one token.
    fn single(&self, asked: &Asked) -> Option<u32> {
        let Finding::Ids(ids) = self.of(asked)? else { return None };
        match ids.as_slice() {
            [id] => Some(*id),
            _ => None,
        }
    }
}

impl App {
    /// What the open step's questions are about, and what that is looked for in. Tracks.
    fn looked_at(self) -> Option<(Vec<Look>, Subject)> {
        let (written, at) = self.lesson_at()?;
        let looks = looks(written.lesson.steps.get(at)?);
        if looks.is_empty() {
            return None;
        }
        let wanted = written.lesson.scene_at(at).map(inside::view);
        let (view, column) = self.scene.with(|scene| match &scene.view {
            View::Inside(view) => (Some(view.clone()), view.column),
            View::Compare(view) => (None, view.column),
            View::Lab(_) => (None, 0),
        });
        // Another page than the inside one has no switches: those of the step are meant.
        let view = view.or(wanted).unwrap_or_default();
        let switches = self.inside.facts.with(|facts| match facts {
            Some(facts) => that_fit(&view.switches, &facts.shape),
            None => view.switches.clone(),
        });
        let columns = self.columns().iter().map(|lane| lane.run.with(Prompted::of)).collect();
        Some((looks, Subject { columns, column, switches, patch: view.patch }))
    }

    /// What is still to be asked for the open step's questions. Tracks.
    pub(super) fn next_look(self) -> Option<Asked> {
        let (looks, subject) = self.looked_at()?;
        let asked = self.lessons.found.with(|found| found.next(&looks, &subject))?;
        let (model, stage) = (&asked.0.model, &asked.0.stage);
        self.library.with(|library| library.stage(model, stage).is_some()).then_some(asked)
    }

    /// Adds what was found to what was seen of the runs. Tracks.
    pub(super) fn add_found(self, observed: &mut Observed) {
        if let Some((looks, subject)) = self.looked_at() {
            self.lessons.found.with(|found| found.add_to(observed, &looks, &subject));
        }
    }

    /// Asks what the open step's questions need, while nothing runs.
    pub(super) fn follow_looks(self) {
        let next = memo(move || {
            let is_free = self.lessons.open.get() && !self.is_busy();
            if is_free { self.next_look() } else { None }
        });
        let listener: Listener = Callback::new(move |(_, heard)| self.hear_look(&heard));
        effect(move || {
            let next = next.get();
            if self.lessons.asking.with(Option::is_some) {
                return;
            }
            if let Some((text, ask)) = next {
                self.lessons.asking.set(Some(((text.clone(), ask.clone()), Vec::new())));
                self.send_inside(text, ask, listener);
            }
        });
        effect(move || {
            if self.is_busy() {
                self.lessons.found.update(Found::forget_failures);
            }
        });
    }

    /// True if nothing more will come.
    fn hear_look(self, heard: &Heard) -> bool {
        let is_whole = match heard {
            Heard::Failed => false,
            Heard::Answer(answer) => match answer.as_ref() {
                Answer::Progress { .. } => return false,
                Answer::Ended { stopped } => !stopped,
                _ => {
                    self.lessons.asking.update(|asking| {
                        if let Some((_, parts)) = asking {
                            parts.push(answer.clone());
                        }
                    });
                    if comes_in_parts(answer) {
                        return false;
                    }
                    true
                }
            },
        };
        if let Some((asked, parts)) = self.lessons.asking.get_untracked() {
            let parts = if is_whole { parts } else { Vec::new() };
            self.lessons.found.update(|found| found.keep(asked, &parts));
        }
        self.lessons.asking.set(None);
        true
    }
}

#[cfg(test)]
mod tests;
