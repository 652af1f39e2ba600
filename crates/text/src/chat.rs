//! Chat templates: Jinja as Hugging Face's `apply_chat_template` sets it up, with a limit on the work a template may do.

use std::error::Error as StdError;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Output, State, Value, context, escape_formatter};
use minijinja_contrib::pycompat;
use serde::{Deserialize, Serialize};

use crate::error::TemplateError;
use crate::json::to_json;

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks: `system`, `user` or `assistant`.
    pub role: String,
    /// What is said.
    pub content: String,
}

/// Work a template may do: one unit for a step, one for 64 bytes of text it makes. Real templates take a few hundred units
/// per message and copy each message a few times.
const FUEL: u64 = 20_000;
const FUEL_PER_MESSAGE: u64 = 1_000;
const BYTES_PER_FUEL: u64 = 2;

/// Nested blocks, macros (ten each) and the like; a worker's stack is small.
const MAX_RECURSION: usize = 200;

/// Puts a conversation through a template. `bos` and `eos` are what it knows as `bos_token` and `eos_token`.
pub(crate) fn render(
    template: &str,
    messages: &[Message],
    add_generation_prompt: bool,
    bos: &str,
    eos: &str,
) -> Result<String, TemplateError> {
    let bytes: usize = messages.iter().map(|it| it.role.len() + it.content.len()).sum();
    let fuel = FUEL + FUEL_PER_MESSAGE * messages.len() as u64 + bytes as u64 / BYTES_PER_FUEL;
    let environment = environment(fuel).map_err(|error| syntax(&error))?;
    let template = environment.template_from_str(template).map_err(|error| syntax(&error))?;
    let messages: Vec<Value> = messages
        .iter()
        .map(|message| context! { role => &message.role, content => &message.content })
        .collect();
    let context = context! {
        messages => messages,
        add_generation_prompt => add_generation_prompt,
        bos_token => bos,
        eos_token => eos,
        // Given as None by `apply_chat_template` too; templates ask `tools is not none`.
        tools => (),
        documents => (),
    };
    template.render(context).map_err(|error| failure(&error))
}

fn environment<'t>(fuel: u64) -> Result<Environment<'t>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_fuel(Some(fuel));
    environment.set_recursion_limit(MAX_RECURSION);
    environment.set_unknown_method_callback(python_method);
    environment.set_formatter(format_bounded);
    environment.add_function("raise_exception", raise_exception);
    environment.add_filter("tojson", tojson);
    Ok(environment)
}

/// `.strip()`, `.items()` and other methods that Python's strings, lists and dictionaries have.
fn python_method(
    state: &mut State,
    value: &Value,
    name: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    // They read their strings for free otherwise.
    let texts = std::iter::once(value).chain(arguments).filter_map(Value::as_str);
    state.consume_fuel(texts.map(str::len).sum::<usize>() as u64 / 64)?;
    pycompat::unknown_method_callback(state, value, name, arguments)
}

/// Refuses lists that would be huge when written out, before they are.
fn format_bounded(output: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map) {
        to_json(value, None)?;
    }
    escape_formatter(output, state, value)
}

fn tojson(value: &Value, indent: Option<usize>, options: Kwargs) -> Result<String, Error> {
    let indent = match indent {
        Some(indent) => Some(indent),
        None => options.get::<Option<usize>>("indent")?,
    };
    // Templates say `ensure_ascii=False`, which is how it is.
    options.get::<Option<bool>>("ensure_ascii")?;
    options.assert_all_used()?;
    to_json(value, indent)
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Raised(String);

fn raise_exception(message: &str) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message.to_owned())
        .with_source(Raised(message.to_owned())))
}

fn syntax(error: &Error) -> TemplateError {
    TemplateError::Syntax { message: message(error), line: error.line() }
}

fn failure(error: &Error) -> TemplateError {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(Raised(message)) = current.downcast_ref::<Raised>() {
            return TemplateError::Refused { message: message.clone() };
        }
        if let Some(error) = current.downcast_ref::<Error>() {
            let detail = error.detail().unwrap_or_default();
            match error.kind() {
                ErrorKind::OutOfFuel => return TemplateError::TooMuchWork,
                ErrorKind::UnknownFunction if detail.contains("strftime_now") => {
                    return TemplateError::NoClock;
                }
                _ => {}
            }
        }
        cause = current.source();
    }
    TemplateError::Failed { message: message(error), line: error.line() }
}

fn message(error: &Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}
