//! Bars as a file: CSV (RFC 4180) and SVG.

use super::{Chart, Ink};
use crate::state::heatmap::file::escaped;

/// Size of the text.
pub(crate) const FONT: f64 = 12.0;
const MARGIN: f64 = 14.0;
const NAME: f64 = 170.0;
const TRACK: f64 = 340.0;
const NUMBER: f64 = 80.0;
const LINE: f64 = 16.0;
const BAR: f64 = 8.0;
/// Between rows.
const GAP: f64 = 5.0;
/// Longer names are cut.
const LONGEST: usize = 26;

/// A colour of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Text,
    Soft,
    Rule,
    Series(Ink),
}

impl Paint {
    /// On light paper: a picture is most often put on white.
    pub(crate) fn css(self) -> &'static str {
        match self {
            Self::Text => "#1f1d1a",
            Self::Soft | Self::Series(Ink::Soft) => "#8b8478",
            Self::Rule => "#e2dcd0",
            Self::Series(Ink::Attention) => "#7443a8",
            Self::Series(Ink::Heat) => "#b97a22",
            Self::Series(Ink::Part) => "#0b6570",
        }
    }
}

/// The paper.
pub(crate) const PAPER: &str = "#fffefb";

/// Something to draw. Text hangs from its middle line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    Box { x: f64, y: f64, width: f64, height: f64, paint: Paint },
    Text { x: f64, y: f64, text: String, to_the_left: bool, paint: Paint },
}

/// A picture laid out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) marks: Vec<Mark>,
}

/// Lays the bars out, the names of the series above them.
pub(crate) fn lay_out(chart: &Chart) -> Sheet {
    let mut marks = Vec::new();
    let mut y = MARGIN;
    let track = MARGIN + NAME;
    for series in &chart.series {
        let paint = Paint::Series(series.ink);
        marks.push(Mark::Box { x: track, y: y + 4.0, width: BAR, height: BAR, paint });
        marks.push(text(track + BAR + 6.0, y + BAR, &series.name, Paint::Soft));
        y += LINE;
    }
    y += GAP;
    let extents: Vec<_> = (0..chart.series.len()).map(|at| chart.extent(at)).collect();
    for bar in &chart.bars {
        marks.push(text(MARGIN, y + LINE / 2.0, &shortened(&bar.name), Paint::Text));
        for ((series, value), extent) in chart.series.iter().zip(&bar.values).zip(&extents) {
            let middle = y + LINE / 2.0;
            let zero = extent.zero().mul_add(TRACK, track);
            let (height, paint) = (LINE, Paint::Rule);
            marks.push(Mark::Box { x: zero - 0.5, y, width: 1.0, height, paint });
            if let Some(value) = value {
                let stretch = extent.stretch(*value);
                marks.push(Mark::Box {
                    x: stretch.from.mul_add(TRACK, track),
                    y: middle - BAR / 2.0,
                    width: stretch.width * TRACK,
                    height: BAR,
                    paint: Paint::Series(series.ink),
                });
                marks.push(Mark::Text {
                    x: track + TRACK + NUMBER,
                    y: middle,
                    text: series.unit.write(*value),
                    to_the_left: true,
                    paint: Paint::Text,
                });
            }
            y += LINE;
        }
        y += GAP;
    }
    Sheet { width: track + TRACK + NUMBER + MARGIN, height: y + MARGIN, marks }
}

fn text(x: f64, y: f64, text: &str, paint: Paint) -> Mark {
    Mark::Text { x, y, text: text.to_owned(), to_the_left: false, paint }
}

fn shortened(name: &str) -> String {
    let mut characters = name.chars();
    let mut out: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// The picture on light paper, with its caption as the title.
pub(crate) fn svg(chart: &Chart, caption: &str) -> String {
    let Sheet { width, height, marks } = lay_out(chart);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"{FONT}\">\
         <title>{}</title><rect width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>",
        escaped(caption),
    );
    for mark in marks {
        out.push_str(&match mark {
            Mark::Box { x, y, width, height, paint } => format!(
                "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" fill=\"{}\"/>",
                paint.css(),
            ),
            Mark::Text { x, y, text, to_the_left, paint } => format!(
                "<text x=\"{x:.2}\" y=\"{y:.2}\" dominant-baseline=\"central\" text-anchor=\"{}\" fill=\"{}\">{}</text>",
                if to_the_left { "end" } else { "start" },
                paint.css(),
                escaped(&text),
            ),
        });
    }
    out.push_str("</svg>\n");
    out
}

/// A line for each bar, with the exact numbers. What has not come is empty.
pub(crate) fn csv(chart: &Chart) -> String {
    let mut out = String::new();
    for series in &chart.series {
        out.push(',');
        out.push_str(&quoted(&series.name));
    }
    out.push_str("\r\n");
    for bar in &chart.bars {
        out.push_str(&quoted(&bar.name));
        for value in &bar.values {
            out.push(',');
            if let Some(value) = value {
                out.push_str(&value.to_string());
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// A field in quotation marks, with those inside it doubled.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::super::tests::chart;
    use super::*;

    #[test]
    fn a_line_for_each_bar_and_nothing_for_what_has_not_come() {
        assert_eq!(csv(&chart()), ",\"one\",\"two\"\r\n\"a\",3,-1\r\n\"<b>\",1,\r\n");
    }

    #[test]
    fn the_svg_names_and_escapes() {
        let svg = svg(&chart(), "a & b");
        assert!(svg.contains("<title>a &amp; b</title>") && svg.contains("&lt;b&gt;"), "{svg}");
        // Paper, two legends, four zero lines, three bars.
        assert_eq!(svg.matches("<rect ").count(), 10);
    }

    #[test]
    fn bars_stay_on_their_track() {
        for mark in lay_out(&chart()).marks {
            if let Mark::Box { x, width, paint: Paint::Series(_), .. } = mark {
                assert!(x >= MARGIN + NAME - 1e-9);
                assert!(x + width <= MARGIN + NAME + TRACK + 1e-9);
            }
        }
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened(&"x".repeat(40)).chars().count(), LONGEST);
        assert_eq!(shortened("short"), "short");
    }
}
