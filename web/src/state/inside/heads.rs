//! The small pictures of all heads as files.

use super::attention::thumbnail;
use super::chart::file::Paint;
use super::sketch::{Anchor, MARGIN, Saved, Sketch};
use crate::protocol::inside::Thumbnails;
use crate::state::heatmap::file::hex;
use crate::state::heatmap::palette::Palette;
use crate::state::heatmap::{Cell, Grid, Tone};

/// Side of a picture, and from one to the next.
const SIDE: f64 = 48.0;
const EVERY: f64 = 54.0;
/// Room for the numbers of layers and heads.
const NAMES: f64 = 22.0;
/// Steps of the scale that share a colour: so many cells need few shapes.
const SHARED: usize = 8;

/// Layers from top to bottom, their heads from left to right; and a line of numbers for each row of each head.
pub(crate) fn saved(all: &Thumbnails, caption: &str) -> Saved {
    let mut sketch = Sketch::default();
    let place = |at: u32| MARGIN + NAMES + f64::from(at) * EVERY;
    let middle = |at: u32| place(at) + SIDE / 2.0;
    for head in 0..all.heads {
        let at = (middle(head), MARGIN + NAMES / 2.0);
        sketch.text(at, Anchor::Middle, Paint::Soft, &head.to_string());
    }
    let mut csv = "layer,head,row".to_owned();
    (0..all.size).for_each(|column| csv.push_str(&format!(",{column}")));
    csv.push_str("\r\n");
    for layer in 0..all.layers {
        let at = (MARGIN + NAMES - 6.0, middle(layer));
        sketch.text(at, Anchor::End, Paint::Soft, &layer.to_string());
        for head in 0..all.heads {
            let index = (layer * all.heads + head) as usize;
            if let Some(grid) = thumbnail(&all.cells, all.size, index) {
                draw(&mut sketch, &grid, (place(head), place(layer)));
                push_rows(&mut csv, &grid, layer, head);
            }
        }
    }
    Saved { svg: sketch.svg(caption), csv }
}

/// Absent cells are empty.
fn push_rows(csv: &mut String, grid: &Grid, layer: u32, head: u32) {
    for row in 0..grid.rows {
        csv.push_str(&format!("{layer},{head},{row}"));
        for column in 0..grid.columns {
            csv.push(',');
            if let Some(value) = grid.value(Cell { row, column }) {
                csv.push_str(&value.to_string());
            }
        }
        csv.push_str("\r\n");
    }
}

/// One head: a shape for each colour, of runs of cells.
fn draw(sketch: &mut Sketch, grid: &Grid, (left, top): (f64, f64)) {
    let palette = Palette::new(Tone::Light, grid.scale);
    let corner = (left + SIDE, top + SIDE);
    // The colours, and then what is absent.
    let absent = palette.steps.len() / SHARED;
    let mut paths = vec![String::new(); absent + 1];
    let (width, height) = (SIDE / grid.columns as f64, SIDE / grid.rows as f64);
    let shape = |row: usize, column: usize| {
        let value = grid.value(Cell { row, column });
        value.map_or(absent, |value| usize::from(grid.scale.step(value)) / SHARED)
    };
    for row in 0..grid.rows {
        let mut column = 0;
        while column < grid.columns {
            let own = shape(row, column);
            let run = (column..grid.columns).take_while(|at| shape(row, *at) == own).count();
            let (x, y) = (left + column as f64 * width, top + row as f64 * height);
            let length = run as f64 * width;
            paths[own].push_str(&format!("M{x:.2} {y:.2}h{length:.2}v{height:.2}h-{length:.2}z"));
            column += run;
        }
    }
    // The weakest are paper.
    for (at, path) in paths.iter().enumerate().skip(1).filter(|(_, path)| !path.is_empty()) {
        let colour = palette.steps.get(at * SHARED + SHARED / 2).copied().map(hex);
        let fill = colour.unwrap_or_else(|| "url(#absent)".to_owned());
        sketch.path(path, &fill, corner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::inside::HeadStats;

    #[test]
    fn every_head_is_drawn_and_listed_and_masked_cells_are_empty() {
        let all = Thumbnails {
            layers: 2,
            heads: 1,
            size: 2,
            cells: vec![1.0, 0.0, 0.25, 0.75, 1.0, 0.0, 0.0, 1.0],
            stats: vec![HeadStats::default(); 2],
        };
        let Saved { svg, csv } = saved(&all, "caption");
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines,
            ["layer,head,row,0,1", "0,0,0,1,", "0,0,1,0.25,0.75", "1,0,0,1,", "1,0,1,0,1"]
        );
        // One hatched shape for each head, in which nothing else is hatched.
        assert_eq!(svg.matches("url(#absent)").count(), 2);
        // Three colours and the mask; then one colour and the mask; and the pattern's own.
        assert_eq!(svg.matches("<path ").count(), 4 + 2 + 1);
    }
}
