//! Markdown as nodes: what is kept, what is dropped, and that nothing harmful comes out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use proptest::prelude::*;
use share::markdown::{
    Block, Inline, MAX_BYTES, MAX_DEPTH, MarkdownError, is_safe_url, parse, parse_inline, plain,
};

fn blocks(text: &str) -> Vec<Block> {
    parse(text).unwrap().blocks.into_iter().map(|(_, block)| block).collect()
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

#[test]
fn the_subset_is_read() {
    let read = blocks(
        "# One\n\nPlain *soft **both*** `code`\nnext\\\nbroken\n\n1. first\n2. second\n\n   more\n\n> said\n\n```rust x\nfn a() {}\n\nb\n```\n\n---\n",
    );
    let both = Inline::Strong(vec![text("both")]);
    let expected = vec![
        Block::Heading { level: 1, text: vec![text("One")] },
        Block::Paragraph(vec![
            text("Plain "),
            Inline::Emphasis(vec![text("soft "), both]),
            text(" "),
            Inline::Code("code".to_owned()),
            text(" next"),
            Inline::Break,
            text("broken"),
        ]),
        Block::List {
            start: Some(1),
            items: vec![vec![paragraph("first")], vec![paragraph("second"), paragraph("more")]],
        },
        Block::Quote(vec![paragraph("said")]),
        Block::Code { language: "rust".to_owned(), text: "fn a() {}\n\nb\n".to_owned() },
        Block::Rule,
    ];
    assert_eq!(read, expected);
}

#[test]
fn tight_lists_hold_paragraphs_and_lists() {
    let inner =
        Block::List { start: None, items: vec![vec![paragraph("b")], vec![paragraph("c")]] };
    let items = vec![vec![paragraph("a"), inner], vec![paragraph("d")]];
    assert_eq!(blocks("- a\n  - b\n  - c\n- d\n"), [Block::List { start: None, items }]);
}

#[test]
fn lines_join_with_a_space_but_not_in_chinese() {
    assert_eq!(blocks("two\nlines"), [paragraph("two lines")]);
    assert_eq!(blocks("模型会\n续写，\n文字"), [paragraph("模型会续写，文字")]);
    assert_eq!(blocks("**模型**\n文字").len(), 1);
    assert_eq!(plain(&parse_inline("**模型**\n文字").unwrap()), "模型文字");
}

#[test]
fn lines_are_counted() {
    let document = parse("# a\n\nb\nc\n\n- d\n- e\n\n```\nf\n```\n").unwrap();
    let lines: Vec<usize> = document.blocks.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 3, 6, 9]);
}

#[test]
fn html_and_pictures_are_dropped() {
    let cases = [
        ("<script>alert(1)</script>", 1, ""),
        ("a <b onclick=x>bold</b> word", 2, "a bold word"),
        ("<!-- hidden -->", 1, ""),
        ("![a cat](https://example.org/cat.png)", 1, "a cat"),
        ("<iframe src=//x>\n\ntext", 1, "text"),
        ("&lt;script&gt;", 0, "<script>"),
    ];
    for (markdown, dropped, left) in cases {
        let document = parse(markdown).unwrap();
        assert_eq!(document.dropped, dropped, "{markdown}");
        assert_eq!(plain(&parse_inline(markdown).unwrap()), left, "{markdown}");
    }
}

#[test]
fn only_https_links_are_links() {
    let link = |url: &str| Inline::Link { url: url.to_owned(), text: vec![text("here")] };
    let read = |url: &str| parse_inline(&format!("[here]({url})")).unwrap();
    assert_eq!(read("https://example.org/a?b=c#d"), [link("https://example.org/a?b=c#d")]);
    assert_eq!(parse_inline("<https://a.b>").unwrap().len(), 1);
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "data:text/html,x",
        "http://example.org",
        "//example.org",
        "/path",
        "#fragment",
        "vbscript:x",
        "https:example.org",
        "https://",
        "<https://a.b/ c>",
        "<https://a.b/\\\\c>",
    ] {
        assert_eq!(read(url), [text("here")], "{url}");
    }
    assert!(is_safe_url("HTTPS://example.org/") && !is_safe_url(&"https://x".repeat(400)));
    assert!(!is_safe_url("https://a\u{1}b") && !is_safe_url("https://a\"b") && !is_safe_url("h香"));
}

#[test]
fn bounds_are_held() {
    let long = "x".repeat(MAX_BYTES + 1);
    assert_eq!(parse(&long), Err(MarkdownError::TooLong { bytes: MAX_BYTES + 1 }));
    assert!(parse(&"> ".repeat(MAX_DEPTH / 2)).is_ok());
    assert_eq!(parse(&format!("{}x", "> ".repeat(MAX_DEPTH + 1))), Err(MarkdownError::TooDeep));
    for text in ["*".repeat(50_000), "[".repeat(50_000), "`".repeat(50_000), "<".repeat(50_000)] {
        assert!(parse(&text).is_ok());
    }
}

/// Every link of a text.
fn links(inlines: &[Inline], found: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Link { url, text } => {
                found.push(url.clone());
                links(text, found);
            }
            Inline::Emphasis(inner) | Inline::Strong(inner) => links(inner, found),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}

proptest! {
    #[test]
    fn any_text_becomes_nodes(text in "[ \n*_`#>\\[\\]()<!a香:/~=&;|-]{0,120}", tail in ".{0,40}") {
        let document = parse(&format!("{text}{tail}")).unwrap_or_default();
        let mut last = 1;
        for (line, _) in &document.blocks {
            prop_assert!(*line >= last);
            last = *line;
        }
    }

    #[test]
    fn no_link_leads_elsewhere(url in "(https?|javascript|data|file)?:?/{0,2}[a-z.:/<>\"' ]{0,20}", label in "[a-z*]{1,8}") {
        let mut found = Vec::new();
        let read = parse_inline(&format!("[{label}]({url}) <{url}>")).unwrap_or_default();
        links(&read, &mut found);
        prop_assert!(found.iter().all(|url| url.to_lowercase().starts_with("https://")));
    }
}
