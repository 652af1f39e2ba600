//! What is selected: the scene's wishes within the bounds of text and model.

use share::scene::{InsideView, Panel};

use crate::protocol::inside::TextFacts;

/// Everything within bounds; 0 where there is nothing to select from yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) panel: Panel,
    /// The token that is followed; the last one until the reader chooses. In attention, the query.
    pub(crate) token: u32,
    /// The reader chose it.
    pub(crate) is_locked: bool,
    /// In attention, the key; never after the token.
    pub(crate) key: Option<u32>,
    pub(crate) layer: u32,
    pub(crate) head: u32,
    pub(crate) neuron: Option<u32>,
    /// A token id.
    pub(crate) target: Option<u32>,
}

impl Selection {
    pub(crate) fn of(view: &InsideView, facts: Option<&TextFacts>) -> Self {
        let panel = view.panel;
        let Some(facts) = facts else { return Self { panel, ..Self::default() } };
        let shape = &facts.shape;
        let last = (facts.tokens.len() as u32).saturating_sub(1);
        let within =
            |wish: Option<u32>, count: u32| wish.unwrap_or_default().min(count.saturating_sub(1));
        let token = view.token.map_or(last, |token| token.min(last));
        Self {
            panel,
            token,
            is_locked: view.token.is_some(),
            key: view.key.filter(|key| *key <= token),
            layer: within(view.layer, shape.layers),
            head: within(view.head, shape.heads),
            neuron: view.neuron.filter(|neuron| *neuron < shape.d_ff),
            target: view.target.filter(|target| *target < shape.vocab),
        }
    }
}

/// Where a key leads along so many things from `at`; `None` for other keys.
pub(crate) fn walk(key: &str, at: u32, count: u32) -> Option<u32> {
    let last = count.saturating_sub(1);
    let to = match key {
        "ArrowLeft" | "ArrowUp" => at.saturating_sub(1),
        "ArrowRight" | "ArrowDown" => at + 1,
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::facts;

    #[test]
    fn until_the_reader_chooses_the_last_token_is_followed() {
        let facts = facts(&["a", "b", "c"]);
        let selection = Selection::of(&InsideView::default(), Some(&facts));
        assert_eq!((selection.token, selection.is_locked, selection.key), (2, false, None));
    }

    #[test]
    fn wishes_of_another_text_or_model_are_brought_within_bounds() {
        let facts = facts(&["a", "b"]);
        let view = InsideView {
            token: Some(9),
            key: Some(5),
            layer: Some(99),
            head: Some(99),
            neuron: Some(1 << 19),
            target: Some(1 << 19),
            ..InsideView::default()
        };
        let selection = Selection::of(&view, Some(&facts));
        assert_eq!((selection.token, selection.key), (1, None), "a query sees no later key");
        assert_eq!(selection.layer, facts.shape.layers - 1);
        assert_eq!(selection.head, facts.shape.heads - 1);
        assert_eq!((selection.neuron, selection.target), (None, None));
        assert_eq!(Selection::of(&view, None).token, 0);
    }

    #[test]
    fn walking_stops_at_the_ends() {
        assert_eq!(walk("ArrowRight", 2, 3), Some(2));
        assert_eq!(walk("ArrowUp", 0, 3), Some(0));
        assert_eq!(walk("End", 0, 0), Some(0));
        assert_eq!(walk("a", 0, 3), None);
    }
}
