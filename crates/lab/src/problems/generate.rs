//! Problems and examples by kind, language and seed.

use std::collections::BTreeSet;

use super::kind::Kind;
use super::problem::Problem;
use super::{
    ages, antonyms, bias, capitals, counting, dates, patterns, sentiment, translation,
    word_problems,
};
use crate::Language;
use crate::prompt::Example;
use crate::rng::Random;

/// How often a problem is drawn again because it came before.
const TRIES: u64 = 50;

/// Problems without repetition. A longer list begins with the shorter one of the same seed. There may be fewer than
/// `count`: a word list ends, and the small generators repeat themselves at last.
pub fn problems(kind: Kind, language: Language, seed: u64, count: usize) -> Vec<Problem> {
    draw(kind, language, seed, count, "problems", BTreeSet::new())
}

/// Examples for a prompt, none of which is among the problems that are `asked`: of other draws of the same seed, or
/// of words that are never asked. A word list has twelve of these.
pub fn examples(
    kind: Kind,
    language: Language,
    seed: u64,
    count: usize,
    asked: &[Problem],
) -> Vec<Example> {
    let asked = asked.iter().map(|problem| problem.prompt.clone()).collect();
    draw(kind, language, seed, count, "examples", asked).iter().map(Problem::example).collect()
}

fn draw(
    kind: Kind,
    language: Language,
    seed: u64,
    count: usize,
    what: &str,
    mut seen: BTreeSet<String>,
) -> Vec<Problem> {
    let mut drawn: Vec<Problem> = Vec::new();
    let mut index = 0;
    while drawn.len() < count {
        let Some(new) = fresh(kind, language, seed, index, what, &seen) else { break };
        let pair = if new.len() > 1 {
            format!("{}-{}-{seed}-pair-{}", kind.id(), language.code(), index + 1)
        } else {
            String::new()
        };
        for problem in new {
            seen.insert(problem.prompt.clone());
            let id = format!("{}-{}-{seed}-{}", kind.id(), language.code(), drawn.len() + 1);
            drawn.push(Problem { id, kind: kind.id().to_owned(), pair: pair.clone(), ..problem });
        }
        index += 1;
    }
    drawn.truncate(count);
    drawn
}

/// The problem (or pair) at a place, none of which has been seen.
fn fresh(
    kind: Kind,
    language: Language,
    seed: u64,
    index: usize,
    what: &str,
    seen: &BTreeSet<String>,
) -> Option<Vec<Problem>> {
    let from_list = match (kind, what) {
        (Kind::Antonyms, "examples") => Some(antonyms::LIST.example(seed, index, language)),
        (Kind::Antonyms, _) => Some(antonyms::LIST.problem(seed, index, language)),
        (Kind::Capitals, "examples") => Some(capitals::LIST.example(seed, index, language)),
        (Kind::Capitals, _) => Some(capitals::LIST.problem(seed, index, language)),
        (Kind::Translation, "examples") => Some(translation::LIST.example(seed, index, language)),
        (Kind::Translation, _) => Some(translation::LIST.problem(seed, index, language)),
        _ => None,
    };
    if let Some(problem) = from_list {
        return problem.map(|problem| vec![problem]);
    }
    (0..TRIES).find_map(|again| {
        let place = format!("{index}.{again}");
        let words = ["problem", what, kind.id(), language.code(), place.as_str()];
        let drawn = at_random(kind, language, &mut Random::named(seed, &words));
        drawn.iter().all(|problem| !seen.contains(&problem.prompt)).then_some(drawn)
    })
}

fn at_random(kind: Kind, language: Language, random: &mut Random) -> Vec<Problem> {
    let problem = match kind {
        Kind::Bias => return bias::pair(random, language).to_vec(),
        Kind::OneStep => word_problems::one_step(random, language),
        Kind::Ages => ages::problem(random, language),
        Kind::Dates => dates::problem(random, language),
        Kind::Counting => counting::problem(random, language),
        Kind::Sentiment => sentiment::problem(random, language),
        Kind::Patterns => patterns::problem(random, language),
        // The lists are drawn from elsewhere.
        Kind::TwoStep | Kind::Antonyms | Kind::Capitals | Kind::Translation => {
            word_problems::two_step(random, language)
        }
    };
    vec![problem]
}
