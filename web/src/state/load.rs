//! Loading a model: what was asked for, what is under way, what is there.

use crate::protocol::{BackendChoice, LoadStage, ModelInfo, Source};

/// What a load asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) source: Source,
    pub(crate) backend: BackendChoice,
    /// Length of the KV cache in tokens.
    pub(crate) context: u32,
}

impl Wanted {
    fn is_for(&self, info: &ModelInfo) -> bool {
        match &self.source {
            Source::Catalogue { id } => *id == info.id,
            Source::LocalFile { name } => *name == info.id,
        }
    }
}

/// How far a load is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Progress {
    pub(crate) stage: LoadStage,
    pub(crate) bytes: u64,
    pub(crate) total: u64,
    pub(crate) bytes_per_second: f64,
    pub(crate) resumed_from: u64,
}

impl Progress {
    /// From 0 to 1.
    pub(crate) fn fraction(&self) -> f64 {
        if self.total == 0 { 0.0 } else { (self.bytes as f64 / self.total as f64).clamp(0.0, 1.0) }
    }
}

/// The page's side of loading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Load {
    loading: Option<Wanted>,
    progress: Option<Progress>,
    loaded: Option<(Wanted, ModelInfo)>,
    /// A load whose cancellation the worker may not have seen yet.
    cancelled: Option<Wanted>,
    then_run: bool,
}

impl Load {
    pub(crate) fn begin(&mut self, wanted: Wanted, then_run: bool) {
        // The worker lets go of the old model before it reads the new one.
        *self = Self { loading: Some(wanted), then_run, ..Self::default() };
    }

    pub(crate) fn advance(&mut self, progress: Progress) {
        if self.loading.is_some() {
            self.progress = Some(progress);
        }
    }

    /// Takes a loaded model over. True if a run waited for it.
    pub(crate) fn finish(&mut self, info: ModelInfo) -> bool {
        // While another model is being loaded, one whose cancellation came too late is of no use:
        // the worker lets go of it next.
        let expected = if self.loading.is_some() { &mut self.loading } else { &mut self.cancelled };
        let Some(wanted) = expected.take_if(|wanted| wanted.is_for(&info)) else {
            return false;
        };
        self.progress = None;
        self.cancelled = None;
        self.loaded = Some((wanted, info));
        std::mem::take(&mut self.then_run)
    }

    /// The load failed. True if there was one.
    pub(crate) fn fail(&mut self) -> bool {
        self.progress = None;
        self.cancelled = None;
        self.loading.take().is_some()
    }

    /// The reader cancelled. True if there was a load.
    pub(crate) fn cancel(&mut self) -> bool {
        self.progress = None;
        self.then_run = false;
        self.cancelled = self.loading.take();
        self.cancelled.is_some()
    }

    /// The model is gone (its device was lost for good).
    pub(crate) fn forget(&mut self) {
        self.loaded = None;
    }

    pub(crate) fn is_loading(&self) -> bool {
        self.loading.is_some()
    }

    pub(crate) fn progress(&self) -> Option<Progress> {
        self.progress
    }

    pub(crate) fn info(&self) -> Option<&ModelInfo> {
        self.loaded.as_ref().map(|(_, info)| info)
    }

    /// Does a run wait for the load? After a failed load: did one wait?
    pub(crate) fn then_run(&self) -> bool {
        self.then_run
    }

    pub(crate) fn set_then_run(&mut self, then_run: bool) {
        self.then_run = then_run;
    }

    pub(crate) fn is_loading_this(&self, wanted: &Wanted) -> bool {
        self.loading.as_ref() == Some(wanted)
    }

    /// Is what is loaded what is wanted?
    pub(crate) fn satisfies(&self, wanted: &Wanted) -> bool {
        let Some((loaded, info)) = &self.loaded else {
            return false;
        };
        let backend = loaded.backend == wanted.backend
            || match wanted.backend {
                BackendChoice::Auto | BackendChoice::Gpu => info.backend.gpu,
                BackendChoice::Cpu => !info.backend.gpu,
            };
        backend && loaded.source == wanted.source && loaded.context == wanted.context
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::model_info;

    fn wanted(backend: BackendChoice) -> Wanted {
        let source = Source::Catalogue { id: "m".into() };
        Wanted { source, backend, context: 2048 }
    }

    fn progress(bytes: u64) -> Progress {
        Progress {
            stage: LoadStage::Downloading,
            bytes,
            total: 100,
            bytes_per_second: 1.0,
            resumed_from: 0,
        }
    }

    #[test]
    fn a_load_runs_through_and_starts_the_waiting_run_once() {
        let mut load = Load::default();
        load.begin(wanted(BackendChoice::Auto), true);
        assert!(load.is_loading());
        load.advance(progress(40));
        assert_eq!(load.progress().map(|p| p.fraction()), Some(0.4));
        assert!(load.finish(model_info("m", true)));
        assert!(!load.is_loading());
        assert!(!load.then_run());
        assert!(load.satisfies(&wanted(BackendChoice::Auto)));
        assert!(load.satisfies(&wanted(BackendChoice::Gpu)), "Auto found a GPU");
        assert!(!load.satisfies(&wanted(BackendChoice::Cpu)));
        assert!(!load.satisfies(&Wanted { context: 512, ..wanted(BackendChoice::Auto) }));
    }

    #[test]
    fn a_fallback_to_the_cpu_is_no_gpu() {
        let mut load = Load::default();
        load.begin(wanted(BackendChoice::Auto), false);
        assert!(!load.finish(model_info("m", false)));
        assert!(load.satisfies(&wanted(BackendChoice::Auto)));
        assert!(load.satisfies(&wanted(BackendChoice::Cpu)));
        assert!(!load.satisfies(&wanted(BackendChoice::Gpu)));
    }

    #[test]
    fn progress_after_cancelling_is_ignored_but_a_finished_model_is_not() {
        let mut load = Load::default();
        load.begin(wanted(BackendChoice::Auto), true);
        assert!(load.cancel());
        assert!(!load.cancel());
        load.advance(progress(50));
        assert_eq!(load.progress(), None);

        load.begin(wanted(BackendChoice::Auto), true);
        load.cancel();
        assert!(!load.finish(model_info("m", true)), "the waiting run was cancelled too");
        assert!(load.satisfies(&wanted(BackendChoice::Auto)));
    }

    #[test]
    fn a_model_that_came_too_late_is_not_taken_for_the_next() {
        let mut load = Load::default();
        load.begin(wanted(BackendChoice::Auto), false);
        let source = Source::LocalFile { name: "mine.gguf".into() };
        load.begin(Wanted { source, ..wanted(BackendChoice::Auto) }, true);
        assert!(!load.finish(model_info("m", true)));
        assert!(load.is_loading());
        assert!(load.finish(model_info("mine.gguf", true)));
    }

    #[test]
    fn a_failed_load_remembers_that_a_run_waited() {
        let mut load = Load::default();
        load.begin(wanted(BackendChoice::Gpu), true);
        assert!(load.fail());
        assert!(!load.fail());
        assert!(load.then_run());
        assert!(load.info().is_none());
    }

    #[test]
    fn a_loaded_event_nobody_waits_for_changes_nothing() {
        let mut load = Load::default();
        assert!(!load.finish(model_info("m", true)));
        assert!(load.info().is_none());
    }

    #[test]
    fn progress_of_nothing_is_no_number_to_divide_by() {
        assert_eq!(Progress { total: 0, ..progress(5) }.fraction(), 0.0);
        assert_eq!(progress(500).fraction(), 1.0);
    }
}
