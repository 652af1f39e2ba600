//! Which part of a conversation a token belongs to.

use std::ops::Range;

use crate::protocol::inside::{Segment, SegmentKind};
use crate::protocol::{Prompt, TokenView};

/// Segments of all tokens, in order and without gaps. `text`: the prompt as it went in.
pub(super) fn segments(
    prompt: &Prompt,
    text: &str,
    tokens: &[TokenView],
    prompt_tokens: usize,
) -> Vec<Segment> {
    let contents = contents(prompt, text);
    // A space before the text, or a token before it that is not in it, belongs to no byte of it.
    let mut at = 0;
    let mut all: Vec<Segment> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let kind = if index >= prompt_tokens {
            SegmentKind::Answer
        } else {
            let length = match text.as_bytes().get(at..) {
                Some(rest) if rest.starts_with(&token.bytes) => token.bytes.len(),
                Some(rest)
                    if token.bytes.strip_prefix(b" ").is_some_and(|t| rest.starts_with(t)) =>
                {
                    token.bytes.len() - 1
                }
                _ => 0,
            };
            let middle = at + length / 2;
            at += length;
            let own = contents.iter().find(|(range, _)| length > 0 && range.contains(&middle));
            own.map_or(SegmentKind::Template, |(_, kind)| *kind)
        };
        match all.last_mut() {
            Some(last) if last.kind == kind => last.end += 1,
            _ => all.push(Segment { kind, start: index as u32, end: index as u32 + 1 }),
        }
    }
    all
}

/// Bytes of the prompt that the template did not add.
fn contents(prompt: &Prompt, text: &str) -> Vec<(Range<usize>, SegmentKind)> {
    let messages = match prompt {
        Prompt::Raw { .. } => return vec![(0..text.len(), SegmentKind::Raw)],
        Prompt::Chat { messages } => messages,
    };
    let question = messages.iter().rposition(|message| message.role == "user");
    let (mut found, mut from, mut number) = (Vec::new(), 0, 0);
    for (index, message) in messages.iter().enumerate() {
        let kind = if message.role == "system" {
            SegmentKind::System
        } else if Some(index) == question {
            SegmentKind::Question
        } else {
            number += u32::from(message.role == "user" || number == 0);
            SegmentKind::Example { number }
        };
        let content = message.content.trim();
        let place = text.get(from..).and_then(|rest| rest.find(content));
        if let Some(place) = place.filter(|_| !content.is_empty()) {
            let start = from + place;
            from = start + content.len();
            found.push((start..from, kind));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(texts: &[&str]) -> Vec<TokenView> {
        let token = |text: &&str| TokenView {
            id: 0,
            text: (*text).to_owned(),
            bytes: text.as_bytes().to_vec(),
            special: false,
        };
        texts.iter().map(token).collect()
    }

    fn message(role: &str, content: &str) -> text::Message {
        text::Message { role: role.to_owned(), content: content.to_owned() }
    }

    #[test]
    fn a_conversation_has_a_segment_for_every_turn() {
        let prompt = Prompt::Chat {
            messages: vec![
                message("system", "be kind"),
                message("user", "1?"),
                message("assistant", "one"),
                message("user", "2?"),
            ],
        };
        let pieces =
            ["<s>", "be", " kind", "<u>", "1?", "<a>", "one", "<u>", "2", "?", "<a>", "two"];
        let text: String = pieces[..11].concat();
        let found = segments(&prompt, &text, &tokens(&pieces), 11);
        let example = SegmentKind::Example { number: 1 };
        let expected = [
            (SegmentKind::Template, 0, 1),
            (SegmentKind::System, 1, 3),
            (SegmentKind::Template, 3, 4),
            (example, 4, 5),
            (SegmentKind::Template, 5, 6),
            (example, 6, 7),
            (SegmentKind::Template, 7, 8),
            (SegmentKind::Question, 8, 10),
            (SegmentKind::Template, 10, 11),
            (SegmentKind::Answer, 11, 12),
        ];
        let found: Vec<_> = found.iter().map(|it| (it.kind, it.start, it.end)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_token_before_the_text_is_the_templates() {
        let prompt = Prompt::Raw { text: "a b".to_owned() };
        let found = segments(&prompt, "a b", &tokens(&["<bos>", " a", " b", "c"]), 3);
        let kinds: Vec<_> = found.iter().map(|it| (it.kind, it.start, it.end)).collect();
        let expected =
            [(SegmentKind::Template, 0, 1), (SegmentKind::Raw, 1, 3), (SegmentKind::Answer, 3, 4)];
        assert_eq!(kinds, expected);
    }
}
