//! Embedding rows as pictures, and points of a projection as a picture and a table.

use crate::protocol::TokenView;
use crate::state::heatmap::file::escaped;
use crate::state::heatmap::{Grid, Scale};
use crate::state::inside::pca::Projection;
use crate::state::token;

/// Cells of a line of the strip.
const LINE: usize = 64;

/// A row as lines of cells; what is missing in the last line is absent by being left out of the last line's end.
pub(crate) fn strip(row: &[f32]) -> Option<Grid> {
    let line = if row.len().is_multiple_of(LINE) { LINE } else { divisor(row.len()) };
    let mut grid =
        Grid::new(row.len() / line.max(1), line, row.to_vec(), Scale::Signed { top: 1.0 })?;
    grid.scale = Scale::Signed { top: grid.largest() };
    grid.row_names = (0..grid.rows).map(|at| (at * line).to_string()).collect();
    Some(grid)
}

/// The largest number up to [`LINE`] that cuts a row into equal lines.
fn divisor(length: usize) -> usize {
    (1..=LINE.min(length)).rev().find(|line| length.is_multiple_of(*line)).unwrap_or(1)
}

/// A point of the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) name: String,
    pub(crate) id: u32,
    /// Place in the text; `None` for a neighbour from the vocabulary.
    pub(crate) token: Option<u32>,
    /// From 0 to 1, both.
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// In the projection.
    pub(crate) at: [f32; 2],
}

/// Points within the unit square, in the same proportion on both axes. The first are the text's tokens, the rest
/// neighbours.
pub(crate) fn points(
    projection: &Projection,
    tokens: &[TokenView],
    neighbours: &[TokenView],
) -> Vec<Point> {
    let all = &projection.points;
    let bounds = |axis: usize| {
        let values = all.iter().map(|point| point[axis]);
        let low = values.clone().fold(f32::INFINITY, f32::min);
        (low, values.fold(f32::NEG_INFINITY, f32::max) - low)
    };
    let ((left, width), (low, height)) = (bounds(0), bounds(1));
    let extent = width.max(height).max(f32::MIN_POSITIVE);
    let names = tokens.iter().chain(neighbours);
    all.iter()
        .zip(names)
        .enumerate()
        .map(|(place, (at, view))| Point {
            name: token::spoken(view),
            id: view.id,
            token: (place < tokens.len()).then_some(place as u32),
            x: f64::from((at[0] - left + (extent - width) / 2.0) / extent),
            // Up is more.
            y: 1.0 - f64::from((at[1] - low + (extent - height) / 2.0) / extent),
            at: *at,
        })
        .collect()
}

/// Rows as wide as `like`, each made as long as it: only where they point is kept. A row without length stays.
pub(crate) fn as_long_as(like: &[f32], rows: &[f32]) -> Vec<f32> {
    let length = |vector: &[f32]| vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    let wanted = length(like);
    let scaled = |row: &[f32]| {
        let own = length(row);
        let factor = if own > 0.0 { wanted / own } else { 1.0 };
        row.iter().map(|x| (f64::from(*x) * factor) as f32).collect::<Vec<f32>>()
    };
    rows.chunks_exact(like.len().max(1)).flat_map(scaled).collect()
}

/// Side of a picture in a file.
const SIDE: f64 = 640.0;
const MARGIN: f64 = 40.0;

/// The picture on light paper.
pub(crate) fn svg(points: &[Point], caption: &str) -> String {
    let whole = SIDE + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" width=\"{whole}\" height=\"{whole}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\"><title>{}</title>\
         <rect width=\"100%\" height=\"100%\" fill=\"#fffefb\"/>",
        escaped(caption)
    );
    for Point { name, token, x, y, .. } in points {
        let (x, y) = (MARGIN + x * SIDE, MARGIN + y * SIDE);
        let fill = if token.is_some() { "#7443a8" } else { "#8b8478" };
        out.push_str(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{fill}\"/><text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + 7.0,
            y + 4.0,
            escaped(name)
        ));
    }
    out.push_str("</svg>\n");
    out
}

/// A line for each point.
pub(crate) fn csv(points: &[Point]) -> String {
    let mut out = "place,token,x,y\r\n".to_owned();
    for Point { name, token, at, .. } in points {
        let place = token.map(|token| token.to_string()).unwrap_or_default();
        let name = name.replace('"', "\"\"");
        out.push_str(&format!("{place},\"{name}\",{},{}\r\n", at[0], at[1]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::heatmap::Cell;
    use crate::state::testing::token;

    #[test]
    fn a_strip_has_every_number_once() {
        for (length, lines) in [(128, 2), (640, 10), (100, 2), (7, 1)] {
            let row: Vec<f32> = (0..length).map(|at| at as f32).collect();
            let grid = strip(&row).expect("a row");
            assert_eq!((grid.rows, grid.rows * grid.columns), (lines, length));
            assert_eq!(grid.value(grid.last()), Some((length - 1) as f32));
        }
        assert_eq!(strip(&[]), None);
        let grid = strip(&[-3.0, 1.0]).expect("two numbers");
        assert_eq!((grid.scale.top(), grid.value(Cell { row: 0, column: 0 })), (3.0, Some(-3.0)));
    }

    #[test]
    fn points_keep_their_proportions() {
        let projection =
            Projection { points: vec![[0.0, 0.0], [4.0, 0.0], [4.0, 2.0]], shares: [0.8, 0.2] };
        let points = points(&projection, &[token(1, "a"), token(2, "b")], &[token(3, "c")]);
        assert_eq!((points[0].x, points[1].x), (0.0, 1.0));
        assert!((points[0].y - points[2].y - 0.5).abs() < 1e-6, "up is more");
        assert_eq!((points[1].token, points[2].token), (Some(1), None));
    }

    #[test]
    fn rows_are_made_as_long_as_a_vector() {
        let rows = as_long_as(&[6.0, 8.0], &[0.0, -2.0, 3.0, 4.0, 0.0, 0.0]);
        assert_eq!(rows, [0.0, -10.0, 6.0, 8.0, 0.0, 0.0]);
        assert!(as_long_as(&[], &[]).is_empty());
    }

    #[test]
    fn files_hold_names_as_they_are() {
        let point = Point {
            name: "<\"x\">".into(),
            id: 7,
            token: Some(3),
            x: 0.5,
            y: 0.5,
            at: [1.5, -2.0],
        };
        assert_eq!(
            csv(std::slice::from_ref(&point)),
            "place,token,x,y\r\n3,\"<\"\"x\"\">\",1.5,-2\r\n"
        );
        assert!(svg(&[point], "c").contains("&lt;&quot;x&quot;&gt;"));
    }
}
