//! The numbers of a technique that a reader can turn.

use lab::technique::{Extract, Technique, limits};

/// A setting of a technique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Knob {
    Shots,
    Votes,
    Temperature,
    SubQuestions,
    Rounds,
    Breadth,
    Proposals,
    Depth,
    /// 0 never, 1 if it is missing, 2 always.
    Extract,
    /// 0 or 1.
    Speak,
}

impl Knob {
    /// The value of `data-knob`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Shots => "shots",
            Self::Votes => "votes",
            Self::Temperature => "temperature",
            Self::SubQuestions => "sub_questions",
            Self::Rounds => "rounds",
            Self::Breadth => "breadth",
            Self::Proposals => "proposals",
            Self::Depth => "depth",
            Self::Extract => "extract",
            Self::Speak => "speak",
        }
    }
}

/// A knob as it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dial {
    pub(crate) knob: Knob,
    pub(crate) value: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) step: f64,
}

/// The knobs that a technique has, in the order in which they are shown.
pub(crate) fn dials(technique: &Technique) -> Vec<Dial> {
    let whole = |knob, value: usize, min: usize, max: usize| Dial {
        knob,
        value: value as f64,
        min: min as f64,
        max: max as f64,
        step: 1.0,
    };
    let warm = |value: f32| Dial {
        knob: Knob::Temperature,
        // Two digits: 0.7 is not 0.699999988.
        value: (f64::from(value) * 100.0).round() / 100.0,
        min: 0.0,
        max: 2.0,
        step: 0.1,
    };
    let shots = |shots: usize| whole(Knob::Shots, shots, 0, limits::MAX_SHOTS);
    let rounds = |rounds: u32| whole(Knob::Rounds, rounds as usize, 1, limits::MAX_ROUNDS as usize);
    match technique {
        Technique::FewShot { shots: k, .. } | Technique::FewShotCot { shots: k, .. } => {
            vec![shots(*k)]
        }
        Technique::ZeroShotCot { extract } => {
            let value = match extract {
                Extract::Never => 0,
                Extract::IfMissing => 1,
                Extract::Always => 2,
            };
            vec![whole(Knob::Extract, value, 0, 2)]
        }
        Technique::SubQuestions { most } => {
            vec![whole(Knob::SubQuestions, *most, 1, limits::MAX_SUB_QUESTIONS)]
        }
        Technique::SelfCheck { rounds: r } => vec![rounds(*r)],
        Technique::SelfConsistency { votes, shots: k, temperature, .. } => {
            vec![whole(Knob::Votes, *votes, 1, limits::MAX_VOTES), shots(*k), warm(*temperature)]
        }
        Technique::Program { shots: k, speak, .. } => {
            vec![shots(*k), whole(Knob::Speak, usize::from(*speak), 0, 1)]
        }
        Technique::Tree { breadth, proposals, depth, temperature } => vec![
            whole(Knob::Breadth, *breadth, 1, limits::MAX_BREADTH),
            whole(Knob::Proposals, *proposals, 1, limits::MAX_BREADTH),
            whole(Knob::Depth, *depth as usize, 1, limits::MAX_DEPTH as usize),
            warm(*temperature),
        ],
        Technique::Discussion { rounds: r, .. } => vec![rounds(*r)],
        _ => Vec::new(),
    }
}

/// Turns a knob; a value out of its range is brought into it, and a knob that is not there changes nothing.
pub(crate) fn turn(technique: &mut Technique, knob: Knob, value: f64) {
    let Some(dial) = dials(technique).into_iter().find(|dial| dial.knob == knob) else { return };
    if value.is_nan() {
        return;
    }
    let value = value.clamp(dial.min, dial.max);
    let whole = value.round() as usize;
    match (technique, knob) {
        (
            Technique::FewShot { shots, picked }
            | Technique::FewShotCot { shots, picked }
            | Technique::SelfConsistency { shots, picked, .. }
            | Technique::Program { shots, picked, .. },
            Knob::Shots,
        ) => {
            *shots = whole;
            // Fewer than are wanted: they are drawn anew.
            if picked.len() < whole {
                picked.clear();
            }
        }
        (Technique::SelfConsistency { votes, .. }, Knob::Votes) => *votes = whole,
        (
            Technique::SelfConsistency { temperature, .. } | Technique::Tree { temperature, .. },
            Knob::Temperature,
        ) => *temperature = value as f32,
        (Technique::SubQuestions { most }, Knob::SubQuestions) => *most = whole,
        (Technique::SelfCheck { rounds } | Technique::Discussion { rounds, .. }, Knob::Rounds) => {
            *rounds = whole as u32;
        }
        (Technique::Tree { breadth, .. }, Knob::Breadth) => *breadth = whole,
        (Technique::Tree { proposals, .. }, Knob::Proposals) => *proposals = whole,
        (Technique::Tree { depth, .. }, Knob::Depth) => *depth = whole as u32,
        (Technique::ZeroShotCot { extract }, Knob::Extract) => {
            *extract = match whole {
                0 => Extract::Never,
                1 => Extract::IfMissing,
                _ => Extract::Always,
            };
        }
        (Technique::Program { speak, .. }, Knob::Speak) => *speak = whole == 1,
        _ => {}
    }
}

/// A technique of this id as it is first offered. `Custom` has no prompt yet, and is not offered here.
pub(crate) fn offered(id: &str) -> Option<Technique> {
    let picked = Vec::new();
    Some(match id {
        "plain" => Technique::Plain,
        "complete_sentence" => Technique::CompleteSentence,
        "zero_shot" => Technique::ZeroShot,
        "few_shot" => Technique::FewShot { shots: 4, picked },
        "zero_shot_cot" => Technique::ZeroShotCot { extract: Extract::Always },
        "few_shot_cot" => Technique::FewShotCot { shots: 4, picked },
        "explain" => Technique::Explain,
        "emotional" => Technique::Emotional,
        "role" => Technique::Role { role: String::new() },
        "sub_questions" => Technique::SubQuestions { most: 4 },
        "self_check" => Technique::SelfCheck { rounds: 1 },
        "self_consistency" => {
            Technique::SelfConsistency { votes: 5, shots: 0, picked, temperature: 0.7 }
        }
        "program" => Technique::Program { shots: 3, picked, speak: false },
        "tree" => Technique::Tree { breadth: 2, proposals: 2, depth: 2, temperature: 0.7 },
        "discussion" => {
            Technique::Discussion { speakers: Vec::new(), rounds: 2, judge: String::new() }
        }
        _ => return None,
    })
}

/// The examples that a technique takes from a reader's prompt.
pub(crate) fn pick(technique: &mut Technique, examples: Vec<lab::prompt::Example>) {
    if let Technique::FewShot { shots, picked }
    | Technique::FewShotCot { shots, picked }
    | Technique::SelfConsistency { shots, picked, .. }
    | Technique::Program { shots, picked, .. } = technique
    {
        *shots = examples.len().min(limits::MAX_SHOTS);
        *picked = examples;
    }
}

/// The examples that were picked for a technique.
pub(crate) fn picked(technique: &Technique) -> &[lab::prompt::Example] {
    match technique {
        Technique::FewShot { picked, .. }
        | Technique::FewShotCot { picked, .. }
        | Technique::SelfConsistency { picked, .. }
        | Technique::Program { picked, .. } => picked,
        _ => &[],
    }
}

/// How many examples a technique wants before the question; `None` if it takes none.
pub(crate) fn shots(technique: &Technique) -> Option<usize> {
    let dial = dials(technique).into_iter().find(|dial| dial.knob == Knob::Shots)?;
    Some(dial.value as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::technique::CATALOGUE;

    #[test]
    fn every_technique_of_the_catalogue_is_offered_within_its_bounds() {
        for info in &CATALOGUE {
            match offered(info.id) {
                Some(technique) => {
                    assert_eq!(technique.id(), info.id);
                    assert_eq!(technique.check(), Ok(()), "{}", info.id);
                }
                None => assert_eq!(info.id, "custom"),
            }
        }
    }

    #[test]
    fn a_knob_that_was_turned_stands_where_it_was_turned_to() {
        for technique in CATALOGUE.iter().filter_map(|info| offered(info.id)) {
            for dial in dials(&technique) {
                for value in [dial.min, dial.max, dial.max + 100.0] {
                    let mut turned = technique.clone();
                    turn(&mut turned, dial.knob, value);
                    let now = dials(&turned).into_iter().find(|now| now.knob == dial.knob);
                    assert_eq!(now.map(|now| now.value), Some(value.min(dial.max)), "{dial:?}");
                    assert_eq!(turned.check(), Ok(()), "{dial:?}");
                }
            }
        }
        let mut plain = Technique::Plain;
        turn(&mut plain, Knob::Votes, 9.0);
        assert_eq!(plain, Technique::Plain);
    }

    #[test]
    fn examples_of_the_prompt_are_those_of_the_technique() {
        let example = lab::prompt::Example { question: "1 + 1?".into(), ..Default::default() };
        let mut technique = offered("self_consistency").expect("it is offered");
        pick(&mut technique, vec![example; 3]);
        assert_eq!((shots(&technique), picked(&technique).len()), (Some(3), 3));
        assert_eq!(technique.shots_drawn(), 0, "none is drawn besides");
        assert_eq!(shots(&Technique::Plain), None);
    }
}
