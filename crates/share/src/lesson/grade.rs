//! Grading: an answer against what was observed, one nudge, and then the way is free.

use super::observed::Observed;
use super::question::{Ask, Question, Want};

/// What a reader answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// An option of [`Ask::Pick`] or [`Ask::Which`], counted from 0.
    Option(usize),
    /// A text of [`Ask::Text`].
    Text(String),
    /// A number of [`Ask::Number`] or [`Ask::Value`].
    Number(f64),
}

/// How an answer was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Right.
    Right,
    /// Wrong.
    Wrong {
        /// What would have been right.
        right: String,
    },
    /// The reader's run has not come to what is asked: it is to be run first.
    NotYet,
}

/// What to do after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It was right: say why.
    Praise,
    /// Wrong for the first time: give the nudge. Going on is free from now on.
    Nudge,
    /// Wrong again: say what is right and why.
    Reveal,
    /// Say that the run is needed first. This was no attempt.
    RunFirst,
}

/// The attempts at one question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    wrong: u32,
    right: bool,
}

impl Question {
    /// Grades an answer. Two options with the same number are both right.
    pub fn grade(&self, answer: &Answer, observed: &Observed) -> Grade {
        self.answer.grade(answer, observed).unwrap_or(Grade::NotYet)
    }
}

impl Attempts {
    /// Takes note of a graded answer. After a right one, nothing is taken back.
    pub fn react(&mut self, grade: &Grade) -> Reaction {
        match grade {
            Grade::NotYet => return Reaction::RunFirst,
            Grade::Right => self.right = true,
            Grade::Wrong { .. } if !self.right => self.wrong = self.wrong.saturating_add(1),
            Grade::Wrong { .. } => {}
        }
        match (self.right, self.wrong) {
            (true, _) => Reaction::Praise,
            (false, 1) => Reaction::Nudge,
            (false, _) => Reaction::Reveal,
        }
    }

    /// The question is answered, or was tried once: the next step is open.
    pub fn may_go_on(&self) -> bool {
        self.right || self.wrong > 0
    }

    /// Answered right.
    pub fn is_right(&self) -> bool {
        self.right
    }
}

impl Ask {
    fn grade(&self, answer: &Answer, observed: &Observed) -> Option<Grade> {
        let (holds, right) = match self {
            Self::Pick { options, right } => {
                let right = *right as usize;
                (*answer == Answer::Option(right), options.get(right)?.clone())
            }
            Self::Text { of } => {
                let right = of.value(observed)?;
                let holds = matches!(answer, Answer::Text(text) if text.trim() == right.trim());
                (holds, right)
            }
            Self::Number { of, tolerance } => near(answer, of.value(observed)?, *tolerance),
            Self::Value { is, tolerance } => near(answer, *is, *tolerance),
            Self::Which { options, of, want } => {
                let values: Option<Vec<f64>> = of.iter().map(|of| of.value(observed)).collect();
                let values = values?;
                let end = match want {
                    Want::Most => values.iter().copied().reduce(f64::max)?,
                    Want::Least => values.iter().copied().reduce(f64::min)?,
                };
                let is_end = |at: usize| values.get(at) == Some(&end);
                let holds = matches!(answer, Answer::Option(at) if is_end(*at));
                let right = (0..values.len()).find(|at| is_end(*at))?;
                (holds, options.get(right)?.clone())
            }
        };
        Some(if holds { Grade::Right } else { Grade::Wrong { right } })
    }
}

/// A number near enough; what is right is shown with as many digits as the tolerance asks for.
fn near(answer: &Answer, right: f64, tolerance: f64) -> (bool, String) {
    // A tolerance of 0.05 means so on paper; in binary, a sum may miss it by its last digit.
    let holds =
        matches!(answer, Answer::Number(number) if (number - right).abs() <= tolerance + 1e-9);
    let digits = if tolerance > 0.0 { (-tolerance.log10()).ceil().clamp(0.0, 6.0) } else { 0.0 };
    let digits = if right.fract() == 0.0 { 0 } else { digits.max(1.0) as usize };
    (holds, format!("{right:.digits$}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{Measure, ObservedColumn, ObservedToken, TextMeasure};

    fn question(answer: Ask) -> Question {
        Question { ask: Vec::new(), answer, nudge: Vec::new(), because: Vec::new() }
    }

    fn observed() -> Observed {
        let token = |text: &str| ObservedToken { text: text.to_owned(), ..Default::default() };
        let column = |prompt: usize, reward| ObservedColumn {
            prompt: vec![token("a"); prompt],
            answer: vec![token(" b"), token("c")],
            finished: true,
            reward: Some(reward),
            ..Default::default()
        };
        Observed { columns: vec![column(3, 0.5), column(7, 2.0)], ..Default::default() }
    }

    #[test]
    fn answers_are_graded_against_the_run() {
        let of = TextMeasure::Token { column: 0, at: 0 };
        let first = question(Ask::Text { of });
        let text = |text: &str| Answer::Text(text.to_owned());
        assert_eq!(first.grade(&text("b"), &observed()), Grade::Right);
        let wrong = Grade::Wrong { right: " b".to_owned() };
        assert_eq!(first.grade(&text("c"), &observed()), wrong);
        assert_eq!(first.grade(&Answer::Number(1.0), &observed()), wrong);
        assert_eq!(first.grade(&text("b"), &Observed::default()), Grade::NotYet);
    }

    #[test]
    fn numbers_may_be_off_by_the_tolerance() {
        let of = Measure::Reward { column: 0 };
        let reward = question(Ask::Number { of, tolerance: 0.1 });
        for (number, right) in [(0.5, true), (0.6, true), (0.4, true), (0.61, false), (-0.5, false)]
        {
            let grade = reward.grade(&Answer::Number(number), &observed());
            assert_eq!(grade == Grade::Right, right, "{number}: {grade:?}");
        }
        let nan = reward.grade(&Answer::Number(f64::NAN), &observed());
        assert_eq!(nan, Grade::Wrong { right: "0.5".to_owned() });
        let value = question(Ask::Value { is: 62.0, tolerance: 0.5 });
        assert_eq!(value.grade(&Answer::Number(62.4), &Observed::default()), Grade::Right);
    }

    #[test]
    fn the_option_with_the_largest_number_is_right() {
        let of = vec![Measure::Reward { column: 0 }, Measure::Reward { column: 1 }];
        let options = vec!["first".to_owned(), "second".to_owned()];
        let ask = |want| question(Ask::Which { options: options.clone(), of: of.clone(), want });
        assert_eq!(ask(Want::Most).grade(&Answer::Option(1), &observed()), Grade::Right);
        let wrong = Grade::Wrong { right: "first".to_owned() };
        assert_eq!(ask(Want::Least).grade(&Answer::Option(1), &observed()), wrong);
        assert_eq!(ask(Want::Least).grade(&Answer::Option(9), &observed()), wrong);
        let mut running = observed();
        running.columns[1].finished = false;
        assert_eq!(ask(Want::Most).grade(&Answer::Option(1), &running), Grade::NotYet);
    }

    #[test]
    fn one_nudge_and_then_the_way_is_free() {
        let wrong = Grade::Wrong { right: "x".to_owned() };
        let mut attempts = Attempts::default();
        assert_eq!(attempts.react(&Grade::NotYet), Reaction::RunFirst);
        assert!(!attempts.may_go_on());
        assert_eq!(attempts.react(&wrong), Reaction::Nudge);
        assert!(attempts.may_go_on() && !attempts.is_right());
        assert_eq!(attempts.react(&wrong), Reaction::Reveal);
        assert_eq!(attempts.react(&Grade::Right), Reaction::Praise);
        assert_eq!(attempts.react(&wrong), Reaction::Praise);
        assert!(attempts.is_right());
    }
}
