//! English: links, files, saved scenes, undo, the parts of the page.

use share::ShareError;
use share::link::LinkSize;
use share::replay::Reason;
use share::store::StoreError;

use super::share::{Dialog, Nav, Opened, Scenes, Share};
use crate::state::sharing::origin::Difference;
use crate::state::sharing::tab::Tab;

pub(super) const SHARE: Share = Share { nav: NAV, dialog: DIALOG, scenes: SCENES, opened: OPENED };

const NAV: Nav = Nav {
    title: "Parts of the page",
    tab: |tab| match tab {
        Tab::Compare => "Compare",
        Tab::Inside => "Inside",
        Tab::Lab => "Lab",
    },
    tools: "Undo, keep and share",
    undo: "Undo (Ctrl+Z)",
    redo: "Redo (Ctrl+Shift+Z)",
    scenes: "Your scenes",
    share: "Share",
    present: "Present",
    present_explained: "Large type and high contrast for a projector; settings are hidden",
    leave: "Leave presenter mode",
    keys: "Ctrl+Enter runs. Escape leaves presenter mode.",
    keys_steps: "Page Down goes on, Page Up goes back. Escape leaves presenter mode.",
    open_page: "Open in Glassbox",
};

const DIALOG: Dialog = Dialog {
    title: "Share what you see",
    intro: "The link holds all of it: prompt, models, settings, seed and view. Everything stands after the #, which browsers never send to a server.",
    close: "Close",
    link: "Link",
    copy: "Copy",
    copied: "Copied",
    copy_by_hand: "The browser did not allow copying. The text is selected: copy it with your keyboard.",
    length: |chars| format!("{chars} characters"),
    size: |size| match size {
        LinkSize::Short => "Short enough for any program.",
        LinkSize::Long => "Some programs cut links longer than 2,000 characters. A file is safer.",
        LinkSize::TooLong => "Too long to be sent as a link: save a file instead.",
    },
    answers: "Include the answers",
    answers_explained: "Whoever opens the link then sees whether the same text comes out.",
    no_answers: "Run first: there are no finished answers to what stands on the page.",
    presenter: "Open in presenter mode",
    qr: "Show a QR code",
    qr_label: "QR code of the link",
    qr_too_long: "This link is too long for a QR code.",
    embed: "Embed",
    embed_explained: "HTML that shows this view in another page, without anything around it.",
    embed_title: "Glassbox: a language model at work",
    save: "Save as a file",
    open: "Open a file …",
    file_explained: "A .glassbox.json file can also be dropped anywhere on the page.",
};

const SCENES: Scenes = Scenes {
    title: "Your scenes",
    intro: "Kept in this browser and nowhere else.",
    unnamed: "Scene",
    name: "Name",
    save: "Save this scene",
    none: "Nothing is saved yet.",
    open: |name| format!("Open “{name}”"),
    update: "Replace",
    rename: "Rename",
    rename_to: |name| format!("New name of “{name}”"),
    keep_name: "OK",
    duplicate: "Duplicate",
    delete: "Delete",
    with_name: |what, name| format!("{what}: {name}"),
    deleted: |name| format!("“{name}” is deleted."),
    restore: "Bring it back",
    export: "Export all",
    import: "Import …",
    imported: |count| match count {
        0 => "Everything in the file was there already.".to_owned(),
        1 => "One scene came in.".to_owned(),
        _ => format!("{count} scenes came in."),
    },
    step_through: "Step through",
    share_all: "Copy a link to all",
    unreadable: |count| {
        match count {
        1 => "One saved scene cannot be opened here. It was made by another version and is left alone.".to_owned(),
        _ => format!("{count} saved scenes cannot be opened here. They were made by another version and are left alone."),
    }
    },
    trouble: |error| match error {
        StoreError::Closed => {
            "This browser keeps nothing for this page. Save a file instead.".to_owned()
        }
        StoreError::Full => {
            "The browser has no more room for this page. Delete a scene, or save a file instead."
                .to_owned()
        }
        StoreError::TooMany { max } => {
            format!("{max} scenes are the most that are kept. Delete one first.")
        }
        StoreError::Name { max } => format!("A name is one line of 1 to {max} characters."),
        StoreError::Missing { .. } => {
            "This scene is gone. It may have been deleted in another tab.".to_owned()
        }
        StoreError::Share(error) => refused(error),
    },
};

const OPENED: Opened = Opened {
    title: "From a link or a file",
    refused,
    refused_on: "The page is as it was.",
    detail: "What exactly",
    dismiss: "Close",
    difference: |difference, name| match difference {
        Difference::NoModel(_) => format!(
            "This scene uses the file “{name}” from somebody’s disk. Open the same file to run it."
        ),
        Difference::NoStage(..) => format!("There is no {name} here, so this scene cannot run."),
        Difference::File(_) => format!(
            "{name} has another file here than where this was made: answers may be different."
        ),
        Difference::Adapter(..) => {
            format!("{name} was trained anew since this was made: answers may be different.")
        }
    },
    pick_file: "Open a file …",
    needs: "This scene needs a model that is not loaded:",
    load: |name, size| format!("Load {name} ({size}) and run"),
    replaying: "Running again what was passed on …",
    same: |columns| match columns {
        1 => "Same text: the answer is, token by token, what it was where this was made.",
        _ => "Same text: all answers are, token by token, what they were where this was made.",
    },
    same_column: |letter| format!("{letter}: same text."),
    diverged: |letter, place, expected, actual| {
        format!("{letter} differs from token {place} on: {expected} was expected, {actual} came.")
    },
    the_end: "the end of the text",
    token: |text| format!("“{text}”"),
    token_id: |id| format!("token no. {id}"),
    reason: |reason| match reason {
        Reason::OtherFile => "The model’s file is another one than where this was made.",
        Reason::OtherAdapter => "This stage’s weights are others than where this was made.",
        Reason::OtherBackend => {
            "It ran on other hardware there. Sums in another order round differently, and where two tokens are almost equally likely that decides; from there on the texts go their own ways."
        }
        Reason::Stopped => "It was stopped here, or there was less room.",
        Reason::Unknown => {
            "Model, settings and backend are the same as far as is known. Driver or Glassbox versions may differ; where two tokens are almost equally likely, the last digit of a sum decides."
        }
    },
    show: "Show the place",
    lost: |letter| {
        format!(
            "{letter}: the branch could not be followed to its end, because the chosen token is not among the ten most likely here."
        )
    },
    set: "A set of scenes",
    set_place: |at, count| format!("{at} of {count}"),
    back: "Back",
    next: "Next",
    keep_set: "Keep in your scenes",
    close_set: "Leave the set",
};

fn refused(error: &ShareError) -> String {
    match error {
        ShareError::NoLink => "This address holds no scene.".to_owned(),
        ShareError::FutureVersion { .. } => "This was made by a newer Glassbox than this page. Reload the page, or ask for a link made with this version.".to_owned(),
        ShareError::TooLong { .. } | ShareError::TooLarge { .. } => "This holds far more than any scene needs, so it was not opened.".to_owned(),
        ShareError::Damaged => "This link is damaged: a part of it is missing or was changed. Ask for it again.".to_owned(),
        ShareError::Unreadable(_) => "This is not something that Glassbox wrote.".to_owned(),
        ShareError::Scene(_) => "This scene has values that Glassbox does not allow, so it was not opened.".to_owned(),
        ShareError::Lesson(_) => "This lesson cannot be read.".to_owned(),
        ShareError::Collection { max, .. } => format!("A set has 1 to {max} scenes, each with a name. This one does not."),
    }
}
