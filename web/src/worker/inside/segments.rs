//! Which part of a prompt a token belongs to.

use std::ops::Range;

use lab::prompt::{self, Input, Place, render_with};
use text::Message;

use crate::protocol::inside::{Segment, SegmentKind};
use crate::protocol::{Prompt, TokenView};

/// Bytes of a text, and what they are.
type Content = (Range<usize>, SegmentKind);

/// Segments of all tokens, in order and without gaps. `text`: the prompt as it went in.
pub(super) fn segments(
    contents: &[Content],
    text: &str,
    tokens: &[TokenView],
    prompt_tokens: usize,
) -> Vec<Segment> {
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

/// Bytes of the text that goes in for a prompt and that are not the template's; of those that lie in each other, the
/// inner ones first. `template` is asked twice, the second time with marks for contents: what is like them in the
/// template is not taken for them.
pub(super) fn contents<E>(
    prompt: &Prompt,
    template: impl FnMut(&[Message]) -> Result<String, E>,
) -> Vec<Content> {
    let (input, mut marks) = marks(prompt);
    for (index, (segment, _)) in marks.iter_mut().enumerate() {
        segment.part = index;
    }
    let lying: Vec<prompt::Segment> = marks.iter().map(|(segment, _)| *segment).collect();
    // A template that refuses the prompt has told so before.
    let Ok(rendered) = render_with(&input, &lying, template) else { return Vec::new() };
    let kind = |part: usize| marks.get(part).map(|(_, kind)| *kind);
    let stretches = rendered.stretches.into_iter();
    stretches.filter_map(|it| Some((it.start..it.end, kind(it.part)?))).collect()
}

/// What lies where in a prompt.
fn marks(prompt: &Prompt) -> (Input, Vec<(prompt::Segment, SegmentKind)>) {
    let whole = |place: Place, text: &str, kind: SegmentKind| {
        let of = prompt::PartKind::default();
        let end = text.len();
        (prompt::Segment { part: 0, kind: of, number: 1, place, start: 0, end }, kind)
    };
    match prompt {
        Prompt::Raw { text } => {
            let mark = whole(Place::Text, text, SegmentKind::Raw);
            (Input::Raw { text: text.clone() }, vec![mark])
        }
        Prompt::Chat { messages } => {
            let turns = messages.iter().zip(turns(messages)).enumerate();
            let marks = turns
                .map(|(at, (message, kind))| whole(Place::Message(at), &message.content, kind));
            let marks = marks.collect();
            (Input::Chat { messages: messages.clone(), starter: String::new() }, marks)
        }
        Prompt::Parts { input, segments } => {
            let part = |segment: &prompt::Segment| {
                let number = segment.number as u32;
                (*segment, SegmentKind::Part { part: segment.kind, number })
            };
            let mut marks: Vec<_> = segments.iter().map(part).collect();
            match input {
                Input::Raw { text } => marks.push(whole(Place::Text, text, SegmentKind::Rest)),
                Input::Chat { messages, starter } => {
                    marks.extend(messages.iter().enumerate().map(|(at, message)| {
                        let is_system = message.role == "system";
                        let kind = if is_system { SegmentKind::System } else { SegmentKind::Rest };
                        whole(Place::Message(at), &message.content, kind)
                    }));
                    marks.push(whole(Place::Starter, starter, SegmentKind::Rest));
                }
            }
            (input.clone(), marks)
        }
    }
}

/// What each turn of a conversation is.
fn turns(messages: &[Message]) -> Vec<SegmentKind> {
    let question = messages.iter().rposition(|message| message.role == "user");
    let mut number = 0;
    let kind = |(index, message): (usize, &Message)| {
        if message.role == "system" {
            return SegmentKind::System;
        }
        if Some(index) == question {
            return SegmentKind::Question;
        }
        number += u32::from(message.role == "user" || number == 0);
        SegmentKind::Example { number }
    };
    messages.iter().enumerate().map(kind).collect()
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

    fn message(role: &str, content: &str) -> Message {
        Message { role: role.to_owned(), content: content.to_owned() }
    }

    /// Turns with their roles around them, and the assistant's begun.
    fn template(messages: &[Message]) -> Result<String, ()> {
        let turn =
            |it: &Message| format!("<|im_start|>{}\n{}<|im_end|>", it.role, it.content.trim());
        Ok(messages.iter().map(turn).collect::<String>() + "<|im_start|>assistant\n")
    }

    fn text_of(prompt: &Prompt) -> String {
        match prompt {
            Prompt::Raw { text } | Prompt::Parts { input: Input::Raw { text }, .. } => text.clone(),
            Prompt::Chat { messages } => template(messages).expect("it takes all"),
            Prompt::Parts { input: Input::Chat { messages, starter }, .. } => {
                template(messages).expect("it takes all") + starter
            }
        }
    }

    /// The prompt's text by what it is, the template's left out.
    fn told(prompt: &Prompt) -> Vec<(String, SegmentKind)> {
        let text = text_of(prompt);
        let told = contents(prompt, template).into_iter();
        told.map(|(range, kind)| (text[range].to_owned(), kind)).collect()
    }

    /// Kinds of the tokens `pieces`, of which the last is the answer.
    fn cut(prompt: &Prompt, pieces: &[&str]) -> Vec<(SegmentKind, u32, u32)> {
        let contents = contents(prompt, template);
        let found = segments(&contents, &text_of(prompt), &tokens(pieces), pieces.len() - 1);
        found.into_iter().map(|it| (it.kind, it.start, it.end)).collect()
    }

    #[test]
    fn a_conversation_has_a_segment_for_every_turn() {
        let messages = vec![
            message("system", " be kind "),
            message("user", "1?"),
            message("assistant", "one"),
            message("user", "2?"),
        ];
        let example = SegmentKind::Example { number: 1 };
        let expected = [
            ("be kind", SegmentKind::System),
            ("1?", example),
            ("one", example),
            ("2?", SegmentKind::Question),
        ];
        let expected = expected.map(|(text, kind)| (text.to_owned(), kind));
        assert_eq!(told(&Prompt::Chat { messages }), expected);
    }

    #[test]
    fn a_prompt_that_the_template_holds_too_is_not_looked_for_there() {
        for asked in ["a", "user", "im", "<|im_start|>", "\n"] {
            let prompt = Prompt::Chat { messages: vec![message("user", asked)] };
            let start = "<|im_start|>user\n";
            let pieces = [start, asked.trim(), "<|im_end|><|im_start|>assistant\n", "b"];
            let pieces: Vec<&str> = pieces.into_iter().filter(|it| !it.is_empty()).collect();
            let found = cut(&prompt, &pieces);
            if asked == "\n" {
                assert_eq!(found[0], (SegmentKind::Template, 0, 2), "nothing is left of it");
                continue;
            }
            assert_eq!(found[0], (SegmentKind::Template, 0, 1), "{asked:?}");
            assert_eq!(found[1], (SegmentKind::Question, 1, 2), "{asked:?}");
            assert_eq!(found[2..], [(SegmentKind::Template, 2, 3), (SegmentKind::Answer, 3, 4)]);
        }
    }

    #[test]
    fn parts_of_the_lab_keep_their_names_in_text_and_chat() {
        let part = |kind, text: &str, answer: &str| prompt::Part {
            kind,
            text: text.to_owned(),
            answer: answer.to_owned(),
            ..prompt::Part::default()
        };
        let parts = [
            part(prompt::PartKind::Instruction, "Say it.", ""),
            part(prompt::PartKind::Example, "hot", "cold"),
            part(prompt::PartKind::Example, "up", "down"),
            part(prompt::PartKind::Question, "hot", ""),
            part(prompt::PartKind::Starter, "It is", ""),
        ];
        for form in [prompt::Form::Raw, prompt::Form::Chat] {
            let layout = prompt::Layout { form, labels: true, ..prompt::Layout::default() };
            let prompt::Assembled { input, segments } = prompt::assemble(&parts, layout);
            let told = told(&Prompt::Parts { input, segments });
            let of = |wanted: prompt::PartKind, nth: u32| {
                let is_it =
                    |kind: &SegmentKind| *kind == SegmentKind::Part { part: wanted, number: nth };
                let own = told.iter().filter(|(_, kind)| is_it(kind));
                own.map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("|")
            };
            assert_eq!(of(prompt::PartKind::Instruction, 1), "Say it.");
            assert!(of(prompt::PartKind::Example, 1).contains("cold"), "{form:?}");
            assert!(of(prompt::PartKind::Example, 2).contains("down"), "{form:?}");
            assert!(of(prompt::PartKind::Question, 1).ends_with("hot"), "{form:?}");
            assert!(of(prompt::PartKind::Starter, 1).ends_with("It is"), "{form:?}");
        }
    }

    #[test]
    fn what_is_between_parts_is_the_rest() {
        let place = Place::Text;
        let kind = prompt::PartKind::Question;
        let own = prompt::Segment { part: 3, kind, number: 1, place, start: 2, end: 4 };
        let input = Input::Raw { text: "Q bc A".to_owned() };
        let prompt = Prompt::Parts { input, segments: vec![own] };
        let found = cut(&prompt, &["Q", " b", "c", " A", "d"]);
        let part = SegmentKind::Part { part: kind, number: 1 };
        let expected = [
            (SegmentKind::Rest, 0, 1),
            (part, 1, 3),
            (SegmentKind::Rest, 3, 4),
            (SegmentKind::Answer, 4, 5),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_token_before_the_text_is_the_templates() {
        let prompt = Prompt::Raw { text: "a b".to_owned() };
        let found = cut(&prompt, &["<bos>", " a", " b", "c"]);
        let expected =
            [(SegmentKind::Template, 0, 1), (SegmentKind::Raw, 1, 3), (SegmentKind::Answer, 3, 4)];
        assert_eq!(found, expected);
    }
}
