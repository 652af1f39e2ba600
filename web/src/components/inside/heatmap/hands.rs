//! Mouse, fingers, wheel and keys on a picture.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent, WheelEvent};

use super::{CLOSER, Look};
use crate::state::heatmap::Cell;
use crate::state::heatmap::grip::{Gesture, Grip};
use crate::state::heatmap::viewport::Viewport;

/// Part of what is on show that a key moves by.
const PAN: f64 = 0.25;
/// Pixels of the wheel that double the zoom.
const WHEEL: f64 = 240.0;

impl Look {
    /// What the view is of: rows and columns.
    fn shape(self) -> Option<(usize, usize)> {
        self.grid.with_untracked(|grid| grid.as_ref().map(|grid| (grid.rows, grid.columns)))
    }

    fn cell_at(self, x: f64, y: f64) -> Option<Cell> {
        let (layout, view) = (self.layout.get_untracked()?, self.view.get_untracked());
        self.grid.with_untracked(|grid| layout.cell_at(grid.as_ref()?, &view, x, y))
    }

    /// Comes closer around a point of the picture, or around its middle.
    pub(super) fn zoom(self, factor: f64, point: Option<(f64, f64)>) {
        let (Some((rows, columns)), Some(layout)) = (self.shape(), self.layout.get_untracked())
        else {
            return;
        };
        let (across, down) = point.map_or((0.5, 0.5), |(x, y)| {
            ((x - layout.left) / layout.width, (y - layout.top) / layout.height)
        });
        let (across, down) = (across.clamp(0.0, 1.0), down.clamp(0.0, 1.0));
        self.view.update(|view| *view = view.zoom_at(factor, across, down, rows, columns));
    }

    fn pan(self, across: f64, down: f64) {
        if let Some((rows, columns)) = self.shape() {
            self.view.update(|view| *view = view.pan(across, down, rows, columns));
        }
    }

    /// The keys, or a click, came to a cell. A lock goes along with the keys.
    fn go(self, to: Cell) {
        self.hovered.set(Some(to));
        if let Some((rows, columns)) = self.shape() {
            self.view.update(|view| *view = view.reveal(to.row, to.column, rows, columns));
        }
        if self.locked.get_untracked().is_some() {
            self.on_lock.run(Some(to));
        }
    }

    /// Locks a cell, or frees it if it is locked.
    fn click(self, cell: Cell) {
        let is_locked = self.locked.get_untracked() == Some(cell);
        self.on_lock.run((!is_locked).then_some(cell));
    }

    pub(super) fn on_press(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(target) = target {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        let (x, y) = point(event);
        self.grip.update_value(|grip| grip.press(event.pointer_id(), x, y));
    }

    pub(super) fn on_move(self, event: &PointerEvent) {
        let (x, y) = point(event);
        if !self.grip.with_value(Grip::is_held) {
            let cell = self.cell_at(x, y);
            if self.hovered.get_untracked() != cell {
                self.hovered.set(cell);
            }
            return;
        }
        let gesture =
            self.grip.try_update_value(|grip| grip.shift(event.pointer_id(), x, y)).flatten();
        let Some(layout) = self.layout.get_untracked() else { return };
        match gesture {
            Some(Gesture::Drag { x, y }) => self.pan(-x / layout.width, -y / layout.height),
            Some(Gesture::Pinch { factor, x, y }) => self.zoom(factor, Some((x, y))),
            None => {}
        }
    }

    pub(super) fn on_release(self, event: &PointerEvent) {
        let is_click = self.grip.try_update_value(|grip| grip.release(event.pointer_id()));
        let (x, y) = point(event);
        if let (Some(true), Some(cell)) = (is_click, self.cell_at(x, y)) {
            self.hovered.set(Some(cell));
            self.click(cell);
        }
    }

    /// A wheel alone scrolls the page; pinching on a touchpad comes as a wheel with Ctrl.
    pub(super) fn on_wheel(self, event: &WheelEvent) {
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            // Lines instead of pixels, in some browsers.
            let lines = if event.delta_mode() == 1 { 16.0 } else { 1.0 };
            self.zoom((-event.delta_y() * lines / WHEEL).exp2(), Some(point(event)));
        }
    }

    pub(super) fn on_key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        let from = self.hovered.get_untracked().or_else(|| self.locked.get_untracked());
        match (key.as_str(), from) {
            ("+" | "=", _) => self.zoom(CLOSER, None),
            ("-", _) => self.zoom(1.0 / CLOSER, None),
            ("0", _) => self.view.set(Viewport::default()),
            ("ArrowLeft", _) if event.shift_key() => self.pan(-PAN, 0.0),
            ("ArrowRight", _) if event.shift_key() => self.pan(PAN, 0.0),
            ("ArrowUp", _) if event.shift_key() => self.pan(0.0, -PAN),
            ("ArrowDown", _) if event.shift_key() => self.pan(0.0, PAN),
            ("Enter" | " ", Some(cell)) => self.click(cell),
            ("Escape", Some(_)) => {
                self.hovered.set(None);
                self.on_lock.run(None);
            }
            (key, from) => {
                let to = self.grid.with_untracked(|grid| {
                    let grid = grid.as_ref()?;
                    // The first key finds the first cell.
                    let first = Cell { row: 0, column: 0 };
                    from.map_or_else(
                        || grid.step(key, first).map(|_| first),
                        |from| grid.step(key, from),
                    )
                });
                let Some(to) = to else { return };
                self.go(to);
            }
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Where a mouse or finger is on the picture.
fn point(event: &web_sys::MouseEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}
