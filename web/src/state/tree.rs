//! The paths a reader has tried in one column: each branches off another where an alternative was taken.

use crate::protocol::TokenView;
use crate::state::run::Run;

/// One path. Its run is the whole answer, with the beginning it shares.
#[derive(Clone, Debug, Default)]
struct Path {
    /// The path it left, and the place of the answer where it did; `None` for the first.
    from: Option<(usize, usize)>,
    /// Absent for the path that is shown: the column holds that run.
    run: Option<Run>,
}

/// All paths of a column.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    paths: Vec<Path>,
    current: usize,
}

impl Default for Tree {
    fn default() -> Self {
        Self { paths: vec![Path::default()], current: 0 }
    }
}

/// A path as a line of the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Twig {
    pub(crate) number: usize,
    /// How many branchings lie before it.
    pub(crate) depth: usize,
    /// Where it left the other path, and the token it took; `None` for the first.
    pub(crate) taken: Option<(usize, TokenView)>,
    /// The text from there on.
    pub(crate) text: String,
    pub(crate) is_current: bool,
}

impl Tree {
    /// Is there more than the path that was there first?
    pub(crate) fn has_branches(&self) -> bool {
        self.paths.len() > 1
    }

    /// Goes to a new path that leaves `run`, which is shown, at `place`.
    pub(crate) fn branch(&mut self, run: Run, place: usize) {
        // What lies before the place of a path's own branching belongs to the path it left.
        let mut parent = self.current;
        while let Some((other, at)) = self.paths[parent].from
            && place <= at
        {
            parent = other;
        }
        self.paths[self.current].run = Some(run);
        self.paths.push(Path { from: Some((parent, place)), run: None });
        self.current = self.paths.len() - 1;
    }

    /// Goes to the path of this number. `run` is the one that is shown; `None`: nothing changes.
    pub(crate) fn walk(&mut self, number: usize, run: Run) -> Option<Run> {
        if number == self.current {
            return None;
        }
        let there = self.paths.get_mut(number)?.run.take()?;
        self.paths[self.current].run = Some(run);
        self.current = number;
        Some(there)
    }

    /// The path that took this token at `place` of the path that is shown, if the reader has been there.
    pub(crate) fn known(&self, place: usize, id: u32, shown: &[u32]) -> Option<usize> {
        let mut wanted = shown.get(..place)?.to_vec();
        wanted.push(id);
        self.paths
            .iter()
            .position(|path| path.run.as_ref().is_some_and(|run| run.ids().starts_with(&wanted)))
    }

    /// A path that is not shown and whose run is such.
    pub(crate) fn find(&self, is_it: impl Fn(&Run) -> bool) -> Option<usize> {
        self.paths.iter().position(|path| path.run.as_ref().is_some_and(&is_it))
    }

    /// All paths, each after the one it left. `shown` is the run of the current one.
    pub(crate) fn twigs(&self, shown: &Run) -> Vec<Twig> {
        let mut out = Vec::new();
        self.collect(0, 0, shown, &mut out);
        out
    }

    fn collect(&self, number: usize, depth: usize, shown: &Run, out: &mut Vec<Twig>) {
        let path = &self.paths[number];
        let is_current = number == self.current;
        let run = if is_current { Some(shown) } else { path.run.as_ref() };
        let place = path.from.map_or(0, |(_, place)| place);
        let tokens = run.map_or(&[][..], |run| run.tokens.get(place..).unwrap_or_default());
        let taken = path.from.and(tokens.first()).map(|first| (place, first.token.clone()));
        let text = tokens.iter().filter(|token| !token.token.special);
        let text = text.map(|token| token.token.text.as_str()).collect();
        out.push(Twig { number, depth, taken, text, is_current });
        // A path leaves another that was there before it, so this ends.
        let later = self.paths.iter().enumerate().skip(number + 1);
        for (child, _) in later.filter(|(_, path)| path.from.is_some_and(|(p, _)| p == number)) {
            self.collect(child, depth + 1, shown, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::{asked, generated};

    fn run(ids: &[u32]) -> Run {
        let mut run = Run::default();
        let tokens = ids.iter().map(|&id| generated(id, &format!(" {id}"))).collect();
        run.begin(1, asked("base"), tokens);
        run
    }

    #[test]
    fn a_tree_is_walked_there_and_back() {
        let mut tree = Tree::default();
        assert!(!tree.has_branches());
        tree.branch(run(&[1, 2, 3]), 1);
        tree.branch(run(&[1, 7, 8, 9]), 3);
        let shown = run(&[1, 7, 8, 5]);
        let twigs = tree.twigs(&shown);
        let seen: Vec<_> = twigs.iter().map(|t| (t.number, t.depth, t.text.as_str())).collect();
        assert_eq!(seen, [(0, 0, " 1 2 3"), (1, 1, " 7 8 9"), (2, 2, " 5")]);
        assert_eq!(twigs[2].taken.as_ref().map(|(at, token)| (*at, token.id)), Some((3, 5)));
        assert!(twigs[2].is_current && !twigs[0].is_current);
        let first = tree.walk(0, shown).expect("it was kept");
        assert_eq!(first.ids(), [1, 2, 3]);
        assert_eq!(tree.walk(2, first).map(|run| run.ids()), Some(vec![1, 7, 8, 5]));
        assert!(tree.walk(9, run(&[1])).is_none());
    }

    #[test]
    fn a_branch_belongs_to_the_path_that_owns_its_place() {
        let mut tree = Tree::default();
        tree.branch(run(&[1, 2, 3]), 1);
        // Another token at the very place of the branching: a sibling, not a child.
        tree.branch(run(&[1, 7, 8]), 1);
        let depths: Vec<_> = tree.twigs(&run(&[1, 9])).iter().map(|twig| twig.depth).collect();
        assert_eq!(depths, [0, 1, 1]);
    }

    #[test]
    fn a_path_that_was_tried_is_known() {
        let mut tree = Tree::default();
        tree.branch(run(&[1, 2, 3]), 1);
        assert_eq!(tree.known(1, 2, &[1, 7, 8]), Some(0));
        assert_eq!(tree.known(1, 4, &[1, 7, 8]), None);
        assert_eq!(tree.known(5, 2, &[1, 7, 8]), None);
        assert_eq!(tree.find(|run| run.ids() == [1, 2, 3]), Some(0));
        assert_eq!(tree.find(|run| run.tokens.is_empty()), None);
    }
}
