//! Memos and effects that hold their closure behind a pointer.
//!
//! leptos compiles what surrounds a closure again for each closure. Behind a pointer all closures of one result have one
//! type, so that this is compiled once for each result.

use leptos::prelude::*;

/// A [`Memo`] that does not look at what it was before.
pub(crate) fn memo<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    pointed_memo(Box::new(value))
}

/// An [`Effect`] that keeps nothing from one run to the next.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    pointed_effect(Box::new(run));
}

#[inline(never)]
fn pointed_memo<T>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| value())
}

#[inline(never)]
fn pointed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
