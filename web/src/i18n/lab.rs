//! The strings of the prompt lab.

use lab::experiment::Show;
use lab::grade::Rule as ReadBy;
use lab::prompt::PartKind;
use lab::technique::Purpose;

use crate::state::lab::Trouble;
use crate::state::lab::knobs::Knob;
use crate::state::lab::plan::{Figure, Rule};

pub(crate) struct Lab {
    pub(crate) title: &'static str,
    pub(crate) build: &'static str,
    pub(crate) measure: &'static str,
    /// What each of the two is for, in a sentence.
    pub(crate) build_intro: &'static str,
    pub(crate) measure_intro: &'static str,
    pub(crate) stopped: &'static str,
    pub(crate) trouble: fn(&Trouble) -> String,
    pub(crate) parts: LabParts,
    pub(crate) techniques: LabTechniques,
    pub(crate) answers: LabAnswers,
    pub(crate) plan: LabPlan,
    pub(crate) run: LabRun,
    pub(crate) results: LabResults,
    pub(crate) own_experiment: &'static str,
    pub(crate) chart_below: &'static str,
}

/// The parts of a prompt, and the prompt they make.
pub(crate) struct LabParts {
    pub(crate) title: &'static str,
    pub(crate) kind: fn(PartKind) -> &'static str,
    /// A kind with its number among its kind.
    pub(crate) numbered: fn(PartKind, usize) -> String,
    pub(crate) placeholder: fn(PartKind) -> &'static str,
    pub(crate) steps: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) on: fn(&str) -> String,
    pub(crate) up: fn(&str) -> String,
    pub(crate) down: fn(&str) -> String,
    pub(crate) remove: fn(&str) -> String,
    pub(crate) add: &'static str,
    pub(crate) another_question: &'static str,
    pub(crate) other_examples: &'static str,
    pub(crate) questions_from: &'static str,
    pub(crate) try_these: &'static str,
    pub(crate) several: &'static str,
    pub(crate) assembled: &'static str,
    pub(crate) assembled_first: &'static str,
    pub(crate) as_text: &'static str,
    pub(crate) as_tokens: &'static str,
    pub(crate) tokens: fn(usize) -> String,
    pub(crate) no_tokens: &'static str,
    pub(crate) template: &'static str,
    /// A part and its tokens.
    pub(crate) part_tokens: fn(&str, usize) -> String,
    pub(crate) role: fn(&str) -> String,
    pub(crate) begins: &'static str,
    pub(crate) stages: &'static str,
    pub(crate) no_model: &'static str,
    pub(crate) ask: &'static str,
    pub(crate) asking: &'static str,
    pub(crate) stop: &'static str,
    pub(crate) to_compare: &'static str,
    pub(crate) to_measure: &'static str,
    pub(crate) max_tokens: &'static str,
    pub(crate) waits_for_run: &'static str,
}

pub(crate) struct LabTechniques {
    pub(crate) title: &'static str,
    pub(crate) from: &'static str,
    /// Calls at most.
    pub(crate) calls: fn(usize) -> String,
    pub(crate) edited: &'static str,
    pub(crate) knob: fn(Knob) -> &'static str,
    /// The value of a knob in words.
    pub(crate) value: fn(Knob, f64) -> String,
    pub(crate) role_text: &'static str,
    pub(crate) role_placeholder: &'static str,
    pub(crate) settings_of: fn(&str) -> String,
    /// Who takes part in a discussion.
    pub(crate) speakers: &'static str,
    pub(crate) speakers_hint: &'static str,
    pub(crate) judge: &'static str,
    pub(crate) judge_self: &'static str,
}

pub(crate) struct LabAnswers {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) working: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) right: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) no_right: &'static str,
    /// The words that were read, and by which rule.
    pub(crate) read: fn(&str, ReadBy) -> String,
    pub(crate) nothing_read: &'static str,
    pub(crate) rule: fn(ReadBy) -> &'static str,
    /// Calls, prompt tokens, new tokens, seconds.
    pub(crate) cost: fn(usize, u64, u64, &str) -> String,
    /// Prompt tokens that were not computed again, of how many.
    pub(crate) saved: fn(u64, u64) -> String,
    pub(crate) calls: fn(usize) -> String,
    pub(crate) purpose: fn(Purpose) -> &'static str,
    pub(crate) prompt: &'static str,
    pub(crate) reply: &'static str,
    /// Prompt tokens, reused ones of them, new tokens.
    pub(crate) call_tokens: fn(u32, u32, u32) -> String,
    pub(crate) cut_off: &'static str,
    pub(crate) votes: &'static str,
    /// Answer, votes, of so many.
    pub(crate) vote: fn(&str, usize, usize) -> String,
    pub(crate) no_answer: &'static str,
    pub(crate) tree: &'static str,
    pub(crate) tree_explained: &'static str,
    pub(crate) score: fn(f64) -> String,
    pub(crate) no_score: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) dropped: &'static str,
    pub(crate) best: &'static str,
    pub(crate) discussion: &'static str,
    pub(crate) round: fn(u32) -> String,
    pub(crate) judge: &'static str,
    pub(crate) sub_questions: &'static str,
    pub(crate) drafts: &'static str,
    pub(crate) draft: fn(usize) -> String,
    pub(crate) program: &'static str,
    pub(crate) value: fn(&str) -> String,
    pub(crate) no_program: &'static str,
    pub(crate) dismiss: &'static str,
    pub(crate) clear: &'static str,
    pub(crate) weights_same: fn(&str) -> String,
    pub(crate) weights_other: fn(&str) -> String,
    pub(crate) weights_before: fn(&str) -> String,
    /// Bytes, checksum before, checksum after.
    pub(crate) weights_sums: fn(&str, &str, &str) -> String,
    pub(crate) weights_explained: &'static str,
}

pub(crate) struct LabPlan {
    pub(crate) shipped: &'static str,
    pub(crate) shipped_intro: &'static str,
    pub(crate) own: &'static str,
    pub(crate) own_intro: &'static str,
    pub(crate) model: &'static str,
    pub(crate) stored: &'static str,
    pub(crate) stored_reading: &'static str,
    pub(crate) stored_none: &'static str,
    pub(crate) replay: &'static str,
    pub(crate) run_live: &'static str,
    /// Problems in each language, languages.
    pub(crate) how_many: fn(usize, usize) -> String,
    pub(crate) problems: &'static str,
    pub(crate) held_out: fn(&str) -> String,
    pub(crate) table: fn(&str, usize) -> String,
    pub(crate) no_table: &'static str,
    pub(crate) table_paste: &'static str,
    pub(crate) table_explained: &'static str,
    pub(crate) table_use: &'static str,
    pub(crate) table_pick: &'static str,
    pub(crate) open_file: &'static str,
    pub(crate) languages: &'static str,
    pub(crate) english: &'static str,
    pub(crate) chinese: &'static str,
    pub(crate) stages: &'static str,
    pub(crate) techniques: &'static str,
    pub(crate) add_technique: &'static str,
    pub(crate) remove_technique: fn(&str) -> String,
    pub(crate) figure: fn(Figure) -> &'static str,
    pub(crate) rule_title: &'static str,
    pub(crate) rule: fn(Rule) -> &'static str,
    pub(crate) pattern: &'static str,
    /// Techniques, stages, problems, calls at most.
    pub(crate) size: fn(usize, usize, usize, usize) -> String,
    pub(crate) start: &'static str,
    pub(crate) more: &'static str,
}

pub(crate) struct LabRun {
    pub(crate) title: &'static str,
    pub(crate) preparing: &'static str,
    pub(crate) loading: fn(&str) -> String,
    pub(crate) weighing: &'static str,
    /// Answers that are there, of how many.
    pub(crate) progress: fn(usize, usize) -> String,
    /// Hours, minutes, seconds.
    pub(crate) time_left: fn((u64, u64, u64)) -> String,
    pub(crate) running: &'static str,
    pub(crate) paused: &'static str,
    pub(crate) cancelled: &'static str,
    pub(crate) finished: &'static str,
    pub(crate) replayed: &'static str,
    pub(crate) pause: &'static str,
    pub(crate) go_on: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) forget: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) not_kept: &'static str,
    pub(crate) made_with: &'static str,
}

pub(crate) struct LabResults {
    pub(crate) title: &'static str,
    pub(crate) none: &'static str,
    pub(crate) bars: &'static str,
    pub(crate) bars_explained: &'static str,
    /// Name, share in percent, low, high, right ones, n.
    pub(crate) bar_summary: fn(&str, &str, &str, &str, u64, u64) -> String,
    pub(crate) stored_beside: &'static str,
    pub(crate) stored_line: fn(&str) -> String,
    pub(crate) agreement: &'static str,
    /// Name, share line, pairs that could not be read.
    pub(crate) agreement_line: fn(&str, &str, u64) -> String,
    pub(crate) column_technique: &'static str,
    pub(crate) column_right: &'static str,
    pub(crate) column_unread: &'static str,
    pub(crate) column_failed: &'static str,
    pub(crate) column_calls: &'static str,
    pub(crate) column_prompt: &'static str,
    pub(crate) column_reused: &'static str,
    pub(crate) column_tokens: &'static str,
    pub(crate) column_seconds: &'static str,
    pub(crate) cost_explained: &'static str,
    pub(crate) ungraded: fn(u64) -> String,
    pub(crate) tests: &'static str,
    pub(crate) tests_explained: &'static str,
    pub(crate) column_pair: &'static str,
    pub(crate) column_difference: &'static str,
    pub(crate) column_only: &'static str,
    pub(crate) column_p: &'static str,
    pub(crate) column_adjusted: &'static str,
    /// First, second.
    pub(crate) against: fn(&str, &str) -> String,
    /// Points, low, high, n.
    pub(crate) points: fn(&str, &str, &str, u64) -> String,
    /// Only first right, only second right.
    pub(crate) only: fn(u64, u64) -> String,
    /// What a comparison says: names, is the difference beyond chance, is the first better.
    pub(crate) verdict: fn(&str, &str, bool, bool) -> String,
    pub(crate) table: &'static str,
    pub(crate) show: fn(Show) -> &'static str,
    pub(crate) show_label: &'static str,
    pub(crate) technique_label: &'static str,
    pub(crate) stage_label: &'static str,
    pub(crate) language_label: &'static str,
    pub(crate) all: &'static str,
    /// From, to, of.
    pub(crate) lines: fn(usize, usize, usize) -> String,
    pub(crate) earlier: &'static str,
    pub(crate) later: &'static str,
    pub(crate) column_question: &'static str,
    pub(crate) column_answer: &'static str,
    pub(crate) column_read: &'static str,
    pub(crate) column_verdict: &'static str,
    pub(crate) accepts: fn(&str) -> String,
    pub(crate) overruled: &'static str,
    pub(crate) say_right: &'static str,
    pub(crate) say_wrong: &'static str,
    pub(crate) say_rule: &'static str,
    pub(crate) open: &'static str,
    pub(crate) failed: fn(&str) -> String,
    pub(crate) export: &'static str,
    pub(crate) save: fn(&str) -> String,
    pub(crate) save_experiment: &'static str,
}
