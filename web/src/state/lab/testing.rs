//! Runs for tests of the plain structs.

use std::collections::BTreeMap;

use lab::experiment::{Next, Run};
use lab::prompt::Form;
use lab::technique::{Purpose, Reply};

use super::asked::Seat;
use super::plan::{Figure, Plan};

/// A run of two techniques on one stage, not begun. Every third answer of the first technique is right, all of the
/// second are.
pub(crate) fn begun(count: usize) -> Run {
    let mut plan = Plan::default();
    plan.toggle_seat(&Seat::new("m", "sft"));
    plan.set_figure(Figure::Count, count.to_string());
    let experiment = plan.experiment(|_| Form::Chat).expect("it is whole");
    Run::new(experiment, None, BTreeMap::new()).expect("its problems are generated")
}

/// Answers one batch.
pub(crate) fn step(run: &mut Run) -> bool {
    let Next::Batch(batch) = run.next_batch() else { return false };
    let problems = run.prepared().problems.clone();
    for row in batch.rows {
        assert_eq!(row.call.purpose, Purpose::Answer);
        let text = serde_json::to_string(&row.call.input).expect("plain data");
        let quoted = |prompt: &str| {
            let json = serde_json::to_string(prompt).expect("a text");
            text.contains(json.trim_matches('"'))
        };
        let at = problems.iter().position(|problem| quoted(&problem.prompt)).expect("it asks one");
        let plain = !text.contains("The answer is");
        let right = !plain || at % 3 == 0;
        let answer = if right { problems[at].accept[0].clone() } else { "1000".to_owned() };
        let text = format!(" The answer is {answer}.");
        let reply = Reply {
            head: text.clone(),
            text,
            tokens: 5,
            prompt_tokens: 20,
            reused_tokens: 4,
            ended: true,
            seconds: 0.5,
        };
        run.answer(row.id, reply).expect("it was asked");
    }
    true
}

/// The same, to its end.
pub(crate) fn finished(count: usize) -> Run {
    let mut run = begun(count);
    while step(&mut run) {}
    run
}
