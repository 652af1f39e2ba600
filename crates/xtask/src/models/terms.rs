//! The text of a licence that its publisher ships as a web page.

/// Elements whose content is not part of the text.
const SKIPPED: [&str; 7] = ["script", "style", "template", "button", "nav", "svg", "noscript"];
/// Elements that stand on lines of their own.
const BLOCKS: [&str; 21] = [
    "p",
    "div",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "tr",
    "br",
    "blockquote",
    "pre",
];

/// The text of a page's article: from its title on, a blank line between paragraphs, a line for each list
/// item. Without an `<article>`, the whole page's text.
pub(crate) fn text(html: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = article(html);
    while let Some(start) = rest.find('<') {
        writer.push(&decode(&rest[..start]));
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = after(comment, "-->");
            continue;
        }
        let end = tag_end(rest);
        let tag = Tag::new(&rest[..end]);
        rest = &rest[end..];
        if tag.opens && SKIPPED.contains(&tag.name.as_str()) {
            rest = after(rest, &format!("</{}", tag.name));
            rest = &rest[rest.find('>').map_or(rest.len(), |end| end + 1)..];
            continue;
        }
        writer.tag(&tag);
    }
    writer.push(&decode(rest));
    writer.finish()
}

/// From the title inside the page's article to the article's end.
fn article(html: &str) -> &str {
    let lower = html.to_ascii_lowercase();
    let Some(start) = lower.find("<article") else { return html };
    let end = lower[start..].find("</article").map_or(html.len(), |end| start + end);
    let title = lower[start..end].find("<h1").map_or(start, |title| start + title);
    &html[title..end]
}

/// What follows a marker, whatever the case of its letters.
fn after<'a>(text: &'a str, marker: &str) -> &'a str {
    let found = text.to_ascii_lowercase().find(marker);
    &text[found.map_or(text.len(), |start| start + marker.len())..]
}

/// The length of the tag that `text` begins with; a `>` in quotes does not end it.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (index, c) in text.char_indices() {
        match (c, quote) {
            ('>', None) => return index + 1,
            ('"' | '\'', None) => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[derive(Debug)]
struct Tag {
    name: String,
    opens: bool,
}

impl Tag {
    fn new(tag: &str) -> Self {
        let inner = tag.trim_start_matches('<');
        let (inner, opens) = inner.strip_prefix('/').map_or((inner, true), |inner| (inner, false));
        let end =
            inner.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(inner.len());
        Self { name: inner[..end].to_ascii_lowercase(), opens }
    }
}

#[derive(Debug, Default)]
struct Writer {
    out: String,
    /// The paragraph or list item under way.
    line: String,
    /// What a list item begins with, until it is written.
    marker: Option<String>,
    /// The lists around: the number of the next item, or none for bullets.
    lists: Vec<Option<usize>>,
    last_was_item: bool,
}

impl Writer {
    fn push(&mut self, text: &str) {
        for (index, word) in text.split(char::is_whitespace).enumerate() {
            if index > 0 && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            self.line.push_str(word);
        }
    }

    fn tag(&mut self, tag: &Tag) {
        if !BLOCKS.contains(&tag.name.as_str()) {
            return;
        }
        self.end_line();
        match (tag.name.as_str(), tag.opens) {
            ("ul", true) => self.lists.push(None),
            ("ol", true) => self.lists.push(Some(1)),
            ("ul" | "ol", false) => {
                self.lists.pop();
            }
            ("li", true) => {
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                });
            }
            ("li", false) => self.marker = None,
            _ => {}
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let marker = self.marker.take();
        if !self.out.is_empty() {
            self.out.push_str(if self.last_was_item && marker.is_some() { "\n" } else { "\n\n" });
        }
        self.last_was_item = marker.is_some();
        self.out.push_str(&marker.unwrap_or_default());
        self.out.push_str(line);
    }

    fn finish(mut self) -> String {
        self.end_line();
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }
}

/// Replaces entities by their characters; what is not an entity stays.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let entity = rest.find(';').and_then(|end| Some((character(&rest[1..end])?, end + 1)));
        let (c, length) = entity.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "copy" => '©',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn only_the_article_is_kept() {
        let html = "<nav>Menu</nav><ARTICLE class=\"a>b\"><style>p{}</style><p>Crumbs</p>\
            <h1 class=x>Terms</h1>\n<!-- <p>not</p> --><p>By   using\n&quot;<b>it</b>&quot; &#39;you&#x27; R&D</p>\
            <ol><li>one</li>\n<li><p>two</p></li></ol><ul><li>dot</li></ul><SCRIPT>if (a<b) {}</Script >\
            <p></p><div>End<br>.</div></article><p>Footer</p>";
        let expected = "Terms\n\nBy using \"it\" 'you' R&D\n\n1. one\n2. two\n- dot\n\nEnd\n\n.\n";
        assert_eq!(text(html), expected);
    }

    #[test]
    fn broken_pages_do_no_harm() {
        assert_eq!(text(""), "");
        assert_eq!(text("plain & simple"), "plain & simple\n");
        assert_eq!(text("<p>open <a href='x"), "open\n");
        assert_eq!(text("<script>never closed"), "");
        assert_eq!(text("<!-- never closed"), "");
        assert_eq!(text("&#xD800; &unknown; &"), "&#xD800; &unknown; &\n");
    }
}
