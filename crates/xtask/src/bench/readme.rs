//! The table in `README.md`, between two markers.

use std::{fs, path::Path};

use anyhow::{Context, Result};

const START: &str = "<!-- bench -->";
const END: &str = "<!-- /bench -->";

/// Puts the text of one file between the markers of the other.
///
/// # Errors
/// If a file cannot be read or written, or a marker is missing.
pub(super) fn write(readme: &Path, table: &Path) -> Result<()> {
    let read = |path: &Path| {
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let text = replaced(&read(readme)?, &read(table)?)
        .with_context(|| format!("{} has no `{START}` … `{END}`", readme.display()))?;
    fs::write(readme, text).with_context(|| format!("{} cannot be written", readme.display()))
}

fn replaced(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}\n\n{}\n\n{END}{after}", table.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_the_markers_is_replaced() {
        let once = replaced("a\n<!-- bench --><!-- /bench -->\nb\n", "| t |\n").unwrap();
        assert_eq!(once, "a\n<!-- bench -->\n\n| t |\n\n<!-- /bench -->\nb\n");
        let twice = replaced(&once, "| u |\n").unwrap();
        assert_eq!(twice, "a\n<!-- bench -->\n\n| u |\n\n<!-- /bench -->\nb\n");
    }

    #[test]
    fn both_markers_are_needed_in_order() {
        assert_eq!(replaced("no markers", "t"), None);
        assert_eq!(replaced("<!-- /bench --> <!-- bench -->", "t"), None);
    }
}
