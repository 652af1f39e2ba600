//! A text that reads well anywhere.

use super::{Shown, Snapshot, Words, bits_per_token, settings_line};
use crate::state::format;

/// The view as Markdown. What a model wrote stands in fenced blocks, so that none of it is markup.
pub(crate) fn markdown(snapshot: &Snapshot, words: &Words) -> String {
    let mut out = format!("# {}\n\n## {}\n\n", words.title, words.prompt);
    out.push_str(&fenced(&snapshot.prompt));
    if !snapshot.system.trim().is_empty() {
        out.push_str(&format!("\n{}\n\n{}", words.system, fenced(&snapshot.system)));
    }
    for column in &snapshot.columns {
        out.push_str(&section(column, words));
    }
    out
}

fn section(column: &Shown, words: &Words) -> String {
    let Shown { letter, name, run } = column;
    let mut out = format!("\n## {letter} · {}\n\n{}\n", one_line(name), fenced(&run.text));
    let mut facts = vec![(words.tokens)(run.tokens.len())];
    if let Some(bits) = bits_per_token(run) {
        facts.push(format!("{bits:.2} {}", words.bits_per_token));
    }
    if let Some(reward) = run.reward {
        facts.push(format!("{} {}", words.reward, format::signed(reward)));
    }
    out.push_str(&format!("{}\n", facts.join(" · ")));
    if let Some(asked) = &run.asked {
        out.push_str(&format!("\n`{}`\n", settings_line(asked)));
    }
    out
}

/// A block whose fence is longer than any run of backticks in it.
fn fenced(text: &str) -> String {
    let longest = text.split(|c: char| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

/// A name as it may stand in a heading.
fn one_line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{WORDS, snapshot};
    use super::*;

    #[test]
    fn columns_have_their_text_and_settings() {
        let text = markdown(&snapshot(), &WORDS);
        assert!(text.starts_with("# Glassbox\n\n## Prompt\n\n```text\nHello\n```\n"), "{text}");
        assert!(text.contains("## A · base of a model\n\n```text\n a \"b\",\nc\n```"), "{text}");
        assert!(text.contains("1 tokens · 1.00 bits per token · Reward +1.50"), "{text}");
        assert_eq!(text.matches("`temperature 0.7").count(), 2);
    }

    #[test]
    fn what_a_model_wrote_cannot_leave_its_block() {
        let mut snapshot = snapshot();
        snapshot.columns[0].run.text = "a\n````\n# not a heading".into();
        let text = markdown(&snapshot, &WORDS);
        assert!(text.contains("`````text\na\n````\n# not a heading\n`````\n"), "{text}");
    }
}
