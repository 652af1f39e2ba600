//! The rows of the table of answers, and how they come in while a run goes on.

use lab::Language;
use lab::experiment::{Filter, Run};

use super::Look;
use super::tally::{self, Line};

/// What the table shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    filter: Filter,
    /// Lines before the first one that is shown.
    pub(crate) from: usize,
    pub(crate) lines: Vec<Line>,
    /// Lines that the filter lets through, on all pages.
    pub(crate) count: usize,
}

impl Rows {
    /// The lines that are looked at, at most so many. The open one is always among them: lines that come in before
    /// it do not push it from the page.
    pub(crate) fn of(run: &Run, look: Look, most: usize, language: Language) -> Self {
        let results = run.results();
        let rows = results.filtered(look.filter);
        let open = look.open.and_then(|cell| rows.iter().position(|row| row.cell == cell));
        let from = first(look.from, open, most);
        let shown = rows.iter().skip(from).take(most);
        let lines = shown.map(|row| tally::line(run.experiment(), row, language)).collect();
        Self { filter: look.filter, from, lines, count: rows.len() }
    }

    /// The next step to what should be shown; `None` if it is.
    ///
    /// Between lines that stay, one comes at a time: the list on the page leaves the rows behind a single new one
    /// where they are, but takes them out of the document and puts them back for several at once, and then they lose
    /// the focus and what was selected in them.
    pub(crate) fn toward(&self, wanted: &Self) -> Option<Self> {
        if self == wanted {
            return None;
        }
        let now: Vec<Key> = self.lines.iter().map(Line::key).collect();
        let aim: Vec<Key> = wanted.lines.iter().map(Line::key).collect();
        let Some(last) = aim.iter().rposition(|key| now.contains(key)) else {
            return Some(wanted.clone());
        };
        if self.filter != wanted.filter {
            return Some(wanted.clone());
        }
        let (filter, from, count) = (wanted.filter, wanted.from, wanted.count);
        let step = |lines: Vec<Line>| Some(Self { filter, from, lines, count });
        if now.iter().any(|key| !aim.contains(key)) {
            // First some go, or say something else where they stand.
            let kept = self.lines.iter().zip(&now).filter_map(|(line, key)| {
                let other = || wanted.lines.iter().find(|other| other.cell == line.cell);
                if aim.contains(key) { Some(line) } else { other() }
            });
            return step(kept.cloned().collect());
        }
        // Behind the last one that stays, all come at once.
        let missing = aim.iter().position(|key| !now.contains(key)).filter(|at| *at < last);
        let Some(at) = missing else { return Some(wanted.clone()) };
        let mut lines = self.lines.clone();
        // All before it are there, in the same order.
        lines.insert(at, wanted.lines.get(at)?.clone());
        step(lines)
    }
}

/// Tells lines apart.
type Key = (usize, u64);

/// The first line that is shown: `from`, or as near to it as the open one allows.
fn first(from: usize, open: Option<usize>, most: usize) -> usize {
    match open {
        Some(at) if at < from => at,
        Some(at) => from.max((at + 1).saturating_sub(most)),
        None => from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lab::testing::{begun, finished, step};
    use lab::experiment::Show;

    fn rows(run: &Run, look: Look, most: usize) -> Rows {
        Rows::of(run, look, most, Language::En)
    }

    /// Rows that the list on the page would take out of the document and put back: those whose place changes by
    /// something else than what came and went up to their old place.
    fn moved(from: &Rows, to: &Rows) -> usize {
        let keys = |rows: &Rows| rows.lines.iter().map(Line::key).collect::<Vec<Key>>();
        let (from, to) = (keys(from), keys(to));
        let (mut came, mut went, mut moved) = (0, 0, 0);
        for at in 0..from.len().max(to.len()) {
            let (old, new) = (from.get(at), to.get(at));
            if old == new {
                continue;
            }
            went += i64::from(old.is_some_and(|key| !to.contains(key)));
            came += i64::from(new.is_some_and(|key| !from.contains(key)));
            let place = old.and_then(|key| to.iter().position(|other| other == key));
            let shift = place.map(|place| place as i64 - at as i64);
            moved += usize::from(shift.is_some_and(|shift| shift != came - went));
        }
        moved
    }

    #[test]
    fn the_table_shows_what_a_filter_lets_through() {
        let run = finished(9);
        let all = rows(&run, Look::default(), 5);
        assert_eq!((all.lines.len(), all.count), (5, 18));
        let rest = rows(&run, Look { from: 15, ..Look::default() }, 50);
        assert_eq!(rest.lines.len(), 3);
        let filter = Filter { show: Show::TechniquesDiffer, ..Filter::default() };
        let differing = rows(&run, Look { filter, ..Look::default() }, 50);
        // The first technique is right on each third problem, the second on all.
        assert_eq!((differing.lines.len(), differing.count), (12, 12));
        assert!(differing.lines.iter().any(|line| line.counts() == Some(false)));
        assert_eq!(all.toward(&differing).as_ref(), Some(&differing), "another filter, at once");
    }

    #[test]
    fn rows_that_stay_are_left_where_they_are() {
        for most in [9, 40] {
            let mut run = begun(20);
            assert!(step(&mut run));
            let mut shown = rows(&run, Look::default(), most);
            let mut batches = 0;
            while step(&mut run) {
                let wanted = rows(&run, Look::default(), most);
                if batches == 0 {
                    assert!(moved(&shown, &wanted) > 0, "all at once they would be moved");
                }
                let mut steps = 0;
                while let Some(next) = shown.toward(&wanted) {
                    assert_eq!(moved(&shown, &next), 0, "step {steps} of batch {batches}");
                    shown = next;
                    steps += 1;
                    assert!(steps <= 10);
                }
                assert_eq!(shown, wanted);
                batches += 1;
            }
            assert_eq!(shown.count, 40);
        }
    }

    #[test]
    fn a_row_is_drawn_anew_only_when_something_on_it_has_changed() {
        let mut run = finished(6);
        let before = rows(&run, Look::default(), 40);
        let cell = before.lines[4].cell;
        run.overrule(cell, Some(false)).expect("it has a verdict");
        let after = rows(&run, Look::default(), 40);
        let differ = |at: &usize| before.lines[*at].key() != after.lines[*at].key();
        assert_eq!((0..12).filter(differ).collect::<Vec<_>>(), [4]);
        assert_eq!(before.toward(&after).as_ref(), Some(&after));
        assert_eq!(moved(&before, &after), 0);
        assert_eq!(after.toward(&after), None);
    }

    #[test]
    fn the_open_line_stays_on_the_page() {
        let mut run = begun(8);
        assert!(step(&mut run));
        let last = rows(&run, Look::default(), 8).lines[7].cell;
        while step(&mut run) {}
        let look = Look { open: Some(last), ..Look::default() };
        let shown = rows(&run, look, 8);
        assert_eq!((shown.from, shown.count), (7, 16));
        assert_eq!(shown.lines[7].cell, last);
        assert_eq!(rows(&run, Look { from: 15, ..look }, 8).from, 14);
        assert_eq!(rows(&run, look, 40).from, 0);
    }
}
