//! Pictures that the page makes of chips, strips, lines and hands, as files: SVG on light paper, and what goes with it.

use super::chart::file::{self, PAPER, Paint};
use super::chart::{Chart, Ink};
use crate::state::heatmap::file::escaped;
use crate::state::heatmap::layout::{FONT, text_width};

pub(crate) const MARGIN: f64 = 14.0;
/// Chips go on in the next line beyond this.
pub(crate) const ROOM: f64 = 720.0;
/// From one line of text to the next.
pub(crate) const LINE: f64 = 22.0;
/// Height of a chip, and room beside its text.
const CHIP: f64 = 17.0;
const PADDING: f64 = 3.0;

/// A picture as files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Saved {
    pub(crate) svg: String,
    pub(crate) csv: String,
}

impl Saved {
    /// Of bars.
    pub(crate) fn of(chart: &Chart, caption: &str) -> Self {
        Self { svg: file::svg(chart, caption), csv: file::csv(chart) }
    }
}

/// Which end of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A token with its shade.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chip {
    pub(crate) text: String,
    pub(crate) ink: Ink,
    /// From 0 to 1.
    pub(crate) strength: f64,
    /// The text goes on in the next line.
    pub(crate) ends_line: bool,
}

/// A picture that grows with its marks. Places are (across, down).
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    width: f64,
    height: f64,
    body: String,
}

impl Sketch {
    fn cover(&mut self, right: f64, bottom: f64) {
        self.width = self.width.max(right);
        self.height = self.height.max(bottom);
    }

    pub(crate) fn area(
        &mut self,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        paint: Paint,
        strength: f64,
    ) {
        self.cover(x + width, y + height);
        self.body.push_str(&format!(
            "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" fill=\"{}\" fill-opacity=\"{strength:.3}\"/>",
            paint.css(),
        ));
    }

    /// `thickness`, and how strong it is from 0 to 1.
    pub(crate) fn line(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        paint: Paint,
        (thickness, strength): (f64, f64),
    ) {
        self.cover(from.0.max(to.0), from.1.max(to.1));
        self.body.push_str(&format!(
            "<line x1=\"{:.2}\" y1=\"{:.2}\" x2=\"{:.2}\" y2=\"{:.2}\" stroke=\"{}\" stroke-width=\"{thickness:.2}\" stroke-opacity=\"{strength:.3}\"/>",
            from.0,
            from.1,
            to.0,
            to.1,
            paint.css(),
        ));
    }

    pub(crate) fn circle(&mut self, (x, y): (f64, f64), radius: f64, paint: Paint) {
        self.cover(x + radius, y + radius);
        self.body.push_str(&format!(
            "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius:.2}\" fill=\"none\" stroke=\"{}\"/>",
            paint.css(),
        ));
    }

    /// A path with a filling that is no [`Paint`], within an area.
    pub(crate) fn path(&mut self, path: &str, fill: &str, (right, bottom): (f64, f64)) {
        self.cover(right, bottom);
        self.body.push_str(&format!("<path d=\"{path}\" fill=\"{fill}\"/>"));
    }

    /// A text that hangs from its middle line.
    pub(crate) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, paint: Paint, text: &str) {
        let (name, share) = match anchor {
            Anchor::Start => ("start", 1.0),
            Anchor::Middle => ("middle", 0.5),
            Anchor::End => ("end", 0.0),
        };
        self.cover(share * text_width(text) + x, y + FONT / 2.0);
        self.body.push_str(&format!(
            "<text x=\"{x:.2}\" y=\"{y:.2}\" dominant-baseline=\"central\" text-anchor=\"{name}\" fill=\"{}\">{}</text>",
            paint.css(),
            escaped(text),
        ));
    }

    /// Chips one after another from `y` on, as a text runs. Returns where they end.
    pub(crate) fn chips(&mut self, y: f64, chips: &[Chip]) -> f64 {
        let (mut x, mut y) = (MARGIN, y);
        for Chip { text, ink, strength, ends_line } in chips {
            let shown = text.replace(' ', "·");
            let width = text_width(&shown) + 2.0 * PADDING;
            if x + width > MARGIN + ROOM && x > MARGIN {
                (x, y) = (MARGIN, y + LINE);
            }
            self.area((x, y), (width - 1.0, CHIP), Paint::Series(*ink), *strength);
            self.text((x + PADDING, y + CHIP / 2.0), Anchor::Start, Paint::Text, &shown);
            x += width;
            if *ends_line {
                (x, y) = (MARGIN, y + LINE);
            }
        }
        y + LINE
    }

    /// The picture, with its caption as the title.
    pub(crate) fn svg(&self, caption: &str) -> String {
        let (width, height) = ((self.width + MARGIN).ceil(), (self.height + MARGIN).ceil());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"{FONT}\"><title>{}</title>\
             <defs><pattern id=\"absent\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><path d=\"M0 0V5\" stroke=\"#c9c1b2\"/></pattern></defs>\
             <rect width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>{}</svg>\n",
            escaped(caption),
            self.body,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chip(text: &str, ends_line: bool) -> Chip {
        Chip { text: text.to_owned(), ink: Ink::Heat, strength: 0.5, ends_line }
    }

    #[test]
    fn the_picture_is_as_large_as_its_marks() {
        let mut sketch = Sketch::default();
        sketch.area((10.0, 20.0), (90.0, 30.0), Paint::Rule, 1.0);
        sketch.line((0.0, 0.0), (40.0, 136.0), Paint::Text, (1.0, 1.0));
        let svg = sketch.svg("a & b");
        assert!(svg.contains("viewBox=\"0 0 114 150\""), "{svg}");
        assert!(svg.contains("<title>a &amp; b</title>") && svg.ends_with("</svg>\n"), "{svg}");
    }

    #[test]
    fn chips_run_on_in_the_next_line() {
        let mut sketch = Sketch::default();
        let long = "x".repeat(60);
        let end = sketch.chips(0.0, &[chip("<a> b", true), chip(&long, false), chip(&long, false)]);
        assert_eq!(end, 3.0 * LINE);
        let svg = sketch.svg("");
        assert!(svg.contains("&lt;a&gt;·b"), "{svg}");
        // Paper and three chips.
        assert_eq!(svg.matches("<rect ").count(), 4);
    }

    #[test]
    fn one_that_is_wider_than_the_room_has_a_line_of_its_own() {
        let mut sketch = Sketch::default();
        assert_eq!(sketch.chips(0.0, &[chip(&"m".repeat(200), false)]), LINE);
    }
}
