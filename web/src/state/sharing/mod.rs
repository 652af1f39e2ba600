//! What a reader keeps and passes on: links, files, saved scenes, and the steps to undo.

pub(crate) mod change;
pub(crate) mod compose;
pub(crate) mod follow;
pub(crate) mod opened;
pub(crate) mod origin;
pub(crate) mod signals;
pub(crate) mod steps;
pub(crate) mod tab;
