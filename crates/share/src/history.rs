//! Undo and redo. Pure: the page holds one [`History`] of scenes and shows its [`History::now`].

use std::collections::VecDeque;

/// Steps that are kept by [`History::new`].
pub const STEPS: usize = 200;

/// A value, what it was before, and what was undone.
#[derive(Clone, Debug, PartialEq)]
pub struct History<T> {
    past: VecDeque<T>,
    now: T,
    /// The last undone is the next to be redone.
    undone: Vec<T>,
    steps: usize,
    /// What the last change was, while changes of the same kind may still join it.
    kind: Option<&'static str>,
}

impl<T: Clone + PartialEq> History<T> {
    /// A history without steps, which will keep [`STEPS`].
    pub fn new(now: T) -> Self {
        Self::with_steps(now, STEPS)
    }

    /// A history that keeps so many steps; older ones are forgotten.
    pub fn with_steps(now: T, steps: usize) -> Self {
        Self { past: VecDeque::new(), now, undone: Vec::new(), steps, kind: None }
    }

    /// The value as it is.
    pub fn now(&self) -> &T {
        &self.now
    }

    /// A change: a step of its own. Nothing happens if nothing is different.
    pub fn change(&mut self, next: T) {
        self.kind = None;
        self.step(next);
    }

    /// A change that joins the step before if that was of the same kind and nothing came between: typing a
    /// word is one step, not five.
    pub fn change_as(&mut self, kind: &'static str, next: T) {
        if self.kind == Some(kind) && !self.past.is_empty() {
            if self.now != next {
                self.now = next;
                self.undone.clear();
            }
        } else if self.step(next) {
            self.kind = Some(kind);
        }
    }

    /// What comes next is a step of its own, whatever its kind: the reader left the field.
    pub fn seal(&mut self) {
        self.kind = None;
    }

    /// The value changes and this is no step: something that nobody would undo, such as the language.
    pub fn replace(&mut self, next: T) {
        self.now = next;
    }

    /// One step back. `None` if there is none.
    pub fn undo(&mut self) -> Option<&T> {
        let before = self.past.pop_back()?;
        self.undone.push(std::mem::replace(&mut self.now, before));
        self.kind = None;
        Some(&self.now)
    }

    /// One step forward again. `None` if there is none.
    pub fn redo(&mut self) -> Option<&T> {
        let after = self.undone.pop()?;
        self.past.push_back(std::mem::replace(&mut self.now, after));
        self.kind = None;
        Some(&self.now)
    }

    /// Is there a step back?
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Is there a step forward?
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Whether anything is different now.
    fn step(&mut self, next: T) -> bool {
        if self.now == next {
            return false;
        }
        self.past.push_back(std::mem::replace(&mut self.now, next));
        if self.past.len() > self.steps {
            self.past.pop_front();
        }
        self.undone.clear();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_back_and_forward() {
        let mut history = History::new(0);
        assert!(!history.can_undo() && !history.can_redo());
        assert_eq!(history.undo(), None);
        assert_eq!(history.redo(), None);
        history.change(1);
        history.change(2);
        history.change(2);
        assert_eq!(history.undo(), Some(&1));
        assert_eq!(history.undo(), Some(&0));
        assert_eq!(history.undo(), None);
        assert_eq!(history.redo(), Some(&1));
        // Another way from here: what was undone is gone.
        history.change(5);
        assert_eq!(history.redo(), None);
        assert_eq!(history.undo(), Some(&1));
    }

    #[test]
    fn changes_of_a_kind_are_one_step() {
        let mut history = History::new(String::new());
        for text in ["a", "ab", "abc"] {
            history.change_as("prompt", text.to_owned());
        }
        history.change_as("system", "abc!".to_owned());
        history.seal();
        history.change_as("system", "abc!?".to_owned());
        let back: Vec<String> = std::iter::from_fn(|| history.undo().cloned()).collect();
        assert_eq!(back, ["abc!", "abc", ""]);
        // After an undo a kind starts anew.
        history.change_as("prompt", "x".to_owned());
        assert_eq!(history.undo().map(String::as_str), Some(""));
    }

    #[test]
    fn replacing_is_no_step_and_old_steps_are_forgotten() {
        let mut history = History::with_steps(0, 3);
        for value in 1..=9 {
            history.change(value);
        }
        history.replace(10);
        let back: Vec<i32> = std::iter::from_fn(|| history.undo().copied()).collect();
        assert_eq!(back, [8, 7, 6]);
        assert_eq!(history.redo(), Some(&7));
    }

    #[test]
    fn no_step_is_kept_where_none_is_wanted() {
        let mut history = History::with_steps(0, 0);
        history.change_as("a", 1);
        history.change_as("a", 2);
        assert_eq!((*history.now(), history.can_undo()), (2, false));
    }
}
