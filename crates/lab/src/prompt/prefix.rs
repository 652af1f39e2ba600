//! The beginning that prompts share is computed once.

use serde::{Deserialize, Serialize};

/// What sharing saves in a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saving {
    /// Tokens that all prompts begin with.
    pub shared: usize,
    /// Tokens of all prompts together.
    pub tokens: usize,
    /// Tokens that are computed: the shared ones once, the others each.
    pub computed: usize,
}

/// The tokens that all prompts begin with, at most one less than the shortest has: the last token of a prompt is
/// computed for each row, because its logits choose the first token of the answer. One prompt alone shares nothing.
pub fn shared_prefix<P: AsRef<[u32]>>(prompts: &[P]) -> Saving {
    let tokens = prompts.iter().map(|prompt| prompt.as_ref().len()).sum();
    let [first, others @ ..] = prompts else { return Saving::default() };
    let mut shared = first.as_ref().len().saturating_sub(1);
    for other in others {
        let same = first.as_ref().iter().zip(other.as_ref()).take_while(|(a, b)| a == b).count();
        shared = shared.min(same).min(other.as_ref().len().saturating_sub(1));
    }
    if others.is_empty() {
        shared = 0;
    }
    Saving { shared, tokens, computed: tokens - shared * others.len() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shared_tokens_are_computed_once() {
        let saving = shared_prefix(&[vec![1_u32, 2, 3, 4], vec![1, 2, 3, 9, 9], vec![1, 2, 3, 4]]);
        assert_eq!(saving, Saving { shared: 3, tokens: 13, computed: 7 });
        let same = shared_prefix(&[vec![1_u32, 2], vec![1, 2]]);
        assert_eq!(same, Saving { shared: 1, tokens: 4, computed: 3 });
        assert_eq!(shared_prefix(&[vec![1_u32, 2]]), Saving { shared: 0, tokens: 2, computed: 2 });
        assert_eq!(shared_prefix::<Vec<u32>>(&[]), Saving::default());
    }

    proptest! {
        #[test]
        fn nothing_is_counted_twice(
            prompts in prop::collection::vec(prop::collection::vec(0_u32..3, 0..9), 0..6),
        ) {
            let saving = shared_prefix(&prompts);
            prop_assert!(saving.computed <= saving.tokens);
            for prompt in &prompts {
                prop_assert!(saving.shared == 0 || prompt[..saving.shared] == prompts[0][..saving.shared]);
                prop_assert!(saving.shared < prompt.len().max(1));
            }
        }
    }
}
