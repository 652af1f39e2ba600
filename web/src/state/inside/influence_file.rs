//! The text shaded by what each token is worth, and by where attention went, as files.

use super::chart::Ink;
use super::chart::file::{Paint, quoted};
use super::influence::{Influence, shade};
use super::sketch::{Anchor, Chip, LINE, MARGIN, Saved, Sketch};
use crate::protocol::TokenView;
use crate::state::token;

/// Whole steps of the strongest shade.
const STRONGEST: f64 = 8.0;
/// How much of its colour the strongest has, so that the text on it can be read.
const COVER: f64 = 0.55;

/// Both measures, as far as they have come.
pub(crate) struct Measured<'a> {
    pub(crate) influence: Option<&'a Influence>,
    /// Attention rollout.
    pub(crate) rollout: Option<&'a Vec<f32>>,
}

impl Measured<'_> {
    /// The shade of a token by each measure, in whole steps from −8 to 8.
    fn steps(&self, at: usize) -> [Option<i8>; 2] {
        let top = self.rollout.into_iter().flatten().fold(0.0f32, |top, weight| top.max(*weight));
        let weight = self.rollout.and_then(|row| row.get(at));
        [
            self.influence.and_then(|influence| influence.shade(at)),
            weight.map(|weight| shade(*weight, top)),
        ]
    }

    /// One text under the other, each under its title; and a line of the table for each token.
    pub(crate) fn saved(&self, tokens: &[TokenView], titles: [&str; 2], caption: &str) -> Saved {
        let steps: Vec<_> = (0..tokens.len()).map(|at| self.steps(at)).collect();
        let mut sketch = Sketch::default();
        let mut y = MARGIN;
        for (measure, title) in titles.into_iter().enumerate() {
            sketch.text((MARGIN, y + LINE / 2.0), Anchor::Start, Paint::Soft, title);
            let shaded = tokens.iter().zip(&steps);
            let chips: Vec<Chip> =
                shaded.map(|(view, steps)| chip(view, measure, steps[measure])).collect();
            y = sketch.chips(y + LINE, &chips) + LINE;
        }
        Saved { svg: sketch.svg(caption), csv: self.csv(tokens) }
    }

    /// What was not measured is empty.
    fn csv(&self, tokens: &[TokenView]) -> String {
        let mut out = "place,token,worth,attention\r\n".to_owned();
        for (at, view) in tokens.iter().enumerate() {
            let worth = self.influence.and_then(|influence| influence.worth(at));
            let weight = self.rollout.and_then(|row| row.get(at).copied());
            let [worth, weight] =
                [worth, weight].map(|value| value.map(|v| v.to_string()).unwrap_or_default());
            let name = quoted(&token::spoken(view));
            out.push_str(&format!("{at},{name},{worth},{weight}\r\n"));
        }
        out
    }
}

fn chip(view: &TokenView, measure: usize, step: Option<i8>) -> Chip {
    let step = step.unwrap_or_default();
    let ink = match measure {
        0 if step < 0 => Ink::Part,
        0 => Ink::Heat,
        _ => Ink::Attention,
    };
    Chip {
        text: token::spoken(view),
        ink,
        strength: f64::from(step.unsigned_abs()) / STRONGEST * COVER,
        ends_line: token::newlines(view) > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::token as named;

    #[test]
    fn both_texts_and_their_numbers_are_in_the_files() {
        let influence = Influence { untouched: 0.75, without: vec![Some(0.25), None, Some(1.0)] };
        let rollout = vec![0.5, 0.25, 0.25];
        let measured = Measured { influence: Some(&influence), rollout: Some(&rollout) };
        let tokens = [named(1, "a\n"), named(2, "\"b\""), named(3, "c")];
        let Saved { svg, csv } = measured.saved(&tokens, ["one", "two"], "caption");
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[1..], ["0,\"a↵\",0.5,0.5", "1,\"\"\"b\"\"\",,0.25", "2,\"c\",-0.25,0.25"]);
        // Paper, and each token twice.
        assert_eq!(svg.matches("<rect ").count(), 1 + 2 * tokens.len());
        assert!(svg.contains(">one</text>") && svg.contains(">two</text>"), "{svg}");
        let less = format!("fill=\"{}\"", Paint::Series(Ink::Part).css());
        assert_eq!(svg.matches(&less).count(), 1, "one token stood in the way");
    }

    #[test]
    fn before_anything_is_measured_the_text_is_plain() {
        let measured = Measured { influence: None, rollout: None };
        let Saved { svg, csv } = measured.saved(&[named(1, "a")], ["one", "two"], "caption");
        assert!(csv.ends_with("0,\"a\",,\r\n"), "{csv}");
        assert_eq!(svg.matches("fill-opacity=\"0.000\"").count(), 2);
    }
}
