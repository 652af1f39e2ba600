//! Which token is looked at: hover previews, focus previews, a click locks. All columns show the same place.

/// A token of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    /// The column's lane.
    pub(crate) lane: usize,
    /// Counted from the answer's first token.
    pub(crate) place: usize,
}

/// What the reader points at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inspect {
    hovered: Option<Spot>,
    /// Where the arrow keys are; keeps its place when the focus leaves.
    cursor: Option<Spot>,
    locked: Option<Spot>,
}

impl Inspect {
    pub(crate) fn hover(&mut self, spot: Option<Spot>) {
        self.hovered = spot;
    }

    /// The focus, or an arrow key, came to a token. A lock goes along.
    pub(crate) fn focus(&mut self, spot: Spot) {
        self.cursor = Some(spot);
        if self.locked.is_some() {
            self.locked = Some(spot);
        }
    }

    /// Locks a token, or frees it if it was locked.
    pub(crate) fn click(&mut self, spot: Spot) {
        self.cursor = Some(spot);
        self.locked = if self.locked == Some(spot) { None } else { Some(spot) };
    }

    pub(crate) fn lock(&mut self, spot: Spot) {
        self.cursor = Some(spot);
        self.locked = Some(spot);
    }

    pub(crate) fn free(&mut self) {
        self.locked = None;
    }

    pub(crate) fn locked(&self) -> Option<Spot> {
        self.locked
    }

    /// What the reader points at: the locked token before the hovered before the one the keys are at.
    pub(crate) fn shown(&self) -> Option<Spot> {
        self.locked.or(self.hovered).or(self.cursor)
    }

    /// The place that all columns show: until the reader points, the first.
    pub(crate) fn place(&self) -> usize {
        self.shown().map_or(0, |spot| spot.place)
    }

    /// The place of the one token of each column that is in the tab order.
    pub(crate) fn tab_stop(&self) -> usize {
        self.cursor.map_or(0, |spot| spot.place)
    }
}

/// Where a key leads from `spot`. `lengths` are the answers' lengths of the columns from left to right, by lane.
/// `None` for other keys, and where there is nothing to go to.
pub(crate) fn step(key: &str, spot: Spot, lengths: &[(usize, usize)]) -> Option<Spot> {
    let at = lengths.iter().position(|(lane, _)| *lane == spot.lane)?;
    let beside = |to: usize| {
        let (lane, length) = *lengths.get(to)?;
        Some(Spot { lane, place: spot.place.min(length.checked_sub(1)?) })
    };
    let last = lengths[at].1.checked_sub(1)?;
    // Other columns may go on where this one has ended: the place is bounded by the column itself.
    let along = |place: usize| Some(Spot { lane: spot.lane, place: place.min(last) });
    match key {
        "ArrowLeft" => along(spot.place.saturating_sub(1)),
        "ArrowRight" => along(spot.place + 1),
        "Home" => along(0),
        "End" => along(last),
        "ArrowUp" => beside(at.checked_sub(1)?),
        "ArrowDown" => beside(at + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lane: usize, place: usize) -> Spot {
        Spot { lane, place }
    }

    #[test]
    fn a_lock_wins_over_hovering_and_hovering_over_focus() {
        let mut inspect = Inspect::default();
        assert_eq!((inspect.shown(), inspect.place()), (None, 0));
        inspect.focus(at(0, 3));
        assert_eq!(inspect.place(), 3);
        inspect.hover(Some(at(1, 5)));
        assert_eq!(inspect.shown(), Some(at(1, 5)));
        inspect.click(at(2, 4));
        assert_eq!(inspect.shown(), Some(at(2, 4)));
        inspect.click(at(2, 4));
        assert_eq!(inspect.shown(), Some(at(1, 5)));
        inspect.hover(None);
        assert_eq!(inspect.shown(), Some(at(2, 4)), "the keys go on from there");
    }

    #[test]
    fn a_lock_goes_with_the_arrow_keys_until_it_is_freed() {
        let mut inspect = Inspect::default();
        inspect.lock(at(0, 1));
        inspect.focus(at(0, 2));
        assert_eq!(inspect.locked(), Some(at(0, 2)));
        inspect.free();
        inspect.focus(at(0, 3));
        assert_eq!((inspect.locked(), inspect.tab_stop()), (None, 3));
    }

    #[test]
    fn arrows_stop_at_the_ends_and_go_between_columns() {
        let lengths = [(0, 9), (3, 4), (1, 0)];
        assert_eq!(step("ArrowLeft", at(0, 0), &lengths), Some(at(0, 0)));
        assert_eq!(step("ArrowRight", at(0, 8), &lengths), Some(at(0, 8)));
        assert_eq!(step("ArrowRight", at(0, 3), &lengths), Some(at(0, 4)));
        assert_eq!(step("Home", at(0, 5), &lengths), Some(at(0, 0)));
        assert_eq!(step("End", at(3, 0), &lengths), Some(at(3, 3)));
        assert_eq!(step("ArrowDown", at(0, 8), &lengths), Some(at(3, 3)));
        assert_eq!(step("ArrowUp", at(3, 2), &lengths), Some(at(0, 2)));
        assert_eq!(step("ArrowUp", at(0, 2), &lengths), None);
        assert_eq!(step("ArrowDown", at(3, 2), &lengths), None, "an empty answer has no token");
        assert_eq!(step("a", at(0, 5), &lengths), None);
        assert_eq!(step("Home", at(7, 0), &lengths), None);
    }
}
