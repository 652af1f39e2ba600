//! Parts to prompts: what the prompt says, and where the parts lie in it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::convert::Infallible;

use lab::Language;
use lab::prompt::{
    ChatExamples, Example, Form, Input, Layout, Part, PartKind, Place, assemble, render_with,
    tokens_of,
};
use proptest::prelude::*;
use text::Message;

fn part(kind: PartKind, text: &str) -> Part {
    Part::new(kind, text)
}

fn example() -> Part {
    Part::worked(&Example {
        question: "2 + 2?".to_owned(),
        steps: "2 + 2 = 4.".to_owned(),
        answer: "4".to_owned(),
    })
}

fn layout(form: Form, labels: bool) -> Layout {
    Layout { form, labels, ..Layout::default() }
}

fn raw(parts: &[Part], layout: Layout) -> String {
    match assemble(parts, layout).input {
        Input::Raw { text } => text,
        Input::Chat { .. } => panic!("a chat"),
    }
}

fn chat(parts: &[Part], chat_examples: ChatExamples) -> (Vec<(String, String)>, String) {
    let layout = Layout { chat_examples, ..layout(Form::Chat, true) };
    match assemble(parts, layout).input {
        Input::Chat { messages, starter } => {
            (messages.into_iter().map(|it| (it.role, it.content)).collect(), starter)
        }
        Input::Raw { .. } => panic!("a text"),
    }
}

/// What a chat template could do: marks, and trimmed contents.
fn template(messages: &[Message]) -> Result<String, Infallible> {
    let turn = |it: &Message| format!("<{}>\n{}</>\n", it.role, it.content.trim());
    Ok(messages.iter().map(turn).collect::<String>() + "<assistant>\n")
}

#[test]
fn raw_prompts() {
    let question = part(PartKind::Question, "3 + 3?");
    assert_eq!(raw(std::slice::from_ref(&question), layout(Form::Raw, false)), "3 + 3?");
    assert_eq!(raw(std::slice::from_ref(&question), layout(Form::Raw, true)), "Q: 3 + 3?\nA:");
    let sky = [
        part(PartKind::Instruction, "Complete the sentence:"),
        part(PartKind::Question, "The sky is"),
    ];
    assert_eq!(raw(&sky, layout(Form::Raw, false)), "Complete the sentence:\nThe sky is");
    let starter = part(PartKind::Starter, "Let's think step by step.");
    let closing = part(PartKind::Closing, "Be brief.");
    assert_eq!(
        raw(&[starter, example(), question.clone(), closing], layout(Form::Raw, true)),
        "Q: 2 + 2?\nA: 2 + 2 = 4. The answer is 4.\n\nQ: 3 + 3? Be brief.\nA: Let's think step by step."
    );
    let zh = Layout { language: Language::Zh, ..layout(Form::Raw, true) };
    let parts = [part(PartKind::Question, "三加三？"), part(PartKind::Closing, "请想一想。")];
    assert_eq!(raw(&parts, zh), "问：三加三？请想一想。\n答：");
    let off = Part { off: true, ..part(PartKind::Instruction, "Not this.") };
    assert_eq!(raw(&[off, question], layout(Form::Raw, false)), "3 + 3?");
    assert_eq!(raw(&[], layout(Form::Raw, true)), "");
}

#[test]
fn chats() {
    let parts = [
        part(PartKind::Instruction, "Calculate."),
        example(),
        part(PartKind::Question, "3 + 3?"),
        part(PartKind::Closing, "Think."),
        part(PartKind::Starter, "Well,"),
    ];
    let turn = |role: &str, content: &str| (role.to_owned(), content.to_owned());
    let (messages, starter) = chat(&parts, ChatExamples::Turns);
    assert_eq!(
        messages,
        [
            turn("user", "Calculate.\n\n2 + 2?"),
            turn("assistant", "2 + 2 = 4. The answer is 4."),
            turn("user", "3 + 3? Think.")
        ]
    );
    assert_eq!(starter, "Well,");
    let (messages, _) = chat(&parts, ChatExamples::Inside);
    let inside = "Calculate.\n\nQ: 2 + 2?\nA: 2 + 2 = 4. The answer is 4.\n\nQ: 3 + 3? Think.";
    assert_eq!(messages, [turn("user", inside)]);
}

#[test]
fn prompts_go_on() {
    let input = assemble(&[part(PartKind::Question, "1?")], layout(Form::Raw, true)).input;
    let Input::Raw { text } = input.continued(" One.", "\nSo:") else { panic!("a chat") };
    assert_eq!(text, "Q: 1?\nA: One.\nSo:");
    let Input::Raw { text } = input.asked(" One. ", "Sure?", Language::En) else {
        panic!("a chat")
    };
    assert_eq!(text, "Q: 1?\nA: One.\n\nQ: Sure?\nA:");
    let input = assemble(&[part(PartKind::Question, "1?")], layout(Form::Chat, true)).input;
    let Input::Chat { messages, starter } = input.asked(" One. ", "Sure?", Language::En) else {
        panic!("a text")
    };
    let said: Vec<&str> = messages.iter().map(|it| it.content.as_str()).collect();
    assert_eq!((said, starter.as_str()), (vec!["1?", "One.", "Sure?"], ""));
}

#[test]
fn parts_are_followed_through_a_template() {
    let parts = [
        // A message that repeats what the template says.
        part(PartKind::Instruction, "<user>"),
        example(),
        part(PartKind::Question, "user"),
        part(PartKind::Starter, "Well,"),
    ];
    let assembled = assemble(&parts, layout(Form::Chat, true));
    let rendered = render_with(&assembled.input, &assembled.segments, template).unwrap();
    let found: Vec<(usize, &str)> =
        rendered.stretches.iter().map(|it| (it.part, &rendered.text[it.start..it.end])).collect();
    assert_eq!(
        found,
        [
            (0, "<user>"),
            (1, "2 + 2?"),
            (1, "2 + 2 = 4. The answer is 4."),
            (2, "user"),
            (3, "Well,")
        ]
    );
    assert!(rendered.text.ends_with("<assistant>\nWell,"));
    // Four tokens of the question's line: "<user>\n", "us", "er", "</>".
    let start = rendered.stretches[3].start;
    let ends = [start, start + 2, start + 4, start + 4, start + 7];
    assert_eq!(tokens_of(&rendered.stretches, &ends), [None, Some(3), Some(3), None, None]);
}

#[test]
fn a_template_that_rewrites_leaves_text_uncoloured() {
    let assembled = assemble(&[part(PartKind::Question, "hello")], layout(Form::Chat, true));
    let shout = |messages: &[Message]| -> Result<String, Infallible> {
        Ok(messages.iter().map(|it| it.content.to_uppercase()).collect())
    };
    let rendered = render_with(&assembled.input, &assembled.segments, shout).unwrap();
    assert_eq!((rendered.text.as_str(), rendered.stretches.len()), ("HELLO", 0));
}

fn kinds() -> impl Strategy<Value = PartKind> {
    prop::sample::select(vec![
        PartKind::Instruction,
        PartKind::Example,
        PartKind::Information,
        PartKind::Question,
        PartKind::Starter,
        PartKind::Closing,
    ])
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let text = || "[a-z中文？. \n<]{0,12}";
    let one = (kinds(), text(), text(), text(), any::<bool>()).prop_map(
        |(kind, text, steps, answer, off)| {
            let is_example = kind == PartKind::Example;
            let keep = |text: String| if is_example { text } else { String::new() };
            Part { kind, text, steps: keep(steps), answer: keep(answer), off }
        },
    );
    prop::collection::vec(one, 0..8)
}

fn layouts() -> impl Strategy<Value = Layout> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(zh, chat, labels, inside)| Layout {
            language: if zh { Language::Zh } else { Language::En },
            form: if chat { Form::Chat } else { Form::Raw },
            labels,
            chat_examples: if inside { ChatExamples::Inside } else { ChatExamples::Turns },
        },
    )
}

fn place_text(input: &Input, place: Place) -> Option<&str> {
    match (input, place) {
        (Input::Raw { text }, Place::Text) => Some(text),
        (Input::Chat { messages, .. }, Place::Message(index)) => {
            messages.get(index).map(|it| it.content.as_str())
        }
        (Input::Chat { starter, .. }, Place::Starter) => Some(starter),
        _ => None,
    }
}

proptest! {
    #[test]
    fn every_part_that_shows_is_where_its_segment_says((parts, layout) in (parts(), layouts())) {
        let assembled = assemble(&parts, layout);
        for segment in &assembled.segments {
            let text = place_text(&assembled.input, segment.place).unwrap();
            let slice = text.get(segment.start..segment.end).unwrap();
            let part = &parts[segment.part];
            prop_assert_eq!(part.kind, segment.kind);
            prop_assert!(part.is_shown());
            let reply = part.reply(layout.language);
            prop_assert!(slice.contains(part.text.trim()) || slice.contains(reply.as_str()));
        }
        for (index, part) in parts.iter().enumerate() {
            let segments = assembled.segments.iter().filter(|it| it.part == index).count();
            prop_assert_eq!(segments > 0, part.is_shown(), "{:?}", part);
        }
        // Segments of one text do not overlap.
        for pair in assembled.segments.windows(2) {
            prop_assert!(pair[0].place != pair[1].place || pair[0].end <= pair[1].start);
        }
    }

    #[test]
    fn segments_are_the_same_text_after_the_template((parts, layout) in (parts(), layouts())) {
        let assembled = assemble(&parts, layout);
        let rendered = render_with(&assembled.input, &assembled.segments, template).unwrap();
        prop_assert_eq!(rendered.stretches.len(), assembled.segments.len());
        for (stretch, segment) in rendered.stretches.iter().zip(&assembled.segments) {
            let before = place_text(&assembled.input, segment.place).unwrap();
            let text = &before[segment.start..segment.end];
            let after = rendered.text.get(stretch.start..stretch.end).unwrap();
            prop_assert_eq!(text, after);
        }
    }

    #[test]
    fn each_token_belongs_to_one_part(lengths in prop::collection::vec(0_usize..4, 0..30)) {
        let parts = [part(PartKind::Instruction, "Do it."), part(PartKind::Question, "What?")];
        let assembled = assemble(&parts, layout(Form::Raw, false));
        let rendered = render_with(&assembled.input, &assembled.segments, template).unwrap();
        let ends: Vec<usize> = lengths
            .iter()
            .scan(0, |at, length| {
                *at += length;
                Some(*at)
            })
            .collect();
        let tokens = tokens_of(&rendered.stretches, &ends);
        prop_assert_eq!(tokens.len(), ends.len());
        for (token, (&end, &length)) in tokens.iter().zip(ends.iter().zip(&lengths)) {
            let inside = |it: &lab::prompt::Stretch| it.start < end && end <= it.end;
            let expected = rendered.stretches.iter().position(inside).filter(|_| length > 0);
            prop_assert_eq!(*token, expected);
        }
    }
}
