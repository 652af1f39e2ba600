//! Cells become pixels. Where several cells fall onto one pixel, the one of the largest amount shows.

use super::Grid;
use super::palette::{Palette, Rgb};
use super::viewport::Viewport;

/// Lines between cells are drawn where a cell has more pixels than this, times the screen's ratio.
const LINES_FROM: f64 = 6.0;
/// Distance of the hatching's lines in pixels of the page.
const HATCH: f64 = 5.0;
const OPAQUE: u8 = 255;

/// What a run of pixels shows of the cells along one axis.
struct Span {
    /// First cell and the one after the last.
    from: usize,
    to: usize,
    /// The first pixel of another cell than the one before: the line between them.
    is_edge: bool,
}

/// The part of the table on show, as `width` × `height` pixels of four bytes. `ratio`: pixels per pixel of the page.
pub(crate) fn paint(
    grid: &Grid,
    view: &Viewport,
    palette: &Palette,
    (width, height): (usize, usize),
    ratio: f64,
) -> Vec<u8> {
    let (across, down) = view.extent(grid.rows, grid.columns);
    let columns = spans(view.left, across, grid.columns, width);
    let rows = spans(view.top, down, grid.rows, height);
    let lines = ratio * LINES_FROM;
    let upright = width as f64 / across > lines;
    let level = height as f64 / down > lines;
    let period = (HATCH * ratio).max(2.0) as usize;
    let stroke = (ratio as usize).max(1);

    let mut pixels = vec![OPAQUE; width * height * 4];
    let mut line: Vec<Option<Rgb>> = Vec::new();
    let mut drawn = None;
    for (y, (row, out)) in rows.iter().zip(pixels.chunks_exact_mut(width * 4)).enumerate() {
        if drawn != Some((row.from, row.to)) {
            drawn = Some((row.from, row.to));
            line.clear();
            line.extend(columns.iter().map(|column| pooled(grid, palette, row, column)));
        }
        let whole_line = level && row.is_edge;
        for (x, (pixel, column)) in out.chunks_exact_mut(4).zip(&columns).enumerate() {
            let colour = if whole_line || (upright && column.is_edge) {
                palette.line
            } else {
                line[x].unwrap_or(if (x + y) % period < stroke {
                    palette.hatch
                } else {
                    palette.paper
                })
            };
            pixel[..3].copy_from_slice(&colour);
        }
    }
    pixels
}

/// The cells of each pixel along one axis.
fn spans(start: f64, extent: f64, cells: usize, pixels: usize) -> Vec<Span> {
    let edge = |pixel: usize| extent.mul_add(pixel as f64 / pixels as f64, start);
    let mut before = None;
    (0..pixels)
        .map(|pixel| {
            let (first, last) = (edge(pixel), edge(pixel + 1));
            let from = (first as usize).min(cells - 1);
            // A pixel that is smaller than a cell shows the cell at its middle.
            let (from, to) = if last - first < 1.0 {
                let at = (f64::midpoint(first, last) as usize).min(cells - 1);
                (at, at + 1)
            } else {
                (from, (last.ceil() as usize).clamp(from + 1, cells))
            };
            let is_edge = before.is_some_and(|before| before != from);
            before = Some(from);
            Span { from, to, is_edge }
        })
        .collect()
}

/// The colour of the cells of one pixel; `None` if all are absent.
fn pooled(grid: &Grid, palette: &Palette, row: &Span, column: &Span) -> Option<Rgb> {
    let mut best: Option<f32> = None;
    for at in row.from..row.to {
        let values = &grid.values[at * grid.columns..(at + 1) * grid.columns];
        for (place, &value) in values.iter().enumerate().take(column.to).skip(column.from) {
            if !grid.absent.hides(at, place) && best.is_none_or(|best| value.abs() > best.abs()) {
                best = Some(value);
            }
        }
    }
    best.map(|value| palette.colour(grid.scale, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::heatmap::{Absent, Scale, Tone};

    fn grid(side: usize, values: Vec<f32>) -> Grid {
        Grid::new(side, side, values, Scale::Signed { top: 1.0 }).expect("square")
    }

    fn painted(grid: &Grid, view: &Viewport, size: usize) -> Vec<Rgb> {
        let palette = Palette::new(Tone::Light, grid.scale);
        let pixels = paint(grid, view, &palette, (size, size), 1.0);
        assert!(pixels.iter().skip(3).step_by(4).all(|alpha| *alpha == OPAQUE));
        pixels.chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
    }

    fn colour(grid: &Grid, value: f32) -> Rgb {
        Palette::new(Tone::Light, grid.scale).colour(grid.scale, value)
    }

    #[test]
    fn one_pixel_per_cell_is_the_table() {
        let grid = grid(2, vec![0.0, 0.5, -0.5, 1.0]);
        let expected: Vec<Rgb> = grid.values.iter().map(|value| colour(&grid, *value)).collect();
        assert_eq!(painted(&grid, &Viewport::default(), 2), expected);
    }

    #[test]
    fn what_is_largest_by_amount_is_not_lost_when_it_is_small() {
        let mut values = vec![0.0; 16];
        values[6] = -0.9;
        values[7] = 0.2;
        let grid = grid(4, values);
        let seen = painted(&grid, &Viewport::default(), 2);
        assert_eq!(seen, [0.0, -0.9, 0.0, 0.0].map(|value| colour(&grid, value)));
    }

    #[test]
    fn absent_cells_are_hatched() {
        let mut grid = grid(2, vec![0.5; 4]);
        grid.absent = Absent::After;
        let palette = Palette::new(Tone::Light, grid.scale);
        // Four pixels per cell: no lines between them.
        let seen = painted(&grid, &Viewport::default(), 8);
        let corner: Vec<Rgb> =
            (0..4).flat_map(|y| (4..8).map(move |x| y * 8 + x)).map(|at| seen[at]).collect();
        assert!(corner.contains(&palette.hatch) && corner.contains(&palette.paper));
        assert!(corner.iter().all(|colour| [palette.hatch, palette.paper].contains(colour)));
        assert_eq!(seen[0], colour(&grid, 0.5));
    }

    #[test]
    fn lines_come_with_large_cells() {
        let grid = grid(2, vec![1.0; 4]);
        let palette = Palette::new(Tone::Light, grid.scale);
        assert!(!painted(&grid, &Viewport::default(), 12).contains(&palette.line));
        let seen = painted(&grid, &Viewport::default(), 16);
        assert_eq!(seen.iter().filter(|colour| **colour == palette.line).count(), 31);
    }

    #[test]
    fn a_closer_look_shows_a_part() {
        let grid = grid(4, (0..16).map(|at| at as f32 / 16.0).collect());
        let view = Viewport { zoom: 2.0, left: 2.0, top: 1.0 };
        let expected = [6, 7, 10, 11].map(|at| colour(&grid, grid.values[at]));
        assert_eq!(painted(&grid, &view, 2), expected);
    }
}
