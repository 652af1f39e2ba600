//! The view as a picture: where each word stands and each colour lies. Drawn by `browser::picture`.

use super::{Shown, Snapshot, Words, settings_line};
use crate::state::format;

/// The look of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Font {
    Title,
    Name,
    Body,
    Small,
}

impl Font {
    /// Size in pixels.
    pub(crate) fn size(self) -> f64 {
        match self {
            Self::Title => 30.0,
            Self::Name => 18.0,
            Self::Body => 20.0,
            Self::Small => 13.0,
        }
    }

    fn line(self) -> f64 {
        self.size() * 1.5
    }
}

/// The colour of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Paper,
    Ink,
    Soft,
    Rule,
    /// Whole bits of surprisal, at most 8.
    Heat(u8),
}

/// One thing to draw. Texts hang from their top left corner.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    Box { x: f64, y: f64, width: f64, height: f64, paint: Paint },
    Text { x: f64, y: f64, text: String, font: Font, paint: Paint },
}

/// The picture, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) marks: Vec<Mark>,
}

const MARGIN: f64 = 48.0;
const GAP: f64 = 36.0;
const COLUMN: f64 = 420.0;

/// Lays the view out. `measure` gives the width of a text.
pub(crate) fn lay_out(
    snapshot: &Snapshot,
    words: &Words,
    measure: &dyn Fn(&str, Font) -> f64,
) -> Picture {
    let count = snapshot.columns.len().max(1) as f64;
    let inner = count * COLUMN + (count - 1.0) * GAP;
    let mut pen = Pen { measure, marks: Vec::new(), left: MARGIN, width: inner, x: 0.0, y: MARGIN };
    pen.paragraph(words.title, Font::Title, Paint::Ink);
    pen.paragraph(&snapshot.prompt, Font::Body, Paint::Soft);
    pen.y += GAP / 2.0;
    let top = pen.y;
    let mut bottom = top;
    for (at, column) in snapshot.columns.iter().enumerate() {
        pen.left = MARGIN + at as f64 * (COLUMN + GAP);
        pen.width = COLUMN;
        pen.y = top;
        pen.column(column, words);
        bottom = pen.y.max(bottom);
    }
    let (width, height) = (inner + 2.0 * MARGIN, bottom + MARGIN);
    let paper = Mark::Box { x: 0.0, y: 0.0, width, height, paint: Paint::Paper };
    pen.marks.insert(0, paper);
    Picture { width, height, marks: pen.marks }
}

/// Writes into a column of its own width, from top to bottom.
struct Pen<'a> {
    measure: &'a dyn Fn(&str, Font) -> f64,
    marks: Vec<Mark>,
    left: f64,
    width: f64,
    /// Within the column.
    x: f64,
    y: f64,
}

impl Pen<'_> {
    fn column(&mut self, column: &Shown, words: &Words) {
        let Shown { letter, name, run } = column;
        let (x, y, width) = (self.left, self.y, self.width);
        self.marks.push(Mark::Box { x, y, width, height: 1.0, paint: Paint::Rule });
        self.y += 10.0;
        self.paragraph(&format!("{letter} · {name}"), Font::Name, Paint::Ink);
        self.y += 6.0;
        for token in run.tokens.iter().filter(|token| !token.token.special) {
            let heat = format::shade(token.bits());
            self.flow(&token.token.text, Font::Body, Paint::Ink, Some(heat));
        }
        self.end_line(Font::Body);
        self.y += 10.0;
        if let Some(reward) = run.reward {
            let line = format!("{} {}", words.reward, format::signed(reward));
            self.paragraph(&line, Font::Small, Paint::Ink);
        }
        if let Some(asked) = &run.asked {
            self.paragraph(&settings_line(asked), Font::Small, Paint::Soft);
        }
    }

    /// A text of its own lines, broken at spaces.
    fn paragraph(&mut self, text: &str, font: Font, paint: Paint) {
        for word in text.split_inclusive([' ', '\n']) {
            self.flow(word, font, paint, None);
        }
        self.end_line(font);
    }

    /// Puts a piece of text after what is there; what is too long for a line is broken anywhere.
    fn flow(&mut self, text: &str, font: Font, paint: Paint, heat: Option<u8>) {
        for (at, piece) in text.split('\n').enumerate() {
            if at > 0 {
                self.y += font.line();
                self.x = 0.0;
            }
            if (self.measure)(piece, font) <= self.width {
                self.put(piece, font, paint, heat);
            } else {
                piece.chars().for_each(|c| self.put(c.encode_utf8(&mut [0; 4]), font, paint, heat));
            }
        }
    }

    fn put(&mut self, text: &str, font: Font, paint: Paint, heat: Option<u8>) {
        let mut text = text;
        // A space at the end of a line takes no room.
        if self.x > 0.0 && self.x + (self.measure)(text.trim_end(), font) > self.width {
            self.y += font.line();
            self.x = 0.0;
            text = text.trim_start();
        }
        if text.is_empty() {
            return;
        }
        let (x, y, width) = (self.left + self.x, self.y, (self.measure)(text, font));
        if let Some(heat) = heat.filter(|heat| *heat > 0) {
            let height = font.line();
            let paint = Paint::Heat(heat);
            self.marks.push(Mark::Box { x, y: y - font.size() * 0.25, width, height, paint });
        }
        self.marks.push(Mark::Text { x, y, text: text.to_owned(), font, paint });
        self.x += width;
    }

    fn end_line(&mut self, font: Font) {
        self.y += font.line();
        self.x = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{WORDS, snapshot};
    use super::*;

    /// Every character is half as wide as the font is high.
    fn measure(text: &str, font: Font) -> f64 {
        text.chars().count() as f64 * font.size() / 2.0
    }

    #[test]
    fn everything_lies_within_the_picture_and_its_column() {
        let mut snapshot = snapshot();
        snapshot.prompt = "word ".repeat(100);
        let long = "香".repeat(90);
        snapshot.columns[0].run.tokens[0].token.text = long;
        let picture = lay_out(&snapshot, &WORDS, &measure);
        for mark in &picture.marks {
            let (x, y, right, bottom) = match mark {
                Mark::Box { x, y, width, height, .. } => (*x, *y, x + width, y + height),
                Mark::Text { x, y, text, font, .. } => {
                    (*x, *y, x + measure(text.trim_end(), *font), y + font.size())
                }
            };
            assert!(x >= 0.0 && y >= 0.0, "{mark:?}");
            assert!(right <= picture.width && bottom <= picture.height, "{mark:?} of {picture:?}");
        }
        let second = MARGIN + COLUMN + GAP;
        let reaches = picture.marks.iter().any(
            |mark| matches!(mark, Mark::Text { x, text, .. } if text == "香" && *x >= second - GAP),
        );
        assert!(!reaches, "the first column stays out of the second");
    }

    #[test]
    fn tokens_are_shaded_by_surprise() {
        let picture = lay_out(&snapshot(), &WORDS, &measure);
        let heat = |mark: &&Mark| matches!(mark, Mark::Box { paint: Paint::Heat(1), .. });
        // Three tokens of one bit each; the one with a line break is two pieces.
        assert_eq!(picture.marks.iter().filter(heat).count(), 4);
    }
}
