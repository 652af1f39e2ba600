//! Prompts with their parts.

use lab::prompt::{Input, Rendered, Segment, Stretch, render, tokens_of};
use text::Tokenizer;

use crate::protocol::Event;
use crate::protocol::lab::LabEvent;
use crate::worker::models::Models;
use crate::worker::outbox;
use crate::worker::session::Encoded;
use crate::worker::views;

/// Serves an `Assemble`.
pub(super) fn assemble(
    models: &Models,
    run: u32,
    model: &str,
    stage: &str,
    (input, segments): (&Input, &[Segment]),
) {
    let looked = models.look(model, |session| {
        session.stages.adapter(stage)?;
        let tokenizer = &session.tokenizer;
        let Rendered { text, stretches } = render(input, segments, tokenizer)?;
        let Encoded { text, ids } = session.encode_text(text)?;
        let parts = parts_of(tokenizer, &text, &ids, &stretches);
        let tokens = views::prompt(tokenizer, &ids);
        Ok(LabEvent::Assembled { run, text, tokens, stretches, parts })
    });
    match looked {
        Ok(event) => outbox::post(&Event::Lab(event)),
        Err(failure) => outbox::fail(failure.in_run(run)),
    }
}

/// For each token of a text: the index of the stretch that it belongs to.
pub(super) fn parts_of(
    tokenizer: &Tokenizer,
    text: &str,
    ids: &[u32],
    stretches: &[Stretch],
) -> Vec<Option<usize>> {
    tokens_of(stretches, &ends(text, ids.iter().map(|id| tokenizer.token_bytes(*id))))
}

/// Where each token ends in a text, in bytes. Tokens that do not stand in it (a BOS that the tokenizer put before it)
/// end where the one before did; a space that the tokenizer put before a word is passed over.
fn ends<'t>(text: &str, tokens: impl Iterator<Item = &'t [u8]>) -> Vec<usize> {
    let mut at = 0;
    let bytes = text.as_bytes();
    let end = |token: &[u8]| {
        let rest = bytes.get(at..).unwrap_or_default();
        let without_space = token.strip_prefix(b" ").unwrap_or(token);
        if rest.starts_with(token) {
            at += token.len();
        } else if rest.starts_with(without_space) {
            at += without_space.len();
        }
        at
    };
    tokens.map(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends_of(text: &str, tokens: &[&[u8]]) -> Vec<usize> {
        ends(text, tokens.iter().copied())
    }

    #[test]
    fn tokens_end_where_their_text_does() {
        assert_eq!(ends_of("The sky", &[b"The", b" s", b"ky"]), [3, 5, 7]);
        assert_eq!(ends_of("The sky", &[b"<bos>", b" The", b" sky"]), [0, 3, 7]);
        assert_eq!(ends_of("<bos>a", &[b"<bos>", b"a"]), [5, 6], "it stands in the text");
        let sky = "天".as_bytes();
        assert_eq!(ends_of("天", &[&sky[..1], &sky[1..]]), [1, 3], "a character in pieces");
    }
}
