//! The strings of links, files, saved scenes, undo and the parts of the page.

use share::ShareError;
use share::link::LinkSize;
use share::replay::Reason;
use share::store::StoreError;

use crate::state::sharing::origin::Difference;
use crate::state::sharing::tab::Tab;

pub(crate) struct Share {
    pub(crate) nav: Nav,
    pub(crate) dialog: Dialog,
    pub(crate) scenes: Scenes,
    pub(crate) opened: Opened,
}

pub(crate) struct Nav {
    pub(crate) title: &'static str,
    pub(crate) tab: fn(Tab) -> &'static str,
    pub(crate) tools: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) redo: &'static str,
    pub(crate) scenes: &'static str,
    pub(crate) share: &'static str,
    pub(crate) present: &'static str,
    pub(crate) present_explained: &'static str,
    pub(crate) leave: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) keys_steps: &'static str,
    /// Leads from a frame to the page itself.
    pub(crate) open_page: &'static str,
}

pub(crate) struct Dialog {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) close: &'static str,
    pub(crate) link: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    /// The browser refused to copy, and the text is selected.
    pub(crate) copy_by_hand: &'static str,
    /// Characters of the link.
    pub(crate) length: fn(usize) -> String,
    pub(crate) size: fn(LinkSize) -> &'static str,
    pub(crate) answers: &'static str,
    pub(crate) answers_explained: &'static str,
    pub(crate) no_answers: &'static str,
    pub(crate) presenter: &'static str,
    pub(crate) qr: &'static str,
    pub(crate) qr_label: &'static str,
    pub(crate) qr_too_long: &'static str,
    pub(crate) embed: &'static str,
    pub(crate) embed_explained: &'static str,
    pub(crate) embed_title: &'static str,
    pub(crate) save: &'static str,
    pub(crate) open: &'static str,
    pub(crate) file_explained: &'static str,
}

pub(crate) struct Scenes {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) unnamed: &'static str,
    pub(crate) name: &'static str,
    pub(crate) save: &'static str,
    pub(crate) none: &'static str,
    pub(crate) open: fn(&str) -> String,
    pub(crate) update: &'static str,
    pub(crate) rename: &'static str,
    pub(crate) rename_to: fn(&str) -> String,
    pub(crate) keep_name: &'static str,
    pub(crate) duplicate: &'static str,
    pub(crate) delete: &'static str,
    /// What a button of a list does, and to which scene.
    pub(crate) with_name: fn(&str, &str) -> String,
    pub(crate) deleted: fn(&str) -> String,
    pub(crate) restore: &'static str,
    pub(crate) export: &'static str,
    pub(crate) import: &'static str,
    pub(crate) imported: fn(usize) -> String,
    pub(crate) step_through: &'static str,
    pub(crate) share_all: &'static str,
    pub(crate) unreadable: fn(usize) -> String,
    pub(crate) trouble: fn(&StoreError) -> String,
}

pub(crate) struct Opened {
    pub(crate) title: &'static str,
    pub(crate) refused: fn(&ShareError) -> String,
    pub(crate) refused_on: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) dismiss: &'static str,
    /// The models by name and stage, as the page calls them.
    pub(crate) difference: fn(&Difference, &str) -> String,
    pub(crate) pick_file: &'static str,
    pub(crate) needs: &'static str,
    /// Name of a model, and the bytes it takes.
    pub(crate) load: fn(&str, &str) -> String,
    pub(crate) replaying: &'static str,
    /// Columns that say what they said.
    pub(crate) same: fn(usize) -> &'static str,
    pub(crate) same_column: fn(char) -> String,
    /// Column, place of the token counted from 1, what was expected, what came.
    pub(crate) diverged: fn(char, usize, &str, &str) -> String,
    pub(crate) the_end: &'static str,
    pub(crate) token: fn(&str) -> String,
    /// A token that is known by its number only.
    pub(crate) token_id: fn(u32) -> String,
    pub(crate) reason: fn(Reason) -> &'static str,
    pub(crate) show: &'static str,
    pub(crate) lost: fn(char) -> String,
    pub(crate) set: &'static str,
    /// Place of a scene, counted from 1, and how many there are.
    pub(crate) set_place: fn(usize, usize) -> String,
    pub(crate) back: &'static str,
    pub(crate) next: &'static str,
    pub(crate) keep_set: &'static str,
    pub(crate) close_set: &'static str,
}
