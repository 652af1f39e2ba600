//! Frames with slots, and worked steps.

use super::problem::Problem;
use crate::Language;
use crate::rng::Random;

/// A frame in both languages, and the sums that solve it: variables a, b, c; t is the result of the sum before.
pub(super) struct Frame {
    /// Such as `a+b;t-c`.
    pub(super) sums: &'static str,
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

/// Numbers for a frame, with its sums worked out.
pub(super) struct Numbers {
    pub(super) a: i64,
    pub(super) b: i64,
    pub(super) c: i64,
    pub(super) worked: Vec<Sum>,
}

/// A sum that has been worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) left: i64,
    pub(super) sign: char,
    pub(super) right: i64,
    pub(super) result: i64,
}

impl Frame {
    pub(super) fn text(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        }
    }

    /// Random numbers with which every result is from 1 to 99.
    pub(super) fn numbers(&self, random: &mut Random) -> Numbers {
        let times = self.sums.contains(['*', '/']);
        // A third number that something is taken from has to be large enough for it.
        let total = self.sums.contains("c-");
        loop {
            let high = if times { 9 } else { 40 };
            let (mut a, b) = (random.range(2, high), random.range(2, high));
            let c = random.range(
                2,
                if total {
                    90
                } else if times {
                    20
                } else {
                    40
                },
            );
            if self.sums.starts_with("a/b") {
                a *= b;
            }
            let worked = work_out(self.sums, [a, b, c]);
            if worked.iter().all(|sum| (1..=99).contains(&sum.result)) {
                return Numbers { a, b, c, worked };
            }
        }
    }
}

fn work_out(sums: &str, [a, b, c]: [i64; 3]) -> Vec<Sum> {
    let mut t = 0;
    let mut worked = Vec::new();
    for sum in sums.split(';') {
        let value = |letter: Option<char>| match letter {
            Some('a') => a,
            Some('b') => b,
            Some('c') => c,
            _ => t,
        };
        let mut letters = sum.chars();
        let left = value(letters.next());
        let sign = letters.next();
        let sum = Sum::new(left, sign.unwrap_or('+'), value(letters.next()));
        t = sum.result;
        worked.push(sum);
    }
    worked
}

impl Sum {
    /// Works out `+ - * /`; the signs are then written as in schoolbooks.
    pub(super) fn new(left: i64, sign: char, right: i64) -> Self {
        let (sign, result) = match sign {
            '-' => ('-', left - right),
            '*' => ('×', left * right),
            '/' => ('÷', left.checked_div(right).unwrap_or(0)),
            _ => ('+', left + right),
        };
        Self { left, sign, right, result }
    }
}

/// "First, 12 + 5 = 17. Then, 17 - 4 = 13."
pub(super) fn steps(worked: &[Sum], language: Language) -> String {
    let mut text = String::new();
    for (index, Sum { left, sign, right, result }) in worked.iter().enumerate() {
        let sum = format!("{left} {sign} {right} = {result}");
        let single = worked.len() == 1;
        text += &match (language, index) {
            (Language::En, _) if single => format!("{sum}."),
            (Language::En, 0) => format!("First, {sum}."),
            (Language::En, _) => format!(" Then, {sum}."),
            (Language::Zh, _) if single => format!("{sum}。"),
            (Language::Zh, 0) => format!("先算{sum}。"),
            (Language::Zh, _) => format!("再算{sum}。"),
        };
    }
    text
}

/// Puts values into slots such as `{n}`.
pub(super) fn fill(frame: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(frame.to_owned(), |text, (slot, value)| text.replace(*slot, value))
}

/// A problem whose answer is the last result.
pub(super) fn number_problem(prompt: String, worked: &[Sum], language: Language) -> Problem {
    let answer = worked.last().map(|sum| sum.result.to_string());
    Problem {
        lang: language,
        prompt,
        accept: answer.into_iter().collect(),
        steps: steps(worked, language),
        ..Problem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_worked_out() {
        let worked = work_out("a*b;c-t", [3, 4, 20]);
        assert_eq!(steps(&worked, Language::En), "First, 3 × 4 = 12. Then, 20 - 12 = 8.");
        assert_eq!(steps(&worked, Language::Zh), "先算3 × 4 = 12。再算20 - 12 = 8。");
        assert_eq!(steps(&[Sum::new(6, '/', 2)], Language::En), "6 ÷ 2 = 3.");
    }
}
