//! Who takes part in a discussion: the stages that speak, and the one that decides.

use lab::experiment::Stage;
use lab::technique::{Technique, limits};

/// Speakers and judge by the keys of their stages. Without a speaker all speak, without a judge the stage that is
/// asked decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Panel {
    pub(crate) speakers: Vec<String>,
    pub(crate) judge: String,
}

impl Panel {
    pub(crate) fn speaks(&self, key: &str) -> bool {
        self.speakers.iter().any(|own| own == key)
    }

    /// As many speak as may.
    pub(crate) fn is_full(&self) -> bool {
        self.speakers.len() >= limits::MAX_SPEAKERS
    }
}

/// What the reader changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// This stage speaks, or no longer.
    Speaker(String),
    /// This stage decides; without a key the one that is asked.
    Judge(String),
}

/// The panel of a discussion, as far as it is among these keys; `None` for other techniques.
pub(crate) fn of(technique: &Technique, keys: &[String]) -> Option<Panel> {
    let mut technique = technique.clone();
    keep(&mut technique, keys);
    match technique {
        Technique::Discussion { speakers, judge, .. } => Some(Panel { speakers, judge }),
        _ => None,
    }
}

/// Changes the panel of a discussion. `keys` are those of the stages that can take part; speakers keep their order.
pub(crate) fn change(technique: &mut Technique, change: &Change, keys: &[String]) {
    keep(technique, keys);
    let Technique::Discussion { speakers, judge, .. } = technique else { return };
    match change {
        Change::Speaker(key) => match speakers.iter().position(|own| own == key) {
            Some(at) => {
                speakers.remove(at);
            }
            None if keys.contains(key) && speakers.len() < limits::MAX_SPEAKERS => {
                speakers.push(key.clone());
                speakers.sort_by_key(|own| keys.iter().position(|key| key == own));
            }
            None => {}
        },
        Change::Judge(key) if key.is_empty() || keys.contains(key) => judge.clone_from(key),
        Change::Judge(_) => {}
    }
}

/// Leaves out who is not among these keys. An experiment refuses a stage that it does not have.
pub(crate) fn keep(technique: &mut Technique, keys: &[String]) {
    rename(technique, |key| keys.contains(&key).then_some(key));
}

/// Follows stages that come and go, and are called otherwise where models come or go with them.
pub(crate) fn follow(technique: &mut Technique, before: &[Stage], after: &[Stage]) {
    rename(technique, |key| {
        let old = before.iter().find(|stage| stage.key == key)?;
        let is_it = |stage: &&Stage| stage.model == old.model && stage.stage == old.stage;
        after.iter().find(is_it).map(|stage| stage.key.clone())
    });
}

/// Gives everybody another key, or none.
fn rename(technique: &mut Technique, name: impl Fn(String) -> Option<String>) {
    if let Technique::Discussion { speakers, judge, .. } = technique {
        *speakers = std::mem::take(speakers).into_iter().filter_map(&name).collect();
        *judge = name(std::mem::take(judge)).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::asked::Seat;
    use crate::state::lab::knobs::offered;
    use crate::state::lab::plan::stages;
    use lab::prompt::Form;

    fn discussion() -> Technique {
        offered("discussion").expect("it is offered")
    }

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    fn speaker(key: &str) -> Change {
        Change::Speaker(key.to_owned())
    }

    fn judge(key: &str) -> Change {
        Change::Judge(key.to_owned())
    }

    #[test]
    fn speakers_come_and_go_in_the_order_of_the_stages() {
        let all = keys(&["base", "sft", "rlhf"]);
        let mut technique = discussion();
        assert_eq!(of(&technique, &all), Some(Panel::default()));
        for key in ["rlhf", "base", "nobody"] {
            change(&mut technique, &speaker(key), &all);
        }
        change(&mut technique, &judge("sft"), &all);
        change(&mut technique, &judge("nobody"), &all);
        let panel = of(&technique, &all).expect("it is a discussion");
        assert_eq!((&panel.speakers, panel.judge.as_str()), (&keys(&["base", "rlhf"]), "sft"));
        assert!(panel.speaks("base") && !panel.speaks("sft") && !panel.is_full());
        change(&mut technique, &speaker("base"), &all);
        change(&mut technique, &speaker("rlhf"), &all);
        change(&mut technique, &judge(""), &all);
        assert_eq!(technique, discussion(), "nobody in particular: all");
        let mut plain = Technique::Plain;
        change(&mut plain, &speaker("sft"), &all);
        assert_eq!((of(&plain, &all), plain), (None, Technique::Plain));
    }

    #[test]
    fn no_more_speak_than_may() {
        let all = keys(&["a", "b", "c", "d", "e"]);
        let mut technique = discussion();
        for key in &all {
            change(&mut technique, &speaker(key), &all);
        }
        let panel = of(&technique, &all).expect("it is a discussion");
        assert_eq!((panel.speakers.len(), panel.is_full()), (limits::MAX_SPEAKERS, true));
        assert_eq!(technique.check(), Ok(()));
    }

    #[test]
    fn who_is_gone_is_left_out() {
        let all = keys(&["base", "sft", "rlhf"]);
        let mut technique = discussion();
        change(&mut technique, &speaker("base"), &all);
        change(&mut technique, &judge("rlhf"), &all);
        let left = keys(&["sft", "rlhf"]);
        let panel = Panel { speakers: Vec::new(), judge: "rlhf".into() };
        assert_eq!(of(&technique, &left), Some(panel));
        keep(&mut technique, &keys(&["sft"]));
        assert_eq!(technique, discussion());
    }

    #[test]
    fn stages_are_known_under_their_new_keys() {
        let seats = |seats: &[(&str, &str)]| {
            let seats: Vec<Seat> =
                seats.iter().map(|(model, stage)| Seat::new(*model, *stage)).collect();
            stages(&seats, |_| Form::Chat)
        };
        let before = seats(&[("m", "base"), ("m", "sft")]);
        let all = keys(&["base", "sft"]);
        let mut technique = discussion();
        change(&mut technique, &speaker("base"), &all);
        change(&mut technique, &judge("sft"), &all);
        let both = seats(&[("m", "base"), ("m", "sft"), ("n", "sft")]);
        follow(&mut technique, &before, &both);
        let named = keys(&["m-base", "m-sft", "n-sft"]);
        let panel = Panel { speakers: keys(&["m-base"]), judge: "m-sft".into() };
        assert_eq!(of(&technique, &named), Some(panel));
        follow(&mut technique, &both, &seats(&[("m", "sft"), ("n", "sft")]));
        let panel = Panel { speakers: Vec::new(), judge: "m-sft".into() };
        assert_eq!(of(&technique, &named), Some(panel));
    }
}
