//! From the parser's events to nodes.

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::{Block, Document, Inline, MAX_DEPTH, MarkdownError, is_safe_url, plain};

/// What is open: a node whose end has not come.
enum Kind {
    Quote,
    List(Option<u64>),
    Item,
    Paragraph,
    Heading(u8),
    Code(String),
    Emphasis,
    Strong,
    /// `None`: the text stays, the link does not.
    Link(Option<String>),
    Dropped,
}

struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Vec<Block>>,
}

/// Puts events together to blocks.
#[derive(Default)]
pub(super) struct Builder {
    stack: Vec<Frame>,
    document: Document,
    /// Where the block that is open began.
    line: usize,
}

impl Builder {
    /// No block is open.
    pub(super) fn is_outside(&self) -> bool {
        self.stack.is_empty()
    }

    /// The next block begins in this line.
    pub(super) fn begin_line(&mut self, line: usize) {
        self.line = line;
    }

    pub(super) fn finish(self) -> Document {
        self.document
    }

    pub(super) fn event(&mut self, event: Event<'_>) -> Result<(), MarkdownError> {
        match event {
            Event::Start(tag) => return self.start(tag),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.inline(Inline::Code(code.into_string())),
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => self.block(Block::Rule),
            Event::InlineHtml(_) => self.document.dropped += 1,
            // The block around it is counted. The others are extensions, which are off.
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<(), MarkdownError> {
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading(level as u8),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Kind::Code(info.split_whitespace().next().unwrap_or_default().to_owned())
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code(String::new()),
            Tag::List(start) => Kind::List(start),
            Tag::Item => Kind::Item,
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Link { dest_url, .. } if is_safe_url(&dest_url) => {
                Kind::Link(Some(dest_url.into_string()))
            }
            Tag::Link { .. } | Tag::Image { .. } => {
                self.document.dropped += 1;
                Kind::Link(None)
            }
            _ => {
                self.document.dropped += 1;
                Kind::Dropped
            }
        };
        if self.stack.len() >= MAX_DEPTH {
            return Err(MarkdownError::TooDeep);
        }
        let inner = matches!(kind, Kind::Emphasis | Kind::Strong | Kind::Link(_));
        if let Some(parent) = self.stack.last_mut().filter(|_| !inner) {
            parent.flush();
        }
        let (blocks, inlines, items) = (Vec::new(), Vec::new(), Vec::new());
        self.stack.push(Frame { kind, blocks, inlines, items });
        Ok(())
    }

    fn end(&mut self) {
        let Some(mut frame) = self.stack.pop() else { return };
        match frame.kind {
            Kind::Paragraph => self.block(Block::Paragraph(frame.inlines)),
            Kind::Heading(level) => self.block(Block::Heading { level, text: frame.inlines }),
            Kind::Code(language) => {
                let text = plain(&frame.inlines);
                self.block(Block::Code { language, text });
            }
            Kind::Quote => {
                frame.flush();
                self.block(Block::Quote(frame.blocks));
            }
            Kind::Item => {
                frame.flush();
                if let Some(list) = self.stack.last_mut() {
                    list.items.push(frame.blocks);
                }
            }
            Kind::List(start) => self.block(Block::List { start, items: frame.items }),
            Kind::Emphasis => self.inline(Inline::Emphasis(frame.inlines)),
            Kind::Strong => self.inline(Inline::Strong(frame.inlines)),
            Kind::Link(Some(url)) => self.inline(Inline::Link { url, text: frame.inlines }),
            Kind::Link(None) => frame.inlines.into_iter().for_each(|inline| self.inline(inline)),
            Kind::Dropped => {}
        }
    }

    fn block(&mut self, block: Block) {
        match self.stack.last_mut() {
            Some(parent) => {
                parent.flush();
                parent.blocks.push(block);
            }
            None => self.document.blocks.push((self.line, block)),
        }
    }

    fn inline(&mut self, inline: Inline) {
        // Text always lies in a paragraph, a heading, an item or in code.
        if let Some(parent) = self.stack.last_mut() {
            match (parent.inlines.last_mut(), inline) {
                (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
                (_, inline) => parent.inlines.push(inline),
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.inline(Inline::Text(text.to_owned()));
    }

    /// Between words a line's end is a space, but Chinese has none.
    fn soft_break(&mut self) {
        let inlines = self.stack.last().map(|frame| frame.inlines.as_slice()).unwrap_or_default();
        let before = inlines.last().and_then(|inline| plain(std::slice::from_ref(inline)).pop());
        if before.is_some_and(|c| !is_wide(c)) {
            self.text(" ");
        }
    }
}

impl Frame {
    /// Text that lies in an item without a paragraph around it becomes one.
    fn flush(&mut self) {
        let holds_blocks = matches!(self.kind, Kind::Item | Kind::Quote);
        if holds_blocks && !self.inlines.is_empty() {
            self.blocks.push(Block::Paragraph(std::mem::take(&mut self.inlines)));
        }
    }
}

/// Characters after which no space belongs: Chinese ones and their punctuation.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}')
        || matches!(c, '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Finds lines of rising places.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line of a place, counted from 1.
    pub(super) fn of(&mut self, place: usize) -> usize {
        if place > self.at {
            let passed = self.text.as_bytes().get(self.at..place).unwrap_or_default();
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.at = place;
        }
        self.line
    }
}
