//! Markdown nodes as elements. What a text says becomes text: there is no way from here to HTML.

use leptos::prelude::*;
use share::markdown::{Block, Inline};

/// Blocks, one under the other.
pub(crate) fn blocks(blocks: &[Block]) -> Vec<AnyView> {
    blocks.iter().map(block).collect()
}

/// One block.
pub(crate) fn block(block: &Block) -> AnyView {
    match block {
        Block::Paragraph(text) => view! { <p>{inlines(text)}</p> }.into_any(),
        // Titles of lesson and step stand above: what is left are headings within a step.
        Block::Heading { text, .. } => view! { <h4>{inlines(text)}</h4> }.into_any(),
        Block::List { start: Some(start), items } => {
            view! { <ol class="prose-list" start=start.to_string()>{list(items)}</ol> }.into_any()
        }
        Block::List { start: None, items } => {
            view! { <ul class="prose-list">{list(items)}</ul> }.into_any()
        }
        Block::Quote(inner) => view! { <blockquote>{blocks(inner)}</blockquote> }.into_any(),
        Block::Code { text, .. } => {
            view! { <pre class="prose-code" tabindex="0"><code>{text.clone()}</code></pre> }
                .into_any()
        }
        Block::Rule => view! { <hr/> }.into_any(),
    }
}

fn list(items: &[Vec<Block>]) -> Vec<AnyView> {
    items.iter().map(|item| view! { <li>{blocks(item)}</li> }.into_any()).collect()
}

/// Pieces of one line.
pub(crate) fn inlines(inlines: &[Inline]) -> Vec<AnyView> {
    inlines.iter().map(inline).collect()
}

fn inline(piece: &Inline) -> AnyView {
    match piece {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Code(code) => view! { <code>{code.clone()}</code> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner)}</em> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner)}</strong> }.into_any(),
        // Only `https:` addresses come this far; a click leaves the page, and nothing is fetched before.
        Inline::Link { url, text } => view! {
            <a href=url.clone() target="_blank" rel="noopener noreferrer">{inlines(text)}</a>
        }
        .into_any(),
        Inline::Break => view! { <br/> }.into_any(),
    }
}
