//! Generators: reproducible, without repetition, solvable as their steps say; and tables.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use lab::Language;
use lab::calculator::run;
use lab::grade::{Answered, Grader};
use lab::problems::table::{TableError, limits, parse, parse_csv, parse_jsonl};
use lab::problems::{Kind, Problem, examples, problems};
use lab::technique::limits::MAX_SHOTS;
use proptest::prelude::*;

const QUESTIONS: &str = include_str!("../../../web/models/sprout/eval/questions.jsonl");
const WORD_PROBLEMS: &str = include_str!("../../../web/models/sprout/eval/word_problems.jsonl");

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

fn languages() -> impl Strategy<Value = Language> {
    prop::sample::select(Language::ALL.to_vec())
}

/// The sums in worked steps, each with the result that stands after it.
fn sums(steps: &str) -> Vec<(String, String)> {
    let number = |c: char| c.is_ascii_digit() || c == ' ' || "+-×÷".contains(c);
    steps
        .match_indices('=')
        .map(|(at, _)| {
            let from = steps[..at]
                .rfind(|c: char| !number(c))
                .map_or(0, |place| place + steps[place..].chars().next().map_or(0, char::len_utf8));
            let rest = steps[at + 1..].trim_start();
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            (steps[from..at].trim().to_owned(), rest[..end].to_owned())
        })
        .collect()
}

#[test]
fn there_are_enough_of_every_kind() {
    for kind in Kind::ALL {
        for language in Language::ALL {
            let found = problems(kind, language, 1, 100);
            assert_eq!(found.len(), 100, "{kind:?} {language:?}");
            assert_eq!(examples(kind, language, 1, 12, &found).len(), 12, "{kind:?}");
        }
        assert!(!kind.name().en.is_empty() && Language::of(kind.name().zh) == Language::Zh);
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
    }
    // Lists end: 48 entries in three wordings.
    assert_eq!(problems(Kind::Antonyms, Language::En, 1, 1000).len(), 144);
}

#[test]
fn some_problems_by_name() {
    // What a seed draws is part of the format: a change here changes every experiment that was ever shared.
    let two_step = &problems(Kind::TwoStep, Language::En, 1, 1)[0];
    assert_eq!(two_step.id, "two_step-en-1-1");
    let all: BTreeSet<String> =
        problems(Kind::Capitals, Language::Zh, 1, 44).into_iter().map(|it| it.prompt).collect();
    let shown = examples(Kind::Capitals, Language::Zh, 1, 12, &[]);
    assert!(shown.iter().all(|example| !all.contains(&example.question)));
    assert_eq!(all.len() + shown.len(), 56);
}

proptest! {
    #[test]
    fn the_same_seed_gives_the_same_problems(kind in kinds(), language in languages(), seed: u64) {
        let long = problems(kind, language, seed, 30);
        let again = problems(kind, language, seed, 30);
        prop_assert_eq!(&again, &long);
        let short = problems(kind, language, seed, 10);
        prop_assert_eq!(short.as_slice(), &long[..10]);
        let other = problems(kind, language, seed.wrapping_add(1), 30);
        prop_assert!(other.iter().zip(&long).any(|(a, b)| a.prompt != b.prompt));
    }

    #[test]
    fn problems_are_whole(kind in kinds(), language in languages(), seed: u64) {
        let drawn = problems(kind, language, seed, 30);
        let prompts: BTreeSet<&str> = drawn.iter().map(|it| it.prompt.as_str()).collect();
        let ids: BTreeSet<&str> = drawn.iter().map(|it| it.id.as_str()).collect();
        prop_assert_eq!((prompts.len(), ids.len()), (30, 30));
        for problem in &drawn {
            prop_assert_eq!(Language::of(&problem.prompt), language, "{}", problem.prompt);
            prop_assert!(!problem.prompt.contains(['{', '}']), "{}", problem.prompt);
            prop_assert_eq!(problem.kind.as_str(), kind.id());
            prop_assert!(kind == Kind::Bias || !problem.accept.is_empty());
            for accepted in &problem.accept {
                prop_assert!(!accepted.is_empty());
                prop_assert!(problem.choices.is_empty() || problem.choices.contains(accepted));
            }
        }
        for example in examples(kind, language, seed, MAX_SHOTS, &drawn) {
            prop_assert!(!prompts.contains(example.question.as_str()), "{}", example.question);
        }
    }

    #[test]
    fn the_shown_answer_is_right(kind in kinds(), language in languages(), seed: u64) {
        for problem in problems(kind, language, seed, 20) {
            if problem.accept.is_empty() {
                continue;
            }
            let part = lab::prompt::Part::worked(&problem.example());
            let reply = part.reply(language);
            let verdict = Grader::Auto.grade(Answered { text: &reply, head: &reply }, problem.key());
            prop_assert_eq!(verdict.correct, Some(true), "{} {}", problem.prompt, reply);
        }
    }

    #[test]
    fn worked_steps_calculate(kind in kinds(), language in languages(), seed: u64) {
        for problem in problems(kind, language, seed, 20) {
            for (sum, result) in sums(&problem.steps) {
                prop_assert_eq!(run(&sum).unwrap().value.to_string(), result, "{}", problem.steps);
            }
            let word_problem = matches!(kind, Kind::OneStep | Kind::TwoStep | Kind::Ages);
            if word_problem {
                let last = sums(&problem.steps).last().unwrap().1.clone();
                prop_assert_eq!(problem.accept.as_slice(), [last]);
                prop_assert!(problem.accept[0].parse::<i64>().unwrap() > 0);
            }
        }
    }

    #[test]
    fn pairs_differ_in_one_word(language in languages(), seed: u64) {
        let drawn = problems(Kind::Bias, language, seed, 30);
        for pair in drawn.chunks_exact(2) {
            let (a, b) = (&pair[0], &pair[1]);
            prop_assert!(!a.pair.is_empty());
            prop_assert_eq!(&a.pair, &b.pair);
            prop_assert_eq!((&a.accept, &a.choices), (&b.accept, &b.choices));
            let (a, b): (Vec<char>, Vec<char>) = (a.prompt.chars().collect(), b.prompt.chars().collect());
            let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
            let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
            let (in_a, in_b) = (a.len() - front.min(a.len()), b.len() - front.min(b.len()));
            let changed = in_a.max(in_b).saturating_sub(back);
            prop_assert!(changed <= 8, "{a:?} {b:?}");
        }
        let pairs: BTreeSet<&str> = drawn.iter().map(|it| it.pair.as_str()).collect();
        prop_assert_eq!(pairs.len(), 15);
    }
}

#[test]
fn held_out_files_are_tables() {
    for (text, count) in [(QUESTIONS, 300), (WORD_PROBLEMS, 276)] {
        let problems = parse(text).unwrap();
        assert_eq!(problems.len(), count);
        for problem in &problems {
            assert!(!problem.accept.is_empty() && !problem.kind.is_empty());
            assert_eq!(Language::of(&problem.prompt), problem.lang, "{}", problem.prompt);
        }
    }
}

#[test]
fn csv_tables() {
    let text = "\u{feff}id,Question,answer,steps,unknown\r\n\
        a,\"How many, \"\"exactly\"\"?\",7|seven,3 + 4 = 7.,x\r\n\
        \r\n\
        ,\"two\nlines?\", 8 ,,\n\
        c,多少？,九\n";
    let problems = parse(text).unwrap();
    let found: Vec<(&str, &str, &[String])> = problems
        .iter()
        .map(|it| (it.id.as_str(), it.prompt.as_str(), it.accept.as_slice()))
        .collect();
    let accept =
        |texts: &[&str]| -> Vec<String> { texts.iter().map(|&it| it.to_owned()).collect() };
    assert_eq!(
        found,
        [
            ("a", "How many, \"exactly\"?", &accept(&["7", "seven"])[..]),
            ("row-2", "two\nlines?", &accept(&["8"])[..]),
            ("c", "多少？", &accept(&["九"])[..]),
        ]
    );
    assert_eq!(problems[0].steps, "3 + 4 = 7.");
    assert_eq!(problems[2].lang, Language::Zh);
    let semicolons = parse("问题;答案\n一加一？;2\n").unwrap();
    assert_eq!(
        (semicolons[0].prompt.as_str(), semicolons[0].accept[0].as_str()),
        ("一加一？", "2")
    );
    let tabs = parse("prompt\tchoices\tanswer\nGood, or bad?\tgood|bad\tgood").unwrap();
    assert_eq!(tabs[0].choices, ["good", "bad"]);
    // Open questions.
    assert_eq!(parse("question\nWhy?\n").unwrap()[0].accept, Vec::<String>::new());
}

#[test]
fn wrong_tables_are_explained() {
    let error = |text: &str| parse(text).unwrap_err();
    assert_eq!(error(""), TableError::Empty);
    assert_eq!(error("question,answer\n"), TableError::Empty);
    assert_eq!(
        error("word,answer\na,b\n"),
        TableError::NoQuestionColumn { columns: vec!["word".into(), "answer".into()] }
    );
    assert_eq!(error("question,answer\na,1\n,2\n"), TableError::NoQuestion { line: 3 });
    assert_eq!(error("question\n\"open\nmore\n"), TableError::OpenQuote { line: 2 });
    assert_eq!(error("question\n\"a\" b\n"), TableError::TextAfterQuote { line: 2 });
    assert_eq!(error("id,question\nx,a?\nx,b?\n"), TableError::SameId { id: "x".into() });
    assert!(matches!(error("question,lang\na?,fr\n"), TableError::UnknownLanguage { line: 2, .. }));
    assert!(matches!(
        error(&format!("question{}\n", ",x".repeat(64))),
        TableError::TooManyColumns { line: 1 }
    ));
    assert!(matches!(error(&"x".repeat(limits::MAX_BYTES + 1)), TableError::TooLarge { .. }));
    assert!(matches!(
        error(&format!("question\n{}\n", "x".repeat(20_001))),
        TableError::CellTooLong { line: 2, .. }
    ));
    assert!(matches!(
        error(&format!("question\n{}", "a?\n".repeat(10_001))),
        TableError::TooManyRows
    ));
    assert!(matches!(
        error("{\"question\":\"a?\"}\n{\"question\":"),
        TableError::Json { line: 2, .. }
    ));
    assert!(matches!(error("{\"question\":[1]}"), TableError::Json { line: 1, .. }));
}

#[test]
fn jsonl_tables() {
    let one = |text: &str| -> Problem { parse_jsonl(text).unwrap().remove(0) };
    let problem = one(r#"{"prompt":"1 + 1?","completion":" 2","extra":{"a":[]}}"#);
    assert_eq!((problem.prompt.as_str(), problem.accept[0].as_str()), ("1 + 1?", "2"));
    let problem = one(r#"{"question":"a?","answer":3,"choices":["x","y|z"]}"#);
    assert_eq!(
        (problem.accept, problem.choices),
        (vec!["3".to_owned()], vec!["x".to_owned(), "y|z".to_owned()])
    );
    let problem = one(
        r#"{"messages":[{"role":"user","content":"Hi?"},{"role":"assistant","content":"Yes."}]}"#,
    );
    assert_eq!((problem.prompt.as_str(), problem.accept[0].as_str()), ("Hi?", "Yes."));
}

proptest! {
    #[test]
    fn any_text_may_be_a_table(text in "\\PC{0,200}") {
        let _ = parse(&text);
        let _ = parse_csv(&text);
        let _ = parse_jsonl(&text);
    }

    #[test]
    fn csv_like_texts_may_be_tables(text in "(question|id|答案)[,;\t\"\r\n a|]{0,60}") {
        let _ = parse_csv(&text);
    }

    #[test]
    fn quoted_cells_come_back(cells in prop::collection::vec("[a-z\",;\n\t中]{1,12}", 1..6)) {
        let mut text = "question\n".to_owned();
        for cell in &cells {
            text += &format!("\"{}\"\n", cell.replace('"', "\"\""));
        }
        let expected: Vec<&str> = cells.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        match parse_csv(&text) {
            Ok(problems) => {
                let found: Vec<&str> = problems.iter().map(|it| it.prompt.as_str()).collect();
                prop_assert_eq!(found, expected);
            }
            Err(error) => prop_assert!(expected.is_empty(), "{}", error),
        }
    }
}
