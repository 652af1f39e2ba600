//! [`Show`] and [`For`] as leptos has them, compiled once.
//!
//! leptos compiles both again for each place that uses them. Here conditions, keys and items are behind a pointer at
//! once, and what follows has one type: see [`crate::reactive`] for the same with memos and effects.

use std::any::Any;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use leptos::children::ViewFn;
use leptos::control_flow;
use leptos::prelude::*;

use crate::reactive::memo;

/// Shows its children while a condition holds, and otherwise what is to stand in their place.
#[component(transparent)]
pub(crate) fn Show<W>(
    children: ChildrenFn,
    when: W,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView
where
    W: Fn() -> bool + Send + Sync + 'static,
{
    shown(memo(when), children, fallback)
}

fn shown(when: Memo<bool>, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    (move || if when.get() { children() } else { fallback.run() }).into_any()
}

/// A list of items, each with a key of its own. What belongs to an item that stays is kept.
#[component(transparent)]
pub(crate) fn For<T, K, V, E, F, C>(each: E, key: F, children: C) -> impl IntoView
where
    T: Send + 'static,
    K: Eq + Hash + Send + Sync + 'static,
    V: IntoView + 'static,
    E: Fn() -> Vec<T> + Send + 'static,
    F: Fn(&T) -> K + Send + 'static,
    C: Fn(T) -> V + Send + Sync + 'static,
{
    let children: Arc<dyn Fn(T) -> AnyView + Send + Sync> =
        Arc::new(move |item| children(item).into_any());
    let item = move |item: T| {
        let key = Key(Arc::new(key(&item)));
        let children = Arc::clone(&children);
        Item { key, view: Box::new(move || children(item)) }
    };
    listed(Box::new(move || each().into_iter().map(&item).collect()))
}

fn listed(items: Box<dyn Fn() -> Vec<Item> + Send>) -> AnyView {
    let key = |item: &Item| item.key.clone();
    let children = |item: Item| (item.view)();
    control_flow::For(control_flow::ForProps { each: items, key, children }).into_any()
}

struct Item {
    key: Key,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

#[derive(Clone)]
struct Key(Arc<dyn AnyKey>);

/// A key of any type. Those of one list have the same.
trait AnyKey: Any + Send + Sync {
    fn is(&self, other: &dyn Any) -> bool;
    fn put(&self, hasher: &mut dyn Hasher);
}

impl<K: Eq + Hash + Send + Sync + 'static> AnyKey for K {
    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<K>().is_some_and(|other| self == other)
    }

    fn put(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(&*other.0)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.0.put(hasher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::{BuildHasher, RandomState};

    #[test]
    fn keys_are_told_apart_as_what_they_hold() {
        let key = |number: u32, name: &str| Key(Arc::new((number, name.to_owned())));
        assert!(key(1, "a") == key(1, "a"));
        assert!(key(1, "a") != key(1, "b") && key(1, "a") != key(2, "a"));
        assert!(key(1, "a") != Key(Arc::new(1u32)), "another type");
        let state = RandomState::new();
        assert_eq!(state.hash_one(key(1, "a")), state.hash_one(key(1, "a")));
        assert_ne!(state.hash_one(key(1, "a")), state.hash_one(key(1, "b")));
    }
}
