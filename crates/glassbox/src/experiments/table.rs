//! What a run has measured, as a table and as JSON.

use lab::Language;
use lab::experiment::{Agreement, Bar, Comparison, Experiment, Run};
use serde::Serialize;

/// Figures of a run; techniques and stages by their index in the experiment.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    id: String,
    techniques: Vec<String>,
    stages: Vec<String>,
    bars: Vec<Bar>,
    /// Techniques of one stage beside one another.
    techniques_compared: Vec<Comparison>,
    /// Stages with one technique beside one another.
    stages_compared: Vec<Comparison>,
    agreement: Vec<Agreement>,
    weights_unchanged: Option<bool>,
}

impl Figures {
    /// Of all languages together.
    pub(super) fn of(run: &Run) -> Self {
        let (experiment, results) = (run.experiment(), run.results());
        let stages = 0..experiment.stages.len();
        let techniques = 0..experiment.techniques.len();
        Self {
            id: experiment.id.clone(),
            techniques: experiment.techniques.iter().map(|used| used.key.clone()).collect(),
            stages: experiment.stages.iter().map(|stage| stage.key.clone()).collect(),
            bars: results.bars(None),
            techniques_compared: stages
                .flat_map(|stage| results.compare_techniques(stage, None))
                .collect(),
            stages_compared: techniques
                .flat_map(|technique| results.compare_stages(technique, None))
                .collect(),
            agreement: results.agreement(None),
            weights_unchanged: run.weights_unchanged(),
        }
    }
}

/// Prints the figures.
pub(super) fn print(run: &Run) {
    let (experiment, results) = (run.experiment(), run.results());
    let figures = Figures::of(run);
    println!("{}\n{}\n", experiment.title.en, experiment.question.en);
    bars(experiment, "all", &figures.bars);
    if experiment.languages.len() > 1 {
        for language in &experiment.languages {
            bars(experiment, language.code(), &results.bars(Some(*language)));
        }
    }
    for agreement in &figures.agreement {
        let name = name(experiment, (agreement.technique, agreement.stage));
        let same = agreement.same;
        println!(
            "{name:<32} the same answer to both of a pair: {} of {}  {}  ({} unread)",
            same.hits,
            same.n,
            interval(same.share, same.low, same.high),
            agreement.unread,
        );
    }
    for compared in figures.techniques_compared.iter().chain(&figures.stages_compared) {
        println!("{}", comparison(experiment, compared));
    }
    let progress = run.progress();
    println!(
        "\n{} calls, {} tokens in ({} taken over), {} out, {:.1} s",
        progress.calls,
        progress.prompt_tokens,
        progress.reused_tokens,
        progress.tokens,
        progress.seconds,
    );
    match figures.weights_unchanged {
        Some(true) => println!("the weights are the same before and after"),
        Some(false) => println!("THE WEIGHTS HAVE CHANGED"),
        None => {}
    }
}

fn bars(experiment: &Experiment, language: &str, bars: &[Bar]) {
    for bar in bars {
        let Bar { right, tokens, prompt_tokens, calls, seconds, .. } = *bar;
        if right.n == 0 && bar.ungraded + bar.failed == 0 {
            continue;
        }
        print!(
            "{:<32} {language:<4} n = {:<4} right {:>3}  {}  {calls:.1} calls  {prompt_tokens:.0} + {tokens:.0} tokens  \
             {seconds:.2} s",
            name(experiment, (bar.technique, bar.stage)),
            right.n,
            right.hits,
            interval(right.share, right.low, right.high),
        );
        for (count, what) in [
            (bar.ungraded, "without a right answer"),
            (bar.nothing_read, "not read"),
            (bar.failed, "failed"),
        ] {
            if count > 0 {
                print!("  {count} {what}");
            }
        }
        println!();
    }
}

fn comparison(experiment: &Experiment, compared: &Comparison) -> String {
    let Comparison { first, second, pairs, difference, test, adjusted } = compared;
    format!(
        "{} − {}: {}, n = {}; {} only by the first, {} only by the second; McNemar p = {:.4} (mid-p; exact {:.4}; Holm {:.4})",
        name(experiment, *first),
        name(experiment, *second),
        interval(difference.difference, difference.low, difference.high),
        difference.n,
        pairs.only_first,
        pairs.only_second,
        test.mid_p,
        test.exact,
        adjusted,
    )
}

/// A share or difference in percent, with its interval.
fn interval(share: f64, low: f64, high: f64) -> String {
    format!("{:5.1} % [{:.1}, {:.1}]", 100.0 * share, 100.0 * low, 100.0 * high)
}

/// Technique and stage.
fn name(experiment: &Experiment, (technique, stage): (usize, usize)) -> String {
    let used = experiment.techniques.get(technique);
    let technique = used.map_or("", |used| used.shown_name(Language::En));
    match experiment.stages.get(stage) {
        Some(stage) if experiment.stages.len() > 1 => format!("{technique} / {}", stage.key),
        _ => technique.to_owned(),
    }
}
