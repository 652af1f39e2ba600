//! Weekdays and dates. Days of the month stay within a month or go into the next one, and never touch February.

use super::frame::{Sum, fill, number_problem, steps};
use super::problem::Problem;
use crate::Language;
use crate::Phrase;
use crate::language::joint;
use crate::rng::Random;

const WEEKDAYS: [Phrase; 7] = [
    Phrase::new("Monday", "星期一"),
    Phrase::new("Tuesday", "星期二"),
    Phrase::new("Wednesday", "星期三"),
    Phrase::new("Thursday", "星期四"),
    Phrase::new("Friday", "星期五"),
    Phrase::new("Saturday", "星期六"),
    Phrase::new("Sunday", "星期日"),
];
/// The months from March to November, with their days.
const MONTHS: [(&str, i64, i64); 9] = [
    ("March", 3, 31),
    ("April", 4, 30),
    ("May", 5, 31),
    ("June", 6, 30),
    ("July", 7, 31),
    ("August", 8, 31),
    ("September", 9, 30),
    ("October", 10, 31),
    ("November", 11, 30),
];

const IN_DAYS: Phrase = Phrase::new(
    "Today is {d}. Which day of the week will it be in {k} days?",
    "今天是{d}。{k}天后是星期几？",
);
const DAYS_AGO: Phrase = Phrase::new(
    "Today is {d}. Which day of the week was it {k} days ago?",
    "今天是{d}。{k}天前是星期几？",
);
const DAYS_BETWEEN: Phrase =
    Phrase::new("How many days after {a} {m} is {b} {m}?", "{n}月{a}日过多少天是{n}月{b}日？");
const DATE_AFTER: Phrase =
    Phrase::new("Which date is {k} days after {a} {m}?", "{n}月{a}日过{k}天是几月几日？");

pub(super) fn problem(random: &mut Random, language: Language) -> Problem {
    match random.below(3) {
        0 => weekday(random, language),
        1 => days_between(random, language),
        _ => date_after(random, language),
    }
}

fn weekday(random: &mut Random, language: Language) -> Problem {
    let today = random.below(7) as usize;
    // Whole weeks would repeat the day of the question.
    let mut days = random.range(2, 30);
    if days % 7 == 0 {
        days += 1;
    }
    let ahead = random.below(2) == 0;
    let rest = (days % 7) as usize;
    let after = |steps: usize| {
        let day = if ahead { today + steps } else { today + 7 - steps };
        WEEKDAYS[day % 7].get(language)
    };
    let (frame, k) = (if ahead { IN_DAYS } else { DAYS_AGO }, days.to_string());
    let (day, answer) = (after(0), after(rest));
    let mut accept = vec![answer.to_owned()];
    if language == Language::Zh {
        // 星期日 is also 星期天, and 周 stands for 星期.
        accept.push(answer.replace("星期", "周"));
        if answer == "星期日" {
            accept.extend(["星期天", "周天"].map(str::to_owned));
        }
    }
    let counted: Vec<&str> = (1..=rest).map(after).collect();
    // Whole weeks change nothing.
    let weeks = if days > 7 {
        steps(&[Sum::new(days, '-', days / 7 * 7)], language)
    } else {
        String::new()
    };
    let counting = match (language, ahead) {
        (Language::En, true) => format!("Counting on from {day}: {}.", counted.join(", ")),
        (Language::En, false) => format!("Counting back from {day}: {}.", counted.join(", ")),
        (Language::Zh, true) => format!("从{day}往后数：{}。", counted.join("、")),
        (Language::Zh, false) => format!("从{day}往前数：{}。", counted.join("、")),
    };
    let steps = format!("{weeks}{}{counting}", joint(&weeks, &counting));
    let prompt = fill(frame.get(language), &[("{d}", day), ("{k}", k.as_str())]);
    Problem { lang: language, prompt, accept, steps, ..Problem::default() }
}

fn days_between(random: &mut Random, language: Language) -> Problem {
    let &(month, number, length) = random.pick(&MONTHS);
    let from = random.range(1, length - 3);
    let to = random.range(from + 2, length);
    let [a, b, n] = [from, to, number].map(|number| number.to_string());
    let values = [("{a}", a.as_str()), ("{b}", b.as_str()), ("{m}", month), ("{n}", n.as_str())];
    let prompt = fill(DAYS_BETWEEN.get(language), &values);
    number_problem(prompt, &[Sum::new(to, '-', from)], language)
}

fn date_after(random: &mut Random, language: Language) -> Problem {
    let index = random.below(MONTHS.len() as u64 - 1) as usize;
    let (month, number, length) = MONTHS[index];
    let (next, ..) = MONTHS[index + 1];
    let from = random.range(12, length);
    let days = random.range(length - from + 1, length - from + 28);
    let left = Sum::new(length, '-', from);
    let day = Sum::new(days, '-', left.result);
    let [a, k, n] = [from, days, number].map(|number| number.to_string());
    let values = [("{a}", a.as_str()), ("{k}", k.as_str()), ("{m}", month), ("{n}", n.as_str())];
    let prompt = fill(DATE_AFTER.get(language), &values);
    let day_number = day.result;
    let accept = match language {
        Language::En => {
            let th = ordinal(day_number);
            vec![
                format!("{day_number} {next}"),
                format!("{next} {day_number}"),
                format!("{th} {next}"),
                format!("{th} of {next}"),
                format!("{next} {th}"),
                format!("{next} the {th}"),
            ]
        }
        Language::Zh => {
            let next = number + 1;
            vec![format!("{next}月{day_number}日"), format!("{next}月{day_number}号")]
        }
    };
    Problem { accept, ..number_problem(prompt, &[left, day], language) }
}

fn ordinal(day: i64) -> String {
    let ending = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}
