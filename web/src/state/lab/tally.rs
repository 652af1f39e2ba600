//! What the results of a run are on the page: lines of a table, bars, comparisons. Nothing is said without its n.

use std::hash::{DefaultHasher, Hash, Hasher};

use lab::Language;
use lab::experiment::{Bar, Comparison, Experiment, ResultRow, Run};
use lab::grade::Rule;
use lab::stats::Share;

/// A line of the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) cell: usize,
    pub(crate) problem: String,
    pub(crate) question: String,
    /// Accepted answers; none if there is no right one.
    pub(crate) accept: Vec<String>,
    /// Keys in the file.
    pub(crate) technique: String,
    pub(crate) stage: String,
    pub(crate) technique_name: String,
    pub(crate) answer: Answer,
    pub(crate) extracted: Option<String>,
    pub(crate) rule: Option<Rule>,
    /// What the rule says, and what the reader says.
    pub(crate) correct: Option<bool>,
    pub(crate) overruled: Option<bool>,
    pub(crate) failure: Option<String>,
    pub(crate) calls: usize,
    pub(crate) tokens: u64,
    pub(crate) prompt_tokens: u64,
    pub(crate) reused_tokens: u64,
    pub(crate) seconds: f64,
}

/// An answer, with the words that its verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Answer {
    pub(crate) before: String,
    pub(crate) read: String,
    pub(crate) after: String,
}

impl Line {
    /// What counts.
    pub(crate) fn counts(&self) -> Option<bool> {
        self.overruled.or(self.correct)
    }

    /// Its cell, and a hash of all that is shown: where both stay, the row on the page stays as it is.
    pub(crate) fn key(&self) -> (usize, u64) {
        let names = (&self.problem, &self.technique, &self.technique_name, &self.stage);
        let asked = (&self.question, &self.accept);
        let read = (&self.extracted, self.rule.map(|rule| rule as u8));
        let said = (&self.answer, read, &self.failure, self.correct, self.overruled);
        let tokens = (self.tokens, self.prompt_tokens, self.reused_tokens);
        let mut hasher = DefaultHasher::new();
        (names, asked, said, self.calls, tokens, self.seconds.to_bits()).hash(&mut hasher);
        (self.cell, hasher.finish())
    }
}

impl Answer {
    /// Marks the words from `start` to `end`; places that the text does not have mark nothing.
    pub(crate) fn marked(text: &str, range: Option<(usize, usize)>) -> Self {
        let parts = range.and_then(|(start, end)| {
            Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
        });
        let (before, read, after) = parts.unwrap_or((text, "", ""));
        Self { before: before.to_owned(), read: read.to_owned(), after: after.to_owned() }
    }
}

/// A settled cell as a line.
pub(crate) fn line(experiment: &Experiment, row: &ResultRow<'_>, language: Language) -> Line {
    let used = experiment.techniques.get(row.technique);
    let reading = row.verdict.and_then(|verdict| verdict.reading.as_ref());
    let text = row.outcome.map(|outcome| outcome.text.as_str()).unwrap_or_default();
    Line {
        cell: row.cell,
        problem: row.problem.id.clone(),
        question: row.problem.prompt.clone(),
        accept: row.problem.accept.clone(),
        technique: used.map(|used| used.key.clone()).unwrap_or_default(),
        technique_name: used.map(|used| used.shown_name(language).to_owned()).unwrap_or_default(),
        stage: experiment.stages.get(row.stage).map(|stage| stage.key.clone()).unwrap_or_default(),
        answer: Answer::marked(text, reading.map(|it| (it.start, it.end))),
        extracted: reading.map(|it| it.text.clone()),
        rule: reading.map(|it| it.rule),
        correct: row.verdict.and_then(|verdict| verdict.correct),
        overruled: row.verdict.and_then(|verdict| verdict.overruled),
        failure: row.failure.map(str::to_owned),
        calls: row.records.len(),
        tokens: row.tokens(),
        prompt_tokens: row.prompt_tokens(),
        reused_tokens: row.reused_tokens(),
        seconds: row.seconds(),
    }
}

/// Technique and stage; the stage only where there are several.
pub(crate) fn group_name(
    experiment: &Experiment,
    (technique, stage): (usize, usize),
    language: Language,
) -> String {
    let used = experiment.techniques.get(technique);
    let name = used.map(|used| used.shown_name(language).to_owned()).unwrap_or_default();
    match experiment.stages.get(stage) {
        Some(stage) if experiment.stages.len() > 1 => format!("{name} · {}", stage.key),
        _ => name,
    }
}

/// The name of a bar.
pub(crate) fn bar_name(experiment: &Experiment, bar: &Bar, language: Language) -> String {
    group_name(experiment, (bar.technique, bar.stage), language)
}

/// A bar as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    /// Technique and stage, by their keys.
    pub(crate) technique: String,
    pub(crate) stage: String,
    pub(crate) name: String,
    pub(crate) bar: Bar,
}

/// The bars of a run, of one language or of all.
pub(crate) fn bars(run: &Run, of: Option<Language>, language: Language) -> Vec<Shown> {
    let experiment = run.experiment();
    let shown = run.results().bars(of).into_iter().map(|bar| Shown {
        technique: experiment
            .techniques
            .get(bar.technique)
            .map(|it| it.key.clone())
            .unwrap_or_default(),
        stage: experiment.stages.get(bar.stage).map(|it| it.key.clone()).unwrap_or_default(),
        name: bar_name(experiment, &bar, language),
        bar,
    });
    shown.collect()
}

/// The bar of the same technique and stage in another run.
pub(crate) fn same<'b>(bars: &'b [Shown], as_this: &Shown) -> Option<&'b Shown> {
    bars.iter().find(|bar| bar.technique == as_this.technique && bar.stage == as_this.stage)
}

/// `62.0 % (49.5–73.0), n = 60`: the share of a bar with its interval and its number.
pub(crate) fn share_line(bar: &Bar) -> String {
    line_of_share(bar.right)
}

/// The same for any share.
pub(crate) fn line_of_share(share: Share) -> String {
    if share.n == 0 {
        return "n = 0".to_owned();
    }
    format!(
        "{} % ({}–{}), n = {}",
        hundred(share.share),
        hundred(share.low),
        hundred(share.high),
        share.n
    )
}

/// `+18.3 (+6.2 to +29.9)` in points: first minus second, with its interval.
pub(crate) fn difference(comparison: &Comparison) -> (String, String, String) {
    let points = |value: f64| {
        let value = value * 100.0;
        let sign = if value < 0.0 { '−' } else { '+' };
        format!("{sign}{:.1}", value.abs())
    };
    let it = comparison.difference;
    (points(it.difference), points(it.low), points(it.high))
}

/// A p-value; what is too small for the digits shown is not shown as zero.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

/// A comparison with the names of what is compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compared {
    pub(crate) first: String,
    pub(crate) second: String,
    pub(crate) it: Comparison,
}

/// The comparisons of a run that say something: where nothing has a right answer there is nothing to test.
pub(crate) fn compared(run: &Run, of: Option<Language>, language: Language) -> Vec<Compared> {
    let name = |group| group_name(run.experiment(), group, language);
    comparisons(run, of)
        .into_iter()
        .filter(|it| it.pairs.n() > 0)
        .map(|it| Compared { first: name(it.first), second: name(it.second), it })
        .collect()
}

/// Comparisons of a run: techniques with one another where there are several, else stages.
pub(crate) fn comparisons(run: &Run, language: Option<Language>) -> Vec<Comparison> {
    let results = run.results();
    let experiment = run.experiment();
    let (techniques, stages) = (experiment.techniques.len(), experiment.stages.len());
    let mut out = Vec::new();
    if techniques > 1 {
        out.extend((0..stages).flat_map(|stage| results.compare_techniques(stage, language)));
    }
    if stages > 1 {
        let each =
            (0..techniques).flat_map(|technique| results.compare_stages(technique, language));
        out.extend(each);
    }
    out
}

/// `12.4`: a mean, with no more digits than say something.
pub(crate) fn mean(value: f64) -> String {
    if value >= 99.95 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// Seconds as time left: `4 min 10 s`, `35 s`.
pub(crate) fn time(seconds: f64) -> (u64, u64, u64) {
    let seconds = seconds.max(0.0).round() as u64;
    (seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A share as a width.
pub(crate) fn width(share: f64) -> String {
    format!("{:.2}%", share.clamp(0.0, 1.0) * 100.0)
}

/// A share in percent, without the sign.
pub(crate) fn hundred(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::testing::{begun, finished, step};

    #[test]
    fn a_line_marks_the_words_that_were_read() {
        let run = finished(3);
        for row in run.results().rows() {
            let line = line(run.experiment(), row, Language::Zh);
            assert_eq!(line.extracted.as_deref(), Some(line.answer.read.as_str()));
            assert_eq!(line.rule, Some(Rule::AfterMarker));
            assert_eq!((line.calls, line.tokens, line.reused_tokens), (1, 5, 4));
        }
        let nothing = Answer::marked("短", Some((1, 2)));
        assert_eq!((nothing.before.as_str(), nothing.read.as_str()), ("短", ""));
    }

    #[test]
    fn figures_say_their_n() {
        let mut run = begun(6);
        let none = run.results().bar(0, 0, None);
        assert_eq!(share_line(&none), "n = 0");
        while step(&mut run) {}
        let bar = run.results().bar(0, 0, None);
        assert_eq!(share_line(&bar), "33.3 % (9.7–70.0), n = 6");
        assert_eq!(bar_name(run.experiment(), &bar, Language::En), "Plain");
        let shown = bars(&run, None, Language::En);
        assert_eq!(shown.len(), 2);
        assert_eq!(same(&shown, &shown[1]), Some(&shown[1]));
        let other = Shown { stage: "rlhf".into(), ..shown[0].clone() };
        assert_eq!(same(&shown, &other), None);
        let compared = comparisons(&run, None);
        assert_eq!(compared.len(), 1);
        assert_eq!(compared[0].pairs.n(), 6);
        assert_eq!(difference(&compared[0]).0, "−66.7");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!((p_value(0.0004), p_value(0.0391)), ("< 0.001".into(), "0.039".into()));
        assert_eq!((mean(12.34), mean(123.4)), ("12.3".into(), "123".into()));
        assert_eq!((time(3725.4), time(-1.0)), ((1, 2, 5), (0, 0, 0)));
        assert_eq!(width(1.5), "100.00%");
    }
}
