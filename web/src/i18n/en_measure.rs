//! English: experiments in the prompt lab.

use lab::experiment::Show;

use super::en::counted;
use super::lab::{LabPlan, LabResults, LabRun};
use crate::state::lab::plan::{Figure, Rule};

pub(super) const PLAN: LabPlan = LabPlan {
    shipped: "Ready-made experiments",
    shipped_intro: "Each was run with the models that come with this page. Look at what was measured, or run it here and compare.",
    own: "An experiment of your own",
    own_intro: "Problems × techniques × stages. The same seed gives the same problems, everywhere.",
    model: "Model",
    stored: "Measured before",
    stored_reading: "Reading what was measured …",
    stored_none: "No run of this experiment on this model comes with the page. Run it here.",
    replay: "Open that run",
    run_live: "Run it here",
    how_many: |count, languages| {
        let problems = counted(count, "problem", "problems");
        match languages {
            1 => problems,
            _ => format!("{problems} in each of {languages} languages"),
        }
    },
    problems: "Problems",
    held_out: |file| match file {
        "word_problems" => "Held out: word problems".to_owned(),
        "questions" => "Held out: questions".to_owned(),
        "reversal" => "Held out: facts forwards and backwards".to_owned(),
        other => format!("Held out: {other}"),
    },
    table: |name, rows| format!("Your table: {name} ({})", counted(rows, "row", "rows")),
    no_table: "Your own table …",
    table_paste: "Your own problems, as CSV or JSONL",
    table_explained: "One row for each problem, with the columns “question” and “answer” (several right ones set apart by |), and if you like “steps”, “choices”, “id” and “lang”. Or drop a file on the page.",
    table_use: "Use these",
    table_pick: "Open a file …",
    open_file: "Open a run or a table …",
    languages: "Languages",
    english: "English",
    chinese: "Chinese",
    stages: "Stages",
    techniques: "Techniques",
    add_technique: "Add a technique …",
    remove_technique: |name| format!("Remove “{name}”"),
    figure,
    rule_title: "How answers are read",
    rule: |rule| match rule {
        Rule::Auto => "as the problem wants it",
        Rule::Number => "the number after “the answer is”, else the last one",
        Rule::Accepted => "an accepted answer in the first 64 tokens",
        Rule::Choice => "the choice that is named first",
        Rule::Pattern => "a regular expression",
    },
    pattern: "Regular expression; its first group counts",
    size: |techniques, stages, problems, calls| {
        let techniques = counted(techniques, "technique", "techniques");
        let stages = counted(stages, "stage", "stages");
        let problems = counted(problems, "problem", "problems");
        let calls = counted(calls, "call", "calls");
        format!("{techniques} × {stages} × {problems}: up to {calls}")
    },
    start: "Run the experiment",
    more: "More settings",
};

pub(super) fn figure(figure: Figure) -> &'static str {
    match figure {
        Figure::Count => "Problems in each language",
        Figure::Seed => "Seed",
        Figure::MaxTokens => "New tokens per call, at most",
        Figure::Batch => "Calls in one batch",
        Figure::Temperature => "Temperature (0: greedy)",
    }
}

pub(super) const RUN: LabRun = LabRun {
    title: "The run",
    preparing: "Making ready …",
    loading: |model| format!("Waiting for {model} …"),
    weighing: "Looking at the weights …",
    progress: |settled, all| format!("{settled} of {}", counted(all, "answer", "answers")),
    time_left: |(hours, minutes, seconds)| match (hours, minutes) {
        (0, 0) => format!("about {seconds} s left"),
        (0, _) => format!("about {minutes} min {seconds} s left"),
        _ => format!("about {hours} h {minutes} min left"),
    },
    running: "running",
    paused: "paused",
    cancelled: "stopped before its end",
    finished: "finished",
    replayed: "replayed from a file, without a model",
    pause: "Pause",
    go_on: "Go on",
    cancel: "Stop",
    forget: "Remove this run",
    kept: "Kept in this browser: after a reload it goes on.",
    not_kept: "This browser has no room to keep the run. Save it as JSONL before you leave.",
    made_with: "Made with",
};

pub(super) const RESULTS: LabResults = LabResults {
    title: "Results",
    none: "The first results come with the first batch.",
    bars: "Share of right answers",
    bars_explained: "The thin line is the 95 % Wilson interval: with so few problems, the true share may well lie anywhere on it.",
    bar_summary: |name, share, low, high, hits, n| {
        format!("{name}: {share} %, {hits} of n = {n}, 95 % interval {low} to {high} %")
    },
    stored_beside: "measured before",
    stored_line: |line| format!("before: {line}"),
    agreement: "Pairs that differ in one word: the same answer?",
    agreement_line: |name, share, unread| {
        let unread = match unread {
            0 => String::new(),
            _ => format!("; {} could not be read", counted(unread, "pair", "pairs")),
        };
        format!("{name}: {share}{unread}")
    },
    column_technique: "Technique",
    column_right: "Right",
    column_unread: "Not read",
    column_failed: "Failed",
    column_calls: "Calls",
    column_prompt: "Prompt tokens",
    column_reused: "of them reused",
    column_tokens: "New tokens",
    column_seconds: "Seconds",
    cost_explained: "Mean cost of one answer, beside what it buys. “Not read” counts as wrong; a failed call counts neither way.",
    ungraded: |count| {
        let answers = counted(count, "answer to a problem", "answers to problems");
        format!("{answers} without a right one")
    },
    tests: "Is the difference more than chance?",
    tests_explained: "Both answered the same problems, so only those count that one of them solved and the other did not (McNemar, mid-p). The last column allows for how many comparisons were made (Holm).",
    column_pair: "Compared",
    column_difference: "Difference in points (95 %)",
    column_only: "Only one is right",
    column_p: "p",
    column_adjusted: "p, corrected",
    against: |first, second| format!("{first} against {second}"),
    points: |points, low, high, n| format!("{points} ({low} to {high}), n = {n}"),
    only: |first, second| format!("{first} : {second}"),
    verdict: |first, second, beyond, first_is_better| match (beyond, first_is_better) {
        (true, true) => format!("“{first}” does better than “{second}” here."),
        (true, false) => format!("“{second}” does better than “{first}” here."),
        (false, _) => format!("Between “{first}” and “{second}” no difference is shown."),
    },
    table: "Every answer",
    show: |show| match show {
        Show::All => "all",
        Show::TechniquesDiffer => "where techniques differ",
        Show::StagesDiffer => "where stages differ",
        Show::Right => "right",
        Show::Wrong => "wrong",
        Show::NothingRead => "nothing read",
        Show::Overruled => "overruled by you",
        Show::Failed => "failed",
    },
    show_label: "Show",
    technique_label: "Technique",
    stage_label: "Stage",
    language_label: "Language",
    all: "all",
    lines: |from, to, all| format!("{from}–{to} of {all}"),
    earlier: "Earlier",
    later: "Later",
    column_question: "Question",
    column_answer: "Answer",
    column_read: "Read",
    column_verdict: "Verdict",
    accepts: |accepted| format!("right: {accepted}"),
    overruled: "your word",
    say_right: "It is right",
    say_wrong: "It is wrong",
    say_rule: "Back to the rule",
    open: "Exact prompt and full answer",
    failed: |why| format!("No answer: {why}"),
    export: "Take it away",
    save: |ending| match ending {
        "jsonl" => "Save the run (JSONL)".to_owned(),
        "csv" => "Save the table (CSV)".to_owned(),
        _ => "Save the chart (PNG)".to_owned(),
    },
    save_experiment: "Save the experiment (JSON)",
};
