//! The loaded models.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::clock;
use super::outbox;
use super::session::Session;
use crate::protocol::{Event, Failure, FailureKind};

/// How often a load looks whether the model that it replaces has come back.
const LOOK_AGAIN_MS: u32 = 10;

/// Loaded models by id. Whoever works with one takes it out and gives it back.
#[derive(Default)]
pub(super) struct Models {
    here: RefCell<BTreeMap<String, Session>>,
    lent: RefCell<BTreeSet<String>>,
}

impl Models {
    /// Takes a model out.
    pub(super) fn take(&self, id: &str) -> Result<Session, Failure> {
        let session = self.here.borrow_mut().remove(id).ok_or_else(|| missing(id))?;
        self.lent.borrow_mut().insert(id.to_owned());
        Ok(session)
    }

    /// Gives a model back; `None`: it is gone, and the page is told so.
    pub(super) fn give_back(&self, id: &str, session: Option<Session>) {
        self.lent.borrow_mut().remove(id);
        match session {
            Some(session) => self.put(session),
            None => outbox::post(&Event::Unloaded { model: id.to_owned() }),
        }
    }

    /// Puts a new model in.
    pub(super) fn put(&self, session: Session) {
        let replaced = self.here.borrow_mut().insert(session.origin.id.clone(), session);
        if let Some(session) = replaced {
            session.engine.destroy();
        }
    }

    /// Is somebody working with it?
    pub(super) fn is_lent(&self, id: &str) -> bool {
        self.lent.borrow().contains(id)
    }

    /// Frees a model, if it is there; waits for one that somebody works with.
    pub(super) async fn remove(&self, id: &str) {
        while self.is_lent(id) {
            clock::wait(LOOK_AGAIN_MS).await;
        }
        let session = self.here.borrow_mut().remove(id);
        if let Some(session) = session {
            session.engine.destroy();
        }
    }

    /// Looks at a model without taking it out.
    pub(super) fn look<T>(
        &self,
        id: &str,
        look: impl FnOnce(&Session) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.here.borrow().get(id).map_or_else(|| Err(missing(id)), look)
    }

    /// Destroys the devices of the models that are here, as a driver reset would.
    pub(super) fn lose_devices(&self) {
        self.here.borrow().values().for_each(|session| session.engine.lose_device());
    }
}

fn missing(id: &str) -> Failure {
    Failure::new(FailureKind::NoModel, format!("the model `{id}` is not loaded"))
}
