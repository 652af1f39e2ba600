//! Loads a model: source → hash → loader → adapters → engine.

use engine::{Device, Engine};
use text::Tokenizer;

use super::backend::{self, Chosen};
use super::intake::Intake;
use super::origin::{self, Origin, Place};
use super::progress::Progress;
use super::room;
use super::session::Session;
use super::signals::Ticket;
use super::site_file;
use super::source;
use super::trio::Stages;
use crate::protocol::{BackendChoice, Failure, LoadStage, Source};

/// What reading a model's files makes.
pub(super) struct Loaded {
    pub(super) engine: Engine,
    pub(super) tokenizer: Tokenizer,
    pub(super) stages: Stages,
    /// Of the engine.
    pub(super) sequences: u32,
}

/// Loads a model from scratch.
pub(super) async fn load(
    source: Source,
    file: Option<web_sys::File>,
    choice: BackendChoice,
    context: u32,
    ticket: &Ticket,
) -> Result<Session, Failure> {
    let origin = origin::find(source, file, ticket).await?;
    let Chosen { device, fallback_reason } = backend::choose(choice).await?;
    let progress = Progress::new(origin.all_bytes(), false);
    let loaded = read(&origin, device, context, None, progress, ticket).await?;
    Ok(Session::new(loaded, origin, context, fallback_reason))
}

/// Reads a model's files into an engine on `device`. What is `known` already is kept: only the model file is read then.
pub(super) async fn read(
    origin: &Origin,
    device: Device,
    context: u32,
    known: Option<(Tokenizer, Stages)>,
    progress: Progress,
    ticket: &Ticket,
) -> Result<Loaded, Failure> {
    let options = room::options(origin.bytes, context, origin.trained_context, device.is_gpu());
    let (tokenizer, stages) = known.unzip();
    let mut intake =
        Intake::new(device, options, origin.bytes, &origin.overrides, tokenizer, progress);
    match &origin.place {
        Place::Local(file) => {
            intake.enter(LoadStage::ReadingLocal);
            source::feed(file, &mut intake, ticket).await?;
        }
        Place::Site(file) => {
            site_file::read(file, origin.bytes, &mut intake, ticket).await?;
        }
    }
    let stages = match (stages, &origin.trio) {
        (Some(known), _) => Some(known),
        (None, Some(trio)) => Some(Stages::fetch(trio, &mut intake, ticket).await?),
        (None, None) => None,
    };
    let (mut engine, tokenizer) = intake.finish().await?;
    let mut stages = stages.unwrap_or_else(|| Stages::only(tokenizer.has_chat_template()));
    stages.give(&mut engine)?;
    Ok(Loaded { engine, tokenizer, stages, sequences: options.sequences })
}
