//! Parts to prompt.

use serde::{Deserialize, Serialize};
use text::Message;

use super::part::{Part, PartKind};
use super::segment::{Place, Segment};
use crate::Language;
use crate::language::joint;

/// How a prompt goes into the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A text that the model continues.
    #[default]
    Raw,
    /// A conversation, through the chat template.
    Chat,
}

/// How a chat shows examples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatExamples {
    /// Each as a turn of the user and one of the assistant.
    #[default]
    Turns,
    /// All within the user's message, labelled.
    Inside,
}

/// How parts are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The language of labels and of the sentence that says an example's answer.
    pub language: Language,
    /// Text or chat.
    pub form: Form,
    /// Questions and answers are marked as such ("Q:", "A:"), which is how a base model sees that a question wants an
    /// answer. In a chat the turns say so.
    pub labels: bool,
    /// How a chat shows examples.
    pub chat_examples: ChatExamples,
}

/// A prompt, ready for the tokenizer.
///
/// It is read by way of [`input::Fields`](super::input), as every enum with its name among its fields: read directly,
/// such an enum takes several times the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", try_from = "super::input::Fields")]
pub enum Input {
    /// Text the model continues as it stands.
    Raw {
        /// The text.
        text: String,
    },
    /// A conversation for the model's chat template, with the generation prompt.
    Chat {
        /// The turns.
        messages: Vec<Message>,
        /// Stands after the generation prompt: the model goes on from here.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        starter: String,
    },
}

/// An assembled prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembled {
    /// What goes in.
    pub input: Input,
    /// Where the parts lie in it, in the order of the prompt.
    pub segments: Vec<Segment>,
}

/// Puts the parts together in their order; only starters always come last, because the model goes on after them.
pub fn assemble(parts: &[Part], layout: Layout) -> Assembled {
    let mut shown: Vec<(usize, usize, &Part)> = Vec::new();
    for (index, part) in parts.iter().enumerate().filter(|(_, part)| part.is_shown()) {
        let number = shown.iter().filter(|(_, _, other)| other.kind == part.kind).count() + 1;
        shown.push((index, number, part));
    }
    let (starters, others): (Vec<_>, Vec<_>) =
        shown.into_iter().partition(|(_, _, part)| part.kind == PartKind::Starter);
    let mut writer = Writer { layout, segments: Vec::new(), text: String::new(), last: None };
    match layout.form {
        Form::Raw => {
            for shown in &others {
                writer.write(*shown, Place::Text, layout.labels);
            }
            writer.answer_label(&starters);
            for shown in &starters {
                writer.write(*shown, Place::Text, layout.labels);
            }
            Assembled { input: Input::Raw { text: writer.text }, segments: writer.segments }
        }
        Form::Chat => {
            let messages = writer.conversation(&others);
            for shown in &starters {
                writer.write(*shown, Place::Starter, false);
            }
            let input = Input::Chat { messages, starter: writer.text };
            Assembled { input, segments: writer.segments }
        }
    }
}

/// A part with its index and its number among parts of its kind.
type Shown<'p> = (usize, usize, &'p Part);

struct Writer {
    layout: Layout,
    segments: Vec<Segment>,
    /// The text being written: the whole prompt, a message or the starter.
    text: String,
    /// The kind of the part before in this text.
    last: Option<PartKind>,
}

impl Writer {
    /// Writes the turns of a chat, and leaves an empty text behind.
    fn conversation(&mut self, shown: &[Shown<'_>]) -> Vec<Message> {
        let turns = self.layout.chat_examples == ChatExamples::Turns;
        let labels = !turns && shown.iter().any(|(_, _, part)| part.kind == PartKind::Example);
        let mut messages = Vec::new();
        for &(index, number, part) in shown {
            if part.kind == PartKind::Example && turns {
                let question =
                    Part { kind: PartKind::Example, text: part.text.clone(), ..Part::default() };
                self.write((index, number, &question), Place::Message(messages.len()), false);
                self.end_message("user", &mut messages);
                let reply = Part { text: part.reply(self.layout.language), ..question };
                self.write((index, number, &reply), Place::Message(messages.len()), false);
                self.end_message("assistant", &mut messages);
            } else {
                self.write((index, number, part), Place::Message(messages.len()), labels);
            }
        }
        self.end_message("user", &mut messages);
        messages
    }

    fn end_message(&mut self, role: &str, messages: &mut Vec<Message>) {
        let content = std::mem::take(&mut self.text);
        self.last = None;
        if !content.is_empty() {
            messages.push(Message { role: role.to_owned(), content });
        }
    }

    fn write(&mut self, (index, number, part): Shown<'_>, place: Place, labels: bool) {
        let written = match (part.kind, labels) {
            (PartKind::Example, _) => self.example(part, labels),
            (PartKind::Question, true) => format!("{}{}", self.labels().0, part.text.trim()),
            (PartKind::Starter, true) if self.last != Some(PartKind::Starter) => {
                format!("{}{}", self.labels().1, part.text.trim())
            }
            _ => part.text.trim().to_owned(),
        };
        if written.is_empty() {
            return;
        }
        let gap = self.gap(part.kind, &written);
        self.text.push_str(gap);
        let start = self.text.len();
        self.text.push_str(&written);
        let end = self.text.len();
        self.segments.push(Segment { part: index, kind: part.kind, number, place, start, end });
        self.last = Some(part.kind);
    }

    fn example(&self, part: &Part, labels: bool) -> String {
        let (question, answer) = if labels { self.labels() } else { ("", "") };
        let text = part.text.trim();
        // Half an example: a question or a reply of its own.
        if part.steps.trim().is_empty() && part.answer.trim().is_empty() {
            return format!("{question}{text}");
        }
        let reply = part.reply(self.layout.language);
        if text.is_empty() {
            return format!("{answer}{reply}");
        }
        format!("{question}{text}\n{answer}{reply}")
    }

    /// A raw prompt with labels that has a question but no starter ends with the label of the answer. It belongs to no part.
    fn answer_label(&mut self, starters: &[Shown<'_>]) {
        let asks = self.segments.iter().any(|segment| segment.kind == PartKind::Question);
        if self.layout.labels && asks && starters.is_empty() {
            let label = self.labels().1.trim_end();
            self.text.push('\n');
            self.text.push_str(label);
        }
    }

    /// What goes between the part before and this one.
    fn gap(&self, kind: PartKind, written: &str) -> &'static str {
        match (self.last, kind) {
            (None, _) => "",
            (Some(PartKind::Example), _) | (_, PartKind::Example) => "\n\n",
            (_, PartKind::Closing) | (Some(PartKind::Starter), PartKind::Starter) => {
                joint(&self.text, written)
            }
            _ => "\n",
        }
    }

    fn labels(&self) -> (&'static str, &'static str) {
        match self.layout.language {
            Language::En => ("Q: ", "A: "),
            Language::Zh => ("问：", "答："),
        }
    }
}

impl Input {
    /// The same prompt with an answer and more text after it, all of which the model continues.
    pub fn continued(&self, answer: &str, more: &str) -> Self {
        match self {
            Self::Raw { text } => Self::Raw { text: format!("{text}{answer}{more}") },
            Self::Chat { messages, starter } => Self::Chat {
                messages: messages.clone(),
                starter: format!("{starter}{answer}{more}"),
            },
        }
    }

    /// The same conversation, answered, with a further question.
    pub fn asked(&self, answer: &str, question: &str, language: Language) -> Self {
        let answer = answer.trim_end();
        match self {
            Self::Raw { text } => {
                let (ask, reply) = match language {
                    Language::En => ("Q: ", "A:"),
                    Language::Zh => ("问：", "答："),
                };
                Self::Raw { text: format!("{text}{answer}\n\n{ask}{question}\n{reply}") }
            }
            Self::Chat { messages, starter } => {
                let message =
                    |role: &str, content: String| Message { role: role.to_owned(), content };
                let mut messages = messages.clone();
                messages.push(message("assistant", format!("{starter}{answer}").trim().to_owned()));
                messages.push(message("user", question.to_owned()));
                Self::Chat { messages, starter: String::new() }
            }
        }
    }
}
