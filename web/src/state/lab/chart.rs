//! The bars as a picture: one for each technique and stage, with its interval and its n.

use lab::Language;
use lab::experiment::{Bar, Experiment};

use crate::state::export::picture::{Font, Mark, Paint, Picture};
use crate::state::lab::tally::{bar_name, share_line};

const MARGIN: f64 = 48.0;
const WIDTH: f64 = 960.0;
const NAMES: f64 = 300.0;
const FIGURES: f64 = 250.0;
const LINE: f64 = 44.0;
const BAR: f64 = 18.0;

/// What is written around the bars.
pub(crate) struct Captions<'a> {
    pub(crate) title: &'a str,
    pub(crate) question: &'a str,
    /// What the bars are, and where the problems come from.
    pub(crate) below: &'a str,
}

/// Lays the chart out. `measure` gives the width of a text.
pub(crate) fn lay_out(
    experiment: &Experiment,
    bars: &[Bar],
    captions: &Captions<'_>,
    language: Language,
    measure: &dyn Fn(&str, Font) -> f64,
) -> Picture {
    let mut pen = Pen { marks: Vec::new(), y: MARGIN, measure };
    pen.paragraph(captions.title, Font::Title, Paint::Ink, WIDTH);
    pen.paragraph(captions.question, Font::Body, Paint::Soft, WIDTH);
    pen.y += LINE / 2.0;
    let (left, width) = (MARGIN + NAMES, WIDTH - NAMES - FIGURES);
    let top = pen.y;
    for bar in bars {
        let y = pen.y;
        let name = bar_name(experiment, bar, language);
        let below = pen.lines(&name, Font::Small, NAMES - 16.0);
        pen.y = y;
        pen.paragraph(&name, Font::Small, Paint::Ink, NAMES - 16.0);
        let track = Mark::Box { x: left, y, width, height: BAR, paint: Paint::Heat(1) };
        pen.marks.push(track);
        if bar.right.n > 0 {
            let at = |share: f64| left + share.clamp(0.0, 1.0) * width;
            pen.fill(left, y, at(bar.right.share) - left, BAR, Paint::Heat(6));
            let (low, high) = (at(bar.right.low), at(bar.right.high));
            pen.fill(low, y + BAR / 2.0 - 1.0, high - low, 2.0, Paint::Ink);
            for end in [low, high] {
                pen.fill(end - 1.0, y + 3.0, 2.0, BAR - 6.0, Paint::Ink);
            }
        }
        pen.write(left + width + 16.0, y, &share_line(bar), Font::Small, Paint::Ink);
        pen.y = y + LINE.max(below + 12.0);
    }
    // The scale: nothing, half, all.
    for (share, label) in [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")] {
        let x = left + share * width;
        pen.fill(x, top - 6.0, 1.0, pen.y - top, Paint::Rule);
        pen.write(x + 4.0, pen.y - 6.0, label, Font::Small, Paint::Soft);
    }
    pen.y += LINE / 2.0;
    pen.paragraph(captions.below, Font::Small, Paint::Soft, WIDTH);
    let (width, height) = (WIDTH + 2.0 * MARGIN, pen.y + MARGIN);
    let paper = Mark::Box { x: 0.0, y: 0.0, width, height, paint: Paint::Paper };
    pen.marks.insert(0, paper);
    Picture { width, height, marks: pen.marks }
}

struct Pen<'a> {
    marks: Vec<Mark>,
    y: f64,
    measure: &'a dyn Fn(&str, Font) -> f64,
}

impl Pen<'_> {
    fn fill(&mut self, x: f64, y: f64, width: f64, height: f64, paint: Paint) {
        self.marks.push(Mark::Box { x, y, width: width.max(0.0), height, paint });
    }

    fn write(&mut self, x: f64, y: f64, text: &str, font: Font, paint: Paint) {
        self.marks.push(Mark::Text { x, y, text: text.to_owned(), font, paint });
    }

    /// Lines from the left margin, and a little room below them.
    fn paragraph(&mut self, text: &str, font: Font, paint: Paint, width: f64) {
        for line in wrapped(text, font, width, self.measure) {
            self.write(MARGIN, self.y, &line, font, paint);
            self.y += font.size() * 1.5;
        }
    }

    /// How high a text will be.
    fn lines(&self, text: &str, font: Font, width: f64) -> f64 {
        wrapped(text, font, width, self.measure).len() as f64 * font.size() * 1.5
    }
}

/// Breaks a text at spaces; what is too long for a line is broken anywhere.
fn wrapped(text: &str, font: Font, width: f64, measure: &dyn Fn(&str, Font) -> f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut put = |line: &mut String, piece: &str| {
        let longer = format!("{line}{piece}");
        if !line.is_empty() && measure(longer.trim_end(), font) > width {
            lines.push(std::mem::take(line).trim_end().to_owned());
            piece.trim_start().clone_into(line);
        } else {
            *line = longer;
        }
    };
    for word in text.split_inclusive(' ') {
        if measure(word.trim_end(), font) > width {
            word.chars().for_each(|c| put(&mut line, c.encode_utf8(&mut [0; 4])));
        } else {
            put(&mut line, word);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::testing::finished;

    fn measure(text: &str, font: Font) -> f64 {
        text.chars().count() as f64 * font.size() / 2.0
    }

    #[test]
    fn every_bar_has_its_interval_and_its_n_within_the_picture() {
        let run = finished(6);
        let bars = run.results().bars(None);
        let long = "问题".repeat(120);
        let captions = Captions { title: "Title", question: &long, below: "below" };
        let picture = lay_out(run.experiment(), &bars, &captions, Language::En, &measure);
        for mark in &picture.marks {
            let (x, y, right, bottom) = match mark {
                Mark::Box { x, y, width, height, .. } => (*x, *y, x + width, y + height),
                Mark::Text { x, y, text, font, .. } => {
                    (*x, *y, x + measure(text, *font), y + font.size())
                }
            };
            assert!(x >= 0.0 && y >= 0.0, "{mark:?}");
            assert!(right <= picture.width && bottom <= picture.height, "{mark:?}");
        }
        let says_n =
            |mark: &&Mark| matches!(mark, Mark::Text { text, .. } if text.contains("n = 6"));
        assert_eq!(picture.marks.iter().filter(says_n).count(), bars.len());
        let filled = |mark: &&Mark| matches!(mark, Mark::Box { paint: Paint::Heat(6), .. });
        assert_eq!(picture.marks.iter().filter(filled).count(), bars.len());
    }

    #[test]
    fn nothing_of_a_text_is_lost_where_it_is_broken() {
        let text = "three short words and averyveryverylongone";
        let lines = wrapped(text, Font::Body, 120.0, &measure);
        assert!(lines.len() > 3);
        let joined: String = lines.concat();
        assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        assert!(lines.iter().all(|line| measure(line, Font::Body) <= 120.0));
    }
}
