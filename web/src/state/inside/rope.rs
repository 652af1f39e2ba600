//! Rotary positions: each pair of components of a query or key turns by an angle that grows with the place.

use std::f64::consts::TAU;

use lab::prompt::Input;

use crate::protocol::Prompt;
use crate::protocol::inside::{SegmentKind, TextFacts};

use super::chart::Ink;
use super::chart::file::Paint;
use super::segments::segment_of;
use super::sketch::{Anchor, MARGIN, Saved, Sketch};

/// A pair at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Turn {
    pub(crate) pair: u32,
    /// Radians per token.
    pub(crate) speed: f64,
    /// Radians at the place, not reduced.
    pub(crate) angle: f64,
}

impl Turn {
    /// Tokens for a whole turn.
    pub(crate) fn period(&self) -> f64 {
        TAU / self.speed
    }

    /// From 0 to 360.
    pub(crate) fn degrees(&self) -> f64 {
        self.angle.rem_euclid(TAU).to_degrees()
    }
}

/// At most `most` pairs of a head, spread from the fastest to the slowest, at a place.
pub(crate) fn turns(head_width: u32, base: f32, place: u32, most: u32) -> Vec<Turn> {
    let pairs = head_width / 2;
    let shown = most.min(pairs);
    (0..shown)
        .map(|at| {
            let pair = if shown > 1 { at * (pairs - 1) / (shown - 1) } else { 0 };
            turn(head_width, base, place, pair)
        })
        .collect()
}

/// A pair of a head at a place.
pub(crate) fn turn(head_width: u32, base: f32, place: u32, pair: u32) -> Turn {
    let share = f64::from(2 * pair) / f64::from(head_width.max(1));
    let speed = f64::from(base).powf(-share);
    Turn { pair, speed, angle: speed * f64::from(place) }
}

/// Hands in a line of the file's picture, and from one to the next.
const PER_LINE: usize = 8;
const EVERY: f64 = 64.0;
const RADIUS: f64 = 22.0;

/// The hands as files.
pub(crate) fn saved(turns: &[Turn], caption: &str) -> Saved {
    let mut sketch = Sketch::default();
    let mut csv = "pair,radians_per_token,radians,degrees,tokens_per_turn\r\n".to_owned();
    for (at, turn) in turns.iter().enumerate() {
        let x = MARGIN + RADIUS + (at % PER_LINE) as f64 * EVERY;
        let y = MARGIN + RADIUS + (at / PER_LINE) as f64 * (EVERY + RADIUS);
        // Anticlockwise from the right; down is more.
        let (sine, cosine) = turn.angle.sin_cos();
        let end = (x + 0.9 * RADIUS * cosine, y - 0.9 * RADIUS * sine);
        sketch.circle((x, y), RADIUS, Paint::Rule);
        sketch.line((x, y), end, Paint::Series(Ink::Attention), (2.0, 1.0));
        let below = (x, y + RADIUS + 10.0);
        sketch.text(below, Anchor::Middle, Paint::Soft, &turn.pair.to_string());
        let Turn { pair, speed, angle } = turn;
        let (degrees, period) = (turn.degrees(), turn.period());
        csv.push_str(&format!("{pair},{speed},{angle},{degrees},{period}\r\n"));
    }
    Saved { svg: sketch.svg(caption), csv }
}

/// Ids with two of them in each other's place; `None` where that changes nothing.
pub(crate) fn swapped(ids: &[u32], one: usize, other: usize) -> Option<Vec<u32>> {
    let differs = ids.get(one)? != ids.get(other)?;
    let mut ids = ids.to_vec();
    ids.swap(one, other);
    differs.then_some(ids)
}

/// The prompt with two tokens of what the reader wrote in each other's place. `None` if they are not both of one such
/// part, or its text is not found in the prompt. Whether the text is then cut into the swapped tokens is the
/// tokenizer's to say.
pub(crate) fn swapped_prompt(
    prompt: &Prompt,
    facts: &TextFacts,
    one: u32,
    other: u32,
) -> Option<Prompt> {
    let segment = segment_of(&facts.segments, one)?;
    let is_own =
        matches!(segment.kind, SegmentKind::Raw | SegmentKind::Question | SegmentKind::Part { .. });
    if !is_own || segment_of(&facts.segments, other) != Some(segment) {
        return None;
    }
    let range = segment.start as usize..segment.end as usize;
    let texts: Vec<&str> =
        facts.tokens.get(range)?.iter().map(|token| token.text.as_str()).collect();
    let mut after = texts.clone();
    after.swap((one - segment.start) as usize, (other - segment.start) as usize);
    let (before, after) = (texts.concat(), after.concat());
    let swap = |text: &str| text.contains(&before).then(|| text.replacen(&before, &after, 1));
    match prompt {
        Prompt::Raw { text } => Some(Prompt::Raw { text: swap(text)? }),
        Prompt::Chat { messages } => {
            let mut messages = messages.clone();
            let asked = messages.iter_mut().rev().find(|message| message.role == "user")?;
            asked.content = swap(&asked.content)?;
            Some(Prompt::Chat { messages })
        }
        // Both words are of one part, so that all parts lie where they lay.
        Prompt::Parts { input, segments } => {
            Some(Prompt::Parts { input: swapped_input(input, swap)?, segments: segments.clone() })
        }
    }
}

/// The first text of a prompt, from its end, that can be swapped in.
fn swapped_input(input: &Input, swap: impl Fn(&str) -> Option<String>) -> Option<Input> {
    match input {
        Input::Raw { text } => Some(Input::Raw { text: swap(text)? }),
        Input::Chat { messages, starter } => {
            let (mut messages, mut starter) = (messages.clone(), starter.clone());
            let contents = messages.iter_mut().map(|message| &mut message.content);
            let mut texts = contents.chain(std::iter::once(&mut starter)).rev();
            let (after, text) = texts.find_map(|text| Some((swap(text)?, text)))?;
            *text = after;
            Some(Input::Chat { messages, starter })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::facts;
    use lab::prompt::PartKind;

    #[test]
    fn the_first_pair_turns_a_radian_per_token_and_later_ones_slower() {
        let turns = turns(64, 10_000.0, 3, 16);
        assert_eq!(turns.len(), 16);
        assert!((turns[0].angle - 3.0).abs() < 1e-9);
        assert_eq!((turns[0].pair, turns[15].pair), (0, 31));
        assert!(turns.windows(2).all(|pair| pair[1].speed < pair[0].speed));
        let last = 10_000f64.powf(-62.0 / 64.0);
        assert!((turns[15].speed - last).abs() < 1e-12);
    }

    #[test]
    fn a_small_head_shows_all_its_pairs() {
        let shown: Vec<u32> = turns(8, 100.0, 1, 16).iter().map(|turn| turn.pair).collect();
        assert_eq!(shown, [0, 1, 2, 3]);
    }

    #[test]
    fn angles_are_shown_within_a_turn() {
        let turn = Turn { pair: 0, speed: 1.0, angle: TAU + 0.5 };
        assert!((turn.degrees() - 0.5f64.to_degrees()).abs() < 1e-9);
        assert!((turn.period() - TAU).abs() < 1e-12);
    }

    #[test]
    fn the_file_s_hands_point_where_the_angles_do() {
        let quarter = Turn { pair: 3, speed: TAU / 8.0, angle: TAU / 4.0 };
        let Saved { svg, csv } = saved(&[quarter], "caption");
        let line = csv.lines().nth(1).expect("a line for the pair");
        assert!(line.starts_with("3,") && line.ends_with(",90,8"), "{line}");
        // From the middle straight up.
        let (x, y) = (MARGIN + RADIUS, MARGIN + RADIUS);
        let hand =
            format!("x1=\"{x:.2}\" y1=\"{y:.2}\" x2=\"{x:.2}\" y2=\"{:.2}\"", y - 0.9 * RADIUS);
        assert!(svg.contains(&hand), "{svg}");
    }

    #[test]
    fn equal_tokens_are_not_swapped() {
        assert_eq!(swapped(&[1, 2, 3], 0, 2), Some(vec![3, 2, 1]));
        assert_eq!(swapped(&[1, 2, 1], 0, 2), None);
        assert_eq!(swapped(&[1], 0, 4), None);
    }

    #[test]
    fn two_words_of_the_prompt_change_places() {
        let facts = facts(&["The", " cat", " eats", " fish"]);
        let prompt = Prompt::Raw { text: facts.prompt.clone() };
        let after = swapped_prompt(&prompt, &facts, 1, 3);
        assert_eq!(after, Some(Prompt::Raw { text: "The fish eats cat".into() }));
        let message = text::Message { role: "user".into(), content: facts.prompt.clone() };
        let chat = Prompt::Chat { messages: vec![message] };
        let after = swapped_prompt(&chat, &facts, 3, 1);
        assert!(
            matches!(after, Some(Prompt::Chat { messages }) if messages[0].content == "The fish eats cat")
        );
        assert_eq!(swapped_prompt(&prompt, &facts, 1, 9), None);
        let part = SegmentKind::Part { part: PartKind::Question, number: 1 };
        let mut facts = facts;
        facts.segments[0].kind = part;
        let of = |content: &str| Prompt::Parts {
            input: Input::Chat {
                messages: vec![text::Message { role: "user".into(), content: content.into() }],
                starter: "It".into(),
            },
            segments: Vec::new(),
        };
        let after = swapped_prompt(&of(&facts.prompt), &facts, 1, 3);
        assert_eq!(after, Some(of("The fish eats cat")));
        let other = Prompt::Raw { text: "something else".into() };
        assert_eq!(swapped_prompt(&other, &facts, 1, 3), None);
    }
}
