//! The calculator: what it gives, what it refuses, and that it always ends.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use lab::calculator::limits::{MAX_NESTING, MAX_OPERATIONS, MAX_SOURCE};
use lab::calculator::{CalculatorError, FoundAs, Number, NumberError, find_program, run};
use proptest::prelude::*;

fn value(source: &str) -> String {
    match run(source) {
        Ok(run) => run.value.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn operators_bind_and_round_as_in_python() {
    for (source, expected) in [
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("-2 ** 2", "-4"),
        ("2 ** -1", "0.5"),
        ("2 ** 3 ** 2", "512"),
        ("7 // 2", "3"),
        ("-7 // 2", "-4"),
        ("-7 % 3", "2"),
        ("7 % -3", "-2"),
        ("1 / 3 * 3", "1"),
        ("0.1 + 0.2 == 0.3", "1"),
        ("3 > 4", "0"),
        ("3 != 4", "1"),
        ("--3", "3"),
        ("round(2.5) + round(3.5)", "6"),
        ("round(2 / 3, 2)", "0.67"),
        ("min(3, 1, 2) + max(4, 9) + abs(-5)", "15"),
        ("10 - 2 - 3", "5"),
        ("6 × 7 ÷ 2 − 1", "20"),
        ("（1 + 2） × 3", "9"),
    ] {
        assert_eq!(value(source), expected, "{source}");
    }
}

#[test]
fn names_hold_values() {
    let source = "apples = 3 * 12  # a dozen each\neaten = 5; left = apples - eaten\nprint(left)";
    let run = run(source).unwrap();
    assert_eq!(run.value, Number::from(31));
    let lines: Vec<(usize, Option<&str>)> =
        run.lines.iter().map(|line| (line.number, line.name.as_deref())).collect();
    assert_eq!(lines, [(1, Some("apples")), (2, Some("eaten")), (2, Some("left")), (3, None)]);
    assert_eq!(value("answer = 4\nother = 5"), "4");
    assert_eq!(value("苹果 = 3\n苹果 * 2"), "6");
}

#[test]
fn what_is_no_program_is_refused() {
    let cause = |source: &str| match run(source) {
        Err(CalculatorError::Calculation { cause, .. }) => Some(cause),
        _ => None,
    };
    assert_eq!(cause("1\n2 / 0"), Some(NumberError::DivisionByZero));
    assert_eq!(cause("1 % 0"), Some(NumberError::DivisionByZero));
    assert_eq!(cause("10 ** 31"), Some(NumberError::TooLarge));
    assert_eq!(cause("2 ** 0.5"), Some(NumberError::Exponent));
    assert!(matches!(run(" \n# nothing"), Err(CalculatorError::Empty)));
    assert!(matches!(run("x + 1"), Err(CalculatorError::UnknownName { line: 1, .. })));
    assert!(matches!(run("1\neval(2)"), Err(CalculatorError::UnknownName { line: 2, .. })));
    assert!(matches!(run("abs(1, 2)"), Err(CalculatorError::Arguments { given: 2, .. })));
    assert!(matches!(run("1 & 2"), Err(CalculatorError::Character { character: '&', .. })));
    for source in ["1 +", "(1", "1 2", "= 3", "3 = 4", "min()", "1.2.3", "import os", "a.b = 3"] {
        assert!(run(source).is_err(), "{source}");
    }
}

#[test]
fn work_is_bounded() {
    let deep = format!("{}1{}", "(".repeat(MAX_NESTING + 1), ")".repeat(MAX_NESTING + 1));
    assert!(matches!(run(&deep), Err(CalculatorError::TooDeep { .. })));
    let signs = format!("{}1", "-".repeat(MAX_NESTING + 1));
    assert!(matches!(run(&signs), Err(CalculatorError::TooDeep { .. })));
    let powers = format!("1{}", "**1".repeat(MAX_NESTING + 1));
    assert!(matches!(run(&powers), Err(CalculatorError::TooDeep { .. })));
    let long = format!("1{}", "+1".repeat(MAX_SOURCE));
    assert!(matches!(run(&long), Err(CalculatorError::TooLong { .. })));
    let many = format!("1{}", "+1".repeat(MAX_OPERATIONS + 1));
    assert!(many.len() < MAX_SOURCE);
    assert!(matches!(run(&many), Err(CalculatorError::TooManyOperations { .. })));
    assert!(matches!(run(&"1\n".repeat(101)), Err(CalculatorError::TooManyLines)));
}

#[test]
fn programs_are_found_in_answers() {
    let found = |answer: &str| {
        let found = find_program(answer)?;
        Some((found.found_as, run(&found.source).ok()?.value.to_string()))
    };
    let some = |found_as, value: &str| Some((found_as, value.to_owned()));
    assert_eq!(
        found("Here it is:\n```python\na = 3\nanswer = a * 4\n```\nSo 13."),
        some(FoundAs::Block, "12")
    );
    assert_eq!(
        found("a = 3\nThat is how many she has.\nanswer = a * 4\nDone."),
        some(FoundAs::Lines, "12")
    );
    assert_eq!(
        found("First, 12 + 5 = 17. Then, 17 - 4 = 13. The answer is 13."),
        some(FoundAs::Expression, "13")
    );
    assert_eq!(found("先算12 × 5 = 60。"), some(FoundAs::Expression, "60"));
    assert_eq!(found("There are many apples."), None);
    assert_eq!(found("-5 degrees"), None);
    assert_eq!(found(""), None);
}

/// Programs of the shape that the language allows, with their value if it is a whole number within bounds.
fn sums() -> impl Strategy<Value = (String, i64)> {
    let leaf = (0_i64..100).prop_map(|number| (number.to_string(), number));
    leaf.prop_recursive(4, 24, 2, |inner| {
        (inner.clone(), 0_usize..3, inner).prop_map(|((a, x), operator, (b, y))| match operator {
            0 => (format!("({a} + {b})"), x.wrapping_add(y)),
            1 => (format!("({a} - {b})"), x.wrapping_sub(y)),
            _ => (format!("({a} * {b})"), x.wrapping_mul(y)),
        })
    })
}

proptest! {
    #[test]
    fn sums_are_right((source, expected) in sums()) {
        // At most 16 factors below 100 may exceed an i64; the language's own bound is 10³⁰.
        if let Ok(run) = run(&source) && let Some(found) = run.value.integer() {
            prop_assert_eq!(found as i64, expected);
        }
    }

    #[test]
    fn anything_may_be_run(source in "\\PC{0,200}") {
        let _ = run(&source);
        if let Some(found) = find_program(&source) {
            let _ = run(&found.source);
        }
    }

    #[test]
    fn near_programs_may_be_run(source in "[0-9a-c+*/%()=<>., \n;#-]{0,120}") {
        let _ = run(&source);
        let _ = find_program(&source);
    }
}
