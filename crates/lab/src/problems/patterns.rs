//! What comes next? Sequences whose rule can be said in a sentence.

use super::problem::Problem;
use crate::Language;
use crate::rng::Random;

/// The rule behind a sequence.
#[derive(Clone, Copy)]
enum Rule {
    /// Always so many more (or fewer).
    Step(i64),
    /// Always so many times as much.
    Times(i64),
    /// In turn so many more.
    InTurn(i64, i64),
    /// One more each time.
    Growing(i64),
}

pub(super) fn problem(random: &mut Random, language: Language) -> Problem {
    if random.below(5) == 0 { letters(random, language) } else { numbers(random, language) }
}

fn numbers(random: &mut Random, language: Language) -> Problem {
    let (rule, first) = match random.below(5) {
        0 => (Rule::Step(random.range(2, 12)), random.range(1, 30)),
        1 => (Rule::Step(-random.range(2, 9)), random.range(60, 99)),
        2 => (Rule::Times(random.range(2, 3)), random.range(1, 6)),
        3 => (Rule::InTurn(random.range(1, 6), random.range(7, 12)), random.range(1, 20)),
        _ => (Rule::Growing(random.range(1, 4)), random.range(1, 20)),
    };
    let mut terms = vec![first];
    let mut last = first;
    for index in 0..5 {
        last = match rule {
            Rule::Step(step) => last + step,
            Rule::Times(factor) => last * factor,
            Rule::InTurn(one, other) => last + if index % 2 == 0 { one } else { other },
            Rule::Growing(step) => last + step + index,
        };
        terms.push(last);
    }
    let shown: Vec<String> = terms.iter().take(5).map(i64::to_string).collect();
    // Each of the two steps of a rule that alternates was seen twice, so that the sixth term is determined.
    let prompt = match language {
        Language::En => format!("Which number comes next: {}, …?", shown.join(", ")),
        Language::Zh => format!("找规律：{}……下一个数是多少？", shown.join("，")),
    };
    let steps = explained(rule, terms[4], last, language);
    Problem { lang: language, prompt, accept: vec![last.to_string()], steps, ..Problem::default() }
}

fn explained(rule: Rule, before: i64, last: i64, language: Language) -> String {
    let sum = match rule {
        Rule::Times(factor) => format!("{before} × {factor} = {last}"),
        _ if last < before => format!("{before} - {} = {last}", before - last),
        _ => format!("{before} + {} = {last}", last - before),
    };
    match (rule, language) {
        (Rule::Step(step), Language::En) if step < 0 => {
            format!("Each number is {} less than the one before: {sum}.", -step)
        }
        (Rule::Step(step), Language::En) => {
            format!("Each number is {step} more than the one before: {sum}.")
        }
        (Rule::Times(factor), Language::En) => {
            format!("Each number is {factor} times the one before: {sum}.")
        }
        (Rule::InTurn(one, other), Language::En) => {
            format!("{one} and {other} are added in turn: {sum}.")
        }
        (Rule::Growing(_), Language::En) => format!("The steps grow by 1: {sum}."),
        (Rule::Step(step), Language::Zh) if step < 0 => {
            format!("每个数比前一个少{}：{sum}。", -step)
        }
        (Rule::Step(step), Language::Zh) => format!("每个数比前一个多{step}：{sum}。"),
        (Rule::Times(factor), Language::Zh) => format!("每个数是前一个的{factor}倍：{sum}。"),
        (Rule::InTurn(one, other), Language::Zh) => format!("轮流加{one}和{other}：{sum}。"),
        (Rule::Growing(_), Language::Zh) => format!("每次多加1：{sum}。"),
    }
}

/// Letters at a distance from one another; the next one is not among those shown.
fn letters(random: &mut Random, language: Language) -> Problem {
    let step = random.range(1, 4);
    let mut first = random.range(0, 25 - 5 * step);
    // "I" would be found in every answer that begins with "I think".
    if first + 5 * step == i64::from(b'I' - b'A') {
        first += 1;
    }
    let letter = |index: i64| char::from(b'A' + (first + step * index) as u8).to_string();
    let shown: Vec<String> = (0..5).map(letter).collect();
    let answer = letter(5);
    let (prompt, steps) = match language {
        Language::En => (
            format!("Which letter comes next: {}, …?", shown.join(", ")),
            format!("Each letter is {step} further on in the alphabet."),
        ),
        Language::Zh => (
            format!("找规律：{}……下一个字母是什么？", shown.join("，")),
            format!("每个字母都在字母表中后移{step}位。"),
        ),
    };
    Problem { lang: language, prompt, accept: vec![answer], steps, ..Problem::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_is_a_word_of_its_own() {
        let mut random = Random::named(1, &["patterns"]);
        let answers: Vec<String> =
            (0..2_000).flat_map(|_| letters(&mut random, Language::En).accept).collect();
        assert!(answers.iter().all(|answer| answer != "I"));
        assert!(answers.iter().any(|answer| answer == "J") && answers.iter().any(|it| it == "H"));
    }
}
