//! Parts through the chat template and into tokens.

use text::{Message, TemplateError, Tokenizer};

use super::assemble::Input;
use super::segment::{Place, Segment, Stretch};

/// The text that goes into the model, to be encoded with [`Tokenizer::encode_prompt`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Where the parts lie in it. What lies between them is the template's.
    pub stretches: Vec<Stretch>,
}

/// The text that goes into the model, to be encoded with [`Tokenizer::encode_prompt`].
///
/// # Errors
/// [`TemplateError`] if the model has no template or it refuses the conversation.
pub fn text_of(input: &Input, tokenizer: &Tokenizer) -> Result<String, TemplateError> {
    match input {
        Input::Raw { text } => Ok(text.clone()),
        Input::Chat { messages, starter } => {
            Ok(tokenizer.render_chat(messages, true)? + starter.as_str())
        }
    }
}

/// The same, with the parts followed through the chat template.
///
/// # Errors
/// [`TemplateError`] if the model has no template or it refuses the conversation.
pub fn render(
    input: &Input,
    segments: &[Segment],
    tokenizer: &Tokenizer,
) -> Result<Rendered, TemplateError> {
    render_with(input, segments, |messages| tokenizer.render_chat(messages, true))
}

/// The same with any template. It is called twice: once with a mark in place of each message, to see what stands
/// between them. A part of a message that the template changed beyond trimming is not followed.
///
/// # Errors
/// What the template says.
pub fn render_with<E>(
    input: &Input,
    segments: &[Segment],
    mut template: impl FnMut(&[Message]) -> Result<String, E>,
) -> Result<Rendered, E> {
    let (messages, starter) = match input {
        Input::Raw { text } => {
            let stretches = segments.iter().map(|segment| segment.at(segment.start, segment.end));
            return Ok(Rendered { text: text.clone(), stretches: stretches.collect() });
        }
        Input::Chat { messages, starter } => (messages, starter),
    };
    let mut text = template(messages)?;
    let marked: Vec<Message> = messages
        .iter()
        .enumerate()
        .map(|(index, message)| Message { role: message.role.clone(), content: mark(index) })
        .collect();
    // A template that refuses the marks leaves the prompt without colours, not without text.
    let places = match template(&marked) {
        Ok(skeleton) => places(&text, &skeleton, messages),
        Err(_) => vec![None; messages.len()],
    };
    let after = text.len();
    text.push_str(starter);
    let stretches = segments.iter().filter_map(|segment| {
        let (from, trimmed, to) = match segment.place {
            Place::Text => return None,
            Place::Starter => (after, 0, text.len()),
            Place::Message(index) => (*places.get(index)?)?,
        };
        let start = (from + segment.start.saturating_sub(trimmed)).min(to);
        let end = (from + segment.end.saturating_sub(trimmed)).min(to);
        (start < end).then(|| segment.at(start, end))
    });
    let stretches = stretches.collect();
    Ok(Rendered { text, stretches })
}

/// Which stretch each token belongs to, by its last byte (the first ones are often the space before a word). `ends` are the
/// places in the text where the tokens end, in order; tokens that stand for no text repeat the place before.
pub fn tokens_of(stretches: &[Stretch], ends: &[usize]) -> Vec<Option<usize>> {
    let mut before = 0;
    ends.iter()
        .map(|&end| {
            let empty = end <= before;
            before = before.max(end);
            let last = end.checked_sub(1).filter(|_| !empty)?;
            stretches.iter().position(|stretch| stretch.start <= last && last < stretch.end)
        })
        .collect()
}

/// Stands for a message. Private characters, so that no template has a rule for them.
fn mark(index: usize) -> String {
    format!("\u{e0f0}{index}\u{e0f1}")
}

/// For each message: where its content begins in the text, how many bytes were trimmed from its front, where it ends.
fn places(text: &str, skeleton: &str, messages: &[Message]) -> Vec<Option<(usize, usize, usize)>> {
    let mut places = vec![None; messages.len()];
    let (mut at, mut from) = (0, 0);
    for (index, message) in messages.iter().enumerate() {
        let mark = mark(index);
        let Some(offset) = skeleton.get(from..).and_then(|rest| rest.find(&mark)) else { continue };
        let between = &skeleton[from..from + offset];
        let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix(between)) else { break };
        let content = &message.content;
        let (trimmed, found) = if rest.starts_with(content.as_str()) {
            (0, content.as_str())
        } else {
            (content.len() - content.trim_start().len(), content.trim())
        };
        if !rest.starts_with(found) {
            break;
        }
        let start = text.len() - rest.len();
        places[index] = Some((start, trimmed, start + found.len()));
        at = start + found.len();
        from += offset + mark.len();
    }
    places
}
