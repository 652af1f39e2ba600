//! Prompts from parts: what to do, examples, something to know, the question, the beginning of the answer, a closing phrase.
//!
//! [`assemble`] puts the parts together, to a text for a model that continues texts or to a conversation for one that
//! answers, and says where each part lies ([`Segment`]). [`render`] follows the parts through the model's chat
//! template, so that the same colours can be laid over tokens and attention.

mod assemble;
mod input;
mod part;
mod prefix;
mod render;
mod segment;

pub use assemble::{Assembled, ChatExamples, Form, Input, Layout, assemble};
pub use part::{Example, Part, PartKind};
pub use prefix::{Saving, shared_prefix};
pub use render::{Rendered, render, render_with, text_of, tokens_of};
pub use segment::{Place, Segment, Stretch};
