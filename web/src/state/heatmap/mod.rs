//! A table of numbers as a picture: plain data, geometry and pixels. `components/inside/heatmap` puts it on a canvas.

pub(crate) mod file;
pub(crate) mod grip;
pub(crate) mod layout;
pub(crate) mod paint;
pub(crate) mod palette;
pub(crate) mod viewport;

pub(crate) use palette::{Scale, Tint, Tone};

/// A cell by row and column, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cell {
    pub(crate) row: usize,
    pub(crate) column: usize,
}

/// Which cells are absent: drawn hatched, never as zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Absent {
    #[default]
    None,
    /// Those after the row's own place: a query sees no later key.
    After,
    /// Also those so far before it: a query sees only so many keys.
    Beyond(usize),
}

impl Absent {
    /// The mask of attention with or without a window.
    pub(crate) fn causal(window: Option<u32>) -> Self {
        window.map_or(Self::After, |window| Self::Beyond(window as usize))
    }

    fn hides(self, row: usize, column: usize) -> bool {
        match self {
            Self::None => false,
            Self::After => column > row,
            Self::Beyond(window) => column > row || column + window <= row,
        }
    }
}

/// Numbers in rows and columns, and how they are drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Grid {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// (rows, columns)
    pub(crate) values: Vec<f32>,
    pub(crate) absent: Absent,
    pub(crate) scale: Scale,
    /// One for each row, or none.
    pub(crate) row_names: Vec<String>,
    /// One for each column, or none.
    pub(crate) column_names: Vec<String>,
    /// Written into the cells where there is room: one for each, or none.
    pub(crate) texts: Vec<String>,
}

impl Grid {
    /// `None` if the numbers are not so many, or there are none.
    pub(crate) fn new(rows: usize, columns: usize, values: Vec<f32>, scale: Scale) -> Option<Self> {
        let fits = rows > 0 && columns > 0 && values.len() == rows * columns;
        fits.then(|| Self { rows, columns, values, scale, ..Self::default() })
    }

    /// The number of a cell; `None` outside and where it is absent.
    pub(crate) fn value(&self, cell: Cell) -> Option<f32> {
        let Cell { row, column } = cell;
        let is_there = row < self.rows && column < self.columns && !self.absent.hides(row, column);
        is_there.then(|| self.values.get(row * self.columns + column).copied()).flatten()
    }

    /// The cell at the other end of the table.
    pub(crate) fn last(&self) -> Cell {
        Cell { row: self.rows.saturating_sub(1), column: self.columns.saturating_sub(1) }
    }

    /// The largest amount of any cell that is there.
    pub(crate) fn largest(&self) -> f32 {
        let cells =
            (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (row, column)));
        cells
            .filter_map(|(row, column)| self.value(Cell { row, column }))
            .fold(0.0, |largest, value| largest.max(value.abs()))
    }

    /// Where a key leads from `from`; `None` for other keys.
    pub(crate) fn step(&self, key: &str, from: Cell) -> Option<Cell> {
        let last = self.last();
        let Cell { row, column } = from;
        let to = match key {
            "ArrowLeft" => Cell { row, column: column.saturating_sub(1) },
            "ArrowRight" => Cell { row, column: column + 1 },
            "ArrowUp" => Cell { row: row.saturating_sub(1), column },
            "ArrowDown" => Cell { row: row + 1, column },
            "Home" => Cell { row, column: 0 },
            "End" => Cell { row, column: last.column },
            "PageUp" => Cell { row: 0, column },
            "PageDown" => Cell { row: last.row, column },
            _ => return None,
        };
        Some(Cell { row: to.row.min(last.row), column: to.column.min(last.column) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: usize, columns: usize) -> Grid {
        let values = (0..rows * columns).map(|at| at as f32).collect();
        Grid::new(rows, columns, values, Scale::default()).expect("as many as it says")
    }

    #[test]
    fn the_numbers_have_to_fit() {
        assert_eq!(Grid::new(2, 2, vec![0.0; 3], Scale::default()), None);
        assert_eq!(Grid::new(0, 4, Vec::new(), Scale::default()), None);
    }

    #[test]
    fn masked_cells_are_absent_and_not_zero() {
        let mut grid = grid(4, 4);
        let cell = |row, column| Cell { row, column };
        assert_eq!(grid.value(cell(1, 2)), Some(6.0));
        assert_eq!(grid.value(cell(4, 0)), None);
        grid.absent = Absent::causal(None);
        assert_eq!((grid.value(cell(1, 2)), grid.value(cell(2, 2))), (None, Some(10.0)));
        grid.absent = Absent::causal(Some(2));
        assert_eq!((grid.value(cell(3, 1)), grid.value(cell(3, 2))), (None, Some(14.0)));
        assert_eq!(grid.largest(), 15.0);
    }

    #[test]
    fn keys_walk_within_the_table() {
        let grid = grid(2, 3);
        let from = Cell { row: 1, column: 2 };
        assert_eq!(grid.step("ArrowRight", from), Some(from));
        assert_eq!(grid.step("ArrowUp", from), Some(Cell { row: 0, column: 2 }));
        assert_eq!(grid.step("Home", from), Some(Cell { row: 1, column: 0 }));
        assert_eq!(grid.step("x", from), None);
    }
}
