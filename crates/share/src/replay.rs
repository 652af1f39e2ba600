//! Did it come out as it did where the link was made? Pure: ids against ids, and what may explain a difference.

use crate::scene::{Column, Scene};

/// What came of a column when its scene was run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// So far the same; it is still running.
    SoFar {
        /// Tokens that agree.
        same: usize,
        /// Tokens that are expected.
        of: usize,
    },
    /// The same tokens.
    Same,
    /// From this token on it is different.
    Diverged(Divergence),
}

/// Where two answers part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The first answer token that differs, counted from 0.
    pub at: usize,
    /// What was expected there; `None` if the answer ended before.
    pub expected: Option<u32>,
    /// What came; `None` if the answer ended before.
    pub actual: Option<u32>,
    /// What is known to be different, the likeliest cause first; never empty.
    pub reasons: Vec<Reason>,
}

/// Why the same scene can give another text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The model's file is not the one the link was made with.
    OtherFile,
    /// The stage's adapter is not the one the link was made with.
    OtherAdapter,
    /// It ran on something else: another graphics card, or the CPU. Sums in another order round differently, and
    /// where two tokens are nearly equally likely, that decides.
    OtherBackend,
    /// It was stopped, or had less room.
    Stopped,
    /// Nothing that a scene records is different. Drivers and versions of Glassbox may be.
    Unknown,
}

/// How a column ran this time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// As [`crate::scene::Expected::backend`].
    pub backend: String,
    /// SHA-256 of the model's file, lower-case hex; empty if unknown.
    pub file: String,
    /// SHA-256 of the stage's adapter; empty without one.
    pub adapter: String,
    /// The run ended before the model or the limit ended it.
    pub stopped: bool,
}

/// Compares the answer of a column with what the scene expects; `ended`: no more tokens will come.
/// `None` if the scene expects nothing of that column.
pub fn compare(
    scene: &Scene,
    column: usize,
    actual: &[u32],
    ended: bool,
    conditions: &Conditions,
) -> Option<Replay> {
    let recorded = scene.expected.as_ref()?;
    let expected = &recorded.columns.get(column)?.0;
    let same = expected.iter().zip(actual).take_while(|(a, b)| a == b).count();
    if same == expected.len() && same == actual.len() {
        return Some(if ended { Replay::Same } else { Replay::SoFar { same, of: same } });
    }
    if same == actual.len() && !ended {
        return Some(Replay::SoFar { same, of: expected.len() });
    }
    let reasons = reasons(scene.columns.get(column), &recorded.backend, same, actual, conditions);
    Some(Replay::Diverged(Divergence {
        at: same,
        expected: expected.get(same).copied(),
        actual: actual.get(same).copied(),
        reasons,
    }))
}

fn reasons(
    column: Option<&Column>,
    backend: &str,
    same: usize,
    actual: &[u32],
    conditions: &Conditions,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Some(column) = column {
        if is_other(&column.file, &conditions.file) {
            reasons.push(Reason::OtherFile);
        }
        if is_other(&column.adapter, &conditions.adapter) {
            reasons.push(Reason::OtherAdapter);
        }
    }
    if !backend.is_empty() && backend != conditions.backend {
        reasons.push(Reason::OtherBackend);
    }
    // Nothing different came, there is only less of it.
    if conditions.stopped && same == actual.len() {
        reasons.insert(0, Reason::Stopped);
    }
    if reasons.is_empty() {
        reasons.push(Reason::Unknown);
    }
    reasons
}

/// Hashes are compared as far as both are known.
fn is_other(recorded: &str, actual: &str) -> bool {
    let length = recorded.len().min(actual.len());
    recorded.as_bytes()[..length] != actual.as_bytes()[..length]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Expected, Ids};

    const HASH: &str = "0123456789abcdef";

    fn scene(expected: &[u32]) -> Scene {
        let mut column = Column::new("sprout", "sft");
        column.file = HASH[..8].to_owned();
        let expected =
            Expected { backend: "cpu".to_owned(), columns: vec![Ids(expected.to_vec())] };
        Scene { columns: vec![column], expected: Some(expected), ..Scene::default() }
    }

    fn here() -> Conditions {
        Conditions { backend: "cpu".to_owned(), file: HASH.to_owned(), ..Conditions::default() }
    }

    fn reasons_of(scene: &Scene, actual: &[u32], conditions: &Conditions) -> (usize, Vec<Reason>) {
        match compare(scene, 0, actual, true, conditions) {
            Some(Replay::Diverged(divergence)) => (divergence.at, divergence.reasons),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_same_ids_are_the_same() {
        let scene = scene(&[5, 6, 7]);
        let run = |actual: &[u32], ended| compare(&scene, 0, actual, ended, &here());
        assert_eq!(run(&[5, 6, 7], true), Some(Replay::Same));
        assert_eq!(run(&[], false), Some(Replay::SoFar { same: 0, of: 3 }));
        assert_eq!(run(&[5, 6], false), Some(Replay::SoFar { same: 2, of: 3 }));
        assert_eq!(run(&[5, 6, 7], false), Some(Replay::SoFar { same: 3, of: 3 }));
        assert_eq!(compare(&scene, 1, &[5], true, &here()), None);
        assert_eq!(compare(&Scene::default(), 0, &[5], true, &here()), None);
    }

    #[test]
    fn the_first_difference_is_named() {
        let scene = scene(&[5, 6, 7]);
        let diverged = |actual: &[u32], ended| match compare(&scene, 0, actual, ended, &here()) {
            Some(Replay::Diverged(found)) => (found.at, found.expected, found.actual),
            other => panic!("{other:?}"),
        };
        assert_eq!(diverged(&[5, 9], false), (1, Some(6), Some(9)));
        assert_eq!(diverged(&[5, 6], true), (2, Some(7), None));
        assert_eq!(diverged(&[5, 6, 7, 8], false), (3, None, Some(8)));
    }

    #[test]
    fn reasons_are_those_that_are_known() {
        let scene = scene(&[5, 6]);
        assert_eq!(reasons_of(&scene, &[5, 7], &here()), (1, vec![Reason::Unknown]));
        let gpu = Conditions { backend: "Some GPU".to_owned(), ..here() };
        assert_eq!(reasons_of(&scene, &[4], &gpu), (0, vec![Reason::OtherBackend]));
        let file = Conditions { file: "0123456fff".to_owned(), ..gpu };
        let both = vec![Reason::OtherFile, Reason::OtherBackend];
        assert_eq!(reasons_of(&scene, &[4], &file), (0, both));
        let stopped = Conditions { stopped: true, ..here() };
        assert_eq!(reasons_of(&scene, &[5], &stopped), (1, vec![Reason::Stopped]));
        assert_eq!(reasons_of(&scene, &[5, 8], &stopped), (1, vec![Reason::Unknown]));
        // A hash that is not known explains nothing.
        let unknown = Conditions { file: String::new(), ..here() };
        assert_eq!(reasons_of(&scene, &[4], &unknown), (0, vec![Reason::Unknown]));
    }
}
