//! The few things the page asks of the browser. No logic here.

pub(crate) mod canvas;
pub(crate) mod dom;
pub(crate) mod fetch;
pub(crate) mod kept;
pub(crate) mod link;
pub(crate) mod picture;
pub(crate) mod save;
pub(crate) mod store;
