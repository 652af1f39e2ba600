//! Markdown as plain nodes: a bounded part of CommonMark, for lessons and for what models write.
//!
//! There is no HTML in the result and no way to get any: raw HTML and pictures are dropped (a picture's
//! description stays as text), and a link stays a link only if it leads to an `https:` address.

mod builder;

use pulldown_cmark::{Options, Parser};
use thiserror::Error;

use builder::{Builder, Lines};

/// Longer texts are refused, in bytes.
pub const MAX_BYTES: usize = 256 << 10;
/// Deeper nesting is refused: lists in quotes in lists.
pub const MAX_DEPTH: usize = 16;
/// The longest address of a link, in bytes.
pub const MAX_URL: usize = 2_048;

/// A text as nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The blocks, each with the line it begins in, counted from 1.
    pub blocks: Vec<(usize, Block)>,
    /// How many pieces were dropped or lost their link: HTML, pictures, links elsewhere.
    pub dropped: usize,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// What it says.
        text: Vec<Inline>,
    },
    /// A list.
    List {
        /// The first number of a numbered list.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// Code that stands alone.
    Code {
        /// The word behind the fence; empty for none.
        language: String,
        /// The code.
        text: String,
    },
    /// A line across.
    Rule,
}

/// A piece of text within a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Code.
    Code(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// A link to an `https:` address.
    Link {
        /// The address.
        url: String,
        /// What it says.
        text: Vec<Inline>,
    },
    /// The line ends here.
    Break,
}

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MarkdownError {
    /// Too long.
    #[error("the text has {bytes} bytes, but at most {MAX_BYTES} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Nested too deeply.
    #[error("the text is nested more than {MAX_DEPTH} deep")]
    TooDeep,
}

/// Reads a text.
///
/// # Errors
/// [`MarkdownError`] past a bound; every other text means something.
pub fn parse(text: &str) -> Result<Document, MarkdownError> {
    if text.len() > MAX_BYTES {
        return Err(MarkdownError::TooLong { bytes: text.len() });
    }
    let mut builder = Builder::default();
    let mut lines = Lines::new(text);
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        if builder.is_outside() {
            builder.begin_line(lines.of(range.start));
        }
        builder.event(event)?;
    }
    Ok(builder.finish())
}

/// Reads one line of text: what is not inline is flattened.
///
/// # Errors
/// As [`parse`].
pub fn parse_inline(text: &str) -> Result<Vec<Inline>, MarkdownError> {
    let mut inlines = Vec::new();
    for (_, block) in parse(text)?.blocks {
        match block {
            Block::Paragraph(text) | Block::Heading { text, .. } => inlines.extend(text),
            Block::Code { text, .. } => inlines.push(Inline::Code(text)),
            Block::List { .. } | Block::Quote(_) | Block::Rule => {}
        }
    }
    Ok(inlines)
}

/// The text of inline nodes, without their marks.
pub fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(piece) | Inline::Code(piece) => text.push_str(piece),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Link { text: inner, .. } => {
                text.push_str(&plain(inner));
            }
            Inline::Break => text.push(' '),
        }
    }
    text
}

/// Whether an address may be a link: `https:`, and no character that an address does not have.
pub fn is_safe_url(url: &str) -> bool {
    let https = url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\`".contains(c);
    https && url.len() > 8 && url.len() <= MAX_URL && !url.chars().any(odd)
}
