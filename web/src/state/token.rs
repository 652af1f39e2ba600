//! A token as it is drawn: pieces of text with spaces and line breaks made visible.

use crate::protocol::TokenView;
use crate::state::format;

/// One piece of a chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// A space, drawn as a faint dot over the real character.
    Space,
    /// A tab, drawn as an arrow over the real character.
    Tab,
    /// A line break, drawn as ↵.
    Newline,
    /// Bytes that are no character yet, in hexadecimal.
    Hex(String),
}

/// The pieces of a token. Never empty, so that every chip has something to point at.
pub(crate) fn pieces(token: &TokenView) -> Vec<Piece> {
    let text = visible_text(token);
    if text.is_empty() {
        let hex = format::hex(&token.bytes);
        return vec![Piece::Hex(if hex.is_empty() { "∅".to_owned() } else { hex })];
    }
    let mut out = Vec::new();
    for character in text.chars() {
        match character {
            ' ' => out.push(Piece::Space),
            '\t' => out.push(Piece::Tab),
            '\n' => out.push(Piece::Newline),
            // SentencePiece's own mark for a space, in case a vocabulary shows it.
            '\u{2581}' => out.push(Piece::Space),
            other => match out.last_mut() {
                Some(Piece::Text(run)) => run.push(other),
                _ => out.push(Piece::Text(other.to_string())),
            },
        }
    }
    out
}

/// Line breaks to draw after a chip.
pub(crate) fn newlines(token: &TokenView) -> usize {
    token.text.matches('\n').count()
}

/// The token in words, for a sentence: spaces as they are, line breaks as ↵, bytes as hex.
pub(crate) fn spoken(token: &TokenView) -> String {
    let text = visible_text(token);
    if text.is_empty() { format::hex(&token.bytes) } else { text.replace('\n', "↵") }
}

/// The text of a token, empty while there is none: a token that is part of a character may come with
/// U+FFFD, and its bytes say more. A control token without text shows its name, which is its bytes.
fn visible_text(token: &TokenView) -> &str {
    let whole = std::str::from_utf8(&token.bytes);
    if token.text.is_empty() && token.special {
        whole.unwrap_or_default()
    } else if whole.is_err() && token.text.chars().all(|c| c == char::REPLACEMENT_CHARACTER) {
        ""
    } else {
        &token.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::testing::token;

    #[test]
    fn spaces_and_line_breaks_become_pieces() {
        assert_eq!(
            pieces(&token(1, " a b\n")),
            [
                Piece::Space,
                Piece::Text("a".into()),
                Piece::Space,
                Piece::Text("b".into()),
                Piece::Newline,
            ],
        );
        assert_eq!(newlines(&token(1, "\n\n")), 2);
    }

    #[test]
    fn half_a_character_is_shown_as_bytes_and_a_whole_one_as_itself() {
        let half = TokenView { id: 7, text: String::new(), bytes: vec![0xe4], special: false };
        assert_eq!(pieces(&half), [Piece::Hex("e4".into())]);
        assert_eq!(spoken(&half), "e4");
        let alone = TokenView { text: "\u{fffd}".into(), ..half };
        assert_eq!(pieces(&alone), [Piece::Hex("e4".into())]);
        let whole =
            TokenView { id: 8, text: "你".into(), bytes: vec![0xbd, 0xa0], special: false };
        assert_eq!(pieces(&whole), [Piece::Text("你".into())]);
    }

    #[test]
    fn a_control_token_without_text_shows_its_name() {
        let end =
            TokenView { id: 2, text: String::new(), bytes: b"<|im_end|>".to_vec(), special: true };
        assert_eq!(pieces(&end), [Piece::Text("<|im_end|>".into())]);
    }

    #[test]
    fn nothing_at_all_still_gives_a_chip() {
        let empty = TokenView { id: 3, text: String::new(), bytes: vec![], special: false };
        assert_eq!(pieces(&empty), [Piece::Hex("∅".into())]);
    }
}
