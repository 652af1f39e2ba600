//! What the page may never do: make elements of text that somebody else wrote, run code that did not come with the
//! site, or ask the network past the one function that decides whom it may ask.

use std::fs;

use anyhow::{Context, Result};

/// A pattern, where it may stand all the same, and why it may not stand elsewhere.
struct Rule {
    pattern: &'static str,
    /// Endings of the files it is about.
    endings: &'static [&'static str],
    allowed: &'static [&'static str],
    why: &'static str,
}

const ELEMENTS: &str = "text of a model, a file or a link must never become elements";
const CODE: &str = "code comes with the site and from nowhere else";
const NETWORK: &str = "browser/fetch.rs is the one place that asks the network";
const STYLES: &str = "the content security policy refuses it; `style:name` sets one property";
const SCRIPTS: &[&str] = &[".rs", ".js"];
const ASKS: &[&str] = &["web/src/browser/fetch.rs", "web/sw.js"];

const RULES: [Rule; 22] = [
    rule("inner_html", SCRIPTS, &[], ELEMENTS),
    rule("innerHTML", SCRIPTS, &[], ELEMENTS),
    rule("outer_html", SCRIPTS, &[], ELEMENTS),
    rule("outerHTML", SCRIPTS, &[], ELEMENTS),
    rule("insert_adjacent_html", SCRIPTS, &[], ELEMENTS),
    rule("insertAdjacentHTML", SCRIPTS, &[], ELEMENTS),
    rule("srcdoc", SCRIPTS, &[], ELEMENTS),
    rule("DomParser", SCRIPTS, &[], ELEMENTS),
    rule("document.write", SCRIPTS, &[], ELEMENTS),
    rule("eval(", SCRIPTS, &[], CODE),
    rule("new Function", SCRIPTS, &[], CODE),
    rule("importScripts", SCRIPTS, &[], CODE),
    rule("fetch_with_", SCRIPTS, ASKS, NETWORK),
    rule(" fetch(", &[".js"], ASKS, NETWORK),
    rule("XmlHttpRequest", SCRIPTS, &[], NETWORK),
    rule("XMLHttpRequest", SCRIPTS, &[], NETWORK),
    rule("WebSocket", SCRIPTS, &[], NETWORK),
    rule("EventSource", SCRIPTS, &[], NETWORK),
    rule("RtcPeerConnection", SCRIPTS, &[], NETWORK),
    rule("send_beacon", SCRIPTS, &[], NETWORK),
    rule(" style=", SCRIPTS, &[], STYLES),
    rule("@import", &[".css"], &[], CODE),
];

const fn rule(
    pattern: &'static str,
    endings: &'static [&'static str],
    allowed: &'static [&'static str],
    why: &'static str,
) -> Rule {
    Rule { pattern, endings, allowed, why }
}

#[test]
fn the_page_keeps_to_its_rules() {
    let found = search().unwrap();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn index_html_holds_no_code_and_no_address_of_another_site() {
    let html = fs::read_to_string(checks::root().unwrap().join("index.html")).unwrap();
    let found = in_html(&html);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_pattern_is_found_but_where_it_is_allowed_or_a_remark() {
    for rule in &RULES {
        let ending = rule.endings[0];
        let line = format!("let x = 1;{}x\n", rule.pattern);
        let found = in_source(&format!("web/src/a{ending}"), &line);
        assert_eq!(found.len(), 1, "{}: {found:?}", rule.pattern);
        for path in rule.allowed {
            assert_eq!(in_source(path, &line), Vec::<String>::new(), "{}", rule.pattern);
        }
    }
    assert_eq!(in_source("web/src/a.rs", "/// Never inner_html.\n"), Vec::<String>::new());
    assert_eq!(in_source("web/a.css", "/* eval( */\n"), Vec::<String>::new());
}

#[test]
fn code_in_html_is_found() {
    let page = |inner: &str| format!("<html><head>{inner}</head></html>");
    for good in [
        "<script type=\"module\" src=\"start.js\"></script>",
        "<link rel=\"stylesheet\" href=\"styles/a.css\">",
        "<p data-when=\"no\">x = 1</p>",
    ] {
        assert_eq!(in_html(&page(good)), Vec::<String>::new(), "{good}");
    }
    for bad in [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        "<p onclick=\"a()\">x</p>",
        "<p style=\"color: red\">x</p>",
        "<link rel=\"stylesheet\" href=\"https://example.org/a.css\">",
        "<img src=\"//example.org/a.png\">",
    ] {
        assert_eq!(in_html(&page(bad)).len(), 1, "{bad}");
    }
}

/// Looks at the sources of the page.
fn search() -> Result<Vec<String>> {
    let root = checks::root()?;
    let mut found = Vec::new();
    for path in checks::files()?.iter().filter(|path| is_source(path)) {
        let text = fs::read_to_string(root.join(path))
            .with_context(|| format!("{path} cannot be read"))?;
        found.extend(in_source(path, &text));
    }
    Ok(found)
}

fn is_source(path: &str) -> bool {
    let ours = path.starts_with("web/") || path.starts_with("crates/share/src/");
    ours && [".rs", ".js", ".css"].iter().any(|ending| path.ends_with(ending))
}

fn in_source(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let start = line.trim_start();
        if ["//", "/*", "* "].iter().any(|remark| start.starts_with(remark)) {
            continue;
        }
        for rule in &RULES {
            let applies = rule.endings.iter().any(|ending| path.ends_with(ending));
            if applies && !rule.allowed.contains(&path) && line.contains(rule.pattern) {
                found.push(format!("{path}:{}: {:?}: {}", number + 1, rule.pattern, rule.why));
            }
        }
    }
    found
}

/// Tags of a page that hold code or styles, or that load something from elsewhere.
fn in_html(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    let mut found = Vec::new();
    for (tag, content) in tags {
        let name = tag.split_whitespace().next().unwrap_or_default();
        let inline = match name {
            "script" => !content.trim().is_empty() || !tag.contains(" src=\""),
            "style" => true,
            _ => false,
        };
        let mut attributes = tag.split_whitespace().skip(1);
        let forbidden = attributes.any(|attribute| {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let value = value.trim_matches('"');
            let handler = name.starts_with("on") && !value.is_empty();
            let loads = matches!(name, "src" | "href");
            handler || name == "style" || (loads && (value.contains(':') || value.starts_with('/')))
        });
        if inline || forbidden {
            found.push(format!("index.html: <{tag}>"));
        }
    }
    found
}
