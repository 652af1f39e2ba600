//! Sentences for the reader: what happened, and the way on.

use crate::protocol::{Failure, FailureKind};
use crate::state::settings::Field;

/// Something the page says.
#[derive(Clone, Debug)]
pub(crate) enum Notice {
    Failure(Failure),
    /// WebGPU was looked for and not found; the CPU does the work.
    CpuFallback {
        reason: String,
    },
    /// The device was lost and rebuilt; the run goes on.
    DeviceRestored,
    /// The list of models could not be read.
    Catalogue {
        detail: String,
    },
    /// A setting that makes no sense stands in the way of running.
    Setting(Field),
}

/// What a notice's button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    UseCpu,
    /// Loads again what was asked for last.
    LoadAgain,
    ResumeDownload,
    RemoveAndLoad,
    PickFile,
    PickModel,
    /// Loads again with another context length.
    LoadWithContext(u32),
    UseExample,
    EditPrompt,
    RawMode,
    ShowStored,
    ReadCatalogue,
    ShowSetting(Field),
}

/// What a way on depends on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Situation {
    /// The model is a file of the reader's, not one of the catalogue.
    pub(crate) local: bool,
    /// The context asked for, in tokens.
    pub(crate) context: u32,
    /// The longest context the model can have.
    pub(crate) longest_context: u32,
}

const SHORTEST_SENSIBLE_CONTEXT: u32 = 256;

impl Notice {
    /// The value of `data-kind`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Failure(failure) => failure_code(failure.kind),
            Self::CpuFallback { .. } => failure_code(FailureKind::NoWebGpu),
            Self::DeviceRestored => "device_restored",
            Self::Catalogue { .. } => "catalogue",
            Self::Setting(_) => "setting",
        }
    }

    /// Good to know rather than in the way.
    pub(crate) fn is_calm(&self) -> bool {
        matches!(self, Self::CpuFallback { .. } | Self::DeviceRestored)
    }

    /// The cause, for whoever wants to know.
    pub(crate) fn detail(&self) -> Option<&str> {
        let detail = match self {
            Self::Failure(failure) => &failure.detail,
            Self::CpuFallback { reason } => reason,
            Self::Catalogue { detail } => detail,
            Self::DeviceRestored | Self::Setting(_) => return None,
        };
        (!detail.is_empty()).then_some(detail.as_str())
    }

    /// Does it help to say how WebGPU is switched on?
    pub(crate) fn explains_webgpu(&self) -> bool {
        matches!(self.kind(), "no_web_gpu")
    }

    /// The way on, where a button can take it.
    pub(crate) fn action(&self, situation: Situation) -> Option<Action> {
        match self {
            Self::Failure(failure) => Some(way_on(failure.kind, situation)),
            Self::Catalogue { .. } => Some(Action::ReadCatalogue),
            Self::Setting(field) => Some(Action::ShowSetting(*field)),
            Self::CpuFallback { .. } | Self::DeviceRestored => None,
        }
    }
}

/// Every failure has one.
pub(crate) fn way_on(kind: FailureKind, situation: Situation) -> Action {
    let Situation { local, context, longest_context } = situation;
    match kind {
        FailureKind::NoWebGpu => Action::UseCpu,
        FailureKind::DownloadRefused | FailureKind::NoModel => Action::LoadAgain,
        FailureKind::DeviceLost | FailureKind::Internal => Action::LoadAgain,
        FailureKind::DownloadInterrupted => Action::ResumeDownload,
        FailureKind::CorruptedFile if local => Action::PickFile,
        FailureKind::CorruptedFile => Action::RemoveAndLoad,
        FailureKind::Unsupported if local => Action::PickFile,
        FailureKind::Unsupported => Action::PickModel,
        FailureKind::OutOfMemory if context / 2 >= SHORTEST_SENSIBLE_CONTEXT => {
            Action::LoadWithContext(context / 2)
        }
        FailureKind::OutOfMemory => Action::PickModel,
        FailureKind::PromptTooLong if context < longest_context => {
            Action::LoadWithContext(context.saturating_mul(2).min(longest_context))
        }
        FailureKind::PromptTooLong => Action::EditPrompt,
        FailureKind::EmptyPrompt => Action::UseExample,
        FailureKind::Template => Action::RawMode,
        FailureKind::Storage => Action::ShowStored,
    }
}

/// The name of a failure in `data-kind`.
pub(crate) fn failure_code(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::NoWebGpu => "no_web_gpu",
        FailureKind::DownloadRefused => "download_refused",
        FailureKind::DownloadInterrupted => "download_interrupted",
        FailureKind::CorruptedFile => "corrupted_file",
        FailureKind::Unsupported => "unsupported",
        FailureKind::OutOfMemory => "out_of_memory",
        FailureKind::DeviceLost => "device_lost",
        FailureKind::PromptTooLong => "prompt_too_long",
        FailureKind::EmptyPrompt => "empty_prompt",
        FailureKind::NoModel => "no_model",
        FailureKind::Template => "template",
        FailureKind::Storage => "storage",
        FailureKind::Internal => "internal",
    }
}

/// The notices on the page: at most one of a kind, the newest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notices {
    list: Vec<(u32, Notice)>,
    next: u32,
}

impl Notices {
    pub(crate) fn add(&mut self, notice: Notice) {
        self.list.retain(|(_, other)| other.kind() != notice.kind());
        self.list.insert(0, (self.next, notice));
        self.next = self.next.wrapping_add(1);
    }

    /// A notice with its number, which stays the same while it is shown.
    pub(crate) fn list(&self) -> &[(u32, Notice)] {
        &self.list
    }

    pub(crate) fn dismiss(&mut self, number: u32) {
        self.list.retain(|(other, _)| *other != number);
    }

    /// Before a new attempt: what stood in the way of the last one goes.
    pub(crate) fn clear_failures(&mut self) {
        self.list.retain(|(_, notice)| notice.is_calm());
    }

    /// Before a new load: the backend is chosen anew, so all of it goes.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const KINDS: [FailureKind; 13] = [
        FailureKind::NoWebGpu,
        FailureKind::DownloadRefused,
        FailureKind::DownloadInterrupted,
        FailureKind::CorruptedFile,
        FailureKind::Unsupported,
        FailureKind::OutOfMemory,
        FailureKind::DeviceLost,
        FailureKind::PromptTooLong,
        FailureKind::EmptyPrompt,
        FailureKind::NoModel,
        FailureKind::Template,
        FailureKind::Storage,
        FailureKind::Internal,
    ];

    fn failure(kind: FailureKind) -> Notice {
        Notice::Failure(Failure { kind, detail: "why".into(), run: None, column: None })
    }

    #[test]
    fn codes_are_those_of_the_protocol() {
        for kind in KINDS {
            assert_eq!(serde_json::json!(kind), serde_json::json!(failure_code(kind)));
        }
    }

    #[test]
    fn the_way_on_fits_the_situation() {
        let roomy = Situation { context: 2048, longest_context: 8192, ..Situation::default() };
        let full = Situation { context: 8192, longest_context: 8192, ..Situation::default() };
        let tiny = Situation { context: 256, longest_context: 8192, ..Situation::default() };
        let local = Situation { local: true, ..roomy };
        assert_eq!(way_on(FailureKind::PromptTooLong, roomy), Action::LoadWithContext(4096));
        assert_eq!(way_on(FailureKind::PromptTooLong, full), Action::EditPrompt);
        assert_eq!(way_on(FailureKind::OutOfMemory, roomy), Action::LoadWithContext(1024));
        assert_eq!(way_on(FailureKind::OutOfMemory, tiny), Action::PickModel);
        assert_eq!(way_on(FailureKind::CorruptedFile, roomy), Action::RemoveAndLoad);
        assert_eq!(way_on(FailureKind::CorruptedFile, local), Action::PickFile);
        assert_eq!(way_on(FailureKind::EmptyPrompt, roomy), Action::UseExample);
    }

    #[test]
    fn one_notice_of_a_kind_and_the_newest_first() {
        let mut notices = Notices::default();
        notices.add(failure(FailureKind::Storage));
        notices.add(Notice::DeviceRestored);
        notices.add(failure(FailureKind::Storage));
        let kinds: Vec<_> = notices.list().iter().map(|(_, notice)| notice.kind()).collect();
        assert_eq!(kinds, ["storage", "device_restored"]);
        notices.clear_failures();
        assert_eq!(notices.list().len(), 1);
        let number = notices.list()[0].0;
        notices.dismiss(number);
        assert!(notices.list().is_empty());
    }

    #[test]
    fn a_fallback_is_told_as_no_webgpu_but_calmly() {
        let notice = Notice::CpuFallback { reason: "no adapter".into() };
        assert_eq!(notice.kind(), "no_web_gpu");
        assert!(notice.is_calm() && notice.explains_webgpu());
        assert_eq!(notice.detail(), Some("no adapter"));
        assert_eq!(notice.action(Situation::default()), None);
    }
}
