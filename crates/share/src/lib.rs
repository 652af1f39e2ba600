//! What a reader can keep and pass on: scenes, links, lessons, and the steps to undo.
//!
//! A [`Scene`] is plain data: everything the page shows, and nothing it computed. It depends on no other crate
//! of ours, so that a link opens without an engine. Nothing in here draws, requests or runs anything; the only
//! browser interface used is local storage, behind [`store::Storage`].

mod error;
pub mod file;
pub mod history;
pub mod lesson;
pub mod link;
pub mod markdown;
mod migrate;
pub mod qr;
pub mod replay;
pub mod scene;
mod shared;
pub mod store;

pub use error::ShareError;
pub use scene::{Scene, SceneError};
pub use shared::{Collection, LessonText, MAX_NAME, MAX_SCENES, NamedScene, Shared};
