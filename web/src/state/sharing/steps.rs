//! A set of scenes to step through.

use share::{Collection, NamedScene};

/// A set, and where the reader is in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Steps {
    collection: Collection,
    at: usize,
}

impl Steps {
    /// `None` for a set of nothing.
    pub(crate) fn new(collection: Collection) -> Option<Self> {
        (!collection.scenes.is_empty()).then_some(Self { collection, at: 0 })
    }

    pub(crate) fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The scene that is shown.
    pub(crate) fn now(&self) -> Option<&NamedScene> {
        self.collection.scenes.get(self.at)
    }

    /// Its place, counted from 1, and how many there are.
    pub(crate) fn place(&self) -> (usize, usize) {
        (self.at + 1, self.collection.scenes.len())
    }

    pub(crate) fn has(&self, forward: bool) -> bool {
        if forward { self.at + 1 < self.collection.scenes.len() } else { self.at > 0 }
    }

    /// Goes on, or back. False at the end.
    pub(crate) fn go(&mut self, forward: bool) -> bool {
        let can = self.has(forward);
        if can {
            self.at = if forward { self.at + 1 } else { self.at - 1 };
        }
        can
    }
}

/// Where a presenter's key leads: forward, back, or nowhere.
pub(crate) fn direction(key: &str) -> Option<bool> {
    match key {
        "PageDown" | "ArrowRight" => Some(true),
        "PageUp" | "ArrowLeft" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use share::Scene;

    #[test]
    fn a_set_is_stepped_through() {
        assert_eq!(Steps::new(Collection::default()), None);
        let named =
            |name: &str| NamedScene { name: name.to_owned(), saved: 0, scene: Scene::default() };
        let collection = Collection { title: "Set".into(), scenes: vec![named("a"), named("b")] };
        let mut steps = Steps::new(collection).expect("two");
        assert!(!steps.go(false) && steps.go(true) && !steps.go(true));
        assert_eq!(
            (steps.place(), steps.now().map(|scene| scene.name.as_str())),
            ((2, 2), Some("b"))
        );
        assert!(steps.go(false) && steps.has(true));
    }

    #[test]
    fn a_presenters_keys_have_directions() {
        assert_eq!(direction("PageDown"), Some(true));
        assert_eq!(direction("ArrowLeft"), Some(false));
        assert_eq!(direction("a"), None);
    }
}
