//! A planned technique in a link: its id, and those of its settings that are not as the lab offers them.

use lab::prompt::Part;
use lab::technique::Technique;
use share::scene::PlannedTechnique;
use share::scene::limits::MAX_STAGES;

use crate::state::lab::knobs::{self, Knob, dials, offered};
use crate::state::lab::parts;

/// The id of a prompt of one's own, which is not offered without its parts.
pub(super) const CUSTOM: &str = "custom";

/// A technique as a scene holds it.
pub(super) fn for_scene(technique: &Technique) -> PlannedTechnique {
    let (shown, labels) = match technique {
        Technique::Custom { parts, labels } => (parts.clone(), *labels),
        _ => (knobs::picked(technique).iter().map(Part::worked).collect(), false),
    };
    let (speakers, judge) = match technique {
        Technique::Discussion { speakers, judge, .. } => (speakers.clone(), judge.clone()),
        _ => Default::default(),
    };
    let mut planned = PlannedTechnique {
        speakers: speakers.into_iter().take(MAX_STAGES).collect(),
        judge,
        id: technique.id().to_owned(),
        parts: parts::for_scene(&shown),
        labels,
        ..PlannedTechnique::default()
    };
    let first = offered(technique.id()).map(|first| dials(&first)).unwrap_or_default();
    for (dial, first) in dials(technique).into_iter().zip(first) {
        if dial == first {
            continue;
        }
        match whole(&mut planned, dial.knob) {
            Some(setting) => *setting = Some(dial.value as u32),
            None => planned.temperature = Some(dial.value as f32),
        }
    }
    planned
}

/// The technique that a scene holds, with settings in their ranges. `None` if there is none of this id.
pub(super) fn of_scene(planned: &PlannedTechnique) -> Option<Technique> {
    let own = parts::of_scene(&planned.parts);
    if planned.id == CUSTOM {
        return Some(Technique::Custom { parts: own, labels: planned.labels });
    }
    let mut technique = offered(&planned.id)?;
    let first = dials(&technique);
    if !own.is_empty() {
        knobs::pick(&mut technique, parts::examples(&own));
    }
    if let Technique::Discussion { speakers, judge, .. } = &mut technique {
        // Who is not there is left out when it is asked.
        speakers.clone_from(&planned.speakers);
        judge.clone_from(&planned.judge);
    }
    let mut said = planned.clone();
    for dial in first {
        let value = match whole(&mut said, dial.knob) {
            Some(setting) => setting.map(f64::from),
            None => said.temperature.map(f64::from),
        };
        // Picked examples have changed their number: what is not said is as it was offered.
        knobs::turn(&mut technique, dial.knob, value.unwrap_or(dial.value));
    }
    Some(technique)
}

/// The setting that a knob turns; `None` for the temperature, which alone is no whole number.
fn whole(planned: &mut PlannedTechnique, knob: Knob) -> Option<&mut Option<u32>> {
    Some(match knob {
        Knob::Shots => &mut planned.shots,
        Knob::Votes => &mut planned.votes,
        Knob::SubQuestions => &mut planned.sub_questions,
        Knob::Rounds => &mut planned.rounds,
        Knob::Breadth => &mut planned.breadth,
        Knob::Proposals => &mut planned.proposals,
        Knob::Depth => &mut planned.depth,
        Knob::Extract => &mut planned.extract,
        Knob::Speak => &mut planned.speak,
        Knob::Temperature => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::prompt::{Example, PartKind};
    use lab::technique::CATALOGUE;

    #[test]
    fn a_technique_as_it_is_offered_is_its_id() {
        for technique in CATALOGUE.iter().filter_map(|info| offered(info.id)) {
            let planned = for_scene(&technique);
            let id = technique.id().to_owned();
            assert_eq!(planned, PlannedTechnique { id, ..PlannedTechnique::default() });
            assert_eq!(of_scene(&planned), Some(technique));
        }
    }

    #[test]
    fn every_knob_comes_back_as_it_was_turned() {
        for technique in CATALOGUE.iter().filter_map(|info| offered(info.id)) {
            for dial in dials(&technique) {
                for value in [dial.min, dial.max, dial.min + dial.step] {
                    let mut turned = technique.clone();
                    knobs::turn(&mut turned, dial.knob, value);
                    assert_eq!(of_scene(&for_scene(&turned)), Some(turned), "{dial:?}");
                }
            }
        }
    }

    #[test]
    fn prompts_and_picked_examples_travel_with_their_technique() {
        let parts = vec![
            Part { off: true, ..Part::new(PartKind::Instruction, "Be brief.") },
            Part::new(PartKind::Question, ""),
        ];
        let own = Technique::Custom { parts, labels: true };
        assert_eq!(of_scene(&for_scene(&own)), Some(own));
        let example =
            Example { question: "2 + 3 = ?".into(), answer: "5".into(), ..Example::default() };
        let mut program = offered("program").expect("it is offered");
        knobs::pick(&mut program, vec![example; 5]);
        for shots in [5.0, 3.0, 1.0] {
            knobs::turn(&mut program, Knob::Shots, shots);
            assert_eq!(knobs::picked(&program).len(), 5);
            assert_eq!(of_scene(&for_scene(&program)), Some(program.clone()), "{shots}");
        }
    }

    #[test]
    fn settings_out_of_range_are_brought_into_it() {
        let planned = PlannedTechnique {
            id: "tree".into(),
            depth: Some(64),
            breadth: Some(0),
            temperature: Some(9.0),
            // A tree has no votes.
            votes: Some(3),
            ..PlannedTechnique::default()
        };
        let technique = of_scene(&planned).expect("it is offered");
        assert_eq!(technique.check(), Ok(()));
        let Technique::Tree { breadth, depth, temperature, .. } = technique else {
            panic!("another technique")
        };
        assert_eq!((breadth, depth, temperature), (1, 5, 2.0));
        let unknown = PlannedTechnique { id: "telepathy".into(), ..PlannedTechnique::default() };
        assert_eq!(of_scene(&unknown), None);
    }
}
