//! What the page knows, as plain data with plain transitions. `app` alone holds signals.

mod actions;
pub(crate) mod app;
pub(crate) mod catalogue;
pub(crate) mod chat;
pub(crate) mod format;
pub(crate) mod inspect;
pub(crate) mod load;
pub(crate) mod notice;
pub(crate) mod panel;
pub(crate) mod preferences;
pub(crate) mod run;
pub(crate) mod settings;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod token;
mod ways;
