//! A prompt as it stands in files.

use serde::Deserialize;
use text::Message;

use super::assemble::{Form, Input};

/// The fields of all kinds of [`Input`].
#[derive(Deserialize)]
pub(super) struct Fields {
    form: Form,
    text: Option<String>,
    messages: Option<Vec<Message>>,
    #[serde(default)]
    starter: String,
}

impl TryFrom<Fields> for Input {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { form, text, messages, starter } = fields;
        Ok(match form {
            Form::Raw => Self::Raw { text: text.ok_or("a raw prompt without `text`")? },
            Form::Chat => {
                Self::Chat { messages: messages.ok_or("a chat without `messages`")?, starter }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_come_through() {
        let messages = vec![Message { role: "user".into(), content: "2 + 2?".into() }];
        let chat =
            |starter: &str| Input::Chat { messages: messages.clone(), starter: starter.into() };
        for input in [Input::Raw { text: "The sky is".into() }, chat(""), chat("It is")] {
            let json = serde_json::to_string(&input).expect("plain data");
            assert_eq!(serde_json::from_str::<Input>(&json).expect("its own output"), input);
        }
        for broken in [r#"{"form":"raw"}"#, r#"{"form":"chat","text":"a"}"#, r#"{"text":"a"}"#] {
            assert!(serde_json::from_str::<Input>(broken).is_err(), "{broken}");
        }
    }
}
