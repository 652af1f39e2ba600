//! A prompt cut into its parts, for the colours.

use lab::prompt::{Input, PartKind, Place, Segment};

/// One text of a prompt: all of a raw one, a message of a chat, or the beginning of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// `user`, `assistant` and so on; empty for a raw prompt.
    pub(crate) role: String,
    pub(crate) pieces: Vec<Piece>,
}

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// The part it is of; `None` for what stands between parts.
    pub(crate) part: Option<Mark>,
}

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Its place among the parts.
    pub(crate) index: usize,
    pub(crate) kind: PartKind,
    /// Counts parts of its kind, from 1.
    pub(crate) number: usize,
}

/// The blocks of a prompt. `segments` are those of its assembly; where they do not fit the text, it stays uncoloured.
pub(crate) fn blocks(input: &Input, segments: &[Segment]) -> Vec<Block> {
    let of = |place: Place| segments.iter().filter(move |segment| segment.place == place);
    match input {
        Input::Raw { text } => {
            vec![Block { role: String::new(), pieces: cut(text, of(Place::Text)) }]
        }
        Input::Chat { messages, starter } => {
            let mut blocks: Vec<Block> = messages
                .iter()
                .enumerate()
                .map(|(index, message)| Block {
                    role: message.role.clone(),
                    pieces: cut(&message.content, of(Place::Message(index))),
                })
                .collect();
            if !starter.is_empty() {
                let pieces = cut(starter, of(Place::Starter));
                blocks.push(Block { role: "assistant".to_owned(), pieces });
            }
            blocks
        }
    }
}

fn cut<'s>(text: &str, segments: impl Iterator<Item = &'s Segment>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for segment in segments {
        let (Some(before), Some(own)) =
            (text.get(at..segment.start), text.get(segment.start..segment.end))
        else {
            continue;
        };
        push(&mut pieces, before, None);
        let Segment { part, kind, number, .. } = *segment;
        push(&mut pieces, own, Some(Mark { index: part, kind, number }));
        at = segment.end;
    }
    push(&mut pieces, text.get(at..).unwrap_or_default(), None);
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str, part: Option<Mark>) {
    if !text.is_empty() {
        pieces.push(Piece { text: text.to_owned(), part });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::prompt::{Form, Layout, Part, assemble};

    fn parts() -> Vec<Part> {
        vec![
            Part::new(PartKind::Instruction, "请回答。"),
            Part {
                kind: PartKind::Example,
                text: "1 + 1?".into(),
                answer: "2".into(),
                ..Part::default()
            },
            Part::new(PartKind::Question, "2 + 2?"),
            Part::new(PartKind::Starter, "It is"),
        ]
    }

    fn cut_up(form: Form) -> (Input, Vec<Block>) {
        let layout = Layout { form, labels: true, ..Layout::default() };
        let assembled = assemble(&parts(), layout);
        let blocks = blocks(&assembled.input, &assembled.segments);
        (assembled.input, blocks)
    }

    fn text(block: &Block) -> String {
        block.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn nothing_of_a_raw_prompt_is_lost() {
        let (input, blocks) = cut_up(Form::Raw);
        let Input::Raw { text: whole } = input else { panic!("asked for raw") };
        assert_eq!(blocks.len(), 1);
        assert_eq!(text(&blocks[0]), whole);
        let kinds: Vec<_> =
            blocks[0].pieces.iter().filter_map(|piece| Some(piece.part?.kind)).collect();
        assert_eq!(kinds, parts().iter().map(|part| part.kind).collect::<Vec<_>>());
    }

    #[test]
    fn a_chat_has_a_block_for_each_turn_and_one_for_the_beginning() {
        let (input, blocks) = cut_up(Form::Chat);
        let Input::Chat { messages, starter } = input else { panic!("asked for a chat") };
        assert_eq!(blocks.len(), messages.len() + 1);
        for (block, message) in blocks.iter().zip(&messages) {
            assert_eq!((text(block), &block.role), (message.content.clone(), &message.role));
        }
        assert_eq!(blocks.last().map(text), Some(starter));
    }

    #[test]
    fn segments_of_another_text_colour_nothing() {
        let (_, raw) = cut_up(Form::Raw);
        let assembled = assemble(&parts(), Layout { labels: true, ..Layout::default() });
        let other = blocks(&Input::Raw { text: "短".into() }, &assembled.segments);
        assert_eq!(text(&other[0]), "短");
        assert!(other[0].pieces.iter().all(|piece| piece.part.is_none()) && raw.len() == 1);
    }
}
