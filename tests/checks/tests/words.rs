//! Words that must not be in the repository: paths of one machine, hosts of package registries, unfinished
//! code. They are put together at run time, so that this file does not hold them.

use std::fs;

use anyhow::{Context, Result};

/// A word, where it is forbidden, and why.
struct Word {
    text: String,
    /// Endings of the files it is forbidden in; none: all files.
    endings: &'static [&'static str],
    /// Only where a path begins: `/a/` but not `b/a/`.
    at_path_start: bool,
    why: &'static str,
}

#[test]
fn no_forbidden_word_is_used() {
    let found = search().unwrap();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn forbidden_words_are_found() {
    let words = words();
    for word in &words {
        let path = format!("a{}", word.endings.first().unwrap_or(&".md"));
        let found = check(&words, &path, &format!("first\nsee {}x\n", word.text));
        assert_eq!(found.len(), 1, "{} in {path}: {found:?}", word.text);
        assert!(found[0].starts_with(&format!("{path}:2: ")), "{found:?}");
    }
}

#[test]
fn words_are_allowed_where_they_mean_something_else() {
    let words = words();
    let unfinished = ["to", "do!"].concat();
    assert_eq!(check(&words, "a.md", &unfinished), Vec::<String>::new());
    let inner_path = format!("target{}", path_of("work"));
    assert_eq!(check(&words, "a.rs", &inner_path), Vec::<String>::new());
    assert_eq!(
        check(&words, "Cargo.lock", "registry+https://github.com/rust-lang/crates.io-index"),
        Vec::<String>::new()
    );
}

fn words() -> Vec<Word> {
    let word = |text: String,
                endings: &'static [&'static str],
                at_path_start: bool,
                why: &'static str| Word { text, endings, at_path_start, why };
    let machine = |text: String| word(text, &[], true, "a path that only one machine has");
    let registry = |start: &str, end: &str| {
        word(
            [start, ".", end].concat(),
            &[],
            false,
            "registries are reached through their ordinary clients",
        )
    };
    let unfinished = |name: &str| word([name, "!"].concat(), &[".rs"], false, "unfinished code");
    vec![
        machine(path_of("work")),
        machine(path_of("root")),
        word(
            ["..", "/shared/"].concat(),
            &[".md", ".rs", ".json", ".toml"],
            true,
            "outside the repository",
        ),
        registry("pypi", "org"),
        registry("pythonhosted", "org"),
        registry("npmjs", "org"),
        registry("//crates", "io"),
        registry("static", "crates.io"),
        registry("index", "crates.io"),
        word(
            ["\"resol", "ved\":"].concat(),
            &["package-lock.json"],
            false,
            "an address of one registry",
        ),
        unfinished("todo"),
        unfinished("unimplemented"),
        unfinished("dbg"),
    ]
}

/// A folder's name between slashes.
fn path_of(folder: &str) -> String {
    ["/", folder, "/"].concat()
}

fn check(words: &[Word], path: &str, text: &str) -> Vec<String> {
    let applies = |word: &&Word| {
        word.endings.is_empty() || word.endings.iter().any(|ending| path.ends_with(ending))
    };
    let mut found = Vec::new();
    for word in words.iter().filter(applies) {
        for (number, line) in text.lines().enumerate() {
            if line
                .match_indices(&word.text)
                .any(|(start, _)| !word.at_path_start || is_path_start(line, start))
            {
                found.push(format!("{path}:{}: {:?}: {}", number + 1, word.text, word.why));
            }
        }
    }
    found
}

/// Whether a path that begins at `start` is not the end of a longer one.
fn is_path_start(line: &str, start: usize) -> bool {
    let before = line[..start].chars().next_back();
    !before.is_some_and(|c| c.is_alphanumeric() || "_-.~}*)]".contains(c))
}

/// Looks at every text file of the repository.
fn search() -> Result<Vec<String>> {
    let (root, words) = (checks::root()?, words());
    let mut found = Vec::new();
    for path in checks::files()? {
        let bytes = fs::read(root.join(&path)).with_context(|| format!("{path} cannot be read"))?;
        // Pictures and other data that is no text cannot hold a word.
        if let Ok(text) = str::from_utf8(&bytes) {
            found.extend(check(&words, &path, text));
        }
    }
    Ok(found)
}
