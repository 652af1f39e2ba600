//! The models: which are loaded, and the one that is being loaded.

use crate::protocol::{BackendChoice, LoadStage, ModelInfo, Source, StageInfo};

/// What a load asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) source: Source,
    pub(crate) backend: BackendChoice,
    /// Length of the KV cache in tokens.
    pub(crate) context: u32,
}

/// The name under which a source's model goes.
pub(crate) fn model_of(source: &Source) -> &str {
    match source {
        Source::Catalogue { id } | Source::Hub { id, .. } => id,
        Source::LocalFile { name } => name,
    }
}

/// The file is the same wherever it comes from: once it is here, nobody asks any more.
fn of_catalogue(wanted: Wanted) -> Wanted {
    match wanted.source {
        Source::Hub { id, .. } => Wanted { source: Source::Catalogue { id }, ..wanted },
        _ => wanted,
    }
}

/// What is done once the model is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Then {
    /// Its stages become the columns.
    pub(crate) show: bool,
    /// The prompt is run.
    pub(crate) run: bool,
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
pub(crate) struct Library {
    loading: Option<Wanted>,
    progress: Option<Progress>,
    /// In the order they came.
    loaded: Vec<(Wanted, ModelInfo)>,
    /// A load whose cancellation the worker may not have seen yet.
    cancelled: Option<Wanted>,
    then: Then,
    /// What was asked for last, for another try.
    last: Option<Wanted>,
}

impl Library {
    pub(crate) fn begin(&mut self, wanted: Wanted, then: Then) {
        // The worker lets go of a model before it reads the same one again.
        self.forget(model_of(&wanted.source));
        self.last = Some(wanted.clone());
        self.loading = Some(of_catalogue(wanted));
        self.progress = None;
        self.cancelled = None;
        self.then = then;
    }

    pub(crate) fn advance(&mut self, progress: Progress) {
        if self.loading.is_some() {
            self.progress = Some(progress);
        }
    }

    /// Takes a loaded model over and says what is to be done with it.
    pub(crate) fn finish(&mut self, info: ModelInfo) -> Then {
        // While another model is being loaded, one whose cancellation came too late is kept, but nobody waits for it.
        let is_it = |wanted: &mut Wanted| model_of(&wanted.source) == info.id;
        if let Some(wanted) = self.loading.take_if(is_it) {
            self.progress = None;
            self.cancelled = None;
            self.add(wanted, info);
            return std::mem::take(&mut self.then);
        }
        if let Some(wanted) = self.cancelled.take_if(is_it) {
            self.add(wanted, info);
        }
        Then::default()
    }

    fn add(&mut self, wanted: Wanted, info: ModelInfo) {
        self.forget(&info.id);
        self.loaded.push((wanted, info));
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
        self.then = Then::default();
        self.cancelled = self.loading.take();
        self.cancelled.is_some()
    }

    /// This model is gone.
    pub(crate) fn forget(&mut self, model: &str) {
        self.loaded.retain(|(_, info)| info.id != model);
    }

    /// All models are gone (the worker broke down, or the device was lost for good).
    pub(crate) fn forget_all(&mut self) {
        self.loaded.clear();
    }

    pub(crate) fn is_loading(&self) -> bool {
        self.loading.is_some()
    }

    /// The model that is being loaded.
    pub(crate) fn loading(&self) -> Option<&str> {
        self.loading.as_ref().map(|wanted| model_of(&wanted.source))
    }

    pub(crate) fn progress(&self) -> Option<Progress> {
        self.progress
    }

    /// What follows the load; after a failed load, what would have.
    pub(crate) fn then(&self) -> Then {
        self.then
    }

    pub(crate) fn set_run_after(&mut self, run: bool) {
        self.then.run = run;
    }

    /// What was asked for last.
    pub(crate) fn last(&self) -> Option<&Wanted> {
        self.last.as_ref()
    }

    pub(crate) fn models(&self) -> impl Iterator<Item = &ModelInfo> {
        self.loaded.iter().map(|(_, info)| info)
    }

    pub(crate) fn info(&self, model: &str) -> Option<&ModelInfo> {
        self.models().find(|info| info.id == model)
    }

    /// The stage of a loaded model.
    pub(crate) fn stage(&self, model: &str, stage: &str) -> Option<&StageInfo> {
        self.info(model)?.stages.iter().find(|info| info.id == stage)
    }

    pub(crate) fn is_loading_this(&self, wanted: &Wanted) -> bool {
        self.loading.as_ref() == Some(wanted)
    }

    /// Is what is wanted loaded?
    pub(crate) fn satisfies(&self, wanted: &Wanted) -> bool {
        self.loaded.iter().any(|(loaded, info)| {
            let backend = loaded.backend == wanted.backend
                || match wanted.backend {
                    BackendChoice::Auto | BackendChoice::Gpu => info.backend.gpu,
                    BackendChoice::Cpu => !info.backend.gpu,
                };
            backend && loaded.source == wanted.source && loaded.context == wanted.context
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::model_info;

    const BOTH: Then = Then { show: true, run: true };

    fn wanted(id: &str, backend: BackendChoice) -> Wanted {
        Wanted { source: Source::Catalogue { id: id.into() }, backend, context: 2048 }
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
    fn a_file_from_its_public_address_is_the_catalogues_once_it_is_there() {
        let mut library = Library::default();
        let plain = wanted("a", BackendChoice::Cpu);
        let source = Source::Hub { id: "a".into(), host: "example.org".into() };
        let asked = Wanted { source, ..plain.clone() };
        library.begin(asked.clone(), BOTH);
        assert_eq!((library.loading(), library.last()), (Some("a"), Some(&asked)));
        assert!(library.is_loading_this(&plain));
        assert_eq!(library.finish(model_info("a", false)), BOTH);
        assert!(library.satisfies(&plain));
    }

    #[test]
    fn a_load_runs_through_and_says_once_what_follows() {
        let mut library = Library::default();
        library.begin(wanted("m", BackendChoice::Auto), BOTH);
        assert_eq!(library.loading(), Some("m"));
        library.advance(progress(40));
        assert_eq!(library.progress().map(|p| p.fraction()), Some(0.4));
        assert_eq!(library.finish(model_info("m", true)), BOTH);
        assert!(!library.is_loading());
        assert_eq!(library.then(), Then::default());
        assert!(library.satisfies(&wanted("m", BackendChoice::Auto)));
        assert!(library.satisfies(&wanted("m", BackendChoice::Gpu)), "Auto found a GPU");
        assert!(!library.satisfies(&wanted("m", BackendChoice::Cpu)));
        assert!(!library.satisfies(&Wanted { context: 512, ..wanted("m", BackendChoice::Auto) }));
    }

    #[test]
    fn several_models_are_there_at_once_and_the_same_one_once() {
        let mut library = Library::default();
        for id in ["m", "n", "m"] {
            library.begin(wanted(id, BackendChoice::Cpu), Then::default());
            library.finish(model_info(id, false));
        }
        assert_eq!(library.models().map(|info| info.id.as_str()).collect::<Vec<_>>(), ["n", "m"]);
        assert!(library.stage("n", "model").is_some() && library.stage("n", "rlhf").is_none());
        library.forget("n");
        assert!(library.info("n").is_none() && library.info("m").is_some());
        library.forget_all();
        assert_eq!(library.models().count(), 0);
    }

    #[test]
    fn progress_after_cancelling_is_ignored_but_a_finished_model_is_not() {
        let mut library = Library::default();
        library.begin(wanted("m", BackendChoice::Auto), BOTH);
        assert!(library.cancel());
        assert!(!library.cancel());
        library.advance(progress(50));
        assert_eq!(library.progress(), None);

        library.begin(wanted("m", BackendChoice::Auto), BOTH);
        library.cancel();
        let then = library.finish(model_info("m", true));
        assert_eq!(then, Then::default(), "what should have followed was cancelled too");
        assert!(library.satisfies(&wanted("m", BackendChoice::Auto)));
    }

    #[test]
    fn a_model_that_came_too_late_is_not_taken_for_the_next() {
        let mut library = Library::default();
        library.begin(wanted("m", BackendChoice::Auto), Then::default());
        library.begin(wanted("n", BackendChoice::Auto), BOTH);
        assert_eq!(library.finish(model_info("m", true)), Then::default());
        assert!(library.is_loading());
        assert_eq!(library.finish(model_info("n", true)), BOTH);
    }

    #[test]
    fn a_failed_load_remembers_what_it_was_for() {
        let mut library = Library::default();
        library.begin(wanted("m", BackendChoice::Gpu), BOTH);
        assert!(library.fail());
        assert!(!library.fail());
        assert_eq!((library.then(), library.last().is_some()), (BOTH, true));
        assert!(library.info("m").is_none());
    }

    #[test]
    fn progress_of_nothing_is_no_number_to_divide_by() {
        assert_eq!(Progress { total: 0, ..progress(5) }.fraction(), 0.0);
        assert_eq!(progress(500).fraction(), 1.0);
    }
}
