//! Ages: the sister who was half my age, and her relatives.

use super::frame::{Sum, fill, number_problem};
use super::people::Cast;
use super::problem::Problem;
use crate::Language;
use crate::Phrase;
use crate::rng::Random;

const HALF: Phrase = Phrase::new(
    "When {n} was {a}, {f} was half as old. Now {n} is {b}. How old is {f} now?",
    "{n}{a}岁的时候，{f}的年龄是{n}的一半。现在{n}{b}岁，{f}现在几岁？",
);
const TWICE: Phrase = Phrase::new(
    "{n} is {a} years old. {f} is twice as old. How old will {f} be in {b} years?",
    "{n}今年{a}岁，{f}的年龄是{n}的两倍。{b}年后{f}几岁？",
);
const OLDER: Phrase = Phrase::new(
    "{n} is {a} years old. {f} is {b} years older. How old will {f} be in {c} years?",
    "{n}今年{a}岁，{f}比{n}大{b}岁。{c}年后{f}几岁？",
);
const YOUNGER: Phrase = Phrase::new(
    "{n} is {a} years old. {f} is {b} years younger. How old was {f} {c} years ago?",
    "{n}今年{a}岁，{f}比{n}小{b}岁。{c}年前{f}几岁？",
);
const WHEN: Phrase = Phrase::new(
    "{f} is {a} years old and {n} is {b}. How old will {n} be when {f} is {c}?",
    "{f}今年{a}岁，{n}今年{b}岁。{f}{c}岁的时候，{n}几岁？",
);

pub(super) fn problem(random: &mut Random, language: Language) -> Problem {
    let frame = *random.pick(&[HALF, TWICE, OLDER, YOUNGER, WHEN]);
    let (a, b, c, worked) = match frame {
        HALF => {
            let a = 2 * random.range(2, 8);
            let b = random.range(a + 5, 80);
            let half = Sum::new(a, '/', 2);
            let apart = Sum::new(a, '-', half.result);
            (a, b, 0, vec![half, apart, Sum::new(b, '-', apart.result)])
        }
        TWICE => {
            let (a, b) = (random.range(3, 30), random.range(2, 20));
            let twice = Sum::new(a, '*', 2);
            (a, b, 0, vec![twice, Sum::new(twice.result, '+', b)])
        }
        OLDER => {
            let (a, b, c) = (random.range(3, 40), random.range(2, 20), random.range(2, 20));
            let older = Sum::new(a, '+', b);
            (a, b, c, vec![older, Sum::new(older.result, '+', c)])
        }
        YOUNGER => {
            let (a, b, c) = (random.range(25, 70), random.range(2, 10), random.range(2, 10));
            let younger = Sum::new(a, '-', b);
            (a, b, c, vec![younger, Sum::new(younger.result, '-', c)])
        }
        _ => {
            let (a, b) = (random.range(3, 40), random.range(3, 40));
            let c = random.range(a + 2, a + 20);
            let years = Sum::new(c, '-', a);
            (a, b, c, vec![years, Sum::new(b, '+', years.result)])
        }
    };
    let cast = Cast::draw(random, language);
    let [a, b, c] = [a, b, c].map(|number| number.to_string());
    let values = [
        ("{n}", cast.first),
        ("{f}", cast.second),
        ("{a}", a.as_str()),
        ("{b}", b.as_str()),
        ("{c}", c.as_str()),
    ];
    number_problem(fill(frame.get(language), &values), &worked, language)
}
