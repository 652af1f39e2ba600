//! The module that `start.js` starts.

pub use web::start_page;
