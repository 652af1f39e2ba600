//! A table as a file: CSV (RFC 4180) and, while it is small, SVG.

use super::layout::{FONT, Layout, Name};
use super::palette::{Palette, Rgb, Tone};
use super::viewport::Viewport;
use super::{Cell, Grid};

/// More cells make an SVG that no program opens gladly.
const MOST_CELLS: usize = 64 * 64;
/// Width of the room that a picture in a file is laid out for.
pub(crate) const ROOM: f64 = 960.0;
const MARGIN: f64 = 12.0;

/// Can this table be an SVG?
pub(crate) fn has_svg(grid: &Grid) -> bool {
    grid.rows * grid.columns <= MOST_CELLS
}

/// The numbers: a line for each row, with the names at the edges. Absent cells are empty.
pub(crate) fn csv(grid: &Grid) -> String {
    let name = |names: &[String], at: usize| {
        names.get(at).map_or_else(|| at.to_string(), |name| quoted(name))
    };
    let mut out = String::new();
    for column in 0..grid.columns {
        out.push(',');
        out.push_str(&name(&grid.column_names, column));
    }
    out.push_str("\r\n");
    for row in 0..grid.rows {
        out.push_str(&name(&grid.row_names, row));
        for column in 0..grid.columns {
            out.push(',');
            if let Some(value) = grid.value(Cell { row, column }) {
                out.push_str(&value.to_string());
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// A field in quotation marks, with those inside it doubled.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The picture on light paper, with its caption as the title. `None` for a large table.
pub(crate) fn svg(grid: &Grid, caption: &str, row_height: Option<f64>) -> Option<String> {
    if !has_svg(grid) {
        return None;
    }
    let view = Viewport::default();
    let layout = Layout::of(grid, ROOM, row_height);
    let palette = Palette::new(Tone::Light, grid.scale);
    let (width, height) = layout.size();
    let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"{FONT}\">\
         <title>{}</title>\
         <defs><pattern id=\"absent\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path d=\"M0 0V5\" stroke=\"{}\"/></pattern></defs>\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\
         <g transform=\"translate({} {})\">",
        escaped(caption),
        hex(palette.hatch),
        hex(palette.paper),
        layout.left + MARGIN,
        layout.top + MARGIN,
    );
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            push_cell(&mut out, grid, &layout, &palette, Cell { row, column });
        }
    }
    for Name { text, at } in layout.row_names(grid, &view) {
        let text = escaped(&text);
        out.push_str(&format!(
            "<text x=\"-6\" y=\"{at:.1}\" text-anchor=\"end\" dominant-baseline=\"central\">{text}</text>"
        ));
    }
    for Name { text, at } in layout.column_names(grid, &view) {
        let text = escaped(&text);
        out.push_str(&if layout.level {
            format!("<text x=\"{at:.1}\" y=\"-5\" text-anchor=\"middle\">{text}</text>")
        } else {
            format!(
                "<text transform=\"translate({at:.1} -6) rotate(-90)\" dominant-baseline=\"central\">{text}</text>"
            )
        });
    }
    out.push_str("</g></svg>\n");
    Some(out)
}

fn push_cell(out: &mut String, grid: &Grid, layout: &Layout, palette: &Palette, cell: Cell) {
    let Some(place) = layout.place(grid, &Viewport::default(), cell) else { return };
    let value = grid.value(cell);
    let colour = value.map(|value| palette.colour(grid.scale, value));
    let fill = colour.map_or_else(|| "url(#absent)".to_owned(), hex);
    let (x, y) = (place.x, place.y);
    out.push_str(&format!(
        "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{fill}\"/>",
        place.width, place.height,
    ));
    let text = grid.texts.get(cell.row * grid.columns + cell.column);
    if let (Some(text), Some(colour)) = (text, colour) {
        let text = escaped(&super::layout::shortened(text, place.width - 4.0));
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" dominant-baseline=\"central\" fill=\"{}\">{text}</text>",
            x + place.width / 2.0,
            y + place.height / 2.0,
            hex(palette.on(colour)),
        ));
    }
}

/// `#010203`
pub(crate) fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text inside XML. Characters that XML has no place for are left out.
pub(crate) fn escaped(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::heatmap::{Absent, Scale};

    fn grid() -> Grid {
        let mut grid = Grid::new(2, 2, vec![1.0, 0.0, 0.25, 0.75], Scale::default()).expect("fits");
        grid.absent = Absent::After;
        grid.row_names = vec!["\"a\"".into(), "<b>".into()];
        grid.column_names = grid.row_names.clone();
        grid
    }

    #[test]
    fn absent_cells_are_empty_fields() {
        assert_eq!(
            csv(&grid()),
            ",\"\"\"a\"\"\",\"<b>\"\r\n\"\"\"a\"\"\",1,\r\n\"<b>\",0.25,0.75\r\n"
        );
    }

    #[test]
    fn a_table_without_names_counts() {
        let grid = Grid::new(1, 2, vec![0.5, -1.0], Scale::Signed { top: 1.0 }).expect("fits");
        assert_eq!(csv(&grid), ",0,1\r\n0,0.5,-1\r\n");
    }

    #[test]
    fn an_svg_has_a_rectangle_for_each_cell_and_escapes_names() {
        let svg = svg(&grid(), "a & b", None).expect("small");
        assert_eq!(svg.matches("<rect x=").count(), 4);
        assert_eq!(svg.matches("url(#absent)").count(), 1);
        assert!(svg.contains("<title>a &amp; b</title>") && svg.contains("&lt;b&gt;"), "{svg}");
    }

    #[test]
    fn a_large_table_is_no_svg() {
        let grid = Grid::new(65, 64, vec![0.0; 65 * 64], Scale::default()).expect("fits");
        assert_eq!(svg(&grid, "", None), None);
    }
}
