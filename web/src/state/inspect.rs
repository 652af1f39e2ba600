//! Which chip the panel shows: hover previews, focus previews, a click locks.

/// Indices count the run's items from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inspect {
    hovered: Option<usize>,
    /// Where the arrow keys are; keeps its place when the focus leaves.
    cursor: Option<usize>,
    focused: bool,
    locked: Option<usize>,
}

impl Inspect {
    pub(crate) fn hover(&mut self, index: Option<usize>) {
        self.hovered = index;
    }

    pub(crate) fn focus(&mut self, index: usize) {
        self.cursor = Some(index);
        self.focused = true;
    }

    pub(crate) fn blur(&mut self) {
        self.focused = false;
    }

    /// Locks a chip, or unlocks it if it was locked.
    pub(crate) fn click(&mut self, index: usize) {
        self.locked = if self.locked == Some(index) { None } else { Some(index) };
    }

    pub(crate) fn unlock(&mut self) {
        self.locked = None;
    }

    pub(crate) fn locked(&self) -> Option<usize> {
        self.locked
    }

    /// What the reader points at: the locked chip before the hovered before the focused one.
    pub(crate) fn shown(&self) -> Option<usize> {
        self.locked.or(self.hovered).or(if self.focused { self.cursor } else { None })
    }

    /// The one chip in the tab order.
    pub(crate) fn tab_stop(&self, first: usize) -> usize {
        self.cursor.map_or(first, |cursor| cursor.max(first))
    }
}

/// Where a key leads from `index` among the chips `first..end`; `None` for other keys.
pub(crate) fn step(key: &str, index: usize, first: usize, end: usize) -> Option<usize> {
    let last = end.checked_sub(1)?;
    let target = match key {
        "ArrowLeft" => index.saturating_sub(1),
        "ArrowRight" => index + 1,
        "Home" => first,
        "End" => last,
        _ => return None,
    };
    (first <= last).then(|| target.clamp(first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_wins_over_hovering_and_hovering_over_focus() {
        let mut inspect = Inspect::default();
        inspect.focus(3);
        assert_eq!(inspect.shown(), Some(3));
        inspect.hover(Some(5));
        assert_eq!(inspect.shown(), Some(5));
        inspect.click(4);
        assert_eq!(inspect.shown(), Some(4));
        inspect.click(4);
        assert_eq!(inspect.shown(), Some(5));
        inspect.click(4);
        inspect.unlock();
        inspect.hover(None);
        assert_eq!(inspect.shown(), Some(3));
        inspect.blur();
        assert_eq!(inspect.shown(), None);
    }

    #[test]
    fn the_tab_stop_stays_where_the_reader_was() {
        let mut inspect = Inspect::default();
        assert_eq!(inspect.tab_stop(4), 4);
        inspect.focus(6);
        inspect.blur();
        assert_eq!(inspect.tab_stop(4), 6);
        inspect.focus(1);
        assert_eq!(inspect.tab_stop(4), 4, "never on a hidden prompt chip");
    }

    #[test]
    fn arrows_stop_at_both_ends() {
        assert_eq!(step("ArrowLeft", 2, 2, 9), Some(2));
        assert_eq!(step("ArrowRight", 8, 2, 9), Some(8));
        assert_eq!(step("ArrowRight", 3, 2, 9), Some(4));
        assert_eq!(step("Home", 5, 2, 9), Some(2));
        assert_eq!(step("End", 5, 2, 9), Some(8));
        assert_eq!(step("a", 5, 2, 9), None);
        assert_eq!(step("Home", 0, 0, 0), None);
    }
}
