//! Reads measures from what was observed. What was not observed has no value.

use std::collections::BTreeMap;

use super::measure::{Measure, TextMeasure};
use super::observed::{Observed, ObservedColumn, ObservedHead, ObservedToken};

/// Measures are in bits, what was observed is in nats.
const NATS_PER_BIT: f64 = std::f64::consts::LN_2;

impl Measure {
    /// Its value; `None` if it was not observed, or not yet.
    pub fn value(&self, observed: &Observed) -> Option<f64> {
        match *self {
            Self::PromptTokens { column } => Some(prompt(observed, column)?.len() as f64),
            Self::CharactersPerToken { column } => {
                let prompt = prompt(observed, column)?;
                let characters: usize = prompt.iter().map(|token| token.text.chars().count()).sum();
                Some(characters as f64 / prompt.len() as f64)
            }
            Self::AnswerTokens { column } => Some(done(observed, column)?.answer.len() as f64),
            Self::Ended { column } => Some(f64::from(u8::from(done(observed, column)?.ended))),
            Self::Probability { column, at, rank } => {
                let token = answer(observed, column, at)?;
                Some(token.alternatives.get(rank as usize)?.probability)
            }
            Self::TopShare { column, at, count } => {
                let top = answer(observed, column, at)?.alternatives.get(..count as usize)?;
                Some(top.iter().map(|choice| choice.probability).sum())
            }
            Self::Entropy { column, at } => {
                Some(answer(observed, column, at)?.entropy? / NATS_PER_BIT)
            }
            Self::Surprisal { column, at } => {
                Some(-answer(observed, column, at)?.logprob? / NATS_PER_BIT)
            }
            Self::DivergesAt { column, against } => diverges_at(observed, column, against),
            Self::Reward { column } => done(observed, column)?.reward,
            Self::BitsPerCharacter { column } => one(observed, column)?.bits_per_character,
            Self::Kl { column } => one(observed, column)?.kl,
            Self::DistinctSamples => {
                (!observed.samples.is_empty()).then(|| counts(&observed.samples).len() as f64)
            }
            Self::Attention { column, layer, head, query, key } => {
                let row = row(observed, [column, layer, head], query)?;
                row.get(key as usize).copied().map(f64::from)
            }
            Self::PreviousToken { column } => best_head(observed, column, |query| query - 1),
            Self::FirstToken { column } => best_head(observed, column, |_| 0),
            Self::Similarity { ref a, ref b } => {
                let mut known = observed.similarities.iter();
                let same = known.find(|s| (&s.a, &s.b) == (a, b) || (&s.a, &s.b) == (b, a))?;
                Some(same.cosine)
            }
            Self::Settles => settles(observed),
            Self::Moved => observed.moved,
            Self::Accuracy { technique } => {
                let result = observed.results.get(technique as usize)?;
                (result.count > 0).then(|| f64::from(result.right) / f64::from(result.count))
            }
        }
    }
}

impl TextMeasure {
    /// Its text; `None` if it was not observed, or not yet.
    pub fn value(&self, observed: &Observed) -> Option<String> {
        match *self {
            Self::Answer { column } => Some(done(observed, column)?.text()),
            Self::Token { column, at } => Some(answer(observed, column, at)?.text.clone()),
            Self::Alternative { column, at, rank } => {
                let token = answer(observed, column, at)?;
                Some(token.alternatives.get(rank as usize)?.text.clone())
            }
            Self::PromptToken { column, at } => {
                Some(prompt(observed, column)?.get(at as usize)?.text.clone())
            }
            Self::Attended { column, layer, head, query } => {
                let row = row(observed, [column, layer, head], query)?;
                let key = largest(row.iter().copied().map(f64::from))?;
                Some(prompt(observed, column)?.get(key)?.text.clone())
            }
            Self::Influential { column } => {
                let place = largest(observed.influence.iter().copied())?;
                Some(prompt(observed, column)?.get(place)?.text.clone())
            }
            Self::Lens { layer } => Some(observed.lens.get(layer as usize)?.top.clone()),
            Self::CommonSample => {
                let counts = counts(&observed.samples);
                let most =
                    counts.iter().max_by_key(|(text, count)| (**count, std::cmp::Reverse(*text)));
                most.map(|(text, _)| (*text).to_owned())
            }
        }
    }

    /// What a reader may choose from, sorted, so that the order does not tell: the most likely tokens at the place,
    /// the tokens of the prompt, the drawn answers. Empty if nothing was observed yet.
    pub fn options(&self, observed: &Observed) -> Vec<String> {
        let found: Option<Vec<String>> = match *self {
            Self::Answer { .. } => {
                Some(observed.columns.iter().map(ObservedColumn::text).collect())
            }
            Self::Token { column, at } | Self::Alternative { column, at, .. } => {
                answer(observed, column, at).map(|token| {
                    let first = token.alternatives.iter().take(6);
                    first.map(|choice| choice.text.clone()).chain([token.text.clone()]).collect()
                })
            }
            Self::PromptToken { column, .. }
            | Self::Attended { column, .. }
            | Self::Influential { column } => prompt(observed, column)
                .map(|prompt| prompt.iter().map(|token| token.text.clone()).collect()),
            Self::Lens { .. } => {
                Some(observed.lens.iter().map(|layer| layer.top.clone()).collect())
            }
            Self::CommonSample => {
                Some(counts(&observed.samples).into_keys().map(str::to_owned).collect())
            }
        };
        let mut options = found.unwrap_or_default();
        options.sort();
        options.dedup();
        options
    }
}

fn one(observed: &Observed, column: u32) -> Option<&ObservedColumn> {
    observed.columns.get(column as usize)
}

/// A column that will not change any more.
fn done(observed: &Observed, column: u32) -> Option<&ObservedColumn> {
    one(observed, column).filter(|column| column.finished)
}

/// A prompt that has tokens.
fn prompt(observed: &Observed, column: u32) -> Option<&[ObservedToken]> {
    let prompt = one(observed, column)?.prompt.as_slice();
    (!prompt.is_empty()).then_some(prompt)
}

fn answer(observed: &Observed, column: u32, at: u32) -> Option<&ObservedToken> {
    one(observed, column)?.answer.get(at as usize)
}

fn row(observed: &Observed, place: [u32; 3], query: u32) -> Option<&[f32]> {
    let head = observed.heads.iter().find(|head| [head.column, head.layer, head.head] == place)?;
    head.rows.get(query as usize).map(Vec::as_slice)
}

/// Also when one answer is the beginning of the other; `None` if both are the same.
fn diverges_at(observed: &Observed, column: u32, against: u32) -> Option<f64> {
    let (a, b) = (&done(observed, column)?.answer, &done(observed, against)?.answer);
    let same = a.iter().zip(b).take_while(|(a, b)| a.id == b.id).count();
    (same < a.len().max(b.len())).then_some(same as f64)
}

/// The largest average, over heads, of the weight of a key that depends on the query. The first query has no choice.
fn best_head(observed: &Observed, column: u32, key: impl Fn(usize) -> usize) -> Option<f64> {
    let average = |head: &ObservedHead| {
        let rows = head.rows.iter().enumerate().skip(1);
        let weights: Vec<f64> =
            rows.filter_map(|(query, row)| row.get(key(query)).copied().map(f64::from)).collect();
        (!weights.is_empty()).then(|| weights.iter().sum::<f64>() / weights.len() as f64)
    };
    let heads = observed.heads.iter().filter(|head| head.column == column);
    heads.filter_map(average).reduce(f64::max)
}

fn settles(observed: &Observed) -> Option<f64> {
    let last = observed.lens.last()?;
    let agreeing = observed.lens.iter().rev().take_while(|layer| layer.top == last.top).count();
    Some((observed.lens.len() - agreeing) as f64)
}

/// The place of the largest number; the first of several.
fn largest(numbers: impl Iterator<Item = f64>) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (place, number) in numbers.enumerate() {
        if number.is_finite() && best.is_none_or(|(_, known)| number > known) {
            best = Some((place, number));
        }
    }
    best.map(|(place, _)| place)
}

fn counts(samples: &[String]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for sample in samples {
        *counts.entry(sample.trim()).or_insert(0) += 1;
    }
    counts
}
