//! Which part of a table is on show.

/// Cells across that fill the picture at the closest look.
const CLOSEST: f64 = 3.0;

/// A window onto the table: `zoom` 1 shows it whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Viewport {
    pub(crate) zoom: f64,
    /// The left edge, in columns.
    pub(crate) left: f64,
    /// The upper edge, in rows.
    pub(crate) top: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { zoom: 1.0, left: 0.0, top: 0.0 }
    }
}

impl Viewport {
    /// Columns and rows on show.
    pub(crate) fn extent(&self, rows: usize, columns: usize) -> (f64, f64) {
        (columns as f64 / self.zoom, rows as f64 / self.zoom)
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.zoom <= 1.0
    }

    /// Comes closer by `factor`; the point at these shares of width and height stays where it is.
    pub(crate) fn zoom_at(
        self,
        factor: f64,
        across: f64,
        down: f64,
        rows: usize,
        columns: usize,
    ) -> Self {
        let most = (rows.max(columns) as f64 / CLOSEST).max(1.0);
        let zoom = (self.zoom * factor).clamp(1.0, most);
        let (before, after) =
            (self.extent(rows, columns), Self { zoom, ..self }.extent(rows, columns));
        Self {
            zoom,
            left: across.mul_add(before.0 - after.0, self.left),
            top: down.mul_add(before.1 - after.1, self.top),
        }
        .within(rows, columns)
    }

    /// Moves by shares of what is on show.
    pub(crate) fn pan(self, across: f64, down: f64, rows: usize, columns: usize) -> Self {
        let (width, height) = self.extent(rows, columns);
        Self { left: across.mul_add(width, self.left), top: down.mul_add(height, self.top), ..self }
            .within(rows, columns)
    }

    /// Moves as little as brings a cell into view.
    pub(crate) fn reveal(self, row: usize, column: usize, rows: usize, columns: usize) -> Self {
        let (width, height) = self.extent(rows, columns);
        let along = |edge: f64, extent: f64, cell: usize| {
            let cell = cell as f64;
            edge.min(cell).max(cell + 1.0 - extent)
        };
        Self { left: along(self.left, width, column), top: along(self.top, height, row), ..self }
            .within(rows, columns)
    }

    fn within(self, rows: usize, columns: usize) -> Self {
        let (width, height) = self.extent(rows, columns);
        Self {
            left: self.left.clamp(0.0, (columns as f64 - width).max(0.0)),
            top: self.top.clamp(0.0, (rows as f64 - height).max(0.0)),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_under_the_mouse_stays() {
        let whole = Viewport::default();
        let close = whole.zoom_at(4.0, 0.25, 0.75, 100, 100);
        let (width, height) = close.extent(100, 100);
        assert!((close.left + 0.25 * width - 25.0).abs() < 1e-9);
        assert!((close.top + 0.75 * height - 75.0).abs() < 1e-9);
        let back = close.zoom_at(0.01, 0.5, 0.5, 100, 100);
        assert_eq!(back, whole, "not further than the whole");
    }

    #[test]
    fn it_stays_within_the_table() {
        let close = Viewport::default().zoom_at(2.0, 0.0, 0.0, 10, 10);
        assert_eq!(close.pan(-1.0, 0.0, 10, 10), close);
        let right = close.pan(9.0, 0.5, 10, 10);
        assert_eq!((right.left, right.top), (5.0, 2.5));
    }

    #[test]
    fn a_small_table_is_not_zoomed_beyond_its_cells() {
        assert_eq!(Viewport::default().zoom_at(9.0, 0.5, 0.5, 2, 2).zoom, 1.0);
    }

    #[test]
    fn revealing_moves_only_as_far_as_needed() {
        let close = Viewport::default().zoom_at(2.0, 0.0, 0.0, 10, 10);
        assert_eq!(close.reveal(4, 4, 10, 10), close);
        let moved = close.reveal(7, 9, 10, 10);
        assert_eq!((moved.left, moved.top), (5.0, 3.0));
        let back = moved.reveal(0, 5, 10, 10);
        assert_eq!((back.left, back.top), (5.0, 0.0));
    }
}
