//! English: what went wrong, and the way on.

use crate::protocol::FailureKind;
use crate::state::notice::Action;

pub(super) fn failure(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NoWebGpu => {
            "You asked for the GPU, and this browser offers no WebGPU here. The CPU gives the same numbers, more slowly."
        }
        FailureKind::DownloadRefused => {
            "The model could not be downloaded: the server refused the file or could not be reached."
        }
        FailureKind::DownloadInterrupted => {
            "The connection broke during the download. What has arrived is kept."
        }
        FailureKind::CorruptedFile => {
            "The model file is damaged: its bytes are not the ones they should be. It was not used."
        }
        FailureKind::Unsupported => {
            "This file holds something Glassbox cannot run: an unknown format, architecture, tokenizer or tensor type."
        }
        FailureKind::OutOfMemory => {
            "There is not enough memory for this model with this context length."
        }
        FailureKind::DeviceLost => {
            "The GPU was lost (a driver reset, or the system went to sleep) and could not be set up again by itself."
        }
        FailureKind::PromptTooLong => "The prompt is longer than the context, so it does not fit.",
        FailureKind::EmptyPrompt => "The prompt is empty: the model needs something to begin with.",
        FailureKind::NoModel => "No model is loaded yet.",
        FailureKind::Template => {
            "The model's chat template could not turn this conversation into text."
        }
        FailureKind::Storage => {
            "The browser's storage for this site could not be used; it may be full or closed to private windows. The model can still run, but may not be kept."
        }
        FailureKind::Internal => {
            "Something went wrong inside Glassbox itself. Loading the model again usually helps."
        }
    }
}

pub(super) fn action(action: Action) -> String {
    match action {
        Action::UseCpu => "Use the CPU".to_owned(),
        Action::LoadAgain => "Load the model".to_owned(),
        Action::ResumeDownload => "Resume the download".to_owned(),
        Action::RemoveAndLoad => "Remove it and download again".to_owned(),
        Action::PickFile => "Choose another file".to_owned(),
        Action::PickModel => "Choose another model".to_owned(),
        Action::LoadWithContext(tokens) => format!("Load again with a context of {tokens}"),
        Action::UseExample => "Use the example".to_owned(),
        Action::EditPrompt => "Edit the prompt".to_owned(),
        Action::RawMode => "Give every column the raw text".to_owned(),
        Action::ShowStored => "Show what is kept".to_owned(),
        Action::ReadCatalogue => "Try again".to_owned(),
        Action::ShowSetting(field) => format!("Go to {}", field.name()),
    }
}
