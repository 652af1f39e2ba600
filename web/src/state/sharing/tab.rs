//! The parts of the page.

use share::scene::{CompareView, InsideView, LabView, View};

/// A part of the page, with a tab of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tab {
    Compare,
    Inside,
    Lab,
}

/// The tabs in their order, and whether the part is there.
const PARTS: [(Tab, bool); 3] = [(Tab::Compare, true), (Tab::Inside, true), (Tab::Lab, true)];

/// The tabs that are shown.
pub(crate) fn tabs() -> impl Iterator<Item = Tab> {
    PARTS.into_iter().filter(|(_, is_there)| *is_there).map(|(tab, _)| tab)
}

impl Tab {
    /// The part that a view belongs to.
    pub(crate) fn of(view: &View) -> Self {
        match view {
            View::Compare(_) => Self::Compare,
            View::Inside(_) => Self::Inside,
            View::Lab(_) => Self::Lab,
        }
    }

    /// The name that links and test hooks use.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Compare => "compare",
            Self::Inside => "inside",
            Self::Lab => "lab",
        }
    }

    /// The view with which the part opens first.
    fn first_view(self) -> View {
        match self {
            Self::Compare => View::Compare(CompareView::default()),
            Self::Inside => View::Inside(InsideView::default()),
            Self::Lab => View::Lab(LabView::default()),
        }
    }
}

/// The views that were left, so that each part opens again as it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Left {
    views: Vec<View>,
    /// Every column got the same raw text, when that was last said.
    same_text: bool,
}

impl Left {
    /// Leaves `view` and gives the view with which `tab` opens.
    pub(crate) fn turn(&mut self, view: View, tab: Tab) -> View {
        let left = Tab::of(&view);
        match &view {
            View::Compare(view) => self.same_text = view.same_text,
            View::Inside(view) => self.same_text = view.same_text,
            View::Lab(_) => {}
        }
        self.views.retain(|other| Tab::of(other) != left);
        self.views.push(view);
        let known = self.views.iter().find(|other| Tab::of(other) == tab);
        let mut opens = known.cloned().unwrap_or_else(|| tab.first_view());
        match &mut opens {
            View::Compare(view) => view.same_text = self.same_text,
            View::Inside(view) => view.same_text = self.same_text,
            View::Lab(_) => {}
        }
        opens
    }
}

/// Where a key leads from one of `count` tabs.
pub(crate) fn step(key: &str, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" => Some(if at >= last { 0 } else { at + 1 }),
        "ArrowLeft" => Some(if at == 0 { last } else { at - 1 }),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_opens_again_as_it_was_left() {
        let compare = View::Compare(CompareView { same_text: true, ..CompareView::default() });
        let mut left = Left::default();
        let inside = left.turn(compare.clone(), Tab::Inside);
        let same = InsideView { same_text: true, ..InsideView::default() };
        assert_eq!(inside, View::Inside(same.clone()), "the columns' text is looked into");
        let looked = View::Inside(InsideView { layer: Some(3), ..same });
        assert_eq!(left.turn(looked.clone(), Tab::Compare), compare);
        assert_eq!(left.turn(compare.clone(), Tab::Inside), looked);
        assert_eq!(left.turn(looked.clone(), Tab::Inside), looked, "where one is already");
        let lab = left.turn(looked.clone(), Tab::Lab);
        assert_eq!(Tab::of(&lab), Tab::Lab);
        assert_eq!(left.turn(lab, Tab::Inside), looked, "the lab says nothing of it");
        let other = View::Inside(InsideView::default());
        let compare = View::Compare(CompareView::default());
        assert_eq!(left.turn(other, Tab::Compare), compare, "it was changed there");
    }

    #[test]
    fn the_first_part_is_always_there() {
        assert_eq!(tabs().next(), Some(Tab::Compare));
    }

    #[test]
    fn keys_go_round() {
        assert_eq!(step("ArrowRight", 2, 3), Some(0));
        assert_eq!(step("ArrowLeft", 0, 3), Some(2));
        assert_eq!(step("End", 0, 3), Some(2));
        assert_eq!(step("Home", 2, 3), Some(0));
        assert_eq!((step("x", 0, 3), step("End", 0, 0)), (None, None));
    }
}
