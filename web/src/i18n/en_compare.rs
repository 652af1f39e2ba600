//! English: the columns, and what opens under them.

use super::compare::{Columns, Export, Gallery, Panel, Samples, Score, Tools, Vote};
use super::en::counted;
use crate::protocol::FinishReason;
use crate::state::app::Tool;
use crate::state::export::Words;
use crate::state::rubric::Line;

pub(super) const COLUMNS: Columns = Columns {
    line_trio: "One model, three stages: the base continues text, fine-tuning taught it to answer, RLHF what is preferred.",
    line_other: |count| match count {
        0 => "The answer will stand here.".to_owned(),
        1 => "One column answers the prompt.".to_owned(),
        _ => format!("{count} columns answer the same prompt."),
    },
    line_blind: |count| {
        format!("{count} columns in an order you do not know. Vote, and the names appear.")
    },
    look_for: "Look for:",
    look_holds: "✓ so it came out here",
    look_fails: "✗ it came out differently here",
    how: "How the prompt goes in",
    as_expected: "As each stage expects it",
    same_text: "The same raw text for all",
    exact: "Show exact text and ids",
    went_in: |tokens| format!("{} went in:", counted(tokens, "token", "tokens")),
    tabs: "Go to a column",
    column: |letter| format!("Column {letter}"),
    add: "Add a column",
    remove: |letter| format!("Remove column {letter}"),
    larger: |name, size| format!("The same with {name} · {size}"),
    stage: |stage| match stage {
        "base" => Some("Base"),
        "sft" => Some("Fine-tuned (SFT)"),
        "rlhf" => Some("RLHF"),
        _ => None,
    },
    short: |stage| match stage {
        "base" => "base".to_owned(),
        "sft" => "SFT".to_owned(),
        "rlhf" => "RLHF".to_owned(),
        other => other.to_owned(),
    },
    name: |stage, model| format!("{stage} · {model}"),
    role: |stage| match stage {
        "base" => "continues the text",
        "sft" => "learned to answer",
        "rlhf" => "learned what is preferred",
        _ => "",
    },
    stage_label: "Stage and model of this column",
    hidden: "hidden until you vote",
    is_coming: "is being loaded",
    not_loaded: "not loaded yet; Run loads it",
    ways: "Options",
    form: "Prompt goes in",
    form_auto: "as the stage expects it",
    form_raw: "as raw text",
    form_chat: "through the chat template",
    own_settings: "Settings of its own",
    tokens_label: "Tokens of the answer",
    starting: "Reading the prompt …",
    prefill: |done, total| {
        format!("Reading the prompt: {done} of {}", counted(total, "token", "tokens"))
    },
    running: |tokens| format!("Writing · {}", counted(tokens, "token", "tokens")),
    finished: |tokens, reason| {
        format!("{} · {}", counted(tokens, "token", "tokens"), ending(reason))
    },
    ending,
    forks: |count| counted(count, "fork", "forks"),
    copy: "Copy",
    copied: "Copied",
    reward: |value| format!("Reward {value}"),
    reward_sd: |value| format!("Reward {value} σ"),
    rubric: "The reward model learned from answers that this rubric ranked. What it would say here, in points:",
    rubric_line: |line| match line {
        Line::Correct => "is correct",
        Line::Language => "is in the language of the question",
        Line::Ends => "ends by itself",
        Line::Polite => "opens with a friendly word",
        Line::Complete => "is a whole sentence",
        Line::Short => "is short",
        Line::NoRepetition => "repeats nothing",
    },
    met: "(met)",
    not_met: "(not met)",
    paths: "Paths you tried",
    first_path: "the model's own",
    path: |place, token| format!("at token {place}: “{token}”"),
    legend: "Surprisal",
    legend_low: "0 bits, expected",
    legend_high: "8 or more, surprising",
    legend_fork: "fork: the best guess has less than 70 %",
    legend_diverge: "here neighbouring columns part",
    keys: "Point at a token to see what else the model considered; all columns show the same place. Click keeps it, Esc lets go, ← → step through the tokens, ↑ ↓ change the column. Click an alternative to go on from it.",
};

fn ending(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::EndOfText => "ended by itself",
        FinishReason::MaxTokens => "cut off at max_tokens",
        FinishReason::ContextFull => "the context is full",
        FinishReason::Stopped => "stopped",
        FinishReason::Failed => "broken off",
    }
}

pub(super) const PANEL: Panel = Panel {
    caption: "The ten most likely tokens at this place",
    empty: "Run a prompt and point at a token: what the model weighed for it will stand here.",
    no_token_here: "This answer has no token at this place.",
    place: |place| format!("Token {place}"),
    by_reader: "taken by you",
    figures: |surprisal, entropy| format!("surprisal {surprisal} · entropy {entropy} bits"),
    take: |token, probability, filtered, chosen| {
        let what = if chosen { "stands here" } else { "go on from it" };
        format!("“{token}”: {probability}, after the filters {filtered} – {what}")
    },
    how: "Click a token to keep it here.",
    locked: "Kept. Esc lets go.",
    unlock: "Let go",
    id: "id",
    bytes: "bytes",
    control: "control token",
    summary: |token, probability, surprisal, entropy, kept| {
        format!(
            "“{token}” was drawn; its probability was {probability} (surprisal {surprisal} bits, of {entropy} bits expected on average: the entropy). Tokens left by the filters to draw from: {kept}."
        )
    },
    summary_taken: |token, probability, surprisal, entropy, kept| {
        format!(
            "You took “{token}”; the model gave it {probability} (surprisal {surprisal} bits, of {entropy} bits expected on average: the entropy). Tokens left by the filters to draw from: {kept}."
        )
    },
    not_listed: "It is not among the ten most likely.",
    token: "Token",
    logit: "Logit",
    scaled: "÷ temperature",
    scaled_explained: "After the repeat penalty, divided by the temperature",
    probability: "Probability",
    probability_explained: "Softmax of the raw logits over the full vocabulary",
    filtered: "Drawn with",
    filtered_explained: "After penalty, temperature and filters: what the draw really used",
    filtered_out: "out",
    chosen: "stands here",
    rest: "all others",
    tune: |value| format!("Temperature {value}"),
    tune_explained: "Move it: the distribution is redrawn from the same logits, and the model does not run again.",
    tune_waits: "Asking for the logits …",
    tuned: |entropy| {
        format!(
            "At this temperature the entropy is {entropy} bits. The text stays as it was drawn."
        )
    },
    untune: "Back to the run's temperature",
};

pub(super) const TOOLS: Tools = Tools {
    title: "What can be done with the answers",
    name: |tool| match tool {
        Tool::Token => "One token, closely",
        Tool::Samples => "Many answers",
        Tool::Score => "How surprising?",
        Tool::Vote => "Vote",
        Tool::Export => "Export",
    },
    which_column: "Column",
};

pub(super) const SAMPLES: Samples = Samples {
    intro: "Why is the answer different each time? Each token is drawn by chance from the distribution. Draw many answers and count them; greedy, the most likely token is taken each time, so that chance has no part in it.",
    count: |count| counted(count, "answer", "answers"),
    draw: |count| format!("Draw {count}"),
    draw_greedy: |count| format!("{count} times greedy"),
    title: |temperature| format!("Temperature {temperature}"),
    title_greedy: "Greedy",
    summary: |groups, came, asked, length| {
        format!("{groups} different in {came} of {asked} answers, {length:.1} tokens on average")
    },
    times: |count| format!("{count} ×"),
    probability: |value| format!("probability {value}"),
    nothing: "(nothing)",
};

pub(super) const SCORE: Score = Score {
    intro: "How surprised would each stage have been by a text that one of them wrote? The same ids go through all stages of the model, token by token.",
    go: "Force it through all stages",
    working: "Reading …",
    whose: |stage| format!("Written by: {stage}."),
    as_expected: "Each stage got the prompt as it expects it.",
    same_text: "Every stage got the same raw prompt, so that only the weights differ.",
    table: "The text as each stage sees it",
    stage: "Stage",
    bits_per_character: "Bits per character",
    bits_explained: "Surprisal of all tokens together, divided by the characters of the text",
    compressed: "Would compress to",
    compressed_explained: "Bytes an arithmetic coder would need with this stage's predictions",
    compression: "Prediction is compression: the better a stage predicts the text, the fewer bits it takes to write it down.",
    size: |compressed, plain| format!("{compressed} of {plain} bytes"),
    kl: "KL per token",
    kl_explained: "How far this stage's distribution is from the next one's, over the full vocabulary; 0 if they agree",
    kl_between: |own, next, bits| format!("KL({own}‖{next}) {bits} bits"),
    legend: |stages| {
        format!(
            "Under each token, from top to bottom: surprisal for {stages}; between them, how far the two stages are apart (KL)."
        )
    },
    tokens: "Tokens of the text",
    line: |stage, probability, bits, rank, entropy| {
        format!("{stage}: {probability}, {bits} bits, rank {rank}, entropy {entropy} bits")
    },
    to_next: |bits| format!("; KL to the next stage {bits} bits"),
};

pub(super) const VOTE: Vote = Vote {
    title: "Which answer is better?",
    intro: "RLHF begins with votes like this one. Yours are kept in this browser only; they train nothing until you take them somewhere.",
    blind: "Blind: shuffle the columns and hide their names until I vote",
    not_yet: "Run a prompt in at least two columns, then vote.",
    best: |letter, count| match count {
        0..=2 => format!("{letter} is better"),
        _ => format!("{letter} is best"),
    },
    tie: "Tie",
    all_bad: |count| if count > 2 { "All are bad" } else { "Both are bad" },
    thanks: "Kept. The names are shown now; run again for the next vote.",
    wins: |stage, won, of| format!("{stage}: best in {won} of {of}"),
    kept: |votes, signals| {
        let votes = counted(votes, "vote", "votes");
        format!("Kept in this browser: {votes}, {}.", counted(signals, "signal", "signals"))
    },
    export: "Save as preference data (TRL JSONL)",
    export_signals: "Save signals (TRL JSONL, unpaired)",
    clear: "Delete them",
    offer_copied: "Copied. Copying an answer says that it was of use: a signal that chat services collect. Keep it with your votes? It stays in this browser.",
    offer_again: "Asking again says that the answers were not good enough: a signal that chat services collect. Keep it with your votes? It stays in this browser.",
    keep_signal: "Keep it",
    drop_signal: "No",
};

pub(super) const EXPORT: Export = Export {
    intro: "What stands on the page, with all settings. JSON has everything, with the scene to set it up again; CSV has each token with its ten alternatives.",
    save: |format| format!("Save {format}"),
    copy: "Copy as Markdown",
    words: Words {
        title: "Glassbox: one prompt, side by side",
        prompt: "Prompt",
        system: "System prompt:",
        reward: "reward",
        bits_per_token: "bits per token",
        tokens: |count| counted(count, "token", "tokens"),
    },
};

pub(super) const GALLERY: Gallery =
    Gallery { all: "All examples …", title: "Examples, and what to look for", close: "Close" };
