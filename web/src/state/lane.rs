//! The places for columns. There are as many as there may be columns, made once: adding a column takes a free place,
//! removing one frees it.

use leptos::prelude::*;
use share::scene::Column;

use crate::state::run::Run;
use crate::state::scene::MAX_COLUMNS;
use crate::state::settings::Form;
use crate::state::tree::Tree;

/// A place for a column. Its number is the `column` of the messages about it.
#[derive(Clone, Copy)]
pub(crate) struct Lane {
    pub(crate) number: usize,
    pub(crate) run: RwSignal<Run>,
    pub(crate) tree: RwSignal<Tree>,
    /// Its own settings as they are typed.
    pub(crate) form: RwSignal<Form>,
}

impl Lane {
    pub(crate) fn all() -> [Self; MAX_COLUMNS] {
        std::array::from_fn(|number| Self {
            number,
            run: RwSignal::new(Run::default()),
            tree: RwSignal::new(Tree::default()),
            form: RwSignal::new(Form::default()),
        })
    }

    /// Nothing has run here.
    pub(crate) fn clear(self) {
        self.run.set(Run::default());
        self.tree.set(Tree::default());
    }
}

/// The lanes for `count` columns: those of `shown` as far as they go, then free ones.
pub(crate) fn resize(shown: &[usize], count: usize) -> Vec<usize> {
    let mut out: Vec<usize> = shown.iter().copied().take(count).collect();
    let free = (0..MAX_COLUMNS).filter(|lane| !shown.contains(lane));
    out.extend(free.take(count.saturating_sub(shown.len())));
    out
}

/// Lanes for other columns than those that are there, and whether a lane's answer may stay: it may where the column
/// is the same stage of the same model.
pub(crate) fn rematch(shown: &[usize], old: &[Column], new: &[Column]) -> Vec<(usize, bool)> {
    let mut rest: Vec<(usize, &Column)> = shown.iter().copied().zip(old).collect();
    let mut claimed = |column: &Column, same_place: Option<usize>| {
        let is_same =
            |other: &Column| (&other.model, &other.stage) == (&column.model, &column.stage);
        let here = same_place
            .and_then(|lane| rest.iter().position(|&(own, other)| own == lane && is_same(other)));
        let at = here.or_else(|| rest.iter().position(|&(_, other)| is_same(other)))?;
        Some(rest.remove(at).0)
    };
    let claims: Vec<Option<usize>> = new
        .iter()
        .take(MAX_COLUMNS)
        .enumerate()
        .map(|(at, column)| claimed(column, shown.get(at).copied()))
        .collect();
    let mut free = (0..MAX_COLUMNS).filter(|lane| !claims.contains(&Some(*lane)));
    claims
        .iter()
        .filter_map(|claim| match claim {
            Some(lane) => Some((*lane, true)),
            None => free.next().map(|lane| (lane, false)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_lanes_and_new_ones_take_free_ones() {
        assert_eq!(resize(&[], 3), [0, 1, 2]);
        assert_eq!(resize(&[2, 0], 3), [2, 0, 1]);
        assert_eq!(resize(&[2, 0, 1, 3], 2), [2, 0]);
        assert_eq!(resize(&[3], 9).len(), MAX_COLUMNS);
    }

    #[test]
    fn answers_of_columns_that_come_back_stay() {
        let of = |stages: &[&str]| -> Vec<Column> {
            stages.iter().map(|stage| Column::new("m", *stage)).collect()
        };
        let old = of(&["base", "sft", "rlhf"]);
        let shown = [2, 0, 1];
        assert_eq!(rematch(&shown, &old, &old), [(2, true), (0, true), (1, true)]);
        let swapped = rematch(&shown, &old, &of(&["rlhf", "base"]));
        assert_eq!(swapped, [(1, true), (2, true)]);
        let other = rematch(&shown, &old, &of(&["base", "base", "sft"]));
        assert_eq!(other, [(2, true), (1, false), (0, true)]);
        assert_eq!(rematch(&[], &[], &old), [(0, false), (1, false), (2, false)]);
        let twice = of(&["base", "base"]);
        assert_eq!(rematch(&[3, 1], &twice, &twice), [(3, true), (1, true)]);
    }
}
