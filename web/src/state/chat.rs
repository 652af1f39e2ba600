//! A conversation: earlier turns are kept, and the answer on the page joins them with the next one.

use text::Message;

/// How the prompt is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Text that the model continues.
    #[default]
    Raw,
    /// The next message of a conversation.
    Chat,
}

/// The turns so far. The answer being generated is not one of them yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Conversation {
    turns: Vec<Message>,
}

impl Conversation {
    pub(crate) fn turns(&self) -> &[Message] {
        &self.turns
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// Takes the last answer in, adds what the reader says, and gives the whole to be sent.
    pub(crate) fn say(&mut self, system: &str, last_answer: &str, user: String) -> Vec<Message> {
        if self.awaits_answer() {
            self.turns.push(message("assistant", last_answer.trim()));
        }
        self.turns.push(message("user", &user));
        let mut messages = self.turns.clone();
        if !system.trim().is_empty() {
            messages.insert(0, message("system", system.trim()));
        }
        messages
    }

    /// Takes back a message that got no answer, so that it can be changed and sent again.
    pub(crate) fn retract(&mut self) -> Option<String> {
        if self.awaits_answer() { self.turns.pop().map(|turn| turn.content) } else { None }
    }

    fn awaits_answer(&self) -> bool {
        self.turns.last().is_some_and(|turn| turn.role == "user")
    }
}

fn message(role: &str, content: &str) -> Message {
    Message { role: role.to_owned(), content: content.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(messages: &[Message]) -> Vec<&str> {
        messages.iter().map(|message| message.role.as_str()).collect()
    }

    #[test]
    fn turns_are_kept_and_the_system_prompt_leads() {
        let mut conversation = Conversation::default();
        let first = conversation.say(" Be brief. ", "", "Hello".into());
        assert_eq!(roles(&first), ["system", "user"]);
        assert_eq!(first[0].content, "Be brief.");
        let second = conversation.say("", " Hi! \n", "How are you?".into());
        assert_eq!(roles(&second), ["user", "assistant", "user"]);
        assert_eq!(second[1].content, "Hi!");
        assert_eq!(conversation.turns().len(), 3);
    }

    #[test]
    fn an_unanswered_message_can_be_taken_back() {
        let mut conversation = Conversation::default();
        assert_eq!(conversation.retract(), None);
        conversation.say("", "", "Hello".into());
        assert_eq!(conversation.retract().as_deref(), Some("Hello"));
        assert!(conversation.is_empty());
    }
}
