//! The kinds of generated problems.

use serde::{Deserialize, Serialize};

use crate::Phrase;

/// A generator.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Word problems of one sum.
    OneStep,
    /// Word problems of two sums.
    #[default]
    TwoStep,
    /// How old somebody is, was or will be.
    Ages,
    /// Weekdays, days between dates, dates after days.
    Dates,
    /// Letters in a word, things of a kind in a list.
    Counting,
    /// Opposites.
    Antonyms,
    /// Capitals of countries.
    Capitals,
    /// Single words, between English and Chinese.
    Translation,
    /// Is a review positive or negative?
    Sentiment,
    /// What comes next?
    Patterns,
    /// Pairs of questions that differ in one word: a gender, a country, a name.
    Bias,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::OneStep,
        Self::TwoStep,
        Self::Ages,
        Self::Dates,
        Self::Counting,
        Self::Antonyms,
        Self::Capitals,
        Self::Translation,
        Self::Sentiment,
        Self::Patterns,
        Self::Bias,
    ];

    /// Its id, as in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::OneStep => "one_step",
            Self::TwoStep => "two_step",
            Self::Ages => "ages",
            Self::Dates => "dates",
            Self::Counting => "counting",
            Self::Antonyms => "antonyms",
            Self::Capitals => "capitals",
            Self::Translation => "translation",
            Self::Sentiment => "sentiment",
            Self::Patterns => "patterns",
            Self::Bias => "bias",
        }
    }

    /// Its name.
    pub fn name(self) -> Phrase {
        match self {
            Self::OneStep => Phrase::new("Word problems, one step", "一步应用题"),
            Self::TwoStep => Phrase::new("Word problems, two steps", "两步应用题"),
            Self::Ages => Phrase::new("Ages", "年龄问题"),
            Self::Dates => Phrase::new("Dates and weekdays", "日期与星期"),
            Self::Counting => Phrase::new("Counting", "数一数"),
            Self::Antonyms => Phrase::new("Opposites", "反义词"),
            Self::Capitals => Phrase::new("Capitals", "各国首都"),
            Self::Translation => Phrase::new("Translating words", "单词翻译"),
            Self::Sentiment => Phrase::new("Positive or negative?", "正面还是负面？"),
            Self::Patterns => Phrase::new("What comes next?", "找规律"),
            Self::Bias => Phrase::new("Pairs that differ in one word", "只差一个词的成对问题"),
        }
    }
}
