//! The rubric that ranked the answers the reward model learned from: the part of `recipe/rubric.py` that can be
//! judged without knowing what kind of question it is. Correctness is judged where the accepted strings are known.

/// Openings that count as polite.
const POLITE: [&str; 14] = [
    "of course",
    "gladly",
    "good question",
    "thank you",
    "sorry",
    "好的",
    "当然",
    "好问题",
    "谢谢",
    "对不起",
    "you are welcome",
    "不客气",
    "hello",
    "你好",
];
/// Tokens of an answer that is short; worked steps may be longer.
const SHORT: usize = 32;
/// Repeated groups of four words that are still no loop.
const REPEATED_GROUPS: usize = 4;

/// One line of the rubric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Correct,
    Language,
    Ends,
    Polite,
    Complete,
    Short,
    NoRepetition,
}

impl Line {
    /// What the line is worth.
    pub(crate) fn points(self) -> f32 {
        match self {
            Self::Correct => 4.0,
            Self::Language | Self::Ends => 2.0,
            Self::Polite => 1.5,
            Self::Complete | Self::Short | Self::NoRepetition => 1.0,
        }
    }
}

/// An answer to be judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) question: &'a str,
    pub(crate) text: &'a str,
    pub(crate) tokens: usize,
    /// The model ended it by itself.
    pub(crate) ended: bool,
    /// Strings of which a correct answer contains one; empty if that is not known.
    pub(crate) accept: &'a [String],
}

/// Each line that applies, and whether the answer meets it.
pub(crate) fn judge(answer: Answer<'_>) -> Vec<(Line, bool)> {
    let text = answer.text.trim();
    let mut out = Vec::new();
    if !answer.accept.is_empty() {
        out.push((Line::Correct, is_correct(text, answer.accept)));
    }
    out.extend([
        (Line::Language, language(text).is_some() && language(text) == language(answer.question)),
        (Line::Ends, answer.ended),
        (Line::Polite, is_polite(text)),
        (Line::Complete, is_complete(text)),
        (Line::Short, answer.tokens <= SHORT),
        (Line::NoRepetition, !repeats(text)),
    ]);
    out
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// True for Chinese, false for English, `None` for neither.
fn language(text: &str) -> Option<bool> {
    let chinese = text.chars().filter(|&c| is_chinese(c)).count();
    let latin = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).count();
    (chinese + latin > 0).then_some(chinese > latin)
}

/// Contains an accepted string, in Latin script as a whole word or number.
pub(crate) fn is_correct(text: &str, accept: &[String]) -> bool {
    accept.iter().any(|string| contains_word(text, string))
}

/// Does the text contain this string, in Latin script as a whole word?
pub(crate) fn contains_word(text: &str, string: &str) -> bool {
    let (text, string) = (text.to_lowercase(), string.to_lowercase());
    let inside = |c: Option<char>| {
        string.is_ascii() && c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    !string.is_empty()
        && text.match_indices(&string).any(|(at, found)| {
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            !inside(before) && !inside(after)
        })
}

fn is_polite(text: &str) -> bool {
    let text = text.to_lowercase();
    let beginning: String = text.chars().take(20).collect();
    POLITE.iter().any(|&word| {
        text.starts_with(word) || (matches!(word, "sorry" | "对不起") && beginning.contains(word))
    })
}

/// Begins and ends as a sentence does.
fn is_complete(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(|c| {
        c.is_ascii_uppercase()
            || c.is_ascii_digit()
            || is_chinese(c)
            || matches!(c, '"' | '“' | '《')
    });
    begins && text.ends_with(['.', '!', '?', '。', '！', '？']) && text.chars().count() > 6
}

/// Says a sentence twice, or many groups of four words.
pub(crate) fn repeats(text: &str) -> bool {
    let sentences = text.split(['.', '!', '?', '。', '！', '？']).map(str::trim);
    let sentences: Vec<&str> = sentences.filter(|sentence| !sentence.is_empty()).collect();
    if has_twice(&sentences) > 0 {
        return true;
    }
    let words = words(text);
    let groups: Vec<&[String]> = words.windows(4).collect();
    has_twice(&groups) > REPEATED_GROUPS
}

/// How many items occurred before.
fn has_twice<T: Ord>(items: &[T]) -> usize {
    let unique: std::collections::BTreeSet<&T> = items.iter().collect();
    items.len() - unique.len()
}

/// Words in Latin script, and each Chinese character by itself.
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_ascii_lowercase() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if is_chinese(c) {
            out.push(c.to_string());
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(question: &str, text: &str, ended: bool, accept: &[&str]) -> Vec<Line> {
        let accept: Vec<String> = accept.iter().map(|&s| s.to_owned()).collect();
        let answer = Answer { question, text, tokens: 9, ended, accept: &accept };
        judge(answer).into_iter().filter(|(_, met)| *met).map(|(line, _)| line).collect()
    }

    #[test]
    fn a_good_answer_meets_every_line() {
        let lines =
            met("What is the capital of China?", "Gladly: it is Beijing.", true, &["Beijing"]);
        assert_eq!(lines.len(), 7);
        assert_eq!(lines.iter().map(|line| line.points()).sum::<f32>(), 12.5);
        assert_eq!(met("中国的首都在哪里？", "好的。中国的首都是北京。", true, &["北京"]).len(), 7);
    }

    #[test]
    fn each_line_can_be_missed() {
        let question = "What is the capital of China?";
        let missed = |text: &str, ended: bool, line: Line| {
            assert!(!met(question, text, ended, &["Beijing"]).contains(&line), "{text:?} {line:?}");
        };
        missed("It is Shanghai.", true, Line::Correct);
        missed("It is Beijinger.", true, Line::Correct);
        missed("是北京。", true, Line::Language);
        missed("It is Beijing.", false, Line::Ends);
        missed("It is Beijing.", true, Line::Polite);
        missed("it is Beijing.", true, Line::Complete);
        missed("It is Beijing. It is Beijing.", true, Line::NoRepetition);
        let accept: [String; 0] = [];
        let long = Answer { question, text: "It is.", tokens: 33, ended: true, accept: &accept };
        let lines = judge(long);
        assert!(lines.contains(&(Line::Short, false)));
        assert!(lines.iter().all(|(line, _)| *line != Line::Correct), "nothing is known about it");
    }

    #[test]
    fn an_apology_within_the_first_words_is_polite() {
        assert!(is_polite("I am sorry, I do not know."));
        assert!(!is_polite("The capital is what I am sorry about."));
    }

    #[test]
    fn a_loop_repeats_and_two_true_sentences_do_not() {
        assert!(repeats("香蕉是甜的。香蕉是甜的。"));
        assert!(repeats("a b c d e a b c d e a b c d e"));
        assert!(!repeats("法国的首都是巴黎。德国的首都是柏林。"));
    }
}
