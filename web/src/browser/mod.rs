//! The few things the page asks of the browser. No logic here.

pub(crate) mod canvas;
pub(crate) mod dom;
pub(crate) mod fetch;
pub(crate) mod kept;
pub(crate) mod light;
pub(crate) mod link;
pub(crate) mod logs;
pub(crate) mod picture;
pub(crate) mod read;
pub(crate) mod save;
pub(crate) mod scenes;
pub(crate) mod store;
