//! The strings of the columns and of what opens under them.

use crate::protocol::FinishReason;
use crate::state::app::Tool;
use crate::state::export::Words;
use crate::state::rubric::Line;

pub(crate) struct Columns {
    /// What base, SFT and RLHF are, in one line.
    pub(crate) line_trio: &'static str,
    pub(crate) line_other: fn(usize) -> String,
    pub(crate) line_blind: fn(usize) -> String,
    pub(crate) look_for: &'static str,
    pub(crate) look_holds: &'static str,
    pub(crate) look_fails: &'static str,
    pub(crate) how: &'static str,
    pub(crate) as_expected: &'static str,
    pub(crate) same_text: &'static str,
    pub(crate) exact: &'static str,
    pub(crate) went_in: fn(usize) -> String,
    pub(crate) tabs: &'static str,
    pub(crate) column: fn(char) -> String,
    pub(crate) add: &'static str,
    pub(crate) remove: fn(char) -> String,
    /// Name of a larger model, and its size.
    pub(crate) larger: fn(&str, &str) -> String,
    /// A stage by its id; `None` for one that goes by its model's name.
    pub(crate) stage: fn(&str) -> Option<&'static str>,
    /// The same where there is little room.
    pub(crate) short: fn(&str) -> String,
    /// Stage and model.
    pub(crate) name: fn(&str, &str) -> String,
    /// What the stage does, in a few words.
    pub(crate) role: fn(&str) -> &'static str,
    pub(crate) stage_label: &'static str,
    pub(crate) hidden: &'static str,
    pub(crate) is_coming: &'static str,
    pub(crate) not_loaded: &'static str,
    pub(crate) ways: &'static str,
    pub(crate) form: &'static str,
    pub(crate) form_auto: &'static str,
    pub(crate) form_raw: &'static str,
    pub(crate) form_chat: &'static str,
    pub(crate) own_settings: &'static str,
    pub(crate) tokens_label: &'static str,
    pub(crate) starting: &'static str,
    pub(crate) prefill: fn(u32, u32) -> String,
    pub(crate) running: fn(usize) -> String,
    pub(crate) finished: fn(usize, FinishReason) -> String,
    pub(crate) ending: fn(FinishReason) -> &'static str,
    pub(crate) forks: fn(usize) -> String,
    pub(crate) copy: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) reward: fn(&str) -> String,
    /// In standard deviations of the SFT stage's rewards.
    pub(crate) reward_sd: fn(&str) -> String,
    pub(crate) rubric: &'static str,
    pub(crate) rubric_line: fn(Line) -> &'static str,
    pub(crate) met: &'static str,
    pub(crate) not_met: &'static str,
    pub(crate) paths: &'static str,
    pub(crate) first_path: &'static str,
    /// The place of a branching, counted from 1, and the token taken there.
    pub(crate) path: fn(usize, &str) -> String,
    pub(crate) legend: &'static str,
    pub(crate) legend_low: &'static str,
    pub(crate) legend_high: &'static str,
    pub(crate) legend_fork: &'static str,
    pub(crate) legend_diverge: &'static str,
    pub(crate) keys: &'static str,
}

pub(crate) struct Panel {
    pub(crate) caption: &'static str,
    pub(crate) empty: &'static str,
    pub(crate) no_token_here: &'static str,
    /// A place in the answer, counted from 1.
    pub(crate) place: fn(usize) -> String,
    pub(crate) by_reader: &'static str,
    /// Surprisal and entropy in bits.
    pub(crate) figures: fn(&str, &str) -> String,
    /// Token, probability, probability after the filters, whether it is the one that stands there.
    pub(crate) take: fn(&str, &str, &str, bool) -> String,
    pub(crate) how: &'static str,
    pub(crate) locked: &'static str,
    pub(crate) unlock: &'static str,
    pub(crate) id: &'static str,
    pub(crate) bytes: &'static str,
    pub(crate) control: &'static str,
    /// Token, probability, surprisal and entropy in bits, tokens left by the filters.
    pub(crate) summary: fn(&str, &str, &str, &str, &str) -> String,
    /// The same for a token that the reader took.
    pub(crate) summary_taken: fn(&str, &str, &str, &str, &str) -> String,
    pub(crate) not_listed: &'static str,
    pub(crate) token: &'static str,
    pub(crate) logit: &'static str,
    pub(crate) scaled: &'static str,
    pub(crate) scaled_explained: &'static str,
    pub(crate) probability: &'static str,
    pub(crate) probability_explained: &'static str,
    pub(crate) filtered: &'static str,
    pub(crate) filtered_explained: &'static str,
    pub(crate) filtered_out: &'static str,
    pub(crate) chosen: &'static str,
    pub(crate) rest: &'static str,
    pub(crate) tune: fn(&str) -> String,
    pub(crate) tune_explained: &'static str,
    pub(crate) tune_waits: &'static str,
    /// Entropy in bits at this temperature.
    pub(crate) tuned: fn(&str) -> String,
    pub(crate) untune: &'static str,
}

pub(crate) struct Tools {
    pub(crate) title: &'static str,
    pub(crate) name: fn(Tool) -> &'static str,
    pub(crate) which_column: &'static str,
}

pub(crate) struct Samples {
    pub(crate) intro: &'static str,
    pub(crate) count: fn(u32) -> String,
    pub(crate) draw: fn(u32) -> String,
    pub(crate) draw_greedy: fn(u32) -> String,
    /// With this temperature.
    pub(crate) title: fn(f32) -> String,
    pub(crate) title_greedy: &'static str,
    /// Different answers, answers that came, answers asked for, mean length in tokens.
    pub(crate) summary: fn(usize, usize, u32, f64) -> String,
    pub(crate) times: fn(usize) -> String,
    pub(crate) probability: fn(&str) -> String,
    pub(crate) nothing: &'static str,
}

pub(crate) struct Score {
    pub(crate) intro: &'static str,
    pub(crate) go: &'static str,
    pub(crate) working: &'static str,
    /// The stage that wrote the text.
    pub(crate) whose: fn(&str) -> String,
    pub(crate) as_expected: &'static str,
    pub(crate) same_text: &'static str,
    pub(crate) table: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) bits_per_character: &'static str,
    pub(crate) bits_explained: &'static str,
    pub(crate) compressed: &'static str,
    pub(crate) compressed_explained: &'static str,
    pub(crate) compression: &'static str,
    /// Bytes compressed and plain.
    pub(crate) size: fn(u64, u64) -> String,
    pub(crate) kl: &'static str,
    pub(crate) kl_explained: &'static str,
    /// Stage, next stage, bits per token.
    pub(crate) kl_between: fn(&str, &str, &str) -> String,
    /// The stages from top to bottom.
    pub(crate) legend: fn(&str) -> String,
    pub(crate) tokens: &'static str,
    /// Stage, probability, bits, rank, entropy in bits.
    pub(crate) line: fn(&str, &str, &str, u32, &str) -> String,
    /// KL divergence to the next stage, in bits.
    pub(crate) to_next: fn(&str) -> String,
}

pub(crate) struct Vote {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    pub(crate) blind: &'static str,
    pub(crate) not_yet: &'static str,
    /// A column of so many.
    pub(crate) best: fn(char, usize) -> String,
    pub(crate) tie: &'static str,
    pub(crate) all_bad: fn(usize) -> &'static str,
    pub(crate) thanks: &'static str,
    /// Stage, votes won, votes it was part of.
    pub(crate) wins: fn(&str, usize, usize) -> String,
    /// Votes and signals.
    pub(crate) kept: fn(usize, usize) -> String,
    pub(crate) export: &'static str,
    pub(crate) export_signals: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) offer_copied: &'static str,
    pub(crate) offer_again: &'static str,
    pub(crate) keep_signal: &'static str,
    pub(crate) drop_signal: &'static str,
}

pub(crate) struct Export {
    pub(crate) intro: &'static str,
    /// The format's name.
    pub(crate) save: fn(&str) -> String,
    pub(crate) copy: &'static str,
    pub(crate) words: Words,
}

pub(crate) struct Gallery {
    pub(crate) all: &'static str,
    pub(crate) title: &'static str,
    pub(crate) close: &'static str,
}
