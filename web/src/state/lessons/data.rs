//! The data that made the stages of Sprout, as they lie in the site: pairs, rankings, facts.

use serde::Deserialize;
use share::lesson::DataSource;
use share::scene::Language;
use text::Message;

/// Where the data lie, seen from the page.
const FOLDER: &str = "models/sprout/data";
/// Tables of facts.
const FACTS: [&str; 14] = [
    "country",
    "animal",
    "fruit",
    "vegetable",
    "food",
    "festival",
    "tool",
    "job",
    "planet",
    "calendar",
    "thing",
    "opposite",
    "body",
    "person",
];

/// One piece of data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// A question with one answer, or with several from best to worst.
    Talk { language: Language, question: String, answers: Vec<Answer> },
    /// A row of a table.
    Fact { cells: Vec<Cell> },
}

/// An answer, and the points that it got.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) points: Option<f64>,
}

/// A field of a fact. The first cell of a row is what it is about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) name: String,
    pub(crate) en: String,
    pub(crate) zh: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// How many there are.
    pub(crate) total: usize,
    /// The first of them.
    pub(crate) entries: Vec<Entry>,
}

/// Addresses of the files.
pub(crate) fn files(source: DataSource) -> Vec<String> {
    match source {
        DataSource::Sft => vec![format!("{FOLDER}/sft.jsonl")],
        DataSource::Rankings => vec![format!("{FOLDER}/preferences.jsonl")],
        DataSource::Facts => {
            FACTS.iter().map(|name| format!("{FOLDER}/facts/{name}.txt")).collect()
        }
    }
}

/// Reads one file.
///
/// # Errors
/// Says which line is not what it should be.
pub(crate) fn read(source: DataSource, text: &str) -> Result<Vec<Entry>, String> {
    let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let at = |number: usize, why: &dyn std::fmt::Display| format!("line {}: {why}", number + 1);
    match source {
        DataSource::Sft => lines()
            .map(|(number, line)| {
                let pair: Pair = serde_json::from_str(line).map_err(|why| at(number, &why))?;
                pair.entry().ok_or_else(|| at(number, &"no question, or no answer"))
            })
            .collect(),
        DataSource::Rankings => lines()
            .map(|(number, line)| {
                let row: Ranking = serde_json::from_str(line).map_err(|why| at(number, &why))?;
                row.entry().ok_or_else(|| at(number, &"no question, or a ranking of others"))
            })
            .collect(),
        DataSource::Facts => facts(text),
    }
}

#[derive(Deserialize)]
struct Pair {
    messages: Vec<Message>,
    lang: Language,
}

#[derive(Deserialize)]
struct Ranking {
    prompt: Vec<Message>,
    lang: Language,
    answers: Vec<String>,
    scores: Vec<f64>,
    /// Places in `answers`, best first.
    ranking: Vec<usize>,
}

impl Pair {
    fn entry(self) -> Option<Entry> {
        let of = |role: &str| {
            self.messages.iter().rev().find(|m| m.role == role).map(|m| m.content.clone())
        };
        let answers = vec![Answer { text: of("assistant")?, points: None }];
        Some(Entry::Talk { language: self.lang, question: of("user")?, answers })
    }
}

impl Ranking {
    fn entry(self) -> Option<Entry> {
        let question = self.prompt.into_iter().next_back()?.content;
        let answer = |at: &usize| {
            Some(Answer {
                text: self.answers.get(*at)?.clone(),
                points: self.scores.get(*at).copied(),
            })
        };
        let answers = self.ranking.iter().map(answer).collect::<Option<Vec<_>>>()?;
        Some(Entry::Talk { language: self.lang, question, answers })
    }
}

/// A table: its first line names the fields, and a cell is `English=中文`, or the same in both.
fn facts(text: &str) -> Result<Vec<Entry>, String> {
    let mut lines = text.lines();
    let head = lines.next().and_then(|line| line.strip_prefix('#')).ok_or("no line of names")?;
    // A remark may follow the last name.
    let names: Vec<&str> =
        head.split('|').filter_map(|name| name.split_whitespace().next()).collect();
    let rows = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let row = |line: &str| {
        let cell = |(name, text): (&&str, &str)| {
            let (en, zh) = text.trim().split_once('=').unwrap_or((text.trim(), text.trim()));
            Cell { name: (*name).to_owned(), en: en.to_owned(), zh: zh.to_owned() }
        };
        Entry::Fact { cells: names.iter().zip(line.split('|')).map(cell).collect() }
    };
    Ok(rows.map(row).collect())
}

impl Entry {
    /// Everything that can be searched.
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Talk { question, answers, .. } => {
                let answers = answers.iter().map(|answer| answer.text.as_str());
                [question.as_str()].into_iter().chain(answers).collect()
            }
            Self::Fact { cells } => cells.iter().flat_map(|cell| [&*cell.en, &*cell.zh]).collect(),
        }
    }

    fn is_in(&self, language: Language) -> bool {
        match self {
            Self::Talk { language: own, .. } => *own == language,
            Self::Fact { .. } => true,
        }
    }
}

/// Entries that have this text in them: whole words before parts of words, then those in the reader's language before
/// the others, then as they lie in the file.
pub(crate) fn find(entries: &[Entry], search: &str, language: Language, most: usize) -> Found {
    let needle = search.trim().to_lowercase();
    let mut found: Vec<((bool, bool), &Entry)> = entries
        .iter()
        .filter_map(|entry| {
            let whole = entry.texts().into_iter().filter_map(|text| occurs(text, &needle)).max()?;
            Some(((!whole, !entry.is_in(language)), entry))
        })
        .collect();
    found.sort_by_key(|(order, _)| *order);
    let total = found.len();
    let entries = found.into_iter().take(most).map(|(_, entry)| entry.clone()).collect();
    Found { total, entries }
}

/// Is it in there? If so, does it stand there as a word of its own? Chinese has no spaces between words.
fn occurs(text: &str, needle: &str) -> Option<bool> {
    let text = text.to_lowercase();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let whole = |(at, _): (usize, &str)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + needle.len()..).and_then(|after| after.chars().next());
        let (first, last) = (needle.chars().next(), needle.chars().next_back());
        !(is_word(before) && is_word(first) || is_word(after) && is_word(last))
    };
    let mut places = text.match_indices(needle).peekable();
    places.peek()?;
    Some(places.any(whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const PAIRS: &str = concat!(
        r#"{"messages": [{"role": "user", "content": "I take care."}, {"role": "assistant", "content": "Good."}], "lang": "en", "kind": "x"}"#,
        "\n",
        r#"{"messages": [{"role": "user", "content": "我想买车。"}, {"role": "assistant", "content": "哪种车？"}], "lang": "zh"}"#,
        "\n",
        r#"{"messages": [{"role": "user", "content": "A new Car?"}, {"role": "assistant", "content": "Which one?"}], "lang": "en"}"#,
        "\n"
    );

    fn questions(found: &Found) -> Vec<&str> {
        assert!(found.entries.iter().all(|entry| matches!(entry, Entry::Talk { .. })));
        found.entries.iter().map(|entry| entry.texts()[0]).collect()
    }

    #[test]
    fn whole_words_come_first() {
        let entries = read(DataSource::Sft, PAIRS).expect("pairs");
        let found = find(&entries, " car ", Language::En, 5);
        assert_eq!(questions(&found), ["A new Car?", "I take care."]);
        assert_eq!(questions(&find(&entries, "车", Language::En, 5)), ["我想买车。"]);
        assert_eq!(find(&entries, "bicycle", Language::En, 5), Found::default());
    }

    #[test]
    fn no_search_shows_the_beginning_in_the_readers_language() {
        let entries = read(DataSource::Sft, PAIRS).expect("pairs");
        let found = find(&entries, "", Language::Zh, 2);
        assert_eq!((found.total, questions(&found)), (3, vec!["我想买车。", "I take care."]));
    }

    #[test]
    fn rankings_are_put_in_order() {
        let line = r#"{"prompt": [{"role": "user", "content": "Q"}], "lang": "en", "answers": ["a", "b", "c"], "scores": [1.0, 3.5, 2.0], "ranking": [1, 2, 0], "ranked_by": "rubric"}"#;
        let entries = read(DataSource::Rankings, line).expect("a ranking");
        let Entry::Talk { answers, .. } = &entries[0] else { panic!("{entries:?}") };
        let seen: Vec<_> = answers.iter().map(|a| (a.text.as_str(), a.points)).collect();
        assert_eq!(seen, [("b", Some(3.5)), ("c", Some(2.0)), ("a", Some(1.0))]);
        let wrong = line.replace("[1, 2, 0]", "[1, 2, 7]");
        assert!(read(DataSource::Rankings, &wrong).is_err_and(|why| why.starts_with("line 1")));
        assert!(read(DataSource::Sft, "\n{").is_err_and(|why| why.starts_with("line 2")));
    }

    #[test]
    fn facts_are_tables_in_both_languages() {
        let text = "# name | capital | note   (a remark | here)\nChina=中国 | Beijing=北京 | 5\n\n";
        let entries = read(DataSource::Facts, text).expect("facts");
        let cell = |name: &str, en: &str, zh: &str| Cell {
            name: name.to_owned(),
            en: en.to_owned(),
            zh: zh.to_owned(),
        };
        let cells = vec![
            cell("name", "China", "中国"),
            cell("capital", "Beijing", "北京"),
            cell("note", "5", "5"),
        ];
        assert_eq!(entries, [Entry::Fact { cells }]);
        assert_eq!(find(&entries, "北京", Language::Zh, 1).total, 1);
        assert!(read(DataSource::Facts, "China=中国").is_err());
    }

    #[test]
    fn the_data_of_the_site_can_be_read() {
        let web = Path::new(env!("CARGO_MANIFEST_DIR"));
        let all = |source| {
            let mut entries = Vec::new();
            for file in files(source) {
                let text = std::fs::read_to_string(web.join(&file)).expect(&file);
                entries.extend(read(source, &text).unwrap_or_else(|why| panic!("{file}: {why}")));
            }
            entries
        };
        assert!(find(&all(DataSource::Sft), "car", Language::En, 1).total > 0);
        assert!(all(DataSource::Rankings).len() > 100);
        assert!(find(&all(DataSource::Facts), "中国", Language::Zh, 1).total > 0);
        let listed = std::fs::read_dir(web.join(FOLDER).join("facts")).expect("a folder").count();
        assert_eq!(listed, FACTS.len());
    }
}
