//! The places for columns. There are as many as there may be columns, made once: adding a column takes a free place,
//! removing one frees it.

use leptos::prelude::*;

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
}
