//! The parts of the reader's prompt: the same data in a scene and in the lab.

use lab::prompt::{Example, Part, PartKind};
use share::scene;

/// The kinds in the order in which they are offered.
pub(crate) const KINDS: [PartKind; 6] = [
    PartKind::Instruction,
    PartKind::Example,
    PartKind::Information,
    PartKind::Question,
    PartKind::Starter,
    PartKind::Closing,
];

/// The value of `data-part`, which gives a part its colour.
pub(crate) fn code(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Instruction => "instruction",
        PartKind::Example => "example",
        PartKind::Information => "information",
        PartKind::Question => "question",
        PartKind::Starter => "starter",
        PartKind::Closing => "closing",
    }
}

/// A text of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Text,
    Steps,
    Answer,
}

/// The text of a field.
pub(crate) fn text(part: &Part, field: Field) -> &str {
    match field {
        Field::Text => &part.text,
        Field::Steps => &part.steps,
        Field::Answer => &part.answer,
    }
}

/// Writes a field.
pub(crate) fn set_text(part: &mut Part, field: Field, text: String) {
    match field {
        Field::Text => part.text = text,
        Field::Steps => part.steps = text,
        Field::Answer => part.answer = text,
    }
}

/// Moves a part to another place; places that are not there change nothing.
pub(crate) fn move_part(parts: &mut Vec<Part>, from: usize, to: usize) -> bool {
    if from == to || from >= parts.len() || to >= parts.len() {
        return false;
    }
    let part = parts.remove(from);
    parts.insert(to, part);
    true
}

/// A direction in which a part is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Down,
}

impl Way {
    /// The place that a part at this one comes to.
    pub(crate) fn leads_to(self, at: usize) -> usize {
        match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at + 1,
        }
    }

    /// The button that has the focus when a part has been moved to a place, of so many: the same one, or where that
    /// leads no further the other one.
    pub(crate) fn focused(self, to: usize, count: usize) -> Self {
        match self {
            Self::Up if to == 0 => Self::Down,
            Self::Down if to + 1 >= count => Self::Up,
            way => way,
        }
    }
}

/// The part whose button has the focus when the one at a place has been removed and so many are left: the one that
/// came after it, or else the one before. `None` if there is none.
pub(crate) fn focused_after(removed: usize, left: usize) -> Option<usize> {
    left.checked_sub(1).map(|last| removed.min(last))
}

/// Where a new part of a kind goes: examples after examples or before the question, and so on, as prompts are
/// usually put together.
pub(crate) fn place_for(parts: &[Part], kind: PartKind) -> usize {
    let order = |kind: PartKind| KINDS.into_iter().position(|other| other == kind).unwrap_or(0);
    parts.iter().rposition(|part| order(part.kind) <= order(kind)).map_or(0, |last| last + 1)
}

/// The text of the first question that is on.
pub(crate) fn question(parts: &[Part]) -> &str {
    let asks = |part: &&Part| part.kind == PartKind::Question && !part.off;
    parts.iter().find(asks).map(|part| part.text.as_str()).unwrap_or_default()
}

/// The examples that are on.
pub(crate) fn examples(parts: &[Part]) -> Vec<Example> {
    let shown = parts.iter().filter(|part| part.kind == PartKind::Example && part.is_shown());
    shown
        .map(|part| Example {
            question: part.text.clone(),
            steps: part.steps.clone(),
            answer: part.answer.clone(),
        })
        .collect()
}

/// A kind of a scene as the lab's.
pub(crate) fn kind_of_scene(kind: scene::PartKind) -> PartKind {
    match kind {
        scene::PartKind::Instruction => PartKind::Instruction,
        scene::PartKind::Example => PartKind::Example,
        scene::PartKind::Information => PartKind::Information,
        scene::PartKind::Question => PartKind::Question,
        scene::PartKind::Starter => PartKind::Starter,
        scene::PartKind::Closing => PartKind::Closing,
    }
}

/// The lab's kind as a scene holds it.
pub(crate) fn kind_for_scene(kind: PartKind) -> scene::PartKind {
    match kind {
        PartKind::Instruction => scene::PartKind::Instruction,
        PartKind::Example => scene::PartKind::Example,
        PartKind::Information => scene::PartKind::Information,
        PartKind::Question => scene::PartKind::Question,
        PartKind::Starter => scene::PartKind::Starter,
        PartKind::Closing => scene::PartKind::Closing,
    }
}

/// The parts of a scene as the lab's.
pub(crate) fn of_scene(parts: &[scene::Part]) -> Vec<Part> {
    parts
        .iter()
        .map(|part| Part {
            kind: kind_of_scene(part.kind),
            text: part.text.clone(),
            steps: part.steps.clone(),
            answer: part.answer.clone(),
            off: part.off,
        })
        .collect()
}

/// The lab's parts as a scene holds them.
pub(crate) fn for_scene(parts: &[Part]) -> Vec<scene::Part> {
    parts
        .iter()
        .map(|part| scene::Part {
            kind: kind_for_scene(part.kind),
            text: part.text.clone(),
            steps: part.steps.clone(),
            answer: part.answer.clone(),
            off: part.off,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Part> {
        KINDS.map(|kind| Part::new(kind, code(kind))).to_vec()
    }

    #[test]
    fn parts_go_into_a_scene_and_come_back() {
        let mut parts = all();
        parts[1].steps = "steps".into();
        parts[1].answer = "7".into();
        parts[2].off = true;
        assert_eq!(of_scene(&for_scene(&parts)), parts);
        let json = serde_json::to_string(&for_scene(&parts)).expect("plain data");
        assert_eq!(serde_json::from_str::<Vec<Part>>(&json).expect("the same JSON"), parts);
    }

    #[test]
    fn parts_move_within_the_prompt() {
        let mut parts = all();
        assert!(move_part(&mut parts, 3, 0));
        assert_eq!(parts[0].kind, PartKind::Question);
        assert!(!move_part(&mut parts, 0, 6) && !move_part(&mut parts, 9, 0));
        assert_eq!(parts.len(), 6);
    }

    #[test]
    fn the_focus_follows_what_was_moved_or_removed() {
        assert_eq!((Way::Up.leads_to(2), Way::Up.leads_to(0), Way::Down.leads_to(1)), (1, 0, 2));
        assert_eq!((Way::Up.focused(1, 3), Way::Up.focused(0, 3)), (Way::Up, Way::Down));
        assert_eq!((Way::Down.focused(1, 3), Way::Down.focused(2, 3)), (Way::Down, Way::Up));
        assert_eq!((focused_after(1, 3), focused_after(3, 3)), (Some(1), Some(2)));
        assert_eq!(focused_after(0, 0), None);
    }

    #[test]
    fn new_parts_go_where_prompts_have_them() {
        let parts = all();
        assert_eq!(place_for(&parts, PartKind::Instruction), 1);
        assert_eq!(place_for(&parts, PartKind::Example), 2);
        assert_eq!(place_for(&parts, PartKind::Closing), 6);
        assert_eq!(place_for(&[], PartKind::Question), 0);
        let question = [Part::new(PartKind::Question, "?")];
        assert_eq!(place_for(&question, PartKind::Example), 0, "before the question");
    }

    #[test]
    fn what_is_off_is_not_asked_and_not_shown() {
        let mut parts = all();
        assert_eq!((question(&parts), examples(&parts).len()), ("question", 1));
        parts.iter_mut().for_each(|part| part.off = true);
        assert_eq!((question(&parts), examples(&parts).len()), ("", 0));
    }
}
