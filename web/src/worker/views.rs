//! Tokens as the page shows them.

use text::{StreamDecoder, Tokenizer};

use crate::protocol::TokenView;

/// A token on its own, as among the alternatives. Bytes that are no whole characters show as U+FFFD.
pub(super) fn alone(tokenizer: &Tokenizer, id: u32) -> TokenView {
    let bytes = tokenizer.token_bytes(id).to_vec();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    TokenView { id, text, bytes, special: tokenizer.is_special(id) }
}

/// A token in its text: whole characters only. `last`: nothing follows, what is incomplete is shown
/// as U+FFFD.
pub(super) fn in_text(
    tokenizer: &Tokenizer,
    decoder: &mut StreamDecoder,
    id: u32,
    last: bool,
) -> TokenView {
    let mut view = alone(tokenizer, id);
    if view.special {
        // A control token is no content; what came before it cannot be completed any more.
        decoder.finish();
        return view;
    }
    view.text = decoder.push(tokenizer, id);
    if last {
        view.text.push_str(&decoder.finish());
    }
    view
}

/// A whole prompt.
pub(super) fn prompt(tokenizer: &Tokenizer, ids: &[u32]) -> Vec<TokenView> {
    let mut decoder = tokenizer.stream();
    let last = ids.len().saturating_sub(1);
    ids.iter()
        .enumerate()
        .map(|(index, &id)| in_text(tokenizer, &mut decoder, id, index == last))
        .collect()
}
