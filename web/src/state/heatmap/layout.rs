//! Where things are in the picture, in pixels of the page: the names along the edges, and the cells between them.

use super::viewport::Viewport;
use super::{Cell, Grid};

/// Size of the names.
pub(crate) const FONT: f64 = 11.0;
/// A picture with square cells is not larger than this.
const LARGEST: f64 = 680.0;
/// A cell is not larger than this.
const LARGEST_CELL: f64 = 44.0;
/// A cell that has a height of its own is not wider than this.
const WIDEST_CELL: f64 = 120.0;
/// Names are cut to this, and to a part of the room.
const LONGEST_NAME: f64 = 96.0;
const GAP: f64 = 6.0;
/// Names are not closer to each other than this.
const NAME_EVERY: f64 = 12.0;

/// Sizes of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Layout {
    /// Room for the rows' names.
    pub(crate) left: f64,
    /// Room for the columns' names.
    pub(crate) top: f64,
    /// Of the cells together.
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// The columns' names lie level: each fits over its cell.
    pub(crate) level: bool,
}

/// A name at the edge.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) text: String,
    /// The middle of its cell, along the edge and from the cells' corner.
    pub(crate) at: f64,
}

/// A rectangle from the cells' corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Layout {
    /// Fits a table into `room` pixels across. `row_height`: that of each row; `None` for square cells.
    pub(crate) fn of(grid: &Grid, room: f64, row_height: Option<f64>) -> Self {
        let longest = LONGEST_NAME.min(room * 0.2);
        let extent = |names: &[String]| {
            names.iter().map(|name| text_width(name)).fold(0.0, f64::max).min(longest)
        };
        let beside = |names: &[String]| if names.is_empty() { 0.0 } else { extent(names) + GAP };
        let left = beside(&grid.row_names);
        let across = (room - left).max(1.0);
        let columns = grid.columns as f64;
        let cell = match row_height {
            Some(_) => (across / columns).min(WIDEST_CELL),
            None => {
                let largest = across.min(LARGEST) / grid.columns.max(grid.rows) as f64;
                largest.min(LARGEST_CELL)
            }
        };
        let level = grid.column_names.iter().all(|name| text_width(name) + GAP <= cell);
        let top = match (grid.column_names.is_empty(), level) {
            (true, _) => 0.0,
            (false, true) => FONT + GAP,
            (false, false) => beside(&grid.column_names),
        };
        Self {
            left: left.ceil(),
            top: top.ceil(),
            width: (cell * columns).floor().max(1.0),
            height: (row_height.unwrap_or(cell) * grid.rows as f64).floor().max(1.0),
            level,
        }
    }

    /// Width and height of cells and names together.
    pub(crate) fn size(&self) -> (f64, f64) {
        (self.left + self.width, self.top + self.height)
    }

    /// Width and height of a cell on show.
    pub(crate) fn cell(&self, grid: &Grid, view: &Viewport) -> (f64, f64) {
        let (across, down) = view.extent(grid.rows, grid.columns);
        (self.width / across, self.height / down)
    }

    /// The cell at a point, counted from the picture's corner.
    pub(crate) fn cell_at(&self, grid: &Grid, view: &Viewport, x: f64, y: f64) -> Option<Cell> {
        let (x, y) = (x - self.left, y - self.top);
        let is_inside = (0.0..self.width).contains(&x) && (0.0..self.height).contains(&y);
        let (width, height) = self.cell(grid, view);
        is_inside.then(|| Cell {
            row: ((view.top + y / height) as usize).min(grid.rows - 1),
            column: ((view.left + x / width) as usize).min(grid.columns - 1),
        })
    }

    /// Where a cell is, as far as it is on show.
    pub(crate) fn place(&self, grid: &Grid, view: &Viewport, cell: Cell) -> Option<Place> {
        let (width, height) = self.cell(grid, view);
        let clip = |start: f64, size: f64, whole: f64| {
            let (from, to) = (start.max(0.0), (start + size).min(whole));
            (to - from > 0.5).then_some((from, to - from))
        };
        let (x, width) = clip((cell.column as f64 - view.left) * width, width, self.width)?;
        let (y, height) = clip((cell.row as f64 - view.top) * height, height, self.height)?;
        Some(Place { x, y, width, height })
    }

    /// Names of the rows on show, as many as have room.
    pub(crate) fn row_names(&self, grid: &Grid, view: &Viewport) -> Vec<Name> {
        let (_, height) = self.cell(grid, view);
        names(&grid.row_names, view.top, height, self.height, NAME_EVERY, self.left - GAP)
    }

    /// Names of the columns on show, as many as have room.
    pub(crate) fn column_names(&self, grid: &Grid, view: &Viewport) -> Vec<Name> {
        let (width, _) = self.cell(grid, view);
        let room = if self.level { width - GAP } else { self.top - GAP };
        let every = if self.level { 1.0 } else { NAME_EVERY };
        names(&grid.column_names, view.left, width, self.width, every, room)
    }
}

fn names(all: &[String], start: f64, cell: f64, extent: f64, every: f64, room: f64) -> Vec<Name> {
    let step = (every / cell).ceil().max(1.0) as usize;
    all.iter()
        .enumerate()
        .step_by(step)
        .map(|(at, text)| (text, (at as f64 + 0.5 - start) * cell))
        .filter(|(_, at)| (0.0..=extent).contains(at))
        .map(|(text, at)| Name { text: shortened(text, room), at })
        .collect()
}

/// About how wide a text is drawn.
pub(crate) fn text_width(text: &str) -> f64 {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> f64 {
    let share = match c {
        'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' | ' ' | '·' => 0.32,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.88,
        c if (c as u32) < 0x2e80 => 0.58,
        _ => 1.0,
    };
    share * FONT
}

/// A text cut to a width, with an ellipsis if something is missing.
pub(crate) fn shortened(text: &str, room: f64) -> String {
    if text_width(text) <= room {
        return text.to_owned();
    }
    let mut width = char_width('…');
    let mut out: String = text
        .chars()
        .take_while(|c| {
            width += char_width(*c);
            width <= room
        })
        .collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::heatmap::Scale;

    fn grid(rows: usize, columns: usize) -> Grid {
        let mut grid =
            Grid::new(rows, columns, vec![0.0; rows * columns], Scale::default()).expect("fits");
        grid.row_names = (0..rows).map(|row| format!("row {row}")).collect();
        grid.column_names = (0..columns).map(|column| format!("column {column}")).collect();
        grid
    }

    #[test]
    fn square_cells_fit_the_room() {
        for (rows, room) in [(4, 1000.0), (24, 320.0), (512, 900.0)] {
            let layout = Layout::of(&grid(rows, rows), room, None);
            let (width, _) = layout.size();
            assert!(width <= room, "{width} of {room}");
            assert!((layout.width - layout.height).abs() <= 1.0);
            assert!(layout.width / rows as f64 <= LARGEST_CELL);
        }
    }

    #[test]
    fn rows_may_have_a_height_of_their_own() {
        let layout = Layout::of(&grid(10, 5), 900.0, Some(22.0));
        assert_eq!(layout.height, 220.0);
        assert!(layout.level, "the columns' names have room over their cells");
    }

    #[test]
    fn points_and_cells_agree_at_every_zoom() {
        let grid = grid(20, 20);
        let layout = Layout::of(&grid, 600.0, None);
        let whole = Viewport::default();
        for view in [whole, whole.zoom_at(2.5, 0.4, 0.6, 20, 20)] {
            for cell in [Cell { row: 9, column: 8 }, Cell { row: 10, column: 11 }] {
                let place = layout.place(&grid, &view, cell).expect("near the middle");
                let (x, y) = (place.x + place.width / 2.0, place.y + place.height / 2.0);
                let found = layout.cell_at(&grid, &view, layout.left + x, layout.top + y);
                assert_eq!(found, Some(cell));
            }
        }
        assert_eq!(layout.cell_at(&grid, &whole, 1.0, layout.top + 5.0), None, "over a name");
        let close = whole.zoom_at(4.0, 0.0, 0.0, 20, 20);
        assert_eq!(layout.place(&grid, &close, Cell { row: 19, column: 19 }), None);
    }

    #[test]
    fn names_keep_their_distance() {
        let grid = grid(200, 200);
        let layout = Layout::of(&grid, 400.0, None);
        let names = layout.row_names(&grid, &Viewport::default());
        assert!(names.len() > 10);
        assert!(names.windows(2).all(|pair| pair[1].at - pair[0].at >= NAME_EVERY - 1e-9));
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened("short", 100.0), "short");
        let cut = shortened("a very long name indeed", 60.0);
        assert!(cut.ends_with('…') && text_width(&cut) <= 60.0, "{cut}");
    }
}
