//! English.

use std::fmt::Display;

use super::en_share;
use super::{
    Header, Licence, Model, Notice, Prompt, Settings, Status, Strings, en_compare, en_failures,
    en_inside, en_inside2, en_lab, en_lessons,
};
use crate::protocol::LoadStage;
use crate::state::preferences::Theme;
use crate::state::settings::{Field, Problem};

/// A number of things: `1 token`, `2 tokens`.
pub(super) fn counted<N: Display + PartialEq + From<u8>>(
    count: N,
    one: &str,
    several: &str,
) -> String {
    let things = if count == N::from(1u8) { one } else { several };
    format!("{count} {things}")
}

pub(super) static STRINGS: Strings = Strings {
    tag: "en",
    header: Header {
        tagline: "Three stages of one language model, computed in this tab.",
        other_language: "中文",
        switch_language: "Switch the language to Chinese",
        theme: |theme| match theme {
            Theme::System => "Auto",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        },
        switch_theme: "Switch the colour theme",
        skip: "Skip to the prompt",
    },
    prompt: Prompt {
        title: "One prompt",
        placeholder: "Begin a sentence, or ask something …",
        run: "Run",
        run_waits: "Runs when loaded",
        stop: "Stop",
        shortcut: "Ctrl or ⌘ + Enter",
        again: "Ask again",
        again_explained: "Runs the same prompt with the next seed.",
        examples: "Try",
        system: "System prompt (optional, for assistants)",
        system_placeholder: "How the assistant should behave",
    },
    settings: Settings {
        title: "Settings",
        explained: |field| match field {
            Field::Temperature => {
                "Flattens (above 1) or sharpens (below 1) the probabilities. 0 always takes the most likely token."
            }
            Field::TopK => "Only this many of the most likely tokens can be drawn. 0 keeps all.",
            Field::TopP => {
                "Only the fewest most likely tokens that together reach this probability. 1 keeps all."
            }
            Field::MinP => {
                "Drops tokens less likely than this share of the most likely one. 0 keeps all."
            }
            Field::RepeatPenalty => {
                "Above 1, tokens that already occurred become less likely. 1 changes nothing."
            }
            Field::Seed => "Start of the random draw. The same seed gives the same text again.",
            Field::MaxTokens => "Stops after this many new tokens.",
            Field::Context => {
                "Tokens that fit in the model's memory. A change takes effect when the model is loaded again, which Run does."
            }
        },
        problem: |problem| match problem {
            Problem::NotANumber => "This is not a number.".to_owned(),
            Problem::NotWhole => "This has to be a whole number.".to_owned(),
            Problem::TooSmall(limit) => format!("The smallest value is {limit}."),
            Problem::TooLarge(limit) => format!("The largest value is {limit}."),
        },
        reset: "Reset to the defaults",
    },
    model: Model {
        title: "Models",
        none: "none loaded yet",
        loading: |name| format!("Loading {name} …"),
        loaded: |stages, size| match stages {
            1 => format!("one stage · {size}"),
            _ => format!("{stages} stages over one base · {size}"),
        },
        show: "Show in columns",
        unload: "Let go",
        model: "Choose",
        backend: "Runs on",
        backend_auto: "GPU, else CPU",
        backend_gpu: "GPU (WebGPU)",
        backend_cpu: "CPU",
        local_file: |name| format!("{name} (your file)"),
        reading_catalogue: "Reading the list of models …",
        load: |size| format!("Load · {size}"),
        load_kept: |size| format!("Load · {size}, kept here"),
        resume: |done, total| format!("Resume · {done} of {total}"),
        load_again: "Load again",
        load_local: "Load your file",
        load_hub: |host| format!("Fetch from {host}"),
        hub_explained: |host| {
            format!(
                "If this site does not hold the file, {host} does. It, and the servers it forwards to, then see your network address; what you type stays here."
            )
        },
        cancel: "Cancel",
        facts: |parameters, quantization, architecture, context| {
            format!(
                "{parameters} parameters · {quantization} · {architecture} · context up to {context} tokens"
            )
        },
        licence: "Licence:",
        progress: "Progress of loading",
        stage: |stage| match stage {
            LoadStage::Downloading => "Downloading",
            LoadStage::ReadingStored => "Reading the kept copy",
            LoadStage::ReadingLocal => "Reading your file",
            LoadStage::Verifying => "Verifying",
            LoadStage::Preparing => "Preparing the engine",
        },
        amount: |done, total| format!("{done} of {total}"),
        resumed: |from| format!("continued at {from}"),
        starting: "Starting …",
        drop: "Or drop a GGUF file anywhere on this page:",
        pick: "Choose a file",
        drop_now: "Drop the GGUF file to open it. It stays on this machine.",
        kept: |size| format!("Kept in this browser · {size}"),
        kept_nothing: "Nothing is kept yet. A downloaded model is kept here, so that it is downloaded only once.",
        kept_explained: "These files are in this browser's private storage for this site and nowhere else.",
        kept_part: "incomplete",
        remove: "Remove",
        remove_named: |name| format!("Remove {name} from this browser"),
    },
    licence: Licence {
        title: |name| format!("Terms of this model: {name}"),
        explained: |model| {
            format!(
                "{model} comes under terms of its maker, to be accepted once before its first load."
            )
        },
        reading: "Reading the terms …",
        no_text: "The text of the terms is not part of this site.",
        read_at: |host| format!("Read the terms at {host} (opens another site)"),
        accept: "Accept",
        not_now: "Not now",
    },
    columns: en_compare::COLUMNS,
    panel: en_compare::PANEL,
    tools: en_compare::TOOLS,
    samples: en_compare::SAMPLES,
    score: en_compare::SCORE,
    vote: en_compare::VOTE,
    export: en_compare::EXPORT,
    gallery: en_compare::GALLERY,
    lessons: en_lessons::LESSONS,
    share: en_share::SHARE,
    lab: en_lab::LAB,
    heatmap: en_inside::HEATMAP,
    inside: en_inside::INSIDE,
    inside_tokens: en_inside::TOKENS,
    inside_embedding: en_inside::EMBEDDING,
    inside_attention: en_inside::ATTENTION,
    inside_more: en_inside2::MORE,
    inside_feed_forward: en_inside2::FEED_FORWARD,
    inside_residual: en_inside2::RESIDUAL,
    inside_output: en_inside2::OUTPUT,
    inside_influence: en_inside2::INFLUENCE,
    inside_switches: en_inside2::SWITCHES,
    status: Status {
        title: "Status",
        no_model: "No model is loaded yet.",
        loading: "Loading …",
        backend: "Backend",
        first_token: "First token",
        tokens_per_second: |speed| format!("{speed} tokens/s"),
        token_counts: |prompt, new| format!("{prompt} prompt + {new} new"),
        counters: "Work done",
        counters_explained: "Counted by the engine during the last run, not estimated. The columns of one model share each step: its weights are read once for all of them.",
        whole_run: "Whole run, prompts and rewards included",
        per_step: |steps| format!("÷ {}", counted(steps, "step", "steps")),
        dispatches: "Kernel dispatches",
        submits: "Queue submissions",
        objects: "GPU objects created",
        read_back: "Read back",
        uploaded: "Written to the GPU",
        weights: "Weights held",
        privacy: "Everything is computed on this machine. Nothing you type leaves it.",
    },
    notice: Notice {
        failure: en_failures::failure,
        cpu_fallback: "This browser offers no WebGPU here, so the CPU does the work: the same numbers, more slowly.",
        device_restored: "The GPU was lost for a moment. It has been set up again and the run goes on.",
        catalogue: "The list of models could not be read. You can still open a GGUF file of your own.",
        setting: |field| format!("The setting {} has no usable value yet.", field.name()),
        action: en_failures::action,
        dismiss: "Dismiss",
        detail: "Cause",
        webgpu_title: "How to switch WebGPU on",
        webgpu_steps: [
            (
                "Chrome, Edge",
                "Version 113 or later on Windows, macOS and ChromeOS has it. Turn on “Use graphics acceleration when available” in Settings → System. On Linux, also enable chrome://flags/#enable-unsafe-webgpu (edge://flags in Edge).",
            ),
            (
                "Firefox",
                "Version 141 or later has it on Windows; later versions have it on Macs with Apple silicon. Elsewhere set dom.webgpu.enabled to true in about:config.",
            ),
            (
                "Safari",
                "Version 26 or later has it. Earlier: Settings → Feature Flags (in the Develop menu) → WebGPU.",
            ),
        ],
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_no_several() {
        assert_eq!(counted(1usize, "stage", "stages"), "1 stage");
        assert_eq!(counted(0u32, "stage", "stages"), "0 stages");
        assert_eq!(counted(21u64, "stage", "stages"), "21 stages");
        let lab = &STRINGS.lab;
        assert_eq!((lab.plan.size)(1, 1, 1, 1), "1 technique × 1 stage × 1 problem: up to 1 call");
        assert_eq!((lab.plan.how_many)(1, 2), "1 problem in each of 2 languages");
        assert_eq!((lab.run.progress)(0, 1), "0 of 1 answer");
        assert_eq!((lab.answers.call_tokens)(1, 0, 1), "1 token read · 1 written");
        assert_eq!((lab.results.ungraded)(1), "1 answer to a problem without a right one");
        assert_eq!((STRINGS.columns.went_in)(1), "1 token went in:");
    }
}
